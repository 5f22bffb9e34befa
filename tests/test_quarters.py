"""The sample's eighteen months as six quarters: they add up, and none knows the future."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from reviewlib import of_period, open_period, to_date
from reviewlib.calendars.periods import period_named
from reviewlib.delivery.milestones.chapter import milestones
from reviewlib.money.payments.chapter import payments
from reviewlib.money.penalties.chapter import penalties
from reviewlib.pages.wording import Wording
from reviewlib.people.blockers.chapter import blockers
from reviewlib.people.decisions.chapter import decisions
from reviewlib.people.disputes.chapter import disputes
from reviewlib.people.initiatives.chapter import initiatives
from reviewlib.people.teams.chapter import teams
from reviewlib.people.tools.chapter import tools
from reviewlib.report.values import Fact, Section
from reviewlib.review import Review, review_over
from reviewlib.service import results
from reviewlib.service.availability.chapter import availability
from reviewlib.service.durations.chapter import durations
from reviewlib.service.flow.chapter import flow
from reviewlib.service.service_levels.chapter import service_levels
from tests.as_it_was import as_it_was
from tests.conftest import REPO
from tests.sample import SAMPLE, engagement, sample_of
from tests.spoken import spoken

QUARTERS = ("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2")
CLAUSES = [
    f"service_levels.{measure}.met.{priority}"
    for measure in ("response", "resolution")
    for priority in ("P1", "P2", "P3", "P4")
]


@cache
def quarter(name: str) -> Review:
    return review_over(engagement(), period_named(name))


@cache
def levels(name: str) -> Section:
    return service_levels(quarter(name))


@cache
def closed() -> Section:
    return service_levels(sample_of("2025-06-30"))


@cache
def settled() -> list[Section]:
    """The service levels of each quarter, with what is known at the close-out."""
    as_of = sample_of("2025-06-30").as_of
    return [service_levels(replace(quarter(name), as_of=as_of)) for name in QUARTERS]


def test_what_the_tool_recorded_of_the_quarter_before_counts_none_of_its_own_tickets() -> None:
    """P1 tickets opened in the fourth quarter, counted in the file: none was open from before."""
    tickets = engagement().tables["tickets"]
    opened = tickets["opened_at"].dt.tz_convert("Europe/Paris").dt.strftime("%Y-%m")
    own = (tickets["priority"] == "P1") & opened.between("2024-10", "2024-12")
    section = of_period(service_levels, quarter("2025Q1"), restated=True)
    before = section.fact("service_levels.recorded.kept.P1").earlier[0]

    assert own.sum() == 11
    assert (before.n, before.value) == (11, tickets.loc[own, "recorded_sla_met"].mean())


@pytest.mark.parametrize("name", CLAUSES)
def test_the_tickets_of_the_quarters_add_up_to_those_of_the_close_out(name: str) -> None:
    """Each quarter with what is known at the close-out: a ticket is of the month it opened in."""
    facts = [section.fact(name) for section in settled()]
    whole = closed().fact(name)

    assert sum(fact.n or 0 for fact in facts) == whole.n
    assert sum(map(met, facts)) == met(whole)


def test_a_ticket_judged_in_the_end_is_of_one_quarter_where_it_was_judged_or_still_running() -> (
    None
):
    verdicts = [results.verdicts(quarter(name)) for name in QUARTERS]
    of_quarters = pd.concat(verdicts, keys=QUARTERS)
    of_quarters = of_quarters[of_quarters["outcome"].isin(["met", "breached", "running"])]
    whole = results.verdicts(sample_of("2025-06-30"))
    whole = whole[whole["outcome"].isin(["met", "breached"])]

    keys = ["ticket_id", "clause"]
    assert not of_quarters.duplicated(keys).any()
    both = whole[keys].astype("str").merge(of_quarters[keys].astype("str"))
    assert len(both) == len(whole)


def met(fact: Fact) -> int:
    return fact.count if fact.count is not None else round(float(str(fact.value)) * (fact.n or 0))


def test_the_amounts_of_the_quarters_add_up_to_the_cent() -> None:
    chapters = [to_date(payments, quarter(name)) for name in QUARTERS]
    for name in ("invoiced", "paid", "held"):
        facts = [chapter.fact(f"payments.{name}") for chapter in chapters]
        added = [facts[0].value, *(fact.earlier[0].since for fact in facts[1:])]
        assert round(sum(map(float, added)), 2) == facts[-1].value

    # 32,000 a month for January and February 2024, received by 31 March: 64,000
    assert chapters[0].fact("payments.invoiced").value == 64_000


def test_interest_of_a_quarter_is_what_it_added_to_the_running_total() -> None:
    fact = to_date(penalties, quarter("2025Q1")).fact("penalties.client.gross")

    # data/README.md: interest due at the end of 2025 Q1 less that at the end of 2024 Q4
    assert fact.earlier[0].since == round(590.11 - 171.51, 2) == 418.60


def test_resolved_tickets_of_a_quarter_are_those_that_its_log_leaves_resolved() -> None:
    """By a walk through the log: over at the quarter's end, and since a day of the quarter.

    INC19001 (resolved before it was opened) and INC19002 (priority P9) are set aside.
    """
    path = SAMPLE / "ticket_events.csv"
    events = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    usable = ~events["ticket_id"].isin(["INC19001", "INC19002"])
    events = events[usable & (events["field"] == "status")]
    at = pd.to_datetime(events["at"], format="%d/%m/%Y %H:%M:%S")
    steps = list(zip(events["ticket_id"], at, events["new"], strict=True))
    for name in QUARTERS:
        period = period_named(name)
        end = pd.Timestamp(period.last) + pd.Timedelta(days=1)
        since: dict[str, pd.Timestamp] = {}
        for ticket, moment, status in (step for step in steps if step[1] < end):
            if status not in ("Résolu", "Clos"):
                since.pop(ticket, None)
            else:
                since.setdefault(ticket, moment)
        resolved = sum(moment >= pd.Timestamp(period.first) for moment in since.values())

        assert durations(quarter(name)).fact("durations.median").n == resolved, name


def test_the_backlog_of_a_quarter_is_what_came_before_plus_arrivals_less_closures() -> None:
    ends = [flow(quarter(name)).figures[0].table.rows[-1] for name in QUARTERS[:-1]]
    opened = [flow(quarter(name)).figures[0].table.rows for name in QUARTERS]

    for before, rows in zip(ends, opened[1:], strict=True):
        backlog = before[3]
        for _month, arrivals, closures, at_end in rows:
            backlog += arrivals - closures
            assert backlog == at_end


def test_only_the_months_of_the_quarter_are_judged() -> None:
    section = availability(quarter("2024Q4"))
    tables = [table for table in section.tables if table.id.endswith(".months")]
    place = [column.key for column in tables[0].columns].index("month")

    assert len(tables) == 2
    for table in tables:
        assert [row[place] for row in table.rows] == ["2024-10", "2024-11", "2024-12"]


def test_a_milestone_is_late_from_the_quarter_in_which_it_fell_due_and_not_before() -> None:
    """M4 was due on 30 September 2024 under the contract: late by 92 days on 31 December."""

    def of_m4(name: str) -> str:
        section = spoken(to_date(milestones, quarter(name)), "en")
        return " ".join(str(one.sentence) for one in section.findings if one.id == "milestones.M4")

    assert "92 days after" in of_m4("2024Q4")
    assert "not reached" not in of_m4("2024Q2")
    assert "165 days after" in of_m4("2025Q1")


def test_a_threshold_that_an_amendment_raised_is_missed_from_that_quarter() -> None:
    """Amendment 1 brought resolution of P2 from 8 h to 6 h on 1 October 2024."""
    name = "service_levels.resolution.met.P2"
    assert levels("2024Q3").fact(name).met is True
    assert levels("2024Q4").fact(name).met is False

    beside = of_period(service_levels, quarter("2024Q4")).fact(name)
    assert (beside.earlier[0].met, beside.earlier[0].is_before) == (True, True)


@pytest.mark.parametrize("name", ["2024Q3", "2024Q4"])
def test_no_quarter_knows_the_future(name: str, tmp_path: Path) -> None:
    """Made from the folder as it was, a quarter has the figures that it has from today's."""
    period = period_named(name)
    then = open_period(as_it_was(str(period.last), tmp_path / "as_it_was"), name)
    for write in (service_levels, availability, durations, flow):
        before, now = (
            {fact.id: (fact.value, fact.n) for fact in write(review).facts if "recorded" not in
             fact.id}
            for review in (then, quarter(name))
        )  # fmt: skip
        assert before == now
    relation = (disputes, decisions, initiatives, blockers, teams, tools)
    for write in (milestones, payments, *relation):
        before, now = (
            {fact.id: (fact.value, fact.n) for fact in to_date(write, review).facts}
            for review in (then, quarter(name))
        )
        assert before == now


def test_a_figure_of_a_quarter_is_dated_by_the_days_of_the_quarter() -> None:
    fact = levels("2024Q4").fact("service_levels.resolution.met.P2")
    hours = availability(quarter("2024Q4")).fact("availability.art_5_3.applications.share")

    assert str(spoken_period(fact)) == str(spoken_period(hours)) == "1 Oct 2024 – 31 Dec 2024"
    whole = closed().fact("service_levels.resolution.met.P2")
    assert spoken_period(whole) == "1 Jan 2024 – 30 Jun 2025"


def spoken_period(fact: Fact) -> str:
    return Wording("en").say(fact.period)


def test_tickets_opened_after_a_period_are_not_of_it_once_it_is_restated() -> None:
    """The tool's flags of Q3 seen from the end of Q4: those of tickets that were open in Q3."""
    (q3,) = quarter("2024Q4").restated()
    tickets = results.current(q3).tickets
    assert (tickets["opened_at"] <= pd.Timestamp("2024-09-30T21:59:59Z")).all()

    fact = of_period(service_levels, quarter("2024Q4"), restated=True).fact(
        "service_levels.recorded.missed"
    )
    assert fact.earlier[0].n == len(tickets) - tickets["recorded_sla_met"].isna().sum()


def test_of_a_year_the_year_before_is_given_once() -> None:
    year = quarter("2025")
    assert year.before is not None
    assert [one.period.name for one in year.earlier()] == ["2024"]
    assert len(quarter("2025-06").earlier()) == 2  # May 2025 and June 2024


def test_a_period_of_more_than_a_year_is_not_held_against_one_within_it() -> None:
    """The same two years a year before would share twelve months with the period."""
    assert quarter("2024-07-01/2026-06-30").year_before is None


def test_the_outages_of_a_quarter_are_those_recorded_in_it() -> None:
    """By hand from the file: outages of the applications that began in October to December."""
    rows = engagement().tables["outages"]
    local = rows["started_at"].dt.tz_convert("Europe/Paris")
    own = (rows["service"] == "applications") & (local.dt.year == 2024) & (local.dt.month > 9)
    fact = availability(quarter("2024Q4")).fact(
        "availability.art_5_3.applications.around_the_clock"
    )

    assert fact.n == rows.loc[own, "outage_id"].nunique()
    whole = availability(sample_of("2025-06-30"))
    assert (fact.n or 0) < (whole.fact(fact.id).n or 0)


def test_months_of_a_span_of_days_are_assessed_whole_and_held_against_none() -> None:
    section = of_period(availability, quarter("2024-07-15/2024-08-20"), restated=True)

    said = Wording("en").say(section.intro)
    assert "those in which it has a day are assessed, from their first day" in said
    assert not any(fact.earlier for fact in section.facts)


def test_a_chapter_that_counts_from_the_beginning_is_shown_as_one_to_date() -> None:
    """Those whose figures are as of a day, in a quarter as in the whole."""
    source = (REPO / "notebooks" / "quarterly_review.ipynb").read_text(encoding="utf-8")

    for slug in ("disputes", "decisions", "initiatives", "blockers", "teams", "tools"):
        assert f"{slug} = to_date(chapter.{slug}, review)" in source
