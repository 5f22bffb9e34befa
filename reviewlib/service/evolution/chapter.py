"""Volumes over time, what happened on the client's side, and the dates ahead (K1, K2)."""

from __future__ import annotations

from typing import Any, Unpack

import pandas as pd

from reviewlib.amounts import exact, total
from reviewlib.contract.parties import ScopeItem
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import LEAD
from reviewlib.report.phrases import QUOTES, SPAN, as_of, in_short, read, so_far
from reviewlib.report.text import EMPTY, N_, Shown, Text, dotted, sentences
from reviewlib.report.values import Fact, Interval, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.evolution import metrics, words
from reviewlib.service.evolution.drift import Drift, crossing, drift
from reviewlib.service.evolution.metrics import BEFORE, OPENED, OWN, PASSED, SOON
from reviewlib.service.volumes import metrics as volumes

FILE, TICKETS = "client_events.csv", "tickets.csv: opened_at"
ITEMS = "tickets.csv: opened_at, service, kind, category; engagement.yml: scope"
COST = "client_events.csv: change_id; changes.csv: decision, cost_impact"
NAMED = 6  # events that a row of the chart names
METHOD = N_("quasi-Poisson, 95%")


def evolution(review: Review) -> Section:
    """Return the chapter on volumes over time, events on the client's side, and key dates.

    Of a periodic review it is of the engagement up to its end, and names the period's own events.
    """
    whole = review.so_far
    c = Chapter(review, "evolution", N_("Volumes, events and dates ahead"), so_far(whole))
    table, counted = whole.table("client_events"), _counted(whole)
    if table is None and counted is None:
        return c.not_assessed(review.absent("tickets"))
    c.intro(words.COUNTED(few=metrics.FEWEST), words.DRIFTED)
    trend = None if counted is None else _volumes(c, counted)
    if table is None:
        c.headline(_drifted(trend))
        events = pd.DataFrame(columns=metrics.EVENTS)
    else:
        events = _events(c, table, counted)
        c.table(words.EVENTS, events)
    if counted is not None:
        _chart(c, counted, events)
    _dates(c, metrics.key_dates(review.contract, review.today))
    return c.section()


def _counted(review: Review) -> volumes.Counted | None:
    log = results.log(review)
    counted = None if log is None else volumes.counted(log)
    return None if counted is None or counted.tickets.empty else counted


# Volumes against what is included


def _volumes(c: Chapter, counted: volumes.Counted) -> Drift | None:
    """Add the drift of all tickets, and of each item with when it exceeds what is included."""
    months = metrics.months(counted)
    months = months[months["first"] >= metrics.steady_from(counted, c.review.contract)]
    trend = _drift(c, "all", words.ALL_TICKETS, months["tickets"], months, source=TICKETS)
    by_term = volumes.by_term(counted, c.review.contract.scope)
    for place, terms in by_term.groupby("place"):
        item = c.review.contract.scope[place]
        own = counted.opened[counted.tickets["item"] == place]
        counts = metrics.by_opening(own, months.index)
        name = f"item.{place + 1}"
        course = _drift(c, name, item.title, counts, months, source=ITEMS, clause=item.clause)
        if item.per == "year":
            _crossing(c, counted, item, terms.iloc[-1], (name, months, course))
    _bands(c, counted)
    return trend


def _bands(c: Chapter, counted: volumes.Counted) -> None:
    """Add of each item with a band of tickets a month how many whole months lie within it."""
    months = metrics.months(counted)
    for place, item in enumerate(c.review.contract.scope):
        if item.band is None:
            continue
        low, high = item.band
        name, label = f"band.item.{place + 1}", words.BAND(item=item.title, low=low, high=high)
        if not volumes.matched(counted.tickets, item):
            named = item.services or item.kinds or item.categories
            because = words.UNCOUNTED if named else words.UNNAMED
            c.fact(name, label, None, because=because, source=ITEMS, clause=item.clause)
            continue
        counts = metrics.by_opening(counted.opened[counted.tickets["item"] == place], months.index)
        apart = words.APART(above=int((counts > high).sum()), below=int((counts < low).sum()))
        c.count(
            name, label, counts.between(low, high), note=apart, source=ITEMS, clause=item.clause
        )


def _drift(
    c: Chapter, name: str, title: Text | str, counts: pd.Series, months: pd.DataFrame,
    **about: Unpack[FactFields],
) -> Drift | None:  # fmt: skip
    """Add the drift of some monthly counts; return it, where there is one."""
    course, label = drift(counts, months["days"]), N_("{what}: change of the volume a month")
    about |= {"because": words.FEW_MONTHS(n=len(months)), "n": int(counts.sum())}
    if course is not None:
        last = months["first"].iloc[-1] + pd.offsets.MonthEnd(0)
        about["period"] = SPAN(first=months["first"].iloc[0], last=last)
        about["interval"] = Interval(course.low, course.high, METHOD)
        varied = words.VARIED(months=words.SPAN_MONTHS(n=course.months), times=course.dispersion)
        about["note"] = varied if course.is_clear else sentences(words.UNCLEAR, varied)
    about["key"] = name == "all"
    c.fact(f"drift.{name}", label(what=title), course and course.growth, Unit.SHARE, **about)
    return course


def _crossing(
    c: Chapter, counted: volumes.Counted, item: ScopeItem, term: Any,
    fitted: tuple[str, pd.DataFrame, Drift | None],
) -> None:  # fmt: skip
    """Add what is expected of the running contract year of an item, and when that exceeds what is
    included; nothing once the year, or the contract, has ended, or it is exceeded.
    """
    name, months, course = fitted
    over = c.review.today >= pd.Timestamp(c.review.contract.period.last)
    if over or term["whole"] or term["beyond"]:
        return
    label = N_("{item}: tickets expected in the contract year, of {volume} included")
    about: FactFields = {"because": words.FEW_MONTHS(n=len(months)), "source": ITEMS}
    about["clause"] = item.clause
    expected = None
    if course is not None:
        ends = term["first"] + pd.DateOffset(years=1) - pd.Timedelta(days=1)
        rest = metrics.ahead(counted, c.review.contract, months["first"].iloc[0], ends)
        by = crossing(course.model, rest, int(term["tickets"]), int(term["volume"]))
        expected = round(by.total)
        about["interval"] = Interval(round(by.low), round(by.high), METHOD)
        when = words.CROSSED(month=by.month) if by.month else words.UNLIKELY
        about["note"] = dotted(words.SO_FAR(n=int(term["tickets"])), when)
    c.fact(f"crossing.{name}", label(item=item.title, volume=item.volume), expected, **about)


def _drifted(trend: Drift | None) -> Text:
    if trend is None:
        return words.TOO_FEW
    months = words.SPAN_MONTHS(n=trend.months)
    if not trend.is_clear:
        return words.NO_DRIFT(months=months)
    edges = {"low": Shown(trend.low, "percent"), "high": Shown(trend.high, "percent")}
    return words.CHANGED(growth=trend.growth, months=months, **edges)


# Events on the client's side


def _events(
    c: Chapter, table: pd.DataFrame, counted: volumes.Counted | None
) -> pd.DataFrame:  # fmt: skip
    """Add what is known of the events; return them."""
    contract, today = c.review.contract, c.review.today
    events = metrics.events(table, today, c.review.so_far.table("changes"))
    if counted is not None:
        events = metrics.compared(events, counted, metrics.steady_from(counted, contract))
    events["scope"] = words.scopes(events, contract)
    begun, own = events[events["starts_on"] <= today], _of_period(c.review, events)
    label = N_("Events on the client’s side announced to the provider before they began")
    before = begun["announced"] == BEFORE
    announced = c.count("announced", label, before, key=True, note=_documents(table, begun[before]),
                        **read(table, FILE, "starts_on", "announced_on"))  # fmt: skip
    first = metrics.leading(own)
    first = first if len(first) else metrics.leading(events)
    c.headline(_headline(own, len(events), first, announced))
    for event in first.itertuples():
        _coincides(c, event)
    _cost(c, events)
    untold = events.loc[events["concerns"] == metrics.UNTOLD, "event_id"]
    c.caveat("untold", words.UNTOLD, about=untold)
    return events


def _documents(table: pd.DataFrame, announced: pd.DataFrame) -> Text:
    """Return how many of some events have a document, where not all have one."""
    proven = int(announced["evidence"].notna().sum())
    if "evidence" not in table or proven == len(announced):
        return EMPTY
    return words.WITH_DOCUMENT(n=proven)


def _of_period(review: Review, events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that began in the period of a review; none where it has none."""
    if review.period is None:
        return events[:0]
    first, last = pd.Timestamp(review.period.first), pd.Timestamp(review.period.last)
    return events[events["starts_on"].between(first, last)]


def _headline(own: pd.DataFrame, n: int, first: pd.DataFrame, announced: Fact) -> Text:
    """Return the message: the events of the period, else what coincides, else how many there are.

    ``own``: those of the period; ``first``: the one to name, or none.
    """
    for event in own.head(1).itertuples():
        return words.BEGUN(n=len(own), event=in_short(event.event_id, event.title))
    for event in first.itertuples():
        return _led(event)
    if announced.value is None or not announced.n:
        return words.RECORDED(n=n)
    return words.IN_TIME(k=announced.value, n=announced.n)


def _led(event: Any) -> Text:
    """Return what coincides with an event, in at most 22 words."""
    about = {
        "event": in_short(event.event_id, event.title),
        "weeks": words.SPAN_WEEKS(n=int(event.weeks)),
        "all": words.change_words(event.change),
    }
    if event.differs == OPENED:
        return words.BEGINS(own=int(event.own_after), **about)
    return words.BESIDE(own=words.change_words(event.own_change), **about)


def _coincides(c: Chapter, event: Any) -> None:
    """Add the tickets before an event and after it, and what is to be settled."""
    counts = ("before", "after", "own_after")
    about: dict[str, Any] = {name: int(getattr(event, name)) for name in counts}
    about |= {
        "event": words.event_words(event),
        "day": event.edge,
        "weeks": words.SPAN_WEEKS(n=int(event.weeks)),
        "scope": event.scope,
        "change": words.change_words(event.change),
    }
    if event.differs == OPENED:
        sentence = words.OPENS(**about)
    else:
        own = words.change_words(event.own_change)
        sentence = words.COINCIDES(own_before=int(event.own_before), own_change=own, **about)
    within = metrics.seasons(event, c.review.contract)
    titles = [
        QUOTES(text=one.title) if one.title else SPAN(first=one.first, last=one.last)
        for one in within
    ]
    season = words.IN_SEASON(titles=titles, n=len(titles)) if titles else EMPTY
    settle = words.OF_SITE if event.kind == "site" else words.OF_EVENT
    grown = event.own_change > 0 and pd.isna(event.change_id)
    c.neutral(
        f"event.{event.event_id}",
        sentences(sentence, words.applied_words(event), season, words.announced_words(event)),
        about=[event.event_id],
        decision=settle[c.review.over](event=words.event_words(event)) if grown else EMPTY,
        decider=Side.BOTH,
    )


def _cost(c: Chapter, events: pd.DataFrame) -> None:
    """Add what the approved change requests cost that events led to."""
    label, named = N_("Cost of the approved changes that events led to"), events["change_id"]
    changes = c.review.so_far.table("changes")
    if named.isna().all() or changes is None:
        missing = c.review.absent("changes") if named.notna().any() else words.NO_CHANGE
        c.amount("cost", label, None, source=COST, because=missing)
        return
    led = metrics.costs(events, changes)
    approved = led[led["decision"] == "approved"]
    costs = [one for one in exact(approved["cost_impact"]) if one is not None]
    lacking = read(changes, "changes.csv", "decision", "cost_impact").get("lacks", EMPTY)
    c.amount("cost", label, total(costs) if costs else None, n=len(costs), source=COST,
             lacks=lacking, because=words.NO_COST(n=len(led)),
             note=words.OF_CHANGES(n=len(led), ids=led["change_id"]))  # fmt: skip


# The chart of months


def _chart(c: Chapter, counted: volumes.Counted, events: pd.DataFrame) -> None:
    """Draw the months of all tickets, and of those that each event concerns, with its beginning."""
    months = metrics.months(counted)
    if months.empty:
        return
    marks = events.loc[events["starts_on"].between(months["first"].iloc[0], c.review.today)]
    own = marks[marks["concerns"] == OWN]
    shown = own.loc[own["own_change"].abs().sort_values(ascending=False).index].head(LEAD - 1)
    begins = [
        dotted(event.event_id, Shown(event.starts_on, "date")) for event in marks.itertuples()
    ]
    whole = {
        "label": words.ALL_TICKETS,
        "note": words.MARKS(events=begins[:NAMED]) if begins else EMPTY,
    }
    parts = [_series(months, months["tickets"], whole, marks["starts_on"])]
    for event in shown.sort_index().itertuples():
        of = metrics.concerned(counted.tickets, metrics.scope_of(event._asdict()))
        about = {"label": dotted(event.event_id, event.scope), "note": _compared(event)}
        counts = metrics.by_opening(counted.opened[of], months.index)
        parts.append(_series(months, counts, about, pd.Series([event.edge])))
    frame = pd.concat(parts, ignore_index=True)
    first, last = months["tickets"].iloc[0], months["tickets"].iloc[-1]
    drawn = words.DRAWN(months=words.SPAN_MONTHS(n=len(months)))
    c.figure(
        "control_chart", words.MONTHS, frame, drawn(first=first, last=last),
        of=len(parts), measure=N_("Tickets opened"), unit="count", value=N_("last month"),
    )  # fmt: skip


def _compared(event: Any) -> Text:
    """Return the tickets before an event and after it, as a row of the chart notes them."""
    if pd.isna(event.own_before):
        return EMPTY
    weeks = words.SPAN_WEEKS(n=int(event.weeks))
    return words.THEN_NOW(before=int(event.own_before), after=int(event.own_after), weeks=weeks)


def _series(
    months: pd.DataFrame, counts: pd.Series, about: dict[str, Any], starts: pd.Series
) -> pd.DataFrame:  # fmt: skip
    """Return the months of a row of the chart, cut where events begin."""
    begun = starts.sort_values().to_numpy()
    ends = months["first"] + pd.offsets.MonthEnd(0)
    frame = pd.DataFrame({"month": months.index, "value": counts.astype("float64").to_numpy()})
    texts = pd.DataFrame([about] * len(frame), frame.index, dtype="object")
    limits = dict.fromkeys(("mean", "lower", "upper", "target"), float("nan"))
    return frame.assign(
        **{name: texts[name] for name in texts},
        **limits,
        segment=begun.searchsorted(ends.to_numpy(), side="right"),
        trial=False,
        signal=False,
    )


# Key dates


def _dates(c: Chapter, dates: pd.DataFrame) -> None:
    """Add how many key dates lie ahead, and those on which to act within thirty days."""
    ahead = dates[dates["state"] != PASSED]
    note: Text = words.ACTED
    if len(dates) and c.review.over and ahead.empty:
        note = words.NONE_AHEAD(last=c.review.contract.period.last)
    elif len(ahead):
        note = c.of_row(words.NEXT, next(ahead.itertuples()))
    label = N_("Key dates of the contract on which either side can still act")
    c.fact("dates", label, len(ahead) if len(dates) else None, n=len(dates) or None, key=True,
           period=as_of(c.review), source="engagement.yml: key_dates", note=note,
           because=words.NO_DATES)  # fmt: skip
    soon = ahead[ahead["state"] == SOON]
    if len(soon):
        c.neutral(
            "dates.soon",
            words.ACT(parts=c.in_words(soon, words.DATED)),
            decision=words.DECIDE(titles=[QUOTES(text=title) for title in soon["title"]]),
            decider=Side.BOTH,
            decide_by=soon["act_by"].iloc[0].date().isoformat(),
            clause=soon["clause"].iloc[0],
        )
    if len(dates):
        notices = [words.notice_words(one) for one in dates["notice"]]
        c.table(words.DATES, dates.assign(before=pd.Series(notices, dates.index, dtype="object")))
