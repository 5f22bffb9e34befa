"""Which row of a workbook is the heading, and a heading that is none: refused, nothing written."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from reviewlib.faults import Faults, ReviewError
from reviewlib.folder.importers.mapping import FILE
from reviewlib.pages.imports import run
from tests.folder.importers.test_tools import bring, cells, stated, wanted

RATES = (("EUR HT", "Expert", "Développeur"), ("tarif/jour", 750, 600))
COSTS = (("Étape", "Détail", "Total", "Remarque"), ("A", "Audit", 7600, ""), ("B", "Recette", 900))


def workbook(folder: Path, *tables: tuple[tuple[object, ...], ...]) -> Path:
    """Write tables one under the other into a sheet, a blank row between: rows 1, 2, then 4…"""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Coûts"
    row = 1
    for table in tables:
        for cells_of in table:
            for place, value in enumerate(cells_of, start=1):
                sheet.cell(row, place, value)
            row += 1
        row += 1
    path = folder / "budget.xlsx"
    book.save(path)
    return path


def named(folder: Path, **columns: str) -> None:
    """State headings in mapping.yml."""
    lines = "".join(f"      {name}: {heading}\n" for name, heading in columns.items())
    text = f"format: 1\nimports:\n  budget:\n    table: budget\n    columns:\n{lines}"
    folder.mkdir()
    (folder / FILE).write_text(text, encoding="utf-8")


def test_a_heading_that_the_export_does_not_have_is_a_fault_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    """The costs begin in row 4, under the rates (rows 1 and 2) and a blank row."""
    file, folder = workbook(tmp_path, RATES, COSTS), tmp_path / "e"
    named(folder, line_id="Étape", title="Etapes", original="Total")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(Faults) as caught:
        bring(wanted("table", [file], folder, "budget"))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert caught.value.language == "fr"
    text = str(caught.value)
    assert "budget.xlsx, ligne 4" in text
    assert "«\u00a0Etapes\u00a0»" in text
    assert "n’est pas un intitulé de budget.xlsx (feuille «\u00a0Coûts\u00a0»" in text
    assert "Étape, Détail, Total, Remarque" in text


def test_the_row_of_most_words_is_the_heading_and_the_others_are_offered(tmp_path: Path) -> None:
    """The costs have four headings, the rates three; the rows of both have two words or less."""
    file, folder = workbook(tmp_path, RATES, COSTS), tmp_path / "e"

    lines = bring(wanted("table", [file], folder, "budget"), complete=False)

    assert "feuille «\u00a0Coûts\u00a0», intitulés en ligne 4" in lines
    assert "Étape, Détail, Total, Remarque" in lines
    assert "ligne 1" in lines
    assert "EUR HT, Expert, Développeur" in lines


def test_a_sign_in_place_of_a_word_is_a_heading_too(tmp_path: Path) -> None:
    """With “&” row 4 has four headings, one more than row 1; without it as many, and row 1 is."""
    costs = (("&", "Détail", "Total", "Remarque"), *COSTS[1:])
    file, folder = workbook(tmp_path, RATES, costs), tmp_path / "e"

    lines = bring(wanted("table", [file], folder, "budget"), complete=False)

    assert "intitulés en ligne 4" in lines


def test_a_heading_of_another_row_that_is_answered_makes_that_row_the_heading(
    tmp_path: Path,
) -> None:
    """The rates are wider here, so row 1 is taken; the answer Étape moves the heading to row 4."""
    rates = (("EUR HT", "Expert", "Développeur", "Chef", "Total"), ("tarif", 750, 600, 500, 9))
    file, folder = workbook(tmp_path, rates, COSTS), tmp_path / "e"

    bring(wanted("table", [file], folder, "budget"), "etape", "Détail", "Total")

    table = cells(folder, "budget")
    assert [*table["title"]] == ["Audit", "Recette"]
    assert [*table["original"]] == ["7600", "900"]
    assert stated(folder, "budget")["columns"]["line_id"] == "Étape"  # type: ignore[index]


def test_answers_that_end_before_the_questions_write_nothing(tmp_path: Path) -> None:
    file, folder = workbook(tmp_path, RATES, COSTS), tmp_path / "e"

    def ended(question: str, default: str) -> str:
        raise EOFError

    with pytest.raises(ReviewError, match="Rien n’a été écrit"):
        run(wanted("table", [file], folder, "budget"), ended, lambda line: None)
    assert not folder.exists()


def test_a_heading_that_yaml_does_not_read_bare_is_to_be_put_between_quotes(
    tmp_path: Path,
) -> None:
    file, folder = workbook(tmp_path, COSTS), tmp_path / "e"
    named(folder, line_id="&", title="Détail", original="Total")

    with pytest.raises(Faults, match="between quotes"):
        bring(wanted("table", [file], folder, "budget"))


def test_a_form_without_answers_is_refused_in_its_language_before_there_is_a_folder(
    tmp_path: Path,
) -> None:
    file = tmp_path / "reponses.csv"
    file.write_text("Horodateur,Le service répond\n", encoding="utf-8")

    with pytest.raises(Faults) as caught:
        bring(wanted("google-forms", [file], tmp_path / "e"))
    assert caught.value.language == "fr"
