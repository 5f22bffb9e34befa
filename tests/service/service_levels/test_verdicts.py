"""What a verdict says beside its share: pauses that no log tells of, its months, its defaults."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.engagement.summary.chapter import summary
from reviewlib.money import results as money
from reviewlib.pages.check import report
from reviewlib.pages.front import opening, settled
from reviewlib.pages.wording import Wording
from reviewlib.report.values import Kind, Section
from reviewlib.review import Review, open_review
from reviewlib.service import results
from reviewlib.service.service_levels.chapter import service_levels
from tests import desk
from tests.conftest import REPO
from tests.desk import RESOLUTION, RESPONSE, agreed, events, ticket, tickets
from tests.sample import sample_of
from tests.spoken import chapter, drawn, html, sentence, spoken, table, unfit

LATER = {"extracted_at": "2026-06-01T09:00"}
ONE = RESOLUTION | {"targets": {"P1": "4 h"}, "threshold": "80 %", "month": "opened"}
PENALTY = {
    "kind": "points", "title": "Missed", "clauses": ["R1"], "amount": 100,
    "ramp_up": {"first": "2026-01-01", "last": "2026-01-31"},
}  # fmt: skip


def resolved(*days: tuple[str, int, int]) -> list[dict[str, Any]]:
    """P1 tickets (4 h) of each day, opened at 9: some resolved at 10, the others at 18 (7 h)."""
    return [
        ticket(f"T{day}.{n}", f"{day}T09:00", resolved_at=f"{day}T{10 if n < met else 18}:00")
        for day, met, late in days
        for n in range(met + late)
    ]


def logged(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The log of their resolutions."""
    lines = [f"{row['ticket_id']} {row['resolved_at']} status New Resolved" for row in rows]
    return events("\n".join(lines))


def review(
    folder: Path, clause: dict[str, Any], rows: list[dict[str, Any]], log: bool = True, **rules: Any
) -> Review:
    """The review of tickets under clause R1; ``rules``: on penalties."""
    contract, logs = agreed(clause, data=LATER), {"ticket_events": logged(rows)} if log else {}
    contract["terms"]["penalties"] = rules
    return desk.review(folder, contract, {"tickets": tickets(*rows)} | logs)


def words(section: Section, name: str = "resolution.P1") -> str:
    return sentence(section, f"service_levels.{name}").replace("\u00a0", " ")


# ------------------------------------------------------------------------------- without a log


def test_without_a_log_a_clause_that_pauses_has_bounds_and_no_verdict(tmp_path: Path) -> None:
    """3 of 5 in time with all time counted, 5 of 5 had both others paused: 60 % to 100 %."""
    rows = resolved(("2026-01-05", 3, 2))
    section = chapter(service_levels, review(tmp_path, ONE, rows, log=False))
    fact = section.fact("service_levels.resolution.met.P1")

    assert (fact.value, fact.met, fact.n) == (None, None, 5)
    assert (fact.interval.low, fact.interval.high) == pytest.approx((0.6, 1.0))
    assert fact.note == "not assessable: pauses unknown"
    finding = section.finding("service_levels.resolution.P1")
    assert finding.kind is Kind.NEUTRAL
    assert words(section) == (
        "Resolution · P1: not assessable, pauses unknown. At least 3 of 5 were in time (60.0%), at "
        "most 5 (100.0%), for a threshold of 80%."
    )
    assert finding.decision == (
        "Resolution · P1: obtain the log of status changes; without it nothing can be judged "
        "under R1."
    )
    assert section.headline.endswith("Not assessable, pauses unknown: Resolution · P1.")
    (levels,) = section.figures
    row = drawn(section, levels).rows[1]
    assert (row.value, row.bad) == ("60.0% to 100.0%", False)
    assert [mark.kind for mark in row.marks] == ["line", "line", "tick"]
    assert not unfit(section)


def test_thresholds_that_pauses_leave_open_are_among_those_counted(tmp_path: Path) -> None:
    """80 % asked of each. P1: 5 of 5 in time: met. P2 and P3 (4 h): 0 to 2 of 2: open.

    Two months: P2 has none judged, being late or paused in both.
    """
    clause = ONE | {"targets": dict.fromkeys(("P1", "P2", "P3"), "4 h")}
    rows = resolved(("2026-01-05", 3, 0), ("2026-02-02", 2, 0))
    for priority in ("P2", "P3"):
        rows += [
            one | {"ticket_id": f"{priority}{one['ticket_id']}", "priority": priority}
            for one in resolved(("2026-01-06", 0, 1), ("2026-02-03", 0, 1))
        ]
    section = chapter(service_levels, review(tmp_path, clause, rows, log=False))
    strips = next(one for one in section.figures if one.card)

    assert section.headline.startswith("Thresholds met: 1 of 3, 2 not assessable. Not assessable")
    assert strips.card == "Thresholds met: 1 of 3, 2 not assessable."
    assert strips.description == (
        "Months below the threshold: Resolution · P1 0 of 2, Resolution · P2 not assessed, "
        "Resolution · P3 not assessed."
    )
    assert [row.words for row in drawn(section, strips).rows[1:]] == [
        "never below the threshold",
        "not assessed",
        "not assessed",
    ]


def test_a_table_counts_what_is_late_or_paused_and_gives_its_bounds(tmp_path: Path) -> None:
    rows = resolved(("2026-01-05", 3, 2))
    found = table(chapter(service_levels, review(tmp_path, ONE, rows, log=False)), "counts")
    line = dict(zip([column.key for column in found.columns], found.rows[0], strict=True))

    counts = [line[key] for key in ("met", "breached", "late_or_paused", "unknown", "total")]
    assert counts == [3, 0, 2, 0, 5]
    assert (line["share"], line["worst"], line["best"]) == (None, 0.6, 1.0)


def test_with_a_log_no_table_has_a_column_of_late_or_paused(tmp_path: Path) -> None:
    section = chapter(service_levels, review(tmp_path, ONE, resolved(("2026-01-05", 3, 2))))
    keys = {column.key for one in section.tables for column in one.columns}

    assert "late_or_paused" not in keys
    assert section.fact("service_levels.resolution.met.P1").value == 0.6


@pytest.mark.parametrize(("met", "late", "held"), [(4, 1, True), (9, 1, True)])
def test_a_threshold_reached_with_all_time_counted_is_kept_without_a_log(
    tmp_path: Path, met: int, late: int, held: bool
) -> None:
    """80 % asked; 4 of 5 is 80 % at least."""
    rows = resolved(("2026-01-05", met, late))
    section = chapter(
        service_levels, review(tmp_path, ONE | {"priority": "final"}, rows, log=False)
    )
    fact = section.fact("service_levels.resolution.met.P1")

    assert (fact.value, fact.met) == (None, held)
    assert fact.note == "pauses unknown; the verdict is the same at both bounds"
    share = f"{100 * met / (met + late):.1f}%"
    assert words(section) == (
        f"Resolution · P1: at least {share} in time ({met} of {met + late}), whatever the pauses "
        "that no log records, for a threshold of 80%: met."
    )


def test_late_tickets_of_a_log_are_late_whatever_the_others_paused(tmp_path: Path) -> None:
    """Of 4, the log has two late ones: 2 in time, or 2 of 4 at most, under 80 %: not kept."""
    rows = resolved(("2026-01-05", 1, 3))
    log = logged(rows[1:3])  # late for certain; the fourth, late too, is in no log
    tables = {"tickets": tickets(*rows), "ticket_events": log}
    section = chapter(service_levels, desk.review(tmp_path, agreed(ONE, data=LATER), tables))
    fact = section.fact("service_levels.resolution.met.P1")

    assert (fact.met, fact.interval.low, fact.interval.high) == (False, 0.25, 0.5)
    assert words(section).startswith("Resolution · P1: at most 50.0% in time (2 of 4), whatever")
    assert section.headline == "Thresholds met: 0 of 1. Missed: Resolution · P1."
    brief = section.findings[0].brief
    assert brief.text.startswith("Resolution of P1 tickets: at most 50.0% in time, for a threshold")


def test_a_clause_that_never_pauses_is_judged_without_a_log(tmp_path: Path) -> None:
    rows = resolved(("2026-01-05", 3, 2))
    never = review(tmp_path, ONE | {"pauses": []}, rows, log=False)

    assert chapter(service_levels, never).fact("service_levels.resolution.met.P1").value == 0.6


def test_the_front_says_what_pauses_leave_open_and_never_100_percent(tmp_path: Path) -> None:
    rows = resolved(("2026-01-05", 3, 2))
    reviewed = review(tmp_path, ONE, rows, log=False)
    front = summary(reviewed, [service_levels(reviewed)])
    page = html(front, "en").replace("\u00a0", " ")

    assert "Why it was not assessed" in page
    assert "not assessable: pauses unknown (60.0% to 100.0%)" in page
    assert 'class="key"' not in page
    assert "1 decision to take" in spoken(front, "en").headline


def test_months_that_pauses_leave_open_are_counted_apart(tmp_path: Path) -> None:
    """January 4 of 4; February 1 of 4 or 4 of 4: one kept, one open."""
    rows = resolved(("2026-01-05", 4, 0), ("2026-02-02", 1, 3))
    monthly = ONE | {"assessed": "month"}
    section = chapter(service_levels, review(tmp_path, monthly, rows, log=False))
    fact = section.fact("service_levels.resolution.months.P1")

    assert (fact.value, fact.met, fact.n) == (None, None, 2)
    assert (fact.interval.low, fact.interval.high) == (1, 2)
    assert words(section, "resolution.months.P1") == (
        "Resolution · P1: months in which the threshold was met: 1 of the 1 judged; 1 cannot be "
        "assessed, because pauses are unknown."
    )


@pytest.mark.parametrize(
    ("days", "stood"),
    [
        ((4, 0), "0 of the 1 judged; 1 cannot be assessed, because pauses are unknown."),
        ((1, 3), "not assessed, because pauses are unknown (2 months)."),
    ],
)
def test_months_below_the_threshold_are_of_those_that_can_be_judged(
    tmp_path: Path, days: tuple[int, int], stood: str
) -> None:
    """80 % asked. January 4 of 4, else 1 to 4 of 4; February 1 to 4 of 4, which is open."""
    rows = resolved(("2026-01-05", *days), ("2026-02-02", 1, 3))
    section = chapter(service_levels, review(tmp_path, ONE, rows, log=False))

    assert words(section).endswith(f"Months below the threshold: {stood}")


def test_months_in_french_are_of_those_that_can_be_judged(tmp_path: Path) -> None:
    rows = resolved(("2026-01-05", 4, 0), ("2026-02-02", 1, 3))
    section = chapter(service_levels, review(tmp_path, ONE, rows, log=False), language="fr")

    assert "Mois sous le seuil : 0 sur 1 évalué ; non évaluables, parce que les pauses " in words(
        section
    )


@pytest.mark.parametrize("stated", [{}, {"priority": "final"}])
def test_without_a_log_a_verdict_says_that_the_last_priority_counts_by_default(
    tmp_path: Path, stated: dict[str, str]
) -> None:
    """P1 is answered within its hour, 1 of 1; which priority T1 had before, no log tells."""
    answered = {"first_response_at": "2026-01-05T09:30"}
    rows = tickets(ticket("T1", "2026-01-05T09:00", **answered))
    reviewed = desk.review(tmp_path, agreed(RESPONSE | stated, data=LATER), {"tickets": rows})
    section = chapter(service_levels, reviewed)
    kept = "Response · P1: 100.0% in time (1 of 1), for a threshold of 95%: met."
    rests = (
        " The contract does not say which priority counts; by default: the last "
        "priority. The other interpretations cannot be computed: there is no log of the changes "
        "of priority."
    )

    assert words(section, "response.P1") == kept + ("" if stated else rests)
    assert section.fact("service_levels.response.met.P1").note == ("" if stated else rests[1:])


def test_a_penalty_for_what_may_have_paused_is_a_range(tmp_path: Path) -> None:
    """February: 3 of 5 in time or 5 of 5, 80 % asked: 20 points short, or none."""
    rows = resolved(("2026-02-02", 3, 2))
    rule = PENALTY | {"each_point": 1, "missed": 0}
    ledger = money.ledger(review(tmp_path, ONE, rows, log=False, PP=rule))

    assert [(float(line.low.net), float(line.high.net)) for line in ledger.lines] == [(0.0, 2000.0)]


# ----------------------------------------------------------------------- its months, its ramp-up


def test_a_verdict_over_the_contract_says_how_its_months_stood(tmp_path: Path) -> None:
    """January 1 of 2, February 5 of 5, March 4 of 5 (80 %, which is kept): 10 of 12 in all."""
    rows = resolved(("2026-01-05", 1, 1), ("2026-02-02", 5, 0), ("2026-03-02", 4, 1))
    section = chapter(service_levels, review(tmp_path, ONE, rows))

    assert words(section) == (
        "Resolution · P1: 83.3% in time (10 of 12), for a threshold of 80%: met. Months below "
        "the threshold: 1 of 3."
    )
    note = section.fact("service_levels.resolution.met.P1").note
    assert note == "Months below the threshold: 1 of 3."


def test_a_verdict_over_the_contract_says_what_the_ramp_up_weighs(tmp_path: Path) -> None:
    """January is ramp-up: 0 of 3; February and March 8 of 9 (88.9 %), of 8 of 12 (66.7 %)."""
    rows = resolved(("2026-01-05", 0, 3), ("2026-02-02", 4, 0), ("2026-03-02", 4, 1))
    section = chapter(service_levels, review(tmp_path, ONE, rows, PP=PENALTY))

    assert words(section) == (
        "Resolution · P1: 66.7% in time (8 of 12), for a threshold of 80%: missed. Months "
        "below the threshold: 1 of 3, of which 1 in the ramp-up. Without the ramp-up (1 Jan 2026 – "
        "31 Jan 2026): 8 of 9 (88.9%), threshold met."
    )


def test_months_missed_say_what_of_them_is_ramp_up_and_rests_on_a_default(tmp_path: Path) -> None:
    """January (ramp-up) 0 of 3, February 4 of 4, March 1 of 4 (25 %): two months of three.

    The clause does not say which priority counts, and no log tells of another.
    """
    rows = resolved(("2026-01-05", 0, 3), ("2026-02-02", 4, 0), ("2026-03-02", 1, 3))
    by_month = ONE | {"assessed": "month", "pauses": []}
    section = service_levels(review(tmp_path, by_month, rows, log=False, A=PENALTY))
    finding = spoken(section).finding("service_levels.resolution.months.P1")

    assert finding.sentence.replace("\u00a0", " ").startswith(
        "Resolution · P1: months in which the threshold was met: 1 of 3. Not met: Jan 2026 0.0% "
        "(n = 3), Mar 2026 25.0% (n = 4). In the ramp-up: 1. The contract does not "
    )
    assert finding.brief.text == (
        "Resolution of P1 tickets: below its threshold in some months. In the ramp-up: "
        "1. This interpretation is the default."
    )


def test_a_rule_on_another_clause_states_no_ramp_up_of_this_one(tmp_path: Path) -> None:
    rows = resolved(("2026-01-05", 0, 3), ("2026-02-02", 4, 0))
    contract = agreed(ONE, RESPONSE, data=LATER)
    contract["terms"]["penalties"] = {"PP": PENALTY | {"clauses": ["R2"]}}
    tables = {"tickets": tickets(*rows), "ticket_events": logged(rows)}
    section = chapter(service_levels, desk.review(tmp_path, contract, tables))

    assert "ramp-up" not in words(section)


# --------------------------------------------------------------------------------- its defaults


LOWERED = """
    T1 2026-01-05T09:30 public_reply - - provider
    T2 2026-01-05T09:15 priority P1 P2 provider
    T2 2026-01-05T10:30 public_reply - - provider
"""


@pytest.mark.parametrize("stated", [{}, {"priority": "final"}])
def test_a_verdict_that_rests_on_the_priority_by_default_says_what_turns_it(
    tmp_path: Path, stated: dict[str, str]
) -> None:
    """P1 1 h, P2 2 h. T2, lowered from P1, is answered after 1 h 30: in time as P2, late as P1.

    By the last priority P1 is 1 of 1; by the first, and by the highest, 1 of 2.
    """
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-01-05T09:00", "P2"))
    tables = {"tickets": rows, "ticket_events": events(LOWERED)}
    reviewed = desk.review(tmp_path, agreed(RESPONSE | stated, data=LATER), tables)
    section = chapter(service_levels, reviewed)
    kept = "Response · P1: 100.0% in time (1 of 1), for a threshold of 95%: met."
    rests = (
        "The contract does not say which priority counts; by default: the last "
        "priority. The verdict would be different by the initial priority, with 1 ticket of "
        "another "
        "priority, 1 late (50.0% of 2: missed); by the highest priority, with 1 ticket of "
        "another priority, 1 late (50.0% of 2: missed)."
    )
    cells = [row[-1] for row in table(section, "counts").rows]

    if stated:
        assert words(section, "response.P1") == kept
        assert not any("default" in str(cell) for cell in cells)
        return
    assert words(section, "response.P1") == f"{kept} {rests}"
    assert section.fact("service_levels.response.met.P1").note == rests
    assert cells[0] == rests
    page = html(summary(reviewed, [service_levels(reviewed)]), "en").replace("\u00a0", " ")
    assert "response thresholds met: P1 and P2 (P1 by default)" in page
    assert rests in html(section, "en").replace("\u00a0", " ")


def test_a_default_that_turns_nothing_is_marked_in_the_table_alone(tmp_path: Path) -> None:
    """T2 is answered after half an hour, in time as P1 and as P2: only n moves."""
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-01-05T09:00", "P2"))
    log = events(LOWERED.replace("T2 2026-01-05T10:30", "T2 2026-01-05T09:30"))
    tables = {"tickets": rows, "ticket_events": log}
    section = chapter(service_levels, desk.review(tmp_path, agreed(RESPONSE, data=LATER), tables))

    assert words(section, "response.P1").endswith(": met.")
    assert table(section, "counts").rows[0][-1] == (
        "The contract does not say which priority counts; by default: the last "
        "priority. The verdict is the same otherwise."
    )


def test_without_its_log_the_bounds_of_the_sample_hold_the_shares_of_its_log(
    tmp_path: Path,
) -> None:
    for path in (REPO / "data" / "sample").iterdir():
        if path.name in ("engagement.yml", "tickets.csv"):
            shutil.copy(path, tmp_path)
    known, bounded = (service_levels(one) for one in (sample_of(), open_review(tmp_path)))
    names = [f"service_levels.resolution.met.P{number}" for number in (1, 2, 3, 4)]

    for name in names:
        share, bounds = known.fact(name), bounded.fact(name)
        assert bounds.value is None
        assert bounds.interval.low <= share.value <= bounds.interval.high
    assert [bounded.fact(name).met for name in names] == [None, None, None, True]  # P4: 86.2 %


# --------------------------------------------------- tickets of which it is unknown whether in time


NEVER_PAUSED = ONE | {"pauses": []}


def closed(count: int) -> list[dict[str, Any]]:
    """P1 tickets that are over, and of which no date says when they were resolved."""
    return [ticket(f"C{n}", "2026-01-05T09:00", status="Closed") for n in range(count)]


def still_open(count: int) -> list[dict[str, Any]]:
    """P1 tickets (4 h) of January that are open in June: late."""
    return [ticket(f"O{n}", "2026-01-05T09:00", status="Open") for n in range(count)]


@pytest.mark.parametrize(
    ("met", "late", "held", "stood"),
    [
        # 80 % asked, 2 of 10 unknown: 8 of 10 at worst is met, 7 of 10 at best is missed
        (8, 0, True, "100.0% in time (8 of 8), for a threshold of 80%: met. The verdict is the "
         "same whether 2 tickets of which it is unknown were in time or not."),
        (5, 3, False, "62.5% in time (5 of 8), for a threshold of 80%: missed. The verdict is "
         "the same whether 2 tickets of which it is unknown were in time or not."),
        (7, 1, None, "not assessable, of 2 tickets it is unknown whether they were in time. At "
         "least 7 of 10 were in time (70.0%), at most 9 (90.0%), for a threshold of 80%."),
    ],
)  # fmt: skip
def test_a_threshold_is_met_or_missed_only_where_unknown_tickets_cannot_turn_it(
    tmp_path: Path, met: int, late: int, held: bool | None, stood: str
) -> None:
    rows = resolved(("2026-01-05", met, late)) + closed(2)
    section = chapter(service_levels, review(tmp_path, NEVER_PAUSED, rows, log=False))
    fact = section.fact("service_levels.resolution.met.P1")

    assert fact.met is held
    assert words(section).startswith(f"Resolution · P1: {stood}")
    if held is None:
        assert (fact.value, fact.interval.low, fact.interval.high) == (None, 0.7, 0.9)
        assert section.headline == (
            "No threshold of the contract could be compared. Not assessable, unknown whether in "
            "time: Resolution · P1."
        )
    assert not unfit(section)


def test_where_no_date_of_resolution_is_known_nothing_is_judged(tmp_path: Path) -> None:
    """3 are open past their target, 5 over at no known date: 0 of 3 would be no share of them."""
    reviewed = review(tmp_path, NEVER_PAUSED, still_open(3) + closed(5), log=False)
    section = chapter(service_levels, reviewed)
    fact = section.fact("service_levels.resolution.met.P1")

    assert (fact.value, fact.met, fact.interval) == (None, None, None)
    assert fact.note == "not assessed, because the export has no date of resolution"
    assert words(section) == (
        "Resolution · P1: not assessed, because the export has no date of resolution."
    )
    finding = section.finding("service_levels.resolution.P1")
    assert (finding.kind, finding.brief) == (Kind.NEUTRAL, None)
    assert finding.decision == (
        "Resolution · P1: obtain what the data lack of its tickets, such as the dates of "
        "resolution; without it nothing can be judged under R1."
    )
    assert section.headline.endswith("is known: Resolution · P1.")
    assert not section.clauses
    assert "0.0%" not in html(section, "en")


def test_months_that_unknown_tickets_leave_open_are_counted_apart(tmp_path: Path) -> None:
    """80 % asked. January 4 of 5 late for certain; February 4 of 4 in time, and one unknown: 80 %.

    March 3 of 3, and one unknown: 75 % or 100 %.
    """
    rows = resolved(("2026-01-05", 1, 4), ("2026-02-02", 4, 0), ("2026-03-02", 3, 0))
    rows += [ticket(f"C{m}", f"2026-0{m}-02T09:00", status="Closed") for m in (2, 3)]
    monthly = NEVER_PAUSED | {"assessed": "month"}
    section = chapter(service_levels, review(tmp_path, monthly, rows, log=False))
    fact = section.fact("service_levels.resolution.months.P1")

    assert (fact.value, fact.met, fact.n) == (None, False, 3)
    assert (fact.interval.low, fact.interval.high) == (1, 2)
    stood = words(section, "resolution.months.P1")
    assert "1 of the 2 judged; 1 cannot be assessed, because of 2 tickets it is unknown" in stood
    assert "Not met: Jan 2026 20.0% (n = 5)." in stood


def test_no_other_interpretation_turns_a_verdict_that_unknown_tickets_leave_open(
    tmp_path: Path,
) -> None:
    rows = resolved(("2026-01-05", 7, 1)) + closed(2)
    readings = results.readings(review(tmp_path, NEVER_PAUSED, rows, log=False))

    assert readings["kept"].tolist() == [None] * len(readings)
    (tmp_path / "undated").mkdir()
    undated = review(tmp_path / "undated", NEVER_PAUSED, still_open(3) + closed(5), log=False)
    assert results.readings(undated).empty


def test_check_says_of_how_many_tickets_it_is_unknown_whether_they_were_in_time(
    tmp_path: Path,
) -> None:
    reviewed = review(tmp_path, NEVER_PAUSED, still_open(3) + closed(5), log=False)

    assert (
        "tickets.csv: to look at: clause R1: of 5 tickets of 8 it is unknown whether they were in "
        "time: no usable time of the clock’s start, of the answer or of the resolution (5). A "
        "threshold is met or missed only where they cannot turn it."
    ) in [*report(reviewed)]


# -------------------------------------------------------------------------------- the first page


def test_what_is_missed_within_chance_opens_the_review_as_such(tmp_path: Path) -> None:
    """17 of 20 is 85 %, for 90 %; by Wilson it may be 64 to 95 %."""
    clause = NEVER_PAUSED | {"targets": {"P2": "4 h"}, "threshold": "90 %"}
    rows = [row | {"priority": "P2"} for row in resolved(("2026-01-05", 17, 3))]
    section = service_levels(review(tmp_path, clause, rows, log=False))
    (clause_of,) = section.clauses

    sentence = Wording("en").say(clause_of.text)
    assert sentence.startswith("P2 tickets were too often resolved late")
    assert sentence.endswith("(within chance)")
    assert clause_of.rank == 4


def test_the_first_page_names_the_larger_breach_of_a_clause_and_the_other_beside_it(
    tmp_path: Path,
) -> None:
    """90 % asked of each. P2: 3 of 10 late, 70 %; P3: 60 of 240 late, 75 %: the larger breach.

    Of the 60 one is still open: it is past its time, and not "resolved".
    """
    clause = NEVER_PAUSED | {"targets": {"P2": "4 h", "P3": "4 h"}, "threshold": "90 %"}
    rows = [row | {"priority": "P2"} for row in resolved(("2026-01-05", 7, 3))]
    rows += [
        row | {"ticket_id": f"Q{row['ticket_id']}", "priority": "P3"}
        for row in resolved(("2026-01-06", 180, 59))
    ]
    rows.append(ticket("Q", "2026-01-06T09:00", "P3", status="Open"))
    reviewed = review(tmp_path, clause, rows, log=False)
    section = chapter(service_levels, reviewed)
    briefs = {one.id: one.brief for one in section.findings if one.brief}

    assert [*briefs] == ["service_levels.resolution.P3"]
    (brief,) = briefs.values()
    assert (
        "Resolution of P3 tickets: 75.0% in time, for a threshold of 90%. Also P2: 3 of 10."
    ) in str(brief.text).replace("\u00a0", " ")
    assert (brief.stake.value, brief.stake.of) == (60, 240)
    assert brief.stake.words == "tickets past their time to resolve"
    front = summary(reviewed, [service_levels(reviewed)]).front
    assert "P3 tickets were too often resolved late" in opening(settled(front), Wording("en"))
