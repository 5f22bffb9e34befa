"""Tools in use by month, procedures written and current."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.people.tools import metrics
from reviewlib.people.tools.chapter import tools
from reviewlib.report.values import Checks, Kind, Section, Side
from tests import desk
from tests.sample import sample_of
from tests.spoken import caveats, html, sentence, table
from tests.spoken import chapter as chapter_of

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


def made_of(tmp_path: Path, plan: Any = PLAN, as_of: str = "2026-06-30", **tables: Any) -> Section:
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    agreed = desk.agreed(governance=plan)
    return chapter_of(tools, desk.review(tmp_path, agreed, frames, as_of=as_of))


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
    assert "0 of 10 people used it in Apr 2026; in its best month 4 of 10." in sentence(
        made, "tools.tool.board"
    )


def test_without_people_the_share_is_of_all_exchanges(tmp_path: Path) -> None:
    rows = [
        {"tool": "wiki", "month": f"2026-0{n}", "exchanges": 60, "all_exchanges": 100}
        for n in (1, 2, 3)
    ]
    made = made_of(tmp_path, tools=rows)

    assert sentence(made, "tools.tool.wiki") == ("Wiki: of all exchanges 60 of 100 in Mar 2026.")


def test_a_procedure_is_current_for_the_months_of_the_contract_after_its_review(
    tmp_path: Path,
) -> None:
    """Six months from 30 December end on 30 June, the day of the review."""
    written = {"procedure": "backup", "documented_on": "2025-01-01"}
    current = made_of(tmp_path, procedures=[written | {"reviewed_on": "2025-12-30"}])
    past = made_of(tmp_path, procedures=[written | {"reviewed_on": "2025-12-29"}])

    assert states(current, "procedures") == {"Backup": "current", "Leavers": "not recorded"}
    assert states(past, "procedures")["Backup"] == "to be reviewed"
    assert current.fact("tools.procedures").checks == Checks(Side.BOTH, 1, 2)
    assert past.finding("tools.not_current").evidence == ()
    assert sentence(past, "tools.not_current") == (
        "1 procedure that was agreed is not in the table: Leavers. "
        "1 procedure is past its review: Backup."
    )
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


def test_a_tool_is_shown_by_its_last_month_with_numbers_that_is_over(tmp_path: Path) -> None:
    """April has no number, June is not over on the 29th: March, 3 of 9; the best is 4 of 9."""
    made = made_of(
        tmp_path,
        as_of="2026-06-29",
        tools=[
            *use("wiki", 4, 3, 3, None, people=9),
            {"tool": "wiki", "month": "2026-06", "active": 9, "people": 9},
        ],
    )
    row = table(made, "tools").rows[0]

    assert row[2:8] == ("2026-03", 3, 9, None, "4 of 9", "in use")
    assert [one[6] for one in table(made, "months").rows] == [None] * 4
    assert "%" not in "".join(one.sentence for one in made.findings)


def test_a_month_is_over_on_its_last_day(tmp_path: Path) -> None:
    made = made_of(tmp_path, tools=use("wiki", 0, 0, 0, 5, 5, 5))

    assert sentence(made, "tools.tool.wiki") == "Wiki: 5 of 10 people used it in Jun 2026."


def test_more_people_than_there_are_is_a_caveat_and_no_strength(tmp_path: Path) -> None:
    made = made_of(tmp_path, tools=use("wiki", 12, 12, 12, people=9))

    assert made.findings == ()
    assert made.headline == "No tool has three months of numbers."
    assert caveats(made)["tools.excess"] == (
        "More people or exchanges are recorded than there are; not counted: Wiki in Jan 2026, "
        "Wiki in Feb 2026 and Wiki in Mar 2026."
    )


def test_the_limits_are_marked_as_defaults(tmp_path: Path) -> None:
    made = made_of(tmp_path, tools=use("wiki", 5, 5, 5))

    assert made.fact("tools.adopted").note == (
        "adopted from half on, hardly used up to a twentieth (by default)"
    )
    assert made.intro.startswith("By default, for the contract sets no limit, ")


def test_without_agreed_procedures_none_is_judged(tmp_path: Path) -> None:
    written = [{"procedure": f"P{n}", "documented_on": "2026-01-01"} for n in range(4)]
    made = made_of(
        tmp_path, plan={}, procedures=[*written, {"procedure": "P9", "documented_on": None}]
    )

    assert made.fact("tools.procedures").value is None
    assert made.fact("tools.procedures").note == (
        "the contract does not say within which time procedures are reviewed"
    )
    assert made.findings == ()


def test_an_agreed_procedure_without_a_time_for_its_review_is_kept_once_it_is_written(
    tmp_path: Path,
) -> None:
    rows = [{"procedure": "leavers", "documented_on": "2024-01-01"},
            {"procedure": "backup", "documented_on": None}]  # fmt: skip
    made = made_of(tmp_path, procedures=rows)

    assert made.fact("tools.procedures").checks == Checks(Side.BOTH, 1, 2)
    assert sentence(made, "tools.not_current") == (
        "No date of writing is recorded of 1 procedure: Backup."
    )


def test_an_objective_without_a_source_names_none(tmp_path: Path) -> None:
    agreed = desk.agreed(governance=PLAN) | {
        "objectives": {"O1": {"title": "Document", "unit": "%", "target": 95, "clause": "Annex 3"}}
    }
    frames = {
        "procedures": pd.DataFrame([{"procedure": "backup", "documented_on": "2026-01-01"}]),
        "objective_results": pd.DataFrame(
            [{"objective_id": "O1", "measured_on": "2026-03-31", "value": 96}]
        ),
    }
    made = chapter_of(tools, desk.review(tmp_path, agreed, frames, as_of="2026-06-30"))

    assert "96\u00a0% on 31 Mar 2026. By the table" in sentence(made, "tools.objective.O1")


def test_many_tools_take_no_time() -> None:
    """1,702 tools in three months took 23 s by a loop over the tools."""
    months = [f"2026-0{n}" for n in (1, 2, 3)]
    rows = pd.DataFrame(
        [{"tool": f"T{n:04}", "month": one, "active": 5, "people": 10}
         for n in range(1702) for one in months]
    )  # fmt: skip
    start = time.process_time()
    by_month = metrics.months(rows, pd.Timestamp("2026-06-30"))
    made = metrics.tools(by_month, ("T0001", "absent"))

    assert time.process_time() - start < 2
    assert made["state"].value_counts().to_dict() == {"adopted": 1702, "untold": 1}
    assert made["tool"].tolist()[:3] == ["T0001", "absent", "T0000"]
