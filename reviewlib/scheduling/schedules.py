"""Files that have ``reviewlib run-due`` run every day: by systemd, cron, GitHub Actions, Airflow.

A day is often enough for every cadence: what there is already is not made again, and what waits
for data is tried once they are there.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from reviewlib.faults import LONG, ReviewError, cut

UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|[\ud800-\udfff]")
TEMPLATES = ("{{", "{%", "{#")
"""What GitHub and Airflow would take for one of their expressions."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """At which time of the day, in which zone ("": the machine's), what is run.

    ``options``: those of ``run-due``, one by one and not quoted.
    """

    at: dt.time
    time_zone: str
    options: tuple[str, ...]

    @property
    def command(self) -> list[str]:
        """The words of the command, by the interpreter that runs now."""
        return [sys.executable, "-m", "reviewlib", "run-due", *self.options]


def refuse_words(schedule: Schedule, *signs: str) -> None:
    """Raise ReviewError where a word of the command has signs that no quoting keeps as they are."""
    for word in schedule.command:
        if UNSAFE.search(word):
            raise ReviewError(
                f"{cut(repr(word), LONG)} has a line break or a control character, which no "
                "scheduler keeps. Rename the folder."
            )
        for sign in signs:
            if sign in word:
                raise ReviewError(
                    f"{cut(repr(word), LONG)} has {sign}, which this scheduler would take for an "
                    "expression of its own. Rename the folder."
                )


def systemd(schedule: Schedule) -> dict[str, str]:
    """Return a service and its timer, which makes up for a time at which the machine was off."""
    refuse_words(schedule)
    at = f"*-*-* {schedule.at:%H:%M}:00 {schedule.time_zone}".rstrip()
    service = f"""\
[Unit]
Description=Reviews of engagements that are owed (reviewlib run-due)

[Service]
Type=oneshot
Nice=10
ExecStart={" ".join(map(_for_systemd, schedule.command))}
"""
    timer = f"""\
[Unit]
Description=Every day: reviews of engagements that are owed

[Timer]
OnCalendar={at}
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {"reviewlib.service": service, "reviewlib.timer": timer}


def _for_systemd(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def cron(schedule: Schedule) -> dict[str, str]:
    """Return the line of a crontab, whose time is that of the machine's zone."""
    if schedule.time_zone:
        raise ReviewError(
            "cron has no time zone: it runs in the machine's. Leave --time-zone out, or take "
            "--systemd."
        )
    refuse_words(schedule)
    command = shlex.join(schedule.command).replace("%", "\\%")
    text = f"""\
# What was missed while the machine was off is made up for on the next day.
{schedule.at.minute} {schedule.at.hour} * * * {command}
"""
    return {"reviewlib.crontab": text}


def github(schedule: Schedule) -> dict[str, str]:
    """Return a workflow of GitHub Actions that keeps the reviews in the repository."""
    refuse_words(schedule, *TEMPLATES)
    at = _in_utc(schedule)
    command = shlex.join(["reviewlib", "run-due", *schedule.options])
    roots = shlex.join(word for before, word in pairwise(schedule.options) if before == "--root")
    text = f"""\
# Every day at {at:%H:%M} UTC, the only zone of GitHub's schedules; and by hand.
name: Reviews of engagements
on:
  schedule:
    - cron: "{at.minute} {at.hour} * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: reviews
jobs:
  reviews:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "reviewlib[office]"  # or from where you have it
      - run: |
          {command}
      - if: always()  # where one failed, the others are kept
        run: |
          git config user.name reviews
          git config user.email reviews@users.noreply.github.com
          git add --all -- {roots}
          git diff --cached --quiet || git commit --message "Reviews that were owed"
          git push
"""
    return {".github/workflows/reviews.yml": text}


def _in_utc(schedule: Schedule) -> dt.time:
    """Return the time of the day in UTC; the later one where the zone has two."""
    zone = ZoneInfo(schedule.time_zone or "UTC")
    days = (dt.datetime.combine(dt.date(2026, month, 1), schedule.at, zone) for month in (1, 7))
    least = min(day.utcoffset() or dt.timedelta() for day in days)
    return (dt.datetime.combine(dt.date(2026, 1, 1), schedule.at) - least).time()


def airflow(schedule: Schedule) -> dict[str, str]:
    """Return a DAG of Airflow (2.11 or 3) with one BashOperator, tried again twice.

    The command ends with a space: one that ended in ``.sh`` would be taken for a template's name.
    """
    refuse_words(schedule, *TEMPLATES)
    zone = schedule.time_zone or "UTC"
    text = f'''\
"""Every day at {schedule.at:%H:%M} ({zone}): the reviews of engagements that are owed."""

from datetime import timedelta

import pendulum
from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

COMMAND = {shlex.join(schedule.command) + " "!r}

with DAG(
    dag_id="reviewlib_run_due",
    schedule="{schedule.at.minute} {schedule.at.hour} * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz={zone!r}),
    catchup=False,
    max_active_runs=1,
    default_args={{"retries": 2, "retry_delay": timedelta(minutes=30)}},
) as dag:
    BashOperator(task_id="run_due", bash_command=COMMAND)
'''
    return {"reviewlib_run_due.py": text}


FORMS: dict[str, Callable[[Schedule], dict[str, str]]] = {
    "systemd": systemd,
    "cron": cron,
    "github": github,
    "airflow": airflow,
}
"""The files of each scheduler, by name."""

STEPS = {
    "systemd": "sudo cp reviewlib.service reviewlib.timer /etc/systemd/system/ && "
    "sudo systemctl daemon-reload && sudo systemctl enable --now reviewlib.timer",
    "cron": "(crontab -l; cat reviewlib.crontab) | crontab -",
    "github": "commit .github/workflows/reviews.yml on the default branch",
    "airflow": "copy reviewlib_run_due.py into the folder dags of Airflow",
}
"""What is left to do with them."""
