"""What an import made, written into a folder: all of its files or none."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.contract.loading import FILE as CONTRACT
from reviewlib.contract.loading import load_contract
from reviewlib.faults import ReviewError
from reviewlib.files import undisturbed
from reviewlib.folder.importers import Imported
from reviewlib.folder.importers.answers import survey_lines
from reviewlib.folder.importers.canonical import in_one_form
from reviewlib.folder.importers.draft import Draft, SurveyDraft, TableDraft
from reviewlib.folder.importers.mapping import FILE, hints_of, load_routes, text_of
from reviewlib.folder.importers.merging import (
    BOM,
    Merged,
    csv_bytes,
    in_encoding,
    merged,
    present_table,
)
from reviewlib.folder.importers.request import Brought, ImportRequest
from reviewlib.folder.importers.surroundings import surroundings
from reviewlib.folder.parsing import matches
from reviewlib.report.text import N_, Text
from reviewlib.tables import SCHEMAS

NO_FOLDER = N_("{folder} is a file. Give the path of a folder to write into.")
UNWRITABLE = N_("{folder} cannot be written: {reason}. Choose a folder that can be written to.")
INSTANTS = ("opened_at", "first_response_at", "resolved_at", "closed_at")


def files_of(
    request: ImportRequest, result: Brought, hints: Mapping[str, str], say: Callable[[Text], str]
) -> dict[str, bytes]:
    """Return the files that an import makes, by name; those that stay as they are not among them.

    engagement.yml is made where there is none and the table tells what a contract needs.
    """
    folder, table = request.folder, result.profile.table
    around = surroundings(folder)
    routes = load_routes(folder)
    routes = routes.model_copy(update={"imports": {**routes.imports, request.name: result.route}})
    files = {}
    if result.table is not None:
        french = result.language == "fr"
        written = around.data.format_of(table)
        separator = written.separator or (";" if french else ",")
        mark = BOM if french else b""
        content = csv_bytes(result.table.cells, result.present, separator, mark)
        files[f"{table}.csv"] = in_encoding(content, written, table)
    files[FILE] = text_of(routes, {**hints_of(folder), **hints}, result.language).encode()
    if result.table is not None and not around.exists:
        contract = _contract(request, result, result.table.cells, say)
        files |= {CONTRACT: contract.encode()} if contract else {}
    return {name: content for name, content in files.items() if not _same(folder / name, content)}


def log_files(imported: Imported, folder: Path) -> tuple[dict[str, bytes], dict[str, Merged]]:
    """Return the files that a log of events makes of a folder, and its tables after the import.

    A contract that stands there stays as it is.
    """
    around = surroundings(folder)
    files, tables = {}, {}
    for name, frame in imported.tables.items():
        written = around.data.format_of(name)
        there = present_table(folder, name, written)
        before = there.cells if there else frame[:0]
        brought = in_one_form(frame.reset_index(drop=True).astype("str"), name, Format())
        tables[name] = merged(before, brought, name)
        separator = written.separator or ","
        content = csv_bytes(tables[name].cells, there, separator, b"")
        files[f"{name}.csv"] = in_encoding(content, written, name)
    if not around.exists:
        files[CONTRACT] = imported.engagement.encode()
    return {name: c for name, c in files.items() if not _same(folder / name, c)}, tables


def _same(path: Path, content: bytes) -> bool:
    if not path.is_file() or path.stat().st_size != len(content):
        return False
    return path.read_bytes() == content


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a folder in place of those of their names: all of them or none."""
    target = folder.expanduser().resolve()
    if target.exists() and not target.is_dir():
        raise ReviewError(NO_FOLDER(folder=str(folder)))
    aside = target.parent / f".{target.name}-{secrets.token_hex(4)}"
    new, old = aside / "new", aside / "old"
    try:
        new.mkdir(parents=True)
        old.mkdir()
        for name, content in files.items():
            (new / name).write_bytes(content)
        if CONTRACT in files:
            load_contract(new)  # a draft that does not hold is not written
        target.mkdir(parents=True, exist_ok=True)
        with undisturbed():
            _replace(target, new, old, [*files])
    except OSError as error:
        message = UNWRITABLE(folder=str(folder), reason=str(error.strerror))
        raise ReviewError(message) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _replace(target: Path, new: Path, old: Path, names: list[str]) -> None:
    """Put new files in place one by one, each whole at any time; where one can't be, none is."""
    done: list[str] = []
    for name in names:
        if (target / name).exists():
            shutil.copy2(target / name, old / name)
    try:
        for name in names:
            os.replace(new / name, target / name)
            done.append(name)
    except OSError:
        for name in done:
            if (old / name).exists():
                os.replace(old / name, target / name)
            else:
                (target / name).unlink()
        raise


def _contract(
    request: ImportRequest, result: Brought, cells: pd.DataFrame, say: Callable[[Text], str]
) -> str:
    """Return engagement.yml as far as a table tells it; "" where nobody has answered when.

    ``cells``: those of the table, of which the last file may have brought but a part.
    """
    notes = [say(note) for note in result.notes]
    draft: Draft | SurveyDraft | TableDraft | None = None
    if result.questions:
        draft = _of_answers(request, result, cells, notes)
    elif result.profile.table == "tickets":
        draft = _of_tickets(request, result, cells, notes)
    elif request.source == "table":
        draft = _of_table(request, result, cells, notes)
    return draft.text(request.files[0]) if draft else ""


def _of_table(
    request: ImportRequest, result: Brought, cells: pd.DataFrame, notes: list[str]
) -> TableDraft:
    """Return what any table tells: its days, without any the year of the import."""
    kinds = {
        name: about.metadata["kind"]
        for name, about in SCHEMAS[result.profile.table].columns.items()
    }
    dated = [name for name in map(str, cells) if kinds.get(name) in ("date", "instant")]
    days = {day for name in dated for day in _days(cells[name])}
    year = dt.date.today().year
    return TableDraft(
        tool=result.profile.tool,
        time_zone=request.time_zone,
        first=min(days, default=dt.date(year, 1, 1)),
        last=max(days, default=dt.date(year, 12, 31)),
        notes=notes,
        language=result.language,
        dated=bool(days),
    )


def _of_answers(
    request: ImportRequest, result: Brought, cells: pd.DataFrame, notes: list[str]
) -> SurveyDraft | None:
    """Return what the answers to a form tell; None where none bears a day."""
    days = _days(cells["answered_on"])
    if not days:
        return None
    return SurveyDraft(
        tool=result.profile.tool,
        time_zone=request.time_zone,
        first=min(days),
        last=max(days),
        notes=notes,
        language=result.language,
        survey=[*survey_lines(result.questions)],
    )


def _of_tickets(
    request: ImportRequest, result: Brought, cells: pd.DataFrame, notes: list[str]
) -> Draft | None:
    """Return what tickets tell; None where none bears the day of its opening."""
    profile = result.profile
    opened = _days(cells["opened_at"])
    if not opened:
        return None
    last = max(day for name in INSTANTS if name in cells for day in _days(cells[name]))
    states = {word: profile.state_of(word) for word in sorted(_words(cells, "status"))}
    return Draft(
        tool=profile.tool,
        time_zone=request.time_zone,
        first=min(opened),
        last=last,
        notes=notes,
        language=result.language,
        last_event=_last_event(cells, last),
        priorities=_priorities(cells, result),
        statuses={word: f"{{state: {state}}}" if state else "" for word, state in states.items()},
        sites=sorted(_words(cells, "site")),
        waits=[word for word, state in states.items() if state == "waiting"],
    )


def _last_event(frame: pd.DataFrame, day: dt.date) -> str:
    """Return the last moment of the tickets, as they write it; their last day where none has one.

    ``day``: that last day.
    """
    texts = pd.concat([frame[name] for name in INSTANTS if name in frame])
    moments = texts[matches(texts, rf"^{day}[T ]\d{{2}}:\d{{2}}")]
    return str(moments.max()).replace(" ", "T") if len(moments) else f"{day}T23:59:59"


def _days(times: pd.Series) -> set[dt.date]:
    """Return the days of times that could be read."""
    days = times[matches(times, r"^\d{4}-\d{2}-\d{2}")].str.slice(0, 10).unique()
    return {*pd.to_datetime(pd.Series(days), errors="coerce").dropna().dt.date}


def _words(frame: pd.DataFrame, name: str) -> set[str]:
    """Return the words of a column."""
    return {str(word) for word in frame[name].unique()} - {""} if name in frame else set()


def _priorities(cells: pd.DataFrame, result: Brought) -> list[str]:
    """Return the tool's priorities in the language of the export, then words of none of its ranks.

    A ranked word that the export has is written as it has it.
    """
    words = _words(cells, "priority")
    ranks = {rank: word for word in words if (rank := result.profile.rank(word)) is not None}
    usual = [
        ranks.get(rank, names[result.language])
        for rank, names in enumerate(result.profile.priorities)
    ]
    return [*usual, *sorted(word for word in words if word not in usual)] or ["P1"]
