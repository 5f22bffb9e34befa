"""The decisions of the table penalties: what was notified, answered, decided and paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from reviewlib.amounts import exact
from reviewlib.calendars.day_counts import end_of
from reviewlib.contract import Contract
from reviewlib.contract.penalties import Limits
from reviewlib.money.penalties.claim import Claim

COMPUTED, NOTIFIED, OBSERVATIONS, PAID = "computed", "notified", "observations", "paid"
RECORDED = "recorded"  # an amount or a day, and neither a notice nor a decision
WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was notified, answered, decided and paid; dates NaT, amount None where there is none.

    ``amount``: the one notified while it is pending, then the one decided or paid.
    ``hidden``: not all that is due for it can be told, as a rule could not be applied to it.
    """

    id: str
    rule: str
    subject: str
    month: str
    notified_on: pd.Timestamp
    observations_on: pd.Timestamp
    decided_on: pd.Timestamp
    decision: str
    amount: Decimal | None
    paid_on: pd.Timestamp
    evidence: str
    hidden: bool = False

    @property
    def status(self) -> str:
        """The last step that was taken."""
        if not pd.isna(self.paid_on):
            return PAID
        if self.decision:
            return self.decision
        if not pd.isna(self.observations_on):
            return OBSERVATIONS
        return RECORDED if pd.isna(self.notified_on) else NOTIFIED

    @property
    def pending(self) -> bool:
        """Whether nothing was decided or paid of it yet, as far as it is recorded."""
        return self.status in (RECORDED, NOTIFIED, OBSERVATIONS)

    @property
    def unrecorded(self) -> bool:
        """Whether an amount was decided or paid, and none is recorded."""
        return self.amount is None and not self.pending and self.status != WAIVED


def decisions(table: pd.DataFrame | None) -> list[Decision]:
    """Return the rows of the table ``penalties`` that tell of an amount or of a step taken."""
    if table is None:
        return []
    names = [name for name in Decision.__slots__ if name not in ("id", "amount")]
    rows = table.rename(columns={"penalty_id": "id"}).reindex(columns=["id", *names, "amount"])
    for name in names:
        if name.endswith("_on"):
            rows[name] = rows[name].astype("datetime64[s]")
        else:
            rows[name] = rows[name].astype("object").where(rows[name].notna(), "")
    rows["amount"] = exact(rows["amount"])
    dated = rows[[name for name in names if name.endswith("_on")]].notna().any(axis=1)
    ordered = rows[dated | (rows["decision"] != "") | rows["amount"].notna()][[*Decision.__slots__]]
    return [Decision(*row) for row in ordered.itertuples(index=False)]


def observations_until(decision: Decision, terms: Limits, contract: Contract) -> pd.Timestamp:
    """Return the last day for the other party's observations; NaT where none is agreed or told."""
    allowed = terms.observations
    if allowed is None or pd.isna(decision.notified_on):
        return pd.NaT
    return end_of(allowed, pd.Series([decision.notified_on]), contract.days_off).iloc[0]


def parts_of(claim: Claim) -> tuple[str, ...]:
    """Return the priorities that missed their threshold: their points of a month are one claim."""
    return tuple(dict.fromkeys(miss.priority for miss in claim.misses))


def is_part(decision: Decision, claim: Claim) -> bool:
    """Whether a decision is about one of the priorities of a claim."""
    about = decision.rule == claim.rule and decision.month in ("", claim.month)
    return about and decision.subject in parts_of(claim)
