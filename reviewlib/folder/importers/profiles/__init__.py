"""What is known of the exports of each tool, as data: headings, words, and what they can't tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reviewlib.folder.importers.sources import alike
from reviewlib.languages import LANGUAGES, Language
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import column_of, headings
from reviewlib.tables.folding import folded

HERE = Path(__file__).parent
LISTS = ("assumed", "grouped", "bare", "missing", "lacks", "others", "persons")
FRENCH = re.compile(r"[éèêàçùœ]|\b(?:de|du|des|le|la|les|et|en)\b|\b[dl]['’]", re.IGNORECASE)
NO_FRENCH = re.compile("[áíóúñãõäöüß]", re.IGNORECASE)
Headings = Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True)
class Profile:
    """How a tool names what a table holds; ``priorities`` by language, the most urgent first.

    ``grouped``: columns of numbers with spaces in them; ``bare``: those whose words an icon may
    precede; ``assumed``: those that need not be the same thing; ``compared``: the headings of the
    tool's own time to resolve; ``lacks``: what the export can't tell; ``others``: headings that are
    those of no column, however alike; ``persons``: those that tell who answered.
    """

    tool: str
    table: str
    columns: Mapping[str, Headings]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    statuses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    priorities: tuple[Mapping[str, str], ...] = ()
    compared: Headings = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    grouped: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which an export is none: those of the table, the day of answers."""
        required = SCHEMAS[self.table].columns
        return tuple(
            name
            for name in self.columns
            if required[name].required or (self.persons and name == "answered_on")
        )

    def headings(self) -> Iterator[str]:
        """Yield every heading by which a column goes."""
        for words in self.columns.values():
            for some in words.values():
                yield from some

    def state_of(self, status: str) -> str:
        """Return what a status means, as engagement.yml names it; "" where that is unknown."""
        words = ((state, word) for state, words in self.statuses.items() for word in words)
        return next((state for state, word in words if folded(word) == folded(status)), "")

    def rank(self, priority: str) -> int | None:
        """Return how urgent a priority is, 0 being the most; None for an unknown word."""
        for rank, words in enumerate(self.priorities):
            if folded(priority) in map(folded, words.values()):
                return rank
        return None


@cache
def profile_of(source: str) -> Profile:
    """Return the profile of a tool."""
    stated: dict[str, Any] = dict(data_of(source))
    for name in (*LISTS, "priorities"):
        stated[name] = tuple(stated.get(name) or ())
    return Profile(**stated)


@cache
def table_profile(table: str) -> Profile:
    """Return the profile of any export into a table, by the headings of its columns."""
    columns: dict[str, Headings] = {
        name: {"en": (name, *headings(table, name, "en")), "fr": headings(table, name, "fr")}
        for name in map(str, SCHEMAS[table].columns)
    }
    return Profile(table, table, columns)


def tool_of(names: tuple[str, ...]) -> tuple[str, str]:
    """Return the tool whose export bears such names, and the source that reads it ("": none)."""
    words = {alike(name) for name in names}
    for tool, about in data_of("signs").items():
        if all(words & {alike(word) for word in group} for group in about["headings"]):
            return tool, about.get("reads", "")
    return "", ""


def table_like(names: tuple[str, ...], least: int) -> str:
    """Return the table of which headings name all required columns, and more columns than that."""
    fits = {}
    for name, schema in SCHEMAS.items():
        columns = {column_of(heading, schema) for heading in names} & {*schema.columns}
        needed = {column for column, about in schema.columns.items() if about.required}
        if needed <= columns and len(columns) > least:
            fits[name] = len(columns)
    return max(fits, key=lambda name: fits[name], default="")


def language_of(profile: Profile, names: tuple[str, ...]) -> Language:
    """Return the language in which most headings of an export are those of its tool.

    Where they are as many in both, or none, French is told by its accents and its small words.
    """
    words = {alike(name) for name in names}
    counts = {
        language: sum(
            alike(word) in words
            for some in profile.columns.values()
            for word in some.get(language, ())
        )
        for language in LANGUAGES
    }
    if counts["fr"] == counts["en"]:
        text = "\n".join(names)
        return "fr" if FRENCH.search(text) and not NO_FRENCH.search(text) else "en"
    return "fr" if counts["fr"] > counts["en"] else "en"


@cache
def data_of(name: str) -> dict[str, Any]:
    """Return what a file of this package states."""
    values = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    return dict(values)
