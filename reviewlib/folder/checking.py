"""A raw table made into a checked one: the rows that hold, those set aside, those repaired."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
import pandera.pandas as pa

from reviewlib.contract.data import FACTORS, Format
from reviewlib.faults import Fault
from reviewlib.folder import row_rules, typed
from reviewlib.folder.advice import to_declare
from reviewlib.folder.day_orders import NO_ORDERS, Orders, orders
from reviewlib.folder.heading import as_headed, columns_of, remark_as_headed
from reviewlib.folder.issues import issues, located_issues
from reviewlib.folder.lines import Lines
from reviewlib.folder.parsing import NUMERIC, PARSERS, AmbiguousColumn, Parsed, bare_amounts
from reviewlib.folder.reading import Reading
from reviewlib.folder.words import admitted, in_words_of_contract
from reviewlib.report.text import N_, Message

OTHER_TYPE = N_("Write the column with such a type, or save the table as CSV.")

SCALED: dict[str, Message] = {
    "thousands": N_("“{column}” is declared in thousands: each amount is multiplied by 1,000"),
    "millions": N_("“{column}” is declared in millions: each amount is multiplied by 1,000,000"),
}
ROW_RULES = (
    row_rules.totals,
    row_rules.out_of_time,
    row_rules.broken_rules,
    row_rules.repeated,
)
"""In the order in which they take out rows."""

MIDNIGHT = N_("every time of “{column}” is a midnight with its offset: taken as dates")


@dataclass(frozen=True)
class Checked:
    """A table after its checks.

    ``cells`` has every row as it came, in the columns of the schema and the types of the file;
    ``frame`` the typed rows that hold, with the same index: the row in the file. Rows that are
    ``noted`` hold, and contradict themselves in a way that a chapter looks for. ``lines``: those
    of the text of a CSV file; ``remarks``: columns, and what is to be said of how they were read;
    ``headings``: the heading of each column as it stands in the file.
    """

    file: str
    frame: pd.DataFrame
    cells: pd.DataFrame
    set_aside: pd.DataFrame
    repaired: pd.DataFrame
    noted: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    unused: tuple[str, ...] = ()
    lines: Lines | None = None
    orders: Orders = NO_ORDERS
    remarks: tuple[tuple[str, Message], ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def refused(cls, file: str, faults: Iterable[Fault], unused: tuple[str, ...] = ()) -> Checked:
        """Return what is left of a table that can't be read as a whole: its faults."""
        none = pd.DataFrame()
        return cls(file, none, none, issues(), issues(), issues(), tuple(faults), unused)

    def as_headed(self) -> Checked:
        """Return the table with what is said of its rows and columns by the headings of the file.

        The rules between tables name columns by their names: this comes after them.
        """
        named = self.headings
        return replace(
            self,
            set_aside=as_headed(self.set_aside, named),
            repaired=as_headed(self.repaired, named),
            noted=as_headed(self.noted, named),
            remarks=tuple((name, remark_as_headed(one, named)) for name, one in self.remarks),
        )


def check_table(
    raw: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> Checked:
    """Check a table (index: the row in the file) against its schema.

    Its columns are texts, or of Arrow types where the file says what they are. Faults are what
    makes the whole table unreadable; rows that break a rule are set aside. Of rows with the same
    key the first that holds is kept.
    """
    columns = columns_of(raw, schema, file, reading)
    cells = columns.cells
    shown = orders(cells, schema, reading)
    parsed, unread = _parsed(cells, schema, file, reading, shown)
    if columns.faults or unread:
        named = columns.headings
        unread = [replace(fault, column=named.get(fault.column, fault.column)) for fault in unread]
        faults = [*columns.faults, *unread]
        return replace(Checked.refused(file, faults, columns.unused), orders=shown)
    aside = [*row_rules.unreadable(parsed, schema, cells)]
    values = {name: column.values for name, column in parsed.items()}
    read_as = [*in_words_of_contract(values, schema, reading, columns.translated)]
    usable = without(pd.DataFrame(values, cells.index), aside)
    for rule in ROW_RULES:
        broken = [*rule(usable, schema, reading)]
        usable, aside = without(usable, broken), [*aside, *broken]
    noted = row_rules.contradictions(usable, schema)
    repaired = row_rules.repairs(parsed, usable.index)
    quoted = columns.quoted(reading.language)
    if quoted:
        of_usable = {name: column.reindex(usable.index) for name, column in quoted.items()}
        cells, usable = cells.assign(**quoted), usable.assign(**of_usable)
    set_aside, fixed, pointed_out = (
        located_issues(parts, str(schema.name), file, cells) for parts in (aside, repaired, noted)
    )
    return Checked(
        file,
        usable,
        cells,
        set_aside,
        fixed,
        pointed_out,
        unused=columns.unused,
        orders=shown,
        remarks=(*_remarks(parsed, schema, shown, reading.written), *read_as),
        headings=columns.headings,
    )


def without(frame: pd.DataFrame, broken: Collection[pd.DataFrame]) -> pd.DataFrame:
    """Return a frame without the rows that break rules; itself where none does."""
    if not broken:
        return frame
    return frame[~frame.index.isin(pd.concat([part["row"] for part in broken]))]


def _parsed(
    cells: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading, orders: Orders
) -> tuple[dict[str, Parsed], list[Fault]]:
    """Return the typed columns, and a fault for each that can't be read as a whole."""
    parsed, faults = {}, []
    for name in map(str, cells):
        about = schema.columns[name].metadata
        kind = about["kind"]
        written = reading.written.model_copy(update={"dates": orders.of(name) or None})
        try:
            parsed[name] = _typed(cells[name], kind, replace(reading, written=written))
            if kind == "choice":
                meant = admitted(parsed[name].values, about["allowed"])
                parsed[name] = replace(parsed[name], values=meant)
            if about.get("repeated"):
                kept_once = parsed[name].values.astype("category")
                parsed[name] = replace(parsed[name], values=kept_once)
        except AmbiguousColumn as problem:
            key = "decimal" if kind in NUMERIC else "dates"
            remedy = to_declare(problem.text, key, f"data.formats.{schema.name}.{key}")
            faults.append(Fault(file, problem.text, remedy, column=name))
        except typed.WrongType as problem:
            faults.append(Fault(file, problem.text, OTHER_TYPE, column=name))
    return parsed, faults


def _typed(column: pd.Series, kind: str, reading: Reading) -> Parsed:
    if kind != "money":
        return _read(column, kind, reading)
    if typed.is_text(column):
        column = bare_amounts(column, reading.currency)
    stated = _read(column, kind, reading)
    factor = FACTORS[reading.written.unit_of(str(column.name))]
    return replace(stated, values=stated.values * factor) if factor > 1 else stated


def _read(column: pd.Series, kind: str, reading: Reading) -> Parsed:
    """Read a column of texts, or of a type of its own, as a kind."""
    if typed.is_text(column):
        return PARSERS[kind](column, reading.written, reading.time_zone)
    return typed.read(column, kind, reading.written, reading.time_zone)


def _remarks(
    parsed: Mapping[str, Parsed], schema: pa.DataFrameSchema, shown: Orders, written: Format
) -> Iterator[tuple[str, Message]]:
    """Yield the columns of which is to be said how they were read, and the sentence."""
    yield from shown.remarks()
    for name, column in parsed.items():
        if column.midnight:
            yield name, MIDNIGHT(column=name)
        unit = written.unit_of(name)
        if schema.columns[name].metadata["kind"] == "money" and unit in SCALED:
            yield name, SCALED[unit](column=name)
