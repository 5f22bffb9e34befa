"""``engagement.yml`` as it is written: plain values, and the line on which each key stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.parser import ParserError
from yaml.reader import ReaderError
from yaml.scanner import ScannerError

from reviewlib.contract.base import Location
from reviewlib.faults import Fault, Faults

FILE = "engagement.yml"
LARGEST = 250_000
"""The most bytes that a contract may hold; real ones hold some ten thousand."""

MOST, DEEPEST = 20_000, 50
"""The most keys and values of a contract, of which real ones have some thousand; the most deep."""

TABLES = "Keep the contract in it, and the rest in tables."
FORM = (
    "Mind the spaces at the start of this line and of the one before (no tabs), and put texts "
    "that hold ': ', '#', '*' or '{' between quotes."
)


@dataclass(frozen=True)
class Written:
    """The file as plain values, and as YAML nodes, which know their lines.

    Of a sheet of a workbook, ``file`` is how faults call it, and ``rows`` has the row of each key.
    """

    node: yaml.Node | None
    values: dict[str, Any]
    file: str = FILE
    rows: Mapping[Location, int] = field(default_factory=dict)

    def line(self, location: Location) -> int:
        """Return the line, or the row, of the deepest part of a location that the file holds."""
        if self.node is None:
            places = (location[:depth] for depth in range(len(location), -1, -1))
            return next((self.rows[place] for place in places if place in self.rows), 1)
        node, line = self.node, 1
        for part in location:
            child = _child(node, part)
            if child is None:
                break
            node, line = child[0], child[1].start_mark.line + 1
        return int(line)


def read(folder: Path, file: str = FILE) -> Written:
    """Return what the contract of a folder says, or another file of it.

    Raises Faults when it is not YAML in UTF-8.
    """
    try:
        loader = _Loader(_text(folder, file))
        node = loader.get_single_node()
        values = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else None
        if isinstance(error, _TooMuch):
            raise Faults([Fault(file, str(error.problem), TABLES, row=row)]) from None
        remedy = FORM if isinstance(error, ScannerError | ParserError) else ""
        raise Faults([Fault(file, f"not valid YAML: {error.problem}", remedy, row=row)]) from None
    except RecursionError:
        raise Faults([Fault(file, "is nested too deeply")]) from None
    except ReaderError as error:
        message = f"character {error.position + 1} (U+{error.character:04X}) is no text"
        raise Faults([Fault(file, message, "Save it as text in UTF-8.")]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Faults([Fault(file, f"not valid YAML: {error}")]) from None
    if node is None or not isinstance(values, dict):
        raise Faults([Fault(file, "is empty or not a list of keys", "Write 'key: value' lines.")])
    return Written(node, values, file)


def yaml_value(text: str) -> Any:
    """Return the value that a text is as YAML, without its surprises. Raises YAMLError."""
    return _Loader(text).get_single_data()


def _text(folder: Path, file: str) -> str:
    path = folder / file
    if not path.is_file():
        remedy = f"Create it, or lay out a folder with: reviewlib new {folder}"
        raise Faults([Fault(file, f"not found in the folder {folder}", remedy)])
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise Faults([Fault(file, f"can't be read: {error.strerror}")]) from None
    if size > LARGEST:
        raise Faults([Fault(file, f"holds {size:,} bytes, more than {LARGEST:,}", TABLES)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise Faults([Fault(file, "is not UTF-8 text", "Save it in UTF-8.", row=row)]) from None


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


class _TooMuch(yaml.MarkedYAMLError):
    """A contract beyond the size that one is read to."""


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: 14:00, 007, NO and the key 6.10 stay text, no key comes twice."""

    composed = depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        problem = ""
        self.composed += 1
        if self.composed > MOST:
            problem = f"holds more than {MOST:,} keys and values"
        elif self.depth > DEEPEST:
            problem = f"is nested more than {DEEPEST} deep"
        if problem:
            raise _TooMuch(problem=problem, problem_mark=event.start_mark)
        if isinstance(event, yaml.ScalarEvent) and any(
            "\ud800" <= c <= "\udfff" for c in event.value
        ):
            problem = "half of a surrogate pair is no character: write the character itself"
        if isinstance(event, yaml.AliasEvent):
            # aliases of aliases unfold to any size, and what they hold has no line of its own
            problem = "aliases (*name) are not read: write out what they stand for"
        elif getattr(event, "tag", None) not in (None, "!"):
            problem = "tags (!name) are not read: put texts that begin with ! between quotes"
        if problem:
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            mark, key = key_node.start_mark, self._key(key_node)
            if key in mapping:
                raise yaml.MarkedYAMLError(problem=f"{key} is given twice", problem_mark=mark)
            mapping[key] = self.construct_object(value_node, deep=True)
        return mapping

    def _key(self, node: yaml.Node) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            problem = "a key is a plain text; put texts that hold '{' or '[' between quotes"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        dated = node.tag.endswith(":timestamp")
        return self.construct_object(node) if dated else node.value


def _timestamp(loader: _Loader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value  # 2024-02-30: the model refuses it, along with all other faults


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in resolvers if not pair[0].endswith((":int", ":float", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern, _first in (
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )
