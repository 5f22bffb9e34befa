"""The chapter on delivery, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.report import Kind, Section
from reviewlib.review import open_review
from reviewlib.sections.delivery import delivery

CONTRACT = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2025-06-30}
client: {name: Client}
provider: {name: Provider}
data: {extracted_at: 2025-07-04T18:00:00}
"""
MILESTONES = """\
milestone_id,title,clause,contract_date,rebaselined_date,rebaseline_approved_on,actual_date
M1,Kick-off,Annex 2,2024-01-31,,,2024-01-30
M4,Cut-over,Annex 4,2024-09-30,2024-11-12,2024-09-18,2025-03-14
M5,File shares,,2025-04-30,2025-05-31,2025-05-02,2025-05-16
M6,Regular service,,2025-06-20,,,
M7,Closing,,2025-07-31,,,
"""
FORECASTS = """\
milestone_id,reported_on,forecast_date
M4,2024-01-31,2024-09-30
M4,2024-07-31,2024-10-21
M4,2024-10-31,2025-03-14
M6,2025-05-31,2025-07-18
M7,2025-06-30,2025-08-29
"""
DELIVERABLES = """\
deliverable_id,title,clause,due_on
D1,Plan,Annex 2,2024-01-19
D3,Architecture,Annex 4,2024-05-17
D7,Exit plan,Annex 6,2025-06-30
"""
SUBMISSIONS = """\
deliverable_id,version,submitted_on,decided_on,decision,open_reservations
D1,v1,2024-01-18,2024-01-25,accepted,0
D3,v1,2024-05-17,2024-05-31,refused,
D3,v2,2024-06-21,2024-07-05,refused,
D3,v3,2024-07-26,2024-08-09,accepted_with_reservations,2
D7,v1,2025-06-27,,,
"""
WHOLE = {
    "milestones": MILESTONES,
    "milestone_forecasts": FORECASTS,
    "deliverables": DELIVERABLES,
    "submissions": SUBMISSIONS,
}
Chapter = Callable[..., Section]


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """``chapter(tables, as_of, language)``: the section of a folder with these tables."""

    def made(tables: dict[str, str], as_of: str = "", language: str = "en") -> Section:
        (tmp_path / "engagement.yml").write_text(CONTRACT, encoding="utf-8")
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return delivery(open_review(tmp_path, as_of, language))

    return made


@pytest.fixture
def whole(chapter: Chapter) -> Section:
    return chapter(WHOLE)


def test_without_any_of_its_tables_the_chapter_names_the_files_that_it_needs(
    chapter: Chapter,
) -> None:
    found = chapter({})

    assert "milestones.csv" in found.because
    assert "submissions.csv" in found.because
    assert not found.facts


@pytest.mark.parametrize(
    ("tables", "missing", "file"),
    [
        ({"milestones": MILESTONES}, "delivery.deliverables.on_time", "submissions.csv"),
        (
            {"deliverables": DELIVERABLES, "submissions": SUBMISSIONS},
            "delivery.milestones.on_time",
            "milestones.csv",
        ),
    ],
)
def test_a_missing_half_is_printed_with_the_file_that_it_needs(
    chapter: Chapter, tables: dict[str, str], missing: str, file: str
) -> None:
    found = chapter(tables)

    assert found.because == ""
    assert found.fact(missing).value is None
    assert file in found.fact(missing).note
    assert found.headline


def test_the_share_on_time_is_given_for_each_baseline_and_counts_apart_what_is_not_due(
    whole: Section,
) -> None:
    """Due by 4 July: M1 (kept), M4 and M5 (late), M6 (not reached). M7 is not due. The
    re-baseline of M5 was approved on 2 May, after the 30 April that it moves."""
    for baseline in ("contract", "baseline"):
        fact = whole.fact(f"delivery.milestones.on_time.{baseline}")

        assert (fact.value, fact.n) == (0.25, 4)
        assert fact.note == "counted apart, not due or awaiting a decision: 1"


def test_the_delay_is_a_median_of_what_is_reached_with_its_spread(whole: Section) -> None:
    """Reached: M1 −1, M4 165, M5 16 days after the contract; M4 122 after the date in force."""
    contract = whole.fact("delivery.milestones.delay.contract")
    in_force = whole.fact("delivery.milestones.delay.baseline")

    assert (contract.value, contract.n, contract.note) == (16, 3, "from -1 day to 165 days")
    assert (in_force.value, in_force.note) == (16, "from -1 day to 122 days")


def test_a_slipping_milestone_is_a_concern_with_its_explained_and_unexplained_days(
    whole: Section,
) -> None:
    """30 Sep to 14 Mar: 165 days; to 12 Nov: 43; from there: 122. Moved on 31 Jul and 31 Oct."""
    found = whole.finding("delivery.milestone.M4")

    assert found is not None
    assert found.sentence == (
        "Milestone M4 “Cut-over” was reached on 14 Mar 2025, 165 days after the date of the "
        "contract (30 Sept 2024). The re-baseline to 12 Nov 2024, approved on 18 Sept 2024, "
        "explains 43 days of it; unexplained: 122 days. The announced date moved later 2 times."
    )
    assert (found.kind, found.evidence, found.clause) == (Kind.CONCERN, ("M4",), "Annex 4")
    assert (
        found.decision == "Milestone M4: settle the causes of the delay, and who answers for each."
    )
    assert whole.fact("delivery.milestone.M4.slips").value == 2


def test_a_milestone_that_was_kept_is_a_strength_and_asks_for_nothing(whole: Section) -> None:
    found = whole.finding("delivery.milestone.M1")

    assert found is not None
    assert (found.kind, found.decision) == (Kind.STRENGTH, "")


def test_a_milestone_past_its_date_and_one_announced_late_are_concerns(whole: Section) -> None:
    """M6 was due on 20 June, 14 days before 4 July; M7, due on 31 July, is announced for August."""
    past, ahead = whole.finding("delivery.milestone.M6"), whole.finding("delivery.milestone.M7")

    assert past is not None
    assert ahead is not None
    assert past.sentence == (
        "Milestone M6 “Regular service” is not reached as of 4 Jul 2025, 14 days after the date "
        "of the contract (20 Jun 2025). The announced date moved later once. It is announced "
        "for 18 Jul 2025."
    )
    assert ahead.sentence.startswith("Milestone M7 “Closing” is due on 31 Jul 2025")
    assert past.kind is ahead.kind is Kind.CONCERN
    assert whole.fact("delivery.milestones.overdue").value == 1


def test_a_rebaseline_approved_too_late_is_said_not_to_count(whole: Section) -> None:
    caveats = {caveat.id: caveat.sentence for caveat in whole.caveats}

    assert caveats == {
        "delivery.milestone.M5.rebaseline": (
            "Milestone M5: the re-baseline to 31 May 2025 was approved on 2 May 2025, after the "
            "date that it moves (30 Apr 2025). It does not count."
        )
    }


def test_a_deliverable_refused_twice_is_a_concern_with_its_open_reservations(
    whole: Section,
) -> None:
    """17 May to 26 July: 14 + 30 + 26 = 70 days."""
    found = whole.finding("delivery.deliverable.D3")

    assert found is not None
    assert found.sentence == (
        "Deliverable D3 “Architecture” was refused 2 times. The version accepted (v3) was "
        "submitted on 26 Jul 2024, 70 days after its due date (17 May 2024). 2 reservations are "
        "still open."
    )
    assert found.kind is Kind.CONCERN
    assert found.decision == "Deliverable D3: settle by when the open reservations are lifted."


def test_a_version_that_awaits_the_client_is_for_the_client_to_decide(whole: Section) -> None:
    found = whole.finding("delivery.deliverable.D7")

    assert found is not None
    assert (found.kind, found.decision) == (
        Kind.NEUTRAL,
        "Deliverable D7: decide on the version submitted.",
    )
    assert "awaited the client's decision for 7 days" in found.sentence


def test_the_figures_on_deliverables_are_those_counted_by_hand(whole: Section) -> None:
    """Judged: D1 on time, D3 late; D7 awaits. First pass 1 of 2. Submissions to acceptance 1 and
    3. Decisions after 7, 14, 14 and 14 days; first submission to acceptance 7 and 84 days."""
    facts = {fact.id.removeprefix("delivery."): (fact.value, fact.n) for fact in whole.facts}

    assert facts["deliverables.on_time"] == (0.5, 2)
    assert facts["deliverables.first_pass"] == (0.5, 2)
    assert facts["deliverables.submissions"] == (2, 2)
    assert facts["deliverables.decision"] == (14, 4)
    assert facts["deliverables.acceptance"] == (45.5, 2)
    assert facts["deliverables.refused"] == (1, 3)
    assert facts["deliverables.awaiting"] == (1, 3)
    assert facts["reservations.open"] == (2, 2)


def test_as_of_an_earlier_day_later_decisions_and_submissions_are_not_known(
    chapter: Chapter,
) -> None:
    """On 1 June 2024 the first version of D3 is refused, and nothing more is known of it."""
    found = chapter(WHOLE, "2024-06-01").finding("delivery.deliverable.D3")

    assert found is not None
    assert found.sentence == (
        "Deliverable D3 “Architecture” was refused once. No version is accepted as of 1 Jun "
        "2024, 15 days after its due date (17 May 2024)."
    )


def test_before_anything_is_due_nothing_is_judged_and_the_reason_is_printed(
    chapter: Chapter,
) -> None:
    found = chapter(WHOLE, "2024-01-02")

    assert found.headline == ("No milestone has come due yet. No deliverable can be judged yet.")
    unknown = [fact for fact in found.facts if fact.value is None]
    assert all(fact.note for fact in unknown)
    assert found.findings == ()


def test_a_figure_says_in_words_what_it_draws_and_holds_its_numbers(whole: Section) -> None:
    plan, submissions = whole.figures

    assert plan.description == (
        "Milestones reached by the date in force: 1 of the 4 that have come due. The longest "
        "delay against the contract is that of M4: 165 days."
    )
    assert [row[0] for row in plan.table.rows][:2] == ["M1 · Kick-off", "M4 · Cut-over"]
    assert [row[1] for row in submissions.table.rows] == [1, 3, 1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_same_in_both_languages(
    chapter: Chapter, whole: Section, language: str
) -> None:
    found = chapter(WHOLE, language=language)
    ids = [value.id for value in (*found.facts, *found.findings, *found.caveats)]

    assert len(ids) == len(set(ids))
    assert ids == [value.id for value in (*whole.facts, *whole.findings, *whole.caveats)]
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["slug"] == "delivery"


def test_braces_in_the_data_stay_text(chapter: Chapter) -> None:
    hostile = {name: text.replace("Cut-over", "{0} {x} $y$") for name, text in WHOLE.items()}
    hostile["deliverables"] = DELIVERABLES.replace("Architecture", "{n} {title}")
    found = chapter(hostile)

    assert "“{0} {x} $y$”" in getattr(found.finding("delivery.milestone.M4"), "sentence", "")
    assert "“{n} {title}”" in getattr(found.finding("delivery.deliverable.D3"), "sentence", "")


def test_a_table_of_submissions_without_a_row_says_that_nothing_was_submitted(
    chapter: Chapter,
) -> None:
    """Every deliverable is then past its date, or not due yet; none is on time."""
    found = chapter(
        {"deliverables": DELIVERABLES, "submissions": SUBMISSIONS.splitlines()[0] + "\n"}
    )
    on_time = found.fact("delivery.deliverables.on_time")

    assert (on_time.value, (on_time.n or 0) > 0) == (0, True)
