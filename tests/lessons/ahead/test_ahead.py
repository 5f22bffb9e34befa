"""What falls due before the next review, and is not done when the period ends."""

from __future__ import annotations

from pathlib import Path

from reviewlib.lessons.ahead.chapter import ahead
from reviewlib.report.values import Section
from reviewlib.review import open_period
from tests.lessons.carried_over.test_carried_over import written
from tests.spoken import spoken, table

TABLES = {
    "milestones": """\
milestone_id,title,contract_date,actual_date
M1,Next quarter,2024-10-01,
M2,Reached,2024-11-01,2024-09-15
M3,In two quarters,2025-01-01,
M4,Reached later,2024-12-31,2024-12-30
""",
    "deliverables": "deliverable_id,title,due_on\nD1,Submitted,2024-10-15\nD2,Not yet,2024-10-15\n",
    "submissions": "deliverable_id,version,submitted_on,decided_on,decision\nD1,v1,2024-09-01,,\n",
    "client_duties": "duty_id,title,due_on,done_on\nC1,Open the access,2024-10-20,\n",
    "actions": """\
action_id,title,side,created_on,due_on,done_on,status
A1,Write it down,both,2024-09-01,2024-11-05,,open
A2,Today,both,2024-09-01,2024-09-30,,open
A3,Dropped,both,2024-09-01,2024-11-05,,dropped
""",
}


def section(folder: Path, period: str = "2024Q3") -> Section:
    return spoken(ahead(open_period(written(folder, TABLES), period)))


def test_what_is_dated_in_the_next_quarter_and_not_done_falls_due(tmp_path: Path) -> None:
    rows = table(section(tmp_path), "items").rows

    assert [(row[0][:10], row[1], row[4]) for row in rows] == [
        ("2024-10-01", "M1", "provider"),
        ("2024-10-15", "D2", "provider"),
        ("2024-10-20", "C1", "client"),
        ("2024-11-05", "A1", "both sides"),
        ("2024-12-31", "M4", "provider"),
    ]


def test_the_headline_names_the_first_of_them(tmp_path: Path) -> None:
    assert str(section(tmp_path).headline) == (
        "5 things fall due by 31 Dec 2024, first “Next quarter” (1 Oct 2024)."
    )


def test_what_the_client_has_to_decide_on_falls_due_as_what_is_to_be_delivered(
    tmp_path: Path,
) -> None:
    """Submitted on 28 September, to be decided within 15 days: by 13 October."""
    tables = TABLES | {
        "submissions": TABLES["submissions"] + "D2,v1,2024-09-28,,\n",
    }
    folder = written(tmp_path, tables)
    contract = folder / "engagement.yml"
    stated = "terms: {acceptance: {clause: '7', decision: 15 calendar days, tacit: true}}\n"
    contract.write_text(contract.read_text(encoding="utf-8") + stated, encoding="utf-8")

    rows = table(spoken(ahead(open_period(folder, "2024Q3"))), "items").rows

    assert [(row[0][:10], *row[1:]) for row in rows if row[1].startswith("D")] == [
        ("2024-10-13", "D2", "Not yet", "decision on what was submitted", "client")
    ]


def test_a_month_looks_a_month_ahead(tmp_path: Path) -> None:
    shown = section(tmp_path, "2024-09")
    assert [row[1] for row in table(shown, "items").rows] == ["M1", "D2", "C1"]


def test_an_objective_that_is_judged_by_then_falls_due(tmp_path: Path) -> None:
    """O1 on the last day of the next quarter, O2 on the day after it, O3 on no day."""
    folder = written(tmp_path, {})
    with (folder / "engagement.yml").open("a", encoding="utf-8") as file:
        file.write(
            "\nobjectives:\n"
            "  O1: {title: Documented, due: 2024-12-31}\n"
            "  O2: {title: Later, due: 2025-01-01}\n"
            "  O3: {title: One day}\n"
        )
    shown = spoken(ahead(open_period(folder, "2024Q3")))

    assert str(shown.headline) == "1 thing falls due by 31 Dec 2024: “Documented” (31 Dec 2024)."
    assert [row[1:] for row in table(shown, "items").rows] == [
        ("O1", "Documented", "objective", "both sides")
    ]


def test_where_nothing_falls_due_it_says_so(tmp_path: Path) -> None:
    shown = section(tmp_path, "2025Q1")
    assert str(shown.headline) == "Nothing that the tables name falls due by 30 Jun 2025."


def test_a_payment_falls_due_by_the_contract_s_time_to_pay_where_no_date_is_stated(
    tmp_path: Path,
) -> None:
    """Received on 10 September 2024 and payable within 30 days: due on 10 October."""
    payments = (
        "payment_id,title,amount,received_on,paid_on,invoice\nP1,September,100,2024-09-10,,F1\n"
    )
    folder = written(tmp_path, {"payments": payments})
    with (folder / "engagement.yml").open("a", encoding="utf-8") as file:
        file.write("terms: {payment: {within: 30 calendar days, clause: Art. 9}}\n")
    shown = spoken(ahead(open_period(folder, "2024Q3")))

    (row,) = table(shown, "items").rows
    assert (row[0][:10], row[1], row[4]) == ("2024-10-10", "P1", "client")


def test_what_is_of_one_side_and_of_the_others_adds_up(tmp_path: Path) -> None:
    shown = section(tmp_path)
    by_side = [shown.fact(f"ahead.{name}") for name in ("provider", "client", "other")]

    assert [(fact.value, fact.n) for fact in by_side] == [(3, 5), (1, 5), (1, 5)]
    assert all(fact.source for fact in by_side)
    assert {str(fact.period) for fact in by_side} == {"1 Oct 2024 – 31 Dec 2024"}


def test_a_key_date_falls_due_on_its_last_day_to_act_and_on_the_day_itself(tmp_path: Path) -> None:
    """Of the option, 31 December less two months; of the notice, 31 January less one: not itself.

    The revision, without a notice, on its day alone.
    """
    folder = written(tmp_path, {})
    with (folder / "engagement.yml").open("a", encoding="utf-8") as file:
        file.write(
            "\nkey_dates:\n"
            "- {kind: option, title: Extension, date: 2024-12-31, notice: 2 months, clause: '1'}\n"
            "- {kind: notice, title: Notice, date: 2025-01-31, notice: 1 month, clause: '2'}\n"
            "- {kind: revision, title: Prices, date: 2024-11-15, clause: '3'}\n"
        )
    rows = table(spoken(ahead(open_period(folder, "2024Q3"))), "items").rows

    assert [(row[0][:10], *row[1:4]) for row in rows] == [
        ("2024-10-31", "1", "Extension", "last day to act before a key date"),
        ("2024-11-15", "3", "Prices", "key date"),
        ("2024-12-31", "2", "Notice", "last day to act before a key date"),
        ("2024-12-31", "1", "Extension", "key date"),
    ]
