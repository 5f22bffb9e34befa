"""The figures that the provider reported beside those recomputed, and what explains a gap (F4)."""

from __future__ import annotations

import pandas as pd

from reviewlib.ids import among
from reviewlib.service.sensitivity.metrics import CONTRACT, Interpretations

OPEN_AS_MET = "open_as_met"
OWN = "own"
FLAGGED = ("met", "breached", "late_or_paused")  # outcomes of tickets of which a flag is compared
KEYS = ["month", "clause", "priority"]


def shares(interpreted: Interpretations) -> pd.DataFrame:
    """Return the share in time by clause, priority, month, interpretation and rule of months.

    Columns: reading (the interpretation), rule, month, clause, priority ("": all together), share
    and n; none where pauses are unknown. The interpretation ``open_as_met`` is the contract's own
    with the tickets still running counted as in time. What gives the contract's own figures of a
    clause throughout is no other interpretation, and left out.
    """
    outcomes = ["met", "breached", "running", "late_or_paused"]
    counts = interpreted.counts[["reading", "rule", *KEYS, *outcomes]]
    by = ["reading", "rule", *KEYS]
    counts = pd.concat([counts, counts.assign(priority="")]).groupby(by).sum().reset_index()
    counts = counts[counts["late_or_paused"] == 0]
    plain = counts.assign(n=counts["met"] + counts["breached"], kept=counts["met"])
    own = counts[_is_own(counts) & (counts["running"] > 0)]
    lenient = own.assign(
        reading=OPEN_AS_MET,
        n=own[["met", "breached", "running"]].sum(axis="columns"),
        kept=own["met"] + own["running"],
    )
    every = pd.concat([plain, lenient], ignore_index=True)
    every = every[every["n"] > 0]
    return _that_differ(every.assign(share=every["kept"] / every["n"])[[*by, "share", "n"]])


def unsettled(reported: pd.DataFrame, interpreted: Interpretations) -> int:
    """Return how many reported figures have none beside them because pauses are unknown."""
    counts = interpreted.counts[_is_own(interpreted.counts)]
    counts = pd.concat([counts, counts.assign(priority="")]).groupby(KEYS)["late_or_paused"].sum()
    figures = reported.reindex(columns=KEYS).astype("object").fillna({"priority": ""}).astype("str")
    return len(figures.merge(counts[counts > 0].reset_index(), on=KEYS))


def _is_own(frame: pd.DataFrame) -> pd.Series:
    return (frame["reading"] == CONTRACT) & (frame["rule"] == OWN)


def _that_differ(every: pd.DataFrame) -> pd.DataFrame:
    """Return the contract's own figures, and the others that differ for a clause."""
    own = every[_is_own(every)]
    both = every.merge(own[[*KEYS, "share"]], on=KEYS, how="left", suffixes=("", "_own"))
    other = (both["share"] != both["share_own"]).set_axis(every.index)
    names = [every["reading"], every["rule"], every["clause"]]
    return every[other.groupby(names).transform("any") | _is_own(every)]


def reconciled(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return each reported figure beside the one recomputed, in points (0 to 100).

    ``computed``: as ``shares`` returns it. Columns of ``reported`` (a missing priority: "", all
    together), then recomputed, n_recomputed, gap = reported − recomputed, agrees (within the
    rounding of the clause's reported figures), tried (other interpretations and rules of months
    compared) and matching (how many of them give the reported figure). Figures that nothing
    recomputed answers are left out.
    """
    both = _beside(reported, computed)
    own, others = both[_is_own(both)].set_index(KEYS), both[~_is_own(both)]
    frame = own.rename(columns={"share": "recomputed", "n_computed": "n_recomputed"})
    groups = others.groupby(KEYS)["matches"]
    frame = frame.assign(
        recomputed=frame["recomputed"] * 100,
        gap=frame["value"] - frame["recomputed"] * 100,
        agrees=frame["matches"].astype("bool"),
        tried=groups.size().reindex(frame.index, fill_value=0),
        matching=groups.sum().reindex(frame.index, fill_value=0).astype("int64"),
    )
    return frame.drop(columns=["reading", "rule", "matches"]).reset_index()


def explaining(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the differing figures each interpretation gives, by clause, most first.

    Columns: clause, reading, rule, differing (figures that the contract's own interpretation
    does not give), matched (those of them that this one gives within the rounding) and of (those
    that it says anything of).
    """
    both = _beside(reported, computed)
    apart = both.loc[_is_own(both) & ~both["matches"], KEYS]
    rest = both[~_is_own(both)].merge(apart, on=KEYS)
    groups = rest.groupby(["clause", "reading", "rule"])["matches"].agg(matched="sum", of="size")
    rows = groups.reset_index()
    rows["differing"] = rows["clause"].map(apart["clause"].value_counts())
    # of interpretations that give as many, the one that changes least comes first
    rows["changes"] = (rows["reading"] != CONTRACT).astype(int) + (rows["rule"] != OWN)
    order = ["clause", "matched", "of", "changes", "reading", "rule"]
    rising = [True, False, False, True, True, True]
    rows = rows.sort_values(order, ascending=rising, ignore_index=True)
    return rows.drop(columns="changes")


def matching(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return the interpretations, the contract's own excepted, that give each reported figure.

    Columns: month, clause, priority, reading and rule.
    """
    both = _beside(reported, computed)
    others = both[both["matches"] & ~_is_own(both)]
    return others[[*KEYS, "reading", "rule"]].reset_index(drop=True)


def as_flagged(
    reported: pd.DataFrame, verdicts: pd.DataFrame, tickets: pd.DataFrame
) -> pd.DataFrame:
    """Return how many reported figures of each clause are those of the flag that the tool recorded.

    The flag is counted over the tickets that a verdict was given on, in the month of the verdict.
    Columns: clause, equal and of (figures of which tickets have a flag); none without a flag.
    """
    if "recorded_sla_met" not in tickets:
        return pd.DataFrame(columns=["clause", "equal", "of"])
    flag = tickets.set_index("ticket_id")["recorded_sla_met"].dropna().astype("bool")
    rows = verdicts[verdicts["outcome"].isin(FLAGGED) & among(verdicts["ticket_id"], flag.index)]
    rows = rows[KEYS].astype("str").assign(share=rows["ticket_id"].map(flag))
    both = pd.concat([rows, rows.assign(priority="")])
    shares = both.groupby(KEYS)["share"].agg(share="mean", n="size").reset_index()
    beside = _beside(reported, shares.assign(reading="", rule=OWN))
    return beside.groupby("clause")["matches"].agg(equal="sum", of="size").reset_index()


def _beside(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return each reported figure beside each that an interpretation gives, and if they match."""
    figures = reported.assign(priority=reported.get("priority", pd.Series("", reported.index)))
    figures["priority"] = figures["priority"].fillna("")
    both = figures.merge(computed, on=KEYS, suffixes=("", "_computed"))
    if "n" not in figures:
        both = both.rename(columns={"n": "n_computed"})
    distance = (both["value"] - both["share"] * 100).abs()
    rounding = reported.groupby("clause")["value"].agg(half_a_unit)
    within = distance <= both["clause"].map(rounding).astype("float64")
    return both.assign(matches=within.astype("bool"))


def half_a_unit(values: pd.Series) -> float:
    """Return half of the last decimal that any of some figures has: what rounding may take away."""
    decimals = next((d for d in range(4) if values.round(d).eq(values).all()), 4)
    return 0.5 * 10.0**-decimals + 1e-9
