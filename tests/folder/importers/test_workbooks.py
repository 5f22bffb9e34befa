"""Sheets of a workbook, and second forms, into a folder: units, totals, drafts, likely columns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml
from openpyxl import Workbook

from reviewlib.contract.loading import load_contract
from reviewlib.faults import Faults, ReviewError
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.importers.mapping import FILE
from reviewlib.folder.importers.tools import ImportRequest
from reviewlib.languages import Language
from reviewlib.pages.imports import run
from tests.conftest import Run

HEADINGS = ("N° ligne", "Poste", "Budget initial", "Consommé", "Atterissage prévu")
LINES = (("L1", "Postes", 100, 60, 120), ("L2", "Réseau", 50, 30, 55))


def budget(folder: Path, above: str = "Budget du contrat (k€ HT)", total: int = 150) -> Path:
    """A workbook: a title, a blank row, headings, two lines, and a total without a number."""
    book = Workbook()
    sheet = book.active
    for row in ([above], [], [*HEADINGS], *LINES, [None, "Total", total, 90, 175]):
        sheet.append([*row])
    path = folder / "suivi.xlsx"
    book.save(path)
    return path


def bring(
    file: Path, folder: Path, source: str = "table", table: str = "", language: Language = "en"
) -> str:
    shown: list[str] = []
    request = ImportRequest(source, (file,), folder, table=table, language=language)
    assert run(request, None, shown.append)
    return "\n".join(shown).replace("\u00a0", " ")


def test_amounts_that_the_sheet_calls_thousands_are_pointed_at(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    first = bring(budget(tmp_path), folder, table="budget")

    assert (
        "“Budget du contrat (k€ HT)”: the amounts of budget.csv seem to be in such units, and stay "
        "as they are written. If they are, state data.formats.budget.amounts: thousands in "
        "engagement.yml."
    ) in first
    contract = folder / "engagement.yml"
    declared = "data: {formats: {budget: {amounts: thousands}}}\n"
    contract.write_text(contract.read_text("utf-8") + declared, "utf-8")
    assert "such units" not in bring(budget(tmp_path), folder, table="budget")
    assert load_engagement(folder).table("budget")["original"].tolist() == [100_000, 50_000]


@pytest.mark.parametrize("above", ["Budget (euros)", "Suivi du marché", "Kit € 3", "Skeur"])
def test_a_title_without_such_a_unit_says_nothing(tmp_path: Path, above: str) -> None:
    said = bring(budget(tmp_path, above), tmp_path / "f", table="budget")

    assert "such units" not in said


def test_a_total_without_a_number_stands_once_whatever_is_read_beside_it(tmp_path: Path) -> None:
    """First its four columns; then one more, and the total of the next quarter."""
    folder = tmp_path / "f"
    bring(budget(tmp_path), folder, table="budget")
    mapping = folder / FILE
    routes = yaml.safe_load(mapping.read_text("utf-8"))
    routes["imports"]["budget"]["columns"]["forecast"] = "Atterissage prévu"
    mapping.write_text(yaml.safe_dump(routes, allow_unicode=True), "utf-8")
    again = bring(budget(tmp_path, total=151), folder, table="budget")

    assert "budget.csv: 0 new, 3 changed, 0 unchanged." in again
    cells = pd.read_csv(folder / "budget.csv", dtype=str)
    assert cells["title"].tolist() == ["Postes", "Réseau", "Total"]
    assert cells["original"].tolist() == ["100", "50", "151"]


def test_a_table_into_a_new_folder_drafts_a_contract_that_holds(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    bring(budget(tmp_path), folder, table="budget", language="fr")
    contract = load_contract(folder)

    assert (contract.language, contract.id) == ("fr", "suivi")
    assert len(load_engagement(folder).table("budget")) == 2  # the total is set aside


def test_the_days_of_a_table_are_the_period_of_its_draft(tmp_path: Path) -> None:
    path = tmp_path / "jalons.csv"
    path.write_text("Code;Jalon;Date prévue contrat\nJ1;A;2026-03-02\nJ2;B;2026-07-18\n", "utf-8")
    folder = tmp_path / "f"
    bring(path, folder, table="milestones")
    period = load_contract(folder).period

    assert (str(period.first), str(period.last)) == ("2026-03-02", "2026-07-18")


def test_the_likely_column_of_a_heading_that_is_not_read_is_named(tmp_path: Path) -> None:
    said = bring(budget(tmp_path), tmp_path / "f", table="budget")

    assert "actual from “Consommé”" in said
    assert "“Atterissage prévu” may be “" in said
    assert "write it under imports.budget.columns.forecast in mapping.yml" in said


def test_english_headings_draft_a_french_contract_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "glpi.csv"
    path.write_text(
        '"ID";"Title";"Status";"Opening date";"Priority"\n'
        '"1";"A";"New";"2026-03-02 09:00";"High"\n',
        "utf-8",
    )
    bring(path, tmp_path / "f", "glpi", language="fr")
    text = (tmp_path / "f" / "engagement.yml").read_text("utf-8")

    assert "language: fr" in text
    assert "title: {en: Time to resolve, fr: Délai de résolution}" in text


def test_a_table_is_named_by_its_title_too(tmp_path: Path, run_here: Run) -> None:
    path = tmp_path / "j.csv"
    path.write_text("Code;Jalon;Date contractuelle\nJ1;Lancement;2026-03-02\n", "utf-8")

    done = run_here("import", "table", path, "--as", "jalons", "--to", tmp_path / "f")
    assert done.returncode == 0
    assert (tmp_path / "f" / "milestones.csv").is_file()


def test_a_second_form_brings_questions_of_its_own_and_opens_none_of_the_first(
    tmp_path: Path,
) -> None:
    """Three people and two questions (Q1, Q2), then one (Q3); the first two are not asked."""
    folder = tmp_path / "f"
    for name, stamp, text in (
        ("a", "Horodateur,Commentaire libre", "Êtes-vous satisfait du support ?"),
        ("b", "Heure de fin,ID", "Êtes-vous satisfait du poste ?"),
    ):
        rows = "".join(f"2026-06-0{n} 10:00:00,N{n},Très satisfait\n" for n in (1, 2, 3))
        (tmp_path / f"{name}.csv").write_text(f'{stamp},"{text}"\n{rows}', "utf-8")
    bring(tmp_path / "a.csv", folder, "google-forms")
    said = bring(tmp_path / "b.csv", folder, "ms-forms")

    assert "survey_answers.csv: 3 new" in said
    assert "Add these lines under survey.questions" in said
    line = next(one for one in said.splitlines() if one.startswith("    Q3: "))
    assert "fill it in" not in said
    contract = folder / "engagement.yml"
    text = contract.read_text("utf-8").rstrip("\n")
    contract.write_text(f"{text}\n{line}\n", "utf-8")
    assert "fill it in" not in bring(tmp_path / "b.csv", folder, "ms-forms")
    assert len(load_engagement(folder).table("survey_answers")) == 3 * 3


def refused(file: Path, folder: Path, source: str, language: Language = "fr") -> str:
    with pytest.raises(ReviewError) as error:
        bring(file, folder, source, language=language)
    return str(error.value).replace("\u00a0", " ")


def test_what_is_wrong_with_a_file_is_told_in_the_language_asked_for(tmp_path: Path) -> None:
    other = tmp_path / "x.csv"
    other.write_text("Couleur;Taille\nrouge;1\n", "utf-8")

    assert "Exportez-le avec ces colonnes : Numéro, Ouvert" in refused(
        other, tmp_path / "f", "servicenow"
    )
    assert "est un dossier, et non un fichier" in refused(tmp_path, tmp_path / "f", "glpi")
    assert "ce fichier n’existe pas" in refused(tmp_path / "y.csv", tmp_path / "f", "glpi")


def test_a_folder_that_cannot_be_written_is_named_in_its_language(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("", "utf-8")

    with pytest.raises(ReviewError, match="est un fichier"):
        bring(budget(tmp_path), tmp_path / "f", table="budget", language="fr")


def test_a_table_of_which_only_the_case_differs_is_to_be_renamed(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    bring(budget(tmp_path), folder, table="budget")
    (folder / "budget.csv").rename(folder / "Budget.csv")

    with pytest.raises(Faults, match=r"Rename it to budget\.csv"):
        bring(budget(tmp_path), folder, table="budget")


def test_the_comments_beside_open_keys_outlast_the_import_of_another_source(
    tmp_path: Path,
) -> None:
    glpi = tmp_path / "glpi.csv"
    glpi.write_text('"ID";"Quand";"Priorité"\n"1";"2026-03-02";"Haute"\n', "utf-8")
    folder = tmp_path / "f"
    shown: list[str] = []
    run(ImportRequest("glpi", (glpi,), folder), None, shown.append)
    comment = next(
        one for one in (folder / FILE).read_text("utf-8").splitlines() if "opened_at" in one
    )
    assert "  # " in comment
    bring(budget(tmp_path), folder, table="budget")

    assert comment in (folder / FILE).read_text("utf-8").splitlines()


def test_a_heading_that_is_no_value_of_yaml_is_offered_between_quotes(tmp_path: Path) -> None:
    glpi = tmp_path / "glpi.csv"
    glpi.write_text('"ID";"&";"Priorité"\n"1";"x";"Haute"\n', "utf-8")
    shown: list[str] = []
    run(ImportRequest("glpi", (glpi,), tmp_path / "f"), None, shown.append)

    assert '"&"' in "\n".join(shown)


def test_a_moved_date_without_its_approval_is_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_text(
        "Code;Jalon;Date contractuelle;Date recalée\n"
        "J1;A;2026-03-02;2026-04-02\nJ2;B;2026-07-18;\n",
        "utf-8",
    )
    folder = tmp_path / "f"
    bring(path, folder, table="milestones")
    noted = load_engagement(folder).noted

    assert noted[["row", "column", "rule"]].to_numpy().tolist() == [
        [2, "rebaselined_date", "alone"]
    ]


def test_the_start_of_a_form_may_help_to_tell_who_answered(tmp_path: Path) -> None:
    form = tmp_path / "b.csv"
    form.write_text(
        "ID,Heure de début,Heure de fin,Êtes-vous satisfait ?\n"
        + "".join(f"{n},2026-06-0{n} 10:00:00,2026-06-0{n} 10:05:00,Satisfait\n" for n in (1, 2)),
        "utf-8",
    )
    said = bring(form, tmp_path / "f", "ms-forms")

    assert "Never read, for they may help to tell who answered: Heure de début." in said
