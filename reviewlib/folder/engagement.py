"""An engagement: its contract, its tables, and the rows of them that could not be used."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from reviewlib.calendars.service_hours import FIRST_YEAR, LAST_YEAR
from reviewlib.contract import Contract, load_contract
from reviewlib.contract.data import Data, Format
from reviewlib.contract.loading import FILE, load_data_section
from reviewlib.contract.model import PLANS
from reviewlib.contract.written import read
from reviewlib.faults import Fault, Faults, did_you_mean
from reviewlib.folder.checking import Checked, Reading, check_table, plain_name, without
from reviewlib.folder.issues import Plain, broken, describe, located_issues, together
from reviewlib.ids import among, places
from reviewlib.parameters import find_folder
from reviewlib.tables import PARENTS, SCHEMAS, rules

__all__ = [
    "LISTED",
    "Engagement",
    "Source",
    "describe",
    "load_engagement",
    "undefined_statuses",
    "unknown_subjects",
]

SEPARATORS = (";", "\t", ",", "|")
READ = (".csv", ".parquet")
TABULAR = (*READ, ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")
PANDAS_INDEX = "__index_level_"  # how pandas names what numbers its rows, which is no column
LISTED = 50  # reasons printed of a table of which too many rows were set aside
QUOTES = "Put cells that hold the separator, quotes or a line break between double quotes."


@dataclass(frozen=True)
class Source:
    """A file that the review was made from. ``sha256`` is of its bytes."""

    table: str
    file: str
    sha256: str
    rows: int
    used: int


@dataclass(frozen=True)
class Engagement:
    """Contract and tables of one engagement folder.

    ``set_aside``, ``repaired`` and ``noted`` (rows that contradict themselves and stay in use) hold
    one line per row and reason (columns: table, file, row, column, value, rule, allowed,
    content); ``unused`` names the columns that no schema knows.
    """

    name: str
    contract: Contract
    tables: Mapping[str, pd.DataFrame]
    set_aside: pd.DataFrame
    repaired: pd.DataFrame
    noted: pd.DataFrame
    sources: tuple[Source, ...]
    unused: Mapping[str, tuple[str, ...]]

    @property
    def sha256(self) -> str:
        """One hash of all inputs: of their names and hashes, in the order of ``sources``."""
        lines = "".join(f"{source.sha256}  {source.file}\n" for source in self.sources)
        return hashlib.sha256(lines.encode()).hexdigest()

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table by its name, None when the engagement has none or no usable row."""
        found = self.tables.get(name)
        return None if found is None or found.empty else found


def load_engagement(folder: str | Path) -> Engagement:
    """Return the engagement of a folder: the only opener of data files.

    Raises Faults with every fault of contract and tables at once. Rows that break a rule are
    set aside, not refused, up to the share that the contract allows.
    """
    path = find_folder(folder)
    contract, faults = _contract(path)
    data = contract.data if contract else load_data_section(path)
    faults += _unknown_formats(path, data)
    files, more = _table_files(path)
    opened = {
        name: _opened(path / file, name, _reading(contract, data, name))
        for name, file in files.items()
    }
    checked = _without_early(_without_orphans({name: table for name, (table, _) in opened.items()}))
    faults += [*more, *(fault for table in checked.values() for fault in table.faults)]
    faults += _too_many(checked, data.set_aside_limit, contract)
    if faults or contract is None:
        raise Faults(faults)
    return Engagement(
        name=path.resolve().name,
        contract=contract,
        tables={name: table.frame for name, table in checked.items()},
        set_aside=together([table.set_aside for table in checked.values()]),
        repaired=together([table.repaired for table in checked.values()]),
        noted=together([_still_there(table) for table in checked.values()]),
        sources=tuple(
            _sources(path, {name: digest for name, (_, digest) in opened.items()}, checked)
        ),
        unused={files[name]: table.unused for name, table in checked.items() if table.unused},
    )


def _contract(path: Path) -> tuple[Contract | None, list[Fault]]:
    """Return the contract, or its faults. Without the file there is no engagement: Faults."""
    try:
        return load_contract(path), []
    except Faults as error:
        if not (path / FILE).is_file():
            raise
        return None, list(error.faults)


def _unknown_formats(path: Path, data: Data) -> Iterator[Fault]:
    for name in data.formats:
        if name != "default" and name not in SCHEMAS:
            place = ("data", "formats", name)
            hint = did_you_mean(name, ["default", *SCHEMAS])
            row = read(path).line(place)
            yield Fault(FILE, f"{name!r} is no table", hint, row=row, column=".".join(place))


def _table_files(path: Path) -> tuple[dict[str, str], list[Fault]]:
    """Return the file of each table in the order of the schemas, and the files not understood.

    What can't be taken for a table (a PDF, a note) may lie in the folder.
    """
    found: dict[str, str] = {}
    faults = []
    for name in sorted(p.name for p in path.iterdir() if p.is_file()):
        stem, ending = Path(name).stem, Path(name).suffix.lower()
        if name.startswith((".", "~")) or (ending not in TABULAR and stem not in SCHEMAS):
            continue
        if ending not in READ:
            remedy = f"Save it as {stem}.csv." if stem in SCHEMAS else "Save its table as CSV."
            faults.append(Fault(name, "is neither a CSV nor a Parquet file", remedy))
        elif stem not in SCHEMAS:
            faults.append(Fault(name, "is not a table of a review", did_you_mean(stem, SCHEMAS)))
        elif stem in found:
            faults.append(Fault(name, f"is the same table as {found[stem]}", "Keep one of them."))
        else:
            found[stem] = name
    return {name: found[name] for name in SCHEMAS if name in found}, faults


def _reading(contract: Contract | None, data: Data, name: str) -> Reading:
    """Return how to read a table; without a valid contract, by what its ``data`` part declares."""
    return Reading(
        written=data.format_of(name),
        time_zone=contract.time_zone if contract else "UTC",
        vocabulary=contract.vocabulary() if contract else {},
        not_after=_not_after(contract),
        language=contract.language if contract else "en",
        currency=contract.currency if contract else "EUR",
        plans=_plans(contract),
    )


def _plans(contract: Contract | None) -> tuple[int, int]:
    """Return the years in which something can have been planned: ten around the engagement."""
    if contract is None:
        return FIRST_YEAR, LAST_YEAR
    first, last = contract.period.first.year, contract.period.last.year
    return max(first - PLANS, FIRST_YEAR), min(last + PLANS, LAST_YEAR)


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


def _opened(path: Path, name: str, reading: Reading) -> tuple[Checked, str]:
    """Return a table after its checks, and the hash of the bytes of its file."""
    file, schema = path.name, SCHEMAS[name]
    try:
        content = path.read_bytes()
    except OSError as error:
        return Checked.refused(file, [Fault(file, f"can't be read: {error.strerror}")]), ""
    try:
        if path.suffix.lower() == ".parquet":
            raw = _parquet(file, content)
        else:
            text = _decoded(file, content, reading.written)
            raw = _cells(file, text, _separator(file, text, reading.written, schema.columns))
    except Faults as error:
        return Checked.refused(file, error.faults), ""
    return check_table(raw, schema, file, reading), _digest(content)


def _parquet(file: str, content: bytes) -> pd.DataFrame:
    """Return the columns of a Parquet file in the types that it states.

    The index is the row as a spreadsheet of the table would show it, as that of a CSV file.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        table = ParquetFile(pa.BufferReader(content)).read()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = (str(error).splitlines() or [""])[0].rstrip(". ")
        remedy = "Write it again from where it came, or save the table as CSV."
        raise _refused(file, f"can't be read as Parquet: {said}", remedy) from None
    names = [name for name in table.column_names if not name.startswith(PANDAS_INDEX)]
    places = [place for place, name in enumerate(table.column_names) if name in names]
    columns = {p: pd.Series(pd.arrays.ArrowExtensionArray(table.column(p))) for p in places}
    frame = pd.DataFrame(columns).set_axis(names, axis="columns")
    return frame.set_axis(pd.RangeIndex(2, len(table) + 2))


def _refused(file: str, message: str, remedy: str = "", row: int | None = None) -> Faults:
    return Faults([Fault(file, message, remedy, row=row)])


def _decoded(file: str, content: bytes, written: Format) -> str:
    """Decode by the byte order mark, else as declared, else as UTF-8, else as cp1252 (Excel)."""
    tried = [written.encoding] if written.encoding else ["utf-8", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried = ["utf-16"]
    elif content.startswith(b"\xef\xbb\xbf"):
        tried = ["utf-8-sig"]
    for encoding in tried:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise _refused(file, "holds binary data, not text", "Save the table as CSV.")
        if not text.strip():
            raise _refused(file, "is empty", "Write its heading, or remove the file.")
        return text
    words = "nor ".join(f"{encoding} " for encoding in tried)
    raise _refused(file, f"is not {words}text", "Save it as CSV in UTF-8, or declare its encoding.")


def _separator(file: str, text: str, written: Format, columns: Collection[str]) -> str:
    """Return the separator: as declared, else the one that finds most columns in the heading."""
    heading = re.split(r"[\r\n]", text, maxsplit=1)[0]
    if not heading.strip():
        raise _refused(file, "the first row is blank", "Write the heading in it.", row=1)
    if len(heading) > csv.field_size_limit():
        raise _refused(file, "its first row is no heading", "Save the table as CSV.", row=1)

    def found(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([heading], delimiter=separator))
        return sum(plain_name(cell) in columns for cell in cells), len(cells)

    best = max(SEPARATORS, key=found)
    if written.separator and found(written.separator)[0] < found(best)[0]:
        message = f"its cells are separated by {best!r}, not by {written.separator!r} as declared"
        raise _refused(file, message, "Correct data.formats in engagement.yml.", row=1)
    return written.separator or best


def _cells(file: str, text: str, separator: str) -> pd.DataFrame:
    """Return the cells as text; the index is the row in the file, the heading being row 1."""
    try:
        cells = _read_csv(text, separator)
    except (pd.errors.ParserError, csv.Error) as error:
        width = _width(file, text, separator, error)
        cells = _read_csv(text, separator, usecols=range(width))
    raw = cells.iloc[1:].set_axis(cells.iloc[0].to_list(), axis="columns")
    raw.index = pd.RangeIndex(2, len(raw) + 2)
    return raw[(raw != "").to_numpy().any(axis=1)]


def _read_csv(text: str, separator: str, **options: object) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        index_col=False,
        skip_blank_lines=False,
        **options,
    )


def _width(file: str, text: str, separator: str, error: Exception) -> int:
    """Return the number of columns, where the cells beyond the heading are all empty.

    Raises Faults with every row that has more, or with what else made the file unreadable.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as problem:
        rows, error = [], problem
    width = len(rows[0]) if rows else 0
    faults = [
        Fault(file, f"{len(row)} cells where the heading has {width}", QUOTES, row=number)
        for number, row in enumerate(rows, start=1)
        if any(row[width:])
    ]
    if faults:
        raise Faults(faults)
    if not rows or "EOF" in str(error):
        said = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise _refused(file, f"can't be read as CSV: {said}", QUOTES)
    return width


def _without_orphans(checked: Mapping[str, Checked]) -> dict[str, Checked]:
    """Set aside the rows that name a row of another table which is not there."""
    result = dict(checked)
    for (child, column), parent in PARENTS.items():
        if child not in result or parent not in result or column not in result[child].frame:
            continue
        table, known = result[child], result[parent]
        if known.faults:
            continue  # they are reported; which rows it would have had can't be told
        key = table.frame[column]
        lost = table.frame.index[key.notna() & ~among(key, known.frame[column])]
        if lost.empty:
            continue
        aside = among(key[lost], known.cells[column])
        rule = np.where(aside, rules.CHILD, rules.ORPHAN)
        found = broken(lost, column, rules.ORPHAN, parent).assign(rule=rule)
        result[child] = dataclasses.replace(
            table,
            frame=without(table.frame, lost),
            set_aside=together(
                [table.set_aside, located_issues(found, child, table.file, table.cells)]
            ),
        )
    return result


def _still_there(table: Checked) -> pd.DataFrame:
    """Return what is noted of the rows that no rule between tables took out afterwards."""
    return table.noted[table.noted["row"].isin(table.frame.index)]


def _without_early(checked: Mapping[str, Checked]) -> dict[str, Checked]:
    """Set aside the events that are dated before the opening of their ticket."""
    if not {"tickets", "ticket_events"} <= checked.keys():
        return dict(checked)
    tickets, log = checked["tickets"].frame, checked["ticket_events"]
    if tickets.empty or log.frame.empty:
        return dict(checked)
    place = places(log.frame["ticket_id"], tickets["ticket_id"])
    opened = tickets["opened_at"].take(place).array  # of an orphan, set aside before, any one
    early = log.frame.index[(log.frame["at"] < opened).to_numpy()]
    found = located_issues(broken(early, "at", rules.EARLY), "ticket_events", log.file, log.cells)
    kept = dataclasses.replace(
        log,
        frame=without(log.frame, early),
        set_aside=together([log.set_aside, found]),
    )
    return {**checked, "ticket_events": kept}


def undefined_statuses(engagement: Engagement) -> dict[str, int]:
    """Return the statuses of the log that the contract does not define, with their events."""
    log, terms = engagement.table("ticket_events"), engagement.contract.versions
    if log is None or not any(version.clauses for version in terms):
        return {}
    used = log.loc[log["field"] == "status", "new"].dropna().value_counts(sort=False)
    defined = {status for version in terms for status in version.statuses}
    return {str(name): int(n) for name, n in used.items() if name not in defined}


def unknown_subjects(engagement: Engagement) -> list[tuple[str, str, str]]:
    """Return what penalty rules name and the tables do not have: rule, table, id."""
    tables = {name: engagement.table(name) for name in ("milestones", "deliverables")}
    known = {name: set(t[f"{name[:-1]}_id"]) for name, t in tables.items() if t is not None}
    found = [
        (rule, table, each)
        for terms in engagement.contract.versions
        for rule, stated in terms.penalties.items()
        for table, ids in known.items()
        for each in getattr(stated, table, ())
        if each not in ids
    ]
    return list(dict.fromkeys(found))


def _too_many(
    checked: Mapping[str, Checked], limit: float, contract: Contract | None
) -> Iterator[Fault]:
    """Yield a fault for each table of which more rows were set aside than the contract allows."""
    words = Plain(contract.time_zone if contract else "UTC")
    for table in checked.values():
        aside, rows = table.set_aside["row"].nunique(), len(table.cells)
        if rows and aside / rows > limit:
            message = (
                f"{aside} of {rows} rows set aside, above the limit of {limit:.2%} "
                "(data.set_aside_limit)"
            )
            more = f"The first {LISTED} reasons follow." if len(table.set_aside) > LISTED else ""
            yield Fault(table.file, message, more)
            for _, issue in table.set_aside.sort_values("row").head(LISTED).iterrows():
                reason = f"set aside: {describe(issue, words)}"
                yield Fault(table.file, reason, row=issue["row"], value=str(issue["value"]))


def _sources(
    path: Path, digests: Mapping[str, str], checked: Mapping[str, Checked]
) -> Iterator[Source]:
    yield Source("contract", FILE, _digest((path / FILE).read_bytes()), 0, 0)
    for name, table in checked.items():
        yield Source(name, table.file, digests[name], len(table.cells), len(table.frame))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
