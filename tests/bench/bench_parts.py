"""What parts of a review cost on the sample: CPU, the least of some rounds, and the memory peak."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import pytest

from reviewlib.money import results as money
from reviewlib.money.penalties.metrics import ledger
from reviewlib.review import Review, open_review
from reviewlib.service import results as service
from reviewlib.service.sensitivity.metrics import interpretations
from tests.sample import SAMPLE

ROUNDS = 5


def cpu(part: Callable[[], Any]) -> float:
    """Return the CPU that a part costs, the least of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        part()
        spent.append(time.process_time() - start)
    return min(spent)


def test_parts_of_a_review_of_the_sample(capsys: pytest.CaptureFixture[str]) -> None:
    review: Review = open_review(SAMPLE)
    log, verdicts = service.log(review), service.verdicts(review)
    assert log is not None
    facts = money._facts(review)
    parts = {
        "opening (open_review)": lambda: open_review(SAMPLE),
        "the other interpretations": lambda: interpretations(log, verdicts),
        "the ledger": lambda: ledger(review.contract, facts),
    }
    costs = {name: cpu(part) for name, part in parts.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(f"\n\nparts of a review of the sample, the least of {ROUNDS} rounds")
        for name, seconds in costs.items():
            print(f"  {name:<28} {seconds:6.2f} s cpu, "
                  f"{seconds / costs['opening (open_review)']:.2f} of opening")  # fmt: skip
        print(f"  peak {peak:.0f} MB")
