"""What several chapters need of the tickets and outages of a review, computed once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.folder.reach import end_of
from reviewlib.ids import among
from reviewlib.memo import once
from reviewlib.report.text import EMPTY, Text
from reviewlib.review import Review
from reviewlib.service import extraction
from reviewlib.service.amendments import metrics as amendments
from reviewlib.service.availability import metrics as availability
from reviewlib.service.log import Log
from reviewlib.service.sensitivity import metrics as sensitivity
from reviewlib.service.service_levels.metrics import VERDICT_COLUMNS, judged
from reviewlib.service.words import CLOSED_ALONE


@once
def log(review: Review) -> Log | None:
    """Return the tickets and their log; None without tickets."""
    if review.period is not None:
        whole = log(review.so_far)
        return None if whole is None else whole.over(review.period)
    tickets = review.table("tickets")
    if tickets is None:
        return None
    events, extensions = review.recorded("ticket_events"), review.table("extensions")
    if events is not None:  # a log says what it says of old and new, be it nothing
        absent = {"old", "new"} - {*events.columns}
        events = events.assign(**dict.fromkeys(absent, pd.Series(None, events.index, dtype="str")))
    return Log(tickets, events, review.contract, review.as_of, extensions)


@once
def current(review: Review) -> Log | None:
    """Return the tickets that were open at some time of the period of a review, with their log.

    All of them where it has none. None without any.
    """
    whole = log(review)
    if whole is None or review.period is None:
        return whole
    over = (whole.resolutions["ended"] < review.start).to_numpy()
    end = end_of(review.period, review.contract.time_zone)  # before ``as_of`` of one restated
    later = (whole.tickets["opened_at"] > end).to_numpy()
    tickets, events = whole.tickets[~over & ~later], whole.events
    if tickets.empty:
        return None
    own = None if events is None else events[among(events["ticket_id"], tickets["ticket_id"])]
    return Log(tickets, own, review.contract, review.as_of, whole.extensions)


@once
def current_verdicts(review: Review) -> pd.DataFrame:
    """Return the verdict on each of these tickets under each clause, whatever its month."""
    every, ticket_log = verdicts(review.so_far), current(review)
    if review.period is None or ticket_log is None:
        return every if ticket_log is not None else every[:0]
    return _those(every, among(every["ticket_id"], ticket_log.tickets["ticket_id"]))


@once
def verdicts(review: Review) -> pd.DataFrame:
    """Return the verdict on each ticket under each clause, as ``judged`` returns them.

    Of a periodic review, those that belong to its period.
    """
    if review.period is not None and review.period.months:
        every = verdicts(review.so_far)
        return _those(every, in_period(review, every["month"]).to_numpy())
    ticket_log = log(review)
    return pd.DataFrame(columns=VERDICT_COLUMNS) if ticket_log is None else judged(ticket_log)


def _those(verdicts: pd.DataFrame, chosen: np.ndarray) -> pd.DataFrame:
    """Return some verdicts, with the words that occur in them."""
    rows = verdicts[chosen].reset_index(drop=True)
    words = rows.select_dtypes("category")
    return rows.assign(**{name: words[name].cat.remove_unused_categories() for name in words})


@once
def interpretations(review: Review) -> sensitivity.Interpretations | None:
    """Return what each interpretation of the contract makes of the tickets; None without any."""
    ticket_log = log(review)
    return None if ticket_log is None else sensitivity.interpretations(ticket_log, verdicts(review))


@once
def readings(review: Review) -> pd.DataFrame | None:
    """Return the compliance by each of these interpretations; None where none is tried."""
    compared = None if review.is_earlier else interpretations(review)
    return None if compared is None else sensitivity.sensitivity(compared, review.contract)


@once
def amended(review: Review) -> amendments.AmendedTerms | None:
    """Return the tickets on both sides of each amendment under both terms; None without any."""
    ticket_log = log(review)
    return None if ticket_log is None else amendments.amended_terms(ticket_log)


@once
def stretches(review: Review) -> pd.DataFrame | None:
    """Return the agreed hours of each service cut by its outages; None where there is no telling.

    That is: without outages, without their ends, or without a clause in force on them.
    """
    outages = review.table("outages")
    if outages is None or "ended_at" not in outages:
        return None
    if not availability.in_force(review.contract, review.as_of):
        return None
    windows = review.rows("maintenance_windows")
    every = availability.stretches(review.contract, outages, windows, review.as_of)
    return every[in_period(review, every["month"])]


def outages(review: Review) -> pd.DataFrame:
    """Return the outages in the months of a review of ``stretches``; all without a period."""
    rows, cut_hours = review.rows("outages"), stretches(review)
    if review.period is None or cut_hours is None or cut_hours.empty:
        return rows
    edges = pd.to_datetime([cut_hours["since"].min(), cut_hours["until"].max()], unit="s", utc=True)
    over = (rows["ended_at"] <= edges[0]) & (rows["started_at"] < edges[0])
    return rows[~over & (rows["started_at"] < edges[1])]


@once
def stretches_unexcused(review: Review) -> pd.DataFrame | None:
    """Return the same when no cause excuses an outage; None where none does by the contract."""
    contract, outages = unexcused(review.contract), review.table("outages")
    if contract == review.contract or outages is None or stretches(review) is None:
        return None
    windows = review.rows("maintenance_windows")
    every = availability.stretches(contract, outages, windows, review.as_of)
    return every[in_period(review, every["month"])]


def unexcused(contract: Contract) -> Contract:
    """Return a contract by whose clauses on availability no cause excuses an outage."""
    versions = []
    for terms in contract.versions:
        clauses = {
            name: clause.model_copy(update={"excuses": ()})
            for name, clause in terms.availability.items()
        }
        versions.append(terms.model_copy(update={"availability": clauses}))
    return contract.model_copy(update={"versions": tuple(versions)})


@once
def uptime(review: Review) -> pd.DataFrame | None:
    """Return the availability of each clause, service and month; None where there is no telling."""
    cut_hours = stretches(review)
    if cut_hours is None:
        return None
    return availability.months(cut_hours, review.contract, review.as_of)


def reported(review: Review) -> pd.DataFrame | None:
    """Return the figures that the provider reported of the review's period; None without any."""
    figures = review.table("reported_kpis")
    if figures is None:
        return None
    own = figures[in_period(review, figures["month"])]
    return None if own.empty else own


def in_period(review: Review, months: pd.Series) -> pd.Series:
    """Tell which months (YYYY-MM) have a day of the period of a review; all where it has none."""
    if (period := review.period) is None:
        return pd.Series(True, index=months.index)
    return months.astype("str").between(f"{period.first:%Y-%m}", f"{period.last:%Y-%m}")


@once
def closed_alone(review: Review) -> Text:
    """Return what to say of a log that holds only tickets closed in one month; else nothing."""
    ticket_log = log(review)
    if ticket_log is None:
        return EMPTY
    tickets, zone = ticket_log.tickets, review.contract.time_zone
    closed = tickets.get("closed_at", tickets["opened_at"][:0])
    for ended in (closed, ticket_log.turns[0]):
        if counts := extraction.closed_alone(tickets["opened_at"], ended, zone):
            return CLOSED_ALONE(**counts)
    return EMPTY
