"""What was decided before a period: which of it is carried over, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.lessons.ahead.chapter import ahead
from reviewlib.lessons.carried_over.chapter import carried_over
from reviewlib.lessons.carried_over.metrics import carried_over as rows_of
from reviewlib.report.values import Section
from reviewlib.review import open_period
from reviewlib.tables import SCHEMAS
from tests.spoken import spoken, table

CONTRACT = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2025-06-30}
client: {name: Client}
provider: {name: Provider}
data: {extracted_at: 2025-07-04T18:00:00}
"""
ACTIONS = """\
action_id,title,owner,side,created_on,due_on,done_on,status
A1,Done before the period,Manager,provider,2024-01-10,2024-02-01,2024-06-30,done
A2,Done within it,Manager,client,2024-01-10,2024-08-01,2024-09-03,done
A3,Overdue at its end,Manager,provider,2024-06-30,2024-08-31,2024-11-02,done
A4,Open,Manager,both,2024-05-01,2024-12-31,,open
A5,Decided within it,Manager,client,2024-07-01,2024-07-31,,open
A6,Dropped,Manager,client,2024-05-01,2024-07-31,,dropped
A7,Undated,Manager,client,,,,open
"""
DECISIONS = """\
decision_id,title,decided_on,side,due_on,applied_on
X1,Move the site,2024-06-01,client,2024-07-15,
X2,Extend the hours,2024-06-01,provider,,2024-07-01
"""
TODAY = pd.Timestamp("2024-09-30")


def section(folder: Path, **tables: str) -> Section:
    review = open_period(written(folder, tables), "2024Q3")
    return spoken(carried_over(review))


def written(folder: Path, tables: Mapping[str, str]) -> Path:
    """Write a contract and tables into a folder that has no others, and return it."""
    for path in folder.glob("*.csv"):
        path.unlink()
    (folder / "engagement.yml").write_text(CONTRACT, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_what_was_decided_before_and_not_done_when_the_period_began_is_carried_over(
    tmp_path: Path,
) -> None:
    shown = section(tmp_path, actions=ACTIONS, decisions=DECISIONS)
    rows = {row[0]: row for row in table(shown, "items").rows}

    assert [*rows] == ["X1", "A3", "A4", "A7", "A2", "X2"]
    # from 15 July to 30 September: 16 + 31 + 30 = 77 days; from 1 June: 29 + 31 + 31 + 30 = 121
    assert rows["X1"][7:] == ("past its due date", 121, 77)
    # from 31 August: 30 days; done in November is not done yet; from 30 June: 92
    assert rows["A3"][6:] == (None, "past its due date", 92, 30)
    assert rows["A4"][7:] == ("open", 152, None)  # from 1 May: 30 + 30 + 31 + 31 + 30
    assert rows["A7"][7:] == ("open", None, None)
    assert rows["A2"][7:] == ("done", 237, None)  # from 10 January to 3 September 2024
    assert rows["X2"][7:] == ("done", 30, None)  # from 1 June to 1 July


def test_the_headline_counts_what_is_done_and_what_is_late(tmp_path: Path) -> None:
    shown = section(tmp_path, actions=ACTIONS, decisions=DECISIONS)

    assert str(shown.headline) == ("Of 6 actions and decisions carried over, 2 done, 2 past due.")
    assert shown.fact("carried_over.age").value == 152
    finding = shown.finding("carried_over.overdue")
    assert str(finding.sentence) == (
        "Carried over and past their due date as of 30 Sept 2024: 2, X1 (77 days) and A3 (30 days)."
    )
    assert finding.decision


def test_without_tables_or_with_nothing_carried_over_the_reason_is_given(tmp_path: Path) -> None:
    none = section(tmp_path)
    assert "neither actions (actions.csv) nor decisions (decisions.csv)" in str(none.because)
    later = DECISIONS.replace("2024-06-01", "2024-07-01").replace("2024-07-01\n", "\n")
    assert "no action or decision was open" in str(section(tmp_path, decisions=later).because)


def test_of_no_table_there_is_no_row() -> None:
    assert rows_of(None, None, pd.Timestamp("2024-07-01"), TODAY).empty


def test_titles_of_the_data_stay_text(tmp_path: Path) -> None:
    hostile = DECISIONS.replace("Move the site", "<script>alert(1)</script>{n}%s")
    shown = section(tmp_path, decisions=hostile)

    assert table(shown, "items").rows[0][1] == "<script>alert(1)</script>{n}%s"


OPTIONAL = [
    (name, column)
    for name in ("actions", "decisions")
    for column, about in SCHEMAS[name].columns.items()
    if not about.required
]


@pytest.mark.parametrize(("name", "column"), OPTIONAL)
def test_without_an_optional_column_the_chapters_say_what_they_can(
    tmp_path: Path, name: str, column: str
) -> None:
    tables = {"actions": ACTIONS, "decisions": DECISIONS}
    rows = pd.read_csv(StringIO(tables[name]), dtype="str", keep_default_na=False)
    tables[name] = rows.drop(columns=column, errors="ignore").to_csv(index=False)
    review = open_period(written(tmp_path, tables), "2024Q3")

    assert spoken(carried_over(review)).headline
    assert spoken(ahead(review)).headline
