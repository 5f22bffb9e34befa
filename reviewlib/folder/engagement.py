"""An engagement: its contract, its tables, and the rows of them that could not be used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from reviewlib import progress
from reviewlib.calendars.service_hours import FIRST_YEAR, LAST_YEAR
from reviewlib.contract import Contract, load_contract
from reviewlib.contract.base import Location
from reviewlib.contract.data import Data, Format
from reviewlib.contract.loading import load_data_section, stated_words
from reviewlib.contract.source import contract_path, language_of, read_contract
from reviewlib.faults import UNREADABLE, Fault, Faults, meant_by
from reviewlib.folder.advice import SET_ASIDE, alike_rows
from reviewlib.folder.checking import Checked, check_table
from reviewlib.folder.heading import heading_for
from reviewlib.folder.issues import describe, together
from reviewlib.folder.lines import Lines
from reviewlib.folder.notes import NOTES, Notes, load_notes
from reviewlib.folder.places import Place, places
from reviewlib.folder.reading import Reading, raw_table
from reviewlib.folder.relations import without_early, without_orphans
from reviewlib.folder.units import DoubtfulUnits, doubtful_units
from reviewlib.folder.workbooks import raw_sheet
from reviewlib.languages import Language
from reviewlib.parameters import find_folder
from reviewlib.report.text import N_, Message, Text, n_
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import columns_by_key
from reviewlib.tables.rules import CHILD, TOTALS

__all__ = [
    "LISTED",
    "Engagement",
    "Source",
    "describe",
    "load_engagement",
    "undefined_statuses",
    "unknown_subjects",
]

NO_TABLE, NO_AMOUNTS = (
    N_("{name:quoted} is no table"),
    N_("{name:quoted} is no column of amounts of the table"),
)
TOO_MANY = n_(
    "{n} of {rows} row set aside, above the limit of {limit:percent.2} (data.set_aside_limit)",
    "{n} of {rows} rows set aside, above the limit of {limit:percent.2} (data.set_aside_limit)",
    on="rows",
)
LISTED = 50  # later dates that are printed


@dataclass(frozen=True)
class Source:
    """A file that the review was made from. ``sha256`` is of its bytes.

    ``rows``: ``used`` and set aside. Of a CSV file ``lines`` are the physical ones: a heading, the
    rows, the ``blank`` ones, and those ``within`` cells that span several; 0 of other files.
    """

    table: str
    file: str
    sha256: str
    rows: int
    used: int
    lines: int = 0
    blank: int = 0
    within: int = 0

    @property
    def set_aside(self) -> int:
        """The rows that enter no figure."""
        return self.rows - self.used


@dataclass(frozen=True)
class Remark:
    """What is to be said of how a column was read."""

    file: str
    column: str
    sentence: Message


@dataclass(frozen=True)
class Engagement:
    """Contract and tables of one engagement folder.

    ``set_aside``, ``repaired`` and ``noted`` (rows that contradict themselves and stay in use) hold
    one line per row and reason (columns: table, file, row, column, value, rule, allowed,
    content, id); ``remarks`` says how columns were read that did not show it themselves, ``doubts``
    which amounts may be in thousands; ``unused`` names the columns that no schema knows;
    ``headings`` are those of each table as they stand in its file, by column; ``notes`` are the
    words of the facilitator.
    """

    name: str
    contract: Contract
    tables: Mapping[str, pd.DataFrame]
    set_aside: pd.DataFrame
    repaired: pd.DataFrame
    noted: pd.DataFrame
    sources: tuple[Source, ...]
    remarks: tuple[Remark, ...]
    doubts: tuple[DoubtfulUnits, ...]
    unused: Mapping[str, tuple[str, ...]]
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)

    @property
    def sha256(self) -> str:
        """One hash of all inputs: of their names and hashes, in the order of ``sources``."""
        lines = "".join(f"{source.sha256}  {source.file}\n" for source in self.sources)
        return hashlib.sha256(lines.encode()).hexdigest()

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table by its name, None when the engagement has none or no usable row."""
        table = self.tables.get(name)
        return None if table is None or table.empty else table

    def heading(self, table: str, column: str) -> str:
        """Return the heading of a column in its file, or the one that it would have beside others.

        What is no column of a table of the folder stays as it is.
        """
        headings = self.headings.get(table, {})
        if table not in self.tables or column in headings:
            return headings.get(column, column)
        return heading_for(column, table, headings, self.contract.language)


def load_engagement(folder: str | Path, period: str = "") -> Engagement:
    """Return the engagement of a folder: the only opener of data files.

    ``period``: the name of that of a periodic review, whose notes are read; else the close-out's.

    Raises Faults, in the contract's language, with every fault of contract and tables at once.
    Rows that break a rule are set aside, not refused, up to the share that the contract allows.
    """
    path = find_folder(folder)
    try:
        return _loaded(path, period)
    except Faults as error:
        raise Faults(error.faults, language_of(path)) from None


def _loaded(path: Path, period: str) -> Engagement:
    contract, faults = _contract(path)
    data = contract.data if contract else load_data_section(path)
    faults += _unknown_formats(path, data)
    where = places(path)
    language = contract.language if contract else language_of(path)
    stated = contract.vocabulary() | contract.selectors() if contract else stated_words(path)
    reading = _reading(contract, language, stated)
    opened = _all_opened(path, where.in_order(), data, reading)
    related = without_early(without_orphans({name: table for name, (table, _) in opened.items()}))
    checked = {name: table.as_headed() for name, table in related.items()}
    faults += [*where.faults, *(fault for table in checked.values() for fault in table.faults)]
    faults += _too_many(checked, data, contract)
    notes, of_notes = load_notes(path, language, period)
    faults += of_notes
    if faults or contract is None:
        raise Faults(faults)
    tables = {name: table.frame for name, table in checked.items()}
    return Engagement(
        name=path.resolve().name,
        contract=contract,
        tables=tables,
        set_aside=together([table.set_aside for table in checked.values()]),
        repaired=together([table.repaired for table in checked.values()]),
        noted=together([_still_there(table) for table in checked.values()]),
        sources=(
            *_sources(path, {name: digest for name, (_, digest) in opened.items()}, checked),
            *(Source(NOTES, file, digest, 0, 0) for file, digest in notes.digests.items()),
        ),
        remarks=(
            *(Remark(file, "", sentence) for file, sentence in where.remarks),
            *_remarks(checked),
        ),
        doubts=doubtful_units(contract, tables),
        unused={table.file: table.unused for table in checked.values() if table.unused},
        headings={name: table.headings for name, table in checked.items()},
        notes=notes,
    )


def _contract(path: Path) -> tuple[Contract | None, list[Fault]]:
    """Return the contract, or its faults; what is no YAML says nothing of the tables: Faults."""
    read_contract(path)
    try:
        return load_contract(path), []
    except Faults as error:
        return None, list(error.faults)


def _unknown_formats(path: Path, data: Data) -> Iterator[Fault]:
    """Yield a fault for each table, and each column of amounts, that is declared and is none."""
    for name, stated in data.formats.items():
        place = ("data", "formats", name)
        if name not in ("default", *SCHEMAS):
            hint = meant_by(name, ["default", *SCHEMAS])
            yield _at(path, place, NO_TABLE(name=name), hint)
            continue
        columns = SCHEMAS[name].columns if name in SCHEMAS else {}
        money = [column for column, about in columns.items() if about.metadata["kind"] == "money"]
        for column in stated.amounts if isinstance(stated.amounts, dict) else ():
            if column not in money:
                message, hint = NO_AMOUNTS(name=column), meant_by(column, money)
                yield _at(path, (*place, "amounts", column), message, hint)


def _at(path: Path, place: Location, message: Text, remedy: Text) -> Fault:
    """Return a fault of the contract, with its line."""
    column = ".".join(map(str, place))
    written = read_contract(path)
    return Fault(written.file, message, remedy, row=written.line(place), column=column)


def _reading(
    contract: Contract | None, language: Language, words: Mapping[str, tuple[str, ...]]
) -> Reading:
    """Return what tables are read with, but for the format of each."""
    return Reading(
        written=Format(),
        time_zone=contract.time_zone if contract else "UTC",
        vocabulary=words,
        not_after=_not_after(contract),
        language=language,
        currency=contract.currency if contract else "EUR",
        plans=contract.plan_years if contract else (FIRST_YEAR, LAST_YEAR),
        titles=contract.titles() if contract else {},
    )


def _not_after(contract: Contract | None) -> pd.Timestamp | None:
    """Return the last instant at which something can have happened: the extraction.

    When it is not declared, a year after the end of the engagement, so that a mistyped year
    can't become the date that the review looks from.
    """
    if contract is None:
        return None
    if contract.extracted_at is not None:
        return contract.extracted_at
    end = pd.Timestamp(contract.period.last, tz=contract.time_zone)
    return (end + pd.DateOffset(years=1)).tz_convert("UTC")


def _all_opened(
    path: Path, files: Mapping[str, Place], data: Data, reading: Reading
) -> dict[str, tuple[Checked, str]]:
    """Return each table after its checks, and the hash of its file.

    Where all tables that show how days and months are ordered agree, so are the others read.
    """

    def opened(name: str, order: str) -> tuple[Checked, str]:
        progress.at(files[name].name)
        own = replace(reading, written=data.format_of(name), day_order=order)
        return _opened(path, files[name], name, own)

    every = {name: opened(name, "") for name in files}
    orders = {order for table, _ in every.values() for order in table.orders.settled}
    if len(orders) != 1:
        return every
    unsettled = [name for name, (table, _) in every.items() if table.orders.unsettled]
    return every | {name: opened(name, *orders) for name in unsettled}


def _opened(path: Path, place: Place, name: str, reading: Reading) -> tuple[Checked, str]:
    """Return a table after its checks, and the hash of the bytes of its file."""
    schema, sha256 = SCHEMAS[name], place.sha256
    try:
        if place.sheet is None:
            content = (path / place.file).read_bytes()
            raw = raw_table(place.file, content, reading.written, columns_by_key(schema))
            sha256 = _digest(content)
        else:
            raw = raw_sheet(place.name, place.sheet, schema, reading.written)
    except OSError as error:
        fault = Fault(place.file, UNREADABLE(reason=error.strerror))
        return Checked.refused(place.file, [fault]), ""
    except Faults as error:
        return Checked.refused(place.name, error.faults), ""
    checked = check_table(raw.cells, schema, place.name, reading)
    return replace(checked, lines=raw.lines, remarks=(*raw.remarks, *checked.remarks)), sha256


def _still_there(table: Checked) -> pd.DataFrame:
    """Return what is noted of the rows that no rule between tables took out afterwards."""
    rows = table.noted["row"].to_numpy("int64")  # of no row is an object, which all would become
    return table.noted[np.isin(rows, table.frame.index)]


def undefined_statuses(engagement: Engagement) -> list[tuple[str, str, int]]:
    """Return the statuses that the contract does not define: the table, the word, its rows."""
    terms = engagement.contract.versions
    if not any(version.clauses for version in terms):
        return []
    defined = {status for version in terms for status in version.statuses}
    return [
        (name, str(word), int(n))
        for name, words in _statuses(engagement)
        for word, n in words.dropna().astype("str").value_counts(sort=False).items()
        if word not in defined
    ]


def _statuses(engagement: Engagement) -> Iterator[tuple[str, pd.Series]]:
    """Yield the statuses that the log and the tickets state, with their table."""
    log, tickets = engagement.table("ticket_events"), engagement.table("tickets")
    if log is not None and "new" in log:
        yield "ticket_events", log.loc[log["field"] == "status", "new"]
    if tickets is not None and "status" in tickets:
        yield "tickets", tickets["status"]


def unknown_subjects(engagement: Engagement) -> list[tuple[str, str, str]]:
    """Return what penalty rules name and the tables do not have: rule, table, id."""
    tables = {name: engagement.table(name) for name in ("milestones", "deliverables")}
    ids = {name: set(t[f"{name[:-1]}_id"]) for name, t in tables.items() if t is not None}
    unknown = [
        (rule, table, subject)
        for terms in engagement.contract.versions
        for rule, stated in terms.penalties.items()
        for table, stated_ids in ids.items()
        for subject in getattr(stated, table, ())
        if subject not in stated_ids
    ]
    return list(dict.fromkeys(unknown))


def _remarks(checked: Mapping[str, Checked]) -> Iterator[Remark]:
    for table in checked.values():
        yield from (Remark(table.file, column, sentence) for column, sentence in table.remarks)


def _too_many(
    checked: Mapping[str, Checked], data: Data, contract: Contract | None
) -> Iterator[Fault]:
    """Yield a fault for each table of which more rows were set aside than the contract allows.

    A total is no row that the table lacks: it does not count. Nor does, beside its own faults, a
    row that names one of a table with such a fault: that is the one to mend.
    """
    time_zone, limit = contract.time_zone if contract else "UTC", data.set_aside_limit
    lacking = {
        name: table.set_aside[~table.set_aside["rule"].isin(TOTALS)]
        for name, table in checked.items()
    }

    def share(name: str) -> float:
        return int(lacking[name]["row"].nunique()) / max(len(checked[name].cells), 1)

    over = [name for name in checked if share(name) > limit]
    for name in over:
        issues = lacking[name]
        lacking[name] = issues[~((issues["rule"] == CHILD) & issues["allowed"].isin(over))]
    for name in over:
        if share(name) > limit:
            file, rows = checked[name].file, len(checked[name].cells)
            n = lacking[name]["row"].nunique()
            yield Fault(file, TOO_MANY(n=n, rows=rows, limit=limit))
            yield from alike_rows(lacking[name], SET_ASIDE, time_zone, data.format_of)


def _sources(
    path: Path, digests: Mapping[str, str], checked: Mapping[str, Checked]
) -> Iterator[Source]:
    file = contract_path(path)
    yield Source("contract", file.name, _digest(file.read_bytes()), 0, 0)
    for name, table in checked.items():
        lines = table.lines or Lines(0, 0, 0, 0)
        rows = len(table.cells), len(table.frame)
        yield Source(name, table.file, digests[name], *rows, lines.total, lines.blank, lines.within)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
