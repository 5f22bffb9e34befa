"""Suggestions and alerts of either side: answered when, given before the fact or after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.people.initiatives.chapter import initiatives
from reviewlib.report.values import Checks, Kind, Section, Side
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, in_words, sentence

RULE = {"clause": "Art. 6", "within": "15 calendar days"}
OTHER = {"client": "provider", "provider": "client"}


def initiative(number: int, kind: str = "suggestion", **about: Any) -> dict[str, Any]:
    given = {"side": "provider", "raised_on": "2026-03-02"}
    return {"initiative_id": f"I{number}", "title": "Use the portal", "kind": kind} | given | about


def made_of(
    tmp_path: Path, *rows: dict[str, Any], rule: Any = RULE, lacks: bool = False,
    as_of: str = "2026-04-30", **tables: Any,
) -> Section:  # fmt: skip
    plan = {"initiatives": rule} if rule else {}
    frames = {name: pd.DataFrame(own) for name, own in tables.items()}
    given = [row if lacks else {"answered_on": None} | row for row in rows]
    frames["initiatives"] = pd.DataFrame(given)
    review = desk.review(tmp_path, desk.agreed(governance=plan), frames, as_of=as_of)
    return chapter_of(initiatives, review)


def test_an_answer_without_its_day_is_neither_in_time_nor_missing(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        initiative(1, side="provider", answer="accepted"),
        initiative(2, side="provider", answered_on="2026-03-17", answer="accepted"),
    )

    assert made.fact("initiatives.on_time.client").checks == Checks(Side.CLIENT, 1, 1)
    assert "initiatives.answer.I1" not in {finding.id for finding in made.findings}
    assert in_words(made.headline) == "Answered: 2 of 2."
    note = in_words(made.fact("initiatives.on_time.client").note)
    assert note == "answered on a day that is not recorded: 1"


@pytest.mark.parametrize("side", ["client", "provider"])
def test_the_other_side_answers_within_the_delay_or_is_told(tmp_path: Path, side: str) -> None:
    """From 2 March, 15 days end on the 17th; on the 18th 16 days have passed; by 30 April 59."""
    made = made_of(
        tmp_path,
        initiative(1, side=side, answered_on="2026-03-17", answer="accepted"),
        initiative(2, side=side, answered_on="2026-03-18", answer="refused"),
        initiative(3, side=side),
        initiative(4, side=side, raised_on="2026-04-20"),
    )

    by = OTHER[side]
    assert made.fact(f"initiatives.on_time.{by}").checks == Checks(Side(by), 1, 3)
    assert "after 16 days" in sentence(made, "initiatives.answer.I2")
    assert f"the {by} has no answer on record after 59 days" in sentence(
        made, "initiatives.answer.I3"
    )
    assert made.finding("initiatives.answer.I3").decider == by
    assert made.finding("initiatives.answer.I2").decider == "both"
    assert [f.id for f in made.facts if f.id.startswith("initiatives.on_time")] == [
        f"initiatives.on_time.{by}"
    ]


def test_thanks_and_successes_want_no_answer(tmp_path: Path) -> None:
    made = made_of(
        tmp_path, initiative(1, "thanks", evidence="E-mail"), initiative(2, "success", evidence="x")
    )

    assert made.headline == "No suggestion or alert is recorded."
    assert made.fact("initiatives.recognised").value == 2
    assert [f.id for f in made.findings] == ["initiatives.recognised"]


def test_without_a_delay_no_answer_is_late(tmp_path: Path) -> None:
    made = made_of(tmp_path, initiative(1), rule=None)

    assert made.findings == ()
    assert made.headline == "Answered: 0 of 1."


MILESTONES = [
    {
        "milestone_id": "M1",
        "title": "Switch",
        "contract_date": "2026-03-20",
        "actual_date": "2026-04-10",
    },
    {
        "milestone_id": "M2",
        "title": "Pilot",
        "contract_date": "2026-03-20",
        "actual_date": "2026-03-19",
    },
]
FORECASTS = [
    {"milestone_id": "M1", "reported_on": "2026-02-28", "forecast_date": "2026-03-20"},
    {"milestone_id": "M1", "reported_on": "2026-03-10", "forecast_date": "2026-04-05"},
]


def test_an_alert_is_before_the_first_report_of_a_later_date(tmp_path: Path) -> None:
    """Announced late on 10 March: the 2nd is 8 days before it, the 12th 2 days after."""
    made = made_of(
        tmp_path,
        initiative(1, "alert", milestone_id="M1"),
        initiative(2, "alert", milestone_id="M1", raised_on="2026-03-12"),
        initiative(3, "alert", milestone_id="M2"),
        milestones=MILESTONES,
        milestone_forecasts=FORECASTS,
    )

    fact = made.fact("initiatives.early")
    assert (fact.count, fact.n) == (1, 2)
    assert "It came 8 days before a later date was first reported (10 Mar 2026)" in sentence(
        made, "initiatives.answer.I1"
    )
    assert "It came" not in sentence(made, "initiatives.answer.I2")


def test_without_reports_the_fact_is_the_day_after_the_contracts_date(tmp_path: Path) -> None:
    made = made_of(tmp_path, initiative(1, "alert", milestone_id="M1"), milestones=MILESTONES)

    assert "It came 19 days before the date of the contract had passed" in sentence(
        made, "initiatives.answer.I1"
    )


def test_an_alert_on_a_budget_line_is_judged_only_after_the_line_is_stated(tmp_path: Path) -> None:
    line = {"line_id": "L1", "title": "Licences", "original": 1, "current": 10, "actual": 12}
    made = made_of(
        tmp_path,
        initiative(1, "alert", line_id="L1"),
        initiative(2, "alert", line_id="L1", raised_on="2026-04-02"),
        budget=[line | {"stated_on": "2026-04-01"}],
    )

    assert (made.fact("initiatives.early").count, made.fact("initiatives.early").n) == (0, 1)


def test_the_words_of_the_data_are_text(tmp_path: Path) -> None:
    assert "<i>{x}" not in html(made_of(tmp_path, initiative(1, title="<i>{x}</i>")))


def test_the_sample_has_an_alert_before_the_slip_that_waited_a_month() -> None:
    """IN2: 20 June to 22 July 2024 is 32 days; the slip was reported on 31 July: 41."""
    made = chapter_of(initiatives, sample_of())

    told = sentence(made, "initiatives.answer.IN2")
    assert "after 32 days" in told
    assert told.endswith(
        "It came 41 days before a later date was first reported (31 Jul 2024). On 30 Jun 2024, the "
        "date announced was still 30 Sept 2024."
    )
    decisions = [made.finding(f"initiatives.answer.{name}").decision for name in ("IN9", "IN2")]
    assert [bool(one) for one in decisions] == [True, False]
    assert made.headline == (
        "Answered: 6 of 7. Alerts: 3; 1 can be compared with the event: 41 days before a later "
        "date was first reported."
    )
    late = [f.id for f in made.findings if f.kind is Kind.CONCERN]
    assert late == ["initiatives.answer.IN9", "initiatives.answer.IN2"]
    assert made.fact("initiatives.benefit").value == 4200
    assert made.finding("initiatives.recognised").evidence == ("IN8",)
    assert sentence(made, "initiatives.stated.provider") == (
        "Stated by the provider, without a document: IN7 “1,150 mailboxes switched in one weekend”."
    )
    assert sentence(made, "initiatives.stated.client") == (
        "Stated by the client, without a document: IN4 “Closing dates handed to the service desk”."
    )
    applied = made.finding("initiatives.applied")
    assert "put into practice, with a document: IN1 “Starter guide" in str(applied.sentence)
    assert str(applied.sentence).endswith("By the year: IN3, €4,200 (stated).")
    assert applied.evidence == ("IN1", "IN3", "WO3")
    assert sentence(made, "initiatives.refused.IN5") == (
        "Alert IN5 “More staff needed before the peak season” of 7 Oct 2024 was not followed (the "
        "provider, 16 Oct 2024). It can be compared with no event of the tables."
    )


@pytest.mark.parametrize("side", ["client", "provider"])
def test_a_success_without_a_document_is_what_its_side_states(tmp_path: Path, side: str) -> None:
    made = made_of(tmp_path, initiative(1, "success", side=side))

    assert made.fact("initiatives.recognised").value == 0
    assert [(f.id, f.kind) for f in made.findings] == [(f"initiatives.stated.{side}", Kind.NEUTRAL)]


@pytest.mark.parametrize("side", ["client", "provider"])
def test_a_suggestion_applied_without_a_document_is_what_its_side_states(
    tmp_path: Path, side: str
) -> None:
    given = {"side": side, "answered_on": "2026-03-06", "answer": "accepted"}
    made = made_of(
        tmp_path,
        initiative(1, applied_on="2026-04-01", **given),
        initiative(2, applied_on="2026-04-01", evidence="Minutes", **given),
    )

    assert made.finding(f"initiatives.stated.{side}").evidence == ("I1",)
    assert sentence(made, "initiatives.applied") == (
        "Suggestions put into practice, with a document: I2 “Use the portal”."
    )


@pytest.mark.parametrize(
    ("raised_on", "still"), [("2026-02-28", True), ("2026-03-01", False), ("2026-03-12", False)]
)
def test_the_date_still_announced_after_an_alert_stands_beside_it(
    tmp_path: Path, raised_on: str, still: bool
) -> None:
    """The last report before the later date is of 28 February, and says 20 March."""
    made = made_of(
        tmp_path,
        initiative(1, "alert", milestone_id="M1", raised_on=raised_on),
        milestones=MILESTONES,
        milestone_forecasts=FORECASTS,
    )

    words = "On 28 Feb 2026, the date announced was still 20 Mar 2026."
    assert (words in sentence(made, "initiatives.answer.I1")) == still


@pytest.mark.parametrize("side", ["client", "provider"])
def test_what_was_not_followed_is_observed_with_what_came_after_it(
    tmp_path: Path, side: str
) -> None:
    """An alert on M1, a later date of which was reported on 10 March, and a suggestion applied."""
    refused = {"side": side, "answer": "refused", "answered_on": "2026-03-06"}
    made = made_of(
        tmp_path,
        initiative(1, "alert", milestone_id="M1", **refused),
        initiative(2, applied_on="2026-04-01", **refused),
        milestones=MILESTONES,
        milestone_forecasts=FORECASTS,
    )

    own = [f for f in made.findings if f.id.startswith("initiatives.refused")]
    assert [(f.kind, f.checks, f.decision) for f in own] == [(Kind.NEUTRAL, None, "")] * 2
    assert own[0].sentence == (
        f"Alert I1 “Use the portal” of 2 Mar 2026 was not followed (the {OTHER[side]}, 6 Mar "
        "2026). It came 8 days before a later date was first reported (10 Mar 2026)."
    )
    assert own[1].sentence.endswith("It was put into practice on 1 Apr 2026.")


def test_alerts_that_no_event_can_be_compared_with_are_counted_beside(tmp_path: Path) -> None:
    """Of four alerts one came 8 days before the report, one 2 days after it."""
    made = made_of(
        tmp_path,
        initiative(1, "alert", milestone_id="M1"),
        initiative(2, "alert", milestone_id="M1", raised_on="2026-03-12"),
        initiative(3, "alert", milestone_id="M2"),
        initiative(4, "alert"),
        milestones=MILESTONES,
        milestone_forecasts=FORECASTS,
    )

    assert made.headline == (
        "Answered: 0 of 4. Alerts: 4; 2 can be compared with the event: 1 came before it."
    )
    assert made.fact("initiatives.early").note == "2 alerts cannot be compared"


def test_an_ended_contract_asks_for_no_answer_any_more(tmp_path: Path) -> None:
    made = made_of(tmp_path, initiative(1), as_of="2027-03-01")

    finding = made.finding("initiatives.answer.I1")
    assert str(finding.decision).startswith("For the next contract: agree on who answers")
    assert (finding.decider, str(finding.brief.owes)) == ("both", "")


@pytest.mark.parametrize("side", ["client", "provider"])
def test_a_table_without_days_of_answers_says_of_neither_side_that_it_did_not_answer(
    tmp_path: Path, side: str
) -> None:
    made = made_of(tmp_path, initiative(1, side=side), lacks=True)

    assert made.headline == "The folder does not say which suggestions and alerts were answered."
    assert made.findings == ()
    assert made.fact(f"initiatives.on_time.{OTHER[side]}").checks is None
