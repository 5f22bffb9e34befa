"""The terms: how each clause was read, the hours and holidays applied, the extensions (A5, A6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.service_levels import Status, Terms
from reviewlib.engagement.days_off import DayOff, days_off
from reviewlib.engagement.terms.words import COVERS, Policies, acceptance_policies, policies
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import PARTIES
from reviewlib.report.text import EMPTY, N_, Text, n_, sentences
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review, versions
from reviewlib.service import results
from reviewlib.service.clauses import NO_CLAUSE, measure_id, plain_id

STATES = {
    "new": N_("new"),
    "open": N_("being worked on"),
    "waiting": N_("waiting"),
    "resolved": N_("resolved"),
    "closed": N_("closed"),
    "cancelled": N_("cancelled"),
}
DECISIONS = {"accepted": N_("accepted"), "refused": N_("refused")}
APPLIES = {
    "started": N_(
        "{id}, in force from {date}: for the tickets whose clock first starts from then on."
    ),
    "open": N_("{id}, in force from {date}: for the tickets still open on that day too."),
}
HOURS_CHANGE = N_("Service hours that it changes count from that day for every ticket.")
UNMATCHED = N_("“{word}”, named in {clause:ref}, is on no ticket: check its spelling.")
DECIDED_LATE = N_(
    "Extensions accepted after the ticket was done count all the same: {ids:commas}. Whether "
    "they should count is for the parties to settle."
)
HOLIDAYS_OF = N_(
    "Public holidays as the package holidays {version} knows them, those that the contract "
    "adds, and its closures. A site lists only the days that its calendar does not have."
)
OUT_OF_FORCE, UNCHANGED = N_("no longer in force"), N_("unchanged")

STATUSES = TableForm(
    "statuses",
    N_("Statuses of the tool"),
    (
        Col("status", N_("Status"), quoted=True),
        Col("state", N_("Means"), words=STATES),
        Col("awaits", N_("Awaits"), words=PARTIES),
        Col("from", N_("In force from"), Unit.DATE),
    ),
)
HOLIDAYS = TableForm(
    "holidays",
    N_("Days without service hours"),
    (
        Col("date", N_("Day"), Unit.DATE),
        Col("name", N_("Name")),
        Col("where", N_("Calendar or site")),
    ),
)
EXTENSIONS = TableForm(
    "extensions",
    N_("Extensions"),
    (
        Col("extension_id", N_("Extension"), quoted=True),
        Col("ticket_id", N_("Ticket"), quoted=True),
        Col("clause", N_("Clause")),
        Col("decided_at", N_("Decided"), Unit.INSTANT),
        Col("hours", N_("Hours added"), Unit.HOURS),
        Col("decision", N_("Decision"), words=DECISIONS),
        Col("reason", N_("Reason"), quoted=True),
    ),
    N_(
        "An accepted extension adds its service hours to the target; the deadline of the tool is "
        "never edited. One without a clause is for the resolution."
    ),
)


def terms(review: Review) -> Section:
    """Return the chapter that prints the policy behind every verdict."""
    c, contract = Chapter(review, "terms", N_("How the clauses were interpreted")), review.contract
    names = contract.clause_ids()
    if not names:
        return c.not_assessed(NO_CLAUSE)
    c.headline(
        N_("{clauses} and {amendments}.")(
            clauses=n_("{n} service-level clause", "{n} service-level clauses")(n=len(names)),
            amendments=n_("{n} amendment", "{n} amendments")(n=len(contract.amendments)),
        )
    )
    c.intro(
        N_(
            "Each policy that a verdict rests on, as the contract states it; where it is silent, "
            "the default that was taken is marked so. Whoever interprets the contract otherwise "
            "can name the line."
        )
    )
    for name in names:
        _clause(c, contract, name)
    _acceptance(c, contract)
    if statuses := [*_statuses(contract)]:
        c.table(STATUSES, statuses)
    _holidays(c, contract)
    extensions = review.table("extensions")
    if extensions is not None:
        columns = dict.fromkeys([*extensions.columns, "clause", "reason"])
        c.table(EXTENSIONS, extensions.reindex(columns=[*columns]))
    _caveats(c, contract)
    return c.section()


def _clause(c: Chapter, contract: Contract, name: str) -> None:
    """Add the policies of a clause."""
    absent = {COVERS: OUT_OF_FORCE}

    def read(terms: Terms) -> Policies:
        return policies(terms.clauses[name], terms) if name in terms.clauses else absent

    wordings = contract.wordings(read)
    if wordings[0][1] == absent:
        del wordings[0]
    caption = N_("{clause}, {title}")(clause=name, title=contract.clause(name).title)
    _wordings(c, measure_id(contract, name), caption, wordings)


def _acceptance(c: Chapter, contract: Contract) -> None:
    """Add what is agreed of acceptance, and of the days that it leaves out of a delay."""
    if c.review.table("deliverables") is not None:
        wordings = contract.wordings(lambda terms: acceptance_policies(terms.acceptance))
        _wordings(c, "acceptance", N_("Acceptance of deliverables"), wordings)


def _wordings(
    c: Chapter, name: str, caption: Text, wordings: list[tuple[dt.date, Policies]]
) -> None:
    """Add policies, with a column for each wording that was or will be in force."""
    columns = (
        Col("term", N_("Term")),
        *(
            Col(f"from_{place}", N_("From {date}")(date=start))
            for place, (start, _) in enumerate(wordings)
        ),
    )
    terms = dict.fromkeys(term for _, wording in wordings for term in wording)
    lines = [(term, *_changes([wording.get(term) for _, wording in wordings])) for term in terms]
    c.table(TableForm(name, caption, columns), lines)


def _changes(cells: list[Text | None]) -> Iterator[Text | None]:
    """Yield what each wording says, in full where it differs from the one before."""
    for before, policy in pairwise([None, *cells]):
        yield UNCHANGED if policy is not None and policy == before else policy


def _statuses(contract: Contract) -> Iterator[tuple[str, str, str, dt.date]]:
    """Yield what each status of the tool was taken to mean, and from when."""
    meant: dict[str, Status] = {}
    for start, version in zip(contract.starts, contract.versions, strict=True):
        for name, status in version.statuses.items():
            if meant.get(name) != status:
                yield name, status.state, status.awaits, start
            meant[name] = status


def _holidays(c: Chapter, contract: Contract) -> None:
    """Add the days off that the clocks left out, so that they can be checked.

    What a site has in common with its calendar is listed once.
    """
    last = max(contract.period.first, min(contract.period.last, c.review.today.date()))
    first_listed: dict[tuple[str, dt.date], DayOff] = {}
    for day in days_off(contract, last):
        first_listed.setdefault((day.calendar, day.date), day)
    if first_listed:
        days = sorted(first_listed.values(), key=lambda day: day.date)
        note = HOLIDAYS_OF(version=versions()["holidays"])
        lines = [(day.date, day.name, day.place or day.title) for day in days]
        c.table(HOLIDAYS.but(note=note), lines)


def _caveats(c: Chapter, contract: Contract) -> None:
    """Add to which tickets an amendment applies, and extensions that came too late."""
    for name, word in _unmatched(c.review):
        place = f"unmatched.{measure_id(contract, name)}.{plain_id(word)}"
        c.caveat(place, UNMATCHED(clause=name, word=word))
    c.caveat("late_extensions", DECIDED_LATE, about=_decided_late(c.review))
    pairs = zip(contract.amendments, pairwise(contract.versions), strict=True)
    for amendment, (before, since) in pairs:
        date = amendment.effective
        changed = (before.calendars, before.sites) != (since.calendars, since.sites)
        applies = APPLIES[amendment.applies_to](id=amendment.id, date=date)
        words = sentences(applies, HOURS_CHANGE if changed else EMPTY)
        c.caveat(f"amendment.{date.isoformat()}", words)


def _unmatched(review: Review) -> list[tuple[str, str]]:
    """Return the kinds and groups of callers that a clause names and no ticket has."""
    log = results.log(review)
    if log is None:
        return []
    words = {
        column: set(log.tickets[column].dropna().unique())
        for column in ("kind", "caller_group")
        if column in log.tickets
    }
    named = {
        (name, word)
        for terms in review.contract.versions
        for name, clause in terms.clauses.items()
        for scope in (clause, *clause.variants)
        for column, used in words.items()
        for word in scope.columns.get(column, ())
        if word not in used
    }
    return sorted(named)


def _decided_late(review: Review) -> list[str]:
    """Return the accepted extensions that were decided when their ticket's clock had stopped."""
    table, verdicts = review.table("extensions"), results.verdicts(review)
    if table is None or verdicts.empty:
        return []
    extended = verdicts.loc[verdicts["extension"] > pd.Timedelta(0), ["ticket_id", "stop"]]
    both = table[table["decision"] == "accepted"].merge(extended, on="ticket_id")
    return sorted(set(both.loc[both["decided_at"] > both["stop"], "extension_id"]))
