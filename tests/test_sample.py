"""The shipped engagement: written again byte for byte, and telling the story that was planted.

Every figure is worked out here a second time from the CSV files alone, ticket by ticket and day
by day, with the standard library and the ``holidays`` package: neither the generator's clock nor
the library's. The same figures stand in data/README.md; ``stated`` holds the two together.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import math
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import holidays
import pytest
import yaml

DATA = Path(__file__).parents[1] / "data"
SAMPLE = DATA / "sample"
PARIS = ZoneInfo("Europe/Paris")
EXTRACTED = dt.datetime(2025, 7, 4, 18, tzinfo=PARIS)
CLOSURES = {dt.date(2024, 8, 16), dt.date(2025, 5, 30)}
FRANCE = set(holidays.country_holidays("FR", years=(2024, 2025))) | CLOSURES
ALSACE = set(holidays.country_holidays("FR", subdiv="6AE", years=(2024, 2025))) | CLOSURES
RESPONSE = {"P1": 0.25, "P2": 1, "P3": 4, "P4": 10}  # hours; a working day has ten
RESOLUTION = {"P1": 4, "P2": 8, "P3": 30, "P4": 50}
AMENDED = dt.date(2024, 10, 1)
ENDED = {"Résolu", "Clos"}
CANCELLED = {"Annulé", "Fusionné"}
USER, THIRD = "En attente utilisateur", "En attente tiers"
PEAK = (dt.date(2024, 11, 18), dt.date(2024, 12, 31))
LADDER = {"1": 30, "2": 120, "3": 480}  # minutes
UP = {"applications": (995, "Art. 5.3"), "supervision": (999, "Art. 5.4")}  # ‰ of agreed hours
EXPORTS = {"tickets": "utf-8-sig", "ticket_events": "utf-8-sig"}
SPREADSHEETS = {"reported_kpis": "cp1252", "survey_answers": "cp1252"}

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    """Return the rows of a file of the sample as texts."""
    encoding = (EXPORTS | SPREADSHEETS).get(table)
    path = SAMPLE / f"{table}.csv"
    with path.open(encoding=encoding or "utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";" if encoding else ","))


def moment(text: str) -> dt.datetime | None:
    """Return the instant of a local time, None when it can't be read."""
    try:
        local = dt.datetime.strptime(text, "%d/%m/%Y %H:%M:%S")
    except ValueError:
        return None
    return local.replace(tzinfo=PARIS).astimezone(dt.UTC)


def hours(start: dt.datetime, end: dt.datetime, off: set[dt.date] | None) -> float:
    """Return the service hours between two instants: 8 to 18, or all of them without days off."""
    if off is None:
        return (end - start).total_seconds() / 3600
    total, day = 0.0, start.astimezone(PARIS).date()
    while day <= end.astimezone(PARIS).date():
        if day.weekday() < 5 and day not in off:
            opening, closing = (dt.datetime.combine(day, dt.time(h), PARIS) for h in (8, 18))
            first = max(start, opening.astimezone(dt.UTC))
            last = min(end, closing.astimezone(dt.UTC))
            total += max(0.0, (last - first).total_seconds() / 3600)
        day += dt.timedelta(days=1)
    return total


@dataclass(frozen=True)
class Told:
    """What the log tells of a ticket; hours are service hours as the contract counts them."""

    row: Row
    events: list[tuple[dt.datetime, Row]]
    extension: float = 0.0

    @property
    def opened(self) -> dt.datetime:
        return self.events[0][0]

    @property
    def day(self) -> dt.date:
        return self.opened.astimezone(PARIS).date()

    @property
    def priority(self) -> str:
        return self.row["priority"]

    @property
    def off(self) -> set[dt.date] | None:
        if self.priority == "P1":
            return None
        return ALSACE if self.row["site"] == "strasbourg" else FRANCE

    @property
    def statuses(self) -> list[tuple[dt.datetime, str]]:
        return [(at, event["new"]) for at, event in self.events if event["field"] == "status"]

    def over_at(self, moment: dt.datetime) -> bool:
        """Whether the ticket stood resolved, closed or cancelled then, reopened later or not."""
        known = [status for at, status in self.statuses if at < moment]
        return bool(known) and known[-1] in ("Résolu", "Clos", "Annulé", "Fusionné")

    @property
    def status(self) -> str:
        return self.statuses[-1][1]

    @property
    def ended(self) -> dt.datetime | None:
        """The last resolution, or the cancellation; None while open."""
        done = [at for at, status in self.statuses if status in CANCELLED | {"Résolu"}]
        return done[-1] if self.status in ENDED | CANCELLED else None

    def spent(self, *paused: str, until: dt.datetime = EXTRACTED) -> float:
        """Return the hours until the resolution, less those in some statuses."""
        edges = [*(pair for pair in self.statuses if pair[0] < until), (until, "")]
        return sum(
            hours(start, end, self.off)
            for (start, status), (end, _) in pairwise(edges)
            if status not in ENDED | set(paused)
        )

    def response(self) -> str:
        """Return the outcome under art. 5.1."""
        replies = [at for at, event in self.events if event["field"] == "public_reply"]
        waited = hours(self.opened, replies[0] if replies else EXTRACTED, self.off)
        return self._outcome(waited, RESPONSE[self.priority], bool(replies))

    def resolution(self, *paused: str, p2_hours: float | None = None) -> str:
        """Return the outcome under art. 5.2; the contract pauses it for the caller only."""
        target = self.delay(self.priority)
        if self.priority == "P2":
            target = p2_hours or target
        spent = self.spent(*(paused or (USER,)))
        return self._outcome(spent, target + self.extension, self.status in ENDED)

    def delay(self, priority: str) -> float:
        """Return the target of art. 5.2 for a priority, in hours, without extension."""
        amended = priority == "P2" and self.day >= AMENDED
        return 6 if amended else RESOLUTION[priority]

    def _outcome(self, elapsed: float, target: float, done: bool) -> str:
        if self.status in CANCELLED:
            return "excluded"
        return "breached" if elapsed > target else "met" if done else "running"


@pytest.fixture(scope="module")
def readme() -> str:
    return (DATA / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    """Every ticket that can be used, with its events in order."""
    kept: dict[str, Row] = {}
    for row in rows("tickets"):
        opened, resolved = moment(row["opened_at"]), moment(row["resolved_at"])
        sound = opened is not None and opened <= EXTRACTED and row["priority"] in RESPONSE
        if sound and not (resolved and resolved < opened):
            kept.setdefault(row["ticket_id"], row)
    events = defaultdict(list)
    for event in rows("ticket_events"):
        at = moment(event["at"])
        if event["ticket_id"] in kept and at is not None:
            events[event["ticket_id"]].append((at, event))
    accepted = {
        row["ticket_id"]: float(row["hours"])
        for row in rows("extensions")
        if row["decision"] == "accepted"
    }
    return {
        name: Told(row, sorted(events[name], key=lambda pair: pair[0]), accepted.get(name, 0.0))
        for name, row in kept.items()
    }


def rate(outcomes: Iterator[str] | list[str]) -> tuple[int, int]:
    """Return met, and met + breached."""
    counts = Counter(outcomes)
    return counts["met"], counts["met"] + counts["breached"]


def percent(met: int, n: int) -> str:
    """Return a share as the README prints it: 481 of 582 (82.6 %)."""
    return f"{met:,} of {n:,} ({100 * met / n:.1f} %)"


def generator() -> ModuleType:
    """Return the module that draws the tickets."""
    spec = importlib.util.spec_from_file_location("ticket_log", DATA / "ticket_log.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- The files


def test_the_script_writes_every_table_again_to_the_byte(tmp_path: Path) -> None:
    script = DATA / "make_sample.py"
    subprocess.run([sys.executable, "-W", "error", script, tmp_path], check=True, cwd=tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert written == {path.name: path.read_bytes() for path in SAMPLE.glob("*.csv")}
    assert len(written) == 39


def test_the_tables_stay_small_enough_to_clone() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.glob("*.csv")) < 4_000_000


def test_the_files_are_written_as_the_tools_of_a_french_company_write_them() -> None:
    assert (SAMPLE / "tickets.csv").read_bytes().startswith(b"\xef\xbb\xbfticket_id;opened_at")
    assert b"\r\n" in (SAMPLE / "ticket_events.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        (SAMPLE / "survey_answers.csv").read_bytes().decode("utf-8")
    assert all("," in row["value"] for row in rows("reported_kpis"))


def test_the_generator_draws_under_the_terms_of_the_contract() -> None:
    from reviewlib.calendars.service_hours import WorkingDays
    from reviewlib.contract import load_contract

    drawn, contract = generator(), load_contract(SAMPLE)
    for name, stated, day in (
        ("Art. 5.1", drawn.RESPONSE, 10),
        ("Art. 5.2", drawn.RESOLUTION, 10),
    ):
        targets = contract.versions[0].clauses[name].targets
        assert stated == {
            p: t.n * day if isinstance(t, WorkingDays) else t.total_seconds() / 3600
            for p, t in targets.items()
        }
    amended = contract.versions[1].clauses["Art. 5.2"].targets["P2"]
    assert amended.total_seconds() / 3600 == drawn.P2_AMENDED
    assert contract.amendments[0].effective == drawn.AMENDMENT.date()
    period = contract.sensitive_periods[0]
    assert (period.first, period.last) == tuple(day.date() for day in drawn.PEAK)
    assert contract.extracted_at == drawn.EXTRACTED
    off = {dt.date.fromisoformat(day) for day in [*drawn.HOLIDAYS, *drawn.CLOSURES]}
    assert off == {day for day in FRANCE if day <= dt.date(2025, 7, 14)}


def test_every_text_is_given_in_both_languages() -> None:
    def spoken(value: object) -> Iterator[set[str]]:
        parts = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict) and {"fr", "en"} & set(value):
            yield set(value)
        for part in parts if isinstance(value, dict | list) else ():
            yield from spoken(part)

    for written in (SAMPLE / "engagement.yml", DATA / "story.yml"):
        found = list(spoken(yaml.safe_load(written.read_text(encoding="utf-8"))))
        assert len(found) > 30
        assert all(languages == {"fr", "en"} for languages in found)
    for table in ("tickets", "survey_answers", "milestones", "deliverables", "lessons", "actions",
                  "extensions", "outages", "maintenance_windows", "payments", "replies",
                  ):  # fmt: skip
        lines = rows(table)
        pairs = [name for name in lines[0] if f"{name}_en" in lines[0]]
        assert pairs
        for name in pairs:
            assert all(bool(row[name]) == bool(row[f"{name}_en"]) for row in lines), name


# --- What a reader of the tables must say


def test_exactly_the_planted_rows_are_set_aside_or_repaired(readme: str) -> None:
    from reviewlib.folder.engagement import load_engagement
    from reviewlib.tables import rules

    engagement = load_engagement(SAMPLE)
    aside = Counter(zip(engagement.set_aside["table"], engagement.set_aside["rule"], strict=True))
    assert aside == {
        ("tickets", rules.BEFORE): 1,
        ("tickets", rules.NOT_ALLOWED): 1,
        ("tickets", rules.AFTER): 1,
        ("tickets", rules.UNIQUE): 1,
        ("ticket_events", rules.CHILD): 5,
        ("ticket_events", rules.ORPHAN): 1,
        ("ticket_events", rules.UNREADABLE): 1,
    }
    fixed = Counter(zip(engagement.repaired["table"], engagement.repaired["rule"], strict=True))
    assert fixed == {
        ("tickets", rules.DST_GAP): 1,
        ("tickets", rules.DST_FOLD): 1,
        ("ticket_events", rules.DST_GAP): 1,
        ("ticket_events", rules.DST_FOLD): 1,
    }
    named = set(engagement.set_aside["content"].str.split(" ; ").str[0])
    assert named == {"INC19001", "INC19002", "INC19003", "INC12501", "INC99999", "INC11201"}
    assert all(name in readme for name in named)
    assert not engagement.unused
    assert "4 tickets and 7 events set aside, 4 values repaired" in readme


def test_six_thousand_tickets_can_be_used(told: dict[str, Told], readme: str) -> None:
    assert (len(rows("tickets")), len(told)) == (6004, 6000)
    assert len(rows("ticket_events")) - 7 == sum(len(ticket.events) for ticket in told.values())
    assert f"{len(rows('ticket_events')):,} events" in readme


def test_the_log_of_every_ticket_is_a_chain(told: dict[str, Told]) -> None:
    for name, ticket in told.items():
        assert ticket.events[0][1]["new"] == "Nouveau", name
        assert ticket.row["status"] == ticket.status, name
        last: dict[str, str] = {}
        for _, event in ticket.events:
            field = event["field"]
            if field == "public_reply":
                continue
            assert event["old"] == last.get(field, event["old"]), (name, event)
            last[field] = event["new"]


# --- The story


def test_compliance_over_the_whole_contract_is_as_planted(
    told: dict[str, Told], readme: str
) -> None:
    for clause, outcome in (("5.1", Told.response), ("5.2", Told.resolution)):
        for priority in RESPONSE:
            mine = [t for t in told.values() if t.priority == priority]
            counts = Counter(outcome(ticket) for ticket in mine)
            line = [counts[c] for c in ("met", "breached", "running", "excluded")]
            share = f"{100 * line[0] / (line[0] + line[1]):.1f} %"
            cells = " | ".join([clause, priority, *(f"{n:,}" for n in line), share])
            assert f"| {cells} |" in readme


def test_the_transition_is_rough_and_leaves_a_backlog(told: dict[str, Told], readme: str) -> None:
    months = [rate([t.resolution() for t in told.values() if f"{t.day:%Y-%m}" == month])
              for month in ("2024-01", "2024-02", "2024-03")]  # fmt: skip
    assert ", ".join(percent(*month) for month in months) in readme
    after = rate([t.resolution() for t in told.values() if t.day >= dt.date(2024, 4, 1)])
    assert f"{percent(*after)} from April 2024 on" in readme
    left = [
        sum(t.opened < end and not t.over_at(end) for t in told.values())
        for end in (dt.datetime(2024, month, 1, tzinfo=PARIS) for month in (2, 3, 4, 5, 6))
    ]
    assert left[0] < left[1] < left[2] > left[3] > left[4]
    assert f"backlog at the ends of January to May: {', '.join(map(str, left))}" in readme


def test_the_amendment_turns_a_target_held_into_one_missed(
    told: dict[str, Told], readme: str
) -> None:
    p2 = [t for t in told.values() if t.priority == "P2"]
    before, after = [t for t in p2 if t.day < AMENDED], [t for t in p2 if t.day >= AMENDED]
    held, missed = rate([t.resolution() for t in before]), rate([t.resolution() for t in after])
    assert held[0] / held[1] >= 0.90 > missed[0] / missed[1]
    assert f"January to September 2024: {percent(*held)} within 8 h" in readme
    settled = rate([t.resolution() for t in before if t.day >= dt.date(2024, 4, 1)])
    assert f"of which April to September: {percent(*settled)}" in readme
    assert f"from October 2024: {percent(*missed)} within 6 h" in readme
    other = rate([t.resolution(p2_hours=8) for t in after])
    assert f"under the former 8 h it would be {percent(*other)}" in readme


def test_the_sensitive_period_has_more_tickets_and_worse_service(
    told: dict[str, Told], readme: str
) -> None:
    steady = [t for t in told.values() if t.day >= dt.date(2024, 4, 1)]
    inside = [t for t in steady if PEAK[0] <= t.day <= PEAK[1]]
    outside = [t for t in steady if not PEAK[0] <= t.day <= PEAK[1]]
    days = (dt.date(2025, 6, 30) - dt.date(2024, 4, 1)).days + 1
    a_day = len(inside) / 44, len(outside) / (days - 44)
    assert f"{len(inside)} tickets, {a_day[0]:.1f} a day against {a_day[1]:.1f}" in readme
    shares = [percent(*rate([t.resolution() for t in part])) for part in (inside, outside)]
    assert f"resolution {shares[0]} against {shares[1]}" in readme


def test_the_sensitive_period_costs_more_against_what_it_compares_with(
    told: dict[str, Told], readme: str
) -> None:
    """Outside, from April 2024 on, without P2 before the amendment, whose target was 8 h."""
    steady = [t for t in told.values() if t.day >= dt.date(2024, 4, 1)]
    inside = rate([t.resolution() for t in steady if PEAK[0] <= t.day <= PEAK[1]])
    all_outside = rate([t.resolution() for t in told.values() if not PEAK[0] <= t.day <= PEAK[1]])
    comparable = rate(
        [
            t.resolution()
            for t in steady
            if not PEAK[0] <= t.day <= PEAK[1] and not (t.priority == "P2" and t.day < AMENDED)
        ]
    )
    points = 100 * (comparable[0] / comparable[1] - inside[0] / inside[1])
    apart = f"{percent(*comparable)}, which is {points:.1f} points more"
    assert f"{apart}, and not {percent(*all_outside)}" in readme


def test_months_stood_and_the_ramp_up_weighs_as_the_readme_says(
    told: dict[str, Told], readme: str
) -> None:
    months = {("5.1", p): 0.95 for p in RESPONSE} | {
        ("5.2", p): share for p, share in zip(RESPONSE, (0.95, 0.9, 0.9, 0.85), strict=True)
    }
    for (article, priority), threshold in months.items():
        by_month, settled = defaultdict(list), []
        for ticket in told.values():
            if ticket.priority == priority:
                outcome = ticket.response() if article == "5.1" else ticket.resolution()
                by_month[f"{ticket.day:%Y-%m}"].append(outcome)
                settled += [outcome] if ticket.day >= dt.date(2024, 4, 1) else []
        rates = [rate(outcomes) for outcomes in by_month.values()]
        missed = sum(met < threshold * n - 1e-9 for met, n in rates if n)
        n = sum(n > 0 for _, n in rates)
        after = percent(*rate(settled)) if article == "5.2" else "none agreed"
        assert f"| {article} | {priority} | {missed} of {n} | {after} |" in readme


def test_the_response_of_p2_is_kept_by_the_last_priority_alone(
    told: dict[str, Told], readme: str
) -> None:
    """A response of P2 has 1 h on office hours, of P3 4 h; a ticket was P2 if its log says so."""
    last = [t for t in told.values() if t.priority == "P2"]
    lowered = [
        t
        for t in told.values()
        if t.priority == "P3"
        and any(e["field"] == "priority" and "P2" in (e["old"], e["new"]) for _, e in t.events)
        and t.status not in CANCELLED
    ]
    late = []
    for ticket in lowered:
        replies = [at for at, event in ticket.events if event["field"] == "public_reply"]
        waited = hours(ticket.opened, replies[0] if replies else EXTRACTED, ticket.off)
        late.append(waited > RESPONSE["P2"])
    met, n = rate([t.response() for t in last])
    highest = met + late.count(False), n + len(late)
    line = (
        f"response of P2 {percent(met, n)} by the last priority; {len(late)} tickets were lowered "
        f"to P3, {sum(late)} of them late as P2: {percent(*highest)} by the highest"
    )
    assert line in readme


def test_the_provider_reports_what_the_log_gives_without_the_wait_for_third_parties(
    told: dict[str, Told], readme: str
) -> None:
    by_month = defaultdict(list)
    for ticket in told.values():
        by_month[f"{ticket.day:%Y-%m}"].append(ticket)
    gaps, unexplained = [], []
    for row in rows("reported_kpis"):
        mine = [t for t in by_month[row["month"]] if row["priority"] in ("", t.priority)]
        reported = float(row["value"].replace(",", "."))
        is_response = row["clause"] == "Art. 5.1"
        read = rate([t.response() if is_response else t.resolution(USER, THIRD) for t in mine])
        if abs(reported - 100 * read[0] / read[1]) > 0.051:
            unexplained.append((row["month"], row["clause"], row["priority"]))
        assert int(row["n"]) == read[1]
        if row["clause"] == "Art. 5.2" and not row["priority"]:
            met, n = rate([t.resolution() for t in mine])
            gaps.append(reported - 100 * met / n)
    assert unexplained == [("2024-12", "Art. 5.2", "")]
    assert len(gaps) == 18
    assert f"{sum(1 <= gap <= 3 for gap in gaps)} months of 18 by 1 to 3 points" in readme
    assert f"from {min(gaps):.1f} to {max(gaps):.1f}" in readme
    flips = sum(
        t.resolution() == "breached" and t.resolution(USER, THIRD) == "met" for t in told.values()
    )
    assert f"{flips} tickets" in readme


def test_tickets_are_still_open_at_the_end(told: dict[str, Told], readme: str) -> None:
    left = Counter(t.resolution() for t in told.values() if not t.ended)
    waiting = sum(t.status == USER for t in told.values())
    assert f"{left.total()} tickets open: {left['breached']} past their target" in readme
    assert f"{waiting} waiting for their caller" in readme
    assert set(left) == {"breached", "running"}


def test_the_flow_has_the_shape_of_the_public_logs(told: dict[str, Told], readme: str) -> None:
    n = len(told)
    logs = [[event for _, event in ticket.events] for ticket in told.values()]
    resolved = sum(any(e["new"] == "Résolu" for e in log) for log in logs)
    again = sum(any((e["old"], e["new"]) == ("Résolu", "En cours") for e in log) for log in logs)
    shares = {
        "waited for the caller": sum(any(e["new"] == USER for e in log) for log in logs) / n,
        "waited for a third party": sum(any(e["new"] == THIRD for e in log) for log in logs) / n,
        "held by several teams": sum(any(e["field"] == "group" for e in log) for log in logs) / n,
        "priority changed": sum(any(e["field"] == "priority" for e in log) for log in logs) / n,
        "reopened, of those resolved": again / resolved,
    }
    for label, share in shares.items():
        assert f"| {label} | {100 * share:.1f} % |" in readme
    lasted = sorted(
        (t.ended - t.opened).total_seconds() / 3600
        for t in told.values() if t.ended and t.status in ENDED
    )  # fmt: skip
    middle = (lasted[(len(lasted) - 1) // 2] + lasted[len(lasted) // 2]) / 2
    assert f"| median from opening to resolution | {middle:.1f} h |" in readme


def major_since(ticket: Told) -> dt.datetime | None:
    """Return since when a ticket was a P1: its opening, or a change; None when it never was."""
    changed = [pair for pair in ticket.events if pair[1]["field"] == "priority"]
    held = [(ticket.opened, changed[0][1]["old"] if changed else ticket.priority)]
    held += [(at, event["new"]) for at, event in changed]
    return next((at for at, priority in held if priority == "P1"), None)


def test_three_major_incidents_were_escalated_late_and_no_other(
    told: dict[str, Told], readme: str
) -> None:
    """A level is due where the ticket was unresolved at its minute; a higher one serves for it."""
    late: dict[str, list[str]] = defaultdict(list)
    due: Counter[str] = Counter()
    for name, ticket in told.items():
        start = major_since(ticket)
        for level, minutes in LADDER.items() if start else ():
            limit = start + dt.timedelta(minutes=minutes)
            steps = [
                at for at, event in ticket.events
                if event["field"] == "escalation" and event["new"] >= level
            ]  # fmt: skip
            assert not (steps and ticket.over_at(min(steps))), name
            if ticket.over_at(limit):
                continue
            due[level] += 1
            if min(steps, default=EXTRACTED) > limit:
                late[level].append(f"{name} ({(min(steps) - start).total_seconds() / 60:.0f} min)")
    assert set(late) == {"1"}
    assert len(late["1"]) == 3
    assert ", ".join(late["1"]) in readme
    assert f"due for {due['1']}, {due['2']} and {due['3']} of the 70 P1 tickets" in readme
    assert sum(major_since(ticket) is not None for ticket in told.values()) == 70


# --- What the chapters on signals, extensions, availability and volumes must find


def test_twelve_waits_were_set_late_in_the_delay_on_thursdays_and_fridays(
    told: dict[str, Told], readme: str
) -> None:
    """Late: in the last fifth of the target time, before it is used up; all after noon.

    Expected by chance, for each priority: waits set × time run in the last fifth / time run.
    """
    late, ran = {}, {priority: [0.0, 0.0, 0] for priority in RESPONSE}
    for name, ticket in told.items():
        if ticket.status in CANCELLED:
            continue
        delay, sums = ticket.delay(ticket.priority) + ticket.extension, ran[ticket.priority]
        within = min(ticket.spent(USER), delay)
        sums[0] += within
        sums[1] += max(0.0, within - 0.8 * delay)
        for at, event in ticket.events:
            share = ticket.spent(USER, until=at) / delay if event["new"] == USER else 1
            sums[2] += share < 1
            if 0.8 <= share < 1:
                late[name] = at.astimezone(PARIS)
    expected = sum(n * last / all_of_it for all_of_it, last, n in ran.values())
    assert f"some {expected:.0f} of {sum(n for _, _, n in ran.values()):,} would be" in readme
    assert len(late) == 12
    assert all(at.weekday() in (3, 4) and at.hour >= 13 for at in late.values())
    assert all(told[name].resolution() == "met" for name in late)
    assert ", ".join(late) in readme


def test_nine_tickets_were_reopened_by_their_caller_within_a_day(
    told: dict[str, Told], readme: str
) -> None:
    reopened, soon = [], {}
    for name, ticket in told.items():
        log = [(at, e) for at, e in ticket.events if e["field"] == "status"]
        for (resolved, before), (at, event) in pairwise(log):
            if (before["new"], event["new"]) == ("Résolu", "En cours"):
                reopened.append(name)
                assert event["actor_side"] == "client"
                if at - resolved <= dt.timedelta(hours=24):
                    soon[name] = at - resolved
    assert (len(reopened), len(soon)) == (132, 9)
    assert ", ".join(soon) in readme
    assert f"of {len(reopened)} reopenings" in readme


def test_four_priorities_were_lowered_late_in_the_delay(told: dict[str, Told], readme: str) -> None:
    """Late: in the last fifth of the target time of the former priority, or after it."""
    lowered, late = 0, []
    for name, ticket in told.items():
        for at, event in ticket.events:
            if event["field"] == "priority" and event["old"] < event["new"]:
                lowered += 1
                if ticket.spent(USER, until=at) >= 0.8 * ticket.delay(event["old"]):
                    late.append(name)
    assert len(late) == 4
    assert f"{', '.join(late)}, of {lowered} priorities lowered" in readme


def poisson_limit(mean: float) -> int:
    """Return the least count that a Poisson law of some mean exceeds in one case of 1,000."""
    count, below = 0, math.exp(-mean)
    while below < 0.999:
        count += 1
        below += math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
    return count


def test_one_month_ends_with_many_resolutions(told: dict[str, Told], readme: str) -> None:
    """The last working day of a month against the mean of its other working days."""
    resolved = Counter(
        at.astimezone(PARIS).date()
        for ticket in told.values()
        for at, status in ticket.statuses
        if status == "Résolu"
    )
    days = [dt.date(2024, 1, 1) + dt.timedelta(n) for n in range(547)]
    months = defaultdict(list)
    for day in days:
        if day.weekday() < 5 and day not in FRANCE:
            months[f"{day:%Y-%m}"].append(day)
    many = []
    for *others, last in months.values():
        mean = sum(resolved[day] for day in others) / len(others)
        if resolved[last] > poisson_limit(mean):
            many.append((last, resolved[last], round(mean, 1), poisson_limit(mean)))
    assert len(months) == 18
    ((day, count, mean, limit),) = many
    assert day == dt.date(2025, 3, 31)
    assert f"{count} resolutions against {mean} on the other working days" in readme
    assert f"(99.9 % limit: {limit})" in readme


def test_fifteen_tickets_were_resolved_without_any_work(told: dict[str, Told], readme: str) -> None:
    found = []
    for name, ticket in told.items():
        first = next((at for at, status in ticket.statuses if status == "Résolu"), None)
        before = [e for at, e in ticket.events if first and at < first]
        if first and {e["new"] for e in before} == {"Nouveau"}:
            found.append(name)
            assert (ticket.response(), ticket.row["first_response_at"]) == ("breached", "")
            assert not ticket.row["relation"]
    assert len(found) == 15
    assert ", ".join(found) in readme


def test_of_five_extensions_two_make_a_late_ticket_in_time(
    told: dict[str, Told], readme: str
) -> None:
    """One comes too short, one was not needed; the refused one would have changed a verdict."""
    verdicts = {}
    for row in rows("extensions"):
        ticket = told[row["ticket_id"]]
        decided = dt.datetime.fromisoformat(row["decided_at"]).replace(tzinfo=PARIS)
        assert ticket.spent(USER, until=decided.astimezone(dt.UTC)) < ticket.delay(ticket.priority)
        hours = float(row["hours"])
        spent, delay = ticket.spent(USER), ticket.delay(ticket.priority)
        verdicts[row["ticket_id"]] = (row["decision"], spent <= delay, spent <= delay + hours)
    assert verdicts == {
        "INC12024": ("accepted", False, True),
        "INC12684": ("refused", False, True),
        "DEM12925": ("accepted", True, True),
        "INC13619": ("accepted", False, False),
        "INC14379": ("accepted", False, True),
    }
    assert all(name in readme for name in verdicts)
    assert told["INC12684"].resolution() == "breached"


def test_merged_tickets_and_children_name_an_earlier_ticket(
    told: dict[str, Told], readme: str
) -> None:
    count: Counter[str] = Counter()
    for name, ticket in told.items():
        relation, parent = ticket.row["relation"], ticket.row["parent_id"]
        assert bool(relation) == bool(parent)
        assert (relation == "merged") == (ticket.status == "Fusionné"), name
        count[relation] += 1
        if relation:
            assert told[parent].opened < ticket.opened
            assert told[parent].row["service"] == ticket.row["service"]
            assert not told[parent].row["relation"]
    assert f"{count['merged']} merged tickets and {count['child']} children" in readme


def minutes_between(start: str, end: str) -> set[int]:
    """Return the minutes of UTC between two local times."""
    first, last = (
        int(dt.datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()) // 60
        for text in (start, end)
    )
    return set(range(first, last))


def agreed(service: str, minute: int) -> bool:
    """Whether a service is due at a minute of UTC."""
    local = dt.datetime.fromtimestamp(60 * minute, PARIS)
    office = local.weekday() < 5 and local.date() not in FRANCE and 8 <= local.hour < 18
    return service == "supervision" or office


def maintained(service: str) -> set[int]:
    """Return the minutes of maintenance that are no down time: told 72 h before, and agreed to."""
    found: set[int] = set()
    for row in rows("maintenance_windows"):
        notice = minutes_between(row["announced_at"], row["starts_at"])
        if row["service"] == service and row["agreed"] == "1" and len(notice) >= 72 * 60:
            found |= minutes_between(row["starts_at"], row["ends_at"])
    return found


def month_of(minute: int) -> str:
    return f"{dt.datetime.fromtimestamp(60 * minute, PARIS):%Y-%m}"


def lost_minutes(service: str) -> dict[str, int]:
    """Return the down time by month: the union of outages, less 8 h of maintenance at most."""
    down: set[int] = set()
    for row in rows("outages"):
        if row["service"] == service:
            down |= minutes_between(row["started_at"], row["ended_at"])
    down = {minute for minute in down if agreed(service, minute)}
    spared = Counter(month_of(minute) for minute in down & maintained(service))
    found = Counter(map(month_of, down))
    return {month: n - min(spared[month], 480) for month, n in found.items()}


def test_availability_is_as_planted(readme: str) -> None:
    """Minute by minute. Whole numbers only: kept when 1000 × up ≥ ‰ asked × agreed."""
    every = sorted(minutes_between("2024-01-01 00:00:00", "2025-07-01 00:00:00"))
    lines = {}
    for service, (asked, clause) in UP.items():
        due = Counter(month_of(minute) for minute in every if agreed(service, minute))
        lost = lost_minutes(service)
        kept = {m: 1000 * (due[m] - lost.get(m, 0)) >= asked * due[m] for m in due}
        for month, n in lost.items():
            share = f"{100 * (due[month] - n) / due[month]:.4f} %"
            verdict = "kept" if kept[month] else "missed"
            cells = [clause, month, f"{due[month]:,}", str(n), share, verdict]
            lines[service, month] = f"| {' | '.join(cells)} |"
        total = due.total() - sum(lost.values())
        share = f"{100 * total / due.total():.4f} %"
        whole = [clause, "whole period", f"{due.total():,}", str(sum(lost.values())), share]
        lines[service, ""] = f"| {' | '.join(whole)} | {sum(kept.values())} of 18 kept |"
    assert set(lines.values()) == {
        line for line in readme.split("\n") if line.startswith(("| Art. 5.3 |", "| Art. 5.4 |"))
    }
    assert "| 99.5000 % | kept |" in lines["applications", "2024-03"]
    assert "| 99.8958 % | missed |" in lines["supervision", "2025-06"]


def test_each_outage_loses_the_minutes_that_the_readme_works_out(readme: str) -> None:
    """By itself: what two outages share is counted in both, and maintenance in full."""
    for row in rows("outages"):
        down = minutes_between(row["started_at"], row["ended_at"])
        lost = sum(agreed(row["service"], minute) for minute in down)
        assert f"| {row['outage_id']} | {row['service']} | " in readme
        line = next(
            part for part in readme.split("\n") if part.startswith(f"| {row['outage_id']} ")
        )
        assert line.split(" | ")[3:5] == [f"{len(down):,}", f"{lost:,}"], row["outage_id"]


def test_the_records_of_outages_have_one_duplicate_and_two_wrong_durations(readme: str) -> None:
    seen = Counter((r["service"], r["started_at"], r["ended_at"]) for r in rows("outages"))
    wrong = {
        row["outage_id"]: len(minutes_between(row["started_at"], row["ended_at"]))
        for row in rows("outages")
        if int(row["recorded_minutes"]) != len(minutes_between(row["started_at"], row["ended_at"]))
    }
    assert (seen.total() - len(seen), wrong) == (1, {"O16": 105, "O21": 40})
    assert "one is recorded twice (O25, O26), two with a wrong duration (O16, O21)" in readme


def test_volumes_by_item_of_the_scope_are_as_planted(told: dict[str, Told], readme: str) -> None:
    tickets = [ticket.row for ticket in told.values()]
    outside = sum(row["category"] == "Hors périmètre" for row in tickets)
    by_service = Counter(row["service"] for row in tickets if row["category"] != "Hors périmètre")
    support = by_service["support"] + by_service["applications"]
    counts = support, by_service["supervision"], by_service["migration"], outside
    assert sum(counts) == 6000
    words = "{:,} tickets of support, {} of monitoring, {} of migration, {} out of scope"
    assert words.format(*counts) in readme


def test_each_reply_answers_a_finding_and_is_dated_after_the_extraction(readme: str) -> None:
    answers = [(row["finding"], row["side"], row["position"]) for row in rows("replies")]
    assert len(set(answers)) == 5
    assert all(f"`{finding}`" in readme for finding, _, _ in answers)
    assert all(row["replied_on"] > "2025-07-04" for row in rows("replies"))
    both = [position for finding, _, position in answers if finding.endswith("2024-12")]
    assert both == ["contested", "contested"]


def test_the_e_mail_switch_slips_four_times_and_nothing_else_slips_as_often(readme: str) -> None:
    announced = defaultdict(list)
    for row in rows("milestone_forecasts"):
        announced[row["milestone_id"]].append((row["reported_on"], row["forecast_date"]))
    slips = {
        name: sum(b > a for (_, a), (_, b) in pairwise(sorted(dates)))
        for name, dates in announced.items()
    }
    assert slips == {"M1": 1, "M2": 0, "M3": 0, "M4": 4, "M5": 1, "M6": 1, "M7": 0}
    dates = {row["milestone_id"]: row for row in rows("milestones")}
    late = dt.date.fromisoformat(dates["M4"]["actual_date"]) - dt.date(2024, 9, 30)
    assert f"{late.days} days after the contract" in readme
    reached = {name for name, row in dates.items() if row["actual_date"]}
    in_time = {n for n in reached if dates[n]["actual_date"] <= dates[n]["contract_date"]}
    assert (reached, in_time) == ({"M1", "M2", "M3", "M4", "M5", "M7"}, {"M2", "M3", "M7"})


def test_one_deliverable_is_refused_twice_then_accepted_with_open_reservations() -> None:
    decisions = defaultdict(list)
    for row in rows("submissions"):
        decisions[row["deliverable_id"]].append((row["decision"], row["open_reservations"]))
    reserved = ("accepted_with_reservations", "2")
    assert decisions["D3"] == [("refused", ""), ("refused", ""), reserved]
    first = {name for name, found in decisions.items() if found[0][0].startswith("accepted")}
    assert first == {"D1", "D4", "D5", "D6"}
    assert [name for name, found in decisions.items() if not found[-1][0]] == ["D7", "D8"]


def test_one_department_is_silent_and_one_is_too_small_to_be_shown(readme: str) -> None:
    answers = [row for row in rows("survey_answers") if not row["side"]]  # those of the users
    for wave, n in (("2024-06", 75), ("2025-05", 76)):
        people = {(r["department"], r["respondent"]) for r in answers if r["wave"] == wave}
        count = Counter(department for department, _ in people)
        assert (count.total(), count["Logistique"], count["RH"]) == (n, 0, 3)
        assert min(c for d, c in count.items() if d != "RH") == count["Marketing"] >= 5
        marks = [int(r["answer"]) for r in answers if (r["wave"], r["question"]) == (wave, "Q1")]
        assert percent(sum(mark >= 4 for mark in marks), len(marks)) in readme
        scores = [int(r["answer"]) for r in answers if (r["wave"], r["question"]) == (wave, "Q2")]
        net = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
        assert f"NPS {100 * net / len(scores):.1f}" in readme
    asked = {r["invited"] for r in rows("survey_invitations") if r["department"] == "Logistique"}
    assert asked == {"30"}


def test_actions_are_partly_done_and_three_are_overdue() -> None:
    actions = rows("actions")
    assert Counter(row["status"] for row in actions) == {
        "done": 4, "open": 4, "in_progress": 3, "dropped": 1,
    }  # fmt: skip
    overdue = [
        row["action_id"] for row in actions
        if row["status"] in ("open", "in_progress") and row["due_on"] < "2025-07-04"
    ]  # fmt: skip
    assert overdue == ["A3", "A7", "A9"]
    assert all(row["owner"] for row in actions)
    assert Counter(row["kind"] for row in rows("lessons")) == {"improve": 7, "keep": 2}


def test_the_client_decided_within_fifteen_days_on_all_but_one(readme: str) -> None:
    """Of 12 versions D7 v2, submitted on 27 June 2025, may still be decided on until 12 July."""
    day, delay = dt.date.fromisoformat, dt.timedelta(days=15)
    decided, missed = [], []
    for row in rows("submissions"):
        until = day(row["submitted_on"]) + delay
        if row["decided_on"] and day(row["decided_on"]) <= until:
            decided.append((row["deliverable_id"], row["version"]))
        elif until < EXTRACTED.date():
            missed.append((row["deliverable_id"], row["version"]))
    orders = [row for row in rows("work_orders") if row["accepted_on"]]
    late = [o for o in orders if day(o["accepted_on"]) > day(o["delivered_on"]) + delay]

    assert (len(decided), missed) == (10, [("D8", "v1")])
    assert (len(orders), late) == (5, [])
    assert "| client | 10 | 11 |" in readme
    assert "| client | 5 | 5 |" in readme


def test_the_client_did_two_duties_of_six_and_paid_25_times_of_28_on_time(readme: str) -> None:
    duties = rows("client_duties")
    done = [row["duty_id"] for row in duties if "" < row["done_on"] <= row["due_on"]]
    day = dt.date.fromisoformat
    due = [
        (day(row["received_on"]) + dt.timedelta(days=30), row["paid_on"])
        for row in rows("payments")
        if row["received_on"]
    ]
    judged = [(until, paid) for until, paid in due if paid or until < EXTRACTED.date()]
    on_time = [paid for until, paid in judged if paid and day(paid) <= until]

    assert (done, len(duties)) == (["CD2", "CD5"], 6)
    assert (len(on_time), len(judged)) == (25, 28)
    assert "| client | 2 | 6 |" in readme
    assert "| client | 25 | 28 |" in readme
