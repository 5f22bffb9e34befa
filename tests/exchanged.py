"""An engagement with its two parties exchanged: what the provider did, the client did, and back.

What is by nature the part of one party is written as its mirrored fact of the other: a deliverable
as a payment, a work order as a duty of the client, a milestone as a decision on a version. Each is
due on the same day and done on the same day; nothing else of it counts for a verdict.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from reviewlib.report.values import Side
from reviewlib.review import Review
from tests import delivered, desk

MIRRORED = {"deliverable": "payment", "order": "duty", "milestone": "decision"}
MIRRORED |= {other: form for form, other in MIRRORED.items()}
SIDES = {
    **dict.fromkeys(("deliverable", "order", "milestone"), Side.PROVIDER),
    **dict.fromkeys(("payment", "duty", "decision"), Side.CLIENT),
}
OTHER = {"client": "provider", "provider": "client"}
TO_DECIDE = dt.timedelta(days=15)  # and to do whatever was ordered or invoiced
PRICE = 1000  # of a deliverable or a payment: each day late costs 1.00 to either side
PARTIES = {
    "delay_causes": ("attributed_to",),
    "changes": ("requested_by",),
    "actions": ("side",),
    "replies": ("side",),
}
"""The columns of tables that name a party."""


@dataclass(frozen=True)
class Commitment:
    """Something that a party was to do by a day, and the day on which it did so, if it did."""

    form: str
    name: str
    due: dt.date
    done: dt.date | None

    @property
    def side(self) -> Side:
        return SIDES[self.form]

    @property
    def exchanged(self) -> Commitment:
        """The same commitment of the other party."""
        return replace(self, form=MIRRORED[self.form])


def review(folder: Path, commitments: Sequence[Commitment], today: dt.date, **named: str) -> Review:
    """Return the review of an engagement that consists of some commitments, as of a day."""
    folder.mkdir(exist_ok=True)
    parties = {side: {"name": name} for side, name in named.items()}
    late = {"title": "Late", "debtor": "provider", "rate": "1/1000", "base": PRICE}
    names = [one.name for one in commitments if one.form == "deliverable"]
    rules: dict[str, Any] = {
        "10.2": {"kind": "late_payment", "title": "Late", "interest": "36.5 %"},
    }
    if names:
        rules["10.1"] = late | {"kind": "delay", "deliverables": names}
    terms = {"decision": f"{TO_DECIDE.days} calendar days", "clause": "7.2"}
    agreement = delivered.agreed(acceptance=terms, payment=None) | parties
    agreement["terms"] = agreement["terms"] | {"penalties": rules}
    written = {name: pd.DataFrame(rows) for name, rows in _tables(commitments).items()}
    nothing = pd.DataFrame(columns=list(_version("", today, None)))  # was submitted
    return desk.review(
        folder, agreement, {"submissions": nothing} | written, as_of=today.isoformat()
    )


def _tables(commitments: Iterable[Commitment]) -> Mapping[str, list[dict[str, Any]]]:
    """Return the rows of the tables in which commitments stand, by the name of the table."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for one in commitments:
        for name, row in _rows(one):
            tables.setdefault(name, []).append(row)
    return tables


def _rows(one: Commitment) -> Iterable[tuple[str, dict[str, Any]]]:
    stated = {"title": "Work", "clause": "3.1"}
    if one.form == "deliverable":
        yield "deliverables", {"deliverable_id": one.name, "due_on": one.due} | stated
        if one.done:
            yield "submissions", _version(one.name, one.done, one.done)
    elif one.form == "payment":
        row = {"payment_id": one.name, "invoice": one.name, "amount": PRICE, "due_on": one.due}
        yield "payments", row | {"received_on": one.due - TO_DECIDE, "paid_on": one.done} | stated
    elif one.form == "order":
        row = {"order_id": one.name, "ordered_on": one.due - TO_DECIDE, "due_on": one.due}
        yield "work_orders", row | {"delivered_on": one.done, "accepted_on": one.done} | stated
    elif one.form == "duty":
        row = {"duty_id": one.name, "due_on": one.due, "done_on": one.done}
        yield "client_duties", row | stated
    elif one.form == "milestone":
        row = {"milestone_id": one.name, "contract_date": one.due, "actual_date": one.done}
        yield "milestones", row | stated
    else:
        row = {"deliverable_id": one.name, "due_on": one.due}
        yield "deliverables", row | stated
        yield "submissions", _version(one.name, one.due - TO_DECIDE, one.done)


def _version(name: str, submitted: dt.date, decided: dt.date | None) -> dict[str, Any]:
    decision = "accepted" if decided else None
    return {
        "deliverable_id": name, "version": "v1", "submitted_on": submitted,
        "decided_on": decided, "decision": decision,
    }  # fmt: skip


def exchanged_names(folder: Path, target: Path) -> Path:
    """Copy an engagement, and exchange its parties wherever contract and tables name one.

    That is their own parts of the contract, the two columns of the escalation ladder, and the
    columns of PARTIES; what is the part of one of them stays as it is.
    """
    shutil.copytree(folder, target)
    path = target / "engagement.yml"
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    for part in (contract, *contract["escalation"]):
        part["client"], part["provider"] = part["provider"], part["client"]
    path.write_text(yaml.safe_dump(contract, allow_unicode=True), encoding="utf-8")
    for name, columns in PARTIES.items():
        table = pd.read_csv(target / f"{name}.csv", dtype="str", keep_default_na=False)
        for column in columns:
            table[column] = table[column].replace(OTHER)
        table.to_csv(target / f"{name}.csv", index=False)
    return target
