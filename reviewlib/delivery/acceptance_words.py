"""What is agreed of acceptance, what the client's silence did, and what is still open, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reviewlib.contract.delivery import Acceptance
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import delay_words
from reviewlib.report.values import cell

if TYPE_CHECKING:
    from reviewlib.review import Review

DECISIONS = {
    "accepted": N_("accepted"),
    "accepted_with_reservations": N_("accepted with reservations"),
    "refused": N_("refused"),
    "tacit": N_("accepted tacitly"),
    "replaced": N_("replaced without a decision"),
    "awaiting": N_("awaiting a decision"),
}
"""The words of what the client decided of a version, and of what counts where it did not."""


def acceptance_terms(review: Review) -> list[Acceptance]:
    """Return what the contract says of acceptance, over all its versions, each once."""
    return list(dict.fromkeys(terms.acceptance for terms in review.contract.versions))


def acceptance_clauses(review: Review, name: str) -> str:
    """Return the clauses that state something of acceptance, as a fact names them."""
    stated = [terms.clause for terms in acceptance_terms(review) if getattr(terms, name)]
    return ", ".join(dict.fromkeys(filter(None, stated)))


def acceptance_rules(review: Review) -> str:
    """Return what the contract says of the client's decisions, with what changed from when on."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    starts = [None, *(amendment.effective for amendment in contract.amendments)]
    said, before = [], Acceptance()
    for start, version in zip(starts, contract.versions, strict=True):
        terms = version.acceptance
        if (terms.decision, terms.tacit) == (before.decision, before.tacit):
            continue
        clause = terms.clause or _("the contract names no clause")
        if start is not None:
            since = _("{clause}, for what is submitted from {date} on")
            clause = since.format(clause=clause, date=w.date(start))
        rule = _("The client decides within {delay} of a submission ({clause}).")
        if terms.decision is None:
            rule = _("No delay to decide is stated ({clause}).")
        elif terms.tacit:
            rule = _(
                "The client decides within {delay} of a submission; a version on which nothing "
                "was decided by then, and which no other one replaced, is accepted on the last "
                "day of that delay, and what is decided later changes nothing ({clause})."
            )
        delay = delay_words(w, terms.decision) if terms.decision else ""
        said.append(rule.format(delay=delay, clause=clause))
        before = terms
    return " ".join(said)


def no_tacit(review: Review) -> str:
    """Return why nothing can be accepted tacitly; empty where the contract says that it can."""
    _, terms = review.wording.gettext, acceptance_terms(review)
    if not any(stated.decision for stated in terms):
        return _("the contract states no delay for decisions (terms.acceptance.decision)")
    if not any(stated.tacit for stated in terms):
        return _("the contract provides for no tacit acceptance (terms.acceptance.tacit)")
    return ""


def silence_sentences(review: Review, row: Any, void: Any) -> Iterator[str]:
    """Yield what the client's silence did, and what a decision that came after it does not."""
    _, w = review.wording.gettext, review.wording
    if not row.tacit:
        return
    said = _("No decision came by {date}: it was accepted tacitly on that day ({clause}).")
    clause = cell(row.acceptance) or _("the contract names no clause")
    yield said.format(date=w.date(row.accepted_on), clause=clause)
    if void is None:
        return
    late = _("The decision of {date} ({decision}) came later and changes nothing.")
    if (decision := cell(void["decision"])) is None:
        late = _("The decision of {date} came later and changes nothing.")
    words = _(DECISIONS[str(decision)]) if decision else ""
    yield late.format(date=w.date(void["decided_on"]), decision=words)


def open_sentences(review: Review, row: Any) -> Iterator[str]:
    """Yield what is still open of a deliverable: a decision, reservations, its warranty."""
    _, w = review.wording.gettext, review.wording
    if row.waiting_days >= 0:
        waiting = _("A version has awaited the client's decision for {days}.")
        yield waiting.format(days=w.days(row.waiting_days))
        if row.decide_by == row.decide_by:
            said = _("The client's delay to decide ended on {date} ({clause}).")
            if row.decide_by >= review.today:
                said = _("The client's delay to decide ends on {date} ({clause}).")
                if row.silence:
                    said = _("Without a decision by {date} it is accepted tacitly ({clause}).")
            clause = cell(row.acceptance) or _("the contract names no clause")
            yield said.format(date=w.date(row.decide_by), clause=clause)
    if row.reservations > 0:
        if row.age == row.age:
            still = w.ngettext(
                "{n} reservation is still open, {{days}} after the decision.",
                "{n} reservations are still open, {{days}} after the decision.",
                int(row.reservations),
            )
            yield still.format(days=w.days(row.age))
        else:
            yield w.ngettext(
                "{n} reservation is still open.",
                "{n} reservations are still open.",
                int(row.reservations),
            )
        if row.warranty_days < 0:
            yield _("The warranty ended on {date}.").format(date=w.date(row.warranty_ends_on))
