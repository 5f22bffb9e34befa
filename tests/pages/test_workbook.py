"""The workbook: what a spreadsheet program and a hostile text may make of it."""

from __future__ import annotations

import builtins
import datetime as dt
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.faults import ReviewError
from reviewlib.pages.workbook import workbook
from reviewlib.report.values import Column, Scalar, Table, Unit
from tests.calendars.test_day_counts import STEADY

AT = dt.datetime(2025, 7, 4, 16, 0, 0, tzinfo=dt.UTC)
COLUMNS = (
    Column("about", "About"),
    Column("on", "On", Unit.DATE),
    Column("n", "Lines", Unit.COUNT),
    Column("due", "Due", Unit.MONEY),
)


def table(*rows: tuple[Scalar, ...], caption: str = "What is due") -> Table:
    return Table("due", caption, COLUMNS, rows)


def written(*sheets: tuple[str, list[Table]], title: str = "Statement") -> bytes:
    return workbook(sheets, title, AT)


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def texts(content: bytes) -> openpyxl.Workbook:
    """The workbook, whose every part is XML that a parser takes."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))
    return opened(content)


def test_amounts_and_dates_are_numbers_and_amounts_are_summed_by_a_formula() -> None:
    """Caption in row 1, headings in row 2, rows 3 and 4, the sum in row 5."""
    rows = ("M1", "2025-04-12T00:00:00", 1, 240.0), ("M4", "2025-03-14", 1, 8640.55)

    sheet = opened(written(("Provider", [table(*rows)])))["Provider"]

    assert sheet["A1"].value == "What is due"
    assert [cell.value for cell in sheet[2]] == ["About", "On", "Lines", "Due"]
    assert [cell.value for cell in sheet[3]] == ["M1", dt.datetime(2025, 4, 12), 1, 240]
    assert [cell.data_type for cell in sheet[4]] == ["s", "d", "n", "n"]
    assert sheet["D4"].value == 8640.55
    assert [cell.value for cell in sheet[5]] == ["Σ", None, None, "=SUM(D3:D4)"]
    assert sheet["D5"].data_type == "f"
    assert [sheet[place].number_format for place in ("B3", "C3", "D3", "D5")] == [
        "dd/mm/yyyy", "0", "#,##0.00", "#,##0.00",
    ]  # fmt: skip


def test_tables_of_a_sheet_stand_one_below_the_other_each_with_its_own_sum() -> None:
    first = table(("M1", None, 1, 1.0))
    second = table(("M2", None, 1, 2.0), ("M3", None, 1, 3.0), caption="More")

    sheet = opened(written(("Both", [first, second])))["Both"]

    dated = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert dated == ["=SUM(D3:D3)", "=SUM(D8:D9)"]
    assert sheet["A6"].value == "More"


def test_a_table_without_a_row_has_no_sum_and_a_missing_cell_is_empty() -> None:
    sheet = opened(written(("None", [table()]), ("One", [table((None, None, None, None))])))

    assert [cell.value for row in sheet["None"].iter_rows() for cell in row if cell.value] == [
        "What is due", "About", "On", "Lines", "Due",
    ]  # fmt: skip
    assert [cell.value for cell in sheet["One"][3]] == [None] * 4


HOSTILE = [
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")",
    "'=1", "{=1}", "<script>alert(1)</script>", "&amp;", "]]>", "00123", "1e5", "TRUE", "#REF!",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_of_the_data_stays_the_text_that_it_is(text: str) -> None:
    content = written(("Data", [table((text, None, 1, 1.0), caption=text)]), title=text)
    sheet = texts(content)["Data"]

    assert (sheet["A3"].value, sheet["A3"].data_type) == (text, "s")
    assert (sheet["A1"].value, sheet["A1"].data_type) == (text, "s")
    formulas = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == ["=SUM(D3:D3)"]


def test_signs_that_no_workbook_holds_are_left_out() -> None:
    """Control characters and the two that are no characters of XML; tab and line end stay."""
    signs = "".join(map(chr, range(32))) + "\ufffe\uffff"

    content = written(("a\x00b\x1fc", [table((f"a{signs}b", None, 1, 1.0))]), title=f"t{signs}")
    book = texts(content)

    assert book.sheetnames == ["abc"]
    assert book["abc"]["A3"].value.replace("\r", "\n").replace("\n\n", "\n") == "a\t\nb"


@pytest.mark.parametrize("sign", ["x", "é", "😀"])
def test_a_text_longer_than_a_cell_is_cut_and_never_in_the_middle_of_a_sign(sign: str) -> None:
    """A cell takes 32,767 units of sixteen bits; a sign beyond U+FFFF is two of them."""
    content = written(("Long", [table((sign * 40_000, None, 1, 1.0))]))

    value = texts(content)["Long"]["A3"].value
    assert set(value) == {sign}
    assert 30_000 < len(value.encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize(
    ("names", "sheets"),
    [
        (["[a]:b*c?d/e\\f"], ["a  b c d e f"]),
        (["x" * 40, "x" * 40, "x" * 33], ["x" * 31, "x" * 29 + " 2", "x" * 29 + " 3"]),
        (["Acme", "ACME", "acme"], ["Acme", "ACME 2", "acme 3"]),
        (["'Acme'", "", " ", "?"], ["Acme", "-", "- 2", "- 3"]),
        (["=1+1"], ["=1+1"]),
        (["😀" * 20], ["😀" * 15]),
    ],
)
def test_a_sheet_s_name_is_one_that_a_program_takes_and_stands_once(
    names: list[str], sheets: list[str]
) -> None:
    book = texts(written(*((name, [table((name, None, 1, 1.0))]) for name in names)))

    assert book.sheetnames == sheets
    assert [sheet["A3"].value for sheet in book] == [name or None for name in names]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in book.sheetnames)


ANY = st.text(max_size=60)


@STEADY
@given(st.lists(ANY, min_size=1, max_size=5), ANY)
def test_any_text_gives_a_workbook_that_opens(names: list[str], text: str) -> None:
    book = texts(written(*((name, [table((text, None, 1, 1.0))]) for name in names), title=text))

    assert len({name.casefold() for name in book.sheetnames}) == len(names)
    assert {sheet["D4"].value for sheet in book} == {"=SUM(D3:D3)"}


def test_the_same_tables_give_the_same_bytes_and_the_day_is_the_review_s() -> None:
    sheets = ("Provider", [table(("M1", "2025-04-12", 1, 240.0))])

    first, second = written(sheets), written(sheets)

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        core = parts.read("docProps/core.xml").decode()
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]{8}Z", core)) == {"2025-07-04T16:00:00Z"}


def test_it_refers_to_nothing_outside_and_holds_no_code() -> None:
    with zipfile.ZipFile(io.BytesIO(written(("A", [table((HOSTILE[6], None, 1, 1.0))])))) as parts:
        names = parts.namelist()
        relations = b"".join(parts.read(name) for name in names if name.endswith(".rels"))

    assert b"External" not in relations
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]


def test_without_openpyxl_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_import = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "openpyxl":
            raise ImportError(name)
        return plain_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ReviewError) as refused:
        written(("A", [table()]))

    message = str(refused.value)
    assert "pip install 'reviewlib[office]'" in message
    assert "\n" not in message
