"""What every chart stands on: the sheet, its key, rows and axes, and the words written there."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.svg import embeddable
from reviewlib.charts.words import SMALL, TEXT, n_words, text_width, visible, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reviewlib.pages.wording import Wording

WIDTH = 720  # of the view box; a unit is a CSS pixel where the page has that much room
LINE = 18
LEFT, RIGHT = 66, 78  # margins
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)  # months from one tick to the next
SHORTEST = 1 / 60  # hours: a logarithmic scale has no zero
HOURS = (1 / 60, 1 / 6, 1, 10, 100, 1_000, 10_000, 100_000)
HOURS_BETWEEN = (1 / 30, 1 / 12, 1 / 3, 1 / 2, 2, 5, 20, 50, 200, 500, 2_000, 5_000, 20_000, 50_000)
QUIET: dict[str, Any] = {"color": theme.MUTED, "fontsize": SMALL}


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of the key and how matplotlib draws what it names: a line's or a patch's style."""

    text: Any  # a message, or words once it is drawn
    line: dict[str, Any] = field(default_factory=dict)
    patch: dict[str, Any] = field(default_factory=dict)

    def labelled(self, wording: Wording, text: str = "") -> Mark:
        """Return the mark with another text, or its own one translated."""
        return replace(self, text=text or wording.gettext(self.text))

    def counted(self, wording: Wording, count: float) -> Mark:
        """Return the mark with its own text translated, and how many it stands for."""
        words = f"{wording.gettext(self.text)}, {n_words(count, wording)}"
        return self.labelled(wording, words)


def dot(colour: str, marker: str = "o", size: float = 9, hollow: bool = False) -> dict[str, Any]:
    return {
        "marker": marker, "markersize": size, "linestyle": "none", "color": colour,
        "markerfacecolor": theme.PAPER if hollow else colour, "markeredgewidth": 2,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure whose units are those of its view box; ``top`` of them hold the key."""

    figure: Figure
    height: float
    top: float

    def axes(self, left: float, right: float, below: float, height: float | None = None) -> Axes:
        """Return axes with these margins, as high as there is room for unless told."""
        high = height or self.height - self.top - below
        across = (WIDTH - left - right) / WIDTH
        box = (left / WIDTH, below / self.height, across, high / self.height)
        ax = self.figure.add_axes(box, xticks=[])
        ax.patch.set_visible(False)
        return ax

    def svg(self, figure: str) -> str:
        """Return the sheet as an SVG to be put into a page."""
        text = StringIO()
        self.figure.savefig(text, format="svg", metadata={"Date": None})
        return embeddable(text.getvalue(), figure)


@contextmanager
def open_sheet(height: float, heading: Iterable[str], key: Sequence[Mark] = ()) -> Iterator[Sheet]:
    """Open a sheet with the heading of the whole figure, its key, and ``height`` below them."""
    from matplotlib import rc_context, style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows, words = _key_rows(key), _one_line(heading)
    top = LINE * bool(words) + 24 * len(rows) + 16
    # An analyst's own style must not change a review; words may need letters that DejaVu lacks.
    with style.context("default"), rc_context(_RC), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure = Figure(figsize=(WIDTH / 72, (top + height) / 72), dpi=72, frameon=False)
        FigureCanvasSVG(figure)
        sheet = Sheet(figure, top + height, top)
        ax = sheet.axes(0, 0, 0, top + height)
        ax.set(xlim=(0, WIDTH), ylim=(top + height, 0))
        ax.set_axis_off()
        write(ax, (2, LINE - 4), words, **QUIET)
        for row, marks in enumerate(rows):
            for x, mark in marks:
                _key_entry(ax, (x, LINE * bool(words) + 24 * row + 14), mark)
        yield sheet


_RC: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib: measures the same everywhere
    "font.size": TEXT,
    "text.color": theme.INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": theme.MUTED,
    "axes.axisbelow": True,
    "grid.color": theme.GRID,
    "grid.linewidth": 1,
    "xtick.color": theme.MUTED,
    "ytick.color": theme.MUTED,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "ytick.major.size": 0,
    "ytick.major.pad": 8,
    "hatch.linewidth": 1.2,
    "lines.linewidth": 2,
}


def _key_rows(key: Sequence[Mark]) -> list[list[tuple[float, Mark]]]:
    """Break the key into rows; each mark with where it starts."""
    rows: list[list[tuple[float, Mark]]] = []
    x = float(WIDTH)
    for mark in (replace(mark, text=wrapped(mark.text, WIDTH - 60, 1)[0]) for mark in key):
        across = 30 + text_width(mark.text, SMALL) + 18
        if x + across > WIDTH or not rows:
            rows.append([])
            x = 0
        rows[-1].append((x, mark))
        x += across
    return rows


def _key_entry(ax: Axes, at: tuple[float, float], mark: Mark) -> None:
    from matplotlib.patches import Rectangle

    x, y = at
    if mark.patch:
        ax.add_patch(Rectangle((x + 1, y - 7), 20, 14, **mark.patch))
    elif "marker" in mark.line:
        places = [x, x + 11, x + 22] if mark.line.get("linestyle") != "none" else [x + 11]
        ax.plot(places, [y] * len(places), markevery=[len(places) // 2], **mark.line)
    else:
        ax.plot([x, x + 22], [y, y], **mark.line)
    write(ax, (x + 30, y), mark.text, va="center", fontsize=SMALL)


def count_axis(ax: Axes, highest: float, wording: Wording) -> None:
    from matplotlib.ticker import MaxNLocator

    top = 1 if pd.isna(highest) else max(highest, 1)
    ticks = MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]).tick_values(0, top)
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(ticks, labels=[wording.number(tick) for tick in ticks])
    ax.grid(axis="y")


def month_axis(ax: Axes, places: np.ndarray, months: list[str], wording: Wording) -> None:
    """Label as many months as there is room for, always the same ones of a year."""
    left, right = ax.get_xlim()
    pitch = extent(ax)[0] / (right - left) * (places[1] - places[0] if len(places) > 1 else 1)
    step = next((step for step in MONTH_STEPS if step * pitch >= 48), MONTH_STEPS[-1])
    shown = [i for i, month in enumerate(months) if ordinal(month) % step == 0] or [0]
    named = (wording.month(months[i]).rsplit(maxsplit=1) for i in shown)
    _two_lines(
        ax, {float(places[i]): (name, year) for i, (name, year) in zip(shown, named, strict=True)}
    )


def _two_lines(ax: Axes, lines: Mapping[float, tuple[str, str]]) -> None:
    """Label places with two lines, the lower one only where it changes."""
    ax.set_xticks(list(lines), labels=[""] * len(lines))
    previous, at = "", ax.get_xaxis_transform()
    for place, (upper, lower) in lines.items():
        write(ax, (place, 0), upper, (0, -LINE - 2), at, ha="center", **QUIET)
        if lower != previous:
            write(ax, (place, 0), lower, (0, -2 * LINE - 2), at, ha="center", **QUIET)
        previous = lower


def hour_axis(ax: Axes, wording: Wording) -> None:
    """Label powers of ten, and what lies between where these are too few."""
    first, last = 10.0 ** np.array(ax.get_xlim()) * (1 - 1e-9, 1 + 1e-9)
    hours = [hour for hour in HOURS if first <= hour <= last]
    if len(hours) < 3:
        hours = sorted([*hours, *(hour for hour in HOURS_BETWEEN if first <= hour <= last)])
    ax.set_xticks(np.log10(hours), labels=[wording.duration(hour * 3600) for hour in hours])


def extent(ax: Axes) -> tuple[float, float]:
    """Return width and height of the axes in units of the view box."""
    return ax.bbox.width, ax.bbox.height


# Words.


def write(
    ax: Axes,
    at: tuple[float, float],
    text: str,
    shift: tuple[float, float] = (0, 0),
    coordinates: Any = "data",
    **style: Any,
) -> None:
    """Write one line at a point, shifted (right, up) by units of the view box."""
    ax.annotate(
        text, at, shift, coordinates, "offset points", annotation_clip=False,
        **{"va": "baseline"} | style,
    )  # fmt: skip


def _one_line(parts: Iterable[str]) -> str:
    """Return the parts of a heading as one line."""
    text = " · ".join(part for part in map(visible, parts) if part)
    return wrapped(text, (WIDTH - 20) * TEXT / SMALL, 1)[0] if text else ""


# Months and columns.


def ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def iso_months(months: Iterable[str]) -> list[str]:
    """Return every ISO month from the first to the last: a gap in time is drawn as a gap."""
    ordinals = [ordinal(month) for month in months]
    span = range(min(ordinals), max(ordinals) + 1)
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in span]


def every_month(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index("month").reindex(iso_months(frame["month"]))
