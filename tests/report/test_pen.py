"""What the pen makes of rows: those that a chart draws, and the states that are counted apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.punctuality import AWAITING, LATE, NOT_DUE, ON_TIME
from reviewlib.pages.wording import Wording
from reviewlib.report.day_words import STATES
from reviewlib.report.phrases import counted_apart, largest
from reviewlib.report.text import EMPTY

ROWS = pd.DataFrame({"id": list("ABCDE"), "days": [3, np.nan, 7, 3, 1]})


def test_the_largest_rows_stay_in_their_order_and_the_first_of_equals_come_first() -> None:
    assert largest(ROWS, "days", 2)["id"].tolist() == ["A", "C"]
    assert largest(ROWS, "days", 3)["id"].tolist() == ["A", "C", "D"]


def test_of_fewer_rows_than_are_drawn_all_are_the_largest() -> None:
    assert largest(ROWS, "days", 5)["id"].tolist() == list("ABCDE")
    assert largest(ROWS, "days", 40)["id"].tolist() == list("ABCDE")


def test_states_that_are_not_judged_are_counted_apart_in_the_order_of_their_words() -> None:
    states = pd.Series([NOT_DUE, ON_TIME, AWAITING, NOT_DUE, LATE])

    assert Wording("en").say(counted_apart(states, STATES)) == (
        "counted apart: awaiting a decision: 1, not due yet: 2"
    )
    assert counted_apart(pd.Series([ON_TIME, LATE]), STATES) == EMPTY
