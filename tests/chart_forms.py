"""Each form of chart on a small frame, for the tests of all and of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.charts.common import Labels
from reviewlib.pages.wording import Wording

EN, FR = Wording("en"), Wording("fr")
HOSTILE = "<script>alert(1)</script> $x$ 'a' \"b\" onerror=x\n\u202ejavascript:1 & ]]>\x00"
NO_DATE = pd.NaT
Form = Callable[[Wording, int], Any]  # a number of rows; an SVG or a RowChart


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
    return pd.DataFrame(rows, index=["Speed", HOSTILE], columns=["disagree", "neither", "agree"])


def counts() -> pd.DataFrame:
    return pd.DataFrame({"label": ["Network", HOSTILE, "Other"], "count": [2000, 500, 0]})


def months() -> pd.DataFrame:
    """One that is far under its threshold of 90 %, on few, under it and at it; one without."""
    rows = [("P1", "2024-01", 0.79, 40), ("P1", "2024-02", 0.8, 9), ("P1", "2024-03", 0.8, 10),
            ("P1", "2024-04", 0.9, 50), (HOSTILE, "2024-04", 0.5, 20)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["label", "month", "share", "n"])
    return frame.assign(threshold=[0.9] * 4 + [np.nan])


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
    """Two tickets of ten hours of a winter's day: two counted, four paused, four counted."""
    times = [at(f"2024-01-08 {hour}:00") for hour in ("08", "10", "14", "18")]
    one = pd.DataFrame({"from": times[:-1], "to": times[1:]})
    one["reason"] = ["counted", "paused", "counted"]
    return pd.concat([one.assign(ticket=0), one.assign(ticket=1)], ignore_index=True)


def clocks() -> pd.DataFrame:
    """The tickets of ``working``: one past its deadline at 16:00, one without a deadline."""
    rows = [("T1", "P1", at("2024-01-08 16:00"), "6 h / 4 h"), (HOSTILE, HOSTILE, NO_DATE, "6 h")]
    frame = pd.DataFrame(rows, columns=["label", "note", "deadline", "value"])
    return frame.assign(deadline=pd.to_datetime(frame["deadline"], utc=True))


def up() -> pd.DataFrame:
    """Four months of a service whose target is 99 %, and one that is not judged."""
    months = ["2024-01", "2024-02", "2024-03", "2024-04", "2024-04"]
    frame = pd.DataFrame({"label": ["Mail"] * 4 + [HOSTILE], "month": months})
    met = pd.array([True, False, False, None, None], dtype="boolean")
    return frame.assign(
        share=[0.995, 0.985, 0.97, np.nan, 1], target=[0.99] * 4 + [np.nan], met=met
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
    """Six points above what is recomputed, two below it, and a month that was not reported."""
    return pd.DataFrame(
        {
            "label": HOSTILE,
            "month": ["2024-01", "2024-02", "2024-04"],
            "reported": [0.96, 0.92, np.nan],
            "recomputed": [0.9, 0.94, 0.94],
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
    due = [("Design", "2024-03-01", 20), ("Plan", "2024-03-11", -5), (HOSTILE, "2024-03-21", 4),
           ("Kit", "2024-04-20", None)]  # fmt: skip
    return (
        pd.DataFrame(rows, columns=["label", "submitted_on", "decision"]),
        pd.DataFrame(due, columns=["label", "due_on", "days"]),
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
    """50 days: 30, 15 and 5 of them."""
    causes = ["client", "unattributed", "contested", "provider", "suspended"]
    return pd.DataFrame({"cause": causes, "days": [15, 30, 5, 0, np.nan]})


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


def controlled() -> pd.DataFrame:
    """Four months on limits of trial and two since a change, of which one is a signal; one month
    alone, without limits.
    """
    shares, shown = [0.9, 0.8, 0.9, 0.5, 0.7, 0.8], [f"2024-0{month}" for month in range(1, 7)]
    frame = pd.DataFrame({"label": "P1", "month": shown, "value": shares})
    frame = frame.assign(
        segment=[0] * 4 + [1] * 2,
        mean=[0.8] * 4 + [np.nan] * 2,
        lower=[0.6] * 4 + [np.nan] * 2,
        upper=[1.1] * 4 + [np.nan] * 2,
        trial=[True] * 4 + [False] * 2,
        signal=[False] * 3 + [True] + [False] * 2,
        target=0.85,
    )
    alone = frame[5:].assign(label=HOSTILE, note=HOSTILE, target=np.nan, segment=0)
    return pd.concat([frame.assign(note="95%"), alone], ignore_index=True)


def events() -> pd.DataFrame:
    """A meeting on 1 March, one struck on the 16th, and what ran from the 11th to 15 April."""
    rows = [
        ("b", "Board", "1 of 2", "held", "2024-03-01", None),
        ("b", "Board", "1 of 2", "cancelled", "2024-03-16", None),
        ("d", HOSTILE, HOSTILE, "span", "2024-03-11", "2024-04-15"),
    ]
    return pd.DataFrame(rows, columns=["row", "label", "value", "mark", "start", "end"])


def labels(**words: str) -> Labels:
    return Labels("chapter.figure", "Measure", floor=5, **words)


FORMS: dict[str, Form] = {
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
        months()[-rows:], labels(), w
    ),
    "survival": lambda w, rows: charts.survival(unresolved()[:rows], {HOSTILE: 3.0}, labels(), w),
    "share_of_target": lambda w, rows: charts.share_of_target(
        spent()[:rows], labels(reference=HOSTILE), w
    ),
    "timeline": lambda w, rows: charts.timeline(working()[-rows:], clocks()[-rows:], labels(), w),
    "availability_calendar": lambda w, rows: charts.availability_calendar(
        up()[-rows:], labels(), w
    ),
    "events_by_row": lambda w, rows: charts.events_by_row(events()[-rows:], labels(), w),
    "share_by_reading": lambda w, rows: charts.share_by_reading(readings()[-rows:], labels(), w),
    "pareto": lambda w, rows: charts.pareto(causes()[-rows:], labels(), w),
    "reported_against_recomputed": lambda w, rows: charts.reported_against_recomputed(
        reported_months()[:rows], labels(), w
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
    "control_chart": lambda w, rows: charts.control_chart(
        controlled()[-rows - 3 :], labels(reference="target"), w
    ),
    "days_by_cause": lambda w, rows: charts.days_by_cause(delays()[:rows], labels(), w),
}


def drawn_as(kind: str) -> dict[str, Form]:
    """The forms that return an SVG ("str") or rows ("RowChart")."""
    kinds = {name: getattr(charts, name).__annotations__["return"] for name in FORMS}
    return {name: form for name, form in FORMS.items() if kinds[name] == kind}


def _many(frame: pd.DataFrame, n: int, *columns: str) -> pd.DataFrame:
    """The first row of a frame n times, each with other words."""
    many = pd.concat([frame[:1]] * n, ignore_index=True)
    return many.assign(**{name: [f"row {number}" for number in range(n)] for name in columns})


MANY: dict[str, Callable[[int], Any]] = {
    "plan_against_actual": lambda n: charts.plan_against_actual(
        _many(milestones(), n, "label"), labels(), EN
    ),
    "submissions_by_deliverable": lambda n: charts.submissions_by_deliverable(
        _many(submitted()[0], n, "label"), _many(submitted()[1], n, "label"), labels(), EN
    ),
    "availability_calendar": lambda n: charts.availability_calendar(
        _many(up(), n, "label"), labels(), EN
    ),
    "timeline": lambda n: charts.timeline(
        _many(working(), n).assign(ticket=range(n)), _many(clocks(), n, "label"), labels(), EN
    ),
    "bridge": lambda n: charts.bridge(_many(budget(), n, "label"), labels(), EN),
    "amount_against_plan": lambda n: charts.amount_against_plan(
        _many(efforts(), n, "label"), labels(), EN
    ),
    "hours_by_group": lambda n: charts.hours_by_group(_many(waits(), n, "label"), labels(), EN),
    "control_chart": lambda n: charts.control_chart(_many(controlled(), n, "label"), labels(), EN),
    "counts_by_group": lambda n: charts.counts_by_group(_many(counts(), n, "label"), labels(), EN),
    "pareto": lambda n: charts.pareto(_many(causes(), n, "label"), labels(), EN),
}
"""Forms of rows on so many of them."""
