"""Columns that a file gives with types: what they are read as is what their text would be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract.data import Format
from reviewlib.folder import typed
from reviewlib.folder.parsing import PARSERS, Parsed
from tests.properties import steady

STEADY = steady(50)
PARIS = "Europe/Paris"
OPEN = Format()


def column(values: list[Any], kind: Any = None) -> pd.Series:
    chunks = pa.chunked_array([pa.array(values, kind)])
    return pd.Series(pd.arrays.ArrowExtensionArray(chunks), index=range(2, len(values) + 2))


def read(values: list[Any], held: Any, kind: str, written: Format = OPEN) -> Parsed:
    return typed.read(column(values, held), kind, written, PARIS)


def plain(values: list[Any], held: Any, kind: str) -> list[str] | None:
    """The texts that a column becomes, None where it stays what it is."""
    plain_column = typed.plain(column(values, held), kind)
    return plain_column.to_list() if typed.is_text(plain_column) else None


def utc(parsed: Parsed) -> list[str | None]:
    return [None if pd.isna(at) else f"{at:%Y-%m-%dT%H:%M:%S}" for at in parsed.values]


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


# --- Text


@pytest.mark.parametrize(
    "held",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
)  # fmt: skip
def test_text_of_every_layout_is_text_and_a_missing_one_is_empty(held: pa.DataType) -> None:
    assert plain(["Réseau", None, " x "], held, "text") == ["Réseau", "", " x "]


def test_a_column_without_any_value_is_empty_text() -> None:
    assert plain([None, None], pa.null(), "instant") == ["", ""]


def test_whole_numbers_stand_for_text_even_where_a_missing_one_made_them_floats() -> None:
    assert plain([7, None], pa.int64(), "text") == ["7", ""]
    assert plain([7.0, None], pa.float64(), "choice") == ["7", ""]


@pytest.mark.parametrize(
    ("values", "held", "kind"),
    [
        ([7], pa.int64(), "number"),
        ([7.5], pa.float64(), "text"),
        ([True], pa.bool_(), "text"),
        ([b"T1"], pa.binary(), "text"),
        ([dt.date(2024, 3, 1)], pa.date32(), "text"),
    ],
)
def test_what_does_not_stand_for_text_stays_as_it_is(
    values: list[Any], held: pa.DataType, kind: str
) -> None:
    assert plain(values, held, kind) is None


# --- Instants and dates


def test_instants_with_a_zone_are_instants_and_those_without_are_local_times() -> None:
    """1 March 2024: Paris is at UTC+1, Tokyo at UTC+9; fractions of a second are dropped."""
    aware = [at("2024-03-01T09:00:00.999+00:00"), None]
    naive = [at("2024-03-01T09:00:00.999"), None]
    tokyo = Format(time_zone="Asia/Tokyo")

    for zone in ("UTC", "America/New_York"):
        parsed = read(aware, pa.timestamp("ms", tz=zone), "instant", tokyo)
        assert utc(parsed) == ["2024-03-01T09:00:00", None]
        assert parsed.values.dtype == "datetime64[s, UTC]"
    for unit in ("ms", "us", "ns"):
        assert utc(read(naive, pa.timestamp(unit), "instant")) == ["2024-03-01T08:00:00", None]
    assert utc(read(naive, pa.timestamp("us"), "instant", tokyo)) == ["2024-03-01T00:00:00", None]
    for held in (pa.date32(), pa.date64()):
        day = [dt.date(2024, 3, 1)]
        assert utc(read(day, held, "instant")) == ["2024-02-29T23:00:00"]


def test_a_fraction_before_1970_is_dropped_as_after_it() -> None:
    parsed = read([at("1969-12-31T23:59:58.500")], pa.timestamp("ms"), "date")
    assert utc(parsed) == ["1969-12-31T00:00:00"]
    zone = read([at("1969-12-31T23:59:58.500+00:00")], pa.timestamp("ms", tz="UTC"), "instant")
    assert utc(zone) == ["1969-12-31T23:59:58"]


def test_an_hour_that_the_clocks_skip_or_repeat_is_repaired_as_that_of_a_text() -> None:
    """In 2024 Paris skips 02:30 on 31 March, and has 02:30 twice on 27 October."""
    times = [at("2024-03-31T02:30"), at("2024-10-27T02:30"), at("2024-10-28T02:30")]
    parsed = read(times, pa.timestamp("us"), "instant")

    assert utc(parsed) == ["2024-03-31T01:00:00", "2024-10-27T00:30:00", "2024-10-28T01:30:00"]
    assert parsed.gap is not None
    assert parsed.fold is not None
    assert (parsed.gap.to_list(), parsed.fold.to_list()) == (
        [True, False, False], [False, True, False],
    )  # fmt: skip


def test_a_day_is_repaired_to_its_midnight_where_an_instant_is_asked_for() -> None:
    """A timestamp of midnight states its time."""
    days = read([dt.date(2024, 3, 1), None], pa.date32(), "instant")
    times = read([at("2024-03-01T00:00"), None], pa.timestamp("s"), "instant")

    assert days.no_time is not None
    assert times.no_time is not None
    assert (days.no_time.to_list(), times.no_time.to_list()) == ([True, False], [False, False])
    assert read([dt.date(2024, 3, 1)], pa.date32(), "date").no_time is None


LOCAL = st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2098, 12, 31))


@given(st.lists(LOCAL, min_size=1, max_size=5), st.sampled_from([PARIS, "Australia/Lord_Howe"]))
@STEADY
def test_any_local_time_is_the_same_instant_as_its_text(times: list[Any], zone: str) -> None:
    texts = pd.Series([f"{time:%Y-%m-%d %H:%M:%S}" for time in times], dtype="str")
    from_text = PARSERS["instant"](texts, OPEN, zone)
    parsed = typed.read(column(times, pa.timestamp("us")), "instant", OPEN, zone)

    assert parsed.values.to_list() == from_text.values.to_list()
    for mask, of_text in ((parsed.gap, from_text.gap), (parsed.fold, from_text.fold)):
        assert mask is not None
        assert of_text is not None
        assert mask.to_list() == of_text.to_list()


def test_a_date_is_that_of_the_contract_s_zone_and_leaves_out_the_time() -> None:
    """23:30 UTC on 1 July is 01:30 on the 2nd in Paris."""
    aware = [dt.datetime(2024, 7, 1, 23, 30, tzinfo=ZoneInfo("UTC"))]
    assert utc(read(aware, pa.timestamp("us", tz="UTC"), "date")) == ["2024-07-02T00:00:00"]
    naive = [at("2024-07-01T23:30"), None]
    assert utc(read(naive, pa.timestamp("us"), "date")) == ["2024-07-01T00:00:00", None]
    parsed = read([dt.date(2024, 7, 1)], pa.date32(), "date")
    assert utc(parsed) == ["2024-07-01T00:00:00"]
    assert parsed.values.dtype == "datetime64[s]"


@pytest.mark.parametrize("kind", ["instant", "date"])
def test_a_time_beyond_every_calendar_is_unreadable(kind: str) -> None:
    parsed = read([86_400 * 10**12, 0], pa.timestamp("s"), kind)

    assert parsed.unreadable.to_list() == [True, False]


# --- Numbers and flags


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ([1, None, -2], pa.int8()),
        ([1.0, None, -2.0], pa.float32()),
        ([Decimal("1.00"), None, Decimal("-2.00")], pa.decimal128(9, 2)),
    ],
)
def test_numbers_of_every_type_are_numbers(values: list[Any], held: pa.DataType) -> None:
    for kind, dtype in (("number", "float64"), ("integer", "Int64")):
        parsed = read(values, held, kind)
        assert parsed.values.dropna().to_list() == [1, -2]
        assert parsed.values.isna().to_list() == [False, True, False]
        assert (parsed.values.dtype, parsed.unreadable.any()) == (dtype, False)


def test_an_endless_number_is_unreadable_and_what_is_no_number_is_missing() -> None:
    parsed = read([float("inf"), float("nan"), 1.5], pa.float64(), "number")

    assert parsed.values.isna().to_list() == [True, True, False]
    assert parsed.unreadable.to_list() == [True, False, False]


def test_a_whole_number_has_no_fraction_and_is_held_exactly() -> None:
    assert read([1.5, 2.0, None], pa.float64(), "integer").unreadable.to_list() == [
        True, False, False,
    ]  # fmt: skip
    assert read([2**53, 2**53 - 1], pa.int64(), "integer").unreadable.to_list() == [True, False]


def test_a_flag_is_a_boolean_or_a_word_for_one() -> None:
    parsed = read([True, None, False], pa.bool_(), "flag")

    assert parsed.values.to_list() == [True, pd.NA, False]
    assert parsed.values.dtype == "boolean"
    assert plain([1, 0, None], pa.int8(), "flag") == ["1", "0", ""]


# --- Wrong types


@pytest.mark.parametrize(
    ("values", "held", "kind", "expected"),
    [
        ([{"a": 1}], pa.struct({"a": pa.int64()}), "instant", "holds struct<a: int64>"),
        ([[1]], pa.list_(pa.int64()), "number", "holds list<item: int64>"),
        ([b"x"], pa.binary(), "text", "holds binary, where text or whole numbers can be read"),
        ([1], pa.int64(), "instant", "holds int64, where timestamps, dates or text can be read"),
        ([True], pa.bool_(), "number", "holds bool, where numbers or text can be read"),
        ([1.0], pa.float64(), "flag", "holds double, where booleans or text can be read"),
        ([dt.date(2024, 3, 1)], pa.date32(), "month", "holds date32"),
    ],
)
def test_a_column_of_a_type_that_tells_nothing_says_what_it_holds(
    values: list[Any], held: pa.DataType, kind: str, expected: str
) -> None:
    with pytest.raises(typed.WrongType, match=expected.replace("[", r"\[")):
        read(values, held, kind)


def test_every_kind_says_what_can_be_read_as_it() -> None:
    assert typed.ALLOWED.keys() == PARSERS.keys()


# --- The cells as they came


@pytest.mark.parametrize(
    ("values", "held", "expected"),
    [
        ([1_709_280_000, None], pa.timestamp("s", tz=PARIS),
         ["2024-03-01 08:00:00Z", ""]),
        ([at("2024-03-01T09:00:00")], pa.timestamp("s"), ["2024-03-01 09:00:00"]),
        ([dt.date(2024, 3, 1)], pa.date32(), ["2024-03-01"]),
        ([1.5, None], pa.float64(), ["1.5", ""]),
        ([True, None], pa.bool_(), ["true", ""]),
        ([{"a": 1}], pa.struct({"a": pa.int64()}), [""]),
    ],
)  # fmt: skip
def test_a_cell_is_shown_as_it_came(values: list[Any], held: Any, expected: list[str]) -> None:
    assert typed.cells(column(values, held)).to_list() == expected


def test_a_typed_amount_that_no_contract_has_is_unreadable() -> None:
    parsed = read([1e15, 1e300, 9999999999999.0, None], pa.float64(), "money")

    assert parsed.unreadable.tolist() == [True, True, False, False]
    assert parsed.values.dropna().tolist() == [9999999999999.0]
