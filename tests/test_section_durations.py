"""The chapter on durations, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.report import Section
from reviewlib.sections.durations import durations

from . import desk
from .desk import events, ticket, tickets

Chapter = Callable[..., Section]
CONTRACT = desk.agreed(desk.RESOLUTION, data={"extracted_at": "2026-03-31T12:00"})


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def _chapter(as_of: str = "", **tables: pd.DataFrame) -> Section:
        return durations(desk.review(tmp_path, CONTRACT, tables, as_of=as_of))

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


def values(section: Section, part: str = "") -> list[float]:
    return [section.fact(f"durations{part}.{name}").value for name in ("median", "p90", "mean")]  # type: ignore[misc]


def caveats(section: Section) -> dict[str, str]:
    return {caveat.id: caveat.sentence for caveat in section.caveats}


def test_median_p90_and_mean_are_of_the_resolved_tickets(chapter: Chapter) -> None:
    """1, 2, 3, 4 and 10 h: 3, 7.6 by linear interpolation, 4."""
    found = chapter(**lasted(1, 2, 3, 4, 10))

    assert values(found) == pytest.approx([3, 7.6, 4])
    assert found.headline == "5 resolved tickets: median 3 h, P90 7 h 36, mean 4 h."
    assert found.fact("durations.p90").label == "P90 (linear interpolation)"
    assert found.fact("durations.mean").source == (
        "ticket_events.csv: status, up to the last resolution"
    )


def test_one_duration_is_said_in_the_singular_and_hides_nothing(chapter: Chapter) -> None:
    found = chapter(**lasted(2))

    assert found.headline == "1 resolved ticket: median 2 h, P90 2 h, mean 2 h."
    assert caveats(found) == {}
    assert found.figures[0].table.rows[0][1] == 2


def test_what_the_mean_hides_is_said_where_a_tenth_is_some(chapter: Chapter) -> None:
    """Nineteen of 1 h and one of 81 h: 95 % took less than 5 h, two took 82 of 100 h."""
    found = caveats(chapter(**lasted(*[1] * 19, 81)))

    assert found["durations.mean"] == (
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
    found = chapter(tickets=rows, ticket_events=log)

    assert found.fact("durations.median").n == 1
    assert caveats(found)["durations.open"].startswith("1 ticket is still open and not among")


def test_a_ticket_over_at_an_unknown_date_is_not_open(chapter: Chapter) -> None:
    """T2 has no event, its row says Cancelled."""
    made = lasted(2)
    more = ticket("T2", "2026-01-05T09:00", status="Cancelled")
    rows = tickets(ticket("T1", "2026-01-05T09:00", status="Resolved"), more)

    assert caveats(chapter(tickets=rows, ticket_events=made["ticket_events"])) == {}


def test_what_the_tool_recorded_stands_beside(chapter: Chapter) -> None:
    made = lasted(2, 4)
    resolved = [desk.at("2026-01-05T10:00"), pd.NaT]
    found = chapter(
        tickets=made["tickets"].assign(resolved_at=resolved), ticket_events=made["ticket_events"]
    )

    assert values(found) == pytest.approx([3, 3.8, 3])
    assert values(found, ".recorded") == [1, 1, 1]
    assert found.fact("durations.recorded.mean").label == "Mean, as recorded by the tool"


def test_without_a_log_the_recorded_times_are_the_durations(chapter: Chapter) -> None:
    rows = lasted(2)["tickets"].assign(resolved_at=[desk.at("2026-01-05T10:00")])
    found = chapter(tickets=rows)

    assert values(found) == [1, 1, 1]
    assert [fact.id for fact in found.facts] == [
        "durations.median", "durations.p90", "durations.mean",
    ]  # fmt: skip
    assert found.fact("durations.median").source == "tickets.csv: opened_at, resolved_at"


def test_priorities_are_those_of_the_log_at_the_instant_of_the_review(chapter: Chapter) -> None:
    """Both rows hold P1; T1 was P2 until February, T2 has none in the log."""
    made = lasted(1, 3)
    more = events("T1 2026-02-02T09:00 priority P2 P1")
    log = pd.concat([made["ticket_events"], more], ignore_index=True)
    past = chapter("2026-01-31", tickets=made["tickets"], ticket_events=log)
    now = chapter(tickets=made["tickets"], ticket_events=log)

    assert [row[:3] for row in past.tables[0].rows] == [("P1", 1, 3.0), ("P2", 1, 1.0)]
    assert [row[:3] for row in now.tables[0].rows] == [("P1", 2, 2.0)]


def test_without_priorities_there_is_no_table_of_them(chapter: Chapter) -> None:
    made = lasted(1)
    bare = made["tickets"].drop(columns="priority")

    assert chapter(tickets=bare, ticket_events=made["ticket_events"]).tables == ()


def test_the_figure_says_its_numbers(chapter: Chapter) -> None:
    (figure,) = chapter(**lasted(1, 2, 3, 4, 10)).figures

    assert figure.description == (
        "Distribution on a logarithmic scale (n = 5): median 3 h, P90 7 h 36, mean 4 h."
    )
    assert [round(float(str(row[1])), 1) for row in figure.table.rows] == [3.0, 7.6, 4.0]
    assert figure.svg.startswith("<svg")


def test_without_tickets_or_resolutions_the_chapter_is_not_assessed(chapter: Chapter) -> None:
    assert "no usable row of tickets.csv" in chapter().because
    made = lasted(2)
    early = chapter("2026-01-05T10:00", **made)
    assert early.because == "no ticket was resolved."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(tmp_path: Path, language: str) -> None:
    found = durations(desk.review(tmp_path, CONTRACT, lasted(1, 2), language=language))
    ids = [value.id for part in (found.facts, found.tables, found.figures) for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(found.to_json()))["slug"] == "durations"
    assert found.title in found.to_html()
