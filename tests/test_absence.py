"""Every table and every optional column may be missing: each chapter still says what it can.

Each message has the values of its fields, in every language. Forty tickets of the shipped
engagement.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.folder import engagement
from reviewlib.parameters import CONTRACT_FILE
from reviewlib.report.values import Section
from reviewlib.review import Review, open_review
from reviewlib.tables import PARENTS, SCHEMAS
from tests.chapters import CHAPTERS, chapter
from tests.conftest import REPO
from tests.sample import sample_of
from tests.spoken import unfit

SAMPLE = REPO / "data" / "sample"
LOGS = {"tickets", "ticket_events"}
LOGLESS = (  # the chapters that read neither a ticket nor what is told of it
    "delays", "deliverables", "duties", "milestones", "work_orders", "engagement", "lessons",
    "benefits", "budget", "changes", "earned_value", "growth", "payments", "satisfaction",
    "availability", "governance", "disputes", "decisions", "blockers", "teams", "tools",
    "perception", "comments",
)  # fmt: skip
READ_BY = {
    **dict.fromkeys(
        ("tickets", "ticket_events", "extensions"),
        tuple(name for name in CHAPTERS if name not in LOGLESS),
    ),
    "objective_results": ("engagement",),
    "milestones": ("milestones", "delays", "duties", "payments", "penalties"),
    "milestone_forecasts": ("milestones",),
    **dict.fromkeys(
        ("deliverables", "submissions"),
        ("deliverables", "delays", "duties", "payments", "work_orders", "penalties"),
    ),
    "delay_causes": ("delays", "duties", "penalties"),
    "client_duties": ("delays", "duties"),
    "suspensions": ("delays", "penalties"),
    "work_orders": ("work_orders", "payments"),
    "defects": ("work_orders",),
    "changes": ("milestones", "delays", "changes", "growth", "budget", "penalties"),
    "budget": ("budget", "benefits", "changes"),
    "earned_value": ("earned_value",),
    "payments": ("payments", "penalties"),
    "penalties": ("penalties",),
    "benefits": ("benefits",),
    "reported_kpis": ("reconciliation",),
    "replies": ("reconciliation",),
    **dict.fromkeys(("outages", "maintenance_windows"), ("availability", "control", "penalties")),
    **dict.fromkeys(
        ("survey_invitations", "survey_answers"), ("satisfaction", "comments", "perception")
    ),
    "meetings": ("governance", "decisions"),
    "reports": ("governance",),
    "disputes": ("governance", "disputes"),
    "decisions": ("decisions",),
    "initiatives": ("initiatives",),
    "blockers": ("governance", "blockers"),
    "contacts": ("governance", "teams"),
    **dict.fromkeys(("trainings", "subcontractors"), ("teams",)),
    **dict.fromkeys(("tools", "procedures"), ("tools",)),
    "client_events": ("evolution",),
    **dict.fromkeys(("lessons", "actions"), ("lessons",)),
}
DELIVERY = {
    "milestones", "milestone_forecasts", "deliverables", "submissions", "delay_causes",
    "client_duties", "suspensions", "work_orders", "defects", "changes", "budget", "earned_value",
    "payments", "penalties", "benefits",
}  # fmt: skip
SERVICE = {*LOGS, "extensions", "outages", "maintenance_windows"}
UNREAD = {
    **dict.fromkeys(
        DELIVERY, ("ticket*", "reported_kpis*", "extensions*", "survey*", "lessons*", "actions*")
    ),
    **dict.fromkeys(
        SERVICE,
        ("milestone*", "deliverables*", "submissions*", "delay_causes*", "suspensions*",
         "client_duties*", "work_orders*", "defects*"),
    ),
}  # fmt: skip
"""Without which files the chapters of a table are read: those of the service, of what was due.

Of the chapters on tickets penalties alone computes with what was due, most of its work: it is read
with that, and without a table or a column of it, among those of DELIVERY.
"""
ELSEWHERE = (  # of which the columns are left out in the tests of their chapters
    "objective_results", "milestone_forecasts", "survey_answers", "survey_invitations", "lessons",
    "actions",
)  # fmt: skip
COLUMNS = [
    (table, column)
    for table in SCHEMAS
    if table not in ELSEWHERE
    for column, about in SCHEMAS[table].columns.items()
    if not about.required
]


@pytest.fixture(scope="module", autouse=True)
def _read_once() -> Iterator[None]:
    """Of the many folders of one file less or changed, read each of the equal files once."""
    with pytest.MonkeyPatch.context() as patch:
        for reader in ("_opened", "load_contract"):
            patch.setattr(engagement, reader, _once(getattr(engagement, reader)))
        yield


def _once(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return a reader of files that knows again what it read of the same bytes as the same."""
    known: dict[tuple[str, bytes, str], Any] = {}

    def _read(path: Path, *how: Any) -> Any:
        file = path / (how[0].file if how else CONTRACT_FILE)
        key = file.name, file.read_bytes(), repr(how)
        if key not in known:
            known[key] = read(path, *how)
        return known[key]

    return _read


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty tickets of the sample, half of them P1, with their log and all other tables."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    text = (folder / "engagement.yml").read_text(encoding="utf-8")
    (folder / "engagement.yml").write_text(
        text.replace("set_aside_limit: 1 %", "set_aside_limit: 100 %"), encoding="utf-8"
    )
    every = _read(folder, "tickets")
    chosen = pd.concat([every[every["priority"] == "P1"].head(20), every[::300]])
    chosen = chosen.drop_duplicates("ticket_id")
    _write(folder, "tickets", chosen)
    for table, column in PARENTS:
        if PARENTS[table, column] == "tickets":
            rows = _read(folder, table)
            if column in rows:
                _write(folder, table, rows[rows[column].isin(chosen["ticket_id"])])
    return folder


def _read(folder: Path, table: str) -> pd.DataFrame:
    separator, encoding = _written(table)
    path = folder / f"{table}.csv"
    return pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False, encoding=encoding)


def _written(table: str) -> tuple[str, str]:
    exported = {"reported_kpis": "cp1252"} | dict.fromkeys(LOGS, "utf-8-sig")
    return (";", exported[table]) if table in exported else (",", "utf-8-sig")


def _write(folder: Path, table: str, rows: pd.DataFrame) -> None:
    separator, encoding = _written(table)
    rows.to_csv(folder / f"{table}.csv", sep=separator, index=False, encoding=encoding)


def _without(small: Path, folder: Path, table: str, column: str = "") -> dict[str, Section]:
    """What the chapters that read a table say without it, or without a column of it."""
    unread = UNREAD.get(table, ())
    shutil.copytree(small, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*unread))
    if column:
        rows = _read(folder, table)
        _write(folder, table, rows.drop(columns=[column, f"{column}_en"], errors="ignore"))
    else:
        left_out = folder / f"{table}.csv"
        assert left_out.is_file(), f"data/sample has no {left_out.name}: see MAINTAINING.md"
        left_out.unlink()
    review = open_review(folder, language="en")
    return {name: chapter(name, review) for name in READ_BY[table]}


def held_to(sections: dict[str, Section]) -> None:
    """Assert that each section says what it can, with the values of each message's fields."""
    assert [name for name, section in sections.items() if not _says_what_it_can(section)] == []
    assert {name: found for name, section in sections.items() if (found := unfit(section))} == {}


def _says_what_it_can(section: Section) -> bool:
    """Whether a chapter says why it is not assessed, or each of its facts why it has no value."""
    told = all(fact.note for fact in section.facts if fact.value is None)
    return bool(section.because or section.headline) and told


@pytest.mark.parametrize("others", ["with all other tables", "with the log alone"])
@pytest.mark.parametrize("name", LOGLESS)
def test_a_chapter_without_a_ticket_asks_for_none(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, others: str
) -> None:
    log = {f"{table}.csv" for table in (*LOGS, "extensions")}
    for file in small.iterdir():
        if file.suffix != ".csv" or file.name in log or others == "with all other tables":
            shutil.copy(file, tmp_path)
    opened, table = open_review(tmp_path, language="en"), Review.table
    tables = Noting(opened.engagement.tables)
    review = replace(opened, engagement=replace(opened.engagement, tables=tables))

    def _noted(review: Review, name: str) -> pd.DataFrame | None:
        tables.asked.add(name)
        return table(review, name)

    monkeypatch.setattr(Review, "table", _noted)
    chapter(name, review)

    assert tables.asked
    names = {"ticket_events"} if name == "comments" else set()  # of whom tickets are given to
    assert tables.asked & {*LOGS, "extensions"} <= names


class Noting(dict[str, pd.DataFrame]):
    """Tables that note which of them were asked for."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        super().__init__(tables)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


@pytest.mark.parametrize("table", [*SCHEMAS])
def test_without_a_table_every_chapter_says_what_it_can(
    small: Path, tmp_path: Path, table: str
) -> None:
    held_to(_without(small, tmp_path, table))


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_without_an_optional_column_every_chapter_says_what_it_can(
    small: Path, tmp_path: Path, table: str, column: str
) -> None:
    held_to(_without(small, tmp_path, table, column))


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_on_the_whole_sample_fills_in_every_field_of_every_message(name: str) -> None:
    held_to({name: chapter(name, sample_of())})
