"""The terms: how each clause was read, the hours and holidays applied, the extensions (A5, A6)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from reviewlib.contract import Clause
from reviewlib.contract.service_levels import Status, Terms
from reviewlib.pages.wording import Wording
from reviewlib.report.values import Caveat, Column, Section, Table, Unit, cell, rows
from reviewlib.review import Review, versions
from reviewlib.service import results as service_results
from reviewlib.service.clause_words import (
    ASSESSED,
    LEFT_OUT,
    MONTHS,
    NO_CLAUSE,
    PRIORITIES,
    PRIORITY_CHANGE,
    REOPENING,
    STARTS,
    STOPS,
    hours_words,
    measure_id,
    plain_id,
    scope_words,
    target_words,
    threshold_words,
)

SLUG = "terms"
DOT = " · "


def terms(review: Review) -> Section:
    """Return the chapter that prints the policy behind every verdict."""
    _, n_ = review.wording.gettext, review.wording.ngettext
    names = review.contract.clause_ids()
    if not names:
        because = _(NO_CLAUSE)
        return review.not_assessed(SLUG, _("How the clauses were read"), because)
    headline = _("{clauses}, {amendments}.").format(
        clauses=n_("{n} clause", "{n} clauses", len(names)),
        amendments=n_("{n} amendment", "{n} amendments", len(review.contract.amendments)),
    )
    return review.section(
        SLUG,
        _("How the clauses were read"),
        headline=headline,
        intro=_(
            "Each policy that a verdict rests on, as the contract states it; where it is silent, "
            "the default that was taken is marked so. Whoever reads the contract otherwise can "
            "name the line."
        ),
        tables=(
            *(_clause(review, name) for name in names),
            *_statuses(review),
            *_holidays(review),
            *_extensions(review),
        ),
        caveats=tuple(_caveats(review)),
    )


# ------------------------------------------------------------------------------- a clause, in force


def _clause(review: Review, name: str) -> Table:
    """Return the policies of a clause, a column for each wording that was or will be in force."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    starts = [contract.period.first, *(a.effective for a in contract.amendments)]
    wordings: list[tuple[str, dict[str, str]]] = []
    for start, version in zip(starts, contract.versions, strict=True):
        stated = name in version.clauses
        said = dict(_policies(w, version.clauses[name], version)) if stated else {}
        if (stated or wordings) and (not wordings or wordings[-1][1] != said):
            wordings.append((w.date(start), said or {_("Covers"): _("no longer in force")}))
    columns = (
        Column("term", _("Term")),
        *(
            Column(f"from_{place}", _("From {date}").format(date=date))
            for place, (date, _said) in enumerate(wordings)
        ),
    )
    terms = dict.fromkeys(term for _date, said in wordings for term in said)
    lines = tuple(
        (term, *_changes(w, [said.get(term) for _date, said in wordings])) for term in terms
    )
    caption = _("{clause}, {title}").format(clause=name, title=contract.clause(name).title)
    return Table(f"{SLUG}.{measure_id(contract, name)}", caption, columns, lines)


def _changes(wording: Wording, cells: list[str | None]) -> Iterator[str | None]:
    """Yield what each wording says, in full where it differs from the one before."""
    for before, said in pairwise([None, *cells]):
        yield wording.gettext("unchanged") if said is not None and said == before else said


def _policies(wording: Wording, clause: Clause, terms: Terms) -> Iterator[tuple[str, str]]:
    """Yield each policy of a clause: its name and how it was read."""
    _ = wording.gettext
    yield _("Covers"), scope_words(wording, clause)
    yield _("Targets"), _targets(wording, clause)
    for number, own in enumerate(clause.variants, start=1):
        for_whom = _("For {scope}").format(scope=scope_words(wording, own))
        yield for_whom, _differing(wording, clause, number, terms)
    yield _("Threshold"), _thresholds(wording, clause)
    yield _("Assessed"), _stated(wording, clause, "assessed", ASSESSED)
    yield _("Fewest decided tickets for a verdict"), _least(wording, clause)
    yield _("Hours"), _hours(wording, clause, terms)
    yield _("Clock starts at"), _stated(wording, clause, "starts_at", STARTS)
    yield _("Clock stops at"), _stated(wording, clause, "stops_at", STOPS)
    paused = ", ".join(clause.pauses) or _("never")
    yield _("Paused while"), _marked(wording, clause, "pauses", paused)
    if clause.stops_at in ("last_resolution", "closure"):
        yield _("When a ticket is reopened"), _stated(wording, clause, "reopening", REOPENING)
    yield _("Priority that counts"), _stated(wording, clause, "priority", PRIORITIES)
    if clause.priority != "initial":
        words = _stated(wording, clause, "priority_change", PRIORITY_CHANGE)
        yield _("When the priority changes"), words
    left = [_(LEFT_OUT[why]) for why in clause.excludes]
    yield _("Left out"), _marked(wording, clause, "excludes", ", ".join(left) or _("none"))
    yield _("Month of a ticket"), _stated(wording, clause, "month", MONTHS)


def _stated(wording: Wording, clause: Clause, key: str, words: dict[str, str]) -> str:
    """Return a policy in words, marked where the contract is silent and the default was taken."""
    return _marked(wording, clause, key, wording.gettext(words[getattr(clause, key)]))


def _marked(wording: Wording, clause: Clause, key: str, said: str) -> str:
    if key in clause.model_fields_set:
        return said
    return wording.gettext("{policy} (by default)").format(policy=said)


def _targets(wording: Wording, clause: Clause) -> str:
    parts = [f"{p} {target_words(wording, target)}" for p, target in clause.targets.items()]
    return DOT.join(parts)


def _thresholds(wording: Wording, clause: Clause) -> str:
    asked = {p: clause.threshold_of(p) for p in clause.targets}
    parts = [f"{p} {threshold_words(wording, t)}" for p, t in asked.items() if t is not None]
    return DOT.join(parts)


def _hours(wording: Wording, clause: Clause, terms: Terms) -> str:
    """Return the hours that count, with the priorities that they are for where they differ."""
    hours: dict[str, list[str]] = {}
    for priority in clause.targets:
        words = hours_words(wording, terms.calendars[clause.calendar_of(priority)])
        hours.setdefault(words, []).append(priority)
    named = [f"{', '.join(covered)} {words}" for words, covered in hours.items()]
    return DOT.join(named) if len(hours) > 1 else next(iter(hours))


def _least(wording: Wording, clause: Clause) -> str:
    return _marked(wording, clause, "minimum_volume", wording.number(clause.minimum_volume))


def _differing(wording: Wording, clause: Clause, number: int, terms: Terms) -> str:
    """Return what a variant states otherwise than its clause."""
    own, whole = clause.variants[number - 1], clause.variant(number)
    parts = [f"{p} {target_words(wording, target)}" for p, target in own.targets.items()]
    if own.calendar is not None:
        parts.append(_hours(wording, whole, terms))
    if own.threshold is not None:
        parts.append(_thresholds(wording, whole))
    return DOT.join(parts)


# ---------------------------------------------------------- statuses, days off, accepted extensions


def _statuses(review: Review) -> Iterator[Table]:
    """Yield what each status of the tool was taken to mean."""
    _ = review.wording.gettext
    states = {
        "new": _("new"),
        "open": _("being worked on"),
        "waiting": _("waiting"),
        "resolved": _("resolved"),
        "closed": _("closed"),
        "cancelled": _("cancelled"),
    }
    awaited = {
        "client": _("the client"),
        "provider": _("the provider"),
        "third_party": _("a third party"),
    }
    contract = review.contract
    columns = (
        Column("status", _("Status"), quoted=True),
        Column("state", _("Means")),
        Column("awaits", _("Awaits")),
        Column("from", _("In force from"), Unit.DATE),
    )
    starts = [contract.period.first, *(a.effective for a in contract.amendments)]
    meant: dict[str, Status] = {}
    lines = []
    for start, version in zip(starts, contract.versions, strict=True):
        for name, status in version.statuses.items():
            if meant.get(name) != status:
                said = (name, states[status.state], awaited.get(status.awaits), start.isoformat())
                lines.append(said)
            meant[name] = status
    if lines:
        caption = _("Statuses of the tool")
        yield Table(f"{SLUG}.statuses", caption, columns, tuple(lines), folded=True)


def _holidays(review: Review) -> Iterator[Table]:
    """Yield the days off that the clocks left out, so that they can be checked."""
    _, contract = review.wording.gettext, review.contract
    last = max(contract.period.first, min(contract.period.last, review.today.date()))
    calendars = {k: v.title for terms in contract.versions for k, v in terms.calendars.items()}
    sites = {k: v for terms in contract.versions for k, v in terms.sites.items()}
    known: set[tuple[object, str]] = set()
    parts = []
    for calendar, title in calendars.items():
        own = {"": title} | {k: site.name for k, site in sites.items() if site.has_own_holidays}
        for site, where in own.items():
            clock = contract.hours(calendar, site)
            days = clock.holiday_names(contract.period.first, last, review.language)
            # what a site has in common with its calendar is told once
            new = [(day, calendar) not in known for day in days["date"]]
            parts.append(days[new].assign(where=where))
            known |= {(day, calendar) for day in days["date"]}
    found = pd.concat(parts) if parts else pd.DataFrame()
    if found.empty:
        return
    columns = (
        Column("date", _("Day"), Unit.DATE),
        Column("name", _("Name")),
        Column("where", _("Calendar or site")),
    )
    found["date"] = [day.isoformat() for day in found["date"]]
    note = _(
        "Public holidays as the package holidays {version} knows them, those that the contract "
        "adds, and its closures. A site lists only the days that its calendar does not have."
    ).format(version=versions()["holidays"])
    caption, lines = _("Days without service hours"), rows(found.sort_values(["date"]), columns)
    yield Table(f"{SLUG}.holidays", caption, columns, lines, note, folded=True)


def _extensions(review: Review) -> Iterator[Table]:
    """Yield the extensions asked for, and what was decided."""
    _, table = review.wording.gettext, review.table("extensions")
    if table is None:
        return
    columns = (
        Column("extension_id", _("Extension"), quoted=True),
        Column("ticket_id", _("Ticket"), quoted=True),
        Column("clause", _("Clause")),
        Column("decided_at", _("Decided"), Unit.INSTANT),
        Column("hours", _("Hours added"), Unit.HOURS),
        Column("said", _("Decision")),
        Column("reason", _("Reason"), quoted=True),
    )
    decisions = {"accepted": _("accepted"), "refused": _("refused")}
    shown = table.reindex(columns=[*table.columns, *({"clause", "reason"} - {*table.columns})])
    shown = shown.assign(said=table["decision"].map(decisions))
    note = _(
        "An accepted extension adds its service hours to the target; the deadline of the tool is "
        "never edited. One without a clause is for the resolution."
    )
    caption = _("Extensions")
    yield Table(f"{SLUG}.extensions", caption, columns, rows(shown, columns), note, folded=True)


def _caveats(review: Review) -> Iterator[Caveat]:
    """Yield to which tickets an amendment applies, and extensions that came too late."""
    _, w = review.wording.gettext, review.wording
    for name, word in _unmatched(review):
        sentence = _("Clause {clause} names “{word}”, and no ticket has it: check its spelling.")
        words = sentence.format(clause=name, word=word)
        yield Caveat(
            f"{SLUG}.unmatched.{measure_id(review.contract, name)}.{plain_id(word)}", words
        )
    late = _decided_late(review)
    if len(late):
        sentence = _(
            "Extensions accepted after the ticket was done count all the same: {names}. Whether "
            "they should is for the parties to settle."
        )
        yield Caveat(f"{SLUG}.late_extensions", sentence.format(names=", ".join(late)))
    for number, amendment in enumerate(review.contract.amendments, start=1):
        sentence = (
            _("{id}, in force from {date}: for the tickets whose clock first starts from then on.")
            if amendment.applies_to == "started"
            else _("{id}, in force from {date}: for the tickets still open on that day too.")
        )
        words = sentence.format(id=amendment.id, date=w.date(amendment.effective))
        before, since = review.contract.versions[number - 1 : number + 1]
        if (before.calendars, before.sites) != (since.calendars, since.sites):
            words += " " + _("Service hours that it changes count from that day for every ticket.")
        yield Caveat(f"{SLUG}.amendment.{cell(amendment.effective.isoformat())}", words)


def _unmatched(review: Review) -> list[tuple[str, str]]:
    """Return the kinds and groups of callers that a clause names and no ticket has."""
    if service_results.log(review) is None:
        return []
    tickets = service_results.log(review).tickets
    named = {
        (name, column, word)
        for terms in review.contract.versions
        for name, clause in terms.clauses.items()
        for scope in (clause, *clause.variants)
        for column in ("kind", "caller_group")
        for word in scope.columns.get(column, ())
        if column in tickets
    }
    known = {column: set(tickets[column].dropna().unique()) for _name, column, _word in named}
    return sorted((name, word) for name, column, word in named if word not in known[column])


def _decided_late(review: Review) -> list[str]:
    """Return the accepted extensions that were decided when their ticket's clock had stopped."""
    table, verdicts = review.table("extensions"), service_results.verdicts(review)
    if table is None or verdicts.empty:
        return []
    extended = verdicts.loc[verdicts["extension"] > pd.Timedelta(0), ["ticket_id", "stop"]]
    both = table[table["decision"] == "accepted"].merge(extended, on="ticket_id")
    return sorted(set(both.loc[both["decided_at"] > both["stop"], "extension_id"]))
