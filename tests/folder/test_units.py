"""Amounts in thousands beside amounts in units are pointed at, and never converted unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.engagement.data_quality.chapter import data_quality
from reviewlib.faults import Faults
from reviewlib.folder.units import near
from reviewlib.money.budget.chapter import budget
from reviewlib.money.payments.chapter import payments
from reviewlib.pages.check import report
from reviewlib.pages.wording import Wording
from reviewlib.review import Review
from tests import desk
from tests.sample import sample_of
from tests.spoken import caveats
from tests.spoken import chapter as chapter_of

ONE_UNIT = (
    "The rows may be in different units: write them all in one, and state data.formats.{}.amounts: "
    "thousands if that is thousands. Until then they are taken as they are written."
)


def lines(*amounts: float, clause: str = "", **columns: Any) -> pd.DataFrame:
    """Return a budget, a line for each amount of the signature."""
    names = [f"L{n}" for n in range(1, len(amounts) + 1)]
    stated = {"line_id": names, "title": names, "original": amounts, "clause": clause}
    return pd.DataFrame(stated | columns)


def invoices(*amounts: float, clause: str = "") -> pd.DataFrame:
    names = [f"P{n}" for n in range(1, len(amounts) + 1)]
    return pd.DataFrame({"payment_id": names, "amount": amounts, "clause": clause})


def folder(tmp_path: Path, price: float | None = None, *, declared: str = "",
           **tables: pd.DataFrame) -> Review:  # fmt: skip
    formats = {declared: {"amounts": "thousands"}} if declared else {}
    data = {"extracted_at": "2026-06-30T12:00", "formats": formats}
    stated = desk.agreed(data=data)
    if price is not None:
        stated["terms"] = stated["terms"] | {"price": {"total": price}}
    return desk.review(tmp_path, stated, tables)


def doubts(review: Review) -> list[str]:
    return [Wording("en").say(doubt.sentence) for doubt in review.engagement.doubts]


# A whole table


def test_near_a_thousandth_is_a_third_to_three_times_of_it() -> None:
    """Of 900,000: a thousandth is 900, a third of it 300, three times of it 2,700."""
    assert [near(part, 900_000) for part in (299, 300, 900, 2700, 2701)] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert not near(0, 0)


def test_a_budget_that_adds_up_to_a_thousandth_of_the_price_is_pointed_at(tmp_path: Path) -> None:
    """600 + 300 = 900, of a price of 900,000."""
    review = folder(tmp_path, 900_000, budget=lines(600, 300))

    sentence = (
        "budget.csv adds up to about a thousandth of €900,000 (the price of the contract, "
        "terms.price): “original” €900. If its amounts are in thousands, state "
        "data.formats.budget.amounts: thousands in engagement.yml; until then they are taken as "
        "they are written, in units."
    )
    assert doubts(review) == [sentence]
    assert f"to look at: {sentence}" in [*report(review)]
    assert str(chapter_of(budget, review).headline).startswith(sentence)
    assert caveats(chapter_of(data_quality, review))["data_quality.units.budget.1"] == sentence


def test_amounts_are_converted_where_that_is_declared_and_only_there(tmp_path: Path) -> None:
    """900 thousands are the price of 900,000: nothing is to be said of them."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    declared = folder(tmp_path / "a", 900_000, declared="budget", budget=lines(600, 300))
    plain = folder(tmp_path / "b", 900_000, budget=lines(600, 300))

    assert declared.rows("budget")["original"].to_list() == [600_000, 300_000]
    assert plain.rows("budget")["original"].to_list() == [600, 300]
    assert doubts(declared) == []


def test_the_columns_of_a_table_that_are_in_thousands_are_named_and_no_other(
    tmp_path: Path,
) -> None:
    """900,000 at the signature, and 600 + 210 = 810 spent, of a price of 900,000."""
    rows = lines(600_000, 300_000, actual=[600, 210])
    (sentence, *_) = doubts(folder(tmp_path, 900_000, budget=rows))

    assert "(the price of the contract, terms.price): “actual” €810. If" in sentence


def test_without_a_price_a_table_is_compared_with_the_other_tables(tmp_path: Path) -> None:
    """Invoiced 300 + 500 = 800; the budget is of 900,000."""
    review = folder(tmp_path, budget=lines(600_000, 300_000), payments=invoices(300, 500))

    assert doubts(review) == [
        "payments.csv adds up to about a thousandth of €900,000 (the sum of “original” in "
        "budget.csv): “amount” €800. If its amounts are in thousands, state "
        "data.formats.payments.amounts: thousands in engagement.yml; until then they are taken as "
        "they are written, in units."
    ]


def test_a_table_that_is_declared_in_thousands_and_written_in_units_is_pointed_at(
    tmp_path: Path,
) -> None:
    """900,000 declared in thousands are 900 millions, a thousand times the price."""
    rows = lines(600_000, 300_000)
    (sentence,) = doubts(folder(tmp_path, 900_000, declared="budget", budget=rows))

    assert sentence.startswith("budget.csv adds up to about a thousand times €900,000")
    assert "take out data.formats.budget.amounts: thousands" in sentence


def test_a_price_in_thousands_beside_tables_in_units_is_pointed_at(tmp_path: Path) -> None:
    (sentence,) = doubts(folder(tmp_path, 900, budget=lines(600_000, 300_000)))

    assert "about a thousand times €900 (the price of the contract, terms.price)" in sentence
    assert "One of the two may be in thousands" in sentence


@pytest.mark.parametrize("paid", [2701, 32_000, 900_000])
def test_what_is_invoiced_so_far_is_no_amount_in_thousands(tmp_path: Path, paid: float) -> None:
    """Three thousandths of the price, a month of it, the whole of it."""
    assert doubts(folder(tmp_path, 900_000, payments=invoices(paid))) == []


def test_a_price_that_an_amendment_raises_is_the_higher_one(tmp_path: Path) -> None:
    """2,800 is about a thousandth of 2,700,000; of 300,000 it would be nearly a hundredth."""
    stated = desk.agreed(data={"extracted_at": "2026-06-30T12:00"})
    stated["terms"] = stated["terms"] | {"price": {"total": 300_000}}
    raised = {
        "id": "A1", "title": "More", "signed": "2026-01-02", "effective": "2026-02-01",
        "changes": {"price": {"total": 2_700_000}},
    }  # fmt: skip
    review = desk.review(tmp_path, stated | {"amendments": [raised]}, {"budget": lines(2800)})

    (sentence,) = doubts(review)
    assert sentence.startswith("budget.csv adds up to about a thousandth of €2,700,000")


def test_earned_value_adds_up_itself_and_projects_do_not(tmp_path: Path) -> None:
    """The last of each project: 2,000 + 700 = 2,700, three thousandths of 900,000; all: 5,700."""
    value = pd.DataFrame(
        {
            "project": ["A", "A", "A", "B"],
            "status_date": ["2026-01-31", "2026-02-28", "2026-03-31", "2026-03-31"],
            "planned_value": [1000, 2000, 2000, 700],
            "earned_value": [1000, 2000, 2000, 700],
            "actual_cost": [1000, 2000, 2000, 700],
        }
    )
    (sentence,) = doubts(folder(tmp_path, 900_000, earned_value=value))

    assert "“planned_value” €2,700, “earned_value” €2,700, “actual_cost” €2,700" in sentence


def test_a_table_in_doubt_is_not_in_doubt_by_its_rows_too(tmp_path: Path) -> None:
    """5 × 100 + 0.10 = 500.10, of a price of 500,000; 0.10 is a thousandth of 100."""
    review = folder(tmp_path, 500_000, payments=invoices(*[100] * 5, 0.1))

    (sentence,) = doubts(review)
    assert sentence.startswith("payments.csv adds up to about a thousandth of €500,000")


# Some rows of a table


def test_a_row_of_a_clause_in_doubt_is_pointed_at_once(tmp_path: Path) -> None:
    """30 is a thousandth of the 30,000 of its clause, and of the median of the others too."""
    paid = invoices(30, *[30_000] * 5).assign(clause=["Art. 9", *[""] * 5])
    spent = lines(30_000, 150_000, actual=[30_000, 150_000]).assign(clause=["Art. 9", ""])
    (sentence,) = doubts(folder(tmp_path, budget=spent, payments=paid))

    assert sentence.startswith("payments.csv, row 2: €30, about a thousandth of €30,000 (budget")


@pytest.mark.parametrize(("original", "actual"), [(30_000, 30), (30, 0)])
def test_a_line_is_as_large_as_what_was_spent_else_as_at_the_signature(
    tmp_path: Path, original: float, actual: float
) -> None:
    rows = lines(*[30_000] * 5, original, actual=[*[30_000] * 5, actual])

    (sentence,) = doubts(folder(tmp_path, budget=rows))
    assert sentence.startswith(
        "budget.csv, row 7, €30: about a thousandth of €30,000 (the median of its other rows)."
    )


def test_a_large_invoice_beside_small_ones_is_none_in_units_among_thousands(
    tmp_path: Path,
) -> None:
    """A thousand times the others: it is in doubt only where the table is in thousands."""
    assert doubts(folder(tmp_path, payments=invoices(*[30] * 5, 30_000))) == []


def test_rows_of_nothing_are_not_among_the_others(tmp_path: Path) -> None:
    """Of 30, five of 30,000 and eight of 0 the median of what is stated is 30,000."""
    amounts = [30_000] * 5 + [30] + [0] * 8
    rows = lines(*amounts, actual=amounts)

    (sentence,) = doubts(folder(tmp_path, budget=rows))
    assert sentence.startswith("budget.csv, row 7, €30: about a thousandth of €30,000")


def test_the_rows_of_a_clause_in_thousands_are_pointed_at_as_rows(tmp_path: Path) -> None:
    """Invoiced under Art. 9: 32 + 80 = 112; spent under it: 112,000."""
    paid = pd.concat([invoices(32, 80, clause="Art. 9"), invoices(500_000, clause="Art. 8")])
    paid["payment_id"] = ["P1", "P2", "P3"]
    spent = lines(112_000, 500_000, actual=[112_000, 500_000]).assign(clause=["Art. 9", "Art. 8"])
    review = folder(tmp_path, 777_600, budget=spent, payments=paid)

    sentence = (
        "payments.csv, rows 2, 3: together €112, about a thousandth of €112,000 (budget.csv "
        f"under Art. 9). {ONE_UNIT.format('payments')}"
    )
    assert doubts(review) == [sentence]
    assert str(chapter_of(payments, review).headline).startswith(sentence)
    assert caveats(chapter_of(budget, review))["budget.units.payments"] == sentence


def test_rows_of_a_table_declared_in_thousands_that_are_in_units_are_those_in_doubt(
    tmp_path: Path,
) -> None:
    """5,000 declared in thousands are 5 millions; invoiced under the clause: 2,500 + 2,500."""
    spent = lines(5000, 900, actual=[5000, 900]).assign(clause=["Art. 9", ""])
    paid = invoices(2500, 2500, clause="Art. 9")
    review = folder(tmp_path, 900_000, declared="budget", budget=spent, payments=paid)
    (sentence,) = doubts(review)

    assert sentence.startswith(
        "budget.csv, row 2: €5,000,000, about a thousand times €5,000 (payments.csv under Art. 9)."
    )


def test_beside_a_table_declared_in_thousands_that_one_is_in_doubt(tmp_path: Path) -> None:
    """500,000 declared in thousands are 500 millions; invoiced: 500,000; no price."""
    review = folder(tmp_path, declared="budget", budget=lines(500_000), payments=invoices(500_000))
    (sentence,) = doubts(review)

    assert sentence.startswith("budget.csv adds up to about a thousand times €500,000")


def test_a_row_of_a_thousandth_of_the_others_is_pointed_at_where_nothing_else_tells(
    tmp_path: Path,
) -> None:
    """Five of 30,000, and one of 24 and one of 33: a thousandth of 30,000 is 30."""
    paid = invoices(30_000, 24, 30_000, 30_000, 33, 30_000, 30_000)
    review = folder(tmp_path, payments=paid)

    assert doubts(review) == [
        "payments.csv, rows 3, 6: each about a thousandth of €30,000 (the median of its other "
        f"rows). {ONE_UNIT.format('payments')}"
    ]


@pytest.mark.parametrize("amounts", [(9, *[30_000] * 5), (91, *[30_000] * 5), (30, *[30_000] * 4)])
def test_a_small_invoice_is_none_in_thousands(tmp_path: Path, amounts: tuple[float, ...]) -> None:
    """A third of 30 is 10, three times of it 90; four others are too few to tell."""
    assert doubts(folder(tmp_path, payments=invoices(*amounts))) == []


def test_the_sample_is_all_in_units() -> None:
    assert sample_of(language="en").engagement.doubts == ()


# A cell


@pytest.mark.parametrize("cell", ["576 k€", "576k", "€576k", "k€ 576", "1 234,5 K€ HT", "3.2 MEUR"])
def test_an_amount_that_names_thousands_is_refused_with_what_to_declare(
    tmp_path: Path, cell: str
) -> None:
    rows = lines(1000, 2000).astype({"original": "object"})
    rows.loc[0, "original"] = cell
    with pytest.raises(Faults) as refused:
        folder(tmp_path, budget=rows)

    assert (
        "budget.csv, row 2: set aside: “original” names thousands or millions: write the number "
        "alone, and state data.formats.budget.amounts: thousands (or millions) in engagement.yml "
        f"(found: {cell!r})"
    ) in str(refused.value)


@pytest.mark.parametrize("cell", ["12 mois", "tbd", "576 ok"])
def test_other_words_are_no_thousands(tmp_path: Path, cell: str) -> None:
    rows = lines(1000, 2000).astype({"original": "object"})
    rows.loc[0, "original"] = cell
    with pytest.raises(Faults) as refused:
        folder(tmp_path, budget=rows)

    assert "cannot be read as an amount" in str(refused.value)
