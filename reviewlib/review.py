"""An engagement seen as of an instant, in a language: what every section is given."""

from __future__ import annotations

import dataclasses
import datetime as dt
import platform
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import pandas as pd

from reviewlib import __version__
from reviewlib.contract import Contract
from reviewlib.engagement import Engagement, load_engagement
from reviewlib.faults import ReviewError
from reviewlib.report import REVIEW_MIME, Section
from reviewlib.tables import SCHEMAS
from reviewlib.wording import LANGUAGES, Language, Wording

DECLARED, ASKED, LAST_EVENT, END_OF_CONTRACT = "declared", "asked", "last_event", "end_of_contract"


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
    if language and language not in LANGUAGES:
        raise ReviewError(f"language {language!r}: allowed are {' and '.join(LANGUAGES)}.")
    engagement = load_engagement(folder, language or None)
    moment, basis = _as_of(engagement, as_of)
    spoken = cast(Language, language or engagement.contract.language)
    return Review(engagement, moment, basis, spoken)


def parse_as_of(text: str, time_zone: str) -> pd.Timestamp:
    """Return the instant (UTC) that an ISO date or instant names; a date means its last second."""
    try:
        read = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise ReviewError(
            f"as of {text!r}: write a date such as 2025-06-30, or an instant such as "
            "2025-06-30T18:00."
        ) from None
    moment = pd.Timestamp(read)
    if len(text.strip()) == len("2025-06-30"):
        moment += pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
    aware = moment if moment.tzinfo else moment.tz_localize(time_zone, True, "shift_forward")
    return aware.tz_convert("UTC").as_unit("s")


def asked_instant(contract: Contract, asked: str) -> pd.Timestamp:
    """Return the instant that a user asks for; one after the extraction raises ReviewError."""
    moment, extracted = parse_as_of(asked, contract.time_zone), contract.extracted_at
    if extracted is not None and moment > extracted:
        raise ReviewError(
            f"as of {asked!r} is after the extraction of the data ({extracted.isoformat()}): "
            "what happened since is not in them. Give an earlier date."
        )
    return moment


def _as_of(engagement: Engagement, asked: str) -> tuple[pd.Timestamp, str]:
    contract = engagement.contract
    extracted = contract.extracted_at
    if asked:
        return asked_instant(contract, asked), ASKED
    if extracted is not None:
        return extracted, DECLARED
    events = [
        frame[column].max()
        for name, column in (("ticket_events", "at"), ("tickets", "opened_at"))
        if (frame := engagement.table(name)) is not None
    ]
    if events:
        return max(events), LAST_EVENT
    return parse_as_of(contract.period.last.isoformat(), contract.time_zone), END_OF_CONTRACT


def _known_by(
    frame: pd.DataFrame, name: str, as_of: pd.Timestamp, time_zone: str
) -> pd.DataFrame:
    """Return a table as it was known at an instant: later rows and later values taken out.

    Dates that plan ahead (due dates, forecasts) stay.
    """
    day = as_of.tz_convert(time_zone).tz_localize(None).normalize()
    known = frame
    for column, about in SCHEMAS[name].columns.items():
        kind = about.metadata["kind"]
        if column not in known or about.metadata.get("planned") or kind not in ("instant", "date"):
            continue
        later = known[column] > (as_of if kind == "instant" else day)
        if later.any():
            known = known[~later] if about.required else known.assign(
                **{column: known[column].mask(later)}
            )
    return known
