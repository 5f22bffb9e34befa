"""Reading ``engagement.yml`` into its models: every fault at once, each with its line."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from reviewlib.contract.base import TAGS, Location
from reviewlib.contract.data import Data
from reviewlib.contract.model import Contract
from reviewlib.contract.penalties import KINDS
from reviewlib.contract.rulepacks import names, pack
from reviewlib.contract.service_levels import undefined
from reviewlib.contract.source import read_contract
from reviewlib.contract.written import FILE, Written
from reviewlib.faults import Fault, Faults, did_you_mean
from reviewlib.languages import LANGUAGES, Quoted

__all__ = ["FILE", "load_contract", "load_data_section", "merged", "quoted"]

LISTED = 200  # faults of a contract that are listed
AMENDED = 400  # amendments, each of which is read with all terms
Detail = tuple[str, Location, str, Any]
"""A fault as the models know it: its kind, its location, its message and what came."""


def load_contract(folder: Path) -> Contract:
    """Return the contract of an engagement folder, its texts in all the languages they have.

    Raises Faults with every fault found, each with its line and what is allowed.
    """
    written = read_contract(folder)
    stated = written.values.get("language")
    language = str(stated) if stated in LANGUAGES else "en"
    values = quoted(written.values, language)
    faults = []
    if "versions" in values:
        row, remedy = written.line(("versions",)), "Write the terms under 'terms'."
        faults.append(
            Fault(written.file, "unknown key 'versions'", remedy, row=row, column="versions")
        )
    amendments = values.get("amendments")
    if isinstance(amendments, list) and len(amendments) > AMENDED:
        message = f"holds {len(amendments)} amendments, more than {AMENDED}"
        raise Faults([Fault(written.file, message, row=written.line(("amendments",)))])
    whole = _with_versions(values, language)
    try:
        contract = Contract.model_validate(whole)
    except ValidationError as error:
        details = chain(_details(error), _undefined(whole["versions"]))
        faults += _first(_faults(details, written), written.file)
    if faults:
        raise Faults(sorted(faults, key=lambda fault: fault.row or 0))
    return contract


def load_data_section(folder: Path) -> Data:
    """Return what a contract with faults declares of its files: all of it that can be used."""
    try:
        stated = read_contract(folder).values.get("data") or {}
    except Faults:
        return Data()
    try:
        return Data.model_validate(stated)
    except ValidationError as error:
        for _, place, _, _ in _details(error):
            _take_out(stated, place)
    try:
        return Data.model_validate(stated)
    except ValidationError:
        return Data()


def quoted(value: Any, language: str) -> Any:
    """Return the value with each text given as ``{fr: …, en: …}`` as one text.

    As a ``str`` it is the text in ``language``, or the first one where it is not given in that.
    """
    if isinstance(value, list):
        return [quoted(item, language) for item in value]
    if not isinstance(value, dict):
        return value
    if value and set(value) <= set(LANGUAGES) and all(isinstance(t, str) for t in value.values()):
        return Quoted(value.get(language, next(iter(value.values()))), value)
    return {key: quoted(item, language) for key, item in value.items()}


def merged(base: Any, changes: Any) -> Any:
    """Return ``base`` with ``changes`` laid over it, key by key; None takes a key out."""
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    left = {key: value for key, value in base.items() if changes.get(key, value) is not None}
    laid = {k: merged(base.get(k), v) for k, v in changes.items() if v is not None}
    return left | laid


def _with_versions(raw: dict[str, Any], language: str) -> dict[str, Any]:
    """Return the contract with its terms written out, once for each amendment."""
    terms = raw.get("terms") or {}
    versions, amendments = [terms], raw.get("amendments")
    if isinstance(terms, dict) and isinstance(amendments, list):
        for amendment in amendments:
            changes = amendment.get("changes") if isinstance(amendment, dict) else None
            versions.append(merged(versions[-1], changes if isinstance(changes, dict) else {}))
    versions = [_with_packs(version, language) for version in versions]
    return {key: value for key, value in raw.items() if key != "terms"} | {"versions": versions}


def _with_packs(terms: Any, language: str) -> Any:
    """Return terms with the fields of its pack under those that each penalty rule states."""
    rules = terms.get("penalties") if isinstance(terms, dict) else None
    if not isinstance(rules, dict):
        return terms
    whole = {
        name: merged(quoted(pack(str(rule["pack"])), language), rule)
        if isinstance(rule, dict) and "pack" in rule
        else rule
        for name, rule in rules.items()
    }
    return terms | {"penalties": whole}


def _details(error: ValidationError) -> Iterator[Detail]:
    for detail in error.errors(include_url=False):
        place = tuple(part for part in detail["loc"] if part not in (*TAGS, "[key]"))
        own = _of_rule(detail["type"], place, detail["input"])
        yield own or (detail["type"], place, detail["msg"], detail["input"])


def _of_rule(kind: str, place: Location, value: Any) -> Detail | None:
    """Return in words of its own the fault of a penalty rule that has a kind, or keys, of none."""
    if kind == NO_KIND:
        return _unknown_rule(place, value)
    if kind == "extra_forbidden" and place[-3:-2] == ("penalties",) and place[-1] in OF_DELAYS:
        return "rule", place, NO_DAYS, None
    return None


def _unknown_rule(place: Location, rule: Any) -> Detail | None:
    """Return the fault of a rule whose pack, or else whose kind, is stated and is none of ours."""
    rules = {"pack": (names(), "no rule pack"), "kind": (KINDS, "no kind of rule")}
    for key, (allowed, unknown) in rules.items():
        word = rule.get(key) if isinstance(rule, dict) else None
        if word is not None and word not in allowed:
            message = f"{str(word)!r} is {unknown}. {did_you_mean(str(word), allowed)}"
            return "rule", (*place, key), message, None
    return None


def _undefined(versions: list[Any]) -> Iterator[Detail]:
    """Yield the names that no part of the terms defines, even where the terms have other faults."""
    for number, terms in enumerate(versions):
        for place, message, came in undefined(terms):
            yield "rule", ("versions", number, *place), message, came


def _faults(details: Iterable[Detail], written: Written) -> Iterator[Fault]:
    yielded = set()
    for kind, place, text, value in details:
        in_terms = place[:1] == ("versions",) and len(place) > 1
        came = _came(kind, value)
        # a fault of the first terms stands in every amended version too
        fault = (place[2:] if in_terms else place, in_terms, text, came)
        if fault in yielded:
            continue
        yielded.add(fault)
        there = _as_written(place) if in_terms else place
        yield Fault(
            written.file,
            _message(kind, text, there),
            _remedy(kind, place, value),
            row=written.line(there),
            column=".".join(str(part) for part in there),
            value=came,
        )


def _first(faults: Iterator[Fault], file: str) -> Iterator[Fault]:
    """Yield as many faults as anyone mends in one go, and that there are more."""
    yield from islice(faults, LISTED)
    if next(faults, None) is not None:
        yield Fault(file, f"has more than {LISTED} faults: the first are listed")


def _as_written(place: Location) -> Location:
    """Return where the user wrote what stands at a location of a version of the terms."""
    number = int(place[1])
    start: Location = ("amendments", number - 1, "changes") if number else ("terms",)
    return start + place[2:]


NO_KIND = "union_tag_not_found"
OF_DELAYS = ("excludes", "concurrent")
NO_DAYS = (
    "leaves out days of a delay, and this rule has none: state what excuses an outage in its "
    "availability clause (excuses), which tickets don't count in their clause (excludes)"
)
PLAIN = {
    "extra_forbidden": "unknown key {key!r}",
    "missing": "the key {key!r} is missing or has no value",
    "too_short": "should hold at least one",
    "too_long": "holds too many",
    "string_type": "should be a text",
    "int_type": "should be a whole number",
    "float_type": "should be a number",
    "bool_type": "should be true or false",
    "date_type": "should be a date",
    "datetime_type": "should be an instant",
    "tuple_type": "should be a list",
    "dict_type": "should hold 'key: value' lines",
    "model_type": "should hold 'key: value' lines",
    "string_pattern_mismatch": "should be the code of a currency, such as EUR or USD",
    NO_KIND: "should state a pack, or its kind: delay, points, tiers, late_payment",
}
"""Messages of pydantic in the words of someone who writes a contract, not a program."""

REMEDIES = {
    "float_type": "Write it without a unit, such as 12.5.",
    "date_type": "Write it as 2024-01-15.",
    "datetime_type": "Write it as 2024-01-15T18:00.",
    "tuple_type": "Write [one, two], or a line '- one' for each.",
}


def _message(kind: str, text: str, place: Location) -> str:
    if kind == "missing" and isinstance(place[-1], int):
        return f"number {place[-1] + 1} of the list is missing"
    if kind in PLAIN:
        return PLAIN[kind].format(key=str(place[-1]) if place else "")
    return text.removeprefix("Value error, ").replace("Input should be", "should be")


def _came(kind: str, value: Any) -> str:
    """Return what came, where it fits in a line and is not named already."""
    named = kind in ("missing", "extra_forbidden") or value is None
    return "" if named or isinstance(value, dict | list | tuple) else str(value)[:80]


def _remedy(kind: str, place: Location, value: Any) -> str:
    if kind == "extra_forbidden":
        return did_you_mean(str(place[-1]), _keys_at(Contract, place[:-1]))
    if kind == "string_type" and value is not None:
        texts = "Write one text, or {fr: …, en: …}."
        return texts if isinstance(value, dict | list | tuple) else "Put it between quotes."
    return REMEDIES.get(kind, "")


def _keys_at(annotation: Any, location: Location) -> tuple[str, ...]:
    """Return the keys allowed at a location, following the models' annotations."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not location:
            keys = tuple(annotation.model_fields)
            return tuple("terms" if key == "versions" else key for key in keys)
        field = annotation.model_fields.get(str(location[0]))
        return _keys_at(field.annotation, location[1:]) if field else ()
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        every = (_keys_at(part, location) for part in parts)
        return next((keys for keys in every if keys), ())
    if origin in (dict, tuple) and location:
        return _keys_at(parts[1 if origin is dict else 0], location[1:])
    return ()


def _take_out(part: Any, place: Location) -> None:
    """Remove the deepest key of a location that holds a fault."""
    *above, last = place or ("",)
    for key in above:
        if not isinstance(part, dict) or not isinstance(part.get(key), dict):
            last = key
            break
        part = part[key]
    if isinstance(part, dict):
        part.pop(last, None)
