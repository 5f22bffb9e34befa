"""Ids among other ids: what pandas says too, at a tenth of its time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.ids import among, begins, codes_of, in_order, places
from tests.properties import steady

STEADY = steady(50)
IDS = st.lists(st.one_of(st.none(), st.sampled_from(["T1", "T2", "t1", "é", ""])), max_size=8)


def ids(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


def test_an_id_stands_where_it_first_occurs_and_nowhere_when_unknown_or_missing() -> None:
    assert places(ids("T2", "T9", None, "T1"), ids("T1", "T2", "T1")).tolist() == [1, -1, -1, 0]


def test_a_missing_id_is_not_among_missing_ones() -> None:
    assert among(ids(None, "T1"), ids(None, "T1")).tolist() == [False, True]


def test_nothing_is_among_none_whatever_type_an_empty_index_has() -> None:
    for none in (ids(), pd.Index([], dtype="str"), pd.Index([]), pd.RangeIndex(0)):
        assert among(ids("T1"), none).tolist() == [False]
        assert among(none, ids("T1")).tolist() == []


@given(IDS, IDS)
@STEADY
def test_it_is_what_pandas_says_of_the_ids_that_are_there(
    looked_up: list[str | None], present: list[str | None]
) -> None:
    expected = ids(*looked_up).dropna().isin(ids(*present).dropna()).tolist()

    assert among(ids(*looked_up).dropna(), pd.Index(ids(*present))).tolist() == expected


WORDS = ["T10", "T2", "é", "z", "T1", None, "Z", "😀", ""]


@pytest.fixture(params=["str", "category"])
def events(request: pytest.FixtureRequest) -> pd.DataFrame:
    chance = np.random.default_rng(5)
    ids = pd.Series(np.array(WORDS, dtype="object")[chance.integers(0, len(WORDS), 500)])
    days = pd.to_timedelta(chance.integers(0, 30, 500), unit="D")
    at = pd.Series(pd.Timestamp("2026-01-01", tz="UTC") + days).mask(chance.random(500) < 0.05)
    return pd.DataFrame({"id": ids.astype("str").astype(request.param), "at": at})


def test_rows_are_in_order_of_ids_then_instants_then_the_file(events: pd.DataFrame) -> None:
    as_text = events.assign(id=events["id"].astype("str"))
    expected = as_text.sort_values(["id", "at"], kind="stable").index

    assert in_order(events["id"], events["at"]).tolist() == expected.tolist()


def test_a_row_begins_where_its_id_is_not_that_before_it(events: pd.DataFrame) -> None:
    ids = events["id"].astype("str")

    assert begins(events["id"]).tolist() == (ids != ids.shift()).tolist()
    assert begins(events["id"][:0]).tolist() == []


def test_codes_stand_for_the_texts_and_minus_one_for_a_missing_one(events: pd.DataFrame) -> None:
    codes, words = codes_of(events["id"])

    told = [None if code < 0 else words[code] for code in codes]
    assert told == [word if isinstance(word, str) else None for word in events["id"]]
    assert codes_of(events["id"][:0])[1] == ()
