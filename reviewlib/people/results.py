"""What several chapters need of the survey of a review, computed once."""

from __future__ import annotations

from reviewlib.memo import once
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.review import Review


@once
def poll(review: Review) -> Poll | None:
    """Return the survey's waves and results; None without questions, or without answers."""
    survey, answers = review.contract.survey, review.table("survey_answers")
    if survey is None or answers is None:
        return None
    return Poll(answers, review.table("survey_invitations"), survey, review.today)


@once
def uncertain(review: Review) -> frozenset[str]:
    """Return the CSAT questions of which the silent leave open whether most are satisfied."""
    made = poll(review)
    if made is None or not made.latest:
        return frozenset()
    results = made.results[made.results["wave"] == made.latest]
    of_csat = (results["kind"] == "csat") & results["value"].notna() & results["worst"].notna()
    return frozenset(results.loc[of_csat & (results["worst"] <= 0.5), "question"])
