"""The periodic reviews that are kept in a folder: their editions, the latest, what is damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reviewlib.calendars.periods import period_named
from reviewlib.contract import Contract
from reviewlib.faults import ReviewError
from reviewlib.folder.kept import editions, latest, next_place, refuse_kept

Q1 = period_named("2026Q1")
FACTS: list[Any] = [
    {"id": "a.n", "label": "Count", "value": 3, "unit": "count", "n": 7},
    {"id": "a.day", "label": "Day", "value": "2026-01-31", "unit": "date"},
    {"id": "a.none", "label": {"en": "None", "fr": "Aucun"}, "value": None, "unit": "share"},
    {"id": "a.words", "label": "W", "value": {"en": "words", "fr": "mots"}, "unit": "text"},
]
VALUES = {
    "engagement": {"id": "E1"},
    "period": {"first": "2026-01-01", "last": "2026-03-31"},
    "versions": {"reviewlib": "0.1.0"},
    "sections": [{"slug": "a", "facts": FACTS}, {}],
}
EN, FR = (
    Contract.model_validate({
        "format": 1, "id": "E1", "title": "Support", "language": language,
        "time_zone": "Europe/Paris", "period": {"first": "2026-01-01", "last": "2026-12-31"},
        "client": {"name": "Client"}, "provider": {"name": "Provider"}, "versions": [{}],
    })
    for language in ("en", "fr")
)  # fmt: skip


def keep(folder: Path, name: str, text: str = json.dumps(VALUES)) -> None:
    (folder / "reviews" / name).mkdir(parents=True)
    (folder / "reviews" / name / "review.json").write_text(text, encoding="utf-8")


def test_a_folder_without_reviews_keeps_none(tmp_path: Path) -> None:
    assert editions(tmp_path, Q1) == []
    assert latest(tmp_path, Q1, EN) is None
    assert next_place(tmp_path, Q1) == tmp_path / "reviews" / "2026Q1"


def test_the_editions_of_a_period_are_told_from_other_periods_and_from_parts(
    tmp_path: Path,
) -> None:
    for name in ("2026Q1", "2026Q1.2", "2026Q1.10", "2026Q2", "2026Q1.x", "2026"):
        keep(tmp_path, name)
    (tmp_path / "reviews" / "2026Q1.11").mkdir()  # a run that was killed left no values

    assert [number for number, _ in editions(tmp_path, Q1)] == [1, 2, 10]
    kept = latest(tmp_path, Q1, EN)
    assert kept is not None
    assert (kept.edition, kept.path.name) == (10, "2026Q1.10")
    figures = {name: (one.value, one.n) for name, one in kept.values.figures.items()}
    assert figures == {"a.n": (3, 7), "a.day": ("2026-01-31", None), "a.none": (None, None)}
    assert next_place(tmp_path, Q1).name == "2026Q1.11"


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"sections": 3, "versions": {}}', '{"versions": {}}', "[" * 9000,
        json.dumps(VALUES | {"sections": ["text"]}),
        json.dumps(VALUES | {"sections": [{"facts": 3}]}),
        json.dumps(VALUES | {"engagement": "E1"}),
    ],
)  # fmt: skip
def test_damaged_values_are_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    keep(tmp_path, "2026Q1", text)
    with pytest.raises(ReviewError, match=r"reviews/2026Q1/review\.json .*Restore it from a copy"):
        latest(tmp_path, Q1, EN)
    with pytest.raises(ReviewError, match="Restaurez-le depuis une copie"):
        latest(tmp_path, Q1, FR)


@pytest.mark.parametrize(
    "edited",
    [
        {"value": "<b>3</b>"}, {"value": "3"}, {"value": float("nan")}, {"value": float("inf")},
        {"value": 10**400}, {"value": [3]}, {"value": {"en": "3"}}, {"id": 3}, {"id": ["a.n"]},
        {"n": "7"}, {"n": 7.5}, {"interval": {"low": 1}},
    ],
    ids=str,
)  # fmt: skip
def test_a_figure_that_someone_edited_into_none_is_not_compared_with(
    tmp_path: Path, edited: dict[str, Any]
) -> None:
    facts = [FACTS[0] | edited, *FACTS[1:]]
    keep(tmp_path, "2026Q1", json.dumps(VALUES | {"sections": [{"facts": facts}]}))

    with pytest.raises(ReviewError, match=r"reviews/2026Q1/review\.json is not readable"):
        latest(tmp_path, Q1, EN)


@pytest.mark.parametrize(
    ("about", "whose"),
    [
        ({"engagement": {"id": "E2"}}, "‘E2’, 2026-01-01 to 2026-03-31"),
        ({"period": {"first": "2025-10-01", "last": "2025-12-31"}}, "‘E1’, 2025-10-01 to"),
    ],
)
def test_a_review_of_another_engagement_or_period_is_refused_with_whose_it_is(
    tmp_path: Path, about: dict[str, Any], whose: str
) -> None:
    """Of a folder that was copied, or renamed: its figures are none of the period before."""
    keep(tmp_path, "2026Q1", json.dumps(VALUES | about))

    with pytest.raises(ReviewError) as refused:
        latest(tmp_path, Q1, EN)
    assert "is not the review of this period of this engagement" in str(refused.value)
    assert whose.replace("‘", "'").replace("’", "'") in str(refused.value)


def test_a_kept_review_is_no_place_to_write_in(tmp_path: Path) -> None:
    """By ``--output``, or by ``publish`` of its own notebook."""
    for name in ("2026Q1", "2026Q1.2", "mine"):
        keep(tmp_path, name)
    for name in ("2026Q1", "2026Q1.2"):
        with pytest.raises(ReviewError, match="is kept, which never changes"):
            refuse_kept(tmp_path / "reviews" / name)
    for name in ("2026Q2", "mine", "2026Q1/share"):
        refuse_kept(tmp_path / "reviews" / name)
