"""The folder of the sample as it was at the end of a day: what happened later taken out by hand.

It knows the sample's files and nothing of the library: which columns are dates, which rows begin
when, what a ticket held before its next change.
"""

from __future__ import annotations

import re
import shutil
from io import StringIO
from pathlib import Path

import pandas as pd

from tests.sample import SAMPLE

BEGINS = {
    "tickets": "opened_at", "ticket_events": "at", "outages": "started_at",
    "changes": "requested_on", "submissions": "submitted_on", "work_orders": "ordered_on",
    "defects": "found_on", "milestone_forecasts": "reported_on", "delay_causes": "starts_on",
    "suspensions": "starts_on", "extensions": "decided_at", "survey_answers": "answered_on",
    "survey_invitations": "sent_on", "actions": "created_on", "lessons": "logged_on",
    "objective_results": "measured_on", "decisions": "decided_on", "initiatives": "raised_on",
    "blockers": "raised_on", "disputes": "started_on", "contacts": "from_on",
    "subcontractors": "started_on", "client_events": "announced_on",
}  # fmt: skip
LATER = {  # what is not known before a date: the date, and what it dates
    "tickets": {"first_response_at": (), "resolved_at": (), "closed_at": ()},
    "outages": {"ended_at": ()},
    "milestones": {"actual_date": (), "accepted_on": (), "rebaseline_approved_on":
                   ("rebaselined_date",)},
    "submissions": {"decided_on": ("decision", "open_reservations"), "reservations_lifted_on": ()},
    "work_orders": {"delivered_on": (), "accepted_on": ("quality_met",),
                    "stated_on": ("consumed_days",)},
    "defects": {"corrected_on": ()},
    "client_duties": {"done_on": ()},
    "changes": {"evaluated_on": (), "decided_on": ("decision",), "applied_on": ()},
    "payments": {"received_on": ("invoice",), "paid_on": ("retained",), "released_on": ()},
    "penalties": {"notified_on": (), "observations_on": (), "paid_on": (),
                  "decided_on": ("decision", "amount", "evidence")},
    "maintenance_windows": {"announced_at": ()},
    "budget": {"stated_on": ("current", "actual", "forecast")},
    "benefits": {"measured_on": ("obtained",)},
    "meetings": {"held_on": ("attended",), "cancelled_on": ("cancelled_by",),
                 "minutes_on": ("evidence",)},
    "reports": {"received_on": ()},
    "disputes": {"ended_on": ("outcome", "settlement")},
    "decisions": {"applied_on": ()},
    "initiatives": {
        "answered_on": ("answer",), "applied_on": ("benefit", "benefit_amount", "benefit_basis"),
    },
    "blockers": {"analysed_on": ("together",), "resolved_on": ()},
    "contacts": {"announced_on": ()},
    "trainings": {"done_on": ("attended",)},
    "subcontractors": {"declared_on": (), "approved_on": ()},
    "procedures": {"documented_on": (), "reviewed_on": ()},
}  # fmt: skip
MONTHLY = ("reported_kpis", "penalties", "tools")
FIELDS = ("status", "priority", "group")


def as_it_was(day: str, target: Path) -> Path:
    """Copy the sample to a folder as it was at the end of a day, and return the folder."""
    shutil.copytree(SAMPLE, target)
    for name in sorted({*BEGINS, *LATER, *MONTHLY}):
        path = target / f"{name}.csv"
        sign, rows = _read(path)
        if name in BEGINS:
            rows = rows[~_after(rows[BEGINS[name]], day)]
        for dated, others in LATER.get(name, {}).items():
            if dated in rows:
                own = [column for column in (dated, *others) if column in rows]
                rows.loc[_after(rows[dated], day), own] = ""
        if name in MONTHLY:
            rows = rows[rows["month"] <= day[:7]]
        if name == "payments":
            orders = _read(SAMPLE / "work_orders.csv")[1]
            later = orders.loc[orders["ordered_on"] > day, "order_id"]
            rows = rows[~rows["order_id"].isin(later)]
        if name == "tickets":
            rows = _before_changes(rows, day)
        rows.to_csv(path, sep=sign, index=False, encoding="utf-8")
    contract = target / "engagement.yml"
    text = contract.read_text(encoding="utf-8")
    text, n = re.subn(r"(?m)^(\s+extracted_at:).*$", rf"\1 {day}T23:59:59", text)
    assert n == 1
    contract.write_text(text, encoding="utf-8")
    return target


def _read(path: Path) -> tuple[str, pd.DataFrame]:
    """Return the separator of a file, and its rows as text."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    sign = ";" if ";" in text.splitlines()[0] else ","
    return sign, pd.read_csv(StringIO(text), sep=sign, dtype="str", keep_default_na=False)


def _after(dates: pd.Series, day: str) -> pd.Series:
    french = dates.str.replace(r"^(\d\d)/(\d\d)/(\d{4})", r"\3-\2-\1", regex=True)
    return french.str[:10] > day


def _before_changes(tickets: pd.DataFrame, day: str) -> pd.DataFrame:
    """Return tickets with what they held before their first change after a day."""
    _, log = _read(SAMPLE / "ticket_events.csv")
    later = log[_after(log["at"], day)].drop_duplicates(["ticket_id", "field"])
    for field in FIELDS:
        held = later[later["field"] == field].set_index("ticket_id")["old"]
        if field in tickets:
            tickets[field] = tickets["ticket_id"].map(held).fillna(tickets[field])
    return tickets.drop(columns=[c for c in tickets if c.startswith("recorded_")])
