"""Faults in words: where each stands, what came, what is allowed and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reviewlib.faults import LISTED, LONG, Alike, Fault, Faults, alike, cut
from reviewlib.languages import Language
from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_, n_

ROW, COLUMN = N_("{place}, row {row}"), N_("{place}, {column}")
AT, CAME = N_("{place}: {message}"), N_("{message} (found: {value:quoted})")
HOW_MANY = n_("{n} fault.", "{n} faults.")
VALUES, VALUE = N_("came: {values}"), N_("{value:quoted} ({n})")
ROWS, PLACES = N_("rows: {rows}"), N_("in {n} places: {places}")
PLACE = N_("row {row} ({key})")
INDENT = "  "
EMPTY_CHECK: Mapping[str, Any] = {
    "schema": 1,
    "language": "en",
    "contract": None,
    "faults": [],
    "tables": [],
    "set_aside": [],
    "repaired": [],
    "to_look_at": [],
    "remarks": [],
    "report": None,
}
"""What ``check --json`` prints, with nothing in it."""


def lines(faults: Faults) -> Iterator[str]:
    """Yield each fault in words, and how many there are; those that are alike once."""
    every = alike(faults.faults)
    for wrong in every:
        yield fault(wrong, faults.language)
    yield text(HOW_MANY(n=len(every)), faults.language)


def text(message: Any, language: Language) -> str:
    """Return a text in words; one that has no language as it stands."""
    return message if type(message) is str else Wording(language).say(message)


def fault(wrong: Fault, language: Language) -> str:
    """Return a fault in words: a line, and others under it where it stands in several places."""
    words = Wording(language)
    place, message = cut(wrong.file), cut(text(wrong.message, language), LONG)
    if wrong.row is not None:
        place = words.say(ROW(place=place, row=str(wrong.row)))
    if wrong.column and not wrong.named:
        place = words.say(COLUMN(place=place, column=cut(wrong.column)))
    if wrong.value:
        message = words.say(CAME(message=message, value=wrong.value))
    line = words.say(AT(place=place, message=message))
    remedy = cut(text(wrong.remedy, language), LISTED) if wrong.remedy else ""
    if wrong.alike is None:
        return f"{line}. {remedy}" if remedy else line
    under = [*_under(wrong.alike, words), *([remedy] if remedy else [])]
    return "\n".join([line, *(INDENT + part for part in under)])


def as_json(wrong: Fault, language: Language) -> dict[str, Any]:
    """Return a fault for machines, its texts in a language: see docs/commands.md."""
    alike = wrong.alike or Alike(1, ())
    return {
        "file": wrong.file,
        "row": wrong.row,
        "column": wrong.column,
        "value": wrong.value,
        "message": text(wrong.message, language),
        "remedy": text(wrong.remedy, language),
        "n": alike.n,
        "places": [{"row": row, "column": key or wrong.column} for row, key in alike.places],
        "values": [{"value": value, "n": n} for value, n in alike.values],
        "distinct": alike.distinct,
    }


def faulty(faults: Faults) -> dict[str, Any]:
    """Return for machines what is wrong with a folder of which no review can be made."""
    every = [as_json(wrong, faults.language) for wrong in alike(faults.faults)]
    return dict(EMPTY_CHECK) | {"language": faults.language, "faults": every}


def _under(group: Alike, words: Wording) -> Iterator[str]:
    """Yield which values came in several places, and the first of these."""
    if group.values:
        came = [words.say(VALUE(value=value, n=n)) for value, n in group.values]
        yield words.say(VALUES(values=_listed(came, group.distinct, words)))
    if any(key for _, key in group.places):
        keys = [words.say(PLACE(row=str(row), key=cut(key))) for row, key in group.places]
        yield words.say(PLACES(n=group.n, places=_listed(keys, group.n, words)))
    else:
        rows = [str(row) for row, _ in group.places]
        yield words.say(ROWS(rows=_listed(rows, group.n, words)))


def _listed(parts: list[str], n: int, words: Wording) -> str:
    return ", ".join(words.and_others(parts, n))
