"""The words of the first page that are joined there: its opening sentence, what is at stake."""

from __future__ import annotations

from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_
from reviewlib.report.values import AtStake, Front

WORDS = 32  # of the sentence that opens the page
WIDER = ((0, 1), (1, 0), (0, 1))  # clauses more where they have the room: held, missed
HELD_BUT = N_("{held:all}, but {missed:all}")
SENTENCE = N_("{clauses:capital}.")
OF_WHOLE = N_("{value} of {whole}")
RANGE = N_("{low} to {high}")


def opening(front: Front, wording: Wording) -> str:
    """Return the sentence that opens the page: what held, then what did not, in at most 32 words.

    Without a clause it is "".
    """
    held, missed = 1, 1
    for more_held, more_missed in WIDER:
        wider = _joined(front, held + more_held, missed + more_missed, wording)
        if len(wider.split()) <= WORDS:
            held, missed = held + more_held, missed + more_missed
    return _joined(front, held, missed, wording)


def _joined(front: Front, held: int, missed: int, wording: Wording) -> str:
    strengths, concerns = front.strengths[:held], front.concerns[:missed]
    if not strengths and not concerns:
        return ""
    every = N_("{clauses:all}")(clauses=concerns or strengths)
    both = HELD_BUT(held=strengths, missed=concerns) if strengths and concerns else every
    return wording.say(SENTENCE(clauses=both))


def staked(stake: AtStake, wording: Wording) -> str:
    """Return a value at stake: 61 of 89, €9,450 to €10,070, 165 days."""
    value = wording.shown(stake.value, stake.unit)
    if stake.high is not None and stake.high != stake.value:
        value = wording.say(RANGE(low=value, high=wording.shown(stake.high, stake.unit)))
    if stake.of is not None:
        return wording.say(OF_WHOLE(value=value, whole=wording.shown(stake.of, stake.unit)))
    return value
