"""Report values as HTML, and the palette that page and charts share."""

from __future__ import annotations

import dataclasses
import itertools
import re
from html.parser import HTMLParser
from typing import Any

import jinja2
import numpy as np
import pytest

from reviewlib.charts import theme
from reviewlib.charts.rows import ChartRow, RowChart
from reviewlib.pages.html import (
    TEMPLATES,
    anchor,
    coded,
    css_string,
    drawing,
    partials,
    section_html,
)
from reviewlib.pages.wording import Wording
from reviewlib.report.parts import Part
from reviewlib.report.phrases import BY_DEFAULT
from reviewlib.report.text import Quoted
from reviewlib.report.values import (
    AtStake,
    Brief,
    Caveat,
    Column,
    DecisionRow,
    Fact,
    Figure,
    Finding,
    Front,
    Interval,
    Kind,
    Owing,
    Section,
    Side,
    Table,
    Unit,
)


class Words(HTMLParser):
    """The text of a fragment, its blanks made single, and the tags that opened in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.parts: list[str] = []
        self.feed(html)
        self.close()
        self.text = " ".join("".join(self.parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag in ("td", "th"):  # a reader sees a cell of its own
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def render_section(section: Section, svg: str | RowChart = '<svg viewBox="0 0 1 1"/>') -> str:
    """Return a section as the page shows it; each of its figures is drawn as this SVG."""
    wording = Wording(section.shown_in, section.time_zone, section.currency)
    return section_html(section, wording, {figure.id: svg for figure in section.figures})


def test_a_fact_without_a_value_but_with_an_interval_is_a_range_and_no_point() -> None:
    fact = Fact("f", "Due", None, Unit.MONEY, n=3, interval=Interval(10, 25.5, "contested days"))
    words = Words(render_section(Section("flow", "Flow", headline="H", facts=(fact,)))).text

    assert "€10 to €25.50" in words
    assert words.count("€10 ") == 1
    assert "contested days" in words
    assert "Not assessed" not in words


def chapter(**values: object) -> Section:
    return Section("flow", "Flow", **values)  # type: ignore[arg-type]


def words(**values: object) -> str:
    return Words(render_section(chapter(**values))).text


# ------------------------------------------------------------------------------------ the values


def test_a_fact_says_what_makes_it_defensible() -> None:
    fact = Fact(
        "flow.met", "In time", 11 / 12, Unit.SHARE, 12, Interval(0.646, 0.985, "Wilson 95 %"), 0.95,
        False, "Art. 5.2", "Jan 2024 to Jun 2025", "tickets.csv", "One more would do.",
    )  # fmt: skip
    shown_words = words(facts=(fact,))

    assert shown_words == (
        "Flow All figures 1 Figure Value Target Rests on In time 91.7% Not met 95% n = 12 "
        "64.6% to 98.5%, Wilson 95 % Art. 5.2 One more would do. "
        "How this was counted Periods Jan 2024 to Jun 2025 Sources tickets.csv "
        "In the file only: 1 figure, how this was counted"
    )
    assert 'id="fact-flow.met"' in render_section(chapter(facts=(fact,)))


def test_a_share_of_few_is_a_count_without_its_interval() -> None:
    fact = Fact(
        "flow.met", "In time", 8 / 9, Unit.SHARE, 9, Interval(0.565, 0.98, "Wilson 95 %"), count=8
    )

    assert "In time 8 of 9 n = 9 In the file" in words(facts=(fact,))


def test_the_name_of_a_file_is_marked_and_a_text_of_the_data_escaped() -> None:
    assert coded("<b> in tickets.csv & x") == "&lt;b&gt; in <code>tickets.csv</code> &amp; x"


def test_a_fact_without_a_value_says_why() -> None:
    fact = Fact("flow.met", "In time", None, Unit.SHARE, note="no ticket is decided")

    assert "In time Not assessed because no ticket is decided" in words(facts=(fact,))


def test_a_fact_is_neither_met_nor_missed_when_nothing_was_compared() -> None:
    shown_words = words(facts=(Fact("flow.n", "Opened", 1234, Unit.COUNT),))

    assert "Rests on Opened 1,234 In the file only" in shown_words


@pytest.mark.parametrize(
    ("kind", "word"),
    [(Kind.STRENGTH, "Strength"), (Kind.CONCERN, "Concern"), (Kind.NEUTRAL, "Observation")],
)
def test_a_finding_says_its_kind_in_a_word(kind: Kind, word: str) -> None:
    finding = Finding("flow.backlog", "It grew.", kind, ("T-1", "T-2"), "Add staff.", "Art. 4")

    assert words(findings=(finding,)) == (
        f"Flow To decide Add staff. Findings and decisions 1 {word} It grew. To decide Add staff. "
        "Art. 4 flow.backlog Evidence: 2 items T-1 T-2"
    )


def test_a_table_says_its_absences_and_names_its_rows_and_columns() -> None:
    table = Table(
        "flow.t", "By month", (Column("m", "Month", Unit.MONTH), Column("n", "Opened", Unit.COUNT)),
        (("2024-01", 1200), ("2024-02", None)), "Of all tickets.",
    )  # fmt: skip
    html = render_section(chapter(tables=(table,)))

    sentence = "By month Month Opened Jan 2024 1,200 Feb 2024 — Of all tickets."
    assert sentence in Words(html).text
    assert html.count('<th scope="col"') == 2
    assert html.count("<tr><th") == 2
    assert '<table class="m1 n2">' in html


def test_a_table_without_rows_says_so() -> None:
    table = Table("flow.t", "Open tickets", (Column("id", "Ticket"),), ())

    assert "How this was counted Tables without a row Open tickets" in words(tables=(table,))


@pytest.mark.parametrize("n", [60, 61])
def test_a_long_table_has_its_first_60_rows_and_says_where_all_of_them_are(n: int) -> None:
    rows = tuple((f"T-{row}",) for row in range(n))
    html = render_section(chapter(tables=(Table("t", "All", (Column("id", "Ticket"),), rows),)))

    assert html.count("<tr><th") == 60
    assert f"{n} rows" in html
    rest = "The first 60 of the 61 rows that the file review.json has." in html
    assert rest == (n > 60)


def test_a_figure_has_an_alternative_text_and_its_numbers() -> None:
    numbers = Table("flow.f.table", "Numbers", (Column("n", "n", Unit.COUNT),), ((3,),))
    svg = '<svg viewBox="0 0 720 90"><path d="M0 0" fill="none"/></svg>'
    html = render_section(
        chapter(figures=(Figure("flow.f", "pareto", "Arrivals", "They rise.", numbers),)), svg
    )

    label = 'aria-labelledby="figure-flow.f-title figure-flow.f-words" viewBox="0 0 720 90"'
    assert label in html
    assert '<title id="figure-flow.f-title">Arrivals</title>' in html
    assert '<desc id="figure-flow.f-words">They rise.</desc>' in html
    assert '<path d="M0 0" fill="none" />' in html
    assert 'id="table-flow.f.table"' in html


def test_a_chapter_that_could_not_be_assessed_prints_its_reason() -> None:
    section = Section("flow", "Flow", because="there is no table of tickets")

    text = Words(render_section(section)).text
    assert text == "Flow Not assessed, because there is no table of tickets."


def test_the_first_caveat_is_shown_and_all_of_them_are_in_a_fold() -> None:
    caveats = (Caveat("flow.c", "June is provisional."), Caveat("flow.d", "May is short."))
    shown_words = words(caveats=caveats)

    assert shown_words.startswith("Flow June is provisional. and 1 more below How this was counted")
    assert shown_words.count("June is provisional.") == 2
    assert shown_words.count("May is short.") == 1


def test_a_support_chapter_folds_all_but_its_title_and_message() -> None:
    shown_words = words(
        headline="It grew.", support=True, caveats=(Caveat("flow.c", "June is provisional."),),
        findings=(Finding("flow.a", "By 3.", Kind.CONCERN, decision="Add staff."),),
    )  # fmt: skip

    assert shown_words.startswith("Flow It grew. Findings and decisions 1 Concern By 3.")


def test_a_chapter_opens_with_the_figure_that_leads_and_folds_the_others() -> None:
    table = Table("flow.t", "Numbers", (Column("n", "n", Unit.COUNT),), ((3,),))
    figures = [
        Figure(f"flow.{name}", "pareto", name, "They rise.", table, lead=name == "second")
        for name in ("first", "second")
    ]
    html = render_section(chapter(figures=tuple(figures)))
    lead, _, folded = html.partition('<div class="folds">')

    assert 'id="figure-flow.second"' in lead
    assert 'id="figure-flow.first"' not in lead
    assert 'id="figure-flow.first"' in folded


def test_a_table_that_would_lead_beside_a_figure_is_whole_in_its_fold() -> None:
    figure = Figure("flow.f", "pareto", "Tickets", "They rise.", Table("n", "N", (), ()), lead=True)
    html = render_section(chapter(figures=(figure,), tables=(counted(3, lead=True),)))
    lead, _, folds = html.partition('<div class="folds">')

    assert "row 2" not in lead
    assert folds.count("row 2") == 1


def test_a_support_chapter_has_its_chart_its_key_figures_and_its_caveats_in_folds() -> None:
    figure = Figure("flow.f", "pareto", "Tickets", "They rise.", counted(3), lead=True)
    fact = Fact("flow.n", "Opened", 5, Unit.COUNT, key=True)
    html = render_section(
        chapter(support=True, figures=(figure,), facts=(fact,), tables=(counted(2, lead=True),))
    )
    lead, _, folds = html.partition('<div class="folds">')

    assert Words(lead).text == "Flow"
    assert [folds.count(f">{name}<") for name in ("Opened", "row 2", "row 1")] == [1, 1, 2]
    assert folds.count('id="figure-flow.f"') == 1


def test_a_source_is_named_once_with_the_figures_that_rest_on_it() -> None:
    facts = [
        Fact(f"flow.{place}", f"Figure {place}", place, Unit.COUNT, source=source)
        for place, source in enumerate(("a.csv", "b.csv", "a.csv"))
    ]

    assert "Sources a.csv – Figure 0 · Figure 2 b.csv – Figure 1" in words(facts=tuple(facts))


def test_a_section_speaks_its_own_language() -> None:
    fact = Fact("flow.met", "À temps", 0.917, Unit.SHARE, 1284)
    html = render_section(chapter(facts=(fact,), shown_in="fr"))

    assert 'lang="fr"' in html
    assert "91,7\u202f%" in html
    assert "n = 1\u202f284" in html


def test_instants_are_those_of_the_time_zone() -> None:
    fact = Fact("flow.at", "As of", "2025-07-04T16:00:00+00:00", Unit.INSTANT)

    assert "4 Jul 2025 18:00" in words(facts=(fact,), time_zone="Europe/Paris")


@pytest.mark.parametrize("place", ["concerns", "ranked", "owing", "decisions"])
def test_the_front_explains_what_by_default_means_only_where_it_says_so(place: str) -> None:
    """The page of plain texts says it of nothing; it is enough that one place does."""
    words = BY_DEFAULT(policy=Quoted("unpaid"))
    stake = AtStake(46, Unit.COUNT, words if place == "decisions" else "tickets")
    brief = Brief(
        words if place == "ranked" else "It grew.", owes=words if place == "owing" else "a plan"
    )
    late = Finding("flow.a", "It grew.", Kind.CONCERN, brief=brief)
    front = Front(
        concerns=(words,) if place == "concerns" else (),
        ranked=(late,),
        owing=(Owing(Side.PROVIDER, "Nordiane", (late,)),),
        decisions=(DecisionRow("Settle it", Side.CLIENT, "", (stake,), ("flow.a",)),),
    )
    section = Section("summary", "Summary", findings=(late,), part=Part.FRONT, front=front)
    text = Words(render_section(section)).text

    assert "npaid (by default)" in text
    assert "“By default”: the contract does not say" in text


def test_the_front_links_to_what_it_ranks_and_to_what_is_to_decide() -> None:
    late = Finding(
        "flow.a", "It grew.", Kind.CONCERN, decision="Add staff.",
        brief=Brief("The backlog grew.", AtStake(46, Unit.COUNT, "tickets"), owes="a plan"),
    )  # fmt: skip
    held = Finding("flow.b", "It shrank.", Kind.STRENGTH, brief=Brief("it shrank"))
    missing = Fact("satisfaction", "Satisfaction", None, Unit.TEXT, note="nobody was asked")
    row = DecisionRow("Settle it", Side.CLIENT, "2025-07-12", (late.brief.stake,), ("flow.a",))
    front = Front(
        ("it shrank",), ("the backlog grew",), (late,),
        (Owing(Side.PROVIDER, "Nordiane", (late,)),),
        (held,), (missing,), (row,), "Commitments met: 1 of 2.", "In turn.",
    )  # fmt: skip
    html = render_section(
        Section("summary", "Summary", findings=(late,), part=Part.FRONT, front=front)
    )

    assert Words(html).text == (
        "It shrank, but the backlog grew. 46 tickets The backlog grew. Nordiane still open "
        "on its side a plan What held. it shrank Not assessed (1): Satisfaction. Commitments met: "
        "1 of 2. To decide Decision Whose By At stake Points "
        "1. Settle it Client 12 Jul 2025 46 tickets 1 "
        "All points to decide, one by one 1 Add staff. Why it was not assessed 1 Satisfaction – "
        "nobody was asked How this page is ranked In turn."
    )
    links = re.findall(r'href="#([^"]+)"', html)
    assert links == ["flow.a", "flow.a", "flow.b", "flow.a", "flow.a"]
    assert re.findall(r' id="([^"]+)"', html) == ["summary", "summary-title", "to-decide"]


def counted(n: int, id: str = "flow.t", **about: object) -> Table:
    rows = tuple((f"row {place}", place) for place in range(n))
    columns = (Column("name", "Name"), Column("n", "n", Unit.COUNT))
    return Table(id, "Numbers", columns, rows, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize(("n", "shown", "folded"), [(12, 12, 0), (13, 12, 13)])
def test_a_table_that_leads_shows_twelve_rows_and_a_fold_has_all_where_there_are_more(
    n: int, shown: int, folded: int
) -> None:
    html = render_section(chapter(tables=(counted(n, lead=True),)))
    lead, _, folds = html.partition('<div class="folds">')

    assert lead.count("<tr><th") == shown
    assert folds.count("<tr><th") == folded
    assert ("The first 12 of 13." in Words(lead).text) == (n > 12)


@pytest.mark.parametrize(("n", "more"), [(12, ""), (13, "and 1 more in the tables of the chapter")])
def test_a_chart_that_leads_shows_twelve_rows_and_a_fold_has_the_numbers_of_all(
    n: int, more: str
) -> None:
    rows = tuple(ChartRow(f"drawn {place}", "1") for place in range(n))
    figure = Figure("flow.f", "counts_by_group", "Tickets", "They rise.", counted(n))
    html = render_section(chapter(figures=(figure,)), RowChart("", "", "n", rows))
    lead, _, folds = html.partition('<div class="folds">')

    assert Words(lead).text.count("drawn ") == 12
    assert more in Words(lead).text
    assert ("more in the tables" in lead) == (n > 12)
    assert folds.count("<tr><th") == n


@pytest.mark.parametrize("leads", [True, False])
def test_numbers_that_a_table_has_under_the_same_headings_stand_once(leads: bool) -> None:
    """The table has all of the figure's rows and one more, and a column of its own."""
    figure = Figure("flow.f", "counts_by_group", "Tickets", "They rise.", counted(3))
    first = Figure("flow.first", "counts_by_group", "First", "It is.", counted(1, id="flow.one"))
    whole = Table(
        "flow.all", "All", (Column("n", "n", Unit.COUNT), Column("a", "A"), Column("name", "Name")),
        tuple((place, "–", f"row {place}") for place in range(4)),
    )  # fmt: skip
    figures = (figure,) if leads else (first, figure)

    def of_numbers(*tables: Table) -> int:
        return render_section(chapter(figures=figures, tables=tables)).count(">row 2</")

    assert of_numbers() == 1
    assert of_numbers(whole) == 1
    assert of_numbers(dataclasses.replace(whole, rows=whole.rows[:2])) == 1
    assert of_numbers(counted(3), whole) == 2


@pytest.mark.parametrize(("before", "shown"), [(11, True), (12, False)])
def test_a_heading_is_no_row_that_a_chart_leaves_out_and_never_its_last(
    before: int, shown: bool
) -> None:
    """13 rows, of which twelve are drawn: a heading stands before the twelfth, not after it."""
    rows = [ChartRow(f"drawn {place}", "1") for place in range(13)]
    rows.insert(before, ChartRow("heading", style="group"))
    figure = Figure("flow.f", "counts_by_group", "Tickets", "They rise.", counted(13))
    html = render_section(chapter(figures=(figure,)), RowChart("", "", "n", tuple(rows)))
    lead = Words(html.partition('<div class="folds">')[0]).text

    assert lead.count("drawn ") == 12
    assert ("heading" in lead) == shown
    assert "and 1 more in the tables of the chapter" in lead


def test_beside_the_lead_stand_three_key_figures_and_the_first_decision() -> None:
    facts = tuple(
        Fact(f"flow.{place}", f"Figure {place}", place, Unit.COUNT, key=place != 1)
        for place in range(5)
    )
    findings = tuple(
        Finding(f"flow.d{place}", "It is so.", Kind.CONCERN, decision=f"Settle {place}.")
        for place in range(3)
    )
    margin = words(facts=facts, findings=findings).partition("Findings and decisions")[0]

    assert margin == ("Flow Figure 0 0 Figure 2 2 Figure 3 3 To decide Settle 0. and 2 more below ")


def test_a_share_beside_the_lead_has_its_base_and_of_few_it_is_the_count() -> None:
    """52 of 56 is 92.9 %, of 56; 5 of 6 is said as that, and not of 6 again."""
    about: dict[str, Any] = {"unit": Unit.SHARE, "key": True}
    facts = (
        Fact("flow.many", "Held", 52 / 56, n=56, count=52, **about),
        Fact("flow.few", "Sent", 5 / 6, n=6, count=5, **about),
    )
    margin = words(facts=facts).partition("All figures")[0]

    assert margin == "Flow Held 92.9% n = 56 Sent 5 of 6 "


def test_a_period_is_named_once_with_the_figures_of_it() -> None:
    facts = tuple(
        Fact(f"flow.{place}", f"Figure {place}", place, Unit.COUNT, period=period)
        for place, period in enumerate(("2024", "2025", "2024"))
    )

    assert "Periods 2024 – Figure 0 · Figure 2 2025 – Figure 1" in words(facts=facts)


# ------------------------------------------------------------------------------- text stays text

HOSTILE = "<script>alert(1)</script>\" onload=\"x {{ 7 * 7 }} ]]> $x$ <a href='javascript:x'>"


def test_text_is_escaped_wherever_it_stands() -> None:
    table = Table(HOSTILE, HOSTILE, (Column("a", HOSTILE, quoted=True),), ((HOSTILE,),), HOSTILE)
    drawn = dataclasses.replace(table, rows=(*table.rows, ("b",)))
    figure = Figure(HOSTILE, "pareto", HOSTILE, HOSTILE, drawn)
    section = Section(
        HOSTILE, HOSTILE, HOSTILE, HOSTILE,
        (Fact(HOSTILE, HOSTILE, HOSTILE, Unit.TEXT, note=HOSTILE),),
        (Finding("b" + HOSTILE, HOSTILE, Kind.CONCERN, (HOSTILE,), HOSTILE, HOSTILE),), (table,),
        (figure,), (Caveat(HOSTILE, HOSTILE),),
    )  # fmt: skip
    page = Words(render_section(section))

    # a, for the links of the page itself: from the decision to the finding, and its own
    assert set(page.tags) & {"script", "a"} == {"a"}
    assert page.tags.count("a") == 2
    # Section 3, fact 2, finding 5, its decision shown, caveat twice, figure 3, two tables with
    # their folds 5 each
    assert page.text.count(HOSTILE) == 27


def test_a_name_that_a_template_misspells_is_an_error() -> None:
    environment = partials(Wording("en"))

    with pytest.raises(jinja2.UndefinedError, match="nothing"):
        environment.from_string("{{ nothing }}").render()


def test_an_anchor_holds_only_what_a_fragment_may() -> None:
    assert anchor("service_levels.resolution.P1") == "service_levels.resolution.P1"
    assert anchor('a "b"\n<c>#d') == "a-b-c-d"


def test_a_css_string_can_neither_end_nor_leave_its_style() -> None:
    # In CSS, "\" and a code point in hexadecimal stand for a sign: 22 is ", 3c <, 7d }.
    assert css_string('a"</} é') == r'"a\22 \3c \2f \7d  é"'


def test_a_drawing_loses_what_a_page_must_not_hold() -> None:
    svg = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><metadata>m</metadata><script>x()</script>'
        "<style>*{}</style><title>t</title><foreignObject/>\n"
        '<g onclick="x()" style="fill:red" fill="url(#a)"><use xlink:href="#a"/>'
        '<image href="http://example.invalid/x.png"/><text>a &lt; b</text></g></svg>'
    )
    drawn = drawing(svg)

    assert drawn.view_box == "0 0 9 9"
    assert drawn.body == ('<g fill="url(#a)"><use href="#a" /><image /><text>a &lt; b</text></g>')


# ----------------------------------------------------------------------------------- the palette


def light(colour: str) -> np.ndarray:
    """The linear light of a colour (IEC 61966-2-1): red, green and blue, 0 to 1."""
    signs = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(signs <= 0.04045, signs / 12.92, ((signs + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (lighter + 0.05) / (darker + 0.05), by relative luminance."""
    dark, bright = sorted(float(light(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_dark_theme_names_the_palette_s_own_and_is_read_too() -> None:
    variables = set(re.findall(r"--([\w-]+):", theme.css_variables()))

    assert set(theme.DARK) <= variables
    for name in ("ink", "muted", "accent", "good", "warn", "bad", "neutral"):
        for ground in ("paper", "wash"):
            assert contrast(theme.DARK[name], theme.DARK[ground]) >= 4.5, (name, ground)
    for name in ("mid", "weak", "focus", "series-1", "series-2", "series-3"):
        assert contrast(theme.DARK[name], theme.DARK["paper"]) >= 3, name


@pytest.mark.parametrize("paper", [theme.PAPER, theme.WASH])
def test_what_is_read_has_contrast(paper: str) -> None:
    tones = [tone.colour for tone in (theme.GOOD, theme.WARN, theme.BAD, theme.NEUTRAL)]

    for colour in (theme.INK, theme.MUTED, theme.ACCENT, *tones):
        assert contrast(colour, paper) >= 4.5, colour


def test_judgements_are_read_on_their_own_wash() -> None:
    for tone in (theme.GOOD, theme.WARN, theme.BAD, theme.NEUTRAL):
        assert contrast(tone.colour, tone.wash) >= 4.5
        assert contrast(theme.INK, tone.wash) >= 4.5


def test_what_is_looked_at_has_contrast_and_a_second_sign() -> None:
    for colour in (*theme.SERIES, theme.FOCUS, theme.MID, theme.WEAK):
        assert contrast(colour, theme.PAPER) >= 3, colour
    assert len(set(theme.DASHES)) == len(theme.SERIES)
    hatches = {tone.hatch for tone in (theme.GOOD, theme.WARN, theme.BAD, theme.NEUTRAL)}
    assert len(hatches) == 4


# Machado, Oliveira and Fernandes 2009, severity 1.0: on linear light.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip


def lab(linear: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* under D65 of a linear sRGB colour."""
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
    xyz = to_xyz @ np.clip(linear, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_any_two_series_are_told_apart_by_colour_blind_eyes(blindness: str) -> None:
    simulated = [lab(BLINDNESS[blindness] @ light(colour)) for colour in theme.SERIES]

    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(simulated, 2)) > 20


def test_the_page_takes_every_colour_from_the_palette() -> None:
    """Margin boxes of printed pages know no variable of the page: MUTED is repeated there."""
    css = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.css.j2"))
    variables = set(re.findall(r"--([\w-]+):", theme.css_variables()))

    assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= variables
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", css)) == {theme.MUTED}
