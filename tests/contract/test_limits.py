"""What a contract may hold, and how its faults are printed: said in a line, at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.contract import load_contract
from reviewlib.contract.written import DEEPEST, LARGEST, MOST
from reviewlib.faults import Fault, Faults

Folder = Callable[..., Path]
TABLES = "Keep the contract in it, and the rest in tables."


def fault_texts(folder: Path) -> list[str]:
    with pytest.raises(Faults) as refused:
        load_contract(folder)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('summary: "' + "x" * 900_000 + '"\n', f"holds 900,694 bytes, more than {LARGEST:,}"),
        ("scope: [" + ",".join("1" * 100_000) + "]\n", f"row 29: holds more than {MOST:,} keys"),
        ("scope: " + "[" * 5000 + "]" * 5000, f"row 29: is nested more than {DEEPEST} deep"),
    ],
    ids=["bytes", "values", "depth"],
)
def test_a_contract_beyond_its_size_is_one_fault_that_states_the_limit(
    engagement_folder: Folder, contract_text: str, more: str, message: str
) -> None:
    """The contract of these tests holds 682 bytes and 28 lines; the text has 12 more."""
    (fault,) = fault_texts(engagement_folder(contract_text + more))

    assert message in fault
    assert fault.endswith(TABLES)


def test_of_very_many_faults_the_first_are_listed(
    engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(contract_text + "".join(f"k{n}: 1\n" for n in range(5000)))
    faults = fault_texts(folder)

    assert len(faults) == 201
    assert sum("unknown key" in fault for fault in faults) == 200
    assert "engagement.yml: has more than 200 faults: the first are listed" in faults


def test_more_amendments_than_a_contract_has_are_one_fault(
    engagement_folder: Folder, contract_text: str
) -> None:
    one = "- {id: A, title: A, signed: 2024-01-01, effective: 2024-01-01, changes: {}}\n"
    (fault,) = fault_texts(engagement_folder(contract_text + "amendments:\n" + one * 401))

    assert fault == "engagement.yml, row 29: holds 401 amendments, more than 400"


def test_a_printed_value_is_cut_at_a_sensible_length() -> None:
    fault = Fault("a.csv", "x" * 5000, "y" * 5000, row=2, column="c" * 5000, value="v" * 5000)

    assert str(fault) == (
        f"a.csv, row 2, {'c' * 79}…: {'x' * 399}… (found: '{'v' * 79}…'). {'y' * 999}…"
    )


@pytest.mark.parametrize("delay", ["8785 h", "367 working days", "99 days of 99 h"])
def test_a_delay_is_of_a_year_at_most(
    engagement_folder: Folder, contract_text: str, delay: str
) -> None:
    """366 days are 8,784 h; 99 days of 99 h are 9,801 h."""
    (fault,) = fault_texts(engagement_folder(contract_text.replace("P2: 8 h", f"P2: {delay}")))
    assert "a delay is of 366 days, or 8,784 h, at most" in fault

    year = contract_text.replace("P2: 8 h", "P2: 8784 h")
    assert load_contract(engagement_folder(year)).clause("5.2").targets["P2"]
