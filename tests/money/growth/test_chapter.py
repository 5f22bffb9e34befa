"""The chapter on the growth of the scope, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewlib.money.growth.chapter import growth
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.review import open_review
from tests import desk
from tests.money.changes.test_chapter import without
from tests.sample import sample_of
from tests.spoken import caveats, html
from tests.spoken import chapter as chapter_of

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
CHANGES = """\
change_id,title,kind,trigger,requested_on,decided_on,decision,cost_impact,amendment
C1,More devices,scope,business,2026-01-05,2026-01-12,approved,1000.10,
C2,Faster answers,service_level,business,2026-01-05,2026-01-15,approved,500,A1
C3,Files first,priority,staff,2026-01-06,2026-01-20,approved,,
C4,Fewer tests,quality,,2026-01-07,2026-01-20,approved,-50.05,
C5,Saturdays,scope,market,2026-01-07,2026-01-27,refused,300,
C6,Printers,scope,staff,2026-02-01,,,9,
"""
SIGNED = [
    {
        "id": "A1",
        "title": "Faster",
        "signed": "2026-01-15",
        "effective": "2026-02-01",
        "changes": {"clauses": {"R1": {"targets": {"P1": "2 h"}}}},
    }
]
Chapter = Callable[..., Section]


def agreement(price: float | None = 10_000, amendments: Any = SIGNED) -> dict[str, Any]:
    """A contract with a price and its amendments."""
    written = desk.agreed(desk.RESOLUTION, amendments=amendments)
    stated = {} if price is None else {"price": {"total": price, "clause": "Art. 9"}}
    return written | {"terms": written["terms"] | stated}


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def made(
        text: str | None = CHANGES,
        contract: dict[str, Any] | None = None,
        as_of: str = "2026-03-01",
        language: str = "en",
    ) -> Section:
        written = json.dumps(contract or agreement())
        (tmp_path / "engagement.yml").write_text(written, encoding="utf-8")
        if text is not None:
            (tmp_path / "changes.csv").write_text(text, encoding="utf-8")
        return chapter_of(growth, open_review(tmp_path, as_of, language))

    return made


def sentences(section: Section) -> dict[str, str]:
    return {finding.id.removeprefix("growth."): finding.sentence for finding in section.findings}


# ----------------------------------------------------------------------------------------- growth


def test_the_growth_is_the_approved_cost_over_the_price(chapter: Chapter) -> None:
    """1000.10 + 500 − 50.05 = 1450.05 of 10 000: 14.5005 %."""
    section = chapter()
    share = section.fact("growth.share")

    assert share.value == pytest.approx(0.145005, abs=1e-15)
    assert (share.n, share.clause) == (3, "Art. 9")
    assert share.note == "€1,450.05 on a price of €10,000"
    assert section.headline == "The approved changes add €1,450.05: 14.5% of the price."
    assert (
        caveats(section)["growth.unpriced"]
        == "1 approved change states no cost: the growth is without it."
    )


def test_the_figure_adds_up_day_by_day(chapter: Chapter) -> None:
    (figure,) = chapter().figures

    assert [(str(row[0])[:10], *row[1:]) for row in figure.table.rows] == [
        ("2026-01-12", "C1", 1000.10, 1000.10),
        ("2026-01-15", "C2", 500.0, 1500.10),
        ("2026-01-20", "C4", -50.05, 1450.05),
    ]
    assert figure.description.endswith("from €1,000.10 on 12 Jan 2026 to €1,450.05 on 20 Jan 2026.")


@pytest.mark.parametrize(
    ("text", "price", "headline", "note"),
    [
        (CHANGES, None, "changes add €1,450.05.", "states no price at its signature (terms.price)"),
        (CHANGES, 0, "changes add €1,450.05.", "states no price at its signature (terms.price)"),
        (CHANGES.replace("-50.05", "-2000"), 1000, "changes save €499.90: 50.0% of the price.", ""),
        (CHANGES.replace("-50.05", "-2000"), None, "changes save €499.90.", "states no price"),
        (without("cost_impact", text=CHANGES), 1000, "approved: 4.", "no approved change states"),
    ],
)
def test_without_a_price_or_a_cost_there_is_no_share(
    chapter: Chapter, text: str, price: float | None, headline: str, note: str
) -> None:
    section = chapter(text, agreement(price))

    assert section.headline.endswith(headline)
    assert note in section.fact("growth.share").note
    assert (section.fact("growth.share").value is None) == bool(note)


def test_a_price_that_was_amended_is_said(chapter: Chapter) -> None:
    changes = [SIGNED[0] | {"changes": {"price": {"total": 12_000}}}]
    section = chapter(contract=agreement(amendments=changes))

    assert section.fact("growth.share").note.endswith("on a price of €10,000")
    assert "the price first signed" in caveats(section)["growth.price"]


def test_a_price_amended_later_is_not_known_before_it_is_signed(chapter: Chapter) -> None:
    """A1 is signed on 15 January."""
    contract = agreement(amendments=[SIGNED[0] | {"changes": {"price": {"total": 12_000}}}])

    assert "growth.price" not in caveats(chapter(contract=contract, as_of="2026-01-14"))
    assert "growth.price" in caveats(chapter(contract=contract, as_of="2026-01-15"))


# ------------------------------------------------------------------------------------- amendments


def test_the_amendment_of_a_change_is_told_without_the_day_of_a_signature_to_come(
    chapter: Chapter,
) -> None:
    """C2 is approved on 13 January, A1 signed on the 15th, the review is of the 14th."""
    text = CHANGES.replace("2026-01-15,approved", "2026-01-13,approved")

    assert sentences(chapter(text, as_of="2026-01-14"))["amendments.unsigned"] == (
        "Approved changes of which the amendment is not signed yet: C2, decided on 13 Jan 2026 "
        "(A1)."
    )


def test_a_change_is_tied_to_the_amendment_and_to_what_it_changes(chapter: Chapter) -> None:
    finding = chapter().finding("growth.amendments.led")

    assert finding is not None
    assert finding.sentence == (
        "Approved changes that led to an amendment: C2, decided on 15 Jan 2026 (A1, signed on "
        "15 Jan 2026; changes R1 from 1 Feb 2026)."
    )
    assert (finding.kind, finding.evidence) == (Kind.NEUTRAL, ("C2",))


@pytest.mark.parametrize(
    ("text", "name", "words", "kind"),
    [
        (
            CHANGES.replace("2026-01-05,2026-01-15", "2026-01-16,2026-01-17"),
            "signed_before",
            "signed before they were requested or decided on: C2",
            Kind.CONCERN,
        ),
        (
            CHANGES.replace("2026-01-15,approved", "2026-01-15,refused"),
            "not_approved",
            "name an amendment and were not approved: C2",
            Kind.CONCERN,
        ),
        (
            CHANGES.replace(",A1", ","),
            "unnamed",
            "that name no amendment: C2, decided on 15 Jan 2026.",
            Kind.CONCERN,
        ),
        (
            without("decided_on", text=CHANGES),
            "led",
            "an amendment: C2 (A1, signed on 15 Jan 2026; changes R1",
            Kind.NEUTRAL,
        ),
        (CHANGES.replace(",A1", ","), "unasked", "no approved change names: A1.", Kind.NEUTRAL),
    ],
)
def test_what_does_not_fit_is_pointed_out(
    chapter: Chapter, text: str, name: str, words: str, kind: Kind
) -> None:
    finding = chapter(text).finding(f"growth.amendments.{name}")

    assert finding is not None
    assert words in finding.sentence
    assert finding.kind is kind


@pytest.mark.parametrize("text", [CHANGES, CHANGES.replace("approved,500,A1", "refused,500,A1")])
def test_a_change_may_name_an_amendment_that_the_contract_does_not_hold(
    chapter: Chapter, text: str
) -> None:
    """A contract without amendments binds the column to no word."""
    (finding,) = [
        finding
        for finding in chapter(text, agreement(amendments=[])).findings
        if "(A1)" in finding.sentence
    ]
    assert finding.evidence == ("C2",)


def test_an_amendment_is_not_missed_before_it_is_signed(chapter: Chapter) -> None:
    """On 14 January C2 is asked for and not decided on, and its amendment is not signed."""
    assert set(sentences(chapter(as_of="2026-01-14"))) == {"triggers"}


def test_an_approved_change_may_await_the_signature_of_its_amendment(chapter: Chapter) -> None:
    """Approved on 15 January, signed on the 25th, reviewed on the 18th."""
    later = [SIGNED[0] | {"signed": "2026-01-25"}]
    section = chapter(contract=agreement(amendments=later), as_of="2026-01-18")

    assert sentences(section)["amendments.unsigned"] == (
        "Approved changes of which the amendment is not signed yet: C2, decided on 15 Jan 2026 "
        "(A1)."
    )
    assert "amendments.unasked" not in sentences(section)


def test_an_amendment_of_no_service_level_is_said_to_be_none(chapter: Chapter) -> None:
    section = chapter(contract=agreement(amendments=[SIGNED[0] | {"changes": {}}]))

    assert "changes no service level" in sentences(section)["amendments.led"]


# ------------------------------------------------------------------------------------------ needs


def test_needs_are_counted_by_what_triggered_them(chapter: Chapter) -> None:
    section = chapter()

    assert sentences(section)["triggers"] == (
        "Needs reassessed, as approved changes, by what triggered them: business 2 (C1 and C2); "
        "staff 1 (C3); no trigger stated 1 (C4)."
    )
    assert sentences(section)["priorities"] == (
        "Priorities reordered by an approved change, with its trigger: C3 “Files first” (staff)."
    )
    assert (section.fact("growth.triggered").value, section.fact("growth.triggered").n) == (3, 4)
    assert (section.fact("growth.reordered").value, section.fact("growth.reordered").n) == (1, 4)
    triggers, kinds = section.tables
    assert [row[:3] for row in triggers.rows] == [
        ("business", 2, 2), ("staff", 2, 1), ("market", 1, 0), ("no trigger stated", 1, 1),
    ]  # fmt: skip
    assert [row[:3] for row in kinds.rows] == [
        ("scope", 1, 1000.1), ("quality", 1, -50.05), ("service level", 1, 500.0),
        ("priority", 1, None),
    ]  # fmt: skip


# ------------------------------------------------------------------------ what is not known, or yet


@pytest.mark.parametrize("column", ["kind", "trigger", "decided_on", "cost_impact", "amendment"])
def test_without_a_column_the_chapter_says_what_it_can(chapter: Chapter, column: str) -> None:
    section = chapter(without(column, text=CHANGES))

    opening = "Changes approved: 4." if column == "cost_impact" else "The approved changes add"
    assert section.headline.startswith(opening)
    assert all(fact.note for fact in section.facts if fact.value is None)
    assert ("growth.amendments" in caveats(section)) == (column == "amendment")
    assert ("growth.undated" in caveats(section)) == (column == "decided_on")
    assert bool(section.figures) == (column not in ("decided_on", "cost_impact"))


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (None, "the folder has no usable row of changes.csv"),
        (
            without("decision", text=CHANGES),
            "does not say which changes were approved (changes.csv: decision)",
        ),
    ],
)
def test_without_decisions_the_growth_is_not_assessed(
    chapter: Chapter, text: str | None, because: str
) -> None:
    assert because in chapter(text).because


def test_without_an_approved_change_nothing_grew(chapter: Chapter) -> None:
    section = chapter("\n".join([CHANGES.splitlines()[0], *CHANGES.splitlines()[5:]]) + "\n")

    assert section.headline == "Changes approved: 0."
    assert section.fact("growth.share").note == "no approved change states a cost"
    assert section.figures == ()


# ---------------------------------------------------------------------------- as a value, as a page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_hostile_words_stay_words(chapter: Chapter, language: str) -> None:
    hostile = "<script>alert(1)</script>"
    text = CHANGES.replace("Files first", hostile).replace("C1,", f"{hostile},")
    section = chapter(text, language=language)
    parts = (section.facts, section.findings, section.tables, section.figures, section.caveats)
    ids = [value.id for part in parts for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "growth"
    assert "<script>alert" not in html(section)


def test_ten_thousand_changes_are_named_in_part(chapter: Chapter) -> None:
    head, first, *_lines = CHANGES.splitlines()
    days = [f"{1 + n % 28:02}" for n in range(10_000)]
    lines = [
        first.replace("C1", f"C{n}", 1).replace("01-12", f"02-{day}") for n, day in enumerate(days)
    ]
    section = chapter("\n".join([head, *lines]) + "\n")

    assert section.fact("growth.share").value == pytest.approx(1000.1)
    assert len(section.figures[0].table.rows) == 28
    assert "C0, C28, C56, C84, C112 and 353 others" in str(section.figures[0].table.rows[0][1])


# ------------------------------------------------------------------------------- the shipped sample


def test_the_shipped_growth_is_found_as_planted() -> None:
    """12 000 + 13 500 + 4 800 − 3 000 = 27 300 of 777 600; CR03 led to Avenant 1."""
    section = chapter_of(growth, sample_of(language="en"))
    words = sentences(section)

    assert section.fact("growth.share").value == 27_300 / 777_600
    assert (section.fact("growth.triggered").value, section.fact("growth.reordered").value) == (
        8,
        1,
    )
    assert "CR03, decided on 12 Sept 2024 (Avenant 1" in words["amendments.led"]
    assert "changes Art. 5.2 from 1 Oct 2024" in words["amendments.led"]
    assert "business 3 (CR02, CR03 and CR06)" in words["triggers"]
    assert "CR10" in words["priorities"]
    assert [row[3] for row in section.figures[0].table.rows] == [12_000, 9_000, 22_500, 27_300]
