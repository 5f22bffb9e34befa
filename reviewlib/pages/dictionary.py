"""The column dictionary: every table and column in plain words, drawn from the schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandera.pandas as pa

from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_, Message
from reviewlib.tables import SCHEMAS
from reviewlib.tables.rules import KINDS

HEADINGS = (N_("column"), N_("holds"), N_("required"), N_("allowed"), N_("meaning"))
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


def dictionary(words: Wording | None = None) -> str:
    """Return the dictionary as Markdown: for each table its name, key, and a row per column.

    It is in the language of ``words``, by default in English.
    """
    _ = (words or Wording("en")).gettext
    return "\n\n".join(_table(schema, _) for schema in SCHEMAS.values())


def _table(schema: pa.DataFrameSchema, _: Translate) -> str:
    key = " + ".join(f"`{name}`" for name in schema.metadata["key"])
    rows = (_row(str(name), column, _) for name, column in schema.columns.items())
    known_by = _("A row is known by {key}.").format(key=key)
    about = f"{_(schema.description)} {known_by}"
    heading = [_line(map(_, HEADINGS)), _line("---" for _name in HEADINGS)]
    return "\n".join([f"### {schema.name}", "", about, "", *heading, *rows])


def _row(name: str, column: pa.Column, _: Translate) -> str:
    kind = _(KINDS[column.metadata["kind"]])
    required = _("yes") if column.required else ""
    allowed = "; ".join(_allowed(column, _))
    cells = (f"`{name}`", kind, required, allowed, _(column.description))
    return _line(cell.replace("|", "\\|") for cell in cells)


def _line(cells: Iterator[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _allowed(column: pa.Column, _: Translate) -> Iterator[str]:
    about = column.metadata
    if words := about.get("allowed"):
        yield ", ".join(f"`{word}`" for word in words)
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
