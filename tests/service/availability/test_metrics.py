"""Availability to the second, on outages that can be checked by eye; the desk is ``tests/desk.py``.

Hours are Monday to Friday, 8 to 18, in Paris. January 2026 has 21 such days, 1 January being a
holiday: 210 h.
"""

from __future__ import annotations

import datetime as dt
import lzma
from collections import defaultdict
from csv import DictReader
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.service.availability import metrics
from tests import desk
from tests.desk import at
from tests.properties import steady

WEEK = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDARS = {
    "office": {"title": "Office hours", "week": WEEK, "holidays": "FR"},
    "permanent": {"title": "Around the clock", "around_the_clock": True},
}
CLAUSE: dict[str, Any] = {
    "title": "Availability",
    "services": ["support"],
    "calendar": "office",
    "target": "99.5 %",
}
END = "2026-02-01T00:00"
HOUR = 3600

VECTOR = (
    ("2026-01-06T09:00", "2026-01-06T11:00"),
    ("2026-01-06T10:00", "2026-01-06T12:00"),
    ("2026-01-09T17:00", "2026-01-12T09:00"),
    ("2026-01-17T10:00", "2026-01-17T16:00"),  # a Saturday
)


def agreed(last: str = "2026-01-31", amended: tuple[Any, ...] = (), **clause: Any) -> Contract:
    """A contract of one clause on availability, from 1 January 2026 on."""
    period = {"first": "2026-01-01", "last": last}
    written = desk.agreed(desk.RESOLUTION, calendars=CALENDARS, period=period)
    written["terms"] = written["terms"] | {"availability": {"5.3": CLAUSE | clause}}
    written["amendments"] = [
        {"id": f"A{n}", "title": "T", "signed": day, "effective": day, "changes": changes}
        for n, (day, changes) in enumerate(amended, start=1)
    ]
    return desk.loaded(written)


def outages(*rows: tuple[str | None, ...], **other: list[Any]) -> pd.DataFrame:
    """Outages O1, O2… of the support from (start, end), with more columns."""
    frame = pd.DataFrame(list(rows), columns=["started_at", "ended_at"], dtype="object")
    frame.insert(0, "outage_id", [f"O{n}" for n in range(1, len(rows) + 1)])
    return desk.typed("outages", frame.assign(service="support", **other))


def windows(*rows: tuple[str, str], **other: list[Any]) -> pd.DataFrame:
    """Maintenance windows W1, W2… of the support from (start, end), with more columns."""
    frame = pd.DataFrame(list(rows), columns=["starts_at", "ends_at"], dtype="object")
    frame.insert(0, "window_id", [f"W{n}" for n in range(1, len(rows) + 1)])
    return desk.typed("maintenance_windows", frame.assign(service="support", **other))


NONE = windows()


def total(
    contract: Contract, down: pd.DataFrame, plans: pd.DataFrame = NONE, as_of: str = END
) -> pd.Series:
    """The sums of the whole period."""
    found = metrics.stretches(contract, down, plans, at(as_of))
    return metrics.shares(found, ["clause", "service"]).iloc[0]


def months(
    contract: Contract, down: pd.DataFrame, plans: pd.DataFrame = NONE, as_of: str = END
) -> pd.DataFrame:
    found = metrics.stretches(contract, down, plans, at(as_of))
    return metrics.months(found, contract, at(as_of))


def told(contract: Contract, down: pd.DataFrame, as_of: str = END) -> pd.DataFrame:
    """The outages one by one, with what each lost."""
    found = metrics.stretches(contract, down, NONE, at(as_of))
    return metrics.counted(contract, found, metrics.in_force(contract, at(as_of)), down)


# ------------------------------------------------------------------------------------ the vector


def test_january_2026_with_overlapping_outages_is_97_6190_percent() -> None:
    """6 Jan 9-12 is 3 h, 9 Jan 17-18 and 12 Jan 8-9 are 2 h, Saturday is none: 205 of 210 h."""
    found = total(agreed(), outages(*VECTOR))

    assert (found["agreed"], found["lost"]) == (210 * HOUR, 5 * HOUR)
    assert round(100 * found["share"], 4) == 97.6190


def test_outages_are_not_added_up_which_would_make_97_1429_percent() -> None:
    """10 to 11 on 6 January is told by two outages: one by one 6 h, (210 - 6) / 210."""
    contract, down = agreed(), outages(*VECTOR)
    added = told(contract, down)["added"].sum()

    assert added == 6 * HOUR
    assert round(100 * (1 - added / (210 * HOUR)), 4) == 97.1429


def test_the_wall_clock_tells_another_figure_from_the_same_outages() -> None:
    """3 + 64 + 6 = 73 h of 744 h: 90.1882 %; added up, with 10 to 11 twice, 74 h: 90.0538 %."""
    found = total(agreed(), outages(*VECTOR))

    assert (found["wall"], found["down"]) == (744 * HOUR, 73 * HOUR)
    assert round(100 * found["around_the_clock"], 4) == 90.1882
    assert round(100 * (1 - (found["down"] + HOUR) / found["wall"]), 4) == 90.0538


# ----------------------------------------------------------------------------------- the verdict


def test_a_month_is_judged_without_rounding() -> None:
    """0.5 % of 210 h is 1 h 03: one second more is under the target."""
    exact = months(agreed(), outages(("2026-01-06T09:00:00", "2026-01-06T10:03:00")))
    under = months(agreed(), outages(("2026-01-06T09:00:00", "2026-01-06T10:03:01")))

    assert list(exact["met"]) == [True]
    assert list(under["met"]) == [False]


def test_an_outage_over_midnight_of_a_month_is_lost_in_both() -> None:
    """Around the clock: 31 January 22:00 to 1 February 03:00 is 2 h and 3 h."""
    contract = agreed("2026-02-28", calendar="permanent")
    found = months(contract, outages(("2026-01-31T22:00", "2026-02-01T03:00")), as_of="2026-03-01")

    assert list(found["month"]) == ["2026-01", "2026-02"]
    assert list(found["lost"]) == [2 * HOUR, 3 * HOUR]
    assert list(found["agreed"]) == [744 * HOUR, 672 * HOUR]


def test_an_outage_over_the_change_of_daylight_saving_lasts_what_it_lasts() -> None:
    """29 March 2026, 1:30 to 3:30 on the wall is one hour; the month has 743 h."""
    contract = agreed("2026-03-31", calendar="permanent")
    found = months(contract, outages(("2026-03-29T01:30", "2026-03-29T03:30")), as_of="2026-04-01")

    assert list(found.loc[found["month"] == "2026-03", ["agreed", "lost"]].iloc[0]) == [
        743 * HOUR,
        HOUR,
    ]


def test_what_is_still_down_counts_up_to_now_and_the_month_is_provisional() -> None:
    """Down since Friday 16 January 17:00, seen on Monday 19 at 10:00: 1 h + 2 h."""
    down = outages(("2026-01-16T17:00", None))
    found = months(agreed(), down, as_of="2026-01-19T10:00").iloc[0]

    assert found["lost"] == 3 * HOUR
    assert found["agreed"] == (11 * 10 + 2) * HOUR  # 2, 5-9, 12-16 January, and two hours
    assert found["provisional"]
    assert pd.isna(found["met"])


def test_the_last_second_of_a_day_is_its_end() -> None:
    """A review as of 31 January is of all of it, and its month is final."""
    contract = agreed("2026-12-31", calendar="permanent")
    found = months(contract, outages(), as_of="2026-01-31T23:59:59")

    assert list(found["agreed"]) == [744 * HOUR]
    assert list(found["provisional"]) == [False]
    assert list(found["met"]) == [True]


def test_a_month_without_agreed_hours_or_target_has_no_verdict() -> None:
    closed = [{"first": "2026-01-01", "last": "2026-01-31", "title": "Move"}]
    calendars = {"office": CALENDARS["office"] | {"closures": closed}}
    written = desk.agreed(desk.RESOLUTION, calendars=calendars)
    written["terms"] = written["terms"] | {"availability": {"5.3": CLAUSE}}
    written["period"] = {"first": "2026-01-01", "last": "2026-01-31"}
    found = months(desk.loaded(written), outages())
    untargeted = months(agreed(target={}), outages())

    assert found["share"].isna().all()
    assert found["met"].isna().all()
    assert untargeted["share"].tolist() == [1.0]
    assert untargeted["met"].isna().all()


# ----------------------------------------------------------------------- maintenance and excuses


def test_an_agreed_window_takes_its_outage_out_and_leaves_the_agreed_hours() -> None:
    """Down 6 January 9 to 12, planned from 10 to 14: 1 h lost, 2 h of maintenance, of 210 h."""
    plans = windows(("2026-01-06T10:00", "2026-01-06T14:00"), agreed=["yes"])
    found = total(agreed(), outages(("2026-01-06T09:00", "2026-01-06T12:00")), plans)

    assert (found["agreed"], found["lost"], found["maintenance"]) == (
        210 * HOUR,
        HOUR,
        2 * HOUR,
    )


def test_a_window_without_a_recorded_outage_is_no_down_time() -> None:
    plans = windows(("2026-01-06T10:00", "2026-01-06T14:00"), agreed=["no"])

    assert total(agreed(), outages(), plans)["lost"] == 0


@pytest.mark.parametrize(
    ("terms", "window", "treated"),
    [
        ({}, {"agreed": "yes"}, "excluded"),
        ({}, {"agreed": "no"}, "not_agreed"),
        ({}, {"agreed": None}, "no_agreement"),
        ({}, {}, "no_agreement"),
        ({"agreed_only": False}, {}, "excluded"),
        ({"maintenance": "counted"}, {"agreed": "yes"}, "counted"),
        ({"notice": "48 h"}, {"agreed": "yes", "announced_at": "2026-01-04T10:00"}, "excluded"),
        ({"notice": "48 h"}, {"agreed": "yes", "announced_at": "2026-01-04T10:01"}, "late"),
        ({"notice": "48 h"}, {"agreed": "yes", "announced_at": None}, "not_announced"),
        ({"notice": "48 h"}, {"agreed": "yes"}, "not_announced"),
    ],
)
def test_a_window_is_excluded_only_as_the_clause_says(
    terms: dict[str, Any], window: dict[str, Any], treated: str
) -> None:
    """Planned on 6 January from 10 on, 48 h after the 4th at 10; down all of its hour."""
    columns = {name: [value] for name, value in window.items()}
    plans = windows(("2026-01-06T10:00", "2026-01-06T11:00"), **columns)
    contract = agreed(**terms)
    found = metrics.stretches(
        contract, outages(("2026-01-06T10:00", "2026-01-06T11:00")), plans, at(END)
    )
    parts = metrics.in_force(contract, at(END))
    told = metrics.planned(metrics.windows_by_month(found, parts, plans))

    assert list(told["treated"]) == [treated]
    assert list(told["down"]) == [HOUR]
    assert found["lost"].sum() == (0 if treated == "excluded" else HOUR)


def test_maintenance_beyond_the_allowance_of_a_month_is_lost_the_latest_first() -> None:
    """Three windows of 2 h, 2 h a day apart, and 4 h allowed: the last, of provider B, is lost."""
    days = [(f"2026-01-{day}T10:00", f"2026-01-{day}T12:00") for day in ("06", "07", "08")]
    plans = windows(*days, agreed=["yes"] * 3)
    down = outages(*days, cause=["A", "A", "B"])
    contract = agreed(allowance="4 h")
    found = metrics.stretches(contract, down, plans, at(END))

    assert (found["lost"].sum(), found["maintenance"].sum()) == (2 * HOUR, 4 * HOUR)
    assert metrics.losses(found, "cause")["cause"].tolist() == ["B"]


def test_the_allowance_is_each_months_own() -> None:
    days = [("2026-01-29T10:00", "2026-01-29T13:00"), ("2026-02-02T10:00", "2026-02-02T13:00")]
    plans = windows(*days, agreed=["yes"] * 2)
    found = months(agreed("2026-02-28", allowance="2 h"), outages(*days), plans, "2026-03-01")

    assert list(found["lost"]) == [HOUR, HOUR]


def test_an_excused_cause_is_lost_only_where_another_outage_overlaps() -> None:
    """The client's 9 to 12, the provider's 11 to 13: 2 h lost, 2 h excused."""
    down = outages(
        ("2026-01-06T09:00", "2026-01-06T12:00"),
        ("2026-01-06T11:00", "2026-01-06T13:00"),
        caused_by=["client", "provider"],
    )
    contract = agreed(excuses=["client"])
    found = metrics.stretches(contract, down, NONE, at(END))

    assert (found["lost"].sum(), found["excused"].sum()) == (2 * HOUR, 2 * HOUR)
    assert metrics.losses(found, "caused_by")["caused_by"].tolist() == ["provider"]


# ------------------------------------------------------------------------------------ who and what


def test_time_lost_to_several_causes_at_once_stands_once() -> None:
    """Disk 9 to 11, power 10 to 12, not stated 13 to 14: 1 h each, 1 h of two, and 1 h."""
    down = outages(
        ("2026-01-06T09:00", "2026-01-06T11:00"),
        ("2026-01-06T10:00", "2026-01-06T12:00"),
        ("2026-01-06T13:00", "2026-01-06T14:00"),
        cause=["disk", "power", None],
    )
    found = metrics.losses(metrics.stretches(agreed(), down, NONE, at(END)), "cause")
    lost = {
        str(cause): seconds for cause, seconds in zip(found["cause"], found["lost"], strict=True)
    }

    assert lost == {"disk": HOUR, "nan": HOUR, "power": HOUR, "": HOUR}
    assert found["share"].tolist() == [0.25] * 4


def test_two_outages_of_one_cause_are_that_cause_where_they_overlap() -> None:
    down = outages(*VECTOR[:2], cause=["disk", "disk"])
    found = metrics.losses(metrics.stretches(agreed(), down, NONE, at(END)), "cause")

    assert found[["cause", "lost"]].to_numpy().tolist() == [["disk", 3 * HOUR]]


def test_an_outage_that_lost_no_time_is_told_as_recorded_only() -> None:
    """The fourth is on a Saturday: 2 + 2 + 2 h, and none."""
    contract, down = agreed(), outages(*VECTOR)
    each = told(contract, down)
    whole = metrics.totals(
        metrics.stretches(contract, down, NONE, at(END)), each, months(contract, down)
    ).iloc[0]

    assert each["lost"].tolist() == [2 * HOUR, 2 * HOUR, 2 * HOUR, 0]
    assert (whole["recorded"], whole["n"]) == (4, 3)


def test_a_duplicate_and_the_second_part_of_an_outage_add_no_outage() -> None:
    """14 January 17:00 to 15 January 9:00 is 1 h in each part; it is recorded twice."""
    contract = agreed(amended=(("2026-01-15", {"availability": {"5.3": {"target": "99 %"}}}),))
    down = outages(*[("2026-01-14T17:00", "2026-01-15T09:00")] * 2)
    each = told(contract, down)
    whole = metrics.totals(
        metrics.stretches(contract, down, NONE, at(END)), each, months(contract, down)
    ).iloc[0]

    assert each[["outage_id", "lost"]].to_numpy().tolist() == [["O1", HOUR], ["O1", HOUR]]
    assert (whole["n"], whole["recorded"], whole["added"]) == (1, 1, 2 * HOUR)


def test_where_one_side_is_stated_and_another_not_both_are_told() -> None:
    """9 to 11 the provider, 10 to 12 not stated: an hour each, and an hour of both."""
    down = outages(
        ("2026-01-06T09:00", "2026-01-06T11:00"),
        ("2026-01-06T10:00", "2026-01-06T12:00"),
        caused_by=["provider", None],
    )
    found = metrics.losses(metrics.stretches(agreed(), down, NONE, at(END)), "caused_by")

    assert found[["caused_by", "unstated", "lost"]].to_numpy().tolist() == [
        ["provider", False, HOUR],
        ["provider", True, HOUR],
        ["", False, HOUR],
    ]


# -------------------------------------------------------------------------- what may still change


def test_a_running_month_has_a_worst_and_a_best() -> None:
    """2, 5-9, 12-16 January are 110 h, the 19th 2 h: 110 h up of 210, and 98 h to come."""
    down = outages(("2026-01-06T09:00", "2026-01-06T11:00"))
    found = months(agreed(target="99 %"), down, as_of="2026-01-19T10:00").iloc[0]
    missed = months(agreed(target="99.5 %"), down, as_of="2026-01-19T10:00").iloc[0]

    assert (found["provisional"], pd.isna(found["met"])) == (True, True)
    assert (found["at_worst"], found["at_best"]) == (110 / 210, 208 / 210)
    assert (missed["provisional"], bool(missed["met"])) == (True, False)  # 99.05 % at best


def test_a_running_month_reaches_to_the_end_of_its_terms_only() -> None:
    """Until the amendment of 15 January 90 h are agreed, of which 50 h by the 8th: 88 / 90."""
    contract = agreed(amended=(("2026-01-15", {"availability": {"5.3": {"target": "90 %"}}}),))
    down = outages(("2026-01-06T09:00", "2026-01-06T11:00"))
    found = months(contract, down, as_of="2026-01-09T08:00").iloc[0]

    assert (found["agreed"], found["at_best"]) == (50 * HOUR, 88 / 90)


def test_an_outage_without_an_end_leaves_its_months_open_and_no_other() -> None:
    """From 30 January 17:00 seen on 28 February: 1 h of 210, then 200 of 200; December is none."""
    down = outages(("2026-01-30T17:00", None))
    found = months(agreed("2026-06-30"), down, as_of="2026-02-28T23:59:59")
    later = months(agreed("2026-06-30"), outages(("2026-02-27T17:00", None)), as_of="2026-03-01")

    assert found["provisional"].tolist() == [True, True]
    assert found["met"].isna().all()
    assert found[["at_worst", "at_best"]].to_numpy().tolist() == [[209 / 210, 1], [0, 1]]
    assert later["provisional"].tolist() == [False, True]


def test_a_month_is_missed_whatever_the_end_of_an_outage_when_others_lost_enough() -> None:
    """3 h of 210 are 98.57 %, without those of the outage that has no end."""
    down = outages(("2026-01-06T09:00", "2026-01-06T12:00"), ("2026-01-30T17:00", None))
    found = months(agreed(), down).iloc[0]

    assert (found["lost"], found["certain"]) == (4 * HOUR, 3 * HOUR)
    assert (bool(found["provisional"]), bool(found["met"])) == (True, False)


def test_a_month_that_an_amendment_cuts_is_kept_when_both_parts_are() -> None:
    """1 h of 90 h until 14 January, none of 120 h since: kept at 98 %, missed at 99 %."""
    change = (("2026-01-15", {"availability": {"5.3": {"target": "99.9 %"}}}),)
    down = outages(("2026-01-06T09:00", "2026-01-06T10:00"))
    verdicts = [
        metrics.by_month(months(agreed(target=target, amended=change), down))["met"].tolist()
        for target in ("98 %", "99 %")
    ]

    assert verdicts == [[True], [False]]


# ------------------------------------------------------------------------------------- amendments


def test_a_month_in_which_an_amendment_changes_the_target_is_judged_in_two_parts() -> None:
    """98 % until 14 January, then 99.9 %, with 1 h lost in each: 1.8 h of 90 h may be lost (2, 5 to
    9, 12 to 14 January), then 24 min of 408 h.
    """
    changes = {"availability": {"5.3": {"target": "99.9 %", "calendar": "permanent"}}}
    contract = agreed(target="98 %", amended=(("2026-01-15", changes),))
    down = outages(
        ("2026-01-06T09:00", "2026-01-06T10:00"), ("2026-01-20T03:00", "2026-01-20T04:00")
    )
    found = months(contract, down)

    assert found["date"].tolist() == ["2026-01-01", "2026-01-15"]
    assert found["agreed"].tolist() == [90 * HOUR, 17 * 24 * HOUR]
    assert found["target"].tolist() == [0.98, 0.999]
    assert found["met"].tolist() == [True, False]


def test_an_amendment_of_something_else_cuts_no_month() -> None:
    changes = {"availability": {"5.3": {"title": "New title"}}, "services": {"x": {"name": "X"}}}
    contract = agreed(amended=(("2026-01-15", changes),))

    assert len(months(contract, outages())) == 1


def test_amended_hours_of_a_calendar_make_no_part_and_are_told_since_when() -> None:
    """Mondays to 20:00 from 15 January on: 19 and 26 January are 2 h longer, 214 h in one month."""
    longer = {"calendars": {"office": {"week": {"mon": [["08:00", "20:00"]]}}}}
    contract = agreed(amended=(("2026-01-15", longer),))
    (part,) = metrics.in_force(contract, at(END))
    edges = [(at("2026-01-01"), 0), (at("2026-01-15"), 1)]

    assert months(contract, outages())["agreed"].tolist() == [214 * HOUR]
    assert metrics.agreed_since(contract, part) == edges


def test_a_clause_that_an_amendment_takes_out_is_not_judged_after_it() -> None:
    changes = {"availability": {"5.3": None}}
    contract = agreed("2026-03-31", amended=(("2026-02-01", changes),))

    assert months(contract, outages(), as_of="2026-04-01")["month"].tolist() == ["2026-01"]


def test_a_clause_that_an_amendment_adds_is_judged_from_then_on() -> None:
    """5.4, which 5.3 stands before and 5.5 after, holds from 1 February: two of the three months.

    The terms before it do not state 5.4 and 5.5, which ends neither of them.
    """
    added = {"availability": {"5.4": CLAUSE, "5.5": CLAUSE | {"target": "99 %"}}}
    contract = agreed("2026-03-31", amended=(("2026-02-01", added),))
    found = months(contract, outages(), as_of="2026-04-01")

    assert found.groupby("clause")["month"].agg(list).to_dict() == {
        "5.3": ["2026-01", "2026-02", "2026-03"],
        "5.4": ["2026-02", "2026-03"],
        "5.5": ["2026-02", "2026-03"],
    }


def test_an_amended_allowance_goes_on_from_what_the_month_has_used() -> None:
    """2 h used of 3 h before the 15th; 4 h allowed since: of 3 h more, 2 h are left."""
    days = [("2026-01-06T10:00", "2026-01-06T12:00"), ("2026-01-20T10:00", "2026-01-20T13:00")]
    changes = {"availability": {"5.3": {"allowance": "4 h"}}}
    contract = agreed(allowance="3 h", amended=(("2026-01-15", changes),))
    found = months(contract, outages(*days), windows(*days, agreed=["yes"] * 2))

    assert found["maintenance"].tolist() == [2 * HOUR, 2 * HOUR]
    assert found["lost"].tolist() == [0, HOUR]


# ----------------------------------------------------------------------------------- the records


def test_rows_alike_in_all_but_their_number_are_duplicates_and_count_once() -> None:
    down = outages(VECTOR[0], VECTOR[0], VECTOR[0], cause=["a", "a", "b"])

    assert metrics.duplicates(down)["outage_id"].tolist() == ["O2"]
    assert total(agreed(), down)["lost"] == 2 * HOUR


def test_outages_that_are_still_going_on_repeat_none() -> None:
    """One may end on 20 January and the other on the 25th: on the 15th nobody knows."""
    down = outages(("2026-01-10T09:00", None), ("2026-01-10T09:00", None))

    assert metrics.duplicates(down).empty


def test_notice_is_counted_in_elapsed_hours_when_the_clocks_change() -> None:
    """26 to 29 March 2026 at 12:00 are 71 h, the clocks having gone forward."""
    plans = windows(
        ("2026-03-29T12:00", "2026-03-29T14:00"),
        agreed=["yes"],
        announced_at=["2026-03-26T12:00"],
    )
    terms = [
        agreed("2026-03-31", notice=notice).versions[0].availability["5.3"]
        for notice in ("71 h", "72 h")
    ]

    assert [metrics.treated(plans, each).tolist() for each in terms] == [["excluded"], ["late"]]


def test_recorded_minutes_a_minute_or_more_from_the_dates_are_told() -> None:
    """Two hours are 120 min; 119.5 is the tool's rounding; no end can't be compared."""
    down = outages(VECTOR[0], VECTOR[0], VECTOR[0], ("2026-01-06T09:00", None))
    down["recorded_minutes"] = [119.5, 119.0, 60.0, 5.0]
    found = metrics.unlike_recorded(down)

    assert found["outage_id"].tolist() == ["O2", "O3"]
    assert found["minutes"].tolist() == [120, 120]
    assert metrics.unlike_recorded(down.drop(columns="recorded_minutes")).empty


# ------------------------------------------------------------------------------------- properties

PLAIN = agreed()
EXCUSING = agreed(excuses=["client"], allowance="5 h", agreed_only=False)
few = steady(20)
SPANS = st.lists(
    st.tuples(
        st.integers(0, 35 * 24 * 60),
        st.integers(0, 4 * 24 * 60),
        st.sampled_from(["provider", "client", None]),
    ),
    max_size=8,
)


def _from_minutes(spans: list[tuple[int, int, str | None]]) -> pd.DataFrame:
    start = pd.Timestamp("2025-12-30")
    edges = [
        (f"{start + pd.Timedelta(minutes=a):%Y-%m-%dT%H:%M}",
         f"{start + pd.Timedelta(minutes=a + length):%Y-%m-%dT%H:%M}")
        for a, length, _ in spans
    ]  # fmt: skip
    return outages(*edges, caused_by=[by for *_, by in spans])


@few
@given(SPANS, SPANS)
def test_every_second_of_an_outage_is_told_once(
    down: list[tuple[int, int, str | None]], plans: list[tuple[int, int, str | None]]
) -> None:
    """Lost + maintenance + excused = the agreed minutes in any outage, counted one by one."""
    frame = _from_minutes(down)
    planned = _from_minutes(plans).rename(
        columns={"outage_id": "window_id", "started_at": "starts_at", "ended_at": "ends_at"}
    )
    found = metrics.stretches(EXCUSING, frame, planned, at(END))
    minutes = {
        edge + offset
        for edge, length, _ in down
        for offset in range(length)
        if 2 * 24 * 60 <= edge + offset < 33 * 24 * 60
    }
    local = [pd.Timestamp("2025-12-30") + pd.Timedelta(minutes=m) for m in sorted(minutes)]
    begun = pd.Series(pd.DatetimeIndex(local).tz_localize(desk.ZONE).tz_convert("UTC"))
    told = EXCUSING.hours("office").elapsed(begun, begun + pd.Timedelta(minutes=1))
    counted = told.sum().total_seconds() if minutes else 0

    assert found[["lost", "maintenance", "excused"]].sum().sum() == counted
    assert found["maintenance"].sum() <= 5 * HOUR
    assert found["agreed"].sum() == 210 * HOUR
    assert found["wall"].sum() == 744 * HOUR
    assert metrics.losses(found, "caused_by")["lost"].sum() == found["lost"].sum()


@few
@given(SPANS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(
    down: list[tuple[int, int, str | None]], random: Any
) -> None:
    frame = _from_minutes(down)
    order = list(range(len(frame)))
    random.shuffle(order)
    one, other = (
        metrics.stretches(EXCUSING, rows, NONE, at(END)) for rows in (frame, frame.iloc[order])
    )

    pd.testing.assert_frame_equal(one, other)


@few
@given(SPANS, SPANS)
def test_another_outage_never_improves_availability(
    down: list[tuple[int, int, str | None]], more: list[tuple[int, int, str | None]]
) -> None:
    contract = agreed()

    assert (
        total(contract, _from_minutes(down + more))["lost"]
        >= (total(contract, _from_minutes(down))["lost"])
    )


# ------------------------------------------------------------------------------------- real records

CAUSES = ("Facilities", "Hardware", "Human Error", "Network", "Undetermined", "Software")


def _computing_centre(shared: Path) -> list[dict[str, str]]:
    file = shared / "eseur_projects" / "LA-UR-05-7318-failure-data-1996-2005.csv.xz"
    with lzma.open(file, "rt", encoding="utf-8") as text:
        return list(DictReader(text))


def _read(cell: str) -> dt.datetime:
    return dt.datetime.strptime(cell, "%m/%d/%Y %H:%M")


def test_a_computing_centres_ten_years_agree_with_a_merge_by_hand(shared: Path) -> None:
    """23,739 outages of 23 systems, around the clock, 1996 to 2005, a system being a service.

    The other computation sorts and merges the intervals of each system in plain Python. The node
    stands in the column of tickets: rows alike in that too are the 25 known duplicates.
    """
    records = _computing_centre(shared)
    systems = sorted({row["System"] for row in records})
    written = desk.CONTRACT | {
        "time_zone": "UTC",
        "period": {"first": "1996-01-01", "last": "2005-12-31"},
        "terms": {
            "calendars": {"permanent": CALENDARS["permanent"]},
            "services": {name: {"name": f"System {name}"} for name in systems},
            "availability": {
                "A": CLAUSE | {"services": systems, "calendar": "permanent", "target": "99 %"}
            },
        },
    }
    contract = desk.loaded(written)
    down = pd.DataFrame(
        {
            "outage_id": [f"O{n}" for n in range(len(records))],
            "service": [row["System"] for row in records],
            "started_at": pd.to_datetime([_read(row["Prob Started"]) for row in records], utc=True),
            "ended_at": pd.to_datetime([_read(row["Prob Fixed"]) for row in records], utc=True),
            "cause": [next((f"{c}: {row[c]}" for c in CAUSES if row[c]), "") for row in records],
            "ticket_id": [f"{row['nodenum']} {row['nodenumz']}" for row in records],
            "recorded_minutes": [float(row["Down Time"]) for row in records],
        }
    )
    found = metrics.stretches(contract, down, NONE, pd.Timestamp("2006-06-01", tz="UTC"))
    lost = metrics.shares(found, ["service"]).set_index("service")

    assert {name: lost.loc[name, "lost"] for name in systems} == _merged(records)
    assert set(lost["agreed"]) == {3653 * 24 * HOUR}  # ten years, with the 29 Feb of 3 leap years
    assert metrics.losses(found, "cause")["lost"].sum() == lost["lost"].sum()
    assert len(metrics.duplicates(down)) == 25
    assert len(metrics.unlike_recorded(down)) == 423


def _merged(records: list[dict[str, str]]) -> dict[str, int]:
    """Return the seconds between 1996 and 2005 in which each system had any outage."""
    spans = defaultdict(list)
    limits = dt.datetime(1996, 1, 1), dt.datetime(2006, 1, 1)
    for row in records:
        edges = (_read(row["Prob Started"]), _read(row["Prob Fixed"]))
        spans[row["System"]].append(tuple(min(max(e, limits[0]), limits[1]) for e in edges))
    seconds = {}
    for system, edges_of in spans.items():
        total_down, reached = dt.timedelta(), limits[0]
        for start, end in sorted(edges_of):
            if end > reached:
                total_down += end - max(start, reached)
                reached = end
        seconds[system] = int(total_down.total_seconds())
    return seconds
