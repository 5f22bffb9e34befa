"""The chapter on benefits and unforeseen costs, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.engagement.engagement.chapter import engagement
from reviewlib.money.benefits.chapter import benefits
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

Chapter = Callable[..., Section]
SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
BENEFITS = pd.DataFrame(
    [
        ("B1", "Cheaper", "cost", "Cost of a seat", "€", 46, 38, 41.5, "at_most", "2026-06-01"),
        ("B2", "Faster", "time", "", "days", 9, 3, 2.5, "at_most", "2026-06-01"),
        ("B3", "Skilled", "skills", "", "people", None, 2, 2, "at_least", "2026-06-01"),
        ("B4", "Calmer", "time", "", "", 40, 20, None, "at_most", None),
        ("B5", "Worse", "focus", "", "h", 10, 5, 12, "at_most", "2026-06-01"),
    ],
    columns=["benefit_id", "title", "kind", "measure", "unit", "before", "expected", "obtained",
             "direction", "measured_on"],
)  # fmt: skip
COSTS = pd.DataFrame(
    [("L1", "Support", 900, 900, "no"), ("L2", "Spare lines", 0, 100, "yes")],
    columns=["line_id", "title", "original", "actual", "unforeseen"],
)


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """Five benefits: B2 and B3 obtained, B1 and B5 missed, B4 never measured."""

    def _chapter(
        rows: pd.DataFrame | None = BENEFITS,
        costs: pd.DataFrame | None = COSTS,
        language: str = "en",
        **options: str,
    ) -> Section:
        agreement = desk.agreed(data={"extracted_at": "2026-06-30T12:00"})
        given = {"benefits": rows, "budget": costs}
        tables = {name: frame for name, frame in given.items() if frame is not None}
        review = desk.review(tmp_path, agreement, tables, language=language, **options)
        return chapter_of(benefits, review)

    return _chapter


def test_benefits_are_counted_of_those_that_can_be_judged(chapter: Chapter) -> None:
    section = chapter()
    counts = {fact.id.removeprefix("benefits."): (fact.value, fact.n) for fact in section.facts}

    assert section.headline == "Benefits obtained: 2 of the 4 that can be judged."
    assert counts["obtained"] == (2, 4)
    assert counts["kind.cost"] == (0, 1)
    assert counts["kind.time"] == (1, 1)
    assert counts["kind.focus"] == (0, 1)
    assert counts["kind.skills"] == (1, 1)
    assert counts["not_measured"] == (1, 5)
    assert section.fact("benefits.not_measured").note == "B4"


def test_each_benefit_is_a_finding(chapter: Chapter) -> None:
    """(41.5 − 46) / (38 − 46) = 0.5625; (2.5 − 9) / (3 − 9) = 1.0833."""
    findings = {finding.id: finding for finding in chapter().findings}

    assert findings["benefits.benefit.B1"].sentence == (
        "B1 “Cheaper” (Cost of a seat): 41.5\u00a0€; expected: at most 38\u00a0€. The value before "
        "was 46\u00a0€: 56.3% "
        "of the expected improvement was obtained."
    )
    assert (
        findings["benefits.benefit.B1"].kind,
        bool(findings["benefits.benefit.B1"].decision),
    ) == (
        Kind.CONCERN,
        True,
    )
    assert findings["benefits.benefit.B2"].sentence.endswith(
        "108.3% of the expected improvement was obtained."
    )
    assert findings["benefits.benefit.B2"].kind is Kind.STRENGTH
    assert findings["benefits.benefit.B3"].sentence == (
        "B3 “Skilled”: 2\u00a0people; expected: at least 2\u00a0people."
    )
    assert findings["benefits.benefit.B5"].sentence.endswith(
        "The value before was 10\u00a0h: it got worse."
    )
    assert (findings["benefits.benefit.B4"].kind, findings["benefits.benefit.B4"].sentence) == (
        Kind.NEUTRAL,
        "B4 “Calmer” was never measured: whether it was obtained is not known.",
    )


def test_what_was_measured_later_is_not_measured_yet(chapter: Chapter) -> None:
    section = chapter(as_of="2026-05-31")

    assert section.headline == "No benefit can be judged."
    assert section.fact("benefits.obtained").value is None
    assert section.fact("benefits.obtained").note == "none of them can be judged"


def test_unforeseen_costs_have_their_total_and_share(chapter: Chapter) -> None:
    section = chapter()
    total, share = (section.fact(f"benefits.unforeseen.{name}") for name in ("total", "share"))
    finding = section.finding("benefits.unforeseen")
    assert finding is not None

    assert (total.value, total.n) == (100, 1)
    assert (share.value, share.note) == (0.1, "€100 / €1,000")
    assert finding.sentence == (
        "Costs not foreseen at the signature come to €100, 10.0% of what was spent: L2 "
        "“Spare lines” (€100)."
    )


def test_only_unforeseen_lines_that_cost_something_are_named_and_counted(chapter: Chapter) -> None:
    """Six unforeseen lines state nothing, seven cost 1 each, of 7 + 93 spent on eight lines."""
    silent = [(f"A{n}", "Silent", 0, None, "yes") for n in range(6)]
    stated = [(f"B{n}", "Small", 0, 1, "yes") for n in range(7)]
    lines = pd.DataFrame([*silent, *stated, ("C", "Support", 90, 93, "no")], columns=COSTS.columns)
    section = chapter(costs=lines)
    finding = section.finding("benefits.unforeseen")
    total, share = (section.fact(f"benefits.unforeseen.{name}") for name in ("total", "share"))

    assert ((total.value, total.n), (share.value, share.n)) == ((7, 7), (0.07, 8))
    assert finding is not None
    assert finding.sentence.endswith("B4 “Small” (€1) and 2 others.")


def test_an_amount_that_no_line_states_is_not_nothing(chapter: Chapter) -> None:
    section = chapter(costs=COSTS.assign(actual=None, unforeseen="no"))

    assert section.fact("benefits.unforeseen.share").note == "no line states what was spent"


def test_values_are_printed_with_all_of_their_decimals(chapter: Chapter) -> None:
    small = BENEFITS.head(1).assign(before=0.00001, expected=0.00004, obtained=0.00005)
    finding = chapter(small).finding("benefits.benefit.B1")

    assert finding is not None
    assert (
        "0.00005\u00a0€; expected: at most 0.00004\u00a0€. The value before was 0.00001\u00a0€"
        in finding.sentence
    )


def test_a_benefit_named_as_a_figure_is_has_an_id_of_its_own(chapter: Chapter) -> None:
    section = chapter(
        BENEFITS.assign(benefit_id=["unforeseen", "obtained", "not_measured", "d", "e"])
    )
    ids = [value.id for part in (section.facts, section.findings) for value in part]

    assert len(ids) == len(set(ids))


def test_what_does_not_say_whether_it_was_foreseen_is_said(chapter: Chapter) -> None:
    section = chapter(costs=COSTS.assign(unforeseen=["", "yes"], actual=[900, None]))
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert "1 budget line does not say" in caveats["benefits.unsaid"]
    assert caveats["benefits.unspent"].endswith("left out: L2.")
    assert section.fact("benefits.unforeseen.total").note == (
        "no unforeseen line states what was spent"
    )


def test_without_a_flag_or_a_budget_unforeseen_costs_are_not_assessed(chapter: Chapter) -> None:
    unflagged = chapter(costs=COSTS.drop(columns="unforeseen"))

    assert unflagged.fact("benefits.unforeseen.total").note == (
        "no budget line says whether it was foreseen (unforeseen)"
    )
    assert "benefits.unforeseen" not in {one.id for one in unflagged.findings}


def test_without_a_budget_the_reason_is_its_absence(chapter: Chapter) -> None:
    assert chapter(costs=None).fact("benefits.unforeseen.share").note == (
        "the folder has no usable row of budget.csv"
    )


def test_without_benefits_the_unforeseen_costs_are_still_told(chapter: Chapter) -> None:
    section = chapter(rows=None)

    assert section.headline == "No benefit expected of outsourcing is stated."
    assert section.fact("benefits.obtained").note == "the folder has no usable row of benefits.csv"
    assert section.fact("benefits.unforeseen.total").value == 100


def test_without_both_the_chapter_is_not_assessed(tmp_path: Path) -> None:
    section = chapter_of(benefits, desk.review(tmp_path, desk.agreed(), {}))

    assert section.because == "the folder has no usable row of benefits.csv"


@pytest.mark.parametrize(
    ("column", "caveat"), [("direction", "no_direction"), ("expected", "not_stated")]
)
def test_without_a_direction_or_an_expected_value_nothing_is_judged(
    chapter: Chapter, column: str, caveat: str
) -> None:
    section = chapter(BENEFITS.drop(columns=column))

    assert section.fact("benefits.obtained").value is None
    assert f"benefits.{caveat}" in [c.id for c in section.caveats]


@pytest.mark.parametrize("column", ["kind", "measure", "unit", "before", "measured_on"])
def test_without_another_column_the_outcomes_stay(chapter: Chapter, column: str) -> None:
    assert chapter(BENEFITS.drop(columns=column)).fact("benefits.obtained").value == 2


def test_the_table_shows_values_as_they_were_written(chapter: Chapter) -> None:
    _lead, table = chapter().tables

    assert table.rows[0][4:10] == ("€", "46", "at most 38", "41.5", "missed", 0.5625)
    assert [row[8] for row in table.rows] == [
        "missed", "obtained", "obtained", "not measured", "missed",
    ]  # fmt: skip
    assert table.rows[2][9] is None


def test_hostile_words_stay_text(chapter: Chapter) -> None:
    hostile = BENEFITS.assign(title="<script>alert(1)</script>", unit="<b>", measure="{x} %(y)s")

    assert "<script>" not in html(chapter(hostile))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(
    chapter: Chapter, language: str
) -> None:
    section = chapter(language=language)
    parts = (section.facts, section.findings, section.tables, section.caveats)
    ids = [value.id for part in parts for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "benefits"
    assert section.title in html(section)


def test_ten_thousand_benefits_are_read(chapter: Chapter) -> None:
    n = 10_000
    rows = pd.concat([BENEFITS.head(1)] * n).assign(benefit_id=[f"B{i}" for i in range(n)])
    section = chapter(rows)

    assert section.fact("benefits.obtained").n == n
    assert len(section.tables[0].rows) == 5_000
    assert "benefits.more" in {caveat.id for caveat in section.caveats}


def test_the_shipped_engagement_obtained_two_of_four() -> None:
    """Planted: BN1 and BN3 missed, BN2 and BN4 obtained, BN5 never measured; L6 unforeseen."""
    section = chapter_of(benefits, sample_of(language="en"))
    kinds = {finding.id: finding.kind for finding in section.findings}

    assert [kinds[f"benefits.benefit.BN{n}"] for n in range(1, 6)] == [
        Kind.CONCERN, Kind.STRENGTH, Kind.CONCERN, Kind.STRENGTH, Kind.NEUTRAL,
    ]  # fmt: skip
    assert section.fact("benefits.unforeseen.total").value == 6_200
    assert section.fact("benefits.not_measured").note == "BN5"


def test_one_measure_with_two_values_of_a_day_is_pointed_out_in_both_chapters() -> None:
    """BN1 and O4 are the full monthly cost of a workstation on 30 June 2025: 41.5 and 41.2."""
    sentence = (
        "One measure has two values of one day: benefit BN1 41.5\u00a0€, objective O4 41.2\u00a0€ "
        "(30 Jun 2025). The data do not explain the difference of 0.3\u00a0€."
    )
    review = sample_of(language="en")
    for of, name in ((benefits, "benefits"), (engagement, "engagement")):
        section = chapter_of(of, review)
        assert [one.sentence for one in section.caveats if one.id == f"{name}.twice"] == [sentence]


def test_a_benefit_that_restates_an_objective_says_so() -> None:
    section = chapter_of(benefits, sample_of(language="en"))

    restated = {one.id: one.restates for one in section.findings if one.restates}
    assert restated == {
        "benefits.benefit.BN1": "engagement.objective.O4",
        "benefits.unforeseen": "budget.line.L6",  # 6,200 both times
    }
