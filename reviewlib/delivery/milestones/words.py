"""How the terms on re-baselines are worded: as the contract states them, or the default taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.delivery import ChangeRequests
from reviewlib.delivery.milestones.metrics import COUNTS
from reviewlib.delivery.terms import terms_on
from reviewlib.report.cells import cell
from reviewlib.report.phrases import PARTIES, marked
from reviewlib.report.text import N_, Text, chained, sentences

if TYPE_CHECKING:
    from reviewlib.review import Review

APPROVED_LATE = {
    "counts": N_("a re-baseline approved after the date that it moves counts all the same"),
    "does_not_count": N_("a re-baseline approved after the date that it moves does not count"),
}
SINCE = N_("from {date}, {policy}")
NO_CHANGE = N_("no change request is named")
REQUESTED_LATE = N_(
    "Milestone {milestone_id}: the re-baseline to {date} ({change}) moves a date of "
    "{moves}. It was requested by {party} on {requested_on}, {late:days} after that "
    "date, and approved on {approved_on}."
)
REQUESTED_BY_THEN = N_(
    "Milestone {milestone_id}: the re-baseline to {date} ({change}) moves a date of "
    "{moves}. It was requested by {party} on {requested_on}, by that date, and "
    "approved after it, on {approved_on}."
)
APPROVED = N_(
    "Milestone {milestone_id}: the re-baseline to {date} ({change}) moves a date of "
    "{moves}. It was approved on {approved_on}, after that date."
)
VOID, VOID_BY_DEFAULT = N_("It does not count."), N_("It does not count (by default).")


def approved_late(contract: Contract) -> Text:
    """Return what a re-baseline that was approved late does, from when where that changed."""
    stated = contract.wordings(lambda terms: terms.change_requests)
    if len(stated) == 1:
        return _policy(stated[0][1])
    return chained(SINCE(date=start, policy=_policy(terms)) for start, terms in stated)


def approved_too_late(review: Review, row: Any) -> Text:
    """Return when a re-baseline that does not count was requested, by whom, and when approved.

    ``row``: of ``metrics.baselines``, of which the open fields are filled in by ``Chapter.of_row``.
    """
    change = str(cell(row.change_id) or "")
    requests = review.rows("changes").reindex(columns=["change_id", "requested_by", "requested_on"])
    sentence = APPROVED(change=change or NO_CHANGE)
    for one in requests[requests["change_id"] == change].dropna().itertuples():
        late = (one.requested_on - row.moves).days
        party = PARTIES[one.requested_by]
        about = {"change": change, "party": party, "requested_on": one.requested_on}
        in_time = REQUESTED_BY_THEN(**about)
        sentence = REQUESTED_LATE(**about, late=late) if late > 0 else in_time
    terms = terms_on(review.contract, row.approved_on).change_requests
    return sentences(sentence, VOID_BY_DEFAULT if terms.is_silent("approved_late") else VOID)


def whether_it_counts(contract: Contract, verdict: str, approved_on: pd.Timestamp) -> Text:
    """Return whether a re-baseline approved late counts, marked where the contract is silent."""
    counts = N_("it counts all the same") if verdict == COUNTS else N_("it does not count")
    return marked(terms_on(contract, approved_on).change_requests, "approved_late", counts)


def _policy(terms: ChangeRequests) -> Text:
    return marked(terms, "approved_late", APPROVED_LATE[terms.approved_late])
