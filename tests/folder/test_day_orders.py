"""Dates such as 12/11/2024, midnights in UTC, and the years of a plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.faults import Faults
from reviewlib.folder.engagement import Engagement, load_engagement
from reviewlib.pages.wording import Wording

Folder = Callable[..., Path]
HEADING = "milestone_id,title,contract_date,actual_date\n"


def days(engagement: Engagement, table: str, column: str) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in engagement.tables[table][column]]


def remarks(engagement: Engagement) -> list[str]:
    return [Wording("en").say(remark.sentence) for remark in engagement.remarks]


def fault_texts(folder: Path) -> list[str]:
    with pytest.raises(Faults) as refused:
        load_engagement(folder)
    return [str(fault) for fault in refused.value.faults]


def test_a_column_takes_the_order_that_another_column_of_its_table_shows(
    engagement_folder: Folder,
) -> None:
    """25/10 has its day first, so 12/11 is 12 November."""
    text = HEADING + "M1,Start,25/10/2024,12/11/2024\nM2,End,01/11/2024,02/12/2024\n"
    engagement = load_engagement(engagement_folder(milestones=text))

    assert days(engagement, "milestones", "actual_date") == ["2024-11-12", "2024-12-02"]
    assert remarks(engagement) == [
        "no day of “actual_date” is above 12: read day first, as “contract_date” of the same "
        "table shows"
    ]


def test_a_table_takes_the_order_that_the_other_tables_of_its_folder_show(
    engagement_folder: Folder,
) -> None:
    """The tickets are dated 10/25: their month comes first, so 12/11 is 11 December."""
    folder = engagement_folder(
        milestones=HEADING + "M1,Start,12/11/2024,12/11/2024\n",
        tickets="ticket_id,opened_at\nT1,10/25/2024 09:00\n",
    )
    engagement = load_engagement(folder)

    assert days(engagement, "milestones", "actual_date") == ["2024-12-11"]
    assert remarks(engagement) == [
        f"no day of “{name}” is above 12: read month first, as the other tables show"
        for name in ("contract_date", "actual_date")
    ]


def test_what_tables_order_otherwise_settles_nothing(engagement_folder: Folder) -> None:
    folder = engagement_folder(
        milestones=HEADING + "M1,Start,12/11/2024,\n",
        tickets="ticket_id,opened_at\nT1,10/25/2024 09:00\n",
        payments="payment_id,amount,paid_on\nP1,10,25/10/2024\n",
    )
    (fault,) = fault_texts(folder)
    assert "no day is above 12, so the order of '12/11/2024' cannot be known" in fault


def test_columns_of_one_table_ordered_otherwise_are_each_read_so_and_it_is_said(
    engagement_folder: Folder,
) -> None:
    text = HEADING + "M1,Start,25/10/2024,11/13/2024\nM2,End,01/11/2024,02/12/2024\n"
    engagement = load_engagement(engagement_folder(milestones=text))

    assert days(engagement, "milestones", "contract_date") == ["2024-10-25", "2024-11-01"]
    assert days(engagement, "milestones", "actual_date") == ["2024-11-13", "2024-02-12"]
    assert remarks(engagement) == [
        "dates of “contract_date” have their day first, those of “actual_date” their month: each "
        "column is read by the order that it shows"
    ]


def test_a_third_column_that_shows_no_order_beside_two_that_differ_is_a_fault(
    engagement_folder: Folder,
) -> None:
    text = (
        "milestone_id,title,contract_date,actual_date,accepted_on\n"
        "M1,Start,25/10/2024,11/13/2024,12/11/2024\n"
    )
    (fault,) = fault_texts(engagement_folder(milestones=text))
    assert fault.startswith("milestones.csv, accepted_on: no day is above 12")


def test_what_is_declared_needs_no_remark(engagement_folder: Folder, contract_text: str) -> None:
    declared = contract_text + "data: {formats: {default: {dates: day-first}}}\n"
    text = HEADING + "M1,Start,25/10/2024,12/11/2024\n"
    engagement = load_engagement(engagement_folder(declared, milestones=text))

    assert days(engagement, "milestones", "actual_date") == ["2024-11-12"]
    assert remarks(engagement) == []


def new_york(contract_text: str) -> str:
    return contract_text.replace("Europe/Paris", "America/New_York")


@pytest.mark.parametrize("written", ["T00:00:00Z", " 00:00:00.000+00:00", "T00:00+02:00"])
def test_a_column_of_midnights_is_one_of_dates_in_every_zone(
    engagement_folder: Folder, contract_text: str, written: str
) -> None:
    """Midnight UTC on the 5th is 19:00 on the 4th in New York: no date was meant so."""
    text = HEADING + f"M1,Start,2024-03-05{written},2024-03-06{written}\n"
    engagement = load_engagement(engagement_folder(new_york(contract_text), milestones=text))

    assert days(engagement, "milestones", "contract_date") == ["2024-03-05"]
    assert days(engagement, "milestones", "actual_date") == ["2024-03-06"]
    assert remarks(engagement)[0] == (
        "every time of “contract_date” is a midnight with its offset: taken as dates"
    )


def test_one_time_of_day_makes_the_column_one_of_instants(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = HEADING + "M1,Start,2024-03-05,2024-03-06T00:00Z\nM2,End,2024-03-07,2024-03-08T01:00Z\n"
    engagement = load_engagement(engagement_folder(new_york(contract_text), milestones=text))

    assert days(engagement, "milestones", "actual_date") == ["2024-03-05", "2024-03-07"]
    assert remarks(engagement) == []


def test_typed_midnights_in_utc_are_dates(engagement_folder: Folder, contract_text: str) -> None:
    folder = engagement_folder(new_york(contract_text))
    at = pd.to_datetime(["2024-03-05", "2024-07-06"], utc=True)
    frame = {"milestone_id": ["M1", "M2"], "title": ["Start", "End"], "contract_date": at}
    pd.DataFrame(frame).to_parquet(folder / "milestones.parquet")
    engagement = load_engagement(folder)

    assert days(engagement, "milestones", "contract_date") == ["2024-03-05", "2024-07-06"]
    assert len(remarks(engagement)) == 1


def test_a_year_alone_is_no_date(engagement_folder: Folder, contract_text: str) -> None:
    loose = contract_text + "data: {set_aside_limit: 100 %}\n"
    text = HEADING + "M1,Start,2024,\nM2,End,2024-03-05,\n"
    engagement = load_engagement(engagement_folder(loose, milestones=text))

    assert engagement.tables["milestones"].index.tolist() == [3]
    assert engagement.set_aside[["row", "column", "rule", "value"]].to_numpy().tolist() == [
        [2, "contract_date", "unreadable", "2024"]
    ]


def test_a_programme_of_thirty_years_plans_thirty_years_ahead(
    engagement_folder: Folder, contract_text: str
) -> None:
    """1998 to 2028: plans of 1968, which no clock knows, so of 1970, to 2058; not of 2108."""
    period = "period: {first: 1998-01-01, last: 2028-12-31}"
    long = contract_text.replace("period: {first: 2024-01-01, last: 2024-12-31}", period)
    long += "data: {set_aside_limit: 100 %}\n"
    text = HEADING + "M1,Start,1975-03-01,\nM2,End,2058-12-31,\nM3,Typo,2108-01-01,\n"
    engagement = load_engagement(engagement_folder(long, milestones=text))

    assert days(engagement, "milestones", "contract_date") == ["1975-03-01", "2058-12-31"]
    (rule,), (allowed,) = engagement.set_aside["rule"], engagement.set_aside["allowed"]
    assert (rule, allowed) == ("years", "1970 – 2058")
