"""How the scope grew by changes, which amendments they led to, what made needs change (E3, E4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.amounts import total
from reviewlib.money.changes.metrics import APPROVED, requests
from reviewlib.money.growth import metrics
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import as_of, read
from reviewlib.report.text import N_, Quoted, Text, listed, n_
from reviewlib.report.values import Kind, Section, Unit
from reviewlib.review import Review
from reviewlib.service.amendments import metrics as amendments

FILE = "changes.csv"
PRICED = "changes.csv: cost_impact, decision; engagement.yml: terms.price"
NAMED = 5  # changes that a sentence or a cell names

COUNTED = N_(
    "An approved change is a need reassessed; one of the kind “priority” reorders "
    "priorities. Growth is the cost of the approved changes, added up to the cent by the "
    "day of the decision, against the price of the contract as it was signed."
)
ADDED = {
    True: N_("The approved changes add {cost:money}."),
    False: N_("The approved changes save {cost:money}."),
}
ADDED_TO_PRICE = {
    True: N_("The approved changes add {cost:money}: {share:percent} of the price."),
    False: N_("The approved changes save {cost:money}: {share:percent} of the price."),
}
KINDS = {
    "scope": N_("scope"),
    "schedule": N_("schedule"),
    "budget": N_("budget"),
    "quality": N_("quality"),
    "service_level": N_("service level"),
    "priority": N_("priority"),
    "": N_("not stated"),
}
TRIGGERS = {
    "business": N_("business"),
    "staff": N_("staff"),
    "market": N_("market"),
    "technology": N_("technology"),
    "regulation": N_("regulation"),
    "provider": N_("provider"),
    "": N_("no trigger stated"),
}
LINKS = {
    metrics.LED: N_("Approved changes that led to an amendment: {parts}."),
    metrics.SIGNED_BEFORE: N_(
        "Approved changes that name an amendment signed before they were requested or decided on: "
        "{parts}."
    ),
    metrics.UNSIGNED: N_("Approved changes of which the amendment is not signed yet: {parts}."),
    metrics.NOT_APPROVED: N_("Changes that name an amendment and were not approved: {parts}."),
    metrics.UNNAMED: N_(
        "Approved changes of a service level that name no amendment: {parts}. This review judges "
        "by the terms as amended, and so without them."
    ),
}
FAIR = (metrics.LED, metrics.UNSIGNED)

BY_TRIGGER = TableForm(
    "by_trigger",
    N_("What made needs change"),
    (
        Col("trigger", N_("Trigger"), words=TRIGGERS),
        Col("requests", N_("Requests"), Unit.COUNT),
        Col("approved", N_("Approved"), Unit.COUNT),
        Col("named", N_("Approved changes")),
        Col("moved", N_("Of which reorder priorities")),
    ),
)
BY_KIND = TableForm(
    "by_kind",
    N_("What the approved changes are about"),
    (
        Col("kind", N_("About"), words=KINDS),
        Col("approved", N_("Approved"), Unit.COUNT),
        Col("cost", N_("Cost"), Unit.MONEY),
        Col("named", N_("Approved changes")),
    ),
)
COST = TableForm(
    "cost",
    N_("Cost of the approved changes over time"),
    (
        Col("date", N_("Decided on"), Unit.DATE),
        Col("label", N_("Changes")),
        Col("added", N_("Cost"), Unit.MONEY),
        Col("total", N_("Cost so far"), Unit.MONEY),
    ),
)


def growth(review: Review) -> Section:
    """Return the chapter on how the scope and the needs changed."""
    c = Chapter(review, "growth", N_("Growth of the scope"), as_of(review))
    table = review.table("changes")
    if table is None:
        return c.not_assessed(review.absent("changes"))
    if "decision" not in table:
        undecided = N_(
            "the folder does not say which changes were approved (changes.csv: decision)"
        )
        return c.not_assessed(undecided)
    rows = requests(table, review.today)
    approved = rows[rows["outcome"] == APPROVED]
    c.intro(COUNTED)
    _share(c, approved)
    _counts(c, table, approved)
    if "amendment" in table:
        _amended(c, rows)
    if "trigger" in table:
        _triggers(c, rows, approved)
    _priorities(c, approved)
    if "kind" in table and len(approved):
        kinds = metrics.kinds(approved)
        c.table(BY_KIND, kinds.assign(named=kinds["ids"].map(_named)))
    _cost(c, rows)
    _caveats(c, table, approved)
    return c.section()


def _named(ids: list[str]) -> Text | None:
    """Return ids as a cell lists them; None where there is none."""
    return listed(ids, NAMED) or None


# Figures


def _share(c: Chapter, approved: pd.DataFrame) -> None:
    """Add the cost of what was approved as a share of the price that was signed."""
    costs = approved["cost"].dropna()
    cost, price = total(costs), c.review.contract.versions[0].price
    base = price.total if price else Decimal(0)
    no_price = N_("the contract file states no price at its signature (terms.price)")
    share = c.fact(
        "share",
        N_("Cost of the changes approved, as a share of the price"),
        cost / base if base and len(costs) else None,
        Unit.SHARE,
        n=len(costs),
        clause=price.clause if price else "",
        source=PRICED,
        note=N_("{cost:money} on a price of {price:money}")(cost=cost, price=base),
        because=N_("no approved change states a cost") if base else no_price,
    )
    if share.value is not None:
        c.headline(ADDED_TO_PRICE[cost >= 0](cost=abs(cost), share=abs(cost / base)))
    elif len(costs):
        c.headline(ADDED[cost >= 0](cost=abs(cost)))
    else:
        c.headline(N_("Changes approved: {n}.")(n=len(approved)))


def _counts(c: Chapter, table: pd.DataFrame, approved: pd.DataFrame) -> None:
    """Add how many approved changes state their trigger, and how many reorder priorities."""
    n, triggered = len(approved), approved["trigger"].notna().sum()
    reordered = approved["kind"].eq(metrics.PRIORITY).sum()
    label = N_("Approved changes whose trigger is stated")
    c.fact("triggered", label, triggered, n=n, **read(table, FILE, "trigger", "decision"))
    label = N_("Approved changes that reorder priorities")
    c.fact("reordered", label, reordered, n=n, **read(table, FILE, "kind", "decision"))


# Findings


def _amended(c: Chapter, rows: pd.DataFrame) -> None:
    """Add which changes led to which amendment, and the amendments that none led to."""
    contract, today = c.review.contract, c.review.today
    linked = metrics.linked(rows, contract, today)
    for state, sentence in LINKS.items():
        linking = linked[linked["state"] == state]
        c.find(
            Kind.NEUTRAL if state in FAIR else Kind.CONCERN,
            f"amendments.{state}",
            sentence(parts=c.in_words(linking, lambda row: _link(c.review, row), NAMED)),
            about=linking["change_id"],
        )
    named = {*linked.loc[linked["state"] != metrics.NOT_APPROVED, "amendment"]}
    signed = [a.id for a in contract.amendments if a.signed <= today.date()]
    unnamed = N_("Amendments signed that no approved change names: {ids}.")
    c.neutral("amendments.unasked", unnamed, about=[name for name in signed if name not in named])


def _link(review: Review, row: Any) -> Text:
    """Return a change with the amendment that it names, and what that changes of service levels."""
    change: Text = Quoted(row.change_id)
    if pd.notna(row.decided_on):
        decided = N_("{id}, decided on {decided}")
        change = decided(id=row.change_id, decided=row.decided_on)
    unknown = pd.notna(row.amendment) and pd.isna(row.signed)  # to a contract without amendments
    if unknown or row.signed > review.today:
        return N_("{change} ({amendment})")(change=change, amendment=row.amendment)
    if row.state in (metrics.UNNAMED, metrics.UNSIGNED):
        return change
    number = [one.id for one in review.contract.amendments].index(row.amendment) + 1
    clauses = amendments.service_levels(review.contract, number)
    about = {"change": change, "amendment": row.amendment, "signed": row.signed}
    if not clauses:
        none = N_("{change} ({amendment}, signed on {signed}; changes no service level)")
        return none(**about)
    some = N_("{change} ({amendment}, signed on {signed}; changes {clauses:refs} from {effective})")
    return some(**about, clauses=clauses, effective=row.effective)


def _triggers(c: Chapter, rows: pd.DataFrame, approved: pd.DataFrame) -> None:
    """Add what made needs change."""
    triggers = metrics.triggers(rows)
    triggers = triggers.assign(
        words=triggers["trigger"].map(TRIGGERS),
        named=triggers["ids"].map(_named),
        moved=triggers["reordered"].map(_named),
    )
    leading = triggers[triggers["approved"] > 0]
    parts = c.in_words(leading, N_("{words} {approved} ({named})"))
    sentence = N_("Needs reassessed, as approved changes, by what triggered them: {parts}.")
    c.neutral("triggers", sentence(parts=parts), about=approved["change_id"])
    c.table(BY_TRIGGER, triggers)


def _priorities(c: Chapter, approved: pd.DataFrame) -> None:
    """Add the priorities that were reordered."""
    reordered = approved[approved["kind"] == metrics.PRIORITY]
    reordered = reordered.assign(words=reordered["trigger"].fillna("").map(TRIGGERS))
    parts = c.in_words(reordered, N_("{change_id} “{title}” ({words})"), NAMED)
    sentence = N_("Priorities reordered by an approved change, with its trigger: {parts}.")
    c.neutral("priorities", sentence(parts=parts), about=reordered["change_id"])


# Figure and caveats


def _cost(c: Chapter, rows: pd.DataFrame) -> None:
    steps = metrics.steps(rows)
    if steps.empty:
        return
    first, last = steps.iloc[0], steps.iloc[-1]
    description = N_(
        "Cost of the approved changes, added up by the day of the decision: from {first:money} on "
        "{begun} to {last:money} on {ended}."
    )(first=first["total"], begun=first["date"], last=last["total"], ended=last["date"])
    c.figure(
        "growth_over_time",
        COST,
        steps.assign(label=steps["ids"].map(_named)),
        description,
        measure=N_("Cost of the approved changes, added up"),
        unit=Unit.MONEY,
    )


def _caveats(c: Chapter, table: pd.DataFrame, approved: pd.DataFrame) -> None:
    """Add what the records leave open."""
    ids, contract = approved["change_id"], c.review.contract
    undated = n_(
        "{n} approval bears no date: it is not in the growth over time.",
        "{n} approvals bear no date: they are not in the growth over time.",
    )
    no_cost = n_(
        "{n} approved change states no cost: the growth is without it.",
        "{n} approved changes state no cost: the growth is without them.",
    )
    c.caveat("undated", undated, about=ids[approved["decided_on"].isna()])
    c.caveat("unpriced", no_cost, about=ids[approved["cost"].isna()])
    unlinked = N_("The folder does not say which amendment a change led to ({file}: amendment).")(
        file=FILE
    )
    c.caveat("amendments", unlinked, when="amendment" not in table and bool(contract.amendments))
    today = c.review.today.date()
    signed = [True, *(one.signed <= today for one in contract.amendments)]
    prices = [terms.price for terms, done in zip(contract.versions, signed, strict=True) if done]
    amended = N_("An amendment changed the price: the share is of the price first signed.")
    c.caveat("price", amended, when=len({price.total for price in prices if price}) > 1)
