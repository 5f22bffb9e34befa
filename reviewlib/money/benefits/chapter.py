"""Benefits: what outsourcing was expected to bring, what it brought, unforeseen costs (D6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from reviewlib.money import results
from reviewlib.money.benefits import front, metrics, words
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import as_of, of_ids, titled
from reviewlib.report.text import EMPTY, N_, Message, Text, listed, n_, sentences
from reviewlib.report.values import Checks, Fact, Kind, Section, Side, Unit
from reviewlib.review import Review

NAMED = 5  # unforeseen lines that a sentence names
SOURCE = "benefits.csv: expected, obtained, direction"
SPENT = "budget.csv: unforeseen, actual"
COUNTED = N_(
    "A benefit is obtained where the value measured is at least, or at most, the one "
    "expected. Of an improvement expected over the value before, the share obtained is "
    "(obtained − before) / (expected − before). What was never measured is not assessed, "
    "and is not counted as missed."
)
OF_KIND = {
    "cost": N_("Benefits obtained: cost"),
    "time": N_("Benefits obtained: time"),
    "focus": N_("Benefits obtained: focus on the core business"),
    "skills": N_("Benefits obtained: skills"),
    "": N_("Benefits obtained: of no stated kind"),
}
KINDS = {
    "cost": N_("cost"),
    "time": N_("time"),
    "focus": N_("focus"),
    "skills": N_("skills"),
}
OUTCOMES = {
    metrics.OBTAINED: N_("obtained"),
    metrics.MISSED: N_("missed"),
    metrics.NOT_MEASURED: N_("not measured"),
    metrics.NOT_STATED: N_("no value expected"),
    metrics.NO_DIRECTION: N_("good values not said"),
}
BOUNDS = {"at_most": N_("at most {value}"), "at_least": N_("at least {value}")}
MEASURED = N_("{benefit} ({measure})")
AGAINST = N_("{benefit}: {obtained}; expected: {expected}.")
BEFORE = N_("The value before was {before}.")
GAINED = N_(
    "The value before was {before}: {share:percent} of the expected improvement was obtained."
)
WORSE = N_("The value before was {before}: it got worse.")
PURSUE = N_("Benefit {benefit_id}: decide whether it is still pursued, by whom and by when.")
UNMEASURED = N_("{benefit} was never measured: whether it was obtained is not known.")
MEASURE = N_("Benefit {benefit_id}: measure it, or say why it is given up.")
NOT_ASSESSED = {
    metrics.NOT_STATED: N_("Benefits of which no value was expected, not assessed: {ids}."),
    metrics.NO_DIRECTION: N_(
        "Benefits that do not say which values are good (direction), not assessed: {ids}."
    ),
}
UNFORESEEN = N_("Unforeseen costs, spent so far")
UNFORESEEN_SHARE = N_("Unforeseen costs, share of all that was spent")

BENEFITS = TableForm(
    "benefits",
    N_("Benefits, one by one"),
    (
        Col("benefit_id", N_("Benefit")),
        Col("kind", N_("Kind"), words=KINDS),
        Col("title", N_("What was expected"), quoted=True),
        Col("measure", N_("Measure"), quoted=True),
        Col("unit", N_("Unit"), quoted=True),
        Col("before", N_("Value before")),
        Col("expected", N_("Value expected")),
        Col("obtained", N_("Value obtained")),
        Col("outcome", N_("Outcome"), words=OUTCOMES),
        Col("share", N_("Share of the improvement"), Unit.SHARE),
        Col("measured_on", N_("Measured on"), Unit.DATE),
        Col("source", N_("Source"), quoted=True),
    ),
    note=N_("“—”: not stated, or no improvement was expected over the value before."),
)


def benefits(review: Review) -> Section:
    """Return the chapter on benefits and unforeseen costs."""
    c = Chapter(review, "benefits", N_("Benefits"))
    table, budget = review.table("benefits"), review.table("budget")
    unforeseen = None if budget is None else metrics.unforeseen(budget)
    if table is None and unforeseen is None:
        return c.not_assessed(review.absent("benefits"))
    c.intro(COUNTED)
    if table is None:
        c.headline(N_("No benefit expected of outsourcing is stated."))
        c.fact("obtained", N_("Benefits obtained"), None, because=review.absent("benefits"))
    else:
        _benefits(c, metrics.benefits(table))
    if unforeseen is None:
        unflagged = N_("no budget line says whether it was foreseen (unforeseen)")
        because = review.absent("budget") if budget is None else unflagged
        c.amount("unforeseen.total", UNFORESEEN, None, because=because)
        c.fact("unforeseen.share", UNFORESEEN_SHARE, None, Unit.SHARE, because=because)
    else:
        _unforeseen(c, unforeseen)
        _unforeseen_lines(c, unforeseen)
    return c.section()


def _benefits(c: Chapter, rows: pd.DataFrame) -> None:
    counts = metrics.by_kind(rows)
    whole = counts.drop(columns="kind").sum()
    n = int(whole["judged"])
    judged = N_("Benefits obtained: {k} of the {n} that can be judged.")
    none = N_("No benefit can be judged.")
    c.headline(judged(k=whole[metrics.OBTAINED], n=n) if n else none)
    checks = Checks(Side.BOTH, int(whole[metrics.OBTAINED]), n)
    fact = _count(c, "obtained", N_("Benefits obtained"), whole, checks)
    c.clause_on(fact, front.OBTAINED, 5)
    for _place, row in counts.iterrows():
        _count(c, f"kind.{row['kind'] or 'none'}", OF_KIND[row["kind"]], row)
    label = N_("Benefits never measured")
    ids = rows.loc[rows["outcome"] == metrics.NOT_MEASURED, "benefit_id"]
    c.fact(
        "not_measured", label, len(ids),
        n=len(rows), note=of_ids(ids), period=as_of(c.review), source=SOURCE,
    )  # fmt: skip
    _outcomes(c, rows)
    c.table(front.lead(BENEFITS), _in_words(rows, rows["unit"]))
    c.table(BENEFITS, _in_words(rows, [""] * len(rows)))


def _count(
    c: Chapter, name: str, label: Text, counts: pd.Series, checks: Checks | None = None
) -> Fact:
    """Add how many benefits were obtained of those that can be judged."""
    judged, because = int(counts["judged"]), N_("none of them can be judged")
    obtained, now = counts[metrics.OBTAINED] if judged else None, as_of(c.review)
    return c.fact(
        name, label, obtained,
        n=judged, because=because, period=now, source=SOURCE, checks=checks,
    )  # fmt: skip


def _outcomes(c: Chapter, rows: pd.DataFrame) -> None:
    """Add a finding for each benefit judged or never measured, a caveat on the others."""
    in_words = _in_words(rows, rows["unit"]).assign(benefit=[*map(_benefit, rows.itertuples())])
    twice = results.measured_twice(c.review)
    ids = "engagement.objective." + twice["objective_id"]  # of the findings on the objectives
    objectives = dict(zip(twice["benefit_id"], ids, strict=True))
    briefs = front.briefs(c, in_words)
    by_outcome = {outcome: in_words[rows["outcome"] == outcome] for outcome in OUTCOMES}
    for outcome, kind, sentence, decision in (
        (metrics.MISSED, Kind.CONCERN, _judged, PURSUE),
        (metrics.OBTAINED, Kind.STRENGTH, _judged, EMPTY),
        (metrics.NOT_MEASURED, Kind.NEUTRAL, UNMEASURED, MEASURE),
    ):
        c.each(
            kind, "benefit", by_outcome[outcome], sentence,
            id="benefit_id", decision=decision, decider=Side.BOTH, checks=_checked,
            brief=lambda row: briefs.get(row.benefit_id),
            restates=lambda row: objectives.get(row.benefit_id, ""),
        )  # fmt: skip
    c.stopped(*(len(by_outcome[outcome]) for outcome in (*metrics.JUDGED, metrics.NOT_MEASURED)))
    difference = words.measured_twice(twice)
    c.caveat("twice", difference, when=bool(difference))
    for outcome, excluded in NOT_ASSESSED.items():
        c.caveat(outcome, excluded, about=by_outcome[outcome]["benefit_id"])


def _checked(row: Any) -> Checks | None:
    judged = row.outcome in metrics.JUDGED
    return Checks(Side.BOTH, int(row.outcome == metrics.OBTAINED), 1) if judged else None


def _judged(row: Any) -> Text:
    gained = BEFORE if pd.isna(row.share) else WORSE if row.share < 0 else GAINED
    return sentences(AGAINST, EMPTY if row.before is None else gained)


def _benefit(row: Any) -> Text:
    """Return a benefit with its measure, where that is said."""
    named = titled(row.benefit_id, row.title)
    return named if pd.isna(row.measure) else MEASURED(benefit=named, measure=row.measure)


def _in_words(rows: pd.DataFrame, units: Iterable[Any]) -> pd.DataFrame:
    """Return benefits with their values as they were written, in a unit, and within a bound."""
    units = [*units]
    stated = {
        name: pd.Series([*map(words.written, rows[name], units)], rows.index, dtype="object")
        for name in metrics.VALUES
    }
    bounded = [
        BOUNDS[direction](value=value) if value and direction in BOUNDS else value
        for value, direction in zip(stated["expected"], rows["direction"], strict=True)
    ]
    return rows.assign(**stated).assign(expected=bounded)


def _unforeseen(c: Chapter, costs: metrics.Unforeseen) -> None:
    """Add what nobody foresaw, of all that was spent."""
    because = N_("nothing is spent") if costs.stated else N_("no line states what was spent")
    if costs.amount is None:
        because = N_("no unforeseen line states what was spent")
    n = len(costs.lines) - len(costs.unspent)
    about: FactFields = {"n": n, "source": SPENT, "because": because, "key": True}
    c.amount("unforeseen.total", UNFORESEEN, costs.amount, **about)
    ratio = Message("{amount:money} / {spent:money}")(amount=costs.amount, spent=costs.spent)
    c.fact(
        "unforeseen.share", UNFORESEEN_SHARE, costs.share, Unit.SHARE,
        n=costs.stated, source=SPENT, note=ratio, because=because,
    )  # fmt: skip


def _unforeseen_lines(c: Chapter, costs: metrics.Unforeseen) -> None:
    line = N_("{id} “{title}” ({amount:money})")
    priced = costs.priced[[*metrics.LINE_COLUMNS]].itertuples(index=False)
    lines = [line(id=name, title=title, amount=actual) for name, title, actual in priced]
    sentence = N_(
        "Costs not foreseen at the signature come to {amount:money}, {share:percent} of what was "
        "spent: {lines}."
    )
    spent = sentence(amount=costs.amount, share=costs.share, lines=listed(lines, NAMED))
    decision = N_("Settle how the next contract provides for such costs.")
    # of one line alone it is the finding of the budget on that line, with the same amount
    line_ids = costs.priced["line_id"]
    again = f"budget.line.{line_ids.iat[0]}" if len(line_ids) == 1 else ""
    c.neutral(
        "unforeseen", spent, about=line_ids, decision=decision, decider=Side.BOTH, restates=again
    )
    unflagged = n_(
        "{n} budget line does not say whether it was foreseen: it is counted as foreseen.",
        "{n} budget lines do not say whether they were foreseen: they are counted as foreseen.",
    )
    c.caveat("unsaid", unflagged(n=costs.unflagged), when=costs.unflagged > 0)
    unspent = N_("Unforeseen lines that do not state what was spent, and are left out: {ids}.")
    c.caveat("unspent", unspent, about=costs.unspent)
