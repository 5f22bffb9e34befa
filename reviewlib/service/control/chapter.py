"""Control charts: each month against the limits of its process, and where the target lies (XmR)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import marked, so_far
from reviewlib.report.text import (
    EMPTY,
    N_,
    Message,
    Shown,
    Text,
    chained,
    dotted,
    listed,
    sentences,
)
from reviewlib.report.values import Brief, Interval, Kind, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import alike, threshold_words
from reviewlib.service.control import metrics, tables, words
from reviewlib.service.control.metrics import ABOVE, BELOW, FEWEST, FROZEN, NONE, TRIAL, WITHIN
from reviewlib.service.control.signals import RULES
from reviewlib.service.control.subjects import Subject, subjects

UNFAVOURABLE = ("below", "falling")
WEIGHTS = {BELOW: 3.0, WITHIN: 2.0, ABOVE: 1.0, "": 0.0}
NAMED, IN_BRIEF = 6, 1  # months that a sentence names, and a brief
ENOUGH = 10  # tickets of a month, below which one of them moves its share by over 10 points


def control(review: Review) -> Section:
    """Return the chapter on the months of the service against the limits of their process.

    Of a periodic review they are those up to its end, from the first of the engagement.
    """
    whole = review.so_far
    c = Chapter(review, "control", N_("Month by month: what the process can do"), so_far(whole))
    every = subjects(whole, review.period)
    if not every:
        return c.not_assessed(_unassessed(whole))
    shares = [one for one in every if one.unit is Unit.SHARE]
    _headline(c, every)
    _intro(c)
    _counts(c, every)
    for one in every:
        _process(c, one)
    for one in shares:
        _position(c, one)
    for one in every:
        _signals(c, one)
    _charts(c, shares, [one for one in every if one.unit is not Unit.SHARE])
    _tables(c, every)
    _caveats(c, every)
    return c.section()


def _unassessed(review: Review) -> Text:
    return review.absent("tickets") if results.log(review) is None else words.NO_MONTH


def _headline(c: Chapter, every: list[Subject]) -> None:
    """Say what is to be expected of the targets: the least certain that there is."""
    held = [one.position for one in every if one.position]
    if not held:
        limited = any(one.stage != NONE for one in every)
        c.headline(words.NO_TARGET if limited else words.NO_LIMITS)
        return
    lying = next(place for place in (WITHIN, BELOW, ABOVE) if place in held)
    sentence = (words.HEADLINES_OVER if c.review.over else words.HEADLINES)[lying]
    c.headline(sentence.filled({"k": held.count(lying), "n": len(held)}))


def _intro(c: Chapter) -> None:
    """Say how points and limits are made, and by which rules a month is a signal."""
    stated = c.review.contract.control
    rules = marked(stated, "rules", words.SETS[stated.rules])
    named = [words.RULES[rule.name] for rule in RULES[stated.rules]]
    c.intro(*words.INTRO, words.BY_RULES(rules=rules, named=named), words.NO_CAUSE)


# Figures


def _counts(c: Chapter, every: list[Subject]) -> None:
    """Add how many targets lie where, and how many series have a signal of late."""
    held = [one.position for one in every if one.position]
    source = "; ".join(dict.fromkeys(part for one in every for part in one.source.split("; ")))
    for place in (WITHIN, BELOW, ABOVE):
        n, label = held.count(place) if held else None, words.COUNTED[place]
        c.fact(place, label, n, n=len(held) or None, because=words.NO_POSITION, source=source,
               key=place != ABOVE)  # fmt: skip
    limited = [one for one in every if one.stage != NONE]
    recent = sum(bool(one.signals["recent"].any()) for one in limited)
    about: dict[str, Any] = {"n": len(limited) or None, "key": True, "source": source}
    because = words.NO_LIMITS
    label = words.SIGNALLED_NOW if c.review.period else words.SIGNALLED
    c.fact("recent", label, recent if limited else None, because=because, **about)


def _process(c: Chapter, one: Subject) -> None:
    """Add the mean of a series, within its limits."""
    limits, months = one.limits, one.current["month"]
    method = words.OF_PROCESS(method=words.METHODS[limits.p_prime])
    has_limits = one.stage != NONE
    interval = Interval(limits.lower, limits.upper, method)
    since = words.SINCE(month=months.iloc[0]) if len(months) < len(one.rows) else EMPTY
    stated: Text = words.TOO_FEW(n=len(months), least=FEWEST)
    if has_limits:
        stated = words.RESTS_ON[one.stage](n=min(len(months), FROZEN))
    c.fact(
        one.place,
        words.MEAN(label=one.name),
        limits.mean,
        one.unit,
        n=len(months),
        interval=interval if has_limits else None,
        target=None if pd.isna(one.target) else one.target,
        clause=one.clause,
        source=one.source,
        note=chained([stated, since]),
        because=chained([stated, since]),
    )


# Findings


def _position(c: Chapter, one: Subject) -> None:
    """Add where the target of a series lies, where it has limits.

    That it lies within them is no news of a period, and does not stand on its first page.
    """
    place, over = one.position, c.review.over
    if not place:
        return
    about = {"label": one.name, "target": threshold_words(one.target), **_limits(one)}
    sentence = (words.POSITIONS_OVER if over else words.POSITIONS)[place].filled(about)
    briefs = words.BRIEFS_OVER if over else words.BRIEFS
    brief = None
    if place in briefs and (place == BELOW or c.review.period is None):
        text = briefs[place].filled(about)
        brief = Brief(text, topic=one.clause, side=Side.PROVIDER, by_chance=place == WITHIN)
    c.find(
        {ABOVE: Kind.STRENGTH, WITHIN: Kind.NEUTRAL, BELOW: Kind.CONCERN}[place],
        f"target.{one.place}",
        sentences(sentence, _on_trial(one)),
        decision=words.AGREE(label=one.name) if place == BELOW and not over else EMPTY,
        decider=Side.BOTH,
        clause=one.clause,
        brief=brief,
    )


def _on_trial(one: Subject) -> Text:
    return words.ON_TRIAL(n=len(one.current)) if one.stage == TRIAL else EMPTY


def _signals(c: Chapter, one: Subject) -> None:
    """Add each signal of a series; those of its last months may stand on the first page."""
    for signal in one.signals.itertuples():
        worse = signal.side in UNFAVOURABLE and one.unit is Unit.SHARE
        few = _of_few(one, signal)
        weighs = worse and not few and (signal.recent or c.review.period is None)
        to_look = weighs and signal.recent and not c.review.over
        sentence = _signal(one, signal, NAMED)
        c.find(
            Kind.CONCERN if weighs else Kind.NEUTRAL,
            f"signal.{one.place}.{signal.rule}.{signal.side}.{signal.first}",
            sentences(
                words.OF_RULE(signal=sentence, rule=words.RULES[signal.rule]),
                few,
                _on_trial(one) if signal.segment == one.rows["segment"].max() else EMPTY,
            ),
            about=signal.months,
            decision=words.LOOK(label=one.name, first=signal.first) if to_look else EMPTY,
            decider=Side.BOTH,
            clause=one.clause,
            brief=_brief(one, signal) if signal.recent and not few else None,
        )


def _of_few(one: Subject, signal: Any) -> Text:
    """Return how many tickets the months of a signal count, where that is too few to go by."""
    n = one.rows.loc[one.rows["month"].isin(signal.months), "n"]
    if one.unit is not Unit.SHARE or not (n < ENOUGH).any():
        return EMPTY
    return words.OF_FEW(n=len(n), least=int(n.min()), most=int(n.max()), enough=ENOUGH)


def _signal(one: Subject, signal: Any, limit: int) -> Message:
    """Return a signal in words, without a full stop."""
    months = listed([Shown(month, "month") for month in signal.months], limit)
    about = {"label": one.name, "months": months, "n": len(signal.months)}
    edges = {"first": signal.first, "last": signal.last}
    return words.SIGNALS[signal.rule, signal.side].filled(about | edges)


def _brief(one: Subject, signal: Any) -> Brief:
    topic, side = one.clause or one.place, Side.PROVIDER if one.clause else Side.BOTH
    return Brief(words.BARE(signal=_signal(one, signal, IN_BRIEF)), topic=topic, side=side)


# Charts and tables


def _charts(c: Chapter, shares: list[Subject], counts: list[Subject]) -> None:
    """Draw the shares, one under the other, and apart from them the number of tickets."""
    if shares:
        lines = pd.DataFrame([_line(one) for one in shares], dtype="object")
        c.figure(
            "control_chart",
            tables.LIMITS,
            lines,
            _description(shares),
            frame=pd.concat([_drawn(one) for one in shares], ignore_index=True),
            of=len(shares),
            measure=words.MEASURE,
            value=N_("target") if c.review.over else N_("target, next month"),
        )
    if counts:
        lines = pd.DataFrame([_line(one) for one in counts], dtype="object")
        c.figure(
            "control_chart",
            tables.OPENED,
            lines,
            _description(counts),
            frame=pd.concat([_drawn(one) for one in counts], ignore_index=True),
            measure=words.OPENED_MEASURE,
            unit="count",
            value=N_("last month"),
        )


def _description(every: Iterable[Subject]) -> Text:
    return chained(dotted(one.name, _in_short(one, words.IN_WORDS)) for one in every)


def _line(one: Subject) -> dict[str, Any]:
    """Return the row of a series in the table of limits."""
    return {
        "name": one.name,
        "group": one.group,
        "label": one.label,
        "points": len(one.current),
        "stage": one.stage,
        **one.limits._asdict(),
        "p_prime": one.limits.p_prime if one.stage != NONE else None,
        "target": one.target,
        "position": one.position,
        "signals": len(one.signals),
        "weight": _weight(one),
    }


def _weight(one: Subject) -> float:
    return WEIGHTS[one.position] + 0.5 * bool(one.signals["recent"].any())


def _drawn(one: Subject) -> pd.DataFrame:
    """Return the months of a series as the chart draws them."""
    rows, signalled = one.rows, {month for months in one.signals["months"] for month in months}
    texts = {
        "label": one.label,
        "group": one.group,
        "about": one.clause,
        "note": dotted(
            _in_short(one, words.IN_ROW) if one.stage != NONE else EMPTY, _counted(rows["n"])
        ),
        "result": _result(one),
    }
    columns = pd.DataFrame([texts] * len(rows), rows.index, dtype="object")
    return rows.assign(
        **{name: columns[name] for name in columns},
        trial=rows["stage"] == TRIAL,
        signal=rows["month"].isin(signalled),
        bad=one.position == BELOW,
        weight=_weight(one),
    )


def _result(one: Subject) -> Text:
    """Return what stands at the end of a row: what is to be expected, or the last value."""
    if one.unit is not Unit.SHARE:
        return Shown(one.rows["value"].iloc[-1], "number")
    expected = words.NEXT[one.position if one.stage != NONE else NONE]
    if pd.isna(one.target):
        return expected
    return words.EXPECTED(target=threshold_words(one.target), chance=expected)


def _in_short(one: Subject, sentence: Message) -> Text:
    """Return the mean and the limits of a series."""
    if one.stage == NONE:
        return words.TOO_FEW(n=len(one.current), least=FEWEST)
    return sentence(**_limits(one))


def _limits(one: Subject) -> dict[str, Shown]:
    """Return the mean and the limits of a series as they are printed."""
    edges = {name: getattr(one.limits, name) for name in metrics.LIMITS}
    return {name: Shown(edge, _form(one, edge)) for name, edge in edges.items()}


def _form(one: Subject, edge: float) -> str:
    """Return how an edge is printed: 100% without decimals, and none rounds to the target."""
    if edge == 1 == _most(one):
        return "threshold"
    near = edge != one.target and not pd.isna(one.target) and alike(edge, one.target, 1)
    return "number.1" if one.unit is not Unit.SHARE else "percent.3" if near else "percent"


def _most(one: Subject) -> float | None:
    """Return the most that a value of a series can be."""
    return 1.0 if one.unit is Unit.SHARE else None


def _counted(n: pd.Series) -> Text:
    """Return how many tickets a month counts, at least and at most."""
    return words.OF_TICKETS(least=int(n.min()), most=int(n.max())) if n.notna().any() else EMPTY


def _tables(c: Chapter, every: list[Subject]) -> None:
    """Add the months, the signals, and the declared changes within the series."""
    for form, is_share in ((tables.MONTHS, True), (tables.OPENED_MONTHS, False)):
        own = [_months(one) for one in every if (one.unit is Unit.SHARE) == is_share]
        if own:
            c.table(form, pd.concat(own, ignore_index=True))
    lines = [
        (one.name, row.rule, row.first, row.last, len(row.months))
        for one in every
        for row in one.signals.itertuples()
    ]
    if lines:
        c.table(tables.SIGNALS, lines)
    changes = [
        (one.name, rebase.month, words.rebase_words(rebase))
        for one in every
        for rebase in one.series.rebases
        if one.rows["month"].iloc[0] < rebase.month <= one.rows["month"].iloc[-1]
    ]
    if changes:
        c.table(tables.CHANGES, changes)


def _months(one: Subject) -> pd.DataFrame:
    """Return the months of a series with their limits, cut to what a value can be."""
    rows, times = one.rows, 100 if one.unit is Unit.SHARE else 1
    marks: dict[str, list[Text]] = {}
    for signal in one.signals.itertuples():
        for month in signal.months:
            marks.setdefault(month, []).append(words.RULES[signal.rule])
    named = [chained(marks[month]) if month in marks else None for month in rows["month"]]
    return rows.assign(
        name=pd.Series([one.name] * len(rows), rows.index, dtype="object"),
        lower=rows["lower"].clip(lower=0.0),
        upper=rows["upper"].clip(upper=_most(one)),
        moving_range=rows["moving_range"] * times,
        range_limit=rows["range_limit"] * times,
        rules=pd.Series(named, rows.index, dtype="object"),
    )


# Caveats


def _caveats(c: Chapter, every: list[Subject]) -> None:
    """Add the months without a point and why, and the series without limits."""
    for name, sentence, months_of in (
        ("open", words.OPEN, lambda one: one.series.open),
        ("unsure", words.UNSURE, lambda one: one.series.unsure),
        ("cut", words.CUT, lambda one: one.series.cut),
    ):
        parts = _parts(every, months_of)
        c.caveat(name, sentence(parts=parts), when=bool(parts))
    few = [one.name for one in every if one.stage == NONE]
    c.caveat("few", words.FEW(names=few), when=bool(few))
    closed_alone = results.closed_alone(c.review.so_far)
    c.caveat("closed_alone", closed_alone, when=bool(closed_alone))


def _parts(every: Iterable[Subject], months_of: Callable[[Subject], tuple[str, ...]]) -> list[Text]:
    return [
        words.OF_SERIES(
            label=one.name, months=listed([Shown(month, "month") for month in months], NAMED)
        )
        for one in every
        if (months := months_of(one))
    ]
