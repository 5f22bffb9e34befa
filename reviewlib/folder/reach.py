"""How far the data of an engagement reach, and from which instant a review looks at them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.contract import Contract
from reviewlib.contract.data import instant_of
from reviewlib.faults import ReviewError
from reviewlib.folder.engagement import Engagement
from reviewlib.parameters import moment, named_day
from reviewlib.report.text import N_
from reviewlib.tables import SCHEMAS

DECLARED, ASKED, LAST_EVENT, END_OF_CONTRACT = "declared", "asked", "last_event", "end_of_contract"
END_OF_PERIOD = "end_of_period"
LOG = ("tickets", "ticket_events")
LAST_SECOND = dt.time(23, 59, 59)
AFTER_EXTRACTION = N_(
    "as of {as_of:quoted} is after the extraction of the data ({extracted}): what happened since "
    "is not in them. Give an earlier date."
)
BEFORE_START = N_(
    "as of {as_of:quoted} is before the first day of the engagement, {first:date}: there is "
    "nothing to review yet. Give a later date."
)
NOT_REACHED = N_(
    "the period {period:quoted} needs data up to {last:date}; they were extracted on {extracted}: "
    "what happened since is not in them. Export again, or review a period that ends before."
)
LOG_ENDS = N_(
    "the last event of the log is of {end:date}, before {last:date}. If the export is later, "
    "declare data.extracted_at"
)
NOT_OF_CONTRACT = N_(
    "the period {period:quoted} has no day of the engagement, which runs from {first:date} to "
    "{last:date}. Review a period in which it ran."
)
BEYOND = N_(
    "as of {as_of:quoted} is more than a year after the last day of the engagement, {last:date}, "
    "and the contract does not say that the data reach so far. Give an earlier date, or declare "
    "data.extracted_at in engagement.yml."
)


def seen_from(engagement: Engagement, requested_as_of: str) -> tuple[pd.Timestamp, str]:
    """Return the instant (UTC) from which a review looks, and where it comes from."""
    contract = engagement.contract
    if requested_as_of:
        return requested(contract, requested_as_of), ASKED
    if contract.extracted_at is not None:
        return contract.extracted_at, DECLARED
    if (last := last_event(engagement)) is not None:
        return last, LAST_EVENT
    return instant_of(moment(contract.period.last.isoformat()), contract.time_zone), END_OF_CONTRACT


def last_event(engagement: Engagement) -> pd.Timestamp | None:
    """Return the last instant (UTC) of the tickets and their log; None without any."""
    events = [
        frame[str(column)].max()
        for name in LOG
        if (frame := engagement.table(name)) is not None
        for column, about in SCHEMAS[name].columns.items()
        if about.metadata["kind"] == "instant" and column in frame and frame[column].notna().any()
    ]
    return max(events) if events else None


def end_of(period: ReviewPeriod, time_zone: str) -> pd.Timestamp:
    """Return the last second of a period (UTC)."""
    return instant_of(dt.datetime.combine(period.last, LAST_SECOND), time_zone)


def end_of_data(contract: Contract, period: ReviewPeriod) -> pd.Timestamp:
    """Return the instant from which a period is reviewed: its end.

    Data that were extracted on its last day, or after that of the engagement, end it. Raises
    ReviewError where they end before, and where the engagement has no day of it.
    """
    own, extracted = contract.period, contract.extracted_at
    if period.last < own.first or period.first > own.last:
        text = NOT_OF_CONTRACT(period=period.name, first=own.first, last=own.last)
        raise ReviewError(text, contract.language)
    end = end_of(period, contract.time_zone)
    if extracted is None or extracted >= end:
        return end
    local = extracted.tz_convert(contract.time_zone)
    if local.date() < min(period.last, own.last):
        about = {"period": period.name, "extracted": local.isoformat()}
        text = NOT_REACHED(last=min(period.last, own.last), **about)
        raise ReviewError(text, contract.language)
    return extracted


def refuse_silence(engagement: Engagement, period: ReviewPeriod) -> None:
    """Raise ReviewError where a log ends before a period does and no extraction is declared.

    A ticket that such a log leaves open is no late one, nor a month without tickets one.
    """
    contract = engagement.contract
    if contract.extracted_at is not None or (end := last_event(engagement)) is None:
        return
    day, last = end.tz_convert(contract.time_zone).date(), min(period.last, contract.period.last)
    if day < last:
        raise ReviewError(LOG_ENDS(end=day, last=last), contract.language)


def requested(contract: Contract, as_of: str) -> pd.Timestamp:
    """Return the instant that a user requests. Raises ReviewError where the data can't show it.

    The day of the extraction is seen as far as the extraction shows it.
    """
    instant, extracted = instant_of(moment(as_of), contract.time_zone), contract.extracted_at
    if extracted is not None and instant > extracted:
        local = extracted.tz_convert(contract.time_zone)
        if named_day(as_of) == local.date():
            return extracted
        text = AFTER_EXTRACTION(as_of=as_of, extracted=local.isoformat())
        raise ReviewError(text, contract.language)
    period, zone = contract.period, contract.time_zone
    if instant < instant_of(moment(f"{period.first}T00:00"), zone):
        text = BEFORE_START(as_of=as_of, first=period.first)
        raise ReviewError(text, contract.language)
    reach = (pd.Timestamp(period.last) + pd.DateOffset(years=1)).date()
    if extracted is None and instant.tz_convert(zone).date() > reach:
        text = BEYOND(as_of=as_of, last=period.last)
        raise ReviewError(text, contract.language)
    return instant
