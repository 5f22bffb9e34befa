"""The budget by line: what approved changes explain of it, and what stays unexplained (D2, C5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from reviewlib.amounts import exact, to_the_cent, total
from reviewlib.money.changes.metrics import APPROVED, requests

CHANGE_COLUMNS = ["change_id", "line_id", "cost", "decided_on"]
BRIDGE_COLUMNS = ["step", "name", "amount", "kind"]
AMOUNT_COLUMNS = {
    "original": "original",
    "stated": "current",
    "actual": "actual",
    "forecast": "forecast",
}
"""The amounts of a line, and the columns of the table that state them."""
Amounts = dict[str, Decimal | None]
"""Totals by name: original, approved, current, actual, unexplained, forecast, beyond."""


@dataclass(frozen=True)
class Changes:
    """Changes as they stood on a day: those approved, and those applied without an approval.

    Columns of each: change_id, line_id (NaN: none), cost (Decimal; None: not stated) and decided_on
    (NaT: not stated).
    """

    approved: pd.DataFrame
    unapproved: pd.DataFrame


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
        return loose(self.changes)

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
        if self.changes is None:
            return pd.DataFrame(columns=CHANGE_COLUMNS)
        rows = self.changes.approved
        counted = rows["line_id"].isin(part["line_id"])
        if len(part) == len(self.lines):
            counted |= rows["line_id"].isna()
        return rows[counted & rows["cost"].notna() & (rows["cost"] != 0)]


def lines(table: pd.DataFrame, weighing: Changes | None) -> pd.DataFrame:
    """Return the lines of a budget, amounts as exact decimals (None: not known).

    Columns: line_id, title, clause, original; approved (the sum of the approved changes of the
    line), change_ids, current (original + approved), stated (the tool's own current), stated_on
    (NaT: not said), since ((change_id, cost) of those approved after that day, which no amount of
    that day can hold), gap (stated − current without them), actual, unexplained (actual − current),
    forecast, beyond (forecast − current), unapproved ((change_id, cost) of the changes of the line
    applied without approval) and unforeseen (at the signature). Without changes, what is approved,
    current, unexplained and beyond is not known. Amounts are to the cent.
    """
    rows = table.reindex(columns=["line_id", "title", "clause"]).reset_index(drop=True)
    for name, column in AMOUNT_COLUMNS.items():
        rows[name] = _amounts(table, column)
    approved = None if weighing is None else _by_line(weighing.approved)
    unapproved = {} if weighing is None else _by_line(weighing.unapproved)
    rows["approved"] = [
        None if approved is None else total(cost for _, cost in approved.get(line, ()))
        for line in rows["line_id"]
    ]
    rows["change_ids"] = [
        tuple(change for change, cost in (approved or {}).get(line, ()) if cost)
        for line in rows["line_id"]
    ]
    rows["stated_on"] = _days(table)
    rows["since"] = _since(rows, weighing)
    rows["unapproved"] = [tuple(unapproved.get(line, ())) for line in rows["line_id"]]
    rows["current"] = _sums(rows["original"], rows["approved"])
    for name, amount in (("unexplained", "actual"), ("beyond", "forecast")):
        rows[name] = differences(rows[amount], rows["current"])
    later = pd.Series([total(cost for _, cost in since) for since in rows["since"]], rows.index)
    rows["gap"] = differences(rows["stated"], differences(rows["current"], later))
    rows["unforeseen"] = _flags(table)
    return rows


def _flags(table: pd.DataFrame) -> pd.Series:
    given = table.get("unforeseen", pd.Series(False, table.index))
    return given.fillna(False).astype("bool").reset_index(drop=True)


def _amounts(table: pd.DataFrame, name: str) -> pd.Series:
    given = exact(table.get(name, pd.Series(float("nan"), table.index)).astype("float64"))
    cents = [None if amount is None else to_the_cent(amount) for amount in given]
    return pd.Series(cents, dtype="object")


def _days(table: pd.DataFrame) -> pd.Series:
    given = table.get("stated_on", pd.Series(pd.NaT, table.index))
    return given.astype("datetime64[s]").reset_index(drop=True)


def _since(rows: pd.DataFrame, weighing: Changes | None) -> list[tuple[tuple[str, Decimal], ...]]:
    """Return the approved changes of each line decided after the day of its amounts."""
    if weighing is None:
        return [()] * len(rows)
    approved = weighing.approved
    decided = dict(zip(approved["change_id"], approved["decided_on"], strict=True))
    costs = _by_line(approved)
    return [
        tuple(change for change in costs.get(line, ()) if decided[change[0]] > day)
        for line, day in zip(rows["line_id"], rows["stated_on"], strict=True)
    ]


def _by_line(rows: pd.DataFrame) -> dict[str, list[tuple[str, Decimal]]]:
    """Return the changes of each line that state a cost."""
    by_line = defaultdict(list)
    stated = rows[rows["line_id"].notna() & rows["cost"].notna()]
    for change, line, cost in zip(
        stated["change_id"], stated["line_id"], stated["cost"], strict=True
    ):
        by_line[line].append((change, cost))
    return by_line


def _sums(first: pd.Series, second: pd.Series) -> pd.Series:
    return _combined(first, second, lambda a, b: a + b)


def differences(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return the first amounts less the second, None where either is not known."""
    return _combined(first, second, lambda a, b: a - b)


def _combined(first: pd.Series, second: pd.Series, formula: Any) -> pd.Series:
    pairs = zip(first, second, strict=True)
    amounts = [None if pd.isna(a) or pd.isna(b) else formula(a, b) for a, b in pairs]
    return pd.Series(amounts, first.index, dtype="object")


def loose(weighing: Changes | None) -> pd.DataFrame:
    """Return the approved changes of no line that cost or save something."""
    if weighing is None:
        return pd.DataFrame(columns=CHANGE_COLUMNS)
    rows = weighing.approved
    return rows[rows["line_id"].isna() & rows["cost"].notna() & (rows["cost"] != 0)]


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
        "unapproved": _pairs(loose(Changes(unapproved, approved))),
    }
    return of_changes | of_lines


def _pairs(changes: pd.DataFrame) -> list[tuple[str, Decimal]]:
    return [*zip(changes["change_id"], changes["cost"], strict=True)]


def bridge(budget: Budget, end: str, limit: int) -> pd.DataFrame:
    """Return what leads from the original budget to an amount (actual, forecast), step by step.

    Columns of ``BRIDGE_COLUMNS``: step (original, change or changes, current, unexplained or line,
    others, loose, then the end), name (the change or line, "" of none), amount (NaN: not known) and
    kind (total, step). At most ``limit`` changes and lines have a step of their own, the lines that
    end the furthest from their budget. What was approved for no line is taken off in the end: what
    it was spent on is in the lines.
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
    step = "unexplained" if split else "line"
    rows += [(step, *pair, "step") for pair in pairs if pair in furthest]
    if len(pairs) > limit:
        others = (gap for line, gap in pairs if (line, gap) not in furthest)
        rows.append(("others", "", total(others), "step"))
    if len(budget.loose) and len(lines) == len(budget.lines):
        rows.append(("loose", "", -total(budget.loose["cost"]), "step"))
    rows.append((end, "", amounts[end], "total"))
    return pd.DataFrame(rows, columns=BRIDGE_COLUMNS).astype({"amount": "float64"})
