"""What an analyst takes out of a chapter reads well in a notebook, as markup and as plain text."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from reviewlib.pages import cells
from reviewlib.pages.glance import in_plain_text, of_few
from reviewlib.pages.wording import Wording
from reviewlib.report.encoding import decoded, encoded
from reviewlib.report.lists import FactList, FindingList
from reviewlib.report.text import N_, Quoted
from reviewlib.report.values import (
    Caveat,
    Checks,
    Fact,
    Finding,
    Interval,
    Kind,
    Section,
    Side,
    Unit,
)

LABEL = "<b>Met</b>"  # text of the data, which is never markup
FACTS = (
    Fact("sla.met", Quoted(LABEL), 0.75, Unit.SHARE, n=40, target=0.9, met=False, key=True,
         interval=Interval(0.6, 0.86, Quoted("Wilson 95 %")), clause="Art. 5", count=30),
    Fact("sla.median", Quoted("Median"), None, Unit.HOURS, note=Quoted("no ticket was resolved")),
)  # fmt: skip
FINDINGS = (
    Finding("sla.missed", Quoted("Missed in May."), Kind.CONCERN, ("T1", "T2"), Quoted("Act"),
            checks=Checks(Side.PROVIDER, 3, 4), decider=Side.CLIENT, decide_by="2025-07-12"),
    Finding("sla.noted", Quoted("Noted."), Kind.NEUTRAL),
)  # fmt: skip


def section(**other: Any) -> Section:
    words = {"title": Quoted("Levels"), "headline": Quoted("30 of 40 in time."), "shown_in": "fr"}
    return Section("sla", **(words | {"facts": FACTS, "findings": FINDINGS} | other))


def test_a_chapter_is_a_few_lines_where_markup_is_not_read() -> None:
    shown = section(caveats=(Caveat("sla.open", Quoted("Two tickets run.")),))

    assert in_plain_text(shown, Wording("en")).splitlines() == [
        "Levels",
        "30 of 40 in time.",
        "  <b>Met</b>: 75.0% (60.0% to 86.0%; Target 90%; Art. 5)",
        "  To decide: Act",
        "  Two tickets run.",
    ]


def test_a_chapter_that_is_not_assessed_says_why_in_plain_text() -> None:
    absent = Section("sla", Quoted("Levels"), because=N_("the folder has no log"))

    assert in_plain_text(absent, Wording("en")) == "Levels\nNot assessed: the folder has no log"


def test_the_facts_of_a_chapter_are_a_table_in_its_language_with_their_ids() -> None:
    levels = section()
    shown = of_few(levels.facts, {"levels": levels})

    assert isinstance(levels.facts, FactList)
    assert re.findall(r"<code[^>]*>([^<]+)</code>", shown["text/html"]) == ["sla.met", "sla.median"]
    assert ">Valeur</th>" in shown["text/html"]
    assert "&lt;b&gt;Met&lt;/b&gt;" in shown["text/html"]
    assert shown["text/plain"].splitlines() == [
        "sla.met",
        "    <b>Met</b>\u00a0: 75,0\u202f% "
        "(60,0\u202f% à 86,0\u202f%\u00a0; Cible 90\u202f%\u00a0; Art. 5)",
        "sla.median",
        "    Median\u00a0: Non évalué (no ticket was resolved)",
    ]


def test_a_finding_is_shown_with_its_decision_and_its_evidence() -> None:
    levels = section(shown_in="en")
    shown = of_few(levels.finding("sla.missed"), {"levels": levels})

    assert isinstance(levels.findings, FindingList)
    assert 'id="sla.missed"' in shown["text/html"]
    assert "sla.noted" not in shown["text/html"]
    assert shown["text/plain"] == (
        "sla.missed\n    Concern: Missed in May.\n    To decide: Act\n    T1, T2"
    )


def test_values_that_no_variable_holds_are_shown_in_english_and_none_of_them_as_none() -> None:
    assert ">Value</th>" in of_few(FACTS[0], {})["text/html"]
    assert of_few(Section("bare", Quoted("Bare")).findings, {}) == {"text/plain": "none"}


def test_the_frame_of_facts_has_their_numbers_by_id() -> None:
    frame = section().facts.frame()

    assert list(frame.index) == ["sla.met", "sla.median"]
    assert frame.loc["sla.met"].to_dict() == {
        "value": 0.75, "unit": "share", "n": 40, "count": 30, "low": 0.6, "high": 0.86,
        "target": 0.9, "met": False,
    }  # fmt: skip
    assert frame.loc["sla.median", ["value", "n", "met"]].isna().all()
    assert frame["value"].mean() == 0.75


def test_the_frame_of_findings_has_what_is_known_of_them_by_id() -> None:
    frame = section().findings.frame()

    assert list(frame.loc["sla.missed"]) == [
        "concern", "T1, T2", "client", "2025-07-12", "", 3, 4
    ]  # fmt: skip
    assert frame.loc["sla.noted", "held"] is pd.NA
    assert Section("bare", Quoted("Bare")).findings.frame().empty


@pytest.mark.parametrize(
    ("what", "name", "answer"),
    [
        ("fact", "sla.mett", "no fact 'sla.mett' in the chapter sla: did you mean 'sla.met'?"),
        ("finding", "sla.mised", "did you mean 'sla.missed'?"),
        (
            "finding",
            "x" * 10_000,
            "no finding 'xxx.*…' in the chapter sla: findings of the chapter: 2",
        ),
    ],
)
def test_a_mistyped_id_is_answered_with_the_one_most_like_it(
    what: str, name: str, answer: str
) -> None:
    with pytest.raises(KeyError, match=re.escape(answer).replace(r"\.\*", ".*")) as raised:
        getattr(section(), what)(name)

    assert len(str(raised.value)) < 300


def test_facts_and_findings_are_the_same_values_after_json() -> None:
    again = decoded(encoded(section()))

    assert again == section()
    assert isinstance(again.facts, FactList)


def test_a_cell_hands_to_the_page_neither_its_style_nor_its_script() -> None:
    shown = cells.of_section(section())

    assert "<style>" in shown["text/html"]
    assert "<script>" in shown["text/html"]
    assert not re.search("<style|<script|class=.reviewlib", cells.markup(shown))
    assert cells.markup(shown).lstrip().startswith("<section")
