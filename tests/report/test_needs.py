"""What ``check`` says that a report would assess is what the chapters assess."""

from __future__ import annotations

import dataclasses
from functools import cache

import pandas as pd
import pytest

from reviewlib.folder.engagement import Engagement
from reviewlib.report.needs import NEEDS, reach
from reviewlib.report.parts import CHAPTERS, Part
from reviewlib.report.values import Section
from reviewlib.review import review_of
from reviewlib.tables import PARENTS
from tests.chapters import PERIODIC, chapter
from tests.sample import engagement


@cache
def small() -> Engagement:
    """The shipped engagement with some forty tickets, half of them P1, and their log."""
    whole = engagement()
    every = whole.tables["tickets"]
    chosen = pd.concat([every[every["priority"] == "P1"].head(20), every[::300]])
    chosen = chosen[~chosen.index.duplicated()]
    ids, tables = {*chosen["ticket_id"]}, {**whole.tables, "tickets": chosen}
    for (table, column), parent in PARENTS.items():
        if parent == "tickets" and column in tables[table]:
            tables[table] = tables[table][tables[table][column].isin(ids)]
    return dataclasses.replace(whole, tables=tables)


def having(*tables: str, without: str = "") -> Engagement:
    """The engagement with these tables alone, and without a key of the contract."""
    contract, key = small().contract, without.removeprefix("terms.")
    if without.startswith("terms."):
        versions = [terms.model_copy(update={key: {}}) for terms in contract.versions]
        contract = contract.model_copy(update={"versions": tuple(versions)})
    elif key:
        contract = contract.model_copy(
            update={key: None if key in ("survey", "major_incidents") else ()}
        )
    held = {name: frame for name, frame in small().tables.items() if name in tables}
    return dataclasses.replace(small(), contract=contract, tables=held)


def section(slug: str, of: Engagement) -> Section:
    return chapter(slug, review_of(of, language="en"))


def test_each_chapter_says_what_it_needs_in_the_order_of_the_page() -> None:
    chapters = [s for part, slugs in CHAPTERS.items() if part != Part.FRONT for s in slugs]
    assert [*NEEDS] == [slug for slug in chapters if slug not in PERIODIC]


@pytest.mark.parametrize("slug", NEEDS)
def test_a_chapter_is_assessed_with_the_tables_that_it_needs_and_these_alone(slug: str) -> None:
    for tables in NEEDS[slug].tables:
        shown = section(slug, having(*tables))
        assert (shown.title, not shown.because) == (NEEDS[slug].title, True)
        assert slug in reach(having(*tables)).assessed


@pytest.mark.parametrize(
    ("slug", "lacking"),
    [
        (slug, name)
        for slug, needs in NEEDS.items()
        for name in (*(needs.tables[0] if len(needs.tables) == 1 else ()), *needs.keys)
    ],
)
def test_a_chapter_is_not_assessed_without_one_of_the_things_that_it_needs(
    slug: str, lacking: str
) -> None:
    tables = [name for name in NEEDS[slug].tables[0] if name != lacking]
    keyed = lacking in NEEDS[slug].keys
    left = having(*tables, without=lacking if keyed else "")
    if slug == "service_levels" and keyed:
        frame = left.tables["tickets"].drop(columns="recorded_sla_met", errors="ignore")
        left = dataclasses.replace(left, tables={"tickets": frame})

    assert section(slug, left).because
    seen = reach(left)
    assert slug not in seen.assessed
    assert seen.lacking[slug] == (lacking if keyed else f"{lacking}.csv",)
    assert slug in seen.adds[seen.lacking[slug][0]]


def test_the_file_that_adds_most_chapters_is_named_first() -> None:
    """A contract alone: with tickets service levels, amendments, three by clauses, four others."""
    adds = reach(having()).adds

    assert next(iter(adds)) == "tickets.csv"
    assert adds["tickets.csv"] == (
        "service_levels", "amendments", "sensitivity", "breaches", "durations", "flow", "volumes",
        "evolution", "autonomy", "signals",
    )  # fmt: skip
    assert [len(slugs) for slugs in adds.values()] == sorted(map(len, adds.values()), reverse=True)
    assert adds["milestones.csv"] == ("milestones", "delays")
    assert reach(having()).lacking["deliverables"] == ("deliverables.csv", "submissions.csv")


def test_levels_that_the_tool_recorded_are_assessed_without_a_clause() -> None:
    left = having("tickets", without="terms.clauses")
    flagged = left.tables["tickets"].assign(recorded_sla_met=True)
    left = dataclasses.replace(left, tables={"tickets": flagged})

    assert "service_levels" in reach(left).assessed
    assert not section("service_levels", left).because
