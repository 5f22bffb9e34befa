"""The metrics of satisfaction, on answers that can be counted by eye and on public surveys."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import comb, isnan
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.contract.survey import Question, Survey
from reviewlib.people.satisfaction.intervals import (
    ADJUSTED,
    WALD,
    difference,
    nps_interval,
    wald,
)
from reviewlib.people.satisfaction.metrics import cronbach
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.people.satisfaction.readings import (
    contradicts_scale,
    favourable,
    measurable,
    read,
)
from reviewlib.people.satisfaction.verbatims import masked, without_names

QUESTIONS = {
    "csat": Question(text="Satisfied?", kind="csat"),
    "nps": Question(text="Recommend?", kind="nps"),
    "fast": Question(text="It is fast.", kind="agreement"),
    "words": Question(text="Anything else?", kind="comment"),
}


TODAY = pd.Timestamp("2026-01-01")


def answers(*rows: Iterable[object]) -> pd.DataFrame:
    """Return rows of wave, respondent, department, question, answer as the table is read."""
    columns = ["wave", "respondent", "department", "question", "answer"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def replies(wave: str, department: str | None, question: str, *given: object) -> list[list[object]]:
    """Return an answer each of as many people of a department."""
    return [
        [wave, f"{department}-{place}", department, question, value]
        for place, value in enumerate(given)
    ]


def invitations(*rows: tuple[str, str, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["wave", "department", "invited"])
    return frame.astype({"wave": "str", "department": "str", "invited": "Int64"})


def poll(rows: list[list[object]], invited: pd.DataFrame | None = None, floor: int = 5) -> Poll:
    survey = Survey(anonymity_floor=floor, questions=QUESTIONS, unusable_limit=1.0)
    return Poll(answers(*rows), invited, survey, TODAY)


def result(of: Poll, question: str, wave: str = "W1") -> pd.Series:
    frame = of.results.set_index(["wave", "question"])
    return frame.loc[(wave, question)]


def test_nine_satisfied_of_twelve_who_answered_of_twenty_invited_leave_45_to_85_percent() -> None:
    """9 / 12 = 75 %; nobody else: 9 / 20 = 45 %; the 8 others too: 17 / 20 = 85 %."""
    rows = replies("W1", "A", "csat", *[5] * 9, *[2] * 3)
    row = result(poll(rows, invitations(("W1", "A", 20))), "csat")
    assert (row["n"], row["favourable"], row["value"]) == (12, 9, 0.75)
    assert (row["worst"], row["best"]) == (0.45, 0.85)


def test_a_share_bears_its_wilson_interval() -> None:
    """The limits are the roots p of (9 / 12 - p)² = z² p (1 - p) / 12."""
    row = result(poll(replies("W1", "A", "csat", *[5] * 9, *[2] * 3)), "csat")
    for limit in (row["low"], row["high"]):
        assert (0.75 - limit) ** 2 == pytest.approx(1.959964**2 * limit * (1 - limit) / 12)


def test_the_wald_interval_of_50_30_20_is_30_give_or_take_15_3() -> None:
    low, high, method = nps_interval(50, 30, 20)
    assert (round(30 - low, 1), round(high - 30, 1), method) == (15.3, 15.3, WALD)


def test_the_wald_interval_of_6_3_3_runs_from_minus_21_9_to_71_9() -> None:
    low, high = wald(6, 3, 3)
    assert (round(low, 1), round(high, 1)) == (-21.9, 71.9)


def test_under_a_hundred_answers_the_interval_is_adjusted() -> None:
    """6 + 0.75, 3 + 1.5, 3 + 0.75 of 15: p = 0.45, d = 0.25, variance (0.7 - 0.04) / 15 = 0.044,
    so 20 ± 195.9964 √0.044 = 20 ± 41.1."""
    low, high, method = nps_interval(6, 3, 3)
    assert (round(low, 1), round(high, 1), method) == (-21.1, 61.1, ADJUSTED)


@pytest.mark.parametrize("counts", [(10, 0, 0), (0, 7, 0), (0, 0, 200), (0, 0, 0)])
def test_answers_of_a_single_class_have_no_interval(counts: tuple[int, int, int]) -> None:
    low, high, method = nps_interval(*counts)
    assert (isnan(low), isnan(high), method) == (True, True, "")


def test_the_interval_stays_within_the_scale() -> None:
    """4 + 0.75, 1 + 1.5 and 0.75 of 8: 50 ± 45.8; 9 + 0.75, 1.5 + 1, 0.75 of 13: 69.2 ± 31.4."""
    assert [round(limit, 1) for limit in nps_interval(4, 1, 0)[:2]] == [4.2, 95.8]
    assert nps_interval(9, 1, 0)[1] == 100.0


def test_the_adjusted_interval_keeps_its_promise_where_the_plain_one_does_not() -> None:
    """Exact coverage of an NPS of 80 (85, 10 and 5 %) over every outcome of 12 answers."""
    share = (0.85, 0.10, 0.05)
    covered = {"plain": 0.0, "adjusted": 0.0}
    for good, bad in product(range(13), repeat=2):
        middle = 12 - good - bad
        if middle < 0:
            continue
        ways = comb(12, good) * comb(12 - good, bad)
        chance = ways * share[0] ** good * share[1] ** middle * share[2] ** bad
        low, high = wald(good, middle, bad)
        covered["plain"] += chance * (low <= 80 <= high)
        low, high = wald(good + 0.75, middle + 1.5, bad + 0.75)
        covered["adjusted"] += chance * (low <= 80 <= high)
    assert covered["plain"] < 0.87
    assert covered["adjusted"] > 0.94


def test_the_bounds_of_a_net_promoter_score_take_the_silent_for_detractors_or_promoters() -> None:
    """6, 3 and 3 of 20 invited: (6 - 3 - 8) / 20 = -25 and (6 - 3 + 8) / 20 = 55."""
    rows = replies("W1", "A", "nps", *[9] * 6, *[7] * 3, *[6] * 3)
    row = result(poll(rows, invitations(("W1", "A", 20))), "nps")
    assert (row["value"], row["worst"], row["best"]) == (25, -25, 55)


def test_only_whole_numbers_of_the_scale_are_usable_and_the_others_are_counted() -> None:
    """Usable: 5, 4.0, 4,0 and 1. Not: 0, 6, 3.5, -4, 1e0, words. Two are left blank."""
    given = ["5", "4.0", "4,0", " 1 ", "0", "6", "3.5", "-4", "1e0", "très bien", "", None]
    row = result(poll(replies("W1", "A", "csat", *given), floor=3), "csat")
    assert (row["n"], row["favourable"], row["unusable"]) == (4, 3, 6)


def test_agreement_is_the_two_highest_points_beside_median_and_mean() -> None:
    """1, 3, 4, 5, 5: three of five at 4 or above; median 4; mean 18 / 5 = 3.6."""
    row = result(poll(replies("W1", "A", "fast", 1, 3, 4, 5, 5)), "fast")
    assert (row["value"], row["median"], row["mean"]) == (0.6, 4, 3.6)


@pytest.mark.parametrize(
    ("scale", "least", "most"),
    [((1, 5), 4, 2), ((1, 7), 6, 2), ((0, 10), 9, 1), ((1, 4), 3, 2), ((1, 3), 3, 1)],
)
def test_the_points_that_count_as_agreement_follow_the_scale(
    scale: tuple[int, int], least: int, most: int
) -> None:
    """The two best points, the best alone of three: ``most`` where the lowest is the best."""
    question = Question(text="", kind="agreement", scale=scale)
    assert favourable(question) == (least, scale[1])
    reverse = Question(text="", kind="agreement", scale=scale, lowest_is_best=True)
    assert favourable(reverse) == (scale[0], most)


def test_a_net_promoter_score_is_read_on_0_to_10_only() -> None:
    assert measurable(Question(text="", kind="nps"))
    assert not measurable(Question(text="", kind="nps", scale=(1, 5)))
    assert not measurable(Question(text="", kind="comment"))


def test_a_question_that_too_few_answered_has_no_figure() -> None:
    row = result(poll(replies("W1", "A", "csat", 5, 5, 4, 1)), "csat")
    assert not row["shown"]
    assert row[["n", "favourable", "value", "low", "median", "mean"]].isna().all()


def test_departments_are_hidden_so_that_none_can_be_found_by_subtraction() -> None:
    """A 3, B 6: both hidden. With 4 who name no department, 3 + 4 = 7 protect each other."""
    rows = replies("W1", "A", "csat", 5, 5, 1) + replies("W1", "B", "csat", *[4] * 3, *[1] * 3)
    both = poll(rows).results_by_department.query("question == 'csat'")
    assert both["value"].isna().all()
    more = poll(rows + replies("W1", None, "csat", 1, 1, 1, 5))
    departments = more.results_by_department.query("question == 'csat'").set_index("department")
    assert departments["shown"].to_dict() == {"": False, "A": False, "B": True}
    assert departments.loc["B", ["n", "value"]].tolist() == [6, 0.5]


def test_names_that_differ_by_case_and_spaces_are_one_department() -> None:
    others = [["W1", person, " FINANCE ", "csat", 4] for person in ("Anne", "Jean")]
    rows = replies("w1", "finance", "csat", 5, 5, 5) + others
    places = poll(rows, invitations(("W1", "Finance", 8))).places
    assert places[["wave", "department"]].to_numpy().tolist() == [["W1", "Finance"]]
    assert places[["invited", "answered"]].to_numpy().tolist() == [[8, 5]]


def test_who_states_a_department_once_belongs_to_it_and_who_states_two_to_none() -> None:
    rows = [
        ["W1", "p1", "A", "csat", 5],
        ["W1", "p1", None, "nps", 9],
        ["W1", "p2", "A", "csat", 5],
        ["W1", "p2", "B", "nps", 9],
    ]
    scored = poll(rows).scored.groupby("respondent")["department"].unique()
    assert [list(names) for names in scored] == [["A"], [""]]


def test_a_person_who_left_every_answer_blank_did_not_answer() -> None:
    rows = [*replies("W1", "A", "csat", *[5] * 5), ["W1", "p", "A", "csat", ""]]
    response = poll(rows, invitations(("W1", "A", 10))).response
    assert response[["answered", "rate", "reason"]].to_numpy().tolist() == [[5, 0.5, ""]]


@pytest.mark.parametrize(
    ("invited", "reason"),
    [
        (None, "no_invitations"),
        (invitations(("W2", "A", 9)), "no_invitations"),
        (invitations(("W1", "B", 9)), "unlisted"),
        (invitations(("W1", "A", 4)), "exceeded"),
    ],
)
def test_without_sound_invitations_there_is_no_response_rate_and_no_bound(
    invited: pd.DataFrame | None, reason: str
) -> None:
    answered_poll = poll(replies("W1", "A", "csat", *[5] * 5), invited)
    response = answered_poll.response.set_index("wave").loc["W1"]
    assert response["reason"] == reason
    assert isnan(response["rate"])
    assert result(answered_poll, "csat")[["worst", "best"]].isna().all()


def test_a_department_that_was_invited_and_sent_nothing_is_silent() -> None:
    rows = replies("W1", "A", "csat", *[5] * 5)
    invited = invitations(("W1", "A", 9), ("W1", "B", 5), ("W1", "C", 0), ("W2", "A", 9))
    invited = pd.concat([invited, invitations(("W1", "D", 4))])
    silent = poll(rows, invited).silent
    assert silent.to_numpy().tolist() == [
        ["W1", "B", 5, False]
    ]  # D is below the floor of 5: not told


def test_silence_is_doubtful_when_answers_could_come_from_there() -> None:
    rows = replies("W1", "A", "csat", *[5] * 5) + replies("W1", None, "csat", 1)
    silent = poll(rows, invitations(("W1", "A", 9), ("W1", "B", 6))).silent
    assert silent["doubtful"].tolist() == [True]


def test_answers_without_any_department_make_no_department_silent() -> None:
    invited = invitations(("W1", "A", 9), ("W1", "B", 2))
    answered_poll = poll(replies("W1", None, "csat", *[5] * 5), invited)
    assert answered_poll.silent.empty
    without = Poll(
        answered_poll.answers.drop(columns="department"), invited, answered_poll.survey, TODAY
    )
    assert without.silent.empty
    assert without.places["department"].tolist() == ["", "A", "B"]


def test_waves_are_ordered_by_day_and_by_name_where_no_day_is_known() -> None:
    rows = replies("Wave 10", "A", "csat", 5) + replies("Wave 2", "A", "csat", 5)
    undated = poll(rows)
    assert (list(undated.waves.index), undated.latest) == (["Wave 2", "Wave 10"], "Wave 10")
    days = pd.to_datetime(pd.Series(["2024-03-01", "2025-03-01"])).astype("datetime64[s]")
    dated = Poll(undated.answers.assign(answered_on=days), None, undated.survey, TODAY)
    assert (list(dated.waves.index), dated.latest) == (["Wave 10", "Wave 2"], "Wave 2")


def test_a_wave_without_a_date_does_not_lead_before_those_that_have_one() -> None:
    rows = [replies(wave, "A", "csat", *[5] * 5) for wave in ("2024", "2025", "Ensemble")]
    days = [*["2024-05-02"] * 5, *["2025-05-02"] * 5, *[None] * 5]
    frame = answers(*[row for wave in rows for row in wave])
    dated = frame.assign(answered_on=pd.to_datetime(pd.Series(days)).astype("datetime64[s]"))
    of_dates = Poll(dated, None, poll([]).survey, TODAY)
    assert (list(of_dates.waves.index), of_dates.latest) == (["Ensemble", "2024", "2025"], "2025")


def test_the_latest_wave_is_one_that_somebody_answered() -> None:
    rows = replies("W1", "A", "csat", *[5] * 5)
    assert poll(rows, invitations(("W1", "A", 9), ("W2", "A", 9))).latest == "W1"


def test_comments_bear_no_department_and_stand_in_the_order_of_their_words() -> None:
    """Those of A, 3 people, and of C, 4, which are hidden, are left out beside B, of 6."""
    rows = replies("W1", "A", "words", "zebra", "", "") + replies("W1", "A", "csat", 5, 5, 5)
    rows += replies("W1", "B", "csat", *[4] * 5, 1) + replies("W1", "B", "words", "mole", "bee")
    rows += replies("W1", "C", "csat", *[4] * 3, 1) + replies("W1", "C", "words", "ant")
    made = poll(rows)
    comments = made.comments
    assert comments["comment"].tolist() == ["bee", "mole"]
    assert made.withheld == 2
    assert "department" not in comments


def test_no_comment_of_a_wave_with_too_few_people_is_shown() -> None:
    rows = replies("W1", "A", "words", "one", "two", "three", "four")
    rows += replies("W2", "A", "words", "five", "six", "seven", "eight", "nine")
    assert set(poll(rows).comments["wave"]) == {"W2"}


def test_answers_spread_over_every_point_of_the_scale() -> None:
    counts = poll(replies("W1", "A", "fast", 1, 4, 4, 5, 5, 5)).distribution("W1", ["fast"])
    assert counts.loc["fast"].to_dict() == {1: 1, 2: 0, 3: 0, 4: 2, 5: 3}
    hidden = poll(replies("W1", "A", "fast", 1, 4, 4, 5)).distribution("W1", ["fast"])
    assert hidden.isna().all(axis=None)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Write to jane.doe@example.org, please.", "Write to […] please."),
        ("Appelez le 01 23 45 67 89.", "Appelez le […]."),
        ("+33 (0)1.23.45.67.89 ou poste 4512", "[…] ou poste […]"),
        ("INC0012345 et EMP-042 traînent", "[…] et […] traînent"),
        ("le ticket n° 12 et la demande #7", "le ticket n° […] et la demande […]"),
        ("matricule 104233", "matricule […]"),
        ("Merci à Mme de La Tour !", "Merci à Mme […] !"),
        ("see https://example.org/people/jd", "see […]"),
        ("06.12.34.56.78 ou +33 (0)6 12 34 56 78", "[…] ou […]"),
        ("00 33 6-12-34-56-78, 06\u200b12\u200b34\u200b56\u200b78", "[…], […]"),
        ("M. Dupont, M.Dupont et M Dupont", "M. […], M.[…]"),
        ("MM. Durand et Petit, mme durand", "MM. […], mme […]"),
        ("Maître Vidal, MADAME D’Aboville", "Maître […], MADAME […]"),
        ("depuis le 12/05/2025, en 2024-2025", "depuis le 12/05/2025, en 2024-2025"),
        ("Monsieur le directeur, à 3 m. du bureau", "Monsieur le directeur, à 3 m. du bureau"),
        ("two\nlines", "two lines"),
        ("Office 365 in 2024: 3 days, 24h, 100 €", "Office 365 in 2024: 3 days, 24h, 100 €"),
        ("<script>alert(1)</script> $x$", "<script>alert(1)</script> $x$"),
    ],
)
def test_what_could_name_a_person_is_taken_out_of_a_comment(words: str, shown: str) -> None:
    assert masked(pd.Series([words])).tolist() == [shown]


def test_names_of_people_who_answered_are_masked_however_spelt_and_single_words_are_not() -> None:
    texts = pd.Series(["Merci à JEAN Dupônt !", "Dupont Jean aide", "Achats lents", "Jean aide"])
    names = pd.Series(["Jean Dupont", "Achats", "E1-001", None])
    assert without_names(texts, names).tolist() == [
        "Merci à […] !", "[…] aide", "Achats lents", "Jean aide",
    ]  # fmt: skip


def test_cronbachs_alpha_of_three_questions_and_five_people_is_0_934() -> None:
    """Of domain.md §5; variances 1.3, 0.7 and 1.3, that of the sums 8.7."""
    points = pd.DataFrame([[4, 5, 4], [3, 4, 3], [5, 5, 5], [2, 3, 2], [4, 4, 5]])
    assert cronbach(points) == pytest.approx(0.933673, abs=1e-6)


@pytest.mark.parametrize("points", [[[4], [3]], [[4, 2], [4, 2]], [[4, 2], [2, 4]]])
def test_one_question_or_sums_all_alike_have_no_alpha(points: list[list[int]]) -> None:
    assert isnan(cronbach(pd.DataFrame(points)))


def test_the_carpentries_score_is_48_4_on_889_answers(shared: Path) -> None:
    """The gold figure that comes with the public file, over its answers from 0 to 10."""
    file = shared / "carpentries_surveys" / "20180908_post_clean.csv"
    scores = pd.read_csv(file, dtype="str")["LikelyToRecommend"].dropna()
    row = result(poll(replies("W1", "A", "nps", *scores)), "nps")
    assert (row["n"], round(row["value"], 1), row["method"]) == (889, 48.4, WALD)
    assert row["high"] - row["low"] < 10


def test_the_publicodes_score_is_27_8_on_18_answers_and_its_sign_is_not_settled(
    shared: Path,
) -> None:
    """9, 5 and 4 of 18. Adjusted: p = 9.75 / 21, d = 4.75 / 21, 23.8 ± 34.1."""
    file = shared / "fr_publicodes_survey" / "state_of_publicodes_2024.csv"
    scores = pd.read_csv(file, dtype="str").iloc[:, -1].dropna()
    row = result(poll(replies("W1", "A", "nps", *scores)), "nps")
    assert (row["n"], round(row["value"], 1), row["method"]) == (18, 27.8, ADJUSTED)
    assert (round(row["low"], 1), round(row["high"], 1)) == (-10.2, 57.9)


@pytest.mark.parametrize(
    ("written", "score"),
    [
        ("10 - Completely satisfied", 10),
        ("0 = Not at all", 0),
        ("9. Oui", 9),
        ("(8) Plutôt", 8),
        ("7) yes", 7),
        ("6 : moyen", 6),
        ("5\u00a0– bof", 5),
        ("Tout à fait d’accord (4)", 4),
        ("Très déçu", 1),  # declared as “Tres decu”
        ("99", None),
        ("11 - beyond", None),
        ("4-5", None),
        ("4 / 5", None),
        ("5 minutes", None),
    ],
)
def test_a_label_beside_its_number_is_read_and_nothing_is_guessed(
    written: str, score: int | None
) -> None:
    question = Question(text="", kind="nps", answers={"Tres  decu": 1})
    worth = read(pd.Series([written]), question)
    assert worth["state"].tolist() == ["usable" if score is not None else "unusable"]
    assert worth["score"].dropna().tolist() == ([] if score is None else [score])


@pytest.mark.parametrize(
    ("labels", "contradicts"),
    [
        (["1 - Very satisfied", "3", "5 - Very dissatisfied"], True),
        (["1 - Pas du tout d’accord", "5 - Tout à fait d’accord"], False),
        (["1 - Not at all", "2 - Peu satisfait", "4 - Satisfait"], False),
        (["5 - Strongly disagree"], False),  # one end alone proves nothing
        (["1 - Strongly agree", "5 - Strongly disagree"], True),
        (["1 - I agree", "5 - I don’t agree"], True),
        (["1 - En désaccord", "5 - En accord"], False),
        (["Excellent (1)", "(5) Mauvaise"], True),
        (["1 : Très bien", "5 : Pas bien du tout"], True),
        (["1 - D’accord", "5 - Pas d’accord"], True),
        (["1", "2", "5"], False),
    ],
)
def test_labels_at_the_ends_tell_which_end_is_the_best(
    labels: list[str], contradicts: bool
) -> None:
    assert contradicts_scale(pd.Series(labels), QUESTIONS["csat"]) is contradicts
    stated = Question(text="", kind="csat", lowest_is_best=False)
    assert not contradicts_scale(pd.Series(labels), stated)


@pytest.mark.parametrize(
    "label",
    [
        "5 - Nous sommes ravis", "5 - Passionnant", "5 - Notable", "5 - Normal", "5 - Bonne note",
        "5 - Pas de reproche", "5 - Never late", "1 - Contentieux en cours", "1 - Bonjour",
    ],
)  # fmt: skip
def test_a_label_that_only_looks_unfavourable_turns_no_scale(label: str) -> None:
    """Nor does one that begins like such a word beside a whole one at the other end."""
    assert not contradicts_scale(pd.Series([label]), QUESTIONS["csat"])
    other = "1 - Bien" if label.startswith("5") else "5 - Pas bien"
    turned = label in ("5 - Pas de reproche", "5 - Never late")  # words that are there
    assert contradicts_scale(pd.Series([label, other]), QUESTIONS["csat"]) is turned


def test_the_sample_s_scores_differ_at_a_z_of_2_4() -> None:
    """16, 16, 43 of 75 and 21, 30, 25 of 76: -36 and -5.26. Variances of the means:
    (59 / 75 - 0.36²) / 75 = 0.008761 and (46 / 76 - 0.0526²) / 76 = 0.007928; 0.3074 / 0.1292."""
    moved, low, high, z = difference((16, 16, 43), (21, 30, 25))
    assert (round(100 * moved, 2), round(z, 2)) == (30.74, 2.38)
    assert (round(100 * low, 1), round(100 * high, 1)) == (5.4, 56.1)


def test_spellings_of_a_wave_and_of_a_person_are_one_and_two_people_stay_two() -> None:
    """“May”, “MAY” and “may” of two people were six answers, above the floor."""
    rows = [
        [wave, person, "A", "csat", 4 if person.lower().startswith("é") else 2]
        for wave in ("May", "MAY", " may ")
        for person in ("Émile", "bob")
    ]
    rows += [["Mai 2", person, "A", "csat", 5] for person in ("Émile", "EMILE ", "emile")]
    merged = poll(rows)
    assert merged.answered.to_dict() == {"Mai 2": 1, "May": 2}
    assert merged.results["shown"].tolist().count(False) == 2  # of csat, in each wave
    assert merged.repeated == 4 + 2


def test_a_person_written_with_a_space_and_without_is_one() -> None:
    """“R 90”, “R90” and “r  90” are one, R 91 another: two answered, and two rows repeat."""
    names = ("R 90", "R90", "r  90", "R 91")
    merged = poll([["May", person, "A", "csat", 5] for person in names])
    assert merged.answered.to_dict() == {"May": 2}
    assert merged.repeated == 2


def test_the_answers_of_a_wave_count_together_from_the_day_after_its_last() -> None:
    """W1 opens on 1 March and closes 30 days later, on the 31st; W2 on the day that is stated."""
    invited = invitations(("W1", "A", 9), ("W2", "A", 9)).assign(
        sent_on=pd.to_datetime(["2024-03-01", "2024-06-01"])
    )
    rows = replies("W1", "A", "csat", *[5] * 5, 1) + replies("W2", "A", "csat", *[5] * 5, 1)
    days = ["2024-03-02"] * 5 + ["2024-04-01"] + ["2024-06-02"] * 5 + ["2024-06-10"]
    dated = answers(*rows).assign(answered_on=pd.to_datetime(days))
    survey = Survey(closed_on={"w2": "2024-06-10"}, questions=QUESTIONS)

    def answered_by(day: str) -> dict[str, int]:
        return Poll(dated, invited, survey, pd.Timestamp(day)).answered.to_dict()

    assert answered_by("2024-03-31") == {}
    assert answered_by("2024-04-01") == {"W1": 5}  # the answer of 1 April came too late
    assert answered_by("2024-06-10") == {"W1": 5}
    assert answered_by("2024-06-11") == {"W1": 5, "W2": 6}
    calendar = Poll(dated, invited, survey, TODAY).calendar
    assert calendar["late"].to_dict() == {"W1": 1, "W2": 0}
    assert calendar["stated"].to_dict() == {"W1": False, "W2": True}


def test_a_department_hidden_in_one_table_is_hidden_in_all() -> None:
    """Of A's 8, 2 gave a usable answer: hidden there, with B; so how many answered is hidden too,
    of 8 and 20, else 20 of 22 are B's and 2 are A's."""
    rows = replies("W1", "A", "csat", 1, 5, *[""] * 6) + replies("W1", "A", "words", *["x"] * 8)
    rows += replies("W1", "B", "csat", *[4] * 10, *[1] * 10)
    rows += replies("W1", "C", "csat", *[4] * 20, *[1] * 20)
    of = poll(rows)
    assert dict(of.response_by_department[["department", "shown"]].to_numpy()) == {
        "A": False, "B": False, "C": True,
    }  # fmt: skip
    shown = of.results_by_department.set_index("department")
    assert shown["n"].dropna().to_dict() == {"C": 40}
    assert of.response["answered"].tolist() == [68]


def test_the_end_labels_of_a_linear_scale_count_where_they_are_declared(shared: Path) -> None:
    """The gold figures beside the form's export: 5: 12, 4: 8, 3: 10, 2: 1, 1: 4, mean 3.657."""
    file = shared / "exports" / "google_forms_fr" / "reponses.csv"
    given = pd.read_csv(file, dtype="str").iloc[:, 2]
    ends = {"Non, pas du tout": 1, "Oui, tout à fait": 5}
    bare = read(given, Question(text="", kind="agreement"))
    assert (bare["state"] == "unusable").sum() == 12 + 4
    declared = read(given, Question(text="", kind="agreement", answers=ends))["score"]
    assert declared.value_counts().to_dict() == {5: 12, 4: 8, 3: 10, 2: 1, 1: 4}
    assert round(declared.mean(), 3) == 3.657


def test_likert_answers_in_words_count_where_they_are_declared(shared: Path) -> None:
    """Strongly agree 474, agree 343, neither 58, disagree 17, strongly disagree 12: 817 of 904."""
    file = shared / "carpentries_surveys" / "20180908_post_clean.csv"
    given = pd.read_csv(file, dtype="str")["Worth"].dropna()
    likert = ["strongly disagree", "disagree", "neither agree nor disagree", "agree",
              "strongly agree"]  # fmt: skip
    points = {word: place for place, word in enumerate(likert, start=1)}
    question = Question(text="", kind="agreement", answers=points)
    score = read(given, question)["score"]
    assert (len(score.dropna()), int(score.between(*favourable(question)).sum())) == (904, 817)
