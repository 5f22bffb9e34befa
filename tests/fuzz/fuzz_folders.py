"""``make fuzz``: folders that are nearly right, for as many minutes as ``FUZZ_MINUTES`` states.

Two thirds of the time go to the chapters. What fails is printed with the least change that does it,
and is tried first the next time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from hypothesis import given

from tests.fuzz.checks import LONG
from tests.fuzz.folders import FOLDERS, READABLE, Case, read, through_chapters

MINUTES = float(os.environ.get("FUZZ_MINUTES", "3"))
tried = {"read": 0, "through all chapters": 0}


@LONG
@given(FOLDERS)
def reading(case: Case) -> None:
    tried["read"] += 1
    read(case)


@LONG
@given(READABLE)
def chapters(case: Case) -> None:
    tried["through all chapters"] += through_chapters(case)


def again(batch: Callable[[], None], minutes: float) -> None:
    """Try batch after batch for some minutes."""
    ends = time.monotonic() + minutes * 60
    while time.monotonic() < ends:
        batch()


def test_a_folder_is_read_or_refused_and_its_lines_add_up() -> None:
    again(reading, MINUTES / 3)


def test_a_folder_that_is_read_goes_through_every_chapter() -> None:
    again(chapters, MINUTES * 2 / 3)


def test_folders_were_tried() -> None:
    print("folders", tried)
    assert all(tried.values())
