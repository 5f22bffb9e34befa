"""The clock against worked examples: tools' own test vectors, and days counted by hand."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from reviewlib.calendars.service_hours import Holidays, ServiceHours, WorkingDays
from reviewlib.languages import Quoted

WORK_DAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WORK_DAYS, "sat", "sun")


def weekly(*spans: tuple[str, str], days: tuple[str, ...] = WORK_DAYS) -> dict[str, Any]:
    return {day: list(spans) for day in days}


def paris(text: str) -> pd.Timestamp:
    """Return an instant written as Paris wall-clock time."""
    return pd.Timestamp(text, tz="Europe/Paris")


def hours(text: float) -> pd.Timedelta:
    return pd.Timedelta(hours=text)


def pausing(*pauses: tuple[Any, ...]) -> pd.DataFrame:
    """Return the pauses (row, from, to) of tickets, times in Paris."""
    rows = [(row, paris(since), paris(until)) for row, since, until in pauses]
    return pd.DataFrame(rows, columns=["row", "from", "to"])


OFFICE = ServiceHours(weekly(("09:00", "12:00"), ("14:00", "18:00")), "Europe/Paris", "FR")
MOSELLE = replace(OFFICE, holidays=Holidays("FR", region="57"))
ROUND_THE_CLOCK = ServiceHours.around_the_clock("Europe/Paris")
NIGHTS = ServiceHours(weekly(("22:00", "06:00"), days=ALL_DAYS), "Europe/Paris")


# --- GLPI: its own functional tests. Its calendars have no holidays. ---------------------------

GLPI = ServiceHours(
    weekly(("08:30", "19:00")) | {"mon": [("10:30", "19:00")]}, time_zone="Europe/Paris"
)
GLPI_DEFAULT = ServiceHours(weekly(("08:00", "20:00")), time_zone="Europe/Paris")
FIVE_DAYS, FIVE_WHOLE_DAYS = WorkingDays(5), WorkingDays(5, end_of_day=True)


class Ticket(NamedTuple):
    """A row of GLPI's table: two deadlines, and the waiting time inside the service hours."""

    target: pd.Timedelta | WorkingDays
    start: str
    pauses: tuple[tuple[str, str], ...]
    resolution_due: str
    waiting_seconds: int
    response_due: str


MORNING = "2034-06-09 08:46:12"
THREE_PAUSES = (
    ("2034-06-09 08:47:42", "2034-06-09 10:05:54"),
    ("2034-06-09 10:09:13", "2034-06-09 10:34:38"),
    ("2034-06-09 10:43:41", "2034-06-09 11:29:17"),
)
ONE_PAUSE = (("2034-06-09 09:15:27", "2034-06-09 11:23:49"),)
TWO_NIGHTS = (
    ("2034-06-05 11:00", "2034-06-07 09:30"),
    ("2034-06-07 10:00", "2034-06-08 09:00"),
)
OVER_A_WEEKEND = (
    ("2034-06-07 11:00", "2034-06-13 11:00"),
    ("2034-06-14 07:00", "2034-06-14 18:00"),
)
FROM_MONDAY, FROM_WEDNESDAY = "2034-06-05 10:00", "2034-06-07 10:00"
GLPI_ROWS = {
    1: Ticket(hours(0.5), MORNING, (), "2034-06-09 09:16:12", 0, "2034-06-09 09:16:12"),
    2: Ticket(
        hours(0.5), MORNING, THREE_PAUSES, "2034-06-09 11:45:25", 8953, "2034-06-09 09:16:12"
    ),
    3: Ticket(hours(4), MORNING, ONE_PAUSE, "2034-06-09 14:54:34", 7702, "2034-06-09 12:46:12"),
    4: Ticket(hours(4), FROM_MONDAY, TWO_NIGHTS, "2034-06-08 12:00", 104_400, "2034-06-05 14:30"),
    5: Ticket(FIVE_DAYS, MORNING, (), "2034-06-16 08:46:12", 0, "2034-06-16 08:46:12"),
    6: Ticket(FIVE_WHOLE_DAYS, MORNING, (), "2034-06-16 19:00", 0, "2034-06-16 19:00"),
    7: Ticket(
        FIVE_DAYS, FROM_WEDNESDAY, OVER_A_WEEKEND, "2034-06-21 09:00", 178_200, "2034-06-14 10:00"
    ),
    8: Ticket(
        FIVE_WHOLE_DAYS,
        FROM_WEDNESDAY,
        OVER_A_WEEKEND,
        "2034-06-21 18:00",
        178_200,
        "2034-06-14 19:00",
    ),
}
glpi_rows = pytest.mark.parametrize("ticket", GLPI_ROWS.values(), ids=GLPI_ROWS.keys())


@glpi_rows
def test_glpi_time_to_resolve_is_pushed_back_by_waiting_in_open_hours(ticket: Ticket) -> None:
    pauses = pausing(*((0, *pause) for pause in ticket.pauses))
    due = GLPI.deadlines(paris(ticket.start), ticket.target, pauses)
    assert due == paris(ticket.resolution_due)


@glpi_rows
def test_glpi_waiting_time_is_what_pauses_take_of_the_open_hours(ticket: Ticket) -> None:
    pauses = pausing(*((0, *pause) for pause in ticket.pauses))
    start, due = paris(ticket.start), paris(ticket.resolution_due)
    waiting = GLPI.elapsed(start, due) - GLPI.elapsed(start, due, pauses)
    assert waiting == pd.Timedelta(seconds=ticket.waiting_seconds)


@glpi_rows
def test_glpi_time_to_own_ignores_waiting(ticket: Ticket) -> None:
    assert GLPI.deadlines(paris(ticket.start), ticket.target) == paris(ticket.response_due)


def test_glpi_default_calendar_has_sixty_hours_in_the_first_week_of_2019() -> None:
    """Tuesday 1 to Tuesday 8 January, 00:00: five days of 12 hours."""
    assert GLPI_DEFAULT.elapsed(paris("2019-01-01"), paris("2019-01-08")) == hours(60)


@pytest.mark.parametrize(("end_of_day", "time"), [(False, "10:00"), (True, "20:00")])
def test_glpi_default_calendar_reaches_seven_working_days(end_of_day: bool, time: str) -> None:
    due = GLPI_DEFAULT.deadlines(paris("2018-11-19 10:00"), WorkingDays(7, end_of_day))
    assert due == paris(f"2018-11-28 {time}")


def test_glpi_seven_days_back_is_the_start_from_which_seven_days_lead_there() -> None:
    """GLPI also counts back: 2018-11-19 10:00 − 7 d = 2018-11-08 10:00. A clock only runs forward,
    so the vector is checked from its other end: 9, 12, 13, 14, 15, 16 and 19 November."""
    due = GLPI_DEFAULT.deadlines(paris("2018-11-08 10:00"), WorkingDays(7))
    assert due == paris("2018-11-19 10:00")


def test_glpi_22678_four_hours_from_monday_17h_end_on_tuesday_11h() -> None:
    hours_8_18 = ServiceHours(weekly(("08:00", "18:00")), "Europe/Paris")
    assert hours_8_18.deadlines(paris("2024-06-03 17:00"), hours(4)) == paris("2024-06-04 11:00")


# --- ServiceNow, saasjet -----------------------------------------------------------------------


def test_servicenow_an_afternoon_and_a_night_are_three_business_hours_of_nineteen() -> None:
    start, end = paris("2026-01-06 14:00"), paris("2026-01-07 09:00")
    assert ServiceHours(weekly(("09:00", "17:00")), "Europe/Paris").elapsed(start, end) == hours(3)
    assert ROUND_THE_CLOCK.elapsed(start, end) == hours(19)


def test_servicenow_a_weekend_is_18_75_percent_of_business_time_and_756_percent_of_time() -> None:
    """Friday 21:00 to Monday 09:30 on 08–17: 1 h 30 of 8 h, and 60 h 30 of 8 h = 756.25 %."""
    start, end = paris("2026-01-09 21:00"), paris("2026-01-12 09:30")
    business = ServiceHours(weekly(("08:00", "17:00")), "Europe/Paris").elapsed(start, end)
    actual = ROUND_THE_CLOCK.elapsed(start, end)
    assert (business, actual) == (hours(1.5), hours(60.5))
    assert (business / hours(8) * 100, round(actual / hours(8) * 100)) == (18.75, 756)


def test_servicenow_a_due_date_in_the_evening_lasts_until_thursday_8h() -> None:
    """Due Wednesday 20:30 on 08–16: no service time passes until Thursday 08:00, then it does."""
    schedule = ServiceHours(weekly(("08:00", "16:00")), "Europe/Paris")
    due, thursday = paris("2017-01-11 20:30"), paris("2017-01-12 08:00")
    assert schedule.elapsed(due, thursday) == hours(0)
    one_second = pd.Timedelta(seconds=1)
    assert schedule.deadlines(due, one_second) == thursday + one_second


def test_saasjet_a_raised_priority_is_due_two_hours_after_the_creation() -> None:
    """Medium, 3 h from 10:00; at 11:00 High, 2 h, counted from 10:00: 12:00."""
    nine_to_five = ServiceHours(weekly(("09:00", "17:00")), "Europe/Paris")
    assert nine_to_five.deadlines(paris("2026-01-06 10:00"), hours(3)) == paris("2026-01-06 13:00")
    assert nine_to_five.deadlines(paris("2026-01-06 10:00"), hours(2)) == paris("2026-01-06 12:00")


# --- Own vectors: Mon–Fri 09–12 and 14–18, Paris, French holidays of 2026 ----------------------


def test_v1_four_hours_from_the_eve_of_1_may_end_on_monday_11h30() -> None:
    assert OFFICE.deadlines(paris("2026-04-30 16:30"), hours(4)) == paris("2026-05-04 11:30")


def test_v2_the_same_until_11h_are_three_hours_and_a_half() -> None:
    elapsed = OFFICE.elapsed(paris("2026-04-30 16:30"), paris("2026-05-04 11:00"))
    assert elapsed == hours(3.5)


def test_v3_an_hour_from_the_middle_of_the_lunch_break_ends_at_15h() -> None:
    assert OFFICE.deadlines(paris("2026-01-05 12:30"), hours(1)) == paris("2026-01-05 15:00")


def test_v4_good_friday_is_a_working_day_but_not_in_alsace_moselle() -> None:
    start = paris("2026-04-02 17:00")
    assert OFFICE.deadlines(start, hours(2)) == paris("2026-04-03 10:00")
    assert MOSELLE.deadlines(start, hours(2)) == paris("2026-04-07 10:00")


def test_v5_a_pause_overnight_pushes_the_deadline_by_its_six_open_hours_and_a_half() -> None:
    start, pause = paris("2026-01-05 10:00"), pausing((0, "2026-01-05 11:00", "2026-01-06 10:30"))
    due = OFFICE.deadlines(start, hours(8), pause)
    assert due == paris("2026-01-07 10:30")
    assert OFFICE.elapsed(start, due) - OFFICE.elapsed(start, due, pause) == hours(6.5)


def test_v6_a_pause_over_the_weekend_counts_two_hours_not_sixty_five() -> None:
    since, until = "2026-01-09 17:00", "2026-01-12 10:00"
    due = OFFICE.deadlines(paris("2026-01-09 16:00"), hours(4), pausing((0, since, until)))
    assert due == paris("2026-01-12 15:00")
    assert OFFICE.elapsed(paris(since), paris(until)) == hours(2)
    assert ROUND_THE_CLOCK.elapsed(paris(since), paris(until)) == hours(65)


def test_v7_overlapping_pauses_are_taken_out_once() -> None:
    """09–18 without a break; 10–12 and 11–15 together are 5 of the 9 hours."""
    nine_to_six = ServiceHours(weekly(("09:00", "18:00")), "Europe/Paris")
    pauses = pausing(
        (0, "2026-01-05 11:00", "2026-01-05 15:00"), (0, "2026-01-05 10:00", "2026-01-05 12:00")
    )
    elapsed = nine_to_six.elapsed(paris("2026-01-05 09:00"), paris("2026-01-05 18:00"), pauses)
    assert elapsed == hours(4)


@pytest.mark.parametrize(("day", "length"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_v8_round_the_clock_a_day_of_change_has_23_or_25_hours(day: str, length: int) -> None:
    midnight = paris(day)
    assert ROUND_THE_CLOCK.elapsed(midnight, midnight + pd.DateOffset(days=1)) == hours(length)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-29 00:30+01:00", "2026-03-29 05:30+02:00"),
        ("2026-10-25 00:30+02:00", "2026-10-25 03:30+01:00"),
    ],
)
def test_v9_round_the_clock_four_hours_are_four_hours_over_the_change(start: str, due: str) -> None:
    assert ROUND_THE_CLOCK.deadlines(pd.Timestamp(start), hours(4)) == pd.Timestamp(due)


@pytest.mark.parametrize(
    ("start", "end", "length"),
    [("2026-03-28 12:00", "2026-03-29 12:00", 7), ("2026-10-24 12:00", "2026-10-25 12:00", 9)],
)
def test_v10_a_night_of_change_has_seven_or_nine_hours(start: str, end: str, length: int) -> None:
    assert NIGHTS.elapsed(paris(start), paris(end)) == hours(length)


def test_v11_a_target_reached_at_closing_time_is_due_then_not_at_the_next_opening() -> None:
    assert OFFICE.deadlines(paris("2026-01-05 17:00"), hours(1)) == paris("2026-01-05 18:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-07-01T15:30Z", "2026-07-02 09:30+02:00"),
        ("2026-01-05T15:30Z", "2026-01-05 17:30+01:00"),
    ],
)
def test_v12_the_same_utc_time_is_another_service_time_in_summer(start: str, due: str) -> None:
    assert OFFICE.deadlines(pd.Timestamp(start), hours(1)) == pd.Timestamp(due)


def test_v13_a_raised_priority_is_due_at_15h_retroactively_and_at_18h_when_it_restarts() -> None:
    """Opened Monday 09:00, P1 (4 h) from 12:00 on."""
    opened, raised = paris("2026-01-05 09:00"), paris("2026-01-05 12:00")
    assert OFFICE.deadlines(opened, hours(4)) == paris("2026-01-05 15:00")
    assert OFFICE.deadlines(raised, hours(4)) == paris("2026-01-05 18:00")


def test_v14_a_reopened_ticket_took_four_nine_or_two_hours_by_the_reopen_policy() -> None:
    """Open Monday 09–11 and Tuesday 09–11, resolved in between."""
    opened, resolved = paris("2026-01-05 09:00"), paris("2026-01-06 11:00")
    between = pausing((0, "2026-01-05 11:00", "2026-01-06 09:00"))
    assert OFFICE.elapsed(opened, resolved, between) == hours(4)
    assert OFFICE.elapsed(opened, resolved) == hours(9)
    assert OFFICE.elapsed(paris("2026-01-06 09:00"), resolved) == hours(2)


@pytest.mark.parametrize(
    ("target", "due"),
    [
        (hours(2 * 7), "2026-01-07 16:00"),
        (WorkingDays(2), "2026-01-07 16:00"),
        (hours(48), "2026-01-14 15:00"),
    ],
)
def test_v15_two_days_depend_on_what_a_day_is(target: Any, due: str) -> None:
    assert OFFICE.deadlines(paris("2026-01-05 16:00"), target) == paris(due)


# --- The edges of the hours, where the wall clock jumps ----------------------------------------


@pytest.mark.parametrize(
    ("span", "open_hours"),
    [
        (("02:30", "04:00"), 1.0),  # 02:30 is skipped: open from the change, 03:00, to 04:00
        (("01:00", "02:30"), 1.0),  # open from 01:00 to the change
        (("02:10", "02:50"), 0.0),  # all of it is skipped
    ],
)
def test_a_time_that_the_spring_change_skips_is_the_instant_of_the_change(
    span: tuple[str, str], open_hours: float
) -> None:
    sundays = ServiceHours({"sun": [span]}, "Europe/Paris")
    assert sundays.elapsed(paris("2026-03-29"), paris("2026-03-30")) == hours(open_hours)


@pytest.mark.parametrize(
    ("span", "open_hours"),
    [
        (("02:30", "04:00"), 2.5),  # opens at the first 02:30
        (("01:00", "02:30"), 2.5),  # closes at the second 02:30
        (("01:00", "02:00"), 1.0),  # less than 02:00 is shown before the first 02:00 only
        (("03:00", "04:00"), 1.0),  # 03:00 is shown once
    ],
)
def test_a_time_that_comes_twice_in_autumn_opens_the_first_and_closes_the_second_time(
    span: tuple[str, str], open_hours: float
) -> None:
    sundays = ServiceHours({"sun": [span]}, "Europe/Paris")
    assert sundays.elapsed(paris("2026-10-25"), paris("2026-10-26")) == hours(open_hours)


def test_spans_that_meet_in_the_repeated_hour_do_not_count_it_twice() -> None:
    """00:00 to 06:00 with a change back last 7 hours, whether or not cut at 02:30."""
    cut = ServiceHours({"sun": [("00:00", "02:30"), ("02:30", "06:00")]}, "Europe/Paris")
    assert cut.elapsed(paris("2026-10-25"), paris("2026-10-26")) == hours(7)


def test_a_half_hour_change_lengthens_a_day_by_half_an_hour() -> None:
    """Lord Howe Island turns its clocks by 30 minutes, on 5 April 2026."""
    island = ServiceHours.around_the_clock("Australia/Lord_Howe")
    zone = "Australia/Lord_Howe"
    start, end = pd.Timestamp("2026-04-05", tz=zone), pd.Timestamp("2026-04-06", tz=zone)
    assert island.elapsed(start, end) == hours(24.5)


# --- Holidays and closures ---------------------------------------------------------------------


def test_a_holiday_removes_the_night_that_starts_on_it_and_leaves_the_one_before() -> None:
    """1 May 2026 is a Friday: Thursday's night runs into it, Friday's does not take place."""
    nights = replace(NIGHTS, holidays="FR")
    assert nights.elapsed(paris("2026-04-30 12:00"), paris("2026-05-01 12:00")) == hours(8)
    assert nights.elapsed(paris("2026-05-01 12:00"), paris("2026-05-02 12:00")) == hours(0)


def test_a_closure_may_span_new_year_and_includes_both_dates() -> None:
    """24 December 2026 (Thursday) to 3 January 2027: of two weeks, Mon–Wed and Mon–Fri are left."""
    closed = Holidays("FR", closures=[(dt.date(2026, 12, 24), dt.date(2027, 1, 3), "Closure")])
    elapsed = replace(OFFICE, holidays=closed).elapsed(paris("2026-12-21"), paris("2027-01-11"))
    assert elapsed == hours(8 * 7)


def test_an_extra_holiday_of_a_site_closes_it_on_that_date() -> None:
    feast = Holidays("FR", extra={dt.date(2026, 1, 6): "Feast of the site"})
    assert replace(OFFICE, holidays=feast).deadlines(paris("2026-01-05 17:00"), hours(2)) == paris(
        "2026-01-07 10:00"
    )


def test_holiday_names_list_what_was_applied_in_every_language() -> None:
    first, last = dt.date(2026, 4, 1), dt.date(2026, 5, 10)
    closure = (dt.date(2026, 5, 7), dt.date(2026, 5, 8), "Bridge")
    applied = replace(OFFICE, holidays=Holidays("FR", closures=[closure]))
    assert applied.holiday_names(first, last).to_dict("split")["data"] == [
        [dt.date(2026, 4, 6), "holiday", "Lundi de Pâques"],
        [dt.date(2026, 5, 1), "holiday", "Fête du Travail"],
        [dt.date(2026, 5, 7), "closure", "Bridge"],
        [dt.date(2026, 5, 8), "holiday", "Fête de la Victoire"],
    ]
    easter, labour, bridge, _ = applied.holiday_names(first, last)["name"]
    assert easter.texts == {"fr": "Lundi de Pâques", "en": "Easter Monday"}
    assert labour.texts == {"fr": "Fête du Travail", "en": "Labor Day"}
    assert not isinstance(bridge, Quoted)


def test_a_holiday_is_named_as_its_country_does_where_a_language_has_no_name_for_it() -> None:
    italian = replace(OFFICE, holidays="IT")
    (name,) = italian.holiday_names(dt.date(2026, 4, 25), dt.date(2026, 4, 25))["name"]
    assert name == "Anniversario della Liberazione"
    assert name.in_language("en") == "Liberation Day"
    assert name.in_language("fr") == "Anniversario della Liberazione"


def test_a_closure_of_one_contract_never_has_the_words_of_another() -> None:
    """Equal clocks, of which the closure is called otherwise in English."""
    day, instants = dt.date(2026, 1, 7), (paris("2026-01-07 09:00"), paris("2026-01-07 12:00"))
    for english in ("Move", "Relocation"):
        title = Quoted("Déménagement", {"en": english})
        clock = replace(OFFICE, holidays=Holidays("FR", closures=[(day, day, title)]))
        assert clock.spans(*instants)["name"].iloc[0].in_language("en") == english
        assert clock.holiday_names(day, day)["name"].iloc[0].in_language("en") == english


def test_the_names_of_holidays_do_not_depend_on_the_language_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "en_US")
    names = OFFICE.holiday_names(dt.date(2031, 5, 1), dt.date(2031, 5, 1))
    assert names["name"].tolist() == ["Fête du Travail"]


def test_good_friday_and_26_december_are_holidays_of_moselle_only() -> None:
    year = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    more = set(MOSELLE.holiday_names(*year)["date"]) - set(OFFICE.holiday_names(*year)["date"])
    assert more == {dt.date(2026, 4, 3), dt.date(2026, 12, 26)}


# --- Working days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "target", "due"),
    [
        ("2026-01-10 11:00", WorkingDays(1), "2026-01-13 09:00"),  # Saturday: from Monday 09:00
        ("2026-01-10 11:00", WorkingDays(1, end_of_day=True), "2026-01-13 18:00"),
        ("2026-01-05 20:00", WorkingDays(1), "2026-01-06 18:00"),  # back to the last closing
        ("2026-01-05 12:30", WorkingDays(1), "2026-01-06 12:30"),  # the same time, in the break
        ("2026-04-30 10:00", WorkingDays(1), "2026-05-04 10:00"),  # over 1 May and a weekend
        ("2026-01-05 10:00", WorkingDays(0, end_of_day=True), "2026-01-05 18:00"),
        ("2026-01-05 20:00", WorkingDays(0, end_of_day=True), "2026-01-05 20:00"),
        ("2026-10-23 10:00", WorkingDays(1), "2026-10-26 10:00"),  # over the change of time
    ],
)
def test_working_days_are_dates_with_service_hours(
    start: str, target: WorkingDays, due: str
) -> None:
    assert OFFICE.deadlines(paris(start), target) == paris(due)


@pytest.mark.parametrize(
    ("end_of_day", "due"), [(False, "2026-01-08 02:00"), (True, "2026-01-08 06:00")]
)
def test_after_midnight_a_night_is_still_the_working_day_on_which_it_started(
    end_of_day: bool, due: str
) -> None:
    """Nights of Monday and Wednesday: Tuesday 02:00 is Monday's; the next one is Wednesday's."""
    nights = ServiceHours(weekly(("22:00", "06:00"), days=("mon", "wed")), "Europe/Paris")
    target = WorkingDays(1, end_of_day=end_of_day)
    assert nights.deadlines(paris("2026-01-06 02:00"), target) == paris(due)


def test_working_days_of_many_tickets_are_those_of_each() -> None:
    starts = pd.Series([paris("2026-01-05 16:00"), pd.NaT, paris("2026-01-10 11:00")])
    due = OFFICE.deadlines(starts, WorkingDays(1))
    assert due.tolist() == [paris("2026-01-06 16:00"), pd.NaT, paris("2026-01-13 09:00")]


# --- Hours that change while a ticket is open --------------------------------------------------

EXTENDED = ServiceHours(weekly(("08:00", "20:00")), "Europe/Paris", "FR")
CHANGE = paris("2026-01-06 00:00")
AMENDED = OFFICE.followed_by(EXTENDED, at=CHANGE)


def test_hours_after_the_change_follow_the_new_calendar() -> None:
    """Monday 17–18 by the old hours, Tuesday 08–09 by the new ones."""
    assert AMENDED.elapsed(paris("2026-01-05 17:00"), paris("2026-01-06 09:00")) == hours(2)
    assert AMENDED.deadlines(paris("2026-01-05 17:00"), hours(2)) == paris("2026-01-06 09:00")


def test_a_change_in_the_middle_of_a_span_cuts_it() -> None:
    """Old hours 14–18 until 16:00, then round the clock: 2 h + 8 h until midnight."""
    cut = OFFICE.followed_by(ROUND_THE_CLOCK, at=paris("2026-01-05 16:00"))
    assert cut.elapsed(paris("2026-01-05 14:00"), paris("2026-01-06 00:00")) == hours(10)


def test_changes_follow_each_other_in_time_and_a_later_statement_replaces_what_it_covers() -> None:
    """A week each of 7, 12 and 24 hours a day; then the same with the last change moved ahead."""
    chain = AMENDED.followed_by(ROUND_THE_CLOCK, at=paris("2026-01-07"))
    assert chain.elapsed(paris("2026-01-05"), paris("2026-01-08")) == hours(7 + 12 + 24)
    replaced = AMENDED.followed_by(ROUND_THE_CLOCK, at=paris("2026-01-05"))
    assert replaced.elapsed(paris("2026-01-05"), paris("2026-01-08")) == hours(3 * 24)


def test_a_calendar_that_itself_changes_brings_what_is_in_force_and_its_later_changes() -> None:
    """From Wednesday on AMENDED is already EXTENDED; before, its change on Tuesday comes along."""
    wednesday = ROUND_THE_CLOCK.followed_by(AMENDED, at=paris("2026-01-07"))
    assert wednesday == ROUND_THE_CLOCK.followed_by(EXTENDED, at=paris("2026-01-07"))
    monday = ROUND_THE_CLOCK.followed_by(AMENDED, at=paris("2026-01-05"))
    assert monday.elapsed(paris("2026-01-04"), paris("2026-01-07")) == hours(24 + 7 + 12)


def test_of_two_changes_at_the_same_instant_only_the_last_one_remains() -> None:
    once = OFFICE.followed_by(ROUND_THE_CLOCK, at=CHANGE)
    assert AMENDED.followed_by(ROUND_THE_CLOCK, at=CHANGE) == once
    extended = ROUND_THE_CLOCK.followed_by(EXTENDED, at=CHANGE)
    assert ROUND_THE_CLOCK.followed_by(AMENDED, at=CHANGE) == extended


def test_working_days_run_over_a_change_and_into_another_time_zone() -> None:
    """Friday is no working day after the change: Thursday + 1 is Monday, in the zone of the start;
    a start after the change is read in New York, where 18:00 in Paris is noon."""
    new_york = ServiceHours(weekly(("08:00", "18:00"), days=WORK_DAYS[:4]), "America/New_York")
    moved = OFFICE.followed_by(new_york, at=paris("2026-01-09"))
    starts = pd.DatetimeIndex([paris("2026-01-08 16:00"), paris("2026-01-12 18:00")])
    due = moved.deadlines(starts, WorkingDays(1))
    assert due.tolist() == [paris("2026-01-12 16:00"), paris("2026-01-13 18:00")]


def test_the_days_off_of_a_calendar_that_changes_are_those_in_force_on_each_date() -> None:
    no_holidays = replace(OFFICE, holidays="").followed_by(OFFICE, at=paris("2026-05-08"))
    names = no_holidays.holiday_names(dt.date(2026, 5, 1), dt.date(2026, 5, 14))
    assert names["name"].tolist() == ["Fête de la Victoire", "Ascension"]


# --- The working, to be redone by hand ---------------------------------------------------------


def test_the_spans_of_v2_say_why_each_hour_counts_or_not() -> None:
    rows = OFFICE.spans(paris("2026-04-30 16:30"), paris("2026-05-04 11:00"))
    local = [
        (f"{since.tz_convert('Europe/Paris'):%d %H:%M}", is_open, reason, name)
        for since, is_open, reason, name in zip(
            rows["from"], rows["open"], rows["reason"], rows["name"], strict=True
        )
    ]
    assert local == [
        ("30 16:30", True, "open", ""),
        ("30 18:00", False, "outside_hours", ""),
        ("01 09:00", False, "holiday", "Fête du Travail"),
        ("01 12:00", False, "outside_hours", ""),
        ("01 14:00", False, "holiday", "Fête du Travail"),
        ("01 18:00", False, "outside_hours", ""),
        ("04 09:00", True, "open", ""),
    ]
    assert rows["to"].iloc[:-1].tolist() == rows["from"].iloc[1:].tolist()
    assert rows["to"].iloc[-1] == paris("2026-05-04 11:00")


def test_the_spans_name_a_closure_and_join_the_days_of_a_service_that_never_closes() -> None:
    closed = Holidays(closures=[(dt.date(2026, 1, 7), dt.date(2026, 1, 8), "Move")])
    rows = replace(ROUND_THE_CLOCK, holidays=closed).spans(paris("2026-01-05"), paris("2026-01-11"))
    assert rows["reason"].tolist() == ["open", "closure", "open"]
    assert rows["name"].tolist() == ["", "Move", ""]
    assert rows["from"].tolist() == [paris(f"2026-01-{day}") for day in ("05", "07", "09")]


def test_the_spans_of_a_changed_calendar_follow_it() -> None:
    rows = AMENDED.spans(paris("2026-01-05 17:00"), paris("2026-01-06 09:00"))
    assert rows["reason"].tolist() == ["open", "outside_hours", "open"]
    assert rows["from"].iloc[2] == paris("2026-01-06 08:00")


def test_in_the_repeated_hour_what_is_open_hides_what_a_holiday_removed() -> None:
    """Saturday's span closes at the second 02:30; Sunday's, removed, opens at the first."""
    feast = Holidays(extra={dt.date(2026, 10, 25): "Feast"})
    week = {"sat": [("22:00", "02:30")], "sun": [("02:30", "06:00")]}
    rows = ServiceHours(week, "Europe/Paris", feast).spans(
        paris("2026-10-25 00:00"), paris("2026-10-25 06:00")
    )
    assert rows["reason"].tolist() == ["open", "holiday"]
    assert rows["from"].iloc[1] == pd.Timestamp("2026-10-25T01:30Z")


def test_the_spans_of_no_time_are_none() -> None:
    now = paris("2026-01-05 10:00")
    assert list(OFFICE.spans(now, now).columns) == ["from", "to", "open", "reason", "name"]
    assert OFFICE.spans(now, now).empty


# --- Pauses ------------------------------------------------------------------------------------

TWO = pd.Series([paris("2026-01-05 09:00"), paris("2026-01-05 10:00")], index=["A", "B"])


def test_pauses_find_their_ticket_by_label_in_a_series_and_by_position_elsewhere() -> None:
    """The second ticket waits for an hour."""
    end = paris("2026-01-05 12:00")
    by_label = pausing(("B", "2026-01-05 10:30", "2026-01-05 11:30"))
    by_position = pausing((1, "2026-01-05 10:30", "2026-01-05 11:30"))
    assert OFFICE.elapsed(TWO, end, by_label).to_dict() == {"A": hours(3), "B": hours(1)}
    assert OFFICE.elapsed(TWO.array, end, by_position).tolist() == [hours(3), hours(1)]


def test_a_pause_without_end_lasts_until_the_end_of_the_ticket() -> None:
    going_on = pausing(("A", "2026-01-05 11:00", "NaT"))
    elapsed = OFFICE.elapsed(TWO, paris("2026-01-05 18:00"), going_on)
    assert elapsed.to_dict() == {"A": hours(2), "B": hours(6)}


def test_what_pauses_cover_outside_the_ticket_does_not_count() -> None:
    around = pausing(
        ("B", "2026-01-01 00:00", "2026-01-05 10:30"), ("B", "2026-01-05 11:30", "2027-01-01 00:00")
    )
    assert OFFICE.elapsed(TWO, paris("2026-01-05 12:00"), around)["B"] == hours(1)


def test_the_clock_stands_still_in_a_pause_that_is_going_on() -> None:
    going_on = pausing(("A", "2026-01-05 11:00", "NaT"), ("B", "2026-01-05 11:00", "NaT"))
    due = OFFICE.deadlines(TWO, pd.Series([hours(4), hours(1)], index=TWO.index), going_on)
    assert due.isna().tolist() == [True, False]
    assert due["B"] == paris("2026-01-05 11:00")  # reached when the pause begins


def test_an_empty_frame_of_pauses_changes_nothing() -> None:
    none = pausing()
    assert OFFICE.deadlines(TWO, hours(4), none).equals(OFFICE.deadlines(TWO, hours(4)))
    assert OFFICE.elapsed(TWO, TWO + hours(40), none).equals(OFFICE.elapsed(TWO, TWO + hours(40)))


# --- Columns in, columns out -------------------------------------------------------------------


def test_a_series_keeps_its_index_and_a_missing_instant_is_a_missing_result() -> None:
    ends = pd.Series([paris("2026-01-05 18:00"), pd.NaT], index=TWO.index)
    elapsed = OFFICE.elapsed(TWO, ends)
    assert elapsed.dtype == "timedelta64[s]"
    assert elapsed.index.tolist() == ["A", "B"]
    assert elapsed.tolist() == [hours(7), pd.NaT]
    due = OFFICE.deadlines(ends, hours(0))
    assert due.dtype == "datetime64[s, UTC]"
    assert due.tolist() == [paris("2026-01-05 18:00"), pd.NaT]


@pytest.mark.parametrize(
    "starts",
    [
        [paris("2026-01-05 09:00"), paris("2026-01-06 09:00")],
        [paris("2026-01-05 09:00").to_pydatetime(), pd.Timestamp("2026-01-06 08:00+00:00")],
        pd.DatetimeIndex(["2026-01-05 03:00", "2026-01-06 03:00"], tz="America/New_York"),
        pd.DatetimeIndex(["2026-01-05 08:00", "2026-01-06 08:00"], tz="UTC").as_unit("ns"),
        np.array(["2026-01-05T08:00", "2026-01-06T08:00"], dtype="datetime64[m]"),
    ],
    ids=["list", "list of two zones", "index of another zone", "nanoseconds", "numpy in UTC"],
)
def test_instants_come_in_many_forms(starts: Any) -> None:
    elapsed = OFFICE.elapsed(starts, paris("2026-01-06 12:00"))
    assert isinstance(elapsed, pd.TimedeltaIndex)
    assert elapsed.tolist() == [hours(10), hours(3)]


def test_fractions_of_a_second_are_dropped() -> None:
    start, end = paris("2026-01-05 09:00:00.900"), paris("2026-01-05 09:00:02.100")
    assert OFFICE.elapsed(start, end) == pd.Timedelta(seconds=2)


@pytest.mark.parametrize("nothing", [[], [None, None], pd.Series([], dtype="datetime64[s, UTC]")])
def test_columns_of_nothing_give_nothing(nothing: Any) -> None:
    assert pd.isna(OFFICE.elapsed(nothing, nothing)).all()
    assert pd.isna(OFFICE.deadlines(nothing, hours(1))).all()
    assert pd.isna(OFFICE.deadlines(nothing, WorkingDays(1))).all()


def test_a_target_of_nothing_is_reached_at_once_even_outside_hours_or_in_a_pause() -> None:
    sunday, monday = paris("2026-01-04 10:00"), paris("2026-01-05 10:00")
    pauses = pausing((1, "2026-01-05 09:00", "2026-01-05 12:00"))
    assert OFFICE.deadlines([sunday, monday], hours(0), pauses).tolist() == [sunday, monday]


def test_hours_are_values_equal_whatever_the_order_they_were_written_in() -> None:
    week = {"tue": [("14:00", "18:00"), ("09:00", "12:00")], "mon": [["09:00", "12:00"]], "sat": []}
    same = {"mon": (("09:00", "12:00"),), "tue": (("09:00", "12:00"), ("14:00", "18:00"))}
    one, other = ServiceHours(week, "Europe/Paris", "FR"), ServiceHours(same, "Europe/Paris", "FR")
    assert one == other
    assert len({one, other, pickle.loads(pickle.dumps(one)), replace(one)}) == 1
    with pytest.raises(FrozenInstanceError):
        one.time_zone = "UTC"  # type: ignore[misc]


# --- Years near and far ------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1970, 2000, 2037, 2038, 2060, 2099])
def test_a_january_week_has_35_hours_in_any_year(year: int) -> None:
    """The Monday on or after 8 January, and seven days on: no French holiday is near."""
    monday = pd.Timestamp(year, 1, 8, tz="Europe/Paris")
    monday += pd.Timedelta(days=-monday.weekday() % 7)
    assert OFFICE.elapsed(monday, monday + pd.Timedelta(days=7)) == hours(35)


def test_a_deadline_may_lie_decades_after_every_instant_given() -> None:
    """20 years round the clock from 2026-01-01, leap days of 2028, …, 2044 included: 7305 days."""
    due = ROUND_THE_CLOCK.deadlines(pd.Timestamp("2026-01-01T00:00Z"), pd.Timedelta(days=7305))
    assert due == pd.Timestamp("2046-01-01T00:00Z")


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Kolkata"])
def test_the_last_utc_day_of_a_year_is_complete_in_any_zone(zone: str) -> None:
    """In the east part of it is in the next local year, in the west the first one in the last."""
    start, end = pd.Timestamp("2026-01-01T00:00Z"), pd.Timestamp("2026-12-31T23:59:59Z")
    always = ServiceHours.around_the_clock(zone)
    assert always.elapsed(start, end) == end - start


def test_any_number_of_working_days_is_found() -> None:
    """A service on Sundays, from a Monday on: the n-th Sunday after the first one."""
    sundays = ServiceHours({"sun": [("09:00", "12:00")]}, "Europe/Paris")
    monday, first = paris("2026-01-05 10:00"), paris("2026-01-11 09:00")
    found = [sundays.deadlines(monday, WorkingDays(n)) for n in range(240)]
    assert found == [first + pd.DateOffset(days=7 * n) for n in range(240)]


def test_working_days_may_end_years_later() -> None:
    """Every day is one: 3653 days from 2026-01-01 are ten years, with leap days 2028 and 2032."""
    due = ROUND_THE_CLOCK.deadlines(paris("2026-01-01 10:00"), WorkingDays(3652))
    assert due == paris("2036-01-01 10:00")


@pytest.mark.parametrize("instant", ["1969-12-31T23:59:59Z", "2100-01-01T00:00Z"])
def test_instants_of_other_centuries_are_refused(instant: str) -> None:
    with pytest.raises(ValueError, match=r"years 1970 to 2099; came .*T"):
        OFFICE.deadlines(pd.Timestamp(instant), hours(1))


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Kolkata"])
@pytest.mark.parametrize("far", [pd.Timedelta(days=365), WorkingDays(365)])
def test_a_target_that_no_year_up_to_2099_reaches_has_no_deadline(zone: str, far: Any) -> None:
    """2099 has 365 days: a target a minute shorter is still reached."""
    always, new_year = ServiceHours.around_the_clock(zone), pd.Timestamp("2099-01-01T00:01Z")
    minute = pd.Timedelta(minutes=1)
    last = always.deadlines(new_year, pd.Timedelta(days=365) - 2 * minute)
    assert last == pd.Timestamp("2099-12-31T23:59Z")
    assert pd.isna(always.deadlines(new_year, far))
    both = pd.DatetimeIndex(["2026-01-01T00:00Z", new_year])
    assert always.deadlines(both, far)[0] == pd.Timestamp("2027-01-01T00:00Z")
    assert pd.isna(always.deadlines(both, far)[1])


def test_a_calendar_that_never_opens_again_gives_no_deadline_and_is_not_searched_for_ever() -> None:
    ended = Holidays(closures=[(dt.date(2026, 1, 6), dt.date(9999, 12, 31), "End of service")])
    closing = replace(OFFICE, holidays=ended)
    assert closing.elapsed(paris("2026-01-05"), paris("2027-01-01")) == hours(7)
    assert pd.isna(closing.deadlines(paris("2026-01-05 09:00"), hours(8)))
    assert pd.isna(closing.deadlines(paris("2026-01-07 09:00"), WorkingDays(1)))


def test_no_holidays_may_be_none() -> None:
    assert ServiceHours(OFFICE.week, "Europe/Paris", None) == ServiceHours(
        OFFICE.week, "Europe/Paris"
    )


# --- What is refused, and how it is said -------------------------------------------------------


@pytest.mark.parametrize(
    ("week", "message"),
    [
        (
            {"Mon": [("09:00", "18:00")]},
            "unknown week day 'Mon'; use mon, tue, wed.*mean 'mon'",
        ),
        ({"mon": [("9h", "18:00")]}, "mon: '9h' is not a time; write HH:MM"),
        ({"mon": [("09:00", "25:00")]}, "'25:00' is not a time"),
        ({"mon": [("09:00", "09:00")]}, r"mon: \('09:00', '09:00'\) is empty; a whole day is"),
        ({"mon": [("24:00", "06:00")]}, "is empty"),
        ({"mon": ("09:00", "18:00")}, r"mon: list spans such as .*; came '09:00'"),
        ({"mon": [("09:00", "12:00", "18:00")]}, "list spans such as"),
        (
            {"mon": [("09:00", "12:00"), ("11:00", "18:00")]},
            "overlap: mon 09:00-12:00 and mon 11:00-18:00",
        ),
        (
            {"mon": [("22:00", "06:00")], "tue": [("05:00", "09:00")]},
            "overlap: mon 22:00-06:00 and tue 05:00-09:00",
        ),
        (
            {"sun": [("22:00", "06:00")], "mon": [("05:00", "09:00")]},
            "overlap: sun 22:00-06:00 and mon 05:00-09:00",
        ),
        ({"mon": []}, "no opening hours"),
        ({}, "no opening hours"),
    ],
)
def test_a_week_that_cannot_be_read_is_refused(week: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ServiceHours(week, "Europe/Paris")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"time_zone": "Europe/Pariss"}, "'Europe/Pariss'.*mean 'Europe/Paris'"),
        ({"time_zone": ""}, "unknown time zone ''; write an IANA name"),
        ({"holidays": "XX"}, "unknown country 'XX'; write its ISO 3166 code"),
    ],
)
def test_an_unknown_zone_or_country_is_refused(fields: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(OFFICE, **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"country": "FR", "region": "Mosele"}, "'Mosele'; FR has 57, 6AE.*mean 'Moselle'"),
        # the package accepts these two, deprecated, and then knows no day more than for France
        ({"country": "FR", "region": "GES"}, "unknown region 'GES'"),
        ({"country": "FR", "region": "Alsace-Moselle"}, "unknown region 'Alsace-Moselle'"),
        ({"region": "57"}, "region '57' needs its country"),
        ({"extra": {"2026-05-01": "x"}}, "of dates; came '2026-05-01'"),
        (
            {"closures": [(dt.date(2026, 1, 2), dt.date(2025, 12, 24), "Closure")]},
            "closure 'Closure' ends on 2025-12-24, before its start",
        ),
    ],
)
def test_holidays_that_cannot_be_found_are_refused(fields: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Holidays(**fields)


def test_an_end_before_its_start_is_refused_with_the_number_of_rows_and_the_first() -> None:
    with pytest.raises(
        ValueError, match="an end before its start in 1 of 2 rows, first in row 'B'"
    ):
        OFFICE.elapsed(TWO, paris("2026-01-05 09:30"))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (hours(-1), "negative target in 2 of 2 rows, first in row 'A'"),
        (4, "targets must be timedeltas, or WorkingDays; came int64"),
        ("4 h", "targets must be timedeltas"),
    ],
)
def test_a_target_that_is_no_delay_is_refused(target: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OFFICE.deadlines(TWO, target)


def test_a_negative_number_of_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more; came -7"):
        WorkingDays(-7)


@pytest.mark.parametrize(
    ("starts", "message"),
    [
        (pd.Series([pd.Timestamp("2026-01-05 09:00")]), "starts have no time zone"),
        (pd.DatetimeIndex(["2026-01-05 09:00"]), "starts have no time zone"),
        (dt.datetime(2026, 1, 5, 9), "starts have no time zone"),
        ([paris("2026-01-05 09:00"), dt.datetime(2026, 1, 5, 9)], "starts must be instants"),
        (["2026-01-05 09:00"], "starts must be instants, tz-aware; came .*'2026-01-05 09:00'"),
        ([1_767_600_000], "starts must be instants"),
    ],
)
def test_instants_without_a_time_zone_are_refused(starts: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OFFICE.deadlines(starts, hours(1))


def test_a_change_at_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="at have no time zone"):
        OFFICE.followed_by(EXTENDED, at=dt.datetime(2026, 1, 6))


@pytest.mark.parametrize(
    "ends", [TWO.iloc[::-1], TWO.reset_index(drop=True), list(TWO) * 2, list(TWO[:1])]
)
def test_columns_of_other_rows_are_refused(ends: Any) -> None:
    with pytest.raises(ValueError, match="starts and ends must have the same rows"):
        OFFICE.elapsed(TWO, ends)


@pytest.mark.parametrize(
    ("pauses", "message"),
    [
        (pausing(("C", "2026-01-05 10:00", "2026-01-05 11:00")), "a row that starts don't have"),
        (pausing(("A", "2026-01-05 11:00", "2026-01-05 10:00")), "that end before they start"),
        (pausing(("A", "NaT", "2026-01-05 10:00")), "pauses without from in 1 of 1 rows"),
        (pd.DataFrame({"ticket": ["A"]}), "pauses lack row, from, to"),
    ],
)
def test_pauses_that_cannot_be_placed_are_refused(pauses: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OFFICE.deadlines(TWO, hours(1), pauses)


def test_pauses_of_a_label_that_comes_twice_are_refused() -> None:
    twice = TWO.set_axis(["A", "A"])
    with pytest.raises(ValueError, match="some labels come twice"):
        OFFICE.deadlines(twice, hours(1), pausing(("A", "2026-01-05 10:00", "2026-01-05 11:00")))


@pytest.mark.parametrize("end", [paris("2026-01-04"), pd.NaT])
def test_spans_need_a_start_and_a_later_end(end: Any) -> None:
    with pytest.raises(ValueError, match="spans need a start and an end after it"):
        OFFICE.spans(paris("2026-01-05"), end)
