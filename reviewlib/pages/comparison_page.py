"""The page of a comparison of two reviews, in a language."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reviewlib.folder.frozen import CONTRACT, FrozenReview, FrozenSection, FrozenValues
from reviewlib.pages.html import partials, stylesheet, valued
from reviewlib.pages.spoken import spoken
from reviewlib.pages.wording import MINUS, Wording
from reviewlib.report.beside import period_words
from reviewlib.report.comparison import (
    Cause,
    ChangedFact,
    Comparison,
    FindingTurn,
    LoneFact,
    State,
    TurnedFinding,
)
from reviewlib.report.text import (
    EMPTY,
    N_,
    Message,
    Quoted,
    Shown,
    Text,
    commas,
    listed,
    n_,
    sentences,
)
from reviewlib.report.values import FEW, Column, Fact, Kind, Table, Unit

NAMED, SHORT = 3, 12  # files that a cause names, signs of a hash
A, B = N_("A"), N_("B")
TITLE = N_("Comparison of two reviews")
CLOSE_OUT, OF_PERIOD = N_("Close-out review"), N_("Review of {period}")
SPAN = N_("{first} – {last}")
SAME = N_("The two reviews are the same: figure by figure, finding by finding.")
CHANGED = N_("Figures that changed: {n} of the {of} that both reviews have.")
BOTH_CHANGED = N_("Changed: {parts:all}, of the {of} that both reviews have.")
FIGURES, AMOUNTS = n_("{n} figure", "{n} figures"), n_("{n} amount", "{n} amounts")
TURNED = N_("Thresholds newly missed: {missed}; come right: {met}.")
FINDINGS = N_("Findings new: {new}; come back: {back}; gone: {gone}.")
CAUSES = {
    Cause.PERIOD: N_("another period"),
    Cause.AS_OF: N_("another as-of date"),
    Cause.LATE: N_("late or corrected data"),
    Cause.DATA: N_("other data"),
    Cause.CONTRACT: N_("another text of the contract"),
    Cause.PROGRAM: N_("another version of the program"),
    Cause.NOTEBOOK: N_("another notebook of the analyst’s"),
}
OF_FILES = N_("{cause} ({files})")
POSSIBLE = N_("possible: {causes:chain}")
UNKNOWN = N_("not known: nothing that the reviews say of themselves differs")
ALIKE = N_("Period, as-of date, files, contract and program are the same.")
ONE = N_("One thing differs between the two: {cause}.")
SEVERAL = N_(
    "Several things differ between the two: {causes:chain}. Where more than one can have changed a "
    "figure, all of them are named."
)
UNREAD = n_(
    "{n} review kept beside them cannot be read, and says nothing of what came back: {names}.",
    "{n} reviews kept beside them cannot be read, and say nothing of what came back: {names}.",
)
UNSTATED = N_("One of the two does not say from which files it was made.")
TURNS = {
    FindingTurn.NEW: N_("New in B"),
    FindingTurn.CAME_BACK: N_("Came back in B"),
    FindingTurn.GONE: N_("In A, no longer in B"),
}
KINDS = {
    Kind.STRENGTH: N_("Strength"),
    Kind.CONCERN: N_("Concern"),
    Kind.NEUTRAL: N_("Observation"),
}
STATES = {
    State.ADDED: N_("only in B"),
    State.REMOVED: N_("only in A"),
    State.CHANGED: N_("other content"),
}
NOT_ASSESSED, NO_CHAPTER = N_("not assessed: {because}"), N_("not in the review")
ASSESSED = N_("assessed")
FILES, PROGRAMS = N_("Files that differ"), N_("Programs that differ")
CHANGED_FACTS, RESTATED = N_("Figures that changed"), N_("Figures restated")
CHANGED_AMOUNTS, RESTATED_AMOUNTS = N_("Amounts that changed"), N_("Amounts restated")
POINTS = n_("{by:score} point", "{by:score} points", on="by")
MORE = N_("+{by}")
NO_CHANGE, ABOUT = N_("unchanged"), N_("about {by}")


@dataclass(frozen=True, slots=True)
class Tongue:
    """Words of a review, and the language that they are in where it is not that of the page."""

    words: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class FactCell:
    """A figure of one of the two: its value, n, target, and whether that is met."""

    value: Tongue
    n: str = ""
    target: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class FactRow:
    """A figure of both, or of one of the two; the chapter it is of."""

    chapter: Tongue
    label: Tongue
    first: FactCell | None
    second: FactCell | None
    by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding: its kind, its sentence, its chapter."""

    chapter: Tongue
    name: str
    kind: Kind
    kind_words: str
    sentence: Tongue
    unassessed: bool


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """A chapter that one of the two did not assess."""

    title: Tongue
    first: Tongue
    second: Tongue


def page(comparison: Comparison, wording: Wording) -> str:
    """Return a comparison as one HTML page, which loads nothing and runs no code."""
    values = comparison.second.values
    subtitle = tongue(values.engagement.title, wording)
    style = stylesheet(f"{wording.say(TITLE)} · {subtitle.words}", wording)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    sides = _Sides(comparison, wording)
    money, others = _parted(comparison)
    return partials(wording).get_template("comparison.html.j2").render(
        title=wording.say(TITLE),
        subtitle=subtitle,
        parties=_parties(values, wording),
        headline=wording.say(headline(comparison)),
        causes=wording.say(differs(comparison)),
        tables=[spoken(table, wording) for table in _tables(comparison, wording)],
        changed=[
            (wording.say(caption), _by_chapter(map(sides.changed, facts)), len(facts))
            for caption, facts in zip(_captions(comparison), (others, money), strict=True)
            if facts
        ],
        lone=_by_chapter(map(sides.lone, comparison.lone)),
        findings=[*_findings(comparison, wording)],
        chapters=[*_chapters(comparison, wording)],
        names=[wording.say(Quoted(one.name)) for one in (comparison.first, comparison.second)],
        language=wording.language,
        style=style,
        style_hash=digest,
    )  # fmt: skip


def tongue(text: Any, wording: Wording) -> Tongue:
    """Return a text of a review in the language of the page, or in one that it has."""
    words = wording.say(text)
    own = getattr(text, "texts", {})
    return Tongue(words, "" if wording.language in own or not own else next(iter(own)))


def headline(comparison: Comparison) -> Text:
    """Return how much changed, in a sentence for figures, thresholds and findings."""
    if comparison.same:
        return SAME
    turned = [change.turned for change in comparison.changed]
    missed, met = turned.count(False), turned.count(True)
    turns = [one.turn for one in comparison.findings]
    new, back, gone = (turns.count(turn) for turn in TURNS)
    return sentences(
        _how_many(comparison),
        TURNED(missed=missed, met=met) if missed or met else EMPTY,
        FINDINGS(new=new, back=back, gone=gone) if turns else EMPTY,
    )


def _how_many(comparison: Comparison) -> Text:
    """Return how many figures changed; amounts, which have a table of their own, apart."""
    of, (money, others) = comparison.compared, _parted(comparison)
    if not money:
        return CHANGED(n=len(others), of=of)
    parts = [words(n=len(own)) for words, own in ((FIGURES, others), (AMOUNTS, money)) if own]
    return BOTH_CHANGED(parts=parts, of=of)


def differs(comparison: Comparison) -> Text:
    """Return what differs between the two, and can have changed their figures."""
    causes = comparison.causes
    words = [CAUSES[cause] for cause in causes]
    text = SEVERAL(causes=words) if len(words) > 1 else ONE(cause=words[0]) if words else ALIKE
    unread = comparison.kept.unread
    return sentences(
        text,
        UNSTATED if comparison.files is None else EMPTY,
        UNREAD(n=len(unread), names=listed(map(Quoted, unread), NAMED)) if unread else EMPTY,
    )


def why(change: ChangedFact) -> Text:
    """Return what changed a figure, where that is one thing; else all that it can be."""
    if not change.causes:
        return UNKNOWN
    named = listed(map(Quoted, change.files), NAMED)
    words = [
        OF_FILES(cause=CAUSES[cause], files=named)
        if cause in (Cause.LATE, Cause.DATA) and change.files
        else CAUSES[cause]
        for cause in change.causes
    ]
    return words[0] if len(words) == 1 else POSSIBLE(causes=words)


def _captions(comparison: Comparison) -> tuple[Message, Message]:
    """Return what the figures and amounts that changed are called: of one period, restated."""
    if {Cause.PERIOD, Cause.AS_OF} & {*comparison.causes}:
        return CHANGED_FACTS, CHANGED_AMOUNTS
    return RESTATED, RESTATED_AMOUNTS


def _parted(comparison: Comparison) -> tuple[list[ChangedFact], list[ChangedFact]]:
    """Return the amounts that changed, and the other figures."""
    changed = comparison.changed
    money = [one for one in changed if one.second.unit is Unit.MONEY]
    return money, [one for one in changed if one.second.unit is not Unit.MONEY]


def _by_chapter(rows: Iterable[FactRow]) -> list[tuple[Tongue, list[FactRow]]]:
    return [(title, [*own]) for title, own in groupby(rows, key=lambda row: row.chapter)]


class _Sides:
    """Figures in words: each with the currency and the time zone of its own review."""

    def __init__(self, comparison: Comparison, wording: Wording) -> None:
        self.wording = wording
        self.first, self.second = (
            Wording(wording.language, one.values.time_zone, one.values.currency)
            for one in (comparison.first, comparison.second)
        )

    def changed(self, change: ChangedFact) -> FactRow:
        by = ""
        if change.difference and not any(_of_few(one) for one in (change.first, change.second)):
            by = self.second.say(_difference(*change.difference, self.second))
        return FactRow(
            **self._head(change.section, change.second),
            first=_cell(change.first, self.first),
            second=_cell(change.second, self.second),
            by=by,
            why=self.wording.say(why(change)),
        )

    def lone(self, one: LoneFact) -> FactRow:
        cell = _cell(one.fact, self.second if one.in_second else self.first)
        return FactRow(
            **self._head(one.section, one.fact),
            first=None if one.in_second else cell,
            second=cell if one.in_second else None,
            why=self.wording.gettext("The other review did not assess the chapter.")
            if one.unassessed
            else "",
        )

    def _head(self, section: FrozenSection, fact: Fact) -> dict[str, Any]:
        chapter, label = (tongue(text, self.wording) for text in (section.title, fact.label))
        return {"chapter": chapter, "label": label}


def _of_few(fact: Fact) -> bool:
    """Tell whether a share is printed as a count, whose points would mislead."""
    return fact.count is not None and (fact.n or 0) < FEW


def _difference(by: float, unit: Unit, wording: Wording) -> Text:
    """Return a difference with its sign."""
    if not by:
        return NO_CHANGE
    words, none = (
        POINTS(by=one) if unit is Unit.POINTS else Shown(one, unit.value) for one in (by, 0.0)
    )
    if wording.say(words).lstrip(MINUS) == wording.say(none):
        return ABOUT(by=none)
    return MORE(by=words) if by > 0 else words


def _cell(fact: Fact, wording: Wording) -> FactCell:
    is_text = isinstance(fact.value, Quoted) and fact.unit is Unit.TEXT and fact.value
    return FactCell(
        tongue(fact.value, wording) if is_text else Tongue(valued(fact, wording)),
        "" if fact.n is None else wording.number(fact.n),
        "" if fact.target is None else wording.target(fact.target, fact.unit),
        fact.met,
    )


def _parties(values: FrozenValues, wording: Wording) -> list[tuple[str, Tongue]]:
    engagement = values.engagement
    parties = {
        N_("Client"): engagement.client,
        N_("Provider"): engagement.provider,
        N_("Contract"): Quoted(engagement.id),
    }
    return [(wording.say(words), tongue(name, wording)) for words, name in parties.items()]


def _findings(comparison: Comparison, wording: Wording) -> Iterator[tuple[str, list[FindingRow]]]:
    for turn, words in TURNS.items():
        turned = (one for one in comparison.findings if one.turn is turn)
        yield wording.say(words), [_finding(one, wording) for one in turned]


def _finding(one: TurnedFinding, wording: Wording) -> FindingRow:
    return FindingRow(
        tongue(one.section.title, wording),
        wording.say(Quoted(one.finding.id)),
        one.finding.kind,
        wording.say(KINDS[one.finding.kind]),
        tongue(one.finding.sentence, wording),
        one.unassessed,
    )


def _chapters(comparison: Comparison, wording: Wording) -> Iterator[ChapterRow]:
    for one in comparison.assessed:
        titled = one.second or one.first
        assert titled
        states = [_state(section, wording) for section in (one.first, one.second)]
        yield ChapterRow(tongue(titled.title, wording), *states)


def _state(section: FrozenSection | None, wording: Wording) -> Tongue:
    """Return whether a review assessed a chapter, and if not why."""
    if section is None:
        return Tongue(wording.say(NO_CHAPTER))
    if not section.because:
        return Tongue(wording.say(ASSESSED))
    reason = tongue(section.because, wording)
    return Tongue(wording.say(NOT_ASSESSED(because=Quoted(reason.words))), reason.lang)


def _tables(comparison: Comparison, wording: Wording) -> Iterator[Table]:
    """Yield what the two reviews are, and which files and programs differ."""
    columns = Column("what", EMPTY), Column("a", A), Column("b", B)
    both = [_about(one, wording) for one in (comparison.first, comparison.second)]
    rows = tuple((label, then, both[1][label]) for label, then in both[0].items())
    yield Table("reviews", N_("The two reviews"), columns, rows)
    if comparison.files:
        files = tuple((Quoted(one.file), STATES[one.state]) for one in comparison.files)
        of_files = Column("file", N_("File")), Column("state", N_("Difference"))
        yield Table("files", FILES, of_files, files)
    if comparison.versions:
        programs = tuple(
            (Quoted(name), *(Quoted(one) if one else None for one in versions))
            for name, versions in comparison.versions.items()
        )
        yield Table(
            "programs", PROGRAMS, (Column("program", N_("Program")), *columns[1:]), programs
        )


def _about(review: FrozenReview, wording: Wording) -> dict[Message, Text]:
    """Return what a review says of itself, by what that is called."""
    values, period = review.values, review.values.period.period
    own = [one for one in values.inputs or () if one.table == CONTRACT]
    kind = CLOSE_OUT if values.kind == "close" else OF_PERIOD(period=period_words(period))
    return {
        N_("Review"): kind,
        N_("Folder"): Quoted(review.name),
        N_("Period"): SPAN(first=period.first, last=period.last),
        N_("As of"): Quoted(Wording(wording.language, values.time_zone).instant(values.as_of)),
        N_("Amendments"): commas(Quoted(one.id) for one in values.engagement.amendments),
        N_("Files"): Shown(len(values.inputs), "count") if values.inputs else EMPTY,
        N_("Text of the contract"): commas(Quoted(one.sha256[:SHORT]) for one in own),
        N_("Program"): Quoted(f"reviewlib {values.versions.get('reviewlib', '')}"),
    }
