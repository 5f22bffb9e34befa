"""What the verdict on a month rests on, in words: its outages, and how each window was read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.report.text import EMPTY, N_, Text, chained, listed
from reviewlib.service.availability import metrics
from reviewlib.service.availability.words import PARTIES

NAMED = 6  # outages that a month names
TREATED = {
    metrics.EXCLUDED: N_("does not count"),
    metrics.NOT_AGREED: N_("counts: not agreed by the client"),
    metrics.NO_AGREEMENT: N_("counts: no agreement is recorded"),
    metrics.NOT_ANNOUNCED: N_("counts: no announcement is dated"),
    metrics.LATE: N_("counts: announced {ahead:seconds} before, {notice:seconds} required"),
    metrics.COUNTED: N_("counts, as the clause says"),
}
AFTER_ITS_START = N_("counts: announced after its start")
BEYOND = N_("counts for {lost:seconds}, beyond the {allowance:seconds} allowed in a month")
WINDOW = N_("{window_id} {treated}")
OUTAGE = N_("{outage_id} {lost:seconds}")
OF_CAUSE = N_("{outage} ({party})")
EXCUSED = N_("{outage_id} does not count ({party})")


def treated(window: Any) -> Text:
    """Return how a window was read, with the hours that this hangs on; of ``windows_by_month``."""
    if window.treated == metrics.EXCLUDED and window.lost > 0:
        return BEYOND(lost=window.lost, allowance=window.allowance)
    if window.treated != metrics.LATE:
        return TREATED[window.treated]
    if window.ahead < 0:
        return AFTER_ITS_START
    return TREATED[metrics.LATE](ahead=window.ahead, notice=window.notice)


def of_months(
    months: pd.DataFrame, outages: pd.DataFrame, windows: pd.DataFrame
) -> list[Text | None]:
    """Return for each month the outages that lost time in it or are excused, and its windows.

    ``outages`` and ``windows``: of ``metrics.outages_by_month`` and ``windows_by_month``; a window
    in which no outage is recorded changes nothing.
    """
    keys = ["part", "month"]
    losing = outages[(outages["lost"] > 0) | outages["excused"]]
    of_outages = dict(list(losing.groupby(keys)))
    of_windows = dict(list(windows[windows["down"] > 0].groupby(keys)))
    return [
        _of_month(of_outages.get(key), of_windows.get(key)) or None
        for key in zip(months["part"], months["month"], strict=True)
    ]


def _of_month(outages: pd.DataFrame | None, windows: pd.DataFrame | None) -> Text:
    names: list[Text | str] = []
    if outages is not None:
        names = [_outage(row, len(outages) == 1) for row in outages.itertuples()]
    read = [] if windows is None else list(windows.itertuples())
    rows = (WINDOW(window_id=row.window_id, treated=treated(row)) for row in read)
    return chained([listed(names, NAMED) if names else EMPTY, *rows])


def _outage(row: Any, alone: bool) -> Text | str:
    """Return an outage with its time where others lost some too, and a cause not the provider's."""
    party = PARTIES[row.caused_by]
    if row.excused:
        return EXCUSED(outage_id=row.outage_id, party=party)
    outage = row.outage_id if alone else OUTAGE(outage_id=row.outage_id, lost=row.lost)
    return outage if row.caused_by == "provider" else OF_CAUSE(outage=outage, party=party)
