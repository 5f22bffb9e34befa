"""The page on paper: a tagged PDF, printed by the Chromium of the system.

It is printed twice: Chromium can't count the pages of a table of contents (CSS ``target-counter``),
so the first print tells where each link leads and the second one says it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from reviewlib.faults import ReviewError

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
CHOSEN = "REVIEWLIB_CHROMIUM"  # the variable that names another one
SECONDS = 120
_TO_COUNT = re.compile(r'<i data-page="([^"]+)"></i>')
_PAGE = re.compile(rb"(\d+) 0 obj\s*<<\s*/Type /Page\s")
_PLACE = re.compile(rb"/(\S+) \[(\d+) 0 R /XYZ ")
FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)  # fmt: skip


def printer() -> str:
    """Return the program that prints: that of REVIEWLIB_CHROMIUM, else the first of the system.

    Raises ReviewError where there is none.
    """
    if chosen := os.environ.get(CHOSEN, ""):
        if shutil.which(chosen):
            return chosen
        raise ReviewError(f"{CHOSEN} names no program that can be run (found: {chosen!r})")
    for name in (*NAMES, *PLACES.get(sys.platform, ())):
        if program := shutil.which(name):
            return program
    raise ReviewError(
        "--pdf needs Chromium, Chrome or Edge and none was found: install one, name it in "
        f"{CHOSEN}, or print review.html from any browser. Nothing was written."
    )


def printed(page: str, program: str) -> bytes:
    """Return a page as a PDF with tags, outline, title, language and the pages of its contents.

    The browser reads a file of its own and asks no host for anything. Raises ReviewError where it
    fails.
    """
    made = _print(page, program)
    pages = pages_of(made)
    counted = _TO_COUNT.sub(lambda link: f"<i>{pages.get(link[1], '')}</i>", page)
    return made if counted == page else _print(counted, program)


def pages_of(pdf: bytes) -> dict[str, int]:
    """Return on which page each place stands that a link of the PDF leads to, by its id.

    The PDF is Chromium's: its objects are plain text, those of its pages in order. Of another one
    nothing may be found; the contents then have no pages.
    """
    order = {number: place for place, number in enumerate(_PAGE.findall(pdf), start=1)}
    places = ((name.decode(errors="replace"), number) for name, number in _PLACE.findall(pdf))
    return {name: order[number] for name, number in places if number in order}


def _print(page: str, program: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="reviewlib-pdf-") as folder:
        source, made = Path(folder, "review.html"), Path(folder, "review.pdf")
        source.write_text(page, encoding="utf-8")
        alone = (f"--user-data-dir={Path(folder, 'profile')}", *_sandbox())
        command = [program, *FLAGS, *alone, f"--print-to-pdf={made}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ReviewError(f"{program} could not print the page: {error}") from error
        if done.returncode or not made.is_file():
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise ReviewError(f"{program} could not print the page: {' '.join(last)}")
        return made.read_bytes()


def _sandbox() -> tuple[str, ...]:
    """Return the flag without which Chromium refuses to run as the superuser of a container."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ("--no-sandbox",) if root else ()
