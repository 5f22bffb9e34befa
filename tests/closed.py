"""What ``reviewlib close`` wrote in a folder, read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reviewlib.pages import publish
from tests.spoken import in_language

PAGES = {"fr": "review.html", "en": "review.en.html"}  # of the sample, reviewed in both languages


def files(folder: Path) -> dict[str, bytes]:
    """Return the files that a run wrote, by name."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def values(folder: Path, language: str = "") -> dict[str, Any]:
    """Return ``review.json``, with each of its texts in one language if one is named."""
    found = json.loads((folder / publish.VALUES).read_text(encoding="utf-8"))
    return dict(in_language(found, language) if language else found)


def same_alone(alone: Path, together: Path, language: str) -> None:
    """Assert that a run in one language wrote what one in both wrote in that language."""
    names = {file.name for file in alone.iterdir()}
    assert names == {publish.PAGE, publish.VALUES, publish.NOTEBOOK}
    assert (alone / publish.PAGE).read_bytes() == (together / PAGES[language]).read_bytes()
    assert values(alone, language)["sections"] == values(together, language)["sections"]
