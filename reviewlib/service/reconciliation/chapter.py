"""Reconciliation: the figures that the provider reported, and what explains a gap (F4)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Kind,
    Section,
    Table,
    Unit,
    rows,
)
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clause_words import MONTHS, NO_CLAUSE, measure_id, priority_id, reading_words
from reviewlib.service.reconciliation import metrics
from reviewlib.service.sensitivity.metrics import CONTRACT, Compared

SLUG = "reconciliation"
AGREES, EXPLAINED, UNEXPLAINED = "agrees", "explained", "unexplained"
EVIDENCE = 200  # tickets that a finding names
READINGS = 10  # readings listed of a clause


def reconciliation(review: Review) -> Section:
    """Return the chapter that lays the reported figures beside those recomputed from the log."""
    _, title = review.wording.gettext, review.wording.gettext("Reconciliation")
    reported, compared = review.table("reported_kpis"), results.interpretations(review)
    if reported is None:
        return review.not_assessed(SLUG, title, review.absence("reported_kpis"))
    if compared is None:
        return review.not_assessed(SLUG, title, review.absence("tickets"))
    if not review.contract.clause_ids():
        return review.not_assessed(SLUG, title, _(NO_CLAUSE))
    computed = metrics.shares(compared)
    frame = metrics.reconciled(reported, computed)
    if frame.empty:
        because = _("none of the figures that the provider reported has one recomputed beside it.")
        return review.not_assessed(SLUG, title, because)
    ranked = metrics.explaining(reported, computed)
    frame = _explained(review, frame, ranked, metrics.matching(reported, computed))
    return review.section(
        SLUG,
        title,
        headline=_headline(review, frame),
        intro=_(
            "Each figure that the provider reported stands beside the one recomputed from the log "
            "under the contract. Where they differ, other readings of the clause are tried: one "
            "that gives the reported figure within its rounding is a hint, the tickets themselves "
            "are the proof."
        ),
        facts=tuple(_facts(review, frame)),
        findings=tuple(_findings(review, frame, ranked, compared)),
        tables=(
            _figures_table(review, frame),
            *_readings_table(review, ranked),
            *_replies_table(review),
        ),
        figures=tuple(_figures(review, frame)),
        caveats=tuple(_caveats(review, reported, frame)),
    )


def _explained(
    review: Review, frame: pd.DataFrame, ranked: pd.DataFrame, matching: pd.DataFrame
) -> pd.DataFrame:
    """Return the figures with their id, state, the reading that explains them, and the replies."""
    best = ranked.merge(matching, on=["clause", "reading", "rule"])  # the first explains most
    best = best.drop_duplicates(metrics.KEYS)[[*metrics.KEYS, "reading", "rule"]]
    found = frame.merge(best, on=metrics.KEYS, how="left")
    found["state"] = AGREES
    found.loc[~found["agrees"], "state"] = UNEXPLAINED
    found.loc[~found["agrees"] & found["reading"].notna(), "state"] = EXPLAINED
    found["reading"] = found["reading"].where(found["state"] == EXPLAINED)
    found["id"] = [
        _id(review, clause, month, priority)
        for clause, month, priority in found[["clause", "month", "priority"]].itertuples(
            index=False
        )
    ]
    return found.assign(position=found["id"].map(_positions(review)))


def _id(review: Review, clause: str, month: str, priority: str) -> str:
    own = f".{priority_id(priority)}" if priority else ""
    return f"{SLUG}.{measure_id(review.contract, clause)}.{month}{own}"


def _positions(review: Review) -> dict[str, str]:
    """Return what was answered to each finding: contested when either party contests it."""
    replies = review.table("replies")
    if replies is None:
        return {}
    contested = (replies["position"] == "contested").groupby(replies["finding"]).any()
    return {str(k): str(v) for k, v in contested.map({True: "contested", False: "agreed"}).items()}


def _headline(review: Review, frame: pd.DataFrame) -> str:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    count = frame["state"].value_counts()
    said = _(
        "{figures} compared. Equal to the log: {agrees}; different, and given by another reading: "
        "{explained}; different, and given by none: {unexplained}."
    )
    return said.format(
        figures=n_("{n} reported figure", "{n} reported figures", len(frame)),
        **{state: w.number(int(count.get(state, 0))) for state in (AGREES, EXPLAINED, UNEXPLAINED)},
    )


def _facts(review: Review, frame: pd.DataFrame) -> Iterator[Fact]:
    """Yield how many figures agree, differ with a reading that gives them, differ without one."""
    _ = review.wording.gettext
    labels = {
        AGREES: _("Figures equal to the log within their rounding"),
        EXPLAINED: _("Figures that differ, and that another reading gives"),
        UNEXPLAINED: _("Figures that differ, and that no reading tried gives"),
    }
    for state, label in labels.items():
        count = int((frame["state"] == state).sum())
        source = _("reported_kpis.csv, beside ticket_events.csv judged under each reading")
        yield Fact(f"{SLUG}.{state}", label, count, Unit.COUNT, n=len(frame), source=source)
    apart = frame[frame["state"] != AGREES]
    for position, label in (
        ("agreed", _("Figures that differ, with a reply that agrees and none that contests")),
        ("contested", _("Figures that differ, with a reply that contests")),
    ):
        count = int((apart["position"] == position).sum())
        yield Fact(
            f"{SLUG}.{position}", label, count, Unit.COUNT, n=len(apart), source=_("replies.csv")
        )


def _findings(
    review: Review, frame: pd.DataFrame, ranked: pd.DataFrame, compared: Compared
) -> Iterator[Finding]:
    """Yield how each clause's figures compare, and each one that no reading explains."""
    for clause, mine in frame.groupby("clause", sort=False):
        yield _clause(review, str(clause), mine, ranked, compared)
    for _place, row in frame[frame["state"] == UNEXPLAINED].iterrows():
        yield _unexplained(review, row)


def _clause(
    review: Review, clause: str, mine: pd.DataFrame, ranked: pd.DataFrame, compared: Compared
) -> Finding:
    """Return how the reported figures of a clause compare, and which reading gives most."""
    _, w = review.wording.gettext, review.wording
    apart, name = mine[mine["state"] != AGREES], f"{SLUG}.{measure_id(review.contract, clause)}"
    title = review.contract.clause(clause).title
    if apart.empty:
        sentence = _("{clause}: the reported figures compared, {n}, are those of the log.")
        words = sentence.format(clause=title, n=w.number(len(mine)))
        return Finding(name, words, Kind.STRENGTH, clause=clause)
    higher = int((apart["gap"] > 0).sum())
    sentence = _(
        "{clause}: reported figures that differ from the log: {apart} of {n}, {higher} of them "
        "higher; mean gap {gap} points."
    ).format(
        clause=title,
        apart=w.number(len(apart)),
        n=w.number(len(mine)),
        higher=w.number(higher),
        gap=w.number(apart["gap"].mean(), 1),
    )
    best = ranked[(ranked["clause"] == clause) & (ranked["matched"] > 0)].head(1)
    said = [_hint(review, row, mine, len(apart)) for _place, row in best.iterrows()]
    decision = _("{clause}: settle with the provider which reading of the clause is used.")
    return Finding(
        name,
        " ".join([sentence, *said]),
        Kind.CONCERN if higher * 2 > len(apart) else Kind.NEUTRAL,
        evidence=_turned(apart, best, compared),
        decision=decision.format(clause=title),
        clause=clause,
    )


def _hint(review: Review, best: pd.Series, mine: pd.DataFrame, apart: int) -> str:
    """Return which of the readings tried gives the most of the figures that differ."""
    _, w = review.wording.gettext, review.wording
    return _(
        "Of {tried} other readings tried, “{reading}” gives the largest number of them: "
        "{matched} of {of}. A match is a hint; the tickets that it turns are the proof to ask "
        "for."
    ).format(
        tried=w.number(int(mine["tried"].max())),
        reading=_words(review, best["reading"], best["rule"]),
        matched=w.number(best["matched"]),
        of=w.number(apart),
    )


def _turned(apart: pd.DataFrame, best: pd.DataFrame, compared: Compared) -> tuple[str, ...]:
    """Return the tickets that the best reading turns in the months that a reading explains."""
    turned = compared.flips.merge(best[["clause", "reading"]], on=["clause", "reading"])
    months = apart.loc[apart["state"] == EXPLAINED, "month"]
    return tuple(turned.loc[turned["month"].isin(months), "ticket_id"].head(EVIDENCE))


def _unexplained(review: Review, row: pd.Series) -> Finding:
    _, w = review.wording.gettext, review.wording
    sentence = _(
        "{clause}, {month}, {priority}: reported {reported}, recomputed {recomputed} (n = {n}), a "
        "gap of {gap} points that none of the {tried} readings tried gives."
    )
    reply = {"agreed": _("Agreed."), "contested": _("Contested.")}.get(
        row["position"], _("No reply yet.")
    )
    words = sentence.format(
        clause=review.contract.clause(row["clause"]).title,
        month=w.month(row["month"]),
        priority=row["priority"] or _("all priorities"),
        reported=w.percent(row["value"] / 100),
        recomputed=w.percent(row["recomputed"] / 100),
        n=w.number(row["n_recomputed"]),
        gap=w.number(row["gap"], 1),
        tried=w.number(row["tried"]),
    )
    decision = _("{month}: ask the provider for the tickets behind the reported figure.")
    return Finding(
        row["id"],
        f"{words} {reply}",
        Kind.CONCERN,
        decision=""
        if row["position"] == "agreed"
        else decision.format(month=w.month(row["month"])),
        clause=row["clause"],
    )


def _words(review: Review, reading: str, rule: str) -> str:
    """Return a reading, and its rule of months where it is not the clause's, in words."""
    _, contract = review.wording.gettext, review.contract
    if rule == metrics.OWN:
        return reading_words(review.wording, contract, reading)
    month = _(MONTHS[rule])
    if reading == CONTRACT:
        return month
    return f"{reading_words(review.wording, contract, reading)}, {month}"


def _figures_table(review: Review, frame: pd.DataFrame) -> Table:
    """Return every reported figure, beside the one recomputed and what explains the gap."""
    _ = review.wording.gettext
    columns = (
        Column("month", _("Month"), Unit.MONTH),
        Column("clause", _("Clause")),
        Column("priority", _("Priority")),
        Column("reported", _("Reported"), Unit.SHARE),
        Column("n", _("n reported"), Unit.COUNT),
        Column("computed", _("Recomputed"), Unit.SHARE),
        Column("n_recomputed", "n", Unit.COUNT),
        Column("gap", _("Gap (points)"), Unit.POINTS),
        Column("said", _("State")),
        Column("words", _("Reading that gives it")),
        Column("matching", _("Readings that give it"), Unit.COUNT),
        Column("tried", _("Readings tried"), Unit.COUNT),
        Column("reply", _("Reply")),
        Column("id", _("Id")),
    )
    states = {AGREES: _("agrees"), EXPLAINED: _("explained"), UNEXPLAINED: _("unexplained")}
    replies = {"agreed": _("agreed"), "contested": _("contested")}
    words = [
        _words(review, reading, rule) if isinstance(reading, str) else None
        for reading, rule in frame[["reading", "rule"]].itertuples(index=False)
    ]
    shown = frame.reindex(columns=[*frame.columns, *({"n"} - {*frame.columns})]).assign(
        priority=frame["priority"].replace("", _("all")),
        reported=frame["value"] / 100,
        computed=frame["recomputed"] / 100,
        said=frame["state"].map(states),
        words=words,
        reply=frame["position"].map(replies),
    )
    note = _(
        "The id of a figure is what an answer in replies.csv names. A figure agrees when the gap "
        "is within half of the last decimal that the clause’s reported figures have."
    )
    caption = _("Reported and recomputed figures")
    return Table(f"{SLUG}.figures", caption, columns, rows(shown, columns), note, folded=True)


def _readings_table(review: Review, ranked: pd.DataFrame) -> Iterator[Table]:
    """Yield the readings that give most of the figures that differ."""
    _ = review.wording.gettext
    best = ranked[ranked["matched"] > 0].groupby("clause").head(READINGS)
    if best.empty:
        return
    columns = (
        Column("clause", _("Clause")),
        Column("words", _("Reading")),
        Column("matched", _("Figures that it gives"), Unit.COUNT),
        Column("differing", _("Figures that differ"), Unit.COUNT),
    )
    words = [
        _words(review, reading, rule)
        for reading, rule in best[["reading", "rule"]].itertuples(index=False)
    ]
    note = _(
        "Many readings tried make some matches likely by chance: look for one that gives many."
    )
    caption = _("Readings that give the reported figures")
    lines = rows(best.assign(words=words), columns)
    yield Table(f"{SLUG}.readings", caption, columns, lines, note)


def _replies_table(review: Review) -> Iterator[Table]:
    """Yield what the parties answered, in their words, to any finding of the review."""
    _, replies = review.wording.gettext, review.table("replies")
    if replies is None:
        return
    columns = (
        Column("finding", _("Finding"), quoted=True),
        Column("who", _("Side")),
        Column("what", _("Reply")),
        Column("statement", _("In their words"), quoted=True),
        Column("replied_on", _("On"), Unit.DATE),
    )
    sides = {"client": _("client"), "provider": _("provider")}
    words = {"agreed": _("agreed"), "contested": _("contested")}
    shown = replies.reindex(columns=["finding", "side", "position", "statement", "replied_on"])
    days = [None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in shown["replied_on"]]
    shown = shown.assign(
        who=shown["side"].map(sides), what=shown["position"].map(words), replied_on=days
    )
    note = _("Replies to any finding of the review stand here; a finding is named by its id.")
    yield Table(f"{SLUG}.replies", _("What the parties reply"), columns, rows(shown, columns), note)


def _figures(review: Review, frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield, per clause reported for all priorities together, both figures month by month."""
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("month", _("Month"), Unit.MONTH),
        Column("reported", _("Reported"), Unit.SHARE),
        Column("recomputed", _("Recomputed"), Unit.SHARE),
    )
    for clause, mine in frame[frame["priority"] == ""].groupby("clause", sort=False):
        months = pd.DataFrame(
            {
                "month": mine["month"],
                "reported": mine["value"] / 100,
                "recomputed": mine["recomputed"] / 100,
            }
        ).sort_values("month", ignore_index=True)
        place = measure_id(review.contract, str(clause))
        name, title = f"{SLUG}.{place}.months", review.contract.clause(str(clause)).title
        caption = _("{clause}: reported and recomputed, all priorities").format(clause=title)
        widest = mine.loc[mine["gap"].abs().idxmax()]
        said = _("Months: {n}. Widest gap: {gap} points, {month}.").format(
            n=w.number(len(months)), gap=w.number(widest["gap"], 1), month=w.month(widest["month"])
        )
        drawn = charts.reported_against_recomputed(
            months, charts.Labels(name, _("Share of tickets in time")), w
        )
        table = Table(f"{name}.table", caption, columns, rows(months, columns))
        yield Figure(name, drawn, caption, said, table)


def _caveats(review: Review, reported: pd.DataFrame, frame: pd.DataFrame) -> Iterator[Caveat]:
    """Yield the figures not compared, the counts of tickets that differ, replies to nothing."""
    _, n_ = review.wording.gettext, review.wording.ngettext
    if (reported["value"] <= 1).all():
        sentence = _("No reported figure is above 1: they are read as percentages, not fractions.")
        yield Caveat(f"{SLUG}.fractions", sentence)
    alone = len(reported) - len(frame)
    if alone:
        sentence = n_(
            "{n} figure that the provider reported has none recomputed beside it.",
            "{n} figures that the provider reported have none recomputed beside them.",
            alone,
        )
        yield Caveat(f"{SLUG}.alone", sentence)
    if "n" in frame:
        other = int((frame["n"].notna() & (frame["n"] != frame["n_recomputed"])).sum())
        if other:
            sentence = n_(
                "{n} reported figure is of another number of tickets than the one recomputed.",
                "{n} reported figures are of other numbers of tickets than those recomputed.",
                other,
            )
            yield Caveat(f"{SLUG}.counts", sentence)
    lost = [name for name in _positions(review) if name.startswith(f"{SLUG}.")]
    known = {*frame["id"], *(f"{SLUG}.{measure_id(review.contract, c)}" for c in frame["clause"])}
    astray = len(set(lost) - known)
    if astray:
        sentence = n_(
            "{n} reply names a figure that is not among those compared.",
            "{n} replies name figures that are not among those compared.",
            astray,
        )
        yield Caveat(f"{SLUG}.replies", sentence)
