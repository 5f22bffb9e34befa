"""Causes of delay: whose doing each day of what is late is (C4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from reviewlib.delivery import lateness, results
from reviewlib.delivery.delays import front, metrics
from reviewlib.delivery.delays.tables import (
    CAUSES,
    KINDS,
    LONGEST,
    NO_DOCUMENT,
    PARTITION,
    SHARES,
    SPANS,
    SUSPENSIONS,
    by_default,
)
from reviewlib.delivery.deliverables.excused import DECISION, WAITING
from reviewlib.delivery.lateness import Delays
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.phrases import BY_DEFAULT, as_of, labelled, largest
from reviewlib.report.text import EMPTY, N_, Message, Text, listed, n_, sentences
from reviewlib.report.values import Interval, Kind, Section, Side, Unit
from reviewlib.review import Review

NAMED = 5  # ids that a sentence names
LISTED = 25  # delays of the table beside the chart
FINDINGS = 100  # delays that have a finding of their own
SOURCE = "delay_causes.csv: starts_on, ends_on, attributed_to, contested; suspensions.csv"

OF_PARTIES = {
    metrics.CONCURRENT: N_("concurrent causes ({parties})"),
    metrics.CONTESTED: N_("contested ({parties})"),
}
DAYS_OF = {
    metrics.CLIENT: N_("Days of delay attributed to the client alone"),
    metrics.PROVIDER: N_("Days of delay attributed to the provider alone"),
    metrics.THIRD_PARTY: N_("Days of delay attributed to a third party alone"),
    metrics.FORCE_MAJEURE: N_("Days of delay attributed to force majeure alone"),
    metrics.CONCURRENT: N_("Days of delay with concurrent causes"),
    metrics.CONTESTED: N_("Days of delay with a contested cause"),
    metrics.SUSPENDED: N_("Days of delay during a suspension"),
    DECISION: N_("Days that the client took to decide on versions that it refused"),
    WAITING: N_("Days before the milestone that a deliverable needs was reached"),
    metrics.UNATTRIBUTED: N_("Days of delay without a recorded cause"),
}
UNASSESSED = N_("Whether deliverable {deliverable_id} is late is not assessed, because {because}.")
NOTHING_TO_JUDGE = N_(
    "the folder has neither milestones (milestones.csv) nor deliverables and their submissions "
    "(deliverables.csv, submissions.csv)"
)
COUNTED = N_(
    "Every day of a delay is counted once. A milestone is late from the day after its date in "
    "force, a deliverable from the day after its due date. A day of a suspension is suspended, "
    "whatever its causes; else it is no lateness of a deliverable where the client had a version "
    "that it then refused, or where the milestone needed was not reached; else contested, if the "
    "attribution of one of its causes is; else of concurrent causes, where causes attributed "
    "differently meet; else of the one party that its causes are attributed to; else without a "
    "recorded cause. "
    "The attributions are those of the table of causes: they are counted here, not judged."
)
WHICHEVER = N_("whichever of the contested causes stand")
PART = N_("{share} {days:days}")
WITHOUT_CAUSES = n_(
    "No causes of delay are recorded; nothing in the data explains {n} delay: {delays}.",
    "No causes of delay are recorded; nothing in the data explains {n} delays: {delays}.",
)
RECORD_CAUSES = N_("Record the causes of these delays, or note that they are not known.")
ENDED = {
    (metrics.MILESTONE, lateness.REACHED): N_(
        "Milestone {subject} “{title}” was reached on {last}, {days:days} after the date in force "
        "({after})."
    ),
    (metrics.MILESTONE, lateness.RUNNING): N_(
        "Milestone {subject} “{title}” is not reached as of {last}, {days:days} after the date in "
        "force ({after})."
    ),
    (metrics.DELIVERABLE, lateness.ACCEPTED): N_(
        "Deliverable {subject} “{title}”: the version accepted was submitted on {last}, "
        "{days:days} after the due date ({after})."
    ),
    (metrics.DELIVERABLE, lateness.AWAITING): N_(
        "Deliverable {subject} “{title}”: the version that awaits a decision was submitted on "
        "{last}, {days:days} after the due date ({after})."
    ),
    (metrics.DELIVERABLE, lateness.RUNNING): N_(
        "Deliverable {subject} “{title}”: no version is accepted or awaits a decision as of "
        "{last}, {days:days} after the due date ({after})."
    ),
}
BY_CAUSE = N_("By cause: {parts:chain}.")
RESTING = N_("Days that rest on these alone, added up over the delays: {parts:commas}.")
OF_CLASS = N_("{share} {n} of {days}")
DEPENDING = N_("Depending on which contested attributions stand ({ids}): {parts:chain}.")
ADDED_UP = N_("added up over the delays: {added:days}")
OUTSIDE = N_("{cause_id} ({outside} of {days})")
OUTSIDE_OF_ONE = N_("{cause_id} for {subject} ({outside} of {days})")
OPEN = (metrics.CONTESTED, metrics.UNATTRIBUTED)
TO_SETTLE = {
    OPEN: N_(
        "{subject}: settle to whom the contested days are attributed, and the cause of those "
        "without a recorded one."
    ),
    OPEN[:1]: N_("{subject}: settle to whom the contested days are attributed."),
    OPEN[1:]: N_("{subject}: settle the cause of the days without a recorded one."),
}
"""What is to be decided of a delay, by the classes of its days that are open."""


def delays(review: Review) -> Section:
    """Return the chapter on the causes of what is late."""
    c = Chapter(review, "delays", N_("Causes of delay"), as_of(review))
    attributed = results.delays(review)
    if attributed is None:
        return c.not_assessed(NOTHING_TO_JUDGE)
    c.intro(COUNTED)
    _headline(c, attributed)
    _days(c, attributed)
    _findings(c, attributed)
    _undocumented(c, attributed)
    _tables(c, attributed)
    _longest(c, attributed)
    _caveats(c, attributed)
    return c.section()


def _headline(c: Chapter, delays: Delays) -> None:
    if delays.late.empty:
        c.headline(N_("Nothing is late."))
        return
    c.headline(front.without_cause(delays, front.HEADLINE))


def _days(c: Chapter, delays: Delays) -> None:
    """Add the calendar days of delay in all and by class, with what contested causes leave open."""
    total = N_("Calendar days on which a milestone or a deliverable was late")
    given: FactFields = {"n": len(delays.late), "source": SOURCE}
    calendar, added = delays.days["day"].nunique(), len(delays.days)
    given["note"] = ADDED_UP(added=added) if calendar < added else EMPTY
    c.fact("days", total, calendar, Unit.DAYS, **given)
    unknown = _unknown(c, delays)
    for row in metrics.totals(delays.days).itertuples():
        share, name = str(row.Index), f"days.{row.Index}"
        label = DAYS_OF[share]
        if share in unknown:
            c.fact(name, label, None, Unit.DAYS, because=unknown[share], period=EMPTY)
            continue
        low, high = float(row.low), float(row.high)
        given["interval"] = Interval(low, high, WHICHEVER) if low < high else None
        silent = share == metrics.SUSPENDED and delays.suspensions is None
        given["note"] = c.review.absent("suspensions") if silent else EMPTY
        if row.days < row.added:
            given["note"] = ADDED_UP(added=row.added)
        c.fact(name, label, row.days, Unit.DAYS, **given)


def _unknown(c: Chapter, delays: Delays) -> dict[str, Message]:
    """Return the classes whose days can't be told, and why."""
    if delays.causes is None:
        classes = (*metrics.PARTIES, metrics.CONCURRENT, metrics.CONTESTED)
        return dict.fromkeys(classes, c.review.absent("delay_causes"))
    if "contested" not in delays.causes:
        return {
            metrics.CONTESTED: N_(
                "the folder does not say which causes are contested (delay_causes.csv: contested)"
            )
        }
    return {}


# Findings


def _findings(c: Chapter, delays: Delays) -> None:
    """Add each delay with what it is made of, the longest first."""
    own, unexplained = _by_explanation(delays)
    _without_causes(c, unexplained)
    late = own.assign(id=own["kind"] + "." + own["subject"])
    parts = _by_delay(metrics.composition(delays.spells))
    bounds = _by_delay(delays.ranges.query("low < high"))
    briefs = front.briefs(delays) if len(delays.late) else {}
    taken = by_default(c.review.contract)
    c.each(
        Kind.NEUTRAL,  # what is late is a concern of its own chapter; here, why
        "",
        late.nlargest(FINDINGS, "days"),
        lambda row: sentences(
            ENDED[row.kind, row.ended],
            BY_CAUSE(parts=[_part(part, taken) for part in parts[row.id]]),
            _depending(parts[row.id], bounds[row.id]),
        ),
        id="id",
        about=lambda row: [
            row.subject,
            *_ids(part for part in parts[row.id] if part.share != DECISION),
        ],
        decision=lambda row: _to_settle({part.share for part in parts[row.id]}),
        clause="clause",
        restates=lambda row: f"{row.kind}s.{row.subject}",
        brief=lambda row: briefs.get(row.id),
        decider=Side.BOTH,
        limit=FINDINGS,
    )


def _by_explanation(delays: Delays) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the delays with a finding of their own, and those that one sentence tells."""
    late = delays.by_class
    bare = (late[metrics.UNATTRIBUTED] == late["days"]) & (delays.causes is None)
    return late[~bare], late[bare].sort_values("days", ascending=False, kind="stable")


def _without_causes(c: Chapter, late: pd.DataFrame) -> None:
    """Add in one sentence what is late for no reason that the data give, the longest first."""
    parts = [PART(share=row.subject, days=row.days) for row in late.itertuples()]
    c.find(
        Kind.NEUTRAL,
        "without_causes",
        WITHOUT_CAUSES(n=len(late), delays=listed(parts, NAMED)) if parts else EMPTY,
        about=late["subject"].tolist(),
        decision=RECORD_CAUSES if parts else EMPTY,
        decider=Side.BOTH,
    )


def _by_delay(frame: pd.DataFrame) -> Mapping[str, list[Any]]:
    """Return the rows of each delay."""
    rows = defaultdict(list)
    for row in frame.itertuples():
        rows[f"{row.kind}.{row.subject}"].append(row)
    return rows


def _ids(parts: Iterable[Any]) -> list[str]:
    """Return the causes and suspensions of some parts of a delay, each once."""
    return list(dict.fromkeys(name for part in parts for name in part.ids))


def _part(part: Any, taken: frozenset[str]) -> Text:
    """Return a class of a delay with its days, its parties, its causes or suspensions."""
    share: Text = SHARES[part.share]
    if part.share in taken:
        share = BY_DEFAULT(policy=share)
    if part.parties:
        parties = [SHARES[party] for party in part.parties.split("+")]
        share = OF_PARTIES[part.share](parties=parties)
    days = PART(share=share, days=part.days)
    return N_("{days} ({ids})")(days=days, ids=listed(part.ids, NAMED)) if part.ids else days


def _depending(parts: list[Any], bounds: list[Any]) -> Text:
    """Return what the answer to the contested causes of a delay changes."""
    between = N_("{share} {low} to {high:days}")
    ranges = [between(share=SHARES[row.share], low=row.low, high=row.high) for row in bounds]
    ids = _ids(part for part in parts if part.share == metrics.CONTESTED)
    return DEPENDING(ids=listed(ids, NAMED), parts=ranges) if ranges else EMPTY


def _to_settle(shares: set[str]) -> Text:
    return TO_SETTLE.get(tuple(share for share in OPEN if share in shares), EMPTY)


def _undocumented(c: Chapter, delays: Delays) -> None:
    """Add the causes without a document, and how many days of each class rest on these alone."""
    causes = delays.causes
    if causes is None:
        return
    bare = causes.loc[causes.reindex(columns=["evidence"])["evidence"].isna(), "cause_id"]
    sentence = N_("Causes of delay that name no document as evidence: {n} of {all} ({ids}).")
    decision = N_("Find the documents that prove these causes, or note that there is none.")
    sentence = sentence(n=len(bare), all=len(causes), ids=listed(bare, NAMED))
    parts = [*_without_document(delays.spells, set(bare))]
    resting = RESTING(parts=parts) if parts else EMPTY
    brief = front.evidence(len(bare), len(causes))
    whole = sentences(sentence, resting)
    c.neutral("evidence", whole, about=bare, decision=decision, brief=brief, decider=Side.BOTH)


def _without_document(spells: pd.DataFrame, bare: set[str]) -> Iterator[Text]:
    """Yield of the days of each class of causes those of which no cause names a document."""
    caused = spells[spells["share"].isin([*metrics.PARTIES, metrics.CONCURRENT, metrics.CONTESTED])]
    days = caused.groupby("share")["days"].sum()
    undocumented = (
        caused[caused["causes"].map(bare.issuperset).astype("bool")].groupby("share")["days"].sum()
    )
    for share, words in SHARES.items():
        if share in days:
            n = int(undocumented.get(share, 0))
            yield OF_CLASS(share=words, n=n, days=int(days[share]))


# Tables and figure


def _tables(c: Chapter, delays: Delays) -> None:
    """Add the partition of each delay, its spans, and the causes and suspensions behind them."""
    if len(delays.late):
        c.table(PARTITION, delays.by_class)
        c.table(SPANS, delays.spells)
    for form, table in ((CAUSES, delays.causes), (SUSPENSIONS, delays.suspensions)):
        if table is not None:
            c.table(form, _about(table).reindex(columns=[column.key for column in form.columns]))


def _about(table: pd.DataFrame) -> pd.DataFrame:
    """Return causes or suspensions with what they are about and their days."""
    names = table.reindex(columns=list(metrics.KINDS.values())).astype("str").fillna("")
    subject = names["milestone_id"].str.cat(names["deliverable_id"], sep=" ").str.strip()
    days = (table["ends_on"] - table["starts_on"]).dt.days + 1
    evidence = table.reindex(columns=["evidence"])["evidence"].astype("object")
    evidence = evidence.where(evidence.notna(), [NO_DOCUMENT] * len(table))
    return table.assign(subject=subject.where(subject != ""), days=days, evidence=evidence)


def _longest(c: Chapter, delays: Delays) -> None:
    """Draw the days of all delays by class; the table beside it splits the longest delays."""
    if delays.late.empty:
        return
    late = delays.by_class
    own = late["days"] - late[[DECISION, WAITING]].sum(axis="columns")
    late = late.assign(label=labelled(late["subject"], late["title"]), own=own)
    longest = N_("The longest delay is that of {label}: {own:days}.")
    cut = N_("Of {all} delays, the {n} longest are listed.")(all=len(late), n=LISTED)
    description = sentences(
        c.in_words(largest(late, "own", 1), longest), cut if len(late) > LISTED else EMPTY
    )
    days = late[list(SHARES)].sum()
    frame = pd.DataFrame({"cause": days.index, "days": days.astype("float64").to_numpy()})
    frame["by_default"] = frame["cause"].isin(by_default(c.review.contract))
    drawn, card = largest(late, "days", LISTED), front.without_cause(delays, front.CARD)
    c.figure("days_by_cause", LONGEST, drawn, description, frame=frame, card=card)


# Caveats


def _caveats(c: Chapter, delays: Delays) -> None:
    tables = {
        "milestones": results.milestones(c.review),
        "deliverables": c.review.whole("deliverables"),
        "submissions": results.submissions(c.review),
    }
    absent = [name for name, table in tables.items() if table is None]
    for name in absent:
        sentence = N_("Not all delays are counted: {because}.")
        c.caveat(name, sentence(because=results.absence(c.review, name)))
    for row in results.not_assessed(c.review).itertuples():
        because = results.WAIT_UNKNOWN(milestone_id=row.milestone_id)
        sentence = UNASSESSED(deliverable_id=row.deliverable_id, because=because)
        c.caveat(f"unassessed.{row.deliverable_id}", sentence, about=[row.deliverable_id])
    bare = metrics.totals(delays.days).loc[metrics.UNATTRIBUTED, "days"]
    n = len(delays.late)
    longest = N_("The findings cover {n} of {all} delays: the longest.")
    c.caveat("many", longest(n=FINDINGS, all=n), when=len(_by_explanation(delays)[0]) > FINDINGS)
    unattributed = N_(
        "Calendar days of delay without a recorded cause: {n}. The data do not say to whom they "
        "are attributed."
    )
    c.caveat("unattributed", unattributed(n=bare), when=bare > 0)
    _outside(c, delays, {KINDS[name] for name in absent})


def _outside(c: Chapter, delays: Delays, unjudged: set[str]) -> None:
    """Add the causes with days outside of what they are about, where that can be late."""
    if delays.causes is None:
        return
    # What lies ahead of today is not outside of a delay yet.
    ends = delays.causes["ends_on"].clip(upper=c.review.today)
    outside = metrics.outside(delays.late, delays.causes.assign(ends_on=ends))
    placed = outside[outside["subject"].notna() & ~outside["kind"].isin(unjudged)]
    unknown = results.not_assessed(c.review)["deliverable_id"]
    placed = placed[(placed["kind"] != metrics.DELIVERABLE) | ~placed["subject"].isin(unknown)]
    causes = c.named(lambda row: OUTSIDE_OF_ONE if row.of_both else OUTSIDE, placed, NAMED)
    sentence = N_(
        "Causes with days on which what they are about was not late, and how many of their days "
        "these are: {causes}. They are in no day of that delay."
    )
    c.caveat("outside", sentence(causes=causes), about=placed["cause_id"])
    nameless = N_(
        "Causes that name neither a milestone nor a deliverable: {causes}. Their days are counted "
        "nowhere."
    )
    lost = outside.loc[outside["subject"].isna(), "cause_id"]
    c.caveat("about_nothing", nameless(causes=listed(lost, NAMED)), about=lost)
