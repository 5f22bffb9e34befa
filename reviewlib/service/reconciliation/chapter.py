"""Reconciliation: the figures that the provider reported, and what explains a gap (F4)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.amounts import rounded
from reviewlib.contract import Contract
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Message, Quoted, Text, commas, n_, sentences
from reviewlib.report.values import Kind, Section, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import (
    MONTHS,
    NO_CLAUSE,
    POINTS,
    interpretation_words,
    measure_id,
    priority_id,
)
from reviewlib.service.reconciliation import metrics
from reviewlib.service.sensitivity.metrics import CONTRACT, Interpretations
from reviewlib.service.words import JUDGED_FROM

EVIDENCE = 200  # tickets that a finding names
LISTED = 10  # interpretations of a clause in the table
AGREES, EXPLAINED, UNEXPLAINED = "agrees", "explained", "unexplained"
STATES = {AGREES: N_("agrees"), EXPLAINED: N_("explained"), UNEXPLAINED: N_("unexplained")}
POSITIONS = {"agreed": N_("agreed"), "contested": N_("contested")}
REPLIED = {"agreed": N_("Agreed."), "contested": N_("Contested.")}
JUDGED = f"reported_kpis.csv; {JUDGED_FROM}"
GAP = n_(
    "{clause}, {month:month}, {priority}: reported {reported:percent}, recomputed "
    "{recomputed:percent} (n = {n_recomputed}), a gap of {points} that the {tried} reading tried "
    "does not give.",
    "{clause}, {month:month}, {priority}: reported {reported:percent}, recomputed "
    "{recomputed:percent} (n = {n_recomputed}), a gap of {points} that none of the {tried} "
    "readings tried gives.",
    on="tried",
)
HINT = n_(
    "Of {tried} other reading tried, “{reading}” gives the largest number of them: {matched} of "
    "{of}. A match is a hint; the tickets that it turns are the proof to ask for.",
    "Of {tried} other readings tried, “{reading}” gives the largest number of them: {matched} of "
    "{of}. A match is a hint; the tickets that it turns are the proof to ask for.",
    on="tried",
)
FIGURES = TableForm(
    "figures",
    N_("Reported and recomputed figures"),
    (
        Col("month", N_("Month"), Unit.MONTH),
        Col("clause", N_("Clause")),
        Col("priority", N_("Priority")),
        Col("reported", N_("Reported"), Unit.SHARE),
        Col("n", N_("n reported"), Unit.COUNT),
        Col("recomputed", N_("Recomputed"), Unit.SHARE),
        Col("n_recomputed", Quoted("n"), Unit.COUNT),
        Col("gap", N_("Gap (points)"), Unit.POINTS),
        Col("state", N_("State"), words=STATES),
        Col("words", N_("Reading that gives it")),
        Col("matching", N_("Readings that give it"), Unit.COUNT),
        Col("tried", N_("Readings tried"), Unit.COUNT),
        Col("position", N_("Reply"), words=POSITIONS),
        Col("id", N_("Id")),
    ),
    N_(
        "The id of a figure is what an answer in replies.csv names. A figure agrees when the gap "
        "is within half of the last decimal that the clause’s reported figures have."
    ),
    folded=True,
)
READINGS = TableForm(
    "readings",
    N_("Readings that give the reported figures"),
    (
        Col("clause", N_("Clause")),
        Col("words", N_("Reading")),
        Col("matched", N_("Figures that it gives"), Unit.COUNT),
        Col("differing", N_("Figures that differ"), Unit.COUNT),
    ),
    N_("Many readings tried make some matches likely by chance: look for one that gives many."),
    folded=False,
)
REPLIES = TableForm(
    "replies",
    N_("What the parties reply"),
    (
        Col("finding", N_("Finding"), quoted=True),
        Col("side", N_("Side"), words={"client": N_("client"), "provider": N_("provider")}),
        Col("position", N_("Reply"), words=POSITIONS),
        Col("statement", N_("In their words"), quoted=True),
        Col("replied_on", N_("On"), Unit.DATE),
    ),
    N_("Replies to any finding of the review stand here; a finding is named by its id."),
    folded=False,
)
BY_MONTH = FIGURES.only(["month", "reported", "recomputed"]).but(note=EMPTY, folded=False)


def reconciliation(review: Review) -> Section:
    """Return the chapter that lays the reported figures beside those recomputed from the log."""
    c = Chapter(review, "reconciliation", N_("Reconciliation"))
    reported, compared = review.table("reported_kpis"), results.interpretations(review)
    if reported is None or compared is None:
        return c.not_assessed(review.absent("reported_kpis" if reported is None else "tickets"))
    if not review.contract.clause_ids():
        return c.not_assessed(NO_CLAUSE)
    computed = metrics.shares(compared)
    beside = metrics.reconciled(reported, computed)
    if beside.empty:
        return c.not_assessed(
            N_("none of the figures that the provider reported has one recomputed beside it")
        )
    ranked = metrics.explaining(reported, computed)
    figures = _explained(c, beside, ranked, metrics.matching(reported, computed))
    _opening(c, figures)
    _facts(c, figures)
    for _clause, of_clause in figures.groupby("clause", sort=False):
        _by_clause(c, of_clause, ranked, compared)
    _unexplained(c, figures[figures["state"] == UNEXPLAINED])
    _tables(c, figures, ranked)
    for _clause, months in figures[figures["priority"] == ""].groupby("clause", sort=False):
        _by_month(c, months.sort_values("month", kind="stable", ignore_index=True))
    _caveats(c, reported, figures)
    return c.section()


def _explained(
    c: Chapter, beside: pd.DataFrame, ranked: pd.DataFrame, matching: pd.DataFrame
) -> pd.DataFrame:
    """Return the figures as shares, with their id, state, the reading that explains them, and the
    position of the parties.
    """
    best = ranked.merge(matching, on=["clause", "reading", "rule"])  # the first explains most
    best = best.drop_duplicates(metrics.KEYS)[[*metrics.KEYS, "reading", "rule"]]
    figures = beside.merge(best, on=metrics.KEYS, how="left")
    figures["state"] = AGREES
    figures.loc[~figures["agrees"], "state"] = UNEXPLAINED
    figures.loc[~figures["agrees"] & figures["reading"].notna(), "state"] = EXPLAINED
    places = [_place(c.review.contract, row) for row in figures.itertuples()]
    ids = pd.Series([c.id(place) for place in places], figures.index)
    return figures.reindex(columns=[*figures.columns, *({"n"} - {*figures.columns})]).assign(
        reading=figures["reading"].where(figures["state"] == EXPLAINED),
        reported=figures["value"] / 100,
        recomputed=figures["recomputed"] / 100,
        place=places,
        id=ids,
        position=ids.map(_positions(c.review)),
    )


def _place(contract: Contract, figure: Any) -> str:
    own = f".{priority_id(figure.priority)}" if figure.priority else ""
    return f"{measure_id(contract, figure.clause)}.{figure.month}{own}"


def _positions(review: Review) -> dict[str, str]:
    """Return what was answered to each finding: contested when either party contests it."""
    replies = review.table("replies")
    if replies is None:
        return {}
    contested = (replies["position"] == "contested").groupby(replies["finding"]).any()
    return {str(k): str(v) for k, v in contested.map({True: "contested", False: "agreed"}).items()}


def _opening(c: Chapter, figures: pd.DataFrame) -> None:
    counts = figures["state"].value_counts()
    compared = N_(
        "{figures} compared. Equal to the log: {agrees}; different, and given by another reading: "
        "{explained}; different, and given by none: {unexplained}."
    )
    c.headline(
        compared(
            figures=n_("{n} reported figure", "{n} reported figures")(n=len(figures)),
            **{state: int(counts.get(state, 0)) for state in STATES},
        )
    )
    c.intro(
        N_(
            "Each figure that the provider reported stands beside the one recomputed from the log "
            "under the contract. Where they differ, other readings of the clause are tried: one "
            "that gives the reported figure within its rounding is a hint, the tickets themselves "
            "are the proof."
        )
    )


def _facts(c: Chapter, figures: pd.DataFrame) -> None:
    """Add how many figures agree, differ with a reading that gives them, differ without one."""
    for state, label in (
        (AGREES, N_("Figures equal to the log within their rounding")),
        (EXPLAINED, N_("Figures that differ, and that another reading gives")),
        (UNEXPLAINED, N_("Figures that differ, and that no reading tried gives")),
    ):
        count = int((figures["state"] == state).sum())
        how = N_("judged under each reading")
        c.fact(state, label, count, n=len(figures), source=JUDGED, how=how)
    apart = figures[figures["state"] != AGREES]
    for position, label in (
        ("agreed", N_("Figures that differ, with a reply that agrees and none that contests")),
        ("contested", N_("Figures that differ, with a reply that contests")),
    ):
        count = int((apart["position"] == position).sum())
        c.fact(position, label, count, n=len(apart), source="replies.csv")


def _by_clause(
    c: Chapter, figures: pd.DataFrame, ranked: pd.DataFrame, compared: Interpretations
) -> None:
    """Add how the reported figures of a clause compare, and which reading gives most of them."""
    clause, apart = str(figures["clause"].iloc[0]), figures[figures["state"] != AGREES]
    contract = c.review.contract
    name, title = measure_id(contract, clause), contract.clause(clause).title
    if apart.empty:
        alike = N_("{clause}: the reported figures compared, {n}, are those of the log.")
        c.strength(name, alike(clause=title, n=len(figures)), clause=clause)
        return
    higher = int((apart["gap"] > 0).sum())
    differing = N_(
        "{clause}: reported figures that differ from the log: {apart} of {n}, {higher} of them "
        "higher; mean gap {points}."
    )
    mean, n = _points(apart["gap"].mean()), len(figures)
    sentence = differing(clause=title, apart=len(apart), n=n, higher=higher, points=mean)
    settle = N_("{clause}: settle with the provider which reading of the clause is used.")
    best = ranked[(ranked["clause"] == clause) & (ranked["matched"] > 0)].head(1)
    hints = [
        HINT(tried=figures["tried"].max(), reading=words, matched=matched, of=len(apart))
        for words, matched in zip(_words(contract, best), best["matched"], strict=True)
    ]
    c.find(
        Kind.CONCERN if higher * 2 > len(apart) else Kind.NEUTRAL,
        name,
        sentences(sentence, *hints),
        about=_turned(apart, best, compared) or None,
        evidence=EVIDENCE,
        decision=settle(clause=title),
        clause=clause,
    )


def _turned(apart: pd.DataFrame, best: pd.DataFrame, compared: Interpretations) -> list[str]:
    """Return the tickets that the best reading turns in the months that a reading explains."""
    turned = compared.flips.merge(best[["clause", "reading"]], on=["clause", "reading"])
    months = apart.loc[apart["state"] == EXPLAINED, "month"]
    return list(turned.loc[turned["month"].isin(months), "ticket_id"])


def _unexplained(c: Chapter, figures: pd.DataFrame) -> None:
    ask = N_("{month:month}: ask the provider for the tickets behind the reported figure.")
    for row in figures.itertuples():
        title = c.review.contract.clause(row.clause).title
        every = N_("all priorities")
        gap = GAP(clause=title, priority=row.priority or every, points=_points(row.gap))
        c.concern(
            row.place,
            sentences(c.of_row(gap, row), REPLIED.get(row.position, N_("No reply yet."))),
            decision=EMPTY if row.position == "agreed" else ask(month=row.month),
            clause=row.clause,
        )


def _points(gap: float) -> Message:
    """Return a gap in points, whose word goes with the number as it is printed."""
    return POINTS(gap=rounded(gap, 1))


def _words(contract: Contract, rows: pd.DataFrame) -> list[Text | None]:
    """Return the reading of each row, and its rule of months where it is not the clause's."""
    return [
        _reading(contract, reading, rule) if isinstance(reading, str) else None
        for reading, rule in zip(rows["reading"], rows["rule"], strict=True)
    ]


def _reading(contract: Contract, reading: str, rule: str) -> Text:
    if reading == CONTRACT and rule != metrics.OWN:
        return MONTHS[rule]
    return commas((interpretation_words(contract, reading), MONTHS.get(rule)))


def _tables(c: Chapter, figures: pd.DataFrame, ranked: pd.DataFrame) -> None:
    contract, replies = c.review.contract, c.review.table("replies")
    priorities = [priority or N_("all") for priority in figures["priority"]]
    c.table(FIGURES, figures.assign(priority=priorities, words=_words(contract, figures)))
    best = ranked[ranked["matched"] > 0].groupby("clause").head(LISTED)
    if len(best):
        c.table(READINGS, best.assign(words=_words(contract, best)))
    if replies is not None:
        answers = replies.reindex(columns=[col.key for col in REPLIES.columns])
        days = pd.to_datetime(answers["replied_on"]).dt.strftime("%Y-%m-%d")
        c.table(REPLIES, answers.assign(replied_on=days))


def _by_month(c: Chapter, months: pd.DataFrame) -> None:
    """Add both figures of a clause for all priorities together, month by month."""
    clause, contract = str(months["clause"].iloc[0]), c.review.contract
    caption = N_("{clause}: reported and recomputed, all priorities")
    description = N_("Months: {n}. Widest gap: {points}, {month:month}.")
    widest = months.loc[months["gap"].abs().idxmax()]
    c.figure(
        "reported_against_recomputed",
        BY_MONTH.but(
            name=f"{measure_id(contract, clause)}.months",
            caption=caption(clause=contract.clause(clause).title),
        ),
        months[["month", "reported", "recomputed"]],
        description(n=len(months), points=_points(widest["gap"]), month=widest["month"]),
        measure=N_("Share of tickets in time"),
    )


def _caveats(c: Chapter, reported: pd.DataFrame, figures: pd.DataFrame) -> None:
    """Add the figures not compared, the counts of tickets that differ, replies to nothing."""
    fractions = N_("No reported figure is above 1: they are read as percentages, not fractions.")
    c.caveat("fractions", fractions, when=bool((reported["value"] <= 1).all()))
    whole_clauses = (c.id(measure_id(c.review.contract, clause)) for clause in figures["clause"])
    named = {name for name in _positions(c.review) if name.startswith(c.id("") + ".")}
    for name, n, sentence in (
        ("alone", len(reported) - len(figures), ALONE),
        ("counts", (figures["n"].notna() & (figures["n"] != figures["n_recomputed"])).sum(), OTHER),
        ("replies", len(named - {*figures["id"], *whole_clauses}), ASTRAY),
    ):
        c.caveat(name, sentence(n=int(n)), when=n > 0)


ALONE = n_(
    "{n} figure that the provider reported has none recomputed beside it.",
    "{n} figures that the provider reported have none recomputed beside them.",
)
OTHER = n_(
    "{n} reported figure is of another number of tickets than the one recomputed.",
    "{n} reported figures are of other numbers of tickets than those recomputed.",
)
ASTRAY = n_(
    "{n} reply names a figure that is not among those compared.",
    "{n} replies name figures that are not among those compared.",
)
