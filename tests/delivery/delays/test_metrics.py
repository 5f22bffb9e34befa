"""The days of a delay by whose doing they are; days counted by hand on a calendar of one month."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reviewlib.delivery.delays.metrics import (
    SHARES,
    composition,
    outside,
    partition,
    ranges,
    spells,
)
from reviewlib.delivery.lateness import Delays


def late(*rows: tuple[str, str, int, int]) -> pd.DataFrame:
    """Delays of May 2024 from (subject, kind, day of the date, last day)."""
    frame = pd.DataFrame(rows, columns=["subject", "kind", "after", "last"])
    dated = {name: frame[name].map(may).astype("datetime64[s]") for name in ("after", "last")}
    return frame.assign(**dated).astype({"subject": "str", "kind": "str"})


def may(day: int) -> pd.Timestamp:
    return pd.Timestamp("2024-04-30") + pd.Timedelta(days=day)


def spans(*rows: dict[str, Any]) -> pd.DataFrame:
    """Causes or suspensions from their days of May; of milestone M1 unless they say otherwise."""
    about = [{"milestone_id": "M1"} | row for row in rows]
    frame = pd.DataFrame(about)
    dated = {name: frame.pop(short).map(may).astype("datetime64[s]")
             for short, name in (("first", "starts_on"), ("last", "ends_on"))}  # fmt: skip
    return frame.assign(**dated)


def cause(name: str, party: str, first: int, last: int, **also: Any) -> dict[str, Any]:
    return {"cause_id": name, "attributed_to": party, "first": first, "last": last, **also}


def stop(name: str, first: int, last: int, **also: Any) -> dict[str, Any]:
    return {"suspension_id": name, "first": first, "last": last, **also}


M1 = late(("M1", "milestone", 10, 20))
"""Due on 10 May, reached on 20 May: 11 to 20 May, ten days."""


def counted(
    causes: pd.DataFrame | None = None,
    suspensions: pd.DataFrame | None = None,
    of: pd.DataFrame = M1,
) -> dict[str, int]:
    """The classes of a delay that have days."""
    row = partition(Delays(of, causes, suspensions).days).iloc[0]
    assert row["total"] == sum(row[share] for share in SHARES)
    return {share: int(row[share]) for share in SHARES if row[share]}


def test_a_delay_begins_the_day_after_the_date_and_ends_on_the_day_that_it_was_reached() -> None:
    days = Delays(M1, None, None).days

    assert list(days["day"]) == [may(day) for day in range(11, 21)]
    assert set(days["share"]) == {"unattributed"}
    assert counted() == {"unattributed": 10}


def test_a_day_covered_by_one_party_is_that_of_the_party_however_many_causes_it_states() -> None:
    """11–14 by two causes of the provider, 13–15 by the second alone: 11 to 15 are five days."""
    causes = spans(cause("C1", "provider", 11, 14), cause("C2", "provider", 13, 15))

    assert counted(causes) == {"provider": 5, "unattributed": 5}


def test_days_on_which_causes_of_two_parties_meet_are_concurrent() -> None:
    """Client 11–15, third party 14–18: alone 11–13 and 16–18, together 14 and 15."""
    causes = spans(cause("C1", "client", 11, 15), cause("C2", "third_party", 14, 18))
    days = Delays(M1, causes, None).days.set_index("day")

    assert counted(causes) == {"client": 3, "third_party": 3, "concurrent": 2, "unattributed": 2}
    assert days.loc[may(14), "parties"] == "client+third_party"
    assert days.loc[may(14), "causes"] == ("C1", "C2")


def test_a_contested_cause_makes_its_days_contested_whatever_else_covers_them() -> None:
    """Contested 13–16; the provider's 15–18 leaves it 17 and 18."""
    causes = spans(cause("C1", "client", 13, 16, contested=True), cause("C2", "provider", 15, 18))
    days = Delays(M1, causes, None).days.set_index("day")

    assert counted(causes) == {"provider": 2, "contested": 4, "unattributed": 4}
    assert (days.loc[may(15), "parties"], days.loc[may(15), "undisputed"]) == (
        "client+provider",
        "provider",
    )
    assert list(days.index[days["contested"]]) == [may(day) for day in (13, 14, 15, 16)]


def test_a_suspended_day_is_suspended_whatever_its_causes() -> None:
    causes = spans(cause("C1", "client", 11, 14, contested=True), cause("C2", "provider", 12, 20))
    stops = spans(stop("S1", 12, 13))
    days = Delays(M1, causes, stops).days.set_index("day")

    assert counted(causes, stops) == {"provider": 6, "contested": 2, "suspended": 2}
    assert days.loc[may(12), "suspensions"] == ("S1",)
    assert days.loc[may(12), "causes"] == ("C1", "C2")


@pytest.mark.parametrize(
    ("about", "subjects"),
    [
        ({"milestone_id": "M1"}, ["M1"]),
        ({"milestone_id": None, "deliverable_id": "M1"}, ["M1 delivered"]),
        ({"milestone_id": "M1", "deliverable_id": "M1"}, ["M1", "M1 delivered"]),
        ({"milestone_id": None, "deliverable_id": None}, ["M1", "M1 delivered", "M2"]),
        ({"milestone_id": "M3"}, []),
    ],
)
def test_a_suspension_applies_to_what_it_names_and_to_all_where_it_names_nothing(
    about: dict[str, Any], subjects: list[str]
) -> None:
    """A milestone and a deliverable may bear the same number."""
    three = late(
        ("M1", "milestone", 10, 20), ("M1", "deliverable", 10, 20), ("M2", "milestone", 1, 31)
    )
    days = Delays(three, None, spans(stop("S1", 15, 16, **about))).days
    stopped = days[days["share"] == "suspended"]
    named = stopped["subject"] + stopped["kind"].map({"milestone": "", "deliverable": " delivered"})

    assert sorted(set(named)) == subjects
    assert len(stopped) == 2 * len(subjects)


def test_a_cause_that_names_nothing_is_about_nothing() -> None:
    causes = spans(cause("C1", "client", 11, 20, milestone_id=None))

    assert counted(causes) == {"unattributed": 10}


def test_what_was_not_late_or_bears_no_date_has_no_day() -> None:
    """Reached the day itself, the day before, and no date at all."""
    rows = late(("M1", "milestone", 10, 10), ("M2", "milestone", 10, 9), ("M3", "milestone", 1, 9))
    rows.loc[2, "after"] = pd.NaT
    days = Delays(rows, None, None).days

    assert days.empty
    assert list(partition(days).columns) == ["kind", "subject", *SHARES, "total"]
    assert ranges(days).empty
    assert composition(spells(rows, None, None)).empty


def test_spans_are_the_longest_with_the_same_causes() -> None:
    """The client 11–15, a third party 14–18: three spans of them, then two days of nobody."""
    causes = spans(cause("C1", "client", 9, 15), cause("C2", "third_party", 14, 18))

    assert [
        (row.first.day, row.last.day, row.days, row.share)
        for row in spells(M1, causes, None).itertuples()
    ] == [
        (11, 13, 3, "client"),
        (14, 15, 2, "concurrent"),
        (16, 18, 3, "third_party"),
        (19, 20, 2, "unattributed"),
    ]


def test_a_delay_is_composed_of_classes_in_order_each_with_its_ids_once() -> None:
    """C1 11–12 and 17–18 twice the provider's; S1 13–14; client and provider together 15–16."""
    causes = spans(cause("C1", "provider", 11, 18), cause("C2", "client", 15, 16))
    parts = composition(spells(M1, causes, spans(stop("S1", 13, 14))))

    assert [(row.share, row.parties, row.days, row.ids) for row in parts.itertuples()] == [
        ("provider", "", 4, ("C1",)),
        ("concurrent", "client+provider", 2, ("C1", "C2")),
        ("suspended", "", 2, ("S1",)),
        ("unattributed", "", 2, ()),
    ]


def test_what_is_contested_leaves_a_range_to_each_class_that_its_answer_changes() -> None:
    """Client 11–12 agreed, 13–16 contested, the provider's 15–18 agreed. If the contested cause
    stands: client 4 (11–14), concurrent 2 (15, 16), provider 2 (17, 18), nobody 2 (19, 20); if it
    falls: client 2, provider 4, nobody 13, 14, 19, 20."""
    causes = spans(
        cause("C1", "client", 11, 12),
        cause("C2", "client", 13, 16, contested=True),
        cause("C3", "provider", 15, 18),
    )
    rows = ranges(Delays(M1, causes, None).days).set_index("share")[["low", "high"]]
    bounds = {str(share): (int(row["low"]), int(row["high"])) for share, row in rows.iterrows()}

    assert bounds == {
        "client": (2, 4),
        "provider": (2, 4),
        "third_party": (0, 0),
        "force_majeure": (0, 0),
        "concurrent": (0, 2),
        "unattributed": (2, 4),
    }


def test_days_of_causes_outside_of_their_delay_are_pointed_out() -> None:
    """C1 5–12 May: six days (5–10) before the delay. C2 19–25: five (21–25) after it. C3 within
    it. C4 of a milestone that was not late. C5 about nothing."""
    causes = spans(
        cause("C1", "client", 5, 12),
        cause("C2", "provider", 19, 25),
        cause("C3", "provider", 13, 14),
        cause("C4", "client", 1, 3, milestone_id="M9"),
        cause("C5", "client", 11, 12, milestone_id=None),
    )
    causes_outside = outside(M1, causes).fillna({"subject": ""})

    assert causes_outside[["cause_id", "subject", "days", "outside"]].to_numpy().tolist() == [
        ["C1", "M1", 8, 6],
        ["C2", "M1", 7, 5],
        ["C4", "M9", 3, 3],
        ["C5", "", 2, 2],
    ]
    assert counted(causes) == {"client": 2, "provider": 4, "unattributed": 4}


def test_nothing_known_of_causes_leaves_every_day_without_one() -> None:
    bare = spans(cause("C1", "client", 11, 12)).drop(columns="milestone_id")

    assert counted(bare) == {"unattributed": 10}
    assert outside(M1, None).empty


def test_ten_thousand_delays_of_a_hundred_days_are_a_million_days() -> None:
    n = 10_000
    start = pd.Series([pd.Timestamp("2024-01-01")] * n).astype("datetime64[s]")
    many = pd.DataFrame(
        {"subject": [f"M{i}" for i in range(n)], "kind": "milestone", "after": start,
         "last": start + pd.Timedelta(days=100)}
    )  # fmt: skip
    causes = pd.DataFrame(
        {"cause_id": [f"C{i}" for i in range(n)], "milestone_id": many["subject"],
         "attributed_to": "provider", "starts_on": start, "ends_on": start + pd.Timedelta(days=40)}
    )  # fmt: skip
    sums = partition(Delays(many, causes, None).days)[["provider", "unattributed"]].sum()

    assert sums.tolist() == [40 * n, 60 * n]
