"""Tickets by period, by item of the scope and by cause, on days that can be counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract.parties import ScopeItem
from reviewlib.metrics import volumes
from reviewlib.metrics.volumes import NO_ITEM

from . import desk
from .desk import ticket, tickets

JANUARY = {"period": {"first": "2026-01-01", "last": "2026-01-31"}}


def counted(*opened: str, as_of: str = "2026-12-31T18:00", **parts: Any) -> volumes.Counted:
    rows = tickets(*(ticket(f"T{n}", moment) for n, moment in enumerate(opened, start=1)))
    return volumes.counted(desk.log(desk.contract(desk.RESOLUTION, **parts), rows, None, as_of))


def item(**named: Any) -> ScopeItem:
    return ScopeItem.model_validate({"title": "Item"} | named)


# --- What counts


def test_tickets_opened_on_the_days_of_the_contract_count_in_its_own_zone() -> None:
    """1 January 00:00 in Paris is 31 December 23:00 UTC; 1 February is after the last day."""
    found = counted(
        "2025-12-31T23:59", "2026-01-01T00:00", "2026-01-31T23:59", "2026-02-01T00:00", **JANUARY
    )

    assert list(found.tickets["ticket_id"]) == ["T2", "T3"]
    assert found.apart == 2
    assert len(found.worked) == 31


def test_days_count_up_to_the_day_of_the_review() -> None:
    found = counted("2026-01-05T09:00", as_of="2026-01-05T10:00", **JANUARY)

    assert (found.worked.index[-1], len(found.worked)) == (pd.Timestamp("2026-01-05"), 5)


def test_cancelled_tickets_count_and_are_told_apart() -> None:
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", status="Cancelled"),
        ticket("T2", "2026-01-05T09:00", status="Open"),
    )
    found = volumes.counted(desk.log(desk.contract(desk.RESOLUTION), rows, None))

    assert list(found.tickets["cancelled"]) == [True, False]


# --- Working days and sensitive periods


def test_working_days_have_service_hours_of_the_calendar_of_resolutions() -> None:
    """January 2026: 22 days from Monday to Friday, less 1 January."""
    found = counted("2026-01-05T09:00", **JANUARY)

    assert int(found.worked.sum()) == 21
    assert not found.worked[pd.Timestamp("2026-01-01")]
    assert not found.worked[pd.Timestamp("2026-01-03")]


def test_the_working_calendar_is_that_of_a_resolution_before_any_other() -> None:
    always = desk.RESOLUTION | {"calendar": "permanent"}
    one = {"title": "Night", "week": {"mon": [["22:00", "06:00"]]}}
    calendars = desk.TERMS["calendars"] | {"night": one}
    night = desk.RESPONSE | {"calendar": "night"}
    mixed = desk.RESOLUTION | {"calendar": {"P1": "permanent", "P2": "office", "P3": "office"}}
    permanent = {"permanent": desk.TERMS["calendars"]["permanent"]}

    def chosen(*clauses: dict[str, Any], **parts: Any) -> str:
        return volumes.working_calendar(desk.contract(*clauses, **parts))

    assert chosen(night, mixed, calendars=calendars) == "office"
    assert chosen(night, always, calendars=calendars) == "night"
    assert chosen(always) == "office"  # no clause uses it, the terms define it
    assert chosen(always, calendars=permanent) == ""


def test_where_the_service_never_closes_every_day_is_worked() -> None:
    always = desk.RESOLUTION | {"calendar": "permanent"}
    permanent = {"permanent": desk.TERMS["calendars"]["permanent"]}
    agreement = desk.contract(always, calendars=permanent, **JANUARY)
    log = desk.log(agreement, tickets(ticket("T1", "2026-01-05T09:00")), None)

    assert int(volumes.counted(log).worked.sum()) == 31


def test_rates_are_of_the_days_of_each_period_and_of_those_outside_all() -> None:
    """5 to 11 January: 3 tickets, 5 working days of 7. Outside: 2 tickets, 16 of 24."""
    periods = [{"first": "2026-01-05", "last": "2026-01-11", "title": "Sales"}]
    parts: dict[str, Any] = JANUARY | {"sensitive_periods": periods}
    found = counted(
        "2026-01-05T09:00", "2026-01-11T09:00", "2026-01-11T23:59", "2026-01-12T00:00",
        "2026-01-31T09:00", **parts,
    )  # fmt: skip
    rates = volumes.by_period(found, desk.contract(desk.RESOLUTION, **parts)).set_index("number")

    assert rates.loc[1, ["tickets", "days", "working_days"]].tolist() == [3, 7, 5]
    assert rates.loc[0, ["tickets", "days", "working_days"]].tolist() == [2, 24, 16]
    assert rates["per_working_day"].tolist() == pytest.approx([3 / 5, 2 / 16])
    assert rates["per_day"].tolist() == pytest.approx([3 / 7, 2 / 24])
    assert rates.loc[1, "last"] == pd.Timestamp("2026-01-11")


def test_a_period_to_come_has_no_row_and_one_begun_counts_its_days_so_far() -> None:
    """Seen on 6 January: the first period has had two of its days, the second none."""
    periods = [
        {"first": "2026-01-05", "last": "2026-01-11"},
        {"first": "2026-01-20", "last": "2026-01-21"},
    ]
    parts: dict[str, Any] = JANUARY | {"sensitive_periods": periods}
    found = counted("2026-01-05T09:00", as_of="2026-01-06T10:00", **parts)
    rates = volumes.by_period(found, desk.contract(desk.RESOLUTION, **parts))

    assert rates["number"].tolist() == [1, 0]
    assert rates["days"].tolist() == [2, 4]


def test_a_period_without_a_working_day_has_no_rate_per_working_day() -> None:
    """3 and 4 January 2026 are a week-end."""
    parts: dict[str, Any] = JANUARY | {
        "sensitive_periods": [{"first": "2026-01-03", "last": "2026-01-04"}]
    }
    found = counted("2026-01-03T09:00", **parts)
    rates = volumes.by_period(found, desk.contract(desk.RESOLUTION, **parts))

    assert rates["working_days"].tolist() == [0, 21]
    assert pd.isna(rates["per_working_day"].iloc[0])
    assert rates["per_day"].iloc[0] == 0.5


# --- The scope


SCOPE = (
    item(services=("support",), volume=1200),
    item(services=("network",), kinds=("incident",), volume=120, per="month"),
    item(),
    item(included=False, categories=("Phones",)),
)


def rows(*named: dict[str, Any]) -> pd.DataFrame:
    return tickets(
        *(ticket(f"T{n}", "2026-01-05T09:00", **each) for n, each in enumerate(named, start=1))
    )


def test_a_ticket_counts_in_the_first_item_that_it_matches_and_exclusions_come_first() -> None:
    found = volumes.items(
        rows(
            {"service": "support", "kind": "request", "category": "Mail"},
            {"service": "support", "kind": "request", "category": "Phones"},
            {"service": "network", "kind": "incident", "category": "Mail"},
            {"service": "network", "kind": "request", "category": "Mail"},
            {"service": None, "kind": "incident", "category": None},
        ),
        SCOPE,
    )

    assert found.tolist() == [0, 3, 1, NO_ITEM, NO_ITEM]


def test_of_two_included_items_the_first_of_the_contract_counts() -> None:
    twice = (item(services=("support", "network")), item(services=("support",)))

    assert volumes.items(rows({"service": "support"}), twice).tolist() == [0]


def test_a_column_that_is_not_there_matches_nothing() -> None:
    bare = tickets(ticket("T1", "2026-01-05T09:00"))

    assert volumes.items(bare, SCOPE).tolist() == [NO_ITEM]
    assert volumes.untold(bare, SCOPE).tolist() == [True]


def test_tickets_lack_what_some_item_counts_by() -> None:
    found = rows({"service": "support", "kind": None}, {"service": None, "kind": "incident"})

    assert volumes.untold(found, (item(services=("support",)),)).tolist() == [False, True]
    assert volumes.untold(found, (item(),)).tolist() == [False, False]


def test_words_of_the_scope_that_no_ticket_has_are_named() -> None:
    found = rows({"service": "support", "kind": "incident", "category": "Mail"})

    assert volumes.unused(found, SCOPE) == ["network", "Phones"]


@pytest.mark.parametrize(
    ("first", "until", "per", "found"),
    [
        ("2026-01-01", "2027-01-01", "year", 1),
        ("2024-07-01", "2025-07-01", "year", 1),  # 365 days, over a leap year's end
        ("2024-01-01", "2025-07-01", "year", 1 + 181 / 365),
        ("2026-01-01", "2026-01-08", "year", 7 / 365),
        ("2026-01-15", "2026-02-15", "month", 1),
        ("2026-01-15", "2026-03-01", "month", 1 + 14 / 28),  # 15 Feb to 15 March: 28 days
        ("2024-02-29", "2025-02-28", "year", 1),
        ("2026-01-01", "2026-01-01", "month", 0),
    ],
)
def test_terms_run_from_anniversary_to_anniversary(
    first: str, until: str, per: str, found: float
) -> None:
    days = (dt.date.fromisoformat(day) for day in (first, until))

    assert volumes.elapsed_terms(*days, per) == pytest.approx(found)


def test_volumes_are_compared_in_proportion_to_the_days_elapsed() -> None:
    """January of 365 days: 1,200 a year are 101.9; 120 a month are 120, of which one used."""
    found = desk.loaded(desk.agreed(desk.RESOLUTION, **JANUARY))
    agreement = found.model_copy(update={"scope": SCOPE})
    table = rows(
        {"service": "support", "category": "Mail", "kind": "request", "status": "Cancelled"},
        {"service": "support", "category": "Phones", "kind": "request", "status": "Open"},
        {"service": "network", "category": "Mail", "kind": "incident", "status": "Open"},
    )
    lines = volumes.by_item(volumes.counted(desk.log(agreement, table, None)), SCOPE)

    assert lines["due"].tolist()[:2] == pytest.approx([1200 * 31 / 365, 120])
    assert lines["share"].tolist()[:2] == pytest.approx([365 / 1200 / 31, 1 / 120])
    assert lines["tickets"].fillna(-1).tolist() == [1, 1, -1, 1]
    assert lines["cancelled"].fillna(-1).tolist() == [1, 0, -1, 0]
    assert lines["due"].isna().tolist() == [False, False, True, True]


def test_a_volume_of_something_else_than_tickets_is_not_compared() -> None:
    devices = (item(services=("network",), volume=120, per="none"), item(services=("support",)))
    line = volumes.by_item(counted("2026-01-05T09:00", **JANUARY), devices)

    assert line["due"].isna().all()
    assert line["tickets"].tolist() == [0, 0]


WORDS = st.sampled_from(["support", "network", None])


@given(st.lists(st.tuples(WORDS, st.sampled_from(["Phones", "Mail", None])), min_size=1))
def test_every_ticket_is_of_one_item_or_of_none(
    values: list[tuple[str | None, str | None]],
) -> None:
    named = [{"service": service, "kind": "incident", "category": c} for service, c in values]
    table = rows(*named)
    found = volumes.items(table, SCOPE)
    turned = volumes.items(table[::-1], SCOPE)

    assert found.isin([NO_ITEM, 0, 1, 3]).all()
    assert (found == 3).tolist() == [c == "Phones" for _, c in values]
    assert turned[::-1].tolist() == found.tolist()


# --- Causes


def test_causes_are_categories_by_service_the_most_frequent_first() -> None:
    """Five tickets: 2 + 1 + 1 + 1; four of the five, 80 %, are reached with the third cause."""
    found = volumes.causes(
        rows(
            {"service": "support", "category": "Mail"},
            {"service": "network", "category": "Mail"},
            {"service": "support", "category": "Mail"},
            {"service": "support", "category": None},
            {"service": "support", "category": "Disk"},
        )
    )

    assert found["count"].tolist() == [2, 1, 1, 1]
    assert found["category"].fillna("-").tolist() == ["Mail", "Disk", "Mail", "-"]
    assert found["service"].tolist() == ["support", "support", "network", "support"]
    assert found["cumulative"].tolist() == pytest.approx([0.4, 0.6, 0.8, 1.0])
    assert volumes.needed(found) == 3


def test_causes_without_the_columns_are_one_row_of_the_unknown() -> None:
    found = volumes.causes(tickets(ticket("T1", "2026-01-05T09:00")))

    assert found["category"].isna().tolist() == [True]
    assert found["count"].tolist() == [1]
