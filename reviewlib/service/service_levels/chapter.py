"""Service levels: what the contract asked, what the log shows, clause by clause (F1)."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.calendars.zones import local_days
from reviewlib.contract import Contract
from reviewlib.contract.parties import Period, within
from reviewlib.ids import among
from reviewlib.rates import OF_SHARE, compliance
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import SPAN, quoted, so_far, verdict_on
from reviewlib.report.text import EMPTY, N_, Text, listed, sentences
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review
from reviewlib.service import clauses, results
from reviewlib.service.amendments.metrics import changed_targets
from reviewlib.service.amendments.words import settled_words
from reviewlib.service.clauses import NO_CLAUSE, PAUSE_BOUNDS, UNKNOWN, priority_id
from reviewlib.service.log import Log
from reviewlib.service.ramp_up import begins_in, ramp_ups
from reviewlib.service.service_levels import charts, front, metrics, tables, words
from reviewlib.service.service_levels.periods import comparable, opened_in
from reviewlib.service.service_levels.verdicts import JudgedPriority, add_verdicts
from reviewlib.service.words import ramp_up_days

OUTSIDE_PERIOD = ("inherited", "after_end")  # why a ticket opened outside the period is left out
NAMED = 20  # statuses that a caveat names
MISSED = 2  # thresholds that the headline names


def service_levels(review: Review) -> Section:
    """Return the chapter on response and resolution within the contract's targets."""
    c = Chapter(review, "service_levels", N_("Service levels"))
    log, verdicts = results.log(review), results.verdicts(review)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    if not review.contract.clause_ids():
        return _without_target(c)
    if review.period and verdicts.empty:
        return c.not_assessed(review.absent("tickets"))
    c.period = so_far(review)
    judged = add_verdicts(c, log, verdicts)
    _headline(c, judged)
    front.add_clauses(c, judged)
    c.intro(words.INTRO)
    _recorded(c)
    if review.is_earlier:
        return c.section()
    _amended(c)
    _sensitive(c, verdicts)
    charts.levels(c, judged)
    charts.by_month(c, judged)
    tables.by_priority(c, verdicts)
    for clause_id, of_clause in verdicts.groupby("clause", sort=False):
        tables.by_clause(c, str(clause_id), of_clause)
    _cut_months(c, judged)
    _caveats(c, log, verdicts)
    return c.section()


def _without_target(c: Chapter) -> Section:
    c.fact("met", N_("Tickets in time"), None, Unit.SHARE, because=NO_CLAUSE)
    _recorded(c)
    if len(c.facts) == 1:
        return c.not_assessed(NO_CLAUSE)
    c.headline(N_("Not assessed, because {because}.")(because=NO_CLAUSE))
    c.caveat("recorded", words.FLAG_ONLY)
    return c.section()


def _headline(c: Chapter, judged: list[JudgedPriority]) -> None:
    """Count the thresholds met, and name those that were not, or that pauses leave open."""
    decided = [fact for fact in c.facts if fact.met is not None]
    missed = [verdict_on(fact) for fact in decided if not fact.met]
    without = sum(part.unsettled for one in judged for part in (one, *one.parts()))
    reached = words.thresholds_met(len(decided) - len(missed), len(decided), without)
    c.headline(reached if decided else N_("No threshold of the contract could be compared."))
    if missed:
        c.headline(N_("Missed: {names}.")(names=listed(missed, MISSED)))
    open_ones = [f for f in c.facts if f.met is None and f.interval and f.value is None]
    paused = [f.label for f in open_ones if f.interval and f.interval.method is PAUSE_BOUNDS]
    unknown = [f.label for f in open_ones if f.interval and f.interval.method is not PAUSE_BOUNDS]
    undated = [one.label for one in judged if one.count.undated]
    for sentence, labels in zip(words.OPEN_ONES, (paused, unknown, undated), strict=True):
        if labels:
            c.headline(sentence(names=listed(labels, MISSED)))
    absent = sum(fact.value is None and fact.interval is None for fact in c.facts)
    c.caveat("not_compared", words.NOT_COMPARED, n=absent if decided else 0)


def _recorded(c: Chapter) -> None:
    """Add the tool's own flag by priority: shown as recorded, never as our verdict."""
    log = results.current(c.review)
    flags = metrics.recorded(log.tickets if log else pd.DataFrame(), c.review.contract.urgency)
    for priority, n, missed in flags.itertuples(index=False):
        name, label, share = "missed", N_("Recorded by the tool as missed"), missed
        if priority:
            name, share = f"kept.{priority_id(priority)}", 1 - missed
            label = N_("Recorded by the tool as met · {priority}")(priority=priority)
        own = f"recorded.{name}"
        c.fact(own, label, share, Unit.SHARE, n=n, period=EMPTY, source=words.FLAG)


# Amendments and sensitive periods


def _amended(c: Chapter) -> None:
    """Add a neutral finding per target that an amendment changed: both periods, both targets."""
    contract, compared = c.review.contract, results.amended(c.review)
    if compared is None:
        return
    keys = ["amendment", "clause", "priority"]
    counts, settled = (frame.set_index(keys) for frame in (compared.counts, compared.settled))
    for number, clause_id, priority in changed_targets(contract):
        if contract.effective_from[number] > c.review.as_of:
            continue
        amendment, versions = contract.amendments[number - 1], contract.versions
        old, new = (versions[n].clauses[clause_id].targets[priority] for n in (number - 1, number))
        shares = {
            f"{count.period}_{count.terms}": clauses.counted_words(count)
            for count in counts.loc[(number, clause_id, priority)].itertuples()
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
        own = [(number, clause_id, priority)]
        both = (frame.loc[own].reset_index() for frame in (counts, settled))
        whole = sentences(sentence, settled_words(contract, *both), words.NO_CAUSE)
        again = f"amendments.{number}.{place}"
        c.neutral(f"{place}.amendment.{number}", whole, clause=clause_id, restates=again)


def _sensitive(c: Chapter, verdicts: pd.DataFrame) -> None:
    """Add, per sensitive period begun, the tickets opened in it against what they compare with."""
    contract = c.review.contract
    for number, period in enumerate(contract.sensitive_periods, start=1):
        if not _meets(c.review, period):
            continue
        inside = opened_in(contract, verdicts, period)
        parts = [
            _within_and_outside(contract, of_clause, inside[of_clause.index])
            for _clause, of_clause in verdicts.groupby("clause", sort=False)
        ]
        sentence = words.SENSITIVE(title=period.title, first=period.first, last=period.last)
        c.neutral(f"sensitive.{number}", sentences(sentence, *parts))


def _meets(review: Review, period: Period) -> bool:
    """Tell whether a period of the contract has begun, and is in that of the review, if any."""
    begun = period.first <= review.today.date()
    return begun and (review.period is None or period.last >= review.period.first)


def _within_and_outside(contract: Contract, verdicts: pd.DataFrame, inside: pd.Series) -> Text:
    """Return the compliance within a period and outside, and their difference, of one clause."""
    outside = comparable(contract, verdicts, inside)
    within, rest = (next(compliance(verdicts[own], []).itertuples()) for own in (inside, outside))
    left_out = verdicts.loc[~inside & ~outside, "outcome"].isin(OF_SHARE).sum()
    about = {
        "clause": contract.clause(str(verdicts["clause"].iloc[0])).title,
        "within": clauses.counted_words(within),
        "outside": clauses.counted_words(rest),
    }
    both = pd.notna(within.share) and pd.notna(rest.share)
    tested = clauses.difference_words(within, rest) if both else EMPTY
    sentence = (words.DIFFERING if tested else words.WITHIN_AND_OUTSIDE).filled(
        about | {"difference": tested}
    )
    left = words.LEFT_OUT(n=left_out, clause=about["clause"]) if left_out else EMPTY
    return sentences(sentence, left, _not_spared(contract, verdicts[outside]))


def _not_spared(contract: Contract, rest: pd.DataFrame) -> Text:
    """Say that tickets of the ramp-up of another clause are in the rest of one that has none."""
    clause_id = str(rest["clause"].iloc[0]) if len(rest) else ""
    others = {period for one in contract.clause_ids() for period in ramp_ups(contract, one)}
    if ramp_ups(contract, clause_id) or not begins_in(rest["month"], others).any():
        return EMPTY
    return words.NO_RAMP_UP(clause=contract.clause(clause_id).title, days=ramp_up_days(others))


# Caveats


def _cut_months(c: Chapter, judged: Iterable[JudgedPriority]) -> None:
    """Add the months of a period that it has in part, where a clause is assessed by the month."""
    period, whole = c.review.period, c.review.contract.period
    if period is None or not any(one.clause.assessed == "month" for one in judged):
        return
    days = ReviewPeriod(max(period.first, whole.first), min(period.last, whole.last))
    parts = [SPAN(first=one.first, last=one.last) for one in days.cut_months]
    c.caveat("cut_months", words.CUT_MONTHS(parts=parts), when=bool(parts))


def _caveats(c: Chapter, log: Log, verdicts: pd.DataFrame) -> None:
    """Add what the log and the tables don't tell, and what it leaves open."""
    because = words.NONE_DEFINED if log.tells("status") else words.NO_STATUS
    c.caveat("no_log", words.NO_LOG(because=because), when=not log.has_statuses)
    by_former = _by_former_priority(c.review.contract)
    priorities = words.NO_PRIORITIES(clauses=by_former)
    c.caveat("priorities", priorities, when=bool(by_former) and log.known_events is None)
    uncovered = _uncovered(c.review)
    c.caveat("silent", words.SILENT, n=len(log.silent), when=log.has_statuses)
    c.caveat("uncovered", words.UNCOVERED, n=uncovered.sum())
    c.caveat("outside", words.OUTSIDE, n=_outside(c, log, verdicts).sum())
    left_out = verdicts.loc[verdicts["because"].isin(OUTSIDE_PERIOD), "ticket_id"].nunique()
    c.caveat("not_of_the_period", words.NOT_OF_THE_PERIOD, n=left_out)
    paused = (verdicts["outcome"] == "late_or_paused").sum()
    c.caveat("paused", words.PAUSED, n=paused)
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


def _uncovered(review: Review) -> pd.Series:
    """Tell which tickets, of those of the review's period, no clause covers."""
    log = results.current(review)
    ids = pd.Series(dtype="str") if log is None else log.tickets["ticket_id"]
    return ~among(ids, results.current_verdicts(review)["ticket_id"])


def _by_former_priority(contract: Contract) -> list[str]:
    """Return the clauses that count the first or the highest priority of a ticket."""
    named = [pair for terms in contract.versions for pair in terms.clauses.items()]
    return [*dict.fromkeys(name for name, clause in named if clause.priority != "final")]


def _outside(c: Chapter, log: Log, verdicts: pd.DataFrame) -> pd.Series:
    """Tell which tickets that are judged were opened outside the contract's period."""
    day = local_days(log.tickets["opened_at"], c.review.contract.time_zone)
    outside = ~within(day, [c.review.contract.period])
    left = verdicts.loc[verdicts["outcome"] != "excluded", "ticket_id"]
    return outside & among(log.tickets["ticket_id"], left)
