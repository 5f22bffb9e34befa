"""The review without a kernel: what is computed and drawn. Prints where its time goes."""

from __future__ import annotations

import sys
import time
from pathlib import Path

START = time.perf_counter()
CHAPTERS = (
    "engagement",
    "milestones",
    "deliverables",
    "service_levels",
    "flow",
    "durations",
    "satisfaction",
    "lessons",
    "data_quality",
)


def main(folder: str, output: str) -> None:
    """Write the sections of a folder's review, one after the other, as HTML."""
    spent = [("start", time.perf_counter() - START)]

    def lap(name: str) -> None:
        spent.append((name, time.perf_counter() - START - sum(s for _, s in spent)))

    from reviewlib import open_review, sections

    lap("imports")
    review = open_review(folder)
    lap("read and check")
    made = []
    for name in CHAPTERS:
        made.append(getattr(sections, name)(review))
        lap(name)
    made.append(sections.summary(review, made))
    lap("summary")
    html = "".join(section.to_html() for section in made)
    Path(output).write_text(html, encoding="utf-8")
    lap("render")
    for name, seconds in spent:
        print(f"{name} {seconds:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
