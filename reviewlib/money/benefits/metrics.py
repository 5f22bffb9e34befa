"""Benefits expected of outsourcing against those obtained, and costs nobody foresaw (D6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.amounts import exact, total
from reviewlib.contract.parties import Objective
from reviewlib.languages import Quoted

OBTAINED, MISSED, NOT_MEASURED = "obtained", "missed", "not_measured"
NOT_STATED, NO_DIRECTION = "not_stated", "no_direction"
JUDGED = (OBTAINED, MISSED)
OUTCOMES = (OBTAINED, MISSED, NOT_MEASURED, NOT_STATED, NO_DIRECTION)
KINDS = ("cost", "time", "focus", "skills")
TEXTS = ("benefit_id", "title", "kind", "measure", "unit", "direction", "source")
VALUES = ("before", "expected", "obtained")
COLUMNS = (*TEXTS, *VALUES, "measured_on", "outcome", "share")
TWICE = ("benefit_id", "objective_id", "unit", "measured_on", "obtained", "value")
LINE_COLUMNS = ("line_id", "title", "actual")


def benefits(table: pd.DataFrame) -> pd.DataFrame:
    """Return the benefits, each judged by the value obtained against the one expected.

    ``COLUMNS``: those of the table; outcome (obtained; missed; not_measured: no value was obtained;
    not_stated: none was expected; no_direction: which values are good is not said) and share: of
    the improvement expected over the value before, the part that was obtained, below 0 where it got
    worse. NaN without a value before, or where the expected one is no improvement on it.
    """
    rows = table.reindex(columns=[*TEXTS, *VALUES, "measured_on"]).reset_index(drop=True)
    rows["measured_on"] = rows["measured_on"].astype("datetime64[s]")
    expected, obtained = (rows[name].astype("float64") for name in ("expected", "obtained"))
    at_most = rows["direction"].eq("at_most")
    good = np.where(at_most, obtained <= expected, obtained >= expected)
    rows["outcome"] = np.select(
        [obtained.isna(), expected.isna(), rows["direction"].isna(), good],
        [NOT_MEASURED, NOT_STATED, NO_DIRECTION, OBTAINED],
        default=MISSED,
    )
    rows["share"] = [_share(row) for row in rows.itertuples(index=False)]
    return rows[[*COLUMNS]]


def _share(row: Any) -> float:
    if row.outcome not in JUDGED or pd.isna(row.before):
        return float("nan")
    before, expected, obtained = (
        Fraction(repr(float(value))) for value in (row.before, row.expected, row.obtained)
    )
    wanted = expected - before
    improves = wanted < 0 if row.direction == "at_most" else wanted > 0
    return float((obtained - before) / wanted) if improves else float("nan")


def measured_twice(
    benefits: pd.DataFrame, objectives: Mapping[str, Objective], results: pd.DataFrame
) -> pd.DataFrame:
    """Return the benefits whose measure is that of an objective, measured on the same day.

    ``results``: of the objectives, as their table has them. Columns of ``TWICE``: obtained is the
    value of the benefit, value that of the objective. One measure is one by its words, in any of
    the languages in which both give it.
    """
    rows = benefits.reindex(columns=["benefit_id", "measure", "unit", "measured_on", "obtained"])
    rows = rows[rows["measure"].notna() & rows["obtained"].notna()]
    pairs = [
        (row.benefit_id, name)
        for row in rows.itertuples()
        for name, objective in objectives.items()
        if _words(row.measure) & _words(objective.measure)
    ]
    same = pd.DataFrame(pairs, columns=["benefit_id", "objective_id"], dtype="str")
    values = results.reindex(columns=["objective_id", "measured_on", "value"])
    values = values.astype({"objective_id": "str", "measured_on": "datetime64[s]"})
    of_benefits = rows.drop(columns="measure").merge(same, on="benefit_id")
    twice = of_benefits.astype({"measured_on": "datetime64[s]"}).merge(
        values.dropna(), on=["objective_id", "measured_on"]
    )
    return twice[[*TWICE]]


def _words(measure: Any) -> set[str]:
    """Return a measure in each of its languages, whatever its case and spaces."""
    texts = (measure, *(measure.texts.values() if isinstance(measure, Quoted) else ()))
    return {" ".join(text.casefold().split()) for text in texts if text.strip()}


def by_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the outcomes of each kind, "" where none is said: kind, the outcomes, total, judged."""
    kinds = rows["kind"].astype("object").where(rows["kind"].notna(), "")
    counts = pd.crosstab(kinds, rows["outcome"]).reindex(columns=list(OUTCOMES), fill_value=0)
    counts = counts.reindex([kind for kind in (*KINDS, "") if kind in counts.index])
    counts = counts.rename_axis(None, axis="columns").rename_axis("kind").reset_index()
    outcomes, judged = counts[list(OUTCOMES)], counts[list(JUDGED)]
    return counts.assign(total=outcomes.sum(axis="columns"), judged=judged.sum(axis="columns"))


@dataclass(frozen=True)
class Unforeseen:
    """The lines that nobody foresaw, what they cost, and all that was spent on stated lines.

    ``lines``: of ``LINE_COLUMNS``, actual exact (None: not stated); ``stated``: how many lines of
    the budget state what was spent; ``unflagged``: those that do not say whether they were
    foreseen; ``unspent``: ids of unforeseen ones whose amount spent is not stated. ``amount`` None:
    none of them states one.
    """

    lines: pd.DataFrame
    amount: Decimal | None
    spent: Decimal
    stated: int
    unflagged: int
    unspent: tuple[str, ...]

    @property
    def priced(self) -> pd.DataFrame:
        """The unforeseen lines that cost something."""
        return self.lines[self.lines["actual"].map(bool).astype("bool")]

    @property
    def share(self) -> float | None:
        """The part of what was spent that nobody foresaw."""
        return float(self.amount / self.spent) if self.amount is not None and self.spent else None


def unforeseen(budget: pd.DataFrame) -> Unforeseen | None:
    """Return the unforeseen costs of a budget; None where no line says whether it was foreseen."""
    flags = budget.get("unforeseen", pd.Series(pd.NA, budget.index, dtype="boolean"))
    if flags.isna().all():
        return None
    actual = exact(budget.get("actual", pd.Series(np.nan, budget.index)).astype("float64"))
    lines = budget.assign(actual=actual)[[*LINE_COLUMNS]][flags.fillna(False).astype("bool")]
    stated = lines["actual"].notna()
    amount = total(lines["actual"]) if stated.any() or lines.empty else None
    unspent = tuple(lines.loc[~stated, "line_id"])
    n_stated, unflagged = int(actual.notna().sum()), int(flags.isna().sum())
    return Unforeseen(lines, amount, total(actual), n_stated, unflagged, unspent)
