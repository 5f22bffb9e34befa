"""Change requests: asked for, decided, applied, at what cost, with what approval (E1, E2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.money.changes import metrics
from reviewlib.money.changes.metrics import APPROVED, REFUSED, UNDECIDED, UNTOLD, WITHDRAWN
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import as_of_words
from reviewlib.report.values import Caveat, Column, Fact, Finding, Kind, Section, Table, Unit, rows
from reviewlib.review import Review

SLUG, FILE = "changes", "changes.csv"
NAMED, EVIDENCE = 5, 200  # changes that a sentence names, and a finding
LISTED = 500  # rows of a table
OUTCOMES = {
    APPROVED: N_("approved"),
    REFUSED: N_("refused"),
    WITHDRAWN: N_("withdrawn"),
    UNDECIDED: N_("undecided"),
    UNTOLD: N_("decided, not told how"),
}
SIDES = {"client": N_("client"), "provider": N_("provider")}
QUALITY = {"better": N_("better"), "none": N_("no change"), "worse": N_("worse")}
COUNTS = {
    "requested": (N_("Changes requested"), "requested_on"),
    "evaluated": (N_("Changes evaluated"), "evaluated_on"),
    APPROVED: (N_("Changes approved"), "decision"),
    REFUSED: (N_("Changes refused"), "decision"),
    WITHDRAWN: (N_("Changes withdrawn"), "decision"),
    UNDECIDED: (N_("Changes undecided"), "decision"),
    "applied": (N_("Changes applied"), "applied_on"),
}
"""A label for each step, and the column that tells which requests reached it."""
TIMES = {
    "evaluation": N_("Median time from the request to its evaluation"),
    "decision": N_("Median time from the request to its decision or withdrawal"),
    "application": N_("Median time from the approval to the application"),
}
COSTS = {
    "": N_("Cost of all changes requested"),
    APPROVED: N_("Cost of the changes approved"),
    REFUSED: N_("Cost of the changes refused"),
}
FAULTS = {
    metrics.BEFORE: (
        N_("Changes applied before they were approved"),
        N_("Changes applied before they were approved: {k}, of {n} approved and applied: {parts}."),
        N_("No change was applied before it was approved (approved and applied: {n})."),
        N_("Settle who may have an urgent change applied before it is approved."),
        ("decision", "decided_on", "applied_on"),
    ),
    metrics.WITHOUT: (
        N_("Changes applied without any approval"),
        N_("Changes applied without any approval: {k}, of {n} applied: {parts}."),
        N_("No change was applied without any approval (applied: {n})."),
        N_("Approve what was applied without approval, or undo it: {ids}."),
        ("decision", "applied_on"),
    ),
    metrics.UNPROVEN: (
        N_("Changes approved without written evidence"),
        N_("Changes approved without written evidence: {k}, of {n} approved: {parts}."),
        N_("Every approved change names its written evidence (approved: {n})."),
        N_("Put these approvals in writing: {ids}."),
        ("decision", "evidence"),
    ),
}
"""A label, what is said where there are some, where there is none, what to decide, columns read."""


@dataclass(frozen=True)
class _Known:
    """The change requests of a review, and the columns that their file has."""

    review: Review
    rows: pd.DataFrame
    columns: frozenset[str]

    def fact(self, name: str, label: str, needs: tuple[str, ...], **said: Any) -> Fact:
        """Return a fact that rests on columns, not assessed where the file lacks one of them."""
        _ = self.review.wording.gettext
        if lacking := [column for column in needs if column not in self.columns]:
            because = _("{file} lacks a column: {columns}")
            note = because.format(file=FILE, columns=", ".join(lacking))
            said |= {"value": None, "n": None, "note": note}
        said["period"] = as_of_words(self.review)
        source = _("{file}: {columns}").format(file=FILE, columns=", ".join(needs))
        return Fact(f"{SLUG}.{name}", label, source=source, **said)

    def reached(self) -> dict[str, pd.Series]:
        """Return which requests reached each step of ``COUNTS``."""
        dated = {name: self.rows[f"{name}_on"].notna() for name in ("evaluated", "applied")}
        every = pd.Series(True, index=self.rows.index)
        return {name: self.rows["outcome"] == name for name in OUTCOMES} | {
            "requested": every, **dated
        }  # fmt: skip


def changes(review: Review) -> Section:
    """Return the chapter on change requests."""
    _ = review.wording.gettext
    table = review.table("changes")
    if table is None:
        return review.not_assessed(SLUG, _("Change requests"), review.absence("changes"))
    every = metrics.requests(table, review.today)
    known = _Known(review, every, frozenset(table.columns))
    return review.section(
        SLUG,
        _("Change requests"),
        headline=_headline(known),
        intro=_(
            "Each change request is followed from the day on which it was made to its "
            "application. Times are calendar days; those that would be negative are counted "
            "apart. Costs are added up to the cent. Impacts on days are listed and not added up: "
            "two changes may move the same date, or none."
        ),
        facts=(*_counts(known), *_cycle(known), *_costs(known)),
        findings=(*_faults(known), *_undecided(known), *_impacts(known)),
        tables=(_by_outcome(known), *_tables(known)),
        caveats=tuple(_caveats(known)),
    )


def _headline(known: _Known) -> str:
    _, w, reached = known.review.wording.gettext, known.review.wording, known.reached()
    said = [_("Change requests: {n}.").format(n=w.number(len(known.rows)))]
    if "decision" not in known.columns:
        return said[0]
    words = _(
        "Approved: {approved}, refused: {refused}, withdrawn: {withdrawn}, undecided: {undecided}."
    )
    said.append(words.format(**{name: w.number(int(reached[name].sum())) for name in OUTCOMES}))
    faults = metrics.faults(known.rows)
    for name, words in (
        (metrics.BEFORE, _("Applied before being approved: {n}.")),
        (metrics.WITHOUT, _("Applied without any approval: {n}.")),
    ):
        if n := int(faults[name][0].sum()):
            said.append(words.format(n=w.number(n)))
    return " ".join(said)


# ------------------------------------------------------------------------------------------- facts


def _counts(known: _Known) -> Iterator[Fact]:
    """Yield how many requests reached each step, and how many lacked what should come first."""
    _, reached = known.review.wording.gettext, known.reached()
    for name, (label, column) in COUNTS.items():
        n = None if name == "requested" else len(known.rows)
        said = {"value": int(reached[name].sum()), "unit": Unit.COUNT, "n": n}
        yield known.fact(f"count.{name}", _(label), (column,), **said)
    for name, (mask, among) in metrics.faults(known.rows).items():
        label, *_words, needs = FAULTS[name]
        said = {"value": int(mask.sum()), "unit": Unit.COUNT, "n": int(among.sum())}
        yield known.fact(f"count.{name}", _(label), needs, **said)


def _cycle(known: _Known) -> Iterator[Fact]:
    """Yield the share of refusals, how long each step took, and the age of the undecided."""
    _, w, reached = known.review.wording.gettext, known.review.wording, known.reached()
    refused, approved = (int(reached[name].sum()) for name in (REFUSED, APPROVED))
    n, none = refused + approved, _("nothing was approved or refused yet")
    said: dict[str, Any] = {"value": refused / n if n else None, "unit": Unit.SHARE, "n": n}
    label = _("Refusals, of the changes approved or refused")
    yield known.fact("refusals", label, ("decision",), **said, note="" if n else none)
    for name, days in metrics.times(known.rows).items():
        said = _median(known, days[days >= 0], _("no request has both dates"))
        if apart := int((days < 0).sum()):
            negative = _("counted apart, as negative: {n}").format(n=w.number(apart))
            said["note"] = w.chained([said["note"], negative])
        needs = (*metrics.STEPS[name], *(("decision",) if name == "application" else ()))
        yield known.fact(f"time.{name}", _(TIMES[name]), needs, **said)
    ages = known.rows["age_days"].dropna()
    label, none = _("Median age of the changes undecided"), _("no request is undecided")
    yield known.fact("time.undecided", label, ("decision",), **_median(known, ages, none))


def _median(known: _Known, days: pd.Series, none: str) -> dict[str, Any]:
    """Return a median of days with the least and the most of them, or why there is none."""
    _, w = known.review.wording.gettext, known.review.wording
    spread = _("from {low} to {high}").format(low=w.days(days.min()), high=w.days(days.max()))
    said = {"value": float(days.median()), "note": spread} if len(days) else {"note": none}
    return {"value": None, "unit": Unit.DAYS, "n": len(days)} | said


def _costs(known: _Known) -> Iterator[Fact]:
    """Yield what all requests, the approved ones and the refused ones cost."""
    _, w = known.review.wording.gettext, known.review.wording
    impacts = metrics.impacts(known.rows).set_index("outcome")
    for outcome, label in COSTS.items():
        row = impacts.loc[outcome]
        added, saved = (w.money(float(row[name])) for name in ("added", "saved"))
        parts = [_("added: {added}; saved: {saved}").format(added=added, saved=saved)]
        if missing := int(row["requests"] - row["stated"]):
            parts.append(_("cost not stated: {n}").format(n=w.number(missing)))
        needs = ("cost_impact", "decision") if outcome else ("cost_impact",)
        yield known.fact(
            f"cost.{outcome or 'requested'}",
            _(label),
            needs,
            value=float(row["cost"]) if row["stated"] else None,
            unit=Unit.MONEY,
            n=int(row["stated"]),
            note=w.chained(parts) if row["stated"] else _("none of them states a cost"),
        )


# ---------------------------------------------------------------------------------------- findings


def _finding(name: str, sentence: str, kind: Kind, ids: pd.Series, decision: str = "") -> Finding:
    return Finding(f"{SLUG}.{name}", sentence, kind, tuple(ids.head(EVIDENCE)), decision)


def _named(known: _Known, ids: pd.Series) -> str:
    w = known.review.wording
    return w.listed(w.and_others(ids.head(NAMED), len(ids)))


def _faults(known: _Known) -> Iterator[Finding]:
    """Yield what was applied before its approval, or without any, or approved without proof."""
    _, w = known.review.wording.gettext, known.review.wording
    for name, (mask, among) in metrics.faults(known.rows).items():
        _label, some, none, decision, needs = FAULTS[name]
        mine, n = known.rows[mask], int(among.sum())
        if not n or not known.columns.issuperset(needs):
            continue
        if mine.empty:
            said = _(none).format(n=w.number(n))
            yield _finding(name, said, Kind.STRENGTH, mine["change_id"])
            continue
        parts = [_how(known, name, row) for row in mine.head(NAMED).itertuples()]
        said = _(some).format(
            k=w.number(len(mine)), n=w.number(n), parts=w.chained(w.and_others(parts, len(mine)))
        )
        decided = _(decision).format(ids=_named(known, mine["change_id"]))
        yield _finding(name, said, Kind.CONCERN, mine["change_id"], decided)


def _how(known: _Known, name: str, row: Any) -> str:
    """Return a change at fault in words: when it was applied or approved, and its cost."""
    _, w = known.review.wording.gettext, known.review.wording
    said = {
        metrics.BEFORE: _("{id}, {days} before ({cost})"),
        metrics.WITHOUT: _("{id}, {outcome}, applied on {applied} ({cost})"),
        metrics.UNPROVEN: _("{id}, approved on {decided} ({cost})")
        if row.decided_on == row.decided_on
        else _("{id} ({cost})"),
    }
    return said[name].format(
        id=row.change_id,
        days=w.days(row.early_days),
        outcome=_(OUTCOMES[row.outcome]),
        applied=w.date(row.applied_on),
        decided=w.date(row.decided_on),
        cost=_("cost not stated") if row.cost is None else w.money(float(row.cost)),
    )


def _undecided(known: _Known) -> Iterator[Finding]:
    _, w = known.review.wording.gettext, known.review.wording
    mine = known.rows[known.rows["outcome"] == UNDECIDED]
    mine = mine.sort_values("age_days", ascending=False, kind="stable")
    if mine.empty or "decision" not in known.columns:
        return
    each, named = _("{id}, {days}"), mine.head(NAMED).itertuples()
    parts = [each.format(id=row.change_id, days=w.days(row.age_days)) for row in named]
    sentence = _("Undecided on {date}, with the time since the request: {parts}.").format(
        date=w.date(known.review.today), parts=w.chained(w.and_others(parts, len(mine)))
    )
    decision = _("Decide on these requests: {ids}.").format(ids=_named(known, mine["change_id"]))
    yield _finding("undecided", sentence, Kind.NEUTRAL, mine["change_id"], decision)


def _impacts(known: _Known) -> Iterator[Finding]:
    """Yield the approved changes that move days, and those that lower the quality."""
    _, w = known.review.wording.gettext, known.review.wording
    approved = known.rows[known.rows["outcome"] == APPROVED]
    moved = approved[approved["days"].fillna(0) != 0]
    if len(moved):
        parts = []
        for row in moved.head(NAMED).itertuples():
            of = row.milestone_id == row.milestone_id
            words = _("{id}, {days}, milestone {milestone}") if of else _("{id}, {days}")
            days = ("+" if row.days > 0 else "") + w.days(row.days)
            parts.append(words.format(id=row.change_id, days=days, milestone=row.milestone_id))
        sentence = _("Impacts on days of the approved changes, not added up: {parts}.")
        said = sentence.format(parts=w.chained(w.and_others(parts, len(moved))))
        yield _finding("days", said, Kind.NEUTRAL, moved["change_id"])
    worse = approved.loc[approved["quality_impact"] == "worse", "change_id"]
    if len(worse):
        sentence = _("Approved changes that lower the quality: {ids}.")
        said = sentence.format(ids=_named(known, worse))
        yield _finding("quality", said, Kind.NEUTRAL, worse)


# ------------------------------------------------------------------------------------------ tables


def _by_outcome(known: _Known) -> Table:
    _ = known.review.wording.gettext
    columns = (
        Column("outcome", _("Outcome")),
        Column("requests", _("Requests"), Unit.COUNT),
        Column("stated", _("State a cost"), Unit.COUNT),
        Column("added", _("Added"), Unit.MONEY),
        Column("saved", _("Saved"), Unit.MONEY),
        Column("cost", _("Cost"), Unit.MONEY),
        Column("better", _("Quality better"), Unit.COUNT),
        Column("none", _("Quality unchanged"), Unit.COUNT),
        Column("worse", _("Quality worse"), Unit.COUNT),
        Column("unstated", _("Quality not stated"), Unit.COUNT),
    )
    words = {name: _(said) for name, said in OUTCOMES.items()} | {"": _("all requests")}
    found = metrics.impacts(known.rows)
    found = found[found["requests"] > 0].assign(outcome=found["outcome"].map(words))
    amounts = ["added", "saved", "cost"]
    found[amounts] = found[amounts].astype("float64").where(found["stated"] > 0)
    lines = rows(found, columns)
    caption, note = _("Costs and quality by outcome"), _("Cost: what is added, less what is saved.")
    return Table(f"{SLUG}.outcomes", caption, columns, lines, note)


def _tables(known: _Known) -> Iterator[Table]:
    """Yield each request: its dates and its proof, then what it changes."""
    _ = known.review.wording.gettext
    number, outcome = Column("change_id", _("Change")), Column("outcome", _("Outcome"))
    dates = (
        number,
        Column("title", _("What"), quoted=True),
        Column("requested_by", _("Requested by")),
        Column("requested_on", _("Requested on"), Unit.DATE),
        Column("evaluated_on", _("Evaluated on"), Unit.DATE),
        Column("decided_on", _("Decided on"), Unit.DATE),
        outcome,
        Column("applied_on", _("Applied on"), Unit.DATE),
        Column("evidence", _("Written evidence"), quoted=True),
    )
    effects = (
        number,
        outcome,
        Column("cost", _("Cost"), Unit.MONEY),
        Column("days", _("Impact on days"), Unit.DAYS),
        Column("quality_impact", _("Quality")),
        Column("milestone_id", _("Milestone"), quoted=True),
        Column("moves_to", _("Moved to"), Unit.DATE),
        Column("line_id", _("Budget line"), quoted=True),
        Column("amendment", _("Amendment"), quoted=True),
    )
    shown, note = _worded(known), _cut(known)
    caption = _("From the request to the application")
    yield Table(f"{SLUG}.requests", caption, dates, rows(shown, dates), note, folded=True)
    caption = _("What each request changes")
    yield Table(f"{SLUG}.impacts", caption, effects, rows(shown, effects), note, folded=True)


def _worded(known: _Known) -> pd.DataFrame:
    """Return the requests that are listed, with the words of their codes."""
    _, shown = known.review.wording.gettext, known.rows.head(LISTED)
    words = {"outcome": OUTCOMES, "requested_by": SIDES, "quality_impact": QUALITY}
    said = {
        name: shown[name].map({code: _(word) for code, word in codes.items()})
        for name, codes in words.items()
    }
    return shown.assign(**said, cost=[None if c is None else float(c) for c in shown["cost"]])


def _cut(known: _Known) -> str:
    _, w = known.review.wording.gettext, known.review.wording
    if len(known.rows) <= LISTED:
        return ""
    first = _("The first {n} of {all}.")
    return first.format(n=w.number(LISTED), all=w.number(len(known.rows)))


def _caveats(known: _Known) -> Iterator[Caveat]:
    """Yield what the records leave open."""
    n_, outcome = known.review.wording.ngettext, known.rows["outcome"]
    untold = int((outcome == UNTOLD).sum())
    if untold and "decision" in known.columns:
        sentence = n_(
            "{n} request was decided on, and its decision is not stated: it is counted as neither "
            "approved nor refused.",
            "{n} requests were decided on, and their decision is not stated: they are counted as "
            "neither approved nor refused.",
            untold,
        )
        yield Caveat(f"{SLUG}.untold", sentence)
    undated = int(((outcome == APPROVED) & known.rows["decided_on"].isna()).sum())
    if undated:
        sentence = n_(
            "{n} approval bears no date: whether it came before the application is not known.",
            "{n} approvals bear no date: whether they came before the application is not known.",
            undated,
        )
        yield Caveat(f"{SLUG}.undated", sentence)
