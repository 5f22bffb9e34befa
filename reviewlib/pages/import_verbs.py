"""The verbs of import: one for each tool, and one for any table."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from reviewlib.faults import ReviewError
from reviewlib.languages import Language
from reviewlib.pages.terminal import say


class _Tools(TyperGroup):
    """The tools that are read, by name however it is written."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0].casefold()
        if name not in self.commands and not name.startswith("-"):
            tools = ", ".join(self.commands)
            ctx.fail(f"{args[0]!r} is none of {tools}. Of any other tool: import table.")
        return super().resolve_command(ctx, [name, *args[1:]])


importing = typer.Typer(
    cls=_Tools, no_args_is_help=True, help="Make tables of what other tools export."
)

Exports = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="What the tool exported: CSV, zip or .xlsx.")
]
Into = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER", help="The engagement's folder; made where there is none, else added to."
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="The time zone in which the export was written, such as Europe/Paris.",
    ),
]


Spoken = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="fr|en",
        help="The language of an engagement.yml that is drafted. Default: the export's.",
    ),
]


@importing.command()
def glpi(files: Exports, to: Into, time_zone: Zone = None, language: Spoken = "") -> None:
    """Read GLPI's list of tickets, in French or English, into tickets."""
    _bring_in("glpi", files, to, time_zone=time_zone, language=language)


Wave = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="The wave of the survey. Default: the year of the first answer."
    ),
]


@importing.command("google-forms")
def google_forms(
    files: Exports, to: Into, wave: Wave = "", time_zone: Zone = None, language: Spoken = ""
) -> None:
    """Read the answers to a Google form into survey_answers: a code for each person, no name."""
    _bring_in("google-forms", files, to, wave=wave, time_zone=time_zone, language=language)


@importing.command("ms-forms")
def ms_forms(
    files: Exports, to: Into, wave: Wave = "", time_zone: Zone = None, language: Spoken = ""
) -> None:
    """Read the answers to a Microsoft form into survey_answers: a code for each person, no name."""
    _bring_in("ms-forms", files, to, wave=wave, time_zone=time_zone, language=language)


@importing.command()
def table(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Any table with a heading: CSV, zip or .xlsx."),
    ],
    to: Into,
    as_: Annotated[
        str, typer.Option("--as", metavar="TABLE", help="The table to make of it, such as budget.")
    ],
    language: Spoken = "",
) -> None:
    """Read any CSV or sheet into any table; what headings do not say is asked in mapping.yml."""
    from reviewlib.faults import did_you_mean
    from reviewlib.tables import SCHEMAS
    from reviewlib.tables.aliases import table_of

    name = table_of(as_)
    if name is None:
        raise ReviewError(f"--as {as_!r} is no table. {did_you_mean(as_, SCHEMAS)}")
    _bring_in("table", files, to, table=name, language=language)


@importing.command()
def servicenow(files: Exports, to: Into, time_zone: Zone = None, language: Spoken = "") -> None:
    """Read a ServiceNow audit log into tickets and ticket_events, or a list of incidents."""
    from reviewlib.files import refuse_place
    from reviewlib.folder.importers.servicenow import is_audit_log
    from reviewlib.pages.imports import run_log

    refuse_place(to, files[0])
    if len(files) == 1 and is_audit_log(files[0]):
        run_log(files[0], to, time_zone, say)
    else:
        _bring_in("servicenow", files, to, time_zone=time_zone, language=language)


@importing.command()
def ics(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Calendars that a tool exported: .ics, or a zip."),
    ],
    to: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", help="The engagement's folder, whose contract states its bodies."
        ),
    ],
    time_zone: Annotated[
        str | None,
        typer.Option(
            metavar="ZONE", help="The zone of times without one. Default: the contract's."
        ),
    ] = None,
    exported_on: Annotated[
        str,
        typer.Option(
            metavar="DAY",
            help="The day of the export: later meetings are not held yet. Default: by its stamps.",
        ),
    ] = "",
) -> None:
    """Read calendars (iCalendar) into meetings, by role: no name and no address."""
    _bring_in("ics", files, to, time_zone=time_zone, exported_on=exported_on)


def _bring_in(
    source: str,
    files: list[Path],
    to: Path,
    *,
    table: str = "",
    time_zone: str | None = None,
    wave: str = "",
    language: str = "",
    exported_on: str = "",
) -> None:
    """Import through mapping.yml; ask for what is open where there is a terminal to ask on."""
    from reviewlib.files import refuse_place
    from reviewlib.folder.importers import refuse_zone
    from reviewlib.folder.importers.request import ImportRequest
    from reviewlib.pages.imports import run
    from reviewlib.parameters import refuse_language

    for file in files:
        refuse_place(to, file)
    refuse_zone(time_zone)
    refuse_language(language)
    spoken = cast(Language, language) if language else None
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    request = ImportRequest(
        source,
        tuple(files),
        to,
        table=table,
        time_zone=time_zone,
        wave=wave,
        language=spoken,
        exported_on=_day("--exported-on", exported_on),
    )
    if not run(request, _prompt if terminal else None, say):
        raise typer.Exit(2)


def _day(option: str, text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ReviewError(f"{option} {text!r} is no day. Write it as 2025-03-31.") from None


def _prompt(text: str, default: str) -> str:
    try:
        return str(typer.prompt(text, default=default))
    except typer.Abort:
        raise EOFError from None
