"""The parts of a review and the chapters of each, in the order of the page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reviewlib.report.text import N_, Message


class Part(StrEnum):
    """A part of a review; ``FRONT`` is its first page."""

    FRONT = "front"
    ENGAGEMENT = "engagement"
    DELIVERY = "delivery"
    MONEY = "money"
    SERVICE = "service"
    PEOPLE = "people"
    KEEP = "keep"


TITLES: Mapping[Part, Message] = {
    Part.FRONT: N_("Summary"),
    Part.ENGAGEMENT: N_("The engagement"),
    Part.DELIVERY: N_("Delivery"),
    Part.MONEY: N_("Money and changes"),
    Part.SERVICE: N_("Service"),
    Part.PEOPLE: N_("People"),
    Part.KEEP: N_("What we take away"),
}
CHAPTERS: Mapping[Part, tuple[str, ...]] = {
    Part.FRONT: ("summary",),
    Part.ENGAGEMENT: ("carried_over", "engagement", "terms"),
    Part.DELIVERY: ("milestones", "deliverables", "delays", "duties", "work_orders"),
    Part.MONEY: (
        "budget", "penalties", "payments", "earned_value", "benefits", "changes", "growth",
    ),
    Part.SERVICE: (
        "service_levels", "control", "availability", "reconciliation", "amendments", "sensitivity",
        "breaches", "durations", "flow", "handovers", "escalations", "volumes", "evolution",
        "autonomy", "signals",
    ),
    Part.PEOPLE: (
        "governance", "disputes", "decisions", "initiatives", "blockers", "teams", "tools",
        "satisfaction", "comments",
    ),
    Part.KEEP: ("perception", "lessons", "ahead", "data_quality"),
}  # fmt: skip
"""The slugs of the chapters; one that stands nowhere is of ``KEEP``."""
SUPPORT = frozenset(
    ("terms", "growth", "amendments", "sensitivity", "breaches", "durations", "handovers",
     "signals", "data_quality", "disputes", "decisions", "initiatives", "blockers", "teams",
     "tools", "comments", "autonomy", "evolution")
)  # fmt: skip
"""Chapters that others rest on: of these the page shows title and message, the rest folded."""
_PARTS = {slug: part for part, slugs in CHAPTERS.items() for slug in slugs}
_PLACES = [slug for slugs in CHAPTERS.values() for slug in slugs]


def part_of(slug: str) -> Part:
    """Return the part of a chapter."""
    return _PARTS.get(slug, Part.KEEP)


def place_of(part: Part, slug: str) -> tuple[int, int]:
    """Return what chapters are sorted by; those that stand nowhere are the last of their part."""
    place = _PLACES.index(slug) if slug in _PARTS else len(_PLACES)
    return list(Part).index(part), place
