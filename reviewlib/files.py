"""The files that travel with the library, and those of a run, put in place as one unit."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from reviewlib.faults import ReviewError
from reviewlib.languages import LANGUAGES

PACKAGE = Path(__file__).parent
OUTPUTS = {
    "review": ("html", "json", "ipynb", "pdf"),
    "penalties": ("html", "xlsx"),
    "compare": ("html", "json", "pdf"),
}
"""What the verbs write, by stem: ``review.html``, ``review.en.html``, …; all else is foreign."""

SHARED = "shareable"
"""What stands behind the stem in the names of what is to be shared: ``review.shareable.html``."""

NAMED_AS_FILES = (".html", ".json", ".ipynb", ".pdf", ".xlsx", ".csv")
LOCK, SCRATCH = ".reviewlib.lock", ".reviewlib-"
PATIENCE = 60.0  # seconds that another writer, who needs milliseconds, is waited for
HERE, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


def resource(name: str) -> Path:
    """Return the path of a shipped folder or file, such as ``templates/review``.

    In an installed wheel it stands within the package, in a checkout beside it.
    """
    shipped = PACKAGE / "_shipped" / name
    return shipped if shipped.exists() else PACKAGE.parent / name


def refuse_place(target: Path, inputs: Path) -> None:
    """Raise ReviewError where no files can be put: in a file, among the inputs, without a right."""
    name = repr(str(target))
    try:
        nearest = next(p for p in (target, *target.absolute().parents) if p.exists())
        if not nearest.is_dir():
            where = "" if nearest == target else f" stands in {str(nearest)!r}, which"
            raise ReviewError(f"output {name}{where} is a file. Give a folder.")
        if target.suffix in NAMED_AS_FILES and not target.exists():
            raise ReviewError(f"output {name} is the name of a file. Give a folder.")
        if target.resolve() == inputs.resolve():
            raise ReviewError(
                f"output {name} is the folder of the engagement, which holds its tables. Give "
                f"another, such as {str(target / 'review')!r}."
            )
        (target / f"{SCRATCH}{secrets.token_hex(4)}" / "review.en.html").exists()  # too long?
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise _unwritable(target, error) from None


class Occupied(ReviewError):
    """A folder holds already what was to be written into it anew."""


def write_together(target: Path, files: Mapping[str, bytes], unless: str = "") -> None:
    """Put files into a folder instead of those that the same verb wrote there before.

    Files that are to be shared alone take the place of such ones only: what is internal stays.
    The first is the page. A lock keeps writers apart. A folder that holds nothing else is swapped
    for a whole new one; where that can't be, files go and come one by one, in an order in which
    those in place are at each step of one run. Foreign files stay. Raises ReviewError where it
    can't be done, with everything as it was; Occupied where there is a file named ``unless``.
    """
    place, page = target.resolve(), next(iter(files))
    own = f"{SCRATCH}{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:8]}-"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place) as home:
            for left in home.glob(f"{own}*"):  # by a run that was killed: we hold the lock
                _recover(left, place)
            if unless and (place / unless).is_file():  # by a writer that was faster
                raise Occupied(f"output {str(target)!r} holds {unless} already.")
            stem = page.removesuffix(".html")
            scratch = home / f"{own}{secrets.token_hex(4)}-{stem}"  # what to look for, if killed
            try:
                _write(scratch / "new", files)
                _put(scratch, place, [*files])
            except OSError:
                if not any((scratch / "old").glob("*")):
                    _clear(scratch)
                raise
            _clear(scratch)
    except OSError as error:
        raise _unwritable(target, error) from None


def _unwritable(target: Path, error: OSError) -> ReviewError:
    reason = error.strerror or type(error).__name__
    return ReviewError(f"output {str(target)!r} can't be written ({reason}). Give another folder.")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let neither Ctrl-C nor SIGTERM stop what takes milliseconds between two of its steps."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    stops = (signal.SIGINT, signal.SIGTERM)
    before = {stop: signal.signal(stop, signal.SIG_IGN) for stop in stops}
    try:
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler or signal.SIG_DFL)


@contextmanager
def _locked(target: Path) -> Iterator[Path]:
    """Hold the lock of the folder beside a target; yield that folder.

    The system frees it when its holder ends, however it ends. Where nothing can be put beside the
    target (a mount, no right), it is the target itself. Nothing stops who holds it.
    """
    beside = os.access(target.parent, os.W_OK) and not os.path.ismount(target)
    home = target.parent if beside else target
    path, until = home / LOCK, time.monotonic() + PATIENCE
    while (file := _taken(path)) is None:
        if time.monotonic() > until:
            raise ReviewError(f"output {str(target)!r}: another run is writing there. Try again.")
        time.sleep(0.02)
    with undisturbed(), file:
        try:
            yield home
        finally:
            with suppress(OSError):  # Windows removes no open file: there it stays, and is free
                path.unlink()


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold a lock file unless another process does; yield whether it is ours.

    The system frees it when its holder ends, however it ends.
    """
    file = _taken(path)
    if file is None:
        yield False
        return
    with file:
        try:
            yield True
        finally:
            with suppress(OSError):
                path.unlink()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole, or not at all; under a lock, for its scratch has one name."""
    scratch = path.with_name(f".{path.name}.new")
    with scratch.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def write_files(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Write texts into a folder, under names that may name folders in it; return where."""
    paths = [folder / name for name in files]
    try:
        for path, text in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode())
    except OSError as error:
        raise _unwritable(folder, error) from None
    return paths


def _taken(path: Path) -> IO[bytes] | None:
    """Return a lock file that is ours; None while another has it, or has just removed it."""
    file = path.open("ab")
    with suppress(BlockingIOError, FileNotFoundError):
        if sys.platform == "win32":
            import msvcrt

            with suppress(PermissionError):
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                return file
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
    file.close()
    return None


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, content in files.items():
        with (folder / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a power cut finds whole files


def _put(scratch: Path, target: Path, names: list[str]) -> None:
    """Put what stands in ``scratch / "new"`` into a folder, instead of files of the same verb."""
    new, old, page = scratch / "new", scratch / "old", names[0]
    stem = page.partition(".")[0]
    if not target.exists():
        os.rename(new, target)
        return
    present = [path.name for path in target.iterdir()]
    written = [name for name in present if _written(name, stem) and (target / name).is_file()]
    ours = [name for name in written if is_shared(name) or not all(map(is_shared, names))]
    if len(ours) == len(present) and not Path.cwd().is_relative_to(target):
        shutil.copymode(target, new)
        if _exchanged(new, target):
            for name in {*os.listdir(new)} - {*ours}:  # put there since we looked
                os.rename(new / name, target / name)
            return
    old.mkdir()
    ours.sort(key=lambda name: name == page)  # the page goes last and comes first
    out = [(target / name, old / name) for name in ours]
    renamed(out + [(new / name, target / name) for name in names])


def _written(name: str, *stems: str) -> bool:
    """Return whether a name is one of those that verbs write."""
    stem, *marks, ending = name.split(".") if "." in name else (name, "")
    if stem not in stems or ending not in OUTPUTS[stem]:
        return False
    languages = marks[1:] if marks[:1] == [SHARED] else marks
    return not languages or (len(languages) == 1 and languages[0] in LANGUAGES)


def is_shared(name: str) -> bool:
    """Return whether a file of a review, by its name, is of the version to share."""
    return f".{SHARED}." in name


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; return whether the system could (Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    paths = os.fsencode(one), os.fsencode(other)
    return exchange is not None and exchange(HERE, paths[0], HERE, paths[1], EXCHANGE) == 0


def renamed(steps: list[tuple[Path, Path]]) -> None:
    """Rename files one by one; where one can't be, take back those before it."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, place in steps:
            os.rename(source, place)
            done.append((source, place))
    except OSError:
        for source, place in reversed(done):
            os.rename(place, source)
        raise


def _recover(scratch: Path, target: Path) -> None:
    """Undo what a run that was killed began; finish it where its page was in place already.

    Its page is that of the verb that it was of, which the name of its scratch folder ends with.
    """
    new, old, page = scratch / "new", scratch / "old", f"{scratch.name.rpartition('-')[2]}.html"
    if old.exists():
        source = old if (new / page).exists() else new
        for path in source.glob("*"):  # it may be gone already
            os.rename(path, target / path.name)
    _clear(scratch)


def _clear(scratch: Path) -> None:
    """Remove a scratch folder with the files of reviews in it; whatever else it holds stays."""
    for folder in (scratch / "new", scratch / "old", scratch):
        with suppress(OSError):
            for path in folder.iterdir():
                if _written(path.name, *OUTPUTS):
                    path.unlink()
            folder.rmdir()
