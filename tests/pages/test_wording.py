"""Words, numbers, dates and durations as a French and an English reader write them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from reviewlib.pages import wording
from reviewlib.pages.wording import MISSING, Wording
from reviewlib.report.text import LANGUAGES, N_, Message, Quoted
from reviewlib.report.values import Column, Table, Unit

FR, EN = Wording("fr", "Europe/Paris"), Wording("en", "Europe/Paris")
NARROW = "\u202f"  # between groups of digits and before % in French
NOTHING = (None, float("nan"), float("inf"))


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wording:
    """French with a catalogue of its own: three messages."""
    catalogue = Catalog(locale="fr")
    catalogue.add("Rows", "Lignes")
    catalogue.add(("{n} row", "{n} rows"), ("{n} ligne", "{n} lignes"))
    catalogue.add(("day", "days"), ("jour", "jours"))
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "reviewlib.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(wording, "CATALOGUES", tmp_path)
    return Wording("fr")


# --- Numbers


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (0, 0, "0", "0"),
        (1234567, 0, f"1{NARROW}234{NARROW}567", "1,234,567"),
        (1234.5, 1, f"1{NARROW}234,5", "1,234.5"),
        (12.0, 2, "12", "12"),
        (0.125, 2, "0,13", "0.13"),
        (np.float64(2.5), 0, "3", "3"),
        (-2.5, 0, "−3", "−3"),
        (np.int64(7), 0, "7", "7"),
        (-0.04, 1, "0", "0"),
    ],
)
def test_a_number_has_its_marks_and_is_rounded_as_by_hand(
    value: float, digits: int, french: str, english: str
) -> None:
    """A half goes away from zero: 2.5 is 3 (the bankers' rounding of floats would say 2)."""
    assert (FR.number(value, digits), EN.number(value, digits)) == (french, english)


@pytest.mark.parametrize(
    ("share", "digits", "french", "english"),
    [
        (0.95, 1, f"95,0{NARROW}%", "95.0%"),
        (1, 1, f"100,0{NARROW}%", "100.0%"),
        (0.91666, 1, f"91,7{NARROW}%", "91.7%"),
        (0.9125, 1, f"91,3{NARROW}%", "91.3%"),
        (-0.013, 1, f"−1,3{NARROW}%", "−1.3%"),
        (0.285, 0, f"29{NARROW}%", "29%"),
        (0.9996, 1, f"99,96{NARROW}%", "99.96%"),
        (0.99999, 0, f"99,999{NARROW}%", "99.999%"),
        (0.0004, 1, f"0,04{NARROW}%", "0.04%"),
        (1e-17, 1, f"0,0{NARROW}%", "0.0%"),
        (0.9999999, 1, f"100,0000{NARROW}%", "100.0000%"),
    ],
)
def test_a_share_is_a_percentage_with_a_fixed_number_of_decimals(
    share: float, digits: int, french: str, english: str
) -> None:
    """More of them where rounding would make all of nearly all; 1e-17 is the noise of a nought."""
    assert (FR.percent(share, digits), EN.percent(share, digits)) == (french, english)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0, "0\u00a0€", "€0"),
        (45.5, "45,50\u00a0€", "€45.50"),
        (950.4, "950\u00a0€", "€950"),
        (999.5, "1\u00a0k€", "€1K"),
        (12_345, "12,3\u00a0k€", "€12.3K"),
        (12_350, "12,4\u00a0k€", "€12.4K"),
        (999_999, "1\u00a0M€", "€1M"),
        (1_234_567, "1,23\u00a0M€", "€1.23M"),
        (Decimal("2500000000"), "2,5\u00a0Md€", "€2.5B"),
        (np.float64(-45_000), "−45\u00a0k€", "−€45K"),
    ],
)
def test_an_amount_in_short_has_three_figures(value: float, french: str, english: str) -> None:
    assert (FR.amount(value), EN.amount(value)) == (french, english)


def test_a_currency_without_a_sign_keeps_its_distance() -> None:
    assert FR.amount(1500, "CHF") == "1,5\u00a0k\u00a0CHF"


def test_money_is_in_the_contract_s_currency_to_the_cent_where_it_has_one() -> None:
    """1234.565 is 1234.57: a half cent goes up."""
    assert FR.money(1234.565) == f"1{NARROW}234,57\u00a0€"
    assert EN.money(1234.565) == "€1,234.57"
    assert EN.money(-5, "GBP") == "−£5"
    assert Wording("en", currency="USD").money(0) == "US$0"


# --- Time


def test_a_date_is_a_day_a_month_and_a_year() -> None:
    for day in (
        "2024-03-01",
        "2024-03-01T00:00:00",
        dt.date(2024, 3, 1),
        pd.Timestamp("2024-03-01"),
    ):
        assert (FR.date(day), EN.date(day)) == ("1er mars 2024", "1 Mar 2024")


def test_an_instant_is_shown_in_the_contract_s_zone() -> None:
    """01:00 UTC on 31 March 2024 is 03:00 in Paris, an hour after the change of the clocks."""
    for moment in ("2024-03-31T01:00:00+00:00", pd.Timestamp("2024-03-31T01:00Z")):
        assert FR.instant(moment) == "31 mars 2024 03:00"
        assert EN.instant(moment) == "31 Mar 2024 03:00"
    assert EN.instant(dt.datetime(2024, 1, 1, 12, 5)) == "1 Jan 2024 12:05"


def test_a_month_is_named() -> None:
    assert [FR.month(month) for month in ("2024-01", "2024-08")] == ["janv. 2024", "août 2024"]
    assert [EN.month(month) for month in ("2024-01", "2024-08")] == ["Jan 2024", "Aug 2024"]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3_599, "1 h"),
        (3_600, "1 h"),
        (5_400, "1 h 30"),
        (3_600 + 300, "1 h 05"),
        (86_400, "24 h"),
        (359_999, "100 h"),
        (3_600 * 250.6, "251 h"),
        (-5_400, "−1 h 30"),
    ],
)
def test_a_duration_is_in_hours_and_never_in_days(seconds: float, shown: str) -> None:
    assert FR.duration(seconds) == EN.duration(seconds) == shown


def test_a_long_duration_has_the_marks_of_its_language() -> None:
    assert FR.duration(3_600 * 1_234) == f"1{NARROW}234 h"
    assert EN.duration(3_600 * 1_234) == "1,234 h"


def test_days_are_counted_in_the_plural_of_the_language(french: Wording) -> None:
    """French says 0 jour, 1,5 jour; English 0 days, 1.5 days. 0.96 is shown as 1."""
    values = (0, 0.96, 1, 1.5, 2, -1)

    assert [french.days(value) for value in values] == [
        "0 jour", "1 jour", "1 jour", "1,5 jour", "2 jours", "−1 jour",
    ]  # fmt: skip
    assert [EN.days(value) for value in values] == [
        "0 days", "1 day", "1 day", "1.5 days", "2 days", "−1 day",
    ]  # fmt: skip


# --- Words


def test_a_message_is_translated_where_it_is_shown(french: Wording) -> None:
    assert french.gettext(N_("Rows")) == "Lignes"
    assert EN.gettext("Rows") == "Rows"
    assert french.gettext("") == EN.gettext("") == ""
    assert french.gettext("not in the catalogue") == "not in the catalogue"


def test_a_message_with_a_number_takes_its_form_and_its_marks(french: Wording) -> None:
    forms = ("{n} row", "{n} rows")

    assert [french.ngettext(*forms, n) for n in (0, 1, 2_000)] == [
        "0 ligne", "1 ligne", f"2{NARROW}000 lignes",
    ]  # fmt: skip
    assert [EN.ngettext(*forms, n) for n in (0, 1, 2_000)] == ["0 rows", "1 row", "2,000 rows"]


def test_a_text_of_the_data_turns_no_figure_that_follows_it() -> None:
    """U+202E would have the page show “late by 82 days” of what stands in it as 28.

    A terminal's sign to begin a colour is none of a text; Hebrew has its direction of itself.
    """
    turned, hebrew = "\u202eM5\u2069 \x1b[31m", "שלום"
    late = Message("{title}: late by {days:days}", values=(("title", turned), ("days", 28)))
    of_both = Quoted("", {"fr": turned, "en": hebrew})
    table = Table("t", "", (Column("a", ""),), ((turned,), (hebrew,)))

    assert EN.say(late) == "M5 [31m: late by 28 days"
    assert (FR.say(of_both), EN.say(of_both)) == ("M5 [31m", hebrew)
    assert EN.cells(table) == [["M5 [31m"], [hebrew]]


def test_a_list_is_joined_as_in_a_sentence() -> None:
    assert (FR.listed(["a", "b", "c"]), EN.listed(["a", "b", "c"])) == ("a, b et c", "a, b and c")
    assert (EN.listed(["a"]), EN.listed([])) == ("a", "")


def test_what_a_sentence_does_not_name_is_counted() -> None:
    assert EN.and_others(["a", "b"], 2) == ["a", "b"]
    assert EN.and_others(["a", "b"], 3) == ["a", "b", "1 other"]
    assert FR.and_others(["a"], 4) == ["a", "3 autres"]


# --- What is missing, and every unit


@pytest.mark.parametrize("words", [FR, EN], ids=LANGUAGES)
def test_what_is_missing_is_a_dash(words: Wording) -> None:
    numeric: list[Callable[..., str]] = [
        words.number, words.percent, words.money, words.amount, words.duration, words.days,
    ]  # fmt: skip
    assert {show(nothing) for show in numeric for nothing in NOTHING} == {MISSING}
    assert {words.date(None), words.date(""), words.instant(None), words.month(None)} == {MISSING}
    assert words.date(pd.NaT) == words.instant(pd.NaT) == MISSING
    for unit in Unit:
        assert [words.shown(value, unit) for value in (None, math.nan, "")] == [MISSING] * 3


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        (Unit.COUNT, 1234, "1,234"),
        (Unit.SHARE, 0.5, "50.0%"),
        (Unit.POINTS, 1.25, "1.3"),
        (Unit.SCORE, 42, "42"),
        (Unit.INDEX, 0.91, "0.910"),
        (Unit.INDEX, -1234.5678, "−1,234.568"),
        (Unit.SECONDS, 5400, "1 h 30"),
        (Unit.HOURS, 22.14, "22.1 h"),
        (Unit.DAYS, 2, "2 days"),
        (Unit.MONEY, 10, "€10"),
        (Unit.DATE, "2024-01-02", "2 Jan 2024"),
        (Unit.INSTANT, "2024-01-02T10:00:00+00:00", "2 Jan 2024 11:00"),
        (Unit.MONTH, "2024-01", "Jan 2024"),
        (Unit.TEXT, "<b>", "<b>"),
        ("count", 3, "3"),
    ],
)
def test_a_value_is_shown_by_its_unit(unit: Unit | str, value: float | str, shown: str) -> None:
    assert EN.shown(value, unit) == shown


def test_every_unit_can_be_shown() -> None:
    samples = {Unit.DATE: "2024-01-02", Unit.INSTANT: "2024-01-02T10:00:00", Unit.MONTH: "2024-01"}

    assert all(EN.shown(samples.get(unit, 1), unit) not in ("", MISSING) for unit in Unit)


def test_parts_of_a_sentence_are_chained_as_the_language_sets_semicolons() -> None:
    assert (EN.chained(["a", "b"]), FR.chained(["a", "b"])) == ("a; b", "a\u00a0; b")


@pytest.mark.parametrize("words", [FR, EN], ids=LANGUAGES)
def test_a_number_of_any_size_is_printed_whole(words: Wording) -> None:
    """10^40 has 41 digits, more than decimal arithmetic keeps unless told to."""
    shown = [words.number(1e40), words.number(1e40, 4), words.money(1e40), words.index(1e40)]

    assert [sum(sign.isdigit() for sign in text) for text in shown] == [41, 41, 41, 44]
    assert words.amount(1e40) != MISSING


def test_a_field_of_hours_is_shown_as_a_duration_where_its_form_says_so() -> None:
    lasted = Message("{length:hours_minutes}")

    assert [EN.say(lasted(length=hours)) for hours in (3.5, 0.75, None)] == [
        "3 h 30",
        "45 min",
        "—",
    ]


@pytest.mark.parametrize(
    ("name", "french"),
    [
        ("Art. 10.1", "l’art. 10.1"),
        ("Art. 10.1 · M4", "l’art. 10.1 · M4"),
        ("Annexe 4", "l’annexe 4"),
        ("Avenant 1", "l’avenant n°\u00a01"),
        ("Clause 5", "la clause 5"),
        ("10.1", "la clause 10.1"),
        ("A1", "A1"),
        ("Artémis", "Artémis"),
    ],
)
def test_a_clause_or_an_amendment_carries_its_article_in_a_french_sentence(
    name: str, french: str
) -> None:
    under = Message("au titre de {rule:ref}")

    assert FR.say(under(rule=name)) == f"au titre de {french}"
    english = f"clause {name}" if name == "10.1" else name
    assert EN.say(Message("under {rule:ref}")(rule=name)) == f"under {english}"


def test_several_references_carry_their_articles() -> None:
    where = Message("{where:refs}")(where=["Art. 10.1 · M4", "Art. 10.2"])

    assert FR.say(where) == "l’art. 10.1 · M4, l’art. 10.2"
    assert EN.say(where) == "Art. 10.1 · M4, Art. 10.2"


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0.9, "90%", "90\u202f%"),
        (0.995, "99.5%", "99,5\u202f%"),
        (0.99975, "99.975%", "99,975\u202f%"),
    ],
)
def test_a_threshold_has_the_decimals_that_the_contract_gives_it(
    share: float, english: str, french: str
) -> None:
    assert EN.threshold(share) == EN.target(share, Unit.SHARE) == english
    assert FR.say(Message("{least:threshold}")(least=share)) == french
    assert EN.threshold(None) == EN.threshold(float("nan")) == "—"
    assert EN.target(3, Unit.COUNT) == "3"


def test_a_column_of_whole_percentages_has_no_decimals_and_amounts_have_cents_where_they_are() -> (
    None
):
    columns = (
        Column("least", "Threshold", Unit.SHARE),
        Column("share", "Share", Unit.SHARE),
        Column("sum", "Sum", Unit.MONEY),
    )
    table = Table("a.b", "c", columns, ((0.9, 0.912, 1600), (1, 1, 687.47), (None, None, None)))

    assert EN.cells(table) == [
        ["90%", "91.2%", "€1,600"], ["100%", "100.0%", "€687.47"], ["—", "—", "—"],
    ]  # fmt: skip
