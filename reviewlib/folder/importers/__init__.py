"""Logs of other tools made into an engagement folder: what every importer shares."""

from __future__ import annotations

import csv
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pandas as pd

from reviewlib.contract.data import known_zone
from reviewlib.faults import Fault, Faults, ReviewError, did_you_mean
from reviewlib.report.text import N_, Text

LIMIT = 4 * 2**30
"""The most bytes that a log may hold once unpacked (4 GiB): a small zip may unpack to anything."""

CHUNK = 250_000
HEADING = 2**16
SEPARATORS = (",", ";", "\t")
IS_FOLDER = N_("is a folder, and not a file that a tool exported")
NO_FILE = N_("no such file")
GIVE_FILE = N_("Give the path of a CSV file, of a zip or of a workbook.")


@dataclass(frozen=True)
class Imported:
    """What an importer made of a log.

    ``tables`` are canonical tables with their cells as text, by name; ``engagement`` is the text
    of engagement.yml; ``notes`` say in a sentence each what was read, kept, moved or left out.
    """

    tool: str
    tables: Mapping[str, pd.DataFrame]
    engagement: str
    notes: tuple[str, ...] = ()


def refuse_zone(time_zone: str | None) -> None:
    """Raise ReviewError on the name of a time zone that nobody knows."""
    try:
        if time_zone is not None:
            known_zone(time_zone)
    except ValueError as error:
        raise ReviewError(f"time zone {time_zone!r} is unknown: {error}") from None


def read_cells(
    path: Path, columns: Mapping[str, tuple[str, ...]], required: Collection[str]
) -> pd.DataFrame:
    """Return some columns of a CSV file, or of a zip that holds one, as text.

    ``columns`` gives for each name of the result the headings it may bear, the preferred one
    first; case and spaces don't count. The index is the row in the file, the heading being row 1.
    Cells are stripped. Raises Faults when the file or its heading can't be used.
    """
    member = _member(path)
    heading, separator = _heading(path, member)
    used = _used_columns(path.name, heading, columns, required)
    for encoding in ("utf-8", "cp1252"):
        try:
            return _cells(path, member, used, sep=separator, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            message = f"can't be read as CSV: {str(error).strip()}"
            remedy = "Put cells that hold the separator between double quotes."
            raise _refused(path.name, message, remedy) from None
    raise _refused(path.name, "is neither UTF-8 nor Windows-1252 text", "Save it as CSV in UTF-8.")


def _refused(file: str, message: Text | str, remedy: Text | str = "") -> Faults:
    return Faults([Fault(file, message, remedy)])


def _member(path: Path) -> str | None:
    """Return the name of the one CSV file in a zip; None when the path is that of a CSV file."""
    if path.is_dir():
        raise _refused(str(path), IS_FOLDER, GIVE_FILE)
    if not path.is_file():
        raise _refused(str(path), NO_FILE, GIVE_FILE)
    if not zipfile.is_zipfile(path):
        if path.suffix.lower() == ".zip":
            raise _refused(path.name, "is not a zip archive, or is damaged", "Export it again.")
        _refuse_too_large(path.name, path.stat().st_size)
        return None
    with _said_plainly(path), zipfile.ZipFile(path) as archive:
        inside = [entry for entry in archive.infolist() if _is_csv(entry.filename)]
    if len(inside) != 1:
        names = ", ".join(entry.filename for entry in inside[:5])
        message = f"holds {len(inside)} CSV files" if inside else "holds no CSV file"
        remedy = "Give a zip that holds just the log."
        raise Faults([Fault(path.name, message, remedy, value=names)])
    if inside[0].flag_bits & 1:
        raise _refused(path.name, "is protected by a password", "Unpack it and give the CSV file.")
    _refuse_too_large(path.name, inside[0].file_size)
    return inside[0].filename


def _is_csv(name: str) -> bool:
    hidden = name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")
    return name.lower().endswith(".csv") and not hidden


def _refuse_too_large(file: str, size: int) -> None:
    # zipfile never hands out more than the size that the archive declares
    if size > LIMIT:
        message = f"holds {size / 2**30:.1f} GiB of text; at most {LIMIT / 2**30:.1f} GiB is read"
        raise _refused(file, message, "Export a shorter span of time.")


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    """Turn what the disk or a damaged archive raises into a fault of the file."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        remedy = "Export it again, or unpack it and give the CSV file."
        raise _refused(path.name, f"can't be unpacked: {error}", remedy) from None
    except OSError as error:
        raise _refused(path.name, f"can't be read: {error.strerror or error}") from None


def content_of(path: Path) -> bytes:
    """Return the bytes of a CSV file, or of the one that a zip holds. Raises Faults."""
    with _stream(path, _member(path)) as stream:
        return stream.read()


@contextmanager
def _stream(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    with _said_plainly(path):
        if member is None:
            with path.open("rb") as stream:
                yield stream
        else:
            with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
                yield stream


def _heading(path: Path, member: str | None) -> tuple[list[str], str]:
    """Return the words of the heading and the separator."""
    with _stream(path, member) as stream:
        line = stream.readline(HEADING)
    if b"\0" in line:
        raise _refused(path.name, "is not a CSV file", "Export the log as CSV in UTF-8.")
    text = line.removeprefix(b"\xef\xbb\xbf").decode("cp1252", errors="replace").strip()
    if not text:
        raise _refused(path.name, "is empty", "Export the log again, with its heading.")
    separator = max(SEPARATORS, key=text.count)
    return next(csv.reader([text], delimiter=separator)), separator


def _plain(heading: str) -> str:
    return "_".join(heading.replace("\u00a0", " ").casefold().split())


def _used_columns(
    file: str,
    heading: list[str],
    columns: Mapping[str, tuple[str, ...]],
    required: Collection[str],
) -> dict[int, str]:
    """Return the name of each column that is used, by its position in the file."""
    words = [_plain(word) for word in heading]
    used, faults = {}, []
    for name, headings in columns.items():
        word = next((word for word in map(_plain, headings) if word in words), None)
        if word is not None:
            used[words.index(word)] = name
        elif name in required:
            hint = did_you_mean(headings[0], words)
            near = hint if hint.startswith("Did you mean") else "Add it to the export."
            other = f" It may also be named {' or '.join(headings[1:])}." if headings[1:] else ""
            message = "the column is missing"
            faults.append(Fault(file, message, near + other, row=1, column=headings[0]))
    if faults:
        raise Faults(faults)
    return used


def _cells(path: Path, member: str | None, used: Mapping[int, str], **layout: str) -> pd.DataFrame:
    # every column is read, for with a choice of them pandas accepts rows that are too long
    with _stream(path, member) as stream, warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        chunks = pd.read_csv(
            stream,
            header=0,
            dtype=str,
            na_filter=False,
            index_col=False,
            skip_blank_lines=False,
            chunksize=CHUNK,
            **layout,
        )
        parts = [chunk.iloc[:, list(used)] for chunk in chunks]
    cells = pd.concat(parts, ignore_index=True).set_axis(list(used.values()), axis="columns")
    cells.index = pd.RangeIndex(2, len(cells) + 2)
    cells = cells.fillna("").apply(lambda column: column.str.strip())
    return cells[(cells != "").any(axis="columns")]
