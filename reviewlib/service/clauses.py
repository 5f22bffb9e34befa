"""How the report names a clause and its terms, and the words for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pandas as pd

from reviewlib.amounts import rounded, share_decimals
from reviewlib.calendars.service_hours import WEEK, WorkingDays
from reviewlib.contract import Calendar, Contract
from reviewlib.contract.clauses import Scope
from reviewlib.contract.service_levels import Spans
from reviewlib.contract.targets import DaysOf
from reviewlib.rates import CHANCE, difference, kept
from reviewlib.report.text import (
    EMPTY,
    N_,
    How,
    Message,
    Quoted,
    Shown,
    Text,
    commas,
    dotted,
    join,
    listed,
    n_,
)
from reviewlib.report.values import Interval
from reviewlib.service.working import COUNTED, NO_TARGET, OVER, PAUSED

NO_CLAUSE = N_("the contract states no target (terms.clauses in engagement.yml)")
NO_VERDICT = N_("no verdict on a ticket could be given")
PAUSES_UNKNOWN = N_("pauses unknown: no log of status changes records them")
"""Why a chapter that judges by clauses, or a verdict of it, is not assessed."""
PAUSE_BOUNDS = N_("bounds: no late ticket paused, or every one long enough")
UNKNOWN_BOUNDS = N_("bounds: every ticket of which it is unknown late, or in time")
BOTH_BOUNDS = N_(
    "bounds: no late ticket paused, or every one long enough; of which it is unknown late, or in "
    "time"
)
OUTCOMES_UNKNOWN = n_(
    "of {unknown} ticket it is unknown whether it was in time",
    "of {unknown} tickets it is unknown whether they were in time",
    on="unknown",
)
UNDATED = {
    "response": N_("not assessed, because the export has no date of the answers"),
    "resolution": N_("not assessed, because the export has no date of resolution"),
}
"""By measure, where not one ticket of a priority is known to have been answered or resolved."""
MEASURES = {"response": N_("Response"), "resolution": N_("Resolution")}
STARTS = {
    "opened": N_("the opening"),
    "started": N_("the first status that is not of a new ticket"),
    "assigned": N_(
        "the first team or person that the ticket is given to; what came before took no time"
    ),
}
STOPS = {
    "first_response": N_("the first answer to the caller, automatic ones excepted"),
    "first_resolution": N_("the first resolution"),
    "last_resolution": N_("the last resolution"),
    "closure": N_("the closure"),
}
REOPENING = {
    "resume": N_("the clock resumes, without the time during which the ticket stood resolved"),
    "count": N_("the clock resumes, and the time during which the ticket stood resolved counts"),
    "new_cycle": N_("the clock starts anew at the reopening"),
}
PRIORITY_CHANGE = {
    "retroactive": N_("it applies from the start of the clock, with the pauses so far"),
    "restart": N_("it starts the clock anew"),
    "pro_rata": N_("each priority uses up its part of its own target"),
}
LEFT_OUT = {
    "cancelled": N_("cancelled tickets"),
    "merged": N_("tickets merged into another"),
    "child": N_("child tickets"),
    "inherited": N_("tickets opened before the contract began"),
    "after_end": N_("tickets opened after the contract ended"),
}
ASSESSED = {
    "contract": N_("over the whole contract"),
    "month": N_("month by month"),
}
MONTHS = {
    "due": N_("by month due"),
    "opened": N_("by month of opening"),
    "resolved": N_("by month of resolution"),
}
PRIORITIES = {
    "initial": N_("the priority given at the opening"),
    "final": N_("the last priority"),
    "highest": N_("the highest priority that the ticket ever had"),
}
UNKNOWN = {
    "undefined_status": N_("a status that the contract does not define"),
    "no_priority": N_("no priority of the contract"),
    "no_service": N_("no service, site, group of callers or kind, on which the clause depends"),
    "no_time": N_("no usable time of the clock’s start, of the answer or of the resolution"),
}


INTERPRETATIONS = {
    "contract": N_("as the contract says"),
    "waiting_counted": N_("waiting counted"),
    "waiting_paused": N_("paused while anyone is awaited"),
    "paused_client": N_("paused while the client is awaited"),
    "paused_provider": N_("paused while the provider is awaited"),
    "paused_third_party": N_("paused while a third party is awaited"),
    "reopened_counted": N_("time resolved before a reopening counted"),
    "reopened_resumed": N_("time resolved before a reopening left out"),
    "last_cycle": N_("anew from the last reopening"),
    "first_resolution": N_("up to the first resolution"),
    "round_the_clock": N_("round the clock"),
    "days_working": N_("a day as a working day"),
    "days_of_service": N_("a day as the hours of a service day"),
    "days_of_24_h": N_("a day as 24 service hours"),
    "priority_initial": N_("by the initial priority"),
    "priority_highest": N_("by the highest priority"),
    "open_as_met": N_("open tickets counted as in time"),
}
REASONS = {
    COUNTED: N_("counted"),
    PAUSED: N_("not counted: paused, status {name}"),
    OVER: N_("not counted: over before a reopening, status {name}"),
    "outside_hours": N_("not counted: outside service hours"),
    "holiday": N_("not counted: holiday, {name}"),
    "closure": N_("not counted: closure, {name}"),
    NO_TARGET: N_("not counted: {name} has no target"),
}
"""Why an interval of a ticket's working counts, or does not."""
VERDICTS = {
    "in_time": N_("in time"),
    "late": N_("late"),
    "pauses_unknown": N_("late, unless it was paused: the log does not say"),
    "open": N_("running: open, within its target"),
    "cancelled": N_("excluded: cancelled"),
    "merged": N_("excluded: merged into another ticket"),
    "child": N_("excluded: child of another ticket"),
    "inherited": N_("excluded: opened before the contract began"),
    "after_end": N_("excluded: opened after the contract ended"),
    "no_target": N_("excluded: of a priority without a target"),
    **{reason: N_("unknown: {reason}") for reason in UNKNOWN},
}


JUDGED = N_("{measure} · {priority}")
JUDGED_AMONG = N_("{measure} ({clause}) · {priority}")
DAYS_OF = N_("{days} of {length:seconds}")
DAYS = n_("{n} day", "{n} days")
WORKING_DAYS = n_("{n} working day", "{n} working days")
TO_END_OF_DAY = n_("{n} working day, end of day", "{n} working days, end of day")
SHARE_OF = N_("{share:percent} (n\u00a0=\u00a0{n})")
BETWEEN = N_("{low:percent} to {high:percent} (n\u00a0=\u00a0{n}, pauses unknown)")
BETWEEN_UNKNOWN = N_("{low:percent} to {high:percent} (n\u00a0=\u00a0{n}, {unknown} unknown)")
POINTS = n_("{gap:points} point", "{gap:points} points", on="gap")
TESTED = {
    True: N_(
        "a difference of {points}, more than chance alone gives (two-proportion test, "
        "z = {z:number.1})"
    ),
    False: N_(
        "a difference of {points}, within what chance alone gives (two-proportion test, "
        "z = {z:number.1})"
    ),
}
TESTABLE = 20  # tickets on either side from which on a difference is tested
SCOPES = {
    "service": N_("services: {names:commas}"),
    "site": N_("sites: {names:commas}"),
    "caller_group": N_("groups of callers: {names:commas}"),
    "kind": N_("kinds: {names:commas}"),
}


def interpretation_words(contract: Contract, name: str) -> Message:
    """Return what an interpretation of the contract changes, in words."""
    if name in INTERPRETATIONS:
        return INTERPRETATIONS[name]
    amendment = contract.amendments[int(name.removeprefix("before_")) - 1]
    return N_("by the terms before {amendment:ref}")(amendment=amendment.id)


def verdict_words(because: str) -> Message:
    """Return a verdict in words, from its reason."""
    words = VERDICTS[because]
    return words(reason=UNKNOWN[because]) if because in UNKNOWN else words


def measure_id(contract: Contract, clause_id: str) -> str:
    """Return the part of an id that names a clause: its measure, and itself among several."""
    measure = contract.clause(clause_id).measure
    same = contract.clause_ids(measure)
    if len(same) == 1:
        return measure
    return f"{measure}.{own_id(clause_id, same)}"


def own_id(name: str, names: Sequence[str]) -> str:
    """Return one of some words of the contract as a part of an id that none of the others has."""
    ids = [plain_id(one).lower() for one in names]
    own, place = ids[names.index(name)], names.index(name) + 1
    return own if own and ids.count(own) == 1 else f"{own}_{place}".strip("_")


def plain_id(text: str) -> str:
    """Return a word of the contract as a part of an id: ASCII letters, digits and "_"."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", letters).strip("_")


def priority_id(priority: str) -> str:
    """Return a priority as a part of an id: letters of any script, so that two never share one."""
    return re.sub(r"\s+", "_", unicodedata.normalize("NFC", priority))


def judged_id(contract: Contract, clause_id: str, priority: str) -> str:
    """Return the part of an id that names what is judged: a clause and a priority."""
    return f"{measure_id(contract, clause_id)}.{priority_id(priority)}"


def judged_as(contract: Contract, clause_id: str, priority: str) -> Message:
    """Return the name of what is judged: "Resolution · P1"; with its clause among several."""
    measure = contract.clause(clause_id).measure
    if measure_id(contract, clause_id) == measure:
        return JUDGED(measure=MEASURES[measure], priority=priority)
    return JUDGED_AMONG(measure=MEASURES[measure], clause=clause_id, priority=priority)


def service_names(contract: Contract) -> dict[str, Quoted | str]:
    """Return the names of the services, as the last terms that state them do."""
    return {k: v.name for terms in contract.versions for k, v in terms.services.items()}


def calendar_title(contract: Contract, calendar: str) -> Quoted | str:
    """Return the title of a calendar, as the last terms that state it do."""
    stated = [v.calendars[calendar] for v in contract.versions if calendar in v.calendars]
    return stated[-1].title


def target_words(target: object) -> Text:
    """Return a target as the report prints it."""
    if isinstance(target, DaysOf):
        return DAYS_OF(days=DAYS(n=target.n), length=target.length.total_seconds())
    if isinstance(target, WorkingDays):
        return (TO_END_OF_DAY if target.end_of_day else WORKING_DAYS)(n=target.n)
    return Shown(pd.Timedelta(target).total_seconds(), "seconds")


def threshold_words(threshold: float) -> Shown:
    """Return a threshold in words, with the decimals that the contract gives it."""
    return Shown(threshold, "threshold")


def share_and_threshold(met: int, n: int, threshold: float) -> tuple[Shown, Shown]:
    """Return a share and its threshold in words, with decimals enough to see that it misses it."""
    share, digits = met / n, 1
    while digits < 5 and alike(share, threshold, digits) and not kept(met, n, threshold):
        digits += 1
    return Shown(share, f"percent.{digits}"), threshold_words(threshold)


def alike(share: float, threshold: float, digits: int) -> bool:
    """Tell whether two shares are printed alike with so many decimals."""
    one, other = (share_decimals(value, digits) for value in (share, threshold))
    return one == other and rounded(share, one + 2) == rounded(threshold, one + 2)


def counted_words(count: Any) -> Message:
    """Return "82.1% (n = 412)" of verdicts that are counted; bounds where some are uncertain."""
    if count.uncertain:
        between, words = bounds(count), BETWEEN_UNKNOWN if count.unknown else BETWEEN
        about = {"n": int(count.n + count.unknown), "unknown": int(count.unknown)}
        return words.filled({"low": between.low, "high": between.high} | about)
    return SHARE_OF(share=count.share, n=int(count.n))


def difference_words(one: Any, other: Any) -> Text:
    """Return the difference of two counted shares, tested as one; empty where n is too small."""
    if min(one.n, other.n) < TESTABLE:
        return EMPTY
    apart, z = difference((one.met, one.n), (other.met, other.n))
    return TESTED[abs(z) > CHANCE](points=POINTS(gap=rounded(apart * 100, 1)), z=z)


def bounds(count: Any) -> Interval:
    """Return the least and the most that a share can be, by counts of which some are uncertain."""
    of = count.n + count.unknown
    return Interval(count.met / of, (count.met + count.uncertain) / of, bounds_method(count))


def bounds_method(count: Any) -> Message:
    """Return how the bounds of a share were computed: by unknown pauses, unknown outcomes, both."""
    if not count.unknown:
        return PAUSE_BOUNDS
    return BOTH_BOUNDS if count.late_or_paused else UNKNOWN_BOUNDS


def scope_words(scope: Scope) -> Text:
    """Return which tickets a clause or a variant of it covers."""
    every = [SCOPES[key](names=words) for key, words in scope.columns.items()]
    return dotted(*every) if every else N_("all tickets")


def hours_words(calendar: Calendar) -> Text:
    """Return the service hours of a calendar: its week, its public holidays and its closures."""
    week = [(WEEK.index(day), spans) for day, spans in calendar.week.items()]
    runs: list[tuple[int, int, Spans]] = []
    for day, spans in sorted(week):
        if runs and runs[-1][1:] == (day - 1, spans):
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    parts: list[Text] = [
        join(
            How.SPACES,
            (Shown((first, last), "weekdays"), ", ".join("–".join(span) for span in spans)),
        )
        for first, last, spans in runs
    ]
    if calendar.around_the_clock:
        parts.append(N_("24 hours a day, 7 days a week"))
    if calendar.holidays:
        place = " ".join(filter(None, (calendar.holidays, calendar.region)))
        parts.append(N_("public holidays of {place} excepted")(place=place))
    if calendar.closures:
        closed = [closure.title or Shown(closure.first) for closure in calendar.closures]
        parts.append(N_("closed: {closures}")(closures=listed(closed)))
    return commas(parts)


def exact_time(instant: pd.Timestamp, time_zone: str) -> str:
    """Return a local time to the second with its offset, as a hand calculation needs it."""
    return f"{instant.tz_convert(time_zone):%Y-%m-%d %H:%M:%S %z}"


def exact_length(seconds: float) -> str:
    """Return a length as h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def is_penalised(contract: Contract, clause_id: str, priority: str = "") -> bool:
    """Whether a rule on penalties is about a clause, and about a priority of it where one is named.

    What it makes due is then decided in the chapter on penalties.
    """
    return any(
        clause_id in (*getattr(rule, "clauses", ()), *getattr(rule, "availability", ()))
        and (not (own := getattr(rule, "priorities", ())) or not priority or priority in own)
        for terms in contract.versions
        for rule in terms.penalties.values()
    )
