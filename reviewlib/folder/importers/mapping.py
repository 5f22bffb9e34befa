"""mapping.yml: how the exports of an engagement's tools become its tables.

Which heading went to which column, and which value to which; what was assumed, and what is open: a
key without a value. The same file is read again at the next import, and asks nothing.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from reviewlib.contract.base import Model
from reviewlib.contract.loading import faults_of
from reviewlib.contract.written import read
from reviewlib.faults import Fault, Faults, meant_by
from reviewlib.languages import Language
from reviewlib.report.text import N_, Text
from reviewlib.tables import SCHEMAS

FILE = "mapping.yml"
ANSWERS = "survey_answers"  # of which values are stated by question
LISTED = 200  # open values of a column that are listed
LONGEST = 200  # signs of those: mapping.yml must stay one that can be read
NO_TABLE = N_("{table:quoted} is no table")
NO_COLUMN = N_("{column:quoted} is no column of {table}")

Word = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int | float | bool) else v)]
"""A word as it stands in a cell: 1, true and 2.5 are written without quotes."""


class Route(Model):
    """How the exports of one source become a table.

    ``columns``: the heading that each column is read from; ``left_out``: the headings that none
    is; ``values``: by column, the word of the table for each word of the export. A None is open.
    ``assumed`` names the keys that nobody confirmed.
    """

    table: str
    dates: Literal["iso", "day-first", "month-first"] | None = None
    decimal: Literal[",", "."] | None = None
    wave: Word | None = None
    columns: dict[str, str | None] = Field(default={})
    questions: dict[str, str | None] = Field(default={})
    left_out: tuple[str, ...] = ()
    values: dict[str, dict[str, Word | None]] = Field(default={})
    assumed: tuple[str, ...] = ()


class Routes(Model):
    """Every source that a folder's tables were imported from, by name."""

    format: Literal[1] = 1
    imports: dict[str, Route] = Field(default={})


def load_routes(folder: Path) -> Routes:
    """Return what mapping.yml of a folder states; nothing where there is none. Raises Faults."""
    if not (folder / FILE).is_file():
        return Routes()
    written = read(folder, FILE)
    try:
        routes = Routes.model_validate(written.values)
    except ValidationError as error:
        raise Faults(faults_of(error, written, Routes)) from None
    faults = [
        Fault(FILE, message, remedy, row=written.line(place), column=".".join(place))
        for name, route in routes.imports.items()
        for place, message, remedy in _strange(name, route)
    ]
    if faults:
        raise Faults(faults)
    return routes


def _strange(name: str, route: Route) -> Iterator[tuple[tuple[str, ...], Text, Text]]:
    """Yield the keys of a route that name no table or no column of it, why, and what is meant."""
    above = ("imports", name)
    if route.table not in SCHEMAS:
        yield (*above, "table"), NO_TABLE(table=route.table), meant_by(route.table, SCHEMAS)
        return
    columns = [*map(str, SCHEMAS[route.table].columns)]
    for column in route.columns:
        if column not in columns:
            message = NO_COLUMN(column=column, table=route.table)
            yield (*above, "columns", column), message, meant_by(column, columns)
    for column in route.values if route.table != ANSWERS else ():
        if column not in columns:
            message = NO_COLUMN(column=column, table=route.table)
            yield (*above, "values", column), message, meant_by(column, columns)


_KEY_LINE = re.compile(
    r'(?P<indent> *)(?P<key>"(?:[^"\\]|\\.)*"|[\w-]+):(?:  # (?P<comment>.+)| .*)?'
)
HEADS: dict[Language, str] = {
    "en": """\
# How the exports of your tools become tables. A key without a value is open: fill it in, and run
# the same import again. The next export goes through the same file, without a question.
# columns: the column of the table, and the heading of the export. left_out: headings not read.
# values: the word of the export, and the word of the table. assumed: taken so, confirmed by nobody.
""",
    "fr": """\
# Comment les exports de vos outils deviennent des tables. Une clé sans valeur est ouverte :
# remplissez-la, puis relancez le même import. L’export suivant passe par le même fichier, sans
# question.
# columns : la colonne de la table, et l’intitulé de l’export. left_out : intitulés non lus.
# values : le mot de l’export, et celui de la table. assumed : retenu ainsi, sans confirmation.
""",
}


def hints_of(folder: Path) -> dict[str, str]:
    """Return the comments beside open keys of the mapping.yml of a folder, by key."""
    if not (folder / FILE).is_file():
        return {}
    hints, above = {}, list[str]()
    for line in (folder / FILE).read_text("utf-8").splitlines():
        if not (parts := _KEY_LINE.fullmatch(line)):
            continue
        depth = len(parts["indent"]) // 2
        above = [*above[:depth], str(yaml.safe_load(parts["key"]))]
        if parts["comment"]:
            hints[".".join(above)] = parts["comment"]
    return hints


def text_of(routes: Routes, hints: Mapping[str, str], language: Language) -> str:
    """Return the text of mapping.yml; ``hints`` stand as comments beside open keys, by key."""
    lines = [*HEADS[language].splitlines(), "format: 1", "imports:"]
    for name, route in routes.imports.items():
        lines += [f"  {quoted(name)}:", *_route(f"imports.{name}", route, hints)]
    return "\n".join(lines) + "\n"


def _route(key: str, route: Route, hints: Mapping[str, str]) -> Iterator[str]:
    yield f"    table: {route.table}"
    for name in ("dates", "decimal", "wave"):
        value = getattr(route, name)
        if value is not None or f"{key}.{name}" in hints:
            yield _line(4, name, value, hints.get(f"{key}.{name}", ""))
    for part in ("columns", "questions"):
        if getattr(route, part):
            yield f"    {part}:"
            for name, heading in getattr(route, part).items():
                yield _line(6, name, heading, hints.get(f"{key}.{part}.{name}", ""))
    if route.left_out:
        yield f"    left_out: [{', '.join(map(quoted, route.left_out))}]"
    if any(route.values.values()):
        yield "    values:"
    for column, words in route.values.items():
        if words:
            yield f"      {quoted(column)}:"
        for word, meant in words.items():
            yield _line(8, word, meant, hints.get(f"{key}.values.{column}.{word}", ""))
    if route.assumed:
        yield f"    assumed: [{', '.join(map(quoted, route.assumed))}]"


def _line(indent: int, key: str, value: str | None, hint: str) -> str:
    shown = "" if value is None else f" {quoted(value)}"
    plain = " ".join(hint.split()) if value is None else ""
    comment = f"  # {textwrap.shorten(plain, 160, placeholder='…')}" if plain else ""
    return f"{' ' * indent}{quoted(key)}:{shown}{comment}"


def quoted(word: Any) -> str:
    """Return a word as YAML writes it on one line: between quotes unless it is plain."""
    text = str(word)
    if (
        text.isascii()
        and text.replace("_", "").replace("-", "").isalpha()
        and text.lower()
        not in (*("y", "n", "yes", "no", "on", "off", "true", "false", "null", "-"),)
    ):
        return text
    dumped = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return dumped.strip()
