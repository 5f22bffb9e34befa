"""Values in French and in English, and the contract's words as people write them."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.contract.data import Format
from reviewlib.folder.checking import Checked, check_table
from reviewlib.folder.parsing import flags
from reviewlib.folder.reading import Reading
from reviewlib.folder.words import admitted
from reviewlib.tables import SCHEMAS


def checked(table: str, cells: dict[str, list[str]], language: str = "fr") -> Checked:
    reading = Reading(Format(), "Europe/Paris", {}, None, language)
    frame = pd.DataFrame(cells, dtype="str")
    return check_table(frame.set_axis(range(2, len(frame) + 2)), SCHEMAS[table], "t.csv", reading)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("Acceptée", "accepted"),
        ("ACCEPTE", "accepted"),
        ("accepté avec réserves", "accepted_with_reservations"),
        ("Accepted with reservations", "accepted_with_reservations"),
        ("accepted", "accepted"),
        ("Rejeté", "refused"),
        ("en cours", "en cours"),
    ],
)
def test_a_value_is_read_in_french_and_in_english(word: str, value: str) -> None:
    allowed = ("accepted", "accepted_with_reservations", "refused")
    read = admitted(pd.Series([word, "accepted", None], dtype="str"), allowed)

    assert read.tolist()[:2] == [value, "accepted"]
    assert (read.isna().tolist(), read.dtype) == ([False, False, True], "str")


def test_the_values_of_a_table_in_french_are_those_of_its_columns() -> None:
    """The first word of the French list and every other one; yes and no too."""
    table = checked(
        "actions",
        {
            "N°": ["A1", "A2", "A3"],
            "Action": ["x", "y", "z"],
            "Partie": ["Prestataire", "Les deux", ""],
            "Avancement": ["Clôturée", "En cours", "À faire"],
        },
    )

    assert table.set_aside.empty
    assert table.frame["status"].tolist() == ["done", "in_progress", "open"]
    assert table.frame["side"].tolist()[:2] == ["provider", "both"]


def test_a_value_that_is_none_is_answered_with_the_words_of_the_language() -> None:
    cells = {"finding": ["a.b"], "side": ["moi"], "position": ["agreed"]}
    french, english = (checked("replies", cells, spoken) for spoken in ("fr", "en"))

    assert french.set_aside["allowed"].tolist() == ["client, prestataire"]
    assert english.set_aside["allowed"].tolist() == ["client, provider"]


def test_repeated_values_of_a_log_are_the_same_category_in_either_language() -> None:
    at = ["2024-01-02 10:00", "2024-01-02 11:00", "2024-01-02 12:00"]
    cells = {"Ticket": ["T1"] * 3, "Horodatage": at, "Champ": ["status", "Statut", "Priorité"]}
    log = checked("ticket_events", cells).frame

    assert log["field"].tolist() == ["status", "status", "priority"]
    assert sorted(log["field"].cat.categories) == ["priority", "status"]


def test_a_row_set_aside_names_no_person_whatever_the_language_of_its_field() -> None:
    """Who was assigned is hidden; a status stays to be looked up."""
    cells = {
        "Ticket": ["T1", "T1"],
        "Horodatage": ["never", "never"],
        "Champ": ["Intervenant", "Statut"],
        "Après": ["A. Martin", "Clos"],
    }
    table = checked("ticket_events", cells)

    assert table.set_aside["content"].tolist() == [
        "T1 ; never ; Intervenant ; …", "T1 ; never ; Statut ; Clos",
    ]  # fmt: skip


def test_yes_and_no_are_read_in_french_and_in_english() -> None:
    texts = pd.Series(["Oui", "YES", "vrai", "x", "1", "Non", "no", "FAUX", "0", "", "peut-être"])
    parsed = flags(texts.astype("str"), Format(), "Europe/Paris")

    assert parsed.values.tolist()[:9] == [True] * 5 + [False] * 4
    assert parsed.unreadable.tolist() == [False] * 10 + [True]
