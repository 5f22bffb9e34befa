"""How long resolutions took, on durations summed up by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.service.durations import metrics as durations
from reviewlib.service.flow.metrics import untold
from reviewlib.service.service_levels.metrics import judged
from tests import desk
from tests.properties import steady

VECTOR = "2 3 3+ 5 6+ 8 8 10+"
WHOLE_HOURS = st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=40)


def followed(lengths: str) -> pd.DataFrame:
    """Return tickets of so many hours; those with a plus are still open."""
    words = lengths.split()
    fates = ["open" if word.endswith("+") else "resolved" for word in words]
    return pd.DataFrame({"hours": [float(word.rstrip("+")) for word in words], "fate": fates})


def both(lengths: str) -> pd.Series:
    return durations.medians(followed(lengths)).iloc[0]


def summed(*values: float) -> pd.Series:
    return durations.summary(pd.Series(values)).iloc[0]


def test_the_percentile_is_interpolated_linearly() -> None:
    """[1, 2, 3, 4, 10]: 90 % of the way from the 1st to the 5th is 4.6, so 4 + 0.6·6 = 7.6."""
    found = summed(10, 1, 4, 2, 3)

    assert found[["n", "median", "mean"]].tolist() == [5, 3, 4]
    assert found["p90"] == pytest.approx(7.6)


def test_the_mean_hides_how_many_took_less_and_how_much_the_slowest_took() -> None:
    """Nineteen of 1 h and one of 81 h: the mean is 5 h, 95 % took less.

    The slowest tenth are two of them: 82 of 100 h.
    """
    found = summed(*[1] * 19, 81)

    assert found["mean"] == 5
    assert found["below_mean"] == 0.95
    assert found["slowest"] == 0.82


@pytest.mark.parametrize("values", [(0.1,), (0.1, 0.1, 0.1), (7.7,) * 13])
def test_equal_durations_are_not_below_their_mean(values: tuple[float, ...]) -> None:
    """In binary the mean of three times 0.1 is more than 0.1."""
    found = summed(*values)

    assert found["below_mean"] == 0
    assert found[["median", "p90", "mean"]].tolist() == pytest.approx([values[0]] * 3)


def test_the_slowest_tenth_is_one_duration_at_least() -> None:
    assert summed(3)["slowest"] == 1
    assert summed(1, 8, 1)["slowest"] == 0.8


def test_resolutions_at_the_opening_take_no_time_and_have_no_slowest() -> None:
    found = summed(0, 0)

    assert found[["median", "p90", "mean", "below_mean"]].tolist() == [0, 0, 0, 0]
    assert pd.isna(found["slowest"])


def test_hours_are_of_24_a_day_and_leave_out_what_is_not_resolved() -> None:
    """A Friday at 18:00 to the Monday at 9:00 are 63 h; a day of summer time has 23."""
    opened = [desk.at("2026-01-09T18:00"), desk.at("2026-03-29T00:00"), desk.at("2026-01-09T18:00")]
    resolved = [desk.at("2026-01-12T09:00"), desk.at("2026-03-30T00:00"), pd.NaT]
    found = durations.hours(pd.Series(opened), pd.Series(resolved, dtype="datetime64[s, UTC]"))

    assert found.to_dict() == {0: 63, 1: 23}


def test_groups_are_summed_up_apart_and_a_missing_one_too() -> None:
    values = pd.Series([1.0, 3.0, 5.0], index=["T1", "T2", "T4"])
    groups = pd.Series(["P1", "P1", "P2", None], index=["T1", "T2", "T3", "T4"])
    found = durations.summary(values, groups)

    assert found["n"].tolist() == [2, 1]
    assert found["median"].tolist() == [2, 5]
    assert found.index.isna().tolist() == [False, True]


def test_the_curve_of_kaplan_and_meier_counts_the_open_tickets() -> None:
    """Lengths 2, 3, 3+, 5, 6+, 8, 8, 10+ (+: still open), followed: 8, 7, 5 and 3 at each fall.

    7/8 = .875, times 6/7 = .75, times 4/5 = .6, times 1/3 = .2; the last one is open, so no fall.
    """
    found = durations.survival(followed(VECTOR))

    assert found["hours"].tolist() == [2, 3, 5, 8, 10]
    assert found["share"].tolist() == pytest.approx([0.875, 0.75, 0.6, 0.2, 0.2])
    assert found["at_risk"].tolist() == [8, 7, 5, 3, 1]


def test_the_median_with_the_open_tickets_corrects_that_of_the_closed_ones() -> None:
    """Of 2, 3, 5, 8 and 8 the middle is 5; the curve passes a half at 8."""
    found = both(VECTOR)

    assert found[["resolved", "open", "n"]].tolist() == [5, 3, 8]
    assert found[["alone", "with_open"]].tolist() == [5, 8]
    assert found[["longest", "left"]].tolist() == pytest.approx([10, 0.2])


def test_the_band_is_of_greenwood_on_the_log_log_scale() -> None:
    """At 2 h: ln(-ln .875) = -2.01342, its error √(1/(8·7))/0.133531 = 1.000754.

    exp(-exp(-2.01342 ± 1.959964 × 1.000754)) = .3870 and .9814. The lower end passes a half
    there, the upper end never does: the median lies from 2 h on.
    """
    found = durations.survival(followed(VECTOR)).iloc[0]

    assert found[["low", "high"]].tolist() == pytest.approx([0.3870, 0.9814], abs=5e-5)
    assert both(VECTOR)["low"] == 2
    assert np.isnan(both(VECTOR)["high"])


def test_a_curve_that_stays_above_a_half_has_no_median() -> None:
    """One of three is resolved at 1 h: two thirds are left at 9 h."""
    found = both("1 9+ 9+")

    assert np.isnan(found["with_open"])
    assert found["alone"] == 1
    assert found[["longest", "left"]].tolist() == pytest.approx([9, 2 / 3])


@pytest.mark.parametrize(
    ("lengths", "median"),
    [("1 2 5 6+", 3.5), ("1 2 6+ 6+", 2), ("1 3", 2), ("4", 4), ("0 0 1+", 0)],
)
def test_a_curve_that_stays_at_a_half_has_its_median_in_the_middle(
    lengths: str, median: float
) -> None:
    """¾, ½ at 2 h, ¼ at 5 h: halfway, 3.5 h; where nothing follows, when a half was reached."""
    assert both(lengths)["with_open"] == median


def test_open_tickets_alone_have_no_median_at_all() -> None:
    found = both("3+ 5+")

    assert found[["alone", "with_open", "low", "high"]].isna().all()
    assert found[["resolved", "longest", "left"]].tolist() == [0, 5, 1]
    assert durations.survival(followed("")).empty


@given(WHOLE_HOURS)
def test_without_open_tickets_both_medians_are_one(lengths: list[int]) -> None:
    found = both(" ".join(map(str, lengths)))

    assert found["with_open"] == found["alone"] == np.median(lengths)


@given(WHOLE_HOURS, WHOLE_HOURS)
def test_an_open_ticket_never_shortens_the_median(resolved: list[int], still: list[int]) -> None:
    lengths = [*map(str, resolved), *(f"{hours}+" for hours in still)]
    found = both(" ".join(lengths))

    assert np.isnan(found["with_open"]) or found["with_open"] >= found["alone"]


@steady(40)
@given(WHOLE_HOURS, WHOLE_HOURS, st.randoms(use_true_random=False))
def test_the_curve_falls_within_its_band_whatever_the_order_of_the_rows(
    resolved: list[int], still: list[int], random: object
) -> None:
    words = [*map(str, resolved), *(f"{hours}+" for hours in still)]
    found = durations.survival(followed(" ".join(words)))
    random.shuffle(words)  # type: ignore[attr-defined]
    again = durations.survival(followed(" ".join(words)))
    told = found.dropna()

    pd.testing.assert_frame_equal(found, again)
    assert found["share"].is_monotonic_decreasing
    assert found["hours"].is_monotonic_increasing
    assert (told["low"] <= told["share"]).all()
    assert (told["share"] <= told["high"]).all()


@given(WHOLE_HOURS, WHOLE_HOURS)
def test_the_curve_is_the_product_of_the_shares_that_were_not_resolved(
    resolved: list[int], still: list[int]
) -> None:
    """In exact fractions: Π (1 - d/n), d resolved at a length of the n that last as long."""
    words = [*map(str, resolved), *(f"{hours}+" for hours in still)]
    found = durations.survival(followed(" ".join(words))).set_index("hours")
    left = Fraction(1)
    for hours in sorted(set(resolved)):
        at_risk = sum(length >= hours for length in [*resolved, *still])
        left *= 1 - Fraction(resolved.count(hours), at_risk)
        assert found["share"][hours] == pytest.approx(float(left))
        assert found["at_risk"][hours] == at_risk


def test_a_long_curve_keeps_its_ends_and_invents_no_point() -> None:
    """2,000 tickets of 1 to 2,000 h: the share left after h hours is 1 - h/2,000."""
    curve = durations.survival(followed(" ".join(map(str, range(1, 2001)))))
    found = durations.thinned(curve, 500)

    assert len(found) <= 500
    assert found["hours"].iloc[[0, -1]].tolist() == [1, 2000]
    assert found["share"].tolist() == pytest.approx((1 - found["hours"] / 2000).tolist())
    assert found["hours"].is_monotonic_increasing


def test_a_logarithmic_scale_begins_at_a_minute() -> None:
    """Two of four were resolved within a minute: one point tells, half are left after it."""
    found = durations.thinned(durations.survival(followed("0 0.01 2 4")), 25)

    assert found["hours"].tolist() == [1 / 60, 2, 4]
    assert found["share"].tolist() == pytest.approx([0.5, 0.25, 0])


def test_what_became_of_the_tickets_adds_up() -> None:
    """Opened at 9, seen at 19 of the same day.

    T1 resolved after 2 h; T2 after 6 h, once reopened; T3 open for 10 h; T4 cancelled after 1 h;
    T5 merged, resolved after 3 h; T6 is over since the log does not say when.
    """
    names = ("T1", "T2", "T3", "T4", "T5", "T6")
    relation = {"T5": "merged", "T1": "child"}
    rows = desk.tickets(
        *(desk.ticket(n, "2026-01-05T09:00", relation=relation.get(n)) for n in names)
    )
    rows = rows.assign(status=[None] * 5 + ["Closed"])
    lines = """
        T1 2026-01-05T11:00 status New Resolved
        T2 2026-01-05T10:00 status New Resolved
        T2 2026-01-05T11:00 status Resolved Open
        T2 2026-01-05T15:00 status Open Resolved
        T3 2026-01-05T09:30 status New Waiting
        T4 2026-01-05T10:00 status New Cancelled
        T5 2026-01-05T12:00 status New Resolved
    """
    log = desk.log(desk.contract(), rows, lines, as_of="2026-01-05T19:00")
    found = durations.lengths(log, untold(log, rows))
    table = durations.fates(found).set_index("fate")

    assert found["fate"].to_dict() == {
        "T1": "resolved", "T2": "resolved", "T3": "open", "T4": "cancelled", "T5": "merged",
        "T6": "unknown",
    }  # fmt: skip
    assert found["hours"].tolist()[:5] == [2, 6, 10, 1, 3]
    assert table["n"].to_dict() == {
        "resolved": 2, "open": 1, "cancelled": 1, "merged": 1, "unknown": 1,
    }  # fmt: skip
    assert table["median"].tolist()[:4] == [4, 10, 1, 3]
    assert np.isnan(table["median"]["unknown"])


def test_a_resolution_before_the_opening_has_no_length() -> None:
    rows = desk.tickets(desk.ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-04T09:00"))
    log = desk.log(desk.contract(), rows, None)
    found = durations.lengths(log, untold(log, rows))

    assert found["fate"].tolist() == ["unknown"]
    assert found["hours"].isna().all()


def test_service_time_is_what_the_clause_counts_and_leaves_apart_what_it_is_told() -> None:
    """Friday 16:00 to Monday 10:00, waiting from Friday 17:00 to Monday 9:00: 1 h + 1 h.

    T2 is open since Friday 16:00 at Monday noon: 2 h + 3 h. P4 has no target; T4 stands apart.
    """
    rows = desk.tickets(
        *(desk.ticket(name, "2026-01-09T16:00") for name in ("T1", "T2", "T4")),
        desk.ticket("T3", "2026-01-09T16:00", "P4"),
    )
    lines = """
        T1 2026-01-09T17:00 status New Waiting
        T1 2026-01-12T09:00 status Waiting Open
        T1 2026-01-12T10:00 status Open Resolved
        T2 2026-01-09T16:30 status New Open
        T3 2026-01-09T17:00 status New Resolved
        T4 2026-01-09T17:00 status New Resolved
    """
    log = desk.log(desk.contract(desk.RESOLUTION), rows, lines, as_of="2026-01-12T12:00")
    found = durations.service_lengths(judged(log), pd.Index(["T4"]))

    assert found["hours"].to_dict() == {"T1": 2, "T2": 5}
    assert found["fate"].to_dict() == {"T1": "resolved", "T2": "open"}
    assert found["priority"].tolist() == ["P1", "P1"]


def test_before_the_extraction_an_undated_end_is_unknown_and_not_open() -> None:
    """T1 is cancelled at the extraction in June, no date says when; T2 was resolved after 6 h."""
    rows = desk.tickets(
        desk.ticket("T1", "2026-01-05T09:00", status="Cancelled", resolved_at=None),
        desk.ticket("T2", "2026-01-05T09:00", status=None, resolved_at="2026-01-05T15:00"),
    )
    contract = desk.contract(data={"extracted_at": "2026-06-30T12:00"})
    log = desk.log(contract, rows, None, as_of="2026-02-01T12:00")
    found = durations.lengths(log, untold(log, rows))

    assert found["fate"].to_dict() == {"T1": "unknown", "T2": "resolved"}
    assert found["hours"].dropna().to_dict() == {"T2": 6}


def test_the_clock_stands_still_for_a_ticket_in_a_status_that_pauses_the_clause() -> None:
    """The clause pauses for the client alone. T3 has waited, and no longer does."""
    rows = desk.tickets(*(desk.ticket(f"T{n}", "2026-01-05T09:00") for n in range(1, 4)))
    lines = """
        T1 2026-01-05T10:00 status New Waiting
        T2 2026-01-05T10:00 status New Supplier
        T3 2026-01-05T10:00 status New Waiting
        T3 2026-01-05T11:00 status Waiting Open
    """
    log = desk.log(desk.contract(desk.RESOLUTION), rows, lines)

    assert durations.standing(log, "R1").tolist() == ["T1"]
