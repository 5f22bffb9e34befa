"""The files of schedulers: whole, quoted, and run by the schedulers themselves."""

from __future__ import annotations

import ast
import datetime as dt
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from reviewlib.faults import ReviewError
from reviewlib.scheduling.schedules import FORMS, Schedule
from tests.scheduling.engagements import lay_out

Run = Callable[..., subprocess.CompletedProcess[str]]
Require = Callable[[str, str], Path]
HOSTILE = '/srv/it\'s "here" 100 %s $HOME `id` \\n #;é'
"""A folder in whose name every shell and scheduler finds something of its own."""
AT = dt.time(6, 30)
RUN = [sys.executable, "-m", "reviewlib", "run-due", "--root", HOSTILE]


def files(name: str, root: str = HOSTILE, zone: str = "") -> dict[str, str]:
    return FORMS[name](Schedule(AT, zone, ("--root", root)))


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("sign", ["\n", "\r", "\0", "\x1b", "\x85", "\u2028", "\udcff"])
def test_a_name_with_a_line_break_or_a_control_character_is_refused(name: str, sign: str) -> None:
    with pytest.raises(ReviewError, match="control character"):
        files(name, f"/srv/a{sign}b")


@pytest.mark.parametrize("name", ["github", "airflow"])
@pytest.mark.parametrize("sign", ["{{", "{%", "{#"])
def test_a_name_that_a_scheduler_takes_for_an_expression_is_refused(name: str, sign: str) -> None:
    with pytest.raises(ReviewError, match="expression"):
        files(name, f"/srv/a{sign}b")


def test_systemd_accepts_the_service_and_its_timer_with_a_time_zone(
    require: Require, tmp_path: Path
) -> None:
    analyze = require("systemd-analyze", "it comes with systemd")
    written = files("systemd", zone="Europe/Paris")
    for name, text in written.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    timer = written["reviewlib.timer"]

    paths = [tmp_path / name for name in written]
    verified = subprocess.run(
        [analyze, "verify", *paths], capture_output=True, text=True, check=False
    )
    (when,) = re.findall(r"^OnCalendar=(.*)$", timer, re.M)
    calendar = subprocess.run(
        [analyze, "calendar", when], capture_output=True, text=True, check=False
    )
    ours = [line for line in verified.stderr.splitlines() if "reviewlib" in line]
    assert (verified.returncode, ours) == (0, [])
    assert when == "*-*-* 06:30:00 Europe/Paris"
    assert (calendar.returncode, "Persistent=true" in timer) == (0, True)


def test_systemd_runs_the_words_of_the_command_as_they_are() -> None:
    """Unquoted as its manual says: C escapes within double quotes, then ``%%`` and ``$$``."""
    (line,) = re.findall(r"^ExecStart=(.*)$", files("systemd")["reviewlib.service"], re.M)

    words = [word.replace('\\"', '"').replace("\\\\", "\\") for word in re.findall(
        r'"((?:[^"\\]|\\.)*)"', line)]  # fmt: skip
    assert [word.replace("%%", "%").replace("$$", "$") for word in words] == RUN


def test_systemd_where_it_runs_starts_the_service(tmp_path: Path, require: Require) -> None:
    require("systemd-run", "it comes with systemd")
    if not Path("/run/systemd/system").is_dir():
        pytest.skip("systemd does not run here")
    folder = lay_out(tmp_path / "it's 100 % $HOME", last="2024-03-31")
    text = files("systemd", str(folder))["reviewlib.service"]
    unit = Path("/run/systemd/system/reviewlib-test.service")
    unit.write_text(text + f"Environment=PYTHONPATH={Path.cwd()}\n", encoding="utf-8")
    try:
        subprocess.run(["systemctl", "daemon-reload"], check=True)
        subprocess.run(["systemctl", "start", unit.name], check=True)
        assert (folder / "reviews" / "2024Q1" / "review.html").is_file()
    finally:
        unit.unlink()


def test_the_line_of_a_crontab_is_run_by_cron_with_the_words_as_they_are(
    require: Require, tmp_path: Path
) -> None:
    """A real cron, in a mount of its own: the crontabs of this machine are not touched.

    It runs at the next minute but one, which this waits for.
    """
    require("cron", "apt-get install cron")
    if os.geteuid() != 0:
        pytest.skip("a cron of one's own needs the rights of root")
    folder = lay_out(tmp_path / 'it\'s 100 % $HOME "q"', last="2024-03-31")
    at = (dt.datetime.now() + dt.timedelta(seconds=65)).time()
    made = FORMS["cron"](Schedule(at, "", ("--root", str(folder))))["reviewlib.crontab"]
    crontab = tmp_path / "crontab"
    crontab.write_text(f"PYTHONPATH={Path.cwd()}\n{made}", encoding="utf-8")
    own = ["mount -t tmpfs none /var/spool/cron/crontabs", "mount -t tmpfs none /run"]
    script = " && ".join([*own, f"crontab {shlex.quote(str(crontab))}", "exec cron -f"])
    daemon = subprocess.Popen(["unshare", "--mount", "sh", "-c", script], start_new_session=True)
    try:
        page = folder / "reviews" / "2024Q1" / "review.html"
        until = time.monotonic() + 300
        while not page.exists() and time.monotonic() < until:
            assert daemon.poll() is None
            time.sleep(0.5)
        assert page.exists()
    finally:
        daemon.kill()
        daemon.wait()


def test_cron_has_no_time_zone() -> None:
    with pytest.raises(ReviewError, match="no time zone"):
        files("cron", zone="Europe/Paris")


def test_github_runs_the_words_of_the_command_as_they_are_and_keeps_what_was_made() -> None:
    root = 'it\'s "here" 100 %s $HOME é'
    workflow = yaml.safe_load(files("github", root)[".github/workflows/reviews.yml"])
    *_, runs, keeps = workflow["jobs"]["reviews"]["steps"]

    assert shlex.split(runs["run"]) == ["reviewlib", "run-due", "--root", root]
    assert keeps["if"] == "always()"
    assert shlex.split(keeps["run"].splitlines()[2]) == ["git", "add", "--all", "--", root]
    assert workflow[True] == {"schedule": [{"cron": "30 6 * * *"}], "workflow_dispatch": None}


@pytest.mark.parametrize(
    ("zone", "cron"),
    [
        ("Europe/Paris", "30 5 * * *"),  # UTC+1 in winter: 7:30 there in summer, and not 5:30
        ("America/New_York", "30 11 * * *"),
        ("Pacific/Auckland", "30 18 * * *"),  # the day before
        ("", "30 6 * * *"),
    ],
)
def test_github_never_runs_before_the_time_of_the_zone(zone: str, cron: str) -> None:
    text = files("github", "here", zone)[".github/workflows/reviews.yml"]

    assert yaml.safe_load(text)[True]["schedule"] == [{"cron": cron}]


def test_the_dag_of_airflow_runs_the_words_of_the_command_and_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With stand-ins for Airflow: the file is Python, and its operator is given these words."""
    text = files("airflow", zone="Europe/Paris")["reviewlib_run_due.py"]
    given: dict[str, Any] = {}

    class Dag:
        def __init__(self, **about: Any) -> None:
            given.update(about)

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    operator = SimpleNamespace(BashOperator=lambda **about: given.update(about))
    stand_ins = {
        "pendulum": SimpleNamespace(datetime=lambda *day, tz: (*day, tz)),
        "airflow": SimpleNamespace(DAG=Dag),
        "airflow.providers.standard.operators.bash": operator,
    }
    for name, module in stand_ins.items():
        monkeypatch.setitem(sys.modules, name, module)
    tree = ast.parse(text)
    exec(compile(tree, "dag.py", "exec"), {})

    assert shlex.split(given["bash_command"]) == RUN
    assert not given["bash_command"].endswith(".sh")
    assert (given["schedule"], given["start_date"][3]) == ("30 6 * * *", "Europe/Paris")
    assert (given["default_args"]["retries"], given["catchup"]) == (2, False)


def test_a_folder_that_ends_in_sh_is_no_template_for_airflow() -> None:
    assert "x.sh '" in files("airflow", "/srv/x.sh")["reviewlib_run_due.py"]


def test_the_verb_writes_the_files_and_says_what_is_left_to_do(
    run_here: Run, tmp_path: Path
) -> None:
    done = run_here("schedule", "--systemd", "--root", tmp_path, "--at", "6:05", "--every", "month",
                    "--language", "fr,en", "--to", tmp_path / "units")  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        str(tmp_path / "units" / name) for name in ("reviewlib.service", "reviewlib.timer")
    ]
    assert "systemctl enable --now reviewlib.timer" in done.stdout
    service = (tmp_path / "units" / "reviewlib.service").read_text(encoding="utf-8")
    assert f'"--root" "{tmp_path}" "--every" "month" "--language" "fr,en"' in service
    assert "06:05:00" in (tmp_path / "units" / "reviewlib.timer").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "give one of --systemd, --cron, --github, --airflow"),
        (["--cron", "--github"], "give one of"),
        (["--cron", "--at", "25:00"], "write a time of the day"),
        (["--systemd", "--time-zone", "Europe/Pari"], "Europe/Paris"),
        (["--github", "--root", "/srv"], "within the repository"),
        (["--cron", "--root", "nowhere"], "not found"),
        (["--cron", "--every", "week"], "allowed are"),
    ],
)
def test_a_wrong_schedule_is_refused(
    run_here: Run, tmp_path: Path, words: list[str], message: str
) -> None:
    root = [] if "--root" in words else ["--root", "data"]

    done = run_here("schedule", *root, *words)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
