"""What holds of every folder, whatever was done to it."""

from __future__ import annotations

import faulthandler
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, settings

from reviewlib.faults import ReviewError
from reviewlib.folder.engagement import Engagement
from reviewlib.pages.check import report
from reviewlib.review import Review, open_review
from tests.chapters import CHAPTERS, chapter
from tests.spoken import spoken

LONG = settings(
    settings.get_profile("default"),
    deadline=None,
    max_examples=20,
    suppress_health_check=[*HealthCheck],
    print_blob=True,
)
"""The profile of the long run: batches of twenty, as slow as they are."""

LONGEST, HANGS = 60, 600  # seconds of CPU for one folder; seconds after which the process is ended
LINE = 5000  # signs of a line that is printed


@contextmanager
def in_time() -> Iterator[None]:
    """Fail where a folder takes longer than it may; end a process that hangs, with its stack."""
    start = time.process_time()
    faulthandler.dump_traceback_later(HANGS, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert time.process_time() - start < LONGEST


def checked(folder: Path) -> Review | None:
    """Return the review of a folder, None where it is refused: by faults, and by nothing else."""
    with in_time():
        review, refused = _opened(folder)
        assert all(len(line) < LINE for line in refused)
        if review is not None:
            lines_add_up(folder, review.engagement)
            assert max(map(len, report(review))) < LINE
    return review


def _opened(folder: Path) -> tuple[Review | None, list[str]]:
    """Return the review of a folder, or the lines that say why it is refused."""
    try:
        return open_review(folder), []
    except ReviewError as refused:
        return None, str(refused).splitlines()


def lines_add_up(folder: Path, engagement: Engagement) -> None:
    """Assert that each physical line is a row used or set aside, blank, or within a cell."""
    for source in engagement.sources[1:]:
        aside = engagement.set_aside.loc[engagement.set_aside["table"] == source.table, "row"]
        assert source.set_aside == aside.nunique(), source
        assert source.lines == 1 + source.rows + source.blank + source.within, source
        content = (folder / source.file).read_bytes()
        if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            pieces = re.split(rb"\r\n|\r|\n", content)
            assert source.lines == len(pieces) - (not pieces[-1]), source


def all_chapters(review: Review) -> None:
    """Write every chapter in both languages: a chapter may lack data, and never breaks."""
    with in_time():
        for slug in CHAPTERS:
            section = chapter(slug, review)
            for language in ("fr", "en"):
                spoken(section, language)
