"""Eighteen projects that customers ordered from an outside provider, as work orders.

Their estimates and actual efforts were published (Molokken and Furulund) with the bias of each,
BREBias = (actual − estimated) / the lesser of both, to three decimals: our shares are held to
theirs, and our sums to those of exact decimals added by hand.
"""

from __future__ import annotations

import csv
import lzma
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.delivery.work_orders.chapter import work_orders
from reviewlib.delivery.work_orders.metrics import work_orders as judged
from reviewlib.report.values import Section
from reviewlib.review import Review
from tests import desk
from tests.delivered import agreed
from tests.spoken import chapter as chapter_of

Project = dict[str, str]


@pytest.fixture(scope="module")
def projects(shared: Path) -> list[Project]:
    path = shared / "eseur_projects" / "simula_0a.csv.xz"
    if not path.exists():
        pytest.skip("eseur_projects/simula_0a.csv.xz is not among the public data")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def review(projects: list[Project], tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Each project is an order of the effort estimated for it, delivered and accepted."""
    orders = pd.DataFrame(
        {
            "order_id": [project["ID"] for project in projects],
            "title": [f"Project {project['ID']}" for project in projects],
            "estimated_days": [project["Estimated"] for project in projects],
            "ordered_days": [project["Estimated"] for project in projects],
            "consumed_days": [project["Actual"] for project in projects],
            "ordered_on": "2026-01-05",
            "delivered_on": "2026-03-01",
            "accepted_on": "2026-03-10",
        }
    )
    folder = tmp_path_factory.mktemp("projects")
    agreement = agreed(data={"extracted_at": "2026-06-30T12:00"})
    return desk.review(folder, agreement, {"work_orders": orders})


@pytest.fixture(scope="module")
def chapter(review: Review) -> Section:
    return chapter_of(work_orders, review)


def test_the_efforts_add_up_as_by_hand(projects: list[Project], chapter: Section) -> None:
    estimated, actual = (
        sum((Decimal(project[name]) for project in projects), Decimal(0))
        for name in ("Estimated", "Actual")
    )

    assert (estimated, actual) == (Decimal("81766"), Decimal("100612.5"))
    assert chapter.fact("work_orders.estimated").value == 81766
    assert chapter.fact("work_orders.consumed").value == 100612.5
    for name in ("consumption", "estimate.consumed"):
        fact = chapter.fact(f"work_orders.{name}")
        assert (fact.value, fact.n) == (pytest.approx(100612.5 / 81766), 18)
        assert fact.note == ("100,612.5 of 81,766 person-days; by order from 77.1% to 269.8%")


def test_each_share_is_that_of_the_published_bias(projects: list[Project], review: Review) -> None:
    table = review.table("work_orders")
    assert table is not None
    shares = judged(table, review.contract, review.today)["consumption"]

    for project, share in zip(projects, shares, strict=True):
        bias = float(project["BREBias"])
        published = 1 + bias if bias >= 0 else 1 / (1 - bias)
        assert share == pytest.approx(published, abs=0.0006)


def test_fourteen_projects_took_more_than_estimated_and_three_less(
    projects: list[Project], chapter: Section
) -> None:
    biases = [float(project["BREBias"]) for project in projects]
    over, under = sum(bias > 0 for bias in biases), sum(bias < 0 for bias in biases)
    fact = chapter.fact("work_orders.over")

    assert (over, under) == (14, 3)
    assert (fact.value, fact.n) == (14, 18)
    assert sum(".order." in finding.id for finding in chapter.findings) == 14
    (figure,) = chapter.figures
    assert figure.description == ("Orders delivered: 18; consumed more than ordered: 14; less: 3.")
