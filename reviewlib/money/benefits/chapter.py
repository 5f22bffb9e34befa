"""Benefits: what outsourcing was expected to bring, what it brought, unforeseen costs (D6)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.money.benefits import metrics
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import as_of_words
from reviewlib.report.listing import stopped
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Finding,
    Kind,
    Section,
    Table,
    Unit,
    cell,
    rows,
)
from reviewlib.review import Review

SLUG = "benefits"
NAMED = 5  # ids that a sentence names
SENTENCES = 30  # benefits with a finding of their own
LISTED = 200  # rows of the table
KINDS = {
    "cost": N_("Benefits obtained: cost"),
    "time": N_("Benefits obtained: time"),
    "focus": N_("Benefits obtained: focus on the core business"),
    "skills": N_("Benefits obtained: skills"),
    "": N_("Benefits obtained: of no stated kind"),
}
SORTS = {
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
SOURCE = N_("benefits.csv: expected, obtained, direction")


def benefits(review: Review) -> Section:
    """Return the chapter on benefits and unforeseen costs."""
    _ = review.wording.gettext
    title, table = _("Benefits"), review.table("benefits")
    costs = review.table("budget")
    if table is None and (costs is None or metrics.unforeseen(costs) is None):
        return review.not_assessed(SLUG, title, review.absence("benefits"))
    found = None if table is None else metrics.benefits(table)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, found),
        intro=_(
            "A benefit is obtained where the value measured is at least, or at most, the one "
            "expected. Of an improvement expected over the value before, the share obtained is "
            "(obtained − before) / (expected − before). What was never measured is not assessed, "
            "and is not counted as missed."
        ),
        facts=(*_facts(review, found), *_costs(review, costs)),
        findings=(*_findings(review, found), *_unforeseen(review, costs)),
        tables=() if found is None else (_table(review, found),),
        caveats=(*_undirected(review, found), *_unsaid(review, costs)),
    )


def _headline(review: Review, found: pd.DataFrame | None) -> str:
    _, w = review.wording.gettext, review.wording
    if found is None:
        return _("No benefit expected of outsourcing is stated.")
    judged = found["outcome"].isin(metrics.JUDGED)
    obtained = int((found["outcome"] == metrics.OBTAINED).sum())
    said = _("Benefits obtained: {k} of the {n} that can be judged.")
    if not judged.any():
        said = _("No benefit can be judged.")
    parts = [said.format(k=w.number(obtained), n=w.number(int(judged.sum())))]
    if rest := int((~judged).sum()):
        parts.append(w.ngettext("{n} is not assessed.", "{n} are not assessed.", rest))
    return " ".join(parts)


def _facts(review: Review, found: pd.DataFrame | None) -> Iterator[Fact]:
    _ = review.wording.gettext
    label = _("Benefits obtained")
    if found is None:
        because = review.absence("benefits").rstrip(".")
        yield Fact(f"{SLUG}.obtained", label, None, Unit.COUNT, note=because)
        return
    said: dict[str, Any] = {
        "period": as_of_words(review),
        "source": _(SOURCE),
    }
    counts = metrics.by_kind(found)
    whole = counts.drop(columns="kind").sum()
    yield _count(review, "obtained", label, whole, said)
    for row in counts.to_dict("records"):
        name = f"kind.{row['kind'] or 'none'}"
        yield _count(review, name, _(KINDS[row["kind"]]), pd.Series(row), said)
    rest = found.loc[found["outcome"] == metrics.NOT_MEASURED, "benefit_id"]
    yield Fact(
        f"{SLUG}.not_measured", _("Benefits never measured"), len(rest), Unit.COUNT, n=len(found),
        note=_listed(review, list(rest)), **said,
    )  # fmt: skip


def _count(review: Review, name: str, label: str, row: pd.Series, said: dict[str, Any]) -> Fact:
    """Return how many benefits were obtained of those that can be judged, as a fact."""
    _, judged = review.wording.gettext, int(row["judged"])
    note = "" if judged else _("none of them can be judged")
    value = int(row[metrics.OBTAINED]) if judged else None
    return Fact(f"{SLUG}.{name}", label, value, Unit.COUNT, n=judged, note=note, **said)


def _listed(review: Review, ids: list[str]) -> str:
    w, more = review.wording, len(ids) - NAMED
    others = [w.ngettext("{n} other", "{n} others", more)] if more > 0 else []
    return w.listed([*ids[:NAMED], *others]) if ids else ""


def _value(review: Review, value: Any, unit: Any) -> str:
    """Return a value with its unit, as a sentence says it."""
    return f"{_number(review, value)} {cell(unit) or ''}".strip()


def _number(review: Review, value: float) -> str:
    """Return a value as it was written: with all of its decimals."""
    digits = Decimal(f"{value:.15g}").normalize().as_tuple().exponent
    return review.wording.number(value, max(-digits, 0) if isinstance(digits, int) else 0)


def _findings(review: Review, found: pd.DataFrame | None) -> Iterator[Finding]:
    if found is None:
        return
    for row in found[_told(found)].head(SENTENCES).itertuples():
        judged = row.outcome in metrics.JUDGED
        yield _judged(review, row) if judged else _not_measured(review, row)


def _told(found: pd.DataFrame) -> pd.Series:
    """Tell which benefits have a finding: those judged, and those never measured."""
    return found["outcome"].isin([*metrics.JUDGED, metrics.NOT_MEASURED])


def _judged(review: Review, row: Any) -> Finding:
    _, w, missed = review.wording.gettext, review.wording, row.outcome == metrics.MISSED
    if row.direction == "at_most":
        said = _("{what}: {obtained}; expected: at most {expected}.")
    else:
        said = _("{what}: {obtained}; expected: at least {expected}.")
    parts = [
        said.format(
            what=_what(review, row),
            obtained=_value(review, row.obtained, row.unit),
            expected=_value(review, row.expected, row.unit),
        )
    ]
    before = _value(review, row.before, row.unit)
    if row.share == row.share:
        gained = _("It was {before} before: {share} of the expected improvement was obtained.")
        worse = _("It was {before} before: it got worse.")
        words = worse if row.share < 0 else gained
        parts.append(words.format(before=before, share=w.percent(row.share)))
    elif row.before == row.before:
        parts.append(_("It was {before} before.").format(before=before))
    decision = _("Benefit {id}: decide whether it is still pursued, by whom and by when.")
    return Finding(
        f"{SLUG}.benefit.{row.benefit_id}",
        " ".join(parts),
        Kind.CONCERN if missed else Kind.STRENGTH,
        (row.benefit_id,),
        decision.format(id=row.benefit_id) if missed else "",
    )


def _what(review: Review, row: Any) -> str:
    """Return a benefit with its measure, where that is said."""
    _, measure = review.wording.gettext, cell(row.measure)
    said = _("{id} “{title}” ({measure})") if measure else _("{id} “{title}”")
    return said.format(id=row.benefit_id, title=row.title, measure=measure)


def _not_measured(review: Review, row: Any) -> Finding:
    _ = review.wording.gettext
    said = _("{what} was never measured: whether it was obtained can't be told.")
    decision = _("Benefit {id}: measure it, or say why it is given up.")
    return Finding(
        f"{SLUG}.benefit.{row.benefit_id}",
        said.format(what=_what(review, row)),
        Kind.NEUTRAL,
        (row.benefit_id,),
        decision.format(id=row.benefit_id),
    )


# --- Costs that nobody foresaw


def _costs(review: Review, costs: pd.DataFrame | None) -> Iterator[Fact]:
    _, source = review.wording.gettext, review.wording.gettext("budget.csv: unforeseen, actual")
    labels = {
        "total": (_("Unforeseen costs, spent so far"), Unit.MONEY),
        "share": (_("Unforeseen costs, share of all that was spent"), Unit.SHARE),
    }
    found = None if costs is None else metrics.unforeseen(costs)
    if found is None:
        because = (
            review.absence("budget").rstrip(".")
            if costs is None
            else _("no budget line says whether it was foreseen (unforeseen)")
        )
        for name, (label, unit) in labels.items():
            yield Fact(f"{SLUG}.unforeseen.{name}", label, None, unit, note=because)
        return
    money, amount = review.wording.money, found.amount
    none = (
        _("no unforeseen line states what was spent")
        if amount is None
        else _("nothing is spent")
        if found.stated
        else _("no line states what was spent")
    )
    formula = "" if amount is None else f"{money(float(amount))} / {money(float(found.spent))}"
    values: dict[str, tuple[float | None, int, str]] = {
        "total": (
            None if amount is None else float(amount),
            len(found.lines) - len(found.unspent),
            "",
        ),
        "share": (found.share, found.stated, formula),
    }
    for name, (label, unit) in labels.items():
        value, n, note = values[name]
        yield Fact(
            f"{SLUG}.unforeseen.{name}", label, value, unit, n=n, source=source,
            note=none if value is None else note,
        )  # fmt: skip


def _unforeseen(review: Review, costs: pd.DataFrame | None) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    found = None if costs is None else metrics.unforeseen(costs)
    if found is None or not found.amount:
        return
    line = _("{id} “{title}” ({amount})")
    named = [
        line.format(id=row.line_id, title=row.title, amount=w.money(float(row.actual)))
        for row in found.priced.head(NAMED).itertuples()
    ]
    said = _(
        "Costs that nobody foresaw at the signature come to {amount}, {share} of what was spent: "
        "{lines}."
    ).format(
        amount=w.money(float(found.amount)),
        share=w.percent(found.share),
        lines=w.listed(w.and_others(named, len(found.priced))),
    )
    evidence = tuple(found.priced["line_id"].head(SENTENCES))
    decision = _("Settle how the next contract provides for such costs.")
    yield Finding(f"{SLUG}.unforeseen", said, Kind.NEUTRAL, evidence, decision)


def _unsaid(review: Review, costs: pd.DataFrame | None) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    found = None if costs is None else metrics.unforeseen(costs)
    if found is None:
        return
    if found.unsaid:
        said = w.ngettext(
            "{n} budget line does not say whether it was foreseen: it is counted as foreseen.",
            "{n} budget lines do not say whether they were foreseen: they are counted as foreseen.",
            found.unsaid,
        )
        yield Caveat(f"{SLUG}.unsaid", said)
    if found.unspent:
        said = _("Unforeseen lines that do not state what was spent, and are left out: {lines}.")
        yield Caveat(f"{SLUG}.unspent", said.format(lines=_listed(review, list(found.unspent))))


def _undirected(review: Review, found: pd.DataFrame | None) -> Iterator[Caveat]:
    _ = review.wording.gettext
    if found is None:
        return
    if _told(found).sum() > SENTENCES:
        yield Caveat(f"{SLUG}.more", stopped(review.wording, SENTENCES))
    said = {
        metrics.NOT_STATED: _("Benefits of which no value was expected, not assessed: {ids}."),
        metrics.NO_DIRECTION: _(
            "Benefits that do not say which values are good (direction), not assessed: {ids}."
        ),
    }
    for outcome, words in said.items():
        ids = list(found.loc[found["outcome"] == outcome, "benefit_id"])
        if ids:
            yield Caveat(f"{SLUG}.{outcome}", words.format(ids=_listed(review, ids)))


def _table(review: Review, found: pd.DataFrame) -> Table:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("benefit_id", _("Benefit")),
        Column("sort", _("Kind")),
        Column("title", _("What was expected"), quoted=True),
        Column("measure", _("Measure"), quoted=True),
        Column("unit", _("Unit"), quoted=True),
        Column("before", _("Value before")),
        Column("expected", _("Value expected")),
        Column("obtained", _("Value obtained")),
        Column("said", _("Outcome")),
        Column("share", _("Share of the improvement"), Unit.SHARE),
        Column("measured_on", _("Measured on"), Unit.DATE),
        Column("source", _("Source"), quoted=True),
    )
    bounds = {"at_most": _("at most {value}"), "at_least": _("at least {value}")}
    values = {
        name: [None if pd.isna(v) else _number(review, v) for v in found[name]]
        for name in ("before", "expected", "obtained")
    }
    values["expected"] = [
        None if value is None else bounds.get(direction, "{value}").format(value=value)
        for value, direction in zip(values["expected"], found["direction"], strict=True)
    ]
    lines = found.assign(
        sort=[_(SORTS[kind]) if kind in SORTS else None for kind in found["kind"]],
        said=[_(OUTCOMES[outcome]) for outcome in found["outcome"]],
        **values,
    ).head(LISTED)
    note = _("“—”: not stated, or no improvement was expected over the value before.")
    if len(found) > LISTED:
        said = _("The first {n} of {all}.")
        note += " " + said.format(n=w.number(LISTED), all=w.number(len(found)))
    return Table(f"{SLUG}.benefits", _("Benefits, one by one"), columns, rows(lines, columns), note)
