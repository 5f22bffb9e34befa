"""Priorities are in the contract's order wherever they are listed or drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewlib.report.values import Section
from reviewlib.review import Review
from tests import desk
from tests.chapters import chapter as of_slug
from tests.desk import RESOLUTION, events, ticket, tickets
from tests.spoken import drawn, spoken

ORDER = ["Major", "High", "Medium", "Low"]  # by letters: High, Low, Major, Medium
TARGETS = dict(zip(ORDER, ("1 h", "2 h", "4 h", "8 h"), strict=True))
THRESHOLDS = dict(zip(ORDER, ("95 %", "90 %", "85 %", "80 %"), strict=True))


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """Two tickets of each priority in January, all late, and two in February, all in time."""
    rows, log = [], []
    for month, hour in (("01", "18:00"), ("02", "09:10")):
        for number in range(8):
            name, day = f"T{month}{number}", f"2026-{month}-09"
            rows.append(
                ticket(name, f"{day}T09:00", ORDER[number % 4], recorded_sla_met="yes", kind="x")
            )
            end = f"{day[:8]}12T{hour}" if month == "01" else f"{day}T{hour}"
            log.append(f"{name} {end} status New Resolved")
    clause = RESOLUTION | {"targets": TARGETS, "threshold": THRESHOLDS, "month": "opened"}
    contract = desk.agreed(clause, priorities=ORDER, data={"extracted_at": "2026-06-01T09:00"})
    tables = {"tickets": tickets(*rows), "ticket_events": events("\n".join(log))}
    return desk.review(tmp_path, contract, tables)


def listed(section: Section) -> Iterator[tuple[str, list[Any]]]:
    """Yield what each table of a section lists of the priorities, in order, each once."""
    for table in (*section.tables, *(figure.table for figure in section.figures)):
        for number, column in enumerate(table.columns):
            cells = dict.fromkeys(row[number] for row in table.rows)
            named = [cell for cell in cells if cell in ORDER]
            if len(named) > 1:
                yield f"{table.id}.{column.key}", named


@pytest.mark.parametrize("slug", ["service_levels", "breaches", "sensitivity", "amendments"])
def test_priorities_are_in_the_order_of_the_contract(review: Review, slug: str) -> None:
    for name, named in listed(spoken(of_slug(slug, review), "en")):
        assert named == [word for word in ORDER if word in named], name


def test_the_figures_of_priorities_are_in_the_order_of_the_contract(review: Review) -> None:
    section = spoken(of_slug("service_levels", review), "en")
    met = [fact.id.rpartition(".")[2] for fact in section.facts if ".met." in fact.id]
    flags = [fact.id.rpartition(".")[2] for fact in section.facts if ".kept." in fact.id]

    assert (met, flags) == (ORDER, ORDER)
    months = next(figure for figure in section.figures if figure.id.endswith(".by_month"))
    drawn_rows = drawn(of_slug("service_levels", review), months, "en").rows
    labels = [row.label for row in drawn_rows if row.marks]
    assert labels == [*ORDER[:3], "Low (within chance)"]  # 2 of 4 for 80 %: Wilson, 15 to 85 %


def test_a_month_is_drawn_by_the_thresholds_of_each_of_its_priorities(review: Review) -> None:
    """January 0 of 8, February 8 of 8, under four thresholds: each row is below, then met."""
    section = of_slug("service_levels", review)
    figure = next(one for one in section.figures if one.id.endswith(".by_month"))
    rows = [row for row in drawn(section, figure, "en").rows if row.marks]

    assert len(rows) == 4
    for row in rows:
        assert [mark.level < 0.5 for mark in row.marks] == [False, True], row.label
