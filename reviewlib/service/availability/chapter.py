"""Availability: how much of the agreed hours each service was up, month by month (F5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import TableForm
from reviewlib.report.phrases import so_far
from reviewlib.report.text import (
    EMPTY,
    N_,
    Shown,
    Text,
    chained,
    listed,
    n_,
    sentences,
)
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.availability import grounds_words, metrics, tables, words
from reviewlib.service.availability.parts import within
from reviewlib.service.clauses import is_penalised, service_names, threshold_words
from reviewlib.service.words import in_ramp_up

EVIDENCE, CAUSES, CALENDARS, NAMED = 200, 25, 12, 6
KEYS, IN_BRIEF = 3, 3  # shares beside the lead; months that a brief names
DOWN = "outages.csv: started_at, ended_at"
RECORDS = f"{DOWN}, caused_by; maintenance_windows.csv: starts_at, ends_at, announced_at, agreed"


@dataclass(frozen=True)
class Uptime:
    """The records, what the metrics made of them, and the names of each clause and service."""

    outages: pd.DataFrame
    planned: pd.DataFrame
    parts: list[metrics.ServicePart]
    stretches: pd.DataFrame
    months: pd.DataFrame
    totals: pd.DataFrame
    names: pd.DataFrame

    def of(self, frame: pd.DataFrame, row: Any) -> pd.DataFrame:
        """Return the rows of a frame that are of the clause and service of a row."""
        return frame[(frame["clause"] == row.clause) & (frame["service"] == row.service)]


def availability(review: Review) -> Section:
    """Return the chapter on availability over agreed hours, against the target of its clause."""
    c = Chapter(review, "availability", N_("Availability"), so_far(review))
    if because := _unassessed(review):
        return c.not_assessed(because)
    up = _uptime(review)
    _opening(c, up)
    for place, row in enumerate(up.totals.itertuples()):
        _facts(c, row, up.of(up.months, row)["target"].dropna().unique(), place < KEYS)
    for row in up.totals[up.totals["judged"] > 0].itertuples():
        _finding(c, up, row)
    if review.is_earlier:
        return c.section()
    _months(c, up)
    _losses(c, up, tables.BY_PARTY)
    _losses(c, up, tables.BY_CAUSE)
    _records(c, up)
    c.table(tables.POLICIES, tables.policies(review.contract, up.parts, up.names))
    _calendars(c, up)
    _caveats(c, up)
    return c.section()


def _unassessed(review: Review) -> Text:
    """Return why nothing can be said; empty when something can."""
    outages = review.table("outages")
    if not any(terms.availability for terms in review.contract.versions):
        return N_("the contract states no availability (terms.availability in engagement.yml)")
    cut = results.stretches(review)  # in the months of a period: there may be none
    if not metrics.in_force(review.contract, review.as_of) or (cut is not None and cut.empty):
        return N_("no clause on availability was in force by then")
    if review.is_earlier and review.period and not review.period.months:
        return words.WHOLE_MONTHS  # which the period itself may share
    if outages is None:
        return words.NO_PROOF(because=review.absent("outages"))
    if "ended_at" not in outages:
        return N_("the folder does not say when outages ended (outages.csv: ended_at)")
    return EMPTY


def _uptime(review: Review) -> Uptime:
    contract = review.contract
    outages, parts = results.outages(review), metrics.in_force(contract, review.as_of)
    stretches, months = results.stretches(review), results.uptime(review)
    assert stretches is not None
    assert months is not None
    parts = within(parts, stretches) if review.period else parts
    counted = metrics.counted(contract, stretches, parts, outages)
    names = words.names(contract, parts)
    months, totals = (
        frame.join(names, on=words.KEYS)
        for frame in (months, metrics.totals(stretches, counted, months))
    )
    windows = metrics.windows_by_month(stretches, parts, review.rows("maintenance_windows"))
    by_month = metrics.outages_by_month(stretches, parts, outages)
    reasons = pd.Series(
        grounds_words.of_months(months, by_month, windows), months.index, dtype="object"
    )
    planned, months = metrics.planned(windows), months.assign(grounds=reasons)
    return Uptime(outages, planned, parts, stretches, months, totals, names)


def _opening(c: Chapter, up: Uptime) -> None:
    judged, met = int(up.totals["judged"].sum()), int(up.totals["kept"].sum())
    c.headline(
        words.at_target(up.totals["judged"])(k=met)
        if judged
        else N_("No month could be judged against a target.")
    )
    if judged > met:
        c.clause(Kind.CONCERN, words.BELOW_TARGET(k=judged - met, n=judged), 3)
    elif judged:
        c.clause(Kind.STRENGTH, words.ALWAYS_AT_TARGET, 2)
    c.intro(
        words.INTRO,
        words.MONTHS_OF_DAYS if c.review.period and not c.review.period.months else EMPTY,
        N_("The records count up to {end}.")(end=words.end_of_records(c.review)),
    )


# Figures and verdicts


def _facts(c: Chapter, row: Any, targets: Any, key: bool) -> None:
    """Add, of a clause and service: its share, months at the target, the share of all hours.

    ``key``: whether the share stands beside the lead.
    """
    c.fact(  # the verdict on a target is that on its months
        f"{row.place}.share",
        N_("Availability · {service}")(service=row.label),
        row.share,
        Unit.SHARE,
        n=row.n,
        target=float(targets[0]) if len(targets) == 1 else None,
        note=_share_note(c, row),
        clause=row.clause,
        source=RECORDS,
        key=key,
    )
    c.fact(
        f"{row.place}.months",
        N_("Availability · {service}: months at the target or above")(service=row.label),
        row.kept if row.judged else None,
        n=row.judged,
        target=float(row.judged) if row.judged else None,
        met=row.kept == row.judged if row.judged else None,
        because=N_("no final month with agreed hours has a target"),
        clause=row.clause,
        source=RECORDS,
        checks=_checked(row),
    )
    unrounded = N_("{share} before rounding: every outage on every hour of the period")
    c.fact(
        f"{row.place}.around_the_clock",
        N_("Availability · {service}: around the clock, nothing excluded")(service=row.label),
        row.around_the_clock,
        Unit.SHARE,
        n=row.recorded,
        clause=row.clause,
        source=DOWN,
        note=unrounded(share=words.percent(row.around_the_clock)),
    )


def _checked(row: Any) -> Checks | None:
    """Return the months of a clause and service that were judged."""
    return Checks(Side.PROVIDER, int(row.kept), int(row.judged)) if row.judged else None


def _share_note(c: Chapter, row: Any) -> Text:
    if not row.agreed:
        return N_("the calendar of the clause has no agreed hour in the period")
    outages = n_("{n} outage that lost time", "{n} outages that lost time")(n=row.n)
    unrounded = N_(
        "{share} before rounding: {lost:seconds} lost of {agreed:seconds} agreed ({outages})"
    )(share=words.percent(row.share), outages=outages)
    best = N_("{share} should the outages without an end have lost no time")
    more = best(share=words.percent(row.at_best)) if row.lost > row.certain else EMPTY
    return chained((c.of_row(unrounded, row), more))


def _finding(c: Chapter, up: Uptime, row: Any) -> None:
    """Add, of a clause and service, the months under their target, or that there are none."""
    months = up.of(up.months, row)
    missed = months[~months["met"].fillna(True)]
    judged = words.JUDGED(n=row.judged)
    if missed.empty:
        sentence = N_("Availability, {service}: {months}, none under the target.")
        sentence = sentence(service=row.label, months=judged)
        brief = Brief(words.HELD(service=row.label), topic=row.clause, side=Side.PROVIDER)
        c.strength(row.place, sentence, clause=row.clause, checks=_checked(row), brief=brief)
        return
    causes = _causes(c.review.contract, up, missed)
    ids, parties = list(causes["outage_id"].astype("str").unique()), {*causes["caused_by"]}
    sentence = N_("Availability, {service}: {months}, {missed} under the target: {named}.")
    about = {"service": row.label, "months": judged, "missed": missed["month"].nunique()}
    spared = in_ramp_up(missed["month"], c.review.contract, row.clause)
    c.concern(
        row.place,
        sentences(sentence(named=listed(_furthest(c, missed)), **about), spared),
        about=ids or None,
        evidence=EVIDENCE,
        decision=_decision(c.review, parties, row),
        decider=Side.CLIENT if "provider" in parties else Side.BOTH,
        clause=row.clause,
        checks=_checked(row),
        brief=_brief(c, row, missed, parties),
    )


def _brief(c: Chapter, row: Any, missed: pd.DataFrame, parties: set[str]) -> Brief:
    """Return what the first page says of a service under its target, and who lost the time."""
    months = [Shown(month, "month") for month in missed["month"].unique()]
    under = words.UNDER.filled({"service": row.label, "months": listed(months, IN_BRIEF)})
    others = parties - {"provider"}
    lost = words.OTHERS["provider" in parties] if others else EMPTY
    stake = AtStake(len(months), Unit.COUNT, words.MONTHS_BELOW, of=int(row.judged))
    spared = in_ramp_up(missed["month"], c.review.contract, row.clause)
    return Brief(sentences(under, spared, lost), stake, topic=row.clause, side=Side.PROVIDER)


def _furthest(c: Chapter, missed: pd.DataFrame) -> Iterator[Text]:
    """Yield how far under its target each month is, or the part of it that an amendment made."""
    worst = missed.sort_values("at_best", kind="stable").head(NAMED).sort_index()
    for row in worst.itertuples():
        certain = N_("{month} {share} for {target} ({certain:seconds} lost: {grounds})")
        at_best = N_(
            "{month} at best {share} for {target} ({certain:seconds} lost for certain; {grounds})"
        )
        month = N_("{month:month} ({date:date} – {last:date})") if row.cut else N_("{month:month}")
        sentence = (at_best if row.provisional else certain)(
            month=c.of_row(month, row),
            share=words.percent(row.at_best, row.target),
            target=threshold_words(row.target),
        )
        yield c.of_row(sentence, row)
    if more := missed.loc[~missed["month"].isin(worst["month"]), "month"].nunique():
        yield n_("{n} other less far", "{n} others less far")(n=more)


def _causes(contract: Contract, up: Uptime, missed: pd.DataFrame) -> pd.DataFrame:
    """Return the outages that lost time in the months under the target, in order of time."""
    keys, stretches = ["part", "month"], up.stretches
    under = pd.MultiIndex.from_frame(stretches[keys]).isin(pd.MultiIndex.from_frame(missed[keys]))
    in_missed = stretches.assign(lost=stretches["lost"].where(under, 0))
    outages = metrics.counted(contract, in_missed, up.parts, up.outages)
    return outages[outages["lost"] > 0]


def _decision(review: Review, parties: set[str], row: Any) -> Text:
    """Return what to decide of a clause and service, by who caused the outages that lost the time.

    A contract that has ended leaves nothing to correct, and what its penalties are for is decided
    with these.
    """
    about = {"service": row.label, "clause": row.clause}
    if "provider" in parties and review.over:
        claim = N_("Availability, {service}: decide on what {clause:ref} provides.")
        return EMPTY if is_penalised(review.contract, row.clause) else claim(**about)
    return words.to_settle(parties)(**about)


# Tables


def _months(c: Chapter, up: Uptime) -> None:
    """Add the months of each clause, with shares in words, which never round to a verdict."""
    parts = N_(
        "A month that an amendment cuts is judged in parts, and meets its target when "
        "all of them do."
    )
    bounds = N_(
        "At worst: all agreed hours still to come are lost, and outages without an end count until "
        "now. At best: none is lost, and those outages lost no time."
    )
    form = tables.MONTHS
    for _clause, months in up.months.groupby("clause", sort=False):
        cut, provisional = bool(months["cut"].any()), bool(months["provisional"].any())
        absent = {"date": not cut, "at_worst": not provisional, "at_best": not provisional}
        first = next(months.itertuples())
        c.table(
            form.only(col.key for col in form.columns if not absent.get(col.key)).but(
                name=f"{first.clause_place}months",
                caption=c.of_row(form.caption, first),
                note=sentences(
                    form.note, parts if cut else EMPTY, bounds if provisional else EMPTY
                ),
            ),
            tables.in_words(months),
        )


def _losses(c: Chapter, up: Uptime, form: TableForm) -> None:
    """Add the time lost, by cause or by who caused it: the rows add up to it."""
    losses = metrics.losses(up.stretches, form.name).join(up.names["label"], on=words.KEYS)
    if losses.empty:
        return
    texts = {text: text for text in up.outages.get("cause", ()) if isinstance(text, str)}
    parties = words.PARTIES if form is tables.BY_PARTY else texts | {"": words.PARTIES[""]}
    unstated, several = N_("{one}, and one not stated"), N_("several at once")
    lines: list[tuple[Any, ...]] = []
    for row in losses.head(CAUSES).itertuples():
        name = getattr(row, form.name)
        cause = several if pd.isna(name) else parties.get(name, name)
        cause = unstated(one=cause) if row.unstated else cause
        lines.append((row.label, cause, row.lost, row.share))
    others = losses.iloc[CAUSES:]
    if len(others):
        label = n_("{n} other row", "{n} other rows")(n=len(others))
        lines.append((None, label, int(others["lost"].sum()), None))
    c.table(form, lines)


def _records(c: Chapter, up: Uptime) -> None:
    """Add the planned windows, and the outages of which the length is recorded otherwise."""
    if len(up.planned):
        read_as = [grounds_words.treated(row) for row in up.planned.itertuples()]
        planned = up.planned.assign(read_as=pd.Series(read_as, up.planned.index, dtype="object"))
        c.table(tables.WINDOWS, planned.join(up.names["label"], on=words.KEYS))
    unlike = metrics.unlike_recorded(up.outages)
    if len(unlike):
        names = service_names(c.review.contract)
        labels = [names[service] for service in unlike["service"]]
        c.table(tables.UNLIKE, unlike.assign(label=pd.Series(labels, unlike.index, dtype="object")))


# Charts and caveats


def _calendars(c: Chapter, up: Uptime) -> None:
    """Draw the months of the services that lost most, a strip each."""
    most = up.totals[up.totals["agreed"] > 0].nlargest(CALENDARS, "lost").sort_index()
    if most.empty:
        return
    counted = N_("Months at their target: {kept} of {n}; services drawn: {services}.")
    description = counted(kept=most["kept"].sum(), n=most["judged"].sum(), services=len(most))
    frame = metrics.strips(up.stretches, up.months).merge(
        most[[*words.KEYS, "label", "lost"]], on=words.KEYS
    )
    c.figure(
        "availability_calendar",
        tables.STRIPS,
        most,
        description,
        frame=frame,
        of=int((up.totals["agreed"] > 0).sum()),
        measure=N_("Agreed hours up"),
    )


def _caveats(c: Chapter, up: Uptime) -> None:
    """Add what the records leave open, each only where there is any of it."""
    _of_time(c, up)
    unproved = up.planned["treated"].isin([metrics.NO_AGREEMENT, metrics.NOT_ANNOUNCED])
    covered = up.outages["service"].isin([part.service for part in up.parts])
    for name, n, sentence in (
        ("duplicates", len(metrics.duplicates(up.outages)), words.DUPLICATES),
        ("recorded", len(metrics.unlike_recorded(up.outages)), words.UNLIKE),
        ("unproved", (unproved & (up.planned["down"] > 0)).sum(), words.UNPROVED),
        (
            "open",
            (up.outages["ended_at"].isna() & covered).sum(),
            words.OPEN(end=words.end_of_records(c.review)),
        ),
        ("apart", metrics.uncounted(up.parts, up.outages), words.APART),
        ("calendars", (up.totals["agreed"] > 0).sum() - CALENDARS, words.CALENDARS),
    ):
        c.caveat(name, sentence(n=int(n)), when=n > 0)


def _of_time(c: Chapter, up: Uptime) -> None:
    """Add the services without an outage, the outages that overlap and the months that go on."""
    totals, end = up.totals, words.end_of_records(c.review)
    silent = totals.loc[totals["recorded"] == 0, "label"]
    c.caveat("silent", words.SILENT(services=listed(silent)), when=len(silent) > 0)
    down = totals["lost"] + totals["maintenance"] + totals["excused"]
    shared = totals["added"] > down
    lengths = {"added": totals.loc[shared, "added"].sum(), "union": down[shared].sum()}
    c.caveat("overlap", words.OVERLAP(**lengths), when=bool(shared.any()))
    months = sorted(up.months.loc[up.months["provisional"], "month"].unique())
    named = listed(Shown(month, "month") for month in months)
    if len(months) > NAMED:
        named = n_("{n} month", "{n} months")(n=len(months))
    c.caveat("provisional", words.PROVISIONAL(end=end, months=named), when=len(months) > 0)
