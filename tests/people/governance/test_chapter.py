"""The chapter on governance says of both parties the same, and no more than the tables do."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.people.governance.chapter import governance
from reviewlib.report.values import Kind, Section
from reviewlib.review import Review, open_period
from tests import desk
from tests.spoken import caveats, html, in_words, sentence
from tests.spoken import chapter as chapter_of

OTHER = {"client": "provider", "provider": "client"}
HOSTILE = '<img src=x onerror=alert(1)> =1+1 \u202e{ids} %s "'
BOARD = {"title": "Board", "clause": "6.2", "every": "month", "last": "2026-06-30",
         "minutes": "5 calendar days", "roles": ["manager", "lead"]}  # fmt: skip
MONTHLY = {"title": "Monthly report", "every": "month", "within": "10 calendar days"}
HELD = ["2026-01-15", "2026-02-16", "2026-05-18", "2026-06-15"]


def plan(side: str = "provider") -> dict[str, Any]:
    """Return a contract in which a side has the manager and owes a report, the other the lead."""
    return desk.agreed(**{
        side: {"name": side, "contact": {"id": "manager", "role": "Manager"}},
        OTHER[side]: {"name": OTHER[side], "contact": {"id": "lead", "role": "Lead"}},
        "governance": {"bodies": {"board": BOARD}, "reports": {"monthly": MONTHLY | {"side": side}},
                       "launch": {"by": "2026-01-09", "clause": "6.1"}},
    })  # fmt: skip


def tables(side: str = "provider") -> dict[str, pd.DataFrame]:
    """Four meetings held; in March one struck by a side, in April nothing; minutes late twice."""
    rows: list[dict[str, Any]] = [
        {"meeting_id": f"M{place}", "body": "board", "planned_on": one, "held_on": one,
         "minutes_on": one if place < 3 else "2026-06-29", "attended": "manager; lead"}
        for place, one in enumerate(HELD, start=1)
    ]  # fmt: skip
    rows[3] |= {"attended": "lead; stranger"}
    rows += [
        {"meeting_id": "M5", "body": "board", "planned_on": "2026-03-16", "cancelled_by": side,
         "cancelled_on": "2026-03-10"},
        {"meeting_id": "R1", "body": "launch", "planned_on": "2026-01-09", "held_on": "2026-01-12"},
    ]  # fmt: skip
    months = [{"report": "monthly", "period": f"2026-0{n}", "received_on": f"2026-0{n + 1}-09"}
              for n in range(1, 6) if n != 4]  # fmt: skip
    return {"meetings": pd.DataFrame(rows), "reports": pd.DataFrame(months)}


def review(folder: Path, side: str = "provider", **given: Any) -> Review:
    written = tables(side) | given.pop("tables", {})
    folder.mkdir(exist_ok=True)
    return desk.review(folder, given.pop("plan", plan(side)), written, as_of="2026-07-01")


def test_it_says_what_was_held_and_what_was_not(tmp_path: Path) -> None:
    """From 16 February to 18 May are 91 days; minutes of M3 42, of M4 14 days after; report of
    April due on 10 May, 52 days before 1 July.
    """
    section = chapter_of(governance, review(tmp_path))
    assert section.headline == (
        "Board: meetings held 4 of 6, none between 16 Feb 2026 and 18 May 2026 (91 days)."
    )
    assert sentence(section, "governance.body.board") == (
        f"{section.headline} Cancelled by the provider: 16 Mar 2026. "
        "Nothing recorded: the period to 30 Apr 2026."
    )
    assert sentence(section, "governance.minutes.board") == (
        "Board: minutes late for 2 of 4, sending not recorded for 0."
    )
    assert sentence(section, "governance.launch") == (
        "The launch meeting was held on 12 Jan 2026, 3 days after its due date (9 Jan 2026)."
    )
    assert sentence(section, "governance.absent.board") == (
        "Board, roles absent: Manager (provider) 1 of 4."
    )
    assert sentence(section, "governance.report.monthly 2026-04") == (
        "Monthly report of Apr 2026: not received as of 1 Jul 2026; it was due on 10 May 2026."
    )
    assert "stranger" in caveats(section)["governance.no_role"]
    owed = section.finding("governance.report.monthly 2026-04").brief
    assert owed
    assert in_words(owed.owes) == "Monthly report of Apr 2026: to send"


def test_each_commitment_is_counted_by_one_fact_and_told_by_one_finding(tmp_path: Path) -> None:
    section = governance(review(tmp_path))
    counted: list[Counter[Any]] = []
    for values in (section.facts, section.findings):
        sums: Counter[Any] = Counter()
        for checks in (one.checks for one in values if one.checks):
            sums.update({(checks.side, "held"): checks.held, (checks.side, "of"): checks.of})
        counted.append(sums)
    assert counted[0] == counted[1]
    assert sorted(counted[0].values()) == [4, 5, 6, 11]  # reports 4 of 5; 4 + 2 of 6 + 4 + launch


def test_it_says_that_minutes_are_owed_by_both_sides_by_default(tmp_path: Path) -> None:
    fact = chapter_of(governance, review(tmp_path)).fact("governance.minutes")
    assert fact.note == (
        "owed by both sides, for the contract file does not say who writes them (by default)"
    )


def test_exchange_the_parties_and_the_findings_are_exchanged(tmp_path: Path) -> None:
    here = chapter_of(governance, review(tmp_path / "one", "provider"))
    there = chapter_of(governance, review(tmp_path / "two", "client"))
    assert statements(there, OTHER) == statements(here, {})


def statements(section: Section, names: dict[str, str]) -> list[Any]:
    """Return what is found and counted, the names of the parties replaced."""

    def words(text: Any) -> str:
        return re.sub(r"client|provider", lambda one: names.get(one[0], one[0]), str(text))

    findings = [(words(one.id), one.kind, words(one.sentence), words(one.decision), one.decider,
                 words(one.brief and one.brief.text)) for one in section.findings]  # fmt: skip
    facts = [(words(one.label), one.value, one.n, words(one.note)) for one in section.facts]
    return sorted([*findings, *facts], key=str)


def test_without_a_plan_it_counts_and_gives_no_verdict(tmp_path: Path) -> None:
    section = chapter_of(governance, review(tmp_path, plan=desk.agreed()))
    assert section.headline == "Meetings held of bodies without an agreed rhythm: 4 of 5."
    assert [one for one in section.findings if one.kind is not Kind.NEUTRAL] == []
    assert [one for one in section.facts if one.checks] == []
    assert section.fact("governance.reports.others").value == 4


def test_what_a_file_lacks_is_no_verdict(tmp_path: Path) -> None:
    """Without the day held, or that of the minutes, nobody is told to have missed anything."""
    for column, name in (("held_on", "held"), ("minutes_on", "minutes"), ("attended", "attended")):
        rows = tables()["meetings"].drop(columns=column)
        section = chapter_of(governance, review(tmp_path / name, tables={"meetings": rows}))
        concerns = [one.id for one in section.findings if one.kind is Kind.CONCERN]
        assert not [one for one in concerns if name in one or (name == "held" and "body" in one)]
    rows = tables()["reports"].drop(columns="received_on")
    section = chapter_of(governance, review(tmp_path / "r", tables={"reports": rows}))
    assert not [one for one in section.findings if "report" in one.id]


def test_words_of_the_data_stay_words(tmp_path: Path) -> None:
    agreed = plan()
    agreed["governance"]["bodies"]["board"] = BOARD | {"title": HOSTILE}
    rows = tables()["meetings"].assign(evidence=HOSTILE)
    rows.loc[0, ["body", "attended"]] = [HOSTILE, HOSTILE]
    section = governance(review(tmp_path, plan=agreed, tables={"meetings": rows}))
    for language in ("en", "fr"):
        assert "<img" not in html(section, language)
    assert len(chapter_of(governance, review(tmp_path / "n")).headline.split()) <= 22


def test_a_period_has_its_own_meetings_and_one_line_where_there_are_none(tmp_path: Path) -> None:
    """In the second quarter May and June were held, April not; the gap began in the first."""
    review(tmp_path)
    quarter = chapter_of(governance, open_period(tmp_path, "2026Q2"))
    assert quarter.headline.startswith("Board: meetings held 2 of 3, none between 16 Feb 2026")
    agreed = desk.agreed(data={"extracted_at": "2026-12-31T18:00:00+01:00"})
    review(tmp_path / "later", plan=agreed)
    nothing = chapter_of(governance, open_period(tmp_path / "later", "2026Q4"))
    assert nothing.because == "nothing in meetings.csv is of the period"


def test_the_headline_counts_what_the_facts_count(tmp_path: Path) -> None:
    """Of January and February both were held, and their minutes and those of the launch sent. A
    body outside the plan that met twice, 90 days apart, is in neither.
    """
    agreed = plan()
    agreed["governance"]["bodies"]["board"] = BOARD | {"last": "2026-02-28"}
    agreed["governance"]["launch"] |= {"minutes": "5 calendar days"}
    days = {"L1": ("launch", "2026-01-09"), "M1": ("board", "2026-01-15"),
            "M2": ("board", "2026-02-16"), "X1": ("crisis", "2026-01-05"),
            "X2": ("crisis", "2026-04-05")}  # fmt: skip
    rows = [{"meeting_id": name, "body": body, "planned_on": one, "held_on": one, "minutes_on": one}
            for name, (body, one) in days.items()]  # fmt: skip
    section = chapter_of(
        governance, review(tmp_path, plan=agreed, tables={"meetings": pd.DataFrame(rows)})
    )
    assert section.headline == "Meetings held: 2 of the 2 planned. Minutes in time for 3 of 3."
    assert (section.fact("governance.held").count, section.fact("governance.held").n) == (2, 2)
    assert (section.fact("governance.minutes").count, section.fact("governance.minutes").n) == (
        3,
        3,
    )
    assert section.fact("governance.gap").value == 32
    assert section.fact("governance.others").n == 2


def test_a_report_received_without_an_agreed_day_is_not_said_to_be_due_later(
    tmp_path: Path,
) -> None:
    section = chapter_of(governance, review(tmp_path, plan=desk.agreed()))
    assert section.fact("governance.reports.provider").note == "no day is agreed"
    stated = chapter_of(governance, review(tmp_path / "stated"))
    assert stated.fact("governance.reports.provider").n == 5
