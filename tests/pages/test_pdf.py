"""The page on paper: tagged, in order, by the Chromium of the system or not at all."""

from __future__ import annotations

import html
import os
import re
import stat
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.faults import ReviewError
from reviewlib.pages.pdf import pages_of, printed, printer
from reviewlib.pages.publish import Wanted, close
from reviewlib.report.text import Language
from tests.closed import PAGES
from tests.pages.test_page import demo

Require = Callable[..., Path]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_printed_tagged_with_its_title_and_read_in_order(
    require: Require, tmp_path: Path, language: Language
) -> None:
    chromium = require("chromium", "install Debian's chromium package")
    require("pdfinfo", "install Debian's poppler-utils package")
    file = tmp_path / "review.pdf"
    file.write_bytes(printed(demo(language), str(chromium)))
    about = told("pdfinfo", file)
    text = " ".join(told("pdftotext", "-layout", file, "-").split())

    assert "Tagged: yes" in " ".join(about.split())
    assert "Title: Close-out · A with B" in " ".join(about.split())
    in_order = ("Priority 3 held", "Nordiane", "Apply the clause", "In time, by month")
    places = [text.index(words) for words in (*in_order, "Service levels")]
    assert places == sorted(places)
    made = file.read_bytes()
    assert f"/Lang ({language})".encode() in made
    assert b"/Outlines" in made
    assert b"/DisplayDocTitle true" in made


FRONT = {
    "fr": ("Autres points", "La prestation en une page", "Sommaire", "Partie 1"),
    "en": ("Other points", "The engagement on one page", "Contents", "Part 1"),
}


@pytest.mark.parametrize("language", FRONT)
def test_the_front_takes_two_pages_then_come_the_contents_with_pages_and_all_findings(
    require: Require, sample_review: Path, tmp_path: Path, language: Language
) -> None:
    chromium = require("chromium", "install Debian's chromium package")
    require("pdfinfo", "install Debian's poppler-utils package")
    page = (sample_review / PAGES[language]).read_text(encoding="utf-8")
    file = tmp_path / "review.pdf"
    file.write_bytes(printed(page, str(chromium)))
    pages = told("pdftotext", file, "-").split("\f")
    contents = told("pdftotext", "-layout", "-f", "3", "-l", "3", file, "-")
    listed = re.findall(r"^(?:\d+ )? *(\S.*?)  +(\d+)$", contents, re.M)

    for place, words in enumerate(FRONT[language]):
        assert words in pages[place], (place, words)
    assert len(pages) - 1 <= 38  # of forty chapters
    assert len(listed) > 30
    for title, number in listed:
        assert squeezed(title) in squeezed(pages[int(number) - 1]), (title, number)
    assert not_printed(page, "".join(pages)) == []


def test_of_a_pdf_that_another_program_wrote_no_page_is_counted() -> None:
    assert pages_of(b"%PDF-1.7 stream") == {}
    assert pages_of(b"2 0 obj\n<</Type /Page\n9 0 obj\n<</Type /Page\n/a [9 0 R /XYZ 0 1 0]") == {
        "a": 2
    }


def squeezed(text: str) -> str:
    """A text without what a printer adds and takes away: ligatures, hyphens, breaks of lines."""
    return re.sub(r"[\s\u00ad-]+", "", unicodedata.normalize("NFKC", text))


def not_printed(page: str, text: str) -> list[str]:
    """What a text of the printed page lacks, in the order of the page.

    Sought: the beginning of each finding and each line that names the folds that stay closed.
    """
    wanted = re.findall(r'<p class="(?:sentence|in-file)">(.*?)</p>', page, re.DOTALL)
    printed_text, place, missing = squeezed(text), 0, []
    for words in wanted:
        beginning = squeezed(html.unescape(re.sub("<[^>]+>", "", words)))[:60]
        if (at := printed_text.find(beginning, place)) < 0:
            missing.append(words)
        else:
            place = at
    assert len(wanted) > 100
    return missing


def told(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_without_a_browser_nothing_runs_and_a_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("reviewlib.pages.pdf.PLACES", {})
    target = tmp_path / "out"

    with pytest.raises(ReviewError, match=r"none was found: install one.*Nothing was written"):
        close("data/sample", Wanted(target, pdf=True))
    assert not target.exists()


def test_a_browser_that_is_named_and_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REVIEWLIB_CHROMIUM", "/nowhere/browser")

    with pytest.raises(ReviewError, match="'/nowhere/browser'"):
        printer()


@pytest.mark.skipif(os.name == "nt", reason="a script that fails is one of a POSIX shell")
def test_a_browser_that_fails_is_told_with_its_last_line(tmp_path: Path) -> None:
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\necho first >&2\necho 'no display' >&2\nexit 3\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)

    with pytest.raises(ReviewError, match="could not print the page: no display"):
        printed("<p>x</p>", str(script))
