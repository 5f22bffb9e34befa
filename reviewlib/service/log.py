"""The tickets of an engagement and their log under its contract, read once for every chapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewlib.calendars.instants import MISSING, Seconds
from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.calendars.service_hours import ServiceHours
from reviewlib.contract import Contract
from reviewlib.contract.service_levels import Status
from reviewlib.ids import among, places
from reviewlib.service import history, priorities
from reviewlib.service.columns import Coded, Mask, coded, whole_seconds

SAME_UNDER_ANY_INTERPRETATION = {
    "statuses", "spans", "span_places", "has_statuses", "has_replies", "silent", "resolutions",
    "turns", "first_replies", "started", "assigned", "priorities", "priority_spans",
    "priority_places", "known_events", "seconds", "words", "columns_of_spans", "priority_words",
    "priority_seconds", "is_silent",
}  # fmt: skip
"""What is read off the log by the meaning of its words, which no interpretation changes."""
MEMOIZED = ("priorities", "seconds", "words", "priority_words", "priority_seconds")
"""Those of them that give one answer per question."""


class StatusColumns(NamedTuple):
    """The spans spent in each status: what the judging reads of ``Log.spans``.

    ``place``: of the ticket among the tickets; ``since`` and ``until``: seconds, MISSING where it
    is still in it.
    """

    place: np.ndarray
    status: Coded
    state: Coded
    since: Seconds
    until: Seconds


@dataclass(frozen=True)
class Log:
    """The tickets of an engagement and their whole log under its contract, seen from an instant.

    ``tickets``: those opened by ``as_of`` (UTC). ``events``: what the log says of a later instant
    only tells what a ticket held before it. None: only the tickets' own columns are there, and
    pauses and reopenings can't be rebuilt. ``extensions``: those decided by ``as_of``.
    ``period``: of a periodic review, to which the tickets judged belong by the clause's rule of
    months; None: to any.
    """

    tickets: pd.DataFrame
    events: pd.DataFrame | None
    contract: Contract
    as_of: pd.Timestamp
    extensions: pd.DataFrame | None = None
    period: ReviewPeriod | None = None

    def under(self, contract: Contract) -> Log:
        """Return the same log under another interpretation of its contract, its statuses unchanged.

        What this log was already asked is not read again.
        """
        other = replace(self, contract=contract)
        for name in MEMOIZED:
            getattr(self, name)  # so that what one interpretation asks is read once for all
        shared = SAME_UNDER_ANY_INTERPRETATION
        if all(
            getattr(one, part) == getattr(new, part)
            for one, new in zip(self.contract.versions, contract.versions, strict=True)
            for part in ("calendars", "sites")
        ):
            shared = shared | {"hours"}
        other.__dict__.update({name: self.__dict__[name] for name in shared & vars(self).keys()})
        return other

    def over(self, period: ReviewPeriod) -> Log:
        """Return the same log over a period: what was read of it is not read again."""
        other = self.under(self.contract)
        object.__setattr__(other, "period", period)
        return other

    @cached_property
    def hours(self) -> Callable[[str, str], ServiceHours]:
        """Gives the clock of a calendar at a site ("": one without holidays of its own)."""
        return cache(self.contract.hours)

    @cached_property
    def versions(self) -> pd.Series:
        """The version of the terms in force when each ticket was opened, by ticket id."""
        opened = self.tickets["opened_at"].set_axis(self.tickets["ticket_id"])
        return self.contract.version_of(opened)

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """What each status means, in the last version of the terms that defines it.

        A span in the log has the meaning that its status had then.
        """
        return {k: v for terms in self.contract.versions for k, v in terms.statuses.items()}

    @cached_property
    def spans(self) -> pd.DataFrame:
        """The spans spent in each status; empty without a log."""
        if self.events is None:
            return pd.DataFrame(columns=[*history.SPANS]).astype(history.SPANS)
        spans = history.status_spans(self.tickets, self.events, self.statuses, self.as_of)
        version = self.contract.version_of(spans["from"]).to_numpy()
        status, state = spans["status"].cat, spans["state"].cat.codes.to_numpy()
        for number, terms in enumerate(self.contract.versions):
            meant = history.meanings(status.categories, terms.statuses)[status.codes]
            state = np.where((version == number) & (meant >= 0), meant, state)
        return spans.assign(state=pd.Categorical.from_codes(state, history.STATES))

    @cached_property
    def span_places(self) -> np.ndarray:
        """The place of each span's ticket among the tickets."""
        return places(self.spans["ticket_id"], self.tickets["ticket_id"])

    @cached_property
    def has_statuses(self) -> bool:
        """Whether the log tells when tickets took a status that the contract defines."""
        return bool(self.spans["state"].notna().any())

    @cached_property
    def known_events(self) -> pd.DataFrame | None:
        """The log up to ``as_of``; None without a log."""
        if self.events is None:
            return None
        by_then = self.events["at"] <= self.as_of
        return self.events if by_then.all() else self.events[by_then]

    def tells(self, field: str) -> bool:
        """Whether the log has any change of a field by then."""
        return self.known_events is not None and bool((self.known_events["field"] == field).any())

    @cached_property
    def has_replies(self) -> bool:
        """Whether the log, or the tickets themselves, tell when callers were answered."""
        recorded = self.tickets.get("first_response_at")
        logged = self.known_events is not None and history.tells_replies(self.known_events)
        return logged or (recorded is not None and recorded.notna().any())

    @cached_property
    def silent(self) -> pd.Index:
        """The tickets of whose statuses the log tells nothing: their own columns are used."""
        ids = pd.Index(self.tickets["ticket_id"])
        return ids[self.is_silent]

    @cached_property
    def resolutions(self) -> pd.DataFrame:
        """When tickets were resolved and reopened, by ticket id."""
        if self.has_statuses:
            resolutions = history.resolutions(self.spans)
            if len(self.silent):
                resolutions = pd.concat([resolutions, self._recorded[self.is_silent]])
            return resolutions.take(places(self.tickets["ticket_id"], resolutions.index))
        return self._recorded

    @property
    def _recorded(self) -> pd.DataFrame:
        """What the tickets' own columns say of their resolutions."""
        rows = self.tickets
        if not self._rows_are_of_now:
            rows = rows.drop(columns="status", errors="ignore")
        return history.recorded_resolutions(rows, self.statuses)

    @cached_property
    def turns(self) -> tuple[pd.Series, pd.Series]:
        """When tickets were over, and when they were active again: each time, by ticket id."""
        recorded = self.resolutions.loc[self.silent, "ended"].dropna()
        if not self.has_statuses:
            return recorded, recorded[:0]
        over, again = history.turns(self.spans)
        return pd.concat([over, recorded]), again

    @property
    def _rows_are_of_now(self) -> bool:
        """Whether the tickets' own columns, which are of the extraction, hold at ``as_of``."""
        last = None if self.events is None else self.events["at"].max()
        extracted = self.contract.extracted_at or last
        return extracted is None or self.as_of >= extracted

    @cached_property
    def first_replies(self) -> pd.Series:
        """When the provider first answered, by ticket id."""
        return history.first_replies(self.tickets, self.known_events, self.as_of)

    @cached_property
    def started(self) -> pd.Series:
        """When each ticket first had a status that is not of a new one, by ticket id."""
        spans = self.spans[self.spans["state"].notna() & (self.spans["state"] != "new")]
        return self._first(spans["ticket_id"], spans["from"])

    @cached_property
    def assigned(self) -> pd.Series:
        """When each ticket was first given to a team or a person, by ticket id.

        One of which the log begins with a change from a team had it since its opening.
        """
        if self.known_events is None:
            return self._first(self.tickets["ticket_id"][:0], self.tickets["opened_at"][:0])
        moves = (history.changes(self.known_events, field) for field in ("group", "assignee"))
        log = pd.concat([move.astype(history.AS_TEXT) for move in moves])
        given = log[log["new"].notna()]
        first_given = self._first(given["ticket_id"], given["at"])
        first = log.sort_values("at", kind="stable").drop_duplicates("ticket_id")
        before = among(pd.Index(first_given.index), first.loc[first["old"].notna(), "ticket_id"])
        opened = self.tickets["opened_at"].set_axis(self.tickets["ticket_id"])
        return first_given.mask(before, opened)

    def _first(self, ids: pd.Series, moments: pd.Series) -> pd.Series:
        first = moments.astype("datetime64[s, UTC]").groupby(ids).min()
        return first.reindex(self.tickets["ticket_id"])

    def extended(self, clause_id: str) -> pd.Series:
        """Return the service time that accepted extensions add to the target, by ticket id.

        One that names no clause extends the targets of resolution.
        """
        none = pd.Series(dtype="timedelta64[s]")
        if self.extensions is None:
            return none
        named = self.extensions.get("clause", pd.Series(None, self.extensions.index, dtype="str"))
        own = named == clause_id
        if self.contract.clause(clause_id).measure == "resolution":
            own |= named.isna()
        accepted = self.extensions[own & (self.extensions["decision"] == "accepted")]
        seconds = (accepted.groupby("ticket_id")["hours"].sum() * 3600).round()
        return pd.to_timedelta(seconds, unit="s").astype("timedelta64[s]")

    @cached_property
    def priority_spans(self) -> pd.DataFrame:
        """The spans spent under each priority."""
        return priorities.spans(self.tickets, self.events, self.as_of)

    @cached_property
    def priority_places(self) -> np.ndarray:
        """The place of the ticket of each span under a priority among the tickets."""
        return places(self.priority_spans["ticket_id"], self.tickets["ticket_id"])

    @cached_property
    def priorities(self) -> Callable[[str], pd.Series]:
        """Gives the priority that counts (initial, final or highest), by ticket id."""
        order = self.contract.urgency
        return cache(
            partial(history.priorities, self.tickets, self.events, order, as_of=self.as_of)
        )

    def priority_since(self, which: str) -> pd.Series:
        """Since when each ticket has had the priority that counts; NaT: since its opening."""
        return priorities.since(self.priority_spans, self.contract.urgency, which)

    # -------------------------------------------- the same by the place of each ticket, as numbers

    @cached_property
    def seconds(self) -> Callable[[str], Seconds]:
        """Gives an instant of each ticket by its name in the log or in ``resolutions``."""

        def of(name: str) -> Seconds:
            if name == "opened_at":
                return whole_seconds(self.tickets[name])
            named = name in ("first_replies", "started", "assigned")
            return whole_seconds(getattr(self, name) if named else self.resolutions[name])

        return cache(of)

    @cached_property
    def words(self) -> Callable[[str], Coded]:
        """Gives a column of text of the tickets, or the state of ``resolutions``."""

        def of(name: str) -> Coded:
            if name == "state":
                return coded(self.resolutions[name])
            blank = pd.Series(None, index=self.tickets.index, dtype="str")
            return coded(self.tickets.get(name, blank))

        return cache(of)

    @cached_property
    def priority_words(self) -> Callable[[str], Coded]:
        """Gives the priority that counts (initial, final or highest)."""
        return cache(lambda which: coded(self.priorities(which)))

    @cached_property
    def priority_seconds(self) -> Callable[[str], Seconds]:
        """Gives since when each ticket has had the priority that counts; MISSING: its opening."""

        def of(which: str) -> Seconds:
            since = self.priority_since(which)
            return self._by_place(since, whole_seconds(since))

        return cache(of)

    @cached_property
    def columns_of_spans(self) -> StatusColumns:
        """The spans spent in each status."""
        spans = self.spans
        since, until = (whole_seconds(spans[edge]) for edge in ("from", "to"))
        status, state = (coded(spans[name]) for name in ("status", "state"))
        return StatusColumns(self.span_places, status, state, since, until)

    @cached_property
    def is_silent(self) -> Mask:
        """Which tickets are those of ``silent``."""
        silent = np.ones(len(self.tickets) + 1, dtype=bool)  # the last: of spans without a ticket
        if self.has_statuses:
            silent[self.span_places] = False
        return silent[:-1]

    def extended_seconds(self, clause_id: str) -> Seconds:
        """Return the service time that accepted extensions add to the target; 0: none."""
        more = self.extended(clause_id)
        if more.empty:
            return np.zeros(len(self.tickets), dtype=np.int64)
        extension = self._by_place(more, whole_seconds(more))
        return np.where(extension == MISSING, 0, extension)

    def _by_place(self, by_id: pd.Series, values: Seconds) -> Seconds:
        place = places(self.tickets["ticket_id"], by_id.index)
        at_places: Seconds = np.append(values, MISSING)[place]
        return at_places
