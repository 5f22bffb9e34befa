"""Report values as JSON and back: what a notebook's output hands to the page.

Nothing that a page shows is lost; lists come back as tuples, categories as what they hold.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from reviewlib.report import chart_forms, text, values
from reviewlib.report.text import Quoted

if TYPE_CHECKING:
    import pandas as pd

TYPE = "@"  # the key that names the type of a value; no field of a value has this name
LONGEST, DECADES = 4000, 308  # signs of an exact number, decimal places before and behind its point
FRACTION = re.compile(r"-?\d+(?:/\d+)?")
KNOWN: dict[str, type] = {
    kind.__name__: kind
    for module in (text, values, chart_forms)
    for kind in vars(module).values()
    if isinstance(kind, type) and (dataclasses.is_dataclass(kind) or issubclass(kind, Enum))
}


def encoded(value: Any) -> Any:
    """Return a value as plain JSON; what JSON has no word for names its type."""
    if isinstance(value, Enum):
        return {TYPE: type(value).__name__, "value": value.value}
    if isinstance(value, Quoted):
        return {TYPE: "Quoted", "text": str(value), "texts": dict(value.texts)}
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {TYPE: "float", "value": str(value)}
    if dataclasses.is_dataclass(value):
        return {TYPE: type(value).__name__} | _fields(value)
    if isinstance(value, Mapping):
        return {TYPE: "map", "items": [[encoded(k), encoded(v)] for k, v in value.items()]}
    if isinstance(value, (tuple, list)):
        return [encoded(one) for one in value]
    scalar = hasattr(value, "item") and not hasattr(value, "__len__")  # of numpy
    return encoded(value.item()) if scalar else _typed(value)


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields that differ from their defaults."""
    pairs = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {
        field.name: encoded(held)
        for field, held in pairs
        if held is not field.default and not (_is_plain(held) and held == field.default)
    }


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, bool, int, float, tuple))


def _typed(value: Any) -> dict[str, Any]:
    name = type(value).__name__
    if name == "DataFrame":
        return _frame(value)
    if name == "Series":
        return {TYPE: "Series", "frame": _frame(value.to_frame("value"))}
    if isinstance(value, (Decimal, Fraction)):
        return {TYPE: name, "value": str(value)}
    if name == "Timedelta":
        return {TYPE: "Timedelta", "value": value.isoformat()}
    if isinstance(value, dt.date):
        return {TYPE: name, "value": value.isoformat()}
    raise TypeError(f"{name} has no form in JSON")


def _frame(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a frame as columns of cells, each with its type."""
    import pandas as pd

    labels = [*frame.columns]
    columns = [_column(frame.iloc[:, place]) for place in range(len(labels))]
    index = _column(pd.Series(frame.index.array, dtype=frame.index.dtype))
    return {
        TYPE: "DataFrame", "labels": encoded(labels), "columns": columns, "index": index,
        "names": encoded([frame.index.name, frame.columns.name]),
    }  # fmt: skip


def _column(cells: pd.Series) -> dict[str, Any]:
    if cells.dtype.kind in "mM":
        whole = cells.astype("str").where(cells.notna(), None)
        return {"dtype": str(cells.dtype), "cells": [one if one == one else None for one in whole]}
    if cells.dtype == "category":
        cells = cells.astype(cells.cat.categories.dtype)
    missing = cells.isna()
    plain = [None if gone else encoded(v) for v, gone in zip(cells.tolist(), missing, strict=True)]
    return {"dtype": str(cells.dtype), "cells": plain}


def decoded(plain: Any) -> Any:
    """Return the value that ``encoded`` made plain; lists come back as tuples.

    Raises KeyError for a type that is not one of the report's.
    """
    if isinstance(plain, list):
        return tuple(decoded(one) for one in plain)
    if not isinstance(plain, dict):
        return plain
    name = plain[TYPE]
    if name in READERS:
        return READERS[name](plain)
    kind, fields = KNOWN[name], {k: decoded(v) for k, v in plain.items() if k != TYPE}
    return kind(fields["value"]) if issubclass(kind, Enum) else kind(**fields)


def _read_frame(plain: Mapping[str, Any]) -> pd.DataFrame:
    import pandas as pd

    labels, (index_name, columns_name) = decoded(plain["labels"]), decoded(plain["names"])
    columns = {place: _read_column(one) for place, one in enumerate(plain["columns"])}
    places = _read_column(plain["index"])
    index = pd.Index(places, dtype=places.dtype, name=index_name)
    frame = pd.DataFrame(columns).set_axis(index, axis="index")
    return frame.set_axis(pd.Index(labels, name=columns_name), axis="columns")


def _read_column(plain: Mapping[str, Any]) -> pd.Series:
    import pandas as pd

    dtype, cells = plain["dtype"], plain["cells"]
    if dtype.startswith("timedelta64"):
        return pd.to_timedelta(pd.Series(cells, dtype="object")).astype(dtype)
    if dtype.startswith("datetime64"):  # of a zone, whose offsets differ from cell to cell
        zoned = "," in dtype
        return pd.to_datetime(pd.Series(cells, dtype="object"), utc=zoned).astype(dtype)
    return pd.Series([decoded(cell) for cell in cells], dtype=dtype)


def _read_timestamp(plain: Mapping[str, Any]) -> pd.Timestamp:
    import pandas as pd

    return pd.Timestamp(plain["value"])


def _read_timedelta(plain: Mapping[str, Any]) -> pd.Timedelta:
    import pandas as pd

    return pd.Timedelta(plain["value"])


def _read_decimal(written: str) -> Decimal:
    """Return a decimal; raises ValueError beyond what a float can hold, which nothing computes."""
    number = Decimal(written) if len(written) <= LONGEST else None
    if number is None or (number.is_finite() and number and abs(number.adjusted()) > DECADES):
        raise ValueError(f"no number of a review: {written[:DECADES]}")
    return number


def _read_fraction(written: str) -> Fraction:
    """Return a fraction, as Python writes it: ValueError of an exponent, that would be digits."""
    if len(written) > LONGEST or not FRACTION.fullmatch(written):
        raise ValueError(f"no fraction of a review: {written[:DECADES]}")
    return Fraction(written)


READERS: dict[str, Any] = {
    "float": lambda plain: float(plain["value"]),
    "map": lambda plain: {decoded(k): decoded(v) for k, v in plain["items"]},
    "Quoted": lambda plain: Quoted(plain["text"], plain["texts"]),
    "Decimal": lambda plain: _read_decimal(plain["value"]),
    "Fraction": lambda plain: _read_fraction(plain["value"]),
    "date": lambda plain: dt.date.fromisoformat(plain["value"]),
    "datetime": lambda plain: dt.datetime.fromisoformat(plain["value"]),
    "Timestamp": _read_timestamp,
    "Timedelta": _read_timedelta,
    "DataFrame": _read_frame,
    "Series": lambda plain: _read_frame(plain["frame"])["value"],
}
