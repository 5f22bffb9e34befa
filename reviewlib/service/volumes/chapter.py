"""Volumes: sensitive periods, the scope against its included volumes, causes (F11, F12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.contract.parties import ScopeItem
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import SPAN
from reviewlib.report.text import EMPTY, N_, Message, Text, chained, dotted, n_, sentences
from reviewlib.report.values import Kind, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import WORKING_DAYS, calendar_title, service_names
from reviewlib.service.volumes import front, metrics
from reviewlib.service.words import TICKETS

SCOPE = "tickets.csv: service, kind, category; engagement.yml: scope"
SENSITIVE = "tickets.csv: opened_at; engagement.yml: sensitive_periods, calendars"
CATEGORY = "tickets.csv: service, category"

COUNTED = N_(
    "Every ticket opened in the contract's period counts, those cancelled or merged later too. A "
    "ticket that several items of the scope match counts in the first one: what the contract "
    "excludes comes before what it includes, then the order of the contract. An included volume is "
    "that of each contract year or month, from anniversary to anniversary of the first day. A year "
    "or month that is not whole counts as beyond it only with more tickets than a whole one "
    "includes."
)
PER_DAY = N_("Tickets opened per working day, {period}")
ON_WORKING_DAYS = N_(
    "{on_working_days} of {tickets} on {working} ({calendar}); {days}, {rate:score} each, on all "
    "days"
)
RATE = N_("{tickets} over {days}, {rate:score} per working day; on other days: {others}")
INSIDE = N_("Sensitive period “{title}”: {rate}.")
OUTSIDE = N_("Outside sensitive periods: {rate}.")

TERMS = {"year": N_("whole contract years"), "month": N_("whole contract months")}
PARTS = {"year": N_("part of a contract year"), "month": N_("part of a contract month")}
UNCOUNTED = N_("the contract does not say which tickets it counts")
UNMATCHED = N_("no ticket has the service, kind or category by which it counts (tickets.csv)")
ENDED = N_("{terms} in which more tickets were opened than the {volume} included: {k} of {n}")
MOST = N_("the most, {tickets}, from {first} to {last}")
WITHIN = N_(
    "from {first} to {last}, {part}, {tickets} of the {volume} included in a whole one, "
    "{due:count} in proportion to its days"
)
BEYOND = N_(
    "from {first} to {last}, {part}, {tickets}, more than the {volume} included in a whole one"
)

OUTSIDE_PERIOD = n_(
    "{n} ticket was opened outside the contract's period: it is not counted here.",
    "{n} tickets were opened outside the contract's period: they are not counted here.",
)
OVERLAPPING = n_(
    "{n} day is of more than one sensitive period: it counts in each.",
    "{n} days are of more than one sensitive period: they count in each.",
)
WITHOUT_CATEGORY = n_(
    "{n} ticket has no category: it is in none of the causes.",
    "{n} tickets have no category: they are in none of the causes.",
)
LACKING = n_(
    "{n} ticket of no item lacks a service, kind or category by which the scope counts.",
    "{n} tickets of no item lack a service, kind or category by which the scope counts.",
)
UNUSED = N_("The scope counts by words that no ticket has: {ids:all}.")

DASH = N_(
    "“—” under tickets: the contract file does not say which tickets the item counts, or no ticket "
    "has what it counts by. With the {n} of no item, all make up {all}."
)
ITEMS = TableForm(
    "scope",
    N_("Tickets by item of the scope"),
    (
        Col("title", N_("What"), quoted=True),
        Col("included", N_("In the contract"), words={True: N_("included"), False: N_("excluded")}),
        Col("clause", N_("Clause"), quoted=True),
        Col("tickets", N_("Tickets opened"), Unit.COUNT),
        Col("cancelled", N_("of which cancelled or merged"), Unit.COUNT),
    ),
)
BY_TERM = TableForm(
    "terms",
    N_("Tickets by item, in each contract year or month"),
    (
        Col("title", N_("What"), quoted=True),
        Col("first", N_("First day"), Unit.DATE),
        Col("last", N_("Last day"), Unit.DATE),
        Col("tickets", N_("Tickets opened"), Unit.COUNT),
        Col("volume", N_("Volume included"), Unit.COUNT),
        Col("due", N_("In proportion to its days"), Unit.COUNT),
        Col("beyond", N_("Beyond it")),
    ),
)
CAUSES = TableForm(
    "causes",
    N_("Causes of the tickets"),
    (
        Col("label", N_("Cause"), quoted=True),
        Col("count", N_("Tickets"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
        Col("cumulative", N_("Cumulative share"), Unit.SHARE),
    ),
    first=N_("The {n} most frequent, of {all}."),
)


NONE_OPENED = N_("no ticket was opened in the contract's period")
NONE_OPENED_NOW = N_("no ticket was opened in the period")


def volumes(review: Review) -> Section:
    """Return the chapter on how many tickets came, when, for what and why."""
    c, log = Chapter(review, "volumes", N_("Volumes")), results.log(review)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    counted = metrics.counted(log)
    if counted.tickets.empty:
        return c.not_assessed(NONE_OPENED_NOW if review.period else NONE_OPENED)
    c.period = SPAN(first=counted.worked.index[0], last=counted.worked.index[-1])
    by_term = metrics.by_term(counted, review.contract.scope)
    causes = metrics.causes(counted.tickets)
    front.add_headline(c, counted, by_term)
    c.intro(COUNTED)
    _sensitive(c, metrics.by_period(counted, review.contract))
    _scope(c, counted, by_term)
    _terms(c, by_term)
    _excluded(c, counted.tickets)
    _tables(c, counted, by_term)
    _causes(c, causes)
    _caveats(c, counted, causes)
    return c.section()


# Sensitive periods


def _sensitive(c: Chapter, counts: pd.DataFrame) -> None:
    """Add the tickets per working day of each sensitive period, and of the days outside."""
    if not c.review.contract.sensitive_periods:
        because = N_("the contract file names no sensitive period (sensitive_periods)")
        c.fact("sensitive", PER_DAY(period="…"), None, Unit.SCORE, because=because, period=EMPTY)
        return
    by_number = {count.number: count for count in counts.itertuples()}
    beside = OUTSIDE(rate=_rate(by_number[0])) if 0 in by_number else EMPTY
    for number, period in enumerate(c.review.contract.sensitive_periods, start=1):
        title = period.title or SPAN(first=period.first, last=period.last)
        name, count = f"sensitive.{number}", by_number.get(number)
        _per_day(c, name, title, count, N_("none of its days has come yet"))
        if count is not None:
            c.neutral(name, sentences(INSIDE(title=title, rate=_rate(count)), beside))
    title, none = N_("outside sensitive periods"), N_("no day is outside them")
    _per_day(c, "outside", title, by_number.get(0), none)


def _per_day(c: Chapter, name: str, title: Text | str, count: Any, none: Message) -> None:
    """Add the tickets per working day of some days; ``none``: why there are none of these."""
    label = PER_DAY(period=title)
    if count is None:
        c.fact(name, label, None, Unit.SCORE, because=none, period=EMPTY)
        return
    note = ON_WORKING_DAYS(
        on_working_days=count.on_working_days,
        tickets=TICKETS(n=count.tickets),
        working=WORKING_DAYS(n=count.working_days),
        calendar=_calendar(c.review),
        days=n_("{n} calendar day", "{n} calendar days")(n=count.days),
        rate=count.per_day,
    )
    n, during = count.on_working_days, SPAN(first=count.first, last=count.last)
    because = N_("no day of it was worked")
    key = name in ("sensitive.1", "outside")
    c.fact(name, label, count.per_working_day, Unit.SCORE, n=n, period=during,
           source=SENSITIVE, note=note, because=because, key=key)  # fmt: skip


def _calendar(review: Review) -> Message:
    """Return which days are worked, in words."""
    name = metrics.working_calendar(review.contract)
    if not name:
        return N_("every day is worked")
    title = calendar_title(review.contract, name)
    return N_("days with service hours: {calendar}")(calendar=title)


def _rate(count: Any) -> Message:
    """Return "602 tickets over 31 working days, 19.4 each; on other days: 92"."""
    return RATE(
        tickets=TICKETS(n=count.on_working_days),
        days=WORKING_DAYS(n=count.working_days),
        rate=count.per_working_day,
        others=count.tickets - count.on_working_days,
    )


# The scope


def _scope(c: Chapter, counted: metrics.Counted, by_term: pd.DataFrame) -> None:
    """Add how often each included item went beyond its volume; then what is in no item."""
    scope = c.review.contract.scope
    if not scope:
        because = N_("the contract file names nothing included or excluded (scope)")
        c.fact("scope", N_("Volumes of the scope"), None, source=SCOPE, because=because)
        return
    beyond = N_("{item}: {terms} in which more tickets were opened than the volume included")
    bare = N_("{item}: tickets against the included volume")
    for place, item in enumerate(scope):
        if item.included:
            whole = by_term[(by_term["place"] == place) & by_term["whole"]]
            ended = len(whole) if metrics.compared(counted.tickets, item) else None
            label = beyond(terms=TERMS[item.per]) if item.compared else bare
            c.fact(
                f"scope.{place + 1}.beyond",
                label(item=item.title),
                whole["beyond"].sum() if ended else None,
                n=ended,
                clause=item.clause,
                source=SCOPE,
                note=_compared(item, ended),
            )
    _apart(c, counted.tickets)


def _compared(item: ScopeItem, ended: int | None) -> Text:
    """Return with what an item is compared, or why it is with nothing."""
    if ended is not None:
        included = N_("volume included in each: {volume}")(volume=item.volume)
        return chained([EMPTY if ended else N_("none has ended yet"), included])
    if not item.counted:
        return UNCOUNTED
    if item.volume is None:
        return N_("the contract file states no volume of tickets for it (volume)")
    return (
        N_("the contract does not express its volume in tickets")
        if item.per == "none"
        else UNMATCHED
    )


def _apart(c: Chapter, tickets: pd.DataFrame) -> None:
    """Add how many tickets are of what the contract excludes, and of no item."""
    items = [(place, item) for place, item in enumerate(c.review.contract.scope) if item.counted]
    excluded = {place: item for place, item in items if not item.included}
    of_excluded = tickets["item"].isin([*excluded])
    of_none = tickets["item"] == metrics.NO_ITEM
    for name, label, counting, hits in (
        ("excluded", N_("Tickets of what the contract excludes"), excluded, of_excluded),
        ("no_item", N_("Tickets of no item of the scope"), dict(items), of_none),
    ):
        matched = any(metrics.matched(tickets, item) for item in counting.values())
        value, because = hits.sum() if matched else None, UNMATCHED if counting else UNCOUNTED
        c.fact(name, label, value, n=len(tickets), source=SCOPE, because=because)


def _terms(c: Chapter, by_term: pd.DataFrame) -> None:
    """Add what came of each item in the contract years or months so far."""
    sentence = N_("“{item}”: {parts:chain}.")
    settle = N_("“{item}”: settle what becomes of the volume beyond what is included.")
    for place, terms in by_term.groupby("place"):
        item, over = c.review.contract.scope[place], bool(terms["beyond"].any())
        parts = [*_ended(item, terms[terms["whole"]]), *_running(item, terms[~terms["whole"]])]
        kind, decision = Kind.CONCERN if over else Kind.NEUTRAL, settle(item=item.title)
        c.find(kind, f"scope.{place + 1}", sentence(item=item.title, parts=parts),
               decision=decision if over else EMPTY, decider=Side.BOTH, clause=item.clause,
               brief=front.beyond(item, terms) if over else None)  # fmt: skip


def _ended(item: ScopeItem, whole: pd.DataFrame) -> Iterator[Message]:
    """Yield how many contract years or months that have ended went beyond, and the worst."""
    beyond = whole[whole["beyond"]]
    if len(whole):
        yield ENDED(terms=TERMS[item.per], volume=item.volume, k=len(beyond), n=len(whole))
    if len(beyond):
        worst = beyond.loc[beyond["tickets"].idxmax()]
        yield MOST(tickets=worst["tickets"], first=worst["first"], last=worst["last"])


def _running(item: ScopeItem, terms: pd.DataFrame) -> Iterator[Message]:
    """Yield what stands in the contract year or month that still runs, or that the end cut."""
    for term in terms.itertuples():
        tickets, edges = TICKETS(n=term.tickets), {"first": term.first, "last": term.last}
        words = BEYOND if term.beyond else WITHIN(due=term.due)
        yield words(part=PARTS[item.per], tickets=tickets, volume=item.volume, **edges)


def _excluded(c: Chapter, tickets: pd.DataFrame) -> None:
    """Add the tickets of each item that the contract excludes."""
    sentence = N_(
        "Excluded by the contract, “{item}”: {tickets} of {all} opened ({share:percent})."
    )
    decision = front.BEAR if c.review.over else front.REFUSE_OR_TAKE
    for place, item in enumerate(c.review.contract.scope):
        ids = tickets.loc[tickets["item"] == place, "ticket_id"]
        if not item.included:
            c.concern(
                f"excluded.{place + 1}",
                sentence(
                    item=item.title,
                    tickets=TICKETS(n=len(ids)),
                    all=len(tickets),
                    share=len(ids) / len(tickets),
                ),
                about=ids,
                decision=decision(item=item.title),
                decider=Side.BOTH,
                clause=item.clause,
                brief=front.excluded(item, len(ids), len(tickets)),
            )


def _tables(c: Chapter, counted: metrics.Counted, by_term: pd.DataFrame) -> None:
    scope, tickets = c.review.contract.scope, counted.tickets
    titles = pd.Series([item.title for item in scope], dtype="object")
    if scope:
        items = metrics.by_item(counted, scope).assign(
            title=titles,
            included=[item.included for item in scope],
            clause=[item.clause or None for item in scope],
        )
        without = int((tickets["item"] == metrics.NO_ITEM).sum())
        c.table(ITEMS.but(note=DASH(n=without, all=len(tickets))), items)
    if len(by_term):
        days = {name: by_term[name].dt.strftime("%Y-%m-%d") for name in ("first", "last")}
        # a map would keep the titles of several languages in the first alone
        names = titles.reindex(by_term["place"]).set_axis(by_term.index)
        c.table(BY_TERM, by_term.assign(title=names, **days))


# Causes


def _causes(c: Chapter, causes: pd.DataFrame) -> None:
    label = N_("Causes that make up four fifths of the tickets that have a category")
    none = N_("no ticket has a category (tickets.csv, category)")
    k, n = metrics.needed(causes), len(causes)
    c.fact("causes", label, k or None, n=n or None, source=CATEGORY, because=none, period=EMPTY)
    if causes.empty:
        return
    drawn = _labelled(c.review, causes)
    description = N_(
        "{causes}: categories, by service. The most frequent is “{first}”: {share:percent} of "
        "{tickets} with a category. Causes that make up {cumulative:percent} of them: {k}."
    )
    c.figure(
        "pareto",
        CAUSES,
        drawn,
        description(
            causes=n_("{n} cause", "{n} causes")(n=n),
            first=drawn["label"].iloc[0],
            share=causes["share"].iloc[0],
            tickets=TICKETS(n=causes["count"].sum()),
            cumulative=causes["cumulative"].iloc[k - 1],
            k=k,
        ),
        of=n,
        measure=N_("Tickets"),
    )


def _labelled(review: Review, causes: pd.DataFrame) -> pd.DataFrame:
    """Return the first causes with their words, the others as one row."""
    names = service_names(review.contract)
    first, others = causes.head(metrics.MOST), causes.iloc[metrics.MOST :]
    services = first["service"].fillna("")
    labels: list[Text] = [
        dotted(category, names.get(service, service))
        for category, service in zip(first["category"], services, strict=True)
    ]
    drawn = first[["count", "share", "cumulative"]]
    if len(others):
        labels.append(n_("{n} other cause", "{n} other causes")(n=len(others)))
        rest = others[["count", "share"]].sum().to_dict() | {"cumulative": 1.0}
        drawn = pd.concat([drawn, pd.DataFrame([rest])], ignore_index=True)
    return drawn.assign(label=labels)


# Caveats


def _caveats(c: Chapter, counted: metrics.Counted, causes: pd.DataFrame) -> None:
    scope, tickets = c.review.contract.scope, counted.tickets
    without = len(tickets) - int(causes["count"].sum()) if len(causes) else 0
    lacking = metrics.lacking(tickets, scope) & (tickets["item"] == metrics.NO_ITEM)
    closed_alone = results.closed_alone(c.review)
    c.caveat("closed_alone", closed_alone, when=bool(closed_alone))
    c.caveat("outside_period", OUTSIDE_PERIOD, n=counted.apart)
    c.caveat("overlapping", OVERLAPPING, n=metrics.overlapping(counted, c.review.contract))
    c.caveat("without_category", WITHOUT_CATEGORY, n=without)
    c.caveat("untold", LACKING, n=lacking.sum())
    c.caveat("unused", UNUSED, about=metrics.unused(tickets, scope))
