"""Causes of delay: whose doing each day of what is late is (C4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.delivery import lateness, results
from reviewlib.delivery.delays import metrics
from reviewlib.delivery.lateness import Delays
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import as_of_words
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Interval,
    Kind,
    Section,
    Table,
    Unit,
    cell,
    rows,
)
from reviewlib.review import Review

SLUG = "delays"
NAMED = 5  # ids that a sentence names
LISTED = 200  # rows of a table
DRAWN = 25  # delays of the chart
TOLD = 100  # delays that have a finding of their own
SHARES = {
    metrics.CLIENT: N_("client"),
    metrics.PROVIDER: N_("provider"),
    metrics.THIRD_PARTY: N_("third party"),
    metrics.FORCE_MAJEURE: N_("force majeure"),
    metrics.CONCURRENT: N_("concurrent causes"),
    metrics.CONTESTED: N_("contested"),
    metrics.SUSPENDED: N_("suspended"),
    metrics.UNATTRIBUTED: N_("unattributed"),
}
LABELS = {
    metrics.CLIENT: N_("Days of delay attributed to the client alone"),
    metrics.PROVIDER: N_("Days of delay attributed to the provider alone"),
    metrics.THIRD_PARTY: N_("Days of delay attributed to a third party alone"),
    metrics.FORCE_MAJEURE: N_("Days of delay attributed to force majeure alone"),
    metrics.CONCURRENT: N_("Days of delay with concurrent causes"),
    metrics.CONTESTED: N_("Days of delay with a contested cause"),
    metrics.SUSPENDED: N_("Days of delay during a suspension"),
    metrics.UNATTRIBUTED: N_("Days of delay without a cause on file"),
}
ENDED = {
    (metrics.MILESTONE, lateness.REACHED): N_(
        "Milestone {id} “{title}” was reached on {last}, {days} after the date in force ({after})."
    ),
    (metrics.MILESTONE, lateness.RUNNING): N_(
        "Milestone {id} “{title}” is not reached as of {last}, {days} after the date in force "
        "({after})."
    ),
    (metrics.DELIVERABLE, lateness.ACCEPTED): N_(
        "Deliverable {id} “{title}”: the version accepted was submitted on {last}, {days} after "
        "the due date ({after})."
    ),
    (metrics.DELIVERABLE, lateness.AWAITING): N_(
        "Deliverable {id} “{title}”: the version that awaits a decision was submitted on {last}, "
        "{days} after the due date ({after})."
    ),
    (metrics.DELIVERABLE, lateness.RUNNING): N_(
        "Deliverable {id} “{title}”: no version is accepted or awaits a decision as of {last}, "
        "{days} after the due date ({after})."
    ),
}
COLUMNS = {
    "subject": (N_("Milestone or deliverable"), Unit.TEXT, False),
    "label": (N_("Milestone or deliverable"), Unit.TEXT, True),
    "clause": (N_("Clause"), Unit.TEXT, True),
    "after": (N_("Date in force or due date"), Unit.DATE, False),
    "first": (N_("First day"), Unit.DATE, False),
    "last": (N_("Last day"), Unit.DATE, False),
    "days": (N_("Days"), Unit.COUNT, False),
    "counted": (N_("Attributed to"), Unit.TEXT, False),
    "share": (N_("Counted as"), Unit.TEXT, False),
    "causes": (N_("Causes"), Unit.TEXT, False),
    "suspensions": (N_("Suspensions"), Unit.TEXT, False),
    "cause_id": (N_("Cause"), Unit.TEXT, False),
    "cause": (N_("What happened"), Unit.TEXT, True),
    "is_contested": (N_("Contested"), Unit.TEXT, False),
    "duty_id": (N_("Duty of the client"), Unit.TEXT, False),
    "suspension_id": (N_("Suspension"), Unit.TEXT, False),
    "reason": (N_("Reason"), Unit.TEXT, True),
    "evidence": (N_("Evidence"), Unit.TEXT, True),
}
RENAMED = {
    "starts_on": "first",
    "ends_on": "last",
    "attributed_to": "counted",
    "contested": "is_contested",
}
SOURCE = "delay_causes.csv: starts_on, ends_on, attributed_to, contested; suspensions.csv"


def delays(review: Review) -> Section:
    """Return the chapter on the causes of what is late."""
    _, known = review.wording.gettext, results.delays(review)
    title = _("Causes of delay")
    if known is None:
        because = _(
            "the folder has neither milestones (milestones.csv) nor deliverables and their "
            "submissions (deliverables.csv, submissions.csv)."
        )
        return review.not_assessed(SLUG, title, because)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, known),
        intro=_(
            "Every day of a delay is counted once. A milestone is late from the day after its date "
            "in force, a deliverable from the day after its due date. A day of a suspension is "
            "suspended, whatever its causes; else contested, if the attribution of one of its "
            "causes is; else of concurrent causes, where causes attributed differently meet; else "
            "of the one party that its causes are attributed to; else unattributed. The "
            "attributions are those of the table of causes: they are counted here, not judged."
        ),
        facts=tuple(_facts(review, known)),
        findings=(*_findings(review, known), *_undocumented(review, known)),
        tables=tuple(_tables(review, known)),
        figures=tuple(_figures(review, known)),
        caveats=tuple(_caveats(review, known)),
    )


def _headline(review: Review, known: Delays) -> str:
    _, w = review.wording.gettext, review.wording
    if known.late.empty:
        return _("Nothing is late.")
    count = known.days["share"].value_counts()
    part = _("{share} {days}")
    parts = [
        part.format(share=_(word), days=w.days(count[share]))
        for share, word in SHARES.items()
        if share in count
    ]
    delays = w.ngettext("{n} delay", "{n} delays", len(known.late))
    said = _("{delays}, {days} in all: {parts}.")
    return said.format(delays=delays, days=w.days(len(known.days)), parts=w.listed(parts))


def _facts(review: Review, known: Delays) -> Iterator[Fact]:
    """Yield the days of delay in all and by class, with what contested causes leave open."""
    _ = review.wording.gettext
    said: dict[str, Any] = {
        "n": len(known.late),
        "period": as_of_words(review),
        "source": SOURCE,
    }
    label = _("Days of delay, of all milestones and deliverables together")
    several = _("days of delays that run at the same time all count") if len(known.late) > 1 else ""
    yield Fact(f"{SLUG}.days", label, len(known.days), Unit.DAYS, note=several, **said)
    because, method = _unknown(review, known), _("whichever of the contested causes stand")
    bounds = known.ranges.groupby("share")[["low", "high"]].sum()
    for share, words in LABELS.items():
        name, label = f"{SLUG}.days.{share}", _(words)
        if share in because:
            yield Fact(name, label, None, Unit.DAYS, note=because[share])
            continue
        low, high = bounds.loc[share] if share in bounds.index else (0, 0)
        between = Interval(float(low), float(high), method) if low < high else None
        value = int((known.days["share"] == share).sum())
        silent = share == metrics.SUSPENDED and known.suspensions is None
        note = review.absence("suspensions").rstrip(".") if silent else ""
        yield Fact(name, label, value, Unit.DAYS, interval=between, note=note, **said)


def _unknown(review: Review, known: Delays) -> dict[str, str]:
    """Return the classes whose days can't be told, and why."""
    if known.causes is None:
        because = review.absence("delay_causes").rstrip(".")
        return dict.fromkeys((*metrics.PARTIES, metrics.CONCURRENT, metrics.CONTESTED), because)
    if "contested" not in known.causes:
        because = review.wording.gettext("delay_causes.csv has no column contested")
        return {metrics.CONTESTED: because}
    return {}


# Findings


def _findings(review: Review, known: Delays) -> Iterator[Finding]:
    """Return each delay with what it is made of, the longest first."""
    parts: dict[tuple[str, str], list[Any]] = {}
    for part in metrics.composition(known.spells).itertuples():
        parts.setdefault((part.kind, part.subject), []).append(part)
    left_open: dict[tuple[str, str], list[Any]] = {}
    for bounds in known.ranges.query("low < high").itertuples():
        left_open.setdefault((bounds.kind, bounds.subject), []).append(bounds)
    length = known.late["last"] - known.late["after"]
    for row in known.late.loc[length.nlargest(TOLD).index].itertuples():
        key = row.kind, row.subject
        made = parts[key]
        answered = _answered(review, made, left_open.get(key, []))
        sentences = (_ended(review, row), _made_of(review, made), *answered, *_needs(review, row))
        ids = [name for part in made for name in part.ids]
        yield Finding(
            f"{SLUG}.{row.kind}.{row.subject}",
            " ".join(sentences),
            Kind.NEUTRAL,  # what is late is a concern of its own chapter; here, why
            tuple(dict.fromkeys([row.subject, *ids])),
            _decision(review, row.subject, made),
            str(cell(row.clause) or ""),
        )


def _ended(review: Review, row: Any) -> str:
    w = review.wording
    return w.gettext(ENDED[row.kind, row.ended]).format(
        id=row.subject,
        title=row.title,
        last=w.date(row.last),
        after=w.date(row.after),
        days=w.days((row.last - row.after).days),
    )


def _made_of(review: Review, made: list[Any]) -> str:
    """Return the classes of a delay with their days, and the causes or suspensions of each."""
    _, w = review.wording.gettext, review.wording
    named, bare = _("{share} {days} ({ids})"), _("{share} {days}")
    parts = [
        (named if part.ids else bare).format(
            share=_share(review, part), days=w.days(part.days), ids=_ids(review, part.ids)
        )
        for part in made
    ]
    return _("By cause: {parts}.").format(parts=w.chained(parts))


def _share(review: Review, part: Any) -> str:
    """Return a class of days in words, with the parties where that word names none."""
    _, w = review.wording.gettext, review.wording
    if not part.parties:
        return _(SHARES[part.share])
    parties = w.listed([_(SHARES[party]) for party in part.parties.split("+")])
    said = {
        metrics.CONCURRENT: _("concurrent causes ({parties})"),
        metrics.CONTESTED: _("contested ({parties})"),
    }
    return said[part.share].format(parties=parties)


def _ids(review: Review, ids: tuple[str, ...] | list[str]) -> str:
    """Return the first ids of several, and how many others there are."""
    w = review.wording
    more = [w.ngettext("{n} other", "{n} others", len(ids) - NAMED)] if len(ids) > NAMED else []
    return w.listed([*ids[:NAMED], *more])


def _answered(review: Review, made: list[Any], left_open: list[Any]) -> Iterator[str]:
    """Yield what the answer to the contested causes of a delay changes."""
    _, w = review.wording.gettext, review.wording
    part = _("{share} {low} to {high}")
    parts = [
        part.format(share=_(SHARES[row.share]), low=w.number(row.low), high=w.days(row.high))
        for row in left_open
    ]
    if parts:
        ids = [name for each in made if each.share == metrics.CONTESTED for name in each.ids]
        said = _("Depending on which contested attributions stand ({ids}): {parts}.")
        yield said.format(ids=_ids(review, list(dict.fromkeys(ids))), parts=w.chained(parts))


def _needs(review: Review, row: Any) -> Iterator[str]:
    _, w = review.wording.gettext, review.wording
    if row.before > 0:
        said = _(
            "It can't be submitted before milestone {id} is reached; days of its delay before "
            "that: {n}."
        )
        yield said.format(id=row.needs, n=w.number(row.before))


def _decision(review: Review, subject: str, made: list[Any]) -> str:
    _, shares = review.wording.gettext, {part.share for part in made}
    contested, bare = (name in shares for name in (metrics.CONTESTED, metrics.UNATTRIBUTED))
    if contested and bare:
        said = _(
            "{id}: settle whose doing the contested days are, and what those without a cause are "
            "due to."
        )
    elif contested:
        said = _("{id}: settle whose doing the contested days are.")
    else:
        said = _("{id}: settle what the days without a cause are due to.") if bare else ""
    return said.format(id=subject)


def _undocumented(review: Review, known: Delays) -> Iterator[Finding]:
    _, w, causes = review.wording.gettext, review.wording, known.causes
    if causes is None:
        return
    bare = causes.loc[causes.reindex(columns=["evidence"])["evidence"].isna(), "cause_id"]
    if len(bare):
        said = _("Causes of delay that name no document as evidence: {k} of {n} ({ids}).")
        ids = tuple(bare)
        sentence = said.format(k=w.number(len(ids)), n=w.number(len(causes)), ids=_ids(review, ids))
        decision = _("Find the documents that prove these causes, or note that there is none.")
        yield Finding(f"{SLUG}.evidence", sentence, Kind.NEUTRAL, ids, decision)


# Tables and figure


def _tables(review: Review, known: Delays) -> Iterator[Table]:
    """Yield the partition of each delay, its spans, and the causes and suspensions behind them."""
    _ = review.wording.gettext
    if len(known.late):
        caption, sums = _("Each delay by cause, in days"), _sums(known)
        note = _("The classes add up to the days of the delay: those after that date.")
        keys = ("subject", "clause", "after", "last", "days", *SHARES)
        yield _table(review, "partition", sums, keys, caption=caption, note=note)
        spans = known.spells.copy()
        for name in ("causes", "suspensions"):
            spans[name] = [", ".join(ids) or None for ids in spans[name]]
        caption = _("Each delay, span by span")
        keys = ("subject", "first", "last", "days", "share", "causes", "suspensions")
        yield _table(review, "spans", spans, keys, caption=caption, folded=True)
    if known.causes is not None:
        caption = _("Causes on file")
        keys = ("cause_id", "subject", "cause", "counted", "is_contested", "first", "last", "days")
        keys = (*keys, "duty_id", "evidence")
        yield _table(review, "causes", _about(known.causes), keys, caption=caption, folded=True)
    if known.suspensions is not None:
        caption, lines = _("Suspensions"), _about(known.suspensions)
        note = _("One that names neither a milestone nor a deliverable applies to all of them.")
        keys = ("suspension_id", "subject", "reason", "clause", "first", "last", "days", "evidence")
        yield _table(review, "suspensions", lines, keys, caption=caption, note=note, folded=True)


def _sums(known: Delays) -> pd.DataFrame:
    """Return what is late with its days by class; ``days``: all of them."""
    counts = metrics.partition(known.days).rename(columns={"total": "days"})
    return known.late.merge(counts, on=["kind", "subject"])


def _about(table: pd.DataFrame) -> pd.DataFrame:
    """Return causes or suspensions with what they are about and their days."""
    names = table.reindex(columns=list(metrics.KINDS.values())).astype("str").fillna("")
    subject = names["milestone_id"].str.cat(names["deliverable_id"], sep=" ").str.strip()
    rows = table.rename(columns=RENAMED)
    days = (rows["last"] - rows["first"]).dt.days + 1
    return rows.assign(subject=subject.where(subject != ""), days=days)


def _table(
    review: Review, name: str, frame: pd.DataFrame, keys: tuple[str, ...], **said: Any
) -> Table:
    """Return the first rows of a frame under some of COLUMNS and SHARES."""
    _, w = review.wording.gettext, review.wording
    counts = {share: (word, Unit.COUNT, False) for share, word in SHARES.items()}
    columns = tuple(
        Column(key, w.gettext(label)[0].upper() + w.gettext(label)[1:], unit, quoted)
        for key in keys
        for label, unit, quoted in [(COLUMNS | counts)[key]]
    )
    shown = frame.head(LISTED).reindex(columns=list(keys))
    for key in {"counted", "share"} & {*keys}:
        shown[key] = shown[key].map({share: _(word) for share, word in SHARES.items()})
    if len(frame) > LISTED:
        first = _("The first {n} rows of {all}.").format(
            n=w.number(LISTED), all=w.number(len(frame))
        )
        said["note"] = f"{said.get('note', '')} {first}".strip()
    return Table(f"{SLUG}.{name}", columns=columns, rows=rows(shown, columns), **said)


def _figures(review: Review, known: Delays) -> Iterator[Figure]:
    """Yield the longest delays, each with its days by class."""
    _, w = review.wording.gettext, review.wording
    if known.late.empty:
        return
    sums = _sums(known)
    sums["label"] = sums["subject"] + " · " + sums["title"]
    drawn = sums.loc[sums["days"].nlargest(DRAWN).index].sort_index()
    longest = sums.loc[sums["days"].idxmax()]
    said = _("The longest delay is that of {subject}: {days}.")
    said = said.format(subject=longest["label"], days=w.days(longest["days"]))
    if len(sums) > DRAWN:
        note = _("Of {all} delays, the {n} longest are drawn.")
        said += " " + note.format(all=w.number(len(sums)), n=w.number(DRAWN))
    name, title = f"{SLUG}.by_cause", _("Days of delay by cause")
    days = drawn.set_index("label")[list(SHARES)].astype("float64")
    svg = charts.days_by_cause(days.where(days > 0), charts.Labels(name), w)
    keys = ("label", *SHARES, "days")
    yield Figure(
        name, svg, title, said, _table(review, "by_cause.table", drawn, keys, caption=title)
    )


def _caveats(review: Review, known: Delays) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    tables = {
        "milestones": results.milestones(review),
        "deliverables": review.engagement.tables.get("deliverables"),
        "submissions": results.submissions(review),
    }
    for name, table in tables.items():
        if table is None:
            said = _("Not all delays are counted: {because}")
            yield Caveat(f"{SLUG}.{name}", said.format(because=review.absence(name)))
    if len(known.late) > TOLD:
        said = _("The findings tell of {n} of {all} delays: the longest.")
        sentence = said.format(n=w.number(TOLD), all=w.number(len(known.late)))
        yield Caveat(f"{SLUG}.many", sentence)
    unattributed = int((known.days["share"] == metrics.UNATTRIBUTED).sum())
    if unattributed:
        said = _(
            "Days of delay for which no cause is on file: {n}. Nothing here tells whose doing they "
            "are."
        )
        yield Caveat(f"{SLUG}.unattributed", said.format(n=w.number(unattributed)))
    yield from _outside(review, known, tables)


def _outside(
    review: Review, known: Delays, tables: dict[str, pd.DataFrame | None]
) -> Iterator[Caveat]:
    """Yield the causes with days outside of what they are about, where that can be late."""
    _, w = review.wording.gettext, review.wording
    outside = metrics.outside(known.late, _until(known.causes, review.today))
    untold = {metrics.MILESTONE} if tables["milestones"] is None else set()
    if tables["deliverables"] is None or tables["submissions"] is None:
        untold.add(metrics.DELIVERABLE)
    placed, lost = outside[outside["subject"].notna()], outside[outside["subject"].isna()]
    placed = placed[~placed["kind"].isin(untold)]
    part, twice = _("{cause} ({k} of {n})"), _("{cause} for {id} ({k} of {n})")
    several = placed["cause_id"].isin(_of_both(known.causes))
    parts = [
        (twice if both else part).format(
            cause=row.cause_id, id=row.subject, k=w.number(row.outside), n=w.number(row.days)
        )
        for row, both in zip(placed.itertuples(), several, strict=True)
    ]
    if parts:
        said = _(
            "Causes with days on which what they are about was not late, and how many of their "
            "days these are: {causes}. They are in no day of that delay."
        )
        yield Caveat(f"{SLUG}.outside", said.format(causes=_ids(review, parts)))
    if len(lost):
        said = _(
            "Causes that name neither a milestone nor a deliverable: {causes}. Their days are "
            "counted nowhere."
        )
        ids = list(lost["cause_id"])
        yield Caveat(f"{SLUG}.about_nothing", said.format(causes=_ids(review, ids)))


def _of_both(causes: pd.DataFrame | None) -> pd.Series:
    """Return the causes that are about a milestone and a deliverable at once."""
    names = ["cause_id", *metrics.KINDS.values()]
    asked = (pd.DataFrame() if causes is None else causes).reindex(columns=names)
    return asked.loc[asked.notna().all(axis="columns"), "cause_id"]


def _until(causes: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame | None:
    """Return causes up to today: what lies ahead of them is not outside of a delay yet."""
    return causes if causes is None else causes.assign(ends_on=causes["ends_on"].clip(upper=today))
