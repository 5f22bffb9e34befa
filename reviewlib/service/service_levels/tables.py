"""The tables of the chapter on service levels."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from reviewlib.rates import compliance
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Quoted
from reviewlib.report.values import Unit
from reviewlib.service.basis import basis
from reviewlib.service.clauses import MONTHS, measure_id, service_names
from reviewlib.service.service_levels import charts
from reviewlib.service.words import SHARE_IN_TIME

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
        Col("state", N_("State"), words={True: N_("provisional"), False: N_("final")}),
        Col("basis", N_("By default")),
    ),
    N_(
        "Late or paused: over its target, unless pauses that no log records took long enough; "
        "there is then no share. Running: open, and within its target. Excluded: what the clause "
        "leaves out, or a priority without a target. Unknown: a status that the contract does "
        "not define, no priority of the contract, nothing of what the clause depends on, or no "
        "usable time of the answer or of the resolution. Interval: Wilson, 95%. At worst, at "
        "best: every ticket that is running, unknown, late or paused counted as late, or as in "
        "time."
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
    """Add a clause by month, and how much of their target its tickets used."""
    months = compliance(verdicts, ["month", "priority"])
    _counted(c, _of_clause(c, MONTHLY, clause_id), _with_state(months))
    if months["n"].any() and not months["late_or_paused"].any() and verdicts["stop"].notna().any():
        charts.used(c, _of_clause(c, charts.SPENT, clause_id), verdicts)


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
    return months.assign(state=provisional)
