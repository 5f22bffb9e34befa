"""What the chapter on control charts looks at: clauses by priority, services, tickets opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.report.text import N_, Text
from reviewlib.report.values import Unit
from reviewlib.review import Review
from reviewlib.service import clauses, results
from reviewlib.service.availability import words as availability_words
from reviewlib.service.availability.metrics import in_force
from reviewlib.service.control import metrics
from reviewlib.service.control.series import Series, of_clause, of_service, of_tickets
from reviewlib.service.control.signals import signals
from reviewlib.service.thresholds import stated
from reviewlib.service.words import JUDGED_FROM

AVAILABILITY = N_("Availability · {service}")
OUTAGES = "outages.csv: started_at, ended_at; maintenance_windows.csv: starts_at, ends_at"
OPENED_AT = "tickets.csv: opened_at"
RECENT = 3  # months, the last ones of a series, where a review has no period


@dataclass(frozen=True)
class Subject:
    """A series with its limits and signals, and how it is named.

    ``place``: in ids; ``name``: in full; ``label``: in a row under ``group``. ``rules``: those of
    ``signals.RULES`` that the contract chose; ``since``: the first month of the period of a review,
    "" where it has none.
    """

    place: str
    name: Text
    label: Text | str
    group: Text | str
    clause: str
    source: str
    series: Series
    rules: str
    since: str
    unit: Unit = Unit.SHARE

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Its months with their limits, as ``charted`` returns them."""
        return metrics.charted(self.series.points, [one.month for one in self.series.rebases])

    @cached_property
    def signals(self) -> pd.DataFrame:
        """Its signals, as ``signals`` returns them, and whether each is recent.

        It is where one of its months is of the period of the review, or of the last ones.
        """
        rows, months = signals(self.rows, self.rules), self.rows["month"]
        last = set(months[months >= self.since] if self.since else months.tail(RECENT))
        recent = [not last.isdisjoint(months) for months in rows["months"]]
        return rows.assign(recent=pd.Series(recent, rows.index, dtype="bool"))

    @cached_property
    def current(self) -> pd.DataFrame:
        """The months since the last declared change."""
        return metrics.current(self.rows)

    @property
    def stage(self) -> str:
        """What its limits are by now: none, on trial, or fixed."""
        return str(self.current["stage"].iloc[-1])

    @cached_property
    def expected(self) -> metrics.ProcessLimits:
        """The limits that the next month is expected in."""
        return metrics.expected(self.rows)

    @property
    def limits(self) -> metrics.ProcessLimits:
        """The same, cut to what a value can be."""
        most = 1.0 if self.unit is Unit.SHARE else float("inf")
        lower, upper = max(self.expected.lower, 0.0), min(self.expected.upper, most)
        return self.expected._replace(lower=lower, upper=upper)

    @property
    def target(self) -> float:
        """The target of its last month; NaN where it has none, or several."""
        return float(self.rows["target"].iloc[-1])

    @property
    def position(self) -> str:
        """Where that target lies against the limits, as ``metrics.position`` returns it."""
        return metrics.position(self.expected, self.target)


def subjects(review: Review, period: ReviewPeriod | None = None) -> list[Subject]:
    """Return what has a month over: service levels, availability, then the tickets opened.

    ``review``: over the whole engagement; ``period``: that which is reviewed.
    """
    since = f"{period.first:%Y-%m}" if period else ""
    every = (*_clauses(review, since), *_services(review, since), *_opened(review, since))
    return [one for one in every if len(one.series.points)]


def _clauses(review: Review, since: str) -> Iterator[Subject]:
    contract, verdicts = review.contract, results.verdicts(review)
    for clause_id, priority, _ in stated(contract, verdicts):
        own = verdicts[(verdicts["clause"] == clause_id) & (verdicts["priority"] == priority)]
        yield Subject(
            clauses.judged_id(contract, clause_id, priority),
            clauses.judged_as(contract, clause_id, priority),
            priority,
            contract.clause(clause_id).title,
            clause_id,
            JUDGED_FROM,
            of_clause(own, contract, review.as_of, (clause_id, priority)),
            contract.control.rules,
            since,
        )


def _services(review: Review, since: str) -> Iterator[Subject]:
    contract, uptime = review.contract, results.uptime(review)
    if uptime is None:
        return
    names = availability_words.names(contract, in_force(contract, review.as_of))
    for keys, own in uptime.groupby(["clause", "service"], sort=False):
        about, clause = names.loc[keys], str(keys[0])
        yield Subject(
            f"availability.{about['place']}",
            AVAILABILITY(service=about["label"]),
            about["label"],
            about["clause_title"],
            clause,
            OUTAGES,
            of_service(own, contract, review.as_of, clause),
            contract.control.rules,
            since,
        )


def _opened(review: Review, since: str) -> Iterator[Subject]:
    log = results.log(review)
    if log is not None:
        name, rules = N_("Tickets opened"), review.contract.control.rules
        series = of_tickets(log)
        about = (series, rules, since, Unit.SCORE)
        yield Subject("opened", name, name, "", "", OPENED_AT, *about)
