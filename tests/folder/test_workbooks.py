"""Tables in Excel workbooks: a file each, or a sheet each, as people fill them in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.faults import Faults
from reviewlib.folder.engagement import Engagement, load_engagement
from reviewlib.pages.wording import Wording
from reviewlib.sheets.opening import sheets
from reviewlib.tables import rules
from tests.books import book
from tests.sheets.test_xlsx import mutated

Folder = Callable[..., Path]
HEADING = ["Ticket_ID ", "opened_at", "priority", "category"]
TICKETS = [
    HEADING,
    ["T1", dt.datetime(2024, 3, 1, 9), "P1", "Réseau"],
    ["T2", dt.datetime(2024, 3, 2, 10, 30), "P2", "Poste"],
]
BUDGET = ["line_id", "title", "original", "actual"]


def put(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder


def fault_texts(folder: Path) -> list[str]:
    with pytest.raises(Faults) as refusal:
        load_engagement(folder)
    return [str(fault) for fault in refusal.value.faults]


def said_of(engagement: Engagement) -> list[str]:
    words = Wording("en")
    return [f"{r.file}: {r.column}: {words.say(r.sentence)}" for r in engagement.remarks]


def test_a_table_is_read_from_a_workbook_named_as_it(engagement_folder: Folder) -> None:
    folder = put(engagement_folder(), "tickets.xlsx", book({"Feuil1": TICKETS}))

    engagement = load_engagement(folder)

    frame = engagement.tables["tickets"]
    assert frame.index.to_list() == [2, 3]
    assert frame["opened_at"][2] == pd.Timestamp("2024-03-01T08:00Z")
    assert frame["category"].to_list() == ["Réseau", "Poste"]
    source = engagement.sources[1]
    assert (source.file, source.rows, source.used) == ("tickets.xlsx (Feuil1)", 2, 2)
    assert said_of(engagement) == []


def test_the_heading_is_looked_for_below_titles_and_rows_are_numbered_as_excel_shows_them(
    engagement_folder: Folder,
) -> None:
    rows = [["Tickets of 2024"], [], ["as of", dt.date(2024, 12, 31)], [], ["", *HEADING]]
    rows += [["", "T1", dt.datetime(2024, 3, 1, 9), "P1", "a"], [], ["", "T2", "?", "P1", "b"]]
    rows += [["", f"T{n}", dt.datetime(2024, 3, 1, 9), "P1", "a"] for n in range(3, 40)]
    folder = put(engagement_folder(), "tickets.xlsx", book({"Feuil1": rows}))

    engagement = load_engagement(folder)

    assert engagement.tables["tickets"].index[:2].to_list() == [6, 9]
    aside = engagement.set_aside[["file", "row", "column", "value", "rule"]]
    assert aside.to_numpy().tolist() == [
        ["tickets.xlsx (Feuil1)", 8, "opened_at", "?", rules.UNREADABLE]
    ]
    assert said_of(engagement) == [
        "tickets.xlsx (Feuil1): : the heading is taken from row 5; what stands above it is not read"
    ]


def test_a_sheet_without_a_heading_says_which_columns_it_lacks(engagement_folder: Folder) -> None:
    folder = put(engagement_folder(), "tickets.xlsx", book({"Feuil1": [["a", "b"], [1, 2]]}))

    assert fault_texts(folder) == [
        "tickets.xlsx (Feuil1): no heading of the table “tickets” stands in its first filled rows "
        "(up to 30 are looked at) (found: 'a, b'). Write above the rows the headings of its "
        "columns: ticket_id, opened_at."
    ]


def test_a_column_of_dates_takes_dates_serial_numbers_and_texts(engagement_folder: Folder) -> None:
    """45352.40625 is 1 March 2024, 9:45: 0.40625 of 24 h are 9.75 h. In Paris then UTC + 1."""
    dates = [dt.datetime(2024, 3, 1, 9, 45), 45352.40625, "45352,40625", "01/03/2024 09:45",
             "13/03/2024 09:45", "2024-03-01T09:45"]  # fmt: skip
    rows = [HEADING, *([f"T{n}", date, "P1", ""] for n, date in enumerate(dates))]
    folder = put(engagement_folder(), "tickets.xlsx", book({"Feuil1": rows}))

    opened = load_engagement(folder).tables["tickets"]["opened_at"]

    first, later = pd.Timestamp("2024-03-01T08:45Z"), pd.Timestamp("2024-03-13T08:45Z")
    assert opened.to_list() == [first] * 4 + [later] + [first]


def test_days_that_a_spreadsheet_took_for_months_are_pointed_at(engagement_folder: Folder) -> None:
    """Of 11, 12, 13, 14 and 15 March, written day first, Excel in English makes 3 November…"""
    days = [dt.datetime(2024, 9, 3), dt.datetime(2024, 11, 3), dt.datetime(2024, 12, 3)]
    dates = [*days, "13/03/2024 10:00", "14/03/2024 10:00", "15/03/2024 10:00"]
    rows = [HEADING, *([f"T{n}", date, "P1", ""] for n, date in enumerate(dates))]
    folder = put(engagement_folder(), "tickets.xlsx", book({"Feuil1": rows}))

    (line,) = said_of(load_engagement(folder))
    assert line.startswith(
        "tickets.xlsx (Feuil1): opened_at: “opened_at”: its dates in text (3) all have a day "
        "above 12, and those that are dates (3) have none: "
    )

    rows[1][1] = dt.datetime(2024, 9, 13)
    put(folder, "tickets.xlsx", book({"Feuil1": rows}))
    assert said_of(load_engagement(folder)) == []


def test_numbers_and_numbers_in_text_have_each_their_own_decimal_mark(
    engagement_folder: Folder,
) -> None:
    """The texts show a comma; 1.234 beside them is a number of Excel's and no 1,234."""
    amounts = [1234.5, "1 234,50", 1.234, "12", "99,9 €", 0.1 + 0.2]
    rows = [BUDGET, *([f"L{n}", f"Line {n}", a, 1] for n, a in enumerate(amounts))]
    folder = put(engagement_folder(), "budget.xlsx", book({"Feuil1": rows}))

    budget = load_engagement(folder).tables["budget"]

    assert budget["original"].to_list() == [1234.5, 1234.5, 1.234, 12, 99.9, 0.3]


def test_numbers_do_not_settle_what_texts_beside_them_leave_open(engagement_folder: Folder) -> None:
    rows = [BUDGET, ["L1", "One", 12.5, 1], ["L2", "Two", "1.234", 1]]
    folder = put(engagement_folder(), "budget.xlsx", book({"Feuil1": rows}))

    assert fault_texts(folder) == [
        "budget.xlsx (Feuil1), original: '1.234' may have a decimal mark or a mark of thousands. "
        'Declare data.formats.budget.decimal, in engagement.yml: "." if 1.234 is 1.234, "," if it '
        "is 1,234."
    ]


def test_a_percentage_is_a_number_of_percent_and_a_month_is_that_of_its_first_day(
    engagement_folder: Folder,
) -> None:
    rows = [
        ["month", "clause", "priority", "value"],
        [(dt.date(2024, 3, 1), "mmm-yy"), "5.2", "P1", (0.95, "0.0%")],
        ["2024-04", 5.2, "P1", "93,5 %"],
    ]
    folder = put(engagement_folder(), "reported_kpis.xlsx", book({"s": rows}))

    frame = load_engagement(folder).tables["reported_kpis"]

    assert frame["month"].to_list() == ["2024-03", "2024-04"]
    assert frame["value"].to_list() == [95, 93.5]
    assert frame["clause"].to_list() == ["5.2", "5.2"]


def test_a_row_with_an_error_of_a_formula_is_set_aside_with_its_text(
    engagement_folder: Folder, contract_text: str
) -> None:
    rows = [*TICKETS, ["T3", "#REF!", "P1", ""], ["T4", dt.datetime(2024, 3, 1), "P1", "#N/A"]]
    contract = contract_text + "data: {set_aside_limit: 100 %}\n"
    folder = put(engagement_folder(contract), "tickets.xlsx", book({"s": rows}))

    aside = load_engagement(folder).set_aside[["row", "column", "value", "rule"]]

    assert aside.to_numpy().tolist() == [
        [4, "opened_at", "#REF!", rules.FORMULA_ERROR],
        [5, "category", "#N/A", rules.FORMULA_ERROR],
    ]


def test_a_formula_that_was_never_computed_is_a_fault_where_its_column_is_used(
    engagement_folder: Folder,
) -> None:
    rows = [[*HEADING, "note"], ["T1", "=NOW()", "P1", "", "=1+1"], ["T2", "=NOW()", "P1"]]
    folder = put(engagement_folder(), "tickets.xlsx", book({"s": rows}))

    assert fault_texts(folder) == [
        "tickets.xlsx (s), row 2, opened_at: 2 formulas of the column have no value: the workbook "
        "was saved without computing them. Open it in a spreadsheet program and save it again; or "
        "write the values themselves."
    ]


def test_merged_cells_hold_for_each_of_their_rows_and_an_amount_counts_once(
    engagement_folder: Folder, contract_text: str
) -> None:
    """An amount of 300 merged over two lines is 300, and not 600."""

    def merge(made: Any) -> None:
        made["s"].merge_cells("E2:E4")
        made["s"].merge_cells("C3:C4")

    rows = [
        [*BUDGET, "clause"],
        ["L1", "One", 100, 1, "8"],
        ["L2", "Two", 300, 1],
        ["L3", "", "", 1],
    ]
    contract = contract_text + "data: {set_aside_limit: 100 %}\n"
    folder = put(engagement_folder(contract), "budget.xlsx", book({"s": rows}, merge))

    engagement = load_engagement(folder)

    budget = engagement.tables["budget"]
    assert budget["clause"].to_list() == ["8"] * len(budget)
    assert budget["original"].sum() == 400
    assert said_of(engagement) == [
        "budget.xlsx (s): original: cells of “original” are merged (rows 3 to 4): the value counts "
        "once, in row 3"
    ]


def test_a_cell_that_is_merged_with_those_beside_it_is_read_under_its_first_column_and_it_is_said(
    engagement_folder: Folder,
) -> None:
    """Two cells of C and D, one of them of two rows; none of D and E, which is no column of ours.

    One that is empty says nothing.
    """

    def merge(made: Any) -> None:
        for cells in ("C2:D2", "C3:D4", "D5:E5", "C6:D6"):
            made["s"].merge_cells(cells)

    opened = dt.datetime(2024, 3, 1, 9)
    rows = [[*HEADING, "note"], ["T1", opened, "P1"], ["T2", opened, "P2"], ["T3", opened]]
    rows += [["T4", opened, "P1", "Poste"], ["T5", opened]]
    folder = put(engagement_folder(), "tickets.xlsx", book({"s": rows}, merge))

    engagement = load_engagement(folder)

    tickets = engagement.tables["tickets"].fillna("")
    assert tickets["priority"].to_list() == ["P1", "P2", "P2", "P1", ""]
    assert tickets["category"].to_list() == ["", "", "", "Poste", ""]
    assert said_of(engagement) == [
        "tickets.xlsx (s): priority: 2 cells are merged with others beside them: what they hold is "
        "read under “priority” alone"
    ]


def test_hidden_rows_are_read_and_hidden_sheets_are_not_and_both_are_said(
    engagement_folder: Folder,
) -> None:
    def hide(made: Any) -> None:
        made["old"].sheet_state = "hidden"
        made["s"].row_dimensions[3].hidden = True

    content = book({"s": TICKETS, "old": TICKETS}, hide)
    engagement = load_engagement(put(engagement_folder(), "tickets.xlsx", content))

    assert len(engagement.tables["tickets"]) == 2
    assert said_of(engagement) == [
        "tickets.xlsx: : 1 hidden sheet is not read: old",
        "tickets.xlsx (s): : 1 row that is hidden in the sheet is read as the others are",
    ]


def test_of_several_sheets_the_one_with_all_the_columns_is_the_table(
    engagement_folder: Folder,
) -> None:
    content = book({"Pivot": [["priority", "n"], ["P1", 2]], "Export": TICKETS})
    engagement = load_engagement(put(engagement_folder(), "tickets.xlsx", content))

    assert len(engagement.tables["tickets"]) == 2
    assert said_of(engagement) == ["tickets.xlsx: : the table is taken from the sheet “Export”"]

    put(engagement_folder(), "tickets.xlsx", book({"2023": TICKETS, "2024": TICKETS}))
    assert fault_texts(engagement_folder()) == [
        "tickets.xlsx: holds several sheets that may be the table “tickets”: 2023, 2024. Name the "
        "one that it is “tickets”, or take the others out."
    ]


def test_the_table_that_a_file_is_named_by_is_not_lost_beside_a_sheet_of_another(
    engagement_folder: Folder,
) -> None:
    """The sheet with all its columns is the table; where two have them, neither is taken."""
    milestones = [["milestone_id", "title", "contract_date"], ["M1", "Go", dt.date(2024, 5, 2)]]
    both = {"Export": TICKETS, "Jalons": milestones, "Notes": [["free words"]]}
    engagement = load_engagement(put(engagement_folder(), "tickets.xlsx", book(both)))

    assert [*engagement.tables] == ["milestones", "tickets"]
    assert engagement.tables["tickets"]["ticket_id"].to_list() == ["T1", "T2"]
    assert said_of(engagement) == [
        "tickets.xlsx: : the table is taken from the sheet “Export”",
        "tickets.xlsx: : 1 sheet is no table of a review and is not read: Notes",
    ]

    twice = book(both | {"Export 2": TICKETS})
    engagement = load_engagement(put(engagement_folder(), "tickets.xlsx", twice))
    assert [*engagement.tables] == ["milestones"]
    assert said_of(engagement) == [
        "tickets.xlsx: : 3 sheets are no tables of a review and are not read: Export, Notes, "
        "Export 2"
    ]


def test_a_workbook_of_any_name_holds_a_table_in_each_sheet(engagement_folder: Folder) -> None:
    sheets = {
        "Tickets": TICKETS,
        "milestones": [
            ["milestone_id", "title", "contract_date"],
            ["M1", "Go", dt.date(2024, 5, 2)],
        ],
        "Notes": [["free words"]],
        "budget": [],
    }
    engagement = load_engagement(put(engagement_folder(), "Suivi 2024.xlsx", book(sheets)))

    assert [*engagement.tables] == ["milestones", "tickets"]
    assert [source.file for source in engagement.sources] == [
        "engagement.yml", "Suivi 2024.xlsx (milestones)", "Suivi 2024.xlsx (Tickets)",
    ]  # fmt: skip
    assert said_of(engagement) == [
        "Suivi 2024.xlsx: : 1 sheet is no table of a review and is not read: Notes"
    ]


def test_a_workbook_without_a_table_is_a_fault_and_so_is_a_table_that_stands_twice(
    engagement_folder: Folder,
) -> None:
    folder = put(engagement_folder(tickets="ticket_id,opened_at\n"), "a.xlsx", book({"x": [[1]]}))
    put(folder, "b.xlsx", book({"tickets": TICKETS}))

    lines = fault_texts(folder)

    assert lines[0].startswith("a.xlsx: no sheet of it is named as a table of a review: x. Name")
    assert lines[1:] == ["tickets.csv: is the same table as b.xlsx (tickets). Keep one of them."]


def test_a_sheet_of_a_heading_alone_gives_way_to_a_table_with_rows(
    engagement_folder: Folder,
) -> None:
    for name in ("a.xlsx", "z.xlsx"):
        folder = put(engagement_folder(), name, book({"tickets": [HEADING], "Budget": [BUDGET]}))
        put(folder, "tickets.xlsx", book({"s": TICKETS}))
        assert len(load_engagement(folder).tables["tickets"]) == 2
        (folder / name).unlink()


def test_a_sheet_of_formulas_that_were_never_computed_gives_way_to_no_other(
    engagement_folder: Folder,
) -> None:
    """Its rows hold no value, and are rows all the same."""
    formulas = [HEADING, ["=A9", "=NOW()", "=B9"]]
    folder = put(engagement_folder(), "a.xlsx", book({"tickets": formulas}))
    put(folder, "z.xlsx", book({"tickets": TICKETS}))

    assert "z.xlsx (tickets): is the same table as a.xlsx (tickets). Keep one of them." in (
        fault_texts(folder)
    )


def test_a_sheet_whose_name_holds_that_of_a_table_is_asked_after(engagement_folder: Folder) -> None:
    folder = put(engagement_folder(), "a.xlsx", book({"Tableau budget": [BUDGET]}))

    assert fault_texts(folder) == [
        "a.xlsx: no sheet of it is named as a table of a review: Tableau budget. If “Tableau "
        "budget” is the table “budget”, name it that, and nothing more."
    ]


@pytest.mark.parametrize("ending", [".xls", ".ods", ".xlsb"])
def test_a_workbook_in_another_format_is_refused_with_what_to_do(
    engagement_folder: Folder, ending: str
) -> None:
    folder = put(engagement_folder(), f"tickets{ending}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    assert fault_texts(folder) == [
        f"tickets{ending}: is a workbook in a format that is not read here. Open it in a "
        "spreadsheet program and save it as an Excel workbook (.xlsx)."
    ]


def test_a_csv_file_that_is_a_workbook_is_said_to_be_one(engagement_folder: Folder) -> None:
    folder = engagement_folder(tickets=book({"s": TICKETS}))
    assert fault_texts(folder) == [
        "tickets.csv: is a workbook, whatever its name. Name it tickets.xlsx, or save its table as "
        "CSV (UTF-8)."
    ]
    folder = engagement_folder(tickets=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert fault_texts(folder) == [
        "tickets.csv: is a workbook, whatever its name. Open it in a spreadsheet program and save "
        "its table as CSV (UTF-8)."
    ]


def test_a_workbook_that_is_open_in_excel_leaves_a_file_beside_it_that_is_none(
    engagement_folder: Folder,
) -> None:
    folder = put(engagement_folder(tickets="ticket_id,opened_at\n"), "~$tickets.xlsx", b"\x05user")
    assert [*load_engagement(folder).tables] == ["tickets"]


def test_a_real_budget_is_read_from_its_one_visible_sheet(
    engagement_folder: Folder, shared: Path
) -> None:
    """The gold figures of its SOURCE.md: 7 lines of together 55,050 EUR in one visible sheet."""
    path = shared / "exports" / "xlsx_budget_fr" / "Budget_previsionnel.xlsx"
    every = sheets(path.name, path.read_bytes())
    visible = [sheet for sheet in every if not sheet.hidden]
    assert [sheet.name for sheet in visible] == ["Tableau budget"]
    assert len(every) - len(visible) == 5
    rows = visible[0].grid(10, 16)
    assert len(rows) == 7
    assert sum(float(cells[7]) for cells in rows.values()) == 55_050


def test_of_a_hundred_damaged_workbooks_each_is_read_or_refused(engagement_folder: Folder) -> None:
    pick, good = random.Random(3), book({"tickets": TICKETS})
    folder = engagement_folder()
    outcomes = []
    for _ in range(100):
        put(folder, "tickets.xlsx", mutated(good, pick))
        try:
            outcomes += [source.file for source in load_engagement(folder).sources[1:]]
        except Faults as refusal:
            outcomes += [fault.file for fault in refusal.faults]
    assert {name.split(" ")[0] for name in outcomes} == {"tickets.xlsx"}
    assert "tickets.xlsx (tickets)" in outcomes
