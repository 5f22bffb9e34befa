"""The charts of the chapter on service levels: each threshold, its months, the time used."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import BY_CHANCE
from reviewlib.report.text import N_, Shown, Text, n_, sentences
from reviewlib.report.values import FEW, Unit
from reviewlib.service.clauses import PAUSE_BOUNDS, bounds
from reviewlib.service.service_levels import metrics
from reviewlib.service.service_levels.verdicts import JudgedPriority
from reviewlib.service.service_levels.words import OF_ALL, thresholds_met
from reviewlib.service.thresholds import common
from reviewlib.service.words import IN_TIME, LIMIT, SHARE_IN_TIME, THRESHOLD

BY_PRIORITY = N_("Share in time with its interval of 95%, against the threshold: {parts:commas}.")
LEVEL = N_("{name} {share:percent} (n\u00a0=\u00a0{n})")
BELOW = N_("Months below the threshold: {parts:commas}.")
UNDER, UNJUDGED = N_("{name} {below} of {judged}"), N_("{name} not assessed")
USED = N_("Decided tickets: {n}. In time, in the last fifth of the target: {near}. Late: {late}.")
CARD_WORST = n_(
    "{name}: {below} of {judged} month below.",
    "{name}: {below} of {judged} months below.",
    on="judged",
)
CARD_OF_MONTHS = N_("Service levels by month, against their thresholds")
OF_MONTHS = n_("{count} of {n} month", "{count} of {n} months")
VERDICTS = {
    (True, False): N_("met"),
    (False, False): N_("missed"),
    (True, True): N_("met, within chance"),
    (False, True): N_("missed, within chance"),
}
"""By whether a threshold was met, and whether chance alone may leave the gap to it."""
CLAUSE, PRIORITY = Col("clause", N_("Clause")), Col("priority", N_("Priority"))
LEVELS = TableForm(
    "levels",
    N_("Tickets in time by clause and priority, against the threshold"),
    (
        CLAUSE,
        PRIORITY,
        Col("n", N_("Decided tickets"), Unit.COUNT),
        Col("share", SHARE_IN_TIME, Unit.SHARE),
        Col("low", N_("Interval from"), Unit.SHARE),
        Col("high", N_("Interval to"), Unit.SHARE),
        Col("target", THRESHOLD, Unit.SHARE),
        Col("state", N_("Verdict"), words=VERDICTS),
    ),
    lead=True,
    by="gap",
    first=N_("The {n} furthest below their threshold, of {all}."),
)
MONTHS = TableForm(
    "by_month",
    N_("How far each month was from the threshold, by clause and priority"),
    (
        CLAUSE,
        PRIORITY,
        Col("judged", N_("Months judged"), Unit.COUNT),
        Col("below", N_("Below the threshold"), Unit.COUNT),
    ),
    by="below",
    first=N_("The {n} with the most months below their threshold, of {all}."),
)
SPENT = TableForm(
    "used",
    N_("{clause}: share of the target used"),
    (
        Col("low", N_("From"), Unit.SHARE),
        Col("high", N_("To"), Unit.SHARE),
        Col("in_time", N_("In time"), Unit.COUNT),
        Col("late", N_("Late"), Unit.COUNT),
    ),
)


def levels(c: Chapter, judged: list[JudgedPriority]) -> None:
    """Add the share of each priority under each clause, beside its threshold."""
    every = [part for one in judged for part in (one, *one.parts())]
    parts = [part for part in every if part.volume and not part.count.undated]
    rows = pd.DataFrame([_level(c, part) for part in parts], dtype="object")  # of texts as they are
    if rows.empty:
        return
    rows["gap"] = rows["target"].astype("float64") - rows["share"].astype("float64")
    shares = rows[rows["share"].notna()]
    description = BY_PRIORITY(parts=[c.of_row(LEVEL, row) for row in shares.itertuples()])
    drawn: dict[str, Text] = {"measure": IN_TIME, "reference": LIMIT}
    if not any(part.count.unknown for part in parts if not part.has_share):
        drawn["bounds"] = PAUSE_BOUNDS
    c.figure("share_by_group", LEVELS, rows, description, **drawn)


def _level(c: Chapter, judged: JudgedPriority) -> dict[str, Any]:
    """Return the row of a priority, or of the part of it that has one threshold."""
    count, has_share = judged.count, judged.has_share
    between = None if has_share else bounds(count)
    return _place(c, judged) | {
        "name": judged.label,
        "n": count.n if has_share else judged.volume,
        "k": count.met,
        "share": count.share if has_share else None,
        "low": count.low if has_share else None,
        "high": count.high if has_share else None,
        "least": None if between is None else between.low,
        "most": None if between is None else between.high,
        "target": judged.threshold,
        "verdict": judged.held,
        "by_chance": judged.held is not None and judged.by_chance,
        "state": None if judged.held is None else (judged.held, judged.by_chance),
    }


def _place(c: Chapter, judged: JudgedPriority) -> dict[str, Any]:
    """Return where a row stands: its label, under the title of its clause and the article."""
    return {
        "label": judged.priority,
        "priority": judged.priority,
        "clause": judged.clause_id,
        "about": judged.clause_id,
        "group": c.review.contract.clause(judged.clause_id).title,
    }


def by_month(c: Chapter, judged: list[JudgedPriority]) -> None:
    """Add the months of each priority, where there are two or more with a threshold."""
    months = {one.label: _months(c, one) for one in judged if one.thresholds}
    drawn = pd.concat(months.values(), ignore_index=True) if months else pd.DataFrame()
    if drawn.empty or drawn["month"].nunique() < 2:
        return
    counts = [
        {
            "clause": one.clause_id,
            "priority": one.priority,
            "name": one.label,
            "judged": months[one.label]["verdict"].notna().sum(),
            "below": months[one.label]["verdict"].eq(False).sum(),
        }
        for one in judged
        if one.label in months
    ]
    rows = pd.DataFrame(counts, dtype="object")
    c.figure(
        "share_by_group_and_month",
        MONTHS,
        rows,
        BELOW(
            parts=[c.of_row(UNDER if row.judged else UNJUDGED, row) for row in rows.itertuples()]
        ),
        frame=drawn,
        measure=IN_TIME,
        value=SHARE_IN_TIME,
        card=_card(c, judged, rows),
    )


def _card(c: Chapter, judged: list[JudgedPriority], months: pd.DataFrame) -> Text:
    """Return what the card of the months says: the verdicts, and who has most months below."""
    verdicts = [one.held for one in judged if one.held is not None]
    if not verdicts:
        return CARD_OF_MONTHS
    worst = months[months["below"] > 0].sort_values("below", ascending=False, kind="stable")
    below = [c.of_row(CARD_WORST, row) for row in worst.head(1).itertuples()]
    unsettled = sum(one.unsettled for one in judged)
    return sentences(thresholds_met(sum(verdicts), len(verdicts), unsettled), *below)


def _months(c: Chapter, judged: JudgedPriority) -> pd.DataFrame:
    """Return the months of a priority as its verdict counts them, and what they come to."""
    months = judged.months
    verdict = months["kept"].astype("object").where(months["kept"] | ~months["may_be_kept"], None)
    verdict = verdict.where(months["binds"], None)
    doubtful = judged.held is False and judged.by_chance
    result: Text = _share(judged)
    bad = judged.held is False and not doubtful
    if judged.clause.assessed == "month":
        counted = verdict[verdict.notna()]
        result, bad = OF_MONTHS(count=counted.sum(), n=len(counted)), not counted.all()
    texts = _place(c, judged) | {"result": result}
    if doubtful:
        texts["label"] = BY_CHANCE(label=judged.priority)
    columns = pd.DataFrame([texts] * len(months), months.index, dtype="object")
    return months.assign(
        **{name: columns[name] for name in columns},
        threshold=months["month"].map(common(judged.verdicts, "month")),
        verdict=verdict,
        bad=bad,
        below=verdict.eq(False).sum(),
    )


def _share(judged: JudgedPriority) -> Text:
    """Return the share in time, none where it is open; of few tickets, how many of them."""
    count = judged.count
    if judged.has_share and count.n < FEW:
        return OF_ALL(count=int(count.met), n=int(count.n))
    return Shown(count.share if judged.has_share else float("nan"), "percent")


def used(c: Chapter, form: TableForm, verdicts: pd.DataFrame) -> None:
    """Add how much of its target each decided ticket used; what is over 100 % is late."""
    classes = metrics.share_of_target(verdicts)
    near = classes.loc[classes["low"].between(0.8, 0.99), "in_time"].sum()
    in_time, late = classes["in_time"].sum(), classes["late"].sum()
    c.figure(
        "share_of_target",
        form,
        classes.assign(high=classes["high"].where(classes["high"] < float("inf"))),
        USED(n=in_time + late, near=near, late=late),
        frame=classes,
        measure=N_("Share of the target used"),
        reference=N_("target"),
    )
