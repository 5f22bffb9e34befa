"""What several tests need: the public data beside the checkout, parts a machine may lack."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
Require = Callable[[str | Path, str], Path]


def _required(part: str | Path, how_to_get: str) -> Path:
    found = part if isinstance(part, Path) else shutil.which(part)
    if found is not None and Path(found).exists():
        return Path(found)
    line = f"{part} is not here; {how_to_get}"
    if os.environ.get("CI") == "true":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


@pytest.fixture(scope="session")
def require() -> Require:
    """``require(part, how_to_get)``: where a command (text) or a file (path) is.

    The test is skipped with one line where the part is missing; with ``CI=true`` it fails, so
    that nothing goes untested unseen.
    """
    return _required


@pytest.fixture(scope="session")
def shared(require: Require) -> Path:
    """The folder of public data that stands beside the checkout and is never copied into it."""
    return require(SHARED_DATA, "these tests read the public data kept beside the checkout")
