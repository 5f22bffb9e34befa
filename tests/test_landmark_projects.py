"""A public log of 121 software projects, 2000 to 2002: the release date announced each week.

Little's data of Landmark Graphics: each project is a milestone, its first estimate the date of the
contract, its weekly estimates the forecasts. The expected figures come from a walk through the
rows with the standard library alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import lzma
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from reviewlib.delivery.milestones.chapter import DRAWN, milestones
from reviewlib.report.values import Section
from reviewlib.review import open_review
from tests.spoken import drawn, spoken

CONTRACT = """\
format: 1
id: L
title: Releases
language: en
time_zone: America/Chicago
period: {first: 1998-01-01, last: 2004-12-31}
client: {name: Client}
provider: {name: Provider}
"""
PARTS = ("Week End Date", "Est EndDate", "First Est", "Actual Release")
Walk = dict[str, list[tuple[dt.date, ...]]]  # the rows of a project: week, estimate, first, actual
Chapter = Callable[..., Section]


@pytest.fixture(scope="module")
def projects(shared: Path) -> Walk:
    path = shared / "eseur_projects" / "Little06.csv.xz"
    if not path.is_file():
        pytest.skip("the log of projects (eseur_projects) is not among the public data")
    rows: Walk = {}
    for row in csv.DictReader(io.StringIO(lzma.decompress(path.read_bytes()).decode("utf-8"))):
        dates = tuple(dt.datetime.strptime(row[name], "%m/%d/%y").date() for name in PARTS)
        rows.setdefault(f"P{row['Project Code']}", []).append(dates)
    return {name: sorted(weeks) for name, weeks in rows.items()}


@pytest.fixture
def chapter(projects: Walk, tmp_path: Path) -> Chapter:
    """``chapter(names, as_of)``: what the chapter says of some projects, all without names."""

    def made(names: tuple[str, ...] = (), as_of: str = "") -> Section:
        chosen = {name: projects[name] for name in names or projects}
        plans = [f"{n},Release,{weeks[0][2]},{weeks[0][3]}" for n, weeks in chosen.items()]
        told = [f"{n},{week},{end}" for n, weeks in chosen.items() for week, end, *_ in weeks]
        files = {
            "engagement.yml": CONTRACT,
            "milestones.csv": "\n".join(
                ["milestone_id,title,contract_date,actual_date", *plans, ""]
            ),
            "milestone_forecasts.csv": "\n".join(
                ["milestone_id,reported_on,forecast_date", *told, ""]
            ),
        }
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return milestones(open_review(tmp_path, as_of))

    return made


def moves(weeks: list[tuple[dt.date, ...]], until: dt.date) -> tuple[int, int]:
    """Return how often the date announced moved later and earlier, up to the release."""
    known, later, earlier = weeks[0][2], 0, 0
    for week, estimate, _, actual in weeks:
        if week <= min(actual, until):
            later, earlier = later + (estimate > known), earlier + (estimate < known)
            known = estimate
    return later, earlier


def test_the_figures_on_all_projects_are_those_of_a_walk_through_the_rows(
    projects: Walk, chapter: Chapter
) -> None:
    found = chapter()
    delays = [(weeks[0][3] - weeks[0][2]).days for weeks in projects.values()]
    moved = [moves(weeks, dt.date.max) for weeks in projects.values()]
    slipping = [later for later, earlier in moved if later >= 2 and earlier == 0]

    assert len(delays) == 121
    share = found.fact("milestones.on_time.contract")
    assert (share.value, share.n) == (sum(delay <= 0 for delay in delays) / 121, 121)
    assert found.fact("milestones.on_time.baseline").value == share.value
    assert found.fact("milestones.delay.contract").value == median(delays)
    assert found.fact("milestones.moved").value == sum(later > 0 for later, _ in moved)
    assert found.fact("milestones.only_later").value == len(slipping) > 30


def test_each_project_has_its_delay_and_its_moves(projects: Walk, chapter: Chapter) -> None:
    found = chapter()
    table, announced = (
        {str(row[0]): row for row in each.rows}
        for each in found.tables
        if each.id in ("milestones.table", "milestones.announced")
    )
    delay = [column.key for column in found.tables[0].columns].index("contract_days")

    for name, weeks in projects.items():
        assert table[name][delay] == (weeks[0][3] - weeks[0][2]).days
        assert announced[name][-2:] == moves(weeks, dt.date.max)


def test_as_of_an_earlier_day_releases_and_estimates_to_come_are_not_known(
    projects: Walk, chapter: Chapter
) -> None:
    """Of what is due by then: released by the first estimate, or late, or not released yet."""
    today = dt.date(2001, 6, 30)
    found = chapter(as_of=str(today))
    due = [
        (first, actual)
        for first, actual in (weeks[0][2:] for weeks in projects.values())
        if first < today or actual <= today
    ]
    told = [moves(weeks, today) for weeks in projects.values() if weeks[0][0] <= today]
    share, moved = found.fact("milestones.on_time.contract"), found.fact("milestones.moved")

    assert share.n == len(due) > 40
    assert share.value == sum(actual <= min(first, today) for first, actual in due) / len(due)
    assert found.fact("milestones.overdue").value == sum(actual > today for _, actual in due)
    assert (moved.value, moved.n) == (sum(later > 0 for later, _ in told), len(told))


def test_the_trend_of_a_project_that_slipped_is_drawn_from_its_reports(
    projects: Walk, chapter: Chapter
) -> None:
    """Up to its release project 34 announced a later date nineteen times, never an earlier."""
    whole = chapter(("P34", "P75"))
    found = spoken(whole)
    trend = next(one for one in found.figures if one.id.endswith(".trend"))
    reports = projects["P34"] + projects["P75"]
    told = [(str(week), str(end)) for week, end, _, actual in reports if week <= actual]

    assert moves(projects["P34"], dt.date.max) == (19, 0)
    assert found.fact("milestones.P34.slips").value == 19
    assert getattr(found.finding("milestones.only_later"), "evidence", ()) == ("P34", "P75")
    assert [(str(row[1])[:10], str(row[2])[:10]) for row in trend.table.rows] == told
    svg = drawn(whole, next(one for one in whole.figures if one.id.endswith(".trend")))
    assert svg.count("chart-reached") == 2
    assert "The most moves: 19, for P34." in trend.description


def test_of_many_projects_the_figures_draw_those_with_the_longest_delay(
    projects: Walk, chapter: Chapter
) -> None:
    found = chapter()
    delays = {name: (weeks[0][3] - weeks[0][2]).days for name, weeks in projects.items()}
    trend = next(one for one in found.figures if one.id.endswith(".trend"))
    shown = {*trend.frame["label"]}

    assert len(shown) == DRAWN
    assert min(delays[n] for n in shown) >= max(delays[n] for n in delays.keys() - shown)
    assert "milestones.many" in {caveat.id for caveat in found.caveats}
