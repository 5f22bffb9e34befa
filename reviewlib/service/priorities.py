"""Under which priority each ticket stood, and since when: for clauses that weigh the changes."""

from __future__ import annotations

import pandas as pd

from reviewlib.ids import among
from reviewlib.service.history import AS_TEXT, changes

SPAN_COLUMNS = ["ticket_id", "priority", "from", "to"]


def spans(tickets: pd.DataFrame, events: pd.DataFrame | None, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the spans that tickets spent under each priority, in order, up to an instant.

    Columns: ticket_id, priority (NaN: not told), from, to (NaT: still under it). A ticket of whose
    priority the log tells nothing has that of its own row; one whose log begins with a change, the
    one that it leaves. A priority noted again is one span.
    """
    opened = tickets.reindex(columns=["ticket_id", "priority", "opened_at"])
    opened["priority"] = opened["priority"].astype("str")
    noted = pd.DataFrame(columns=SPAN_COLUMNS[:3])
    if events is not None and (events["field"] == "priority").any():
        log = changes(events, "priority").astype(AS_TEXT)
        log = log[among(log["ticket_id"], tickets["ticket_id"])]
        first = log.drop_duplicates("ticket_id").set_index("ticket_id")
        left = first["old"].fillna(first["new"].where(first["at"] <= as_of))
        logged = among(opened["ticket_id"], first.index)
        opened["priority"] = opened["priority"].mask(logged, opened["ticket_id"].map(left))
        noted = log.loc[(log["at"] <= as_of) & log["new"].notna(), ["ticket_id", "new", "at"]]
    parts = [part.set_axis(SPAN_COLUMNS[:3], axis="columns") for part in (opened, noted)]
    periods = pd.concat([part for part in parts if len(part)] or parts[:1])
    periods = periods.sort_values(["ticket_id", "from"], kind="stable", ignore_index=True)
    before = periods.shift()
    again = (periods["ticket_id"] == before["ticket_id"]) & (
        periods["priority"] == before["priority"]
    )
    periods = periods[~again].reset_index(drop=True)
    same = periods["ticket_id"] == periods["ticket_id"].shift(-1)
    periods["to"] = periods["from"].shift(-1).where(same)
    return periods[SPAN_COLUMNS]


def since(spans: pd.DataFrame, urgency: tuple[str, ...], which: str) -> pd.Series:
    """Return when each ticket took the priority that counts, by ticket id; NaT: at its opening.

    ``which``: final (it last took it) or highest (it first reached it); ``urgency`` lists the
    priorities from the most urgent down.
    """
    first = ~spans["ticket_id"].duplicated()
    chosen = ~spans["ticket_id"].duplicated(keep="last")
    if which == "highest":
        rank = spans["priority"].map({name: place for place, name in enumerate(urgency)})
        best = rank.groupby(spans["ticket_id"]).transform("min")
        reached = spans[(rank == best) | (rank.isna() & best.isna())]
        chosen = spans.index.isin(reached.drop_duplicates("ticket_id").index)
    moments = spans["from"].mask(first)
    return moments[chosen].set_axis(spans.loc[chosen, "ticket_id"])


def by_urgency(rows: pd.DataFrame, urgency: tuple[str, ...]) -> pd.DataFrame:
    """Return rows in the contract's order of their priority.

    ``urgency`` lists it; what it does not have comes after, by name, and rows without a priority
    last.
    """
    rank = {name: float(place) for place, name in enumerate(urgency)}
    names = rows["priority"].astype("str")
    order = pd.DataFrame({"rank": names.map(rank).fillna(float(len(rank))), "name": names})
    return rows.loc[order.sort_values(["rank", "name"], kind="stable").index]
