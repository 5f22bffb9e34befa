"""The chapter on the budget, from a folder to its section; figures are worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.money.budget.chapter import budget
from reviewlib.money.payments.chapter import payments
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

Chapter = Callable[..., Section]
SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
LINES = pd.DataFrame(
    [
        ("A", "Support", "Art. 1", 1000, 1112, 1120, 1150, "2026-06-30", "no"),
        ("B", "Licences", "", 200, 200, 180, 200, "2026-06-30", "no"),
        ("C", "Repairs", "", 0, 0, 30, 30, "2026-06-30", "yes"),
    ],
    columns=["line_id", "title", "clause", "original", "current", "actual", "forecast", "stated_on",
             "unforeseen"],
)  # fmt: skip
CHANGES = pd.DataFrame(
    [
        ("C1", "More sites", "2026-01-05", "2026-01-20", "approved", None, 120, "A"),
        ("C2", "Fewer hours", "2026-01-05", "2026-02-20", "approved", None, -20, "A"),
        ("C3", "Printers", "2026-03-01", None, None, "2026-03-10", 15, "A"),
        ("C4", "Refused", "2026-03-01", "2026-03-10", "refused", None, 999, "B"),
    ],
    columns=["change_id", "title", "requested_on", "decided_on", "decision", "applied_on",
             "cost_impact", "line_id"],
)  # fmt: skip


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """A: 1,000 + 100 approved, 1,120 spent; B: 200, 180 spent; C: nothing, 30 spent."""

    def _chapter(
        rows: pd.DataFrame = LINES,
        changes: pd.DataFrame | None = CHANGES,
        language: str = "en",
        **options: str,
    ) -> Section:
        agreement = desk.agreed(data={"extracted_at": "2026-06-30T12:00"})
        tables = {"budget": rows} | ({} if changes is None else {"changes": changes})
        review = desk.review(tmp_path, agreement, tables, language=language, **options)
        return chapter_of(budget, review)

    return _chapter


def test_the_totals_are_exact_and_say_of_how_many_lines(chapter: Chapter) -> None:
    """1,200 + 100 = 1,300 current; 1,330 spent, 30 unexplained; 1,380 forecast, 80 beyond."""
    section = chapter()
    figures = {fact.id.removeprefix("budget."): (fact.value, fact.n) for fact in section.facts}

    assert figures["original"] == (1200, 3)
    assert figures["approved"] == (100, 3)
    assert figures["current"] == (1300, 3)
    assert figures["actual"] == (1330, 3)
    assert figures["unexplained"] == (30, 3)
    assert figures["forecast"] == (1380, 3)
    assert figures["beyond"] == (80, 3)
    assert figures["growth"] == (0.15, 3)
    assert figures["growth.median"] == (0.075, 2)  # A 15 %, B 0 %
    assert section.fact("budget.approved").note == "C1 €120 and C2 −€20"
    assert section.fact("budget.unexplained").note == "€1,330 − €1,300"
    assert section.headline == (
        "More was spent than the current budget allows: €30 that no approved change covers."
    )


def test_lines_over_their_budget_are_findings_with_what_may_explain_them(chapter: Chapter) -> None:
    section = chapter()
    a, c = section.finding("budget.line.A"), section.finding("budget.line.C")
    assert a is not None
    assert c is not None

    assert a.sentence == (
        "Line A “Support”: €1,120 spent for a current budget of €1,100, €20 more. The "
        "forecast at completion is €1,150, €50 more. No change approved for that line covers it. "
        "Applied without an approval on that line, and a possible explanation: C3 (€15)."
    )
    assert (a.kind, a.evidence, a.clause) == (Kind.CONCERN, ("A", "C3"), "Art. 1")
    assert c.sentence == (
        "Line C “Repairs”: €30 spent for a current budget of €0, €30 more. No change "
        "approved for that line covers it. That cost was not foreseen at the signature."
    )
    assert "budget.line.B" not in {one.id for one in section.findings}


def test_what_the_tool_shows_as_current_is_only_compared(chapter: Chapter) -> None:
    """1,112 against 1,000 + 120 − 20: 12 more, and no change of −12 to blame; then C2 alone."""
    twelve = chapter().finding("budget.stated")
    forgotten = chapter(LINES.assign(current=[1120, 200, 0])).finding("budget.stated")
    assert twelve is not None
    assert forgotten is not None

    assert twelve.sentence == (
        "Lines of which the tool shows another current budget than the original amount and the "
        "approved changes: 1 of 3. A: €1,112, €12 more."
    )
    assert (twelve.kind, twelve.evidence) == (Kind.NEUTRAL, ("A",))
    assert forgotten.sentence.endswith(
        "On line A that is C2, approved for −€20: the tool may lack it."
    )


def test_the_table_adds_up_to_its_total(chapter: Chapter) -> None:
    table, _changes = chapter().tables
    *lines, total = table.rows

    assert lines[0] == ("A", "Support", 1000.0, 100.0, 1100.0, 1120.0, 20.0, 1150.0, 50.0)
    assert total[:2] == ("Total", None)
    for column in range(2, 9):
        assert sum(row[column] for row in lines) == total[column]  # type: ignore[misc]


def test_what_makes_the_current_budget_is_told_line_by_line(chapter: Chapter) -> None:
    _lines, changes = chapter().tables

    assert changes.rows == (
        ("A", "C1 and C2", "C3 (€15)", 1100.0, 1112.0, 12.0),
        ("B", None, None, 200.0, 200.0, 0.0),
        ("C", None, None, 0.0, 0.0, 0.0),
    )


def test_approved_changes_of_no_line_stand_on_a_row_of_their_own(chapter: Chapter) -> None:
    """50 approved for no line: 1,350 current, so −20 unexplained in all; the lines keep theirs."""
    apart = CHANGES.assign(line_id=["A", "A", "A", "B"])
    row = {"change_id": "C5", "title": "X", "requested_on": "2026-01-05",
           "decided_on": "2026-02-01", "decision": "approved", "cost_impact": 50}  # fmt: skip
    section = chapter(changes=pd.concat([apart, pd.DataFrame([row])]))
    *lines, total = section.tables[0].rows
    (bridge,) = section.figures

    assert lines[-1][:7] == ("Approved changes of no line", None, None, 50.0, 50.0, None, -50.0)
    assert total[2:7] == (1200.0, 150.0, 1350.0, 1330.0, -20.0)
    assert section.caveats[-1].id == "budget.loose"
    assert "C5 (€50)" in section.caveats[-1].sentence
    assert ("Approved for no line", -50.0) in bridge.table.rows


def test_the_figure_leads_from_the_original_budget_to_what_was_spent(chapter: Chapter) -> None:
    section = chapter()
    (bridge,) = section.figures

    assert bridge.table.rows == (
        ("Original budget", 1200.0), ("C1 · More sites", 120.0), ("C2 · Fewer hours", -20.0),
        ("Current budget", 1300.0), ("A · Support", 20.0), ("B · Licences", -20.0),
        ("C · Repairs", 30.0), ("Spent", 1330.0),
    )  # fmt: skip
    assert bridge.description == (
        "€1,200 originally, €100 approved, €30 not covered: €1,330 spent."
    )
    assert "<svg" in html(section)


def test_many_lines_and_changes_are_drawn_together(chapter: Chapter) -> None:
    """20 lines, each 1 over its 10 after a change of 5, in twelve rows: seven lines, then 13."""
    ids = [f"L{n:02}" for n in range(20)]
    rows = pd.DataFrame({"line_id": ids, "title": "T", "original": 10, "actual": 16})
    changes = pd.DataFrame(
        {"change_id": [f"C{n}" for n in range(20)], "title": "T", "requested_on": "2026-01-01",
         "decided_on": "2026-01-02", "decision": "approved", "cost_impact": 5, "line_id": ids}
    )  # fmt: skip
    section = chapter(rows, changes)
    drawn = section.figures[0].table.rows

    assert drawn[:3] == (
        ("Original budget", 200.0), ("Approved changes", 100.0), ("Current budget", 300.0),
    )  # fmt: skip
    assert drawn[-2:] == (("Other lines", 13.0), ("Spent", 320.0))
    assert len([f for f in section.findings if f.id.startswith("budget.line.")]) == 10


def test_a_line_without_an_amount_spent_is_not_assessed(chapter: Chapter) -> None:
    """Without B: 1,150 spent for 1,100 current, 50 unexplained, of two lines of three."""
    section = chapter(LINES.assign(actual=[1120, None, 30]))
    sentences = {caveat.id: caveat.sentence for caveat in section.caveats}
    *_, part, total = section.tables[0].rows

    assert section.fact("budget.unexplained").value == 50
    assert section.fact("budget.unexplained").n == 2
    assert sentences["budget.unspent"].startswith("Not assessed, for want of an amount spent: B.")
    assert (part[0], part[5]) == ("Lines that state what was spent", 1150.0)
    assert (total[0], total[5]) == ("Total", None)
    assert sentences["budget.partly_stated"] == "2 of 3 lines state what was spent."


def test_within_the_budget_is_a_strength_once_the_end_is_forecast(chapter: Chapter) -> None:
    within = LINES.assign(actual=[1000, 180, 0], forecast=[1100, 200, 0])
    total = chapter(within).finding("budget.total")
    open_ended = chapter(within.drop(columns="forecast")).finding("budget.total")
    assert total is not None
    assert open_ended is not None

    assert total.kind is Kind.STRENGTH
    assert total.sentence == (
        "€1,180 was spent for a current budget of €1,300, €120 less. The forecast at "
        "completion is €1,300, as much as the current budget."
    )
    assert open_ended.kind is Kind.NEUTRAL


def test_more_forecast_than_spent_is_no_saving(chapter: Chapter) -> None:
    sentences = {caveat.id: caveat.sentence for caveat in chapter().caveats}

    assert sentences["budget.running"].startswith("More is forecast than was spent on A and B:")


def test_without_changes_the_variance_is_told_and_not_split(chapter: Chapter) -> None:
    section = chapter(changes=None)
    current, line = section.fact("budget.current"), section.finding("budget.line.A")
    assert line is not None

    assert section.headline == "€1,330 was spent, for an original budget of €1,200."
    assert (current.value, current.note) == (None, "the folder has no usable row of changes.csv")
    assert line.sentence.endswith("What approved changes cover of it is not known.")
    assert section.caveats[0].id == "budget.changes"
    drawn = section.figures[0].table.rows[:2]
    assert drawn == (("Original budget", 1200.0), ("A · Support", 120.0))


def test_changes_that_do_not_say_what_was_decided_explain_nothing(chapter: Chapter) -> None:
    section = chapter(changes=CHANGES.drop(columns="decision"))

    assert section.fact("budget.approved").note == (
        "the folder does not say what was decided (changes.csv: decision)"
    )


def test_changes_without_a_cost_or_a_date_are_said(chapter: Chapter) -> None:
    changes = CHANGES.assign(
        cost_impact=[None, -20, 15, 999], decided_on=["2026-01-20", None, None, "2026-03-10"]
    )
    changes["line_id"] = ["A", "A", None, "B"]
    sentences = {caveat.id: caveat.sentence for caveat in chapter(changes=changes).caveats}

    assert sentences["budget.unpriced"].endswith("counted as none: C1.")
    assert sentences["budget.undated"].endswith("decided by then: C2.")
    assert sentences["budget.unapproved"].endswith("in no figure here: C3 (€15).")


def test_a_day_asked_for_sees_what_was_approved_and_stated_by_then(chapter: Chapter) -> None:
    """On 1 February C1 alone is approved; the amounts are stated on 30 June."""
    section = chapter(as_of="2026-02-01")

    assert section.fact("budget.approved").value == 120
    assert section.fact("budget.actual").value is None
    assert section.fact("budget.actual").note == "no line states that amount"
    assert section.headline == "What was spent is not stated."


def test_before_any_change_was_asked_for_none_is_approved(chapter: Chapter) -> None:
    assert chapter(as_of="2026-01-02").fact("budget.current").value == 1200


@pytest.mark.parametrize(
    "column", ["clause", "current", "actual", "forecast", "stated_on", "unforeseen"]
)
def test_without_an_optional_column_the_rest_is_assessed(chapter: Chapter, column: str) -> None:
    section = chapter(LINES.drop(columns=column))

    assert section.fact("budget.original").value == 1200
    assert all(fact.note for fact in section.facts if fact.value is None)


def test_without_a_budget_the_chapter_says_so(tmp_path: Path) -> None:
    section = chapter_of(budget, desk.review(tmp_path, desk.agreed(), {}))

    assert section.because == "the folder has no usable row of budget.csv"


def test_hostile_titles_stay_text(chapter: Chapter) -> None:
    section = chapter(LINES.assign(title="<script>alert(1)</script>"))

    assert "<script>" not in html(section)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(
    chapter: Chapter, language: str
) -> None:
    section = chapter(language=language)
    parts = (section.facts, section.findings, section.tables, section.figures, section.caveats)
    ids = [value.id for part in parts for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "budget"
    assert section.title in html(section)


def test_what_was_approved_after_the_amounts_were_stated_is_no_mistake_of_the_tool(
    chapter: Chapter,
) -> None:
    """Stated on 31 January, when A had 1,000 + 120: the tool is right. C2, of 20 February, came
    after; the current budget of today is 1,100."""
    before = LINES.assign(stated_on=["2026-01-31", "2026-06-30", None], current=[1120, 200, 0])
    section = chapter(before)
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}
    periods = {fact.id: fact.period for fact in section.facts}

    assert "budget.stated" not in {one.id for one in section.findings}
    assert caveats["budget.since"].endswith("which may not count them yet: C2 (−€20).")
    assert caveats["budget.undated_lines"].endswith("on that of the review: C.")
    assert section.fact("budget.current").value == 1300
    assert periods["budget.actual"] == "as stated from 31 Jan 2026 to 30 Jun 2026"
    assert periods["budget.current"] == "as of 30 Jun 2026"


def test_less_than_a_cent_is_no_difference(chapter: Chapter) -> None:
    """1100.004 is 1100.00 to the cent, the original amount and what was approved."""
    section = chapter(LINES.assign(current=[1100.004, 200, 0], actual=[1100.004, 180, 0]))

    assert "budget.stated" not in {one.id for one in section.findings}
    assert section.fact("budget.actual").value == 1280


@pytest.mark.parametrize(("language", "note"), [("en", "1 of 2 lines grew"), ("fr", "hausse : 1")])
def test_one_line_that_grew_is_one(chapter: Chapter, language: str, note: str) -> None:
    section = chapter(LINES.head(2), language=language)

    assert note in section.fact("budget.growth.median").note.replace("\u00a0", " ")


def test_ten_thousand_lines_are_read(chapter: Chapter) -> None:
    n = 10_000
    ids = [f"L{number}" for number in range(n)]
    rows = pd.DataFrame({"line_id": ids, "title": "T", "original": 0.1, "actual": 0.2})
    changes = pd.DataFrame(
        {"change_id": [f"C{number}" for number in range(n)], "title": "T",
         "requested_on": "2026-01-01", "decided_on": "2026-01-02", "decision": "approved",
         "cost_impact": 0.1, "line_id": ids}
    )  # fmt: skip
    section = chapter(rows, changes)

    assert section.fact("budget.unexplained").value == 0
    assert len(section.tables[0].rows) == 201
    over = chapter(rows.head(11), changes.assign(line_id=None))
    assert "budget.more" not in {caveat.id for caveat in chapter(rows.head(10), None).caveats}
    assert [caveat.sentence for caveat in over.caveats if caveat.id == "budget.more"] == [
        "Findings of one kind stop at 10; the tables go on."
    ]


def test_the_shipped_engagement_is_split_line_by_line() -> None:
    """Planted: 27 300 approved, 15 450 unexplained; L2 shows 3 000 too many, CR11 forgotten."""
    section = chapter_of(budget, sample_of(language="en"))
    table = {row[0]: row[2:9] for row in section.tables[0].rows}
    stated, first = section.finding("budget.stated"), section.finding("budget.line.L1")
    assert stated is not None
    assert first is not None

    assert table["L1"] == (576_000, 18_300, 594_300, 596_700, 2_400, 596_700, 2_400)
    assert table["L2"] == (160_000, 9_000, 169_000, 178_000, 9_000, 186_400, 17_400)
    assert [table[line][4] for line in ("L3", "L4", "L5", "L6")] == [-5_750, 3_600, 0, 6_200]
    assert table["Total"] == (801_600, 27_300, 828_900, 844_350, 15_450, 855_750, 26_850)
    assert first.sentence.endswith("a possible explanation: CR07 (€2,400).")
    assert "L2: €172,000, €3,000 more" in stated.sentence
    assert "that is CR11" in stated.sentence


def test_what_is_spent_is_laid_beside_what_is_invoiced_in_both_chapters() -> None:
    """844,350 − 776,550 = 67,800: 596,700 − 589,500 = 7,200 under Art. 9.1, 178,000 − 144,000 =
    34,000 under Annexe 4, 27,600 + 6,200 − 4,800 − 2,400 = 26,600 of no clause. P-M6, 16,000, is
    not invoiced: 51,800 are left.
    """
    sentence = (
        "The budget says that €844,350 is spent, and €776,550 is invoiced: €67,800 less. "
        "By clause, spent less invoiced: Art. 9.1: €7,200, Annexe 4: €34,000 and of no clause: "
        "€26,600. Not invoiced yet: €16,000, which may be a part of it. The data do not "
        "explain the rest, €51,800."
    )
    for of in (budget, payments):
        section = chapter_of(of, sample_of(language="en"))
        (caveat,) = [one for one in section.caveats if one.id.endswith(".spent_and_invoiced")]
        assert caveat.sentence == sentence


@pytest.mark.parametrize(
    ("spent", "invoiced", "awaited", "expected"),
    [
        (100, 100, 0, None),
        (100, 130, 0, "€130 is invoiced: €30 more. The data do not explain the difference."),
        (100, 60, 0, "€60 is invoiced: €40 less. The data do not explain the difference."),
        (100, 60, 40, "€60 is invoiced: €40 less. Not invoiced yet: €40, which may be a "
                      "part of it."),
        (100, 60, 15, "Not invoiced yet: €15, which may be a part of it. The data do not "
                      "explain the rest, €25."),
    ],
)  # fmt: skip
def test_as_much_of_the_difference_is_explained_as_the_data_tell(
    tmp_path: Path, spent: int, invoiced: int, awaited: int, expected: str | None
) -> None:
    names = ["line_id", "title", "original", "actual"]
    lines = pd.DataFrame([("A", "Line", spent, spent)], columns=names)
    invoices = pd.DataFrame(
        [("P1", invoiced, "F1", "2026-03-01"), ("P2", awaited, None, None)][: 1 + bool(awaited)],
        columns=["payment_id", "amount", "invoice", "received_on"],
    )
    agreement = desk.agreed(data={"extracted_at": "2026-06-30T12:00"})
    review = desk.review(tmp_path, agreement, {"budget": lines, "payments": invoices})

    section = chapter_of(budget, review, language="en")

    sentences = [c.sentence for c in section.caveats if c.id == "budget.spent_and_invoiced"]
    if expected is None:
        assert sentences == []
    else:
        (sentence,) = sentences
        assert sentence.endswith(expected)


def test_a_forecast_below_what_is_spent_is_pointed_out_and_in_no_figure(chapter: Chapter) -> None:
    """Of A and C alone 1,150 + 30 = 1,180 is forecast, of 1,000: 18 %, and not B's 2 of 180."""
    rows = LINES.assign(forecast=[1150, 2, 30])

    section = chapter(rows)

    (caveat,) = [one for one in section.caveats if one.id == "budget.too_low"]
    assert caveat.sentence == (
        "The forecast of these lines is below what is spent on them, and is in no figure here: B."
    )
    assert section.fact("budget.forecast").value == 1180
    assert section.fact("budget.growth").value == 0.18
