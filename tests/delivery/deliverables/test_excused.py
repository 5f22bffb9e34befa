"""The days after a due date that are no lateness of the provider; days counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.contract import Contract
from reviewlib.delivery.deliverables.excused import excused
from reviewlib.delivery.deliverables.metrics import deliverables, versions
from tests.delivery.deliverables.test_metrics import SAYS_NOTHING, TODAY, contract, dated, sent

AFTER_DUE, COUNTED = (
    contract({"decision_days": rule}) for rule in ("excluded_after_due", "counted")
)
OWN = ["state", "after_days", "decision_days", "milestone_days", "days"]
REFUSED_ONCE = (
    ("v1", "2025-03-31", "2025-04-14", "refused"),
    ("v2", "2025-04-21", "2025-04-25", "accepted"),
)


def judged(
    *submissions: tuple[str | None, ...],
    due: str = "2025-03-31",
    under: Contract = SAYS_NOTHING,
    reached: str | None = None,
    needs: str | None = None,
) -> tuple[object, ...]:
    """Return OWN of a deliverable; ``reached``: the day of M1, where it ``needs`` it."""
    table = dated([{"deliverable_id": "D1", "title": "Plan", "due_on": due, "milestone_id": needs}])
    milestones = pd.Series({"M1": pd.Timestamp(reached)}) if needs else None
    rows = deliverables(table, versions(sent(*submissions), under, TODAY), under, TODAY, milestones)
    state, *days = rows[OWN].iloc[0]
    return state, *(None if pd.isna(day) else int(day) for day in days)


def spans(
    *submissions: tuple[str | None, ...], under: Contract = SAYS_NOTHING
) -> list[tuple[object, ...]]:
    table = dated(
        [{"deliverable_id": "D1", "title": "Plan", "due_on": "2025-03-31", "milestone_id": None}]
    )
    log = versions(sent(*submissions), under, TODAY)
    rows = deliverables(table, log, under, TODAY)
    return [
        (row.share, row.id, f"{row.starts_on:%d/%m}", f"{row.ends_on:%d/%m}", row.days)
        for row in excused(rows, log, None, under, TODAY).itertuples()
    ]


def test_the_client_s_decision_days_are_no_lateness_of_the_provider() -> None:
    """Submitted on its due date, refused after 14 days, handed in again 7 days later: 7, not 21."""
    assert judged(*REFUSED_ONCE) == ("late", 21, 14, 0, 7)
    assert spans(*REFUSED_ONCE) == [("decision", "v1", "01/04", "14/04", 14)]


def test_the_contract_can_count_the_client_s_decision_days() -> None:
    assert judged(*REFUSED_ONCE, under=COUNTED) == ("late", 21, 0, 0, 21)


def test_the_time_left_when_a_version_was_submitted_is_given_back_after_its_refusal() -> None:
    """Submitted on 29 March, two days before its date; refused on 11 April, 13 days later, of which
    11 after that date; handed in again on 28 April, 28 days after it: 28 - 13 = 15 of its own, or
    28 - 11 = 17 where only the days after the date are left out."""
    log = (
        ("v1", "2025-03-29", "2025-04-11", "refused"), ("v2", "2025-04-28", None, None),
    )  # fmt: skip

    assert judged(*log) == ("overdue", 28, 13, 0, 15)
    assert spans(*log) == [("decision", "v1", "01/04", "13/04", 13)]
    assert judged(*log, under=AFTER_DUE) == ("overdue", 28, 11, 0, 17)
    assert spans(*log, under=AFTER_DUE) == [("decision", "v1", "01/04", "11/04", 11)]


def test_what_the_client_alone_made_late_is_on_time() -> None:
    """Handed in again on the day of the refusal; and a last version is refused today."""
    again = (("v1", "2025-03-31", "2025-04-14", "refused"), ("v2", "2025-04-14", None, None))
    accepted = (again[0], ("v2", "2025-04-14", "2025-04-20", "accepted"))

    assert judged(*again) == ("awaiting", 14, 14, 0, None)
    assert judged(*accepted) == ("on_time", 14, 14, 0, 0)
    assert judged(("v1", "2025-03-31", "2025-06-10", "refused")) == ("not_due", 71, 71, 0, None)


def test_a_day_on_which_the_client_had_two_versions_is_counted_once() -> None:
    """v1 from 31 March to 10 April, v2 from 5 to 20 April: 1 to 20 April are 20 days of 30."""
    log = (
        ("v1", "2025-03-31", "2025-04-10", "refused"),
        ("v2", "2025-04-05", "2025-04-20", "refused"),
        ("v3", "2025-04-30", "2025-05-02", "accepted"),
    )

    assert judged(*log) == ("late", 30, 20, 0, 10)
    assert spans(*log) == [
        ("decision", "v1", "01/04", "10/04", 10), ("decision", "v2", "11/04", "20/04", 10),
    ]  # fmt: skip


def test_a_version_replaced_or_refused_on_no_day_leaves_nothing_out() -> None:
    replaced = (("v1", "2025-03-31", None, None), ("v2", "2025-04-21", "2025-04-25", "accepted"))
    undated = (("v1", "2025-03-31", None, "refused"), replaced[1])

    assert judged(*replaced) == judged(*undated) == ("late", 21, 0, 0, 21)


def test_the_terms_are_those_of_the_day_of_the_submission() -> None:
    """The amendment of 1 April counts the days of what is submitted from then on: v2's."""
    under = contract({}, {"decision_days": "counted"})
    log = (
        ("v1", "2025-03-31", "2025-04-05", "refused"),
        ("v2", "2025-04-08", "2025-04-12", "refused"),
        ("v3", "2025-04-20", "2025-04-21", "accepted"),
    )

    assert judged(*log, under=under) == ("late", 20, 5, 0, 15)


@pytest.mark.parametrize(
    ("reached", "under", "expected"),
    [
        ("2025-04-20", {}, ("late", 25, 0, 20, 5)),
        ("2025-03-20", {}, ("late", 25, 0, 0, 25)),  # it was possible before its date
        ("2025-04-25", {}, ("on_time", 25, 0, 25, 0)),
        ("2025-04-30", {}, ("late", 25, 0, 0, 25)),  # submitted before it: it did not wait
        (None, {}, ("late", 25, 0, 0, 25)),
        ("2025-04-20", {"milestone_days": "counted"}, ("late", 25, 0, 0, 25)),
    ],
)
def test_what_depends_on_a_milestone_is_late_from_the_day_on_which_it_became_possible(
    reached: str | None, under: dict[str, str], expected: tuple[object, ...]
) -> None:
    """Due on 31 March, submitted on 25 April, 25 days later."""
    log = ("v1", "2025-04-25", "2025-05-02", "accepted")

    assert judged(log, reached=reached, needs="M1", under=contract(under)) == expected


def test_what_its_milestone_does_not_allow_yet_is_not_late() -> None:
    """71 days after 31 March on 10 June, M1 not reached; reached on 1 June: nine of its own."""
    assert judged(needs="M1") == ("not_due", 71, 0, 71, None)
    assert judged(needs="M1", reached="2025-06-01") == ("overdue", 71, 0, 62, 9)
