"""What the first page takes from the service levels: clauses of its opening, and briefs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reviewlib.rates import kept
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import (
    BY_CHANCE,
    BY_DEFAULT,
    ON_DEFAULT,
    ONE_BY_DEFAULT,
    READ_BY_DEFAULT,
)
from reviewlib.report.text import EMPTY, N_, Message, Text, sentences
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit
from reviewlib.service import clauses, results
from reviewlib.service.defaults import by_priority
from reviewlib.service.ramp_up import ramp_ups
from reviewlib.service.sensitivity.interpretations import BEFORE

if TYPE_CHECKING:
    from reviewlib.service.service_levels.verdicts import JudgedPriority

NAMED = 2  # priorities that a clause of the opening names
REMARKS = 2  # what a brief says of a threshold that was missed, besides its figures
WITHIN_CHANCE = N_("Chance alone may leave such a gap.")
AFTER_RAMP_UP = N_("Without the ramp-up: {share}.")
BY_EARLIER_TERMS = N_("By the terms before {amendment:ref}: {share:percent}.")
"""What would have met a threshold that was missed."""
ALL_MET = {
    "response": N_("response times were met"),
    "resolution": N_("resolution times were met"),
}
URGENT_LATE = {
    "response": N_("urgent tickets ({names:commas}) were too often answered late"),
    "resolution": N_("urgent tickets ({names:commas}) were too often resolved late"),
}
SOME_LATE = {
    "response": N_("{name} tickets were too often answered late"),
    "resolution": N_("{name} tickets were too often resolved late"),
}
SEVERAL_LATE = {
    "response": N_("tickets of {n} priorities were too often answered late"),
    "resolution": N_("tickets of {n} priorities were too often resolved late"),
}
"""By measure, as what follows. Of some, the one with the most tickets late is named: the sentence
that opens the review is short. Of several, where more than ``NAMED``."""
LATE = {
    "response": N_("tickets past their time to answer"),
    "resolution": N_("tickets past their time to resolve"),
}
"""Of what counts the open ones too."""
ALSO = N_("Also {parts:commas}.")
ALSO_MISSED = N_("{priority}: {late} of {n}")
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
        beyond = [one for one in failed if not one.by_chance] or failed
        missed = [*dict.fromkeys(one.priority for one in beyond)]
        if missed:
            first = set(missed) == {*urgency[: len(missed)]} and len(missed) < len(urgency)
            words = URGENT_LATE if first else SOME_LATE
            words = words if len(missed) <= NAMED else SEVERAL_LATE
            most = max(beyond, key=late)
            named = [most] if words is SOME_LATE else beyond
            about = {"names": missed, "name": most.priority, "n": len(missed)}
            sentence = _by_default(words[measure].filled(about), named, READ_BY_DEFAULT)
            chance = all(one.by_chance and one.held is False for one in failed)
            sentence = BY_CHANCE(label=sentence) if chance else sentence
            c.clause(Kind.CONCERN, sentence, 4 if chance else 1)
        elif own and all(one.holds for one in own):
            c.clause(Kind.STRENGTH, _by_default(all_met, own, READ_BY_DEFAULT), 1)


def _by_default(what: Text, judged: Sequence[JudgedPriority], all_of_it: Message) -> Text:
    """Return what is said of some thresholds, with the one of them that rests on a default.

    ``all_of_it``: how it is marked where several do, or the one that there is.
    """
    resting = [one for one in judged if one.basis]
    if len(resting) == 1 < len(judged):
        return ONE_BY_DEFAULT(policy=what, name=resting[0].priority)
    return all_of_it(policy=what) if resting else what


def late(judged: JudgedPriority) -> int:
    """Return how many tickets of a priority are late for certain."""
    return int(judged.volume - judged.count.met - judged.count.uncertain)


def _outweighing(others: Sequence[JudgedPriority], one: JudgedPriority) -> list[JudgedPriority]:
    """Return the missed thresholds of a clause that stand on the first page, most tickets first.

    Those beyond chance; without any, those within.
    """
    missed = [other for other in others if other.clause_id == one.clause_id and other.held is False]
    beyond = [other for other in missed if not other.by_chance] or missed
    return sorted(beyond, key=late, reverse=True)


def missed(c: Chapter, every: Sequence[JudgedPriority], judged: JudgedPriority) -> Brief | None:
    """Return what the first page says of a threshold that was missed, and what it rests on.

    A clause stands there once, by the priority with the most tickets late, of ``every`` one that
    was judged; the others are named beside it.
    """
    first, *rest = _outweighing(every, judged)
    if first is not judged:
        return None
    count, measure, target = judged.count, judged.clause.measure, judged.thresholds[0]
    most, of = count.met + count.uncertain, judged.volume
    share, threshold = clauses.share_and_threshold(count.met, count.n, target)
    obtained = OBTAINED(share=share) if judged.has_share else AT_MOST(share=most / of)
    about = {"priority": judged.priority, "obtained": obtained, "target": threshold}
    by_chance = judged.by_chance
    also = [
        ALSO_MISSED(priority=one.priority, late=late(one), n=one.volume) for one in rest[:NAMED]
    ]
    remarks = [
        also and ALSO(parts=also),
        judged.basis and ON_DEFAULT,
        by_chance and WITHIN_CHANCE,
        *_otherwise_met(c, judged),
    ]
    return Brief(
        sentences(MISSED[measure](**about), *[one for one in remarks if one][:REMARKS]),
        AtStake(late(judged), Unit.COUNT, LATE[measure], of=of),
        topic=judged.clause_id,
        side=Side.PROVIDER,
        by_chance=by_chance,
    )


def _otherwise_met(c: Chapter, judged: JudgedPriority) -> Iterator[Text]:
    """Yield what would have met a threshold: its tickets after the ramp-up, the earlier terms."""
    contract, target = c.review.contract, judged.thresholds[0]
    after = judged.without(ramp_ups(contract, judged.clause_id))
    if after is not None and kept(after.met, after.n, target):
        yield AFTER_RAMP_UP(share=clauses.share_and_threshold(after.met, after.n, target)[0])
    readings = results.readings(c.review)
    rows = (
        None if readings is None else by_priority(readings).get((judged.clause_id, judged.priority))
    )
    for row in () if rows is None else rows[rows["kept"].eq(True)].itertuples():
        if row.reading.startswith(BEFORE):
            number = int(row.reading.removeprefix(BEFORE))
            amendment = contract.amendments[number - 1].id
            yield BY_EARLIER_TERMS(amendment=amendment, share=row.share)


def missed_months(judged: JudgedPriority, missed: int, months: int, in_ramp_up: Text) -> Brief:
    """Return what the first page says of a threshold that was missed in some months.

    ``in_ramp_up``: how many of them are in the ramp-up, in words; "" without any.
    """
    sentence = sentences(
        MONTHS_MISSED[judged.clause.measure](priority=judged.priority),
        in_ramp_up,
        ON_DEFAULT if judged.basis else EMPTY,
    )
    stake = AtStake(missed, Unit.COUNT, BELOW, of=months)
    topic = judged.clause_id
    return Brief(sentence, stake, topic=topic, side=Side.PROVIDER)


def held(judged: Sequence[JudgedPriority], one: JudgedPriority) -> Brief | None:
    """Return, for the first threshold of a clause that was met, which ones were."""
    own = [other for other in judged if other.clause_id == one.clause_id]
    met = [other.priority for other in own if other.held]
    if not met or one.priority != met[0]:
        return None
    measure, every = one.clause.measure, 1 < len(met) == len(own)
    text: Text = ALL_HELD[measure](n=len(met)) if every else HELD[measure](names=met)
    text = _by_default(text, [other for other in own if other.held], BY_DEFAULT)
    return Brief(text, topic=one.clause_id, side=Side.PROVIDER)
