"""What the first page has of the penalties: for both parties alike, by the state of each claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from reviewlib.contract.parties import OTHER
from reviewlib.money import results
from reviewlib.money.penalties import causes, pauses, reading_words, state_words, words
from reviewlib.money.penalties.decided import PAID, WAIVED
from reviewlib.money.penalties.metrics import Line
from reviewlib.money.penalties.standing import amounts_if_they_stand
from reviewlib.money.penalties.states import (
    DECIDED,
    DISPUTED,
    DUE,
    IMPOSED,
    UNDECIDED,
    StateTotal,
    by_state,
)
from reviewlib.money.penalties.tables import newest_rules
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import BY_DEFAULT, in_short
from reviewlib.report.text import EMPTY, N_, Shown, Text, chained, sentences
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit

Totals = Sequence[StateTotal]
URGENT = (UNDECIDED, DUE, DISPUTED, IMPOSED, PAID)
"""The states of what is owed, that which is most open first."""
IN_ALL = {
    "provider": N_("Chargeable to the provider: {states}."),
    "client": N_("Chargeable to the client: {states}."),
}
HEADLINES = {
    "provider": N_("Chargeable to the provider, {state}: {amount}."),
    "client": N_("Chargeable to the client, {state}: {amount}."),
}
CLAUSES = {
    UNDECIDED: N_("penalties of {amount} are not decided"),
    DUE: N_("late-payment interest of {amount} is due"),
    DISPUTED: N_("penalties of {amount} are disputed"),
    IMPOSED: N_("penalties of {amount} are decided and not paid"),
    PAID: N_("penalties of {amount} were paid"),
}
CARD = {"provider": N_("Provider: {states:commas}"), "client": N_("client: {states:commas}")}
ON_CARD = {
    UNDECIDED: N_("{amount} not decided"),
    DUE: N_("{amount} due"),
    DISPUTED: N_("{amount} disputed"),
    IMPOSED: N_("{amount} to be paid"),
    PAID: N_("{amount} paid"),
}
OWED = {
    DUE: N_("late-payment interest and indemnity"),
    DISPUTED: N_("penalties decided, and disputed"),
    IMPOSED: N_("penalties decided, not paid"),
}
TO_DECIDE = {
    "provider": N_("penalties of the provider: notify, decide or waive"),
    "client": N_("penalties of the client: notify, decide or waive"),
}
"""What of a party’s penalties is not decided, for the other one to move."""
STAKES = {
    **OWED,
    UNDECIDED: N_("penalties computed, not decided"),
    DISPUTED: N_("decided and disputed"),
}
TOTAL = {
    "provider": N_(
        "Penalties chargeable to the provider are not decided; the largest part is {named}."
    ),
    "client": N_(
        "Penalties chargeable to the client are not decided; the largest part is {named}."
    ),
}
CLAUSE_BY_CLAUSE = N_(
    "The range of what is not decided takes all that is contested or open alike, left out or "
    "counted; clause by clause, it is {low:money} to {high:money}."
)
OF_RULE = {
    UNDECIDED: N_("What is computed for {named} is not decided."),
    DUE: N_("For {named}, interest is due without a reminder; no payment of it is recorded."),
    DISPUTED: N_("The penalty decided for {named} is disputed; computed: {computed}."),
    IMPOSED: N_("The penalty decided for {named} is not paid; computed: {computed}."),
}
ABOVE = {
    DISPUTED: N_(
        "The penalty decided for {named} is disputed, and above what is computed: {computed}."
    ),
    IMPOSED: N_(
        "The penalty decided for {named} is not paid, and above what is computed: {computed}."
    ),
}
"""Where all that was decided is more than the most that is computed."""
RESTING = {
    False: N_(
        "Penalty for {named}: computed {computed}, up to {resting:money} for days attributed to "
        "neither party."
    ),
    True: N_(
        "Penalty for {named}: above the computed {computed}, up to {resting:money} for days of "
        "neither party."
    ),
}
"""Of one decision (above all that is computed, or not) that rests in part on such days."""
BY_STATE = TableForm(
    "states",
    N_("Penalties and late payments by party and state"),
    (
        Col("party", N_("Chargeable to")),
        Col("label", N_("State")),
        Col("low", N_("Amount"), Unit.MONEY),
        Col("high", N_("At most"), Unit.MONEY),
    ),
    lead=True,
)
PARTIES = {"provider": N_("The provider"), "client": N_("The client")}
KINDS = {PAID: "settled", WAIVED: "settled", IMPOSED: "decided", DISPUTED: "decided"}


class OfRule(NamedTuple):
    """What a rule comes to: the name of its finding, its clause and title, whose debt, by state."""

    name: str
    clause: str
    title: Text | str
    debtor: str
    totals: Totals


Group = tuple[OfRule, list[Line]]
"""A rule, or its bonus, with its lines."""


def rules(c: Chapter) -> list[Group]:
    """Return the rules that have lines, in the order of the ledger."""
    groups: dict[tuple[str, bool], list[Line]] = {}
    for line in results.ledger(c.review).lines:
        groups.setdefault((line.claim.rule, line.claim.bonus), []).append(line)
    return [(_rule(c, lines), lines) for lines in groups.values()]


def _rule(c: Chapter, lines: list[Line]) -> OfRule:
    claim, unmatched = lines[0].claim, results.ledger(c.review).unmatched
    terms = newest_rules(c.review)[claim.rule]
    apart = [one for one in unmatched if one.rule == claim.rule and not claim.bonus]
    name = f"{claim.rule}.bonus" if claim.bonus else claim.rule
    clause, totals = words.clause(claim.rule, terms), by_state(lines, apart)
    return OfRule(name, clause, terms.title, claim.debtor, totals)


def owed(c: Chapter, debtor: str, totals: Totals, rules: Sequence[OfRule]) -> None:
    """Add all that a party owes, by state, to the headline, the first page and the findings.

    ``rules``: those that make it up; of one alone, its own finding says it.
    """
    outstanding = [one for one in totals if one.state != WAIVED]
    if outstanding:
        c.headline(headline(debtor, outstanding))
        clauses(c, outstanding)
    sentence = in_all(c, debtor, outstanding)
    if sentence and len(rules) != 1:
        c.neutral(f"owed.{debtor}", sentence, brief=of_debtor(c, debtor, totals, rules))


def in_all(c: Chapter, debtor: str, outstanding: Totals) -> Text:
    """Return all that a party owes by state, and what of it rests on whose days; "" of nothing."""
    left = amounts_if_they_stand(c.review, debtor)
    amounts = state_words.by_state(outstanding, left) if outstanding else EMPTY
    own = results.ledger(c.review).owed_by(debtor)
    return sentences(
        IN_ALL[debtor](states=amounts) if outstanding else EMPTY,
        pauses.of_debtor(own, debtor),
        causes.of_debtor(own, debtor),
        *(_by_clause(one) for one in outstanding if one.state == UNDECIDED),
    )


def _by_clause(one: StateTotal) -> Text:
    """Return from what to what an amount goes where its clauses turn out apart; "" if no further.

    What counts where it is contested or open may use up a cap that then leaves less: so its two
    outcomes need not be the extremes.
    """
    low, high = one.by_clause
    if (low, high) == (min(one.low, one.high), max(one.low, one.high)):
        return EMPTY
    return CLAUSE_BY_CLAUSE(low=low, high=high)


def headline(debtor: str, outstanding: Totals) -> Text:
    """Return what a party owes in the state that is most open."""
    one = _first(outstanding)
    return HEADLINES[debtor](state=state_words.STATES[one.state], amount=_amount(one))


def clauses(c: Chapter, outstanding: Totals) -> None:
    """Add what is open of what a party owes to the sentence that opens the review."""
    disputed = [one for one in outstanding if one.state == DISPUTED]
    one = disputed[0] if disputed else _first(outstanding)
    rank = {UNDECIDED: 1, DISPUTED: 1, IMPOSED: 2, DUE: 2}.get(one.state, 4)
    c.clause(Kind.CONCERN, CLAUSES[one.state](amount=_amount(one)), rank)


def of_debtor(c: Chapter, debtor: str, totals: Totals, rules: Sequence[OfRule]) -> Brief | None:
    """Return what the first page says of all that is not decided of a party; None of none.

    ``rules``: what makes it up, of which the largest is named.
    """
    undecided = next((one for one in totals if one.state == UNDECIDED), None)
    parts = [(one, rule) for rule in rules for one in rule.totals if one.state == UNDECIDED]
    if undecided is None or not parts:
        return None
    _, rule = max(parts, key=lambda part: max(part[0].low, part[0].high))
    named = in_short(rule.clause, rule.title)
    text = TOTAL[debtor](named=named)
    by_default = any(_is_default(c, one) for _, one in parts)
    return _brief(text, undecided, f"penalties.{debtor}", debtor, by_default)


def of_rule(c: Chapter, rule: OfRule, alone: bool) -> Brief | None:
    """Return what the first page says of a rule: what is disputed, due or not paid.

    ``alone``: whether all that its party owes is under it; then what is not decided too.
    """
    order = [DISPUTED, DUE, IMPOSED, *([UNDECIDED] if alone else [])]
    of = {one.state: one for one in rule.totals}
    one = next((of[state] for state in order if state in of), None)
    if one is None:
        return None
    named = in_short(rule.clause, rule.title)
    decided = [line for line in one.lines if line.decision]
    if one.state in DECIDED and len(decided) == 1 and decided[0].claim.title:
        named = in_short(decided[0].claim.subject, decided[0].claim.title)
    above = one.decided is not None and one.decided > max(one.low, one.high)
    sentences_of = ABOVE if above and one.state in ABOVE else OF_RULE
    computed: Text = state_words.span(one.low, one.high)
    if _is_default(c, rule):
        computed = BY_DEFAULT(policy=computed)
    about = {"named": named, "computed": computed, "resting": causes.of_neither(decided)}
    resting = len(decided) == 1 and about["resting"]
    sentence = RESTING[above] if resting else sentences_of[one.state]
    text = sentence.filled(about)
    return _brief(text, one, rule.clause, rule.debtor, _is_default(c, rule))


def states(c: Chapter, owed: Mapping[str, Totals]) -> None:
    """Add the amounts of both parties by state, as the chapter and the first page open with."""
    rows = [
        (PARTIES[debtor], Shown(state_words.STATES[one.state], "capital"), *_sides(one),
         KINDS.get(one.state, "open"))
        for debtor, totals in owed.items()
        for one in totals
    ]  # fmt: skip
    if not rows:
        return
    columns = ["party", "label", "low", "high", "kind"]
    frame = pd.DataFrame(rows, columns=columns).astype({"low": "float64", "high": "float64"})
    frame[["party", "label"]] = frame[["party", "label"]].astype("object")
    measure = N_("amount")
    parts = {debtor: [one for one in owed[debtor] if one.state != WAIVED] for debtor in owed}
    description = sentences(*(in_all(c, debtor, parts[debtor]) for debtor in parts))
    c.figure("amounts_by_state", BY_STATE, frame, description, measure=measure, card=_card(owed))


def _card(owed: Mapping[str, Totals]) -> Text:
    """Return the message of the card: of each party the two states that are most open, or one."""
    ranked = {
        debtor: sorted(
            (one for one in totals if one.state in URGENT), key=lambda one: URGENT.index(one.state)
        )
        for debtor, totals in owed.items()
    }
    most = 1 if all(len(totals) > 1 for totals in ranked.values()) else 2
    return chained(
        CARD[debtor](states=[ON_CARD[one.state](amount=_amount(one)) for one in totals[:most]])
        for debtor, totals in ranked.items()
        if totals
    )


def _first(outstanding: Totals) -> StateTotal:
    return min(outstanding, key=lambda one: URGENT.index(one.state))


def _sides(one: StateTotal) -> tuple[float, float]:
    if one.state in DECIDED and one.decided is not None:
        return float(one.decided), float(one.decided)
    return float(min(one.low, one.high)), float(max(one.low, one.high))


def _amount(one: StateTotal) -> Text:
    """Return what was decided; of what was not, what is computed, or from which to which amount."""
    if one.state in DECIDED:
        return state_words.of_state(one) if one.decided is None else Shown(one.decided, "money")
    return state_words.span(one.low, one.high)


def _is_default(c: Chapter, rule: OfRule) -> bool:
    """Whether a default of the product moves what is computed under a rule."""
    return rule.name.removesuffix(".bonus") in reading_words.on_defaults(c.review)


def _brief(text: Text, one: StateTotal, topic: str, debtor: str, by_default: bool) -> Brief:
    low, high = _sides(one)
    words = STAKES[one.state]
    if by_default and one.state == UNDECIDED:
        words = BY_DEFAULT(policy=words)
    stake = AtStake(low, Unit.MONEY, words, high=high if high > low else None)
    if one.state == UNDECIDED:
        mover = Side(OTHER[debtor])
        return Brief(text, stake, topic, Side(debtor), TO_DECIDE[debtor], mover=mover)
    contested = one.state == DISPUTED
    return Brief(text, stake, topic, Side(debtor), OWED[one.state], contested)
