"""Initiatives: suggestions, alerts and successes of either side, and their answers (H5)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, ON_TIME, OVERDUE
from reviewlib.contract.governance import AgreedRule
from reviewlib.people.initiatives import metrics
from reviewlib.people.initiatives.metrics import ALERT, ANSWERED, OTHER, SUGGESTION
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import delay_words
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import PARTIES, SIDES, as_of, in_short, read, titled
from reviewlib.report.text import EMPTY, N_, Text, n_, sentences
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

FILE = "initiatives.csv"
OF_SIDE = {"client": Side.CLIENT, "provider": Side.PROVIDER}
KINDS = {
    SUGGESTION: N_("suggestion"),
    ALERT: N_("alert"),
    metrics.SUCCESS: N_("success"),
    metrics.THANKS: N_("thanks"),
}
ANSWERS = {"accepted": N_("accepted"), "refused": N_("refused"), "noted": N_("noted")}
COUNTED = N_(
    "The other side answers suggestions and alerts. An alert is early when it came before the "
    "fact that it announces: the first report of a date after the contract’s for a milestone, the "
    "opening of a ticket. A budget line is stated once, and may have been exceeded before: an "
    "alert on it is judged where it came after that day alone. Days are calendar days; the same "
    "rule holds for both sides."
)
WITHIN = N_("The contract asks for an answer within {delay}.")
NO_DELAY = N_("The contract sets no delay for an answer: none is late.")
HEADLINE = n_(
    "{k} of {n} suggestion or alert was answered.",
    "{k} of {n} suggestions and alerts were answered.",
    on="n",
)
UNTOLD = N_("The folder does not say which suggestions and alerts were answered.")
EARLY = n_(
    "{k} of {n} alert came before the fact.", "{k} of {n} alerts came before the fact.", on="n"
)
ON_TIME_OF = {
    "client": N_("Answered by the client within the delay"),
    "provider": N_("Answered by the provider within the delay"),
}
MISSED = {
    LATE: N_("{kind:capital} {named} of {raised_on} was answered after {days:days} by {who}."),
    OVERDUE: N_(
        "{kind:capital} {named} of {raised_on} has had no answer of {who} for {days:days}."
    ),
}
AHEAD = N_("It had come {ahead:days} before the fact that it announced ({fact_on}).")
ANSWER = N_("{initiative_id}: answer it, or say why not.")
AGREE = N_("Agree on who answers alerts, and by which channel.")
APPLIED = N_("Suggestions put into practice: {k} of {n} ({names}).")
RECOGNISED = N_("Successes and thanks on record: {names}.")
BRIEF = {
    LATE: N_("{named} was answered after {days:days}."),
    OVERDUE: N_("{named} has had no answer for {days:days}."),
}
EARLY_BRIEF = N_("Alert {named}, {ahead:days} before the fact, was answered after {days:days}.")
UNANSWERED = N_("{named}: an answer")

INITIATIVES = TableForm(
    "initiatives",
    N_("Suggestions, alerts, successes and thanks"),
    (
        Col("initiative_id", N_("Initiative"), quoted=True),
        Col("kind", N_("Kind"), words=KINDS),
        Col("title", N_("What"), quoted=True),
        Col("side", N_("Given by"), words=SIDES),
        Col("raised_on", N_("Given on"), Unit.DATE),
        Col("fact_on", N_("Fact announced"), Unit.DATE),
        Col("ahead", N_("Days before it"), Unit.COUNT),
        Col("answer", N_("Answer"), words=ANSWERS),
        Col("answered_on", N_("Answered on"), Unit.DATE),
        Col("days", N_("Days to answer"), Unit.COUNT),
        Col("applied_on", N_("Put into practice on"), Unit.DATE),
        Col("benefit", N_("What it brought"), quoted=True),
        Col("benefit_amount", N_("A year"), Unit.MONEY),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)
LEAD = INITIATIVES.only(
    ["initiative_id", "kind", "title", "side", "ahead", "answer", "days", "applied_on"]
).but(
    name="overview",
    caption=N_("Suggestions and alerts, in short"),
    lead=True,
    by="days",
    first=N_("The {n} that waited longest for an answer, of {all}."),
)


def initiatives(review: Review) -> Section:
    """Return the chapter on what either side suggested, announced or recognised."""
    c = Chapter(review, "initiatives", N_("Initiatives and alerts"), as_of(review))
    table, rule = review.table("initiatives"), review.contract.governance.initiatives
    if table is None:
        return c.not_assessed(review.absent("initiatives"))
    within = rule.within if rule else None
    days_off = review.contract.days_off
    rows = metrics.initiatives(table, within, _facts_of(review), review.today, days_off)
    asked_for = rows[rows["kind"].isin(ANSWERED)]
    alerts = rows[(rows["kind"] == ALERT) & rows["ahead"].notna()]
    answered = int(asked_for["answered_on"].notna().sum())
    c.headline(HEADLINE(k=answered, n=len(asked_for)) if "answered_on" in table else UNTOLD)
    early = int((alerts["ahead"] > 0).sum())
    c.headline(*([EARLY(k=early, n=len(alerts))] if len(alerts) else []))
    c.intro(COUNTED, WITHIN(delay=delay_words(within)) if within else NO_DELAY)
    _answers(c, table, asked_for, rule)
    c.share(
        "early", N_("Alerts given before the fact"), early, len(alerts), key=True,
        because=N_("no alert names a fact that happened"), source=_announced(),
    )  # fmt: skip
    _suggestions(c, table, rows)
    _unanswered(c, asked_for, rule)
    c.table(LEAD, asked_for)
    c.table(INITIATIVES, rows)
    return c.section()


def _facts_of(review: Review) -> dict[str, pd.Series]:
    """Return the days of the facts that an alert can announce, by the column that names them."""
    tickets, zone = review.table("tickets"), review.contract.time_zone
    opened = pd.Series(dtype="datetime64[s]")
    if tickets is not None:
        local = tickets["opened_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
        opened = local.astype("datetime64[s]").set_axis(tickets["ticket_id"].astype("str"))
    milestones, forecasts = review.table("milestones"), review.table("milestone_forecasts")
    return {
        "milestone_id": metrics.slipped_on(milestones, forecasts, review.today),
        "ticket_id": opened,
        "line_id": metrics.exceeded_on(review.table("budget")),
    }


def _announced() -> str:
    return (
        f"{FILE}: kind, raised_on, milestone_id, ticket_id, line_id; "
        "milestone_forecasts.csv: reported_on, forecast_date; milestones.csv: contract_date; "
        "budget.csv: current, actual, forecast, stated_on"
    )


def _answers(c: Chapter, table: pd.DataFrame, rows: pd.DataFrame, rule: AgreedRule | None) -> None:
    """Add what each side answered within the delay, and how long an answer took."""
    clause, source = rule.clause if rule else "", read(table, FILE, "raised_on", "answered_on")
    for side, label in ON_TIME_OF.items():
        own = rows[rows["by"] == side]
        if own.empty or not (rule and rule.within):
            continue
        fact = c.on_time(f"on_time.{side}", label, own["state"], OF_SIDE[side], clause=clause,
                         key=True, **source)  # fmt: skip
        c.met(f"on_time.{side}", fact, own.loc[own["state"] == ON_TIME, "initiative_id"], clause)
    label = N_("Days to an answer, median")
    c.median("days", label, rows.loc[rows["answered_on"].notna(), "days"], **source)


def _suggestions(c: Chapter, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Add what became of suggestions, and what is recognised."""
    own = rows[rows["kind"] == SUGGESTION]
    applied = own[own["applied_on"].notna()]
    practised = N_("Suggestions put into practice")
    none = N_("nobody suggested anything")
    given = read(table, FILE, "kind", "applied_on")
    c.share("applied", practised, len(applied), len(own), because=none, **given)
    amounts = applied["benefit_amount"].dropna().astype("float64")
    total, label = (
        amounts.sum() if len(amounts) else None,
        N_("What they brought, a year, as stated"),
    )
    c.amount(
        "benefit", label, total,
        n=len(amounts), because=N_("no suggestion put into practice states an amount"),
        **read(table, FILE, "benefit_amount"),
    )  # fmt: skip
    sentence = APPLIED(k=len(applied), n=len(own), names=c.named(_named, applied, 3))
    c.strength("applied", sentence, about=applied["initiative_id"])
    rest = rows[~rows["kind"].isin(ANSWERED)]
    c.count("recognised", N_("Successes and thanks on record"), rest["kind"].notna())
    c.strength(
        "recognised", RECOGNISED(names=c.named(_named, rest, 3)), about=rest["initiative_id"]
    )


def _unanswered(c: Chapter, rows: pd.DataFrame, rule: AgreedRule | None) -> None:
    """Add each suggestion or alert that was answered after the delay, or not at all."""
    late = rows[rows["state"].isin([LATE, OVERDUE]) & rows["by"].notna()]
    c.each(
        Kind.CONCERN,
        "answer",
        late.sort_values("days", ascending=False, kind="stable"),
        _sentence,
        id="initiative_id",
        decision=lambda row: ANSWER if row.state == OVERDUE else AGREE,
        clause=lambda row: rule.clause if rule else "",
        checks=lambda row: Checks(OF_SIDE[row.by], 0, 1),
        brief=lambda row: _brief(c, row),
        decider=lambda row: OF_SIDE[row.by],
    )
    c.stopped(len(late))


def _named(row: Any) -> Text:
    return titled(row.initiative_id, row.title)


def _sentence(row: Any) -> Text:
    named, who = titled(row.initiative_id, row.title), PARTIES[OTHER[row.side]]
    ahead = pd.notna(row.ahead) and row.ahead > 0
    return sentences(MISSED[row.state](kind=KINDS[row.kind], named=named, who=who),
                     AHEAD if ahead else EMPTY)  # fmt: skip


def _brief(c: Chapter, row: Any) -> Brief:
    named = in_short(row.initiative_id, row.title, 6)
    is_early = row.state == LATE and pd.notna(row.ahead) and row.ahead > 0
    text = c.of_row((EARLY_BRIEF if is_early else BRIEF[row.state])(named=named), row)
    owes = UNANSWERED(named=named) if row.state == OVERDUE else EMPTY
    stake = AtStake(int(row.days), Unit.DAYS)
    return Brief(text, stake, f"initiative {row.initiative_id}", OF_SIDE[row.by], owes)
