"""Tools and procedures agreed for working together: in use, written, current (H8)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.people.tools import metrics
from reviewlib.people.tools.metrics import ADOPTED, CURRENT, MISSING, OUTDATED, UNUSED
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.kept import kept
from reviewlib.report.phrases import QUANTITY, as_of, read, text_of, titled
from reviewlib.report.text import EMPTY, N_, Quoted, Text, n_, sentences
from reviewlib.report.values import Checks, Kind, Section, Side, Unit
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
    MISSING: N_("not written"),
    metrics.UNDATED: N_("written; no time limit for its review"),
}
COUNTED = N_(
    "A tool is adopted when, in each of the last three months with numbers, half of the people for "
    "whom it is meant used it, or half of all exchanges went through it; hardly used when it was a "
    "twentieth at most in each. A procedure is current for as long after its last review as the "
    "contract says."
)
HEADLINE = n_("{k} of {n} tool is adopted.", "{k} of {n} tools are adopted.", on="n")
UNWRITTEN = N_("The folder does not say which procedures are written.")
WRITTEN = n_("{k} of {n} procedure is current.", "{k} of {n} procedures are current.", on="n")
HARDLY = N_(
    "{label}: {active} of {people} people used it in {month:month}; at its best month it was "
    "{best:percent}."
)
HARDLY_SHARE = N_("{label}: {share:percent} in {month:month}; at its best month {best:percent}.")
GIVE_UP = N_("{label}: settle whether it is still wanted: give it up, or agree on its use.")
LEAVE_OUT = N_("For the next contract: leave “{label}” out, or agree on its use.")
KEEP = N_("For the next contract: keep “{label}” among the tools agreed.")
TAKEN_UP = N_("{label}: {active} of {people} people used it in {month:month}.")
TAKEN_SHARE = N_("{label}: {share:percent} in {month:month}.")
NOT_WRITTEN = n_("{n} procedure is not written: {ids}.", "{n} procedures are not written: {ids}.")
TO_REVIEW = n_(
    "{n} procedure is past its review: {ids}.", "{n} procedures are past their review: {ids}."
)
WRITE = N_("Settle who writes or reviews {names}, and by when.")
WRITE_NEXT = N_("For the next contract: agree on who writes and reviews procedures ({names}).")
OTHER_COUNT = N_(
    "Objective {named}, of the same clause, has another count: {value} on {measured_on:date} "
    "({source}). By the table of procedures {k} of {n} were current on {today:date}. Which ones "
    "the objective counts is not in the folder."
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
        Col("best", N_("Best month"), Unit.SHARE),
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
    c.headline(HEADLINE(k=k, n=n))
    c.share(
        "adopted", N_("Tools adopted, of those with three months of numbers"), k, n, key=True,
        because=N_("no tool has three months of numbers"),
        source="tools.csv: month, active, people, exchanges, all_exchanges",
    )  # fmt: skip
    over = c.review.over
    hardly, taken = (HARDLY, HARDLY_SHARE), (TAKEN_UP, TAKEN_SHARE)
    _of_state(c, Kind.CONCERN, rows, UNUSED, (*hardly, LEAVE_OUT if over else GIVE_UP))
    _of_state(c, Kind.STRENGTH, rows, ADOPTED, (*taken, KEEP if over else EMPTY))
    c.table(TOOLS, rows)
    c.table(MONTHS, by_month.assign(label=_labelled(by_month["tool"], titles)))


def _of_state(
    c: Chapter, kind: Kind, rows: pd.DataFrame, state: str, words: tuple[Text, Text, Text]
) -> None:
    """Add the tools of a state; words: by people, by share, and the decision."""
    agreed = c.review.contract.governance.tools
    c.each(
        kind, "tool", rows[rows["state"] == state],
        lambda row: words[1 if pd.isna(row.people) else 0], id="tool",
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
    due = rows[rows["state"] != metrics.UNDATED]
    k, n = int((due["state"] == CURRENT).sum()), len(due)
    dated = "documented_on" in table
    c.headline(WRITTEN(k=k, n=n) if dated else UNWRITTEN)
    checks = Checks(Side.BOTH, k, n) if agreed and n and dated else None
    fact = c.share(
        "procedures", N_("Procedures written and current"), k, n, checks=checks, key=True,
        because=N_("the contract does not say for how long a procedure is current"),
        **read(table, "procedures.csv", "documented_on"),
    )  # fmt: skip
    clause = next((about.clause for about in agreed.values() if about.clause), "")
    current = rows[rows["state"] == CURRENT]
    if checks:
        kept(c, "procedures", fact, c.named(_label, current), clause=clause)
    if fact.value is not None:
        _missed(c, rows, clause, checks)
        _objectives(c, k, n, {str(about.clause) for about in agreed.values() if about.clause})
    c.table(PROCEDURES, rows)


def _missed(c: Chapter, rows: pd.DataFrame, clause: Text | str, checks: Checks | None) -> None:
    """Add the procedures that are not written, and those that are past their review."""
    missing, past = rows[rows["state"] == MISSING], rows[rows["state"] == OUTDATED]
    missed = pd.concat([missing, past])
    if missed.empty:
        return
    write = WRITE_NEXT if c.review.over else WRITE
    c.concern(
        "not_current",
        sentences(
            NOT_WRITTEN(n=len(missing), ids=c.named(_label, missing)) if len(missing) else EMPTY,
            TO_REVIEW(n=len(past), ids=c.named(_label, past)) if len(past) else EMPTY,
        ),
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
    c.each(
        Kind.NEUTRAL, "objective", rows,
        lambda row: OTHER_COUNT(
            named=titled(row.objective_id, stated[row.objective_id].title),
            value=QUANTITY(value=row.value, unit=stated[row.objective_id].unit), k=k, n=n,
        ),
        id="objective_id",
    )  # fmt: skip


def _label(row: Any) -> Text:
    label: Text = row.label
    return label
