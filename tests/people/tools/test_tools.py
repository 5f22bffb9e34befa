"""Tools in use by month, procedures written and current."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.people.tools.chapter import tools
from reviewlib.report.values import Checks, Kind, Section, Side
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, sentence, table

PLAN = {
    "tools": {"wiki": {"title": "Wiki", "purpose": "Notes", "clause": "Art. 2"}},
    "procedures": {
        "backup": {"title": "Backup", "clause": "Annex 3", "current_for": "6 months"},
        "leavers": {"title": "Leavers"},
    },
}


def use(name: str, *active: int | None, people: int | None = 10) -> list[dict[str, Any]]:
    months = [f"2026-{number:02d}" for number in range(1, len(active) + 1)]
    return [
        {"tool": name, "month": month, "active": number, "people": people}
        for month, number in zip(months, active, strict=True)
    ]


def made_of(tmp_path: Path, plan: Any = PLAN, **tables: Any) -> Section:
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    agreed = desk.agreed(governance=plan)
    return chapter_of(tools, desk.review(tmp_path, agreed, frames, as_of="2026-06-30"))


def states(section: Section, name: str) -> dict[Any, Any]:
    column = 7 if name == "tools" else 4
    return {row[0]: row[column] for row in table(section, name).rows}


def test_half_of_the_people_in_each_of_the_last_three_months_is_adopted(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        tools=[
            *use("wiki", 0, 5, 6, 5),
            *use("chat", 9, 9, 4, 9),
            *use("board", 4, 0, 0, 0),
            *use("new", 9, 9),
        ],
    )

    assert states(made, "tools") == {
        "Wiki": "adopted", "chat": "in use", "board": "hardly used",
        "new": "not known: under three months",
    }  # fmt: skip
    assert made.headline == "1 of 3 tools are adopted."
    assert "0 of 10 people used it in Apr 2026; at its best month it was 40.0%" in sentence(
        made, "tools.tool.board"
    )


def test_without_people_the_share_is_of_all_exchanges(tmp_path: Path) -> None:
    rows = [
        {"tool": "wiki", "month": f"2026-0{n}", "exchanges": 60, "all_exchanges": 100}
        for n in (1, 2, 3)
    ]
    made = made_of(tmp_path, tools=rows)

    assert sentence(made, "tools.tool.wiki") == "Wiki: 60.0% in Mar 2026."


def test_a_procedure_is_current_for_the_months_of_the_contract_after_its_review(
    tmp_path: Path,
) -> None:
    """Six months from 30 December end on 30 June, the day of the review."""
    written = {"procedure": "backup", "documented_on": "2025-01-01"}
    current = made_of(tmp_path, procedures=[written | {"reviewed_on": "2025-12-30"}])
    past = made_of(tmp_path, procedures=[written | {"reviewed_on": "2025-12-29"}])

    assert states(current, "procedures") == {"Backup": "current", "Leavers": "not written"}
    assert states(past, "procedures")["Backup"] == "to be reviewed"
    assert current.fact("tools.procedures").checks == Checks(Side.BOTH, 1, 2)
    assert past.finding("tools.not_current").evidence == ()
    assert past.finding("tools.not_current").decision == (
        "Settle who writes or reviews Leavers and Backup, and by when."
    )


def test_a_table_without_the_day_of_writing_judges_nothing(tmp_path: Path) -> None:
    made = made_of(tmp_path, procedures=[{"procedure": "backup", "title": "<i>{x}</i>"}])

    assert made.fact("tools.procedures").value is None
    assert made.findings == ()
    assert "<i>{x}" not in html(made)


def test_the_sample_has_a_knowledge_base_adopted_and_a_space_that_nobody_uses() -> None:
    """April to June 2025: 148, 151 and 150 of 240; the space none of 46."""
    made = chapter_of(tools, sample_of(), language="en")

    kinds = {f.id: f.kind for f in made.findings}
    assert kinds["tools.tool.knowledge_base"] is Kind.STRENGTH
    assert kinds["tools.tool.project_space"] is Kind.CONCERN
    assert "0 of 46 people" in sentence(made, "tools.tool.project_space")
    assert made.finding("tools.tool.project_space").decision == (
        "For the next contract: leave “Shared project space” out, or agree on its use."
    )
    assert made.finding("tools.not_current").decision == (
        "For the next contract: agree on who writes and reviews procedures (Backup and restore and "
        "Arrivals and leavers)."
    )


def test_an_objective_of_the_clause_of_the_procedures_stands_beside_their_table() -> None:
    """O5 was measured at 96 % on 31 March 2025, by another source than the table."""
    assert sentence(chapter_of(tools, sample_of(), language="en"), "tools.objective.O5") == (
        "Objective O5 “Document the operations”, of the same clause, has another count: 96\u00a0% "
        "on 31 Mar 2025 (Joint review of the knowledge base). By the table of procedures 1 of 3 "
        "were current on 4 Jul 2025. Which ones the objective counts is not in the folder."
    )


def test_while_the_contract_runs_a_tool_that_is_hardly_used_is_settled_by_its_name(
    tmp_path: Path,
) -> None:
    made = made_of(tmp_path, tools=use("wiki", 0, 0, 0))

    assert made.finding("tools.tool.wiki").decision == (
        "Wiki: settle whether it is still wanted: give it up, or agree on its use."
    )


def test_a_table_without_days_says_of_no_procedure_that_it_is_not_written(tmp_path: Path) -> None:
    made = made_of(tmp_path, procedures=[{"procedure": "backup", "reviewed_on": "2026-05-01"}])

    assert made.headline == "The folder does not say which procedures are written."
    assert made.findings == ()
    assert made.fact("tools.procedures").checks is None
