"""An engagement seen as of an instant: what every chapter is given."""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import pandas as pd

from reviewlib.calendars.periods import ReviewPeriod, period_named
from reviewlib.calendars.zones import midnights
from reviewlib.contract import Contract, load_contract
from reviewlib.faults import Faults, cut, nearest
from reviewlib.folder.engagement import Engagement, load_engagement
from reviewlib.folder.kept import latest
from reviewlib.folder.notes import Notes, marked
from reviewlib.folder.reach import (
    ASKED,
    END_OF_PERIOD,
    end_of,
    end_of_data,
    refuse_silence,
    requested,
    seen_from,
)
from reviewlib.languages import Language
from reviewlib.parameters import find_folder, refuse_language
from reviewlib.report.parts import SUPPORT, part_of
from reviewlib.report.text import N_, Message, Text
from reviewlib.report.values import Fact, Section
from reviewlib.tables import PARENTS, SCHEMAS
from reviewlib.tables.columns import as_column, empty

NO_ROW = N_("the folder has no usable row of {file}")
READ_TWICE = 5_000_000
"""Bytes of a folder that are read in half a second, and hold 80 MB: less than a run's imports."""
NOT_IN_PERIOD = N_("nothing in {file} is of the period")
NOT_YET = N_("nothing in {file} is dated {date} or before")


@dataclass(frozen=True)
class Review:
    """An engagement over its whole period, or over a part of it, as of an instant (UTC).

    ``basis`` says where ``as_of`` comes from: declared by the data, asked for, the last event of
    the log, or the end of the contract or of ``period``. It is never today. ``language``: that in
    which the cells of a notebook show it. ``period``: of a periodic review, else None.
    ``is_earlier``: of another one's earlier period, of which the figures alone are wanted: no other
    interpretation is tried. ``published``: the figures of the kept review of the period before, by
    their ids. ``memo``: what ``memo.once`` keeps. ``reads``: the names of the tables
    that were asked for, in turn, of it or of a review made of it (another period, another reading):
    a chapter rests on those since its beginning.
    """

    engagement: Engagement
    as_of: pd.Timestamp
    basis: str
    language: Language
    period: ReviewPeriod | None = None
    is_earlier: bool = False
    published: Mapping[str, Fact] = field(default_factory=dict, repr=False, compare=False)
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    reads: list[str] = field(default_factory=list, repr=False, compare=False)

    @property
    def contract(self) -> Contract:
        """The contract of the engagement."""
        return self.engagement.contract

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        whole = dict(self.engagement.tables)
        tables = {
            name: _known_by(frame, name, self.as_of, self.contract.time_zone)
            for name, frame in whole.items()
        }
        for (name, column), parent in PARENTS.items():
            if name in tables and parent in tables and column in tables[name]:
                later = whole[parent].index.difference(tables[parent].index)
                own = tables[name][column].isin(whole[parent].loc[later, column])
                tables[name] = tables[name][~own]  # of what was not there yet
        return tables

    def under(self, contract: Contract) -> Review:
        """Return the same review under another reading of its contract: no table is read again."""
        other = replace(self, engagement=replace(self.engagement, contract=contract))
        other.__dict__["_tables"] = self._tables  # a cached property: the zone is the same
        return other

    @cached_property
    def start(self) -> pd.Timestamp:
        """The first instant (UTC) of its period, or of the engagement."""
        first = (self.period or self.contract.period).first
        days = pd.DatetimeIndex([max(first, self.contract.period.first)])
        return midnights(days, self.contract.time_zone)[0]

    @cached_property
    def so_far(self) -> Review:
        """The same review over the whole engagement up to its instant."""
        return self if self.period is None else self._over(None, self.as_of)

    @cached_property
    def before(self) -> Review | None:
        """The review of the period before, from its own end; None where the engagement had none."""
        return self._of(self.period.before) if self.period else None

    @cached_property
    def year_before(self) -> Review | None:
        """The review of the same period a year before; None as for ``before``, and where it is
        that one, or reaches into the period itself.
        """
        if self.period is None or self.period.before <= self.period.year_before:
            return None
        return self._of(self.period.year_before)

    def earlier(self) -> list[Review]:
        """Return the reviews of the period before and of the same a year before, where they are."""
        return [one for one in (self.before, self.year_before) if one is not None]

    def restated(self) -> list[Review]:
        """Return these earlier reviews with what is known by now of their periods."""
        reviews = [replace(one, as_of=self.as_of) for one in self.earlier()]
        for one in reviews:
            one.__dict__.update(_tables=self._tables, so_far=self.so_far)
        return reviews

    def _of(self, period: ReviewPeriod) -> Review | None:
        if period.last < self.contract.period.first:
            return None
        return self._over(period, end_of(period, self.contract.time_zone))

    def _over(self, period: ReviewPeriod | None, as_of: pd.Timestamp) -> Review:
        """Return the review over another period; the words of the facilitator are of this one."""
        if as_of != self.as_of:
            engagement = replace(self.engagement, notes=Notes())
            about = {"engagement": engagement, "as_of": as_of, "is_earlier": True}
            return replace(self, period=period, **about)
        other = replace(self, period=period)
        other.__dict__["_tables"] = self._tables
        return other

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table as it was known at ``as_of``; None when there is no row to use.

        Raises KeyError for a name that no table has, with the one most like it.
        """
        if name not in SCHEMAS:
            raise KeyError(_unknown(name))
        self.reads.append(name)
        frame = self._tables.get(name)
        return None if frame is None or frame.empty else frame

    def tables(self) -> pd.DataFrame:
        """Return the tables that have rows to use, by name: how many, and their columns."""
        frames = {name: frame for name, frame in self._tables.items() if not frame.empty}
        about = {
            "rows": [len(frame) for frame in frames.values()],
            "columns": [", ".join(map(str, frame.columns)) for frame in frames.values()],
        }
        return pd.DataFrame(about, index=pd.Index(frames, name="table"))

    def whole(self, name: str) -> pd.DataFrame | None:
        """Return a table with what is dated after ``as_of`` too; None when there is no file."""
        self.reads.append(name)
        return self.engagement.tables.get(name)

    def recorded(self, name: str) -> pd.DataFrame | None:
        """Return a table as ``whole`` does; None too when there is no row to use."""
        frame = self.whole(name)
        return None if frame is None or frame.empty else frame

    def has_rows(self, file: str) -> bool:
        """Tell whether a file has rows to use; one that is no table of the folder is not asked."""
        name = file.removesuffix(".csv")
        return name == file or name not in SCHEMAS or self.table(name) is not None

    def rows(self, name: str) -> pd.DataFrame:
        """Return a table as it was known at ``as_of``, with all of its columns when it is empty."""
        frame = self.table(name)
        return empty(SCHEMAS[name]) if frame is None else frame

    @property
    def today(self) -> pd.Timestamp:
        """The local day of ``as_of``, without its time and zone."""
        return self.as_of.tz_convert(self.contract.time_zone).tz_localize(None).normalize()

    @property
    def over(self) -> bool:
        """Whether the period of the contract has ended: nothing can be mended under it any more."""
        return bool(self.today.date() > self.contract.period.last)

    @property
    def looks_back(self) -> bool:
        """Whether it looks, as was asked, from before the extraction of the data."""
        extracted = self.contract.extracted_at
        return self.basis in (ASKED, END_OF_PERIOD) and bool(
            extracted is None or self.as_of < extracted
        )

    def absent(self, table: str) -> Message:
        """Return why ``table`` gives no row: no file, nothing by then, nothing of the period."""
        if self.engagement.table(table) is None:
            return NO_ROW(file=f"{table}.csv")
        if self.period and self.table(table) is not None:
            return NOT_IN_PERIOD(file=f"{table}.csv")
        return NOT_YET(file=f"{table}.csv", date=self.today)

    def section(self, slug: str, title: Text, **values: Any) -> Section:
        """Return a section with its place on the page, the time zone and the currency."""
        return Section(
            slug=slug,
            title=title,
            part=part_of(slug),
            support=slug in SUPPORT,
            note=self.engagement.notes.chapters.get(slug),
            shown_in=self.language,
            time_zone=self.contract.time_zone,
            currency=self.contract.currency,
            to_date=self.period is None,
            of=origin(self.as_of.isoformat(), self.engagement.sha256),
            **values,
        )

    def about(self) -> dict[str, Any]:
        """Return what the review says of itself; texts of the contract in all their languages."""
        contract, period = self.contract, self.period or self.contract.period
        return {
            "kind": "period" if self.period else "close",
            "engagement": {
                "id": contract.id,
                "title": contract.title,
                "client": contract.client.name,
                "provider": contract.provider.name,
                "amendments": [
                    {"id": a.id, "title": a.title, "effective": a.effective.isoformat()}
                    for a in contract.amendments
                ],
            },
            "period": {
                "first": period.first.isoformat(),
                "last": period.last.isoformat(),
            },
            "as_of": self.as_of.isoformat(),
            "as_of_basis": self.basis,
            "language": self.language,
            "time_zone": contract.time_zone,
            "currency": contract.currency,
            "inputs": [dataclasses.asdict(source) for source in self.engagement.sources],
            "inputs_sha256": self.engagement.sha256,
            "versions": versions(),
            "sharing": marked(contract, self.engagement.notes),
        }


def origin(as_of: str, inputs_sha256: str) -> str:
    """Return what the chapters of one review share: its instant and the hash of its inputs."""
    return f"{as_of} {inputs_sha256}"


def later_values(review: Review) -> pd.DataFrame:
    """Return what is dated after the day that a review looks from, and which it can't know yet.

    Columns: table, row (in the file), column and value (ISO text).
    """
    zone, parts = review.contract.time_zone, []
    for name, frame in review.engagement.tables.items():
        for column, about in SCHEMAS[name].columns.items():
            last = as_column(about.metadata["kind"], review.as_of, zone)
            if column in frame and last is not None and not about.metadata.get("planned"):
                values = frame.loc[(frame[column] > last).fillna(False), [column]]
                later = values.astype("str").set_axis(["value"], axis="columns")
                parts.append(later.assign(table=name, row=later.index, column=column))
    names = ["table", "row", "column", "value"]
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def versions() -> dict[str, str]:
    """Return the version of everything that a figure depends on."""
    names = ("pandas", "numpy", "scipy", "holidays", "matplotlib", "seaborn", "Babel")
    own = {"reviewlib": version("reviewlib"), "python": platform.python_version()}
    return own | {name: version(name) for name in names}


def open_review(folder: str | Path, as_of: str = "", language: str = "") -> Review:
    """Return the review of an engagement folder.

    ``as_of``: an ISO date (its end, in the contract's zone, or the extraction of that day) or
    instant; empty for the extraction that the data declare, else the last event of the log.
    ``language``: fr or en; empty for the contract's. Raises ReviewError with what is allowed,
    Faults with what is wrong in the folder.
    """
    refuse_language(language)
    return review_of(load_engagement(folder), as_of, language)


def open_period(folder: str | Path, period: str, language: str = "") -> Review:
    """Return the review of a period of an engagement, from the end of its last day.

    ``period``: a month, a quarter, a half-year, a year or two days, see ``period_named``; its days
    before and after the engagement are none of the review's. Raises ReviewError and Faults as
    ``open_review`` does, and where the data do not reach the end of the period.
    """
    refuse_language(language)
    named, path = period_named(period), find_folder(folder)
    review = review_over(load_engagement(path, named.name), named, language)
    kept = latest(path, named.before, review.contract)
    return replace(review, published=kept.values.figures) if kept else review


def review_over(engagement: Engagement, period: ReviewPeriod, language: str = "") -> Review:
    """Return the review of a period of an engagement that is open already, see ``open_period``."""
    contract = engagement.contract
    instant = end_of_data(contract, period)
    refuse_silence(engagement, period)
    spoken = cast(Language, language or contract.language)
    return Review(engagement, instant, END_OF_PERIOD, spoken, period)


def checked_contract(folder: Path, as_of: str = "") -> Contract:
    """Return the contract of a folder from which a review can be made.

    Raises ReviewError, or Faults with all that is wrong in the folder. The tables are read up to
    ``READ_TWICE``: what a kernel will read again should cost next to nothing beside its start.
    """
    if sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) <= READ_TWICE:
        return open_review(folder, as_of).contract
    try:
        contract = load_contract(folder)
    except Faults:
        load_engagement(folder)  # says the faults of the tables in one go with these
        raise
    if as_of:
        requested(contract, as_of)
    return contract


def review_of(engagement: Engagement, as_of: str = "", language: str = "") -> Review:
    """Return the review of an engagement that is open already, see ``open_review``."""
    refuse_language(language)
    instant, basis = seen_from(engagement, as_of)
    return Review(
        engagement, instant, basis, cast(Language, language or engagement.contract.language)
    )


def _unknown(name: str) -> str:
    """Return what to say of a name that no table has."""
    like = nearest(name, SCHEMAS)
    meant = f" did you mean {like}?" if like else ""
    return f"no table {cut(name)!r}:{meant} review.tables() lists those that there are"


def _known_by(frame: pd.DataFrame, name: str, as_of: pd.Timestamp, time_zone: str) -> pd.DataFrame:
    """Return a table as it was known at an instant: later rows and later values taken out.

    Dates that plan ahead (due dates, forecasts) stay.
    """
    columns = SCHEMAS[name].columns
    ahead = {
        column: frame[column].notna() & (frame[column] > last)
        for column, about in columns.items()
        if column in frame
        if (last := as_column(about.metadata["kind"], as_of, time_zone)) is not None
    }
    later = {
        column: mask
        for column, mask in ahead.items()
        if not columns[column].metadata.get("planned")
    }
    begun = pd.Series(True, index=frame.index)
    blanked = {}
    for column, about in columns.items():
        if column in later and (about.required or about.metadata.get("begins")):
            begun &= ~later[column]
            continue
        dated = about.metadata.get("known_on")
        hidden = later.get(column) if dated is None else ahead.get(dated)
        if column in frame and hidden is not None and hidden.any():
            missing = None if frame[column].dtype == object else pd.NA
            before = about.metadata.get("until_then", missing)
            blanked[column] = frame[column].mask(hidden, before)
    rows = frame.assign(**blanked) if blanked else frame
    return rows if begun.all() else rows[begun]
