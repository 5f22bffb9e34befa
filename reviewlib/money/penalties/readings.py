"""The defaults on which amounts depend: the ledger under what else a silent contract may mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from reviewlib.amounts import ZERO
from reviewlib.contract import Contract
from reviewlib.contract.base import Model
from reviewlib.contract.penalties import Delay, LatePayment, Points, Tiers
from reviewlib.contract.service_levels import Terms
from reviewlib.money.penalties.claim import Claim
from reviewlib.money.penalties.decided import Decision
from reviewlib.money.penalties.metrics import HIGH, LOW, Ledger, Line, Settled, sums

Lines = dict[tuple[str, str], dict[str, list[Line]]]
"""Lines by clause and debtor, and by subject."""


class SilentTerm(NamedTuple):
    """A key of a part of the terms, what is taken by default, and what a contract may say else.

    Both by a word, which is what the contract says where ``VALUES`` has no other.
    """

    part: str
    key: str
    taken: str
    others: tuple[str, ...]


DEFAULTS = (
    SilentTerm("acceptance", "decision_days", "excluded", ("excluded_after_due", "counted")),
    SilentTerm("acceptance", "milestone_days", "excluded", ("counted",)),
    SilentTerm("change_requests", "approved_late", "does_not_count", ("counts",)),
    SilentTerm("clauses", "priority", "final", ("initial", "highest")),
    SilentTerm("availability", "excuses", "counted", ("excused",)),
    SilentTerm("penalties", "notice", "none", ("required",)),
    SilentTerm("penalties", "sensitive_periods", "counted", ("excluded",)),
    SilentTerm("penalties", "concurrent", "excluded", ("counted",)),
    SilentTerm("penalties", "unattributed", "counted", ("excluded",)),
    SilentTerm("penalties", "after_end", "excluded", ("counted",)),
)
"""What is read otherwise, one by one: where a contract is silent, and only there."""
VALUES: dict[tuple[str, str], tuple[str, ...]] = {
    ("excuses", "counted"): (),
    ("excuses", "excused"): ("client", "force_majeure"),  # what a delay leaves out by default
}


class Effect(NamedTuple):
    """What the lines of a clause on a subject come to, on both sides, here and read otherwise.

    ``claim``: the first of them; ``whole``: whether they are all lines of the clause.
    """

    claim: Claim
    whole: bool
    here: tuple[Settled, Settled]
    otherwise: tuple[Settled, Settled]

    @property
    def differs(self) -> bool:
        """Whether an amount differs, be it only before exemption and cap."""
        return any(
            (one.gross, one.net) != (other.gross, other.net)
            for one, other in zip(self.here, self.otherwise, strict=True)
        )

    @property
    def less_or_more(self) -> tuple[bool, bool]:
        """Whether the default leaves less due on a side at least, and whether more."""
        pairs = [(a.net, b.net) for a, b in zip(self.here, self.otherwise, strict=True)]
        return any(a < b for a, b in pairs), any(a > b for a, b in pairs)


class OtherReading(NamedTuple):
    """A default read otherwise: the ledger as it would then be, and where amounts differ."""

    default: SilentTerm
    other: str
    ledger: Ledger
    effects: tuple[Effect, ...]

    @property
    def lines(self) -> dict[str, Line]:
        """The lines of this ledger, by their id."""
        return {line.id: line for line in self.ledger.lines}

    @property
    def several(self) -> frozenset[str]:
        """The clauses of several subjects, of which the whole has an effect of its own."""
        return frozenset(effect.claim.rule for effect in self.effects if effect.whole)


def read_as(contract: Contract, default: SilentTerm, other: str) -> Contract | None:
    """Return a contract that says something else where it is silent; None where it is not."""
    if not _matters(contract, default):
        return None
    versions = [_read_as(terms, default, other) for terms in contract.versions]
    if all(terms is None for terms in versions):
        return None
    pairs = zip(versions, contract.versions, strict=True)
    return contract.model_copy(update={"versions": tuple(new or own for new, own in pairs)})


def _matters(contract: Contract, default: SilentTerm) -> bool:
    """Whether there is anything that a key is about: a delay penalised, a sensitive period."""
    if default.key == "sensitive_periods":
        return bool(contract.sensitive_periods)
    if default.part in ("clauses", "availability", "penalties"):
        return True
    rules = (rule for terms in contract.versions for rule in terms.penalties.values())
    delays = [rule for rule in rules if isinstance(rule, Delay)]
    late = default.part == "change_requests"
    return any(rule.milestones if late else rule.deliverables for rule in delays)


def _read_as(terms: Terms, default: SilentTerm, other: str) -> Terms | None:
    """Return the terms of a version that say something else; None where they are not silent."""
    part, value = getattr(terms, default.part), VALUES.get((default.key, other), other)
    stating = {default.key: value}
    if isinstance(part, Model):
        read = part.model_copy(update=stating) if part.is_silent(default.key) else None
    else:
        silent = {name: one for name, one in part.items() if _applies(terms, name, default)}
        copies = {name: one.model_copy(update=stating) for name, one in silent.items()}
        read = part | copies if copies else None
    return None if read is None else terms.model_copy(update={default.part: read})


def _applies(terms: Terms, name: str, default: SilentTerm) -> bool:
    """Whether a rule, or a clause of which the misses are penalised, is silent on a key."""
    stated = getattr(terms, default.part)[name]
    if default.part == "clauses" and name not in penalised(terms):
        return False
    if default.part == "availability":
        return name in credited(terms) and stated.is_silent(default.key)
    if default.key == "notice" and stated.source:
        return False  # it is read in the CCAG, whose penalties run without one
    return not isinstance(stated, LatePayment) and stated.is_silent(default.key)


def penalised(terms: Terms) -> frozenset[str]:
    """Return the clauses of service levels of which a rule penalises the misses."""
    rules = (rule for rule in terms.penalties.values() if isinstance(rule, Points | Tiers))
    return frozenset(name for rule in rules for name in rule.clauses)


def credited(terms: Terms) -> frozenset[str]:
    """Return the clauses on availability for which a rule states a credit."""
    rules = (rule for rule in terms.penalties.values() if isinstance(rule, Tiers))
    return frozenset(name for rule in rules for name in rule.availability)


def effects(own: Ledger, other: Ledger) -> Iterator[Effect]:
    """Yield where amounts differ: by clause and subject, then the whole of a clause of several."""
    here, otherwise = _lines(own), _lines(other)
    for key in {**here, **otherwise}:
        ours, theirs = here.get(key, {}), otherwise.get(key, {})
        subjects = {**ours, **theirs}
        every = (_effect(ours.get(name, ()), theirs.get(name, ())) for name in subjects)
        differing = [one for one in every if one.differs]
        yield from differing
        if differing and len(subjects) > 1:
            wholes = ([*chain(*lines.values())] for lines in (ours, theirs))
            yield _effect(*wholes)._replace(whole=True)


def _effect(ours: Sequence[Line], theirs: Sequence[Line]) -> Effect:
    here, otherwise = ((sums(lines, LOW), sums(lines, HIGH)) for lines in (ours, theirs))
    return Effect((*ours, *theirs)[0].claim, False, here, otherwise)


def _lines(ledger: Ledger) -> Lines:
    by_clause: Lines = {}
    for line in ledger.lines:
        claim = line.claim
        by_subject = by_clause.setdefault((claim.rule, claim.debtor), {})
        by_subject.setdefault(claim.subject, []).append(line)
    return by_clause


def giving(readings: Iterable[OtherReading], decision: Decision) -> Iterator[OtherReading]:
    """Yield the readings under which what a decision is about comes to the amount decided."""
    for reading in readings:
        if decision.amount in _amounts(reading, decision):
            yield reading


def exceeding(
    readings: Iterable[OtherReading], decision: Decision
) -> Iterator[tuple[OtherReading, Decimal]]:
    """Yield the readings under which what a decision is about comes to more, and to how much."""
    for reading in readings:
        most = max(_amounts(reading, decision), default=ZERO)
        if decision.amount is not None and most > decision.amount:
            yield reading, most


def _amounts(reading: OtherReading, decision: Decision) -> tuple[Decimal, ...]:
    """Return what a decision is about comes to under a reading, on both sides; () for nothing."""
    answers = (lines for one, lines in reading.ledger.answers if one.id == decision.id)
    lines = next(answers, ())
    return tuple(sums(lines, side).net for side in (LOW, HIGH)) if lines else ()
