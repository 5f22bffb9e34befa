"""The values of a review, without a language, of which its page, JSON and workbook are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reviewlib.report.chart_forms import ChartForm
from reviewlib.report.lists import FactList, FindingList, named
from reviewlib.report.parts import Part
from reviewlib.report.text import EMPTY, Language, Text

Scalar = str | int | float | bool | None
Cell = Scalar | Text
Words = Text | str
FEW = 20  # under so many a share is a count: 3 of 7
VERDICT_WORDS, BRIEF_WORDS = 32, 24  # the most of the sentence that opens a review, of a brief


class Unit(StrEnum):
    """The unit of a value; ``wording`` knows how each is printed."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1, printed as a percentage
    POINTS = "points"  # percentage points, 0 to 100
    SECONDS = "seconds"  # printed as days, hours and minutes
    HOURS = "hours"
    DAYS = "days"
    NUMBER = "number"  # of which nothing more is known, with the decimals that it needs
    SCORE = "score"
    INDEX = "index"  # a ratio to be told from 1, or a number of months, with three decimals
    MONEY = "money"
    DATE = "date"  # ISO text
    INSTANT = "instant"  # ISO text with offset
    MONTH = "month"  # ISO text, 2024-01
    TEXT = "text"


class Kind(StrEnum):
    """What a finding says of the engagement."""

    STRENGTH = "strength"
    CONCERN = "concern"
    NEUTRAL = "neutral"


class Side(StrEnum):
    """Whose commitment is checked; ``BOTH`` where the contract binds the two together."""

    PROVIDER = "provider"
    CLIENT = "client"
    BOTH = "both"


class Audience(StrEnum):
    """Who may read a value: internal unless marked shareable."""

    INTERNAL = "internal"
    SHAREABLE = "shareable"


@dataclass(frozen=True, slots=True)
class Interval:
    """The range that a figure leaves open, in its unit, and how it was computed: Wilson 95 %, …"""

    low: float
    high: float
    method: Words


@dataclass(frozen=True, slots=True)
class Checks:
    """Commitments of a party that were checked: how many held, of how many."""

    side: Side
    held: int
    of: int


@dataclass(frozen=True, slots=True)
class Stated:
    """What a kept review states of a figure: its value, or the range where it has no point."""

    value: Scalar
    n: int | None = None
    count: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a figure was in an earlier period; ``published``: in its review, where that differs;
    ``since``: of an amount to date, what the period added; ``interval``: where no point was known.
    """

    period: Text
    is_before: bool
    value: Scalar
    n: int | None = None
    met: bool | None = None
    count: int | None = None
    published: Stated | None = None
    since: float | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with what makes it defensible: n, interval, target, clause, period, source.

    ``value`` None means that it can't be assessed, and ``note`` then says why; with an interval,
    that what is known is a range and no point. ``checks``: the commitments that it counts; each
    one of a review is counted by one fact. ``count``: of a share, how many of the ``n``. ``key``:
    whether it stands beside the lead of its chapter, where there is room for three. ``earlier``: in
    the period before, and in the same a year before.
    """

    id: str
    label: Text
    value: Scalar
    unit: Unit
    n: int | None = None
    interval: Interval | None = None
    target: float | None = None
    met: bool | None = None
    clause: Words = ""
    period: Text = EMPTY
    source: Words = EMPTY
    note: Text = EMPTY
    checks: Checks | None = None
    count: int | None = None
    key: bool = False
    earlier: tuple[Earlier, ...] = ()
    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class AtStake:
    """What is at stake: a value or a range of a unit, of which whole, and what it is in words."""

    value: Scalar
    unit: Unit
    words: Text = EMPTY
    high: Scalar = None
    of: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Words of the facilitator, in the languages in which they are written: never translated.

    ``author``: what the facilitator is called; empty where they do not say.
    """

    texts: Mapping[str, str]
    author: Words = ""

    def in_language(self, language: str) -> tuple[str, str]:
        """Return the language that its words are in, the one asked for if it can be, and they."""
        own = language if language in self.texts else next(iter(self.texts))
        return own, self.texts[own]


@dataclass(frozen=True, slots=True)
class Brief:
    """What the first page says of a finding, which stands there alone: at most 24 words.

    ``topic``: what it is about, of which the first page has one finding; ``side``: who answers for
    it, and owes ``owes`` where that is set; ``contested``: by the other party; ``by_chance``: the
    target lies within what chance leaves open; ``position``: who contests it, in words that
    ``text`` has too; ``note``: what the facilitator says in place of ``text``; ``mover``: whose
    move it is, where that is not the move of ``side``.
    """

    text: Text
    stake: AtStake | None = None
    topic: str = ""
    side: Side = Side.BOTH
    owes: Text = EMPTY
    contested: bool = False
    by_chance: bool = False
    position: Text = EMPTY
    note: Note | None = None
    mover: Side | None = None


@dataclass(frozen=True, slots=True)
class OpeningClause:
    """A part of the sentence that opens the review, at most 12 words; ``rank`` 1 comes first."""

    text: Text
    kind: Kind
    rank: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that rests on evidence. The id is stable from one review to the next.

    ``checks``: the commitments that it tells of, for they are what is counted, never findings;
    ``restates``: the id of the finding of which it says the same, and which alone is counted;
    ``brief``: what the first page says of it, if it may stand there; ``decider`` and ``decide_by``
    (an ISO date): who decides, and until when; ``evidence_of``: how many there are where
    ``evidence`` names the first ones alone, else 0.
    """

    id: str
    sentence: Text
    kind: Kind
    evidence: tuple[str, ...] = ()
    decision: Text = EMPTY
    clause: Words = ""
    checks: Checks | None = None
    restates: str = ""
    brief: Brief | None = None
    decider: Side | None = None
    decide_by: str = ""
    evidence_of: int = 0
    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; a quoted column holds words of the data, in their own language."""

    key: str
    label: Text
    unit: Unit = Unit.TEXT
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under columns; a text is of the data, a message is of the catalogue.

    ``None`` is printed as "—". ``lead``: whether its chapter opens with it; ``first``: which of its
    rows come first, where there are more than a chapter opens with.
    """

    id: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text = EMPTY
    lead: bool = False
    first: Text = EMPTY
    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: its form and what the form draws, in words, and the table of the numbers drawn.

    ``measure`` says what is drawn, ``reference`` names the threshold or target, ``floor`` is the n
    below which a value is withheld; ``options``: what else the form takes. ``lead``: whether its
    chapter opens with it; the first does where none says so; ``card``: its message, at most 14
    words, where the first page has it too; ``first``: which of its rows come first, where there are
    more than a chapter opens with.
    """

    id: str
    form: ChartForm
    title: Text
    description: Text
    table: Table
    frame: Any = field(default=None, compare=False)
    measure: Text = EMPTY
    reference: Text = EMPTY
    floor: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict, compare=False)
    lead: bool = False
    card: Text = EMPTY
    first: Text = EMPTY
    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class Caveat:
    """What a reader must know before using the section's figures."""

    id: str
    sentence: Text


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What is to be decided together: whose it is, until when (an ISO date) and by whom, what is
    at stake of what the page ranks, the ids of the findings that call for it.
    """

    text: Text
    decider: Side
    decide_by: str
    stakes: tuple[AtStake, ...]
    findings: tuple[str, ...]
    dated_for: Side | None = None


@dataclass(frozen=True, slots=True)
class Owing:
    """What a party still owes, as the findings that say so."""

    side: Side
    party: Text
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Words of the facilitator on a finding that the first page does not show."""

    finding: str
    note: Note


@dataclass(frozen=True, slots=True)
class Front:
    """The first page: all of it is taken from the values of chapters.

    ``strengths`` and ``concerns``: the clauses of the sentence that opens it; ``ranked``: what
    weighs most, by ``rule``; ``owing``: what each party owes; ``held``: what held; ``missing``:
    what was not assessed; ``unassessed``: its names, whole parts first; ``decisions``; ``counts``:
    of commitments; ``verdict``: what the facilitator says in place of that sentence; ``unplaced``:
    what they say of other findings. Of a periodic review, ``lines``: what it says first, each with
    what it is called; ``recent``: the ids of the findings that the period before had not.
    """

    strengths: tuple[Text, ...] = ()
    concerns: tuple[Text, ...] = ()
    ranked: tuple[Finding, ...] = ()
    owing: tuple[Owing, ...] = ()
    held: tuple[Finding, ...] = ()
    missing: tuple[Fact, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    counts: Text = EMPTY
    rule: Text = EMPTY
    unassessed: tuple[Text, ...] = ()
    verdict: Note | None = None
    unplaced: tuple[Unplaced, ...] = ()
    lines: tuple[tuple[Text, Text], ...] = ()
    recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter as a value. ``because`` is set when the chapter could not be assessed.

    ``clauses``: what it gives to the sentence that opens the review; ``part``: of the review;
    ``support``: whether the page folds all but its title and message; ``by_analyst``: whether it is
    the analyst's. ``shown_in``: the language in which a cell of a notebook shows it. ``of``: the
    day and the inputs of its review, by which a cell shows that it is of this one. ``note``: what
    the facilitator says of it, in Markdown. ``recent``: of a periodic review, the ids of findings
    that the period before had not; ``standing``: to date, those alike then; ``to_date``: whether it
    is on the whole engagement so far. ``reads``: the tables that its figures rest on, if known.
    """

    slug: str
    title: Text
    headline: Text = EMPTY
    intro: Text = EMPTY
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    because: Text = EMPTY
    clauses: tuple[OpeningClause, ...] = ()
    front: Front | None = None
    part: Part = Part.KEEP
    support: bool = False
    note: Note | None = None
    by_analyst: bool = False
    shown_in: Language = "en"
    time_zone: str = "UTC"
    currency: str = "EUR"
    audience: Audience = Audience.INTERNAL
    recent: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    to_date: bool = False
    reads: tuple[str, ...] = ()
    of: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Let the facts and the findings be shown as such in a notebook."""
        object.__setattr__(self, "facts", FactList(self.facts))
        object.__setattr__(self, "findings", FindingList(self.findings))

    def fact(self, fact_id: str) -> Fact:
        """Return a fact by its id; an unknown one raises KeyError with the id most like it."""
        return named(fact_id, self.facts, "fact", self.slug)

    def finding(self, finding_id: str) -> Finding:
        """Return a finding by its id; an unknown one raises KeyError with the id most like it.

        A finding is there when the data call for it: ``findings`` has those that are.
        """
        return named(finding_id, self.findings, "finding", self.slug)
