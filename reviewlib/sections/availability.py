"""Availability: how much of the agreed hours each service was up, month by month (F5)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from reviewlib import charts
from reviewlib.clause_words import plain_id, priority_id, threshold_words
from reviewlib.contract.availability import Availability
from reviewlib.metrics import availability as metrics
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
from reviewlib.wording import N_, Wording

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

    def label(self, clause: str, service: str) -> str:
        """Return the name of a service; with the clause where several cover it."""
        stated = [t.services for t in self.review.contract.versions if service in t.services]
        name = stated[-1][service].name
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
    title, contract = _("Availability"), review.contract
    because = ""
    if not any(terms.availability for terms in contract.versions):
        because = _("the contract states no availability (terms.availability in engagement.yml).")
    elif not metrics.in_force(contract, review.as_of):
        because = _("no clause on availability was in force by then.")
    elif "outages" not in review.engagement.tables:
        because = _(
            "the folder has no outages.csv: absence of a record is no proof of availability."
        )
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


def _seen(review: Review) -> _Seen:
    contract, as_of = review.contract, review.as_of
    known, windows = review.table("outages"), review.table("maintenance_windows")
    outages = review.engagement.tables["outages"].iloc[:0] if known is None else known
    if windows is None:
        windows = pd.DataFrame(columns=["window_id", "service", "starts_at", "ends_at"])
    parts = metrics.in_force(contract, as_of)
    found = metrics.stretches(contract, outages, windows, as_of)
    counts = metrics.added_up(contract, parts, outages)
    months = metrics.months(found, contract, as_of)
    judged = months[months["met"].notna()].groupby(["clause", "service"])["met"]
    counts = counts.merge(
        judged.agg(kept="sum", judged="size").reset_index(), how="left", on=["clause", "service"]
    ).fillna({"kept": 0, "judged": 0})
    keys = ["clause", "service"]
    totals = metrics.shares(found, keys).merge(counts, on=keys)
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
    over = _("Over the whole period: {services}.")
    if len(known) > NAMED:
        known, over = (
            known.nsmallest(NAMED, "share"),
            _("Lowest over the whole period: {services}."),
        )
    shares = zip(seen.labels(known), known["share"], strict=True)
    whole = [f"{label} {_percent(w, share)}" for label, share in shares]
    if not judged:
        said = _("No month could be judged against a target.")
    else:
        said = _("{months}, {kept} at the target or above.").format(
            months=w.ngettext("{n} month judged", "{n} months judged", judged), kept=w.number(kept)
        )
    return f"{said} {over.format(services=w.listed(whole))}" if whole else said


# -------------------------------------------------------------------------- figures and verdicts


def _facts(seen: _Seen, row: pd.Series) -> Iterator[Fact]:
    """Yield, of a clause and service: its share, months kept, the share of all hours."""
    _ = seen.review.wording.gettext
    source = _(
        "outages.csv: started_at, ended_at, caused_by; maintenance_windows.csv: starts_at, "
        "ends_at, announced_at, agreed"
    )
    about = {"clause": row["clause"], "period": _period(seen.review), "source": source}
    yield dataclasses.replace(_share(seen, row), **about)
    yield dataclasses.replace(_kept(seen, row), **about)
    clock = about | {"source": _("outages.csv: started_at, ended_at")}
    yield dataclasses.replace(_around_the_clock(seen, row), **clock)


def _share(seen: _Seen, row: pd.Series) -> Fact:
    """Return the share over the whole period; the verdict on a target is that on its months."""
    _, w, about = seen.review.wording.gettext, seen.review.wording, (row["clause"], row["service"])
    asked = seen.of(seen.months, *about)["target"].dropna().unique()
    precise = _("{share} before rounding: {lost} lost of {agreed} agreed ({outages})").format(
        share=_percent(w, row["share"]),
        lost=w.duration(row["lost"]),
        agreed=w.duration(row["agreed"]),
        outages=w.ngettext("{n} outage", "{n} outages", int(row["n"])),
    )
    none = _("the calendar of the clause has no agreed hour in the period")
    return Fact(
        f"{SLUG}.{seen.place(*about)}.share",
        _("Availability · {service}").format(service=seen.label(*about)),
        cell(row["share"]),
        Unit.SHARE,
        n=int(row["n"]),
        target=float(asked[0]) if len(asked) == 1 else None,
        note=precise if row["agreed"] else none,
    )


def _kept(seen: _Seen, row: pd.Series) -> Fact:
    _, about = seen.review.wording.gettext, (row["clause"], row["service"])
    kept, judged = int(row["kept"]), int(row["judged"])
    label = _("Availability · {service}: months at the target or above")
    return Fact(
        f"{SLUG}.{seen.place(*about)}.months",
        label.format(service=seen.label(*about)),
        kept if judged else None,
        Unit.COUNT,
        n=judged,
        target=float(judged) if judged else None,
        met=kept == judged if judged else None,
        note="" if judged else _("no complete month with agreed hours has a target"),
    )


def _around_the_clock(seen: _Seen, row: pd.Series) -> Fact:
    _, w, about = seen.review.wording.gettext, seen.review.wording, (row["clause"], row["service"])
    label = _("Availability · {service}: around the clock, nothing excluded")
    return Fact(
        f"{SLUG}.{seen.place(*about)}.around_the_clock",
        label.format(service=seen.label(*about)),
        cell(row["around_the_clock"]),
        Unit.SHARE,
        n=int(row["n"]),
        note=_("{share} before rounding: every outage on every hour of the period").format(
            share=_percent(w, row["around_the_clock"])
        ),
    )


def _period(review: Review) -> str:
    period, day = review.contract.period, review.wording.date
    return f"{day(period.first)} – {day(max(period.first, min(period.last, review.today.date())))}"


def _findings(seen: _Seen) -> Iterator[Finding]:
    """Yield, of each clause and service, the months under their target, or that there are none."""
    for clause, service in seen.totals[["clause", "service"]].itertuples(index=False):
        judged = seen.of(seen.months, clause, service)
        judged = judged[judged["met"].notna()]
        missed = judged[~judged["met"].astype("bool")]
        if not judged.empty:
            name = f"{SLUG}.{seen.place(clause, service)}"
            kind = Kind.STRENGTH if missed.empty else Kind.CONCERN
            yield Finding(
                name,
                _sentence(seen, judged, missed),
                kind,
                evidence=_evidence(seen, missed),
                decision="" if missed.empty else _decision(seen, clause, service),
                clause=clause,
            )


def _sentence(seen: _Seen, judged: pd.DataFrame, missed: pd.DataFrame) -> str:
    _, w, first = seen.review.wording.gettext, seen.review.wording, judged.iloc[0]
    label = seen.label(first["clause"], first["service"])
    months = w.ngettext("{n} month judged", "{n} months judged", len(judged))
    if missed.empty:
        kept = _("Availability, {service}: {months}, none under the target.")
        return kept.format(service=label, months=months)
    worst = missed.sort_values("share", kind="stable").head(NAMED).sort_index()
    named = [
        _("{month} {share} for {target} ({lost} lost)").format(
            month=w.month(row.month),
            share=_percent(w, row.share, row.target),
            target=threshold_words(w, row.target),
            lost=w.duration(row.lost),
        )
        for row in worst.itertuples()
    ]
    more = len(missed) - len(worst)
    if more:
        named.append(w.ngettext("{n} other less far", "{n} others less far", more))
    return _("Availability, {service}: {months}, {missed} under the target: {named}.").format(
        service=label, months=months, missed=w.number(len(missed)), named=w.listed(named)
    )


def _evidence(seen: _Seen, missed: pd.DataFrame) -> tuple[str, ...]:
    """Return the outages that lost time in the months under the target, in order of time."""
    found: dict[str, None] = {}
    for part in missed["part"].unique():
        mine = seen.stretches[seen.stretches["part"] == part]
        when = mine["month"].isin(missed.loc[missed["part"] == part, "month"])
        found |= dict.fromkeys(metrics.responsible(mine, seen.parts[part], seen.outages, when))
    return tuple(found)[:EVIDENCE]


def _decision(seen: _Seen, clause: str, service: str) -> str:
    _ = seen.review.wording.gettext
    said = _(
        "Availability, {service}: ask for a recovery plan, and decide on what clause {clause} "
        "provides."
    )
    return said.format(service=seen.label(clause, service), clause=clause)


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
    w, asked = seen.review.wording, frame.get("target", pd.Series(float("nan"), frame.index))
    pairs = zip(frame["share"], asked, strict=True)
    return frame.assign(
        label=seen.labels(frame),
        availability=[_percent(w, *pair) if pair[0] == pair[0] else None for pair in pairs],
        clock=[_percent(w, share) for share in frame["around_the_clock"]],
        asked=[threshold_words(w, target) if target == target else None for target in asked],
    )


def _months(seen: _Seen, clause: str) -> Table:
    _ = seen.review.wording.gettext
    months = seen.months[seen.months["clause"] == clause]
    split = bool(months.duplicated(["service", "month"]).any())
    columns = (
        Column("month", _("Month"), Unit.MONTH),
        Column("label", _("Service")),
        *((Column("date", _("Judged from"), Unit.DATE),) * split),
        Column("availability", _("Availability")),
        Column("asked", _("Target")),
        Column("state", _("State")),
        Column("agreed", _("Agreed hours"), Unit.SECONDS),
        Column("lost", _("Lost"), Unit.SECONDS),
        Column("maintenance", _("Maintenance"), Unit.SECONDS),
        Column("excused", _("Excused"), Unit.SECONDS),
        Column("clock", _("Around the clock")),
    )
    met = months["met"].astype("object")
    state = met.map({True: _("kept"), False: _("not kept")}).fillna(_("no target"))
    state = state.mask(months["agreed"] == 0, _("no agreed hour"))
    state = state.mask(months["provisional"], _("provisional"))
    notes = [
        _(
            "Months are those of the contract’s time zone. Maintenance and excused: down time that "
            "the clause excludes. Around the clock: every outage on every hour, nothing excluded."
        )
    ]
    if split:
        notes.append(_("A month in which an amendment changed the terms is judged in two parts."))
    versions = seen.review.contract.versions
    titles = [t.availability[clause].title for t in versions if clause in t.availability]
    return Table(
        f"{SLUG}.{seen.clause_part(clause)}months",
        _("{clause}, by month").format(clause=titles[-1]),
        columns,
        rows(_worded(seen, months.assign(state=state)), columns),
        note=" ".join(notes),
        folded=True,
    )


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
    if planned.empty:
        return
    columns = (
        Column("window_id", _("Window"), quoted=True),
        Column("label", _("Service")),
        Column("starts_at", _("Start"), Unit.INSTANT),
        Column("ends_at", _("End"), Unit.INSTANT),
        Column("treated", _("Read as")),
        Column("down", _("Outage recorded in agreed hours"), Unit.SECONDS),
    )
    frame = planned.assign(
        label=seen.labels(planned),
        treated=planned["treated"].map({key: _(words) for key, words in TREATED.items()}),
    )
    note = _(
        "A window is a plan: only an outage that is recorded in it is down time. Excluded down "
        "time beyond the allowance of a month counts as lost."
    )
    shown = _first(seen.review.wording, len(frame), note)
    lines = rows(frame.head(LISTED), columns)
    yield Table(f"{SLUG}.windows", _("Planned maintenance"), columns, lines, shown, folded=True)


def _first(wording: Wording, n: int, note: str) -> str:
    """Return a note, and how many rows there are where not all are listed."""
    more = wording.gettext("The first {shown} of {n} are listed.")
    listed = more.format(shown=wording.number(LISTED), n=wording.number(n))
    return f"{note} {listed}" if n > LISTED else note


def _unlike(seen: _Seen) -> Iterator[Table]:
    _ = seen.review.wording.gettext
    unlike = metrics.unlike_recorded(seen.outages)
    if unlike.empty:
        return
    columns = (
        Column("outage_id", _("Outage"), quoted=True),
        Column("service", _("Service"), quoted=True),
        Column("started_at", _("Start"), Unit.INSTANT),
        Column("ended_at", _("End"), Unit.INSTANT),
        Column("minutes", _("Minutes by the dates"), Unit.COUNT),
        Column("recorded_minutes", _("Minutes recorded"), Unit.COUNT),
    )
    note = _("This chapter counts by the dates.")
    caption = _("Outages whose recorded length differs from their dates")
    lines = rows(unlike.head(LISTED), columns)
    shown = _first(seen.review.wording, len(unlike), note)
    yield Table(f"{SLUG}.recorded", caption, columns, lines, shown, folded=True)


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
        calendars = contract.terms_at(part.since).calendars
        excused = [_(PARTIES[word]) for word in part.terms.excuses]
        lines.append(
            (
                seen.label(part.clause, part.service),
                part.since.tz_convert(contract.time_zone).date().isoformat(),
                threshold_words(w, part.target) if part.target == part.target else None,
                calendars[part.terms.calendar].title,
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
    """Yield what the records leave open."""
    counted = (*_of_records(seen), *_of_coverage(seen))
    for name, sentence in (*_of_time(seen), *((name, said) for name, n, said in counted if n)):
        yield Caveat(f"{SLUG}.{name}", sentence)


def _of_time(seen: _Seen) -> Iterator[tuple[str, str]]:
    _, w, totals = seen.review.wording.gettext, seen.review.wording, seen.totals
    silent = totals[totals["n"] == 0]
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
    for month in seen.months.loc[seen.months["provisional"], "month"].unique():
        said = _("{month} is provisional: it is known until {instant} only.")
        instant = w.instant(seen.review.as_of)
        yield "provisional", said.format(month=w.month(month), instant=instant)


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


def _of_coverage(seen: _Seen) -> Iterator[tuple[str, int, str]]:
    """Yield which outages have no end or no clause, and what is not drawn, each with how many."""
    n_, services = seen.review.wording.ngettext, [part.service for part in seen.parts]
    ended = seen.outages.get("ended_at", pd.Series(pd.NaT, seen.outages.index))
    still = int((ended.isna() & seen.outages["service"].isin(services)).sum())
    said = n_(
        "{n} outage has no end: it counts as still going on.",
        "{n} outages have no end: they count as still going on.",
        still,
    )
    yield "open", still, said
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
