"""The budget by line: what approved changes explain of it, and what stays unexplained (D2, C5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.amounts import exact, to_the_cent, total
from reviewlib.money.changes.metrics import APPROVED, requests


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
    kept = ["change_id", "line_id", "cost", "decided_on"]
    return Changes(
        rows.loc[rows["outcome"] == APPROVED, kept].reset_index(drop=True),
        rows.loc[rows["unapproved"], kept].reset_index(drop=True),
    )


def lines(table: pd.DataFrame, known: Changes | None) -> pd.DataFrame:
    """Return the lines of a budget, amounts as exact decimals (None: not known).

    Columns: line_id, title, clause, original; approved (the sum of the approved changes of the
    line), change_ids, current (original + approved), stated (the tool's own current), stated_on
    (NaT: not said), since ((change_id, cost) of those approved after that day, which no amount of
    that day can hold), gap (stated − current without them), actual, unexplained (actual − current),
    forecast, beyond (forecast − current), and unapproved: (change_id, cost) of the changes of the
    line applied without approval. Without changes known, what is approved, current, unexplained and
    beyond is not. Amounts are to the cent.
    """
    rows = table.reindex(columns=["line_id", "title", "clause"]).reset_index(drop=True)
    for name, column in (("original", "original"), ("stated", "current"), ("actual", "actual"),
                         ("forecast", "forecast")):  # fmt: skip
        rows[name] = _amounts(table, column)
    approved = None if known is None else _by_line(known.approved)
    unapproved = {} if known is None else _by_line(known.unapproved)
    rows["approved"] = [
        None if approved is None else total(cost for _, cost in approved.get(line, ()))
        for line in rows["line_id"]
    ]
    rows["change_ids"] = [
        tuple(change for change, cost in (approved or {}).get(line, ()) if cost)
        for line in rows["line_id"]
    ]
    rows["stated_on"] = _days(table)
    rows["since"] = _since(rows, known)
    rows["unapproved"] = [tuple(unapproved.get(line, ())) for line in rows["line_id"]]
    rows["current"] = _sums(rows["original"], rows["approved"])
    for name, amount in (("unexplained", "actual"), ("beyond", "forecast")):
        rows[name] = differences(rows[amount], rows["current"])
    later = pd.Series([total(cost for _, cost in each) for each in rows["since"]], rows.index)
    rows["gap"] = differences(rows["stated"], differences(rows["current"], later))
    return rows


def _amounts(table: pd.DataFrame, name: str) -> pd.Series:
    given = exact(table.get(name, pd.Series(float("nan"), table.index)).astype("float64"))
    cents = [None if amount is None else to_the_cent(amount) for amount in given]
    return pd.Series(cents, dtype="object")


def _days(table: pd.DataFrame) -> pd.Series:
    given = table.get("stated_on", pd.Series(pd.NaT, table.index))
    return given.astype("datetime64[s]").reset_index(drop=True)


def _since(rows: pd.DataFrame, known: Changes | None) -> list[tuple[tuple[str, Decimal], ...]]:
    """Return the approved changes of each line decided after the day of its amounts."""
    if known is None:
        return [()] * len(rows)
    decided = dict(zip(known.approved["change_id"], known.approved["decided_on"], strict=True))
    costs = _by_line(known.approved)
    return [
        tuple(each for each in costs.get(line, ()) if decided[each[0]] > day)
        for line, day in zip(rows["line_id"], rows["stated_on"], strict=True)
    ]


def _by_line(rows: pd.DataFrame) -> dict[str, list[tuple[str, Decimal]]]:
    """Return the changes of each line that state a cost."""
    found = defaultdict(list)
    stated = rows[rows["line_id"].notna() & rows["cost"].notna()]
    for change, line, cost in zip(
        stated["change_id"], stated["line_id"], stated["cost"], strict=True
    ):
        found[line].append((change, cost))
    return found


def _sums(first: pd.Series, second: pd.Series) -> pd.Series:
    return _each(first, second, lambda a, b: a + b)


def differences(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return the first amounts less the second, None where either is not known."""
    return _each(first, second, lambda a, b: a - b)


def _each(first: pd.Series, second: pd.Series, formula: Any) -> pd.Series:
    pairs = zip(first, second, strict=True)
    found = [None if pd.isna(a) or pd.isna(b) else formula(a, b) for a, b in pairs]
    return pd.Series(found, first.index, dtype="object")


def loose(known: Changes | None) -> pd.DataFrame:
    """Return the approved changes of no line that cost or save something."""
    if known is None:
        return pd.DataFrame(columns=["change_id", "cost"])
    rows = known.approved
    return rows[rows["line_id"].isna() & rows["cost"].notna() & (rows["cost"] != 0)]


def totals(rows: pd.DataFrame, apart: Decimal = Decimal(0)) -> dict[str, Decimal | None]:
    """Return the totals of lines, each None where one of them is not known.

    ``apart``: the approved changes of no line, which the totals of what is approved and current
    count.
    """
    found = {name: _whole(rows[name]) for name in ("original", "approved", "actual", "forecast")}
    if found["approved"] is not None:
        found["approved"] += apart
    original, approved = found["original"], found["approved"]
    current = None if original is None or approved is None else original + approved
    found["current"] = current
    for name, amount in (("unexplained", "actual"), ("beyond", "forecast")):
        whole = found[amount]
        found[name] = None if whole is None or current is None else whole - current
    return found


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
    found = rows.assign(
        limit=limit,
        spent_over=differences(rows["actual"], limit),
        forecast_over=differences(rows["forecast"], limit),
    )
    pairs = zip(found["spent_over"], found["forecast_over"], strict=True)
    furthest = [max((Decimal(0), *(a for a in pair if a is not None))) for pair in pairs]
    order = sorted(range(len(found)), key=lambda row: -furthest[row])
    return found.iloc[[row for row in order if furthest[row] > 0]]
