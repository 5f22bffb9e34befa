"""The tables: texts read as dates and numbers without guessing, rows checked, none lost unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract.data import Format
from reviewlib.folder.checking import Checked, Reading, check_table
from reviewlib.folder.parsing import (
    PARSERS,
    AmbiguousColumn,
    amounts,
    bare_amounts,
    dates,
    flags,
    instants,
    integers,
    months,
    numbers,
)
from reviewlib.folder.row_rules import broken_rules
from reviewlib.pages.dictionary import dictionary
from reviewlib.pages.wording import Wording
from reviewlib.tables import PARENTS, SCHEMAS, rules
from reviewlib.tables.aliases import title
from reviewlib.tables.columns import DTYPES, KEY_JOIN, RowRule
from tests.properties import steady
from tests.spoken import in_words

# the same examples at every run, none kept on disk
STEADY = steady(50)
PARIS = "Europe/Paris"
OPEN = Format()


def texts(*values: str) -> pd.Series:
    return pd.Series(values, dtype="str")


def utc(parsed: pd.Series) -> list[str | None]:
    """The instants as ISO text in UTC, None where there is none."""
    return [None if pd.isna(at) else f"{at:%Y-%m-%dT%H:%M:%S}" for at in parsed]


def raw(columns: Mapping[str, list[str]]) -> pd.DataFrame:
    """A table of texts as it is read from a file: the first row of values is row 2."""
    frame = pd.DataFrame(columns, dtype="str")
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2))


def reading(**written: object) -> Reading:
    words = {"priorities": ("P1", "P2"), "services": ()}
    return Reading(Format.model_validate(written), PARIS, words, None, "en")


def checked(table: str, columns: Mapping[str, list[str]], how: Reading | None = None) -> Checked:
    return check_table(raw(columns), SCHEMAS[table], f"{table}.csv", how or reading())


def tickets(how: Reading | None = None, **columns: list[str]) -> Checked:
    """Tickets T1, T2… opened on 1 March 2024 at 9, with some columns."""
    n = len(next(iter(columns.values())))
    ids = {"ticket_id": [f"T{i}" for i in range(1, n + 1)], "opened_at": ["2024-03-01 09:00"] * n}
    return checked("tickets", ids | columns, how)


def reasons_of(issues: pd.DataFrame) -> list[tuple[int, str, str, str]]:
    """The row, column, rule and value of each row set aside or repaired."""
    return list(issues[["row", "column", "rule", "value"]].itertuples(index=False, name=None))


# --- Instants and dates


def test_instants_are_read_in_iso_and_slashed_forms_to_the_second() -> None:
    """Paris is at UTC+1 in January; fractions of a second are dropped."""
    parsed = instants(
        texts(
            "2024-01-15T10:00",
            "2024-01-15 10:00:59.999",
            "2024-1-5",
            "15/01/2024 10:00",
            "15.01.2024 10:00:01",
            "5-1-2024",
            "15/01/2024 3:05 PM",
            "",
        ),
        OPEN,
        PARIS,
    )

    assert utc(parsed.values) == [
        "2024-01-15T09:00:00",
        "2024-01-15T09:00:59",
        "2024-01-04T23:00:00",
        "2024-01-15T09:00:00",
        "2024-01-15T09:00:01",
        "2024-01-04T23:00:00",
        "2024-01-15T14:05:00",
        None,
    ]
    assert not parsed.unreadable.any()
    assert parsed.values.dtype == DTYPES["instant"]


def test_an_offset_that_is_written_wins_over_every_zone() -> None:
    written = texts(
        "2024-01-15T10:00:00Z",
        "2024-01-15T10:00+02:00",
        "2024-01-15 10:00:00-0530",
        "2024-07-01 10:00:00+02",
        "2024-01-15 10:00:00.123456 +01:00",
        "2024-01-15 10:00",
    )
    parsed = instants(written, Format(time_zone="Asia/Tokyo"), PARIS)

    assert utc(parsed.values) == [
        "2024-01-15T10:00:00",
        "2024-01-15T08:00:00",
        "2024-01-15T15:30:00",
        "2024-07-01T08:00:00",
        "2024-01-15T09:00:00",
        "2024-01-15T01:00:00",  # the file's zone: Tokyo, UTC+9
    ]


@pytest.mark.parametrize(
    "text",
    ["hier", "2024-02-30", "31/02/2024 10:00", "2024-01-15 25:00", "12/2024", "1/2/24", "45000",
     "2024-01-15 and more", "2024-13-01T00:00Z", "=NOW()"],
)  # fmt: skip
def test_what_is_no_date_is_unreadable_and_never_a_nearby_date(text: str) -> None:
    for read in (instants, dates):
        parsed = read(texts(text, "2024-01-15"), Format(dates="day-first"), PARIS)
        assert parsed.unreadable.to_list() == [True, False]
        assert parsed.values.isna().to_list() == [True, False]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (("01/02/2024", "13/02/2024"), "2024-02-01"),
        (("01/02/2024", "02/13/2024"), "2024-01-02"),
    ],
)
def test_one_day_above_12_settles_the_order_of_the_whole_column(
    written: tuple[str, ...], day: str
) -> None:
    assert dates(texts(*written), OPEN, PARIS).values[0] == pd.Timestamp(day)


def test_dates_that_can_be_read_in_two_ways_are_refused() -> None:
    with pytest.raises(AmbiguousColumn, match="the order of '01/02/2024' cannot be known"):
        dates(texts("", "01/02/2024", "2024-05-31"), OPEN, PARIS)
    with pytest.raises(AmbiguousColumn, match="'13/02/2024' has its day first, and '02/14/2024'"):
        dates(texts("13/02/2024", "02/14/2024"), OPEN, PARIS)


def test_a_date_that_is_none_in_either_order_settles_nothing() -> None:
    parsed = dates(texts("13/13/2024", "14/02/2024"), OPEN, PARIS)

    assert parsed.unreadable.to_list() == [True, False]


def test_what_is_declared_settles_the_order_of_dates() -> None:
    written = texts("01/02/2024", "13/02/2024")
    day_first = dates(written, Format(dates="day-first"), PARIS)
    month_first = dates(written, Format(dates="month-first"), PARIS)

    assert day_first.values.to_list() == [pd.Timestamp("2024-02-01"), pd.Timestamp("2024-02-13")]
    assert month_first.values[0] == pd.Timestamp("2024-01-02")
    assert month_first.unreadable.to_list() == [False, True]


def test_a_date_leaves_out_the_time_and_is_that_of_the_contract_s_zone() -> None:
    """23:30 UTC on 15 January is 00:30 on the 16th in Paris."""
    parsed = dates(texts("2024-01-15 23:30", "2024-01-15T23:30:00Z"), OPEN, PARIS)

    assert parsed.values.to_list() == [pd.Timestamp("2024-01-15"), pd.Timestamp("2024-01-16")]


@pytest.mark.parametrize(
    ("zone", "skipped", "twice"),
    [
        (PARIS, ("2024-03-31 02:30", "2024-03-31T01:00"), ("2024-10-27 02:30", "2024-10-27T00:30")),
        ("America/New_York", ("2024-03-10 02:30", "2024-03-10T07:00"),
         ("2024-11-03 01:30", "2024-11-03T05:30")),
        ("Europe/Dublin", ("2024-03-31 01:30", "2024-03-31T01:00"),
         ("2024-10-27 01:30", "2024-10-27T00:30")),
        ("Australia/Lord_Howe", ("2024-10-06 02:10", "2024-10-05T15:30"),
         ("2024-04-07 01:45", "2024-04-06T14:45")),
        ("America/St_Johns", ("2006-04-02 00:30", "2006-04-02T03:31"),
         ("2006-10-28 23:30", "2006-10-29T02:00")),
    ],
)  # fmt: skip
def test_an_hour_skipped_moves_to_its_end_and_one_that_comes_twice_is_the_first(
    zone: str, skipped: tuple[str, str], twice: tuple[str, str]
) -> None:
    """Offsets: Paris +1/+2, New York -5/-4, Dublin 0/+1, Lord Howe +10:30/+11 (skips half an hour),
    Saint John's -3:30/-2:30 (in 2006 the change was at 00:01)."""
    parsed = instants(texts(skipped[0], twice[0], "2024-06-15 12:00"), OPEN, zone)

    assert utc(parsed.values)[:2] == [f"{skipped[1]}:00", f"{twice[1]}:00"]
    assert parsed.gap is not None
    assert parsed.fold is not None
    assert parsed.gap.to_list() == [True, False, False]
    assert parsed.fold.to_list() == [False, True, False]


FORMS = {
    "%Y-%m-%d %H:%M:%S": None,
    "%Y-%m-%dT%H:%M:%S": None,
    "%d/%m/%Y %H:%M:%S": "day-first",
    "%d.%m.%Y %H:%M:%S": "day-first",
    "%m/%d/%Y %I:%M:%S %p": "month-first",
}


@STEADY
@given(
    moment=st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2099, 12, 30)),
    form=st.sampled_from(sorted(FORMS)),
    name=st.sampled_from([PARIS, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_any_local_time_written_in_any_form_is_read_as_the_same_instant(
    moment: dt.datetime, form: str, name: str
) -> None:
    """The standard library's zones tell the instant; a time that they skip is left aside."""
    moment, zone = moment.replace(microsecond=0), ZoneInfo(name)
    instant = moment.replace(tzinfo=zone).astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != moment:
        return
    parsed = instants(texts(moment.strftime(form)), Format(dates=FORMS[form]), name)

    assert parsed.values[0] == instant


def test_months_are_written_with_the_year_first() -> None:
    parsed = months(texts("2024-01", "2024-13", "01/2024", "janv. 2024", "2024-1", ""), OPEN, PARIS)

    assert parsed.values[0] == "2024-01"
    assert parsed.unreadable.to_list() == [False, True, True, True, True, False]


# --- Numbers, yes and no


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["1 234,5", "95,2"], [1234.5, 95.2]),
        (["1\u00a0234,5", "1\u202f234\u202f567,25"], [1234.5, 1234567.25]),
        (["1,234.5", "1,234"], [1234.5, 1234]),
        (["1.234,5", "1.234"], [1234.5, 1234]),
        (["1.234.567", "1.234"], [1234567, 1234]),
        (["0.125", "1.125"], [0.125, 1.125]),
        (["95,2 %", "12\u202f%", "10 €"], [95.2, 12, 10]),
        (["-5", "+5", "\u22125", "12", ""], [-5, 5, -5, 12, None]),
        (["1,5E+03", "2,5"], [1500, 2.5]),
        (["v1.2", "2,5"], [None, 2.5]),
    ],
)
def test_numbers_are_read_where_the_column_shows_its_decimal_mark(
    written: list[str], expected: list[float | None]
) -> None:
    read = numbers(texts(*written), OPEN, PARIS).values

    assert [None if pd.isna(value) else value for value in read] == expected


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (["1.234", "12"], "'1.234' may have a decimal mark or a mark of thousands"),
        (["1,234"], "'1,234' may have a decimal mark or a mark of thousands"),
        (["95,2", "12.5"], "'95,2' has a decimal comma, and '12.5' a decimal point"),
        (["1.234,5", "1,234.5"], "'1.234,5' has a decimal comma, and '1,234.5'"),
    ],
)
def test_numbers_that_can_be_read_in_two_ways_are_refused(written: list[str], message: str) -> None:
    with pytest.raises(AmbiguousColumn, match=message):
        numbers(texts(*written), OPEN, PARIS)


def test_what_is_declared_settles_the_decimal_mark() -> None:
    written = texts("1.234", "1,234", "1.2345", "12.34.5")

    comma = numbers(written, Format(decimal=","), PARIS)
    assert comma.values.fillna(0).to_list() == [1234, 1.234, 0, 0]
    point = numbers(written, Format(decimal="."), PARIS)
    assert point.values.fillna(0).to_list() == [1.234, 1234, 1.2345, 0]
    assert point.unreadable.to_list() == [False, False, False, True]


@pytest.mark.parametrize(
    "text", ["12 34", "1 23", "inf", "nan", "0x1F", "1_000", "--5", "5-", "five", "1,2,3", "=1+1"]
)
def test_what_is_no_number_is_unreadable(text: str) -> None:
    assert numbers(texts(text), Format(decimal="."), PARIS).unreadable.to_list() == [True]


@STEADY
@given(
    cents=st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=20),
    marks=st.sampled_from([(",", "\u202f"), (",", "."), (".", ","), (".", ""), (",", " ")]),
)
def test_any_amount_written_in_any_custom_is_read_as_the_same_number(
    cents: list[int], marks: tuple[str, str]
) -> None:
    """Two decimals always show the decimal mark: 1 234,50 is unlike 1.234."""
    decimal, thousands = marks
    english = [f"{abs(value) // 100:,}.{abs(value) % 100:02d}" for value in cents]
    written = [
        ("-" if value < 0 else "") + text.translate({ord("."): decimal, ord(","): thousands})
        for value, text in zip(cents, english, strict=True)
    ]
    parsed = numbers(texts(*written), OPEN, PARIS)

    assert not parsed.unreadable.any()
    assert (parsed.values * 100).round().to_list() == cents


def test_whole_numbers_have_no_fraction() -> None:
    parsed = integers(texts("12", "1 234", "12,0", "12,5", "many", ""), OPEN, PARIS)

    assert parsed.values.to_list() == [12, 1234, 12, pd.NA, pd.NA, pd.NA]
    assert parsed.unreadable.to_list() == [False, False, False, True, True, False]


def test_yes_and_no_are_read_in_french_and_in_english() -> None:
    words = texts("oui", "Non", "TRUE", "false", "1", "0", "yes", "no", "Vrai", "faux", "maybe", "")
    parsed = flags(words, OPEN, PARIS)

    assert parsed.values[:10].to_list() == [True, False] * 5
    assert parsed.values[10:].isna().all()
    assert parsed.unreadable[10:].to_list() == [True, False]


@pytest.mark.parametrize("kind", sorted(DTYPES))
def test_every_kind_is_read_to_its_type_even_without_a_single_row(kind: str) -> None:
    for column in (texts(), texts("", "")):
        parsed = PARSERS[kind](column, OPEN, PARIS)
        assert str(parsed.values.dtype) == str(DTYPES[kind])
        assert len(parsed.values) == len(parsed.unreadable) == len(column)


# --- Headings


def test_headings_are_known_whatever_their_case_and_spaces() -> None:
    table = checked(
        "tickets", {" Ticket_ID ": ["T1"], "OPENED_AT\u00a0": ["2024-03-01"], "Comment": ["x"]}
    )

    assert list(table.frame) == ["ticket_id", "opened_at"]
    assert table.unused == ("Comment",)


def test_a_misspelt_heading_is_answered_by_the_one_that_is_meant() -> None:
    table = checked(
        "tickets", {"tiket id": ["T1"], "opened_at": ["2024-03-01"], "prioritty": ["P1"]}
    )

    assert [str(fault) for fault in table.faults] == [
        "tickets.csv, row 1, ticket_id: the column is missing. Rename the column 'tiket id' to "
        "'ticket_id'.",
        "tickets.csv, row 1, priority: the column is missing. Rename the column 'prioritty' to "
        "'priority'.",
    ]


def test_a_column_of_the_tool_s_own_is_not_taken_for_a_misspelling() -> None:
    """closed_by is no closed_at: an optional column is missed only for a name very like its own."""
    table = tickets(closed_by=["x"], resolved_by=["x"], sites_seen=[""])

    assert (table.faults, table.unused) == ((), ("closed_by", "resolved_by"))


def test_a_required_column_that_is_missing_is_described() -> None:
    (fault,) = checked("tickets", {"ticket_id": ["T1"]}).faults

    assert (fault.column, in_words(fault.remedy)) == (
        "opened_at",
        "Add it: When the ticket was opened.",
    )


def test_a_column_that_stands_twice_is_a_fault_and_one_without_a_heading_is_not_used() -> None:
    frame = pd.DataFrame([["T1", "2024-03-01", "a", "b", "c"]], index=[2], dtype="str")
    frame.columns = pd.Index(["ticket_id", "opened_at", "Status", "status", ""])
    table = check_table(frame, SCHEMAS["tickets"], "tickets.csv", reading())

    assert [str(fault) for fault in table.faults] == [
        "tickets.csv, row 1, Status: the column stands twice"
    ]
    assert table.unused == ("#5",)


def test_a_column_in_the_language_of_the_review_is_read_in_place_of_the_first() -> None:
    columns = {
        "lesson_id": ["L1", "L2"],
        "event": ["Un retard", "Une panne"],
        "event_en": ["A delay", "?"],
        "recommendation": ["Prévoir", "Doubler"],
        "kind": ["improve", "keep"],
    }
    english = checked("lessons", columns, reading(missing=["?"]))
    assert english.frame["event"].to_list() == ["A delay", "Une panne"]
    assert english.unused == ()
    french = Reading(OPEN, PARIS, {}, None, "fr")
    assert checked("lessons", columns, french).frame["event"].to_list() == columns["event"]


# --- Rows


def test_a_heading_without_rows_is_an_empty_table() -> None:
    for name, schema in SCHEMAS.items():
        table = checked(name, {str(column): [] for column in schema.columns})
        assert (table.faults, len(table.frame), len(table.set_aside)) == ((), 0, 0)
        assert list(table.frame) == list(schema.columns)


def test_declared_words_stand_for_nothing() -> None:
    table = tickets(reading(missing=["?", "N/A"]), priority=["?", " N/A ", "P1"])

    assert table.frame["priority"].isna().to_list() == [True, True, False]


def test_a_missing_value_sets_its_row_aside_only_where_it_is_needed() -> None:
    table = checked(
        "tickets",
        {"ticket_id": ["T1", ""], "opened_at": ["", "2024-03-01"], "status": ["", ""]},
    )

    assert reasons_of(table.set_aside) == [
        (2, "opened_at", rules.MISSING_VALUE, ""),
        (3, "ticket_id", rules.MISSING_VALUE, ""),
    ]


def test_a_row_is_set_aside_with_every_reason_and_its_content() -> None:
    table = tickets(priority=["P1", "P9"], resolved_at=["2024-02-01 09:00", "tomorrow"])

    assert reasons_of(table.set_aside) == [
        (2, "resolved_at", rules.BEFORE, "2024-02-01 09:00"),
        (3, "resolved_at", rules.UNREADABLE, "tomorrow"),
    ]
    assert table.set_aside["content"].to_list() == [
        "T1 ; 2024-03-01 09:00 ; P1 ; 2024-02-01 09:00",
        "T2 ; 2024-03-01 09:00 ; P9 ; tomorrow",
    ]
    assert table.frame.empty
    both = tickets(priority=["P9"], resolved_at=["2024-02-01 09:00"])
    assert reasons_of(both.set_aside) == [
        (2, "priority", rules.NOT_ALLOWED, "P9"),
        (2, "resolved_at", rules.BEFORE, "2024-02-01 09:00"),
    ]


def test_a_word_must_be_one_of_the_contract_s_where_it_lists_any() -> None:
    table = tickets(priority=["P1", "P11"], service=["anything", "at all"])

    assert reasons_of(table.set_aside) == [(3, "priority", rules.NOT_ALLOWED, "P11")]
    assert table.set_aside["allowed"].to_list() == ["P1, P2"]


def test_a_long_list_of_allowed_words_is_cut_short() -> None:
    words = {"priorities": tuple(f"P{i}" for i in range(1000))}
    table = tickets(Reading(OPEN, PARIS, words, None, "en"), priority=["x"])

    assert table.set_aside["allowed"][0].endswith("P18, P19, … (1000)")


def test_a_number_below_the_least_possible_is_set_aside() -> None:
    table = tickets(recorded_reopens=["0", "-1", ""])

    assert reasons_of(table.set_aside) == [(3, "recorded_reopens", rules.OUT_OF_RANGE, "-1")]
    assert table.set_aside["allowed"][0] == "0"


def test_a_share_above_100_is_set_aside() -> None:
    cells = {"month": ["2026-01", "2026-01"], "clause": ["5.1", "5.2"], "value": ["150", "100"]}
    table = checked("reported_kpis", cells)

    assert reasons_of(table.set_aside) == [(2, "value", rules.TOO_HIGH, "150")]
    assert table.set_aside["allowed"][0] == "100"


def test_of_rows_with_one_key_the_first_that_holds_is_kept() -> None:
    table = checked(
        "tickets",
        {
            "ticket_id": ["T1", "T1", "T2", "T2"],
            "opened_at": ["2024-03-01", "2024-03-02", "never", "2024-03-04"],
        },
    )

    assert table.frame.index.to_list() == [2, 5]
    assert reasons_of(table.set_aside) == [
        (3, "ticket_id", rules.UNIQUE, "T1"),
        (4, "opened_at", rules.UNREADABLE, "never"),
    ]


def test_a_key_of_several_columns_may_have_empty_members_and_absent_columns() -> None:
    columns = {
        "month": ["2024-01"] * 4,
        "clause": ["5.2"] * 4,
        "priority": ["", "P1", "", "P1"],
        "value": ["1", "2", "3", "4"],
    }
    table = checked("reported_kpis", columns)
    assert table.frame["value"].to_list() == [1, 2]
    assert reasons_of(table.set_aside) == [
        (4, "month + clause + priority", rules.UNIQUE, "2024-01 + 5.2 + "),
        (5, "month + clause + priority", rules.UNIQUE, "2024-01 + 5.2 + P1"),
    ]
    without = checked("reported_kpis", {k: v for k, v in columns.items() if k != "priority"})
    assert without.frame["value"].to_list() == [1]


def test_what_happened_after_the_extraction_is_set_aside_and_what_is_planned_is_not() -> None:
    """The extraction, 30 June 2024 22:30 UTC, is in Paris 00:30 on 1 July."""
    how = Reading(OPEN, PARIS, {}, pd.Timestamp("2024-06-30T22:30Z"), "en")
    table = tickets(how, closed_at=["2024-07-01 00:30", "2024-07-01 00:31", "2099-01-01"])
    assert reasons_of(table.set_aside) == [
        (3, "closed_at", rules.AFTER, "2024-07-01 00:31"),
        (4, "closed_at", rules.AFTER, "2099-01-01"),
    ]
    plan = {
        "milestone_id": ["M1", "M2"],
        "title": ["Start", "End"],
        "contract_date": ["2030-01-01", "2030-01-01"],
        "actual_date": ["2024-07-01", "2024-07-02"],
    }
    assert reasons_of(checked("milestones", plan, how).set_aside) == [
        (3, "actual_date", rules.AFTER, "2024-07-02")
    ]
    reports = {"month": ["2024-07", "2024-08"], "clause": ["a", "a"], "value": ["1", "2"]}
    assert reasons_of(checked("reported_kpis", reports, how).set_aside) == [
        (3, "month", rules.AFTER, "2024-08")
    ]


def test_a_year_that_no_clock_knows_is_set_aside() -> None:
    table = checked(
        "tickets",
        {"ticket_id": ["a", "b", "c", "d"],
         "opened_at": ["1899-12-30", "9999-12-31", "1970-01-02", "2099-12-31"]},
    )  # fmt: skip

    assert reasons_of(table.set_aside) == [
        (2, "opened_at", rules.YEARS, "1899-12-30"),
        (3, "opened_at", rules.YEARS, "9999-12-31"),
    ]


def test_an_hour_that_the_clocks_skip_or_repeat_is_repaired_and_told() -> None:
    table = tickets(resolved_at=["2024-03-31 02:30", "2024-10-27 02:30", "2024-10-27 03:30"])

    assert reasons_of(table.repaired) == [
        (2, "resolved_at", rules.DST_GAP, "2024-03-31 02:30"),
        (3, "resolved_at", rules.DST_FOLD, "2024-10-27 02:30"),
    ]
    assert len(table.frame) == 3
    assert table.set_aside.empty


def test_a_date_without_a_time_is_repaired_to_midnight_where_an_instant_is_asked_for() -> None:
    """Paris is at UTC+1 in March. A time of 00:00 is one; a row that is set aside has no repair."""
    table = tickets(
        resolved_at=["2024-03-15", "15/03/2024", "2024-03-15 00:00", "2024-03-15T00:00Z", ""],
        priority=["P1", "P9", "P1", "P1", "P1"],
    )

    assert reasons_of(table.repaired) == [(2, "resolved_at", rules.NO_TIME, "2024-03-15")]
    assert utc(table.frame["resolved_at"])[0] == "2024-03-14T23:00:00"
    assert checked("milestones", MILESTONE).repaired.empty


MILESTONE = {"milestone_id": ["M1"], "title": ["Start"], "contract_date": ["2024-03-15"]}


def test_an_ambiguous_column_says_what_to_declare() -> None:
    table = tickets(resolved_at=["01/02/2024"], recorded_reopens=["1.234"])

    assert [str(fault) for fault in table.faults] == [
        "tickets.csv, resolved_at: no day is above 12, so the order of '01/02/2024' cannot be known"
        ". Declare data.formats.tickets.dates, in engagement.yml: day-first if 01/02/2024 is "
        "1 Feb 2024, month-first if it is 2 Jan 2024.",
        "tickets.csv, recorded_reopens: '1.234' may have a decimal mark or a mark of thousands. "
        'Declare data.formats.tickets.decimal, in engagement.yml: "." if 1.234 is 1.234, "," if it '
        "is 1,234.",
    ]


def test_formulas_and_markup_stay_text() -> None:
    hostile = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "$x^2$", "@SUM(1)", "-1+1"]
    table = tickets(category=hostile)

    assert table.frame["category"].to_list() == hostile


def test_a_table_of_which_every_row_breaks_every_rule_is_told_whole() -> None:
    """20,000 rows that share an id and a time before their opening: one is kept for its id."""
    n = 20_000
    table = tickets(priority=["P9"] * n, closed_at=["2024-02-01"] * n)

    assert table.frame.empty
    assert table.set_aside["rule"].value_counts().to_dict() == {
        rules.NOT_ALLOWED: n,
        rules.BEFORE: n,
    }
    assert table.set_aside["row"].nunique() == n


# --- The schemas


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_explains_every_column_and_knows_its_key(name: str) -> None:
    schema = SCHEMAS[name]

    assert schema.description
    assert set(schema.metadata["key"]) <= set(schema.columns)
    for column in schema.columns.values():
        assert column.description
        assert column.metadata["kind"] in DTYPES
        assert column.metadata.get("known_on", column.name) in schema.columns
    assert next(iter(schema.columns)) in schema.metadata["key"]


def test_a_table_that_names_rows_of_another_one_has_its_column() -> None:
    for (child, column), parent in PARENTS.items():
        assert column in SCHEMAS[child].columns
        assert SCHEMAS[parent].columns[column].required


def test_a_checked_table_is_valid_for_its_schema() -> None:
    """What the checks let through, pandera's own validation lets through."""
    table = tickets(
        priority=["P1", "P9", ""],
        closed_at=["2024-03-01 10:00", "", "2024-02-01"],
        recorded_sla_met=["oui", "", "non"],
        recorded_reopens=["1", "", "0"],
    )

    schema = SCHEMAS["tickets"].remove_columns(
        [name for name in SCHEMAS["tickets"].columns if name not in table.frame]
    )
    assert len(schema.validate(table.frame)) == 1


ROW_RULES = [
    (name, rule)
    for name, s in SCHEMAS.items()
    for rule in s.metadata["rules"]
    # those that look at all rows, or at a column that lacks, have tests of their own
    if rule.rule not in (*rules.TOTALS, rules.SUM, rules.TOO_HIGH, rules.ALONE)
]
LIMITS = ("low", "high", "allowed")
LIMITED = [
    (name, column)
    for name, schema in SCHEMAS.items()
    for column, about in schema.columns.items()
    if any(about.metadata.get(limit) is not None for limit in LIMITS)
]


@pytest.mark.parametrize(("name", "rule"), ROW_RULES)
def test_pandera_and_the_opener_find_the_same_rows_that_break_a_rule_between_columns(
    name: str, rule: RowRule
) -> None:
    days = pd.to_datetime(["2024-03-01", "2024-03-02", None])
    alike = {column: ["A", "A", None] for column in rule.column.split(KEY_JOIN)}
    frame = pd.DataFrame(alike if rule.rule == rules.UNIQUE else {})
    if rule.allowed:
        frame = pd.DataFrame({rule.allowed: days[[1, 1, 1]], rule.column: days[[1, 0, 2]]})

    assert rule.breaks(frame).tolist() == [False, True, False]
    assert rule.check()(frame).check_output.tolist() == [True, False, True]
    assert not rule.breaks(frame.iloc[:, :0]).any()


@pytest.mark.parametrize(("name", "column"), LIMITED)
def test_pandera_and_the_opener_find_the_same_values_that_are_not_allowed(
    name: str, column: str
) -> None:
    about = SCHEMAS[name].columns[column]
    low, high, allowed = (about.metadata.get(limit) for limit in LIMITS)
    values = pd.Series(["never", *allowed] if allowed else [low - 1, low], dtype=about.dtype.type)
    values = pd.concat([values, pd.Series([high + 1], dtype=values.dtype)]) if high else values
    frame = pd.DataFrame({column: values}).reset_index(drop=True)

    refused = pd.concat([*broken_rules(frame, SCHEMAS[name], reading())])["row"].tolist()
    held = [check(frame[column]).check_output for check in about.checks]
    assert refused == [row for check in held for row in frame.index[~check]]
    assert refused == [0, 2][: 2 if high else 1]


def test_the_extensions_of_a_ticket_add_up_to_a_year_at_most() -> None:
    """8,000 + 784 = 8,784 hours, those of 366 days; 9,000 are too many by themselves."""
    hours = ["8000", "9000", "784", "1", "8784"]
    table = checked(
        "extensions",
        {
            "extension_id": ["E1", "E2", "E3", "E4", "E5"],
            "ticket_id": ["T1", "T1", "T1", "T1", "T2"],
            "decided_at": ["2024-03-01 09:00"] * 5,
            "hours": hours,
            "decision": ["accepted"] * 5,
        },
    )

    assert table.frame["extension_id"].tolist() == ["E1", "E3", "E5"]
    assert reasons_of(table.set_aside) == [
        (3, "hours", rules.TOO_HIGH, "9000"), (5, "hours", rules.TOO_HIGH, "1"),
    ]  # fmt: skip


def test_every_rule_and_every_kind_has_its_words() -> None:
    named = {
        value for name, value in vars(rules).items() if name.isupper() and isinstance(value, str)
    }

    assert named == set(rules.SENTENCES)
    assert set(DTYPES) == set(rules.KINDS) == set(PARSERS)


def test_the_dictionary_has_a_line_for_every_column_in_either_language() -> None:
    english, french = dictionary(), dictionary(Wording("fr"))
    every = [(table, name) for table, schema in SCHEMAS.items() for name in schema.columns]
    titles = [f"| `{title(table, name, 'fr')}` |" for table, name in every]

    for written, columns in ((english, [f"| `{name}` |" for _, name in every]), (french, titles)):
        lines = [line for line in written.splitlines() if line.startswith("| `")]
        assert [line[: len(start)] for line, start in zip(lines, columns, strict=True)] == columns
    assert (
        "| `opened_at` | a date and time | yes |  | When the ticket was opened | Opened, "
        in english
    )
    assert "| Ouverture du ticket | opened_at, Ouvert le, " in french
    assert "| Proof, Supporting document, Justificatif, " in english
    assert "the priorities of the contract" in english
    assert "`open`, `in_progress`, `done`, `dropped`" in english
    assert "`ouverte`, `en cours`, `faite`, `abandonnée`" in french


@pytest.mark.parametrize(
    ("written", "currency", "bare"),
    [
        ("1 200 €", "EUR", "1 200"),
        ("1 200,50 € HT", "EUR", "1 200,50"),
        ("EUR 1200", "EUR", "1200"),
        ("-€1,200.00", "EUR", "-1,200.00"),
        ("\u2212 € 5", "EUR", "\u22125"),
        ("$6,279,429", "CAD", "6,279,429"),
        ("-$2,595", "CAD", "-2,595"),
        ("-3 000,00 €", "EUR", "-3 000,00"),
        ("$12", "EUR", "$12"),
        ("12 €", "GBP", "12 € ?"),
    ],
)
def test_an_amount_is_bared_of_the_sign_of_its_own_currency_alone(
    written: str, currency: str, bare: str
) -> None:
    assert bare_amounts(pd.Series([written]), currency).tolist() == [bare]


@pytest.mark.parametrize("written", ["1e15", "9e99", "1000000000000000"])
def test_an_amount_that_no_contract_has_is_unreadable_however_it_is_written(written: str) -> None:
    parsed = amounts(pd.Series([written, "9999999999999"]), Format(), "Europe/Paris")

    assert parsed.unreadable.tolist() == [True, False]
    assert parsed.values.dropna().tolist() == [9999999999999]


def test_rows_alike_in_what_the_file_has_are_set_aside_without_its_missing_column() -> None:
    """A file of penalties without their subject: two of one rule are one, told twice."""
    cells = {"penalty_id": ["X1", "X2"], "rule": ["R1", "R1"]}
    table = checked("penalties", cells)

    assert table.set_aside["row"].tolist() == [3]
    assert table.set_aside["value"].tolist() == ["R1"]
