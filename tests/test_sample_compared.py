"""The sample's quarters laid side by side: a late ticket, another target, the quarter after.

Of each review some chapters are made, written as review.json has them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reviewlib import of_period, open_period, to_date
from reviewlib.delivery.milestones.chapter import milestones
from reviewlib.folder.frozen import frozen_review
from reviewlib.money.budget.chapter import budget
from reviewlib.money.penalties.chapter import penalties
from reviewlib.pages.gathering import Gathered
from reviewlib.pages.publish import review_json
from reviewlib.report.comparison import Cause, ChangedFact, Comparison, FindingTurn
from reviewlib.service.flow.chapter import flow
from reviewlib.service.service_levels.chapter import service_levels
from tests.compared import keep
from tests.sample import SAMPLE

LATE = "INC29999"
MET = "service_levels.resolution.met.P2"


def late_ticket(folder: Path) -> None:
    """Add INC12313 again under another number: P2, of 1 August, resolved in 2 h 37 of 8 h."""
    for name in ("tickets", "ticket_events"):
        file = folder / f"{name}.csv"
        lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        new = [one.replace("INC12313", LATE) for one in lines if one.startswith("INC12313;")]
        with file.open("a", encoding="utf-8", newline="") as end:
            end.writelines(new)


def other_target(folder: Path) -> None:
    """Cut the threshold of P2 resolutions from 90 % to 80 %."""
    file = folder / "engagement.yml"
    text = file.read_text(encoding="utf-8")
    assert text.count("P2: 90 %") == 1
    file.write_text(text.replace("P2: 90 %", "P2: 80 %"), encoding="utf-8")


def quarter(folder: Path, name: str) -> Any:
    review = open_period(folder, name)
    sections = [
        of_period(service_levels, review),
        of_period(flow, review),
        to_date(penalties, review),
        to_date(milestones, review),
        to_date(budget, review),
    ]
    gathered = cast(Gathered, SimpleNamespace(sections=sections, contributions=[]))
    return json.loads(json.dumps(review_json(review.about(), gathered, ("fr", "en"))))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, with its reviews: Q3, Q4, then Q3 with a late ticket, and another target too."""
    folder = tmp_path_factory.mktemp("compared") / "sample"
    shutil.copytree(SAMPLE, folder)
    keep(folder, "2024Q3", quarter(folder, "2024Q3"))
    keep(folder, "2024Q4", quarter(folder, "2024Q4"))
    for number, change in enumerate((late_ticket, other_target), start=2):
        change(folder)
        keep(folder, f"2024Q3.{number}", quarter(folder, "2024Q3"))
    return folder / "reviews"


@pytest.fixture(scope="module")
def between(kept: Path) -> Callable[[str, str], Comparison]:
    return lambda first, second: Comparison(
        frozen_review(kept / first), frozen_review(kept / second)
    )


def by_id(comparison: Comparison) -> dict[str, ChangedFact]:
    return {one.second.id: one for one in comparison.changed}


def test_a_late_ticket_is_a_restatement_with_both_figures(
    between: Callable[[str, str], Comparison],
) -> None:
    """One P2 more that was resolved in time: 83 of 87, then 84 of 88; 808 opened, then 809."""
    comparison = between("2024Q3", "2024Q3.2")
    changed = by_id(comparison)

    assert comparison.causes == (Cause.LATE,)
    met, opened = changed[MET], changed["flow.opened"]
    assert (met.first.count, met.first.n, met.second.count, met.second.n) == (83, 87, 84, 88)
    assert (opened.first.value, opened.second.value) == (808, 809)
    assert {one.causes for one in comparison.changed} == {(Cause.LATE,)}
    assert met.files == ("tickets.csv", "ticket_events.csv")
    assert {one.section.slug for one in comparison.changed} == {"service_levels", "flow"}


def test_another_target_changes_what_was_missed_and_nothing_that_was_counted(
    between: Callable[[str, str], Comparison],
) -> None:
    comparison = between("2024Q3.2", "2024Q3.3")
    changed = by_id(comparison)

    assert comparison.causes == (Cause.CONTRACT,)
    assert (changed[MET].first.target, changed[MET].second.target) == (0.9, 0.8)
    assert changed[MET].first.value == changed[MET].second.value
    assert {*changed} - {MET} <= {one for one in changed if one.startswith("penalties.")}
    assert "flow.opened" not in changed


def test_of_a_late_ticket_and_another_target_only_chapters_of_tickets_may_have_both_causes(
    between: Callable[[str, str], Comparison],
) -> None:
    comparison = between("2024Q3", "2024Q3.3")
    slugs = {one.slug: {*one.reads} for one in comparison.second.values.sections}

    assert "tickets" in slugs["penalties"]  # computed from breaches, whatever its figures name
    assert "tickets" in slugs["flow"]  # of which the rows of the log name a ticket
    assert not {"tickets", "ticket_events"} & (slugs["milestones"] | slugs["budget"])
    assert {one.causes for one in comparison.changed} == {(Cause.LATE, Cause.CONTRACT)}
    assert all("tickets.csv" in one.files for one in comparison.changed)


def test_of_the_quarter_after_the_period_is_the_cause_and_milestones_are_newly_late(
    between: Callable[[str, str], Comparison],
) -> None:
    comparison = between("2024Q3", "2024Q4")

    assert comparison.causes == (Cause.PERIOD,)
    assert {one.causes for one in comparison.changed} == {(Cause.PERIOD,)}
    turns = {one.finding.id: one.turn for one in comparison.findings}
    assert (
        turns["service_levels.resolution.P2.amendment.1"] is FindingTurn.NEW
    )  # in force on 1 October
    assert FindingTurn.CAME_BACK not in turns.values()  # no quarter before the third is kept
