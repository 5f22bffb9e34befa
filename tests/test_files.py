"""Outputs as one unit: of one run, whole, whatever kills the writer, and beside foreign files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reviewlib import files
from reviewlib.faults import ReviewError
from reviewlib.files import LOCK, SCRATCH, refuse_place, write_together

REPO = Path(__file__).resolve().parents[1]
NAMES = ("review.html", "review.en.html", "review.json", "review.ipynb")
FEWER = ("review.html", "review.json", "review.ipynb")
WRITER = """
import os, sys
from pathlib import Path
from reviewlib.files import write_together
steps = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.chmod"}
last, place, run, *names = sys.argv[1:]
count, ready = 0, False
def watch(event, details):
    global count
    if ready and event in steps | {"ctypes.dlsym"}:
        count += 1
        if count == int(last):
            os._exit(9)
sys.addaudithook(watch)
import ctypes, fcntl
ready = True
write_together(Path(place), {name: run.encode() * 100 for name in names})
ready = False
"""


def as_run(run: str, names: tuple[str, ...] = NAMES) -> dict[str, bytes]:
    return {name: run.encode() * 100 for name in names}


def standing(target: Path) -> dict[str, bytes]:
    """The files of a review in a folder: those that are no foreign ones."""
    return {p.name: p.read_bytes() for p in target.glob("review.*")} if target.exists() else {}


def killed_at(step: int, target: Path, run: str, names: tuple[str, ...]) -> bool:
    """Write, and kill the writer before its step of this number; False where it has fewer."""
    command = [sys.executable, "-c", WRITER, str(step), str(target), run, *names]
    return subprocess.run(command, cwd=REPO, check=False).returncode == 9


def scratch_of(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.glob(f"{SCRATCH}*")]


def test_a_writer_killed_at_any_step_leaves_the_whole_of_one_run(tmp_path: Path) -> None:
    """The folder holds a review in two languages, and one in a single language is written."""
    steps, outcomes = 0, []
    for step in range(1, 100):
        target = tmp_path / str(step) / "review"
        write_together(target, as_run("1"))
        if not killed_at(step, target, "2", FEWER):
            break
        steps = step
        outcomes.append(standing(target))
        write_together(target, as_run("3"))
        assert standing(target) == as_run("3")
        assert os.listdir(target.parent) == ["review"]

    assert steps > 10
    if sys.platform.startswith("linux"):
        assert all(outcome in (as_run("1"), as_run("2", FEWER)) for outcome in outcomes)
    assert as_run("1") in outcomes
    assert as_run("2", FEWER) in outcomes


def test_a_first_writer_killed_at_any_step_leaves_nothing_or_all(tmp_path: Path) -> None:
    outcomes = []
    for step in range(1, 100):
        target = tmp_path / str(step) / "review"
        if not killed_at(step, target, "1", NAMES):
            break
        outcomes.append(standing(target))

    assert all(outcome in ({}, as_run("1")) for outcome in outcomes)


def test_beside_foreign_files_a_killed_writer_mixes_no_two_runs_and_the_next_one_mends(
    tmp_path: Path,
) -> None:
    """Such a folder can't be swapped: its files go and come one by one, and none is foreign."""
    partial = 0
    for step in range(1, 100):
        target = tmp_path / str(step) / "review"
        write_together(target, as_run("1"))
        (target / "notes.docx").write_text("ours", encoding="utf-8")
        (target / "review.txt").write_text("ours", encoding="utf-8")
        if not killed_at(step, target, "2", FEWER):
            break
        left = standing(target)
        assert left.pop("review.txt") == b"ours"
        assert (target / "notes.docx").read_text(encoding="utf-8") == "ours"
        assert len({*left.values()}) <= 1
        partial += left not in (as_run("1"), as_run("2", FEWER))
        refused = {"review.html": b"3", "no/such.json": b"3"}  # no file can have this name
        with pytest.raises(ReviewError):
            write_together(target, refused)
        mended = standing(target)
        assert mended.pop("review.txt") == b"ours"
        assert mended in (as_run("1"), as_run("2", FEWER))
        assert os.listdir(target.parent) == ["review"]

    assert partial > 3


STATEMENT = ("penalties.html", "penalties.xlsx")
BOTH = (*STATEMENT, "penalties.fr.html", "penalties.fr.xlsx")
VERBS = [(STATEMENT, FEWER), (BOTH, FEWER), (BOTH, STATEMENT), (STATEMENT, BOTH)]


@pytest.mark.parametrize(("killed", "following"), VERBS)
def test_a_killed_run_is_undone_or_finished_as_its_own_whatever_verb_writes_next(
    tmp_path: Path, killed: tuple[str, ...], following: tuple[str, ...]
) -> None:
    """A statement in two languages stands there, beside a foreign file; the next is killed.

    What is left of the statement is then of one run, be the next one a review or a statement in
    other languages.
    """
    for step in range(1, 100):
        target = tmp_path / str(step) / "out"
        write_together(target, as_run("1", BOTH))
        (target / "notes.docx").write_text("ours", encoding="utf-8")
        if not killed_at(step, target, "2", killed):
            break
        write_together(target, as_run("3", following))
        left = {p.name: p.read_bytes() for p in target.glob("penalties.*")}
        written = as_run("3", following)
        whole = [as_run("1", BOTH), as_run("2", killed)]
        assert left in ([written] if following[0] == STATEMENT[0] else whole)
        assert os.listdir(target.parent) == ["out"]

    assert step > 10


def test_two_writers_at_once_leave_the_files_of_one(tmp_path: Path) -> None:
    """Two processes, 75 rounds each, in a folder of their own and in one with a foreign file."""
    code = (
        "import sys; from pathlib import Path; from reviewlib.files import write_together\n"
        "place, run, *names = sys.argv[1:]\n"
        "for n in range(75):\n"
        "    one = f'{run}{n:03}'.encode() * 100\n"
        "    write_together(Path(place), {name: one for name in names})\n"
    )
    alone, shared = tmp_path / "alone", tmp_path / "shared"
    shared.mkdir()
    (shared / "notes.docx").write_text("ours", encoding="utf-8")
    for target in (alone, shared):
        writers = [
            subprocess.Popen([sys.executable, "-c", code, target, run, *names], cwd=REPO)
            for run, names in (("a", NAMES), ("b", FEWER))
        ]
        mixed = 0
        while any(writer.poll() is None for writer in writers):
            mixed += mixed_in(target)
        assert [writer.returncode for writer in writers] == [0, 0]
        whole = standing(target)
        run = next(iter(whole.values()))[:4].decode()
        assert whole == as_run(run, NAMES if run[0] == "a" else FEWER)
        assert mixed == 0
    assert (shared / "notes.docx").read_text(encoding="utf-8") == "ours"
    assert sorted(os.listdir(tmp_path)) == ["alone", "shared"]


def mixed_in(target: Path) -> bool:
    """Whether files in place at one moment are of two runs: read twice, alike both times."""
    try:
        first, again = standing(target), standing(target)
    except OSError:  # gone between its name and its content
        return False
    return first == again and len({*first.values()}) > 1


def test_a_lock_of_a_dead_process_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_bytes(b"")
    write_together(tmp_path / "review", as_run("1"))

    assert standing(tmp_path / "review") == as_run("1")


def test_a_writer_who_waits_too_long_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.0)
    with files._locked(tmp_path / "review"), pytest.raises(ReviewError, match="is writing there"):
        write_together(tmp_path / "review", as_run("1"))


def test_what_an_earlier_run_wrote_goes_and_what_others_wrote_stays(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write_together(target, as_run("1"))
    write_together(target, {"penalties.html": b"p", "penalties.en.xlsx": b"p"})
    foreign = ("review.de.html", "review", "reviewed.html", "review.de.pdf", ".review.html")
    for name in foreign:
        (target / name).write_text("ours", encoding="utf-8")
    write_together(target, as_run("2", FEWER))

    assert {*os.listdir(target)} == {*FEWER, *foreign, "penalties.html", "penalties.en.xlsx"}


TO_SHARE = ("review.shareable.html", "review.shareable.en.html", "review.shareable.json")


def test_what_is_to_be_shared_takes_the_place_of_no_internal_file_and_goes_with_a_new_review(
    tmp_path: Path,
) -> None:
    """A version to share of an earlier run would not be that of the review beside it."""
    target = tmp_path / "out"
    write_together(target, as_run("1", (*NAMES, *TO_SHARE, "review.shareable.pdf")))
    write_together(target, as_run("2", TO_SHARE))
    assert standing(target) == as_run("1") | as_run("2", TO_SHARE)

    write_together(target, as_run("3"))
    assert standing(target) == as_run("3")


def test_a_writer_of_what_is_to_be_shared_killed_at_any_step_leaves_the_review_as_it_was(
    tmp_path: Path,
) -> None:
    for step in range(1, 100):
        target = tmp_path / str(step) / "review"
        write_together(target, as_run("1", (*NAMES, *TO_SHARE)))
        if not killed_at(step, target, "2", TO_SHARE):
            break
        left = standing(target)
        assert {name: left.pop(name) for name in NAMES} == as_run("1")
        assert len({*left.values()}) <= 1
        write_together(target, as_run("3", TO_SHARE[:1]))
        assert standing(target) == as_run("1") | as_run("3", TO_SHARE[:1])

    assert step > 10


def test_a_page_stands_beside_no_pdf_of_an_earlier_run(tmp_path: Path) -> None:
    printed = {"review.pdf": b"1", "review.en.pdf": b"1"}
    for name in ("swapped", "filled"):
        target = tmp_path / name
        write_together(target, as_run("1") | printed)
        if name == "filled":
            (target / "notes.docx").write_text("ours", encoding="utf-8")
        write_together(target, as_run("2") | {"review.pdf": b"2"})
        assert standing(target) == as_run("2") | {"review.pdf": b"2"}
        write_together(target, as_run("3"))
        assert standing(target) == as_run("3")


def test_the_folder_in_which_the_user_stands_is_filled_and_not_swapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_together(tmp_path / "review", as_run("1"))
    monkeypatch.chdir(tmp_path / "review")
    write_together(Path(), as_run("2"))

    assert standing(Path.cwd()) == as_run("2")
    assert Path.cwd().stat().st_ino == (tmp_path / "review").stat().st_ino


def test_a_folder_behind_a_link_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "review").symlink_to(tmp_path / "far")
    write_together(tmp_path / "review", as_run("1"))

    assert standing(tmp_path / "far") == as_run("1")
    assert (tmp_path / "review").is_symlink()


@pytest.mark.parametrize("foreign", [True, False])
def test_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, foreign: bool
) -> None:
    target = tmp_path / "review"
    write_together(target, as_run("1"))
    if foreign:
        (target / "notes.docx").write_text("ours", encoding="utf-8")
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(full))
    with pytest.raises(ReviewError, match="No space left on device"):
        write_together(target, as_run("2"))

    assert standing(target) == as_run("1")
    assert os.listdir(tmp_path) == ["review"]


def test_a_file_that_can_not_be_replaced_leaves_everything_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "review"
    write_together(target, as_run("1", FEWER))
    (target / "review.en.html").mkdir()
    (target / "review.en.html" / "notes").write_text("ours", encoding="utf-8")
    with pytest.raises(ReviewError, match="can't be written"):
        write_together(target, as_run("2"))

    (target / "review.en.html" / "notes").unlink()
    (target / "review.en.html").rmdir()
    assert standing(target) == as_run("1", FEWER)
    assert os.listdir(tmp_path) == ["review"]


def test_nothing_stops_a_writer_between_two_of_its_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Ctrl-C in the middle of it is of no effect, and one after it is as before."""
    before = signal.getsignal(signal.SIGINT)
    rename = os.rename

    def stopped(*paths: Path) -> None:
        signal.raise_signal(signal.SIGINT)
        rename(*paths)

    monkeypatch.setattr(os, "rename", stopped)
    write_together(tmp_path / "review", as_run("1"))

    assert standing(tmp_path / "review") == as_run("1")
    assert signal.getsignal(signal.SIGINT) is before


def test_files_are_written_from_a_thread_too(tmp_path: Path) -> None:
    writing = threading.Thread(target=write_together, args=(tmp_path / "out", as_run("1")))
    writing.start()
    writing.join()

    assert standing(tmp_path / "out") == as_run("1")


# --- Places that are refused


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("tickets.csv", r"'.*tickets.csv' is a file\. Give a folder"),
        ("tickets.csv/review", r"review' stands in '.*tickets.csv', which is a file"),
        ("report.html", r"report.html' is the name of a file\. Give a folder"),
        ("", "is the folder of the engagement, which holds its tables"),
        ("review/..", "is the folder of the engagement"),
        ("x" * 300, "File name too long"),
        ("/".join(["x" * 200] * 25), "File name too long"),
    ],
)
def test_a_place_where_nothing_can_be_put_is_refused(
    tmp_path: Path, place: str, message: str
) -> None:
    (tmp_path / "tickets.csv").write_text("ticket_id\n", encoding="utf-8")
    (tmp_path / "review").mkdir()
    with pytest.raises(ReviewError, match=message):
        refuse_place(tmp_path / place, tmp_path)

    assert sorted(os.listdir(tmp_path)) == ["review", "tickets.csv"]


def test_a_folder_without_the_right_to_write_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(**_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", forbidden)
    with pytest.raises(ReviewError, match=r"Permission denied\)\. Give another folder"):
        refuse_place(tmp_path / "new" / "review", tmp_path)


def test_a_place_that_is_not_there_yet_is_not_made_by_looking(tmp_path: Path) -> None:
    refuse_place(tmp_path / "a" / "b", tmp_path)

    assert os.listdir(tmp_path) == []
