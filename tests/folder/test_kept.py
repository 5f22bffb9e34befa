"""The periodic reviews that are kept in a folder: their editions, the latest, what is damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewlib.calendars.periods import period_named
from reviewlib.faults import ReviewError
from reviewlib.folder.kept import editions, latest, next_place

Q1 = period_named("2026Q1")
VALUES = {
    "versions": {"reviewlib": "0.1.0"},
    "sections": [{"slug": "a", "facts": [{"id": "a.n", "value": 3}, {"id": "a.none"}]}, {}],
}


def keep(folder: Path, name: str, text: str = json.dumps(VALUES)) -> None:
    (folder / "reviews" / name).mkdir(parents=True)
    (folder / "reviews" / name / "review.json").write_text(text, encoding="utf-8")


def test_a_folder_without_reviews_keeps_none(tmp_path: Path) -> None:
    assert editions(tmp_path, Q1) == []
    assert latest(tmp_path, Q1, "en") is None
    assert next_place(tmp_path, Q1) == tmp_path / "reviews" / "2026Q1"


def test_the_editions_of_a_period_are_told_from_other_periods_and_from_parts(
    tmp_path: Path,
) -> None:
    for name in ("2026Q1", "2026Q1.2", "2026Q1.10", "2026Q2", "2026Q1.x", "2026"):
        keep(tmp_path, name)
    (tmp_path / "reviews" / "2026Q1.11").mkdir()  # a run that was killed left no values

    assert [number for number, _ in editions(tmp_path, Q1)] == [1, 2, 10]
    kept = latest(tmp_path, Q1, "en")
    assert kept is not None
    assert (kept.edition, kept.path.name) == (10, "2026Q1.10")
    assert kept.figures == {"a.n": 3, "a.none": None}
    assert next_place(tmp_path, Q1).name == "2026Q1.11"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"sections": 3, "versions": {}}', '{"versions": {}}', "[" * 9000],
)
def test_damaged_values_are_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    keep(tmp_path, "2026Q1", text)
    with pytest.raises(ReviewError, match=r"reviews/2026Q1/review\.json .*Restore it from a copy"):
        latest(tmp_path, Q1, "en")
    with pytest.raises(ReviewError, match="Restaurez-le depuis une copie"):
        latest(tmp_path, Q1, "fr")
