"""The same questions answered by users and by both parties, side by side (G4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reviewlib.people.satisfaction import intervals

SIDES = ("users", "client", "provider")
SETTLED_FROM = 30  # answers of each side under which no difference is tested
COUNTS = ["n", "favourable", "unfavourable", "value", "low", "high"]
PERCEPTION = [
    "question", "kind", *(f"{name}_{side}" for side in SIDES for name in COUNTS), "against", "gap",
    "tested", "z",
]  # fmt: skip
PROVIDER = "provider"
POINTS = {"nps": 1.0}
"""What a value is multiplied by to be in points, where it is no share."""


def perception(results: Mapping[str, pd.DataFrame], order: Sequence[str]) -> pd.DataFrame:
    """Return the questions that the provider and the client’s side both answered.

    ``results``: of each side, its result by question in its latest wave, as ``Poll.results`` has
    them: a value that may not be shown is NaN; ``order``: of the questions. Columns PERCEPTION, the
    largest gap first. against: the side that the provider is held against, the users where they
    have a value, else the client’s team; gap: the provider’s value less that one, in points;
    tested, z: whether both have thirty answers, and the difference in standard errors.
    """
    wide = pd.DataFrame({"question": [*order]})
    for side, own in results.items():
        names = {name: f"{name}_{side}" for name in COUNTS}
        columns = own[["question", "kind", *COUNTS]].rename(columns={**names, "kind": f"k_{side}"})
        wide = wide.merge(columns, on="question", how="left")
    wide = wide.reindex(columns=[*wide, *(name for name in PERCEPTION if name not in wide)])
    kinds = [f"k_{side}" for side in SIDES if f"k_{side}" in wide]
    wide["kind"] = wide[kinds].bfill(axis="columns").iloc[:, 0] if kinds else None
    values = {side: wide[f"value_{side}"].astype("float64") for side in SIDES}
    against = np.select(
        [values["users"].notna(), values["client"].notna()], ["users", "client"], default=""
    )
    wide["against"] = against
    other = values["users"].fillna(values["client"])
    wide["gap"] = (values[PROVIDER] - other) * wide["kind"].map(POINTS).fillna(100.0)
    rows = wide[wide["gap"].notna()].copy()
    tests = [
        _test(row, side) for row, side in zip(rows.to_dict("records"), rows["against"], strict=True)
    ]
    rows["tested"], rows["z"] = (
        [one is not None for one in tests],
        pd.Series(tests, rows.index, dtype="float64"),
    )
    largest = rows["gap"].abs().sort_values(ascending=False, kind="stable")
    return rows.loc[largest.index, PERCEPTION].reset_index(drop=True)


def _test(row: Mapping[str, float], against: str) -> float | None:
    """Return the z of the difference between two sides; None of fewer than thirty answers."""
    if min(row[f"n_{PROVIDER}"], row[f"n_{against}"]) < SETTLED_FROM:
        return None
    return float(intervals.difference(_counts(row, against), _counts(row, PROVIDER))[3])


def _counts(row: Mapping[str, float], side: str) -> intervals.Counts:
    n, good, bad = (row[f"{name}_{side}"] for name in COUNTS[:3])
    return good, n - good - bad, bad
