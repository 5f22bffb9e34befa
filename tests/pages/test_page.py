"""The page in a real browser: accessible, silent, self-contained, on a desk and on a phone."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from reviewlib.pages import publish
from reviewlib.pages.cells import of_frame, of_section
from reviewlib.pages.gathering import gather
from reviewlib.pages.publish import Cover
from reviewlib.pages.renditions import Renditions
from reviewlib.report.parts import CHAPTERS, Part
from reviewlib.report.text import Language
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
    Note,
    Owing,
    Section,
    Side,
    Table,
    Unit,
    Unplaced,
)
from tests import closed

BROWSER = Path(__file__).parents[1] / "browser"
WIDTHS = (1280, 390)
LANGUAGES: tuple[Language, ...] = ("fr", "en")
WELL = ("violations", "requests", "messages", "overflow", "duplicates", "dangling")
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> <a href='javascript:alert(3)'>x</a> "
    "$x^2$ {{ 7 * 7 }} {% raw %} ]]> --> \u202eright to left\u202c </style></svg></title> &lt;b&gt;"
) + " \" ' W".ljust(90, "W")
PLACED = {slug for slugs in CHAPTERS.values() for slug in slugs}
Check = Callable[..., dict[str, Any]]
Pages = Callable[[str, Language], str]


@pytest.fixture(scope="module")
def check(
    require: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Check]:
    """``check(html, width)``: what ``browser/check.mjs`` says of a page, all in one browser.

    ``contrast=True`` asks for that of its colours too.
    """
    node = require("node", "install Node.js 20 or newer")
    chromium = require("chromium", "install Debian's chromium package")
    require(BROWSER / "node_modules", "run `npm ci` in tests/browser")
    folder = tmp_path_factory.mktemp("checked")
    places = map("{}.html".format, itertools.count(1))
    errors = folder / "errors"

    def _checked(html: str, width: int, *, contrast: bool = False) -> dict[str, Any]:
        file = folder / next(places)
        file.write_text(html, encoding="utf-8")
        asked = {"file": str(file), "width": width, "contrast": contrast}
        browser.stdin.write(f"{json.dumps(asked)}\n".encode())  # type: ignore[union-attr]
        browser.stdin.flush()  # type: ignore[union-attr]
        answer = browser.stdout.readline()  # type: ignore[union-attr]
        assert answer, errors.read_text(encoding="utf-8")
        return dict(json.loads(answer))

    command, pipe = [node, BROWSER / "check.mjs", chromium], subprocess.PIPE
    with (
        errors.open("wb") as log,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log) as browser,
    ):
        yield _checked


@pytest.fixture(scope="session")
def pages(request: pytest.FixtureRequest) -> Pages:
    """``pages(which, language)``: the demo page, or that of the shipped engagement."""

    def _page(which: str, language: Language) -> str:
        if which == "demo":
            return demo(language)
        folder = request.getfixturevalue("sample_review")
        return str((folder / closed.PAGES[language]).read_text(encoding="utf-8"))

    return _page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["demo", "sample"])
def test_a_page_has_no_fault_in_a_browser(
    check: Check, pages: Pages, which: str, language: Language, width: int
) -> None:
    """Contrast is looked at once, on a desk: no colour hangs on the width, or on the language."""
    html, contrast = pages(which, language), (language, width) == ("fr", 1280)
    measures = check(html, width, contrast=contrast)

    style = html.partition("<style>")[2].partition("</style>")[0]
    assert "lang" not in style
    assert measures["seen"] > 1000
    assert {name: measures[name] for name in WELL} == {name: [] for name in WELL}
    if (which, width) == ("sample", 1280):
        assert measures["first"] <= 1000  # a drawing begins in the first screen and a quarter


def test_the_browser_refuses_what_the_policy_forbids(check: Check) -> None:
    """The checks can fail: a script, an inline style, a foreign image, a role and a colour."""
    injected = (
        "<script>console.log('ran')</script><p style='color:red'>x</p>"
        "<img src='https://example.invalid/x.png' alt=''><a href='#nowhere'>x</a>"
        "<p role='nonsense'>x</p><p><font color='#eeeeee'>pale</font></p></main>"
    )
    measures = check(demo("en").replace("</main>", injected), 1280, contrast=True)

    assert len([words for words in measures["messages"] if "Content Security Policy" in words]) == 3
    assert "ran" not in measures["messages"]
    assert measures["dangling"] == ["#nowhere"]
    faults = [fault["id"] for fault in measures["violations"]]  # folds closed, then open
    assert (faults.count("aria-roles"), faults.count("color-contrast")) == (2, 1)


def test_hostile_text_in_any_field_stays_text(check: Check) -> None:
    """Every text of every value is hostile, and so is the cover: nothing runs, nothing is lost."""
    html = hostile_page()
    measures = check(html, 390)

    assert {name: measures[name] for name in WELL} == {name: [] for name in WELL}
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("$x^2$ {{ 7 * 7 }} {% raw %} ]]&gt;") > 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_review_is_the_same_page(language: Language) -> None:
    assert demo(language) == demo(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_no_other_host_and_holds_no_script(language: Language) -> None:
    own = (
        r"sha256-[\w+/=]+|(?<=src=\")data:image/svg\+xml;base64,[\w+/=]+"  # may hold "//" by chance
    )
    html = re.sub(own, "#", demo(language))

    assert not re.search(r"https?:|//[a-z]|<script|<link|<iframe|@import|url\(", html)
    assert set(re.findall(r'(?:href|src)="(.)', html)) == {"#"}


def test_only_sections_are_published_the_front_first() -> None:
    """Neither code and Markdown nor streams, errors and an analyst's other outputs are."""
    new = nbformat.v4.new_output
    stray = [
        new("stream", name="stdout", text="PRINTED"),
        new("display_data", {"text/html": "<b>SHOWN</b>"}),
        new("error", ename="ValueError", evalue="RAISED", traceback=["RAISED"]),
    ]
    flow = Section("flow", "Flow", part=Part.SERVICE)
    summary = Section("summary", "Summary", part=Part.FRONT, front=Front())
    cells = [
        nbformat.v4.new_markdown_cell("NOTED"),
        nbformat.v4.new_code_cell("ran = 1", outputs=stray),
        nbformat.v4.new_code_cell("flow", outputs=[*stray, new("display_data", of_section(flow))]),
        nbformat.v4.new_code_cell(
            "summary(<flow>)", outputs=[new("execute_result", of_section(summary))]
        ),
    ]
    html = paged(nbformat.v4.new_notebook(cells=cells), Cover("Review", "en"))

    assert not re.search("NOTED|PRINTED|SHOWN|RAISED|ran = 1|summary\\(", html)
    assert html.index('id="summary"') < html.index('id="flow"')


def test_a_chapter_that_could_not_be_assessed_stands_in_the_opening_of_its_part_alone() -> None:
    html = demo("en")

    assert html.count('id="satisfaction"') == 1
    assert '<li id="satisfaction"><b>Satisfaction</b> – no survey was held</li>' in html
    assert 'class="chapter" id="satisfaction"' not in html


def test_the_bar_links_to_the_parts_that_have_a_chapter() -> None:
    bar = demo("en").partition('<nav class="bar"')[2].partition("</nav>")[0]

    assert re.findall(r'href="#([^"]+)"', bar) == ["top", "part-service", "part-keep"]


# ------------------------------------------------------------------------------------ the pages


def paged(notebook: nbformat.NotebookNode, cover: Cover) -> str:
    """Return the page of an executed notebook in the cover's language."""
    renditions = Renditions((cover.language,))
    cells = publish.published(gather(notebook, renditions), renditions, cover)
    return publish.page(notebook, cells, cover)


def bound(sections: list[Section], cover: Cover, *added: nbformat.NotebookNode) -> str:
    """Return the page of a notebook whose cells showed these sections, in the order given.

    ``added``: the analyst's cells, after all of them.
    """
    cells = [
        nbformat.v4.new_code_cell(
            f"{section.slug} = sections.{section.slug}(review)\n{section.slug}",
            id=f"cell-{place}",
            metadata={} if section.slug in PLACED else {"tags": ["publish"]},
            outputs=[
                nbformat.v4.new_output("execute_result", of_section(section), execution_count=place)
            ],
        )
        for place, section in enumerate(sections, start=1)
    ]
    return paged(nbformat.v4.new_notebook(cells=[*cells, *added]), cover)


def of_analyst() -> list[nbformat.NotebookNode]:
    """Cells of the analyst's with everything that a page can hold of them."""
    words = (
        "## A heading that is *the analyst’s*\n\n1. one `code`\n\n> two\n\n"
        "| a | b |\n|-|-:|\n| x | 1 |"
    )
    box = '<rect width="9" height="9"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="9">{box}</svg>'
    frame = pd.DataFrame({"site": ["W" * 90] * 30, "days": range(30), "share": [0.5] * 30})
    shown = {"image/svg+xml": svg}, of_frame(frame)
    outputs = [nbformat.v4.new_output("display_data", data) for data in shown]
    outputs.append(nbformat.v4.new_output("stream", name="stdout", text="W" * 200))
    tagged = {"tags": ["publish", "shareable"]}
    return [
        nbformat.v4.new_markdown_cell(words, id="words", metadata=tagged),
        nbformat.v4.new_code_cell("frame", id="frame", outputs=outputs, metadata=tagged),
    ]


def bars(*labels: str) -> pd.DataFrame:
    """What a chart of counts draws: a bar for each label."""
    return pd.DataFrame({"label": labels, "count": range(1, len(labels) + 1)})


def hostile_page() -> str:
    columns = (Column("a", HOSTILE), Column("b", HOSTILE, quoted=True))
    table = Table("t", HOSTILE, columns, ((HOSTILE, HOSTILE),), note=HOSTILE)
    folded, numbers = (Table(name, HOSTILE, columns, table.rows) for name in "uv")
    words: dict[str, Any] = {
        "n": 3,
        "clause": HOSTILE,
        "period": HOSTILE,
        "source": HOSTILE,
        "note": HOSTILE,
    }
    body: dict[str, Any] = {
        "headline": HOSTILE,
        "intro": HOSTILE,
        "note": Note({"en": f"{HOSTILE}\n\n| a |\n| - |\n| {HOSTILE} |"}, HOSTILE),
        "facts": (
            Fact("f" + HOSTILE, HOSTILE, HOSTILE, Unit.TEXT, **words),
            Fact("g", HOSTILE, None, Unit.SHARE, **words),
            Fact("h", HOSTILE, 0.5, Unit.SHARE, interval=Interval(0.25, 0.75, HOSTILE)),
        ),
        "findings": tuple(
            Finding(kind + HOSTILE, HOSTILE, kind, (HOSTILE,), HOSTILE, HOSTILE) for kind in Kind
        ),
    }
    chapter = Section(
        "delays",
        "1 " + HOSTILE,
        **body,
        tables=(table, folded),
        caveats=(Caveat(HOSTILE, HOSTILE),),
        figures=(
            Figure("fig", "counts_by_group", HOSTILE, HOSTILE, numbers, bars(HOSTILE), HOSTILE),
        ),
    )
    absent = Section("absent", "2 " + HOSTILE, because=HOSTILE)
    pairs = ((HOSTILE, HOSTILE),)
    cover = Cover(HOSTILE, "en", subtitle=HOSTILE, particulars=pairs, provenance=pairs)
    return bound([hostile_front(body["findings"][0], body["facts"][1]), chapter, absent], cover)


def hostile_front(finding: Finding, missing: Fact) -> Section:
    stake = AtStake(3, Unit.COUNT, HOSTILE, of=4)
    note = Note({"fr": HOSTILE}, HOSTILE)
    brief = Brief(HOSTILE, stake, HOSTILE, owes=HOSTILE, position=HOSTILE, note=note)
    briefed = dataclasses.replace(finding, brief=brief)
    front = Front(
        (HOSTILE,),
        (HOSTILE,),
        (briefed,),
        (Owing(Side.PROVIDER, HOSTILE, (briefed,)),),
        (briefed,),
        (missing,),
        (DecisionRow(HOSTILE, Side.BOTH, "", (stake,), (briefed.id,)),),
        HOSTILE,
        HOSTILE,
        (HOSTILE,),
        note,
        (Unplaced(HOSTILE, note),),
    )
    about = {"findings": (briefed,), "part": Part.FRONT, "front": front, "note": note}
    return Section("summary", HOSTILE, **about)


def demo(language: Language) -> str:
    """Return an invented page with what the shipped engagement lacks: absences and a long table.

    Its own words are English; those of the page, its numbers and its dates follow ``language``.
    """
    of_the_review: dict[str, Any] = {"shown_in": language, "time_zone": "Europe/Paris"}
    service = of_the_review | {"part": Part.SERVICE}
    unknown = Fact("satisfaction", "Satisfaction", None, Unit.TEXT, note="no survey was held")
    service_levels = Section(
        "service_levels",
        "Service levels",
        "Priority 2 incidents were resolved in time in 91.7 % of cases, under the 95 % agreed.",
        "Every ticket is measured under the terms in force when it was opened.",
        facts=DEMO_FACTS,
        findings=DEMO_FINDINGS,
        tables=demo_tables(),
        figures=(demo_figure(),),
        caveats=(Caveat("service_levels.june", "June is provisional: 41 tickets are running."),),
        note=DEMO_NOTE,
        **service,
    )
    absent = Section("satisfaction", "Satisfaction", because=unknown.note, **service)
    actions = Table("lessons.actions", "Actions", (Column("a", "Action"), Column("b", "Owner")), ())
    bare = Section("lessons", "Lessons and actions", tables=(actions,), **of_the_review)
    summary = Section(
        "summary",
        "Summary",
        "Priority 2 targets were missed in seven months of eighteen.",
        findings=DEMO_FINDINGS,
        figures=(dataclasses.replace(demo_figure(), id="summary.service_levels"),),
        part=Part.FRONT,
        front=demo_front(unknown),
        note=Note({"fr": "Les deux parties ont été **entendues**."}),
        **of_the_review,
    )
    particulars = (("Period", "1 Jan 2024 to 30 Jun 2025"), ("As of", "4 Jul 2025"))
    provenance = (("tickets.csv", "sha256 " + "0f" * 32),)
    cover = Cover("Close-out", language, "Europe/Paris", "A with B", particulars, provenance)
    return bound([service_levels, absent, bare, summary], cover, *of_analyst())


WIDE = "|".join(f" Column {number} " for number in range(15))
DEMO_NOTE = Note(
    {
        "en": f"# Heard\n\nBoth [parties](#lessons).\n\n|{WIDE}|\n|{'---:|' * 15}\n|{WIDE}|\n\n"
        f"```\n{'code ' * 60}\n```\n\n### On paper\n\n> {'word ' * 130}"
    },
    "the office",
)
BASIS: dict[str, Any] = {"clause": "Art. 5.2", "period": "2024", "source": "tickets.csv"}
DEMO_FACTS = (
    Fact("service_levels.met.P1", "In time, priority 1", 11 / 12, Unit.SHARE, 12,
         Interval(0.6461, 0.9851, "Wilson 95 %"), 0.95, False, **BASIS),
    Fact("service_levels.met.P3", "In time, priority 3", 0.9812, Unit.SHARE, 3904,
         Interval(0.9764, 0.985, "Wilson 95 %"), 0.9, True, **BASIS),
    Fact("service_levels.median", "Median time to resolve, in service hours, of the tickets that "
         "were resolved in it", 22_320, Unit.SECONDS, 5871, note="Half took longer.", **BASIS),
    Fact("service_levels.availability", "Availability", None, Unit.SHARE, note="no outage table"),
    Fact("service_levels.verdict", "Verdict", "Missed in seven months", Unit.TEXT),
)  # fmt: skip
DEMO_FINDINGS = (
    Finding("service_levels.P2", "Priority 2 incidents missed their target in seven months.",
            Kind.CONCERN, tuple(f"T-{100_000 + 37 * row}" for row in range(106)),
            "Apply clause 7.1 to the seven months, or record why it is waived.", "Art. 5.2"),
    Finding("service_levels.P3", "Priority 3 held in every month.", Kind.STRENGTH, ("T-100412",)),
    Finding("service_levels.reported", "Reports are 1.3 points higher on average.", Kind.NEUTRAL),
)  # fmt: skip


def demo_front(unknown: Fact) -> Front:
    stake = AtStake(106, Unit.COUNT, "tickets late", of=1812)
    brief = Brief("Priority 2 was missed in seven months.", stake, owes="an action plan")
    missed = dataclasses.replace(DEMO_FINDINGS[0], brief=brief)
    words = Note({"en": "Never late.", "fr": "Jamais en retard."})
    brief = Brief("priority 3 in every month", note=words)
    held = dataclasses.replace(DEMO_FINDINGS[1], brief=brief)
    row = DecisionRow("Apply the clause", Side.CLIENT, "2025-07-12", (stake,), (missed.id,))
    return Front(
        ("priority 3 held in every month",),
        ("priority 2 was missed in seven months",),
        (missed,),
        (Owing(Side.PROVIDER, "Nordiane", (missed,)), Owing(Side.CLIENT, "Valombre", ())),
        (held,),
        (unknown,),
        (row,),
        "Commitments met: 1 of 2.",
        "By weight.",
        ("Satisfaction",),
        Note({"fr": "Le support est tenu, sauf la priorité 2."}, "the office"),
        (Unplaced("service_levels.P4", words),),
    )


def demo_figure() -> Figure:
    name = "service_levels.by_month"
    columns = (Column("month", "Month", Unit.MONTH), Column("share", "In time", Unit.SHARE))
    rows = tuple((f"2024-{month:02}", 0.88 + month / 100) for month in range(1, 12))
    numbers = Table(name, "In time by month", columns, rows)
    drawn = bars(*(row[0] for row in rows))
    words = "In time, by month", "From 89 to 99 %."
    return Figure(name, "counts_by_group", *words, numbers, drawn, "tickets in time")


def demo_tables() -> tuple[Table, ...]:
    columns = (
        Column("ticket", "Ticket"),
        Column("title", "Title", quoted=True),
        Column("opened", "Opened", Unit.INSTANT),
        Column("elapsed", "Elapsed in service hours", Unit.SECONDS),
        Column("target", "Target", Unit.HOURS),
        Column("cost", "Cost", Unit.MONEY),
    )
    rows = tuple(
        (
            f"T-{100_000 + 37 * row}",
            "L'imprimante du 2e étage n'imprime plus" if row % 3 else HOSTILE,
            f"2024-{1 + row % 12:02}-{1 + row % 28:02}T08:{row % 60:02}:00+00:00",
            600.0 * row,
            8.0,
            None if row % 4 else 12.5,
        )
        for row in range(300)
    )
    note = "Titles are the users' own words."
    return (
        Table("service_levels.worst", "The five longest", columns, rows[:5], note),
        Table("service_levels.late", "Late tickets", columns, rows),
    )
