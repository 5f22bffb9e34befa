"""Penalties: what each side owes under the contract, proposed and decided (A7, D4, D5, D7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from reviewlib.amounts import total
from reviewlib.contract.parties import OTHER
from reviewlib.contract.penalties import LatePayment
from reviewlib.money import results
from reviewlib.money.penalties import (
    causes,
    front,
    nothing_due,
    pauses,
    reading_words,
    state_words,
    tables,
    words,
)
from reviewlib.money.penalties.decided import COMPUTED, PAID, WAIVED
from reviewlib.money.penalties.decisions import of_decisions, short
from reviewlib.money.penalties.defaults import DEFAULTS, POLICIES
from reviewlib.money.penalties.legal_words import legal_minimum
from reviewlib.money.penalties.metrics import HIGH, LOW, Line, resting, sums
from reviewlib.money.penalties.running import not_final
from reviewlib.money.penalties.standing import amounts_if_they_stand, note_if_they_stand
from reviewlib.money.penalties.states import (
    DECIDED,
    DISPUTED,
    DUE,
    IMPOSED,
    OPEN,
    UNDECIDED,
    StateTotal,
    of_debtor,
    over_contract,
    without_room,
)
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Shown, Text, chained, dotted, sentences
from reviewlib.report.values import Interval, Kind, Section, Side, Unit
from reviewlib.review import Review

PROPOSED = N_(
    "What is computed here is proposed, and decides nothing: a party that owes may answer "
    "first, and the other may waive it. A claim is computed, notified, decided, disputed or paid: "
    "amounts in different states are not added up. Each line says its fact, its clause and its "
    "computation, with the days that were taken out. Amounts are without taxes, rounded "
    "to the cent once for each line, a half up. Exemption and cap run over all facts of a "
    "clause, by date."
)
SUMS = {
    "gross": N_("{debtor}: computed, before exemption and cap, whatever was decided"),
    "held": N_("{debtor}: not due for want of a formal notice"),
    "exempted": N_("{debtor}: exempt"),
    "capped": N_("{debtor}: above the cap"),
}
IN_STATE = {
    PAID: N_("{debtor}: paid or set off"),
    IMPOSED: N_("{debtor}: decided, not paid"),
    DISPUTED: N_("{debtor}: decided and disputed"),
    UNDECIDED: N_("{debtor}: computed, and not decided"),
    DUE: N_("{debtor}: interest due without a reminder, no payment recorded"),
    WAIVED: N_("{debtor}: waived"),
}
LESS = {
    "held": N_("not due for want of a formal notice: {amount}"),
    "exempted": N_("exempt: {amount}"),
    "capped": N_("above the cap: {amount}"),
}
IN_PLACE = N_("less what {ids:all} would come to under the shared cap if those days did not count")
OF_CAP = N_("{rules:all}: computed so far, of a cap of {cap:money} over the contract")
OF_RULE = N_("{rule}, {title}, chargeable {debtor}: {states}.")
NO_ROOM = N_("As long as the decisions on {rule:ref} stand, its cap leaves nothing to {ids:all}.")
NOTIFY = N_("{rule}: notify or waive the penalties not yet notified ({ids:commas}).")
PAY = {
    "client": N_(
        "{rule}: the client is invited to pay what is due without a reminder, or to say why it is "
        "not due ({ids:commas})."
    ),
    "provider": N_(
        "{rule}: the provider is invited to pay what is due without a reminder, or to say why it "
        "is not due ({ids:commas})."
    ),
}
LEDGERS = {
    "provider": N_("The statement: chargeable to the provider"),
    "client": N_("The statement: chargeable to the client"),
}
BRIDGES = {
    "provider": N_("From what is computed to what is not decided, chargeable to the provider"),
    "client": N_("From what is computed to what is not decided, chargeable to the client"),
}
SETTLED = {
    PAID: N_("Computed of what is paid"),
    IMPOSED: N_("Computed of what is decided and not paid"),
    DISPUTED: N_("Computed of what is decided and disputed"),
}
BRIDGE = TableForm(
    "bridge",
    EMPTY,
    (Col("label", N_("Step"), quoted=True), Col("amount", N_("Amount"), Unit.MONEY)),
)


def penalties(review: Review) -> Section:
    """Return the chapter on penalties, credits, bonuses and late payments."""
    c = Chapter(review, "penalties", N_("Penalties, credits and late payments"))
    rules = tables.newest_rules(review)
    if not rules:
        return c.not_assessed(N_("the contract states none (terms.penalties in engagement.yml)"))
    contract, ledger = review.contract, results.ledger(review)
    c.intro(PROPOSED)
    c.intro(pauses.TWO_AMOUNTS[pauses.unknown(ledger.lines)])
    groups, owed = front.rules(c), dict[str, tuple[StateTotal, ...]]()
    for debtor, name in (("provider", contract.provider.name), ("client", contract.client.name)):
        totals = owed[debtor] = of_debtor(ledger, debtor, rules)
        front.owed(c, debtor, totals, [rule for rule, _ in groups if rule.debtor == debtor])
        if totals or ledger.owed_by(debtor):
            _sums_owed(c, debtor, name, totals)
        if ledger.owed_by(debtor):
            _ledger(c, debtor, totals)
    front.states(c, owed)
    if not ledger.lines:
        c.headline(tables.nothing_due(review))
    if review.table("penalties") is None:
        c.amount("decided", N_("Decided so far"), None, note=review.absent("penalties"))
    _of_caps(c)
    _not_applied(c)
    _of_rules(c, groups)
    of_decisions(c)
    legal_minimum(c)
    reading_words.findings(c)
    _tables(c)
    _caveats(c)
    return c.section()


def _ledger(c: Chapter, debtor: str, totals: tuple[StateTotal, ...]) -> None:
    """Add the chart and the lines of what a party owes."""
    _bridge(c, debtor, totals)
    rows = tables.ledger_lines(c.review)
    form, brief = tables.brief_ledger(rows[rows["debtor"] == debtor])
    lines = results.ledger(c.review).owed_by(debtor)
    note = sentences(form.note, causes.note(lines), *nothing_due.notes(c.review, debtor))
    c.table(form.but(name=f"ledger.{debtor}", caption=LEDGERS[debtor], note=note), brief)


# Figures


def _sums_owed(c: Chapter, debtor: str, name: str, totals: tuple[StateTotal, ...]) -> None:
    """Add what a party owes before exemption and cap, what these take away, and each state."""
    lines = results.ledger(c.review).owed_by(debtor)
    low, high = sums(lines, LOW), sums(lines, HIGH)
    for part, label in SUMS.items():
        amounts = getattr(low, part), getattr(high, part)
        if part == "gross" or any(amounts):
            sides = _sides(*amounts, lines)
            key = part != "gross"
            _amount(c, f"{debtor}.{part}", label(debtor=name), sides, n=len(lines), key=key)
    by_cause = causes.by_class(lines)
    for cause, both in by_cause.items():
        resting_on = [line for line in lines if cause in line.claim.without]
        _amount(
            c,
            f"{debtor}.{cause}",
            causes.LABELS[cause](debtor=name),
            _sides(*both, resting_on),
            n=len(resting_on),
            note=_why(c, lines, cause),
            key=cause == [*by_cause][-1],
        )
    undecided = next((one for one in totals if one.state in OPEN), None)
    for one in totals:
        label = IN_STATE[one.state](debtor=name)
        if one.state in DECIDED:
            source = "penalties.csv: decision, amount, paid_on"
            fact = f"{debtor}.{one.state}"
            c.amount(fact, label, one.decided, n=one.n, source=source, note=state_words.beside(one))
        else:
            notes = (
                one.high < one.low and words.why_lower(one.lines),
                one is undecided and note_if_they_stand(c.review, debtor),
            )
            sides = _sides(one.low, one.high, one.lines)
            _amount(c, f"{debtor}.{one.state}", label, sides, n=one.n, note=chained(notes))


def _of_caps(c: Chapter) -> None:
    """Add what is computed so far under each cap that runs over the whole contract."""
    for lines, cap in over_contract(c.review.contract, results.ledger(c.review)):
        claims = [line.claim for line in lines]
        clauses = list(dict.fromkeys(words.clause(one.rule, one.terms) for one in claims))
        label = OF_CAP(rules=clauses, cap=cap)
        sides = _sides(sums(lines, LOW).net, sums(lines, HIGH).net, lines)
        _amount(
            c, f"of_cap.{claims[0].terms.pool_under(claims[0].rule)}", label, sides, n=len(lines)
        )


class Sides(NamedTuple):
    """An amount on both sides, and whether pauses that are unknown make a difference to it."""

    low: Decimal
    high: Decimal
    paused: bool


def _sides(low: Decimal, high: Decimal, lines: Iterable[Line]) -> Sides:
    return Sides(low, high, pauses.unknown(lines))


def _why(c: Chapter, lines: tuple[Line, ...], cause: str) -> Text:
    """Return why what rests on days of a class is not the sum of what the lines with them lose."""
    displaced = _ids(c, causes.displaced(lines, cause))
    low, high = resting(lines, cause)
    if displaced:
        return IN_PLACE(ids=displaced)
    return words.why_lower(lines) if high < low else EMPTY


def _amount(c: Chapter, name: str, label: Text, sides: Sides, **about: Any) -> None:
    """Add an amount: a range and no point where what is contested or open leaves one.

    ``about``: its n, and a note where one is needed.
    """
    source = N_("the statement below, line by line")
    low, high, paused = sides
    if low == high:
        c.amount(name, label, low, source=source, **about)
        return
    interval = Interval(float(min(low, high)), float(max(low, high)), pauses.TURN_OUT[paused])
    note = chained(
        [
            pauses.SIDES[paused](low=Shown(low, "money"), high=Shown(high, "money")),
            about.get("note", EMPTY),
        ]
    )
    c.amount(name, label, None, interval=interval, source=source, **(about | {"note": note}))


def _not_applied(c: Chapter) -> None:
    """Add each rule that could not be applied, to a subject or at all, and why."""
    newest = tables.newest_rules(c.review)
    for gap in results.ledger(c.review).gaps:
        about = [part for part in (gap.rule, gap.subject) if part]
        label = N_("{about}: {title}")(about=dotted(*about), title=newest[gap.rule].title)
        note = words.GAPS[gap.because]
        c.amount(".".join(("gap", *about)), label, None, clause=gap.rule, note=note)


# Findings


def _of_rules(c: Chapter, groups: list[front.Group]) -> None:
    """Add what each rule comes to by state, and what was not notified of it."""
    ledger = results.ledger(c.review)
    capped = without_room(c.review.contract, ledger, tables.newest_rules(c.review))
    debtors = [rule.debtor for rule, _ in groups]
    for rule, lines in groups:
        _of_rule(c, rule, lines, (capped, debtors.count(rule.debtor) == 1))


def _of_rule(
    c: Chapter, rule: front.OfRule, lines: list[Line], among: tuple[tuple[Line, ...], bool]
) -> None:
    """Add what the lines of a rule come to, or those of its bonus.

    ``among``: the lines without room under a cap; whether its party owes under no other rule.
    """
    (capped, alone), claim, bonus = among, lines[0].claim, lines[0].claim.bonus
    terms = tables.newest_rules(c.review)[claim.rule]
    owing = [line for line in lines if line.low.net or line.high.net]
    unassessed = pauses.unassessed(owing)
    assessed = [line for line in owing if line not in unassessed]
    clause, no_room = rule.clause, [line for line in owing if line in capped]
    left = amounts_if_they_stand(c.review, claim.debtor) if alone else None
    states = chained([state_words.by_state(rule.totals, left), *_less(lines)])
    sentence = OF_RULE(
        rule=clause,
        title=rule.title,
        debtor=words.DEBTORS[claim.debtor],
        states=states or N_("nothing due"),
    )
    interest = isinstance(terms, LatePayment)
    waiting = [
        line
        for line in assessed
        if line not in capped and (line.pending if interest else line.status == COMPUTED)
    ]
    ask = PAY[claim.debtor] if interest else NOTIFY
    c.find(
        Kind.CONCERN if assessed and not bonus else Kind.NEUTRAL,
        rule.name,
        sentences(
            sentence,
            alone and causes.of_debtor(lines, claim.debtor),
            no_room and NO_ROOM(rule=clause, ids=_ids(c, no_room)),
            pauses.not_assessed(unassessed, _ids(c, unassessed)),
        ),
        about=[f"{line.claim.subject} {line.claim.month}".strip() for line in lines],
        decision=ask(rule=clause, ids=_ids(c, waiting)) if waiting else EMPTY,
        decider=Side(claim.debtor if interest else OTHER[claim.debtor]),
        clause=clause,
        brief=front.of_rule(c, rule, alone),
    )


def _ids(c: Chapter, lines: Iterable[Line]) -> list[Text]:
    return [short(c.review, line) for line in lines]


def _less(lines: list[Line]) -> Iterator[Text]:
    """Yield what the exemption, the cap and the want of a notice take away, in words."""
    low, high = sums(lines, LOW), sums(lines, HIGH)
    for name, label in LESS.items():
        both = getattr(low, name), getattr(high, name)
        if any(both):
            yield label(amount=state_words.span(*both))


# Tables, charts and caveats


def _tables(c: Chapter) -> None:
    rows = tables.ledger_lines(c.review)
    split = rows[rows["counted"].notna() | rows["reasons"].notna()]
    if len(split):
        c.table(tables.TAKEN_OUT, split)
    if c.review.table("penalties") is not None:
        c.table(tables.DECISIONS, tables.decisions(c.review))
    c.table(tables.RULES, tables.rules(c.review))
    readings = reading_words.table(c.review)
    if len(readings):
        c.table(reading_words.TABLE, readings)
    c.table(DEFAULTS, POLICIES)


def _bridge(c: Chapter, debtor: str, totals: tuple[StateTotal, ...]) -> None:
    """Add how what is computed becomes what is not decided; no bar beside itself."""
    lines = results.ledger(c.review).owed_by(debtor)
    whole, left = sums(lines, LOW), total(one.low for one in totals if one.state in OPEN)
    if len({line.claim.rule for line in lines}) < 2 and whole.gross == left:
        return
    description = N_(
        "Computed: {gross:money}; held back, waived, exempt or above the cap: {less:money}; "
        "computed of what was decided: {decided:money}; not decided: {left:money}, what is "
        "contested or open left out."
    )(gross=whole.gross, less=whole.gross - whole.net, decided=whole.net - left, left=left)
    form = BRIDGE.but(name=f"bridge.{debtor}", caption=BRIDGES[debtor])
    c.figure("bridge", form, _steps(c.review, lines, totals), description)


def _steps(review: Review, lines: tuple[Line, ...], totals: tuple[StateTotal, ...]) -> pd.DataFrame:
    """Return the steps of the chart: each rule, what is taken off, what is decided, what is not."""
    newest, whole = tables.newest_rules(review), sums(lines, LOW)
    steps: list[tuple[Text, Decimal, str]] = []
    for rule in dict.fromkeys(line.claim.rule for line in lines):
        due = sums([line for line in lines if line.claim.rule == rule], LOW).gross
        steps.append((dotted(rule, newest[rule].title), due, "part"))
    steps.append((N_("Computed"), whole.gross, "total"))
    steps += [(label, -getattr(whole, name), "part") for name, label in tables.TAKEN_OFF.items()]
    steps += [(SETTLED[o.state], -o.low, "part") for o in totals if o.state in SETTLED]
    left = total(one.low for one in totals if one.state in OPEN)
    steps = [step for step in steps if step[1] or step[2] == "total"]
    steps.append((N_("Not decided"), left, "total"))
    frame = pd.DataFrame(steps, columns=["label", "amount", "kind"])
    return frame.assign(amount=frame["amount"].astype("float64"))


def _caveats(c: Chapter) -> None:
    packs = N_(
        "Where the contract is silent, default rules apply, from dated copies of "
        "{sources:all}. Compare them with its own text; they are no legal advice."
    )
    terms = (rule for of in c.review.contract.versions for rule in of.penalties.values())
    sources = [*dict.fromkeys(rule.source for rule in terms if rule.source)]
    c.caveat("packs", packs(sources=sources), when=bool(sources))
    lines = results.ledger(c.review).lines
    running = not_final(c.review, lines)
    c.caveat("running", running, when=bool(running))
    priorities = reading_words.unjudged_priorities(c.review)
    c.caveat("priorities", priorities, when=bool(priorities))
    late = any(isinstance(line.claim.terms, LatePayment) for line in lines)
    base = N_("Interest runs on the amount of the invoice without taxes, less what is retained.")
    c.caveat("interest", base, when=late)
