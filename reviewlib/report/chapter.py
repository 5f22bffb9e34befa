"""The pen: a chapter while it is written, one call for each value, in the order of the page.

What is alike in all chapters stands here and nowhere else: how many ids a sentence names, how many
rows a table has, the period of a figure, the interval of a share, how an absence is said.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypedDict, Unpack

import pandas as pd

from reviewlib.rates import WILSON, wilson
from reviewlib.report.text import (
    EMPTY,
    NAMED,
    Message,
    N_,
    Quoted,
    Text,
    listed,
    sentences,
)
from reviewlib.report.values import (
    Caveat,
    ChartForm,
    Column,
    Fact,
    Figure,
    Finding,
    Interval,
    Kind,
    Section,
    Table,
    Unit,
    rows,
)
from reviewlib.review import Review

EVIDENCE = 20  # rows that a finding names
FINDINGS = 50  # findings of one kind
LISTED = 500  # rows of a table
FOLDED = 20  # a table of more rows is folded

AS_OF = N_("as of {date}")
SPREAD = N_("from {low:days} to {high:days}")
NOTHING = N_("nothing of the kind has happened yet")
FIRST = N_("The first {n} of {all}.")
STOPPED = N_("Findings of one kind stop at {n}; the tables go on.")
QUOTES = N_("“{text}”")


class FactFields(TypedDict, total=False):
    """What a fact says beside its label, value and unit; ``because``: why it has no value."""

    n: int | None
    interval: Interval | None
    target: float | None
    met: bool | None
    clause: str
    period: Text
    source: Text
    note: Text
    because: Text


@dataclass(frozen=True, slots=True)
class Col:
    """A column of a form: its key in the frame, its heading, unit, the words of its codes.

    ``quoted``: it holds text of the data, in its own language.
    """

    key: str
    label: Text
    unit: Unit = Unit.TEXT
    words: Mapping[Any, Text] | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table before its rows: declared once, at the head of a chapter.

    ``folded`` None: folded where it is long.
    """

    name: str
    caption: Text
    columns: tuple[Col, ...]
    note: Text = EMPTY
    folded: bool | None = None

    def but(self, **changed: Any) -> TableForm:
        """Return the form with some of its fields changed."""
        return dataclasses.replace(self, **changed)

    def only(self, keys: Iterable[str]) -> TableForm:
        """Return the form with the columns of these keys, in their order."""
        by_key = {column.key: column for column in self.columns}
        return dataclasses.replace(self, columns=tuple(by_key[key] for key in keys))


@dataclass
class Chapter:
    """The values of a section, in the order in which they are said.

    ``period``: of the figures that name none themselves.
    """

    review: Review
    slug: str
    title: Message
    period: Text = EMPTY
    _headline: list[Text] = field(default_factory=list)
    _intro: list[Text] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    caveats: list[Caveat] = field(default_factory=list)

    def id(self, name: str) -> str:
        """Return the id of a value of the chapter; that of its slug where the name is empty."""
        return f"{self.slug}.{name}" if name else self.slug

    def headline(self, *said: Text) -> None:
        """Add sentences to the headline."""
        self._headline.extend(said)

    def intro(self, *said: Text) -> None:
        """Add sentences to the introduction: how the figures were counted."""
        self._intro.extend(said)

    # figures

    def fact(
        self, name: str, label: Text, value: Any, unit: Unit = Unit.COUNT,
        **about: Unpack[FactFields],
    ) -> Fact:  # fmt: skip
        """Add a figure. ``because`` becomes its note where it has no value."""
        because = about.pop("because", EMPTY)
        if value is None and because:
            about["note"] = because
        about.setdefault("period", self.period)
        plain = float(value) if isinstance(value, Decimal) else value
        made = Fact(self.id(name), label, plain, unit, **about)
        self.facts.append(made)
        return made

    def share(
        self, name: str, label: Text, k: float, n: int, **about: Unpack[FactFields]
    ) -> Fact:
        """Add ``k`` of ``n`` as a share; of none there is no share, and ``because`` says why."""
        return self.fact(name, label, float(k) / n if n else None, Unit.SHARE, **{"n": n, **about})

    def rate(self, name: str, label: Text, k: int, n: int, **about: Unpack[FactFields]) -> Fact:
        """Add ``k`` of ``n`` as a share with the interval that chance leaves it (Wilson, 95 %)."""
        interval = Interval(*wilson(k, n), WILSON) if n else None
        return self.share(name, label, k, n, **{"interval": interval, **about})

    def amount(
        self, name: str, label: Text, amount: Decimal | float | None, **about: Unpack[FactFields]
    ) -> Fact:
        """Add an amount of money in the contract's currency."""
        return self.fact(name, label, amount, Unit.MONEY, **about)

    def median(
        self, name: str, label: Text, days: pd.Series, **about: Unpack[FactFields]
    ) -> Fact:
        """Add a median of days, with the least and the most of them; absent ones don't count."""
        known = days.dropna()
        value = float(known.median()) if len(known) else None
        spread = SPREAD(low=known.min(), high=known.max())
        given: FactFields = {"n": len(known), "note": spread, "because": NOTHING}
        return self.fact(name, label, value, Unit.DAYS, **{**given, **about})

    # what is found, and what must be known

    def strength(self, name: str, sentence: Text, **about: Any) -> None:
        """Add a finding of what held; see ``find``."""
        self.find(Kind.STRENGTH, name, sentence, **about)

    def concern(self, name: str, sentence: Text, **about: Any) -> None:
        """Add a finding of what did not hold; see ``find``."""
        self.find(Kind.CONCERN, name, sentence, **about)

    def neutral(self, name: str, sentence: Text, **about: Any) -> None:
        """Add a finding that is neither; see ``find``."""
        self.find(Kind.NEUTRAL, name, sentence, **about)

    def find(
        self, kind: Kind, name: str, sentence: Text, *, about: Iterable[Any] | None = None,
        decision: Text = EMPTY, clause: Text | str = "", evidence: int = EVIDENCE,
    ) -> None:  # fmt: skip
        """Add a finding. ``about``: the ids that it rests on, of which ``evidence`` are named.

        An empty ``about`` adds nothing. The sentence's and the decision's fields ``ids`` and ``n``
        are filled in from it. ``decision``: what is to be decided; ``clause``: under which clause.
        """
        ids = None if about is None else tuple(str(one) for one in about)
        if ids == ():
            return
        named = ids or ()
        made = Finding(
            self.id(name), _of(sentence, named), kind, named[:evidence], _of(decision, named),
            clause,
        )  # fmt: skip
        self.findings.append(made)

    def caveat(
        self, name: str, sentence: Text, about: Iterable[Any] | None = None, when: bool = True
    ) -> None:
        """Add a caveat where it holds; on some rows, where there is one (see ``find``)."""
        ids = None if about is None else tuple(str(one) for one in about)
        if when and ids != ():
            self.caveats.append(Caveat(self.id(name), _of(sentence, ids or ())))

    def stopped(self, *counts: int, limit: int = FINDINGS, name: str = "more") -> None:
        """Add the caveat that findings stop at a limit, where one of these counts is above it."""
        self.caveat(name, STOPPED(n=limit), when=max(counts, default=0) > limit)

    # tables and charts

    def table(self, form: TableForm, frame: pd.DataFrame) -> None:
        """Add the first rows of a frame as a table."""
        self.tables.append(self._table(form, frame, self.id(form.name)))

    def _table(self, form: TableForm, frame: pd.DataFrame, name: str) -> Table:
        columns = tuple(Column(c.key, c.label, c.unit, c.quoted) for c in form.columns)
        coded = {c.key: frame[c.key].map(dict(c.words)) for c in form.columns if c.words}
        shown = frame.head(LISTED).assign(**{key: one.head(LISTED) for key, one in coded.items()})
        cut = FIRST(n=LISTED, all=len(frame)) if len(frame) > LISTED else EMPTY
        folded = len(frame) > FOLDED if form.folded is None else form.folded
        note = sentences(form.note, cut)
        return Table(name, form.caption, columns, rows(shown, columns), note, folded)

    def figure(
        self, chart: ChartForm, form: TableForm, frame: pd.DataFrame, description: Text,
        **drawn: Any,
    ) -> None:  # fmt: skip
        """Add a chart of some rows. ``form``: its name, its title, and the table of its numbers.

        ``drawn``: what the chart's form takes; ``frame``, where it draws other columns than those
        of the table; ``measure``, ``reference`` and ``floor``, see ``charts.Labels``; its options.
        """
        name = self.id(form.name)
        table = self._table(form, frame, f"{name}.table")
        words = {key: drawn.pop(key) for key in ("measure", "reference", "floor") if key in drawn}
        data = drawn.pop("frame", frame)
        made = Figure(name, chart, form.caption, description, table, data, options=drawn, **words)
        self.figures.append(made)

    # the whole

    def section(self) -> Section:
        """Return the chapter as a value."""
        return self.review.section(
            self.slug,
            self.title,
            headline=sentences(*self._headline),
            intro=sentences(*self._intro),
            facts=tuple(self.facts),
            findings=tuple(self.findings),
            tables=tuple(self.tables),
            figures=tuple(self.figures),
            caveats=tuple(self.caveats),
        )

    def not_assessed(self, because: Text) -> Section:
        """Return the section that prints why it could not be assessed."""
        return self.review.section(self.slug, self.title, because=because)


def as_of(review: Review) -> Message:
    """Return the day that a review looks from, as the period of a figure."""
    return AS_OF(date=review.today)


def of_ids(ids: Iterable[Any]) -> Text:
    """Return ids as a sentence lists them: A, B and 3 others."""
    return listed([Quoted(one) for one in ids], NAMED)


def quoted(texts: Iterable[str]) -> Iterator[Message]:
    """Return texts of the data between quotation marks."""
    return (QUOTES(text=text) for text in texts)


def _of(text: Text, ids: tuple[str, ...]) -> Text:
    """Fill in the fields ``ids`` and ``n`` of a message that are still open."""
    if not isinstance(text, Message):
        return text
    still = text.fields - dict(text.values).keys()
    known = {"ids": ids, "n": len(ids)}
    return text(**{name: value for name, value in known.items() if name in still})
