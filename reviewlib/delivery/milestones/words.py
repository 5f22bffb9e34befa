"""How the terms on re-baselines are worded: as the contract states them, or the default taken."""

from __future__ import annotations

from reviewlib.contract import Contract
from reviewlib.contract.delivery import ChangeRequests
from reviewlib.report.phrases import marked
from reviewlib.report.text import N_, Text, chained

APPROVED_LATE = {
    "counts": N_("a re-baseline approved after the date that it moves counts all the same"),
    "does_not_count": N_("a re-baseline approved after the date that it moves does not count"),
}
SINCE = N_("from {date}, {policy}")


def approved_late(contract: Contract) -> Text:
    """Return what a re-baseline that was approved late does, from when where that changed."""
    stated = contract.wordings(lambda terms: terms.change_requests)
    if len(stated) == 1:
        return _policy(stated[0][1])
    return chained(SINCE(date=start, policy=_policy(terms)) for start, terms in stated)


def _policy(terms: ChangeRequests) -> Text:
    return marked(terms, "approved_late", APPROVED_LATE[terms.approved_late])
