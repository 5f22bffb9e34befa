"""Tools and procedures agreed for working together: in use, written, current (H8)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.people.tools import metrics
from reviewlib.people.tools.metrics import ADOPTED, CURRENT, MISSING, OUTDATED, UNUSED
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.kept import kept
from reviewlib.report.phrases import BY_DEFAULT, QUANTITY, as_of, read, text_of, titled
from reviewlib.report.text import EMPTY, N_, Quoted, Text, n_, sentences
from reviewlib.report.values import FEW, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

STATES = {
    ADOPTED: N_("adopted"),
    metrics.IN_USE: N_("in use"),
    UNUSED: N_("hardly used"),
    metrics.UNTOLD: N_("not known: under three months"),
}
PROCEDURE_STATES = {
    CURRENT: N_("current"),
    OUTDATED: N_("to be reviewed"),
    MISSING: N_("no date of writing"),
    metrics.UNRECORDED: N_("not recorded"),
    metrics.UNDATED: N_("written; no time limit for its review"),
}
COUNTED = N_(
    "By default, for the contract sets no limit, a tool is adopted when, in each of the last three "
    "months with numbers, half of the people for whom it is meant used it, or half of all "
    "exchanges went through it; hardly used when it was a twentieth at most in each. A month that "
    "is not over is not counted. A procedure is current for as long after its last review as the "
    "contract says; where it says nothing, once it is written."
)
HEADLINE = n_("{k} of {n} tool is adopted.", "{k} of {n} tools are adopted.", on="n")
UNWRITTEN = N_("The folder does not say which procedures are written.")
NO_TIME = N_("The contract does not say within which time procedures are reviewed.")
WRITTEN = n_("{k} of {n} procedure is current.", "{k} of {n} procedures are current.", on="n")
LIMITS = BY_DEFAULT(policy=N_("adopted from half on, hardly used up to a twentieth"))
NO_NUMBERS = N_("No tool has three months of numbers.")
HARDLY = N_(
    "{label}: {k} of {of} people used it in {month:month}; in its best month {best_k} of {best_of}."
)
HARDLY_SHARE = N_(
    "{label}: of all exchanges {k} of {of} in {month:month}; in its best month {best_k} of "
    "{best_of}."
)
GIVE_UP = N_("{label}: settle whether it is still wanted: give it up, or agree on its use.")
LEAVE_OUT = N_("For the next contract: leave “{label}” out, or agree on its use.")
KEEP = N_("For the next contract: keep “{label}” among the tools agreed.")
TAKEN_UP = N_("{label}: {k} of {of} people used it in {month:month}.")
TAKEN_SHARE = N_("{label}: of all exchanges {k} of {of} in {month:month}.")
K_OF_N = N_("{k} of {n}")
EXCESS = N_("More people or exchanges are recorded than there are; not counted: {months}.")
IN_MONTH = N_("{label} in {month:month}")
NOT_WRITTEN = n_(
    "No date of writing is recorded of {n} procedure: {ids}.",
    "No date of writing is recorded of {n} procedures: {ids}.",
)
NOT_RECORDED = n_(
    "{n} procedure that was agreed is not in the table: {ids}.",
    "{n} procedures that were agreed are not in the table: {ids}.",
)
TO_REVIEW = n_(
    "{n} procedure is past its review: {ids}.", "{n} procedures are past their review: {ids}."
)
NOT_CURRENT = {MISSING: NOT_WRITTEN, metrics.UNRECORDED: NOT_RECORDED, OUTDATED: TO_REVIEW}
WRITE = N_("Settle who writes or reviews {names}, and by when.")
WRITE_NEXT = N_("For the next contract: agree on who writes and reviews procedures ({names}).")
OTHER_COUNT = N_(
    "Objective {named}, of the same clause, has another count: {value} on {measured_on:date} "
    "({source})."
)
OTHER_BARE = N_(
    "Objective {named}, of the same clause, has another count: {value} on {measured_on:date}."
)
BY_TABLE = N_(
    "By the table of procedures {k} of {n} were current on {today:date}. Which ones the objective "
    "counts is not in the folder."
)

TOOLS = TableForm(
    "tools",
    N_("Tools for working together"),
    (
        Col("label", N_("Tool"), quoted=True),
        Col("purpose", N_("What for"), quoted=True),
        Col("month", N_("Last month"), Unit.MONTH),
        Col("active", N_("Active people"), Unit.COUNT),
        Col("people", N_("Meant for"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
        Col("best", N_("Best month")),
        Col("state", N_("State"), words=STATES),
    ),
    lead=True,
    by="months",
    first=N_("The first {n} of {all}."),
)
MONTHS = TableForm(
    "months",
    N_("Use of the tools by month"),
    (
        Col("label", N_("Tool"), quoted=True),
        Col("month", N_("Month"), Unit.MONTH),
        Col("active", N_("Active people"), Unit.COUNT),
        Col("people", N_("Meant for"), Unit.COUNT),
        Col("exchanges", N_("Exchanges"), Unit.COUNT),
        Col("all_exchanges", N_("All exchanges"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
    ),
)
PROCEDURES = TableForm(
    "procedures",
    N_("Processes and procedures"),
    (
        Col("label", N_("Procedure"), quoted=True),
        Col("documented_on", N_("Written on"), Unit.DATE),
        Col("reviewed_on", N_("Last review"), Unit.DATE),
        Col("current_until", N_("Current until"), Unit.DATE),
        Col("state", N_("State"), words=PROCEDURE_STATES),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)


def tools(review: Review) -> Section:
    """Return the chapter on tools and procedures agreed for working together."""
    c = Chapter(review, "tools", N_("Tools and procedures"), as_of(review))
    table, written = review.table("tools"), review.table("procedures")
    if table is None and written is None:
        return c.not_assessed(review.absent("tools"))
    c.intro(COUNTED)
    if table is not None:
        _tools(c, table)
    if written is not None:
        _procedures(c, written)
    return c.section()


def _labelled(names: pd.Series, titles: dict[str, Text]) -> pd.Series:
    """Return names by what the contract calls them, where it does."""
    words = [titles.get(name) or Quoted(name) for name in names]
    return pd.Series(words, names.index, dtype="object")


def _tools(c: Chapter, table: pd.DataFrame) -> None:
    """Add the tools that were adopted, and those that are hardly used."""
    agreed = c.review.contract.governance.tools
    titles: dict[str, Text] = {name: text_of(one.title) for name, one in agreed.items()}
    purposes: dict[str, Text] = {name: text_of(one.purpose) for name, one in agreed.items()}
    by_month = metrics.months(table, c.review.today)
    rows = metrics.tools(by_month, tuple(agreed))
    rows = rows.assign(
        label=_labelled(rows["tool"], titles),
        purpose=pd.Series([purposes.get(name, "") for name in rows["tool"]], dtype="object"),
    )
    k, n = int((rows["state"] == ADOPTED).sum()), int((rows["state"] != metrics.UNTOLD).sum())
    c.headline(HEADLINE(k=k, n=n) if n else NO_NUMBERS)
    c.share(
        "adopted", N_("Tools adopted, of those with three months of numbers"), k, n, key=True,
        because=N_("no tool has three months of numbers"), note=LIMITS,
        source="tools.csv: month, active, people, exchanges, all_exchanges",
    )  # fmt: skip
    over = c.review.over
    hardly, taken = (HARDLY, HARDLY_SHARE), (TAKEN_UP, TAKEN_SHARE)
    _of_state(c, Kind.CONCERN, rows, UNUSED, (*hardly, LEAVE_OUT if over else GIVE_UP))
    _of_state(c, Kind.STRENGTH, rows, ADOPTED, (*taken, KEEP if over else EMPTY))
    by_month = by_month.assign(label=_labelled(by_month["tool"], titles))
    excess = by_month[by_month["excess"]]
    c.caveat("excess", EXCESS(months=c.named(IN_MONTH, excess)), when=len(excess) > 0)
    pairs = zip(rows["best_k"], rows["best_of"], strict=True)
    best = [K_OF_N(k=k, n=n) if pd.notna(k) else EMPTY for k, n in pairs]
    rows = rows.assign(best=pd.Series(best, rows.index, dtype="object"))
    c.table(TOOLS, _of_many(rows))
    c.table(MONTHS, _of_many(by_month))


def _of_many(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the shares of at least FEW people or exchanges; fewer are counted."""
    return rows.assign(share=rows["share"].where((rows["of"] >= FEW).fillna(False)))


def _of_state(
    c: Chapter, kind: Kind, rows: pd.DataFrame, state: str, words: tuple[Text, Text, Text]
) -> None:
    """Add the tools of a state; words: by people, by share, and the decision."""
    agreed = c.review.contract.governance.tools
    c.each(
        kind, "tool", rows[rows["state"] == state],
        lambda row: words[0 if row.of_people else 1], id="tool",
        about=lambda row: [row.month], decision=words[2], decider=Side.BOTH,
        clause=lambda row: agreed[row.tool].clause if row.tool in agreed else "",
    )  # fmt: skip


def _procedures(c: Chapter, table: pd.DataFrame) -> None:
    """Add the procedures that are current, and those that are not."""
    agreed, review = c.review.contract.governance.procedures, c.review
    rows = metrics.procedures(table, agreed, review.today, review.contract.days_off)
    titles: dict[str, Text] = {row.procedure: text_of(row.title) for row in rows.itertuples()}
    titles |= {name: text_of(about.title) for name, about in agreed.items()}
    rows = rows.assign(label=_labelled(rows["procedure"], titles))
    due = rows[rows["procedure"].isin([*agreed])]
    current = due[due["state"].isin([CURRENT, metrics.UNDATED])]
    k, n = len(current), len(due)
    dated = "documented_on" in table
    written = WRITTEN(k=k, n=n) if agreed else NO_TIME
    c.headline(written if dated else UNWRITTEN)
    checks = Checks(Side.BOTH, k, n) if agreed and dated else None
    fact = c.share(
        "procedures", N_("Procedures written and current"), k, n, checks=checks, key=True,
        because=N_("the contract does not say within which time procedures are reviewed"),
        **read(table, "procedures.csv", "documented_on"),
    )  # fmt: skip
    clause = next((about.clause for about in agreed.values() if about.clause), "")
    if checks:
        kept(c, "procedures", fact, c.named(_label, current), clause=clause)
    if fact.value is not None:
        _missed(c, due, clause, checks)
        _objectives(c, k, n, {str(about.clause) for about in agreed.values() if about.clause})
    c.table(PROCEDURES, rows)


def _missed(c: Chapter, rows: pd.DataFrame, clause: Text | str, checks: Checks | None) -> None:
    """Add the procedures that are not written, and those that are past their review."""
    own = {state: rows[rows["state"] == state] for state in NOT_CURRENT}
    missed = pd.concat([*own.values()])
    if missed.empty:
        return
    write = WRITE_NEXT if c.review.over else WRITE
    c.concern(
        "not_current",
        sentences(*(
            words(n=len(own[state]), ids=c.named(_label, own[state])) if len(own[state]) else EMPTY
            for state, words in NOT_CURRENT.items()
        )),
        decision=write(names=c.named(_label, missed)), clause=clause, decider=Side.BOTH,
        checks=Checks(Side.BOTH, 0, len(missed)) if checks else None,
    )  # fmt: skip


def _objectives(c: Chapter, k: int, n: int, clauses: set[str]) -> None:
    """Add the objectives that stand under the clause of the procedures, by their last measure."""
    stated, measures = c.review.contract.objectives, c.review.table("objective_results")
    names = [name for name, about in stated.items() if str(about.clause) in clauses]
    if measures is None or not names:
        return
    rows = metrics.last_measures(measures, names)
    by_table = BY_TABLE(k=k, n=n, today=c.review.today)

    def counted(row: Any) -> Text:
        about, other = stated[row.objective_id], OTHER_COUNT if text_of(row.source) else OTHER_BARE
        value = QUANTITY(value=row.value, unit=about.unit)
        return c.of_row(other(named=titled(row.objective_id, about.title), value=value), row)

    c.each(
        Kind.NEUTRAL, "objective", rows, lambda row: sentences(counted(row), by_table),
        id="objective_id",
    )  # fmt: skip


def _label(row: Any) -> Text:
    label: Text = row.label
    return label
