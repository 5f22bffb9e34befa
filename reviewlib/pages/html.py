"""Report values drawn as HTML by the partials of ``templates/review``; no markup stands here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast
from xml.etree import ElementTree

from reviewlib.charts import theme
from reviewlib.pages.wording import Language, Wording
from reviewlib.report.values import Section, Unit
from reviewlib.resources import resource

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = resource("templates/review")
MOMENTS = frozenset({Unit.DATE, Unit.INSTANT, Unit.MONTH})
SVG = "{http://www.w3.org/2000/svg}"
UNDRAWN = frozenset({"script", "style", "metadata", "foreignObject", "title", "desc"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a template needs to write an SVG element itself: its view box and what it holds."""

    view_box: str
    body: Markup


def render_section(section: Section) -> str:
    """Return a section as an HTML fragment in its own language; every text in it is escaped."""
    environment = partials(
        Wording(cast(Language, section.language), section.time_zone, section.currency)
    )
    return environment.get_template("partials/section.html.j2").render(section=section)


@lru_cache(maxsize=8)
def partials(wording: Wording) -> Environment:
    """Return the environment that draws report values in one language."""
    from jinja2 import Environment, FileSystemLoader

    # Autoescape is on from the first line; ``equip`` says it again for nbconvert's environment.
    return equip(Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True), wording)


def equip(environment: Environment, wording: Wording) -> Environment:
    """Give an environment the review's rules, words and filters; return it."""
    from jinja2 import StrictUndefined
    from jinja2.ext import InternationalizationExtension

    environment.autoescape = True
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {
        "along": "{:.2%}".format,
        "anchor": anchor,
        "css_string": css_string,
        "drawing": drawing,
        "kind": kind,
        "shown": wording.shown,
    }
    environment.globals["css_variables"] = theme.css_variables
    environment.add_extension(InternationalizationExtension)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        wording.gettext, wording.ngettext, newstyle=True
    )
    return environment


def stylesheet(running: str, wording: Wording) -> str:
    """Return the page's only style sheet; ``running`` heads each printed page."""
    return partials(wording).get_template("page.css.j2").render(running=running)


def anchor(value_id: str) -> str:
    """Return an id as an HTML id and a URL fragment: letters, digits, "_", "." and "-"."""
    return re.sub(r"[^\w.-]+", "-", value_id)


def kind(unit: Unit | str) -> str:
    """Return how values of a unit are set: as text, as a moment (unbroken) or as a number."""
    unit = Unit(unit)
    return "text" if unit is Unit.TEXT else "moment" if unit in MOMENTS else "number"


def css_string(text: str) -> Markup:
    """Return a text as a CSS string in which nothing but letters, digits and spaces is literal."""
    from markupsafe import Markup

    quoted = "".join(
        sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text
    )
    return Markup(f'"{quoted}"')


def drawing(svg: str) -> Drawing:
    """Return an SVG without what a page must not hold: code, styles, metadata, other addresses.

    Its own title and description go too: the figure's partial writes them.
    """
    from markupsafe import Markup

    root = ElementTree.fromstring(svg)
    inside = "".join(
        ElementTree.tostring(_drawn(child), encoding="unicode")
        for child in root
        if _is_drawn(child)
    )
    return Drawing(root.get("viewBox", ""), Markup(inside))


def _drawn(element: ElementTree.Element) -> ElementTree.Element:
    copy = ElementTree.Element(element.tag.removeprefix(SVG), _attributes(element))
    copy.text, copy.tail = (_unindented(text) for text in (element.text, element.tail))
    copy.extend(_drawn(child) for child in element if _is_drawn(child))
    return copy


def _is_drawn(element: ElementTree.Element) -> bool:
    name = element.tag.removeprefix(SVG)
    return "{" not in name and name not in UNDRAWN


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    """Return the attributes without namespaces, handlers, styles and links that lead outside."""
    named = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    return {
        name: value
        for name, value in named.items()
        if not name.startswith("on")
        and name != "style"
        and (value.startswith(("#", "data:image/")) if name == "href" else "//" not in value)
    }


def _unindented(text: str | None) -> str | None:
    return None if text is None or (text.isspace() and "\n" in text) else text
