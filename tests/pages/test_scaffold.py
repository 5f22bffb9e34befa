"""The folder that ``new`` lays out: every column explained, accepted by ``check`` once filled."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from reviewlib.contract import Clause, Contract, load_contract
from reviewlib.contract.governance import Governance
from reviewlib.faults import Faults, ReviewError
from reviewlib.files import resource
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.notes import EXPLAINED, Notes, load_notes
from reviewlib.pages.scaffold import COLUMNS, FIRST, add_tables, lay_out
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import table_titles, title

BLANKS = {
    r"^id:.*": "id: C-1",
    r"^title:.*": "title: Support",
    r"^time_zone:.*": "time_zone: Europe/Paris",
    r"\{first: , last: \}": "{first: 2024-01-01, last: 2025-06-30}",
    r"^  name:$": "  name: Somebody",
}
languages = pytest.mark.parametrize("language", ["fr", "en"])


def filled(text: str) -> str:
    """The template with its blanks filled."""
    for blank, value in BLANKS.items():
        text, count = re.subn(blank, value, text, flags=re.MULTILINE)
        assert count, blank
    return text


def in_use(text: str) -> str:
    """The template with its examples in use: their # taken out, and the empty value above them."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#(  |survey|sharing|major|governance|selection)", line):
            lines[number] = line[1:]
            above = next(i for i in range(number - 1, -1, -1) if not lines[i].startswith("  #"))
            lines[above] = re.sub(r": (\[\]|\{\})$", ":", lines[above])
    return "\n".join(lines) + "\n"


def untitled(rule: Any) -> Any:
    """A penalty rule without its words."""
    return rule.model_copy(update={"title": "", "source": ""})


@languages
def test_a_folder_is_laid_out_with_a_heading_for_each_table(tmp_path: Path, language: str) -> None:
    made = lay_out(tmp_path / "new" / "folder", language, SCHEMAS)

    assert [path.name for path in made] == [
        "engagement.yml",
        *(f"{name}.csv" for name in SCHEMAS),
        COLUMNS,
        EXPLAINED,
    ]
    every = (tmp_path / "new" / "folder").rglob("*")
    assert sorted(made) == sorted(path for path in every if path.is_file())
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["folder"]
    separator = {"fr": ";", "en": ","}[language]
    for name, schema in SCHEMAS.items():
        content = (tmp_path / "new" / "folder" / f"{name}.csv").read_bytes()
        headings = {"en": [*schema.columns], "fr": [title(name, c, "fr") for c in schema.columns]}
        assert content.decode("utf-8-sig").splitlines() == [separator.join(headings[language])]
        assert content.startswith(b"\xef\xbb\xbf")


def test_a_new_folder_has_the_tables_of_a_first_report(tmp_path: Path) -> None:
    lay_out(tmp_path / "folder", "en")

    assert sorted(path.stem for path in (tmp_path / "folder").glob("*.csv")) == [
        "budget", "milestones", "survey_answers", "tickets",
    ]  # fmt: skip


def test_a_table_is_added_in_the_language_of_the_contract_and_with_its_separator(
    tmp_path: Path,
) -> None:
    """By its title or its name, once; French has semicolons unless the contract says tabs."""
    folder = tmp_path / "folder"
    lay_out(folder, "fr")
    contract = folder / "engagement.yml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(
        text.replace("  formats: {}", '  formats: {changes: {separator: "\\t"}}'), encoding="utf-8"
    )
    made = add_tables(folder, ["pénalités", "changes", "penalties.csv"])

    assert [path.name for path in made] == ["penalties.csv", "changes.csv"]
    first, second = (path.read_text(encoding="utf-8-sig") for path in made)
    assert first.startswith("N° de la pénalité;Règle;Objet;Mois;")
    assert second.startswith("N° de la demande\tIntitulé\tPorte sur\t")


def test_a_table_that_is_there_is_not_written_over_and_none_is_added_beside(
    tmp_path: Path,
) -> None:
    lay_out(tmp_path / "folder", "en")
    (tmp_path / "folder" / "Paiements.parquet").write_bytes(b"x")
    before = sorted((tmp_path / "folder").iterdir())

    for names in (["changes", "tickets"], ["payments"]):
        with pytest.raises(ReviewError, match="is there already, and is left as it is"):
            add_tables(tmp_path / "folder", names)
    assert sorted((tmp_path / "folder").iterdir()) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Paiement", "n’est pas une table du bilan. Vouliez-vous dire Paiements"),
        ("xyz", "elles sont dans COLUMNS.md"),
        ("../tickets", "n’est pas une table du bilan"),
    ],
)
def test_a_name_that_is_no_table_is_answered_in_the_language_of_the_contract(
    tmp_path: Path, name: str, words: str
) -> None:
    lay_out(tmp_path / "folder", "fr")
    with pytest.raises(ReviewError, match=re.escape(words)):
        add_tables(tmp_path / "folder", [name])


def test_a_table_is_added_to_a_folder_with_a_contract_alone(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=r"no engagement\.yml\. Lay it out first"):
        add_tables(tmp_path / "none", ["tickets"])
    (tmp_path / "engagement.yml").write_text("language: fr\n\tid: [", encoding="utf-8")

    (made,) = add_tables(tmp_path, ["tickets"])
    assert made.read_text(encoding="utf-8-sig").startswith("ticket_id,")


def test_a_folder_in_french_is_filled_in_french(tmp_path: Path) -> None:
    """Its first tables, with the values that COLUMNS.md admits: every row is used."""
    folder = tmp_path / "folder"
    lay_out(folder, "fr")
    add_tables(folder, ["changes"])
    path = folder / "engagement.yml"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    rows = {
        "milestones": "J1;Ouverture;Art. 2;15/01/2024;;;17/01/2024;",
        "budget": "L1;Support;Art. 8;120 000,00;;60 000;;31/03/2024;EUR;Non",
        "tickets": "T1;13/02/2024 09:00;incident;;;;;P1;Clos;;;;14/02/2024 10:00;Oui;0;;",
        "changes": "D1;Délai;Calendrier;Activité;Client;13/02/2024;;14/02/2024;Approuvée;;;;;;;;;;",
    }
    for name, row in rows.items():
        with (folder / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    engagement = load_engagement(folder)

    assert engagement.set_aside.empty
    assert engagement.unused == {}
    assert {name: len(engagement.tables[name]) for name in rows} == dict.fromkeys(rows, 1)
    change, ticket = engagement.tables["changes"].iloc[0], engagement.tables["tickets"].iloc[0]
    assert (change["kind"], change["trigger"], change["decision"]) == (
        "schedule", "business", "approved",
    )  # fmt: skip
    assert (ticket["recorded_sla_met"], ticket["priority"]) == (True, "P1")


@languages
def test_the_notes_of_the_facilitator_are_explained_with_an_example_that_is_read(
    tmp_path: Path, language: str
) -> None:
    explained = lay_out(tmp_path / "folder", language)[-1]
    assert load_notes(tmp_path / "folder", language) == (Notes(), [])

    example = explained.read_text(encoding="utf-8").split("```")[1].removeprefix("yaml\n")
    (explained.parent / "front.yml").write_text(example, encoding="utf-8")
    notes, faults = load_notes(tmp_path / "folder", language)

    assert faults == []
    assert notes.verdict is not None
    assert notes.verdict.in_language(language)[0] == language
    assert [*notes.briefs] == ["milestones.M5"]


@languages
def test_every_column_is_explained_beside_the_tables(tmp_path: Path, language: str) -> None:
    lay_out(tmp_path / "folder", language)
    explained = (tmp_path / "folder" / COLUMNS).read_text(encoding="utf-8")

    for name, schema in SCHEMAS.items():
        heading = {"en": name, "fr": f"{table_titles(name, 'fr')[0]} (`{name}.csv`)"}[language]
        assert f"### {heading}\n" in explained
        for column in schema.columns:
            shown = column if language == "en" else title(name, column, "fr")
            assert f"\n| `{shown}` | " in explained


@languages
def test_check_names_every_blank_with_its_line(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "folder"
    lay_out(folder, language)
    with pytest.raises(Faults) as refused:
        load_engagement(folder)

    lines = (folder / "engagement.yml").read_text(encoding="utf-8").splitlines()
    faults = refused.value.faults
    assert [fault.column for fault in faults] == [
        "id", "title", "time_zone", "period.first", "period.last", "client.name", "provider.name",
    ]  # fmt: skip
    for fault in faults:
        assert fault.row is not None
        assert fault.column.split(".")[-1] in lines[fault.row - 1]


@languages
def test_once_its_blanks_are_filled_the_folder_is_an_engagement(
    tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "folder"
    lay_out(folder, language)
    path = folder / "engagement.yml"
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    with (folder / "tickets.csv").open("a", encoding="utf-8") as file:
        separator = {"fr": ";", "en": ","}[language]
        file.write(f"T1{separator}2024-03-01 09:00\n")
    engagement = load_engagement(folder)

    assert set(engagement.tables) == {*FIRST}
    assert engagement.tables["tickets"]["ticket_id"].to_list() == ["T1"]
    assert (engagement.contract.language, engagement.contract.clause_ids()) == (language, ())


def test_the_examples_of_both_templates_are_one_valid_contract(tmp_path: Path) -> None:
    contracts: dict[str, Contract] = {}
    for language in ("fr", "en"):
        template = resource("templates/engagement") / f"engagement.{language}.yml"
        text = in_use(filled(template.read_text(encoding="utf-8")))
        (tmp_path / "engagement.yml").write_text(text, encoding="utf-8")
        contracts[language] = load_contract(tmp_path)

    french, english = contracts["fr"], contracts["en"]
    for contract in contracts.values():
        assert len(contract.escalation) == len(contract.sensitive_periods) == 1
        assert (len(contract.scope), len(contract.objectives), len(contract.versions)) == (2, 1, 2)
        assert contract.clause_ids() == ("Art. 5.1", "Art. 5.2")
        assert contract.survey is not None
        assert contract.sharing.chapters == ("milestones", "service_levels")
        assert contract.major_incidents is not None
        plan = contract.governance
        assert {*Governance.model_fields} == plan.model_fields_set  # an example of every key
        assert plan.bodies["steering"].roles[1] == contract.client.others[0].id == "cio"
        assert contract.selection is not None
        assert len(contract.client_duties) == len(contract.key_dates) == 1
        assert list(contract.versions[0].availability) == ["Art. 5.3"]
        clause = contract.clause("Art. 5.2")
        unnamed = {*Clause.model_fields} - clause.model_fields_set
        assert unnamed <= {"services", "sites", "caller_groups", "kinds"}  # empty lists
        assert contract.data.format_of("tickets").missing == ("?",)
        assert contract.objectives["O1"].lacks == ()
        rules = contract.versions[0].penalties
        assert [rule.kind for rule in rules.values()] == [
            "delay", "delay", "points", "tiers", "late_payment",
        ]  # fmt: skip
    assert french.extracted_at == english.extracted_at
    for one, other in zip(french.versions, english.versions, strict=True):
        assert [c.targets for c in one.clauses.values()] == [
            c.targets for c in other.clauses.values()
        ]
        for part in ("price", "acceptance", "payment", "change_requests"):
            assert getattr(one, part) == getattr(other, part)
        assert [untitled(rule) for rule in one.penalties.values()] == [
            untitled(rule) for rule in other.penalties.values()
        ]
    assert french.versions[0] != french.versions[1]


def test_an_empty_folder_may_be_laid_out_and_one_with_files_is_left_alone(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    lay_out(empty, "en")
    before = {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()}

    with pytest.raises(ReviewError, match="existe déjà et n’est pas vide"):
        lay_out(empty, "fr")
    with pytest.raises(ReviewError, match="exists already and is not empty"):
        lay_out(empty / "engagement.yml", "en")
    after = {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()}
    assert after == before


def test_a_folder_that_can_not_be_made_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReviewError, match="cannot be made"):
        lay_out(tmp_path / "file" / "folder", "en")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_another_language_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="language 'de': allowed are fr and en"):
        lay_out(tmp_path / "folder", "de")

    assert list(tmp_path.iterdir()) == []
