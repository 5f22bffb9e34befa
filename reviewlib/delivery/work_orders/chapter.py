"""Work orders: effort, punctuality, acceptance; defects of what was delivered (C7)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.delivery import results
from reviewlib.delivery.acceptance_words import acceptance_terms
from reviewlib.delivery.work_orders import metrics
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import as_of_words, delay_words, median_fact
from reviewlib.report.listing import FOLDED, first_rows, ids_words
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

SLUG = "work_orders"
NAMED = 50  # orders that have a finding each
EVIDENCE = 20  # rows that a finding names
DRAWN = 40  # orders of the figure
EFFORT = "work_orders.csv: estimated_days, ordered_days, consumed_days, delivered_on"
DUE = "work_orders.csv: due_on, delivered_on"
ACCEPTED = "work_orders.csv: delivered_on, accepted_on"
FOUND = "defects.csv: found_on, corrected_on, severity"
STATES = {
    metrics.ON_TIME: N_("on time"),
    metrics.LATE: N_("late"),
    metrics.OVERDUE: N_("past its date"),
    metrics.NOT_DUE: N_("not due yet"),
    metrics.NO_DATE: N_("no date stated"),
}
SEVERITIES = {
    "blocking": N_("blocking"),
    "major": N_("major"),
    "minor": N_("minor"),
    "": N_("severity not stated"),
}
PHASES = {
    metrics.BEFORE: N_("Before the acceptance"),
    metrics.WARRANTY: N_("Within the warranty"),
    metrics.PAST_WARRANTY: N_("After the warranty"),
    metrics.NO_WARRANTY: N_("After the acceptance, no warranty stated"),
    metrics.UNKNOWN: N_("Acceptance not recorded"),
}


@dataclass(frozen=True, slots=True)
class _Half:
    """Orders or defects: what a half of the chapter says."""

    sentence: str
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    caveats: tuple[Caveat, ...] = ()


def work_orders(review: Review) -> Section:
    """Return the chapter on work orders, and on the defects of what was delivered."""
    _, title = review.wording.gettext, review.wording.gettext("Work orders and defects")
    if review.table("work_orders") is None and review.table("defects") is None:
        because = _("no work order (work_orders.csv) and no defect (defects.csv) can be used.")
        return review.not_assessed(SLUG, title, because)
    first, second = _orders(review), _defects(review)
    return review.section(
        SLUG,
        title,
        headline=" ".join(filter(None, (first.sentence, second.sentence))),
        intro=_intro(review),
        facts=first.facts + second.facts,
        findings=first.findings + second.findings,
        tables=first.tables + second.tables,
        figures=first.figures,
        caveats=first.caveats + second.caveats,
    )


def _intro(review: Review) -> str:
    _, w = review.wording.gettext, review.wording
    terms = review.contract.terms_at(review.as_of).acceptance
    said = [
        _(
            "Days consumed are held to the days ordered only for what is delivered; an order that "
            "asks for no days has no such share. A defect belongs to the acceptance of the order "
            "or the deliverable that it was found in: one found before it, or in what is not "
            "accepted, stands apart; the day of the acceptance is after it."
        )
    ]
    if terms.warranty is not None:
        warranty = _(
            "The warranty lasts {length} from the acceptance, under the terms in force on that "
            "day; its last day is within it."
        )
        said.append(warranty.format(length=delay_words(w, terms.warranty)))
    return " ".join(said)


def _orders(review: Review) -> _Half:
    table = review.table("work_orders")
    if table is None:
        _ = review.wording.gettext
        name, label = f"{SLUG}.on_time", _("Work orders delivered on time")
        note = review.absence("work_orders").rstrip(".")
        return _Half("", (Fact(name, label, None, Unit.SHARE, note=note),))
    found = metrics.work_orders(table, review.contract, review.today)
    return _Half(
        sentence=_delivered(review, found),
        facts=(*_efforts(review, found), *_punctual(review, found), *_acceptance(review, found)),
        findings=(*_kept(review, found), *_order_findings(review, found)),
        tables=_order_tables(review, found),
        figures=tuple(_consumed(review, found)),
        caveats=tuple(_order_caveats(review, found)),
    )


def _delivered(review: Review, found: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    judged = found["state"].isin(metrics.JUDGED)
    kept, n = int((found["state"] == metrics.ON_TIME).sum()), int(judged.sum())
    said = _("Work orders delivered on time: {k} of the {n} that can be judged.")
    consumed, ordered, known = metrics.compared(
        found[found["final"]], "consumed_days", "ordered_days"
    )
    effort = _("Person-days consumed by what is delivered: {consumed} for {ordered} ordered.")
    return " ".join(
        [
            said.format(k=w.number(kept), n=w.number(n))
            if n
            else _("No work order can be judged by its date yet."),
            *(
                [effort.format(consumed=_days(review, consumed), ordered=_days(review, ordered))]
                if known
                else []
            ),
        ]
    )


# Orders


def _efforts(review: Review, found: pd.DataFrame) -> Iterator[Fact]:
    _, when = review.wording.gettext, as_of_words(review)
    for name, label in (
        ("estimated", _("Person-days estimated by the provider")),
        ("ordered", _("Person-days ordered")),
        ("consumed", _("Person-days consumed so far")),
    ):
        days = found[f"{name}_days"]
        total, n = metrics.summed(days), int(days.notna().sum())
        silent = _("not stated for any order") if total is None else ""
        yield Fact(
            f"{SLUG}.{name}", label, None if total is None else float(total), Unit.DAYS, n=n,
            period=when, source=EFFORT, note=silent,
        )  # fmt: skip
    done, every = found[found["final"]], found
    yield _ratio(review, "consumption", done, "consumed_days", "ordered_days")
    yield _ratio(review, "estimate.ordered", every, "ordered_days", "estimated_days")
    yield _ratio(review, "estimate.consumed", done, "consumed_days", "estimated_days")
    known = done[done["over_days"].notna()]
    label = _("Orders delivered that consumed more days than ordered")
    yield Fact(
        f"{SLUG}.over", label, int((known["over_days"] > 0).sum()) if len(known) else None,
        Unit.COUNT, n=len(known), period=when, source=EFFORT,
        note="" if len(known) else _("no order delivered states its days ordered and consumed"),
    )  # fmt: skip


def _ratio(review: Review, name: str, found: pd.DataFrame, part: str, whole: str) -> Fact:
    """Return an effort as a share of another over the orders that state both; None of nothing."""
    _, w = review.wording.gettext, review.wording
    labels = {
        "consumption": _("Days consumed of days ordered, over the orders delivered"),
        "estimate.ordered": _("Days ordered of days estimated, over all orders"),
        "estimate.consumed": _("Days consumed of days estimated, over the orders delivered"),
    }
    used, planned, n = metrics.compared(found, part, whole)
    of = _("{part} of {whole} person-days").format(
        part=_days(review, used), whole=_days(review, planned)
    )
    each = (found[part] / found[whole].where(found[whole] > 0)).dropna()
    spread = _("by order from {low} to {high}").format(
        low=w.percent(each.min()), high=w.percent(each.max())
    )
    because = _("no order states both") if n == 0 else _("undefined: they add up to no day")
    return Fact(
        f"{SLUG}.{name}",
        labels[name],
        float(used / planned) if planned else None,
        Unit.SHARE,
        n=n,
        period=as_of_words(review),
        source=EFFORT,
        note=w.chained([of, spread]) if planned else because,
    )


def _punctual(review: Review, found: pd.DataFrame) -> Iterator[Fact]:
    _, w, when = review.wording.gettext, review.wording, as_of_words(review)
    judged = found[found["state"].isin(metrics.JUDGED)]
    kept, n = int((judged["state"] == metrics.ON_TIME).sum()), len(judged)
    counts = found["state"].value_counts()
    apart = [
        _("{outcome}: {n}").format(outcome=_(STATES[state]), n=w.number(int(counts[state])))
        for state in (metrics.NOT_DUE, metrics.NO_DATE)
        if state in counts
    ]
    note = _("counted apart: {outcomes}").format(outcomes=", ".join(apart)) if apart else ""
    label, share = _("Work orders delivered on time"), kept / n if n else None
    yield Fact(f"{SLUG}.on_time", label, share, Unit.SHARE, n=n, period=when, source=DUE, note=note)
    late = judged.loc[judged["state"] != metrics.ON_TIME, "days"]
    label = _("Median delay of the orders delivered late or past their date")
    yield median_fact(review, f"{SLUG}.delay", label, late, DUE)


def _acceptance(review: Review, found: pd.DataFrame) -> Iterator[Fact]:
    _, when = review.wording.gettext, as_of_words(review)
    clause = review.contract.terms_at(review.as_of).acceptance.clause
    label = _("Median time from delivery to acceptance")
    cycle = median_fact(review, f"{SLUG}.cycle", label, found["cycle_days"], ACCEPTED)
    yield dataclasses.replace(cycle, clause=clause)
    told = found[found["accepted_on"].notna() | _slow(review, found)]
    told = told[told["decide_by"].notna()]
    label, n = _("Orders accepted within the delay of the contract"), len(told)
    share = float((told["accepted_on"] <= told["decide_by"]).sum() / n) if n else None
    yield Fact(
        f"{SLUG}.accepted_in_time", label, share, Unit.SHARE, n=n, clause=clause, period=when,
        source=ACCEPTED, note="" if n else _no_delay_over(review, found),
    )  # fmt: skip
    stated = found["quality_met"].dropna()
    label, n = _("Orders that met their quality criteria"), len(stated)
    silent = int((found["accepted_on"].notna() & found["quality_met"].isna()).sum())
    note = review.wording.ngettext(
        "{n} acceptance does not say so", "{n} acceptances do not say so", silent
    )
    yield Fact(
        f"{SLUG}.quality", label, float(stated.sum() / n) if n else None, Unit.SHARE, n=n,
        period=when, source="work_orders.csv: quality_met",
        note=note if silent > 0 else "" if n else _("no order states it"),
    )  # fmt: skip


def _slow(review: Review, found: pd.DataFrame) -> pd.Series:
    """Tell which orders await their acceptance though the contract's delay is over."""
    return found["waiting_days"].notna() & (found["decide_by"] < review.today)


def _no_delay_over(review: Review, found: pd.DataFrame) -> str:
    """Return why no order can be held to the contract's delay to accept."""
    _ = review.wording.gettext
    if not any(terms.decision for terms in acceptance_terms(review)):
        return _("the contract states no delay for decisions (terms.acceptance.decision)")
    if not (found["decide_by"] < review.today).any():
        return _("no delay to decide is over yet")
    return _("work_orders.csv states no acceptance (accepted_on)")


def _kept(review: Review, found: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    within = (found["state"] == metrics.ON_TIME) & (found["over_days"] <= 0)
    kept = found.loc[within & found["quality_met"].fillna(False), "order_id"]
    if len(kept):
        sentence = _(
            "Orders delivered on time, within the days ordered, quality criteria met: {k} of {n} "
            "delivered ({ids})."
        ).format(
            k=w.number(len(kept)),
            n=w.number(int(found["delivered_on"].notna().sum())),
            ids=ids_words(review.wording, kept),
        )
        yield Finding(f"{SLUG}.kept", sentence, Kind.STRENGTH, tuple(kept.head(EVIDENCE)))


def _flagged(review: Review, found: pd.DataFrame) -> pd.DataFrame:
    """Return the orders that are late, took more days than ordered, missed their quality criteria
    or await their acceptance beyond the contract's delay (slow).
    """
    late = found["state"].isin([metrics.LATE, metrics.OVERDUE])
    missed = ~found["quality_met"].fillna(True).astype("bool")
    slow = _slow(review, found)
    return found.assign(slow=slow)[late | missed | slow | (found["over_days"] > 0)]


def _order_findings(review: Review, found: pd.DataFrame) -> Iterator[Finding]:
    for row in _flagged(review, found).head(NAMED).itertuples():
        yield Finding(
            f"{SLUG}.order.{row.order_id}",
            " ".join(_order_sentences(review, row)),
            Kind.CONCERN,
            (row.order_id,),
            _decision(review, row),
            _text(row.clause),
        )


def _order_sentences(review: Review, row: Any) -> Iterator[str]:
    _, w = review.wording.gettext, review.wording
    delivered = _("Work order {id} “{title}”: the day of its delivery is not stated.")
    if row.delivered_on == row.delivered_on:
        delivered = _("Work order {id} “{title}” was delivered on {delivered}.")
    said = {
        metrics.ON_TIME: _(
            "Work order {id} “{title}” was delivered on {delivered}, by its due date ({due})."
        ),
        metrics.LATE: _(
            "Work order {id} “{title}” was delivered on {delivered}, {days} after its due date "
            "({due})."
        ),
        metrics.OVERDUE: _(
            "Work order {id} “{title}” is not delivered as of {today}, {days} after its due date "
            "({due})."
        ),
    }
    yield said.get(row.state, delivered).format(
        id=row.order_id,
        title=row.title,
        delivered=w.date(row.delivered_on),
        due=w.date(row.due_on),
        days=w.days(row.days),
        today=w.date(review.today),
    )
    if row.over_days > 0:
        yield _("Person-days consumed: {consumed}, for {ordered} ordered.").format(
            consumed=w.number(row.consumed_days, 2), ordered=w.number(row.ordered_days, 2)
        )
    if _missed(row):
        yield _("Its quality criteria were not met.")
    if row.slow:
        waiting = _(
            "It has awaited its acceptance for {days}; the contract's delay ended on {end}."
        )
        yield waiting.format(days=w.days(row.waiting_days), end=w.date(row.decide_by))


def _decision(review: Review, row: Any) -> str:
    _ = review.wording.gettext
    if row.state == metrics.OVERDUE:
        said = _("Work order {id}: settle the date that it is now held to.")
    elif row.slow:
        said = _("Work order {id}: decide on its acceptance.")
    elif _missed(row):
        said = _("Work order {id}: settle what follows from the quality criteria not met.")
    else:
        return ""
    return said.format(id=row.order_id)


def _missed(row: Any) -> bool:
    return bool(row.quality_met is not pd.NA and not row.quality_met)


def _order_tables(review: Review, found: pd.DataFrame) -> tuple[Table, ...]:
    _ = review.wording.gettext
    order = (Column("order_id", _("Work order")), Column("title", _("What"), quoted=True))
    dates = (
        *order,
        Column("due_on", _("Due on"), Unit.DATE),
        Column("delivered_on", _("Delivered on"), Unit.DATE),
        Column("days", _("Delay"), Unit.DAYS),
        Column("accepted_on", _("Accepted on"), Unit.DATE),
        Column("cycle_days", _("Delivery to acceptance"), Unit.DAYS),
        Column("quality", _("Quality criteria met")),
        Column("said", _("State")),
    )
    efforts = (
        *order,
        Column("clause", _("Clause"), quoted=True),
        Column("estimated_days", _("Days estimated"), Unit.DAYS),
        Column("ordered_days", _("Days ordered"), Unit.DAYS),
        Column("consumed_days", _("Days consumed"), Unit.DAYS),
        Column("consumption", _("Consumed of ordered"), Unit.SHARE),
    )
    said = {name: _(word) for name, word in STATES.items()}
    quality = found["quality_met"].astype("object").map({True: _("yes"), False: _("no")})
    shown, folded = (
        found.assign(said=found["state"].map(said), quality=quality),
        len(found) > FOLDED,
    )
    note = _("Delays in calendar days; a negative one is time gained.")
    lines = first_rows(review.wording, shown, dates, note)
    effort = first_rows(review.wording, shown, efforts, _("In person-days."))
    return (
        Table(f"{SLUG}.orders", _("Work orders"), dates, *lines, folded=folded),
        Table(f"{SLUG}.efforts", _("Effort by work order"), efforts, *effort, folded=folded),
    )


def _consumed(review: Review, found: pd.DataFrame) -> Iterator[Figure]:
    _, w = review.wording.gettext, review.wording
    known = found[found["final"] & found["over_days"].notna()]
    if known.empty:
        return
    columns = (
        Column("label", _("Work order"), quoted=True),
        Column("planned", _("Days ordered"), Unit.DAYS),
        Column("actual", _("Days consumed"), Unit.DAYS),
    )
    most = known["over_days"].abs().sort_values(ascending=False, kind="stable").index[:DRAWN]
    drawn = known.loc[most.sort_values()].rename(
        columns={"ordered_days": "planned", "consumed_days": "actual"}
    )
    drawn = drawn.assign(label=drawn["order_id"] + " · " + drawn["title"])
    said = [
        _("Orders delivered: {n}; consumed more than ordered: {over}; less: {under}.").format(
            n=w.number(len(known)),
            over=w.number(int((known["over_days"] > 0).sum())),
            under=w.number(int((known["over_days"] < 0).sum())),
        )
    ]
    if len(drawn) < len(known):
        largest = _("The {n} largest differences are drawn.")
        said.append(largest.format(n=w.number(len(drawn))))
    name, title = f"{SLUG}.effort", _("Days consumed against days ordered, order by order")
    labels = charts.Labels(name, _("person-days"), _("ordered"))
    table = Table(f"{name}.table", title, columns, rows(drawn, columns))
    svg = charts.amount_against_plan(drawn, labels, w)
    yield Figure(name, svg, title, " ".join(said), table)


def _order_caveats(review: Review, found: pd.DataFrame) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    partial = found["delivered_on"].notna() & found["consumed_days"].notna() & ~found["final"]
    if partial.any():
        said = _("Days consumed were stated before the delivery, and may have grown since: {ids}.")
        ids = ids_words(review.wording, found.loc[partial, "order_id"])
        yield Caveat(f"{SLUG}.partial", said.format(ids=ids))
    undated = found["delivered_on"].isna() & found["accepted_on"].notna()
    if undated.any():
        said = _(
            "Orders accepted of which the day of the delivery is not stated: {ids}. They are "
            "judged neither by their date nor by their effort."
        )
        ids = ids_words(review.wording, found.loc[undated, "order_id"])
        yield Caveat(f"{SLUG}.undelivered", said.format(ids=ids))
    if _slow(review, found).any() and any(
        terms.acceptance.tacit for terms in review.contract.versions
    ):
        said = _(
            "The table of work orders does not record refusals: that one is accepted tacitly is "
            "not inferred from it."
        )
        yield Caveat(f"{SLUG}.tacit", said)
    flagged = len(_flagged(review, found))
    if flagged > NAMED:
        first = _("The first {n} of {all} orders to look at have a finding each.")
        sentence = first.format(n=w.number(NAMED), all=w.number(flagged))
        yield Caveat(f"{SLUG}.more", sentence)


# Defects


def _defects(review: Review) -> _Half:
    _, table = review.wording.gettext, review.table("defects")
    if table is None:
        name, label = f"{SLUG}.defects.after", _("Defects found after the acceptance")
        note = review.absence("defects").rstrip(".")
        return _Half("", (Fact(name, label, None, Unit.COUNT, note=note),))
    found = metrics.defects(table, results.accepted(review), review.contract, review.today)
    counts = metrics.by_severity(found)
    after = found[found["phase"].isin(metrics.AFTER)]
    return _Half(
        sentence=_after(review, after),
        facts=(*_counts(review, found, after), *_corrections(review, after)),
        findings=tuple(_defect_findings(review, after)),
        tables=(_severity_table(review, counts), _defect_table(review, found)),
        caveats=tuple(_defect_caveats(review, found)),
    )


def _after(review: Review, after: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    none = _("No defect was found after the acceptance.")
    said = _("Defects found after the acceptance: {n} ({severities}).")
    n = w.number(len(after))
    return said.format(n=n, severities=_severities(review, after)) if len(after) else none


def _severities(review: Review, found: pd.DataFrame) -> str:
    """Return "blocking: 1, major: 3" of some defects."""
    _, w = review.wording.gettext, review.wording
    counts = found["severity"].fillna("").value_counts()
    each = _("{outcome}: {n}")
    said = [
        each.format(outcome=_(word), n=w.number(int(counts[name])))
        for name, word in SEVERITIES.items()
        if name in counts
    ]
    return ", ".join(said)


def _counts(review: Review, found: pd.DataFrame, after: pd.DataFrame) -> Iterator[Fact]:
    _, w, when = review.wording.gettext, review.wording, as_of_words(review)
    clause = review.contract.terms_at(review.as_of).acceptance.clause
    phases, still = found["phase"], after["corrected_on"].isna()
    oldest = _("the oldest for {days}").format(days=w.days(after["age"].max()))
    before, past = (int((phases == name).sum()) for name in (metrics.BEFORE, metrics.PAST_WARRANTY))
    for name, label, count, n, note in (
        ("after", _("Defects found after the acceptance"), len(after), len(found),
         _severities(review, after)),
        ("before", _("Defects found before the acceptance"), before, len(found), ""),
        ("past_warranty", _("Defects found after the end of the warranty"), past, len(after), ""),
        ("open", _("Defects found after the acceptance and not corrected"), int(still.sum()),
         len(after), oldest if still.any() else ""),
    ):  # fmt: skip
        yield Fact(
            f"{SLUG}.defects.{name}", label, count, Unit.COUNT, n=n, clause=clause, period=when,
            source=FOUND, note=note,
        )  # fmt: skip


def _corrections(review: Review, after: pd.DataFrame) -> Iterator[Fact]:
    _, w, when = review.wording.gettext, review.wording, as_of_words(review)
    clause = review.contract.terms_at(review.as_of).acceptance.clause
    mine = after[after["phase"] == metrics.WARRANTY]
    done, n = mine["corrected_on"].notna(), len(mine)
    late = int((mine["corrected_on"] > mine["warranty_end"]).sum())
    beyond = _("of which after its end: {n}").format(n=w.number(late)) if late else ""
    label = _("Defects found within the warranty that are corrected")
    yield Fact(
        f"{SLUG}.defects.corrected", label, float(done.sum() / n) if n else None, Unit.SHARE, n=n,
        clause=clause, period=when, source=FOUND,
        note=beyond if n else _("no defect was found within a warranty"),
    )  # fmt: skip
    labels = {
        "blocking": _("Median time to correct a blocking defect"),
        "major": _("Median time to correct a major defect"),
        "minor": _("Median time to correct a minor defect"),
    }
    for severity, label in labels.items():
        own = after[after["severity"] == severity]
        if len(own):
            name = f"{SLUG}.defects.correction.{severity}"
            yield median_fact(review, name, label, own["days"], FOUND)


def _defect_findings(review: Review, after: pd.DataFrame) -> Iterator[Finding]:
    _, clause = review.wording.gettext, review.contract.terms_at(review.as_of).acceptance.clause
    mine = after[after["phase"] == metrics.WARRANTY]
    kept = mine[mine["corrected_on"].notna().all() & mine["corrected_on"].notna()]
    past = after[after["phase"] == metrics.PAST_WARRANTY]
    late = (past["found_on"] - past["warranty_end"]).dt.days
    chosen = (
        ("uncorrected", after[after["corrected_on"].isna()], after["age"], Kind.CONCERN,
         _("Defects not corrected: {n}. Time since their report: {ids}.")),
        ("blocking", after[after["severity"] == "blocking"], None, Kind.CONCERN,
         _("Blocking defects found after the acceptance: {n} ({ids}).")),
        ("after_warranty", past, late, Kind.NEUTRAL,
         _("Defects found after the end of the warranty: {n}. Time since that end: {ids}.")),
        ("all_corrected", kept, None, Kind.STRENGTH,
         _("Every defect found within the warranty is corrected: {n} ({ids}).")),
    )  # fmt: skip
    decision = _("Settle by when the defects still open are corrected.")
    for name, found, days, kind, sentence in chosen:
        if len(found):
            words = sentence.format(
                n=review.wording.number(len(found)), ids=_with_days(review, found, days)
            )
            evidence = tuple(found["defect_id"].head(EVIDENCE))
            asked = decision if name == "uncorrected" else ""
            yield Finding(f"{SLUG}.defects.{name}", words, kind, evidence, asked, clause)


def _with_days(review: Review, found: pd.DataFrame, days: pd.Series | None) -> str:
    """Return the ids of defects, each with its own days: B4 (13 days)."""
    w, ids = review.wording, found["defect_id"]
    if days is None:
        return ids_words(w, ids)
    each = zip(ids, days.reindex(found.index), strict=True)
    return ids_words(w, (f"{name} ({w.days(length)})" for name, length in each))


def _severity_table(review: Review, counts: pd.DataFrame) -> Table:
    _ = review.wording.gettext
    seen = [name for name in PHASES if counts[name].any()]
    columns = (
        Column("said", _("Severity")),
        *(Column(name, _(PHASES[name]), Unit.COUNT) for name in seen),
        Column("total", _("Total"), Unit.COUNT),
        Column("corrected", _("After the acceptance: corrected"), Unit.COUNT),
        Column("open", _("After the acceptance: not corrected"), Unit.COUNT),
        Column("median", _("Median time to correct"), Unit.DAYS),
        Column("n", _("Corrections timed"), Unit.COUNT),
    )
    said = {name: _(word) for name, word in SEVERITIES.items()}
    shown = counts.assign(said=counts["severity"].map(said))
    note = _("The counts by phase add up to the total. Times are in calendar days.")
    caption = _("Defects by severity")
    return Table(f"{SLUG}.severities", caption, columns, rows(shown, columns), note)


def _defect_table(review: Review, found: pd.DataFrame) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("defect_id", _("Defect")),
        Column("subject", _("Found in")),
        Column("title", _("What"), quoted=True),
        Column("said", _("Severity")),
        Column("found_on", _("Reported on"), Unit.DATE),
        Column("accepted_on", _("Accepted on"), Unit.DATE),
        Column("warranty_end", _("End of the warranty"), Unit.DATE),
        Column("when", _("Phase")),
        Column("corrected_on", _("Corrected on"), Unit.DATE),
        Column("days", _("Time to correct"), Unit.DAYS),
        Column("age", _("Open for"), Unit.DAYS),
    )
    severities, phases = ({k: _(v) for k, v in said.items()} for said in (SEVERITIES, PHASES))
    shown = found.assign(
        said=found["severity"].fillna("").map(severities), when=found["phase"].map(phases)
    )
    lines = first_rows(review.wording, shown, columns, "")
    return Table(f"{SLUG}.defects", _("Defects"), columns, *lines, folded=True)


def _defect_caveats(review: Review, found: pd.DataFrame) -> Iterator[Caveat]:
    _ = review.wording.gettext
    unknown = found["phase"] == metrics.UNKNOWN
    if unknown.any():
        said = _(
            "No acceptance is recorded of what these defects were found in; whether they came "
            "after it is not known: {ids}."
        )
        ids = ids_words(review.wording, found.loc[unknown, "defect_id"])
        yield Caveat(f"{SLUG}.defects.unknown", said.format(ids=ids))
    if (found["phase"] == metrics.NO_WARRANTY).any():
        said = _("The contract file states no warranty (terms.acceptance.warranty).")
        yield Caveat(f"{SLUG}.defects.no_warranty", said)


# Both


def _days(review: Review, days: Any) -> str:
    return review.wording.number(float(days), 2)


def _text(value: Any) -> str:
    return str(cell(value) or "")
