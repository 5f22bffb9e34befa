"""Milestones: what was promised for when, what moved, what changes explain (C1, C2, C5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import JUDGED, punctuality
from reviewlib.charts import forms as charts
from reviewlib.delivery import results
from reviewlib.delivery.milestones import metrics
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import STATES, as_of_words, median_fact, on_time_fact, worded
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Kind,
    Section,
    Table,
    Unit,
    cell,
    rows,
)
from reviewlib.review import Review

SLUG = "milestones"
SLIPPING = 2  # a date moved once is a correction, twice is something to look at
NAMED = 8  # milestones that a sentence names
TOLD = 100  # milestones that have a finding of their own
DRAWN = 40  # milestones that a figure draws
VERDICTS = {
    metrics.CONTRACT: N_("date of the contract"),
    metrics.COUNTS: N_("it counts"),
    metrics.TOO_LATE: N_("no: approved after the date that it moves"),
    metrics.UNDATED: N_("no: the day of its approval is not stated"),
    metrics.NOT_APPROVED: N_("no: not approved"),
    metrics.REFUSED: N_("no: refused"),
    metrics.WITHDRAWN: N_("no: withdrawn"),
}
CONTRACT = "milestones.csv: contract_date, actual_date"
IN_FORCE = (
    f"{CONTRACT}, rebaselined_date, rebaseline_approved_on; "
    "changes.csv: milestone_id, moves_to, decision, decided_on"
)
FORECASTS = "milestone_forecasts.csv: reported_on, forecast_date"


def milestones(review: Review) -> Section:
    """Return the chapter on the milestones of the contract's calendar."""
    _ = review.wording.gettext
    table, changes = review.table("milestones"), review.table("changes")
    if table is None or results.milestones(review) is None:
        return review.not_assessed(
            SLUG, _("Milestones"), review.wording.say(results.absence(review, "milestones"))
        )
    forecasts = review.table("milestone_forecasts")
    dated = metrics.milestones(table, forecasts, review.today, changes)
    given = metrics.baselines(table, changes)
    return review.section(
        SLUG,
        _("Milestones"),
        headline=" ".join([_reached(review, dated), *_longest(review, dated)]),
        intro=_(
            "A milestone is held to the date of the contract, and to the date in force: a "
            "re-baseline counts only where it was approved by the date that it moves. The days "
            "from the date of the contract to the date in force are explained, by the changes "
            "that are named; those from there to the day on which it was reached are not. What is "
            "past its date and not reached is late; what is not due yet is counted apart."
        ),
        facts=(*_facts(review, dated), *_moves(review, dated)),
        findings=(*_findings(review, dated), *_only_later(review, dated)),
        tables=(
            _table(review, dated),
            _baselines(review, given),
            *_announced(review, dated),
        ),
        figures=(_plan(review, dated), *_trend(review, dated, forecasts)),
        caveats=(*_rebaselines(review, given), *_untold(review, dated)),
    )


def _reached(review: Review, dated: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    kept, n = punctuality(dated["baseline_state"])
    if n == 0:
        return _("No milestone has come due yet.")
    return _("Milestones reached by the date in force: {k} of the {n} that have come due.").format(
        k=w.number(kept), n=w.number(n)
    )


def _longest(review: Review, dated: pd.DataFrame) -> Iterator[str]:
    _, late = review.wording.gettext, dated[dated["unexplained_days"] > 0]
    if len(late):
        worst = late.loc[late["unexplained_days"].idxmax()]
        said = _("The longest delay that no approved change explains is that of {id}: {days}.")
        days = review.wording.days(worst["unexplained_days"])
        yield said.format(id=worst["milestone_id"], days=days)


def _facts(review: Review, dated: pd.DataFrame) -> Iterator[Fact]:
    _ = review.wording.gettext
    reached = dated[dated["actual_date"].notna()]
    labels = {
        "contract": (
            _("Milestones reached by the date of the contract"),
            _("Median delay of the milestones reached, against the contract"),
        ),
        "baseline": (
            _("Milestones reached by the date in force"),
            _("Median delay of the milestones reached, against the date in force"),
        ),
    }
    for baseline, source in (("contract", CONTRACT), ("baseline", IN_FORCE)):
        share, delay = labels[baseline]
        states, days = dated[f"{baseline}_state"], reached[f"{baseline}_days"]
        yield on_time_fact(review, f"{SLUG}.on_time.{baseline}", share, states, source)
        yield median_fact(review, f"{SLUG}.delay.{baseline}", delay, days, source)
    counts = {
        "rebaselined": (
            _("Milestones moved by an approved re-baseline"), dated["moved"] > 0, len(dated)
        ),
        "overdue": (
            _("Milestones not reached and past the date in force"),
            dated["baseline_state"] == metrics.OVERDUE,
            len(dated) - len(reached),
        ),
    }  # fmt: skip
    for name, (label, chosen, n) in counts.items():
        count, when = int(chosen.sum()), as_of_words(review)
        yield Fact(f"{SLUG}.{name}", label, count, Unit.COUNT, n=n, period=when, source=IN_FORCE)


def _moves(review: Review, dated: pd.DataFrame) -> Iterator[Fact]:
    _, when = review.wording.gettext, as_of_words(review)
    labels = {
        "moved": _("Milestones whose announced date moved later at least once"),
        "only_later": _("Milestones whose announced date moved later twice or more, never earlier"),
    }
    known = dated[dated["moved_later"].notna()]
    if known.empty:
        because = _("the folder has no forecast (milestone_forecasts.csv)")
        for name, label in labels.items():
            yield Fact(f"{SLUG}.{name}", label, None, Unit.COUNT, note=because)
        return
    counts = {"moved": int((known["moved_later"] > 0).sum()), "only_later": len(_slipping(known))}
    for name, label in labels.items():
        yield Fact(
            f"{SLUG}.{name}",
            label,
            counts[name],
            Unit.COUNT,
            n=len(known),
            period=when,
            source=FORECASTS,
        )
    for row in known[known["moved_later"] >= SLIPPING].head(TOLD).itertuples():
        yield Fact(
            f"{SLUG}.{row.milestone_id}.slips",
            _("Times the announced date of milestone {id} moved later").format(id=row.milestone_id),
            int(row.moved_later),
            Unit.COUNT,
            clause=_text(row.clause),
            period=when,
            source=FORECASTS,
        )


def _slipping(dated: pd.DataFrame) -> pd.DataFrame:
    return dated[(dated["moved_later"] >= SLIPPING) & (dated["moved_earlier"] == 0)]


def _told(dated: pd.DataFrame) -> pd.DataFrame:
    """Return the milestones with something to say, the latest ones first."""
    due = dated["baseline_state"].isin(JUDGED)
    ahead = dated["forecast_date"] > dated["baseline_date"]
    chosen = dated[due | ahead | (dated["moved_later"] >= SLIPPING)]
    return chosen.sort_values("baseline_days", ascending=False, kind="stable").head(TOLD)


def _findings(review: Review, dated: pd.DataFrame) -> Iterator[Finding]:
    """Return a finding for each milestone that came due, is announced late or keeps moving."""
    for row in _told(dated).itertuples():
        held = row.baseline_state == metrics.ON_TIME
        late = row.baseline_state in (metrics.LATE, metrics.OVERDUE)
        late |= row.forecast_date > row.baseline_date
        yield Finding(
            f"{SLUG}.{row.milestone_id}",
            " ".join(_sentences(review, row)),
            Kind.STRENGTH if held else Kind.CONCERN if late else Kind.NEUTRAL,
            (row.milestone_id, *row.explained_by),
            _decision(review, row) if late else "",
            _text(row.clause),
        )


def _only_later(review: Review, dated: pd.DataFrame) -> Iterator[Finding]:
    _, n_ = review.wording.gettext, review.wording.ngettext
    slipping = _slipping(dated)
    if slipping.empty:
        return
    times = [n_("{n} time", "{n} times", int(n)) for n in slipping["moved_later"].head(NAMED)]
    ids = slipping["milestone_id"].head(NAMED)
    named = [f"{name} ({often})" for name, often in zip(ids, times, strict=True)]
    if len(slipping) > NAMED:
        named.append(n_("{n} other", "{n} others", len(slipping) - NAMED))
    sentence = _("Announced dates that only ever moved later, never earlier: {milestones}.")
    yield Finding(
        f"{SLUG}.only_later",
        sentence.format(milestones=review.wording.listed(named)),
        Kind.CONCERN,
        tuple(slipping["milestone_id"].head(TOLD)),
        _("Settle what the announced dates rest on, and who warns of a delay as soon as it shows."),
    )


def _decision(review: Review, row: Any) -> str:
    _ = review.wording.gettext
    if row.baseline_state == metrics.LATE:
        return ""  # who answers for what is late is settled with its causes
    said = _("Milestone {id}: settle the date that it is now held to.")
    return said.format(id=row.milestone_id)


def _sentences(review: Review, row: Any) -> Iterator[str]:
    _, w = review.wording.gettext, review.wording
    said = {
        metrics.ON_TIME: _(
            "Milestone {id} “{title}” was reached on {actual}, by the date of the contract "
            "({planned})."
        ),
        metrics.LATE: _(
            "Milestone {id} “{title}” was reached on {actual}, {days} after the date of the "
            "contract ({planned})."
        ),
        metrics.OVERDUE: _(
            "Milestone {id} “{title}” is not reached as of {today}, {days} after the date of the "
            "contract ({planned})."
        ),
        metrics.NOT_DUE: _("Milestone {id} “{title}” is due on {planned} under the contract."),
    }
    yield said[row.contract_state].format(
        id=row.milestone_id,
        title=row.title,
        actual=w.date(row.actual_date),
        planned=w.date(row.contract_date),
        days=w.days(row.contract_days),
        today=w.date(review.today),
    )
    yield from _split(review, row)
    if row.moved_later > 0:
        yield w.ngettext(
            "The announced date moved later once.",
            "The announced date moved later {n} times.",
            int(row.moved_later),
        )
    if row.forecast_date == row.forecast_date:
        yield _("It is announced for {date}.").format(date=w.date(row.forecast_date))


def _split(review: Review, row: Any) -> Iterator[str]:
    """Yield what approved re-baselines explain of a delay, by which changes, and what is left."""
    _, w = review.wording.gettext, review.wording
    late = row.contract_state in (metrics.LATE, metrics.OVERDUE)
    if row.moved == 0:
        if late:
            yield _("No approved change explains any of it.")
        return
    by = w.listed(list(row.explained_by)) or _("no change request is named")
    force = _("Its date in force is {date}, re-baselined with approval ({by}).")
    yield force.format(date=w.date(row.baseline_date), by=by)
    if row.baseline_state != metrics.NOT_DUE:
        said = _("That explains {explained}; unexplained: {unexplained}.")
        if row.explained_days < 0:
            said = _("That brought it forward by {explained}; unexplained: {unexplained}.")
        yield said.format(
            explained=w.days(abs(row.explained_days)), unexplained=w.days(row.unexplained_days)
        )


def _rebaselines(review: Review, given: pd.DataFrame) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    said = {
        metrics.TOO_LATE: _(
            "Milestone {id}: the re-baseline to {date} ({by}) was approved on {approved}, after "
            "the date that it moves ({planned}). It does not count."
        ),
        metrics.NOT_APPROVED: _(
            "Milestone {id}: no approval of the re-baseline to {date} ({by}) is known as of "
            "{today}. It does not count."
        ),
        metrics.UNDATED: _(
            "Milestone {id}: the re-baseline to {date} ({by}) was approved on a day that is not "
            "stated. It does not count."
        ),
    }
    for row in given[given["verdict"].isin(list(said))].head(TOLD).itertuples():
        change = cell(row.change_id)
        sentence = said[row.verdict].format(
            id=row.milestone_id,
            date=w.date(row.date),
            by=change or _("no change request is named"),
            approved=w.date(row.approved_on),
            planned=w.date(row.moves),
            today=w.date(review.today),
        )
        name = f"{SLUG}.{row.milestone_id}.rebaseline"
        yield Caveat(f"{name}.{change}" if change else name, sentence)


def _untold(review: Review, dated: pd.DataFrame) -> Iterator[Caveat]:
    _, n = review.wording.gettext, review.wording.number
    drawn = {"told": len(_told(dated)), "drawn": min(len(dated), DRAWN)}
    if drawn["drawn"] < len(dated):
        sentence = _(
            "The findings tell of {told} milestones and the figures draw {drawn} of {all}: those "
            "with the longest delay. The tables hold all of them."
        )
        counts = {name: n(count) for name, count in drawn.items()}
        yield Caveat(f"{SLUG}.many", sentence.format(all=n(len(dated)), **counts))


def _table(review: Review, dated: pd.DataFrame) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("milestone_id", _("Milestone")),
        Column("title", _("What"), quoted=True),
        Column("clause", _("Clause"), quoted=True),
        Column("contract_date", _("Contract date"), Unit.DATE),
        Column("baseline_date", _("Date in force"), Unit.DATE),
        Column("actual_date", _("Reached on"), Unit.DATE),
        Column("contract_days", _("Delay against the contract"), Unit.DAYS),
        Column("explained_days", _("Explained"), Unit.DAYS),
        Column("by", _("By the changes")),
        Column("unexplained_days", _("Unexplained"), Unit.DAYS),
        Column("state", _("State")),
    )
    note = _(
        "Delays in calendar days, counted up to {date} for what is not reached; a negative one is "
        "time gained. Explained: from the date of the contract to the date in force, which "
        "approved changes moved. Unexplained: the delay against the date in force."
    ).format(date=review.wording.date(review.today))
    shown = dated.assign(
        state=worded(review.wording, dated["baseline_state"], STATES),
        by=[", ".join(known) or None for known in dated["explained_by"]],
    )
    return Table(f"{SLUG}.table", _("Milestones"), columns, rows(shown, columns), note)


def _baselines(review: Review, given: pd.DataFrame) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("milestone_id", _("Milestone")),
        Column("date", _("Date"), Unit.DATE),
        Column("change_id", _("Change")),
        Column("approved_on", _("Approved on"), Unit.DATE),
        Column("moves", _("Date that it moves"), Unit.DATE),
        Column("days", _("Moved by"), Unit.DAYS),
        Column("said", _("Does it count?")),
    )
    note = _("The date that it moves is the one in force on the day of the approval.")
    lines = rows(given.assign(said=worded(review.wording, given["verdict"], VERDICTS)), columns)
    caption = _("Every date that each milestone was given")
    return Table(f"{SLUG}.baselines", caption, columns, lines, note, folded=True)


def _announced(review: Review, dated: pd.DataFrame) -> Iterator[Table]:
    _ = review.wording.gettext
    columns = (
        Column("milestone_id", _("Milestone")),
        Column("baseline_date", _("Date in force"), Unit.DATE),
        Column("forecast_date", _("Announced for"), Unit.DATE),
        Column("moved_later", _("Times moved later"), Unit.COUNT),
        Column("moved_earlier", _("Times moved earlier"), Unit.COUNT),
    )
    note = _(
        "The first date announced is compared with the one then in force, each other one with the "
        "one before. What is reached is announced no more."
    )
    if lines := rows(dated[dated["moved_later"].notna()], columns):
        caption = _("How the dates announced moved")
        yield Table(f"{SLUG}.announced", caption, columns, lines, note, folded=True)


def _plan(review: Review, dated: pd.DataFrame) -> Figure:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("label", _("Milestone"), quoted=True),
        Column("planned", _("Contract date"), Unit.DATE),
        Column("rebaselined", _("Approved re-baseline"), Unit.DATE),
        Column("actual", _("Reached on"), Unit.DATE),
        Column("forecast", _("Announced for"), Unit.DATE),
    )
    known = _drawn(dated)
    drawn = known.rename(columns={"contract_date": "planned", "forecast_date": "forecast"}).assign(
        label=known["milestone_id"] + " · " + known["title"],
        rebaselined=known["baseline_date"].where(known["moved"] > 0),
        actual=known["actual_date"],
    )
    said = [_reached(review, dated)]
    late = dated[dated["contract_days"] > 0]
    if len(late):
        worst = late.loc[late["contract_days"].idxmax()]
        longest = _("The longest delay against the contract is that of {id}: {days}.")
        days = w.days(worst["contract_days"])
        said.append(longest.format(id=worst["milestone_id"], days=days))
    name, title = f"{SLUG}.plan", _("Milestones: the dates promised and reached")
    svg = charts.plan_against_actual(drawn, charts.Labels(name), w)
    table = Table(f"{name}.table", title, columns, rows(drawn, columns))
    return Figure(name, svg, title, " ".join(said), table)


def _drawn(dated: pd.DataFrame) -> pd.DataFrame:
    return dated if len(dated) <= DRAWN else dated.nlargest(DRAWN, "contract_days").sort_index()


def _trend(review: Review, dated: pd.DataFrame, forecasts: pd.DataFrame | None) -> Iterator[Figure]:
    """Yield the milestone trend chart, where dates were announced."""
    _, w = review.wording.gettext, review.wording
    if forecasts is None:
        return
    known = _drawn(dated)[["milestone_id", "actual_date", "title"]]
    drawn = known.merge(forecasts, on="milestone_id").sort_values(
        ["milestone_id", "reported_on"], kind="stable"
    )
    drawn = drawn.rename(columns={"milestone_id": "label", "actual_date": "reached_on"})
    drawn = drawn[~(drawn["reported_on"] > drawn["reached_on"])]
    if drawn.empty:
        return
    columns = (
        Column("label", _("Milestone")),
        Column("reported_on", _("Report of"), Unit.DATE),
        Column("forecast_date", _("Date announced"), Unit.DATE),
        Column("reached_on", _("Reached on"), Unit.DATE),
    )
    told = dated[dated["moved_later"].notna()]
    most = told.loc[told["moved_later"].idxmax()]
    said = _(
        "Milestones whose announced date moved later at least once: {k} of {n}. The most moves: "
        "{most}, for {id}."
    ).format(
        k=w.number(int((told["moved_later"] > 0).sum())),
        n=w.number(len(told)),
        most=w.number(int(most["moved_later"])),
        id=most["milestone_id"],
    )
    name, title = f"{SLUG}.trend", _("Milestone trend: the dates announced, report by report")
    svg = charts.milestone_trend(drawn, charts.Labels(name), w)
    yield Figure(
        name, svg, title, said, Table(f"{name}.table", title, columns, rows(drawn, columns))
    )


def _text(value: Any) -> str:
    return str(cell(value) or "")
