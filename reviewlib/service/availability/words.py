"""How availability is said: shares that never round to a verdict, services, what is left open."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.report import phrases
from reviewlib.report.text import N_, Message, Shown, listed, n_
from reviewlib.review import Review
from reviewlib.service.availability import metrics
from reviewlib.service.clauses import alike, own_id, priority_id, service_names

DIGITS = 3  # a tenth of a percent of a month is three quarters of an hour
KEYS = ["clause", "service"]
PARTIES = phrases.PARTIES | {"": N_("not stated")}
JUDGED = n_("{n} month judged", "{n} months judged")
INTRO = N_(
    "Availability is (agreed hours − hours lost) ÷ agreed hours. Hours lost are the agreed "
    "hours in which an outage is recorded, each counted once however many outages "
    "overlap, less what the clause excludes. Planned maintenance stays among the agreed "
    "hours. A month is judged without rounding, to the second."
)
WHOLE_MONTHS = N_("it is assessed by the month, and the period does not consist of whole ones")
MONTHS_OF_DAYS = N_(
    "The period does not consist of whole months: those in which it has a day are assessed, from "
    "their first day."
)
NO_PROOF = N_("{because}. The absence of a record is no proof of availability")
AT_TARGET = n_(
    "Availability target reached in {k} of {n} month.",
    "Availability target reached in {k} of {n} months.",
)
AT_TARGETS = n_(
    "Availability target reached by {k} of {n} results, by service and month.",
    "Availability target reached by {k} of {n} results, by service and month.",
    on="k",
)
BELOW_TARGET = n_(
    "availability missed its target in {k} of {n} monthly results",
    "availability missed its target in {k} of {n} monthly results",
    on="k",
)
ALWAYS_AT_TARGET = N_("availability reached its target every month")
HELD = N_("availability of {service}, every month")
UNDER = N_("{service}: below its availability target in {months}.")
OTHERS = {
    True: N_("Attributed to the provider in part."),
    False: N_("None of it is attributed to the provider."),
}
"""By whether the provider caused any of the time lost; where others, or nobody known, did."""
MONTHS_BELOW = N_("months below the availability target")
SILENT = N_(
    "No outage is recorded for {services}: that makes 100%, which is as good as the record."
)
OVERLAP = N_(
    "Outages overlap: added up one by one they last {added:seconds} of agreed hours, together "
    "{union:seconds}. Overlapping time counts once."
)
PROVISIONAL = N_(
    "Provisional, as known until {end}: {months}. The table by month has what each can still be, "
    "at worst and at best."
)
DUPLICATES = n_(
    "{n} outage repeats another in all but its number; its time counts once.",
    "{n} outages repeat another in all but their number; their time counts once.",
)
UNLIKE = n_(
    "The recorded length of {n} outage differs from its dates by a minute or more; the dates "
    "count.",
    "The recorded length of {n} outages differs from their dates by a minute or more; the dates "
    "count.",
)
UNPROVED = n_(
    "Of {n} window with down time no agreement or no announcement is recorded: whether there "
    "was one is not known, and its down time counts as lost.",
    "Of {n} windows with down time no agreement or no announcement is recorded: whether there "
    "was one is not known, and their down time counts as lost.",
)
OPEN = n_(
    "{n} outage has no end: it counts as down until {end}, and months whose time lost depends on "
    "it are provisional.",
    "{n} outages have no end: they count as down until {end}, and months whose time lost depends "
    "on them are provisional.",
)
APART = n_(
    "{n} outage is of a service or a time that no clause covers, or lasts no time; it is not "
    "counted.",
    "{n} outages are of a service or a time that no clause covers, or last no time; they are not "
    "counted.",
)
CALENDARS = n_(
    "The months of {n} service that lost less are not drawn.",
    "The months of {n} services that lost less are not drawn.",
)


def percent(share: float, target: float = float("nan")) -> Shown:
    """Return a share with decimals enough to see that it misses its target."""
    enough = (n for n in range(DIGITS, 7) if not share < target or not alike(share, target, n))
    return Shown(share, f"percent.{next(enough, 7)}")


def names(contract: Contract, parts: list[metrics.ServicePart]) -> pd.DataFrame:
    """Return how each clause and service is named.

    label: the service, with the clause where several cover it; clause_title: as last
    stated; place: the part of an id that names both; clause_place: that of the clause alone.
    """
    pairs = list(dict.fromkeys((part.clause, part.service) for part in parts))
    clauses = list(dict.fromkeys(clause for clause, _service in pairs))
    services = [service for _clause, service in pairs]
    among, named = N_("{service} ({clause})"), service_names(contract)
    rows = []
    for clause, service in pairs:
        name, alone = named[service], services.count(service) == 1
        place = f"{own_id(clause, clauses)}." if len(clauses) > 1 else ""
        label = name if alone else among(service=name, clause=clause)
        stated = [t.availability[clause] for t in contract.versions if clause in t.availability]
        rows.append((label, stated[-1].title, f"{place}{priority_id(service)}", place))
    index = pd.MultiIndex.from_tuples(pairs, names=KEYS)
    return pd.DataFrame(
        rows, index, ["label", "clause_title", "place", "clause_place"], dtype="object"
    )


def end_of_records(review: Review) -> dt.date | pd.Timestamp:
    """Return up to when the records are counted: a day where it is all of it."""
    end = metrics.known_until(review.contract, review.as_of)
    local = end.tz_convert(review.contract.time_zone)
    whole = local == local.normalize()
    return (local - pd.Timedelta(seconds=1)).date() if whole else end


def at_target(months: pd.Series) -> Message:
    """Return how many results reach the target, given the months judged of each service."""
    sentence = AT_TARGETS if (months > 0).sum() > 1 else AT_TARGET
    return sentence(n=int(months.sum()))


def to_settle(parties: set[str]) -> Message:
    """Return what to settle of time lost, by who caused the outages that lost it."""
    if "provider" in parties:
        return N_(
            "Availability, {service}: ask for a corrective action plan, and decide on what "
            "{clause:ref} provides."
        )
    if "" in parties:
        return N_(
            "Availability, {service}: agree first on whose side the causes lie, which is not "
            "stated of every outage; then decide on what {clause:ref} provides."
        )
    return N_(
        "Availability, {service}: the time lost under the target is attributed to others "
        "than the provider ({parties}); settle who remedies it, and what {clause:ref} "
        "provides for it."
    )(parties=listed(name for party, name in PARTIES.items() if party in parties))
