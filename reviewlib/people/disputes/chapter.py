"""Disputes: through the ladder of the contract or past it, how long, what is still open (H3)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.contract.governance import DisputeLadder
from reviewlib.people.disputes import metrics
from reviewlib.people.disputes.metrics import CLOSED, OPEN
from reviewlib.people.words import time_taken
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import delay_words
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import PARTIES, SIDES, as_of, read, shortened, text_of, titled
from reviewlib.report.text import EMPTY, N_, Text, listed, n_, sentences
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

FILE = "disputes.csv"
ENDS = ("ended_on", "outcome")
STEPS = {
    "direct_talks": N_("direct talks"),
    "steering_committee": N_("steering committee"),
    "mediation": N_("mediation"),
    "neutral_third_party": N_("neutral third party"),
    "arbitration": N_("arbitration"),
}
STATES = {OPEN: N_("not closed"), CLOSED: N_("closed")}
OUTCOMES = {
    "settled": N_("settled by agreement"),
    "decided": N_("decided"),
    "withdrawn": N_("withdrawn by its author"),
    "not_settled": N_("not settled"),
}
STEP_STATES = {
    metrics.ENDED: N_("within the time allowed, or no limit"),
    metrics.OVERRUN: N_("longer than the time allowed"),
    metrics.UNDATED: N_("ended, on what day is not recorded"),
    metrics.RUNNING: N_("running"),
    metrics.OVERDUE: N_("running beyond the time allowed"),
}
COUNTED = N_(
    "A dispute follows the ladder when each step before the furthest one that it reached is "
    "recorded, and when none lasts longer than the time allowed; days are calendar days. It is "
    "closed by an agreement, a decision or a withdrawal in its latest step. The same rule holds "
    "whichever side raised it."
)
LADDER = N_("The ladder of the contract: {steps:chain}.")
STEP_WITHIN = N_("{step} (at most {within})")
NO_LADDER = N_("The contract sets no ladder of disputes: no step can be skipped or overdue.")
UNTOLD = N_("The folder does not say how and when disputes ended.")
HEADLINE = n_("{n} dispute, {open} still open.", "{n} disputes, {open} still open.")
BROKEN = {
    "skipped": N_("With a step not recorded: {k}."),
    "too_long": N_("With a step past its time: {k}."),
}
"""By the column of the steps, how many disputes have such a one."""
RAISED = N_("{named} has been open since {opened_on}: {days:days} so far.")
SETTLED = N_("{named} took {days:days}, from {opened_on} to {closed_on}: {outcome}.")
UNDATED = N_("{named}: {outcome}, on what day is not recorded.")
GAP = N_("Longest without a recorded step: {gap:days}, from {gap_from} to {gap_to}.")
SKIPPED = n_(
    "No {steps:commas} is recorded; the table does not say which side went to “{reached}”.",
    "Not recorded: {steps:commas}; the table does not say which side went to “{reached}”.",
)
TOO_LONG = N_("Longer than the time allowed: {steps:commas}.")
NEXT = N_("Dispute {dispute_id}: agree on the next step, and by when.")
TO_SETTLE = N_("Dispute {dispute_id}: settle it in the final account, or agree on its next step.")
ALLOW = N_("Agree whether a step of the ladder may be left out, and who decides so.")
ALLOW_NEXT = N_("For the next contract: say whether a step may be left out, and who decides so.")
RAISED_BY = N_("{named}, raised by {by},")
OPEN_BRIEF = N_("Dispute {named} is not settled.")
SKIPPED_BRIEF = n_(
    "Dispute {named} is not settled; no {steps:commas} is recorded.",
    "Dispute {named} is not settled; not recorded: {steps:commas}.",
)
DAYS_OPEN = N_("dispute open")
IN_DISPUTE = N_("in dispute")
FOLLOWED = n_("{k} of {n} dispute followed the ladder", "{k} of {n} disputes followed the ladder")

DISPUTES = TableForm(
    "disputes",
    N_("Disputes"),
    (
        Col("dispute_id", N_("Dispute"), quoted=True),
        Col("title", N_("What"), quoted=True),
        Col("raised_by", N_("Raised by"), words=SIDES),
        Col("opened_on", N_("Since"), Unit.DATE),
        Col("days", N_("Days"), Unit.COUNT),
        Col("last_step", N_("Last step"), words=STEPS),
        Col("missed", N_("Steps not recorded")),
        Col("amount", N_("Amount"), Unit.MONEY),
        Col("state", N_("State"), words=STATES),
    ),
    lead=True,
    by="days",
    first=N_("The {n} longest, of {all}."),
)
TAKEN = TableForm(
    "steps",
    N_("Disputes, step by step"),
    (
        Col("dispute_id", N_("Dispute"), quoted=True),
        Col("step", N_("Step"), words=STEPS),
        Col("started_on", N_("Began on"), Unit.DATE),
        Col("ended_on", N_("Ended on"), Unit.DATE),
        Col("due_on", N_("Last day allowed"), Unit.DATE),
        Col("days", N_("Days"), Unit.COUNT),
        Col("between", N_("Days since the step before"), Unit.COUNT),
        Col("state", N_("State"), words=STEP_STATES),
        Col("outcome", N_("Outcome"), words=OUTCOMES),
        Col("settlement", N_("Agreed or decided"), quoted=True),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)


def disputes(review: Review) -> Section:
    """Return the chapter on disputes and the ladder by which the contract settles them."""
    c = Chapter(review, "disputes", N_("Disputes"), as_of(review))
    table, ladder = review.table("disputes"), review.contract.governance.disputes
    if table is None:
        return c.not_assessed(review.absent("disputes"))
    taken = metrics.steps(table, ladder, review.today, review.contract.days_off)
    rows = metrics.disputes(taken, ladder, review.today)
    c.intro(COUNTED, _ladder(ladder))
    _facts(c, table, rows, ladder)
    if not {*ENDS} <= {*table}:
        c.headline(UNTOLD)
        c.table(TAKEN.without("state", "days", "between"), taken)
        return c.section()
    c.headline(HEADLINE(n=len(rows), open=int((rows["state"] == OPEN).sum())))
    counts = {name: int(rows[name].map(len).gt(0).sum()) for name in BROKEN}
    c.headline(*(BROKEN[name](k=k) for name, k in counts.items() if k))
    _findings(c, rows, ladder)
    c.table(DISPUTES, rows.assign(missed=_missed(rows["skipped"])))
    c.table(TAKEN, taken)
    return c.section()


def _ladder(ladder: DisputeLadder | None) -> Text:
    if ladder is None:
        return NO_LADDER
    return LADDER(
        steps=[
            STEP_WITHIN(step=STEPS[one.step], within=delay_words(one.within))
            if one.within
            else STEPS[one.step]
            for one in ladder.steps
        ]
    )


def _missed(skipped: pd.Series) -> pd.Series:
    """Return the steps that are not recorded in words, each choice of them put once."""
    words = {steps: listed(STEPS[step] for step in steps) for steps in {*skipped}}
    return pd.Series([words[steps] for steps in skipped], skipped.index, dtype="object")


def _facts(
    c: Chapter, table: pd.DataFrame, rows: pd.DataFrame, ladder: DisputeLadder | None
) -> None:
    source = read(table, FILE, "dispute_id", "started_on", *ENDS)
    is_open, judged = rows["state"] == OPEN, rows["followed"].dropna().astype("bool")
    clause = ladder.clause if ladder else ""
    c.count("open", N_("Disputes still open"), is_open, key=True, **source)
    checks = Checks(Side.BOTH, int(judged.sum()), len(judged))
    none = N_("no dispute has come to an end, or to a step too late")
    fact = c.share(
        "followed", N_("Disputes that followed the ladder"), int(judged.sum()), len(judged),
        because=none if ladder else N_("the contract sets no ladder of disputes"),
        clause=clause, checks=checks, key=True, **source,
    )  # fmt: skip
    c.clause_on(fact, FOLLOWED, 6)
    in_order = rows.loc[rows["followed"].eq(True).fillna(False).astype("bool"), "dispute_id"]
    c.met("in_order", fact, in_order, clause)
    closed = rows.loc[~is_open, "days"].dropna().astype("float64")
    longest = N_("Days to close a dispute, the longest")
    time_taken(c, N_("Days to close a dispute, median"), longest, closed, **source)
    _amount(c, table, rows[is_open])


def _amount(c: Chapter, table: pd.DataFrame, still_open: pd.DataFrame) -> None:
    """Add what the open disputes are about, in money, where they state it."""
    stated = still_open["amount"].dropna().astype("float64")
    because = N_("no open dispute states an amount")
    c.amount(
        "amount", N_("Amount of the open disputes"), stated.sum() if len(stated) else None,
        n=len(stated), because=because, **read(table, FILE, "amount", *ENDS),
    )  # fmt: skip


def _findings(c: Chapter, rows: pd.DataFrame, ladder: DisputeLadder | None) -> None:
    """Add each dispute that is open, that left the ladder, or of which the end is not recorded."""
    off = rows["followed"].eq(False).fillna(False).astype("bool")
    listed_rows = rows[off | (rows["state"] == OPEN) | rows["days"].isna()]
    c.each(
        lambda row: Kind.CONCERN if _is_off(row) else Kind.NEUTRAL,
        "dispute",
        listed_rows.sort_values("days", ascending=False, kind="stable"),
        lambda row: sentences(*_sentence(row)),
        id="dispute_id",
        decision=lambda row: _decision(row, c.review.over),
        clause=lambda row: ladder.clause if ladder else "",
        checks=lambda row: Checks(Side.BOTH, 0, 1) if _is_off(row) else None,
        brief=lambda row: _brief(row) if row.state == OPEN else None,
        decider=Side.BOTH,
        decide_by=lambda row: f"{row.due_on:%Y-%m-%d}" if row.due_on >= c.review.today else "",
    )
    c.stopped(len(listed_rows))


def _is_off(row: Any) -> bool:
    return bool(row.skipped or row.too_long)


def _decision(row: Any, over: bool) -> Text:
    if row.state == OPEN:
        return TO_SETTLE if over else NEXT
    if not _is_off(row):
        return EMPTY
    return ALLOW_NEXT if over else ALLOW


def _sentence(row: Any) -> list[Text]:
    named = titled(row.dispute_id, row.title)
    ended = UNDATED if pd.isna(row.closed_on) else SETTLED
    closed = ended(named=named, outcome=OUTCOMES.get(row.outcome, EMPTY))
    parts: list[Text] = [RAISED(named=named) if row.state == OPEN else closed]
    if row.skipped:
        reached = STEPS[row.reached]
        steps = [STEPS[step] for step in row.skipped]
        parts.append(SKIPPED(n=len(steps), reached=reached, steps=steps))
    if row.too_long:
        parts.append(TOO_LONG(steps=[STEPS[step] for step in row.too_long]))
    if pd.notna(row.gap):
        parts.append(GAP)
    return parts


def _brief(row: Any) -> Brief:
    """Return what the first page says of an open dispute."""
    named = titled(row.dispute_id, shortened(row.title) if text_of(row.title) else None)
    if row.raised_by in PARTIES:
        named = RAISED_BY(named=named, by=PARTIES[row.raised_by])
    text = OPEN_BRIEF(named=named)
    if steps := [STEPS[step] for step in row.skipped]:
        text = SKIPPED_BRIEF(n=len(steps), named=named, steps=steps)
    stake = AtStake(int(row.days), Unit.DAYS, DAYS_OPEN)
    if pd.notna(row.amount) and row.amount > 0:
        stake = AtStake(float(row.amount), Unit.MONEY, IN_DISPUTE)
    return Brief(text, stake, topic=f"dispute {row.dispute_id}", side=Side.BOTH, contested=True)
