"""Volumes: sensitive periods, the scope against its included volumes, causes (F11, F12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from reviewlib import charts
from reviewlib.contract.parties import ScopeItem
from reviewlib.metrics import volumes as metrics
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

SLUG = "volumes"
EVIDENCE = 20  # tickets that a finding names
SCOPE = N_("tickets.csv: service, kind, category; engagement.yml: scope")
UNCOUNTED = N_("the contract file does not say which tickets it counts (services, kinds, …)")
PER = {
    "year": N_("tickets: {tickets}, included over the contract years elapsed: {due}"),
    "month": N_("tickets: {tickets}, included over the contract months elapsed: {due}"),
}


def volumes(review: Review) -> Section:
    """Return the chapter on how many tickets came, when, for what and why."""
    _, title = review.wording.gettext, review.wording.gettext("Volumes")
    log, contract = review.log, review.contract
    if log is None:
        return review.not_assessed(SLUG, title, review.absence("tickets"))
    counted = metrics.counted(log)
    if counted.tickets.empty:
        because = _("no ticket was opened in the contract's period.")
        return review.not_assessed(SLUG, title, because)
    by_item = metrics.by_item(counted, contract.scope)
    periods, causes = metrics.by_period(counted, contract), metrics.causes(counted.tickets)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, counted, by_item),
        intro=_(
            "Every ticket opened in the contract's period counts, those cancelled or merged later "
            "too. A ticket that several items of the scope match counts in the first one: what the "
            "contract excludes comes before what it includes, then the order of the contract. The "
            "included volume is in proportion to the days elapsed."
        ),
        facts=(
            *_sensitive_facts(review, periods),
            *_scope_facts(review, counted, by_item),
            _causes_fact(review, causes),
        ),
        findings=(*_sensitive(review, periods), *_scope(review, counted, by_item)),
        tables=_scope_table(review, counted, by_item),
        figures=tuple(_figures(review, causes)),
        caveats=tuple(_caveats(review, counted)),
    )


def _dates(review: Review, days: pd.Index) -> str:
    return f"{review.wording.date(days[0])} – {review.wording.date(days[-1])}"


def _headline(review: Review, counted: metrics.Counted, by_item: pd.DataFrame) -> str:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    said = _("{tickets} from {first} to {last}.").format(
        tickets=n_("{n} ticket opened", "{n} tickets opened", len(counted.tickets)),
        first=w.date(counted.worked.index[0]),
        last=w.date(counted.worked.index[-1]),
    )
    over = int((by_item["share"] > 1).sum())
    more = n_(
        "{n} item of the scope is beyond its included volume.",
        "{n} items of the scope are beyond their included volume.",
        over,
    )
    return f"{said} {more}" if over else said


# Sensitive periods


def _calendar(review: Review) -> str:
    """Return which days are worked, in words."""
    _, name = review.wording.gettext, metrics.working_calendar(review.contract)
    if not name:
        return _("every day is worked")
    stated = [v.calendars[name] for v in review.contract.versions if name in v.calendars]
    return _("days with service hours: {calendar}").format(calendar=stated[-1].title)


def _sensitive_facts(review: Review, periods: pd.DataFrame) -> Iterator[Fact]:
    """Yield the tickets per working day of each sensitive period, and of the days outside."""
    _, named, found = review.wording.gettext, review.contract.sensitive_periods, periods["number"]
    label = _("Tickets opened per working day, {period}")
    if not named:
        because = _("the contract file names no sensitive period (sensitive_periods)")
        yield Fact(f"{SLUG}.sensitive", label.format(period="…"), None, Unit.SCORE, note=because)
    for number in [*range(1, len(named) + 1), 0] if named else ():
        name = f"{SLUG}.sensitive.{number}" if number else f"{SLUG}.outside"
        fact = Fact(name, label.format(period=_titled(review, number)), None, Unit.SCORE)
        none = _("none of its days has come yet") if number else _("no day is outside them")
        mine = periods[found == number]
        yield replace(fact, note=none) if mine.empty else _per_day(review, fact, mine.iloc[0])


def _per_day(review: Review, fact: Fact, count: pd.Series) -> Fact:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    note = _("{working} ({calendar}); {days}, {rate} each").format(
        working=n_("{n} working day", "{n} working days", int(count["working_days"])),
        calendar=_calendar(review),
        days=n_("{n} calendar day", "{n} calendar days", int(count["days"])),
        rate=w.number(count["per_day"], 1),
    )
    return replace(
        fact,
        value=float(count["per_working_day"]) if count["working_days"] else None,
        n=int(count["tickets"]),
        period=_dates(review, pd.Index([count["first"], count["last"]])),
        source=_("tickets.csv: opened_at; engagement.yml: sensitive_periods, calendars"),
        note=note if count["working_days"] else _("no day of it was worked"),
    )


def _titled(review: Review, number: int) -> str:
    _ = review.wording.gettext
    if not number:
        return _("outside sensitive periods")
    period = review.contract.sensitive_periods[number - 1]
    return period.title or _dates(review, pd.Index([period.first, period.last]))


def _sensitive(review: Review, periods: pd.DataFrame) -> Iterator[Finding]:
    _ = review.wording.gettext
    found = {int(count.number): count for count in periods.itertuples()}
    for number, count in found.items():
        if not number:
            continue
        sentence = _("Sensitive period “{title}”: {rate}.").format(
            title=_titled(review, number), rate=_rate(review, count)
        )
        if 0 in found:
            outside = _("Outside sensitive periods: {rate}.")
            sentence += " " + outside.format(rate=_rate(review, found[0]))
        yield Finding(f"{SLUG}.sensitive.{number}", sentence, Kind.NEUTRAL)


def _rate(review: Review, count: tuple[object, ...]) -> str:
    """Return "694 tickets over 31 working days, 22.4 each"."""
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    tickets, days, rate = (
        getattr(count, k) for k in ("tickets", "working_days", "per_working_day")
    )
    return _("{tickets} over {days}, {rate} per working day").format(
        tickets=n_("{n} ticket", "{n} tickets", tickets),
        days=n_("{n} working day", "{n} working days", days),
        rate=w.number(rate, 1),
    )


# The scope


def _scope_facts(review: Review, counted: metrics.Counted, by_item: pd.DataFrame) -> Iterator[Fact]:
    """Yield, for each included item, its tickets against its volume; then what is in no item."""
    _, scope = review.wording.gettext, review.contract.scope
    base = Fact(
        "", "", None, Unit.SHARE, period=_dates(review, counted.worked.index), source=_(SCOPE)
    )
    if not scope:
        because = _("the contract file names nothing included or excluded (scope)")
        yield replace(base, id=f"{SLUG}.scope", label=_("Volumes of the scope"), note=because)
        return
    label = _("{item}: tickets against the included volume")
    for count in by_item.itertuples():
        item = scope[count.place]
        if item.included:
            yield replace(
                base,
                id=f"{SLUG}.scope.{count.place + 1}.used",
                label=label.format(item=item.title),
                value=cell(count.share),
                n=int(count.tickets) if item.counted else None,
                clause=item.clause,
                note=_used(review, item, count),
            )
    counts = replace(base, unit=Unit.COUNT, n=len(counted.tickets))
    yield from _apart(review, counted, counts)


def _used(review: Review, item: ScopeItem, count: Any) -> str:
    """Return what a share of an included volume is made of, or why there is none."""
    _, w = review.wording.gettext, review.wording
    if not item.counted:
        return _(UNCOUNTED)
    if count.due == count.due:
        said, tickets, due = _(PER[item.per]), w.number(count.tickets), w.number(count.due)
        return said.format(tickets=tickets, due=due)
    if item.volume and item.per == "none":
        return _("its volume is not one of tickets (per)")
    return _("the contract file states no volume of tickets for it (volume)")


def _apart(review: Review, counted: metrics.Counted, base: Fact) -> Iterator[Fact]:
    """Yield how many tickets are of what the contract excludes, and of no item."""
    _, scope = review.wording.gettext, review.contract.scope
    excluded = [place for place, item in enumerate(scope) if item.counted and not item.included]
    hits = {
        "excluded": counted.tickets["item"].isin(excluded),
        "no_item": counted.tickets["item"] == metrics.NO_ITEM,
    }
    labels = {
        "excluded": _("Tickets of what the contract excludes"),
        "no_item": _("Tickets of no item of the scope"),
    }
    known = {"excluded": bool(excluded), "no_item": any(item.counted for item in scope)}
    for name, label in labels.items():
        value = int(hits[name].sum()) if known[name] else None
        note = "" if known[name] else _(UNCOUNTED)
        yield replace(base, id=f"{SLUG}.{name}", label=label, value=value, note=note)


def _scope(review: Review, counted: metrics.Counted, by_item: pd.DataFrame) -> Iterator[Finding]:
    _, w, scope = review.wording.gettext, review.wording, review.contract.scope
    decision = _("“{item}”: settle what becomes of the volume beyond what is included.")
    for count in by_item[by_item["share"].notna()].itertuples():
        item, over = scope[count.place], count.share > 1
        sentence = _("“{item}”: {tickets} for {due} included so far ({share}).").format(
            item=item.title,
            tickets=w.ngettext("{n} ticket", "{n} tickets", int(count.tickets)),
            due=w.number(count.due),
            share=w.percent(count.share),
        )
        yield Finding(
            f"{SLUG}.scope.{count.place + 1}",
            sentence,
            Kind.CONCERN if over else Kind.NEUTRAL,
            decision=decision.format(item=item.title) if over else "",
            clause=item.clause,
        )
    yield from _out_of_scope(review, counted)


def _out_of_scope(review: Review, counted: metrics.Counted) -> Iterator[Finding]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    for place, item in enumerate(review.contract.scope):
        mine = counted.tickets.loc[counted.tickets["item"] == place, "ticket_id"]
        if item.included or mine.empty:
            continue
        number = n_("{n} ticket", "{n} tickets", len(mine))
        sentence = _("Excluded by the contract, “{item}”: {tickets} of {all} opened ({share}).")
        decision = _("“{item}”: refuse these requests, invoice them, or take them in by amendment.")
        yield Finding(
            f"{SLUG}.excluded.{place + 1}",
            sentence.format(
                item=item.title,
                tickets=number,
                all=w.number(len(counted.tickets)),
                share=w.percent(len(mine) / len(counted.tickets)),
            ),
            Kind.CONCERN,
            tuple(mine.head(EVIDENCE)),
            decision.format(item=item.title),
            item.clause,
        )


def _scope_table(
    review: Review, counted: metrics.Counted, by_item: pd.DataFrame
) -> tuple[Table, ...]:
    _, w, scope = review.wording.gettext, review.wording, review.contract.scope
    if not scope:
        return ()
    columns = (
        Column("title", _("What"), quoted=True),
        Column("included", _("In the contract")),
        Column("clause", _("Clause"), quoted=True),
        Column("tickets", _("Tickets opened"), Unit.COUNT),
        Column("cancelled", _("of which cancelled or merged"), Unit.COUNT),
        Column("due", _("Volume included so far"), Unit.COUNT),
        Column("share", _("Share used"), Unit.SHARE),
    )
    lines = by_item.assign(
        title=[item.title for item in scope],
        included=[_("included") if item.included else _("excluded") for item in scope],
        clause=[item.clause or None for item in scope],
    )
    note = _(
        "“—” under tickets: the contract file does not say which tickets the item counts. With the "
        "{n} of no item, all make up {all}."
    ).format(
        n=w.number(int((counted.tickets["item"] == metrics.NO_ITEM).sum())),
        all=w.number(len(counted.tickets)),
    )
    caption = _("Tickets by item of the scope")
    return (Table(f"{SLUG}.scope", caption, columns, rows(lines, columns), note),)


# Causes


def _causes_fact(review: Review, causes: pd.DataFrame) -> Fact:
    _, told = review.wording.gettext, causes["category"].notna().any()
    return Fact(
        f"{SLUG}.causes",
        _("Causes that make up four fifths of the tickets"),
        metrics.needed(causes) if told else None,
        Unit.COUNT,
        n=len(causes) if told else None,
        source=_("tickets.csv: service, category"),
        note="" if told else _("no ticket has a category (tickets.csv, category)"),
    )


def _figures(review: Review, causes: pd.DataFrame) -> Iterator[Figure]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    if causes["category"].isna().all():
        return
    columns = (
        Column("label", _("Cause"), quoted=True),
        Column("count", _("Tickets"), Unit.COUNT),
        Column("share", _("Share"), Unit.SHARE),
        Column("cumulative", _("Cumulative share"), Unit.SHARE),
    )
    drawn, k = _labelled(review, causes), metrics.needed(causes)
    description = _(
        "{causes}: categories, by service. The most frequent is “{first}”: {share} of {tickets}. "
        "Causes that make up {cumulative} of them: {k}."
    ).format(
        causes=n_("{n} cause", "{n} causes", len(causes)),
        first=drawn["label"].iloc[0],
        share=w.percent(causes["share"].iloc[0]),
        tickets=n_("{n} ticket", "{n} tickets", int(causes["count"].sum())),
        cumulative=w.percent(causes["cumulative"].iloc[k - 1]),
        k=w.number(k),
    )
    name, title = f"{SLUG}.causes", _("Causes of the tickets")
    table = Table(f"{name}.table", title, columns, rows(drawn, columns))
    svg = charts.pareto(drawn, charts.Labels(name, _("Tickets")), w)
    yield Figure(name, svg, title, description, table)


def _labelled(review: Review, found: pd.DataFrame) -> pd.DataFrame:
    """Return the first causes with their words, the others as one row."""
    _, n_ = review.wording.gettext, review.wording.ngettext
    names = {k: v.name for terms in review.contract.versions for k, v in terms.services.items()}
    service = found["service"].map(names).fillna(found["service"])
    label = found["category"].fillna(_("no category"))
    label = label.where(service.isna(), label + " · " + service.fillna(""))
    drawn = found.assign(label=label).head(metrics.MOST)
    rest = found.iloc[metrics.MOST :]
    if rest.empty:
        return drawn
    words = n_("{n} other cause", "{n} other causes", len(rest))
    others = {"label": words, "count": rest["count"].sum(), "share": rest["share"].sum()}
    last = pd.DataFrame([others | {"cumulative": 1.0}])
    return pd.concat([drawn[list(last)], last], ignore_index=True)


def _caveats(review: Review, counted: metrics.Counted) -> Iterator[Caveat]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    scope, outside = review.contract.scope, counted.apart
    if outside:
        sentence = n_(
            "{n} ticket was opened outside the contract's period: it is not counted here.",
            "{n} tickets were opened outside the contract's period: they are not counted here.",
            outside,
        )
        yield Caveat(f"{SLUG}.outside_period", sentence)
    lost = counted.tickets["item"] == metrics.NO_ITEM
    if untold := int((metrics.untold(counted.tickets, scope) & lost).sum()):
        sentence = n_(
            "{n} ticket of no item lacks a service, kind or category by which the scope counts.",
            "{n} tickets of no item lack a service, kind or category by which the scope counts.",
            untold,
        )
        yield Caveat(f"{SLUG}.untold", sentence)
    if unused := metrics.unused(counted.tickets, scope):
        sentence = _("The scope counts by words that no ticket has: {words}.")
        yield Caveat(f"{SLUG}.unused", sentence.format(words=w.listed(unused)))
