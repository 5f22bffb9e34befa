"""Markdown of the facilitator and of the analyst as HTML that a report may hold."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
SCROLLED = '<div class="scroll" role="group" tabindex="0">'
REL = "noopener noreferrer"
CHAPTER, DEEPEST = 3, 6  # a chapter's heading is an h3: those of its texts stand under it
BLOCKS = ("p", "hr", "pre", "blockquote", "ul", "ol", "li", "h4", "h5", "h6")
ROWS = ("table", "thead", "tbody", "tr", "th", "td")
TAGS = frozenset({*BLOCKS, *ROWS, "a", "br", "code", "em", "strong"})


def markdown_html(text: str) -> str:
    """Return a text in CommonMark, with tables, as HTML that asks nothing and runs nothing.

    HTML in it is shown as text, an image as its alternative text; a link leads to a web page, to an
    address or into the page, else it is shown as text. A column aligned right is one of numbers; a
    table that is too wide is scrolled, by keyboard too.
    """
    import bleach

    encodable = text.encode("utf-8", "replace").decode("utf-8")
    # The parser escapes HTML itself; what it wrote is held to the list all the same.
    html: str = bleach.clean(_parser().render(encodable), tags=TAGS, attributes=_is_allowed)
    return html.replace("<table>", f"{SCROLLED}<table>").replace("</table>", "</table></div>")


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
    parser.add_render_rule("image", lambda _, tokens, at, *__: _escaped(tokens[at].content))
    return parser


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
