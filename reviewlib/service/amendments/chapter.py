"""Amendments: the service before and since each, both periods counted under both terms (E3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.contract import Amendment, Clause
from reviewlib.pages.wording import N_
from reviewlib.rates import WILSON
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
    rows,
)
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.amendments import metrics
from reviewlib.service.amendments.metrics import BEFORE, NEW, OLD, SINCE, Changed, Compared
from reviewlib.service.clause_words import (
    NO_CLAUSE,
    NO_VERDICT,
    judged_as,
    measure_id,
    priority_id,
    target_words,
    threshold_words,
)

SLUG = "amendments"
EVIDENCE = 200  # tickets that a finding names
FACTS = {
    (BEFORE, OLD): N_("{label} before {amendment}, by the terms before"),
    (BEFORE, NEW): N_("{label} before {amendment}, by the terms after"),
    (SINCE, OLD): N_("{label} since {amendment}, by the terms before"),
    (SINCE, NEW): N_("{label} since {amendment}, by the terms after"),
}
ROWS = {
    (BEFORE, OLD): N_("{priority} before, terms before"),
    (BEFORE, NEW): N_("{priority} before, terms after"),
    (SINCE, OLD): N_("{priority} since, terms before"),
    (SINCE, NEW): N_("{priority} since, terms after"),
}
TERMS = {OLD: N_("the terms before"), NEW: N_("the terms after")}


def amendments(review: Review) -> Section:
    """Return the chapter on the service around each amendment that changed how it is judged."""
    _ = review.wording.gettext
    title, found = _("Service before and since each amendment"), results.amended(review)
    because = _absence(review, found)
    if because or found is None:
        return review.not_assessed(SLUG, title, because)
    every = _in_force(review)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, every, found.counts),
        intro=_(
            "An amendment changes what is asked: a share before it and a share since are not "
            "comparable as they stand. Here the tickets of each period are judged twice, as if "
            "the terms before the amendment had held throughout, and as if those after it had. A "
            "ticket belongs to the period in which its clock first started. Why two periods "
            "differ under the same terms can’t be told from this."
        ),
        facts=tuple(_facts(review, every, found.counts)),
        findings=tuple(_findings(review, every, found)),
        tables=(_list(review), *(_table(review, each, found.counts) for each in every)),
        figures=tuple(_figures(review, every, found.counts)),
        caveats=tuple(_caveats(review, found.counts)),
    )


def _absence(review: Review, found: Compared | None) -> str:
    """Return why nothing can be compared; empty where something can."""
    _, contract = review.wording.gettext, review.contract
    if not contract.amendments:
        return _("the contract file states no amendment (amendments).")
    if not contract.clause_ids():
        return _(NO_CLAUSE)
    if not metrics.changed(contract):
        return _("no amendment changes what tickets are judged by (changes: clauses, calendars).")
    if not _in_force(review):
        said = _("no amendment that changes what tickets are judged by is in force on {date}.")
        return said.format(date=review.wording.date(review.today))
    if found is None:
        return review.absence("tickets")
    return "" if found.counts["n"].any() else _(NO_VERDICT)


def _in_force(review: Review) -> tuple[Changed, ...]:
    contract = review.contract
    return tuple(
        each
        for each in metrics.changed(contract)
        if contract.effective_from[each.amendment] <= review.as_of
    )


def _headline(review: Review, every: tuple[Changed, ...], counts: pd.DataFrame) -> str:
    """Return the four shares where one priority of one clause was changed, else how many were."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    touched = [(each, priority) for each in every for priority in each.touched]
    each, priority = touched[0]
    mine = _of(counts, each, priority)
    if len(touched) > 1 or not mine["n"].any():
        said = _("Targets and rules changed by amendments, by clause and priority: {n}.")
        return said.format(n=w.number(len(touched)))
    shares = {f"{row.period}_{row.terms}": w.percent(row.share) for row in mine.itertuples()}
    said = _(
        "{label} in time before {amendment}: {before_old} by the terms before, {before_new} by "
        "those after. Since: {since_old} and {since_new}."
    )
    return said.format(
        label=judged_as(w, contract, each.clause, priority),
        amendment=contract.amendments[each.amendment - 1].id,
        **shares,
    )


def _of(counts: pd.DataFrame, each: Changed, priority: str = "") -> pd.DataFrame:
    mine = counts[(counts["amendment"] == each.amendment) & (counts["clause"] == each.clause)]
    return mine[mine["priority"] == priority] if priority else mine


def _place(review: Review, each: Changed) -> str:
    return f"{SLUG}.{each.amendment}.{measure_id(review.contract, each.clause)}"


def _facts(review: Review, every: tuple[Changed, ...], counts: pd.DataFrame) -> Iterator[Fact]:
    """Yield the share of each period under each terms, for what was changed."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    for each in every:
        for priority in each.touched:
            for row in _of(counts, each, priority).itertuples():
                label = _(FACTS[row.period, row.terms]).format(
                    label=judged_as(w, contract, each.clause, priority),
                    amendment=contract.amendments[each.amendment - 1].id,
                )
                name = f"{_place(review, each)}.{priority_id(priority)}"
                yield Fact(
                    id=f"{name}.{row.period}_{row.terms}",
                    label=label,
                    value=row.share if row.n else None,
                    unit=Unit.SHARE,
                    n=row.n,
                    interval=Interval(row.low, row.high, WILSON) if row.n else None,
                    target=row.threshold if row.threshold == row.threshold else None,
                    clause=each.clause,
                    period=_period(review, each.amendment, row.period),
                    source=_("ticket_events.csv, judged under both terms"),
                    note=_note(review, each, row.terms, priority, row.n),
                )


def _note(review: Review, each: Changed, terms: str, priority: str, n: int) -> str:
    _ = review.wording.gettext
    target = _target(review, _clause(review, each, terms), priority)
    if not target:
        return _("these terms state no target for this priority")
    if not n:
        return _("no ticket of this period is decided")
    return _("target time: {target}").format(target=target)


def _clause(review: Review, each: Changed, terms: str) -> Clause:
    return review.contract.versions[each.amendment - (terms == OLD)].clauses[each.clause]


def _target(review: Review, clause: Clause, priority: str) -> str:
    """Return the target of a priority, with those of the variants that state another."""
    variants = (clause.variant(number) for number in range(len(clause.variants) + 1))
    stated = (each.targets[priority] for each in variants if priority in each.targets)
    return " / ".join(dict.fromkeys(target_words(review.wording, target) for target in stated))


def _period(review: Review, number: int, period: str) -> str:
    """Return the first and last day of a period, up to the amendment before or after it."""
    w, contract = review.wording, review.contract
    starts = [contract.period.first, *(a.effective for a in contract.amendments)]
    place = number - (period == BEFORE)
    last = min(contract.period.last, review.today.date())
    if place + 1 < len(starts):
        last = min(last, starts[place + 1] - dt.timedelta(days=1))
    return f"{w.date(starts[place])} – {w.date(max(last, starts[place]))}"


def _findings(review: Review, every: tuple[Changed, ...], found: Compared) -> Iterator[Finding]:
    """Yield, neutral, what each change of terms makes of both periods."""
    _, w = review.wording.gettext, review.wording
    sentence = _(
        "{amendment}, in force from {date}, changed {label} ({changes}). Clocks started before: "
        "{before_old} in time by the terms before, {before_new} by those after. Since: {since_old} "
        "in time by the terms before, {since_new} by those after. Tickets in time by one of the "
        "terms and late by the other: {turned}. Both periods are counted under both terms; why "
        "they differ can’t be told from this."
    )
    for each in every:
        amendment = review.contract.amendments[each.amendment - 1]
        for priority in each.touched:
            said = {
                f"{row.period}_{row.terms}": _counted(review, row.met, row.n)
                for row in _of(found.counts, each, priority).itertuples()
            }
            turned = _of(found.turned, each, priority)["ticket_id"]
            words = sentence.format(
                amendment=amendment.id,
                date=w.date(amendment.effective),
                label=judged_as(w, review.contract, each.clause, priority),
                changes=w.chained(_changes(review, each, priority)),
                turned=w.number(len(turned)),
                **said,
            )
            name, named = f"{_place(review, each)}.{priority_id(priority)}", turned.head(EVIDENCE)
            yield Finding(name, words, Kind.NEUTRAL, tuple(named), clause=each.clause)


def _counted(review: Review, met: int, n: int) -> str:
    _, w = review.wording.gettext, review.wording
    if not n:
        return _("none decided")
    share = w.percent(met / n)
    return _("{met} of {n} ({share})").format(met=w.number(met), n=w.number(n), share=share)


def _changes(review: Review, each: Changed, priority: str) -> Iterator[str]:
    """Yield what an amendment changed for a priority, in words."""
    _, w = review.wording.gettext, review.wording
    old, new = (_clause(review, each, terms) for terms in (OLD, NEW))
    none = _("none")
    targets = [_target(review, clause, priority) or none for clause in (old, new)]
    thresholds = [
        none if share is None else threshold_words(w, share)
        for share in (clause.threshold_of(priority) for clause in (old, new))
    ]
    pairs = ((_("target time: {old}, then {new}"), targets),
             (_("threshold: {old}, then {new}"), thresholds))  # fmt: skip
    said = [words.format(old=a, new=b) for words, (a, b) in pairs if a != b]
    yield from said
    if each.rules:
        yield _("rules of the clock or tickets covered")
    elif not said:
        yield _("service hours or a variant of the clause")


def _list(review: Review) -> Table:
    """Return the amendments, with the clauses of which each changed what tickets are judged by."""
    _ = review.wording.gettext
    columns = (
        Column("id", _("Amendment"), quoted=True),
        Column("title", _("What"), quoted=True),
        Column("signed", _("Signed on"), Unit.DATE),
        Column("effective", _("In force from"), Unit.DATE),
        Column("clauses", _("Clauses compared here"), quoted=True),
    )
    names: dict[int, list[str]] = {}
    for each in _in_force(review):
        names.setdefault(each.amendment, []).append(each.clause)
    lines = tuple(
        (a.id, a.title, a.signed.isoformat(), a.effective.isoformat(),
         ", ".join(names.get(number, [])) or None)
        for number, a in enumerate(review.contract.amendments, start=1)
        if min(a.signed, a.effective) <= review.today.date()
    )  # fmt: skip
    return Table(f"{SLUG}.list", _("Amendments of the contract"), columns, lines)


def _table(review: Review, each: Changed, counts: pd.DataFrame) -> Table:
    _, contract = review.wording.gettext, review.contract
    columns = (
        Column("priority", _("Priority")),
        Column("days", _("Clock started")),
        Column("by", _("Judged by")),
        Column("target", _("Target")),
        Column("met", _("In time"), Unit.COUNT),
        Column("breached", _("Late"), Unit.COUNT),
        Column("running", _("Running"), Unit.COUNT),
        Column("excluded", _("Excluded"), Unit.COUNT),
        Column("unknown", _("Unknown"), Unit.COUNT),
        Column("n", "n", Unit.COUNT),
        Column("share", _("Share in time"), Unit.SHARE),
        Column("low", _("Interval from"), Unit.SHARE),
        Column("high", _("Interval to"), Unit.SHARE),
        Column("threshold", _("Threshold"), Unit.SHARE),
    )
    mine = _of(counts, each)
    touched = mine["priority"].isin(each.touched)
    mine, alike = mine[touched | (mine["terms"] == OLD)], _("both, which are alike")
    periods = {period: _period(review, each.amendment, period) for period in metrics.PERIODS}
    words = {terms: _(said) for terms, said in TERMS.items()}
    mine = mine.assign(
        days=mine["period"].map(periods),
        by=mine["terms"].map(words).where(mine["priority"].isin(each.touched), alike),
        target=[
            _target(review, _clause(review, each, row.terms), row.priority) or None
            for row in mine.itertuples()
        ],
    )
    caption = _("{clause} around {amendment}, by priority, period and terms").format(
        clause=contract.clause(each.clause).title,
        amendment=contract.amendments[each.amendment - 1].id,
    )
    note = _(
        "n = in time + late; the interval is Wilson’s, of 95%. Excluded: left out by these terms."
    )
    return Table(_place(review, each), caption, columns, rows(mine, columns), note)


def _figures(review: Review, every: tuple[Changed, ...], counts: pd.DataFrame) -> Iterator[Figure]:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("label", _("Period and terms")),
        Column("share", _("Share in time"), Unit.SHARE),
        Column("low", _("Interval from"), Unit.SHARE),
        Column("high", _("Interval to"), Unit.SHARE),
        Column("n", "n", Unit.COUNT),
        Column("target", _("Threshold"), Unit.SHARE),
    )
    for each in every:
        mine = _of(counts, each).rename(columns={"threshold": "target"})
        mine = mine[mine["priority"].isin(each.touched) & (mine["n"] > 0)]
        if mine.empty:
            continue
        labels = [
            _(ROWS[row.period, row.terms]).format(priority=row.priority)
            for row in mine.itertuples()
        ]
        drawn = mine.assign(label=labels)
        name = f"{_place(review, each)}.shares"
        title = _("{clause} before and since {amendment}").format(
            clause=review.contract.clause(each.clause).title,
            amendment=review.contract.amendments[each.amendment - 1].id,
        )
        named = _("{label}: {share} (n = {n})")
        parts = [
            named.format(label=row.label, share=w.percent(row.share), n=w.number(row.n))
            for row in drawn.itertuples()
        ]
        words = charts.Labels(name, _("Share of tickets in time"), _("Threshold"))
        table = Table(f"{name}.table", title, columns, rows(drawn, columns))
        yield Figure(name, charts.share_by_group(drawn, words, w), title, w.chained(parts), table)


def _caveats(review: Review, counts: pd.DataFrame) -> Iterator[Caveat]:
    """Yield what the comparison leaves out, amendment by amendment."""
    _ = review.wording.gettext
    for number, amendment in enumerate(review.contract.amendments, start=1):
        known = amendment.signed <= review.today.date()
        if known and review.contract.effective_from[number] <= review.as_of:
            yield from _one_sided(review, number)
            yield from _about(review, number, amendment)
    if counts[["running", "unknown"]].to_numpy().any():
        sentence = _(
            "Tickets still running, or of which the outcome is not known, are in no share: see "
            "the tables for how many."
        )
        yield Caveat(f"{SLUG}.provisional", sentence)


def _one_sided(review: Review, number: int) -> Iterator[Caveat]:
    """Yield the clauses that an amendment added or took out."""
    _, contract = review.wording.gettext, review.contract
    said = {
        NEW: _("{amendment} adds the clause {clause}: there are no terms before to compare with."),
        OLD: _("{amendment} takes out the clause {clause}: there are no terms after."),
    }
    for other, clause, side in metrics.one_sided(contract):
        if other == number:
            words = said[side].format(amendment=contract.amendments[number - 1].id, clause=clause)
            yield Caveat(f"{SLUG}.{number}.{priority_id(clause)}.one_sided", words)


def _about(review: Review, number: int, amendment: Amendment) -> Iterator[Caveat]:
    """Yield what else an amendment in force changed, and to what and when it was agreed."""
    _, w = review.wording.gettext, review.wording
    old, new = review.contract.versions[number - 1 : number + 1]
    said = {
        "availability": _("{amendment} also changes availability, which is not compared here."),
        "open": _(
            "{amendment} also applies to the tickets open on {effective}. Here they stand in the "
            "period in which their clock started, so that the longest are not all counted in the "
            "period since."
        ),
        "signed_late": _(
            "{amendment} was signed on {signed}, after it came into force ({effective})."
        ),
    }
    holds = {
        "availability": old.availability != new.availability,
        "open": amendment.applies_to == "open",
        "signed_late": amendment.signed > amendment.effective,
    }
    days = {"effective": w.date(amendment.effective), "signed": w.date(amendment.signed)}
    for name, words in said.items():
        if holds[name]:
            sentence = words.format(amendment=amendment.id, **days)
            yield Caveat(f"{SLUG}.{number}.{name}", sentence)
