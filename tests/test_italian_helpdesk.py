"""A public log of an Italian help desk, 4,580 tickets of 2010 to 2014, converted to our tables.

Its rows are activities, without a statement of what each means: those that leave a doubt stay
undefined. The expected figures come from a walk through each ticket's rows, with the standard
library alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.calendars.periods import periods
from reviewlib.report.values import Section
from reviewlib.review import Review, review_over
from reviewlib.service.flow.chapter import flow
from reviewlib.service.handovers.chapter import PLACES, handovers
from reviewlib.service.service_levels.chapter import service_levels
from tests import desk
from tests.spoken import spoken

STATUSES = {
    "Insert ticket": {"state": "new"},
    "Assign seriousness": {"state": "new"},
    "Take in charge ticket": {"state": "open"},
    "Create SW anomaly": {"state": "open"},
    "Resolve SW anomaly": {"state": "open"},
    "Schedule intervention": {"state": "open"},
    "Require upgrade": {"state": "waiting", "awaits": "third_party"},
    "Wait": {"state": "waiting", "awaits": "client"},
    "Resolve ticket": {"state": "resolved"},
    "RESOLVED": {"state": "resolved"},
    "Closed": {"state": "closed"},
}  # not defined: VERIFIED, INVALID, DUPLICATE
OVER = ("resolved", "closed")
Steps = list[tuple[dt.datetime, str, str]]  # when, the activity, who held the ticket


def stood(activity: str) -> str:
    """Return the place where a ticket stands after an activity, as the chapter names it."""
    about = STATUSES.get(activity, {})
    waits = about.get("state") == "waiting"
    return about["awaits"] if waits else "in_hand" if about else "undefined"


class Walk:
    """One ticket, row by row: who held it, where its time went, how often it was solved."""

    def __init__(self, steps: Steps, now: dt.datetime) -> None:
        self.holders = [steps[0][2]]
        self.hours = Counter[str]()
        self.solved = self.reopened = 0
        over = False
        for (at, activity, holder), (until, _, _) in pairwise([*steps, (now, "", "")]):
            if holder != self.holders[-1]:
                self.holders.append(holder)
            state = STATUSES.get(activity, {}).get("state", "")
            ends = state in OVER or (state == "" and over)
            self.solved += ends and not over
            self.reopened += over and not ends
            over = ends
            if not over:
                self.hours[stood(activity)] += (until - at).total_seconds() / 3600
        self.left = not over

    @property
    def returns(self) -> int:
        return len(self.holders) - len(set(self.holders))

    @property
    def waited(self) -> bool:
        return "client" in self.hours or "third_party" in self.hours


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    path = shared / "italian_helpdesk" / "helpdesk_lmu.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def logs(rows: list[dict[str, str]], holder: str) -> dict[str, Steps]:
    found: dict[str, Steps] = {}
    for row in rows:
        at = dt.datetime.strptime(row["Complete Timestamp"], "%Y/%m/%d %H:%M:%S.%f")
        found.setdefault(row["Case ID"], []).append((at, row["Activity"], row[holder]))
    return {name: sorted(steps, key=lambda step: step[0]) for name, steps in found.items()}


def tables(told: dict[str, Steps]) -> dict[str, pd.DataFrame]:
    """Return the log as our tables: an event where an activity or a holder is not that before."""
    tickets = [(name, steps[0][0].isoformat()) for name, steps in told.items()]
    events = [
        (name, after[0].isoformat(), field, before[place], after[place])
        for name, steps in told.items()
        for before, after in pairwise([(None, "", ""), *steps])
        for place, field in ((1, "status"), (2, "group"))
        if before[place] != after[place]
    ]
    return {
        "tickets": pd.DataFrame(tickets, columns=["ticket_id", "opened_at"]),
        "ticket_events": pd.DataFrame(events, columns=["ticket_id", "at", "field", "old", "new"]),
    }


@pytest.fixture(scope="module", params=["workgroup", "Resource"])
def told(request: pytest.FixtureRequest, rows: list[dict[str, str]]) -> dict[str, Steps]:
    """The log twice: held by its workgroups, which rarely change, and by its 22 resources."""
    return logs(rows, request.param)


@pytest.fixture(scope="module")
def walks(told: dict[str, Steps]) -> dict[str, Walk]:
    now = max(steps[-1][0] for steps in told.values())
    return {name: Walk(steps, now) for name, steps in told.items()}


@pytest.fixture(scope="module")
def reviewed(told: dict[str, Steps], tmp_path_factory: pytest.TempPathFactory) -> Review:
    period = {"first": "2010-01-01", "last": "2014-01-31"}
    contract = desk.agreed(statuses=STATUSES, time_zone="UTC", period=period)
    return desk.review(tmp_path_factory.mktemp("helpdesk"), contract, tables(told))


@pytest.fixture(scope="module")
def chapter(reviewed: Review) -> Section:
    return handovers(reviewed)


def test_the_log_is_the_one_described_beside_it(rows: list[dict[str, str]]) -> None:
    """21,348 rows of 4,580 tickets, 127 of which stand twice: no change, so no event."""
    whole = Counter(tuple(row.values()) for row in rows)

    assert (len(rows), len({row["Case ID"] for row in rows})) == (21_348, 4_580)
    assert len(rows) - len(whole) == 127


def test_no_row_is_set_aside(reviewed: Review) -> None:
    assert reviewed.engagement.set_aside.empty
    assert not reviewed.engagement.unused


def test_hand_overs_and_ping_pong_are_those_of_a_walk(
    chapter: Section, walks: dict[str, Walk]
) -> None:
    n = len(walks)
    several = sum(len(set(walk.holders)) > 1 for walk in walks.values())
    back = sum(walk.returns > 0 for walk in walks.values())

    assert chapter.fact("handovers.several").value == several / n
    assert chapter.fact("handovers.several").n == n == 4_580
    assert chapter.fact("handovers.ping_pong").value == back / n
    each = sum(len(walk.holders) - 1 for walk in walks.values()) / n
    assert chapter.fact("handovers.per_ticket").value == pytest.approx(each)
    pairs = Counter(pair for walk in walks.values() for pair in pairwise(walk.holders))
    table = next(table for table in chapter.tables if table.id == "handovers.pairs")
    assert {row[:2]: row[2] for row in table.rows}.items() <= pairs.items()
    assert [row[2] for row in table.rows] == [count for _, count in pairs.most_common(10)]


def test_waits_are_those_of_a_walk(chapter: Section, walks: dict[str, Walk]) -> None:
    hours, tickets = Counter[str](), Counter[str]()
    for walk in walks.values():
        hours.update(walk.hours)
        tickets.update(walk.hours.keys())
    (figure,) = chapter.figures
    told = {row[0]: row[1:3] for row in figure.table.rows}

    assert set(told) == {PLACES[place] for place in hours}
    for place, spent in hours.items():
        assert told[PLACES[place]] == (tickets[place], pytest.approx(spent))
    waiting = (hours["client"] + hours["third_party"]) / hours.total()
    assert chapter.fact("handovers.waiting").value == pytest.approx(waiting)
    waited = sum(walk.waited for walk in walks.values())
    assert chapter.fact("handovers.waited").value == waited / sum(
        bool(walk.hours) for walk in walks.values()
    )
    assert any(caveat.id == "handovers.undefined" for caveat in chapter.caveats)


def test_reopenings_and_first_contacts_are_those_of_a_walk(
    reviewed: Review, walks: dict[str, Walk]
) -> None:
    found = flow(reviewed)
    resolved = [walk for walk in walks.values() if walk.solved]
    ended = [walk for walk in resolved if not walk.left]
    alone = [walk for walk in ended if len(set(walk.holders)) == 1]
    first = [walk for walk in alone if not walk.waited and not walk.reopened]
    expected = {
        "reopened": (sum(walk.reopened > 0 for walk in resolved), len(resolved)),
        "first_team": (len(alone), len(ended)),
        "first_contact": (len(first), len(ended)),
    }

    for name, (count, n) in expected.items():
        fact = found.fact(f"flow.{name}")
        assert (fact.value, fact.n) == (count / n, n), name
    assert found.fact("flow.backlog").value == sum(walk.left for walk in walks.values())


def test_no_service_level_is_assessed_for_want_of_a_target(reviewed: Review) -> None:
    assert spoken(service_levels(reviewed)).because == (
        "the contract states no target (terms.clauses in engagement.yml)"
    )


def over_at(steps: Steps, end: dt.datetime) -> bool | None:
    """Whether a ticket was over at an instant, by its rows up to then; None: not defined."""
    over = False
    state = ""
    for _at, activity, _holder in (step for step in steps if step[0] <= end):
        state = STATUSES.get(activity, {}).get("state", "")
        over = state in OVER or (state == "" and over)
    return None if state == "" and not over else over


def test_sixteen_quarters_have_the_tickets_opened_and_left_open_of_a_walk(
    reviewed: Review, told: dict[str, Steps]
) -> None:
    quarters = list(periods("quarter", dt.date(2010, 1, 1), dt.date(2013, 12, 31)))
    assert len(quarters) == 16
    opened_in_all = 0
    for period in quarters:
        end = dt.datetime.combine(period.last, dt.time(23, 59, 59))
        opened = [
            name
            for name, steps in told.items()
            if period.first <= steps[0][0].date() <= period.last
        ]
        states = [over_at(steps, end) for steps in told.values() if steps[0][0] <= end]
        section = flow(review_over(reviewed.engagement, period))
        if not states.count(False) and not opened:
            assert section.because
            continue

        assert section.fact("flow.opened").value == len(opened), period
        assert section.fact("flow.backlog").value == states.count(False), period
        opened_in_all += len(opened)
    last = dt.date(2013, 12, 31)
    assert opened_in_all == sum(steps[0][0].date() <= last for steps in told.values())
