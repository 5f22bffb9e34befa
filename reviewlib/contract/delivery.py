"""What is agreed of acceptance, warranty, payment and change requests (A9, A13, E1)."""

from __future__ import annotations

from typing import Literal

from reviewlib.contract.base import Model, Money, Prose
from reviewlib.contract.days import Days
from reviewlib.contract.penalties import Percent


class Acceptance(Model):
    """How the client accepts what is delivered.

    ``decision``: within how long after a submission; ``tacit``: whether a submission on which
    nothing was decided by then is accepted on that day. ``warranty``: how long after acceptance.

    ``decision_days``: whether the days between a submission and its refusal are left out of the
    delay of a deliverable; ``excluded_after_due``: only those after its due date.
    ``milestone_days``: whether those before the milestone that it needs was reached are.
    """

    clause: Prose = ""
    decision: Days | None = None
    tacit: bool = False
    warranty: Days | None = None
    decision_days: Literal["excluded", "excluded_after_due", "counted"] = "excluded"
    milestone_days: Literal["excluded", "counted"] = "excluded"


class Retention(Model):
    """A sum held back from each payment, until the end of the warranty or of the contract."""

    clause: Prose = ""
    share: Percent
    until: Literal["warranty", "contract"] = "warranty"


class Payment(Model):
    """When an invoice is to be paid: so long ``within`` its receipt, or the acceptance.

    ``starts_at`` ``later``: from whichever of the two is the later.
    """

    clause: Prose = ""
    within: Days
    starts_at: Literal["invoice", "acceptance", "later"] = "invoice"
    retention: Retention | None = None


class ChangeRequests(Model):
    """What a change request does to the date that it moves.

    ``approved_late``: whether a re-baseline counts that was approved after the date that it moves.
    """

    clause: Prose = ""
    approved_late: Literal["counts", "does_not_count"] = "does_not_count"


class Price(Model):
    """The price of the whole contract, without taxes."""

    total: Money
    clause: Prose = ""
