"""Where ids stand among others: what ``isin`` and ``reindex`` ask, without an object for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def places(ids: pd.Series | pd.Index, known: pd.Series | pd.Index) -> np.ndarray:
    """Return the first place of each id among the known ones, -1 where it is not (or missing).

    pandas 3.1 makes a Python object of every text to look it up: ten times slower at a million.
    """
    import pyarrow.compute as pc

    positions = pc.index_in(_arrow(ids), value_set=_arrow(known), skip_nulls=True)
    return np.asarray(positions.fill_null(-1), dtype="int64")


def among(ids: pd.Series | pd.Index, known: pd.Series | pd.Index) -> np.ndarray:
    """Tell which ids are among the known ones; a missing one never is."""
    return places(ids, known) >= 0


def _arrow(ids: pd.Series | pd.Index) -> Any:
    import pyarrow as pa

    return pa.array(ids.astype("str").array).cast(pa.large_string())
