"""The chapter on the causes of delay, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd
import pytest

from reviewlib.delivery.delays.chapter import delays
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import drawn, html, sentence

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
MILESTONES_HEADING = "milestone_id,title,contract_date,actual_date"
MILESTONES = """\
milestone_id,title,clause,contract_date,actual_date
M1,Kick-off,Annex 2,2024-03-31,2024-03-29
M2,Cut-over,Annex 4,2024-04-30,2024-05-20
M3,Closing,,2024-06-20,
"""
CAUSES = """\
cause_id,milestone_id,deliverable_id,cause,attributed_to,starts_on,ends_on,contested,evidence
C1,M2,,Server late,client,2024-05-01,2024-05-04,no,Minutes
C2,M2,,Line late,third_party,2024-05-04,2024-05-06,no,
C3,M2,,Test plan late,client,2024-05-07,2024-05-08,yes,
C4,M2,,Tool failed,provider,2024-05-18,2024-05-25,no,Report
C5,,,Nobody knows,provider,2024-05-01,2024-05-02,no,Report
"""
SUSPENSIONS = """\
suspension_id,milestone_id,reason,starts_on,ends_on
S1,,Freeze,2024-05-09,2024-05-10
"""
DELIVERABLES = """\
deliverable_id,title,clause,due_on,milestone_id
D1,Record,Annex 4,2024-05-10,M2
"""
SUBMISSIONS = """\
deliverable_id,version,submitted_on,decided_on,decision
D1,v1,2024-05-25,2024-06-01,accepted
"""
WHOLE = {
    "milestones": MILESTONES,
    "delay_causes": CAUSES,
    "suspensions": SUSPENSIONS,
    "deliverables": DELIVERABLES,
    "submissions": SUBMISSIONS,
}
Chapter = Callable[..., Section]
CHAPTER = delays


def days(section: Section) -> dict[str, object]:
    """The days of each class that has some, as the facts state them."""
    facts = {fact.id.removeprefix("delays.days."): fact.value for fact in section.facts}
    return {name: value for name, value in facts.items() if value != 0}


def test_without_anything_that_can_be_late_the_chapter_names_the_files_that_it_needs(
    chapter: Chapter,
) -> None:
    for tables in ({}, {"deliverables": DELIVERABLES}, {"delay_causes": CAUSES}):
        section = chapter(tables)

        assert "milestones.csv" in section.because
        assert "submissions.csv" in section.because


def test_a_table_that_does_not_tell_what_ends_a_delay_makes_nothing_late(chapter: Chapter) -> None:
    undated = {"milestones": "milestone_id,title,contract_date\nM2,Cut-over,2024-04-30\n"}
    undecided = {"submissions": "deliverable_id,version,submitted_on\nD1,v1,2024-05-25\n"}
    lacking = {
        "delays.milestones": "the folder does not say when they were reached (milestones.csv: "
        "actual_date).",
        "delays.submissions": "the folder does not say what was decided (submissions.csv: "
        "decision, decided_on).",
    }
    for name, table in zip(lacking, (undated, undecided), strict=True):
        section = chapter(WHOLE | table)
        caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

        assert caveats[name] == f"Not all delays are counted: {lacking[name]}"
        assert f"delays.{name.removeprefix('delays.').rstrip('s')}.M2" not in str(section.findings)

    undated_only = chapter({"delay_causes": CAUSES, **undated, "deliverables": DELIVERABLES,
                            "submissions": SUBMISSIONS})  # fmt: skip
    assert "delays.outside" not in {caveat.id for caveat in undated_only.caveats}

    assert chapter(WHOLE | undated | undecided).because


def test_a_delay_without_any_cause_is_not_called_one_without_a_cause_for_a_part(
    chapter: Chapter,
) -> None:
    """M3, due on 20 June and not reached on 30 June, is late by 10 days; no cause is about it."""
    milestones = MILESTONES.replace("2024-04-30,2024-05-20", "2024-05-20,2024-05-20")
    section = chapter({"milestones": milestones, "delay_causes": CAUSES})
    brief = section.finding("delays.milestone.M3").brief

    assert brief.text.replace("\u00a0", " ") == (
        "No cause is recorded for 10 days of the delay of “Closing” (M3)."
    )
    assert brief.stake.value == 10


def test_the_days_of_delay_are_counted_by_party(whole: Section) -> None:
    """M2, 1–20 May: client 1–3, with a third party 4, that alone 5–6, contested 7–8, suspended
    9–10, nobody 11–17, provider 18–20. M3, 21–30 June: ten without a cause. D1, 11–25 May: ten
    before M2 was reached, five without a cause. Added up 20 + 10 + 15 = 45; 1–25 May and 21–30 June
    are 35 calendar days."""
    assert days(whole) == {
        "delays.days": 35,
        "client": 3,
        "third_party": 2,
        "concurrent": 1,
        "contested": 2,
        "suspended": 2,
        "provider": 3,
        "waiting": 10,
        "unattributed": 22,
    }
    assert {fact.n for fact in whole.facts} == {3}
    assert whole.headline == ("Days of delay without a recorded cause: 22 of 45, added up.")
    assert whole.fact("delays.days").note == "added up over the delays: 45 days"


def test_what_is_contested_leaves_a_range_and_not_a_point(whole: Section) -> None:
    """The client's days are 3, or 5 if the contested cause stands; then two bear no cause less."""
    client, bare = (whole.fact(f"delays.days.{name}") for name in ("client", "unattributed"))

    assert client.interval is not None
    assert bare.interval is not None
    assert (client.interval.low, client.interval.high) == (3, 5)
    assert (bare.interval.low, bare.interval.high) == (22, 24)
    assert whole.fact("delays.days.provider").interval is None


def test_each_delay_says_what_its_days_are_made_of_and_what_an_answer_would_change(
    whole: Section,
) -> None:
    finding = whole.finding("delays.milestone.M2")

    assert finding is not None
    assert finding.sentence == (
        "Milestone M2 “Cut-over” was reached on 20 May 2024, 20 days after the date in force "
        "(30 Apr 2024). By cause: client 3 days (C1); provider 3 days (C4); third party 2 days "
        "(C2); concurrent causes (client and third party) 1 day (C1 and C2); contested (client) "
        "2 days (C3); suspended 2 days (S1); without a recorded cause 7 days. Depending on "
        "which contested attributions stand (C3): client 3 to 5 days; without a recorded cause 7 "
        "to 9 days."
    )
    assert (finding.kind, finding.clause) == (Kind.NEUTRAL, "Annex 4")
    assert finding.evidence == ("M2", "C1", "C4", "C2", "C3", "S1")
    assert finding.decision == (
        "M2: settle to whom the contested days are attributed, and the cause of those without a "
        "recorded one."
    )


def test_what_is_in_time_has_no_finding_and_what_runs_is_counted_up_to_today(
    whole: Section,
) -> None:
    assert "delays.milestone.M1" not in {one.id for one in whole.findings}
    assert sentence(whole, "delays.milestone.M3") == (
        "Milestone M3 “Closing” is not reached as of 30 Jun 2024, 10 days after the date in force "
        "(20 Jun 2024). By cause: without a recorded cause 10 days."
    )


def test_a_deliverable_is_late_from_when_its_milestone_made_it_possible(whole: Section) -> None:
    """Due on 10 May, M2 reached on the 20th."""
    assert sentence(whole, "delays.deliverable.D1") == (
        "Deliverable D1 “Record”: the version accepted was submitted on 25 May 2024, 15 days after "
        "the due date (10 May 2024). By cause: waiting for a milestone (by default) 10 days (M2); "
        "without a recorded cause 5 days."
    )


def test_why_something_is_late_is_no_concern_beside_that_it_is(chapter: Chapter) -> None:
    kinds = {finding.id: finding.kind for finding in chapter(WHOLE).findings}

    assert kinds["delays.milestone.M2"] is kinds["delays.milestone.M3"] is Kind.NEUTRAL


def test_causes_without_evidence_are_pointed_out(whole: Section) -> None:
    finding = whole.finding("delays.evidence")

    assert finding is not None
    assert "2 of 5 (C2 and C3)" in finding.sentence
    assert (finding.kind, finding.evidence) == (Kind.NEUTRAL, ("C2", "C3"))


def test_days_that_can_t_be_counted_or_attributed_are_said(whole: Section) -> None:
    """C4 covers 18–25 May, of which 21–25 come after M2."""
    caveats = {caveat.id: caveat.sentence for caveat in whole.caveats}

    assert set(caveats) == {"delays.unattributed", "delays.outside", "delays.about_nothing"}
    assert ": 22." in caveats["delays.unattributed"]
    assert ": C4 (5 of 8). They are in no day of that delay." in caveats["delays.outside"]
    assert ": C5." in caveats["delays.about_nothing"]


def test_a_cause_of_two_delays_is_outside_of_one_and_counted_in_the_other(chapter: Chapter) -> None:
    """C1 covers 1–4 May: in the delay of M2 (1–20 May), before that of D1 (from 11 May on)."""
    both = CAUSES.replace("C1,M2,,", "C1,M2,D1,")
    section = chapter(WHOLE | {"delay_causes": both})
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert ": C1 for D1 (4 of 4) and C4 (5 of 8)." in caveats["delays.outside"]
    assert (
        section.fact("delays.days.client").value == chapter(WHOLE).fact("delays.days.client").value
    )


def test_where_no_suspension_is_on_file_that_is_said(chapter: Chapter) -> None:
    tables = {name: table for name, table in WHOLE.items() if name != "suspensions"}
    fact = chapter(tables).fact("delays.days.suspended")

    assert (fact.value, fact.note) == (0, "the folder has no usable row of suspensions.csv")


def test_without_causes_the_days_by_party_are_not_assessed(chapter: Chapter) -> None:
    section = chapter({"milestones": MILESTONES, "suspensions": SUSPENSIONS})

    for share in ("client", "provider", "third_party", "force_majeure", "concurrent", "contested"):
        fact = section.fact(f"delays.days.{share}")
        assert fact.value is None
        assert "delay_causes.csv" in fact.note
    assert section.fact("delays.days.suspended").value == 2
    assert section.fact("delays.days.unattributed").value == 28
    assert {c.id for c in section.caveats} == {
        "delays.deliverables",
        "delays.submissions",
        "delays.unattributed",
    }


def test_without_causes_what_nothing_explains_is_one_sentence_the_longest_first(
    chapter: Chapter,
) -> None:
    """M3 is 10 days late on 30 June, M4 30 after 31 May; of M2 two days were suspended."""
    rows = f"{MILESTONES}M4,Handover,,2024-05-31,\n"
    section = chapter({"milestones": rows, "suspensions": SUSPENSIONS})

    assert [one.id for one in section.findings] == ["delays.without_causes", "delays.milestone.M2"]
    assert section.findings[0].sentence == (
        "No causes of delay are recorded; nothing in the data explains 2 delays: "
        "M4 30 days and M3 10 days."
    )


def test_where_no_cause_says_whether_it_is_contested_that_is_not_assessed(chapter: Chapter) -> None:
    causes = CAUSES.replace("contested,", "").replace(",yes,", ",").replace(",no,", ",")
    fact = chapter({"milestones": MILESTONES, "delay_causes": causes}).fact("delays.days.contested")

    assert fact.value is None
    assert "(delay_causes.csv: contested)" in fact.note


def test_a_cause_that_does_not_say_whether_it_is_contested_has_an_empty_cell(
    chapter: Chapter,
) -> None:
    """C2 says nothing, C3 is contested: 7–8 May."""
    silent = CAUSES.replace("2024-05-04,2024-05-06,no,", "2024-05-04,2024-05-06,,")
    section = chapter(WHOLE | {"delay_causes": silent})
    table = next(table for table in section.tables if table.id == "delays.causes")
    place = [column.key for column in table.columns].index("contested")

    assert [row[place] for row in table.rows[:3]] == [False, None, True]
    assert section.fact("delays.days.contested").value == 2


def test_where_nothing_is_late_that_is_said(chapter: Chapter) -> None:
    section = chapter(WHOLE, "2024-04-15")

    assert section.headline == "Nothing is late."
    assert section.findings == ()
    assert set(days(section)) <= {"client", "provider", "third_party", "force_majeure",
                                "concurrent", "contested"}  # fmt: skip


def test_as_of_an_earlier_day_a_cause_that_runs_counts_up_to_then(chapter: Chapter) -> None:
    """On 2 May, C1 runs to 4 May: two days of the client, none of them outside of the delay."""
    section = chapter({"milestones": MILESTONES, "delay_causes": CAUSES}, "2024-05-02")

    assert section.fact("delays.days.client").value == 2
    assert sentence(section, "delays.milestone.M2").endswith("By cause: client 2 days (C1).")
    assert "delays.outside" not in {caveat.id for caveat in section.caveats}


def test_the_tables_let_a_reader_count_again(whole: Section) -> None:
    tables = {table.id: table for table in whole.tables}
    partition, spans = tables["delays.partition"], tables["delays.spans"]
    keys = [column.key for column in partition.columns]

    for row in partition.rows:
        line = dict(zip(keys, row, strict=True))
        classes = [line[key] for key in keys[keys.index("client") :]]
        assert sum(int(n or 0) for n in classes) == line["days"]
    assert [row[3:6] for row in spans.rows][:4] == [
        (3, "client", "C1"),
        (1, "concurrent causes", "C1, C2"),
        (2, "third party", "C2"),
        (2, "contested", "C3"),
    ]
    assert len(tables["delays.causes"].rows) == 5
    assert tables["delays.suspensions"].rows[0][:3] == ("S1", None, "Freeze")


def test_the_figure_says_in_words_what_it_draws_and_holds_its_numbers(whole: Section) -> None:
    (figure,) = whole.figures

    assert figure.description == "The longest delay is that of M2 · Cut-over: 20 days."
    assert [row[0] for row in figure.table.rows] == ["M2 · Cut-over", "M3 · Closing", "D1 · Record"]
    in_all = sum(days for row in figure.table.rows for days in row[1:-1] if days)
    assert drawn(whole, figure).value == f"of {in_all} days"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_same_in_both_languages(
    chapter: Chapter, whole: Section, language: str
) -> None:
    section = chapter(WHOLE, language=language)
    ids = [
        value.id for value in (*section.facts, *section.findings, *section.caveats, *section.tables)
    ]

    assert len(ids) == len(set(ids))
    assert ids == [v.id for v in (*whole.facts, *whole.findings, *whole.caveats, *whole.tables)]
    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "delays"


def test_braces_and_markup_in_the_data_stay_text(chapter: Chapter) -> None:
    hostile = {name: text.replace("Cut-over", "{0} {x} <b>$y$") for name, text in WHOLE.items()}
    hostile["delay_causes"] = CAUSES.replace("Server late", "<script>{n}</script>")
    section = chapter(hostile)
    causes = next(table for table in section.tables if table.id == "delays.causes")

    assert "“{0} {x} <b>$y$”" in sentence(section, "delays.milestone.M2")
    assert "<script>{n}</script>" in causes.rows[0]
    assert "<script>{n}" not in html(section)


def test_of_very_many_delays_the_longest_have_a_finding_and_all_are_counted(
    chapter: Chapter,
) -> None:
    """150 milestones, 1 to 150 days late as of 30 June: the last 100 are told. They run at
    the same time, on 150 calendar days; added up they are 150 × 151 / 2 = 11,325."""
    days = pd.date_range(end="2024-06-29", periods=150)[::-1].strftime("%Y-%m-%d")
    lines = [f"M{n},Step,{day}," for n, day in enumerate(days, start=1)]
    reached = "M0,Step,2024-01-31,2024-01-31"  # it is said of some when they were reached
    causes = f"{CAUSES.splitlines()[0]}\nC1,M0,,None,provider,2024-01-01,2024-01-02,no,Note\n"
    rows = "\n".join([MILESTONES_HEADING, reached, *lines])
    section = chapter({"milestones": rows, "delay_causes": causes})
    ids = [finding.id for finding in section.findings]
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert ids == [f"delays.milestone.M{n}" for n in range(150, 50, -1)]
    assert section.fact("delays.days").value == 150
    assert section.fact("delays.days").note == "added up over the delays: 11,325 days"
    assert caveats["delays.many"] == "The findings cover 100 of 150 delays: the longest."


def test_many_causes_are_listed_up_to_a_limit_that_is_said(chapter: Chapter) -> None:
    head, *_ = CAUSES.splitlines()
    many = [f"K{i},M2,,Late,provider,2024-05-01,2024-05-20,no," for i in range(10_000)]
    section = chapter({"milestones": MILESTONES, "delay_causes": "\n".join([head, *many]) + "\n"})
    causes = next(table for table in section.tables if table.id == "delays.causes")

    assert len(causes.rows) == 5_000
    assert causes.note == "The first 5,000 of 10,000."
    assert "(K0, K1, K2, K3, K4 and 9,995 others)" in sentence(section, "delays.milestone.M2")


def test_the_shipped_engagement_tells_the_story_of_its_switch_over() -> None:
    """13 Nov 2024 – 14 Mar 2025, 122 days: provider 13–17 Nov, 1–19 Jan, 5–14 Mar; suspended
    18 Nov – 31 Dec; client 20–24 Jan, with the operator 25–31 Jan; the operator 1–5 Feb; contested
    17–26 Feb; flood 3–4 Mar; the rest, 6–16 Feb and 27 Feb – 2 Mar, bears no cause."""
    section = chapter_of(delays, sample_of(language="en"))
    rows = next(table for table in section.tables if table.id == "delays.partition")
    keys = [column.key for column in rows.columns]
    m4 = next(dict(zip(keys, row, strict=True)) for row in rows.rows if row[0] == "M4")

    assert {key: m4[key] for key in keys[keys.index("days") :]} == {
        "days": 122, "client": 5, "provider": 34, "third_party": 5, "force_majeure": 2,
        "concurrent": 7, "contested": 10, "suspended": 44, "decision": 0, "waiting": 0,
        "unattributed": 15,
    }  # fmt: skip
    assert "client 5 to 15 days" in sentence(section, "delays.milestone.M4")
    assert "provider 42 days (C11)" in sentence(section, "delays.deliverable.D3")
    assert sentence(section, "delays.deliverable.D6").endswith(
        "waiting for a milestone (by default) 151 days (M4); without a recorded cause 7 days."
    )


def test_linked_delays_are_one_day_each_in_a_total() -> None:
    """The delays of the sample, line by line: M1 14, M4 122, M5 16, M6 14, D2 42, D3 70, D6 158 and
    D7 28, 464 in all. M1 lies within D2, M4 within D6, and 21–27 June are of M6 and of D7:
    464 - 14 - 122 - 7 = 321 calendar days."""
    days = chapter_of(delays, sample_of(language="en")).fact("delays.days")

    assert (days.value, days.note) == (321, "added up over the delays: 464 days")


def test_the_client_s_decision_days_stand_apart_in_the_sample() -> None:
    """D2 14, D3 14 + 14, D7 13: 55 days."""
    section = chapter_of(delays, sample_of(language="en"))

    assert section.fact("delays.days.decision").value == 55
    assert "decisions of the client (by default) 14 days (v1)" in sentence(
        section, "delays.deliverable.D2"
    )
    assert "decisions of the client (by default) 28 days (v1 and v2)" in sentence(
        section, "delays.deliverable.D3"
    )
    assert "decisions of the client (by default) 13 days (v1)" in sentence(
        section, "delays.deliverable.D7"
    )


def test_every_class_says_how_many_of_its_days_rest_on_causes_without_a_document() -> None:
    """Documents: C1 (client, 4 days), C3 (provider, 5), C5 (client, 5), C8 (force majeure, 2).

    None: C2 10, C4 19, C9 10, C10 16 and C11 42 of the provider: 97; C6 of a third party 5; C7,
    contested, 10. On the 7 days of C5 and C6 together one of both names a document.
    """
    section = chapter_of(delays, sample_of())

    assert sentence(section, "delays.evidence").endswith(
        "Days that rest on these alone, added up over the delays: client 0 of 9, provider 97 of "
        "102, third party 5 of 5, force majeure 0 of 2, concurrent causes 0 of 7, contested 10 of "
        "10."
    )


def test_a_cause_without_a_document_is_said_so_in_its_table(whole: Section) -> None:
    rows = next(table.rows for table in whole.tables if table.id == "delays.causes")

    assert [row[-1] for row in rows] == [
        "Minutes", "no document named", "no document named", "Report", "Report",
    ]  # fmt: skip
