"""Caveats that the pen counts."""

from __future__ import annotations

from pathlib import Path

from reviewlib.report.chapter import Chapter
from reviewlib.report.text import Message
from tests import desk

LOST = Message("{n} ticket is lost", "{n} tickets are lost", "n")


def test_a_caveat_on_a_count_is_written_where_there_is_one_with_its_number(tmp_path: Path) -> None:
    c = Chapter(desk.review(tmp_path, desk.agreed(), {}), "lost", Message("Lost"))
    c.caveat("none", LOST, n=0)
    c.caveat("two", LOST, n=2)
    c.caveat("not_here", LOST, n=2, when=False)

    assert [(caveat.id, caveat.sentence) for caveat in c.caveats] == [("lost.two", LOST(n=2))]
