"""The verbs of a schedule: run-due, which makes what is owed, and schedule, which has it run."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reviewlib.faults import ReviewError, cut
from reviewlib.files import write_files
from reviewlib.pages.terminal import say

if TYPE_CHECKING:
    from reviewlib.pages.run_due import Standing

STATES = ("made", "done", "due", "waiting", "busy", "failed")
NOTHING = "no review is owed"

Roots = Annotated[
    list[Path],
    typer.Option(
        "--root",
        metavar="FOLDER",
        help="Where engagements lie, at any depth; may be given several times.",
    ),
]
Every = Annotated[
    str,
    typer.Option(
        "--every",
        metavar="month|quarter|half-year|year",
        help="How often contracts are reviewed that do not say it (governance.reviews). "
        "Default: quarter.",
    ),
]

Languages = Annotated[
    str,
    typer.Option(
        metavar="fr|en|fr,en|all",
        help="Languages, the first one's file has the plain name. Default: the contract's.",
    ),
]


def run_due(
    root: Roots,
    every: Every = "",
    jobs: Annotated[
        int, typer.Option(metavar="N", min=1, max=64, help="How many engagements at a time.")
    ] = 2,
    language: Languages = "",
    *,
    now: Annotated[
        str,
        typer.Option(
            metavar="INSTANT",
            help="Take this day, or instant, for now: what ended before is owed. Default: now.",
        ),
    ] = "",
    list_: Annotated[
        bool, typer.Option("--list", help="Tell how every review stands, and make none.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print it for machines, as one JSON object.")
    ] = False,
) -> None:
    """Make the reviews of periods that are owed, of every engagement under some folders.

    What there is already is not made again: run it every day. It prints a line for each review
    that it made, that waits for data or that failed, then how many of each there are.
    """
    from reviewlib.pages.run_due import Order, Standing, attend, run_all
    from reviewlib.parameters import asked_languages
    from reviewlib.scheduling.folders import engagements

    _refuse_cadence(every)
    asked_languages(language)
    instant = _instant(now)
    places = engagements(root)
    statuses = [Standing(p.folder, "", "failed", p.unreadable) for p in places if p.unreadable]
    orders = [
        Order(place.folder, instant, every, language, run=not list_)
        for place in places
        if not place.unreadable
    ]
    for one in statuses:
        _print(one, as_json)
    made = (one for order in orders for one in attend(order)) if list_ else run_all(orders, jobs)
    for one in made:
        statuses.append(one)
        if list_ or one.state != "done":
            _print(one, as_json)
    _sum_up(statuses, as_json)


def _refuse_cadence(every: str) -> None:
    from reviewlib.calendars.periods import MONTHS

    if every and every not in MONTHS:
        raise ReviewError(f"--every {cut(every)!r}: allowed are {', '.join(MONTHS)}.")


def _instant(now: str) -> dt.datetime:
    """Return the instant that is to be taken for now; a local time is that of this machine."""
    from reviewlib.parameters import moment

    return moment(now).astimezone() if now else dt.datetime.now(dt.UTC)


def _print(one: Standing, as_json: bool) -> None:
    if not as_json:
        say(" ".join(filter(None, (f"{one.state:7}", str(one.folder), one.period, one.words))))


def _sum_up(statuses: list[Standing], as_json: bool) -> None:
    """Print how many reviews stand how; end with 1 where one failed."""
    counts = Counter(str(one.state) for one in statuses)
    if as_json:
        reviews = [_plain(one) for one in sorted(statuses, key=lambda s: (s.folder, s.period))]
        say(json.dumps({"schema": 1, "reviews": reviews}, ensure_ascii=False, indent=2))
    else:
        say(", ".join(f"{counts[state]} {state}" for state in STATES if counts[state]) or NOTHING)
    if counts["failed"]:
        raise typer.Exit(1)


def _plain(one: Standing) -> dict[str, Any]:
    return {
        "folder": str(one.folder),
        "period": one.period or None,
        "state": one.state,
        "words": one.words,
        "page": str(one.page) if one.page else None,
        "due_on": one.due_on.isoformat() if one.due_on else None,
    }


def schedule(
    root: Roots,
    every: Every = "",
    language: Languages = "",
    at: Annotated[str, typer.Option(metavar="HH:MM", help="The time of the day.")] = "06:00",
    time_zone: Annotated[
        str,
        typer.Option(
            metavar="ZONE",
            help="The zone of that time, such as Europe/Paris. Default: that of the machine; for "
            "GitHub and Airflow UTC.",
        ),
    ] = "",
    *,
    systemd: Annotated[bool, typer.Option("--systemd", help="A service and its timer.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="A line of a crontab.")] = False,
    github: Annotated[bool, typer.Option("--github", help="A workflow of GitHub.")] = False,
    airflow: Annotated[bool, typer.Option("--airflow", help="A DAG of Airflow.")] = False,
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where to write. Default: print it.")
    ] = None,
) -> None:
    """Write the files with which a scheduler runs run-due every day."""
    from reviewlib.parameters import asked_languages
    from reviewlib.scheduling.schedules import FORMS, STEPS, Schedule

    flags = {"systemd": systemd, "cron": cron, "github": github, "airflow": airflow}
    names = [name for name, wanted in flags.items() if wanted]
    if len(names) != 1:
        raise ReviewError(f"give one of {', '.join(f'--{name}' for name in flags)}.")
    _refuse_cadence(every)
    asked_languages(language)
    options = [word for one in root for word in ("--root", _place(one, github))]
    for option, value in (("--every", every), ("--language", language)):
        options += [option, value] if value else []
    files = FORMS[names[0]](Schedule(_time(at), _zone(time_zone), tuple(options)))
    if to is None:
        for name, text in files.items():
            say(f"# {name}\n{text}")
        return
    for path in write_files(to, files):
        say(path)
    say(STEPS[names[0]])


def _place(root: Path, in_repository: bool) -> str:
    """Return a root as the scheduler finds it: the whole path, or that from the repository's."""
    if in_repository:
        if root.is_absolute() or ".." in root.parts:
            raise ReviewError(f"--root {cut(str(root))!r}: give the path within the repository.")
        return root.as_posix()
    if not root.expanduser().is_dir():
        raise ReviewError(f"root {cut(str(root))!r}: not found. Give a folder.")
    return str(root.expanduser().resolve())


def _time(at: str) -> dt.time:
    try:
        return dt.datetime.strptime(at.strip(), "%H:%M").time()
    except ValueError:
        raise ReviewError(f"--at {cut(at)!r}: write a time of the day such as 06:00.") from None


def _zone(name: str) -> str:
    from reviewlib.contract.data import known_zone

    try:
        return known_zone(name) if name else ""
    except ValueError as error:
        raise ReviewError(f"--time-zone {cut(name)!r}: {error}") from None
