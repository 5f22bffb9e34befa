"""Reading ``engagement.yml``: every fault at once, each with its line and what to do."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from reviewlib.contract.data import Data
from reviewlib.contract.model import Contract
from reviewlib.faults import Fault, Faults, did_you_mean
from reviewlib.wording import LANGUAGES

FILE = "engagement.yml"
Location = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: 14:00 and the key 6.10 stay text, no key is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in mapping:
                mark = key_node.start_mark
                raise yaml.MarkedYAMLError(problem=f"{key!r} is given twice", problem_mark=mark)
            mapping[key] = self.construct_object(value_node, deep=True)  # type: ignore[no-untyped-call]
        return mapping

    def _key(self, node: yaml.Node) -> Any:
        number = node.tag.endswith((":int", ":float", ":bool"))
        return node.value if number else self.construct_object(node, deep=True)  # type: ignore[no-untyped-call]


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern in (("int", r"[-+]?[0-9]+"), ("float", r"[-+]?[0-9]+\.[0-9]+")):
    _Loader.add_implicit_resolver(  # type: ignore[no-untyped-call]
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list("-+0123456789")
    )


def load_contract(folder: Path, language: str | None = None) -> Contract:
    """Return the contract of an engagement folder.

    ``language`` picks among texts given as ``{fr: …, en: …}``; by default the contract's own.
    Raises Faults with every fault found, each with its line and what is allowed.
    """
    path = folder / FILE
    node, raw = _read(path)
    chosen = language or (raw.get("language") if raw.get("language") in LANGUAGES else "en")
    spoken = in_language(raw, str(chosen))
    lines = _Lines(node)
    if "versions" in spoken:
        raise Faults([Fault(FILE, "unknown key 'versions'", "Write the terms under 'terms'.")])
    try:
        return Contract.model_validate(_with_versions(spoken))
    except ValidationError as error:
        raise Faults(_faults(error, lines)) from None


def _read(path: Path) -> tuple[yaml.Node, dict[str, Any]]:
    if not path.is_file():
        remedy = f"Create it, or lay out a folder with: reviewlib new {path.parent}"
        raise Faults([Fault(FILE, f"not found in the folder {path.parent}", remedy)])
    try:
        loader = _Loader(path.read_bytes().decode("utf-8-sig"))
        node = loader.get_single_node()
        raw = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else None
        raise Faults([Fault(FILE, f"not valid YAML: {error.problem}", row=row)]) from None
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise Faults([Fault(FILE, f"not valid YAML in UTF-8: {error}")]) from None
    if node is None or not isinstance(raw, dict):
        raise Faults([Fault(FILE, "is empty or not a list of keys", "Write 'key: value' lines.")])
    return node, raw


def load_data_section(folder: Path) -> Data:
    """Return what a contract declares of its files, when the rest of it has faults."""
    try:
        return Data.model_validate(_read(folder / FILE)[1].get("data") or {})
    except (Faults, ValidationError):
        return Data()


def in_language(value: Any, language: str) -> Any:
    """Return the value with each text given as ``{fr: …, en: …}`` in one language."""
    if isinstance(value, list):
        return [in_language(item, language) for item in value]
    if not isinstance(value, dict):
        return value
    if value and set(value) <= set(LANGUAGES):
        return value.get(language, next(iter(value.values())))
    return {key: in_language(item, language) for key, item in value.items()}


def merged(base: Any, changes: Any) -> Any:
    """Return ``base`` with ``changes`` laid over it, key by key; None takes a key out."""
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    kept = {key: value for key, value in base.items() if changes.get(key, value) is not None}
    laid = {k: merged(base.get(k), v) for k, v in changes.items() if v is not None}
    return kept | laid


def _with_versions(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the contract with its terms written out, once for each amendment."""
    versions = [raw.get("terms") or {}]
    amendments = raw.get("amendments")
    for amendment in amendments if isinstance(amendments, list) else []:
        changes = amendment.get("changes") if isinstance(amendment, dict) else None
        versions.append(merged(versions[-1], changes or {}))
    rest = {key: value for key, value in raw.items() if key != "terms"}
    return rest | {"versions": tuple(versions)}


def _faults(error: ValidationError, lines: _Lines) -> Iterator[Fault]:
    seen: set[str] = set()
    for detail in error.errors(include_url=False):
        version = detail["loc"][1] if detail["loc"][:1] == ("versions",) else None
        written = _as_written(detail["loc"])
        message = _message(detail["type"], detail["msg"], written)
        if version and message + str(detail["loc"][2:]) in seen:
            continue  # a fault of the first terms stands in every amended version too
        seen.add(message + str(detail["loc"][2:]))
        yield Fault(
            FILE,
            message,
            _remedy(detail["type"], detail["loc"]),
            row=lines.of(written),
            column=".".join(str(part) for part in written),
            value=_came(detail["type"], detail["input"]),
        )


def _as_written(location: Location) -> Location:
    """Return where the user wrote what stands at a location of the model."""
    place = tuple(part for part in location if part not in ("timedelta", "WorkingDays", "[key]"))
    if place[:1] != ("versions",) or len(place) < 2:
        return place
    number = int(place[1])
    start: Location = ("amendments", number - 1, "changes") if number else ("terms",)
    return start + place[2:]


def _message(kind: str, text: str, written: Location) -> str:
    match kind:
        case "extra_forbidden":
            return f"unknown key {str(written[-1])!r}"
        case "missing":
            return f"the key {str(written[-1])!r} is missing"
        case _:
            return text.removeprefix("Value error, ").replace("Input should be", "should be")


def _came(kind: str, value: Any) -> str:
    return "" if kind in ("missing", "extra_forbidden") else str(value)[:80]


def _remedy(kind: str, location: Location) -> str:
    if kind != "extra_forbidden":
        return ""
    return did_you_mean(str(location[-1]), _keys_at(Contract, location[:-1]))


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
        found = (_keys_at(part, location) for part in parts)
        return next((keys for keys in found if keys), ())
    if origin in (dict, tuple) and location:
        return _keys_at(parts[1 if origin is dict else 0], location[1:])
    return ()


class _Lines:
    """The line on which each key of the file stands."""

    def __init__(self, root: yaml.Node) -> None:
        self._root = root

    def of(self, location: Location) -> int:
        """Return the line of the deepest part of a location that the file holds."""
        node, line = self._root, 1
        for part in location:
            found = _child(node, part)
            if found is None:
                break
            node, line = found[0], found[1].start_mark.line + 1
        return int(line)


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None
