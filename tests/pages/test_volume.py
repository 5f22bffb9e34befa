"""The page keeps its shape with very many rows, with long names, and with little data."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from reviewlib import open_review
from reviewlib.engagement.summary.chapter import summary
from reviewlib.pages.slots import SIGNS, in_short
from reviewlib.report.forms import LEAD, Col, TableForm
from reviewlib.report.text import N_
from reviewlib.report.values import Section
from reviewlib.review import Review
from tests import volume
from tests.chapters import CHAPTERS, chapter
from tests.spoken import html

MANY = (
    "milestones", "deliverables", "duties", "work_orders", "payments", "changes", "benefits",
    "objectives", "lessons", "budget",
)  # fmt: skip
LEADS = (
    "milestones", "deliverables", "duties", "work_orders", "payments", "changes", "benefits",
    "engagement", "lessons", "budget",
)  # fmt: skip
WORST = TableForm(
    "worst", N_("Worst"), (Col("label", N_("What")),), by="days", first=N_("The {n} of {all}.")
)


def unfolded(markup: str) -> str:
    """Return what a reader sees before anything is unfolded, as markup."""
    while "<details" in markup:
        markup = re.sub(r"<details\b(?:(?!<details\b).)*?</details>", "", markup, flags=re.DOTALL)
    unseen = r"<svg\b.*?</svg>|<span class=\"visually-hidden\">.*?</span>"
    return re.sub(unseen, "", markup, flags=re.DOTALL)


def words(markup: str) -> list[str]:
    return re.sub(r"<[^>]+>", " ", unfolded(markup)).split()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """An engagement with very many rows whose names have 200 letters."""
    folder = volume.engagement(tmp_path_factory.mktemp("large"), *MANY, letters=200)
    return open_review(folder)


@pytest.mark.parametrize("slug", LEADS)
def test_a_chapter_of_very_many_rows_shows_twelve_and_says_how_many_there_are(
    large: Review, slug: str
) -> None:
    shown = unfolded(html(chapter(slug, large), "en"))
    rows = re.findall(r"<tr(?! class=\"group\")", shown.partition("<tbody>")[2])
    assert 0 < len(rows) <= LEAD
    assert max(map(len, re.findall(r">([^<>]+)<", shown))) <= 4 * SIGNS
    if slug != "budget":  # its bridge adds up: the smaller steps are one
        assert "in the tables of the chapter" in shown


@pytest.mark.parametrize("slug", LEADS)
def test_the_words_of_a_chapter_of_very_many_rows_stay_few(large: Review, slug: str) -> None:
    assert len(words(html(chapter(slug, large), "fr"))) < 500


def test_of_too_many_rows_those_that_matter_most_come_first() -> None:
    frame = pd.DataFrame({"label": [f"M{n}" for n in range(20)], "days": [*range(19), None]})
    assert WORST.in_order(frame)["label"].tolist()[:3] == ["M18", "M17", "M16"]
    assert WORST.in_order(frame)["label"].tolist()[-1] == "M19"  # of which nothing is known


def test_twelve_rows_stay_in_their_own_order() -> None:
    frame = pd.DataFrame({"label": [f"M{n}" for n in range(LEAD)], "days": range(LEAD)})
    assert WORST.in_order(frame)["label"].tolist() == frame["label"].tolist()
    assert not WORST.first_of(LEAD)


def test_the_rows_of_a_group_stay_together() -> None:
    """Of 20 rows in two groups the worst twelve are shown, each group's under one heading."""
    frame = pd.DataFrame(
        {"group": ["a", "b"] * 10, "label": [f"P{n}" for n in range(20)], "days": range(20)}
    )
    first = WORST.in_order(frame).head(LEAD)
    assert first["group"].tolist() == ["b"] * 6 + ["a"] * 6
    assert set(first["days"]) == {*range(8, 20)}


def test_a_long_text_is_cut_after_a_word() -> None:
    assert in_short("Raccordement du site", 20) == "Raccordement du site"
    assert in_short("Raccordement du site principal", 20) == "Raccordement du…"
    assert in_short("x" * 200, 20) == "x" * 19 + "…"


@pytest.mark.parametrize("name", ["tickets", "contract"])
def test_the_front_of_little_data_says_in_a_line_what_was_not_assessed(
    tmp_path: Path, name: str
) -> None:
    review = open_review(volume.little(tmp_path, name))
    chapters = [chapter(slug, review) for slug in CHAPTERS]
    front = summary(review, chapters)
    shown = html(front, "en")
    line = re.search(r'<p class="line"><b>Not assessed:</b>(.*?)</p>', shown, re.DOTALL)
    assert line
    assert line[1].startswith((" Delivery; Money and changes; ", " Delivery; People; "))
    assert len(words(shown)) < 120
    assert "No rows" not in shown + "".join(html(one, "en") for one in _assessed(chapters))


def _assessed(chapters: list[Section]) -> list[Section]:
    return [one for one in chapters if not one.because]
