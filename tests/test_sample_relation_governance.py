"""The meetings and reports of the sample, counted from its files by hand: each story, no other."""

from __future__ import annotations

import csv
import datetime as dt
import re
from itertools import pairwise
from statistics import median
from typing import Any

import pytest

from reviewlib.people.governance.chapter import governance
from reviewlib.report.values import Checks, Kind, Section, Side
from tests.sample import SAMPLE, sample_of
from tests.spoken import spoken

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
FIRST_LATE = dt.date(2024, 10, 1)


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(scope="module")
def section() -> Section:
    return spoken(governance(sample_of()), "en")


BOARD = [row for row in rows("meetings") if row["body"] == "steering"]
HELD = sorted(day(row["held_on"]) for row in BOARD if row["held_on"])


def test_the_summer_without_a_steering_committee(section: Section) -> None:
    gap, last = max((b - a, b) for a, b in pairwise(HELD))
    assert (len(HELD), len(BOARD), gap.days) == (16, 18, 91)
    assert (last - gap, last) == (dt.date(2024, 6, 20), dt.date(2024, 9, 19))
    assert section.headline == (
        "Steering committee: meetings held 16 of 18, none between 20 Jun 2024 and 19 Sept 2024 "
        "(91 days)."
    )
    body = section.finding("governance.body.steering").sentence
    assert "Cancelled by the client: 18 Jul 2024. Nothing recorded: 22 Aug 2024." in body


def test_minutes_after_three_weeks_from_month_ten(section: Section) -> None:
    late = [row for row in BOARD if row["held_on"] and day(row["held_on"]) >= FIRST_LATE]
    sent = [(day(r["minutes_on"]) - day(r["held_on"])).days for r in late if r["minutes_on"]]
    assert (len(late), len(sent), median(sent)) == (9, 8, 22)
    assert section.finding("governance.minutes.steering").sentence == (
        "Steering committee: minutes late for 8 of 16, sending not recorded for 1. None of "
        "the last 9, from 17 Oct 2024 on, had them within 5 working days; those sent came 22 days "
        "after the meeting (median)."
    )


def test_the_roles_that_were_absent(section: Section) -> None:
    held = [row["attended"].split("; ") for row in BOARD if row["held_on"]]
    absent = {
        role: sum(role not in roles for roles in held) for role in ("account_director", "cio")
    }
    assert absent == {"account_director": 3, "cio": 2}
    assert section.finding("governance.absent.steering").sentence == (
        "Steering committee, roles absent: Account director (provider) 3 of 16; "
        "Chief information officer (client) 2 of 16."
    )


def test_the_reports_late_and_missing(section: Section) -> None:
    """Ten working days after 31 December 2024, without 1 January, end on the 15th."""
    received = {(row["report"], row["period"]): row["received_on"] for row in rows("reports")}
    assert (day(received["monthly", "2024-12"]) - dt.date(2025, 1, 15)).days == 9
    assert [key for key, on in received.items() if not on] == [
        ("monthly", "2025-06"), ("activity_forecast", "2024Q4"),
    ]  # fmt: skip
    assert "9 days after" in section.finding("governance.report.monthly 2024-12").sentence
    assert "not received" in section.finding("governance.report.activity_forecast 2024Q4").sentence


def test_follow_ups_cancelled_once_by_each_side_and_one_committee_moved(section: Section) -> None:
    follow_up = [row for row in rows("meetings") if row["body"] == "follow_up"]
    assert (len(follow_up), sum(bool(row["held_on"]) for row in follow_up)) == (38, 36)
    assert section.finding("governance.body.follow_up").sentence == (
        "Follow-up meeting: meetings held 36 of 38. Cancelled by the client: 13 Aug 2024. "
        "Cancelled by the provider: 31 Dec 2024."
    )
    assert section.finding("governance.moved").sentence == (
        "Held later than planned: Steering committee of 20 Mar 2025 by 7 days, moved by the "
        "provider."
    )


def test_no_table_cites_a_committee_that_the_calendar_does_not_have() -> None:
    """Nor are a decision and the minutes that prove it of other days than their meeting has."""
    cited = [
        text
        for path in SAMPLE.glob("*.csv")
        for text in re.findall(r"comité de [^,;.]* du \d", path.read_text("utf-8", "replace"))
    ]
    meetings = {row["meeting_id"]: row for row in rows("meetings")}
    decided = [row for row in rows("decisions") if row["meeting_id"]]
    assert cited == []
    assert [row["decision_id"] for row in decided] == ["DE1", "DE2", "DE4", "DE6", "DE7"]
    for row in decided:
        own = meetings[row["meeting_id"]]
        sent = day(own["minutes_on"])
        assert (row["decided_on"], own["held_on"]) == (own["held_on"], own["planned_on"])
        assert row["evidence"] == f"Compte rendu du {sent.day} {MONTHS[sent.month - 1]} {sent.year}"


def test_once_the_contract_has_ended_nothing_is_asked_for_under_it(section: Section) -> None:
    decisions = [one.decision for one in section.findings if one.decision]
    assert len(decisions) == 5
    assert all(one.startswith("For the next contract: ") for one in decisions)


def test_the_page_has_no_key_of_the_contract_s_file(section: Section) -> None:
    shown = [one.sentence + one.decision + " ".join(one.evidence) for one in section.findings]
    cells = [str(cell) for one in section.tables for row in one.rows for cell in row]
    keys = ("steering", "follow_up", "monthly", "activity_forecast", "cio", "account_director")
    assert [(key, text) for key in keys for text in [*shown, *cells] if key in text] == []


def test_nothing_else_is_found_and_the_commitments_are_these(section: Section) -> None:
    concerns = {one.id.partition(".")[2] for one in section.findings if one.kind is Kind.CONCERN}
    assert concerns == {
        "body.steering", "body.follow_up", "minutes.steering", "absent.steering",
        "report.monthly 2024-12", "report.activity_forecast 2024Q4",
    }  # fmt: skip
    checks: dict[str, Any] = {one.id.partition(".")[2]: one.checks for one in section.facts}
    assert {name: one for name, one in checks.items() if one} == {
        "held": Checks(Side.BOTH, 52, 56), "launch": Checks(Side.BOTH, 1, 1),
        "minutes": Checks(Side.BOTH, 44, 53), "reports.provider": Checks(Side.PROVIDER, 16, 17),
        "reports.client": Checks(Side.CLIENT, 5, 6),
    }  # fmt: skip
