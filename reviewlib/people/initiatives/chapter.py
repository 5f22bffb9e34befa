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
from reviewlib.report.text import EMPTY, N_, Text, commas, n_, sentences
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
ANSWERS = {"accepted": N_("accepted"), "refused": N_("not followed"), "noted": N_("noted")}
BASES = {
    "estimated": N_("estimated"),
    "stated": N_("stated"),
    "confirmed": N_("confirmed"),
    "": N_("basis not recorded"),
}
COUNTED = N_(
    "The other side answers suggestions and alerts. An alert is early when it came before the "
    "event that it announces: the first report of a date after the contract’s for a milestone, or "
    "the day on which that of the contract had passed; the opening of a ticket. A budget line is "
    "stated once, and may have been exceeded before: an alert on it is judged where it came after "
    "that day alone. Days are calendar days; the same rule holds for both sides."
)
WITHIN = N_("The contract asks for an answer within {delay}.")
NO_DELAY = N_("The contract sets no time limit for an answer: none is late.")
HEADLINE = N_("Answered: {k} of {n}.")
NONE_ASKED = N_("No suggestion or alert is recorded.")
UNTOLD = N_("The folder does not say which suggestions and alerts were answered.")
EVENTS = {
    metrics.REPORTED: N_("{ahead:days} before a later date was first reported"),
    metrics.PASSED: N_("{ahead:days} before the date of the contract had passed"),
    metrics.OPENED: N_("{ahead:days} before the ticket was opened"),
}
"""How long before it an alert came; one on a budget line is never judged to be before."""
NOT_COMPARED = N_("Alerts: {n}; none can be compared with an event.")
ONE_COMPARED = N_("Alerts: {n}; 1 can be compared with the event: {event}.")
COMPARED = N_("Alerts: {n}; {m} can be compared with the event: {k} came before it.")
APART = n_("{n} alert cannot be compared", "{n} alerts cannot be compared")
ON_TIME_OF = {
    "client": N_("Answered by the client within the time allowed"),
    "provider": N_("Answered by the provider within the time allowed"),
}
UNDATED = N_("answered on a day that is not recorded: {n}")
MISSED = N_("{kind:capital} {named} of {raised_on} was answered after {days:days} by {who}.")
UNANSWERED_BY = {
    "client": N_(
        "{kind:capital} {named} of {raised_on}: the client has no answer on record after "
        "{days:days}."
    ),
    "provider": N_(
        "{kind:capital} {named} of {raised_on}: the provider has no answer on record after "
        "{days:days}."
    ),
}
AHEAD = N_("It came {event} ({event_on}).")
STILL = N_("On {still_on}, the date announced was still {still}.")
ANSWER = N_("{initiative_id}: answer it, or say why not.")
AGREE = N_("Agree on who answers suggestions and alerts, and by which channel.")
AGREE_NEXT = N_(
    "For the next contract: agree on who answers suggestions and alerts, and by which channel."
)
REFUSED = N_("{kind:capital} {named} of {raised_on} was not followed ({who}, {answered_on}).")
PRACTISED = N_("It was put into practice on {applied_on}.")
NO_EVENT = N_("It can be compared with no event of the tables.")
APPLIED = N_("Suggestions put into practice, with a document: {names}.")
BROUGHT = N_("By the year: {parts:chain}.")
AMOUNT = N_("{initiative_id}, {amount:money} ({basis})")
OF_BASIS = N_("{basis}: {amount:money}")
RECOGNISED = N_("Successes and thanks with a document: {names}.")
STATED = {
    "client": N_("Stated by the client, without a document: {names}."),
    "provider": N_("Stated by the provider, without a document: {names}."),
}
BRIEF = {
    LATE: N_("{named} was answered after {days:days}."),
    OVERDUE: N_("{named}: no answer on record after {days:days}."),
}
EARLY_BRIEF = N_("Alert {named}, {event}, was answered after {days:days}.")
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
        Col("event_on", N_("Event announced"), Unit.DATE),
        Col("ahead", N_("Days before it"), Unit.COUNT),
        Col("answer", N_("Answer"), words=ANSWERS),
        Col("answered_on", N_("Answered on"), Unit.DATE),
        Col("days", N_("Days to answer"), Unit.COUNT),
        Col("applied_on", N_("Put into practice on"), Unit.DATE),
        Col("benefit", N_("What it brought"), quoted=True),
        Col("benefit_amount", N_("A year"), Unit.MONEY),
        Col("benefit_basis", N_("Basis"), words=BASES),
        Col("order_id", N_("Work order"), quoted=True),
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
    rows = metrics.initiatives(table, within, _events(review), review.today, days_off)
    reports = review.table("milestone_forecasts")
    still = metrics.still_announced(review.table("milestones"), reports)
    of_rows = still.reindex(rows["milestone_id"].astype("object")).set_axis(rows.index)
    rows = rows.assign(still_on=of_rows["still_on"], still=of_rows["still"])
    asked_for = rows[rows["kind"].isin(ANSWERED)]
    answered = int(asked_for[["answered_on", "answer"]].notna().any(axis=1).sum())
    headline = HEADLINE(k=answered, n=len(asked_for)) if len(asked_for) else NONE_ASKED
    c.headline(headline if "answered_on" in table else UNTOLD)
    c.intro(COUNTED, WITHIN(delay=delay_words(within)) if within else NO_DELAY)
    _answers(c, table, asked_for, rule)
    _alerts(c, rows[rows["kind"] == ALERT])
    _suggestions(c, table, rows)
    _recognised(c, rows[~rows["kind"].isin(ANSWERED)])
    applied = (rows["kind"] == SUGGESTION) & rows["applied_on"].notna()
    _stated(c, rows[(applied | ~rows["kind"].isin(ANSWERED)) & rows["evidence"].isna()])
    _unanswered(c, asked_for, rule)
    _refused(c, asked_for[asked_for["answer"] == "refused"])
    c.table(LEAD, asked_for)
    c.table(INITIATIVES, rows)
    return c.section()


def _events(review: Review) -> dict[str, pd.Series]:
    """Return the days of the events that an alert can announce, by what they are."""
    tickets, zone = review.table("tickets"), review.contract.time_zone
    opened = pd.Series(dtype="datetime64[s]")
    if tickets is not None:
        local = tickets["opened_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
        opened = local.astype("datetime64[s]").set_axis(tickets["ticket_id"].astype("str"))
    milestones, forecasts = review.table("milestones"), review.table("milestone_forecasts")
    return {
        metrics.REPORTED: metrics.reported_on(milestones, forecasts),
        metrics.PASSED: metrics.passed_on(milestones, review.today),
        metrics.OPENED: opened,
        metrics.EXCEEDED: metrics.exceeded_on(review.table("budget")),
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
        undated = own["state"].isna() & own["answer"].notna()
        note = UNDATED(n=int(undated.sum())) if undated.any() else EMPTY
        fact = c.on_time(f"on_time.{side}", label, own["state"], OF_SIDE[side], clause=clause,
                         key=True, note=note, **source)  # fmt: skip
        c.met(f"on_time.{side}", fact, own.loc[own["state"] == ON_TIME, "initiative_id"], clause)
    label = N_("Days to an answer, median")
    c.median("days", label, rows.loc[rows["answered_on"].notna(), "days"], **source)


def _alerts(c: Chapter, alerts: pd.DataFrame) -> None:
    """Add how many alerts came before their event, of those that can be compared with one."""
    n, compared = len(alerts), alerts[alerts["ahead"].notna()]
    early = compared[compared["ahead"] > 0]
    k, m = len(early), len(compared)
    headline = NOT_COMPARED(n=n) if not m else COMPARED(n=n, m=m, k=k)
    if k == m == 1:
        headline = ONE_COMPARED(n=n, event=_event(early.iloc[0]))
    c.headline(*([headline] if n else []))
    c.share(
        "early", N_("Alerts given before the event, of those compared"), k, m,
        because=N_("no alert can be compared with an event"), source=_announced(),
        note=APART(n=n - m) if m < n else EMPTY,
    )  # fmt: skip


def _event(row: Any) -> Text:
    return EVENTS[row.event](ahead=row.ahead)


def _suggestions(c: Chapter, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Add what became of suggestions, and what they brought."""
    own = rows[rows["kind"] == SUGGESTION]
    applied = own[own["applied_on"].notna()]
    practised = N_("Suggestions put into practice")
    none = N_("nobody suggested anything")
    given = read(table, FILE, "kind", "applied_on")
    c.share("applied", practised, len(applied), len(own), because=none, **given)
    paying = applied[applied["benefit_amount"].notna()]
    paying = paying.assign(
        amount=paying["benefit_amount"].astype("float64"),
        basis=paying["benefit_basis"].astype("object").fillna(""),
    )
    by_basis = paying.groupby("basis")["amount"].sum()
    parts = [OF_BASIS(basis=BASES[name], amount=amount) for name, amount in by_basis.items()]
    c.amount(
        "benefit", N_("What they brought, a year"), by_basis.sum() if parts else None,
        n=len(paying), because=N_("no suggestion put into practice states an amount"),
        note=commas(parts), **read(table, FILE, "benefit_amount"),
    )  # fmt: skip
    proven, paying = (rows[rows["evidence"].notna()] for rows in (applied, paying))
    sentence = APPLIED(names=c.named(_named, proven, 3))
    brought = BROUGHT(parts=[_brought(row) for row in paying.head(3).itertuples()])
    about = [*proven["initiative_id"], *paying["order_id"].dropna()]
    c.strength("applied", sentences(sentence, brought if len(paying) else EMPTY), about=about)


def _brought(row: Any) -> Text:
    """Return what a suggestion brought by the year."""
    return AMOUNT(initiative_id=row.initiative_id, amount=row.amount, basis=BASES[row.basis])


def _recognised(c: Chapter, rows: pd.DataFrame) -> None:
    """Add the successes and thanks that a document proves."""
    proven = rows["evidence"].notna()
    label = N_("Successes and thanks with a document")
    c.count("recognised", label, proven, source=f"{FILE}: kind, evidence")
    own = rows[proven]
    sentence = RECOGNISED(names=c.named(_named, own, 3))
    c.strength("recognised", sentence, about=own["initiative_id"])


def _stated(c: Chapter, rows: pd.DataFrame) -> None:
    """Add what one side states, successes or suggestions applied, and no document proves."""
    for side, words in STATED.items():
        own = rows[rows["side"] == side]
        c.neutral(
            f"stated.{side}", words(names=c.named(_named, own, 3)), about=own["initiative_id"]
        )


def _unanswered(c: Chapter, rows: pd.DataFrame, rule: AgreedRule | None) -> None:
    """Add each suggestion or alert that was answered after the delay, or not at all."""
    late = rows[rows["state"].isin([LATE, OVERDUE]) & rows["by"].notna()]
    late = late.sort_values("days", ascending=False, kind="stable")
    agreed = [row.Index for row in late.itertuples() if not _is_owed(row, c.review.over)][:1]
    c.each(
        Kind.CONCERN,
        "answer",
        late,
        _sentence,
        id="initiative_id",
        decision=lambda row: _decision(row, c.review.over, agreed),
        clause=lambda row: rule.clause if rule else "",
        checks=lambda row: Checks(OF_SIDE[row.by], 0, 1),
        brief=lambda row: _brief(c, row),
        decider=lambda row: OF_SIDE[row.by] if _is_owed(row, c.review.over) else Side.BOTH,
    )
    c.stopped(len(late))


def _is_owed(row: Any, over: bool) -> bool:
    return row.state == OVERDUE and not over


def _decision(row: Any, over: bool, agreed: list[Any]) -> Text:
    """Return the answer that is owed, or what both sides agree on: with the first finding alone."""
    if _is_owed(row, over):
        return ANSWER
    if row.Index not in agreed:
        return EMPTY
    return AGREE_NEXT if over else AGREE


def _refused(c: Chapter, rows: pd.DataFrame) -> None:
    """Add each suggestion or alert that was not followed, and what is recorded after it."""
    c.each(
        Kind.NEUTRAL, "refused", rows, lambda row: sentences(REFUSED(
            kind=KINDS[row.kind], named=_named(row), who=PARTIES[OTHER[row.side]]
        ), _after(row)), id="initiative_id",
    )  # fmt: skip
    c.stopped(len(rows), name="more_refused")


def _after(row: Any) -> Text:
    if pd.notna(row.applied_on):
        return PRACTISED
    if _is_early(row):
        return _ahead(row)
    return NO_EVENT if row.kind == ALERT and pd.isna(row.event) else EMPTY


def _is_early(row: Any) -> bool:
    return pd.notna(row.ahead) and bool(row.ahead > 0)


def _named(row: Any) -> Text:
    return titled(row.initiative_id, row.title)


def _ahead(row: Any) -> Text:
    """Return how long before its event an alert came, and the date announced in between."""
    is_still = row.event == metrics.REPORTED and pd.notna(row.still_on)
    after = is_still and row.still_on >= row.raised_on
    return sentences(AHEAD(event=_event(row)), STILL if after else EMPTY)


def _sentence(row: Any) -> Text:
    by = OTHER[row.side]
    words = UNANSWERED_BY[by] if row.state == OVERDUE else MISSED(who=PARTIES[by])
    missed = words(kind=KINDS[row.kind], named=_named(row))
    return sentences(missed, _ahead(row) if _is_early(row) else EMPTY)


def _brief(c: Chapter, row: Any) -> Brief:
    named = in_short(row.initiative_id, row.title, 6)
    if row.state == LATE and _is_early(row):
        words = EARLY_BRIEF(named=named, event=_event(row))
    else:
        words = BRIEF[row.state](named=named)
    owes = UNANSWERED(named=named) if _is_owed(row, c.review.over) else EMPTY
    stake = AtStake(int(row.days), Unit.DAYS)
    topic = f"initiative {row.initiative_id}"
    return Brief(c.of_row(words, row), stake, topic, OF_SIDE[row.by], owes)
