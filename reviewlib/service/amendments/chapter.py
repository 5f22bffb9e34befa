"""Amendments: the service before and since each, both periods counted under both terms (E3)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.contract import Amendment, Clause, Contract
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import SPAN
from reviewlib.report.text import (
    EMPTY,
    N_,
    How,
    Message,
    Shown,
    Text,
    chained,
    join,
    sentences,
)
from reviewlib.report.values import Section
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.amendments import metrics
from reviewlib.service.amendments.metrics import BEFORE, NEW, OLD, SINCE, AmendedTerms, Changed
from reviewlib.service.amendments.tables import AMENDMENTS, AROUND, BY_TERMS, SHARES, TERMS
from reviewlib.service.amendments.words import settled_words, spared_words
from reviewlib.service.clauses import (
    NO_CLAUSE,
    NO_VERDICT,
    OUTCOMES_UNKNOWN,
    PAUSES_UNKNOWN,
    counted_words,
    judged_as,
    measure_id,
    priority_id,
    target_words,
    threshold_words,
)
from reviewlib.service.shares import add_share
from reviewlib.service.words import JUDGED_FROM, LIMIT

EVIDENCE = 200  # tickets that a finding names
GROUPS = {
    (BEFORE, OLD): N_("{priority} before, earlier terms"),
    (BEFORE, NEW): N_("{priority} before, new terms"),
    (SINCE, OLD): N_("{priority} since, earlier terms"),
    (SINCE, NEW): N_("{priority} since, new terms"),
}
NONE = N_("none")
TARGETS = N_("target time: {old}, then {new}")
THRESHOLDS = N_("threshold: {old}, then {new}")
CHANGED = N_(
    "{amendment}, in force from {effective}, changed {label} ({changes}). Clocks started "
    "before: {before_old} in time under the earlier terms, {before_new} under the new ones. "
    "Since: {since_old} in time under the earlier terms, {since_new} under the new ones. "
    "Tickets in time under one of them and late under the other: {turned}."
)
NOT_TURNED = N_("not assessed, because pauses are unknown (from {least} to {most})")
WHY = N_(
    "Both periods are counted under both sets of terms; these figures do not say why they differ."
)
ONE_SIDED = {
    NEW: N_("{amendment} adds {clause:ref}: there are no earlier terms to compare with."),
    OLD: N_("{amendment} takes out {clause:ref}: there are no new terms."),
}
AVAILABILITY = N_("{id} also changes availability, which is not compared here.")
OPEN_TICKETS = N_(
    "{id} also applies to the tickets open on {effective}. Here they stand in the period in which "
    "their clock started, so that the longest are not all counted in the period since."
)
SIGNED_LATE = N_("{id} was signed on {signed}, after it came into force ({effective}).")
CHANGE = ["number", "clause"]
"""What names a change: its amendment (1, 2, …) and its clause."""
DRAWN = 12
"""So many changes have a table and a chart of their own."""
DESCRIBED = (
    "touched", "rules", "amendment", "effective", "title", "place", "label", "days", "target",
)  # fmt: skip
"""What is said of a change and of a row of its counts."""


def amendments(review: Review) -> Section:
    """Return the chapter on the service around each amendment that changed how it is judged."""
    c = Chapter(review, "amendments", N_("Service before and since each amendment"))
    compared, changes = results.amended(review), _in_force(review)
    because = _absence(review, changes, compared)
    if because or compared is None:
        return c.not_assessed(because)
    counts = _described(review, changes, compared.counts)
    touched = counts[counts["touched"]]
    settled = compared.settled.rename(columns={"amendment": "number"})
    settled = settled.set_index([*CHANGE, "priority"])
    _opening(c, touched)
    _shares(c, touched)
    for key, shares in touched.groupby([*CHANGE, "priority"], sort=False):
        _change(c, shares, settled.loc[[key]].reset_index(), compared)
    _amendments(c, changes)
    for around in _drawn(c, counts, compared.turned):
        _around(c, around)
        _by_terms(c, around[around["touched"] & around["share"].notna()])
    _caveats(c, counts)
    return c.section()


def _in_force(review: Review) -> list[Changed]:
    since = review.contract.effective_from
    every = metrics.changed(review.contract)
    return [change for change in every if since[change.amendment] <= review.as_of]


def _absence(review: Review, changes: list[Changed], compared: AmendedTerms | None) -> Text:
    """Return why nothing can be compared; empty where something can."""
    contract = review.contract
    if not contract.amendments:
        return N_("the contract file states no amendment (amendments)")
    if not contract.clause_ids():
        return NO_CLAUSE
    if not metrics.changed(contract):
        return N_("no amendment changes what tickets are judged by (changes: clauses, calendars)")
    if not changes:
        later = N_("no amendment that changes what tickets are judged by is in force on {date}")
        return later(date=review.today)
    if compared is None:
        return review.absent("tickets")
    return EMPTY if compared.counts["n"].any() else NO_VERDICT


def _described(review: Review, changes: list[Changed], counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of each change with what is said of it and of them."""
    contract, described = review.contract, []
    by_key = {(change.amendment, change.clause): change for change in changes}
    for row in counts.itertuples():
        change = by_key[row.amendment, row.clause]
        amendment = contract.amendments[change.amendment - 1]
        described.append(
            (
                row.priority in change.touched,
                change.rules,
                amendment.id,
                amendment.effective,
                contract.clause(change.clause).title,
                f"{change.amendment}.{measure_id(contract, change.clause)}",
                judged_as(contract, change.clause, row.priority),
                _period(review, change.amendment, row.period),
                _target(_clause(contract, change, row.terms), row.priority) or None,
            )
        )
    words = pd.DataFrame(described, counts.index, DESCRIBED, dtype="object")
    rows = counts.rename(columns={"amendment": "number"}).join(words)
    return rows.astype({"touched": "bool"})


def _clause(contract: Contract, change: Changed, terms: str) -> Clause:
    return contract.versions[change.amendment - (terms == OLD)].clauses[change.clause]


def _target(clause: Clause, priority: str) -> Text:
    """Return the target of a priority, with those of the variants that state another."""
    variants = (clause.variant(number) for number in range(len(clause.variants) + 1))
    stated = (one.targets[priority] for one in variants if priority in one.targets)
    return join(How.SLASHES, dict.fromkeys(target_words(target) for target in stated))


def _period(review: Review, number: int, period: str) -> Message:
    """Return the first and last day of a period, up to the amendment before or after it."""
    contract = review.contract
    starts = contract.starts
    place = number - (period == BEFORE)
    last = min(contract.period.last, review.today.date())
    if place + 1 < len(starts):
        last = min(last, starts[place + 1] - dt.timedelta(days=1))
    return SPAN(first=starts[place], last=max(last, starts[place]))


def _opening(c: Chapter, touched: pd.DataFrame) -> None:
    """Give the four shares where one priority of one clause was changed, else how many were."""
    n = len(touched[[*CHANGE, "priority"]].drop_duplicates())
    if n > 1 or not touched["n"].any():
        several = N_("Targets and rules changed by amendments, by clause and priority: {n}.")
        c.headline(several(n=n))
    else:
        around = N_(
            "{label} in time since {amendment:ref}: {old} under the earlier terms, {new} under the "
            "new ones."
        )
        shares = {
            row.terms: counted_words(row)
            if row.uncertain
            else Shown(None if pd.isna(row.share) else row.share, "percent")
            for row in touched[touched["period"] == SINCE].itertuples()
        }
        c.headline(c.of_row(around(**shares), next(touched.itertuples())))
    c.intro(
        N_(
            "An amendment changes what is asked: a share before it and a share since are not "
            "comparable as they stand. Here the tickets of each period are judged twice, as if the "
            "earlier terms had applied throughout, and as if the new ones had. A ticket belongs to "
            "the period in which its clock first started. These figures do not say why two periods "
            "differ under the same terms."
        )
    )


def _shares(c: Chapter, touched: pd.DataFrame) -> None:
    """Add the share of each period under each terms, for what was changed."""
    target_time = N_("target time: {target}")
    no_target = N_("these terms state no target for this priority")
    for row in touched.itertuples():
        unsettled: Text = PAUSES_UNKNOWN if row.late_or_paused else EMPTY
        if row.unknown:
            unsettled = chained((unsettled, OUTCOMES_UNKNOWN(unknown=row.unknown)))
        decided = target_time if row.n else N_("no ticket of this period is decided")
        add_share(
            c,
            f"{row.place}.{priority_id(row.priority)}.{row.period}_{row.terms}",
            c.of_row(SHARES[row.period, row.terms], row),
            row,
            target=None if pd.isna(row.threshold) else row.threshold,
            clause=row.clause,
            period=row.days,
            source=JUDGED_FROM,
            how=N_("judged under both terms"),
            note=chained(
                (
                    unsettled,
                    c.of_row(decided if row.target else no_target, row),
                    spared_words(c.review.contract, row),
                )
            ),
        )


def _change(
    c: Chapter, shares: pd.DataFrame, settled: pd.DataFrame, compared: AmendedTerms
) -> None:
    """Add, neutral, what a change of terms makes of both periods, and how far they differ."""
    first = next(shares.itertuples())
    tickets, may_turn = (_of_change(one, first) for one in (compared.turned, compared.may_turn))
    turned: Any = len(tickets)
    if len(may_turn):
        turned = NOT_TURNED(least=len(tickets), most=len(tickets) + len(may_turn))
    counted = {f"{row.period}_{row.terms}": _counted(row) for row in shares.itertuples()}
    changes = chained(_changes(c.review.contract, first, list(shares["target"].head(2))))
    sentence = c.of_row(CHANGED(changes=changes, turned=turned, **counted), first)
    c.neutral(
        f"{first.place}.{priority_id(first.priority)}",
        sentences(sentence, settled_words(c.review.contract, shares, settled), WHY),
        about=tickets if len(tickets) else None,
        evidence=EVIDENCE,
        clause=first.clause,
    )


def _of_change(tickets: pd.DataFrame, change: Any) -> pd.Series:
    """Return the ids of the tickets of a change's amendment, clause and priority."""
    own = (tickets["amendment"] == change.number) & (tickets["clause"] == change.clause)
    return tickets.loc[own & (tickets["priority"] == change.priority), "ticket_id"]


def _counted(count: Any) -> Message:
    share = N_("{met} of {n} ({share:percent})")
    if count.uncertain:
        return counted_words(count)
    return share(met=count.met, n=count.n, share=count.share) if count.n else N_("none decided")


def _changes(contract: Contract, change: Any, targets: list[Text | None]) -> Iterator[Text]:
    """Yield what an amendment changed for a priority, in words; ``targets``: before and after."""
    versions = contract.versions[change.number - 1 : change.number + 1]
    shares = [terms.clauses[change.clause].threshold_of(change.priority) for terms in versions]
    thresholds = [None if share is None else threshold_words(share) for share in shares]
    stated = [
        words(old=old or NONE, new=new or NONE)
        for words, (old, new) in ((TARGETS, targets), (THRESHOLDS, thresholds))
        if old != new
    ]
    yield from stated
    if change.rules:
        yield N_("rules of the clock or tickets covered")
    elif not stated:
        yield N_("service hours or a variant of the clause")


def _amendments(c: Chapter, changes: list[Changed]) -> None:
    """Add the amendments, with the clauses of which each changed what tickets are judged by."""
    numbered = enumerate(c.review.contract.amendments, start=1)
    c.table(
        AMENDMENTS,
        [
            (
                amendment.id,
                amendment.title,
                amendment.signed,
                amendment.effective,
                ", ".join(one.clause for one in changes if one.amendment == number) or None,
            )
            for number, amendment in numbered
            if min(amendment.signed, amendment.effective) <= c.review.today.date()
        ],
    )


def _drawn(c: Chapter, counts: pd.DataFrame, turned: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the counts of each change; of many, of those that turn the most verdicts."""
    groups = dict(iter(counts.groupby(CHANGE, sort=False)))
    tickets = turned.groupby(["amendment", "clause"]).size().reindex([*groups], fill_value=0)
    most = tickets.sort_values(ascending=False, kind="stable").index[:DRAWN]
    more = N_(
        "Tables and charts: the {shown} changes that turn the most verdicts, of {n}; the figures "
        "and findings are of all of them."
    )
    c.caveat("drawn", more(shown=len(most), n=len(groups)), when=len(groups) > len(most))
    return [around for key, around in groups.items() if key in most]


def _around(c: Chapter, counts: pd.DataFrame) -> None:
    """Add the outcomes of each priority; of those that were left alone, under one of the terms."""
    first, alike = next(counts.itertuples()), N_("both, which are alike")
    rows = counts[counts["touched"] | (counts["terms"] == OLD)]
    by = [TERMS[row.terms] if row.touched else alike for row in rows.itertuples()]
    caption = c.of_row(AROUND.caption, first)
    form = AROUND if rows["late_or_paused"].any() else AROUND.without("late_or_paused")
    c.table(form.but(name=first.place, caption=caption), rows.assign(by=by))


def _by_terms(c: Chapter, counts: pd.DataFrame) -> None:
    """Draw the shares of what was changed and has one."""
    if counts.empty:
        return
    first = next(counts.itertuples())
    caption = c.of_row(BY_TERMS.caption, first)
    labels = [c.of_row(GROUPS[row.period, row.terms], row) for row in counts.itertuples()]
    shares = counts.assign(label=labels, target=counts["threshold"], k=counts["met"])
    c.figure(
        "share_by_group",
        BY_TERMS.but(name=f"{first.place}.shares", caption=caption),
        shares,
        c.in_words(shares, N_("{label}: {share:percent} (n = {n})"), limit=len(shares)),
        measure=N_("Share of tickets in time"),
        reference=LIMIT,
    )


def _caveats(c: Chapter, counts: pd.DataFrame) -> None:
    """Add what the comparison leaves out, amendment by amendment."""
    contract = c.review.contract
    one_sided: dict[int, dict[str, str]] = defaultdict(dict)
    for number, clause, side in metrics.one_sided(contract):
        one_sided[number][clause] = side
    for number, amendment in enumerate(contract.amendments, start=1):
        signed = amendment.signed <= c.review.today.date()
        if signed and contract.effective_from[number] <= c.review.as_of:
            _left_out(c, number, amendment, one_sided[number])
    provisional = N_(
        "Tickets still running, or of which the outcome is not known, are in no share: see "
        "the tables for how many."
    )
    undecided = bool(counts[["running", "unknown"]].to_numpy().any())
    c.caveat("provisional", provisional, when=undecided)


def _left_out(c: Chapter, number: int, amendment: Amendment, one_sided: dict[str, str]) -> None:
    """Add the clauses that an amendment added or took out, and what else it changed."""
    contract = c.review.contract
    for clause, side in one_sided.items():
        sentence = ONE_SIDED[side](amendment=amendment.id, clause=clause)
        c.caveat(f"{number}.{priority_id(clause)}.one_sided", sentence)
    old, new = contract.versions[number - 1 : number + 1]
    for name, holds, words in (
        ("availability", old.availability != new.availability, AVAILABILITY),
        ("open", amendment.applies_to == "open", OPEN_TICKETS),
        ("signed_late", amendment.signed > amendment.effective, SIGNED_LATE),
    ):
        c.caveat(f"{number}.{name}", c.of_row(words, amendment), when=holds)
