"""Earned value: what the work cost against its worth, how late it is, what it will cost (D1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.amounts import to_the_cent
from reviewlib.money.earned_value import metrics, tables, words
from reviewlib.money.earned_value.metrics import METHODS, MONTHS, Index, Project
from reviewlib.money.earned_value.status import Status, cents
from reviewlib.report.chapter import AS_OF, LISTED, Chapter
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, chained, dotted, sentences
from reviewlib.report.values import Kind, Outlook, Section, Unit
from reviewlib.review import Review

DETAILED = 4  # projects with facts and a curve of their own, those of the largest budgets
SOURCE = "earned_value.csv: planned_value, earned_value, actual_cost"
CURVES = {"pv": "planned", "ev": "earned", "ac": "actual"}


def earned_value(review: Review) -> Section:
    """Return the chapter on earned value and earned schedule."""
    c = Chapter(review, "earned_value", N_("Earned value"))
    table = review.table("earned_value")
    if table is None:
        return c.not_assessed(review.absent("earned_value"))
    start = pd.Timestamp(review.contract.period.first)
    projects = metrics.projects(table, review.today, start)
    assessed = [Status(project) for project in projects if project.status >= 0]
    if not assessed:
        return c.not_assessed(words.NONE_EARNED(file="earned_value.csv", date=review.today))
    largest = sorted(assessed, key=lambda status: status.project.bac or 0, reverse=True)[:DETAILED]
    detailed = [status for status in assessed if status in largest]
    _headline(c, assessed)
    c.intro(words.EXPLAINED)
    if len(assessed) > 1:
        _projects(c, assessed)
    for status in detailed:
        _facts(c, status)
        _estimates(c, status)
        _curve(c, status)
    for status in assessed:
        _cost(c, status)
        _delay(c, status)
    _periods(c, assessed)
    _caveats(c, projects, len(detailed))
    return c.section()


def _id(project: Project, name: str) -> str:
    return ".".join(part for part in (project.name, name) if part)


def _named(project: Project, text: Text) -> Text:
    """Return a text after the name of the project, where it has one."""
    return dotted(project.name, text) if text else EMPTY


def _headline(c: Chapter, assessed: Sequence[Status]) -> None:
    if len(assessed) > 1:
        over = sum(_below(status.indices["cpi"]) for status in assessed)
        behind = sum(_below(status.schedule["spi_t"]) for status in assessed)
        c.headline(words.SEVERAL(n=len(assessed), over=over, behind=behind))
        return
    (status,) = assessed
    cpi, spi_t = status.indices["cpi"].value, status.schedule["spi_t"].value
    c.headline(words.ONE(date=status.date, cpi=cpi, spi_t=spi_t), _outcome(status))


def _below(index: Index) -> bool:
    return index.value is not None and index.value < 1


def _outcome(status: Status) -> Text:
    """Return what the work cost in the end, or what it is estimated to."""
    estimates, amounts = status.estimates, status.amounts
    if amounts["bac"] is None or not estimates:
        return EMPTY
    low, high = (pick(estimates, key=estimates.__getitem__) for pick in (min, max))
    values = amounts | {"low": cents(estimates[low]), "high": cents(estimates[high])}
    if status.done and amounts["ac"] is not None:
        return _with(words.COST_IN_THE_END, values)
    if estimates[low] == estimates[high]:
        return _with(words.ESTIMATED, values)
    return _with(
        words.ESTIMATED_BETWEEN,
        values | {"first": words.FORMULAS[low], "last": words.FORMULAS[high]},
    )


# Facts

Row = tuple[str, Text, Any, Unit, Text]
"""A figure: its name, label, value, unit, and its formula or why it has no value."""


def _facts(c: Chapter, status: Status) -> None:
    period = AS_OF(date=status.date)
    for name, label, value, unit, note in (*_amounts(status), *_indices(status), *_times(status)):
        c.fact(
            _id(status.project, name), _named(status.project, label), value, unit,
            note=note, period=period, source=SOURCE,
        )  # fmt: skip


def _amounts(status: Status) -> Iterator[Row]:
    missing = {"pv": metrics.NO_PV, "ev": metrics.NO_EV, "ac": metrics.NO_AC, "bac": metrics.NO_BAC}
    for name, label in words.AMOUNTS.items():
        amount = status.amounts[name]
        yield name, label, amount, Unit.MONEY, words.WHY[missing[name]] if amount is None else EMPTY


def _indices(status: Status) -> Iterator[Row]:
    for name, (label, unit, formula) in words.INDICES.items():
        index = status.indices[name]
        value = cents(index.value) if unit is Unit.MONEY else index.value
        yield name, label, value, unit, _why(index) or _with(formula, status.amounts, "money")


def _times(status: Status) -> Iterator[Row]:
    calendar = status.project.calendar
    unit = words.UNITS[calendar.unit if calendar else MONTHS]
    for name, (label, formula) in words.SCHEDULE.items():
        index = status.schedule[name]
        note = _why(index) or _time(status, name, formula)
        yield name, _with(label, {"unit": unit}), index.value, Unit.INDEX, note


def _why(index: Index) -> Text:
    """Return why an index has no value: what is not stated, or what leaves it undefined."""
    if not index.why:
        return EMPTY
    return (
        words.WHY[index.why]
        if index.why in metrics.NOT_STATED
        else words.UNDEFINED(reason=words.WHY[index.why])
    )


def _with(message: Message, values: Mapping[str, Any], form: str = "") -> Message:
    """Return a sentence or a formula with those values that it names, shown in a form."""
    named = {name: values[name] for name in message.open}
    return message(**{name: Shown(of, form) if form else of for name, of in named.items()})


def _time(status: Status, name: str, formula: Message) -> Text:
    """Return the formula of a time with its numbers, and what its days are counted from."""
    calendar = status.project.calendar
    assert calendar is not None
    if name == "es":
        return chained(
            [_read_off(status, formula), words.STARTS[calendar.basis](date=calendar.start)]
        )
    numbers = _with(formula, status.times, "number.3")
    if name == "ieac_t" and status.end is not None:
        return chained([numbers, N_("that is {date}")(date=status.end)])
    return numbers


def _read_off(status: Status, formula: Message) -> Message:
    """Return C + I with its numbers."""
    plan, ev = status.project.plan, status.stated["ev"]
    if ev is None or ev >= plan.values[-1]:
        return words.AT_THE_END
    c, low, high, length = plan.segment(ev)
    amounts = {"ev": cents(ev), "low": cents(low), "high": cents(high)}
    numbers = _with(formula(c=Shown(c, "number.3")), amounts, "money")
    return numbers if length == 1 else words.STRETCHED(formula=numbers, length=length)


# Findings


def _cost(c: Chapter, status: Status) -> None:
    cpi, cv = status.indices["cpi"].value, status.indices["cv"].value
    if cpi is None or cv is None:
        return
    values = {"date": status.date, "gap": cents(abs(cv)), "cpi": cpi, **status.amounts}
    wrong = status.indices["eac_remaining"].why == metrics.OVER_BAC
    c.find(
        Kind.CONCERN if cv < 0 else Kind.NEUTRAL if wrong else Kind.STRENGTH,
        _id(status.project, "cost"),
        _named(status.project, sentences(_with(words.COST[_sign(cv)], values), _outcome(status))),
        about=[status.date],
        decision=_named(status.project, words.ABOVE_BUDGET) if cv < 0 else EMPTY,
    )


def _delay(c: Chapter, status: Status) -> None:
    """Add whether the work is behind the plan: by the earned schedule, else by the SPI."""
    ahead = status.schedule["sv_t"].value
    if ahead is None:
        _by_amounts(c, status)
        return
    spi = status.indices["spi"].value
    not_read = EMPTY if spi is None or ahead >= 0 else words.NOT_READ(spi=spi)
    sentence = sentences(_done(status) if status.done else _pace(status, ahead), not_read)
    c.find(
        Kind.CONCERN if ahead < 0 else Kind.STRENGTH,
        _id(status.project, "schedule"),
        _named(status.project, sentence),
        about=[status.schedule_date],
        decision=_named(status.project, words.BEHIND) if ahead < 0 and not status.done else EMPTY,
    )


def _pace(status: Status, ahead: Fraction) -> Text:
    """Return how far the work is from the plan, and when it ends at the pace so far."""
    spi_t, gap = status.schedule["spi_t"].value, _length(status, abs(ahead))
    place = _with(words.PLACE[_sign(ahead)], {"date": status.date, "gap": gap, "spi_t": spi_t})
    if status.end is None:
        return place
    end, planned = status.schedule["ieac_t"].value or Fraction(0), status.times["pd"]
    takes = words.PACE(end=_length(status, end), planned=_length(status, planned), date=status.end)
    return sentences(place, takes)


def _done(status: Status) -> Text:
    return words.DONE(
        date=status.schedule_date,
        taken=_length(status, status.times["at"]),
        planned=_length(status, status.times["pd"]),
        spi_t=status.schedule["spi_t"].value,
    )


def _length(status: Status, time: Fraction) -> Message:
    """Return a length of time in the unit of the plan: 0.875 months, 12 days."""
    assert status.project.calendar is not None
    return words.LENGTHS[status.project.calendar.unit](n=time)


def _by_amounts(c: Chapter, status: Status) -> None:
    spi, reason = status.indices["spi"].value, words.WHY[status.schedule["sv_t"].why]
    if spi is not None:
        kind = Kind.CONCERN if spi < 1 else Kind.NEUTRAL
        sentence = _named(
            status.project, words.BY_AMOUNTS(date=status.date, spi=spi, reason=reason)
        )
        c.find(kind, _id(status.project, "schedule"), sentence, about=[status.date])


def _sign(amount: Fraction) -> int:
    return (amount > 0) - (amount < 0)


# Tables and curve


def _projects(c: Chapter, assessed: Sequence[Status]) -> None:
    lines = [_line(status.project, status.project.status) for status in assessed]
    sums = metrics.together([status.project for status in assessed])
    if sums is not None:
        indices = metrics.indices(sums["pv"], sums["ev"], sums["ac"], sums["bac"])
        total = {name: cents(amount) for name, amount in sums.items()}
        ratios = {name: indices[name].value for name in ("cpi", "spi")}
        lines.append({"project": N_("Total"), "date": assessed[0].date, **total, **ratios})
    c.table(
        tables.PROJECTS.but(note=tables.NO_TOTAL if sums is None else tables.TOTAL),
        pd.DataFrame(lines),
    )


def _line(project: Project, row: int) -> dict[str, Any]:
    """Return the amounts and indices on one of the dates of a project."""
    indices = project.indices(row) | project.schedule(row)
    return {
        "project": project.name,
        "date": project.rows["date"].iloc[row].date(),
        **{name: cents(amount) for name, amount in project.stated(row).items()},
        **{name: cents(indices[name].value) for name in ("sv", "cv")},
        **{name: indices[name].value for name in ("spi", "cpi", "es", "spi_t")},
    }


def _estimates(c: Chapter, status: Status) -> None:
    lines = []
    for method in METHODS:
        eac, vac, tcpi = (status.indices[f"{name}_{method}"] for name in ("eac", "vac", "tcpi"))
        amounts = {"eac": cents(eac.value), "vac": cents(vac.value), "tcpi": tcpi.value}
        labels = {"formula": words.FORMULAS[method], "assumed": words.ASSUMED[method]}
        lines.append({**labels, **amounts, "why": words.WHY.get(tcpi.why)})
    estimates = pd.DataFrame(lines)
    form = tables.ESTIMATES.but(
        name=_id(status.project, "estimates"),
        caption=_named(status.project, tables.ESTIMATES.caption),
    )
    why = estimates["why"].notna().any()
    c.table(form if why else form.only([*estimates.columns.drop("why")]), estimates)


def _periods(c: Chapter, assessed: Sequence[Status]) -> None:
    dates = [
        (status.project, row)
        for status in assessed
        for row in np.flatnonzero(status.project.rows[["ev", "ac"]].notna().any(axis=1)).tolist()
    ]
    lines = pd.DataFrame([_line(*of) for of in dates[-LISTED:]])
    cut = words.LAST(n=LISTED, all=len(dates)) if len(dates) > LISTED else EMPTY
    keys = [
        col.key for col in tables.PERIODS.columns if len(assessed) > 1 or col is not tables.PROJECT
    ]
    c.table(tables.PERIODS.only(keys).but(note=sentences(tables.PERIODS.note, cut)), lines)


def _curve(c: Chapter, status: Status) -> None:
    drawn = status.project.rows.rename(columns=CURVES)
    for name in CURVES.values():
        drawn[name] = drawn[name].map(cents).astype("float64")
    form = tables.CURVE.but(
        name=_id(status.project, "curve"), caption=_named(status.project, tables.CURVE.caption)
    )
    c.figure(
        "s_curve",
        form,
        drawn.assign(date=drawn["date"].dt.date),
        sentences(_with(words.REACHED, {"date": status.date, **status.amounts}), _outcome(status)),
        frame=drawn,
        outlook=_outlook(status),
    )


def _outlook(status: Status) -> Outlook:
    """Return the budget to reach, and the range of the estimates on the day they are for."""
    bac = status.amounts["bac"]
    budget = None if bac is None else float(bac)
    if status.done or not status.estimates or status.schedule["ieac_t"].value is None:
        return Outlook(budget)
    low, high = (float(to_the_cent(pick(status.estimates.values()))) for pick in (min, max))
    return Outlook(budget, low, high, status.end)


# Caveats


def _caveats(c: Chapter, projects: Sequence[Project], detailed: int) -> None:
    for project in projects:
        for name, dates in project.contradictions().items():
            sentence = _named(project, words.CONTRADICTIONS[name](dates=dates))
            c.caveat(_id(project, name), sentence, when=bool(dates))
        if project.status < 0:
            c.caveat(_id(project, "status"), _named(project, words.NOT_EARNED(date=c.review.today)))
        else:
            status = Status(project)
            later = words.LATER(last=status.earned_until, date=status.date)
            held = status.earned_until > status.date
            c.caveat(_id(project, "later"), _named(project, later), when=held)
    assessed = sum(project.status >= 0 for project in projects)
    c.caveat("detailed", words.LARGEST(n=detailed), when=assessed > detailed)
