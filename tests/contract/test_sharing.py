"""The marks of what may be shared: in the contract, and in the facilitator's notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.contract.loading import load_contract
from reviewlib.contract.sharing import Sharing, names
from reviewlib.faults import Faults
from reviewlib.folder.notes import load_notes

Folder = Callable[..., Path]


def refused(folder: Path) -> dict[str, str]:
    """The faults of a contract by their keys, in words."""
    with pytest.raises(Faults) as found:
        load_contract(folder)
    return {one.column: str(one) for one in found.value.faults}


def test_a_contract_that_says_nothing_shares_nothing(engagement_folder: Folder) -> None:
    assert load_contract(engagement_folder()).sharing == Sharing()
    assert (Sharing().readers, Sharing().chapters, Sharing().evidence) == ("other_party", (), False)


def test_an_unknown_chapter_or_key_is_answered_with_the_one_most_like_it(
    engagement_folder: Folder, contract_text: str
) -> None:
    marks = """\
sharing:
  readers: everybody
  chapter: [milestones]
  chapters: [milestone, data_quality, summary]
  findings: [penalty.M5, penalties]
  withheld: [budgets.spent]
  notes: [front, milestons]
"""
    faults = refused(engagement_folder(contract_text + marks))
    assert "other_party, all_staff" in faults["sharing.readers"]
    assert "'chapters'" in faults["sharing.chapter"]

    marks = marks.replace("  readers: everybody\n  chapter: [milestones]\n", "")
    faults = refused(engagement_folder(contract_text + marks))
    assert "Did you mean 'milestones'?" in faults["sharing.chapters.0"]
    assert "tells of every file" in faults["sharing.chapters.1"]
    assert "'summary' is no chapter that can be shared" in faults["sharing.chapters.2"]
    assert "Did you mean 'penalties'?" in faults["sharing.findings.0"]
    assert "begins with a chapter and a full stop" in faults["sharing.findings.1"]
    assert "Did you mean 'budget'?" in faults["sharing.withheld.0"]
    assert "Did you mean 'milestones'?" in faults["sharing.notes.1"]


@pytest.mark.parametrize("key", ["evidence", "comments"])
def test_what_tells_who_wrote_or_called_is_never_shared_with_all_staff(
    engagement_folder: Folder, contract_text: str, key: str
) -> None:
    marks = f"sharing: {{readers: all_staff, {key}: true}}\n"

    assert [*refused(engagement_folder(contract_text + marks))] == [f"sharing.{key}"]


def test_the_facilitator_marks_by_the_same_keys_and_faults_name_their_line(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    file = tmp_path / "notes" / "sharing.yml"
    file.write_text("chapters: [milestones]\nnotes: [front]\n", encoding="utf-8")
    notes, faults = load_notes(tmp_path, "en")
    assert (notes.sharing, faults) == (Sharing(chapters=("milestones",), notes=("front",)), [])

    file.write_text("chapters:\n- milestones\n- dellays\n", encoding="utf-8")
    _, [fault] = load_notes(tmp_path, "en")
    assert (fault.file, fault.row) == ("notes/sharing.yml", 3)
    assert "Did you mean 'delays'?" in str(fault)


def test_two_marks_share_what_either_does_but_what_one_withholds_and_with_the_wider_circle() -> (
    None
):
    contract = Sharing(chapters=("milestones",), evidence=True, comments=True)
    notes = Sharing(chapters=("delays",), withheld=("milestones.M5",))

    assert contract.joined(notes) == Sharing(
        chapters=("milestones", "delays"),
        withheld=("milestones.M5",),
        evidence=True,
        comments=True,
    )
    staff = contract.joined(Sharing(readers="all_staff"))
    assert (staff.readers, staff.evidence, staff.comments) == ("all_staff", False, False)


def test_an_id_is_named_whole_or_by_its_beginning_up_to_a_full_stop() -> None:
    assert names("milestones.M5", ["milestones.M5"])
    assert names("milestones.M5.rebaseline", ["milestones.M5"])
    assert not names("milestones.M55", ["milestones.M5"])
