"""Rows set aside are said in each chapter that read their table, on the front and the statement."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.engagement.summary.chapter import summary
from reviewlib.money.penalties.statement import statement
from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_
from reviewlib.report.values import Caveat, Section
from reviewlib.review import Review, open_review
from tests import chapters, desk
from tests.delivered import agreed
from tests.sample import SAMPLE
from tests.spoken import caveats
from tests.spoken import chapter as chapter_of

DELAY = {
    "title": "Delay of a deliverable", "kind": "delay", "deliverables": ["D1"],
    "amount": 100,
}  # fmt: skip
DUE = {"deliverable_id": ["D1"], "title": ["Design"], "due_on": ["2026-02-01"]}
SENT = {
    "deliverable_id": ["D1", "D1"],
    "version": ["1", "2"],
    "submitted_on": ["2026-02-01", "2026-02-06"],
    "decided_on": ["2026-02-02", "2026-02-06"],
    "decision": ["Annulé", "accepted"],
}
ROWS_ASIDE = N_("Rows set aside")
LOST = "1 row of submissions.csv was set aside, and is in no figure here: row 2, decision “Annulé”."


def contract(**terms: Any) -> dict[str, Any]:
    stated = agreed(data={"extracted_at": "2026-06-30T12:00", "set_aside_limit": 0.5})
    stated["terms"] = {**stated.get("terms", {}), **terms}
    return stated


def of_slug(slug: str, review: Review) -> Section:
    return chapter_of(lambda one: chapters.chapter(slug, one), review)


@pytest.fixture
def late(tmp_path: Path) -> Review:
    """D1 was due on 1 February; its version of that day is set aside, the next is 5 days later."""
    tables = {"deliverables": pd.DataFrame(DUE), "submissions": pd.DataFrame(SENT)}
    return desk.review(tmp_path, contract(penalties={"7.1": DELAY}), tables)


@pytest.mark.parametrize("slug", ["deliverables", "delays", "penalties"])
def test_a_row_set_aside_is_said_in_each_chapter_that_rests_on_its_table(
    late: Review, slug: str
) -> None:
    """The penalties read no file themselves: they rest on what the delays made of it."""
    of_slug("deliverables", late)  # what it computed is not computed again, and rests on the same

    assert caveats(of_slug(slug, late))[f"{slug}.set_aside.submissions"] == LOST


def test_a_chapter_that_does_not_read_a_table_does_not_say_what_it_lacks(late: Review) -> None:
    assert "submissions" not in str(caveats(of_slug("satisfaction", late)))
    assert not any("set_aside" in name for name in caveats(of_slug("data_quality", late)))


def test_the_statement_says_what_was_set_aside(late: Review) -> None:
    labels = {str(label.template): words for label, words in statement(late).particulars
              if hasattr(label, "template")}  # fmt: skip

    assert "submissions.csv" in str(labels["Rows set aside"])


def test_of_many_rows_set_aside_three_are_quoted_and_no_chapter_is_sent_to(tmp_path: Path) -> None:
    """Five of six versions have a decision that is none: 5 - 3 = 2 others."""
    versions = [str(n) for n in range(1, 7)]
    sent = pd.DataFrame(SENT).loc[[0]].drop(columns="version").merge(
        pd.DataFrame({"version": versions}), how="cross"
    )  # fmt: skip
    sent["decision"] = ["accepted", *["Annulé"] * 5]
    stated = contract(penalties={"7.1": DELAY})
    stated["data"] = stated["data"] | {"set_aside_limit": "100 %"}
    tables = {"deliverables": pd.DataFrame(DUE), "submissions": sent}
    review = desk.review(tmp_path, stated, tables)

    (words,) = [w for label, w in statement(review).particulars if str(label) == str(ROWS_ASIDE)]
    assert Wording("en").say(words) == (
        "5 rows of submissions.csv were set aside, and are in no figure here: row 3, decision "
        "“Annulé”; row 4, decision “Annulé”; row 5, decision “Annulé”; 2 others."
    )


def test_the_front_says_which_chapters_rest_on_the_other_rows(late: Review) -> None:
    sections = [chapters.chapter(slug, late) for slug in ("deliverables", "payments", "penalties")]
    front = chapter_of(lambda review: summary(review, sections), late)

    assert (
        "1 row of the data was set aside: the figures of Deliverables and Penalties, "
        "credits and late payments rest on the others."
    ) in front.intro


def test_rows_of_which_the_chapters_are_too_many_to_be_named_are_said_once(late: Review) -> None:
    """Its row of submissions is missed by chapters 1 to 4, and that of deliverables by 2 to 5.

    1 + 1 = 2 rows, and chapters 1 to 5.
    """
    aside = late.engagement.set_aside
    more = pd.concat([aside, aside.head(1).assign(table="deliverables", file="deliverables.csv")])
    review = replace(late, engagement=replace(late.engagement, set_aside=more))
    tables = {n: ["submissions"] * (n < 5) + ["deliverables"] * (n > 1) for n in range(1, 6)}
    sections = [
        Section(f"c{n}", f"C{n}", caveats=tuple(
            Caveat(f"c{n}.set_aside.{table}", "Beware.") for table in own
        ))
        for n, own in tables.items()
    ]  # fmt: skip

    front = chapter_of(lambda one: summary(one, sections), review)
    assert front.intro.count("set aside") == 1
    assert "2 rows of the data were set aside: the figures of 5 chapters rest on" in front.intro


def test_a_deliverable_of_which_a_row_is_set_aside_is_not_said_never_refused(
    late: Review,
) -> None:
    finding = of_slug("deliverables", late).finding("deliverables.D1")

    assert finding is not None
    assert "no version was refused" not in finding.sentence
    assert "“Design”: 1 row of it in submissions.csv was set aside." in finding.sentence


@pytest.mark.parametrize("slug", ["payments", "budget"])
def test_amounts_that_could_not_be_read_are_said_beside_the_sums(tmp_path: Path, slug: str) -> None:
    """Of four rows, two have no amount that can be read."""
    amounts = ["40000.50", "12k", "tbd", "100"]
    names = [f"{slug[0].upper()}{n}" for n in range(1, 5)]
    columns = {
        "payments": {"payment_id": names, "title": names, "amount": amounts, "invoice": names,
                     "paid_on": ["2026-04-01"] * 4},
        "budget": {"line_id": names, "title": names, "original": amounts},
    }  # fmt: skip
    column = "amount" if slug == "payments" else "original"
    review = desk.review(tmp_path, contract(), {slug: pd.DataFrame(columns[slug])})

    assert caveats(of_slug(slug, review))[f"{slug}.set_aside.{slug}"] == (
        f"2 rows of {slug}.csv were set aside, and are in no figure here: row 3, {column} “12k”; "
        f"row 4, {column} “tbd”."
    )


@pytest.mark.parametrize("slug", ["flow", "durations", "volumes", "service_levels", "breaches"])
def test_the_sample_says_of_each_chapter_on_tickets_that_four_rows_are_set_aside(
    slug: str,
) -> None:
    review = open_review(SAMPLE, language="en")

    assert caveats(of_slug(slug, review))[f"{slug}.set_aside.tickets"].startswith(
        "4 rows of tickets.csv were set aside"
    )
