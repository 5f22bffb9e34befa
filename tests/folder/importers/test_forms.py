"""Answers to forms: on files checkable by eye, then on a real one."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.contract.loading import load_contract
from reviewlib.faults import Faults, ReviewError
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.importers.answers import question_of
from reviewlib.folder.importers.mapping import FILE
from reviewlib.pages.imports import run
from tests.folder.importers.test_tools import EXPORTS, bring, cells, stated, wanted

GOOGLE = (
    "Horodateur,Adresse e-mail,Votre service,"
    "Êtes-vous satisfait du support ?,La prestation [Les délais],Un commentaire ?"
)
ANSWERS = (
    "25/10/2023 14:55:21,a@example.org,Achats,Très satisfait,Tout à fait,Bien",
    "26/10/2023 09:00:00,b@example.org,Achats,Insatisfait,2,",
    "02/11/2023 09:00:00,c@example.org,Ventes,Neutre,Pas du tout,Trop long",
)
CONTRACT = """\
format: 1
id: x
title: t
language: en
time_zone: Europe/Paris
period: {first: 2023-01-01, last: 2024-12-31}
client: {name: c}
provider: {name: p}
survey:
  questions:
    SAT: {text: "Êtes-vous satisfait du support ?", kind: csat}
    TIME: {text: "Delays were short", kind: agreement}
"""


def form(folder: Path, *rows: str, heading: str = GOOGLE, name: str = "reponses.csv") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join([heading, *rows]).encode())
    return path


def by_question(folder: Path) -> dict[str, list[str]]:
    table = cells(folder, "survey_answers")
    return {str(code): list(rows["answer"]) for code, rows in table.groupby("question")}


def test_a_google_form_becomes_a_row_for_each_person_and_question(tmp_path: Path) -> None:
    """Words of a known scale are points, ends of a scale of numbers too; no address is read."""
    folder = tmp_path / "e"
    lines = bring(wanted("google-forms", [form(tmp_path, *ANSWERS)], folder))

    assert by_question(folder) == {
        "Q1": ["5", "2", "3"],
        "Q2": ["5", "2", "1"],
        "Q3": ["Bien", "Trop long"],
    }
    table = cells(folder, "survey_answers")
    assert set(table["wave"]) == {"2023"}
    assert list(table["department"].drop_duplicates()) == ["Achats", "Ventes"]
    assert table["answered_on"].iloc[-1] == "2023-11-02"  # as 25/10 shows
    assert table["respondent"].nunique() == 3
    assert "example.org" not in (folder / "survey_answers.csv").read_text("utf-8-sig")
    assert "Adresse e-mail" in lines
    contract = load_contract(folder)
    assert contract.survey is not None
    assert {code: (q.kind, q.scale) for code, q in contract.survey.questions.items()} == {
        "Q1": ("csat", (1, 5)),
        "Q2": ("agreement", (1, 5)),
        "Q3": ("comment", (1, 5)),
    }
    assert len(load_engagement(folder).tables["survey_answers"]) == 8


def test_later_answers_are_added_and_those_there_stay_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    bring(wanted("google-forms", [form(tmp_path, *ANSWERS[:2])], folder))

    lines = bring(wanted("google-forms", [form(tmp_path, *ANSWERS)], folder))

    assert "nouvelles 3, modifiées 0, inchangées 5" in lines
    assert cells(folder, "survey_answers")["respondent"].nunique() == 3


def test_the_questions_of_the_contract_are_found_by_their_text_and_else_open(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "engagement.yml").write_text(CONTRACT, encoding="utf-8")

    lines = bring(wanted("google-forms", [form(tmp_path, *ANSWERS)], folder))

    assert by_question(folder) == {"SAT": ["5", "2", "3"]}
    assert "imports.google-forms.questions.TIME: fill it in" in lines
    assert stated(folder, "google-forms")["questions"] == {
        "SAT": "Êtes-vous satisfait du support ?",
        "TIME": None,
    }
    text = (folder / FILE).read_text("utf-8")
    text = text.replace("TIME:", 'TIME: "La prestation [Les délais]" #')
    (folder / FILE).write_text(text, encoding="utf-8")
    bring(wanted("google-forms", [form(tmp_path, *ANSWERS)], folder))
    assert by_question(folder)["TIME"] == ["5", "2", "1"]


def test_the_order_of_unknown_words_is_never_guessed(tmp_path: Path) -> None:
    """They are not read until mapping.yml names the question; then each word's point is open."""
    words = {13: "Top", 14: "Bof", 15: "Top", 16: "Bof"}
    rows = [f"{day}/10/2023 10:00:00,{word}" for day, word in words.items()]
    file, folder = form(tmp_path, *rows, heading="Horodateur,Le support"), tmp_path / "e"
    text = (
        "format: 1\nimports:\n  google-forms:\n    table: survey_answers\n"
        "    questions: {Q1: Le support}\n"
    )
    folder.mkdir()
    (folder / FILE).write_text(text, encoding="utf-8")

    lines = bring(wanted("google-forms", [file], folder))

    assert "imports.google-forms.values.Q1.Top" in lines
    assert by_question(folder) == {"Q1": ["Top", "Bof", "Top", "Bof"]}
    bring(wanted("google-forms", [file], folder), "2", "1")
    assert by_question(folder) == {"Q1": ["2", "1", "2", "1"]}


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2026/09/27 3:00:00 PM GMT+3", "2026-09-27"),
        ("8/20/25 12:51:45", "2025-08-20"),
        ("20/08/2025 10:12:33", "2025-08-20"),
        ("2025-08-20 10:12:33", "2025-08-20"),
    ],
)
def test_a_time_stamp_is_the_day_that_it_names(tmp_path: Path, stamp: str, day: str) -> None:
    file, folder = form(tmp_path, f"{stamp},5", heading="Timestamp,Support"), tmp_path / "e"
    bring(wanted("google-forms", [file], folder))
    assert list(cells(folder, "survey_answers")["answered_on"]) == [day]


def test_a_microsoft_form_is_read_from_its_workbook(tmp_path: Path) -> None:
    """True dates, the id of the answer as the code, no address and no name; 0 to 10 of a NPS."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    who = ["ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom"]
    sheet.append([*who, "Recommanderiez-vous  le support ? ", "Le support répond vite"])
    start, end = pd.Timestamp("2025-03-04 09:00"), pd.Timestamp("2025-03-04 09:05")
    for number, (nps, likert) in enumerate([(9, "D'accord"), (0, "Pas d'accord")], start=1):
        sheet.append([number, start, end, "anonymous", "Jeanne Doe", nps, likert])
    file, folder = tmp_path / "form.xlsx", tmp_path / "e"
    book.save(file)

    bring(wanted("ms-forms", [file], folder, wave="2025 S1"))

    assert by_question(folder) == {"Q1": ["9", "0"], "Q2": ["4", "2"]}
    table = cells(folder, "survey_answers")
    assert set(table["respondent"]) == {"R1", "R2"}
    assert set(table["answered_on"]) == {"2025-03-04"}
    assert set(table["wave"]) == {"2025 S1"}
    survey = load_contract(folder).survey
    assert survey is not None
    assert survey.questions["Q1"].kind == "nps"
    assert "Doe" not in (folder / "survey_answers.csv").read_text("utf-8-sig")


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
def test_a_real_form_keeps_the_figures_of_its_description(tmp_path: Path) -> None:
    """The figures are those of SOURCE.md: end labels are 1 and 5, two scales go from 1 to 7."""
    file, folder = EXPORTS / "google_forms_fr" / "reponses.csv", tmp_path / "e"
    bring(wanted("google-forms", [file], folder))

    table = load_engagement(folder).tables["survey_answers"]
    assert table["respondent"].nunique() == 35
    assert str(table["answered_on"].min().date()) == "2023-10-25"
    assert str(table["answered_on"].max().date()) == "2023-11-10"
    given = {str(code): rows["answer"] for code, rows in table.groupby("question")}
    assert given["Q1"].value_counts().to_dict() == {
        "7": 15, "6": 7, "5": 4, "1": 3, "4": 2, "3": 2, "2": 2,
    }  # fmt: skip
    assert given["Q2"].value_counts().to_dict() == {"5": 12, "3": 10, "4": 8, "1": 4, "2": 1}
    assert round(given["Q2"].astype(int).mean(), 3) == 3.657
    assert given["Q5"].astype(int).mean() == 3.0


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
@pytest.mark.parametrize(
    ("source", "name", "what"),
    [
        ("ms-forms", "google_forms_fr/reponses.csv", "Google Forms"),
        ("google-forms", "glpi_csv_fr/glpi.csv", "GLPI"),
        ("google-forms", "limesurvey_csv_fr/data_questionnaires.csv", "LimeSurvey"),
    ],
)
def test_another_file_is_refused_with_what_it_seems_to_be(
    tmp_path: Path, source: str, name: str, what: str
) -> None:
    with pytest.raises(Faults, match=what):
        bring(wanted(source, [EXPORTS / name], tmp_path / "e"))


def test_a_scale_of_which_not_all_points_were_given_is_the_least_that_holds_them() -> None:
    """3 and 4 beside both ends are of 1 to 5; 6 is of 1 to 7; an end that nobody knows is open."""
    ends = pd.Series(["3", "4", "Pas du tout", "Tout à fait"], dtype="str")
    assert question_of("x", ends).points == {"Pas du tout": 1, "Tout à fait": 5}
    assert question_of("x", pd.Series(["6", "2"], dtype="str")).scale == (1, 7)
    assert question_of("x", pd.Series(["2", "3", "Bof"], dtype="str")).unordered == ("Bof",)


def test_a_survey_is_drafted_from_all_exports_of_an_import(tmp_path: Path) -> None:
    """The later form asks one question less: both stay, and the period is that of both years."""
    later = "Horodateur,Votre service,Êtes-vous satisfait du support ?"
    files = [
        form(tmp_path, *ANSWERS),
        form(tmp_path, "20/11/2024 10:00:00,Achats,Neutre", heading=later, name="b.csv"),
    ]

    bring(wanted("google-forms", files, tmp_path / "e"))

    contract = load_contract(tmp_path / "e")
    assert contract.survey is not None
    assert [*contract.survey.questions] == ["Q1", "Q2", "Q3"]
    assert contract.period.first == dt.date(2023, 10, 25)
    assert contract.period.last == dt.date(2024, 11, 20)


SIGNS = ['"', ",", "\n", "\r\n", "\x00", "é", "\u202e", "1", " ", "''", '""', ",,", "\xa0", ""]


def test_a_hundred_mutated_forms_give_no_unexpected_error(tmp_path: Path) -> None:
    """Of a sign put anywhere most files stay readable: more than half are read."""
    chance, read = random.Random(12), 0
    text = "\r\n".join([GOOGLE, *ANSWERS * 4])
    for number in range(100):
        place = chance.randrange(len(text))
        changed = text[:place] + chance.choice(SIGNS) + text[place + chance.randrange(3) :]
        file = tmp_path / f"{number}.csv"
        file.write_text(changed, encoding="utf-8", newline="")
        lines: list[str] = []
        try:
            read += run(wanted("google-forms", [file], tmp_path / f"e{number}"), None, lines.append)
        except ReviewError:
            continue
    assert read > 50


SHORT = "Horodateur,Votre service,La qualité est bonne ?,Les délais sont tenus ?"
PEOPLE = ("25/10/2023 14:55:21,Achats,4,2", "26/10/2023 09:00:00,Ventes,5,3")


def test_a_form_that_nobody_has_answered_yet_is_refused_and_settles_nothing(tmp_path: Path) -> None:
    """Else its questions would be left out of every later import."""
    folder = tmp_path / "e"
    with pytest.raises(Faults, match="aucune réponse"):
        bring(wanted("google-forms", [form(tmp_path, heading=SHORT)], folder))

    assert not folder.exists()


def test_people_of_an_earlier_wave_are_not_doubled_by_an_export_of_all_answers(
    tmp_path: Path,
) -> None:
    """Two people in 2023; then the same two and a third as wave S2: three people, and one in S2."""
    folder = tmp_path / "e"
    bring(wanted("google-forms", [form(tmp_path, *PEOPLE, heading=SHORT)], folder))
    later = form(tmp_path, *PEOPLE, "20/05/2024 09:00:00,Ventes,1,1", heading=SHORT, name="b.csv")

    lines = bring(wanted("google-forms", [later], folder, wave="S2"))

    table = cells(folder, "survey_answers")
    assert [*table["wave"]] == ["2023"] * 4 + ["S2"] * 2
    assert "nouvelles 2, modifiées 0, inchangées 4" in lines
    assert "2 personnes de l’export sont dans la vague «\u00a02023\u00a0»" in lines


def test_numbers_that_begin_again_in_another_form_are_other_people(tmp_path: Path) -> None:
    """Microsoft numbers the answers of each form from 1."""
    heading, folder = "ID,Heure de début,Heure de fin,La qualité est bonne ?", tmp_path / "e"
    for wave, day in (("S1", "13/03/2024"), ("S2", "14/09/2024")):
        row = f"1,{day} 09:00:00,{day} 09:05:00,4"
        file = form(tmp_path, row, heading=heading, name=f"{wave}.csv")
        bring(wanted("ms-forms", [file], folder, wave=wave))

    table = cells(folder, "survey_answers")
    assert [*table["wave"]] == ["S1", "S2"]
    assert [*table["respondent"]] == ["R1", "R1"]


def test_a_question_that_the_next_form_lacks_keeps_its_answers_and_its_place(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "e"
    bring(wanted("google-forms", [form(tmp_path, *PEOPLE, heading=SHORT)], folder))
    other = SHORT.replace("Les délais sont tenus ?", "Le prix est juste ?")

    lines = bring(wanted("google-forms", [form(tmp_path, *PEOPLE, heading=other)], folder))

    assert by_question(folder)["Q2"] == ["2", "3"]
    assert "«\u00a0Les délais sont tenus ?\u00a0» (Q2) n’est pas un intitulé de l’export" in lines
    assert stated(folder, "google-forms")["questions"] == {
        "Q1": "La qualité est bonne ?",
        "Q2": "Les délais sont tenus ?",
    }
    assert stated(folder, "google-forms")["left_out"] == ["Le prix est juste ?"]


def test_a_question_left_out_stays_out_and_one_without_answers_yet_does_not(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / FILE).write_text(
        'imports: {google-forms: {table: survey_answers, left_out: ["La qualité est bonne ?"]}}',
        encoding="utf-8",
    )
    empty = [row.rsplit(",", 1)[0] + "," for row in PEOPLE]
    bring(wanted("google-forms", [form(tmp_path, *empty, heading=SHORT)], folder))
    (folder / "engagement.yml").unlink(missing_ok=True)

    for _ in range(2):
        bring(wanted("google-forms", [form(tmp_path, *PEOPLE, heading=SHORT)], folder))

        assert by_question(folder) == {"Q1": ["2", "3"]}
        assert stated(folder, "google-forms")["left_out"] == ["La qualité est bonne ?"]


TWO = "Horodateur,Le service répond,Le service aide"
FOUR = ("25/10/2023 14:55:21,5,Tout à fait", "26/10/2023 09:00:00,2,4")


def test_a_question_taken_out_of_the_mapping_is_named_with_what_stays_of_it(
    tmp_path: Path,
) -> None:
    """Two people answered two questions: four rows. Q2 taken out, its two rows stay: no others."""
    file, folder = form(tmp_path, *FOUR, heading=TWO), tmp_path / "e"
    bring(wanted("google-forms", [file], folder))
    assert "values.Q2" in stated(folder, "google-forms")["assumed"]  # type: ignore[operator]
    for name, question in ((FILE, 'Q2: "Le service aide"'), ("engagement.yml", "Q2: {text")):
        lines = (folder / name).read_text("utf-8").replace('"Q2"', "Q2").splitlines(keepends=True)
        left = [line for line in lines if question not in line]
        assert len(left) == len(lines) - 1
        (folder / name).write_text("".join(left), encoding="utf-8")

    lines_of = bring(wanted("google-forms", [file], folder))

    assert "nouvelles 0, modifiées 0, inchangées 2" in lines_of
    assert (
        "2 lignes de survey_answers.csv portent sur des questions qui ne sont plus lues (Q2)"
        in (lines_of)
    )
    assert "ne figurent pas dans l’export" not in lines_of
    assert "échelle connue" not in lines_of
    assert "ne les nomment\u00a0: “Le service aide”" in lines_of
    assert "values.Q2" not in lines_of


def test_questions_that_the_survey_of_the_contract_lacks_are_named(tmp_path: Path) -> None:
    """The mapping still reads Q2, which the contract no longer asks."""
    file, folder = form(tmp_path, *FOUR, heading=TWO), tmp_path / "e"
    bring(wanted("google-forms", [file], folder))
    text = (folder / "engagement.yml").read_text("utf-8").splitlines(keepends=True)
    (folder / "engagement.yml").write_text(
        "".join(line for line in text if not line.startswith("    Q2:")), encoding="utf-8"
    )

    lines = bring(wanted("google-forms", [file], folder))

    assert "L’enquête d’engagement.yml n’a pas Q2" in lines


def test_the_survey_to_add_to_a_contract_without_one_is_printed(tmp_path: Path) -> None:
    """The contract itself stays as it is; with the lines added, nothing more is printed."""
    file, folder = form(tmp_path, *FOUR, heading=TWO), tmp_path / "e"
    folder.mkdir()
    contract = CONTRACT[: CONTRACT.index("survey:")]
    (folder / "engagement.yml").write_text(contract, encoding="utf-8")

    lines = bring(wanted("google-forms", [file], folder))

    assert (folder / "engagement.yml").read_text("utf-8") == contract
    survey = lines[lines.index("survey:\n") :].split("\nNext:")[0]
    (folder / "engagement.yml").write_text(f"{contract}{survey}\n", encoding="utf-8")
    asked = load_contract(folder).survey
    assert asked is not None
    assert {code: one.text for code, one in asked.questions.items()} == {
        "Q1": "Le service répond",
        "Q2": "Le service aide",
    }
    assert "survey:" not in bring(wanted("google-forms", [file], folder))
