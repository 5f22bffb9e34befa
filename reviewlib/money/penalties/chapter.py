"""Penalties: what each side owes under the contract, proposed and decided (A7, D4, D5, D7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from reviewlib.amounts import total
from reviewlib.charts import forms as charts
from reviewlib.contract.penalties import LatePayment, Limits
from reviewlib.money import results
from reviewlib.money.penalties.claim import Gap
from reviewlib.money.penalties.metrics import (
    HIGH,
    LOW,
    Decision,
    Ledger,
    Line,
    Settled,
    differing,
    sums,
)
from reviewlib.money.penalties.tables import (
    decisions_table,
    ledger_table,
    left_out_table,
    newest,
    nothing_due,
    rules_table,
    service_names,
)
from reviewlib.money.penalties.words import DEBTORS, GAPS, STATUSES, clause_words, range_words
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Interval,
    Kind,
    Section,
    Table,
    Unit,
    rows,
)
from reviewlib.review import Review

SLUG = "penalties"
OWED = ("provider", "client")


@dataclass(frozen=True, slots=True)
class _Seen:
    """The review and its ledger."""

    review: Review
    ledger: Ledger

    def newest(self, rule: str) -> Limits:
        """Return the latest wording of a rule."""
        return newest(self.review, rule)


def penalties(review: Review) -> Section:
    """Return the chapter on penalties, credits, bonuses and late payments."""
    _ = review.wording.gettext
    title = _("Penalties, credits and late payments")
    if not any(terms.penalties for terms in review.contract.versions):
        because = _("the contract states none (terms.penalties in engagement.yml).")
        return review.not_assessed(SLUG, title, because)
    seen = _Seen(review, results.ledger(review))
    return review.section(
        SLUG,
        title,
        headline=_headline(seen),
        intro=_(
            "What is computed here is proposed, and decides nothing: a party that owes may answer "
            "first, and the other may waive it. Each line says its fact, its clause and its "
            "computation, with the days that were taken out. Amounts are without taxes, rounded "
            "to the cent once for each line, a half up. Exemption and cap run over all facts of a "
            "clause, by date. Contested days and open tickets give two amounts, without and with "
            "them."
        ),
        facts=(*_sums_owed(seen), *_decided(seen), *_not_applied(seen)),
        findings=tuple(_findings(seen)),
        tables=tuple(_tables(seen)),
        figures=tuple(_figures(seen)),
        caveats=tuple(_caveats(seen)),
    )


def _headline(seen: _Seen) -> str:
    _, w = seen.review.wording.gettext, seen.review.wording
    said = {
        "provider": _("Proposed at the charge of the provider: {amount} ({lines})."),
        "client": _("Proposed at the charge of the client: {amount} ({lines})."),
    }
    found = []
    for debtor in OWED:
        lines = seen.ledger.owed_by(debtor)
        if lines:
            amount = range_words(w, sums(lines, LOW), sums(lines, HIGH))
            counted = w.ngettext("{n} line", "{n} lines", len(lines))
            found.append(said[debtor].format(amount=amount, lines=counted))
    return " ".join(found) or nothing_due(seen.review)


# --------------------------------------------------------------------------------------- figures


def _sums_owed(seen: _Seen) -> Iterator[Fact]:
    """Yield, for each party that owes, the amount before and after exemption and cap."""
    _ = seen.review.wording.gettext
    labels = {
        "gross": _("{debtor}: due before exemption and cap"),
        "held": _("{debtor}: not due for want of a formal notice"),
        "waived": _("{debtor}: waived"),
        "exempted": _("{debtor}: exempt"),
        "capped": _("{debtor}: above the cap"),
        "net": _("{debtor}: proposed"),
    }
    for debtor in OWED:
        lines = seen.ledger.owed_by(debtor)
        low, high = sums(lines, LOW), sums(lines, HIGH)
        pending = [line for line in lines if line.pending]
        for name, label in labels.items():
            amounts = getattr(low, name), getattr(high, name)
            if lines and (name in ("gross", "net") or any(amounts)):
                said = label.format(debtor=_debtor(seen, debtor))
                yield _amount(seen, f"{SLUG}.{debtor}.{name}", said, amounts, len(lines))
        if lines:
            said = _("{debtor}: proposed, and not decided yet").format(debtor=_debtor(seen, debtor))
            amounts = sums(pending, LOW).net, sums(pending, HIGH).net
            yield _amount(seen, f"{SLUG}.{debtor}.pending", said, amounts, len(pending))


def _debtor(seen: _Seen, debtor: str) -> str:
    contract = seen.review.contract
    return {"provider": contract.provider.name, "client": contract.client.name}[debtor]


def _amount(seen: _Seen, name: str, label: str, amounts: tuple[Decimal, Decimal], n: int) -> Fact:
    """Return an amount: a range and no point where contested days or open tickets leave one."""
    _, w = seen.review.wording.gettext, seen.review.wording
    source = _("the ledger below, line by line")
    low, high = amounts
    if low == high:
        return Fact(name, label, float(low), Unit.MONEY, n=n, source=source)
    said = _("contested days and open tickets left out: {low}; counted: {high}")
    note = said.format(low=w.money(low), high=w.money(high))
    if high < low:
        note = w.chained([note, _("the cap is then used up by what came before")])
    method = _("by what contested days and open tickets turn out to be")
    interval = Interval(float(min(amounts)), float(max(amounts)), method)
    return Fact(name, label, None, Unit.MONEY, n=n, interval=interval, source=source, note=note)


def _decided(seen: _Seen) -> Iterator[Fact]:
    """Yield what was decided so far, of each kind."""
    _ = seen.review.wording.gettext
    labels = {
        "imposed": _("Imposed so far, paid or not"),
        "disputed": _("Decided and disputed"),
        "paid": _("Paid or set off so far"),
    }
    table = seen.review.table("penalties")
    if table is None:
        because = seen.review.absence("penalties").rstrip(".")
        yield Fact(f"{SLUG}.decided", _("Decided so far"), None, Unit.MONEY, note=because)
        return
    every = seen.ledger.decisions
    for name, label in labels.items():
        found = [d for d in every if _is(d, name)]
        yield Fact(
            f"{SLUG}.{name}",
            label,
            float(total(d.amount for d in found)),
            Unit.MONEY,
            n=len(found),
            source="penalties.csv: decision, amount, paid_on",
        )
    waived = [d for d in every if d.decision == "waived"]
    label = _("Waived, number of decisions")
    yield Fact(f"{SLUG}.waived", label, len(waived), Unit.COUNT, source="penalties.csv: decision")


def _is(decision: Decision, name: str) -> bool:
    return decision.status == "paid" if name == "paid" else decision.decision == name


def _not_applied(seen: _Seen) -> Iterator[Fact]:
    """Yield each rule that could not be applied, to a subject or at all, and why."""
    _ = seen.review.wording.gettext
    for gap in dict.fromkeys(seen.ledger.gaps):
        about = " · ".join(part for part in (gap.rule, gap.subject) if part)
        label = _("{about}: {title}").format(about=about, title=seen.newest(gap.rule).title)
        name = ".".join(part for part in (SLUG, "gap", gap.rule, gap.subject) if part)
        yield Fact(name, label, None, Unit.MONEY, clause=gap.rule, note=_(GAPS[gap.because]))


# -------------------------------------------------------------------------------------- findings


def _findings(seen: _Seen) -> Iterator[Finding]:
    """Yield what each rule comes to, then each decision that the ledger does not bear out."""
    groups: dict[tuple[str, bool], list[Line]] = {}
    for line in seen.ledger.lines:
        groups.setdefault((line.claim.rule, line.claim.bonus), []).append(line)
    for (rule, bonus), lines in groups.items():
        yield _of_rule(seen, rule, lines, bonus)
    yield from _apart(seen)
    yield from _unfounded(seen)


def _of_rule(seen: _Seen, rule: str, lines: list[Line], bonus: bool) -> Finding:
    _, w = seen.review.wording.gettext, seen.review.wording
    low, high, terms = sums(lines, LOW), sums(lines, HIGH), seen.newest(rule)
    said = _("{rule}, {title}: {lines}; proposed at the charge {debtor}: {amount}{less}.").format(
        rule=clause_words(rule, terms),
        title=terms.title,
        lines=w.ngettext("{n} line", "{n} lines", len(lines)),
        debtor=_(DEBTORS[lines[0].claim.debtor]),
        amount=range_words(w, low, high),
        less=_less(seen, low, high),
    )
    owed = any(line.low.net or line.high.net for line in lines)
    waiting = [x for x in lines if x.status == "computed" and (x.low.net or x.high.net)]
    decision = ""
    if waiting:
        decision = _("{rule}: notify or waive what nothing was notified of ({ids}).").format(
            rule=clause_words(rule, terms), ids=", ".join(_short(seen, line) for line in waiting)
        )
    kind = Kind.CONCERN if owed and not bonus else Kind.NEUTRAL
    evidence = tuple(f"{line.claim.subject} {line.claim.month}".strip() for line in lines)
    name = f"{SLUG}.{rule}.bonus" if bonus else f"{SLUG}.{rule}"
    return Finding(name, said, kind, evidence, decision, clause_words(rule, terms))


def _less(seen: _Seen, low: Settled, high: Settled) -> str:
    """Return what the exemption, the cap and the want of a notice take away, in words."""
    _, w = seen.review.wording.gettext, seen.review.wording
    words = {
        "held": _("{amount} not due for want of a formal notice"),
        "waived": _("{amount} waived"),
        "exempted": _("{amount} exempt"),
        "capped": _("{amount} above the cap"),
    }
    parts = []
    for name, said in words.items():
        one, other = getattr(low, name), getattr(high, name)
        if one or other:
            amount = (
                w.money(one)
                if one == other
                else _("{low} to {high}").format(
                    low=w.money(min(one, other)), high=w.money(max(one, other))
                )
            )
            parts.append(said.format(amount=amount))
    return _(" ({parts})").format(parts=w.listed(parts)) if parts else ""


def _short(seen: _Seen, line: Line) -> str:
    w, claim = seen.review.wording, line.claim
    subject = service_names(seen.review).get(claim.subject, claim.subject)
    return " ".join(part for part in (subject, w.month(claim.month) if claim.month else "") if part)


def _apart(seen: _Seen) -> Iterator[Finding]:
    """Yield each decision whose amount is not what the line proposes."""
    _, w = seen.review.wording.gettext, seen.review.wording
    for decision, lines in seen.ledger.answers:
        if not differing(decision, lines):
            continue
        claim = lines[0].claim
        about = _short(seen, lines[0]) if len(lines) == 1 else ""
        said = _(
            "{id}: {decided} was decided on {date} for {about} under {rule}; computed: {amount}."
        ).format(
            id=decision.id,
            decided=w.money(decision.amount),
            date=w.date(decision.decided_on),
            about=about or _("the whole clause"),
            rule=clause_words(claim.rule, claim.terms),
            amount=range_words(w, sums(lines, LOW), sums(lines, HIGH)),
        )
        asked = _("{id}: say why the amount decided is not the one computed.")
        yield Finding(
            f"{SLUG}.decision.{decision.id}",
            said,
            Kind.NEUTRAL,
            (decision.id,),
            asked.format(id=decision.id),
            clause_words(claim.rule, claim.terms),
        )


def _unfounded(seen: _Seen) -> Iterator[Finding]:
    """Yield each decision on something for which nothing is due as far as the tables tell."""
    _, w = seen.review.wording.gettext, seen.review.wording
    for decision in seen.ledger.unmatched:
        about = " ".join(part for part in (decision.subject, decision.month) if part)
        said = _("{id}: the tables show nothing due for {about} under {rule}; {decided}.")
        untold = [gap for gap in seen.ledger.gaps if _hides(gap, decision)]
        if untold:
            said = _("{id}: what is due for {about} under {rule} can’t be told; {decided}.")
        decided = _(STATUSES[decision.status])
        if decision.amount is not None:
            decided = _("decided: {amount}").format(amount=w.money(decision.amount))
        said = said.format(
            id=decision.id,
            about=about or _("the whole clause"),
            rule=clause_words(decision.rule, seen.newest(decision.rule)),
            decided=decided,
        )
        asked = _("{id}: produce the fact that it rests on, or pay it back.")
        if decision.status != "paid":
            asked = _("{id}: produce the fact that it rests on, or withdraw it.")
        owed = decision.decision in ("imposed", "disputed") and bool(decision.amount)
        owed = owed and not untold
        yield Finding(
            f"{SLUG}.decision.{decision.id}",
            said,
            Kind.CONCERN if owed else Kind.NEUTRAL,
            (decision.id,),
            asked.format(id=decision.id) if owed else "",
            decision.rule,
        )


def _hides(gap: Gap, decision: Decision) -> bool:
    """Whether a gap keeps what is due for a decision from being told.

    That the tables do not have the subject of a decision is what it is blamed for.
    """
    mine = gap.rule == decision.rule and gap.subject in ("", decision.subject)
    return mine and gap.because != "no_subject"


def _tables(seen: _Seen) -> Iterator[Table]:
    _ = seen.review.wording.gettext
    captions = {
        "provider": _("The ledger: at the charge of the provider"),
        "client": _("The ledger: at the charge of the client"),
    }
    for debtor, caption in captions.items():
        lines = seen.ledger.owed_by(debtor)
        if lines:
            yield ledger_table(seen.review, f"{SLUG}.ledger.{debtor}", caption, lines)
    if any(line.claim.left_out or line.claim.counted for line in seen.ledger.lines):
        yield left_out_table(seen.review, f"{SLUG}.left_out", seen.ledger.lines)
    if seen.review.table("penalties") is not None:
        yield decisions_table(seen.review, f"{SLUG}.decisions", seen.ledger)
    yield rules_table(seen.review, f"{SLUG}.rules")


# --------------------------------------------------------------------------- figures and caveats


def _figures(seen: _Seen) -> Iterator[Figure]:
    """Yield, for each party, how what is due becomes what is proposed."""
    _, w = seen.review.wording.gettext, seen.review.wording
    titles = {
        "provider": _("From the amounts due to what is proposed, at the charge of the provider"),
        "client": _("From the amounts due to what is proposed, at the charge of the client"),
    }
    for debtor, title in titles.items():
        lines = seen.ledger.owed_by(debtor)
        whole = sums(lines, LOW)
        if len({line.claim.rule for line in lines}) < 2 and whole.gross == whole.net:
            continue  # a bar beside itself
        frame, name = _steps(seen, lines), f"{SLUG}.bridge.{debtor}"
        columns = (
            Column("label", _("Step"), quoted=True),
            Column("amount", _("Amount"), Unit.MONEY),
        )
        said = _(
            "Due: {gross}; held back, waived, exempt or above the cap: {less}; proposed: {net}, "
            "contested days and open tickets left out."
        ).format(
            gross=w.money(whole.gross),
            less=w.money(whole.gross - whole.net),
            net=w.money(whole.net),
        )
        svg = charts.bridge(frame, charts.Labels(name), w)
        table = Table(f"{name}.table", title, columns, rows(frame, columns))
        yield Figure(name, svg, title, said, table)


def _steps(seen: _Seen, lines: tuple[Line, ...]) -> pd.DataFrame:
    _ = seen.review.wording.gettext
    steps = []
    for rule in dict.fromkeys(line.claim.rule for line in lines):
        due = sums([line for line in lines if line.claim.rule == rule], LOW).gross
        steps.append((f"{rule} · {seen.newest(rule).title}", due, "step"))
    whole = sums(lines, LOW)
    steps.append((_("Amount due"), whole.gross, "total"))
    less = {
        _("No formal notice"): whole.held,
        _("Waived"): whole.waived,
        _("Exempt"): whole.exempted,
        _("Above the cap"): whole.capped,
    }
    steps += [(label, -amount, "step") for label, amount in less.items() if amount]
    steps.append((_("Proposed"), whole.net, "total"))
    frame = pd.DataFrame(steps, columns=["label", "amount", "kind"])
    return frame.assign(amount=frame["amount"].astype("float64"))


def _caveats(seen: _Seen) -> Iterator[Caveat]:
    _, w = seen.review.wording.gettext, seen.review.wording
    packs = {
        terms.source: name
        for version in seen.review.contract.versions
        for name, terms in version.penalties.items()
        if terms.source
    }
    if packs:
        said = _(
            "Default rules, read in dated copies of {sources}, stand in for what the contract "
            "leaves out: compare them with its own text. They are no legal advice."
        )
        yield Caveat(f"{SLUG}.packs", said.format(sources=w.listed(list(packs))))
    running = [_short(seen, line) for line in seen.ledger.lines if line.claim.provisional]
    if running:
        said = _("Not final, more may follow after {date}: {ids}.")
        words = said.format(date=w.date(seen.review.today), ids=", ".join(running))
        yield Caveat(f"{SLUG}.running", words)
    if any(isinstance(line.claim.terms, LatePayment) for line in seen.ledger.lines):
        said = _("Interest runs on the amount of the invoice without taxes, less what is retained.")
        yield Caveat(f"{SLUG}.interest", said)
