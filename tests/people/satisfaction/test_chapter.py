"""The chapter on satisfaction, from a folder to its section."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewlib.people.satisfaction.chapter import satisfaction, slug
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.review import open_review
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

CONTRACT = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2024-12-31}
client: {name: Client}
provider: {name: Provider}
"""
SURVEY = """\
survey:
  anonymity_floor: 5
  questions:
    sat: {text: "Are you satisfied?", kind: csat}
    nps: {text: "Would you recommend it?", kind: nps}
    fast: {text: It is fast., kind: agreement}
    open: {text: "Anything else?", kind: comment}
"""
Rows = Iterable[Iterable[object]]
Chapter = Callable[..., Section]


def write(folder: Path, name: str, heading: str, rows: Rows) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading.split(), *rows])


def section_of(folder: Path, answers: Rows, invited: Rows = (), survey: str = SURVEY) -> Section:
    (folder / "engagement.yml").write_text(CONTRACT + survey, encoding="utf-8")
    write(folder, "survey_answers", "wave respondent department question answer", answers)
    write(folder, "survey_invitations", "wave department invited sent_on", invited)
    return chapter_of(satisfaction, open_review(folder))


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """``chapter(answers, invited, survey)``: the section of a folder with these tables."""

    def made(answers: Rows, invited: Rows = (), survey: str = SURVEY) -> Section:
        return section_of(tmp_path, answers, invited, survey)

    return made


def replies(wave: str, department: str, question: str, *given: object) -> list[list[object]]:
    """Return an answer each of as many people of a department."""
    return [
        [wave, f"{department}-{place}", department, question, value]
        for place, value in enumerate(given)
    ]


TWELVE_OF_TWENTY = replies("W1", "A", "sat", *[5] * 9, *[2] * 3)
TWENTY = [["W1", "A", 20, "2024-05-01"]]


def cells(section: Section, name: str) -> list[tuple[object, ...]]:
    tables = [*section.tables, *(figure.table for figure in section.figures)]
    return next(list(table.rows) for table in tables if table.id == name)


def test_a_satisfaction_rate_bears_n_interval_and_the_bounds_of_non_response(
    chapter: Chapter,
) -> None:
    """9 of 12 who answered of 20 invited: 75 %, and 9 / 20 to 17 / 20 for everybody."""
    section = chapter(TWELVE_OF_TWENTY, TWENTY)
    fact = section.fact("satisfaction.csat.sat")
    assert (fact.value, fact.n, fact.period) == (0.75, 12, "W1")
    assert fact.interval is not None
    assert fact.interval.method == "Wilson 95 %"
    bounds = section.fact("satisfaction.csat.sat.bounds").interval
    assert bounds is not None
    assert (bounds.low, bounds.high, bounds.method) == (0.45, 0.85, "bounds of non-response")
    rate = section.fact("satisfaction.response_rate")
    assert (rate.value, rate.n, rate.note) == (0.6, 20, "12 of 20 people invited answered.")
    assert section.headline == (
        "Of 12 people who gave a usable answer, 75.0% are satisfied (W1). 20 were invited: the "
        "others could bring it to between 45.0% and 85.0%."
    )


@pytest.mark.parametrize(
    ("satisfied", "kind"), [(11, Kind.STRENGTH), (9, Kind.NEUTRAL), (1, Kind.CONCERN)]
)
def test_a_majority_is_claimed_only_when_the_silent_cannot_overturn_it(
    chapter: Chapter, satisfied: int, kind: Kind
) -> None:
    """12 of 20 answered: 11 / 20 > 50 %; 9 / 20 to 17 / 20; at most (1 + 8) / 20 < 50 %."""
    rows = replies("W1", "A", "sat", *[5] * satisfied, *[1] * (12 - satisfied))
    finding = chapter(rows, TWENTY).finding("satisfaction.majority.sat")
    assert finding is not None
    assert finding.kind is kind
    assert bool(finding.decision) is (kind is Kind.CONCERN)


def test_a_silent_department_is_a_concern_that_calls_for_a_decision(chapter: Chapter) -> None:
    invited = [
        *TWENTY, ["W1", "Études & R&D", 6, ""], ["W0", "A", 9, "2023-05-01"],
        ["W0", "Études & R&D", 5, ""],
    ]  # fmt: skip
    rows = [*TWELVE_OF_TWENTY, *replies("W0", "A", "sat", *[4] * 6)]
    finding = chapter(rows, invited).finding("satisfaction.silent.etudes-r-d")
    assert finding is not None
    assert finding.kind is Kind.CONCERN
    assert finding.sentence == (
        "No answer from Études & R&D: 5 people invited in W0 and 6 people invited in W1."
    )
    assert finding.decision.startswith("Choose how to hear Études & R&D")
    assert finding.evidence == (
        "survey_invitations.csv: W0, Études & R&D",
        "survey_invitations.csv: W1, Études & R&D",
    )


def test_without_invitations_rate_and_bounds_are_said_to_be_missing(chapter: Chapter) -> None:
    section = chapter(TWELVE_OF_TWENTY)
    rate = section.fact("satisfaction.response_rate")
    assert (rate.value, rate.note) == (
        None,
        "survey_invitations.csv does not say who was asked in W1",
    )
    assert section.headline.endswith("How many were invited is not known.")
    assert not [fact for fact in section.facts if fact.id.endswith(".bounds")]
    assert section.findings == ()


def test_a_question_that_nobody_answered_is_printed_with_the_reason(chapter: Chapter) -> None:
    section = chapter(TWELVE_OF_TWENTY, TWENTY)
    for name in ("nps.nps", "agreement.fast"):
        fact = section.fact(f"satisfaction.{name}")
        assert (fact.value, fact.note) == (None, "nobody gave a usable answer in W1")
    assert section.fact("satisfaction.comment.open").value == 0


def test_nothing_is_shown_of_a_wave_that_too_few_people_answered(chapter: Chapter) -> None:
    rows = replies("W1", "A", "sat", 5, 5, 5, 1) + replies("W1", "A", "open", "alpha", "beta")
    section = chapter(rows, TWENTY)
    reason = "fewer than 5 people answered in W1"
    assert {fact.note for fact in section.facts if fact.value is None} == {
        reason, "nobody gave a usable answer in W1",
    }  # fmt: skip
    assert section.fact("satisfaction.csat.sat").note == reason
    assert section.fact("satisfaction.response_rate").note == reason
    assert section.headline == "Too few people answered in W1 for a figure to be shown."
    assert "alpha" not in html(section)
    assert "satisfaction.few" in {caveat.id for caveat in section.caveats}


def test_all_answers_in_one_class_give_a_score_without_an_interval(chapter: Chapter) -> None:
    """Ten promoters: NPS 100, standard error 0."""
    fact = chapter(replies("W1", "A", "nps", *[10] * 10)).fact("satisfaction.nps.nps")
    assert (fact.value, fact.n, fact.interval) == (100, 10, None)
    assert fact.note.endswith("All answers fall into one class: no interval can be given.")


def test_a_score_of_few_answers_comes_with_a_warning(chapter: Chapter) -> None:
    """6, 3 and 3: 25, adjusted -21.1 to 61.1."""
    section = chapter(replies("W1", "A", "nps", *[9] * 6, *[8] * 3, *[0] * 3))
    fact = section.fact("satisfaction.nps.nps")
    assert fact.interval is not None
    assert fact.interval.method == "adjusted Wald 95 %"
    assert [caveat.sentence for caveat in section.caveats] == [
        "The net promoter score of 25 rests on 12 answers; its interval runs from -21.1 to 61.1: "
        "too wide to compare it or to read a trend. Whether promoters outnumber detractors is not "
        "established."
    ]


def test_a_score_of_many_answers_on_one_side_of_zero_comes_without(chapter: Chapter) -> None:
    """50, 30 and 20: 30 ± 15.3."""
    section = chapter(replies("W1", "A", "nps", *[9] * 50, *[8] * 30, *[0] * 20))
    interval = section.fact("satisfaction.nps.nps").interval
    assert interval is not None
    assert (round(interval.low, 1), round(interval.high, 1)) == (14.7, 45.3)
    assert section.caveats == ()


def test_a_score_asked_on_another_scale_is_not_given(chapter: Chapter) -> None:
    survey = SURVEY.replace("kind: nps}", "kind: nps, scale: [1, 5]}")
    fact = chapter([*TWELVE_OF_TWENTY, *replies("W1", "A", "nps", 5, 5)], survey=survey).fact(
        "satisfaction.nps.nps"
    )
    assert (fact.value, fact.note) == (
        None,
        "a net promoter score needs the scale of 0 to 10; the contract has 1 to 5",
    )


def test_answers_that_are_not_on_the_scale_are_counted_and_printed(chapter: Chapter) -> None:
    section = chapter([*TWELVE_OF_TWENTY, *replies("W1", "B", "sat", "6", "très bien")])
    assert section.fact("satisfaction.csat.sat").n == 12
    assert section.caveats[0].sentence == (
        "“Are you satisfied?” (1 to 5): 2 answers are not whole numbers of the scale and enter no "
        "figure."
    )
    assert cells(section, "satisfaction.shares")[0][:4] == ("Are you satisfied?", "W1", 12, 2)


@pytest.mark.parametrize(
    ("before", "after", "reading"),
    [
        ([5] * 6 + [1] * 6, [5] * 9 + [1] * 3, "overlap: no change is claimed"),
        ([5] * 2 + [1] * 28, [5] * 28 + [1] * 2, "do not overlap; other people may"),
    ],
)
def test_waves_stand_side_by_side_and_no_trend_is_claimed(
    chapter: Chapter, before: list[int], after: list[int], reading: str
) -> None:
    """Wilson: 6 / 12 is 25 to 75 %, 9 / 12 is 47 to 91 %; 2 / 30 is 2 to 21 %, 28 / 30 79 to 98."""
    rows = replies("W1", "A", "sat", *before) + replies("W2", "A", "sat", *after)
    section = chapter(rows, [["W1", "A", 40, "2024-01-01"], ["W2", "A", 40, "2024-06-01"]])
    finding = section.finding("satisfaction.waves.sat")
    assert finding is not None
    assert finding.kind is Kind.NEUTRAL
    assert reading in finding.sentence
    assert [row[1:3] for row in cells(section, "satisfaction.shares")[:2]] == [
        ("W1", len(before)), ("W2", len(after)),
    ]  # fmt: skip


def test_departments_that_must_be_hidden_are_named_without_a_figure(chapter: Chapter) -> None:
    """A 3, B 6, C 4: B is shown, A and C are hidden together, D is silent."""
    rows = replies("W1", "A", "sat", 5, 5, 1) + replies("W1", "B", "sat", *[4] * 6)
    rows += replies("W1", "C", "sat", 1, 1, 1, 5)
    section = chapter(rows, [["W1", name, 10, ""] for name in "ABCD"])
    lines = cells(section, "satisfaction.departments.sat.table")
    assert [(row[0], row[1], row[2], row[-1]) for row in lines] == [
        ("All departments", 13, 9 / 13, None),
        ("A", None, None, "not shown"),
        ("B", 6, 1.0, None),
        ("C", None, None, "not shown"),
        ("D", 0, None, "no answer"),
    ]
    answered = [row[3] for row in cells(section, "satisfaction.response")]
    assert answered == [13, None, 6, None, 0]
    assert section.figures[0].description == (
        "Satisfied: All departments 69.2% (n = 13) and B 100.0% (n = 6)."
    )


def test_a_comment_is_quoted_without_what_names_a_person_nor_a_hidden_department(
    chapter: Chapter,
) -> None:
    rows = replies("W1", "Legal", "sat", 5, 5, 1) + replies("W1", "Shops", "sat", *[4] * 6)
    rows += replies("W1", "Law", "sat", 5, 5) + replies("W1", "Shops", "open", "<b>Slow</b>")
    rows += replies("W1", "Legal", "open", "Ask Mr Smith, jo@example.org")
    section = chapter(rows)
    assert cells(section, "satisfaction.comments.open") == [
        ("W1", "<b>Slow</b>", "Shops"),
        ("W1", "Ask Mr […], […]", None),
    ]
    assert "<b>Slow</b>" not in html(section)


def test_no_code_of_a_person_reaches_the_section(chapter: Chapter) -> None:
    rows = [["W1", f"code{n}", "A", "sat", 4] for n in range(7)]
    assert "code" not in str(encoded(chapter(rows, TWENTY)))


def test_agreement_shows_every_point_of_its_scale(chapter: Chapter) -> None:
    section = chapter(replies("W1", "A", "fast", 1, 4, 4, 5, 5, 5))
    line = cells(section, "satisfaction.agreement.1-5.table")[0]
    assert line == ("It is fast.", 1, 0, 0, 2, 3, 6)
    assert section.figures[0].description == "In agreement: It is fast. 83.3% (n = 6)."


@pytest.mark.parametrize(
    ("rows", "survey", "because"),
    [
        (TWELVE_OF_TWENTY, "", "the contract lists no survey question"),
        ([], SURVEY, "the folder has no usable row of survey_answers.csv"),
        (replies("W1", "A", "sat", "", ""), SURVEY, "the folder has no answer to the survey"),
    ],
)
def test_what_is_missing_for_the_chapter_is_named(
    chapter: Chapter, rows: Rows, survey: str, because: str
) -> None:
    assert chapter(rows, survey=survey).because.startswith(because)


@pytest.mark.parametrize(
    ("name", "expected"), [("Études & R&D", "etudes-r-d"), ("RH", "rh"), ("人事", "6ac380cb")]
)
def test_an_id_of_a_department_is_ascii(name: str, expected: str) -> None:
    assert slug(name) == expected


SIZES = st.dictionaries(st.sampled_from(["", "A", "B", "C", "D"]), st.integers(0, 9), min_size=1)


@settings(deadline=None, max_examples=25)
@given(st.lists(SIZES, min_size=1, max_size=2))
def test_no_table_gives_a_small_group_away_by_subtraction(waves: list[dict[str, int]]) -> None:
    """What is printed of a wave, less the departments that are printed, is nobody or enough."""
    rows = [
        answer
        for place, sizes in enumerate(waves)
        for department, size in sizes.items()
        for answer in replies(f"W{place}", department, "sat", *[1 + i % 5 for i in range(size)])
    ]
    with tempfile.TemporaryDirectory() as folder:
        section = section_of(Path(folder), rows)
    if section.because:
        assert not rows
        return
    for figure in section.figures:
        total, *parts = [row[1] or 0 for row in figure.table.rows]
        assert all(part == 0 or part >= 5 for part in parts)
        assert total - sum(parts) == 0 or total - sum(parts) >= 5
    frame = (
        pd.DataFrame(cells(section, "satisfaction.response")).astype({3: "float64"}).fillna({3: 0})
    )
    whole = frame[0] == "All departments"
    hidden = Counter(frame[whole].set_index(1)[3].to_dict())
    hidden.subtract(frame[~whole].groupby(1)[3].sum().to_dict())
    assert all(people == 0 or people >= 5 for people in hidden.values())


def test_the_publicodes_score_is_printed_with_its_warning(shared: Path, chapter: Chapter) -> None:
    """27.8 on 18 answers: the interval holds zero."""
    file = shared / "fr_publicodes_survey" / "state_of_publicodes_2024.csv"
    scores = pd.read_csv(file, dtype="str").iloc[:, -1].dropna()
    section = chapter(replies("2024", "", "nps", *scores))
    fact = section.fact("satisfaction.nps.nps")
    assert (round(float(fact.value or 0), 1), fact.n) == (27.8, 18)
    assert "satisfaction.wide.nps" in {caveat.id for caveat in section.caveats}


def test_a_wave_that_nobody_answered_is_named_and_not_taken_for_the_latest(
    chapter: Chapter,
) -> None:
    section = chapter(TWELVE_OF_TWENTY, [*TWENTY, ["W2", "A", 20, "2024-11-01"]])
    assert section.fact("satisfaction.csat.sat").period == "W1"
    assert [caveat.sentence for caveat in section.caveats] == ["Nobody answered in W2."]
    assert section.finding("satisfaction.silent.a") is None


def test_the_shipped_survey_has_a_silent_department_and_one_too_small_to_be_shown() -> None:
    """As its README says: 76 answers of 193, CSAT 53 / 76, NPS (21 - 25) / 76; Logistique silent;
    RH with 3 answers, hidden together with the smallest other."""
    section = chapter_of(satisfaction, sample_of(language="fr"))
    assert section.fact("satisfaction.csat.Q1").value == 53 / 76
    assert section.fact("satisfaction.nps.Q2").value == pytest.approx(-400 / 76)
    assert section.fact("satisfaction.response_rate").value == 76 / 193
    silent = [finding.id for finding in section.findings if finding.kind is Kind.CONCERN]
    assert silent == ["satisfaction.silent.logistique"]
    lines = cells(section, "satisfaction.departments.Q1.table")
    assert [row[0] for row in lines if row[1] is None] == ["Marketing", "RH"]
    named = {row[2] for row in cells(section, "satisfaction.comments.Q6")}
    assert "Achats" in named
    assert named.isdisjoint({"Marketing", "RH"})
