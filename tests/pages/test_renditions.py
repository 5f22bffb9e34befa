"""Pages in other languages than the cells, made beside the run."""

from __future__ import annotations

import nbformat
import pytest

from reviewlib.pages.cells import SECTION_MIME, of_section
from reviewlib.pages.renditions import Renditions, ReviewFailed
from tests.chapters import chapter
from tests.sample import sample_of


def shown() -> nbformat.NotebookNode:
    output = nbformat.v4.new_output("display_data", of_section(chapter("flow", sample_of())))
    return nbformat.v4.new_code_cell("flow", outputs=[output])


def test_a_chapter_reads_in_the_language_asked_for() -> None:
    cell = shown()
    with Renditions(("en", "fr")) as renditions:
        renditions.add(cell, 4)
        french = renditions.html(4, 0, cell.outputs[0].data, "fr")

    assert "Flux" in french
    markup = renditions.html(4, 0, cell.outputs[0].data, "en")
    assert markup.startswith("<section")
    assert cell.outputs[0].data["text/html"].endswith(f"{markup}</div>")


def test_a_chapter_that_cannot_be_shown_in_a_language_is_named_with_it() -> None:
    cell = shown()
    section = cell.outputs[0].data[SECTION_MIME]["section"]
    section["title"] = {"@": "Message", "template": "{n:parsec}", "values": [["n", 1]]}
    with Renditions(("en", "fr")) as renditions:
        renditions.add(cell, 4)
        with pytest.raises(ReviewFailed, match=r"the chapter flow could not be shown in fr: .*"):
            renditions.html(4, 0, cell.outputs[0].data, "fr")
