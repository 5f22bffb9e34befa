"""How the engagement's files were written, and when they were taken out of the tools."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import field_validator

from reviewlib.contract.base import Model, Share, Words


class Format(Model):
    """How a file is written. What is not declared is read off the file, or refused if ambiguous."""

    separator: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[",", "."] | None = None
    dates: Literal["iso", "day-first", "month-first"] | None = None
    encoding: Literal["utf-8", "cp1252"] | None = None
    missing: Words = ()  # type: ignore[valid-type]
    time_zone: str | None = None

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        return known_zone(name) if name else name


class Data(Model):
    """The extraction: its date, its formats, and the share of rows that may be set aside."""

    extracted_at: dt.datetime | None = None
    set_aside_limit: Share = 0.05
    formats: dict[str, Format] = {}

    def format_of(self, table: str) -> Format:
        """Return the format of a table: its own, else the default one."""
        return self.formats.get(table, self.formats.get("default", Format()))


def known_zone(name: str) -> str:
    """Return the name of a time zone, refusing one that the zone database does not know."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("write a time zone of the IANA list, such as Europe/Paris") from None
    return name
