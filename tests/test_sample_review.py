"""The report finds in the shipped engagement what was planted in it: data/README.md lists it.

The expected figures are those of that page, worked out there by a computation of its own that
tests/test_sample.py holds to the tables; nothing here comes from the report itself.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.spoken import in_language

Review = dict[str, Any]


@pytest.fixture(scope="module")
def review(sample_review: Path) -> Review:
    text = (sample_review / "review.json").read_text(encoding="utf-8")
    return dict(in_language(json.loads(text), "en"))


def section(review: Review, slug: str) -> dict[str, Any]:
    return next(dict(s) for s in review["sections"] if s["slug"] == slug)


def fact(review: Review, fact_id: str) -> dict[str, Any]:
    chapter = section(review, fact_id.split(".", maxsplit=1)[0])
    return next(dict(found) for found in chapter["facts"] if found["id"] == fact_id)


def sentence(review: Review, finding_id: str) -> str:
    chapter = section(review, finding_id.split(".", maxsplit=1)[0])
    found = next(str(f["sentence"]) for f in chapter["findings"] if f["id"] == finding_id)
    return found.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("fact_id", "met", "n", "kept"),
    [
        ("response.met.P1", 66, 69, True),
        ("response.met.P2", 558, 582, True),
        ("response.met.P3", 3894, 4075, True),
        ("response.met.P4", 1146, 1191, True),
        ("resolution.met.P1", 65, 69, False),
        ("resolution.met.P2", 498, 582, False),
        ("resolution.met.P3", 3677, 4049, True),
        ("resolution.met.P4", 1044, 1190, True),
    ],
)
def test_every_threshold_is_judged_as_planted(
    review: Review, fact_id: str, met: int, n: int, kept: bool
) -> None:
    found = fact(review, f"service_levels.{fact_id}")

    assert (found["value"], found["n"], found["met"]) == (met / n, n, kept)


def test_the_rough_transition_is_seen_month_by_month(review: Review) -> None:
    """All priorities: 297 of 425, 234 of 320 and 286 of 356 resolutions in time."""
    chapter = section(review, "service_levels")
    months = next(t for t in chapter["tables"] if t["id"] == "service_levels.resolution.months")
    keys = [column["key"] for column in months["columns"]]
    rows = [dict(zip(keys, row, strict=True)) for row in months["rows"]]
    counted = {
        month: (
            sum(row["met"] for row in rows if row["month"] == month),
            sum(row["met"] + row["breached"] for row in rows if row["month"] == month),
        )
        for month in ("2024-01", "2024-02", "2024-03")
    }

    assert counted == {"2024-01": (297, 425), "2024-02": (234, 320), "2024-03": (286, 356)}


def test_the_backlog_of_the_transition_is_seen_and_cleared_in_spring(review: Review) -> None:
    (figure,) = section(review, "flow")["figures"]

    assert [row[3] for row in figure["table"]["rows"][:5]] == [73, 99, 113, 61, 12]
    assert fact(review, "flow.backlog")["value"] == 46


def test_the_amendment_is_shown_under_both_terms(review: Review) -> None:
    said = sentence(review, "service_levels.resolution.P2.amendment.1")

    for words in ("from 8 h to 6 h", "90.4% (n = 282)", "94.0% (n = 300)", "81.0% (n = 300)"):
        assert words in said


def test_the_sensitive_period_is_compared(review: Review) -> None:
    assert "83.8% (n = 687) within" in sentence(review, "service_levels.sensitive.1")


def evidence(review: Review, finding: str) -> list[str]:
    return next(
        f["evidence"] for s in review["sections"] for f in s["findings"] if f["id"] == finding
    )


def test_the_reported_figures_are_explained_but_that_of_december_2024(review: Review) -> None:
    """61 of 89 of Art. 5.2 are higher: 60 by pausing for third parties too, with its 95 tickets."""
    said = sentence(review, "reconciliation.resolution")
    alone = [f["id"] for f in section(review, "reconciliation")["findings"]][2:]

    assert "figures that differ from the one recomputed: 61 of 89, all of them higher" in said
    assert "“paused while anyone is awaited” gives the largest number of them: 60 of 61" in said
    assert len(evidence(review, "reconciliation.resolution")) == 95
    assert alone == ["reconciliation.resolution.2024-12"]
    assert sentence(review, alone[0]).endswith("Contested by the client and the provider.")
    assert "are those recomputed from the log" in sentence(review, "reconciliation.response")


def test_the_amendment_alone_turns_the_verdict_on_p2(review: Review) -> None:
    """282 of 300 since then within 8 h, and 255 of 282 before: 537 of 582, 92.3 %."""
    said = sentence(review, "sensitivity.resolution.P2")

    assert said.startswith("Resolution · P2: threshold missed under the contract (85.6%, for 90%)")
    assert "by the terms before Avenant 1: 92.3% (n = 582, tickets that flip: 39)" in said


def test_the_extensions_that_were_accepted_are_the_only_ones_that_count(review: Review) -> None:
    """3,677 of 4,049 of P3 in time: two of them by theirs, INC12684 late as its own was refused."""
    table = next(t for t in section(review, "terms")["tables"] if t["id"] == "terms.extensions")
    found = fact(review, "service_levels.resolution.met.P3")

    assert {row[1]: row[5] for row in table["rows"]} == {
        **dict.fromkeys(("INC12024", "DEM12925", "INC13619", "INC14379"), "accepted"),
        "INC12684": "refused",
    }
    assert (found["value"], found["n"]) == (3677 / 4049, 4049)


SIGNALS = {
    "waits": "INC10007 DEM10021 DEM10146 DEM10469 DEM12228 INC12917 INC13866 INC13909 INC14027 "
    "INC14123 INC14162 INC15912",
    "reopened": "INC12486 INC13417 INC13470 DEM13485 INC13515 INC13632 INC13865 INC14343 INC14429",
    "lowered": "INC11862 INC12807 INC13345 INC14834",
    "unworked": "INC14097 DEM14216 DEM14470 INC14710 DEM14786 DEM14892 INC14969 INC15008 INC15243 "
    "INC15507 INC15538 INC15612 DEM15649 INC15679 INC15706",
}


@pytest.mark.parametrize("signal", SIGNALS)
def test_each_signal_is_found_in_the_planted_tickets_and_in_no_other(
    review: Review, signal: str
) -> None:
    assert sorted(evidence(review, f"signals.{signal}")) == sorted(SIGNALS[signal].split())


def test_waits_set_late_are_fewer_than_chance_gives_and_raise_no_question(review: Review) -> None:
    found = next(f for f in section(review, "signals")["findings"] if f["id"] == "signals.waits")

    assert "12 of the 1,238 set within it" in found["sentence"]
    assert "82.3 would be" in found["sentence"]
    assert found["decision"] == ""


def test_one_month_ends_with_more_resolutions_than_its_limit(review: Review) -> None:
    said = sentence(review, "signals.month_ends")

    assert "1 of the 18" in said
    assert "31 Mar 2025: 37 resolutions, against 15.3 a day" in said


def test_three_major_incidents_were_told_late_and_no_other(review: Review) -> None:
    chapter = section(review, "escalations")
    said = sentence(review, "escalations.level.1")

    assert [f["kind"] for f in chapter["findings"]] == ["concern", "strength", "strength"]
    assert sorted(evidence(review, "escalations.level.1")) == ["INC10214", "INC10233", "INC10300"]
    for words in ("51 major incidents", "INC10214 (1 h 05)", "INC10233 (48 min)", "INC10300"):
        assert words in said


def test_availability_is_as_worked_out_by_hand(review: Review) -> None:
    """5.3: October and December 2024 are under 99.5 %; 5.4: February 2024, April and June 2025."""
    said = " ".join(f["sentence"] for f in section(review, "availability")["findings"])

    for words in ("Oct 2024 99.420%", "Dec 2024", "Feb 2024", "Apr 2025", "Jun 2025 99.896%"):
        assert words in said
    assert said.count("under the target") == 2
    months = [f for f in section(review, "availability")["facts"] if f["met"] is not None]
    assert [(f["value"], f["n"]) for f in months] == [(16, 18), (15, 18)]


def test_volumes_are_those_planted_and_out_of_scope_requests_are_told(review: Review) -> None:
    """Visits, software of the shops and hardware are not counted by tickets."""
    table = next(t for t in section(review, "volumes")["tables"] if t["id"] == "volumes.scope")

    assert [row[1:4] for row in table["rows"]] == [
        ["included", "Art. 3.1", 4840],
        ["included", "Art. 3.2", 792],
        ["included", "Art. 3.3", None],
        ["included", "Annexe 4", 259],
        ["excluded", "Art. 3.5", 109],
        ["excluded", "Art. 3.5", None],
        ["excluded", "Art. 3.5", None],
    ]


def test_the_migration_milestone_slipped_four_times(review: Review) -> None:
    said = sentence(review, "milestones.M4")

    assert "165 days after the date of the contract" in said
    assert "moved later 4 times" in said


def test_the_deliverable_refused_twice_and_its_open_reservations_are_found(review: Review) -> None:
    said = sentence(review, "deliverables.D3")

    assert "refused twice" in said
    assert "2 reservations are still open" in said


def test_the_silent_department_is_named_and_the_small_one_hidden(review: Review) -> None:
    chapter = section(review, "satisfaction")

    assert "30 people invited" in sentence(review, "satisfaction.silent.logistique")
    table = next(t for t in chapter["tables"] if t["id"] == "satisfaction.response")
    assert {row[0] for row in table["rows"] if row[3] is None} == {"RH", "Marketing"}


def test_satisfaction_is_as_planted(review: Review) -> None:
    csat = next(
        f
        for f in section(review, "satisfaction")["facts"]
        if f["id"].startswith("satisfaction.csat")
    )

    assert (round(csat["value"], 3), csat["n"]) == (0.697, 76)


def test_objectives_met_and_missed_are_as_planted(review: Review) -> None:
    met = {
        f["id"].split(".")[2]: f["met"]
        for f in section(review, "engagement")["facts"]
        if f["id"].startswith("engagement.objective.")
    }

    assert met == {"O1": True, "O2": False, "O3": False, "O4": False, "O5": True, "O6": None}
    assert "was not measured" in sentence(review, "engagement.objective.O6")


def test_the_odd_rows_are_set_aside_or_repaired_and_no_others(review: Review) -> None:
    chapter = section(review, "data_quality")
    tables = {table["id"]: table["rows"] for table in chapter["tables"]}
    files = [row[0] for row in tables["data_quality.set_aside"]]

    assert (files.count("tickets.csv"), files.count("ticket_events.csv")) == (4, 7)
    assert len(tables["data_quality.repaired"]) == 4
    assert len(files) == 11


def test_overdue_actions_are_the_planted_ones(review: Review) -> None:
    overdue = [
        f
        for f in section(review, "lessons")["findings"]
        if {"A3", "A7", "A9"} <= set(f["evidence"])
    ]

    assert len(overdue) == 1


def test_every_finding_that_a_lesson_names_is_in_the_report(review: Review) -> None:
    ids = {f["id"] for s in review["sections"] for f in s["findings"]}
    chapter = section(review, "lessons")
    table = next(t for t in chapter["tables"] if any(c["key"] == "finding" for c in t["columns"]))
    place = [c["key"] for c in table["columns"]].index("finding")
    named = {row[place] for row in table["rows"] if row[place]}

    assert len(named) >= 5
    assert named <= ids


COMMITMENTS = {
    ("service_levels", "provider"): (6, 8),
    ("availability", "provider"): (31, 36),
    ("milestones", "provider"): (3, 7),
    ("deliverables", "provider"): (4, 8),
    ("work_orders", "provider"): (3, 5),
    ("duties", "client"): (2, 6),
    ("payments", "client"): (25, 28),
    ("deliverables", "client"): (10, 11),
    ("work_orders", "client"): (5, 5),
    ("engagement", "both"): (2, 5),
    ("benefits", "both"): (2, 4),
    ("escalations", "both"): (65, 68),
    ("governance", "both"): (97, 110),
    ("governance", "provider"): (16, 17),
    ("governance", "client"): (5, 6),
    ("disputes", "both"): (1, 2),
    ("decisions", "both"): (9, 11),
    ("decisions", "provider"): (1, 1),
    ("initiatives", "client"): (3, 5),
    ("initiatives", "provider"): (2, 2),
    ("blockers", "both"): (2, 3),
    ("teams", "provider"): (4, 6),
    ("teams", "client"): (1, 2),
    ("tools", "both"): (1, 3),
}
"""Of each chapter and side, those met and those checked: the table of data/README.md."""


@pytest.mark.parametrize("told_by", ["facts", "findings"])
def test_each_commitment_is_counted_by_one_fact_and_told_by_one_finding(
    review: Review, told_by: str
) -> None:
    counted: dict[tuple[str, str], tuple[int, int]] = {}
    for chapter in review["sections"]:
        for checks in (value["checks"] for value in chapter[told_by] if value["checks"]):
            if chapter["slug"] != "summary":
                place = chapter["slug"], checks["side"]
                held, of = counted.get(place, (0, 0))
                counted[place] = held + checks["held"], of + checks["of"]

    assert counted == COMMITMENTS


def test_the_summary_adds_up_the_commitments_by_side(review: Review) -> None:
    assert section(review, "summary")["headline"].startswith(
        "Commitments met: 158 of the 191 checked (Nordiane Services 47 of 64, "
        "Valombre Distribution 42 of 50, both parties 69 of 77). "
        "In the relation: 142 of 168 (provider 23 of 26, client 9 of 13, both sides 110 of 129)."
    )


def test_what_restates_a_finding_names_one_of_the_review(review: Review) -> None:
    findings = [f for s in review["sections"] for f in s["findings"] if s["slug"] != "summary"]
    again = {f["id"]: f["restates"] for f in findings if f["restates"]}
    met = [f["id"] for f in section(review, "summary")["findings"] if not f["decision"]]

    assert {*again.values()} <= {f["id"] for f in findings}
    assert again["delays.milestone.M4"] == "milestones.M4"
    assert not {*again} & {*met}


def test_each_number_at_stake_on_the_front_is_one_of_its_chapter(review: Review) -> None:
    """What the front says to be at stake is a figure, a target, a bound or a cell there."""
    front = section(review, "summary")["front"]
    stakes = {
        finding["id"]: finding["brief"]["stake"]
        for finding in front["ranked"]
        if finding["brief"]["stake"] and finding["brief"]["stake"]["unit"] != "date"
    }

    assert len(stakes) >= 5
    for name, stake in stakes.items():
        held = _numbers(section(review, name.split(".")[0]))
        assert {stake["value"], stake["high"], stake["of"]} - {None} <= held, name


def _numbers(chapter: dict[str, Any]) -> set[float]:
    figures = [figure["table"] for figure in chapter["figures"]]
    cells = [
        cell for table in (*chapter["tables"], *figures) for row in table["rows"] for cell in row
    ]
    facts = [
        value
        for fact in chapter["facts"]
        for value in (fact["value"], fact["n"], fact["target"], *(fact["interval"] or {}).values())
    ]
    return {one for one in (*cells, *facts) if isinstance(one, (int, float))}


def test_every_number_of_the_front_stands_in_the_parts_too(sample_review: Path) -> None:
    """But for what only the front counts: commitments, what is not assessed, points to decide."""
    page = (sample_review / "review.en.html").read_text(encoding="utf-8")
    front, _, rest = page.partition('<header class="part"')
    ranked = front[front.index("<h1") : front.index('<p class="line"')]
    number = re.compile(r"\d[\d,.]*\d|\d")
    text = re.sub(r"<[^>]+>", " ", rest)

    found = set(number.findall(re.sub(r"<[^>]+>", " ", ranked)))
    assert len(found) > 20
    assert found - set(number.findall(text)) == set()
