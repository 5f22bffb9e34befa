"""The page for everybody: by keyboard alone, enlarged, in colours of one's own, on paper."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewlib.report.text import Language
from tests.closed import PAGES
from tests.pages.test_page import demo
from tests.pages.test_pdf import not_printed, told

BROWSER = Path(__file__).parents[1] / "browser"
Measure = Callable[..., dict[str, Any]]

# One fault for each of the checks; the last is one that the charts have had.
FAULTS = """
.skip:focus { top: -4rem; }
:focus-visible { outline-color: #eee; }
nav.bar a:first-child { order: 9; }
html { scroll-padding-top: 0; }
details > :not(summary) { visibility: hidden; }
main { min-width: 60rem; }
.ranked .say { display: block; width: 4rem; overflow: hidden; white-space: nowrap; }
nav.bar .inner { flex-wrap: nowrap; overflow-x: auto; }
@media (max-height: 20rem) { nav.bar { position: sticky; padding-block: 4rem; } }
.rows .accent { fill: #ddd; stroke: #ddd; }
@media (forced-colors: active) { .rows svg .accent { fill: Canvas; stroke: Canvas; } }
.fold > summary { border-color: #eee; }
a { transition: color 1s; }
@media print { rect.bar { display: none; } }
"""


@pytest.fixture(scope="session")
def measure(require: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Measure:
    """``measure(html)``: what ``browser/access.mjs`` finds of a page, and what it looked at.

    ``share``: of how many links, and which of them, one is followed.
    """
    node = require("node", "install Node.js 20 or newer")
    chromium = require("chromium", "install Debian's chromium package")
    require(BROWSER / "node_modules", "run `npm ci` in tests/browser")

    def _measured(html: str, share: tuple[str, str] = ("0", "1")) -> dict[str, Any]:
        file = tmp_path_factory.mktemp("access") / "review.html"
        file.write_text(html, encoding="utf-8")
        command = [node, BROWSER / "access.mjs", chromium, file, *share]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return _measured


# The page has the same links in both languages (a test says so): each follows every second one.
SHARES = {"fr": ("0", "2"), "en": ("1", "2")}


def test_both_languages_have_the_same_links_in_the_same_order(sample_review: Path) -> None:
    french, english = (
        re.findall(r'href="([^"]*)"', (sample_review / PAGES[language]).read_text(encoding="utf-8"))
        for language in SHARES
    )

    assert french == english
    assert len({*french}) > 100


@pytest.mark.parametrize("language", PAGES)
def test_the_shipped_review_is_for_everybody(
    measure: Measure, sample_review: Path, language: Language
) -> None:
    html = (sample_review / PAGES[language]).read_text(encoding="utf-8")
    found = measure(html, SHARES[language])

    assert {check: words for check, words in found["wrong"].items() if words} == {}
    looked = found["seen"]
    assert looked["stops"] > 200
    assert looked["links"] > 70
    assert looked["folds"] == 5
    assert looked["marks"] > 2000
    assert looked["paper"] > 500


def test_a_page_with_chapters_not_assessed_is_for_everybody_too(measure: Measure) -> None:
    found = measure(demo("en"))

    assert {check: words for check, words in found["wrong"].items() if words} == {}


def test_each_check_finds_the_fault_that_it_is_for(measure: Measure) -> None:
    open_to_styles = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", demo("en"))
    found = measure(open_to_styles.replace("</head>", f"<style>{FAULTS}</style></head>"))

    assert {check for check, words in found["wrong"].items() if not words} == set()
    assert any(words.startswith("forced: ") for words in found["wrong"]["marks"])


@pytest.mark.parametrize("language", PAGES)
def test_firefox_opens_folds_for_links_and_on_paper(
    require: Callable[..., Path], sample_review: Path, tmp_path: Path, language: Language
) -> None:
    node = require("node", "install Node.js 20 or newer")
    names = ("firefox-esr", "firefox")
    firefox = require(
        next(filter(shutil.which, names), names[0]), "install Debian's firefox-esr package"
    )
    require("pdftotext", "install Debian's poppler-utils package")
    require(BROWSER / "node_modules" / "puppeteer-core", "run `npm ci` in tests/browser")
    page, paper = sample_review / PAGES[language], tmp_path / "review.pdf"
    command = [node, BROWSER / "firefox.mjs", firefox, page, paper]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert {check: words for check, words in found["wrong"].items() if words} == {}
    assert found["seen"] > 40
    text = told("pdftotext", paper, "-")
    assert not_printed(page.read_text(encoding="utf-8"), text) == []
