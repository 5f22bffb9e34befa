"""What is planted in the drawn tickets, and the chance finds that are cleared away beside it.

Nothing is drawn here, and no verdict changes but those of two extensions: waits for the caller are
moved, not lengthened; of a ticket that lies resolved no clock runs; what is closed at a quarter's
end was in time and stays so; what is closed without any work was answered late and stays so.
README.md lists what comes of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from ticket_log import AMENDMENT, HOUR, P2_AMENDED, RESOLUTION, ZONE, instant, read, when

# fmt: off
LATE_WAITS = {  # share of the delay that was used when the caller was asked; Thursdays, Fridays
    "INC10007": 0.82, "DEM10021": 0.82, "DEM10146": 0.90, "DEM10469": 0.82, "DEM12228": 0.92,
    "INC12917": 0.82, "INC13866": 0.82, "INC13909": 0.84, "INC14027": 0.82, "INC14123": 0.88,
    "INC14162": 0.84, "INC15912": 0.82,
}
EARLY = 0.75  # no other wait begins between this share of the delay and its end
QUICK_REOPENINGS = [
    "INC12486", "INC13417", "INC13470", "DEM13485", "INC13515", "INC13632", "INC13865", "INC14343",
    "INC14429",
]
LOWERED = {  # share of the delay of the former priority, P2, that was used when it was lowered
    "INC11862": 0.85, "INC12807": 0.93, "INC13345": 0.90, "INC14834": 0.88,
}
QUARTER_END = pd.Timestamp("2025-03-31 16:05", tz=ZONE)
CLOSED_TOGETHER = [  # held back from the days before, then brought forward from those after
    "INC15013", "INC15033", "INC15034", "INC15035", "INC15036", "INC15038", "DEM15039", "INC15041",
    "DEM15045", "INC15049", "DEM15054", "DEM15056", "DEM15057", "DEM15059", "INC15066",
]
WITHOUT_WORK = [
    "INC14097", "DEM14216", "DEM14470", "INC14710", "DEM14786", "DEM14892", "INC14969", "INC15008",
    "INC15243", "INC15507", "INC15538", "INC15612", "DEM15649", "INC15679", "INC15706",
]
ESCALATED = [("INC13459", "2", 104), ("INC10214", "3", 455)]  # minutes from the opening
CHILD_WITHIN = "4 h"  # of a major incident of the monitoring
SITE_OPENED = {  # from these days on, of the tickets of the head office: every third, every tenth
    pd.Timestamp("2024-10-07"): 3, pd.Timestamp("2025-01-01"): 10,
}
# fmt: on


def settle(t: pd.DataFrame) -> None:
    """Move waits, reopenings and resolutions of the drawn work; ``t`` is changed."""
    ids = t["ticket_id"]
    waits = (t["user_for"] > 0) & (t["user_at"] < t["amended"])
    earlier = waits & (t["response"] < EARLY * t["amended"])
    t.loc[earlier, "user_at"] = np.minimum(t["user_at"], EARLY * t["amended"]).round()
    asked = ids.map(LATE_WAITS) * t["amended"]
    t["user_at"] = asked.round().fillna(t["user_at"])
    together = t[ids.isin(CLOSED_TOGETHER)]
    closing = QUARTER_END.timestamp() + 360 * np.arange(len(together))
    t.loc[together.index, "work"] = read(together, closing) - together["opened_on_clock"]
    again = t[(t["again_for"] > 0) & ~ids.isin(QUICK_REOPENINGS)]
    resolved = when(again, again["again_at"])
    reopened = instant(again, read(again, resolved) + again["again_for"])
    soon = again[reopened - resolved <= 24 * HOUR]
    t.loc[soon.index, "again_for"] += np.where(soon["clock"] == "permanent", 24, 10) * HOUR


def replayed(t: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Return the log with what was planted in it, in order."""
    change = log["field"] == "priority"
    # whatever was of the first priority at any time calls for the ladder, which only P1 climbed
    log.loc[change & (log["old"] == "P1"), "old"] = "P3"
    lowered = t[t["ticket_id"].isin(LOWERED)].set_index("ticket_id", drop=False)
    delay = np.where(lowered["local"] < AMENDMENT, RESOLUTION["P2"], P2_AMENDED) * HOUR
    used = lowered["ticket_id"].map(LOWERED) * delay
    at = pd.Series(instant(lowered, (lowered["opened_on_clock"] + used).round()), lowered.index)
    late = change & log["ticket_id"].isin(LOWERED)
    log.loc[late, "at"] = log.loc[late, "ticket_id"].map(at)
    bare = log["ticket_id"].isin(WITHOUT_WORK)
    log = log[~bare | log["new"].isin(["Nouveau", "Résolu", "Clos"])]
    log.loc[bare & (log["new"] == "Résolu"), "old"] = "Nouveau"
    log = pd.concat([log, steps(t)])
    return log.sort_values(["at", "ticket_id"], kind="stable", ignore_index=True)


def steps(t: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of the ladder that are to be added to the log."""
    names, levels, minutes = (list(column) for column in zip(*ESCALATED, strict=True))
    opened = t.set_index("ticket_id")["opened"].loc[names].to_numpy()
    return pd.DataFrame(
        {"ticket_id": names, "at": opened + 60 * np.array(minutes), "field": "escalation",
         "new": levels, "actor_side": "provider", "automatic": 0,
         "old": [str(int(level) - 1) for level in levels]}
    )  # fmt: skip


def sites(t: pd.DataFrame) -> pd.Series:
    """Return the site of each ticket: of some of the head office, in order, the one that opened.

    It has the calendar of the head office, and so the same delays and verdicts.
    """
    site, head = t["site"].copy(), t["site"] == "lyon"
    ends = [*list(SITE_OPENED)[1:], None]
    for (first, step), end in zip(SITE_OPENED.items(), ends, strict=True):
        since = head & (t["local"] >= first)
        own = t.index[since if end is None else since & (t["local"] < end)]
        site.loc[own[step - 1 :: step]] = "annecy"
    return site


def extend(t: pd.DataFrame, extensions: list[dict[str, Any]]) -> None:
    """Add the accepted extensions to the targets; ``t`` is changed."""
    hours = {e["ticket_id"]: e["hours"] for e in extensions if e["decision"] == "accepted"}
    t["amended"] += t["ticket_id"].map(hours).fillna(0) * HOUR


def relations(t: pd.DataFrame) -> pd.DataFrame:
    """Return parent_id and relation by ticket id, both empty for most.

    A merged ticket goes to the last one before it of its service and category; a child is an alert
    that followed a major incident of the monitoring.
    """
    held = t[t["dropped"] == ""]
    merged = nearest_before(t[t["dropped"] == "Fusionné"], held, ["service", "category"])
    alerts = held[held["service"] == "supervision"]
    major = alerts["priority"] == "P1"
    child = nearest_before(alerts[~major], alerts[major], ["service"], CHILD_WITHIN)
    found = pd.concat([merged.assign(relation="merged"), child.assign(relation="child")])
    return found.set_index("ticket_id").reindex(t["ticket_id"]).fillna("")


def nearest_before(
    rows: pd.DataFrame, others: pd.DataFrame, by: list[str], within: str | None = None
) -> pd.DataFrame:
    """Return the ticket that was opened last before each row, of those alike: its parent."""
    others = others.assign(parent_id=others["ticket_id"])
    found = pd.merge_asof(
        rows[["local", "ticket_id", *by]],
        others[["local", "parent_id", *by]],
        on="local",
        by=by,
        tolerance=None if within is None else pd.Timedelta(within),
    )
    return found[["ticket_id", "parent_id"]].dropna()
