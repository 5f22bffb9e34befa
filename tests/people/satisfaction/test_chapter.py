"""The chapter on satisfaction, from a folder to its section."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import variance

import pandas as pd
import pytest

from reviewlib.people.comments.chapter import comments
from reviewlib.people.satisfaction.chapter import satisfaction, slug
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.review import open_review
from tests.sample import SAMPLE, sample_of
from tests.spoken import caveats, html
from tests.spoken import chapter as chapter_of

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
        "75.0% are satisfied (W1). 12 of 20 people invited gave a usable answer."
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
        "the folder does not say who was invited in W1 (survey_invitations.csv)",
    )
    assert section.headline.endswith(
        "12 people gave a usable answer; how many were invited is not known."
    )
    assert not [fact for fact in section.facts if fact.id.endswith(".bounds")]
    assert section.findings == ()


def test_a_question_that_nobody_answered_is_printed_with_the_reason(chapter: Chapter) -> None:
    section = chapter(TWELVE_OF_TWENTY, TWENTY)
    for name in ("nps.nps", "agreement.fast"):
        fact = section.fact(f"satisfaction.{name}")
        assert (fact.value, fact.note) == (None, "nobody gave a usable answer in W1")


def test_nothing_is_shown_of_a_wave_that_too_few_people_answered(chapter: Chapter) -> None:
    rows = replies("W1", "A", "sat", 5, 5, 5, 1) + replies("W1", "A", "open", "alpha", "beta")
    section = chapter(rows, TWENTY)
    reason = "fewer than 5 people answered in W1, or all alike"
    assert section.fact("satisfaction.csat.sat").note == reason
    assert section.fact("satisfaction.nps.nps").note == "nobody gave a usable answer in W1"
    rate = section.fact("satisfaction.response_rate")
    assert rate.note == "fewer than 5 people answered in W1"
    assert section.headline == (
        "No figure of W1 may be shown: too few people answered, or all alike."
    )
    assert "alpha" not in html(section)
    assert "satisfaction.few" in {caveat.id for caveat in section.caveats}


@pytest.mark.parametrize(
    ("question", "point"), [("nps", 10), ("nps", 7), ("nps", 0), ("sat", 5), ("sat", 1)]
)
def test_what_everybody_answered_alike_is_not_shown(
    chapter: Chapter, question: str, point: int
) -> None:
    """Of ten promoters, a score of 100 would tell what each of them answered."""
    section = chapter([*replies("W1", "A", question, *[point] * 10)], [["W1", "A", 30, ""]])
    fact = next(f for f in section.facts if f.id.endswith(f".{question}"))
    assert (fact.value, fact.n) == (None, None)
    assert fact.note == "fewer than 5 people answered in W1, or all alike"


def test_a_score_of_few_answers_comes_with_a_warning(chapter: Chapter) -> None:
    """6, 3 and 3: 25, adjusted -21.1 to 61.1."""
    section = chapter(replies("W1", "A", "nps", *[9] * 6, *[8] * 3, *[0] * 3))
    fact = section.fact("satisfaction.nps.nps")
    assert fact.interval is not None
    assert fact.interval.method == "adjusted Wald 95 %"
    assert caveats(section)["satisfaction.wide.nps"] == (
        "The net promoter score of 25 rests on 12 answers; its interval runs from −21.1 to 61.1. "
        "It is too wide to compare it or to read a trend. Whether promoters outnumber detractors "
        "is not established."
    )


def test_a_score_of_many_answers_on_one_side_of_zero_comes_without(chapter: Chapter) -> None:
    """50, 30 and 20: 30 ± 15.3."""
    section = chapter(replies("W1", "A", "nps", *[9] * 50, *[8] * 30, *[0] * 20))
    interval = section.fact("satisfaction.nps.nps").interval
    assert interval is not None
    assert (round(interval.low, 1), round(interval.high, 1)) == (14.7, 45.3)
    assert "satisfaction.wide.nps" not in caveats(section)


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
    section = chapter([*TWELVE_OF_TWENTY, *replies("W1", "B", "sat", "très bien")])
    assert section.fact("satisfaction.csat.sat").n == 12
    assert caveats(section)["satisfaction.unusable.sat"] == (
        "“Are you satisfied?” (1 to 5): 1 answer is no point of the scale and enters no figure."
    )
    assert cells(section, "satisfaction.shares")[0][:4] == ("Are you satisfied?", "W1", 12, 1)


def test_no_figure_is_given_of_a_question_of_which_more_than_a_tenth_cannot_be_read(
    chapter: Chapter,
) -> None:
    """12 usable and 2 not: 2 / 14 = 14.3 %. With the words declared: 10 of 14."""
    rows = [*TWELVE_OF_TWENTY, *replies("W1", "B", "sat", "Plutôt satisfait", "Pas satisfait")]
    section = chapter(rows)
    fact = section.fact("satisfaction.csat.sat")
    assert (fact.value, fact.n) == (None, None)
    assert fact.note == (
        "more than 10.0% of the answers in W1 cannot be read: state what they stand for "
        "(survey.questions.sat in engagement.yml)"
    )
    assert section.headline == ("Too many answers of W1 cannot be read for a figure to be given.")
    assert section.findings == ()
    assert section.figures == ()
    words = "kind: csat, answers: {plutot satisfait: 4, Pas satisfait: 2}}"
    declared = chapter(rows, survey=SURVEY.replace("kind: csat}", words))
    assert declared.fact("satisfaction.csat.sat").value == 10 / 14
    lenient = chapter(rows, survey=SURVEY.replace("floor: 5", "floor: 5\n  unusable_limit: 20 %"))
    assert lenient.fact("satisfaction.csat.sat").value == 9 / 12


def test_a_score_whose_ends_bear_labels_counts_them(chapter: Chapter) -> None:
    """Of 15: 3 “10 - …”, 1 of 9, 3 of 7, 2 of “0 = …”, 6 of 3: (4 - 8) / 15 = -26.7."""
    given = ["10 - Completely satisfied"] * 3 + [9] + [7] * 3 + ["0 = Not at all"] * 2 + [3] * 6
    fact = chapter(replies("W1", "A", "nps", *given)).fact("satisfaction.nps.nps")
    assert fact.value == pytest.approx(-400 / 15)
    assert fact.n == 15


def test_a_scale_whose_lowest_point_is_the_best_counts_from_below(chapter: Chapter) -> None:
    """1 is very satisfied: 7 of 10 answered 1 or 2, 3 answered 4."""
    rows = replies("W1", "A", "sat", 1, 1, 1, 1, 2, 2, 2, 4, 4, 4)
    low = SURVEY.replace("kind: csat}", "kind: csat, lowest_is_best: true}")
    fact = chapter(rows, survey=low).fact("satisfaction.csat.sat")
    assert (fact.value, fact.note) == (
        0.7,
        "Answers of 2 and below, on a scale of 1 to 5, of which 1 is best.",
    )
    line = cells(chapter(rows), "satisfaction.readings")[0]
    assert line[1:4] == ("1 to 5", "the highest point (by default)", "4 to 5 (by default)")


def test_labels_that_contradict_the_scale_give_no_figure_until_the_contract_says(
    chapter: Chapter,
) -> None:
    rows = replies("W1", "A", "sat", *["1 - Très satisfait"] * 6, "2", "5 - Pas du tout satisfait")
    note = chapter(rows).fact("satisfaction.csat.sat").note
    assert note.startswith("the labels of the answers say that the lowest point of the scale is")
    for stated, share in (("true", 7 / 8), ("false", 1 / 8)):
        survey = SURVEY.replace("kind: csat}", f"kind: csat, lowest_is_best: {stated}}}")
        assert chapter(rows, survey=survey).fact("satisfaction.csat.sat").value == share


@pytest.mark.parametrize(
    "total", [["Total", "12", "", "sat", "3,9"], ["2024", "Total", "", "sat", 4]]
)
def test_a_line_of_totals_changes_no_figure(chapter: Chapter, total: list[object]) -> None:
    """9 of 12 satisfied, as without it."""
    rows = [["2024", *row] for _wave, *row in TWELVE_OF_TWENTY]
    with_total = chapter([*rows, total])
    assert with_total.headline == chapter(rows).headline
    result = with_total.fact("satisfaction.csat.sat")
    assert (result.value, result.n) == (9 / 12, 12)


def test_an_opinion_that_was_not_given_is_neither_usable_nor_lost(chapter: Chapter) -> None:
    """99 and NSP: 12 usable, 3 without an opinion; undeclared, 3 / 15 is more than a tenth."""
    rows = [*TWELVE_OF_TWENTY, *replies("W1", "B", "sat", "99", "nsp", "N/A")]
    survey = SURVEY.replace("kind: csat}", "kind: csat, no_opinion: [99, NSP, N/A]}")
    section = chapter(rows, survey=survey)
    assert section.fact("satisfaction.csat.sat").value == 9 / 12
    assert cells(section, "satisfaction.shares")[0][2:5] == (12, 0, 3)
    assert "satisfaction.unusable.sat" not in caveats(section)
    assert chapter(rows).fact("satisfaction.csat.sat").value is None


def test_mean_scores_count_where_the_contract_says_that_answers_are_such(
    chapter: Chapter,
) -> None:
    """4,00, 4.5 and 5 of 8 are 4 or above; 2,50 and 3,75 are not. Undeclared, 5 of 8 are lost."""
    given = ["4,00", "4.5", "5", "2,50", "2,50", "3,75", "1,25", "1"]
    survey = SURVEY.replace("kind: csat}", "kind: csat, mean_scores: true}")
    fact = chapter(replies("W1", "A", "sat", *given), survey=survey).fact("satisfaction.csat.sat")
    assert (fact.value, fact.n) == (3 / 8, 8)
    undeclared = chapter(replies("W1", "A", "sat", *given)).fact("satisfaction.csat.sat")
    assert undeclared.note.startswith("more than 10.0% of the answers in W1 cannot be read")


@pytest.mark.parametrize(
    ("before", "after", "reading"),
    [
        ([5] * 6 + [1] * 6, [5] * 9 + [1] * 3, "Under 30 answers in one of them"),
        (
            [5] * 2 + [1] * 28,
            [5] * 28 + [1] * 2,
            "The difference in points is 86.7 (74 to 99.3; z = 13.5), more than chance alone",
        ),
        (
            [5] * 18 + [1] * 12,
            [5] * 20 + [1] * 10,
            "The difference in points is 6.7 (−17.7 to 31; z = 0.5), within what chance alone",
        ),
    ],
)
def test_a_change_between_waves_is_tested_as_a_difference(
    chapter: Chapter, before: list[int], after: list[int], reading: str
) -> None:
    """From 2 to 28 of 30: 86.7 points; variance twice (2 / 30)(28 / 30) / 30, error 6.44 points.
    From 18 to 20 of 30: (0.6 · 0.4 + 0.667 · 0.333) / 30, error 12.4 points."""
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
    rows = replies("W1", "A", "sat", 5, 5, 1) + replies("W1", "B", "sat", *[4] * 3, *[1] * 3)
    rows += replies("W1", "C", "sat", 1, 1, 1, 5)
    section = chapter(rows, [["W1", name, 10, ""] for name in "ABCD"])
    lines = cells(section, "satisfaction.departments.sat.table")
    assert [(row[0], row[1], row[2], row[-1]) for row in lines] == [
        ("All departments", 13, 6 / 13, None),
        ("A", None, None, "not shown"),
        ("B", 6, 0.5, None),
        ("C", None, None, "not shown"),
        ("D", 0, None, "no answer"),
    ]
    answered = [row[3] for row in cells(section, "satisfaction.response")]
    assert answered == [13, None, 6, None, 0]
    assert section.figures[1].description == (
        "Satisfied: All departments 46.2% (n = 13) and B 50.0% (n = 6)."
    )


def test_a_comment_is_quoted_without_what_names_a_person_nor_its_department(
    chapter: Chapter, tmp_path: Path
) -> None:
    rows = replies("W1", "Legal", "sat", 5, 5, 1) + replies("W1", "Shops", "sat", *[4] * 5, 1)
    rows += replies("W1", "Law", "sat", 5, 5) + replies("W1", "Law", "open", "Courts")
    rows += replies("W1", "Shops", "open", "<b>Slow</b>", "Ask Mr Smith, jo@example.org")
    chapter(rows)
    section = chapter_of(comments, open_review(tmp_path))
    assert cells(section, "comments.every.open") == [
        ("W1", "<b>Slow</b>"),
        ("W1", "Ask Mr […], […]"),
    ]
    assert "<b>Slow</b>" not in html(section)


def test_no_code_of_a_person_reaches_the_section(chapter: Chapter) -> None:
    rows = [["W1", f"person{n}x", "A", "sat", 1 + n % 5] for n in range(7)]
    assert re.search("person[0-9]", str(encoded(chapter(rows, TWENTY)))) is None


def test_the_samples_three_questions_on_agreement_go_together_as_their_sums_vary() -> None:
    """Alpha of Q3, Q4 and Q5 by whoever answered all three in May 2025, from the CSV alone."""
    rows = pd.read_csv(SAMPLE / "survey_answers.csv", sep=";", encoding="cp1252", dtype="str")
    own = rows[(rows["wave"] == "2025-05") & rows["side"].isna()]
    marks = own[own["question"].isin(["Q3", "Q4", "Q5"])].astype({"answer": "float64"})
    people = marks.pivot(index="respondent", columns="question", values="answer").dropna().values
    apart, sums = map(variance, people.T.tolist()), variance(people.sum(axis=1).tolist())
    alpha = 3 / 2 * (1 - sum(apart) / sums)
    fact = chapter_of(satisfaction, sample_of()).fact("satisfaction.together")
    assert (fact.value, fact.n) == (pytest.approx(alpha), len(people))


def test_agreement_shows_every_point_of_its_scale(chapter: Chapter) -> None:
    section = chapter(replies("W1", "A", "fast", 1, 4, 4, 5, 5, 5))
    line = cells(section, "satisfaction.agreement.1-5.table")[0]
    assert line == ("It is fast.", 1, 0, 0, 2, 3, 6)
    by_wave, agreement = section.figures
    assert by_wave.description == "By wave: W1 83.3% (n = 6)."
    assert agreement.description == "In agreement: It is fast. 83.3% (n = 6)."
    assert [*agreement.frame.iloc[0]] == [1, 0, 5]  # 1 and 2; 3; 4 and 5


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
    assert caveats(section)["satisfaction.nobody"] == "Nobody answered in W2."
    assert "satisfaction.silent.a" not in {one.id for one in section.findings}


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


OBJECTIVE = """\
objectives:
  O1: {title: Satisfy, unit: "%", target: 80, question: sat}
"""


@pytest.mark.parametrize(
    ("satisfied", "words", "clause"),
    [
        (9, "fewer are satisfied than the target asks.", Kind.CONCERN),
        (10, "at least as many are satisfied as the target asks.", Kind.STRENGTH),
    ],
)
def test_an_objective_that_names_a_question_is_its_target(
    chapter: Chapter, satisfied: int, words: str, clause: Kind
) -> None:
    """9 of 12 are 75 %, 10 of 12 are 83.3 %, for 80 %; at least 9 or 10 of 20 are satisfied."""
    rows = replies("W1", "A", "sat", *[5] * satisfied, *[2] * (12 - satisfied))
    section = chapter(rows, TWENTY, SURVEY + OBJECTIVE)
    finding = section.finding("satisfaction.majority.sat")

    share = {9: "75.0%", 10: "83.3%"}[satisfied]
    assert section.headline.startswith(f"{share} are satisfied (W1), for a target of 80%.")
    assert [one.kind for one in section.clauses] == [clause]
    assert finding is not None
    assert finding.brief is not None
    assert finding.brief.text == f"Of the 12 who answered, of 20 invited, {words}"
