"""Volumes: sensitive periods, the scope against its included volumes, causes (F11, F12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.contract.parties import ScopeItem
from reviewlib.pages.wording import N_
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
    rows,
)
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.volumes import metrics

SLUG = "volumes"
EVIDENCE = 20  # tickets that a finding names
SCOPE = N_("tickets.csv: service, kind, category; engagement.yml: scope")
UNCOUNTED = N_("the contract file does not say which tickets it counts (services, kinds, …)")
UNTOLD = N_("no ticket has the service, kind or category by which it counts (tickets.csv)")
TERMS = {"year": N_("whole contract years"), "month": N_("whole contract months")}
PARTS = {"year": N_("part of a contract year"), "month": N_("part of a contract month")}


def volumes(review: Review) -> Section:
    """Return the chapter on how many tickets came, when, for what and why."""
    _, title = review.wording.gettext, review.wording.gettext("Volumes")
    log, contract = results.log(review), review.contract
    if log is None:
        return review.not_assessed(SLUG, title, review.absence("tickets"))
    counted = metrics.counted(log)
    if counted.tickets.empty:
        because = _("no ticket was opened in the contract's period.")
        return review.not_assessed(SLUG, title, because)
    by_item = metrics.by_item(counted, contract.scope)
    by_term = metrics.by_term(counted, contract.scope)
    periods, causes = metrics.by_period(counted, contract), metrics.causes(counted.tickets)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, counted, by_term),
        intro=_(
            "Every ticket opened in the contract's period counts, those cancelled or merged later "
            "too. A ticket that several items of the scope match counts in the first one: what the "
            "contract excludes comes before what it includes, then the order of the contract. An "
            "included volume is that of each contract year or month, from anniversary to "
            "anniversary of the first day. A year or month that is not whole counts as beyond it "
            "only with more tickets than a whole one includes."
        ),
        facts=(
            *_sensitive_facts(review, periods),
            *_scope_facts(review, counted, by_term),
            _causes_fact(review, causes),
        ),
        findings=(*_sensitive(review, periods), *_scope(review, counted, by_term)),
        tables=(*_scope_table(review, counted, by_item), *_terms_table(review, by_term)),
        figures=tuple(_figures(review, causes)),
        caveats=tuple(_caveats(review, counted, causes)),
    )


def _dates(review: Review, days: pd.Index) -> str:
    return f"{review.wording.date(days[0])} – {review.wording.date(days[-1])}"


def _headline(review: Review, counted: metrics.Counted, by_term: pd.DataFrame) -> str:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    said = _("{tickets} from {first} to {last}.").format(
        tickets=n_("{n} ticket opened", "{n} tickets opened", len(counted.tickets)),
        first=w.date(counted.worked.index[0]),
        last=w.date(counted.worked.index[-1]),
    )
    over = by_term.loc[by_term["beyond"], "place"].nunique()
    more = n_(
        "{n} item of the scope went beyond its included volume.",
        "{n} items of the scope went beyond their included volume.",
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
    note = _(
        "{on_working_days} of {tickets} on {working} ({calendar}); {days}, {rate} each, on all days"
    ).format(
        on_working_days=w.number(count["on_working_days"]),
        tickets=n_("{n} ticket", "{n} tickets", int(count["tickets"])),
        working=n_("{n} working day", "{n} working days", int(count["working_days"])),
        calendar=_calendar(review),
        days=n_("{n} calendar day", "{n} calendar days", int(count["days"])),
        rate=w.rate(count["per_day"]),
    )
    return replace(
        fact,
        value=float(count["per_working_day"]) if count["working_days"] else None,
        n=int(count["on_working_days"]),
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
    """Return "602 tickets over 31 working days, 19.4 each; 92 on other days"."""
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    names = ("tickets", "on_working_days", "working_days", "per_working_day")
    tickets, on_working_days, days, rate = (getattr(count, name) for name in names)
    said = _("{tickets} over {days}, {rate} per working day; on other days: {others}")
    return said.format(
        tickets=n_("{n} ticket", "{n} tickets", on_working_days),
        days=n_("{n} working day", "{n} working days", days),
        rate=w.rate(rate),
        others=w.number(tickets - on_working_days),
    )


# The scope


def _scope_facts(review: Review, counted: metrics.Counted, by_term: pd.DataFrame) -> Iterator[Fact]:
    """Yield how often each included item went beyond its volume; then what is in no item."""
    _, scope = review.wording.gettext, review.contract.scope
    base = Fact(
        "", "", None, Unit.COUNT, period=_dates(review, counted.worked.index), source=_(SCOPE)
    )
    if not scope:
        because = _("the contract file names nothing included or excluded (scope)")
        yield replace(base, id=f"{SLUG}.scope", label=_("Volumes of the scope"), note=because)
        return
    beyond = _("{item}: {terms} in which more tickets came than the volume included")
    bare = _("{item}: tickets against the included volume")
    for place, item in enumerate(scope):
        whole = by_term[(by_term["place"] == place) & by_term["whole"]]
        known = item.compared and metrics.told(counted.tickets, item)
        ended = len(whole) if known else None
        label = beyond if item.compared else bare
        fact = replace(
            base,
            id=f"{SLUG}.scope.{place + 1}.beyond",
            label=label.format(item=item.title, terms=_(TERMS.get(item.per, ""))),
            value=int(whole["beyond"].sum()) if ended else None,
            n=ended,
            clause=item.clause,
            note=_compared(review, item, ended),
        )
        yield from [fact] if item.included else []
    yield from _apart(review, counted, replace(base, n=len(counted.tickets)))


def _compared(review: Review, item: ScopeItem, ended: int | None) -> str:
    """Return with what an item is compared, or why it is with nothing."""
    _, w = review.wording.gettext, review.wording
    if ended is not None:
        included = _("volume included in each: {volume}").format(volume=w.number(item.volume))
        return included if ended else w.chained([_("none has ended yet"), included])
    if not item.counted:
        return _(UNCOUNTED)
    if item.volume is not None and item.per == "none":
        return _("its volume is not one of tickets (per)")
    if item.volume is not None:
        return _(UNTOLD)
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
    counting = {
        "excluded": excluded,
        "no_item": [n for n, item in enumerate(scope) if item.counted],
    }
    for name, label in labels.items():
        told = any(metrics.told(counted.tickets, scope[place]) for place in counting[name])
        value = int(hits[name].sum()) if told else None
        note = "" if told else _(UNTOLD if counting[name] else UNCOUNTED)
        yield replace(base, id=f"{SLUG}.{name}", label=label, value=value, note=note)


def _scope(review: Review, counted: metrics.Counted, by_term: pd.DataFrame) -> Iterator[Finding]:
    _, scope = review.wording.gettext, review.contract.scope
    decision = _("“{item}”: settle what becomes of the volume beyond what is included.")
    for place, mine in by_term.groupby("place"):
        item, over = scope[place], bool(mine["beyond"].any())
        parts = [*_ended(review, item, mine[mine["whole"]]), *_part(review, item, mine)]
        yield Finding(
            f"{SLUG}.scope.{place + 1}",
            _("“{item}”: {said}.").format(item=item.title, said=review.wording.chained(parts)),
            Kind.CONCERN if over else Kind.NEUTRAL,
            decision=decision.format(item=item.title) if over else "",
            clause=item.clause,
        )
    yield from _out_of_scope(review, counted)


def _ended(review: Review, item: ScopeItem, whole: pd.DataFrame) -> Iterator[str]:
    """Yield how many contract years or months that have ended went beyond, and the worst."""
    _, w = review.wording.gettext, review.wording
    beyond = whole[whole["beyond"]]
    if len(whole):
        said = _("{terms} in which more tickets came than the {volume} included: {k} of {n}")
        yield said.format(
            terms=_(TERMS[item.per]),
            volume=w.number(item.volume),
            k=w.number(len(beyond)),
            n=w.number(len(whole)),
        )
    if len(beyond):
        worst = beyond.loc[beyond["tickets"].idxmax()]
        said = _("the most, {tickets}, from {first} to {last}")
        yield said.format(tickets=w.number(worst["tickets"]), **_edges(review, worst))


def _part(review: Review, item: ScopeItem, mine: pd.DataFrame) -> Iterator[str]:
    """Yield what stands in the contract year or month that still runs, or that the end cut."""
    _, w = review.wording.gettext, review.wording
    within = _(
        "from {first} to {last}, {part}, {tickets} of the {volume} included in a whole one, {due} "
        "in proportion to its days"
    )
    over = _(
        "from {first} to {last}, {part}, {tickets}, more than the {volume} included in a whole one"
    )
    for _place, last in mine[~mine["whole"]].iterrows():
        yield (over if last["beyond"] else within).format(
            part=_(PARTS[item.per]),
            due=w.number(last["due"]),
            tickets=w.ngettext("{n} ticket", "{n} tickets", int(last["tickets"])),
            volume=w.number(last["volume"]),
            **_edges(review, last),
        )


def _edges(review: Review, term: pd.Series) -> dict[str, str]:
    return {name: review.wording.date(term[name]) for name in ("first", "last")}


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
    )
    lines = by_item.assign(
        title=[item.title for item in scope],
        included=[_("included") if item.included else _("excluded") for item in scope],
        clause=[item.clause or None for item in scope],
    )
    note = _(
        "“—” under tickets: the contract file does not say which tickets the item counts, or no "
        "ticket has what it counts by. With the {n} of no item, all make up {all}."
    ).format(
        n=w.number(int((counted.tickets["item"] == metrics.NO_ITEM).sum())),
        all=w.number(len(counted.tickets)),
    )
    caption = _("Tickets by item of the scope")
    return (Table(f"{SLUG}.scope", caption, columns, rows(lines, columns), note),)


def _terms_table(review: Review, by_term: pd.DataFrame) -> Iterator[Table]:
    _ = review.wording.gettext
    if by_term.empty:
        return
    columns = (
        Column("title", _("What"), quoted=True),
        Column("first", _("First day"), Unit.DATE),
        Column("last", _("Last day"), Unit.DATE),
        Column("tickets", _("Tickets opened"), Unit.COUNT),
        Column("volume", _("Volume included"), Unit.COUNT),
        Column("due", _("In proportion to its days"), Unit.COUNT),
        Column("beyond", _("Beyond it")),
    )
    titles = [review.contract.scope[place].title for place in by_term["place"]]
    days = {name: by_term[name].dt.strftime("%Y-%m-%d") for name in ("first", "last")}
    lines = rows(by_term.assign(title=titles, **days), columns)
    caption = _("Tickets by item, in each contract year or month")
    yield Table(f"{SLUG}.terms", caption, columns, lines, folded=True)


# Causes


def _causes_fact(review: Review, causes: pd.DataFrame) -> Fact:
    _, told = review.wording.gettext, len(causes) > 0
    return Fact(
        f"{SLUG}.causes",
        _("Causes that make up four fifths of the tickets that have a category"),
        metrics.needed(causes) if told else None,
        Unit.COUNT,
        n=len(causes) if told else None,
        source=_("tickets.csv: service, category"),
        note="" if told else _("no ticket has a category (tickets.csv, category)"),
    )


def _figures(review: Review, causes: pd.DataFrame) -> Iterator[Figure]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    if causes.empty:
        return
    columns = (
        Column("label", _("Cause"), quoted=True),
        Column("count", _("Tickets"), Unit.COUNT),
        Column("share", _("Share"), Unit.SHARE),
        Column("cumulative", _("Cumulative share"), Unit.SHARE),
    )
    drawn, k = _labelled(review, causes), metrics.needed(causes)
    description = _(
        "{causes}: categories, by service. The most frequent is “{first}”: {share} of {tickets} "
        "with a category. Causes that make up {cumulative} of them: {k}."
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
    n_ = review.wording.ngettext
    names = {k: v.name for terms in review.contract.versions for k, v in terms.services.items()}
    service = found["service"].map(names).fillna(found["service"])
    label = found["category"]
    label = label.where(service.isna(), label + " · " + service.fillna(""))
    drawn = found.assign(label=label).head(metrics.MOST)
    rest = found.iloc[metrics.MOST :]
    if rest.empty:
        return drawn
    words = n_("{n} other cause", "{n} other causes", len(rest))
    others = {"label": words, "count": rest["count"].sum(), "share": rest["share"].sum()}
    last = pd.DataFrame([others | {"cumulative": 1.0}])
    return pd.concat([drawn[list(last)], last], ignore_index=True)


def _caveats(review: Review, counted: metrics.Counted, causes: pd.DataFrame) -> Iterator[Caveat]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    scope, outside = review.contract.scope, counted.apart
    if outside:
        sentence = n_(
            "{n} ticket was opened outside the contract's period: it is not counted here.",
            "{n} tickets were opened outside the contract's period: they are not counted here.",
            outside,
        )
        yield Caveat(f"{SLUG}.outside_period", sentence)
    if twice := metrics.overlapping(counted, review.contract):
        sentence = n_(
            "{n} day is of more than one sensitive period: it counts in each.",
            "{n} days are of more than one sensitive period: they count in each.",
            twice,
        )
        yield Caveat(f"{SLUG}.overlapping", sentence)
    without = len(counted.tickets) - int(causes["count"].sum())
    if without and len(causes):
        sentence = n_(
            "{n} ticket has no category: it is in none of the causes.",
            "{n} tickets have no category: they are in none of the causes.",
            without,
        )
        yield Caveat(f"{SLUG}.without_category", sentence)
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
