"""How the ledger is worded, in the report and in the statement: facts, computations, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from reviewlib.amounts import ZERO
from reviewlib.contract.penalties import Delay, LatePayment, Limits, Points, Tiers
from reviewlib.delivery.deliverables.excused import DECISION, WAITING
from reviewlib.delivery.left_out import UNKNOWN
from reviewlib.delivery.results import UNDATED
from reviewlib.money.penalties import states
from reviewlib.money.penalties.claim import (
    AFTER_END,
    ALREADY,
    BEFORE_NOTICE,
    CONCURRENT,
    CONTESTED,
    GRACE,
    NOT_COUNTED,
    NOT_DATED,
    RAMP_UP,
    SENSITIVE,
    SUSPENDED,
    UNATTRIBUTED,
    WAIT_UNKNOWN,
    WAITED,
    YIELDED,
    Claim,
    Formula,
)
from reviewlib.money.penalties.decided import COMPUTED
from reviewlib.money.penalties.metrics import HIGH, LOW, Line, sums
from reviewlib.money.penalties.miss_words import (
    FREE,
    UNITS,
    beside_bounds,
    fraction,
    missed,
    percent,
)
from reviewlib.money.penalties.state_words import STATUSES, span, status_of
from reviewlib.money.penalties.states import (
    DUE,
    state_of,
)
from reviewlib.money.results import LostHours
from reviewlib.report.text import N_, Message, Shown, Text, chained, dotted, listed

NOT_ASSESSED = N_("not assessed: pauses unknown")
OWED_WITHOUT_NOTICE = N_("due without a reminder, no payment recorded")
DEBTORS = {"provider": N_("to the provider"), "client": N_("to the client")}
BY_CAUSE = {
    "client": N_("days attributed to the client: {n}"),
    "provider": N_("days attributed to the provider: {n}"),
    "third_party": N_("days attributed to a third party: {n}"),
    "force_majeure": N_("days of force majeure: {n}"),
}
WITHOUT_CAUSE = N_("days without a recorded cause: {n}")
LEFT_OUT = {
    SUSPENDED: N_("days suspended: {n}"),
    RAMP_UP: N_("days of the ramp-up: {n}"),
    SENSITIVE: N_("days of a sensitive period: {n}"),
    ALREADY: N_("days counted already under {where:refs}: {n}"),
    WAITED: N_("days answered for by the milestone that it needs ({where:commas}): {n}"),
    DECISION: N_("days that the client took to decide on versions that it refused: {n}"),
    WAITING: N_("days before the milestone that it needs was reached: {n}"),
    AFTER_END: N_("days after the end of the contract: {n}"),
    NOT_COUNTED: N_("days that the clause does not count: {n}"),
    BEFORE_NOTICE: N_("days before the formal notice: {n}"),
    GRACE: N_("days within the grace period: {n}"),
    CONCURRENT: N_("days of several causes, one of them excluded: {n}"),
    CONTESTED: N_("days contested, counted only in the second amount: {n}"),
    UNKNOWN: N_("days without a recorded cause, counted only in the second amount: {n}"),
    UNATTRIBUTED: WITHOUT_CAUSE,
    YIELDED: N_("days counted in the second amount under {where:refs} instead: {n}"),
    **BY_CAUSE,
}
COUNTED_BY = {
    **BY_CAUSE,
    "concurrent": N_("days of several causes: {n}"),
    "contested": N_("contested days, whatever comes of them: {n}"),
    UNATTRIBUTED: WITHOUT_CAUSE,
}
"""Whose doing the days were that count."""
WHOLES_LEFT_OUT = {
    RAMP_UP: N_("the month begins in the ramp-up"),
    SENSITIVE: N_("the month begins in a sensitive period"),
    ALREADY: N_("without what is counted already under {where:refs}"),
    YIELDED: N_("in the second amount, without what is then counted under {where:refs}"),
}
"""What is taken out of a month or of a payment, of which no days are counted."""
GAPS = {
    "no_milestones": N_("the folder has no usable milestones (milestones.csv)."),
    NOT_DATED: N_("{because}.")(because=UNDATED),
    WAIT_UNKNOWN: N_(
        "the tables do not say when the milestone that it needs was reached (milestones.csv: "
        "actual_date)."
    ),
    "no_deliverables": N_(
        "the folder has no usable deliverables with submissions (deliverables.csv, "
        "submissions.csv)."
    ),
    "no_subject": N_(
        "the data do not say whether a milestone or deliverable of this number is late."
    ),
    "no_tickets": N_("the folder has no tickets (tickets.csv)."),
    "no_hours": N_("availability is not known: the folder has no usable outages (outages.csv)."),
    "no_base": N_("the rule states no base for it."),
    "no_payments": N_("the folder has no payments (payments.csv)."),
}
FACTS = {
    (Delay, False): N_("late from {first} to {last}"),
    (Delay, True): N_("late from {first}, so far until {last}"),
    (LatePayment, False): N_("due on {due}, paid on {paid}"),
    (LatePayment, True): N_("due on {due}, not paid by {paid}"),
}
"""What is late, by the kind of its rule and whether more may follow."""
STOPPED = N_("late from {first} to {last} so far; no day after the end of the contract counts")
SPARED = {
    RAMP_UP: N_("{computation}; ramp-up: nothing due"),
    SENSITIVE: N_("{computation}; sensitive period: nothing due"),
}
CAP_USED_UP = N_("the cap is then used up by what came before")
COUNTED_ELSEWHERE = N_("another rule then counts the fact")
TIMES = N_("{product} × {factor}")


def formula(of: Formula) -> Text:
    """Return the computation with its numbers: 160,000 € × 54 days × 1/1,000 = 8,640 €."""
    product: Text = Shown(of.base, "money")
    if of.unit != "month":
        product = TIMES(product=product, factor=UNITS[of.unit](n=of.units))
    if of.rate != 1:
        product = TIMES(product=product, factor=_rate(of))
    if of.plus:
        product = N_("{product} + {plus:money}")(product=product, plus=of.plus)
    return N_("{product} = {amount:money}")(product=product, amount=of.amount)


def _rate(formula: Formula) -> Text:
    """Return a rate as the contract writes it: a percentage, one by the year, or a fraction."""
    if formula.year > 1:
        return N_("{percent} / {days}")(percent=percent(formula.rate), days=formula.year)
    return percent(formula.rate) if formula.unit == "month" else fraction(formula.rate)


def computation(line: Line) -> Text:
    """Return the computation of a line, and that of its high side where it is another."""
    low, high = line.claim.spared or (line.claim.low, line.claim.high)
    both = N_("{low}; with what is contested or open: {high}")
    sentence = formula(low) if low == high else both(low=formula(low), high=formula(high))
    if line.claim.spared is None:
        return sentence
    return SPARED[line.claim.left_out[0][0]](computation=sentence)


def fact(claim: Claim) -> Text:
    """Return what a claim is about: the delay and its days, the month and what was missed."""
    terms, month = claim.terms, Shown(claim.month, "month")
    if isinstance(terms, Delay):
        first = (claim.since or claim.on) + pd.Timedelta(days=1)
        sentence = STOPPED if claim.stopped else FACTS[Delay, claim.provisional]
        return sentence(first=first, last=claim.on)
    if isinstance(terms, LatePayment):
        return FACTS[LatePayment, claim.provisional](due=claim.since, paid=claim.on)
    if isinstance(terms, Points):
        free = terms.free and FREE(n=terms.free)
        return chained([month, *map(missed, claim.misses), free])
    return chained([month, _reached(claim)])


def hours(of: LostHours, terms: Tiers) -> Text:
    """Return the hours lost of those agreed, the outages that lost them, and what was excused."""
    lost = N_("{lost:seconds} lost of {agreed:seconds} agreed")(lost=of.lost, agreed=of.agreed)
    outage_words = N_("{outage} ({lost:seconds})")
    outages = [outage_words(outage=name, lost=seconds) for name, seconds in of.outages]
    return chained(
        [
            lost,
            outages and N_("outages: {ids:commas}")(ids=outages),
            of.excused > 0 and _excused(of, terms),
            of.excused_outages and N_("excused outages: {ids:commas}")(ids=of.excused_outages),
        ]
    )


def _excused(of: LostHours, terms: Tiers) -> Text:
    """Return the time that the contract excuses, and the share that is reached if it counts."""
    share = Fraction(of.agreed - of.lost - of.excused, of.agreed)
    bounds = [Fraction(tier.at_least) for tier in terms.tiers]
    return N_("excused: {excused:seconds} (were it counted: {share} reached)")(
        excused=of.excused, share=beside_bounds(share, bounds)
    )


def _reached(claim: Claim) -> Message:
    best, worst = claim.shares or (Fraction(1), Fraction(1))
    tiers = claim.terms.tiers if isinstance(claim.terms, Tiers) else ()
    low, high = (
        beside_bounds(share, [Fraction(t.at_least) for t in tiers]) for share in (worst, best)
    )
    if best == worst:
        return N_("{share} reached")(share=low)
    return N_("from {low} to {high} reached")(low=low, high=high)


def left_out(claim: Claim) -> Text:
    """Return the days, or what else was taken out, each with its reason."""
    reasons = LEFT_OUT if isinstance(claim.terms, Delay) else WHOLES_LEFT_OUT
    return chained(
        reasons[word].filled({"n": n, "where": claim.elsewhere}) for word, n in claim.left_out
    )


def counted(claim: Claim) -> Text:
    """Return the days that count by whose doing they were, and those that waited for another."""
    by_cause = [COUNTED_BY[cause](n=n) for cause, n in claim.counted]
    milestone, days = claim.waited
    waited = N_("of these, before milestone {id}, which it needs, was reached: {n}")
    return chained([*by_cause, days and waited(id=milestone, n=days)])


def status(line: Line) -> Message:
    """Return how far a line has gone; that nothing is due where nothing is."""
    if line.status == COMPUTED and not line.due:
        return N_("nothing due")
    if line.status == COMPUTED and line.claim.unassessed:
        return NOT_ASSESSED
    if line.status == COMPUTED and state_of(line) == DUE:
        return OWED_WITHOUT_NOTICE
    return status_of(line.decision) if line.decision else STATUSES[line.status]


def computed(lines: Sequence[Line]) -> Text:
    """Return what is computed of some lines, or the range of it."""
    return span(states.computed(lines, LOW), states.computed(lines, HIGH))


def why_lower(lines: Iterable[Line]) -> Text:
    """Return why some lines come to less where what is contested or open counts."""
    every = list(lines)
    low, high = (sums(every, side) for side in (LOW, HIGH))
    yielded = any(word == YIELDED for line in every for word, _ in line.claim.left_out)
    reasons = [CAP_USED_UP] * (high.capped > low.capped) + [COUNTED_ELSEWHERE] * yielded
    return chained(reasons or [CAP_USED_UP, COUNTED_ELSEWHERE])


def subject(claim: Claim, services: Mapping[str, Text | str]) -> Text:
    """Return the number and title of what a claim is about, or the name of its service."""
    if not claim.subject:
        return listed(getattr(claim.terms, "priorities", ())) or N_("all priorities")
    return dotted(services.get(claim.subject, claim.subject), claim.title)


def clause(name: str, terms: Limits) -> str:
    """Return the clause of a rule: as it names it, else its own number."""
    return terms.clause or name


def nets(line: Line | None) -> tuple[Decimal, Decimal]:
    """Return what is left of a line on both sides; nothing where there is none."""
    return (line.low.net, line.high.net) if line else (ZERO, ZERO)


def late_changes(rebaselines: pd.DataFrame) -> Text:
    """Return re-baselines approved late, with the change that each of them is, where one is."""
    named = N_(
        "{change}, approved on {approved_on}, which moves {milestone} from {moves} to {date}"
    )
    unnamed = N_("the re-baseline of {milestone} from {moves} to {date}, approved on {approved_on}")
    return chained(
        (unnamed if pd.isna(row.change_id) else named(change=row.change_id))(
            approved_on=row.approved_on,
            milestone=row.milestone_id,
            moves=row.moves,
            date=row.date,
        )
        for row in rebaselines.itertuples()
    )
