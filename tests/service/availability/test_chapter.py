"""The chapter on availability, from a folder to its section; the desk is ``tests/desk.py``.

The support is up Monday to Friday, 8 to 18, in Paris; January 2026 has 210 such hours.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib import of_period
from reviewlib.calendars.periods import period_named
from reviewlib.charts.rows import MarkTone
from reviewlib.pages.wording import Wording
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.review import open_review, review_over
from reviewlib.service.availability.chapter import availability
from tests import desk
from tests.sample import sample_of
from tests.spoken import caveats, drawn, html, table, unfit
from tests.spoken import chapter as chapter_of
from tests.test_sample import SAMPLE

Chapter = Callable[..., Section]
WEEK = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDARS = {
    "office": {"title": "Office hours", "week": WEEK, "holidays": "FR"},
    "permanent": {"title": "Around the clock", "around_the_clock": True},
}
CLAUSE: dict[str, Any] = {
    "title": "Availability of the support",
    "services": ["support"],
    "calendar": "office",
    "target": "99.5 %",
}
NAMES = ["outage_id", "service", "started_at", "ended_at", "cause", "caused_by"]
DISK = ("O1", "support", "2026-01-06T09:00", "2026-01-06T11:00", "disk", "provider")
POWER = ("O2", "support", "2026-01-06T10:00", "2026-01-06T12:00", "power", "client")
SUNDAY = ("O3", "support", "2026-01-11T10:00", "2026-01-11T16:00", "disk", "provider")
SHORT = ("O4", "support", "2026-02-03T09:00", "2026-02-03T09:30", "disk", "provider")


def outages(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=NAMES)


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """The section of clauses (by id) and tables, as of a date."""

    def _chapter(
        clauses: dict[str, Any],
        as_of: str = "2026-02-28",
        language: str = "en",
        amendments: tuple[Any, ...] = (),
        **tables: pd.DataFrame,
    ) -> Section:
        written = desk.agreed(desk.RESOLUTION, calendars=CALENDARS, amendments=list(amendments))
        written["terms"] = written["terms"] | {"availability": clauses}
        review = desk.review(tmp_path, written, tables, as_of=as_of, language=language)
        return chapter_of(availability, review)

    return _chapter


def shown(section: Section, name: str) -> list[list[str]]:
    """The rows of a table as the page prints them."""
    found, wording = table(section, name), Wording("en", desk.ZONE)
    return [
        [
            wording.shown(value, column.unit)
            for value, column in zip(row, found.columns, strict=True)
        ]
        for row in found.rows
    ]


# ------------------------------------------------------------------------------ what can't be told


def test_a_contract_without_a_clause_is_not_assessed(chapter: Chapter) -> None:
    assert chapter({}, outages=outages(DISK)).because == (
        "the contract states no availability (terms.availability in engagement.yml)"
    )


def test_without_a_table_of_outages_nothing_is_proved(chapter: Chapter) -> None:
    assert chapter({"5.3": CLAUSE}).because == (
        "the folder has no usable row of outages.csv. The absence of a record is no proof of "
        "availability"
    )


def test_a_table_of_outages_without_a_row_is_no_proof_either(chapter: Chapter) -> None:
    later = outages(("O1", "support", "2026-03-06T09:00", "2026-03-06T11:00", None, None))

    assert chapter({"5.3": CLAUSE}, outages=outages()).because == (chapter({"5.3": CLAUSE}).because)
    assert chapter({"5.3": CLAUSE}, outages=later).because == (
        "nothing in outages.csv is dated 28 Feb 2026 or before. The absence of a record is no "
        "proof of availability"
    )


def test_outages_without_a_column_of_ends_accuse_nobody(chapter: Chapter) -> None:
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK).drop(columns="ended_at"))

    assert found.because == "the folder does not say when outages ended (outages.csv: ended_at)"


def test_a_clause_that_comes_into_force_later_is_not_assessed_yet(chapter: Chapter) -> None:
    later = {
        "id": "A1",
        "title": "T",
        "signed": "2026-05-01",
        "effective": "2026-06-01",
        "changes": {"availability": {"5.3": CLAUSE}},
    }

    assert chapter({}, amendments=(later,), outages=outages(DISK)).because == (
        "no clause on availability was in force by then"
    )


def test_a_clause_that_an_amendment_brings_is_assessed_from_its_quarter_on(
    tmp_path: Path,
) -> None:
    """It is of 1 April 2026: the first quarter, of which there is nothing, stands beside none."""
    later = {"id": "1", "title": "Up", "signed": "2026-03-01", "effective": "2026-04-01",
             "changes": {"availability": {"5.3": CLAUSE}}}  # fmt: skip
    written = desk.agreed(desk.RESOLUTION, calendars=CALENDARS, amendments=[later])
    tables = {
        "outages": outages(
            DISK, ("O5", "support", "2026-04-07T09:00", "2026-04-07T10:00", "disk", "provider")
        )
    }
    engagement = desk.review(tmp_path, written, tables, as_of="2026-06-30").engagement

    def section(name: str) -> Section:
        return of_period(availability, review_over(engagement, period_named(name)), restated=True)

    share = section("2026Q2").fact("availability.support.share")
    assert (share.n, share.earlier) == (1, ())
    assert "in force by then" in Wording("en").say(section("2026Q1").because)


def test_a_service_without_an_outage_says_what_that_is_worth(chapter: Chapter) -> None:
    clause = CLAUSE | {"services": ["support", "network"]}
    found = chapter({"5.3": clause}, outages=outages(DISK))

    assert found.fact("availability.network.share").value == 1
    assert caveats(found)["availability.silent"] == (
        "No outage is recorded for Network: that makes 100%, which is as good as the record."
    )


# --------------------------------------------------------------------------- figures and verdicts


def test_the_share_of_a_service_says_its_hours_and_its_outages(chapter: Chapter) -> None:
    """6 January 9 to 12 is 3 h of 210 + 200 h, by two outages; the Sunday lost none: 407 of 410."""
    fact = chapter({"5.3": CLAUSE}, outages=outages(DISK, POWER, SUNDAY)).fact(
        "availability.support.share"
    )

    assert fact.value == pytest.approx(407 / 410)
    assert (fact.n, fact.target, fact.met, fact.clause) == (2, 0.995, None, "5.3")
    assert fact.note == (
        "99.268% before rounding: 3 h lost of 410 h agreed (2 outages that lost time)"
    )
    assert fact.period == "1 Jan 2026 – 28 Feb 2026"


def test_months_at_the_target_are_counted_and_judged(chapter: Chapter) -> None:
    """January loses 3 h of 210, February 30 min of 200 (99.75 %)."""
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK, POWER, SHORT))
    fact = found.fact("availability.support.months")

    assert (fact.value, fact.n, fact.target, fact.met) == (1, 2, 2, False)
    assert found.headline == "Availability target reached in 1 of 2 months."
    assert found.fact("availability.support.share").note.startswith("99.146% before rounding")
    assert found.intro.endswith("The records count up to 28 Feb 2026.")


def test_around_the_clock_nothing_is_excluded(chapter: Chapter) -> None:
    """3 h and 6 h on Sunday, of 59 days of 24 h."""
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK, POWER, SUNDAY))

    fact = found.fact("availability.support.around_the_clock")
    assert fact.value == pytest.approx(1 - 9 / (59 * 24))
    assert fact.n == 3


def test_a_month_under_the_target_is_a_concern_with_its_outages(chapter: Chapter) -> None:
    finding = chapter({"5.3": CLAUSE}, outages=outages(DISK, POWER, SUNDAY, SHORT)).finding(
        "availability.support"
    )

    assert finding is not None
    assert finding.kind is Kind.CONCERN
    assert finding.sentence == (
        "Availability, User support: 2 months judged, 1 under the target: Jan 2026 98.571% for "
        "99.5% (3 h lost: O1 2 h and O2 2 h (the client))."
    )
    assert finding.evidence == ("O1", "O2")
    assert finding.decision


def test_a_month_missed_by_a_second_never_rounds_to_its_target(chapter: Chapter) -> None:
    """0.5 % of 210 h is 1 h 03; one second more is 99.49987 %."""
    row = ("O1", "support", "2026-01-06T09:00:00", "2026-01-06T10:03:01", None, None)
    finding = chapter({"5.3": CLAUSE}, as_of="2026-01-31", outages=outages(row)).finding(
        "availability.support"
    )

    assert finding is not None
    assert "Jan 2026 99.4999% for 99.5%" in finding.sentence


def test_months_that_all_hold_are_a_strength_to_decide_nothing_on(chapter: Chapter) -> None:
    finding = chapter({"5.3": CLAUSE}, outages=outages(SHORT)).finding("availability.support")

    assert finding is not None
    assert (finding.kind, finding.evidence, finding.decision) == (Kind.STRENGTH, (), "")
    assert finding.sentence == "Availability, User support: 2 months judged, none under the target."


def test_a_month_that_goes_on_has_no_verdict_and_both_its_bounds(chapter: Chapter) -> None:
    """By 20 January 12:00 124 h are agreed and 2 h lost: 122 to 208 of the 210 h of the month."""
    clause = CLAUSE | {"target": "99 %"}
    found = chapter({"5.3": clause}, as_of="2026-01-20T12:00", outages=outages(DISK))
    fact = found.fact("availability.support.months")

    assert found.findings == ()
    assert found.headline == "No month could be judged against a target."
    assert found.intro.endswith("The records count up to 20 Jan 2026 12:00.")
    assert found.fact("availability.support.share").value == pytest.approx(122 / 124)
    assert (fact.value, fact.note) == (None, "no final month with agreed hours has a target")
    assert caveats(found)["availability.provisional"] == (
        "Provisional, as known until 20 Jan 2026 12:00: Jan 2026. The table by month has what each "
        "can still be, at worst and at best."
    )
    assert shown(found, "months")[0][2:7] == [
        "98.387%",
        "58.095%",
        "99.048%",
        "99%",
        "provisional",
    ]


def test_a_month_that_goes_on_is_missed_once_the_best_is_under_the_target(chapter: Chapter) -> None:
    found = chapter({"5.3": CLAUSE}, as_of="2026-01-20T12:00", outages=outages(DISK))
    finding = found.finding("availability.support")

    assert finding is not None
    assert finding.sentence == (
        "Availability, User support: 1 month judged, 1 under the target: Jan 2026 at best 99.048% "
        "for 99.5% (2 h lost for certain; O1)."
    )
    assert shown(found, "months")[0][6] == "missed, even at best"


def test_an_outage_without_an_end_counts_up_to_now_and_may_have_lost_nothing(
    chapter: Chapter,
) -> None:
    """From 30 January 17:00 on: 1 h of 210 and all of February's 200 h, or none of them."""
    row = ("O1", "support", "2026-01-30T17:00", None, None, None)
    found = chapter({"5.3": CLAUSE}, outages=outages(row))

    assert found.findings == ()
    assert found.fact("availability.support.share").note == (
        "50.976% before rounding: 201 h lost of 410 h agreed (1 outage that lost time); 100.000% "
        "should the outages without an end have lost no time"
    )
    assert caveats(found) == {
        "availability.open": (
            "1 outage has no end: it counts as down until 28 Feb 2026, and months whose time lost "
            "depends on it are provisional."
        ),
        "availability.provisional": (
            "Provisional, as known until 28 Feb 2026: Jan 2026 and Feb 2026. The table by month "
            "has what each can still be, at worst and at best."
        ),
    }
    assert [line[3:5] for line in shown(found, "months")] == [
        ["99.524%", "100.000%"],
        ["0.000%", "100.000%"],
    ]


def test_outages_whose_later_ends_are_not_known_yet_repeat_none(chapter: Chapter) -> None:
    rows = outages(
        ("O1", "support", "2026-01-10T09:00", "2026-01-20T10:00", None, None),
        ("O2", "support", "2026-01-10T09:00", "2026-01-25T10:00", None, None),
    )

    section = chapter({"5.3": CLAUSE}, as_of="2026-01-15", outages=rows)
    assert "availability.duplicates" not in caveats(section)


@pytest.mark.parametrize(
    ("parties", "decision"),
    [
        (
            ("provider", "client"),
            "ask for a corrective action plan, and decide on what clause 5.3 provides.",
        ),
        (
            ("client", "client"),
            "the time lost under the target is attributed to others than the provider (the "
            "client); settle who remedies it, and what clause 5.3 provides for it.",
        ),
        (
            ("client", None),
            "agree first on whose side the causes lie, which is not stated of every outage; then "
            "decide on what clause 5.3 provides.",
        ),
    ],
)
def test_what_is_to_decide_depends_on_who_caused_the_time_lost(
    chapter: Chapter, parties: tuple[str | None, str | None], decision: str
) -> None:
    """February's outage of the provider keeps its month, and is no matter of the decision."""
    rows = [(*row[:5], party) for row, party in zip((DISK, POWER), parties, strict=True)]
    finding = chapter({"5.3": CLAUSE}, outages=outages(*rows, SHORT)).finding(
        "availability.support"
    )

    assert finding is not None
    assert finding.decision == f"Availability, User support: {decision}"


# ----------------------------------------------------------------------------------------- tables


def test_time_lost_is_told_by_cause_and_by_who_caused_it(chapter: Chapter) -> None:
    """9 to 10 the disk, 10 to 11 both, 11 to 12 the power; 30 min of the disk in February."""
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK, POWER, SHORT))

    assert shown(found, "cause") == [
        ["User support", "disk", "1 h 30", "42.9%"],
        ["User support", "several at once", "1 h", "28.6%"],
        ["User support", "power", "1 h", "28.6%"],
    ]
    assert [row[1] for row in table(found, "caused_by").rows] == [
        "the provider",
        "several at once",
        "the client",
    ]


def test_causes_beyond_twenty_five_stand_in_a_row_together(chapter: Chapter) -> None:
    """27 causes of 27, 26, … 1 minutes: 378 min in all, of which the two last are 2 + 1."""
    start = pd.Timestamp("2026-01-06T08:00")
    rows = [
        (
            f"O{n}",
            "support",
            f"{start + pd.Timedelta(days=n // 9, hours=n % 9):%Y-%m-%dT%H:%M}",
            f"{start + pd.Timedelta(days=n // 9, hours=n % 9, minutes=27 - n):%Y-%m-%dT%H:%M}",
            f"cause {n}",
            None,
        )
        for n in range(27)
    ]
    lines = table(chapter({"5.3": CLAUSE}, outages=outages(*rows)), "cause").rows

    assert lines[-1] == (None, "2 other rows", 180, None)
    assert sum(row[2] for row in lines) == 378 * 60  # type: ignore[misc]


def test_a_cause_named_like_a_party_stays_as_it_was_written(chapter: Chapter) -> None:
    row = (*DISK[:4], "client", None)
    found = chapter({"5.3": CLAUSE}, outages=outages(row))

    assert [line[1] for line in table(found, "cause").rows] == ["client"]
    assert [line[1] for line in table(found, "caused_by").rows] == ["not stated"]


def test_windows_are_listed_with_how_each_was_read(chapter: Chapter) -> None:
    windows = pd.DataFrame(
        [
            ("W1", "support", "2026-01-06T09:00", "2026-01-06T10:00", "2026-01-05T09:00", "yes"),
            ("W2", "support", "2026-01-06T11:00", "2026-01-06T13:00", "2026-01-06T08:00", "yes"),
            ("W3", "support", "2026-01-08T11:00", "2026-01-08T13:00", "2026-01-06T08:00", "no"),
        ],
        columns=["window_id", "service", "starts_at", "ends_at", "announced_at", "agreed"],
    )
    clause = CLAUSE | {"notice": "24 h", "allowance": "4 h"}
    found = chapter({"5.3": clause}, outages=outages(DISK, POWER), maintenance_windows=windows)

    assert [[row[0], *row[4:]] for row in shown(found, "windows")] == [
        ["W1", "does not count", "1 h"],
        ["W2", "counts: announced 3 h before, 24 h required", "1 h"],
        ["W3", "counts: not agreed by the client", "0 s"],
    ]
    assert shown(found, "months")[0][6:8] == ["2 h", "1 h"]  # lost, maintenance
    assert "availability.unproved" not in caveats(found)
    assert shown(found, "policies") == [
        [
            "User support",
            "1 Jan 2026",
            "99.5%",
            "Office hours",
            "does not count when agreed by the client (by default), announced 24 h before or "
            "earlier, 4 h of down time a month at most",
            "none of them (by default)",
        ]
    ]


def test_a_month_names_the_outages_and_the_windows_that_its_verdict_rests_on(
    chapter: Chapter,
) -> None:
    """January: 2 h planned, of which a month allows 1 h 30; 2 h 30 of power cut by a lightning.

    February's window was announced the evening before: 12 h before its start, for 24 h.
    """
    windows = pd.DataFrame(
        [
            ("W1", "support", "2026-01-06T09:00", "2026-01-06T11:00", "2026-01-01T09:00", "yes"),
            ("W2", "support", "2026-02-03T09:00", "2026-02-03T10:00", "2026-02-02T21:00", "yes"),
        ],
        columns=["window_id", "service", "starts_at", "ends_at", "announced_at", "agreed"],
    )
    bolt = ("O5", "support", "2026-01-07T09:00", "2026-01-07T11:30", "lightning", "force_majeure")
    clause = CLAUSE | {"notice": "24 h", "allowance": "1 h 30"}
    tables = {"outages": outages(DISK, bolt, SHORT), "maintenance_windows": windows}
    found = chapter({"5.3": clause}, **tables)
    excusing = chapter({"5.3": clause | {"excuses": ["force_majeure"]}}, **tables)

    allowed = "W1 counts for 30 min, beyond the 1 h 30 allowed in a month"
    assert [line[-1] for line in shown(found, "months")] == [
        f"O1 30 min and O5 2 h 30 (force majeure); {allowed}",
        "O4; W2 counts: announced 12 h before, 24 h required",
    ]
    assert shown(found, "windows")[0][4:] == [allowed.removeprefix("W1 "), "2 h"]
    assert shown(excusing, "months")[0][-1] == (
        f"O1 30 min and O5 does not count (force majeure); {allowed}"
    )


def test_a_window_announced_once_it_had_begun_says_so(chapter: Chapter) -> None:
    row = ("W1", "support", "2026-01-06T09:00", "2026-01-06T10:00", "2026-01-06T09:30", "yes")
    columns = ["window_id", "service", "starts_at", "ends_at", "announced_at", "agreed"]
    windows = pd.DataFrame([row], columns=columns)
    clause = CLAUSE | {"notice": "24 h"}
    found = chapter({"5.3": clause}, outages=outages(DISK), maintenance_windows=windows)

    assert shown(found, "windows")[0][4] == "counts: announced after its start"


def test_no_corrective_plan_is_asked_for_once_the_contract_has_ended(chapter: Chapter) -> None:
    """The contract of the desk ends on 31 December 2026."""
    finding = chapter({"5.3": CLAUSE}, "2027-01-15", outages=outages(DISK)).finding(
        "availability.support"
    )

    assert finding is not None
    assert finding.decision == ("Availability, User support: decide on what clause 5.3 provides.")


def test_what_a_penalty_is_for_is_decided_with_the_penalties_once_the_contract_has_ended() -> None:
    """Art. 10.4 and 10.5 of the sample penalise Art. 5.3 and 5.4."""
    section = chapter_of(availability, sample_of())

    assert [finding.decision for finding in section.findings] == ["", ""]


def test_windows_beyond_fifty_are_counted(chapter: Chapter) -> None:
    rows = [(f"W{n}", "support", "2026-01-06T09:00", "2026-01-06T10:00") for n in range(51)]
    windows = pd.DataFrame(rows, columns=["window_id", "service", "starts_at", "ends_at"])
    found = table(
        chapter({"5.3": CLAUSE}, outages=outages(DISK), maintenance_windows=windows), "windows"
    )

    assert len(found.rows) == 50
    assert found.note.endswith("The first 50 of 51.")


def test_a_clause_that_asks_for_notice_needs_no_table_of_windows(chapter: Chapter) -> None:
    """6 January 9 to 11 is lost."""
    found = chapter({"5.3": CLAUSE | {"notice": "72 h"}}, outages=outages(DISK))

    assert "2 h lost" in found.fact("availability.support.share").note


def test_a_window_without_a_recorded_agreement_counts_and_is_no_refusal(chapter: Chapter) -> None:
    windows = pd.DataFrame(
        [("W1", "support", "2026-01-06T09:00", "2026-01-06T10:00")],
        columns=["window_id", "service", "starts_at", "ends_at"],
    )
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK), maintenance_windows=windows)

    assert shown(found, "windows")[0][4] == "counts: no agreement is recorded"
    assert "2 h lost" in found.fact("availability.support.share").note
    assert caveats(found)["availability.unproved"] == (
        "Of 1 window with down time no agreement or no announcement is recorded: whether there was "
        "one is not known, and its down time counts as lost."
    )


def test_amended_hours_of_a_calendar_have_a_row_of_their_own(chapter: Chapter) -> None:
    change = {
        "id": "A1",
        "title": "T",
        "signed": "2026-01-10",
        "effective": "2026-02-01",
        "changes": {"calendars": {"office": {"week": {"mon": [["08:00", "20:00"]]}}}},
    }
    found = chapter({"5.3": CLAUSE}, amendments=(change,), outages=outages(DISK))

    assert [row[1:4] for row in shown(found, "policies")] == [
        ["1 Jan 2026", "99.5%", "Office hours"],
        ["1 Feb 2026", "99.5%", "Office hours, as amended by A1"],
    ]


def test_time_that_one_side_lost_with_an_outage_of_none_names_that_side(chapter: Chapter) -> None:
    """9 to 10 the provider, 10 to 11 with one not stated, 11 to 12 not stated."""
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK, (*POWER[:4], None, None)))

    assert [row[1] for row in table(found, "caused_by").rows] == [
        "the provider",
        "the provider, and one not stated",
        "not stated",
    ]
    assert [row[1] for row in table(found, "cause").rows] == [
        "disk",
        "disk, and one not stated",
        "not stated",
    ]


def test_a_month_cut_by_an_amendment_says_from_when_each_part_is(chapter: Chapter) -> None:
    change = {
        "id": "A1",
        "title": "T",
        "signed": "2026-01-10",
        "effective": "2026-01-15",
        "changes": {"availability": {"5.3": {"target": "99.9 %"}}},
    }
    found = chapter({"5.3": CLAUSE}, amendments=(change,), outages=outages(DISK))
    lines = shown(found, "months")

    assert [line[:5] for line in lines] == [
        ["Jan 2026", "User support", "1 Jan 2026", "97.778%", "99.5%"],  # 88 of 90 h
        ["Jan 2026", "User support", "15 Jan 2026", "100.000%", "99.9%"],
        ["Feb 2026", "User support", "1 Feb 2026", "100.000%", "99.9%"],
    ]
    assert found.fact("availability.support.share").target is None
    fact, finding = found.fact("availability.support.months"), found.finding("availability.support")
    assert (fact.value, fact.n) == (1, 2)  # January is one month, kept when both its parts are
    assert finding is not None
    assert finding.sentence == (
        "Availability, User support: 2 months judged, 1 under the target: Jan 2026 (1 Jan 2026 – "
        "14 Jan 2026) 97.778% for 99.5% (2 h lost: O1)."
    )


def test_clauses_and_services_have_facts_of_their_own(chapter: Chapter) -> None:
    wide = CLAUSE | {"services": ["support", "network"], "calendar": "permanent"}
    found = chapter({"5.3": CLAUSE, "5.4": wide}, outages=outages(DISK))

    assert [fact.id for fact in found.facts if fact.id.endswith(".share")] == [
        "availability.5_3.support.share",
        "availability.5_4.support.share",
        "availability.5_4.network.share",
    ]
    assert found.fact("availability.5_4.support.share").label == (
        "Availability · User support (5.4)"
    )
    assert found.fact("availability.5_4.network.share").label == "Availability · Network"


# ------------------------------------------------------------------------------------ data quality


def test_duplicates_overlaps_and_recorded_lengths_are_told(chapter: Chapter) -> None:
    """O5 repeats O1 and O2 overlaps both: 2 + 2 h one by one, 3 h together."""
    rows = outages(DISK, POWER, ("O5", *DISK[1:])).assign(recorded_minutes=[120, 90, 120])
    found = chapter({"5.3": CLAUSE}, outages=rows)

    assert caveats(found) == {
        "availability.duplicates": (
            "1 outage repeats another in all but its number; its time counts once."
        ),
        "availability.recorded": (
            "The recorded length of 1 outage differs from its dates by a minute or more; the dates "
            "count."
        ),
        "availability.overlap": (
            "Outages overlap: added up one by one they last 4 h of agreed hours, together 3 h. "
            "Overlapping time counts once."
        ),
    }
    assert [[*row[:2], *row[4:]] for row in shown(found, "recorded")] == [
        ["O2", "User support", "120", "90"]
    ]
    assert found.fact("availability.support.share").n == 2


def test_rows_set_aside_are_told_since_their_time_is_not_counted(chapter: Chapter) -> None:
    good = [(f"G{n}", *SHORT[1:]) for n in range(30)]
    wrong = ("X1", "support", "2026-02-03T09:00", "2026-02-03T08:00", None, None)
    found = chapter({"5.3": CLAUSE}, outages=outages(*good, wrong))

    assert caveats(found)["availability.set_aside.outages"].startswith(
        "1 row of outages.csv was set aside, and is in no figure here: row 32, "
    )


def test_outages_that_no_clause_covers_are_told(chapter: Chapter) -> None:
    """Another service; before the period; no length; and one that counts."""
    rows = outages(
        ("O5", "network", *DISK[2:]),
        ("O6", "support", "2025-12-30T09:00", "2025-12-30T10:00", None, None),
        ("O7", "support", "2026-01-06T09:00", "2026-01-06T09:00", None, None),
        SHORT,
    )
    found = chapter({"5.3": CLAUSE}, outages=rows)

    assert caveats(found)["availability.apart"] == (
        "3 outages are of a service or a time that no clause covers, or last no time; they are not "
        "counted."
    )
    assert found.fact("availability.support.share").n == 1


def test_a_table_with_its_required_columns_and_the_ends_is_enough(chapter: Chapter) -> None:
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK)[NAMES[:4]])

    assert "2 h lost" in found.fact("availability.support.share").note


# ------------------------------------------------------------------------------------ what is drawn


def test_a_strip_has_a_cell_for_each_month_and_says_which_missed_the_target(
    chapter: Chapter,
) -> None:
    """Of 210 hours of January, 21 days, 3 are lost: 1.4 %, where 0.5 % is allowed. Of the 200 of
    February half an hour: 0.25 %.
    """
    found = chapter({"5.3": CLAUSE}, outages=outages(DISK, POWER, SUNDAY, SHORT))
    (figure,) = found.figures
    (strip,) = drawn(found, figure).rows

    assert (strip.label, strip.note) == ("User support", "99.5%")
    assert (strip.value, strip.words) == ("1 of 2", "below the target: Jan 2026")
    assert [mark.tone for mark in strip.marks] == [MarkTone.BAD, MarkTone.MID]
    assert [row[1:3] for row in figure.table.rows] == [(2, 1)]


def test_of_months_under_the_target_it_is_told_how_many_are_in_the_ramp_up(
    tmp_path: Path,
) -> None:
    """Two hours are lost in January, which is in the ramp-up, and five in February, which is not.

    Of 210 and 200 hours 99.5 % leave 1 h 03 and 1 h.
    """
    written = desk.agreed(desk.RESOLUTION, calendars=CALENDARS)
    rule = {
        "kind": "tiers",
        "title": "Unavailability",
        "availability": ["5.3"],
        "base": {"support": 1000},
        "tiers": [{"at_least": "99.5 %"}, {"at_least": "0 %", "credit": "5 %"}],
        "ramp_up": {"first": "2026-01-01", "last": "2026-01-31"},
    }
    written["terms"] |= {"availability": {"5.3": CLAUSE}, "penalties": {"10": rule}}
    lost = outages(DISK, ("O5", "support", "2026-02-03T09:00", "2026-02-03T14:00", "disk", ""))
    review = desk.review(tmp_path, written, {"outages": lost}, as_of="2026-02-28")
    (finding,) = chapter_of(availability, review).findings

    assert "2 months judged, 2 under the target" in finding.sentence
    assert finding.sentence.endswith("In the ramp-up: 1.")


def test_services_beyond_a_dozen_are_told(chapter: Chapter, tmp_path: Path) -> None:
    names = [f"s{n:02}" for n in range(14)]
    written = desk.agreed(
        desk.RESOLUTION,
        calendars=CALENDARS,
        services={name: {"name": name.upper()} for name in names},
    )
    clause = CLAUSE | {"services": names}
    written["terms"] = written["terms"] | {"availability": {"5.3": clause}}
    rows = outages(("O1", "s07", *DISK[2:]))
    review = desk.review(tmp_path, written, {"outages": rows}, as_of="2026-02-28")
    found = chapter_of(availability, review)

    assert found.headline == (
        "Availability target reached by 27 of 28 results, by service and month."
    )
    assert found.fact("availability.s07.share").value == pytest.approx(408 / 410)
    assert [fact.id for fact in found.facts if fact.key] == [
        f"availability.s{n:02}.share" for n in range(3)
    ]
    (figure,) = found.figures
    strips = drawn(found, figure).rows
    assert len(strips) == 12
    assert "S07" in [strip.label for strip in strips]
    assert caveats(found)["availability.calendars"] == (
        "The months of 2 services that lost less are not drawn."
    )


def test_hostile_words_of_the_data_stay_words(chapter: Chapter) -> None:
    row = (*DISK[:4], "<script>alert(1)</script>{n}%s", "provider")
    found = chapter({"5.3": CLAUSE}, outages=outages(row))

    assert "<script>alert" not in html(found)
    assert json.loads(json.dumps(encoded(found)))["slug"] == "availability"


def test_the_chapter_reads_in_french(chapter: Chapter) -> None:
    found = chapter({"5.3": CLAUSE}, language="fr", outages=outages(DISK, POWER))

    assert "98,571\u202f%" in found.findings[0].sentence
    assert html(found)


def test_every_sentence_has_the_fields_of_its_values() -> None:
    assert unfit(availability(open_review(SAMPLE))) == set()
