"""A contract stated in a sheet of a workbook: the same contract as in engagement.yml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewlib.contract import load_contract
from reviewlib.contract.targets import target
from reviewlib.faults import Faults
from reviewlib.folder.engagement import load_engagement
from reviewlib.pages.wording import Wording
from reviewlib.parameters import find_folder
from tests.books import Rows, book

Folder = Callable[..., Path]
HEADING = ("Key", "Value", "Meaning")
SMALL: list[tuple[Any, ...]] = [
    ("The contract",), (), HEADING,
    ("id", "C-1"), ("title > fr", "Support informatique"), ("title > en", "IT support"),
    ("language", "en"), ("time_zone", "Europe/Paris"),
    ("period > first", dt.date(2024, 1, 1)), ("period > last", "2024-12-31"),
    ("client > name", "Client"), ("provider > name", "Provider"),
    ("terms > priorities", "P1, P2"),
    ("terms > calendars > 1 > id", "office"), ("terms > calendars > 1 > title", "Office hours"),
    ("terms > calendars > 1 > week > mon", "09:00-18:00"),
    ("terms > calendars > 1 > week > tue", "[[\"09:00\", \"18:00\"]]"),
    ("terms > calendars > 1 > holidays", "FR"),
    ("terms > services > support > name", "Support"),
    ("terms > services > 2 > id", ""), ("terms > services > 2 > name", ""),
    ("terms > statuses > 1 > id", "Waiting"), ("terms > statuses > 1 > state", "waiting"),
    ("terms > statuses > 1 > awaits", "client"),
    ("terms > clauses > 1 > id", 5.2), ("terms > clauses > 1 > title", "Time to resolution"),
    ("terms > clauses > 1 > measure", "resolution"), ("terms > clauses > 1 > calendar", "office"),
    ("terms > clauses > 1 > targets > P1", "4 h"), ("terms > clauses > 1 > targets > P2", "8 h"),
    ("terms > clauses > 1 > threshold", (0.95, "0%")),
    ("terms > clauses > 1 > stops_at", "last_resolution"),
    ("terms > clauses > 1 > pauses", "Waiting"),
]  # fmt: skip


def put(folder: Path, rows: Rows, name: str = "contract", **others: Rows) -> Path:
    (folder / "Suivi.xlsx").write_bytes(book({name: rows, **others}))
    return folder


def fault_texts(folder: Path) -> list[str]:
    with pytest.raises(Faults) as refusal:
        load_engagement(folder)
    return [str(fault) for fault in refusal.value.faults]


@pytest.mark.parametrize("name", ["contract", "Contrat"])
def test_a_sheet_states_the_contract_that_the_yaml_states(
    tmp_path: Path, contract_text: str, name: str
) -> None:
    (tmp_path / "yaml").mkdir()
    (tmp_path / "yaml" / "engagement.yml").write_text(contract_text, encoding="utf-8")
    put(tmp_path, SMALL, name)

    assert load_contract(tmp_path) == load_contract(tmp_path / "yaml")
    assert load_engagement(tmp_path).sources[0].file == "Suivi.xlsx"
    assert find_folder(tmp_path / "Suivi.xlsx") == tmp_path


def test_names_and_lists_may_stand_in_one_cell(tmp_path: Path) -> None:
    """A comma before no name belongs to the value: “5 working days, end of day”."""
    one_cell = {
        "terms > clauses > 1 > targets": "P1: 4 h, P2: 5 working days, end of day",
        "terms > clauses > 1 > threshold": "P1: 95 %; P2: 90 %",
        "terms > calendars > 1 > week": "mon: 08:00-12:00, 14:00-18:00, tue: 09:00-18:00",
        "terms > calendars > 1 > extra_holidays": "2024-05-10: Bridge day",
        "survey > questions > Q1": '{text: "Satisfied?", kind: csat, scale: [1, 5]}',
        "survey > questions > 2 > id": "Q2",
        "survey > questions > 2 > text": "Satisfied: yes or no?",
        "survey > questions > 2 > kind": "agreement",
        "survey > questions > 2 > scale": "1-7",
        "survey > questions > 2 > lowest_is_best": "oui",
    }
    left = ("targets", "threshold", "week")
    rows = [row for row in SMALL if not any(f" > {name}" in str(row[:1]) for name in left)]
    put(tmp_path, [*rows, *one_cell.items()])

    contract = load_contract(tmp_path)

    clause, calendar = contract.clause("5.2"), contract.versions[0].calendars["office"]
    assert clause.threshold == {"P1": 0.95, "P2": 0.9}
    assert clause.targets["P1"] == dt.timedelta(hours=4)
    assert clause.targets["P2"] == target("5 working days, end of day")
    assert calendar.week == {
        "mon": (("08:00", "12:00"), ("14:00", "18:00")), "tue": (("09:00", "18:00"),),
    }  # fmt: skip
    assert calendar.extra_holidays == {dt.date(2024, 5, 10): "Bridge day"}
    assert contract.survey is not None
    question = contract.survey.questions["Q2"]
    assert (question.scale, question.lowest_is_best) == ((1, 7), True)


def paths(value: Any, place: str = "") -> list[tuple[str, Any]]:
    """A contract's values as rows: lists numbered, names in place of keys."""
    if isinstance(value, dict) and value:
        return [row for key, part in value.items() for row in paths(part, f"{place} > {key}")]
    if isinstance(value, list) and value:
        return [row for n, part in enumerate(value, 1) for row in paths(part, f"{place} > {n}")]
    return [] if value in ({}, []) else [(place[3:], value)]


def test_the_whole_contract_of_the_sample_fits_in_a_sheet(tmp_path: Path) -> None:
    """Every key of it, by the rows of its YAML; pairs and lists of names are written plainly."""
    sample = find_folder("data/sample")
    stated = yaml.load((sample / "engagement.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    put(tmp_path, [HEADING, *paths(stated)])

    assert load_contract(tmp_path) == load_contract(sample)


def test_a_fault_of_the_contract_names_the_sheet_and_the_row(tmp_path: Path) -> None:
    rows = [row for row in SMALL if row[:1] != ("client > name",)]
    rows += [
        ("provider > contact > role", ""),
        ("terms > prix > total", 3),
        ("signed", "soon"),
        ("summary > 1", ""),
        ("terms > services > 3 > id", "Other"),
    ]
    put(tmp_path, rows)

    assert fault_texts(tmp_path) == [
        "Suivi.xlsx (contract), row 3, client: the key 'client' is missing or has no value",
        "Suivi.xlsx (contract), row 34, terms.prix: unknown key 'prix'. Did you mean 'price'?",
        "Suivi.xlsx (contract), row 35, signed: write a date such as 2024-01-15 (found: 'soon')",
        "Suivi.xlsx (contract), row 37, terms.services.Other.name: the key 'name' is missing or "
        "has no value",
    ]


def test_what_the_rows_contradict_is_a_fault(tmp_path: Path) -> None:
    rows = [
        *SMALL,
        ("id", "C-2"),
        ("client", "Someone"),
        ("terms > statuses > 2 > state", "open"),
        ("escalation > first > level", 1),
        ("terms > clauses > 1 > calendar > P1", ""),
        ("summary", "{a: "),
    ]
    put(tmp_path, rows)

    assert fault_texts(tmp_path) == [
        "Suivi.xlsx (contract), row 4, id: is given twice, with different values. Keep one of "
        "the rows.",
        "Suivi.xlsx (contract), row 11, client: has a value of its own and parts under it. Keep "
        "the value, or the parts.",
        "Suivi.xlsx (contract), row 36, terms > statuses > 2: holds values and does not say of "
        "what: it lacks its id. Write its name beside “terms > statuses > 2 > id”.",
        "Suivi.xlsx (contract), row 37, escalation: is a list: its parts are numbered. Write "
        "escalation > 1, escalation > 2 and so on.",
        "Suivi.xlsx (contract), row 39, summary: braces or brackets that do not close, or a sign "
        "too many between them. Write [one, two] or {P1: 4 h, P2: 8 h}, or plain text that begins "
        "otherwise.",
    ]


def test_a_sheet_without_its_headings_says_so_and_a_damaged_workbook_is_the_only_fault(
    tmp_path: Path,
) -> None:
    put(tmp_path, [("id", "C-1")])
    assert fault_texts(tmp_path) == [
        "Suivi.xlsx (contract): the headings “key” and “value” stand nowhere in its first rows "
        "(up to row 30). Write the headings key and value (clé, valeur) above the rows."
    ]
    (tmp_path / "Suivi.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    )
    assert fault_texts(tmp_path)[0].startswith("Suivi.xlsx: is protected by a password.")


def test_the_contract_stands_in_one_place(engagement_folder: Folder, tmp_path: Path) -> None:
    put(engagement_folder(), SMALL)
    (remark,) = load_engagement(tmp_path).remarks
    assert (remark.file, Wording("en").say(remark.sentence)) == (
        "Suivi.xlsx",
        "the sheet “contract” is not read: engagement.yml states the contract",
    )
    (tmp_path / "engagement.yml").unlink()
    (tmp_path / "b.xlsx").write_bytes((tmp_path / "Suivi.xlsx").read_bytes())
    assert fault_texts(tmp_path) == [
        "b.xlsx: states the contract as Suivi.xlsx does. Keep one of them."
    ]
