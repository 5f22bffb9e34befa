"""Each form of chart on a small frame, for the tests of all and of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.charts.common import Labels
from reviewlib.pages.wording import Wording

EN, FR = Wording("en"), Wording("fr")
HOSTILE = "<script>alert(1)</script> $x$ 'a' \"b\" onerror=x\n\u202ejavascript:1 & ]]>\x00"
NO_DATE = pd.NaT
Form = Callable[[Wording, int], str]  # a number of rows


def shares_by_month() -> pd.DataFrame:
    """Three months: missed under 90 %, met under 95 %, provisional."""
    return pd.DataFrame(
        {
            "month": ["2024-11", "2024-12", "2025-01"],
            "share": [0.85, 0.96, 0.9],
            "low": [0.8, 0.93, 0.82],
            "high": [0.89, 0.98, 0.94],
            "n": [1240, 310, 45],
            "provisional": [False, False, True],
            "threshold": [0.9, 0.95, 0.95],
        }
    )


def shares_by_group() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["P1", "P2", HOSTILE],
            "share": [0.9, 0.95, 0.8],
            "low": [0.6, 0.9, 0.7],
            "high": [0.98, 0.97, 0.88],
            "n": [12, 1812, 40],
            "target": [0.95, 0.9, np.nan],
        }
    )


def flow() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": ["2024-01", "2024-02"],
            "arrivals": [400, 200],
            "closures": [300, 250],
            "backlog": [100, 50],
        }
    )


def milestones() -> pd.DataFrame:
    day = pd.Timestamp
    return pd.DataFrame(
        {
            "label": ["Launch", HOSTILE],
            "planned": [day("2024-03-01"), day("2024-03-11")],
            "rebaselined": [NO_DATE, day("2024-03-21")],
            "actual": [day("2024-03-31"), NO_DATE],
            "forecast": [NO_DATE, day("2024-04-10")],
        }
    )


def answers() -> pd.DataFrame:
    rows = [[1, 1, 2], [np.nan, np.nan, np.nan]]
    return pd.DataFrame(rows, index=["Speed", HOSTILE], columns=["bad", "fair", "good"])


def counts() -> pd.DataFrame:
    return pd.DataFrame({"label": ["Network", HOSTILE, "Other"], "count": [2000, 500, 0]})


def cells() -> tuple[pd.DataFrame, pd.DataFrame]:
    months = ["2024-01", "2024-02", "2024-03"]
    shares = pd.DataFrame([[0.8, 0.998, 1], [0.9, np.nan, np.nan]], ["P1", HOSTILE], months)
    return shares, pd.DataFrame([[10, 500, 30], [20, 3, 0]], ["P1", HOSTILE], months)


def unresolved() -> pd.DataFrame:
    """Four tickets, of which one resolved at each of these hours."""
    return pd.DataFrame(
        {
            "hours": [1, 10, 100],
            "share": [0.75, 0.5, 0.25],
            "low": [0.2, 0.1, np.nan],
            "high": [0.9, 0.8, np.nan],
            "at_risk": [4, 3, 2],
        }
    )


def spent() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "low": [0, 0.5, 1, 1.5],
            "high": [0.5, 1, 1.5, np.inf],
            "in_time": [200, 100, 0, 0],
            "late": [0, 50, 50, 25],
        }
    )


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def working() -> pd.DataFrame:
    """Ten hours of a winter's day: two counted, four paused, four counted."""
    times = [at(f"2024-01-08 {hour}:00") for hour in ("08", "10", "14", "18")]
    reasons, names = ["counted", "paused", "counted"], ["", HOSTILE, ""]
    return pd.DataFrame({"from": times[:-1], "to": times[1:], "reason": reasons, "name": names})


def days() -> pd.DataFrame:
    """Of 10 hours a day; none agreed on the 1st of February."""
    return pd.DataFrame(
        {
            "date": ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02", "2024-02-03"],
            "share": [1, 0.99, np.nan, 0.95, 0.5],
            "minutes": [0, 6, np.nan, 30, 300],
        }
    )


def readings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["P1", "P1", "P1", HOSTILE],
            "reading": ["as agreed", HOSTILE, "round the clock", "as agreed"],
            "share": [0.9, 0.8, 0.86, 0.85],
            "contract": [True, False, False, True],
            "threshold": [0.85, 0.85, 0.85, np.nan],
            "n": [412, 412, 400, 12],
        }
    )


def causes() -> pd.DataFrame:
    return pd.DataFrame(
        {"label": ["Network", HOSTILE], "count": [300, 100], "cumulative": [0.75, 1]}
    )


def reported_months() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": ["2024-01", "2024-02"],
            "reported": [0.96, np.nan],
            "recomputed": [0.9, 0.94],
            "threshold": [0.95, 0.95],
            "n": [120, 80],
        }
    )


def waits() -> pd.DataFrame:
    return pd.DataFrame({"label": ["Caller", HOSTILE], "hours": [10, 2.5], "n": [4, 1]})


def announced() -> pd.DataFrame:
    """Two milestones: one that slipped twice by 10 days and was reached, one that is to come."""
    rows = [
        ("1", "2023-01-01", "2023-02-10", "2023-03-02"),
        ("1", "2023-01-31", "2023-02-20", "2023-03-02"),
        ("1", "2023-04-01", "2023-03-02", "2023-03-02"),
        ("2", "2023-01-01", "2023-04-01", None),
        ("2", "2023-01-31", "2023-04-11", None),
        ("2", "2023-03-02", "2023-04-20", None),
    ]
    columns = ["label", "reported_on", "forecast_date", "reached_on"]
    return pd.DataFrame(rows, columns=columns)


def earned() -> pd.DataFrame:
    """Four months of a plan, of which half are over."""
    return pd.DataFrame(
        {
            "date": ["2023-01-01", "2023-03-02", "2023-04-30"],
            "planned": [0, 450, 800],
            "earned": [0, 400, np.nan],
            "actual": [0, 500, np.nan],
        }
    )


OUTLOOK = charts.Outlook(800, 1000, 1250, dt.date(2023, 4, 30))


def budget() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["Original", "Changes", HOSTILE, "Actual"],
            "amount": [1000, 500, -250, 1250],
            "kind": ["total", "step", "step", "total"],
        }
    )


def efforts() -> pd.DataFrame:
    """One under its plan, one over it, one of which nothing is known yet."""
    rows = [("Portal", 6, 5.5), (HOSTILE, 8, 10), ("Export", 4, np.nan)]
    return pd.DataFrame(rows, columns=["label", "planned", "actual"])


def submitted() -> tuple[pd.DataFrame, pd.DataFrame]:
    """One refused and then accepted late, one that still waits, one never submitted."""
    rows = [
        ("Design", "2024-03-11", "refused"),
        ("Design", "2024-03-21", "accepted_with_reservations"),
        (HOSTILE, "2024-03-31", None),
        ("Plan", "2024-03-06", "accepted"),
    ]
    due = [("Design", "2024-03-01"), ("Plan", "2024-03-11"), (HOSTILE, "2024-03-21"),
           ("Kit", "2024-04-20")]  # fmt: skip
    return (
        pd.DataFrame(rows, columns=["label", "submitted_on", "decision"]),
        pd.DataFrame(due, columns=["label", "due_on"]),
    )


def grown() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": ["2023-01-11", "2023-01-21", "2023-02-20"],
            "total": [60, 40, 100],
            "label": ["CR-1", "", HOSTILE],
        }
    )


def delays() -> pd.DataFrame:
    rows = [[10, 30, np.nan], [0, 2.5, 17.5], [np.nan, np.nan, np.nan]]
    columns = ["client", "provider", "contested"]
    return pd.DataFrame(rows, index=["Launch", HOSTILE, "Closing"], columns=columns)


def owed() -> pd.DataFrame:
    rows = [
        ("The provider", "Paid", 100.0, 100.0, "settled"),
        ("The provider", "Decided", 400.0, 400.0, "decided"),
        ("The provider", HOSTILE, 200.0, 300.0, "open"),
    ]
    return pd.DataFrame(rows, columns=["party", "label", "low", "high", "kind"])


def behind() -> pd.DataFrame:
    rows = [("Launch", 40.0, 100.0, ""), ("Pilot", 0.0, -20.0, ""), (HOSTILE, 0.0, 20.0, "late")]
    return pd.DataFrame(rows, columns=["label", "covered", "days", "note"])


def labels(**words: str) -> Labels:
    return Labels("chapter.figure", "Measure", floor=5, **words)


FORMS: dict[str, Form] = {
    "share_over_time": lambda w, rows: charts.share_over_time(
        shares_by_month()[:rows], labels(reference=HOSTILE), w
    ),
    "share_by_group": lambda w, rows: charts.share_by_group(shares_by_group()[-rows:], labels(), w),
    "flow_over_time": lambda w, rows: charts.flow_over_time(flow()[:rows], labels(), w),
    "distribution": lambda w, rows: charts.distribution(
        [0.5, 3, 40][:rows], {HOSTILE: 3.0}, labels(), w
    ),
    "plan_against_actual": lambda w, rows: charts.plan_against_actual(
        milestones()[-rows:], labels(), w
    ),
    "answers_by_question": lambda w, rows: charts.answers_by_question(
        answers()[-rows:], labels(), w
    ),
    "counts_by_group": lambda w, rows: charts.counts_by_group(counts()[-rows:], labels(), w),
    "share_by_group_and_month": lambda w, rows: charts.share_by_group_and_month(
        *(frame[-rows:] for frame in cells()), labels(), w
    ),
    "survival": lambda w, rows: charts.survival(unresolved()[:rows], {HOSTILE: 3.0}, labels(), w),
    "share_of_target": lambda w, rows: charts.share_of_target(
        spent()[:rows], labels(reference=HOSTILE), w
    ),
    "timeline": lambda w, rows: charts.timeline(
        working()[-rows:], {HOSTILE: at("2024-01-08 09:00")}, labels(), w
    ),
    "availability_calendar": lambda w, rows: charts.availability_calendar(
        days()[:rows], Labels("chapter.figure", HOSTILE), w
    ),
    "share_by_reading": lambda w, rows: charts.share_by_reading(readings()[-rows:], labels(), w),
    "pareto": lambda w, rows: charts.pareto(causes()[-rows:], labels(), w),
    "reported_against_recomputed": lambda w, rows: charts.reported_against_recomputed(
        reported_months()[:rows], labels(reference=HOSTILE), w
    ),
    "hours_by_group": lambda w, rows: charts.hours_by_group(waits()[-rows:], labels(), w),
    "milestone_trend": lambda w, rows: charts.milestone_trend(
        announced()[-rows:].replace({"label": {"2": HOSTILE}}), labels(), w
    ),
    "s_curve": lambda w, rows: charts.s_curve(
        earned()[:rows], Labels("chapter.figure", HOSTILE), w, OUTLOOK
    ),
    "bridge": lambda w, rows: charts.bridge(budget()[-rows - 1 : -1], labels(), w),
    "amount_against_plan": lambda w, rows: charts.amount_against_plan(
        efforts()[1 : rows + 1], labels(reference=HOSTILE), w
    ),
    "submissions_by_deliverable": lambda w, rows: charts.submissions_by_deliverable(
        submitted()[0][2 : rows + 2], submitted()[1], labels(), w
    ),
    "amounts_by_state": lambda w, rows: charts.amounts_by_state(owed()[-rows:], labels(), w),
    "days_from_contract": lambda w, rows: charts.days_from_contract(behind()[-rows:], labels(), w),
    "growth_over_time": lambda w, rows: charts.growth_over_time(grown()[-rows:], labels(), w),
    "days_by_cause": lambda w, rows: charts.days_by_cause(delays()[1:][:rows], labels(), w),
}
