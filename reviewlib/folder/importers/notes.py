"""What is to be said of an import: what was read, assumed, left open, and what it can't tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Unfit, nearest
from reviewlib.folder.importers.canonical import by_word
from reviewlib.folder.importers.mapping import FILE, quoted
from reviewlib.folder.importers.merging import Merged, repeated
from reviewlib.folder.importers.profiles import Profile
from reviewlib.folder.importers.settling import Settling
from reviewlib.folder.importers.sources import REMARK, Exported, alike
from reviewlib.folder.parsing import NUMERIC, matches
from reviewlib.folder.workbooks import swapped
from reviewlib.report.text import N_, Text, n_
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import title
from reviewlib.tables.folding import folded

if TYPE_CHECKING:
    from reviewlib.folder.importers.request import ImportRequest

MOST = 12  # headings that a fault lists
LIKELY = 0.6  # so like the usual heading of a column that one may be meant for it
READ = n_("{file}: {n} row read.", "{file}: {n:number} rows read.")
BLANK = n_("{file}: {n} blank row, left alone.", "{file}: {n:number} blank rows, left alone.")
MERGED = N_(
    "{table}.csv: {new:number} new, {changed:number} changed, {unchanged:number} unchanged."
)
REST = n_(
    "{n} row of {table}.csv is not in the export, and stays.",
    "{n:number} rows of {table}.csv are not in the export, and stay.",
)
COLUMNS = N_("Read: {columns:commas}.")
ONE_COLUMN = N_("{column} from “{heading}”")
LEFT_OUT = N_("Not read, for no column of {table}.csv goes by such a name: {headings:commas}.")
MAY_BE = N_(
    "“{heading}” may be “{title}”: if it is, write it under {key} in {file}, and import again."
)
SCALED = N_(
    "“{text}”: the amounts of {table}.csv seem to be in such units, and stay as they are written. "
    "If they are, state {key} in engagement.yml."
)
BARE = n_(
    "{n} column that holds something has no heading, and is not read: beside {headings:commas}.",
    "{n} columns that hold something have no heading, and are not read: beside {headings:commas}.",
)
LOST = N_(
    "“{heading}” ({column}) is no heading of the export: what the folder holds of it stays as it "
    "is."
)
DOUBLED = N_(
    "“{heading}” heads several columns of the export that hold something: {column} is read from "
    "the first of them."
)
RENAMED = N_("“{old}” is no heading of the export: {column} is read from “{heading}”.")
GONE = N_(
    "“{heading}”, from which {column} is to be read, is no heading of {place}: nothing was imported"
)
NAME_IT = N_(
    "Export it with that column, or write under {key} in {file} one of its headings: "
    "{headings:commas}."
)
ORDERS = {
    "day-first": N_("Dates such as {example} are read day first."),
    "month-first": N_("Dates such as {example} are read month first."),
}
ASSUMED = N_("Assumed, and confirmed by nobody (assumed in {file}): {keys:commas}.")
REPEATED = n_(
    "{n} row bears the key of an earlier one: both are kept, and check says which counts.",
    "{n:number} rows bear the key of an earlier one: all are kept, and check says which count.",
)
UNREAD = n_(
    "{column}: {n} cell cannot be read and stays as it is, the first is “{value}”.",
    "{column}: {n:number} cells cannot be read and stay as they are, the first is “{value}”.",
)
UNKNOWN_STATUS = n_(
    "Status “{word}” ({n} row): what it means is not known. State it in terms.statuses of "
    "engagement.yml.",
    "Status “{word}” ({n:number} rows): what it means is not known. State it in terms.statuses of "
    "engagement.yml.",
)
STATUSES = N_("terms.statuses of engagement.yml does not define {words:commas}. Add: {lines}")
NO_LOG = N_(
    "Such an export has no log of status changes: waits and reopenings cannot be rebuilt. Where a "
    "clause pauses, a ticket within its target is in time either way; one over it is late unless "
    "it was paused, so the report gives bounds and no share."
)
NO_END = N_("The export has no date of resolution: times to resolve cannot be assessed.")
COMPARED = N_(
    "“{heading}” is the tool’s own figure: its median is {recorded:seconds}, and {open:seconds} "
    "from opening to resolution on the calendar. It is compared here, and used nowhere."
)
WHICH_ORDER = N_("No day is above 12: are dates such as 05/03/2025 day first or month first?")
WHICH_MARK = N_("Which is the decimal mark of {column}? {problem}.")

OTHER_TOOL = N_("is no export of {tool}: its headings are those of {other}")
USE_SOURCE = N_("Use: reviewlib import {source} {file} --to {folder}")
NO_SOURCE = N_(
    "No import reads those of {other} yet. Name its columns one by one: reviewlib import table "
    "{file} --as tickets --to {folder}"
)
OTHER_TABLE = N_("is no export of {tool}: its headings are those of the table {table}")
NOT_ITS = N_("has none of the headings of {tool}; it has {headings:commas}")
EXPORT = N_("Export it with these columns: {columns:commas}.")
TWO_ORDERS = N_("its dates are written in two ways: {reason}")
ONE_WAY = N_("Export all of them in one way, best YYYY-MM-DD.")
OTHER_ORDER = N_("its dates are written {shown}, and {key} in {file} states {declared}")
CORRECT = N_("Correct that key.")
OTHER_TICKETS = n_(
    "{n} of its tickets bears the number of one that is in tickets.csv already and was opened on "
    "another day: {id}, on {own} here and on {theirs} there ({others:commas} went there too)",
    "{n:number} of its tickets bear numbers of others that are in tickets.csv already and were "
    "opened on other days, such as {id}: on {own} here and on {theirs} there ({others:commas} went "
    "there too)",
)
APART = N_(
    "Import it into a folder of its own; or put a sign before its numbers, in the export. If they "
    "are the same tickets, correct their opening in tickets.csv first."
)
OTHER_ROUTE = N_("{key} states {table}, and such an export becomes {own}")
UNITS = {
    "an": 365 * 86400, "year": 365 * 86400, "mois": 30 * 86400, "month": 30 * 86400,
    "semaine": 7 * 86400, "week": 7 * 86400, "jour": 86400, "day": 86400, "heure": 3600,
    "hour": 3600, "minute": 60, "seconde": 1, "second": 1,
}  # fmt: skip
_PART = re.compile(r"(\d+)\s*([a-zA-Z]+?)s?\b")
_CLOCK = re.compile(r"(\d+):(\d{2}):(\d{2})")


def other_tool(
    profile: Profile, tool: str, source: str, request: ImportRequest
) -> tuple[Text, Text]:
    """Return what is wrong with a file of another tool, and what to do."""
    message = OTHER_TOOL(tool=profile.tool, other=tool)
    file, folder = str(request.files[0]), str(request.folder)
    if source:
        return message, USE_SOURCE(source=source, file=file, folder=folder)
    return message, NO_SOURCE(other=tool, file=file, folder=folder)


def other_table(profile: Profile, table: str, request: ImportRequest) -> tuple[Text, Text]:
    """Return what is wrong with a file that holds another table, and what to do."""
    file, folder = str(request.files[0]), str(request.folder)
    remedy = USE_SOURCE(source="table", file=f"{file} --as {table}", folder=folder)
    return OTHER_TABLE(tool=profile.tool, table=table), remedy


def nothing_usual(work: Settling) -> tuple[Text, Text]:
    """Return what is wrong with a file of which no heading is one of the tool, and what to do."""
    profile, sheet = work.profile, work.sheet
    named = [heading.strip() for heading in sheet.headings if heading.strip()]
    first = []
    for name, about in SCHEMAS[profile.table].columns.items():
        if about.required and name in profile.columns:
            words = profile.columns[name]
            spoken = words.get(work.language) or next(iter(words.values()))
            first.append(next(iter(spoken)))
    message = NOT_ITS(tool=profile.tool, headings=named[:8])
    return message, EXPORT(columns=first)


def missing(work: Settling) -> Iterator[Fault]:
    """Yield a fault for each needed column that the export no longer has."""
    for name in work.missing:
        sheet, key = work.sheet, work.key("columns", name)
        heading = work.stated.columns[name] or ""
        message = GONE(heading=heading, column=name, place=sheet.place)
        named = [one.strip() for one in sheet.headings if one.strip()]
        remedy = NAME_IT(key=key, file=FILE, headings=named[:MOST])
        yield Fault(sheet.file, message, remedy, row=sheet.row)


def two_orders(problem: Unfit) -> tuple[Text, Text]:
    """Return what is wrong with dates that contradict each other, and what to do."""
    return TWO_ORDERS(reason=problem.text), ONE_WAY


def other_tickets(n: int, others: list[str], shown: dict[str, str]) -> tuple[Text, Text]:
    """Return what is wrong with tickets that bear the numbers of others, and what to do."""
    return OTHER_TICKETS(n=n, others=others, **shown), APART


def other_route(request: ImportRequest, table: str) -> tuple[Text, Text]:
    """Return what is wrong with a mapping that leads to another table, and what to do."""
    key, own = f"imports.{request.name}.table", request.profile.table
    return OTHER_ROUTE(key=key, table=table, own=own), CORRECT


def other_order(shown: str, declared: str, key: str) -> tuple[Text, Text]:
    """Return what is wrong with dates in another order than mapping.yml states."""
    return OTHER_ORDER(shown=shown, declared=declared, key=key, file=FILE), CORRECT


def of_import(work: Settling, frame: pd.DataFrame, table: Merged, dates: str) -> Iterator[Text]:
    """Yield what is to be said of a file that was brought into a table."""
    profile, sheet = work.profile, work.sheet
    yield READ(file=sheet.file, n=len(frame))
    yield from sheet.remarks
    if sheet.blank:
        yield BLANK(file=sheet.file, n=sheet.blank)
    yield from counted(table, profile.table)
    read = [
        ONE_COLUMN(column=name, heading=heading)
        for name, heading in work.columns.items()
        if heading and name in work.places
    ]
    yield COLUMNS(columns=read)
    if work.left_out:
        yield LEFT_OUT(table=profile.table, headings=work.left_out)
    yield from _likely(work)
    yield from bare(sheet)
    for name in work.doubled:
        yield DOUBLED(heading=work.columns[name] or "", column=name)
    for name in work.renamed:
        old, new = work.stated.columns[name] or "", work.columns[name] or ""
        yield RENAMED(old=old, column=name, heading=new)
    for name in work.lost:
        yield LOST(heading=work.columns[name] or "", column=name)
    yield from _dates(work, dates)
    if sheet.since_1904 is not None:
        names = {place: name for name, place in work.places.items()}
        texts = {place: sheet.texts(place) for place in names}
        for _, sentence in swapped(texts, names, SCHEMAS[profile.table]):
            yield REMARK(file=sheet.file, remark=sentence)
    if work.assumed:
        yield ASSUMED(file=FILE, keys=work.assumed)
    if again := repeated(frame, profile.table):
        yield REPEATED(n=again)
    yield from _unread(frame, profile.table)
    yield from _statuses(work, frame)
    if "log" in profile.lacks:
        yield from _lacking(work, frame)


def _likely(work: Settling) -> Iterator[Text]:
    """Yield which columns the headings that are not read may be meant for."""
    table = work.profile.table
    if work.name != table:  # an export of a tool has many columns that no table has
        return
    usual = {
        alike(word): name
        for name, words in work.profile.columns.items()
        if name not in work.places
        for some in words.values()
        for word in some
    }
    for heading in work.left_out:
        if near := nearest(alike(heading), usual, LIKELY):
            key, likely = work.key("columns", usual[near]), title(table, usual[near], work.language)
            yield MAY_BE(heading=heading, title=likely, key=key, file=FILE)


def of_scale(work: Settling, written: Format) -> Iterator[Text]:
    """Yield that the headings name thousands or millions, where nothing says so of the amounts."""
    table, scale = work.profile.table, work.sheet.scale
    money = any(SCHEMAS[table].columns[name].metadata["kind"] == "money" for name in work.places)
    if scale and money and written.amounts == "units":
        key = f"data.formats.{table}.amounts"
        yield SCALED(text=scale[0], table=table, key=f"{key}: {scale[1]}")


def bare(sheet: Exported) -> Iterator[Text]:
    """Yield how many columns that hold something have no heading, with the headings beside them."""
    beside, last = list[str](), next(filter(None, map(str.strip, sheet.headings)), "")
    for place, heading in enumerate(map(str.strip, sheet.headings)):
        cells = sheet.cells.iloc[:, place]
        if not heading and (cells[cells != ""].str.strip() != "").any():
            beside.append(last)
        last = heading or last
    if beside:
        yield BARE(n=len(beside), headings=[*dict.fromkeys(beside)])


def counted(table: Merged, name: str) -> Iterator[Text]:
    """Yield how many rows of a table are new, changed and unchanged, and how many stay."""
    yield MERGED(table=name, new=table.new, changed=table.changed, unchanged=table.unchanged)
    if table.rest:
        yield REST(n=table.rest, table=name)


def _dates(work: Settling, dates: str) -> Iterator[Text]:
    """Yield how dates with slashes are read, with one that is."""
    if dates not in ORDERS:
        return
    columns = SCHEMAS[work.profile.table].columns
    for name, place in work.places.items():
        if columns[name].metadata["kind"] in ("instant", "date"):
            texts = work.sheet.texts(place)
            slashed = texts[matches(texts, r"^\d{1,2}[/.\-]")]
            if len(slashed):
                yield ORDERS[dates](example=str(slashed.iloc[0]))
                return


def _unread(frame: pd.DataFrame, table: str) -> Iterator[Text]:
    """Yield the columns of times and numbers in which some cells can't be read."""
    for name in map(str, frame):
        kind = SCHEMAS[table].columns[name].metadata["kind"]
        if kind in ("instant", "date"):
            form = r"^(?:\d{4}-\d{2}-\d{2}.*)?$"
        elif kind in NUMERIC:
            form = r"^[+-]?\d*(?:[.,]\d+)?(?:[eE][+-]?\d+)?$"
        else:
            continue
        strange = frame[name][~matches(frame[name], form)]
        if len(strange):
            yield UNREAD(column=name, n=len(strange), value=str(strange.iloc[0]))


def _statuses(work: Settling, frame: pd.DataFrame) -> Iterator[Text]:
    """Yield the statuses of which nothing tells the meaning, or which the contract lacks."""
    if "status" not in frame or not work.profile.statuses:
        return
    counts = frame["status"][frame["status"] != ""].value_counts()
    defined = {folded(word) for word in work.allowed.get("statuses", ())}
    missing = []
    for word, rows in zip(map(str, counts.index), counts, strict=True):
        state = work.profile.state_of(word)
        if not state and folded(word) not in defined:
            yield UNKNOWN_STATUS(word=word, n=int(rows))
        elif folded(word) not in defined:
            missing.append((word, state))
    if missing and work.allowed:
        words = [word for word, _ in missing]
        lines = ", ".join(f"{quoted(word)}: {{state: {state}}}" for word, state in missing)
        yield STATUSES(words=words, lines=lines)


def _lacking(work: Settling, frame: pd.DataFrame) -> Iterator[Text]:
    """Yield what the export can't tell, and how the tool's own figure compares."""
    yield NO_LOG
    if "resolved_at" not in frame:
        yield NO_END
        return
    usual = {alike(word) for words in work.profile.compared.values() for word in words}
    for place, heading in enumerate(work.sheet.headings):
        if alike(heading) in usual:
            recorded = seconds(work.sheet.texts(place)).median()
            ends, starts = (
                pd.to_datetime(frame[name], errors="coerce", format="ISO8601")
                for name in ("resolved_at", "opened_at")
            )
            span = (ends - starts).dt.total_seconds().median()
            if pd.notna(recorded) and pd.notna(span):
                yield COMPARED(heading=heading, recorded=float(recorded), open=float(span))
            return


def seconds(texts: pd.Series) -> pd.Series:
    """Return durations in words ("2 heures 52 minutes", "51:36:00") as seconds; NaN for others."""

    def one(text: str) -> str:
        if clock := _CLOCK.fullmatch(text):
            hours, minutes, rest = map(int, clock.groups())
            return str(hours * 3600 + minutes * 60 + rest)
        parts = [(int(n), UNITS.get(unit.lower())) for n, unit in _PART.findall(text)]
        if not parts or any(unit is None for _, unit in parts):
            return ""
        return str(sum(n * (unit or 0) for n, unit in parts))

    values: Any = pd.to_numeric(by_word(texts, one), errors="coerce")
    return values
