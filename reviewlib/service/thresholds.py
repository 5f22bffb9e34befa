"""Whether the thresholds of a clause were kept: one rule for every chapter that says so."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.contract import Clause, Contract
from reviewlib.rates import kept

COUNTED = ["met", "late_or_paused", "unknown", "n"]
KEPT = ["kept", "may_be_kept"]


def stated(
    contract: Contract, verdicts: pd.DataFrame
) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    """Yield each clause and priority with a target, and the thresholds of its tickets, in order.

    A priority without tickets has those that the clause states. Amendments and variants may make
    them several.
    """
    for clause_id in contract.clause_ids():
        wordings = [
            terms.clauses[clause_id].variant(number)
            for terms in contract.versions
            if clause_id in terms.clauses
            for number in range(len(terms.clauses[clause_id].variants) + 1)
        ]
        for priority in dict.fromkeys(p for clause in wordings for p in clause.targets):
            own = (verdicts["clause"] == clause_id) & (verdicts["priority"] == priority)
            thresholds = [c.threshold_of(priority) for c in wordings if priority in c.targets]
            of_tickets = set(verdicts.loc[own, "threshold"].dropna())
            counted = [
                t for t in thresholds if t is not None and (t in of_tickets or not own.any())
            ]
            yield clause_id, priority, tuple(dict.fromkeys(counted))


def by_month(counts: pd.DataFrame, clause: Clause) -> pd.DataFrame:
    """Return the months of a clause: the counts, share, binds (enough tickets), kept, may_be_kept.

    ``counts``: month, threshold (NaN: none) and ``COUNTED``, summed here by month. A month with
    several thresholds is kept when each is. ``kept``: for certain; ``may_be_kept``: if every pause
    that no log tells of took long enough, and every ticket of which it is unknown was in time. One
    of which the month is not known either may be of any. Share: NaN where it hangs on these.
    """
    judged = counts[counts["threshold"].notna()]
    groups = judged.groupby(["month", "threshold"])[COUNTED].sum().reset_index()
    adrift = judged[judged["month"].isna()].groupby("threshold")["unknown"].sum()
    groups["unknown"] += groups["threshold"].map(adrift).fillna(0).astype("int64")
    groups = groups[groups["n"] + groups["unknown"] > 0]
    groups = groups.assign(**_kept(groups))
    whole = dict.fromkeys(COUNTED, "sum") | dict.fromkeys(KEPT, "all")
    months = groups.groupby("month").agg(whole)
    share = months["met"] / months["n"]
    settled = (months["unknown"] == 0) | (months["kept"] == months["may_be_kept"])
    months["share"] = share.where((months["late_or_paused"] == 0) & settled)
    months["binds"] = months["n"] + months["unknown"] >= clause.minimum_volume
    return months.reset_index()


def _kept(groups: pd.DataFrame) -> dict[str, pd.Series]:
    """Return whether groups of tickets keep their threshold for certain, and whether they may."""
    at_best = groups["met"] + groups["late_or_paused"] + groups["unknown"]
    columns = {}
    for name, met in zip(KEPT, (groups["met"], at_best), strict=True):
        rows = zip(met, groups["n"] + groups["unknown"], groups["threshold"], strict=True)
        columns[name] = pd.Series([kept(*row) for row in rows], groups.index, dtype="bool")
    return columns


def _settled(binding: pd.DataFrame) -> bool | None:
    """Tell whether all that binds is kept; None where nothing binds, or it is unknown."""
    certain, possible = (bool(binding[name].all()) for name in KEPT)
    return certain if len(binding) and certain == possible else None


def holds(counts: pd.DataFrame, clause: Clause) -> bool | None:
    """Tell whether a clause holds, as it is assessed; None where nothing binds, or it is unknown.

    ``counts``: as for ``by_month``. Over the whole contract each threshold is judged on all of its
    tickets; by the month, each month that has enough of them.
    """
    if clause.assessed == "month":
        months = by_month(counts, clause)
        binding = months[months["binds"]]
        return _settled(binding)
    groups = counts[counts["threshold"].notna()].groupby("threshold")[COUNTED].sum()
    counted = groups["n"] + groups["unknown"]
    binding = groups[counted >= clause.minimum_volume].reset_index()
    return _settled(binding.assign(**_kept(binding)))


def common(rows: pd.DataFrame, by: str | list[str]) -> pd.Series:
    """Return the threshold that the rows of each group share; NaN where several, or none."""
    stated = rows.groupby(by)["threshold"].agg(["nunique", "max"])
    return stated["max"].where(stated["nunique"] == 1).rename("threshold")
