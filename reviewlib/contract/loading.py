"""Reading ``engagement.yml`` into its models: every fault at once, each with its line."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
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
from reviewlib.faults import UNKNOWN_KEY, Fault, Faults, Unfit, meant_by, nearest
from reviewlib.languages import LANGUAGES, Language, Quoted
from reviewlib.report.text import EMPTY, N_, Message, Text, n_, sentences

__all__ = [
    "FILE",
    "faults_of",
    "load_contract",
    "load_data_section",
    "merged",
    "quoted",
    "stated_words",
]

EXPECTED = re.compile(r"'([^']*)'|\b(\d+)\b")  # what a literal may be, as pydantic lists it
WORDS = ("priorities", "services", "sites", "statuses", "clauses", "penalties")
LISTED = 200  # faults of a contract that are listed
AMENDED = 400  # amendments, each of which is read with all terms
Detail = tuple[str, Location, Any, Any]
"""A fault as the models know it: its kind, its location, its message and what came."""


def load_contract(folder: Path) -> Contract:
    """Return the contract of an engagement folder, its texts in all the languages they have.

    Raises Faults, in its language, with every fault found, its line and what is allowed.
    """
    written = read_contract(folder)
    language: Language = "fr" if written.values.get("language") == "fr" else "en"
    values = quoted(written.values, language)
    faults = []
    if "versions" in values:
        row, message = written.line(("versions",)), UNKNOWN_KEY(key="versions")
        faults.append(Fault(written.file, message, UNDER_TERMS, row=row, column="versions"))
    amendments = values.get("amendments")
    if isinstance(amendments, list) and len(amendments) > AMENDED:
        message, line = MANY_AMENDMENTS(n=len(amendments), most=AMENDED), ("amendments",)
        raise Faults([Fault(written.file, message, row=written.line(line))], language)
    whole = _with_versions(values, language)
    try:
        contract = Contract.model_validate(whole)
    except ValidationError as error:
        details = chain(_details(error), _undefined(whole["versions"]))
        faults += _first(_faults(details, written), written.file)
    if faults:
        raise Faults(sorted(faults, key=lambda fault: fault.row or 0), language)
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


def stated_words(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the words that a contract with faults defines, of the parts that are of their form.

    So what the tables say otherwise is told in one go with these faults.
    """
    words: dict[str, tuple[str, ...]] = {}
    for terms in _with_versions(read_contract(folder).values, "en")["versions"]:
        for part in WORDS:
            stated = terms.get(part) if isinstance(terms, dict) else None
            if isinstance(stated, list | dict) and all(isinstance(word, str) for word in stated):
                words[part] = tuple(dict.fromkeys((*words.get(part, ()), *stated)))
    return words


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
        yield own or (detail["type"], place, _words(detail), detail["input"])


def _words(detail: Mapping[str, Any]) -> Any:
    """Return what the models say of a fault: a message of ours, else pydantic's."""
    context = detail.get("ctx", {})
    if detail["type"] == "rule":
        return context["text"]
    if isinstance(error := context.get("error"), Unfit):
        return error.text
    if message := PLAIN.get(detail["type"]):
        return message.filled({"key": str(detail["loc"][-1]) if detail["loc"] else ""} | context)
    if detail["type"] == "literal_error":
        words = [one or n for one, n in EXPECTED.findall(context["expected"])]
        return ONE_OF(words=words) if words[1:] else JUST(words=words)
    return detail["msg"].removeprefix("Value error, ").replace("Input should be", "should be")


def _of_rule(kind: str, place: Location, value: Any) -> Detail | None:
    """Return in words of its own the fault of a penalty rule that has a kind, or keys, of none."""
    if kind == NO_KIND:
        return _unknown_rule(place, value)
    if kind == "extra_forbidden" and place[-3:-2] == ("penalties",) and place[-1] in OF_DELAYS:
        return "rule", place, NO_DAYS, None
    return None


def _unknown_rule(place: Location, rule: Any) -> Detail | None:
    """Return the fault of a rule whose pack, or else whose kind, is stated and is none of ours."""
    rules = {"pack": (names(), NO_PACK), "kind": (KINDS, NO_KIND_OF_RULE)}
    for key, (allowed, unknown) in rules.items():
        word = rule.get(key) if isinstance(rule, dict) else None
        if word is not None and word not in allowed:
            message = sentences(unknown(name=str(word)), meant_by(str(word), allowed))
            return "rule", (*place, key), message, None
    return None


def _undefined(versions: list[Any]) -> Iterator[Detail]:
    """Yield the names that no part of the terms defines, even where the terms have other faults."""
    for number, terms in enumerate(versions):
        for place, message, came in undefined(terms):
            yield "rule", ("versions", number, *place), message, came


def faults_of(error: ValidationError, written: Written, model: type[BaseModel]) -> list[Fault]:
    """Return the faults of a file other than the contract, each with its line and what to do."""
    return [*_faults(_details(error), written, model)]


def _faults(
    details: Iterable[Detail], written: Written, model: type[BaseModel] = Contract
) -> Iterator[Fault]:
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
            _remedy(kind, (model, place), value, text),
            row=written.line(there),
            column=".".join(str(part) for part in there),
            value=came,
        )


def _first(faults: Iterator[Fault], file: str) -> Iterator[Fault]:
    """Yield as many faults as anyone mends in one go, and that there are more."""
    yield from islice(faults, LISTED)
    if next(faults, None) is not None:
        yield Fault(file, MANY_FAULTS(most=LISTED))


def _as_written(place: Location) -> Location:
    """Return where the user wrote what stands at a location of a version of the terms."""
    number = int(place[1])
    start: Location = ("amendments", number - 1, "changes") if number else ("terms",)
    return start + place[2:]


NO_KIND = "union_tag_not_found"
OF_DELAYS = ("excludes", "concurrent")
NO_DAYS = N_(
    "leaves out days of a delay, and this rule has none: state what excuses an outage in its "
    "availability clause (excuses), which tickets don't count in their clause (excludes)"
)
LINES = N_("should hold “key: value” lines")
PLAIN = {
    "extra_forbidden": UNKNOWN_KEY,
    "missing": N_("the key {key:quoted} is missing or has no value"),
    "too_short": N_("should hold at least one"),
    "too_long": N_("holds too many"),
    "string_type": N_("should be a text"),
    "int_type": N_("should be a whole number"),
    "float_type": N_("should be a number"),
    "bool_type": N_("should be true or false"),
    "date_type": N_("should be a date"),
    "datetime_type": N_("should be an instant"),
    "tuple_type": N_("should be a list"),
    "dict_type": LINES,
    "model_type": LINES,
    "string_pattern_mismatch": N_("should be the code of a currency, such as EUR or USD"),
    "greater_than_equal": N_("should be {ge} or more"),
    "less_than_equal": N_("should be {le} or less"),
    NO_KIND: N_("should state a pack, or its kind: delay, points, tiers, late_payment"),
}
"""Messages of pydantic in the words of someone who writes a contract, not a program."""

REMEDIES = {
    "float_type": N_("Write it without a unit, such as 12.5."),
    "date_type": N_("Write it as 2024-01-15."),
    "datetime_type": N_("Write it as 2024-01-15T18:00."),
    "tuple_type": N_("Write [one, two], or a line “- one” for each."),
}
ONE_OF, JUST = N_("should be one of these: {words:commas}"), N_("should be {words:commas}")
WRITE = N_("Write {word}.")
NUMBERED = N_("number {n} of the list is missing")
UNDER_TERMS = N_("Write the terms under “terms”.")
MANY_AMENDMENTS = n_(
    "holds {n} amendment, more than {most}", "holds {n} amendments, more than {most}"
)
MANY_FAULTS = n_(
    "has more than {most} fault: the first are listed",
    "has more than {most} faults: the first are listed",
    on="most",
)
NO_PACK = N_("{name:quoted} is no rule pack.")
NO_KIND_OF_RULE = N_("{name:quoted} is no kind of rule.")
TEXTS = N_("Write one text, or {example}.")(example="{fr: …, en: …}")
BETWEEN_QUOTES = N_("Put it between quotes.")


def _message(kind: str, text: Text, place: Location) -> Text:
    if kind == "missing" and isinstance(place[-1], int):
        return NUMBERED(n=place[-1] + 1)
    return text


def _came(kind: str, value: Any) -> str:
    """Return what came, where it fits in a line and is not named already."""
    named = kind in ("missing", "extra_forbidden") or value is None
    return "" if named or isinstance(value, dict | list | tuple) else str(value)[:80]


def _remedy(kind: str, stated: tuple[type[BaseModel], Location], value: Any, message: Text) -> Text:
    if kind == "extra_forbidden":
        model, place = stated
        return meant_by(str(place[-1]), _keys_at(model, place[:-1]))
    if kind == "literal_error" and isinstance(message, Message):
        near = nearest(str(value).casefold(), dict(message.values)["words"])
        return WRITE(word=near) if near else EMPTY
    if kind == "string_type" and value is not None:
        return TEXTS if isinstance(value, dict | list | tuple) else BETWEEN_QUOTES
    return REMEDIES.get(kind, EMPTY)


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
