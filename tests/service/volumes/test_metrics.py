"""Tickets by period, by item of the scope and by cause, on days that can be counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract.parties import ScopeItem
from reviewlib.service.volumes import metrics as volumes
from reviewlib.service.volumes.metrics import NO_ITEM
from tests import desk
from tests.desk import ticket, tickets

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
    """5 to 11 January: 3 tickets, 1 on 5 working days of 7. Outside: 2, 1 on 16 of 24."""
    periods = [{"first": "2026-01-05", "last": "2026-01-11", "title": "Sales"}]
    parts: dict[str, Any] = JANUARY | {"sensitive_periods": periods}
    found = counted(
        "2026-01-05T09:00", "2026-01-11T09:00", "2026-01-11T23:59", "2026-01-12T00:00",
        "2026-01-31T09:00", **parts,
    )  # fmt: skip
    rates = volumes.by_period(found, desk.contract(desk.RESOLUTION, **parts)).set_index("number")
    counts = ["tickets", "days", "working_days", "on_working_days"]

    assert rates.loc[1, counts].tolist() == [3, 7, 5, 1]
    assert rates.loc[0, counts].tolist() == [2, 24, 16, 1]
    assert rates["per_working_day"].tolist() == pytest.approx([1 / 5, 1 / 16])
    assert rates["per_day"].tolist() == pytest.approx([3 / 7, 2 / 24])
    assert rates.loc[1, "last"] == pd.Timestamp("2026-01-11")


def test_days_of_two_sensitive_periods_are_counted() -> None:
    """5 to 11 and 10 to 20 January have the 10 and the 11; seen on the 10, one of them."""
    periods = [
        {"first": "2026-01-05", "last": "2026-01-11"},
        {"first": "2026-01-10", "last": "2026-01-20"},
    ]
    parts: dict[str, Any] = JANUARY | {"sensitive_periods": periods}
    agreement = desk.contract(desk.RESOLUTION, **parts)
    found = counted("2026-01-05T09:00", **parts)
    earlier = counted("2026-01-05T09:00", as_of="2026-01-10T09:00", **parts)

    assert volumes.overlapping(found, agreement) == 2
    assert volumes.overlapping(earlier, agreement) == 1
    assert volumes.overlapping(found, desk.contract(desk.RESOLUTION, **JANUARY)) == 0


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
    assert volumes.lacking(bare, SCOPE).tolist() == [True]


def test_tickets_lack_what_some_item_counts_by() -> None:
    found = rows({"service": "support", "kind": None}, {"service": None, "kind": "incident"})

    assert volumes.lacking(found, (item(services=("support",)),)).tolist() == [False, True]
    assert volumes.lacking(found, (item(),)).tolist() == [False, False]


def test_words_of_the_scope_that_no_ticket_has_are_named() -> None:
    found = rows({"service": "support", "kind": "incident", "category": "Mail"})

    assert volumes.unused(found, SCOPE) == ["network", "Phones"]


@pytest.mark.parametrize(
    ("first", "last", "per", "found"),
    [
        ("2026-01-01", "2026-12-31", "year", ["2026-01-01", "2027-01-01"]),
        ("2026-01-01", "2027-01-01", "year", ["2026-01-01", "2027-01-01", "2028-01-01"]),
        ("2026-01-15", "2026-02-14", "month", ["2026-01-15", "2026-02-15"]),
        ("2026-01-31", "2026-02-28", "month", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("2024-02-29", "2025-02-27", "year", ["2024-02-29", "2025-02-28"]),
    ],
)
def test_contract_years_and_months_run_from_anniversary_to_anniversary(
    first: str, last: str, per: str, found: list[str]
) -> None:
    edges = volumes.terms(pd.Timestamp(first), pd.Timestamp(last), per)

    assert list(edges.strftime("%Y-%m-%d")) == found


def by_term(*months: tuple[str, int], as_of: str = "2026-12-31T18:00", **stated: Any) -> Any:
    """The terms of one item, each month having so many tickets on its third day."""
    opened = [f"{month}-03T09:00" for month, n in months for _ in range(n)]
    rows = tickets(*(ticket(f"T{n}", day, service="support") for n, day in enumerate(opened)))
    scope = [{"title": "Support", "services": ["support"]} | stated]
    period = {"first": "2026-01-01", "last": "2026-12-31"}
    agreement = desk.contract(desk.RESOLUTION, scope=scope, period=period)
    found = volumes.counted(desk.log(agreement, rows, None, as_of))
    return volumes.by_term(found, agreement.scope)


def test_each_contract_month_is_compared_with_its_own_volume() -> None:
    """3, 0 and 2 tickets for 2 a month: January alone is beyond, though 5 are less than 6."""
    found = by_term(("2026-01", 3), ("2026-03", 2), as_of="2026-03-31T23:59", volume=2, per="month")

    assert found["tickets"].tolist() == [3, 0, 2]
    assert found["beyond"].tolist() == [True, False, False]
    assert found["whole"].all()
    assert found["due"].tolist() == [2, 2, 2]


def test_a_year_that_runs_is_beyond_only_what_a_whole_one_includes() -> None:
    """31 of 365 days of 12: 1.02 so far. 5 tickets are not beyond the 12; 13 already are."""
    few = by_term(("2026-01", 5), as_of="2026-01-31T23:59", volume=12)
    many = by_term(("2026-01", 13), as_of="2026-01-31T23:59", volume=12)

    assert few["due"].tolist() == pytest.approx([12 * 31 / 365])
    assert (few["whole"].tolist(), few["beyond"].tolist()) == ([False], [False])
    assert (many["whole"].tolist(), many["beyond"].tolist()) == ([False], [True])
    assert few["last"].tolist() == [pd.Timestamp("2026-01-31")]


def test_a_year_that_ends_today_or_with_the_contract_is_whole() -> None:
    assert by_term(("2026-01", 1), volume=12)["whole"].tolist() == [True]
    eve = by_term(("2026-01", 1), as_of="2026-12-30T18:00", volume=12)
    assert eve["whole"].tolist() == [False]


def test_a_volume_of_nothing_is_a_volume() -> None:
    found = by_term(("2026-03", 1), as_of="2026-03-31T18:00", volume=0, per="month")

    assert found["beyond"].tolist() == [False, False, True]


def test_tickets_and_those_cancelled_or_merged_are_counted_by_item() -> None:
    """T1 is cancelled, T3 was merged into another; of the third item nothing says which it has."""
    table = rows(
        {"service": "support", "category": "Mail", "kind": "request", "status": "Cancelled"},
        {"service": "support", "category": "Phones", "kind": "request", "status": "Open"},
        {"service": "network", "category": "Mail", "kind": "incident", "status": "Closed"},
    ).assign(relation=pd.Series([None, None, "merged"], dtype="str"))
    found = desk.loaded(desk.agreed(desk.RESOLUTION, **JANUARY))
    agreement = found.model_copy(update={"scope": SCOPE})
    lines = volumes.by_item(volumes.counted(desk.log(agreement, table, None)), SCOPE)

    assert lines["tickets"].fillna(-1).tolist() == [1, 1, -1, 1]
    assert lines["cancelled"].fillna(-1).tolist() == [1, 1, -1, 0]


def test_an_item_that_counts_by_what_no_ticket_has_is_not_known() -> None:
    """No ticket has a service: that none is of the support is not known; categories are."""
    found = counted("2026-01-05T09:00", **JANUARY)
    bare = volumes.Counted(
        found.tickets.assign(category=pd.Series("Mail", found.tickets.index, dtype="str")),
        found.opened, found.worked, found.apart,
    )  # fmt: skip

    assert volumes.by_term(bare, SCOPE).empty
    assert volumes.by_item(bare, SCOPE)["tickets"].fillna(-1).tolist() == [-1, -1, -1, 0]


def test_a_volume_of_something_else_than_tickets_is_not_compared() -> None:
    devices = (item(services=("support",), volume=120, per="none"), item(services=("support",)))
    table = rows({"service": "support"})
    found = volumes.counted(desk.log(desk.contract(desk.RESOLUTION, **JANUARY), table, None))

    assert volumes.by_term(found, devices).empty
    assert volumes.by_item(found, devices)["tickets"].tolist() == [0, 0]


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
    """Five tickets with a category: 2 + 1 + 1 + 1; 80 % of them are reached with the third cause.

    The ticket without a category is of no cause.
    """
    found = volumes.causes(
        rows(
            {"service": "support", "category": "Mail"},
            {"service": "network", "category": "Mail"},
            {"service": "support", "category": "Mail"},
            {"service": "support", "category": None},
            {"service": "support", "category": "Disk"},
            {"service": None, "category": "Phones"},
        )
    )

    assert found["count"].tolist() == [2, 1, 1, 1]
    assert found["category"].tolist() == ["Mail", "Disk", "Mail", "Phones"]
    assert found["service"].fillna("-").tolist() == ["support", "support", "network", "-"]
    assert found["cumulative"].tolist() == pytest.approx([0.4, 0.6, 0.8, 1.0])
    assert volumes.needed(found) == 3


def test_without_categories_there_is_no_cause() -> None:
    assert volumes.causes(tickets(ticket("T1", "2026-01-05T09:00"))).empty
