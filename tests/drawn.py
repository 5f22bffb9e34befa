"""What a chart drew: read back from its SVG, or found in its rows."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from reviewlib.charts.rows import ChartRow, MarkTone, RowChart, RowMark


def texts(svg: str) -> dict[str, tuple[float, float]]:
    """Where each text stands; of equal texts the last."""
    found = ElementTree.fromstring(svg).iter("text")
    return {t.text or "": (float(t.attrib["x"]), float(t.attrib["y"])) for t in found}


def groups(svg: str, name: str) -> list[ElementTree.Element]:
    """What artists of this name drew."""
    found = ElementTree.fromstring(svg).iter("g")
    return [child for group in found if group.get("class") == f"chart-{name}" for child in group]


def shapes(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter("path"))


def dots(svg: str, name: str) -> list[tuple[float, float]]:
    drawn = (dot for dot in groups(svg, name) if dot.tag == "use")
    return [(float(dot.attrib["x"]), float(dot.attrib["y"])) for dot in drawn]


def points(path: ElementTree.Element) -> list[tuple[float, float]]:
    """Where a path of straight lines turns."""
    at, found = (0.0, 0.0), []
    for letter, numbers in re.findall(r"([MLHV])([^A-Za-z]*)", path.attrib["d"]):
        first, *second = map(float, re.findall(r"-?[\d.]+", numbers))
        at = (first, *second) if second else (first, at[1]) if letter == "H" else (at[0], first)
        found.append(at)
    return found


def box(path: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    x, y = zip(*points(path), strict=True)
    return min(x), min(y), max(x), max(y)


def row(chart: RowChart, label: str) -> ChartRow:
    """The only row that begins with a label."""
    (found,) = (one for one in chart.rows if one.label.startswith(label))
    return found


def marks(one: ChartRow, *kinds: str, tone: MarkTone | None = None) -> list[RowMark]:
    """The marks of a row of some kinds, of a tone where one is given."""
    return [mark for mark in one.marks if mark.kind in kinds and tone in (None, mark.tone)]


def ends(one: ChartRow, *kinds: str, tone: MarkTone | None = None) -> list[tuple[float, float]]:
    """Where marks of a row begin and end."""
    return [(mark.at, mark.to) for mark in marks(one, *kinds, tone=tone)]


def key(chart: RowChart) -> list[str]:
    """The words of the key of a chart."""
    return [mark.words for mark in chart.key]


def words_of(chart: RowChart) -> list[str]:
    """Every word of a chart of rows."""
    in_rows = [text for r in chart.rows for text in (r.label, r.value, r.note, r.words)]
    return [chart.label, chart.measure, chart.value, *in_rows, *key(chart),
            *(text for _, text in chart.axis)]  # fmt: skip
