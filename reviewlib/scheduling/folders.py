"""The folders of engagements under some roots."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reviewlib.contract.source import contract_path
from reviewlib.faults import LONG, Faults, ReviewError, cut


@dataclass(frozen=True, slots=True)
class Located:
    """A folder of an engagement; or, with the reason, one that can't be looked into."""

    folder: Path
    unreadable: str = ""


def engagements(roots: Iterable[Path]) -> list[Located]:
    """Return the folders of engagements at and under some roots, by their paths, once each.

    Links are followed, in no circle; below an engagement, and in what begins with a dot, none is
    looked for. Raises ReviewError where a root is no folder.
    """
    entered: set[tuple[int, int]] = set()
    places: list[Located] = []
    for root in roots:
        if not _is_folder(root.expanduser()):
            raise ReviewError(f"root {cut(str(root), LONG)!r}: not found. Give a folder.")
        places += _under(root.expanduser().resolve(), entered)
    return sorted(places, key=lambda place: place.folder)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, a folder that may not be entered
        return False


def _under(root: Path, entered: set[tuple[int, int]]) -> Iterator[Located]:
    failed: list[OSError] = []
    for name, below, _ in os.walk(root, onerror=failed.append, followlinks=True):
        folder, within = Path(name), sorted(below)
        below.clear()
        if not _first_time(folder, entered):
            continue
        try:
            states_one = _has_contract(folder)
        except OSError as error:
            failed.append(error)
            continue
        if states_one:
            yield Located(folder)
        else:
            below += [one for one in within if not one.startswith(".")]
    for reason in failed:
        yield Located(Path(reason.filename or root), reason.strerror or type(reason).__name__)


def _first_time(folder: Path, entered: set[tuple[int, int]]) -> bool:
    about = folder.stat()
    key = about.st_dev, about.st_ino
    new = key not in entered
    entered.add(key)
    return new


def _has_contract(folder: Path) -> bool:
    """Tell whether a folder states a contract, also one in workbooks that can't be understood."""
    try:
        return contract_path(folder).exists()
    except Faults:
        return True
