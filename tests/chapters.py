"""The chapters of the library by their slug, each as the function that writes it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from reviewlib.report.values import Section
from reviewlib.review import Review

REPO = Path(__file__).resolve().parents[1]
CHAPTERS = {
    path.parent.name: f"reviewlib.{path.parents[1].name}.{path.parent.name}.chapter"
    for path in sorted((REPO / "reviewlib").glob("*/*/chapter.py"))
    if path.parent.name != "summary"  # which is made of the others
}
PERIODIC = ("ahead", "carried_over", "control")
"""Those of the periodic review alone; the others are of the close-out too."""


def chapter(slug: str, review: Review) -> Section:
    """Return a chapter of a review by its slug."""
    section: Section = getattr(import_module(CHAPTERS[slug]), slug)(review)
    return section
