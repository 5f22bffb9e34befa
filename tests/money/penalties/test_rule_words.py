"""The rules in words, and what a reader can work out again from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from reviewlib.contract.penalties import Delay, Limits, Points
from reviewlib.money.penalties import rule_words
from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.claim import Miss
from reviewlib.money.penalties.miss_words import missed
from reviewlib.pages.wording import Wording
from reviewlib.report.text import Text
from reviewlib.report.values import Section
from reviewlib.review import open_review
from tests.sample import sample_of
from tests.spoken import chapter, table

Folder = Callable[..., Path]


def words(text: Text, language: str = "en") -> str:
    return Wording(language).say(text).replace("\u202f", " ").replace("\u00a0", " ")


def points(**terms: object) -> Points:
    return Points(kind="points", title="SLA", clauses=("Art. 5",), amount=Decimal(100), **terms)


def delay(**terms: object) -> Delay:
    return Delay(kind="delay", title="Late", milestones=("M1",), amount=Decimal(10), **terms)


@pytest.mark.parametrize(
    ("policy", "english", "french"),
    [
        (
            "excluded",
            "nothing for months that begin in a sensitive period, and only for these",
            "rien pour les mois qui commencent dans une période sensible, et pour ceux-là "
            "seulement",
        ),
        (
            "counted",
            "months that begin in a sensitive period count",
            "les mois qui commencent dans une période sensible comptent",
        ),
    ],
)
def test_of_a_rule_by_the_month_a_sensitive_period_is_of_the_months_that_begin_in_it(
    policy: str, english: str, french: str
) -> None:
    limits = rule_words.limits(points(sensitive_periods=policy), ())

    assert english in words(limits).split("; ")
    assert french in words(limits, "fr")


def test_of_a_rule_by_the_day_a_sensitive_period_is_of_its_days() -> None:
    limits = rule_words.limits(delay(sensitive_periods="excluded"), ())

    assert "nothing for days of a sensitive period" in words(limits).split("; ")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (points, "nothing for months that begin from 1 Jan 2024 to 31 Mar 2024"),
        (delay, "nothing for 1 Jan 2024 to 31 Mar 2024"),
    ],
)
def test_a_ramp_up_spares_the_months_that_begin_in_it_or_the_days_that_are_of_it(
    rule: Callable[..., Limits], sentence: str
) -> None:
    ramp_up = {"first": dt.date(2024, 1, 1), "last": dt.date(2024, 3, 31)}

    assert sentence in words(rule_words.limits(rule(ramp_up=ramp_up), ())).split("; ")


@pytest.mark.parametrize("causes", [(), ("client",)])
def test_a_rule_on_delays_says_that_suspended_days_do_not_count(causes: tuple[str, ...]) -> None:
    due = rule_words.rule(delay(excludes=causes), {})

    assert "suspended days do not count" in words(due).split("; ")
    assert "les jours suspendus ne comptent pas" in words(due, "fr")


@pytest.mark.parametrize(
    ("free", "english", "french"),
    [
        (
            1,
            "1 point of a month is free, all priorities together",
            "franchise : 1 point par mois, toutes priorités réunies",
        ),
        (
            2,
            "2 points of a month are free, all priorities together",
            "franchise : 2 points par mois, toutes priorités réunies",
        ),
    ],
)
def test_free_points_are_of_a_month_and_of_all_priorities_together(
    free: int, english: str, french: str
) -> None:
    due = rule_words.rule(points(free=free), {})

    assert english in words(due).split("; ")
    assert french in words(due, "fr")
    assert "free" not in words(rule_words.rule(points(), {}))


@pytest.mark.parametrize(
    ("met", "n", "parts", "sentence"),
    [
        # 26 / 31 = 83.871 %: 6.13 points under 90 %, 7 started; 1 + 7
        (26, 31, (1, 7, 1), "26 of 31 in time (83.87%), against 90%: 1 + 7 = 8 points"),
        # 83 % of 100: 7 points under it, none more started
        (83, 100, (1, 7, 1), "83 of 100 in time (83.00%), against 90%: 1 + 7 = 8 points"),
        # 82.998 % is 7.002 points under it, of which 8 are started: 83.00 % would hide it
        (82998, 100000, (1, 8, 1), "82,998 of 100,000 in time (82.998%), against 90%: "
         "1 + 8 = 9 points"),
        # 85 / 100 with a weight of 2: (1 + 5) × 2
        (85, 100, (1, 5, 2), "85 of 100 in time (85.00%), against 90%: (1 + 5) × 2 = 12 points"),
        (85, 100, (1, 0, 3), "85 of 100 in time (85.00%), against 90%: 1 × 3 = 3 points"),
        (85, 100, (1, 0, 1), "85 of 100 in time (85.00%), against 90%: 1 point"),
    ],
)  # fmt: skip
def test_the_points_of_a_miss_are_worked_out(
    met: int, n: int, parts: tuple[int, int, int], sentence: str
) -> None:
    miss = Miss("Art. 5.2", "P2", met, n, Fraction(9, 10), *parts)

    assert words(missed(miss)) == f"Art. 5.2 P2: {sentence}"


def decided(section: Section) -> dict[str, str]:
    of = table(section, "decisions")
    keys = [column.key for column in of.columns]
    return {row[keys.index("id")]: str(row[keys.index("computed")]) for row in of.rows}


def test_an_amount_decided_before_its_cap_is_worked_out_on_its_line() -> None:
    """M4: 54 + 10 contested days × 160,000 / 1,000 = 64 × 160 = 10,240; 240 of M1 leaves 9,760."""
    english = decided(chapter(penalties, sample_of(language="en")))
    french = decided(chapter(penalties, sample_of(language="fr")))

    assert english["PEN2"] == (
        "€8,640 to €9,760; the amount decided counts what is contested or open, before the "
        "cap: €160,000 × 64 days × 1/1,000 = €10,240"
    )
    assert "avant plafond" in french["PEN2"]
    assert english["PEN3"] == "€1,000"  # 1,500 were decided, which no side of it gives


RULES = """\
  penalties:
    Art. 8:
      {kind: delay, title: Delay, milestones: [M1], amount: 100, against: contract, cap: 700}
"""


@pytest.mark.parametrize(
    ("amount", "cell"),
    [
        ("1000", "€700; the amount decided is before the cap: €100 × 10 days = €1,000"),
        ("700", "€700"),
        ("900", "€700"),
    ],
)
def test_only_the_amount_that_the_cap_cut_is_said_to_be_before_it(
    engagement_folder: Folder, contract_text: str, amount: str, cell: str
) -> None:
    """Ten days at 100 are 1,000, of which the cap leaves 700."""
    folder = engagement_folder(
        contract_text + RULES,
        milestones="milestone_id,title,contract_date,actual_date\nM1,Go,2024-03-01,2024-03-11\n",
        penalties="penalty_id,rule,subject,decided_on,decision,amount\n"
        f"N1,Art. 8,M1,2024-07-01,imposed,{amount}\n",
    )

    assert decided(chapter(penalties, open_review(folder, "", "en"))) == {"N1": cell}
