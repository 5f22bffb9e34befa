"""Files written together: all of them or none, never half of one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reviewlib.faults import ReviewError


def refuse_file(target: Path) -> None:
    """Raise ReviewError where a folder to write into is a file."""
    if target.exists() and not target.is_dir():
        raise ReviewError(f"output {str(target)!r} is a file. Give a folder.")


def write_together(target: Path, files: Mapping[str, bytes]) -> None:
    """Write files beside their place, then move them in. Raises ReviewError where it can't be."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".review-", dir=target) as scratch:
            for name, content in files.items():
                (Path(scratch) / name).write_bytes(content)
            _moved_in(Path(scratch), target, [*files])
    except OSError as error:
        raise ReviewError(
            f"output {str(target)!r} can't be written ({error.strerror}). "
            "Give another folder with --output."
        ) from None


def _moved_in(scratch: Path, target: Path, names: list[str]) -> None:
    """Move files into a folder; where one of them can't be, put back what stood there before."""
    before = scratch / "before"
    before.mkdir()
    for name in names:
        if (target / name).exists():
            shutil.copy2(target / name, before / name)
    moved = []
    try:
        for name in names:
            os.replace(scratch / name, target / name)
            moved.append(name)
    except OSError:
        for name in moved:
            if (before / name).exists():
                os.replace(before / name, target / name)
            else:
                (target / name).unlink()
        raise
