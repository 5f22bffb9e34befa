"""What several forms share: a figure's words, fills, axes and marks, and words beside points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import LINE, WIDTH, Mark, extent, month_axis, write
from reviewlib.charts.words import TEXT, text_width, wrapped
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reviewlib.pages.wording import Wording


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one figure, in the review's language.

    ``figure`` is the figure's id, unique in its page; ``measure`` says what is drawn, ``reference``
    names the threshold or target, ``floor`` is the n below which a value is withheld.
    """

    figure: str
    measure: str = ""
    reference: str = ""
    floor: int | None = None


# The edges of a band bear its meaning; its ground is too light to.
BAND: dict[str, Any] = {"facecolor": theme.GRID, "edgecolor": theme.MID, "linewidth": 1}
INTERVAL = Mark(N_("interval of 95%"), patch=BAND)
SOLID = {"facecolor": theme.ACCENT, "edgecolor": theme.ACCENT}


def refuse_unknown(what: str, codes: pd.Series, drawn: Collection[str]) -> None:
    """Raise ValueError where a column holds a code that a form does not draw."""
    if unknown := sorted(set(codes) - set(drawn)):
        raise ValueError(f"no {what}: {unknown}; known are {', '.join(drawn)}")


def hatched(colour: str) -> dict[str, Any]:
    return {"facecolor": theme.PAPER, "edgecolor": colour, "hatch": "////"}


def named(mark: str, width: float) -> str:
    """Return the name of a mark, elided where what it points at would not stand beside it."""
    return wrapped(mark, width, 1)[0]


def pointed_at(ax: Axes, marks: Mapping[str, float]) -> None:
    """Draw a line up to the words of each mark, which stand on its side that has the room."""
    left, right = ax.get_xlim()
    room, across = extent(ax), ax.get_xaxis_transform()
    unit = room[0] / (right - left)
    words = [_MarkWords(text, x, (right - x) * unit + 24 > text_width(text), unit) for text, x in
             sorted(marks.items(), key=lambda mark: -mark[1])]  # fmt: skip
    for row, word in enumerate(_uncrossed(words)):
        up = 8 + LINE * row
        ax.plot(
            [word.x, word.x], [0, 1 + (up + 8) / room[1]], color=theme.INK, clip_on=False,
            linestyle=theme.DASHES[row % len(theme.DASHES)], transform=across, gid="chart-mark",
            linewidth=1.5,
        )  # fmt: skip
        side, right_by = ("left", 6) if word.after else ("right", -6)
        write(ax, (word.x, 1), word.text, (right_by, up), across, ha=side, gid="chart-halo")


@dataclass(frozen=True, slots=True)
class _MarkWords:
    """The words of a mark: its place on the axis, and whether they stand after or before it."""

    text: str
    x: float
    after: bool
    unit: float  # of the view box, in one of the axis

    def cover(self, x: float) -> bool:
        """Return whether a line at x would cross the words."""
        beyond = (x - self.x) * self.unit * (1 if self.after else -1)
        return 0 < beyond < text_width(self.text) + 6


def _uncrossed(words: Sequence[_MarkWords]) -> Sequence[_MarkWords]:
    """Return the order from below, this one if it can be, in which lines cross the fewest words."""
    if len(words) > 5:  # more have too many orders to try
        return words
    return min(
        permutations(words),
        key=lambda order: sum(low.cover(high.x) for low, high in combinations(order, 2)),
    )


# Amounts and days on an axis, and words beside points.

_Box = tuple[float, float, float, float]  # left, bottom, right, top


def quantity_axis(axis: Any, values: pd.Series, words: Callable[[float], str]) -> None:
    """Bound an axis by round numbers around the values and zero, which is drawn as a line."""
    from matplotlib.ticker import MaxNLocator

    low, high = min(values.min(), 0), max(values.max(), 0)
    locator = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
    ticks = locator.tick_values(low, high if high > low else 1)
    axis.axes.set(**{f"{axis.axis_name}lim": (ticks[0], ticks[-1])})
    axis.set_ticks(ticks, labels=[words(tick) for tick in ticks])
    axis.set_tick_params(length=0, pad=8)
    axis.grid(True)


def months_over(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the first days of the months that hold both days, and of the one after them."""
    after = last.to_period("M").end_time + pd.Timedelta(days=1)
    return pd.date_range(first.to_period("M").start_time, after, freq="MS")


def days_since(start: pd.Timestamp, days: Any) -> Any:
    return (days - start) / pd.Timedelta(days=1)


def date_axis(ax: Axes, months: pd.DatetimeIndex, wording: Wording) -> None:
    """Run an axis over whole months; its unit is a day."""
    firsts = np.asarray(days_since(months[0], months))
    ax.set_xlim(0, firsts[-1])
    month_axis(ax, firsts[:-1], list(months[:-1].strftime("%Y-%m")), wording)
    ax.grid(axis="x")


def room_beside(texts: Sequence[str], size: float = TEXT) -> float:
    """Return the margin that words right of points at the end of an axis need."""
    return max((text_width(text, size) for text in texts), default=0) + 18


@dataclass(frozen=True, slots=True)
class Beside:
    """Words on the right of a point, or on its left, lifted by units of the view box."""

    x: float
    y: float
    text: str
    before: bool = False
    lift: float = 0
    size: float = TEXT

    def box(self, point: tuple[float, float], up: float) -> _Box:
        """Return where the words are, with the point given in units of the view box."""
        (x, y), wide = point, text_width(self.text, self.size)
        left, right = (x - 12 - wide, x - 10) if self.before else (x + 10, x + 12 + wide)
        return left, y + up - 9, min(right, WIDTH), y + up + 9


def write_beside(
    ax: Axes, words: Sequence[Beside], marks: Sequence[tuple[float, float]] = ()
) -> None:
    """Write words beside their points, from the top; those that would cover others, or marks, stand
    lower or higher, and a hairline leads to them. Without room on the left they stand on the right.
    """
    inside = ax.bbox
    points = [tuple(ax.transData.transform((word.x, word.y))) for word in words]
    clear = [*points, *(tuple(ax.transData.transform(mark)) for mark in marks)]
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in clear]
    back = ax.transData.inverted()
    for place in sorted(range(len(words)), key=lambda place: -points[place][1]):
        (x, y), word = points[place], words[place]
        if word.box((x, y), 0)[0] < inside.x0:
            word = replace(word, before=False)
        tried = (word.lift + step * side for step in range(0, 400, 2) for side in (-1, 1))
        free = (
            up
            for up in tried
            if inside.y0 <= y + up <= inside.y1 + 6 and not _hit(taken, word.box((x, y), up))
        )
        up = next(free, word.lift)
        taken.append(word.box((x, y), up))
        toward = -1 if word.before else 1
        if abs(up - word.lift) > 6:
            way = back.transform([(x + 5 * toward, y), (x + 11 * toward, y + up)])
            ax.plot(*way.T, color=theme.MUTED, linewidth=0.8, clip_on=False, gid="chart-lead")
        style = {"ha": "right" if word.before else "left", "fontsize": word.size}
        at, shift = (word.x, word.y), (13 * toward, up)
        write(ax, at, word.text, shift, va="center", gid="chart-halo", **style)


def _hit(taken: Sequence[_Box], box: _Box) -> bool:
    """Return whether a box meets one that is taken."""
    left, bottom, right, top = box
    return any(
        left < other[2] and other[0] < right and bottom < other[3] and other[1] < top
        for other in taken
    )
