"""A small service desk for the tests: Monday to Friday, 9 to 12 and 14 to 18, in Paris.

Instants are written as local times, "2026-01-05T09:00". Statuses are New, Open, Waiting (for the
client), Supplier (awaited), Resolved, Closed and Cancelled; P4 has no target.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.contract import Contract, load_contract
from reviewlib.review import Review, open_review
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged
from reviewlib.tables import SCHEMAS

ZONE = "Europe/Paris"
DAY = [["09:00", "12:00"], ["14:00", "18:00"]]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY)
RESOLUTION = {
    "title": "Time to resolution",
    "measure": "resolution",
    "calendar": "office",
    "targets": {"P1": "4 h", "P2": "8 h", "P3": "2 working days"},
    "threshold": "95 %",
    "pauses": ["Waiting"],
    "stops_at": "last_resolution",
}
RESPONSE = {
    "title": "Time to first response",
    "measure": "response",
    "calendar": "office",
    "targets": {"P1": "1 h", "P2": "2 h", "P3": "4 h"},
    "threshold": "95 %",
    "stops_at": "first_response",
}
TERMS: dict[str, Any] = {
    "priorities": ["P1", "P2", "P3", "P4"],
    "calendars": {
        "office": {"title": "Office hours", "week": WEEK, "holidays": "FR"},
        "permanent": {"title": "Around the clock", "around_the_clock": True},
    },
    "services": {"support": {"name": "User support"}, "network": {"name": "Network"}},
    "sites": {"paris": {"name": "Paris"}, "strasbourg": {"name": "Strasbourg", "region": "6AE"}},
    "statuses": {
        "New": {"state": "new"},
        "Open": {"state": "open"},
        "Waiting": {"state": "waiting", "awaits": "client"},
        "Supplier": {"state": "waiting", "awaits": "third_party"},
        "Resolved": {"state": "resolved"},
        "Closed": {"state": "closed"},
        "Cancelled": {"state": "cancelled"},
    },
}
CONTRACT: dict[str, Any] = {
    "format": 1,
    "id": "C1",
    "title": "Support",
    "language": "en",
    "time_zone": ZONE,
    "period": {"first": "2026-01-01", "last": "2026-12-31"},
    "client": {"name": "Client"},
    "provider": {"name": "Provider"},
}


def at(local: str) -> pd.Timestamp:
    """Return the UTC instant of a local time."""
    return pd.Timestamp(local).tz_localize(ZONE).tz_convert("UTC").as_unit("s")


def agreed(*clauses: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Return a contract as it is written; its clauses are R1, R2… and parts of terms replaced."""
    named = {f"R{number}": clause for number, clause in enumerate(clauses, start=1)}
    terms = TERMS | {"clauses": named} | {k: parts.pop(k) for k in TERMS if k in parts}
    return CONTRACT | {"terms": terms} | parts


def contract(*clauses: dict[str, Any], **parts: Any) -> Contract:
    """Return a contract as the library reads it."""
    return loaded(agreed(*clauses, **parts))


def loaded(agreement: dict[str, Any]) -> Contract:
    """Return a contract that is written so."""
    return _loaded(_written(agreement))


@cache
def _loaded(text: str) -> Contract:
    """Return a contract, which nothing can change: the same text is read once in a process."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "engagement.yml").write_text(text, encoding="utf-8")
        return load_contract(Path(folder))


def written(folder: Path, agreement: dict[str, Any]) -> None:
    """Write a contract in the folder of an engagement."""
    (folder / "engagement.yml").write_text(_written(agreement), encoding="utf-8")


def _written(agreement: dict[str, Any]) -> str:
    return json.dumps(agreement, ensure_ascii=False, indent=1)  # which is YAML too


def ticket(
    ticket_id: str, opened: str, priority: str | None = "P1", **other: Any
) -> dict[str, Any]:
    """Return a row of the table of tickets."""
    return {"ticket_id": ticket_id, "opened_at": opened, "priority": priority} | other


def tickets(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a table of tickets as the library checks it."""
    return typed("tickets", pd.DataFrame(rows))


def events(log: str) -> pd.DataFrame:
    """Return a log from lines such as "T1 2026-01-05T09:00 status New Open" ("-": empty)."""
    names = ["ticket_id", "at", "field", "old", "new", "actor_side", "automatic"]
    cells = [(line.split() + ["-"] * 7)[:7] for line in log.splitlines() if line.strip()]
    return typed("ticket_events", pd.DataFrame(cells, columns=names).replace("-", None))


def typed(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of texts with the types of a table of the library."""
    kinds = SCHEMAS[table].columns
    found = frame.copy()
    for name in frame:
        if kinds[name].metadata["kind"] == "instant":
            local = pd.to_datetime(frame[name], format="ISO8601").dt.tz_localize(ZONE)
            found[name] = local.dt.tz_convert("UTC").dt.as_unit("s")
        elif kinds[name].metadata["kind"] == "flag":
            found[name] = frame[name].replace({"yes": True, "no": False}).astype("boolean")
        elif kinds[name].metadata["kind"] == "text":
            found[name] = frame[name].astype("str")
    return found


def log(
    agreement: Contract, table: pd.DataFrame, lines: str | None, as_of: str = "2026-12-31T18:00"
) -> Log:
    """Return what is known of some tickets at a local time."""
    known = table[table["opened_at"] <= at(as_of)]
    return Log(known, None if lines is None else events(lines), agreement, at(as_of))


def verdicts(
    clause: dict[str, Any],
    table: pd.DataFrame,
    lines: str | None,
    as_of: str = "2026-12-31T18:00",
    **parts: Any,
) -> pd.DataFrame:
    """Return the verdicts under one clause, by ticket id."""
    found = judged(log(contract(clause, **parts), table, lines, as_of))
    return found.set_index("ticket_id")


def hours(elapsed: pd.Timedelta) -> float:
    """Return a length in hours."""
    return float(elapsed / pd.Timedelta(hours=1))


def review(
    folder: Path, agreement: dict[str, Any], tables: dict[str, pd.DataFrame], **asked: str
) -> Review:
    """Return the review of a folder written with a contract and tables."""
    written(folder, agreement)
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return open_review(folder, **asked)
