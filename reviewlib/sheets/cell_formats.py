"""What the number in a cell of a workbook stands for, by its format: a date, a share, a number."""

from __future__ import annotations

import datetime as dt
import re

NUMBER, PERCENT, DATE, INSTANT, TIME, PADDED = "number", "percent", "date", "instant", "time", "0"
DIGITS = 15  # that Excel computes and shows; those beyond are of binary fractions
SINCE_1900, SINCE_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)
LEAP = 60  # the 29 February 1900, which Excel has and no calendar; earlier days are one off
LAST = 2_958_465  # 31 December 9999
SECONDS = 86_400
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


class Percent(float):
    """A number shown as a share: 0.95 is 95 %."""

    __slots__ = ()


Value = str | float
"""What a cell holds: a number, a ``Percent``, or a text, which dates and truths are too."""


def shown_as(code: str) -> str:
    """Return what a format, by its code, makes of a number."""
    bare = _QUOTED.sub("", code).split(";")[0].casefold()
    if bare == "general" or not bare:
        return NUMBER
    if "%" in bare:
        return PERCENT
    if set(bare) == {"0"} and len(bare) > 1:
        return bare
    day, clock = re.search("[dy]", bare), re.search("[hs]", bare.replace("general", ""))
    if day or ("m" in bare and not clock):
        return INSTANT if clock else DATE
    return TIME if clock else NUMBER


def number(value: float, shown: str, since_1904: bool) -> Value:
    """Return what a number in a cell stands for, as it is shown."""
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{value} is no number")
    if shown == NUMBER:
        return value
    if shown == PERCENT:
        return Percent(value)
    if shown in (DATE, INSTANT):
        return moment(value, since_1904, clock=shown == INSTANT) or value
    if shown == TIME:
        return _clock(value) or value
    whole = value % 1 == 0 and 0 <= value < 1e15
    return f"{int(value):0{len(shown)}d}" if whole else value


def moment(serial: float, since_1904: bool, *, clock: bool = False) -> str:
    """Return the date of a serial number, with its time if it has one or ``clock``; "" of no date.

    ISO 8601, to the second.
    """
    if not 0 <= serial <= LAST:
        return ""
    start = SINCE_1904 if since_1904 else SINCE_1900
    if not since_1904 and serial < LEAP:
        start += dt.timedelta(days=1)
    try:
        at = start + dt.timedelta(seconds=round(serial * SECONDS))
    except OverflowError:
        return ""
    whole = not clock and not (at.hour or at.minute or at.second)
    return at.date().isoformat() if whole else at.isoformat(" ")


def _clock(days: float) -> str:
    """Return hours, minutes and seconds; hours beyond a day go on. "" of no such time."""
    if not 0 <= days < LAST:
        return ""
    minutes, seconds = divmod(round(days * SECONDS), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


def text_of(value: Value, mark: str = ".") -> str:
    """Return what a cell holds as text, a number with a decimal mark: 95 %, 1234.5."""
    if isinstance(value, str):
        return value
    share = isinstance(value, Percent)
    text = f"{value * 100 if share else value:.{DIGITS}g}".replace(".", mark)
    return f"{text} %" if share else text
