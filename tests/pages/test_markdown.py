"""Markdown becomes HTML that asks nothing of the reader's browser, whatever stands in it."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from types import FrameType
from typing import Any

import pytest

from reviewlib.pages.markdown import CELLS, SIGNS, TAGS, WIDEST, markdown_html

HOSTILE = [
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "<style>body{display:none}</style>",
    "<iframe src='https://example.org'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](//example.org/track)",
    "[x](../other.html)",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org/"onmouseover="alert(1))',
    "![alt](https://example.org/pixel.png)",
    '![a"onerror="alert(1)](x)',
    "![<script>alert(1)</script>](x)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "```<script>\n</pre><script>alert(1)</script>\n```",
    "| a |\n| - |\n| <svg onload=alert(1)> |",
    "<!-- --> <![CDATA[<script>alert(1)</script>]]> <?php ?> <!DOCTYPE html>",
    "</section></main></body><h1>x</h1>",
    "<form action=https://example.org><input name=x></form>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></mtext><mglyph><svg><mtext><textarea><a title='</textarea><img src=x>'>",
    "{{ 7 * 7 }} {% raw %} ${x}",
    "\x00<script\x00>alert(1)</script>",
]
SCROLLED = {"class": "scroll", "role": "group", "tabindex": "0"}
ALLOWED = {"a": {"href", "rel"}, "td": {"class"}, "th": {"class"}, "ol": {"start"}}


class Elements(HTMLParser):
    """The elements of an HTML text, each with its attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_an_element_an_attribute_or_an_address(text: str) -> None:
    for tag, attributes in Elements(markdown_html(text)).elements:
        assert tag in TAGS or (tag, attributes) == ("div", SCROLLED)
        assert set(attributes) <= ALLOWED.get(tag, set()) or attributes == SCROLLED
        assert re.match(r"https?://|mailto:|#", attributes.get("href") or "#")
        assert attributes.get("rel", "noopener noreferrer") == "noopener noreferrer"


def test_html_is_shown_as_the_text_that_it_is() -> None:
    assert markdown_html("<b>5 & 6</b>") == "<p>&lt;b&gt;5 &amp; 6&lt;/b&gt;</p>\n"


def test_an_image_is_its_alternative_text_and_a_refused_link_its_own_source() -> None:
    assert markdown_html("![The <plan>](https://example.org/a.png)") == "<p>The &lt;plan&gt;</p>\n"
    assert markdown_html("[x](javascript:y)") == "<p>[x](javascript:y)</p>\n"


@pytest.mark.parametrize("to", ["https://example.org/a?b=1", "mailto:a@example.org", "#delays"])
def test_a_link_to_a_page_an_address_or_a_place_of_the_report_tells_nobody_whence(to: str) -> None:
    assert markdown_html(f"[x]({to})") == f'<p><a href="{to}" rel="noopener noreferrer">x</a></p>\n'


def test_headings_stand_under_that_of_a_chapter_and_skip_no_level() -> None:
    html = markdown_html("### A\n# B\n## C\n#### D\n##### E\n# F")

    assert re.findall(r"<h(\d)>(.)", html) == [
        ("4", "A"),
        ("4", "B"),
        ("5", "C"),
        ("6", "D"),
        ("6", "E"),
        ("4", "F"),
    ]


def test_a_table_has_its_head_and_a_column_aligned_right_is_one_of_numbers() -> None:
    html = markdown_html("| What | Days |\n| :- | -: |\n| M5 | 12 |")

    assert re.sub(r"\s", "", html) == (
        '<divclass="scroll"role="group"tabindex="0">'
        '<table><thead><tr><th>What</th><thclass="number">Days</th></tr></thead>'
        '<tbody><tr><td>M5</td><tdclass="number">12</td></tr></tbody></table></div>'
    )


def test_emphasis_lists_quotes_and_code_are_kept() -> None:
    html = markdown_html("**a** *b* `c`\n\n3. d\n\n- e\n\n> f\n\n```python\ng\n```")

    assert {tag for tag, _ in Elements(html).elements} == {
        *("p", "strong", "em", "code", "ol", "ul", "li", "blockquote", "pre")
    }
    assert '<ol start="3">' in html


@pytest.mark.parametrize("text", ["", " \n\n "])
def test_an_empty_text_is_an_empty_one(text: str) -> None:
    assert markdown_html(text) == ""


def test_a_half_of_a_sign_is_replaced_for_the_page_can_not_be_written_with_it() -> None:
    assert markdown_html("a \ud800 [b](https://e.org/\udfff)").encode("utf-8")


def work(text: str) -> int:
    """How many lines of Python it takes to make HTML of a text."""
    lines, before = 0, sys.gettrace()

    def counted(_frame: FrameType, event: str, _of: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return counted

    sys.settrace(counted)
    try:
        markdown_html(text)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize(
    "sign",
    ["[", "*a **a ", "> ", "- ", "`a", "<", "![a", "[a](b", "a|b\n", "|a|b|\n|-|-|\n"],
)
def test_a_text_made_to_take_long_takes_twice_the_work_where_it_is_twice_as_long(sign: str) -> None:
    """Were it to grow with the square of the length, it would be four times."""
    markdown_html("|a|\n|-|")  # which builds the parser

    assert work(sign * 1_000) < 2.5 * work(sign * 500)


def table(columns: int, rows: int) -> str:
    """A table of a head and so many rows, of which each states its first cell alone."""
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|b\n" * rows + "\n"


def test_a_table_of_more_columns_than_a_page_holds_is_shown_as_text_and_said_to_be() -> None:
    assert "<table>" in markdown_html(table(WIDEST, 2))
    html = markdown_html(table(WIDEST + 1, 2) + "After.", "en")

    words = Elements(html).words
    assert "<table>" not in html
    assert "1 table of more than 40 columns, or beyond 10,000 cells in all, is shown" in words
    assert "|a|a|" in words
    assert "<p>After.</p>" in html
    assert "1 tableau de plus de 40 colonnes" in markdown_html(table(WIDEST + 1, 2), "fr")


def test_tables_beyond_what_a_page_holds_are_shown_as_text_and_those_before_are_not() -> None:
    """40 columns of 126 lines (a head, its line and 124 rows) are 5,040 cells: one of two fits."""
    html = markdown_html(table(40, 124) * 2 + table(2, 2))

    assert html.count("<table>") == 2
    assert "1 table of more" in html


def test_a_text_made_to_be_large_by_tables_is_not() -> None:
    """20 tables of 500 columns and 500 rows would be 5,000,000 cells."""
    for text in (table(500, 500) * 20, table(40, 20_000), "|a|b|\n|-|-|\n" * 5_000):
        assert len(markdown_html(text)) < 20 * CELLS + 2 * SIGNS


def test_of_a_text_that_is_too_long_the_first_part_is_shown_and_said_to_be() -> None:
    html = markdown_html("a" * (SIGNS + 1))

    assert html.startswith('<p class="basis">The first 65,536 characters of 65,537.</p>')
    assert html.count("a" * SIGNS) == 1


def test_a_text_is_rendered_once_whatever_the_language_and_the_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = markdown_html("Rendered *once*.")
    monkeypatch.setattr("bleach.clean", None)

    assert markdown_html("Rendered *once*.", "fr") == first
