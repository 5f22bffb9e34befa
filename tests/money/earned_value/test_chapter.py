"""The chapter on earned value, from a folder to its section; figures are worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.money.earned_value.chapter import earned_value
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

Chapter = Callable[..., Section]
SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
NAMES = ["status_date", "planned_value", "earned_value", "actual_cost", "estimate_to_complete"]
LATE = [  # six months planned, 40 of 100 earned after four
    ("2026-01-31", 10, 8, 9, None),
    ("2026-02-28", 25, 15, 18, None),
    ("2026-03-31", 45, 27, 31, None),
    ("2026-04-30", 70, 40, 45, 62),
    ("2026-05-31", 90, None, None, None),
    ("2026-06-30", 100, None, None, None),
]


def rows(*lines: tuple[object, ...], **also: object) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=NAMES).astype("object").assign(**also)


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """The chapter on some rows; the late project where none are given."""

    def _chapter(
        frame: pd.DataFrame | None = None, language: str = "en", **options: str
    ) -> Section:
        agreement = desk.agreed(data={"extracted_at": "2026-12-31T12:00"})
        tables = {"earned_value": rows(*LATE) if frame is None else frame}
        review = desk.review(tmp_path, agreement, tables, language=language, **options)
        return chapter_of(earned_value, review)

    return _chapter


def test_each_index_states_its_formula_with_its_numbers(chapter: Chapter) -> None:
    """EV 40, PV 70, AC 45, BAC 100: EAC 112.50, 105 and 45 + 60·45·70/1600 = 163.125."""
    section = chapter()

    assert section.fact("earned_value.spi").value == pytest.approx(0.5714, abs=1e-4)
    assert section.fact("earned_value.spi").note == "EV / PV = €40 / €70"
    assert section.fact("earned_value.cv").value == -5
    assert section.fact("earned_value.eac_cpi").value == 112.5
    assert section.fact("earned_value.eac_cpi").note == "BAC / CPI = €100 × €45 / €40"
    assert section.fact("earned_value.eac_remaining").value == 105
    assert section.fact("earned_value.eac_cpi_spi").value == 163.13  # 163.125, a half up
    assert section.fact("earned_value.eac_bottom_up").value == 107
    assert section.fact("earned_value.vac_cpi").value == -12.5
    assert section.fact("earned_value.tcpi_bac").value == pytest.approx(1.090909, abs=1e-6)
    assert all(fact.target is None and fact.period == "as of 30 Apr 2026" for fact in section.facts)


def test_the_schedule_is_read_in_months(chapter: Chapter) -> None:
    section = chapter()
    es, late, spi_t, end, left = (
        section.fact(f"earned_value.{name}") for name in ("es", "sv_t", "spi_t", "ieac_t", "tspi")
    )

    assert (es.label, es.value) == ("Earned schedule (ES), months", 2.75)
    assert es.note == (
        "C + I = 2 + (€40 − €25) / (€45 − €25); counted from 31 Dec 2025, one period "
        "before the first date"
    )
    assert (late.value, spi_t.value, spi_t.note) == (-1.25, 0.6875, "ES / AT = 2.75 / 4")
    assert end.value == pytest.approx(8.7273, abs=1e-4)
    assert end.note == "PD / SPI(t) = 6 × 4 / 2.75; that is 22 Sept 2026"  # 31 Aug and 21.8 days
    assert left.value == 1.625


def test_the_headline_and_findings_say_cost_and_delay(chapter: Chapter) -> None:
    section = chapter()
    cost, delay = section.findings

    assert section.headline == (
        "The work cost €5 more than its worth, and was 1.3 months behind the plan."
    )
    assert (cost.id, cost.kind) == ("earned_value.cost", Kind.CONCERN)
    assert cost.sentence.startswith(
        "By 30 Apr 2026, work worth €40 had cost €45, €5 more than its worth (CPI 0.889)."
    )
    assert (delay.id, delay.kind) == ("earned_value.schedule", Kind.CONCERN)
    assert delay.sentence == (
        "On 30 Apr 2026 the work was 1.25 months behind the plan: SPI(t) 0.688. At the pace so "
        "far it takes 8.727 months rather than 6 months, until 22 Sept 2026. The SPI, 0.571, "
        "does not serve for that: it tends to 1 as the work gets done, however late."
    )
    assert cost.decision
    assert delay.decision


def test_done_late_the_delay_stays_though_the_spi_is_1(chapter: Chapter) -> None:
    ends = pd.date_range("2026-01-31", periods=8, freq="ME").strftime("%Y-%m-%d")
    planned = [10, 25, 45, 70, 90, 100, None, None]
    earned = [5, 15, 30, 45, 60, 75, 90, 100]
    lines = [(*three, three[2], None) for three in zip(ends, planned, earned, strict=True)]
    section = chapter(rows(*lines))
    cost, delay = section.findings

    assert section.headline == "The work cost what it was worth, and was 2 months behind the plan."
    assert cost.kind is Kind.STRENGTH
    assert (delay.kind, delay.decision) == (Kind.CONCERN, "")
    assert delay.sentence.startswith(
        "The work was done by 31 Aug 2026, after 8 months for 6 months planned: SPI(t) 0.750. The "
        "SPI, 1.000, does not serve for that"
    )


def test_ahead_and_cheaper_are_strengths(chapter: Chapter) -> None:
    section = chapter(rows(("2026-01-31", 10, 20, 15, None), ("2026-02-28", 30, None, None, None)))
    cost, delay = section.findings

    assert [cost.kind, delay.kind] == [Kind.STRENGTH] * 2
    assert "€5 less than its worth" in cost.sentence
    assert "0.5 months ahead of the plan: SPI(t) 1.500" in delay.sentence


def test_what_is_undefined_says_why_and_nothing_is_infinite(chapter: Chapter) -> None:
    section = chapter(rows(("2026-01-31", 0, 0, 0, None), ("2026-02-28", 30, None, None, None)))
    missing = {fact.id: fact.note for fact in section.facts if fact.value is None}

    assert missing["earned_value.spi"] == (
        "it is undefined (the planned value is 0: nothing was to be done by then)"
    )
    assert missing["earned_value.cpi"] == (
        "it is undefined (the actual cost is 0: nothing was spent by then)"
    )
    assert (
        missing["earned_value.spi_t"]
        == "it is undefined (the status date is the start of the plan)"
    )
    assert all(missing.values())
    assert not {"NaN", "Infinity"} & set(json.dumps(encoded(section)).replace(",", " ").split())


def test_the_estimates_stand_side_by_side_with_what_they_assume(chapter: Chapter) -> None:
    table = next(table for table in chapter().tables if table.id == "earned_value.estimates")

    assert [row[0] for row in table.rows] == [
        "BAC / CPI", "AC + BAC − EV", "AC + (BAC − EV) / (CPI · SPI)", "AC + ETC",
    ]  # fmt: skip
    assert [row[2:4] for row in table.rows] == [
        (112.5, -12.5), (105.0, -5.0), (163.13, -63.13), (107.0, -7.0),
    ]  # fmt: skip


def test_the_table_and_the_curve_have_every_date(chapter: Chapter) -> None:
    section = chapter()
    periods = next(table for table in section.tables if table.id == "earned_value.periods")
    (curve,) = section.figures

    assert [row[0] for row in periods.rows] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip
    assert periods.rows[-1][1:4] == (70.0, 40.0, 45.0)
    assert periods.rows[-1][-2:] == (2.75, 0.6875)
    assert [row[1:] for row in curve.table.rows[-2:]] == [(90.0, None, None), (100.0, None, None)]
    assert curve.form == "s_curve"
    assert "<svg" in html(section)


def test_contradictions_are_caveats(chapter: Chapter) -> None:
    section = chapter(
        rows(
            ("2026-01-31", 10, 5, 9, None),
            ("2026-02-28", 30, 25, 12, None),
            ("2026-03-31", 20, 15, 11, None),
        )
    )
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert "falls on 31 Mar 2026" in caveats["earned_value.plan_falls"]
    assert "a credit note, or a mistake" in caveats["earned_value.cost_falls"]
    assert "on 28 Feb 2026" in caveats["earned_value.over_bac"]
    assert section.fact("earned_value.es").note == (
        "it is undefined (the planned value falls from one date to the next)"
    )
    delay = section.finding("earned_value.schedule")
    assert delay is not None
    assert delay.sentence == (
        "On 31 Mar 2026 the SPI was 0.750. It compares amounts and tends to 1 as the work gets "
        "done; the delay in time is not known, because the planned value falls from one date to "
        "the next."
    )


def test_projects_stand_apart_and_only_amounts_of_one_date_are_summed(chapter: Chapter) -> None:
    """B is done in time for its budget of 50; both at 30 Apr: EV 90 for AC 95."""
    other = rows(("2026-03-31", 20, 20, 20, None), ("2026-04-30", 50, 50, 50, None), project="B")
    section = chapter(pd.concat([rows(*LATE, project="A"), other]))
    overview = section.tables[0]

    assert section.headline == (
        "Projects: 2, of which costing more than what is earned: 1, and behind the plan: 1."
    )
    assert section.fact("earned_value.A.spi_t").label == "A · Schedule performance in time, SPI(t)"
    assert section.fact("earned_value.B.spi_t").value == 1
    assert overview.rows[-1][:6] == ("Total", "2026-04-30", 150.0, 120.0, 90.0, 95.0)
    assert overview.rows[-1][-1] is None
    assert {finding.id for finding in section.findings} == {
        "earned_value.A.cost", "earned_value.A.schedule", "earned_value.B.cost",
        "earned_value.B.schedule",
    }  # fmt: skip


def test_projects_of_different_dates_have_no_total(chapter: Chapter) -> None:
    other = rows(("2026-03-31", 20, 20, 20, None), ("2026-05-31", 50, 50, 50, None), project="B")
    overview = chapter(pd.concat([rows(*LATE, project="A"), other])).tables[0]

    assert [row[0] for row in overview.rows] == ["A", "B"]
    assert overview.note.startswith("No totals")


def test_of_many_projects_the_largest_have_figures_and_all_a_row(chapter: Chapter) -> None:
    lines = [
        rows(
            ("2026-03-31", 10 * n, 5, 5, None), ("2026-04-30", 20 * n, 9, 9, None), project=f"P{n}"
        )
        for n in range(1, 7)
    ]
    section = chapter(pd.concat(lines))

    assert len(section.tables[0].rows) == 7
    assert [figure.id for figure in section.figures] == [
        f"earned_value.P{n}.curve" for n in (3, 4, 5, 6)
    ]
    assert section.caveats[-1].id == "earned_value.detailed"


def test_a_day_asked_for_sees_the_status_of_that_day(chapter: Chapter) -> None:
    section = chapter(as_of="2026-03-31")

    assert section.fact("earned_value.ev").value == 27
    assert section.fact("earned_value.bac").value == 100


@pytest.mark.parametrize(
    ("column", "undefined", "defined"),
    [
        ("planned_value", ("pv", "bac", "spi", "eac_cpi", "es"), ("cpi", "eac_bottom_up")),
        ("actual_cost", ("ac", "cpi", "eac_cpi", "tcpi_bac"), ("spi", "spi_t")),
        ("estimate_to_complete", ("eac_bottom_up",), ("eac_cpi", "spi_t")),
    ],
)
def test_without_an_optional_column_the_rest_is_assessed(
    chapter: Chapter, column: str, undefined: tuple[str, ...], defined: tuple[str, ...]
) -> None:
    section = chapter(rows(*LATE).drop(columns=column))

    assert all(section.fact(f"earned_value.{name}").note for name in undefined)
    assert {section.fact(f"earned_value.{name}").value for name in undefined} == {None}
    assert None not in {section.fact(f"earned_value.{name}").value for name in defined}


def test_without_earned_values_or_table_the_chapter_says_so(
    chapter: Chapter, tmp_path: Path
) -> None:
    without = chapter(rows(*LATE).drop(columns="earned_value"))
    none = chapter_of(earned_value, desk.review(tmp_path, desk.agreed(), {}))

    assert "(earned_value.csv: earned_value)" in without.because
    (tmp_path / "earned_value.csv").unlink()
    empty = chapter_of(earned_value, desk.review(tmp_path, desk.agreed(), {}))
    assert "the folder has no usable row of earned_value.csv" in empty.because
    assert none.slug == "earned_value"


def test_hostile_names_stay_text(chapter: Chapter) -> None:
    section = chapter(
        pd.concat([rows(*LATE, project="<script>alert(1)</script>"), rows(*LATE, project="B")])
    )

    assert "<script>" not in html(section)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(
    chapter: Chapter, language: str
) -> None:
    section = chapter(language=language)
    parts = (section.facts, section.findings, section.tables, section.figures, section.caveats)
    ids = [value.id for part in parts for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "earned_value"
    assert section.title in html(section)


def test_ten_thousand_status_dates_are_read(chapter: Chapter) -> None:
    """Ten projects, each at half of its plan's pace: day 1,000 has what the plan had on day 500."""
    n = 1_000
    frame = pd.DataFrame(
        {
            "status_date": pd.date_range("2024-01-01", periods=n).strftime("%Y-%m-%d"),
            "planned_value": range(2, 2 * n + 1, 2),
            "earned_value": range(1, n + 1),
            "actual_cost": range(1, n + 1),
        }
    )
    section = chapter(pd.concat([frame.assign(project=f"P{number}") for number in range(10)]))
    periods = next(table for table in section.tables if table.id == "earned_value.periods")

    assert section.fact("earned_value.P0.spi_t").value == 0.5
    assert (len(periods.rows), "The last 5,000 of 10,000." in periods.note) == (5_000, True)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_cent_earned_of_millions_has_no_day_of_its_end(chapter: Chapter, language: str) -> None:
    """0.01 of 100 000 000 a month is 10^-10 month: at that pace two months take 4·10^10."""
    lines = [("2026-01-31", 1e8, 0.01, 100, None), ("2026-02-28", 2e8, 0.01, 999999999999, None)]
    section = chapter(rows(*lines), language)

    assert section.fact("earned_value.ieac_t").value == 4e10
    assert "2099" not in html(section)
    assert len(section.figures) == 1


def test_a_status_before_the_plan_begins_is_no_advance(chapter: Chapter) -> None:
    """Planned from 28 February; on 31 January nothing was to be done, nor is."""
    lines = [("2026-01-31", None, 0, 5, None), ("2026-02-28", 0, None, None, None),
             ("2026-03-31", 10, None, None, None)]  # fmt: skip
    section = chapter(rows(*lines))

    assert "earned_value.schedule" not in {one.id for one in section.findings}
    assert section.fact("earned_value.sv_t").value is None
    assert "before the start" in section.fact("earned_value.spi_t").note


def test_what_is_earned_beyond_the_budget_is_no_strength(chapter: Chapter) -> None:
    """60 earned of 50 planned in all, for 45: one of the two is wrong."""
    lines = [("2026-01-31", 10, 10, 9, None), ("2026-02-28", 50, 60, 45, None)]
    finding = chapter(rows(*lines)).finding("earned_value.cost")

    assert finding is not None
    assert finding.kind is Kind.NEUTRAL


def test_a_plan_of_nothing_is_not_done(chapter: Chapter) -> None:
    assert "done" not in chapter(rows(("2026-01-05", 0, 0, 0, None))).headline


def test_what_is_earned_after_the_last_cost_is_said(chapter: Chapter) -> None:
    lines = [("2026-01-31", 10, 8, 9, None), ("2026-02-28", 20, 15, None, None)]
    section = chapter(rows(*lines))
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert caveats["earned_value.later"].startswith(
        "The earned value is stated up to 28 Feb 2026, the actual cost only up to 31 Jan 2026"
    )
    assert "earned_value.later" not in {caveat.id for caveat in chapter().caveats}


def test_the_shipped_engagement_is_late_and_over_its_budget() -> None:
    """Planted, at 30 June 2025: PV and BAC 169 000, EV 162 000, AC 178 000, ETC 8 400.

    EAC 169 000·178 000/162 000 = 185 691.36; 178 000 + 7 000 = 185 000; with CPI·SPI
    178 000 + 7 000·178 000·169 000/162 000² = 186 023.70; 178 000 + 8 400 = 186 400. May 2025 had
    161 000 planned, so ES = 17 + 1 000/8 000.
    """
    section = chapter_of(earned_value, sample_of(language="en"))
    figures = {fact.id.removeprefix("earned_value."): fact.value for fact in section.facts}

    assert (figures["sv"], figures["cv"]) == (-7000, -16000)
    assert figures["spi"] == pytest.approx(0.9586, abs=5e-5)
    assert figures["cpi"] == pytest.approx(0.9101, abs=5e-5)
    assert [figures[f"eac_{m}"] for m in ("cpi", "remaining", "cpi_spi", "bottom_up")] == [
        185_691.36, 185_000, 186_023.70, 186_400,
    ]  # fmt: skip
    assert (figures["es"], figures["tcpi_bac"], figures["tspi"]) == (17.125, None, None)
    assert figures["spi_t"] == pytest.approx(0.9514, abs=5e-5)
    assert [finding.kind for finding in section.findings] == [Kind.CONCERN] * 2
