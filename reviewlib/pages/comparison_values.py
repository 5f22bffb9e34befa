"""The values of a comparison of two reviews, for other programs."""

from __future__ import annotations

import dataclasses
from typing import Any

from reviewlib.folder.frozen import FrozenReview, FrozenSection
from reviewlib.report.comparison import Assessed, ChangedFact, Comparison
from reviewlib.report.text import Quoted
from reviewlib.report.values import Fact

SCHEMA = "reviewlib/comparison/1"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return what a comparison holds as plain values, texts as they stand in the reviews."""
    files = comparison.files
    return {
        "schema": SCHEMA,
        "a": _plain_review(comparison.first),
        "b": _plain_review(comparison.second),
        "same": comparison.same,
        "causes": [*comparison.causes],
        "files": None if files is None else [dataclasses.asdict(one) for one in files],
        "versions": {name: [*both] for name, both in comparison.versions.items()},
        "facts_compared": comparison.compared,
        "changed": [_plain_change(one) for one in comparison.changed],
        "alone": [
            {
                **_plain_fact(one.section, one.fact),
                "in": "b" if one.in_second else "a",
                "other_not_assessed": one.unassessed,
            }
            for one in comparison.lone
        ],
        "findings": [
            {
                "chapter": one.section.slug,
                "id": one.finding.id,
                "kind": one.finding.kind,
                "sentence": _plain(one.finding.sentence),
                "turn": one.turn,
                "other_not_assessed": one.unassessed,
            }
            for one in comparison.findings
        ],
        "chapters": [_plain_chapter(one) for one in comparison.assessed],
    }


def _plain(value: Any) -> Any:
    """Return a text as review.json has it: a string, or its words by language."""
    return dict(value.texts) or str(value) if isinstance(value, Quoted) else value


def _plain_review(review: FrozenReview) -> dict[str, Any]:
    values = review.values
    return {
        "folder": review.name,
        "kind": values.kind,
        "engagement": values.engagement.id,
        "period": {"first": f"{values.period.first}", "last": f"{values.period.last}"},
        "as_of": values.as_of.isoformat(),
        "currency": values.currency,
    }


def _plain_fact(section: FrozenSection, fact: Fact) -> dict[str, Any]:
    names = ("value", "n", "count", "target", "met")
    about = {"chapter": section.slug, "id": fact.id, "label": _plain(fact.label), "unit": fact.unit}
    return about | {name: _plain(getattr(fact, name)) for name in names}


def _plain_change(change: ChangedFact) -> dict[str, Any]:
    then, now = (_plain_fact(change.section, one) for one in (change.first, change.second))
    head = {name: now[name] for name in ("chapter", "id", "label", "unit")}
    sides = {
        side: {name: value for name, value in one.items() if name not in head or name == "unit"}
        for side, one in (("a", then), ("b", now))
    }
    by, unit = change.difference or (None, None)
    causes = {"causes": [*change.causes], "files": [*change.files]}
    return {**head, **sides, "difference": by, "difference_unit": unit, **causes}


def _plain_chapter(one: Assessed) -> dict[str, Any]:
    titled = one.second or one.first
    assert titled
    sides = {
        side: None if section is None else {"not_assessed": _plain(section.because)}
        for side, section in (("a", one.first), ("b", one.second))
    }
    return {"slug": titled.slug, "title": _plain(titled.title), **sides}
