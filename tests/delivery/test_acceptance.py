"""What was accepted, and until when it is under warranty; days counted by hand."""

from __future__ import annotations

import pandas as pd

from reviewlib.delivery.acceptance import (
    acceptance_of,
    accepted,
    subjects,
    warranty_ends,
)
from reviewlib.delivery.terms import versions_on
from tests.delivered import ACCEPTANCE, amendment, contract, dated, day

TODAY = day("2026-06-30")
NO_TERMS = {"payment": None, "acceptance": None}


def acceptances_of(**tables: pd.DataFrame | None) -> dict[tuple[str, str], tuple[str, bool]]:
    acceptances = accepted(tables, contract(), TODAY)
    days = acceptances["accepted_on"].dt.strftime("%Y-%m-%d").fillna("")
    keys = zip(acceptances["kind"], acceptances["subject"], strict=True)
    return dict(zip(keys, zip(days, acceptances["tacit"], strict=True), strict=True))


def sent(*rows: tuple[str, str, str | None, str | None]) -> pd.DataFrame:
    names = ("deliverable_id", "submitted_on", "decided_on", "decision")
    frame = dated(*(dict(zip(names, row, strict=True)) | {"version": "v1"} for row in rows))
    return frame.astype({"decision": "str", "version": "str"})


def test_what_is_not_accepted_so_far_is_listed_without_a_day() -> None:
    milestones = dated(
        {"milestone_id": "1", "accepted_on": "2026-02-02"},
        {"milestone_id": "2", "accepted_on": None},
    )

    assert acceptances_of(milestones=milestones) == {
        ("milestone", "1"): ("2026-02-02", False),
        ("milestone", "2"): ("", False),
    }


def test_an_id_of_two_tables_names_two_things() -> None:
    milestones = dated({"milestone_id": "1", "accepted_on": "2026-02-02"})
    orders = dated({"order_id": "1", "accepted_on": "2026-03-03"})

    assert acceptances_of(milestones=milestones, work_orders=orders) == {
        ("milestone", "1"): ("2026-02-02", False),
        ("order", "1"): ("2026-03-03", False),
    }


def test_a_table_that_records_no_acceptance_says_nothing_of_it() -> None:
    orders = dated({"order_id": "1", "accepted_on": None}, {"order_id": "2", "accepted_on": None})

    assert acceptances_of(work_orders=orders) == {}
    assert acceptances_of(work_orders=orders.drop(columns="accepted_on")) == {}
    assert acceptances_of(submissions=sent(("D1", "2026-06-29", None, None))) == {}
    assert acceptances_of() == {}


def test_a_deliverable_without_a_decision_in_time_is_accepted_tacitly() -> None:
    """Submitted on 1 March, 15 calendar days: 16 March."""
    acceptances = acceptances_of(submissions=sent(("D1", "2026-03-01", None, None)))

    assert acceptances == {("deliverable", "D1"): ("2026-03-16", True)}


def test_a_deliverable_that_was_never_submitted_is_not_accepted() -> None:
    submissions = sent(("D1", "2026-03-01", "2026-03-05", "accepted"))
    table = dated({"deliverable_id": "D1"}, {"deliverable_id": "D2"})

    assert acceptances_of(deliverables=table, submissions=submissions) == {
        ("deliverable", "D1"): ("2026-03-05", False),
        ("deliverable", "D2"): ("", False),
    }


def test_an_acceptance_without_a_day_is_not_dated_by_guess() -> None:
    rows = sent(
        ("D1", "2026-06-25", None, "accepted"), ("D2", "2026-03-01", "2026-03-02", "accepted")
    )

    assert acceptances_of(submissions=rows) == {("deliverable", "D2"): ("2026-03-02", False)}


def test_a_row_is_about_the_first_thing_that_it_names() -> None:
    table = dated(
        {"milestone_id": "M1", "order_id": "W1"},
        {"milestone_id": None, "order_id": "W2"},
        {"milestone_id": None, "order_id": None},
    )
    about = subjects(table)

    assert list(about["kind"].fillna("")) == ["milestone", "order", ""]
    assert list(about["subject"].fillna("")) == ["M1", "W2", ""]
    everything = accepted({}, contract(), TODAY)
    assert not acceptance_of(about, everything)["recorded"].any()


def test_the_warranty_is_that_of_the_terms_in_force_on_the_day_of_the_acceptance() -> None:
    """Three months from 30 June are 30 September; six months from 1 July, 1 January."""
    longer = amendment("2026-07-01", acceptance=ACCEPTANCE | {"warranty": "6 months"})
    days = pd.Series([day("2026-06-30"), day("2026-07-01"), pd.NaT]).astype("datetime64[s]")
    agreement = contract(amendments=[longer])

    assert list(versions_on(agreement, days)) == [0, 1, -1]
    assert list(warranty_ends(days, agreement)[:2]) == [day("2026-09-30"), day("2027-01-01")]
    assert warranty_ends(days, agreement).isna()[2]


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    days = pd.Series([day("2026-11-30")]).astype("datetime64[s]")

    assert list(warranty_ends(days, contract())) == [day("2027-02-28")]


def test_without_a_warranty_in_the_contract_there_is_no_end() -> None:
    days = pd.Series([day("2026-06-30")]).astype("datetime64[s]")

    assert warranty_ends(days, contract(**NO_TERMS)).isna().all()
