"""A run writes the words of the facilitator into the page and the values, at every run alike."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from reviewlib.faults import ReviewError
from reviewlib.pages import publish
from reviewlib.pages.check import report
from reviewlib.pages.publish import Wanted
from reviewlib.review import open_review
from tests import desk
from tests.conftest import REPO

SCHEMA = json.loads((REPO / "reviewlib" / "review.schema.json").read_text(encoding="utf-8"))
OVER = "facilitator: the office\nverdict: {fr: Tenu., en: Kept.}\n"


def folder_with(path: Path, over: str) -> Path:
    """A folder with a contract alone, and notes."""
    (path / "notes").mkdir()
    desk.written(path, desk.agreed())
    (path / "notes" / "front.yml").write_text(over, encoding="utf-8")
    (path / "notes" / "front.fr.md").write_text("Les deux ont été *entendus*.", encoding="utf-8")
    (path / "notes" / "engagement.en.md").write_text("As agreed.", encoding="utf-8")
    (path / "notes" / "delays.en.md").write_text("None was told.", encoding="utf-8")
    return path


def test_notes_survive_every_run_and_stand_in_the_page_and_in_the_values(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, OVER + "briefs:\n  terms.none: Not yet.\n")
    runs = []
    for name in ("one", "two"):
        publish.close(folder, Wanted(tmp_path / name, "en,fr"), as_of="2026-06-30")
        runs.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})

    assert runs[0] == runs[1]
    english, french = (runs[0][f"review{one}.html"].decode() for one in ("", ".fr"))
    for words in ("Kept.", "<em>entendus</em>", "As agreed.", "None was told.", "Not yet."):
        assert words in english
    assert "Tenu." in french
    assert "Kept." not in french
    values = json.loads(runs[0]["review.json"])
    jsonschema.Draft202012Validator(SCHEMA).validate(values)
    (front,) = (one for one in values["sections"] if one["slug"] == "summary")
    assert front["note"]["texts"] == {"fr": "Les deux ont été *entendus*."}
    assert front["front"]["verdict"] == {
        "texts": {"fr": "Tenu.", "en": "Kept."},
        "author": {"fr": "the office", "en": "the office"},
    }
    assert front["front"]["unplaced"][0]["finding"] == "terms.none"
    inputs = [one["file"] for one in values["inputs"] if one["table"] == "notes"]
    assert len(inputs) == 4


def test_a_run_stops_at_words_on_a_finding_that_is_not_there_and_writes_nothing(
    tmp_path: Path,
) -> None:
    folder = folder_with(tmp_path, "briefs:\n  terms.none: Not yet.\n")

    with pytest.raises(ReviewError, match=r"briefs\.terms\.none: the review has no finding"):
        publish.close(folder, Wanted(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_check_names_the_notes_and_what_it_leaves_to_close(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, OVER + "briefs:\n  terms.none: Not yet.\n")
    lines = [*report(open_review(folder))]

    assert "notes/front.fr.md: words of the facilitator" in lines
    assert (
        "notes/front.yml: close compares the ids of findings (1) with those of the review" in lines
    )


def test_check_names_the_texts_that_state_no_language_with_the_one_they_are_taken_to_be_in(
    tmp_path: Path,
) -> None:
    over = "facilitator: {en: the office}\nverdict: Kept.\nbriefs:\n  terms.none: Not yet.\n"
    review = open_review(folder_with(tmp_path, over))
    (line,) = (one for one in report(review) if "no language" in one)

    assert line == (
        "notes/front.yml: in English where no language is stated: verdict, briefs.terms.none"
    )
