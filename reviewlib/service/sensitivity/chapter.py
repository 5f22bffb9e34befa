"""Sensitivity: the same log under other interpretations of the clauses, what flips (F3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, Quoted, Shown, Text, n_
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import (
    NO_CLAUSE,
    NO_VERDICT,
    PAUSES_UNKNOWN,
    interpretation_words,
    judged_as,
    judged_id,
    threshold_words,
)
from reviewlib.service.sensitivity import metrics
from reviewlib.service.sensitivity.metrics import of_either
from reviewlib.service.words import IN_TIME, JUDGED_FROM, LIMIT, SHARE_IN_TIME, THRESHOLD

LISTED = 100  # tickets that flip, in the table
COUNTS = ["met", "n", "gained", "lost"]  # what tells an interpretation from another
INTRO = N_(
    "The verdict follows the contract’s interpretation. The others show what the same log "
    "would give if a clause were interpreted otherwise: how much of the dispute is about the "
    "work, and how much about the interpretation. A ticket flips when it is late under one "
    "and in time under the other."
)
ONE_TERM = N_(
    "Only the contract’s interpretation is a verdict. Another one changes one term and "
    "leaves all else; what the parties meant is theirs to settle."
)
UNSETTLED = n_(
    "{n} verdict is not compared with other interpretations: pauses unknown.",
    "{n} verdicts are not compared with other interpretations: pauses unknown.",
)
SPREAD = N_(
    "from {low:percent} ({worst}) to {high:percent} ({best}); under the contract {own:percent}"
)
KEPT = N_("{label}: threshold met under the contract ({own}). It would be missed with: {others}.")
NOT_KEPT = N_(
    "{label}: threshold missed under the contract ({own}). It would be met with: {others}."
)
FLIPPING = N_("{words}: {share:percent} (n = {n}, tickets that flip: {flips})")
FLIPPING_JOINED = n_(
    "{words}: {share:percent} (n = {n}, with {joined} ticket that the contract’s "
    "interpretation gives to another priority; late among those: {joined_late}; tickets that "
    "flip: {flips})",
    "{words}: {share:percent} (n = {n}, with {joined} tickets that the contract’s "
    "interpretation gives to another priority; late among those: {joined_late}; tickets that "
    "flip: {flips})",
    on="joined",
)
OWN = N_("{share}, for {threshold}")
FIRST = N_("The first {shown} of {n}.")
LABEL, SHARE = Col("label", N_("Judged")), Col("share", SHARE_IN_TIME, Unit.SHARE)
INTERPRETATIONS = TableForm(
    "readings",
    N_("The same log under each interpretation"),
    (
        LABEL,
        Col("words", N_("Interpretation")),
        SHARE,
        Col("n", Quoted("n"), Unit.COUNT),
        Col("threshold", THRESHOLD, Unit.SHARE),
        Col("verdict", N_("Verdict"), words={True: N_("met"), False: N_("missed")}),
        Col("gained", N_("Late under the contract, in time here"), Unit.COUNT),
        Col("lost", N_("In time under the contract, late here"), Unit.COUNT),
    ),
    N_(
        "An interpretation that gives the same figures as the contract’s is not listed. Where "
        "another priority counts, tickets move between priorities: n can change without a flip, "
        "and a ticket that flips is counted under both."
    ),
)
RANGE = TableForm(
    "range",
    N_("The range of the interpretations"),
    (LABEL, Col("reading", N_("Interpretation")), SHARE, Col("threshold", THRESHOLD, Unit.SHARE)),
)
FLIPS = TableForm(
    "flips",
    N_("Tickets that flip"),
    (
        Col("ticket_id", N_("Ticket"), quoted=True),
        Col("clause", N_("Clause")),
        Col("priority", N_("Priority")),
        Col("words", N_("Interpretation")),
        Col("priority_read", N_("Priority under that interpretation")),
        Col(
            "turned",
            N_("Under that interpretation"),
            words={"met": N_("in time"), "breached": N_("late")},
        ),
    ),
)


@dataclass(frozen=True)
class Interpreted:
    """A priority under a clause: the contract's own interpretation, then every other with a share.

    ``name``: what ids name it by. ``rows``: those of ``metrics.sensitivity``, with label (of what
    is judged) and words (of the interpretation); ``own``: the contract's.
    """

    name: str
    own: Any
    rows: pd.DataFrame


def sensitivity(review: Review) -> Section:
    """Return the chapter on the compliance under other interpretations of the clauses."""
    c = Chapter(review, "sensitivity", N_("Other interpretations of the clauses"))
    compared, readings = results.interpretations(review), results.readings(review)
    if compared is None or readings is None:
        return c.not_assessed(review.absent("tickets"))
    if not review.contract.clause_ids():
        return c.not_assessed(NO_CLAUSE)
    interpreted = list(_interpreted(readings, review.contract))
    if not interpreted:
        paused = bool(readings["late_or_paused"].any())
        return c.not_assessed(PAUSES_UNKNOWN if paused else NO_VERDICT)
    for priority in interpreted:
        _range(c, priority)
        _turned(c, priority, compared.flips)
    _opening(c, interpreted)
    differing = pd.concat([_differing(priority) for priority in interpreted], ignore_index=True)
    c.table(INTERPRETATIONS, differing.assign(verdict=differing["kept"]))
    _flips(c, compared.flips)
    _figure(c, differing)
    unsettled = readings["late_or_paused"].gt(0) & (readings["reading"] == metrics.CONTRACT)
    c.caveat("paused", UNSETTLED, n=unsettled.sum())
    c.caveat("no_verdict", ONE_TERM)
    return c.section()


def _interpreted(shares: pd.DataFrame, contract: Contract) -> Iterator[Interpreted]:
    """Yield each priority under a clause of which the contract's own interpretation has a share."""
    pairs = zip(shares["clause"], shares["priority"], strict=True)
    labels = [judged_as(contract, clause_id, priority) for clause_id, priority in pairs]
    shares = shares.assign(words=_in_words(shares["reading"], contract), label=labels)
    groups = shares[shares["share"].notna()].groupby(["clause", "priority"], sort=False)
    for (clause_id, priority), rows in groups:
        own = next(rows.itertuples())
        if own.reading == metrics.CONTRACT:
            yield Interpreted(judged_id(contract, clause_id, priority), own, rows)


def _in_words(interpretations: pd.Series, contract: Contract) -> pd.Series:
    words = {name: interpretation_words(contract, name) for name in interpretations.unique()}
    return interpretations.map(words)


def _differing(priority: Interpreted) -> pd.DataFrame:
    """Return the contract's own interpretation and those that differ from it."""
    rows = priority.rows
    differs = (rows[COUNTS] != rows[COUNTS].iloc[0]).any(axis="columns")
    return rows[differs | (rows["reading"] == metrics.CONTRACT)]


def _opening(c: Chapter, interpreted: list[Interpreted]) -> None:
    verdicts = sum(priority.own.kept is not None for priority in interpreted)
    depend = N_("Verdicts that depend on the interpretation of the clause: {turned} of {judged}.")
    none = N_("No threshold could be compared.")
    c.headline(depend(turned=len(c.findings), judged=verdicts) if verdicts else none)
    c.intro(INTRO)


def _range(c: Chapter, priority: Interpreted) -> None:
    """Add the range that the interpretations span."""
    own, shares = priority.own, priority.rows["share"]
    low, high = priority.rows.loc[shares.idxmin()], priority.rows.loc[shares.idxmax()]
    note = SPREAD(low=low["share"], worst=low["words"], high=high["share"], best=high["words"])
    c.fact(
        f"{priority.name}.range",
        N_("{label}: range of the interpretations, in points")(label=own.label),
        (high["share"] - low["share"]) * 100,
        Unit.POINTS,
        n=own.n,
        clause=own.clause,
        source=JUDGED_FROM,
        how=N_("judged anew under each interpretation"),
        note=note(own=own.share),
    )


def _turned(c: Chapter, priority: Interpreted, flips: pd.DataFrame) -> None:
    """Add the verdict that another interpretation would turn, with the tickets that flip."""
    own, rows = priority.own, priority.rows
    turned = rows[[kept is not None and kept != own.kept for kept in rows["kept"]]]
    if own.kept is None or turned.empty:
        return
    turned = turned.assign(flips=turned["gained"] + turned["lost"])
    flips = of_either(flips)
    of_both = (flips["clause"] == own.clause) & (flips["priority"] == own.priority)
    tickets = flips.loc[of_both & flips["reading"].isin(turned["reading"]), "ticket_id"]
    share = Shown(own.share, "percent")
    obtained: Text = share
    if pd.notna(own.threshold):
        obtained = OWN(share=share, threshold=threshold_words(own.threshold))
    c.neutral(
        priority.name,
        (KEPT if own.kept else NOT_KEPT)(
            label=own.label, own=obtained, others=c.in_words(turned, _flipping(c), len(turned))
        ),
        about=[*tickets.drop_duplicates()] or None,
        clause=own.clause,
    )


def _flipping(c: Chapter) -> Callable[[Any], Text]:
    """Return what puts an interpretation that turns a verdict in words."""
    return lambda row: c.of_row(FLIPPING_JOINED if row.joined else FLIPPING, row)


def _flips(c: Chapter, flips: pd.DataFrame) -> None:
    if len(flips):
        first = flips.head(LISTED)
        interpretations = _in_words(first["reading"], c.review.contract)
        form = FLIPS.but(note=FIRST(shown=len(first), n=len(flips)))
        c.table(form, first.assign(words=interpretations, turned=first["outcome"]))


def _figure(c: Chapter, differing: pd.DataFrame) -> None:
    ends = differing.groupby("label", sort=False)["share"].agg(low="min", high="max").reset_index()
    span = N_("{label} {low:percent} to {high:percent}")
    parts = [c.of_row(span, row) for row in ends.itertuples()]
    lowest = N_("Share in time from the lowest to the highest interpretation: {parts:commas}.")
    by_contract = differing["reading"] == metrics.CONTRACT
    c.figure(
        "share_by_reading",
        RANGE,
        differing.assign(
            contract=by_contract, reading=differing["words"], verdict=differing["kept"]
        ),
        lowest(parts=parts),
        measure=IN_TIME,
        reference=LIMIT,
    )
