"""The chapter on deliverables, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest

from reviewlib.delivery.deliverables.chapter import deliverables
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Checks, Kind, Section, Side
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

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
ACCEPTANCE = """\
terms:
  acceptance: {clause: Art. 7.2, decision: 15 calendar days, tacit: true, warranty: 3 months}
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
WHOLE = {"deliverables": DELIVERABLES, "submissions": SUBMISSIONS}
Chapter = Callable[..., Section]
CHAPTER = deliverables


def test_a_deliverable_refused_twice_is_a_concern_with_its_open_reservations(
    whole: Section,
) -> None:
    """17 May to 26 July: 14 + 30 + 26 = 70 days, of which twice 14 for a refusal; 9 August to
    4 July: 365 - 36 = 329."""
    finding = whole.finding("deliverables.D3")

    assert finding is not None
    assert finding.sentence == (
        "Deliverable D3 “Architecture” was refused twice. The version accepted (v3) was "
        "submitted on 26 Jul 2024, 70 days after its due date (17 May 2024). Left out of these "
        "days: 28 days of the client's decisions on versions that it refused (by default). It is "
        "late by 42 days. 2 reservations are still open, 329 days after the decision."
    )
    assert finding.kind is Kind.CONCERN
    assert finding.decision == "Deliverable D3: settle by when the open reservations are lifted."


def test_a_version_that_awaits_the_client_is_for_the_client_to_decide(whole: Section) -> None:
    finding = whole.finding("deliverables.D7")

    assert finding is not None
    assert (finding.kind, finding.decision) == (
        Kind.NEUTRAL,
        "Deliverable D7: decide on the version submitted.",
    )
    assert "awaited the client's decision for 7 days" in finding.sentence


def test_the_figures_on_deliverables_are_those_counted_by_hand(whole: Section) -> None:
    """Judged: D1 on time, D3 late; D7 awaits. First pass 1 of 2. Submissions to acceptance 1 and
    3. Decisions after 7, 14, 14 and 14 days; first submission to acceptance 7 and 84 days."""
    facts = {fact.id: (fact.value, fact.n) for fact in whole.facts}

    assert facts["deliverables.on_time"] == (0.5, 2)
    assert facts["deliverables.first_pass"] == (0.5, 2)
    assert facts["deliverables.submissions"] == (2, 2)
    assert facts["deliverables.decision"] == (14, 4)
    assert facts["deliverables.acceptance"] == (45.5, 2)
    assert facts["deliverables.refused"] == (1, 3)
    assert facts["deliverables.awaiting"] == (1, 3)
    assert facts["deliverables.reservations"] == (2, 2)
    assert facts["deliverables.reservations.age"] == (329, 1)


def test_as_of_an_earlier_day_later_decisions_and_submissions_are_not_known(
    chapter: Chapter,
) -> None:
    """On 1 June 2024 the first version of D3 is refused, and nothing more is known of it."""
    finding = chapter(WHOLE, "2024-06-01").finding("deliverables.D3")

    assert finding is not None
    assert finding.sentence == (
        "Deliverable D3 “Architecture” was refused once. No version is accepted as of 1 Jun "
        "2024, 15 days after its due date (17 May 2024). Left out of these days: 14 days of the "
        "client's decisions on versions that it refused (by default). It is late by 1 day."
    )


def test_a_table_of_submissions_without_a_row_says_that_nothing_was_submitted(
    chapter: Chapter,
) -> None:
    """Every deliverable is then past its date, or not due yet; none is on time."""
    section = chapter(
        {"deliverables": DELIVERABLES, "submissions": SUBMISSIONS.splitlines()[0] + "\n"}
    )
    on_time = section.fact("deliverables.on_time")

    assert (on_time.value, (on_time.n or 0) > 0) == (0, True)


def test_without_terms_of_acceptance_what_rests_on_them_is_not_assessed(whole: Section) -> None:
    for name in ("decision.in_time", "tacit", "warranty.ended", "warranty.soon"):
        fact = whole.fact(f"deliverables.{name}")

        assert fact.value is None
        assert fact.note.startswith("the contract states no ")
    assert "The client decides within" not in whole.intro


def test_without_any_of_its_tables_the_chapter_names_the_files_that_it_needs(
    chapter: Chapter,
) -> None:
    section = chapter({"deliverables": DELIVERABLES})

    assert "submissions.csv" in section.because
    assert not section.facts


def test_a_version_left_without_a_decision_is_accepted_and_the_clause_is_printed(
    chapter: Chapter,
) -> None:
    """Submitted on 18 January: the fifteen days end on 2 February. D7, submitted on 27 June, may
    still be decided: its fifteen days end on 12 July."""
    silent = SUBMISSIONS.replace("2024-01-25,accepted,0", ",,")
    section = chapter({**WHOLE, "submissions": silent}, terms=ACCEPTANCE)
    plan, waiting = section.finding("deliverables.D1"), section.finding("deliverables.D7")

    assert plan is not None
    assert plan.kind is Kind.NEUTRAL
    assert plan.sentence.endswith(
        "No decision came by 2 Feb 2024: it was accepted tacitly on that day (Art. 7.2)."
    )
    assert waiting is not None
    assert waiting.sentence.endswith(
        "Without a decision by 12 Jul 2025 it is accepted tacitly (Art. 7.2)."
    )
    assert section.fact("deliverables.tacit").value == 1
    assert section.fact("deliverables.tacit").clause == "Art. 7.2"


def test_a_decision_after_the_delay_is_pointed_out_and_changes_nothing(chapter: Chapter) -> None:
    late = SUBMISSIONS.replace("2024-01-25,accepted,0", "2024-02-05,refused,")
    section = chapter({**WHOLE, "submissions": late}, terms=ACCEPTANCE)
    plan, decision = (section.finding(f"deliverables.{name}") for name in ("D1", "decision.D1.v1"))

    assert plan is not None
    assert plan.sentence.endswith(
        "on that day (Art. 7.2). The decision of 5 Feb 2024 (refused) came later and changes "
        "nothing."
    )
    assert decision is not None
    assert decision.sentence == (
        "No decision on version v1 of deliverable D1 was made by its due date (2 Feb 2024): it was "
        "accepted tacitly on that day."
    )
    assert (decision.kind, decision.clause) == (Kind.CONCERN, "Art. 7.2")


def test_the_decisions_of_the_client_are_held_against_its_own_delay(chapter: Chapter) -> None:
    """Decided after 7, 14, 14 and 14 days: within 14 all of them, within 10 one of 4. D7, of
    27 June, may still be decided until 11 or 7 July."""
    for delay, share, late in (("14", 1, "0"), ("10", 0.25, "3")):
        terms = ACCEPTANCE.replace("15 cal", f"{delay} cal").replace("tacit: true", "tacit: false")
        section = chapter(WHOLE, terms=terms)
        fact = section.fact("deliverables.decision.in_time")
        missed = [one for one in section.findings if ".decision." in one.id]

        assert (fact.value, fact.n) == (share, 4)
        assert fact.note == f"decided after it: {late}; not decided: 0"
        assert [one.checks for one in missed] == [Checks(Side.CLIENT, 0, 1)] * int(late)


def test_a_delay_without_tacit_acceptance_is_said_so(chapter: Chapter) -> None:
    terms = ACCEPTANCE.replace("tacit: true", "tacit: false")
    section = chapter(WHOLE, terms=terms)

    assert section.fact("deliverables.tacit").value == 0
    assert "no tacit acceptance" in section.fact("deliverables.tacit").note
    assert "The client decides within 15 calendar days of a submission (Art. 7.2)." in section.intro


def test_warranties_that_have_ended_or_end_soon_are_counted_and_named(chapter: Chapter) -> None:
    """As of 1 October 2024: D1, accepted on 25 January, until 25 April; D3, accepted on 9 August,
    until 9 November, in 39 days."""
    section = chapter(WHOLE, "2024-10-01", terms=ACCEPTANCE)
    soon = section.finding("deliverables.warranty")

    assert section.fact("deliverables.warranty.ended").value == 1
    assert section.fact("deliverables.warranty.soon").value == 1
    assert soon is not None
    assert soon.sentence == "Warranties that end within 90 days: D3 (9 Nov 2024)."
    table = next(table for table in section.tables if table.id == "deliverables.accepted")
    assert [row[-1] for row in table.rows] == ["ended", "ends within 90 days"]


def test_what_is_late_says_on_which_milestone_it_depends(chapter: Chapter) -> None:
    table = DELIVERABLES.replace("due_on", "due_on,milestone_id").replace("05-17", "05-17,M4")
    reached = "milestone_id,title,contract_date,actual_date\nM4,Cut-over,2024-04-30,2024-05-01\n"
    tables = {**WHOLE, "deliverables": table, "milestones": reached}
    finding = chapter(tables).finding("deliverables.D3")

    assert "It depends on milestone M4." in getattr(finding, "sentence", "")


def test_a_single_deliverable_is_counted_in_a_sentence_that_reads_right(chapter: Chapter) -> None:
    finding = chapter(WHOLE).finding("deliverables.kept")

    assert finding is not None
    assert finding.sentence == (
        "Deliverables on time, by the submission of the version accepted: 1 of 2 (D1)."
    )


def test_a_table_without_decisions_accepts_nothing_tacitly(chapter: Chapter) -> None:
    submissions = "deliverable_id,version,submitted_on\nD1,v1,2024-01-18\n"
    section = chapter(WHOLE | {"submissions": submissions}, terms=ACCEPTANCE)

    assert section.because == (
        "the folder does not say what was decided (submissions.csv: decision, decided_on)"
    )


def test_a_change_of_the_terms_is_said_with_its_date(chapter: Chapter) -> None:
    amended = ACCEPTANCE + (
        "amendments:\n"
        "  - {id: A1, title: Shorter, signed: 2024-06-01, effective: 2024-07-01,\n"
        "     changes: {acceptance: {decision: 10 working days}}}\n"
    )
    section = chapter(WHOLE, terms=amended)

    assert "within 15 calendar days of a submission" in section.intro
    assert "within 10 working days of a submission" in section.intro
    assert "(Art. 7.2, for what is submitted from 1 Jul 2024 on)" in section.intro


def test_before_anything_is_due_nothing_is_judged_and_the_reason_is_printed(
    chapter: Chapter,
) -> None:
    section = chapter(WHOLE, "2024-01-02", terms=ACCEPTANCE)

    assert section.headline == "No deliverable can be judged yet."
    unknown = [fact for fact in section.facts if fact.value is None]
    assert unknown
    assert all(fact.note for fact in unknown)
    assert (section.findings, section.figures) == ((), ())


def test_the_figure_says_in_words_what_it_draws_and_holds_its_numbers(whole: Section) -> None:
    (submitted,) = whole.figures

    assert submitted.description == (
        "Deliverables submitted more than once: 1 of 3. The most submissions: 3, for D3."
    )
    assert [row[-1] for row in submitted.table.rows] == [
        "accepted", "refused", "refused", "accepted with reservations", "awaiting a decision",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_same_in_both_languages(chapter: Chapter, language: str) -> None:
    section, other = (
        chapter(WHOLE, language=spoken, terms=ACCEPTANCE) for spoken in (language, "en")
    )
    values = (*section.facts, *section.findings, *section.caveats)

    assert len(values) == len({(type(value), value.id) for value in values})
    assert [value.id for value in values] == [
        value.id for value in (*other.facts, *other.findings, *other.caveats)
    ]
    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "deliverables"


def test_words_of_the_data_stay_text(chapter: Chapter) -> None:
    hostile = {name: text.replace("v3", "{0}<blink>") for name, text in WHOLE.items()}
    hostile["deliverables"] = DELIVERABLES.replace("Architecture", "{n} <blink>{title}</blink>")
    section = chapter(hostile, terms=ACCEPTANCE.replace("Art. 7.2", "'{x}<blink>'"))
    sentence = getattr(section.finding("deliverables.D3"), "sentence", "")

    assert "“{n} <blink>{title}</blink>”" in sentence
    assert "({0}<blink>)" in sentence
    assert "({x}<blink>)" in getattr(section.finding("deliverables.D7"), "sentence", "")
    assert "<blink>" not in html(section)


def test_where_all_was_accepted_tacitly_it_is_not_said_that_nothing_was(chapter: Chapter) -> None:
    submissions = "deliverable_id,version,submitted_on,decided_on\nD1,v1,2024-01-18,\n"
    section = chapter(WHOLE | {"submissions": submissions}, terms=ACCEPTANCE)

    note = section.fact("deliverables.reservations").note
    assert note == "nothing is accepted yet otherwise than tacitly"


def test_a_decision_without_a_date_or_a_date_without_a_decision_is_told(chapter: Chapter) -> None:
    table = SUBMISSIONS.replace("2024-01-25,accepted", ",accepted").replace(
        "05-31,refused", "05-31,"
    )
    section = chapter({**WHOLE, "submissions": table}, terms=ACCEPTANCE)

    assert [caveat.id for caveat in section.caveats] == [
        "deliverables.undated",
        "deliverables.unstated",
    ]


def test_of_very_many_deliverables_the_latest_have_a_finding_and_the_tables_hold_all(
    chapter: Chapter,
) -> None:
    """Of 150 deliverables, n days late each, the last 100 are told."""
    days = pd.date_range("2024-06-02", periods=150).strftime("%Y-%m-%d")
    due = [f"D{n},Step,2024-06-01" for n in range(1, 151)]
    sent = [f"D{n},v1,{day}," for n, day in enumerate(days, start=1)]
    section = chapter(
        {
            "deliverables": "\n".join(["deliverable_id,title,due_on", *due]),
            "submissions": "\n".join(["deliverable_id,version,submitted_on,decided_on", *sent]),
        }
    )

    assert len(section.findings) == 100
    assert section.finding("deliverables.D51") is not None
    assert "deliverables.D50" not in {one.id for one in section.findings}
    assert len(section.tables[0].rows) == 150
    assert [caveat.id for caveat in section.caveats] == ["deliverables.many"]


def test_the_shipped_engagement_has_its_story() -> None:
    """On time D1, D4, D5 and D8 of eight; D8 is accepted by silence on 12 + 15 = 27 June 2024.
    Decisions after 7, 14, 7, 14, 14, 14, 13, 8, 10 and 13 days: median 13. Submissions up to
    acceptance 1, 2, 3, 1, 1, 1 and 1."""
    section = chapter_of(deliverables, sample_of(language="en"))
    facts = {fact.id.removeprefix("deliverables."): (fact.value, fact.n) for fact in section.facts}
    silent = section.finding("deliverables.D8")

    assert section.headline == "Deliverables submitted on time: 4 of the 8 that can be judged."
    assert section.fact("deliverables.tacit").value == 1
    assert facts["first_pass"] == (5 / 8, 8)
    assert facts["submissions"] == (10 / 7, 7)
    assert facts["decision"] == (13, 10)
    assert facts["decision.in_time"] == (10 / 11, 11)
    assert facts["reservations"] == (2, 6)
    assert facts["reservations.age"] == (329, 1)
    assert facts["warranty.ended"] == (7, 7)
    assert silent is not None
    assert "No decision came by 27 Jun 2024" in silent.sentence


def test_a_row_that_was_set_aside_is_said_where_its_figures_stand(chapter: Chapter) -> None:
    """“Annulé” is none of the decisions: the version is in no figure, and not silently so."""
    more = "".join(f"D1,w{n},2024-02-{n:02},,,\n" for n in range(1, 20))
    undefined = SUBMISSIONS.replace(",accepted,0\n", ",Annulé,0\n", 1)
    section = chapter(WHOLE | {"submissions": undefined + more})
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert caveats["deliverables.set_aside.submissions"] == (
        "1 row of submissions.csv was set aside, and is in no figure here: row 2, decision "
        "“Annulé”."
    )
