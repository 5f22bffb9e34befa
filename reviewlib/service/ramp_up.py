"""The ramp-up of a clause: the days of which the penalties of the contract spare its tickets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.parties import Period, within
from reviewlib.service.columns import Mask


def ramp_ups(contract: Contract, clause_id: str) -> tuple[Period, ...]:
    """Return the ramp-ups that the rules on penalties state for a clause, once each, in order."""
    stated = {
        rule.ramp_up
        for terms in contract.versions
        for rule in terms.penalties.values()
        if rule.ramp_up is not None
        and clause_id in (*getattr(rule, "clauses", ()), *getattr(rule, "availability", ()))
    }
    return tuple(sorted(stated, key=lambda period: (period.first, period.last)))


def last_ramp_up(contract: Contract) -> dt.date | None:
    """Return the last day of all ramp-ups that the rules on penalties state; None without any."""
    rules = (rule for terms in contract.versions for rule in terms.penalties.values())
    return max((rule.ramp_up.last for rule in rules if rule.ramp_up), default=None)


def begins_in(months: pd.Series, periods: Iterable[Period]) -> Mask:
    """Tell which months ("2024-01") begin in one of some periods, as the penalties count them."""
    first = pd.to_datetime(months.astype("str"), format="%Y-%m")
    inside: Mask = within(first, periods).to_numpy()
    return inside
