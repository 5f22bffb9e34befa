"""The tables of availability: the months, what was lost to whom, the windows and the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.availability import Availability
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import BY_DEFAULT, marked
from reviewlib.report.text import EMPTY, N_, Shown, Text, commas, listed
from reviewlib.report.values import Unit
from reviewlib.service.availability import metrics
from reviewlib.service.availability.words import PARTIES, percent
from reviewlib.service.clauses import threshold_words

MET, MISSED, MISSED_AT_BEST = "met", "missed", "missed_at_best"
PROVISIONAL, NO_HOUR, NO_TARGET = "provisional", "no_hour", "no_target"
STATES = {
    MET: N_("met"),
    MISSED: N_("missed"),
    MISSED_AT_BEST: N_("missed, even at best"),
    PROVISIONAL: N_("provisional"),
    NO_HOUR: N_("no agreed hour"),
    NO_TARGET: N_("no target"),
}
"""The words of what became of a month."""
SERVICE, START, END = (
    Col("label", N_("Service")),
    Col("starts_at", N_("Start"), Unit.INSTANT),
    Col("ends_at", N_("End"), Unit.INSTANT),
)
MONTHS = TableForm(
    "months",
    N_("{clause_title}, by month"),
    (
        Col("month", N_("Month"), Unit.MONTH),
        SERVICE,
        Col("date", N_("Judged from"), Unit.DATE),
        Col("share", N_("Availability")),
        Col("at_worst", N_("At worst")),
        Col("at_best", N_("At best")),
        Col("target", N_("Target")),
        Col("state", N_("State"), words=STATES),
        Col("agreed", N_("Agreed hours"), Unit.SECONDS),
        Col("lost", N_("Lost"), Unit.SECONDS),
        Col("maintenance", N_("Maintenance"), Unit.SECONDS),
        Col("excused", N_("Excused"), Unit.SECONDS),
        Col("around_the_clock", N_("Around the clock")),
        Col("grounds", N_("Outages and windows")),
    ),
    N_(
        "Months are those of the contract’s time zone. Maintenance and excused: down time that the "
        "clause excludes. Around the clock: every outage on every hour, nothing excluded."
    ),
)
LOSSES = TableForm(
    "losses",
    EMPTY,
    (
        SERVICE,
        Col("cause", N_("Cause"), quoted=True),
        Col("lost", N_("Lost"), Unit.SECONDS),
        Col("share", N_("Share of the service’s time lost"), Unit.SHARE),
    ),
    N_("Time in which outages of several causes overlap is counted once, as such."),
)
BY_CAUSE = LOSSES.but(name="cause", caption=N_("Time lost, by cause"))
BY_PARTY = LOSSES.but(
    name="caused_by",
    caption=N_("Time lost, by who caused it"),
    columns=(SERVICE, Col("cause", N_("Caused by")), *LOSSES.columns[2:]),
)
WINDOWS = TableForm(
    "windows",
    N_("Planned maintenance"),
    (
        Col("window_id", N_("Window"), quoted=True),
        SERVICE,
        START,
        END,
        Col("read_as", N_("Treated as")),
        Col("down", N_("Outage recorded in agreed hours"), Unit.SECONDS),
    ),
    N_("A window is a plan: only an outage that is recorded in it is down time."),
    listed=50,
)
UNLIKE = TableForm(
    "recorded",
    N_("Outages whose recorded length differs from their dates"),
    (
        Col("outage_id", N_("Outage"), quoted=True),
        SERVICE,
        Col("started_at", START.label, Unit.INSTANT),
        Col("ended_at", END.label, Unit.INSTANT),
        Col("minutes", N_("Minutes by the dates"), Unit.COUNT),
        Col("recorded_minutes", N_("Minutes recorded"), Unit.COUNT),
    ),
    N_("This chapter counts by the dates."),
    listed=50,
)
POLICIES = TableForm(
    "policies",
    N_("How each clause was interpreted"),
    (
        SERVICE,
        Col("since", N_("In force from"), Unit.DATE),
        Col("target", N_("Target")),
        Col("hours", N_("Agreed hours")),
        Col("maintenance", N_("Planned maintenance")),
        Col("excuses", N_("Causes that do not count")),
    ),
)
STRIPS = TableForm(
    "calendar",
    N_("Availability, month by month"),
    (
        SERVICE,
        Col("judged", N_("Months judged"), Unit.COUNT),
        Col("kept", N_("Months at the target or above"), Unit.COUNT),
        Col("agreed", N_("Agreed hours"), Unit.SECONDS),
        Col("lost", N_("Lost"), Unit.SECONDS),
    ),
)


def in_words(months: pd.DataFrame) -> pd.DataFrame:
    """Return the months with their state, and with shares and targets in words."""
    shares = {
        name: [
            None if pd.isna(share) else percent(share, target)
            for share, target in zip(months[name], months["target"], strict=True)
        ]
        for name in ("share", "at_worst", "at_best", "around_the_clock")
    }
    target = [_target(share) for share in months["target"]]
    return months.assign(**shares, target=target, state=_states(months))


def _target(target: float) -> Shown | None:
    return None if pd.isna(target) else threshold_words(target)


def _states(months: pd.DataFrame) -> Any:
    """Return what became of each month, as the words of ``STATES`` name it."""
    met, provisional = months["met"].fillna(False).astype("bool"), months["provisional"]
    missed = ~months["met"].fillna(True).astype("bool")
    states = {
        MISSED_AT_BEST: provisional & missed,
        PROVISIONAL: provisional,
        NO_HOUR: months["agreed"] == 0,
        MISSED: missed,
        MET: met,
    }
    return np.select([*states.values()], [*states], NO_TARGET)


def policies(
    contract: Contract, parts: list[metrics.ServicePart], names: pd.DataFrame
) -> Iterator[tuple[Any, ...]]:
    """Yield how each clause was read, defaults included, so that it can be disputed."""
    amended = N_("{calendar}, as amended by {amendment:ref}")
    for part in parts:
        excused = listed(PARTIES[party] for party in part.terms.excuses) or N_("none of them")
        for turn, (since, number) in enumerate(metrics.agreed_since(contract, part)):
            hours: Text | str = contract.versions[number].calendars[part.terms.calendar].title
            if turn:
                hours = amended(calendar=hours, amendment=contract.amendments[number - 1].id)
            yield (
                names.loc[(part.clause, part.service), "label"],
                since.tz_convert(contract.time_zone).date(),
                _target(part.target),
                hours,
                _maintenance(part.terms),
                marked(part.terms, "excuses", excused),
            )


def _maintenance(terms: Availability) -> Text:
    if terms.maintenance == metrics.COUNTED:
        return N_("counts as time lost")
    agreed = N_("does not count when agreed by the client")
    excluded = agreed if terms.agreed_only else N_("does not count")
    silent = terms.is_silent("maintenance") or terms.is_silent("agreed_only")
    parts = [BY_DEFAULT(policy=excluded) if silent else excluded]
    if terms.notice is not None:
        announced = N_("announced {notice:seconds} before or earlier")
        parts.append(announced(notice=terms.notice.total_seconds()))
    if terms.allowance is not None:
        most = N_("{most:seconds} of down time a month at most")
        parts.append(most(most=terms.allowance.total_seconds()))
    return commas(parts)
