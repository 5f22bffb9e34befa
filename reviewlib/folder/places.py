"""Where the tables of an engagement folder stand: in files of their own, or in sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reviewlib import progress
from reviewlib.contract.loading import FILE
from reviewlib.contract.sheet import is_contract
from reviewlib.faults import UNREADABLE, Fault, Faults, meant_by
from reviewlib.folder.workbooks import heading_of
from reviewlib.report.text import LANGUAGES, N_, Message, n_
from reviewlib.sheets.opening import ENDINGS, OTHER, OTHERS, SAVE_AS, sheets
from reviewlib.sheets.xlsx import WorkbookSheet
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import table_of, table_titles
from reviewlib.tables.folding import folded

TEXTS = (".csv", ".parquet")
TABULAR = (*TEXTS, ".tsv", *ENDINGS, *OTHERS)

LISTS = "lists"
"""The hidden sheet of a workbook of ours, of what its cells can be chosen from."""

NEITHER = N_("is neither a CSV nor a Parquet file, nor an Excel workbook")
SAVE_CSV, SAVE_TABLE = N_("Save it as {file}."), N_("Save its table as CSV.")
NO_TABLE_OF_A_REVIEW = N_("is not a table of a review")
SAME, KEEP_ONE = N_("is the same table as {file}"), N_("Keep one of them.")
NO_SHEET = N_("holds no visible sheet with cells")
SEVERAL = N_("holds several sheets that may be the table “{table}”: {sheets}")
NAME_ONE = N_("Name the one that it is “{table}”, or take the others out.")
NO_TABLE = N_("no sheet of it is named as a table of a review: {sheets}")
NAME_SHEETS = N_("Name each sheet as its table: {tables}.")
NAME_SHEET = N_("If “{sheet}” is the table “{table}”, name it that, and nothing more.")
HIDDEN = n_("{n} hidden sheet is not read: {sheets}", "{n} hidden sheets are not read: {sheets}")
UNUSED = n_(
    "{n} sheet is no table of a review and is not read: {sheets}",
    "{n} sheets are no tables of a review and are not read: {sheets}",
)
CONTRACT_UNREAD = N_("the sheet “{sheet}” is not read: {file} states the contract")
CHOSEN = N_("the table is taken from the sheet “{sheet}”")


@dataclass(frozen=True)
class Place:
    """Where a table stands: its file, or a sheet of it, which was read with its file's hash."""

    file: str
    sheet: WorkbookSheet | None = None
    sha256: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it is a sheet of ours that holds a heading and nothing else."""
        if self.sheet is None or self.sheet.unvalued:
            return False
        return all(column.rows == [1] for column in self.sheet.columns.values())

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.file} ({self.sheet.name})" if self.sheet else self.file


@dataclass
class Places:
    """The place of each table, the files not understood, and what is to be said of files."""

    tables: dict[str, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[tuple[str, Message]] = field(default_factory=list)

    def add(self, table: str, place: Place) -> None:
        """Add the place of a table; one with a heading alone is none where there is another."""
        if table in self.tables and self.tables[table].is_blank:
            self.tables[table] = place
        elif table in self.tables and place.is_blank:
            return
        elif table in self.tables:
            message = SAME(file=self.tables[table].name)
            self.faults.append(Fault(place.name, message, KEEP_ONE))
        else:
            self.tables[table] = place

    def in_order(self) -> dict[str, Place]:
        """Return the places in the order of the schemas."""
        return {name: self.tables[name] for name in SCHEMAS if name in self.tables}


def places(path: Path) -> Places:
    """Return where the tables of a folder stand.

    What can't be taken for a table (a PDF, a note) may lie in the folder.
    """
    made = Places()
    for name in sorted(p.name for p in path.iterdir() if p.is_file()):
        stem, ending = Path(name).stem, Path(name).suffix.lower()
        if name.startswith((".", "~")) or (ending not in TABULAR and stem not in SCHEMAS):
            continue
        if ending in ENDINGS:
            _add_workbook(made, path / name)
        elif ending in OTHERS:
            made.faults.append(Fault(name, OTHER, SAVE_AS))
        elif ending not in TEXTS:
            remedy = SAVE_CSV(file=f"{stem}.csv") if stem in SCHEMAS else SAVE_TABLE
            made.faults.append(Fault(name, NEITHER, remedy))
        elif (table := table_of(stem)) is None:
            made.faults.append(Fault(name, NO_TABLE_OF_A_REVIEW, meant_by(stem, SCHEMAS)))
        else:
            made.add(table, Place(name))
    return made


def _add_workbook(made: Places, path: Path) -> None:
    """Add the tables of a workbook: the one that its file is named by, else those of its sheets."""
    own = table_of(path.stem)
    progress.at(path.name)
    try:
        content = path.read_bytes()
        every = sheets(path.name, content, lambda name: bool(own or table_of(name)))
        named = {table_of(sheet.name) for sheet in every if not sheet.hidden} - {None}
        alone = "" if named - {own} else own  # the one table of the file
        chosen = _of_file(path.name, alone, every) if alone else _of_sheets(path.name, every)
    except OSError as error:
        made.faults.append(Fault(path.name, UNREADABLE(reason=error.strerror)))
        return
    except Faults as error:
        made.faults += error.faults
        return
    if own and own not in named and not alone:  # its sheet stands beside those of other tables
        fitting = _holding(own, [sheet for sheet in every if not _has_name(sheet.name)])
        if len(fitting) == 1:
            chosen.append((own, fitting[0]))
            made.remarks.append((path.name, CHOSEN(sheet=fitting[0].name)))
    for table, sheet in chosen:
        made.add(table, Place(path.name, sheet, hashlib.sha256(content).hexdigest()))
    sentences = _of_book(every, [sheet for _, sheet in chosen], named=not alone)
    made.remarks += [(path.name, sentence) for sentence in sentences]
    for sheet in every if (path.parent / FILE).exists() else ():
        if not alone and is_contract(sheet.name) and not sheet.hidden:
            made.remarks.append((path.name, CONTRACT_UNREAD(sheet=sheet.name, file=FILE)))


def _of_sheets(file: str, every: list[WorkbookSheet]) -> list[tuple[str, WorkbookSheet]]:
    """Return the tables that visible sheets are named by. Raises Faults where none is."""
    visible = [sheet for sheet in every if not sheet.hidden]
    named = [(table_of(sheet.name), sheet) for sheet in visible]
    chosen = [(table, sheet) for table, sheet in named if table]
    if not chosen and not any(is_contract(sheet.name) for sheet in visible):
        names = [sheet.name for sheet in visible]
        meant = [(name, table) for name in names for table in SCHEMAS if _is_in(table, name)]
        remedy = NAME_SHEETS(tables=", ".join(SCHEMAS))
        if meant:
            remedy = NAME_SHEET(sheet=meant[0][0], table=meant[0][1])
        raise Faults([Fault(file, NO_TABLE(sheets=", ".join(names)), remedy)])
    return [(table, sheet) for table, sheet in chosen if sheet.columns or sheet.unvalued]


def _is_in(table: str, name: str) -> bool:
    """Whether the name of a sheet holds a name of a table, among other words."""
    titles = (title for language in LANGUAGES for title in table_titles(table, language))
    return any(f" {folded(title)} " in f" {folded(name)} " for title in (table, *titles))


def _of_file(file: str, table: str, every: list[WorkbookSheet]) -> list[tuple[str, WorkbookSheet]]:
    """Return the sheet of a file that is named as a table: the only one, or the one so named.

    Else the only one of which a row names all the columns that the table must have.
    """
    filled = [s for s in every if not s.hidden and (s.columns or s.unvalued)]
    if not filled:
        raise Faults([Fault(file, NO_SHEET)])
    named = [sheet for sheet in filled if table_of(sheet.name) == table]
    holding = _holding(table, filled)
    for fitting in (filled, named, holding):
        if len(fitting) == 1:
            return [(table, fitting[0])]
    names = ", ".join(sheet.name for sheet in holding or filled)
    raise Faults([Fault(file, SEVERAL(table=table, sheets=names), NAME_ONE(table=table))])


def _holding(table: str, every: list[WorkbookSheet]) -> list[WorkbookSheet]:
    """Return the visible sheets of which a row names all the columns that a table must have."""
    schema = SCHEMAS[table]
    required = {name for name, about in schema.columns.items() if about.required}
    return [s for s in every if not s.hidden and heading_of(s, schema)[1] >= required]


def _of_book(
    every: list[WorkbookSheet], chosen: list[WorkbookSheet], *, named: bool
) -> Iterator[Message]:
    """Yield what is to be said of the sheets of a workbook that are not read, or chosen of others.

    ``named``: whether sheets are chosen by their names.
    """
    hidden = [sheet.name for sheet in every if sheet.hidden and sheet.name != LISTS]
    read = {id(sheet) for sheet in chosen}
    others = [
        sheet.name
        for sheet in every
        if not sheet.hidden and id(sheet) not in read and not (named and _has_name(sheet.name))
    ]
    if hidden:
        yield HIDDEN(n=len(hidden), sheets=", ".join(hidden))
    if others and not named:
        yield CHOSEN(sheet=chosen[0].name)
    elif others:
        yield UNUSED(n=len(others), sheets=", ".join(others))


def _has_name(name: str) -> bool:
    return bool(table_of(name)) or is_contract(name)
