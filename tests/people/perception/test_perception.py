"""The same questions answered by users and by both parties: the gap, and what is never shown."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.people.perception.chapter import perception
from reviewlib.people.perception.metrics import holm
from reviewlib.report.values import Section, Unit
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


def test_sides_of_few_stand_side_by_side_as_counts_without_points(tmp_path: Path) -> None:
    """8 of 10 against 5 of 10 users, p = 0.35, and 2 of 5 of the client's team."""
    made = made_of(
        tmp_path,
        marks("users", "Q1", *FIVE_OF_TEN),
        marks("client", "Q1", 4, 5, 3, 2, 1),
        marks("provider", "Q1", *[5] * 8, 3, 2),
    )

    assert table(made, "gaps").rows[0][1:4] == ("5 of 10", "2 of 5", "8 of 10")
    assert "8 of 10 of the provider’s team" in sentence(made, "perception.gap.Q1")
    assert (
        "Chance can explain the difference between the provider’s team and the client’s team, "
        "between the provider’s team and users and between the client’s team and users."
    ) in sentence(made, "perception.gap.Q1")
    assert [fact for fact in made.facts if fact.unit is Unit.POINTS] == []


def test_the_question_with_the_largest_difference_from_either_side_comes_first(
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
    assert made.headline == (
        "Of 2 differences between the provider’s team, the client’s team and users, 0 are too "
        "large for chance."
    )


def test_from_twenty_answers_of_each_a_difference_has_points_and_its_test_is_exact(
    tmp_path: Path,
) -> None:
    """45 of 60 against 30 of 60 is 25 points; Fisher's p, summed over all tables, is 0.0080."""
    made = made_of(
        tmp_path,
        marks("users", "Q1", *[4] * 30, *[2] * 30),
        marks("provider", "Q1", *[4] * 45, *[2] * 15),
    )

    assert made.fact("perception.gap.Q1.provider.users").value == pytest.approx(25)
    assert table(made, "tests").rows[0][2] == pytest.approx(exact(45, 60, 30, 60))
    assert (
        "Too large for chance is the difference between the provider’s team and users."
    ) in sentence(made, "perception.gap.Q1")
    assert table(made, "gaps").rows[0][4] == "between the provider’s team and users"


def exact(k: int, n: int, other: int, of: int) -> float:
    """Return Fisher's two-sided p: all tables with these sums that are no likelier than this."""
    likely = [
        Fraction(comb(n, one) * comb(of, k + other - one), comb(n + of, k + other))
        for one in range(max(0, k + other - of), min(n, k + other) + 1)
    ]
    own = Fraction(comb(n, k) * comb(of, other), comb(n + of, k + other))
    return float(sum(one for one in likely if one <= own))


def test_several_tests_hold_each_to_a_stricter_limit() -> None:
    """Holm: the least times four, the next times three, and none under the one before it."""
    p = pd.Series([0.02, None, 0.01, 0.9, 0.021])
    assert holm(p).tolist() == pytest.approx([0.06, float("nan"), 0.04, 0.9, 0.06], nan_ok=True)


def test_two_scores_are_tested_from_thirty_answers_each_on_and_not_below(tmp_path: Path) -> None:
    """20 promoters and 10 detractors of 30 against 10 and 20: 2/3 over sqrt(2 · 8/9 / 30), z 2.7"""
    asked = {"text": "Recommend?", "kind": "nps", "scale": [0, 10], "respondents": EVERYBODY}
    survey = {"questions": {"Q1": asked}}
    for n, verdict in ((10, "between the provider’s team and users"), (9, "Not tested")):
        folder = tmp_path / str(n)
        folder.mkdir()
        made = made_of(
            folder,
            marks("users", "Q1", *[10] * n, *[0] * 20),
            marks("provider", "Q1", *[10] * 20, *[0] * n),
            survey=survey,
        )
        assert table(made, "gaps").rows[0][4] == verdict
        assert ("fewer than 30 answers" in sentence(made, "perception.gap.Q1")) == (n == 9)


def test_sides_are_compared_in_the_last_wave_that_both_answered(tmp_path: Path) -> None:
    """The provider was not asked again in September: what users answered then has no other side."""
    later = [row | {"wave": "2026-05", "answered_on": "2026-05-02", "answer": "1"}
             for row in marks("users", "Q1", *FIVE_OF_TEN)]  # fmt: skip
    shouted = [row | {"wave": " 2026-03 "} for row in marks("provider", "Q1", *FIVE_OF_TEN)]
    made = made_of(tmp_path, marks("users", "Q1", *FIVE_OF_TEN), later, shouted)

    assert table(made, "gaps").rows[0][1] == "5 of 10"


def test_a_wave_of_both_parties_comes_before_a_later_one_of_one_alone(tmp_path: Path) -> None:
    """In May, users and the client's team answered; in March, both parties' teams."""
    last = {"wave": "2026-05", "answered_on": "2026-05-02"}
    both = marks("users", "Q1", *FIVE_OF_TEN) + marks("client", "Q1", *FIVE_OF_TEN)
    later = [row | last for row in both]
    march = [marks(side, "Q1", 5, 4, 3, 2, 1) for side in ("client", "provider")]
    made = made_of(tmp_path, later, *march)

    assert table(made, "gaps").rows[0][1:4] == (None, "2 of 5", "2 of 5")


def test_who_was_not_invited_by_any_table_has_no_rate(tmp_path: Path) -> None:
    made = made_of(
        tmp_path, marks("users", "Q1", *FIVE_OF_TEN), marks("provider", "Q1", 5, 4, 3, 2, 1)
    )

    assert made.fact("perception.answered.provider").value is None
    assert "does not say who was invited" in str(made.fact("perception.answered.provider").note)


@pytest.mark.parametrize("few", [(4, 4, 2, 1), (4, 4, 5, 4, 5, 4)])
def test_a_side_of_four_or_of_one_mind_is_never_shown(tmp_path: Path, few: tuple[int, ...]) -> None:
    made = made_of(tmp_path, marks("users", "Q1", *FIVE_OF_TEN), marks("provider", "Q1", *few))

    assert made.tables == ()
    assert made.fact("perception.largest").value is None
    assert made.headline == "No question can be compared."


def test_answers_of_one_side_alone_are_not_compared(tmp_path: Path) -> None:
    made = made_of(tmp_path, marks("users", "Q1", *FIVE_OF_TEN))

    assert "of one side alone" in str(made.because)


def test_exchanging_the_parties_keeps_the_tests_and_the_headline(tmp_path: Path) -> None:
    """4 of 5, 2 of 5 and 5 of 10 users, whichever party is which."""
    one, other = (4, 4, 4, 4, 1), (4, 4, 3, 2, 1)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    users = marks("users", "Q1", *FIVE_OF_TEN)
    here = made_of(tmp_path / "a", users, marks("client", "Q1", *one),
                   marks("provider", "Q1", *other))  # fmt: skip
    there = made_of(tmp_path / "b", users, marks("client", "Q1", *other),
                    marks("provider", "Q1", *one))  # fmt: skip

    assert here.headline == there.headline
    p = [exact(4, 5, 2, 5), exact(4, 5, 5, 10), exact(2, 5, 5, 10)]
    for made in (here, there):
        assert sorted(row[2] for row in table(made, "tests").rows) == pytest.approx(sorted(p))


@pytest.mark.parametrize("party", ["client", "provider"])
def test_either_party_alone_is_compared_with_users(tmp_path: Path, party: str) -> None:
    made = made_of(tmp_path, marks("users", "Q1", *FIVE_OF_TEN), marks(party, "Q1", 5, 4, 3, 2, 1))

    assert table(made, "tests").rows[0][1] == f"the {party}’s team and users"


def test_the_words_of_the_contract_are_text(tmp_path: Path) -> None:
    asked = {"text": "<i>{x}</i>", "kind": "csat", "respondents": EVERYBODY}
    survey = {"questions": {"Q1": asked}}
    made = made_of(
        tmp_path, marks("users", "Q1", *FIVE_OF_TEN), marks("provider", "Q1", 5, 5, 4, 2, 1),
        survey=survey,
    )  # fmt: skip

    assert "<i>{x}" not in html(made)


def test_two_of_ten_differences_of_the_sample_are_too_large_for_chance() -> None:
    """May 2025, from the CSV: in favour of 11 of the provider, of 9 of the client, of 76 users.

    Ten tests: the least p is taken ten times, the next nine times (0.0045: 0.041), and the third,
    of being kept informed, provider and users, eight times (0.0073: 0.058).
    """
    counts = {"Q4": (10, 1, 34), "Q3": (10, 2, 38), "Q7": (9, 3, None), "Q1": (10, 5, 53)}
    made = chapter_of(perception, sample_of())

    assert [fact.id.split(".")[1] for fact in made.facts if fact.key] == [
        "beyond",
        *["answered"] * 2,
    ]
    facts = {fact.id: fact for fact in made.facts}
    sizes = {name: (fact.count, fact.n) for name, fact in facts.items()}
    assert sizes["perception.answered.client"] == (9, 12)
    assert sizes["perception.answered.provider"] == (11, 14)
    assert sizes["perception.beyond"] == (2, 10)
    assert str(facts["perception.beyond"].note) == (
        "the provider’s team and the client’s team: 2 of 4, the provider’s team and users: 0 of 3, "
        "the client’s team and users: 0 of 3"
    )
    assert made.headline == (
        "Of 10 differences between the provider’s team, the client’s team and users, 2 are too "
        "large for chance."
    )
    p = []
    for k, client, users in counts.values():
        p.append(exact(k, 11, client, 9))
        p += [] if users is None else [exact(k, 11, users, 76), exact(client, 9, users, 76)]
    assert [row[2] for row in table(made, "tests").rows] == pytest.approx(p)
    both = "between the provider’s team and the client’s team"
    assert [row[4] for row in table(made, "gaps").rows] == [both, both, "none", "none"]
    assert sorted(p)[0] * 10 < sorted(p)[1] * 9 < 0.05 < sorted(p)[2] * 8
