"""What an import brings, merged with what a folder has: new, changed, unchanged, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Faults
from reviewlib.folder.heading import RENAME_OTHERS, SEVERAL
from reviewlib.folder.importers.canonical import in_one_form
from reviewlib.folder.places import places
from reviewlib.folder.reading import SEPARATORS, raw_table
from reviewlib.report.text import N_
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import column_of, columns_by_key
from reviewlib.tables.totals import ALONE

OTHER_FILE = N_("is the table {table} of the folder, and an import adds to {table}.csv")
OTHER_CASE = N_("is the table {table} of the folder under a name in other letters")
RENAME = N_("Rename it to {table}.csv.")
SAVE_AS = N_("Save it as {table}.csv, and take it out of where it is.")
NO_SIGN = N_("is declared to be in {encoding}, which does not have the sign “{sign}” of the export")
DECLARE_UTF8 = N_("Save it in UTF-8, and declare {key}: utf-8, in engagement.yml.")
BOM = b"\xef\xbb\xbf"
CHUNK = 250_000  # rows that are written at a time
UNIT, APART = "\x1f", "\x1e"  # between the parts of a key, of which no text has one


@dataclass(frozen=True)
class Present:
    """A table as it stands in a folder: its cells by column, the heading of each, its form."""

    cells: pd.DataFrame
    headings: Mapping[str, str] = field(default_factory=dict)
    separator: str = ","
    mark: bytes = b""


@dataclass(frozen=True)
class Merged:
    """A table after an import. ``rest``: the rows of the folder that the import did not bring."""

    cells: pd.DataFrame
    new: int
    changed: int
    unchanged: int
    rest: int


def present_table(folder: Path, table: str, written: Format) -> Present | None:
    """Return a table of a folder, its cells in the form of an import; None where there is none.

    Raises Faults.
    """
    path = folder / f"{table}.csv"
    place = places(folder).tables.get(table) if folder.is_dir() else None
    if place and place.file != path.name and not place.is_blank:
        cased = place.file.casefold() == path.name.casefold()
        message = OTHER_CASE(table=table) if cased else OTHER_FILE(table=table)
        remedy = RENAME(table=table) if cased else SAVE_AS(table=table)
        raise Faults([Fault(place.name, message, remedy)])
    if not path.is_file():
        return None
    content = path.read_bytes()
    raw = raw_table(path.name, content, written, columns_by_key(SCHEMAS[table])).cells
    names = _names(path.name, [str(name) for name in raw], SCHEMAS[table])
    cells = raw.set_axis(names, axis="columns").astype("str").fillna("")
    cells = cells.apply(lambda column: column.str.strip()).reset_index(drop=True)
    headings = dict(zip(names, map(str, raw), strict=True))
    first = content.removeprefix(BOM).split(b"\n", 1)[0].decode("utf-8", errors="replace")
    separator = str(written.separator or "") or max(SEPARATORS, key=first.count)
    cells = in_one_form(cells, table, written)
    return Present(cells, headings, separator, BOM if content.startswith(BOM) else b"")


def _names(file: str, headings: list[str], schema: pa.DataFrameSchema) -> list[str]:
    """Return the name of each column, no two alike; blank headings and unused ones may repeat."""
    names = [column_of(heading, schema) or heading for heading in headings]
    for name in names:
        if name in schema.columns and names.count(name) > 1:
            these = [h for h, other in zip(headings, names, strict=True) if other == name]
            message = SEVERAL(name=name, headings=these)
            raise Faults([Fault(file, message, RENAME_OTHERS, row=1, column=these[0])])
    return [
        f"{name}{APART}{place}" if name in names[:place] or not name.strip() else name
        for place, name in enumerate(names)
    ]


def merged(present: pd.DataFrame, brought: pd.DataFrame, table: str) -> Merged:
    """Return a table with what an import brings.

    A row is known by the key of its table, a second one with the same key by its place among
    them, one without a key by its name where that is total, else by all that it holds in the
    columns that the table had before. Of a row that was there only the columns that
    the import has are replaced.
    """
    columns = [str(name) for name in brought]
    names = [*present.columns, *(name for name in columns if name not in present)]
    if present.empty:
        return Merged(_with(brought, names), len(brought), 0, 0, 0)
    before = _with(present, names)
    both = [name for name in columns if name in present] or columns
    theirs, ours = _identity(before, table, both), _identity(brought, table, both)
    standing = theirs.get_indexer(ours)  # where each row of the import stands in the folder
    there = standing >= 0
    at = standing[there]
    source = np.full(len(before), -1)
    source[at] = np.flatnonzero(there)
    differs = np.zeros(len(at), "bool")
    after = {name: before[name] for name in names}
    for name in columns:
        new = brought[name].array
        differs |= np.asarray(before[name].array.take(at) != new[there], "bool")
        aligned = pd.Series(new.take(source, allow_fill=True), before.index)
        after[name] = before[name].where(source < 0, aligned)
    added = _with(brought[~there], names)
    cells = pd.concat([pd.DataFrame(after), added], ignore_index=True)
    changed = int(differs.sum())
    return Merged(cells, len(added), changed, len(at) - changed, len(before) - len(at))


def _with(cells: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return cells in some columns, empty in those that they lack."""
    return cells.reindex(columns=names, fill_value="").astype("str")


def _identity(cells: pd.DataFrame, table: str, columns: list[str]) -> pd.Index:
    """Return what each row is known by, no two alike."""
    schema = SCHEMAS[table]
    key = [*schema.metadata["key"]]
    needed = [name for name in key if schema.columns[name].required]
    cells = cells.reindex(columns=[*dict.fromkeys((*key, *columns))], fill_value="")
    whole = (cells[needed] == "").any(axis="columns").to_numpy()
    identity = _joined(cells, key)
    if whole.any():
        keyless = cells.loc[whole, columns]
        named = keyless.apply(lambda texts: texts.str.fullmatch(ALONE, flags=re.I).astype("bool"))
        total = named.any(axis="columns")
        keyless[total] = keyless[total].where(named[total], "")
        identity[whole] = APART + _joined(keyless, columns)
    if identity.duplicated().any():
        place = identity.groupby(identity, sort=False).cumcount()
        again = (place > 0).to_numpy()
        identity[again] = identity[again] + APART + place[again].astype("str")
    return pd.Index(identity)


def _joined(cells: pd.DataFrame, names: list[str]) -> pd.Series:
    joined: pd.Series = cells[names[0]].copy()
    for name in names[1:]:
        joined = joined + UNIT + cells[name]
    return joined


def in_words_settled(
    present: pd.DataFrame, table: str, values: Mapping[str, Mapping[str, str | None]]
) -> pd.DataFrame:
    """Return a table with the words of its key that the mapping gives others by now.

    They were open at an earlier import: else its rows would stand there under both words.
    """
    key = [name for name in SCHEMAS[table].metadata["key"] if name in present and name in values]
    made = {}
    for name in key:
        settled = {word: meant for word, meant in values[name].items() if meant}
        settled = {word: meant for word, meant in settled.items() if word not in settled.values()}
        made[name] = present[name].replace(settled)
    return present.assign(**made) if made else present


def repeated(brought: pd.DataFrame, table: str) -> int:
    """Return how many rows of an export bear the key of an earlier one."""
    key = [name for name in SCHEMAS[table].metadata["key"] if name in brought]
    return int((brought.duplicated(key) & (brought[key[0]] != "")).sum())


def csv_bytes(cells: pd.DataFrame, present: Present | None, separator: str, mark: bytes) -> bytes:
    """Return a table as a CSV file in UTF-8, in the form that it had, else in the one given."""
    headings = present.headings if present else {}
    if present:
        separator, mark = present.separator, present.mark
    names = pd.Series([headings.get(str(name), str(name)) for name in cells], dtype="str")
    parts = [mark, separator.join(_enclosed(names, separator).to_list()).encode(), b"\n"]
    for start in range(0, len(cells), CHUNK):
        parts.append(_lines(cells.iloc[start : start + CHUNK], separator))
    return b"".join(parts)


def in_encoding(content: bytes, written: Format, table: str) -> bytes:
    """Return a CSV file in UTF-8 in the encoding that the contract declares. Raises Faults."""
    if written.encoding in (None, "utf-8"):
        return content
    text = content.removeprefix(BOM).decode("utf-8")
    try:
        return text.encode(written.encoding)
    except UnicodeEncodeError as error:
        message = NO_SIGN(encoding=written.encoding, sign=text[error.start])
        remedy = DECLARE_UTF8(key=f"data.formats.{table}.encoding")
        raise Faults([Fault(f"{table}.csv", message, remedy)]) from None


def _lines(cells: pd.DataFrame, separator: str) -> bytes:
    """Return rows as lines of a CSV file, joined by Arrow: a million take a second."""
    import pyarrow
    import pyarrow.compute as pc

    columns = [_arrow_text(_enclosed(cells[name], separator)) for name in cells]
    lines = pc.binary_join_element_wise(*columns, pyarrow.scalar(separator, pyarrow.large_string()))
    offsets = pyarrow.array([0, len(lines)], pyarrow.int32())
    whole = pyarrow.ListArray.from_arrays(offsets, lines)
    text: Any = pc.binary_join(whole, pyarrow.scalar("\n", pyarrow.large_string()))[0]
    return bytes(text.as_buffer()) + b"\n"


def _arrow_text(column: pd.Series) -> Any:
    import pyarrow

    array = pyarrow.array(column.array, pyarrow.large_string())
    return array.combine_chunks() if isinstance(array, pyarrow.ChunkedArray) else array


def _enclosed(texts: pd.Series, separator: str) -> pd.Series:
    """Return texts with those between double quotes that a CSV file can't hold as they are."""
    special = texts.str.contains(f'["\r\n{separator}]', regex=True)
    if not special.any():
        return texts
    quoted = '"' + texts[special].str.replace('"', '""', regex=False) + '"'
    return texts.mask(special, quoted.reindex(texts.index))
