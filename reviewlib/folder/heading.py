"""The columns of a raw table told apart by its heading: those of the schema, those not used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from reviewlib.faults import Fault, nearest
from reviewlib.folder import typed
from reviewlib.folder.reading import Reading, plain_name
from reviewlib.folder.translations import Translated, in_own_language, name_without_language
from reviewlib.report.text import N_, Message

MISSING, ADD = N_("the column is missing"), N_("Add it: {about}.")
RENAME = N_("Rename the column {old:quoted} to {new:quoted}.")
MISSPELT = 0.85  # so like a column of ours that a name must be meant for it


@dataclass(frozen=True)
class Columns:
    """What a heading names.

    ``cells``: the columns of the schema, of texts without missing ones or of Arrow types, each in
    the contract's language; ``translated``: those with translations; ``unused``: the others that
    hold something.
    """

    cells: pd.DataFrame
    translated: Mapping[str, Translated]
    unused: tuple[str, ...]
    faults: tuple[Fault, ...]

    def quoted(self, language: str) -> dict[str, pd.Series]:
        """Return the columns with translations, of ``Quoted`` in a language; NaN for no text."""
        return {name: column.quoted(language) for name, column in self.translated.items()}


def columns_of(
    raw: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> Columns:
    """Return the columns of a raw table, and the faults of its heading."""
    names = [plain_name(name) or f"#{number}" for number, name in enumerate(raw, start=1)]
    stripped: dict[str, pd.Series] = {}
    faults = []
    for place, name in enumerate(names):
        if name not in stripped:
            stripped[name] = _stripped(raw.iloc[:, place], name, schema, reading)
        elif name in schema.columns:
            faults.append(Fault(file, N_("the column stands twice"), row=1, column=name))
    cells, translated = in_own_language(stripped, schema, reading.language)
    named = {name: cells[name] for name in schema.columns if name in cells}
    others = [name for name in cells if name not in named]
    unused = tuple(name for name in others if typed.filled(cells[name]).any())
    faults += _missing(schema, [*named], others, file)
    return Columns(pd.DataFrame(named, index=raw.index), translated, unused, tuple(faults))


def _stripped(
    column: pd.Series, name: str, schema: pa.DataFrameSchema, reading: Reading
) -> pd.Series:
    """Return a column with text stripped, and empty where a declared word says "missing"."""
    about = schema.columns.get(name_without_language(name))
    plain = typed.plain(column, about.metadata["kind"] if about else "")
    if not typed.is_text(plain):
        return plain
    texts = plain.str.strip()
    if not reading.written.missing:
        return texts
    return texts.mask(texts.isin([*reading.written.missing]), "")


def _missing(
    schema: pa.DataFrameSchema, named: list[str], others: list[str], file: str
) -> Iterator[Fault]:
    for name in [name for name in schema.columns if name not in named]:
        column = schema.columns[name]
        meant = nearest(name, others, 0.6 if column.required else MISSPELT)
        if column.required or meant:
            add = ADD(about=Message(str(column.description)))
            remedy = RENAME(old=meant, new=name) if meant else add
            yield Fault(file, MISSING, remedy, row=1, column=name)
