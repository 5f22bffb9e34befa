"""Delays: whose doing each day of one is: a partition, each day once (C4)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import each_day_of
from reviewlib.delivery.deliverables.excused import DECISION, WAITING

CLIENT, PROVIDER = "client", "provider"
THIRD_PARTY, FORCE_MAJEURE = "third_party", "force_majeure"
PARTIES = (CLIENT, PROVIDER, THIRD_PARTY, FORCE_MAJEURE)
CONCURRENT, CONTESTED = "concurrent", "contested"
SUSPENDED, UNATTRIBUTED = "suspended", "unattributed"
SHARES = (*PARTIES, CONCURRENT, CONTESTED, SUSPENDED, DECISION, WAITING, UNATTRIBUTED)
"""The classes of the days of a delay: each day has one of them."""
DAY_COLUMNS = (
    *("kind", "subject", "day"),
    *("share", "causes", "parties", "undisputed", "suspensions", "contested"),
)
SPELL_COLUMNS = (
    *("kind", "subject", "days", "first", "last"),
    *("suspensions", "excused", "share", "causes", "parties", "undisputed", "contested"),
)
PARTITION_COLUMNS = ("kind", "subject", *SHARES, "total")
RANGE_COLUMNS = ("kind", "subject", "share", "low", "high")
TOTAL_COLUMNS = ("days", "low", "high", "added")
COMPOSITION_COLUMNS = ("kind", "subject", "share", "parties", "days", "ids")
OUTSIDE_COLUMNS = ("cause_id", "kind", "subject", "days", "outside", "of_both")
_PLACES = {share: place for place, share in enumerate(SHARES)}
MILESTONE, DELIVERABLE = "milestone", "deliverable"
KINDS = {MILESTONE: "milestone_id", DELIVERABLE: "deliverable_id"}
CAUSE, SUSPENSION, EXCUSE = "cause_id", "suspension_id", "id"
_SETS = [[p for i, p in enumerate(PARTIES) if mask >> i & 1] for mask in range(1 << len(PARTIES))]
_TOGETHER = np.array(["+".join(sorted(parties)) for parties in _SETS], dtype=object)
_ALONE = np.array([[*p, UNATTRIBUTED][0] if len(p) < 2 else CONCURRENT for p in _SETS])
"""Sets of parties, as bits in the order of PARTIES: their text, and the class of their days."""


def each_day(spans: pd.DataFrame) -> pd.DataFrame:
    """Return every day of some delays with the class that it falls in: a partition of them.

    ``spans``: as ``spells`` returns them. Returns kind, subject, day, and what is true of the span
    that the day is in.
    """
    days = each_day_of(spans, spans["days"])
    return days[list(DAY_COLUMNS)].reset_index(drop=True)


def spells(
    late: pd.DataFrame,
    causes: pd.DataFrame | None,
    suspensions: pd.DataFrame | None,
    excused: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the delays cut into the longest spans that the same causes and suspensions cover.

    ``late``: subject, kind (milestone, deliverable), after, last: a delay from the day after
    ``after`` to ``last``, one per subject. A cause is about its milestone, its deliverable or both;
    a suspension about these, or with neither about all; ``excused``: as the function of that name
    returns it. Columns: kind, subject,
    first, last, days, share (suspended, else the one that excuses a deliverable, else contested
    where any cause is, else concurrent where causes of several parties meet, else the one party,
    else unattributed), causes and suspensions (tuples of ids, in the order of their tables),
    excused (tuples: the version that the client refused, or the milestone needed), parties and
    undisputed (of all causes, and of those that are not contested: "client+provider") and
    contested.
    """
    delays = _delays(late)
    attributed, suspended = _placed(delays, causes, CAUSE), _placed(delays, suspensions, SUSPENSION)
    apart = _placed(delays, _as_causes(excused), EXCUSE)
    total = int(delays["days"].sum())
    bounds = [frame[edge] for frame in (attributed, suspended, apart) for edge in ("start", "end")]
    edges = np.unique(np.concatenate([delays["place"], *bounds]).astype("int64"))
    edges = edges[edges < total]
    of = np.searchsorted(delays["place"].to_numpy(), edges, side="right") - 1
    spans = delays[["kind", "subject"]].iloc[of].reset_index(drop=True)
    first = delays["after"].to_numpy("datetime64[D]")[of] + 1
    first = first + (edges - delays["place"].to_numpy()[of])
    spans["days"] = np.diff(np.append(edges, total))
    spans["first"] = first.astype("datetime64[s]")
    spans["last"] = (first + spans["days"].to_numpy() - 1).astype("datetime64[s]")
    spans["suspensions"] = _ids(*_covered(edges, suspended), suspended["id"], len(edges))
    row, spell = _covered(edges, apart)
    spans["excused"] = _ids(row, spell, apart["id"], len(edges))
    excuse = np.full(len(edges), "", dtype=object)
    excuse[spell] = apart["attributed_to"].to_numpy(object)[row]
    return _classed(spans, edges, attributed, excuse)


def _as_causes(excused: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if excused is None else excused.rename(columns={"share": "attributed_to"})


def _classed(
    spans: pd.DataFrame, edges: np.ndarray, attributed: pd.DataFrame, excuse: np.ndarray
) -> pd.DataFrame:
    """Add to spans what the causes that cover them say, and the one class that follows.

    ``excuse``: the class of what excuses each span, "" where nothing does.
    """
    row, spell = _covered(edges, attributed)
    bit_of = {party: 1 << place for place, party in enumerate(PARTIES)}
    bits = attributed["attributed_to"].map(bit_of).to_numpy("int64")
    open_ = attributed["contested"].to_numpy("bool")
    every, sure = (np.zeros(len(edges), dtype="int64") for _ in range(2))
    np.bitwise_or.at(every, spell, bits[row])
    np.bitwise_or.at(sure, spell, np.where(open_, 0, bits)[row])
    contested = np.zeros(len(edges), dtype="bool")
    contested[spell[open_[row]]] = True
    stopped = spans["suspensions"].str.len() > 0
    return spans.assign(
        share=np.select(
            [stopped, excuse != "", contested], [SUSPENDED, excuse, CONTESTED], _ALONE[every]
        ),
        causes=_ids(row, spell, attributed["id"], len(edges)),
        parties=_TOGETHER[every],
        undisputed=_TOGETHER[sure],
        contested=contested,
    ).astype(dict.fromkeys(("share", "parties", "undisputed"), "str"))[list(SPELL_COLUMNS)]


def _delays(late: pd.DataFrame) -> pd.DataFrame:
    """Return the delays of a day or more; ``place``: where the first day of each stands when the
    days of all of them are laid end to end.
    """
    days = (late["last"] - late["after"]).dt.days
    delays = late.assign(days=days)[days > 0].reset_index(drop=True)
    delays["days"] = delays["days"].astype("int64")
    return delays.assign(place=delays["days"].cumsum() - delays["days"])


def _placed(delays: pd.DataFrame, spans: pd.DataFrame | None, name: str) -> pd.DataFrame:
    """Return where causes or suspensions cover the delays that they are about.

    Columns: row (in their table), kind, id, attributed_to, contested, start and end (places, the
    end excluded).
    """
    rows = _spans(spans, name)
    pairs = _about(rows)
    parts = [pairs.merge(delays, on=["kind", "subject"])]
    if name == SUSPENSION:
        parts.append(rows[_about_nothing(rows)].merge(delays, how="cross"))
    placed = pd.concat(parts, ignore_index=True).sort_values("row", kind="stable")
    start = ((placed["starts_on"] - placed["after"]).dt.days - 1).clip(lower=0)
    end = (placed["ends_on"] - placed["after"]).dt.days.clip(upper=placed["days"])
    placed = placed.assign(start=start + placed["place"], end=end + placed["place"])[start < end]
    return placed.astype({"start": "int64", "end": "int64"})


def _spans(spans: pd.DataFrame | None, name: str) -> pd.DataFrame:
    """Return causes or suspensions with every column that is asked of them, numbered by row."""
    names = [name, *KINDS.values(), "starts_on", "ends_on", "attributed_to", "contested"]
    rows = (pd.DataFrame() if spans is None else spans).reindex(columns=names)
    rows = rows.astype(dict.fromkeys(KINDS.values(), "str"))
    rows = rows.astype(dict.fromkeys(("starts_on", "ends_on"), "datetime64[s]"))
    rows["contested"] = rows["contested"].astype("boolean").fillna(False).astype("bool")
    return rows.reset_index(drop=True).rename(columns={name: "id"}).rename_axis("row").reset_index()


def _about(rows: pd.DataFrame) -> pd.DataFrame:
    """Return causes or suspensions, once for each kind and subject that they are about."""
    parts = [rows.assign(kind=kind, subject=rows[column]) for kind, column in KINDS.items()]
    pairs = pd.concat(parts, ignore_index=True)
    return pairs[pairs["subject"].notna()].astype({"kind": "str"})


def _about_nothing(rows: pd.DataFrame) -> pd.Series:
    return rows[list(KINDS.values())].isna().all(axis="columns")


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
    """Count the days of each delay by class. ``days``: as ``each_day`` returns them.

    Columns: PARTITION_COLUMNS. The classes of SHARES in days; total: their sum and the delay.
    """
    counts = days.groupby(["kind", "subject", "share"], sort=False).size()
    counts = counts.unstack(fill_value=0, sort=False)
    counts = counts.reindex(columns=list(SHARES), fill_value=0).astype("int64")
    counts = counts.assign(total=counts.sum(axis="columns")).rename_axis(None, axis="columns")
    return counts.reset_index()[list(PARTITION_COLUMNS)]


def composition(spans: pd.DataFrame) -> pd.DataFrame:
    """Return what each delay is made of. ``spans``: as ``spells`` returns it.

    One row for each class of a delay, and for each set of parties where several causes meet or are
    contested, in the order of SHARES: kind, subject, share, parties ("" in the other classes), days
    and ids (of its causes; of its suspensions where it is suspended; of the versions refused or the
    milestone needed where it is excused).
    """
    several = spans["share"].isin([CONCURRENT, CONTESTED])
    ids = spans["causes"].mask(spans["share"] == SUSPENDED, spans["suspensions"])
    ids = ids.mask(spans["share"].isin([DECISION, WAITING]), spans["excused"])
    rows = spans.assign(
        parties=spans["parties"].where(several, ""), ids=ids, place=spans["share"].map(_PLACES)
    )
    keys = ["kind", "subject", "share", "parties"]
    parts = rows.groupby(keys, sort=False).agg(days=("days", "sum"), place=("place", "first"))
    named = rows.explode("ids").dropna(subset="ids").drop_duplicates([*keys, "ids"])
    ids_of = named.groupby(keys)["ids"].agg(tuple).to_dict()
    parts["ids"] = [ids_of.get(key, ()) for key in parts.index]
    parts["delay"] = parts.groupby(["kind", "subject"], sort=False).ngroup()
    return parts.reset_index().sort_values(["delay", "place"], kind="stable", ignore_index=True)[
        list(COMPOSITION_COLUMNS)
    ]


def ranges(days: pd.DataFrame) -> pd.DataFrame:
    """Return what the answer to contested causes leaves open of each class of each delay.

    Any of the contested causes may stand or fall. Columns: RANGE_COLUMNS. low and high: the fewest
    and most days that the class can then have; all of them may not reach theirs at once.
    """
    parts = [
        bounds.assign(share=share).groupby(["kind", "subject", "share"], sort=False)[
            ["low", "high"]
        ]
        for share, bounds in _bounds(days)
    ]
    sums = pd.concat([part.sum() for part in parts])
    return sums.astype("int64").reset_index()[list(RANGE_COLUMNS)]


def totals(days: pd.DataFrame) -> pd.DataFrame:
    """Count the days of all delays together, by class: a calendar day on which several run is one.

    One row for each class (the index), with the columns TOTAL_COLUMNS. added: the days of the
    delays, one by one; low and high: as ``ranges`` has them.
    """
    rows = []
    bounds = dict(_bounds(days))
    for share in SHARES:
        counted = days["share"] == share
        least, most = (
            bounds[share][side] if share in bounds else counted for side in ("low", "high")
        )
        distinct = [days.loc[chosen, "day"].nunique() for chosen in (counted, least, most)]
        rows.append((*distinct, int(counted.sum())))
    return pd.DataFrame(rows, index=list(SHARES), columns=list(TOTAL_COLUMNS))


def _bounds(days: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each class that contested causes leave open, with whether a day is of it at least
    (low), and at most (high).
    """
    every, sure = days["parties"], days["undisputed"]
    contested = days["share"] == CONTESTED
    for share in (*PARTIES, CONCURRENT, UNATTRIBUTED):
        if share == CONCURRENT:
            least, most = sure.str.contains("+", regex=False), every.str.contains("+", regex=False)
        elif share == UNATTRIBUTED:
            least, most = every == "", sure == ""
        else:
            least, named = every == share, every.str.contains(share, regex=False)
            least, most = least & (sure == share), named & sure.isin(["", share])
        counted = days["share"] == share
        yield (
            share,
            days[["kind", "subject"]].assign(
                low=counted | (contested & least), high=counted | (contested & most)
            ),
        )


def outside(late: pd.DataFrame, causes: pd.DataFrame | None) -> pd.DataFrame:
    """Return the causes of which days lie outside the delay that they are about.

    One row for each cause and subject, with the columns OUTSIDE_COLUMNS. subject: missing where the
    cause names none; days: of the cause; outside: those on which its subject was not late, which
    are counted nowhere; of_both: the cause names a subject of each kind.
    """
    rows = _spans(causes, CAUSE)
    rows["of_both"] = rows[list(KINDS.values())].notna().all(axis="columns")
    rows["days"] = (rows["ends_on"] - rows["starts_on"]).dt.days + 1
    placed = _placed(_delays(late), causes, CAUSE)
    lengths = placed.assign(inside=placed["end"] - placed["start"])
    inside = lengths.groupby(["row", "kind"])["inside"].sum()
    outside = pd.concat([_about(rows), rows[_about_nothing(rows)]]).join(inside, on=["row", "kind"])
    outside["outside"] = outside["days"] - outside["inside"].fillna(0).astype("int64")
    outside = outside[outside["outside"] > 0].sort_values("row", kind="stable")
    outside = outside.rename(columns={"id": CAUSE}).reset_index(drop=True)
    return outside[list(OUTSIDE_COLUMNS)]
