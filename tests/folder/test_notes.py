"""The words of the facilitator are read as they are written, and refused with what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reviewlib.faults import Faults
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.notes import LARGEST, Notes, load_notes
from reviewlib.languages import Quoted
from reviewlib.report.values import Note
from tests import desk


def notes_of(folder: Path, files: dict[str, str | bytes], language: str = "fr") -> Notes:
    """The notes of a folder that are written so. Raises Faults where something is wrong."""
    (folder / "notes").mkdir(exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / "notes" / name).write_bytes(data)
    notes, faults = load_notes(folder, language)
    if faults:
        raise Faults(faults)
    return notes


def refused(folder: Path, files: dict[str, str | bytes]) -> list[str]:
    with pytest.raises(Faults) as error:
        notes_of(folder, files)
    return [str(fault) for fault in error.value.faults]


def test_a_folder_without_notes_has_none(tmp_path: Path) -> None:
    assert load_notes(tmp_path, "en") == (Notes(), [])


def test_a_note_is_of_its_chapter_in_its_languages_and_that_of_the_front_of_the_summary(
    tmp_path: Path,
) -> None:
    files = {
        "delays.fr.md": "Deux **causes**.\n",
        "delays.en.md": b"\xef\xbb\xbfTwo causes.\n",
        "front.en.md": "Both were heard.\n",
        "README.md": "How to write them.",
        ".DS_Store": b"\x00",
        "~$delays.fr.md": b"\x00",
    }
    notes = notes_of(tmp_path, files)

    assert notes.chapters == {
        "delays": Note({"en": "Two causes.\n", "fr": "Deux **causes**.\n"}),
        "summary": Note({"en": "Both were heard.\n"}),
    }
    assert [*notes.digests] == [
        f"notes/{n}" for n in ("delays.en.md", "delays.fr.md", "front.en.md")
    ]


def test_a_text_without_a_language_is_in_that_of_the_contract(tmp_path: Path) -> None:
    over = "facilitator: {fr: Bureau, en: Office}\nverdict: Le   support\n  est tenu.\nbriefs:\n"
    over += "  penalties.Art. 10.1: {en: Disputed., fr: Contestée.}\n"
    notes = notes_of(tmp_path, {"front.yml": over, "delays.en.md": "x"})

    author = notes.chapters["delays"].author
    assert isinstance(author, Quoted)
    assert author.texts == {"fr": "Bureau", "en": "Office"}
    assert notes.verdict == Note({"fr": "Le support est tenu."}, author)
    assert notes.briefs == {
        "penalties.Art. 10.1": Note({"en": "Disputed.", "fr": "Contestée."}, author)
    }


def test_where_a_language_is_missing_the_words_say_in_which_they_are() -> None:
    assert Note({"fr": "Tenu."}).in_language("en") == ("fr", "Tenu.")
    assert Note({"fr": "Tenu.", "en": "Kept."}).in_language("en") == ("en", "Kept.")


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("milestone.fr.md", "x", "'milestone' is no chapter. Did you mean 'milestones'?"),
        ("summary.fr.md", "x", "'summary' is no chapter. Allowed: ahead, amendments"),
        ("delays.md", "x", "does not say its language. Name it delays.fr.md or delays.en.md."),
        ("delays.de.md", "x", "'de' is no language of a review"),
        ("delays.fr.docx", "x", "is no note of the facilitator. Name it after a chapter"),
        ("delays.FR.md", "x", "'FR' is no language of a review"),
        ("front.yaml", "verdict: x", "is no note of the facilitator"),
        ("delays.fr.md", "", "is empty. Write it, or remove the file."),
        ("delays.fr.md", " \n\t\n", "is empty"),
        (
            "delays.fr.md",
            "a\nb\xe9".encode("cp1252"),
            "row 2: is not UTF-8 text. Save it in UTF-8.",
        ),
        ("delays.fr.md", "été".encode("utf-16"), "row 1: is not UTF-8 text"),
        ("delays.fr.md", "a\n\x00b", "row 2: character 3 (U+0000) is no text"),
        ("delays.fr.md", "a" * (LARGEST + 1), "holds 65,537 bytes, more than 65,536"),
        ("front.fr.md", "mot " * 121, "holds 121 words, more than 120. Keep the first page short"),
        ("front.yml", "", "is empty or not a list of keys"),
        ("front.yml", "# verdict: x", "is empty or not a list of keys"),
        ("front.yml", "verdicts: x", "row 1, verdicts: unknown key 'verdicts'. Did you mean"),
        ("front.yml", "verdict: 12", "row 1, verdict: should be a text, or one for each language"),
        ("front.yml", "verdict:", "should be a text"),
        ("front.yml", "verdict: {}", "should be a text"),
        ("front.yml", "verdict: ''", "row 1, verdict: has no words"),
        ("front.yml", "verdict: {de: x}", "verdict.de: 'de' is no language of a review"),
        ("front.yml", "verdict: " + "mot " * 33, "verdict: holds 33 words, more than 32"),
        ("front.yml", 'verdict: "Kept\\0."', "row 1, verdict: character 5 (U+0000) is no text"),
        ("front.yml", 'verdict: "a\\e[31m"', "verdict: character 2 (U+001B) is no text"),
        ("front.yml", 'verdict: {fr: "a\\u202Eb"}', "verdict.fr: character 2 (U+202E) is no text"),
        ("front.yml", 'facilitator: "\\u2066x"', "facilitator: character 1 (U+2066) is no text"),
        ("delays.fr.md", "a\nb\u202ec", "row 2: character 4 (U+202E) is no text"),
        ("front.yml", "verdict: " + "a" * 301, "verdict: holds 301 signs, more than 300"),
        ("front.yml", "verdict: " + "語" * 301, "verdict: holds 301 signs, more than 300"),
        (
            "front.yml",
            "briefs:\n  delays.M1: " + "a" * 221,
            "briefs.delays.M1: holds 221 signs, more than 220",
        ),
        ("front.yml", "facilitator: " + "a" * 121, "facilitator: holds 121 signs, more than 120"),
        ("front.fr.md", "a" * 1_201, "holds 1,201 signs, more than 1,200. Keep the first page"),
        ("front.yml", "briefs:", "briefs: should hold “id of a finding: words” lines"),
        ("front.yml", "briefs: [x]", "briefs: should hold “id of a finding: words” lines"),
        (
            "front.yml",
            "briefs:\n  milestones.M5:\n    en: x\n    fr: " + "mot " * 25,
            "row 4, briefs.milestones.M5.fr: holds 25 words, more than 24",
        ),
        ("front.yml", "briefs:\n  milestone.M5: x", "'milestone' is no chapter. Name a finding as"),
        ("front.yml", "briefs:\n  milestone.M5: x", "Did you mean 'milestones'?"),
        (
            "front.yml",
            "briefs:\n  M5: x",
            "row 2, briefs.M5: 'M5' is no chapter. Name a finding as",
        ),
        ("front.yml", "briefs:\n  front.M5: x", "'front' is no chapter"),
        ("front.yml", "verdict: x\nverdict: y", "row 2: not valid YAML: verdict is given twice"),
        ("front.yml", "verdict: *a", "aliases (*name) are not read"),
        ("front.yml", "verdict: !!python/object:os.system x", "tags (!name) are not read"),
        ("front.yml", "facilitator: " + "mot " * 13, "facilitator: holds 13 words, more than 12"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: str | bytes, fault: str
) -> None:
    (only,) = refused(tmp_path, {name: content})

    assert only.startswith(f"notes/{name}")
    assert fault in only


def test_a_space_that_does_not_break_parts_no_words(tmp_path: Path) -> None:
    words = " ".join(["mot\u00a0: 1\u202f200"] * 16)  # 16 times 2 words

    assert notes_of(tmp_path, {"front.yml": f"verdict: '{words}'"}).verdict == Note({"fr": words})


def test_the_first_page_takes_exactly_so_many_words_and_a_chapter_so_many_bytes(
    tmp_path: Path,
) -> None:
    files = {
        "front.fr.md": "- mot " * 120,
        "delays.fr.md": "a" * LARGEST,
        "front.yml": "verdict: " + "mot " * 32 + "\nbriefs:\n  delays.M1: " + "mot " * 24,
    }
    assert {*notes_of(tmp_path, files).chapters} == {"summary", "delays"}


def test_every_fault_of_the_notes_is_told_at_once_with_those_of_the_tables(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"delay.fr.md": "x", "front.yml": "verdict: 1\nbrief: 2"}
    assert len(refused(tmp_path, files)) == 3

    desk.written(tmp_path, desk.agreed())
    (tmp_path / "ticket.csv").write_text("ticket_id\n", encoding="utf-8")
    with pytest.raises(Faults) as error:
        load_engagement(tmp_path)
    assert len(error.value.faults) == 4


def test_the_notes_are_among_the_inputs_of_which_the_review_has_the_hash(tmp_path: Path) -> None:
    desk.written(tmp_path, desk.agreed())
    before = load_engagement(tmp_path)
    notes_of(tmp_path, {"delays.fr.md": "x"})
    after = load_engagement(tmp_path)

    assert [one.file for one in after.sources] == ["engagement.yml", "notes/delays.fr.md"]
    assert after.sha256 != before.sha256


def test_a_file_in_place_of_the_folder_and_a_folder_in_place_of_a_note_are_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "a" / "notes" / "delays.fr.md").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notes").write_text("x", encoding="utf-8")

    (within,), (instead,) = (load_notes(tmp_path / name, "fr")[1] for name in "ab")
    assert str(within) == "notes/delays.fr.md: is no file. Keep only notes in this folder."
    assert str(instead) == "notes: cannot be read: Not a directory"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    os.mkfifo(tmp_path / "notes" / "delays.fr.md")

    assert "is no file" in str(load_notes(tmp_path, "fr")[1][0])


def test_a_link_that_leads_out_of_the_folder_is_not_read_and_one_within_it_is(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "engagement"
    (folder / "notes").mkdir(parents=True)
    for place in (tmp_path, folder):
        (place / "text.md").write_text("Heard.", encoding="utf-8")
    (folder / "notes" / "delays.fr.md").symlink_to(folder / "text.md")
    (folder / "notes" / "duties.fr.md").symlink_to(tmp_path / "text.md")
    (folder / "notes" / "changes.fr.md").symlink_to(folder / "notes" / "changes.fr.md")

    notes, faults = load_notes(folder, "fr")
    assert [*notes.chapters] == ["delays"]
    assert [str(one) for one in faults] == [
        "notes/changes.fr.md: is no file. Keep only notes in this folder.",
        "notes/duties.fr.md: is a link that leads out of the folder of the engagement. "
        "Put the file itself there.",
    ]


def test_a_folder_of_notes_that_is_a_link_out_of_that_of_the_engagement_is_not_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "delays.fr.md").write_text("Heard.", encoding="utf-8")
    (tmp_path / "engagement").mkdir()
    (tmp_path / "engagement" / "notes").symlink_to(tmp_path / "far")

    (fault,) = load_notes(tmp_path / "engagement", "fr")[1]
    assert "notes/delays.fr.md: is a link that leads out of the folder" in str(fault)
