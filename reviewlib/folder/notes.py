"""The words of the facilitator: the folder ``notes`` of an engagement.

``notes/milestones.fr.md`` stands in its chapter and ``notes/front.fr.md`` on the first page;
``notes/front.yml`` has words in place of those that the first page takes by rule,
``notes/themes.yml`` calls themes of comments, and ``notes/sharing.yml`` marks what may be shared,
as the contract's key ``sharing`` does. Those of a periodic review stand in a folder named after
its period: ``notes/2026Q1/front.fr.md``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from reviewlib.calendars.periods import is_period
from reviewlib.contract.base import Location
from reviewlib.contract.loading import faults_of, quoted
from reviewlib.contract.model import Contract
from reviewlib.contract.sharing import Sharing
from reviewlib.contract.survey import FLOOR
from reviewlib.contract.written import FILE, Written, read
from reviewlib.faults import (
    AS_TEXT,
    NO_TEXT,
    NOT_UTF8,
    SAVE_UTF8,
    TOO_LARGE,
    UNKNOWN_KEY,
    UNREADABLE,
    Fault,
    Faults,
    meant_by,
)
from reviewlib.languages import LANGUAGES, UNSEEN
from reviewlib.report.parts import CHAPTERS, Part
from reviewlib.report.text import EMPTY, N_, Text, n_, sentences
from reviewlib.report.values import BRIEF_WORDS, VERDICT_WORDS, Note, Words

NOTES: Final = "notes"
FRONT, OVER = "front", "notes/front.yml"
SHARING: Final = "notes/sharing.yml"
THEMES: Final = "notes/themes.yml"
EXPLAINED: Final = "README.md"  # which ``new`` lays out there
SUMMARY = "summary"  # the chapter that is the first page
LARGEST = 65_536
"""The most bytes of a note: some ten thousand words."""

FRONT_WORDS, AUTHOR_WORDS = 120, 12
SIGNS = {VERDICT_WORDS: 300, BRIEF_WORDS: 220, AUTHOR_WORDS: 120, FRONT_WORDS: 1_200}
"""The most signs of a text by the most words of it: a word of a script without spaces is long."""

PLACES = (FRONT, *(slug for part, own in CHAPTERS.items() if part != Part.FRONT for slug in own))
NAMED = N_("Name it after a chapter and a language, such as {file}.")(file=f"{PLACES[-1]}.fr.md")
TEXT = N_("should be a text, or one for each language")
OUT = N_("is a link that leads out of the folder of the engagement")
ATTACH = N_("Keep what the chapter needs, and attach the rest.")
NO_CHAPTER = N_("{name:quoted} is no chapter")
NO_LANGUAGE = N_("{name:quoted} is no language of a review")
NAME_IT = N_("Name it {one} or {other}.")
SHORT_FRONT = N_("Keep the first page short: the rest has its place in chapters.")
WORDS = n_("holds {n:number} word, more than {most}", "holds {n:number} words, more than {most}")
MANY_SIGNS = n_(
    "holds {n:number} sign, more than {most:number}",
    "holds {n:number} signs, more than {most:number}",
)
EACH_LANGUAGE = N_("Write a text for each language, as in {example}.")(example="{fr: …, en: …}")
BETWEEN_QUOTES = N_("Put it between quotes, or write {example}.")(example="{fr: …, en: …}")
BRIEFS = N_("should hold “id of a finding: words” lines")
FINDING = N_("Name a finding as review.json does, such as milestones.M5.")


@dataclass(frozen=True)
class Notes:
    """The words of the facilitator.

    ``chapters``: Markdown by chapter, that of the first page under "summary"; ``verdict``, and
    ``briefs`` by the id of their finding: in place of what is said by rule; ``author``: of them
    all; ``digests``: the hash of each file; ``plain``: the keys of texts that state no language.
    """

    chapters: Mapping[str, Note] = field(default_factory=dict)
    verdict: Note | None = None
    briefs: Mapping[str, Note] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    sharing: Sharing = field(default_factory=Sharing)
    themes: Mapping[str, str] = field(default_factory=dict)


def load_notes(folder: Path, language: str, period: str = "") -> tuple[Notes, list[Fault]]:
    """Return the words of the facilitator in an engagement's folder, and what is wrong with them.

    ``language``: of the contract, in which texts are taken to be that state none. ``period``: the
    name of that of a periodic review, whose words stand in a folder of that name among the notes.
    """
    place = f"{NOTES}/{period}" if period else NOTES
    texts: dict[str, dict[str, str]] = {}
    digests: dict[str, str] = {}
    faults: list[Fault] = []
    over, called, sharing = None, None, Sharing()
    try:
        for path in _files(folder / place):
            try:
                content = _content(path, folder)
                if path.name == Path(OVER).name:
                    over = read(folder, f"{place}/{path.name}")
                elif path.name == Path(THEMES).name:
                    called = read(folder, f"{place}/{path.name}")
                elif path.name == Path(SHARING).name:
                    sharing = _sharing(read(folder, f"{place}/{path.name}"))
                else:
                    slug, spoken = _place(path.name)
                    texts.setdefault(slug, {})[spoken] = _text(path.name, content)
                digests[f"{place}/{path.name}"] = hashlib.sha256(content).hexdigest()
            except Faults as error:
                faults += error.faults
    except OSError as error:
        faults.append(Fault(NOTES, UNREADABLE(reason=error.strerror)))
    stated = _Stated(over, language)
    chapters = {SUMMARY if slug == FRONT else slug: stated.note(own) for slug, own in texts.items()}
    verdict, briefs = stated.verdict(), stated.briefs()
    labels = _Texts(called, language, THEMES)
    notes = Notes(chapters, verdict, briefs, digests, tuple(stated.plain), sharing, labels.by_key())
    return notes, faults + stated.faults + labels.faults


def _sharing(written: Written) -> Sharing:
    try:
        return Sharing.model_validate(written.values)
    except ValidationError as error:
        raise Faults(faults_of(error, written, Sharing)) from None


def marked(contract: Contract, notes: Notes) -> dict[str, Any]:
    """Return what contract and facilitator mark to be shared, by file, and the floor of people."""
    floor = contract.survey.anonymity_floor if contract.survey else FLOOR
    by_file = {FILE: contract.sharing, SHARING: notes.sharing}
    return {"marked": {name: one.model_dump() for name, one in by_file.items()}, "floor": floor}


def _files(place: Path) -> Iterator[Path]:
    """Yield what lies among the notes, by name, but for what editors and systems put there."""
    if not place.exists():
        return
    for path in sorted(place.iterdir()):
        of_period = path.is_dir() and is_period(path.name)
        if not path.name.startswith((".", "~")) and path.name != EXPLAINED and not of_period:
            yield path


def _content(path: Path, folder: Path) -> bytes:
    if not path.is_file():
        raise _fault(path.name, N_("is no file"), N_("Keep only notes in this folder."))
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _fault(path.name, OUT, N_("Put the file itself there."))
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise _fault(path.name, TOO_LARGE(size=size, most=LARGEST), ATTACH)
        return path.read_bytes()
    except OSError as error:
        raise _fault(path.name, UNREADABLE(reason=error.strerror)) from None


def _fault(name: str, message: Text, remedy: Text = EMPTY, row: int | None = None) -> Faults:
    return Faults([Fault(f"{NOTES}/{name}", message, remedy, row=row)])


def _place(name: str) -> tuple[str, str]:
    """Return the chapter and the language that a file is named after."""
    slug, _, rest = name.partition(".")
    spoken, _, ending = rest.partition(".")
    if slug not in PLACES and (ending == "md" or rest == "md"):
        raise _fault(name, NO_CHAPTER(name=slug), meant_by(slug, PLACES))
    if rest == "md":
        one, other = (f"{slug}.{spoken}.md" for spoken in LANGUAGES)
        raise _fault(name, N_("does not say its language"), NAME_IT(one=one, other=other))
    if ending != "md":
        raise _fault(name, N_("is no note of the facilitator"), NAMED)
    if spoken not in LANGUAGES:
        raise _fault(name, NO_LANGUAGE(name=spoken), meant_by(spoken, LANGUAGES))
    return slug, spoken


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise _fault(name, NOT_UTF8, SAVE_UTF8, row) from None
    if odd := UNSEEN.search(text):
        row, sign = text.count("\n", 0, odd.start()) + 1, ord(odd[0])
        raise _fault(name, NO_TEXT(place=odd.start() + 1, sign=f"U+{sign:04X}"), AS_TEXT, row)
    if not text.strip():
        raise _fault(name, N_("is empty"), N_("Write it, or remove the file."))
    message = _too_long(text, FRONT_WORDS)
    if name.startswith(f"{FRONT}.") and message:
        raise _fault(name, message, SHORT_FRONT)
    return text


def _words(text: str) -> int:
    """Return how many words a text has; a space that does not break parts none."""
    return sum(any(sign.isalnum() for sign in one) for one in re.split(r"[ \t\r\n]+", text))


def _too_long(text: str, most: int) -> Text:
    """Return what is too long in a text of at most so many words, and of the signs of these."""
    n, signs = _words(text), len(text.strip())
    if n > most:
        return WORDS(n=n, most=most)
    return MANY_SIGNS(n=signs, most=SIGNS[most]) if signs > SIGNS[most] else EMPTY


class _Texts:
    """What a file of texts by key states; ``faults``: what is wrong with it.

    ``plain``: the keys of texts that state no language.
    """

    def __init__(self, written: Written | None, language: str, file: str) -> None:
        self._written, self._language, self._file = written, language, file
        self._values = written.values if written else {}
        self.faults: list[Fault] = []
        self.plain: list[str] = []

    def by_key(self) -> dict[str, str]:
        """Return the text of every key, as short as a name."""
        texts = {
            str(key): self._texts((str(key),), value, AUTHOR_WORDS)
            for key, value in self._values.items()
        }
        return {key: quoted(own, self._language) for key, own in texts.items() if own}

    def _texts(self, place: Location, value: Any, most: int) -> dict[str, str]:
        """Return a text by language, its spaces made single; none where it can't be taken."""
        stated = value if isinstance(value, dict) else {self._language: value}
        texts = {}
        for spoken, text in stated.items():
            own = (*place, spoken) if isinstance(value, dict) else place
            if spoken not in LANGUAGES:
                self._refuse(own, NO_LANGUAGE(name=spoken), EACH_LANGUAGE)
            elif not isinstance(text, str):
                self._refuse(own, TEXT, BETWEEN_QUOTES)
            elif odd := UNSEEN.search(text):
                self._refuse(own, NO_TEXT(place=odd.start() + 1, sign=f"U+{ord(odd[0]):04X}"))
            elif not _words(text):
                self._refuse(own, N_("has no words"), N_("Write them, or remove the line."))
            elif message := _too_long(single := _single(text), most):
                self._refuse(own, message)
            else:
                texts[spoken] = single
        if not stated:
            self._refuse(place, TEXT)
        if isinstance(value, str):
            self.plain.append(".".join(map(str, place)))
        return texts if len(texts) == len(stated) else {}

    def _refuse(self, place: Location, message: Text, remedy: Text = EMPTY) -> None:
        row = self._written.line(place) if self._written else None
        self.faults.append(
            Fault(self._file, message, remedy, row=row, column=".".join(map(str, place)))
        )


class _Stated(_Texts):
    """What ``front.yml`` states."""

    def __init__(self, written: Written | None, language: str) -> None:
        super().__init__(written, language, OVER)
        keys = ("facilitator", "verdict", "briefs")
        for key in self._values:
            if key not in keys:
                self._refuse((key,), UNKNOWN_KEY(key=str(key)), meant_by(str(key), keys))
        self._author: Words = ""
        if "facilitator" in self._values:
            texts = self._texts(("facilitator",), self._values["facilitator"], AUTHOR_WORDS)
            self._author = quoted(texts, language) if texts else ""

    def note(self, texts: Mapping[str, str]) -> Note:
        return Note(texts, self._author)

    def verdict(self) -> Note | None:
        if "verdict" not in self._values:
            return None
        texts = self._texts(("verdict",), self._values["verdict"], VERDICT_WORDS)
        return self.note(texts) if texts else None

    def briefs(self) -> dict[str, Note]:
        stated = self._values.get("briefs", {})
        if not isinstance(stated, dict) or ("briefs" in self._values and not stated):
            self._refuse(("briefs",), BRIEFS)
            return {}
        notes = {}
        for name, value in stated.items():
            place, slug = ("briefs", name), name.partition(".")[0]
            texts = self._texts(place, value, BRIEF_WORDS)
            if slug in (name, FRONT) or slug not in PLACES:
                self._refuse(place, NO_CHAPTER(name=slug), _chapter(slug))
            elif texts:
                notes[name] = self.note(texts)
        return notes


def _single(text: str) -> str:
    """Return a text with its spaces made single."""
    return " ".join(re.split(r"[ \t\r\n]+", text.strip()))


def _chapter(slug: str) -> Text:
    return sentences(FINDING, meant_by(slug, set(PLACES) - {FRONT}))
