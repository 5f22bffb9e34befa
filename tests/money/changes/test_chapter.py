"""The chapter on change requests, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.money.changes.chapter import changes
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.review import open_review
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
CONTRACT = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {first: 2026-01-01, last: 2026-12-31}
client: {name: Client}
provider: {name: Provider}
data: {extracted_at: 2026-03-01T18:00:00}
"""
CHANGES = """\
change_id,title,requested_by,requested_on,evaluated_on,decided_on,decision,applied_on,evidence,\
cost_impact,days_impact,quality_impact,milestone_id
C1,Devices,client,2026-01-05,2026-01-08,2026-01-12,approved,2026-01-19,Minutes,1000.10,0,better,
C2,Hours,client,2026-01-05,,2026-01-20,approved,2026-01-15,Mail,200.20,10,none,M4
C3,Tests,provider,2026-01-06,2026-01-07,2026-01-07,approved,,,-50.05,-5,worse,
C4,Saturdays,client,2026-01-07,2026-01-17,2026-01-27,refused,,Minutes,300,,better,
C5,Printers,client,2026-02-01,,,,2026-02-10,,0.30,,none,
C6,Tablets,client,2026-02-27,,,,,,,,,
"""
OPTIONAL = [
    "requested_by", "evaluated_on", "decided_on", "decision", "applied_on",
    "evidence", "cost_impact", "days_impact", "quality_impact", "milestone_id",
]  # fmt: skip
Chapter = Callable[..., Section]


def without(*columns: str, text: str = CHANGES) -> str:
    """Return the file without some of its columns."""
    lines = [line.split(",") for line in text.splitlines()]
    places = [place for place, name in enumerate(lines[0]) if name not in columns]
    return "\n".join(",".join(line[place] for place in places) for line in lines) + "\n"


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def made(text: str | None = CHANGES, as_of: str = "", language: str = "en") -> Section:
        (tmp_path / "engagement.yml").write_text(CONTRACT, encoding="utf-8")
        if text is not None:
            (tmp_path / "changes.csv").write_text(text, encoding="utf-8")
        return chapter_of(changes, open_review(tmp_path, as_of, language))

    return made


def sentences(section: Section) -> dict[str, str]:
    return {finding.id.removeprefix("changes."): finding.sentence for finding in section.findings}


# ---------------------------------------------------------------------------------------- figures


def test_the_funnel_counts_each_step(chapter: Chapter) -> None:
    section = chapter()
    values = {
        fact.id.removeprefix("changes.count."): (fact.value, fact.n) for fact in section.facts
    }

    assert [values[name] for name in ("requested", "evaluated", "approved", "refused")] == [
        (6, None), (3, 6), (3, 6), (1, 6),
    ]  # fmt: skip
    assert [values[name] for name in ("withdrawn", "undecided", "applied")] == [
        (0, 6), (2, 6), (3, 6),
    ]  # fmt: skip
    assert values["changes.refusals"] == (0.25, 4)
    assert section.headline == "Changes applied without approval: 1; before their approval: 1."


def test_each_step_has_its_median_time_and_what_is_negative_stands_apart(chapter: Chapter) -> None:
    """Evaluated after 3, 1, 10 days; decided after 7, 15, 1, 20; applied after 7, and 5 before."""
    facts = {fact.id.removeprefix("changes."): fact for fact in chapter().facts}
    times = {name: facts[f"time.{name}"] for name in ("evaluation", "decision", "application")}

    assert {name: (fact.value, fact.n, fact.note) for name, fact in times.items()} == {
        "evaluation": (3, 3, "from 1 day to 10 days"),
        "decision": (11, 4, "from 1 day to 20 days"),
        "application": (7, 1, "from 7 days to 7 days; counted apart, as negative: 1"),
    }
    assert (facts["time.undecided"].value, facts["time.undecided"].note) == (
        15, "from 2 days to 28 days",
    )  # fmt: skip


def test_costs_are_added_up_to_the_cent(chapter: Chapter) -> None:
    """1000.10 + 200.20 − 50.05 = 1150.25; with 300 and 0.30: 1450.55. C6 states none."""
    facts = {fact.id.removeprefix("changes.cost."): fact for fact in chapter().facts}
    counts = {name: facts[name] for name in ("requested", "approved", "refused")}

    assert {name: (fact.value, fact.n, fact.note) for name, fact in counts.items()} == {
        "requested": (1450.55, 5, "added: €1,500.60; saved: €50.05; cost not stated: 1"),
        "approved": (1150.25, 3, "added: €1,200.30; saved: €50.05"),
        "refused": (300.0, 1, "added: €300; saved: €0"),
    }


def test_the_outcomes_of_the_table_add_up_to_its_last_row(chapter: Chapter) -> None:
    table = chapter().tables[0]
    *outcomes, total = table.rows

    assert [row[0] for row in table.rows] == ["approved", "refused", "undecided", "all requests"]
    for place in (1, 2, 6, 7, 8, 9):
        assert sum(row[place] for row in outcomes) == total[place]  # type: ignore[misc]


# --------------------------------------------------------------------------------------- findings


def test_what_lacks_its_approval_or_its_proof_is_named_with_its_cost(chapter: Chapter) -> None:
    section = chapter()
    by_name = sentences(section)

    assert by_name["applied_before_approval"] == (
        "Changes applied before they were approved: 1, of 2 approved and applied: C2, 5 days "
        "before (€200.20)."
    )
    assert by_name["applied_without_approval"] == (
        "Changes applied without any approval: 1, of 3 applied: C5, requested by the client "
        "on 1 Feb 2026, undecided, applied on 10 Feb 2026 (€0.30)."
    )
    assert by_name["without_evidence"] == (
        "Changes approved without written evidence: 1, of 3 approved: C3, approved on 7 Jan 2026 "
        "(−€50.05)."
    )
    concerns = [finding for finding in section.findings if finding.kind is Kind.CONCERN]
    assert [finding.evidence for finding in concerns] == [("C2",), ("C5",), ("C3",)]
    assert concerns[1].decision == "Approve what was applied without approval, or undo it: C5."


def test_a_change_approved_after_the_date_that_it_moves_says_both_dates_and_if_it_counts() -> None:
    """CR04 would move M4 by 80 days, from 12 November to 31 January; CR01 moved it in time."""
    days = sentences(chapter_of(changes, sample_of()))["days"]

    assert days.endswith(
        "CR01, +43 days, milestone M4; CR04, +80 days, milestone M4, requested on 20 Nov 2024 and "
        "approved on 2 Dec 2024, after the date that it moves (12 Nov 2024): it does not count "
        "(by default)."
    )


def test_what_was_applied_without_approval_is_to_be_decided_once() -> None:
    """CR07 and CR09 of the sample are undecided; CR07 was applied."""
    section = chapter_of(changes, sample_of())
    decisions = {finding.id: finding.decision for finding in section.findings}

    assert decisions["changes.undecided"] == "Decide on these requests: CR09."
    assert "CR07" in decisions["changes.applied_without_approval"]


def test_where_nothing_lacks_its_approval_it_is_a_strength(chapter: Chapter) -> None:
    section = chapter("\n".join(CHANGES.splitlines()[:2]) + "\n")

    assert {finding.kind for finding in section.findings} == {Kind.STRENGTH}
    assert sentences(section)["without_evidence"] == (
        "Every approved change names its written evidence (approved: 1)."
    )


def test_the_undecided_are_named_the_oldest_first(chapter: Chapter) -> None:
    """1 February to 1 March 2026: 28 days."""
    finding = chapter().finding("changes.undecided")

    assert finding is not None
    assert finding.sentence == (
        "Undecided on 1 Mar 2026, with the time since the request: C5, 28 days; C6, 2 days."
    )
    assert (finding.kind, finding.evidence) == (Kind.NEUTRAL, ("C5", "C6"))
    assert finding.decision == "Decide on these requests: C6."


def test_impacts_on_days_are_listed_and_not_added_up(chapter: Chapter) -> None:
    by_name = sentences(chapter())

    assert by_name["days"] == (
        "Impacts on days of the approved changes, not added up: C2, +10 days, milestone M4; C3, "
        "−5 days."
    )
    assert by_name["quality"] == "Approved changes that lower the quality: C3."


def test_many_changes_are_named_up_to_five(chapter: Chapter) -> None:
    lines = [f"C{n},T,2026-01-05,2026-01-06" for n in range(8)]
    text = "change_id,title,requested_on,applied_on\n" + "\n".join(lines) + "\n"
    section = chapter(text.replace("applied_on", "applied_on,decision").replace("-06\n", "-06,\n"))
    sentence = sentences(section)["applied_without_approval"]

    assert sentence.count("undecided") == 5
    assert sentence.endswith("; 3 others.")


# ------------------------------------------------------------------------ what is not known, or yet


@pytest.mark.parametrize("column", OPTIONAL)
def test_without_a_column_its_figures_say_so_and_the_others_stand(
    chapter: Chapter, column: str
) -> None:
    whole, section = chapter(), chapter(without(column))
    lacking = [fact for fact in section.facts if fact.value is None]

    assert {fact.note for fact in lacking} <= {f"changes.csv lacks a column: {column}"}
    assert {fact.id for fact in section.facts} == {fact.id for fact in whole.facts}
    read = {fact.id for fact in whole.facts if column in fact.source}
    assert {fact.id for fact in lacking} == read


def test_without_the_decision_nothing_is_said_of_approvals(chapter: Chapter) -> None:
    section = chapter(without("decision"))

    assert section.headline == "Change requests: 6."
    assert section.findings == ()


def test_a_decision_after_the_day_of_the_review_is_not_known_yet(chapter: Chapter) -> None:
    """On 14 January C1 and C3 are approved, C2 is not and was not applied; C5 is to be asked."""
    section = chapter(as_of="2026-01-14")

    assert section.headline == "Change requests: 4."
    assert section.fact("changes.count.approved").value == 2
    assert section.fact("changes.count.applied").value == 0
    assert chapter(as_of="2026-01-03").because == (
        "nothing in changes.csv is dated 3 Jan 2026 or before"
    )


def test_what_was_decided_and_not_told_is_neither_approved_nor_refused(chapter: Chapter) -> None:
    text = without("evidence", text=CHANGES).replace("2026-01-12,approved", "2026-01-12,")
    section = chapter(text.replace("2026-01-20,approved", ",approved"))
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert section.fact("changes.count.approved").value == 2
    assert caveats["changes.untold"].startswith("1 request was decided on")
    assert caveats["changes.undated"].startswith("1 approval bears no date")
    assert section.fact("changes.count.applied_before_approval").n == 0


def test_a_change_decided_but_not_told_how_is_no_proof_that_nothing_lacked_approval(
    chapter: Chapter,
) -> None:
    heading = "change_id,title,requested_on,decided_on,decision,applied_on\n"
    section = chapter(heading + "C1,Devices,2026-01-05,2026-01-12,,2026-01-19\n")

    assert section.fact("changes.count.applied_without_approval").n == 0
    assert "changes.applied_without_approval" not in {one.id for one in section.findings}


def test_an_outcome_of_which_no_request_states_a_cost_has_none(chapter: Chapter) -> None:
    """C5 is the only one undecided but for C6, which states no cost either."""
    table = chapter(CHANGES.replace(",0.30,", ",,")).tables[0]
    amounts = {row[0]: row[2:6] for row in table.rows}

    assert amounts["undecided"] == (0, None, None, None)
    assert amounts["refused"] == (1, 300, 0, 300)


def test_without_a_file_the_chapter_says_so(chapter: Chapter) -> None:
    assert chapter(None).because == "the folder has no usable row of changes.csv"


def test_one_bare_request_is_enough(chapter: Chapter) -> None:
    section = chapter("change_id,title,requested_on\nC1,More,2026-01-05\n")

    assert section.headline == "Change requests: 1."
    assert section.fact("changes.count.requested").value == 1
    assert section.tables


# ---------------------------------------------------------------------------- as a value, as a page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_hostile_words_stay_words(chapter: Chapter, language: str) -> None:
    hostile = "<script>alert(1)</script>"
    text = CHANGES.replace("Devices", hostile).replace("Mail", hostile).replace("M4", hostile)
    section = chapter(text, language=language)
    ids = [v.id for part in (section.facts, section.findings, section.tables) for v in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "changes"
    assert "<script>alert" not in html(section)
    quoted = {column.key for table in section.tables for column in table.columns if column.quoted}
    assert {"title", "evidence", "milestone_id"} <= quoted


def test_ten_thousand_requests_are_named_in_part(chapter: Chapter) -> None:
    head, first, *_lines = CHANGES.splitlines()
    lines = [first.replace("C1", f"C{n}", 1) for n in range(10_000)]
    section = chapter("\n".join([head, *lines]) + "\n")

    assert section.fact("changes.cost.approved").value == 10_001_000.0
    assert {len(table.rows) for table in section.tables[1:]} == {5_000}
    assert section.tables[1].note == "The first 5,000 of 10,000."


# ------------------------------------------------------------------------------- the shipped sample


def test_the_shipped_changes_are_found_as_planted() -> None:
    """data/delivery.yml: 12 requests, 8 approved, 12 000 + 13 500 + 4 800 − 3 000 = 27 300."""
    section = chapter_of(changes, sample_of(language="en"))
    values = {fact.id.removeprefix("changes."): fact.value for fact in section.facts}
    evidence = {f.id.removeprefix("changes."): f.evidence for f in section.findings}

    names = ("requested", "approved", "refused", "withdrawn", "undecided")
    assert [values[f"count.{name}"] for name in names] == [12, 8, 1, 1, 2]
    assert values["cost.approved"] == 27_300.0
    assert evidence["applied_before_approval"] == ("CR06",)
    assert evidence["applied_without_approval"] == ("CR07",)
    assert evidence["without_evidence"] == ("CR11",)
    assert evidence["undecided"] == ("CR07", "CR09")
    assert "CR06, 25 days before (€4,800)" in sentences(section)["applied_before_approval"]
