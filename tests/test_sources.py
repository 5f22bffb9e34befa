"""A source names only tables that have rows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from reviewlib.review import Review, open_review
from reviewlib.tables import SCHEMAS
from tests import desk
from tests.chapters import CHAPTERS, chapter
from tests.conftest import REPO
from tests.spoken import spoken

SAMPLE = REPO / "data" / "sample"
FOUR = ("tickets", "milestones", "deliverables", "survey_answers")
EMPTY = "ticket_events"
FILE = re.compile(r"(\w+)\.csv")


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return the sample with four tables, and a log that has a heading and no row."""
    folder = tmp_path_factory.mktemp("four")
    shutil.copy(SAMPLE / "engagement.yml", folder)
    for name in FOUR:
        shutil.copy(SAMPLE / f"{name}.csv", folder)
    heading = (SAMPLE / f"{EMPTY}.csv").read_text("utf-8-sig").splitlines()[0]
    (folder / f"{EMPTY}.csv").write_text(f"{heading}\n", "utf-8")
    return open_review(folder)


@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_source_names_only_tables_that_have_rows(four: Review, slug: str) -> None:
    facts = spoken(chapter(slug, four), "en").facts
    named = {table for fact in facts for table in FILE.findall(str(fact.source))}

    assert named & SCHEMAS.keys() <= {*FOUR}


def test_a_source_keeps_the_files_that_have_rows_and_what_was_made_of_them(tmp_path: Path) -> None:
    rows = desk.tickets(desk.ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T10:00"))
    review = desk.review(tmp_path, desk.agreed(desk.RESOLUTION), {"tickets": rows})
    facts = spoken(chapter("breaches", review), "en").facts

    assert [fact.source for fact in facts] == ["tickets.csv, judged under each clause"]
