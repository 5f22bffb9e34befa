"""Delays: whose doing each day of one is; the client's duties and what they cost (C4, C6)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

CLIENT, PROVIDER = "client", "provider"
THIRD_PARTY, FORCE_MAJEURE = "third_party", "force_majeure"
PARTIES = (CLIENT, PROVIDER, THIRD_PARTY, FORCE_MAJEURE)
CONCURRENT, CONTESTED = "concurrent", "contested"
SUSPENDED, UNATTRIBUTED = "suspended", "unattributed"
SHARES = (*PARTIES, CONCURRENT, CONTESTED, SUSPENDED, UNATTRIBUTED)
"""The classes of the days of a delay: each day has one of them."""
MILESTONE, DELIVERABLE = "milestone", "deliverable"
KINDS = {MILESTONE: "milestone_id", DELIVERABLE: "deliverable_id"}
DAY = pd.Timedelta(days=1)
_SETS = [[p for i, p in enumerate(PARTIES) if mask >> i & 1] for mask in range(1 << len(PARTIES))]
_TOGETHER = np.array(["+".join(sorted(parties)) for parties in _SETS], dtype=object)
_ALONE = np.array([[*p, UNATTRIBUTED][0] if len(p) < 2 else CONCURRENT for p in _SETS])
"""Sets of parties, as bits in the order of PARTIES: their text, and the class of their days."""


def days_of_delay(
    late: pd.DataFrame, causes: pd.DataFrame | None, suspensions: pd.DataFrame | None
) -> pd.DataFrame:
    """Return every day of some delays with the class that it falls in: a partition of them.

    ``late``: subject, kind (milestone, deliverable), after, last: a delay from the day after
    ``after`` to ``last``, one per subject. Returns kind, subject, day, and what ``spells`` gives of
    the span that the day is in.
    """
    found = spells(late, causes, suspensions)
    each = found.loc[found.index.repeat(found["days"])]
    step = each.groupby(level=0).cumcount()
    each = each.assign(day=each["first"] + pd.to_timedelta(step, unit="D").astype("m8[s]"))
    kept = each[["kind", "subject", "day", *_SAID]]
    return kept.reset_index(drop=True)


_SAID = ["share", "causes", "parties", "undisputed", "suspensions", "contested"]


def spells(
    late: pd.DataFrame, causes: pd.DataFrame | None, suspensions: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the delays cut into the longest spans that the same causes and suspensions cover.

    A cause is about its milestone, its deliverable or both; a suspension about these, or with
    neither about all. Columns: kind, subject, first, last, days, share (suspended, else contested
    where any cause is, else concurrent where causes of several parties meet, else the one party,
    else unattributed), causes and suspensions (tuples of ids, in the order of their tables),
    parties and undisputed (of all causes, and of those that are not contested: "client+provider")
    and contested.
    """
    delays = _delays(late)
    mine, stops = _placed(delays, causes, "cause_id"), _placed(delays, suspensions, "suspension_id")
    total = int(delays["days"].sum())
    edges = np.unique(np.concatenate([delays["place"], mine["start"], mine["end"],
                                      stops["start"], stops["end"]]).astype("int64"))  # fmt: skip
    edges = edges[edges < total]
    of = np.searchsorted(delays["place"].to_numpy(), edges, side="right") - 1
    found = delays[["kind", "subject"]].iloc[of].reset_index(drop=True)
    first = delays["after"].to_numpy("datetime64[D]")[of] + 1
    first = first + (edges - delays["place"].to_numpy()[of])
    found["days"] = np.diff(np.append(edges, total))
    found["first"] = first.astype("datetime64[s]")
    found["last"] = (first + found["days"].to_numpy() - 1).astype("datetime64[s]")
    found["suspensions"] = _ids(*_covered(edges, stops), stops["id"], len(edges))
    return _classed(found, edges, mine)


def _classed(found: pd.DataFrame, edges: np.ndarray, mine: pd.DataFrame) -> pd.DataFrame:
    """Add to spans what the causes that cover them say, and the one class that follows."""
    row, spell = _covered(edges, mine)
    bits = mine["attributed_to"].map({p: 1 << i for i, p in enumerate(PARTIES)}).to_numpy("int64")
    open_ = mine["contested"].to_numpy("bool")
    every, sure = (np.zeros(len(edges), dtype="int64") for _ in range(2))
    np.bitwise_or.at(every, spell, bits[row])
    np.bitwise_or.at(sure, spell, np.where(open_, 0, bits)[row])
    contested = np.zeros(len(edges), dtype="bool")
    contested[spell[open_[row]]] = True
    stopped = found["suspensions"].str.len() > 0
    return found.assign(
        share=np.select([stopped, contested], [SUSPENDED, CONTESTED], _ALONE[every]),
        causes=_ids(row, spell, mine["id"], len(edges)),
        parties=_TOGETHER[every],
        undisputed=_TOGETHER[sure],
        contested=contested,
    ).astype(dict.fromkeys(("share", "parties", "undisputed"), "str"))


def _delays(late: pd.DataFrame) -> pd.DataFrame:
    """Return the delays of a day or more; ``place``: where the first day of each stands when the
    days of all of them are laid end to end.
    """
    days = (late["last"] - late["after"]).dt.days
    known = late.assign(days=days)[days > 0].reset_index(drop=True)
    known["days"] = known["days"].astype("int64")
    return known.assign(place=known["days"].cumsum() - known["days"])


def _placed(delays: pd.DataFrame, spans: pd.DataFrame | None, name: str) -> pd.DataFrame:
    """Return where causes or suspensions cover the delays that they are about.

    Columns: id, attributed_to, contested, start and end (places, the end excluded).
    """
    names = [name, *KINDS.values(), "starts_on", "ends_on", "attributed_to", "contested"]
    rows = pd.DataFrame() if spans is None else spans
    rows = rows.reindex(columns=names).reset_index(drop=True)
    rows = rows.astype(dict.fromkeys(("starts_on", "ends_on"), "datetime64[s]"))
    rows["contested"] = rows["contested"].astype("boolean").fillna(False).astype("bool")
    subjects = rows[list(KINDS.values())].astype("str")
    parts = []
    for kind, column in KINDS.items():
        about = rows.assign(subject=subjects[column], kind=kind)[subjects[column].notna()]
        parts.append(about.reset_index().merge(delays, on=["kind", "subject"]))
    if name == "suspension_id":
        about = rows[subjects.isna().all(axis="columns")]
        parts.append(about.reset_index().merge(delays, how="cross"))
    met = pd.concat(parts, ignore_index=True).sort_values("index", kind="stable")
    start = ((met["starts_on"] - met["after"]).dt.days - 1).clip(lower=0)
    end = (met["ends_on"] - met["after"]).dt.days.clip(upper=met["days"])
    met = met.assign(start=start + met["place"], end=end + met["place"])[start < end]
    return met.rename(columns={name: "id"}).astype({"start": "int64", "end": "int64"})


def _covered(edges: np.ndarray, placed: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return which spans cover which pieces between edges, as pairs: row of the span, piece."""
    first, past = (np.searchsorted(edges, placed[name].to_numpy()) for name in ("start", "end"))
    count = past - first
    row = np.repeat(np.arange(len(placed)), count)
    step = np.arange(len(row)) - np.repeat(count.cumsum() - count, count)
    return row, first[row] + step


def _ids(row: np.ndarray, piece: np.ndarray, ids: pd.Series, n: int) -> pd.Series:
    """Return, for each of n pieces, the ids of the rows that cover it, in their order."""
    order = np.lexsort((row, piece))
    names, bounds = ids.to_numpy(object)[row[order]], np.searchsorted(piece[order], range(n + 1))
    return pd.Series([tuple(names[a:b]) for a, b in pairwise(bounds)], dtype=object)


def partition(days: pd.DataFrame) -> pd.DataFrame:
    """Count the days of each delay by class. ``days``: as ``days_of_delay`` returns them.

    Columns: kind, subject, the classes of SHARES, and total, which is their sum and the delay.
    """
    counts = days.groupby(["kind", "subject", "share"], sort=False).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(SHARES), fill_value=0).astype("int64")
    total = counts.sum(axis="columns")
    return counts.assign(total=total).rename_axis(None, axis="columns").reset_index()
