"""Report values drawn as HTML by the partials of ``templates/review``; no markup stands here."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from reviewlib.charts import theme
from reviewlib.files import resource
from reviewlib.pages.front import OF_WHOLE, RANGE, opening, rests_on_default, settled, staked
from reviewlib.pages.markdown import markdown_html
from reviewlib.pages.slots import PAGE_ROWS, PRINTED, SHORT_NOTE, SIGNS, in_short, room, slots
from reviewlib.pages.spoken import spoken
from reviewlib.pages.wording import Wording
from reviewlib.report.forms import HELD, LEAD, OWED
from reviewlib.report.text import EMPTY, N_, TEXTS, Language, Quoted
from reviewlib.report.values import (
    FEW,
    Earlier,
    Fact,
    Figure,
    Interval,
    Section,
    Stated,
    Table,
    Unit,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from reviewlib.charts.rows import RowChart
    from reviewlib.report.contributions import Contribution

TEMPLATES = resource("templates/review")
WAS = N_("{period}: {value}")
ADDED = N_("{period}: {value} ({since} in the period)")
RESTATED = N_("{period}: {value} (published: {published})")
OF_N = N_("{value}, n = {n}")
TALL = 60  # pixels of a row from which on paper may break a chart between rows
COLUMNS = 30  # that the style sheet can set as numbers or moments

FILE = re.compile(r"\b(\w+\.(?:csv|yml))\b")
MOMENTS = frozenset({Unit.DATE, Unit.INSTANT, Unit.MONTH})
OPENING, CLOSING = '<div class="reviewlib">', "</div>"  # of what a cell shows, in its style
SVG = "{http://www.w3.org/2000/svg}"
LEADS_OUT = re.compile(r"url\((?!#)|@|\\|javascript:", re.IGNORECASE)
UNDRAWN = frozenset({"script", "style", "metadata", "foreignObject", "title", "desc"})


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a template needs to write an SVG element itself: its view box and what it holds."""

    view_box: str
    body: Markup


def section_html(section: Section, wording: Wording, drawn: Mapping[str, str | RowChart]) -> str:
    """Return a section as an HTML fragment in a language; every text in it is escaped.

    ``drawn``: its figures, as ``drawings`` returns them in that language.
    """
    template = partials(wording).get_template("partials/section.html.j2")
    if section.front:
        section = dataclasses.replace(section, front=settled(section.front))
    defaulted = section.front is not None and rests_on_default(section.front)
    values = {"drawings": drawn, "language": wording.language, "defaulted": defaulted}
    return template.render(section=spoken(section, wording), **values)


def contribution_html(contribution: Contribution, wording: Wording) -> str:
    """Return what the analyst adds as an HTML fragment; its mark and tables are in a language."""
    template = partials(wording).get_template("partials/contribution.html.j2")
    of_analyst = isinstance(contribution.title, Quoted)
    return template.render(section=spoken(contribution, wording), titled=of_analyst)


def drawings(section: Section, wording: Wording) -> dict[str, str | RowChart]:
    """Return the figures of a section drawn in a language: an SVG or a row chart for each id."""
    return {figure.id: draw(figure, wording) for figure in section.figures}


def draw(figure: Figure, wording: Wording) -> str | RowChart:
    """Return a figure as its form draws it, with its words in a language."""
    from reviewlib.charts import forms
    from reviewlib.charts.common import Labels

    words = wording.say(figure.measure), wording.say(figure.reference)
    options = {name: _in_words(option, wording) for name, option in figure.options.items()}
    labels = Labels(figure.id, *words, figure.floor)
    form = getattr(forms, figure.form)
    frame = _in_words(figure.frame, wording)
    drawn: str | RowChart = form(frame, labels=labels, wording=wording, **options)
    return drawn


def _in_words(drawn: Any, wording: Wording) -> Any:
    """Return what a form draws with its texts in words: a frame, marks by their text, a value."""
    if isinstance(drawn, TEXTS):
        return wording.say(drawn)
    if isinstance(drawn, Mapping):
        return {_in_words(key, wording): value for key, value in drawn.items()}
    if not hasattr(drawn, "dtypes"):
        return drawn
    if hasattr(drawn, "columns"):
        words = {name: _words_of(drawn[name], wording) for name in drawn if _has_text(drawn[name])}
        drawn = drawn.assign(**words) if words else drawn
    if _has_text(drawn.index):
        drawn = drawn.set_axis(_words_of(drawn.index, wording), axis="index")
    return drawn


def _has_text(cells: Any) -> bool:
    return cells.dtype == object and any(isinstance(cell, TEXTS) for cell in cells)


def _words_of(cells: Any, wording: Wording) -> Any:
    return cells.map(lambda cell: wording.say(cell) if isinstance(cell, TEXTS) else cell)


@lru_cache(maxsize=8)
def partials(wording: Wording) -> Environment:
    """Return the environment that draws report values in one language."""
    from jinja2 import Environment, FileSystemLoader, FunctionLoader

    # Autoescape is on from the first line; ``equip`` says it again for nbconvert's environment.
    environment, files = Environment(autoescape=True), FileSystemLoader(TEMPLATES)

    def unindented(name: str) -> str:  # a page would repeat the indentation
        return re.sub(r"(?m)^[ \t]+", "", files.get_source(environment, name)[0])

    environment.loader = FunctionLoader(unindented)
    return equip(environment, wording)


def equip(environment: Environment, wording: Wording) -> Environment:
    """Give an environment the review's rules, words and filters; return it."""
    from jinja2 import StrictUndefined
    from jinja2.ext import InternationalizationExtension

    environment.autoescape = True
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {
        "along": lambda share: f"{100 * share:.4g}%",
        "anchor": anchor,
        "between": lambda fact: between(fact, wording),
        "cells": wording.cells,
        "chained": wording.chained,
        "coded": coded,
        "css_string": css_string,
        "drawing": drawing,
        "earlier": lambda fact: earlier(fact, wording),
        "kind": kind,
        "markdown": lambda text: markdown(text, wording.language),
        "setting": setting,
        "opening": lambda front: opening(front, wording),
        "staked": lambda stake: staked(stake, wording),
        "room": room,
        "short": in_short,
        "shown": wording.shown,
        "slots": slots,
        "target": wording.target,
        "valued": lambda fact: valued(fact, wording),
        "written": lambda note: note.in_language(wording.language),
    }
    environment.globals |= {
        "css_variables": theme.css_variables, "language": wording.language, "COLUMNS": COLUMNS,
        "FEW": FEW,
        "HELD": HELD, "LEAD_ROWS": LEAD, "OWED": OWED, "PAGE_ROWS": PAGE_ROWS, "PRINTED": PRINTED,
        "SHORT_NOTE": SHORT_NOTE, "SIGNS": SIGNS, "TALL": TALL,
    }  # fmt: skip
    environment.add_extension(InternationalizationExtension)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        wording.gettext, wording.ngettext, newstyle=True
    )
    return environment


def stylesheet(running: str, wording: Wording) -> str:
    """Return the page's only style sheet; ``running`` heads each printed page."""
    return partials(wording).get_template("page.css.j2").render(running=running)


def valued(fact: Fact, wording: Wording) -> str:
    """Return the value of a fact, or the range that is known of it; a share of few as a count."""
    if fact.value is not None and _is_of_few(fact):
        return wording.say(OF_WHOLE(value=fact.count, whole=fact.n))
    if fact.value is None and fact.interval:
        return _ends(fact, wording)
    return wording.shown(fact.value, fact.unit)


def earlier(fact: Fact, wording: Wording) -> str:
    """Return what a figure was in earlier periods: Q2 2024: 95.1% · Q3 2023: 93.0%."""
    return " · ".join(_was(fact, one, wording) for one in fact.earlier)


def _was(fact: Fact, one: Earlier, wording: Wording) -> str:
    about: dict[str, Any] = {"period": one.period, "value": _then(fact, one, one.interval, wording)}
    if stated := one.published:
        between = None if stated.low is None else Interval(stated.low, stated.high or 0.0, EMPTY)
        about["published"] = _then(fact, stated, between, wording)
        if about["published"] == about["value"] and None not in (one.n, stated.n):
            about["value"] = OF_N(value=about["value"], n=one.n)
            about["published"] = OF_N(value=about["published"], n=stated.n)
        return wording.say(RESTATED(**about))
    if one.since:
        sign = "+" if one.since > 0 else ""
        return wording.say(ADDED(since=sign + wording.shown(one.since, fact.unit), **about))
    return wording.say(WAS(**about))


def _then(fact: Fact, stated: Earlier | Stated, between: Interval | None, wording: Wording) -> str:
    own = {name: getattr(stated, name) for name in ("value", "n", "count")}
    return valued(dataclasses.replace(fact, interval=between, **own), wording)


def between(fact: Fact, wording: Wording) -> str:
    """Return the interval that stands beside the value of a fact; none beside a count of few."""
    beside = fact.interval and fact.value is not None and not _is_of_few(fact)
    return _ends(fact, wording) if beside else ""


def _is_of_few(fact: Fact) -> bool:
    return fact.count is not None and (fact.n or 0) < FEW


def _ends(fact: Fact, wording: Wording) -> str:
    assert fact.interval
    low, high = (wording.shown(end, fact.unit) for end in (fact.interval.low, fact.interval.high))
    return wording.say(RANGE(low=low, high=high))


def coded(text: object) -> Markup:
    """Return a text with the names of files in it marked as such."""
    from markupsafe import Markup, escape

    return Markup(FILE.sub(r"<code>\1</code>", str(escape(text))))


@lru_cache(maxsize=1)
def cell_style() -> str:
    """Return what a cell of a notebook is styled with, which binds nothing outside it."""
    template = partials(Wording("en")).get_template("cell.html.j2")
    return template.render(dark=theme.DARK, paper=theme.PAPER)


def in_style(html: str) -> str:
    """Return what a cell of a notebook shows of a fragment: the fragment in its style."""
    return f"{cell_style()}{OPENING}{html}{CLOSING}"


def anchor(value_id: str) -> str:
    """Return an id as an HTML id and a URL fragment: letters, digits, "_", "." and "-"."""
    return re.sub(r"[^\w.-]+", "-", value_id)


def kind(unit: Unit | str) -> str:
    """Return how values of a unit are set: as text, as a moment (unbroken) or as a number."""
    unit = Unit(unit)
    return "text" if unit is Unit.TEXT else "moment" if unit in MOMENTS else "number"


def setting(table: Table) -> str:
    """Return how the columns of a table are set: "n3" numbers in the third, "m4" moments."""
    kinds = ((kind(column.unit), place) for place, column in enumerate(table.columns, start=1))
    return " ".join(f"{name[0]}{place}" for name, place in kinds if name != "text")


def css_string(text: str) -> Markup:
    """Return a text as a CSS string in which nothing but letters, digits and spaces is literal."""
    from markupsafe import Markup

    quoted = "".join(
        sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text
    )
    return Markup(f'"{quoted}"')


def markdown(text: str, language: Language) -> Markup:
    """Return a text in Markdown as HTML that a page in a language may hold."""
    from markupsafe import Markup

    return Markup(markdown_html(text, language))


def drawing(svg: str | RowChart) -> Drawing | RowChart:
    """Return a row chart as it is, and an SVG without what a page must not hold.

    That is code, styles, metadata and other addresses. Its own title and description go too: the
    figure's partial writes them.
    """
    from markupsafe import Markup

    if not isinstance(svg, str):
        return svg
    root = ElementTree.fromstring(svg)
    inside = "".join(
        ElementTree.tostring(_drawn(child), encoding="unicode")
        for child in root
        if _is_drawn(child)
    )
    return Drawing(root.get("viewBox", ""), Markup(inside))


def image(svg: str) -> str:
    """Return an SVG as an image of its own, without what a page must not hold, styles excepted."""
    root = ElementTree.fromstring(svg)
    if root.tag != f"{SVG}svg":
        raise ValueError("not an SVG")
    alone = _drawn(root, styled=True)
    alone.attrib |= {"xmlns": SVG.strip("{}"), "stroke-linejoin": "round"}
    return ElementTree.tostring(alone, encoding="unicode")


def _drawn(element: ElementTree.Element, styled: bool = False) -> ElementTree.Element:
    copy = ElementTree.Element(element.tag.removeprefix(SVG), _attributes(element, styled))
    copy.text, copy.tail = (_unindented(text) for text in (element.text, element.tail))
    copy.extend(_drawn(child, styled) for child in element if _is_drawn(child))
    return copy


def _is_drawn(element: ElementTree.Element) -> bool:
    name = element.tag.removeprefix(SVG)
    return "{" not in name and name not in UNDRAWN


def _attributes(element: ElementTree.Element, styled: bool) -> dict[str, str]:
    """Return the attributes without namespaces, handlers and links that lead outside.

    Without styles too, unless ``styled``.
    """
    named = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    return {
        name: value
        for name, value in named.items()
        if not name.startswith("on")
        and (name != "style" or styled)
        and not LEADS_OUT.search(value)
        and (value.startswith(("#", "data:image/")) if name == "href" else "//" not in value)
    }


def _unindented(text: str | None) -> str | None:
    return None if text is None or (text.isspace() and "\n" in text) else text
