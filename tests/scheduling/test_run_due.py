"""The reviews that are owed: made once, apart from each other, whatever else fails."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewlib.calendars.periods import ReviewPeriod, period_named
from reviewlib.contract import Contract
from reviewlib.faults import ReviewError
from reviewlib.files import write_together
from reviewlib.folder import tries
from reviewlib.folder.kept import next_place
from reviewlib.pages import periodic, run_due
from reviewlib.pages.publish import Outcome
from tests.scheduling.engagements import EXTRACTED, lay_out

Run = Callable[..., subprocess.CompletedProcess[str]]
FILES = ("review.html", "review.json", "review.ipynb")


def lines_of(done: subprocess.CompletedProcess[str], root: Path) -> list[str]:
    """What was printed, without the folder of the test and the spaces that align columns."""
    lines = done.stdout.replace(f"{root}/", "").splitlines()
    return [re.sub("[ \u00a0]+", " ", one) for one in lines]


def hashes(folder: Path) -> dict[str, str]:
    return {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "reviews").rglob("review.*"))
    }


def test_what_is_owed_is_made_once_each_with_its_own_figures_whatever_else_fails(
    run: Run, tmp_path: Path
) -> None:
    """By two workers, each of which makes several; alone in processes of their own, the same bytes.

    The engagements b and d differ in their time zone, and so in every figure of hours.
    """
    root = tmp_path / "all of them"
    b, d = lay_out(root / "b"), lay_out(root / "d", zone="America/New_York", language="fr")
    lay_out(root / "a", language="fr")
    (root / "a" / "engagement.yml").write_text("format: 1\nlanguage: fr\n", encoding="utf-8")
    lay_out(root / "c", last="2024-03-31", more="data: {extracted_at: 2024-03-12}\n",
            ticket="2024-03-10")  # fmt: skip
    lay_out(root / "e", last="2024-03-31")
    (root / "e" / "reviews").write_text("a file", encoding="utf-8")

    first = run("run-due", "--root", root, "--jobs", "2")
    made = {folder.name: hashes(folder) for folder in (b, d)}
    second = run("run-due", "--root", root, "--jobs", "2")
    alone = tmp_path / "alone"
    one = run("period", d, "2024Q2", "--output", alone)

    printed = lines_of(first, root)
    assert first.returncode == second.returncode == 1, first.stderr
    assert sorted(printed[:-1]) == [
        "failed a engagement.yml, ligne 1, id : la clé « id » manque ou n’a pas de valeur "
        "(5 autres défauts : reviewlib check)",
        "failed e e/reviews: File exists",
        *(f"made {name} {q} {name}/reviews/{q}/review.html" for name in "bd"
          for q in ("2024Q1", "2024Q2")),
        "waiting c 2024Q1 the export ends on 12 Mar 2024, before 31 Mar 2024",
    ]  # fmt: skip
    assert printed[-1] == "4 made, 1 waiting, 2 failed"
    assert lines_of(second, root)[-1] == "4 done, 1 waiting, 2 failed"
    assert {folder.name: hashes(folder) for folder in (b, d)} == made
    assert len({*made["b"].values(), *made["d"].values()}) == 12
    assert one.returncode == 0, one.stderr
    assert {name: (alone / name).read_bytes() for name in FILES} == {
        name: (d / "reviews" / "2024Q2" / name).read_bytes() for name in FILES
    }
    assert not {"run-due.lock", "failed.json"} & {path.name for path in (b / "reviews").iterdir()}


def review(folder: Path, period: str, **others: Any) -> dict[str, bytes]:
    """The files of a review of a period that says nothing."""
    days = period_named(period)
    values = {
        "engagement": {"id": folder.name},
        "period": {"first": str(days.first), "last": str(days.last)},
        "versions": {},
        "sections": [],
        **others,
    }
    return dict.fromkeys(FILES, json.dumps(values).encode())


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The periods that were made, by a stub that keeps a review at once."""
    names: list[str] = []

    def period(folder: Path, period: ReviewPeriod, wanted: Any, _: Any) -> Outcome:
        names.append(period.name)
        write_together(next_place(folder, period), review(folder, period.name))
        return Outcome([], [])

    monkeypatch.setattr(periodic, "period", period)
    return names


def attended(folder: Path, *, run: bool = True) -> list[tuple[str, str, str]]:
    order = run_due.Order(folder, LATER, run=run)
    every = [one for one in run_due.attend(order) if one.state != "begun"]
    return [(one.period, one.state, one.words.replace(f"{folder}/", "")) for one in every]


LATER = run_due.dt.datetime(2025, 1, 1, tzinfo=run_due.dt.UTC)


def test_the_oldest_review_is_made_first_and_one_that_is_there_never_again(
    tmp_path: Path, made: list[str]
) -> None:
    folder = lay_out(tmp_path / "one")
    write_together(folder / "reviews" / "2024Q2", review(folder, "2024Q2"))
    before = hashes(folder)

    assert [one[:2] for one in attended(folder)] == [("2024Q2", "done"), ("2024Q1", "made")]
    assert [one[:2] for one in attended(folder)] == [("2024Q1", "done"), ("2024Q2", "done")]
    assert made == ["2024Q1"]
    assert before.items() <= hashes(folder).items()


def test_a_second_edition_of_a_review_counts_as_done_and_is_the_page_that_is_listed(
    tmp_path: Path, made: list[str]
) -> None:
    folder = lay_out(tmp_path / "one", last="2024-03-31")
    for name in ("2024Q1", "2024Q1.2"):
        write_together(folder / "reviews" / name, review(folder, "2024Q1"))

    assert attended(folder) == [("2024Q1", "done", "reviews/2024Q1.2/review.html")]
    assert made == []


def test_what_is_kept_and_is_not_that_review_is_not_done_and_the_list_says_why(
    tmp_path: Path, made: list[str]
) -> None:
    """Neither a damaged one, nor one of another period or engagement, nor one that is torn."""
    folder = lay_out(tmp_path / "one", last="2024-12-31")
    other = lay_out(tmp_path / "other")
    place = folder / "reviews"
    write_together(place / "2024Q1", dict.fromkeys(FILES, b"{"))
    write_together(place / "2024Q2", review(folder, "2024Q1"))
    write_together(place / "2024Q3", review(other, "2024Q3"))
    write_together(place / "2024Q4", review(folder, "2024Q4"))
    (place / "2024Q4" / "review.html").unlink()
    before = sorted(place.rglob("*"))

    listed = attended(folder, run=False)
    assert [one[:2] for one in listed] == [(f"2024Q{n}", "failed") for n in (1, 2, 3, 4)]
    damaged, of_q1, of_other, torn = (one[2] for one in listed)
    assert damaged.startswith("reviews/2024Q1/review.json is not readable as the values of a")
    assert "of 'one', 2024-01-01 to 2024-03-31" in of_q1
    assert "of 'other', 2024-07-01 to 2024-09-30" in of_other
    assert torn == "reviews/2024Q4 has no review.html: the review in it is not whole."
    assert attended(folder) == listed
    assert (made, sorted(place.rglob("*"))) == ([], before)

    write_together(place / "2024Q1", review(folder, "2024Q1"))  # restored
    assert attended(folder, run=False)[0][:2] == ("2024Q1", "done")


def test_another_process_that_is_at_work_on_an_engagement_is_left_alone(
    tmp_path: Path, made: list[str]
) -> None:
    folder = lay_out(tmp_path / "one")

    with tries.at_work(folder) as ours:
        busy = attended(folder)
    assert ours
    assert busy == [("2024Q1", "busy", "another run is at work on this engagement")]
    assert [one[1] for one in attended(folder)] == ["made", "made"]


def test_a_lock_that_a_killed_run_left_is_no_obstacle(tmp_path: Path, made: list[str]) -> None:
    folder = lay_out(tmp_path / "one")
    (folder / "reviews").mkdir()
    (folder / "reviews" / tries.LOCK).write_bytes(b"")

    assert [one[1] for one in attended(folder)] == ["made", "made"]


def test_a_failure_is_remembered_listed_and_tried_again_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lay_out(tmp_path / "one", language="fr")

    def period(folder: Path, period: ReviewPeriod, wanted: Any, _: Any) -> Outcome:
        if period.name == "2024Q1":
            raise ReviewError("tickets.csv : illisible\net la suite")
        write_together(next_place(folder, period), review(folder, period.name))
        return Outcome([], [])

    monkeypatch.setattr(periodic, "period", period)
    assert [one[:2] for one in attended(folder)] == [("2024Q1", "failed"), ("2024Q2", "made")]
    assert attended(folder, run=False) == [
        ("2024Q2", "done", "reviews/2024Q2/review.html"),
        ("2024Q1", "failed", "tickets.csv : illisible"),
    ]

    monkeypatch.setattr(periodic, "period", lambda f, p, w, _: write_together(
        next_place(f, p), review(f, p.name)))  # fmt: skip
    assert ("2024Q1", "made") in [one[:2] for one in attended(folder)]
    assert not (folder / "reviews" / tries.FAILED).exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"2024Q1": 3}', '{"2024Q1": {}}', "\xff"])
def test_a_damaged_note_of_failures_is_taken_for_none(tmp_path: Path, text: str) -> None:
    folder = lay_out(tmp_path / "one")
    (folder / "reviews").mkdir()
    (folder / "reviews" / tries.FAILED).write_text(text, encoding="latin-1")

    assert tries.failures(folder) == {}
    tries.remember(folder, "2024Q1", "again")
    assert tries.failures(folder) == {"2024Q1": "again"}


def test_the_list_says_what_is_due_and_until_when_and_makes_nothing(
    run_here: Run, tmp_path: Path
) -> None:
    more = f'governance: {{reviews: {{every: half-year, within: "10 calendar days"}}}}\n{EXTRACTED}'
    lay_out(tmp_path / "one", more=more)
    lay_out(tmp_path / "two", language="fr")

    listed = run_here("run-due", "--root", tmp_path, "--list", "--now", "2024-07-02")
    as_json = run_here("run-due", "--root", tmp_path, "--list", "--json", "--now", "2024-07-02")

    assert lines_of(listed, tmp_path) == [
        "due one 2024H1 not made yet; due by 10 Jul 2024",
        "due two 2024Q1 pas encore établi",
        "due two 2024Q2 pas encore établi",
        "3 due",
    ]
    assert (listed.returncode, as_json.returncode) == (0, 0)
    assert json.loads(as_json.stdout)["reviews"][0] == {
        "folder": str(tmp_path / "one"),
        "period": "2024H1",
        "state": "due",
        "words": "not made yet; due by 10 Jul 2024",
        "page": None,
        "due_on": "2024-07-10",
    }
    assert not (tmp_path / "one" / "reviews").exists()


def test_before_the_end_of_the_first_period_nothing_is_owed(run_here: Run, tmp_path: Path) -> None:
    lay_out(tmp_path / "one")

    done = run_here("run-due", "--root", tmp_path, "--now", "2024-03-31T12:00")
    assert (done.returncode, done.stdout) == (0, "no review is owed\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--every", "week"], "allowed are month, quarter, half-year, year"),
        (["--language", "de"], "allowed are fr, en, all"),
        (["--now", "tomorrow"], "write a date such as"),
        (["--root", "nowhere"], "not found"),
        (["--jobs", "0"], "greater than or equal to 1"),
    ],
)
def test_a_wrong_command_ends_with_2_before_anything_is_made(
    run: Run, tmp_path: Path, words: list[str], message: str
) -> None:
    lay_out(tmp_path / "one")

    done = run("run-due", "--root", tmp_path, *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "one" / "reviews").exists()


def test_faults_of_a_table_fail_its_review_in_the_language_of_the_contract(
    run: Run, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "one", last="2024-03-31", language="fr")
    (folder / "tickets.csv").write_text("priority,opened_at\nP1,2024-01-03T09:30\n", "utf-8")

    done = run("run-due", "--root", tmp_path)
    listed = run("run-due", "--root", tmp_path, "--list")
    assert (done.returncode, listed.returncode) == (1, 1)
    line = lines_of(done, tmp_path)[0]
    assert line.startswith("failed one 2024Q1 tickets.csv")
    assert "colonne" in line
    assert lines_of(listed, tmp_path)[0] == line


def test_an_engagement_that_cannot_even_be_looked_at_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it owes is asked for in the process that begins the workers."""
    folders = [lay_out(tmp_path / name) for name in ("a", "b")]
    load = run_due.load_contract

    def loaded(folder: Path) -> Contract:
        if folder.name == "a":
            raise ZeroDivisionError("of a kind that nobody thought of")
        return load(folder)

    monkeypatch.setattr(run_due, "load_contract", loaded)
    now = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
    told = [*run_due.run_all([run_due.Order(folder, now) for folder in folders], 1)]
    assert [(one.folder.name, one.state) for one in told] == [("a", "failed")]
    assert told[0].words == "ZeroDivisionError: of a kind that nobody thought of"
