"""A data frame of the analyst as a table of the report."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING, Any

from reviewlib.faults import cut
from reviewlib.report.cells import cell
from reviewlib.report.forms import FIRST, LISTED
from reviewlib.report.text import EMPTY, N_, TEXTS, Quoted, sentences
from reviewlib.report.values import Cell, Column, Table, Unit

if TYPE_CHECKING:
    import pandas as pd

YEARS = (1900, 2100)  # whole numbers that are all among these are years, and have no thousands
WIDEST = 40  # columns
INFINITE = float("inf")
SIGNS = 2000  # of a text
GREAT = 1e15  # from where on a number is not written out
FIRST_SIGNS = N_("Of longer texts the first {n} characters.")
FIRST_COLUMNS = N_("The first {n} of {all} columns.")


def table_of(frame: pd.DataFrame, name: str = "table") -> Table:
    """Return the rows of a frame as a table; of more than the pen's limit the first ones, counted.

    An index that only counts the rows is left out; levels of labels are joined. Of very many
    columns the first ones too.
    """
    shown = frame.iloc[:LISTED, :WIDEST]
    columns, cells = [], []
    for place, (label, values) in enumerate(_columns(shown)):
        unit = _unit(values)
        columns.append(Column(f"c{place}", Quoted(_label(label)), unit, unit is Unit.TEXT))
        cells.append([_cell(value, unit) for value in values])
    rows = tuple(zip(*cells, strict=True)) if cells else ()
    long = FIRST(n=LISTED, all=len(frame)) if len(shown) < len(frame) else EMPTY
    n = len(frame.columns)
    wide = FIRST_COLUMNS(n=WIDEST, all=n) if len(shown.columns) < n else EMPTY
    texts = [one for row in rows for one in row if isinstance(one, str) and len(one) > SIGNS]
    if texts:
        rows = tuple(tuple(cut(v, SIGNS) if type(v) is str else v for v in row) for row in rows)
    signs = FIRST_SIGNS(n=SIGNS) if texts else EMPTY
    return Table(name, EMPTY, tuple(columns), rows, sentences(long, wide, signs))


def _columns(frame: pd.DataFrame) -> Iterator[tuple[Hashable, pd.Series]]:
    """Yield the labels and values of the columns, those of the index first."""
    import pandas as pd

    if not (isinstance(frame.index, pd.RangeIndex) and frame.index.name is None):
        for level, label in enumerate(frame.index.names):
            yield "" if label is None else label, frame.index.get_level_values(level).to_series()
    for place, label in enumerate(frame.columns):
        yield label, frame.iloc[:, place]


def _label(label: Hashable) -> str:
    return " · ".join(
        str(one) for one in (label if isinstance(label, tuple) else (label,)) if _is_label(one)
    )


def _is_label(one: object) -> bool:
    return one is not None and not (isinstance(one, str) and not one)


def _unit(values: pd.Series) -> Unit:
    """Return how the values of a column are printed."""
    import pandas as pd

    present = values.dropna()
    if present.empty or pd.api.types.is_bool_dtype(values):
        return Unit.TEXT
    if pd.api.types.is_datetime64_any_dtype(values):
        naive = getattr(values.dtype, "tz", None) is None
        return Unit.DATE if naive and (present == present.dt.normalize()).all() else Unit.INSTANT
    if pd.api.types.is_timedelta64_dtype(values):
        return Unit.SECONDS
    if pd.api.types.is_integer_dtype(values):
        return Unit.TEXT if present.between(*YEARS).all() else Unit.COUNT
    if not pd.api.types.is_float_dtype(values):
        return Unit.TEXT
    return Unit.TEXT if (present.abs() >= GREAT).any() else Unit.NUMBER


def _cell(value: Any, unit: Unit) -> Cell:
    """Return a value of a column as a cell: what is neither number nor text is written as text."""
    if hasattr(value, "__len__") and not isinstance(value, (str, *TEXTS)):
        return str(value)
    if unit is Unit.SECONDS:
        return None if value != value else float(value.total_seconds())
    plain = cell(value)
    if isinstance(plain, float) and abs(plain) == INFINITE:
        return "∞" if plain > 0 else "−∞"
    if isinstance(plain, float) and abs(plain) >= GREAT:
        return f"{plain:g}"
    return plain if plain is None or isinstance(plain, (str, int, float, *TEXTS)) else str(plain)
