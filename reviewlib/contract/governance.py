"""How the parties govern the engagement: who meets, who reports, how a dispute is settled (A8)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from reviewlib.contract.base import Day, Model, Prose
from reviewlib.contract.days import Days
from reviewlib.faults import Unfit
from reviewlib.report.text import N_

Cadence = Literal["month", "quarter", "half-year", "year"]
Rhythm = Literal["week", "two-weeks", "month", "two-months", "quarter", "half-year", "year"]
Step = Literal[
    "direct_talks", "steering_committee", "mediation", "neutral_third_party", "arbitration"
]
STEP_TWICE = N_("a step stands once in the ladder; {step:quoted} stands twice")
LAUNCH = "launch"
"""By which name the table of meetings calls the launch meeting."""


class PeriodicReviews(Model):
    """The reviews of a month, a quarter, a half-year or a year of the calendar.

    ``within``: how long after the end of a period its review is due.
    """

    clause: Prose = ""
    every: Cadence = "quarter"
    within: Days | None = None


class LaunchMeeting(Model):
    """The meeting that opens the engagement: by which day, and the roles that attend it."""

    clause: Prose = ""
    by: Day | None = None
    roles: tuple[str, ...] = ()
    minutes: Days | None = None


class Body(Model):
    """A body that meets: how often, who attends, within which delay its minutes are sent.

    ``roles``: ids of contacts of either party; ``first``, ``last``: the days between which it
    meets, those of the engagement where they are left out.
    """

    title: Prose
    every: Rhythm
    clause: Prose = ""
    roles: tuple[str, ...] = ()
    minutes: Days | None = None
    first: Day | None = None
    last: Day | None = None


class Report(Model):
    """A report that one side owes the other for each period, and how long after its end."""

    title: Prose
    every: Rhythm
    clause: Prose = ""
    side: Literal["client", "provider"] = "provider"
    within: Days | None = None


class DisputeStep(Model):
    """A step of the ladder of disputes, and how long it may last."""

    step: Step
    within: Days | None = None


class DisputeLadder(Model):
    """The steps by which a dispute is settled, in their order."""

    clause: Prose = ""
    steps: tuple[DisputeStep, ...] = Field(min_length=1)

    @field_validator("steps")
    @classmethod
    def _once(cls, steps: tuple[DisputeStep, ...]) -> tuple[DisputeStep, ...]:
        names = [one.step for one in steps]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise Unfit(STEP_TWICE(step=name))
        return steps


class Tool(Model):
    """A tool agreed for working together, and what for."""

    title: Prose
    purpose: Prose = ""
    clause: Prose = ""


class Procedure(Model):
    """A process or procedure to be written, and how long after a review it is current."""

    title: Prose
    clause: Prose = ""
    current_for: Days | None = None


class AgreedRule(Model):
    """A rule of working together: its clause, and the delay that it sets."""

    clause: Prose = ""
    within: Days | None = None


class BlockerRule(AgreedRule):
    """How blocking points are dealt with: ``options``: how many are to be proposed at least."""

    options: int | None = Field(default=None, ge=1)


class Subcontracting(Model):
    """Whether a subcontractor is approved, or declared, before it begins; free without either."""

    clause: Prose = ""
    requires: Literal["approval", "declaration", "nothing"] = "declaration"


class Governance(Model):
    """What the governance plan agrees on.

    ``decisions``: the delay within which a decision is put in writing; ``initiatives``: within
    which a suggestion or an alert is answered; ``contacts``: how long before it takes effect a
    change of contact is announced; ``blockers``: within which a blocking point is analysed
    together.
    """

    reviews: PeriodicReviews = PeriodicReviews()
    launch: LaunchMeeting | None = None
    bodies: dict[str, Body] = {}
    reports: dict[str, Report] = {}
    disputes: DisputeLadder | None = None
    decisions: AgreedRule | None = None
    initiatives: AgreedRule | None = None
    contacts: AgreedRule | None = None
    blockers: BlockerRule | None = None
    subcontracting: Subcontracting | None = None
    tools: dict[str, Tool] = {}
    procedures: dict[str, Procedure] = {}
