"""The verdict on each threshold: its share, its months, and what it rests on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from reviewlib.contract import Clause, Contract
from reviewlib.contract.parties import Period
from reviewlib.rates import compliance, kept_or_not, wilson
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.text import EMPTY, N_, Shown, Text, dotted, sentences
from reviewlib.report.values import Brief, Checks, Interval, Kind, Side, Unit
from reviewlib.review import Review
from reviewlib.service import clauses
from reviewlib.service.basis import basis
from reviewlib.service.clauses import bounds, measure_id, priority_id
from reviewlib.service.log import Log
from reviewlib.service.ramp_up import begins_in, ramp_ups
from reviewlib.service.service_levels import front, words
from reviewlib.service.shares import add_share
from reviewlib.service.thresholds import by_month, holds, stated
from reviewlib.service.words import in_ramp_up, ramp_up_days

EVIDENCE = 200  # rows that a finding names, the furthest over first


@dataclass(frozen=True)
class JudgedPriority:
    """What a verdict is on: a priority under a clause, its tickets and their thresholds.

    ``label``: how it is named; ``measure`` and ``name``: what an id names the clause and the
    priority by. ``basis``: the defaults that the verdict rests on, in words.
    """

    clause_id: str
    clause: Clause
    priority: str
    label: Text
    measure: str
    name: str
    verdicts: pd.DataFrame
    thresholds: tuple[float, ...]
    basis: Text = EMPTY

    @cached_property
    def count(self) -> Any:
        """The counts of its verdicts, and its share in time."""
        return next(compliance(self.verdicts, []).itertuples())

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """The counts of its verdicts by month and threshold, as ``compliance`` returns them."""
        return compliance(self.verdicts, ["month", "threshold"])

    @property
    def threshold(self) -> float | None:
        """The threshold that all of its tickets have."""
        return self.thresholds[0] if len(self.thresholds) == 1 else None

    @property
    def volume(self) -> int:
        """The tickets that its share is of, with those of which it is unknown."""
        return int(self.count.n + self.count.unknown)

    @property
    def binds(self) -> bool:
        """Whether its threshold binds over the whole contract."""
        over_all = self.clause.assessed == "contract" and self.threshold is not None
        return over_all and self.volume >= self.clause.minimum_volume

    @property
    def held(self) -> bool | None:
        """Whether its threshold is kept, where it binds: a count, given at any n.

        None also where it hangs on pauses that no log tells of, or on tickets of which it is
        unknown whether they were in time.
        """
        if self.threshold is None or not self.binds or self.count.undated:
            return None
        return kept_or_not(self.count.met, self.count.uncertain, self.volume, self.threshold)

    @cached_property
    def holds(self) -> bool | None:
        """Whether its thresholds are met, as the clause is assessed; None where nothing tells."""
        if self.count.undated:
            return None
        return holds(self.by_month, self.clause)

    @property
    def has_share(self) -> bool:
        """Whether its share is given as one: not where it may turn the verdict, or was paused."""
        count = self.count
        settled = not count.unknown or self.holds is not None
        return bool(count.n and not count.late_or_paused and settled)

    @property
    def unsettled(self) -> bool:
        """Whether what would bind has no verdict: pauses or outcomes are unknown."""
        if self.clause.assessed == "month":
            return self.holds is None and bool(self.months["binds"].any())
        return self.binds and self.held is None

    @property
    def by_chance(self) -> bool:
        """Whether its one threshold lies within what chance leaves open (Wilson, 95 %)."""
        count = self.count
        if self.threshold is None or not count.n:
            return False
        low, high = wilson(int(count.met + count.uncertain), self.volume)
        return low <= self.threshold <= high

    @property
    def checks(self) -> Checks | None:
        """The commitment that its threshold is, where there is a verdict."""
        return None if self.held is None else Checks(Side.PROVIDER, int(self.held), 1)

    @cached_property
    def months(self) -> pd.DataFrame:
        """Its months, as ``by_month`` returns them; none has a verdict where no stop is known."""
        months = by_month(self.by_month, self.clause)
        if self.count.undated:
            return months.assign(kept=False, may_be_kept=True, share=float("nan"))
        return months

    def without(self, spared: Iterable[Period]) -> Any:
        """The counts of its verdicts outside some periods.

        None where none is inside, or none is left, or some are uncertain.
        """
        inside = begins_in(self.verdicts["month"], spared)
        if not inside.any():
            return None
        rest = next(compliance(self.verdicts[~inside], []).itertuples())
        return rest if rest.n and not rest.uncertain else None

    def parts(self) -> Iterator[JudgedPriority]:
        """Yield the part that has each of its thresholds, where they are several."""
        for threshold in self.thresholds if len(self.thresholds) > 1 else ():
            yield dataclasses.replace(
                self,
                label=words.AT(label=self.label, threshold=clauses.threshold_words(threshold)),
                name=f"{self.name}.at_{clauses.plain_id(f'{threshold * 100:g}')}",
                verdicts=self.verdicts[self.verdicts["threshold"] == threshold],
                thresholds=(threshold,),
                basis=EMPTY,
            )


def add_verdicts(c: Chapter, log: Log, verdicts: pd.DataFrame) -> list[JudgedPriority]:
    """Add the share in time of each priority under each clause, and the verdict on it.

    Returns what was judged.
    """
    judged = list(_judged(c, verdicts))
    # where tickets have several thresholds the whole has none, and those under each a figure
    every = [part for priority in judged for part in (priority, *priority.parts())]
    for part in every:
        missed = part.held is False
        brief = front.missed(c, every, part) if missed else front.held(judged, part)
        _compliance(c, log, part, brief)
    for priority in judged:
        if priority.clause.assessed == "month":
            _months_kept(c, priority)
    return judged


def _judged(c: Chapter, verdicts: pd.DataFrame) -> Iterator[JudgedPriority]:
    contract = c.review.contract
    for clause_id, priority, thresholds in stated(contract, verdicts):
        of_both = (verdicts["clause"] == clause_id) & (verdicts["priority"] == priority)
        yield JudgedPriority(
            clause_id,
            contract.clause(clause_id),
            priority,
            clauses.judged_as(contract, clause_id, priority),
            measure_id(contract, clause_id),
            priority_id(priority),
            verdicts[of_both],
            thresholds,
            basis(c.review, clause_id, priority, turning=True),
        )


def _compliance(c: Chapter, log: Log, judged: JudgedPriority, brief: Brief | None) -> None:
    """Add a share in time, or its bounds, and the verdict on its threshold where it binds.

    ``brief``: what the first page says of it.
    """
    count, name = judged.count, f"{judged.measure}.met.{judged.name}"
    replied = judged.clause.measure == "response"
    in_log = log.tells("public_reply") if replied else log.has_statuses
    stands = judged.binds and not count.undated
    standing = _standing(c.review.contract, judged) if stands else EMPTY
    settled = judged.held is not None or not count.uncertain
    about: dict[str, Any] = {
        "target": judged.threshold,
        "met": judged.held,
        "checks": judged.checks,
        "clause": judged.clause_id,
        "source": ("ticket_events.csv" if in_log else "tickets.csv") if count.n else EMPTY,
        "how": words.RECOMPUTED if in_log else words.RECORDED,
        "note": dotted(_note(judged), sentences(standing, judged.basis) if settled else EMPTY),
    }
    if judged.has_share:
        c.rate(name, judged.label, count.met, count.n, **about)
    elif count.undated:
        c.fact(name, judged.label, None, Unit.SHARE, n=judged.volume, **about)
    else:
        add_share(c, name, judged.label, count, **about)
    if judged.binds:
        _verdict(c, judged, standing, brief)


def _note(judged: JudgedPriority) -> Text:
    """Return why there is no share or no verdict, or what the rounding of the share would hide."""
    clause, count, thresholds = judged.clause, judged.count, judged.thresholds
    for applies, reason in (
        (not count.total, words.NO_TICKET),
        (count.undated, clauses.UNDATED[clause.measure]),
        (not judged.volume, words.NONE_DECIDED),
        (len(thresholds) > 1, words.SEVERAL_THRESHOLDS),
        (not thresholds, words.NO_THRESHOLD),
        (clause.assessed == "month", words.BY_THE_MONTH),
        (judged.volume < clause.minimum_volume, words.TOO_FEW(least=clause.minimum_volume)),
        (count.uncertain and judged.held is None, words.not_assessable(count)),
        (count.uncertain, words.same_at_both(count)),
    ):
        if applies:
            return reason
    share, target = clauses.share_and_threshold(count.met, count.n, thresholds[0])
    hidden = share != Shown(count.share, "percent.1")
    return words.UNROUNDED(share=share, target=target) if hidden else EMPTY


def _standing(contract: Contract, judged: JudgedPriority) -> Text:
    """Return how the months of a verdict over the contract stood, and what the ramp-up weighs."""
    months, spared = judged.months, ramp_ups(contract, judged.clause_id)
    months = months[months["binds"]]
    below = months[~months["may_be_kept"]]
    by_months: Text = EMPTY
    if len(months) > 1:
        unsettled = len(months) - len(below) - int(months["kept"].sum())
        counted = _of_months(judged, len(below), len(months), unsettled)
        inside = int(begins_in(below["month"], spared).sum())
        sentence = words.BELOW_IN_RAMP_UP if inside else words.MONTHS_MISSED
        by_months = sentence.filled({"counted": counted, "n": inside})
    rest = judged.without(spared)
    if rest is None or judged.threshold is None:
        return by_months
    held = kept_or_not(rest.met, 0, rest.n, judged.threshold)
    share, _ = clauses.share_and_threshold(rest.met, rest.n, judged.threshold)
    about = {"met": rest.met, "n": rest.n, "share": share}
    without = words.AFTER_RAMP_UP[bool(held)](days=ramp_up_days(spared), **about)
    return sentences(by_months, without)


def _of_months(judged: JudgedPriority, count: int, every: int, unsettled: int) -> Text:
    """Return how many months it is, of those that can be judged, and how many can't be."""
    if not unsettled:
        return words.OF_ALL(count=count, n=every)
    because = words.because(judged.count)
    if unsettled == every:
        return words.NONE_JUDGED(n=every, because=because)
    about = {"n": every - unsettled, "unsettled": unsettled, "because": because}
    return words.OF_JUDGED(count=count, **about)


def _verdict(c: Chapter, judged: JudgedPriority, standing: Text, brief: Brief | None) -> None:
    """Add the verdict on a threshold, its count and the tickets furthest over their target."""
    held, outcomes = judged.held, judged.verdicts["outcome"]
    doubtful = ["unknown"] if held is None else []
    late = judged.verdicts[outcomes.isin(["breached", "late_or_paused", *doubtful])]
    late = late.assign(over=late["elapsed"] - late["target"])
    late = late.sort_values(["over", "ticket_id"], ascending=[False, True])
    c.find(
        {True: Kind.STRENGTH, False: Kind.CONCERN, None: Kind.NEUTRAL}[held],
        f"{judged.measure}.{judged.name}",
        sentences(_sentence(judged), standing, judged.basis),
        about=None if held else late["ticket_id"],
        evidence=EVIDENCE,
        decision=EMPTY if held else _to_decide(c.review, judged),
        decider=Side.BOTH if held is None else Side.CLIENT,
        clause=judged.clause_id,
        checks=judged.checks,
        brief=brief,
    )


def _to_decide(review: Review, judged: JudgedPriority) -> Text:
    """Return what to decide of a threshold that is not known to be met.

    A contract that has ended leaves nothing to correct, and what its penalties are for is decided
    with these.
    """
    about = {"label": judged.label, "clause": judged.clause_id}
    if judged.held is None:
        return words.to_obtain(judged.count).filled(about)
    if not review.over:
        return words.CORRECT(**about)
    penalised = clauses.is_penalised(review.contract, judged.clause_id, judged.priority)
    return EMPTY if penalised else words.DECIDE(**about)


def _sentence(judged: JudgedPriority) -> Text:
    """Return a verdict in words: with its share, or with the bounds that it has."""
    held, count, threshold = judged.held, judged.count, judged.thresholds[0]
    if count.undated:
        because = clauses.UNDATED[judged.clause.measure]
        return words.UNDATED(label=judged.label, because=because)
    if judged.has_share:
        share, target = clauses.share_and_threshold(count.met, count.n, threshold)
        about = {"label": judged.label, "met": count.met, "n": count.n}
        verdict = (words.KEPT if held else words.NOT_KEPT)(share=share, target=target, **about)
        return sentences(verdict, words.SAME(unknown=count.unknown) if count.unknown else EMPTY)
    between, target = bounds(count), clauses.threshold_words(threshold)
    about = {"label": judged.label, "met": count.met, "n": judged.volume}
    about |= {"low": between.low, "high": between.high, "most": count.met + count.uncertain}
    about |= {"target": target, "because": words.unknown(count)}
    return words.AT_BOTH_BOUNDS[held].filled(about)


def _months_kept(c: Chapter, judged: JudgedPriority) -> None:
    """Add the months that kept the threshold, of a clause assessed by the month."""
    months, every = judged.months.query("binds"), len(judged.months)
    small = every - len(months)
    missed, reached = months[~months["may_be_kept"]], int(months["kept"].sum())
    unsettled = len(months) - reached - len(missed)
    of_small = (
        words.SMALL_MONTHS(n=small) if small else EMPTY if len(months) else words.NONE_DECIDED
    )
    because = words.unknown(judged.count)
    unknown = words.OPEN_MONTHS(n=unsettled, because=because) if unsettled else EMPTY
    most, method = reached + unsettled, clauses.bounds_method(judged.count)
    interval = Interval(reached, most, method) if unsettled else None
    checks = Checks(Side.PROVIDER, reached, len(months) - unsettled)
    about: FactFields = {"clause": judged.clause_id, "n": len(months), "interval": interval}
    about["checks"] = checks if checks.of else None
    about["met"] = None if not checks.of or (unsettled and missed.empty) else missed.empty
    name = f"{judged.measure}.months.{judged.name}"
    label = N_("{label}: months in which the threshold was met")(label=judged.label)
    value = None if unsettled or months.empty else reached
    about["note"] = sentences(of_small, unknown, judged.basis)
    c.fact(name, label, value, **about)
    if months.empty:
        return
    named = [c.of_row(words.MONTH, row) for row in missed.itertuples()]
    not_kept = N_("Not met: {months:commas}.")(months=named) if named else EMPTY
    counted = _of_months(judged, reached, len(months), unsettled)
    sentence = words.MONTHS_KEPT(label=label, counted=counted)
    kind = Kind.CONCERN if named else Kind.NEUTRAL if unsettled else Kind.STRENGTH
    spared = in_ramp_up(missed["month"], c.review.contract, judged.clause_id)
    whole = sentences(sentence, not_kept, spared, judged.basis)
    brief = front.missed_months(judged, len(missed), len(months), spared) if named else None
    c.find(kind, name, whole, clause=judged.clause_id, checks=about["checks"], brief=brief)
