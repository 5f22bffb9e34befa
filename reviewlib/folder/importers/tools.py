"""The one way in: exports of a tool through mapping.yml into a table of a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Faults
from reviewlib.folder.importers import notes
from reviewlib.folder.importers.answers import FormQuestion, days_of
from reviewlib.folder.importers.canonical import (
    TIMES,
    as_text,
    by_word,
    canonical,
    renamed,
    slashed_order,
    without_icon,
    without_spaces,
)
from reviewlib.folder.importers.forms import form_answers, of_form, of_this_form
from reviewlib.folder.importers.mapping import FILE as MAPPING
from reviewlib.folder.importers.mapping import Route, load_routes
from reviewlib.folder.importers.meetings import brought
from reviewlib.folder.importers.merging import (
    in_words_settled,
    merged,
    present_table,
)
from reviewlib.folder.importers.profiles import (
    language_of,
    table_like,
    tool_of,
)
from reviewlib.folder.importers.request import Brought, ImportRequest
from reviewlib.folder.importers.settling import (
    OpenKey,
    Settling,
    settle_columns,
    settle_values,
)
from reviewlib.folder.importers.sources import alike, read_sheet
from reviewlib.folder.importers.surroundings import Surroundings, surroundings
from reviewlib.folder.parsing import NUMERIC, ORDERS, AmbiguousColumn
from reviewlib.progress import stage
from reviewlib.report.text import Text
from reviewlib.tables import SCHEMAS


def bring_in(request: ImportRequest) -> Brought:
    """Return what the files of a source make of a table of a folder; nothing is written.

    Without a table where something that is needed is open. Raises Faults.
    """
    around = surroundings(request.folder)
    try:
        return _every_file(request, around)
    except Faults as error:
        error.language = around.language or request.language or error.language
        raise


def _every_file(request: ImportRequest, around: Surroundings) -> Brought:
    """Return what the files of a source make of a table, one on top of the other."""
    routes = load_routes(request.folder)
    route = routes.imports.get(request.name, Route(table=request.profile.table))
    if route.table != request.profile.table:
        raise Faults([Fault(MAPPING, *notes.other_route(request, route.table))])
    table = route.table
    present = present_table(request.folder, table, around.data.format_of(table))
    before = present.cells if present else pd.DataFrame(dtype="str")
    if request.source == "ics":
        return replace(brought(request, around, route, before), present=present)
    others = [
        name
        for name, other in routes.imports.items()
        if name != request.name and other.table == table
    ]
    remarks: list[Text] = []
    opened: dict[str, OpenKey] = {}
    questions: dict[str, FormQuestion] = {}
    for path in request.files:
        one = _one_file(request, around, path, route, before)
        if others:
            _refuse_other_tickets(path.name, one, before, others)
        remarks += one.notes
        opened |= {key.key: key for key in one.open}
        questions |= one.questions
        if one.table is None:
            break
        route, before = one.route, one.table.cells
    keys = tuple(opened.values())
    return replace(one, notes=tuple(remarks), open=keys, present=present, questions=questions)


def _refuse_other_tickets(file: str, one: Brought, before: pd.DataFrame, others: list[str]) -> None:
    """Refuse tickets that bear the numbers of other ones, which another source brought.

    They are others where more than a day lies between their openings. Raises Faults.
    """
    needed = ["ticket_id", "opened_at"]
    if not {*needed} <= {*one.brought} & {*before}:
        return
    theirs, own = (
        frame[needed].drop_duplicates("ticket_id").set_index("ticket_id")["opened_at"]
        for frame in (before, one.brought)
    )
    both = pd.DataFrame({"own": own, "theirs": theirs}).dropna()
    days = [pd.to_datetime(both[name].str.slice(0, 10), errors="coerce") for name in both]
    apart = both[(days[0] - days[1]).abs() > pd.Timedelta(days=1)]
    if len(apart):
        shown = {"id": str(apart.index[0]), **{str(k): str(v) for k, v in apart.iloc[0].items()}}
        raise Faults([Fault(file, *notes.other_tickets(len(apart), others, shown))], one.language)


def _one_file(
    request: ImportRequest, around: Surroundings, path: Path, route: Route, before: pd.DataFrame
) -> Brought:
    profile = request.profile
    stage(path.name)
    sheet = read_sheet(path, [*profile.headings()], [h for h in route.columns.values() if h])
    language = around.language or request.language or language_of(profile, sheet.headings)
    work = Settling(request.name, profile, sheet, route, around.words, request.ask, language)
    try:
        return _settled(request, around, path, work, before)
    except Faults as error:
        error.language = language
        raise


def _settled(
    request: ImportRequest,
    around: Surroundings,
    path: Path,
    work: Settling,
    before: pd.DataFrame,
) -> Brought:
    """Return what a file makes of a table, once it is settled which column is which."""
    profile, route = request.profile, work.stated
    _refuse_other_tools(request, work)
    settle_columns(work)
    if work.moved:  # the heading is another row
        route = route.model_copy(update={"columns": {**route.columns, **work.moved}})
        return _one_file(request, around, path, route, before)
    if work.missing:
        raise Faults(notes.missing(work))
    stamps = _days_alone(work)
    if not any(key.needed for key in work.open):
        route, written = _formats(work)
    if any(key.needed for key in work.open):
        return Brought(work.language, profile, work.route(), None, None, open=tuple(work.open))
    if profile.persons:
        return _of_form(request, around, work, (written, stamps), before)
    frame = brought_table(work, written, around)
    before = in_words_settled(before, profile.table, work.values)
    table = merged(before, frame, profile.table)
    route = work.route(dates=route.dates, decimal=route.decimal)
    scale = notes.of_scale(work, around.data.format_of(profile.table))
    remarks = (*notes.of_import(work, frame, table, written.dates or ""), *scale)
    return Brought(work.language, profile, route, table, None, remarks, tuple(work.open), frame)


def _days_alone(work: Settling) -> pd.Series | None:
    """Leave of the time stamps of a form their days, and return them as they were."""
    place = work.places.get("answered_on")
    if not work.profile.persons or place is None:
        return None
    stamps = work.sheet.texts(place)
    cells = work.sheet.cells.copy()
    cells[place] = days_of(stamps)
    work.sheet = replace(work.sheet, cells=cells)
    return stamps


def _of_form(
    request: ImportRequest,
    around: Surroundings,
    work: Settling,
    read: tuple[Format, pd.Series],
    before: pd.DataFrame,
) -> Brought:
    """Return what the answers to a form make of a table of answers."""
    agreed = of_this_form(work, around.questions, load_routes(request.folder))
    form = form_answers(work, read, request.wave, agreed, before)
    table = merged(before, form.rows, work.profile.table)
    remarks = tuple(of_form(work, form, table))
    return Brought(
        work.language,
        work.profile,
        form.route,
        table,
        None,
        remarks,
        tuple(work.open),
        form.rows,
        form.questions if form.drafted else {},
    )


def _refuse_other_tools(request: ImportRequest, work: Settling) -> None:
    """Refuse a file that lacks a needed column and seems to be another tool's, or another table."""
    profile, sheet, stated = work.profile, work.sheet, work.stated.columns
    words = {alike(heading) for heading in sheet.headings}
    there = {
        name
        for name, some in profile.columns.items()
        if words & {alike(word) for names in some.values() for word in names}
        or alike(stated.get(name) or "") in words - {""}
    }
    needed = {*profile.needed}
    if needed <= there:
        return
    tool, source = tool_of(sheet.headings)
    like = table_like(sheet.headings, least=len(there))
    if tool and source != request.source:
        problem = notes.other_tool(profile, tool, source, request)
    elif like and like != profile.table:
        problem = notes.other_table(profile, like, request)
    elif not needed & there and request.source != "table":
        problem = notes.nothing_usual(work)
    else:
        return
    raise Faults([Fault(sheet.file, *problem)])


def _formats(work: Settling) -> tuple[Route, Format]:
    """Return the route with its order of dates and its decimal mark, and the format they make."""
    columns = SCHEMAS[work.profile.table].columns
    times = [
        work.sheet.texts(place)
        for name, place in work.places.items()
        if columns[name].metadata["kind"] in TIMES
    ]
    try:
        order = slashed_order(times)
    except AmbiguousColumn as problem:
        fault = Fault(work.sheet.file, *notes.two_orders(problem))
        raise Faults([fault]) from None
    declared = work.stated.dates
    dates: Literal["iso", "day-first", "month-first"] | None = declared
    if order in ORDERS and declared in ORDERS and order != declared:
        clash = notes.other_order(order, declared, work.key("dates"))
        raise Faults([Fault(work.sheet.file, *clash)])
    if order in ORDERS or (order == "iso" and declared is None and times):
        dates = order  # type: ignore[assignment]
    elif order == "" and declared not in ORDERS:
        guess = ORDERS[0] if work.language == "fr" else ""
        key = OpenKey(work.key("dates"), notes.WHICH_ORDER(), ORDERS, guess, needed=True)
        answer = work.answer(key)
        dates = answer if answer in ORDERS else None  # type: ignore[assignment]
    decimal = _decimal(work)
    written = Format(dates=dates, decimal=decimal)
    return work.route(dates=dates, decimal=decimal), written


def _decimal(work: Settling) -> Literal[",", "."] | None:
    """Return the decimal mark as stated, or as answered where the numbers do not settle it."""
    columns = SCHEMAS[work.profile.table].columns
    decimal = work.stated.decimal
    for name, place in work.places.items():
        kind = columns[name].metadata["kind"]
        if kind not in NUMERIC or decimal:
            continue
        try:
            canonical(work.sheet.texts(place), kind, Format(), "EUR")
        except AmbiguousColumn as problem:
            question = notes.WHICH_MARK(problem=problem.text, column=name)
            answer = work.answer(OpenKey(work.key("decimal"), question, (",", "."), needed=True))
            decimal = answer if answer in (",", ".") else None  # type: ignore[assignment]
            break
    return decimal


def brought_table(work: Settling, written: Format, around: Surroundings) -> pd.DataFrame:
    """Return the columns of an export as the table has them, in its order; cells as text."""
    schema = SCHEMAS[work.profile.table]
    mark = around.data.format_of(work.profile.table).decimal or "."
    made = {}
    for name, about in schema.columns.items():
        if name not in work.places:
            continue
        kind = about.metadata["kind"]
        texts = work.sheet.texts(work.places[name])
        if kind in (*TIMES, "month"):
            texts = work.sheet.times(work.places[name], kind)
        if work.profile.missing:
            texts = texts.mask(texts.isin([*work.profile.missing]), "")
        if name in work.profile.grouped:
            texts = without_spaces(texts)
        if name in work.profile.bare:
            texts = by_word(texts, without_icon)
        if kind in ("choice", "flag") or about.metadata.get("vocabulary") or _has_words(work, name):
            texts = as_text(texts)
            counts = texts[texts != ""].value_counts(sort=False)
            texts = renamed(texts, settle_values(work, name, counts))
        made[name] = canonical(texts, kind, written, around.currency, mark)
    return pd.DataFrame(made).reset_index(drop=True)


def _has_words(work: Settling, name: str) -> bool:
    return name == "status" or name in work.profile.values or name in work.stated.values
