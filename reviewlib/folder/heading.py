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
from reviewlib.tables.aliases import column_of, columns_by_key, heading_key, is_title, title
from reviewlib.tables.columns import KEY_JOIN
from reviewlib.tables.folding import folded
from reviewlib.tables.rules import BETWEEN

MISSING, ADD = N_("the column is missing"), N_("Add it: {about}.")
SEVERAL = N_("several columns are read as {name}: {headings:commas}")
RENAME_OTHERS = N_("Rename those that are not meant.")
RENAME = N_("Rename the column {old:quoted} to {new:quoted}.")
MISSPELT = 0.85  # so like a column of ours that a name must be meant for it
LIKE_ALIAS, ALIAS_MEANT = 0.92, 0.75  # of many headings more are near: Délai, Date de clôture


@dataclass(frozen=True)
class Columns:
    """What a heading names.

    ``cells``: the columns of the schema, of texts without missing ones or of Arrow types, each in
    the contract's language; ``headings``: the heading of each as it stands in the file;
    ``translated``: those with translations; ``unused``: the others that hold something.
    """

    cells: pd.DataFrame
    headings: Mapping[str, str]
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
    headings = [plain_name(name) or f"#{number}" for number, name in enumerate(raw, start=1)]
    named, faults = _named(headings, raw, schema, file)
    stripped = {
        name: _stripped(raw.iloc[:, place], name, schema, reading) for name, place in named.items()
    }
    cells, translated = in_own_language(stripped, schema, reading.language)
    own = {name: cells[name] for name in schema.columns if name in cells}
    others = [name for name in cells if name not in own]
    unused = tuple(name for name in others if typed.filled(cells[name]).any())
    shown = {name: headings[named[name]] for name in own}
    faults += _missing(schema, shown, others, (file, reading.language))
    return Columns(pd.DataFrame(own, index=raw.index), shown, translated, unused, tuple(faults))


def _named(
    headings: list[str], raw: pd.DataFrame, schema: pa.DataFrameSchema, file: str
) -> tuple[dict[str, int], list[Fault]]:
    """Return the place of each column by its name, and what is named by two headings.

    The name of a column goes before its title, and that before the other headings by which it
    goes, of which only one may hold something; one with nothing under it goes after all of them. A
    heading that names no column is its own name.
    """
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        places.setdefault(column_of(heading, schema) or heading, []).append(place)
    named, faults = {}, []
    for name, alike in places.items():
        held = [place for place in alike if typed.filled(raw.iloc[:, place]).any()]
        first, *more = _best(name, held or alike, headings, schema)
        if more and name_without_language(name) in schema.columns:
            filled = [place for place in (first, *more) if typed.filled(raw.iloc[:, place]).any()]
            first = filled[0] if filled else first
            if len(filled) > 1 or headings[first].casefold() == name:
                faults.append(_twice(name, [headings[place] for place in (first, *more)], file))
        named[name] = first
        for place in set(alike) - {first, *more}:
            named.setdefault(headings[place], place)
    return named, faults


def _best(
    name: str, places: list[int], headings: list[str], schema: pa.DataFrameSchema
) -> list[int]:
    """Return the places of those headings that name a column best."""

    def rank(place: int) -> int:
        if headings[place].casefold() == name:
            return 0
        return 1 if is_title(headings[place], str(schema.name), name) else 2

    return [place for place in places if rank(place) == min(map(rank, places))]


def _twice(name: str, headings: list[str], file: str) -> Fault:
    if len({folded(heading) for heading in headings}) == 1:
        return Fault(file, N_("the column stands twice"), row=1, column=headings[0])
    message = SEVERAL(name=name, headings=headings)
    return Fault(file, message, RENAME_OTHERS, row=1, column=headings[0])


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
    schema: pa.DataFrameSchema,
    headings: Mapping[str, str],
    others: list[str],
    place: tuple[str, str],
) -> Iterator[Fault]:
    """Yield a fault for each column that a file lacks; ``place``: the file and its language."""
    file, language = place
    for name in [str(name) for name in schema.columns if name not in headings]:
        column = schema.columns[name]
        meant = _meant(name, others, schema)
        if column.required or meant:
            wanted = heading_for(name, str(schema.name), headings, language)
            add = ADD(about=Message(str(column.description)))
            remedy = RENAME(old=meant, new=wanted) if meant else add
            yield Fault(file, MISSING, remedy, row=1, column=wanted)


def heading_for(name: str, table: str, headings: Mapping[str, str], language: str) -> str:
    """Return the heading to write for a column beside others: its name, or its title."""
    titled = any(folded(heading) != folded(other) for other, heading in headings.items())
    return title(table, name, language) if titled else name


def _meant(name: str, others: list[str], schema: pa.DataFrameSchema) -> str | None:
    """Return the column of the file that is nearest to a missing one; None where none is near."""
    required, by_key = schema.columns[name].required, {heading_key(o): o for o in others}
    if near := nearest(heading_key(name), by_key, 0.6 if required else MISSPELT):
        return by_key[near]
    keys = [key for key, column in columns_by_key(schema).items() if column == name]
    near_ones = (nearest(key, by_key, ALIAS_MEANT if required else LIKE_ALIAS) for key in keys)
    return next((by_key[near] for near in near_ones if near), None)


def as_headed(reasons: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    """Return located issues of a table with its columns by the headings of its file."""
    if reasons.empty or all(name == heading for name, heading in headings.items()):
        return reasons

    def in_file(names: str) -> str:
        return KEY_JOIN.join(headings.get(name, name) for name in names.split(KEY_JOIN))

    beside = reasons["rule"].isin(BETWEEN)  # of which what is allowed is another column
    allowed = reasons["allowed"].where(~beside, reasons["allowed"].map(lambda n: in_file(str(n))))
    return reasons.assign(column=reasons["column"].map(in_file), allowed=allowed)


def remark_as_headed(sentence: Message, headings: Mapping[str, str]) -> Message:
    """Return a sentence on columns that names them by the headings of their file."""
    named = {field: value for field, value in sentence.values if field in ("column", "other")}
    return sentence(**{field: headings.get(name, name) for field, name in named.items()})
