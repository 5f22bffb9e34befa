"""What an engagement folder already states to an import: words, language, forms of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewlib.contract.data import Data
from reviewlib.contract.loading import load_contract, load_data_section
from reviewlib.contract.source import contract_path, read_contract
from reviewlib.faults import Faults
from reviewlib.languages import LANGUAGES, Language

LISTS = ("priorities", "services", "sites", "statuses", "clauses", "penalties")


@dataclass(frozen=True)
class Surroundings:
    """What the contract of a folder states, as far as it can be read.

    ``language``: "" where there is no contract yet; ``words``: its lists by name.
    """

    language: Language | None = None
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: Data = field(default_factory=Data)
    currency: str = "EUR"
    questions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        """Whether the folder has a contract."""
        return self.language is not None


def surroundings(folder: Path) -> Surroundings:
    """Return what a folder states, in engagement.yml or in a sheet.

    One whose contract can't be read at all raises Faults.
    """
    if not contract_path(folder).is_file():
        return Surroundings()
    values = read_contract(folder).values
    language: Language = next((one for one in LANGUAGES if one == values.get("language")), "en")
    try:
        contract = load_contract(folder)
    except Faults:  # a contract that is being filled in: its lists are taken as they stand
        return Surroundings(
            language,
            _lists(values),
            load_data_section(folder),
            str(values.get("currency") or "EUR"),
        )
    asked_of = contract.survey.questions if contract.survey else {}
    return Surroundings(language, contract.vocabulary(), contract.data, contract.currency, asked_of)


def _lists(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    terms = values.get("terms")
    stated = terms if isinstance(terms, dict) else {}
    lists = {
        name: tuple(map(str, words))
        for name in LISTS
        if isinstance(words := stated.get(name), list | dict)
    }
    survey = values.get("survey")
    asked_of = survey.get("questions") if isinstance(survey, dict) else None
    return lists | {"questions": tuple(asked_of) if isinstance(asked_of, dict) else ()}
