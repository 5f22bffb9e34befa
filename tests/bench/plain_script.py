"""The review without a kernel: what is computed and drawn. Prints where its time goes."""

from __future__ import annotations

import sys
import time
from pathlib import Path

START = time.perf_counter()


def main(folder: str, output: str) -> None:
    """Write the sections of a folder's review, one after the other, as HTML."""
    spent = [("start", time.perf_counter() - START)]

    def lap(name: str) -> None:
        spent.append((name, time.perf_counter() - START - sum(s for _, s in spent)))

    from reviewlib.engagement.summary.chapter import summary
    from reviewlib.review import open_review
    from tests.chapters import CHAPTERS, PERIODIC, chapter
    from tests.spoken import html

    lap("imports")
    review = open_review(folder)
    lap("read and check")
    made = []
    for name in (one for one in CHAPTERS if one not in PERIODIC):
        made.append(chapter(name, review))
        lap(name)
    made.append(summary(review, made))
    lap("summary")
    page = "".join(html(section) for section in made)
    Path(output).write_text(page, encoding="utf-8")
    lap("render")
    for name, seconds in spent:
        print(f"{name} {seconds:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
