"""The figures that the provider reported beside those recomputed, and what explains a gap (F4)."""

from __future__ import annotations

import pandas as pd

from reviewlib.metrics.readings import CONTRACT, Compared

OPEN_AS_MET = "open_as_met"
OWN = "own"
KEYS = ["month", "clause", "priority"]


def shares(found: Compared) -> pd.DataFrame:
    """Return the share in time by clause, priority and month under each reading and rule of months.

    Columns: reading, rule, month, clause, priority ("": all together), share and n. The reading
    ``open_as_met`` is the contract's own with the tickets still running counted as in time.
    """
    counts = found.counts[["reading", "rule", *KEYS, "met", "breached", "running"]]
    by = ["reading", "rule", *KEYS]
    counts = pd.concat([counts, counts.assign(priority="")]).groupby(by).sum().reset_index()
    plain = counts.assign(n=counts["met"] + counts["breached"], kept=counts["met"])
    own = counts[(counts["reading"] == CONTRACT) & (counts["rule"] == OWN)]
    lenient = own.assign(
        reading=OPEN_AS_MET,
        n=own[["met", "breached", "running"]].sum(axis="columns"),
        kept=own["met"] + own["running"],
    )
    every = pd.concat([plain, lenient[lenient["running"] > 0]], ignore_index=True)
    every = every[every["n"] > 0]
    return every.assign(share=every["kept"] / every["n"])[[*by, "share", "n"]]


def reconciled(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return each reported figure beside the one recomputed, in points (0 to 100).

    ``computed``: as ``shares`` returns it. Columns of ``reported`` (a missing priority: "", all
    together), then recomputed, n_recomputed, gap = reported − recomputed, agrees (within the
    rounding of the reported figures), tried (readings and rules of months compared) and matching
    (how many others of them give the reported figure). Figures that nothing recomputed answers are
    left out.
    """
    both = _beside(reported, computed)
    own = both[(both["reading"] == CONTRACT) & (both["rule"] == OWN)].set_index(KEYS)
    others = both.drop(index=both.index[(both["reading"] == CONTRACT) & (both["rule"] == OWN)])
    frame = own.rename(columns={"share": "recomputed", "n_computed": "n_recomputed"})
    frame["recomputed"] *= 100
    frame["gap"] = frame["value"] - frame["recomputed"]
    frame["agrees"] = frame["matches"]
    frame["tried"] = both.groupby(KEYS).size()
    frame["matching"] = others.groupby(KEYS)["matches"].sum()
    frame["matching"] = frame["matching"].fillna(0).astype("int64")
    return frame.drop(columns=["reading", "rule", "matches"]).reset_index()


def explaining(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the figures that differ each reading gives, by clause; the most first.

    Columns: clause, reading, rule, differing (figures that the contract's own reading does not
    give), matched (those of them that this reading gives within the rounding) and of (those that
    it says anything of).
    """
    both = _beside(reported, computed)
    own = (both["reading"] == CONTRACT) & (both["rule"] == OWN)
    apart = both.loc[own & ~both["matches"], KEYS]
    rest = both[~own].merge(apart, on=KEYS)
    groups = rest.groupby(["clause", "reading", "rule"])["matches"].agg(matched="sum", of="size")
    found = groups.reset_index()
    found["differing"] = found["clause"].map(apart["clause"].value_counts())
    # of readings that give as many, the one that changes least comes first
    found["changes"] = (found["reading"] != CONTRACT).astype(int) + (found["rule"] != OWN)
    order = ["clause", "matched", "of", "changes", "reading", "rule"]
    rising = [True, False, False, True, True, True]
    found = found.sort_values(order, ascending=rising, ignore_index=True)
    return found.drop(columns="changes")


def matching(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return the readings, the contract's own excepted, that give each reported figure.

    Columns: month, clause, priority, reading and rule.
    """
    both = _beside(reported, computed)
    own = (both["reading"] == CONTRACT) & (both["rule"] == OWN)
    return both.loc[both["matches"] & ~own, [*KEYS, "reading", "rule"]].reset_index(drop=True)


def _beside(reported: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return each reported figure beside each that a reading gives, and whether they match."""
    asked = reported.assign(priority=reported.get("priority", pd.Series("", reported.index)))
    asked["priority"] = asked["priority"].fillna("")
    both = asked.merge(computed, on=KEYS, suffixes=("", "_computed"))
    if "n" not in asked:
        both = both.rename(columns={"n": "n_computed"})
    distance = (both["value"] - both["share"] * 100).abs()
    return both.assign(matches=distance <= half_a_unit(reported["value"]))


def half_a_unit(values: pd.Series) -> float:
    """Return half of the last decimal that any of some figures has: what rounding may take away."""
    decimals = next((d for d in range(4) if values.round(d).eq(values).all()), 4)
    return 0.5 * 10.0**-decimals + 1e-9
