"""The column dictionary: every table and column in plain words, drawn from the schemas."""

from __future__ import annotations

from collections.abc import Iterator

import pandera.pandas as pa

from reviewlib.tables import SCHEMAS
from reviewlib.tables.rules import KINDS

WORDS = {"text": "text", "choice": "one of a few words"} | KINDS
HEADING = "| column | holds | required | allowed | meaning |\n| --- | --- | --- | --- | --- |"


def dictionary() -> str:
    """Return the dictionary as Markdown: for each table its name, key, and a row per column."""
    return "\n\n".join(_table(schema) for schema in SCHEMAS.values())


def _table(schema: pa.DataFrameSchema) -> str:
    key = " + ".join(f"`{name}`" for name in schema.metadata["key"])
    rows = (_row(str(name), column) for name, column in schema.columns.items())
    about = f"{schema.description} A row is known by {key}."
    return "\n".join([f"### {schema.name}", "", about, "", HEADING, *rows])


def _row(name: str, column: pa.Column) -> str:
    kind = WORDS[column.metadata["kind"]]
    required = "yes" if column.required else ""
    allowed = "; ".join(_allowed(column))
    cells = (f"`{name}`", kind, required, allowed, str(column.description))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _allowed(column: pa.Column) -> Iterator[str]:
    about = column.metadata
    if words := about.get("allowed"):
        yield ", ".join(f"`{word}`" for word in words)
    if vocabulary := about.get("vocabulary"):
        yield f"the {vocabulary} of the contract"
    if about.get("low") is not None:
        yield f"{about['low']:g} or more"
    if column.unique:
        yield "once only"
    if about.get("planned"):
        yield "may lie ahead"
