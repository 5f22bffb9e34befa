"""The words of the first page that are joined there: its opening sentence, what is at stake."""

from __future__ import annotations

from collections.abc import Iterable

from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_
from reviewlib.report.values import AtStake, Front

WORDS = 32  # of the sentence that opens the page
STRENGTHS, CONCERNS = 2, 3  # clauses in it, where they have the room
HELD_BUT = N_("{held:all}, but {missed:all}")
SENTENCE = N_("{clauses:capital}.")
OF_WHOLE = N_("{value} of {whole}")
RANGE = N_("{low} to {high}")


def opening(front: Front, wording: Wording) -> str:
    """Return the sentence that opens the page: what held, then what did not, in at most 32 words.

    Without a clause it is "".
    """
    concerns, strengths = front.concerns[:1], front.strengths[:1]
    for more in range(2, max(STRENGTHS, CONCERNS) + 1):
        for wider in (
            (front.concerns[: min(more, CONCERNS)], strengths),
            (concerns, front.strengths[: min(more, STRENGTHS)]),
        ):
            if len(_joined(*wider, wording).split()) <= WORDS:
                concerns, strengths = wider
    return _joined(concerns, strengths, wording)


def _joined(concerns: Iterable[object], strengths: Iterable[object], wording: Wording) -> str:
    missed, held = tuple(concerns), tuple(strengths)
    if not missed and not held:
        return ""
    both = HELD_BUT(held=held, missed=missed)
    return wording.say(
        SENTENCE(clauses=both if missed and held else N_("{clauses:all}")(clauses=missed or held))
    )


def staked(stake: AtStake, wording: Wording) -> str:
    """Return a value at stake: 61 of 89, €9,450 to €10,070, 165 days."""
    value = wording.shown(stake.value, stake.unit)
    if stake.high is not None and stake.high != stake.value:
        value = wording.say(RANGE(low=value, high=wording.shown(stake.high, stake.unit)))
    if stake.of is not None:
        return wording.say(OF_WHOLE(value=value, whole=wording.shown(stake.of, stake.unit)))
    return value
