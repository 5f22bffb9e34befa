"""What a chart drew, read back from its SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree


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
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def box(path: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    x, y = zip(*points(path), strict=True)
    return min(x), min(y), max(x), max(y)
