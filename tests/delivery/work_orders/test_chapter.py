"""The chapter on work orders and defects, from a folder to its section; days by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.delivery.work_orders.chapter import work_orders
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from tests import desk
from tests.delivered import agreed
from tests.sample import sample_of
from tests.spoken import caveats, html, sentence
from tests.spoken import chapter as chapter_of

Chapter = Callable[..., Section]
EXTRACTED = {"data": {"extracted_at": "2026-06-30T12:00"}}
W1 = {"order_id": "W1", "title": "Portal", "ordered_on": "2026-01-05", "due_on": "2026-03-01",
      "ordered_days": 8, "consumed_days": 8, "delivered_on": "2026-03-01",
      "accepted_on": "2026-03-10", "quality_met": "yes"}  # fmt: skip
B1 = {"defect_id": "B1", "order_id": "W1", "title": "Blank page", "severity": "major",
      "found_on": "2026-03-12", "corrected_on": "2026-03-20"}  # fmt: skip


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """``chapter(orders, defects)``: the chapter; a column is absent where no row has it."""

    def _chapter(
        orders: list[dict[str, Any]],
        defects: list[dict[str, Any]] | None = None,
        agreement: dict[str, Any] | None = None,
        **as_of: str,
    ) -> Section:
        rows = {"work_orders": orders, "defects": defects or []}
        tables = {name: pd.DataFrame(lines) for name, lines in rows.items() if lines}
        stated = agreed(**EXTRACTED) if agreement is None else agreement
        return chapter_of(work_orders, desk.review(tmp_path, stated, tables, **as_of))

    return _chapter


# The shipped engagement


@pytest.fixture(scope="module")
def shipped() -> Section:
    return chapter_of(work_orders, sample_of(language="en"))


def test_the_sample_consumed_38_days_for_35_ordered(shipped: Section) -> None:
    """Delivered: 5.5 + 11 + 4 + 9.5 + 8 = 38 of 6 + 8 + 4 + 10 + 7 = 35; estimated 36. In all 40
    estimated, 39 ordered, 39.5 consumed. Lowest 5.5 of 6, highest 11 of 8."""
    names = ("estimated", "ordered", "consumed", "consumption", "estimate.ordered",
             "estimate.consumed", "over")  # fmt: skip
    values = {name: shipped.fact(f"work_orders.{name}") for name in names}

    assert {name: (fact.value, fact.n) for name, fact in values.items()} == {
        "estimated": (40, 6), "ordered": (39, 6), "consumed": (39.5, 6),
        "consumption": (38 / 35, 5), "estimate.ordered": (39 / 40, 6),
        "estimate.consumed": (38 / 36, 5), "over": (2, 5),
    }  # fmt: skip
    assert values["consumption"].note == "38 of 35 person-days; by order from 91.7% to 137.5%"


def test_the_sample_was_delivered_on_time_three_times_of_five(shipped: Section) -> None:
    on_time, delay = (shipped.fact(f"work_orders.{name}") for name in ("on_time", "delay"))

    assert shipped.headline == "Work orders delivered on time: 3 of the 5 that can be judged."
    assert shipped.fact("work_orders.consumption").note.startswith("38 of 35 person-days")
    assert shipped.fact("work_orders.defects.after").note == "1 blocking, 3 major, 3 minor"
    assert (on_time.value, on_time.n, on_time.note) == (0.6, 5, "counted apart: not due yet: 1")
    assert (delay.value, delay.n, delay.note) == (12, 2, "from 7 days to 17 days")


def test_the_sample_was_accepted_in_time_and_met_its_criteria_four_times(shipped: Section) -> None:
    """From delivery to acceptance 7, 11, 11, 13 and 7 days, all within 15."""
    names = ("cycle", "accepted_in_time", "quality")
    facts = [shipped.fact(f"work_orders.{name}") for name in names]

    assert [(fact.value, fact.n, fact.clause) for fact in facts] == [
        (11, 5, "Art. 7.2"), (1, 5, "Art. 7.2"), (0.8, 5, ""),
    ]  # fmt: skip


def test_the_orders_of_the_sample_are_told_one_by_one(shipped: Section) -> None:
    assert sentence(shipped, "work_orders.order.WO2") == (
        "Work order WO2 “Monitoring dashboard” was delivered on 19 Aug 2024, 17 days after its due "
        "date (2 Aug 2024). Person-days consumed: 11, for 8 ordered."
    )
    assert sentence(shipped, "work_orders.order.WO3").endswith("Its quality criteria were not met.")
    assert "7 days after" in sentence(shipped, "work_orders.order.WO5")
    assert sentence(shipped, "work_orders.kept") == (
        "Work orders delivered on time: 3 of 5 (WO1, WO3 and WO4)."
    )
    assert len([f for f in shipped.findings if ".order." in f.id]) == 3


def test_the_defects_of_the_sample_are_counted_by_their_acceptance(shipped: Section) -> None:
    """B8 before it; B4 on 3 February, 13 days after the warranty ended on 21 January; B5 open since
    5 May: 26 + 30 + 4 = 60 days."""
    names = ("after", "before", "past_warranty", "open", "corrected")
    values = {name: shipped.fact(f"work_orders.defects.{name}") for name in names}

    assert {name: (fact.value, fact.n) for name, fact in values.items()} == {
        "after": (7, 8), "before": (1, 8), "past_warranty": (1, 7), "open": (1, 7),
        "corrected": (5 / 6, 6),
    }  # fmt: skip
    assert values["open"].note == "the oldest for 60 days"
    assert sentence(shipped, "work_orders.defects.uncorrected").endswith(
        ": 1. Time since their report: B5 (60 days)."
    )
    assert sentence(shipped, "work_orders.defects.after_warranty").endswith(
        ": 1. Time since that end: B4 (13 days)."
    )
    assert sentence(shipped, "work_orders.defects.blocking").endswith(": 1 (B3).")
    assert "work_orders.defects.all_corrected" not in {one.id for one in shipped.findings}


def test_corrections_of_the_sample_are_timed_by_severity(shipped: Section) -> None:
    """Blocking 1; major 7, 17 and 18; minor 21 and 7 days."""
    table = next(table for table in shipped.tables if table.id == "work_orders.severities")
    median, n = (
        {row[0]: row[[c.key for c in table.columns].index(key)] for row in table.rows}
        for key in ("median", "n")
    )

    assert median == {"blocking": 1, "major": 17, "minor": 14}
    assert n == {"blocking": 1, "major": 3, "minor": 2}
    fact = shipped.fact("work_orders.defects.correction.major")
    assert (fact.value, fact.n) == (17, 3)


def test_the_figure_draws_the_delivered_orders(shipped: Section) -> None:
    (figure,) = shipped.figures

    assert [row[1:] for row in figure.table.rows] == [(6, 5.5), (8, 11), (4, 4), (10, 9.5), (7, 8)]
    assert figure.description == "Orders delivered: 5; consumed more than ordered: 2; less: 2."


def test_the_chapter_is_told_in_french() -> None:
    section = chapter_of(work_orders, sample_of(language="fr"))

    assert section.headline.startswith("Bons de commande livrés dans les délais\u00a0: 3 sur les 5")
    assert sentence(section, "work_orders.order.WO5").endswith(
        "Jours-homme consommés\u00a0: 8, pour 7 commandés."
    )


def test_an_earlier_day_knows_neither_later_days_nor_later_corrections() -> None:
    """On 12 September 2024 WO1 and WO2 are delivered, B1 is two days old, B6 ten."""
    section = chapter_of(work_orders, sample_of("2024-09-12", "en"))

    assert section.fact("work_orders.ordered").value == 14
    assert sentence(section, "work_orders.defects.uncorrected").endswith(
        ": B1 (2 days) and B6 (10 days)."
    )
    assert "work_orders.order.WO3" not in {one.id for one in section.findings}


# Other engagements


def test_without_orders_and_defects_the_chapter_says_so(chapter: Chapter) -> None:
    section = chapter([])

    assert "work_orders.csv" in section.because
    assert "defects.csv" in section.because


def test_either_table_may_be_missing(chapter: Chapter, tmp_path: Path) -> None:
    orders = chapter([W1])
    assert orders.fact("work_orders.defects.after").value is None
    assert "defects.csv" in orders.fact("work_orders.defects.after").note
    assert sentence(orders, "work_orders.kept")

    (tmp_path / "work_orders.csv").unlink()
    defects = chapter([], [B1 | {"order_id": None}])
    assert defects.fact("work_orders.on_time").value is None
    assert defects.fact("work_orders.defects.after").value == 0
    assert caveats(defects)["work_orders.defects.unknown"].endswith("is not known: B1.")
    assert defects.headline == "No defect was found after the acceptance."


def test_orders_that_state_only_their_names_leave_their_figures_open(chapter: Chapter) -> None:
    section = chapter([{"order_id": "W1", "title": "Portal", "ordered_on": "2026-01-05"}])

    silent = {fact.id: fact.note for fact in section.facts if fact.value is None}
    assert silent["work_orders.consumption"] == "no order states both"
    assert silent["work_orders.ordered"] == "not stated for any order"
    assert all(silent.values())
    assert section.figures == ()
    assert section.headline == "No work order can be judged by its date yet."


def test_days_consumed_of_no_days_ordered_are_undefined(chapter: Chapter) -> None:
    fact = chapter([W1 | {"ordered_days": 0}]).fact("work_orders.consumption")

    assert (fact.value, fact.n, fact.note) == (None, 1, "undefined: they add up to no day")


def test_an_order_not_delivered_and_one_not_accepted_ask_for_a_decision(chapter: Chapter) -> None:
    """It is 30 June, 121 days after 1 March, and 106 after the 15 days to accept, on 16 March."""
    section = chapter(
        [
            W1 | {"delivered_on": None, "accepted_on": None, "quality_met": None},
            W1 | {"order_id": "W2", "accepted_on": None, "quality_met": None},
        ]
    )
    first, second = (section.finding(f"work_orders.{one}") for one in ("order.W1", "decision.W2"))

    assert first is not None
    assert second is not None
    assert first.sentence == (
        "Work order W1 “Portal” is not delivered as of 30 Jun 2026, 121 days after its due date "
        "(1 Mar 2026)."
    )
    assert first.decision == "Work order W1: settle the date by which it is now due."
    assert second.sentence == (
        "The decision on work order W2 is not made as of 30 Jun 2026, 106 days after its due date "
        "(16 Mar 2026)."
    )
    assert "work_orders.order.W2" not in {one.id for one in section.findings}
    assert second.decision == "Work order W2: decide on its acceptance."
    assert "work_orders.tacit" in caveats(section)


def test_a_single_order_is_counted_in_sentences_that_read_right(chapter: Chapter) -> None:
    section = chapter([W1])

    assert section.figures[0].description.startswith("Orders delivered: 1;")
    assert sentence(section, "work_orders.kept").endswith("on time: 1 of 1 (W1).")


def test_a_delivery_without_its_day_is_said_so(chapter: Chapter) -> None:
    """W2 is accepted by its date; of W3 nobody says that it was delivered."""
    section = chapter(
        [
            W1,
            W1 | {"order_id": "W2", "delivered_on": None, "quality_met": "no"},
            W1 | {"order_id": "W3", "delivered_on": None, "accepted_on": None, "due_on": None,
                  "quality_met": "no"},
        ]
    )  # fmt: skip

    for name in ("W2", "W3"):
        assert sentence(section, f"work_orders.order.{name}") == (
            f"Work order {name} “Portal”: the day of its delivery is not stated. Its quality "
            "criteria were not met."
        )
    assert ": W2." in caveats(section)["work_orders.undelivered"]
    assert section.fact("work_orders.on_time").n == 1


def test_orders_held_to_no_delay_of_acceptance_say_why(chapter: Chapter) -> None:
    without = {name: value for name, value in W1.items() if name != "accepted_on"}
    stated = [
        chapter([W1], agreement=agreed(acceptance=None, **EXTRACTED)),
        chapter([W1 | {"accepted_on": None}], as_of="2026-03-05"),
        chapter([without]),
    ]
    facts = [section.fact("work_orders.accepted_in_time") for section in stated]

    assert [(fact.value, fact.note) for fact in facts] == [
        (None, "the contract states no time limit for decisions (terms.acceptance.decision)"),
        (None, "no time limit for a decision has passed yet"),
        (None, "the folder states no acceptance of a work order (work_orders.csv: accepted_on)"),
    ]
    assert "work_orders.order.W1" not in {one.id for one in stated[2].findings}


def test_an_acceptance_that_does_not_tell_the_quality_is_counted(chapter: Chapter) -> None:
    """W1 is accepted without a word; W2 tells its quality and is not accepted."""
    silent = {"accepted_on": "2026-03-10", "quality_met": None}
    as_agreed = {"order_id": "W2", "accepted_on": None, "quality_met": "yes"}

    fact = chapter([W1 | silent, W1 | as_agreed]).fact("work_orders.quality")

    assert (fact.n, fact.note) == (1, "1 acceptance does not say so")


def test_days_stated_before_the_delivery_are_pointed_out(chapter: Chapter) -> None:
    section = chapter([W1 | {"stated_on": "2026-02-28"}])

    assert caveats(section)["work_orders.partial"].endswith("may have grown since: W1.")
    assert section.fact("work_orders.consumption").value is None


def test_all_defects_of_the_warranty_corrected_is_a_strength(chapter: Chapter) -> None:
    """The second one was corrected on 12 June, two days after the warranty of W1."""
    section = chapter([W1], [B1, B1 | {"defect_id": "B2", "corrected_on": "2026-06-12"}])
    corrected = section.finding("work_orders.defects.all_corrected")

    assert corrected is not None
    assert (corrected.kind, corrected.evidence) == (Kind.STRENGTH, ("B1", "B2"))
    assert section.fact("work_orders.defects.corrected").note == "of which after its end: 1"


def test_without_a_warranty_in_the_contract_the_chapter_says_so(chapter: Chapter) -> None:
    section = chapter([W1], [B1], agreed(acceptance=None, **EXTRACTED))

    assert "work_orders.defects.no_warranty" in caveats(section)
    assert section.fact("work_orders.defects.corrected").value is None
    assert section.fact("work_orders.defects.after").value == 1


def test_long_tables_are_cut_and_say_so_and_each_fact_counts_all(chapter: Chapter) -> None:
    orders = [W1 | {"order_id": f"W{n}", "delivered_on": "2026-03-05"} for n in range(10000)]
    defects = [B1 | {"defect_id": f"B{n}"} for n in range(10000)]
    section = chapter(orders, defects)
    sizes = {table.id: len(table.rows) for table in section.tables}

    assert sizes["work_orders.orders"] == sizes["work_orders.defects"] == 5_000
    assert section.fact("work_orders.delay").n == 10000
    assert sum(".order." in finding.id for finding in section.findings) == 50
    assert caveats(section)["work_orders.more"].startswith("The first 50 of 10,000 orders")
    assert len(section.figures[0].table.rows) == 40


def test_the_section_is_json_and_html_and_hostile_words_stay_words(chapter: Chapter) -> None:
    hostile = "<script>alert(1)</script>{0}{x}%s"
    section = chapter([W1 | {"title": hostile, "consumed_days": 9}], [B1 | {"title": hostile}])

    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "work_orders"
    assert "<script>alert" not in html(section)
    assert "{0}{x}%s" in sentence(section, "work_orders.order.W1")
    ids = [value.id for value in (*section.facts, *section.findings, *section.caveats)]
    assert len(set(ids)) == len(ids)
