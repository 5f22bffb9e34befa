"""Blocking points: what stopped the work, how both sides dealt with it, for how long (H7)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, NOT_DUE, ON_TIME, OVERDUE
from reviewlib.contract.governance import BlockerRule
from reviewlib.people.blockers import metrics
from reviewlib.people.blockers.metrics import ALONE, MISSED, UNTOLD
from reviewlib.people.words import MANY, time_taken
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import delay_words
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import PARTIES, SIDES, as_of, in_short, read, titled
from reviewlib.report.text import EMPTY, N_, Text, commas, n_, sentences
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

FILE = "blockers.csv"
ANALYSES = {
    ON_TIME: N_("together, within the time allowed"),
    LATE: N_("together, after the time allowed"),
    OVERDUE: N_("none recorded, past the time allowed"),
    NOT_DUE: N_("not due"),
    ALONE: N_("not recorded as joint"),
    UNTOLD: N_("the table does not say whether together"),
}
COUNTED = N_(
    "A blocking point lasts from the day on which it was raised to the day on which it was "
    "resolved, or to the day of the review, in calendar days. The days of delay are those of the "
    "cause that it names, its first and its last day counted, as in the chapter on delays, and so "
    "is whom they are attributed to: recorded, not proved. A day on which causes of several "
    "parties meet is shared; in all it counts once."
)
WITHIN = N_("The contract asks both sides to analyse it together within {delay}.")
OPTIONS = n_("It asks for {n} option to choose from.", "It asks for {n} options to choose from.")
NO_RULE = N_("The contract sets no rule for blocking points: these are counts.")
ONE = n_(
    "{k} of {n} blocking point was resolved, in {longest:days}.",
    "{k} of {n} blocking points was resolved, in {longest:days}.",
)
SAME = N_("{k} of {n} blocking points were resolved, in {longest:days} each.")
FEW_RESOLVED = n_(
    "{k} of {n} blocking points were resolved: {before} within {next:days}, {last} in "
    "{longest:days}.",
    "{k} of {n} blocking points were resolved: {before} within {next:days}, {last} in "
    "{longest:days}.",
    on="before",
)
RESOLVED = N_("{k} of {n} blocking points were resolved, half of them within {median:days}.")
NONE_RESOLVED = n_("{n} blocking point, not resolved.", "{n} blocking points, none resolved.")
NO_DAYS = N_("The folder does not say when blocking points were resolved.")
LASTED = N_("Blocking point {named} lasted {days:days}, from {raised_on} to {resolved_on}.")
OPEN = N_("Blocking point {named} has been open since {raised_on}: {days:days}.")
FEW_OPTIONS = n_("One option was proposed.", "{n} options were proposed.")
NO_OPTION = N_("No option was proposed.")
ANALYSED = {
    LATE: N_("Both sides analysed it together on {analysed_on}, after the time allowed."),
    OVERDUE: N_("No joint analysis is recorded."),
    UNTOLD: N_("It was analysed on {analysed_on}; whether together the table does not say."),
    ALONE: N_("No joint analysis is recorded; the one of {analysed_on} is marked as not joint."),
}
NOT_TOLD = N_("analysed, and the table does not say whether together: {n}")
COSTS = {
    False: N_("Its cause {cause_id}: {delay_days:days} of delay, attributed to {who}."),
    True: N_("Its cause {cause_id}: {delay_days:days} of delay, attributed to {who} (contested)."),
}
SHARED_DAYS = n_(
    "Of these days, {shared_days} is shared with another party’s cause.",
    "Of these days, {shared_days} are shared with another party’s cause.",
    on="shared_days",
)
DELAY = N_("{n:days}, {who}")
PARTLY = N_("{who}: {alone:days} alone, {shared:days} shared")
PART, SHARED = N_("{who} alone: {n:days}"), N_("shared: {n:days}")
SETTLE = N_("Blocking point {blocker_id}: analyse it together, with options, and set a date.")
SET_DATE = N_("Blocking point {blocker_id}: set a date for its solution.")
NO_CAUSE = N_("none names a cause of delay")
AGREE = N_("Agree on who calls the joint analysis of a blocking point, and who brings options.")
AGREE_NEXT = N_(
    "For the next contract: say who calls the joint analysis of a blocking point, and who brings "
    "options."
)
NOTE = N_("Blocking point {blocker_id}: say in the final account what becomes of it.")
JOINT = N_("Resolved after a joint analysis within the time allowed: {names}.")
IN_DAYS = N_("{named} in {days:days}")
BRIEF = N_("Blocking point {named}: {days:days}.")
FEW_BRIEF = N_("Blocking point {named}: {days:days}; options proposed: {options}.")

BLOCKERS = TableForm(
    "blockers",
    N_("Blocking points"),
    (
        Col("blocker_id", N_("Point"), quoted=True),
        Col("title", N_("What was blocked"), quoted=True),
        Col("raised_by", N_("Raised by"), words=SIDES),
        Col("raised_on", N_("Raised on"), Unit.DATE),
        Col("options", N_("Options"), Unit.COUNT),
        Col("options_by", N_("Options by"), words=SIDES),
        Col("analysed_on", N_("Analysed on"), Unit.DATE),
        Col("analysis", N_("Analysis"), words=ANALYSES),
        Col("resolved_on", N_("Resolved on"), Unit.DATE),
        Col("days", N_("Days"), Unit.COUNT),
        Col("delay_days", N_("Days of delay, both counted"), Unit.COUNT),
        Col("cause_id", N_("Cause"), quoted=True),
        Col("attributed_to", N_("Attributed to"), words=PARTIES),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)
LEAD = BLOCKERS.but(
    name="overview",
    caption=N_("Blocking points, in short"),
    columns=(
        *BLOCKERS.only(["blocker_id", "title", "raised_by", "options", "analysis", "days"]).columns,
        Col("delay", N_("Delay attributed to, both days counted")),
    ),
    lead=True,
    by="days",
    first=N_("The {n} longest, of {all}."),
)


def blockers(review: Review) -> Section:
    """Return the chapter on blocking points."""
    c = Chapter(review, "blockers", N_("Blocking points"), as_of(review))
    table, rule = review.table("blockers"), review.contract.governance.blockers
    if table is None:
        return c.not_assessed(review.absent("blockers"))
    causes, days_off = review.table("delay_causes"), review.contract.days_off
    rows = metrics.blockers(table, causes, rule, review.today, days_off)
    if "resolved_on" not in table:
        c.headline(NO_DAYS)
        c.intro(COUNTED, *_rule(rule))
        _facts(c, table, rows, rule)
        _delay(c, rows, causes)
        c.table(BLOCKERS.without("analysis", "days"), rows)
        return c.section()
    c.headline(_resolved(rows))
    c.intro(COUNTED, *_rule(rule))
    _facts(c, table, rows, rule)
    _delay(c, rows, causes)
    _findings(c, rows, rule)
    delay = [_delay_of(row) for row in rows.itertuples()]
    c.table(LEAD, rows.assign(delay=pd.Series(delay, rows.index, dtype="object")))
    c.table(BLOCKERS, rows)
    return c.section()


def _resolved(rows: pd.DataFrame) -> Text:
    """Return how many were resolved and how soon: of few, all but the longest and the longest."""
    days = rows.loc[~rows["is_open"], "days"]
    if days.empty:
        return NONE_RESOLVED(n=len(rows))
    longest, before = days.max(), days[days < days.max()]
    k = {"k": len(days), "n": len(rows), "longest": longest}
    if len(days) == 1:
        return ONE(**k)
    if len(days) >= MANY:
        return RESOLVED(median=days.median(), **k)
    if before.empty:
        return SAME(**k)
    return FEW_RESOLVED(before=len(before), next=before.max(), last=len(days) - len(before), **k)


def _delay_of(row: Any) -> Text:
    if pd.isna(row.delay_days) or pd.isna(row.attributed_to):
        return EMPTY
    who, shared = PARTIES[row.attributed_to], row.shared_days
    if not shared:
        return DELAY(n=row.delay_days, who=who)
    return PARTLY(who=who, alone=row.delay_days - shared, shared=shared)


def _rule(rule: BlockerRule | None) -> list[Text]:
    if rule is None:
        return [NO_RULE]
    within = [WITHIN(delay=delay_words(rule.within))] if rule.within else []
    return [*within, *([OPTIONS(n=rule.options)] if rule.options else [])]


def _facts(c: Chapter, table: pd.DataFrame, rows: pd.DataFrame, rule: BlockerRule | None) -> None:
    clause, resolved = rule.clause if rule else "", rows.loc[~rows["is_open"], "days"]
    dates = read(table, FILE, "raised_on", "resolved_on")
    median = N_("Days to resolve a blocking point, median")
    longest = N_("Days to resolve a blocking point, the longest")
    time_taken(c, median, longest, resolved, key=True, **dates)
    due = rows["analysis"].isin([ON_TIME, *MISSED])
    k, n = int((rows["analysis"] == ON_TIME).sum()), int(due.sum())
    untold = int((rows["analysis"] == UNTOLD).sum())
    fact = c.share(
        "together", N_("Analysed together within the time allowed"), k, n, key=True, clause=clause,
        because=N_("the contract allows no set time, or none has come due"),
        checks=Checks(Side.BOTH, k, n) if n else None,
        note=NOT_TOLD(n=untold) if untold and n else EMPTY,
        **read(table, FILE, "raised_on", "analysed_on", "together", "resolved_on"),
    )  # fmt: skip
    c.met("together", fact, rows.loc[rows["analysis"] == ON_TIME, "blocker_id"], clause)
    stated = rows["few"].dropna().astype("bool")
    c.share(
        "options", N_("With as many options as the contract asks for"), int((~stated).sum()),
        len(stated), clause=clause, **read(table, FILE, "options"),
        because=N_("the contract asks for no number of options, or the table states none"),
    )  # fmt: skip


def _delay(c: Chapter, rows: pd.DataFrame, causes: pd.DataFrame | None) -> None:
    """Add the calendar days of the causes that they are, each day once, and whose they are."""
    own = rows[rows["delay_days"].notna()].drop_duplicates("cause_id")
    covered = metrics.days_covered(rows, causes, c.review.today)
    parts = [
        SHARED(n=n) if pd.isna(who) else PART(who=PARTIES[who], n=n)
        for who, n in metrics.days_by_party(covered).itertuples(index=False, name=None)
    ]
    c.fact(
        "delay", N_("Calendar days that their causes of delay cover"),
        covered["day"].nunique() if len(own) else None,
        Unit.DAYS, n=len(own),
        because=NO_CAUSE if causes is not None else c.review.absent("delay_causes"),
        source=f"{FILE}: cause_id; delay_causes.csv: starts_on, ends_on, attributed_to",
        note=commas(parts) if covered["shared"].any() else EMPTY,
    )  # fmt: skip


def _findings(c: Chapter, rows: pd.DataFrame, rule: BlockerRule | None) -> None:
    """Add each one that was not dealt with as agreed or is open, and those that were."""
    few = rows["few"].fillna(False).astype("bool")
    missed = rows["analysis"].isin(MISSED)
    worst = rows[few | missed | rows["is_open"]].sort_values("days", ascending=False, kind="stable")
    c.each(
        lambda row: Kind.CONCERN if row.analysis in MISSED or _is_few(row) else Kind.NEUTRAL,
        "point",
        worst,
        lambda row: sentences(*_sentence(row)),
        id="blocker_id",
        about=lambda row: [row.blocker_id, *([row.cause_id] if pd.notna(row.delay_days) else [])],
        decision=lambda row: _decision(row, c.review.over),
        clause=lambda row: rule.clause if rule else "",
        checks=lambda row: Checks(Side.BOTH, 0, 1) if row.analysis in MISSED else None,
        brief=lambda row: _brief(c, row),
        decider=Side.BOTH,
    )
    c.stopped(len(worst))
    well = rows[metrics.well_resolved(rows)]
    c.strength("joint", JOINT(names=c.named(_in_days, well, 3)), about=well["blocker_id"])


def _decision(row: Any, over: bool) -> Text:
    if row.is_open:
        dealt = row.analysis == ON_TIME and not _is_few(row)
        return NOTE if over else SET_DATE if dealt else SETTLE
    return AGREE_NEXT if over else AGREE


def _in_days(row: Any) -> Text:
    return IN_DAYS(named=titled(row.blocker_id, row.title), days=row.days)


def _is_few(row: Any) -> bool:
    return pd.notna(row.few) and bool(row.few)


def _sentence(row: Any) -> list[Text]:
    named = titled(row.blocker_id, row.title)
    few = _is_few(row)
    options = (FEW_OPTIONS(n=row.options) if row.options else NO_OPTION) if few else EMPTY
    return [
        (OPEN if row.is_open else LASTED)(named=named),
        options,
        ANALYSED.get(row.analysis, EMPTY),
        _cost(row),
    ]


def _cost(row: Any) -> Text:
    if pd.isna(row.delay_days) or pd.isna(row.attributed_to):
        return EMPTY
    is_contested = pd.notna(row.contested) and bool(row.contested)
    costs = COSTS[is_contested](who=PARTIES[row.attributed_to])
    return sentences(costs, SHARED_DAYS if row.shared_days else EMPTY)


def _brief(c: Chapter, row: Any) -> Brief:
    named = in_short(row.blocker_id, row.title, 7)
    text = FEW_BRIEF if _is_few(row) else BRIEF
    stake = AtStake(int(row.days), Unit.DAYS)
    return Brief(c.of_row(text(named=named), row), stake, f"blocker {row.blocker_id}", Side.BOTH)
