"""The budget by line: original, approved changes, current, spent, forecast (D2, C5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from reviewlib.amounts import to_the_cent, total
from reviewlib.charts import forms as charts
from reviewlib.money.budget import metrics
from reviewlib.report.day_facts import as_of_words
from reviewlib.report.listing import stopped
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
    cell,
    rows,
)
from reviewlib.review import Review

SLUG = "budget"
NAMED = 5  # ids that a sentence names
SENTENCES = 10  # lines over their budget with a finding of their own
LISTED = 200  # lines of the table
STEPS = 8  # steps of a kind in the figure
MONEY = ("original", "approved", "current", "actual", "unexplained", "forecast", "beyond")


@dataclass(frozen=True)
class _Budget:
    """The lines, the changes that weigh on them (None: not known, and why) and the totals."""

    review: Review
    lines: pd.DataFrame
    changes: metrics.Changes | None
    unknown: str

    @cached_property
    def loose(self) -> pd.DataFrame:
        return metrics.loose(self.changes)

    @cached_property
    def whole(self) -> dict[str, Decimal | None]:
        """The totals of all lines, with the approved changes of no line."""
        return metrics.totals(self.lines, total(self.loose["cost"]))

    @cached_property
    def spent(self) -> pd.DataFrame:
        """The lines whose amount spent is stated."""
        return self.lines[self.lines["actual"].notna()]

    @cached_property
    def compared(self) -> dict[str, Decimal | None]:
        """The totals of what can be compared: of all, or of the lines whose amount is stated."""
        every = len(self.spent) == len(self.lines)
        return self.whole if every else metrics.totals(self.spent)

    @cached_property
    def foretold(self) -> dict[str, Decimal | None]:
        """The same for the lines whose forecast is stated."""
        stated = self.lines[self.lines["forecast"].notna()]
        return self.whole if len(stated) == len(self.lines) else metrics.totals(stated)

    def money(self, amount: Decimal | None) -> str:
        return self.review.wording.money(_cents(amount))

    def listed(self, ids: Sequence[str]) -> str:
        """Return ids as a sentence lists them, the first few and how many others."""
        w, more = self.review.wording, len(ids) - NAMED
        others = [w.ngettext("{n} other", "{n} others", more)] if more > 0 else []
        return w.listed([*ids[:NAMED], *others])


def budget(review: Review) -> Section:
    """Return the chapter on the budget and what explains its variance."""
    _ = review.wording.gettext
    title, table = _("Budget"), review.table("budget")
    if table is None:
        return review.not_assessed(SLUG, title, review.absence("budget"))
    unknown, changes = _changes(review)
    told = _Budget(review, metrics.lines(table, changes), changes, unknown)
    return review.section(
        SLUG,
        title,
        headline=" ".join(_headline(told)),
        intro=_(
            "The current budget of a line is its original amount and the changes approved by the "
            "day of the review: that part of a variance is explained. What is spent beyond it, or "
            "below it, no approved change explains. The current budget that a tool shows is only "
            "compared with the one recomputed."
        ),
        facts=(*_facts(told), *_growth(told)),
        findings=(*_totals(told), *_over(told), *_stated(told)),
        tables=(_table(told), *_counted(told)),
        figures=tuple(_bridge(told)),
        caveats=tuple(_caveats(told)),
    )


def _cents(amount: Decimal | None) -> float | None:
    return None if amount is None or pd.isna(amount) else float(to_the_cent(amount))


def _changes(review: Review) -> tuple[str, metrics.Changes | None]:
    """Return the changes known, or why none can be told from what is there."""
    _, whole = review.wording.gettext, review.engagement.table("changes")
    if whole is None:
        return review.absence("changes"), None
    if "decision" not in whole:
        return _("{file} does not say what was decided (decision).").format(
            file="changes.csv"
        ), None
    known = review.table("changes")
    return "", metrics.changes(whole.iloc[:0] if known is None else known, review.today)


def _headline(told: _Budget) -> Iterator[str]:
    _, spent = told.review.wording.gettext, told.compared
    if told.spent.empty:
        yield _("What was spent is not stated.")
    elif spent["current"] is None:
        said = _("Spent: {actual}, for an original budget of {original}.")
        yield said.format(**_words(told, spent))
    elif (gap := spent["unexplained"]) is not None:
        said = (
            _("Spent: {actual}, {gap} more than the current budget of {current}.")
            if gap > 0
            else _("Spent: {actual}, {gap} less than the current budget of {current}.")
            if gap < 0
            else _("Spent: {actual}, as much as the current budget.")
        )
        yield said.format(**_words(told, spent), gap=told.money(abs(gap)))
    if len(told.spent) < len(told.lines) and len(told.spent):
        yield _("{k} of {n} lines state what was spent.").format(
            k=told.review.wording.number(len(told.spent)),
            n=told.review.wording.number(len(told.lines)),
        )


def _words(told: _Budget, amounts: dict[str, Decimal | None]) -> dict[str, str]:
    return {name: told.money(amount) for name, amount in amounts.items()}


# --- Facts


def _facts(told: _Budget) -> Iterator[Fact]:
    _, lines = told.review.wording.gettext, told.lines
    spent, foretold = len(told.spent), int(lines["forecast"].notna().sum())
    labels = {
        "original": (_("Original budget"), told.whole, len(lines), ""),
        "approved": (_("Approved changes, the explained part"), told.whole, len(lines), _ids(told)),
        "current": (_("Current budget"), told.whole, len(lines), ""),
        "actual": (_("Spent"), told.compared, spent, ""),
        "unexplained": (
            _("Spent less the current budget, the unexplained part"), told.compared, spent,
            _less(told, "actual", told.compared),
        ),
        "forecast": (_("Forecast"), told.foretold, foretold, ""),
        "beyond": (
            _("Forecast less the current budget"), told.foretold, foretold,
            _less(told, "forecast", told.foretold),
        ),
    }  # fmt: skip
    for name, (label, amounts, n, formula) in labels.items():
        value = _cents(amounts[name]) if n else None
        note = formula if value is not None else _missing(told, n)
        yield Fact(
            f"{SLUG}.{name}", label, value, Unit.MONEY, n=n,
            period=_period(told, name),
            source=_("budget.csv; changes.csv: decision, decided_on, cost_impact, line_id"),
            note=note,
        )  # fmt: skip


def _period(told: _Budget, name: str) -> str:
    """Return the day of the review, or those on which the amounts that are compared were stated."""
    _, w = told.review.wording.gettext, told.review.wording
    amount = {"actual": "actual", "unexplained": "actual"}.get(name, "forecast")
    days = told.lines.loc[told.lines[amount].notna(), "stated_on"].dropna()
    if days.empty or name in ("original", "approved", "current"):
        return as_of_words(told.review)
    first, last = w.date(days.min()), w.date(days.max())
    said = _("as stated on {last}") if first == last else _("as stated from {first} to {last}")
    return said.format(first=first, last=last)


def _ids(told: _Budget) -> str:
    """Return the approved changes that cost or save something, with their amounts."""
    if told.changes is None:
        return ""
    stated = told.changes.approved
    stated = stated[stated["cost"].notna() & (stated["cost"] != 0)]
    named = [
        f"{change} {told.money(cost)}"
        for change, cost in stated[["change_id", "cost"]].itertuples(index=False)
    ]
    return told.listed(named) if named else ""


def _less(told: _Budget, name: str, amounts: dict[str, Decimal | None]) -> str:
    return f"{told.money(amounts[name])} − {told.money(amounts['current'])}"


def _missing(told: _Budget, n: int) -> str:
    _ = told.review.wording.gettext
    return told.unknown.rstrip(".") if n else _("no line states that amount")


def _growth(told: _Budget) -> Iterator[Fact]:
    """Yield how the lines grew from their original amount to their forecast."""
    _, w = told.review.wording.gettext, told.review.wording
    stated = told.lines[told.lines["forecast"].notna()]
    shares = metrics.growth(stated["original"], stated["forecast"]).dropna()
    original, forecast = (told.foretold[name] for name in ("original", "forecast"))
    grown = float((forecast - original) / original) if original and forecast is not None else None
    why = _("no line states that amount") if stated.empty else _("the original budget is 0")
    source = _("budget.csv: original, forecast")
    formula = f"({told.money(forecast)} − {told.money(original)}) / {told.money(original)}"
    yield Fact(
        f"{SLUG}.growth", _("Growth from the original budget to the forecast"), grown, Unit.SHARE,
        n=len(stated), source=source, note=why if grown is None else formula,
    )  # fmt: skip
    if len(shares) > 1:
        grew = int((shares > 0).sum())
        note = _("{k} of {n} lines grew, {m} shrank").format(
            k=w.number(grew), n=w.number(len(shares)), m=w.number(int((shares < 0).sum()))
        )
        label = _("Median growth of the lines, from the original to the forecast")
        yield Fact(
            f"{SLUG}.growth.median", label, float(shares.median()), Unit.SHARE, n=len(shares),
            source=source, note=note,
        )  # fmt: skip


# --- Findings


def _totals(told: _Budget) -> Iterator[Finding]:
    """Yield whether the whole is over its current budget; nothing where that can't be told."""
    _, spent, ahead = told.review.wording.gettext, told.whole["unexplained"], told.whole["beyond"]
    words = {
        "spent": (
            _("{actual} was spent for a current budget of {current}, {gap} more."),
            _("{actual} was spent for a current budget of {current}, {gap} less."),
            _("{actual} was spent, as much as the current budget."),
        ),
        "ahead": (
            _("In the end {forecast} is forecast, {gap} over the current budget of {current}."),
            _("In the end {forecast} is forecast, {gap} under the current budget of {current}."),
            _("In the end {forecast} is forecast, as much as the current budget."),
        ),
    }
    excess = {"spent": spent, "ahead": ahead}
    said = [
        words[name][0 if gap > 0 else 1 if gap < 0 else 2].format(
            gap=told.money(abs(gap)), **_words(told, told.whole)
        )
        for name, gap in excess.items()
        if gap is not None
    ]
    over = any(gap is not None and gap > 0 for gap in excess.values())
    within = Kind.STRENGTH if ahead is not None else Kind.NEUTRAL
    if said:
        yield Finding(
            f"{SLUG}.total",
            " ".join(said),
            Kind.CONCERN if over else within,
            tuple(told.lines["line_id"].head(SENTENCES)),
            _("Decide who bears what the approved changes do not explain.") if over else "",
        )


def _over(told: _Budget) -> Iterator[Finding]:
    _ = told.review.wording.gettext
    unforeseen = _unforeseen(told.review)
    for line in metrics.over(told.lines).head(SENTENCES).itertuples():
        said = [*_excess(told, line)]
        if line.unapproved:
            said.append(_possible(told, line.unapproved))
        if line.line_id in unforeseen:
            said.append(_("Nobody foresaw that cost at the signature."))
        decision = _("Line {line}: decide whether the excess is accepted, and who bears it.")
        yield Finding(
            f"{SLUG}.line.{line.line_id}",
            " ".join(said),
            Kind.CONCERN,
            (line.line_id, *(change for change, _cost in line.unapproved)),
            decision.format(line=line.line_id),
            str(cell(line.clause) or ""),
        )


def _unforeseen(review: Review) -> set[str]:
    table = review.table("budget")
    if table is None or "unforeseen" not in table:
        return set()
    return set(table.loc[table["unforeseen"].fillna(False).astype("bool"), "line_id"])


def _excess(told: _Budget, line: Any) -> Iterator[str]:
    """Yield by how much a line is over its budget, now and as forecast."""
    _, known = told.review.wording.gettext, told.changes is not None
    spent = line.spent_over is not None and line.spent_over > 0
    values = {
        "line": line.line_id,
        "title": line.title,
        "limit": told.money(line.limit),
        "amount": told.money(line.actual if spent else line.forecast),
        "gap": told.money(line.spent_over if spent else line.forecast_over),
    }
    if known and spent:
        said = _(
            "Line {line} “{title}”: {amount} spent for a current budget of {limit}, {gap} more."
        )
    elif known:
        said = _(
            "Line {line} “{title}”: {amount} forecast for a current budget of {limit}, {gap} more."
        )
    elif spent:
        said = _(
            "Line {line} “{title}”: {amount} spent for an original budget of {limit}, {gap} more."
        )
    else:
        said = _(
            "Line {line} “{title}”: {amount} forecast for an original budget of {limit}, {gap} "
            "more."
        )
    yield said.format(**values)
    ahead = line.forecast_over
    if spent and ahead is not None and ahead > 0 and ahead != line.spent_over:
        then = _("In the end {forecast} is forecast, {gap} more.")
        yield then.format(forecast=told.money(line.forecast), gap=told.money(ahead))
    if known:
        yield _("No change approved for that line explains it.")
    else:
        yield _("What approved changes explain of it is not known.")


def _possible(told: _Budget, unapproved: Sequence[tuple[str, Decimal]]) -> str:
    """Return the changes applied without approval that may explain a part; none is subtracted."""
    _ = told.review.wording.gettext
    named = [f"{change} ({told.money(cost)})" for change, cost in unapproved]
    said = _("Applied without an approval on that line, and a possible explanation: {changes}.")
    return said.format(changes=told.listed(named))


def _stated(told: _Budget) -> Iterator[Finding]:
    """Yield the lines of which a tool shows another current budget than the one recomputed."""
    _ = told.review.wording.gettext
    other = told.lines[[gap is not None and gap != 0 for gap in told.lines["gap"]]]
    if other.empty:
        return
    more, less = _("{line}: {stated}, {gap} more"), _("{line}: {stated}, {gap} less")
    named = [
        (more if line.gap > 0 else less).format(
            line=line.line_id, stated=told.money(line.stated), gap=told.money(abs(line.gap))
        )
        for line in other.itertuples()
    ]
    said = _(
        "Lines of which the tool shows another current budget than the original amount and the "
        "approved changes: {n} of {all}. {lines}."
    )
    n, all_lines = len(other), int(told.lines["stated"].notna().sum())
    w = told.review.wording
    sentence = said.format(n=w.number(n), all=w.number(all_lines), lines=w.chained(named[:NAMED]))
    yield Finding(
        f"{SLUG}.stated",
        " ".join([sentence, *_forgotten(told, other)]),
        Kind.NEUTRAL,
        tuple(other["line_id"].head(SENTENCES)),
        _("Put the current budget of the tool right, or date the approval that it rests on."),
    )


def _forgotten(told: _Budget, other: pd.DataFrame) -> Iterator[str]:
    """Yield the approved changes that, left out by the tool, would make just the gap of a line."""
    _ = told.review.wording.gettext
    if told.changes is None:
        return
    approved = told.changes.approved
    for line in other.head(NAMED).itertuples():
        mine = approved[(approved["line_id"] == line.line_id) & (approved["cost"] == -line.gap)]
        if len(mine) == 1:
            said = _("On line {line} that is {change}, approved for {cost}: the tool may lack it.")
            change, cost = mine["change_id"].iloc[0], mine["cost"].iloc[0]
            yield said.format(line=line.line_id, change=change, cost=told.money(cost))


# --- Table, figure, caveats


def _table(told: _Budget) -> Table:
    _, w = told.review.wording.gettext, told.review.wording
    labels = {
        "original": _("Original"),
        "approved": _("Approved changes"),
        "current": _("Current"),
        "actual": _("Spent"),
        "unexplained": _("Spent less current"),
        "forecast": _("Forecast"),
        "beyond": _("Forecast less current"),
    }
    columns = (
        Column("line_id", _("Line")),
        Column("title", _("What"), quoted=True),
        *(Column(name, label, Unit.MONEY) for name, label in labels.items()),
    )
    lines = [*_rows(told.lines.head(LISTED), columns)]
    lines += [
        (label, None, *(_cents(amounts.get(name)) for name in labels))
        for label, amounts in _sums(told)
    ]
    note = _(
        "Current: the original amount and the approved changes. “—”: not stated, or not to be told."
    )
    if len(told.lines) > LISTED:
        said = _("The first {n} of {all}.")
        note += " " + said.format(n=w.number(LISTED), all=w.number(len(told.lines)))
    return Table(f"{SLUG}.lines", _("The budget, line by line"), columns, tuple(lines), note)


def _counted(told: _Budget) -> Iterator[Table]:
    """Yield the lines that changes or a tool's own current budget weigh on."""
    _, lines = told.review.wording.gettext, told.lines
    if told.changes is None:
        return
    named = lines["change_ids"].map(len).gt(0) | lines["unapproved"].map(len).gt(0)
    shown = lines[named | lines["stated"].notna()].head(LISTED)
    if shown.empty:
        return
    columns = (
        Column("line_id", _("Line")),
        Column("counted", _("Approved changes counted")),
        Column("apart", _("Applied without approval, not counted")),
        Column("current", _("Current"), Unit.MONEY),
        Column("stated", _("Current in the tool"), Unit.MONEY),
        Column("gap", _("Difference"), Unit.MONEY),
    )
    texts = shown.assign(
        counted=[told.listed(ids) or None for ids in shown["change_ids"]],
        apart=[
            told.listed([f"{change} ({told.money(cost)})" for change, cost in changes]) or None
            for changes in shown["unapproved"]
        ],
    )
    caption = _("What makes the current budget of each line")
    note = _(
        "Difference: from the current budget on the day on which that of the tool was stated, "
        "without the changes approved since."
    )
    yield Table(f"{SLUG}.changes", caption, columns, _rows(texts, columns), note, folded=True)


def _rows(lines: pd.DataFrame, columns: Sequence[Column]) -> tuple[tuple[Any, ...], ...]:
    amounts = [column.key for column in columns if column.unit is Unit.MONEY]
    return rows(lines.assign(**{name: lines[name].map(_cents) for name in amounts}), columns)


def _sums(told: _Budget) -> Iterator[tuple[str, dict[str, Decimal | None]]]:
    _ = told.review.wording.gettext
    if len(told.loose):
        apart = total(told.loose["cost"])
        yield (
            _("Approved changes of no line"),
            {
                "approved": apart,
                "current": apart,
                "unexplained": -apart if told.whole["actual"] is not None else None,
                "beyond": -apart if told.whole["forecast"] is not None else None,
            },
        )
    if 0 < len(told.spent) < len(told.lines):
        yield _("Lines that state what was spent"), told.compared
    yield _("Total"), told.whole


def _bridge(told: _Budget) -> Iterator[Figure]:
    """Yield what leads from the original budget to what was spent, or else to what is forecast."""
    _, w = told.review.wording.gettext, told.review.wording
    end = "forecast" if told.spent.empty else "actual"
    lines = told.lines[told.lines[end].notna()]
    if lines.empty:
        return
    amounts = told.whole if len(lines) == len(told.lines) else metrics.totals(lines)
    ended = {"actual": _("Spent"), "forecast": _("Forecast")}[end]
    parts = [
        (_("Original budget"), amounts["original"], "total"),
        *((*step, "step") for step in _explained(told, lines)),
        *((*step, "total") for step in _current(told, amounts)),
        *((*step, "step") for step in _unexplained(told, lines, end)),
        (ended, amounts[end], "total"),
    ]
    drawn = pd.DataFrame(
        [(label, _cents(amount), kind) for label, amount, kind in parts],
        columns=["label", "amount", "kind"],
    )
    columns = (Column("label", _("Step")), Column("amount", _("Amount"), Unit.MONEY))
    name, title = f"{SLUG}.bridge", _("What leads from the original budget to what it came to")
    said = _told_by(told, {**amounts, "end": amounts[end]}, end)
    if len(lines) < len(told.lines):
        part = _("Lines added up: {n} of {all}.")
        said += " " + part.format(n=w.number(len(lines)), all=w.number(len(told.lines)))
    table = Table(f"{name}.table", title, columns, rows(drawn, columns))
    yield Figure(name, charts.bridge(drawn, charts.Labels(name), w), title, said, table)


def _told_by(told: _Budget, amounts: dict[str, Decimal | None], end: str) -> str:
    """Return in words what the figure draws."""
    _ = told.review.wording.gettext
    gap = amounts["unexplained" if end == "actual" else "beyond"]
    if gap is None:
        said = _("From {original} originally to {end}; what approved changes explain is not known.")
    elif end == "actual":
        said = _("{original} originally, {approved} approved, {gap} unexplained: {end} spent.")
    else:
        said = _("{original} originally, {approved} approved, {gap} unexplained: {end} forecast.")
    return said.format(**_words(told, amounts), gap=told.money(gap))


def _explained(told: _Budget, lines: pd.DataFrame) -> list[tuple[str, Decimal]]:
    """Return what the approved changes of some lines add: by change, by line, or as a whole."""
    _ = told.review.wording.gettext
    if told.changes is None:
        return []
    mine = told.changes.approved
    mine = mine[mine["cost"].notna() & (mine["cost"] != 0)]
    counted = mine["line_id"].isin(lines["line_id"])
    if len(lines) == len(told.lines):
        counted |= mine["line_id"].isna()
    mine = mine[counted]
    if len(mine) > STEPS:
        return [(_("Approved changes"), total(mine["cost"]))]
    named = _("Change {id}")
    return [
        (named.format(id=change), cost)
        for change, cost in mine[["change_id", "cost"]].itertuples(index=False)
    ]


def _current(told: _Budget, amounts: dict[str, Decimal | None]) -> list[tuple[str, Decimal | None]]:
    label = told.review.wording.gettext("Current budget")
    return [] if told.changes is None else [(label, amounts["current"])]


def _unexplained(told: _Budget, lines: pd.DataFrame, end: str) -> list[tuple[str, Decimal]]:
    """Return by how much lines end away from their current budget, the furthest ones apart.

    From their original budget where the current one is not known. What was approved for no line is
    taken off: what it was spent on is in the lines.
    """
    _, known = told.review.wording.gettext, told.changes is not None
    gaps = metrics.differences(lines[end], lines["current" if known else "original"])
    named = _("Line {line}, unexplained") if known else _("Line {line}")
    pairs = [pair for pair in zip(lines["line_id"], gaps, strict=True) if pair[1]]
    furthest = sorted(pairs, key=lambda pair: -abs(pair[1]))[:STEPS]
    steps = [(named.format(line=pair[0]), pair[1]) for pair in pairs if pair in furthest]
    others = [gap for line, gap in pairs if (line, gap) not in furthest]
    if others:
        steps.append((_("Other lines"), total(others)))
    if len(told.loose) and len(lines) == len(told.lines):
        steps.append((_("Approved for no line"), -total(told.loose["cost"])))
    return steps


def _caveats(told: _Budget) -> Iterator[Caveat]:
    _ = told.review.wording.gettext
    if told.changes is None:
        said = _("What approved changes explain is not assessed, because {reason}")
        yield Caveat(f"{SLUG}.changes", said.format(reason=told.unknown))
    else:
        yield from _change_caveats(told, told.changes)
    yield from _dated(told)
    if len(metrics.over(told.lines)) > SENTENCES:
        yield Caveat(f"{SLUG}.more", stopped(told.review.wording, SENTENCES))
    unspent = told.lines.loc[told.lines["actual"].isna(), "line_id"]
    if len(unspent):
        said = _("Not assessed, for want of an amount spent: {lines}. No total counts them as 0.")
        yield Caveat(f"{SLUG}.unspent", said.format(lines=told.listed(list(unspent))))
    later = metrics.differences(told.lines["forecast"], told.lines["actual"])
    running = told.lines.loc[[gap is not None and gap > 0 for gap in later], "line_id"]
    if len(running):
        said = _(
            "More is forecast than was spent on {lines}: what is below the current budget there "
            "may still be spent, and is not saved."
        )
        yield Caveat(f"{SLUG}.running", said.format(lines=told.listed(list(running))))
    if len(told.loose):
        said = _(
            "Approved changes that name no budget line: {changes}. They are in no line; the total "
            "counts them as approved, on a row of their own."
        )
        named = [f"{row.change_id} ({told.money(row.cost)})" for row in told.loose.itertuples()]
        yield Caveat(f"{SLUG}.loose", said.format(changes=told.listed(named)))


def _change_caveats(told: _Budget, changes: metrics.Changes) -> Iterator[Caveat]:
    _ = told.review.wording.gettext
    approved, unapproved = changes.approved, changes.unapproved
    apart = unapproved[unapproved["line_id"].isna() & unapproved["cost"].notna()]
    apart = apart[apart["cost"] != 0]
    said = {
        "unpriced": (
            _("Approved changes that state no cost, and are counted as none: {changes}."),
            list(approved.loc[approved["cost"].isna(), "change_id"]),
        ),
        "undated": (
            _("Approved changes without a day of decision, counted as decided by then: {changes}."),
            list(approved.loc[approved["decided_on"].isna(), "change_id"]),
        ),
        "unapproved": (
            _("Changes of no line applied without an approval, in no figure here: {changes}."),
            [f"{row.change_id} ({told.money(row.cost)})" for row in apart.itertuples()],
        ),
    }
    for name, (words, ids) in said.items():
        if ids:
            yield Caveat(f"{SLUG}.{name}", words.format(changes=told.listed(ids)))


def _dated(told: _Budget) -> Iterator[Caveat]:
    """Yield what the day on which amounts were stated leaves out of them, and where none is."""
    _, lines = told.review.wording.gettext, told.lines
    since = [
        f"{change} ({told.money(cost)})" for changes in lines["since"] for change, cost in changes
    ]
    if since:
        said = _(
            "Approved after the day on which the amounts of their line were stated (stated_on), "
            "which may not count them yet: {changes}."
        )
        yield Caveat(f"{SLUG}.since", said.format(changes=told.listed(since)))
    stated = lines[["stated", "actual", "forecast"]].notna().any(axis="columns")
    undated = lines.loc[stated & lines["stated_on"].isna(), "line_id"]
    if len(undated):
        said = _(
            "Not said on what day the amounts of these lines were stated (stated_on), and taken as "
            "known on that of the review: {lines}."
        )
        yield Caveat(f"{SLUG}.undated_lines", said.format(lines=told.listed(list(undated))))
