"""What the analyst adds by a notebook of one's own: on the page, in its place, marked as such."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from reviewlib.faults import ReviewError
from reviewlib.pages.contributions import Contributions
from reviewlib.pages.execution import execute
from reviewlib.pages.frames import table_of
from reviewlib.pages.wording import Wording
from reviewlib.report.parts import Part
from reviewlib.report.values import Table
from tests import closed
from tests.chapters import chapter
from tests.sample import sample_of

REPO = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((REPO / "reviewlib" / "review.schema.json").read_text(encoding="utf-8"))
SHIPPED = nbformat.read(REPO / "notebooks" / "close_review.ipynb", as_version=4)
Run = Callable[..., subprocess.CompletedProcess[str]]

FRAME = """\
import helper  # which stands beside the notebook
import pandas as pd
pd.DataFrame(helper.ROWS)"""
HELPER = """\
import datetime as dt
ROWS = {"site": ["Lyon", "<b>Paris</b>"], "days": [1234, 5], "year": [2024, 2025],
        "share": [0.95312, 12.5], "on": [dt.datetime(2024, 3, 1), dt.datetime(2024, 4, 2)]}"""
PIXELS = """\
import matplotlib.pyplot as plt
fig, ax = plt.subplots(figsize=(2, 1))
ax.bar(["a", "b"], [1, 2])
ax.set_title("A < B")"""
DRAWING = """\
%config InlineBackend.figure_formats = ["svg"]
print("\\x1b[1mthree\\x1b[0m <points>")
plt.plot([1, 2, 3])
plt.show()"""
SECTION = """\
import dataclasses
from reviewlib.report.text import Quoted
own = dataclasses.replace(flow, slug="own_flow", title=Quoted("Flow, my reading"), figures=(),
                          tables=(), facts=(), findings=(), caveats=())
own"""


def shipped(*ids: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in SHIPPED.cells if cell.id in ids]


def code(source: str, *tags: str, **about: str) -> nbformat.NotebookNode:
    return new_code_cell(source, metadata={"tags": list(tags), **about})


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return new_notebook(cells=list(cells), metadata=SHIPPED.metadata)


@pytest.fixture(scope="module")
def own(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What a notebook of one's own wrote of the sample, in both languages, and what it printed."""
    folder = tmp_path_factory.mktemp("own")
    heard = new_markdown_cell(
        "## What was *heard*\n\nThe **dates** slipped <script>x</script>\n\n![a](http://b/c.png)",
        metadata={"tags": ["publish"]},
    )
    cells = [
        *shipped("parameters", "review", "milestones"),
        heard,
        code(FRAME, "publish"),
        code("pd.DataFrame({'n': range(600)}, index=range(1, 601))", "publish", "shareable"),
        new_markdown_cell("a note that stays"),
        code("print('stays too')"),
        *shipped("flow"),
        code(PIXELS, "publish", alt="Two bars", title="Bars"),
        code(DRAWING, "publish"),
        code(SECTION, "publish"),
        code("x = 1", "publish"),
        code("flow"),
    ]
    (folder / "helper.py").write_text(HELPER, encoding="utf-8")
    nbformat.write(notebook(*cells), folder / "mine.ipynb")
    words = ["--notebook", folder / "mine.ipynb", "--language", "all", "--output", folder / "out"]
    done = run("close", "data/sample", *words)
    assert done.returncode == 0, done.stderr
    return folder / "out", done.stdout


def page(own: tuple[Path, str], language: str = "en") -> str:
    return (own[0] / closed.PAGES[language]).read_text(encoding="utf-8")


def blocks(own: tuple[Path, str], language: str = "en") -> list[str]:
    """The markup of each contribution of a page, in its order."""
    return re.findall(
        r'<section class="chapter analyst".*?</section>', page(own, language), re.DOTALL
    )


def test_a_cell_tagged_publish_stands_after_the_chapter_it_follows_under_its_own_heading(
    own: tuple[Path, str],
) -> None:
    text = page(own)
    order = [text.index(f'id="{at}"') for at in ("milestones", "part-service", "flow", "own_flow")]
    places = [text.index(one) for one in blocks(own)]
    titles = [re.findall(r"<h3[^>]*>(.*?)</h3>", one)[0] for one in blocks(own)]

    assert titles == [
        "What was heard", "What was heard", "Bars", "Note on the chapter “Flow”"
    ]  # fmt: skip
    assert order[0] < places[0] < places[1] < order[1] < order[2] < places[2] < places[3] < order[3]


def test_it_is_marked_as_the_analysts_in_its_place_and_in_the_contents_of_its_part(
    own: tuple[Path, str],
) -> None:
    marks = {
        "en": ("Added by the analyst, for internal use", "Added by the analyst, and may be shared"),
        "fr": ("Ajouté par l’analyste, à usage interne", "Ajouté par l’analyste, communicable"),
    }
    for language, (internal, shareable) in marks.items():
        found = [internal in one for one in blocks(own, language)]
        assert found == [True, False, True, True]
        assert shareable in blocks(own, language)[1]
        # four contributions and a chapter, each in its place and in the contents
        text = page(own, language)
        assert (text.count(internal), text.count(shareable)) == (2 * 4, 2 * 1)


def test_markdown_keeps_its_form_and_nothing_that_asks_or_runs(own: tuple[Path, str]) -> None:
    heard = blocks(own)[0]

    assert "<strong>dates</strong> slipped &lt;script&gt;x&lt;/script&gt;" in heard
    assert "<script" not in page(own)
    assert "http" not in heard


def test_a_data_frame_is_a_table_of_the_page_in_its_language(own: tuple[Path, str]) -> None:
    def cells(language: str) -> list[str]:
        found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", blocks(own, language)[0])
        return [html.unescape(one) for one in found]

    assert cells("en") == [
        *("site", "days", "year", "share", "on"),
        *("Lyon", "1,234", "2024", "0.9531", "1 Mar 2024"),
        *("<b>Paris</b>", "5", "2025", "12.5", "2 Apr 2024"),
    ]
    assert cells("fr")[5:10] == ["Lyon", "1\u202f234", "2024", "0,9531", "1er mars 2024"]


def test_a_long_table_shows_its_first_rows_and_60_of_them_folded(own: tuple[Path, str]) -> None:
    first, _, folded = blocks(own)[1].partition("<details")

    assert first.count("<tr>") == 1 + 12
    assert folded.count("<tr>") == 1 + 60
    assert "The first 60 of the 600 rows that the file review.json has." in folded


def test_a_figure_is_an_image_with_its_words_for_who_does_not_see_it(
    own: tuple[Path, str],
) -> None:
    bars, lines = blocks(own)[2:]

    assert re.search(r'<img src="data:image/png;base64,[\w+/=]+" alt="Two bars" width="\d+"', bars)
    assert "Text(0.5" not in bars
    assert re.search(r'<img src="data:image/svg\+xml;base64,[\w+/=]+" alt="Note on the', lines)
    assert "three &lt;points&gt;</pre>" in lines


def test_a_section_of_the_analyst_is_a_chapter_that_says_whose_it_is(own: tuple[Path, str]) -> None:
    sections = {one["slug"]: one for one in closed.values(own[0])["sections"]}

    assert [*sections] == ["milestones", "flow", "own_flow"]
    assert sections["own_flow"]["by_analyst"]
    assert sections["own_flow"]["audience"] == "internal"
    assert not sections["flow"]["by_analyst"]


def test_review_json_holds_what_was_added_with_its_audience_and_place(
    own: tuple[Path, str],
) -> None:
    values = closed.values(own[0])
    added = values["contributions"]

    assert [e.message for e in jsonschema.Draft202012Validator(SCHEMA).iter_errors(values)] == []
    assert [one["audience"] for one in added] == ["internal", "shareable", "internal", "internal"]
    assert [one["after"] for one in added] == ["milestones", "milestones", "flow", "flow"]
    assert [len(one["blocks"]) for one in added] == [2, 1, 1, 2]


def test_what_was_not_published_is_said_at_the_end(own: tuple[Path, str]) -> None:
    """A note and a print; a tag on a cell without output. A chapter shown again is there."""
    *_, stayed, nothing = own[1].splitlines()

    assert stayed.startswith("2 cellules de l’analyste ne figurent pas dans le bilan")
    assert nothing.startswith("1 cellule étiquetée «\u00a0publish\u00a0» ne montre rien")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (shipped("review"), "has no cell tagged parameters"),
        ([code("engagement: str = ''\nas_of: str = ''", "parameters")], "no parameter 'language'"),
    ],
)
def test_a_notebook_with_other_parameters_is_refused_before_it_runs(
    tmp_path: Path, cells: list[Any], message: str
) -> None:
    nbformat.write(notebook(*cells), tmp_path / "mine.ipynb")

    with pytest.raises(ReviewError, match=message):
        execute(tmp_path / "mine.ipynb", {"engagement": "x", "as_of": "", "language": ""})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "can't be read as a notebook (No such file or directory)"),
        ("{}", "can't be read as a notebook"),
        ("not json", "can't be read as a notebook"),
        ('{"cells": 1, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "can't be read"),
    ],
)
def test_what_is_no_notebook_is_refused_in_a_line(
    run_here: Run, tmp_path: Path, content: str | None, message: str
) -> None:
    file = tmp_path / "mine.ipynb"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    for words in (["publish", file], ["close", "data/sample", "--notebook", file]):
        done = run_here(*words, "--output", tmp_path / "out")

        assert done.returncode == 2
        assert message in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not (tmp_path / "out").exists()


def printed(table: Table, language: Any = "en") -> list[list[str]]:
    return Wording(language).cells(table)


def test_a_frame_of_every_kind_is_printed_in_the_form_of_its_columns() -> None:
    frame = pd.DataFrame(
        {
            ("a", "whole"): [1900000, None],
            ("a", "yes"): [True, False],
            ("b", "at"): pd.to_datetime(["2024-01-01 12:30", None]),
            ("b", "took"): pd.to_timedelta(["90min", None]),
            ("c", "list"): [["x", 1], {"k": 2}],
            ("c", "infinite"): [float("inf"), 0.5],
            ("c", ""): ["", None],
        },
        index=pd.Index(["r1", "r2"], name="row"),
    )
    table = table_of(frame)

    assert [str(column.label) for column in table.columns] == [
        "row", "a · whole", "a · yes", "b · at", "b · took", "c · list", "c · infinite", "c",
    ]  # fmt: skip
    assert printed(table) == [
        ["r1", "1,900,000", "yes", "1 Jan 2024 12:30", "1 h 30", "['x', 1]", "∞", "—"],
        ["r2", "—", "no", "—", "—", "{'k': 2}", "0.5", "—"],
    ]


def test_an_empty_frame_and_a_very_wide_one_are_tables_too() -> None:
    assert table_of(pd.DataFrame()).rows == ()
    assert table_of(pd.DataFrame({"a": []})).rows == ()

    wide = table_of(pd.DataFrame([range(100)]))
    assert len(wide.columns) == 40
    assert Wording("en").say(wide.note) == "The first 40 of 100 columns."


def test_cells_after_the_summary_end_the_page_and_cells_before_a_chapter_begin_it() -> None:
    def after(*sections: Any) -> str:
        cells = Contributions("en")
        for index, section in enumerate(sections):
            cells.add(index, new_code_cell("x"), [section])
        cells.add(9, new_markdown_cell("words", metadata={"tags": ["publish"]}), [])
        return cells.made[0].after

    quality = chapter("data_quality", sample_of())
    summary = dataclasses.replace(quality, slug="summary", part=Part.FRONT)
    assert after(quality, summary) == "data_quality"
    assert after(summary) == ""
    assert after() == ""
