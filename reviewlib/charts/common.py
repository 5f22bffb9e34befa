"""What several forms share: a figure's words, fills, bars in rows and marks on an axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib import theme
from reviewlib.drawing import LINE, SMALL, Mark, extent, text_width, wrapped, write
from reviewlib.wording import N_, Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap


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


INTERVAL = Mark(N_("interval of 95%"), {"color": theme.MUTED, "linewidth": 2})
SOLID = {"facecolor": theme.ACCENT, "edgecolor": theme.ACCENT}
PALE = {"facecolor": theme.WASH, "edgecolor": theme.MUTED, "linewidth": 0.8}


def ramp() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("shares", [theme.WASH, theme.ACCENT])


def shades(count: int) -> list[str]:
    """Return fills that darken in order, so that their order is seen without colour."""
    from matplotlib.colors import to_hex

    return [to_hex(ramp()(depth)) for depth in np.linspace(0, 1, count)]


def readable_on(fill: Any) -> str:
    """Return black or PAPER: one of them has a WCAG contrast over 4.5 on any fill."""
    from matplotlib.colors import to_rgb

    channels = np.array(to_rgb(fill))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else theme.PAPER


def area(name: object, fill: str) -> Mark:
    return Mark(str(name), patch={"facecolor": fill, "edgecolor": theme.MUTED, "linewidth": 0.8})


def draw_segments(ax: Axes, spans: pd.DataFrame, option: Mark, wording: Wording) -> None:
    """Draw one option's share of each row; the wide ones say how much it is."""
    colour = readable_on(option.patch["facecolor"])
    for place, left, width in spans[spans["width"] > 0].itertuples():
        ax.barh(place, width, 0.62, left, gid="chart-answers", clip_on=False, **option.patch)
        text = wording.percent(width, 0)
        if text_width(text, SMALL) < width * extent(ax)[0]:
            at = (left + width / 2, place)
            write(ax, at, text, ha="center", va="center", fontsize=SMALL, color=colour)


def draw_bars(ax: Axes, values: pd.Series, texts: Sequence[str]) -> None:
    """Draw a bar in each row, with its value at its end."""
    ax.set_xlim(0, values.max() or 1)
    ax.barh(np.arange(len(values)), values, 0.6, gid="chart-count", color=theme.ACCENT)
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        write(ax, (value, place), text, (8, 0), va="center")


def named(mark: str, width: float) -> str:
    """Return the name of a mark, elided where what it points at would not stand beside it."""
    return wrapped(mark, width, 1)[0]


def pointed_at(ax: Axes, marks: Mapping[str, float]) -> None:
    """Draw a line up to the words of each mark, which stand on its side that has the room."""
    left, right = ax.get_xlim()
    room, across = extent(ax), ax.get_xaxis_transform()
    unit = room[0] / (right - left)
    words = [_Words(text, x, (right - x) * unit + 24 > text_width(text), unit) for text, x in
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
class _Words:
    """The words of a mark: its place on the axis, and whether they stand after or before it."""

    text: str
    x: float
    after: bool
    unit: float  # of the view box, in one of the axis

    def cover(self, x: float) -> bool:
        """Return whether a line at x would cross the words."""
        beyond = (x - self.x) * self.unit * (1 if self.after else -1)
        return 0 < beyond < text_width(self.text) + 6


def _uncrossed(words: Sequence[_Words]) -> Sequence[_Words]:
    """Return the order from below, this one if it can be, in which lines cross the fewest words."""
    if len(words) > 5:  # more have too many orders to try
        return words
    return min(
        permutations(words),
        key=lambda order: sum(low.cover(high.x) for low, high in combinations(order, 2)),
    )
