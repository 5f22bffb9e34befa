"""The words of a chart: the room that they take, and how it says n, shares and what is withheld."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from reviewlib.report.values import FEW

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording

TEXT, SMALL = 16, 14  # letters, in units of the view box: a phone halves them


def visible(text: str) -> str:
    """Return one line of visible text: line ends and invisible controls could move others."""
    spaced = (" " if char.isspace() else char for char in text)
    printable = (char for char in spaced if unicodedata.category(char)[0] != "C")
    return " ".join("".join(printable).split())


def text_width(text: str, size: float = TEXT) -> float:
    """Estimate the width of a text, generously: the page's letters aren't known here."""
    wide = sum(1 if ord(char) > 0x2E7F or char in "mwMW@%—…" else 0 for char in text)
    narrow = sum(char in "iljtfrI.,:;'’|!() \u202f\u00a0" for char in text)
    capital = sum(char.isupper() and char not in "MWI" for char in text)
    return size * (0.58 * len(text) + 0.42 * wide - 0.22 * narrow + 0.12 * capital)


def wrapped(text: str, width: float, lines: int) -> list[str]:
    """Break a text into at most so many lines of the width, elided with "…"."""
    plain = visible(text) or "—"
    letters = max(int(width * len(plain) / text_width(plain)), 8)
    shown = wrap(plain, letters, max_lines=lines, placeholder="…")
    return shown if shown != ["…"] else [f"{plain[: letters - 1]}…"]  # the first word is too long


def n_words(count: float, wording: Wording) -> str:
    return wording.gettext("n = {n}").format(n=wording.number(count))


def n_and_target(n: Any, target: float, wording: Wording) -> str:
    """Return what stands beside the label of a row: its n and its target, where it has them."""
    counted = n_words(n, wording) if pd.notna(n) else ""
    at_least = f"≥\u00a0{wording.threshold(target)}" if pd.notna(target) else ""
    return " · ".join(filter(None, (counted, at_least)))


def n_each(counts: Iterable[float], wording: Wording) -> list[str]:
    """Return each n in words; nothing where it is missing."""
    return ["" if pd.isna(count) else n_words(count, wording) for count in counts]


def withheld_words(floor: int | None, wording: Wording) -> str:
    """Return why a value is not shown: its n is under the floor."""
    if floor is None:
        return wording.gettext("not shown")
    return wording.gettext("not shown: n under {floor}").format(floor=wording.number(floor))


def share_of(count: float, n: float, wording: Wording) -> str:
    """Return what a count is of n: both of them where n is small, a percentage otherwise."""
    if n < FEW:
        counts = {"count": wording.number(count), "n": wording.number(n)}
        return wording.gettext("{count} of {n}").format(**counts)
    return wording.percent(count / n)


def signed(value: Any, words: Callable[[Any], str]) -> str:
    """Return a deviation in words, with its sign: +12 days, −2 days; none where it is unknown."""
    if pd.isna(value):
        return words(None)
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{words(abs(value))}"
