"""Reconciliation: the figures that the provider reported, and what explains a gap (F4)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.amounts import rounded
from reviewlib.contract import Contract
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import QUOTES
from reviewlib.report.text import (
    EMPTY,
    N_,
    NAMED,
    Message,
    Text,
    chained,
    commas,
    listed,
    sentences,
)
from reviewlib.report.values import Kind, Section, Side
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import (
    MONTHS,
    NO_CLAUSE,
    PAUSES_UNKNOWN,
    POINTS,
    interpretation_words,
    measure_id,
    priority_id,
)
from reviewlib.service.reconciliation import front, metrics
from reviewlib.service.reconciliation.words import (
    AGREES,
    ALIKE,
    ALONE,
    ASTRAY,
    BY_MONTH,
    BY_MONTH_SPREAD,
    DIFFERING,
    EXPLAINED,
    FIGURES,
    FLAG,
    GAP,
    HINT,
    HINTS,
    JUDGED,
    ONLY_SETTLED,
    OTHER,
    READ_SO,
    READINGS,
    RECOMPUTED_FROM,
    REPLIES,
    SPREAD,
    UNEXPLAINED,
    UNSETTLED,
    VERDICT,
    WIDEST,
)
from reviewlib.service.sensitivity.metrics import CONTRACT, Interpretations

EVIDENCE = 200  # tickets that a finding names
LISTED = 10  # interpretations of a clause in the table


def reconciliation(review: Review) -> Section:
    """Return the chapter that lays the reported figures beside those recomputed."""
    c = Chapter(review, "reconciliation", N_("Reconciliation"))
    reported, compared = results.reported(review), results.interpretations(review.so_far)
    if reported is None or compared is None:
        return c.not_assessed(review.absent("reported_kpis" if reported is None else "tickets"))
    if not review.contract.clause_ids():
        return c.not_assessed(NO_CLAUSE)
    computed = metrics.shares(compared)
    beside = metrics.reconciled(reported, computed)
    unsettled = metrics.unsettled(reported, compared)
    if beside.empty:
        none = N_("none of the figures that the provider reported has one recomputed beside it")
        return c.not_assessed(PAUSES_UNKNOWN if unsettled else none)
    ranked = metrics.explaining(reported, computed)
    matching = metrics.matching(reported, computed)
    figures = _explained(c, beside, ranked, matching)
    front.add_headline(c, figures)
    _intro(c)
    _facts(c, figures)
    for _clause, of_clause in figures.groupby("clause", sort=False):
        _by_clause(c, of_clause, ranked, compared)
    _unexplained(c, figures[figures["state"] == UNEXPLAINED])
    _tables(c, figures, ranked, matching)
    _by_month(c, figures[figures["priority"] == ""])
    _caveats(c, reported, figures, unsettled)
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


def _intro(c: Chapter) -> None:
    c.intro(
        N_(
            "Each figure that the provider reported stands beside the one recomputed from {source} "
            "under the contract. Where they differ, other interpretations of the clause are tried: "
            "one that gives the reported figure within its rounding is a hint, the tickets "
            "themselves are the proof."
        )(source=RECOMPUTED_FROM[_has_log(c.review)])
    )


def _has_log(review: Review) -> bool:
    log = results.log(review)
    return log is not None and log.has_statuses


def _facts(c: Chapter, figures: pd.DataFrame) -> None:
    """Add how many figures agree, differ with a reading that gives them, differ without one."""
    for state, label in (
        (AGREES, N_("Figures equal to the one recomputed, within their rounding")),
        (EXPLAINED, N_("Figures that differ, and that another interpretation gives")),
        (UNEXPLAINED, N_("Figures that differ, and that no interpretation tried gives")),
    ):
        count = int((figures["state"] == state).sum())
        how, source = N_("judged under each interpretation"), JUDGED[_has_log(c.review)]
        key = state != AGREES
        c.fact(state, label, count, n=len(figures), source=source, how=how, key=key)
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
        _alike(c, figures, compared)
        return
    higher = int((apart["gap"] > 0).sum())
    about = {"apart": len(apart), "n": len(figures), "spread": _spread(figures)}
    sentence = DIFFERING[higher == len(apart) > 1].filled(
        about | {"higher": higher, "clause": title}
    )
    widest = _shown(figures).assign(gap=lambda rows: rows["gap"].abs()).nlargest(1, "gap")
    front.add_gaps(c, figures, widest, JUDGED[_has_log(c.review)])
    settle = N_(
        "{clause}: agree whether the reported figures are corrected, or by which interpretation "
        "they stand."
    )
    most = ranked[(ranked["clause"] == clause) & (ranked["matched"] > 0)]
    most = most[most["matched"] == most["matched"].max()]
    best = most.head(1)
    matched = int(best["matched"].sum())
    c.find(
        Kind.CONCERN,
        name,
        sentences(
            sentence,
            _has_unsettled(clause, compared) and ONLY_SETTLED,
            _flag(c.review, clause),
            _hint(contract, figures, most),
            *(_read_so(c.review, one) for one in best.itertuples()),
        ),
        about=_turned(apart, best, compared) or None,
        evidence=EVIDENCE,
        decision=settle(clause=title),
        decider=Side.BOTH,
        clause=clause,
        brief=front.brief(title, clause, figures, matched),
    )


def _alike(c: Chapter, figures: pd.DataFrame, compared: Interpretations) -> None:
    """Add that all figures of a clause agree: where pauses are unknown, only those compared."""
    clause, source = str(figures["clause"].iloc[0]), RECOMPUTED_FROM[_has_log(c.review)]
    unsettled = _has_unsettled(clause, compared)
    kind = Kind.NEUTRAL if unsettled else Kind.STRENGTH
    alike = N_("{clause}: the reported figures compared, {n}, are those recomputed from {source}.")
    name, title = measure_id(c.review.contract, clause), c.review.contract.clause(clause).title
    sentence = alike(clause=title, n=len(figures), source=source)
    c.find(kind, name, sentences(sentence, unsettled and ONLY_SETTLED), clause=clause)


def _has_unsettled(clause: str, compared: Interpretations) -> bool:
    """Whether a ticket under a clause is of unknown pauses by the contract's own reading."""
    counts = compared.counts
    own = counts[(counts["clause"] == clause) & (counts["reading"] == CONTRACT)]
    return bool(own["late_or_paused"].any())


def _spread(figures: pd.DataFrame) -> Text:
    """Return how wide the gaps are: by the month where figures over all priorities are reported.

    Those of the priorities overlap with them, and are no second count of the same tickets.
    """
    months, rows = figures[figures["priority"] == ""], _shown(figures)
    least, most = (_rounded(edge) for edge in (rows["gap"].min(), rows["gap"].max()))
    if least == most:
        return ALIKE(points=POINTS(gap=most))
    if months.empty:
        return SPREAD(least=least, points=POINTS(gap=most))
    mean = _mean_gap(months)
    return BY_MONTH_SPREAD(least=least, points=POINTS(gap=most), mean=mean, n=len(months))


def _shown(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figures over all priorities; where none is reported, those that differ."""
    months = figures[figures["priority"] == ""]
    return months if len(months) else figures[figures["state"] != AGREES]


def _mean_gap(months: pd.DataFrame) -> float:
    """Return the mean gap of months in points, weighted by their tickets."""
    weights = months["n_recomputed"]
    return float(_rounded((months["gap"] * weights).sum() / weights.sum()))


def _flag(review: Review, clause: str) -> Text:
    """Return how many reported figures of a clause are those of the tool's own flag."""
    reported, tickets = results.reported(review), review.table("tickets")
    if reported is None or tickets is None:
        return EMPTY
    equal = metrics.as_flagged(reported, results.verdicts(review), tickets)
    own = equal[(equal["clause"] == clause) & (equal["equal"] > 0)]
    return next((FLAG(equal=row.equal, of=row.of) for row in own.itertuples()), EMPTY)


def _hint(contract: Contract, figures: pd.DataFrame, most: pd.DataFrame) -> Text:
    """Return every reading that gives the largest number of the differing figures."""
    if most.empty:
        return EMPTY
    readings = listed(QUOTES(text=words) for words in _words(contract, most))
    apart = int((figures["state"] != AGREES).sum())
    about = {"tried": figures["tried"].max(), "matched": most["matched"].iloc[0], "of": apart}
    return (HINT if len(most) == 1 else HINTS)(readings=readings, **about)


def _read_so(review: Review, best: Any) -> Text:
    """Return what the verdicts over the contract would be by the reading that gives most."""
    every = results.readings(review)
    if every is None or best.reading == CONTRACT:
        return EMPTY
    rows = every[(every["clause"] == best.clause) & (every["reading"] == best.reading)]
    verdicts = [
        VERDICT[row.kept](priority=row.priority, share=row.share, n=row.n)
        for row in rows.itertuples()
        if row.kept is not None
    ]
    words = interpretation_words(review.contract, best.reading)
    return READ_SO(reading=words, verdicts=chained(verdicts)) if verdicts else EMPTY


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
            sentences(c.of_row(gap, row), N_("No reply yet.") if pd.isna(row.position) else EMPTY),
            decision=EMPTY if row.position == "agreed" else ask(month=row.month),
            decider=Side.CLIENT,
            clause=row.clause,
        )


def _points(gap: float) -> Message:
    """Return a gap in points, whose word goes with the number as it is printed."""
    return POINTS(gap=_rounded(gap))


def _rounded(gap: float) -> Any:
    return rounded(gap, 1)


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


def _tables(
    c: Chapter, figures: pd.DataFrame, ranked: pd.DataFrame, matching: pd.DataFrame
) -> None:
    contract, replies = c.review.contract, c.review.table("replies")
    priorities = [priority or N_("all") for priority in figures["priority"]]
    given = matching.assign(words=pd.Series(_words(contract, matching), dtype="object"))
    words = {key: listed(rows["words"], NAMED) for key, rows in given.groupby(metrics.KEYS)}
    keys = figures[metrics.KEYS].itertuples(index=False, name=None)
    readings = pd.Series([words.get(key) for key in keys], figures.index, dtype="object")
    readings = readings.where(figures["state"] == EXPLAINED, None)
    c.table(FIGURES, figures.assign(priority=priorities, words=readings))
    best = ranked[ranked["matched"] > 0].groupby("clause").head(LISTED)
    if len(best):
        c.table(READINGS, best.assign(words=_words(contract, best)))
    if replies is not None:
        answers = replies.reindex(columns=[col.key for col in REPLIES.columns])
        days = pd.to_datetime(answers["replied_on"]).dt.strftime("%Y-%m-%d")
        c.table(REPLIES, answers.assign(replied_on=days))


def _by_month(c: Chapter, figures: pd.DataFrame) -> None:
    """Add the gap of the figures over all priorities, month by month, in a row for each clause."""
    if figures.empty:
        return
    contract, means = c.review.contract, {}
    for clause, months in figures.groupby("clause", sort=False):
        means[clause] = POINTS(gap=_mean_gap(months))
    titles = {clause: contract.clause(str(clause)).title for clause in means}
    columns = {
        name: pd.Series([of[clause] for clause in figures["clause"]], figures.index, "object")
        for name, of in (("label", titles), ("result", means))
    }
    rows = figures.assign(**columns)
    widest = rows.loc[rows["gap"].abs().idxmax()]
    c.figure(
        "reported_against_recomputed",
        BY_MONTH,
        rows.sort_values(["clause", "month"], kind="stable"),
        WIDEST(n=len(rows), points=_points(widest["gap"]), month=widest["month"]),
        measure=N_("Reported less recomputed, all priorities"),
        value=N_("Mean gap"),
    )


def _caveats(c: Chapter, reported: pd.DataFrame, figures: pd.DataFrame, unsettled: int) -> None:
    """Add the figures not compared, the counts of tickets that differ, replies to nothing."""
    fractions = N_("No reported figure is above 1: they are read as percentages, not fractions.")
    c.caveat("fractions", fractions, when=bool((reported["value"] <= 1).all()))
    whole_clauses = (c.id(measure_id(c.review.contract, clause)) for clause in figures["clause"])
    named = {name for name in _positions(c.review) if name.startswith(c.id("") + ".")}
    for name, n, sentence in (
        ("paused", unsettled, UNSETTLED),
        ("alone", len(reported) - len(figures) - unsettled, ALONE),
        ("counts", (figures["n"].notna() & (figures["n"] != figures["n_recomputed"])).sum(), OTHER),
        ("replies", len(named - {*figures["id"], *whole_clauses}), ASTRAY),
    ):
        c.caveat(name, sentence(n=int(n)), when=n > 0)
