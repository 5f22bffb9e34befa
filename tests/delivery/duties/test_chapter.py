"""The chapter on the duties of the client, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest

from reviewlib.delivery.duties.chapter import duties
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, sentence

CONTRACT = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2024-12-31}
client: {name: Client}
provider: {name: Provider}
data: {extracted_at: 2024-06-30T18:00:00}
"""
MILESTONES = """\
milestone_id,title,clause,contract_date,actual_date
M1,Kick-off,Annex 2,2024-03-31,2024-04-10
M2,Cut-over,Annex 4,2024-04-30,2024-05-20
"""
DUTIES = """\
duty_id,title,clause,kind,due_on,done_on,evidence
CD1,Open access,Art. 6,access,2024-03-15,2024-04-04,
CD2,Name a correspondent,Art. 6,resource,2024-03-15,2024-03-15,Note
CD3,Approve the plan,,decision,2024-04-30,2024-05-08,
CD4,Hand over the list,Art. 6,information,2024-06-28,,
CD5,Open the next access,Art. 9,access,2024-07-31,,
"""
CAUSES = """\
cause_id,milestone_id,cause,attributed_to,starts_on,ends_on,contested,duty_id
C1,M1,Access late,client,2024-04-01,2024-04-04,no,CD1
C2,M1,Line late,third_party,2024-04-04,2024-04-06,no,
C3,M2,Plan late,client,2024-05-01,2024-05-08,yes,CD3
"""
WHOLE = {"milestones": MILESTONES, "client_duties": DUTIES, "delay_causes": CAUSES}
Chapter = Callable[..., Section]
CHAPTER = duties


def test_without_duties_or_the_days_on_which_they_were_done_the_chapter_says_why(
    chapter: Chapter,
) -> None:
    undone = "duty_id,title,due_on\nCD1,Open access,2024-03-15\n"

    assert "client_duties.csv" in chapter({"milestones": MILESTONES}).because
    assert "done_on" in chapter({"client_duties": undone}).because


def test_the_share_kept_is_of_the_duties_that_have_come_due(whole: Section) -> None:
    """CD2 of CD1 to CD4; CD5 is due on 31 July."""
    fact = whole.fact("duties.kept")

    assert (fact.value, fact.n, fact.note) == (0.25, 4, "counted apart, not due yet: 1")
    assert whole.headline == "Duties of the client done on time: 1 of the 4 that have come due."


def test_the_days_that_they_cost_set_the_contested_ones_apart(whole: Section) -> None:
    """M1, 1–10 April: 1–4 by CD1, the 4th with the operator. M2, 1–20 May: 1–8 contested."""
    fact = whole.fact("duties.cost")

    assert (fact.value, fact.n) == (4, 3)
    assert fact.note == "together with other causes 1 day; contested 8 days"
    assert fact.interval is not None
    assert (fact.interval.low, fact.interval.high) == (4, 12)
    lead = next(table for table in whole.tables if table.lead)
    assert lead.columns[5].label == "Delay attributed"
    assert {row[0]: row[5] for row in lead.rows if row[5]} == {"CD1": 4}


def test_each_duty_that_was_not_kept_says_how_late_it_was_and_what_is_attributed_to_it(
    whole: Section,
) -> None:
    finding = whole.finding("duties.duty.CD1")

    assert finding is not None
    assert finding.sentence == (
        "Duty CD1 “Open access” was done on 4 Apr 2024, 20 days after its due date (15 Mar 2024). "
        "Days of the delay of M1 attributed to it (C1): client alone 3 days; together with other "
        "causes 1 day."
    )
    assert (finding.kind, finding.clause) == (Kind.CONCERN, "Art. 6")
    assert finding.evidence == ("CD1", "C1", "M1")
    assert sentence(whole, "duties.duty.CD3") == (
        "Duty CD3 “Approve the plan” was done on 8 May 2024, 8 days after its due date (30 Apr "
        "2024). Days of the delay of M2 attributed to it (C3): contested 8 days."
    )


def test_a_duty_not_done_asks_for_a_decision_and_one_not_due_for_nothing(whole: Section) -> None:
    finding = whole.finding("duties.duty.CD4")

    assert finding is not None
    assert finding.sentence == (
        "Duty CD4 “Hand over the list” is not done as of 30 Jun 2024, 2 days after its due date "
        "(28 Jun 2024). No day of a delay is attributed to it."
    )
    assert finding.decision == "Duty CD4: settle who does it, and by when."
    assert "duties.duty.CD5" not in {one.id for one in whole.findings}


def test_one_duty_of_four_that_was_kept_is_an_observation(whole: Section) -> None:
    finding = whole.finding("duties.in_time")

    assert finding is not None
    assert finding.sentence == "Duties of the client done on time: 1 of 4 (CD2)."
    assert finding.kind is Kind.NEUTRAL


def test_a_cause_that_its_duty_contradicts_is_pointed_out(chapter: Chapter, whole: Section) -> None:
    """C1 then names CD2, which was kept: its days are attributed to no duty that was missed."""
    section = chapter(WHOLE | {"delay_causes": CAUSES.replace("CD1", "CD2")})

    assert whole.caveats == ()
    assert [caveat.id for caveat in section.caveats] == ["duties.doubtful"]
    assert section.caveats[0].sentence.endswith(": C1.")
    assert section.fact("duties.cost").value == 0


@pytest.mark.parametrize(
    ("tables", "missing"),
    [
        ({"client_duties": DUTIES, "delay_causes": CAUSES}, "milestones"),
        ({"client_duties": DUTIES, "milestones": MILESTONES}, "delay_causes.csv"),
        (
            WHOLE | {"delay_causes": CAUSES.replace(",duty_id", "").replace(",CD1", "")
                     .replace(",CD3", "").replace("no,", "no")},
            "delay_causes.csv: duty_id",
        ),
    ],
)  # fmt: skip
def test_what_they_cost_is_not_assessed_without_delays_or_causes_and_says_why(
    chapter: Chapter, tables: dict[str, str], missing: str
) -> None:
    section = chapter(tables)

    assert section.fact("duties.cost").value is None
    assert missing in section.fact("duties.cost").note
    assert sentence(section, "duties.duty.CD1").endswith(
        "20 days after its due date (15 Mar 2024)."
    )
    assert section.fact("duties.kept").value == 0.25


def test_before_anything_is_due_nothing_is_judged_and_the_reason_is_printed(
    chapter: Chapter,
) -> None:
    section = chapter(WHOLE, "2024-03-01")

    assert section.headline == "No duty of the client has come due yet."
    assert (section.fact("duties.kept").value, section.fact("duties.kept").note) == (
        None,
        "no duty has come due yet",
    )
    assert section.findings == ()


def test_of_very_many_duties_the_latest_have_a_finding(chapter: Chapter) -> None:
    """150 duties, 1 to 150 days late as of 30 June: the last 100 are told."""
    days = pd.date_range(end="2024-06-29", periods=150)[::-1].strftime("%Y-%m-%d")
    lines = [f"CD{n},Open access,{day}," for n, day in enumerate(days, start=1)]
    lines.append("CD0,Open access,2024-01-31,2024-01-30")
    section = chapter({"client_duties": "\n".join(["duty_id,title,due_on,done_on", *lines])})

    assert [finding.id for finding in section.findings[1:]] == [
        f"duties.duty.CD{n}" for n in range(150, 50, -1)
    ]
    assert [caveat.sentence for caveat in section.caveats] == [
        "The findings cover 100 of 150 duties not done on time: those with the longest delay."
    ]


def test_a_table_that_records_no_day_at_all_is_not_assessed_as_for_milestones(
    chapter: Chapter,
) -> None:
    """That none of them has a day proves that nobody wrote it down, not that none was done."""
    duties = "duty_id,title,due_on,done_on\nCD1,Open access,2024-03-15,\n"

    assert chapter({"client_duties": duties}).because == (
        "the folder does not say when they were done (client_duties.csv: done_on)"
    )


def test_as_of_an_earlier_day_what_was_done_later_is_not_done(chapter: Chapter) -> None:
    """On 2 April: 18 days after 15 March; C1 has run for two days of the delay of M1."""
    assert sentence(chapter(WHOLE, "2024-04-02"), "duties.duty.CD1") == (
        "Duty CD1 “Open access” is not done as of 2 Apr 2024, 18 days after its due date (15 Mar "
        "2024). Days of the delay of M1 attributed to it (C1): client alone 2 days."
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_same_in_both_languages(
    chapter: Chapter, whole: Section, language: str
) -> None:
    section = chapter(WHOLE, language=language)
    ids = [value.id for value in (*section.facts, *section.findings, *section.tables)]

    assert len(ids) == len(set(ids))
    assert ids == [value.id for value in (*whole.facts, *whole.findings, *whole.tables)]
    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "duties"


def test_braces_and_markup_in_the_data_stay_text(chapter: Chapter) -> None:
    hostile = WHOLE | {"client_duties": DUTIES.replace("Open access", "{0} {x} <b>$y$")}
    section = chapter(hostile)

    assert "“{0} {x} <b>$y$”" in sentence(section, "duties.duty.CD1")
    assert "{0} {x} <b>" not in html(section)


def test_the_shipped_engagement_sets_its_sixteen_days_beside_the_ten_contested() -> None:
    """CD1 four days of M1; CD3 five of M4, and seven with the operator; CD4 ten, contested."""
    section = chapter_of(duties, sample_of(language="en"))
    cost, in_time = section.fact("duties.cost"), section.fact("duties.kept")

    assert (cost.value, cost.n, in_time.value, in_time.n) == (16, 4, 2 / 6, 6)
    assert cost.interval is not None
    assert cost.interval.high == 26
    assert "18 days after" in sentence(section, "duties.duty.CD1")
    assert "4 days after" in sentence(section, "duties.duty.CD6")
