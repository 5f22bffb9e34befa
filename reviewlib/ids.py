"""Where ids stand among others: what ``isin`` and ``reindex`` ask, without an object for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def places(ids: pd.Series | pd.Index, other_ids: pd.Series | pd.Index) -> np.ndarray:
    """Return the first place of each id among other ones, -1 where it is not (or missing).

    pandas 3.1 makes a Python object of every text to look it up: ten times slower at a million.
    """
    import pyarrow.compute as pc

    positions = pc.index_in(_arrow(ids), value_set=_arrow(other_ids), skip_nulls=True)
    return np.asarray(positions.fill_null(-1), dtype="int64")


def among(ids: pd.Series | pd.Index, other_ids: pd.Series | pd.Index) -> np.ndarray:
    """Tell which ids are among other ones; a missing one never is."""
    return places(ids, other_ids) >= 0


def codes_of(texts: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the number of each text (-1: missing), and the texts that 0, 1, … stand for."""
    codes, distinct = _encoded(texts)
    return codes, tuple(distinct.to_pylist())


def in_order(ids: pd.Series, moments: pd.Series) -> np.ndarray:
    """Return the rows by id and then by instant, those alike in the order in which they stand.

    What a stable ``sort_values`` by both returns; a missing id or instant comes last.
    """
    import pyarrow.compute as pc

    codes, distinct = _encoded(ids)
    rank = np.full(len(distinct) + 1, len(distinct))
    rank[np.asarray(pc.sort_indices(distinct))] = np.arange(len(distinct))
    instants = np.where(pd.isna(moments), np.iinfo(np.int64).max, pd.Index(moments).asi8)
    return np.lexsort((instants, rank[codes]))


def begins(ids: pd.Series) -> np.ndarray:
    """Tell which rows do not continue those of the id before them."""
    import pyarrow.compute as pc

    array = _arrow(ids)
    unlike = pc.not_equal(array[1:], array[:-1]).fill_null(True)
    return np.append(np.ones(min(len(ids), 1), dtype=bool), np.asarray(unlike, dtype=bool))


def _encoded(texts: pd.Series) -> tuple[np.ndarray, Any]:
    import pyarrow as pa

    array = _arrow(texts).dictionary_encode()
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes.astype("int32", copy=False), array.dictionary


def _arrow(ids: pd.Series | pd.Index) -> Any:
    import pyarrow as pa

    return pa.array(ids.astype("str").array).cast(pa.large_string())
