"""What the chapter’s parts need of the plan and of the period of a review."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.contract.governance import LAUNCH
from reviewlib.people.governance import words
from reviewlib.report.text import Text, commas
from reviewlib.review import Review

EVER = pd.Timestamp(1, 1, 1)


def titles(review: Review) -> dict[str, Any]:
    """Return the titles of the bodies of the plan, and of the launch meeting."""
    plan = review.contract.governance
    return {LAUNCH: words.LAUNCH} | {name: body.title for name, body in plan.bodies.items()}


def clauses(review: Review) -> dict[str, Any]:
    """Return the clauses of the same."""
    plan = review.contract.governance
    launch = {LAUNCH: plan.launch.clause} if plan.launch else {}
    return launch | {name: body.clause for name, body in plan.bodies.items()}


def titled(review: Review, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the title of their body, or report; its name where it has none."""
    reports = {name: one.title for name, one in review.contract.governance.reports.items()}
    is_body = "body" in rows
    by_name = titles(review) if is_body else reports
    made = [by_name.get(name, name) for name in rows["body" if is_body else "report"]]
    return rows.assign(title=pd.Series(made, rows.index, dtype="object"))


def since(review: Review) -> pd.Timestamp:
    """Return the first day that is of the review: in a whole one every day is."""
    return pd.Timestamp(review.period.first) if review.period else EVER


def own(review: Review, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the review: of a period, those whose day is in it."""
    if review.period is None:
        return rows
    return rows[rows["day"].between(since(review), review.today)].reset_index(drop=True)


def by_body(bodies: pd.DataFrame, k: str, n: str) -> Text:
    """Return how many of how many of each body, in the order of the rows."""
    own = bodies[bodies[k] > 0]
    return commas(
        words.BODY(title=title, k=held, n=of)
        for title, held, of in zip(own["title"], own[k], own[n], strict=True)
    )
