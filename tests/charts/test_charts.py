"""Every form draws markup that a page may hold, and the same one every time."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
import warnings
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.charts import forms as charts
from reviewlib.charts.common import Labels
from reviewlib.charts.rows import RowChart
from reviewlib.charts.svg import embeddable
from reviewlib.charts.words import text_width, wrapped
from reviewlib.pages.html import partials
from tests import chart_forms
from tests.chart_forms import (
    EN,
    FORMS,
    FR,
    MANY,
    Form,
    causes,
    clocks,
    drawn_as,
    flow,
    grown,
    labels,
    working,
)
from tests.drawn import texts, words_of
from tests.properties import steady

ANCHORS = {"start": 0, "middle": 0.5, "end": 1}  # the part of a text that is left of its place
SHAPES = {"svg", "g", "defs", "path", "use", "text", "pattern", "rect"}


SVG_FORMS, ROW_FORMS = drawn_as("str"), drawn_as("RowChart")
every_form = pytest.mark.parametrize("form", SVG_FORMS.values(), ids=SVG_FORMS)
every_row_form = pytest.mark.parametrize("form", ROW_FORMS.values(), ids=ROW_FORMS)


def test_each_form_returns_an_svg_or_rows() -> None:
    assert {**SVG_FORMS, **ROW_FORMS} == FORMS


class TestEverySvg:
    @every_form
    def test_no_style_no_address_no_metadata_and_no_script_is_left(self, form: Form) -> None:
        svg = form(EN, 3)
        root = ElementTree.fromstring(svg)
        assert {element.tag for element in root.iter()} <= SHAPES
        attributes = {name for element in root.iter() for name in element.attrib}
        assert attributes <= {
            "viewBox", "class", "id", "href", "d", "x", "y", "width", "height", "transform",
            "fill", "fill-opacity", "opacity", "stroke", "stroke-width", "stroke-opacity",
            "stroke-linejoin", "stroke-linecap", "stroke-dasharray", "paint-order",
            "text-anchor", "font-size", "font-weight", "patternUnits",
        }  # fmt: skip
        assert "http" not in svg
        assert "xmlns" not in svg

    @every_form
    def test_the_root_has_a_view_box_and_leaves_the_size_to_the_page(self, form: Form) -> None:
        root = ElementTree.fromstring(form(EN, 3))
        assert root.attrib.keys() == {"viewBox", "stroke-linejoin"}
        assert root.attrib["viewBox"].startswith("0 0 720 ")

    @every_form
    def test_ids_begin_with_the_figure_and_each_is_referred_to(self, form: Form) -> None:
        svg = form(EN, 3)
        ids = re.findall(r'\bid="([^"]+)"', svg)
        referred = re.findall(r'(?:href="#|url\(#)([^")]+)', svg)
        assert set(ids) == set(referred)
        assert len(ids) == len(set(ids))
        assert all(name.startswith("chapter-figure-") for name in ids)

    @every_form
    def test_hostile_words_stay_words(self, form: Form) -> None:
        """Nothing is typeset as mathematics, and no control turns what follows around."""
        svg = form(EN, 3)
        assert "<script" not in svg
        assert not re.search("[\u202e\x00\n]", svg)
        drawn_texts = [t.text or "" for t in ElementTree.fromstring(svg).iter("text")]
        hostile = [text for text in drawn_texts if "<script>" in text]
        assert hostile or form is FORMS["flow_over_time"]  # which shows no words of the data

    @every_form
    def test_a_single_row_is_drawn(self, form: Form) -> None:
        assert len(texts(form(EN, 1))) >= 3

    @steady(25)
    @given(words=st.text(max_size=60))
    def test_any_text_is_drawn_as_one_line_of_text_and_twice_the_same(self, words: str) -> None:
        """XML knows neither surrogates nor most controls: what can't be seen is left out."""
        frame = grown().assign(label=words)
        one, two = (charts.growth_over_time(frame, labels(), EN) for _ in range(2))
        assert one == two
        drawn_texts = [text.text or "" for text in ElementTree.fromstring(one).iter("text")]
        assert all(unicodedata.category(char)[0] != "C" for text in drawn_texts for char in text)
        assert {element.tag for element in ElementTree.fromstring(one).iter()} <= SHAPES

    @every_form
    def test_it_is_small(self, form: Form) -> None:
        assert len(form(FR, 3).encode()) < 40_000

    @every_form
    def test_words_stay_within_the_sheet(self, form: Form) -> None:
        svg = form(FR, 3)
        height = float(ElementTree.fromstring(svg).attrib["viewBox"].split()[3])
        assert all(0 <= x <= 720 and 8 <= y <= height - 2 for x, y in texts(svg).values())

    @every_form
    def test_words_begin_and_end_within_the_sheet(self, form: Form) -> None:
        """Those of an axis's n may stand upright."""
        for text in ElementTree.fromstring(form(FR, 3)).iter("text"):
            if "transform" not in text.attrib:
                size = float(text.get("font-size", "16px").removesuffix("px"))
                wide, x = text_width(text.text or "", size), float(text.attrib["x"])
                left = x - wide * ANCHORS[text.get("text-anchor", "start")]
                assert -1 <= left <= left + wide <= 721

    @pytest.mark.parametrize("name", sorted(SVG_FORMS.keys() - {"s_curve"}))
    def test_n_is_said(self, name: str) -> None:
        """But where amounts are drawn that nothing was counted for."""
        written = texts(SVG_FORMS[name](EN, 3))
        assert any(re.search(r"\bn = \d|^n$", text) for text in written)

    @every_form
    def test_an_analysts_own_style_changes_nothing_and_stays_his(self, form: Form) -> None:
        import matplotlib
        import seaborn

        before = form(EN, 3)
        with matplotlib.rc_context():
            seaborn.set_theme(style="darkgrid", font_scale=2)
            matplotlib.rcParams["savefig.bbox"] = "tight"
            assert form(EN, 3) == before
            assert matplotlib.rcParams["savefig.bbox"] == "tight"
            assert matplotlib.rcParams["axes.facecolor"] == "#EAEAF2"


class TestEveryRowChart:
    @every_row_form
    def test_every_mark_stands_within_its_cell(self, form: Form) -> None:
        marks = [mark for row in form(EN, 3).rows for mark in row.marks]
        assert marks
        assert all(0 <= share <= 1 for m in marks for share in (m.at, m.to, m.level))
        kinds = {"bar", "band", "line", "dashes", "dot", "ring", "cross", "tick", "gap", "curve"}
        kinds |= {"trial", "mean", "target", "joined", "point", "signal"}
        assert all(0 <= share <= 1 for m in marks for place in m.path for share in (*place, m.base))
        assert {mark.kind for mark in marks} <= kinds

    @every_row_form
    def test_both_languages_draw_the_same_marks(self, form: Form) -> None:
        one, other = form(EN, 3), form(FR, 3)
        assert [row.marks for row in one.rows] == [row.marks for row in other.rows]
        assert [place for place, _ in one.axis] == [place for place, _ in other.axis]
        assert (one.grid, len(one.key)) == (other.grid, len(other.key))

    @every_row_form
    def test_a_single_row_is_drawn(self, form: Form) -> None:
        assert form(EN, 1).rows

    @every_row_form
    def test_what_is_drawn_is_said_in_words(self, form: Form) -> None:
        assert all(row.value or row.words for row in form(EN, 3).rows if row.marks)

    @every_row_form
    def test_the_axis_and_the_key_are_short(self, form: Form) -> None:
        chart = form(FR, 3)
        assert len(chart.key) <= 4
        places = [place for place, _ in chart.axis]
        assert len(places) <= 6
        assert places == sorted(set(places))
        assert all(0 <= place <= 1 for place in (*places, *chart.grid))

    @every_row_form
    def test_hostile_words_stay_words(self, form: Form) -> None:
        """No control turns what follows around, and nothing becomes an element of the page."""
        chart = form(EN, 3)
        assert not any(re.search("[\u202e\x00\n]", text) for text in words_of(chart))
        shown = page(chart)
        assert "<script" not in shown
        tags = {element.tag for element in ElementTree.fromstring(f"<p>{shown}</p>").iter()}
        assert tags <= {
            "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "small", "span", "svg",
            "text", "rect", "circle", "line", "path", "polyline", "ul", "li",
        }  # fmt: skip

    @every_row_form
    def test_it_is_small(self, form: Form) -> None:
        assert len(page(form(FR, 3)).encode()) < 8_000

    @steady(25)
    @given(words=st.text(max_size=60), name=st.sampled_from(["pareto", "timeline"]))
    def test_any_text_is_one_line_of_text_and_twice_the_same(self, words: str, name: str) -> None:
        def drawn() -> RowChart:
            if name == "pareto":
                return charts.pareto(causes().assign(label=words), labels(), EN)
            return charts.timeline(
                working(), clocks().assign(label=words, note=words), labels(), EN
            )

        chart = drawn()
        assert chart == drawn()
        assert all(unicodedata.category(c)[0] != "C" for text in words_of(chart) for c in text)

    @pytest.mark.parametrize("name", MANY)
    def test_twice_as_many_rows_take_twice_the_work(self, name: str) -> None:
        """A loop over all the rows for each of them would make four times as many calls."""
        MANY[name](10)
        once, twice = (calls(lambda n=n: MANY[name](n)) for n in (200, 400))
        assert twice < 2.5 * once


def page(chart: RowChart) -> str:
    """The chart as the page holds it."""
    template = partials(EN).get_template("partials/rows.html.j2")
    return template.render(chart=chart, at="figure", figure={"title": "A title"}, leads=False)


def calls(draw: Callable[[], object]) -> int:
    """How many functions are called."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        draw()
    finally:
        sys.setprofile(None)
    return counted


class TestWords:
    def test_french_numbers_percentages_months_and_dates_are_french(self) -> None:
        curve = texts(SVG_FORMS["s_curve"](FR, 3))
        assert {"janv.", "mars", "1\u00a0k€"} <= curve.keys()
        plan = words_of(ROW_FORMS["plan_against_actual"](FR, 3))
        assert {"31 mars 2024", "mars 2024", "+30 jours"} <= set(plan)

    def test_mathematics_stay_text(self) -> None:
        frame = grown().assign(label=["$x^2$ and $", "a_b", ""])
        assert {"$x^2$ and $", "a_b"} <= texts(charts.growth_over_time(frame, labels(), EN)).keys()

    def test_letters_that_the_measuring_font_lacks_raise_no_warning(self) -> None:
        frame = grown().assign(label="東京 🗼 ܐ")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert "東京 🗼 ܐ" in texts(charts.growth_over_time(frame, labels(), EN))

    def test_a_word_that_is_too_long_for_its_only_line_is_cut(self) -> None:
        """16 letters of 0.58 × 16 units, of which the last is the mark of elision."""
        assert wrapped("a" * 30, 16.5 * 0.58 * 16, 1) == ["a" * 15 + "…"]


class TestEmbedding:
    def test_two_figures_of_a_page_share_no_id(self) -> None:
        one, two = (
            set(re.findall(r'\bid="([^"]+)"', charts.flow_over_time(flow(), Labels(name), EN)))
            for name in ("flow.tickets", "flow.requests")
        )
        assert one
        assert not one & two

    def test_the_short_way_to_say_a_font_is_spelled_out(self) -> None:
        """As matplotlib 3.10 writes it."""
        svg = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
            <text style="font: italic 700 14px 'DejaVu Sans', sans-serif; fill: #123456">a</text>
            <text style="font: 16px sans-serif; text-anchor: middle">b</text></svg>"""
        first, second = ElementTree.fromstring(embeddable(svg, "f"))
        assert first.attrib == {"font-size": "14px", "font-weight": "700", "fill": "#123456"}
        assert second.attrib == {"font-size": "16px", "text-anchor": "middle"}

    def test_numbers_are_rounded_to_what_is_seen(self) -> None:
        svg = '<svg viewBox="0 0 9 9"><path d="M 1.23456 -0.000001 \n L 2.500000 10.0" /></svg>'
        assert 'd="M1.23 0L2.5 10"' in embeddable(svg, "f")

    def test_a_line_along_an_axis_takes_one_number_and_a_point_none_twice(self) -> None:
        svg = '<svg viewBox="0 0 9 9"><path d="{}"/></svg>'
        box = "M 1 2 L 3 2 L 3 2 L 3 5.5 L 1 2 z M 7 7 L 7 7"
        assert 'd="M1 2H3V5.5L1 2zM7 7H7"' in embeddable(svg.format(box), "f")
        curve = "M 0 1 C 1 1 2 2 2 3 L 2 4"
        assert f'd="{curve}"' in embeddable(svg.format(curve), "f")


DRAW_ALL = """
import importlib.util, hashlib, sys
spec = importlib.util.spec_from_file_location("chart_forms", sys.argv[1])
tests = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = tests
spec.loader.exec_module(tests)
drawn = "".join(str(form(tests.FR, 3)) for form in tests.FORMS.values())
print(hashlib.sha256(drawn.encode()).hexdigest())
"""


def run(*arguments: str, seed: str = "0") -> str:
    """Run Python and return what it printed."""
    import os

    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_two_processes_draw_the_same_bytes() -> None:
    one, two = (run("-c", DRAW_ALL, chart_forms.__file__, seed=seed) for seed in "12")
    assert len(one) == 64
    assert one == two


def test_the_package_loads_without_matplotlib_and_seaborn() -> None:
    loaded = run("-c", "import sys, reviewlib.charts; print(*sys.modules)").split()
    assert "reviewlib.charts" in loaded
    assert not {"matplotlib", "seaborn"} & set(loaded)
