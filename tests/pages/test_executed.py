"""A notebook that was run, published without running it: only values are read of its outputs."""

from __future__ import annotations

import base64
import copy
import dataclasses
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reviewlib import __version__
from reviewlib.engagement.summary.chapter import summary
from reviewlib.faults import ReviewError
from reviewlib.pages.cells import REVIEW_MIME, SECTION_MIME, TABLE_MIME, of_review, of_section
from reviewlib.pages.contributions import Contributions, chapter_of, is_chapter
from reviewlib.pages.converted import ReviewPage
from reviewlib.pages.html import image
from reviewlib.pages.pictures import picture
from reviewlib.pages.publish import SCHEMA, Wanted, publish
from reviewlib.pages.wording import Wording
from reviewlib.report.conforming import conforming
from reviewlib.report.encoding import decoded, encoded
from reviewlib.report.parts import Part
from reviewlib.report.text import EMPTY, Message
from reviewlib.report.values import Audience, Front, Interval, Note, Section
from reviewlib.review import open_review
from tests.chapters import CHAPTERS, chapter
from tests.sample import sample_of

Run = Callable[..., subprocess.CompletedProcess[str]]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def shows(source: str, count: int, *outputs: Any, **about: Any) -> nbformat.NotebookNode:
    """A cell that was run and showed some outputs."""
    made = [new_output("display_data", data) for data in outputs]
    return new_code_cell(source, execution_count=count, outputs=made, metadata=about)


def executed(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook as a run leaves it: the review, a chapter, then these cells."""
    review = sample_of()
    return new_notebook(
        cells=[
            shows("review", 1, of_review(review)),
            shows("flow", 2, copy.deepcopy(of_section(chapter("flow", review)))),
            *cells,
        ]
    )


def published(notebook: nbformat.NotebookNode, folder: Path, language: str = "") -> str:
    """The page that is made of a notebook."""
    nbformat.write(notebook, folder / "out.ipynb")
    publish(folder / "out.ipynb", Wanted(language=language))
    return (folder / "review" / "review.html").read_text(encoding="utf-8")


def refused(notebook: nbformat.NotebookNode, folder: Path) -> str:
    """What is said of a notebook that can't be published; nothing is written."""
    nbformat.write(notebook, folder / "out.ipynb")
    with pytest.raises(ReviewError) as raised:
        publish(folder / "out.ipynb")
    assert not (folder / "review").exists()
    return str(raised.value)


def test_what_a_run_wrote_is_written_again_of_its_notebook_to_the_byte(
    run: Run, sample_review: Path, tmp_path: Path
) -> None:
    """In the language of the run by default; here in both, as the run was."""
    words = ["--language", "fr,en", "--output", tmp_path / "again"]
    done = run("publish", sample_review / "review.ipynb", *words)

    assert done.returncode == 0, done.stderr
    first, again = (
        {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
        for folder in (sample_review, tmp_path / "again")
    )
    assert len(again) == 4
    assert again == {name: first[name] for name in again}
    assert done.stdout.splitlines() == [str(tmp_path / "again" / name) for name in (
        "review.html", "review.en.html", "review.json", "review.ipynb",
    )]  # fmt: skip


def test_a_notebook_is_published_beside_itself_in_any_language(tmp_path: Path) -> None:
    english = published(executed(), tmp_path)
    french = published(executed(), tmp_path, "fr")

    assert '<html lang="en">' in english
    assert '<html lang="fr">' in french
    assert "Flux" in french
    assert {one.name for one in tmp_path.iterdir()} == {"out.ipynb", "review"}
    publish(tmp_path / "review" / "review.ipynb")
    assert (tmp_path / "review" / "review.html").read_text(encoding="utf-8") == english


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([new_code_cell("1 + 1")], "run in part: 1 of its cells were not, first '1 [+] 1'"),
        (
            [new_code_cell("x", execution_count=3, outputs=[
                new_output("error", ename="NameError", evalue=f"{HOSTILE}\nx", traceback=[])
            ])],
            "cell 3 ended in an error [(]NameError: <script>",
        ),
    ],
)  # fmt: skip
def test_what_was_not_run_wholly_is_refused(
    tmp_path: Path, cells: list[nbformat.NotebookNode], message: str
) -> None:
    assert re.search(message, refused(executed(*cells), tmp_path))


def test_what_was_not_run_or_shows_no_review_or_chapter_is_refused(tmp_path: Path) -> None:
    idle = executed()
    for cell in idle.cells:
        cell.update(outputs=[], execution_count=None)
    assert "out.ipynb was not run." in refused(idle, tmp_path)
    assert "was not run" in refused(new_notebook(), tmp_path)

    whole = executed()
    assert "shows no review" in refused(new_notebook(cells=whole.cells[1:]), tmp_path)
    assert "shows no chapter" in refused(new_notebook(cells=whole.cells[:1]), tmp_path)


def test_what_another_version_ran_is_refused(tmp_path: Path) -> None:
    notebook = executed()
    values = json.dumps(notebook.cells[0].outputs[0].data[REVIEW_MIME])
    other = values.replace(f'"reviewlib", "{__version__}"', '"reviewlib", "0.0.1"')
    notebook.cells[0].outputs[0].data[REVIEW_MIME] = json.loads(other)

    assert f"was run by reviewlib 0.0.1, and this is {__version__}" in refused(notebook, tmp_path)


def test_cells_run_in_another_order_and_an_empty_one_are_no_hindrance(tmp_path: Path) -> None:
    notebook = executed(new_code_cell(""))
    notebook.cells[0].execution_count = 9
    nbformat.write(notebook, tmp_path / "out.ipynb")

    (note,) = publish(tmp_path / "out.ipynb").notes
    assert note.startswith("The cells were run in another order")


def test_two_chapters_of_one_name_are_refused(tmp_path: Path) -> None:
    again = shows("flow", 3, of_section(chapter("flow", sample_of())), tags=["publish"])

    assert "two cells show a chapter 'flow'" in refused(executed(again), tmp_path)


def test_two_cells_that_show_a_chapter_with_other_values_are_refused_and_named(
    tmp_path: Path,
) -> None:
    """In each order; where both show the same, the chapter stands once."""
    data = of_section(chapter("flow", sample_of()))
    forged = copy.deepcopy(data)
    forged[SECTION_MIME]["section"] |= {"headline": "99 of 99"}

    message = refused(executed(shows("m", 3, forged)), tmp_path)
    assert message.startswith("cells 2 and 3 show the chapter 'flow' with other values")
    assert "cells 3 and 3" in refused(executed(shows("m", 3, data, forged)), tmp_path)
    assert published(executed(shows("flow", 3, data)), tmp_path).count('id="flow"') == 1


def test_a_chapter_of_another_review_is_refused(tmp_path: Path) -> None:
    """As the review of an earlier day gives it, in a cell without a tag."""
    earlier = open_review("data/sample", as_of="2024-09-30")
    cell = shows("m", 3, of_section(chapter("milestones", earlier)))

    message = refused(executed(cell), tmp_path)
    assert message.startswith("cell 3 shows the chapter 'milestones' of another review")


def own_section(**values: Any) -> nbformat.NotebookNode:
    """A cell that publishes a copy of a chapter with other values."""
    data = copy.deepcopy(of_section(chapter("flow", sample_of())))
    data[SECTION_MIME]["section"] |= {"slug": "own"} | values
    return shows("own", 3, data, tags=["publish"])


@pytest.mark.parametrize(
    "slug", ["", "content", "top", "part-delivery", "milestones-title", "é a", "Own", "analyst_x"]
)
def test_a_slug_that_can_be_no_id_of_a_chapter_is_refused(slug: str) -> None:
    cell = own_section()
    section = decoded(cell.outputs[0].data[SECTION_MIME]["section"])
    with pytest.raises(ReviewError, match="with the slug"):
        chapter_of(cell, dataclasses.replace(section, slug=slug))


def test_a_chapter_of_the_analyst_is_no_first_page_and_does_not_speak_as_the_facilitator() -> None:
    cell = own_section()
    section = decoded(cell.outputs[0].data[SECTION_MIME]["section"])
    noted = dataclasses.replace(section, note=Note({"en": "Agreed."}))

    assert chapter_of(cell, noted).note is None
    for fronted in ({"front": Front()}, {"part": Part.FRONT}):
        with pytest.raises(ReviewError, match="as a first page"):
            chapter_of(cell, dataclasses.replace(section, **fronted))


def test_words_of_the_facilitator_that_are_on_no_page_are_told_of(tmp_path: Path) -> None:
    """Of three files one is of a chapter that is shown; the copy of a chapter has words too."""
    names = ("notes/flow.fr.md", "notes/delays.fr.md", "notes/front.yml", "flow.csv", "notes.csv")
    of_cell = own_section(note=encoded(Note({"en": "Agreed."})))
    notebook = executed(of_cell)
    items = notebook.cells[0].outputs[0].data[REVIEW_MIME]["items"]
    inputs = next(value for name, value in items if name == "inputs")
    inputs += [{"@": "map", "items": [["file", name]]} for name in names]
    nbformat.write(notebook, tmp_path / "out.ipynb")

    files, own = publish(tmp_path / "out.ipynb", Wanted(language="en")).notes
    assert files == (
        "2 files of the facilitator are not in the review, for the notebook does not show their "
        "chapters: notes/delays.fr.md, notes/front.yml."
    )
    assert own.startswith("1 Section tagged “publish” stands without the words of the facilitator")


def test_a_page_links_to_what_it_has_and_chapters_of_its_first_page_that_it_lacks_are_told_of(
    tmp_path: Path,
) -> None:
    """The first page is of the chapter shown, of two that are not, and of no chapter at all."""
    review = sample_of()
    front = summary(review, [chapter(slug, review) for slug in ("flow", "penalties", "delays")])
    words = "[Flow](#flow) [d\u00e9lais](#d\u00e9lais)"
    own = new_markdown_cell(words, metadata={"tags": ["publish"]})
    html = published(executed(shows("x", 3, of_section(front)), own), tmp_path, "en")
    links, ids = (set(re.findall(rf'\s{name}="#?([^"]*)"', html)) for name in ("href", "id"))

    assert links - ids == set()
    assert html.count('<li><a><span class="stake') > 0
    assert '<a href="#flow" rel="noopener noreferrer">Flow</a>' in html
    assert "d\u00e9lais</a>" in html
    (told, *_) = publish(tmp_path / "out.ipynb", Wanted(language="en")).notes
    assert told == (
        "2 chapters of which the first page speaks are not in the review, for the notebook does "
        "not show them: delays, penalties."
    )


def test_a_copy_of_a_chapter_has_ids_of_its_own_and_every_id_of_the_page_is_one(
    tmp_path: Path,
) -> None:
    """Beside the chapter that it copies, and beside cells whose ids end as parts of others do."""
    notes = [new_markdown_cell(f"## {n}\n\nx", metadata={"tags": ["publish"]}) for n in range(4)]
    table = {"@": "Table", "id": "t", "caption": "", "rows": [["1"]],
             "columns": [{"@": "Column", "key": "a", "label": "a"}]}  # fmt: skip
    frame = shows("a", 4, {TABLE_MIME: table}, tags=["publish"], title="Frame")
    for cell, name in zip((frame, *notes), ("y", "y-1", "y-title", "z", "z-2"), strict=True):
        cell.id = name
    html = published(executed(own_section(), frame, *notes), tmp_path)
    ids = re.findall(r'\sid="([^"]*)"', html)

    assert sorted({name for name in ids if ids.count(name) > 1}) == []
    assert {"own", "flow", "analyst_y-1", "analyst_z"} <= {*ids}


def test_a_chapter_of_the_analyst_that_was_not_assessed_says_whose_it_is(tmp_path: Path) -> None:
    html = published(executed(own_section(because="No data of mine")), tmp_path)

    (absent,) = re.findall(r'<li id="own">.*?</li>', html, re.DOTALL)
    assert "Added by the analyst" in absent


def test_a_cell_of_the_librarys_shows_no_chapter_of_another_slug_without_a_tag() -> None:
    cell = own_section()
    section = decoded(cell.outputs[0].data[SECTION_MIME]["section"])
    cell.id, cell.metadata["tags"] = "flow", []

    assert not is_chapter(cell, section)
    cells = Contributions("en")
    cells.add(0, cell, [])
    (note,) = cells.notes
    assert Wording("en").say(note).startswith("1 cell of the analyst")


def test_what_a_review_says_of_itself_is_no_way_to_other_keys_of_review_json(
    tmp_path: Path,
) -> None:
    notebook = executed()
    items = notebook.cells[0].outputs[0].data[REVIEW_MIME]["items"]
    items += [["schema", "evil/9"], ["sections", "none"], ["extra", 1]]
    published(notebook, tmp_path)
    values = json.loads((tmp_path / "review" / "review.json").read_text(encoding="utf-8"))

    assert values["schema"] == SCHEMA
    assert "extra" not in values
    assert [section["slug"] for section in values["sections"]] == ["flow"]


def test_a_converted_page_is_logged_with_what_was_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    left = new_markdown_cell("a note that stays")
    converter = ReviewPage()
    converter.log.propagate = True
    with caplog.at_level("WARNING"):
        converter.preprocess(executed(left), {})

    assert "1 cell of the analyst is not in the review" in caplog.text


def changed(notebook: nbformat.NotebookNode, **values: Any) -> nbformat.NotebookNode:
    """The notebook with other values in the chapter that it shows."""
    data = notebook.cells[1].outputs[0].data
    data[SECTION_MIME]["section"] |= values
    data["text/html"] = HOSTILE
    data["text/plain"] = HOSTILE
    return notebook


def test_markup_in_an_output_is_not_used_and_values_are_escaped(tmp_path: Path) -> None:
    title = {"@": "Quoted", "text": HOSTILE, "texts": {}}
    html = published(changed(executed(), title=title), tmp_path)

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    "values",
    [
        {"title": 5},
        {"slug": None},
        {"part": "elsewhere"},
        {"part": {"@": "Part", "value": "elsewhere"}},
        {"shown_in": "de"},
        {"facts": [{"@": "Caveat", "id": "a", "sentence": "b"}]},
        {"tables": {"@": "os.system"}},
        {"tables": [{"@": "Table", "id": "a"}]},
        {"headline": {"@": "Message", "template": "{x.__class__.__mro__}", "values": [["x", 1]]}},
        {"headline": {"@": "Message", "template": "{0}"}},
        {"time_zone": "../../etc/passwd"},
        {"figures": [{"@": "Figure", "id": "a", "form": "__import__", "title": "t",
                      "description": "d", "table": None}]},
    ],
)  # fmt: skip
def test_values_that_are_not_what_their_types_say_are_refused(
    tmp_path: Path, values: dict[str, Any]
) -> None:
    message = refused(changed(executed(), **values), tmp_path)

    assert "outputs are not those of a review" in message
    assert len(message) < 700


def test_a_hostile_cell_of_the_analyst_stays_text(tmp_path: Path) -> None:
    table = {"@": "Table", "id": HOSTILE, "caption": HOSTILE, "rows": [[HOSTILE, 1]], "columns": [
        {"@": "Column", "key": "a", "label": HOSTILE},
        {"@": "Column", "key": "b", "label": "b", "unit": {"@": "Unit", "value": "number"}},
    ]}  # fmt: skip
    tagged: dict[str, Any] = {"tags": ["publish", HOSTILE], "title": HOSTILE, "alt": HOSTILE}
    svg = SVG.format('<script>x()</script><rect onload="x()" width="3"/>')
    html = published(
        executed(
            new_markdown_cell(f"# {HOSTILE}\n{HOSTILE} [x](javascript:x)", metadata=tagged),
            shows("a", 3, {TABLE_MIME: table}, **tagged),
            shows("b", 4, {"text/plain": HOSTILE[::-1], "text/html": HOSTILE}, **tagged),
            shows("c", 5, {"image/svg+xml": svg}, **tagged),
            shows("d", 6, {"image/png": base64.b64encode(b"GIF89a").decode()}, **tagged),
        ),
        tmp_path,
    )

    assert "<script" not in html
    assert re.findall(r"<\w+[^>]* on\w+=", re.sub(r'"[^"]*"', '""', html)) == []
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    assert html.count("<img") == 1
    assert "1 cell tagged “publish” shows nothing" in publish(tmp_path / "out.ipynb").notes[-1]


def test_a_table_of_the_analyst_that_is_none_is_refused(tmp_path: Path) -> None:
    cell = shows("a", 3, {TABLE_MIME: {"@": "Table", "id": "a"}}, tags=["publish"])

    assert "not those of a review" in refused(executed(cell), tmp_path)


def test_an_svg_holds_nothing_that_runs_or_asks() -> None:
    inside = (
        '<script>1</script><style>@import "//x"</style><foreignObject><p/></foreignObject>'
        '<a href="http://x/"><rect onclick="x()" style="fill: #fff; stroke: red" width="3"/></a>'
        '<image href="http://x/y.png"/><use href="#a"/><rect fill="url(http://x/#a)"/>'
        '<rect style="fill: url( \'x\')"/><rect fill="url(#a)"/><p xmlns="urn:x"/>'
    )
    svg = image(SVG.format(inside))

    assert re.findall(r"script|import|foreign|onclick|http://x|'x'|urn:x|<p", svg) == []
    assert 'style="fill: #fff; stroke: red"' in svg
    assert 'fill="url(#a)"' in svg
    assert svg.startswith('<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg"')


@pytest.mark.parametrize(
    "data",
    [
        {"image/png": "no base 64!"},
        {"image/png": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()},
        {"image/png": ["iVBO"]},
        {"image/svg+xml": "<svg"},
        {"image/svg+xml": "<p/>"},
        {"image/svg+xml": SVG.format("x" * 5_000_000)},
        {"image/svg+xml": '<!DOCTYPE svg [<!ENTITY a "aa">]>' + SVG.format("&b;")},
        {"image/jpeg": "AAAA"},
    ],
)
def test_a_figure_that_is_none_is_left_out(data: dict[str, Any]) -> None:
    assert picture(data, EMPTY) is None


def test_every_chapter_of_the_library_is_what_its_types_say() -> None:
    for slug in CHAPTERS:
        section = decoded(json.loads(json.dumps(encoded(chapter(slug, sample_of())))))
        assert conforming(section, Section) is section


def test_a_value_with_a_field_of_another_type_does_not_conform() -> None:
    assert conforming(Interval(1, 2.5, "x"), Interval)
    for wrong in (Interval("1", 2.5, "x"), Interval(True, 2.5, "x"), Audience.INTERNAL, None):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="not a valid Interval"):
            conforming(wrong, Interval)


def test_a_field_of_a_message_is_no_way_into_a_value() -> None:
    with pytest.raises(KeyError):
        Wording("en").say(Message("{x.real}", values=(("x", 1),)))
