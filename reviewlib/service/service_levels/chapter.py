"""Service levels: what the contract asked, what the log shows, clause by clause (F1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from reviewlib.calendars.zones import local_days
from reviewlib.contract import Clause, Contract
from reviewlib.ids import among
from reviewlib.rates import compliance, kept
from reviewlib.report.chapter import Chapter, FactFields
from reviewlib.report.phrases import quoted, so_far
from reviewlib.report.text import EMPTY, N_, Shown, Text, listed, sentences
from reviewlib.report.values import Checks, Fact, Kind, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import clauses, results
from reviewlib.service.amendments.metrics import changed_targets
from reviewlib.service.clauses import NO_CLAUSE, UNKNOWN, measure_id, priority_id
from reviewlib.service.log import Log
from reviewlib.service.service_levels import metrics, tables, words
from reviewlib.service.thresholds import by_month, stated

EVIDENCE = 200  # rows that a finding names, the furthest over first
NAMED = 20  # statuses that a caveat names


def service_levels(review: Review) -> Section:
    """Return the chapter on response and resolution within the contract's targets."""
    c = Chapter(review, "service_levels", N_("Service levels"))
    log, verdicts = results.log(review), results.verdicts(review)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    if not review.contract.clause_ids():
        return _without_target(c, log)
    c.period = so_far(review)
    judged = list(_judged(review.contract, verdicts))
    for priority in judged:
        # where tickets have several thresholds the whole has none, and those under each a figure
        for part in (priority, *priority.parts()):
            _compliance(c, log, part)
    for priority in judged:
        if priority.clause.assessed == "month":
            _months_kept(c, priority)
    _headline(c)
    c.intro(words.INTRO)
    _recorded(c, log.tickets)
    _amended(c)
    _sensitive(c, verdicts)
    tables.by_priority(c, verdicts)
    for clause_id, of_clause in verdicts.groupby("clause", sort=False):
        tables.by_clause(c, str(clause_id), of_clause)
    _caveats(c, log, verdicts)
    return c.section()


def _without_target(c: Chapter, log: Log) -> Section:
    c.fact("met", N_("Tickets in time"), None, Unit.SHARE, because=NO_CLAUSE)
    _recorded(c, log.tickets)
    if len(c.facts) == 1:
        return c.not_assessed(NO_CLAUSE)
    c.headline(N_("Not assessed, because {because}.")(because=NO_CLAUSE))
    c.caveat("recorded", words.FLAG_ONLY)
    return c.section()


# The verdict on each threshold


@dataclass(frozen=True)
class JudgedPriority:
    """What a verdict is on: a priority under a clause, its tickets and their thresholds.

    ``measure`` and ``name``: what an id names the clause and the priority by.
    """

    clause_id: str
    clause: Clause
    label: Text
    measure: str
    name: str
    verdicts: pd.DataFrame
    thresholds: tuple[float, ...]

    @cached_property
    def count(self) -> Any:
        """The counts of its verdicts, and its share in time."""
        return next(compliance(self.verdicts, []).itertuples())

    @property
    def threshold(self) -> float | None:
        """The threshold that all of its tickets have."""
        return self.thresholds[0] if len(self.thresholds) == 1 else None

    @property
    def held(self) -> bool | None:
        """Whether its threshold is kept, where it binds: a count, given at any n."""
        binds = self.clause.assessed == "contract" and self.count.n >= self.clause.minimum_volume
        if self.threshold is None or not binds:
            return None
        return kept(self.count.met, self.count.n, self.threshold)

    @property
    def checks(self) -> Checks | None:
        """The commitment that its threshold is, where it binds."""
        return None if self.held is None else Checks(Side.PROVIDER, int(self.held), 1)

    def parts(self) -> Iterator[JudgedPriority]:
        """Yield the part that has each of its thresholds, where they are several."""
        for threshold in self.thresholds if len(self.thresholds) > 1 else ():
            yield dataclasses.replace(
                self,
                label=words.AT(label=self.label, threshold=clauses.threshold_words(threshold)),
                name=f"{self.name}.at_{clauses.plain_id(f'{threshold * 100:g}')}",
                verdicts=self.verdicts[self.verdicts["threshold"] == threshold],
                thresholds=(threshold,),
            )


def _judged(contract: Contract, verdicts: pd.DataFrame) -> Iterator[JudgedPriority]:
    for clause_id, priority, thresholds in stated(contract, verdicts):
        of_both = (verdicts["clause"] == clause_id) & (verdicts["priority"] == priority)
        yield JudgedPriority(
            clause_id,
            contract.clause(clause_id),
            clauses.judged_as(contract, clause_id, priority),
            measure_id(contract, clause_id),
            priority_id(priority),
            verdicts[of_both],
            thresholds,
        )


def _compliance(c: Chapter, log: Log, judged: JudgedPriority) -> None:
    """Add a share in time, and the verdict on its threshold where it binds."""
    count = judged.count
    replied = judged.clause.measure == "response"
    in_log = log.tells("public_reply") if replied else log.has_statuses
    source = words.FROM_LOG if in_log else words.FROM_TICKETS
    c.rate(
        f"{judged.measure}.met.{judged.name}",
        judged.label,
        count.met,
        count.n,
        target=judged.threshold,
        met=judged.held,
        clause=judged.clause_id,
        source=source if count.n else EMPTY,
        note=_note(judged),
        checks=judged.checks,
    )
    if judged.held is not None:
        _verdict(c, judged, judged.held)


def _note(judged: JudgedPriority) -> Text:
    """Return why there is no share or no verdict, or what the rounding of the share would hide."""
    clause, count, thresholds = judged.clause, judged.count, judged.thresholds
    for holds, reason in (
        (not count.total, words.NO_TICKET),
        (not count.n, words.NONE_DECIDED),
        (len(thresholds) > 1, words.SEVERAL_THRESHOLDS),
        (not thresholds, words.NO_THRESHOLD),
        (clause.assessed == "month", words.BY_THE_MONTH),
        (count.n < clause.minimum_volume, words.TOO_FEW(least=clause.minimum_volume)),
    ):
        if holds:
            return reason
    share, target = clauses.share_and_threshold(count.met, count.n, thresholds[0])
    hidden = share != Shown(count.share, "percent.1")
    return words.UNROUNDED(share=share, target=target) if hidden else EMPTY


def _verdict(c: Chapter, judged: JudgedPriority, held: bool) -> None:
    """Add the verdict on a threshold, its count and the tickets furthest over their target."""
    met, n = judged.count.met, judged.count.n
    late = judged.verdicts[judged.verdicts["outcome"] == "breached"]
    late = late.assign(over=late["elapsed"] - late["target"])
    late = late.sort_values(["over", "ticket_id"], ascending=[False, True])
    share, target = clauses.share_and_threshold(met, n, judged.thresholds[0])
    sentence = words.KEPT if held else words.NOT_KEPT
    c.find(
        Kind.STRENGTH if held else Kind.CONCERN,
        f"{judged.measure}.{judged.name}",
        sentence(label=judged.label, share=share, met=met, n=n, target=target),
        about=None if held else late["ticket_id"],
        evidence=EVIDENCE,
        decision=EMPTY if held else words.RECOVERY(label=judged.label, clause=judged.clause_id),
        clause=judged.clause_id,
        checks=judged.checks,
    )


def _months_kept(c: Chapter, judged: JudgedPriority) -> None:
    """Add the months that kept the threshold, of a clause assessed by the month."""
    months = by_month(compliance(judged.verdicts, ["month", "threshold"]), judged.clause)
    binding = months[months["binds"]]
    n, small, reached = len(binding), len(months) - len(binding), int(binding["kept"].sum())
    name = f"{judged.measure}.months.{judged.name}"
    label = N_("{label}: months in which the threshold was kept")(label=judged.label)
    value, met = (reached, reached == n) if n else (None, None)
    note = words.SMALL_MONTHS(n=small) if small else EMPTY if n else words.NONE_DECIDED
    checks = Checks(Side.PROVIDER, reached, n)
    about: FactFields = {"clause": judged.clause_id, "note": note, "checks": checks}
    about |= {"n": n, "met": met}
    c.fact(name, label, value, **about)
    if n == 0:
        return
    missed = [c.of_row(words.MONTH, row) for row in binding[~binding["kept"]].itertuples()]
    not_kept = N_("Not kept: {months:commas}.")(months=missed) if missed else EMPTY
    counted = N_("{label}: {kept} of {n}.")(label=label, kept=reached, n=n)
    kind, sentence = Kind.CONCERN if missed else Kind.STRENGTH, sentences(counted, not_kept)
    c.find(kind, name, sentence, clause=judged.clause_id, checks=checks)


def _headline(c: Chapter) -> None:
    """Count the thresholds kept, and name those that were not."""
    decided = [fact for fact in c.facts if fact.met is not None]
    if not decided:
        c.headline(N_("No threshold of the contract could be compared."))
        return
    missed = [
        N_("{label} ({obtained})")(label=fact.label, obtained=_obtained(fact))
        for fact in decided
        if not fact.met
    ]
    counted = N_("Thresholds kept: {kept} of {all}.")
    c.headline(counted(kept=len(decided) - len(missed), all=len(decided)))
    if missed:
        c.headline(N_("Not kept: {names}.")(names=listed(missed)))
    if absent := sum(fact.value is None for fact in c.facts):
        c.headline(N_("Not compared: {n}.")(n=absent))


def _obtained(fact: Fact) -> Text:
    """Return what a fact says in words: a share, or how many of its months."""
    if fact.unit is Unit.SHARE:
        return Shown(fact.value, "share")
    return N_("{kept} of {n}")(kept=fact.value, n=fact.n)


def _recorded(c: Chapter, tickets: pd.DataFrame) -> None:
    """Add the tool's own flag by priority: shown as recorded, never as our verdict."""
    for priority, n, missed in metrics.recorded(tickets).itertuples(index=False):
        name, label, share = "missed", N_("Recorded by the tool as missed"), missed
        if priority:
            name, share = f"kept.{priority_id(priority)}", 1 - missed
            label = N_("Recorded by the tool as kept · {priority}")(priority=priority)
        own = f"recorded.{name}"
        c.fact(own, label, share, Unit.SHARE, n=n, period=EMPTY, source=words.FLAG)


# Amendments and sensitive periods


def _amended(c: Chapter) -> None:
    """Add a neutral finding per target that an amendment changed: both periods, both targets."""
    contract, compared = c.review.contract, results.amended(c.review)
    if compared is None:
        return
    counts = compared.counts.set_index(["amendment", "clause", "priority"])
    for number, clause_id, priority in changed_targets(contract):
        if contract.effective_from[number] > c.review.as_of:
            continue
        amendment, versions = contract.amendments[number - 1], contract.versions
        old, new = (versions[n].clauses[clause_id].targets[priority] for n in (number - 1, number))
        shares = {
            f"{count['period']}_{count['terms']}": clauses.counted_words(count)
            for _place, count in counts.loc[(number, clause_id, priority)].iterrows()
        }
        sentence = words.AMENDED(
            amendment=amendment.id,
            date=amendment.effective,
            priority=priority,
            clause=clause_id,
            old=clauses.target_words(old),
            new=clauses.target_words(new),
            **shares,
        )
        place = clauses.judged_id(contract, clause_id, priority)
        again = f"amendments.{number}.{place}"
        c.neutral(f"{place}.amendment.{number}", sentence, clause=clause_id, restates=again)


def _sensitive(c: Chapter, verdicts: pd.DataFrame) -> None:
    """Add, per sensitive period begun, the compliance of the tickets opened in it and outside."""
    contract = c.review.contract
    day = local_days(verdicts["opened_at"], contract.time_zone)
    for number, period in enumerate(contract.sensitive_periods, start=1):
        if period.first > c.review.today.date():
            continue
        inside = day.between(pd.Timestamp(period.first), pd.Timestamp(period.last))
        parts = [
            words.WITHIN_AND_OUTSIDE(
                clause=contract.clause(str(clause_id)).title,
                within=clauses.share_words(of_clause[inside[of_clause.index]]),
                outside=clauses.share_words(of_clause[~inside[of_clause.index]]),
            )
            for clause_id, of_clause in verdicts.groupby("clause", sort=False)
        ]
        sentence = words.SENSITIVE(title=period.title, first=period.first, last=period.last)
        c.neutral(f"sensitive.{number}", sentences(sentence, *parts))


# Caveats


def _caveats(c: Chapter, log: Log, verdicts: pd.DataFrame) -> None:
    """Add what the log and the tables don't tell, and what it leaves open."""
    because = words.NONE_DEFINED if log.tells("status") else words.NO_STATUS
    c.caveat("no_log", words.NO_LOG(because=because), when=not log.has_statuses)
    uncovered = ~among(log.tickets["ticket_id"], verdicts["ticket_id"])
    c.caveat("silent", words.SILENT, n=len(log.silent), when=log.has_statuses)
    c.caveat("uncovered", words.UNCOVERED, n=uncovered.sum())
    c.caveat("outside", words.OUTSIDE, n=_outside(c, log, verdicts).sum())
    c.caveat("running", words.RUNNING, n=(verdicts["outcome"] == "running").sum())
    unsure = verdicts.loc[verdicts["because"].isin(list(UNKNOWN)), "because"]
    why = unsure.astype("str").value_counts()
    parts = [
        N_("{reason} ({n})")(reason=UNKNOWN[name], n=why[name]) for name in UNKNOWN if name in why
    ]
    unknown = sentences(words.UNDECIDABLE(n=why.sum()), words.REASONS(parts=parts))
    c.caveat("unknown", unknown, when=bool(parts))
    undefined = log.spans.loc[log.spans["state"].isna(), "status"].dropna().unique()
    statuses = words.UNDEFINED(names=quoted(sorted(undefined)[:NAMED]))
    c.caveat("statuses", statuses, when=len(undefined) > 0 and log.has_statuses)


def _outside(c: Chapter, log: Log, verdicts: pd.DataFrame) -> pd.Series:
    """Tell which tickets that are judged were opened outside the contract's period."""
    period = c.review.contract.period
    day = local_days(log.tickets["opened_at"], c.review.contract.time_zone)
    outside = ~day.between(pd.Timestamp(period.first), pd.Timestamp(period.last))
    left = verdicts.loc[verdicts["outcome"] != "excluded", "ticket_id"]
    return outside & among(log.tickets["ticket_id"], left)
