"""An engagement folder laid out ready to fill: the contract, a heading per table, the columns."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from reviewlib.faults import ReviewError
from reviewlib.files import resource
from reviewlib.folder.notes import EXPLAINED, NOTES
from reviewlib.pages.dictionary import dictionary
from reviewlib.pages.wording import Wording
from reviewlib.report.text import LANGUAGES, Language
from reviewlib.tables import SCHEMAS

COLUMNS = "COLUMNS.md"
BOM = "\ufeff"  # so that a spreadsheet reads accents as they are


def lay_out(folder: Path, language: str) -> list[Path]:
    """Make an engagement folder; return its files. Raises ReviewError where one stands already."""
    if language not in LANGUAGES:
        raise ReviewError(f"language {language!r}: allowed are {' and '.join(LANGUAGES)}.")
    texts = _texts(language)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ReviewError(
                f"{str(folder)!r} exists already and is not empty. Give another folder."
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as scratch:
            made = Path(scratch) / "engagement"
            for name, text in texts.items():
                (made / name).parent.mkdir(exist_ok=True)
                (made / name).write_text(text, encoding="utf-8", newline="\n")
            os.replace(made, folder)
    except OSError as error:
        raise ReviewError(f"{str(folder)!r} can't be made: {error.strerror}.") from None
    return [folder / name for name in texts]


def _texts(language: Language) -> dict[str, str]:
    templates = resource("templates/engagement")
    contract = templates / f"engagement.{language}.yml"
    notes = (templates / f"notes.{language}.md").read_text("utf-8")
    separator = ";" if language == "fr" else ","
    headings = {
        f"{name}.csv": BOM + separator.join(map(str, schema.columns)) + "\n"
        for name, schema in SCHEMAS.items()
    }
    words = Wording(language)
    title = words.gettext("The columns of the tables")
    explained = f"# {title}\n\n{dictionary(words)}\n"
    return {
        "engagement.yml": contract.read_text("utf-8"),
        **headings,
        COLUMNS: explained,
        f"{NOTES}/{EXPLAINED}": notes,
    }
