"""The chapter on the engagement, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.engagement.engagement.chapter import engagement
from reviewlib.people.results import answers_of
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section, Unit
from reviewlib.review import open_review
from tests.sample import SAMPLE, sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import sentence, table, unfit

BARE = """\
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
FULL = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
signed: 2023-11-20
period: {first: 2024-01-01, last: 2025-06-30}
client:
  name: Client
  contact: {role: Contract manager, duties: Chairs the committees}
  others: [{role: Technical lead}]
provider:
  name: Provider
  contact: {role: Service manager}
escalation:
  - {level: 1, client: Contract manager, provider: Service manager, within: 30 min}
  - {level: 2, client: Director, provider: Director, within: "2 working days, end of day"}
scope:
  - {title: User support, clause: Art. 3, volume: 3600, unit: tickets a year}
  - {title: Telephony, included: false}
objectives:
  O1: {title: Answer, measure: Calls, unit: "%", target: 90, due: 2025-06-30, owner: Manager}
  O2: {title: Migrate, measure: Boxes, unit: boxes, target: 1150, due: 2024-09-30, owner: Lead}
  O3: {title: Save, measure: Cost, unit: €, target: 38, direction: at_most}
  O4: {title: Document}
sensitive_periods:
  - {first: 2024-11-18, last: 2024-12-31, title: Peak season}
terms:
  priorities: [P1, P2]
  calendars:
    office: {title: Office hours, week: {mon: [["08:00", "18:00"]]}}
  clauses:
    Art. 5.2:
      title: Resolution
      measure: resolution
      calendar: office
      targets: {P1: 4 h, P2: 8 h}
      threshold: 90 %
      stops_at: last_resolution
amendments:
  - id: Amendment 1
    title: Shorter P2
    signed: 2024-10-12
    effective: 2024-10-01
    changes: {clauses: {Art. 5.2: {targets: {P2: 6 h}}}}
data: {extracted_at: 2025-07-04T18:00:00}
"""
RESULTS = """\
objective_id,measured_on,value,source
O1,2025-06-30,92.35,Telephone system
O2,2024-09-30,50,
O2,2025-03-31,1150,Dashboard
O3,2025-06-30,41.2,Accounts
"""
Chapter = Callable[..., Section]


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """``chapter(contract, results, language)``: the section of such a folder."""

    def made(contract: str, results: str = "", language: str = "en") -> Section:
        (tmp_path / "engagement.yml").write_text(contract, encoding="utf-8")
        if results:
            (tmp_path / "objective_results.csv").write_text(results, encoding="utf-8")
        return chapter_of(engagement, open_review(tmp_path, language=language))

    return made


@pytest.fixture
def full(chapter: Chapter) -> Section:
    return chapter(FULL, RESULTS)


def test_the_headline_counts_the_objectives_met_and_the_intro_names_the_parties(
    full: Section,
) -> None:
    """Judged: O1 met, O2 reached too late, O3 not met. O4 has no target."""
    assert full.headline == "Objectives met: 1 of the 3 that can be judged."
    assert full.intro.startswith("Provider for Client, from 1 Jan 2024 to 30 Jun 2025.")


def test_the_parties_the_ladder_and_the_scope_are_printed_as_the_contract_states_them(
    full: Section,
) -> None:
    assert table(full, "parties").rows == (
        (
            "Client",
            "Client",
            "single point of contact",
            "Contract manager",
            "Chairs the committees",
        ),
        ("Client", "Client", "other contact", "Technical lead", None),
        ("Provider", "Provider", "single point of contact", "Service manager", None),
    )
    assert [row[3] for row in table(full, "escalation").rows] == [
        "30 min",
        "2 working days, end of day",
    ]
    assert table(full, "scope").rows == (
        ("User support", "included", 3600, "tickets a year", "Art. 3"),
        ("Telephony", "excluded", None, None, None),
    )
    assert table(full, "sensitive_periods").rows == (("Peak season", "2024-11-18", "2024-12-31"),)


def test_an_amendment_is_printed_with_what_it_changes_and_from_when(full: Section) -> None:
    assert table(full, "amendments").rows == (
        (
            *("Amendment 1", "Shorter P2", "2024-10-12", "2024-10-01"),
            *("Art. 5.2 · target · P2", "8 h", "6 h"),
        ),
    )


def test_an_amendment_signed_after_it_applies_is_a_concern(full: Section) -> None:
    assert sentence(full, "engagement.amendment.1") == (
        "Amendment 1 was signed on 12 Oct 2024, after the day from which it applies (1 Oct 2024)."
    )


def test_an_objective_is_a_strength_where_met_and_a_concern_where_not(full: Section) -> None:
    kinds = {
        finding.id.removeprefix("engagement.objective."): finding.kind
        for finding in full.findings
        if finding.id.startswith("engagement.objective.")
    }

    assert kinds == {
        "O1": Kind.STRENGTH,
        "O2": Kind.CONCERN,
        "O3": Kind.CONCERN,
        "O4": Kind.NEUTRAL,
    }
    assert sentence(full, "engagement.objective.O1") == (
        "Objective O1 “Answer” is met: 92.35% on 30 Jun 2025, for at least 90%."
    )
    assert sentence(full, "engagement.objective.O2") == (
        "Objective O2 “Migrate” was not met by its due date of 30 Sept 2024 (50\u00a0boxes on "
        "30 Sept 2024, for at least 1,150\u00a0boxes). The latest measure reaches it: "
        "1,150\u00a0boxes on 31 Mar 2025. It was reached between the measures of 30 Sept 2024 and "
        "31 Mar 2025, from 1 to 182 days after its due date."
    )
    assert sentence(full, "engagement.objective.O3") == (
        "Objective O3 “Save” is not met: €41.20 on 30 Jun 2025, for at most €38."
    )


def test_a_result_is_a_fact_in_its_unit_against_its_target(full: Section) -> None:
    share = full.fact("engagement.objective.O1.result")
    count = full.fact("engagement.objective.O2.result")
    money = full.fact("engagement.objective.O3.result")

    assert (share.value, share.unit, share.target, share.met) == (0.9235, Unit.SHARE, 0.9, True)
    assert (count.value, count.unit, count.met) == (50, Unit.SCORE, False)
    assert count.note == "reached between the measures of 30 Sept 2024 and 31 Mar 2025"
    assert (money.value, money.unit, money.target, money.met) == (41.2, Unit.MONEY, 38, False)


def test_what_an_objective_lacks_to_be_smart_is_named(full: Section) -> None:
    finding = full.finding("engagement.objectives.incomplete")

    assert finding is not None
    assert finding.sentence == (
        "Objectives that lack a part of what makes them verifiable: 2 of 4, O3 (due date and "
        "owner) and O4 (measure, unit, target, due date and owner)."
    )
    assert finding.evidence == ("O3", "O4")
    assert full.fact("engagement.objectives.complete").value == 2


def test_an_objective_of_which_the_results_say_nothing_is_a_concern(chapter: Chapter) -> None:
    section = chapter(FULL, "objective_id,measured_on,value\nO2,2024-09-30,50\n")

    assert sentence(section, "engagement.objective.O1") == (
        "Objective O1 “Answer” was not measured: whether it is met is not known."
    )


def test_an_objective_met_at_its_date_and_lost_since_says_so(chapter: Chapter) -> None:
    results = "objective_id,measured_on,value\nO2,2024-09-30,1150\nO2,2025-03-31,1100\n"
    section = chapter(FULL, results)

    assert sentence(section, "engagement.objective.O2") == (
        "Objective O2 “Migrate” is met: 1,150\u00a0boxes on 30 Sept 2024, for at least "
        "1,150\u00a0boxes. The latest measure no longer reaches it: 1,100\u00a0boxes on 31 Mar "
        "2025."
    )


def test_without_results_no_objective_is_judged_and_the_file_is_named(chapter: Chapter) -> None:
    section = chapter(FULL)
    fact = section.fact("engagement.objectives.met")

    assert fact.value is None
    assert "objective_results.csv" in fact.note
    assert not [f for f in section.findings if f.id.startswith("engagement.objective.")]
    assert {row[10] for row in table(section, "objectives").rows} == {
        "not measured",
        "without a target",
    }


def test_a_bare_contract_gives_a_chapter_that_prints_what_it_does_not_hold(
    chapter: Chapter,
) -> None:
    section = chapter(BARE)

    assert section.because == ""
    assert sentence(section, "engagement.contact.client") == (
        "The contract names no single point of contact on the client's side."
    )
    assert sentence(section, "engagement.contact.provider")
    for name in ("escalation", "scope", "sensitive_periods", "amendments"):
        assert (table(section, name).rows, bool(table(section, name).note)) == ((), True)
    assert "objectives" in section.fact("engagement.objectives.met").note
    assert section.fact("engagement.signed").value is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_same_in_both_languages(
    chapter: Chapter, full: Section, language: str
) -> None:
    section = chapter(FULL, RESULTS, language)
    ids = [value.id for value in (*section.facts, *section.findings)]

    assert len(ids) == len(set(ids))
    assert ids == [value.id for value in (*full.facts, *full.findings)]
    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "engagement"


def test_braces_in_the_contract_stay_text(chapter: Chapter) -> None:
    section = chapter(FULL.replace("title: Answer", 'title: "{id} {x} $y$"'), RESULTS)

    assert "“{id} {x} $y$”" in sentence(section, "engagement.objective.O1")


def test_texts_of_the_contract_are_in_the_language_of_the_reader(chapter: Chapter) -> None:
    title = "title: {fr: Répondre, en: Answer}"
    bilingual = FULL.replace("title: Answer", title).replace("title: Shorter P2", title)

    for language, word in (("fr", "Répondre"), ("en", "Answer")):
        section = chapter(bilingual, RESULTS, language)
        assert word in sentence(section, "engagement.objective.O1")
        assert table(section, "objectives").rows[0][1] == word
        assert table(section, "amendments").rows[0][1] == word


def test_every_field_of_its_sentences_has_a_value(tmp_path: Path) -> None:
    for contract in (FULL, BARE):
        (tmp_path / "engagement.yml").write_text(contract, encoding="utf-8")
        (tmp_path / "objective_results.csv").write_text(RESULTS, encoding="utf-8")

        assert unfit(engagement(open_review(tmp_path))) == set()


def test_a_result_of_the_survey_rests_on_its_answers_and_no_other_result_does() -> None:
    """Of the answers of May 2025 to Q1, counted in the file, 53 of 76 are 4 or 5: 69.7 %."""
    answers = pd.read_csv(SAMPLE / "survey_answers.csv", sep=";", dtype="str", encoding="cp1252")
    of_users = answers["side"].isna()
    marks = answers[of_users & (answers["wave"] == "2025-05") & (answers["question"] == "Q1")]
    review = sample_of("")
    section = engagement(review)

    of = {one.id: one.n for one in section.facts if one.id.endswith(".result")}
    assert of.pop("engagement.objective.O2.result") == len(marks) == 76
    assert {*of.values()} == {None}

    asked = partial(answers_of, review)
    may, august = pd.Timestamp("2025-05-31"), pd.Timestamp("2024-08-31")
    assert (asked("Q1", 0.7, may), asked("Q1", 0.75, may)) == (76, None)  # rounded; another share
    assert asked("Q1", 0.697, august) is None  # that of June 2024 was 46.7 %
    assert asked("Q1", 0.697, pd.Timestamp("2024-06-01")) is None  # before any wave
    assert asked("", 0.697, may) is None
    # of June 2024, when answers came in and no wave was closed
    assert answers_of(sample_of("2024-06-30"), "Q1", 0.5, pd.Timestamp("2024-06-30")) is None
