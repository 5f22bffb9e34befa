"""Of a survey that is shared, no group that is hidden is given back by another shared review."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from reviewlib.contract.sharing import Sharing
from reviewlib.people.satisfaction.chapter import satisfaction
from reviewlib.report.audience import shared
from reviewlib.report.values import Section, Unit
from reviewlib.review import open_review
from tests.people.satisfaction.test_chapter import CONTRACT, SURVEY, replies, write

MARKS = [
    Sharing(chapters=("satisfaction",)),
    Sharing(chapters=("satisfaction",), readers="all_staff"),
    Sharing(chapters=("satisfaction",), withheld=("satisfaction.response",)),
    Sharing(findings=("satisfaction.majority",)),
]
SEEN_FROM = ("2024-04-30", "2024-07-01", "2024-10-31", "")
INVITED = {"A": 10, "B": 6, "C": 9}
HIDDEN = ("B", "C")  # B: four answered, fewer than five; C, the next smallest, would tell of B


@pytest.fixture(scope="module")
def sections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Section]:
    """The chapter as seen from four days: before a wave is closed, after one, and after two."""
    folder = tmp_path_factory.mktemp("survey")
    (folder / "engagement.yml").write_text(CONTRACT + SURVEY, encoding="utf-8")
    days = {"W1": "2024-05-10", "W2": "2024-09-10"}
    answers = [
        [*row, day]
        for wave, day in days.items()
        for department, given in (
            ("A", [5] * 5 + [1] * 3),
            ("B", [5, 5, 1, 1]),
            ("C", [5, 5, 5, 1, 1, 1]),
        )
        for row in replies(wave, department, "sat", *given)
    ]
    heading = "wave respondent department question answer answered_on"
    write(folder, "survey_answers", heading, answers)
    invited = [[w, name, n, day] for w, day in days.items() for name, n in INVITED.items()]
    write(folder, "survey_invitations", "wave department invited sent_on", invited)
    return {day: satisfaction(open_review(folder, day)) for day in SEEN_FROM}


def counts(section: Section) -> dict[tuple[Any, ...], Any]:
    """Every number of people in the tables of a chapter, by the texts of its row and its column."""
    tables = [*section.tables, *(one.table for one in section.figures)]
    return {
        (table.id, *(cell for cell in row if isinstance(cell, str)), column.key): row[place]
        for table in tables
        for row in table.rows
        for place, column in enumerate(table.columns)
        if column.unit in (Unit.COUNT, Unit.SHARE) and column.key != "invited"  # told anyway
    }


def versions(sections: dict[str, Section]) -> list[dict[tuple[Any, ...], Any]]:
    made = [shared((sections[day],), marks, 5)[0] for day, marks in product(SEEN_FROM, MARKS)]
    return [counts(kept[0]) if kept else {} for kept in made]


def test_what_is_shared_of_a_wave_is_the_same_in_every_review_and_never_of_a_hidden_group(
    sections: dict[str, Section],
) -> None:
    together: dict[tuple[Any, ...], set[Any]] = {}
    for version in versions(sections):
        for key, value in version.items():
            together.setdefault(key, set()).add(value)

    assert any(key[0] == "satisfaction.response" and "A" in key for key in together)
    assert {key: held for key, held in together.items() if len(held) > 1} == {}
    of_hidden = {key: held for key, held in together.items() if {*HIDDEN} & {*key}}
    assert of_hidden
    assert {value for held in of_hidden.values() for value in held} == {None}


def test_nothing_of_a_wave_is_shared_before_it_is_closed(sections: dict[str, Section]) -> None:
    before = versions({**sections, **dict.fromkeys(SEEN_FROM, sections["2024-04-30"])})

    assert {key: value for one in before for key, value in one.items() if value is not None} == {}


def test_a_version_to_share_has_no_number_that_the_review_does_not_have(
    sections: dict[str, Section],
) -> None:
    every: dict[tuple[Any, ...], Any] = {}
    for section in sections.values():
        every |= counts(section)
    for version in versions(sections):
        assert version.items() <= every.items()
