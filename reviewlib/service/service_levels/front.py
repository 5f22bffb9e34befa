"""What the first page takes from the service levels: clauses of its opening, and briefs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewlib.rates import wilson
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import BY_DEFAULT, ON_DEFAULT, READ_BY_DEFAULT
from reviewlib.report.text import N_, Text, sentences
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit
from reviewlib.service import clauses

if TYPE_CHECKING:
    from reviewlib.service.service_levels.verdicts import JudgedPriority

NAMED = 2  # priorities that a clause of the opening names
WITHIN_CHANCE = N_("Chance alone may leave such a gap.")
ALL_MET = {
    "response": N_("response times were met"),
    "resolution": N_("resolution times were met"),
}
URGENT_LATE = {
    "response": N_("urgent tickets ({names:commas}) were too often answered late"),
    "resolution": N_("urgent tickets ({names:commas}) were too often resolved late"),
}
SOME_LATE = {
    "response": N_("{names:all} tickets were too often answered late"),
    "resolution": N_("{names:all} tickets were too often resolved late"),
}
SEVERAL_LATE = {
    "response": N_("tickets of {n} priorities were too often answered late"),
    "resolution": N_("tickets of {n} priorities were too often resolved late"),
}
"""By measure, as what follows. Of several, where more than ``NAMED``."""
LATE = {
    "response": N_("tickets answered late"),
    "resolution": N_("tickets resolved late"),
}
MISSED = {
    "response": N_("Response to {priority} tickets: {obtained}, for a threshold of {target}."),
    "resolution": N_("Resolution of {priority} tickets: {obtained}, for a threshold of {target}."),
}
MONTHS_MISSED = {
    "response": N_("Response to {priority} tickets: below its threshold in some months."),
    "resolution": N_("Resolution of {priority} tickets: below its threshold in some months."),
}
BELOW = N_("months below the threshold")
OBTAINED, AT_MOST = N_("{share} in time"), N_("at most {share:percent} in time")
ALL_HELD = {
    "response": N_("all {n} response thresholds"),
    "resolution": N_("all {n} resolution thresholds"),
}
HELD = {
    "response": N_("response thresholds met: {names:all}"),
    "resolution": N_("resolution thresholds met: {names:all}"),
}


def add_clauses(c: Chapter, judged: list[JudgedPriority]) -> None:
    """Add, of each measure, that all its thresholds were met, or at which priorities not."""
    urgency = c.review.contract.urgency
    for measure, all_met in ALL_MET.items():
        own = [one for one in judged if one.clause.measure == measure]
        failed = [one for one in own if one.holds is False]
        beyond = [one for one in failed if not is_by_chance(one)] or failed
        missed = [*dict.fromkeys(one.priority for one in beyond)]
        if missed:
            first = set(missed) == {*urgency[: len(missed)]} and len(missed) < len(urgency)
            words = URGENT_LATE if first else SOME_LATE
            words = words if len(missed) <= NAMED else SEVERAL_LATE
            about = {"names": missed, "n": len(missed)}
            sentence = words[measure].filled(about)
            by_default = any(one.basis for one in beyond)
            c.clause(Kind.CONCERN, READ_BY_DEFAULT(policy=sentence) if by_default else sentence, 1)
        elif own and all(one.holds for one in own):
            by_default = any(one.basis for one in own)
            c.clause(Kind.STRENGTH, READ_BY_DEFAULT(policy=all_met) if by_default else all_met, 1)


def is_by_chance(judged: JudgedPriority) -> bool:
    """Whether the one threshold of a verdict lies within what chance leaves open (Wilson, 95 %)."""
    count = judged.count
    if len(judged.thresholds) != 1 or not count.n:
        return False
    low, high = wilson(int(count.met + count.late_or_paused), int(count.n))
    return low <= judged.thresholds[0] <= high


def missed(judged: JudgedPriority) -> Brief:
    """Return what the first page says of a threshold that was missed."""
    count, measure, target = judged.count, judged.clause.measure, judged.thresholds[0]
    most = count.met + count.late_or_paused
    share, threshold = clauses.share_and_threshold(count.met, count.n, target)
    obtained = AT_MOST(share=most / count.n) if count.late_or_paused else OBTAINED(share=share)
    about = {"priority": judged.priority, "obtained": obtained, "target": threshold}
    sentence, by_chance = MISSED[measure](**about), is_by_chance(judged)
    return Brief(
        sentences(sentence, judged.basis and ON_DEFAULT, by_chance and WITHIN_CHANCE),
        AtStake(int(count.n - most), Unit.COUNT, LATE[measure], of=int(count.n)),
        topic=judged.clause_id,
        side=Side.PROVIDER,
        by_chance=by_chance,
    )


def missed_months(judged: JudgedPriority, missed: int, months: int) -> Brief:
    """Return what the first page says of a threshold that was missed in some months."""
    sentence = MONTHS_MISSED[judged.clause.measure](priority=judged.priority)
    stake = AtStake(missed, Unit.COUNT, BELOW, of=months)
    topic = judged.clause_id
    return Brief(sentence, stake, topic=topic, side=Side.PROVIDER)


def held(judged: list[JudgedPriority], one: JudgedPriority) -> Brief | None:
    """Return, for the first threshold of a clause that was met, which ones were."""
    own = [other for other in judged if other.clause_id == one.clause_id]
    met = [other.priority for other in own if other.held]
    if not met or one.priority != met[0]:
        return None
    measure, every = one.clause.measure, 1 < len(met) == len(own)
    text: Text = ALL_HELD[measure](n=len(met)) if every else HELD[measure](names=met)
    by_default = any(other.basis for other in own if other.held)
    text = BY_DEFAULT(policy=text) if by_default else text
    return Brief(text, topic=one.clause_id, side=Side.PROVIDER)
