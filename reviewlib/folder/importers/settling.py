"""Which column of an export is which of a table, and which word which: settled, assumed or open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from reviewlib.faults import nearest
from reviewlib.folder.importers.mapping import LISTED, LONGEST, Route
from reviewlib.folder.importers.profiles import Profile
from reviewlib.folder.importers.sources import Exported, alike
from reviewlib.languages import Language
from reviewlib.report.text import N_, Message, n_
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import values_by_key, yes_and_no
from reviewlib.tables.folding import folded

MEANT, MISSPELT = 0.65, 0.85  # so like a heading that a required column, or any, must be meant
OFFERED = 40  # words that a question lists
LISTS = {name: f"terms.{name}" for name in ("priorities", "services", "sites", "clauses")}
LEFT = "-"  # the answer by which a heading is left out
COLUMN = N_("Which column of {file} is “{meaning}” ({column})?")
VALUE = n_(
    "Which of these is “{word}” ({column}, {n} row)?",
    "Which of these is “{word}” ({column}, {n:number} rows)?",
)
_DIGIT = re.compile(r"\d+")


@dataclass(frozen=True)
class OpenKey:
    """A key of mapping.yml without a value: what is asked of it, what is allowed, and a guess.

    ``needed``: nothing can be read without it; ``listed``: the key of the contract whose words are
    allowed; ``elsewhere``: headings of other rows of the sheet, which are taken too, by row.
    """

    key: str
    question: Message
    options: tuple[str, ...] = ()
    guess: str = ""
    needed: bool = False
    listed: str = ""
    elsewhere: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


Ask = Callable[[OpenKey, Language], str | None]
"""Puts a question in a language; returns ``LEFT`` for none of them, None where nobody is asked."""


@dataclass
class Settling:
    """What is settled of a source so far: the route, the places of its columns, what is open.

    ``language``: the contract's, else the export's; ``moved``: the columns that were named by a
    heading of another row of the sheet; ``codes_taken``: the questions of the contract, which a
    question that is new to it does not bear.
    """

    name: str
    profile: Profile
    sheet: Exported
    stated: Route
    allowed: Mapping[str, tuple[str, ...]]
    ask: Ask
    language: Language
    columns: dict[str, str | None] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    values: dict[str, dict[str, str | None]] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)
    open: list[OpenKey] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    codes_taken: set[str] = field(default_factory=set)

    @property
    def renamed(self) -> list[str]:
        """The columns that are read from another heading than mapping.yml states."""
        stated = self.stated.columns
        return [
            name
            for name in self.places
            if (heading := stated.get(name)) and alike(heading) != alike(self.columns[name] or "")
        ]

    @property
    def missing(self) -> list[str]:
        """The needed columns of which the export has the stated heading no more, nor another."""
        stated, needed = self.stated.columns, self.profile.needed
        return [name for name in needed if stated.get(name) and name not in self.places]

    def key(self, *parts: str) -> str:
        """Return a key of mapping.yml as messages name it."""
        return ".".join(("imports", self.name, *parts))

    def answer(self, question: OpenKey) -> str | None:
        """Return the answer to a question; None leaves it open, and on the list of what is."""
        answer = self.ask(question, self.language)
        if answer in (None, LEFT):
            self.open.append(question)
        return answer

    def route(self, **more: object) -> Route:
        """Return what is settled as mapping.yml states it."""
        return self.stated.model_copy(
            update={
                "table": self.profile.table,
                "columns": self.columns,
                "left_out": tuple(dict.fromkeys(self.left_out)),
                "values": {name: words for name, words in self.values.items() if words},
                "assumed": tuple(dict.fromkeys(self.assumed)),
                **more,
            }
        )


def settle_columns(work: Settling) -> None:
    """Find each column of the table in the export: as stated, else by the names that it goes by."""
    stated, sheet = work.stated, work.sheet
    work.assumed += stated.assumed
    wanted = {alike(heading) for heading in stated.columns.values() if heading}
    work.left_out += [heading for heading in stated.left_out if alike(heading) not in wanted]
    left = {alike(heading) for heading in work.left_out}
    free = {
        place: h for place, h in enumerate(sheet.headings) if h.strip() and alike(h) not in left
    }
    _find_columns(work, free)
    for name in work.profile.columns:
        if name not in work.columns and name in work.profile.needed and not work.moved:
            _ask_column(work, free, name, MEANT)
    if work.moved:
        return
    _keep_stated(work)
    for name in work.profile.columns:
        if name not in work.columns:
            _ask_column(work, free, name, MISSPELT)
    if not any(key.needed for key in work.open):  # else one of them may be what is looked for
        work.left_out += [heading for heading in free.values() if heading not in work.left_out]


def _keep_stated(work: Settling) -> None:
    """Let columns stand in the mapping that the export no longer has, or that are open there."""
    for name, heading in work.stated.columns.items():
        if heading and name not in work.columns:
            work.columns[name] = heading
            work.lost.append(name)
        elif name not in work.profile.columns:  # open, and not one that the tool is known to have
            work.columns.setdefault(name, None)


def _find_columns(work: Settling, free: dict[int, str]) -> None:
    """Take for each column the heading that is stated, else the one that is of its usual ones."""
    stated = work.stated
    for name, heading in stated.columns.items():
        if heading is not None:  # two columns may be read from one heading
            _take(work, dict(enumerate(work.sheet.headings)), name, [heading])
            for place in [p for p, other in free.items() if alike(other) == alike(heading)]:
                del free[place]
    for name, words in work.profile.columns.items():
        if name not in work.columns:
            _take(work, free, name, [w for some in words.values() for w in some])
            if name in work.places and (name in work.profile.assumed or stated.columns.get(name)):
                work.assumed.append(f"columns.{name}")


def _take(work: Settling, free: dict[int, str], name: str, words: list[str]) -> None:
    """Take for a column the first free heading that is one of some words.

    Of columns with that heading, the first that holds something.
    """
    for word in words:
        places = [p for p, heading in free.items() if alike(heading) == alike(word)]
        filled = places
        if places[1:]:
            filled = [p for p in places if (work.sheet.texts(p) != "").any()]
        if places:
            place = (filled or places)[0]
            work.columns[name], work.places[name] = free[place].strip(), place
            if filled[1:]:
                work.doubled.append(name)
            for same in places:
                free.pop(same)
            return


def _ask_column(work: Settling, free: dict[int, str], name: str, least: float) -> None:
    """Ask for a column that no heading names: a needed one, or one whose heading is misspelt."""
    about = SCHEMAS[work.profile.table].columns[name]
    words = [alike(word) for some in work.profile.columns[name].values() for word in some]
    others = {alike(word) for word in work.profile.others}
    by_word = {like: h for h in free.values() if (like := alike(h)) not in others}
    near = [by_word[hit] for word in words if (hit := nearest(word, by_word, least))]
    if not near and name not in work.profile.needed:
        return
    question = OpenKey(
        work.key("columns", name),
        COLUMN(file=work.sheet.place, meaning=Message(about.description), column=name),
        tuple(free.values()),
        near[0].strip() if near else "",
        needed=name in work.profile.needed,
        elsewhere=work.sheet.elsewhere,
    )
    answer = work.answer(question)
    work.columns[name] = None
    if answer == LEFT and near and name not in work.profile.needed:
        work.columns.pop(name)
        work.open.remove(question)
        work.left_out.append(near[0])
        free.pop(next(place for place, heading in free.items() if heading == near[0]))
    elif answer not in (None, LEFT):
        _take(work, free, name, [str(answer)])
        if name not in work.places:
            work.moved[name] = str(answer)


def settle_values(work: Settling, name: str, words: pd.Series) -> dict[str, str]:
    """Return the word of the table for each word of a column that has another; note what is open.

    ``words``: how many rows hold each, by word. One that stays open stays as it is.
    """
    stated = work.stated.values.get(name, {})
    kept = work.values.setdefault(name, dict(stated))
    by_word = {folded(word): meant for word, meant in stated.items()}
    allowed = _allowed(work, name)
    usual = _usual(work, name, allowed)
    meanings = {}
    guesses = _guesses(work, name, [str(word) for word in words.index], allowed)
    for word, rows in zip(map(str, words.index), words, strict=True):
        like = folded(word)
        if by_word.get(like) is not None:
            meant = by_word[like]
        elif like in usual:
            meant = usual[like]
        elif not allowed or word in allowed:
            meant = word
        elif name == "priority" and (level := _level(word, allowed)):
            meant = level
            work.assumed.append(f"values.{name}.{word}")
        else:
            key = work.key("values", name, word)
            question = VALUE(word=word, column=work.columns[name] or name, n=int(rows))
            place = LISTS.get(_vocabulary(work, name), "")
            meant = work.answer(
                OpenKey(key, question, allowed, guesses.get(word, ""), listed=place)
            )
            meant = None if meant == LEFT else meant
            if meant is None and (len(word) > LONGEST or _open(kept) >= LISTED):
                continue
            kept[word] = meant
        if meant is not None and meant != word:
            meanings[word] = meant
            if like not in usual:  # what goes without saying
                kept[next((w for w in kept if folded(w) == like), word)] = meant
    return meanings


def _open(words: Mapping[str, str | None]) -> int:
    return sum(meant is None for meant in words.values())


def _allowed(work: Settling, name: str) -> tuple[str, ...]:
    """Return the words that a column may hold; none where any may stand there."""
    about = SCHEMAS[work.profile.table].columns[name].metadata
    if about["kind"] == "choice":
        return tuple(about["allowed"])
    if about["kind"] == "flag":
        return ("true", "false")
    return tuple(work.allowed.get(_vocabulary(work, name), ()))


def _vocabulary(work: Settling, name: str) -> str:
    """Return the list of the contract of which a column takes its words; "" for none."""
    about = SCHEMAS[work.profile.table].columns[name].metadata
    return str(about.get("vocabulary") or "")


def _usual(work: Settling, name: str, allowed: tuple[str, ...]) -> dict[str, str]:
    """Return what words of a tool, of both languages or alike but for accents stand for."""
    kind = SCHEMAS[work.profile.table].columns[name].metadata["kind"]
    usual = {folded(word): meant for word, meant in work.profile.values.get(name, {}).items()}
    if kind == "flag":
        return {word: str(yes).lower() for word, yes in yes_and_no().items()} | usual
    if kind == "choice":
        return dict(values_by_key(allowed)) | usual
    keys = [folded(word) for word in allowed]
    alone = {key: word for key, word in zip(keys, allowed, strict=True) if keys.count(key) == 1}
    return alone | usual


def _level(word: str, allowed: tuple[str, ...]) -> str:
    """Return the one priority with the number that a word begins with: P1 for "1 - Critical"."""
    number = _DIGIT.match(word)
    same = [one for one in allowed if number and _DIGIT.findall(one) == [number[0]]]
    return same[0] if len(same) == 1 else ""


def _guesses(
    work: Settling, name: str, words: list[str], allowed: tuple[str, ...]
) -> Mapping[str, str]:
    """Return what words may stand for: priorities by their rank, others by their spelling."""
    if name == "priority":
        ranked = sorted((r, w) for w in words if (r := work.profile.rank(w)) is not None)
        return {w: allowed[p] for p, (_, w) in enumerate(ranked) if len(ranked) == len(allowed)}
    return {word: near for word in words if allowed and (near := nearest(word, allowed))}
