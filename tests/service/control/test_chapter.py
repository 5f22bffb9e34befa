"""The chapter on control charts: the sample, and a desk of one priority made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib import open_period
from reviewlib.report.values import Kind, Section, Unit
from reviewlib.service.control.chapter import control
from reviewlib.service.control.subjects import subjects
from tests import desk
from tests.sample import SAMPLE, sample_of
from tests.spoken import caveats, chapter, drawn, html, sentence, table, unfit

AROUND = desk.RESOLUTION | {"calendar": "permanent", "targets": {"P1": "4 h"}, "pauses": []}
EXTRACTED = {
    "data": {"extracted_at": "2027-06-30"},
    "period": {"first": "2025-01-01", "last": "2027-12-31"},
}
Made = Callable[..., Section]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """``made([(met, n), …])``: the chapter of months from January 2025 with so many tickets."""

    def _made(counts: list[tuple[int, int]], language: str = "en", **parts: Any) -> Section:
        months = pd.period_range("2025-01", periods=len(counts), freq="M")
        rows = [
            _ticket(month, place, place < met)
            for month, (met, n) in zip(months, counts, strict=True)
            for place in range(n)
        ]
        clause = parts.pop("clause", AROUND)
        agreement = desk.agreed(clause, **EXTRACTED | parts)
        as_of = f"{months[-1].end_time:%Y-%m-%d}"
        review = desk.review(tmp_path, agreement, {"tickets": pd.DataFrame(rows)}, as_of=as_of)
        return chapter(control, review, language=language)

    return _made


def _ticket(month: pd.Period, place: int, met: bool) -> dict[str, Any]:
    """A ticket of the second day or later, resolved within 1 hour, or after 9."""
    opened = month.start_time + pd.Timedelta(days=1, minutes=place)
    solved = opened + pd.Timedelta(hours=1 if met else 9)
    name = f"{month}-{place}"
    return desk.ticket(name, opened.isoformat(), resolved_at=solved.isoformat())


TWENTY = [(19, 20), (18, 20)]  # 95 and 90 %


class TestWithinLimits:
    """Twelve months of 95 and 90 %: mean 92.5 %, ranges of 5 points, limits 79.2 to 105.8 %."""

    def test_a_target_within_the_limits_is_met_by_chance_next_month(self, made: Made) -> None:
        section = made(TWENTY * 6)
        fact = section.fact("control.resolution.P1")

        assert section.headline == (
            "Meeting the target next month is chance for 1 of 1 series with limits: "
            "it lies within them."
        )
        assert fact.value == pytest.approx(0.925)
        assert fact.interval is not None
        assert fact.interval.low == pytest.approx(0.925 - 2.66 * 0.05)
        assert fact.interval.high == 1.0  # cut for display
        assert (fact.n, fact.target, fact.unit) == (12, 0.95, Unit.SHARE)
        assert fact.interval.method == "limits of the process, XmR"
        assert fact.note == "of the first 12 months"
        assert sentence(section, "control.target.resolution.P1") == (
            "Resolution · P1: the target of 95% lies within the limits of the process (79.2% to "
            "100%): meeting it next month is chance."
        )

    def test_and_so_it_says_in_french(self, made: Made) -> None:
        section = made(TWENTY * 6, language="fr")
        assert sentence(section, "control.target.resolution.P1") == (
            "Résolution · P1\u00a0: la cible de 95\u202f% est entre les limites du processus "
            "(79,2\u202f% à 100\u202f%)\u00a0: l’atteindre le mois prochain relève du hasard."
        )

    def test_its_brief_may_stand_on_the_first_page_as_chance(self, made: Made) -> None:
        finding = made(TWENTY * 6).finding("control.target.resolution.P1")
        assert finding.kind is Kind.NEUTRAL
        assert finding.brief is not None
        assert finding.brief.by_chance
        assert finding.brief.topic == "R1"

    def test_after_the_contract_no_next_month_is_spoken_of(self, made: Made) -> None:
        period = {"first": "2025-01-01", "last": "2025-12-31"}
        section = made([*TWENTY * 6, (0, 1)], period=period)
        assert section.headline == (
            "Meeting the target in a month was chance for 1 of 1 series with limits: "
            "it lay within them."
        )
        assert not any("next month" in str(finding) for finding in section.findings)
        assert drawn(section, section.figures[0]).value == "target"


class TestAboveAndBelow:
    def test_above_the_target_at_every_level_of_the_process(self, made: Made) -> None:
        section = made(TWENTY * 6, clause=AROUND | {"threshold": "75 %"})

        assert section.headline == "The target is met at every level of the process."
        assert sentence(section, "control.target.resolution.P1") == (
            "Resolution · P1: above the target of 75% at every level of the process (79.2% to "
            "100%)."
        )
        finding = section.finding("control.target.resolution.P1")
        assert (finding.kind, finding.brief, finding.decision) == (Kind.STRENGTH, None, "")

    def test_below_the_target_at_every_level_of_the_process(self, made: Made) -> None:
        """50 and 55 %: mean 52.5 %, limits 39.2 to 65.8 %."""
        section = made([(10, 20), (11, 20)] * 6)

        assert section.headline == (
            "The target is met at no level of the process for 1 of 1 series."
        )
        finding = section.finding("control.target.resolution.P1")
        assert finding.kind is Kind.CONCERN
        assert finding.sentence == (
            "Resolution · P1: below the target of 95% at every level of the process (39.2% to "
            "65.8%): as it is, it misses it."
        )
        assert finding.brief is not None
        assert not finding.brief.by_chance
        assert finding.decision


class TestFewMonths:
    def test_below_six_there_are_no_limits_and_it_is_said(self, made: Made) -> None:
        section = made(TWENTY * 2 + TWENTY[:1])
        fact = section.fact("control.resolution.P1")

        assert section.headline == "No series has the six months that limits need."
        assert (fact.value, fact.interval, fact.note) == (None, None, "too few months (5 of 6)")
        assert section.findings == ()
        assert drawn(section, section.figures[0]).rows[1].value == "95%: too few months"

    def test_below_twelve_they_are_on_trial(self, made: Made) -> None:
        section = made(TWENTY * 3)
        assert section.fact("control.resolution.P1").note == "on trial, of 6 months"
        assert sentence(section, "control.target.resolution.P1").endswith(
            "The limits are on trial: they rest on 6 months."
        )

    def test_a_declared_change_begins_others_and_the_table_names_it(self, made: Made) -> None:
        change = {"date": "2025-06-15", "title": "New tool"}
        section = made(TWENTY * 6, control={"changes": [change]})

        assert section.fact("control.resolution.P1").note == "on trial, of 6 months; since Jul 2025"
        assert table(section, "changes").rows == (
            ("Resolution · P1", "2025-07", "New tool, 15 Jun 2025"),
            ("Tickets opened", "2025-07", "New tool, 15 Jun 2025"),
        )


class TestSignals:
    def test_a_month_outside_is_a_finding_with_its_rule(self, made: Made) -> None:
        section = made([*TWENTY * 6, (10, 20)])
        finding = section.finding("control.signal.resolution.P1.outside.below.2026-01")

        assert finding.kind is Kind.CONCERN
        assert finding.sentence == (
            "Resolution · P1: below the lower limit in Jan 2026 (rule: a month outside the limits)."
        )
        assert finding.decision == (
            "Resolution · P1: establish what changed from Jan 2026 on, and whether it lasts."
        )
        assert finding.brief is not None
        assert section.fact("control.recent").value == 1

    def test_one_late_of_few_tickets_is_told_with_their_number_and_asks_for_nothing(
        self, made: Made
    ) -> None:
        """One late of 3 is 66.7 %: a month of 3 tickets is outside limits that one of 20 is not."""
        section = made([*TWENTY * 6, (1, 3)])
        finding = section.finding("control.signal.resolution.P1.outside.below.2026-01")

        assert (finding.kind, finding.brief, finding.decision) == (Kind.NEUTRAL, None, "")
        assert finding.sentence.endswith(
            "Tickets of that month: 3; under 10, one of them moves its share by over 10 points."
        )

    def test_one_of_long_ago_has_no_brief_and_asks_for_nothing(self, made: Made) -> None:
        section = made([*TWENTY * 6, (10, 20), *TWENTY * 2])
        finding = section.finding("control.signal.resolution.P1.outside.below.2026-01")

        assert (finding.brief, finding.decision) == (None, "")
        assert section.fact("control.recent").value == 0

    def test_the_rules_are_those_of_the_contract_and_a_default_is_said(self, made: Made) -> None:
        """Seven months above the mean in a row."""
        months = [*TWENTY * 6, *[(19, 20)] * 7]
        by_default, nhs = made(months), made(months, control={"rules": "nhs"})

        assert "the three rules of Wheeler (by default)" in by_default.intro
        assert [one.id for one in by_default.findings if ".signal." in one.id] == []
        assert "the four rules of the NHS in England:" in nhs.intro
        assert [one.id for one in nhs.findings if ".signal." in one.id] == [
            "control.signal.resolution.P1.side_7.above.2026-01"
        ]

    def test_the_months_of_a_signal_are_marked_in_the_table_and_in_the_chart(
        self, made: Made
    ) -> None:
        section = made([*TWENTY * 6, (10, 20)])
        marked = [row[1] for row in table(section, "months").rows if row[-1]]
        row = drawn(section, section.figures[0]).rows[1]

        assert marked == ["2026-01"]
        assert [mark.kind for mark in row.marks].count("signal") == 1

    def test_more_tickets_are_neither_good_nor_bad(self, made: Made) -> None:
        """Twenty a month, then eighty."""
        section = made([*TWENTY * 6, (76, 80)])
        finding = section.finding("control.signal.opened.outside.above.2026-01")
        assert (finding.kind, finding.decision) == (Kind.NEUTRAL, "")


class TestNumberOfTickets:
    def test_limits_are_laneys_where_it_varies_twofold(self, made: Made) -> None:
        section = made([(9, 10), (18, 20)] * 6)
        interval = section.fact("control.resolution.P1").interval
        assert interval is not None
        assert interval.method == "limits of the process, p′ (Laney)"

    def test_the_row_and_the_table_print_it(self, made: Made) -> None:
        section = made([(9, 10), (18, 20)] * 6)
        assert drawn(section, section.figures[0]).rows[1].note.endswith("n 10–20")
        assert [row[3] for row in table(section, "months").rows] == [10, 20] * 6


class TestManySeries:
    def test_of_more_than_twelve_those_that_miss_their_target_lead(self, tmp_path: Path) -> None:
        """Fourteen priorities of ten tickets a month, of which the last two are always late."""
        names = [f"P{number}" for number in range(1, 15)]
        months = pd.period_range("2025-01", periods=6, freq="M")
        rows = [
            _ticket(month, place, name not in names[-2:])
            | {"ticket_id": f"{name}-{month}-{place}", "priority": name}
            for month in months
            for name in names
            for place in range(3)
        ]
        clause = AROUND | {"targets": dict.fromkeys(names, "4 h")}
        agreement = desk.agreed(clause, priorities=names, **EXTRACTED)
        tables = {"tickets": pd.DataFrame(rows)}
        review = desk.review(tmp_path, agreement, tables, as_of="2025-06-30")
        section = chapter(control, review)

        drawn_first = [row.label for row in drawn(section, section.figures[0]).rows[1:3]]
        assert drawn_first == ["P13", "P14"]
        assert section.figures[0].first == (
            "The 12 that miss their target, or meet it by chance, first, of 14."
        )
        assert html(section, "fr").count('class="drawn"') > 12


class TestPeriodic:
    def test_a_quarter_shows_the_months_before_it_too_and_tells_its_own_signals(self) -> None:
        quarter = open_period(SAMPLE, "2024Q4", language="en")
        section = chapter(control, quarter, language="en")
        months = [row[1] for row in table(section, "months").rows]
        recent = [one.id for one in section.findings if ".signal." in one.id and one.brief]
        targets = [one for one in section.findings if ".target." in one.id]

        assert len(targets) == 9
        # of nine months the mean is 99.980 %, and that less 2.66 mean ranges 99.859 %: not 99.9
        assert "(99.859% to 100%)" in targets[-1].sentence
        assert not any(one.brief for one in targets)  # all of them within the limits
        assert (min(months), max(months)) == ("2024-01", "2024-12")
        assert section.fact("control.recent").label == "Series with a signal in the period"
        assert "control.signal.resolution.P4.outside.below.2024-11" in recent
        of_long_ago = section.finding("control.signal.response.P2.outside.below.2024-01")
        assert (of_long_ago.kind, of_long_ago.brief) == (Kind.NEUTRAL, None)
        assert unfit(control(quarter)) == set()

    def test_it_is_that_of_a_review_as_of_its_end(self) -> None:
        quarter, day = open_period(SAMPLE, "2024Q4"), sample_of("2024-12-31")
        assert [table.rows for table in control(quarter).tables] == [
            table.rows for table in control(day).tables
        ]


class TestNotAssessed:
    def test_without_tickets_and_outages_it_says_so(self, tmp_path: Path) -> None:
        review = desk.review(tmp_path, desk.agreed(AROUND), {})
        assert "tickets.csv" in chapter(control, review).because

    def test_with_no_month_over_it_says_so(self, tmp_path: Path) -> None:
        rows = pd.DataFrame([desk.ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T10:00")])
        review = desk.review(tmp_path, desk.agreed(AROUND), {"tickets": rows}, as_of="2026-01-20")
        assert chapter(control, review).because == "no month of the service was over by then"

    def test_without_a_target_the_months_are_held_against_their_limits_alone(
        self, made: Made
    ) -> None:
        targets = {"P1": "4 h", "P2": "4 h"}
        section = made(
            TWENTY * 6, clause=AROUND | {"targets": targets, "threshold": {"P2": "95 %"}}
        )
        assert section.headline == "No target can be held against the limits of a process."
        assert section.fact("control.within").note == "no series with a target has limits"
        assert drawn(section, section.figures[0]).rows[1].value == "without a target"


DAYS = ("2024-02-15", "2024-08-31", "2025-03-31", "")


class TestSample:
    @pytest.mark.parametrize("day", DAYS)
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_on_any_day_it_speaks_both_languages_and_is_drawn(
        self, day: str, language: str
    ) -> None:
        section = control(sample_of(day))
        words = chapter(control, sample_of(day), language=language)

        assert unfit(section) == set()
        assert len(words.headline.replace("\u00a0", " ").split()) <= 22
        assert sum(fact.key for fact in words.facts) <= 3
        assert sum(figure.lead for figure in words.figures) == 1
        assert "<svg" in html(section, language)
        for finding in words.findings:
            if finding.brief:
                assert len(finding.brief.text.split()) <= 24

    @pytest.mark.parametrize("day", DAYS[:-1])
    def test_what_had_a_point_then_has_one_now(self, day: str) -> None:
        """The same one for what no later event touches: tickets opened, and availability."""
        now = {one.place: one for one in subjects(sample_of())}
        for then in subjects(sample_of(day)):
            later, points = (
                one.rows.set_index("month")[["value", "n", "target", "segment"]]
                for one in (now[then.place], then)
            )
            assert points.index.isin(later.index).all()
            if then.place.startswith(("opened", "availability")):
                pd.testing.assert_frame_equal(points, later.loc[points.index])

    def test_limits_of_twelve_months_are_those_of_later_reviews(self) -> None:
        """Of December and of June: the tickets opened, whose numbers nothing moves."""
        then, now = (
            next(one for one in subjects(sample_of(day)) if one.place == "opened").rows
            for day in ("2024-12-31", "")
        )
        assert (len(then), len(now)) == (12, 18)
        pd.testing.assert_frame_equal(then, now[:12])

    def test_the_limits_of_resolution_begin_anew_after_ramp_up_and_amendment(self) -> None:
        """Art. 5.2 spares the first quarter of penalties; amendment 1 changes P2 in October."""
        changes = table(chapter(control, sample_of(), language="en"), "changes").rows
        assert [row[1] for row in changes if row[0] == "Resolution · P2"] == ["2024-04", "2024-10"]
        assert [row[1] for row in changes if row[0] == "Resolution · P3"] == ["2024-04"]
        assert [row for row in changes if row[0].startswith("Response")] == []

    def test_months_of_which_tickets_run_are_named(self) -> None:
        words = caveats(chapter(control, sample_of("2025-03-31"), language="en"))
        assert words["control.open"].startswith(
            "No point yet, for tickets or outages of it still run: Response · P3 Mar 2025;"
        )
