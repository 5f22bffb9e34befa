"""Work orders: effort, punctuality, acceptance (C7); for the defects, see ``defects``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, ON_TIME, OVERDUE, punctuality
from reviewlib.delivery.acceptance_words import NO_DECISION_TERM, NONE_OVER, no_tacit, states_delay
from reviewlib.delivery.decision_words import add_decisions, of_orders
from reviewlib.delivery.work_orders import front, metrics
from reviewlib.delivery.work_orders.defects import add_defects
from reviewlib.report.chapter import FINDINGS, Chapter
from reviewlib.report.day_words import STATES as OF_DATES
from reviewlib.report.day_words import delay_words
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import as_of, counted_apart, labelled, largest
from reviewlib.report.text import EMPTY, N_, Message, Text, chained, n_, sentences
from reviewlib.report.values import Checks, Fact, Kind, Section, Side, Unit
from reviewlib.review import Review

DRAWN = 40  # orders of the figure
EFFORT = "work_orders.csv: estimated_days, ordered_days, consumed_days, delivered_on"
DUE = "work_orders.csv: due_on, delivered_on"
ACCEPTED = "work_orders.csv: delivered_on, accepted_on"

STATES = OF_DATES | {metrics.NO_DATE: N_("no date stated")}
PUNCTUAL = N_("Work orders delivered on time")
COUNTED = N_(
    "Days consumed are compared with the days ordered only for what is delivered; an order "
    "that asks for no days has no such share. A defect belongs to the acceptance of the "
    "order or the deliverable that it was found in: one found before it, or in what is not "
    "accepted, stands apart; the day of the acceptance is after it."
)
WARRANTY = N_(
    "The warranty lasts {length} from the acceptance, under the terms in force on that day; its "
    "last day is within it."
)
DELIVERED = {
    ON_TIME: N_(
        "Work order {order_id} “{title}” was delivered on {delivered_on}, by its due date "
        "({due_on})."
    ),
    LATE: N_(
        "Work order {order_id} “{title}” was delivered on {delivered_on}, {days:days} after its "
        "due date ({due_on})."
    ),
    OVERDUE: N_(
        "Work order {order_id} “{title}” is not delivered as of {today}, {days:days} after its due "
        "date ({due_on})."
    ),
}
DATED = N_("Work order {order_id} “{title}” was delivered on {delivered_on}.")
UNDATED = N_("Work order {order_id} “{title}”: the day of its delivery is not stated.")
BEYOND = N_("Person-days consumed: {consumed_days}, for {ordered_days} ordered.")
OF_DAYS = n_("{part} of {whole} person-day", "{part} of {whole} person-days", on="whole")
MISSED = N_("Its quality criteria were not met.")
ORDER = (Col("order_id", N_("Work order")), Col("title", N_("What"), quoted=True))
ORDERS = TableForm(
    "orders",
    N_("Work orders"),
    (
        *ORDER,
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("delivered_on", N_("Delivered on"), Unit.DATE),
        Col("days", N_("Delay"), Unit.DAYS),
        Col("accepted_on", N_("Accepted on"), Unit.DATE),
        Col("cycle_days", N_("Delivery to acceptance"), Unit.DAYS),
        Col("quality_met", N_("Quality criteria met"), words={True: N_("yes"), False: N_("no")}),
        Col("state", N_("State"), words=STATES),
    ),
    N_("Delays in calendar days; a negative one is time gained."),
)
EFFORTS = TableForm(
    "efforts",
    N_("Effort by work order"),
    (
        *ORDER,
        Col("clause", N_("Clause"), quoted=True),
        Col("estimated_days", N_("Days estimated"), Unit.DAYS),
        Col("ordered_days", N_("Days ordered"), Unit.DAYS),
        Col("consumed_days", N_("Days consumed"), Unit.DAYS),
        Col("consumption", N_("Consumed of ordered"), Unit.SHARE),
    ),
    N_("In person-days."),
)
CONSUMED = TableForm(
    "effort",
    N_("Days consumed against days ordered, order by order"),
    (
        Col("label", N_("Work order"), quoted=True),
        Col("planned", N_("Days ordered"), Unit.DAYS),
        Col("actual", N_("Days consumed"), Unit.DAYS),
    ),
)


def work_orders(review: Review) -> Section:
    """Return the chapter on work orders, and on the defects of what was delivered."""
    c = Chapter(review, "work_orders", N_("Work orders and defects"), as_of(review))
    orders, defects = review.table("work_orders"), review.table("defects")
    if orders is None and defects is None:
        return c.not_assessed(
            N_("no work order (work_orders.csv) and no defect (defects.csv) can be used")
        )
    terms = review.contract.terms_at(review.as_of).acceptance
    c.intro(COUNTED, WARRANTY(length=delay_words(terms.warranty)) if terms.warranty else EMPTY)
    if orders is None:
        because = review.absent("work_orders")
        c.fact("on_time", PUNCTUAL, None, Unit.SHARE, because=because, period=EMPTY)
    else:
        _orders(c, metrics.work_orders(orders, review.contract, review.today))
    add_defects(c, defects)
    return c.section()


def _orders(c: Chapter, orders: pd.DataFrame) -> None:
    flagged = metrics.flagged(orders)
    _headline(c, orders)
    _efforts(c, orders)
    _punctuality(c, orders)
    accepted = _acceptance(c, orders)
    _findings(c, flagged)
    decide = N_("Work order {order_id}: decide on its acceptance.")
    add_decisions(c, accepted, of_orders(c, orders), decide, front.ACCEPTED)
    c.table(ORDERS, orders)
    c.table(EFFORTS, orders)
    _consumed(c, orders[orders["final"] & orders["over_days"].notna()])
    _caveats(c, orders, flagged)


def _headline(c: Chapter, orders: pd.DataFrame) -> None:
    k, n = punctuality(orders["state"])
    on_time = N_("Work orders delivered on time: {k} of the {n} that can be judged.")(k=k, n=n)
    c.headline(on_time if n else N_("No work order can be judged by its date yet."))


def _efforts(c: Chapter, orders: pd.DataFrame) -> None:
    for name, label in (
        ("estimated", N_("Person-days estimated by the provider")),
        ("ordered", N_("Person-days ordered")),
        ("consumed", N_("Person-days consumed so far")),
    ):
        days, because = orders[f"{name}_days"], N_("not stated for any order")
        total, n = metrics.summed(days), int(days.notna().sum())
        c.fact(name, label, total, Unit.DAYS, n=n, source=EFFORT, because=because)
    final = orders[orders["final"]]
    consumption = N_("Days consumed of days ordered, over the orders delivered")
    ordered = N_("Days ordered of days estimated, over all orders")
    consumed = N_("Days consumed of days estimated, over the orders delivered")
    _ratio(c, "consumption", consumption, final[["consumed_days", "ordered_days"]])
    _ratio(c, "estimate.ordered", ordered, orders[["ordered_days", "estimated_days"]])
    _ratio(c, "estimate.consumed", consumed, final[["consumed_days", "estimated_days"]])
    over = final["over_days"].dropna()
    label = N_("Orders delivered that consumed more days than ordered")
    because = N_("no order delivered states its days ordered and consumed")
    count = int((over > 0).sum()) if len(over) else None
    c.fact("over", label, count, n=len(over), source=EFFORT, because=because)


def _ratio(c: Chapter, name: str, label: Message, efforts: pd.DataFrame) -> None:
    """Add an effort as a share of another over the orders that state both; None of nothing."""
    part, whole = efforts
    used, planned, n = metrics.compared(efforts, part, whole)
    shares = (efforts[part] / efforts[whole].where(efforts[whole] > 0)).dropna()
    of = OF_DAYS(part=used, whole=planned)
    spread = N_("by order from {low:percent} to {high:percent}")
    note = chained([of, spread(low=shares.min(), high=shares.max())])
    because = N_("undefined: they add up to no day") if n else N_("no order states both")
    value = float(used / planned) if planned else None
    about: FactFields = {"n": n, "source": EFFORT, "note": note, "because": because}
    about["key"] = name == "consumption"
    c.fact(name, label, value, Unit.SHARE, **about)


def _punctuality(c: Chapter, orders: pd.DataFrame) -> None:
    note = counted_apart(orders["state"], STATES)
    states, provider = orders["state"], Side.PROVIDER
    fact = c.on_time("on_time", PUNCTUAL, states, provider, source=DUE, note=note, because=EMPTY)
    c.met("kept", fact, orders.loc[states == ON_TIME, "order_id"], held=front.HELD)
    c.clause_on(fact, front.ON_TIME, 6)
    late = orders["state"].isin([LATE, OVERDUE])
    label = N_("Median delay of the orders delivered late or past their date")
    c.median("delay", label, orders.loc[late, "days"], source=DUE)


def _acceptance(c: Chapter, orders: pd.DataFrame) -> Fact:
    """Add what the client made of the orders; return how many it accepted on time."""
    clause = c.review.contract.terms_at(c.review.as_of).acceptance.clause
    label = N_("Median time from delivery to acceptance")
    c.median("cycle", label, orders["cycle_days"], source=ACCEPTED, clause=clause)
    accepted = orders["accepted_on"].notna()
    dated = orders[(accepted | orders["slow"]) & orders["decide_by"].notna()]
    k, n = int((dated["accepted_on"] <= dated["decide_by"]).sum()), len(dated)
    label, because = (
        N_("Orders accepted within the time limit of the contract"),
        _no_delay_over(c, orders),
    )
    about: FactFields = {"source": ACCEPTED, "clause": clause, "because": because}
    about["checks"] = Checks(Side.CLIENT, k, n)
    on_time = c.share("accepted_in_time", label, k, n, **about)
    stated, silent = orders["quality_met"].dropna(), accepted & orders["quality_met"].isna()
    unsaid = n_("{n} acceptance does not say so", "{n} acceptances do not say so")
    note = unsaid(n=silent.sum()) if silent.any() else EMPTY
    because, source = note or N_("no order states it"), "work_orders.csv: quality_met"
    label, k, n = N_("Orders that met their quality criteria"), stated.sum(), len(stated)
    c.share("quality", label, k, n, source=source, note=note, because=because)
    return on_time


def _no_delay_over(c: Chapter, orders: pd.DataFrame) -> Text:
    """Return why no order can be held to the contract's delay to accept."""
    if not states_delay(c.review, "decision"):
        return NO_DECISION_TERM
    if not (orders["decide_by"] < c.review.today).any():
        return NONE_OVER
    return N_("the folder states no acceptance of a work order (work_orders.csv: accepted_on)")


def _findings(c: Chapter, flagged: pd.DataFrame) -> None:
    briefs = front.briefs(c, flagged)
    c.each(
        Kind.CONCERN,
        "order",
        flagged,
        lambda order: sentences(
            DELIVERED.get(order.state, DATED if pd.notna(order.delivered_on) else UNDATED),
            BEYOND if order.over_days > 0 else EMPTY,
            MISSED if order.missed else EMPTY,
        ),
        id="order_id",
        decision=_decision,
        clause="clause",
        brief=lambda order: briefs.get(order.order_id),
        decider=Side.BOTH,
        checks=lambda order: (
            Checks(Side.PROVIDER, 0, 1) if order.state in (LATE, OVERDUE) else None
        ),
    )


def _decision(order: Any) -> Text:
    if order.state == OVERDUE:
        return N_("Work order {order_id}: settle the date by which it is now due.")
    if order.missed:
        return N_("Work order {order_id}: settle what follows from the quality criteria not met.")
    return EMPTY


def _consumed(c: Chapter, orders: pd.DataFrame) -> None:
    if orders.empty:
        return
    over = orders["over_days"]
    drawn = largest(orders.assign(difference=over.abs()), "difference", DRAWN)
    drawn = drawn.rename(columns={"ordered_days": "planned", "consumed_days": "actual"})
    drawn["label"] = labelled(drawn["order_id"], drawn["title"])
    compared = N_("Orders delivered: {n}; consumed more than ordered: {over}; less: {under}.")
    cut = N_("The {n} largest differences are drawn.")(n=len(drawn))
    description = sentences(
        compared(n=len(orders), over=(over > 0).sum(), under=(over < 0).sum()),
        cut if len(drawn) < len(orders) else EMPTY,
    )
    labels = {"measure": N_("person-days"), "reference": N_("ordered")}
    c.figure("amount_against_plan", CONSUMED, drawn, description, **labels)


def _caveats(c: Chapter, orders: pd.DataFrame, flagged: pd.DataFrame) -> None:
    delivered, accepted = orders["delivered_on"].notna(), orders["accepted_on"].notna()
    partial = delivered & orders["consumed_days"].notna() & ~orders["final"]
    early = N_("Days consumed were stated before the delivery, and may have grown since: {ids}.")
    c.caveat("partial", early, about=orders.loc[partial, "order_id"])
    undelivered = N_(
        "Orders accepted of which the day of the delivery is not stated: {ids}. They are judged "
        "neither by their date nor by their effort."
    )
    c.caveat("undelivered", undelivered, about=orders.loc[~delivered & accepted, "order_id"])
    refusals = N_(
        "The table of work orders does not record refusals: no tacit acceptance is inferred from "
        "it."
    )
    c.caveat("tacit", refusals, when=bool(orders["slow"].any()) and not no_tacit(c.review))
    first = N_("The first {n} of {all} orders to look at have a finding each.")
    c.caveat("more", first(n=FINDINGS, all=len(flagged)), when=len(flagged) > FINDINGS)
