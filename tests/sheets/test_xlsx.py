"""What the cells of a workbook hold, as Excel shows them; and files that are none."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from reviewlib.faults import Faults
from reviewlib.sheets import xlsx
from reviewlib.sheets.cell_formats import moment, shown_as
from reviewlib.sheets.opening import is_workbook, sheets
from tests.books import MAIN, book, parts


def cells(content: bytes) -> dict[int, dict[int, str]]:
    """The filled cells of the first sheet, as text."""
    return sheets("t.xlsx", content)[0].grid()


def shown(value: Any, form: str | None = None) -> str:
    """A single cell as it is read."""
    return cells(book({"s": [[(value, form)]]}))[1][1]


def refused(content: bytes) -> str:
    with pytest.raises(Faults) as refusal:
        sheets("t.xlsx", content)
    return str(refusal.value)


def test_a_date_is_one_by_its_format_with_its_time_if_it_has_one() -> None:
    assert shown(dt.date(2024, 3, 1)) == "2024-03-01"
    assert shown(dt.datetime(2024, 3, 1, 9, 30)) == "2024-03-01 09:30:00"
    assert shown(dt.datetime(2024, 3, 1), "dd/mm/yyyy hh:mm") == "2024-03-01 00:00:00"
    assert shown(dt.datetime(2024, 3, 1, 9, 30), "dd/mm/yyyy") == "2024-03-01 09:30:00"
    assert shown(45352, '[$-40C]d mmmm yyyy;@"x"') == "2024-03-01"
    assert shown(45352, "0.00") == "45352"


def test_days_count_from_1900_with_excel_s_own_leap_day_or_from_1904() -> None:
    assert [moment(day, False) for day in (1, 59, 61)] == ["1900-01-01", "1900-02-28", "1900-03-01"]
    assert moment(45352.40625, False) == "2024-03-01 09:45:00"  # 0.40625 × 24 h = 9.75 h
    assert moment(45352 - 1462, True) == "2024-03-01"
    stated = '<sheetData><row r="1"><c r="A1" s="0"><v>43890</v></c></row></sheetData>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    old = parts(stated, styles=styles, workbook='<workbookPr date1904="1"/>')
    assert cells(old) == {1: {1: "2024-03-01"}}
    assert moment(2_958_466, False) == "" == moment(-1, False)


def test_a_share_is_a_percentage_and_a_number_has_the_digits_that_excel_shows() -> None:
    assert shown(0.95, "0%") == "95 %"
    assert shown(0.9525, "0.0%") == "95.25 %"
    assert shown(0.1 + 0.2) == "0.3"
    assert shown(1234567.5, "#,##0.00") == "1234567.5"
    assert shown(49541) == "49541"
    assert shown(42, "00000") == "00042"
    assert shown(1.5, "[h]:mm") == "36:00:00"
    assert shown(True) == "TRUE"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", "number"), ("mm-dd-yy", "date"), ("m/d/yy h:mm", "instant"),
        ("0.00%", "percent"),
        ("0.00", "number"), ("yyyy-mm-dd", "date"), ("mmm-yy", "date"), ("h:mm AM/PM", "time"),
        ("mm:ss", "time"), ("[h]:mm:ss", "time"), ('0.0 "days"', "number"), ("0%", "percent"),
        (r"0\d", "number"), ("[Red]0.00", "number"), ("dd/mm/yyyy\\ hh:mm", "instant"),
        ("#,##0.00\\ [$€-40C]", "number"), ("000", "000"), ("", "number"),
    ],
)  # fmt: skip
def test_a_format_says_what_a_number_is(code: str, kind: str) -> None:
    assert shown_as(code) == kind


def test_texts_are_whole_without_how_they_are_pronounced_and_without_escapes() -> None:
    texts = (
        f"<sst xmlns='{MAIN}'><si><r><t>Réseau</t></r><r><t xml:space='preserve'> lent</t></r>"
        "<rPh sb='0' eb='1'><t>ré</t></rPh></si><si><t>a_x000D_b_xD800_</t></si></sst>"
    )
    sheet = (
        '<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c>'
        '<c t="inlineStr"><is><t>en ligne</t></is></c><c t="str"><f>A1</f><v>calculé</v></c>'
        '<c t="e"><v>#REF!</v></c><c t="d"><v>2024-03-01T09:00:00</v></c></row></sheetData>'
    )
    read = cells(parts(sheet, sharedStrings=texts))[1]
    assert [*read.values()] == [
        "Réseau lent", "a\rb�", "en ligne", "calculé", "#REF!", "2024-03-01 09:00:00",
    ]  # fmt: skip


def test_elements_may_have_a_prefix() -> None:
    sheet = "<x:sheetData><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData>"
    with zipfile.ZipFile(io.BytesIO(parts(""))) as source:
        texts = {name: source.read(name) for name in source.namelist()}
    whole = f'<x:worksheet xmlns:x="{MAIN}">{sheet}</x:worksheet>'
    texts["xl/worksheets/sheet1.xml"] = whole.encode()
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as target:
        for name, text in texts.items():
            target.writestr(name, text)
    assert cells(buffer.getvalue()) == {1: {1: "7"}}


def test_formats_down_to_the_last_row_are_no_cells_and_cost_no_row() -> None:
    rows = "".join(f'<row r="{r}"><c r="A{r}" s="0"/></row>' for r in (1, 900_000, 1_048_576))
    sheet = sheets("t.xlsx", parts(f"<sheetData>{rows}</sheetData>"))[0]
    assert (sheet.columns, sheet.unvalued) == ({}, [])


def test_a_formula_without_a_value_is_told_from_an_empty_cell() -> None:
    sheet = sheets("t.xlsx", book({"s": [["a", "=1+1", ""]]}))[0]
    assert sheet.unvalued == [(1, 2)]
    computed = '<sheetData><row><c t="str"><f>""</f><v></v></c></row></sheetData>'
    assert sheets("t.xlsx", parts(computed))[0].unvalued == []


def test_hidden_sheets_are_named_and_have_no_cells() -> None:
    def hide(made: Any) -> None:
        made["b"].sheet_state, made["c"].sheet_state = "hidden", "veryHidden"

    every = sheets("t.xlsx", book({"a": [[1]], "b": [[2]], "c": [[3]]}, hide))
    assert [(s.name, s.hidden, bool(s.columns)) for s in every] == [
        ("a", False, True), ("b", True, False), ("c", True, False),
    ]  # fmt: skip


def test_every_cell_is_as_it_was_written() -> None:
    """The values of a workbook of every type and of a thousand rows, as they were drawn."""
    pick = random.Random(7)
    kinds = [lambda: None, lambda: round(pick.random() * 1e6, 6), lambda: pick.randrange(10**9),
             lambda: f"é{pick.random()}", lambda: bool(pick.randrange(2))]  # fmt: skip
    rows = [[pick.choice(kinds)() for _ in range(9)] for _ in range(1000)]
    expected = {
        (row, place): str(value).upper() if isinstance(value, bool) else value
        for row, cells_of_row in enumerate(rows, start=1)
        for place, value in enumerate(cells_of_row, start=1)
        if value is not None
    }
    read = {
        (row, place): value
        for place, column in sheets("t.xlsx", book({"s": rows}))[0].columns.items()
        for row, value in zip(column.rows, column.values, strict=True)
    }
    assert read == expected


@pytest.mark.parametrize("stated", ["A1", "A1:A1", "A1:B2", ""])
def test_no_cell_is_lost_to_an_extent_that_the_sheet_states_wrongly(stated: str) -> None:
    """Many a program that exports states A1, or nothing, whatever it writes."""
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="C{r}"><v>{r * 10}</v></c></row>'
        for r in (1, 2, 4)
    )
    extent = f'<dimension ref="{stated}"/>' if stated else ""
    read = cells(parts(f"{extent}<sheetData>{rows}</sheetData>"))
    assert read == {1: {1: "1", 3: "10"}, 2: {1: "2", 3: "20"}, 4: {1: "4", 3: "40"}}


@pytest.mark.parametrize(
    "rows",
    [
        [(2, ["A2"]), (1, ["A1"])], [(1, ["A1"]), (1, ["A1"])], [(1, ["B1", "A1"])],
        [(1, ["A1", "A1"])], [(1, ["A2"])], [(0, ["A0"])], [(1_048_577, ["A1048577"])],
        [(10**15, [f"A{10**15}"])], [(1, ["XFE1"])],
    ],
)  # fmt: skip
def test_rows_and_cells_out_of_order_or_of_the_sheet_are_damage(
    rows: list[tuple[int, list[str]]],
) -> None:
    """None is passed over, nor are a million millions of rows gone through."""
    texts = [(row, "".join(f'<c r="{at}"><v>7</v></c>' for at in places)) for row, places in rows]
    inner = "".join(f'<row r="{row}">{text}</row>' for row, text in texts)
    assert "is damaged" in refused(parts(f"<sheetData>{inner}</sheetData>"))


def test_the_last_cell_that_excel_has_is_read() -> None:
    row = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
    assert cells(parts(f"<sheetData>{row}</sheetData>")) == {1_048_576: {16_384: "7"}}


def test_a_sheet_of_a_chart_is_none_of_cells_and_hides_no_other() -> None:
    def draw(made: Any) -> None:
        from openpyxl.chart import BarChart

        made.create_chartsheet("Graph", 0).add_chart(BarChart())

    every = sheets("t.xlsx", book({"a": [[1]], "b": [[2]]}, draw))
    assert [(sheet.name, sheet.grid()) for sheet in every] == [
        ("a", {1: {1: "1"}}), ("b", {1: {1: "2"}}),
    ]  # fmt: skip


def test_what_is_no_workbook_is_said_to_be_what_it_is() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "in the old format of Excel (.xls). Open it" in refused(old)
    locked = old + "EncryptedPackage".encode("utf-16-le")
    assert refused(locked) == (
        "t.xlsx: is protected by a password. Open it with its password, take that away and save "
        "it again."
    )
    assert "is no Excel workbook, whatever its name" in refused(b"ticket_id;opened_at\n")
    assert "is no Excel workbook, whatever its name" in refused(b"")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "OpenDocument (.ods)" in refused(buffer.getvalue())
    assert is_workbook(buffer.getvalue())
    assert is_workbook(book({"s": [[1]]}))
    assert not is_workbook(b"PK\x03\x04 and no more")
    with zipfile.ZipFile(binary := io.BytesIO(), "w") as archive:
        archive.writestr("xl/workbook.bin", b"\x00")
    assert "(.xlsb)" in refused(binary.getvalue())
    with zipfile.ZipFile(other := io.BytesIO(), "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "is no Excel workbook" in refused(other.getvalue())
    assert "is damaged" in refused(book({"s": [[1]]})[:-200])


def test_a_bomb_is_stopped_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "PARTS", 1 << 20)
    bomb = parts("<sheetData>" + " " * (1 << 21) + "</sheetData>")
    assert len(bomb) < 10_000
    assert "holds more than a workbook of tables does, once unpacked" in refused(bomb)
    monkeypatch.setattr(xlsx, "SIGNS", 300_000)
    shared = f"<sst xmlns='{MAIN}'><si><t>{'x' * 30_000}</t></si></sst>"
    row = "<row>" + '<c t="s"><v>0</v></c>' * 20 + "</row>"
    assert "once unpacked" in refused(parts(f"<sheetData>{row}</sheetData>", sharedStrings=shared))


def test_entities_of_a_document_type_are_never_unfolded() -> None:
    evil = '<!DOCTYPE a [<!ENTITY b "x">]><sst><si><t>&b;</t></si></sst>'
    sheet = '<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'
    assert "is damaged" in refused(parts(sheet, sharedStrings=evil))


def test_a_macro_is_never_run_nor_read_and_its_workbook_is_read(tmp_path: Path) -> None:
    content = book({"s": [["a"]]})
    with zipfile.ZipFile(buffer := io.BytesIO(content), "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xff" * 100)
    assert cells(buffer.getvalue()) == {1: {1: "a"}}


def mutated(content: bytes, pick: random.Random) -> bytes:
    """A workbook with a few bytes of it, or of one of its parts, changed."""
    if pick.random() < 0.3:
        whole = bytearray(content)
        for _ in range(pick.randint(1, 8)):
            whole[pick.randrange(len(whole))] = pick.randrange(256)
        return bytes(whole[: pick.randrange(len(whole))] if pick.random() < 0.3 else whole)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        victim = pick.choice([n for n in source.namelist() if n.startswith(("xl", "_rels"))])
        for name in source.namelist():
            part = bytearray(source.read(name))
            for _ in range(pick.randint(1, 5) if name == victim else 0):
                at = pick.randrange(len(part))
                part[at : at + pick.randrange(9)] = pick.choice(
                    [b"", b"9", b"-1", b"99999999", b"1e400", b"nan", b"<", b'"', b"\x00", b"&"]
                )
            target.writestr(name, bytes(part))
    return buffer.getvalue()


def test_of_hundreds_of_damaged_workbooks_each_is_read_or_refused() -> None:
    pick = random.Random(12)
    rows = [["ticket_id", "opened_at"], *([f"T{n}", dt.datetime(2024, 3, n)] for n in range(1, 9))]
    good = book({"tickets": rows}, lambda made: made["tickets"].merge_cells("A3:A4"))
    outcomes = set()
    for _ in range(300):
        try:
            outcomes.add(len(sheets("t.xlsx", mutated(good, pick))))
        except Faults as refusal:
            outcomes.add(str(refusal).split(":")[1])
    assert {1, " is damaged"} <= outcomes
