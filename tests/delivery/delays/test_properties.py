"""What holds of every delay, cause and suspension, and agreement with a slow count day by day."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.delivery.delays.metrics import (
    CONTESTED,
    PARTIES,
    SHARES,
    composition,
    outside,
    partition,
    ranges,
    spells,
)
from reviewlib.delivery.lateness import Delays
from tests.properties import steady

STEADY = steady(12)
EPOCH = pd.Timestamp("2024-01-01")
DATES = dict.fromkeys(("starts_on", "ends_on"), "datetime64[s]")
Rows = list[dict[str, Any]]


def day(number: int) -> pd.Timestamp:
    return EPOCH + pd.Timedelta(days=number)


subjects = st.sampled_from(
    [("A", None), ("B", None), (None, "A"), (None, "B"), ("A", "B"), (None, None)]
)
days = st.integers(0, 30)


@st.composite
def span(draw: st.DrawFn) -> dict[str, Any]:
    first, length = draw(days), draw(st.integers(0, 12))
    milestone, deliverable = draw(subjects)
    return {"milestone_id": milestone, "deliverable_id": deliverable,
            "starts_on": day(first), "ends_on": day(first + length)}  # fmt: skip


@st.composite
def cause(draw: st.DrawFn) -> dict[str, Any]:
    return draw(span()) | {
        "attributed_to": draw(st.sampled_from(PARTIES)), "contested": draw(st.booleans())
    }  # fmt: skip


causes_drawn = st.lists(cause(), max_size=7)
spans_drawn = st.lists(span(), max_size=3)


@st.composite
def delays(draw: st.DrawFn) -> pd.DataFrame:
    rows = []
    for kind in ("milestone", "deliverable"):
        for subject in draw(st.sets(st.sampled_from("AB"))):
            after = draw(days)
            rows.append((subject, kind, day(after), day(after + draw(st.integers(-2, 15)))))
    frame = pd.DataFrame(rows, columns=["subject", "kind", "after", "last"])
    kinds = {"subject": "str", "kind": "str", "after": "datetime64[s]", "last": "datetime64[s]"}
    return frame.astype(kinds)


def causes(rows: Rows) -> pd.DataFrame:
    names = [*("milestone_id", "deliverable_id", "attributed_to", "contested"), *DATES]
    frame = pd.DataFrame(rows, columns=names).astype(DATES)
    return frame.assign(cause_id=[f"C{i}" for i in range(len(rows))])


def stops(rows: Rows) -> pd.DataFrame:
    names = ["milestone_id", "deliverable_id", *DATES]
    frame = pd.DataFrame(rows, columns=names).astype(DATES)
    return frame.assign(suspension_id=[f"S{i}" for i in range(len(rows))])


def covers(row: dict[str, Any], kind: str, subject: str, at: pd.Timestamp, general: bool) -> bool:
    about = row[f"{kind}_id"] == subject
    general &= row["milestone_id"] is None and row["deliverable_id"] is None
    return (about or general) and row["starts_on"] <= at <= row["ends_on"]


def slowly(late: pd.DataFrame, why: Rows, stopped: Rows) -> list[tuple[str, str, Any, str]]:
    """The class of each day by the words of the contract, one day at a time."""
    days = []
    for row in late.itertuples():
        for at in pd.date_range(row.after + pd.Timedelta(days=1), row.last):
            covering = [c for c in why if covers(c, row.kind, row.subject, at, general=False)]
            parties = {c["attributed_to"] for c in covering}
            if any(covers(s, row.kind, row.subject, at, general=True) for s in stopped):
                share = "suspended"
            elif any(c["contested"] for c in covering):
                share = "contested"
            else:
                share = "concurrent" if len(parties) > 1 else next(iter(parties), "unattributed")
            days.append((row.kind, row.subject, at, share))
    return days


def counts(late: pd.DataFrame, why: Rows, stopped: Rows) -> pd.Series:
    """The days of all delays by class."""
    return partition(Delays(late, causes(why), stops(stopped)).days)[list(SHARES)].sum()


@STEADY
@given(late=delays(), why=causes_drawn, stopped=spans_drawn)
def test_every_day_of_a_delay_has_the_class_that_a_count_by_hand_gives_it(
    late: pd.DataFrame, why: Rows, stopped: Rows
) -> None:
    days = Delays(late, causes(why), stops(stopped)).days
    read = list(days[["kind", "subject", "day", "share"]].itertuples(index=False, name=None))

    assert read == slowly(late, why, stopped)


@STEADY
@given(late=delays(), why=causes_drawn, stopped=spans_drawn)
def test_the_classes_add_up_to_the_delay(late: pd.DataFrame, why: Rows, stopped: Rows) -> None:
    days = Delays(late, causes(why), stops(stopped)).days
    sums = partition(days)
    lengths = late.assign(days=(late["last"] - late["after"]).dt.days).query("days > 0")
    made = composition(spells(late, causes(why), stops(stopped)))

    assert list(sums["total"]) == list(lengths["days"])
    assert (sums[list(SHARES)].sum(axis="columns") == sums["total"]).all()
    assert made["days"].sum() == lengths["days"].sum()
    assert not days.duplicated(["kind", "subject", "day"]).any()


@STEADY
@given(late=delays(), why=causes_drawn, stopped=spans_drawn, more=span())
def test_a_suspension_more_never_raises_the_days_of_another_class(
    late: pd.DataFrame, why: Rows, stopped: Rows, more: dict[str, Any]
) -> None:
    before, after = counts(late, why, stopped), counts(late, why, [*stopped, more])
    other = [share for share in SHARES if share != "suspended"]

    assert (after[other] <= before[other]).all()


@STEADY
@given(late=delays(), why=st.lists(cause(), min_size=1, max_size=7), stopped=spans_drawn)
def test_to_contest_a_cause_never_raises_the_days_of_another_class(
    late: pd.DataFrame, why: Rows, stopped: Rows
) -> None:
    before = counts(late, why, stopped)
    after = counts(late, [why[0] | {"contested": True}, *why[1:]], stopped)
    other = [share for share in SHARES if share != CONTESTED]

    assert (after[other] <= before[other]).all()


@STEADY
@given(late=delays(), why=causes_drawn, stopped=spans_drawn, more=cause())
def test_a_cause_more_never_raises_the_days_of_another_party_alone(
    late: pd.DataFrame, why: Rows, stopped: Rows, more: dict[str, Any]
) -> None:
    """Nor those without a cause; those suspended stay as they were."""
    before, after = counts(late, why, stopped), counts(late, [*why, more], stopped)
    other = [share for share in PARTIES if share != more["attributed_to"]]

    assert (after[[*other, "unattributed"]] <= before[[*other, "unattributed"]]).all()
    assert after["suspended"] == before["suspended"]


@STEADY
@given(late=delays(), why=causes_drawn, stopped=spans_drawn, data=st.data())
def test_whatever_contested_causes_stand_each_class_stays_within_its_range(
    late: pd.DataFrame, why: Rows, stopped: Rows, data: st.DataObject
) -> None:
    bounds = ranges(Delays(late, causes(why), stops(stopped)).days)
    bounds = bounds.groupby("share")[["low", "high"]].sum()
    standing = [
        c | {"contested": False} for c in why if not c["contested"] or data.draw(st.booleans())
    ]
    settled = counts(late, standing, stopped)[list(bounds.index)]

    assert (bounds["low"] <= settled).all()
    assert (settled <= bounds["high"]).all()


@STEADY
@given(late=delays(), why=causes_drawn)
def test_the_days_of_a_cause_are_those_in_its_delay_and_those_outside_of_it(
    late: pd.DataFrame, why: Rows
) -> None:
    """A cause about one thing: the days on which it covers that delay, and the rest."""
    alone = [c for c in why if c["milestone_id"] is None or c["deliverable_id"] is None]
    left_out = outside(late, causes(alone)).set_index("cause_id")["outside"]
    covered = Delays(late, causes(alone), None).days.explode("causes")["causes"].value_counts()
    for row in causes(alone).itertuples():
        length = (row.ends_on - row.starts_on).days + 1
        assert covered.get(row.cause_id, 0) + left_out.get(row.cause_id, 0) == length
