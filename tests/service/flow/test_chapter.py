"""The chapter on flow, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.report.encoding import encoded
from reviewlib.report.values import Fact, Kind, Section
from reviewlib.service.flow.chapter import flow
from tests import desk
from tests.desk import events, ticket, tickets
from tests.spoken import caveats, drawn, html
from tests.spoken import chapter as chapter_of

Chapter = Callable[..., Section]
CONTRACT = desk.agreed(desk.RESOLUTION, data={"extracted_at": "2026-03-31T12:00"})
ROWS = tickets(
    ticket("T1", "2026-01-05T09:00"),
    ticket("T2", "2026-01-06T09:00", "P2"),
    ticket("T3", "2026-03-02T12:00", "P2"),
    ticket("T4", "2026-03-30T12:00", None),
)
LOG = events("""
    T1 2026-01-05T10:00 status New Resolved
    T2 2026-01-07T10:00 status New Resolved
    T2 2026-01-08T10:00 status Resolved Open
    T2 2026-02-02T10:00 status Open Resolved
    T3 2026-03-02T13:00 status New Open
    T3 2026-03-02T13:00 group N1 N2
    T4 2026-03-30T13:00 status New Open
""")
WHOLE = {"tickets": ROWS, "ticket_events": LOG}


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def _chapter(as_of: str = "", **tables: pd.DataFrame) -> Section:
        return chapter_of(flow, desk.review(tmp_path, CONTRACT, tables, as_of=as_of))

    return _chapter


def rate(fact: Fact) -> tuple[object, int | None]:
    return fact.value, fact.n


def test_the_headline_says_what_is_left_and_figures_what_came_in_and_went_out(
    chapter: Chapter,
) -> None:
    section = chapter(**WHOLE)

    assert section.headline == "2 tickets still open as of 31 Mar 2026, none for over 30 days."
    assert [section.fact(f"flow.{name}").value for name in ("opened", "closed", "old")] == [4, 2, 0]
    assert rate(section.fact("flow.backlog")) == (2, 4)
    assert section.figures[0].measure == (
        "The last month is up to 31 Mar 2026: 2 tickets still open."
    )


def test_one_ticket_is_said_in_the_singular(chapter: Chapter) -> None:
    section = chapter(tickets=ROWS[:1], ticket_events=LOG[:1])

    assert section.headline == "No ticket is still open as of 31 Mar 2026."
    assert section.findings[0].sentence == (
        "No ticket was left open at the end of any month that is over. As of 31 Mar 2026 12:00: 0."
    )
    assert section.tables == ()
    assert section.figures[0].measure == (
        "The last month is up to 31 Mar 2026: 0 tickets still open."
    )
    assert section.figures[0].description == (
        "1 arrival and 1 closure over 3 months, up to 31 Mar 2026 12:00. The busiest month is Jan "
        "2026: 1 arrival."
    )


def test_months_without_a_ticket_are_drawn_and_a_reopening_is_an_arrival(
    chapter: Chapter,
) -> None:
    """T2, opened, resolved and reopened in January, is in the backlog until February.

    On 31 March at noon March is not over: it has no end yet.
    """
    section = chapter(**WHOLE)
    (figure,) = section.figures

    assert figure.table.rows == (
        ("2026-01", 3, 2, 1),
        ("2026-02", 0, 1, 0),
        ("2026-03", 2, 0, None),
    )
    assert drawn(section, figure).startswith("<svg")


def test_rates_are_of_the_tickets_that_their_labels_name(chapter: Chapter) -> None:
    """T2 of T1 and T2 was reopened, so not solved at the first contact; both by their first team.

    What is meant is printed with each.
    """
    section = chapter(**WHOLE)

    assert rate(section.fact("flow.reopened")) == (0.5, 2)
    assert rate(section.fact("flow.first_contact")) == (0.5, 2)
    assert rate(section.fact("flow.first_team")) == (1, 2)
    assert "active again after a resolution" in section.fact("flow.reopened").note
    assert "one team only held" in section.fact("flow.first_team").note
    assert "never waited and were never reopened" in section.fact("flow.first_contact").note
    assert "of the tickets resolved at least once" in section.fact("flow.reopened").label
    interval = section.fact("flow.reopened").interval
    assert interval is not None
    assert (interval.method, round(interval.low, 3)) == ("Wilson 95 %", 0.095)


def test_the_peak_and_the_old_tickets_are_findings(chapter: Chapter) -> None:
    """T3 is 29 days old on 31 March at noon, of 24 hours each; not more than 30."""
    section = chapter(**WHOLE)
    assert section.findings[0].sentence == (
        "The backlog was highest at the end of Jan 2026: 1 ticket. As of 31 Mar 2026 12:00: 2."
    )
    assert len(section.findings) == 1

    older = ROWS.assign(opened_at=ROWS["opened_at"].replace(
        desk.at("2026-03-02T12:00"), desk.at("2026-02-28T12:00")))  # fmt: skip
    old = chapter(tickets=older, ticket_events=LOG).findings[1]
    assert old.sentence == "Tickets still open: 2, of which 1 for more than 30 days."
    assert (old.id, old.kind, old.evidence) == ("flow.old", Kind.CONCERN, ("T3",))
    assert old.decision


def test_ages_are_printed_by_priority_and_for_the_oldest(chapter: Chapter) -> None:
    """29 days less the hour of the change to summer time, which is on 29 March.

    T3 (P2) was opened on Monday 2 March at noon, when the office closes: 4 h of that day, 7 h on
    each of the 20 working days from 3 to 30 March, 3 h on the 31st. T4 has no priority: no clause.
    """
    by_priority, oldest = chapter(**WHOLE).tables

    assert by_priority.rows == (
        ("P2", 1, 29 - 1 / 24, 29 - 1 / 24, 0, 147.0), (None, 1, 1.0, 1.0, 0, None),
    )  # fmt: skip
    assert [row[4] for row in oldest.rows] == [147.0, None]
    assert "Service hours are those of the clause" in by_priority.note
    assert [row[0] for row in oldest.rows] == ["T3", "T4"]


def test_the_priority_is_the_last_one_that_the_log_tells(chapter: Chapter) -> None:
    log = pd.concat([LOG, events("T4 2026-03-30T14:00 priority - P3")], ignore_index=True)

    assert [row[0] for row in chapter(tickets=ROWS, ticket_events=log).tables[0].rows] == [
        "P2", "P3",
    ]  # fmt: skip


def test_without_tickets_or_any_end_of_them_the_chapter_is_not_assessed(chapter: Chapter) -> None:
    assert "no usable row of tickets.csv" in chapter().because
    assert chapter(tickets=ROWS).because == (
        "no status or date tells when tickets were closed (ticket_events.csv)"
    )


def test_without_a_log_rates_are_not_assessed_and_closures_are_as_recorded(
    chapter: Chapter,
) -> None:
    rows = ROWS.assign(resolved_at=[desk.at("2026-02-02T09:00"), *[pd.NaT] * 3])
    section = chapter(tickets=rows)

    assert section.fact("flow.backlog").value == 3
    for name in ("reopened", "first_team", "first_contact"):
        fact = section.fact(f"flow.{name}")
        assert fact.value is None
        assert fact.note == "the folder has no log of status changes (ticket_events.csv)"
    assert [*caveats(section)] == ["flow.no_log"]


def test_without_teams_in_the_log_first_contact_is_not_assessed(chapter: Chapter) -> None:
    section = chapter(tickets=ROWS, ticket_events=LOG[LOG["field"] != "group"])

    for name in ("first_team", "first_contact"):
        assert section.fact(f"flow.{name}").note.startswith("the log has no change of team")


def test_a_change_of_team_to_come_tells_no_team_yet(chapter: Chapter) -> None:
    """The only change of team is T3's, in March."""
    fact = chapter("2026-01-31", **WHOLE).fact("flow.first_team")

    assert (fact.value, fact.n) == (None, None)
    assert fact.note == "the log has no change of team by then (ticket_events.csv, field group)"


def test_the_definition_of_first_contact_says_what_the_log_tells_of_callers(
    chapter: Chapter,
) -> None:
    """T1 and T2 are resolved, T2 once reopened. Who wrote in T1 is not told in the last log."""
    silent = chapter(**WHOLE).fact("flow.first_contact")
    assert "the log does not tell whether their callers wrote again" in silent.note
    assert rate(silent) == (0.5, 2)

    reply = events("T2 2026-01-06T10:00 public_reply - - provider")
    section = chapter(tickets=ROWS, ticket_events=pd.concat([LOG, reply], ignore_index=True))
    assert "did not write again after the first answer" in section.fact("flow.first_contact").note
    assert rate(section.fact("flow.first_contact")) == (0.5, 2)

    unsigned = pd.concat([LOG, reply, events("T1 2026-01-05T09:30 public_reply - -")])
    left = chapter(tickets=ROWS, ticket_events=unsigned).fact("flow.first_contact")
    assert rate(left) == (0, 1)


def test_without_a_clause_ages_are_in_days_alone(tmp_path: Path) -> None:
    contract = desk.agreed(data={"extracted_at": "2026-03-31T12:00"})
    by_priority = chapter_of(flow, desk.review(tmp_path, contract, WHOLE)).tables[0]

    assert [column.key for column in by_priority.columns][-1] == "over"
    assert "Service hours" not in by_priority.note


def test_where_nothing_is_resolved_the_rates_say_so(chapter: Chapter) -> None:
    section = chapter(tickets=ROWS[2:], ticket_events=LOG[4:])

    assert section.fact("flow.reopened").note == "no ticket was resolved"
    assert section.fact("flow.first_contact").note == "no ticket was resolved"


def test_the_counter_of_the_tool_is_shown_beside(chapter: Chapter) -> None:
    rows = ROWS.assign(recorded_reopens=[0, 2, None, 0])
    section = chapter(tickets=rows, ticket_events=LOG)

    assert rate(section.fact("flow.reopened.recorded")) == (1 / 3, 3)
    assert section.fact("flow.reopened.recorded").note == "1 ticket has no counter."
    past = chapter("2026-03-30T18:00", tickets=rows, ticket_events=LOG)
    assert "flow.reopened.recorded" not in {fact.id for fact in past.facts}
    assert "flow.reopened.recorded" not in {fact.id for fact in chapter(**WHOLE).facts}


def test_a_ticket_over_at_an_unknown_date_is_left_out_and_counted(chapter: Chapter) -> None:
    status = [None, None, None, "Cancelled"]
    section = chapter(
        tickets=ROWS.assign(status=status), ticket_events=LOG[LOG["ticket_id"] != "T4"]
    )

    assert [section.fact(f"flow.{name}").value for name in ("opened", "closed")] == [4, 2]
    assert rate(section.fact("flow.backlog")) == (1, 3)
    assert sum(int(str(row[1])) for row in section.figures[0].table.rows) == 4  # T2 came twice
    assert [*caveats(section)] == ["flow.unknown"]


def test_a_ticket_of_which_no_status_is_defined_is_neither_open_nor_old(chapter: Chapter) -> None:
    """T3, 29 days old, is not among the open ones; only T4 is."""
    log = LOG.assign(new=LOG["new"].where(LOG["ticket_id"] != "T3", "Foo"))
    log["old"] = log["old"].where(log["ticket_id"] != "T3", "Bar")
    section = chapter(tickets=ROWS, ticket_events=log)

    assert section.headline.startswith("1 ticket still open as of ")
    assert [row[0] for row in section.tables[1].rows] == ["T4"]
    assert [*caveats(section)] == ["flow.unknown"]


def test_seen_from_the_past_an_undated_end_leaves_a_ticket_unknown(chapter: Chapter) -> None:
    """T1 is cancelled at the extraction in March, no date says when; T2 was resolved in January."""
    rows = ROWS[:2].assign(status=["Cancelled", "Resolved"], resolved_at=None)
    rows["resolved_at"] = [pd.NaT, desk.at("2026-01-07T10:00")]
    section = chapter("2026-02-10", tickets=rows)

    assert section.headline == "No ticket is still open as of 10 Feb 2026."
    assert rate(section.fact("flow.closed")) == (1, 1)
    assert [finding.id for finding in section.findings] == ["flow.backlog"]


def test_without_a_month_that_is_over_there_is_no_end_of_a_month(chapter: Chapter) -> None:
    section = chapter("2026-01-05T09:30", **WHOLE)

    assert section.findings[0].sentence.endswith(
        "any month that is over. As of 5 Jan 2026 09:30: 1."
    )
    assert section.figures[0].table.rows == (("2026-01", 1, 0, None),)


def test_seen_from_the_past_what_came_later_is_not_there(chapter: Chapter) -> None:
    section = chapter("2026-01-08T18:00", **WHOLE)

    assert section.headline == "1 ticket still open as of 8 Jan 2026, none for over 30 days."
    assert section.fact("flow.opened").value == 2


def test_seen_from_the_past_a_hand_over_to_come_does_not_count(chapter: Chapter) -> None:
    """T1 is handed over on the 6th, after its resolution; T2, open then, is the other of 2.

    T3, not yet there on the 5th, was given its team before.
    """
    more = "T1 2026-01-05T09:00 group - N1\nT1 2026-01-06T09:00 group N1 N2"
    log = pd.concat([LOG, events(more)], ignore_index=True)
    past, now = (chapter(day, tickets=ROWS, ticket_events=log) for day in ("2026-01-05", ""))

    assert rate(past.fact("flow.first_contact")) == (1, 1)
    assert rate(now.fact("flow.first_contact")) == (0, 2)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(tmp_path: Path, language: str) -> None:
    section = chapter_of(flow, desk.review(tmp_path, CONTRACT, WHOLE, language=language))
    ids = [value.id for part in (section.facts, section.tables, section.figures) for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "flow"
    assert section.title in html(section)


def test_open_tickets_stand_in_the_contract_s_order_of_priorities(tmp_path: Path) -> None:
    """Major, High, Medium, Low, as the contract lists them, and not by their letters."""
    order = ["Major", "High", "Medium", "Low"]
    own = dict.fromkeys(order, "8 h")
    agreement = desk.agreed(desk.RESOLUTION | {"targets": own}, priorities=order)
    rows = tickets(*(ticket(f"T{n}", "2026-01-05T09:00", name) for n, name in enumerate(order)))
    log = events("\n".join(f"T{n} 2026-01-05T10:00 status New Open" for n in range(4)))
    tables = {"tickets": rows, "ticket_events": log}
    section = chapter_of(flow, desk.review(tmp_path, agreement, tables, as_of="2026-02-01"))
    table = next(one for one in section.tables if one.id == "flow.ages")
    assert [row[0] for row in table.rows] == order


def test_a_log_of_which_all_tickets_were_closed_in_one_month_is_no_whole_log(
    chapter: Chapter,
) -> None:
    """20 tickets opened on the 5th and 6th of January and of March, all closed in March."""
    days = ["01-05", "01-06", "03-05", "03-06"] * 5
    rows = tickets(*(ticket(f"T{n}", f"2026-{day}T09:00") for n, day in enumerate(days)))
    log = events("\n".join(f"T{n} 2026-03-{10 + n}T10:00 status New Resolved" for n in range(20)))
    place = "flow.closed_alone"
    assert caveats(chapter(tickets=rows, ticket_events=log))[place].startswith(
        "Closed in Mar 2026: 20 of 20; opened in it: 10 of 20. The log holds, it seems, only"
    )
    spread = log.assign(at=log["at"].where(log.index % 5 > 0, log["at"] - pd.Timedelta(days=31)))
    rows = rows.assign(opened_at=rows["opened_at"].min())
    assert place not in caveats(chapter(tickets=rows, ticket_events=spread))
