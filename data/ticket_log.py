"""The tickets of the sample and the log of what happened to them. All of it is drawn, none is real.

Volumes and shapes are calibrated on two public logs, named where they serve:
  [uci]     UCI 498, incident log of one company's ServiceNow, 24,918 incidents
  [italian] help desk log of an Italian company (M. Polato, University of Padua), 4,580 tickets
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

ZONE = "Europe/Paris"
FIRST, LAST = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-06-30")
EXTRACTED = pd.Timestamp("2025-07-04 18:00", tz=ZONE)
TICKETS = 5998  # and two more, planted on the changes of daylight saving time
FIRST_NUMBER = 10001
HOUR = 3600

# fmt: off
# --- Terms of the contract, as in sample/engagement.yml (a test holds them together)
OPENS, CLOSES = 8, 18
HOLIDAYS = [
    "2024-01-01", "2024-04-01", "2024-05-01", "2024-05-08", "2024-05-09", "2024-05-20",
    "2024-07-14", "2024-08-15", "2024-11-01", "2024-11-11", "2024-12-25", "2025-01-01",
    "2025-04-21", "2025-05-01", "2025-05-08", "2025-05-29", "2025-06-09", "2025-07-14",
]
CLOSURES = ["2024-08-16", "2025-05-30"]
ALSACE = ["2024-03-29", "2024-12-26", "2025-04-18"]
PRIORITIES = ["P1", "P2", "P3", "P4"]
RESPONSE = {"P1": 0.25, "P2": 1, "P3": 4, "P4": 10}  # service hours; a working day has ten
RESOLUTION = {"P1": 4, "P2": 8, "P3": 30, "P4": 50}
AMENDMENT, P2_AMENDED = pd.Timestamp("2024-10-01"), 6
PEAK = (pd.Timestamp("2024-11-18"), pd.Timestamp("2024-12-31"))
USER, THIRD = "En attente utilisateur", "En attente tiers"

# --- Arrivals
WEEK = [0.226, 0.200, 0.200, 0.175, 0.160, 0.024, 0.015]  # from Monday; [uci] .236 … .157 .026 .023
DAY = [  # by hour; [uci] .102 at 8 h, .122 at 9 h, .054 at noon, .090 at 14 h, .043 at 17 h
    0.010, 0.006, 0.004, 0.003, 0.003, 0.004, 0.012, 0.030, 0.110, 0.130, 0.125, 0.100,
    0.055, 0.066, 0.093, 0.090, 0.077, 0.045, 0.015, 0.008, 0.005, 0.004, 0.003, 0.002,
]
MONTHLY = {1: 1.20, 2: 1.15, 3: 1.10, 7: 0.92, 8: 0.68}  # the others 1
PEAK_VOLUME = 1.55
HOLIDAY_VOLUME = 0.15

# --- Who asks for what
SERVICES = {"support": 0.585, "applications": 0.22, "supervision": 0.135, "migration": 0.06}
MIGRATION = (pd.Timestamp("2024-06-03"), pd.Timestamp("2025-05-30"))  # no such ticket outside
MIX = {  # share of priorities; [uci] has 1.1 % critical, 1.6 % high, 94.2 % moderate, 3.1 % low
    "support": [0.003, 0.060, 0.715, 0.222],
    "applications": [0.014, 0.110, 0.676, 0.200],
    "supervision": [0.060, 0.220, 0.620, 0.100],
    "migration": [0.005, 0.090, 0.755, 0.150],
}
REQUESTS = {"P1": 0.0, "P2": 0.0, "P3": 0.38, "P4": 0.72}
SITES = {"lyon": 0.44, "paris": 0.29, "lille": 0.12, "strasbourg": 0.15}
CALLERS = {
    "Magasins": 0.29, "Commerce": 0.21, "Logistique": 0.16, "Achats": 0.12, "Finance": 0.11,
    "Marketing": 0.07, "RH": 0.04,
}
CATEGORIES = {  # French and English, the most frequent first
    "support": {
        "Poste de travail": "Workstation", "Droits d’accès": "Access rights",
        "Mot de passe": "Password", "Imprimante": "Printer", "Messagerie": "E-mail",
        "Téléphonie": "Telephony", "Logiciel bureautique": "Office software",
        "Hors périmètre": "Out of scope",
    },
    "applications": {
        "Gestion commerciale": "Sales management", "Comptabilité": "Accounting",
        "Gestion d’entrepôt": "Warehouse management", "Paie": "Payroll",
        "Portail web": "Web portal",
    },
    "supervision": {
        "Réseau": "Network", "Serveur": "Server", "Sauvegarde": "Backup", "Stockage": "Storage",
        "Certificat": "Certificate",
    },
    "migration": {
        "Messagerie migrée": "Migrated e-mail", "Partage de fichiers": "File share",
        "Formation": "Training",
    },
}
CATEGORY_DECAY = 0.72  # each has that much of the one before; [uci] the first four of 52 hold 48 %
GROUPS = {
    "support": "Support N1", "applications": "Applications", "supervision": "Supervision",
    "migration": "Migration",
}
NEXT_GROUPS = ["Support N2", "Réseau", "Applications", "Systèmes"]
HANDOVERS = [0.60, 0.26, 0.09, 0.05]  # 0 to 3; [uci] .601 .257 .086 .041 (and .015 without any)
TECHNICIANS = 24

# --- How the work goes
# Elapsed share of the target is lognormal, placed so that the planted share of tickets is in time.
# [uci] median open to resolve 22.1 h and P90 17 times that; narrower here, as under any SLA.
SPREAD = {"P1": 0.85, "P2": 0.42, "P3": 1.05, "P4": 1.00}
RESPONSE_SPREAD = 0.95
PHASES = ["2024-01", "2024-02", "2024-03", "cruise", "peak"]
IN_TIME = {  # planted shares, by phase; P2 resolution against 8 h throughout: only the target moves
    ("response", "P1"): [0.80, 0.97, 0.97, 0.980, 0.88],
    ("response", "P2"): [0.82, 0.88, 0.90, 0.988, 0.93],
    ("response", "P3"): [0.84, 0.87, 0.90, 0.981, 0.94],
    ("response", "P4"): [0.86, 0.89, 0.91, 0.985, 0.95],
    ("resolution", "P1"): [0.75, 0.75, 0.80, 0.982, 0.88],
    ("resolution", "P2"): [0.78, 0.85, 0.89, 0.955, 0.85],
    ("resolution", "P3"): [0.70, 0.73, 0.79, 0.960, 0.870],
    ("resolution", "P4"): [0.66, 0.70, 0.77, 0.935, 0.83],
}
STUCK = {"2024-01": 0.09, "2024-02": 0.09, "2024-03": 0.07}  # P3, P4 left lying until the clearing
CLEARING = (pd.Timestamp("2024-04-11", tz=ZONE), pd.Timestamp("2024-05-24", tz=ZONE))
# Open at the extraction, of those opened since a day: late ones, and ones waiting for their caller
LEFT_LATE = (pd.Timestamp("2025-05-12"), 19)
LEFT_WAITING = (pd.Timestamp("2025-06-10"), 27)
NEVER = 2000 * HOUR
USER_WAIT, USER_WAIT_HOURS, USER_WAIT_SPREAD = 0.22, 5.0, 1.0  # [uci] 21.96 %, [italian] 27.0 %
THIRD_WAIT = 0.03  # [uci] 1.04 % await a vendor: more here, for the provider's reading to matter
DECISIVE_WAIT = [  # by month: late tickets that would be in time if that wait did not count
    0.024, 0.028, 0.019, 0.012, 0.022, 0.016, 0.003, 0.014, 0.020,
    0.024, 0.011, 0.013, 0.017, 0.004, 0.021, 0.015, 0.025, 0.012,
]
REOPENED = 0.022  # [uci] 1.10 %; [italian] 6.6 % resolved more than once
PRIORITY_CHANGED = 0.0154  # [uci]
CANCELLED, MERGED = 0.011, 0.006
AUTO_CLOSE = 120 * HOUR  # [uci] 120.5 h, the first quartile 120.25 h
CLOSED_BY_CALLER = 0.15
LATE_ESCALATIONS = [65, 48, 92]  # minutes, where the ladder allows 30
# fmt: on

Rng = np.random.Generator
Array = np.ndarray[Any, Any]


class Clock:
    """Service seconds since the first day, and back; exact on whole seconds of UTC."""

    def __init__(self, closed: Iterable[str] | None) -> None:
        days = pd.date_range("2023-12-29", "2026-01-31")
        if closed is None:
            self._edges = seconds(pd.Series(days[[0, -1]]))
            self._total = self._edges - self._edges[0]
            return
        days = days[(days.day_of_week < 5) & ~days.isin(pd.to_datetime(list(closed)))]
        opens, closes = (seconds(pd.Series(days + pd.Timedelta(hours=h))) for h in (OPENS, CLOSES))
        self._edges = np.column_stack([opens, closes]).ravel()
        open_for = np.column_stack([np.zeros(len(days)), closes - opens]).ravel()
        self._total = np.cumsum(open_for)

    def read(self, instants: Array) -> Array:
        return np.interp(instants, self._edges, self._total)

    def instant(self, reading: Array) -> Array:
        return np.interp(reading, self._total, self._edges).astype("int64")


def seconds(local: pd.Series) -> Array:
    """Return UTC seconds of naive local times."""
    moved = local.dt.tz_localize(ZONE, ambiguous="NaT", nonexistent="shift_forward")
    return moved.dt.tz_convert("UTC").dt.as_unit("s").astype("int64").to_numpy()


def local(instants: Array | pd.Series) -> pd.Series:
    """Return aware local times of UTC seconds."""
    return pd.Series(pd.to_datetime(np.asarray(instants), unit="s", utc=True)).dt.tz_convert(ZONE)


CLOCKS = {
    "permanent": Clock(None),
    "office": Clock([*HOLIDAYS, *CLOSURES]),
    "alsace": Clock([*HOLIDAYS, *CLOSURES, *ALSACE]),
}


def read(tickets: pd.DataFrame, instants: Array) -> Array:
    """Return the reading of each ticket's own clock."""
    return np.select(
        [tickets["clock"] == name for name in CLOCKS], [c.read(instants) for c in CLOCKS.values()]
    )


def instant(tickets: pd.DataFrame, reading: Array) -> Array:
    """Return the UTC second at which each ticket's own clock shows a reading."""
    return np.select(
        [tickets["clock"] == name for name in CLOCKS],
        [c.instant(reading) for c in CLOCKS.values()],
    )


def pick(rng: Rng, weights: dict[str, float], n: int) -> Array:
    """Draw n keys by their weights."""
    shares = np.array(list(weights.values()))
    return rng.choice(np.array(list(weights)), n, p=shares / shares.sum())


# --- Tickets


def openings(rng: Rng) -> pd.Series:
    """Return the local times at which tickets are opened, in order."""
    days = pd.Series(pd.date_range(FIRST, LAST))
    weight = days.dt.day_of_week.map(dict(enumerate(WEEK))) * days.dt.month.map(MONTHLY).fillna(1)
    weight = weight.where(~days.isin(pd.to_datetime(HOLIDAYS)), weight * HOLIDAY_VOLUME)
    weight = weight.where(~days.between(*PEAK), weight * PEAK_VOLUME)
    day = days[rng.choice(len(days), TICKETS, p=weight / weight.sum())].reset_index(drop=True)
    hour = rng.choice(24, TICKETS, p=np.array(DAY) / sum(DAY))
    at = day + pd.to_timedelta(hour * HOUR + rng.integers(0, HOUR, TICKETS), unit="s")
    changing = at.dt.strftime("%m-%d %H").isin(["03-31 02", "10-27 02", "03-30 02"])
    return (at + pd.to_timedelta(np.where(changing, 7, 0), unit="h")).sort_values(ignore_index=True)


def draw_tickets(rng: Rng) -> pd.DataFrame:
    """Return who opened what and when, one row per ticket."""
    at = openings(rng)
    t = pd.DataFrame({"local": at, "opened": seconds(at)})
    t["service"] = pick(rng, SERVICES, TICKETS)
    outside = (t["service"] == "migration") & ~t["local"].between(*MIGRATION)
    t.loc[outside, "service"] = "support"
    t["priority"] = [rng.choice(PRIORITIES, p=MIX[service]) for service in t["service"]]
    request = (rng.random(TICKETS) < t["priority"].map(REQUESTS)) & (t["service"] != "supervision")
    t["kind"] = np.where(request, "request", "incident")
    t["site"] = pick(rng, SITES, TICKETS)
    t["caller_group"] = pick(rng, CALLERS, TICKETS)
    t.loc[t["service"] == "supervision", "caller_group"] = ""
    decay = {s: {c: CATEGORY_DECAY**i for i, c in enumerate(c_)} for s, c_ in CATEGORIES.items()}
    t["category"] = [pick(rng, decay[service], 1)[0] for service in t["service"]]
    prefix = np.where(request, "DEM", "INC")
    t["ticket_id"] = [f"{p}{FIRST_NUMBER + i}" for i, p in enumerate(prefix)]
    t["clock"] = np.where(t["site"] == "strasbourg", "alsace", "office")
    t.loc[t["priority"] == "P1", "clock"] = "permanent"
    t["month"] = t["local"].dt.strftime("%Y-%m")
    t["phase"] = t["month"].where(t["month"].isin(PHASES), "cruise")
    t.loc[t["local"].dt.normalize().between(*PEAK), "phase"] = "peak"
    return t


# --- Durations


def shares_of_target(rng: Rng, t: pd.DataFrame, measure: str) -> Array:
    """Return elapsed / target: lognormal, with the planted share of each stratum below 1.

    Ranks are drawn without replacement, so that the planted share comes out to the ticket.
    """
    normal = NormalDist()
    share = np.empty(len(t))
    for (priority, phase), rows in t.groupby(["priority", "phase"]).groups.items():
        rank = (rng.permutation(len(rows)) + 0.5) / len(rows)
        spread = SPREAD[priority] if measure == "resolution" else RESPONSE_SPREAD
        in_time = IN_TIME[measure, priority][PHASES.index(phase)]
        z = np.array([normal.inv_cdf(r) for r in rank]) - normal.inv_cdf(in_time)
        share[rows] = np.exp(spread * z)
    return share


def draw_work(rng: Rng, t: pd.DataFrame) -> pd.DataFrame:
    """Add the work of each ticket, in service seconds counted from its opening.

    ``response`` and ``work`` (until the last resolution) count no pause. The pauses stand apart:
    ``user_at`` and ``again_at`` say when, ``user_for`` and ``again_for`` for how long the ticket
    waits for its caller, or lies resolved before it is opened again. ``third_from`` to
    ``third_to`` is the wait for third parties, which the contract counts.
    """
    n = len(t)
    target = t["priority"].map(RESOLUTION).to_numpy() * HOUR
    t["amended"] = np.where(
        (t["priority"] == "P2") & (t["local"] >= AMENDMENT), P2_AMENDED * HOUR, target
    )
    response = shares_of_target(rng, t, "response") * t["priority"].map(RESPONSE) * HOUR
    t["response"] = np.maximum(response, 60 + 120 * rng.random(n)).round()
    work = shares_of_target(rng, t, "resolution") * target
    t["work"] = np.maximum(work, t["response"] + 300 + 900 * rng.random(n)).round()
    t["opened_on_clock"] = read(t, t["opened"].to_numpy())
    leave_lying(rng, t)
    leave_open(t)
    rest = t["work"] - t["response"]
    waits = rng.random(n) < np.where(t["priority"] == "P1", 0.05, USER_WAIT)
    hours = USER_WAIT_HOURS * np.exp(USER_WAIT_SPREAD * rng.standard_normal(n))
    t["user_at"] = (t["response"] + rest * (0.02 + 0.23 * rng.random(n))).round()
    t["user_for"] = np.where(waits, (hours * HOUR).round(), 0)
    wait_to_the_end(rng, t)
    wait_for_third_parties(rng, t, rest)
    again = rng.random(n) < REOPENED
    t["again_at"] = (t["response"] + rest * (0.93 + 0.05 * rng.random(n))).round()
    t["again_for"] = np.where(again, ((1 + 21 * rng.random(n)) * HOUR).round(), 0)
    endings = {"": 1 - CANCELLED - MERGED, "Annulé": CANCELLED, "Fusionné": MERGED}
    t["dropped"] = np.where(t["work"] + t["user_for"] < NEVER, pick(rng, endings, n), "")
    return t


def leave_lying(rng: Rng, t: pd.DataFrame) -> None:
    """Let late tickets of the transition lie until the backlog is cleared, in spring."""
    for phase, share in STUCK.items():
        rows = t[(t["phase"] == phase) & t["priority"].isin(["P3", "P4"])]
        stuck = rows.nlargest(round(share * len(rows)), "work").index
        cleared = CLOCKS["office"].read(np.array([day.timestamp() for day in CLEARING]))
        until = rng.uniform(*cleared, len(stuck)) - t.loc[stuck, "opened_on_clock"]
        t.loc[stuck, "work"] = np.maximum(t.loc[stuck, "work"], until).round()


def leave_open(t: pd.DataFrame) -> None:
    """Leave the latest tickets of the last weeks unresolved at the extraction."""
    since, n = LEFT_LATE
    rows = t[(t["local"] >= since) & (t["work"] > t["amended"])]
    t.loc[rows.nlargest(n, "work").index, "work"] = NEVER


def wait_to_the_end(rng: Rng, t: pd.DataFrame) -> None:
    """Let some tickets of the last weeks wait for their caller until after the extraction."""
    since, n = LEFT_WAITING
    slow = t["priority"].isin(["P3", "P4"]) & (t["work"] < t["amended"])
    rows = rng.choice(t.index[slow & (t["local"] >= since)], n, replace=False)
    t.loc[rows, "user_for"] = NEVER


def wait_for_third_parties(rng: Rng, t: pd.DataFrame, rest: pd.Series) -> None:
    """Plant the waits for third parties, some of which decide whether a ticket is in time."""
    late = t["work"] - t["amended"]
    # the wait takes at most 0.6 of the rest of the work, and must cover what is late
    decidable = (late > 0) & (late < 0.5 * rest)
    draw = pd.Series(rng.random(len(t)))
    month = t["month"]
    rank = draw.where(decidable).groupby(month).rank()
    opened = month.value_counts().sort_index()
    decisive = rank <= month.map((opened * DECISIVE_WAIT).round())
    casual = ~decisive & (draw < THIRD_WAIT) & ~decidable & (t["priority"] != "P1")
    length = np.where(decisive, late + (0.6 * rest - late) * (0.3 + 0.6 * draw), 0.0)
    length = np.where(casual, rest * (0.15 + 0.3 * rng.random(len(t))), length)
    t["third_from"] = (t["response"] + 0.3 * rest).round()
    t["third_to"] = (t["third_from"] + length).round()


def when(t: pd.DataFrame, work: pd.Series | Array) -> Array:
    """Return the instant at which so much of the work of each ticket is done."""
    paused = t["user_for"] * (t["user_at"] < work) + t["again_for"] * (t["again_at"] < work)
    return instant(t, (t["opened_on_clock"] + work + paused).to_numpy())


# --- Events


def event(t: pd.DataFrame, at: Array, field: str, new: Any, side: Any = "provider") -> pd.DataFrame:
    """Return an event per ticket; at: UTC seconds."""
    return pd.DataFrame(
        {"ticket_id": t["ticket_id"], "at": at, "field": field, "new": new, "actor_side": side}
    )


def draw_events(rng: Rng, t: pd.DataFrame) -> pd.DataFrame:
    """Return the log of the tickets up to the extraction, in order."""
    seen_by_tool = np.where(t["service"] == "supervision", "tool", "client")
    taken = when(t, (t["response"] * (0.2 + 0.6 * rng.random(len(t)))).round())
    parts = [
        event(t, t["opened"], "status", "Nouveau", seen_by_tool),
        event(t, taken, "status", "En cours"),
        event(t, taken, "assignee", technicians(rng, len(t))),
        *routing(rng, t),
        *waiting(t),
        *escalations(rng, t),
        *endings(rng, t),
    ]
    log = pd.concat(parts, ignore_index=True)
    log["automatic"] = np.where(log["actor_side"] == "tool", 1, 0)
    log = log[log["at"] <= EXTRACTED.timestamp()].sort_values(["at", "ticket_id"], kind="stable")
    log["old"] = log.groupby(["ticket_id", "field"])["new"].shift().fillna("")
    first = ~log.duplicated(["ticket_id", "field"])
    start = t.assign(group=t["service"].map(GROUPS)).set_index("ticket_id")
    for field, column in (("group", "group"), ("priority", "initial")):
        rows = first & (log["field"] == field)
        log.loc[rows, "old"] = log.loc[rows, "ticket_id"].map(start[column])
    return log.reset_index(drop=True)


def technicians(rng: Rng, n: int) -> list[str]:
    """Draw technicians; a code, never a name."""
    return [f"T-{number:02d}" for number in rng.integers(1, TECHNICIANS + 1, n)]


def routing(rng: Rng, t: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the hand-overs between teams and the changes of priority; sets t["initial"]."""
    parts = []
    count = rng.choice(4, len(t), p=HANDOVERS)
    shift = rng.integers(0, len(NEXT_GROUPS), len(t))
    for turn in range(3):
        rows = t[count > turn]
        done = rows["response"] + (rows["work"] - rows["response"]) * (0.26 + 0.02 * turn)
        group = [NEXT_GROUPS[(s + turn) % len(NEXT_GROUPS)] for s in shift[rows.index]]
        group = np.where(rows["service"].map(GROUPS) == group, "Support N3", group)
        parts.append(event(rows, when(rows, done.round()), "group", group))
    changed = rng.random(len(t)) < PRIORITY_CHANGED
    step = np.where(rng.random(len(t)) < 0.5, 1, -1)
    place = t["priority"].map(PRIORITIES.index).to_numpy()
    before = np.where((place + step < 0) | (place + step > 3), place - step, place + step)
    t["initial"] = np.where(changed, np.array(PRIORITIES)[before], t["priority"])
    rows = t[changed]
    parts.append(
        event(rows, when(rows, (rows["response"] * 0.9).round()), "priority", rows["priority"])
    )
    return parts


def waiting(t: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the first answers, and the waits for the caller and for third parties."""
    user, third = t[t["user_for"] > 0], t[t["third_to"] > t["third_from"]]
    asked = when(user, user["user_at"])
    answered = instant(user, read(user, asked) + user["user_for"])
    return [
        event(t, when(t, t["response"]), "public_reply", ""),
        event(user, asked, "status", USER),
        event(user, answered, "public_reply", "", "client"),
        event(user, answered, "status", "En cours", "client"),
        event(third, when(third, third["third_from"]), "status", THIRD),
        event(third, when(third, third["third_to"]), "status", "En cours"),
    ]


def escalations(rng: Rng, t: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the steps of the ladder taken for P1 tickets; a few of the first came too late."""
    major = t[(t["priority"] == "P1") & (t["work"] > HOUR / 2)]
    minutes = 8 + 20 * rng.random(len(major))
    slow = (major["work"] > 2 * HOUR).cumsum().le(len(LATE_ESCALATIONS)) & (
        major["work"] > 2 * HOUR
    )
    minutes[slow] = LATE_ESCALATIONS
    long = major[major["work"] > 2 * HOUR]
    later = 95 + 20 * rng.random(len(long))
    return [
        event(major, major["opened"] + (60 * minutes).round(), "escalation", "1"),
        event(long, long["opened"] + (60 * later).round(), "escalation", "2"),
    ]


def endings(rng: Rng, t: pd.DataFrame) -> list[pd.DataFrame]:
    """Return resolutions, reopenings, closures and cancellations."""
    dropped, kept = t[t["dropped"] != ""], t[t["dropped"] == ""]
    again = kept[kept["again_for"] > 0]
    first = when(again, again["again_at"])
    done = when(kept, kept["work"])
    by_caller = rng.random(len(kept)) < CLOSED_BY_CALLER
    closed = done + np.where(by_caller, rng.integers(HOUR, 100 * HOUR, len(kept)), AUTO_CLOSE)
    return [
        event(again, first, "status", "Résolu"),
        event(
            again,
            instant(again, read(again, first) + again["again_for"]),
            "status",
            "En cours",
            "client",
        ),
        event(kept, done, "status", "Résolu"),
        event(kept, closed, "status", "Clos", np.where(by_caller, "client", "tool")),
        event(dropped, when(dropped, dropped["work"]), "status", dropped["dropped"]),
    ]


# --- Verdicts


def outcomes(t: pd.DataFrame, log: pd.DataFrame, paused: Iterable[str]) -> pd.DataFrame:
    """Judge both clauses for each ticket by replaying its log, under one reading of the pauses.

    Returns ticket_id, priority, month, clause and outcome; cancelled tickets are left out.
    """
    t = t.set_index("ticket_id", drop=False)
    last = log[log["field"] == "status"].groupby("ticket_id")["new"].last().reindex(t.index)
    reply = log[log["field"] == "public_reply"].groupby("ticket_id")["at"].first().reindex(t.index)
    replied = read(t, reply.fillna(EXTRACTED.timestamp()).to_numpy())
    ended = last.isin(["Résolu", "Clos"])
    judged = {
        "Art. 5.1": verdict(
            replied - t["opened_on_clock"], t["priority"].map(RESPONSE) * HOUR, reply.notna()
        ),
        "Art. 5.2": verdict(counted(t, log, [*paused, "Résolu", "Clos"]), t["amended"], ended),
    }
    rows = t.loc[~last.isin(["Annulé", "Fusionné"]), ["ticket_id", "priority", "month"]]
    parts = [
        rows.assign(clause=clause, outcome=pd.Series(outcome, index=t.index).reindex(rows.index))
        for clause, outcome in judged.items()
    ]
    return pd.concat(parts, ignore_index=True)


def counted(t: pd.DataFrame, log: pd.DataFrame, paused: list[str]) -> pd.Series:
    """Return the service seconds spent in statuses that do not stop the clock."""
    status = log[log["field"] == "status"]
    since = pd.Series(read(t.loc[status["ticket_id"]], status["at"].to_numpy()), status.index)
    end = pd.Series(read(t, np.full(len(t), EXTRACTED.timestamp())), t.index)
    until = since.groupby(status["ticket_id"]).shift(-1).fillna(status["ticket_id"].map(end))
    spent = (until - since).where(~status["new"].isin(paused), 0)
    return spent.groupby(status["ticket_id"]).sum().reindex(t.index)


def verdict(elapsed: pd.Series, target: pd.Series, ended: pd.Series) -> Array:
    """Return met, breached or running."""
    return np.select([elapsed > target, ended], ["breached", "met"], "running")
