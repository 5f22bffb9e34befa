"""Deliverables: what was submitted when, accepted after how many versions, what is open (C3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, NOT_DUE, ON_TIME, OVERDUE, punctuality
from reviewlib.charts import forms as charts
from reviewlib.delivery import results
from reviewlib.delivery.acceptance_words import (
    DECISIONS,
    acceptance_clauses,
    acceptance_rules,
    acceptance_terms,
    no_tacit,
    open_sentences,
    silence_sentences,
)
from reviewlib.delivery.deliverables import metrics
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

SLUG = "deliverables"
SOON = 90  # days within which a warranty runs out soon
NAMED = 8  # versions or deliverables that a sentence names
TOLD = 100  # deliverables that have a finding of their own
DRAWN = 40  # deliverables that a figure draws
WARRANTIES = {"ended": N_("ended"), "soon": N_("ends within 90 days"), "running": N_("running")}
DUE = "deliverables.csv: due_on"
DECIDED = "submissions.csv: submitted_on, decision"
DELAYS = "submissions.csv: submitted_on, decided_on"
RESERVATIONS = "submissions.csv: open_reservations, reservations_lifted_on"


def deliverables(review: Review) -> Section:
    """Return the chapter on the deliverables of the contract."""
    _ = review.wording.gettext
    # Submissions are read whole: a table without a row says that nothing was submitted.
    table, submissions = (review.engagement.tables.get(n) for n in ("deliverables", "submissions"))
    if table is None or submissions is None or table.empty:
        because = _(
            "the folder lacks deliverables or their submissions (deliverables.csv, "
            "submissions.csv)."
        )
        return review.not_assessed(SLUG, _("Deliverables"), because)
    if results.submissions(review) is None:
        return review.not_assessed(
            SLUG, _("Deliverables"), review.wording.say(results.absence(review, "submissions"))
        )
    sent = metrics.versions(submissions, review.contract, review.today)
    handed = metrics.deliverables(table, sent, review.contract, review.today)
    return review.section(
        SLUG,
        _("Deliverables"),
        headline=_headline(review, handed),
        intro=" ".join([_intro(review), acceptance_rules(review)]).strip(),
        facts=(
            *_facts(review, handed, sent),
            *_client(review, handed, sent),
            *_open(review, handed),
            *_warranty(review, handed),
        ),
        findings=(
            *_kept(review, handed),
            *_findings(review, handed, sent),
            *_late_decisions(review, sent),
            *_ending(review, handed),
        ),
        tables=(_table(review, handed), *_accepted(review, handed), *_versions(review, sent)),
        figures=tuple(_figure(review, handed, sent)),
        caveats=tuple(_caveats(review, handed, sent)),
    )


def _intro(review: Review) -> str:
    return review.wording.gettext(
        "A deliverable is on time by the day on which the version that was accepted was submitted: "
        "the days that the client took to decide stand apart."
    )


def _headline(review: Review, handed: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    kept, n = punctuality(handed["state"])
    if n == 0:
        return _("No deliverable can be judged yet.")
    said = [
        _("Deliverables submitted on time: {k} of the {n} that can be judged.").format(
            k=w.number(kept), n=w.number(n)
        )
    ]
    if tacit := int(handed["tacit"].sum()):
        said.append(_("Accepted tacitly: {n}.").format(n=w.number(tacit)))
    return " ".join(said)


def _facts(review: Review, handed: pd.DataFrame, sent: pd.DataFrame) -> Iterator[Fact]:
    _, w, when = review.wording.gettext, review.wording, as_of_words(review)
    label = _("Deliverables on time, by the submission of the version accepted")
    yield on_time_fact(review, f"{SLUG}.on_time", label, handed["state"], f"{DUE}; {DECIDED}")
    first, attempts = handed["first_pass"].dropna(), handed["attempts"].dropna()
    most = _("at most {n}").format(n=w.number(attempts.max()))
    yield Fact(
        f"{SLUG}.first_pass",
        _("Deliverables accepted at their first submission"),
        float(first.mean()) if len(first) else None,
        Unit.SHARE,
        n=len(first),
        period=when,
        source=DECIDED,
        note=_("with or without reservations") if len(first) else _("no version is decided yet"),
    )
    yield Fact(
        f"{SLUG}.submissions",
        _("Submissions up to acceptance, on average"),
        float(attempts.mean()) if len(attempts) else None,
        Unit.SCORE,
        n=len(attempts),
        period=when,
        source=DECIDED,
        note=most if len(attempts) else _("no deliverable is accepted yet"),
    )
    label = _("Median time from first submission to acceptance")
    yield median_fact(review, f"{SLUG}.acceptance", label, handed["cycle_days"], DELAYS)


def _client(review: Review, handed: pd.DataFrame, sent: pd.DataFrame) -> Iterator[Fact]:
    """Yield the client's own part: its decisions, against their delay, and what it has to do."""
    _, when, clause = (
        review.wording.gettext,
        as_of_words(review),
        acceptance_clauses(review, "decision"),
    )
    label = _("Median time that the client took to decide on a version")
    yield median_fact(review, f"{SLUG}.decision", label, sent["delay_days"], DELAYS)
    known = sent["in_time"].dropna()
    yield Fact(
        f"{SLUG}.decision.in_time",
        _("Versions decided within the delay of the contract"),
        float(known.mean()) if len(known) else None,
        Unit.SHARE,
        n=len(known),
        clause=clause,
        period=when,
        source=DELAYS,
        note=_in_time_note(review, sent),
    )
    silent = no_tacit(review)
    stated = any(terms.decision for terms in acceptance_terms(review))
    yield Fact(
        f"{SLUG}.tacit",
        _("Deliverables accepted tacitly"),
        int(handed["tacit"].sum()) if stated else None,
        Unit.COUNT,
        n=len(handed),
        clause=clause,
        period=when,
        source=DELAYS,
        note=silent,
    )
    counts = {
        "refused": (_("Deliverables refused at least once"), handed["refused"] > 0),
        "awaiting": (
            _("Deliverables with a version that awaits the client's decision"),
            handed["waiting_days"].notna(),
        ),
    }
    for name, (label, chosen) in counts.items():
        n, count = len(handed), int(chosen.sum())
        yield Fact(f"{SLUG}.{name}", label, count, Unit.COUNT, n=n, period=when, source=DECIDED)


def _in_time_note(review: Review, sent: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    if not any(terms.decision for terms in acceptance_terms(review)):
        return no_tacit(review)
    if sent["in_time"].isna().all():
        return _("no delay to decide is over yet")
    missed = sent[sent["in_time"] == 0]
    late = int(missed["decided_on"].notna().sum())
    return _("decided after it: {late}; not decided: {none}").format(
        late=w.number(late), none=w.number(len(missed) - late)
    )


def _open(review: Review, handed: pd.DataFrame) -> Iterator[Fact]:
    _ = review.wording.gettext
    stated = handed["reservations"].dropna()
    accepted = handed["outcome"].notna() & ~handed["tacit"]
    silent = int((accepted & handed["reservations"].isna()).sum())
    note = review.wording.ngettext(
        "how many is not known of {n} acceptance",
        "how many is not known of {n} acceptances",
        silent,
    )
    none = _("nothing is accepted yet")
    if handed["tacit"].any():
        none = _("nothing is accepted yet otherwise than tacitly")
    yield Fact(
        f"{SLUG}.reservations",
        _("Reservations still open at the extraction"),
        int(stated.sum()) if len(stated) else None,
        Unit.COUNT,
        n=len(stated),
        source=RESERVATIONS,
        note=note if silent else "" if len(stated) else none,
    )
    oldest = handed["age"].max()
    yield Fact(
        f"{SLUG}.reservations.age",
        _("Age of the oldest open reservations, since the decision"),
        float(oldest) if oldest == oldest else None,
        Unit.DAYS,
        n=int(handed["age"].notna().sum()),
        period=as_of_words(review),
        source=f"{RESERVATIONS}, decided_on",
        note="" if oldest == oldest else _("no reservation is known to be open"),
    )


def _warranty(review: Review, handed: pd.DataFrame) -> Iterator[Fact]:
    _ = review.wording.gettext
    left = handed["warranty_days"].dropna()
    because = _("no acceptance with a date is known yet")
    if not any(terms.warranty for terms in acceptance_terms(review)):
        because = _("the contract states no warranty (terms.acceptance.warranty)")
    counts = {
        "ended": (_("Warranties that have ended"), left < 0),
        "soon": (_("Warranties that end within 90 days"), (left >= 0) & (left <= SOON)),
    }
    for name, (label, chosen) in counts.items():
        yield Fact(
            f"{SLUG}.warranty.{name}",
            label,
            int(chosen.sum()) if len(left) else None,
            Unit.COUNT,
            n=len(left),
            clause=acceptance_clauses(review, "warranty"),
            period=as_of_words(review),
            source=DELAYS,
            note="" if len(left) else because,
        )


def _kept(review: Review, handed: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    kept = handed[(handed["state"] == ON_TIME) & (handed["first_pass"] == 1)]
    if len(kept):
        ids = tuple(kept["deliverable_id"].head(TOLD))
        sentence = _(
            "Deliverables accepted at their first submission, made on time: {k} of {n} ({ids})."
        ).format(k=w.number(len(kept)), n=w.number(len(handed)), ids=_named(review, kept))
        yield Finding(f"{SLUG}.kept", sentence, Kind.STRENGTH, ids)


def _named(review: Review, some: pd.DataFrame) -> str:
    n_, ids = review.wording.ngettext, list(some["deliverable_id"].head(NAMED))
    more = [n_("{n} other", "{n} others", len(some) - NAMED)] if len(some) > NAMED else []
    return ", ".join([*ids, *more])


def _told(handed: pd.DataFrame) -> pd.DataFrame:
    """Return the deliverables with something to say, the latest first; whether it is a concern."""
    concern = handed["state"].isin([LATE, OVERDUE]) | (handed["refused"] > 0)
    concern |= handed["reservations"] > 0
    chosen = handed.assign(concern=concern)
    chosen = chosen[concern | handed["waiting_days"].notna() | handed["tacit"]]
    return chosen.sort_values("days", ascending=False, kind="stable").head(TOLD)


def _findings(review: Review, handed: pd.DataFrame, sent: pd.DataFrame) -> Iterator[Finding]:
    """Return each deliverable refused, late, awaiting, accepted tacitly or with something open."""
    void = sent[sent["void"]].drop_duplicates("deliverable_id").set_index("deliverable_id")
    for row in _told(handed).itertuples():
        late = void.loc[row.deliverable_id] if row.deliverable_id in void.index else None
        yield Finding(
            f"{SLUG}.{row.deliverable_id}",
            " ".join(
                [
                    *_sentences(review, row),
                    *silence_sentences(review, row, late),
                    *open_sentences(review, row),
                ]
            ),
            Kind.CONCERN if row.concern else Kind.NEUTRAL,
            (row.deliverable_id,),
            _decision(review, row),
            _text(row.clause),
        )


def _decision(review: Review, row: Any) -> str:
    _ = review.wording.gettext
    if row.waiting_days >= 0:
        said = _("Deliverable {id}: decide on the version submitted.")
    elif row.state == OVERDUE:
        said = _("Deliverable {id}: settle what the next submission must meet, and by when.")
    elif row.reservations > 0:
        said = _("Deliverable {id}: settle by when the open reservations are lifted.")
    else:
        return ""
    return said.format(id=row.deliverable_id)


def _sentences(review: Review, row: Any) -> Iterator[str]:
    _, w = review.wording.gettext, review.wording
    said = w.ngettext(
        "Deliverable {{id}} “{{title}}” was refused once.",
        "Deliverable {{id}} “{{title}}” was refused {n} times.",
        row.refused,
    )
    said = said if row.refused else _("Deliverable {id} “{title}”: no version was refused.")
    yield said.format(id=row.deliverable_id, title=row.title)
    too_late = _(
        "The last version ({version}) was submitted on {submitted}, {days} after its due date "
        "({due})."
    )
    absent = _("No version is accepted as of {today}, {days} after its due date ({due}).")
    submitted = {
        ON_TIME: _(
            "The version accepted ({version}) was submitted on {submitted}, by its due date "
            "({due})."
        ),
        LATE: _(
            "The version accepted ({version}) was submitted on {submitted}, {days} after its due "
            "date ({due})."
        ),
        OVERDUE: too_late if row.waiting_days >= 0 else absent,
        metrics.AWAITING: _(
            "The last version ({version}) was submitted on {submitted}, by its due date ({due})."
        ),
        NOT_DUE: _("It is due on {due}."),
    }
    yield submitted[row.state].format(
        version=row.version,
        submitted=w.date(row.submitted_on),
        due=w.date(row.due_on),
        days=w.days(row.days),
        today=w.date(review.today),
    )
    if row.state in (LATE, OVERDUE) and (milestone := cell(row.milestone_id)):
        yield _("It depends on milestone {id}.").format(id=milestone)


def _late_decisions(review: Review, sent: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    late = sent[sent["late_days"] > 0].sort_values("late_days", ascending=False, kind="stable")
    if late.empty:
        return
    named = [
        f"{row.deliverable_id} {row.version} ({w.days(row.late_days)})"
        for row in late.head(NAMED).itertuples()
    ]
    if len(late) > NAMED:
        named.append(w.ngettext("{n} other", "{n} others", len(late) - NAMED))
    sentence = _(
        "Versions on which the client decided after its delay, or has not decided though it is "
        "over, with the days after its end: {versions}."
    )
    yield Finding(
        f"{SLUG}.decisions",
        sentence.format(versions=w.listed(named)),
        Kind.CONCERN,
        tuple(dict.fromkeys(late["deliverable_id"].head(TOLD))),
        _("Settle who decides on what is submitted, so that the delay is kept."),
        acceptance_clauses(review, "decision"),
    )


def _ending(review: Review, handed: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    soon = handed[(handed["warranty_days"] >= 0) & (handed["warranty_days"] <= SOON)]
    soon = soon.sort_values("warranty_days", kind="stable")
    if soon.empty:
        return
    named = [
        f"{row.deliverable_id} ({w.date(row.warranty_ends_on)})"
        for row in soon.head(NAMED).itertuples()
    ]
    if len(soon) > NAMED:
        named.append(w.ngettext("{n} other", "{n} others", len(soon) - NAMED))
    yield Finding(
        f"{SLUG}.warranty",
        _("Warranties that end within 90 days: {named}.").format(named=w.listed(named)),
        Kind.NEUTRAL,
        tuple(soon["deliverable_id"].head(TOLD)),
        _("Report the defects that are known before each warranty ends."),
        acceptance_clauses(review, "warranty"),
    )


def _table(review: Review, handed: pd.DataFrame) -> Table:
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
        Column("state", _("State")),
    )
    note = _("Delays in calendar days; a negative one is time gained.")
    shown = handed.assign(state=worded(review.wording, handed["state"], STATES))
    return Table(f"{SLUG}.table", _("Deliverables"), columns, rows(shown, columns), note)


def _accepted(review: Review, handed: pd.DataFrame) -> Iterator[Table]:
    _ = review.wording.gettext
    done = handed[handed["outcome"].notna()]
    columns = (
        Column("deliverable_id", _("Deliverable")),
        Column("accepted_on", _("Accepted on"), Unit.DATE),
        Column("how", _("How")),
        Column("acceptance", _("Clause"), quoted=True),
        Column("cycle_days", _("First submission to acceptance"), Unit.DAYS),
        Column("client_days", _("Of which with the client"), Unit.DAYS),
        Column("reservations", _("Open reservations"), Unit.COUNT),
        Column("age", _("Reservations open for"), Unit.DAYS),
        Column("warranty_ends_on", _("Warranty ends on"), Unit.DATE),
        Column("warranty", _("Warranty")),
    )
    left = done["warranty_days"]
    warranty = left.map(lambda days: "ended" if days < 0 else "soon" if days <= SOON else "running")
    shown = done.assign(
        how=worded(review.wording, done["outcome"].mask(done["tacit"], "tacit"), DECISIONS),
        warranty=worded(review.wording, warranty.where(left.notna()), WARRANTIES),
    )
    if lines := rows(shown, columns):
        caption = _("What was accepted, and what is open of it")
        yield Table(f"{SLUG}.accepted", caption, columns, lines)


def _versions(review: Review, sent: pd.DataFrame) -> Iterator[Table]:
    _ = review.wording.gettext
    columns = (
        Column("deliverable_id", _("Deliverable")),
        Column("version", _("Version"), quoted=True),
        Column("submitted_on", _("Submitted on"), Unit.DATE),
        Column("decide_by", _("To be decided by"), Unit.DATE),
        Column("decided_on", _("Decided on"), Unit.DATE),
        Column("decided", _("Decision")),
        Column("delay_days", _("Time that the client took to decide"), Unit.DAYS),
        Column("late_days", _("After the delay"), Unit.DAYS),
        Column("counts", _("What counts")),
    )
    shown = sent.assign(
        decided=worded(review.wording, sent["decision"], DECISIONS),
        counts=worded(review.wording, _counting(sent), DECISIONS),
    )
    caption = _("Every version submitted, and the decision on it")
    if lines := rows(shown, columns):
        yield Table(f"{SLUG}.versions", caption, columns, lines, folded=True)


def _counting(sent: pd.DataFrame) -> pd.Series:
    """Return the name of what counts of each version: its outcome, silence or a later version."""
    pending = sent["decided_on"].isna()
    counts = sent["outcome"].mask(sent["tacit"], "tacit").mask(sent["replaced"], "replaced")
    return counts.mask(counts.isna() & pending, "awaiting")


def _figure(review: Review, handed: pd.DataFrame, sent: pd.DataFrame) -> Iterator[Figure]:
    _, w = review.wording.gettext, review.wording
    if sent.empty:
        return
    known = handed if len(handed) <= DRAWN else handed.nlargest(DRAWN, "submissions").sort_index()
    due = known.assign(label=known["deliverable_id"] + " · " + known["title"])
    drawn = sent.assign(
        decision=sent["outcome"], counts=worded(review.wording, _counting(sent), DECISIONS)
    )
    drawn = drawn.merge(due[["deliverable_id", "label", "due_on"]], on="deliverable_id")
    columns = (
        Column("label", _("Deliverable"), quoted=True),
        Column("due_on", _("Due on"), Unit.DATE),
        Column("version", _("Version"), quoted=True),
        Column("submitted_on", _("Submitted on"), Unit.DATE),
        Column("counts", _("What counts")),
    )
    most = handed.loc[handed["submissions"].idxmax()]
    description = _(
        "Deliverables submitted more than once: {k} of {n}. The most submissions: {most}, for {id}."
    ).format(
        k=w.number(int((handed["submissions"] > 1).sum())),
        n=w.number(len(handed)),
        most=w.number(int(most["submissions"])),
        id=most["deliverable_id"],
    )
    name, title = f"{SLUG}.submitted", _("Submissions by deliverable, against the due date")
    svg = charts.submissions_by_deliverable(drawn, due, charts.Labels(name), w)
    table = Table(f"{name}.table", title, columns, rows(drawn, columns))
    yield Figure(name, svg, title, description, table)


def _caveats(review: Review, handed: pd.DataFrame, sent: pd.DataFrame) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    if undated := int((sent["decision"].notna() & sent["decided_on"].isna()).sum()):
        sentence = w.ngettext(
            "{n} decision bears no date: it counts, but not the time that the client took.",
            "{n} decisions bear no date: they count, but not the time that the client took.",
            undated,
        )
        yield Caveat(f"{SLUG}.undated", sentence)
    if unstated := int((sent["outcome"].isna() & sent["decided_on"].notna()).sum()):
        sentence = w.ngettext(
            "{n} decision has a date but is not stated: what became of the version is not known.",
            "{n} decisions have a date but are not stated: what became of the versions is not "
            "known.",
            unstated,
        )
        yield Caveat(f"{SLUG}.unstated", sentence)
    if len(handed) > DRAWN:
        sentence = _(
            "The findings tell of {told} deliverables and the figure draws {drawn} of {all}. The "
            "tables hold all of them."
        )
        counts = {"told": len(_told(handed)), "drawn": DRAWN, "all": len(handed)}
        yield Caveat(
            f"{SLUG}.many",
            sentence.format(**{name: w.number(count) for name, count in counts.items()}),
        )


def _text(value: Any) -> str:
    return str(cell(value) or "")
