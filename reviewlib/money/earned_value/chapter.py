"""Earned value: what the work cost against its worth, how late it is, what it will cost (D1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from reviewlib.amounts import sign
from reviewlib.money.earned_value import metrics, tables, words
from reviewlib.money.earned_value.metrics import METHODS, MONTHS, Project
from reviewlib.money.earned_value.status import ProjectStatus, cents
from reviewlib.report.chapter import Chapter
from reviewlib.report.chart_forms import Outlook
from reviewlib.report.forms import LISTED, TableForm
from reviewlib.report.phrases import AS_OF
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, chained, dotted, sentences
from reviewlib.report.values import AtStake, Brief, Kind, Section, Side, Unit
from reviewlib.review import Review

DETAILED = 4  # projects with facts and a curve of their own, those of the largest budgets
SOURCE = "earned_value.csv: planned_value, earned_value, actual_cost"
KEYS = ("cpi", "spi_t", "eac_cpi")
CURVES = {"pv": "planned", "ev": "earned", "ac": "actual"}


def earned_value(review: Review) -> Section:
    """Return the chapter on earned value and earned schedule."""
    c = Chapter(review, "earned_value", N_("Earned value"))
    table = review.table("earned_value")
    if table is None:
        return c.not_assessed(review.absent("earned_value"))
    start = pd.Timestamp(review.contract.period.first)
    projects = metrics.projects(table, review.today, start)
    assessed = [ProjectStatus(of, of.status) for of in projects if of.status >= 0]
    if not assessed:
        return c.not_assessed(words.NONE_EARNED(file="earned_value.csv", date=review.today))
    largest = sorted(assessed, key=lambda status: status.project.bac or 0, reverse=True)[:DETAILED]
    _headline(c, assessed)
    c.intro(words.EXPLAINED)
    if len(assessed) > 1:
        _projects(c, assessed)
    for status in assessed:
        if status in largest:
            _facts(c, status)
            _estimates(c, status)
            _curve(c, status)
    for status in assessed:
        _cost(c, status)
        _delay(c, status)
    _periods(c, assessed)
    _caveats(c, projects, assessed)
    return c.section()


def _id(project: Project, name: str) -> str:
    return ".".join(part for part in (project.name, name) if part)


def _named(project: Project, text: Text) -> Text:
    """Return a text after the name of the project, where it has one."""
    return dotted(project.name, text) if text else EMPTY


def _headline(c: Chapter, assessed: Sequence[ProjectStatus]) -> None:
    if len(assessed) > 1:
        below = {
            name: sum(float(status.indices[name]) < 1 for status in assessed)
            for name in ("cpi", "spi_t")
        }
        c.headline(words.SEVERAL(n=len(assessed), over=below["cpi"], behind=below["spi_t"]))
        return
    (status,) = assessed
    c.headline(_worth(status))
    cv = status.indices["cv"].value
    if cv is not None:
        kind = Kind.CONCERN if cv < 0 else Kind.STRENGTH
        c.clause(kind, words.OPENING[sign(cv)].filled({"over": cents(abs(cv))}), 4)


def _worth(status: ProjectStatus) -> Text:
    """Return what the work cost against its worth, and whether it is behind the plan."""
    cv, ahead = (status.indices[name].value for name in ("cv", "sv_t"))
    if cv is None:
        return words.UNTOLD(date=status.date)
    cost = words.WORTH[sign(cv)].filled({"over": cents(abs(cv))})
    if ahead is None:
        return words.ALONE(cost=cost)
    assert status.project.calendar is not None
    gap = words.ABOUT[status.project.calendar.unit](n=abs(ahead))
    timing = {"cost": cost, "gap": gap}
    return words.TIMING[sign(ahead)].filled(timing)


def _outcome(status: ProjectStatus) -> Text:
    """Return what the work cost in the end, or what it is estimated to."""
    values, estimates = status.values, status.estimates
    if values["bac"] is None or not estimates:
        return EMPTY
    if status.done and values["ac"] is not None:
        return words.COST_IN_THE_END.filled(values)
    low, high = (pick(estimates, key=estimates.__getitem__) for pick in (min, max))
    labels = {"first": words.FORMULAS[low], "last": words.FORMULAS[high]}
    one = estimates[low] == estimates[high]
    return (words.ESTIMATED if one else words.ESTIMATED_BETWEEN).filled(values | labels)


# Facts


def _facts(c: Chapter, status: ProjectStatus) -> None:
    calendar = status.project.calendar
    unit = words.UNITS[calendar.unit if calendar else MONTHS]
    for name, (label, _formula) in words.INDICES.items():
        c.fact(
            _id(status.project, name),
            _named(status.project, label.filled({"unit": unit})),
            status.values[name],
            Unit.MONEY if name in metrics.AMOUNTS else Unit.INDEX,
            note=_note(status, name),
            period=AS_OF(date=status.date),
            source=SOURCE,
            key=name in KEYS,
        )


def _note(status: ProjectStatus, name: str) -> Text:
    """Return the formula of an index with its numbers, or why it has no value."""
    reason, formula = status.indices[name].why, words.INDICES[name][1]
    if reason:
        why = words.WHY[reason]
        return why if reason in metrics.NOT_STATED else words.UNDEFINED(reason=why)
    if name == "es":
        return _read_off(status, formula)
    numbers = _numbers(formula, status.values)
    if name == "ieac_t" and status.end is not None:
        return chained([numbers, N_("that is {date}")(date=status.end)])
    return numbers


def _numbers(formula: str, values: Mapping[str, Any]) -> Text:
    """Return a formula with its numbers: amounts of money, times with three decimals."""
    shown = {
        name: Shown(value, "money" if isinstance(value, Decimal) else "number.3")
        for name, value in values.items()
    }
    return Message(formula).filled(shown) if formula else EMPTY


def _read_off(status: ProjectStatus, formula: str) -> Text:
    """Return C + I with its numbers, and the day that its time is counted from."""
    plan, ev, calendar = status.project.plan, status.indices["ev"].value, status.project.calendar
    assert ev is not None
    assert calendar is not None
    numbers: Text = words.AT_THE_END
    if ev < plan.values[-1]:
        time, before, after, length = plan.segment(ev)
        amounts = {"ev": cents(ev), "before": cents(before), "after": cents(after)}
        numbers = _numbers(formula, {"c": time, **amounts})
        if length != 1:
            numbers = words.STRETCHED(formula=numbers, length=length)
    return chained([numbers, words.STARTS[calendar.basis](date=calendar.start)])


# Findings


def _cost(c: Chapter, status: ProjectStatus) -> None:
    cpi, cv = (status.indices[name].value for name in ("cpi", "cv"))
    if cpi is None or cv is None:
        return
    sentence = words.COST[sign(cv)].filled(status.values | {"gap": cents(abs(cv))})
    wrong = status.indices["eac_remaining"].why == metrics.OVER_BAC
    c.find(
        Kind.CONCERN if cv < 0 else Kind.NEUTRAL if wrong else Kind.STRENGTH,
        _id(status.project, "cost"),
        _named(status.project, sentences(sentence, _outcome(status))),
        about=[status.date],
        decision=_named(status.project, words.ABOVE_BUDGET) if cv < 0 else EMPTY,
        decider=Side.BOTH,
        brief=_over_worth(status, cpi) if cv < 0 else None,
    )


def _over_worth(status: ProjectStatus, cpi: Fraction) -> Brief:
    stake = AtStake(float(cpi), Unit.INDEX, words.OVER_WORTH)
    text = _named(status.project, words.COST_BRIEF(date=status.date))
    return Brief(text, stake, f"earned_value.{_id(status.project, 'cost')}", Side.BOTH)


def _delay(c: Chapter, status: ProjectStatus) -> None:
    """Add whether the work is behind the plan: by the earned schedule, else by the SPI."""
    ahead, spi = (status.indices[name].value for name in ("sv_t", "spi"))
    decision: Text = EMPTY
    if ahead is not None:
        kind, day = Kind.CONCERN if ahead < 0 else Kind.STRENGTH, status.schedule_date
        not_read = EMPTY if spi is None or ahead >= 0 else words.NOT_READ(spi=spi)
        sentence = sentences(_done(status) if status.done else _pace(status, ahead), not_read)
        decision = words.BEHIND if ahead < 0 and not status.done else EMPTY
    elif spi is not None:
        kind, day = Kind.CONCERN if spi < 1 else Kind.NEUTRAL, status.date
        reason = words.WHY[status.indices["sv_t"].why]
        sentence = words.BY_AMOUNTS(date=day, spi=spi, reason=reason)
    else:
        return
    c.find(
        kind,
        _id(status.project, "schedule"),
        _named(status.project, sentence),
        about=[day],
        decision=_named(status.project, decision),
        decider=Side.BOTH,
    )


def _pace(status: ProjectStatus, ahead: Fraction) -> Text:
    """Return how far the work is from the plan, and when it ends at the pace so far."""
    values = status.values | {"gap": _length(status, abs(ahead))}
    place = words.PLACE[sign(ahead)].filled(values)
    if status.end is None:
        return place
    end, planned = (_length(status, values[name]) for name in ("ieac_t", "pd"))
    return sentences(place, words.PACE(end=end, planned=planned, date=status.end))


def _done(status: ProjectStatus) -> Text:
    taken, planned = (_length(status, status.values[name]) for name in ("at", "pd"))
    done = words.DONE(date=status.schedule_date, taken=taken, planned=planned)
    return done.filled(status.values)


def _length(status: ProjectStatus, time: Fraction) -> Message:
    """Return a length of time in the unit of the plan: 0.875 months, 12 days."""
    assert status.project.calendar is not None
    return words.LENGTHS[status.project.calendar.unit](n=time)


# Tables and curve


def _projects(c: Chapter, assessed: Sequence[ProjectStatus]) -> None:
    lines = [status.values for status in assessed]
    sums = metrics.together([status.project for status in assessed])
    if sums is not None:
        indices = metrics.indices(**sums)
        ratios = {name: indices[name].value for name in ("cpi", "spi")}
        total = {name: cents(amount) for name, amount in sums.items()}
        lines.append({"project": N_("Total"), "date": assessed[0].date, **total, **ratios})
    note = tables.NO_TOTAL if sums is None else tables.TOTAL
    c.table(tables.PROJECTS.but(note=note), pd.DataFrame(lines))


def _estimates(c: Chapter, status: ProjectStatus) -> None:
    estimates = pd.DataFrame(
        [
            {
                "formula": words.FORMULAS[method],
                "assumed": words.ASSUMED[method],
                **{name: status.values[f"{name}_{method}"] for name in ("eac", "vac", "tcpi")},
                "why": words.WHY.get(status.indices[f"tcpi_{method}"].why),
            }
            for method in METHODS
        ]
    )
    form = _of_project(tables.ESTIMATES, status.project)
    c.table(form if estimates["why"].notna().any() else form.without("why"), estimates)


def _of_project(form: TableForm, project: Project) -> TableForm:
    """Return a form under the name of a project."""
    return form.but(name=_id(project, form.name), caption=_named(project, form.caption))


def _periods(c: Chapter, assessed: Sequence[ProjectStatus]) -> None:
    dates = [(status.project, row) for status in assessed for row in status.project.reported]
    lines = pd.DataFrame([ProjectStatus(*date).values for date in dates[-LISTED:]])
    cut = words.LAST(n=LISTED, all=len(dates)) if len(dates) > LISTED else EMPTY
    form = tables.PERIODS if len(assessed) > 1 else tables.PERIODS.without("project")
    c.table(form.but(note=sentences(form.note, cut)), lines)


def _curve(c: Chapter, status: ProjectStatus) -> None:
    drawn = status.project.rows.rename(columns=CURVES)
    for name in CURVES.values():
        drawn[name] = drawn[name].map(cents).astype("float64")
    c.figure(
        "s_curve",
        _of_project(tables.CURVE, status.project),
        drawn.assign(date=drawn["date"].dt.date),
        sentences(words.REACHED.filled(status.values), _outcome(status)),
        frame=drawn,
        outlook=_outlook(status),
    )


def _outlook(status: ProjectStatus) -> Outlook:
    """Return the budget to reach, and the range of the estimates on the day they are for."""
    values = status.values
    budget = None if values["bac"] is None else float(values["bac"])
    if status.done or not status.estimates or values["ieac_t"] is None:
        return Outlook(budget)
    return Outlook(budget, float(values["low"]), float(values["high"]), status.end)


# Caveats


def _caveats(c: Chapter, projects: Sequence[Project], assessed: Sequence[ProjectStatus]) -> None:
    by_name = {status.project.name: status for status in assessed}
    for project in projects:
        for name, dates in project.contradictions().items():
            sentence = _named(project, words.CONTRADICTIONS[name](dates=dates))
            c.caveat(_id(project, name), sentence, when=bool(dates))
        status = by_name.get(project.name)
        if status is None:
            c.caveat(_id(project, "status"), _named(project, words.NOT_EARNED(date=c.review.today)))
        elif status.earned_until > status.date:
            later = words.LATER(last=status.earned_until, date=status.date)
            c.caveat(_id(project, "later"), _named(project, later))
    c.caveat("detailed", words.LARGEST(n=DETAILED), when=len(assessed) > DETAILED)
