"""The same questions answered by users and by both parties: the gap, and what is never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.people.perception.chapter import perception
from reviewlib.report.values import Section
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, sentence, table

EVERYBODY = ["users", "client", "provider"]
SURVEY = {
    "questions": {
        "Q1": {"text": "Are you satisfied?", "kind": "csat", "respondents": EVERYBODY},
        "Q2": {"text": "We work well.", "kind": "agreement", "respondents": ["client", "provider"]},
        "Q3": {"text": "Users alone.", "kind": "agreement"},
    }
}


def marks(side: str, question: str, *answers: int) -> list[dict[str, Any]]:
    return [
        {"wave": "2026-03", "respondent": f"{side}-{number}", "department": side, "side": side,
         "answered_on": "2026-03-02", "question": question, "answer": str(answer)}
        for number, answer in enumerate(answers)
    ]  # fmt: skip


def made_of(tmp_path: Path, *answers: list[dict[str, Any]], survey: Any = SURVEY) -> Section:
    rows = pd.DataFrame([row for some in answers for row in some])
    agreed = desk.agreed(survey=survey)
    review = desk.review(tmp_path, agreed, {"survey_answers": rows}, as_of="2026-06-30")
    return chapter_of(perception, review)


FIVE_OF_TEN = (5, 4, 4, 5, 4, 3, 2, 1, 3, 2)


def test_the_gap_is_the_providers_share_less_that_of_the_users_in_points(tmp_path: Path) -> None:
    """8 of 10 against 5 of 10 users is 30 points; the client's team, 2 of 5, stands beside it."""
    made = made_of(
        tmp_path,
        marks("users", "Q1", *FIVE_OF_TEN),
        marks("client", "Q1", 4, 5, 3, 2, 1),
        marks("provider", "Q1", *[5] * 8, 3, 2),
    )

    assert made.fact("perception.gap.Q1").value == pytest.approx(30)
    assert table(made, "gaps").rows[0][1:4] == ("5 of 10", "2 of 5", "8 of 10")
    assert "8 of 10 of the provider’s team" in sentence(made, "perception.gap.Q1")
    assert "fewer than 30 answers" in sentence(made, "perception.gap.Q1")


def test_without_users_it_is_held_against_the_clients_team_and_the_largest_comes_first(
    tmp_path: Path,
) -> None:
    made = made_of(
        tmp_path,
        marks("users", "Q1", *FIVE_OF_TEN),
        marks("provider", "Q1", *FIVE_OF_TEN[:9], 4),
        marks("client", "Q2", 4, 4, 3, 2, 1),
        marks("provider", "Q2", 4, 4, 4, 4, 1),
    )

    assert [row[0] for row in table(made, "gaps").rows] == ["We work well.", "Are you satisfied?"]
    assert made.fact("perception.gap.Q2").value == pytest.approx(40)


def test_sixty_answers_each_are_tested_as_a_difference(tmp_path: Path) -> None:
    """45 of 60 against 30 of 60: 0.25 over sqrt(.1875/60 + .25/60) is 2.93."""
    made = made_of(
        tmp_path,
        marks("users", "Q1", *[4] * 30, *[2] * 30),
        marks("provider", "Q1", *[4] * 45, *[2] * 15),
    )

    assert "(z = 2.9)" in sentence(made, "perception.gap.Q1")


@pytest.mark.parametrize("few", [(4, 4, 2, 1), (4, 4, 5, 4, 5, 4)])
def test_a_side_of_four_or_of_one_mind_is_never_shown(tmp_path: Path, few: tuple[int, ...]) -> None:
    made = made_of(tmp_path, marks("users", "Q1", *FIVE_OF_TEN), marks("provider", "Q1", *few))

    assert made.tables == ()
    assert made.fact("perception.largest").value is None
    assert made.headline == "No question can be compared."


def test_answers_of_one_side_alone_are_not_compared(tmp_path: Path) -> None:
    made = made_of(tmp_path, marks("users", "Q1", *FIVE_OF_TEN))

    assert "of one side alone" in str(made.because)


def test_exchanging_the_parties_exchanges_the_sign_of_the_gap(tmp_path: Path) -> None:
    one, other = (4, 4, 4, 4, 1), (4, 4, 3, 2, 1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    here = made_of(tmp_path / "a", marks("client", "Q2", *one), marks("provider", "Q2", *other))
    there = made_of(tmp_path / "b", marks("client", "Q2", *other), marks("provider", "Q2", *one))

    gaps = [made.fact("perception.gap.Q2").value for made in (here, there)]
    assert gaps == [pytest.approx(-40), pytest.approx(40)]
    assert "less favourably" in str(here.headline)
    assert "more favourably" in str(there.headline)


def test_the_words_of_the_contract_are_text(tmp_path: Path) -> None:
    survey = {"questions": {"Q1": SURVEY["questions"]["Q1"] | {"text": "<i>{x}</i>"}}}
    made = made_of(
        tmp_path, marks("users", "Q1", *FIVE_OF_TEN), marks("provider", "Q1", 5, 5, 4, 2, 1),
        survey=survey,
    )  # fmt: skip

    assert "<i>{x}" not in html(made)


def test_the_samples_provider_is_more_satisfied_than_the_users() -> None:
    """May 2025: 10 of 11 against 53 of 76 users; the two teams' work 9 of 11 against 3 of 9."""
    made = chapter_of(perception, sample_of())

    gaps = {fact.id: fact.value for fact in made.facts}
    assert gaps["perception.gap.Q1"] == pytest.approx(100 * (10 / 11 - 53 / 76))
    assert gaps["perception.gap.Q7"] == pytest.approx(100 * (9 / 11 - 3 / 9))
    assert table(made, "gaps").rows[0][0] == "Our two teams work well together."
    assert str(made.headline).startswith(
        "On 4 of 4 shared questions the provider’s team answers more"
    )
