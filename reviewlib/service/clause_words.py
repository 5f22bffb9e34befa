"""How the report names a clause and its terms: shared by the chapters that judge by them."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from reviewlib.calendars.service_hours import WEEK, WorkingDays
from reviewlib.contract import Calendar, Contract
from reviewlib.contract.clauses import Scope
from reviewlib.contract.service_levels import Spans
from reviewlib.contract.targets import DaysOf
from reviewlib.pages.wording import N_, Wording
from reviewlib.rates import compliance, kept
from reviewlib.service.working import COUNTED, NO_TARGET, OVER, PAUSED

NO_CLAUSE = N_("the contract states no target (terms.clauses in engagement.yml).")
NO_VERDICT = N_("no verdict on a ticket could be given.")
"""Why a chapter that judges by clauses is not assessed."""
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


READINGS = {
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
    "open_as_met": N_("open tickets taken as in time"),
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
    "open": N_("running: open, within its target"),
    "cancelled": N_("excluded: cancelled"),
    "merged": N_("excluded: merged into another ticket"),
    "child": N_("excluded: child of another ticket"),
    "inherited": N_("excluded: opened before the contract began"),
    "no_target": N_("excluded: of a priority without a target"),
    **{reason: N_("unknown: {reason}") for reason in UNKNOWN},
}


def reading_words(wording: Wording, contract: Contract, name: str) -> str:
    """Return what a reading of the contract changes, in words."""
    if name in READINGS:
        return wording.gettext(READINGS[name])
    number = int(name.removeprefix("before_"))
    terms = wording.gettext("by the terms before {amendment}")
    return terms.format(amendment=contract.amendments[number - 1].id)


def verdict_words(wording: Wording, because: str) -> str:
    """Return a verdict in words, from its reason."""
    reason = wording.gettext(UNKNOWN.get(because, ""))
    return wording.gettext(VERDICTS[because]).format(reason=reason)


def measure_id(contract: Contract, clause_id: str) -> str:
    """Return the part of an id that names a clause: its measure, and itself among several."""
    measure = contract.clause(clause_id).measure
    same = [name for name in contract.clause_ids() if contract.clause(name).measure == measure]
    if len(same) == 1:
        return measure
    names = [plain_id(name).lower() for name in same]
    own, place = plain_id(clause_id).lower(), same.index(clause_id) + 1
    return f"{measure}.{own if own and names.count(own) == 1 else f'{own}_{place}'.strip('_')}"


def plain_id(text: str) -> str:
    """Return a word of the contract as a part of an id: ASCII letters, digits and "_"."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", letters).strip("_")


def priority_id(priority: str) -> str:
    """Return a priority as a part of an id: letters of any script, so that two never share one."""
    return re.sub(r"\s+", "_", unicodedata.normalize("NFC", priority))


def judged_as(wording: Wording, contract: Contract, clause_id: str, priority: str) -> str:
    """Return the name of what is judged: "Resolution · P1"; with its clause among several."""
    measure = contract.clause(clause_id).measure
    name = wording.gettext(MEASURES[measure])
    alone = measure_id(contract, clause_id) == measure
    return f"{name} · {priority}" if alone else f"{name} ({clause_id}) · {priority}"


def target_words(wording: Wording, target: object) -> str:
    """Return a target as the report prints it."""
    if isinstance(target, DaysOf):
        each = wording.duration(target.length.total_seconds())
        days = wording.ngettext("{n} day", "{n} days", target.n)
        return wording.gettext("{days} of {length}").format(days=days, length=each)
    if isinstance(target, WorkingDays):
        days = wording.ngettext("{n} working day", "{n} working days", target.n)
        end = wording.gettext("end of day")
        return f"{days}, {end}" if target.end_of_day else days
    return wording.duration(pd.Timedelta(target).total_seconds())


def threshold_words(wording: Wording, threshold: float) -> str:
    """Return a threshold in words, with all the decimals that it has."""
    whole = (digits for digits in (1, 2, 3) if abs(round(threshold, digits + 2) - threshold) < 1e-9)
    return wording.percent(threshold, next(whole, 4))


def told_apart(wording: Wording, met: int, n: int, threshold: float) -> tuple[str, str]:
    """Return a share and its threshold in words, with decimals enough to see that it misses it."""
    for digits in (1, 2, 3, 4, 5):
        share, asked = wording.percent(met / n, digits), wording.percent(threshold, digits)
        if share != asked or kept(met, n, threshold):
            break
    return share, max(asked, threshold_words(wording, threshold), key=len)


def share_words(wording: Wording, verdicts: pd.DataFrame) -> str:
    """Return "82.1% (n = 412)" of some verdicts."""
    return counted_words(wording, compliance(verdicts, []).iloc[0])


def counted_words(wording: Wording, count: pd.Series) -> str:
    """Return the same of verdicts that are counted: their share and n."""
    return f"{wording.percent(count['share'])} (n\u00a0=\u00a0{wording.number(count['n'])})"


def local_days(instants: pd.Series, time_zone: str) -> pd.Series:
    """Return the local days of instants, without their time and zone."""
    return instants.dt.tz_convert(time_zone).dt.tz_localize(None).dt.normalize()


def scope_words(wording: Wording, scope: Scope) -> str:
    """Return which tickets a clause or a variant of it covers."""
    _ = wording.gettext
    names = {
        "service": _("services: {names}"),
        "site": _("sites: {names}"),
        "caller_group": _("groups of callers: {names}"),
        "kind": _("kinds: {names}"),
    }
    every = [names[key].format(names=", ".join(words)) for key, words in scope.columns.items()]
    return " · ".join(every) or _("all tickets")


def hours_words(wording: Wording, calendar: Calendar) -> str:
    """Return the service hours of a calendar: its week, its public holidays and its closures."""
    _ = wording.gettext
    week = [(WEEK.index(day), spans) for day, spans in calendar.week.items()]
    runs: list[tuple[int, int, Spans]] = []
    for day, spans in sorted(week):
        if runs and runs[-1][1:] == (day - 1, spans):
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    said = [
        f"{wording.weekdays(first, last)} {', '.join('–'.join(span) for span in spans)}"
        for first, last, spans in runs
    ]
    if calendar.around_the_clock:
        said.append(_("24 hours a day, 7 days a week"))
    if calendar.holidays:
        place = " ".join(filter(None, (calendar.holidays, calendar.region)))
        said.append(_("public holidays of {place} excepted").format(place=place))
    if calendar.closures:
        closed = [closure.title or wording.date(closure.first) for closure in calendar.closures]
        said.append(_("closed: {closures}").format(closures=wording.listed(closed)))
    return ", ".join(said)


def exact_time(wording: Wording, instant: pd.Timestamp) -> str:
    """Return a local time to the second with its offset, as a hand calculation needs it."""
    return f"{instant.tz_convert(wording.time_zone):%Y-%m-%d %H:%M:%S %z}"


def exact_length(seconds: float) -> str:
    """Return a length as h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
