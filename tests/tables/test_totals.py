"""Totals among the rows of a table: counted as one of them they would double every amount."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.folder.engagement import load_engagement
from reviewlib.money.budget.chapter import budget as budget_chapter
from reviewlib.review import open_review
from reviewlib.tables.rules import NAMED_TOTAL, SUM, TOTAL
from tests.spoken import caveats
from tests.spoken import chapter as chapter_of

Folder = Callable[..., Path]
LINES = ["L1,Licences,100,90", "L2,Hosting,250.5,", "L3,Support,49.5,10"]


def budget(*rows: str) -> str:
    return "\n".join(["line_id,title,original,actual", *rows, ""])


def outcome(folder: Path) -> tuple[list[str], list[tuple[int, str]], list[tuple[int, str]]]:
    """The lines in use, the rows set aside and those pointed out, each with its rule."""
    read = load_engagement(folder)
    used = [str(name) for name in read.tables["budget"]["line_id"]]
    issues = read.set_aside, read.noted
    aside, noted = ([*zip(rows["row"], rows["rule"], strict=True)] for rows in issues)
    return used, aside, noted


@pytest.mark.parametrize("name", ["TOTAL", "Total HT", "Sous-total", "Grand total:", "= Totaux"])
def test_a_row_called_a_total_that_is_the_sum_of_the_others_is_set_aside(
    engagement_folder: Folder, name: str
) -> None:
    """100 + 250.50 + 49.50 = 400, and 90 + 10 = 100; it does not count as a row that lacks."""
    folder = engagement_folder(budget=budget(*LINES, f"L4,{name},400,100"))

    assert outcome(folder) == (["L1", "L2", "L3"], [(5, TOTAL)], [])


def test_a_total_by_its_number_is_one_and_may_be_rounded(engagement_folder: Folder) -> None:
    """401 is within one in a hundred of 400."""
    folder = engagement_folder(budget=budget("TOTAL,All lines,401,", *LINES))

    assert outcome(folder) == (["L1", "L2", "L3"], [(2, TOTAL)], [])


def test_subtotals_and_their_total_are_all_set_aside(engagement_folder: Folder) -> None:
    """100 + 250.50 = 350.50; 49.50; together 400."""
    rows = [*LINES[:2], "S1,Sous-total 1,350.5,", LINES[2], "S2,Sous-total 2,49.5,", "T,Total,400,"]
    folder = engagement_folder(budget=budget(*rows))

    assert outcome(folder) == (["L1", "L2", "L3"], [(4, TOTAL), (6, TOTAL), (7, TOTAL)], [])


def test_a_name_that_its_amounts_do_not_bear_out_is_pointed_out_and_kept(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(budget=budget(*LINES, "L4,Total Energies,80,"))

    assert outcome(folder) == (["L1", "L2", "L3", "L4"], [], [(5, SUM)])


def test_a_last_row_that_is_the_sum_of_three_others_is_pointed_out_and_kept(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(budget=budget(*LINES, "L4,Budget 2024,400,100"))
    assert outcome(folder) == (["L1", "L2", "L3", "L4"], [], [(5, SUM)])

    other = engagement_folder(budget=budget(*LINES, "L4,Budget 2024,400,101"))
    assert outcome(other) == (["L1", "L2", "L3", "L4"], [], [])


def test_of_two_or_three_lines_none_is_the_sum_by_chance(engagement_folder: Folder) -> None:
    folder = engagement_folder(budget=budget("L1,A,50,", "L2,B,50,", "L3,C,100,"))

    assert outcome(folder) == (["L1", "L2", "L3"], [], [])


SURVEY = """\
survey:
  questions: {nps: {text: "Would you recommend it?", kind: nps}}
data: {set_aside_limit: 10 %}
"""
ANSWERS = "wave,respondent,question,answer\n" + "".join(f"May,p{n},nps,{n}\n" for n in range(8))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Total,12,nps,3.5", "wave"),
        ("TOTAL,12,nps,3.5", "wave"),
        ("May,Total général :,nps,3.5", "respondent"),
        ("May,Sous-total,nps,", "respondent"),
    ],
)
def test_a_line_of_a_survey_called_a_total_is_the_answer_of_nobody(
    engagement_folder: Folder, contract_text: str, row: str, column: str
) -> None:
    """Its answer is a mean, which adds nothing up. Two of 10, above the limit, lack nothing."""
    rows = f"{ANSWERS}{row}\nTotal,1,nps,3\n"
    read = load_engagement(engagement_folder(contract_text + SURVEY, survey_answers=rows))
    aside = read.set_aside[["row", "column", "rule"]]

    assert [*aside.itertuples(index=False, name=None)] == [
        (10, column, NAMED_TOTAL), (11, "wave", NAMED_TOTAL),
    ]  # fmt: skip
    assert len(read.tables["survey_answers"]) == 8


def test_a_wave_or_a_person_with_more_than_total_for_a_name_is_none(
    engagement_folder: Folder, contract_text: str
) -> None:
    rows = "".join(f"Total {year},Totalus,nps,9\n" for year in (2024, 2025))
    folder = engagement_folder(contract_text + SURVEY, survey_answers=ANSWERS + rows)

    assert load_engagement(folder).set_aside.empty


def test_a_survey_of_which_every_wave_is_called_total_has_no_total(
    engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(
        contract_text + SURVEY, survey_answers=ANSWERS.replace("May", "Total")
    )

    assert load_engagement(folder).set_aside.empty


def test_the_people_invited_in_all_are_not_invited_twice(
    engagement_folder: Folder, contract_text: str
) -> None:
    """20 + 15 = 35."""
    rows = "wave,department,invited\nMay,A,20\nMay,B,15\nMay,Total,35\n"
    read = load_engagement(engagement_folder(contract_text + SURVEY, survey_invitations=rows))

    assert read.tables["survey_invitations"]["invited"].sum() == 35
    assert read.set_aside["rule"].tolist() == [TOTAL]


def test_one_other_row_makes_no_total(engagement_folder: Folder) -> None:
    """100,500 is within one in a hundred of 100,000, and adds nothing up."""
    rows = ["L1,Licences,100000,", "L2,Total support package,100500,"]

    assert outcome(engagement_folder(budget=budget(*rows))) == (["L1", "L2"], [], [(3, SUM)])


def test_of_few_rows_a_total_is_their_sum_but_for_rounding(engagement_folder: Folder) -> None:
    """60,000 + 40,000 = 100,000: 101,000 is within one in a hundred, and is not their sum."""
    rows = ["L1,Licences,60000,", "L2,Hosting,40000,", "L3,Total support package,101000,"]

    assert outcome(engagement_folder(budget=budget(*rows))) == (["L1", "L2", "L3"], [], [(4, SUM)])


@pytest.mark.parametrize("name", ["TOTAL", "Montant total", "Total général", "Grand total"])
def test_a_row_named_by_the_word_total_alone_is_one_whatever_its_sum(
    engagement_folder: Folder, name: str
) -> None:
    """It has no title, which a line needs: as a total it is none that has to have one."""
    folder = engagement_folder(budget=budget(*LINES, f"{name},,150000,"))
    used, aside, noted = outcome(folder)

    assert (used, noted) == (["L1", "L2", "L3"], [])
    assert {row for row, _ in aside} == {5}
    assert {rule for _, rule in aside} <= {TOTAL, NAMED_TOTAL}


def test_what_may_be_a_total_is_said_in_the_chapter_that_counts_it(
    engagement_folder: Folder,
) -> None:
    folder = engagement_folder(budget=budget(*LINES, "L4,Total Energies,80,"))

    assert caveats(chapter_of(budget_chapter, open_review(folder, language="en")))[
        "budget.doubtful.budget"
    ] == (
        "1 row of budget.csv may be a total of the others, and is counted here as one of them: "
        "row 5, original “80”."
    )
