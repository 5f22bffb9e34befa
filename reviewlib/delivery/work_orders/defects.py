"""Defects of what was delivered: when they were found, how long they took to correct (C7)."""

from __future__ import annotations

import pandas as pd

from reviewlib.delivery import results
from reviewlib.delivery.work_orders import front, metrics
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Text, commas, n_
from reviewlib.report.values import Kind, Side, Unit

FOUND = "defects.csv: found_on, corrected_on, severity"

SEVERITIES = {
    "blocking": N_("blocking"),
    "major": N_("major"),
    "minor": N_("minor"),
    "": N_("severity not stated"),
}
OF_SEVERITY = {
    "blocking": n_("{n} blocking", "{n} blocking"),
    "major": n_("{n} major", "{n} major"),
    "minor": n_("{n} minor", "{n} minor"),
    "": n_("{n} of severity not stated", "{n} of severity not stated"),
}
PHASES = {
    metrics.BEFORE: N_("Before the acceptance"),
    metrics.WARRANTY: N_("Within the warranty"),
    metrics.PAST_WARRANTY: N_("After the warranty"),
    metrics.NO_WARRANTY: N_("After the acceptance, no warranty stated"),
    metrics.UNKNOWN: N_("Acceptance not recorded"),
}
CORRECTIONS = {
    "blocking": N_("Median time to correct a blocking defect"),
    "major": N_("Median time to correct a major defect"),
    "minor": N_("Median time to correct a minor defect"),
}
FOUND_AFTER = N_("Defects found after the acceptance")
UNCORRECTED = N_("Defects not corrected: {n}. Time since their report: {ids}.")
BLOCKING = N_("Blocking defects found after the acceptance: {n} ({ids}).")
PAST_ITS_END = N_("Defects found after the end of the warranty: {n}. Time since that end: {ids}.")
ALL_CORRECTED = N_("Every defect found within the warranty is corrected: {n} ({ids}).")
AGED = N_("{defect_id} ({age:days})")
SINCE_END = N_("{defect_id} ({days_past_warranty:days})")
NOT_RECORDED = N_(
    "No acceptance is recorded of what these defects were found in; whether they came after it is "
    "not known: {ids}."
)
NO_WARRANTY = N_("The contract file states no warranty (terms.acceptance.warranty).")

BY_SEVERITY = TableForm(
    "severities",
    N_("Defects by severity"),
    (
        Col("severity", N_("Severity"), words=SEVERITIES),
        *(Col(phase, words, Unit.COUNT) for phase, words in PHASES.items()),
        Col("total", N_("Total"), Unit.COUNT),
        Col("corrected", N_("After the acceptance: corrected"), Unit.COUNT),
        Col("open", N_("After the acceptance: not corrected"), Unit.COUNT),
        Col("median", N_("Median time to correct"), Unit.DAYS),
        Col("n", N_("Corrections timed"), Unit.COUNT),
    ),
    N_("The counts by phase add up to the total. Times are in calendar days."),
)
DEFECTS = TableForm(
    "defects",
    N_("Defects"),
    (
        Col("defect_id", N_("Defect")),
        Col("subject", N_("Found in")),
        Col("title", N_("What"), quoted=True),
        Col("severity", N_("Severity"), words=SEVERITIES),
        Col("found_on", N_("Reported on"), Unit.DATE),
        Col("accepted_on", N_("Accepted on"), Unit.DATE),
        Col("warranty_end", N_("End of the warranty"), Unit.DATE),
        Col("phase", N_("Phase"), words=PHASES),
        Col("corrected_on", N_("Corrected on"), Unit.DATE),
        Col("days", N_("Time to correct"), Unit.DAYS),
        Col("age", N_("Open for"), Unit.DAYS),
    ),
)


def add_defects(c: Chapter, table: pd.DataFrame | None) -> None:
    """Add to the chapter what was found in what was delivered, before and after its acceptance."""
    if table is None:
        because = c.review.absent("defects")
        c.fact("defects.after", FOUND_AFTER, None, because=because, period=EMPTY)
        return
    contract, accepted = c.review.contract, results.accepted(c.review)
    defects = metrics.defects(table, accepted, contract, c.review.today)
    defects["severity"] = defects["severity"].fillna("")
    after = defects[defects["phase"].isin(metrics.AFTER)]
    number = N_("Defects found after the acceptance: {n} ({severities}).")
    number = number(n=len(after), severities=_severities(after))
    if c.review.table("work_orders") is None:
        c.headline(number if len(after) else N_("No defect was found after the acceptance."))
    clause = contract.terms_at(c.review.as_of).acceptance.clause
    _counts(c, defects, after, clause)
    _corrections(c, after, clause)
    _findings(c, after, clause)
    counts = metrics.by_severity(defects)
    empty = {phase for phase in PHASES if not counts[phase].any()}
    c.table(BY_SEVERITY.only(key for key in counts if key not in empty), counts)
    c.table(DEFECTS, defects)
    unknown = defects["phase"] == metrics.UNKNOWN
    c.caveat("defects.unknown", NOT_RECORDED, about=defects.loc[unknown, "defect_id"])
    no_warranty = (defects["phase"] == metrics.NO_WARRANTY).any()
    c.caveat("defects.no_warranty", NO_WARRANTY, when=bool(no_warranty))


def _severities(defects: pd.DataFrame) -> Text:
    """Return how many defects there are of each severity: 1 blocking, 3 major."""
    counts = defects["severity"].value_counts()
    return commas(words(n=counts[name]) for name, words in OF_SEVERITY.items() if name in counts)


def _counts(c: Chapter, defects: pd.DataFrame, after: pd.DataFrame, clause: str) -> None:
    phases, uncorrected = defects["phase"], int(after["corrected_on"].isna().sum())
    oldest = N_("the oldest for {days:days}")(days=after["age"].max()) if uncorrected else EMPTY
    before, past = ((phases == phase).sum() for phase in (metrics.BEFORE, metrics.PAST_WARRANTY))
    for name, label, count, n, note in (
        ("after", FOUND_AFTER, len(after), len(defects), _severities(after)),
        ("before", N_("Defects found before the acceptance"), before, len(defects), EMPTY),
        ("past_warranty", N_("Defects found after the end of the warranty"), past, len(after),
         EMPTY),
        ("open", N_("Defects found after the acceptance and not corrected"), uncorrected,
         len(after), oldest),
    ):  # fmt: skip
        about: FactFields = {"n": n, "note": note, "clause": clause, "source": FOUND}
        about["key"] = name in ("after", "open")
        c.fact(f"defects.{name}", label, count, **about)


def _corrections(c: Chapter, after: pd.DataFrame, clause: str) -> None:
    within = after[after["phase"] == metrics.WARRANTY]
    k, late = within["corrected_on"].count(), within["corrected_on"] > within["warranty_end"]
    c.share(
        "defects.corrected", N_("Defects found within the warranty that are corrected"),
        k, len(within), clause=clause, source=FOUND,
        note=N_("of which after its end: {n}")(n=late.sum()) if late.any() else EMPTY,
        because=N_("no defect was found within a warranty"),
    )  # fmt: skip
    for severity, label in CORRECTIONS.items():
        days = after.loc[after["severity"] == severity, "days"]
        if len(days):
            c.median(f"defects.correction.{severity}", label, days, source=FOUND)


def _findings(c: Chapter, after: pd.DataFrame, clause: str) -> None:
    uncorrected = after[after["corrected_on"].isna()]
    within = after[after["phase"] == metrics.WARRANTY]
    past = after[after["phase"] == metrics.PAST_WARRANTY]
    corrected = within if within["corrected_on"].notna().all() else within.head(0)
    blocking = after[after["severity"] == "blocking"]
    settle = N_("Settle by when the defects still open are corrected.")
    for name, kind, sentence, defects, decision in (
        ("uncorrected", Kind.CONCERN, UNCORRECTED(ids=c.named(AGED, uncorrected)), uncorrected,
         settle),
        ("blocking", Kind.CONCERN, BLOCKING, blocking, EMPTY),
        ("after_warranty", Kind.NEUTRAL, PAST_ITS_END(ids=c.named(SINCE_END, past)), past, EMPTY),
        ("all_corrected", Kind.STRENGTH, ALL_CORRECTED, corrected, EMPTY),
    ):  # fmt: skip
        about = defects["defect_id"]
        c.find(
            kind, f"defects.{name}", sentence, about=about, decision=decision, clause=clause,
            decider=Side.BOTH, brief=front.defects(defects) if decision else None,
        )  # fmt: skip
