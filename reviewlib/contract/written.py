"""``engagement.yml`` as it is written: plain values, and the line on which each key stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.parser import ParserError
from yaml.reader import ReaderError
from yaml.scanner import ScannerError

from reviewlib.contract.base import Location
from reviewlib.faults import (
    AS_TEXT,
    NO_TEXT,
    NOT_UTF8,
    SAVE_UTF8,
    TOO_LARGE,
    UNREADABLE,
    Fault,
    Faults,
)
from reviewlib.languages import Language
from reviewlib.report.text import EMPTY, N_, Text

FILE = "engagement.yml"
LARGEST = 250_000
"""The most bytes that a contract may hold; real ones hold some ten thousand."""

LANGUAGE = re.compile(rb"^(?:\xef\xbb\xbf)?language[ \t]*:[ \t]*[\"']?(fr|en)\b", re.MULTILINE)
MOST, DEEPEST = 20_000, 50
"""The most keys and values of a contract, of which real ones have some thousand; the most deep."""

TABLES = N_("Keep the contract in it, and the rest in tables.")
FORM = N_(
    "Mind the spaces at the start of this line and of the one before (no tabs), and put texts "
    "that hold “: ”, “#”, “&”, “*” or a brace between quotes."
)
NO_YAML = N_("not valid YAML: {problem}")
TOO_DEEP = N_("is nested too deeply")
NO_KEYS, WRITE_KEYS = N_("is empty or not a list of keys"), N_("Write “key: value” lines.")
ABSENT = N_("not found in the folder {folder}")
CREATE = N_("Create it, or lay out a folder with: reviewlib new {folder}")
TOO_MANY_KEYS = N_("holds more than {most:number} keys and values")
DEEP = N_("is nested more than {most} deep")
SURROGATE = N_("half of a surrogate pair is no character: write the character itself")
ALIAS = N_("aliases (*name) are not read: write out what they stand for")
TAG = N_("tags (!name) are not read: put texts that begin with ! between quotes")
TWICE = N_("{key} is given twice")
PLAIN_KEY = N_("a key is a plain text; put texts that hold a brace or a bracket between quotes")
PROBLEMS = {
    "mapping values are not allowed here": N_("a “: ” stands where a value has begun"),
    "could not find expected ':'": N_("a key lacks its “:”"),
    "found character '\\t' that cannot start any token": N_("a tab stands among the spaces"),
    "expected <block end>, but found": N_("the line is not set under the one before"),
    "expected ',' or ']'": N_("a list in brackets is not closed, or lacks a comma"),
    "expected ',' or '}'": N_("braces are not closed, or lack a comma"),
    "found unexpected end of stream": N_("a quote is not closed"),
    "expected alphabetic or numeric character": N_("a “&” or a “*” stands at the start of a text"),
    "found unknown escape character": N_("a backslash stands between double quotes: use single"),
}
"""What YAML says of the commonest slips, by the start of the words of its library."""


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
            raise Faults([Fault(file, error.text, TABLES, row=row)]) from None
        remedy = FORM if isinstance(error, ScannerError | ParserError) else EMPTY
        raise Faults([Fault(file, NO_YAML(problem=_problem(error)), remedy, row=row)]) from None
    except RecursionError:
        raise Faults([Fault(file, TOO_DEEP)]) from None
    except ReaderError as error:
        message = NO_TEXT(place=error.position + 1, sign=f"U+{error.character:04X}")
        raise Faults([Fault(file, message, AS_TEXT)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Faults([Fault(file, NO_YAML(problem=str(error)))]) from None
    if node is None or not isinstance(values, dict):
        raise Faults([Fault(file, NO_KEYS, WRITE_KEYS)])
    return Written(node, values, file)


def yaml_value(text: str) -> Any:
    """Return the value that a text is as YAML, without its surprises. Raises YAMLError."""
    return _Loader(text).get_single_data()


def named_language(folder: Path) -> Language:
    """Return the language that stands on a line of its own in what is no YAML."""
    with suppress(OSError), (folder / FILE).open("rb") as file:
        named = LANGUAGE.search(file.read(LARGEST))
        return "fr" if named and named[1] == b"fr" else "en"
    return "en"


def _text(folder: Path, file: str) -> str:
    path = folder / file
    if not path.is_file():
        name = str(folder)
        raise Faults([Fault(file, ABSENT(folder=name), CREATE(folder=name))])
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        raise Faults([Fault(file, UNREADABLE(reason=error.strerror))]) from None
    if size > LARGEST:
        raise Faults([Fault(file, TOO_LARGE(size=size, most=LARGEST), TABLES)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise Faults([Fault(file, NOT_UTF8, SAVE_UTF8, row=row)]) from None


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


class _Unread(yaml.MarkedYAMLError):
    """What YAML allows and a contract does not: ``text`` says what to do."""

    def __init__(self, text: Text, mark: Any) -> None:
        super().__init__(problem_mark=mark)
        self.text = text


class _TooMuch(_Unread):
    """A contract beyond the size that one is read to."""


def _problem(error: yaml.MarkedYAMLError) -> Text | str:
    """Return what is wrong with YAML, in words of ours for what people get wrong most."""
    if isinstance(error, _Unread):
        return error.text
    problem = str(error.problem)
    return next((text for start, text in PROBLEMS.items() if problem.startswith(start)), problem)


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: 14:00, 007, NO and the key 6.10 stay text, no key comes twice."""

    composed = depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        self.composed += 1
        if self.composed > MOST:
            raise _TooMuch(TOO_MANY_KEYS(most=MOST), event.start_mark)
        if self.depth > DEEPEST:
            raise _TooMuch(DEEP(most=DEEPEST), event.start_mark)
        problem: Text = EMPTY
        if isinstance(event, yaml.ScalarEvent) and any(
            "\ud800" <= c <= "\udfff" for c in event.value
        ):
            problem = SURROGATE
        if isinstance(event, yaml.AliasEvent):
            # aliases of aliases unfold to any size, and what they hold has no line of its own
            problem = ALIAS
        elif getattr(event, "tag", None) not in (None, "!"):
            problem = TAG
        if problem:
            raise _Unread(problem, event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            mark, key = key_node.start_mark, self._key(key_node)
            if key in mapping:
                raise _Unread(TWICE(key=str(key)), mark)
            mapping[key] = self.construct_object(value_node, deep=True)
        return mapping

    def _key(self, node: yaml.Node) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            raise _Unread(PLAIN_KEY, node.start_mark)
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
