"""An engagement folder: which files are tables, how they are written, and all their faults."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.faults import Faults, ReviewError
from reviewlib.folder.engagement import Engagement, describe, load_engagement, undefined_statuses
from reviewlib.folder.issues import as_written
from reviewlib.pages.wording import Wording
from reviewlib.parameters import find_folder
from reviewlib.report.text import LANGUAGES, Quoted
from reviewlib.service.volumes.metrics import NO_ITEM, items
from reviewlib.tables import rules

Folder = Callable[..., Path]

NEITHER = "is neither a CSV nor a Parquet file, nor an Excel workbook"
TICKETS = "ticket_id,opened_at,category\nT1,2024-03-01 09:00,Réseau\nT2,2024-03-02 10:30,Poste\n"


def fault_texts(folder: Path) -> list[str]:
    """Every fault of a folder as it is printed."""
    with pytest.raises(Faults) as refused:
        load_engagement(folder)
    return [str(fault) for fault in refused.value.faults]


def loose(contract_text: str, *formats: str) -> str:
    """The contract with any share of rows set aside allowed, and some formats."""
    return contract_text + f"data: {{set_aside_limit: 100 %, formats: {{{', '.join(formats)}}}}}\n"


def reasons_of(issues: pd.DataFrame) -> list[tuple[str, int, str, str]]:
    return list(issues[["file", "row", "rule", "value"]].itertuples(index=False, name=None))


# --- How a file is written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_encoding_and_line_ends_are_read_off_the_file(
    engagement_folder: Folder, encoding: str, separator: str, end: str
) -> None:
    text = TICKETS.replace(",", separator).replace("\n", end)
    engagement = load_engagement(engagement_folder(tickets=text.encode(encoding)))

    frame = engagement.tables["tickets"]
    assert frame["category"].to_list() == ["Réseau", "Poste"]
    assert frame.index.to_list() == [2, 3]
    assert frame["opened_at"][2] == pd.Timestamp("2024-03-01T08:00Z")


def test_a_declared_encoding_is_held_to(engagement_folder: Folder, contract_text: str) -> None:
    utf8 = loose(contract_text, "tickets: {encoding: utf-8}")
    assert fault_texts(engagement_folder(utf8, tickets=TICKETS.encode("cp1252"))) == [
        "tickets.csv: is no text in utf-8. Save it as CSV in UTF-8, or declare its encoding."
    ]
    cp1252 = loose(contract_text, "tickets: {encoding: cp1252}")
    marked = load_engagement(engagement_folder(cp1252, tickets=TICKETS.encode("utf-8-sig")))
    assert marked.tables["tickets"]["category"][2] == "Réseau"


def test_a_declared_separator_that_is_not_the_file_s_is_one_fault(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = loose(contract_text, "tickets: {separator: ';'}")

    assert fault_texts(engagement_folder(text, tickets=TICKETS)) == [
        "tickets.csv, row 1: its cells are separated by ',', not by ';' as declared. "
        "Correct data.formats in engagement.yml."
    ]


def test_the_separator_is_the_one_that_finds_the_columns_of_the_table(
    engagement_folder: Folder,
) -> None:
    text = 'ticket_id;opened_at;"Comment (a, b, c, d)"\nT1;2024-03-01;x, y\n'
    engagement = load_engagement(engagement_folder(tickets=text))

    assert list(engagement.tables["tickets"]) == ["ticket_id", "opened_at"]
    assert engagement.unused == {"tickets.csv": ("Comment (a, b, c, d)",)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty. Write its heading, or remove the file."),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"\x7fELF\x00\x00ticket_id", "holds binary data, not text. Save the table as CSV."),
        (b"ticket_id\xff\x81\x8d", "is no text in utf-8, cp1252"),
        (b"\xff\xfet", "is no text in utf-16"),
        (b"\nticket_id,opened_at\n", "the first row is blank. Write the heading in it."),
        (b'ticket_id,opened_at\nT1,"2024-03-01\n', "cannot be read as CSV: unexpected end of data"),
        (b'ticket_id,opened_at\nT1,2024-03-01,"a\nb', "cannot be read as CSV: unexpected end"),
    ],
    ids=range(8),
)
def test_a_file_that_is_no_table_is_one_clear_fault(
    engagement_folder: Folder, content: bytes, message: str
) -> None:
    (fault,) = fault_texts(engagement_folder(tickets=content))

    assert fault.startswith("tickets.csv")
    assert message in fault


def test_every_row_with_more_cells_than_the_heading_is_listed(engagement_folder: Folder) -> None:
    text = TICKETS + "T3,2024-03-03,a, b\nT4,2024-03-04,c\nT5,2024-03-05,d,e,f\n"
    remedy = "Put cells that hold the separator, quotes or a line break between double quotes."

    assert fault_texts(engagement_folder(tickets=text)) == [
        f"tickets.csv, row 4: 4 cells where the heading has 3. {remedy}",
        f"tickets.csv, row 6: 5 cells where the heading has 3. {remedy}",
    ]


def test_empty_cells_beyond_the_heading_and_cells_left_out_at_the_end_do_no_harm(
    engagement_folder: Folder,
) -> None:
    text = "ticket_id;opened_at;category\nT1;2024-03-01;a;;\nT2;2024-03-02\n"
    frame = load_engagement(engagement_folder(tickets=text)).tables["tickets"]

    assert frame["category"].fillna("-").to_list() == ["a", "-"]


def test_a_cell_of_several_lines_is_one_row_as_in_a_spreadsheet(engagement_folder: Folder) -> None:
    """Rows: 1 heading, 2 T1 (three lines), 3 blank, 4 T2, 5 T1 again."""
    text = (
        'ticket_id,opened_at,category\nT1,2024-03-01,"one\ntwo, ""quoted""\nthree"\n\n'
        "T2,2024-03-02,x\nT1,2024-03-03,y\n"
    )
    engagement = load_engagement(
        engagement_folder(
            None,
            tickets=text + "".join(f"X{i},2024-03-02,z\n" for i in range(30)),
        )
    )

    frame = engagement.tables["tickets"]
    assert frame["category"][2] == 'one\ntwo, "quoted"\nthree'
    assert frame.index[:2].to_list() == [2, 4]
    assert reasons_of(engagement.set_aside) == [("tickets.csv", 5, rules.UNIQUE, "T1")]
    assert engagement.sources[1].rows == 33


def test_a_file_of_one_column_is_read(engagement_folder: Folder) -> None:
    faults = fault_texts(engagement_folder(tickets="ticket_id\nT1\n\nT2\n"))

    assert faults == [
        "tickets.csv, row 1, opened_at: the column is missing. Add it: When the ticket was opened."
    ]


def test_a_heading_without_rows_is_a_table_without_rows(engagement_folder: Folder) -> None:
    engagement = load_engagement(engagement_folder(tickets="ticket_id;opened_at\n"))

    assert engagement.tables["tickets"].empty
    assert engagement.table("tickets") is None
    assert engagement.table("lessons") is None
    assert engagement.sources[1].rows == 0


def test_french_dates_and_numbers_are_read_as_declared_or_as_the_column_shows(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = loose(contract_text, "reported_kpis: {decimal: ','}", "tickets: {dates: day-first}")
    kpis = "month;clause;value;n\n2024-01;5.2;95,2;1\u202f234\n2024-02;5.2;70,5;1.234\n"
    tickets = "ticket_id;opened_at\nT1;02/03/2024 09:00\n"
    tables = load_engagement(engagement_folder(text, reported_kpis=kpis, tickets=tickets)).tables

    assert tables["reported_kpis"]["value"].to_list() == [95.2, 70.5]
    assert tables["reported_kpis"]["n"].to_list() == [1234, 1234]
    assert tables["tickets"]["opened_at"][2] == pd.Timestamp("2024-03-02T08:00Z")


# --- Which files are tables


def test_only_files_that_may_be_tables_are_asked_for_a_name(engagement_folder: Folder) -> None:
    folder = engagement_folder(tickets=TICKETS)
    for name in ("contract.pdf", "logo.png", "README.md", ".hidden.csv", "~$tickets.xlsx"):
        (folder / name).write_bytes(b"x")
    (folder / "old.csv").mkdir()

    assert set(load_engagement(folder).tables) == {"tickets"}


def test_a_table_under_another_name_or_in_another_form_is_a_fault(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(tikets=TICKETS, wholly_unlike=TICKETS)
    for name in ("lessons.xlsx", "actions.json", "prices.ods", "tickets.tsv"):
        (folder / name).write_bytes(b"x")
    messages = fault_texts(folder)

    assert messages[:5] == [
        f"actions.json: {NEITHER}. Save it as actions.csv.",
        "lessons.xlsx: is no Excel workbook, whatever its name. If it is a table in text, name it "
        ".csv; else save it again as .xlsx.",
        "prices.ods: is a workbook in a format that is not read here. Open it in a spreadsheet "
        "program and save it as an Excel workbook (.xlsx).",
        f"tickets.tsv: {NEITHER}. Save it as tickets.csv.",
        "tikets.csv: is not a table of a review. Did you mean 'tickets'?",
    ]
    assert messages[5].startswith(
        "wholly_unlike.csv: is not a table of a review. Allowed: actions, "
    )


def test_the_ending_of_a_file_may_be_in_capitals_but_not_beside_the_other(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder()
    (folder / "tickets.CSV").write_text(TICKETS, encoding="utf-8")
    engagement = load_engagement(folder)
    assert [source.file for source in engagement.sources] == ["engagement.yml", "tickets.CSV"]

    (folder / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    assert fault_texts(folder) == [
        "tickets.csv: is the same table as tickets.CSV. Keep one of them."
    ]


def test_a_format_of_no_table_is_a_fault_with_its_line(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + "data:\n  formats:\n    ticket: {dates: iso}\n"
    row = text[: text.index("ticket: {")].count("\n") + 1

    assert fault_texts(engagement_folder(text)) == [
        f"engagement.yml, row {row}, data.formats.ticket: 'ticket' is no table. "
        "Did you mean 'tickets'?"
    ]


# --- Everything at once


def test_every_fault_of_contract_and_tables_is_told_at_once(
    engagement_folder: Folder, contract_text: str
) -> None:
    """The zone, a word and a key of the contract; a heading, an order of dates and a file."""
    text = contract_text.replace("Europe/Paris", "Paris").replace(
        "office\n      t", "ofice\n      t"
    )
    messages = fault_texts(
        engagement_folder(
            text.replace("priorities:", "prioritys: []\n  priorities:"),
            tickets="tiket id,opened_at\nT1,2024-03-01\n",
            ticket_events="ticket_id,at,field\nT1,01/02/2024,status\n",
            lesons="x\n",
        )
    )

    assert [fault.split(":")[0] for fault in messages] == [
        "engagement.yml, row 5, time_zone",
        "engagement.yml, row 10, terms.prioritys",
        "engagement.yml, row 25, terms.clauses.5.2.calendar",
        "lesons.csv",
        "tickets.csv, row 1, ticket_id",
        "ticket_events.csv, at",
    ]


def test_a_contract_with_faults_still_tells_how_its_tables_are_written(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text.replace("id: C-1", "id:") + (
        "data: {set_aside_limit: 50 %, formats: {tickets: {dates: day-first}}}\n"
    )
    tickets = "ticket_id,opened_at\nT1,01/02/2024\nT1,01/02/2024\n"

    assert fault_texts(engagement_folder(text, tickets=tickets)) == [
        "engagement.yml, row 2, id: the key 'id' is missing or has no value"
    ]


def test_a_folder_without_a_contract_is_no_engagement_whatever_else_it_holds(
    tmp_path: Path,
) -> None:
    (tmp_path / "anything.csv").write_text("a\n", encoding="utf-8")
    (fault,) = fault_texts(tmp_path)

    assert fault.startswith("engagement.yml: not found in the folder")


# --- Rows that name rows of other tables


EVENTS = (
    "ticket_id,at,field,new\nT1,2024-03-02,status,New\nT9,2024-03-01,status,New\n"
    "T2,2024-03-02,status,New\n"
)


def test_rows_that_name_a_row_not_there_are_set_aside_as_they_came(
    engagement_folder: Folder, contract_text: str
) -> None:
    tickets = TICKETS.replace("2024-03-02 10:30", "never")
    folder = engagement_folder(loose(contract_text), tickets=tickets, ticket_events=EVENTS)
    engagement = load_engagement(folder)

    assert reasons_of(engagement.set_aside) == [
        ("tickets.csv", 3, rules.UNREADABLE, "never"),
        ("ticket_events.csv", 3, rules.ORPHAN, "T9"),
        ("ticket_events.csv", 4, rules.CHILD, "T2"),
    ]
    assert engagement.set_aside["content"].to_list() == [
        "T2 ; never ; Poste",
        "T9 ; 2024-03-01 ; status ; New",
        "T2 ; 2024-03-02 ; status ; New",
    ]
    assert engagement.tables["ticket_events"]["ticket_id"].to_list() == ["T1"]


def test_without_the_other_table_nothing_is_an_orphan(engagement_folder: Folder) -> None:
    engagement = load_engagement(engagement_folder(ticket_events=EVENTS))

    assert len(engagement.tables["ticket_events"]) == 3
    assert engagement.set_aside.empty


def test_a_table_that_can_not_be_read_makes_no_orphans_of_the_rows_that_name_it(
    engagement_folder: Folder,
) -> None:
    messages = fault_texts(engagement_folder(tickets="ticket_id\nT1\n", ticket_events=EVENTS))

    assert messages == [
        "tickets.csv, row 1, opened_at: the column is missing. Add it: When the ticket was opened."
    ]


# --- How much may be set aside


def rows(good: int, bad: int) -> str:
    lines = [f"T{i},2024-03-01" for i in range(good)] + [f"B{i},never" for i in range(bad)]
    return "\n".join(["ticket_id,opened_at", *lines]) + "\n"


def test_as_much_as_the_stated_share_may_be_set_aside_and_no_row_more(
    engagement_folder: Folder,
) -> None:
    """The default limit is 5 %: 1 of 20 is 5 %, 2 of 21 are 9.5 %."""
    engagement = load_engagement(engagement_folder(tickets=rows(19, 1)))
    assert (engagement.sources[1].rows, engagement.sources[1].used) == (20, 19)

    assert fault_texts(engagement_folder(tickets=rows(19, 2))) == [
        "tickets.csv: 2 of 21 rows set aside, above the limit of 5.00% (data.set_aside_limit)",
        "tickets.csv: 2 rows set aside: “opened_at” cannot be read as a date and time\n"
        "  came: 'never' (2)\n"
        "  rows: 21, 22\n"
        "  Write dates as 2024-01-15, and times as 2024-01-15 09:30.",
    ]


def test_a_reason_of_a_fault_writes_its_instant_as_the_data_do(engagement_folder: Folder) -> None:
    fault = fault_texts(engagement_folder(tickets="ticket_id,opened_at\nT1,2030-01-01 10:00\n"))[1]

    assert fault == (
        "tickets.csv, row 2: set aside: “opened_at” lies after 2025-12-31 00:00 "
        "(found: '2030-01-01 10:00'). Correct the dates, or data.extracted_at in engagement.yml."
    )


def test_a_row_with_several_reasons_counts_once_and_orphans_count(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + "data: {set_aside_limit: 50 %}\n"
    tickets = (
        "ticket_id,opened_at,priority,closed_at\nT1,2024-03-01,P1,\nT2,2024-03-02,P9,2024-03-01\n"
    )
    assert len(load_engagement(engagement_folder(text, tickets=tickets)).set_aside) == 2

    fault, *reasons = fault_texts(engagement_folder(text, tickets=tickets, ticket_events=EVENTS))
    assert fault.startswith("ticket_events.csv: 2 of 3 rows set aside")
    assert len(reasons) == 2


def test_an_event_dated_before_the_opening_of_its_ticket_is_set_aside(
    engagement_folder: Folder, contract_text: str
) -> None:
    tickets = "ticket_id,opened_at\nT1,2024-03-01 09:15\n"
    log = (
        "ticket_id,at,field,new\nT1,2024-03-01 09:15,status,New\nT1,2024-03-01 09:00,status,Open\n"
    )
    folder = engagement_folder(loose(contract_text), tickets=tickets, ticket_events=log)
    engagement = load_engagement(folder)

    assert reasons_of(engagement.set_aside) == [
        ("ticket_events.csv", 3, rules.EARLY, "2024-03-01 09:00")
    ]
    assert len(engagement.tables["ticket_events"]) == 1


def test_of_an_answer_set_aside_neither_person_nor_words_are_kept(
    engagement_folder: Folder, contract_text: str
) -> None:
    answers = "wave,respondent,question,answer\nW1,r90,,my boss is bad\n"
    engagement = load_engagement(engagement_folder(loose(contract_text), survey_answers=answers))

    assert reasons_of(engagement.set_aside) == [("survey_answers.csv", 2, rules.MISSING_VALUE, "")]
    assert engagement.set_aside["content"].to_list() == [""]


# --- Time


@pytest.mark.parametrize(
    ("data", "first", "second"),
    [
        ("extracted_at: 2024-06-30", "2024-06-30 23:59:59", "2024-07-01"),
        ("extracted_at: ", "2025-12-31 00:00", "2025-12-31 00:01"),
    ],
)  # fmt: skip
def test_nothing_happened_after_the_extraction_or_a_year_after_the_end(
    engagement_folder: Folder, contract_text: str, data: str, first: str, second: str
) -> None:
    """The engagement ends on 31 December 2024; a mistyped 2099 becomes no date to look from."""
    tickets = f"ticket_id,opened_at\nT1,{first}\nT2,{second}\nT3,2099-01-01\n"
    text = contract_text + f"data:\n  set_aside_limit: 100 %\n  {data}\n"
    engagement = load_engagement(engagement_folder(text, tickets=tickets))

    assert engagement.tables["tickets"]["ticket_id"].to_list() == ["T1"]
    assert set(engagement.set_aside["rule"]) == {rules.AFTER}


def test_local_times_stand_in_the_file_s_zone_else_in_the_contract_s(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = loose(contract_text, "tickets: {time_zone: UTC}")
    tickets = "ticket_id,opened_at\nT1,2024-07-01 12:00\n"
    folder = engagement_folder(text, tickets=tickets)
    assert load_engagement(folder).tables["tickets"]["opened_at"][2].hour == 12

    folder = engagement_folder(contract_text, tickets=tickets)
    assert load_engagement(folder).tables["tickets"]["opened_at"][2].hour == 10


# --- Where a review comes from


def test_the_sources_carry_the_hash_of_their_bytes_and_change_with_them(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(tickets=TICKETS)
    first = load_engagement(folder)
    assert [(s.table, s.file, s.rows, s.used) for s in first.sources] == [
        ("contract", "engagement.yml", 0, 0),
        ("tickets", "tickets.csv", 2, 2),
    ]
    assert first.sources[1].sha256 == hashlib.sha256(TICKETS.encode()).hexdigest()
    assert first.name == folder.name

    moved = shutil.copytree(folder, folder.parent / "elsewhere")
    assert load_engagement(moved).sha256 == first.sha256
    (moved / "tickets.csv").write_text(TICKETS + "\n", encoding="utf-8")
    assert load_engagement(moved).sha256 != first.sha256


def in_each(text: object) -> list[str]:
    """A text in French and in English."""
    assert isinstance(text, Quoted), text
    return [text.in_language(language) for language in LANGUAGES]


def test_texts_of_the_tables_are_read_in_both_languages_from_one_opening(
    engagement_folder: Folder,
) -> None:
    lessons = (
        "lesson_id;event;event_fr;recommendation;kind\nL1;Late;En retard;Plan;improve\n"
        "L2;Down;;Double;keep\n"
    )
    table = load_engagement(engagement_folder(lessons=lessons)).tables["lessons"]

    assert table["event"].to_list() == ["Late", "Down"]
    assert [in_each(text) for text in table["event"]] == [["En retard", "Late"], ["Down", "Down"]]
    assert table["recommendation"].dtype == "str"


def test_a_text_of_a_table_is_in_the_language_of_the_contract_where_it_has_that(
    engagement_folder: Folder,
) -> None:
    lessons = (
        "lesson_id,event,event_en,event_fr,recommendation,kind\n"
        "L1,Retard,Late,En retard,Plan,keep\nL2,Panne,,,Plan,keep\nL3,Panne,,Arrêt,Plan,keep\n"
        "L4,Retard,Late,,Plan,keep\n"
    )
    texts = load_engagement(engagement_folder(lessons=lessons)).tables["lessons"]["event"]

    assert texts.to_list() == ["Late", "Panne", "Panne", "Late"]
    assert [in_each(text) for text in texts] == [
        ["En retard", "Late"],
        ["Panne", "Panne"],
        ["Arrêt", "Panne"],
        ["Retard", "Late"],
    ]


def test_a_text_given_in_another_language_alone_is_not_missing(engagement_folder: Folder) -> None:
    actions = (
        "action_id,title,status,created_on,owner,owner_fr\n"
        "A1,Plan,open,2024-03-01,,Chef\nA2,Plan,open,2024-03-01,,\n"
    )
    owner = load_engagement(engagement_folder(actions=actions)).tables["actions"]["owner"]

    assert in_each(owner[2]) == ["Chef", "Chef"]
    assert owner.isna().to_list() == [False, True]


def test_a_row_set_aside_is_quoted_in_every_language_that_it_has(
    engagement_folder: Folder, contract_text: str
) -> None:
    lessons = (
        "lesson_id,event,event_fr,recommendation,kind\n"
        "L1,Late,En retard,Plan,improve\nL2,Late {x} %s,<b>Retard</b>,Plan,never\n"
    )
    (row,) = load_engagement(
        engagement_folder(loose(contract_text), lessons=lessons)
    ).set_aside.itertuples()

    assert (row.row, row.value) == (3, "never")
    french, english = in_each(row.content)
    assert french == "L2 ; <b>Retard</b> ; Plan ; never"
    assert row.content == english == "L2 ; Late {x} %s ; Plan ; never"


def test_a_table_with_translations_of_which_no_row_holds_is_empty(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = "milestone_id,title,title_fr,contract_date\n,Start,Début,2024-03-01\n"
    engagement = load_engagement(engagement_folder(loose(contract_text), milestones=text))

    assert len(engagement.set_aside) == 1
    assert engagement.table("milestones") is None
    assert engagement.sources[1].used == 0


def test_one_object_stands_for_all_rows_that_are_alike(engagement_folder: Folder) -> None:
    lines = [f"T{i},2024-03-01,{w},{w[::-1]}" for i, w in enumerate(["ab", "cd", "ab", "ab"])]
    tickets = "\n".join(["ticket_id,opened_at,category,category_fr", *lines, ""])
    category = load_engagement(engagement_folder(tickets=tickets)).tables["tickets"]["category"]

    assert len({id(text) for text in category}) == 2
    assert category.value_counts().to_dict() == {"ab": 3, "cd": 1}


def test_a_category_in_two_languages_is_that_of_the_scope(
    engagement_folder: Folder, contract_text: str
) -> None:
    scope = "scope: [{title: Phones, volume: 9, categories: [{fr: Téléphone, en: Phone}]}]\n"
    tickets = (
        "ticket_id,opened_at,category,category_fr\n"
        "T1,2024-03-01,Phone,Téléphone\nT2,2024-03-01,Desk,Poste\n"
    )
    engagement = load_engagement(engagement_folder(contract_text + scope, tickets=tickets))
    scope_items = items(engagement.tables["tickets"], engagement.contract.scope)

    assert scope_items.to_list() == [0, NO_ITEM]


def test_an_engagement_is_found_from_the_folders_below_and_by_its_contract(
    engagement_folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = engagement_folder()
    below = folder.parent / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    assert find_folder(folder.name).resolve() == folder.resolve()
    assert find_folder(folder / "engagement.yml") == folder
    assert isinstance(load_engagement(folder / "engagement.yml"), Engagement)
    with pytest.raises(ReviewError, match="'nowhere': not found from"):
        load_engagement("nowhere")


@pytest.mark.parametrize("path", ["x" * 5000, "a/" * 3000, "\0"])
def test_a_path_that_no_file_system_takes_is_not_found(path: str) -> None:
    with pytest.raises(ReviewError, match="not found from") as refused:
        find_folder(path)
    assert len(str(refused.value)) < 1000


def test_every_reason_is_a_sentence_without_a_blank(engagement_folder: Folder) -> None:
    wording = Wording("en", "Europe/Paris")
    for rule in rules.SENTENCES:
        allowed = {rules.UNREADABLE: "date", rules.AFTER: "2024-06-30T22:30:00+00:00"}
        issue = pd.Series({"rule": rule, "column": "at", "allowed": allowed.get(rule, "x")})
        message = describe(issue)
        assert message.fields == {name for name, _ in message.values}
        for sentence in (wording.say(message), wording.say(as_written(issue, "Europe/Paris"))):
            assert "at" in sentence
            assert "{" not in sentence
    late = pd.Series({"rule": rules.AFTER, "column": "at", "allowed": "2024-06-30T22:30:00+00:00"})
    assert wording.say(describe(late)) == "“at” lies after 1 Jul 2024 00:30"
    assert Wording("en").say(as_written(late, "Europe/Paris")) == "“at” lies after 2024-07-01 00:30"


def test_a_heading_longer_than_any_is_one_fault(engagement_folder: Folder) -> None:
    (fault,) = fault_texts(engagement_folder(tickets="x" * 140_000 + "\nT1\n"))

    assert fault == "tickets.csv, row 1: its first row is no heading. Save the table as CSV."


def test_the_statuses_that_the_contract_does_not_define_are_told_with_their_events(
    engagement_folder: Folder,
) -> None:
    tickets = (
        "ticket_id,opened_at,status\nT1,2024-03-01 09:00,Annulé\nT2,2024-03-01 09:00,Waiting\n"
    )
    log = (
        "ticket_id,at,field,new\nT1,2024-03-01 09:00,status,Nouvo\n"
        "T1,2024-03-01 10:00,status,Nouvo\nT1,2024-03-01 11:00,priority,P1\n"
    )
    engagement = load_engagement(engagement_folder(tickets=tickets, ticket_events=log))

    assert undefined_statuses(engagement) == [
        ("ticket_events", "Nouvo", 2),
        ("tickets", "Annulé", 1),
    ]


def test_a_log_without_what_changed_to_is_no_unexpected_error(engagement_folder: Folder) -> None:
    folder = engagement_folder(
        tickets="ticket_id,opened_at\nT1,2024-03-01 09:00\n",
        ticket_events="ticket_id,at,field\nT1,2024-03-01 09:00,status\n",
    )
    assert undefined_statuses(load_engagement(folder)) == []


# --- Parquet


def parquet(folder: Path, name: str, frame: pd.DataFrame) -> None:
    frame.to_parquet(folder / f"{name}.parquet", index=False)


LOG = pd.DataFrame(
    {
        "ticket_id": ["T1", "T1", "T9", "T2", "T2"],
        "at": ["2024-03-01 09:30", "2024-03-31 02:30", "2024-03-02 10:30", "2024-03-01 09:00", ""],
        "field": ["status", "status", "status", "mood", "status"],
        "old": ["", "New", "", "", "New"],
        "new": ["New", "Open", "New", "New", "Open"],
        "automatic": ["yes", "no", "", "no", "no"],
    }
)


def typed_log() -> pd.DataFrame:
    """The same log as its tool would hold it: times, categories, booleans, missing values."""
    frame = LOG.replace("", None)
    frame["at"] = pd.to_datetime(frame["at"])
    frame["field"] = frame["field"].astype("category")
    frame["automatic"] = frame["automatic"].map({"yes": True, "no": False}).astype("boolean")
    return frame


def test_a_parquet_file_gives_what_the_csv_file_of_the_same_table_gives(
    engagement_folder: Folder, contract_text: str
) -> None:
    """Row 4 names no ticket, row 5 has no allowed field, row 6 has no date."""
    folder = engagement_folder(loose(contract_text), tickets=TICKETS)
    (folder / "ticket_events.csv").write_text(LOG.to_csv(index=False), encoding="utf-8")
    as_text = load_engagement(folder)
    (folder / "ticket_events.csv").unlink()
    parquet(folder, "ticket_events", typed_log())
    as_typed = load_engagement(folder)

    pd.testing.assert_frame_equal(as_typed.tables["ticket_events"], as_text.tables["ticket_events"])
    places = ["row", "column", "rule", "allowed"]
    for name in ("set_aside", "repaired"):
        typed_rows, text_rows = getattr(as_typed, name), getattr(as_text, name)
        pd.testing.assert_frame_equal(typed_rows[places], text_rows[places])
    assert reasons_of(as_typed.set_aside) == [
        ("ticket_events.parquet", 5, rules.NOT_ALLOWED, "mood"),
        ("ticket_events.parquet", 6, rules.MISSING_VALUE, ""),
        ("ticket_events.parquet", 4, rules.ORPHAN, "T9"),
    ]
    assert as_typed.repaired["value"].to_list() == ["2024-03-31 02:30:00.000000"]
    assert as_typed.set_aside["content"][0] == (
        "T2 ; 2024-03-01 09:00:00.000000 ; mood ;  ; … ; false"  # it might be a name
    )


def test_a_parquet_file_is_named_among_the_sources_with_its_hash_and_columns_not_used(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder()
    rows = pd.DataFrame(
        {"Ticket_ID ": [7, 8], "opened_at": pd.Timestamp("2024-03-01T09:00Z"), "mood": [1, 2],
         "void": [None, None]}
    )  # fmt: skip
    rows.set_index(pd.Index([3, 5])).to_parquet(folder / "tickets.parquet")  # keeps its index
    engagement = load_engagement(folder)

    digest = hashlib.sha256((folder / "tickets.parquet").read_bytes()).hexdigest()
    source = engagement.sources[1]
    assert (source.file, source.sha256, source.rows) == ("tickets.parquet", digest, 2)
    assert engagement.unused == {"tickets.parquet": ("mood",)}
    assert engagement.tables["tickets"]["ticket_id"].to_list() == ["7", "8"]
    assert engagement.tables["tickets"]["ticket_id"].dtype == "str"


def test_a_table_of_both_kinds_is_the_same_table(engagement_folder: Folder) -> None:
    folder = engagement_folder(tickets=TICKETS)
    parquet(folder, "tickets", pd.DataFrame({"ticket_id": ["T1"]}))

    assert fault_texts(folder) == [
        "tickets.parquet: is the same table as tickets.csv. Keep one of them."
    ]


def test_a_column_of_a_type_that_can_not_be_read_is_a_fault_that_names_it(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder()
    odd = pd.DataFrame({"ticket_id": [b"T1"], "opened_at": [{"day": 1}], "priority": [True]})
    parquet(folder, "tickets", odd)

    remedy = "Write the column with such a type, or save the table as CSV."
    assert fault_texts(folder) == [
        "tickets.parquet, ticket_id: holds binary, where text or whole numbers can be read. "
        + remedy,
        "tickets.parquet, opened_at: holds struct<day: int64>, where timestamps, dates or text "
        f"can be read. {remedy}",
        f"tickets.parquet, priority: holds bool, where text or whole numbers can be read. {remedy}",
    ]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"ticket_id,opened_at\n", "cut"])
def test_a_parquet_file_that_can_not_be_read_is_one_fault(
    engagement_folder: Folder, content: bytes | str
) -> None:
    folder = engagement_folder()
    parquet(folder, "tickets", pd.DataFrame({"ticket_id": ["T1"]}))
    file = folder / "tickets.parquet"
    file.write_bytes(file.read_bytes()[:-20] if isinstance(content, str) else content)

    (fault,) = fault_texts(folder)
    assert fault.startswith("tickets.parquet: cannot be read as Parquet: ")
    assert fault.endswith("Write it again from where it came, or save the table as CSV.")


def test_a_parquet_file_with_damaged_bytes_never_ends_in_anything_but_faults(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder()
    parquet(folder, "tickets", pd.DataFrame({"ticket_id": [f"T{n}" for n in range(50)]}))
    file = folder / "tickets.parquet"
    whole = file.read_bytes()
    for place in range(4, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert fault_texts(folder)  # opened_at is missing at the least


def test_a_parquet_file_without_rows_is_a_table_without_rows(engagement_folder: Folder) -> None:
    folder = engagement_folder()
    parquet(folder, "tickets", pd.DataFrame({"ticket_id": [], "opened_at": []}))

    assert load_engagement(folder).table("tickets") is None


@pytest.mark.parametrize("written", ["currency: EUR: x\n", "id:\tC\n\tx: 1\n", ""])
def test_of_a_contract_that_is_no_yaml_only_that_is_a_fault(
    engagement_folder: Folder, written: str
) -> None:
    """Without its limit and its words one row of seven was refused for another reason."""
    rows = "".join(f"T{n},2024-03-0{n}T09:00\n" for n in range(1, 7))
    folder = engagement_folder(written, tickets=f"ticket_id,opened_at\n{rows}T7,soon\n")

    assert [text.split(",")[0].split(":")[0] for text in fault_texts(folder)] == ["engagement.yml"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04\x14\x00", "a zip archive"),
        (b"\n<!DOCTYPE html><html><table>", "an HTML page"),
        (b"<html><table>", "an HTML page"),
    ],
)
def test_an_archive_or_page_that_is_named_csv_is_told_so(
    engagement_folder: Folder, content: bytes, name: str
) -> None:
    folder = engagement_folder()
    (folder / "tickets.csv").write_bytes(content)

    assert fault_texts(folder) == [
        f"tickets.csv: is {name}, whatever its name. Save it as CSV (UTF-8)."
    ]
