"""A scale puts values at shares of a width, and headings stand once over the rows they share."""

from __future__ import annotations

import pytest

from reviewlib.charts.rows import ChartRow, Scale, under_headings

NAN = float("nan")


def test_a_value_stands_at_its_share_of_the_scale_and_at_the_edge_beyond_it() -> None:
    """30 of 20 to 60 is a quarter of the way."""
    scale = Scale(20, 60)

    assert [scale.at(value) for value in (20, 30, 60, 10, 90)] == [0, 0.25, 1, 0, 1]


def test_a_scale_without_a_span_puts_all_at_its_start() -> None:
    assert Scale(5, 5).at(5) == 0


@pytest.mark.parametrize(
    ("values", "zero", "ends"),
    [
        ((NAN, 4.0, NAN, 8.0), False, (4, 8)),  # what is unknown has no place
        ((4.0, 8.0), True, (0, 8)),
        ((-4.0, -8.0), True, (-8, 0)),
        ((4.0, 4.0), False, (4, 5)),
        ((), False, (0, 1)),
        ((NAN,), True, (0, 1)),
    ],
)
def test_a_scale_holds_what_is_known_and_zero_where_it_is_asked_for(
    values: tuple[float, ...], zero: bool, ends: tuple[float, float]
) -> None:
    scale = Scale.around(values, zero=zero)

    assert (scale.low, scale.high) == ends


def test_rows_of_one_heading_stand_under_it_with_its_note_and_those_of_none_under_nothing() -> None:
    rows = [ChartRow(name) for name in "abcd"]
    made = under_headings(rows, ["A", "A", "", "A"], ["note", "note", "", ""])

    assert [(row.label, row.note, row.style) for row in made] == [
        ("A", "note", "group"), ("a", "", ""), ("b", "", ""), ("c", "", ""),
        ("A", "", "group"), ("d", "", ""),
    ]  # fmt: skip
