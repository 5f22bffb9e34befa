"""Payments one by one; days and amounts by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.money.payments import metrics
from reviewlib.money.payments.metrics import contradictions, payments, totals
from tests.delivered import PAYMENT, RETENTION, amendment, contract, dated, day

TODAY = day("2026-06-30")
AGREED = contract()
LATER, BY_ACCEPTANCE = (
    contract(payment=PAYMENT | {"starts_at": start}) for start in ("later", "acceptance")
)
ACCEPTED = pd.DataFrame(
    [("milestone", "M1", "2026-03-10", False), ("milestone", "M2", None, False),
     ("deliverable", "D1", "2026-03-16", True)],
    columns=["kind", "subject", "accepted_on", "tacit"],
).astype({"accepted_on": "datetime64[s]"})  # fmt: skip
RECEIVED = {"invoice": "F1", "received_on": "2026-01-10"}
WARRANTED = {"milestone_id": "M1", "paid_on": "2026-03-20", "retained": 50.0} | RECEIVED


def judged(*rows: dict[str, Any], agreed: Contract = AGREED, today: Any = TODAY) -> pd.DataFrame:
    numbered = [
        {"payment_id": f"P{n}", "amount": 1000.0} | row for n, row in enumerate(rows, start=1)
    ]
    return payments(dated(*numbered), ACCEPTED, agreed, today)


def one(agreed: Contract = AGREED, today: Any = TODAY, **row: Any) -> pd.Series:
    return judged(row, agreed=agreed, today=today).iloc[0]


def state(row: pd.Series) -> tuple[str, float]:
    return row["state"], row["days_late"]


# Due dates


@pytest.mark.parametrize(
    ("paid", "expected"), [("2026-02-09", ("in_time", 0)), ("2026-02-10", ("late", 1))]
)
def test_the_thirtieth_day_after_the_receipt_is_the_last_in_time(
    paid: str, expected: tuple[str, float]
) -> None:
    """10 January + 30 days: 21 to the end of January, 9 more: 9 February."""
    payment = one(paid_on=paid, **RECEIVED)

    assert payment["due_on"] == day("2026-02-09")
    assert (payment["due_basis"], payment["due_clause"], payment["why"]) == ("contract", "9.3", "")
    assert state(payment) == expected


def test_what_is_not_paid_is_past_its_date_from_the_day_after_it() -> None:
    rows = ({"received_on": "2026-05-31"}, {"received_on": "2026-05-30"})
    paid_rows = judged(*rows)

    assert list(paid_rows["due_on"]) == [TODAY, day("2026-06-29")]
    assert list(paid_rows["state"]) == ["not_due", "overdue"]
    assert list(paid_rows["days_late"]) == [0, 1]


def test_a_date_stated_for_the_payment_comes_before_that_of_the_contract() -> None:
    payment = one(due_on="2026-03-01", paid_on="2026-03-03", **RECEIVED)

    assert (payment["due_basis"], payment["due_clause"], state(payment)) == (
        "stated",
        "",
        ("late", 2),
    )


def test_working_days_leave_out_public_holidays() -> None:
    """From Thursday 30 April: not 1, 8 and 14 May (Ascension): the tenth is Tuesday 19 May."""
    agreed = contract(payment=PAYMENT | {"within": "10 working days"})

    assert one(agreed, received_on="2026-04-30")["due_on"] == day("2026-05-19")


def test_the_terms_are_those_of_the_day_of_the_receipt() -> None:
    longer = amendment("2026-03-01", payment=PAYMENT | {"within": "45 calendar days"})
    agreed = contract(amendments=[longer])
    rows = judged({"received_on": "2026-02-28"}, {"received_on": "2026-03-01"}, agreed=agreed)

    assert list(rows["due_on"]) == [day("2026-03-30"), day("2026-04-15")]


def test_a_delay_from_the_acceptance_waits_for_it() -> None:
    """10 March + 30 days: 9 April. Tacitly accepted on 16 March: 15 April."""
    rows = judged(
        {"milestone_id": "M1", **RECEIVED},
        {"milestone_id": "M2", **RECEIVED},
        {"deliverable_id": "D1", **RECEIVED},
        agreed=BY_ACCEPTANCE,
    )

    assert list(rows["due_on"].dt.strftime("%m-%d").fillna("")) == ["04-09", "", "04-15"]
    assert list(rows["why"]) == ["", "not_accepted", ""]
    assert list(rows["state"]) == ["overdue", "not_due", "overdue"]


def test_the_later_of_receipt_and_acceptance_starts_the_delay() -> None:
    rows = judged(
        {"milestone_id": "M1", "received_on": "2026-03-01"},
        {"milestone_id": "M1", "received_on": "2026-03-20"},
        agreed=LATER,
    )

    assert list(rows["due_on"]) == [day("2026-04-09"), day("2026-04-19")]


@pytest.mark.parametrize(
    ("agreed", "row", "why"),
    [
        (contract(payment=None), RECEIVED, "no_term"),
        (AGREED, {"invoice": "F1"}, "no_receipt"),
        (BY_ACCEPTANCE, RECEIVED, "no_subject"),
        (BY_ACCEPTANCE, {"order_id": "W1", **RECEIVED}, "not_recorded"),
        (LATER, {"milestone_id": "M1", "invoice": "F1"}, "no_receipt"),
    ],
)
def test_a_due_date_that_cannot_be_told_says_why(
    agreed: Contract, row: dict[str, Any], why: str
) -> None:
    payment = one(agreed, **({"received_on": None} | row))

    assert (payment["state"], payment["why"], payment["due_basis"]) == ("unknown", why, "unknown")
    assert pd.isna(payment["days_late"])


def test_what_is_paid_before_an_acceptance_that_has_not_come_cannot_be_judged() -> None:
    payment = one(BY_ACCEPTANCE, milestone_id="M2", paid_on="2026-04-01", **RECEIVED)

    assert (payment["state"], payment["why"], payment["unaccepted"]) == (
        "unknown",
        "not_accepted",
        True,
    )


def test_without_an_invoice_nothing_is_due_where_the_table_tells_of_invoices() -> None:
    planned = {"invoice": None, "received_on": None, "due_on": "2026-02-01"}

    assert list(judged({**planned}, {**RECEIVED})["state"]) == ["not_invoiced", "overdue"]
    assert one(due_on="2026-02-01")["state"] == "overdue"
    assert one(invoice=None, received_on=None)["state"] == "not_invoiced"
    assert one()["state"] == "unknown"


# Acceptance


@pytest.mark.parametrize(
    ("paid", "days"), [("2026-03-08", 2.0), ("2026-03-10", None), ("2026-03-11", None)]
)
def test_paid_before_the_acceptance_is_counted_in_days(paid: str, days: float | None) -> None:
    payment = one(milestone_id="M1", paid_on=paid, **RECEIVED)

    assert (payment["before_acceptance"] == days) if days else pd.isna(payment["before_acceptance"])
    assert not payment["unaccepted"]


def test_a_tacit_acceptance_is_one() -> None:
    payment = one(deliverable_id="D1", paid_on="2026-03-16", **RECEIVED)

    assert (payment["tacit"], payment["unaccepted"]) == (True, False)
    assert pd.isna(payment["before_acceptance"])


def test_paid_without_any_acceptance_is_told_only_where_it_would_be_recorded() -> None:
    rows = ({"milestone_id": "M2"}, {"order_id": "W9"}, {"milestone_id": None})
    paid_rows = judged(*({"paid_on": "2026-03-08", **row} for row in rows))

    assert list(paid_rows["unaccepted"]) == [True, False, False]
    assert not judged({"milestone_id": "M2", **RECEIVED})["unaccepted"].any()


# Retentions


@pytest.mark.parametrize(
    ("released", "today", "expected"),
    [
        (None, "2026-06-10", ("held", 0)),
        (None, "2026-06-11", ("overdue_release", 1)),
        ("2026-06-10", "2026-06-30", ("released", 0)),
        ("2026-06-09", "2026-06-30", ("too_early", -1)),
        ("2026-06-11", "2026-06-30", ("too_late", 1)),
        ("2026-06-20", "2026-06-30", ("too_late", 10)),
    ],
)
def test_a_retention_is_held_to_the_last_day_of_the_warranty(
    released: str | None, today: str, expected: tuple[str, float]
) -> None:
    """Accepted on 10 March, three months: 10 June."""
    payment = one(today=day(today), released_on=released, **WARRANTED)

    assert payment["release_due"] == day("2026-06-10")
    assert (payment["release_state"], payment["release_days"]) == expected


def test_a_retention_may_be_held_to_the_end_of_the_contract() -> None:
    to_the_end = RETENTION | {"until": "contract"}
    agreed = contract(payment=PAYMENT | {"retention": to_the_end})
    payment = one(agreed, **WARRANTED)

    assert (payment["release_due"], payment["release_state"]) == (day("2026-12-31"), "held")


def test_what_is_not_accepted_is_released_too_early() -> None:
    payment = one(released_on="2026-06-01", **(WARRANTED | {"milestone_id": "M2"}))

    assert payment["release_state"] == "too_early"
    assert pd.isna(payment["release_days"])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"retained": None}, ""),
        ({"retained": 0.0}, ""),
        ({"paid_on": None}, "not_paid"),
        ({"milestone_id": None, "released_on": "2026-06-01"}, "unknown"),
        ({"milestone_id": None}, "held"),
    ],
)
def test_the_other_states_of_a_retention(row: dict[str, Any], expected: str) -> None:
    payment = one(**(WARRANTED | row))

    assert payment["release_state"] == expected
    assert pd.isna(payment["release_days"])


def test_a_retention_that_the_contract_does_not_state_has_no_end() -> None:
    without = contract(payment={"within": "30 calendar days"})
    payment = one(without, released_on="2026-06-01", **WARRANTED)

    assert (payment["to_retain"], payment["release_state"]) == (None, "unknown")


def test_the_share_to_retain_is_rounded_to_the_cent_a_half_upwards() -> None:
    """5 % of 1,234.50 are 61.725: 61.73, where a half to the even cent would give 61.72."""
    payment = one(amount=1234.5, **(WARRANTED | {"retained": 61.73}))

    assert (payment["to_retain"], payment["retained"]) == (Decimal("61.73"), Decimal("61.73"))
    assert payment["payable"] == Decimal("1172.77")
    assert payment["retained_share"] == pytest.approx(0.0500040502)


# Sums and contradictions


def test_sums_are_exact() -> None:
    rows = [{"amount": amount, "paid_on": "2026-01-20", **RECEIVED} for amount in (0.1, 0.2, 0.7)]

    assert totals(judged(*rows))["paid"].amount == Decimal("1.00")


def test_what_was_invoiced_is_paid_not_paid_or_held() -> None:
    """Paid 1,000 − 50 + 50 released, 1,000 − 50; not paid 1,000; not invoiced 300."""
    rows = judged(
        {"released_on": "2026-06-20", **WARRANTED},
        WARRANTED,
        RECEIVED,
        {"amount": 300.0, "received_on": None},
    )

    assert {name: part.amount for name, part in totals(rows).items()} == {
        "invoiced": 3000, "not_invoiced": 300, "paid": 1950, "unpaid": 1000, "held": 50,
        "retained": 100, "released": 50, "early": 0, "released_late": 50, "late": 2900, "before": 0,
    }  # fmt: skip


cents = st.integers(0, 10**9)
lines = st.tuples(cents, cents, st.booleans(), st.booleans(), st.booleans())


@given(st.lists(lines, min_size=1, max_size=8))
def test_the_parts_of_what_was_invoiced_always_add_up(drawn: list[Any]) -> None:
    rows = [
        {
            "amount": max(amount, part) / 100,
            "retained": min(amount, part) / 100 if paid else None,
            "received_on": "2026-01-10" if invoiced or paid else None,
            "paid_on": "2026-02-10" if paid else None,
            "released_on": "2026-06-20" if paid and released else None,
            "milestone_id": "M1",
        }
        for amount, part, invoiced, paid, released in drawn
    ]
    sums = {name: part.amount for name, part in totals(judged(*rows)).items()}

    assert sums["invoiced"] == sums["paid"] + sums["unpaid"] + sums["held"]
    assert sums["retained"] == sums["released"] + sums["held"]
    whole = sum(Decimal(max(amount, part)) / 100 for amount, part, *_ in drawn)
    assert sums["invoiced"] + sums["not_invoiced"] == whole


def test_rows_that_contradict_themselves_are_pointed_out() -> None:
    rows = judged(
        {"paid_on": "2026-02-01", "received_on": None, "invoice": "F1"},
        {"due_on": "2026-01-09", **RECEIVED},
        {"paid_on": "2026-01-09", **RECEIVED},
        {"retained": 1000.01, "paid_on": "2026-02-01", **RECEIVED},
        {"retained": 50.0, "paid_on": "2026-02-01", **RECEIVED},
    )

    assert {kind: [*ids] for kind, ids in contradictions(rows).items()} == {
        "unreceived": ["P1"],
        "due_first": ["P2"],
        "paid_first": ["P3"],
        "more_than_all": ["P4"],
    }


def test_a_table_without_receipts_does_not_contradict_itself() -> None:
    ids = contradictions(judged({"paid_on": "2026-02-01"}))

    assert {kind: [*of_kind] for kind, of_kind in ids.items()} == {
        "unreceived": [],
        "due_first": [],
        "paid_first": [],
        "more_than_all": [],
    }


def test_a_table_without_a_row_gives_none() -> None:
    table = dated({"payment_id": "P1", "amount": 1.0})[:0]
    rows = payments(table, ACCEPTED, AGREED, TODAY)

    assert rows.empty
    assert {*totals(rows).values()} == {(Decimal("0.00"), 0)}
    assert set(metrics.STATES) >= set(metrics.JUDGED)
