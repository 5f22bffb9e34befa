"""Engagements are searched for under any roots, hostile ones too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reviewlib.faults import ReviewError
from reviewlib.scheduling.folders import Located, engagements
from tests.scheduling.engagements import lay_out


def names(*roots: Path) -> list[str]:
    return [place.folder.name for place in engagements(roots)]


def test_engagements_lie_at_any_depth_and_none_within_another(tmp_path: Path) -> None:
    lay_out(tmp_path / "clients" / "b")
    lay_out(tmp_path / "a")
    lay_out(tmp_path / "a" / "archive")
    lay_out(tmp_path / ".trash" / "c")

    assert names(tmp_path) == ["a", "b"]
    assert names(tmp_path / "a") == ["a"]
    assert names(tmp_path / "clients", tmp_path, tmp_path / "a") == ["a", "b"]


def test_links_are_followed_and_lead_to_no_circle_and_no_folder_twice(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "real" / "a")
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "linked").symlink_to(folder, target_is_directory=True)
    (roots / "again").symlink_to(folder, target_is_directory=True)
    (roots / "up").symlink_to(tmp_path, target_is_directory=True)
    (roots / "itself").symlink_to(roots / "itself")
    (roots / "gone").symlink_to(tmp_path / "nowhere")

    assert len(engagements([roots])) == 1


def test_a_folder_that_cannot_be_looked_into_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "a")
    closed = tmp_path / "closed"
    closed.mkdir()
    look = os.scandir

    def refused(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(closed))
        return look(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert engagements([tmp_path]) == [
        Located(tmp_path / "a"),
        Located(closed, "Permission denied"),
    ]


def test_a_folder_with_a_contract_that_is_broken_is_one(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "engagement.yml").write_text("format: [", encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "contract.xlsx").write_bytes(b"PK no workbook")

    assert names(tmp_path) == ["a", "b"]


@pytest.mark.parametrize("name", ["nowhere", "file", "x" * 300])
def test_a_root_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ReviewError, match="not found"):
        engagements([tmp_path / name])
