"""The budget by line: original, approved changes, current, spent, forecast (D2, C5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from reviewlib.amounts import sign, total
from reviewlib.money import results
from reviewlib.money.budget import front, metrics, words
from reviewlib.money.budget.metrics import Amounts, Budget
from reviewlib.money.payments import words as invoices
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import FIRST, LEAD, Col, TableForm
from reviewlib.report.phrases import as_of, labelled
from reviewlib.report.text import EMPTY, N_, Message, Text, chained, listed, n_, sentences
from reviewlib.report.values import Kind, Section, Side, Unit
from reviewlib.review import Review

SOURCE = "budget.csv; changes.csv: decision, decided_on, cost_impact, line_id"
GROWTH_SOURCE = "budget.csv: original, forecast"
NAMED = 5  # ids that a sentence names
SENTENCES = 10  # lines over their budget with a finding of their own
LISTED = 200  # lines of the table
DRAWN = 8  # steps of a kind in the figure

LINES = TableForm(
    "lines",
    N_("The budget, line by line"),
    (
        Col("line_id", N_("Line")),
        Col("title", N_("What"), quoted=True),
        Col("original", N_("Original"), Unit.MONEY),
        Col("approved", N_("Approved changes"), Unit.MONEY),
        Col("current", N_("Current"), Unit.MONEY),
        Col("actual", N_("Spent"), Unit.MONEY),
        Col("unexplained", N_("Spent less current"), Unit.MONEY),
        Col("forecast", N_("Forecast"), Unit.MONEY),
        Col("beyond", N_("Forecast less current"), Unit.MONEY),
    ),
    N_("Current: the original amount and the approved changes. “—”: not stated, or not known."),
)
CHANGES = TableForm(
    "changes",
    N_("What makes the current budget of each line"),
    (
        Col("line_id", N_("Line")),
        Col("counted", N_("Approved changes counted")),
        Col("apart", N_("Applied without approval, not counted")),
        Col("current", N_("Current"), Unit.MONEY),
        Col("stated", N_("Current in the tool"), Unit.MONEY),
        Col("gap", N_("Difference"), Unit.MONEY),
    ),
    N_(
        "Difference: from the current budget on the day on which that of the tool was stated, "
        "without the changes approved since."
    ),
)
BRIDGE = TableForm(
    "bridge",
    N_("What leads from the original budget to what it came to"),
    (Col("label", N_("Step")), Col("amount", N_("Amount"), Unit.MONEY)),
)


def budget(review: Review) -> Section:
    """Return the chapter on the budget and what explains its variance."""
    c = Chapter(review, "budget", N_("Budget"), as_of(review))
    table = review.table("budget")
    if table is None:
        return c.not_assessed(review.absent("budget"))
    unknown, changes = _changes(review)
    b = Budget(metrics.lines(table, changes), changes)
    _headline(c, b)
    c.intro(words.COUNTED)
    _totals(c, b, unknown)
    _growth(c, b)
    _over(c, b, c.id("total") if _whole(c, b) else "")
    _stated(c, b)
    _lines(c, b)
    _counted(c, b)
    _bridge(c, b)
    _caveats(c, b, unknown)
    return c.section()


def _changes(review: Review) -> tuple[Text, metrics.Changes | None]:
    """Return the changes, or why none can be told from what is there."""
    every = review.recorded("changes")
    if every is None:
        return review.absent("changes"), None
    if "decision" not in every:
        return N_("the folder does not say what was decided ({file}: decision)")(
            file="changes.csv"
        ), None
    by_then = review.table("changes")
    return EMPTY, metrics.changes(every.iloc[:0] if by_then is None else by_then, review.today)


def _headline(c: Chapter, b: Budget) -> None:
    spent = b.stating("actual")
    if spent.empty:
        c.headline(N_("What was spent is not stated."))
        return
    c.headline(front.of_sign(front.HEADLINES, b.totals_of(spent)))
    front.clause(c, b.whole)
    if len(spent) < len(b.lines):
        part = n_(
            "{k} of {n} lines states what was spent.",
            "{k} of {n} lines state what was spent.",
            on="k",
        )
        c.caveat("partly_stated", part(k=len(spent), n=len(b.lines)))


def _compared(by_sign: words.BySign, amounts: Amounts, gap: str) -> Text:
    """Return the words for more, less or as much than the current budget, with the amounts."""
    excess = amounts[gap]
    sentence = by_sign.get(None if excess is None else sign(excess))
    if sentence is None:
        return EMPTY
    return sentence.filled({**amounts, "gap": None if excess is None else abs(excess)})


def _names(ids: Iterable[Any]) -> Text:
    """Return ids, or changes with their costs, as a sentence lists them."""
    priced = (words.PRICED(change=i[0], cost=i[1]) if isinstance(i, tuple) else i for i in ids)
    return listed(priced, NAMED)


# Figures


def _totals(c: Chapter, b: Budget, unknown: Text) -> None:
    spent, forecast = b.stating("actual"), b.stating("forecast")
    priced, cost = b.priced(b.lines).itertuples(), N_("{change} {cost:money}")
    explained = (cost(change=row.change_id, cost=row.cost) for row in priced)
    less = N_("{amount:money} − {current:money}")
    notes = {"approved": listed(explained, NAMED)} | {
        gap: less(amount=amounts[name], current=amounts["current"])
        for gap, name, amounts in (
            ("unexplained", "actual", b.totals_of(spent)),
            ("beyond", "forecast", b.totals_of(forecast)),
        )
    }
    for name, label, rows in (
        ("original", N_("Original budget"), b.lines),
        ("approved", N_("Approved changes"), b.lines),
        ("current", N_("Current budget"), b.lines),
        ("actual", N_("Spent"), spent),
        (
            "unexplained",
            N_("Spent less the current budget: not covered by an approved change"),
            spent,
        ),
        ("forecast", N_("Forecast"), forecast),
        ("beyond", N_("Forecast less the current budget"), forecast),
    ):
        c.amount(
            name,
            label,
            b.totals_of(rows)[name] if len(rows) else None,
            n=len(rows),
            period=c.period if rows is b.lines else _stated_on(c, rows["stated_on"].dropna()),
            source=SOURCE,
            note=notes.get(name, EMPTY),
            key=name in ("forecast", "beyond"),
            because=unknown if len(rows) else words.NOT_STATED,
        )


def _stated_on(c: Chapter, days: pd.Series) -> Text:
    """Return the days on which the amounts of some lines were stated, or that of the review."""
    if days.empty:
        return c.period
    one = N_("as stated on {last}")
    period = one if days.nunique() == 1 else N_("as stated from {first} to {last}")
    return period.filled({"first": days.min(), "last": days.max()})


def _growth(c: Chapter, b: Budget) -> None:
    """Add how the lines grew from their original amount to their forecast."""
    stated = b.stating("forecast")
    original, forecast = (b.totals_of(stated)[name] for name in ("original", "forecast"))
    grown = N_("({forecast:money} − {original:money}) / {original:money}")
    c.fact(
        "growth",
        N_("Growth from the original budget to the forecast"),
        (forecast - original) / original if original and forecast is not None else None,
        Unit.SHARE,
        n=len(stated),
        period=EMPTY,
        source=GROWTH_SOURCE,
        note=grown(forecast=forecast, original=original),
        because=N_("the original budget is 0") if len(stated) else words.NOT_STATED,
    )
    shares = metrics.growth(stated["original"], stated["forecast"]).dropna()
    grew = N_("{k} of {n} lines grew, {m} shrank")
    if len(shares) > 1:
        c.fact(
            "growth.median",
            N_("Median growth of the lines, from the original to the forecast"),
            shares.median(),
            Unit.SHARE,
            n=len(shares),
            period=EMPTY,
            source=GROWTH_SOURCE,
            note=grew(k=(shares > 0).sum(), n=len(shares), m=(shares < 0).sum()),
        )


# Findings


def _whole(c: Chapter, b: Budget) -> bool:
    """Add whether the whole is over its current budget, and tell it; nothing where unknown."""
    sentence = sentences(
        _compared(words.WAS_SPENT, b.whole, "unexplained"),
        _compared(words.IS_FORECAST, b.whole, "beyond"),
    )
    if not sentence:
        return False
    over = any((b.whole[gap] or 0) > 0 for gap in ("unexplained", "beyond"))
    within = Kind.NEUTRAL if b.whole["beyond"] is None else Kind.STRENGTH
    bears = N_("Decide who bears what the approved changes do not cover.")
    c.find(
        Kind.CONCERN if over else within,
        "total",
        sentence,
        about=b.lines["line_id"].head(SENTENCES),
        decision=bears if over else EMPTY,
        decider=Side.BOTH,
        brief=front.brief(b.whole),
    )
    return over


def _over(c: Chapter, b: Budget, whole: str) -> None:
    """Add each line over its budget; ``whole``: the finding of which these are the parts."""
    over, explicable = metrics.over(b.lines), b.changes is not None
    possible = N_(
        "Applied without an approval on that line, and a possible explanation: {changes}."
    )
    unforeseen = N_("That cost was not foreseen at the signature.")
    c.each(
        Kind.CONCERN,
        "line",
        over,
        lambda line: sentences(
            *_excess(line, explicable),
            words.EXPLAINED[explicable],
            possible(changes=_names(line.unapproved)) if line.unapproved else EMPTY,
            unforeseen if line.unforeseen else EMPTY,
        ),
        id="line_id",
        about=lambda line: [line.line_id, *(change for change, _cost in line.unapproved)],
        decision=N_("Line {line_id}: decide whether the excess is accepted, and who bears it."),
        clause="clause",
        decider=Side.BOTH,
        restates=lambda _line: whole,
        limit=SENTENCES,
    )
    c.stopped(len(over), limit=SENTENCES)


def _excess(line: Any, explicable: bool) -> Iterator[Message]:
    """Yield by how much a line is over its budget, now and as forecast."""
    if not (line.spent_over or 0) > 0:
        yield words.EXCESS_FORECAST[explicable]
        return
    yield words.EXCESS_SPENT[explicable]
    if (line.forecast_over or 0) > 0 and line.forecast_over != line.spent_over:
        yield N_("The forecast at completion is {forecast:money}, {forecast_over:money} more.")


def _stated(c: Chapter, b: Budget) -> None:
    """Add the lines of which a tool shows another current budget than the one recomputed."""
    other = b.lines[b.lines["gap"].map(bool).astype("bool")]
    named = other.head(NAMED)
    shown = [
        words.SHOWN[sign(row.gap)](line_id=row.line_id, stated=row.stated, gap=abs(row.gap))
        for row in named.itertuples()
    ]
    forgotten = N_(
        "On line {line} that is {change}, approved for {cost:money}: the tool may lack it."
    )
    lacking = [
        forgotten(line=line, change=change, cost=cost)
        for line, change, cost in metrics.forgotten(b, named)
    ]
    sentence = N_(
        "Lines of which the tool shows another current budget than the original amount and the "
        "approved changes: {n} of {all}. {lines}."
    )
    sentence = sentence(n=len(other), all=len(b.stating("stated")), lines=chained(shown))
    decision = N_("Correct the current budget in the tool, or date the approval that it rests on.")
    ids = other["line_id"].head(SENTENCES)
    whole = sentences(sentence, *lacking)
    c.neutral("stated", whole, about=ids, decision=decision, decider=Side.BOTH)


# Tables, figure, caveats


def _lines(c: Chapter, b: Budget) -> None:
    keys = [column.key for column in LINES.columns]
    rows = [*b.lines.head(LISTED)[keys].itertuples(index=False, name=None)]
    rows += [(label, None, *(amounts.get(key) for key in keys[2:])) for label, amounts in _sums(b)]
    n = len(b.lines)
    cut = FIRST(n=LISTED, all=n) if n > LISTED else EMPTY
    form = LINES.but(note=sentences(LINES.note, cut))
    c.table(form, pd.DataFrame(rows, columns=keys, dtype="object"))


def _sums(b: Budget) -> Iterator[tuple[Message, Amounts]]:
    """Yield the rows that the table of the lines ends with."""
    if len(b.loose):
        apart = total(b.loose["cost"])
        amounts: Amounts = {"approved": apart, "current": apart}
        for gap, amount in (("unexplained", "actual"), ("beyond", "forecast")):
            amounts[gap] = None if b.whole[amount] is None else -apart
        yield N_("Approved changes of no line"), amounts
    spent = b.stating("actual")
    if 0 < len(spent) < len(b.lines):
        yield N_("Lines that state what was spent"), b.totals_of(spent)
    yield N_("Total"), b.whole


def _counted(c: Chapter, b: Budget) -> None:
    """Add the lines that changes or a tool's own current budget weigh on."""
    changed = b.lines[["change_ids", "unapproved"]].map(bool).any(axis="columns")
    rows = b.lines[changed | b.lines["stated"].notna()]
    if b.changes is None or rows.empty:
        return
    counted = [_names(ids) or None for ids in rows["change_ids"]]
    apart = [_names(changes) or None for changes in rows["unapproved"]]
    c.table(CHANGES, rows.assign(counted=counted, apart=apart))


def _bridge(c: Chapter, b: Budget) -> None:
    """Add what leads from the original budget to what was spent, or else to what is forecast."""
    end = "forecast" if b.stating("actual").empty else "actual"
    lines = b.stating(end)
    if lines.empty:
        return
    # All of it is before the reader: with many changes and lines, fewer of them stand alone.
    drawn = (metrics.bridge(b, end, limit) for limit in range(DRAWN, 1, -1))
    steps = next(one for one in drawn if len(one) <= LEAD)
    titles = {**_titles(b.lines, "line_id"), **_titles(b.approved, "change_id")}
    labels = [
        words.STEPS[step].filled({"name": titles.get(name, name)})
        for step, name in zip(steps["step"], steps["name"], strict=True)
    ]
    amounts, part = b.totals_of(lines), N_("Lines added up: {n} of {all}.")
    sentence = words.UNSPLIT if amounts["current"] is None else words.SPLIT[end]
    description = sentences(
        sentence.filled({**amounts, "end": amounts[end]}),
        part(n=len(lines), all=len(b.lines)) if len(lines) < len(b.lines) else EMPTY,
    )
    card = front.of_sign(front.CARDS, amounts) if end == "actual" else EMPTY
    c.figure("bridge", BRIDGE, steps.assign(label=labels), description, card=card)


def _titles(rows: pd.DataFrame, of: str) -> dict[str, Text]:
    """Return the lines or changes of a budget as its chart names them, by their id."""
    if "title" not in rows:
        return {}
    return dict(zip(rows[of], labelled(rows[of], rows["title"]), strict=True))


def _caveats(c: Chapter, b: Budget, unknown: Text) -> None:
    difference = invoices.spent_and_invoiced(results.spent_and_invoiced(c.review))
    c.caveat("spent_and_invoiced", difference, when=bool(difference))
    unsplit = N_("What approved changes cover is not assessed, because {reason}.")
    c.caveat("changes", unsplit(reason=unknown), when=b.changes is None)
    left_out = metrics.left_out(b)
    for name, sentence in words.CAVEATS.items():
        ids = left_out.get(name, [])
        c.caveat(name, sentence(ids=_names(ids)), when=len(ids) > 0)
