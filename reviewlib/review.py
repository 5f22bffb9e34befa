"""An engagement seen as of an instant, in a language: what every section is given."""

from __future__ import annotations

import dataclasses
import platform
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from reviewlib import __version__
from reviewlib.contract import Contract
from reviewlib.contract.data import instant_of
from reviewlib.faults import ReviewError
from reviewlib.folder.engagement import Engagement, load_engagement
from reviewlib.pages.wording import Language, Wording
from reviewlib.parameters import moment, refuse_language
from reviewlib.report.values import REVIEW_MIME, Section
from reviewlib.tables import SCHEMAS
from reviewlib.tables.columns import as_column, empty

if TYPE_CHECKING:
    from reviewlib.delivery.lateness import Delays
    from reviewlib.money.penalties.metrics import Ledger
    from reviewlib.service.amendments import metrics as amendments
    from reviewlib.service.log import Log
    from reviewlib.service.sensitivity.metrics import Compared

DECLARED, ASKED, LAST_EVENT, END_OF_CONTRACT = "declared", "asked", "last_event", "end_of_contract"
LOG = ("tickets", "ticket_events")
DECIDED = ("decision", "decided_on")


@dataclass(frozen=True)
class Review:
    """An engagement over its whole period, as of an instant (UTC), in French or English.

    ``basis`` says where ``as_of`` comes from: declared by the data, asked for, the last event of
    the log, or the end of the contract. It is never today.
    """

    engagement: Engagement
    as_of: pd.Timestamp
    basis: str
    language: Language

    @property
    def contract(self) -> Contract:
        """The contract of the engagement."""
        return self.engagement.contract

    @cached_property
    def wording(self) -> Wording:
        """The words, dates and numbers of the review's language."""
        return Wording(self.language, self.contract.time_zone, self.contract.currency)

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {
            name: _known_by(frame, name, self.as_of, self.contract.time_zone)
            for name, frame in self.engagement.tables.items()
        }

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table as it was known at ``as_of``; None when there is no row to use."""
        found = self._tables.get(name)
        return None if found is None or found.empty else found

    def rows(self, name: str) -> pd.DataFrame:
        """Return a table as it was known at ``as_of``, with all of its columns when it is empty."""
        found = self.table(name)
        return empty(SCHEMAS[name]) if found is None else found

    @cached_property
    def log(self) -> Log | None:
        """The tickets and their log, read once for all chapters; None without tickets."""
        from reviewlib.service.log import Log

        tickets = self.table("tickets")
        if tickets is None:
            return None
        events, extensions = self.engagement.table("ticket_events"), self.table("extensions")
        if events is not None:  # a log says what it says of old and new, be it nothing
            told = {"old", "new"} - {*events.columns}
            events = events.assign(
                **dict.fromkeys(told, pd.Series(None, events.index, dtype="str"))
            )
        return Log(tickets, events, self.contract, self.as_of, extensions)

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """The verdict on each ticket under each clause, as ``judged`` returns them."""
        from reviewlib.service.service_levels.metrics import VERDICT_COLUMNS, judged

        return pd.DataFrame(columns=VERDICT_COLUMNS) if self.log is None else judged(self.log)

    @cached_property
    def readings(self) -> Compared | None:
        """What each reading of the contract makes of the tickets; None without tickets."""
        from reviewlib.service.sensitivity.metrics import compared

        return None if self.log is None else compared(self.log, self.verdicts)

    @cached_property
    def accepted(self) -> pd.DataFrame:
        """What was accepted and when, as ``acceptance.accepted`` returns it."""
        from reviewlib.delivery.acceptance import accepted

        tables = {name: self.table(name) for name in ("milestones", "deliverables", "work_orders")}
        # Whole: a decision dated after the review's day differs from one that has no date.
        tables["submissions"] = self.submissions
        return accepted(tables, self.contract, self.today)

    @cached_property
    def stretches(self) -> pd.DataFrame | None:
        """The agreed hours of each service cut by its outages; None where there is no telling."""
        from reviewlib.service.availability.metrics import in_force, stretches

        outages = self.table("outages")
        if outages is None or "ended_at" not in outages or not in_force(self.contract, self.as_of):
            return None
        return stretches(self.contract, outages, self.rows("maintenance_windows"), self.as_of)

    @cached_property
    def uptime(self) -> pd.DataFrame | None:
        """The availability of each clause, service and month; None where there is no telling."""
        from reviewlib.service.availability.metrics import months

        found = self.stretches
        return None if found is None else months(found, self.contract, self.as_of)

    @cached_property
    def ledger(self) -> Ledger:
        """What each side owes under the rules of the contract, line by line."""
        from reviewlib.money.penalties.reckoning import ledger_of

        return ledger_of(self)

    @property
    def milestones(self) -> pd.DataFrame | None:
        """The milestones; None where their table does not say when they were reached."""
        found = self.table("milestones")
        return None if found is None or "actual_date" not in found else found

    @property
    def submissions(self) -> pd.DataFrame | None:
        """The submissions, whole: a table without a row says that nothing was submitted.

        None where there is none, or where it does not say what was decided.
        """
        found = self.engagement.tables.get("submissions")
        told = found is not None and (found.empty or not {*DECIDED}.isdisjoint(found))
        return found if told else None

    @cached_property
    def delays(self) -> Delays | None:
        """What is late and why; None without milestones, nor deliverables and submissions."""
        return self.delays_against("baseline_date")

    def delays_against(self, date: str) -> Delays | None:
        """Return what is late against a date of the milestones: baseline_date, contract_date."""
        from reviewlib.delivery.deliverables.metrics import deliverables, versions
        from reviewlib.delivery.lateness import Delays, late_ones
        from reviewlib.delivery.milestones.metrics import milestones

        planned, asked = self.milestones, self.table("deliverables")
        submissions = self.submissions
        dated = handed = None
        if planned is not None:
            dated = milestones(planned, None, self.today, self.table("changes"))
            dated = dated.assign(baseline_date=dated[date])
        if asked is not None and submissions is not None:
            sent = versions(submissions, self.contract, self.today)
            handed = deliverables(asked, sent, self.contract, self.today)
        if dated is None and handed is None:
            return None
        late = late_ones(dated, handed, self.today)
        return Delays(late, self.table("delay_causes"), self.table("suspensions"))

    @cached_property
    def amended(self) -> amendments.Compared | None:
        """The tickets on both sides of each amendment under both terms; None without tickets."""
        from reviewlib.service.amendments.metrics import compared

        return None if self.log is None else compared(self.log)

    def absence(self, name: str) -> str:
        """Return why ``table`` gives no row: no file, or nothing in it by then."""
        _ = self.wording.gettext
        if self.engagement.table(name) is None:
            return _("the folder has no usable row of {file}.").format(file=f"{name}.csv")
        if name == "milestones" and self.table(name) is not None:
            return _("milestones.csv does not say when they were reached (actual_date).")
        if name == "submissions":
            return _("submissions.csv does not say what was decided (decision, decided_on).")
        said = _("nothing in {file} is dated {date} or before.")
        return said.format(file=f"{name}.csv", date=self.wording.date(self.today))

    @property
    def today(self) -> pd.Timestamp:
        """The local day of ``as_of``, without its time and zone."""
        return self.as_of.tz_convert(self.contract.time_zone).tz_localize(None).normalize()

    def section(self, slug: str, title: str, **values: Any) -> Section:
        """Return a section in the review's language and time zone."""
        return Section(
            slug=slug,
            title=title,
            language=self.language,
            time_zone=self.contract.time_zone,
            currency=self.contract.currency,
            **values,
        )

    def not_assessed(self, slug: str, title: str, because: str) -> Section:
        """Return the section that prints why it could not be assessed."""
        return self.section(slug, title, because=because)

    def to_json(self) -> dict[str, Any]:
        """Return what the review says of itself as plain JSON values."""
        contract = self.contract
        return {
            "kind": "close",
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
                "first": contract.period.first.isoformat(),
                "last": contract.period.last.isoformat(),
            },
            "as_of": self.as_of.isoformat(),
            "as_of_basis": self.basis,
            "language": self.language,
            "time_zone": contract.time_zone,
            "currency": contract.currency,
            "inputs": [dataclasses.asdict(source) for source in self.engagement.sources],
            "inputs_sha256": self.engagement.sha256,
            "versions": versions(),
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        plain = f"{self.contract.title}, {self.wording.instant(self.as_of)}"
        return {"text/plain": plain, REVIEW_MIME: self.to_json()}


def later_values(review: Review) -> pd.DataFrame:
    """Return what is dated after the day that a review looks from, and which it can't know yet.

    Columns: table, row (in the file), column and value (ISO text).
    """
    zone, found = review.contract.time_zone, []
    for name, frame in review.engagement.tables.items():
        for column, about in SCHEMAS[name].columns.items():
            last = as_column(about.metadata["kind"], review.as_of, zone)
            if column in frame and last is not None and not about.metadata.get("planned"):
                values = frame.loc[(frame[column] > last).fillna(False), [column]]
                told = values.astype("str").set_axis(["value"], axis="columns")
                found.append(told.assign(table=name, row=told.index, column=column))
    names = ["table", "row", "column", "value"]
    return pd.concat(found, ignore_index=True)[names] if found else pd.DataFrame(columns=names)


def versions() -> dict[str, str]:
    """Return the version of everything that a figure depends on."""
    names = ("pandas", "numpy", "scipy", "holidays", "matplotlib", "seaborn", "Babel")
    found = {"reviewlib": __version__, "python": platform.python_version()}
    return found | {name: version(name) for name in names}


def open_review(folder: str | Path, as_of: str = "", language: str = "") -> Review:
    """Return the review of an engagement folder.

    ``as_of``: an ISO date (its end, in the contract's zone) or instant; empty for the extraction
    that the data declare, else the last event of the log. ``language``: fr or en; empty for the
    contract's. Raises ReviewError with what is allowed, Faults with what is wrong in the folder.
    """
    refuse_language(language)
    engagement = load_engagement(folder)
    instant, basis = _as_of(engagement, as_of)
    spoken = cast(Language, language or engagement.contract.language)
    return Review(engagement, instant, basis, spoken)


def _as_of(engagement: Engagement, asked: str) -> tuple[pd.Timestamp, str]:
    contract = engagement.contract
    if asked:
        return _asked(contract, asked), ASKED
    if contract.extracted_at is not None:
        return contract.extracted_at, DECLARED
    events = [
        frame[str(column)].max()
        for name in LOG
        if (frame := engagement.table(name)) is not None
        for column, about in SCHEMAS[name].columns.items()
        if about.metadata["kind"] == "instant" and column in frame and frame[column].notna().any()
    ]
    if events:
        return max(events), LAST_EVENT
    return instant_of(moment(contract.period.last.isoformat()), contract.time_zone), END_OF_CONTRACT


def _asked(contract: Contract, as_of: str) -> pd.Timestamp:
    """Return the instant that a user asks for. Raises ReviewError where the data can't show it."""
    instant, extracted = instant_of(moment(as_of), contract.time_zone), contract.extracted_at
    if extracted is not None and instant > extracted:
        raise ReviewError(
            f"as of {as_of!r} is after the extraction of the data ({extracted.isoformat()}): "
            "what happened since is not in them. Give an earlier date."
        )
    first = contract.period.first
    if instant < instant_of(moment(f"{first}T00:00"), contract.time_zone):
        raise ReviewError(
            f"as of {as_of!r} is before the first day of the engagement, {first}: there is "
            "nothing to review yet. Give a later date."
        )
    return instant


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
    known = {}
    for column, about in columns.items():
        if column in later and (about.required or about.metadata.get("begins")):
            begun &= ~later[column]
            continue
        dated = about.metadata.get("known_on")
        hidden = later.get(column) if dated is None else ahead.get(dated)
        if column in frame and hidden is not None and hidden.any():
            before = about.metadata.get("until_then", pd.NA)
            known[column] = frame[column].mask(hidden, before)
    told = frame.assign(**known) if known else frame
    return told if begun.all() else told[begun]
