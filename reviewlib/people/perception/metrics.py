"""The same questions answered by users and by both parties, side by side (G4)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reviewlib.people.satisfaction import intervals
from reviewlib.people.satisfaction.names import name_key

SIDES = ("users", "client", "provider")
COMPARED = (("provider", "client"), ("provider", "users"), ("client", "users"))
LEAST = 30  # answers of each side under which two net promoter scores are not tested
LEVEL = 0.05
COUNTS = ["n", "favourable", "unfavourable", "value"]
OF_OTHER = {name: f"{name}_other" for name in COUNTS}
PAIRS = [
    "question", "kind", "side", "against", *COUNTS, *OF_OTHER.values(), "gap", "p", "corrected",
    "beyond",
]  # fmt: skip
POINTS = {"nps": 1.0}
"""What a value is multiplied by to be in points, where it is no share."""


def shared_wave(answered: Mapping[str, pd.Series]) -> dict[str, str]:
    """Return the last wave that both parties answered, as each side that answered it spells it.

    ``answered``: of each side, how many people answered its closed waves, in order. Where the
    parties share no wave, it is the last that users and a party answered; empty without one.
    """
    spelt = {
        side: dict(zip(name_key(counts[counts > 0].index.to_series()), counts[counts > 0].index,
                       strict=True))
        for side, counts in answered.items()
    }  # fmt: skip
    for one, others in (("provider", {"client"}), ("users", {"client", "provider"})):
        for wave in reversed(spelt.get(one, {})):
            both = {side: own[wave] for side, own in spelt.items() if wave in own}
            if others & {*both}:
                return both
    return {}


def pairs(results: Mapping[str, pd.DataFrame], order: Sequence[str]) -> pd.DataFrame:
    """Return what two sides answered to a question, a row for each pair of ``COMPARED``.

    ``results``: of each side, its result by question in one wave, as ``Poll.results`` has them: a
    value that may not be shown is NaN, and no pair has it; ``order``: of the questions. Columns
    PAIRS, the question with the largest gap first: COUNTS are of side, OF_OTHER of against. gap:
    the value of side less that of against, in points; p: how often chance alone leaves as much or
    more (NaN: not tested); corrected: the same, for the number of pairs tested (Holm); beyond:
    whether that is under LEVEL.
    """
    both = [(one, other) for one, other in COMPARED if {one, other} <= {*results}]
    rows = pd.concat([_pair(results, one, other) for one, other in both])
    rows = rows.reset_index(drop=True).dropna(subset=["value", OF_OTHER["value"]])
    rows = rows.astype(dict.fromkeys((*COUNTS, *OF_OTHER.values()), "float64"))
    points = rows["kind"].map(POINTS).astype("float64").fillna(100.0)
    rows["gap"] = (rows["value"] - rows[OF_OTHER["value"]]) * points
    chances = [_chance(row) for row in rows.to_dict("records")]
    rows["p"] = pd.Series(chances, rows.index, dtype="float64")
    rows["corrected"] = holm(rows["p"])
    rows["beyond"] = rows["corrected"] < LEVEL
    size = rows["gap"].abs().groupby(rows["question"]).transform("max").round(9)
    place = rows["question"].map([*order].index)
    rows = rows.assign(size=-size, place=place).sort_values(["size", "place"], kind="stable")
    return rows[PAIRS].reset_index(drop=True)


def _pair(results: Mapping[str, pd.DataFrame], one: str, other: str) -> pd.DataFrame:
    own = results[one][["question", "kind", *COUNTS]].assign(side=one, against=other)
    return own.merge(results[other][["question", *COUNTS]].rename(columns=OF_OTHER), on="question")


def holm(p: pd.Series) -> pd.Series:
    """Return p-values for as many tests as there are (Holm 1979); NaN is no test."""
    tested = p.dropna().sort_values(kind="stable")
    times = pd.Series(range(len(tested), 0, -1), tested.index)
    return (tested * times).clip(upper=1.0).cummax().reindex(p.index)


def _chance(row: Mapping[str, Any]) -> float:
    """Return the two-sided p of a difference: exact of shares, of scores from LEAST answers on."""
    sides = [[row[name] for name in COUNTS[:3]], [row[OF_OTHER[name]] for name in COUNTS[:3]]]
    if row["kind"] != "nps":
        from scipy.stats import fisher_exact

        return float(fisher_exact([[int(k), int(n - k)] for n, k, _ in sides]).pvalue)
    if min(n for n, _, _ in sides) < LEAST:
        return math.nan
    z = intervals.difference(*((good, n - good - bad, bad) for n, good, bad in sides))[3]
    return math.erfc(abs(z) / math.sqrt(2))
