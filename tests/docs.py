"""What of the pages of docs/ is generated: ``make docs`` writes it between its marks.

The columns come from the schemas, the commands from the command line, the packs from their files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from reviewlib.cli import app
from reviewlib.contract.rulepacks import names, pack
from reviewlib.pages.dictionary import dictionary

DOCS = Path(__file__).resolve().parents[1] / "docs"


def commands() -> str:
    """Return every verb of the command line with its arguments and options, as Markdown."""
    return "\n\n".join(_verbs(typer.main.get_command(app), "reviewlib"))


def _verbs(command: Any, name: str) -> Iterator[str]:
    verbs = getattr(command, "commands", None)
    for verb in (verbs or {}).values():
        yield from _verbs(verb, f"{name} {verb.name}")
    if verbs is None:
        yield _verb(command, name)


def _verb(command: Any, name: str) -> str:
    words = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join([name, *map(_written_as, words)])
    rows = [(_written_as(p), p.help) for p in command.params]
    lines = ["| `{}` | {} |".format(*(cell.replace("|", "\\|") for cell in row)) for row in rows]
    heading = [f"### `{usage}`", "", command.help, "", "| | meaning |", "| --- | --- |"]
    return "\n".join([*heading, *lines])


def _written_as(parameter: Any) -> str:
    placeholder = str(parameter.metavar or parameter.name.upper())
    if parameter.param_type_name == "argument":
        return placeholder
    return parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {placeholder}"


def packs() -> str:
    """Return every rule pack with what it states, as Markdown."""
    lines = ["| pack | what it is | what it states |", "| --- | --- | --- |"]
    for name in names():
        stated = dict(pack(name))
        about = [stated.pop(key)["en"] for key in ("title", "source") if key in stated]
        terms = "; ".join(f"`{key}: {_yaml(value)}`" for key, value in stated.items())
        lines.append(f"| `{name}` | {'; '.join(about)} | {terms} |")
    return "\n".join(lines)


def _yaml(value: Any) -> str:
    """Return a value as a pack writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    return str(value)


GENERATED: dict[str, tuple[str, Callable[[], str]]] = {
    "columns": ("tables.md", dictionary),
    "commands": ("commands.md", commands),
    "packs": ("penalties.md", packs),
}
"""What is generated: the name of its marks, its page, and what returns it."""


def between(text: str, name: str) -> re.Match[str]:
    """Return what stands between the marks of a name."""
    marks = re.compile(rf"(?<=<!-- {name} -->\n)(.*?)(?=<!-- end of {name} -->)", re.DOTALL)
    match = marks.search(text)
    assert match, f"the page has no marks of {name}"
    return match


def main() -> None:
    """Write each generated part into its page."""
    for name, (page, generate) in GENERATED.items():
        path = DOCS / page
        text = path.read_text(encoding="utf-8")
        part = between(text, name)
        path.write_text(
            f"{text[: part.start()]}\n{generate()}\n\n{text[part.end() :]}",
            encoding="utf-8",
            newline="\n",
        )


if __name__ == "__main__":
    main()
