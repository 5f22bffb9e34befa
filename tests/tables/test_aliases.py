"""The headings and words by which columns and values go: each means one thing."""

from __future__ import annotations

from collections.abc import Iterator

import pandera.pandas as pa
import pytest

from reviewlib.languages import LANGUAGES, Language
from reviewlib.tables import SCHEMAS, aliases
from reviewlib.tables.folding import folded

languages = pytest.mark.parametrize("language", LANGUAGES)
tables = pytest.mark.parametrize("schema", SCHEMAS.values(), ids=[*SCHEMAS])


def choices(schema: pa.DataFrameSchema) -> Iterator[tuple[str, ...]]:
    yield from (c.metadata["allowed"] for c in schema.columns.values() if "allowed" in c.metadata)


@tables
def test_no_two_columns_of_a_table_go_by_one_heading_in_either_language(
    schema: pa.DataFrameSchema,
) -> None:
    names = {aliases.heading_key(name): str(name) for name in schema.columns}
    meanings: dict[str, set[str]] = {key: {name} for key, name in names.items()}
    for name in map(str, schema.columns):
        for language in LANGUAGES:
            for heading in aliases.headings(str(schema.name), name, language):
                meanings.setdefault(aliases.heading_key(heading), set()).add(name)

    assert {key: meant for key, meant in meanings.items() if len(meant) > 1} == {}


@tables
@languages
def test_every_column_every_value_and_every_table_has_a_title(
    schema: pa.DataFrameSchema, language: Language
) -> None:
    table = str(schema.name)

    assert aliases.table_titles(table, language)
    assert [c for c in schema.columns if not aliases.headings(table, str(c), language)] == []
    for allowed in choices(schema):
        assert [word for word in allowed if not aliases.words(word, language)] == []


@tables
def test_no_two_values_of_a_column_go_by_one_word(schema: pa.DataFrameSchema) -> None:
    for allowed in choices(schema):
        meanings: dict[str, set[str]] = {folded(value): {value} for value in allowed}
        for value in allowed:
            for language in LANGUAGES:
                for word in aliases.words(value, language):
                    meanings.setdefault(folded(word), set()).add(value)
        assert {word: meant for word, meant in meanings.items() if len(meant) > 1} == {}


def test_no_two_tables_go_by_one_title() -> None:
    meanings: dict[str, set[str]] = {folded(table): {table} for table in SCHEMAS}
    for table in SCHEMAS:
        for language in LANGUAGES:
            for name in aliases.table_titles(table, language):
                meanings.setdefault(folded(name), set()).add(table)

    assert {name: meant for name, meant in meanings.items() if len(meant) > 1} == {}
    assert aliases.table_of(" JALONS ") == "milestones"
    assert aliases.table_of("work_orders") == "work_orders"
    assert aliases.table_of("Feuil1") is None


@languages
def test_the_files_state_nothing_of_what_is_no_table_column_or_value(language: Language) -> None:
    stated = aliases.stated(language)
    columns = {str(name) for schema in SCHEMAS.values() for name in schema.columns}
    values = {v for schema in SCHEMAS.values() for allowed in choices(schema) for v in allowed}

    assert stated["tables"].keys() == SCHEMAS.keys()
    assert stated["columns"].keys() - columns == set()
    assert stated["words"].keys() == values
    for table, about in stated["tables"].items():
        assert about.get("columns", {}).keys() - {*SCHEMAS[table].columns} == set()


@languages
def test_a_table_does_not_state_again_what_is_stated_once(language: Language) -> None:
    stated = aliases.stated(language)

    for about in stated["tables"].values():
        for column, headings in about.get("columns", {}).items():
            assert headings != stated["columns"].get(column), column


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Date d’ouverture", "date d ouverture"),
        ("DATE D'OUVERTURE :", "date d ouverture"),
        ("Priorité *", "priorite"),
        ("Date\u00a0de\u202fcl\u00f4ture", "date de cloture"),
        ("Cloˆture".replace("oˆ", "o\u0302"), "cloture"),
        ("ticket_id", "ticket id"),
        ("Re-baseline", "re baseline"),
        ("N° ticket", "no ticket"),
        ("Nº ticket", "no ticket"),
        ("No. ticket", "no ticket"),
        ("Mise en œuvre", "mise en oeuvre"),
        ("En cours (Attribué)", "en cours attribue"),
        ("Art. 5.2", "art 5.2"),
        ("\ufeffSTRASSE", "strasse"),
        ("-", ""),
    ],
)
def test_what_people_and_tools_write_in_different_ways_is_folded(written: str, plain: str) -> None:
    assert folded(written) == plain


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Date d’ouverture", "opened_at"),
        ("date ouverture", "opened_at"),
        ("Numéro de ticket", "ticket_id"),
        ("N°", "ticket_id"),
        ("PRIORITE", "priority"),
        ("Ticket Number", "ticket_id"),
        ("Opened At", "opened_at"),
        ("category_en", "category_en"),
        ("Catégorie (en)", "category_en"),
        ("Délai de résolution", None),
        ("Description", None),
        ("", None),
        ("(fr)", None),
    ],
)
def test_a_heading_names_its_column(heading: str, column: str | None) -> None:
    assert aliases.column_of(heading, SCHEMAS["tickets"]) == column


@tables
@languages
def test_every_title_names_its_column(schema: pa.DataFrameSchema, language: Language) -> None:
    titles = [aliases.title(str(schema.name), str(c), language) for c in schema.columns]

    assert [aliases.column_of(one, schema) for one in titles] == [*schema.columns]
