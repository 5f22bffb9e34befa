"""A contract stated in a sheet of a workbook: a key and its value in each row.

A key names its parts from the top: ``terms > clauses > 1 > title``. Numbered parts are those of a
list; where the contract has names in place of a list, ``id`` states the name. A key without a value
is left out, one that stands in several rows has several values. Lists and names may stand in one
cell: ``P1, P2``; ``P1: 4 h, P2: 8 h``; ``08:00-12:00, 14:00-18:00``.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import BaseModel

from reviewlib.contract.base import Location
from reviewlib.contract.model import Amendment, Contract
from reviewlib.contract.service_levels import Terms
from reviewlib.contract.written import MOST, Written, yaml_value
from reviewlib.faults import Fault, Faults
from reviewlib.report.text import N_
from reviewlib.sheets.cell_formats import Percent, Value, text_of
from reviewlib.sheets.xlsx import WorkbookSheet

NAMES = ("contract", "contrat")
KEYS, VALUES = ("key", "clé", "cle"), ("value", "valeur")
BETWEEN = re.compile(r"\s*>\s*")
LISTED, SPAN = re.compile(r"\s*[,;\n]\s*"), re.compile(r"\s*(?:-|–|\bto\b|à)\s*")
NAMES_VALUE = re.compile(r"[^\s:{\[][^:{\[]*:\s")
NAMED = re.compile(r"\s*[,;\n]\s*(?=[^,;:\n]+:\s)")
WHOLE, DECIMAL = re.compile(r"[+-]?\d{1,15}"), re.compile(r"[+-]?\d{1,15}[.,]\d{1,15}")
TRUTHS = {
    **dict.fromkeys(("true", "yes", "oui", "vrai"), True),
    **dict.fromkeys(("false", "no", "non", "faux"), False),
}
TOP = 30

NO_HEADING = N_("the headings “key” and “value” stand nowhere in its first rows (up to row {top})")
HEADING = N_("Write the headings key and value (clé, valeur) above the rows.")
TWICE = N_("is given twice, with different values")
KEEP_ONE = N_("Keep one of the rows.")
BOTH = N_("has a value of its own and parts under it")
EITHER = N_("Keep the value, or the parts.")
NO_ID = N_("holds values and does not say of what: it lacks its id")
STATE_ID = N_("Write its name beside “{key}”.")
NO_NUMBER = N_("is a list: its parts are numbered")
NUMBER_THEM = N_("Write {key} > 1, {key} > 2 and so on.")
NO_YAML = N_("braces or brackets that do not close, or a sign too many between them")
AS_LIST = N_("Write [one, two] or {example}, or plain text that begins otherwise.")
TOO_MANY = N_("its rows are too many (at most {most})")
UNVALUED = N_("the formula has no value: the workbook was saved without computing it")
COMPUTE = N_("Open it in a spreadsheet program and save it again.")


def is_contract(name: str) -> bool:
    """Whether a sheet of this name states the contract."""
    return " ".join(name.split()).casefold() in NAMES


@dataclass
class _Part:
    """A part of the contract: the values beside its key, with their rows, and the parts of it."""

    row: int
    values: list[tuple[int, Value]] = field(default_factory=list)
    parts: dict[str, _Part] = field(default_factory=dict)

    @property
    def filled(self) -> bool:
        return bool(self.values) or any(part.filled for part in self.parts.values())


def written_sheet(file: str, sheet: WorkbookSheet) -> Written:
    """Return the contract that a sheet states. ``file``: as faults call it. Raises Faults."""
    return _Reader(file).read(sheet)


class _Reader:
    """The rows of a sheet made the values that the models read, with the row of each key."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.rows: dict[Location, int] = {}

    def read(self, sheet: WorkbookSheet) -> Written:
        root = self._tree(sheet)
        self._note(root, ())
        values = self._value(root, (), [Contract])
        if self.faults:
            raise Faults(self.faults)
        stated = values if isinstance(values, dict) else {}
        return Written(None, {"format": 1} | stated, self.file, self.rows)

    def _tree(self, sheet: WorkbookSheet) -> _Part:
        top, key_place, value_place = self._heading(sheet)
        keys, values = (
            dict(zip(column.rows, column.values, strict=True)) if column else {}
            for column in (sheet.columns.get(key_place), sheet.columns.get(value_place))
        )
        if len(keys) > MOST:
            raise Faults([Fault(self.file, TOO_MANY(most=MOST))])
        for row, place in sheet.unvalued:
            if row > top and place == value_place:
                self._wrong(UNVALUED, row, COMPUTE)
        root = _Part(top)
        for row, key in keys.items():
            if row > top:
                self._add(root, row, text_of(key), values.get(row, ""))
        return root

    def _add(self, root: _Part, row: int, key: str, value: Value) -> None:
        part = root
        for name in BETWEEN.split(key.strip()):
            part = part.parts.setdefault(name, _Part(row))
        if isinstance(value, str):
            value = value.strip()
        if value != "":
            part.values.append((row, value))

    def _heading(self, sheet: WorkbookSheet) -> tuple[int, int, int]:
        """Return the row of the heading, and the columns of the keys and of their values."""
        for row, cells in sheet.grid(1, TOP).items():
            places = {" ".join(text.split()).casefold(): place for place, text in cells.items()}
            keys = [places[name] for name in KEYS if name in places]
            values = [places[name] for name in VALUES if name in places]
            if keys and values:
                return row, keys[0], values[0]
        raise Faults([Fault(self.file, NO_HEADING(top=TOP), HEADING)])

    def _wrong(self, message: Any, row: int, remedy: Any, place: Location = ()) -> None:
        self.faults.append(
            Fault(self.file, message, remedy, row=row, column=" > ".join(map(str, place)))
        )

    def _value(self, part: _Part, place: Location, kinds: Sequence[Any]) -> Any:
        """Return what a part states, None for nothing."""
        if part.values and any(one.filled for one in part.parts.values()):
            self._wrong(BOTH, part.row, EITHER, place)
        elif part.parts:
            return self._whole(part, place, kinds)
        elif part.values:
            return self._plain(part, place, kinds)
        return None

    def _whole(self, part: _Part, place: Location, kinds: Sequence[Any]) -> Any:
        """Return a list, or names with what each stands for, of the parts under a key."""
        numbered = all(name.isdecimal() for name in part.parts)
        if _is_list(kinds) and not numbered:
            key = " > ".join(map(str, place))
            self._wrong(NO_NUMBER, part.row, NUMBER_THEM(key=key), place)
            return None
        if _is_list(kinds):
            return self._list(part, place, kinds)
        return dict(self._keys(part, place, kinds))

    def _list(self, part: _Part, place: Location, kinds: Sequence[Any]) -> list[Any] | None:
        filled = sorted((int(name), one) for name, one in part.parts.items() if one.filled)
        listed = []
        for number, (_, one) in enumerate(filled):
            self._note(one, (*place, number))
            listed.append(self._value(one, (*place, number), [*_under(kinds, number)]))
        return listed or None

    def _keys(
        self, part: _Part, place: Location, kinds: Sequence[Any]
    ) -> Iterator[tuple[str, Any]]:
        """Yield the name and the value of each part; numbered ones are named by their ``id``."""
        by_id = any("id" in one.parts for name, one in part.parts.items() if name.isdecimal())
        for key, one in part.parts.items():
            name, whole = self._named(key, one, place) if by_id and key.isdecimal() else (key, one)
            self._note(whole, (*place, name))
            if one.filled and name:
                value = self._value(whole, (*place, name), [*_under(kinds, name)])
                yield name, {} if value is None and whole is not one else value

    def _named(self, number: str, part: _Part, place: Location) -> tuple[str, _Part]:
        """Return the name of a numbered part, "" where it has none, and what else it states."""
        own = part.parts.get("id", _Part(part.row))
        if own.values:
            rest = {key: one for key, one in part.parts.items() if key != "id"}
            return text_of(own.values[0][1]), _Part(part.row, part.values, rest)
        if part.filled:
            key = " > ".join(map(str, (*place, number, "id")))
            self._wrong(NO_ID, part.row, STATE_ID(key=key), (*place, number))
        return "", part

    def _note(self, part: _Part, place: Location) -> None:
        """Note the rows of a part, that a fault may name them where nothing is filled in."""
        self.rows.setdefault(place, part.row)
        for name, one in part.parts.items():
            self._note(one, (*place, name))

    def _plain(self, part: _Part, place: Location, kinds: Sequence[Any]) -> Any:
        """Return the value of a key, or the list of its values where the contract has a list."""
        if not _is_list(kinds):
            row, value = part.values[0]
            if any(other != value for _, other in part.values):
                self._wrong(TWICE, row, KEEP_ONE, place)
            if _is_named(value, kinds):
                return self._pairs(row, str(value), place, kinds)
            return self._cell(row, value, place, kinds)
        if len(part.values) == 1 and _is_flow(part.values[0][1]):
            return self._cell(*part.values[0], place, kinds)
        inner = [*_under(kinds, 0)]
        between = SPAN if _is_pair(kinds) else LISTED
        listed = []
        for row, value in part.values:
            pieces = between.split(value) if isinstance(value, str) else [value]
            listed += [self._of(piece, row, place, inner) for piece in pieces if piece != ""]
        return listed

    def _pairs(self, row: int, text: str, place: Location, kinds: Sequence[Any]) -> dict[str, Any]:
        """Return what names stand for that are written in one cell: P1: 4 h, P2: 8 h."""
        stated = {}
        for piece in NAMED.split(text):
            name, _, value = piece.partition(":")
            under, part = [*_under(kinds, name.strip())], _Part(row, [(row, value.strip())])
            stated[name.strip()] = self._plain(part, (*place, name.strip()), under)
        return stated

    def _of(self, piece: Value, row: int, place: Location, kinds: Sequence[Any]) -> Any:
        """Return a value of a list, which may be a pair: 08:00-18:00."""
        if _is_list(kinds) and isinstance(piece, str):
            inner = [*_under(kinds, 0)]
            return [self._cell(row, one, place, inner) for one in SPAN.split(piece)]
        return self._cell(row, piece, place, kinds)

    def _cell(self, row: int, value: Value, place: Location, kinds: Sequence[Any]) -> Any:
        if not _is_flow(value):
            return _typed(value, {kind for kind in kinds if isinstance(kind, type)})
        try:
            return yaml_value(str(value))
        except (yaml.YAMLError, ValueError, RecursionError):
            self._wrong(NO_YAML, row, AS_LIST(example="{P1: 4 h, P2: 8 h}"), place)
            return None


def _is_named(value: Value, kinds: Sequence[Any]) -> bool:
    """Whether a text states a value for each of some names, where the contract may have that."""
    may = any(typing.get_origin(kind) is dict for kind in kinds)
    return may and isinstance(value, str) and bool(NAMES_VALUE.match(value))


def _is_flow(value: Value) -> bool:
    return isinstance(value, str) and value.startswith(("{", "["))


def _is_list(kinds: Sequence[Any]) -> bool:
    return any(typing.get_origin(kind) is tuple for kind in kinds)


def _is_pair(kinds: Sequence[Any]) -> bool:
    """Whether a list is of a stated number of values, such as the ends of a scale."""
    return any(typing.get_origin(k) is tuple and ... not in typing.get_args(k) for k in kinds)


def _typed(value: Value, kinds: set[type]) -> Any:
    """Return a cell as the type that the contract has there, where it holds one of its values."""
    if isinstance(value, Percent):
        return text_of(value)
    if not isinstance(value, str):
        as_text = str in kinds and not kinds & {int, float}
        return text_of(value) if as_text else int(value) if value % 1 == 0 else value
    if str in kinds:
        return value
    if bool in kinds and value.casefold() in TRUTHS:
        return TRUTHS[value.casefold()]
    if int in kinds and WHOLE.fullmatch(value):
        return int(value)
    if float in kinds and (WHOLE.fullmatch(value) or DECIMAL.fullmatch(value)):
        return float(value.replace(",", "."))
    return value


def _under(kinds: Sequence[Any], part: str | int) -> Iterator[Any]:
    """Yield what the contract may have under a key, or as a value of a list, of these kinds."""
    for kind in kinds:
        origin, parts = typing.get_origin(kind), typing.get_args(kind)
        if origin is dict:
            yield from _kinds(parts[1])
        elif origin is tuple:
            yield from _kinds(parts[0])
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _of_field(kind, str(part))


def _of_field(model: type[BaseModel], name: str) -> Iterator[Any]:
    if (model is Contract and name == "terms") or (model is Amendment and name == "changes"):
        yield Terms
    elif name in model.model_fields:
        yield from _kinds(model.model_fields[name].annotation)


def _kinds(annotation: Any) -> Iterator[Any]:
    """Yield the plain types, lists, dicts and models of an annotation."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from _kinds(parts[0])
    elif origin in (typing.Union, types.UnionType):
        for part in parts:
            yield from _kinds(part)
    elif origin is typing.Literal:
        yield from {type(word) for word in parts}
    else:
        yield annotation
