"""The chapter on payments, from a folder to its section; amounts and days by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.money.payments.chapter import payments
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.review import Review
from tests import desk
from tests.delivered import PAYMENT, RETENTION, agreed, amendment, dated
from tests.sample import sample_of
from tests.spoken import caveats, html
from tests.spoken import chapter as chapter_of

Chapter = Callable[..., Section]
EXTRACTED = {"data": {"extracted_at": "2026-06-30T12:00"}}
MILESTONES = dated(
    {"milestone_id": "M1", "title": "Launch", "contract_date": "2026-03-01",
     "accepted_on": "2026-03-10"},
    {"milestone_id": "M2", "title": "Closing", "contract_date": "2026-06-01", "accepted_on": None},
)  # fmt: skip
ONE = {"payment_id": "P1", "title": "Launch", "amount": 1000, "milestone_id": "M1",
       "invoice": "F1", "received_on": "2026-03-12", "paid_on": "2026-04-01"}  # fmt: skip


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """``chapter(row, …)``: the chapter on payments, a column being absent where no row has it."""

    def _chapter(
        *rows: dict[str, Any],
        agreement: dict[str, Any] | None = None,
        tables: dict[str, pd.DataFrame] | None = None,
        **options: str,
    ) -> Section:
        written = {"milestones": MILESTONES} if tables is None else tables
        if rows:
            written = written | {"payments": pd.DataFrame(list(rows))}
        stated = agreed(**EXTRACTED) if agreement is None else agreement
        return chapter_of(payments, desk.review(tmp_path, stated, written, **options))

    return _chapter


def sentence_of(section: Section, finding: str) -> str:
    finding = section.finding(finding)
    return "" if finding is None else finding.sentence


# The shipped engagement


@pytest.fixture(scope="module")
def sample() -> Review:
    return sample_of(language="en")


@pytest.fixture(scope="module")
def shipped(sample: Review) -> Section:
    return chapter_of(payments, sample)


def test_the_sample_was_paid_in_time_25_times_of_28(shipped: Section) -> None:
    """Nine fees of 32,000 and nine of 33,500 are 589,500; with 9,600, 144,000 for the migration
    (32,000 + 80,000 + 32,000), 7,200 and 26,250 for the orders: 776,550. Not paid: 33,500 of June;
    1,600 still held."""
    assert shipped.headline == "Payments on time: 25 of the 28 that can be judged."
    names = ("invoiced", "paid", "unpaid", "held", "not_invoiced", "in_time")
    facts = {name: shipped.fact(f"payments.{name}") for name in names}
    assert {name: fact.value for name, fact in facts.items()} == {
        "invoiced": 776550, "paid": 741450, "unpaid": 33500, "held": 1600,
        "not_invoiced": 16000, "in_time": 25 / 28,
    }  # fmt: skip
    in_time = facts["in_time"]
    assert (in_time.n, in_time.clause) == (28, "Art. 9.3")
    assert in_time.note == "counted apart: not due yet: 1, not invoiced: 1"


def test_the_sample_was_paid_late_three_times(shipped: Section) -> None:
    """12, 33 and 5 days; 32,000 + 33,500 + 33,500 = 99,000."""
    assert [f.id for f in shipped.findings if ".late." in f.id] == [
        "payments.late.P-2024-11", "payments.late.P-2024-05", "payments.late.P-2025-04",
    ]  # fmt: skip
    assert sentence_of(shipped, "payments.late.P-2024-11") == (
        "Payment P-2024-11 “Support and monitoring, 2024-11”: €33,500 paid on 4 Feb 2025, 33 "
        "days after its due date (2 Jan 2025). Its invoice was received on 3 Dec 2024."
    )
    late = [shipped.fact(f"payments.delay.{name}") for name in ("median", "longest", "amount")]
    assert [(fact.value, fact.n) for fact in late] == [(12, 3), (33, 3), (99000, 3)]
    assert late[0].note == "from 5 days to 33 days"


def test_the_sample_was_paid_before_the_acceptance_once(shipped: Section) -> None:
    """32,000 less the 1,600 retained. D8, accepted tacitly before it was paid, is not one."""
    early = [shipped.fact(f"payments.before_acceptance{part}") for part in ("", "_amount")]

    assert [(fact.value, fact.n) for fact in early] == [(1, 9), (30400, 1)]
    assert [f.id for f in shipped.findings if "before_acceptance" in f.id] == [
        "payments.before_acceptance.P-M3"
    ]
    assert sentence_of(shipped, "payments.before_acceptance.P-M3").endswith(
        "€30,400 paid on 17 Jul 2024, 2 days before M3 was accepted (19 Jul 2024)."
    )
    table = next(table for table in shipped.tables if table.id == "payments.payments")
    assert "Accepted tacitly, for want of a decision on time: P-D8." in table.note


def test_the_sample_released_one_retention_too_early_and_one_late(shipped: Section) -> None:
    """M4's warranty ends on 30 June 2025; M3's, accepted on 19 July 2024, on 19 October.

    Interest on M3's retention would be 1,600 × 12.5 % × 6 / 365 = 1,200 / 365 = 3.2877, with 40.
    """
    names = ("retained", "released", "released_early", "released_late")
    retained = [shipped.fact(f"payments.{name}") for name in names]

    assert [(fact.value, fact.n, fact.clause) for fact in retained] == [
        (7200, 3, "Art. 9.5"), (5600, 2, "Art. 9.5"), (4000, 1, "Art. 9.5"),
        (1600, 1, "Art. 9.5"),
    ]  # fmt: skip
    assert [f.id for f in shipped.findings if "retention" in f.id] == [
        "payments.retention.P-M4", "payments.retention.P-M3",
    ]  # fmt: skip
    assert sentence_of(shipped, "payments.retention.P-M3").endswith(
        "the retention of €1,600 was released on 25 Oct 2024, 6 days after the end of the "
        "warranty (19 Oct 2024). No interest is computed on it: by default, Art. 9.4 applies to "
        "invoices, not to retentions. Applied to both, it would make €3.29 of "
        "interest due (€1,600 × 12.50% × 6 days / 365), and €40 of indemnity."
    )
    assert sentence_of(shipped, "payments.retention.P-M4").endswith(
        "the retention of €4,000 was released on 10 Jun 2025, 20 days before the end of the "
        "warranty (30 Jun 2025)."
    )
    table = next(table for table in shipped.tables if table.id == "payments.retentions")
    assert [(row[0], row[-2], row[-1]) for row in table.rows] == [
        ("P-M3", 6, "released late"), ("P-M4", -20, "released too early"), ("P-M5", -55, "held"),
    ]  # fmt: skip


def test_the_chapter_speaks_french() -> None:
    section = chapter_of(payments, sample_of(language="fr"))

    assert section.headline.startswith("Paiements dans les délais\u00a0: 25 sur les 28")
    assert sentence_of(section, "payments.retention.P-M4").endswith(
        "la retenue de 4\u202f000\u00a0€ a été libérée le 10 juin 2025, 20 jours avant la fin "
        "de la garantie (30 juin 2025)."
    )
    assert "Interest" not in " ".join(caveats(section).values())


def test_an_earlier_day_knows_neither_later_payments_nor_later_releases() -> None:
    """On 3 June 2025 the fee of April is not paid (it is due the day after), nor the last release
    made; the invoice of May has come that day, that of M5 the day before."""
    section = chapter_of(payments, sample_of("2025-06-03", "en"))

    assert section.fact("payments.unpaid").value == 33500 + 33500 + 32000
    assert section.fact("payments.held").value == 4000
    assert "payments.retention.P-M4" not in {one.id for one in section.findings}
    assert "payments.late.P-2025-04" not in {one.id for one in section.findings}
    table = next(table for table in section.tables if table.id == "payments.payments")
    (june,) = (row for row in table.rows if row[0] == "P-2025-06")
    assert june[3] is None
    assert june[-1] == "not invoiced"


# Other engagements


def test_without_a_row_the_chapter_says_so(chapter: Chapter) -> None:
    assert "payments.csv" in chapter().because


def test_all_in_time_is_a_strength(chapter: Chapter) -> None:
    finding = chapter(ONE).finding("payments.kept")

    assert finding is not None
    assert (finding.kind, finding.clause) == (Kind.STRENGTH, "9.3")
    assert finding.sentence == "Payments on time: 1 of 1 (P1)."
    assert "payments.interest" not in caveats(chapter(ONE))


def test_an_overdue_payment_asks_for_a_decision(chapter: Chapter) -> None:
    """12 March + 30 days: 11 April; 80 days later it is 30 June (19 + 31 + 30)."""
    finding = chapter(ONE | {"paid_on": None}).finding("payments.late.P1")

    assert finding is not None
    assert finding.sentence == (
        "Payment P1 “Launch”: €1,000 not paid as of 30 Jun 2026, 80 days after its due date (11 "
        "Apr 2026). Its invoice was received on 12 Mar 2026."
    )
    assert finding.decision == "Payment P1: settle when it is paid."


def test_what_is_paid_and_not_accepted_is_named(chapter: Chapter) -> None:
    section = chapter(ONE | {"milestone_id": "M2", "title": None})

    assert sentence_of(section, "payments.before_acceptance.P1") == (
        "Payment P1: €1,000 paid on 1 Apr 2026; M2 is not accepted as of 30 Jun 2026."
    )


def test_a_retention_held_past_the_warranty_asks_for_a_decision(chapter: Chapter) -> None:
    """Accepted on 10 March: to 10 June; 20 days later it is 30 June."""
    finding = chapter(ONE | {"retained": 50}).finding("payments.retention.P1")

    assert finding is not None
    assert finding.sentence == (
        "Payment P1 “Launch”: the retention of €50 is still held as of 30 Jun 2026, 20 days "
        "after the end of the warranty (10 Jun 2026)."
    )
    assert (finding.decision, finding.clause) == (
        "Payment P1: settle whether the retention is released.", "9.5",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("until", "row", "expected"),
    [
        ("contract", {"released_on": "2026-06-01"}, "213 days before the end of the contract"),
        ("warranty", {"released_on": "2026-06-01", "milestone_id": "M2"}, "although what is paid"),
    ],
)
def test_other_releases_that_came_too_early(
    chapter: Chapter, until: str, row: dict[str, Any], expected: str
) -> None:
    """1 June to 31 December: 29 + 31 + 31 + 30 + 31 + 30 + 31 = 213."""
    payment = PAYMENT | {"retention": RETENTION | {"until": until}}
    section = chapter(ONE | {"retained": 50} | row, agreement=agreed(payment=payment, **EXTRACTED))

    assert expected in sentence_of(section, "payments.retention.P1")


def test_another_share_than_that_of_the_contract_is_named(chapter: Chapter) -> None:
    section = chapter(ONE | {"retained": 100, "released_on": "2026-06-20"})

    assert sentence_of(section, "payments.retained.P1") == (
        "Payment P1 “Launch”: €100 retained of €1,000, where the contract's 5% make €50."
    )
    assert "payments.retained.P1" not in {
        one.id for one in chapter(ONE | {"retained": 50}).findings
    }


def test_what_cannot_be_told_is_said_with_the_payments(chapter: Chapter) -> None:
    section = chapter(
        {"payment_id": "P1", "amount": 1, "paid_on": "2026-04-01", "order_id": "W1"},
        {"payment_id": "P2", "amount": 1, "retained": 1, "paid_on": "2026-04-01"},
        agreement=agreed(payment=None, **EXTRACTED),
        tables={},
    )

    assert section.headline == "No payment can be judged yet."
    assert (section.fact("payments.in_time").value, section.fact("payments.in_time").note) == (
        None, "counted apart: not known: 2",
    )  # fmt: skip
    assert section.fact("payments.before_acceptance").value is None
    assert section.fact("payments.before_acceptance").note
    sentences = caveats(section)
    assert sentences["payments.no_term"].endswith("(terms.payment): P1 and P2.")
    assert sentences["payments.unrecorded"].endswith("is not known: P1.")
    assert sentences["payments.endless"].endswith("is not known: P2.")


def test_rows_that_contradict_themselves_are_named(chapter: Chapter) -> None:
    sentences = caveats(
        chapter(
            ONE | {"payment_id": "P1", "invoice": "F1", "received_on": None},
            ONE | {"payment_id": "P2", "invoice": "F2", "due_on": "2026-03-11"},
            ONE | {"payment_id": "P3", "invoice": "F3", "paid_on": "2026-03-11"},
        )
    )

    assert sentences["payments.unreceived"] == "Paid, with no receipt of an invoice: P1."
    assert (
        sentences["payments.due_first"]
        == "Due, by the table, before the receipt of their invoice: P2."
    )
    assert sentences["payments.paid_first"] == "Paid before the receipt of their invoice: P3."
    assert sentences["payments.not_retained"].startswith("The terms of 3 payments made state")


def test_a_long_table_is_cut_and_says_so_and_each_fact_counts_all(chapter: Chapter) -> None:
    rows = [
        ONE | {"payment_id": f"P{n}", "invoice": f"F{n}", "paid_on": "2026-05-01"}
        for n in range(10000)
    ]
    section = chapter(*rows)
    table = next(table for table in section.tables if table.id == "payments.payments")

    assert len(table.rows) == 5_000
    assert table.note.endswith("The first 5,000 of 10,000.")
    assert section.fact("payments.delay.median").n == 10000
    assert sum(".late." in finding.id for finding in section.findings) == 50
    assert caveats(section)["payments.more"].startswith("Findings of one kind stop at 50")


def test_the_section_is_json_and_html_and_hostile_words_stay_words(chapter: Chapter) -> None:
    hostile = "<script>alert(1)</script>{0}{x}%s"
    row = {"title": hostile, "clause": hostile, "invoice": hostile, "paid_on": "2026-05-01"}
    section = chapter(ONE | row)

    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "payments"
    assert "<script>alert" not in html(section)
    assert "{0}{x}%s" in sentence_of(section, "payments.late.P1")
    ids = [value.id for value in (*section.facts, *section.findings, *section.caveats)]
    assert len(set(ids)) == len(ids)


def test_every_fact_without_a_value_says_why(chapter: Chapter) -> None:
    section = chapter({"payment_id": "P1", "amount": 1}, tables={})

    silent = [fact for fact in section.facts if fact.value is None]
    assert silent
    assert all(fact.note for fact in silent)


def test_without_a_payment_to_judge_no_amount_is_late_nor_in_time(chapter: Chapter) -> None:
    section = chapter({"payment_id": "P1", "amount": 100, "paid_on": "2026-03-01"},
                    agreement=agreed(payment=None, **EXTRACTED))  # fmt: skip
    late = section.fact("payments.delay.amount")

    assert (late.value, late.note) == (None, "no payment can be judged yet")
    assert "payments.delay.median" not in {fact.id for fact in section.facts}


def test_figures_name_the_clauses_of_all_terms_that_they_rest_on(chapter: Chapter) -> None:
    """By an amendment of 1 May, 45 days: P1 came before it, P2 after."""
    other = {"clause": "A9", "within": "45 calendar days",
             "retention": {"clause": "A10", "share": "10 %", "until": "contract"}}  # fmt: skip
    stated = agreed(**EXTRACTED)
    stated["amendments"] = [amendment("2026-05-01", payment=other)]
    after = {"payment_id": "P2", "invoice": "F2", "received_on": "2026-05-01",
             "paid_on": "2026-06-15", "retained": 100}  # fmt: skip
    section = chapter(ONE | {"retained": 50}, ONE | after, agreement=stated)

    assert section.fact("payments.in_time").value == 1
    assert section.fact("payments.in_time").clause == "9.3, A9"
    assert section.fact("payments.retained").clause == "9.5, A10"


def test_more_retentions_of_another_share_than_findings_name_are_counted(
    chapter: Chapter,
) -> None:
    rows = [ONE | {"payment_id": f"P{n}", "invoice": f"F{n}", "retained": 80} for n in range(51)]
    section = chapter(*rows)

    assert caveats(section)["payments.more"] == "Findings of one kind stop at 50; the tables go on."
    assert "payments.more" not in caveats(chapter(*rows[:50]))
