"""The opening hours of a week as they are written: {"mon": [("09:00", "18:00")]}."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from reviewlib.calendars.instants import DAY
from reviewlib.calendars.words import unknown
from reviewlib.faults import Unfit
from reviewlib.report.text import N_

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Spans = Iterable[tuple[str, str]]
_TIME = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")

EXAMPLE = str(("09:00", "18:00"))
NO_DAY = N_("unknown week day {word:quoted}; use {days:commas}.")
NO_SPAN = N_("{day}: list spans such as {example}; came {span}")
NO_TIME = N_("{day}: {span} is empty; a whole day is {example}")
NO_HOURS = N_("the week has no opening hours: give some, {example}")
OVERLAP = N_("spans overlap: {one} and {other}; write them as one")
NOT_A_TIME = N_("{day}: {text:quoted} is not a time; write HH:MM, from 00:00 to 24:00")


def in_order(
    stated: Mapping[str, Spans] | tuple[tuple[str, Any], ...],
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the days of a week that have opening hours, Monday first, each day's in order.

    Raises ValueError for a day that is none of ``WEEK``, or what is no pair of times.
    """
    week = dict(stated)
    for day in week:
        if day not in WEEK:
            raise Unfit(unknown(NO_DAY(days=WEEK), day, WEEK))
    ordered = ((day, tuple(sorted(_pairs(day, week.get(day, ()))))) for day in WEEK)
    return tuple((day, spans) for day, spans in ordered if spans)


def _pairs(day: str, spans: Spans) -> Iterator[tuple[str, str]]:
    for span in spans:
        if isinstance(span, str) or len(span) != 2:
            raise Unfit(NO_SPAN(day=day, span=repr(span), example=EXAMPLE))
        yield (span[0], span[1])


def openings(week: Any) -> tuple[tuple[int, int], ...]:
    """Return (opening, closing) of a week's spans, in seconds since Monday 00:00, in order.

    ``week``: as ``in_order`` returns it. Raises ValueError for a time that is not written HH:MM, an
    empty span, spans that overlap, and a week without any.
    """
    stated = []
    for day, spans in week:
        for span in spans:
            opens, closes = (_time(day, text) for text in span)
            if opens in (closes, DAY):
                raise Unfit(NO_TIME(day=day, span=str(span), example=str(("00:00", "24:00"))))
            closes += 0 if closes > opens else DAY
            midnight = WEEK.index(day) * DAY
            stated.append((midnight + opens, midnight + closes, f"{day} {'-'.join(span)}"))
    if not stated:
        raise Unfit(NO_HOURS(example=f"{{'mon': [{EXAMPLE}]}}"))
    stated.sort()
    opens, _, wording = stated[0]
    next_week = (opens + 7 * DAY, 0, wording)
    for (_, closes, one), (opens, _, other) in pairwise([*stated, next_week]):
        if opens < closes:
            raise Unfit(OVERLAP(one=one, other=other))
    return tuple((opens, closes) for opens, closes, _ in stated)


def _time(day: str, text: str) -> int:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise Unfit(NOT_A_TIME(day=day, text=str(text)))
    return int(text[:2]) * 3600 + int(text[3:]) * 60
