"""The engagement: who, for what, under which terms, and what became of its objectives (A1-A3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.plan import POINTS, left_open
from reviewlib.engagement.engagement import decisions, metrics
from reviewlib.engagement.engagement.tables import (
    AMENDMENTS,
    ESCALATION,
    LEFT_OPEN,
    OBJECTIVES,
    PARTIES,
    PARTS,
    SCOPE,
    SCOREBOARD,
    SENSITIVE,
    WEIGHTS,
)
from reviewlib.engagement.engagement.words import measured, part_words, target_of, unit_of, value_of
from reviewlib.money import results as money_results
from reviewlib.money.benefits.words import measured_twice
from reviewlib.people import results as survey_results
from reviewlib.report.cells import cell
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import as_of
from reviewlib.report.text import EMPTY, N_, Message, Text, commas, dotted, n_, sentences
from reviewlib.report.values import Brief, Checks, Fact, Kind, Section, Side, Unit
from reviewlib.review import Review

STATED = "engagement.yml: objectives"
KINDS = {
    metrics.MET: Kind.STRENGTH,
    metrics.LATE: Kind.CONCERN,
    metrics.NOT_MET: Kind.CONCERN,
}
COUNTED = N_(
    "An objective is judged by its last measure on or before its due date, by its latest one "
    "where there is none or no date; one that is not due yet, has no target or was not "
    "measured is not judged."
)
CONTACTS = {
    "client": (
        N_("The contract names no single point of contact on the client's side."),
        N_("Name a single point of contact on the client's side."),
    ),
    "provider": (
        N_("The contract names no single point of contact on the provider's side."),
        N_("Name a single point of contact on the provider's side."),
    ),
}
"""What a side without a contact lacks, and what is to be decided."""
SIGNED_LATE = N_("{id} was signed on {signed}, after the day from which it applies ({effective}).")
OUTCOMES = {
    metrics.MET: N_(
        "Objective {objective_id} “{title}” is met: {counted} on {measured_on:date}, for {aim}."
    ),
    metrics.LATE: N_(
        "Objective {objective_id} “{title}” was not met by its due date of {due:date} ({counted} "
        "on {measured_on:date}, for {aim}). The latest measure reaches it: {latest} on "
        "{latest_on:date}."
    ),
    metrics.NOT_MET: N_(
        "Objective {objective_id} “{title}” is not met: {counted} on {measured_on:date}, for {aim}."
    ),
    metrics.NOT_DUE: N_(
        "Objective {objective_id} “{title}” is due on {due:date}: {counted} on "
        "{measured_on:date}, for {aim}."
    ),
    metrics.NOT_MEASURED: N_(
        "Objective {objective_id} “{title}” was not measured: whether it is met is not known."
    ),
    metrics.NO_TARGET: N_(
        "Objective {objective_id} “{title}” has no target: whether it is met is not known."
    ),
}
NOT_DUE_NOR_MEASURED = N_(
    "Objective {objective_id} “{title}” is due on {due:date} and not measured yet, for {aim}."
)
BETWEEN = N_(
    "It was reached between the measures of {short_on:date} and {reached_on:date}, from {low} to "
    "{high:days} after its due date."
)
BETWEEN_AND_MAYBE_BY_THEN = N_(
    "It was reached between the measures of {short_on:date} and {reached_on:date}, at most "
    "{high:days} after its due date; no measure says whether it was by then."
)
REACHED_BETWEEN = N_("reached between the measures of {first:date} and {last:date}")
LOST = N_("The latest measure no longer reaches it: {latest} on {latest_on:date}.")
FIRST_MEASURED_LATE = N_("It was first measured after its due date of {due:date}.")
CONTACT = N_("a single point of contact")
ALL_MET = n_("the objective was met", "all {n} objectives were met")
SOME_MET = n_(
    "{k} of the {n} objectives that can be judged was met",
    "{k} of the {n} objectives that can be judged were met",
    on="k",
)
OBJECTIVES_MET = N_("objectives met: {names:all}")
MISSED = N_("Objective missed: “{title}” ({objective_id}), {counted}, for {aim}.")
LACKS = N_("{objective_id} ({lacks})")
INCOMPLETE = N_("Objectives that lack a part of what makes them verifiable: {k} of {n}, {parts}.")
OPEN_POINTS = n_(
    "Of the {n} points that a governance plan usually settles, the contract leaves {k} open: "
    "{first}.",
    "Of the {n} points that a governance plan usually settles, the contract leaves {k} open, first "
    "of all: {first}.",
    on="k",
)


def engagement(review: Review) -> Section:
    """Return the chapter on the parties, the scope, the amendments and the objectives."""
    c, contract = Chapter(review, "engagement", N_("The engagement")), review.contract
    results = review.table("objective_results")
    objectives = metrics.objectives(contract.objectives, results, review.today)
    objectives = _in_words(objectives, contract.currency)
    parties = N_("{provider} for {client}, from {first} to {last}.")(
        provider=contract.provider.name,
        client=contract.client.name,
        first=contract.period.first,
        last=contract.period.last,
    )
    _dates(c, contract)
    met = _met(c, objectives)
    c.headline(_judged(c, met) if met.checks else parties)
    c.intro(parties if met.checks else EMPTY, contract.summary, COUNTED)
    _complete(c, objectives)
    _contacts(c, contract)
    _retroactive(c, contract)
    if results is not None:
        _results(c, objectives)
        _objectives(c, objectives)
        twice = measured_twice(money_results.measured_twice(review))
        c.caveat("twice", twice, when=bool(twice))
    _incomplete(c, objectives)
    if len(objectives):
        weight = objectives["state"].map({one: -n for n, one in enumerate(WEIGHTS)})
        c.table(SCOREBOARD, objectives.assign(weight=weight))
    c.table(OBJECTIVES, objectives)
    _left_open(c, contract)
    _contract_tables(c, contract)
    return c.section()


def _in_words(objectives: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return objectives with their target, their measures and what they lack in words."""
    rows = [*objectives.itertuples()]
    return objectives.assign(
        aim=[target_of(row, currency) for row in rows],
        counted=[measured(row.value, row.unit, currency) for row in rows],
        latest=[measured(row.latest_value, row.unit, currency) for row in rows],
        state=objectives["outcome"],
        missing=[commas(PARTS[part] for part in row.lacks) for row in rows],
    )


# The contract


def _dates(c: Chapter, contract: Contract) -> None:
    unsigned = N_("the contract file states no date of signature (signed)")
    for name, label, day in (
        ("signed", N_("Contract signed on"), contract.signed),
        ("first", N_("First day"), contract.period.first),
        ("last", N_("Last day"), contract.period.last),
    ):
        c.fact(name, label, day, Unit.DATE, source="engagement.yml", because=unsigned)


def _contacts(c: Chapter, contract: Contract) -> None:
    for side, (sentence, decision) in CONTACTS.items():
        if getattr(contract, side).contact is None:
            brief = Brief(sentence, topic=f"contact {side}", side=Side(side), owes=CONTACT)
            c.concern(
                f"contact.{side}", sentence, decision=decision, decider=Side(side), brief=brief
            )


def _retroactive(c: Chapter, contract: Contract) -> None:
    for number, amendment in enumerate(contract.amendments, start=1):
        signed, effective = amendment.signed, amendment.effective
        if signed > effective:
            sentence = SIGNED_LATE(id=amendment.id, signed=signed, effective=effective)
            c.concern(f"amendment.{number}", sentence, about=[amendment.id])


def _left_open(c: Chapter, contract: Contract) -> None:
    """Add what the governance plan does not settle: a finding on it, and why each point matters."""
    points = left_open(contract)
    if points:
        first = commas(points[0].lacks)
        c.neutral(
            "governance",
            OPEN_POINTS(k=len(points), n=len(POINTS), first=first),
            decision=decisions.OF_PLAN[c.review.over],
            decider=Side.BOTH,
        )
        c.table(LEFT_OPEN, [(one.title, commas(one.lacks), one.why) for one in points])


def _contract_tables(c: Chapter, contract: Contract) -> None:
    """Add what the contract states, and where it states nothing, that it does not."""
    ladder = [(s.level, s.client, s.provider, value_of(s.within)) for s in contract.escalation]
    scope = [
        (item.title, item.included, item.volume, item.unit or None, item.clause or None)
        for item in contract.scope
    ]
    c.table(PARTIES, _parties(contract))
    c.table(ESCALATION, ladder)
    c.table(SCOPE, scope)
    c.table(SENSITIVE, [(p.title or None, p.first, p.last) for p in contract.sensitive_periods])
    c.table(AMENDMENTS, _amendments(contract))


def _parties(contract: Contract) -> Iterator[tuple[Any, ...]]:
    for side, party in (("client", contract.client), ("provider", contract.provider)):
        for contact in (party.contact, *party.others):
            about = (contact.role, contact.duties or None) if contact else (None, None)
            yield (side, party.name, contact is party.contact, *about)


def _amendments(contract: Contract) -> Iterator[tuple[Any, ...]]:
    """Yield each part of the terms that an amendment changed; one line where it changed none."""
    for amendment, terms in zip(contract.amendments, pairwise(contract.versions), strict=True):
        about = (amendment.id, amendment.title, amendment.signed, amendment.effective)
        changed: list[tuple[Any, ...]] = [
            (part_words(change.path), value_of(change.before), value_of(change.after))
            for change in metrics.changes(*terms)
        ]
        yield from ((*about, *cells) for cells in changed or [(None, None, None)])


# Objectives


def _met(c: Chapter, objectives: pd.DataFrame) -> Fact:
    judged = objectives[objectives["outcome"].isin(metrics.JUDGED)]
    apart = len(objectives) - len(judged)
    because = N_("no objective is due, measured and with a target")
    if objectives.empty:
        because = N_("the contract file states no objective (objectives)")
    elif c.review.table("objective_results") is None:
        because = N_("the folder has no results (objective_results.csv)")
    note = N_("counted apart, not due, not measured or without a target: {n}")(n=apart)
    k = int((judged["outcome"] == metrics.MET).sum())
    return c.fact(
        "objectives.met",
        N_("Objectives met"),
        None if judged.empty else k,
        n=len(judged),
        checks=Checks(Side.BOTH, k, len(judged)),
        period=as_of(c.review),
        source=f"{STATED}; objective_results.csv",
        note=note if apart else EMPTY,
        because=because,
    )


def _judged(c: Chapter, met: Fact) -> Text:
    """Return how many objectives were met; the opening of the review says it too."""
    about = {"k": met.value, "n": met.n}
    if met.value == met.n:
        c.clause(Kind.STRENGTH, ALL_MET(n=met.n), 2)
    else:
        c.clause(Kind.CONCERN, SOME_MET(**about), 4)
    return N_("Objectives met: {k} of the {n} that can be judged.")(**about)


def _complete(c: Chapter, objectives: pd.DataFrame) -> None:
    if len(objectives):
        label = N_("Objectives that state their measure, unit, target, due date and owner")
        c.count("objectives.complete", label, objectives["lacks"].str.len() == 0, source=STATED)


def _incomplete(c: Chapter, objectives: pd.DataFrame) -> None:
    """Add which objectives lack a part of what makes them verifiable."""
    lacking = objectives[objectives["lacks"].map(bool).astype("bool")]
    parts = c.named(lambda row: LACKS(lacks=[PARTS[part] for part in row.lacks]), lacking)
    c.concern(
        "objectives.incomplete",
        INCOMPLETE(k=len(lacking), n=len(objectives), parts=parts),
        about=lacking["objective_id"],
        decision=decisions.OF_INCOMPLETE[c.review.over],
        decider=Side.BOTH,
    )


def _results(c: Chapter, objectives: pd.DataFrame) -> None:
    """Add the measure by which each objective is judged, against its target."""
    unmeasured = N_("it was not measured")
    for row in objectives[objectives["outcome"] == metrics.NOT_MEASURED].itertuples():
        name, label = _result(row)
        c.fact(name, label, None, Unit.TEXT, clause=row.clause, because=unmeasured)
    for row in objectives[objectives["value"].notna()].itertuples():
        name, label = _result(row)
        unit, scale = unit_of(row.unit, c.review.contract.currency)
        if unit is Unit.SCORE and row.unit:
            label = N_("{measure} ({unit})")(measure=label, unit=row.unit)
        since, value = REACHED_BETWEEN(first=row.short_on, last=row.reached_on), row.value / scale
        c.fact(
            name,
            label,
            value,
            unit,
            n=_answers(c.review, row, value) if unit is Unit.SHARE else None,
            target=None if pd.isna(row.target) else row.target / scale,
            met=row.outcome == metrics.MET if row.outcome in metrics.JUDGED else None,
            clause=row.clause,
            period=N_("measured on {date:date}")(date=row.measured_on),
            source=N_("objective_results.csv: {source}")(source=cell(row.source) or "value"),
            note=since if row.outcome == metrics.LATE else EMPTY,
        )


def _answers(review: Review, row: Any, share: float) -> int | None:
    """Return how many answers of the survey a result is a share of; None where it is of others."""
    return survey_results.answers_of(review, row.question, share, row.measured_on)


def _result(row: Any) -> tuple[str, Text]:
    """Return the name and the label of the result of an objective."""
    return f"objective.{row.objective_id}.result", dotted(
        row.objective_id, row.measure or row.title
    )


def _objectives(c: Chapter, objectives: pd.DataFrame) -> None:
    to_decide = decisions.OF_OBJECTIVE[c.review.over]
    c.each(
        lambda row: KINDS.get(row.outcome, Kind.NEUTRAL),
        "objective",
        objectives,
        _objective,
        id="objective_id",
        decision=lambda row: to_decide.get(row.outcome, EMPTY),
        decider=Side.BOTH,
        clause="clause",
        checks=_checked,
        brief=_briefs(c, objectives),
        limit=len(objectives),
    )


def _briefs(c: Chapter, objectives: pd.DataFrame) -> Callable[[Any], Brief | None]:
    """Return what the first page says of an objective: of the first one met, which ones were.

    One that a question of the survey measures is told there, where few answered.
    """
    met = [*objectives.loc[objectives["outcome"] == metrics.MET, "objective_id"]]
    elsewhere = survey_results.uncertain(c.review)

    def brief(row: Any) -> Brief | None:
        if met and row.objective_id == met[0]:
            return Brief(OBJECTIVES_MET(names=met), topic="objectives met")
        if row.outcome != metrics.NOT_MET or row.question in elsewhere:
            return None
        return Brief(c.of_row(MISSED, row), topic=row.objective_id, side=Side.BOTH)

    return brief


def _checked(row: Any) -> Checks | None:
    judged = row.outcome in metrics.JUDGED
    return Checks(Side.BOTH, int(row.outcome == metrics.MET), 1) if judged else None


def _reached_between(row: Any) -> Message:
    """Return between which two measures an objective was reached after its due date."""
    bounds = [(on - row.due).days for on in (row.short_on, row.reached_on)]
    within = BETWEEN if bounds[0] >= 0 else BETWEEN_AND_MAYBE_BY_THEN
    return within(low=bounds[0] + 1, high=bounds[1])


def _objective(row: Any) -> Text:
    unmeasured = row.outcome == metrics.NOT_DUE and pd.isna(row.value)
    lost = row.outcome == metrics.MET and not row.reached
    late = row.outcome in metrics.JUDGED and row.measured_on > row.due
    return sentences(
        NOT_DUE_NOR_MEASURED if unmeasured else OUTCOMES[row.outcome],
        _reached_between(row) if row.outcome == metrics.LATE else EMPTY,
        LOST if lost else EMPTY,
        FIRST_MEASURED_LATE if late else EMPTY,
    )
