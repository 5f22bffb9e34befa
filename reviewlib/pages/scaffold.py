"""An engagement folder laid out ready to fill: the contract, a heading per table, the columns."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from reviewlib.contract.loading import FILE, load_data_section
from reviewlib.contract.source import contract_path, read_contract
from reviewlib.faults import Faults, ReviewError, nearest
from reviewlib.files import resource
from reviewlib.folder.notes import EXPLAINED, NOTES
from reviewlib.pages import blank_workbook
from reviewlib.pages.dictionary import Names, dictionary
from reviewlib.pages.wording import Wording
from reviewlib.report.text import LANGUAGES, N_, Language
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import table_of, table_titles

COLUMNS = "COLUMNS.md"
BOM = "\ufeff"  # so that a spreadsheet reads accents as they are
FIRST = ("milestones", "budget", "tickets", "survey_answers")
"""The tables that a first report needs: the others are added one by one, or all at once."""

SEPARATORS: dict[str, str] = {"fr": ";", "en": ","}
ABOUT = N_(
    "A CSV file for each table; every one is optional. `reviewlib new FOLDER --table NAME` adds "
    "one to this folder. Columns and values are read by the names that stand here, in French or in "
    "English, whatever their case and accents; what is no required column may be taken out."
)
SHEETS = N_(
    "A sheet for each table in engagement.xlsx; every one is optional. A table may also be a file "
    "of its own, .xlsx or .csv, that bears its name. Columns and values are read by the names that "
    "stand here, in French or in English, whatever their case and accents; what is no required "
    "column may be taken out."
)
NO_FOLDER = N_("“{folder}” has no engagement.yml. Lay it out first: reviewlib new {folder}")
NO_TABLE = N_("“{name}” is no table of a review: they stand in {file}.")
NEAR_TABLE = N_("“{name}” is no table of a review. Did you mean {near}?")
THERE = N_("{file} is there already, and is left as it is. Nothing was written.")
NOT_EMPTY = N_("“{folder}” exists already and is not empty. Give another folder.")
NOT_MADE = N_("“{folder}” cannot be made: {reason}.")
MORE = N_("More tables, of those in {file}: reviewlib new {path} --table NAME")
NEXT = N_("Fill in {folder}, then: reviewlib check {path}")


def lay_out(
    folder: Path, language: str, tables: Collection[str] = FIRST, *, workbook: bool = False
) -> list[Path]:
    """Make an engagement folder; return its files. Raises ReviewError where one stands already.

    ``workbook``: contract and tables are sheets of one workbook of Excel's.
    """
    spoken = _language(language)
    contents, wording = _contents(spoken, tables, workbook), Wording(spoken)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ReviewError(wording.say(NOT_EMPTY(folder=str(folder))))
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as scratch:
            made = Path(scratch) / "engagement"
            for name, content in contents.items():
                (made / name).parent.mkdir(exist_ok=True)
                (made / name).write_bytes(content)
            os.replace(made, folder)
    except OSError as error:
        raise _not_made(folder, error, wording) from None
    return [folder / name for name in contents]


def add_tables(folder: Path, named: Sequence[str], language: str = "") -> list[Path]:
    """Add tables to a folder that has a contract, by their names or titles; return their files.

    They are in the contract's language unless another is given, separated as it declares. Nothing
    is written over: raises ReviewError where one of them is there already.
    """
    spoken = _language(language or _language_of(folder))
    wording = Wording(spoken)
    if not contract_path(folder).is_file():
        raise ReviewError(wording.say(NO_FOLDER(folder=str(folder))))
    tables = [_table(name, wording) for name in dict.fromkeys(named)]
    for path in folder.iterdir():
        if table_of(path.stem) in tables and path.suffix.lower() in (".csv", ".parquet", ".xlsx"):
            raise ReviewError(wording.say(THERE(file=path.name)))
    written = load_data_section(folder)
    files = []
    for name in dict.fromkeys(tables):
        path = folder / f"{name}.csv"
        separator = written.format_of(name).separator or SEPARATORS[spoken]
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(_heading(name, spoken, separator))
        except OSError as error:
            raise _not_made(path, error, wording) from None
        files.append(path)
    return files


def _not_made(path: Path, error: OSError, wording: Wording) -> ReviewError:
    return ReviewError(wording.say(NOT_MADE(folder=str(path), reason=str(error.strerror))))


def next_steps(folder: Path, language: str, quoted: str) -> list[str]:
    """Return what to do with a folder that was laid out; ``quoted``: its path for a shell."""
    wording = Wording(_language(language))
    steps = MORE(path=quoted, file=COLUMNS), NEXT(folder=str(folder), path=quoted)
    return [wording.say(step) for step in steps]


def _language(language: str) -> Language:
    for spoken in LANGUAGES:
        if language == spoken:
            return spoken
    raise ReviewError(f"language {language!r}: allowed are {' and '.join(LANGUAGES)}.")


def _language_of(folder: Path) -> str:
    """Return the language of a contract, English where it states none that there is."""
    try:
        stated = read_contract(folder).values.get("language")
    except Faults:  # check names them; a table is added to any contract
        return "en"
    return str(stated) if stated in LANGUAGES else "en"


def _table(name: str, wording: Wording) -> str:
    table = table_of(Path(name).stem if name.lower().endswith(".csv") else name)
    if table is None:
        titles = [title for one in SCHEMAS for title in table_titles(one, wording.language)]
        near = nearest(name, [*SCHEMAS, *titles])
        sentence = NEAR_TABLE(near=near) if near else NO_TABLE(file=COLUMNS)
        raise ReviewError(wording.say(sentence(name=name)))
    return table


def _heading(table: str, language: Language, separator: str) -> str:
    names = Names(language)
    columns = (names.column(table, str(column)) for column in SCHEMAS[table].columns)
    return BOM + separator.join(columns) + "\n"


def _contents(language: Language, tables: Collection[str], workbook: bool) -> dict[str, bytes]:
    """Return the files of a folder by their names."""
    notes = resource(f"templates/engagement/notes.{language}.md").read_bytes()
    filled = _in_workbook(language, tables) if workbook else _in_texts(language, tables)
    words = Wording(language)
    title, about = words.gettext("The columns of the tables"), SHEETS if workbook else ABOUT
    explained = f"# {title}\n\n{words.say(about)}\n\n{dictionary(words)}\n"
    return {**filled, COLUMNS: explained.encode(), f"{NOTES}/{EXPLAINED}": notes}


def _in_workbook(language: Language, tables: Collection[str]) -> dict[str, bytes]:
    return {blank_workbook.FILE: blank_workbook.blank_workbook(language, tables)}


def _in_texts(language: Language, tables: Collection[str]) -> dict[str, bytes]:
    """Return the contract, and a heading for each table."""
    contract = resource(f"templates/engagement/engagement.{language}.yml").read_bytes()
    headings = {
        f"{name}.csv": _heading(name, language, SEPARATORS[language]).encode()
        for name in SCHEMAS
        if name in tables
    }
    return {FILE: contract, **headings}
