"""The words of the first page that are joined there: its opening sentence, what is at stake."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from reviewlib.pages.wording import Wording
from reviewlib.report.forms import HELD, OWED
from reviewlib.report.phrases import DEFAULTS
from reviewlib.report.text import EMPTY, LANGUAGES, N_, Joined, Message, Text
from reviewlib.report.values import VERDICT_WORDS, AtStake, Front

CONCERNS = 3  # clauses of what did not hold
HELD_BUT = N_("{held:all}, but {missed:all}")
SENTENCE = N_("{clauses:capital}.")
OF_WHOLE = N_("{value} of {whole}")
RANGE = N_("{low} to {high}")


def opening(front: Front, wording: Wording) -> str:
    """Return the sentence that opens the page: what held, then what did not; "" of neither."""
    return wording.say(_joined(front.strengths, front.concerns))


def settled(front: Front) -> Front:
    """Return a front with the clauses that its sentence has room for, in at most 32 words.

    They are the same in every language: what held first, up to three that did not, then a second
    one that held; one for which there is no room in some language is left out.
    """
    held: list[Text] = []
    missed: list[Text] = []
    turns = ((held, front.strengths[:1]), (missed, front.concerns), (held, front.strengths[1:2]))
    for chosen, clauses in turns:
        for clause in clauses:
            chosen.append(clause)
            if len(missed) > CONCERNS or not _is_short(_joined(held, missed)):
                chosen.pop()
    return dataclasses.replace(front, strengths=tuple(held), concerns=tuple(missed))


def _is_short(sentence: Text) -> bool:
    """Whether a sentence is short in every language; a space that does not break parts no words."""
    return all(len(Wording(one).say(sentence).split(" ")) <= VERDICT_WORDS for one in LANGUAGES)


def _joined(held: Sequence[Text], missed: Sequence[Text]) -> Text:
    if not held and not missed:
        return EMPTY
    every = N_("{clauses:all}")(clauses=tuple(missed or held))
    both = HELD_BUT(held=tuple(held), missed=tuple(missed)) if held and missed else every
    return SENTENCE(clauses=both)


def rests_on_default(front: Front) -> bool:
    """Whether the page says of something that it is so by default."""
    briefs = [one.brief for one in (*front.ranked, *front.held[:HELD]) if one.brief]
    owed = [one.brief.owes for of in front.owing for one in of.findings[:OWED] if one.brief]
    stakes = [one.stake for one in briefs] + [one for row in front.decisions for one in row.stakes]
    words = (
        *front.strengths,
        *front.concerns,
        *owed,
        *(one.text for one in briefs),
        *(one.words for one in stakes if one),
    )
    marks = {one.template for one in DEFAULTS}
    return any(template in marks for text in words for template in _templates(text))


def _templates(text: Any) -> Iterator[str]:
    """Yield the sentences of the catalogue that a text is made of."""
    if isinstance(text, Message):
        yield text.template
        text = tuple(value for _name, value in text.values)
    if isinstance(text, Joined):
        text = text.parts
    if isinstance(text, tuple):
        for part in text:
            yield from _templates(part)


def staked(stake: AtStake, wording: Wording) -> str:
    """Return a value at stake: 61 of 89, €9,450 to €10,070, 165 days."""
    value = wording.shown(stake.value, stake.unit)
    if stake.high is not None and stake.high != stake.value:
        value = wording.say(RANGE(low=value, high=wording.shown(stake.high, stake.unit)))
    if stake.of is not None:
        return wording.say(OF_WHOLE(value=value, whole=wording.shown(stake.of, stake.unit)))
    return value
