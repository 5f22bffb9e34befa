"""Words, numbers, dates and durations in the review's language (gettext and Babel)."""

from __future__ import annotations

import datetime as dt
import gettext
import math
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers

from reviewlib.amounts import FINEST, WIDE, duration_parts, is_whole, rounded, share_decimals
from reviewlib.files import PACKAGE
from reviewlib.languages import UNSEEN, as_it_stands
from reviewlib.report.text import (
    NAMED,
    How,
    Joined,
    Language,
    Message,
    Quoted,
    Shown,
)
from reviewlib.report.values import Column, Scalar, Table, Unit

REFERENCES = (
    (re.compile(r"(Art\.|Article|Annexe|Avenant)(?= )"), "l’"),
    (re.compile(r"(Clause|Section)(?= )"), "la "),
    (re.compile(r"(Chapitre)(?= )"), "le "),
)
"""What clauses, annexes and amendments are called in French, with their article."""
NUMBERED = re.compile(r"(avenant) (?=\d)")
LOCALES = {"fr": "fr_FR", "en": "en_GB"}
MISSING = "—"
MINUS = "\N{MINUS SIGN}"
CATALOGUES = PACKAGE / "locale"


def _printed(form: Callable[..., str], *number: Any, **how: Any) -> str:
    """Format a number however many digits it has, with a true minus."""
    with localcontext(WIDE):
        return form(*number, **how).replace("-", MINUS)


class _Speech(string.Formatter):
    """The fields of messages in words: by the form that a field names, else by its type."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def get_field(self, field_name: str, _: Any, values: Any) -> tuple[Any, str]:
        """Return the value of a field, which is a name and never a way into a value."""
        return values[field_name], field_name

    def format_field(self, value: Any, form: str) -> str:
        value = float(value) if isinstance(value, Fraction) else value
        if form:
            name, _, digits = form.partition(".")
            return self.wording.forms[name](value, *([int(digits)] if digits else []))
        if isinstance(value, Quoted):
            value = value.in_language(self.wording.language)
        if isinstance(value, str):
            return UNSEEN.sub("", value)
        printer = next((p for kind, p in PRINTERS if isinstance(value, kind)), None)
        return MISSING if printer is None else printer(self.wording, value)


def _number(wording: Wording, value: Any) -> str:
    return wording.number(float(value), 0 if isinstance(value, int) else 2)


def _listed(wording: Wording, parts: Iterable[Any], limit: int = NAMED) -> str:
    every = [wording.say(part) for part in parts]
    return wording.listed(wording.and_others(every[:limit], len(every)))


JOINS = {
    How.SENTENCES: " ",
    How.COMMAS: ", ",
    How.DOTS: " · ",
    How.SPACES: " ",
    How.SLASHES: " / ",
}
PRINTERS: tuple[tuple[Any, Callable[[Wording, Any], str]], ...] = (
    (Message, lambda wording, value: wording.say(value)),
    (Joined, lambda wording, value: wording.joined(value)),
    (Shown, lambda wording, value: wording._speech.format_field(value.value, value.form)),
    (bool, lambda wording, value: wording.shown(value)),
    ((int, float, Decimal, Fraction), _number),
    (dt.datetime, lambda wording, value: wording.instant(value)),
    (dt.date, lambda wording, value: wording.date(value)),
    (Iterable, _listed),
)
"""How a value is printed in a field that names no form, by its type; the first that fits."""


@dataclass(frozen=True)
class Wording:
    """Everything that differs between French and English."""

    language: Language
    time_zone: str = "UTC"
    currency: str = "EUR"

    @cached_property
    def _catalogue(self) -> gettext.NullTranslations:
        return gettext.translation("reviewlib", CATALOGUES, [self.language], fallback=True)

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(LOCALES[self.language])

    def say(self, text: Any) -> str:
        """Return a text in words; anything else as a field of a message would hold it."""
        if isinstance(text, Message):
            return self._speech.vformat(self._sentence(text), (), dict(text.values))
        return self._speech.format_field(text, "")

    def _sentence(self, message: Message) -> str:
        """Return the sentence of the catalogue, in the form that its number asks for."""
        if not message.many:
            return self.gettext(message.template)
        n = dict(message.values).get(message.on)
        return self._catalogue.ngettext(message.template, message.many, self.plural(n))

    def plural(self, n: float | None) -> int:
        """Return 1 where a word beside a number stands in the singular, else 2.

        Under 2 it does in French, at 1 it does in English, whatever the sign.
        """
        size = abs(n or 0)
        return 1 if (size < 2 if self.language == "fr" else size == 1) else 2

    @cached_property
    def _speech(self) -> _Speech:
        return _Speech(self)

    def joined(self, text: Joined) -> str:
        """Return texts joined as the language joins them."""
        words = [self.say(part) for part in text.parts]
        parts = self.and_others(words, len(words) + text.more)
        if text.how is How.LIST:
            return self.listed(parts)
        if text.how is How.CHAIN:
            return self.chained(parts)
        return JOINS[text.how].join(parts)

    def gettext(self, message: str | Message) -> str:
        """Translate one message; an empty one stays empty."""
        plain = message.template if isinstance(message, Message) else message
        return self._catalogue.gettext(plain) if plain else ""

    def ngettext(self, one: str, many: str, n: int) -> str:
        """Translate a message whose form depends on n. It may hold ``{n}``."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n))

    def listed(self, words: list[str]) -> str:
        """Join words as a sentence does: a, b and c."""
        return lists.format_list(words, locale=self._locale)

    def chained(self, parts: Iterable[str]) -> str:
        """Join parts of a sentence by semicolons, set as the language sets them."""
        return ("\u00a0; " if self.language == "fr" else "; ").join(parts)

    def and_others(self, words: Iterable[str], n: int) -> list[str]:
        """Return the words named of n, and how many others there are."""
        named = [*words]
        more = n - len(named)
        return [*named, self.ngettext("{n} other", "{n} others", more)] if more > 0 else named

    def number(self, value: float | None, digits: int = 0) -> str:
        """Format a number with at most ``digits`` decimals; a half goes up, away from zero."""
        if value is None or not math.isfinite(value):
            return MISSING
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return _printed(
            numbers.format_decimal, rounded(value, digits), pattern, locale=self._locale
        )

    def rate(self, value: float | None) -> str:
        """Format a number with one decimal, or as many as show that it is not zero."""
        finite = value is not None and math.isfinite(value)
        shown = (digits for digits in range(1, FINEST) if finite and rounded(value or 0, digits))
        return self.number(value, next(shown, FINEST))

    def figure(self, value: float | None) -> str:
        """Format a number with two decimals at most, a small one with four figures."""
        size = abs(value) if value is not None and math.isfinite(value) else 0
        return self.number(value, 2 if size >= 1 or not size else 3 - math.floor(math.log10(size)))

    def index(self, value: float | None) -> str:
        """Format an index, which is read beside 1 and beside others, with three decimals."""
        if value is None or not math.isfinite(value):
            return MISSING
        return _printed(numbers.format_decimal, rounded(value, 3), "#,##0.000", locale=self._locale)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Format a share (0 to 1) as a percentage with a fixed number of decimals.

        With more of them where rounding would make all of nearly all, or nothing of a little.
        """
        if share is None or not math.isfinite(share):
            return MISSING
        digits = share_decimals(share, digits)
        space = "\u202f" if self.language == "fr" else ""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        value = rounded(share, digits + 2) * 100
        return _printed(numbers.format_decimal, value, pattern, locale=self._locale) + space + "%"

    def threshold(self, share: float | None) -> str:
        """Format a share that the contract states, with the decimals that it has: 90 %, 99,5 %."""
        return self.percent(share, 0 if share is None else _decimals(share))

    def target(self, value: Scalar, unit: Unit | str) -> str:
        """Return a target as the contract states it, by its unit."""
        if Unit(unit) is Unit.SHARE and isinstance(value, (int, float)):
            return self.threshold(value)
        return self.shown(value, unit)

    def money(self, value: float | Decimal | None, currency: str | None = None) -> str:
        """Format an amount in the contract's currency, to the cent.

        Without cents where it has none.
        """
        if value is None or not math.isfinite(value):
            return MISSING
        amount, unit = rounded(value, 2), currency or self.currency
        form = numbers.format_currency
        if not is_whole(amount):
            return _printed(form, amount, unit, locale=self._locale)
        whole = self._locale.currency_formats["standard"].pattern.replace(".00", "")
        return _printed(form, amount, unit, whole, locale=self._locale, currency_digits=False)

    def cells(self, table: Table, most: int | None = None) -> list[list[str]]:
        """Return the cells of a table as printed; a column of whole percentages has no decimals.

        ``most``: of so many rows, the first ones.
        """
        columns = [_printer(self, column.unit, cells) for column, cells in _by_column(table)]
        return [
            [print_as(value) for print_as, value in zip(columns, row, strict=True)]
            for row in table.rows[:most]
        ]

    def amount(self, value: float | None, currency: str | None = None) -> str:
        """Format an amount in short, to three figures: 950 €, 12,3 k€, 1,23 M€; €12.3K, €1.23M."""
        if value is None or not math.isfinite(value):
            return MISSING
        unit, exact = currency or self.currency, rounded(value, 2)
        exact = rounded(value, min(2 - exact.adjusted(), 2)) if abs(exact) >= 100 else exact
        if abs(exact) < 1000 and exact % 1:
            return self.money(value, unit)
        short = _printed(
            numbers.format_compact_currency, exact, unit, locale=self._locale, fraction_digits=2
        )
        # The French abbreviate with the unit, not with the figure: 12 k€.
        return re.sub(r"\s(\w+)\s(?=\W$)", "\u00a0\\1", short)

    def date(self, value: dt.date | str | None) -> str:
        """Format a date: 3 mars 2024, 1er mars 2024; 3 Mar 2024."""
        if value is None or value != value or value == "":
            return MISSING
        day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        first = self.language == "fr" and day.day == 1
        return dates.format_date(day, "d'er' MMM y" if first else "d MMM y", self._locale)

    def instant(self, value: dt.datetime | str | None) -> str:
        """Format an instant in the contract's time zone: 3 mars 2024 14:05."""
        if value is None or value != value or value == "":
            return MISSING
        instant = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        local = instant.astimezone(ZoneInfo(self.time_zone)) if instant.tzinfo else instant
        return f"{self.date(local.date())} {local:%H:%M}"

    def reference(self, name: Any) -> str:
        """Return a clause, an annex or an amendment as a sentence names it: clause 10.1.

        In French with its article, Art. 10.1 being l’art. 10.1, and Avenant 1 l’avenant n° 1.
        """
        text = self.say(name)
        if self.language != "fr":
            return f"clause {text}" if text[:1].isdigit() else text
        for pattern, article in REFERENCES:
            if pattern.match(text):
                return article + NUMBERED.sub("\\1 n°\u00a0", text[0].lower() + text[1:])
        return f"la clause {text}" if text[:1].isdigit() else text

    def weekdays(self, first: int, last: int) -> str:
        """Format a run of week days, Monday being 0: Mon–Fri, or one of them alone."""
        names = dates.get_day_names("abbreviated", locale=self._locale)
        return names[first] if first == last else f"{names[first]}–{names[last]}"

    def month(self, value: str | None) -> str:
        """Format an ISO month (2024-01): janv. 2024, Jan 2024."""
        if not value:
            return MISSING
        return dates.format_date(
            dt.date.fromisoformat(value + "-01"), format="MMM y", locale=self._locale
        )

    def duration(self, seconds: float | None) -> str:
        """Format a duration in seconds, minutes or hours: 45 min, 3 h 30, 1,234 h; never in days,
        of which service time has no one length.
        """
        if seconds is None or not math.isfinite(seconds):
            return MISSING
        sign, (hours, minutes, left) = ("−" if seconds < 0 else ""), duration_parts(abs(seconds))
        if hours:
            return f"{sign}{self.number(hours)} h" + (f" {minutes:02d}" if minutes else "")
        return f"{sign}{minutes} min" if minutes else f"{sign}{left} s"

    def days(self, value: float | None) -> str:
        """Format a number of calendar days: 1 day, 12 days."""
        if value is None or not math.isfinite(value):
            return MISSING
        unit = self._catalogue.ngettext("day", "days", self.plural(float(rounded(value, 1))))
        return f"{self.number(value, 1)} {unit}"

    def shown(self, value: Scalar, unit: Unit | str = Unit.TEXT) -> str:
        """Return a value as the page prints it, by its unit; None is "—"."""
        if value is None or value != value or value == "":
            return MISSING
        if isinstance(value, bool):
            return self.gettext("yes") if value else self.gettext("no")
        return self._printers[Unit(unit)](value)

    @cached_property
    def _printers(self) -> dict[Unit, Callable[[Any], str]]:
        return {
            Unit.COUNT: self.number,
            Unit.SHARE: self.percent,
            Unit.POINTS: lambda value: self.number(value, 1),
            Unit.NUMBER: self.figure,
            Unit.SCORE: self.rate,
            Unit.INDEX: self.index,
            Unit.SECONDS: self.duration,
            Unit.HOURS: lambda value: f"{self.number(value, 1)} h",
            Unit.DAYS: self.days,
            Unit.MONEY: self.money,
            Unit.DATE: self.date,
            Unit.INSTANT: self.instant,
            Unit.MONTH: self.month,
            Unit.TEXT: lambda value: UNSEEN.sub("", str(value)),
        }

    @cached_property
    def forms(self) -> Mapping[str, Callable[..., str]]:
        """The forms that a field may name: ``{days:days}``, ``{share:percent.2}``."""
        named: dict[str, Callable[..., str]] = {
            "number": self.number,
            "percent": self.percent,
            "threshold": self.threshold,
            "hours_minutes": lambda hours: self.duration(None if hours is None else hours * 3600),
            "weekdays": lambda days: self.weekdays(*days),
            "short": self.amount,
            "ids": lambda value: _listed(self, value),
            "ref": self.reference,
            "refs": lambda value: ", ".join(self.reference(one) for one in value),
            "capital": lambda value: _capital(self.say(value)),
            "all": lambda value: self.listed([self.say(one) for one in value]),
            "commas": lambda value: ", ".join(self.say(one) for one in value),
            "chain": lambda value: self.chained(self.say(one) for one in value),
            "quoted": lambda value: as_it_stands(value, self.language),
        }
        return {unit.value: printer for unit, printer in self._printers.items()} | named


def _by_column(table: Table) -> Iterator[tuple[Column, list[Any]]]:
    for place, column in enumerate(table.columns):
        yield column, [row[place] for row in table.rows]


def _printer(wording: Wording, unit: Unit, cells: list[Any]) -> Callable[[Any], str]:
    """Return how the cells of a column are printed: shares all with decimals, or none."""
    whole = unit is Unit.SHARE and all(_decimals(cell) == 0 for cell in cells if _is_number(cell))
    return lambda cell: wording.target(cell, unit) if whole else wording.shown(cell, unit)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _decimals(share: float) -> int:
    """Return how many decimals a share has as a percentage, up to four."""
    if not math.isfinite(share):
        return 0
    whole = (digits for digits in range(FINEST) if abs(round(share, digits + 2) - share) < 1e-9)
    return next(whole, FINEST)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
