"""The pen: a chapter while it is written, one call for each value, in the order of the page.

What is alike in all chapters stands here and nowhere else: how many ids a sentence names, how many
rows a table has, the period of a figure, the interval of a share, how an absence is said.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Unpack

import pandas as pd

from reviewlib.calendars.punctuality import punctuality
from reviewlib.rates import WILSON, wilson
from reviewlib.report.cells import cell
from reviewlib.report.chart_forms import ChartForm
from reviewlib.report.fields import FactFields, FindingFields, OfRow, RowFields
from reviewlib.report.filling import counted_in, filled
from reviewlib.report.forms import TableForm, frame_of
from reviewlib.report.kept import kept
from reviewlib.report.notes import noted
from reviewlib.report.phrases import files, headed, so_far, text_of
from reviewlib.report.replies import answered
from reviewlib.report.set_aside import doubts_on, set_aside
from reviewlib.report.text import (
    EMPTY,
    N_,
    NAMED,
    TEXTS,
    How,
    Message,
    Text,
    commas,
    join,
    listed,
    sentences,
)
from reviewlib.report.values import (
    Caveat,
    Checks,
    Fact,
    Figure,
    Finding,
    Interval,
    Kind,
    OpeningClause,
    Section,
    Side,
    Table,
    Unit,
)
from reviewlib.review import Review
from reviewlib.tables import with_parents

EVIDENCE = 20  # rows that a finding names
FINDINGS = 50  # findings of one kind
OF_FIGURE = ("measure", "reference", "floor", "card")  # of a figure, not of its form

SPREAD = N_("from {low:days} to {high:days}")
NOTHING = N_("nothing of the kind has happened yet")
NOTHING_DUE = N_("nothing has come due yet")
APART = N_("counted apart, not due or awaiting a decision: {n}")
STOPPED = N_("Findings of one kind stop at {n}; the tables go on.")


@dataclass
class Chapter:
    """The values of a section, in the order in which they are said.

    ``period``: of figures that name none, by default that of a periodic review; ``lists_rows``:
    whether it lists the rows that were set aside itself.
    """

    review: Review
    slug: str
    title: Message
    period: Text = EMPTY
    lists_rows: bool = False
    _headline: list[Text] = field(default_factory=list)
    _intro: list[Text | str] = field(default_factory=list)
    _clauses: list[OpeningClause] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    caveats: list[Caveat] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._start = len(self.review.reads)
        self.period = self.period or (so_far(self.review) if self.review.period else EMPTY)

    def id(self, name: str) -> str:
        """Return the id of a value of the chapter; that of its slug where the name is empty."""
        return f"{self.slug}.{name}" if name else self.slug

    def headline(self, *messages: Text) -> None:
        """Add sentences to the headline."""
        self._headline.extend(messages)

    def clause(self, kind: Kind, text: Text, rank: int) -> None:
        """Add a clause, without capital and full stop, to the sentence that opens the review.

        ``rank``: 1 for what weighs most; of strengths two are taken, of concerns three.
        """
        self._clauses.append(OpeningClause(text, kind, rank))

    def clause_on(self, fact: Fact, held: Message, rank: int) -> None:
        """Add a clause on how many commitments of a fact held, ``k`` of ``n``: of either party a
        strength where all did.
        """
        if checks := fact.checks:
            kind = Kind.STRENGTH if checks.held == checks.of else Kind.CONCERN
            self.clause(kind, held(k=checks.held, n=checks.of), rank)

    def intro(self, *messages: Text | str) -> None:
        """Add sentences to the introduction: how the figures were counted."""
        self._intro.extend(messages)

    # figures

    def fact(
        self, name: str, label: Text, value: Any, unit: Unit = Unit.COUNT,
        **about: Unpack[FactFields],
    ) -> Fact:  # fmt: skip
        """Add a figure. ``because`` is its note where it has no value."""
        because, plain = about.pop("because", EMPTY), cell(value)
        if lacks := about.pop("lacks", EMPTY):
            plain, because = None, headed(lacks, self.review)
            about["n"] = about["interval"] = about["checks"] = None
        if plain is None and because:
            about["note"] = because
        if (checks := about.get("checks")) and not checks.of:
            about["checks"] = None
        about.setdefault("period", self.period)
        if not isinstance(source := about.get("source", EMPTY), TEXTS):
            source = files(source, self.review)
        how = about.pop("how", EMPTY)
        about["source"] = commas((source, how)) if source and how else source
        made = Fact(self.id(name), label, plain, unit, **about)  # type: ignore[arg-type, misc]
        self.facts.append(made)
        return made

    def count(self, name: str, label: Text, rows: pd.Series, **about: Unpack[FactFields]) -> Fact:
        """Add how many rows something is true of, and of how many: ``n``."""
        about.setdefault("n", len(rows))
        return self.fact(name, label, int(rows.sum()), **about)

    def share(self, name: str, label: Text, k: float, of: int, **about: Unpack[FactFields]) -> Fact:
        """Add ``k`` of ``of`` as a share; of none there is no share, and ``because`` says why."""
        about.setdefault("n", of)
        made = self.fact(name, label, float(k) / of if of else None, Unit.SHARE, **about)
        if made.value is not None and made.n == of and k == int(k):
            made = self.facts[-1] = dataclasses.replace(made, count=int(k))
        return made

    def rate(self, name: str, label: Text, k: int, of: int, **about: Unpack[FactFields]) -> Fact:
        """Add ``k`` of ``of`` as a share with the interval that chance leaves it (Wilson, 95 %)."""
        if of:
            about.setdefault("interval", Interval(*wilson(k, of), WILSON))
        return self.share(name, label, k, of, **about)

    def amount(
        self, name: str, label: Text, amount: Decimal | float | None, **about: Unpack[FactFields]
    ) -> Fact:
        """Add an amount of money in the contract's currency."""
        return self.fact(name, label, amount, Unit.MONEY, **about)

    def median(self, name: str, label: Text, days: pd.Series, **about: Unpack[FactFields]) -> Fact:
        """Add a median of days, with the least and the most of them; absent ones don't count."""
        days = days.dropna()
        about.setdefault("n", len(days))
        about.setdefault("because", NOTHING)
        if len(days):
            about.setdefault("note", SPREAD(low=days.min(), high=days.max()))
        value = float(days.median()) if len(days) else None
        return self.fact(name, label, value, Unit.DAYS, **about)

    def on_time(
        self, name: str, label: Text, states: pd.Series, side: Side | None = None,
        **about: Unpack[FactFields],
    ) -> Fact:  # fmt: skip
        """Add the share on time of what can be judged; the rest is counted in the note.

        ``states``: of ``calendars.punctuality``; ``side``: whose commitments these are, where no
        other fact counts them.
        """
        k, n = punctuality(states)
        about["checks"] = Checks(side, k, n) if side else None
        apart = len(states) - n
        about.setdefault("because", NOTHING_DUE)
        if n and apart and not about.get("note"):
            about["note"] = APART(n=apart)
        return self.share(name, label, k, n, **about)

    # what is found, and what must be known

    def strength(self, name: str, sentence: Text, **given: Unpack[FindingFields]) -> None:
        """Add a finding of what held; see ``find``."""
        self.find(Kind.STRENGTH, name, sentence, **given)

    def met(
        self, name: str, fact: Fact, ids: Iterable[Any], clause: Text | str = "",
        held: Message | None = None,
    ) -> None:  # fmt: skip
        """Add which commitments were met, by the ids of their rows; see ``kept``."""
        kept(self, name, fact, held=held, about=ids, clause=clause)

    def concern(self, name: str, sentence: Text, **given: Unpack[FindingFields]) -> None:
        """Add a finding of what did not hold; see ``find``."""
        self.find(Kind.CONCERN, name, sentence, **given)

    def neutral(self, name: str, sentence: Text, **given: Unpack[FindingFields]) -> None:
        """Add a finding that is neither; see ``find``."""
        self.find(Kind.NEUTRAL, name, sentence, **given)

    def find(self, kind: Kind, name: str, sentence: Text, **given: Unpack[FindingFields]) -> None:
        """Add a finding; where ``about`` names no row, none.

        The fields ``ids`` and ``n`` of its sentence and of its decision are filled in from it.
        """
        about = given.get("about")
        ids = () if about is None else tuple(str(one) for one in about)
        if about is not None and not ids:
            return
        decision = counted_in(given.get("decision", EMPTY), ids)
        evidence = ids[: given.get("evidence", EVIDENCE)]
        made = Finding(
            self.id(name),
            counted_in(sentence, ids),
            kind,
            evidence=evidence,
            evidence_of=len(ids) if len(evidence) < len(ids) else 0,
            decision=decision,
            clause=given.get("clause", ""),
            checks=given.get("checks"),
            restates=given.get("restates", ""),
            brief=given.get("brief"),
            decider=given.get("decider") if given.get("decision") else None,
            decide_by=given.get("decide_by", "") if given.get("decision") else "",
        )
        self.findings.append(made)

    def each(
        self, kind: Kind | Callable[[Any], Kind], name: str, rows: pd.DataFrame, sentence: OfRow,
        **given: Unpack[RowFields],
    ) -> None:  # fmt: skip
        """Add a finding for each row, for the first ``limit`` of them; see ``of_row``.

        ``kind``: of all of them, or what tells it of a row.
        """
        column, limit = given["id"], given.get("limit", FINDINGS)
        decision, clause = given.get("decision", EMPTY), given.get("clause", "")
        checks, restates = given.get("checks"), given.get("restates")
        brief, decide_by = given.get("brief"), given.get("decide_by")
        decider = given.get("decider")
        for row in rows.head(limit).itertuples():
            own = str(getattr(row, column))
            evidence = given.get("about", lambda _row, own=own: [own])(row)
            self.find(
                kind(row) if callable(kind) else kind,
                f"{name}.{own}" if name else own,
                self.of_row(sentence, row),
                about=evidence,
                decision=self.of_row(decision, row),
                clause=clause(row) if callable(clause) else text_of(getattr(row, clause, None)),
                checks=checks(row) if checks else None,
                restates=restates(row) if restates else "",
                brief=brief(row) if brief else None,
                decider=decider(row) if callable(decider) else decider,
                decide_by=decide_by(row) if decide_by else "",
            )

    def in_words(self, rows: pd.DataFrame, words: OfRow, limit: int = NAMED) -> Text:
        """Return rows in words, the first ones and how many others, separated by semicolons.

        A field of a message that is still open is filled in as by ``each``.
        """
        named = [self.of_row(words, row) for row in rows.head(limit).itertuples()]
        return join(How.CHAIN, named, len(rows) - len(named))

    def of_row(self, text: OfRow, row: Any) -> Text:
        """Return a text about a row.

        A field of a message that is still open is filled in from the column of its name, ``today``
        from the review.
        """
        made = text(row) if callable(text) and not isinstance(text, Message) else text
        today = self.review.today
        return filled(made, lambda name: today if name == "today" else getattr(row, name))

    def named(self, label: OfRow, rows: pd.DataFrame, limit: int = NAMED) -> Text:
        """Return the first rows as a sentence lists them, with how many others."""
        return listed([self.of_row(label, row) for row in rows.itertuples()], limit)

    def caveat(
        self, name: str, sentence: Text, about: Iterable[Any] | None = None, n: int | None = None,
        when: bool = True,
    ) -> None:  # fmt: skip
        """Add a caveat where it holds; on some rows, or on ``n`` of them, where there is one.

        The fields ``ids`` and ``n`` of its sentence are filled in from them (see ``find``).
        """
        ids = () if about is None else tuple(str(one) for one in about)
        counted = len(ids) if n is None else int(n)
        if when and (counted or (about is None and n is None)):
            self.caveats.append(Caveat(self.id(name), counted_in(sentence, ids, counted)))

    def stopped(self, *counts: int, limit: int = FINDINGS, name: str = "more") -> None:
        """Add the caveat that findings stop at a limit, where one of these counts is above it."""
        self.caveat(name, STOPPED(n=limit), when=max(counts, default=0) > limit)

    # tables and charts

    def table(self, form: TableForm, lines: pd.DataFrame | Iterable[tuple[Any, ...]]) -> None:
        """Add the first rows of a frame, or of cells in the order of the columns, as a table."""
        if not self.review.is_earlier:  # whose figures alone are wanted
            frame = lines if isinstance(lines, pd.DataFrame) else frame_of(form, lines)
            self.tables.append(form.table(frame, self.id(form.name), form.listed))

    def figure(
        self, chart: ChartForm, form: TableForm, frame: pd.DataFrame, description: Text, /,
        **drawn: Any,
    ) -> None:  # fmt: skip
        """Add a chart of some rows. ``form``: its name, its title, and the table of its numbers.

        ``drawn``: what the chart's form takes; ``frame``, where it draws other columns than those
        of the table; ``of``, how many rows there are where it draws some of them; ``measure``,
        ``reference`` and ``floor``, see ``charts.Labels``; ``card``, see ``Figure``; its options.
        """
        if self.review.is_earlier:
            return
        name = self.id(form.name)
        table = form.table(frame, f"{name}.table", form.listed)
        words = {key: drawn.pop(key) for key in OF_FIGURE if key in drawn}
        data, n = form.in_order(drawn.pop("frame", frame)), drawn.pop("of", len(frame))
        made = Figure(
            name, chart, form.caption, description, table, data, options=drawn, lead=form.lead,
            first=form.first_of(n), **words,
        )  # fmt: skip
        self.figures.append(made)

    # the whole

    def section(self) -> Section:
        """Return the chapter as a value, with a caveat on rows set aside of the tables it read.

        Amounts that may be in thousands are its first sentence where the table is its own.
        """
        for name, table, sentence, n in set_aside(self.review, self._tables()):
            self.caveat(f"{name}.{table}", sentence, n=n)
        doubts = doubts_on(self.review, self._tables(), self.facts)
        for table, doubt in doubts.items():
            self.caveat(f"units.{table}", doubt, when=table != self.slug)
        return self.review.section(
            self.slug,
            self.title,
            headline=sentences(doubts.get(self.slug), *self._headline),
            intro=sentences(*self._intro),
            facts=tuple(self.facts),
            findings=answered(self.review, self.slug, noted(self.review, self.slug, self.findings)),
            tables=tuple(self.tables),
            figures=tuple(self.figures),
            caveats=tuple(self.caveats),
            clauses=tuple(self._clauses),
            reads=self._reads(),
        )

    def _reads(self) -> tuple[str, ...]:
        """Return the tables that it rests on: those read, and those that their rows name.

        Of one that lists the rows set aside they are all of the folder's.
        """
        if self.lists_rows:
            return tuple(sorted(self.review.engagement.tables))
        return with_parents(self.review.reads[self._start :])

    def _tables(self) -> frozenset[str]:
        """Return the tables that were read since a chapter with figures was begun."""
        unsaid = self.lists_rows or not self.facts
        return frozenset(() if unsaid else self.review.reads[self._start :])

    def not_assessed(self, because: Text) -> Section:
        """Return the section that prints why it could not be assessed."""
        noted(self.review, self.slug, ())
        return self.review.section(self.slug, self.title, because=because)
