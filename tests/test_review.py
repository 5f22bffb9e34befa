"""A review: from which instant it looks, and what was known then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib import review as review_module
from reviewlib.faults import Faults, ReviewError
from reviewlib.folder.reach import ASKED, DECLARED, END_OF_CONTRACT, LAST_EVENT
from reviewlib.pages.cells import REVIEW_MIME, of_review
from reviewlib.report.encoding import decoded
from reviewlib.report.text import N_
from reviewlib.review import Review, checked_contract, open_review
from reviewlib.tables import SCHEMAS

Folder = Callable[..., Path]

TICKETS = (
    "ticket_id,opened_at,priority,resolved_at\n"
    "T1,2024-03-01 09:00,P1,2024-03-05 12:00\n"
    "T2,2024-04-02 10:00,P2,\n"
)


def ids(review: Review, table: str, column: str) -> list[str]:
    found = review.table(table)
    return [] if found is None else found[column].to_list()


# --- As of


def test_a_review_looks_from_the_declared_extraction(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + "data: {extracted_at: 2024-06-30T18:00}\n"
    review = open_review(engagement_folder(text, tickets=TICKETS))

    assert (review.as_of, review.basis) == (pd.Timestamp("2024-06-30T16:00Z"), DECLARED)
    assert review.today == pd.Timestamp("2024-06-30")


def test_else_from_the_last_event_of_the_log_of_whatever_kind(engagement_folder: Folder) -> None:
    """The last opening is on 2 April at 10:00, the last resolution on 5 May at 12:00 (UTC+2)."""
    tickets = TICKETS.replace("2024-03-05", "2024-05-05")
    review = open_review(engagement_folder(tickets=tickets))
    assert (review.as_of, review.basis) == (pd.Timestamp("2024-05-05T10:00Z"), LAST_EVENT)
    known = review.table("tickets")
    assert known is not None
    assert known["resolved_at"].notna().to_list() == [True, False]

    events = "ticket_id,at,field,new\nT2,2024-05-06 00:00,status,Done\n"
    review = open_review(engagement_folder(tickets=tickets, ticket_events=events))
    assert review.as_of == pd.Timestamp("2024-05-05T22:00Z")


def test_else_from_the_last_second_of_the_contract_and_never_from_today(
    engagement_folder: Folder,
) -> None:
    review = open_review(engagement_folder())

    assert (review.as_of, review.basis) == (pd.Timestamp("2024-12-31T22:59:59Z"), END_OF_CONTRACT)


@pytest.mark.parametrize(
    ("asked", "instant"),
    [
        ("2024-06-30", "2024-06-30T21:59:59Z"),
        ("20240630", "2024-06-30T21:59:59Z"),
        ("2024-03-31", "2024-03-31T21:59:59Z"),
        (" 2024-06-30T18:00 ", "2024-06-30T16:00Z"),
        ("2024-06-30 18:00", "2024-06-30T16:00Z"),
        ("2024-06-30T18:00:00Z", "2024-06-30T18:00Z"),
        ("2024-03-31T02:30", "2024-03-31T01:00Z"),
        ("2024-10-27T02:30", "2024-10-27T00:30Z"),
    ],
)
def test_a_date_that_is_asked_for_means_its_last_second_in_the_contract_s_zone(
    engagement_folder: Folder, asked: str, instant: str
) -> None:
    review = open_review(engagement_folder(tickets=TICKETS), as_of=asked)

    assert (review.as_of, review.basis) == (pd.Timestamp(instant), ASKED)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("yesterday", "as of 'yesterday': write a date such as 2025-06-30"),
        ("30/06/2024", "write a date such as 2025-06-30, or an instant"),
        ("2024-02-30", "write a date such as 2025-06-30"),
        ("9999-12-31", "write a year from 1970 to 2099"),
        ("0001-01-01T00:00+12:00", "write a year from 1970 to 2099"),
        ("2024-06-30T18:01", "after the extraction of the data (2024-06-30T18:00:00+02:00)"),
        ("2024-07-01", "Give an earlier date"),
        ("2023-12-31", "before the first day of the engagement, 1 Jan 2024"),
    ],
)
def test_an_instant_that_the_data_can_not_show_is_refused(
    engagement_folder: Folder, contract_text: str, asked: str, message: str
) -> None:
    text = contract_text + "data: {extracted_at: 2024-06-30T18:00}\n"
    with pytest.raises(ReviewError) as refused:
        open_review(engagement_folder(text, tickets=TICKETS), as_of=asked)

    assert message in str(refused.value)


def test_a_day_more_than_a_year_after_the_end_is_refused_unless_the_data_reach_so_far(
    engagement_folder: Folder, contract_text: str
) -> None:
    """The contract ends on 31 December 2024: rows of 2026 could not stand in its tables either."""
    folder = engagement_folder(tickets=TICKETS)
    assert open_review(folder, as_of="2025-12-31").today == pd.Timestamp("2025-12-31")
    with pytest.raises(ReviewError, match=r"more than a year .* 31 Dec 2024, .*data\.extracted_at"):
        open_review(folder, as_of="2026-01-01")

    folder = engagement_folder(f"{contract_text}data: {{extracted_at: 2026-03-01}}\n")
    assert open_review(folder, as_of="2026-01-01").today == pd.Timestamp("2026-01-01")


@pytest.mark.parametrize(
    ("extracted", "day"),
    [
        ("2024-06-30T18:00", "2024-06-30"),
        ("2024-06-30T00:30", "2024-06-30"),  # 29 June at 22:30 in UTC
        ("2024-06-30T23:30:00+00:00", "2024-07-01"),  # 01:30 in Paris
        ("2024-06-30", "2024-06-30"),
    ],
)
def test_the_day_of_the_extraction_is_seen_from_the_extraction(
    engagement_folder: Folder, contract_text: str, extracted: str, day: str
) -> None:
    """Not from its end, which the data do not show, nor from the midnight before it."""
    folder = engagement_folder(f"{contract_text}data: {{extracted_at: {extracted}}}\n")

    assert open_review(folder, as_of=day).as_of == open_review(folder).as_of
    assert open_review(folder, as_of=day).basis == ASKED


# --- What is refused before a kernel starts


def test_a_small_folder_is_read_whole_before_anything_runs(
    engagement_folder: Folder, contract_text: str
) -> None:
    broken = contract_text.replace("language: en", "language: de")
    folder = engagement_folder(broken, lessons="lesson_id,wrong\nL1,x\n")
    with pytest.raises(Faults) as refused:
        checked_contract(folder)

    assert {fault.file for fault in refused.value.faults} == {"engagement.yml", "lessons.csv"}


def test_of_a_large_folder_the_contract_and_the_dates_are_checked_before_anything_runs(
    engagement_folder: Folder, contract_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables are left to the kernel, unless the contract is at fault: then all is said."""
    monkeypatch.setattr(review_module, "READ_TWICE", 10)
    wrong = "lesson_id,wrong\nL1,x\n"
    folder = engagement_folder(lessons=wrong)
    assert checked_contract(folder).id == "C-1"
    with pytest.raises(ReviewError, match="before the first day of the engagement"):
        checked_contract(folder, as_of="2023-12-31")

    broken = contract_text.replace("language: en", "language: de")
    with pytest.raises(Faults) as refused:
        checked_contract(engagement_folder(broken, lessons=wrong))
    assert {fault.file for fault in refused.value.faults} == {"engagement.yml", "lessons.csv"}


def test_an_engagement_may_be_seen_from_its_first_day(engagement_folder: Folder) -> None:
    review = open_review(engagement_folder(tickets=TICKETS), as_of="2024-01-01")

    assert review.table("tickets") is None


# --- What was known


def test_rows_that_came_later_are_not_there_and_later_values_are_not_known(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(
        tickets=TICKETS,
        ticket_events=(
            "ticket_id,at,field,new\nT1,2024-03-01 09:00,status,New\n"
            "T1,2024-03-05 12:00,status,Done\n"
        ),
        milestones=(
            "milestone_id,title,contract_date,actual_date\nM1,Start,2024-03-01,2024-03-04\n"
            "M2,End,2024-12-01,2024-12-05\n"
        ),
        milestone_forecasts=(
            "milestone_id,reported_on,forecast_date\nM2,2024-03-04,2025-01-31\n"
            "M2,2024-03-05,2025-02-28\n"
        ),
    )
    review = open_review(folder, as_of="2024-03-04")

    tickets = review.table("tickets")
    assert tickets is not None
    assert tickets["ticket_id"].to_list() == ["T1"]
    assert tickets["resolved_at"].isna().to_list() == [True]
    assert ids(review, "ticket_events", "new") == ["New"]
    milestones = review.table("milestones")
    assert milestones is not None
    assert milestones["actual_date"].notna().to_list() == [True, False]
    assert milestones["contract_date"].notna().all()
    forecasts = review.table("milestone_forecasts")
    assert forecasts is not None
    assert forecasts["forecast_date"].to_list() == [pd.Timestamp("2025-01-31")]


def test_a_decision_is_known_from_its_day_on_with_all_that_it_says(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(
        deliverables="deliverable_id,title,due_on\nD1,Plan,2024-03-01\n",
        submissions=(
            "deliverable_id,version,submitted_on,decided_on,decision,open_reservations\n"
            "D1,1,2024-03-01,2024-03-08,accepted_with_reservations,2\n"
        ),
        actions=(
            "action_id,title,created_on,done_on,status\n"
            "A1,One,2024-03-01,2024-03-08,done\nA2,Two,2024-03-08,,open\nA3,Three,,,in_progress\n"
        ),
    )

    def known(day: str) -> tuple[list[object], list[tuple[str, str]]]:
        review = open_review(folder, as_of=day)
        submissions, actions = review.table("submissions"), review.table("actions")
        assert submissions is not None
        assert actions is not None
        shown = submissions[["decided_on", "decision", "open_reservations"]].iloc[0]
        decided = [None if pd.isna(value) else value for value in shown]
        pairs = zip(actions["action_id"], actions["status"], strict=True)
        return decided, list(pairs)

    assert known("2024-03-07") == ([None] * 3, [("A1", "open"), ("A3", "in_progress")])
    day, said = pd.Timestamp("2024-03-08"), "accepted_with_reservations"
    every = [("A1", "done"), ("A2", "open"), ("A3", "in_progress")]
    assert known("2024-03-08") == ([day, said, 2], every)


def test_what_was_written_down_later_is_not_there_even_where_its_date_may_be_left_out(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(
        lessons=(
            "lesson_id,event,recommendation,kind,logged_on\nL1,a,b,keep,2024-03-04\n"
            "L2,a,b,keep,2024-03-05\nL3,a,b,keep,\n"
        ),
        survey_answers=(
            "wave,respondent,question,answer,answered_on\nW,r1,Q1,5,2024-03-04\n"
            "W,r2,Q1,5,2024-03-05\n"
        ),
        survey_invitations="wave,department,invited,sent_on\nW,A,9,2024-03-05\n",
        reported_kpis="month,clause,value\n2024-02,5.2,95\n2024-03,5.2,95\n2024-04,5.2,95\n",
    )
    review = open_review(folder, as_of="2024-03-04")

    assert ids(review, "lessons", "lesson_id") == ["L1", "L3"]
    assert ids(review, "survey_answers", "respondent") == ["r1"]
    assert review.table("survey_invitations") is None
    assert ids(review, "reported_kpis", "month") == ["2024-02", "2024-03"]


def test_seen_from_the_extraction_a_table_is_as_it_was_read(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + "data: {extracted_at: 2024-06-30T18:00}\n"
    review = open_review(engagement_folder(text, tickets=TICKETS))

    pd.testing.assert_frame_equal(
        review.engagement.tables["tickets"], review.table("tickets"), check_freq=False
    )


def test_a_column_that_dates_another_one_is_a_date_of_its_table() -> None:
    for schema in SCHEMAS.values():
        for column in schema.columns.values():
            about = column.metadata
            if "known_on" in about:
                assert schema.columns[about["known_on"]].metadata["kind"] == "date"
                assert not column.required or about["until_then"] in about["allowed"]


# --- Language and identity


def test_the_language_is_the_one_asked_for_else_the_contract_s(engagement_folder: Folder) -> None:
    folder = engagement_folder()

    assert (open_review(folder).language, open_review(folder).contract.title) == (
        "en",
        "IT support",
    )
    french = open_review(folder, language="fr")
    assert (french.language, french.contract.title) == ("fr", "IT support")
    assert french.contract.title.in_language("fr") == "Support informatique"
    with pytest.raises(ReviewError, match="language 'de': allowed are fr and en"):
        open_review(folder, language="de")


def test_a_review_tells_of_itself_in_plain_values_and_names_what_it_was_made_from(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + (
        "amendments:\n  - {id: A1, title: First, signed: 2024-02-01, effective: 2024-03-01,\n"
        "     changes: {priorities: [P1, P2, P3]}}\n"
    )
    review = open_review(engagement_folder(text, tickets=TICKETS), as_of="2024-06-30")
    found = json.loads(json.dumps(review.about()))

    assert found["engagement"]["amendments"] == [
        {"id": "A1", "title": "First", "effective": "2024-03-01"}
    ]
    assert (found["as_of"], found["as_of_basis"]) == ("2024-06-30T21:59:59+00:00", "asked")
    assert found["period"] == {"first": "2024-01-01", "last": "2024-12-31"}
    assert [(i["file"], i["rows"], i["used"]) for i in found["inputs"]] == [
        ("engagement.yml", 0, 0),
        ("tickets.csv", 2, 2),
    ]
    assert found["inputs_sha256"] == review.engagement.sha256
    assert {"reviewlib", "python", "pandas", "holidays"} <= set(found["versions"])
    shown = of_review(review)
    assert shown["text/plain"] == "IT support, 30 Jun 2024 23:59"
    assert decoded(json.loads(json.dumps(shown[REVIEW_MIME])))["as_of"] == found["as_of"]


def test_a_section_is_shown_in_the_language_and_the_zone_of_its_review(
    engagement_folder: Folder,
) -> None:
    review = open_review(engagement_folder(), language="fr")
    section = review.section("flow", N_("Flow"), because=N_("nothing was opened"))

    assert (section.slug, section.because) == ("flow", N_("nothing was opened"))
    assert (section.shown_in, section.time_zone) == ("fr", "Europe/Paris")


def test_a_mistyped_table_is_answered_with_the_one_most_like_it(engagement_folder: Folder) -> None:
    review = open_review(engagement_folder())

    with pytest.raises(KeyError, match=r"no table 'tickts': did you mean tickets\?"):
        review.table("tickts")
    with pytest.raises(KeyError, match=r"no table 'xyz': review.tables\(\) lists"):
        review.table("xyz")


def test_the_tables_of_a_review_are_those_with_rows(engagement_folder: Folder) -> None:
    folder = engagement_folder(
        milestones="milestone_id,title,contract_date\nM1,Start,2024-03-01\nM2,End,2024-06-01\n",
        payments="payment_id,amount,due_on,paid_on\n",
    )
    tables = open_review(folder).tables()

    assert "payments" not in tables.index
    assert tables.loc["milestones", "rows"] == 2
    assert tables.loc["milestones", "columns"].startswith("milestone_id, title, contract_date")
