"""A rule of the contract in all its wordings, and the formal notices served under it (A6, D4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.parties import within
from reviewlib.contract.penalties import Limits
from reviewlib.money.penalties.claim import RAMP_UP, SENSITIVE

T = TypeVar("T", bound=Limits)
ONE_DAY = pd.Timedelta(days=1)
NOTICES = ["subject", "month", "notice_on", "notice_waived"]


class Notice(NamedTuple):
    """A formal notice, or that it is waived; of all subjects or months where these are None."""

    subject: str | None
    month: str | None
    served: pd.Timestamp
    waived: bool

    def is_about(self, subject: str, month: str) -> bool:
        """Whether it is about a subject in a month, itself or among all."""
        return self.subject in (None, subject) and self.month in (None, month)


@dataclass(frozen=True, slots=True)
class StatedRule:
    """A rule by its name: the contract that words it, and the notices served under it."""

    name: str
    contract: Contract
    notices: tuple[Notice, ...] = ()

    def wordings(self, kind: type[T]) -> Iterator[tuple[range, T]]:
        """Yield the wordings of a kind, each with the versions of the terms that state it in a row.

        An amendment of something else leaves a rule as it was worded.
        """
        versions = self.contract.versions
        first = 0
        for terms, alike in groupby(version.penalties.get(self.name) for version in versions):
            stated = range(first, first + len(list(alike)))
            first = stated.stop
            if isinstance(terms, kind):
                yield stated, terms

    def served(self, subject: str, month: str = "") -> pd.Timestamp:
        """Return the day on which a formal notice was served first; NaT where none was."""
        days = (n.served for n in self.notices if n.is_about(subject, month))
        return min((day for day in days if not pd.isna(day)), default=pd.NaT)

    def wanting(self, terms: Limits, subject: str, month: str = "") -> bool:
        """Whether the rule asks for a formal notice that was neither served nor waived."""
        if terms.notice != "required" or not pd.isna(self.served(subject, month)):
            return False
        return not any(n.waived for n in self.notices if n.is_about(subject, month))


def stated_rules(contract: Contract, decisions: pd.DataFrame | None) -> list[StatedRule]:
    """Return the rules of all versions of a contract, in its order.

    ``decisions``: the table penalties.
    """
    names = dict.fromkeys(name for terms in contract.versions for name in terms.penalties)
    notices = _notices(decisions)
    return [StatedRule(name, contract, notices.get(name, ())) for name in names]


def _notices(decisions: pd.DataFrame | None) -> dict[str, tuple[Notice, ...]]:
    """Return the notices by rule: what was told of neither is no notice."""
    if decisions is None:
        return {}
    rows = decisions.reindex(columns=["rule", *NOTICES])
    rows["notice_on"] = rows["notice_on"].astype("datetime64[s]")
    rows["notice_waived"] = rows["notice_waived"].eq(True).fillna(False).astype("bool")
    rows = rows[rows["notice_on"].notna() | rows["notice_waived"]]
    of_all = rows[["subject", "month"]].astype("object")
    rows[["subject", "month"]] = of_all.where(of_all.notna(), None)
    notices: dict[str, tuple[Notice, ...]] = {}
    for rule, *notice in rows.itertuples(index=False):
        notices[rule] = (*notices.get(rule, ()), Notice(*notice))
    return notices


def spared(terms: Limits, contract: Contract, days: pd.Series) -> np.ndarray:
    """Return for each day the reason for which a rule spares it: RAMP_UP, SENSITIVE, else ""."""
    sensitive = within(days, contract.sensitive_periods)
    excluded = sensitive & (terms.sensitive_periods == "excluded")
    ramp_up = within(days, [terms.ramp_up] if terms.ramp_up else [])
    return np.select([ramp_up, excluded], [RAMP_UP, SENSITIVE], "")
