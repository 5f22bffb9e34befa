"""The engagement: objectives against results, and what each amendment changed (A3, A6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import DATE
from reviewlib.contract import Terms
from reviewlib.contract.base import Model
from reviewlib.contract.parties import Objective

MET, LATE, NOT_MET, NOT_DUE = "met", "late", "not_met", "not_due"
NOT_MEASURED, NO_TARGET = "not_measured", "no_target"
JUDGED = (MET, LATE, NOT_MET)
RESULTS = {"objective_id": "str", "measured_on": DATE, "value": "float64", "source": "object"}
COLUMNS = (
    "objective_id", *Objective.model_fields, "lacks", "value", "measured_on", "source",
    "latest_value", "latest_on", "reached", "short_on", "reached_on", "outcome",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the terms that an amendment changed; None where it did not or no longer exist."""

    path: tuple[str, ...]
    before: object
    after: object


def changes(before: Terms, after: Terms) -> tuple[Change, ...]:
    """Return what differs between two versions of the terms, part by part."""
    return tuple(_changes(before, after, ()))


def _changes(before: object, after: object, path: tuple[str, ...]) -> Iterator[Change]:
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        if before != after:
            yield Change(path, before, after)
        return
    for name in dict.fromkeys((*old, *new)):
        yield from _changes(old.get(name), new.get(name), (*path, str(name)))


def _parts(value: object) -> Mapping[str, object] | None:
    if isinstance(value, Model):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return value if isinstance(value, dict) else None


def objectives(
    stated: Mapping[str, Objective], results: pd.DataFrame | None, today: pd.Timestamp
) -> pd.DataFrame:
    """Judge each objective by its last measure on or before its due date.

    Where there is none, or no due date, the latest measure counts. Returns one row per objective:
    objective_id, the fields of ``Objective``, lacks (what SMART asks and it does not state),
    value, measured_on and source of the measure that counts, latest_value and latest_on, reached
    (the latest measure reaches the target), reached_on (of the first measure that reaches it after
    the one that counts), short_on (of the measure before that) and outcome: met, not_met, late
    (reached since, after the due date), not_due, not_measured, no_target.
    """
    rows = _stated(stated)
    by_due, latest = _last_measures(results, rows["due"])
    counted = by_due.where(by_due["value"].notna(), latest)
    for name in ("value", "measured_on", "source"):
        rows[name] = counted[name]
    rows["latest_value"], rows["latest_on"] = latest["value"], latest["measured_on"]
    rows["reached"] = _reached(rows, "latest_value")
    rows = rows.join(_since(rows, results))
    rows["outcome"] = np.select(
        [
            rows["target"].isna(),
            rows["due"] > today,
            rows["value"].isna(),
            _reached(rows, "value"),
            rows["reached"],
        ],
        [NO_TARGET, NOT_DUE, NOT_MEASURED, MET, LATE],
        default=NOT_MET,
    )
    return rows.rename_axis("objective_id").reset_index()[list(COLUMNS)]


def _stated(stated: Mapping[str, Objective]) -> pd.DataFrame:
    fields = [objective.model_dump() for objective in stated.values()]
    columns = list(Objective.model_fields)
    # as objects: a column of texts would keep them in one language
    rows = pd.DataFrame(fields, index=list(stated), columns=columns, dtype="object")
    rows["lacks"] = [objective.lacks for objective in stated.values()]
    return rows.astype({"target": "float64", "due": DATE})


def _last_measures(
    results: pd.DataFrame | None, due: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return, by objective, the last measure on or before its due date, and the latest one."""
    measures = _measures(results)
    late = measures["measured_on"] > due.reindex(measures["objective_id"]).set_axis(measures.index)
    by_due, latest = (
        part.drop_duplicates("objective_id", keep="last").set_index("objective_id")
        for part in (measures[~late], measures)
    )
    return by_due.reindex(due.index), latest.reindex(due.index)


def _measures(results: pd.DataFrame | None) -> pd.DataFrame:
    """Return the measures by their day, with the columns RESULTS."""
    empty = pd.DataFrame(columns=list(RESULTS))
    measures = (empty if results is None else results).reindex(columns=list(RESULTS))
    return measures.astype(RESULTS).sort_values("measured_on", kind="stable")


def _since(rows: pd.DataFrame, results: pd.DataFrame | None) -> pd.DataFrame:
    """Return, by objective, between which two measures it was first reached after that counted."""
    measures = _measures(results).rename(columns={"value": "later", "measured_on": "on"})
    terms = rows[["target", "direction", "measured_on"]]
    later = measures.join(terms, on="objective_id").query("on >= measured_on")
    later = later.assign(
        short_on=later.groupby("objective_id")["on"].shift(), reached_on=later["on"]
    )
    first = later[_reached(later, "later") & (later["on"] > later["measured_on"])]
    first = first.drop_duplicates("objective_id").set_index("objective_id")
    return first[["short_on", "reached_on"]].reindex(rows.index)


def _reached(rows: pd.DataFrame, measure: str) -> pd.Series:
    at_most = rows["direction"] == "at_most"
    return (rows[measure] <= rows["target"]).where(at_most, rows[measure] >= rows["target"])
