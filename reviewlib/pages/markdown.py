"""Markdown of the facilitator and of the analyst as HTML that a report may hold."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from reviewlib.pages.wording import Wording
from reviewlib.report.text import Language, n_

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore

LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
SCROLLED = '<div class="scroll" role="group" tabindex="0">'
REL = "noopener noreferrer"
CHAPTER, DEEPEST = 3, 6  # a chapter's heading is an h3: those of its texts stand under it
SIGNS = 65_536  # of a text; what follows is left out, and said so
WIDEST, CELLS = 40, 10_000  # columns of a table; cells of the tables of a text: a row is filled up
DELIMITERS = re.compile(r"[|:\-\s]+")  # the second line of a table
AS_TEXT = n_(
    "{n} table of more than {columns} columns, or beyond {cells} cells in all, is shown as text.",
    "{n} tables of more than {columns} columns, or beyond {cells} cells in all, are shown as text.",
    on="n",
)
CUT = n_("The first {n} character of {all}.", "The first {n} characters of {all}.", on="n")
BLOCKS = ("p", "hr", "pre", "blockquote", "ul", "ol", "li", "h4", "h5", "h6")
ROWS = ("table", "thead", "tbody", "tr", "th", "td")
TAGS = frozenset({*BLOCKS, *ROWS, "a", "br", "code", "em", "strong"})


def markdown_html(text: str, language: Language = "en") -> str:
    """Return a text in CommonMark, with tables, as HTML that asks nothing and runs nothing.

    HTML in it is shown as text, an image as its alternative text; a link leads to a web page, to an
    address or into the page, else it is shown as text. A column aligned right is one of numbers; a
    table that is too wide is scrolled, by keyboard too. What is too large is cut, or shown as text,
    and said so in the language of the page.
    """
    html, tables = _rendered(text[:SIGNS])
    say = Wording(language).say
    cut = [CUT(n=SIGNS, all=len(text))] if len(text) > SIGNS else []
    flat = [AS_TEXT(n=tables, columns=WIDEST, cells=CELLS)] if tables else []
    return "".join(f'<p class="basis">{_escaped(say(one))}</p>\n' for one in cut + flat) + html


@lru_cache(maxsize=64)  # a note stands in every language of a review, in its cell and on its page
def _rendered(text: str) -> tuple[str, int]:
    """Return a text as HTML, and how many of its tables are shown as text."""
    import bleach

    encodable, env = text.encode("utf-8", "replace").decode("utf-8"), {"flat": 0}
    # The parser escapes HTML itself; what it wrote is held to the list all the same.
    html: str = bleach.clean(_parser().render(encodable, env), tags=TAGS, attributes=_is_allowed)
    html = html.replace("<table>", f"{SCROLLED}<table>").replace("</table>", "</table></div>")
    return html, env["flat"]


def _is_allowed(tag: str, name: str, value: str) -> bool:
    match tag, name:
        case "a", "href":
            return LINK.match(value) is not None
        case "a", "rel":
            return value == REL
        case (("th" | "td"), "class"):
            return value == "number"
        case "ol", "start":
            return value.isdecimal()
    return False


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    class Parser(MarkdownIt):
        def validateLink(self, url: str) -> bool:
            return LINK.match(url) is not None

    parser = Parser("commonmark", {"html": False}).enable("table")
    parser.core.ruler.push("report", _fit)
    alternatives = {"alt": ["paragraph", "reference"]}
    parser.block.ruler.at("table", _table, alternatives)  # type: ignore[arg-type]
    parser.add_render_rule("image", lambda _, tokens, at, *__: _escaped(tokens[at].content))
    return parser


def _table(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Take a table that is neither too wide nor too long; the lines of another one are text."""
    from markdown_it.rules_block import table

    if first < state.env.get("text_to", 0) or first + 2 > last:
        return False
    delimiters = state.getLines(first + 1, first + 2, 0, False)
    if "|" not in delimiters or not DELIMITERS.fullmatch(delimiters):
        return table(state, first, last, silent)
    columns, end = len(delimiters.strip().strip("|").split("|")), first
    while end < last and not state.isEmpty(end):
        end += 1
    cells = state.env.get("cells", 0) + columns * (end - first)
    if columns > WIDEST or cells > CELLS:
        state.env.update(text_to=end, flat=state.env["flat"] + 1)
        return False
    taken = table(state, first, last, silent)
    if taken and not silent:
        state.env["cells"] = cells
    return taken


def _escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))


def _fit(state: StateCore) -> None:
    """Set headings under the one of their chapter, none skipped; links and columns of numbers."""
    level = CHAPTER
    for token in state.tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1:]) + CHAPTER, level + 1, DEEPEST)
        if token.type.startswith("heading_"):
            token.tag = f"h{level}"
        if token.attrs.pop("style", None) == "text-align:right":
            token.attrSet("class", "number")
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrs = {"href": inner.attrs["href"], "rel": REL}
