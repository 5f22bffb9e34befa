"""What a cell of a notebook shows of a review and of its chapters, and hands to the page."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reviewlib.pages.frames import table_of
from reviewlib.pages.glance import in_plain_text, of_few
from reviewlib.pages.html import CLOSING, OPENING, cell_style, drawings, in_style, section_html
from reviewlib.pages.wording import Wording
from reviewlib.report.encoding import encoded
from reviewlib.report.lists import FactList, FindingList
from reviewlib.report.values import Fact, Finding, Section
from reviewlib.review import Review

if TYPE_CHECKING:
    import pandas as pd

SECTION_MIME = "application/vnd.reviewlib.section+json"
REVIEW_MIME = "application/vnd.reviewlib.review+json"
TABLE_MIME = "application/vnd.reviewlib.table+json"


def of_section(section: Section) -> dict[str, Any]:
    """Return what a cell shows of a section: markup in its language, and its values."""
    wording = Wording(section.shown_in, section.time_zone, section.currency)
    html = section_html(section, wording, drawings(section, wording))
    return {
        "text/plain": in_plain_text(section, wording),
        "text/html": in_style(html),
        SECTION_MIME: {"section": encoded(section), "language": section.shown_in},
    }


def markup(data: Mapping[str, Any]) -> str:
    """Return the markup of a section that a cell shows, without what styles it there."""
    return str(data["text/html"]).removeprefix(cell_style() + OPENING).removesuffix(CLOSING)


def of_review(review: Review) -> dict[str, Any]:
    """Return what a cell shows of a review: its contract's title and its day."""
    wording = Wording(review.language, review.contract.time_zone)
    title = wording.say(review.contract.title)
    values = encoded(review.about())
    return {"text/plain": f"{title}, {wording.instant(review.as_of)}", REVIEW_MIME: values}


def of_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """Return what a cell hands to the page of a data frame, beside what pandas shows of it."""
    return {TABLE_MIME: encoded(table_of(frame))}


def register() -> None:
    """Let IPython, where it runs, show reviews, sections, what is in them, and data frames so."""
    if "IPython" not in sys.modules:
        return
    shell = sys.modules["IPython"].get_ipython()
    if shell is not None:
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type(Section, lambda section, **_: of_section(section))
        formatter.for_type(Review, lambda review, **_: of_review(review))
        formatter.for_type("pandas.DataFrame", lambda frame, **_: of_frame(frame))
        formatter.for_type("pandas.Series", lambda series, **_: of_frame(series.to_frame()))
        for kind in (FactList, FindingList, Fact, Finding):
            formatter.for_type(kind, lambda few, **_: of_few(few, shell.user_ns))
