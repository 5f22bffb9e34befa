"""Availability: how much of the agreed hours each service was up, month by month (F5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.contract.availability import Availability
from reviewlib.pages.wording import N_, Wording
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
from reviewlib.service import results
from reviewlib.service.availability import metrics
from reviewlib.service.clause_words import plain_id, priority_id, threshold_words

SLUG = "availability"
DIGITS = 3  # a tenth of a percent of a month is three quarters of an hour
EVIDENCE, LISTED, CAUSES, CALENDARS, NAMED = 200, 50, 25, 6, 6
PARTIES = {
    "client": N_("the client"),
    "provider": N_("the provider"),
    "third_party": N_("a third party"),
    "force_majeure": N_("force majeure"),
    "": N_("not stated"),
}
TREATED = {
    metrics.EXCLUDED: N_("does not count"),
    metrics.NOT_AGREED: N_("counts: not agreed by the client"),
    metrics.NO_AGREEMENT: N_("counts: no agreement is recorded"),
    metrics.NOT_ANNOUNCED: N_("counts: no announcement is dated"),
    metrics.LATE: N_("counts: announced too late"),
    metrics.COUNTED: N_("counts, as the clause says"),
}


@dataclass(frozen=True)
class _Seen:
    """What the chapter shows: the tables, and what the metrics made of them."""

    review: Review
    outages: pd.DataFrame
    windows: pd.DataFrame
    parts: list[metrics.Part]
    stretches: pd.DataFrame
    months: pd.DataFrame
    totals: pd.DataFrame

    def name(self, service: str) -> str:
        """Return the name of a service, as the contract last stated it."""
        stated = [t.services for t in self.review.contract.versions if service in t.services]
        return stated[-1][service].name

    def label(self, clause: str, service: str) -> str:
        """Return the name of a service; with the clause where several cover it."""
        name = self.name(service)
        alone = len({part.clause for part in self.parts if part.service == service}) == 1
        return name if alone else f"{name} ({clause})"

    def labels(self, frame: pd.DataFrame) -> list[str]:
        """Return the name of the service of each row."""
        return [self.label(*pair) for pair in zip(frame["clause"], frame["service"], strict=True)]

    def place(self, clause: str, service: str) -> str:
        """Return the part of an id that names a service, with its clause among several."""
        return f"{self.clause_part(clause)}{priority_id(service)}"

    def clause_part(self, clause: str) -> str:
        """Return the part of an id that names a clause, with its "."; "" of the only one."""
        names = list(dict.fromkeys(part.clause for part in self.parts))
        ids = [plain_id(name).lower() for name in names]
        own, place = ids[names.index(clause)], names.index(clause) + 1
        alike = not own or ids.count(own) > 1
        return f"{f'{own}_{place}'.strip('_') if alike else own}." if len(names) > 1 else ""

    def of(self, frame: pd.DataFrame, clause: str, service: str) -> pd.DataFrame:
        """Return the rows of a frame that are of a clause and service."""
        return frame[(frame["clause"] == clause) & (frame["service"] == service)]


def availability(review: Review) -> Section:
    """Return the chapter on availability over agreed hours, against the target of its clause."""
    _ = review.wording.gettext
    title, because = _("Availability"), _unassessed(review)
    if because:
        return review.not_assessed(SLUG, title, because)
    seen = _seen(review)
    return review.section(
        SLUG,
        title,
        headline=_headline(seen),
        intro=_(
            "Availability is (agreed hours − hours lost) ÷ agreed hours. Hours lost are the agreed "
            "hours in which an outage is recorded, each counted once however many outages "
            "overlap, less what the clause excludes. Planned maintenance stays among the agreed "
            "hours. A month is judged without rounding, to the second."
        ),
        facts=tuple(fact for __, row in seen.totals.iterrows() for fact in _facts(seen, row)),
        findings=tuple(_findings(seen)),
        tables=tuple(_tables(seen)),
        figures=tuple(_figures(seen)),
        caveats=tuple(_caveats(seen)),
    )


def _unassessed(review: Review) -> str:
    """Return why nothing can be said; "" when something can."""
    _, outages = review.wording.gettext, review.table("outages")
    if not any(terms.availability for terms in review.contract.versions):
        return _("the contract states no availability (terms.availability in engagement.yml).")
    if not metrics.in_force(review.contract, review.as_of):
        return _("no clause on availability was in force by then.")
    if outages is None:
        proof = _("The absence of a record is no proof of availability.")
        return f"{review.absence('outages')} {proof}"
    if "ended_at" not in outages:
        return _("outages have no end: outages.csv has no column ended_at.")
    return ""


def _seen(review: Review) -> _Seen:
    contract, as_of = review.contract, review.as_of
    outages, windows = review.rows("outages"), review.rows("maintenance_windows")
    parts = metrics.in_force(contract, as_of)
    found, months = results.stretches(review), results.uptime(review)
    assert found is not None
    assert months is not None
    totals = metrics.totals(found, metrics.counted(contract, found, parts, outages), months)
    return _Seen(review, outages, windows, parts, found, months, totals)


def _percent(wording: Wording, share: float, asked: float = float("nan")) -> str:
    """Return a share in words, with decimals enough to see that it misses what was asked."""
    for digits in range(DIGITS, 8):
        said = wording.percent(share, digits)
        if share >= asked or said != wording.percent(asked, digits):
            break
    return said


def _headline(seen: _Seen) -> str:
    _, w = seen.review.wording.gettext, seen.review.wording
    judged, kept = int(seen.totals["judged"].sum()), int(seen.totals["kept"].sum())
    known = seen.totals[seen.totals["share"].notna()]
    over = _("Over the period up to {end}: {services}.")
    if len(known) > NAMED:
        known = known.nsmallest(NAMED, "share")
        over = _("Lowest over the period up to {end}: {services}.")
    shares = zip(seen.labels(known), known["share"], strict=True)
    whole = [f"{label} {_percent(w, share)}" for label, share in shares]
    said = _("No month could be judged against a target.")
    if judged:
        said = _("{months}, {kept} at the target or above.").format(
            months=w.ngettext("{n} month judged", "{n} months judged", judged), kept=w.number(kept)
        )
    shown = over.format(end=_end(seen.review), services=w.listed(whole))
    return f"{said} {shown}" if whole else said


def _end(review: Review) -> str:
    """Return up to when the records are counted: a day where it is all of it."""
    end = metrics.known_until(review.contract, review.as_of)
    local = end.tz_convert(review.contract.time_zone)
    if local == local.normalize():
        return review.wording.date((local - pd.Timedelta(seconds=1)).date())
    return review.wording.instant(local)


# -------------------------------------------------------------------------- figures and verdicts


def _facts(seen: _Seen, row: pd.Series) -> Iterator[Fact]:
    """Yield, of a clause and service: its share, months kept, the share of all hours."""
    _, place = seen.review.wording.gettext, (row["clause"], row["service"])
    base = Fact(
        f"{SLUG}.{seen.place(*place)}",
        seen.label(*place),
        None,
        Unit.SHARE,
        clause=row["clause"],
        period=_period(seen.review),
        source=_(
            "outages.csv: started_at, ended_at, caused_by; maintenance_windows.csv: starts_at, "
            "ends_at, announced_at, agreed"
        ),
    )
    asked = seen.of(seen.months, *place)["target"].dropna().unique()
    yield replace(  # the verdict on a target is that on its months
        base,
        id=f"{base.id}.share",
        label=_("Availability · {service}").format(service=base.label),
        value=cell(row["share"]),
        n=int(row["n"]),
        target=float(asked[0]) if len(asked) == 1 else None,
        note=_share_note(seen.review.wording, row),
    )
    yield _months_fact(seen, row, base)
    yield _around_the_clock(seen, row, base)


def _months_fact(seen: _Seen, row: pd.Series, base: Fact) -> Fact:
    _, kept, judged = seen.review.wording.gettext, int(row["kept"]), int(row["judged"])
    label = _("Availability · {service}: months at the target or above")
    return replace(
        base,
        id=f"{base.id}.months",
        label=label.format(service=base.label),
        value=kept if judged else None,
        unit=Unit.COUNT,
        n=judged,
        target=float(judged) if judged else None,
        met=kept == judged if judged else None,
        note="" if judged else _("no final month with agreed hours has a target"),
    )


def _around_the_clock(seen: _Seen, row: pd.Series, base: Fact) -> Fact:
    _, w = seen.review.wording.gettext, seen.review.wording
    label = _("Availability · {service}: around the clock, nothing excluded")
    said = _("{share} before rounding: every outage on every hour of the period")
    return replace(
        base,
        id=f"{base.id}.around_the_clock",
        label=label.format(service=base.label),
        value=cell(row["around_the_clock"]),
        n=int(row["recorded"]),
        note=said.format(share=_percent(w, row["around_the_clock"])),
        source=_("outages.csv: started_at, ended_at"),
    )


def _share_note(wording: Wording, row: pd.Series) -> str:
    _, n_ = wording.gettext, wording.ngettext
    if not row["agreed"]:
        return _("the calendar of the clause has no agreed hour in the period")
    said = _("{share} before rounding: {lost} lost of {agreed} agreed ({outages})").format(
        share=_percent(wording, row["share"]),
        lost=wording.duration(row["lost"]),
        agreed=wording.duration(row["agreed"]),
        outages=n_("{n} outage that lost time", "{n} outages that lost time", int(row["n"])),
    )
    best = _("{share} should the outages without an end have lost no time")
    more = best.format(share=_percent(wording, row["at_best"]))
    return f"{said}; {more}" if row["lost"] > row["certain"] else said


def _period(review: Review) -> str:
    period, day = review.contract.period, review.wording.date
    return f"{day(period.first)} – {day(max(period.first, min(period.last, review.today.date())))}"


def _findings(seen: _Seen) -> Iterator[Finding]:
    """Yield, of each clause and service, the months under their target, or that there are none."""
    for row in seen.totals[seen.totals["judged"] > 0].itertuples():
        months = seen.of(seen.months, row.clause, row.service)
        missed = months[~months["met"].fillna(True)]
        causes = _causes(seen, missed)
        yield Finding(
            f"{SLUG}.{seen.place(row.clause, row.service)}",
            _sentence(seen, row, missed),
            Kind.STRENGTH if missed.empty else Kind.CONCERN,
            evidence=tuple(causes["outage_id"].astype("str").unique()[:EVIDENCE]),
            decision="" if missed.empty else _decision(seen, row, {*causes["caused_by"]}),
            clause=row.clause,
        )


def _sentence(seen: _Seen, row: Any, missed: pd.DataFrame) -> str:
    _, w = seen.review.wording.gettext, seen.review.wording
    label, judged = seen.label(row.clause, row.service), int(row.judged)
    months = w.ngettext("{n} month judged", "{n} months judged", judged)
    if missed.empty:
        kept = _("Availability, {service}: {months}, none under the target.")
        return kept.format(service=label, months=months)
    worst = missed.sort_values("at_best", kind="stable").head(NAMED).sort_index()
    named = [_missed(w, part) for __, part in worst.iterrows()]
    more = missed.loc[~missed["month"].isin(worst["month"]), "month"].nunique()
    if more:
        named.append(w.ngettext("{n} other less far", "{n} others less far", more))
    return _("Availability, {service}: {months}, {missed} under the target: {named}.").format(
        service=label,
        months=months,
        missed=w.number(missed["month"].nunique()),
        named=w.listed(named),
    )


def _missed(wording: Wording, part: pd.Series) -> str:
    """Return how far under its target a month is, or the part of it that an amendment made."""
    _, month = wording.gettext, wording.month(part["month"])
    said = _("{month} {share} for {target} ({lost} lost)")
    if part["provisional"]:
        said = _("{month} at best {share} for {target} ({lost} lost for certain)")
    if part["cut"]:
        month = f"{month} ({wording.date(part['date'])} – {wording.date(part['last'])})"
    return said.format(
        month=month,
        share=_percent(wording, part["at_best"], part["target"]),
        target=threshold_words(wording, part["target"]),
        lost=wording.duration(part["certain"]),
    )


def _causes(seen: _Seen, missed: pd.DataFrame) -> pd.DataFrame:
    """Return the outages that lost time in the months under the target, in order of time."""
    keys, found = ["part", "month"], seen.stretches
    under = pd.MultiIndex.from_frame(found[keys]).isin(pd.MultiIndex.from_frame(missed[keys]))
    mine = found.assign(lost=found["lost"].where(under, 0))
    each = metrics.counted(seen.review.contract, mine, seen.parts, seen.outages)
    return each[each["lost"] > 0]


def _decision(seen: _Seen, row: Any, parties: set[str]) -> str:
    """Return what to decide, by who caused the outages that lost the time."""
    _, w = seen.review.wording.gettext, seen.review.wording
    said = _(
        "Availability, {service}: {parties} caused what lost time under the target, the provider "
        "nothing of it; settle who remedies it, and what clause {clause} provides for it."
    )
    if "provider" in parties:
        said = _(
            "Availability, {service}: ask for a recovery plan, and decide on what clause {clause} "
            "provides."
        )
    elif "" in parties:
        said = _(
            "Availability, {service}: agree first on whose side the causes lie, which is not "
            "stated of every outage; then decide on what clause {clause} provides."
        )
    named = w.listed([_(words) for party, words in PARTIES.items() if party in parties])
    label = seen.label(row.clause, row.service)
    return said.format(service=label, clause=row.clause, parties=named)


# ---------------------------------------------------------------------------------------- tables


def _tables(seen: _Seen) -> Iterator[Table]:
    """Yield the months, what was lost to whom and to what, the windows and the rules."""
    yield from (_months(seen, clause) for clause in seen.months["clause"].unique())
    yield from _losses(seen)
    yield from _windows(seen)
    yield from _unlike(seen)
    yield _policies(seen)


def _worded(seen: _Seen, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with their service, and with shares in words, which never round to a verdict."""
    w, words = seen.review.wording, {}
    for name in ("share", "at_worst", "at_best", "around_the_clock"):
        pairs = zip(frame[name], frame["target"], strict=True)
        words[name] = [_percent(w, *pair) if pair[0] == pair[0] else None for pair in pairs]
    asked = [threshold_words(w, asked) if asked == asked else None for asked in frame["target"]]
    return frame.assign(label=seen.labels(frame), asked=asked, **words)


def _months(seen: _Seen, clause: str) -> Table:
    _ = seen.review.wording.gettext
    months = seen.months[seen.months["clause"] == clause]
    split, open_ = bool(months["cut"].any()), bool(months["provisional"].any())
    columns = (
        Column("month", _("Month"), Unit.MONTH),
        Column("label", _("Service")),
        *((Column("date", _("Judged from"), Unit.DATE),) * split),
        Column("share", _("Availability")),
        *((Column("at_worst", _("At worst")), Column("at_best", _("At best"))) * open_),
        Column("asked", _("Target")),
        Column("state", _("State")),
        Column("agreed", _("Agreed hours"), Unit.SECONDS),
        Column("lost", _("Lost"), Unit.SECONDS),
        Column("maintenance", _("Maintenance"), Unit.SECONDS),
        Column("excused", _("Excused"), Unit.SECONDS),
        Column("around_the_clock", _("Around the clock")),
    )
    note = _(
        "Months are those of the contract’s time zone. Maintenance and excused: down time that the "
        "clause excludes. Around the clock: every outage on every hour, nothing excluded."
    )
    parts = _("A month that an amendment cuts is judged in parts, and kept when all of them are.")
    bounds = _(
        "At worst: all agreed hours still to come are lost, and outages without an end count until "
        "now. At best: none is lost, and those outages lost no time."
    )
    versions = seen.review.contract.versions
    titles = [t.availability[clause].title for t in versions if clause in t.availability]
    return Table(
        f"{SLUG}.{seen.clause_part(clause)}months",
        _("{clause}, by month").format(clause=titles[-1]),
        columns,
        rows(_worded(seen, months.assign(state=_states(seen, months))), columns),
        note=" ".join([note, *[parts] * split, *[bounds] * open_]),
        folded=True,
    )


def _states(seen: _Seen, months: pd.DataFrame) -> pd.Series:
    _, met = seen.review.wording.gettext, months["met"].astype("object")
    state = met.map({True: _("kept"), False: _("not kept")}).fillna(_("no target"))
    state = state.mask(months["agreed"] == 0, _("no agreed hour"))
    state = state.mask(months["provisional"], _("provisional"))
    return state.mask(months["provisional"] & ~months["met"].fillna(True), _("not kept, at best"))


def _losses(seen: _Seen) -> Iterator[Table]:
    """Yield DT by who caused it, and by cause: the rows of a table add up to the time lost."""
    _ = seen.review.wording.gettext
    captions = {
        "caused_by": (_("Time lost, by who caused it"), _("Caused by")),
        "cause": (_("Time lost, by cause"), _("Cause")),
    }
    note = _("Time in which outages of several causes overlap is told once, as such.")
    for column, (caption, heading) in captions.items():
        lost = metrics.losses(seen.stretches, column)
        if lost.empty:
            continue
        words = {key: _(said) for key, said in PARTIES.items() if column != "cause" or not key}
        named = lost[column].map(words).fillna(lost[column]).fillna(_("several at once"))
        both = [_("{one}, and one not stated").format(one=one) for one in named]
        named = named.mask(lost["unstated"], pd.Series(both, named.index))
        columns = (
            Column("label", _("Service")),
            Column(column, heading, quoted=column == "cause"),
            Column("lost", _("Lost"), Unit.SECONDS),
            Column("share", _("Share of the service’s time lost"), Unit.SHARE),
        )
        frame = lost.assign(**{column: named, "label": seen.labels(lost)})
        lines, left = rows(frame.head(CAUSES), columns), frame.iloc[CAUSES:]
        if len(left):
            others = seen.review.wording.ngettext("{n} other row", "{n} other rows", len(left))
            lines = (*lines, (None, others, int(left["lost"].sum()), None))
        yield Table(f"{SLUG}.{column}", caption, columns, lines, note)


def _windows(seen: _Seen) -> Iterator[Table]:
    _ = seen.review.wording.gettext
    planned = metrics.planned(seen.stretches, seen.parts, seen.windows)
    columns = (
        Column("window_id", _("Window"), quoted=True),
        Column("label", _("Service")),
        Column("starts_at", _("Start"), Unit.INSTANT),
        Column("ends_at", _("End"), Unit.INSTANT),
        Column("treated", _("Read as")),
        Column("down", _("Outage recorded in agreed hours"), Unit.SECONDS),
    )
    words = planned["treated"].map({key: _(words) for key, words in TREATED.items()})
    frame = planned.assign(label=seen.labels(planned), treated=words)
    note = _(
        "A window is a plan: only an outage that is recorded in it is down time. Excluded down "
        "time beyond the allowance of a month counts as lost."
    )
    caption = _("Planned maintenance")
    yield from _first(seen, Table(f"{SLUG}.windows", caption, columns, (), note), frame)


def _unlike(seen: _Seen) -> Iterator[Table]:
    _ = seen.review.wording.gettext
    unlike = metrics.unlike_recorded(seen.outages)
    columns = (
        Column("outage_id", _("Outage"), quoted=True),
        Column("label", _("Service")),
        Column("started_at", _("Start"), Unit.INSTANT),
        Column("ended_at", _("End"), Unit.INSTANT),
        Column("minutes", _("Minutes by the dates"), Unit.COUNT),
        Column("recorded_minutes", _("Minutes recorded"), Unit.COUNT),
    )
    note = _("This chapter counts by the dates.")
    caption = _("Outages whose recorded length differs from their dates")
    frame = unlike.assign(label=unlike["service"].map(seen.name))
    yield from _first(seen, Table(f"{SLUG}.recorded", caption, columns, (), note), frame)


def _first(seen: _Seen, table: Table, frame: pd.DataFrame) -> Iterator[Table]:
    """Yield a table with the first rows of a frame, and how many there are; none without any."""
    w, note, n = seen.review.wording, table.note, len(frame)
    if n > LISTED:
        more = w.gettext("The first {shown} of {n} are listed.")
        note = f"{note} {more.format(shown=w.number(LISTED), n=w.number(n))}"
    if n:
        lines = rows(frame.head(LISTED), table.columns)
        yield replace(table, rows=lines, note=note, folded=True)


def _policies(seen: _Seen) -> Table:
    """Return how each clause was read, defaults included, so that it can be disputed."""
    _, contract = seen.review.wording.gettext, seen.review.contract
    columns = (
        Column("label", _("Service")),
        Column("since", _("In force from"), Unit.DATE),
        Column("target", _("Target")),
        Column("hours", _("Agreed hours")),
        Column("maintenance", _("Planned maintenance")),
        Column("excuses", _("Causes that do not count")),
    )
    w, lines = seen.review.wording, []
    for part in seen.parts:
        excused = [_(PARTIES[word]) for word in part.terms.excuses]
        for turn, (since, number) in enumerate(metrics.agreed_since(contract, part)):
            title = contract.versions[number].calendars[part.terms.calendar].title
            if turn:
                amended = _("{calendar}, as amended by {amendment}")
                title = amended.format(calendar=title, amendment=contract.amendments[number - 1].id)
            lines.append(
                (
                    seen.label(part.clause, part.service),
                    since.tz_convert(contract.time_zone).date().isoformat(),
                    threshold_words(w, part.target) if part.target == part.target else None,
                    title,
                    _maintenance(w, part.terms),
                    w.listed(excused) if excused else _("none of them"),
                )
            )
    return Table(
        f"{SLUG}.policies", _("How each clause was read"), columns, tuple(lines), folded=True
    )


def _maintenance(wording: Wording, terms: Availability) -> str:
    _ = wording.gettext
    if terms.maintenance == "counted":
        return _("counts as time lost")
    agreed = _("does not count when agreed by the client")
    said = [agreed if terms.agreed_only else _("does not count")]
    if terms.notice is not None:
        notice = wording.duration(terms.notice.total_seconds())
        said.append(_("announced {notice} before or earlier").format(notice=notice))
    if terms.allowance is not None:
        most = wording.duration(terms.allowance.total_seconds())
        said.append(_("{most} of down time a month at most").format(most=most))
    return ", ".join(said)


# --------------------------------------------------------------------------- figures and caveats


def _figures(seen: _Seen) -> Iterator[Figure]:
    """Yield the calendar of the services that lost most."""
    most = seen.totals[seen.totals["agreed"] > 0].nlargest(CALENDARS, "lost").sort_index()
    for clause, service in most[["clause", "service"]].itertuples(index=False):
        yield _calendar(seen, clause, service)


def _calendar(seen: _Seen, clause: str, service: str) -> Figure:
    _, w = seen.review.wording.gettext, seen.review.wording
    days = metrics.days(seen.of(seen.stretches, clause, service))
    agreed, lost = int(days["share"].notna().sum()), days[days["minutes"] > 0]
    name = f"{SLUG}.{seen.place(clause, service)}.calendar"
    title = _("Availability day by day: {service}").format(service=seen.label(clause, service))
    said = _("Days with agreed hours: {agreed}; days on which time was lost: {lost}.").format(
        agreed=w.number(agreed), lost=w.number(len(lost))
    )
    if len(lost):
        worst = lost.loc[lost["minutes"].idxmax()]
        said += " " + _("Most on {date}: {time}.").format(
            date=w.date(worst["date"]), time=w.duration(worst["minutes"] * 60)
        )
    columns = (
        Column("date", _("Day"), Unit.DATE),
        Column("seconds", _("Lost"), Unit.SECONDS),
        Column("share", _("Share of the agreed hours"), Unit.SHARE),
    )
    note = _("On the other days with agreed hours nothing was lost.")
    lines = rows(lost.assign(seconds=lost["minutes"] * 60), columns)
    drawn = charts.availability_calendar(days, charts.Labels(name, _("Agreed hours up")), w)
    return Figure(name, drawn, title, said, Table(f"{name}.table", title, columns, lines, note))


def _caveats(seen: _Seen) -> Iterator[Caveat]:
    """Yield what the records leave open, each only where there is any of it."""
    counted = (*_of_records(seen), *_of_coverage(seen))
    for name, sentence in (*_of_time(seen), *((name, said) for name, n, said in counted if n)):
        yield Caveat(f"{SLUG}.{name}", sentence)


def _of_time(seen: _Seen) -> Iterator[tuple[str, str]]:
    _, w, totals = seen.review.wording.gettext, seen.review.wording, seen.totals
    silent = totals[totals["recorded"] == 0]
    if len(silent):
        said = _(
            "No outage is recorded for {services}: that makes 100%, which is as good as the record."
        )
        yield "silent", said.format(services=w.listed(seen.labels(silent)))
    down = totals["lost"] + totals["maintenance"] + totals["excused"]
    shared = totals["added"] > down
    if shared.any():
        said = _(
            "Outages overlap: added up one by one they last {added} of agreed hours, together "
            "{union}. Overlapping time counts once."
        )
        added, union = (w.duration(s[shared].sum()) for s in (totals["added"], down))
        yield "overlap", said.format(added=added, union=union)
    months = sorted(seen.months.loc[seen.months["provisional"], "month"].unique())
    if months:
        said = _(
            "Provisional, as known until {end}: {months}. The table by month has what each can "
            "still be, at worst and at best."
        )
        named = w.listed([w.month(month) for month in months])
        if len(months) > NAMED:
            named = w.ngettext("{n} month", "{n} months", len(months))
        yield "provisional", said.format(end=_end(seen.review), months=named)


def _of_records(seen: _Seen) -> Iterator[tuple[str, int, str]]:
    """Yield what is wrong with rows of the records: an id, how many, and what that does."""
    n_, aside = seen.review.wording.ngettext, seen.review.engagement.set_aside
    twice, unlike = (
        len(rows_of(seen.outages)) for rows_of in (metrics.duplicates, metrics.unlike_recorded)
    )
    said = n_(
        "{n} outage repeats another in all but its number; its time counts once.",
        "{n} outages repeat another in all but their number; their time counts once.",
        twice,
    )
    yield "duplicates", twice, said
    said = n_(
        "The recorded length of {n} outage differs from its dates by a minute or more; the dates "
        "count.",
        "The recorded length of {n} outages differs from their dates by a minute or more; the "
        "dates count.",
        unlike,
    )
    yield "recorded", unlike, said
    left = int(aside.loc[aside["table"] == "outages", "row"].nunique())
    said = n_(
        "{n} row of outages.csv was set aside; its time is not counted.",
        "{n} rows of outages.csv were set aside; their time is not counted.",
        left,
    )
    yield "set_aside", left, said
    planned = metrics.planned(seen.stretches, seen.parts, seen.windows)
    untold = planned["treated"].isin([metrics.NO_AGREEMENT, metrics.NOT_ANNOUNCED])
    unproved = int((untold & (planned["down"] > 0)).sum())
    said = n_(
        "Of {n} window with down time no agreement or no announcement is recorded: whether there "
        "was one is not known, and its down time counts as lost.",
        "Of {n} windows with down time no agreement or no announcement is recorded: whether there "
        "was one is not known, and their down time counts as lost.",
        unproved,
    )
    yield "unproved", unproved, said


def _of_coverage(seen: _Seen) -> Iterator[tuple[str, int, str]]:
    """Yield which outages have no end or no clause, and what is not drawn, each with how many."""
    n_, services = seen.review.wording.ngettext, [part.service for part in seen.parts]
    ended = seen.outages["ended_at"].notna()
    still = int((~ended & seen.outages["service"].isin(services)).sum())
    said = n_(
        "{n} outage has no end: it counts as down until {{end}}, and months whose time lost "
        "depends on it are provisional.",
        "{n} outages have no end: they count as down until {{end}}, and months whose time lost "
        "depends on them are provisional.",
        still,
    )
    yield "open", still, said.format(end=_end(seen.review))
    apart = metrics.uncounted(seen.parts, seen.outages)
    said = n_(
        "{n} outage is of a service or a time that no clause covers, or lasts no time; it is not "
        "counted.",
        "{n} outages are of a service or a time that no clause covers, or last no time; they are "
        "not counted.",
        apart,
    )
    yield "apart", apart, said
    hidden = max(int((seen.totals["agreed"] > 0).sum()) - CALENDARS, 0)
    said = n_(
        "The calendar of {n} service that lost less is not drawn.",
        "The calendars of {n} services that lost less are not drawn.",
        hidden,
    )
    yield "calendars", hidden, said
