"""Deliverables up to acceptance, tacit or not, their reservations and warranty; days by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.contract.delivery import Acceptance
from reviewlib.contract.model import Amendment
from reviewlib.contract.parties import Party, Period
from reviewlib.contract.service_levels import Terms
from reviewlib.delivery.deliverables.metrics import acceptances, deliverables, versions
from tests.properties import steady

TODAY = pd.Timestamp("2025-06-10")
TACIT = {"clause": "7.2", "decision": "15 calendar days", "tacit": True, "warranty": "3 months"}
SILENT = {"clause": "7.2", "decision": "15 calendar days"}


def contract(*acceptance: dict[str, Any], days_off: str = "") -> Contract:
    """Return a contract: its terms of acceptance, then those from 1 April 2025 on."""
    amendments = [
        Amendment(
            id=f"A{n}",
            title="Other delays",
            signed=dt.date(2025, 3, 20),
            effective=dt.date(2025, 4, n),
            changes={},
        )
        for n in range(1, len(acceptance))
    ]
    stated = acceptance or ({},)
    return Contract(
        format=1,
        id="C1",
        title="Support",
        language="en",
        time_zone="Europe/Paris",
        period=Period(first=dt.date(2024, 1, 1), last=dt.date(2025, 12, 31)),
        client=Party(name="Client"),
        provider=Party(name="Provider"),
        public_holidays=days_off,
        amendments=tuple(amendments),
        versions=tuple(Terms(acceptance=Acceptance(**terms)) for terms in stated),
    )


SAYS_NOTHING = contract()


def dated(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a table; what ends in _on is a day."""
    frame = pd.DataFrame(rows)
    days = [name for name in frame if name.endswith("_on")]
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def delivered(
    *submissions: tuple[Any, ...], due: str = "2025-03-31", under: Contract = SAYS_NOTHING
) -> pd.Series:
    """Return the judgement on one deliverable from (version, submitted, decided, decision)."""
    table = dated([{"deliverable_id": "D1", "title": "Plan", "due_on": due}])
    submitted = versions(sent(*submissions), under, TODAY)
    return deliverables(table, submitted, under, TODAY).iloc[0]


def sent(*submissions: tuple[Any, ...]) -> pd.DataFrame:
    names = ("deliverable_id", "version", "submitted_on", "decided_on", "decision")
    frame = pd.DataFrame([("D1", *row) for row in submissions], columns=list(names))
    days = dict.fromkeys(("submitted_on", "decided_on"), "datetime64[s]")
    return frame.astype(days | {"version": "str", "decision": "str"})


def settled(*submissions: tuple[Any, ...], under: Contract, today: str = "2025-06-10") -> Any:
    """Return (version, accepted on, tacit) of the deliverable; None where nothing is accepted."""
    accepted_rows = acceptances(sent(*submissions), under, pd.Timestamp(today))
    rows = accepted_rows[["version", "accepted_on", "tacit"]].itertuples(index=False, name=None)
    return next(((v, f"{day:%Y-%m-%d}", tacit) for v, day, tacit in rows), None)


def test_a_deliverable_is_on_time_by_the_submission_of_the_version_that_was_accepted() -> None:
    """The first version came in time and was refused after 13 days; the second came 26 days after
    31 March: 13 of its own."""
    row = delivered(
        ("v1", "2025-03-28", "2025-04-10", "refused"),
        ("v2", "2025-04-26", "2025-05-03", "accepted"),
    )

    assert (row["state"], row["after_days"], row["version"]) == ("late", 26, "v2")
    assert (row["decision_days"], row["days"]) == (13, 13)
    assert (row["submissions"], row["refused"], row["attempts"]) == (
        2,
        1,
        2,
    )
    assert row["first_pass"] == 0


def test_the_time_that_the_client_takes_to_decide_never_makes_a_deliverable_late() -> None:
    """Submitted the last day, accepted 60 days later (30 in April, 30 in May)."""
    row = delivered(("v1", "2025-03-31", "2025-05-30", "accepted_with_reservations"))

    assert (row["state"], row["days"], row["first_pass"]) == (
        "on_time",
        0,
        1,
    )
    assert (row["client_days"], row["cycle_days"]) == (60, 60)


def test_the_time_to_acceptance_holds_the_client_s_decisions_and_the_provider_s_rework() -> None:
    """22 Mar to 3 May = 42 days, of which 14 + 7 for the client to decide."""
    row = delivered(
        ("v1", "2025-03-22", "2025-04-05", "refused"),
        ("v2", "2025-04-26", "2025-05-03", "accepted"),
    )

    assert (row["cycle_days"], row["client_days"]) == (42, 21)


@pytest.mark.parametrize(
    ("submissions", "cycle"),
    [
        (
            [("v1", "2025-02-01", "2025-02-10", "refused"),
             ("v2", "2025-02-05", "2025-02-15", "accepted")],
            14,
        ),
        (
            [("v1", "2025-02-05", "2025-02-12", "accepted"),
             ("v2", "2025-02-20", "2025-02-27", "accepted")],
            7,
        ),
    ],
)  # fmt: skip
def test_the_client_s_part_of_the_time_to_acceptance_is_no_longer_than_it(
    submissions: list[tuple[str, ...]], cycle: int
) -> None:
    """1–10 and 5–15 February overlap: 14 days in all. 20–27 February come after the acceptance."""
    row = delivered(*submissions)

    assert (row["cycle_days"], row["client_days"]) == (cycle, cycle)


def test_versions_of_the_same_day_stand_in_the_order_of_their_numbers() -> None:
    """v10 stands before v9 in the table: refused first, accepted at the second submission."""
    row = delivered(
        ("v10", "2025-02-05", "2025-02-12", "accepted"),
        ("v9", "2025-02-05", "2025-02-05", "refused"),
    )

    assert (row["version"], row["attempts"], row["first_pass"]) == (
        "v10",
        2,
        0,
    )


def test_a_version_that_awaits_its_decision_is_not_judged_when_it_came_in_time() -> None:
    row = delivered(("v1", "2025-03-31", None, None))

    assert row["state"] == "awaiting"
    assert row["waiting_days"] == 71  # 30 April + 31 May + 10 June
    assert row[["days", "first_pass", "attempts", "cycle_days"]].isna().all()


def test_a_version_that_awaits_its_decision_is_late_by_the_day_of_its_submission() -> None:
    """Submitted on 10 April, 10 days late whatever the client decides, not 71 as of today."""
    row = delivered(("v1", "2025-04-10", None, None))

    assert (row["state"], row["days"], row["waiting_days"]) == (
        "overdue",
        10,
        61,
    )


def test_a_deliverable_refused_or_never_submitted_is_late_as_of_today() -> None:
    """71 days after 31 March; of the version refused 13 were the client's."""
    refused = delivered(("v1", "2025-03-20", "2025-04-02", "refused"))
    absent = delivered()

    assert (refused["state"], refused["after_days"], refused["days"]) == ("overdue", 71, 58)
    assert (absent["state"], absent["days"], absent["submissions"]) == ("overdue", 71, 0)
    assert delivered(due="2025-06-10")["state"] == "not_due"


def test_a_version_replaced_before_any_decision_was_not_accepted_at_first() -> None:
    row = delivered(
        ("v1", "2025-03-20", None, None), ("v2", "2025-03-30", "2025-04-04", "accepted")
    )

    assert (row["first_pass"], row["attempts"], row["state"]) == (
        0,
        2,
        "on_time",
    )
    assert pd.isna(row["waiting_days"])


def test_what_was_submitted_or_decided_later_is_not_known() -> None:
    """As of 10 June the decision of the 11th has not been taken, nor version 2 submitted."""
    submitted = versions(
        sent(("v1", "2025-06-01", "2025-06-11", "refused"), ("v2", "2025-06-12", None, None)),
        SAYS_NOTHING,
        TODAY,
    )

    assert list(submitted["version"]) == ["v1"]
    assert submitted[["decision", "decided_on"]].isna().all(axis=None)
    assert submitted["waiting_days"].tolist() == [9]


def test_a_decision_without_a_date_counts_and_its_delay_does_not() -> None:
    submitted = versions(sent(("v1", "2025-06-01", None, "refused")), SAYS_NOTHING, TODAY)

    assert submitted["decision"].tolist() == ["refused"]
    assert submitted[["delay_days", "waiting_days"]].isna().all(axis=None)


def test_the_last_count_of_reservations_is_the_one_that_stands() -> None:
    """Two reservations with version 1, none left with version 2, nothing said with version 3."""
    submissions = sent(
        ("v1", "2025-03-01", "2025-03-05", "accepted_with_reservations"),
        ("v2", "2025-04-01", "2025-04-05", "accepted"),
        ("v3", "2025-05-01", "2025-05-05", "accepted"),
    ).assign(open_reservations=pd.array([2, 0, None], dtype="Int64"))
    table = dated([{"deliverable_id": "D1", "title": "Plan", "due_on": "2025-03-31"}])
    submitted = versions(submissions, SAYS_NOTHING, TODAY)
    rows = deliverables(table, submitted, SAYS_NOTHING, TODAY).iloc[0]

    assert (rows["reservations"], rows["version"]) == (0, "v1")


def test_columns_that_the_folder_does_not_have_are_missing_values() -> None:
    bare = dated([{"deliverable_id": "D1", "version": "v1", "submitted_on": "2025-03-30"}])
    submitted = versions(bare, SAYS_NOTHING, TODAY)

    assert submitted[["decision", "decided_on", "open_reservations"]].isna().all(axis=None)
    assert acceptances(bare, contract(TACIT), TODAY)["tacit"].tolist() == [True]


# Silence


def test_a_version_on_which_nothing_was_decided_is_accepted_on_the_last_day_of_the_delay() -> None:
    """12 March + 15 days = 27 March: on that day it may still be decided, on the next no more."""
    silent = ("v1", "2025-03-12", None, None)

    assert settled(silent, under=contract(TACIT), today="2025-03-27") is None
    accepted = ("v1", "2025-03-27", True)
    assert settled(silent, under=contract(TACIT), today="2025-03-28") == accepted


def test_silence_accepts_nothing_unless_the_contract_says_so() -> None:
    silent = ("v1", "2025-03-12", None, None)

    assert settled(silent, under=contract(SILENT)) is None
    assert settled(silent, under=SAYS_NOTHING) is None


def test_a_decision_on_the_last_day_counts_and_one_after_it_changes_nothing() -> None:
    tacit = contract(TACIT)
    last = versions(sent(("v1", "2025-03-12", "2025-03-27", "refused")), tacit, TODAY).iloc[0]
    late = versions(sent(("v1", "2025-03-12", "2025-03-28", "refused")), tacit, TODAY).iloc[0]

    assert (last["outcome"], last["tacit"], last["void"], last["in_time"]) == ("refused", 0, 0, 1)
    assert (late["outcome"], late["tacit"], late["void"], late["in_time"]) == ("accepted", 1, 1, 0)
    assert late["settled_on"] == pd.Timestamp("2025-03-27")
    assert (late["delay_days"], late["client_days"], late["late_days"]) == (16, 15, 1)


def test_an_acceptance_after_the_delay_does_not_put_off_the_tacit_one() -> None:
    acceptance = settled(("v1", "2025-03-12", "2025-05-05", "accepted"), under=contract(TACIT))

    assert acceptance == ("v1", "2025-03-27", True)


def test_as_of_a_day_before_the_late_decision_the_version_is_accepted_all_the_same() -> None:
    late = ("v1", "2025-03-12", "2025-05-05", "refused")

    accepted = ("v1", "2025-03-27", True)
    assert settled(late, under=contract(TACIT), today="2025-04-15") == accepted
    assert settled(late, under=contract(TACIT), today="2025-05-10") == accepted


def test_a_decision_without_a_date_is_one_and_leaves_no_silence() -> None:
    submitted = versions(sent(("v1", "2025-03-12", None, "refused")), contract(TACIT), TODAY).iloc[
        0
    ]

    assert (submitted["outcome"], submitted["tacit"]) == ("refused", False)
    assert pd.isna(submitted["in_time"])


def test_a_version_replaced_before_the_delay_is_over_is_not_accepted_tacitly() -> None:
    """v2 came on the last day of the delay of v1; a day later, v1 would have been accepted."""
    replaced = (("v1", "2025-03-12", None, None), ("v2", "2025-03-27", "2025-04-02", "accepted"))
    accepted = (("v1", "2025-03-12", None, None), ("v2", "2025-03-28", "2025-04-02", "refused"))

    assert settled(*replaced, under=contract(TACIT)) == ("v2", "2025-04-02", False)
    assert settled(*accepted, under=contract(TACIT)) == ("v1", "2025-03-27", True)


def test_a_tacit_acceptance_is_at_the_first_submission_and_takes_the_whole_delay() -> None:
    row = delivered(("v1", "2025-03-12", None, None), under=contract(TACIT))

    assert (row["state"], row["first_pass"], row["attempts"]) == (
        "on_time",
        1,
        1,
    )
    assert (row["cycle_days"], row["client_days"]) == (15, 15)
    assert pd.isna(row["waiting_days"])


@pytest.mark.parametrize(
    ("delay", "last"),
    [
        ("10 working days", "2025-05-05"),
        ("10 ouvrable days", "2025-04-30"),
        ("10 clear days", "2025-04-28"),
        ("1 month", "2025-05-17"),
    ],
)
def test_the_delay_is_counted_in_the_days_of_the_contract(delay: str, last: str) -> None:
    """Submitted on Thursday 17 April 2025 in France: Easter Monday, the 21st, and 1 May are off.
    Working: 18, 22, 23, 24, 25, 28, 29, 30 April, 2 and 5 May. Ouvrable: 18, 19, 22, 23, 24, 25,
    26, 28, 29, 30 April. Clear: the ten days 18 to 27 April, then Monday the 28th."""
    agreement = contract({"decision": delay, "tacit": True}, days_off="FR")
    submitted = versions(sent(("v1", "2025-04-17", None, None)), agreement, TODAY).iloc[0]

    assert submitted["decide_by"] == pd.Timestamp(last)


def test_the_terms_are_those_in_force_on_the_day_of_the_submission() -> None:
    """15 days and silence accepts until 31 March; from 1 April on 5 days, and silence does not."""
    other = {"clause": "7.2 bis", "decision": "5 calendar days", "warranty": "6 months"}
    submissions = dated(
        [
            {"deliverable_id": "D1", "version": "v1", "submitted_on": "2025-03-31"},
            {"deliverable_id": "D2", "version": "v1", "submitted_on": "2025-04-01"},
        ]
    )
    submitted = versions(submissions, contract(TACIT, other), TODAY)

    assert submitted["decide_by"].dt.strftime("%m-%d").tolist() == ["04-15", "04-06"]
    assert submitted["clause"].tolist() == ["7.2", "7.2 bis"]
    assert submitted["tacit"].tolist() == [True, False]


def test_the_days_after_the_delay_run_to_the_decision_or_to_today() -> None:
    """12 + 15 = 27 March, 4 days before the 31st. 20 May + 15 = 4 June, 6 days before 10 June."""
    submitted = versions(
        sent(("v1", "2025-03-12", "2025-03-31", "refused"), ("v2", "2025-05-20", None, None)),
        contract(SILENT),
        TODAY,
    )

    assert submitted["late_days"].tolist() == [4, 6]
    assert submitted["in_time"].tolist() == [0, 0]


def test_whether_a_version_was_decided_in_time_is_not_said_before_the_delay_is_over() -> None:
    submitted = versions(
        sent(("v1", "2025-05-30", None, None), ("v2", "2025-06-01", None, None)),
        contract(SILENT),
        TODAY,
    )

    assert submitted["in_time"].isna().all()
    assert submitted["replaced"].tolist() == [True, False]


@given(
    submitted=st.lists(st.integers(0, 60), min_size=1, max_size=4, unique=True).map(sorted),
    took=st.lists(st.none() | st.integers(0, 40), min_size=4, max_size=4),
    delay=st.integers(1, 30),
    passed=st.integers(0, 120),
)
@steady(40)
def test_the_acceptance_is_that_of_a_walk_through_the_versions(
    submitted: list[int], took: list[int | None], delay: int, passed: int
) -> None:
    """Days since 1 January 2025; every decision is an acceptance. A loop without pandas says which
    version is accepted, on which day, and whether by silence."""
    start, expected = dt.date(2025, 1, 1), None
    for place, day in enumerate(submitted):
        days = took[place]
        decided = None if days is None or day + days > passed else day + days
        end = day + delay
        following = [other for other in submitted[place + 1 :] if other <= min(end, passed)]
        if day > passed or expected:
            continue
        if decided is not None and (decided <= end or following):
            expected = (f"v{place}", decided, False)
        elif end < passed and not following:
            expected = (f"v{place}", end, True)
    on = [start + dt.timedelta(day) for day in range(120)]
    table = sent(
        *(
            (f"v{n}", str(on[day]), None, None)
            if days is None
            else (f"v{n}", str(on[day]), str(on[day + days]), "accepted")
            for n, (day, days) in enumerate(zip(submitted, took, strict=False))
        )
    )
    under = contract({"decision": f"{delay} calendar days", "tacit": True})
    accepted_rows = acceptances(table, under, pd.Timestamp(start + dt.timedelta(passed)))
    accepted = [
        (version, (day.date() - start).days, tacit)
        for version, day, tacit in accepted_rows[["version", "accepted_on", "tacit"]].itertuples(
            index=False, name=None
        )
    ]

    assert accepted == ([expected] if expected else [])


# After the acceptance


@pytest.mark.parametrize(
    ("stated", "lifted", "count", "age"),
    [(2, None, 2, 91), (0, "2025-03-20", 0, None), (2, "2025-06-10", 0, None)],
)
def test_reservations_are_open_until_the_last_one_is_lifted(
    stated: int, lifted: str | None, count: float, age: float | None
) -> None:
    """Accepted on 11 March: 20 + 30 + 31 + 10 = 91 days before 10 June."""
    row = reserved(stated, lifted)

    assert row["reservations"] == count
    assert row["age"] == age or (age is None and pd.isna(row["age"]))


def test_reservations_lifted_after_today_are_open_and_how_many_is_not_known() -> None:
    row = reserved(0, "2025-06-11")

    assert row["outcome"] == "accepted_with_reservations"
    assert pd.isna(row["reservations"])


@pytest.mark.parametrize(
    ("decision", "open_ones"), [("accepted", 0), ("accepted_with_reservations", None)]
)
def test_an_acceptance_without_reservations_leaves_none_open(
    decision: str, open_ones: int | None
) -> None:
    row = delivered(("v1", "2025-03-01", "2025-03-11", decision))["reservations"]

    assert (None if pd.isna(row) else row) == open_ones


def test_reservations_of_a_decision_still_to_come_are_not_known() -> None:
    """On 10 February it is accepted tacitly (20 January); the reservations are of 1 March."""
    submissions = sent(("v1", "2025-01-05", "2025-03-01", "accepted_with_reservations"))
    submissions["open_reservations"] = pd.array([3], dtype="Int64")
    submitted = versions(submissions, contract(TACIT), pd.Timestamp("2025-02-10")).iloc[0]

    assert (submitted["outcome"], submitted["tacit"]) == ("accepted", True)
    assert pd.isna(submitted["open_reservations"])


def test_reservations_in_a_decision_that_came_too_late_are_none() -> None:
    """Submitted on 1 February: accepted tacitly on 16 February, decided on 11 March."""
    row = reserved(2, None, submitted="2025-02-01", under=contract(TACIT))

    assert (row["tacit"], row["accepted_on"]) == (True, pd.Timestamp("2025-02-16"))
    assert pd.isna(row["reservations"])


def reserved(
    stated: int, lifted: str | None, submitted: str = "2025-03-01", under: Contract = SAYS_NOTHING
) -> pd.Series:
    """Return the judgement on a deliverable accepted with reservations on 11 March 2025."""
    submissions = sent(("v1", submitted, "2025-03-11", "accepted_with_reservations")).assign(
        open_reservations=pd.array([stated], dtype="Int64"),
        reservations_lifted_on=pd.Series([lifted], dtype="datetime64[s]"),
    )
    table = dated([{"deliverable_id": "D1", "title": "Plan", "due_on": "2025-03-31"}])
    return deliverables(table, versions(submissions, under, TODAY), under, TODAY).iloc[0]


def test_the_warranty_runs_from_the_acceptance() -> None:
    """Accepted tacitly on 27 March: until 27 June, 17 days after 10 June. Accepted on the last
    day of November: until the last day of February."""
    tacit = delivered(("v1", "2025-03-12", None, None), under=contract(TACIT))
    winter = delivered(("v1", "2024-11-20", "2024-11-30", "accepted"), under=contract(TACIT))

    assert (tacit["warranty_ends_on"], tacit["warranty_days"]) == (pd.Timestamp("2025-06-27"), 17)
    assert winter["warranty_ends_on"] == pd.Timestamp("2025-02-28")
    assert pd.isna(delivered(("v1", "2025-03-12", None, None))["warranty_ends_on"])


def test_the_warranty_is_that_of_the_terms_in_force_on_the_day_of_the_acceptance() -> None:
    """Submitted under three months, accepted on 2 April under twelve: until 2 April 2026."""
    under = contract(TACIT, TACIT | {"warranty": "12 months"})
    row = delivered(("v1", "2025-03-28", "2025-04-02", "accepted"), under=under)

    assert row["warranty_ends_on"] == pd.Timestamp("2026-04-02")


def test_an_empty_table_of_submissions_accepts_nothing() -> None:
    accepted_rows = acceptances(sent(), contract(TACIT), TODAY)

    assert accepted_rows.empty
    assert list(accepted_rows) == [
        "deliverable_id", "version", "submitted_on", "accepted_on", "tacit", "clause",
        "warranty_ends_on",
    ]  # fmt: skip
    assert delivered(under=contract(TACIT))["state"] == "overdue"
