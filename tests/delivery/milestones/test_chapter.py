"""The chapter on milestones, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest

from reviewlib.delivery.milestones.chapter import milestones
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

CONTRACT = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2025-06-30}
client: {name: Client}
provider: {name: Provider}
data: {extracted_at: 2025-07-04T18:00:00}
"""
MILESTONES = """\
milestone_id,title,clause,contract_date,rebaselined_date,rebaseline_approved_on,actual_date
M1,Kick-off,Annex 2,2024-01-31,,,2024-01-30
M4,Cut-over,Annex 4,2024-09-30,2024-11-12,2024-09-18,2025-03-14
M5,File shares,,2025-04-30,2025-05-31,2025-05-02,2025-05-16
M6,Regular service,,2025-06-20,,,
M7,Closing,,2025-07-31,,,
"""
FORECASTS = """\
milestone_id,reported_on,forecast_date
M4,2024-01-31,2024-09-30
M4,2024-07-31,2024-10-21
M4,2024-10-31,2025-03-14
M6,2025-05-31,2025-07-18
M7,2025-06-30,2025-08-29
"""
CHANGES = """\
change_id,title,requested_on,decided_on,decision,milestone_id,moves_to
CR1,Later,2024-09-02,2024-09-18,approved,M4,2024-11-12
CR2,Later again,2024-11-20,2024-12-02,approved,M4,2025-01-31
CR3,Earlier,2025-06-01,,,M7,2025-07-15
CR4,Later,2025-01-10,2025-01-20,refused,M5,2025-09-30
"""
WHOLE = {"milestones": MILESTONES, "milestone_forecasts": FORECASTS, "changes": CHANGES}
Chapter = Callable[..., Section]
CHAPTER = milestones


def test_the_share_on_time_is_given_for_each_baseline_and_counts_apart_what_is_not_due(
    whole: Section,
) -> None:
    """Due by 4 July: M1 (kept), M4 and M5 (late), M6 (not reached). M7 is not due. The
    re-baseline of M5 was approved on 2 May, after the 30 April that it moves."""
    for baseline in ("contract", "baseline"):
        fact = whole.fact(f"milestones.on_time.{baseline}")

        assert (fact.value, fact.n) == (0.25, 4)
        assert fact.note == "counted apart, not due or awaiting a decision: 1"


def test_the_delay_is_a_median_of_what_is_reached_with_its_spread(whole: Section) -> None:
    """Reached: M1 −1, M4 165, M5 16 days after the contract; M4 122 after the date in force."""
    contract = whole.fact("milestones.delay.contract")
    in_force = whole.fact("milestones.delay.baseline")

    assert (contract.value, contract.n, contract.note) == (16, 3, "from −1 day to 165 days")
    assert (in_force.value, in_force.note) == (16, "from −1 day to 122 days")


def test_a_slipping_milestone_is_a_concern_with_its_explained_and_unexplained_days(
    whole: Section,
) -> None:
    """30 Sep to 14 Mar: 165 days; to 12 Nov: 43; from there: 122. Moved on 31 Jul and 31 Oct."""
    finding = whole.finding("milestones.M4")

    assert finding is not None
    assert finding.sentence == (
        "Milestone M4 “Cut-over” was reached on 14 Mar 2025, 165 days after the date of the "
        "contract (30 Sept 2024). Its date in force is 12 Nov 2024, re-baselined with approval "
        "(CR1). That covers 43 days; not covered by a change approved in time: 122 days. The "
        "announced date moved later 2 times."
    )
    assert (finding.kind, finding.evidence, finding.clause) == (
        Kind.CONCERN,
        ("M4", "CR1"),
        "Annex 4",
    )
    assert finding.decision == ""
    assert whole.fact("milestones.M4.slips").value == 2


def test_a_milestone_that_was_kept_is_a_strength_and_asks_for_nothing(whole: Section) -> None:
    finding = whole.finding("milestones.M1")

    assert finding is not None
    assert (finding.kind, finding.decision) == (Kind.STRENGTH, "")


def test_a_milestone_past_its_date_and_one_announced_late_are_concerns(whole: Section) -> None:
    """M6 was due on 20 June, 14 days before 4 July; M7, due on 31 July, is announced for August."""
    past, ahead = whole.finding("milestones.M6"), whole.finding("milestones.M7")

    assert past is not None
    assert ahead is not None
    assert past.sentence == (
        "Milestone M6 “Regular service” is not reached as of 4 Jul 2025, 14 days after the date "
        "of the contract (20 Jun 2025). No change approved in time covers any of it. The "
        "announced date moved later once. It is announced for 18 Jul 2025."
    )
    assert ahead.sentence.startswith("Milestone M7 “Closing” is due on 31 Jul 2025")
    assert past.kind is ahead.kind is Kind.CONCERN
    assert whole.fact("milestones.overdue").value == 1


@pytest.mark.parametrize(
    ("party", "requested_on", "requested"),
    [
        ("provider", "2024-11-20", "provider on 20 Nov 2024, 8 days after that date"),
        ("client", "2024-11-20", "client on 20 Nov 2024, 8 days after that date"),
        ("client", "2024-11-12", "client on 12 Nov 2024, by that date"),
    ],
)
def test_a_rebaseline_approved_too_late_says_who_requested_it_when(
    chapter: Chapter, party: str, requested_on: str, requested: str
) -> None:
    """The date that it moves is 12 November; it was approved on 2 December."""
    changes = (
        "change_id,title,requested_by,requested_on,decided_on,decision,milestone_id,moves_to\n"
        f"CR2,Later again,{party},{requested_on},2024-12-02,approved,M4,2025-01-31\n"
    )
    tables = {"milestones": MILESTONES, "changes": changes}
    terms = "terms: {change_requests: {approved_late: does_not_count}}\n"
    by_default, by_contract = (
        {one.id: one.sentence for one in section.caveats}["milestones.M4.rebaseline.CR2"]
        for section in (chapter(tables), chapter(tables, terms=terms))
    )

    moved = "(CR2) moves a date of 12 Nov 2024. It was"
    assert f"{moved} requested by the {requested}, and approved" in by_default
    assert by_default.endswith("on 2 Dec 2024. It does not count (by default).")
    assert by_contract.endswith("on 2 Dec 2024. It does not count.")


def test_a_rebaseline_approved_too_late_is_said_not_to_count(whole: Section) -> None:
    caveats = {caveat.id: caveat.sentence for caveat in whole.caveats}

    assert caveats == {
        "milestones.M4.rebaseline.CR2": (
            "Milestone M4: the re-baseline to 31 Jan 2025 (CR2) moves a date of 12 Nov 2024. It "
            "was approved on 2 Dec 2024, after that date. It does not count (by default)."
        ),
        "milestones.M5.rebaseline": (
            "Milestone M5: the re-baseline to 31 May 2025 (no change request is named) moves a "
            "date of 30 Apr 2025. It was approved on 2 May 2025, after that date. It does not "
            "count (by default)."
        ),
        "milestones.M7.rebaseline.CR3": (
            "Milestone M7: no approval of the re-baseline to 15 Jul 2025 (CR3) is known as of 4 "
            "Jul 2025. It does not count."
        ),
    }


def test_every_date_that_a_milestone_was_given_stands_in_a_table_with_why_it_counts(
    whole: Section,
) -> None:
    """30 Sep to 12 Nov 43 days, 12 Nov to 31 Jan 18 + 31 + 31 = 80; a refusal moves nothing."""
    table = next(table for table in whole.tables if table.id == "milestones.baselines")
    of_m4 = [row[1:] for row in table.rows if row[0] == "M4"]
    refused = [row[-1] for row in table.rows if row[2] == "CR4"]

    assert [(str(row[0])[:10], row[1], *row[-2:]) for row in of_m4] == [
        ("2024-09-30", None, None, "date of the contract"),
        ("2024-11-12", "CR1", 43, "it counts"),
        ("2025-01-31", "CR2", 80, "no: approved after the date that it moves"),
    ]
    assert refused == ["no: refused"]


def test_the_split_of_each_delay_stands_in_the_table_of_milestones(whole: Section) -> None:
    table = next(table for table in whole.tables if table.id == "milestones.table")
    row = dict(zip([c.key for c in table.columns], table.rows[1], strict=True))

    assert (row["contract_days"], row["explained_days"], row["unexplained_days"]) == (165, 43, 122)
    assert row["by"] == "CR1"


def test_the_table_says_what_is_left_of_the_days_not_covered_and_what_suspended_them() -> None:
    """M4 of the sample: 122 - 44 suspended (S1) - 5 of the client - 2 of force majeure - 7 of
    several causes = 64, of which 10 are contested: 54, or 64. M1: 14 - 4 of the client = 10."""
    section = chapter_of(milestones, sample_of(language="en"))
    table = next(table for table in section.tables if table.id == "milestones.table")
    rows = [dict(zip([c.key for c in table.columns], cells, strict=True)) for cells in table.rows]
    keys = ("unexplained_days", "suspended", "suspensions", "excused", "contested", "late")
    split = {str(row["milestone_id"]): tuple(row[key] for key in keys) for row in rows}

    assert split["M4"] == (122, 44, "S1", 5 + 2 + 7, 10, 54)
    assert split["M1"] == (14, 0, None, 4, 0, 10)
    assert split["M2"] == (-2, None, None, None, None, None)


def test_milestones_whose_announced_date_only_ever_moved_later_are_named(
    chapter: Chapter, whole: Section
) -> None:
    """M4 moved on 31 July and 31 October. With a report of 30 June that puts it forward, not."""
    finding = whole.finding("milestones.only_later")
    forward = FORECASTS.replace("M4,2024-07", "M4,2024-06-30,2024-09-15\nM4,2024-07")

    assert finding is not None
    assert finding.sentence == (
        "Announced dates that only ever moved later, never earlier: M4 (2 times)."
    )
    assert (whole.fact("milestones.only_later").value, finding.evidence) == (1, ("M4",))
    once_earlier = chapter({**WHOLE, "milestone_forecasts": forward})
    assert "milestones.only_later" not in {one.id for one in once_earlier.findings}


def test_a_date_brought_forward_explains_no_negative_days(chapter: Chapter) -> None:
    """From 31 July to 15 June: 46 days earlier; on 4 July, 19 days after it."""
    moved = CHANGES + "CR5,Sooner,2025-05-01,2025-05-10,approved,M7,2025-06-15\n"
    finding = chapter(WHOLE | {"changes": moved}).finding("milestones.M7")

    assert finding is not None
    assert (
        "That brought it forward by 46 days; not covered by a change approved in time: 19 days."
        in finding.sentence
    )


def test_as_of_a_day_before_its_approval_a_rebaseline_is_not_seen(chapter: Chapter) -> None:
    """On 10 September the request of 2 September is known, on 15 October its approval too."""
    before, after = (chapter(WHOLE, day) for day in ("2024-09-10", "2024-10-15"))
    in_force = {"2024-09-10": "2024-09-30", "2024-10-15": "2024-11-12"}

    for section, day in ((before, "2024-09-10"), (after, "2024-10-15")):
        assert str(section.tables[0].rows[1][4])[:10] == in_force[day]
    assert [caveat.id for caveat in before.caveats] == ["milestones.M4.rebaseline.CR1"]
    assert after.caveats == ()
    assert after.fact("milestones.on_time.contract").value == 0.5
    assert after.fact("milestones.on_time.baseline").value == 1


def test_as_of_a_day_before_its_approval_a_rebaseline_without_a_change_is_not_known(
    chapter: Chapter,
) -> None:
    section = chapter({"milestones": MILESTONES}, "2024-09-10")

    assert str(section.tables[0].rows[1][4])[:10] == "2024-09-30"
    assert section.caveats == ()


def test_without_milestones_the_chapter_names_the_file_that_it_needs(chapter: Chapter) -> None:
    section = chapter({})

    assert "milestones.csv" in section.because
    assert not section.facts


def test_milestones_of_which_the_table_never_says_when_they_are_reached_are_not_overdue(
    chapter: Chapter,
) -> None:
    """The column is absent, or empty in every row: it is not said that none was reached."""
    because = "the folder does not say when they were reached (milestones.csv: actual_date)"
    for heading, last in (("milestone_id,title,contract_date", ""),
                          ("milestone_id,title,contract_date,actual_date", ",")):  # fmt: skip
        rows = (f"M{n},Step,2024-0{n}-28{last}" for n in range(1, 4))
        section = chapter({"milestones": "\n".join([heading, *rows, ""])})

        for name in ("on_time.contract", "on_time.baseline", "overdue"):
            fact = section.fact(f"milestones.{name}")
            assert (fact.value, fact.note) == (None, because)
        assert section.headline == f"When the milestones were reached is not known: {because}."
        assert not any("not reached" in finding.sentence for finding in section.findings)


def test_forecasts_draw_their_trend_where_no_row_says_when_a_milestone_was_reached(
    chapter: Chapter,
) -> None:
    """M4 was announced for 30 September, 21 October, then 14 March."""
    undated = "milestone_id,title,contract_date,actual_date\nM4,Cut-over,2024-09-30,\n"
    of_m4 = "".join(FORECASTS.splitlines(keepends=True)[:4])
    section = chapter({"milestones": undated, "milestone_forecasts": of_m4})

    assert "milestones.trend" in {figure.id for figure in section.figures}
    assert section.fact("milestones.M4.slips").value == 2
    assert len(html(section)) > 0


def test_milestones_that_are_not_due_yet_need_no_day(chapter: Chapter) -> None:
    section = chapter(
        {"milestones": "milestone_id,title,contract_date,actual_date\nM7,Closing,2025-07-31,\n"}
    )

    assert section.headline == "No milestone has come due yet."


def test_without_forecasts_and_changes_the_rest_is_said(chapter: Chapter) -> None:
    """The re-baseline to 12 November stands in the table of milestones, without a change."""
    section = chapter({"milestones": MILESTONES})
    late = section.finding("milestones.M4")

    assert section.fact("milestones.moved").value is None
    assert "milestone_forecasts.csv" in section.fact("milestones.only_later").note
    assert late is not None
    assert "re-baselined with approval (no change request is named)" in late.sentence
    assert [figure.id for figure in section.figures] == ["milestones.plan", "milestones.days"]


def test_before_anything_is_due_nothing_is_judged_and_the_reason_is_printed(
    chapter: Chapter,
) -> None:
    section = chapter(WHOLE, "2024-01-02")

    assert section.headline == "No milestone has come due yet."
    unknown = [fact for fact in section.facts if fact.value is None]
    assert unknown
    assert all(fact.note for fact in unknown)
    assert section.findings == ()


def test_a_figure_says_in_words_what_it_draws_and_holds_its_numbers(whole: Section) -> None:
    plan, _days, trend = whole.figures

    assert plan.description == (
        "Milestones reached by the date in force: 1 of the 4 that have come due. The longest "
        "delay against the contract is that of M4: 165 days."
    )
    assert [row[0] for row in plan.table.rows][:2] == ["M1 · Kick-off", "M4 · Cut-over"]
    assert trend.description == (
        "Milestones whose announced date moved later at least once: 3 of 3. The most moves: 2, "
        "for M4."
    )
    assert [row[0] for row in trend.table.rows] == ["M4", "M4", "M4", "M6", "M7"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_same_in_both_languages(
    chapter: Chapter, whole: Section, language: str
) -> None:
    section = chapter(WHOLE, language=language)
    ids = [value.id for value in (*section.facts, *section.findings, *section.caveats)]
    distinct = {(type(v), v.id) for v in (*section.facts, *section.findings, *section.caveats)}

    assert len(ids) == len(distinct)
    assert ids == [value.id for value in (*whole.facts, *whole.findings, *whole.caveats)]
    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "milestones"


def test_words_of_the_data_stay_text(chapter: Chapter) -> None:
    hostile = {
        name: text.replace("Cut-over", "{0} <blink>$y$</blink>") for name, text in WHOLE.items()
    }
    hostile["changes"] = CHANGES.replace("CR1", "{x}<blink>").replace("CR2", "{0}")
    section = chapter(hostile)
    sentence = getattr(section.finding("milestones.M4"), "sentence", "")

    assert "“{0} <blink>$y$</blink>”" in sentence
    assert "({x}<blink>)" in sentence
    assert any("({0})" in caveat.sentence for caveat in section.caveats)
    assert "<blink>" not in html(section)


def test_of_very_many_milestones_the_latest_have_a_finding_and_the_tables_hold_all(
    chapter: Chapter,
) -> None:
    """Of 150 milestones, n days late each, the last 100 are told; the first is 1 day late."""
    days = pd.date_range("2024-06-02", periods=150).strftime("%Y-%m-%d")
    lines = [f"M{n},Step,2024-06-01,{day}" for n, day in enumerate(days, start=1)]
    section = chapter(
        {"milestones": "milestone_id,title,contract_date,actual_date\n" + "\n".join(lines)}
    )

    assert len([f for f in section.findings if f.id != "milestones.only_later"]) == 100
    assert section.finding("milestones.M51") is not None
    assert "milestones.M50" not in {one.id for one in section.findings}
    assert len(section.tables[0].rows) == 150
    assert [caveat.id for caveat in section.caveats] == ["milestones.many"]


def test_the_shipped_engagement_has_its_story() -> None:
    """Counted by hand in the calendar: M4 165 days late, of which CR01 explains 43."""
    section = chapter_of(milestones, sample_of(language="en"))
    cut_over = section.finding("milestones.M4")

    assert section.headline == (
        "Milestones reached by the date in force: 3 of the 7 that have come due."
    )
    assert cut_over is not None
    assert (
        "(CR01). That covers 43 days; not covered by a change approved in time: 122 days."
        in cut_over.sentence
    )
    # 122 − 44 − 5 − 2 − 7 = 64, and the 10 contested days are among them
    assert (
        "Left out of these days under Art. 10.1: 44 days suspended, 5 days attributed to the "
        "client, 2 days attributed to force majeure and 7 days of several causes, one of them left "
        "out (by default). It is late by 54 days, or 64 if the 10 contested days count."
    ) in cut_over.sentence
    first = section.finding("milestones.M1")
    assert first is not None  # 14 − 4 = 10
    assert "4 days attributed to the client. It is late by 10 days." in first.sentence
    assert [caveat.id for caveat in section.caveats] == ["milestones.M4.rebaseline.CR04"]
    assert getattr(section.finding("milestones.only_later"), "evidence", ()) == ("M4",)
