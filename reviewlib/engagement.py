"""An engagement: its contract, its tables, and the rows of them that could not be used."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reviewlib.contract import Contract, load_contract
from reviewlib.contract.data import Data, Format
from reviewlib.contract.loading import FILE, load_data_section
from reviewlib.faults import Fault, Faults, ReviewError, did_you_mean
from reviewlib.tables import PARENTS, SCHEMAS, rules
from reviewlib.tables.checking import Checked, Reading, check_table, issues
from reviewlib.wording import Wording

SEPARATORS = (";", "\t", ",", "|")
IGNORED = (".md", ".txt", ".yml", ".yaml", ".py", ".ipynb", ".html", ".json", ".pdf")


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

    ``set_aside`` and ``repaired`` hold one line per row and reason (columns: table, file, row,
    column, value, rule, allowed, content); ``unused`` names the columns that no schema knows.
    """

    name: str
    contract: Contract
    tables: Mapping[str, pd.DataFrame]
    set_aside: pd.DataFrame
    repaired: pd.DataFrame
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


def find_folder(folder: str | Path) -> Path:
    """Return the folder of an engagement, looked for here and in the folders above.

    So a notebook opened in ``notebooks/`` finds ``data/sample`` as the command line does.
    """
    asked = Path(folder).expanduser()
    places = [asked] if asked.is_absolute() else [p / asked for p in (Path(), *Path.cwd().parents)]
    for place in places:
        if (place / FILE).is_file():
            return place
    if not asked.exists():
        raise ReviewError(
            f"engagement folder {str(folder)!r}: not found from {Path.cwd()}. "
            f"Give the path of a folder that holds {FILE}."
        )
    return asked


def load_engagement(folder: str | Path, language: str | None = None) -> Engagement:
    """Return the engagement of a folder: the only opener of data files.

    Raises Faults with every fault of contract and tables at once. Rows that break a rule are
    set aside, not refused, up to the share that the contract allows.
    """
    path = find_folder(folder)
    contract, faults = _contract(path, language)
    files, more = _table_files(path)
    checked = {
        name: _checked(path / file, name, _reading(contract, path, name, language))
        for name, file in files.items()
    }
    faults += [*more, *(fault for table in checked.values() for fault in table.faults)]
    checked = _without_orphans(checked)
    limit = (contract.data if contract else Data()).set_aside_limit
    faults += _too_many(checked, limit)
    if faults or contract is None:
        raise Faults(faults)
    return Engagement(
        name=path.resolve().name,
        contract=contract,
        tables={name: table.frame for name, table in checked.items()},
        set_aside=_together([table.set_aside for table in checked.values()]),
        repaired=_together([table.repaired for table in checked.values()]),
        sources=tuple(_sources(path, files, checked)),
        unused={files[name]: table.unused for name, table in checked.items() if table.unused},
    )


def _contract(path: Path, language: str | None) -> tuple[Contract | None, list[Fault]]:
    try:
        return load_contract(path, language), []
    except Faults as error:
        return None, list(error.faults)


def _table_files(path: Path) -> tuple[dict[str, str], list[Fault]]:
    """Return the file of each table in the order of the schemas, and the files not understood."""
    found, faults = {}, []
    names = sorted(p.name for p in path.iterdir() if p.is_file()) if path.is_dir() else []
    for name in names:
        stem, ending = Path(name).stem, Path(name).suffix.lower()
        if name.startswith((".", "~")) or ending in IGNORED:
            continue
        if ending != ".csv":
            remedy = "Save the table as CSV." if stem in SCHEMAS else ""
            faults.append(Fault(name, "is not a CSV file", remedy))
        elif stem not in SCHEMAS:
            faults.append(Fault(name, "is not a table of a review", did_you_mean(stem, SCHEMAS)))
        else:
            found[stem] = name
    return {name: found[name] for name in SCHEMAS if name in found}, faults


def _reading(contract: Contract | None, path: Path, name: str, language: str | None) -> Reading:
    """Return how to read a table; without a valid contract, by what its ``data`` part declares."""
    data = contract.data if contract else load_data_section(path)
    return Reading(
        written=data.format_of(name),
        time_zone=contract.time_zone if contract else "UTC",
        vocabulary=contract.vocabulary() if contract else {},
        not_after=_not_after(contract),
        language=language or (contract.language if contract else "en"),
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


def _checked(file: Path, name: str, reading: Reading) -> Checked:
    content = file.read_bytes()
    try:
        raw = _raw(content, reading.written)
    except (UnicodeDecodeError, pd.errors.ParserError, csv.Error) as error:
        faults = _ragged(content, file.name, reading.written) or [
            Fault(file.name, f"can't be read: {error}", "Save it as CSV in UTF-8.")
        ]
        return Checked(pd.DataFrame(), issues(), issues(), tuple(faults), (), 0)
    except pd.errors.EmptyDataError:
        fault = Fault(file.name, "is empty", "Write its heading, or remove the file.")
        return Checked(pd.DataFrame(), issues(), issues(), (fault,), (), 0)
    return check_table(raw, SCHEMAS[name], file.name, reading)


def _decoded(content: bytes, encoding: str | None) -> str:
    """Decode as declared, else by the byte order mark, else UTF-8, else cp1252 (Excel)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    if encoding:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _separator(text: str, written: Format) -> str:
    heading = text.split("\n", 1)[0]
    return written.separator or max(SEPARATORS, key=heading.count)


def _raw(content: bytes, written: Format) -> pd.DataFrame:
    """Return the cells as text; the index is the row in the file, the heading being row 1."""
    text = _decoded(content, written.encoding)
    raw = pd.read_csv(
        io.StringIO(text),
        sep=_separator(text, written),
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        index_col=False,
        skip_blank_lines=False,
    )
    raw.index = pd.RangeIndex(2, len(raw) + 2)
    return raw[(raw != "").any(axis="columns")]


def _ragged(content: bytes, file: str, written: Format) -> list[Fault]:
    """Return a fault for each row that has more cells than the heading."""
    try:
        text = _decoded(content, written.encoding)
        rows = list(csv.reader(io.StringIO(text), delimiter=_separator(text, written)))
    except (UnicodeDecodeError, csv.Error):
        return []
    remedy = "Put cells that hold the separator between double quotes."
    width = len(rows[0]) if rows else 0
    return [
        Fault(file, f"{len(row)} cells where the heading has {width}", remedy, row=number)
        for number, row in enumerate(rows, start=1)
        if len(row) > width
    ]


def _without_orphans(checked: Mapping[str, Checked]) -> dict[str, Checked]:
    """Set aside the rows that name a row of another table which is not there."""
    result = dict(checked)
    for (child, column), parent in PARENTS.items():
        if child not in result or parent not in result or column not in result[child].frame:
            continue
        table, known = result[child], result[parent]
        key = table.frame[column]
        lost = table.frame[key.notna() & ~key.isin(known.frame[column])]
        if lost.empty:
            continue
        was_aside = set(known.set_aside["content"].str.split(" ; ").str[0])
        rule = lost[column].isin(was_aside).map({True: rules.CHILD, False: rules.ORPHAN})
        found = pd.DataFrame(
            {"table": child, "file": f"{child}.csv", "row": lost.index, "column": column,
             "value": lost[column], "rule": rule, "allowed": parent,
             "content": lost.astype("object").fillna("").astype(str).agg(" ; ".join, axis=1)},
        )  # fmt: skip
        result[child] = dataclasses.replace(
            table,
            frame=table.frame.drop(index=lost.index),
            set_aside=_together([table.set_aside, found]),
        )
    return result


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    full = [part for part in parts if not part.empty]
    return pd.concat(full, ignore_index=True) if full else issues()


def _too_many(checked: Mapping[str, Checked], limit: float) -> list[Fault]:
    """Return a fault for each table of which more rows were set aside than the contract allows."""
    faults = []
    for name, table in checked.items():
        aside = table.set_aside["row"].nunique()
        if table.raw_rows and aside / table.raw_rows > limit:
            message = (
                f"{aside} of {table.raw_rows} rows set aside, above the limit of {limit:.0%} "
                f"(data.set_aside_limit)"
            )
            first = describe(table.set_aside.iloc[0], Wording("en"))
            faults.append(Fault(f"{name}.csv", message, f"The first: {first}"))
    return faults


def describe(issue: pd.Series, wording: Wording) -> str:
    """Return the sentence that says why a row was set aside or repaired."""
    sentence = wording.gettext(rules.SENTENCES[issue["rule"]])
    allowed = str(issue["allowed"])
    if issue["rule"] == rules.UNREADABLE:
        allowed = kind = wording.gettext(rules.KINDS[allowed])
    else:
        kind = ""
    if issue["rule"] == rules.AFTER:
        allowed = wording.instant(allowed)
    return sentence.format(column=issue["column"], allowed=allowed, kind=kind)


def _sources(
    path: Path, files: Mapping[str, str], checked: Mapping[str, Checked]
) -> Iterator[Source]:
    yield Source("contract", FILE, _digest(path / FILE), 0, 0)
    for name, file in files.items():
        table = checked[name]
        yield Source(name, file, _digest(path / file), table.raw_rows, len(table.frame))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
