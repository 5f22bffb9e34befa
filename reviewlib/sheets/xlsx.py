"""The sheets of an Excel workbook (.xlsx, .xlsm): what its cells hold, as Excel shows them.

A reader of our own, on the standard library. python-calamine gives no formats (95 % would be 0.95)
and no formula without a value; openpyxl refuses files whose styles it does not know, reads a third
as fast, and gives no merged cells while it streams. Macros, links and pictures are never opened.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from reviewlib.sheets.cell_formats import (
    NUMBER,
    Value,
    number,
    shown_as,
    text_of,
)

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST = 32_767
"""The most rows and columns of a sheet, and the most signs of a cell, that Excel knows."""

PART = 1 << 30  # bytes of a part once unpacked: a million rows of twenty columns hold less
CELLS = 20_000_000  # filled cells of a workbook
SIGNS = 400_000_000  # of all its texts together
CHUNK = 1 << 18
SHEET_TYPE = "/worksheet"
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    LookupError, OverflowError, expat.ExpatError,
)  # fmt: skip
"""What the standard library raises of an archive or of XML that is none."""


class Unreadable(Exception):
    """A workbook that can't be read."""


class TooLarge(Unreadable):
    """A workbook that holds more than one that people fill in, or a bomb."""


class Locked(Unreadable):
    """A workbook that a password protects from being read."""


@dataclass
class SheetColumn:
    """The filled cells of a column, from the top: their rows, and what they hold."""

    rows: list[int] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def below(self, row: int, last: int = LAST_ROW) -> SheetColumn:
        """Return the cells under a row, down to another one."""
        begin, end = bisect_right(self.rows, row), bisect_right(self.rows, last)
        return SheetColumn(self.rows[begin:end], self.values[begin:end])


@dataclass
class WorkbookSheet:
    """A sheet: its filled cells by column (A is 1), and what is not a cell's value.

    ``merged``: first row, last row, first column, last column of each range; ``unvalued``: row and
    column of the formulas that hold no value; ``hidden_rows``: the filled ones that aren't shown.
    ``since_1904``: whether serial numbers count from 1904.
    """

    name: str
    hidden: bool
    since_1904: bool = False
    columns: dict[int, SheetColumn] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unvalued: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)

    def grid(self, first: int = 1, last: int = LAST_ROW) -> dict[int, dict[int, str]]:
        """Return the filled cells of some rows as text: by row, then by column."""
        rows: dict[int, dict[int, str]] = {}
        for place, column in sorted(self.columns.items()):
            cells = column.below(first - 1, last)
            for row, value in zip(cells.rows, cells.values, strict=True):
                rows.setdefault(row, {})[place] = text_of(value)
        return dict(sorted(rows.items()))


def read_sheets(
    content: bytes, wanted: Callable[[str], bool] = lambda _: True
) -> list[WorkbookSheet]:
    """Return the sheets of a workbook in their order, hidden ones among them.

    ``wanted``: of which names the cells are read; hidden sheets are never. Raises Unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Workbook(archive).sheets(wanted)
    except DAMAGED as error:
        if "encrypted" in str(error) or "password" in str(error):
            raise Locked(str(error)) from None
        raise Unreadable(f"{type(error).__name__}: {error}") from None


class _Workbook:
    """An open archive, and how much of it has been read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.cells, self.signs = archive, 0, 0
        self.names = {info.filename.lower().lstrip("/"): info for info in archive.infolist()}

    def sheets(self, wanted: Callable[[str], bool]) -> list[WorkbookSheet]:
        main = next(self._targets("", "/officeDocument"), ("", "xl/workbook.xml"))[1]
        if main.lower().endswith(".bin"):
            raise Unreadable("a binary workbook (.xlsb)")
        stated, since_1904 = self._stated(main)
        parts = dict(self._targets(main, SHEET_TYPE))
        read = [
            (WorkbookSheet(name, state != "visible", since_1904), parts[link])
            for name, state, link in stated
            if link in parts
        ]
        chosen = [(sheet, part) for sheet, part in read if not sheet.hidden and wanted(sheet.name)]
        if chosen:
            texts = self._texts(next(self._targets(main, "/sharedStrings"), ("", ""))[1])
            styles = self._styles(next(self._targets(main, "/styles"), ("", ""))[1])
            for sheet, part in chosen:
                cells = _Cells(self, sheet, texts, [shown_as(code) for code in styles])
                self.parse(part, cells.start, cells.end, cells.text)
        return [sheet for sheet, _ in read]

    def parse(
        self,
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Read a part of the archive: events with local names, in no more than ``PART`` bytes."""
        parser = expat.ParserCreate()
        parser.buffer_text, parser.buffer_size = True, 1 << 16

        def first(name: str, attributes: dict[str, str]) -> None:
            """Take the names of all elements without their prefix, where the first one has one."""
            local = _LocalNames()
            plain = ":" not in name
            parser.StartElementHandler = start if plain else lambda n, a: start(local[n], a)
            if end is not None:
                parser.EndElementHandler = end if plain else lambda n: end(local[n])
            start(local[name], attributes)

        parser.StartElementHandler = first
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_doctype
        info, size = self.names[part.lower().lstrip("/")], 0
        with self.archive.open(info) as file:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > PART:
                    raise TooLarge(part)
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _targets(self, part: str, ending: str) -> Iterator[tuple[str, str]]:
        """Yield the id and the part of each relation of a part whose type ends so."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        listed: list[tuple[str, str]] = []

        def start(element: str, stated: Mapping[str, str]) -> None:
            outside = stated.get("TargetMode") == "External"
            if element == "Relationship" and stated["Type"].endswith(ending) and not outside:
                target = posixpath.normpath(posixpath.join("/", folder, stated["Target"]))
                listed.append((stated["Id"], target.lstrip("/")))

        if relations.lower() in self.names:
            self.parse(relations, start)
        yield from listed

    def _stated(self, main: str) -> tuple[list[tuple[str, str, str]], bool]:
        """Return the name, state and relation of each sheet, and whether days count from 1904."""
        sheets: list[tuple[str, str, str]] = []
        since_1904 = False

        def start(element: str, stated: Mapping[str, str]) -> None:
            nonlocal since_1904
            if element == "sheet":
                links = [value for name, value in stated.items() if name.endswith(":id")]
                sheets.append((stated["name"], stated.get("state", "visible"), "".join(links)))
            elif element == "workbookPr":
                since_1904 = stated.get("date1904", "0") in ("1", "true")

        self.parse(main, start)
        return sheets, since_1904

    def _texts(self, part: str) -> list[str]:
        """Return the texts that cells share, without what only says how they are pronounced."""
        texts: list[str] = []
        pieces: list[str] = []
        inside = spoken = False

        def start(element: str, _: Mapping[str, str]) -> None:
            nonlocal inside, spoken
            inside = element == "t" and not spoken
            spoken = spoken or element == "rPh"

        def end(element: str) -> None:
            nonlocal inside, spoken
            inside = False
            spoken = spoken and element != "rPh"
            if element == "si":
                texts.append(plain("".join(pieces)))
                pieces.clear()

        def text(piece: str) -> None:
            if inside:
                pieces.append(piece)

        if part:
            self.parse(part, start, end, text)
        return texts

    def _styles(self, part: str) -> list[str]:
        """Return the code of the number format of each style of cells, or its number."""
        codes: dict[str, str] = {}
        styles: list[str] = []
        inside = False

        def start(element: str, stated: Mapping[str, str]) -> None:
            nonlocal inside
            if element == "numFmt":
                codes[stated["numFmtId"]] = stated["formatCode"]
            elif element == "cellXfs":
                inside = True
            elif element == "xf" and inside:
                name = stated.get("numFmtId", "0")
                styles.append(codes.get(name, f"#{name}"))

        def end(element: str) -> None:
            nonlocal inside
            inside = inside and element != "cellXfs"

        if part:
            self.parse(part, start, end)
        return styles


class _LocalNames(dict[str, str]):
    """Names of elements without the prefix of their namespace."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, name.rpartition(":")[2])


def _no_doctype(*_: object) -> None:
    raise ValueError("a workbook declares no document type")


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def plain(text: str) -> str:
    """Return a text with the signs that Excel writes as _x000D_; half of a pair is none."""
    if len(text) > LONGEST:
        raise TooLarge("a cell")
    if "_x" not in text:
        return text
    signs = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)
    return signs.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Cells:
    """Events of a sheet's XML made its columns."""

    def __init__(
        self, book: _Workbook, sheet: WorkbookSheet, texts: list[str], styles: list[str]
    ) -> None:
        self.book, self.sheet, self.texts, self.styles = book, sheet, texts, styles
        self.row = self.column = 0
        self.kind, self.style = "n", NUMBER
        self.hidden = self.inside = self.valued = self.formula = self.spoken = False
        self.pieces: list[str] = []
        self.letters: dict[str, int] = {}
        self.read: dict[str, Callable[[str], Value]] = {
            "s": self._shared,
            "b": lambda text: "TRUE" if text in ("1", "true") else "FALSE",
            "n": self._number,
        }

    def start(self, element: str, stated: Mapping[str, str]) -> None:
        if element == "c":
            place = stated.get("r")
            self.column = self._column(place) if place else self.column + 1
            self.kind, self.style = stated.get("t", "n"), self._style(stated.get("s"))
            self.valued = self.formula = False
            self.pieces = []
        elif element == "v" or (element == "t" and not self.spoken):
            self.inside = self.valued = True
        elif element == "f":
            self.formula = True
        elif element == "row":
            self.row = int(stated.get("r", self.row + 1))
            self.column, self.hidden = 0, stated.get("hidden") in ("1", "true")
        elif element == "rPh":
            self.spoken = True
        elif element == "mergeCell":
            self.sheet.merged.append(self._range(stated["ref"]))

    def text(self, piece: str) -> None:
        if self.inside:
            self.pieces.append(piece)

    def end(self, element: str) -> None:
        if element in ("v", "t"):
            self.inside = False
        elif element == "c" and (self.valued or self.formula):
            self._put("".join(self.pieces))
        elif element == "rPh":
            self.spoken = False

    def _put(self, text: str) -> None:
        if not (0 < self.row <= LAST_ROW and 0 < self.column <= LAST_COLUMN):
            raise ValueError(f"row {self.row}, column {self.column}")
        if self.formula and not text and (self.kind != "str" or not self.valued):
            self.sheet.unvalued.append((self.row, self.column))
            return
        value = self.read.get(self.kind, plain)(text) if text else ""
        if value == "":
            return
        self.book.cells += 1
        self.book.signs += len(value) if isinstance(value, str) else 0
        if self.book.cells > CELLS or self.book.signs > SIGNS:
            raise TooLarge(self.sheet.name)
        column = self.sheet.columns.setdefault(self.column, SheetColumn())
        if column.rows and column.rows[-1] >= self.row:
            raise ValueError(f"row {self.row} comes twice")
        column.rows.append(self.row)
        column.values.append(value)
        if self.hidden:
            self.sheet.hidden_rows.add(self.row)

    def _shared(self, text: str) -> Value:
        place = int(text)
        if place < 0:
            raise ValueError(f"text {place}")
        return self.texts[place]

    def _number(self, text: str) -> Value:
        return number(float(text), self.style, self.sheet.since_1904)

    def _style(self, stated: str | None) -> str:
        if stated is None:
            return self.styles[0] if self.styles else NUMBER
        place = int(stated)
        return self.styles[place] if 0 <= place < len(self.styles) else NUMBER

    def _column(self, place: str) -> int:
        """Return the number of the column of a cell such as AB12, whose row is its row's."""
        letters = place.rstrip("0123456789")
        column = self.letters.get(letters)
        if column is None:
            column = self.letters[letters] = _number_of(letters)
        return column

    def _range(self, stated: str) -> tuple[int, int, int, int]:
        first, _, last = stated.replace("$", "").partition(":")
        corners = [re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", c) for c in (first, last or first)]
        (a, b), (c, d) = ((one[1], int(one[2])) for one in corners if one)
        return b, d, _number_of(a), _number_of(c)


def _number_of(letters: str) -> int:
    """Return the number of a column by its letters: A is 1."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"column {letters!r}")
        number = number * 26 + ord(letter) - 64
        if number > LAST_COLUMN:
            raise ValueError(f"column {letters!r}")
    return number
