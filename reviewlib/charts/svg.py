"""From matplotlib's SVG file to an element of a page whose policy forbids styles and addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from reviewlib.charts import theme

_DECIMAL = re.compile(r"-?\d+\.\d+")
_STEP = re.compile(r"([MLz])\s*(?:(-?[\d.]+) (-?[\d.]+))?")
_REFERRED = re.compile(r"""(?:href="#|url\(#)([^")]+)""")
_NOT_WANTED = {"metadata", "style", "clipPath"}  # nothing is drawn outside its axes to be clipped
_HALO = {"stroke": theme.PAPER, "stroke-width": "4", "paint-order": "stroke"}
_IDLE = {"font-family": "", "text-anchor": "start", "stroke-dashoffset": "0"}


def embeddable(svg: str, figure: str) -> str:
    """Return matplotlib's SVG as an element for a page whose policy forbids styles.

    Styles become attributes, the ids that are referred to start with the figure's, names of
    artists (``chart-…``) become classes; namespaces, metadata, other ids and the size go.
    """
    root = ElementTree.fromstring(svg)
    referred = set(_REFERRED.findall(svg))
    ids = [name for element in root.iter() if (name := element.get("id", "")) in referred]
    prefix = re.sub(r"[^A-Za-z0-9_-]+", "-", figure)
    _tidy(root, {name: f"{prefix}-{place}" for place, name in enumerate(ids)})
    _inherit(root)
    root.attrib = {"viewBox": root.attrib["viewBox"], "stroke-linejoin": "round"}
    return ElementTree.tostring(root, encoding="unicode")


def _tidy(element: ElementTree.Element, ids: Mapping[str, str]) -> None:
    element.tag = _local(element.tag)
    element.attrib = _attributes(element, ids)
    if element.tag != "text":
        element.text = None
    children: list[ElementTree.Element] = []
    for child in element:
        child.tail = None
        if _local(child.tag) not in _NOT_WANTED:
            _tidy(child, ids)
            bare = child.tag == "g" and not child.attrib
            children.extend(child if bare else [child] if len(child) or child.tag != "defs" else [])
    element[:] = children


def _inherit(root: ElementTree.Element) -> None:
    """Take from a mark that is used again what it has of itself."""
    own = {f"#{mark.get('id')}": mark.attrib for mark in root.iter() if "id" in mark.attrib}
    for used in root.iter("use"):
        of_mark = own[used.attrib["href"]].items()
        used.attrib = dict(pair for pair in used.attrib.items() if pair not in of_mark)


def _attributes(element: ElementTree.Element, ids: Mapping[str, str]) -> dict[str, str]:
    attributes = {_local(name): value for name, value in element.attrib.items()}
    for declared in filter(None, attributes.pop("style", "").split("; ")):
        name, _, value = declared.partition(": ")
        attributes |= _font(value) if name == "font" else {name: value}
    attributes.pop("clip-path", None)
    name = attributes.pop("id", "")
    if name in ids:
        attributes["id"] = name
    elif name == "chart-halo":
        attributes |= _HALO
    elif name.startswith("chart-"):
        attributes["class"] = name
    if "d" in attributes:
        attributes["d"] = _path(_short(attributes["d"]))
    return {
        name: _renamed(_short(value), ids)
        for name, value in attributes.items()
        if not (_IDLE.get(name) in ("", value) or value.startswith("rotate(-0 "))
    }


def _font(shorthand: str) -> dict[str, str]:
    """Expand CSS's ``font``, as matplotlib 3.10 writes it, but for the family."""
    font = re.match(r"(?:.*?\b(\d{3}) )?.*?([\d.]+)px", shorthand)
    weight, size = font.groups() if font else (None, "16")
    return {"font-size": f"{size}px"} | ({"font-weight": weight} if weight else {})


def _short(value: str) -> str:
    """Round decimals to what is seen, and join the lines of a path."""
    rounded = _DECIMAL.sub(lambda number: f"{round(float(number[0]), 2) + 0.0:g}", value)
    return " ".join(rounded.split())


def _path(drawn: str) -> str:
    """Write straight lines the short way: along an axis by one number, and no point twice."""
    if re.search(r"[^MLz\d\s.-]", drawn):
        return drawn
    steps: list[str] = []
    last_x = last_y = ""
    for letter, x, y in _STEP.findall(drawn):
        if letter != "L":
            steps.append(f"{letter}{x} {y}" if x else letter)
        elif y == last_y and (x != last_x or steps[-1][0] == "M"):  # a dot is a line of no length
            steps.append(f"H{x}")
        elif y != last_y:
            steps.append(f"V{y}" if x == last_x else f"L{x} {y}")
        last_x, last_y = x, y
    return "".join(steps)


def _renamed(value: str, ids: Mapping[str, str]) -> str:
    if value.startswith("url(#"):
        return f"url(#{ids[value[5:-1]]})"
    return f"#{ids[value[1:]]}" if value[1:] in ids else ids.get(value, value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
