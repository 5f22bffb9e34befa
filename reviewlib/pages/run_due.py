"""The reviews that engagements owe, made by workers that have their imports already."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Literal, cast

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.contract import Contract, load_contract
from reviewlib.faults import LONG, Faults, ReviewError, alike, cut
from reviewlib.folder import tries
from reviewlib.pages import faults
from reviewlib.pages.forked import SERVED
from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_, Text, n_
from reviewlib.scheduling import owed

State = Literal["due", "done", "made", "waiting", "failed", "busy", "begun"]
SAYS = {
    "due": N_("not made yet"),
    "busy": N_("another run is at work on this engagement"),
}
BY = N_("{words}; due by {day:date}")
OTHERS = n_(
    "{line} ({n} other fault: reviewlib check)", "{line} ({n} other faults: reviewlib check)"
)
ENDED = "the process that made it ended ({how}); is there memory enough?"


@dataclass(frozen=True, slots=True)
class Order:
    """What to do for the engagement of a folder.

    ``every``: the cadence where its contract is silent; ``now``: the instant at which periods have
    ended; ``run``: whether to make what is due, or to tell it only.
    """

    folder: Path
    now: dt.datetime
    every: str = ""
    language: str = ""
    run: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How a review stands: its period ("" of a whole engagement), the reason, its page."""

    folder: Path
    period: str
    state: State
    words: str = ""
    page: Path | None = None
    due_on: dt.date | None = None


Running = dict[Connection, tuple[BaseProcess, Standing]]
"""The workers, each with the last that it told."""


def attend(order: Order) -> Iterator[Standing]:
    """Yield how each review that an engagement owes stands, those due after they were made."""
    try:
        contract = load_contract(order.folder)
        yield from _Desk(order, contract).attend()
    except Exception as error:  # whatever it is, the other engagements are attended to
        yield Standing(order.folder, "", "failed", first_line(error))


@dataclass(frozen=True, slots=True)
class _Desk:
    """An engagement and what is to be done for it."""

    order: Order
    contract: Contract

    def attend(self) -> Iterator[Standing]:
        every = owed.cadence(self.contract, self.order.every)
        ended = owed.ended(self.contract, every, self.order.now)
        stands = {one: self._kept(one) for one in ended}
        yield from (one for one in stands.values() if one)
        open_ = [one for one, kept in stands.items() if kept is None]
        if not open_:
            return
        end = owed.end_of_export(self.order.folder, self.contract)
        awaited = {one: owed.awaited(self.contract, one, end) for one in open_}
        for one, why in awaited.items():
            if why is not None:
                yield self._status(one, "waiting", why)
        due = [one for one in open_ if awaited[one] is None]
        yield from self._make_all(due) if self.order.run else self._list(due)

    def _kept(self, period: ReviewPeriod, state: State = "done") -> Standing | None:
        """Return how a review stands that is kept: done, or failed where it can't be that one."""
        try:
            page = tries.kept_page(self.order.folder, period, self.contract)
        except ReviewError as error:
            return self._status(period, "failed", first_line(error))
        if page is None:
            return None
        return replace(self._status(period, state), page=page, words=str(page))

    def _status(self, period: ReviewPeriod, state: State, why: Text | str = "") -> Standing:
        """Return a status with the day by which the contract wants the review."""
        day = owed.due_on(self.contract, period)
        if day and state != "done":
            why = BY(words=why, day=day)
        words = faults.text(why, self.contract.language)
        return Standing(self.order.folder, period.name, state, words, due_on=day)

    def _list(self, due: list[ReviewPeriod]) -> Iterator[Standing]:
        failed = tries.failures(self.order.folder)
        for one in due:
            if one.name in failed:
                yield self._status(one, "failed", failed[one.name])
            else:
                yield self._status(one, "due", SAYS["due"])

    def _make_all(self, due: list[ReviewPeriod]) -> Iterator[Standing]:
        """Make reviews from the oldest on: each tells what was decided in the one before."""
        if not due:
            return
        with tries.at_work(self.order.folder) as ours:
            if not ours:
                yield self._status(due[0], "busy", SAYS["busy"])
                return
            for one in due:
                if self._kept(one) is None:  # by a run just before
                    yield Standing(self.order.folder, one.name, "begun")
                    yield self._make(one)

    def _make(self, period: ReviewPeriod) -> Standing:
        from reviewlib.pages import periodic
        from reviewlib.pages.wanted import Wanted

        folder = self.order.folder
        try:
            wanted = Wanted(language=self.order.language)
            periodic.period(folder, period, wanted, self.contract)
        except Exception as error:  # whatever it is, the other reviews are to be made
            line = first_line(error)
            tries.remember(folder, period.name, line)
            return self._status(period, "failed", line)
        tries.remember(folder, period.name, None)
        return self._kept(period, "made") or self._status(period, "made")


def first_line(error: Exception) -> str:
    """Return an error in one line, in its language."""
    if isinstance(error, Faults) and error.faults:
        every = alike(error.faults)
        line = faults.fault(every[0], error.language).partition("\n")[0]
        if every[1:]:
            line = Wording(error.language).say(OTHERS(line=line, n=len(every) - 1))
        return cut(line, LONG)
    if isinstance(error, OSError) and error.filename and error.strerror:
        return cut(f"{error.filename}: {error.strerror}", LONG)
    plain = isinstance(error, ReviewError) or type(error).__name__ == "ReviewFailed"
    text = str(error).partition("\n")[0]
    return cut(text if plain else f"{type(error).__name__}: {text}", LONG)


def run_all(orders: Iterable[Order], jobs: int) -> Iterator[Standing]:
    """Yield the statuses of engagements as they come, so many engagements at a time.

    No worker begins for one that owes nothing. One that dies takes no other with it; where this is
    left, none goes on.
    """
    context, left = _context(), iter(orders)
    running: Running = {}
    try:
        while True:
            while len(running) < jobs and (order := next(left, None)):
                stands = [*attend(replace(order, run=False))]
                if any(one.period and one.state in ("due", "failed") for one in stands):
                    end, process = _started(context, order)
                    running[end] = process, Standing(order.folder, "", "begun")
                else:
                    yield from stands
            if not running:
                return
            for end in cast(list[Connection], wait([*running])):
                yield from _heard(end, running)
    finally:
        for process, _ in running.values():
            process.kill()
            process.join()


def _heard(end: Connection, running: Running) -> Iterator[Standing]:
    """Yield what a worker tells; one that has no more to tell is taken out."""
    process, last = running[end]
    try:
        status = end.recv()
    except EOFError:
        process.join()
        del running[end]
        yield from _died(process, last)
        return
    running[end] = process, status
    if status.state != "begun":
        yield status


def _context() -> ForkServerContext | SpawnContext:
    """Return how workers begin: forked from a server with their imports, else from nothing.

    Other systems than Linux warn of forks that go on without ``exec``.
    """
    if not sys.platform.startswith("linux"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([SERVED])
    return context


def _started(
    context: ForkServerContext | SpawnContext, order: Order
) -> tuple[Connection, BaseProcess]:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(order, theirs))
    try:
        process.start()
    except EOFError:  # the server was killed: another one begins
        process = context.Process(target=_work, args=(order, theirs))
        process.start()
    theirs.close()
    return ours, process


def _work(order: Order, connection: Connection) -> None:
    """Attend to an engagement in a process of its own, and end with the one that asked for it."""
    from reviewlib.pages.forked import end_with_parent

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all: one answers
    end_with_parent()
    for status in attend(order):
        connection.send(status)


def _died(process: BaseProcess, last: Standing) -> Iterator[Standing]:
    """Yield, where a worker did not end well, that what it had begun failed."""
    if process.exitcode == 0:
        return
    code = process.exitcode or 0
    line = ENDED.format(how=f"signal {-code}" if code < 0 else f"exit code {code}")
    period = last.period if last.state == "begun" else ""
    if period:
        tries.remember(last.folder, period, line)
    yield Standing(last.folder, period, "failed", line)
