"""How the engagement's files were written, and when they were taken out of the tools."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd
from pydantic import field_validator

from reviewlib.contract.base import Model, Moment, OneOrEach, Share
from reviewlib.faults import DID_YOU_MEAN, Unfit, nearest
from reviewlib.report.text import EMPTY, N_, sentences

AmountUnit = Literal["units", "thousands", "millions"]
FACTORS: dict[AmountUnit, int] = {"units": 1, "thousands": 1000, "millions": 1_000_000}


class Format(Model):
    """How a file is written. What is not declared is read off the file, or refused if ambiguous.

    ``amounts``: the unit in which its amounts of money are stated, or that of each column.
    """

    separator: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[",", "."] | None = None
    dates: Literal["iso", "day-first", "month-first"] | None = None
    encoding: Literal["utf-8", "cp1252"] | None = None
    missing: tuple[str, ...] = ()
    amounts: OneOrEach[AmountUnit] = "units"
    time_zone: str | None = None

    def unit_of(self, column: str) -> AmountUnit:
        """Return the unit in which the amounts of a column are stated."""
        stated = self.amounts
        return stated.get(column, "units") if isinstance(stated, dict) else stated

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str | None) -> str | None:
        return None if name is None else known_zone(name)


class Data(Model):
    """The extraction: its date, its formats, and the share of rows that may be set aside."""

    extracted_at: Moment | None = None
    set_aside_limit: Share = 0.05
    formats: dict[str, Format] = {}

    def format_of(self, table: str) -> Format:
        """Return the format of a table: what it states itself, the rest as ``default`` states."""
        own, common = (self.formats.get(name, Format()) for name in (table, "default"))
        return common.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


ZONES = N_("write a time zone of the IANA list, such as Europe/Paris.")


def known_zone(name: str) -> str:
    """Return the name of a time zone, refusing one that the zone database does not know."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        near = nearest(name, available_timezones())
        hint = DID_YOU_MEAN(word=near) if near else EMPTY
        raise Unfit(sentences(ZONES, hint)) from None
    return name


def instant_of(moment: dt.datetime, time_zone: str) -> pd.Timestamp:
    """Return an instant in UTC seconds; one without an offset is a local time of the zone.

    A local time that daylight saving skips is the end of the gap; one that comes twice, the first.
    """
    zone = ZoneInfo(time_zone)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    instant = aware.astimezone(dt.UTC)
    if not moment.tzinfo and instant.astimezone(zone).replace(tzinfo=None) != moment:
        instant = end_of_gap(moment, zone)
    return pd.Timestamp(instant).as_unit("s")


@lru_cache(maxsize=4096)
def end_of_gap(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the instant (UTC) of the change by which daylight saving skips a local time."""
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (1, 0))
    after = late.astimezone(zone).utcoffset()
    seconds = range(int((late - early).total_seconds()))

    def changed(second: int) -> bool:
        return (early + dt.timedelta(seconds=second)).astimezone(zone).utcoffset() == after

    return early + dt.timedelta(seconds=bisect_left(seconds, True, key=changed))
