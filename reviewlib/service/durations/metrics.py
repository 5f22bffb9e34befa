"""How long resolutions took (F6): the resolved tickets alone, and with those still open."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from reviewlib.ids import among
from reviewlib.service.history import ACTIVE, CANCELLED, DONE
from reviewlib.service.log import Log

FATES = ("resolved", "open", "cancelled", "merged", "unknown")
CURVE = ["hours", "share", "low", "high", "at_risk"]
EXACT = 1e-9  # a share of a half is the product of fractions held in binary
GREENWOOD = "Greenwood log-log 95 %"
SHORTEST = 1 / 60  # hours: a logarithmic scale has no zero


def hours(opened: pd.Series, resolved: pd.Series) -> pd.Series:
    """Return the hours (24 a day) from opening to resolution, without the tickets still open."""
    return (resolved - opened).dropna() / pd.Timedelta(hours=1)


def lengths(log: Log, untold: pd.Series) -> pd.DataFrame:
    """Return, by ticket id, what became of each ticket and how many hours that took.

    ``untold``: as ``flow.untold`` returns it. Columns: fate (a word of ``FATES``) and hours (24 a
    day): up to the last resolution, to ``as_of`` for the open ones, to the end of the cancelled and
    merged ones; NaN where no date tells. Unknown: over since no known instant, or in no known
    state.
    """
    rows = log.tickets.set_index("ticket_id")
    resolutions = log.resolutions.reindex(rows.index)
    dated = resolutions["last_resolved"] >= rows["opened_at"]
    fates = {
        "merged": rows.get("relation", pd.Series(None, rows.index, dtype="str")) == "merged",
        "cancelled": resolutions["state"] == CANCELLED,
        "resolved": resolutions["state"].isin(DONE) & dated,
        "open": resolutions["state"].isin(ACTIVE) & ~untold.reindex(rows.index),
    }
    fate = pd.Series(np.select(list(fates.values()), list(fates), "unknown"), rows.index)
    until = resolutions["last_resolved"].mask(fate == "open", log.as_of)
    until = until.mask(fate.isin(["cancelled", "merged"]), resolutions["ended"])
    until = until.where((fate != "unknown") & (until >= rows["opened_at"]))
    return pd.DataFrame(
        {"hours": (until - rows["opened_at"]) / pd.Timedelta(hours=1), "fate": fate}
    )


def service_lengths(verdicts: pd.DataFrame, apart: pd.Index) -> pd.DataFrame:
    """Return, by ticket id, the hours that a resolution clause counted: its own service time.

    ``verdicts``: those of one clause; what it excludes or can't tell has no elapsed time and is
    left out, and so are the tickets ``apart``. Columns: hours, fate (resolved: its clock stopped;
    open) and priority.
    """
    timed = verdicts[verdicts["elapsed"].notna() & ~among(verdicts["ticket_id"], apart)]
    spent = pd.to_timedelta(timed["elapsed"]) / pd.Timedelta(hours=1)
    fate = np.where(timed["stop"].notna(), "resolved", "open")
    tickets = pd.DataFrame({"hours": spent, "fate": fate, "priority": timed["priority"]})
    return tickets.set_axis(pd.Index(timed["ticket_id"]))


def standing(log: Log, clause: str) -> pd.Series:
    """Return the tickets in a status that stops the clock of a clause."""
    last = log.spans.drop_duplicates("ticket_id", keep="last")
    agreed = (terms.clauses.get(clause) for terms in log.contract.versions)
    pauses = [status for own in agreed if own for status in own.pauses]
    return last.loc[last["status"].isin(pauses), "ticket_id"]


def fates(of: pd.DataFrame) -> pd.DataFrame:
    """Return, for every word of ``FATES``, n and the median hours until then; n adds up to all."""
    groups = of.groupby("fate")["hours"]
    counts = pd.DataFrame({"n": groups.size(), "median": groups.median()}).reindex(list(FATES))
    return counts.fillna({"n": 0}).astype({"n": "int64"}).rename_axis("fate").reset_index()


def summary(values: pd.Series, groups: pd.Series | None = None) -> pd.DataFrame:
    """Return n, median, p90 (linear interpolation), mean and what the mean hides, in hours.

    One row per group (missing values are a group), or one in all. ``below_mean`` is the share of
    tickets that took less than the mean; ``slowest`` the share of the whole time that the slowest
    tenth took, of one ticket at least.
    """
    by = groups.reindex(values.index) if groups is not None else pd.Series("", values.index)
    rows = {name: _summed_up(group.to_numpy()) for name, group in values.groupby(by, dropna=False)}
    columns = ["n", "median", "p90", "mean", "below_mean", "slowest"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype({"n": "int64"})


def _summed_up(values: np.ndarray) -> list[float]:
    ordered = np.sort(values)
    tenth, total = max(1, len(ordered) // 10), ordered.sum()
    mean = total / len(ordered)
    return [
        len(ordered),
        float(np.median(ordered)),
        float(np.percentile(ordered, 90, method="linear")),
        float(mean),
        float((ordered < mean - 1e-9).mean()),  # equal durations are not below their mean
        float(ordered[-tenth:].sum() / total) if total else float("nan"),
    ]


def survival(of: pd.DataFrame) -> pd.DataFrame:
    """Return the Kaplan-Meier curve of some tickets: the share still unresolved after some hours.

    ``of``: hours and fate; the open ones are censored at their hours, those of another fate left
    out. Columns: hours (ascending), share, low and high (95 %, Greenwood's formula on the log-log
    scale; NaN before the first resolution and once none is left), at_risk (tickets followed up to
    then). One row per distinct length of a resolution, and the longest length of all.
    """
    from scipy.stats import CensoredData, ecdf

    followed = of[of["fate"].isin(["resolved", "open"])].dropna(subset="hours").sort_values("hours")
    length, still = (
        followed["hours"].to_numpy(dtype="float64"),
        (followed["fate"] == "open").to_numpy(),
    )
    if not len(length):
        return pd.DataFrame(columns=CURVE, dtype="float64")
    curve = ecdf(CensoredData.right_censored(length, still)).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        band = curve.confidence_interval(0.95, method="log-log")
    values = [curve.quantiles, curve.probabilities, band.low.probabilities, band.high.probabilities]
    at_risk = len(length) - np.searchsorted(length, curve.quantiles, side="left")
    points = pd.DataFrame(dict(zip(CURVE, [*values, at_risk], strict=True)))
    falls = points["share"].diff().fillna(points["share"] - 1) < 0
    return points[falls | (points.index == points.index[-1])].reset_index(drop=True)


def median(curve: pd.DataFrame) -> tuple[float, float, float]:
    """Return the hours after which half are resolved, and its 95 % interval; NaN: not reached.

    Where the curve stays at a half, it is the middle of that stay: without open tickets it is the
    plain median. The ends are where the band's own ends reach a half.
    """
    share = curve["share"]
    reached, passed = curve["hours"][share <= 0.5 + EXACT], curve["hours"][share < 0.5 - EXACT]
    low, high = (float(curve["hours"][curve[end] <= 0.5].min()) for end in ("low", "high"))
    middle = (reached.min() + (reached if passed.empty else passed).min()) / 2
    return float(middle), low, high


def medians(of: pd.DataFrame, groups: pd.Series | None = None) -> pd.DataFrame:
    """Return both medians by group, or of all: of the resolved tickets, and with the open ones.

    Columns: resolved, open, n (both), alone (median of the resolved, hours), with_open (median of
    both), low and high (its interval), longest (hours of the ticket followed longest) and left
    (share unresolved then). Tickets of another fate are left out.
    """
    followed = of[of["fate"].isin(["resolved", "open"])].dropna(subset="hours")
    by = groups.reindex(followed.index) if groups is not None else pd.Series("", followed.index)
    rows = {name: _both(group) for name, group in followed.groupby(by, dropna=False)}
    columns = ["resolved", "open", "n", "alone", "with_open", "low", "high", "longest", "left"]
    by_group = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return by_group.astype(dict.fromkeys(["resolved", "open", "n"], "int64"))


def _both(group: pd.DataFrame) -> list[float]:
    curve, resolved = survival(group), group["fate"] == "resolved"
    done, last = int(resolved.sum()), curve.iloc[-1]
    alone = float(group["hours"][resolved].median())
    return [
        done, len(group) - done, len(group), alone, *median(curve), last["hours"], last["share"],
    ]  # fmt: skip


def thinned(curve: pd.DataFrame, points: int) -> pd.DataFrame:
    """Return some points of a curve, spread over a logarithmic scale, both ends among them.

    Lengths under a minute become one minute. What stays is on the curve, nothing is interpolated.
    """
    floored = curve["hours"].clip(lower=SHORTEST)
    curve = curve.assign(hours=floored).drop_duplicates("hours", keep="last")
    if len(curve) <= points:
        return curve.reset_index(drop=True)
    wanted = np.geomspace(curve["hours"].iloc[0], curve["hours"].iloc[-1], points)
    chosen = np.searchsorted(curve["hours"].to_numpy(), wanted[1:-1], side="right") - 1
    return curve.iloc[np.unique([0, *chosen, len(curve) - 1])].reset_index(drop=True)
