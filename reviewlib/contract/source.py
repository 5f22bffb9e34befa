"""Where the contract of a folder stands: in ``engagement.yml``, else in a sheet of a workbook."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from reviewlib.contract.sheet import is_contract, written_sheet
from reviewlib.contract.written import FILE, Written, named_language, read
from reviewlib.faults import UNREADABLE, Fault, Faults
from reviewlib.languages import Language
from reviewlib.report.text import N_
from reviewlib.sheets.opening import ENDINGS, sheets

TWO = N_("states the contract as {other} does")
KEEP = N_("Keep one of them.")


def read_contract(folder: Path) -> Written:
    """Return what the contract of a folder says, wherever it stands. Raises Faults."""
    path = contract_path(folder)
    if path.name == FILE:
        return read(folder)
    written = _of_workbook(path, path.stat().st_mtime_ns)
    return replace(written, values=copy.deepcopy(written.values))


def language_of(folder: Path) -> Language:
    """Return the language that the contract of a folder names, whatever else is wrong with it."""
    try:
        return "fr" if read_contract(folder).values.get("language") == "fr" else "en"
    except Faults:
        return named_language(folder)


def contract_path(folder: Path) -> Path:
    """Return the file of the contract: engagement.yml, else the workbook that has a sheet of it.

    Raises Faults where several workbooks have one, and where only one that can't be read may.
    """
    if (folder / FILE).exists():
        return folder / FILE
    holding: list[Path] = []
    faults: list[Fault] = []
    for path in workbooks(folder):
        try:
            if _holds(path, path.stat().st_mtime_ns):
                holding.append(path)
        except Faults as error:
            faults += error.faults
    if len(holding) > 1:
        faults = [Fault(path.name, TWO(other=holding[0].name), KEEP) for path in holding[1:]]
    elif holding:
        return holding[0]
    if faults:
        raise Faults(faults)
    return folder / FILE


def workbooks(folder: Path) -> list[Path]:
    """Return the workbooks of a folder, without those that are open or hidden."""
    if not folder.is_dir():
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    return [path for path in files if path.is_file() and not path.name.startswith((".", "~"))]


@lru_cache(maxsize=8)
def _holds(path: Path, _: int) -> bool:
    every = sheets(path.name, _content(path), lambda _: False)
    return any(is_contract(sheet.name) and not sheet.hidden for sheet in every)


@lru_cache(maxsize=2)
def _of_workbook(path: Path, _: int) -> Written:
    every = sheets(path.name, _content(path), is_contract)
    sheet = next(one for one in every if is_contract(one.name) and not one.hidden)
    return written_sheet(f"{path.name} ({sheet.name})", sheet)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Faults([Fault(path.name, UNREADABLE(reason=str(error.strerror)))]) from None
