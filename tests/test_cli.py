"""The verbs as a user types them: what they print, and their exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reviewlib.cli import app

REPO = Path(__file__).resolve().parents[1]
SAMPLE = REPO / "data" / "sample"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def engagement(tmp_path: Path) -> Path:
    """A copy of the shipped engagement without its large tables."""
    kept = shutil.ignore_patterns("tickets.csv", "ticket_events.csv", "review")
    return Path(shutil.copytree(SAMPLE, tmp_path / "engagement", ignore=kept))


def test_help_names_every_verb(run: Run) -> None:
    done = run("--help")

    assert done.returncode == 0
    for verb in ("new", "check", "close", "ticket", "import"):
        assert verb in done.stdout


def test_an_import_names_the_file_under_way_in_a_log_and_not_among_its_results(
    run: Run, tmp_path: Path
) -> None:
    export = tmp_path / "items.csv"
    export.write_text("line_id,title,original\n1,Licences,100\n", encoding="utf-8")

    done = run("import", "table", export, "--as", "budget", "--to", tmp_path / "desk")

    assert done.returncode == 0
    assert [line.split(" ", 1)[1] for line in done.stderr.splitlines()] == ["items.csv"]
    assert "items.csv: 1 row read." in done.stdout.splitlines()


@pytest.mark.parametrize("words", [["clsoe"], ["close"], ["close", "a", "--languag", "fr"]])
def test_a_wrong_command_exits_with_2_and_no_traceback(run_here: Run, words: list[str]) -> None:
    done = run_here(*words)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Usage" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["close", "nowhere"], "'nowhere'"),
        (["close", "data/sample", "--language", "de"], "allowed are fr, en, all"),
        (["close", "data/sample", "--as-of", "30/06/2025"], "write a date such as 2025-06-30"),
        (
            ["close", "data/sample", "--as-of", "2099-01-01"],
            "postérieure à l’extraction",
        ),
        (["close", "data/sample", "--output", "README.md"], "'README.md' is a file"),
        (["ticket", "data/sample", "INC0"], "ne figure pas parmi les"),
        (["check", "tests"], "engagement.yml"),
        (["new", "data"], "exists already"),
        (["new", "x" * 300], "cannot be made: File name too long"),
        (["import", "jira", "x.csv", "--to", "y"], "glpi, google-forms, ms-forms, table, serv"),
        (["import", "GLPI", "no.csv", "--to", "y"], "no such file"),
        (["import", "servicenow", "README.md", "--to", "Makefile"], "'Makefile' is a file"),
        (["import", "servicenow", "README.md", "--to", "x" * 300], "File name too long"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_is_allowed(
    run_here: Run, words: list[str], said: str
) -> None:
    done = run_here(*words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_check_prints_every_fault_at_once_and_exits_with_2(run: Run, engagement: Path) -> None:
    contract = (engagement / "engagement.yml").read_text(encoding="utf-8")
    broken = contract.replace("currency: EUR", "curency: EUR").replace(
        "month: opened", "month: open"
    )
    (engagement / "engagement.yml").write_text(broken, encoding="utf-8")
    (engagement / "lesons.csv").write_text("lesson_id\n", encoding="utf-8")
    done = run("check", engagement)

    assert done.returncode == 2
    assert "clé inconnue « curency ». Vouliez-vous dire « currency » ?" in done.stderr
    assert done.stderr.count("clauses.Art. 5.1.month") == 1
    assert "lesons.csv : n’est pas une table d’un bilan. Vouliez-vous dire" in done.stderr
    assert done.stderr.endswith("\n3 défauts.\n")


def test_check_prints_the_rows_set_aside_and_exits_with_0(run: Run) -> None:
    done = run("check", "data/sample")

    assert done.returncode == 0
    assert "« P9 »" in done.stdout
    assert " : aucun défaut ; 11 lignes écartées, 4 valeurs réparées.\n" in done.stdout


def test_check_names_nobody_and_cuts_what_a_whole_column_repeats(
    run_here: Run, engagement: Path
) -> None:
    """52 dates without a time are one line; the last event has a side of its own."""
    rows = "".join(f"T{n};2024-03-01\n" for n in range(52))
    (engagement / "tickets.csv").write_text(f"ticket_id;opened_at\n{rows}", encoding="utf-8")
    log = "ticket_id;at;field;old;new;actor_side\nT1;2024-03-02 09:00;assignee;Anne;Bert;Carl\n"
    (engagement / "ticket_events.csv").write_text(log, encoding="utf-8")
    text = (engagement / "engagement.yml").read_text(encoding="utf-8")
    text = text.replace("set_aside_limit: 1 %", "set_aside_limit: 100 %")
    text = text.replace("language: fr", "language: en", 1)
    (engagement / "engagement.yml").write_text(text, encoding="utf-8")
    done = run_here("check", engagement)

    assert done.returncode == 0, done.stderr
    assert "tickets.csv: 52 values repaired: “opened_at” is a date without a time" in done.stdout
    assert "  rows: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 42 others\n" in done.stdout
    assert "ticket_events.csv, row 2: set aside: “actor_side” is none of the" in done.stdout
    assert not [name for name in ("Anne", "Bert", "Carl") if name in done.stdout]


def test_check_lists_the_answers_that_cannot_be_read_and_what_to_state(
    run_here: Run, engagement: Path
) -> None:
    """2 of 4 answers in words, 1 a mean; of the other question 1 of 20, under a tenth."""
    text = (engagement / "engagement.yml").read_text(encoding="utf-8")
    text = text.replace("kind: agreement", "kind: csat")
    text = text.replace("language: fr", "language: en", 1)
    (engagement / "engagement.yml").write_text(text, encoding="utf-8")
    given = ["Plutôt satisfait", "Plutôt satisfait", "2,50", "4"]
    rows = [f"W1;p{n};Q1;{answer}" for n, answer in enumerate(given)]
    rows += [f"W1;p{n};Q2;{answer}" for n, answer in enumerate(["99"] + ["10 - Oui"] * 19)]
    (engagement / "survey_answers.csv").write_text(
        "wave;respondent;question;answer\n" + "\n".join(rows), encoding="cp1252"
    )
    done = run_here("check", engagement)
    assert (
        "survey_answers.csv, question Q1: to look at: 3 of 4 answers are no points of the scale of "
        "1 to 5: “Plutôt satisfait” (2); “2,50” (1). State what they stand for in "
        "survey.questions.Q1 (answers, mean_scores, no_opinion). In a wave, they are more than "
        "10.0%: no figure of the question is given there.\n"
    ) in done.stdout
    assert (
        "question Q2: to look at: 1 of 20 answers is no point of the scale of 0 to 10: “99” (1). "
        "State what it stands for in survey.questions.Q2 (scale, no_opinion).\n"
    ) in done.stdout


def test_check_loads_neither_seaborn_nor_nbconvert_nor_papermill() -> None:
    code = (
        "import sys\n"
        "from reviewlib.cli import app\n"
        "app(['check', 'data/sample'], standalone_mode=False)\n"
        "heavy = {'seaborn', 'matplotlib', 'nbconvert', 'papermill', 'scipy.stats'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_importing_the_library_or_asking_for_help_loads_no_pandas() -> None:
    code = (
        "import sys, reviewlib, reviewlib.cli\n"
        "sys.exit(', '.join({'pandas', 'numpy', 'pydantic', 'babel'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_an_unreadable_engagement_leaves_no_report(run: Run, engagement: Path) -> None:
    (engagement / "lessons.csv").write_text("lesson_id,wrong\nL1,x,y\n", encoding="utf-8")
    done = run("close", engagement)

    assert done.returncode == 2
    assert "lessons.csv, ligne 2 : 3 cellules là où l’en-tête en a 2" in done.stderr
    assert not (engagement / "review").exists()


def test_a_folder_of_new_is_accepted_once_its_blanks_are_filled(
    run_here: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    assert run_here("new", folder).returncode == 0
    blank = run_here("check", folder)
    assert blank.returncode == 2
    assert "engagement.yml, row" in blank.stderr

    text = (folder / "engagement.yml").read_text(encoding="utf-8")
    for key, value in {
        "\nid: ": "\nid: C-1 ",
        "\ntitle: ": "\ntitle: Support ",
        "\ntime_zone: ": "\ntime_zone: Europe/Paris ",
        "\nsigned: ": "\nsigned: 2024-01-02 ",
        "{first: , last: }": "{first: 2024-01-15, last: 2024-12-31}",
        "client:\n  name:": "client:\n  name: Client",
        "provider:\n  name:": "provider:\n  name: Provider",
    }.items():
        assert key in text
        text = text.replace(key, value, 1)
    (folder / "engagement.yml").write_text(text, encoding="utf-8")
    filled = run_here("check", folder)

    assert (filled.returncode, filled.stderr) == (0, "")


def test_close_runs_on_an_imported_log_and_finds_the_figures_of_its_description(
    run: Run, shared: Path, tmp_path: Path
) -> None:
    """Expected figures: SOURCE.md beside the log, where they were recomputed from the raw file."""
    log = shared / "uci_servicenow_498" / "incident_event_log.zip"
    imported = run("import", "servicenow", log, "--to", tmp_path / "log")
    assert imported.returncode == 0, imported.stderr
    done = run("close", tmp_path / "log")
    assert done.returncode == 0, done.stderr

    review = json.loads((tmp_path / "log" / "review" / "review.json").read_text(encoding="utf-8"))
    facts = {fact["id"]: fact for section in review["sections"] for fact in section["facts"]}
    missed = facts["service_levels.recorded.missed"]
    assert (missed["n"], round(missed["value"], 4)) == (24_918, 0.3658)
    kept = {p: facts[f"service_levels.recorded.kept.{p}"] for p in ("P1", "P2", "P3", "P4")}
    assert {p: fact["n"] for p, fact in kept.items()} == {
        "P1": 270, "P2": 408, "P3": 23_466, "P4": 774,
    }  # fmt: skip
    assert {p: round(fact["value"], 3) for p, fact in kept.items()} == {
        "P1": 0.019, "P2": 0.005, "P3": 0.645, "P4": 0.841,
    }  # fmt: skip
    median = facts["durations.recorded.median"]
    assert (median["n"], round(median["value"], 1)) == (23_362, 22.1)
    assert round(facts["durations.recorded.mean"]["value"], 1) == 178.2
    assert round(facts["flow.reopened.recorded"]["value"], 4) == 0.0110
    assert "the contract states no target" in facts["service_levels.met"]["note"]["en"]
    absent = {s["slug"]: s["because"] for s in review["sections"] if s["because"]}
    assert {"milestones", "deliverables", "satisfaction", "lessons"} <= set(absent)
    assert review["as_of_basis"] == "last_event"


@pytest.mark.parametrize(
    ("stop", "language", "words", "code"),
    [
        (signal.SIGINT, "fr", "Arrêté. Rien n’a été écrit.\n", 130),
        (signal.SIGTERM, "en", "Stopped. Nothing was written.\n", 143),
    ],
)
def test_a_run_that_is_stopped_says_that_nothing_was_written_and_leaves_no_kernel(
    tmp_path: Path, stop: signal.Signals, language: str, words: str, code: int
) -> None:
    """Stopped once the kernel of the run is a process, which leaves its file of connection.

    Tests that a shell runs in the background inherit that Ctrl-C is ignored; a terminal heeds it.
    """
    terminal = "import signal, sys, runpy; signal.signal(signal.SIGINT, signal.default_int_handler)"
    as_module = f"{terminal}; runpy.run_module('reviewlib', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", as_module, "close", "data/sample", "--language", language]
    running = subprocess.Popen(
        [*command, "--output", str(tmp_path / "out")],
        cwd=REPO,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    while not list(tmp_path.iterdir()) and running.poll() is None:
        time.sleep(0.05)
    time.sleep(1)
    running.send_signal(stop)
    printed, errors = running.communicate()

    *stages, last = errors.splitlines(keepends=True)
    assert (running.returncode, printed, last) == (code, "", words)
    assert [stage for stage in stages if not re.match(r"\d\d:\d\d:\d\d ", stage)] == []
    assert list(tmp_path.iterdir()) == []


def test_names_from_the_data_give_the_terminal_no_orders(run_here: Run, engagement: Path) -> None:
    lessons = "lesson_id,event,recommendation,kind,\x1b[31mnote\nL1,Slip,Plan,improve,x\n"
    (engagement / "lessons.csv").write_text(lessons, encoding="utf-8")
    (engagement / "actions.csv").unlink()
    done = run_here("check", engagement)

    assert done.returncode == 0, done.stderr
    assert "lessons.csv : colonnes non utilisées : [31mnote" in done.stdout
    assert "\x1b" not in done.stdout


def test_french_spaces_that_do_not_break_reach_the_terminal(run: Run) -> None:
    done = run("ticket", "data/sample", "INC10736", "--language", "fr")

    assert done.returncode == 0, done.stderr
    assert "\u00a0:" in done.stdout
    assert "�" not in done.stdout


def test_check_points_at_what_a_penalty_rule_names_and_no_table_has(
    run_here: Run, engagement_folder: Callable[..., Path], contract_text: str
) -> None:
    rule = (
        "  penalties:\n    Art. 8: {pack: ccag-tic-2009, milestones: [M1, M9], base: 1000}\n"
        "  price: {total: 1000}\n"
    )
    milestones = "milestone_id,title,contract_date,actual_date\nM1,Go,2024-03-01,2024-03-02\n"
    done = run_here("check", engagement_folder(contract_text + rule, milestones=milestones))

    assert done.returncode == 0, done.stderr
    assert (
        "engagement.yml, terms.penalties.Art. 8: to look at: 'M9' is not in milestones.csv: "
        "nothing is computed of it"
    ) in done.stdout


def test_check_points_at_what_is_dated_after_the_day_that_a_review_looks_from(
    run_here: Run, engagement_folder: Callable[..., Path]
) -> None:
    """The contract ends on 31 December 2024, and declares no extraction: a typo of the year."""
    payments = "payment_id,amount,due_on,paid_on\nP1,100,2024-04-01,2024-04-01\n"
    payments += "P2,100,2024-05-01,2025-05-01\n"
    done = run_here("check", engagement_folder(payments=payments))

    assert done.returncode == 0, done.stderr
    assert "payments.csv, row 3: to look at: “paid_on” (2025-05-01) is after the day" in done.stdout
    assert "row 2: to look at" not in done.stdout


def test_the_next_command_can_be_pasted_whatever_the_name_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    outcome = CliRunner().invoke(app, ["new", "dossier é à"])

    assert outcome.output.splitlines()[-1].endswith("reviewlib check 'dossier é à'")
