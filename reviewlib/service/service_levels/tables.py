"""The tables and the charts of the chapter on service levels."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from reviewlib.rates import compliance, kept
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Quoted, Text, commas
from reviewlib.report.values import Unit
from reviewlib.service.basis import basis
from reviewlib.service.clauses import MONTHS, measure_id, service_names
from reviewlib.service.service_levels import metrics
from reviewlib.service.thresholds import common
from reviewlib.service.words import IN_TIME, SHARE_IN_TIME, THRESHOLD

BY_PRIORITY = N_("Share in time with its interval of 95%, against the threshold: {parts:commas}.")
PRIORITY = N_("{priority} {share:percent} (n\u00a0=\u00a0{n})")
OVER_TIME = N_(
    "All priorities together, with the interval of 95%: from {low:percent} in {worst:month} to "
    "{high:percent} in {best:month}; provisional months: {provisional} of {n}. Months in which a "
    "priority missed its own threshold: {missed}."
)
UNDER = N_("{priority} in {under} of {n}")
USED = N_("Decided tickets: {n}. In time, in the last fifth of the target: {near}. Late: {late}.")
SHARES, BOUNDS = ("share", "low", "high"), ("worst", "best")
OUTCOMES = (
    *SHARES, "met", "breached", "late_or_paused", "running", "excluded", "unknown", "total",
    *BOUNDS,
)  # fmt: skip
COUNTS = TableForm(
    "counts",
    N_("Tickets by clause and priority"),
    (
        Col("clause", N_("Clause")),
        Col("service", N_("Service")),
        Col("priority", N_("Priority")),
        Col("month", N_("Month"), Unit.MONTH),
        Col("met", N_("In time"), Unit.COUNT),
        Col("breached", N_("Late"), Unit.COUNT),
        Col("late_or_paused", N_("Late or paused"), Unit.COUNT),
        Col("running", N_("Running"), Unit.COUNT),
        Col("excluded", N_("Excluded"), Unit.COUNT),
        Col("unknown", N_("Unknown"), Unit.COUNT),
        Col("total", N_("Total"), Unit.COUNT),
        Col("n", Quoted("n"), Unit.COUNT),
        Col("share", SHARE_IN_TIME, Unit.SHARE),
        Col("low", N_("Interval from"), Unit.SHARE),
        Col("high", N_("Interval to"), Unit.SHARE),
        Col("worst", N_("At worst"), Unit.SHARE),
        Col("best", N_("At best"), Unit.SHARE),
        Col("threshold", THRESHOLD, Unit.SHARE),
        Col("missed", N_("Priorities below their threshold"), Unit.COUNT),
        Col("state", N_("State"), words={True: N_("provisional"), False: N_("final")}),
        Col("basis", N_("By default of the product")),
    ),
    N_(
        "Late or paused: over its target, unless pauses that no log tells of took long enough; "
        "there is then no share. Running: open, and within its target. Excluded: what the clause "
        "leaves out, or a priority without a target. Unknown: a status that the contract does not "
        "define, no priority of the contract, nothing of what the clause depends on, or no usable "
        "time of the answer or of the resolution. Interval: Wilson, 95%. At worst, at best: every "
        "ticket that is running, unknown, late or paused, late, or in time."
    ),
)
"""All columns of the chapter's counts; of each table its own are taken."""
PRIORITIES = COUNTS.only(["clause", "priority", *OUTCOMES, "basis"])
SERVICES = COUNTS.only(["clause", "service", "priority", *OUTCOMES]).but(
    name="services", caption=N_("Tickets by clause, service and priority"), note=EMPTY
)
MONTHLY = COUNTS.only(["month", "priority", *OUTCOMES, "state"]).but(
    name="months",
    caption=N_("{clause}, {rule}"),
    note=N_("Running or unknown tickets make a month provisional: see both bounds."),
)
PRIORITY_CHART = COUNTS.only(["priority", "n", *SHARES, "threshold"]).but(
    name="priorities", caption=N_("{clause}: tickets in time, by priority"), note=EMPTY
)
MONTH_CHART = COUNTS.only(["month", "n", *SHARES, "threshold", "missed", "state"]).but(
    name="over_time", caption=N_("{clause}: tickets in time, {rule}"), note=EMPTY
)
HEAT_CHART = COUNTS.only(["month", "priority", "n", "share"]).but(
    name="heat", caption=N_("{clause}: tickets in time by priority, {rule}"), note=EMPTY
)
USED_CHART = TableForm(
    "used",
    N_("{clause}: share of the target used"),
    (
        Col("low", N_("From"), Unit.SHARE),
        Col("high", N_("To"), Unit.SHARE),
        Col("in_time", N_("In time"), Unit.COUNT),
        Col("late", N_("Late"), Unit.COUNT),
    ),
)


def by_priority(c: Chapter, verdicts: pd.DataFrame) -> None:
    """Add the counts of each outcome by clause and priority, and by service where several are."""
    counts = compliance(verdicts, ["clause", "priority"])
    pairs = zip(counts["clause"], counts["priority"], strict=True)
    defaults = pd.Series([basis(c.review, *pair) or None for pair in pairs], dtype="object")
    _counted(c, PRIORITIES, counts.assign(basis=defaults))
    if verdicts["service"].nunique(dropna=False) > 1:
        names = service_names(c.review.contract)
        counts = compliance(verdicts, ["clause", "service", "priority"])
        services = [names.get(service, service) for service in counts["service"]]
        _counted(c, SERVICES, counts.assign(service=pd.Series(services, dtype="object")))


def by_clause(c: Chapter, clause_id: str, verdicts: pd.DataFrame) -> None:
    """Add a clause by month, and its charts: by priority, by month, by both, of the time used."""
    months = compliance(verdicts, ["month", "priority"])
    _counted(c, _of_clause(c, MONTHLY, clause_id), _with_state(months))
    if months["late_or_paused"].any():
        return  # what is drawn are shares, of which there are bounds alone
    months = months[months["n"] > 0]
    if len(months):
        _by_priority(c, _of_clause(c, PRIORITY_CHART, clause_id), verdicts)
    if months["month"].nunique() > 1:
        _over_time(c, _of_clause(c, MONTH_CHART, clause_id), verdicts)
        _by_month(c, _of_clause(c, HEAT_CHART, clause_id), months, verdicts)
    if len(months):
        _used(c, _of_clause(c, USED_CHART, clause_id), verdicts)


def _counted(c: Chapter, form: TableForm, counts: pd.DataFrame) -> None:
    """Add counts as a table, without the columns of what occurs in no row."""
    occurs = {"late_or_paused": counts["late_or_paused"].any()}
    if "basis" in counts:
        occurs["basis"] = counts["basis"].notna().any()
    c.table(form.without(*(name for name in occurs if not occurs[name])), counts)


def _of_clause(c: Chapter, form: TableForm, clause_id: str) -> TableForm:
    """Return a form as that of a clause, with its title and its rule of months."""
    contract, clause = c.review.contract, c.review.contract.clause(clause_id)
    about = SimpleNamespace(clause=clause.title, rule=MONTHS[clause.month])
    name = f"{measure_id(contract, clause_id)}.{form.name}"
    return form.but(name=name, caption=c.of_row(form.caption, about))


def _with_state(months: pd.DataFrame) -> pd.DataFrame:
    """Return months with whether they are provisional, as they are while tickets are undecided."""
    provisional = months["running"] + months["unknown"] > 0
    return months.assign(provisional=provisional, state=provisional)


def _with_threshold(counts: pd.DataFrame, verdicts: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the groups of which a ticket is decided with the threshold that their tickets share.

    NaN where they have several, or none.
    """
    of_group = counts[by].map(common(verdicts, by))
    return counts.assign(threshold=of_group.astype("float64"))[counts["n"] > 0]


def _by_priority(c: Chapter, form: TableForm, verdicts: pd.DataFrame) -> None:
    shares = _with_threshold(compliance(verdicts, ["priority"]), verdicts, "priority")
    parts = [c.of_row(PRIORITY, row) for row in shares.itertuples()]
    c.figure(
        "share_by_group",
        form,
        shares,
        BY_PRIORITY(parts=parts),
        frame=shares.assign(label=shares["priority"], target=shares["threshold"]),
        measure=IN_TIME,
        reference=THRESHOLD,
    )


def _over_time(c: Chapter, form: TableForm, verdicts: pd.DataFrame) -> None:
    """Add the months of a clause, all priorities, each judged by the threshold of its own."""
    months = _with_threshold(compliance(verdicts, ["month"]), verdicts, "month")
    months = _with_state(months.reset_index(drop=True))
    under = _under(verdicts).groupby(level="month").agg(["sum", "size"])
    months["missed"] = months["month"].map(under["sum"])
    months["kept"] = (months["missed"] == 0).where(months["missed"].notna()).astype("object")
    low, high = months.loc[months["share"].idxmin()], months.loc[months["share"].idxmax()]
    description = OVER_TIME(
        low=low["share"],
        worst=low["month"],
        high=high["share"],
        best=high["month"],
        provisional=months["provisional"].sum(),
        missed=(months["missed"] > 0).sum(),
        n=len(months),
    )
    drawn = {"measure": IN_TIME, "reference": THRESHOLD}
    c.figure("share_over_time", form, months, description, **drawn)


def _by_month(c: Chapter, form: TableForm, months: pd.DataFrame, verdicts: pd.DataFrame) -> None:
    order = months["priority"].dropna().unique()
    shares, n = (
        months.pivot(index="priority", columns="month", values=name).reindex(order)
        for name in ("share", "n")
    )
    drawn = {"frame": shares, "n": n, "measure": IN_TIME}
    c.figure("share_by_group_and_month", form, months, _months_under(c, verdicts), **drawn)


def _months_under(c: Chapter, verdicts: pd.DataFrame) -> Text:
    """Return, per priority, in how many months the share was under the threshold of its tickets."""
    of_priority = _under(verdicts).groupby(level="priority", sort=False)
    counts = of_priority.agg(under="sum", n="size").reset_index()
    parts = [c.of_row(UNDER, row) for row in counts.itertuples()]
    return N_("Months under the threshold: {parts}.")(parts=commas(parts) or "—")


def _under(verdicts: pd.DataFrame) -> pd.Series:
    """Tell which months of each priority were under the threshold of its tickets.

    A month in which the threshold changed is one month, under if either part is.
    """
    months = compliance(verdicts, ["priority", "month", "threshold"])
    months = months[(months["n"] > 0) & months["threshold"].notna()]
    under = [not kept(*row) for row in months[["met", "n", "threshold"]].itertuples(index=False)]
    months = months.assign(under=pd.Series(under, months.index, dtype="bool"))
    return months.groupby(["priority", "month"], sort=False)["under"].any()


def _used(c: Chapter, form: TableForm, verdicts: pd.DataFrame) -> None:
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
        reference=N_("Target"),
    )
