"""Who is bound by the contract (A1), for what (A2) and to what end (A3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field, field_validator, model_validator

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.contract.base import Day, Location, Model, Prose, Share
from reviewlib.contract.days import Days
from reviewlib.contract.governance import LAUNCH, Governance
from reviewlib.contract.targets import TargetText
from reviewlib.faults import Unfit, meant_by
from reviewlib.report.text import N_, Text, sentences

Count = Annotated[int, Field(ge=0)]
CausedBy = Literal["client", "provider", "third_party", "force_majeure"]
OTHER = {"provider": "client", "client": "provider"}
"""The other party: to whom one owes."""
BACKWARDS = N_("the last day {last} is before the first day {first}")
DOWNWARDS = N_("a band goes from the fewest tickets to the most; {low} is above {high}")
ROLE_TWICE = N_("{name:quoted} is the id of two contacts: give each its own")
LEVEL_TWICE = N_("is given twice: number the levels")
UNDEFINED = N_("{name:quoted} is not defined under {part}.")
CONTACTS = "client, provider"
RESERVED = N_("{name:quoted} is the launch meeting: give the body another name")


class Contact(Model):
    """A person named by role only, and what the role answers for.

    ``id``: by which tables name the role; ``deputy``: the role that stands in for it;
    ``technical``: whether it leads on technical matters.
    """

    role: Prose
    id: str = ""
    duties: Prose = ""
    deputy: Prose = ""
    technical: bool = False


class Party(Model):
    """One side of the contract, its single point of contact first."""

    name: Prose
    contact: Contact | None = None
    others: tuple[Contact, ...] = ()

    @property
    def roles(self) -> tuple[Contact, ...]:
        """All of its contacts, the single point of contact first."""
        return (*((self.contact,) if self.contact else ()), *self.others)


class Duty(Model):
    """Something that the client owes the engagement, and the delay within which (A13)."""

    title: Prose
    kind: Literal["resource", "access", "information", "decision"]
    clause: Prose = ""
    within: Days | None = None


class Criterion(Model):
    """What the provider was selected by, and its weight in the mark."""

    title: Prose
    kind: Literal["price", "quality", "references", "team", "method", "other"] = "other"
    weight: Share | None = None


class Selection(Model):
    """How the provider was selected."""

    clause: Prose = ""
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class KeyDate(Model):
    """A day on which the contract is revised, an option is exercised or notice is given (A12).

    ``notice``: how long before that day the other party is told; the last day to act is before it.
    """

    kind: Literal["revision", "option", "notice", "renewal"]
    title: Prose
    date: Day
    clause: Prose = ""
    notice: Days | None = None


class EscalationLevel(Model):
    """A step of the escalation ladder: who is told on each side, and how soon."""

    level: int
    client: Prose
    provider: Prose
    within: TargetText


class MajorIncidents(Model):
    """Which tickets call for the escalation ladder, and the clock on which its steps are due.

    ``priorities``: a ticket that ever had one of them is one. ``calendar``: one of the terms,
    empty for around the clock. ``starts_at``: the opening, or the end of the resolution target;
    the clock stands while the ticket is resolved, and resumes where it is reopened.
    """

    priorities: tuple[str, ...] = Field(min_length=1)
    calendar: str = ""
    starts_at: Literal["opened", "breached"] = "opened"


class ScopeItem(Model):
    """Something the contract includes, with its volume, or excludes.

    Its tickets are those of the ``services``, ``kinds`` and ``categories`` that it names; where it
    names none, it is not counted by tickets. ``volume`` is a number of tickets, none for 0, in each
    contract year or month (``per``), from anniversary to anniversary of the first day of the
    contract; ``none``: of something else that tickets do not use up, such as devices. ``band``:
    between how many tickets, both included, a month is agreed to lie.
    """

    title: Prose
    included: bool = True
    clause: Prose = ""
    volume: int | None = Field(default=None, ge=0)
    unit: Prose = ""
    per: Literal["year", "month", "none"] = "year"
    band: tuple[Count, Count] | None = None
    services: tuple[str, ...] = ()
    kinds: tuple[Prose, ...] = ()
    categories: tuple[Prose, ...] = ()

    @field_validator("band")
    @classmethod
    def _upwards(cls, band: tuple[int, int] | None) -> tuple[int, int] | None:
        if band is not None and band[1] < band[0]:
            raise Unfit(DOWNWARDS(low=band[0], high=band[1]))
        return band

    @property
    def counted(self) -> bool:
        """Whether the item names the tickets that it counts."""
        return bool(self.services or self.kinds or self.categories)

    @property
    def compared(self) -> bool:
        """Whether its tickets are compared with a volume."""
        return self.counted and self.included and self.volume is not None and self.per != "none"


class Objective(Model):
    """An objective. What SMART asks for and is not written is named in the report.

    ``question``: that of the survey by which it is measured, where it is.
    """

    title: Prose
    measure: Prose = ""
    unit: Prose = ""
    target: float | None = None
    direction: Literal["at_least", "at_most"] = "at_least"
    due: Day | None = None
    owner: Prose = ""
    clause: Prose = ""
    question: str = ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """The parts of a SMART objective that this one does not state."""
        parts = ("measure", "unit", "target", "due", "owner")
        return tuple(part for part in parts if getattr(self, part) in ("", None))


class Period(Model):
    """A span of calendar days, both included."""

    first: Day
    last: Day
    title: Prose = ""

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.last < self.first:
            raise Unfit(BACKWARDS(first=str(self.first), last=str(self.last)))
        return self


def within(days: pd.Series, periods: Iterable[Period | ReviewPeriod]) -> pd.Series:
    """Tell which days lie in one of some periods; a day that is missing lies in none."""
    inside = pd.Series(False, days.index)
    for period in periods:
        inside |= days.between(pd.Timestamp(period.first), pd.Timestamp(period.last))
    return inside


def undefined_names(
    ladder: tuple[EscalationLevel, ...],
    major: MajorIncidents | None,
    scope: tuple[ScopeItem, ...],
    objectives: Mapping[str, Objective],
    words: Mapping[str, tuple[str, ...]],
) -> Iterator[tuple[Location, Text, Any]]:
    """Yield a fault for each level given twice, and each name that the contract does not define.

    ``words``: its words, of all versions of the terms, by the part that defines them.
    """
    levels = [step.level for step in ladder]
    for place, level in enumerate(levels):
        if level in levels[:place]:
            yield ("escalation", place, "level"), LEVEL_TWICE, level
    used: list[tuple[Location, str, str]] = []
    if major is not None:
        used += [(("major_incidents", "priorities"), "priorities", p) for p in major.priorities]
        used += [(("major_incidents", "calendar"), "calendars", major.calendar)]
    for place, item in enumerate(scope):
        used += [(("scope", place, "services"), "services", name) for name in item.services]
    for name, objective in objectives.items():
        used += [(("objectives", name, "question"), "questions", objective.question)]
    for where, part, name in used:
        if name and name not in words[part]:
            hint = meant_by(name, words[part])
            yield where, sentences(UNDEFINED(name=name, part=part), hint), None


def unfit_roles(
    parties: Mapping[str, Party], plan: Governance
) -> Iterator[tuple[Location, Text, Any]]:
    """Yield a fault for each id of two contacts, and each role of the plan that is no contact's."""
    contacts = [
        ((side, "others", place - 1, "id") if place else (side, "contact", "id"), contact.id)
        for side, party in parties.items()
        for place, contact in enumerate((party.contact, *party.others))
        if contact and contact.id
    ]
    ids = [name for _, name in contacts]
    for number, (where, name) in enumerate(contacts):
        if name in ids[:number]:
            yield where, ROLE_TWICE(name=name), name
    meetings: dict[Location, tuple[str, ...]] = {
        ("governance", "bodies", name, "roles"): body.roles for name, body in plan.bodies.items()
    }
    if plan.launch:
        meetings["governance", "launch", "roles"] = plan.launch.roles
    for place, roles in meetings.items():
        for name in roles:
            if name not in ids:
                hint = meant_by(name, ids)
                yield place, sentences(UNDEFINED(name=name, part=CONTACTS), hint), name
    if LAUNCH in plan.bodies:
        yield ("governance", "bodies", LAUNCH), RESERVED(name=LAUNCH), LAUNCH
