"""Penalties: what each side owes under the contract, proposed and decided (A7, D4, D5, D7)."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from reviewlib.amounts import total
from reviewlib.contract.penalties import LatePayment
from reviewlib.money import results
from reviewlib.money.penalties import tables, words
from reviewlib.money.penalties.claim import Gap
from reviewlib.money.penalties.metrics import HIGH, LOW, Decision, Line, differing, sums
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, How, Shown, Text, chained, dotted, join, listed, n_
from reviewlib.report.values import Interval, Kind, Section, Unit
from reviewlib.review import Review
from reviewlib.service.clauses import service_names

PROPOSED = N_(
    "What is computed here is proposed, and decides nothing: a party that owes may answer "
    "first, and the other may waive it. Each line says its fact, its clause and its "
    "computation, with the days that were taken out. Amounts are without taxes, rounded "
    "to the cent once for each line, a half up. Exemption and cap run over all facts of a "
    "clause, by date. Contested days and open tickets give two amounts, without and with "
    "them."
)
OWED = {
    "provider": N_("Proposed at the charge of the provider: {amount} ({lines})."),
    "client": N_("Proposed at the charge of the client: {amount} ({lines})."),
}
LINES = n_("{n} line", "{n} lines")
SUMS = {
    "gross": N_("{debtor}: due before exemption and cap"),
    "held": N_("{debtor}: not due for want of a formal notice"),
    "waived": N_("{debtor}: waived"),
    "exempted": N_("{debtor}: exempt"),
    "capped": N_("{debtor}: above the cap"),
    "net": N_("{debtor}: proposed"),
}
LESS = {
    "held": N_("{amount} not due for want of a formal notice"),
    "waived": N_("{amount} waived"),
    "exempted": N_("{amount} exempt"),
    "capped": N_("{amount} above the cap"),
}
DECIDED = {
    "imposed": N_("Imposed so far, paid or not"),
    "disputed": N_("Decided and disputed"),
    "paid": N_("Paid or set off so far"),
}
SIDES = N_("contested days and open tickets left out: {low:money}; counted: {high:money}")
USED_UP = N_("the cap is then used up by what came before")
TURN_OUT = N_("by what contested days and open tickets turn out to be")
OF_RULE = N_("{rule}, {title}: {lines}; proposed at the charge {debtor}: {amount}{less}.")
NOTIFY = N_("{rule}: notify or waive what nothing was notified of ({ids:commas}).")
PAY = N_("{rule}: pay what is due without a reminder, or say why it is not ({ids:commas}).")
APART = N_(
    "{id}: {decided:money} was decided on {date} for {about} under {rule:ref}; computed: {amount}."
)
UNFOUNDED = N_("{id}: the tables show nothing due for {about} under {rule:ref}; {decided}.")
UNKNOWN = N_("{id}: what is due for {about} under {rule:ref} can’t be told; {decided}.")
EXPLAIN = N_("{id}: say why the amount decided is not the one computed.")
PAY_BACK = N_("{id}: produce the fact that it rests on, or pay it back.")
WITHDRAW = N_("{id}: produce the fact that it rests on, or withdraw it.")
LEDGERS = {
    "provider": N_("The ledger: at the charge of the provider"),
    "client": N_("The ledger: at the charge of the client"),
}
BRIDGES = {
    "provider": N_("From the amounts due to what is proposed, at the charge of the provider"),
    "client": N_("From the amounts due to what is proposed, at the charge of the client"),
}
BRIDGE = TableForm(
    "bridge",
    EMPTY,
    (Col("label", N_("Step"), quoted=True), Col("amount", N_("Amount"), Unit.MONEY)),
    folded=False,
)


def penalties(review: Review) -> Section:
    """Return the chapter on penalties, credits, bonuses and late payments."""
    c = Chapter(review, "penalties", N_("Penalties, credits and late payments"))
    if not tables.newest_rules(review):
        return c.not_assessed(N_("the contract states none (terms.penalties in engagement.yml)"))
    c.intro(PROPOSED)
    contract, ledger, rows = review.contract, results.ledger(review), tables.ledger_lines(review)
    parties = {"provider": contract.provider.name, "client": contract.client.name}
    for debtor, name in parties.items():
        lines = ledger.owed_by(debtor)
        if lines:
            c.headline(OWED[debtor](amount=words.net(lines), lines=LINES(n=len(lines))))
            _sums_owed(c, debtor, name, lines)
            _bridge(c, debtor, lines)
            form, brief = tables.brief_ledger(rows[rows["debtor"] == debtor])
            c.table(form.but(name=f"ledger.{debtor}", caption=LEDGERS[debtor]), brief)
    if not ledger.lines:
        c.headline(tables.nothing_due(review))
    _decided(c)
    _not_applied(c)
    _of_rules(c)
    _apart(c)
    _unfounded(c)
    _tables(c)
    _caveats(c)
    return c.section()


# Figures


def _sums_owed(c: Chapter, debtor: str, name: str, lines: tuple[Line, ...]) -> None:
    """Add what a party owes before and after exemption and cap, and what is not decided yet."""
    low, high = sums(lines, LOW), sums(lines, HIGH)
    for part, label in SUMS.items():
        amounts = getattr(low, part), getattr(high, part)
        if part in ("gross", "net") or any(amounts):
            _amount(c, f"{debtor}.{part}", label(debtor=name), amounts, len(lines))
    pending = [line for line in lines if line.pending]
    label = N_("{debtor}: proposed, and not decided yet")(debtor=name)
    amounts = sums(pending, LOW).net, sums(pending, HIGH).net
    _amount(c, f"{debtor}.pending", label, amounts, len(pending))


def _amount(c: Chapter, name: str, label: Text, amounts: tuple[Decimal, Decimal], n: int) -> None:
    """Add an amount: a range and no point where contested days or open tickets leave one."""
    source = N_("the ledger below, line by line")
    low, high = amounts
    if low == high:
        c.amount(name, label, low, n=n, source=source)
        return
    interval = Interval(float(min(amounts)), float(max(amounts)), TURN_OUT)
    note = chained([SIDES(low=low, high=high), high < low and USED_UP])
    c.amount(name, label, None, n=n, interval=interval, source=source, note=note)


def _decided(c: Chapter) -> None:
    """Add what was decided so far, of each kind."""
    if c.review.table("penalties") is None:
        c.amount("decided", N_("Decided so far"), None, note=c.review.absent("penalties"))
        return
    every = results.ledger(c.review).decisions
    for name, label in DECIDED.items():
        taken = [d for d in every if name == (d.status if name == "paid" else d.decision)]
        amount, source = total(d.amount for d in taken), "penalties.csv: decision, amount, paid_on"
        c.amount(name, label, amount, n=len(taken), source=source)
    label, waived = N_("Waived, number of decisions"), [d for d in every if d.decision == "waived"]
    c.fact("waived", label, len(waived), source="penalties.csv: decision")


def _not_applied(c: Chapter) -> None:
    """Add each rule that could not be applied, to a subject or at all, and why."""
    newest = tables.newest_rules(c.review)
    for gap in results.ledger(c.review).gaps:
        about = [part for part in (gap.rule, gap.subject) if part]
        label = N_("{about}: {title}")(about=dotted(*about), title=newest[gap.rule].title)
        note = words.GAPS[gap.because]
        c.amount(".".join(("gap", *about)), label, None, clause=gap.rule, note=note)


# Findings


def _of_rules(c: Chapter) -> None:
    """Add what each rule comes to, and what was not notified of it."""
    groups: dict[tuple[str, bool], list[Line]] = {}
    for line in results.ledger(c.review).lines:
        groups.setdefault((line.claim.rule, line.claim.bonus), []).append(line)
    for (rule, bonus), lines in groups.items():
        terms = tables.newest_rules(c.review)[rule]
        clause = words.clause(rule, terms)
        owing = [line for line in lines if line.low.net or line.high.net]
        waiting = [_short(c.review, line) for line in owing if line.status == "computed"]
        ask = PAY if isinstance(terms, LatePayment) else NOTIFY
        c.find(
            Kind.CONCERN if owing and not bonus else Kind.NEUTRAL,
            f"{rule}.bonus" if bonus else rule,
            OF_RULE(
                rule=clause,
                title=terms.title,
                lines=LINES(n=len(lines)),
                debtor=words.DEBTORS[lines[0].claim.debtor],
                amount=words.net(lines),
                less=_less(lines),
            ),
            about=[f"{line.claim.subject} {line.claim.month}".strip() for line in lines],
            decision=ask(rule=clause, ids=waiting) if waiting else EMPTY,
            clause=clause,
        )


def _less(lines: list[Line]) -> Text:
    """Return what the exemption, the cap and the want of a notice take away, in words."""
    low, high = sums(lines, LOW), sums(lines, HIGH)
    sides = {name: sorted((getattr(low, name), getattr(high, name))) for name in LESS}
    parts = [LESS[name](amount=_from_to(*both)) for name, both in sides.items() if any(both)]
    return N_(" ({parts})")(parts=listed(parts)) if parts else EMPTY


def _from_to(least: Decimal, most: Decimal) -> Text:
    if least == most:
        return Shown(least, "money")
    return N_("{low:money} to {high:money}")(low=least, high=most)


def _short(review: Review, line: Line) -> Text:
    claim = line.claim
    subject = service_names(review.contract).get(claim.subject, claim.subject)
    return join(How.SPACES, (subject, claim.month and Shown(claim.month, "month")))


def _apart(c: Chapter) -> None:
    """Add each decision whose amount is not what the line proposes."""
    for decision, lines in results.ledger(c.review).answers:
        if not differing(decision, lines):
            continue
        clause = words.clause(lines[0].claim.rule, lines[0].claim.terms)
        c.neutral(
            f"decision.{decision.id}",
            APART(
                id=decision.id,
                decided=decision.amount,
                date=decision.decided_on,
                about=_short(c.review, lines[0]) if len(lines) == 1 else tables.WHOLE_CLAUSE,
                rule=clause,
                amount=words.net(lines),
            ),
            about=[decision.id],
            decision=EXPLAIN(id=decision.id),
            clause=clause,
        )


def _unfounded(c: Chapter) -> None:
    """Add each decision on something for which nothing is due as far as the tables tell."""
    ledger, newest = results.ledger(c.review), tables.newest_rules(c.review)
    for decision in ledger.unmatched:
        amount = N_("decided: {amount:money}")(amount=decision.amount)
        hidden = any(_hides(gap, decision) for gap in ledger.gaps)
        owed = decision.decision in ("imposed", "disputed") and bool(decision.amount) and not hidden
        undone = (PAY_BACK if decision.status == "paid" else WITHDRAW)(id=decision.id)
        c.find(
            Kind.CONCERN if owed else Kind.NEUTRAL,
            f"decision.{decision.id}",
            (UNKNOWN if hidden else UNFOUNDED)(
                id=decision.id,
                about=join(How.SPACES, (decision.subject, decision.month)) or tables.WHOLE_CLAUSE,
                rule=words.clause(decision.rule, newest[decision.rule]),
                decided=words.STATUSES[decision.status] if decision.amount is None else amount,
            ),
            about=[decision.id],
            decision=undone if owed else EMPTY,
            clause=decision.rule,
        )


def _hides(gap: Gap, decision: Decision) -> bool:
    """Whether a gap keeps what is due for a decision from being told.

    That the tables do not have the subject of a decision is what it is blamed for.
    """
    own = gap.rule == decision.rule and gap.subject in ("", decision.subject)
    return own and gap.because != "no_subject"


# Tables, charts and caveats


def _tables(c: Chapter) -> None:
    rows = tables.ledger_lines(c.review)
    split = rows[rows["counted"].notna() | rows["reasons"].notna()]
    if len(split):
        c.table(tables.TAKEN_OUT, split)
    if c.review.table("penalties") is not None:
        c.table(tables.DECISIONS, tables.decisions(c.review))
    c.table(tables.RULES, tables.rules(c.review))


def _bridge(c: Chapter, debtor: str, lines: tuple[Line, ...]) -> None:
    """Add how what is due from a party becomes what is proposed; no bar beside itself."""
    whole = sums(lines, LOW)
    if len({line.claim.rule for line in lines}) < 2 and whole.gross == whole.net:
        return
    description = N_(
        "Due: {gross:money}; held back, waived, exempt or above the cap: {less:money}; proposed: "
        "{net:money}, contested days and open tickets left out."
    )(gross=whole.gross, less=whole.gross - whole.net, net=whole.net)
    form = BRIDGE.but(name=f"bridge.{debtor}", caption=BRIDGES[debtor])
    c.figure("bridge", form, _steps(c.review, lines), description)


def _steps(review: Review, lines: tuple[Line, ...]) -> pd.DataFrame:
    """Return the steps of the chart: the sum of each rule, what is taken off, what is proposed."""
    newest, whole = tables.newest_rules(review), sums(lines, LOW)
    steps: list[tuple[Text, Decimal, str]] = []
    for rule in dict.fromkeys(line.claim.rule for line in lines):
        due = sums([line for line in lines if line.claim.rule == rule], LOW).gross
        steps.append((dotted(rule, newest[rule].title), due, "step"))
    steps.append((N_("Amount due"), whole.gross, "total"))
    taken_off = [(label, -getattr(whole, name), "step") for name, label in tables.TAKEN_OFF.items()]
    steps += [step for step in taken_off if step[1]]
    steps.append((N_("Proposed"), whole.net, "total"))
    frame = pd.DataFrame(steps, columns=["label", "amount", "kind"])
    return frame.assign(amount=frame["amount"].astype("float64"))


def _caveats(c: Chapter) -> None:
    packs = N_(
        "Default rules, read in dated copies of {sources:all}, stand in for what the contract "
        "leaves out: compare them with its own text. They are no legal advice."
    )
    terms = (rule for of in c.review.contract.versions for rule in of.penalties.values())
    sources = [*dict.fromkeys(rule.source for rule in terms if rule.source)]
    c.caveat("packs", packs(sources=sources), when=bool(sources))
    lines = results.ledger(c.review).lines
    running = [_short(c.review, line) for line in lines if line.claim.provisional]
    more = N_("Not final, more may follow after {date}: {ids:commas}.")
    c.caveat("running", more(date=c.review.today, ids=running), when=bool(running))
    late = any(isinstance(line.claim.terms, LatePayment) for line in lines)
    base = N_("Interest runs on the amount of the invoice without taxes, less what is retained.")
    c.caveat("interest", base, when=late)
