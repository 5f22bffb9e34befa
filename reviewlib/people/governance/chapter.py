"""Governance: meetings, minutes, attendance and reports against the plan (H1, H2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import JUDGED, LATE, OVERDUE, judged, punctuality
from reviewlib.contract.governance import LAUNCH
from reviewlib.people.governance import charts, metrics, plans, received, words
from reviewlib.report.chapter import APART, Chapter
from reviewlib.report.day_words import delay_words
from reviewlib.report.kept import kept
from reviewlib.report.phrases import SIDES, as_of, of_ids, read, shortened
from reviewlib.report.text import (
    EMPTY,
    NAMED,
    Shown,
    Text,
    chained,
    dotted,
    listed,
    sentences,
)
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

RUN = 3  # meetings in a row without minutes in time, from which a finding says so
MISSED = (metrics.CANCELLED, metrics.MISSING)


def governance(review: Review) -> Section:
    """Return the chapter on how the parties met and reported, and the calendar of the relation."""
    c = Chapter(review, "governance", words.TITLE, EMPTY if review.period else as_of(review))
    table, sent = review.table("meetings"), review.table("reports")
    if table is None and sent is None:
        return c.not_assessed(review.absent("meetings"))
    every, owed = _all_meetings(review, table), received.owed(review, sent)
    meetings = _meetings_of(review, table, every)
    if review.period and meetings.empty and owed.empty:
        return c.not_assessed(review.absent("reports" if table is None else "meetings"))
    bodies = _bodies_of(review, every, meetings)
    c.intro(words.RULE)
    if table is not None and "held_on" not in table:
        c.headline(words.NO_DAYS)
    else:
        _headline(c, meetings, bodies, owed)
    if table is not None:
        _held(c, table, meetings, bodies)
        _launch(c, table)
        _minutes(c, table, meetings, bodies)
        _attendance(c, table, meetings)
        _left_out(c, table, bodies)
    if sent is not None:
        received.add(c, sent, owed)
    charts.calendar(c, meetings, bodies, plans.titles(review))
    if len(meetings):
        c.table(words.MEETINGS, meetings)
    if len(owed):
        c.table(words.REPORTS, owed)
    return c.section()


# what the tables and the plan give


def _all_meetings(review: Review, table: pd.DataFrame | None) -> pd.DataFrame:
    """Return the meetings of the engagement; none where nothing says when they were held."""
    rows = pd.DataFrame(columns=metrics.TEXTS) if table is None else table
    rows = rows if "held_on" in rows else rows.iloc[:0]
    contract = review.contract
    about = contract.period, review.today, contract.days_off
    return metrics.meetings(rows, contract.governance, *about)


def _meetings_of(review: Review, table: pd.DataFrame | None, every: pd.DataFrame) -> pd.DataFrame:
    """Return those of the review, in the order of the plan and of their days."""
    rows = plans.own(review, every)
    rows = rows[rows["state"] != metrics.UNDATED].reset_index(drop=True)
    if table is not None and "minutes_on" not in table:
        rows["minutes"] = metrics.NO_RULE
    return plans.titled(review, rows)


def _bodies_of(review: Review, every: pd.DataFrame, meetings: pd.DataFrame) -> pd.DataFrame:
    """Return the bodies that met, in the order of the plan, those of none last; see ``by_body``.

    Their gaps are those that end in the review, also where they began before its period.
    """
    contract = review.contract
    plan, about = contract.governance, (contract.period, review.today, plans.since(review))
    rows = metrics.by_body(meetings, metrics.gaps(every, plan, *about))
    order = {name: place for place, name in enumerate(plan.bodies)}
    rows = rows.sort_values("body", key=lambda names: names.map(order), kind="stable")
    agreed = rows["body"].isin([*order])
    return plans.titled(review, rows).assign(agreed=agreed).reset_index(drop=True)


# what is found


def _headline(c: Chapter, meetings: pd.DataFrame, bodies: pd.DataFrame, owed: pd.DataFrame) -> None:
    """Say the longest lapse of a body, else how many meetings were held, else the reports.

    Meetings and minutes are those that the facts count.
    """
    lapsed = bodies[bodies["lapsed"].eq(True)].nlargest(1, "days")
    (k, n), (free_k, free_n) = (_counts(bodies, agreed) for agreed in (True, False))
    in_time, minuted = punctuality(meetings["minutes"])
    sent = words.MINUTES_SENT(k=in_time, n=minuted) if minuted else EMPTY
    received, due = punctuality(owed["state"])
    if len(lapsed):
        c.headline(_times(c, next(lapsed.itertuples())))
    elif n or minuted:
        c.headline(words.ALL(k=k, n=n) if n else EMPTY, sent)
    elif due:
        c.headline(words.ON_TIME_REPORTS(k=received, n=due))
    elif free_n:
        c.headline(words.FREE(k=free_k, n=free_n))
    else:
        c.headline(words.NOTHING_YET)


def _counts(bodies: pd.DataFrame, agreed: bool) -> tuple[int, int]:
    """Return how many meetings were held, and of how many, of bodies in the plan or not in it."""
    own = bodies[bodies["agreed"] == agreed]
    return int(own["k"].sum()), int(own["n"].sum())


def _times(c: Chapter, row: Any) -> Text:
    """Return how often a body met and, where it lapsed, between which days it did not."""
    if row.lapsed is not True:
        return c.of_row(words.OF_BODY, row)
    lapse = words.NONE_SINCE if row.is_open else words.NONE_BETWEEN
    return c.of_row(lapse(title=shortened(row.title, 4)), row)


def _held(c: Chapter, table: pd.DataFrame, meetings: pd.DataFrame, bodies: pd.DataFrame) -> None:
    """Add how many of the meetings planned were held, and of each body those that were not."""
    days = read(table, "meetings.csv", "held_on")
    agreed, others = bodies[bodies["agreed"]], bodies[~bodies["agreed"]]
    k, n = _counts(bodies, agreed=True)
    checks = Checks(Side.BOTH, k, n) if n else None
    because = words.NO_PLAN if agreed.empty else words.NOTHING_YET
    fact = c.share("held", words.HELD_FACT, k, n, checks=checks, key=True, because=because, **days)
    kept(c, "in_plan", fact, plans.by_body(agreed, "k", "n"), held=words.HELD_CLAUSE)
    c.clause_on(fact, words.HELD_CLAUSE, 6)
    if len(others):
        c.share("others", words.OTHERS, *_counts(bodies, agreed=False), **days)
    _not_held(c, meetings, agreed)
    moved = meetings[meetings["state"] == metrics.HELD_LATE]
    by = moved["cancelled_by"].where(moved["cancelled_by"].isin(SIDES), "")
    named = c.in_words(moved.assign(by=by), lambda row: words.MOVED_BY[row.by])
    c.neutral("moved", words.MOVED(meetings=named), about=moved["meeting_id"])
    longest = agreed[agreed["days"].notna()].nlargest(1, "days")
    for row in longest.itertuples():
        where = words.SINCE_GAP if row.is_open else words.OWN_GAP
        c.fact("gap", words.GAP, row.days, Unit.DAYS, note=c.of_row(where, row), **days)


def _not_held(c: Chapter, meetings: pd.DataFrame, agreed: pd.DataFrame) -> None:
    """Add each body of the plan of which meetings were cancelled, or nothing is recorded."""
    missed = meetings[meetings["state"].isin(MISSED)]
    own = dict(list(missed.groupby("body")))
    clauses = plans.clauses(c.review)
    c.each(
        Kind.CONCERN,
        "body",
        agreed[agreed["n"] > agreed["k"]].sort_values("days", ascending=False, kind="stable"),
        lambda row: sentences(_times(c, row), *_how(own[row.body])),
        id="body",
        about=lambda row: own[row.body]["meeting_id"],
        decision=words.HOLD_NEXT if c.review.over else words.HOLD_AGAIN,
        clause=lambda row: clauses[row.body],
        checks=lambda row: Checks(Side.BOTH, 0, int(row.n - row.k)),
        brief=lambda row: _lapse(c, row) if row.lapsed is True else None,
        decider=Side.BOTH,
    )


def _lapse(c: Chapter, row: Any) -> Brief:
    stake = AtStake(int(row.days), Unit.DAYS, words.WITHOUT)
    return Brief(_times(c, row), stake, f"governance.{row.body}", Side.BOTH)


def _how(missed: pd.DataFrame) -> list[Text]:
    """Return by whom meetings were cancelled, and of which nothing is recorded."""
    cancelled = missed[missed["state"] == metrics.CANCELLED]
    by = cancelled["cancelled_by"].where(cancelled["cancelled_by"].isin(SIDES), "")
    texts = [
        sentence(days=_days(cancelled[by == side]))
        for side, sentence in words.CANCELLED.items()
        if (by == side).any()
    ]
    bare = missed[missed["state"] == metrics.MISSING]
    return [*texts, words.NOTHING_RECORDED(days=_days(bare)) if len(bare) else EMPTY]


def _days(meetings: pd.DataFrame) -> Text:
    """Return meetings by their days, and those that the table lacks by the end of their period."""
    named = [
        Shown(row.day, "date") if row.recorded else words.UP_TO(day=row.day)
        for row in meetings.itertuples()
    ]
    return listed(named, NAMED)


def _launch(c: Chapter, table: pd.DataFrame) -> None:
    """Add whether the launch meeting was held by its day, where the plan has one."""
    launch, source = c.review.contract.governance.launch, read(table, "meetings.csv", "held_on")
    if launch is None or launch.by is None or "held_on" not in table:
        return
    held = table.loc[table["body"] == LAUNCH, "held_on"]
    by = pd.Timestamp(launch.by)
    if held.empty or by < plans.since(c.review):
        return
    due, first = pd.Series([by]), pd.Series([held.min()])
    state, late = judged(due, first, c.review.today)
    fact = c.on_time("launch", words.LAUNCHED, state, Side.BOTH, clause=launch.clause, **source)
    ids = table.loc[table["body"] == LAUNCH, "meeting_id"]
    c.met("launched", fact, ids, clause=launch.clause)
    if state[0] in (LATE, OVERDUE):
        words_of = words.LAUNCHED_LATE if state[0] == LATE else words.NOT_LAUNCHED
        row = pd.DataFrame({"held_on": first, "due": due, "days": late, "meeting_id": LAUNCH})
        sentence = c.of_row(words_of, next(row.itertuples()))
        checks = Checks(Side.BOTH, 0, 1)
        c.concern("launch", sentence, about=ids, clause=launch.clause, checks=checks)


def _minutes(c: Chapter, table: pd.DataFrame, meetings: pd.DataFrame, bodies: pd.DataFrame) -> None:
    """Add the minutes in time, and of each body those that were late or not sent."""
    source = read(table, "meetings.csv", "minutes_on")
    due = meetings[meetings["minutes"] != metrics.NO_RULE]
    apart = int((~due["minutes"].isin(JUDGED)).sum())
    fact = c.on_time(
        "minutes", words.MINUTES_FACT, due["minutes"], Side.BOTH, key=True,
        note=dotted(words.OWED_BY, APART(n=apart) if apart else EMPTY),
        because=words.NO_MINUTES, **source,
    )  # fmt: skip
    free = meetings[meetings["state"].isin(metrics.WERE_HELD)]
    free = free[free["minutes"] == metrics.NO_RULE]
    if len(free) and "minutes_on" in table:
        c.count("minutes.others", words.MINUTES_OTHERS, free["minutes_on"].notna(), **source)
    late = due[due["minutes"].isin((LATE, OVERDUE))]
    own = dict(list(late.groupby("body")))
    counts = plans.titled(c.review, metrics.minutes_by_body(due).reset_index())
    kept(c, "minuted", fact, plans.by_body(counts, "in_time", "minuted"))
    delays, clauses = _delays(c.review), plans.clauses(c.review)
    write = words.WRITE_NEXT if c.review.over else words.WRITE
    c.each(
        Kind.CONCERN,
        "minutes",
        counts[counts["minuted"] > counts["in_time"]],
        lambda row: sentences(c.of_row(words.LATE_MINUTES, row), _run(row, own, delays)),
        id="body",
        about=lambda row: own[row.body]["meeting_id"],
        decision=lambda row: write(title=row.title, delay=delays[row.body]),
        clause=lambda row: clauses[row.body],
        checks=lambda row: Checks(Side.BOTH, 0, int(row.minuted - row.in_time)),
        brief=_minutes_brief,
        decider=Side.BOTH,
    )


def _delays(review: Review) -> dict[str, Text]:
    plan = review.contract.governance
    stated = {name: body.minutes for name, body in plan.bodies.items()}
    stated |= {LAUNCH: plan.launch.minutes} if plan.launch else {}
    return {name: delay_words(delay) for name, delay in stated.items() if delay}


def _run(row: Any, own: Mapping[str, pd.DataFrame], delays: Mapping[str, Text]) -> Text:
    """Return since when the last minutes in a row were not in time, and how late they came."""
    if row.run < RUN:
        return EMPTY
    last = own[row.body].tail(row.run)
    about = {"run": row.run, "since": last["held_on"].min(), "delay": delays[row.body]}
    if last["sent_after"].isna().all():
        return words.RUN_UNSENT(**about)
    return words.RUN_SENT(median=last["sent_after"].median(), **about)


def _minutes_brief(row: Any) -> Brief:
    n, k = int(row.minuted), int(row.minuted - row.in_time)
    text = words.RUN_BRIEF if row.run >= RUN else words.MINUTES_BRIEF
    about = {"title": shortened(row.title), "k": k, "n": n}
    about |= {"run": row.run} if row.run >= RUN else {}
    stake = AtStake(k, Unit.COUNT, words.LATE_OR_MISSING, of=n)
    return Brief(text(**about), stake, f"governance.minutes.{row.body}", Side.BOTH)


def _attendance(c: Chapter, table: pd.DataFrame, meetings: pd.DataFrame) -> None:
    """Add how often the required roles of each side attended, and which were absent."""
    roles = metrics.roles(c.review.contract)
    rows = metrics.attendance(meetings, c.review.contract.governance, roles)
    source = read(table, "meetings.csv", "attended")
    for side, label in words.ATTENDED_BY.items():
        own = rows[rows["side"] == side]
        k, n = int(own["k"].sum()), int(own["n"].sum())
        c.share(f"attended.{side}", label, k, n, because=words.NO_ROLES, **source)
    rows = plans.titled(c.review, rows)
    titles = [roles[name].title for name in rows["role"]]
    rows = rows.assign(role_title=pd.Series(titles, rows.index, dtype="object"))
    _absent(c, rows)
    if len(rows):
        c.table(words.ATTENDANCE, rows)
    present = metrics.roles_of(meetings)
    strangers = present.loc[~present["role"].isin([*roles]), "role"].unique()
    c.caveat("no_role", words.NO_ROLE, about=strangers)
    held = meetings.loc[meetings["state"].isin(metrics.WERE_HELD), "meeting_id"]
    n = int((~held.isin(present["meeting_id"])).sum()) if "attended" in table else 0
    c.caveat("unattended", words.UNATTENDED, n=n)


def _absent(c: Chapter, rows: pd.DataFrame) -> None:
    """Add of each body the roles that were absent, of both sides alike, the most often first."""
    absent = rows.assign(absences=rows["n"] - rows["k"]).query("absences > 0")
    absent = absent.sort_values("absences", ascending=False, kind="stable")
    own, clauses = dict(list(absent.groupby("body"))), plans.clauses(c.review)

    def roles(row: Any) -> Text:
        return chained(
            words.OF_ROLE(role=one.role_title, side=SIDES[one.side], k=one.absences, n=one.n)
            for one in own[row.body].itertuples()
        )

    c.each(
        Kind.CONCERN,
        "absent",
        absent.drop_duplicates("body"),
        lambda row: words.ABSENT(title=row.title, roles=roles(row)),
        id="body",
        about=lambda row: dict.fromkeys(one for ids in own[row.body]["absent"] for one in ids),
        decision=words.STAND_IN_NEXT if c.review.over else words.STAND_IN,
        clause=lambda row: clauses[row.body],
        decider=Side.BOTH,
    )


def _left_out(c: Chapter, table: pd.DataFrame, bodies: pd.DataFrame) -> None:
    """Say of what the table says too little, and of what the plan says nothing."""
    plan = c.review.contract.governance
    c.caveat("not_in_plan", words.NOT_IN_PLAN, about=bodies.loc[~bodies["agreed"], "body"])
    missing = [name for name in plan.bodies if name not in {*table["body"]}]
    if plan.launch and LAUNCH not in {*table["body"]}:
        missing = [LAUNCH, *missing]
    titles = plans.titles(c.review)
    named = of_ids([titles[name] for name in missing])
    c.caveat("no_row", words.NO_ROW_OF(bodies=named), when=bool(missing))
    dated = table.reindex(columns=["planned_on", "moved_to", "held_on", "cancelled_on"])
    c.caveat("no_day", words.NO_DAY, about=table.loc[dated.isna().all(axis=1), "meeting_id"])
