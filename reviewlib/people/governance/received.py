"""The reports of each side: on time, late, not received (H2)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import JUDGED, LATE, ON_TIME, OVERDUE
from reviewlib.people.governance import plans, reports, words
from reviewlib.report.beside import period_words
from reviewlib.report.chapter import NOTHING_DUE, Chapter
from reviewlib.report.kept import kept
from reviewlib.report.phrases import ReadFields, of_ids, read, shortened
from reviewlib.report.text import EMPTY, Quoted
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Side, Unit
from reviewlib.review import Review


def owed(review: Review, table: pd.DataFrame | None) -> pd.DataFrame:
    """Return the reports of the review: see ``reports``, with title and when, the period’s name."""
    rows = pd.DataFrame(columns=["report", "period"]) if table is None else table
    rows = rows if "received_on" in rows else rows.iloc[:0]
    contract = review.contract
    about = contract.period, review.today, contract.days_off
    made = plans.own(review, reports.reports(rows, contract.governance, *about))
    made = plans.titled(review, made)
    spans = [reports.named(text) for text in made["period"]]
    when = [
        period_words(span) if span else Quoted(text)
        for span, text in zip(spans, made["period"], strict=True)
    ]
    return made.assign(when=pd.Series(when, made.index, dtype="object"))


def add(c: Chapter, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Add the reports of each side on time, late and not received, by the same rule."""
    source = read(table, "reports.csv", "received_on")
    ruled = rows[rows["state"] != reports.NO_RULE]
    c.stopped(*[
        _of_side(c, side, ruled[ruled["side"] == side], source) for side in words.REPORTS_OF
    ])  # fmt: skip
    free = rows[rows["state"] == reports.NO_RULE]
    if len(free):
        c.count("reports.others", words.REPORTS_OTHERS, free["received_on"].notna(), **source)
    nobody = ruled[ruled["side"].isna()]
    c.caveat("no_side", words.NO_SIDE(ids=c.named(words.REPORT, nobody)), when=len(nobody) > 0)
    stated, there = c.review.contract.governance.reports, {*table["report"]}
    missing = of_ids([about.title for name, about in stated.items() if name not in there])
    c.caveat("no_report", words.NO_REPORT(reports=missing), when=bool(missing))


def _of_side(c: Chapter, side: str, own: pd.DataFrame, source: ReadFields) -> int:
    """Add the reports that a side owes, and return how many of them were late or not received."""
    stated = c.review.contract.governance.reports
    is_agreed = len(own) or any(one.within and one.side == side for one in stated.values())
    because = NOTHING_DUE if is_agreed else words.NO_DAY_AGREED
    label, party = words.REPORTS_OF[side], Side(side)
    fact = c.on_time(f"reports.{side}", label, own["state"], party, because=because, **source)
    due = own[own["state"].isin(JUDGED)]
    in_time = due["state"] == ON_TIME
    counts = in_time.groupby(due["report"], sort=False).agg(k="sum", n="size").reset_index()
    names = plans.by_body(plans.titled(c.review, counts), "k", "n")
    kept(c, f"received.{side}", fact, names, about=due.loc[in_time, "period"])
    missed = own[own["state"].isin((LATE, OVERDUE))]
    settle = words.REPORT_NEXT if c.review.over else words.SETTLE_REPORT
    clauses = {name: about.clause for name, about in stated.items()}
    c.each(
        Kind.CONCERN, "report", missed.sort_values("state", ascending=False, kind="stable"),
        lambda row: c.of_row(words.REPORTS_MISSED[row.state], row), id="number",
        about=lambda row: [row.period], checks=lambda _: Checks(party, 0, 1),
        decision=lambda row: settle if row.state == OVERDUE else EMPTY, decider=Side.BOTH,
        clause=lambda row: clauses.get(row.report, ""),
        brief=lambda row: _brief(c, row) if row.state == OVERDUE else None,
    )  # fmt: skip
    return len(missed)


def _brief(c: Chapter, row: Any) -> Brief:
    text = words.REPORT_BRIEF[row.side](title=shortened(row.title))
    stake = AtStake(int(row.late), Unit.DAYS, words.PAST)
    owes = EMPTY if c.review.over else words.REPORT_OWED(title=shortened(row.title))
    topic = f"governance.{row.report}"
    return Brief(c.of_row(text, row), stake, topic, Side(row.side), c.of_row(owes, row))
