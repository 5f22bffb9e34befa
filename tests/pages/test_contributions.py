"""What the analyst's cells add, when they hold too much, what can't be printed, or nothing."""

from __future__ import annotations

import base64
import struct
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from reviewlib.pages.cells import of_frame, of_section
from reviewlib.pages.contributions import Contributions
from reviewlib.pages.executed import injected
from reviewlib.pages.frames import table_of
from reviewlib.pages.pictures import picture
from reviewlib.pages.renditions import Renditions
from reviewlib.pages.wording import Wording
from reviewlib.report.contributions import Passage
from reviewlib.report.encoding import decoded
from reviewlib.report.text import EMPTY, Quoted
from reviewlib.report.values import Section

ENGLISH = Wording("en", "Europe/Paris")
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def png(width: int, height: int, end: bytes = b"IEND\xae\x42\x60\x82") -> str:
    size = struct.pack(">II", width, height)
    data = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + size + b"\x08\x06\0\0\0" + b"\0\0\0\0" + end
    return base64.b64encode(data).decode()


def cell(*outputs: Any, **about: Any) -> nbformat.NotebookNode:
    """A published cell: what it prints is a text, what it shows a bundle."""
    made = [
        new_output("stream", name="stdout", text=one)
        if isinstance(one, str)
        else new_output("display_data", one)
        for one in outputs
    ]
    return new_code_cell("x", outputs=made, metadata={"tags": ["publish"], **about})


def words(text: str) -> nbformat.NotebookNode:
    return new_markdown_cell(text, metadata={"tags": ["publish"]})


def added(*cells: nbformat.NotebookNode) -> Contributions:
    own = Contributions("en", [ENGLISH])
    for index, one in enumerate(cells):
        own.add(index, one, [])
    return own


def notes(*cells: nbformat.NotebookNode) -> list[str]:
    return [ENGLISH.say(note) for note in added(*cells).notes]


def passage(text: str) -> Passage:
    (one,) = added(cell(text)).made
    (block,) = one.blocks
    assert isinstance(block, Passage)
    return block


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59", "12024-01-01T10:00:00"])
def test_a_cell_that_can_not_be_printed_is_named_and_the_others_stand(instant: str) -> None:
    moments = pd.Series(np.array([instant], dtype="datetime64[s]")).dt.tz_localize("UTC")
    bad = cell(of_frame(moments.to_frame("end")), title="End")

    own = added(words("## One\n\nfirst"), bad, words("## Two\n\nlast"))
    assert [ENGLISH.say(one.title) for one in own.made] == ["One", "Two"]
    (note,) = own.notes
    assert ENGLISH.say(note).startswith("Cell 2, “End”, is not in the review: printing it failed")


def test_a_drawing_nested_without_end_is_left_out_and_counted() -> None:
    deep = {"image/svg+xml": SVG.format("<g>" * 3000 + "</g>" * 3000)}

    assert picture(deep, EMPTY) is None
    (note,) = notes(cell(deep))
    assert note.startswith("1 cell tagged “publish” shows nothing")


@pytest.mark.parametrize("lines", ["x = {[]: 1}", "x = " + "-" * 50_000 + "1", "x = ("])
def test_parameters_that_python_can_not_read_are_none(lines: str) -> None:
    run = new_notebook(cells=[new_code_cell(lines, metadata={"tags": ["injected-parameters"]})])
    assert injected(run) == {}


def test_a_heading_of_very_many_spaces_is_one_of_few_signs() -> None:
    """By a rule that tries each end anew the two hundred thousand of them took minutes."""
    (one,) = added(words("# a" + " " * 200_000 + "b ##\n\ntext")).made

    title = ENGLISH.say(one.title)
    assert (title[0], len(title) <= 200) == ("a", True)


def test_a_result_beside_a_figure_stands_and_the_name_of_a_part_of_it_does_not() -> None:
    figure = {"image/png": png(3, 2), "text/plain": "<Figure size 3x2 with 1 Axes>"}
    parts = [{"text/plain": text} for text in ("Text(0.5, 1.0, 'A')", "<BarContainer object>")]
    own = added(cell(figure, {"text/plain": "KEYRESULT 42"}, *parts))

    (one,) = own.made
    assert [getattr(block, "text", "") for block in one.blocks] == ["", "KEYRESULT 42"]
    assert own.notes == []


def test_an_output_that_a_page_can_not_hold_is_counted_beside_one_that_it_can() -> None:
    styled = {"text/html": "<table>", "text/plain": "<pandas.io.Styler at 0x7f>"}
    two = notes(cell("printed", {"image/png": png(0, 0)}, styled))

    assert [note.split(":")[0] for note in two] == [
        "2 outputs of cells tagged “publish” are not in the review"
    ]


def test_a_heading_under_which_nothing_stands_is_counted() -> None:
    """The first has a text under it, in the next cell; the second and the last have none."""
    (note,) = notes(words("# One"), words("text"), words("# Two"), words("# Three"))
    assert note.startswith("2 cells tagged “publish” show nothing")


def test_a_long_line_is_cut_and_it_is_noted_of_how_many_signs() -> None:
    block = passage("A" * 3_000_000)

    assert len(block.text) == 100_000
    assert ENGLISH.say(block.note) == "The first 100,000 of 3,000,000 characters."


def test_of_a_line_that_was_written_over_its_last_state_stands() -> None:
    assert passage("10%\r20%\rDONE\r\nnext\r\n").text == "DONE\nnext"


def test_a_long_text_in_a_frame_is_cut_and_a_great_number_is_not_written_out() -> None:
    table = table_of(pd.DataFrame({"b": [[1] * 100_000], "c": [1e300]}))
    ((text, number),) = table.rows

    assert len(str(text)) == 2000
    assert number == "1e+300"
    assert ENGLISH.say(table.note) == "Of longer texts the first 2,000 characters."


def test_a_label_of_nought_or_false_heads_its_column() -> None:
    """As the columns of a frame without names have it, and those of an unstacked one."""
    labels = [ENGLISH.say(column.label) for column in table_of(pd.DataFrame([[1, 2]])).columns]
    assert labels == ["0", "1"]
    by = pd.DataFrame({("n", False): [1], ("n", ""): [2]})
    assert [ENGLISH.say(column.label) for column in table_of(by).columns] == ["n · False", "n"]


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("Fraction", "1e30000000"), ("Fraction", "1/" + "9" * 5000), ("Decimal", "1e30000000"),
        ("Decimal", "-1e-999999"), ("Decimal", "9" * 5000),
    ],
)  # fmt: skip
def test_an_exact_number_beyond_sense_is_refused_before_it_is_computed(
    kind: str, written: str
) -> None:
    with pytest.raises(ValueError, match="of a review"):
        decoded({"@": kind, "value": written})


@pytest.mark.parametrize(
    "data", [png(0, 5), png(5, 0), png(4_294_967_295, 5), png(10_001, 5), png(5, 5, b"xx")]
)
def test_a_png_without_a_size_or_an_end_is_left_out(data: str) -> None:
    assert picture({"image/png": data}, EMPTY) is None
    assert picture({"image/png": png(5, 10_000)}, EMPTY) is not None


def test_markup_of_a_cell_that_is_not_the_librarys_is_made_of_its_values() -> None:
    """In the language of the cell too; the markup of the library's own cell is taken."""
    data = of_section(Section("flow", Quoted("Flow")))
    data["text/html"] += "<script>alert(1)</script>"
    with Renditions(("en",)) as renditions:
        one = new_code_cell("forged", outputs=[new_output("display_data", data)])
        renditions.add(one, 0)
        assert "<script" not in renditions.html(0, 0, one.outputs[0].data, "en")


def test_the_librarys_heading_is_no_title_of_the_analysts() -> None:
    """Nor does a heading of the analyst's before it reach beyond."""
    heading = new_markdown_cell("## Milestones", id="about-milestones")
    (one,) = added(new_markdown_cell("## Aside"), heading, cell("77")).made

    assert ENGLISH.say(one.title) == "Note before the chapters"
