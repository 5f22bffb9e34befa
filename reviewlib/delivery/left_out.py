"""Which days late a rule on delays leaves out by their cause, and which hang on contested ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.penalties import Delay
from reviewlib.delivery.delays.metrics import (
    CONCURRENT,
    CONTESTED,
    MILESTONE,
    SUSPENDED,
    UNATTRIBUTED,
)
from reviewlib.delivery.lateness import Delays
from reviewlib.delivery.terms import terms_on

COUNTED = ""
UNKNOWN = "unknown"
"""Without a recorded cause, and counted on the high side only."""
WITHOUT_CAUSE = {"counted": COUNTED, "contested": UNKNOWN, "excluded": UNATTRIBUTED}
"""Why a day without a recorded cause does not count, by what the rule says of such days."""

SPLIT = ("suspended", "suspensions", "excused", "contested", "late")
"""What the days of a delay are, which add up to it, and the ids of what suspended them."""


def rule_on(contract: Contract, milestone: str, day: pd.Timestamp) -> tuple[str, Delay]:
    """Return the rule on the delay of a milestone in force on a day; "" and the defaults of none.

    Of several the first of the contract.
    """
    rules = terms_on(contract, day).penalties.items()
    named = (
        (name, rule)
        for name, rule in rules
        if isinstance(rule, Delay) and milestone in rule.milestones
    )
    return next(named, ("", Delay.model_construct()))


def classes(days: pd.DataFrame, terms: Delay) -> pd.Series:
    """Return how many days late are of each class that is left out, "" being those that count."""
    suspended = days["share"] == SUSPENDED
    return pd.Series(np.where(suspended, SUSPENDED, by_cause(days, terms))).value_counts()


def split_of_milestones(delays: Delays | None, contract: Contract) -> pd.DataFrame:
    """Return the days after its date of each late milestone (index) by what they are: ``SPLIT``."""
    lines = {}
    days = None if delays is None or delays.late.empty else delays.days
    for name, rows in () if days is None else days[days["kind"] == MILESTONE].groupby("subject"):
        _, terms = rule_on(contract, str(name), rows["day"].min())
        n = classes(rows, terms)
        late, suspended = n.get(COUNTED, 0), n.get(SUSPENDED, 0)
        contested = n.reindex([CONTESTED, UNKNOWN]).sum()
        ids = tuple(dict.fromkeys(i for of in rows["suspensions"] for i in of))
        excused = n.sum() - late - suspended - contested
        lines[name] = (suspended, ids, excused, contested, late)
    return pd.DataFrame.from_dict(lines, orient="index", columns=[*SPLIT])


def by_cause(days: pd.DataFrame, terms: Delay) -> np.ndarray:
    """Return for each day late why a rule leaves it out by its cause, "" where it counts.

    ``days``: as ``days_of_delay`` returns them. Contested: it counts on the high side only.
    """
    share = days["share"]
    excused, undisputed = (_excused(days[name], terms) for name in ("parties", "undisputed"))
    attributed = (days["undisputed"].fillna("") != "").to_numpy()
    owed = ~(excused if terms.concurrent == "excluded" else undisputed) & attributed
    if not terms.excludes and terms.unattributed == "counted":
        owed = np.ones(len(days), dtype=bool)  # no answer to the contested cause would excuse a day
    contested = share == CONTESTED
    cases = [
        (contested & undisputed & excused, CONCURRENT),
        (contested & owed, COUNTED),  # whatever becomes of the contested cause
        (contested, CONTESTED),
        ((share == CONCURRENT) & excused, CONCURRENT),
        (share.isin(terms.excludes), share),
        (share == UNATTRIBUTED, WITHOUT_CAUSE[terms.unattributed]),
    ]
    return np.select([np.asarray(case) for case, _ in cases], [word for _, word in cases], COUNTED)


def _excused(parties: pd.Series, terms: Delay) -> np.ndarray:
    """Tell on which days one of the causes is excluded; all of them where concurrent days count."""

    def is_excused(names: str) -> bool:
        excluded = [name in terms.excludes for name in names.split("+") if name]
        return any(excluded) if terms.concurrent == "excluded" else all(excluded or [False])

    causes = parties.fillna("")
    excused = {names: is_excused(names) for names in causes.unique()}
    return np.asarray(causes.map(excused), dtype=bool)
