"""Amounts of tables in the contract's currency, rows alike, rows that contradict themselves.

A row set aside says why, and no figure is built on it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reviewlib.amounts import exact, total
from reviewlib.contract.data import Format
from reviewlib.faults import Faults
from reviewlib.folder.engagement import describe, load_engagement
from reviewlib.folder.parsing import bare_amounts
from reviewlib.pages.wording import Wording
from reviewlib.review import open_review
from reviewlib.tables import rules
from tests.folder.test_typed import read
from tests.spoken import in_words

Folder = Callable[..., Path]
Run = Callable[..., Any]
LOOSE = "data: {set_aside_limit: 100 %}\n"
EURO = "an amount in the currency of the contract"


def loaded(folder: Path, table: str) -> tuple[pd.DataFrame, list[tuple[int, str, str]]]:
    """The rows of a table that hold, and those set aside: row, rule and what came."""
    engagement = load_engagement(folder)
    aside = engagement.set_aside[["row", "rule", "value"]]
    return engagement.tables[table], list(aside.itertuples(index=False, name=None))


def payments(*amounts: str, separator: str = ";") -> str:
    """A table of payments with one column of amounts."""
    rows = [f"P{n}{separator}{amount}" for n, amount in enumerate(amounts, start=1)]
    return "\n".join([f"payment_id{separator}amount", *rows, ""])


# --------------------------------------------------------------------------------- how written


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1 200,50 €", 1200.5), ("1\u202f200,50\u00a0€", 1200.5), ("EUR 1200,00", 1200.0),
        ("1 200,00 € HT", 1200.0), ("1200,00 EUR H.T.", 1200.0), ("€1.200,50", 1200.5),
        ("€ 12,00", 12.0), ("12,00 eur", 12.0), ("1234567890123,45", 1234567890123.45),
        ("0,01", 0.01),
    ],
)  # fmt: skip
def test_an_amount_in_euros_is_read_with_or_without_its_sign(
    engagement_folder: Folder, contract_text: str, written: str, amount: float
) -> None:
    folder = engagement_folder(contract_text + LOOSE, payments=payments(written, "7,25"))
    rows, aside = loaded(folder, "payments")

    assert rows["amount"].tolist() == [amount, 7.25]
    assert aside == []


@pytest.mark.parametrize(
    "written",
    [
        "$1200,00", "1200,00 $", "1200,00 USD", "£5,00", "1200,00 CHF", "1200,00 € TTC", "12,00 %",
        "1200,00 €€", "douze", "1234567890123,456", "1234567890123456", "1e30", "9e14", "1e13",
        "inf", "nan", "--5",
    ],
)  # fmt: skip
def test_another_currency_and_what_is_no_amount_are_set_aside_with_the_reason(
    engagement_folder: Folder, contract_text: str, written: str
) -> None:
    folder = engagement_folder(contract_text + LOOSE, payments=payments("7,25", written))
    rows, aside = loaded(folder, "payments")
    (issue,) = load_engagement(folder).set_aside.to_dict("records")

    assert rows["payment_id"].tolist() == ["P1"]
    assert aside == [(3, rules.UNREADABLE, written)]
    assert Wording("en").say(describe(pd.Series(issue))) == f"“amount” cannot be read as {EURO}"


def test_a_euro_is_no_dollar(engagement_folder: Folder, contract_text: str) -> None:
    contract = contract_text + "currency: USD\n" + LOOSE
    table = payments("€12.50", "12.50 €", "$12.50", "USD 1,200.00", "12.50 EUR", "3.00")

    rows, aside = loaded(engagement_folder(contract, payments=table), "payments")

    assert rows["payment_id"].tolist() == ["P3", "P4", "P6"]
    assert rows["amount"].tolist() == [12.5, 1200.0, 3.0]
    assert [row for row, *_ in aside] == [2, 3, 6]


def test_an_amount_below_zero_is_set_aside_where_none_can_be(
    engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(
        contract_text + LOOSE,
        payments=payments("-5,00", "\u22125,00", "5,00"),
        changes="change_id,title,requested_on,cost_impact\nC1,Less,2024-03-01,-3000\n",
    )
    rows, aside = loaded(folder, "payments")

    assert rows["payment_id"].tolist() == ["P3"]
    assert [rule for _, rule, _ in aside] == [rules.OUT_OF_RANGE, rules.OUT_OF_RANGE]
    assert load_engagement(folder).tables["changes"]["cost_impact"].tolist() == [-3000.0]


def test_a_row_that_names_another_currency_is_set_aside(
    engagement_folder: Folder, contract_text: str
) -> None:
    table = "payment_id,amount,currency\nP1,5,EUR\nP2,5,USD\nP3,5,\n"

    rows, aside = loaded(engagement_folder(contract_text + LOOSE, payments=table), "payments")

    assert rows["payment_id"].tolist() == ["P1", "P3"]
    assert aside == [(3, rules.NOT_ALLOWED, "USD")]


def test_an_order_that_no_amount_settles_must_be_declared(
    engagement_folder: Folder, contract_text: str
) -> None:
    with pytest.raises(Faults) as refused:
        load_engagement(engagement_folder(contract_text, payments=payments("1.200 €", "3.400 €")))

    (fault,) = refused.value.faults
    assert "'1.200' may have a decimal mark or a mark of thousands" in in_words(fault.message)
    assert in_words(fault.remedy) == (
        'Declare data.formats.payments.decimal, in engagement.yml: "." if 1.200 is 1.2, "," if it '
        "is 1,200."
    )


def test_signs_and_codes_are_taken_off_only_where_they_stand_around() -> None:
    texts = pd.Series(["EUR 5", "5€", "5 € HT", "5 HT", "EURO 5", "5 %", "", "€"], dtype="str")

    assert bare_amounts(texts, "EUR").tolist() == ["5", "5", "5", "5 HT", "O 5", "5 % ?", "", ""]


# -------------------------------------------------------------------------------------- Parquet


@pytest.mark.parametrize(
    ("values", "held", "read_as"),
    [
        ([1200.5, None], pa.float64(), [1200.5, None]),
        ([1200, -5], pa.int64(), [1200.0, -5.0]),
        ([Decimal("1234567890123.45")], pa.decimal128(18, 2), [1234567890123.45]),
        ([Decimal("1200.0000000000")], pa.decimal128(30, 10), [1200.0]),
        ([Decimal("0.10"), Decimal("0.20")], pa.decimal128(5, 2), [0.1, 0.2]),
    ],
)
def test_an_amount_that_a_file_gives_with_a_type_is_that_amount(
    values: list[Any], held: Any, read_as: list[float | None]
) -> None:
    parsed = read(values, held, "money")

    assert [None if pd.isna(v) else v for v in parsed.values] == read_as
    assert not parsed.unreadable.any()


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (Decimal("1234567890123456.78"), pa.decimal128(20, 2)),
        (Decimal("123456789.0123456"), pa.decimal128(20, 7)),
        (1e30, pa.float64()), (float("inf"), pa.float64()), (10**15, pa.int64()),
    ],
)  # fmt: skip
def test_an_amount_that_a_float_would_change_or_no_contract_has_is_unreadable(
    value: Any, held: Any
) -> None:
    parsed = read([value, None], held, "money")

    assert parsed.values.isna().all()
    assert parsed.unreadable.tolist() == [True, False]


def test_amounts_written_as_text_in_a_parquet_file_are_read_as_those_of_a_csv(
    engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(contract_text + LOOSE)
    held = pa.table({"payment_id": ["P1", "P2", "P3"], "amount": ["1 200,50 €", "5,00 $", "7,00"]})
    pq.write_table(held, folder / "payments.parquet")

    rows, aside = loaded(folder, "payments")

    assert rows["amount"].tolist() == [1200.5, 7.0]
    assert aside == [(3, rules.UNREADABLE, "5,00 $")]


@pytest.mark.parametrize("of", [Format(), Format(decimal=",")])
def test_a_typed_amount_needs_no_declared_mark(of: Format) -> None:
    assert read([1234.5], pa.float64(), "money", of).values.tolist() == [1234.5]


# ---------------------------------------------------------------------- rows alike, and known then


def test_the_same_invoice_twice_is_set_aside_and_rows_without_one_are_not(
    engagement_folder: Folder, contract_text: str
) -> None:
    table = "payment_id,amount,invoice\nP1,5,F1\nP2,6,\nP3,7,F1\nP4,8,\n"

    rows, aside = loaded(engagement_folder(contract_text + LOOSE, payments=table), "payments")

    assert rows["payment_id"].tolist() == ["P1", "P2", "P4"]
    assert aside == [(4, rules.UNIQUE, "F1")]


def test_the_first_that_holds_of_two_alike_is_kept(
    engagement_folder: Folder, contract_text: str
) -> None:
    """The first row is in dollars, and the third has the number of the second."""
    table = (
        "payment_id,amount,invoice,currency\n"
        "P1,5,F1,USD\nP2,6,F1,EUR\nP2,7,F2,EUR\nP4,8,F2,EUR\nP5,8,F1,EUR\n"
    )

    rows, aside = loaded(engagement_folder(contract_text + LOOSE, payments=table), "payments")

    assert list(zip(rows["payment_id"], rows["amount"], strict=True)) == [("P2", 6.0), ("P4", 8.0)]
    assert [(row, rule) for row, rule, _ in aside] == [
        (2, rules.NOT_ALLOWED), (4, rules.UNIQUE), (6, rules.UNIQUE),
    ]  # fmt: skip


def test_two_decisions_on_the_same_thing_are_one(
    engagement_folder: Folder, contract_text: str
) -> None:
    """Alike in rule, subject and month; an empty one is alike another."""
    rule = "  penalties: {P: {pack: started-weeks, milestones: [M1], amount: 5}}\n"
    table = (
        "penalty_id,rule,subject,month,amount\n"
        "N1,P,M1,,1\nN2,P,M1,,2\nN3,P,,,3\nN4,P,M1,2024-03,4\nN5,P,,,5\n"
    )
    folder = engagement_folder(contract_text + rule + LOOSE, penalties=table)

    rows, aside = loaded(folder, "penalties")

    assert rows["penalty_id"].tolist() == ["N1", "N3", "N4"]
    assert [(row, rule) for row, rule, _ in aside] == [(3, rules.UNIQUE), (6, rules.UNIQUE)]


def test_accepted_before_it_was_submitted_is_set_aside(
    engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(
        contract_text + LOOSE,
        submissions=(
            "deliverable_id,version,submitted_on,decided_on,decision\n"
            "D1,v1,2024-03-04,2024-03-01,accepted\nD1,v2,2024-03-04,2024-03-04,accepted\n"
        ),
        deliverables="deliverable_id,title,due_on\nD1,Plan,2024-03-04\n",
    )

    rows, aside = loaded(folder, "submissions")

    assert rows["version"].tolist() == ["v2"]
    assert aside == [(2, rules.BEFORE, "2024-03-01")]


CHANGE = "change_id,title,requested_on,decided_on,decision,applied_on\n"
EARLY = CHANGE + "C1,One,2024-03-01,2024-03-20,approved,2024-03-10\n"


def test_a_change_applied_before_its_decision_is_kept_and_to_be_looked_at(
    engagement_folder: Folder, contract_text: str, run_here: Run
) -> None:
    folder = engagement_folder(contract_text, changes=EARLY)
    engagement = load_engagement(folder)
    done = run_here("check", folder)

    assert engagement.tables["changes"]["change_id"].tolist() == ["C1"]
    assert engagement.set_aside.empty
    assert engagement.noted["rule"].tolist() == [rules.EARLIER]
    assert done.returncode == 0, done.stderr
    assert (
        "changes.csv, row 2: to look at: “applied_on” is before “decided_on”: kept, and no time "
        "between them is computed (found: '2024-03-10')"
    ) in done.stdout
    assert "C-1: no fault; 0 rows set aside" in done.stdout


def test_a_change_applied_before_it_was_requested_is_set_aside(
    engagement_folder: Folder, contract_text: str
) -> None:
    table = CHANGE + "C1,One,2024-03-01,2024-03-20,approved,2024-02-10\n"
    folder = engagement_folder(contract_text + LOOSE, changes=table)

    rows, aside = loaded(folder, "changes")

    assert rows.empty
    assert aside == [(2, rules.BEFORE, "2024-02-10")]
    assert load_engagement(folder).noted.empty


@pytest.mark.parametrize(
    ("year", "stays"), [(2013, False), (2014, True), (2034, True), (2035, False)]
)
def test_a_plan_far_from_the_engagement_is_set_aside_naming_the_years(
    engagement_folder: Folder, contract_text: str, year: int, stays: bool
) -> None:
    """The contract is of 2024: plans are of the ten years around it."""
    table = f"milestone_id,title,contract_date\nM1,Go live,{year}-12-31\n"
    folder = engagement_folder(contract_text + LOOSE, milestones=table)

    rows, aside = loaded(folder, "milestones")

    assert len(rows) == stays
    if not stays:
        assert aside == [(2, rules.YEARS, f"{year}-12-31")]
        issue = load_engagement(folder).set_aside.iloc[0]
        reason = "“contract_date” is not of the years 2014 – 2034"
        assert Wording("en").say(describe(issue)) == reason


def test_a_date_in_2099_is_not_of_the_plans(engagement_folder: Folder, contract_text: str) -> None:
    table = "milestone_id,title,contract_date\nM1,Go live,2099-12-31\nM2,Later,2024-05-01\n"

    rows, aside = loaded(engagement_folder(contract_text + LOOSE, milestones=table), "milestones")

    assert rows["milestone_id"].tolist() == ["M2"]
    assert aside == [(2, rules.YEARS, "2099-12-31")]


@pytest.mark.parametrize(
    ("declared", "original", "actual"),
    [
        ("{amounts: thousands}", 1200500.0, 900000.0),
        ("{amounts: {actual: millions}}", 1200.5, 900000000.0),
        ("{amounts: {original: thousands, actual: units}}", 1200500.0, 900.0),
        ("{}", 1200.5, 900.0),
    ],
)
def test_amounts_are_of_the_unit_that_is_declared(
    engagement_folder: Folder,
    contract_text: str,
    declared: str,
    original: float,
    actual: float,
) -> None:
    """1,200.5 thousand are 1,200,500; 900 million are 900,000,000."""
    text = contract_text + f"data: {{formats: {{budget: {declared}}}}}\n"
    table = "line_id;title;original;actual\nL1;Licences;1 200,5;900\n"
    engagement = load_engagement(engagement_folder(text, budget=table))

    row = engagement.tables["budget"].iloc[0]
    assert (row["original"], row["actual"]) == (original, actual)
    scaled = {remark.column for remark in engagement.remarks}
    assert scaled == {n for n in ("original", "actual") if row[n] not in (1200.5, 900.0)}


def test_a_unit_of_a_column_without_amounts_is_a_fault_with_its_line(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + "data:\n  formats:\n    budget:\n      amounts: {orignal: thousands}\n"

    with pytest.raises(Faults) as refused:
        load_engagement(engagement_folder(text))
    assert str(refused.value) == (
        "engagement.yml, row 32, data.formats.budget.amounts.orignal: 'orignal' is no column of "
        "amounts of the table. Did you mean 'original'?"
    )


def test_no_figure_is_built_on_a_row_set_aside(
    engagement_folder: Folder, contract_text: str
) -> None:
    """Of 5 + 6 + 7 + 8, the dollars and the second F1 are set aside: 5 + 8 = 13."""
    table = (
        "payment_id,amount,invoice,received_on\nP1,5.00 €,F1,2024-03-01\n"
        "P2,6.00 $,F2,2024-03-01\nP3,7.00,F1,2024-03-01\nP4,8.00,F4,2024-03-01\n"
    )
    review = open_review(engagement_folder(contract_text + LOOSE, payments=table))
    rows = review.table("payments")

    assert rows is not None
    assert str(total(exact(rows["amount"]))) == "13.00"


def test_a_planned_date_is_known_from_the_day_that_dates_it(
    engagement_folder: Folder, contract_text: str
) -> None:
    """The re-baseline to June was approved on 1 May; a row without that day is known all along."""
    table = (
        "milestone_id,title,contract_date,rebaselined_date,rebaseline_approved_on\n"
        "M1,One,2024-04-01,2024-06-01,2024-05-01\nM2,Two,2024-04-01,2024-06-01,\n"
    )
    folder = engagement_folder(contract_text, milestones=table)

    known_by_day = {}
    for as_of in ("2024-04-30", "2024-05-01"):
        rows = open_review(folder, as_of).table("milestones")
        assert rows is not None
        known_by_day[as_of] = rows["rebaselined_date"].notna().tolist()

    assert known_by_day == {"2024-04-30": [False, True], "2024-05-01": [True, True]}
