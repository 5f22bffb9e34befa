"""Headings as people write them: in French, in English, in any case; two of them for one column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.contract.data import Format
from reviewlib.delivery.milestones import chapter as milestones
from reviewlib.folder.checking import Checked, check_table
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.reading import Reading
from reviewlib.money.changes import chapter as changes
from reviewlib.review import open_review
from reviewlib.tables import SCHEMAS
from tests.spoken import chapter as chapter_of
from tests.spoken import in_words

Folder = Callable[..., Path]
OPENED = ["2024-03-01"]


def checked(cells: dict[str, list[str]], language: str = "fr", table: str = "tickets") -> Checked:
    reading = Reading(Format(), "Europe/Paris", {}, None, language)
    frame = pd.DataFrame(cells, dtype="str")
    return check_table(frame.set_axis(range(2, len(frame) + 2)), SCHEMAS[table], "t.csv", reading)


def test_french_headings_are_read_whatever_their_accents_and_apostrophes() -> None:
    table = checked(
        {"N° ticket": ["T1"], "DATE D'OUVERTURE :": OPENED, "Priorite *": ["P1"], "Note": ["x"]}
    )

    assert table.faults == ()
    assert list(table.frame) == ["ticket_id", "opened_at", "priority"]
    assert table.headings == {
        "ticket_id": "N° ticket",
        "opened_at": "DATE D'OUVERTURE :",
        "priority": "Priorite *",
    }
    assert table.unused == ("Note",)


def test_what_is_said_of_a_row_names_the_heading_of_the_file() -> None:
    """T1 is opened on no day; T2 is resolved before it was opened; T3 stands twice."""
    table = checked(
        {
            "N° ticket": ["T1", "T2", "T3", "T3"],
            "Ouvert le": ["30/02/2024", "13/03/2024", "14/03/2024", "15/03/2024"],
            "Résolu le": ["", "12/03/2024", "", ""],
        }
    ).as_headed()

    assert table.set_aside[["row", "column", "rule", "allowed"]].to_numpy().tolist() == [
        [2, "Ouvert le", "unreadable", "instant"],
        [3, "Résolu le", "before", "Ouvert le"],
        [5, "N° ticket", "duplicate", ""],
    ]
    assert table.repaired["column"].unique().tolist() == ["Ouvert le"]


def test_the_name_of_a_column_goes_before_its_title_and_that_before_other_headings() -> None:
    table = checked(
        {
            "ID": ["49541"],
            "ticket_id": ["T1"],
            "Ouvert le": ["2024-01-01"],
            "Date d’ouverture": OPENED,
        }
    )

    assert table.faults == ()
    assert table.headings == {"ticket_id": "ticket_id", "opened_at": "Date d’ouverture"}
    assert table.unused == ("ID", "Ouvert le")


def test_a_heading_with_nothing_under_it_does_not_go_before_one_with_cells() -> None:
    """The title of the column is laid out and left empty; the days stand under another heading."""
    table = checked(
        {
            "N° ticket": ["T1"],
            "Date d’ouverture": OPENED,
            "Date de résolution": [""],
            "Résolu le": ["2024-03-02 12:00"],
        }
    )

    assert table.faults == ()
    assert table.headings["resolved_at"] == "Résolu le"
    assert str(table.frame["resolved_at"].iloc[0].date()) == "2024-03-02"


def test_two_headings_of_one_column_are_a_fault_unless_one_holds_nothing() -> None:
    two = {"ID": ["49541"], "Référence": ["T1"], "opened_at": OPENED}
    table = checked(two)

    assert [str(fault) for fault in table.faults] == [
        "t.csv, row 1, ID: several columns are read as ticket_id: ID, Référence. "
        "Rename those that are not meant."
    ]
    assert checked(two | {"ID": [""]}).frame["ticket_id"].tolist() == ["T1"]


@pytest.mark.parametrize(
    ("language", "heading", "wanted"),
    [
        ("fr", "Date d’ouverture", "N° du ticket"),
        ("en", "Opened on", "Ticket number"),
        ("fr", "opened_at", "ticket_id"),
    ],
)
def test_a_missing_column_is_asked_for_as_the_file_names_the_others(
    language: str, heading: str, wanted: str
) -> None:
    (fault,) = checked({heading: OPENED}, language).faults

    assert fault.column == wanted


def test_a_misspelt_heading_is_answered_by_the_column_that_it_is_near_to() -> None:
    (fault,) = checked({"N° ticket": ["T1"], "Date d'overture": OPENED}).faults

    assert in_words(fault.remedy) == "Rename the column \"Date d'overture\" to 'Date d’ouverture'."


def test_a_heading_near_to_that_of_an_optional_column_is_not_taken_for_it() -> None:
    """A tool's own figure, Délai de résolution, is no misspelt Date de résolution."""
    table = checked({"N°": ["T1"], "Ouvert le": OPENED, "Délai de résolution": ["2 h"]})

    assert (table.faults, table.unused) == ((), ("Délai de résolution",))


def test_a_translation_stands_beside_a_french_heading() -> None:
    cells = {"N°": ["T1"], "Ouvert le": OPENED, "Catégorie": ["Réseau"], "Catégorie (en)": ["Net"]}
    (category,) = checked(cells).frame["category"]

    assert (str(category), category.in_language("en")) == ("Réseau", "Net")


def test_french_headings_tell_the_separator_and_are_named_by_the_engagement(
    engagement_folder: Folder,
) -> None:
    text = 'N° ticket;Date d\'ouverture;"Avis (a, b, c, d)"\nT1;2024-03-01;x, y\n'
    engagement = load_engagement(engagement_folder(tickets=text))

    assert list(engagement.tables["tickets"]) == ["ticket_id", "opened_at"]
    assert engagement.unused == {"tickets.csv": ("Avis (a, b, c, d)",)}
    assert engagement.headings == {
        "tickets": {"ticket_id": "N° ticket", "opened_at": "Date d'ouverture"}
    }


def test_a_row_that_names_no_row_of_another_table_is_told_by_the_heading(
    engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(
        contract_text + "data: {set_aside_limit: 50 %}\n",
        milestones="N° du jalon;Jalon;Date contractuelle\nM1;Début;2024-01-02\n",
        milestone_forecasts=(
            "Jalon;Date du rapport;Date annoncée\nM1;2024-01-02;2024-01-03\n"
            "M9;2024-01-02;2024-01-03\n"
        ),
    )
    aside = load_engagement(folder).set_aside

    assert aside[["row", "column", "rule"]].to_numpy().tolist() == [[3, "Jalon", "orphan"]]


def test_an_empty_table_with_french_headings_has_its_columns(engagement_folder: Folder) -> None:
    folder = engagement_folder(budget="N°;Poste;Montant initial HT\n")

    assert list(load_engagement(folder).tables["budget"]) == ["line_id", "title", "original"]


def test_the_report_names_the_columns_of_a_file_by_its_headings(
    engagement_folder: Folder, contract_text: str
) -> None:
    """What a figure rests on is named as the file does; what it lacks, as it would stand there."""
    folder = engagement_folder(
        contract_text,
        milestones=(
            "N° du jalon;Intitulé;Date contractuelle;Date réelle\nM1;Début;2024-01-02;2024-01-03\n"
        ),
        changes="N°;Intitulé;Demandée le\nC1;x;2024-01-02\n",
        work_orders="order_id,title,ordered_on\nW1,x,2024-01-02\n",
    )
    review = open_review(folder)
    moved = chapter_of(milestones.milestones, review).fact("milestones.rebaselined")
    approved = chapter_of(changes.changes, review)

    assert "milestones.csv: Date contractuelle, Date réelle" in str(moved.source)
    assert "changes.csv lacks a column: Decision" in {str(fact.note) for fact in approved.facts}
    assert review.engagement.heading("milestones", "accepted_on") == "Accepted on"
    assert review.engagement.heading("work_orders", "due_on") == "due_on"
    assert review.engagement.heading("budget", "current") == "current"


def test_a_table_is_known_by_its_title_too(engagement_folder: Folder) -> None:
    text = "N° du jalon;Intitulé;Date contractuelle\nM1;Début;2024-01-02\n"
    engagement = load_engagement(engagement_folder(jalons=text))

    assert engagement.tables["milestones"]["milestone_id"].tolist() == ["M1"]
    assert [source.file for source in engagement.sources] == ["engagement.yml", "jalons.csv"]
