"""The chapter on reported figures, from a folder to its section: the desk is ``tests/desk.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.report.values import Kind, Section
from reviewlib.service.reconciliation.chapter import reconciliation
from tests import desk
from tests.desk import agreed
from tests.sample import sample_of
from tests.service.sensitivity.test_chapter import LATER, ONE, two
from tests.spoken import chapter as chapter_of
from tests.spoken import html, sentence, unfit

JANUARY = {"month": "2026-01", "clause": "R1", "priority": ""}


def chapter(folder: Path, agreement: dict[str, Any], **tables: pd.DataFrame) -> Section:
    return chapter_of(reconciliation, desk.review(folder, agreement, tables))


def kpis(*values: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([JANUARY | value for value in values])


def replies(**positions: str) -> pd.DataFrame:
    rows = [
        {"finding": "reconciliation.resolution.2026-01", "side": side, "position": position}
        for side, position in positions.items()
    ]
    return pd.DataFrame(rows)


def states(found: Section) -> list[object]:
    return [found.fact(f"reconciliation.{name}").value for name in (
        "agrees", "explained", "unexplained", "agreed", "contested",
    )]  # fmt: skip


def test_a_reported_figure_that_is_the_logs_agrees(tmp_path: Path) -> None:
    """1 of 2 in time: 50 %."""
    found = chapter(tmp_path, ONE, reported_kpis=kpis({"value": 50.0, "n": 2}), **two())
    finding = found.finding("reconciliation.resolution")

    assert states(found) == [1, 0, 0, 0, 0]
    assert finding is not None
    assert finding.sentence == (
        "Time to resolution: the reported figures compared, 1, are those recomputed from the log."
    )
    assert (finding.kind, finding.decision) == (Kind.STRENGTH, "")


def test_a_figure_that_another_reading_gives_is_explained_by_a_hint(tmp_path: Path) -> None:
    """100 % if the wait for the supplier paused the clock, in the month by any rule."""
    found = chapter(tmp_path, ONE, reported_kpis=kpis({"value": 100.0}), **two())
    finding = found.finding("reconciliation.resolution")
    (row,) = next(t for t in found.tables if t.id == "reconciliation.figures").rows

    assert states(found) == [0, 1, 0, 0, 0]
    assert finding is not None
    assert (
        "figures that differ from the one recomputed: 1 of 1, 1 of them higher" in finding.sentence
    )
    assert finding.sentence.count("“") == 4  # three readings give it, the first is then told
    assert "“paused while anyone is awaited”, " in finding.sentence
    assert "each give the largest number of them: 1 of 1" in finding.sentence
    assert "A match is a hint" in finding.sentence
    assert (finding.kind, finding.evidence) == (Kind.CONCERN, ("T2",))
    assert row[8] == "explained"
    assert row[9].startswith("paused while anyone is awaited, ")
    assert row[10] == 3
    assert row[-1] == "reconciliation.resolution.2026-01"


@pytest.mark.parametrize(("value", "higher"), [(80.0, 1), (20.0, 0)])
def test_a_figure_under_the_logs_weighs_as_one_above_it(
    tmp_path: Path, value: float, higher: int
) -> None:
    """1 of 2 in time: 50 %. Whom a figure that is not the log's would serve weighs nothing."""
    found = chapter(tmp_path, ONE, reported_kpis=kpis({"value": value}), **two())
    finding = found.finding("reconciliation.resolution")

    assert finding is not None
    assert f"1 of 1, {higher} of them higher" in finding.sentence
    assert finding.kind is Kind.CONCERN


def test_a_figure_that_no_reading_gives_is_unexplained_and_asks_for_the_tickets(
    tmp_path: Path,
) -> None:
    found = chapter(tmp_path, ONE, reported_kpis=kpis({"value": 80.0}), **two())
    finding = found.finding("reconciliation.resolution.2026-01")

    assert states(found) == [0, 0, 1, 0, 0]
    assert finding is not None
    assert finding.sentence.startswith(
        "Time to resolution, Jan 2026, all priorities: reported 80.0%, recomputed 50.0% (n = 2), a "
        "gap of 30 points that none of the"
    )
    assert finding.sentence.endswith("No reply yet.")
    assert (
        finding.decision == "Jan 2026: ask the provider for the tickets behind the reported figure."
    )


def test_a_figure_that_a_party_contests_is_contested_whatever_the_other_says(
    tmp_path: Path,
) -> None:
    reported = kpis({"value": 80.0})
    both = replies(provider="contested", client="agreed")

    found = chapter(tmp_path, ONE, reported_kpis=reported, replies=both, **two())
    assert states(found) == [0, 0, 1, 0, 1]
    agreement = replies(provider="agreed")
    found = chapter(tmp_path, ONE, reported_kpis=reported, replies=agreement, **two())
    finding = found.finding("reconciliation.resolution.2026-01")
    assert states(found) == [0, 0, 1, 1, 0]
    assert finding is not None
    assert (finding.sentence.endswith("Agreed by the provider."), finding.decision) == (True, "")


def test_what_can_not_be_compared_is_counted(tmp_path: Path) -> None:
    """A month without tickets, another number of tickets, and a reply to a figure of nobody."""
    reported = kpis({"value": 50.0, "n": 3}, {"value": 90.0, "month": "2026-02"})
    astray = replies(provider="agreed").replace({"2026-01": "2025-01"}, regex=True)
    found = chapter(tmp_path, ONE, reported_kpis=reported, replies=astray, **two())

    said = {caveat.id.rpartition(".")[2]: caveat.sentence for caveat in found.caveats}
    assert said == {
        "alone": "1 figure that the provider reported has none recomputed beside it.",
        "counts": "1 reported figure is of another number of tickets than the one recomputed.",
        "replies": "1 reply names a figure that is not among those compared.",
    }


def test_without_reports_or_tickets_or_anything_in_common_the_chapter_is_not_assessed(
    tmp_path: Path,
) -> None:
    assert "reported_kpis.csv" in chapter(tmp_path, ONE, **two()).because
    nothing = kpis({"value": 50.0, "month": "2026-02"})
    found = chapter(tmp_path, ONE, reported_kpis=nothing, **two())
    assert found.because.startswith("none of the figures that the provider reported")
    alone = tmp_path / "alone"
    alone.mkdir()
    assert "tickets.csv" in chapter(alone, ONE, reported_kpis=nothing).because


def test_a_contract_without_clauses_has_nothing_to_compare(tmp_path: Path) -> None:
    found = chapter(tmp_path, agreed(data=LATER), reported_kpis=kpis({"value": 50.0}), **two())

    assert found.because.startswith("the contract states no target")


def test_what_a_party_replies_stands_in_its_own_words(tmp_path: Path) -> None:
    """To a finding of another chapter too; a hostile reply stays text."""
    rows = [["service_levels.resolution.P1", "provider", "contested", "<b>No</b>", "2026-02-03"]]
    columns = ["finding", "side", "position", "statement", "replied_on"]
    answered = pd.DataFrame(rows, columns=columns)
    reported = kpis({"value": 50.0})
    found = chapter(tmp_path, ONE, reported_kpis=reported, replies=answered, **two())
    table = next(t for t in found.tables if t.id == "reconciliation.replies")

    assert table.rows == (
        ("service_levels.resolution.P1", "provider", "contested", "<b>No</b>", "2026-02-03"),
    )
    assert next(c for c in table.columns if c.key == "statement").quoted


@pytest.mark.parametrize(
    ("reported", "english", "french"),
    [
        (50.0, "0 points", "0 point"),
        (51.0, "1 point", "1 point"),
        (51.96, "2 points", "2 points"),
    ],
)
def test_the_word_for_points_goes_with_the_number_that_is_printed(
    tmp_path: Path, reported: float, english: str, french: str
) -> None:
    tables = two() | {"reported_kpis": kpis({"value": reported})}
    review = desk.review(tmp_path, ONE, tables)
    for language, points in (("en", english), ("fr", french)):
        (figure,) = chapter_of(reconciliation, review, language=language).figures
        assert f": {points}, " in figure.description.replace("\u00a0", " ")


def test_figures_that_look_like_fractions_are_pointed_out(tmp_path: Path) -> None:
    found = chapter(tmp_path, ONE, reported_kpis=kpis({"value": 0.5}), **two())

    assert "reconciliation.fractions" in [caveat.id for caveat in found.caveats]


def test_every_sentence_has_the_fields_of_its_values_and_is_drawn_in_both_languages(
    tmp_path: Path,
) -> None:
    tables = two() | {
        "reported_kpis": kpis({"value": 80.0}),
        "replies": replies(provider="agreed"),
    }
    section = reconciliation(desk.review(tmp_path, ONE, tables))

    assert unfit(section) == set()
    for language in ("en", "fr"):
        assert "<svg" in html(section, language)


def test_the_gap_is_given_by_the_month_and_never_as_a_mean_of_figures_that_overlap(
    tmp_path: Path,
) -> None:
    """All: 75 against 50 of 2 tickets; P1, 100 against 50, is of the same tickets."""
    reported = kpis({"value": 75.0}, {"value": 100.0, "priority": "P1"})
    found = chapter(tmp_path, ONE, reported_kpis=reported, **two())

    assert "all of them higher; the gap is 25 points." in sentence(
        found, "reconciliation.resolution"
    )


def test_without_a_figure_over_all_priorities_the_gap_is_a_range(tmp_path: Path) -> None:
    reported = kpis({"value": 100.0, "priority": "P1"})
    found = chapter(tmp_path, ONE, reported_kpis=reported, **two())

    assert "; the gap is 50 points." in sentence(found, "reconciliation.resolution")


def test_the_verdict_by_the_reading_that_gives_the_figures_is_told(tmp_path: Path) -> None:
    """T2 waits for a supplier: 1 of 2 by the contract, 2 of 2 if that paused the clock."""
    found = chapter(tmp_path, ONE, reported_kpis=kpis({"value": 100.0}), **two())

    assert sentence(found, "reconciliation.resolution").endswith(
        "With “paused while anyone is awaited” the verdicts would be: P1 100.0% of 2, met."
    )


def test_on_the_sample_the_provider_reports_the_flag_of_its_tool() -> None:
    """All but December 2024 over all priorities; P2 stays under 90 % by the provider's reading."""
    found = chapter_of(reconciliation, sample_of(), language="en")
    words = sentence(found, "reconciliation.resolution").replace("\u00a0", " ")

    assert "88 of 89 are those of the flag that the tool recorded on each ticket" in words
    assert "P2 89.2% of 582, missed" in words
    assert "0.3 to 2.8 points a month, 1.7 weighted by the tickets of 18 months" in words


def test_without_a_log_nothing_is_called_the_logs(tmp_path: Path) -> None:
    """T1, of January, in time after 1 hour; T2, of February, over its target of 4, pauses unknown.

    Only January has a figure to compare: 1 of 1.
    """
    rows = desk.tickets(
        desk.ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T10:00"),
        desk.ticket("T2", "2026-02-05T09:00", resolved_at="2026-02-05T18:00"),
    )
    reported = kpis({"value": 100.0}, {"value": 100.0, "month": "2026-02"})
    found = chapter(tmp_path, ONE, reported_kpis=reported, tickets=rows)

    assert sentence(found, "reconciliation.resolution") == (
        "Time to resolution: the reported figures compared, 1, are those recomputed from "
        "tickets.csv, for want of a log. Months with a ticket of unknown pauses are not compared."
    )
    finding = found.finding("reconciliation.resolution")
    assert finding is not None
    assert finding.kind is Kind.NEUTRAL
    assert found.headline == "1 reported figure compared: it is the one recomputed."
    assert found.fact("reconciliation.agrees").source == (
        "reported_kpis.csv; tickets.csv, judged under each interpretation"
    )
    assert "from the log" not in html(found)
    assert unfit(found) == set()
