"""The pictures of the README: ``make pictures`` reviews the sample and draws the top of each page.

By the Chromium of the system, at a width of 1280 pixels, in few colours. What a picture looks like
hangs on the fonts of the machine; its size is held by ``tests/test_readme.py``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from reviewlib.faults import ReviewError
from reviewlib.pages.pdf import FLAGS, _sandbox, printer

REPO = Path(__file__).resolve().parents[1]
FOLDER = REPO / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 2100
COLOURS = 128
SPACE = 48  # rows without ink between two sections, more than between two lines or two cards
LARGEST = 300_000  # bytes


def drawn(page: Path, program: str) -> Image.Image:
    """Return the top of a page as Chromium draws it."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "page.png")
        flags = (
            "--hide-scrollbars", "--force-device-scale-factor=1", f"--window-size={WIDTH},{HEIGHT}",
            f"--user-data-dir={Path(folder, 'profile')}", *_sandbox(),
        )  # fmt: skip
        command = [program, *FLAGS, *flags, f"--screenshot={made}", page.as_uri()]
        subprocess.run(command, capture_output=True, timeout=120, check=True)
        with Image.open(made) as picture:
            return picture.convert("RGB")


def front(picture: Image.Image) -> Image.Image:
    """Return a picture down to its last space between two sections, so that no line is cut."""
    inked = np.flatnonzero((np.asarray(picture.convert("L")) < 250).any(axis=1))
    ends = inked[:-1][np.diff(inked) > SPACE]
    foot = int(ends[-1]) + SPACE // 2 if len(ends) else picture.height
    return picture.crop((0, 0, picture.width, foot))


def main() -> None:
    """Write ``front.fr.png`` and ``front.en.png``, and print their sizes."""
    program = printer()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        words = ("close", "data/sample", "--language", "fr,en", "--output", folder)
        subprocess.run([sys.executable, "-m", "reviewlib", *words], cwd=REPO, check=True)
        for language, page in (("fr", "review.html"), ("en", "review.en.html")):
            made = FOLDER / f"front.{language}.png"
            front(drawn(Path(folder, page), program)).quantize(COLOURS).save(made, optimize=True)
            print(f"{made.relative_to(REPO)}: {made.stat().st_size:,} bytes")


if __name__ == "__main__":
    try:
        main()
    except ReviewError as error:
        sys.exit(str(error))
