"""Which teams held each ticket, and where its time went: hand-overs, ping-pong, waits (F8)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.service_levels import Status
from reviewlib.ids import among, begins, in_order, places
from reviewlib.service.columns import Coded, coded, of_words, text_of
from reviewlib.service.history import AS_TEXT, OVER, changes, followed, is_in, words_of
from reviewlib.service.service_levels.clocks import EPOCH

IN_HAND, UNSAID, UNDEFINED = "in_hand", "unsaid", "undefined"
WAITS = ("client", "third_party", "provider", UNSAID)
PLACES = (IN_HAND, *WAITS, UNDEFINED)
HOUR = pd.Timedelta(hours=1)


def holders(events: pd.DataFrame, ids: pd.Index | None = None) -> pd.DataFrame:
    """Return the teams that the changes of a log name, ticket by ticket, in order.

    ``ids``: only those of some tickets; a log of which they are taken first is copied whole.
    Columns: ticket_id, at, team, giver (the team that handed the ticket to it, as the change
    states, or as the log tells where it states none; NaN: no hand-over) and back (whether that
    hand-over is to a team named before). Time without a team is no team.
    """
    moves = changes(events, "group")
    if ids is not None:
        moves = moves[among(moves["ticket_id"], ids)]
    words, old, new = words_of(moves)
    team = np.column_stack([old, new]).ravel()  # what a change leaves, then what it gives
    move, given = np.divmod(np.flatnonzero(team >= 0), 2)
    team = team[team >= 0]
    ticket = np.cumsum(begins(moves["ticket_id"]))[move]
    before, same = np.roll(team, 1), np.diff(ticket, prepend=0) == 0
    giver = np.where((given == 1) & same & (team != before), before, -1)
    again = pd.Series(ticket * len(words) + team).duplicated().to_numpy()
    held = moves[["ticket_id", "at"]].take(move).reset_index(drop=True)
    named = {"team": text_of(team, words), "giver": text_of(giver, words)}
    return held.assign(**named, back=(giver >= 0) & again)


def by_ticket(held: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return, for each of some tickets: teams, handovers and returns, counts.

    ``held``: as ``holders`` returns it. A return is a hand-over to a team that held the ticket
    before: from A to B and back to A is ping-pong.
    """
    place = places(held["ticket_id"], ids)
    team = coded(held["team"])
    first = ~pd.Series(place * len(team.words) + team.codes).duplicated().to_numpy()
    counted = {"teams": first, "handovers": held["giver"].notna(), "returns": held["back"]}
    counts = {
        name: np.bincount(place[(place >= 0) & rows], minlength=len(ids))
        for name, rows in counted.items()
    }
    return pd.DataFrame(counts, index=ids)


def of_one(events: pd.DataFrame) -> pd.Index:
    """Return the teams in which the log shows assignees, but not two: naming one names a person.

    Whom a change leaves may be of another team: only whom it gives the ticket to makes a second.
    """
    moves, people = (changes(events, field).astype(AS_TEXT) for field in ("group", "assignee"))
    if people.empty:
        return pd.Index([], dtype="str", name="team")
    steps = [
        people.assign(who=people["old"]),
        moves.assign(team=moves["new"].fillna(""), left=moves["old"].fillna("")),
        people.assign(who=people["new"], given=people["new"]),
    ]  # in the order of one second
    rows = pd.concat(steps, ignore_index=True)
    rows = rows.take(in_order(rows["ticket_id"], rows["at"]))
    by = rows.groupby(np.cumsum(begins(rows["ticket_id"])))
    team = by["team"].ffill().fillna(by["left"].bfill())
    named = rows.groupby(team)[["who", "given"]].nunique()
    return named.index[(named["who"] > 0) & (named["given"] < 2)]


def by_count(handovers: pd.Series, most: int) -> pd.DataFrame:
    """Return how many tickets had 0, 1, 2… hand-overs, those of ``most`` or more together.

    Columns: handovers, tickets, share.
    """
    counts = handovers.clip(upper=most).value_counts().reindex(range(most + 1), fill_value=0)
    tickets_by_count = counts.rename_axis("handovers").rename("tickets").reset_index()
    return tickets_by_count.assign(share=tickets_by_count["tickets"] / max(1, len(handovers)))


def pairs(held: pd.DataFrame) -> pd.DataFrame:
    """Return the hand-overs from one team to another, the most frequent first.

    ``held``: as ``holders`` returns it. Columns: from, to, handovers, tickets, share (of all).
    """
    moves = held[held["giver"].notna()].rename(columns={"giver": "from", "team": "to"})
    groups = moves.groupby(["from", "to"])["ticket_id"]
    movements = groups.agg(handovers="size", tickets="nunique").reset_index()
    movements["share"] = movements["handovers"] / max(1, len(moves))
    order = ["handovers", "from", "to"]
    return movements.sort_values(order, ascending=[False, True, True], ignore_index=True)


def clocks(verdicts: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return, by ticket id, the calendar and site of the first resolution clause with a target.

    ``verdicts``: as ``judged`` returns them. A ticket without such a clause has no row.
    """
    resolution = verdicts["clause"].isin(contract.clause_ids("resolution"))
    timed = verdicts[resolution & verdicts["calendar"].notna()]
    first = timed.drop_duplicates("ticket_id").set_index("ticket_id")
    return first[["calendar", "site"]]


def active_spans(spans: pd.DataFrame, contract: Contract, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the spans in which tickets were neither resolved, closed nor cancelled.

    ``spans``: as ``status_spans`` returns them. Columns: ticket_id, status, place (a word of
    ``PLACES``: in hand where the status is new or open, else who is awaited), from, to (``as_of``
    where it is still going on) and hours, around the clock. A status that the contract does not
    define leaves a ticket over when it was over before; one that never had another is left out.
    """
    path, stated = followed(spans), spans["state"].notna().to_numpy()
    read = np.zeros(path.ticket.max(initial=-1) + 1, dtype=bool)
    read[path.ticket[stated]] = True
    active = np.flatnonzero(~is_in(path.state, OVER) & read[path.ticket])
    rows = spans[["ticket_id", "status", "from", "to"]].take(active)
    rows["to"] = rows["to"].fillna(as_of)
    rows["place"] = pd.Categorical.from_codes(_places(spans, contract, active), PLACES)
    rows["hours"] = (rows["to"] - rows["from"]) / HOUR
    return rows.reset_index(drop=True)


def _places(spans: pd.DataFrame, contract: Contract, rows: np.ndarray) -> np.ndarray:
    """Return where a ticket is in some spans, as a number of ``PLACES``.

    Statuses are read in the words that the terms had when the spans began.
    """
    statuses = coded(spans["status"]).at(rows)
    latest = {name: about for terms in contract.versions for name, about in terms.statuses.items()}
    place = _awaited(statuses, latest)
    version = contract.version_of(spans["from"].take(rows)).to_numpy()
    for number, terms in enumerate(contract.versions):
        meant = _awaited(statuses, terms.statuses)
        place = np.where((version == number) & (meant >= 0), meant, place)
    state = coded(spans["state"]).at(rows)
    place = np.where(place >= 0, place, WAITS.index(UNSAID)) + PLACES.index(WAITS[0])
    place = np.where(state.isin(["waiting"]), place, PLACES.index(IN_HAND))
    return np.where(state.codes < 0, PLACES.index(UNDEFINED), place)


def _awaited(statuses: Coded, meant: Mapping[str, Status]) -> np.ndarray:
    """Return who is awaited in each status, as a number of ``WAITS``; -1: it is not defined."""
    stated = (meant.get(word) for word in statuses.words)
    numbers = (-1 if about is None else WAITS.index(about.awaits or UNSAID) for about in stated)
    return of_words(statuses, numbers, -1)


def service_hours(
    spans: pd.DataFrame, clock_of_tickets: pd.DataFrame, contract: Contract
) -> pd.Series:
    """Return the service hours of spans on their tickets' clocks; NaN where there is none.

    ``clock_of_tickets``: of ``clocks``. No pause is taken out: these are hours of opening.
    """
    hours = pd.Series(float("nan"), index=spans.index)
    place = places(spans["ticket_id"], clock_of_tickets.index)
    timed = np.flatnonzero((place >= 0) & (spans["from"] >= EPOCH).to_numpy())
    clock = clock_of_tickets.reset_index(drop=True).take(place[timed])
    for (calendar, site), rows in clock.groupby(["calendar", "site"]).indices.items():
        since, until = (spans[edge].take(timed[rows]) for edge in ("from", "to"))
        elapsed = contract.hours(calendar, site).elapsed(since, until)
        hours.iloc[timed[rows]] = elapsed / HOUR
    return hours


def summed(spans: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return where the time of tickets went: one row per group, the longest time first.

    ``spans``: as ``active_spans`` returns them, with service (hours, NaN where a ticket has no
    service hours). Columns: those of ``by``, tickets, hours, share (of all hours), median (hours
    of the tickets that were there), then the same of service hours: service_tickets, service,
    service_share, service_median (NaN where no ticket has any).
    """
    keys = [*by, "ticket_id"]
    of_tickets = spans.groupby(keys, dropna=False)[["hours", "service"]].sum(min_count=1)
    groups = of_tickets.groupby(level=by, dropna=False)
    times = groups.agg(
        tickets=("hours", "size"),
        hours=("hours", "sum"),
        median=("hours", "median"),
        service_tickets=("service", "count"),
        service_median=("service", "median"),
    )
    times["service"] = groups["service"].sum(min_count=1)
    for share, part in (("share", "hours"), ("service_share", "service")):
        whole = times[part].sum()
        times[share] = times[part] / (whole if whole > 0 else float("nan"))
    times = times.reset_index().astype(dict.fromkeys(by, "str"))
    return times.sort_values(["hours", *by], ascending=False, ignore_index=True)


def waited(spans: pd.DataFrame) -> pd.DataFrame:
    """Return, by ticket id: hours of waiting and service (waiting hours of service, NaN: none).

    ``spans``: as ``active_spans`` returns them, with service. One row per ticket that waited.
    """
    waits = spans[spans["place"].isin(WAITS)]
    return waits.groupby("ticket_id", sort=False)[["hours", "service"]].sum(min_count=1)
