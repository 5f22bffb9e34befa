"""What a value of the report is made of: the texts of the data, and the numbers, that it names."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reviewlib.report.text import Joined, Message, Quoted, Shown

NAMING = frozenset({"id", "restates", "topic", "evidence", "key", "options"})
"""Fields that name the value itself, others or rows, or say how a chart is drawn."""
LARGE, DIGITS = 1000, 4
"""From which size, or with how many digits, a number is hardly another one's by chance."""
WORD = re.compile(r"[\w-]+(?:\.[\w-]+)*")


def leaves(value: Any) -> Iterator[Any]:
    """Yield the texts, numbers and dates in a value, those of the frame of a chart too.

    Ids, evidence and the sentences of the catalogue are not among them.
    """
    for _name, held in fields_in(value):
        yield held


def fields_in(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what ``leaves`` yields, each with the field of its sentence or value."""
    if isinstance(value, Message):
        for field, held in value.values:
            yield from fields_in(held, field)
    elif isinstance(value, Shown):
        yield from fields_in(value.value, name)
    elif isinstance(value, Quoted):
        yield from ((name, text) for text in (str(value), *value.texts.values()))
    elif isinstance(value, Joined):
        yield from fields_in(value.parts, name)
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            if one.name not in NAMING:
                yield from fields_in(getattr(value, one.name), one.name)
    elif (parts := _parts(value)) is None:
        yield name, value
    else:
        for part in parts:
            yield from fields_in(part, name)


def _parts(value: Any) -> list[Any] | None:
    """Return what a value holds several of; None of a single one."""
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [*value]
    if hasattr(value, "dtypes"):  # a frame, a series: its index is not shown
        return [*value.to_numpy().ravel().tolist()]
    return None


def strings_in(value: Any) -> frozenset[str]:
    """Return the texts of the data in a value."""
    return frozenset(str(one) for one in leaves(value) if isinstance(one, str) and one)


def words_in(value: Any) -> frozenset[str]:
    """Return the words of the texts of the data in a value, and the parts of those with dots."""
    words = {word for text in strings_in(value) for word in WORD.findall(text)}
    return frozenset(words | {part for word in words for part in word.split(".")})


def names_one(value: Any, ids: frozenset[str]) -> bool:
    """Tell whether a text of the data in a value names one of some ids."""
    dotted = [text for text in strings_in(value) if "." in text]
    return any(one in text for text in dotted for one in ids)


def amounts_in(value: Any) -> frozenset[float]:
    """Return the numbers in a value that are hardly another's by chance: large, or of digits."""
    numbers = (one for one in leaves(value) if isinstance(one, (int, float, Decimal, Fraction)))
    return frozenset(round(abs(float(one)), 6) for one in numbers if _is_telling(one))


def _is_telling(number: Any) -> bool:
    size = abs(float(number))
    if isinstance(number, bool) or not 0 < size < float("inf"):  # NaN is in no range
        return False
    return size >= LARGE or float(f"{size:.{DIGITS - 2}e}") != size
