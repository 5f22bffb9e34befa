"""Folders that are nearly right: small ones, and what hands and tools do to their files.

A folder is its files by name, as text. A change is a value of hypothesis, so that what fails is
shrunk to the fewest and plainest changes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from reviewlib.contract.written import FILE
from reviewlib.review import Review
from tests import desk
from tests.fuzz.checks import all_chapters, checked
from tests.sample import SAMPLE

Files = dict[str, str]
ROWS = {"tickets": 40, "survey_answers": 60, "reported_kpis": 30, "milestone_forecasts": 30}
CELLS = (
    "", " ", "0", "-1", "1e9", "1000000", "0,5", "1.234", "1,234.5", "12 k€", "99999999999999999999",
    "nan", "inf", "oui", "non", "true", "2024", "12/11/2024", "11/25/2024", "25/11/2024 08:30",
    "2024-02-30", "2024-10-27 02:30", "2024-03-31 02:30", "1969-12-31", "2108-01-01", "0001-01-01",
    "9999-12-31", "2024-05-01T00:00:00Z", "2025-01-01T12:00+14:00", "2024-13", "M1", "P2", "client",
    "accepted", "Annulé", "TOTAL", "10 - Très satisfait", '"', 'a"b', "a\nb", "a;b", "a,b", "\t", "\x00",
    "\u202e", "=1+1", "<b>", "{x}", "%s", "x" * 300, "é" * 90_000,
)  # fmt: skip
VALUES = (
    None, True, 0, -1, 3, 10**9, 1.5, "", "x", "95 %", "0 %", "4 h", "8784 h", "1 working days",
    "15 calendar days", "9999 calendar days", "3 mois", "2024-01-01", "1970-01-01", "2099-12-31",
    "2108-01-01", "2024-02-30", "FR", "Europe/Paris", "P1", "Art. 5.2", "client", [], {}, ["P1"],
    ["x", "x"], {"x": 1}, {"fr": "a", "en": "b"}, [[1]], [["09:00", "18:00"]], "14:00", "é" * 9000,
)  # fmt: skip
PIECES = (
    "",
    "\n",
    "\n\n",
    ";",
    ",",
    '"',
    "'",
    ": ",
    "- ",
    "  ",
    "{",
    "]",
    "&a ",
    "*a",
    "\t",
    "\ufeff",
)


@dataclass(frozen=True)
class Change:
    """One thing done to a folder; ``at`` are numbers that choose where, whatever the size."""

    kind: str
    at: tuple[int, int, int]
    value: Any = ""


@cache
def bases() -> tuple[tuple[str, str], ...]:
    """The folders to start from, each as JSON of its files, which can't be changed by mistake."""
    return ("sample", json.dumps(_sample())), ("desk", json.dumps(_desk()))


@cache
def own_encoding(path: Path) -> str:
    """Return the encoding of a file of the sample; that of any other is UTF-8."""
    try:
        path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    except OSError:
        return "utf-8"
    return "utf-8-sig"


def _sample() -> Files:
    """The shipped engagement with its first tickets, their events, and few rows of the rest."""
    contract = (SAMPLE / FILE).read_text(encoding="utf-8")
    files = {FILE: re.sub(r"set_aside_limit: .*", "set_aside_limit: 100 %", contract)}
    tickets: set[str] = set()
    for path in sorted(SAMPLE.glob("*.csv"), key=lambda path: path.stem == "ticket_events"):
        heading, *rows = path.read_text(encoding=own_encoding(path)).splitlines()
        if path.stem in ("ticket_events", "extensions"):
            rows = [row for row in rows if set(row.replace(";", ",").split(",")) & tickets]
        rows = rows[: ROWS.get(path.stem, 400)]
        if path.stem == "tickets":
            tickets = {row.replace(";", ",").split(",")[0] for row in rows}
        files[path.name] = "\n".join([heading, *rows, ""])
    return files


def _desk() -> Files:
    """A small service desk: two clauses, six tickets, three milestones, a budget, payments."""
    agreement = desk.agreed(desk.RESOLUTION, desk.RESPONSE, data={"set_aside_limit": "100 %"})
    tickets = "".join(f"T{n},2026-0{n}-05 09:00,P{1 + n % 4},Closed,support\n" for n in range(1, 7))
    events = "".join(
        f"T{n},2026-0{n}-05 {hour}:00,status,,{status}\n"
        for n in range(1, 7)
        for hour, status in (("09", "New"), ("10", "Waiting"), ("11", "Resolved"), ("12", "Closed"))
    )
    return {
        FILE: yaml.safe_dump(json.loads(json.dumps(agreement)), sort_keys=False),
        "tickets.csv": "ticket_id,opened_at,priority,status,service\n" + tickets,
        "ticket_events.csv": "ticket_id,at,field,old,new\n" + events,
        "milestones.csv": "milestone_id,title,contract_date,actual_date\n"
        "M1,Start,05/01/2026,12/01/2026\nM2,Build,25/03/2026,02/04/2026\nM3,End,01/09/2026,\n",
        "budget.csv": "line_id;title;original;actual\nL1;Licences;1 200,50;900\nL2;Run;300;\n",
        "payments.csv": "payment_id,title,milestone_id,amount,received_on,paid_on\n"
        "P1,Start,M1,1000.00,2026-01-15,2026-02-20\nP2,Build,M2,2000.5,2026-04-10,\n",
    }


def changes() -> st.SearchStrategy[Change]:
    """Return any one thing that can be done to a folder."""
    at = st.tuples(*[st.integers(0, 5000)] * 3)
    cell = st.sampled_from(CELLS) | st.text(max_size=12)
    value = st.sampled_from(VALUES) | st.text(max_size=8) | st.integers() | st.floats()
    return st.one_of(
        st.builds(Change, st.just("cell"), at, cell),
        st.builds(Change, st.sampled_from(sorted(ROW_CHANGES)), at),
        st.builds(Change, st.sampled_from(sorted(COLUMN_CHANGES)), at, cell),
        st.builds(Change, st.sampled_from(("piece", "stray")), at, st.sampled_from(PIECES)),
        st.builds(Change, st.just("separator"), at, st.sampled_from(";,\t|")),
        st.builds(Change, st.sampled_from(("ends", "empty", "heading", "gone")), at),
        st.builds(Change, st.sampled_from(("set", "take_out", "double", "rename")), at, value),
        st.builds(Change, st.just("contract_piece"), at, st.sampled_from(PIECES)),
    )


def gentle() -> st.SearchStrategy[Change]:
    """Return a change after which most folders are still read."""
    at = st.tuples(*[st.integers(0, 5000)] * 3)
    cell = st.builds(Change, st.just("cell"), at, st.sampled_from(CELLS))
    row = st.builds(Change, st.sampled_from(sorted(ROW_CHANGES)), at)
    term = st.builds(Change, st.sampled_from(("set", "take_out")), at, st.sampled_from(VALUES))
    table = st.builds(Change, st.sampled_from(("gone", "heading", "separator")), at, st.just(";"))
    return st.one_of(cell, cell, cell, cell, row, row, table, cell, row, cell, cell, term)


def written(folder: Path, base: str, done: Sequence[Change], encoding: str) -> Path:
    """Write a folder to which some changes were done, its tables in an encoding ("": their own)."""
    files: Files = json.loads(base)
    for change in done:
        _done(files, change)
    for name, text in files.items():
        written_in = "utf-8" if name == FILE else encoding or own_encoding(SAMPLE / name)
        (folder / name).write_bytes(text.encode(written_in, errors="replace"))
    return folder


def _done(files: Files, change: Change) -> None:
    if change.kind in ("set", "take_out", "double", "rename"):
        files[FILE] = _contract(files[FILE], change)
        return
    if change.kind == "contract_piece":
        files[FILE] = _with_piece(files[FILE], change)
        return
    tables = sorted(set(files) - {FILE})
    if not tables:
        return
    name = tables[change.at[0] % len(tables)]
    if change.kind == "gone":
        del files[name]
    else:
        files[name] = _table(files[name], change)


def _with_piece(text: str, change: Change) -> str:
    place = (change.at[1] * 5003 + change.at[2]) % (len(text) + 1)
    return text[:place] + change.value + text[place + (change.kind == "stray") :]


def _table(text: str, change: Change) -> str:
    """Return the text of a table after a change of its text, its rows or its columns."""
    if change.kind in ("piece", "stray"):
        return _with_piece(text, change)
    if change.kind in ("empty", "heading"):
        return "" if change.kind == "empty" else text.split("\n")[0] + "\n"
    if change.kind == "ends":
        return text.replace("\n", ("\r\n", "\r", "\n\n")[change.at[1] % 3])
    first = text.split("\n")[0]
    separator = max(";,\t|", key=first.count)
    try:
        rows = [*csv.reader(io.StringIO(text), delimiter=separator)]
    except csv.Error:
        return text
    if len(rows) < 2 or not rows[0]:
        return text
    row, column = 1 + change.at[1] % (len(rows) - 1), change.at[2] % len(rows[0])
    if change.kind == "cell":
        rows[row] = [change.value if n == column else c for n, c in enumerate(rows[row])]
    elif change.kind in ROW_CHANGES:
        rows = ROW_CHANGES[change.kind](rows, row)
    elif change.kind in COLUMN_CHANGES:
        rows = [COLUMN_CHANGES[change.kind](r, column, n, change.value) for n, r in enumerate(rows)]
    out = io.StringIO()
    chosen = change.value if change.kind == "separator" else separator
    csv.writer(out, delimiter=chosen, lineterminator="\n").writerows(rows)
    return out.getvalue()


Rows = list[list[str]]
ROW_CHANGES: dict[str, Callable[[Rows, int], Rows]] = {
    "row_out": lambda rows, n: rows[:n] + rows[n + 1 :],
    "row_twice": lambda rows, n: [*rows, rows[n]],
    "row_cut": lambda rows, n: [*rows[:n], rows[n][:2], *rows[n + 1 :]],
    "row_blank": lambda rows, n: [*rows[:n], [], *rows[n:]],
    "row_last": lambda rows, n: [*rows[:n], *rows[n + 1 :], rows[n]],
}
COLUMN_CHANGES: dict[str, Callable[[list[str], int, int, str], list[str]]] = {
    "column_out": lambda row, c, n, _: row[:c] + row[c + 1 :],
    "column_twice": lambda row, c, n, _: [*row, *row[c : c + 1]],
    "column_named": lambda row, c, n, word: [*row[:c], word, *row[c + 1 :]] if n == 0 else row,
    "column_filled": lambda row, c, n, word: [*row[:c], word, *row[c + 1 :]] if n else row,
}


def _contract(text: str, change: Change) -> str:
    """Return a contract of which one value was set, taken out, doubled or named otherwise."""
    try:
        agreement = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return text
    places = [*_places(agreement)]
    if not places:
        return text
    holder, key = places[(change.at[1] * 5003 + change.at[2]) % len(places)]
    if change.kind == "set":
        holder[key] = change.value
    elif change.kind == "take_out":
        del holder[key]
    elif isinstance(holder, list):
        holder.append(holder[key])
    else:
        name = f"{key}x" if change.kind == "double" else str(change.value)
        holder[name] = holder[key] if change.kind == "double" else holder.pop(key)
    return yaml.safe_dump(agreement, allow_unicode=True, sort_keys=False)


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each value of a contract as what holds it and its key there."""
    inside = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in inside:
        yield part, key
        if isinstance(value, dict | list):
            yield from _places(value)


Case = tuple[tuple[str, str], list[Change], str]
"""A folder to start from, what is done to it, and the encoding of its tables ("": their own)."""

FOLDERS: st.SearchStrategy[Case] = st.tuples(
    st.sampled_from(bases()),
    st.lists(changes(), min_size=1, max_size=6),
    st.sampled_from(("", "", "", "utf-8", "utf-8-sig", "cp1252", "utf-16")),
)
READABLE: st.SearchStrategy[Case] = st.tuples(
    st.sampled_from(bases()), st.lists(gentle(), min_size=3, max_size=12), st.just("")
)
"""Folders of which most are read: cells, rows and single values of the contract are changed."""


def read(case: Case) -> Review | None:
    """Return the review of a folder after its changes, None where it is refused."""
    (_, base), done, encoding = case
    with tempfile.TemporaryDirectory() as folder:
        return checked(written(Path(folder), base, done, encoding))


def through_chapters(case: Case) -> bool:
    """Read a folder and write all its chapters; tell whether it was read."""
    review = read(case)
    if review is not None:
        all_chapters(review)
    return review is not None
