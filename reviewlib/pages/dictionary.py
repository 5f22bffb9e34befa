"""The column dictionary: every table and column in plain words, drawn from the schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandera.pandas as pa

from reviewlib.languages import LANGUAGES
from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_, Message
from reviewlib.tables import SCHEMAS, aliases
from reviewlib.tables.aliases import heading_key
from reviewlib.tables.rules import KINDS

HEADINGS = (
    N_("column"), N_("holds"), N_("required"), N_("allowed"), N_("meaning"), N_("also read as")
)  # fmt: skip
LISTS = {
    "priorities": N_("the priorities of the contract"),
    "services": N_("the services of the contract"),
    "sites": N_("the sites of the contract"),
    "clauses": N_("the clauses of the contract"),
    "objectives": N_("the objectives of the contract"),
    "questions": N_("the questions of the contract"),
    "currencies": N_("the currency of the contract"),
    "amendments": N_("the amendments of the contract"),
    "penalties": N_("the penalty rules of the contract"),
}
Translate = Callable[[str | Message], str]


@dataclass(frozen=True)
class Names:
    """What tables, columns and values are called in a language: their names in English."""

    language: str = "en"

    def column(self, table: str, name: str) -> str:
        """Return the heading that a folder of the language has for a column."""
        return name if self.language == "en" else aliases.title(table, name, self.language)

    def value(self, word: str) -> str:
        """Return the word that a folder of the language has for a value."""
        return word if self.language == "en" else aliases.word_title(word, self.language)

    def table(self, name: str) -> str:
        """Return how a table is announced: by its name, and its title if that is another."""
        if self.language == "en":
            return name
        return f"{aliases.table_titles(name, self.language)[0]} (`{name}.csv`)"

    def others(self, table: str, name: str) -> list[str]:
        """Return by which other headings a column goes, those of the language first."""
        order = sorted(LANGUAGES, key=lambda language: language != self.language)
        every = [name, *(h for language in order for h in aliases.headings(table, name, language))]
        own = heading_key(self.column(table, name))
        by_key = {heading_key(heading): heading for heading in reversed(every)}
        return [h for h in dict.fromkeys(every) if by_key[heading_key(h)] == h != by_key.get(own)]


def dictionary(words: Wording | None = None) -> str:
    """Return the dictionary as Markdown: for each table its name, key, and a row per column.

    It is in the language of ``words``, by default in English.
    """
    spoken = words or Wording("en")
    names = Names(spoken.language)
    return "\n\n".join(_table(schema, spoken.gettext, names) for schema in SCHEMAS.values())


def _table(schema: pa.DataFrameSchema, _: Translate, names: Names) -> str:
    table = str(schema.name)
    key = " + ".join(f"`{names.column(table, name)}`" for name in schema.metadata["key"])
    known_by = _("A row is known by {key}.").format(key=key)
    about = f"{_(schema.description)} {known_by}"
    heading = [_line(map(_, HEADINGS)), _line("---" for _name in HEADINGS)]
    rows = (_row(table, column, _, names) for column in schema.columns.values())
    return "\n".join([f"### {names.table(table)}", "", about, "", *heading, *rows])


def _row(table: str, column: pa.Column, _: Translate, names: Names) -> str:
    name = str(column.name)
    kind = _(KINDS[column.metadata["kind"]])
    required = _("yes") if column.required else ""
    allowed = "; ".join(_allowed(column, _, names))
    others = ", ".join(names.others(table, name))
    about = _(column.description)
    cells = (f"`{names.column(table, name)}`", kind, required, allowed, about, others)
    return _line(cell.replace("|", "\\|") for cell in cells)


def meaning(column: pa.Column, words: Wording) -> str:
    """Return what a column means, holds and admits, in lines for a note on its heading."""
    _, names = words.gettext, Names(words.language)
    kind = _(KINDS[column.metadata["kind"]])
    required = [_("required")] if column.required else []
    allowed = (text.replace("`", "") for text in _allowed(column, _, names))
    return "\n".join([_(column.description), kind, *required, *allowed])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _allowed(column: pa.Column, _: Translate, names: Names) -> Iterator[str]:
    about = column.metadata
    if words := about.get("allowed"):
        yield ", ".join(f"`{names.value(word)}`" for word in words)
    if vocabulary := about.get("vocabulary"):
        yield _(LISTS[vocabulary])
    if about.get("high") is not None:
        yield _("{low} to {high}").format(low=f"{about['low']:g}", high=f"{about['high']:g}")
    elif about.get("low") is not None:
        yield _("{low} or more").format(low=f"{about['low']:g}")
    if column.unique:
        yield _("once only")
    if about.get("planned"):
        yield _("may lie ahead")
