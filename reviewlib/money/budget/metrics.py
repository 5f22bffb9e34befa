"""The budget by line: what approved changes explain of it, and what stays unexplained (D2, C5)."""

from __future__ import annotations

import operator
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from reviewlib.amounts import exact, to_the_cent, total
from reviewlib.money.changes.metrics import APPROVED, requests

CHANGE_COLUMNS = ["change_id", "title", "line_id", "cost", "decided_on"]
BRIDGE_COLUMNS = ["step", "name", "amount", "kind"]
AMOUNT_COLUMNS = {
    "original": "original",
    "stated": "current",
    "actual": "actual",
    "forecast": "forecast",
}
"""The amounts of a line, and the columns of the table that state them."""
WRITTEN = ("line_id", "title", "clause", "stated_on", "unforeseen")
LINE_COLUMNS = (
    *WRITTEN, "original", "approved", "change_ids", "current", "stated", "since", "gap",
    "actual", "unexplained", "forecast", "beyond", "unapproved", "too_low",
)  # fmt: skip
CHANGE = ("change_id", "cost", "decided_on")
Amounts = dict[str, Decimal | None]
"""Totals by name: original, approved, current, actual, unexplained, forecast, beyond."""


@dataclass(frozen=True)
class Changes:
    """Changes as they stood on a day: those approved, and those applied without an approval.

    Columns of each: change_id, title (NaN: none), line_id (NaN: none), cost (Decimal; None: not
    stated) and decided_on (NaT: not stated).
    """

    approved: pd.DataFrame
    unapproved: pd.DataFrame


NO_CHANGES = Changes(*(pd.DataFrame(columns=CHANGE_COLUMNS) for _ in range(2)))


def changes(table: pd.DataFrame, today: pd.Timestamp) -> Changes:
    """Return the changes that weigh on a budget; the table as known on a day."""
    rows = requests(table, today)
    return Changes(
        rows.loc[rows["outcome"] == APPROVED, CHANGE_COLUMNS].reset_index(drop=True),
        rows.loc[rows["unapproved"], CHANGE_COLUMNS].reset_index(drop=True),
    )


@dataclass(frozen=True)
class Budget:
    """The lines of a budget (see ``lines``) and the changes that weigh on them (None: unknown)."""

    lines: pd.DataFrame
    changes: Changes | None

    @cached_property
    def loose(self) -> pd.DataFrame:
        """The approved changes of no line."""
        return loose(self.approved)

    @property
    def approved(self) -> pd.DataFrame:
        """The approved changes; none where they are not known."""
        return (self.changes or NO_CHANGES).approved

    @cached_property
    def whole(self) -> Amounts:
        """The totals of all lines, with the approved changes of no line."""
        return totals(self.lines, total(self.loose["cost"]))

    def stating(self, amount: str) -> pd.DataFrame:
        """Return the lines that state an amount."""
        return self.lines[self.lines[amount].notna()]

    def totals_of(self, part: pd.DataFrame) -> Amounts:
        """Return the totals of some lines; those of the whole where they are all."""
        return self.whole if len(part) == len(self.lines) else totals(part)

    def priced(self, part: pd.DataFrame) -> pd.DataFrame:
        """Return the approved changes that cost or save something on some lines.

        Where they are all lines, also those of no line.
        """
        counted = self.approved["line_id"].isin(part["line_id"])
        if len(part) == len(self.lines):
            counted |= self.approved["line_id"].isna()
        return self.approved[counted & self.approved["cost"].map(bool).astype("bool")]


def lines(table: pd.DataFrame, weighing: Changes | None) -> pd.DataFrame:
    """Return the lines of a budget, amounts as the decimals that were written (None: not known).

    ``LINE_COLUMNS``: approved (the sum of the approved changes of the line), change_ids, current
    (original + approved), stated (the tool's own current), stated_on (NaT: not said), since
    ((change_id, cost) of those approved after that day, which no amount of that day can hold), gap
    (stated − current without them), unexplained (actual − current), beyond (forecast − current),
    unapproved ((change_id, cost) of the changes of the line applied without approval), unforeseen
    (at the signature), too_low (the forecast that is stated below what is spent: no forecast then).
    Differences are to the cent, of all digits. Without changes, what is approved, current,
    unexplained and beyond is not known.
    """
    written = table.reindex(columns=[*WRITTEN, *AMOUNT_COLUMNS.values()]).reset_index(drop=True)
    rows = written[[*WRITTEN]].astype({"stated_on": "datetime64[s]"})
    rows["unforeseen"] = rows["unforeseen"].eq(True).fillna(False).astype("bool")
    for name, column in AMOUNT_COLUMNS.items():
        rows[name] = exact(written[column].astype("float64"))
    rows["too_low"] = _too_low(rows["forecast"], rows["actual"])
    rows["forecast"] = rows["forecast"].where(rows["too_low"].isna(), None)
    changes = NO_CHANGES if weighing is None else weighing
    approved = _by_line(changes.approved, rows["line_id"])
    sums = [None if weighing is None else _cost(of_line) for of_line in approved]
    rows["approved"] = pd.Series(sums, rows.index, dtype="object")
    rows["change_ids"] = [
        tuple(change for change, cost, _ in of_line if cost) for of_line in approved
    ]
    since = [
        [change for change in of_line if change[2] > day]
        for of_line, day in zip(approved, rows["stated_on"], strict=True)
    ]
    rows["since"] = [tuple(change[:2] for change in of_line) for of_line in since]
    unapproved = _by_line(changes.unapproved, rows["line_id"])
    rows["unapproved"] = [tuple(change[:2] for change in of_line) for of_line in unapproved]
    rows["current"] = _combined(rows["original"], rows["approved"], operator.add)
    for name, amount in (("unexplained", "actual"), ("beyond", "forecast")):
        rows[name] = differences(rows[amount], rows["current"])
    later = pd.Series([_cost(of_line) for of_line in since], rows.index, dtype="object")
    rows["gap"] = differences(rows["stated"], differences(rows["current"], later))
    return rows[[*LINE_COLUMNS]]


def _too_low(forecasts: pd.Series, actuals: pd.Series) -> pd.Series:
    """Return the forecasts that are below what is spent already; None where they are not."""
    pairs = zip(forecasts, actuals, strict=True)
    below = [f if f is not None and a is not None and f < a else None for f, a in pairs]
    return pd.Series(below, forecasts.index, dtype="object")


Change = tuple[str, Decimal, pd.Timestamp]
"""The id of a change, its cost and the day of its decision."""


def _by_line(changes: pd.DataFrame, lines: pd.Series) -> list[list[Change]]:
    """Return the changes of each line that state a cost."""
    by_line = defaultdict(list)
    priced = changes[changes["cost"].notna()]
    for line, *change in zip(*(priced[name] for name in ("line_id", *CHANGE)), strict=True):
        by_line[line].append(tuple(change))
    return [by_line[line] for line in lines]


def _cost(changes: list[Change]) -> Decimal:
    return sum((cost for _, cost, _ in changes), Decimal(0))


def differences(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return the first amounts less the second to the cent, None where either is not known."""
    return _combined(first, second, lambda one, other: to_the_cent(one - other))


def _combined(first: pd.Series, second: pd.Series, formula: Any) -> pd.Series:
    pairs = zip(first, second, strict=True)
    amounts = [None if pd.isna(a) or pd.isna(b) else formula(a, b) for a, b in pairs]
    return pd.Series(amounts, first.index, dtype="object")


def loose(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the changes of no line that cost or save something."""
    return changes[changes["line_id"].isna() & changes["cost"].map(bool).astype("bool")]


def totals(rows: pd.DataFrame, apart: Decimal = Decimal(0)) -> Amounts:
    """Return the totals of lines, each None where one of them is not known.

    ``apart``: the approved changes of no line, which the totals of what is approved and current
    count.
    """
    amounts = {name: _whole(rows[name]) for name in ("original", "approved", "actual", "forecast")}
    if amounts["approved"] is not None:
        amounts["approved"] += apart
    original, approved = amounts["original"], amounts["approved"]
    current = None if original is None or approved is None else original + approved
    amounts["current"] = current
    for name, column in (("unexplained", "actual"), ("beyond", "forecast")):
        whole = amounts[column]
        amounts[name] = None if whole is None or current is None else whole - current
    return amounts


def _whole(amounts: pd.Series) -> Decimal | None:
    return None if amounts.isna().any() else total(amounts)


def growth(original: pd.Series, latest: pd.Series) -> pd.Series:
    """Return by what share amounts grew from their original, NaN from nothing or where unknown."""
    shares = [
        float("nan") if before is None or after is None or before == 0
        else float((after - before) / before)
        for before, after in zip(original, latest, strict=True)
    ]  # fmt: skip
    return pd.Series(shares, original.index, dtype="float64")


def over(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the lines over their current budget, now or as forecast, the furthest over first.

    Where the current budget is not known, those over their original one. Columns added: limit,
    spent_over and forecast_over, by how much each amount is over it (None: not known).
    """
    limit = rows["current"].where(rows["current"].notna(), rows["original"])
    compared = rows.assign(
        limit=limit,
        spent_over=differences(rows["actual"], limit),
        forecast_over=differences(rows["forecast"], limit),
    )
    pairs = zip(compared["spent_over"], compared["forecast_over"], strict=True)
    furthest = [max((Decimal(0), *(a for a in pair if a is not None))) for pair in pairs]
    order = sorted(range(len(compared)), key=lambda row: -furthest[row])
    return compared.iloc[[row for row in order if furthest[row] > 0]]


def forgotten(budget: Budget, rows: pd.DataFrame) -> list[tuple[str, str, Decimal]]:
    """Return (line, change, cost) of the approved changes that make just the gap of some lines.

    Only where one change alone does: left out by the tool, it would make its current budget.
    """
    priced = budget.priced(budget.lines)
    pairs = []
    for line, gap in zip(rows["line_id"], rows["gap"], strict=True):
        missing = priced[(priced["line_id"] == line) & (priced["cost"] == -gap)]
        if len(missing) == 1:
            pairs.append((line, missing["change_id"].iloc[0], missing["cost"].iloc[0]))
    return pairs


def left_out(budget: Budget) -> dict[str, list[Any]]:
    """Return the ids of changes and lines that can't be counted as they are, by what is amiss.

    Changes whose cost matters come as (change_id, cost).
    """
    lines = budget.lines
    stated = lines[["stated", "actual", "forecast"]].notna().any(axis="columns")
    later = differences(lines["forecast"], lines["actual"])
    of_lines = {
        "since": [change for changes in lines["since"] for change in changes],
        "undated_lines": [*lines.loc[stated & lines["stated_on"].isna(), "line_id"]],
        "too_low": [*lines.loc[lines["too_low"].notna(), "line_id"]],
        "unspent": [*lines.loc[lines["actual"].isna(), "line_id"]],
        "running": [*lines.loc[[bool(gap and gap > 0) for gap in later], "line_id"]],
        "loose": _pairs(budget.loose),
    }
    if budget.changes is None:
        return of_lines
    approved, unapproved = budget.changes.approved, budget.changes.unapproved
    of_changes = {
        "unpriced": [*approved.loc[approved["cost"].isna(), "change_id"]],
        "undated": [*approved.loc[approved["decided_on"].isna(), "change_id"]],
        "unapproved": _pairs(loose(unapproved)),
    }
    return of_changes | of_lines


def _pairs(changes: pd.DataFrame) -> list[tuple[str, Decimal]]:
    return [*zip(changes["change_id"], changes["cost"], strict=True)]


def bridge(budget: Budget, end: str, limit: int) -> pd.DataFrame:
    """Return what leads from the original budget to an amount (actual, forecast), step by step.

    Columns of ``BRIDGE_COLUMNS``: step (original, change or changes, current, unexplained or line,
    others, loose, then the end), name (the change or line, "" of none), amount (NaN: not known) and
    kind (total, step; beyond: of a line, beside approved changes). At most ``limit`` changes and
    lines have a step of their own, the lines that end the furthest from their budget. What was
    approved for no line is taken off in the end: what it was spent on is in the lines.
    """
    lines, split = budget.stating(end), budget.changes is not None
    amounts, priced = budget.totals_of(lines), budget.priced(lines)
    rows: list[tuple[str, str, Decimal | None, str]] = []
    rows.append(("original", "", amounts["original"], "total"))
    if len(priced) > limit:
        rows.append(("changes", "", total(priced["cost"]), "step"))
    else:
        rows += [("change", change, to_the_cent(cost), "step") for change, cost in _pairs(priced)]
    if split:
        rows.append(("current", "", amounts["current"], "total"))
    gaps = differences(lines[end], lines["current" if split else "original"])
    pairs = [pair for pair in zip(lines["line_id"], gaps, strict=True) if pair[1]]
    furthest = sorted(pairs, key=lambda pair: -abs(pair[1]))[:limit]
    step, kind = ("unexplained", "beyond") if split else ("line", "step")
    rows += [(step, *pair, kind) for pair in pairs if pair in furthest]
    if len(pairs) > limit:
        others = (gap for line, gap in pairs if (line, gap) not in furthest)
        rows.append(("others", "", total(others), kind))
    if len(budget.loose) and len(lines) == len(budget.lines):
        rows.append(("loose", "", -total(budget.loose["cost"]), "step"))
    rows.append((end, "", amounts[end], "total"))
    return pd.DataFrame(rows, columns=BRIDGE_COLUMNS).astype({"amount": "float64"})
