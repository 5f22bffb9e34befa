"""The facts and the findings of a section as an analyst takes them in a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from reviewlib.faults import cut, nearest

if TYPE_CHECKING:
    import pandas as pd

    from reviewlib.report.values import Fact, Finding


class Identified(Protocol):
    """A value that has an id."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Identified)
NUMBERS = {
    "value": "", "unit": "str", "n": "Int64", "count": "Int64", "low": "float64",
    "high": "float64", "target": "float64", "met": "boolean",
}  # fmt: skip
ABOUT = {
    "kind": "str", "evidence": "str", "decider": "str", "decide_by": "str", "restates": "str",
    "held": "Int64", "of": "Int64",
}  # fmt: skip


class FactList(tuple["Fact", ...]):
    """The facts of a section, which a cell of a notebook shows as a table."""

    __slots__ = ()

    def frame(self) -> pd.DataFrame:
        """Return their numbers, a row for each under its id: a share is a number from 0 to 1.

        Columns: value, low and high (of its interval), target, in the ``unit``; n; count, of a
        share; met. Their words are in the cell that shows the facts.
        """
        rows = []
        for one in self:
            ends = (one.interval.low, one.interval.high) if one.interval else (None, None)
            rows.append((one.value, one.unit.value, one.n, one.count, *ends, one.target, one.met))
        return _under_ids(self, rows, NUMBERS)


class FindingList(tuple["Finding", ...]):
    """The findings of a section, which a cell of a notebook shows one by one."""

    __slots__ = ()

    def frame(self) -> pd.DataFrame:
        """Return what is known of them but their sentences, a row for each under its id.

        Columns: kind; evidence (ids of rows); decider and decide_by (an ISO date); restates (the
        id of another); held and of, its commitments. Their words are in the cell that shows them.
        """
        rows = []
        for one in self:
            checks = (one.checks.held, one.checks.of) if one.checks else (None, None)
            decider = one.decider.value if one.decider else ""
            evidence = ", ".join(one.evidence)
            rows.append((one.kind.value, evidence, decider, one.decide_by, one.restates, *checks))
        return _under_ids(self, rows, ABOUT)


def _under_ids(
    values: Iterable[Identified], rows: list[tuple[Any, ...]], columns: dict[str, str]
) -> pd.DataFrame:
    import pandas as pd

    ids = pd.Index([one.id for one in values], name="id", dtype="object")
    frame = pd.DataFrame(rows, index=ids, columns=[*columns], dtype="object")
    return frame.astype({name: kind for name, kind in columns.items() if kind}).infer_objects()


def named(name: str, values: Iterable[T], what: str, slug: str) -> T:
    """Return the value of a section with this id; KeyError names the one most like it."""
    by_id = {one.id: one for one in values}
    if name in by_id:
        return by_id[name]
    like = nearest(name, by_id)
    meant = f" did you mean {like!r}?" if like else ""
    raise KeyError(
        f"no {what} {cut(name)!r} in the chapter {slug}:{meant} {what}s of the chapter: "
        f"{len(by_id)}, which .{what}s shows"
    )
