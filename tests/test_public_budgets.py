"""Budgets that governments published: what our tables and figures make of them.

Canada: 1,126 IT projects above a million dollars, original and latest budget, with the growth as
its compilers worked it out. France: the State's large IT projects, 2016 and 2018 editions. The
figures expected are the published ones, or come from the files with Python's own arithmetic.
"""

from __future__ import annotations

import csv
import statistics
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.money.budget import metrics
from reviewlib.money.budget.chapter import budget
from reviewlib.report.values import Section
from reviewlib.review import Review
from tests import desk
from tests.spoken import chapter as chapter_of


def _dollars(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))


# --- Canada


@pytest.fixture(scope="module")
def canada(shared: Path) -> list[dict[str, str]]:
    path = shared / "ca_it_projects" / "gc-it-projects-combined.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _reviewed(folder: Path, rows: list[dict[str, Any]], currency: str) -> Review:
    agreement = desk.agreed(
        currency=currency,
        data={"set_aside_limit": "50 %"},
        period={"first": "2022-01-01", "last": "2022-12-31"},
    )
    return desk.review(folder, agreement, {"budget": pd.DataFrame(rows)})


@pytest.fixture(scope="module")
def all_projects(canada: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Every project as a line of a budget, with its dollars as they are written."""
    rows = [
        {
            "line_id": row["uniqueId"],
            "title": row["latestProjectName"],
            "original": row["originalBudget"],
            "forecast": row["latestBudget"],
        }
        for row in canada
    ]
    return _reviewed(tmp_path_factory.mktemp("canada"), rows, "CAD")


@pytest.fixture(scope="module")
def lines(all_projects: Review) -> pd.DataFrame:
    table = all_projects.table("budget")
    assert table is not None
    return metrics.lines(table, None).set_index("line_id")


def test_the_projects_without_an_original_budget_are_set_aside(
    canada: list[dict[str, str]], all_projects: Review, lines: pd.DataFrame
) -> None:
    without = [row["uniqueId"] for row in canada if not row["originalBudget"]]

    assert (len(canada), len(without), len(lines)) == (1126, 18, 1108)
    assert len(all_projects.engagement.set_aside) == 18


def test_each_published_growth_is_recomputed_to_the_dollar(
    canada: list[dict[str, str]], lines: pd.DataFrame
) -> None:
    published = {
        row["uniqueId"]: _dollars(row["budgetDelta"]) for row in canada if row["budgetDelta"]
    }
    ours = metrics.differences(lines["forecast"], lines["original"])

    assert len(published) == 178
    assert {name: ours[name] for name in published} == published


def test_each_published_percentage_is_recomputed_as_it_was_rounded(
    canada: list[dict[str, str]], lines: pd.DataFrame
) -> None:
    shares = metrics.growth(lines["original"], lines["forecast"])
    for row in canada:
        if row["budgetDeltaPercentage"]:
            points = float(row["budgetDeltaPercentage"].rstrip("%"))
            assert shares[row["uniqueId"]] * 100 == pytest.approx(points, abs=0.00501)


def test_the_median_growth_of_the_projects_seen_twice_is_23_percent(
    canada: list[dict[str, str]], tmp_path: Path
) -> None:
    """The compilers' figure: +23.1 % over 178 projects, of which 64.0 % grew by over a tenth."""
    rows = [
        {"line_id": row["uniqueId"], "title": row["latestProjectName"],
         "original": row["originalBudget"], "forecast": row["latestBudget"]}
        for row in canada
        if row["budgetDelta"]
    ]  # fmt: skip
    found = chapter_of(budget, _reviewed(tmp_path, rows, "CAD"))
    median = found.fact("budget.growth.median")
    whole = sum(_dollars(row["latestBudget"]) for row in canada if row["budgetDelta"])

    assert (median.n, round(float(median.value or 0), 3)) == (178, 0.231)
    assert found.fact("budget.forecast").value == float(whole)
    assert found.headline == "What was spent is not stated."
    assert _grown(found, "budget.line.") == 10  # the furthest over; the table has all


def _grown(found: Section, prefix: str) -> int:
    return sum(finding.id.startswith(prefix) for finding in found.findings)


# --- France


@pytest.fixture(scope="module")
def editions(shared: Path) -> list[dict[str, Any]]:
    """The projects of 2016 that bear the same name in 2018, with both costs as they are written.

    One edition has decimal points, the other, an Excel sheet of texts, decimal commas.
    """
    pytest.importorskip("openpyxl", reason="the 2018 edition is an Excel sheet: install openpyxl")
    folder = shared / "fr_panorama_projets_si"
    read = {"dtype": "str", "keep_default_na": False}
    first = pd.read_csv(folder / "panorama_2016-11.csv", **read)
    last = pd.read_excel(folder / "export_2018-03-26.xlsx", **read)
    costs = []
    for edition in (first, last):
        names = edition["Nom du projet"].str.strip().str.upper()
        costs.append(dict(zip(names, edition["Coût estimé"], strict=True)))
    return [
        {"line_id": name, "title": name, "original": cost, "forecast": costs[1][name]}
        for name, cost in costs[0].items()
        if name and name in costs[1]
    ]


def test_the_drift_between_two_french_editions(
    editions: list[dict[str, Any]], tmp_path: Path
) -> None:
    """28 names in both, five of them "En cadrage" in 2016; of 23: median 2.0 %, at most 102 %."""
    review = _reviewed(tmp_path, editions, "EUR")
    table = review.table("budget")
    assert table is not None
    lines = metrics.lines(table, None)
    shares = metrics.growth(lines["original"], lines["forecast"])
    plain = [
        float(Decimal(row["forecast"].replace(",", ".")) / Decimal(row["original"]) - 1)
        for row in editions
        if row["original"] != "En cadrage"
    ]

    assert (len(editions), len(lines), len(review.engagement.set_aside)) == (28, 23, 5)
    assert shares.tolist() == pytest.approx(plain)
    assert (round(shares.median(), 3), round(shares.max(), 2)) == (0.02, 1.02)
    fact = budget(review).fact("budget.growth.median")
    assert fact.value == pytest.approx(statistics.median(plain))
    assert fact.n == 23
