"""How far a command is: a bar on a terminal, a line per stage in a log."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

PATIENCE = 1.0  # seconds before a bar is shown


class _Shown(Protocol):
    """What shows a command under way."""

    def stage(self, words: str, steps: int) -> None: ...
    def at(self, words: str) -> None: ...
    def step(self) -> None: ...
    def begin(self) -> None: ...
    def close(self) -> None: ...


class _Bar:
    """A bar for each stage, from the second on that a command takes; it leaves nothing behind."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        words = TextColumn("{task.description}", markup=False)
        columns = words, BarColumn(), TimeElapsedColumn()
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("", total=None)
        self.begin()

    def begin(self) -> None:
        self._start = threading.Timer(PATIENCE, self._progress.start)
        self._start.daemon = True
        self._start.start()

    def stage(self, words: str, steps: int) -> None:
        self._progress.reset(self._task, total=steps or None, description=words)

    def at(self, words: str) -> None:
        self._progress.update(self._task, description=words)

    def step(self) -> None:
        self._progress.advance(self._task)

    def close(self) -> None:
        self._start.cancel()
        self._progress.stop()


class _Lines:
    """A line for each stage, with the time of day at which it begins."""

    def stage(self, words: str, steps: int) -> None:
        print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)

    def at(self, words: str) -> None:
        pass

    def step(self) -> None:
        pass

    def begin(self) -> None:
        pass

    def close(self) -> None:
        pass


_CURRENT: ContextVar[_Shown | None] = ContextVar("progress", default=None)


@contextmanager
def shown(lines: bool = True) -> Iterator[None]:
    """Show the stages of what runs meanwhile, on stderr; without this nothing is shown of them.

    ``lines``: also where stderr is no terminal.
    """
    shows: _Shown | None = _Bar() if sys.stderr.isatty() else _Lines() if lines else None
    token = _CURRENT.set(shows)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        if shows:
            shows.close()


@contextmanager
def paused() -> Iterator[None]:
    """Take a bar away while the user is asked something."""
    shows = _CURRENT.get()
    if shows:
        shows.close()
    try:
        yield
    finally:
        if shows:
            shows.begin()


def stage(words: str, steps: int = 0) -> None:
    """Begin a stage of so many steps, 0 where that is not known."""
    if shows := _CURRENT.get():
        shows.stage(words, steps)


def at(words: str) -> None:
    """Name the file or the part under way, which is no line of a log."""
    if shows := _CURRENT.get():
        shows.at(words)


def step() -> None:
    """End a step of the stage."""
    if shows := _CURRENT.get():
        shows.step()
