"""A workbook opened, or said to be none: by what its bytes are, whatever its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from reviewlib.faults import Fault, Faults
from reviewlib.report.text import N_
from reviewlib.sheets.xlsx import Locked, TooLarge, Unreadable, WorkbookSheet, read_sheets

ENDINGS = (".xlsx", ".xlsm")
OTHERS = (".xls", ".xlsb", ".ods", ".fods", ".numbers")
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"

SAVE_AS = N_("Open it in a spreadsheet program and save it as an Excel workbook (.xlsx).")
OLD = N_("is a workbook in the old format of Excel (.xls)")
BINARY = N_("is a binary workbook (.xlsb)")
ODS = N_("is a workbook of OpenDocument (.ods)")
OTHER = N_("is a workbook in a format that is not read here")
LOCKED = N_("is protected by a password")
UNLOCK = N_("Open it with its password, take that away and save it again.")
NO_WORKBOOK = N_("is no Excel workbook, whatever its name")
TEXT = N_("If it is a table in text, name it .csv; else save it again as .xlsx.")
DAMAGED = N_("is damaged: it cannot be read as an Excel workbook")
AGAIN = N_("Open it in a spreadsheet program, let it be repaired and save it again.")
TOO_LARGE = N_("holds more than a workbook of tables does, once unpacked")
NO_READER = N_("is a workbook, and the package openpyxl, which reads it, is not installed")
GET_READER = N_("pip install 'reviewlib[office]', or save its tables as CSV.")
SMALLER = N_("Save the table that matters as CSV, or in a workbook of its own.")


def sheets(
    file: str, content: bytes, wanted: Callable[[str], bool] = lambda _: True
) -> list[WorkbookSheet]:
    """Return the sheets of a workbook in their order; a hidden one has no cells.

    ``wanted``: of which names the cells are read. Raises Faults that say what the file is where it
    is no workbook of Excel's, and what to do.
    """
    if content.startswith(OLE):
        locked = ENCRYPTED in content
        raise Faults([Fault(file, LOCKED, UNLOCK) if locked else Fault(file, OLD, SAVE_AS)])
    if not content.startswith(ZIP):
        raise Faults([Fault(file, NO_WORKBOOK, TEXT)])
    if OPEN_DOCUMENT in content[:200]:
        raise Faults([Fault(file, ODS, SAVE_AS)])
    try:
        return read_sheets(content, wanted)
    except ImportError:
        raise Faults([Fault(file, NO_READER, GET_READER)]) from None
    except Locked:
        raise Faults([Fault(file, LOCKED, UNLOCK)]) from None
    except TooLarge:
        raise Faults([Fault(file, TOO_LARGE, SMALLER)]) from None
    except Unreadable:
        raise Faults([_unreadable(file, content)]) from None


def is_workbook(content: bytes) -> bool:
    """Whether bytes are those of a workbook of any of the formats that people have."""
    if content.startswith(OLE) or OPEN_DOCUMENT in content[:200]:
        return True
    return bool(_parts(content) & {"xl/workbook.xml", "xl/workbook.bin"})


def _unreadable(file: str, content: bytes) -> Fault:
    parts = _parts(content)
    if "xl/workbook.bin" in parts:
        return Fault(file, BINARY, SAVE_AS)
    if parts and not any(name.startswith("xl/") for name in parts):
        return Fault(file, NO_WORKBOOK, TEXT)
    return Fault(file, DAMAGED, AGAIN)


def _parts(content: bytes) -> set[str]:
    """Return the names of the parts of an archive; none of what is no archive."""
    if not content.startswith(ZIP):
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return set()
