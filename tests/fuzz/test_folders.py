"""A few folders of ``make fuzz``, always the same ones; the long run finds others."""

from __future__ import annotations

from hypothesis import Phase, given, settings

from tests.fuzz.checks import LONG
from tests.fuzz.folders import BASES, FOLDERS, READABLE, Case, read, through_chapters

SAME = {"derandomize": True, "database": None, "phases": [Phase.generate]}


def test_the_folders_to_start_from_are_read() -> None:
    assert all(read((name, [], "")) is not None for name in BASES)


@settings(LONG, max_examples=6, **SAME)
@given(FOLDERS)
def test_a_folder_is_read_or_refused_and_its_lines_add_up(case: Case) -> None:
    read(case)


@settings(LONG, max_examples=1, **SAME)
@given(READABLE)
def test_a_folder_that_is_read_goes_through_every_chapter(case: Case) -> None:
    through_chapters(case)
