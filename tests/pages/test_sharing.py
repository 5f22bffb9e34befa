"""Nothing internal is in what is shared: words, ids and amounts that nothing else has are planted
in the sample, and looked for in every file of its version to share.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from reviewlib.contract.sharing import SLUGS, Sharing
from reviewlib.faults import Faults
from reviewlib.pages.cells import REVIEW_MIME
from reviewlib.pages.executed import about, injected, made_portable, read_executed
from reviewlib.pages.gathering import ChapterShown, gather
from reviewlib.pages.pdf import printed
from reviewlib.pages.publish import _written, close, publish
from reviewlib.pages.renditions import Renditions
from reviewlib.pages.sharing import NOTHING_MARKED, Version, versions_of
from reviewlib.pages.wanted import Wanted
from reviewlib.report.encoding import decoded, encoded
from tests.conftest import REPO
from tests.sample import SAMPLE

SCHEMA = json.loads((REPO / "reviewlib" / "review.schema.json").read_text(encoding="utf-8"))
PLANTED = (
    "milestones", "deliverables", "client_duties", "work_orders", "defects", "budget", "payments",
    "benefits", "changes", "actions", "lessons",
)  # fmt: skip
"""The tables of which each title, or event, is given a word of its own."""
COMMENT, QUESTION = "Zqcomment", "Q6"
SPENT = 31_337.59  # the actual cost of a line of the budget, with digits that nothing else has
SPENT_WORDS = ("31 337,59", "31,337.59", "31337.59")
FRONT_NOTE, CHAPTER_NOTE, VERDICT, BRIEF = "Zqfront", "Zqchapter", "Zqverdict", "Zqbrief"
INTERNAL_CELL, SHARED_CELL, SECRET_CODE = "Zqinternalcell", "Zqsharedcell", "Zqsecretcode"
FOLDER = "Zqfolder"
FILES = ("review.shareable.html", "review.shareable.en.html", "review.shareable.json",
         "review.shareable.ipynb")  # fmt: skip
ALL_BUT_PENALTIES = tuple(slug for slug in SLUGS if slug != "penalties")

Require = Callable[..., Path]
Run = Callable[..., subprocess.CompletedProcess[str]]


def planted(folder: Path) -> Path:
    """The sample with words and an amount of their own, and with words of the facilitator."""
    shutil.copytree(SAMPLE, folder)
    for name in PLANTED:
        column = "event" if name == "lessons" else "title"
        file = folder / f"{name}.csv"
        frame = pd.read_csv(file, dtype="str", keep_default_na=False)
        words = [f"Zq{name.replace('_', '')}{row}z " for row in frame.index]
        for own in (column, f"{column}_en"):
            frame[own] = words + frame[own]
        if name == "budget":
            frame.loc[frame["line_id"] == "L6", ["actual", "forecast"]] = str(SPENT)
        frame.to_csv(file, index=False)
    answers = folder / "survey_answers.csv"
    form: dict[str, Any] = {"sep": ";", "encoding": "cp1252"}
    frame = pd.read_csv(answers, dtype="str", keep_default_na=False, **form)
    written = frame["question"] == QUESTION
    for own in ("answer", "answer_en"):
        frame.loc[written, own] = f"{COMMENT} " + frame.loc[written, own]
    frame.to_csv(answers, index=False, **form)
    notes = folder / "notes"
    notes.mkdir()
    (notes / "front.en.md").write_text(FRONT_NOTE, encoding="utf-8")
    (notes / "work_orders.fr.md").write_text(CHAPTER_NOTE, encoding="utf-8")
    brief = f'verdict: "{VERDICT}"\nbriefs: {{work_orders.order.WO2: "{BRIEF}"}}\n'
    (notes / "front.yml").write_text(brief, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook of the planted sample, run once, with two cells of the analyst's in it."""
    base = tmp_path_factory.mktemp("sharing")
    folder, own = planted(base / FOLDER), base / "mine.ipynb"
    notebook = nbformat.read(REPO / "notebooks" / "close_review.ipynb", as_version=4)
    after = 1 + next(at for at, c in enumerate(notebook.cells) if c.get("id") == "budget")
    notebook.cells[after:after] = [
        new_markdown_cell(INTERNAL_CELL, metadata={"tags": ["publish"]}),
        new_markdown_cell(SHARED_CELL, metadata={"tags": ["publish", "shareable"]}),
        new_code_cell(
            f"print('{SHARED_CELL} printed')  # {SECRET_CODE}",
            metadata={"tags": ["publish", "shareable"]},
        ),
    ]
    nbformat.write(notebook, own)
    close(folder, Wanted(base / "review", "fr,en"), notebook=own)
    return base / "review"


Shared = Callable[..., dict[str, str]]


def published(run_once: Path, place: Path, **keys: Any) -> Path:
    """The folder of the version to share that ``publish`` makes under these marks."""
    notebook = nbformat.read(run_once / "review.ipynb", as_version=4)
    outputs = (one.get("data", {}) for c in notebook.cells for one in c.get("outputs", ()))
    data = next(one for one in outputs if REVIEW_MIME in one)
    review = decoded(data[REVIEW_MIME])
    review["sharing"]["marked"]["engagement.yml"] = Sharing(**keys).model_dump()
    data[REVIEW_MIME] = encoded(review)
    nbformat.write(notebook, place / "review.ipynb")
    publish(place / "review.ipynb", Wanted(place / "out", "fr,en", audience="shareable"))
    return place / "out"


@pytest.fixture(scope="module")
def whole(run_once: Path) -> Iterator[tuple[Version, Renditions]]:
    """All of the run, read once."""
    run = read_executed(run_once / "review.ipynb")
    made_portable(run, injected(run))
    with Renditions(("fr", "en"), from_file=True) as renditions:
        yield Version(run, gather(run, renditions, about(run)), about(run)), renditions


@pytest.fixture(scope="module")
def shared(whole: tuple[Version, Renditions]) -> Shared:
    """``shared(chapters=…)``: the text of each file of the version that these marks let through.

    A test holds them to what ``publish`` writes.
    """
    version, renditions = whole
    made: dict[Sharing, dict[str, str]] = {}

    def _shared(**keys: Any) -> dict[str, str]:
        marks = Sharing(**keys)
        if marks not in made:
            review = about(version.notebook)
            review["sharing"]["marked"]["engagement.yml"] = marks.model_dump()
            (few,) = versions_of(replace(version, review=review), "shareable")
            files = _written(few, renditions, ("fr", "en"))
            made[marks] = {name: data.decode() for name, data in files.items()}
        return made[marks]

    return _shared


def plain(name: str, text: str) -> str:
    """The words of a file: without markup, on one line."""
    if name.endswith(".html"):
        text = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S))
    elif name.endswith(".json"):
        text = "\n".join(strings(json.loads(text)))
    return " ".join(text.split())


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def words_planted(files: dict[str, str]) -> set[str]:
    """The tables, and the other places, of which a planted word is in some file."""
    return {match for text in files.values() for match in re.findall(r"Zq[a-z]+", text)}


def in_every(files: dict[str, str], *words: str) -> bool:
    return all(word in plain(name, files[name]) for name in FILES[:3] for word in words)


def internal(run_once: Path) -> list[dict[str, Any]]:
    values = json.loads((run_once / "review.json").read_text(encoding="utf-8"))
    return [one for one in values["sections"] if one["slug"] != "summary"]


def sayings(section: dict[str, Any]) -> set[str]:
    """The sentences, ids and texts of the data of a chapter, in both languages, a line each."""
    findings = [
        (
            one["id"],
            one["sentence"],
            one["decision"],
            (one["brief"] or {}).get("text"),
            one["evidence"],
        )
        for one in section["findings"]
    ]
    tables = section["tables"] + [one["table"] for one in section["figures"]]
    quoted = [
        [row[place] for row in one["rows"] for place, c in enumerate(one["columns"]) if c["quoted"]]
        for one in tables
    ]
    ids = [one["id"] for name in ("facts", "tables", "figures", "caveats") for one in section[name]]
    said = [one["sentence"] for one in section["caveats"]]
    every = [findings, quoted, ids, said, section["headline"], section["intro"], section["note"]]
    as_lists = json.loads(json.dumps(every))
    return {" ".join(one.split()) for one in strings(as_lists) if len(one) >= 12}


def assert_nothing_internal(
    run_once: Path, files: dict[str, str], slugs: tuple[str, ...], *, alone: str = ""
) -> None:
    """Nothing that chapters say which are not shared is in the files, unless shared ones say it."""
    every = internal(run_once)
    about = json.loads((run_once / "review.json").read_text(encoding="utf-8"))["engagement"]
    findings = [one for s in every for one in s["findings"] if one["id"] == alone]
    kept = [about, *findings, *(one for one in every if one["slug"] in slugs)]
    may = " ".join(" ".join(strings(kept)).split())
    for section in every:
        if section["slug"] in slugs:
            continue
        secret = {one for one in sayings(section) if one not in may}
        assert secret or section["because"], section["slug"]
        for name, text in files.items():
            words = plain(name, text) + " ".join(html.unescape(text).split())
            assert [one for one in secret if one in words] == [], (section["slug"], name)
        own = {(f["id"], f["value"], f["n"]) for f in section["facts"]}
        facts = {(f["id"], f["value"], f["n"]) for s in shown(files) for f in s["facts"]}
        assert own & facts == set()


def shown(files: dict[str, str]) -> list[dict[str, Any]]:
    return list(json.loads(files[FILES[2]])["sections"])


def assert_no_file_named(files: dict[str, str]) -> None:
    for name, text in files.items():
        assert ".csv" not in text.replace("engagement.yml", ""), name
        assert not re.search(r"\b[0-9a-f]{64}\b", text), name


def test_of_a_review_in_which_nothing_is_marked_only_what_it_is_about_is_shared(
    run_once: Path, shared: Shared
) -> None:
    files = shared()

    assert words_planted(files) == {SHARED_CELL}  # which the analyst tagged
    assert_nothing_internal(run_once, files, ())
    assert_no_file_named(files)
    assert "INC1" not in "".join(files.values())
    assert [one["slug"] for one in shown(files)] == []
    english = plain(FILES[1], files[FILES[1]])
    assert "Not in this version, made for the other party: 40 chapters, " in english
    assert "the comments of the survey" in english
    assert "words of the facilitator" in english


def test_of_one_chapter_its_values_are_shared_and_nothing_of_another(
    run_once: Path, shared: Shared
) -> None:
    files = shared(chapters=("work_orders",))

    assert words_planted(files) == {"Zqworkorders", "Zqdefects", SHARED_CELL}
    assert in_every(files, "Zqworkorders1z", "Zqdefects0z")
    assert "Monitoring dashboard" in files[FILES[1]]
    assert_nothing_internal(run_once, files, ("work_orders",))
    assert [one["slug"] for one in shown(files)] == ["summary", "work_orders"]
    front = shown(files)[0]
    of_chapters = {one["id"].partition(".")[0] for one in front["findings"] + front["facts"]}
    assert of_chapters == {"work_orders"}
    assert {one["audience"] for s in shown(files) for one in s["facts"]} == {"shareable"}


def test_all_chapters_but_one_are_shared_without_a_word_of_it(
    run_once: Path, shared: Shared
) -> None:
    files = shared(chapters=ALL_BUT_PENALTIES)

    tables = {f"Zq{name.replace('_', '')}" for name in PLANTED}
    assert words_planted(files) == tables | {SHARED_CELL}
    assert_nothing_internal(run_once, files, ALL_BUT_PENALTIES)
    assert "penalties.csv" not in "".join(files.values())
    assert any(word in files[FILES[0]] + files[FILES[2]] for word in SPENT_WORDS)
    lines = (SAMPLE / "tickets.csv").read_text(encoding="utf-8").splitlines()
    ids = {line.partition(";")[0] for line in lines[1:]}
    assert len(ids) > 5_000
    named = {one for text in files.values() for one in re.findall(r"\b(?:INC|DEM)\d+", text)}
    assert named & ids == set()


def test_a_finding_may_be_shared_alone(run_once: Path, shared: Shared) -> None:
    finding = "work_orders.order.WO2"
    files = shared(findings=(finding,))

    assert [one["id"] for s in shown(files)[1:] for one in s["findings"]] == [finding]
    assert [len(s["facts"]) + len(s["tables"]) + len(s["figures"]) for s in shown(files)[1:]] == [0]
    assert words_planted(files) == {"Zqworkorders", SHARED_CELL}
    assert "Zqworkorders0z" not in "".join(files.values())  # of another order
    assert_nothing_internal(run_once, files, (), alone=finding)
    assert "Of this chapter 1 finding is in this version." in plain(FILES[1], files[FILES[1]])


def test_what_is_withheld_of_a_chapter_takes_along_what_names_it(
    run_once: Path, shared: Shared
) -> None:
    files = shared(chapters=("work_orders",), withheld=("work_orders.order.WO2",))
    text = "".join(files.values())

    assert "Zqworkorders1z" not in text  # WO2 is the second row
    assert not re.search(r"\bWO2\b", text)
    assert "work_orders.defects" in text
    chapter = shown(files)[1]
    assert (chapter["headline"], chapter["intro"]) == ("", "")


def test_comments_tickets_and_words_of_the_facilitator_are_shared_where_they_are_marked(
    shared: Shared,
) -> None:
    """The check above can fail: each word that it looks for is there once it is marked."""
    chapters = ("work_orders", "comments", "breaches", "budget")
    files = shared(chapters=chapters, notes=("work_orders", "front"), evidence=True, comments=True)

    found = words_planted(files)
    assert {COMMENT, FRONT_NOTE, CHAPTER_NOTE, VERDICT, BRIEF, "Zqbudget"} <= found
    assert INTERNAL_CELL not in found
    assert in_every(files, "INC10736", COMMENT)
    assert all(any(w in plain(n, files[n]) for w in SPENT_WORDS) for n in FILES[:3])


def test_the_notebook_of_a_version_to_share_has_no_output_and_no_code_of_the_analyst(
    shared: Shared,
) -> None:
    files = shared(chapters=("work_orders",))
    notebook = nbformat.reads(files[FILES[3]], as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]

    assert [cell.outputs for cell in code] == [[]] * len(code)
    assert code[0].metadata.get("tags") == ["parameters"]
    assert SECRET_CODE not in files[FILES[3]]
    assert FOLDER not in "".join(files.values())
    assert SHARED_CELL in files[FILES[3]]
    assert "chapter.work_orders(review)" in files[FILES[3]]
    assert "chapter.penalties(review)" not in files[FILES[3]]


def test_the_values_of_a_version_to_share_follow_the_schema(shared: Shared) -> None:
    values = json.loads(shared(chapters=("work_orders",))[FILES[2]])
    validator = jsonschema.Draft202012Validator(SCHEMA)

    assert [error.message for error in validator.iter_errors(values)] == []
    assert (values["audience"], values["readers"]) == ("shareable", "other_party")
    assert values.keys().isdisjoint({"inputs", "inputs_sha256", "sharing"})
    lacking = {key: value for key, value in values.items() if key != "left_out"}
    assert [*validator.iter_errors(lacking)] != []


def test_on_paper_nothing_internal_stands_either(
    require: Require, run_once: Path, shared: Shared, tmp_path: Path
) -> None:
    chromium = require("chromium", "install Debian's chromium package")
    require("pdftotext", "install Debian's poppler-utils package")
    files = shared(chapters=("work_orders",))
    for name in FILES[:2]:
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(printed(files[name], str(chromium)))
        told = subprocess.run(
            ["pdftotext", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert words_planted({name: told}) <= {"Zqworkorders", "Zqdefects", SHARED_CELL}
        assert "Zqworkorders1z" in told
        assert_nothing_internal(run_once, {**files, name: " ".join(told.split())}, ("work_orders",))


def test_what_publish_writes_is_what_the_other_tests_look_into(
    run_once: Path, shared: Shared, tmp_path: Path
) -> None:
    out = published(run_once, tmp_path, chapters=("work_orders",))

    texts = {file.name: file.read_text(encoding="utf-8") for file in out.iterdir()}
    assert texts.keys() == {*FILES}
    assert texts == shared(chapters=("work_orders",))


def test_an_id_that_is_of_nothing_is_answered_and_nothing_is_written(
    run_once: Path, tmp_path: Path
) -> None:
    with pytest.raises(Faults) as refused:
        published(
            run_once, tmp_path, chapters=("work_orders",), withheld=("work_orders.order.WO22",)
        )

    [fault] = refused.value.faults
    assert (fault.file, fault.column) == ("engagement.yml", "sharing.withheld.0")
    assert "«\u00a0work_orders.order.WO2\u00a0»" in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_what_would_give_back_an_amount_is_left_out_and_the_page_says_so(shared: Shared) -> None:
    """The current budget, €828,900, is the original €801,600 and the approved €27,300."""
    files = shared(chapters=("budget",), withheld=("budget.approved",))
    (chapter,) = [one for one in shown(files) if one["slug"] == "budget"]
    amounts = {one["value"] for one in chapter["facts"]}

    assert amounts
    assert not {801_600.0, 828_900.0} <= amounts
    for name, words in ((FILES[0], "27 300"), (FILES[1], "27,300")):
        assert words not in plain(name, files[name])
    assert "an amount could be had that is withheld" in plain(FILES[1], files[FILES[1]])


def test_both_versions_are_written_of_one_run_and_the_internal_one_is_as_ever(
    run_once: Path, tmp_path: Path
) -> None:
    alone = {file.name: file.read_bytes() for file in run_once.iterdir()}
    shutil.copy(run_once / "review.ipynb", tmp_path)
    made = publish(tmp_path / "review.ipynb", Wanted(tmp_path / "both", "fr,en", audience="all"))

    assert {file.name for file in made.files} == {*alone, *FILES}
    for name, data in alone.items():
        assert (tmp_path / "both" / name).read_bytes() == data


def test_where_nothing_is_shared_the_run_says_so(whole: tuple[Version, Renditions]) -> None:
    version, _ = whole
    chapters = [one for one in version.gathered.entries if isinstance(one, ChapterShown)]
    untagged = replace(version, gathered=replace(version.gathered, entries=chapters))

    (few,) = versions_of(untagged, "shareable")
    assert [note.template for note in few.notes] == [NOTHING_MARKED.template]


def test_the_command_line_names_the_audiences_that_there_are(run_here: Run) -> None:
    refused = run_here("close", SAMPLE, "--audience", "everybody")

    assert refused.returncode == 2
    for name in ("internal", "shareable", "all"):
        assert name in refused.stderr
