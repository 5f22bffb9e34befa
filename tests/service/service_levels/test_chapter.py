"""The chapter on service levels, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.calendars.periods import period_named
from reviewlib.pages.wording import Wording
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section, Table
from reviewlib.review import review_over
from reviewlib.service.clauses import measure_id
from reviewlib.service.service_levels.chapter import service_levels
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, agreed, events, ticket, tickets
from tests.sample import sample_of
from tests.spoken import caveats, drawn, html, table, unfit
from tests.spoken import chapter as chapter_of

Chapter = Callable[..., Section]
LATER = {"extracted_at": "2026-03-01T09:00"}


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """``chapter(contract, tickets=…, ticket_events=…)``: the section of a folder with these."""

    def _chapter(agreement: dict[str, Any], as_of: str = "", **tables: pd.DataFrame) -> Section:
        return chapter_of(service_levels, desk.review(tmp_path, agreement, tables, as_of=as_of))

    return _chapter


def many(met: int, late: int) -> dict[str, pd.DataFrame]:
    """P1 tickets opened on Monday at 9 (4 h), resolved at 10 or, numbers above, on Tuesday."""
    names = [f"T{number}" for number in range(1, met + late + 1)]
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in names))
    times = ["2026-01-05T10:00"] * met + ["2026-01-06T18:00"] * late
    log = [f"{name} {time} status New Resolved" for name, time in zip(names, times, strict=True)]
    return {"tickets": rows, "ticket_events": events("\n".join(log))}


def lines(section: Table) -> list[dict[str, object]]:
    keys = [column.key for column in section.columns]
    return [dict(zip(keys, row, strict=True)) for row in section.rows]


ONE = agreed(RESOLUTION | {"targets": {"P1": "4 h"}}, data=LATER)


# ------------------------------------------------------------------------------- what is not there


def test_without_tickets_the_chapter_is_not_assessed(chapter: Chapter) -> None:
    section = chapter(ONE)

    assert section.because == "the folder has no usable row of tickets.csv"


def test_without_a_clause_the_chapter_is_not_assessed(chapter: Chapter) -> None:
    assert "states no target" in chapter(agreed(), **many(1, 0)).because


def test_without_a_clause_the_flag_of_the_tool_is_shown_and_is_no_verdict(chapter: Chapter) -> None:
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", recorded_sla_met="yes"),
        ticket("T2", "2026-01-05T09:00", recorded_sla_met="no"),
    )
    section = chapter(agreed(), tickets=rows)

    assert section.fact("service_levels.met").value is None
    assert section.fact("service_levels.recorded.missed").value == 0.5
    assert section.fact("service_levels.recorded.kept.P1").met is None
    assert [caveat.id for caveat in section.caveats] == ["service_levels.recorded"]
    assert section.headline.startswith("Not assessed, because")


def test_a_priority_without_tickets_says_so(chapter: Chapter) -> None:
    section = chapter(agreed(RESOLUTION, data=LATER), **many(1, 0))
    absent = section.fact("service_levels.resolution.met.P2")

    assert (absent.value, absent.met, absent.n) == (None, None, 0)
    assert absent.note == "no ticket of this priority falls under the clause"
    assert section.headline == "Thresholds met: 1 of 1."
    assert caveats(section)["service_levels.not_compared"].startswith("2 figures have no threshold")


def test_a_clause_that_covers_nothing_is_not_compared_and_the_tickets_are_counted(
    chapter: Chapter,
) -> None:
    """No ticket is of the service that the clause is on."""
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "services": ["support"]}
    tables = many(2, 1)
    tables["tickets"] = tables["tickets"].assign(service="network")
    section = chapter(agreed(clause, data=LATER), **tables)

    assert section.headline == "No threshold of the contract could be compared."
    assert section.fact("service_levels.resolution.met.P1").value is None
    assert (section.findings, section.figures) == ((), ())
    assert caveats(section)["service_levels.uncovered"] == (
        "3 tickets are of a service or a kind that no clause covers: they are not judged."
    )
    assert not table(section, "counts").rows


def test_a_ticket_still_running_gives_no_share_and_bounds(chapter: Chapter) -> None:
    rows = tickets(ticket("T1", "2026-01-05T09:00"))
    log = events("T1 2026-01-05T09:00 status - New")
    section = chapter(ONE, "2026-01-05T10:00", tickets=rows, ticket_events=log)
    fact = section.fact("service_levels.resolution.met.P1")

    assert (fact.value, fact.met, fact.interval) == (None, None, None)
    assert fact.note == "none of its tickets is decided: they are running, excluded or unknown"
    assert caveats(section)["service_levels.running"].startswith(
        "1 verdict is still pending: the figures of its"
    )
    (line,) = lines(table(section, "resolution.months"))
    assert (line["worst"], line["best"], line["state"]) == (0, 1, "provisional")


# ------------------------------------------------------------------------------------- the verdict


def test_eleven_of_twelve_against_95_percent_are_not_kept_at_any_n(chapter: Chapter) -> None:
    """91.7 %, although the interval of 12 tickets, 64.6 to 98.5 %, holds 95 %."""
    section = chapter(ONE, **many(11, 1))
    fact = section.fact("service_levels.resolution.met.P1")
    finding = section.finding("service_levels.resolution.P1")

    assert (fact.value, fact.n, fact.target, fact.met) == (11 / 12, 12, 0.95, False)
    assert fact.interval is not None
    assert [round(edge, 3) for edge in (fact.interval.low, fact.interval.high)] == [0.646, 0.985]
    assert (fact.clause, fact.period) == ("R1", "1 Jan 2026 – 1 Mar 2026")
    assert fact.source == "ticket_events.csv, recomputed"
    assert finding is not None
    assert finding.sentence == (
        "Resolution · P1: 91.7% in time (11 of 12), for a threshold of 95%: missed."
    )
    assert (finding.kind, finding.evidence) == (Kind.CONCERN, ("T12",))
    assert finding.decision.endswith("decide on what R1 provides.")
    headline = "Thresholds met: 0 of 1. Missed: Resolution · P1 (within chance)."
    assert section.headline == headline


def test_after_the_contract_no_plan_is_asked_for_and_a_penalised_miss_is_decided_once() -> None:
    """The sample ended on 30 June 2025. Art. 10.3 penalises P2 to P4, and not P1, of Art. 5.2."""
    during, after = (chapter_of(service_levels, sample_of(day)) for day in ("2025-06-15", ""))
    asked, left = (
        [
            getattr(one.finding(f"service_levels.resolution.{p}"), "decision", "")
            for p in ("P1", "P2")
        ]
        for one in (during, after)
    )

    assert all("ask for a corrective action plan" in decision for decision in asked)
    assert left == ["Resolution · P1: decide on what Art. 5.2 provides.", ""]


def test_a_threshold_that_is_reached_exactly_is_kept(chapter: Chapter) -> None:
    section = chapter(ONE, **many(19, 1))
    finding = section.finding("service_levels.resolution.P1")

    assert section.headline == "Thresholds met: 1 of 1."
    assert finding is not None
    assert (finding.kind, finding.evidence, finding.decision) == (Kind.STRENGTH, (), "")
    assert finding.sentence.endswith("95.0% in time (19 of 20), for a threshold of 95%: met.")


def test_a_share_that_rounds_to_its_threshold_is_said_with_more_decimals(chapter: Chapter) -> None:
    """377 of 397 are 94.962 %: 95.0 % in print, and not kept."""
    section = chapter(ONE, **many(377, 20))
    fact = section.fact("service_levels.resolution.met.P1")
    finding = section.finding("service_levels.resolution.P1")

    assert fact.met is False
    assert fact.note == "94.96% before rounding, for a threshold of 95%"
    assert finding is not None
    assert "94.96% in time (377 of 397), for a threshold of 95%: missed." in finding.sentence


def test_a_threshold_is_said_with_all_its_decimals(chapter: Chapter) -> None:
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "threshold": "99.75 %"}
    section = chapter(agreed(clause, data=LATER), **many(3, 1))

    assert "for a threshold of 99.75%: missed." in section.findings[0].sentence


def test_the_evidence_is_the_tickets_furthest_over_their_target(chapter: Chapter) -> None:
    """T1 is 2 h over, T2 and T3 (open) far over; T4 in time."""
    rows = tickets(*(ticket(f"T{number}", "2026-01-05T09:00") for number in range(1, 5)))
    log = events("""
        T1 2026-01-05T17:00 status New Resolved
        T2 2026-01-20T17:00 status New Resolved
        T3 2026-01-05T10:00 status New Open
        T4 2026-01-05T10:00 status New Resolved
    """)
    section = chapter(ONE, tickets=rows, ticket_events=log)

    assert section.findings[0].evidence == ("T3", "T2", "T1")


def test_the_headline_counts_the_thresholds_met_and_names_the_others(chapter: Chapter) -> None:
    """P1 kept or not by its tickets, P2 always kept."""
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-01-05T09:00", "P2"))
    agreement = agreed(RESOLUTION | {"targets": {"P1": "4 h", "P2": "8 h"}}, data=LATER)
    second = "T2 2026-01-05T10:00 status New Resolved"
    kept, missed = (
        chapter(
            agreement,
            tickets=rows,
            ticket_events=events(f"T1 2026-01-0{day}T10:00 status New Resolved\n{second}"),
        ).headline
        for day in (5, 8)
    )

    assert kept == "Thresholds met: 2 of 2."
    assert missed == "Thresholds met: 1 of 2. Missed: Resolution · P1."


def test_tickets_without_a_priority_or_a_known_status_are_unknown_and_in_the_table(
    chapter: Chapter,
) -> None:
    rows = tickets(
        ticket("T1", "2026-01-05T09:00"),
        ticket("T2", "2026-01-05T09:00", None),
        ticket("T3", "2026-01-05T09:00"),
    )
    log = events("""
        T1 2026-01-05T10:00 status New Resolved
        T2 2026-01-05T10:00 status New Resolved
        T3 2026-01-05T10:00 status New Archived
    """)
    section = chapter(ONE, tickets=rows, ticket_events=log)
    counted = lines(table(section, "counts"))

    assert [(line["priority"], line["total"], line["unknown"]) for line in counted] == [
        ("P1", 2, 1), (None, 1, 1),
    ]  # fmt: skip
    assert caveats(section)["service_levels.unknown"] == (
        "2 verdicts are unknown; the bounds say what they could change. Reasons: a status that the "
        "contract does not define (1), no priority of the contract (1)."
    )
    assert caveats(section)["service_levels.statuses"].endswith("does not define: “Archived”.")


def test_the_classes_add_up_to_the_total_in_every_row(chapter: Chapter) -> None:
    section = chapter(agreed(RESOLUTION, RESPONSE, data=LATER), **many(3, 2))
    names = ("met", "breached", "running", "excluded", "unknown")
    counted = [
        line
        for table in section.tables
        if table.id.endswith((".counts", ".months"))
        for line in lines(table)
    ]

    assert len(counted) == 4
    assert all(sum(line[name] for name in names) == line["total"] == 5 for line in counted)


# ----------------------------------------------------------------------- several clauses, services


def test_clauses_of_one_measure_are_told_apart_by_their_own_name() -> None:
    alone = desk.contract(RESOLUTION, RESPONSE)
    both = desk.contract(RESOLUTION, RESOLUTION, RESPONSE)

    assert [measure_id(alone, name) for name in ("R1", "R2")] == ["resolution", "response"]
    ids = [measure_id(both, name) for name in ("R1", "R2", "R3")]
    assert ids == ["resolution.r1", "resolution.r2", "response"]


def test_names_that_have_no_ascii_letter_or_collide_get_a_number() -> None:
    written = agreed()
    names = ("§ 5.1 é", "§ 5-1 e", "Ω")
    written["terms"] = written["terms"] | {"clauses": dict.fromkeys(names, RESOLUTION)}
    section = desk.loaded(written)

    assert [measure_id(section, name) for name in names] == [
        "resolution.5_1_e_1", "resolution.5_1_e_2", "resolution.3",
    ]  # fmt: skip


def test_facts_of_two_clauses_have_ids_and_labels_of_their_own(chapter: Chapter) -> None:
    clause = RESOLUTION | {"targets": {"P1": "4 h"}}
    section = chapter(agreed(clause, clause, data=LATER), **many(1, 0))

    assert [(fact.id, fact.label) for fact in section.facts] == [
        ("service_levels.resolution.r1.met.P1", "Resolution (R1) · P1"),
        ("service_levels.resolution.r2.met.P1", "Resolution (R2) · P1"),
    ]


def test_several_services_have_a_table_of_their_own(chapter: Chapter) -> None:
    made = many(2, 1)
    services = made["tickets"].assign(service=["support", "network", None])
    section = chapter(ONE, tickets=services, ticket_events=made["ticket_events"])
    by_service = lines(table(section, "services"))

    assert [(line["service"], line["met"], line["breached"]) for line in by_service] == [
        ("Network", 1, 0), ("User support", 1, 0), (None, 0, 1),
    ]  # fmt: skip
    one = chapter(ONE, tickets=services[:1], ticket_events=made["ticket_events"][:1])
    assert "service_levels.services" not in {table.id for table in one.tables}


# ----------------------------------------------------------------------------- amended thresholds


def change(**changes: Any) -> list[dict[str, Any]]:
    amendment = {"id": "A1", "title": "Changed", "signed": "2026-01-02", "effective": "2026-01-12"}
    return [amendment | {"changes": {"clauses": {"R1": changes}}}]


def before_and_since() -> dict[str, pd.DataFrame]:
    """T1 and T2 opened before 12 January, T3 and T4 after; T2 and T4 took 5 h, the others 1 h."""
    rows = tickets(
        *(ticket(name, "2026-01-05T09:00") for name in ("T1", "T2")),
        *(ticket(name, "2026-01-12T09:00") for name in ("T3", "T4")),
    )
    log = events("""
        T1 2026-01-05T10:00 status New Resolved
        T2 2026-01-05T16:00 status New Resolved
        T3 2026-01-12T10:00 status New Resolved
        T4 2026-01-12T16:00 status New Resolved
    """)
    return {"tickets": rows, "ticket_events": log}


def test_an_amended_target_is_shown_over_both_periods_under_both_terms(chapter: Chapter) -> None:
    """6 h, then 4 h: before, 2 of 2 and 1 of 2; since, 2 of 2 and 1 of 2."""
    clause = RESOLUTION | {"targets": {"P1": "6 h"}}
    agreement = agreed(clause, amendments=change(targets={"P1": "4 h"}), data=LATER)
    section = chapter(agreement, **before_and_since()).finding(
        "service_levels.resolution.P1.amendment.1"
    )

    assert section is not None
    assert section.sentence.replace("\u00a0", " ") == (
        "A1, in force from 12 Jan 2026, changed the target of P1 under R1 from 6 h to 4 h. "
        "Clocks started before: 100.0% (n = 2) within the old target, 50.0% (n = 2) within the new "
        "one. Since: 100.0% (n = 2) within the old target, 50.0% (n = 2) within the new "
        "one. This compares two sets of terms and claims no cause."
    )
    assert section.kind is Kind.NEUTRAL


def test_an_amended_threshold_is_compared_with_the_tickets_under_it(chapter: Chapter) -> None:
    """Each period has 1 of 2 in time: 50 % was asked before, 92.5 % since.

    Wilson of 1 of 2: 50 % ± 1.96 × √(0.25 / 2 + 1.96² / 16) / (1 + 1.96² / 2) = 50 ± 40.5 %.
    """
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "threshold": "50 %"}
    agreement = agreed(clause, amendments=change(threshold="92.5 %"), data=LATER)
    section = chapter(agreement, **before_and_since())
    facts = {fact.id.removeprefix("service_levels.resolution."): fact for fact in section.facts}

    assert {key: (fact.n, fact.target, fact.met) for key, fact in facts.items()} == {
        "met.P1": (4, None, None),
        "met.P1.at_50": (2, 0.5, True),
        "met.P1.at_92_5": (2, 0.925, False),
    }
    assert "its tickets have several thresholds" in facts["met.P1"].note
    assert facts["met.P1.at_50"].label == "Resolution · P1, under the threshold of 50%"
    assert [finding.evidence for finding in section.findings] == [(), ("T4",)]
    levels = lines(section.figures[0].table)
    assert [(line["n"], line["target"], line["state"]) for line in levels] == [
        (4, None, None),
        (2, 0.5, "met, within chance"),
        (2, 0.925, "missed"),
    ]


def test_the_first_page_says_that_the_earlier_terms_would_have_met_a_missed_threshold(
    chapter: Chapter,
) -> None:
    """6 h, then 4 h: before, 2 of 2; since, 1 of 2: 3 of 4 for 80 %; within 6 h all 4.

    Wilson of 3 of 4 reaches from 30 to 95 %: within chance.
    """
    clause = RESOLUTION | {"targets": {"P1": "6 h"}, "threshold": "80 %"}
    agreement = agreed(clause, amendments=change(targets={"P1": "4 h"}), data=LATER)
    finding = chapter(agreement, **before_and_since()).finding("service_levels.resolution.P1")

    assert finding is not None
    assert finding.brief is not None
    assert Wording("en").say(finding.brief.text).replace("\u00a0", " ") == (
        "Resolution of P1 tickets: 75.0% in time, for a threshold of 80%. Chance alone may leave "
        "such a gap. By the terms before A1: 100.0%."
    )


# -------------------------------------------------------- sensitive periods, what the provider says


def test_a_sensitive_period_is_set_against_the_rest_by_the_day_of_opening(chapter: Chapter) -> None:
    """One ticket inside, on its last day, and late; two outside, in time."""
    peaks = [
        {"first": "2026-01-06", "last": "2026-01-07", "title": "Sales"},
        {"first": "2026-11-01", "last": "2026-12-31", "title": "Yet to come"},
    ]
    rows = tickets(
        ticket("T1", "2026-01-05T23:59"),
        ticket("T2", "2026-01-07T23:59"),
        ticket("T3", "2026-01-08T00:00"),
    )
    log = events("""
        T1 2026-01-06T10:00 status New Resolved
        T2 2026-01-09T18:00 status New Resolved
        T3 2026-01-08T10:00 status New Resolved
    """)
    section = chapter(ONE | {"sensitive_periods": peaks}, tickets=rows, ticket_events=log)
    sentences = [f.sentence for f in section.findings if ".sensitive." in f.id]

    assert [sentence.replace("\u00a0", " ") for sentence in sentences] == [
        "Sensitive period “Sales”, 6 Jan 2026 to 7 Jan 2026: tickets in time, by opening. "
        "Time to resolution: 0.0% (n = 1) within, 100.0% (n = 2) outside."
    ]


def test_what_a_ramp_up_leaves_out_of_the_rest_is_told_clause_by_clause(chapter: Chapter) -> None:
    """Resolution (R1) has a ramp-up, January: one verdict less. Response (R2) has none by the rule.

    T1 is of January, T2 of the sales, T3 of the week after them; all are in time.
    """
    rule = {
        "kind": "points", "title": "Missed", "clauses": ["R1"], "amount": 100,
        "ramp_up": {"first": "2026-01-01", "last": "2026-01-31"},
    }  # fmt: skip
    contract = agreed(RESOLUTION, RESPONSE, data=LATER)
    contract["terms"]["penalties"] = {"PP": rule}
    contract["sensitive_periods"] = [
        {"first": "2026-02-09", "last": "2026-02-13", "title": "Sales"}
    ]
    days = ("2026-01-12", "2026-02-09", "2026-02-16")
    rows = tickets(
        *(
            ticket(
                f"T{n}", f"{day}T09:00", first_response_at=f"{day}T09:30",
                resolved_at=f"{day}T10:00",
            )
            for n, day in enumerate(days, start=1)
        )
    )  # fmt: skip
    section = chapter(contract, tickets=rows)
    (one,) = (f.sentence for f in section.findings if ".sensitive." in f.id)

    assert one.replace("\u00a0", " ").endswith(
        "Time to resolution: 100.0% (n = 1) within, 100.0% (n = 1) outside. Time to resolution, "
        "left out of the rest: 1 verdict, of the ramp-up, another sensitive period or other terms. "
        "Time to first response: 100.0% (n = 1) within, 100.0% (n = 2) outside. Time to first "
        "response has no ramp-up by the rules of the contract: its tickets of 1 Jan 2026 – "
        "31 Jan 2026, the ramp-up of another clause, are in the rest."
    )


# ------------------------------------------------------------------------------------- the caveats


def test_without_a_log_the_caveat_says_what_is_lost(chapter: Chapter) -> None:
    rows = tickets(ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T10:00"))
    section = chapter(ONE, tickets=rows)

    assert section.fact("service_levels.resolution.met.P1").source == (
        "tickets.csv, as recorded by the tool"
    )
    assert caveats(section)["service_levels.no_log"].startswith(
        "There is no log of status changes: pauses, "
    )


@pytest.mark.parametrize(("priority", "unjudged"), [("final", False), ("highest", True)])
def test_without_a_log_a_priority_that_only_a_log_tells_is_said_not_to_be_judged(
    chapter: Chapter, priority: str, unjudged: bool
) -> None:
    rows = tickets(ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T10:00"))
    section = chapter(agreed(RESOLUTION | {"priority": priority}), tickets=rows)
    caveat = caveats(section).get("service_levels.priorities", "")

    assert ("the one that the contract counts is not known" in caveat) == unjudged


def test_a_log_that_the_contract_does_not_explain_is_said(chapter: Chapter) -> None:
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "pauses": []}
    section = chapter(agreed(clause, statuses={}, data=LATER), **many(1, 0))

    assert caveats(section)["service_levels.no_log"].startswith(
        "The contract defines none of the statuses"
    )
    assert "service_levels.statuses" not in caveats(section)


def test_tickets_without_events_and_outside_the_period_are_counted(chapter: Chapter) -> None:
    made = many(1, 0)
    more = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2025-12-31T09:00"))
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "excludes": []}
    agreement = agreed(clause, data=LATER)
    sentences = caveats(chapter(agreement, tickets=more, ticket_events=made["ticket_events"]))

    assert sentences["service_levels.silent"].startswith("1 ticket has no status in the log")
    assert sentences["service_levels.outside"].startswith(
        "1 ticket was opened outside the period of the contract"
    )


def test_tickets_left_out_since_the_contract_does_not_cover_their_day_are_counted(
    chapter: Chapter,
) -> None:
    """T1 is of the period; T2, of the day before it, and T3, of the day after, are not."""
    rows = tickets(
        ticket("T1", "2026-01-05T09:00"),
        ticket("T2", "2025-12-31T09:00"),
        ticket("T3", "2026-01-31T09:00"),
    )
    period = {"first": "2026-01-01", "last": "2026-01-30"}
    agreement = agreed(RESOLUTION, RESPONSE, period=period, data=LATER)
    sentences = caveats(chapter(agreement, tickets=rows))

    assert sentences["service_levels.not_of_the_period"] == (
        "2 tickets were opened outside the period of the contract: they are left out."
    )
    assert "service_levels.outside" not in sentences


def test_a_month_that_a_span_of_days_cuts_is_judged_on_its_days_and_that_is_told(
    tmp_path: Path,
) -> None:
    """Resolved in 4 hours: T2 and T3, of 12 and 20 January; T1, of 9 January, was not.

    By the whole month 2 of 3 were in time; of its days from the 10th, 2 of 2.
    """
    rows = tickets(
        ticket("T1", "2026-01-09T09:00", resolved_at="2026-01-12T17:00"),
        ticket("T2", "2026-01-12T09:00", resolved_at="2026-01-12T10:00"),
        ticket("T3", "2026-01-20T09:00", resolved_at="2026-01-20T10:00"),
    )
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "pauses": []}
    by_month = clause | {"threshold": "90 %", "assessed": "month"}

    def judged(clause: dict[str, Any], period: str) -> Section:
        engagement = desk.review(tmp_path, agreed(clause, data=LATER), {"tickets": rows}).engagement
        review = review_over(engagement, period_named(period), "en")
        return chapter_of(service_levels, review)

    def months_met(section: Section) -> Any:
        return next(one.value for one in section.facts if ".months." in one.id)

    cut = judged(by_month, "2026-01-10/2026-01-31")
    assert caveats(cut)["service_levels.cut_months"] == (
        "A clause assessed by the month judges a month of which the period has a part on that "
        "part: 10 Jan 2026 – 31 Jan 2026."
    )
    assert months_met(cut) == 1
    whole = judged(by_month, "2026-01")
    assert "service_levels.cut_months" not in caveats(whole)
    assert months_met(whole) == 0
    over_all = by_month | {"assessed": "contract"}
    assert "service_levels.cut_months" not in caveats(judged(over_all, "2026-01-10/2026-01-31"))


# ------------------------------------------------------------------------------------- the figures


def test_one_chart_of_all_thresholds_leads_and_one_has_their_months(
    chapter: Chapter,
) -> None:
    """January: T1 and T2; P1 late in February; a ticket of February still runs."""
    rows = tickets(
        ticket("T1", "2026-01-05T09:00"),
        ticket("T2", "2026-02-02T09:00"),
        ticket("T3", "2026-02-27T17:00"),
    )
    log = events("""
        T1 2026-01-05T10:00 status New Resolved
        T2 2026-02-05T10:00 status New Resolved
        T3 2026-02-27T17:00 status - New
    """)
    agreement = agreed(RESOLUTION | {"targets": {"P1": "4 h"}, "month": "opened"}, data=LATER)
    section = chapter(agreement, tickets=rows, ticket_events=log)
    levels, months, used = section.figures

    assert [figure.lead for figure in section.figures] == [True, False, False]
    assert "Resolution · P1 50.0% (n\u00a0=\u00a02)" in levels.description
    heading, row = drawn(section, levels).rows
    assert (heading.label, heading.note, heading.style) == ("Time to resolution", "R1", "group")
    assert (row.label, row.note, row.value) == ("P1", "n = 2 · ≥\u00a095%", "1 of 2")
    assert row.words.endswith("threshold 95%; missed")
    assert months.description == "Months below the threshold: Resolution · P1 1 of 2."
    strip = drawn(section, months).rows[1]
    assert [(mark.at, mark.tone) for mark in strip.marks] == [(0, "mid"), (0.5, "open")]
    assert (strip.value, strip.bad, strip.note) == ("1 of 2", True, "n = 2 · ≥\u00a095%")
    assert months.card == "Thresholds met: 0 of 1. Resolution · P1: 1 of 2 months below."
    assert drawn(section, used).startswith("<svg")


def test_of_a_clause_assessed_by_the_month_the_strip_ends_with_its_months(
    chapter: Chapter,
) -> None:
    """T1 in time in January, T2 late in February: no verdict over the whole, one month of two."""
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-02-02T09:00"))
    log = events("""
        T1 2026-01-05T10:00 status New Resolved
        T2 2026-02-05T10:00 status New Resolved
    """)
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "month": "opened", "assessed": "month"}
    section = chapter(agreed(clause, data=LATER), tickets=rows, ticket_events=log)
    levels, months, _used = section.figures

    assert not drawn(section, levels).rows[1].bad
    assert drawn(section, months).rows[1].value == "1 of 2 months"
    assert drawn(section, months).rows[1].bad
    assert months.card == "Service levels by month, against their thresholds"


def test_one_month_is_not_drawn_over_time(chapter: Chapter) -> None:
    figures = chapter(ONE, **many(1, 1)).figures

    assert [figure.id.rpartition(".")[2] for figure in figures] == ["levels", "used"]


# ------------------------------------------------------------------------------------- the section


def test_seen_from_the_past_the_section_knows_nothing_of_later(chapter: Chapter) -> None:
    """On Monday at 11, T1 was resolved and T2 within its target; on Tuesday T2 was late."""
    made = many(1, 1)
    past = chapter(ONE, "2026-01-05T11:00", **made)
    now = chapter(ONE, **made)

    assert past.fact("service_levels.resolution.met.P1").n == 1
    assert now.fact("service_levels.resolution.met.P1").n == 2
    assert past.fact("service_levels.resolution.met.P1").period == "1 Jan 2026 – 5 Jan 2026"


def test_seen_from_the_past_a_ticket_has_the_priority_that_it_had(chapter: Chapter) -> None:
    """The row holds P1, given on Wednesday; on Tuesday it was P2."""
    rows = tickets(ticket("T1", "2026-01-05T09:00", "P1"))
    log = events("""
        T1 2026-01-05T10:00 status New Resolved
        T1 2026-01-07T09:00 priority P2 P1
    """)
    agreement = agreed(RESOLUTION, data=LATER)
    past = chapter(agreement, "2026-01-06", tickets=rows, ticket_events=log)

    assert past.fact("service_levels.resolution.met.P2").n == 1
    assert past.fact("service_levels.resolution.met.P1").n == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(tmp_path: Path, language: str) -> None:
    agreement = agreed(RESOLUTION, RESPONSE, amendments=change(targets={"P1": "2 h"}), data=LATER)
    review = desk.review(tmp_path, agreement, before_and_since(), language=language)
    section = chapter_of(service_levels, review)
    ids = [value.id for part in (section.facts, section.findings, section.tables, section.figures,
                                 section.caveats) for value in part]  # fmt: skip

    assert len(ids) == len(set(ids))
    assert all(name.isascii() and name.startswith("service_levels.") for name in ids)
    assert json.loads(json.dumps(encoded(section)))["slug"] == "service_levels"
    assert section.title in html(section)
    assert not unfit(service_levels(review))


# ------------------------------------------------------------------- by the month, minimum volume


def monthly(**policy: Any) -> dict[str, Any]:
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "threshold": "60 %", "month": "opened"}
    return agreed(clause | policy, data=LATER)


def two_months() -> dict[str, pd.DataFrame]:
    """January: T1 and T2 in time, T3 late (66.7 %); February: T4 late (0 %)."""
    opened = dict.fromkeys(("T1", "T2", "T3"), "2026-01-05") | {"T4": "2026-02-02"}
    done = {"T1": "05T10:00", "T2": "05T10:00", "T3": "06T18:00", "T4": "04T18:00"}
    rows = tickets(*(ticket(name, f"{day}T09:00") for name, day in opened.items()))
    log = [f"{n} {day[:8]}{done[n]} status New Resolved" for n, day in opened.items()]
    return {"tickets": rows, "ticket_events": events("\n".join(log))}


def test_a_clause_assessed_by_the_month_has_a_verdict_for_each(chapter: Chapter) -> None:
    section = chapter(monthly(assessed="month"), **two_months())
    fact = section.fact("service_levels.resolution.months.P1")
    finding = section.finding("service_levels.resolution.months.P1")

    assert (fact.value, fact.n, fact.met) == (1, 2, False)
    assert finding is not None
    assert finding.sentence == (
        "Resolution · P1: months in which the threshold was met: 1 of 2. Not met: Feb 2026 0.0% "
        "(n = 1)."
    )
    assert finding.kind is Kind.CONCERN
    whole = section.fact("service_levels.resolution.met.P1")
    assert (whole.value, whole.met) == (0.5, None)
    assert whole.note == "the clause is assessed month by month: see the months in which it was met"


def test_a_month_under_the_minimum_volume_has_no_verdict_and_is_counted(chapter: Chapter) -> None:
    section = chapter(monthly(assessed="month", minimum_volume=2), **two_months())
    fact = section.fact("service_levels.resolution.months.P1")

    assert (fact.value, fact.n, fact.met) == (1, 1, True)
    assert fact.note == "1 month has fewer tickets than the clause asks for, and no verdict."


def test_under_the_minimum_volume_of_the_contract_the_share_has_no_verdict(
    chapter: Chapter,
) -> None:
    section = chapter(monthly(minimum_volume=5), **two_months())
    fact = section.fact("service_levels.resolution.met.P1")

    assert (fact.value, fact.n, fact.met) == (0.5, 4, None)
    assert fact.note == "no verdict: the clause binds from 5 tickets on"
    assert chapter(monthly(minimum_volume=4), **two_months()).fact(fact.id).met is False


def test_how_much_of_the_target_was_used_is_drawn_with_the_whole_target_as_the_limit(
    chapter: Chapter,
) -> None:
    """T1, T2: 1 of 4 h. T3: 14 h, T4: 21 h of 4: beyond three times the target."""
    figures = chapter(monthly(), **two_months()).figures
    used = next(figure for figure in figures if figure.id.endswith(".used"))
    rows = [row for row in lines(used.table) if row["in_time"] or row["late"]]

    assert [(row["low"], row["in_time"], row["late"]) for row in rows] == [(0.2, 2, 0), (3.0, 0, 2)]
    assert used.description.startswith("Decided tickets: 4. In time, in the last fifth")


# ---------------------------------------------------------------------------------------- variants


def test_tickets_of_a_variant_are_held_to_its_threshold_and_the_others_to_theirs(
    chapter: Chapter,
) -> None:
    """Paris 3 of 3 for 95 %; Strasbourg 1 of 2 for 60 %: 80 % in all says neither."""
    rows = tickets(
        *(ticket(f"T{n}", "2026-01-05T09:00", site="paris") for n in (1, 2, 3)),
        *(ticket(f"T{n}", "2026-01-05T09:00", site="strasbourg") for n in (4, 5)),
    )
    log = [f"T{n} 2026-01-05T10:00 status New Resolved" for n in (1, 2, 3, 4)]
    log.append("T5 2026-01-06T18:00 status New Resolved")
    variant = {"sites": ["strasbourg"], "threshold": "60 %"}
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "variants": [variant]}
    section = chapter(
        agreed(clause, data=LATER), tickets=rows, ticket_events=events("\n".join(log))
    )
    facts = {f.id.removeprefix("service_levels.resolution.met."): f for f in section.facts}

    assert {k: (f.n, f.target, f.met) for k, f in facts.items()} == {
        "P1": (5, None, None),
        "P1.at_95": (3, 0.95, True),
        "P1.at_60": (2, 0.6, False),
    }
    assert section.headline == (
        "Thresholds met: 1 of 2. Missed: Resolution · P1, under the threshold of 60% (within "
        "chance)."
    )


def test_an_amendment_still_to_come_is_not_told_as_a_change(chapter: Chapter) -> None:
    change_ = {
        "id": "A1",
        "title": "Faster",
        "signed": "2026-01-01",
        "effective": "2026-06-01",
        "changes": {"clauses": {"R1": {"targets": {"P1": "2 h"}}}},
    }
    clause = RESOLUTION | {"targets": {"P1": "4 h"}}
    section = chapter(agreed(clause, amendments=[change_], data=LATER), **many(1, 0))

    assert [f.id for f in section.findings] == ["service_levels.resolution.P1"]
