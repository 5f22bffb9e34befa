"""The chapter on durations, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.report.encoding import encoded
from reviewlib.report.values import Section
from reviewlib.service.durations.chapter import durations
from tests import desk
from tests.desk import events, ticket, tickets
from tests.spoken import caveats, drawn, html, spoken, unfit
from tests.spoken import chapter as chapter_of

Chapter = Callable[..., Section]
CONTRACT = desk.agreed(desk.RESOLUTION, data={"extracted_at": "2026-03-31T12:00"})


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def _chapter(as_of: str = "", **tables: pd.DataFrame) -> Section:
        return chapter_of(durations, desk.review(tmp_path, CONTRACT, tables, as_of=as_of))

    return _chapter


def lasted(*hours: int, priority: str = "P1") -> dict[str, pd.DataFrame]:
    """Tickets opened on 5 January at 9 and resolved so many hours later."""
    opened = pd.Timestamp("2026-01-05T09:00")
    names = [f"T{number}" for number in range(1, len(hours) + 1)]
    rows = tickets(*(ticket(name, "2026-01-05T09:00", priority) for name in names))
    log = [
        f"{name} {opened + pd.Timedelta(hours=length):%Y-%m-%dT%H:%M} status New Resolved"
        for name, length in zip(names, hours, strict=True)
    ]
    return {"tickets": rows, "ticket_events": events("\n".join(log))}


def kaplan_meier() -> dict[str, pd.DataFrame]:
    """The tickets of 2, 3, 5, 8 and 8 h, and three still open after 3, 6 and 10 h."""
    made = lasted(2, 3, 5, 8, 8)
    opened = {"T6": "09:00", "T7": "06:00", "T8": "02:00"}
    still = [ticket(name, f"2026-03-31T{at}", "P1") for name, at in opened.items()]
    lines = [f"{name} 2026-03-31T11:00 status New Open" for name in opened]
    return {
        "tickets": pd.concat([made["tickets"], tickets(*still)], ignore_index=True),
        "ticket_events": pd.concat(
            [made["ticket_events"], events("\n".join(lines))], ignore_index=True
        ),
    }


def values(section: Section, part: str = "") -> list[float]:
    return [section.fact(f"durations{part}.{name}").value for name in ("median", "p90", "mean")]  # type: ignore[misc]


def test_median_p90_and_mean_are_of_the_resolved_tickets(chapter: Chapter) -> None:
    """1, 2, 3, 4 and 10 h: 3, 7.6 by linear interpolation, 4."""
    section = chapter(**lasted(1, 2, 3, 4, 10))

    assert values(section) == pytest.approx([3, 7.6, 4])
    assert section.headline == "5 resolved tickets: median 3 h, P90 7 h 36."
    assert section.fact("durations.p90").label == "P90 (linear interpolation)"
    assert section.fact("durations.mean").source == (
        "ticket_events.csv: status, up to the last resolution"
    )


def test_one_duration_is_said_in_the_singular_and_hides_nothing(chapter: Chapter) -> None:
    section = chapter(**lasted(2))

    assert section.headline == "1 resolved ticket: median 2 h, P90 2 h."
    assert caveats(section) == {}
    assert section.figures[0].table.rows[0][1] == 2
    assert section.fact("durations.with_open").value == 2
    assert section.fact("durations.with_open").interval is None


def test_what_the_mean_hides_is_said_where_a_tenth_is_some(chapter: Chapter) -> None:
    """Nineteen of 1 h and one of 81 h: 95 % took less than 5 h, two took 82 of 100 h."""
    sentences = caveats(chapter(**lasted(*[1] * 19, 81)))

    assert sentences["durations.mean"] == (
        "The mean is 5 h; 95.0% of the tickets took less, and the slowest tenth took 82.0% of all "
        "the time. No trend is read into means."
    )
    assert "durations.mean" not in caveats(chapter(**lasted(*[1] * 9)))


def test_the_time_runs_around_the_clock_to_the_last_resolution(chapter: Chapter) -> None:
    made = lasted(2)
    again = """
        T1 2026-01-05T12:00 status Resolved Open
        T1 2026-01-06T09:00 status Open Resolved
    """
    log = pd.concat([made["ticket_events"], events(again)], ignore_index=True)

    assert values(chapter(tickets=made["tickets"], ticket_events=log)) == [24, 24, 24]


def test_open_tickets_are_counted_and_cancelled_ones_are_not_open(chapter: Chapter) -> None:
    made = lasted(2)
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in ("T1", "T2", "T3")))
    more = "T2 2026-01-05T10:00 status New Open\nT3 2026-01-05T10:00 status New Cancelled"
    log = pd.concat([made["ticket_events"], events(more)], ignore_index=True)
    section = chapter(tickets=rows, ticket_events=log)

    assert section.fact("durations.median").n == 1
    assert caveats(section)["durations.open"].startswith("1 ticket is still open and not among")


def test_a_ticket_over_at_an_unknown_date_is_not_open(chapter: Chapter) -> None:
    """T2 has no event, its row says Cancelled."""
    made = lasted(2)
    more = ticket("T2", "2026-01-05T09:00", status="Cancelled")
    rows = tickets(ticket("T1", "2026-01-05T09:00", status="Resolved"), more)

    assert caveats(chapter(tickets=rows, ticket_events=made["ticket_events"])) == {}


def test_what_the_tool_recorded_stands_beside(chapter: Chapter) -> None:
    made = lasted(2, 4)
    resolved = [desk.at("2026-01-05T10:00"), pd.NaT]
    section = chapter(
        tickets=made["tickets"].assign(resolved_at=resolved), ticket_events=made["ticket_events"]
    )

    assert values(section) == pytest.approx([3, 3.8, 3])
    assert values(section, ".recorded") == [1, 1, 1]
    assert section.fact("durations.recorded.mean").label == "Mean, as recorded by the tool"


def test_without_a_log_the_recorded_times_are_the_durations(chapter: Chapter) -> None:
    rows = lasted(2)["tickets"].assign(resolved_at=[desk.at("2026-01-05T10:00")])
    section = chapter(tickets=rows)

    assert values(section) == [1, 1, 1]
    assert [fact.id for fact in section.facts][:4] == [
        "durations.median", "durations.p90", "durations.mean", "durations.with_open",
    ]  # fmt: skip
    assert section.fact("durations.median").source == "tickets.csv: opened_at, resolved_at"
    assert not [fact.id for fact in section.facts if ".recorded." in fact.id]
    assert caveats(section)["durations.log"] == (
        "Without a log of statuses, service hours are counted without any pause."
    )
    assert section.fact("durations.service.resolution.median").source == (
        "tickets.csv: opened_at, up to the last resolution; hours and holidays of the clause"
    )


def test_priorities_are_those_of_the_log_at_the_instant_of_the_review(chapter: Chapter) -> None:
    """Both rows hold P1; T1 was P2 until February, T2 has none in the log."""
    made = lasted(1, 3)
    more = events("T1 2026-02-02T09:00 priority P2 P1")
    log = pd.concat([made["ticket_events"], more], ignore_index=True)
    past = chapter("2026-01-31", tickets=made["tickets"], ticket_events=log)
    now = chapter(tickets=made["tickets"], ticket_events=log)

    assert [row[:3] for row in past.tables[0].rows] == [("P1", 1, 3.0), ("P2", 1, 1.0)]
    assert [row[:3] for row in now.tables[0].rows] == [("P1", 2, 2.0)]


def test_a_priority_of_which_nothing_is_resolved_has_its_row(chapter: Chapter) -> None:
    made = lasted(2)
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-01-05T09:00", "P2"))
    more = events("T2 2026-01-05T10:00 status New Open")
    log = pd.concat([made["ticket_events"], more], ignore_index=True)

    assert chapter(tickets=rows, ticket_events=log).tables[0].rows == (
        ("P1", 1, 2.0, 2.0, 2.0, 0.0, 1.0, 0, 2.0),
        ("P2", 0, None, None, None, None, None, 1, None),
    )


def test_without_priorities_there_is_no_table_of_them(chapter: Chapter) -> None:
    made = lasted(1)
    bare = made["tickets"].drop(columns="priority")

    section = chapter(tickets=bare, ticket_events=made["ticket_events"])
    assert [table.id for table in section.tables] == ["durations.fates"]


def test_the_figure_says_its_numbers(chapter: Chapter) -> None:
    section = chapter(**lasted(1, 2, 3, 4, 10))
    figure = section.figures[0]

    assert figure.description == (
        "Distribution on a logarithmic scale (n = 5): median 3 h, P90 7 h 36, mean 4 h."
    )
    assert [round(float(str(row[1])), 1) for row in figure.table.rows] == [3.0, 7.6, 4.0]
    assert drawn(section, figure).startswith("<svg")


def test_the_median_with_the_open_tickets_stands_beside_that_of_the_resolved(
    chapter: Chapter,
) -> None:
    """The middle of 2, 3, 5, 8, 8 is 5; with 3+, 6+ and 10+ the curve .875, .75, .6, .2 gives 8.

    Its lower end passes a half at 2 h, its upper end never.
    """
    section = chapter(**kaplan_meier())
    median = section.fact("durations.with_open")

    assert section.headline == "5 resolved tickets: median 5 h, P90 8 h."
    assert (median.value, median.n, median.interval) == (8, 8, None)
    assert median.note == ("The interval (95%) begins at 2 h, and its upper end is not reached.")
    (row,) = section.tables[0].rows
    assert row[:3] + row[-2:] == ("P1", 5, 5.0, 3, 8.0)
    assert caveats(section)["durations.open"].startswith("3 tickets are still open and not among")


def test_the_curve_is_drawn_with_its_table(chapter: Chapter) -> None:
    section = chapter(**kaplan_meier())
    figure = section.figures[-1]

    assert figure.id == "durations.survival"
    assert figure.description == (
        "Kaplan-Meier curve with its 95% band, open tickets counted (n = 8): half are resolved "
        "after 8 h. The median of the resolved ones alone is 5 h."
    )
    assert [row[0] for row in figure.table.rows] == pytest.approx([2, 3, 5, 8, 10])
    assert [row[1] for row in figure.table.rows] == pytest.approx([0.875, 0.75, 0.6, 0.2, 0.2])
    assert [row[4] for row in figure.table.rows] == [8, 7, 5, 3, 1]
    assert drawn(section, figure).startswith("<svg")


def test_a_median_with_open_tickets_may_not_be_reached(chapter: Chapter) -> None:
    """T2 and T3 are open since 5 January at 9, two thirds of all.

    To 31 March at noon, in summer time: 85 days of 24 h, and 3 h, without one: 2,042 h.
    """
    made = lasted(2)
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in ("T1", "T2", "T3")))
    more = "T2 2026-01-05T10:00 status New Open\nT3 2026-01-05T10:00 status New Open"
    log = pd.concat([made["ticket_events"], events(more)], ignore_index=True)
    section = chapter(tickets=rows, ticket_events=log)
    median = section.fact("durations.with_open")

    assert median.value is None
    assert median.note == "it is not reached: 66.7% of the tickets are unresolved after 2,042 h."
    assert "66.7% are unresolved after 2,042 h, the longest time" in section.figures[-1].description
    assert section.tables[0].rows[0][-2:] == (2, None)


def test_where_all_took_as_long_there_is_no_interval_and_nothing_is_said_of_it(
    chapter: Chapter,
) -> None:
    """The curve falls from all to none at once: Greenwood's formula gives no band there."""
    section = chapter(**lasted(5, 5, 5))
    median = section.fact("durations.with_open")

    assert (median.value, median.interval, median.note) == (5, None, "")
    assert section.figures[-1].description == (
        "Kaplan-Meier curve, open tickets counted (n = 3): half are resolved after 5 h. The median "
        "of the resolved ones alone is 5 h."
    )


def test_open_tickets_whose_service_clock_stands_still_are_said(chapter: Chapter) -> None:
    """T2 waits for the client since its first hour, T3 is in hand."""
    made = lasted(2)
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in ("T1", "T2", "T3")))
    more = "T2 2026-01-05T10:00 status New Waiting\nT3 2026-01-05T10:00 status New Open"
    log = pd.concat([made["ticket_events"], events(more)], ignore_index=True)
    sentences = caveats(chapter(tickets=rows, ticket_events=log))

    assert sentences["durations.service.resolution.standing"].startswith(
        "In service hours (R1), 1 open ticket waits while its clock stands still. What a ticket"
    )
    assert "durations.service.resolution.standing" not in caveats(chapter(**made))


def test_a_ticket_of_which_no_status_is_defined_is_unknown(chapter: Chapter) -> None:
    made = lasted(2)
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in ("T1", "T2")))
    log = pd.concat([made["ticket_events"], events("T2 2026-01-05T10:00 status Foo Bar")])
    section = chapter(tickets=rows, ticket_events=log)

    assert section.tables[-1].rows[-1] == ("Unknown", 1, None)
    assert section.fact("durations.with_open").n == 1
    assert section.fact("durations.service.resolution.with_open").n == 1


def test_enough_tickets_give_the_median_its_interval(chapter: Chapter) -> None:
    """Of 1 to 20 h the curve is 1 - h/20: a half until 11 h, so 10.5 h.

    Nobody is open, so Greenwood's sum is (1 - S)/(20·S) and an end exp(-exp(ln(-ln S) ± 1.96·√sum
    / -ln S)). Lower end: .5511 at 4 h, .4999 at 5 h; upper end: .5014 at 14 h, .4485 at 15 h.
    """
    median = chapter(**lasted(*range(1, 21))).fact("durations.with_open")

    assert median.value == pytest.approx(10.5)
    assert median.interval is not None
    assert (median.interval.low, median.interval.high) == pytest.approx((5, 15))
    assert median.interval.method == "Greenwood log-log 95 %"


def test_service_hours_stand_beside_the_hours_around_the_clock(chapter: Chapter) -> None:
    """Friday 16:00 to Monday 10:00 are 66 h, 3 of service, 2 without the wait for the client."""
    rows = tickets(ticket("T1", "2026-01-09T16:00"))
    log = events("""
        T1 2026-01-09T16:00 status - New
        T1 2026-01-09T17:00 status New Waiting
        T1 2026-01-12T09:00 status Waiting Open
        T1 2026-01-12T10:00 status Open Resolved
    """)
    section = chapter(tickets=rows, ticket_events=log)
    median = section.fact("durations.service.resolution.median")

    assert values(section) == [66, 66, 66]
    assert values(section, ".service.resolution") == [2, 2, 2]
    assert (median.label, median.clause, median.n) == ("Median, in service hours (R1)", "R1", 1)
    assert median.source == (
        "ticket_events.csv: status, up to the last resolution; hours, holidays and pauses of the "
        "clause"
    )
    assert [table.id for table in section.tables] == [
        "durations.priorities", "durations.service.resolution.priorities", "durations.fates",
    ]  # fmt: skip
    assert [figure.id for figure in section.figures] == [
        "durations.distribution", "durations.service.resolution.distribution",
        "durations.survival",
    ]  # fmt: skip


def test_several_clauses_on_resolution_have_each_their_hours(tmp_path: Path) -> None:
    """Closed for the night, the office counts 2 h (17 to 18, 9 to 10) where a day has 17."""
    day = desk.RESOLUTION | {"calendar": "permanent"}
    rows = tickets(ticket("T1", "2026-01-05T17:00"))
    log = events("T1 2026-01-06T10:00 status New Resolved")
    contract = desk.agreed(desk.RESOLUTION, day, data={"extracted_at": "2026-03-31T12:00"})
    tables = {"tickets": rows, "ticket_events": log}
    section = chapter_of(durations, desk.review(tmp_path, contract, tables))

    assert section.fact("durations.service.resolution.r1.median").value == 2
    assert section.fact("durations.service.resolution.r2.median").value == 17


def test_without_a_clause_on_resolution_service_hours_are_not_assessed(tmp_path: Path) -> None:
    contract = desk.agreed(desk.RESPONSE, data={"extracted_at": "2026-03-31T12:00"})
    section = chapter_of(durations, desk.review(tmp_path, contract, lasted(2)))

    assert section.fact("durations.service").value is None
    assert section.fact("durations.service").note.startswith("the contract has no clause on resol")
    assert values(section) == [2, 2, 2]


def test_a_clause_that_judges_no_resolved_ticket_says_so(chapter: Chapter) -> None:
    section = chapter(**lasted(2, priority="P4"))
    median = section.fact("durations.service.resolution.median")

    assert (median.value, median.n) == (None, 0)
    assert median.note == "no ticket that this clause judges was resolved."


def test_cancelled_and_merged_tickets_are_told_apart(chapter: Chapter) -> None:
    """T1 and T2 took 2 and 4 h; T3 was cancelled after 1 h, T4 merged and closed after 30 h."""
    made = lasted(2, 4)
    names = ("T1", "T2", "T3", "T4")
    rows = tickets(*(ticket(name, "2026-01-05T09:00", relation=None) for name in names))
    rows["relation"] = [None, "child", None, "merged"]
    more = "T3 2026-01-05T10:00 status New Cancelled\nT4 2026-01-06T15:00 status New Closed"
    log = pd.concat([made["ticket_events"], events(more)], ignore_index=True)
    section = chapter(tickets=rows, ticket_events=log)

    assert section.tables[-1].rows == (
        ("Resolved", 2, 3.0), ("Still open", 0, None), ("Cancelled", 1, 1.0),
        ("Merged into another", 1, 30.0), ("Unknown", 0, None),
    )  # fmt: skip
    assert section.fact("durations.mean").n == 2
    assert section.fact("durations.with_open").n == 2
    assert section.fact("durations.service.resolution.mean").n == 2


def test_without_tickets_or_resolutions_the_chapter_is_not_assessed(chapter: Chapter) -> None:
    assert "no usable row of tickets.csv" in chapter().because
    made = lasted(2)
    early = chapter("2026-01-05T10:00", **made)
    assert early.because == "no ticket was resolved"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(tmp_path: Path, language: str) -> None:
    section = durations(desk.review(tmp_path, CONTRACT, lasted(1, 2), language=language))
    ids = [value.id for part in (section.facts, section.tables, section.figures) for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "durations"
    assert spoken(section).title in html(section)
    assert unfit(section) == set()


def test_durations_stand_in_the_contract_s_order_of_priorities(tmp_path: Path) -> None:
    """Major, High, Medium, Low, as the contract lists them, and not by their letters."""
    order = ["Major", "High", "Medium", "Low"]
    own = dict.fromkeys(order, "8 h")
    agreement = desk.agreed(desk.RESOLUTION | {"targets": own}, priorities=order)
    rows = desk.tickets(
        *(desk.ticket(f"T{n}", "2026-01-05T09:00", name) for n, name in enumerate(order))
    )
    log = desk.events("\n".join(f"T{n} 2026-01-05T10:00 status New Resolved" for n in range(4)))
    tables = {"tickets": rows, "ticket_events": log}
    section = chapter_of(durations, desk.review(tmp_path, agreement, tables, as_of="2026-02-01"))
    by_priority = [one for one in section.tables if one.id.endswith("priorities")]
    assert by_priority
    assert all([row[0] for row in one.rows] == order for one in by_priority)
