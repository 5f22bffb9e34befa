"""Who is bound by the contract (A1), for what (A2) and to what end (A3)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from reviewlib.contract.base import Day, Model
from reviewlib.contract.targets import TargetText


class Contact(Model):
    """A person named by role only, and what the role answers for."""

    role: str
    duties: str = ""


class Party(Model):
    """One side of the contract, its single point of contact first."""

    name: str
    contact: Contact | None = None
    others: tuple[Contact, ...] = ()


class EscalationLevel(Model):
    """A step of the escalation ladder: who is told on each side, and how soon."""

    level: int
    client: str
    provider: str
    within: TargetText


class ScopeItem(Model):
    """Something the contract includes, with its yearly volume, or excludes."""

    title: str
    included: bool = True
    clause: str = ""
    volume: int | None = Field(default=None, ge=0)
    unit: str = ""


class Objective(Model):
    """An objective. What SMART asks for and is not written is named in the report."""

    title: str
    measure: str = ""
    unit: str = ""
    target: float | None = None
    direction: Literal["at_least", "at_most"] = "at_least"
    due: Day | None = None
    owner: str = ""
    clause: str = ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """The parts of a SMART objective that this one does not state."""
        parts = ("measure", "unit", "target", "due", "owner")
        return tuple(part for part in parts if getattr(self, part) in ("", None))

    def met_by(self, value: float) -> bool | None:
        """Tell whether a measured value reaches the target; None without a target."""
        if self.target is None:
            return None
        return value >= self.target if self.direction == "at_least" else value <= self.target


class Period(Model):
    """A span of calendar days, both included."""

    first: Day
    last: Day
    title: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.last < self.first:
            raise ValueError(f"the last day {self.last} is before the first day {self.first}")
        return self
