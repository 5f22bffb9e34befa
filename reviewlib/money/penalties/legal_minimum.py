"""The interest and the indemnity of late payments, beside the minimum of the law (L441-10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.penalties import LatePayment


class Interest(NamedTuple):
    """What is stated for a half-year: the interest, and the legal rate, None where it is not."""

    rule: str
    half_year: str
    interest: Decimal
    legal_rate: Decimal | None
    multiple: int

    @property
    def least(self) -> Decimal | None:
        """The least interest that the law allows; None where the legal rate is not stated."""
        return None if self.legal_rate is None else self.legal_rate * self.multiple

    @property
    def below(self) -> bool:
        """Whether the interest is below it."""
        return self.least is not None and self.interest < self.least


class Indemnity(NamedTuple):
    """The indemnity stated for a late payment, and the least that the law allows."""

    rule: str
    indemnity: Decimal
    least: Decimal

    @property
    def below(self) -> bool:
        """Whether it is below it."""
        return self.indemnity < self.least


def interests(contract: Contract, today: pd.Timestamp) -> list[Interest]:
    """Return the interest of each half-year of the contract up to today, once for each rule.

    Of rules that one party owes under, the highest interest: it may stand in one of them alone.
    """
    every = (
        Interest(name, half, highest, rule.legal_rates.get(half), rule.legal_multiple)
        for rules, halves in _in_force(contract, today)
        for name, rule in rules.items()
        if rule.legal_multiple is not None
        and (highest := max(other.interest for other in _of_debtor(rule, rules.values())))
        == rule.interest
        for half in halves
    )
    return list(dict.fromkeys(every))


def indemnities(contract: Contract, today: pd.Timestamp) -> list[Indemnity]:
    """Return the highest indemnity of the rules that one party owes under, where a least is set."""
    every = (
        Indemnity(name, highest, rule.legal_indemnity)
        for rules, _ in _in_force(contract, today)
        for name, rule in rules.items()
        if rule.legal_indemnity is not None
        and (highest := max(other.indemnity for other in _of_debtor(rule, rules.values())))
        == rule.indemnity
    )
    return list(dict.fromkeys(every))


def _of_debtor(rule: LatePayment, rules: Iterable[LatePayment]) -> list[LatePayment]:
    return [other for other in rules if other.debtor == rule.debtor]


def _in_force(
    contract: Contract, today: pd.Timestamp
) -> Iterator[tuple[dict[str, LatePayment], list[str]]]:
    """Yield the rules on late payment of each version, with the half-years of its days so far."""
    last = min(pd.Timestamp(contract.period.last), today)
    firsts = pd.DatetimeIndex(contract.starts)
    ends = [*(firsts[1:] - pd.Timedelta(days=1)), last]
    for first, end, terms in zip(firsts, ends, contract.versions, strict=True):
        rules = {n: rule for n, rule in terms.penalties.items() if isinstance(rule, LatePayment)}
        days = pd.date_range(first, min(end, last)).to_series()
        halves = days.dt.year.astype(str) + "-H" + ((days.dt.month + 5) // 6).astype(str)
        if rules and len(days):
            yield rules, halves.unique().tolist()
