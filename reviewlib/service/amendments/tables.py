"""Amendments: the forms of their tables."""

from __future__ import annotations

from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, Quoted
from reviewlib.report.values import Unit
from reviewlib.service.amendments.metrics import BEFORE, NEW, OLD, SINCE

SHARES = {
    (BEFORE, OLD): N_("{label} before {amendment:ref}, under the earlier terms"),
    (BEFORE, NEW): N_("{label} before {amendment:ref}, under the new terms"),
    (SINCE, OLD): N_("{label} since {amendment:ref}, under the earlier terms"),
    (SINCE, NEW): N_("{label} since {amendment:ref}, under the new terms"),
}
TERMS = {OLD: N_("the earlier terms"), NEW: N_("the new terms")}
AMENDMENTS = TableForm(
    "list",
    N_("Amendments of the contract"),
    (
        Col("id", N_("Amendment"), quoted=True),
        Col("title", N_("What"), quoted=True),
        Col("signed", N_("Signed on"), Unit.DATE),
        Col("effective", N_("In force from"), Unit.DATE),
        Col("clauses", N_("Clauses compared here"), quoted=True),
    ),
)
AROUND = TableForm(
    "around",
    N_("{title} around {amendment:ref}, by priority, period and terms"),
    (
        Col("priority", N_("Priority")),
        Col("days", N_("Clock started")),
        Col("by", N_("Judged by")),
        Col("target", N_("Target")),
        Col("met", N_("In time"), Unit.COUNT),
        Col("breached", N_("Late"), Unit.COUNT),
        Col("late_or_paused", N_("Late or paused"), Unit.COUNT),
        Col("running", N_("Running"), Unit.COUNT),
        Col("excluded", N_("Excluded"), Unit.COUNT),
        Col("unknown", N_("Unknown"), Unit.COUNT),
        Col("n", Quoted("n"), Unit.COUNT),
        Col("share", N_("Share in time"), Unit.SHARE),
        Col("low", N_("Interval from"), Unit.SHARE),
        Col("high", N_("Interval to"), Unit.SHARE),
        Col("threshold", N_("Threshold"), Unit.SHARE),
    ),
    N_("n = in time + late; the interval is Wilson’s, of 95%. Excluded: left out by these terms."),
)
BY_TERMS = TableForm(
    "shares",
    N_("{title} before and since {amendment:ref}"),
    (
        Col("label", N_("Period and terms")),
        *AROUND.only(["share", "low", "high", "n", "threshold"]).columns,
    ),
)
