"""Folders of many rows, of few tables, and with long names: the shipped engagement, at volume.

``engagement(folder, "milestones", "causes")`` writes the contract of the sample with these tables
at the sizes of ``SIZES`` and the others as they are shipped; ``LITTLE`` has folders of few tables.
All is drawn from a seed.

    python -m tests.volume FOLDER milestones causes …   (or: all)
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.sample import SAMPLE

Row = dict[str, Any]
Contract = dict[str, Any]
SIZES = {
    "milestones": 1546, "causes": 704, "amendments": 300, "comments": 4000, "deliverables": 300,
    "work_orders": 200, "payments": 500, "penalties": 500, "services": 60, "priorities": 60,
    "changes": 100, "budget": 40, "duties": 2000, "objectives": 60, "benefits": 60, "lessons": 80,
    "replies": 40,
}  # fmt: skip
LITTLE = {
    "contract": ("engagement.yml",),
    "tickets": ("tickets.csv", "ticket_events.csv"),
    "tickets_and_contract": ("engagement.yml", "tickets.csv", "ticket_events.csv"),
    "survey": ("engagement.yml", "survey_answers.csv", "survey_invitations.csv"),
}
TICKETS = 600  # of the sample that a folder keeps: the other tables are what is looked at
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2025, 6, 30)
LONG = "Raccordement du site d’exploitation et reprise de l’ensemble des données de référence "
WORDS = ("Réseau", "Poste", "Paie", "Serveur", "Annuaire", "Sauvegarde", "Portail", "Téléphonie")


def engagement(folder: Path, *names: str, letters: int = 40, seed: int = 0) -> Path:
    """Write an engagement of which some tables are at volume; titles have about so many letters."""
    folder.mkdir(parents=True, exist_ok=True)
    contract = yaml.safe_load((SAMPLE / "engagement.yml").read_text(encoding="utf-8"))
    contract["data"]["set_aside_limit"] = "100 %"
    for source in SAMPLE.glob("*.csv"):
        shutil.copy(source, folder)
    _fewer_tickets(folder)
    for name in names:
        write = _Writer(folder, contract, random.Random(f"{seed}.{name}"), letters)
        MAKERS[name](write, SIZES[name])
    text = yaml.safe_dump(contract, allow_unicode=True, sort_keys=False)
    (folder / "engagement.yml").write_text(text, encoding="utf-8")
    return folder


def little(folder: Path, name: str) -> Path:
    """Write an engagement of few tables; one without the contract of the sample has a short one."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in LITTLE[name]:
        shutil.copy(SAMPLE / file, folder)
    if "tickets.csv" in LITTLE[name]:
        _fewer_tickets(folder)
    if "engagement.yml" not in LITTLE[name]:
        full = yaml.safe_load((SAMPLE / "engagement.yml").read_text(encoding="utf-8"))
        kept = ("format", "id", "title", "language", "time_zone", "period", "client", "provider")
        short = {key: full[key] for key in (*kept, "data")}
        short["terms"] = {key: full["terms"][key] for key in ("priorities", "services", "statuses")}
        short["terms"]["sites"] = full["terms"]["sites"]
        text = yaml.safe_dump(short, allow_unicode=True, sort_keys=False)
        (folder / "engagement.yml").write_text(text, encoding="utf-8")
    return folder


def _fewer_tickets(folder: Path) -> None:
    """Keep one ticket of ten, with its events."""
    kept: set[str] = set()
    for name in ("tickets", "ticket_events", "extensions"):
        path = folder / f"{name}.csv"
        if not path.exists():
            continue
        heading, *lines = path.read_text(encoding="utf-8").splitlines()
        sign = ";" if ";" in heading else ","
        place = heading.lstrip("\ufeff").split(sign).index("ticket_id")
        if name == "tickets":
            lines = lines[:: len(lines) // TICKETS]
            kept = {line.split(sign)[place] for line in lines}
        lines = [line for line in lines if line.split(sign)[place] in kept]
        path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")


class _Writer:
    """Writes the tables of one folder, from a seed."""

    def __init__(
        self, folder: Path, contract: Contract, chance: random.Random, letters: int
    ) -> None:
        self.folder, self.contract, self.chance, self.letters = folder, contract, chance, letters

    def title(self, number: int) -> str:
        """Return a name of about as many letters as asked."""
        start = f"{self.chance.choice(WORDS)} {number} "
        return (start + LONG * 4)[: self.letters].strip()

    def day(self, first: dt.date = FIRST, last: dt.date = LAST) -> dt.date:
        """Return a day of a span, or of the contract's."""
        return first + dt.timedelta(days=self.chance.randrange((last - first).days + 1))

    def after(self, day: dt.date, least: int, most: int) -> dt.date:
        """Return a day that is some days after another."""
        return day + dt.timedelta(days=self.chance.randint(least, most))

    def table(self, name: str, rows: Iterable[Row], *, add: bool = False) -> None:
        """Write a table in the plainest form; ``add``: after the rows of the sample."""
        path, every = self.folder / f"{name}.csv", list(rows)
        if add:
            with path.open(encoding="utf-8", newline="") as file:
                every = [*csv.DictReader(file), *every]
        fields = list(dict.fromkeys(key for row in every for key in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields, restval="")
            writer.writeheader()
            writer.writerows(every)
        self.contract["data"]["formats"].pop(name, None)


def _milestones(write: _Writer, n: int) -> None:
    rows = []
    for number in range(n):
        due = write.day()
        late = write.chance.choice((0, 0, -2, 3, 12, 40, 90))
        reached = due + dt.timedelta(days=late)
        rows.append({
            "milestone_id": f"J{number}", "title": write.title(number), "clause": "Annexe 4",
            "contract_date": due, "actual_date": reached if reached < LAST else "",
        })  # fmt: skip
    write.table("milestones", rows, add=True)


def _causes(write: _Writer, n: int) -> None:
    """Causes of the delay of milestones that are all late."""
    milestones, causes = [], []
    for number in range(n // 4):
        due = write.day(FIRST, dt.date(2025, 1, 31))
        milestones.append({
            "milestone_id": f"K{number}", "title": write.title(number), "clause": "Annexe 4",
            "contract_date": due, "actual_date": write.after(due, 20, 120),
        })  # fmt: skip
    for number in range(n):
        own = milestones[number // 4 % len(milestones)]
        start = write.after(own["contract_date"], 1 + 5 * (number % 4), 5 + 5 * (number % 4))
        causes.append({
            "cause_id": f"X{number}", "milestone_id": own["milestone_id"],
            "cause": write.title(number), "starts_on": start, "ends_on": write.after(start, 0, 4),
            "attributed_to": write.chance.choice(("client", "provider", "third_party")),
            "contested": write.chance.choice(("yes", "no", "no")),
        })  # fmt: skip
    write.table("milestones", milestones, add=True)
    write.table("delay_causes", causes, add=True)


def _amendments(write: _Writer, n: int) -> None:
    own = write.contract["amendments"]
    days = sorted({write.day() for _ in range(4 * n)} - {dt.date(2024, 10, 1)})[:n]
    for number, day in enumerate(days, start=2):
        own.append({
            "id": f"Avenant {number}", "title": write.title(number),
            "signed": day - dt.timedelta(days=20), "effective": day,
            "changes": {"clauses": {"Art. 5.2": {"targets": {"P2": f"{6 + number % 4} h"}}}},
        })  # fmt: skip
    own.sort(key=lambda one: str(one["effective"]))


def _comments(write: _Writer, n: int) -> None:
    path = write.folder / "survey_answers.csv"
    with path.open(encoding="cp1252", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row in rows:
        row["answered_on"] = dt.datetime.strptime(row["answered_on"], "%d/%m/%Y").date().isoformat()
    departments = sorted({row["department"] for row in rows})
    new = (
        {"wave": "2025-05", "respondent": f"V-{number:05}", "answered_on": "2025-05-20",
         "department": write.chance.choice(departments), "question": question, "answer": answer}
        for number in range(n)
        for question, answer in (("Q1", write.chance.randint(1, 5)), ("Q6", write.title(number)))
    )  # fmt: skip
    write.table("survey_answers", [*rows, *new])


def _deliverables(write: _Writer, n: int) -> None:
    rows, sent = [], []
    for number in range(n):
        due, name = write.day(), f"E{number}"
        rows.append({"deliverable_id": name, "title": write.title(number), "due_on": due})
        for version in range(write.chance.randint(0, 4)):
            due = write.after(due, -3 if version == 0 else 5, 25)
            word = write.chance.choice(("accepted", "refused", "accepted_with_reservations", ""))
            if due >= LAST - dt.timedelta(days=20):
                break
            sent.append({
                "deliverable_id": name, "version": f"v{version + 1}", "submitted_on": due,
                "decision": word, "decided_on": (due := write.after(due, 1, 20)) if word else "",
                "open_reservations": 2 if word.endswith("reservations") else "",
            })  # fmt: skip
    write.table("deliverables", rows, add=True)
    write.table("submissions", sent, add=True)
    write.contract["terms"]["penalties"]["Art. 10.2"]["deliverables"] += [
        row["deliverable_id"] for row in rows
    ]


def _work_orders(write: _Writer, n: int) -> None:
    rows, defects = [], []
    for number in range(n):
        day = write.day(last=dt.date(2025, 4, 1))
        due = write.after(day, 20, 60)
        done = write.after(due, -5, 40)
        delivered = done < LAST - dt.timedelta(days=20)
        days = write.chance.randint(2, 30)
        rows.append({
            "order_id": f"BC{number}", "title": write.title(number), "clause": "Annexe 5",
            "estimated_days": days, "ordered_days": days, "amount": days * 750, "ordered_on": day,
            "consumed_days": days + write.chance.randint(-2, 12), "due_on": due,
            "delivered_on": done if delivered else "", "quality_met": "yes" if number % 3 else "no",
            "accepted_on": write.after(done, 1, 15) if delivered and number % 4 else "",
            "stated_on": LAST,
        })  # fmt: skip
        if delivered and number % 2:
            found = write.after(done, 1, 10)
            severity = write.chance.choice(("blocking", "major", "minor"))
            defects.append({
                "defect_id": f"A{number}", "order_id": f"BC{number}", "title": write.title(number),
                "severity": severity, "found_on": found,
                "corrected_on": write.after(found, 1, 15) if number % 3 else "",
            })  # fmt: skip
    write.table("work_orders", rows, add=True)
    write.table("defects", defects, add=True)


def _payments(write: _Writer, n: int) -> None:
    rows = []
    for number in range(n):
        day = write.day(last=dt.date(2025, 5, 15))
        paid = write.after(day, 10, 70)
        rows.append({
            "payment_id": f"R{number}", "title": write.title(number), "clause": "Art. 9.1",
            "invoice": f"FV-{number}", "amount": 800 + 10 * number, "received_on": day,
            "paid_on": paid if paid < LAST else "", "retained": 40 if number % 5 == 0 else "",
        })  # fmt: skip
    write.table("payments", rows, add=True)


def _penalties(write: _Writer, n: int) -> None:
    """Decisions of which half has a milestone that was late, and half has none."""
    milestones, rows = [], []
    rule = write.contract["terms"]["penalties"]["Art. 10.1"]
    for number in range(n):
        name, due = f"Q{number}", write.day(last=dt.date(2025, 2, 1))
        reached = write.after(due, 10, 60) if number % 2 else due
        milestones.append({
            "milestone_id": name, "title": write.title(number), "contract_date": due,
            "actual_date": reached,
        })  # fmt: skip
        rule["milestones"].append(name)
        rule["base"][name] = 20_000
        told = write.after(reached, 5, 20)
        rows.append({
            "penalty_id": f"PV{number}", "rule": "Art. 10.1", "subject": name, "notified_on": told,
            "decided_on": write.after(told, 10, 40), "amount": 100 + number,
            "decision": write.chance.choice(("imposed", "waived", "disputed")),
        })  # fmt: skip
    rule["cap_of"] = 10_000_000
    write.table("milestones", milestones, add=True)
    write.table("penalties", rows, add=True)


def _five_years(contract: Contract) -> None:
    contract["period"]["first"] = dt.date(2020, 7, 1)


def _month(number: int) -> dt.date:
    """Return the first day of a month of the five years."""
    return dt.date(2020 + (6 + number) // 12, (6 + number) % 12 + 1, 1)


def _services(write: _Writer, n: int) -> None:
    """Services whose availability is agreed, over sixty months, with an outage every other one."""
    _five_years(write.contract)
    terms, rows = write.contract["terms"], []
    names = [f"s{number}" for number in range(n)]
    terms["services"] |= {name: {"name": write.title(place)} for place, name in enumerate(names)}
    terms["availability"]["Art. 5.3"]["services"] += names
    terms["penalties"]["Art. 10.4"]["base"] |= dict.fromkeys(names, 8000)
    for name in names:
        for month in range(0, 60, 2):
            day = _month(month) + dt.timedelta(days=write.chance.randrange(28))
            hour, minute = write.chance.randint(8, 15), write.chance.randint(10, 59)
            rows.append({
                "outage_id": f"{name}.{month}", "service": name,
                "started_at": f"{day} {hour}:00:00", "ended_at": f"{day} {hour}:{minute}:00",
                "caused_by": write.chance.choice(("provider", "client", "third_party")),
                "cause": write.title(month),
            })  # fmt: skip
    write.table("outages", rows, add=True)


def _priorities(write: _Writer, n: int) -> None:
    """Priorities with tickets in each of sixty months, all of them with a threshold."""
    _five_years(write.contract)
    terms = write.contract["terms"]
    names = [f"R{number}" for number in range(n)]
    terms["priorities"] += names
    for clause in ("Art. 5.1", "Art. 5.2"):
        own = terms["clauses"][clause]
        own["calendar"] |= dict.fromkeys(names, "office")
        own["targets"] |= dict.fromkeys(names, "8 h")
        if isinstance(own["threshold"], dict):
            own["threshold"] |= dict.fromkeys(names, "90 %")
    tickets, events = list(_tickets(write, names)), []
    for row in tickets:
        steps = ("", "Nouveau", "En cours", "Résolu")
        instants = ("opened_at", "first_response_at", "resolved_at")
        events += [
            {"ticket_id": row["ticket_id"], "at": row[at], "field": "status", "old": a, "new": b}
            for at, a, b in zip(instants, steps, steps[1:], strict=False)
        ]
    write.table("tickets", tickets)
    write.table("ticket_events", events)
    (write.folder / "extensions.csv").unlink()


def _tickets(write: _Writer, names: list[str]) -> Iterator[Row]:
    for number in range(3 * 60 * len(names)):
        month, name = number // len(names) % 60, names[number % len(names)]
        day = dt.datetime.combine(_month(month), dt.time(9))
        day += dt.timedelta(days=write.chance.randrange(28))
        answered = day + dt.timedelta(minutes=write.chance.randint(5, 200))
        resolved = answered + dt.timedelta(hours=write.chance.randint(1, 30))
        yield {
            "ticket_id": f"T{number:06}", "opened_at": day, "kind": "incident",
            "service": "support", "site": "lyon", "category": f"Famille {number % 80}",
            "priority": name, "status": "Résolu", "group": f"Équipe {number % 30}",
            "first_response_at": answered, "resolved_at": resolved,
            "caller_group": f"Direction {number % 50}",
        }  # fmt: skip


def _changes(write: _Writer, n: int) -> None:
    rows = []
    for number in range(n):
        day = write.day(last=dt.date(2025, 4, 1))
        decided = write.after(day, 5, 40)
        word = write.chance.choice(("approved", "approved", "refused", ""))
        rows.append({
            "change_id": f"DM{number}", "title": write.title(number),
            "kind": write.chance.choice(("scope", "schedule", "budget")),
            "requested_by": write.chance.choice(("client", "provider")), "requested_on": day,
            "evaluated_on": write.after(day, 1, 4), "decided_on": decided if word else "",
            "decision": word, "cost_impact": 100 * write.chance.randint(-5, 40), "days_impact": 0,
            "applied_on": write.after(day, 3, 60) if word != "refused" and number % 3 else "",
        })  # fmt: skip
    write.table("changes", rows, add=True)


def _budget(write: _Writer, n: int) -> None:
    rows = []
    for number in range(n):
        amount = 1000 * write.chance.randint(2, 60)
        spent = amount + 100 * write.chance.randint(-10, 40)
        rows.append({
            "line_id": f"B{number}", "title": write.title(number), "original": amount,
            "current": amount, "actual": spent, "forecast": spent, "stated_on": "2025-07-03",
        })  # fmt: skip
    write.table("budget", rows, add=True)


def _duties(write: _Writer, n: int) -> None:
    rows = []
    for number in range(n):
        due = write.day()
        done = write.after(due, -10, 60)
        rows.append({
            "duty_id": f"O{number}", "title": write.title(number), "clause": "Art. 6.1",
            "kind": write.chance.choice(("resource", "access", "information", "decision")),
            "due_on": due, "done_on": done if done < LAST else "",
        })  # fmt: skip
    write.table("client_duties", rows, add=True)


def _objectives(write: _Writer, n: int) -> None:
    rows = []
    for number in range(n):
        write.contract["objectives"][f"G{number}"] = {
            "title": write.title(number), "measure": write.title(number), "unit": "%",
            "target": 80, "due": dt.date(2025, 5, 31), "clause": "Art. 2.9",
        }  # fmt: skip
        value = write.chance.randint(60, 100)
        rows.append({"objective_id": f"G{number}", "measured_on": "2025-05-20", "value": value})
    write.table("objective_results", rows, add=True)


def _benefits(write: _Writer, n: int) -> None:
    rows = (
        {"benefit_id": f"GA{number}", "title": write.title(number), "kind": "time", "unit": "h",
         "measure": write.title(number), "before": 60, "expected": 20, "direction": "at_most",
         "obtained": write.chance.choice((10, 30, 50, 70, "")), "measured_on": "2025-06-01"}
        for number in range(n)
    )  # fmt: skip
    write.table("benefits", rows, add=True)


def _lessons(write: _Writer, n: int) -> None:
    rows, actions = [], []
    for number in range(n):
        day = write.day()
        rows.append({
            "lesson_id": f"N{number}", "kind": "improve", "finding": "", "logged_on": day,
            "event": write.title(number), "effect": write.title(number), "cause": "",
            "recommendation": write.title(number),
        })  # fmt: skip
        actions.append({
            "action_id": f"AC{number}", "lesson_id": f"N{number}", "side": "both",
            "created_on": day, "due_on": write.after(day, 20, 60), "status": "in_progress",
            "title": write.title(number),
        })  # fmt: skip
    write.table("lessons", rows, add=True)
    write.table("actions", actions, add=True)


def _replies(write: _Writer, n: int) -> None:
    rows = (
        {"finding": "milestones.M4", "side": write.chance.choice(("client", "provider")),
         "position": "contested", "replied_on": write.after(LAST, 1, 3),
         "statement": write.title(number)}
        for number in range(n)
    )  # fmt: skip
    write.table("replies", rows, add=True)


MAKERS: dict[str, Callable[[_Writer, int], None]] = {
    "milestones": _milestones, "causes": _causes, "amendments": _amendments,
    "comments": _comments, "deliverables": _deliverables, "work_orders": _work_orders,
    "payments": _payments, "penalties": _penalties, "services": _services,
    "priorities": _priorities, "changes": _changes, "budget": _budget, "duties": _duties,
    "objectives": _objectives, "benefits": _benefits, "lessons": _lessons, "replies": _replies,
}  # fmt: skip


if __name__ == "__main__":
    place, *asked = sys.argv[1:]
    if asked[:1] == ["little"]:
        little(Path(place), asked[1])
    else:
        engagement(Path(place), *(MAKERS if asked[:1] == ["all"] else asked), letters=200)
