"""Which breaches weigh most."""

from __future__ import annotations

import pandas as pd


def worst(verdicts: pd.DataFrame, urgency: tuple[str, ...], n: int) -> pd.DataFrame:
    """Return the n breaches that weigh most, as rows of ``verdicts``.

    By priority from the most urgent (``urgency`` lists them) down, then by elapsed / target, the
    furthest over first; of equals by ticket id and clause.
    """
    late = verdicts[verdicts["outcome"] == "breached"]
    keys = late.assign(
        rank=late["priority"]
        .astype("str")
        .map({name: place for place, name in enumerate(urgency)}),
        over=-(late["elapsed"] / late["target"]),
    )
    order = keys.sort_values(["rank", "over", "ticket_id", "clause"], kind="stable").index[:n]
    return verdicts.loc[order]
