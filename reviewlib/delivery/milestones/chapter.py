"""Milestones: what was promised for when, what moved, what changes explain (C1, C2, C5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import JUDGED, LATE, NOT_DUE, ON_TIME, OVERDUE, punctuality
from reviewlib.delivery import left_out_words, results
from reviewlib.delivery.left_out import SPLIT, split_of_milestones
from reviewlib.delivery.milestones import front, metrics, words
from reviewlib.delivery.milestones.tables import (
    ANNOUNCED,
    BASELINES,
    DAYS,
    EXPLANATION,
    MILESTONES,
    PLAN,
    SPLIT_OF,
    TREND,
)
from reviewlib.report.cells import cell
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import as_of, labelled, largest
from reviewlib.report.text import EMPTY, N_, Message, Text, listed, n_, sentences
from reviewlib.report.values import Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

SLIPPING = 2  # a date moved once is a correction, twice is something to look at
REPORTED = 100  # milestones that have a finding of their own
DRAWN = 40  # milestones that a figure draws
CONTRACT = "milestones.csv: contract_date, actual_date"
IN_FORCE = (
    f"{CONTRACT}, rebaselined_date, rebaseline_approved_on; "
    "changes.csv: milestone_id, moves_to, decision, decided_on"
)
FORECASTS = "milestone_forecasts.csv: reported_on, forecast_date"

COUNTED = N_(
    "A milestone is judged by the date of the contract, and by the date in force, which "
    "approved re-baselines move; {approved_late}. The days from the date of the contract to "
    "the date in force are covered by the changes that are named; those from there to the "
    "day on which it was reached are not. What is past its date and not reached is late; "
    "what is not due yet is counted apart."
)
NOT_KNOWN = N_("When the milestones were reached is not known: {because}.")
ON_TIME_CONTRACT = N_("Milestones reached by the date of the contract")
ON_TIME_IN_FORCE = N_("Milestones reached by the date in force")
PAST = N_("Milestones not reached and past the date in force")
UNASSESSED = (
    ("on_time.contract", ON_TIME_CONTRACT, Unit.SHARE),
    ("on_time.baseline", ON_TIME_IN_FORCE, Unit.SHARE),
    ("overdue", PAST, Unit.COUNT),
)
"""What can't be told where no row says when a milestone was reached."""
PLANNED = (
    "milestone_id", "title", "clause", "contract_date", "baseline_date", "explained_days", "by",
)  # fmt: skip
LONGEST = N_(
    "The longest delay against the contract is that of {milestone_id}: {contract_days:days}."
)
AGAINST_CONTRACT = {
    ON_TIME: N_(
        "Milestone {milestone_id} “{title}” was reached on {actual_date}, by the date of the "
        "contract ({contract_date})."
    ),
    LATE: N_(
        "Milestone {milestone_id} “{title}” was reached on {actual_date}, {contract_days:days} "
        "after the date of the contract ({contract_date})."
    ),
    OVERDUE: N_(
        "Milestone {milestone_id} “{title}” is not reached as of {today}, {contract_days:days} "
        "after the date of the contract ({contract_date})."
    ),
    NOT_DUE: N_("Milestone {milestone_id} “{title}” is due on {contract_date} under the contract."),
}
MOVED_LATER = n_(
    "The announced date moved later once.",
    "The announced date moved later {moved_later} times.",
    on="moved_later",
)
ANNOUNCED_FOR = N_("It is announced for {forecast_date}.")
TIMES_MOVED = n_(
    "{milestone_id} ({moved_later} time)", "{milestone_id} ({moved_later} times)", on="moved_later"
)
SLIPS = N_("Times the announced date of milestone {milestone_id} moved later")
NO_FORECAST = N_("the folder has no forecast (milestone_forecasts.csv)")
REBASELINED = N_("Its date in force is {baseline_date}, re-baselined with approval ({changes}).")
EXPLAINED = N_(
    "That covers {explained:days}; not covered by a change approved in time: "
    "{unexplained_days:days}."
)
BROUGHT_FORWARD = N_(
    "That brought it forward by {explained:days}; not covered by a change approved in time: "
    "{unexplained_days:days}."
)
NOT_COUNTED = {
    metrics.NOT_APPROVED: N_(
        "Milestone {milestone_id}: no approval of the re-baseline to {date} ({change}) is known as "
        "of {today}. It does not count."
    ),
    metrics.UNDATED: N_(
        "Milestone {milestone_id}: the re-baseline to {date} ({change}) was approved on a day that "
        "is not stated. It does not count."
    ),
}


def milestones(review: Review) -> Section:
    """Return the chapter on the milestones of the contract's calendar."""
    c = Chapter(review, "milestones", N_("Milestones"), as_of(review))
    table, changes = review.table("milestones"), review.table("changes")
    if table is None:
        return c.not_assessed(review.absent("milestones"))
    forecasts = review.table("milestone_forecasts")
    dated = metrics.milestones(table, forecasts, review.today, changes, review.contract)
    baselines = metrics.baselines(table, changes, review.contract)
    c.intro(COUNTED(approved_late=words.approved_late(review.contract)))
    if results.milestones(review) is None:
        _undated(c, dated, results.absence(review, "milestones"))
    else:
        _dated(c, dated)
    announced = dated[dated["moved_later"].notna()]
    _moves(c, announced)
    _slipping(c, dated)
    c.table(BASELINES, baselines)
    if len(announced):
        c.table(ANNOUNCED, announced)
    if forecasts is not None:
        _trend(c, dated, forecasts)
    _caveats(c, dated, baselines)
    return c.section()


def _dated(c: Chapter, milestones: pd.DataFrame) -> None:
    """Add which milestones were reached when, against each of their dates."""
    c.headline(_reached(milestones))
    front.clauses(c, milestones)
    _punctuality(c, milestones)
    _findings(c, milestones)
    c.intro(left_out_words.COUNTED)
    split = split_of_milestones(results.delays(c.review), c.review.contract)
    form = MILESTONES if len(split) else MILESTONES.without(*SPLIT)
    note = sentences(EXPLANATION(date=c.review.today), SPLIT_OF if len(split) else EMPTY)
    rows = milestones.assign(by=milestones["explained_by"])
    c.table(form.but(note=note), rows.join(split, on="milestone_id"))
    _plan(c, milestones)


def _undated(c: Chapter, milestones: pd.DataFrame, because: Text) -> None:
    """Add that it is not known when any milestone was reached, and the dates that are known."""
    c.headline(NOT_KNOWN(because=because))
    for name, label, unit in UNASSESSED:
        c.fact(name, label, None, unit, because=because, period=EMPTY)
    c.table(MILESTONES.only(PLANNED), milestones.assign(by=milestones["explained_by"]))


def _reached(milestones: pd.DataFrame) -> Message:
    k, n = punctuality(milestones["baseline_state"])
    reached = N_("Milestones reached by the date in force: {k} of the {n} that have come due.")
    return reached(k=k, n=n) if n else N_("No milestone has come due yet.")


def _longest(c: Chapter, milestones: pd.DataFrame) -> Text:
    """Return a sentence about the milestone furthest behind; empty where none is."""
    behind = milestones[milestones["contract_days"] > 0]
    return c.in_words(largest(behind, "contract_days", 1), LONGEST)


def _punctuality(c: Chapter, milestones: pd.DataFrame) -> None:
    reached = milestones[milestones["actual_date"].notna()]
    c.on_time("on_time.contract", ON_TIME_CONTRACT, milestones["contract_state"], source=CONTRACT)
    delay = N_("Median delay of the milestones reached, against the contract")
    c.median("delay.contract", delay, reached["contract_days"], source=CONTRACT)
    states = milestones["baseline_state"]
    c.on_time("on_time.baseline", ON_TIME_IN_FORCE, states, Side.PROVIDER, source=IN_FORCE)
    delay = N_("Median delay of the milestones reached, against the date in force")
    c.median("delay.baseline", delay, reached["baseline_days"], source=IN_FORCE, key=True)
    moved = N_("Milestones moved by an approved re-baseline")
    c.count("rebaselined", moved, milestones["moved"] > 0, source=IN_FORCE, key=True)
    open_states = milestones.loc[milestones["actual_date"].isna(), "baseline_state"]
    c.count("overdue", PAST, open_states == OVERDUE, source=IN_FORCE)


def _moves(c: Chapter, announced: pd.DataFrame) -> None:
    """Add how often the dates of the milestones announced moved."""
    moved = N_("Milestones whose announced date moved later at least once")
    only_later = N_("Milestones whose announced date moved later twice or more, never earlier")
    if announced.empty:
        for name, label in (("moved", moved), ("only_later", only_later)):
            c.fact(name, label, None, because=NO_FORECAST, period=EMPTY)
        return
    c.count("moved", moved, announced["moved_later"] > 0, source=FORECASTS, key=True)
    c.count("only_later", only_later, _only_later(announced), source=FORECASTS)
    often = announced[announced["moved_later"] >= SLIPPING]
    for row in often.head(REPORTED).itertuples():
        slips, clause = SLIPS(milestone_id=row.milestone_id), str(cell(row.clause) or "")
        name, times = f"{row.milestone_id}.slips", int(row.moved_later)
        c.fact(name, slips, times, clause=clause, source=FORECASTS)


def _only_later(milestones: pd.DataFrame) -> pd.Series:
    return (milestones["moved_later"] >= SLIPPING) & (milestones["moved_earlier"] == 0)


# Findings


def _findings(c: Chapter, milestones: pd.DataFrame) -> None:
    reported, delays = _reported(milestones), results.delays(c.review)
    names = reported["milestone_id"]
    left_out = left_out_words.of_milestones(delays, c.review.contract, names)
    settle = N_("Milestone {milestone_id}: settle the date by which it is now due.")
    briefs = front.briefs(c, milestones)
    c.each(
        _kind,
        "",
        reported,
        lambda row: sentences(*_sentences(row, left_out.get(row.milestone_id, EMPTY))),
        id="milestone_id",
        about=lambda row: [row.milestone_id, *row.explained_by],
        # Who answers for what was reached late is settled with its causes.
        decision=lambda row: settle if _is_late(row) and row.baseline_state != LATE else EMPTY,
        clause="clause",
        checks=_checked,
        brief=lambda row: briefs.get(row.milestone_id),
        decider=Side.BOTH,
        limit=REPORTED,
    )


def _slipping(c: Chapter, milestones: pd.DataFrame) -> None:
    """Add the milestones of which the announced date only ever moved later."""
    slipping = milestones[_only_later(milestones)]
    only_later = N_("Announced dates that only ever moved later, never earlier: {milestones}.")
    c.concern(
        "only_later",
        only_later(milestones=c.named(TIMES_MOVED, slipping)),
        about=slipping["milestone_id"],
        decision=N_(
            "Settle what the announced dates rest on, and who warns of a delay as soon as it shows."
        ),
        decider=Side.BOTH,
        # The finding of a milestone says how often its date moved: of one, this says no more.
        restates=c.id(slipping["milestone_id"].iat[0]) if len(slipping) == 1 else "",
    )


def _reported(milestones: pd.DataFrame) -> pd.DataFrame:
    """Return the milestones that came due, are announced late or keep moving, the latest first."""
    ahead = milestones["forecast_date"] > milestones["baseline_date"]
    due = milestones["baseline_state"].isin(JUDGED)
    chosen = milestones[due | ahead | (milestones["moved_later"] >= SLIPPING)]
    return chosen.sort_values("baseline_days", ascending=False, kind="stable").head(REPORTED)


def _is_late(row: Any) -> bool:
    late = row.baseline_state in (LATE, OVERDUE)
    return bool(late or row.forecast_date > row.baseline_date)


def _kind(row: Any) -> Kind:
    if row.baseline_state == ON_TIME:
        return Kind.STRENGTH
    return Kind.CONCERN if _is_late(row) else Kind.NEUTRAL


def _checked(row: Any) -> Checks | None:
    on_time = int(row.baseline_state == ON_TIME)
    return Checks(Side.PROVIDER, on_time, 1) if row.baseline_state in JUDGED else None


def _sentences(row: Any, left_out: Text) -> Iterator[Text]:
    yield AGAINST_CONTRACT[row.contract_state]
    yield from _split(row)
    yield left_out
    if row.moved_later > 0:
        yield MOVED_LATER
    if pd.notna(row.forecast_date):
        yield ANNOUNCED_FOR


def _split(row: Any) -> Iterator[Message]:
    """Yield what approved re-baselines explain of a delay, by which changes, and what is left."""
    if row.moved == 0:
        if row.contract_state in (LATE, OVERDUE):
            yield N_("No change approved in time covers any of it.")
        return
    yield REBASELINED(changes=listed(row.explained_by) or words.NO_CHANGE)
    if row.baseline_state != NOT_DUE:
        explained = BROUGHT_FORWARD if row.explained_days < 0 else EXPLAINED
        yield explained(explained=abs(row.explained_days))


# Charts and caveats


def _plan(c: Chapter, milestones: pd.DataFrame) -> None:
    rows = largest(milestones, "contract_days", DRAWN)
    rows = rows.rename(columns={"contract_date": "planned", "forecast_date": "forecast"}).assign(
        label=labelled(rows["milestone_id"], rows["title"]),
        rebaselined=rows["baseline_date"].where(rows["moved"] > 0),
        actual=rows["actual_date"],
    )
    description = sentences(_reached(milestones), _longest(c, milestones))
    c.figure("plan_against_actual", PLAN, rows, description, of=len(milestones))
    _days(c, milestones, description, front.card(milestones))


def _days(c: Chapter, milestones: pd.DataFrame, description: Text, card: Text) -> None:
    """Add the days of each milestone from the contract's date, as the first page has them."""
    dated = milestones["baseline_state"].isin(JUDGED) & milestones["contract_days"].notna()
    judged, n = largest(milestones[dated], "contract_days", DRAWN), int(dated.sum())
    if judged.empty:
        return
    judged = judged.assign(label=labelled(judged["milestone_id"], judged["title"]))
    pending = judged["baseline_state"] == OVERDUE
    notes = pd.Series(
        [N_("so far, not reached") if one else EMPTY for one in pending], judged.index
    )
    rows = judged.assign(
        covered=judged["explained_days"], days=judged["contract_days"], note=notes.astype("object")
    )
    measure = N_("days from the date of the contract")
    c.figure("days_from_contract", DAYS, rows, description, of=n, measure=measure, card=card)


def _trend(c: Chapter, milestones: pd.DataFrame, forecasts: pd.DataFrame) -> None:
    """Add the milestone trend chart, where dates were announced of what is drawn."""
    drawn = largest(milestones, "contract_days", DRAWN)[["milestone_id", "actual_date"]]
    rows = drawn.merge(forecasts, on="milestone_id")
    rows = rows.sort_values(["milestone_id", "reported_on"], kind="stable")
    rows = rows.rename(columns={"milestone_id": "label", "actual_date": "reached_on"})
    rows = rows[~(rows["reported_on"] > rows["reached_on"])]
    if rows.empty:
        return
    moves = N_(
        "Milestones whose announced date moved later at least once: {k} of {n}. The most moves: "
        "{moved_later}, for {milestone_id}."
    )(k=(milestones["moved_later"] > 0).sum(), n=milestones["moved_later"].count())
    most = milestones.loc[milestones["moved_later"].idxmax()]
    c.figure("milestone_trend", TREND, rows, c.of_row(moves, most))


def _caveats(c: Chapter, milestones: pd.DataFrame, baselines: pd.DataFrame) -> None:
    """Add the re-baselines that do not count, and what of very many is left out."""
    void = baselines[baselines["verdict"].isin([metrics.TOO_LATE, *NOT_COUNTED])]
    for row in void.head(REPORTED).itertuples():
        change = str(cell(row.change_id) or "")
        name = f"{row.milestone_id}.rebaseline" + (f".{change}" if change else "")
        sentence: Text = words.approved_too_late(c.review, row)
        if row.verdict != metrics.TOO_LATE:
            sentence = NOT_COUNTED[row.verdict](change=change or words.NO_CHANGE)
        c.caveat(name, c.of_row(sentence, row))
    many = n_(
        "The findings cover {reported} milestone and the figures draw {drawn} of {all}: those "
        "with the longest delay. The tables hold all of them.",
        "The findings cover {reported} milestones and the figures draw {drawn} of {all}: those "
        "with the longest delay. The tables hold all of them.",
        on="reported",
    )
    counts = {"reported": len(_reported(milestones)), "drawn": DRAWN, "all": len(milestones)}
    c.caveat("many", many(**counts), when=len(milestones) > DRAWN)
