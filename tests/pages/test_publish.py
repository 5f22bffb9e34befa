"""A review as files: whole or not at all, the same bytes each time, hostile text kept as text."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pandas as pd
import pytest

from reviewlib.faults import ReviewError
from reviewlib.pages import execution, publish
from reviewlib.pages.cells import SECTION_MIME
from reviewlib.pages.renditions import ReviewFailed
from reviewlib.tables import PARENTS, SCHEMAS
from tests import closed
from tests.chapters import CHAPTERS, PERIODIC

REPO = Path(__file__).resolve().parents[2]
SAMPLE = REPO / "data" / "sample"
SCHEMA = json.loads((REPO / "reviewlib" / "review.schema.json").read_text(encoding="utf-8"))
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>[x](javascript:alert(3)) $x$ {{1}} "
    "{n} {0} %s %(n)s"
)
WORDLESS = (  # tables of ids, dates and words of the contract alone
    "tickets", "ticket_events", "objective_results", "milestone_forecasts", "submissions",
    "earned_value", "reported_kpis", "survey_invitations",
)  # fmt: skip
ELSEWHERE = ("decisions",)  # which a review of a period prints, see test_periodic
FREE_TEXTS = tuple(table for table in SCHEMAS if table not in (*WORDLESS, *ELSEWHERE))
NUMBERS = ("ticket_id", "answer", "invoice", "subject")  # what rows are known by
COMMENT = "Q6"  # the question of the sample that is answered in words
Run = Callable[..., subprocess.CompletedProcess[str]]


def test_review_json_follows_its_committed_schema(sample_review: Path) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)

    assert [e.message for e in validator.iter_errors(closed.values(sample_review))] == []


def test_ids_of_facts_are_unique(sample_review: Path) -> None:
    sections = [s for s in closed.values(sample_review)["sections"] if s["slug"] != "summary"]
    facts = [fact["id"] for section in sections for fact in section["facts"]]

    assert len(facts) == len(set(facts))
    assert "service_levels.resolution.met.P1" in facts


def test_every_text_of_the_catalogue_stands_in_each_language_asked_for(sample_review: Path) -> None:
    for section in closed.values(sample_review)["sections"]:
        assert section["title"].keys() == {"fr", "en"}
        texts = [fact["label"] for fact in section["facts"]]
        texts += [finding["sentence"] for finding in section["findings"]]
        assert [t for t in texts if isinstance(t, str) or t.keys() != {"fr", "en"}] == []


def test_the_summary_prints_only_what_the_chapters_hold(sample_review: Path) -> None:
    summary, *chapters = closed.values(sample_review, "en")["sections"]
    findings = [
        finding | {"decision": " · ".join([chapter["title"], finding["decision"]])}
        if finding["decision"]
        else finding
        for chapter in chapters
        for finding in chapter["findings"]
    ]
    facts = {fact["id"]: fact["value"] for chapter in chapters for fact in chapter["facts"]}

    assert summary["slug"] == "summary"
    assert summary["findings"]
    assert all(finding in findings for finding in summary["findings"])
    assert all(facts[f["id"]] == f["value"] for f in summary["facts"] if f["value"] is not None)


def test_each_page_is_one_file_under_the_agreed_size_without_any_address(
    sample_review: Path,
) -> None:
    for name in ("review.html", "review.en.html"):
        html = (sample_review / name).read_text(encoding="utf-8")
        assert len(html.encode()) <= 1_150_000  # forty chapters
        text = re.sub(r"sha256-[\w+/=]+", "", html)  # a hash may hold "//" by chance
        assert re.findall(r"(?:https?:)?//[\w.-]+", text) == []
        assert "<script" not in html


def test_the_notebook_holds_neither_times_nor_paths_of_its_run(
    sample_review: Path,
) -> None:
    text = (sample_review / "review.ipynb").read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)

    assert str(REPO) not in text
    assert str(sample_review) not in text
    assert not [cell for cell in notebook.cells if "execution" in cell.metadata]
    assert "papermill" not in notebook.metadata


def test_what_the_command_of_papermill_runs_is_published_as_close_does(
    run: Run, sample_review: Path, tmp_path: Path
) -> None:
    """In French, as the run in both languages; a run in English: tests/test_packaging.py."""
    command = [sys.executable, "-m", "papermill", "notebooks/close_review.ipynb"]
    out = tmp_path / "out.ipynb"
    options = [str(out), "-p", "engagement", "data/sample", "--no-progress-bar"]
    options += ["--no-request-save-on-cell-execute", "--autosave-cell-every", "0"]  # saved once
    subprocess.run([*command, *options], cwd=REPO, check=True, capture_output=True)
    notebook = nbformat.read(out, as_version=4)

    shown = [o for c in notebook.cells for o in c.get("outputs", []) if "data" in o]
    assert sum(SECTION_MIME in output.data for output in shown) == len(CHAPTERS) - len(PERIODIC) + 1
    done = run("publish", out)
    assert done.returncode == 0, done.stderr
    closed.same_alone(tmp_path / "review", sample_review, "fr")
    assert str(REPO) not in (tmp_path / "review" / publish.NOTEBOOK).read_text(encoding="utf-8")


class Texts(HTMLParser):
    """What a browser would run: elements, handlers and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def hostile_engagement(folder: Path) -> Path:
    """The sample with markup and code for each free text of its tables, and for a name."""
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("review"))
    contract = (folder / "engagement.yml").read_text(encoding="utf-8")
    named = contract.replace("name: Valombre Distribution", f"name: '{HOSTILE}'")
    (folder / "engagement.yml").write_text(named, encoding="utf-8")
    for table in FREE_TEXTS:
        make_hostile(folder / f"{table}.csv")
    return folder


def make_hostile(file: Path) -> None:
    """Replace each free text of a table; ids and the words of the contract stay, to be read."""
    exported = file.stem == "survey_answers"
    form: dict[str, Any] = {"sep": ";", "encoding": "cp1252"} if exported else {"sep": ","}
    table = pd.read_csv(file, dtype=str, keep_default_na=False, **form)
    about, hostile = SCHEMAS[file.stem], f"{HOSTILE} {file.stem}"
    free = {
        name
        for name, column in about.columns.items()
        if column.metadata["kind"] == "text" and not column.metadata.get("vocabulary")
    } - {*about.metadata["key"], *NUMBERS, *(name for child, name in PARENTS if child == file.stem)}
    table[[c for c in table if re.sub("_(en|fr)$", "", c) in free]] = hostile
    if exported:
        table.loc[table["question"] == COMMENT, ["answer", "answer_en"]] = hostile
    table.to_csv(file, index=False, **form)


def test_hostile_text_in_any_cell_of_any_table_stays_text(run: Run, tmp_path: Path) -> None:
    """The text of each table reaches the page, and nothing of it runs."""
    done = run("close", hostile_engagement(tmp_path / "hostile"), "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr

    page = Texts()
    page.feed((tmp_path / "out" / "review.html").read_text(encoding="utf-8"))
    words = "".join(page.words)
    assert not page.tags & {"script", "img", "iframe", "object", "embed", "base", "form"}
    assert page.handlers == []
    assert all(link.startswith("#") for link in page.links)
    unseen = [table for table in FREE_TEXTS if f"{HOSTILE} {table}" not in words]
    # no chapter prints the title of a window, who holds a role, the evidence of a tool or a report
    assert {*unseen} == {"maintenance_windows", "reports", "contacts", "tools"}


def test_a_failed_review_leaves_no_half_report(
    engagement_folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = nbformat.read(REPO / "notebooks" / "close_review.ipynb", as_version=4)
    third = [place for place, c in enumerate(notebook.cells) if "import chapter" in c.source][2]
    notebook.cells[third:] = [nbformat.v4.new_code_cell("1 / 0")]  # after two chapters were shown
    shipped(notebook, tmp_path, monkeypatch)

    with pytest.raises(ReviewFailed, match="ZeroDivisionError: division by zero"):
        publish.close(engagement_folder(), publish.Wanted(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def shipped(notebook: nbformat.NotebookNode, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a notebook in the place of the one that is shipped."""
    (folder / "notebooks").mkdir()
    nbformat.write(notebook, folder / "notebooks" / "close_review.ipynb")
    monkeypatch.setattr(execution, "resource", lambda name: folder / name)


def test_a_parameter_that_the_notebook_does_not_declare_is_refused_before_anything_runs() -> None:
    with pytest.raises(ReviewError, match=r"no parameter 'langage'\. Did you mean 'language'"):
        execution.execute(publish.CLOSE_REVIEW, {"langage": "fr"})


def test_the_kernel_is_this_interpreter_whatever_kernels_and_start_up_files_a_user_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel python3 that ends at once; start-up files and settings that each leave a mark."""
    spoil = f"open({str(tmp_path / 'spoilt')!r}, 'a').close(); import pandas\n"
    spoil += "pandas.set_option('display.max_rows', 7)\n"
    spec = json.dumps({"argv": ["false"], "display_name": "Mine", "language": "python"})
    lines = f"c = get_config()\nc.InteractiveShellApp.exec_lines = [{spoil!r}]\n"
    hostile = {
        "path/kernels/python3/kernel.json": spec,
        "data/kernels/python3/kernel.json": spec,
        "ipython/profile_default/startup/00-first.py": spoil,
        "ipython/profile_default/ipython_config.py": lines,
        "ipython/profile_default/ipython_kernel_config.py": lines,
        "notebooks/ipython_config.py": lines,
        "startup.py": spoil,
    }
    code = nbformat.v4.new_code_cell(
        "import sys, pandas\nprint(sys.executable, pandas.get_option('display.max_rows'))"
    )
    about = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    shipped(nbformat.v4.new_notebook(cells=[code], metadata=about), tmp_path, monkeypatch)
    for name, text in hostile.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "path"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "startup.py"))

    notebook = execution.execute(publish.CLOSE_REVIEW, {})
    assert notebook.cells[0].outputs[0].text == f"{sys.executable} 60\n"  # 60 is pandas' own
    assert not (tmp_path / "spoilt").exists()


def test_the_page_is_made_of_the_shipped_templates_whatever_a_user_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook, cover = nbformat.v4.new_notebook(), publish.Cover("Review", "en")
    page = publish.page(notebook, [], cover)
    for name in ("base/null.j2", "base/display_priority.j2", "review/index.html.j2"):
        template = tmp_path / "nbconvert" / "templates" / name
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text("Mine", encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    assert publish.page(notebook, [], cover) == page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--output", "tickets.csv"], "is a file"),
        (["--output", "."], "is the folder of the engagement"),
        (["--output", "x" * 300], "File name too long"),
        (["--as-of", "2023-12-31"], "before the first day of the engagement"),
        (["--as-of", "2024-13-01"], "write a date such as"),
        (["--language", "de"], "allowed are"),
        ([], "lessons.csv, row 1, event: the column is missing"),
    ],
)
def test_what_is_wrong_is_refused_before_a_kernel_starts(
    run_here: Run,
    engagement_folder: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    message: str,
) -> None:
    tables = {"tickets": "ticket_id,opened_at\n"}
    lessons = {} if words else {"lessons": "lesson_id,wrong\nL1,x\n"}
    folder = engagement_folder(**tables, **lessons)
    monkeypatch.setattr(publish, "execute", lambda *_: pytest.fail("a kernel was started"))
    before = sorted(folder.iterdir())
    places = [str(folder / w) if words[0] == "--output" and n else w for n, w in enumerate(words)]
    done = run_here("close", folder, *places)

    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert sorted(folder.iterdir()) == before


def test_the_statement_is_refused_where_it_would_stand_among_the_tables(run_here: Run) -> None:
    """There its workbook would be taken for a table of what was decided."""
    done = run_here("penalties", SAMPLE, "--output", SAMPLE)

    assert done.returncode == 2
    assert "is the folder of the engagement, which holds its tables" in done.stderr


def test_the_output_of_a_cell_of_a_huge_folder_is_waited_for() -> None:
    """nbclient gives up after 4 seconds, and a folder of many services took longer."""
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NotebookExecutionManager
    from traitlets.config import Config

    managed = NotebookExecutionManager(nbformat.v4.new_notebook(), progress_bar=False)
    client = PapermillNotebookClient(managed, config=Config(execution.SETTINGS))

    assert client.iopub_timeout >= 60
