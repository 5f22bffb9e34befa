"""Of which body a calendar entry is a meeting: as its title tells, or mapping.yml."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from reviewlib.contract import Contract
from reviewlib.contract.governance import LAUNCH
from reviewlib.faults import cut, nearest
from reviewlib.folder.importers.entries import CalendarEntry
from reviewlib.folder.importers.profiles import data_of
from reviewlib.folder.importers.settling import LEFT, OFFERED, OpenKey, Settling
from reviewlib.languages import Quoted
from reviewlib.report.text import n_
from reviewlib.tables.folding import folded

NONE = "none"  # in mapping.yml: of no body, of no role, of no side
ALIKE = 0.75  # so like the title of a body that an entry may be meant for it
SHOWN, LONGEST = 80, 500  # signs of a title that mapping.yml holds, and that are read
BODY = n_(
    "Of which body is “{title}” a meeting ({n} entry of the calendar)?",
    "Of which body are “{title}” meetings ({n:number} entries of the calendar)?",
)
_NUMBER = re.compile(r"(?:no?|[qstw])?\d+(?:er?|eme|st|nd|rd|th|am|pm|h\d*)?")
_NO_WORD = re.compile(r"[\W_]+")


def words_of(text: str) -> str:
    """Return a title as titles are compared: its words alone."""
    return _NO_WORD.sub(" ", folded(text)).strip()


@cache
def _marks(kind: str) -> re.Pattern[str]:
    """Return what finds one of some words before a title; what says cancelled, also after it."""
    words = sorted({form for word in data_of("titles")[kind] for form in (word, folded(word))})
    listed = "|".join(map(re.escape, words))
    before = rf"^\W*(?:{listed})(?:\s*[:\])]+|\s+[-\u2013\u2014])\s*"
    after = rf"(?:\s+[-\u2013\u2014]|\s*[:(\[])\s*(?:{listed})\W*$"
    return re.compile(f"{before}|{after}" if kind == "cancelled" else before, re.IGNORECASE)


def stripped(title: str) -> tuple[str, bool]:
    """Return what a meeting is about, and whether its title says that it was cancelled.

    That is its title without the marks of calendars, dates and numbers at its ends.
    """
    title, cancelled, before = title[:LONGEST], False, ""
    while title != before:
        before = title
        title = _marks("replies").sub("", title)
        bare = _marks("cancelled").sub("", title)
        cancelled |= bare != title
        title = _without_counts(bare)
    return cut(title, SHOWN), cancelled


def _without_counts(title: str) -> str:
    words = title.split()
    while words and _is_count(words[-1]):
        words.pop()
    while words and _is_count(words[0]):
        words.pop(0)
    return " ".join(words) or title


def _is_count(word: str) -> bool:
    return all(_NUMBER.fullmatch(part) or part in _counted() for part in words_of(word).split())


@cache
def _counted() -> frozenset[str]:
    return frozenset(map(words_of, data_of("titles")["counted"]))


def settle_bodies(
    work: Settling, entries: Iterable[CalendarEntry], contract: Contract
) -> dict[CalendarEntry, str]:
    """Return the body of each entry that is a meeting of one; ask for the others by their title.

    NONE: of those that are of none. An entry of a series is of its body, whatever its title; the
    titles of private entries are asked for by nobody.
    """
    stated = work.stated.values.get("body", {})
    kept = work.values.setdefault("body", dict(stated))
    usual, settled = _usual(contract), _StatedTitles.of(stated)
    subjects = {entry: stripped(entry.title)[0] for entry in entries}
    words_by = {text: words_of(text) for text in subjects.values()}
    shown = {words: text for text, words in reversed(words_by.items())}
    bodies = {words: settled.body(words) for words in shown}
    for words, body in bodies.items():
        if body is None and (meant := usual.get(words)):
            bodies[words] = kept[shown[words]] = meant
            work.assumed.append(f"values.body.{shown[words]}")
    made = {entry: settled.by_category(entry, bodies[words_by[t]]) for entry, t in subjects.items()}
    series = {entry.uid: body for entry, body in made.items() if body and entry.uid}
    made = {entry: body or series.get(entry.uid) for entry, body in made.items()}
    asking = [words_by[t] for e, t in subjects.items() if not (made[e] or e.is_private)]
    answers = _answers(work, Counter(filter(None, asking)), shown, usual)
    kept |= {shown[words]: body for words, body in answers.items()}
    for title in [one for one in kept if kept[one] is None and settled.body(words_of(one))]:
        del kept[title]
    all_bodies = {
        entry: body or answers.get(words_by[subjects[entry]]) for entry, body in made.items()
    }
    return {entry: body for entry, body in all_bodies.items() if body}


def _answers(
    work: Settling, counts: Counter[str], shown: Mapping[str, str], usual: Mapping[str, str]
) -> dict[str, str | None]:
    """Return the body of the titles that most entries bear, as answered; None where it is open."""
    guesses = {words: _guess(words, usual) for words in counts}
    options = (*work.allowed["bodies"], NONE)
    answers = {}
    for words in sorted(counts, key=lambda one: (not guesses[one], -counts[one]))[:OFFERED]:
        question = BODY(title=shown[words], n=counts[words])
        key = work.key("values", "body", shown[words])
        answers[words] = answered(work, OpenKey(key, question, options, guesses[words]))
    return answers


def answered(work: Settling, question: OpenKey) -> str | None:
    """Return the answer to a question, NONE for none of what is offered; None leaves it open."""
    answer = work.ask(question, work.language)
    if answer is None:
        work.open.append(question)
    return NONE if answer == LEFT else answer


@dataclass(frozen=True)
class _StatedTitles:
    """What mapping.yml states: the body of titles and categories, and of what titles begin with."""

    whole: Mapping[str, str]
    begun: Mapping[str, str]

    @classmethod
    def of(cls, stated: Mapping[str, str | None]) -> _StatedTitles:
        """Return it from the words of mapping.yml; those that end with * begin a title."""
        begun = {words_of(key): body for key, body in stated.items() if body and key.endswith("*")}
        by_length = sorted(begun, key=len, reverse=True)
        whole = {words_of(k): body for k, body in stated.items() if body and not k.endswith("*")}
        return cls(whole, {words: begun[words] for words in by_length})

    def body(self, words: str) -> str | None:
        """Return the body of a title; None where nothing is stated of it."""
        starts = (body for start, body in self.begun.items() if f"{words} ".startswith(f"{start} "))
        return self.whole.get(words) or next(starts, None)

    def by_category(self, entry: CalendarEntry, body: str | None) -> str | None:
        """Return the body of an entry: the one of its title, else of one of its categories."""
        categories = (self.whole.get(words_of(one)) for one in entry.categories)
        return body or next(filter(None, categories), None)


def _usual(contract: Contract) -> dict[str, str]:
    """Return the body that each usual title is of."""
    short = {words_of(title): some for title, some in data_of("titles")["short"].items()}
    usual: dict[str, str] = {}
    for name, body in contract.governance.bodies.items():
        texts = body.title.texts.values() if isinstance(body.title, Quoted) else ()
        for title in (body.title, *texts):
            for text in (title, *short.get(words_of(title), ())):
                usual.setdefault(words_of(text), name)
    if contract.governance.launch:
        usual |= {words_of(text): LAUNCH for text in data_of("titles")["launch"]}
    return usual


def _guess(words: str, usual: Mapping[str, str]) -> str:
    """Return the body of which a title holds the usual title, or nearly is it; "" for none."""
    held = [title for title in usual if f" {title} " in f" {words} "]
    near = max(held, key=len, default="") or nearest(words, usual, ALIKE) or ""
    return usual.get(near, "")
