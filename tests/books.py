"""Small workbooks for tests, made by openpyxl or from raw parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

Rows = Sequence[Sequence[Any]]
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def book(sheets: Mapping[str, Rows], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with a sheet for each name; ``change`` is given openpyxl's before it is saved.

    A cell that is a pair is a value and its number format.
    """
    openpyxl = pytest.importorskip("openpyxl", reason="workbooks of tests are made by openpyxl")
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row, start=1):
                value, form = cell if isinstance(cell, tuple) else (cell, None)
                written = sheet.cell(number, place, value)
                if form:
                    written.number_format = form
    if change is not None:
        change(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def parts(sheet: str, **others: str) -> bytes:
    """A workbook of one sheet, ``tickets``, with this XML within its ``worksheet``.

    ``others``: the XML of ``styles`` and ``sharedStrings``, and what ``workbook`` holds more.
    """
    kinds = {"xl/workbook": "sheet.main", "xl/worksheets/sheet1": "worksheet"}
    kinds |= {f"xl/{name}": name for name in others if name != "workbook"}
    stated = "".join(
        f'<Override PartName="/{name}.xml" ContentType="{TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}">{stated}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}'
        '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'{others.pop("workbook", "")}<sheets><sheet name="tickets" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        + "".join(
            f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="/xl/{name}.xml"/>'
            for name in others
        )
        + "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    } | {f"xl/{name}.xml": text for name, text in others.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return buffer.getvalue()
