"""The engagement: who, for what, under which terms, and what became of its objectives (A1-A3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract.base import Model
from reviewlib.contract.parties import Period
from reviewlib.contract.targets import DaysOf
from reviewlib.engagement.engagement import metrics
from reviewlib.pages.wording import N_, Wording
from reviewlib.report.day_facts import as_of_words
from reviewlib.report.values import (
    Column,
    Fact,
    Finding,
    Kind,
    Scalar,
    Section,
    Table,
    Unit,
    cell,
    rows,
)
from reviewlib.review import Review
from reviewlib.service.clause_words import target_words

SLUG = "engagement"
OUTCOMES = {
    metrics.MET: N_("met"),
    metrics.LATE: N_("reached after its date"),
    metrics.NOT_MET: N_("not met"),
    metrics.NOT_DUE: N_("not due yet"),
    metrics.NOT_MEASURED: N_("not measured"),
    metrics.NO_TARGET: N_("without a target"),
}
KINDS = {
    metrics.MET: Kind.STRENGTH,
    metrics.LATE: Kind.CONCERN,
    metrics.NOT_MET: Kind.CONCERN,
}
PARTS = {
    "measure": N_("measure"),
    "unit": N_("unit"),
    "target": N_("target"),
    "due": N_("due date"),
    "owner": N_("owner"),
}
TERMS = {
    "calendar": N_("service hours"),
    "calendars": N_("service hours"),
    "clauses": N_("clauses"),
    "closures": N_("days of closure"),
    "holidays": N_("public holidays"),
    "kinds": N_("kinds of tickets"),
    "month": N_("month that counts"),
    "pauses": N_("statuses that pause the clock"),
    "priorities": N_("priorities"),
    "priority": N_("priority that counts"),
    "reopening": N_("reopened tickets"),
    "services": N_("services"),
    "sites": N_("sites"),
    "statuses": N_("statuses"),
    "stops_at": N_("end of the clock"),
    "targets": N_("target"),
    "threshold": N_("share to be in time"),
    "title": N_("title"),
    "week": N_("opening hours"),
}


def engagement(review: Review) -> Section:
    """Return the chapter on the parties, the scope, the amendments and the objectives."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    judged = metrics.objectives(
        contract.objectives, review.table("objective_results"), review.today
    )
    headline = _("{provider} for {client}, from {first} to {last}.").format(
        provider=contract.provider.name, client=contract.client.name,
        first=w.date(contract.period.first), last=w.date(contract.period.last),
    )  # fmt: skip
    met = _met(review, judged)
    if met.value is not None:
        headline += " " + _("Objectives met: {k} of the {n} that can be judged.").format(
            k=w.number(int(met.value)), n=w.number(met.n)
        )
    return review.section(
        SLUG,
        _("The engagement"),
        headline=headline,
        intro=_intro(review),
        facts=(
            *_contract_facts(review), met, *_complete(review, judged), *_results(review, judged),
        ),
        findings=(
            *_contacts(review), *_retroactive(review), *_objectives(review, judged),
            *_smart(review, judged),
        ),
        tables=(
            _objective_table(review, judged), _parties(review), _ladder(review), _scope(review),
            _sensitive(review), _amendments(review),
        ),
    )  # fmt: skip


def _intro(review: Review) -> str:
    _ = review.wording.gettext
    rule = _(
        "An objective is judged by its last measure on or before its due date, by its latest one "
        "where there is none or no date; one that is not due yet, has no target or was not "
        "measured is not judged."
    )
    return f"{review.contract.summary} {rule}".strip()


# The contract


def _contract_facts(review: Review) -> Iterator[Fact]:
    _, contract = review.wording.gettext, review.contract
    days = {
        "signed": (_("Contract signed on"), contract.signed),
        "first": (_("First day"), contract.period.first),
        "last": (_("Last day"), contract.period.last),
    }
    for name, (label, day) in days.items():
        yield Fact(
            f"{SLUG}.{name}",
            label,
            day.isoformat() if day else None,
            Unit.DATE,
            source="engagement.yml",
            note="" if day else _("the contract file states no date of signature (signed)"),
        )


def _contacts(review: Review) -> Iterator[Finding]:
    _, contract = review.wording.gettext, review.contract
    missing = {
        "client": _("The contract names no single point of contact on the client's side."),
        "provider": _("The contract names no single point of contact on the provider's side."),
    }
    decisions = {
        "client": _("Name a single point of contact on the client's side."),
        "provider": _("Name a single point of contact on the provider's side."),
    }
    for side, sentence in missing.items():
        if getattr(contract, side).contact is None:
            yield Finding(f"{SLUG}.contact.{side}", sentence, Kind.CONCERN, (), decisions[side])


def _parties(review: Review) -> Table:
    _, contract = review.wording.gettext, review.contract
    columns = (
        Column("side", _("Side")),
        Column("name", _("Organisation"), quoted=True),
        Column("single", _("Contact")),
        Column("role", _("Role"), quoted=True),
        Column("duties", _("Answers for"), quoted=True),
    )
    lines: list[tuple[Scalar, ...]] = []
    for side, party in ((_("Client"), contract.client), (_("Provider"), contract.provider)):
        single = party.contact
        about = (single.role, single.duties or None) if single else (None, None)
        lines.append((side, party.name, _("single point of contact"), *about))
        lines += [
            (side, party.name, _("other contact"), other.role, other.duties or None)
            for other in party.others
        ]
    return Table(f"{SLUG}.parties", _("Parties and contacts"), columns, tuple(lines))


def _ladder(review: Review) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("level", _("Level"), Unit.COUNT),
        Column("client", _("Client"), quoted=True),
        Column("provider", _("Provider"), quoted=True),
        Column("within", _("Told within")),
    )
    lines = tuple(
        (step.level, step.client, step.provider, _said(review.wording, step.within))
        for step in review.contract.escalation
    )
    note = "" if lines else _("The contract file names no escalation ladder (escalation).")
    return Table(f"{SLUG}.escalation", _("Escalation ladder"), columns, lines, note)


def _scope(review: Review) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("title", _("What"), quoted=True),
        Column("included", _("In the contract")),
        Column("volume", _("Volume included"), Unit.COUNT),
        Column("unit", _("Unit"), quoted=True),
        Column("clause", _("Clause"), quoted=True),
    )
    lines = tuple(
        (
            item.title,
            _("included") if item.included else _("excluded"),
            item.volume,
            item.unit or None,
            item.clause or None,
        )
        for item in review.contract.scope
    )
    note = "" if lines else _("The contract file names nothing included or excluded (scope).")
    return Table(f"{SLUG}.scope", _("Scope"), columns, lines, note)


def _sensitive(review: Review) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("title", _("Period"), quoted=True),
        Column("first", _("First day"), Unit.DATE),
        Column("last", _("Last day"), Unit.DATE),
    )
    lines = tuple(
        (period.title or None, period.first.isoformat(), period.last.isoformat())
        for period in review.contract.sensitive_periods
    )
    note = "" if lines else _("The contract file names no sensitive period (sensitive_periods).")
    return Table(f"{SLUG}.sensitive_periods", _("Sensitive periods"), columns, lines, note)


# Amendments


def _amendments(review: Review) -> Table:
    _, contract = review.wording.gettext, review.contract
    columns = (
        Column("id", _("Amendment"), quoted=True),
        Column("title", _("Title"), quoted=True),
        Column("signed", _("Signed on"), Unit.DATE),
        Column("effective", _("In force from"), Unit.DATE),
        Column("part", _("What it changes"), quoted=True),
        Column("before", _("Before"), quoted=True),
        Column("after", _("Since"), quoted=True),
    )
    lines: list[tuple[Scalar, ...]] = []
    for number, amendment in enumerate(contract.amendments, start=1):
        about = (
            amendment.id, amendment.title, amendment.signed.isoformat(),
            amendment.effective.isoformat(),
        )  # fmt: skip
        changed = metrics.changes(*contract.versions[number - 1 : number + 1])
        lines += [(*about, *_changed(review.wording, change)) for change in changed]
        if not changed:
            lines.append((*about, None, None, None))
    note = "" if lines else _("The contract file holds no amendment (amendments).")
    return Table(f"{SLUG}.amendments", _("Amendments"), columns, tuple(lines), note)


def _changed(wording: Wording, change: metrics.Change) -> tuple[str, str | None, str | None]:
    chapter, *path = change.path
    names = path if chapter == "clauses" and path else change.path
    part = " · ".join(wording.gettext(TERMS.get(name, name)) for name in names)
    return part, _said(wording, change.before), _said(wording, change.after)


def _retroactive(review: Review) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    sentence = _("{id} was signed on {signed}, after the day from which it applies ({effective}).")
    for number, amendment in enumerate(review.contract.amendments, start=1):
        if amendment.signed > amendment.effective:
            yield Finding(
                f"{SLUG}.amendment.{number}",
                sentence.format(
                    id=amendment.id,
                    signed=w.date(amendment.signed),
                    effective=w.date(amendment.effective),
                ),
                Kind.CONCERN,
                (amendment.id,),
            )


# Objectives


def _met(review: Review, judged: pd.DataFrame) -> Fact:
    _, w = review.wording.gettext, review.wording
    known = judged[judged["outcome"].isin(metrics.JUDGED)]
    apart = len(judged) - len(known)
    note = _("counted apart, not due, not measured or without a target: {n}")
    if judged.empty:
        note = _("the contract file states no objective (objectives)")
    elif review.table("objective_results") is None:
        note = _("the folder has no results (objective_results.csv)")
    elif known.empty:
        note = _("no objective is due, measured and with a target")
    return Fact(
        f"{SLUG}.objectives.met",
        _("Objectives met"),
        None if known.empty else int((known["outcome"] == metrics.MET).sum()),
        Unit.COUNT,
        n=len(known),
        period=as_of_words(review),
        source=_("engagement.yml: objectives; objective_results.csv"),
        note=note.format(n=w.number(apart)) if known.empty or apart else "",
    )


def _complete(review: Review, judged: pd.DataFrame) -> Iterator[Fact]:
    _ = review.wording.gettext
    if len(judged):
        yield Fact(
            f"{SLUG}.objectives.complete",
            _("Objectives that state their measure, unit, target, due date and owner"),
            int((judged["lacks"].str.len() == 0).sum()),
            Unit.COUNT,
            n=len(judged),
            source=_("engagement.yml: objectives"),
        )


def _smart(review: Review, judged: pd.DataFrame) -> Iterator[Finding]:
    """Return which objectives lack a part of what makes them verifiable."""
    _, w = review.wording.gettext, review.wording
    lacking = judged[judged["lacks"].str.len() > 0] if len(judged) else judged
    if lacking.empty:
        return
    parts = [
        f"{row.objective_id} ({w.listed([_(PARTS[part]) for part in row.lacks])})"
        for row in lacking.itertuples()
    ]
    sentence = _(
        "Objectives that lack a part of what makes them verifiable: {k} of {n}, {parts}."
    ).format(k=w.number(len(lacking)), n=w.number(len(judged)), parts=w.listed(parts))
    decision = _("Complete the objectives that lack a measure, unit, target, due date or owner.")
    ids = tuple(lacking["objective_id"])
    yield Finding(f"{SLUG}.objectives.incomplete", sentence, Kind.CONCERN, ids, decision)


def _results(review: Review, judged: pd.DataFrame) -> Iterator[Fact]:
    """Return the measure by which each objective is judged, against its target."""
    _, w = review.wording.gettext, review.wording
    if review.table("objective_results") is None:
        return
    for row in judged[judged["outcome"] == metrics.NOT_MEASURED].itertuples():
        name = f"{SLUG}.objective.{row.objective_id}.result"
        label = f"{row.objective_id} · {row.measure or row.title}"
        yield Fact(name, label, None, Unit.TEXT, clause=row.clause, note=_("it was not measured"))
    for row in judged[judged["value"].notna()].itertuples():
        unit, scale = _unit(review, row.unit)
        decided = row.outcome in metrics.JUDGED
        since = _("reached since, on {date}").format(date=w.date(row.latest_on))
        measure = row.measure or row.title
        yield Fact(
            f"{SLUG}.objective.{row.objective_id}.result",
            f"{row.objective_id} · {measure}" + (f" ({row.unit})" if unit is Unit.SCORE else ""),
            row.value / scale,
            unit,
            target=None if row.target != row.target else row.target / scale,
            met=row.outcome == metrics.MET if decided else None,
            clause=row.clause,
            period=_("measured on {date}").format(date=w.date(row.measured_on)),
            source=_("objective_results.csv: {source}").format(source=cell(row.source) or "value"),
            note=since if row.outcome == metrics.LATE else "",
        )


def _objectives(review: Review, judged: pd.DataFrame) -> Iterator[Finding]:
    _ = review.wording.gettext
    if review.table("objective_results") is None:
        return
    decisions = {
        metrics.NOT_MET: _("Objective {id}: keep it with a new date, change it, or give it up."),
        metrics.NOT_MEASURED: _("Objective {id}: have it measured, or give it up."),
    }
    for row in judged.itertuples():
        yield Finding(
            f"{SLUG}.objective.{row.objective_id}",
            _objective(review, row),
            KINDS.get(row.outcome, Kind.NEUTRAL),
            (row.objective_id,),
            decisions.get(row.outcome, "").format(id=row.objective_id),
            row.clause,
        )


def _objective(review: Review, row: Any) -> str:
    _, w = review.wording.gettext, review.wording
    said = {
        metrics.MET: _("Objective {id} “{title}” is met: {value} on {date}, for {target}."),
        metrics.LATE: _(
            "Objective {id} “{title}” was not met by its due date of {due} ({value} on {date}, for "
            "{target}). It was reached since: {latest} on {since}."
        ),
        metrics.NOT_MET: _("Objective {id} “{title}” is not met: {value} on {date}, for {target}."),
        metrics.NOT_DUE: _(
            "Objective {id} “{title}” is due on {due}: {value} on {date}, for {target}."
        )
        if row.value == row.value
        else _("Objective {id} “{title}” is due on {due} and not measured yet, for {target}."),
        metrics.NOT_MEASURED: _(
            "Objective {id} “{title}” was not measured: whether it is met cannot be told."
        ),
        metrics.NO_TARGET: _(
            "Objective {id} “{title}” has no target: whether it is met cannot be told."
        ),
    }
    lost = row.outcome == metrics.MET and not row.reached
    words = said[row.outcome] + (
        " " + _("The latest measure no longer reaches it: {latest} on {since}.") if lost else ""
    )
    if row.outcome in metrics.JUDGED and row.measured_on > row.due:
        words += " " + _("It was first measured after its due date of {due}.")
    return words.format(
        id=row.objective_id, title=row.title, due=w.date(row.due), target=_target(review, row),
        value=_measured(review, row.value, row.unit), date=w.date(row.measured_on),
        latest=_measured(review, row.latest_value, row.unit), since=w.date(row.latest_on),
    )  # fmt: skip


def _objective_table(review: Review, judged: pd.DataFrame) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("objective_id", _("Objective")),
        Column("title", _("What"), quoted=True),
        Column("measure", _("Measure"), quoted=True),
        Column("aim", _("Target")),
        Column("due", _("Due on"), Unit.DATE),
        Column("owner", _("Owner"), quoted=True),
        Column("counted", _("Measure that counts")),
        Column("measured_on", _("Measured on"), Unit.DATE),
        Column("latest", _("Latest measure")),
        Column("latest_on", _("Latest measured on"), Unit.DATE),
        Column("state", _("State")),
        Column("missing", _("What it lacks to be SMART")),
    )
    lines = judged.assign(
        aim=[_target(review, row) for row in judged.itertuples()],
        counted=[_measured(review, row.value, row.unit) for row in judged.itertuples()],
        latest=[_measured(review, row.latest_value, row.unit) for row in judged.itertuples()],
        state=judged["outcome"].map({key: _(word) for key, word in OUTCOMES.items()}),
        missing=[", ".join(_(PARTS[part]) for part in lacks) for lacks in judged["lacks"]],
    )
    note = _(
        "SMART also asks that an objective be attainable and relevant: no table tells that, and it "
        "is not judged here."
    )
    table_rows = rows(lines, columns)
    return Table(f"{SLUG}.objectives", _("Objectives and results"), columns, table_rows, note)


# Words


def _unit(review: Review, unit: str) -> tuple[Unit, float]:
    """Return the unit of a fact and what a measure is divided by to be in it."""
    if unit.strip() == "%":
        return Unit.SHARE, 100.0
    euro = unit.strip() == "€" and review.contract.currency == "EUR"
    return Unit.MONEY if euro or unit == review.contract.currency else Unit.SCORE, 1.0


def _measured(review: Review, value: float, unit: str) -> str:
    w = review.wording
    if value != value:
        return w.number(None)
    kind, scale = _unit(review, unit)
    if kind is Unit.SCORE:
        return f"{w.number(value, 2)}\u00a0{unit}".strip()
    if kind is Unit.MONEY:
        return w.money(value)
    return w.percent(value / scale, 1 if round(value, 1) == value else 2)


def _target(review: Review, row: Any) -> str:
    _ = review.wording.gettext
    if row.target != row.target:
        return review.wording.number(None)
    said = _("at most {value}") if row.direction == "at_most" else _("at least {value}")
    return said.format(value=_measured(review, row.target, row.unit))


def _said(wording: Wording, value: object) -> str | None:
    """Return a value of the contract in words."""
    match value:
        case None:
            return None
        case bool():
            return wording.gettext("yes") if value else wording.gettext("no")
        case dt.timedelta() | WorkingDays() | DaysOf():
            return target_words(wording, value)
        case float():
            return wording.percent(value)
        case dt.date():
            return wording.date(value)
        case tuple() | list():
            return ", ".join(filter(None, (_said(wording, part) for part in value))) or None
        case dict():
            parts = {str(key): _said(wording, part) for key, part in value.items()}
            return ", ".join(f"{key} {part}" for key, part in parts.items()) or None
        case Period(first=first, last=last, title=title):
            return f"{title} {wording.date(first)} – {wording.date(last)}".strip()
        case Model():
            return str(getattr(value, "title", "") or getattr(value, "name", "") or "…")
        case _:
            return str(value) or None
