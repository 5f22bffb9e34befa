"""Change requests: asked for, decided, applied, at what cost, with what approval (E1, E2)."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.delivery.milestones.words import whether_it_counts
from reviewlib.delivery.results import approved_late
from reviewlib.money.changes import front, metrics
from reviewlib.money.changes.metrics import APPROVED, REFUSED, UNDECIDED, UNTOLD, WITHDRAWN
from reviewlib.report.chapter import SPREAD, Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import PARTIES, SIDES, as_of, read
from reviewlib.report.text import EMPTY, N_, Message, Shown, chained, n_
from reviewlib.report.values import Section, Side, Unit
from reviewlib.review import Review

FILE = "changes.csv"
NAMED = 5  # changes that a sentence tells of

COUNTED = N_(
    "Each change request is followed from the day on which it was made to its "
    "application. Times are calendar days; those that would be negative are counted "
    "apart. Costs are added up to the cent. Impacts on days are listed and not added up: "
    "two changes may move the same date, or none."
)
OUTCOMES = {
    APPROVED: N_("approved"),
    REFUSED: N_("refused"),
    WITHDRAWN: N_("withdrawn"),
    UNDECIDED: N_("undecided"),
    UNTOLD: N_("decided, outcome not stated"),
}
UNSTATED_PARTY = N_("a party that is not stated")
QUALITY = {"better": N_("better"), "none": N_("no change"), "worse": N_("worse")}
COUNTS = {
    "requested": (N_("Changes requested"), "requested_on"),
    "evaluated": (N_("Changes evaluated"), "evaluated_on"),
    APPROVED: (N_("Changes approved"), "decision"),
    REFUSED: (N_("Changes refused"), "decision"),
    WITHDRAWN: (N_("Changes withdrawn"), "decision"),
    UNDECIDED: (N_("Changes undecided"), "decision"),
    "applied": (N_("Changes applied"), "applied_on"),
}
"""A label for each step, and the column that tells which requests reached it."""
TIMES = {
    "evaluation": N_("Median time from the request to its evaluation"),
    "decision": N_("Median time from the request to its decision or withdrawal"),
    "application": N_("Median time from the approval to the application"),
}
COSTS = {
    "": N_("Cost of all changes requested"),
    APPROVED: N_("Cost of the changes approved"),
    REFUSED: N_("Cost of the changes refused"),
}
NO_COST = N_("cost not stated")


class Irregularity(NamedTuple):
    """What is said of the changes that lack what should come first, and of there being none.

    ``row``: of one of them; ``columns``: those that tell.
    """

    label: Message
    some: Message
    row: Message
    none: Message
    decision: Message
    columns: tuple[str, ...]


NEXT_URGENT = N_(
    "For the next contract: agree on who may have an urgent change applied before it is approved."
)
IRREGULARITIES = {
    metrics.BEFORE: Irregularity(
        N_("Changes applied before they were approved"),
        N_("Changes applied before they were approved: {k}, of {n} approved and applied: {parts}."),
        N_("{change_id}, {early_days:days} before ({price})"),
        N_("No change was applied before it was approved (approved and applied: {n})."),
        N_("Agree on who may have an urgent change applied before it is approved."),
        ("decision", "decided_on", "applied_on"),
    ),
    metrics.WITHOUT: Irregularity(
        N_("Changes applied without any approval"),
        N_("Changes applied without any approval: {k}, of {n} applied: {parts}."),
        N_(
            "{change_id}, requested by {party} on {requested_on}, {outcome_words}, applied on "
            "{applied_on} ({price})"
        ),
        N_("No change was applied without any approval (applied: {n})."),
        N_("Approve what was applied without approval, or undo it: {ids}."),
        ("decision", "applied_on"),
    ),
    metrics.UNPROVEN: Irregularity(
        N_("Changes approved without written evidence"),
        N_("Changes approved without written evidence: {k}, of {n} approved: {parts}."),
        N_("{change_id}, approved on {decided_on} ({price})"),
        N_("Every approved change names its written evidence (approved: {n})."),
        N_("Put these approvals in writing: {ids}."),
        ("decision", "evidence"),
    ),
}
UNDATED = N_("{change_id} ({price})")
LATE_MOVE = N_(
    "{change_id}, {move}, milestone {milestone_id}, requested on {requested_on} and approved on "
    "{decided_on}, after the date that it moves ({moves}): {counted}"
)

BY_OUTCOME = TableForm(
    "outcomes",
    N_("Costs and quality by outcome"),
    (
        Col("outcome", N_("Outcome"), words=OUTCOMES | {"": N_("all requests")}),
        Col("requests", N_("Requests"), Unit.COUNT),
        Col("stated", N_("State a cost"), Unit.COUNT),
        Col("added", N_("Added"), Unit.MONEY),
        Col("saved", N_("Saved"), Unit.MONEY),
        Col("cost", N_("Cost"), Unit.MONEY),
        Col("better", N_("Quality better"), Unit.COUNT),
        Col("none", N_("Quality unchanged"), Unit.COUNT),
        Col("worse", N_("Quality worse"), Unit.COUNT),
        Col("unstated", N_("Quality not stated"), Unit.COUNT),
    ),
    N_("Cost: what is added, less what is saved."),
)
REQUESTS = TableForm(
    "requests",
    N_("From the request to the application"),
    (
        Col("change_id", N_("Change")),
        Col("title", N_("What"), quoted=True),
        Col("requested_by", N_("Requested by"), words=SIDES),
        Col("requested_on", N_("Requested on"), Unit.DATE),
        Col("evaluated_on", N_("Evaluated on"), Unit.DATE),
        Col("decided_on", N_("Decided on"), Unit.DATE),
        Col("outcome", N_("Outcome"), words=OUTCOMES),
        Col("applied_on", N_("Applied on"), Unit.DATE),
        Col("evidence", N_("Written evidence"), quoted=True),
    ),
)
IMPACTS = TableForm(
    "impacts",
    N_("What each request changes"),
    (
        Col("change_id", N_("Change")),
        Col("outcome", N_("Outcome"), words=OUTCOMES),
        Col("cost", N_("Cost"), Unit.MONEY),
        Col("days", N_("Impact on days"), Unit.DAYS),
        Col("quality_impact", N_("Quality"), words=QUALITY),
        Col("milestone_id", N_("Milestone"), quoted=True),
        Col("moves_to", N_("Moved to"), Unit.DATE),
        Col("line_id", N_("Budget line"), quoted=True),
        Col("amendment", N_("Amendment"), quoted=True),
    ),
)


def changes(review: Review) -> Section:
    """Return the chapter on change requests."""
    c = Chapter(review, "changes", N_("Change requests"), as_of(review))
    table = review.table("changes")
    if table is None:
        return c.not_assessed(review.absent("changes"))
    requests = metrics.requests(table, review.today)
    _headline(c, table, requests)
    c.intro(COUNTED)
    _counts(c, table, requests)
    _times(c, table, requests)
    _costs(c, table, requests)
    _irregularities(c, table, requests)
    _undecided(c, table, requests)
    _impacts(c, requests)
    _by_outcome(c, requests)
    c.table(*front.lead(REQUESTS, requests))
    c.table(REQUESTS, requests)
    c.table(IMPACTS, requests)
    _caveats(c, table, requests)
    return c.section()


def _headline(c: Chapter, table: pd.DataFrame, requests: pd.DataFrame) -> None:
    message = front.opening(c, requests) if {"decision", "applied_on"} <= {*table} else EMPTY
    c.headline(message or N_("Change requests: {n}.")(n=len(requests)))


# Figures


def _counts(c: Chapter, table: pd.DataFrame, requests: pd.DataFrame) -> None:
    """Add how many requests reached each step, and how many lacked what should come first."""
    reached = metrics.reached(requests)
    for name, (label, column) in COUNTS.items():
        n = None if name == "requested" else len(requests)
        k = int(reached[name].sum())
        key = name == UNDECIDED
        c.fact(f"count.{name}", label, k, n=n, key=key, **read(table, FILE, column))
    for name, (irregular, n) in metrics.irregularities(requests).items():
        words = IRREGULARITIES[name]
        source = read(table, FILE, *words.columns)
        c.fact(f"count.{name}", words.label, len(irregular), n=n, **source)


def _times(c: Chapter, table: pd.DataFrame, requests: pd.DataFrame) -> None:
    """Add the share of refusals, how long each step took, and the age of the undecided."""
    decision = read(table, FILE, "decision")
    refused, approved = ((requests["outcome"] == name).sum() for name in (REFUSED, APPROVED))
    label = N_("Refusals, of the changes approved or refused")
    none = N_("nothing was approved or refused yet")
    c.share("refusals", label, refused, int(refused + approved), because=none, **decision)
    for name, days in metrics.times(requests).items():
        columns = (*metrics.STEPS[name], *(("decision",) if name == "application" else ()))
        forward, backward = days[days >= 0], int((days < 0).sum())
        apart = N_("counted apart, as negative: {n}")(n=backward) if backward else EMPTY
        c.median(
            f"time.{name}",
            TIMES[name],
            forward,
            note=chained([SPREAD(low=forward.min(), high=forward.max()), apart]),
            because=chained([N_("no request has both dates"), apart]),
            **read(table, FILE, *columns),
        )
    label, none = N_("Median age of the changes undecided"), N_("no request is undecided")
    c.median("time.undecided", label, requests["age_days"], because=none, **decision)


def _costs(c: Chapter, table: pd.DataFrame, requests: pd.DataFrame) -> None:
    """Add what all requests, the approved ones and the refused ones cost."""
    impacts = metrics.impacts(requests).set_index("outcome")
    for outcome, label in COSTS.items():
        row = impacts.loc[outcome]
        stated, missing = int(row["stated"]), int(row["requests"] - row["stated"])
        amounts = N_("added: {added:money}; saved: {saved:money}")
        unstated = N_("cost not stated: {n}")(n=missing) if missing else EMPTY
        c.amount(
            f"cost.{outcome or 'requested'}",
            label,
            row["cost"] if stated else None,
            n=stated,
            note=chained([amounts(added=row["added"], saved=row["saved"]), unstated]),
            because=N_("none of them states a cost"),
            key=outcome == APPROVED,
            **read(table, FILE, "cost_impact", *(["decision"] if outcome else [])),
        )


# Findings


def _irregularities(c: Chapter, table: pd.DataFrame, requests: pd.DataFrame) -> None:
    """Add what was applied before its approval, or without any, or approved without proof."""
    for name, (irregular, n) in metrics.irregularities(requests).items():
        words = IRREGULARITIES[name]
        if not n or not {*words.columns} <= {*table}:
            continue
        if irregular.empty:
            c.strength(name, words.none(n=n))
            continue
        prices = [NO_COST if cost is None else Shown(cost, "money") for cost in irregular["cost"]]
        party = [PARTIES.get(side, UNSTATED_PARTY) for side in irregular["requested_by"]]
        rows = irregular.assign(
            price=prices, outcome_words=irregular["outcome"].map(OUTCOMES), party=party
        )
        undated = rows["decided_on"].isna() if name == metrics.UNPROVEN else [False] * len(rows)
        sentence = [UNDATED if lacks_day else words.row for lacks_day in undated]
        parts = c.in_words(rows.assign(sentence=sentence), lambda row: row.sentence, NAMED)
        some = words.some(k=len(rows), n=n, parts=parts)
        decider = Side.CLIENT if name == metrics.WITHOUT else Side.BOTH
        later = name == metrics.BEFORE and c.review.over
        c.concern(
            name, some, about=rows["change_id"], decider=decider,
            decision=NEXT_URGENT if later else words.decision,
            brief=front.irregular(c, rows, name),
        )  # fmt: skip


def _undecided(c: Chapter, table: pd.DataFrame, requests: pd.DataFrame) -> None:
    if "decision" not in table:
        return
    undecided = requests[requests["outcome"] == UNDECIDED]
    undecided = undecided.sort_values("age_days", ascending=False, kind="stable")
    parts = c.in_words(undecided, N_("{change_id}, {age_days:days}"), NAMED)
    decide = N_("Decide on these requests: {ids}.")
    # What was applied is decided with the finding that says so.
    waiting = undecided.loc[~undecided["unapproved"], "change_id"]
    c.neutral(
        "undecided",
        N_("Undecided on {date}, with the time since the request: {parts}.")(
            date=c.review.today, parts=parts
        ),
        about=undecided["change_id"],
        decision=decide(ids=waiting) if len(waiting) else EMPTY,
        decider=Side.CLIENT,
        brief=front.waiting(undecided[~undecided["unapproved"]]),
    )


def _impacts(c: Chapter, requests: pd.DataFrame) -> None:
    """Add the approved changes that move days, and those that lower the quality."""
    approved = requests[requests["outcome"] == APPROVED]
    moved = approved[approved["days"].fillna(0) != 0]
    sentence = N_("Impacts on days of the approved changes, not added up: {parts}.")
    late = approved_late(c.review).drop_duplicates("change_id").set_index("change_id")
    moved = moved.join(late[["moves", "verdict"]], on="change_id")
    move = partial(_move, c.review.contract)
    c.neutral("days", sentence(parts=c.in_words(moved, move, NAMED)), about=moved["change_id"])
    worse = approved.loc[approved["quality_impact"] == "worse", "change_id"]
    c.neutral("quality", N_("Approved changes that lower the quality: {ids}."), about=worse)


def _move(contract: Contract, row: Any) -> Message:
    """Return by how much a change moves days; of a date, when it was approved too late for it."""
    move = N_("{change_id}, {move}, milestone {milestone_id}")
    if pd.isna(row.milestone_id):
        move = N_("{change_id}, {move}")
    elif pd.notna(row.moves):
        move = LATE_MOVE(counted=whether_it_counts(contract, row.verdict, row.decided_on))
    return move(move=N_("+{days:days}")(days=row.days) if row.days > 0 else Shown(row.days, "days"))


# Tables and caveats


def _by_outcome(c: Chapter, requests: pd.DataFrame) -> None:
    impacts = metrics.impacts(requests)
    impacts = impacts[impacts["requests"] > 0]
    amounts = impacts[["added", "saved", "cost"]].astype("float64").where(impacts["stated"] > 0)
    c.table(BY_OUTCOME, impacts.assign(**amounts))


def _caveats(c: Chapter, table: pd.DataFrame, requests: pd.DataFrame) -> None:
    """Add what the records leave open."""
    ids, outcome = requests["change_id"], requests["outcome"]
    untold = n_(
        "{n} request was decided on, and its decision is not stated: it is counted as neither "
        "approved nor refused.",
        "{n} requests were decided on, and their decision is not stated: they are counted as "
        "neither approved nor refused.",
    )
    c.caveat("untold", untold, about=ids[outcome == UNTOLD], when="decision" in table)
    undated = n_(
        "{n} approval bears no date: whether it came before the application is not known.",
        "{n} approvals bear no date: whether they came before the application is not known.",
    )
    approved_undated = (outcome == APPROVED) & requests["decided_on"].isna()
    c.caveat("undated", undated, about=ids[approved_undated])
