"""Due before the next review: what either party has to do by then, by its date."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.punctuality import AWAITING
from reviewlib.delivery import results
from reviewlib.delivery.milestones.metrics import milestones
from reviewlib.engagement.engagement.metrics import objectives
from reviewlib.lessons.ahead import metrics
from reviewlib.lessons.words import ACTION, DECISION
from reviewlib.money import results as money
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import SIDES, SPAN
from reviewlib.report.text import N_, n_
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review
from reviewlib.service.evolution.metrics import key_dates
from reviewlib.tables import SCHEMAS

KINDS = {
    "milestones": N_("milestone"),
    "deliverables": N_("deliverable"),
    "submissions": N_("decision on what was submitted"),
    "work_orders": N_("work order"),
    "client_duties": N_("duty of the client"),
    "payments": N_("payment"),
    "actions": ACTION,
    "decisions": DECISION,
    "objectives": N_("objective"),
    "notices": N_("last day to act before a key date"),
    "key_dates": N_("key date"),
}
NO_PERIOD = N_("the review is of the whole engagement: none follows it")
NO_TABLE = N_("the folder has no table of what falls due")
NOTHING = N_("Nothing that the tables name falls due by {by:date}.")
HEADLINE = n_(
    "{n} thing falls due by {by:date}: “{title}” ({due_on:date}).",
    "{n} things fall due by {by:date}, first “{title}” ({due_on:date}).",
)
COUNTED = N_(
    "What is dated from {after:date} to {by:date}, which is as long as the period reviewed, and "
    "was not done at its end. Milestones by their date in force, objectives by the day on which "
    "they are judged, key dates of the contract and the last days to act before them."
)
SOURCE = (
    "milestones.csv: contract_date, rebaselined_date, actual_date; deliverables.csv: due_on; "
    "submissions.csv: submitted_on, decided_on; work_orders.csv: due_on, delivered_on; "
    "client_duties.csv: due_on, done_on; payments.csv: received_on, due_on, paid_on; "
    "actions.csv: due_on, done_on; decisions.csv: due_on, applied_on; engagement.yml: key_dates"
)
TABLE = TableForm(
    "items",
    N_("What falls due before the next review"),
    (
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("number", N_("Number")),
        Col("title", N_("What"), quoted=True),
        Col("kind", N_("Kind"), words=KINDS),
        Col("side", N_("Side"), words=SIDES),
    ),
    lead=True,
)


def ahead(review: Review) -> Section:
    """Return the chapter on what falls due between a periodic review and the next one."""
    c = Chapter(review, "ahead", N_("Due before the next review"))
    if review.period is None:
        return c.not_assessed(NO_PERIOD)
    tables = _tables(review)
    if not tables:
        return c.not_assessed(NO_TABLE)
    after, by = review.today, pd.Timestamp(review.period.after.last)
    c.period = SPAN(first=after + pd.Timedelta(days=1), last=by)
    rows = metrics.ahead(tables, after, by)
    if len(rows):
        c.headline(c.of_row(HEADLINE(n=len(rows), by=by), next(rows.itertuples())))
    else:
        c.headline(NOTHING(by=by))
    c.intro(COUNTED(after=after + pd.Timedelta(days=1), by=by))
    of_one = rows["side"].isin(["provider", "client"])
    for name, label, chosen in (
        ("provider", N_("Due on the provider’s side"), rows["side"] == "provider"),
        ("client", N_("Due on the client’s side"), rows["side"] == "client"),
        ("other", N_("Due on both sides, or on one that is not stated"), ~of_one),
    ):
        c.count(name, label, chosen, source=SOURCE, key=True)
    if len(rows):
        c.table(TABLE, rows)
    return c.section()


def _tables(review: Review) -> dict[str, pd.DataFrame]:
    """Return the tables of what falls due, with what ``metrics.ahead`` asks for."""
    named = {name: review.table(name) for name in metrics.PLANNED if name in SCHEMAS}
    tables = {name: table for name, table in named.items() if table is not None}
    if stated := review.contract.objectives:
        measures = review.table("objective_results")
        tables["objectives"] = objectives(stated, measures, review.today)
    if review.contract.key_dates:
        dates = key_dates(review.contract, review.today)
        of_notice = dates["act_by"] < dates["on"]
        tables |= {"key_dates": dates, "notices": dates[of_notice]}
    if "payments" in tables:  # due by the contract's time to pay, where no date is stated
        tables["payments"] = money.payments(review)
    if "milestones" in tables:
        changes = review.table("changes")
        dated = milestones(tables["milestones"], None, review.today, changes, review.contract)
        tables["milestones"] = dated.assign(in_force=dated["baseline_date"])
    tables.pop("submissions", None)  # its rows are versions, of which some await a decision
    sent = results.versions(review)
    if "deliverables" in tables:
        rows = tables["deliverables"]
        first = pd.Series(dtype="datetime64[s]")
        if sent is not None:
            first = sent.groupby("deliverable_id")["submitted_on"].min()
            tables["submissions"] = _awaiting(sent, rows)
        tables["deliverables"] = rows.assign(submitted_on=rows["deliverable_id"].map(first))
    return tables


def _awaiting(sent: pd.DataFrame, deliverables: pd.DataFrame) -> pd.DataFrame:
    """Return the versions on which the client has not decided, with what each is called."""
    titles = deliverables.drop_duplicates("deliverable_id").set_index("deliverable_id")["title"]
    rows = sent[sent["counts"] == AWAITING]
    return rows.assign(title=rows["deliverable_id"].map(titles))
