"""Earned value: what the work cost against its worth, how late it is, what it will cost (D1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.amounts import to_the_cent
from reviewlib.charts import forms as charts
from reviewlib.money.earned_value import metrics
from reviewlib.money.earned_value.metrics import METHODS, MONTHS, Index
from reviewlib.money.earned_value.words import (
    AMOUNTS,
    ASSUMED,
    FORMULAS,
    INDICES,
    SCHEDULE,
    STARTS,
    WHY,
    Told,
    cents,
)
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
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

SLUG = "earned_value"
DETAILED = 4  # projects with facts and a curve of their own, those of the largest budgets
LISTED = 200  # status dates of the table
NAMED = 5  # dates that a sentence names


def earned_value(review: Review) -> Section:
    """Return the chapter on earned value and earned schedule."""
    _ = review.wording.gettext
    title, table = _("Earned value"), review.table("earned_value")
    if table is None:
        return review.not_assessed(SLUG, title, review.absence("earned_value"))
    start = pd.Timestamp(review.contract.period.first)
    found = [Told(review, each) for each in metrics.projects(table, review.today, start)]
    told = [each for each in found if each.project.status >= 0]
    if not told:
        because = _(
            "no row of {file} states an earned value (earned_value) by {date}: what was done "
            "can't be told from what was planned and spent."
        ).format(file="earned_value.csv", date=review.wording.date(review.today))
        return review.not_assessed(SLUG, title, because)
    largest = sorted(told, key=lambda each: each.project.bac or 0, reverse=True)[:DETAILED]
    chosen = [each for each in told if each in largest]
    return review.section(
        SLUG,
        title,
        headline=_headline(review, told),
        intro=_intro(review),
        facts=tuple(fact for each in chosen for fact in _facts(each)),
        findings=tuple(finding for each in told for finding in _findings(each)),
        tables=_tables(review, told, chosen),
        figures=tuple(_curve(each) for each in chosen),
        caveats=tuple(_caveats(review, found, len(chosen))),
    )


def _intro(review: Review) -> str:
    return review.wording.gettext(
        "The planned value (PV) is the budget of the work that was to be done by a date, the "
        "earned value (EV) that of the work done by then, the actual cost (AC) what it cost. An "
        "index of 1 is as planned, above it is better. The SPI compares amounts, and ends at 1 "
        "once the work is done, however late: the delay is read from the earned schedule (ES), "
        "the time by which the plan had what is earned, against the time spent (AT): SPI(t) is "
        "ES / AT. No target applies: the contract states none."
    )


def _headline(review: Review, told: Sequence[Told]) -> str:
    _, w = review.wording.gettext, review.wording
    if len(told) > 1:
        over = sum(_below(each.indices["cpi"]) for each in told)
        behind = sum(_below(each.schedule["spi_t"]) for each in told)
        said = _(
            "Projects: {n}, of which costing more than what is earned: {over}, and behind the "
            "plan: {behind}."
        )
        return said.format(n=w.number(len(told)), over=w.number(over), behind=w.number(behind))
    (each,) = told
    said = _("Status on {date}: CPI {cpi}, SPI(t) {spi_t}.").format(
        date=w.date(each.on),
        cpi=w.index(float(each.indices["cpi"])),
        spi_t=w.index(float(each.schedule["spi_t"])),
    )
    return " ".join([said, *_outcome(each)])


def _below(index: Index) -> bool:
    return index.value is not None and index.value < 1


def _outcome(each: Told) -> Iterator[str]:
    """Yield what the work cost in the end, or what it is estimated to."""
    _, bac = each.review.wording.gettext, each.project.bac
    if bac is None or not each.estimates:
        return
    low, high = (pick(each.estimates, key=lambda m: each.estimates[m]) for pick in (min, max))
    values = {
        "bac": each.money(bac),
        "ac": each.money(each.stated["ac"]),
        "low": each.money(each.estimates[low]),
        "high": each.money(each.estimates[high]),
    }
    if each.done and each.stated["ac"] is not None:
        yield _("All that was planned is done; it cost {ac}, for a budget of {bac}.").format(
            **values
        )
    elif each.estimates[low] == each.estimates[high]:
        said = _("The cost at completion is estimated at {low}, for a budget of {bac}.")
        yield said.format(**values)
    else:
        yield _(
            "The cost at completion is estimated at {low} ({first}) to {high} ({last}), for a "
            "budget of {bac}."
        ).format(first=FORMULAS[low], last=FORMULAS[high], **values)


# --- Facts


def _facts(each: Told) -> Iterator[Fact]:
    _, w = each.review.wording.gettext, each.review.wording
    said: dict[str, Any] = {
        "period": _("as of {date}").format(date=w.date(each.on)),
        "source": _("earned_value.csv: planned_value, earned_value, actual_cost"),
    }
    missing = {"pv": metrics.NO_PV, "ev": metrics.NO_EV, "ac": metrics.NO_AC, "bac": metrics.NO_BAC}
    for name, words in AMOUNTS.items():
        amount = each.stated[name]
        note = _(WHY[missing[name]]) if amount is None else ""
        value = cents(amount)
        yield Fact(each.id(name), each.named(_(words)), value, Unit.MONEY, note=note, **said)
    amounts = {name: each.money(amount) for name, amount in each.stated.items()}
    amounts["eac_cpi"] = each.money(each.indices["eac_cpi"].value)
    for name, (words, unit, formula) in INDICES.items():
        index = each.indices[name]
        value = cents(index.value) if unit is Unit.MONEY else _value(index)
        note = each.why(index) if index.why else formula.format(**amounts)
        yield Fact(each.id(name), each.named(_(words)), value, unit, note=note, **said)
    for name, (labels, formula) in SCHEDULE.items():
        index = each.schedule[name]
        note = each.why(index) if index.why else _timed(each, name, formula)
        counted = each.project.calendar.unit if each.project.calendar else MONTHS
        words = _(labels[counted])
        yield Fact(each.id(name), each.named(words), _value(index), Unit.INDEX, note=note, **said)


def _value(index: Index) -> float | None:
    return None if index.value is None else float(index)


def _timed(each: Told, name: str, formula: str) -> str:
    """Return the formula of the schedule with its numbers, and what its days are counted from."""
    _, w, project = each.review.wording.gettext, each.review.wording, each.project
    assert project.calendar is not None
    times = {"at": project.calendar.time(each.at), "es": each.schedule["es"].value}
    times["pd"] = each.schedule["pd"].value
    shown = {key: w.number(float(time or 0), 3) for key, time in times.items()}
    if name == "es":
        start = _(STARTS[project.calendar.basis]).format(date=w.date(project.calendar.start))
        return w.chained([_read_off(each), start])
    if name == "ieac_t":
        end = project.calendar.day(each.schedule[name].value or Fraction(0))
        said = [_("that is {date}").format(date=w.date(end))] if end == end else []
        return w.chained([formula.format(**shown), *said])
    return formula.format(**shown)


def _read_off(each: Told) -> str:
    """Return C + I with its numbers."""
    w, plan, ev = each.review.wording, each.project.plan, each.stated["ev"]
    if ev is None or ev >= plan.values[-1]:
        return "ES = PD"
    c, low, high, length = plan.segment(ev)
    part = f"({each.money(ev)} − {each.money(low)}) / ({each.money(high)} − {each.money(low)})"
    times = "" if length == 1 else f" × {w.number(float(length), 3)}"
    return f"C + I = {w.number(float(c), 3)} + {part}{times}"


# --- Findings


def _findings(each: Told) -> Iterator[Finding]:
    for finding in (_cost(each), _delay(each)):
        if finding is not None:
            yield finding


def _cost(each: Told) -> Finding | None:
    _, w = each.review.wording.gettext, each.review.wording
    cpi, cv = each.indices["cpi"].value, each.indices["cv"].value
    if cpi is None or cv is None:
        return None
    if cv < 0:
        said = _("By {date}, work worth {ev} had cost {ac}, {gap} more than its worth (CPI {cpi}).")
    elif cv > 0:
        said = _("By {date}, work worth {ev} had cost {ac}, {gap} less than its worth (CPI {cpi}).")
    else:
        said = _("By {date}, work worth {ev} had cost just that (CPI {cpi}).")
    sentence = said.format(
        date=w.date(each.on),
        ev=each.money(each.stated["ev"]),
        ac=each.money(each.stated["ac"]),
        gap=each.money(abs(cv)),
        cpi=w.index(float(cpi)),
    )
    decision = _("Settle who bears what the work costs above its budget.") if cv < 0 else ""
    wrong = each.indices["eac_remaining"].why == metrics.OVER_BAC
    return Finding(
        each.id("cost"),
        each.named(" ".join([sentence, *_outcome(each)])),
        Kind.CONCERN if cv < 0 else Kind.NEUTRAL if wrong else Kind.STRENGTH,
        (each.on.date().isoformat(),),
        each.named(decision),
    )


def _delay(each: Told) -> Finding | None:
    """Return whether the work is behind the plan: by the earned schedule, else by the SPI."""
    _, w = each.review.wording.gettext, each.review.wording
    late = each.schedule["sv_t"].value
    if late is None:
        return _by_amounts(each)
    said = [_done(each)] if each.done else [_behind(each, late), *_pace(each)]
    spi = each.indices["spi"].value
    if late < 0 and spi is not None:
        said.append(
            _(
                "The SPI, {spi}, is not read for that: it tends to 1 as the work gets done, "
                "however late."
            ).format(spi=w.index(float(spi)))
        )
    decision = _("Settle the causes of the delay, and the date that the work is held to.")
    return Finding(
        each.id("schedule"),
        each.named(" ".join(said)),
        Kind.CONCERN if late < 0 else Kind.STRENGTH,
        (each.at.date().isoformat(),),
        each.named(decision) if late < 0 and not each.done else "",
    )


def _behind(each: Told, late: Fraction) -> str:
    _, w = each.review.wording.gettext, each.review.wording
    if late < 0:
        said = _("On {date} the work was {gap} behind the plan: SPI(t) {spi_t}.")
    elif late > 0:
        said = _("On {date} the work was {gap} ahead of the plan: SPI(t) {spi_t}.")
    else:
        said = _("On {date} the work was on plan: SPI(t) {spi_t}.")
    return said.format(
        date=w.date(each.on),
        gap=each.span(abs(late)),
        spi_t=w.index(float(each.schedule["spi_t"])),
    )


def _pace(each: Told) -> Iterator[str]:
    """Yield when the work ends at the pace so far."""
    _, w, calendar = each.review.wording.gettext, each.review.wording, each.project.calendar
    end, planned = each.schedule["ieac_t"].value, each.schedule["pd"].value
    if calendar is None or end is None or planned is None:
        return
    day = calendar.day(end)
    if day == day:
        said = _("At the pace so far it takes {end} rather than {planned}, until {date}.")
        yield said.format(end=each.span(end), planned=each.span(planned), date=w.date(day))


def _done(each: Told) -> str:
    _, w, calendar = each.review.wording.gettext, each.review.wording, each.project.calendar
    assert calendar is not None
    said = _("The work was done by {date}, after {taken} for {planned} planned: SPI(t) {spi_t}.")
    return said.format(
        date=w.date(each.at),
        taken=each.span(Fraction(calendar.time(each.at))),
        planned=each.span(each.schedule["pd"].value or Fraction(0)),
        spi_t=w.index(float(each.schedule["spi_t"])),
    )


def _by_amounts(each: Told) -> Finding | None:
    _, w = each.review.wording.gettext, each.review.wording
    spi, why = each.indices["spi"].value, WHY[each.schedule["sv_t"].why]
    if spi is None:
        return None
    said = _(
        "On {date} the SPI was {spi}. It compares amounts and tends to 1 as the work gets done; "
        "the delay in time can't be told, because {reason}."
    ).format(date=w.date(each.on), spi=w.index(float(spi)), reason=_(why))
    kind = Kind.CONCERN if spi < 1 else Kind.NEUTRAL
    return Finding(each.id("schedule"), each.named(said), kind, (each.on.date().isoformat(),))


# --- Tables and curve


def _tables(review: Review, told: Sequence[Told], chosen: Sequence[Told]) -> tuple[Table, ...]:
    several = (_overview(review, told),) if len(told) > 1 else ()
    return (*several, *(_estimates(each) for each in chosen), _periods(review, told))


def _overview(review: Review, told: Sequence[Told]) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("project", _("Project"), quoted=True), Column("date", _("Status date"), Unit.DATE),
        *(Column(name, name.upper(), Unit.MONEY) for name in ("bac", "pv", "ev", "ac")),
        Column("cpi", "CPI", Unit.INDEX), Column("spi", "SPI", Unit.INDEX),
        Column("spi_t", "SPI(t)", Unit.INDEX),
    )  # fmt: skip
    lines: list[tuple[Scalar, ...]] = [
        (
            each.name, cell(each.on.date()),
            *(cents(each.stated[name]) for name in ("bac", "pv", "ev", "ac")),
            *(_value(each.indices[name]) for name in ("cpi", "spi")),
            _value(each.schedule["spi_t"]),
        )
        for each in told
    ]  # fmt: skip
    sums = metrics.together([each.project for each in told])
    if sums is None:
        note = _(
            "No totals: the projects differ in their status date, or do not state all amounts."
        )
    else:
        whole = metrics.indices(sums["pv"], sums["ev"], sums["ac"], sums["bac"])
        amounts = (cents(sums[name]) for name in ("bac", "pv", "ev", "ac"))
        indices = (_value(whole[name]) for name in ("cpi", "spi"))
        lines.append((_("Total"), cell(told[0].on.date()), *amounts, *indices, None))
        note = _(
            "The total adds up amounts of one status date; its indices are those of the sums. "
            "Times do not add up, so that it has no SPI(t)."
        )
    return Table(f"{SLUG}.projects", _("Projects"), columns, tuple(lines), note)


def _estimates(each: Told) -> Table:
    _ = each.review.wording.gettext
    columns: tuple[Column, ...] = (
        Column("method", _("Method")),
        Column("assumed", _("Assumes that")),
        Column("eac", "EAC", Unit.MONEY),
        Column("vac", "VAC", Unit.MONEY),
        Column("tcpi", _("TCPI to that EAC"), Unit.INDEX),
        Column("why", _("“—”, because")),
    )
    lines: list[tuple[Scalar, ...]] = [
        (
            FORMULAS[method],
            _(ASSUMED[method]),
            *(cents(each.indices[f"{name}_{method}"].value) for name in ("eac", "vac")),
            _value(each.indices[f"tcpi_{method}"]),
            _(WHY.get(each.indices[f"tcpi_{method}"].why, "")) or None,
        )
        for method in METHODS
    ]
    if not any(line[-1] for line in lines):
        columns, lines = columns[:-1], [line[:-1] for line in lines]
    caption = each.named(_("Estimates at completion, by method"))
    note = _(
        "VAC = BAC − EAC. TCPI: the cost performance that the rest of the work needs for the cost "
        "to end at that EAC; with EAC = BAC / CPI it is the CPI itself."
    )
    return Table(each.id("estimates"), caption, columns, tuple(lines), note)


def _periods(review: Review, told: Sequence[Told]) -> Table:
    _, w = review.wording.gettext, review.wording
    known = [
        (each, row)
        for each in told
        for row in np.flatnonzero(each.project.rows[["ev", "ac"]].notna().any(axis=1)).tolist()
    ]
    last = known[-LISTED:]
    money = {name: name.upper() for name in ("pv", "ev", "ac", "sv", "cv")}
    named = (Column("project", _("Project"), quoted=True),) if len(told) > 1 else ()
    columns = (
        *named,
        Column("date", _("Status date"), Unit.DATE),
        *(Column(name, label, Unit.MONEY) for name, label in money.items()),
        *(Column(name, label, Unit.INDEX) for name, label in
          (("spi", "SPI"), ("cpi", "CPI"), ("es", "ES"), ("spi_t", "SPI(t)"))),
    )  # fmt: skip
    lines = tuple(_period(each, row, bool(named)) for each, row in last)
    note = _("“—”: not stated on that date, or undefined.")
    if len(known) > LISTED:
        note += " " + _("The last {n} of {all}.").format(
            n=w.number(LISTED), all=w.number(len(known))
        )
    return Table(f"{SLUG}.periods", _("The status, date by date"), columns, lines, note)


def _period(each: Told, row: int, named: bool) -> tuple[Scalar, ...]:
    stated, indices = each.project.stated(row), each.project.indices(row)
    schedule = each.project.schedule(row)
    return (
        *((each.name,) if named else ()),
        cell(each.project.rows["date"].iloc[row].date()),
        *(cents(stated[name]) for name in ("pv", "ev", "ac")),
        *(cents(indices[name].value) for name in ("sv", "cv")),
        *(_value(indices[name]) for name in ("spi", "cpi")),
        *(_value(schedule[name]) for name in ("es", "spi_t")),
    )


def _curve(each: Told) -> Figure:
    _, w = each.review.wording.gettext, each.review.wording
    names = {"pv": "planned", "ev": "earned", "ac": "actual"}
    drawn = each.project.rows.rename(columns=names)
    for name in names.values():
        drawn[name] = drawn[name].map(cents).astype("float64")
    columns = (
        Column("date", _("Status date"), Unit.DATE),
        Column("planned", _("Planned value (PV)"), Unit.MONEY),
        Column("earned", _("Earned value (EV)"), Unit.MONEY),
        Column("actual", _("Actual cost (AC)"), Unit.MONEY),
    )
    name, title = each.id("curve"), each.named(_("Planned, earned and spent"))
    svg = charts.s_curve(drawn, charts.Labels(name), w, _outlook(each))
    said = _("On {date}: planned {pv}, earned {ev}, spent {ac}.").format(
        date=w.date(each.on), **{key: each.money(each.stated[key]) for key in names}
    )
    lines = drawn.assign(date=drawn["date"].dt.date)
    table = Table(f"{name}.table", title, columns, rows(lines, columns))
    return Figure(name, svg, title, " ".join([said, *_outcome(each)]), table)


def _outlook(each: Told) -> charts.Outlook:
    """Return the budget to reach, and the range of the estimates on the day they are for."""
    bac, calendar = cents(each.project.bac), each.project.calendar
    end = each.schedule["ieac_t"].value
    if each.done or not each.estimates or calendar is None or end is None:
        return charts.Outlook(float("nan") if bac is None else bac)
    low, high = (float(to_the_cent(pick(each.estimates.values()))) for pick in (min, max))
    return charts.Outlook(float("nan") if bac is None else bac, low, high, calendar.day(end).date())


def _caveats(review: Review, found: Sequence[Told], chosen: int) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    said = {
        metrics.PLAN_FALLS: _(
            "The planned value falls on {dates}, though it adds up: no earned schedule is built "
            "on it, and the budget at completion is its last value."
        ),
        metrics.COST_FALLS: _(
            "The actual cost falls on {dates}, though it adds up: a credit note, or a mistake. "
            "The figures rest on the cost stated last."
        ),
        metrics.OVER_BAC: _(
            "The earned value is above the budget at completion on {dates}: more than all of the "
            "work can't be done. Estimates at completion and the earned schedule are not built "
            "on it."
        ),
    }
    for each in found:
        for name, days in each.project.contradictions().items():
            if days:
                dates = [w.date(day) for day in days[:NAMED]]
                more = len(days) - NAMED
                dates += [w.ngettext("{n} other date", "{n} other dates", more)] if more > 0 else []
                sentence = said[name].format(dates=w.listed(dates))
                yield Caveat(each.id(name), each.named(sentence))
        if each.project.status < 0:
            sentence = _("No earned value is stated by {date}: the project is not assessed.")
            yield Caveat(each.id("status"), each.named(sentence.format(date=w.date(review.today))))
        else:
            yield from _costless(each)
    told = sum(each.project.status >= 0 for each in found)
    if told > chosen:
        yield Caveat(
            f"{SLUG}.detailed",
            w.ngettext(
                "Figures and curve are those of the {n} project of the largest budget; the table "
                "of projects has all.",
                "Figures and curves are those of the {n} projects of the largest budgets; the "
                "table of projects has all.",
                chosen,
            ),
        )


def _costless(each: Told) -> Iterator[Caveat]:
    """Yield that what is earned is known up to a later day than what is spent."""
    _, w, project = each.review.wording.gettext, each.review.wording, each.project
    last = project.rows.loc[project.rows["ev"].notna(), "date"].iloc[-1]
    if last > each.on:
        said = _(
            "The earned value is stated up to {last}, the actual cost only up to {date}: the "
            "figures are those of {date}, and the table of the status has the later dates."
        )
        sentence = said.format(last=w.date(last), date=w.date(each.on))
        yield Caveat(each.id("later"), each.named(sentence))
