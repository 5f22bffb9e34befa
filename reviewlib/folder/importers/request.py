"""What is to be imported, and what an import made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from reviewlib.folder.importers.answers import FormQuestion
from reviewlib.folder.importers.mapping import Route
from reviewlib.folder.importers.merging import Merged, Present
from reviewlib.folder.importers.profiles import Profile, profile_of, table_profile
from reviewlib.folder.importers.settling import Ask, OpenKey
from reviewlib.languages import Language
from reviewlib.report.text import Text


def _nobody(_key: OpenKey, _language: Language) -> None:
    """Answer nothing: there is nobody to ask."""


@dataclass(frozen=True)
class ImportRequest:
    """What is to be imported: the files of a source, the folder, and for ``table`` which one.

    ``ask`` puts a question to the user, in a language; by default there is nobody to ask.
    ``language``: of the contract that is drafted where there is none; by default the export's.
    ``exported_on``: the day on which a calendar was exported; by default its latest stamp.
    """

    source: str
    files: tuple[Path, ...]
    folder: Path
    ask: Ask = _nobody
    table: str = ""
    time_zone: str | None = None
    wave: str = ""
    language: Language | None = None
    exported_on: dt.date | None = None

    @property
    def name(self) -> str:
        """The name of the source in mapping.yml."""
        return self.table if self.source == "table" else self.source

    @property
    def profile(self) -> Profile:
        """What is known of the exports of the source."""
        return table_profile(self.table) if self.source == "table" else profile_of(self.source)


@dataclass(frozen=True)
class Brought:
    """What an import made: the table, the route that it took, what is to be said, what is open.

    ``present``: the table as it stood in the folder; ``brought``: the rows of the last file;
    ``questions``: those of forms that no contract states yet.
    """

    language: Language
    profile: Profile
    route: Route
    table: Merged | None
    present: Present | None
    notes: tuple[Text, ...] = ()
    open: tuple[OpenKey, ...] = ()
    brought: pd.DataFrame = field(default_factory=pd.DataFrame)
    questions: Mapping[str, FormQuestion] = field(default_factory=dict)
