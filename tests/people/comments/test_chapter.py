"""The chapter on comments, from a folder to its section, its page and its workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from reviewlib.pages.workbook import workbook
from reviewlib.people.comments.chapter import comments
from reviewlib.people.satisfaction.chapter import satisfaction
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Section
from reviewlib.review import open_review
from tests.people.comments.planted import ACCESS, PRINTER, PRINTER_EN, TICKETS_EN, planted
from tests.sample import SAMPLE, sample_of
from tests.spoken import caveats, html
from tests.spoken import chapter as chapter_of

CONTRACT = """\
format: 1
id: C1
title: Support
language: fr
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2024-12-31}
client: {name: Client}
provider: {name: Provider}
survey:
  anonymity_floor: 5
  questions:
    sat: {text: "Êtes-vous satisfait ?", kind: csat}
    open: {text: {fr: "Que dire ?", en: "What to say?"}, kind: comment}
"""
HEADING = ["wave", "respondent", "department", "question", "answer", "answer_en"]
HOSTILE = [
    "<script>alert(1)</script> & <b>gras</b>",
    '=HYPERLINK("http://evil","x")',
    "@SUM(A1)", "+33 6 12 34 56 78 est mon portable",
    "a\u202eb\u200fc",
    "😀👍🏽",
    "{n} %s {0}",
    "=cmd|' /C calc'!A0",
    "long " * 20_000,
    "", "   ", "\u00a0\u2007", "\u200b\ufeff", "\u202e\u200f",
]  # fmt: skip
NOTHING = " \u00a0\u2007\u200b\ufeff\u202e\u200f"


def section_of(folder: Path, texts: pd.Series, english: pd.Series | None = None) -> Section:
    """Return the chapter of comments of as many people."""
    (folder / "engagement.yml").write_text(CONTRACT, encoding="utf-8")
    with (folder / "survey_answers.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADING)
        for place, text in enumerate(texts):
            person = [f"W{1 + place % 2}", f"p{place}", "A"]
            twin = "" if english is None else english.iloc[place]
            lines.writerow([*person, "open", text, twin])
    return chapter_of(comments, open_review(folder, language="en"))


def test_comments_of_the_parties_teams_are_counted_and_not_shown(tmp_path: Path) -> None:
    """Six users write; of three people of a team that wrote too the chapter tells the number."""
    agreed = CONTRACT.replace("kind: comment}", "kind: comment, respondents: [users, provider]}")
    (tmp_path / "engagement.yml").write_text(agreed, encoding="utf-8")
    lines = ["wave,respondent,side,question,answer"]
    lines += [f"W1,u{n},users,open,Rien à dire {n}" for n in range(6)]
    lines += [f"W1,t{n},provider,open,Secret de bureau {n}" for n in range(3)]
    lines += ["W1,t3,provider,open,RAS"]  # which is no comment
    (tmp_path / "survey_answers.csv").write_text("\n".join(lines), encoding="utf-8")
    section = chapter_of(comments, open_review(tmp_path, language="en"))

    assert caveats(section)["comments.of_teams"].startswith("3 comments of the parties’ teams")
    assert "Rien à dire" in html(section)
    assert "Secret" not in html(section)


def rows_of(section: Section, name: str) -> list[tuple[object, ...]]:
    return next(list(table.rows) for table in section.tables if table.id == f"comments.{name}")


def two_themes(n: int = 120) -> tuple[pd.Series, pd.Series]:
    """Return comments in French, of which those of a theme have the same of it in English."""
    french = planted(n, PRINTER, ACCESS)
    english = dict(zip((*PRINTER, *ACCESS), (*PRINTER_EN, *TICKETS_EN), strict=True))
    return french, french.map(lambda text: " ".join(english.get(w, w) for w in text.split()))


def test_themes_lead_with_the_people_who_write_of_them_by_wave(tmp_path: Path) -> None:
    """42 of 120 comments are of each theme; places of one are odd, which is wave W2."""
    section = section_of(tmp_path, *two_themes())
    assert section.headline == (
        "2 themes are found in both halves of the 120 comments shown: 60 of 60 answers in W1 and "
        "60 of 60 answers in W2."
    )
    rows = {frozenset(str(row[1]).split(", ")): row for row in rows_of(section, "themes")}
    printer, access = rows[frozenset(PRINTER_EN)], rows[frozenset(TICKETS_EN)]
    assert (printer[2:], access[2:]) == ((42, 0, 42), (42, 42, 0))
    assert section.fact("comments.without_theme").value == 36
    assert [row[0] for row in rows_of(section, "verbatims")] == sorted(
        [str(printer[0]), str(printer[0]), str(access[0]), str(access[0])],
        key=[str(row[0]) for row in rows_of(section, "themes")].index,
    )


def test_words_of_a_theme_are_in_the_languages_of_its_comments(tmp_path: Path) -> None:
    section_of(tmp_path, *two_themes())
    themes = next(t for t in comments(open_review(tmp_path)).tables if t.id == "comments.themes")
    words = {frozenset(row[1].in_language("en").split(", ")) for row in themes.rows}
    assert words == {frozenset(PRINTER_EN), frozenset(TICKETS_EN)}


def test_a_label_of_the_folder_calls_a_theme(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    label = "imprimante, toner: {fr: Imprimer, en: Printing}\nmenu, cantine: Manger\n"
    (tmp_path / "notes" / "themes.yml").write_text(label, encoding="utf-8")
    section = section_of(tmp_path, *two_themes())
    assert "Printing" in {row[0] for row in rows_of(section, "themes")}


def test_few_comments_make_no_theme_and_are_listed(tmp_path: Path) -> None:
    section = section_of(tmp_path, planted(29, PRINTER, ACCESS))
    assert section.headline.startswith("29 comments are shown, too few for themes: 15 of 15")
    assert section.fact("comments.themes_found").value is None
    assert [table.id for table in section.tables] == ["comments.every.open"]


@pytest.mark.parametrize(
    "nothing", ["n/a", "N.A.", "r.a.s.", "-", "…", "Néant", "rien à signaler", "Nothing", "None.",
                "aucun commentaire", "?!", " ", "\u00a0\u202f", "\u200b\u200f", "Sans réponse",
                "N’a pas répondu.", "no answer"],
)  # fmt: skip
def test_who_says_nothing_has_no_comment(tmp_path: Path, nothing: str) -> None:
    section = section_of(tmp_path, pd.Series([nothing] * 12))
    assert "no comment may be shown" in section.because


@pytest.mark.parametrize("something", ["RAS le bol du support", "Rien ne marche", "👍", "3/5"])
def test_who_says_a_little_has_a_comment(tmp_path: Path, something: str) -> None:
    assert section_of(tmp_path, pd.Series([something] * 12)).fact("comments.shown").count == 6


def test_comments_of_fewer_people_than_the_floor_are_not_shown(tmp_path: Path) -> None:
    """Four people in each of two waves."""
    assert "no comment may be shown" in section_of(tmp_path, pd.Series(["lent"] * 8)).because


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Section:
    """The chapter of comments that are markup, formulas, pictures, endless, or nothing at all."""
    return section_of(
        tmp_path_factory.mktemp("hostile"), pd.Series([*HOSTILE, *planted(80, PRINTER, ACCESS)])
    )


def test_hostile_comments_stay_text(hostile: Section) -> None:
    page, written = html(hostile), json.dumps(encoded(hostile))
    assert "<script>" not in page
    assert "<b>gras" not in page
    assert "06 12" not in page
    assert "{n} %s {0}" in page
    texts = {str(row[1]) for row in rows_of(hostile, "every.open")}
    assert {"😀👍🏽", HOSTILE[0]} <= texts
    assert "6 12 34" not in written


def test_hostile_comments_are_texts_and_no_formula_in_the_workbook(hostile: Section) -> None:
    """A cell holds 32,767 signs: a longer comment is cut there. Those of no sign have no row."""
    at = dt.datetime(2025, 7, 4, tzinfo=dt.UTC)
    content = workbook([("Comments", hostile.tables)], "Comments", at)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Comments"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = {str(cell.value) for cell in cells}
    whole = [one for one in HOSTILE if one.strip(NOTHING) and len(one) < 1_000 and "@" not in one]
    assert {one for one in whole if "+33" not in one and "http" not in one} <= texts
    assert '=HYPERLINK("[…]' in texts
    assert max(map(len, texts)) <= 32_767
    assert sum(text.startswith("long long") for text in texts) == 1
    assert not [text for text in texts if not text.strip(NOTHING)]


def test_names_of_whom_tickets_are_assigned_to_are_masked(tmp_path: Path) -> None:
    (tmp_path / "ticket_events.csv").write_text(
        "ticket_id,at,field,old,new\nT1,2024-05-02T09:00:00Z,assignee,,Léa Martin\n",
        encoding="utf-8",
    )
    section = section_of(tmp_path, pd.Series(["Merci à Lea MARTIN", *["lent"] * 11]))
    assert {row[1] for row in rows_of(section, "every.open")} == {"Merci à […]", "lent"}


def test_a_contract_without_such_a_question_says_so(tmp_path: Path) -> None:
    section_of(tmp_path, pd.Series(["lent"] * 12))
    plain = "".join(line for line in CONTRACT.splitlines(True) if "open:" not in line)
    (tmp_path / "engagement.yml").write_text(plain, encoding="utf-8")
    with (tmp_path / "survey_answers.csv").open("w", encoding="utf-8") as file:
        file.write("wave,respondent,question,answer\nW1,p1,sat,5\n")
    assert chapter_of(comments, open_review(tmp_path, language="en")).because.startswith(
        "the contract lists no"
    )


def test_the_comments_of_the_sample_make_no_theme_and_stand_in_this_chapter_alone() -> None:
    """30 comments, 15 of each wave, of as many subjects: what no rule can group is not grouped.

    Of 36, RH (3 answers) wrote one in each wave and Marketing, hidden with it, two.
    """
    review = sample_of(language="en")
    section = chapter_of(comments, review)
    assert section.headline == (
        "No theme is found in the 30 comments shown: 15 of 75 answers in 2024-06 and 15 of 76 "
        "answers in 2025-05."
    )
    texts = {str(row[1]) for row in rows_of(section, "every.Q6")}
    assert len(texts) == 30
    left_out = written_by("RH", "Marketing")
    assert (len(left_out), texts & left_out) == (6, set())
    assert "comments.masked" in caveats(section)
    assert "6 comments of groups too small to be shown are left out." in html(section)
    ids = [table.id for table in chapter_of(satisfaction, review).tables]
    assert not [one for one in ids if "comments" in one]


def written_by(*departments: str) -> set[str]:
    """Return the comments of departments in the sample, from the CSV alone, in English."""
    rows = pd.read_csv(SAMPLE / "survey_answers.csv", sep=";", encoding="cp1252", dtype="str")
    own = rows[(rows["question"] == "Q6") & rows["department"].isin(departments)]
    return {*own["answer_en"].dropna()}


def test_a_sole_department_of_one_mind_is_no_group_that_a_comment_could_point_at(
    tmp_path: Path,
) -> None:
    section_of(tmp_path, pd.Series(["lent"] * 12))
    with (tmp_path / "survey_answers.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"W{1 + place % 2},p{place},A,sat,5,\n" for place in range(12))
    section = chapter_of(comments, open_review(tmp_path, language="en"))
    assert len(rows_of(section, "every.open")) == 12
