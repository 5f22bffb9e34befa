"""What the pen makes of rows: those that a chart draws, and the states that are counted apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reviewlib.calendars.punctuality import AWAITING, LATE, NOT_DUE, ON_TIME
from reviewlib.delivery.decision_words import add_decisions
from reviewlib.pages.wording import Wording
from reviewlib.report.chapter import EVIDENCE, FINDINGS, Chapter
from reviewlib.report.day_words import STATES
from reviewlib.report.phrases import counted_apart, largest
from reviewlib.report.text import EMPTY, N_
from reviewlib.report.values import Checks, Kind, Side
from tests import desk
from tests.spoken import html

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


def test_commitments_met_are_one_finding_and_each_missed_is_one_of_its_own(tmp_path: Path) -> None:
    """A and D are on time, B is late, C is not due: 2 of 3, as the fact counts them."""
    c = Chapter(desk.review(tmp_path, desk.agreed(), {}), "orders", N_("Orders"))
    states = pd.Series([ON_TIME, LATE, NOT_DUE, ON_TIME], index=list("ABCD"))
    fact = c.on_time("on_time", N_("Orders on time"), states, Side.CLIENT)
    c.met("met", fact, states.index[states == ON_TIME])
    late = pd.DataFrame({"id": ["B"]})
    missed = Checks(Side.CLIENT, 0, 1)
    c.each(Kind.CONCERN, "late", late, N_("Late."), id="id", checks=lambda _row: missed)
    met, concern = c.findings

    assert fact.checks == Checks(Side.CLIENT, 2, 3)
    assert Wording("en").say(met.sentence) == "Orders on time: 2 of 3 (A and D)."
    assert (met.checks, concern.checks) == (Checks(Side.CLIENT, 2, 2), missed)


@pytest.mark.parametrize(
    ("on_time", "of", "kind"),
    [(1, 1, Kind.STRENGTH), (4, 5, Kind.STRENGTH), (3, 4, Kind.NEUTRAL), (1, 2, Kind.NEUTRAL)],
)
def test_commitments_met_are_a_strength_from_four_fifths_on(
    tmp_path: Path, on_time: int, of: int, kind: Kind
) -> None:
    c = Chapter(desk.review(tmp_path, desk.agreed(), {}), "orders", N_("Orders"))
    states = pd.Series([ON_TIME] * on_time + [LATE] * (of - on_time))
    c.met("met", c.on_time("on_time", N_("Orders"), states, Side.CLIENT), range(on_time))

    assert [finding.kind for finding in c.findings] == [kind]


def test_where_nothing_was_met_nothing_is_said_to_be(tmp_path: Path) -> None:
    c = Chapter(desk.review(tmp_path, desk.agreed(), {}), "orders", N_("Orders"))
    fact = c.on_time("on_time", N_("Orders on time"), pd.Series([LATE]), Side.PROVIDER)
    c.met("met", fact, [])

    assert c.findings == []
    assert fact.checks == Checks(Side.PROVIDER, 0, 1)


@pytest.mark.parametrize(("n", "of"), [(EVIDENCE, 0), (EVIDENCE + 1, EVIDENCE + 1)])
def test_a_finding_that_names_the_first_rows_alone_says_of_how_many(
    tmp_path: Path, n: int, of: int
) -> None:
    c = Chapter(desk.review(tmp_path, desk.agreed(), {}), "orders", N_("Orders"))
    c.concern("late", N_("Late."), about=[f"O{place}" for place in range(n)])
    (finding,) = c.findings
    shown = html(c.section(), "en")

    assert (len(finding.evidence), finding.evidence_of) == (EVIDENCE, of)
    assert f"Evidence: {n} items" in shown
    assert ("The first 20 of 21." in shown) == bool(of)


@pytest.mark.parametrize("n", [FINDINGS, FINDINGS + 1])
def test_decisions_of_the_client_that_have_no_finding_are_not_left_out_without_a_word(
    tmp_path: Path, n: int
) -> None:
    """Orders of one day, all accepted forty days after a limit that had passed."""
    c = Chapter(desk.review(tmp_path, desk.agreed(), {}), "orders", N_("Orders"))
    fact = c.on_time("on_time", N_("Decisions"), pd.Series([LATE] * n), Side.CLIENT)
    late = pd.DataFrame({"name": [f"O{place}" for place in range(n)]}).assign(
        about="O", subject="O", decided_on=pd.Timestamp("2026-03-01"), late_days=40,
        decide_by=pd.Timestamp("2026-01-20"), state=LATE,
    )  # fmt: skip
    add_decisions(c, fact, (pd.Series(dtype="object"), late), N_("Decide."), N_("Held."))

    assert len(c.findings) == FINDINGS
    caveats = [Wording("en").say(one.sentence) for one in c.caveats]
    assert caveats == ["Findings of one kind stop at 50; the tables go on."] * (n > FINDINGS)
