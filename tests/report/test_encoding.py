"""Report values as JSON and back: nothing is lost on the way from a notebook to its page."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from reviewlib.languages import Quoted
from reviewlib.report.encoding import decoded, encoded
from reviewlib.report.text import N_, Shown, listed, n_
from reviewlib.report.values import Kind, Unit
from tests.chapters import CHAPTERS, chapter
from tests.conftest import REPO
from tests.sample import sample_of

TITLE = Quoted("Plan", {"fr": "Plan", "en": "Schedule"})


def through_json(value: Any) -> Any:
    return decoded(json.loads(json.dumps(encoded(value), allow_nan=False)))


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 0.1, "a {x} %s <b>", (1, ("a", None)), float("inf"), Unit.MONEY,
        Kind.CONCERN, Decimal("12.30"), Fraction(1, 3), dt.date(2026, 1, 5),
        dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC), pd.Timestamp("2026-01-05T09:00Z"),
        pd.Timedelta("1 h"), {"a": 1, N_("b"): 2}, N_("{n:days}")(n=2.5),
        n_("{n} day", "{n} days")(n=1), listed(["a", TITLE], 1), Shown(0.5, "percent"),
    ],
)  # fmt: skip
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    back = through_json(value)

    assert back == value
    assert type(back) is type(value)


def test_text_of_the_data_comes_back_in_all_its_languages() -> None:
    back = through_json(TITLE)

    assert (back, back.texts) == ("Plan", {"fr": "Plan", "en": "Schedule"})


def test_a_frame_comes_back_with_its_types_its_index_and_its_texts() -> None:
    frame = pd.DataFrame(
        {
            "day": pd.Series(["2026-01-05", None], dtype="datetime64[s]"),
            "at": pd.to_datetime(["2026-01-05T09:00Z", None]),
            "there": pd.to_datetime(["2026-01-05T09:00Z", "2026-07-05T09:00Z"]).tz_convert(
                "Europe/Paris"
            ),
            "lasting": pd.to_timedelta(["1h", None]),
            "n": pd.Series([1, None], dtype="Int64"),
            "share": [0.5, float("nan")],
            "title": pd.Series([TITLE, None], dtype="object"),
            "word": pd.Series([N_("late"), N_("on time")], dtype="object"),
            "id": ["A", "B"],
        }
    ).set_axis(pd.Index([TITLE, "B"], dtype="object", name="what"), axis="index")
    back = through_json(frame)

    pd.testing.assert_frame_equal(back, frame)
    assert back["title"].iloc[0].texts == back.index[0].texts == TITLE.texts
    assert back.index.dtype == object


def test_a_category_comes_back_as_what_it_holds() -> None:
    cells = pd.Series(["P1", None, "P2"], dtype=pd.CategoricalDtype(["P2", "P1"]), name="value")

    pd.testing.assert_series_equal(through_json(cells), cells.astype("str"))


def test_what_is_no_value_of_a_report_is_refused() -> None:
    with pytest.raises(KeyError, match="Popen"):
        decoded({"@": "Popen", "args": "true"})
    with pytest.raises(TypeError, match="object has no form in JSON"):
        encoded(object())


@pytest.mark.parametrize("slug", CHAPTERS)
def test_a_chapter_of_the_sample_comes_back_whole(slug: str) -> None:
    section = chapter(slug, sample_of())
    back = through_json(section)

    assert back == section
    assert encoded(back) == encoded(section)  # its options and the texts of its titles too
    for figure, again in zip(section.figures, back.figures, strict=True):
        if isinstance(figure.frame, pd.DataFrame):
            pd.testing.assert_frame_equal(again.frame, figure.frame)


UNORDERED = ("delays", "changes", "satisfaction", "flow")
PRINTED = f"""
import json
from reviewlib.report.encoding import encoded
from tests.chapters import chapter
from tests.sample import sample_of
for slug in {UNORDERED}:
    print(json.dumps(encoded(chapter(slug, sample_of()))))
"""


def test_two_runs_give_the_same_bytes_whatever_the_order_of_their_sets() -> None:
    """The order of sets is another in each process, unless its environment states one."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    other = subprocess.run(
        [sys.executable, "-c", PRINTED], cwd=REPO, check=True, capture_output=True, text=True,
        encoding="utf-8", env={**os.environ, "PYTHONHASHSEED": seed},
    ).stdout  # fmt: skip
    own = "".join(f"{json.dumps(encoded(chapter(slug, sample_of())))}\n" for slug in UNORDERED)

    assert len(own) > 10_000
    assert own == other
