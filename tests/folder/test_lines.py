"""The physical lines of a file: each is a row used or set aside, blank, or within a cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.contract.data import Format
from reviewlib.faults import Faults
from reviewlib.folder import lines
from reviewlib.folder.engagement import Source, load_engagement
from reviewlib.folder.lines import count
from reviewlib.folder.reading import raw_table
from tests.sample import SAMPLE

Folder = Callable[..., Path]
STRAY = (
    "A double quote is missing or stands too many there: correct it. Within a cell between double "
    "quotes, write each one twice."
)
HEADING = "payment_id;title;amount;paid_on;invoice"


def payments(*lines: str) -> str:
    """Thirty payments of €1,000 each, the given ones in the place of the first."""
    rest = [f"P{n:02};Lot {n};1000;2024-03-01;F{n}" for n in range(len(lines) + 1, 31)]
    return "\n".join([HEADING, *lines, *rest, ""])


def fault_texts(folder: Path) -> list[str]:
    with pytest.raises(Faults) as refused:
        load_engagement(folder)
    return [str(fault) for fault in refused.value.faults]


def source(folder: Path, table: str) -> Source:
    return next(source for source in load_engagement(folder).sources if source.table == table)


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ('P01;"Lot 1;1000;2024-03-01;F1', 'P06;Lot 6";1000;2024-03-01;F6', "6 of them have the"),
        ('P01;"Lot 1;1000;2024-03-01;F1', 'P06;"Lot 6;1000;2024-03-01;F6', "6 of them have the"),
        ('"P01;Lot 1;1000;2024-03-01;F1', 'P06;Lot 6;1000;2024-03-01;F6"', "6 of them have the"),
    ],
)
def test_two_stray_quotes_that_swallow_rows_are_a_fault(
    engagement_folder: Folder, first: str, last: str, reason: str
) -> None:
    """Lines 2 to 7: of thirty payments five would be lost, and the sixth read in part."""
    between = [f"P{n:02};Lot {n};1000;2024-03-01;F{n}" for n in range(2, 6)]
    folder = engagement_folder(payments=payments(first, *between, last))

    assert fault_texts(folder) == [
        f"payments.csv, row 2: lines 2 to 7 are one row: {reason} separators of a row. {STRAY}"
    ]


def test_two_rows_made_one_are_a_fault(engagement_folder: Folder) -> None:
    text = payments('P01;"Lot 1;1000;2024-03-01;F1', 'P02;Lot 2";1000;2024-03-01;F2')

    (fault,) = fault_texts(engagement_folder(payments=text))
    assert "lines 2 to 3 are one row: 2 of them have the separators of a row" in fault


def test_text_behind_a_closing_quote_is_a_fault_where_the_cell_holds_a_separator_or_a_break(
    engagement_folder: Folder,
) -> None:
    """In the second row the quotes are the words' own, and nothing is lost by them."""
    text = payments('"P01;"Lot 1";1000;2024-03-01;F1', 'P02;"Lot" 2;1000;2024-03-01;F2')
    broken = payments('P01;"one\ntwo"three;1000;2024-03-01;F1')
    told = f"text follows a closing quote. {STRAY}"

    assert fault_texts(engagement_folder(payments=text)) == [f"payments.csv, row 2: {told}"]
    assert fault_texts(engagement_folder(payments=broken)) == [
        f"payments.csv, row 2: lines 2 to 3 are one row: {told}"
    ]


def test_a_quote_that_is_never_closed_is_a_fault_with_its_row(engagement_folder: Folder) -> None:
    text = payments("P01;Lot 1;1000;2024-03-01;F1", 'P02;"Lot 2;1000;2024-03-01;F2')

    (fault,) = fault_texts(engagement_folder(payments=text))
    assert fault.startswith("payments.csv, row 3: cannot be read as CSV: unexpected end of data")


def test_a_comment_of_several_lines_with_commas_is_no_fault(engagement_folder: Folder) -> None:
    """Lines: 1 heading, 2 rows of 1 and 4 lines, a blank one and one of separators alone: 8."""
    comment = '"Hello,\nthe screen, the mouse, the cable, all, is\n""dead"", thanks,\nBye"'
    text = (
        f"ticket_id,opened_at,category,kind\nT1,2024-03-01,{comment},x\n\n,,,\nT2,2024-03-02,y,z\n"
    )
    read = source(engagement_folder(tickets=text), "tickets")

    assert (read.lines, read.rows, read.used, read.set_aside) == (8, 2, 2, 0)
    assert (read.blank, read.within) == (2, 3)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a", 1),
        ("a\n", 1),
        ("a\r\nb", 2),
        ("a\rb\r", 2),
        ("a\n\rb", 3),
        ("a\n\n", 2),
        ("\u2028", 1),
    ],
)
def test_lines_are_counted_as_every_system_ends_them(text: str, lines: int) -> None:
    assert count(text) == lines


def test_the_lines_of_the_sample_add_up() -> None:
    """The physical lines are counted in the bytes of each file."""
    for read in load_engagement(SAMPLE).sources[1:]:
        physical = len((SAMPLE / read.file).read_bytes().splitlines())
        assert read.lines == physical == 1 + read.rows + read.blank + read.within, read.file
        assert read.rows == read.used + read.set_aside


def test_of_many_rows_of_two_lines_only_the_one_with_a_stray_quote_is_a_fault(
    engagement_folder: Folder,
) -> None:
    """Rows 2 to 31 have two lines each; the quote of row 12 closes before its text ends."""
    rows = [f'P{n:02};"Lot\n{n}";1000;2024-03-01;F{n}' for n in range(1, 31)]
    rows[10] = 'P11;"Lot\n11" of ten;1000;2024-03-01;F11'
    folder = engagement_folder(payments="\n".join([HEADING, *rows, ""]))

    assert fault_texts(folder) == [
        "payments.csv, row 12: lines 22 to 23 are one row: text follows a closing quote. " + STRAY
    ]


def test_many_rows_of_two_lines_are_read_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pass over the text tells that no row of a well-formed file is to be looked at alone."""
    passes = []
    monkeypatch.setattr(lines, "_well_formed", lambda *_: not passes.append(1))
    text = HEADING + "\n" + "".join(f'P{n};"Lot\n{n}";1;2024-03-01;F\n' for n in range(100))
    raw_table("payments.csv", text.encode(), Format(), ("payment id", "title"))

    assert len(passes) == 1
