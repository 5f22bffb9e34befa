"""How the scope grew by changes, which amendments they led to, what made needs change (E3, E4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.amounts import total
from reviewlib.charts import forms as charts
from reviewlib.money.changes.metrics import APPROVED, requests
from reviewlib.money.growth import metrics
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import as_of_words
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
from reviewlib.service.amendments import metrics as amendments

SLUG, FILE = "growth", "changes.csv"
NAMED, EVIDENCE = 5, 200  # changes that a sentence names, and a finding
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


@dataclass(frozen=True)
class _Known:
    """The change requests of a review, and the columns that their file has."""

    review: Review
    rows: pd.DataFrame
    columns: frozenset[str]

    @property
    def approved(self) -> pd.DataFrame:
        """The requests approved."""
        return self.rows[self.rows["outcome"] == APPROVED]

    @property
    def costs(self) -> list[Decimal]:
        """What the approved changes that state a cost do cost."""
        return [cost for cost in self.approved["cost"] if cost is not None]


def growth(review: Review) -> Section:
    """Return the chapter on how the scope and the needs changed."""
    _ = review.wording.gettext
    title, table = _("Growth of the scope"), review.table("changes")
    if table is None:
        return review.not_assessed(SLUG, title, review.absence("changes"))
    if "decision" not in table:
        because = _("changes.csv does not tell which changes were approved (decision).")
        return review.not_assessed(SLUG, title, because)
    known = _Known(review, requests(table, review.today), frozenset(table.columns))
    return review.section(
        SLUG,
        title,
        headline=_headline(known),
        intro=_(
            "An approved change is a need reassessed; one of the kind “priority” reorders "
            "priorities. Growth is the cost of the approved changes, added up to the cent by the "
            "day of the decision, against the price of the contract as it was signed."
        ),
        facts=(_share(known), *_counts(known)),
        findings=(*_amended(known), *_needs(known)),
        tables=(*_by_trigger(known), *_by_kind(known)),
        figures=tuple(_figure(known)),
        caveats=tuple(_caveats(known)),
    )


def _headline(known: _Known) -> str:
    _, w, costs = known.review.wording.gettext, known.review.wording, known.costs
    said = _("Changes approved: {n}.").format(n=w.number(len(known.approved)))
    if not costs:
        return said
    cost, share = total(costs), _share(known).value
    amount, part = w.money(float(abs(cost))), w.percent(abs(float(share or 0)))
    if share is None:
        words = _("They add {cost}.") if cost >= 0 else _("They save {cost}.")
    elif cost >= 0:
        words = _("They add {cost}: {share} of the price.")
    else:
        words = _("They save {cost}: {share} of the price.")
    return f"{said} {words.format(cost=amount, share=part)}"


def _share(known: _Known) -> Fact:
    """Return the cost of what was approved as a share of the price that was signed."""
    _, w, costs = known.review.wording.gettext, known.review.wording, known.costs
    cost, price = total(costs), known.review.contract.versions[0].price
    base = price.total if price else Decimal(0)
    if not base:
        note = _("the contract file states no price at its signature (terms.price)")
    elif not costs:
        note = _("no approved change states a cost")
    else:
        of = _("{cost} on a price of {price}")
        note = of.format(cost=w.money(float(cost)), price=w.money(float(base)))
    return Fact(
        f"{SLUG}.share",
        _("Cost of the changes approved, as a share of the price"),
        float(cost / base) if base and costs else None,
        Unit.SHARE,
        n=len(costs),
        clause=price.clause if price else "",
        period=as_of_words(known.review),
        source=_("changes.csv: cost_impact, decision; engagement.yml: terms.price"),
        note=note,
    )


def _counts(known: _Known) -> Iterator[Fact]:
    """Yield how many approved changes state their trigger, and how many reorder priorities."""
    _, approved = known.review.wording.gettext, known.approved
    found = {
        "triggered": (_("Approved changes whose trigger is stated"), "trigger",
                      approved["trigger"].notna()),
        "reordered": (_("Approved changes that reorder priorities"), "kind",
                      approved["kind"] == metrics.PRIORITY),
    }  # fmt: skip
    lacks = _("{file} lacks a column: {columns}")
    for name, (label, column, mask) in found.items():
        told = column in known.columns
        yield Fact(
            f"{SLUG}.{name}",
            label,
            int(mask.sum()) if told else None,
            Unit.COUNT,
            n=len(approved) if told else None,
            period=as_of_words(known.review),
            source=_("{file}: {columns}").format(file=FILE, columns=f"{column}, decision"),
            note="" if told else lacks.format(file=FILE, columns=column),
        )


# ---------------------------------------------------------------------------------------- findings


def _finding(name: str, sentence: str, kind: Kind, ids: Iterable[str]) -> Finding:
    return Finding(f"{SLUG}.{name}", sentence, kind, tuple(ids)[:EVIDENCE])


def _named(known: _Known, ids: list[str]) -> str:
    w = known.review.wording
    return w.listed(w.and_others(ids[:NAMED], len(ids)))


def _amended(known: _Known) -> Iterator[Finding]:
    """Yield which changes led to which amendment, and the amendments that none led to."""
    _, w, review = known.review.wording.gettext, known.review.wording, known.review
    if "amendment" not in known.columns:
        return
    linked = metrics.linked(known.rows, review.contract, review.today)
    for state, sentence in LINKS.items():
        mine = linked[linked["state"] == state]
        if len(mine):
            parts = [_link(review, row) for row in mine.head(NAMED).itertuples()]
            said = _(sentence).format(parts=w.chained(w.and_others(parts, len(mine))))
            fair = state in (metrics.LED, metrics.UNSIGNED)
            kind = Kind.NEUTRAL if fair else Kind.CONCERN
            yield _finding(f"amendments.{state}", said, kind, mine["change_id"])
    named = {*linked.loc[linked["state"] != metrics.NOT_APPROVED, "amendment"]}
    signed = [a.id for a in review.contract.amendments if a.signed <= review.today.date()]
    if alone := [name for name in signed if name not in named]:
        sentence = _("Amendments signed that no approved change names: {ids}.")
        said = sentence.format(ids=_named(known, alone))
        yield _finding("amendments.unasked", said, Kind.NEUTRAL, alone)


def _link(review: Review, row: Any) -> str:
    """Return a change with the amendment that it names, and what that changes of service levels."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    change = str(row.change_id)
    if row.decided_on == row.decided_on:
        words = _("{id}, decided on {decided}")
        change = words.format(id=change, decided=w.date(row.decided_on))
    if row.signed > review.today:
        return _("{change} ({amendment})").format(change=change, amendment=row.amendment)
    if row.state in (metrics.UNNAMED, metrics.UNSIGNED):
        return change
    number = [each.id for each in contract.amendments].index(row.amendment) + 1
    clauses = amendments.service_levels(contract, number)
    words = (
        _("{change} ({amendment}, signed on {signed}; changes {clauses} from {effective})")
        if clauses
        else _("{change} ({amendment}, signed on {signed}; changes no service level)")
    )
    return words.format(
        change=change,
        amendment=row.amendment,
        signed=w.date(row.signed),
        effective=w.date(row.effective),
        clauses=w.listed(clauses),
    )


def _needs(known: _Known) -> Iterator[Finding]:
    """Yield what made needs change, and the priorities that were reordered."""
    _, w, approved = known.review.wording.gettext, known.review.wording, known.approved
    found, each = metrics.triggers(known.rows), _("{trigger} {n} ({ids})")
    parts = [
        each.format(
            trigger=_(TRIGGERS[row.trigger]), n=w.number(row.approved), ids=_named(known, row.ids)
        )
        for row in found[found["approved"] > 0].itertuples()
    ]
    if parts and "trigger" in known.columns:
        sentence = _("Needs reassessed, as approved changes, by what triggered them: {parts}.")
        said = sentence.format(parts=w.chained(parts))
        yield _finding("triggers", said, Kind.NEUTRAL, approved["change_id"])
    moved = approved[approved["kind"] == metrics.PRIORITY].fillna({"trigger": ""})
    if len(moved):
        words = _("{id} “{title}” ({trigger})")
        parts = [
            words.format(id=row.change_id, title=row.title, trigger=_(TRIGGERS[row.trigger]))
            for row in moved.head(NAMED).itertuples()
        ]
        sentence = _("Priorities reordered by an approved change, with its trigger: {parts}.")
        said = sentence.format(parts=w.chained(w.and_others(parts, len(moved))))
        yield _finding("priorities", said, Kind.NEUTRAL, moved["change_id"])


# ------------------------------------------------------------------------------- tables and figure


def _by_trigger(known: _Known) -> Iterator[Table]:
    _ = known.review.wording.gettext
    if "trigger" not in known.columns:
        return
    columns = (
        Column("trigger", _("Trigger")),
        Column("requests", _("Requests"), Unit.COUNT),
        Column("approved", _("Approved"), Unit.COUNT),
        Column("named", _("Approved changes")),
        Column("moved", _("Of which reorder priorities")),
    )
    found = metrics.triggers(known.rows)
    found = found[found["requests"] > 0]
    found = found.assign(
        trigger=found["trigger"].map({name: _(said) for name, said in TRIGGERS.items()}),
        named=[_named(known, ids) or None for ids in found["ids"]],
        moved=[_named(known, ids) or None for ids in found["reordered"]],
    )
    caption = _("What made needs change")
    yield Table(f"{SLUG}.by_trigger", caption, columns, rows(found, columns))


def _by_kind(known: _Known) -> Iterator[Table]:
    """Yield the approved changes by what they are about."""
    _, approved = known.review.wording.gettext, known.approved
    if "kind" not in known.columns or approved.empty:
        return
    columns = (
        Column("kind", _("About")),
        Column("approved", _("Approved"), Unit.COUNT),
        Column("cost", _("Cost"), Unit.MONEY),
        Column("named", _("Approved changes")),
    )
    lines = []
    for code, words in KINDS.items():
        mine = approved[approved["kind"].fillna("") == code]
        if len(mine):
            cost = float(total(mine["cost"])) if mine["cost"].notna().any() else None
            lines.append((_(words), len(mine), cost, _named(known, [*mine["change_id"]])))
    yield Table(f"{SLUG}.by_kind", _("What the approved changes are about"), columns, tuple(lines))


def _figure(known: _Known) -> Iterator[Figure]:
    _, w = known.review.wording.gettext, known.review.wording
    found = metrics.steps(known.rows)
    if found.empty:
        return
    columns = (
        Column("date", _("Decided on"), Unit.DATE),
        Column("label", _("Changes")),
        Column("added", _("Cost"), Unit.MONEY),
        Column("total", _("Cost so far"), Unit.MONEY),
    )
    drawn = found.assign(label=[_named(known, ids) for ids in found["ids"]])
    drawn = drawn.astype({"added": "float64", "total": "float64"})
    said = _(
        "Cost of the approved changes, added up by the day of the decision: from {first} on "
        "{begun} to {last} on {ended}."
    ).format(
        first=w.money(drawn["total"].iloc[0]),
        begun=w.date(drawn["date"].iloc[0]),
        last=w.money(drawn["total"].iloc[-1]),
        ended=w.date(drawn["date"].iloc[-1]),
    )
    name, title = f"{SLUG}.cost", _("Cost of the approved changes over time")
    labels = charts.Labels(name, _("Cost of the approved changes, added up"))
    svg = charts.growth_over_time(drawn, labels, w, Unit.MONEY)
    yield Figure(
        name, svg, title, said, Table(f"{name}.table", title, columns, rows(drawn, columns))
    )


def _caveats(known: _Known) -> Iterator[Caveat]:
    """Yield what the records leave open."""
    _, n_, approved = known.review.wording.gettext, known.review.wording.ngettext, known.approved
    undated = int(approved["decided_on"].isna().sum())
    unpriced = len(approved) - len(known.costs)
    if undated:
        sentence = n_(
            "{n} approval bears no date: it is not in the growth over time.",
            "{n} approvals bear no date: they are not in the growth over time.",
            undated,
        )
        yield Caveat(f"{SLUG}.undated", sentence)
    if unpriced:
        sentence = n_(
            "{n} approved change states no cost: the growth is without it.",
            "{n} approved changes state no cost: the growth is without them.",
            unpriced,
        )
        yield Caveat(f"{SLUG}.unpriced", sentence)
    if "amendment" not in known.columns and known.review.contract.amendments:
        sentence = _("{file} does not tell which amendment a change led to (amendment).")
        yield Caveat(f"{SLUG}.amendments", sentence.format(file=FILE))
    contract, today = known.review.contract, known.review.today.date()
    signed = [True, *(each.signed <= today for each in contract.amendments)]
    versions = (v for v, known_then in zip(contract.versions, signed, strict=True) if known_then)
    if len({terms.price.total for terms in versions if terms.price}) > 1:
        sentence = _("An amendment changed the price: the share is of the price first signed.")
        yield Caveat(f"{SLUG}.price", sentence)
