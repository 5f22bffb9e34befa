"""Write the tables of the shipped engagement, data/sample. The engagement is invented.

    python data/make_sample.py [FOLDER]

The same seed gives the same bytes. engagement.yml is written by hand, and so are story.yml,
delivery.yml and relation.yml, which hold the small tables and the prose; ticket_log.py draws the
tickets, plants.py plants in them, and relation.py writes in full what relation.yml says in short.
What was planted, and the figures that a review must find, are listed in README.md beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plants
import relation
import yaml
from ticket_log import (
    CATEGORIES,
    FIRST,
    GROUPS,
    LAST,
    THIRD,
    USER,
    Rng,
    draw_events,
    draw_tickets,
    draw_work,
    local,
    outcomes,
)

HERE = Path(__file__).parent
SEED = 117
UNEXPLAINED = {("2024-12", "Art. 5.2"): 1.4}  # points that no reading of the log gives

# --- The tables


def reported_kpis(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the provider's monthly figures, together and by priority."""
    closed = judged[judged["outcome"] != "running"].assign(met=judged["outcome"] == "met")
    both = pd.concat([closed.assign(priority=""), closed])
    kpis = both.groupby(["month", "clause", "priority"], as_index=False)["met"].agg(
        ["mean", "size"]
    )
    value = (100 * kpis["mean"]).round(1)
    for (month, clause), points in UNEXPLAINED.items():
        value[kpis[["month", "clause", "priority"]].eq([month, clause, ""]).all(axis=1)] += points
    kpis["value"] = value.map("{:.1f}".format).str.replace(".", ",")
    return kpis.rename(columns={"size": "n"})[["month", "clause", "priority", "value", "n"]]


def stamps(instants: pd.Series) -> pd.Series:
    """Return UTC seconds as the tool prints them: day first, local time; empty when missing."""
    known = instants.dropna()
    text = local(known).dt.strftime("%d/%m/%Y %H:%M:%S").set_axis(known.index)
    return text.reindex(instants.index).fillna("")


def tickets_table(t: pd.DataFrame, log: pd.DataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    """Return the tickets as the tool holds them at the extraction, all of it read off the log."""
    t = t.set_index("ticket_id")
    by_field = {field: rows.groupby("ticket_id") for field, rows in log.groupby("field")}
    status = log[log["field"] == "status"]
    t["status"] = by_field["status"]["new"].last()
    t["group"] = by_field["group"]["new"].last().reindex(t.index).fillna(t["service"].map(GROUPS))
    t["first_response_at"] = stamps(by_field["public_reply"]["at"].first().reindex(t.index))
    ended = t["status"].isin(["Résolu", "Clos"])
    for column, word in (("resolved_at", "Résolu"), ("closed_at", "Clos")):
        last = status[status["new"] == word].groupby("ticket_id")["at"].last()
        t[column] = stamps(last.reindex(t.index).where(ended))
    flag = judged[judged["clause"] == "Art. 5.2"].set_index("ticket_id")["outcome"]
    t["recorded_sla_met"] = flag.map({"met": "oui", "breached": "non"}).reindex(t.index).fillna("")
    again = status[(status["old"] == "Résolu") & (status["new"] == "En cours")]
    t["recorded_reopens"] = again.groupby("ticket_id").size().reindex(t.index, fill_value=0)
    t["opened_at"] = stamps(t["opened"])
    english = {french: word for words in CATEGORIES.values() for french, word in words.items()}
    t["category_en"] = t["category"].map(english)
    t = t.join(plants.relations(t.reset_index())).assign(site=plants.sites(t))
    return t.reset_index()[TICKET_COLUMNS]


TICKET_COLUMNS = [
    "ticket_id", "opened_at", "kind", "service", "site", "caller_group", "category", "category_en",
    "priority", "status", "group", "first_response_at", "resolved_at", "closed_at",
    "recorded_sla_met", "recorded_reopens", "parent_id", "relation",
]  # fmt: skip
EVENT_COLUMNS = ["ticket_id", "at", "field", "old", "new", "actor_side", "automatic"]


# --- Rows planted to be set aside or repaired

ODD_TICKETS = """
INC19001;12/06/2024 10:12:00;P3;11/06/2024 16:40:00
INC19002;19/09/2024 09:05:00;P9;19/09/2024 15:20:00
INC19003;14/02/2099 11:30:00;P3;
INC19004;31/03/2024 02:30:00;P3;
INC19005;27/10/2024 02:15:00;P3;
"""
ODD_EVENTS = """
INC19001;12/06/2024 10:12:00;status;;Nouveau;tool;1
INC19001;12/06/2024 16:40:00;status;Nouveau;Résolu;provider;0
INC19002;19/09/2024 09:05:00;status;;Nouveau;tool;1
INC19002;19/09/2024 15:20:00;status;Nouveau;Résolu;provider;0
INC19003;14/02/2025 11:30:00;status;;Nouveau;tool;1
INC19004;31/03/2024 02:30:00;status;;Nouveau;tool;1
INC19004;02/04/2024 08:20:00;status;Nouveau;Annulé;provider;0
INC19005;27/10/2024 02:15:00;status;;Nouveau;tool;1
INC19005;28/10/2024 08:35:00;status;Nouveau;Annulé;provider;0
INC99999;03/03/2025 14:00:00;status;;Nouveau;client;0
{known};le 12 mars;public_reply;;;provider;0
"""


ODD = {
    "kind": "incident", "service": "supervision", "site": "lyon", "category": "Serveur",
    "category_en": "Server", "group": "Supervision", "recorded_reopens": 0,
}  # fmt: skip


def with_odd_rows(tickets: pd.DataFrame, events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the rows that a reader of the tables must set aside or repair, and say so."""
    known = str(tickets["ticket_id"].iloc[1200])
    more = table_of(ODD_EVENTS.format(known=known), EVENT_COLUMNS)
    odd = table_of(ODD_TICKETS, ["ticket_id", "opened_at", "priority", "resolved_at"]).assign(**ODD)
    odd["status"] = odd["ticket_id"].map(more.groupby("ticket_id")["new"].last())
    twice = tickets.iloc[[2500]].assign(status="En cours", resolved_at="", closed_at="")
    return (
        pd.concat([tickets, odd, twice], ignore_index=True)[TICKET_COLUMNS].fillna(""),
        pd.concat([events, more], ignore_index=True)[EVENT_COLUMNS],
    )


def table_of(text: str, columns: list[str]) -> pd.DataFrame:
    """Return a frame of texts from lines of cells."""
    return pd.DataFrame([line.split(";") for line in text.split("\n") if line], columns=columns)


# --- The survey and the small tables

QUESTIONS = ["Q1", "Q2", "Q3", "Q4", "Q5"]
SATISFACTION = {  # shares of the marks 1 to 5
    "2024-06": [0.09, 0.17, 0.23, 0.36, 0.15],
    "2025-05": [0.04, 0.09, 0.17, 0.44, 0.26],
}


def survey_answers(rng: Rng, survey: dict[str, Any]) -> pd.DataFrame:
    """Return the answers of both waves, one row per person and question."""
    rows = []
    for wave, sent in enumerate(survey["waves"].items()):
        name, day = sent[0], pd.Timestamp(sent[1])
        number = 0
        for department, counts in survey["departments"].items():
            comments = [c for c in survey["comments"][name] if c[0] == department]
            for place in range(counts[1 + wave]):
                number += 1
                comment = comments[place] if place < len(comments) else None
                on = (day + pd.Timedelta(days=int(rng.integers(0, 18)))).strftime("%d/%m/%Y")
                person = [name, f"E{wave + 1}-{number:03d}", department, on]
                rows += [[*person, *answer] for answer in one_person(rng, name, comment)]
    columns = ["wave", "respondent", "department", "answered_on", "question", "answer", "answer_en"]
    return pd.DataFrame(rows, columns=columns)


def one_person(rng: Rng, wave: str, comment: list[Any] | None) -> list[list[str]]:
    """Return question, answer and answer in English: all the rest goes with the satisfaction."""
    mood = comment[1] if comment else int(rng.choice(5, p=SATISFACTION[wave])) + 1
    recommends = int(np.clip(round(2 * mood + rng.normal(-0.4, 1.3)), 0, 10))
    agrees = np.clip(np.round(mood + rng.normal([-0.5, -0.3, 0.2], 0.8)), 1, 5).astype(int)
    answers = [str(a) for a in (mood, recommends, *agrees)]
    found = [[q, a, a] for q, a in zip(QUESTIONS, answers, strict=True)]
    return found + ([["Q6", comment[2]["fr"], comment[2]["en"]]] if comment else [])


AS_WRITTEN = [
    "extensions", "outages", "maintenance_windows", "lessons", "actions", "replies",
    "delay_causes", "client_duties", "suspensions", "work_orders", "defects", "changes", "budget",
    "penalties", "benefits", *relation.AS_WRITTEN,
]  # fmt: skip
VERSION = [
    "version", "submitted_on", "decided_on", "decision", "open_reservations",
    "reservations_lifted_on",
]  # fmt: skip
INVITED = ["wave", "department", "invited", "sent_on"]


def small_tables(story: dict[str, Any], answers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables of the story, and the objective measured by the survey."""
    survey = story["survey"]
    of_users = answers["question"].eq("Q1") & answers["side"].eq("")
    marks = answers[of_users].astype({"answer": "int"})
    satisfied = marks["answer"].ge(4).groupby(marks["wave"]).mean().mul(100).round(1)
    source = {"fr": "Enquête auprès des utilisateurs", "en": "User survey"}
    measured = [
        {"objective_id": "O2", "measured_on": day, "value": satisfied[wave], "source": source}
        for wave, day in (("2024-06", "2024-06-30"), ("2025-05", "2025-05-31"))
    ]
    invited = [
        [wave, department, counts[0], sent]
        for wave, sent in survey["waves"].items()
        for department, counts in survey["departments"].items()
    ]
    deliverables = story["deliverables"]
    submitted = [
        {"deliverable_id": deliverable["deliverable_id"]}
        | dict(zip(VERSION, version, strict=False))
        for deliverable in deliverables
        for version in deliverable["versions"]
    ]
    return {
        "milestones": frame(story["milestones"]),
        "milestone_forecasts": forecasts(story),
        "deliverables": frame(deliverables).drop(columns="versions"),
        "submissions": frame(submitted),
        "earned_value": earned_value(story["earned_value"]),
        "payments": frame(fees(story["fees"]) + story["payments"]),
        "objective_results": frame(story["objective_results"] + measured),
        "survey_invitations": relation.with_teams_invited(
            pd.DataFrame(invited, columns=INVITED), story["teams_survey"]
        ),
        "meetings": frame(relation.meetings(story["meetings"])),
        "reports": frame(relation.reports(story["reports"])),
        "tools": frame(relation.tools(story["tools"])),
        **{name: frame(story[name]) for name in AS_WRITTEN},
    }


def earned_value(story: dict[str, Any]) -> pd.DataFrame:
    """Return the amounts of the migration at the end of each month."""
    ends = pd.date_range(FIRST, LAST, freq="ME").strftime("%Y-%m-%d")
    columns = {"planned_value": "planned", "earned_value": "earned", "actual_cost": "spent"}
    table = pd.DataFrame({"status_date": ends})
    for column, name in columns.items():
        table[column] = [1000 * amount for amount in story[name]]
    table["estimate_to_complete"] = [""] * (len(ends) - 1) + [story["to_complete"]]
    return table


def fees(story: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the payment of each month's fee."""
    raised = story["raised"]
    title = {"fr": "Support et supervision, {}", "en": "Support and monitoring, {}"}
    return [
        {
            "payment_id": f"P-{month}",
            "title": {language: text.format(month) for language, text in title.items()},
            "clause": "Art. 9.1",
            "invoice": f"F-{month}",
            "amount": raised["amount"] if month >= raised["from"] else story["amount"],
            "received_on": received,
            "paid_on": paid,
        }
        for month, (received, paid) in story["months"].items()
    ]


def frame(records: list[dict[str, Any]]) -> pd.DataFrame:
    """Return records as texts; one given in two languages gives two columns, x and x_en."""
    spread = [
        {name: text for key, value in record.items() for name, text in columns_of(key, value)}
        for record in records
    ]
    return pd.DataFrame(spread, dtype="object").fillna("")


def columns_of(key: str, value: Any) -> list[tuple[str, Any]]:
    """Return the columns that a value of the story fills."""
    if isinstance(value, bool):
        return [(key, "yes" if value else "no")]
    if isinstance(value, dict):
        return [(key, value["fr"]), (f"{key}_en", value["en"])]
    return [(key, "" if value is None else value)]


def forecasts(story: dict[str, Any]) -> pd.DataFrame:
    """Return the date announced in each monthly report, until the milestone is reached."""
    ends = {m["milestone_id"]: m.get("actual_date") or LAST.date() for m in story["milestones"]}
    rows = [
        [milestone, day.date(), steps[max(since for since in steps if since <= day.date())]]
        for milestone, steps in story["forecasts"].items()
        for day in pd.date_range(FIRST, LAST, freq="ME")
        if day.date() <= ends[milestone]
    ]
    return pd.DataFrame(rows, columns=["milestone_id", "reported_on", "forecast_date"])


# --- Files

PLAIN = {"sep": ",", "encoding": "utf-8", "lineterminator": "\n"}
EXPORT = {"sep": ";", "encoding": "utf-8-sig", "lineterminator": "\r\n"}  # as French tools write
SPREADSHEET = {"sep": ";", "encoding": "cp1252", "lineterminator": "\r\n"}  # as Excel saves it
WRITTEN = {"tickets": EXPORT, "ticket_events": EXPORT, "reported_kpis": SPREADSHEET,
           "survey_answers": SPREADSHEET}  # fmt: skip


def tables() -> dict[str, pd.DataFrame]:
    """Return every table of the sample by its name."""
    rng = np.random.default_rng(SEED)
    story: dict[str, Any] = {}
    for name in ("story.yml", "delivery.yml", "relation.yml"):
        story |= yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    t = draw_work(rng, draw_tickets(rng))
    plants.settle(t)
    log = plants.replayed(t, draw_events(rng, t))
    plants.extend(t, story["extensions"])
    judged = outcomes(t, log, [USER, THIRD])
    tickets = tickets_table(t, log, judged)
    events = log.assign(at=stamps(log["at"]))
    tickets, events = with_odd_rows(tickets, events)
    answers = relation.with_teams(survey_answers(rng, story["survey"]), story["teams_survey"])
    return {
        "tickets": tickets,
        "ticket_events": events,
        "reported_kpis": reported_kpis(judged),
        "survey_answers": answers,
        **small_tables(story, answers),
    }


def main(folder: Path) -> None:
    """Write every table into a folder."""
    for name, table in tables().items():
        table.to_csv(folder / f"{name}.csv", index=False, **WRITTEN.get(name, PLAIN))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "sample")
