"""The verbs: new, check, close, period, compare, publish, ticket, penalties, import, and others."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from reviewlib import __version__
from reviewlib.faults import Faults, ReviewError
from reviewlib.pages import schedule_verbs
from reviewlib.pages.garbage import look_seldom
from reviewlib.pages.import_verbs import importing
from reviewlib.pages.terminal import say
from reviewlib.pages.wanted import Languages, OnPaper, Wanted, writes
from reviewlib.progress import shown

if TYPE_CHECKING:
    from reviewlib.pages.publish import Outcome

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Retrospectives of outsourced IT engagements, from the contract and the logs.",
)


app.command()(schedule_verbs.run_due)
app.command()(schedule_verbs.schedule)
app.add_typer(importing, name="import")

Folder = Annotated[
    str, typer.Argument(help="The engagement's folder, with its engagement.yml or workbook.")
]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Look from the end of this day (or the extraction of that day), or from an instant. "
        "Default: the extraction that the data declare, else the last event; never today.",
    ),
]
Spoken = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="fr|en",
        help="The language of the folder. Default: en; with --table, that of its contract.",
    ),
]
Printed = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="fr|en|fr,en|all",
        help="Languages, printed one after the other. Default: the contract's.",
    ),
]

STOPS = (signal.SIGINT, signal.SIGTERM)
STOPPED = "Stopped. Nothing was written."


def _version(requested: bool) -> None:
    if requested:
        say(f"reviewlib {__version__}")
        raise typer.Exit


@app.callback()
def _app(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def new(
    folder: Annotated[
        Path,
        typer.Argument(help="The folder to lay out; it must not exist yet, but with --table."),
    ],
    language: Spoken = "",
    every: Annotated[
        bool, typer.Option("--all", help="Lay out all tables, and not the first four.")
    ] = False,
    workbook: Annotated[
        bool,
        typer.Option(
            "--workbook",
            help="Lay out one Excel workbook: a sheet for the contract, and one for each table.",
        ),
    ] = False,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            metavar="NAME",
            help="Add this table to the folder that there is; may be given several times.",
        ),
    ] = None,
) -> None:
    """Lay out an engagement folder ready to fill: contract, tables, every column explained.

    The tables are those of a first report: tickets, milestones, budget and survey_answers.
    """
    from reviewlib.pages import scaffold
    from reviewlib.tables import SCHEMAS

    if table and (every or workbook):
        option = "--all" if every else "--workbook"
        raise ReviewError(f"{option} lays out a new folder, --table adds to one: give one of them.")
    if table:
        for name in scaffold.add_tables(folder, table, language):
            say(name)
        return
    spoken = language or "en"
    tables = SCHEMAS if every else scaffold.FIRST
    for name in scaffold.lay_out(folder, spoken, tables, workbook=workbook):
        say(name)
    for step in scaffold.next_steps(folder, spoken, quote(str(folder)))[every:]:
        say(step)


@app.command()
def check(
    folder: Folder,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print it for machines, as one JSON object.")
    ] = False,
) -> None:
    """Print every fault of the contract and the tables at once, the rows set aside, and what a
    report would assess.
    """
    from reviewlib.pages import check, faults
    from reviewlib.review import open_review

    try:
        with shown(lines=False):
            review = open_review(folder)
    except Faults as error:
        if not as_json:
            raise
        _print_json(faults.faulty(error))
        raise typer.Exit(2) from None
    if as_json:
        return _print_json(check.as_json(review))
    for line in check.report(review):
        say(line)


def _print_json(value: object) -> None:
    import json

    say(json.dumps(value, ensure_ascii=False, indent=2))


@app.command()
@writes
def close(
    folder: Folder,
    wanted: Wanted,
    as_of: AsOf = "",
    notebook: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Run this notebook, a copy of close_review.ipynb that you edited."
        ),
    ] = None,
) -> None:
    """Write the close-out review: review.html, review.json and review.ipynb."""
    from reviewlib.pages import publish

    with shown():
        outcome = publish.close(folder, wanted, as_of, notebook)
    _list(outcome)


@app.command()
@writes
def period(
    folder: Folder,
    wanted: Wanted,
    named: Annotated[
        str,
        typer.Argument(
            metavar="PERIOD",
            help="2026Q1, 2026-03, 2026H1, 2026, or two days: 2026-01-15/2026-02-28.",
        ),
    ],
) -> None:
    """Write the review of a month, a quarter, a year or a span of days, and keep it."""
    from reviewlib.calendars.periods import period_named
    from reviewlib.pages import periodic

    over = period_named(named)
    with shown():
        outcome = periodic.period(folder, over, wanted)
    _list(outcome)


@app.command()
def compare(
    first: Annotated[
        str, typer.Argument(metavar="A", help="The folder of a review, or its review.json.")
    ],
    second: Annotated[
        str, typer.Argument(metavar="B", help="That of another review of the same engagement.")
    ],
    language: Languages = "",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Where to write. Default: compare/A-B, beside the folder of B."
        ),
    ] = None,
    pdf: OnPaper = False,
) -> None:
    """Write what changed from a review to another, and why: compare.html and compare.json."""
    from reviewlib.pages import compare

    _list(compare.compare(first, second, Wanted(output, language, pdf)))


@app.command("publish")
@writes
def publish_(
    notebook: Annotated[Path, typer.Argument(help="A notebook that was run, with its outputs.")],
    wanted: Wanted,
) -> None:
    """Write the review of a notebook that JupyterLab or papermill has run, without running it."""
    from reviewlib.pages import publish

    with shown():
        outcome = publish.publish(notebook, wanted)
    _list(outcome)


def _list(outcome: Outcome) -> None:
    """Print the files that a verb wrote, then what is to be said of them."""
    for line in (*outcome.files, *outcome.notes):
        say(line)


@app.command()
def ticket(
    folder: Folder,
    ticket_id: Annotated[str, typer.Argument(metavar="ID", help="The number of the ticket.")],
    as_of: AsOf = "",
    language: Printed = "",
) -> None:
    """Print the working of a ticket: every interval, counted or not and why, and the verdict."""
    from reviewlib.pages.ticket import explain
    from reviewlib.parameters import asked_languages, in_order
    from reviewlib.review import open_review

    languages = asked_languages(language)
    with shown(lines=False):
        review = open_review(folder, as_of)
    for place, spoken in enumerate(in_order(languages, review.contract.language)):
        if place:
            say("")
        for line in explain(review, ticket_id, spoken):
            say(line)


@app.command()
def penalties(
    folder: Folder,
    as_of: AsOf = "",
    language: Languages = "",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to write. Default: the folder penalties in the engagement's.",
        ),
    ] = None,
) -> None:
    """Write the proposed statement of penalties for the other party: a page and a workbook."""
    from reviewlib.pages.statement import write_statement

    with shown(lines=False):
        names = write_statement(folder, output, as_of, language)
    for name in names:
        say(name)


class Stopped(SystemExit):
    """The end of a command by Ctrl-C or SIGTERM. No library takes it for an error of its own."""


def main() -> None:
    """Run a verb.

    Exit codes: 0 done, 1 the review failed, 2 the input or the command is wrong, 130 stopped by
    Ctrl-C, 143 by SIGTERM.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    look_seldom()
    sys.exit(_guarded(app))


def _guarded(run: Callable[[], None]) -> int:
    try:
        with _stoppable():
            run()
    except Stopped as stop:
        for note in getattr(stop, "__notes__", [STOPPED]):
            say(note, err=True)
        return int(str(stop.code))
    except Faults as error:
        from reviewlib.pages.faults import lines

        for line in lines(error):
            say(line, err=True)
        return 2
    except ReviewError as error:
        say(f"reviewlib: {error}", err=True)
        return 2
    except Exception as error:
        say(f"reviewlib: {_message(error)}", err=True)
        return 1
    return 0


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM unwind what runs; a second one ends the process at once."""
    before = {stop: signal.getsignal(stop) for stop in STOPS}
    if threading.current_thread() is threading.main_thread():
        for stop, handler in before.items():
            if handler != signal.SIG_IGN:  # as nohup and shells set it in the background
                signal.signal(stop, _stop)
    try:
        yield
    finally:
        for stop, handler in before.items():
            if signal.getsignal(stop) == _stop:
                signal.signal(stop, handler)


def _stop(number: int, _frame: object) -> NoReturn:
    logging.disable()  # what libraries say of a kernel that ends is no news
    for stop in STOPS:
        signal.signal(stop, signal.SIG_DFL)
    raise Stopped(128 + number)


def _message(error: Exception) -> str:
    """Return the message of a failure that we did not foresee, without its traceback."""
    name = type(error).__name__
    return str(error) if name == "ReviewFailed" else f"unexpected {name}: {error}"
