"""The days after a date that are left out of a delay, in the findings of what is late."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.penalties import Delay
from reviewlib.delivery.delays.metrics import (
    CLIENT,
    CONCURRENT,
    CONTESTED,
    FORCE_MAJEURE,
    MILESTONE,
    PROVIDER,
    SUSPENDED,
    THIRD_PARTY,
    UNATTRIBUTED,
)
from reviewlib.delivery.lateness import Delays
from reviewlib.delivery.left_out import UNKNOWN, classes, rule_on
from reviewlib.report.phrases import marked
from reviewlib.report.text import EMPTY, N_, Text, n_, sentences

LEFT_OUT = N_("Left out of these days: {parts:all}.")
LEFT_OUT_UNDER = N_("Left out of these days under {rule:ref}: {parts:all}.")
LATE_BY = N_("It is late by {days:days}.")
LATE_BY_OR = n_(
    "It is late by {days:days}, or {most:count} if the {n} contested day counts.",
    "It is late by {days:days}, or {most:count} if the {n} contested days count.",
)
NONE_LEFT = N_("No day of delay is left.")
PARTS = {
    SUSPENDED: N_("{days:days} suspended"),
    CLIENT: N_("{days:days} attributed to the client"),
    PROVIDER: N_("{days:days} attributed to the provider"),
    THIRD_PARTY: N_("{days:days} attributed to a third party"),
    FORCE_MAJEURE: N_("{days:days} attributed to force majeure"),
    CONCURRENT: N_("{days:days} of several causes, one of them left out"),
    UNATTRIBUTED: N_("{days:days} without a recorded cause"),
}
"""The classes of days that are left out of the delay of a milestone."""
STATED_BY = {SUSPENDED: "", CONCURRENT: "concurrent", UNATTRIBUTED: "unattributed"}
"""The key of the rule that leaves out the days of a class; ``excludes`` of the others."""
COUNTED = N_(
    "The days suspended are left out of a delay, and those that the rule on its penalties leaves "
    "out by their cause; without a rule those of the client, of force majeure, and of several "
    "causes with one of these among them. The attributions of the table of causes are counted, not "
    "judged."
)


def of_milestones(delays: Delays | None, contract: Contract) -> dict[Hashable, Text]:
    """Return what is left out of the delay of each late milestone, and what is left of it."""
    if delays is None or delays.late.empty:
        return {}
    days = delays.days[delays.days["kind"] == MILESTONE]
    by_milestone = days.groupby("subject", sort=False)
    return {name: _of_milestone(str(name), rows, contract) for name, rows in by_milestone}


def _of_milestone(name: str, days: pd.DataFrame, contract: Contract) -> Text:
    rule, terms = rule_on(contract, name, days["day"].min())
    n = classes(days, terms)
    contested = int(n.reindex([CONTESTED, UNKNOWN]).sum())
    parts = [_part(share, n[share], terms) for share in PARTS if share in n]
    if not parts and not contested:
        return EMPTY
    left = int(n.get("", 0))
    left_out = LEFT_OUT_UNDER(rule=rule, parts=parts) if rule else LEFT_OUT(parts=parts)
    late = LATE_BY(days=left) if left else NONE_LEFT
    if contested:
        late = LATE_BY_OR(days=left, most=left + contested, n=contested)
    return sentences(left_out if parts else EMPTY, late)


def _part(share: str, n: int, terms: Delay) -> Text:
    """Return the days of a class that are left out, marked where the rule is silent on them."""
    part, key = PARTS[share](days=n), STATED_BY.get(share, "excludes")
    return marked(terms, key, part) if key else part
