"""Delivery: what was promised for when, what moved, what was accepted (C1, C3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib import charts
from reviewlib.metrics import delivery as metrics
from reviewlib.report import (
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
from reviewlib.wording import N_

SLUG = "delivery"
SLIPPING = 2  # a date moved once is a correction, twice is something to look at
STATES = {
    metrics.ON_TIME: N_("on time"),
    metrics.LATE: N_("late"),
    metrics.OVERDUE: N_("past its date"),
    metrics.AWAITING: N_("awaiting a decision"),
    metrics.NOT_DUE: N_("not due yet"),
}
DECISIONS = {
    "accepted": N_("accepted"),
    "accepted_with_reservations": N_("accepted with reservations"),
    "refused": N_("refused"),
}
CONTRACT = "milestones.csv: contract_date, actual_date"
IN_FORCE = f"{CONTRACT}, rebaselined_date, rebaseline_approved_on"
FORECASTS = "milestone_forecasts.csv: reported_on, forecast_date"
DECIDED = "submissions.csv: submitted_on, decision"
DELAYS = "submissions.csv: submitted_on, decided_on"


@dataclass(frozen=True, slots=True)
class _Half:
    """Milestones or deliverables: what a half of the chapter says."""

    sentence: str = ""
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    caveats: tuple[Caveat, ...] = ()


def delivery(review: Review) -> Section:
    """Return the chapter on milestones and deliverables."""
    _ = review.wording.gettext
    first, second = _milestones(review), _deliverables(review)
    if not first.tables and not second.tables:
        because = _(
            "the folder has neither milestones (milestones.csv) nor deliverables and their "
            "submissions (deliverables.csv, submissions.csv)."
        )
        return review.not_assessed(SLUG, _("Delivery"), because)
    return review.section(
        SLUG,
        _("Delivery"),
        headline=f"{first.sentence} {second.sentence}".strip(),
        intro=_(
            "A milestone is held to the date of the contract, and to the date in force: a "
            "re-baselined date counts only where it was approved by the date that it moves. What "
            "is past its date and not reached is late; what is not due yet is counted apart. A "
            "deliverable is on time by the day on which the version that was accepted was "
            "submitted: the days that the client took to decide stand apart."
        ),
        facts=first.facts + second.facts,
        findings=first.findings + second.findings,
        tables=first.tables + second.tables,
        figures=first.figures + second.figures,
        caveats=first.caveats + second.caveats,
    )


def _milestones(review: Review) -> _Half:
    _ = review.wording.gettext
    table = review.table("milestones")
    if table is None:
        because = _("the folder has no table of milestones (milestones.csv)")
        name, label = f"{SLUG}.milestones.on_time", _("Milestones reached on time")
        return _Half(facts=(Fact(name, label, None, Unit.SHARE, note=because),))
    dated = metrics.milestones(table, review.table("milestone_forecasts"), review.today)
    return _Half(
        sentence=_reached(review, dated),
        facts=(*_milestone_facts(review, dated), *_moves(review, dated)),
        findings=tuple(_milestone_findings(review, dated)),
        tables=(_milestone_table(review, dated),),
        figures=(_plan(review, dated),),
        caveats=tuple(_rebaselines(review, dated)),
    )


def _deliverables(review: Review) -> _Half:
    _ = review.wording.gettext
    # Read whole: a decision dated after the review's day differs from one that has no date, and a
    # table without a row says that nothing was submitted.
    table = review.table("deliverables")
    submissions = review.engagement.tables.get("submissions")
    if table is None or submissions is None:
        because = _(
            "the folder lacks deliverables or their submissions (deliverables.csv, submissions.csv)"
        )
        name, label = f"{SLUG}.deliverables.on_time", _("Deliverables on time")
        return _Half(facts=(Fact(name, label, None, Unit.SHARE, note=because),))
    sent = metrics.versions(submissions, review.today)
    handed = metrics.deliverables(table, sent, review.today)
    return _Half(
        sentence=_handed_in(review, handed),
        facts=(*_deliverable_facts(review, handed, sent), *_deliverable_counts(review, handed)),
        findings=(*_kept(review, handed), *_deliverable_findings(review, handed)),
        tables=(_deliverable_table(review, handed), *_version_table(review, sent)),
        figures=tuple(_submissions(review, handed)),
        caveats=tuple(_undated(review, sent)),
    )


# Milestones


def _reached(review: Review, dated: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    kept, n = metrics.punctuality(dated["baseline_state"])
    if n == 0:
        return _("No milestone has come due yet.")
    return _("Milestones reached by the date in force: {k} of the {n} that have come due.").format(
        k=w.number(kept), n=w.number(n)
    )


def _milestone_facts(review: Review, dated: pd.DataFrame) -> Iterator[Fact]:
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
        yield _share(review, f"milestones.on_time.{baseline}", share, states, source)
        yield _median(review, f"milestones.delay.{baseline}", delay, days, source)
    yield Fact(
        f"{SLUG}.milestones.overdue",
        _("Milestones not reached and past the date in force"),
        int((dated["baseline_state"] == metrics.OVERDUE).sum()),
        Unit.COUNT,
        n=len(dated) - len(reached),
        period=_as_of(review),
        source=IN_FORCE,
    )


def _moves(review: Review, dated: pd.DataFrame) -> Iterator[Fact]:
    _, when = review.wording.gettext, _as_of(review)
    label = _("Milestones whose announced date moved later at least once")
    known = dated[dated["moved_later"].notna()]
    name = f"{SLUG}.milestones.moved"
    if known.empty:
        because = _("the folder has no forecast (milestone_forecasts.csv)")
        yield Fact(name, label, None, Unit.COUNT, note=because)
        return
    moved = int((known["moved_later"] > 0).sum())
    yield Fact(name, label, moved, Unit.COUNT, n=len(known), period=when, source=FORECASTS)
    for row in known[known["moved_later"] >= SLIPPING].itertuples():
        yield Fact(
            f"{SLUG}.milestone.{row.milestone_id}.slips",
            _("Times the announced date of milestone {id} moved later").format(id=row.milestone_id),
            int(row.moved_later),
            Unit.COUNT,
            clause=_text(row.clause),
            period=when,
            source=FORECASTS,
        )


def _milestone_findings(review: Review, dated: pd.DataFrame) -> Iterator[Finding]:
    """Return a finding for each milestone that came due, is announced late or keeps moving."""
    for row in dated.itertuples():
        held = row.baseline_state == metrics.ON_TIME
        late = row.baseline_state in (metrics.LATE, metrics.OVERDUE)
        late |= row.forecast_date > row.baseline_date
        if held or late or row.moved_later >= SLIPPING:
            yield Finding(
                f"{SLUG}.milestone.{row.milestone_id}",
                " ".join(_milestone_sentences(review, row)),
                Kind.STRENGTH if held else Kind.CONCERN if late else Kind.NEUTRAL,
                (row.milestone_id,),
                _milestone_decision(review, row) if late else "",
                _text(row.clause),
            )


def _milestone_decision(review: Review, row: Any) -> str:
    _ = review.wording.gettext
    if row.baseline_state == metrics.LATE:
        said = _("Milestone {id}: settle the causes of the delay, and who answers for each.")
    else:
        said = _("Milestone {id}: settle the date that it is now held to.")
    return said.format(id=row.milestone_id)


def _milestone_sentences(review: Review, row: Any) -> Iterator[str]:
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
    if row.rebaseline == "approved":
        yield _rebaselined(review, row)
    if row.moved_later > 0:
        yield w.ngettext(
            "The announced date moved later once.",
            "The announced date moved later {n} times.",
            int(row.moved_later),
        )
    if row.forecast_date == row.forecast_date:
        yield _("It is announced for {date}.").format(date=w.date(row.forecast_date))


def _rebaselined(review: Review, row: Any) -> str:
    """Return what an approved re-baseline explains of the delay, and what it leaves."""
    _, w = review.wording.gettext, review.wording
    explained = (row.baseline_date - row.contract_date).days
    if row.baseline_state == metrics.ON_TIME:
        said = _("The date in force is {date}, approved on {approved}: it was kept.")
    elif row.baseline_state == metrics.NOT_DUE:
        said = _("The date in force is {date}, approved on {approved}.")
    elif explained > 0:
        said = _(
            "The re-baseline to {date}, approved on {approved}, explains {explained} of it; "
            "unexplained: {days}."
        )
    else:
        said = _("Against the date in force, {date}, approved on {approved}, it is late by {days}.")
    return said.format(
        date=w.date(row.baseline_date),
        approved=w.date(row.rebaseline_approved_on),
        explained=w.days(explained),
        days=w.days(row.baseline_days),
    )


def _rebaselines(review: Review, dated: pd.DataFrame) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    said = {
        "too_late": _(
            "Milestone {id}: the re-baseline to {date} was approved on {approved}, after the date "
            "that it moves ({planned}). It does not count."
        ),
        "not_approved": _(
            "Milestone {id}: no approval of the re-baseline to {date} is known as of {today}. It "
            "does not count."
        ),
    }
    for row in dated[dated["rebaseline"].isin(list(said))].itertuples():
        sentence = said[row.rebaseline].format(
            id=row.milestone_id,
            date=w.date(row.rebaselined_date),
            approved=w.date(row.rebaseline_approved_on),
            planned=w.date(row.contract_date),
            today=w.date(review.today),
        )
        yield Caveat(f"{SLUG}.milestone.{row.milestone_id}.rebaseline", sentence)


def _milestone_table(review: Review, dated: pd.DataFrame) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("milestone_id", _("Milestone")),
        Column("title", _("What"), quoted=True),
        Column("clause", _("Clause"), quoted=True),
        Column("contract_date", _("Contract date"), Unit.DATE),
        Column("baseline_date", _("Date in force"), Unit.DATE),
        Column("actual_date", _("Reached on"), Unit.DATE),
        Column("forecast_date", _("Announced for"), Unit.DATE),
        Column("contract_days", _("Delay against the contract"), Unit.DAYS),
        Column("baseline_days", _("Delay against the date in force"), Unit.DAYS),
        Column("moved_later", _("Times moved later"), Unit.COUNT),
        Column("state", _("State")),
    )
    note = _(
        "Delays in calendar days, counted up to {date} for what is not reached; a negative one is "
        "time gained. The delay against the contract less the delay against the date in force is "
        "the part that approved re-baselines explain."
    ).format(date=review.wording.date(review.today))
    lines = rows(_worded(review, dated, "baseline_state", STATES), columns)
    return Table(f"{SLUG}.milestones", _("Milestones"), columns, lines, note)


def _plan(review: Review, dated: pd.DataFrame) -> Figure:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("label", _("Milestone"), quoted=True),
        Column("planned", _("Contract date"), Unit.DATE),
        Column("rebaselined", _("Approved re-baseline"), Unit.DATE),
        Column("actual", _("Reached on"), Unit.DATE),
        Column("forecast", _("Announced for"), Unit.DATE),
    )
    drawn = dated.rename(columns={"contract_date": "planned", "forecast_date": "forecast"}).assign(
        label=dated["milestone_id"] + " · " + dated["title"],
        rebaselined=dated["baseline_date"].where(dated["rebaseline"] == "approved"),
        actual=dated["actual_date"],
    )
    said = [_reached(review, dated)]
    late = dated[dated["contract_days"] > 0]
    if len(late):
        worst = late.loc[late["contract_days"].idxmax()]
        longest = _("The longest delay against the contract is that of {id}: {days}.")
        days = w.days(worst["contract_days"])
        said.append(longest.format(id=worst["milestone_id"], days=days))
    name, title = f"{SLUG}.milestones.plan", _("Milestones: the dates promised and reached")
    svg = charts.plan_against_actual(drawn, charts.Labels(name), w)
    table = Table(f"{name}.table", title, columns, rows(drawn, columns))
    return Figure(name, svg, title, " ".join(said), table)


# Deliverables


def _handed_in(review: Review, handed: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    kept, n = metrics.punctuality(handed["state"])
    if n == 0:
        return _("No deliverable can be judged yet.")
    return _("Deliverables submitted on time: {k} of the {n} that can be judged.").format(
        k=w.number(kept), n=w.number(n)
    )


def _deliverable_facts(review: Review, handed: pd.DataFrame, sent: pd.DataFrame) -> Iterator[Fact]:
    _, w = review.wording.gettext, review.wording
    due = f"deliverables.csv: due_on; {DECIDED}"
    label = _("Deliverables on time, by the submission of the version accepted")
    yield _share(review, "deliverables.on_time", label, handed["state"], due)
    first = handed["first_pass"].dropna()
    yield Fact(
        f"{SLUG}.deliverables.first_pass",
        _("Deliverables accepted at their first submission"),
        float(first.mean()) if len(first) else None,
        Unit.SHARE,
        n=len(first),
        period=_as_of(review),
        source=DECIDED,
        note=_("with or without reservations") if len(first) else _("no version is decided yet"),
    )
    attempts = handed["attempts"].dropna()
    most = _("at most {n}").format(n=w.number(attempts.max()))
    yield Fact(
        f"{SLUG}.deliverables.submissions",
        _("Submissions up to acceptance, on average"),
        float(attempts.mean()) if len(attempts) else None,
        Unit.SCORE,
        n=len(attempts),
        period=_as_of(review),
        source=DECIDED,
        note=most if len(attempts) else _("no deliverable is accepted yet"),
    )
    label = _("Median time from first submission to acceptance")
    yield _median(review, "deliverables.acceptance", label, handed["cycle_days"], DELAYS)
    label = _("Median time that the client took to decide on a version")
    yield _median(review, "deliverables.decision", label, sent["delay_days"], DELAYS)


def _deliverable_counts(review: Review, handed: pd.DataFrame) -> Iterator[Fact]:
    _ = review.wording.gettext
    counts = {
        "refused": (_("Deliverables refused at least once"), handed["refused"] > 0),
        "awaiting": (
            _("Deliverables with a version that awaits the client's decision"),
            handed["waiting_days"].notna(),
        ),
    }
    for name, (label, chosen) in counts.items():
        yield Fact(
            f"{SLUG}.deliverables.{name}",
            label,
            int(chosen.sum()),
            Unit.COUNT,
            n=len(handed),
            period=_as_of(review),
            source=DECIDED,
        )
    yield _reservations(review, handed)


def _reservations(review: Review, handed: pd.DataFrame) -> Fact:
    _ = review.wording.gettext
    stated = handed["reservations"].dropna()
    silent = int(handed["decision"].notna().sum()) - len(stated)
    note = review.wording.ngettext(
        "{n} acceptance does not say how many", "{n} acceptances do not say how many", silent
    )
    return Fact(
        f"{SLUG}.reservations.open",
        _("Reservations still open at the extraction"),
        int(stated.sum()) if len(stated) else None,
        Unit.COUNT,
        n=len(stated),
        source="submissions.csv: open_reservations",
        note="" if len(stated) and not silent else note if silent else _("nothing is accepted yet"),
    )


def _kept(review: Review, handed: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    kept = handed[(handed["state"] == metrics.ON_TIME) & (handed["first_pass"] == 1)]
    if len(kept):
        ids = tuple(kept["deliverable_id"])
        sentence = _(
            "Accepted at their first submission, made on time: {k} of {n} deliverables ({ids})."
        ).format(k=w.number(len(kept)), n=w.number(len(handed)), ids=", ".join(ids))
        yield Finding(f"{SLUG}.deliverables.kept", sentence, Kind.STRENGTH, ids)


def _deliverable_findings(review: Review, handed: pd.DataFrame) -> Iterator[Finding]:
    """Return each deliverable that was refused or late, or of which something is still open."""
    for row in handed.itertuples():
        concern = row.state in (metrics.LATE, metrics.OVERDUE)
        concern |= row.refused > 0 or row.reservations > 0
        if concern or row.waiting_days >= 0:
            yield Finding(
                f"{SLUG}.deliverable.{row.deliverable_id}",
                " ".join(_deliverable_sentences(review, row)),
                Kind.CONCERN if concern else Kind.NEUTRAL,
                (row.deliverable_id,),
                _deliverable_decision(review, row),
                _text(row.clause),
            )


def _deliverable_decision(review: Review, row: Any) -> str:
    _ = review.wording.gettext
    if row.waiting_days >= 0:
        said = _("Deliverable {id}: decide on the version submitted.")
    elif row.state == metrics.OVERDUE:
        said = _("Deliverable {id}: settle what the next submission must meet, and by when.")
    elif row.reservations > 0:
        said = _("Deliverable {id}: settle by when the open reservations are lifted.")
    else:
        return ""
    return said.format(id=row.deliverable_id)


def _deliverable_sentences(review: Review, row: Any) -> Iterator[str]:
    _, w = review.wording.gettext, review.wording
    said = w.ngettext(
        "Deliverable {{id}} “{{title}}” was refused once.",
        "Deliverable {{id}} “{{title}}” was refused {n} times.",
        row.refused,
    )
    said = said if row.refused else _("Deliverable {id} “{title}”: no version was refused.")
    yield said.format(id=row.deliverable_id, title=row.title)
    yield _submitted(review, row)
    if row.waiting_days >= 0:
        waiting = _("A version has awaited the client's decision for {days}.")
        yield waiting.format(days=w.days(row.waiting_days))
    if row.reservations > 0:
        yield w.ngettext(
            "{n} reservation is still open.",
            "{n} reservations are still open.",
            int(row.reservations),
        )


def _submitted(review: Review, row: Any) -> str:
    _, w = review.wording.gettext, review.wording
    too_late = _(
        "The last version ({version}) was submitted on {submitted}, {days} after its due date "
        "({due})."
    )
    absent = _("No version is accepted as of {today}, {days} after its due date ({due}).")
    said = {
        metrics.ON_TIME: _(
            "The version accepted ({version}) was submitted on {submitted}, by its due date "
            "({due})."
        ),
        metrics.LATE: _(
            "The version accepted ({version}) was submitted on {submitted}, {days} after its due "
            "date ({due})."
        ),
        metrics.OVERDUE: too_late if row.waiting_days >= 0 else absent,
        metrics.AWAITING: _(
            "The last version ({version}) was submitted on {submitted}, by its due date ({due})."
        ),
        metrics.NOT_DUE: _("It is due on {due}."),
    }
    return said[row.state].format(
        version=row.version,
        submitted=w.date(row.submitted_on),
        due=w.date(row.due_on),
        days=w.days(row.days),
        today=w.date(review.today),
    )


def _deliverable_table(review: Review, handed: pd.DataFrame) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("deliverable_id", _("Deliverable")),
        Column("title", _("What"), quoted=True),
        Column("clause", _("Clause"), quoted=True),
        Column("due_on", _("Due on"), Unit.DATE),
        Column("version", _("Version accepted or awaiting"), quoted=True),
        Column("submitted_on", _("Submitted on"), Unit.DATE),
        Column("days", _("Delay"), Unit.DAYS),
        Column("submissions", _("Submissions"), Unit.COUNT),
        Column("refused", _("Times refused"), Unit.COUNT),
        Column("cycle_days", _("First submission to acceptance"), Unit.DAYS),
        Column("decision_days", _("Time that the client took to decide"), Unit.DAYS),
        Column("reservations", _("Open reservations"), Unit.COUNT),
        Column("state", _("State")),
    )
    note = _("Delays in calendar days; a negative one is time gained.")
    lines = rows(_worded(review, handed, "state", STATES), columns)
    return Table(f"{SLUG}.deliverables", _("Deliverables"), columns, lines, note)


def _version_table(review: Review, sent: pd.DataFrame) -> Iterator[Table]:
    _ = review.wording.gettext
    columns = (
        Column("deliverable_id", _("Deliverable")),
        Column("version", _("Version"), quoted=True),
        Column("submitted_on", _("Submitted on"), Unit.DATE),
        Column("decided_on", _("Decided on"), Unit.DATE),
        Column("state", _("Decision")),
        Column("delay_days", _("Time that the client took to decide"), Unit.DAYS),
    )
    lines = rows(_worded(review, sent, "decision", DECISIONS), columns)
    caption = _("Every version submitted, and the decision on it")
    if lines:
        yield Table(f"{SLUG}.versions", caption, columns, lines, folded=True)


def _submissions(review: Review, handed: pd.DataFrame) -> Iterator[Figure]:
    _, w = review.wording.gettext, review.wording
    if not handed["submissions"].any():
        return
    columns = (
        Column("label", _("Deliverable"), quoted=True),
        Column("count", _("Submissions"), Unit.COUNT),
    )
    drawn = handed.rename(columns={"submissions": "count"}).assign(
        label=handed["deliverable_id"] + " · " + handed["title"]
    )
    most = drawn.loc[drawn["count"].idxmax()]
    description = _(
        "Deliverables submitted more than once: {k} of {n}. The most submissions: {most}, for {id}."
    ).format(
        k=w.number(int((drawn["count"] > 1).sum())),
        n=w.number(len(drawn)),
        most=w.number(int(most["count"])),
        id=most["deliverable_id"],
    )
    name, title = f"{SLUG}.deliverables.versions", _("Submissions by deliverable")
    svg = charts.counts_by_group(drawn, charts.Labels(name), w)
    yield Figure(
        name, svg, title, description, Table(f"{name}.table", title, columns, rows(drawn, columns))
    )


def _undated(review: Review, sent: pd.DataFrame) -> Iterator[Caveat]:
    undated = int((sent["decision"].notna() & sent["decided_on"].isna()).sum())
    if undated:
        sentence = review.wording.ngettext(
            "{n} decision bears no date: it counts, but not the time that the client took.",
            "{n} decisions bear no date: they count, but not the time that the client took.",
            undated,
        )
        yield Caveat(f"{SLUG}.undated", sentence)


# Both


def _share(review: Review, name: str, label: str, states: pd.Series, source: str) -> Fact:
    """Return the share on time of what can be judged; the rest is counted in the note."""
    _, w = review.wording.gettext, review.wording
    kept, n = metrics.punctuality(states)
    apart = len(states) - n
    note = _("counted apart, not due or awaiting a decision: {n}").format(n=w.number(apart))
    return Fact(
        f"{SLUG}.{name}",
        label,
        kept / n if n else None,
        Unit.SHARE,
        n=n,
        period=_as_of(review),
        source=source,
        note="" if n and not apart else note if n else _("nothing has come due yet"),
    )


def _median(review: Review, name: str, label: str, days: pd.Series, source: str) -> Fact:
    """Return a median of days, with the least and the most of them."""
    _, w = review.wording.gettext, review.wording
    known = days.dropna()
    spread = _("from {low} to {high}").format(low=w.days(known.min()), high=w.days(known.max()))
    return Fact(
        f"{SLUG}.{name}",
        label,
        float(known.median()) if len(known) else None,
        Unit.DAYS,
        n=len(known),
        period=_as_of(review),
        source=source,
        note=spread if len(known) else _("nothing of the kind has happened yet"),
    )


def _as_of(review: Review) -> str:
    return review.wording.gettext("as of {date}").format(date=review.wording.date(review.today))


def _worded(
    review: Review, frame: pd.DataFrame, column: str, words: dict[str, str]
) -> pd.DataFrame:
    """Return the frame with a column ``state`` that says another one in the review's language."""
    said = {key: review.wording.gettext(text) for key, text in words.items()}
    return frame.assign(state=frame[column].map(said))


def _text(value: Any) -> str:
    return str(cell(value) or "")
