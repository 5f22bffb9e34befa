"""Who may know whom: the rules that keep the house simple (MAINTAINING.md tells why)."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from reviewlib.charts import forms as charts
from reviewlib.delivery.milestones.chapter import milestones
from reviewlib.report.chart_forms import ChartForm
from tests.sample import sample_of

REPO = Path(__file__).resolve().parents[1]
LIBRARY = REPO / "reviewlib"
WINGS = ("engagement", "delivery", "money", "service", "people", "lessons")
FREE = ("engagement", "lessons")  # which may stand on any wing
STANDS_ON = {"delivery": (), "service": (), "people": (), "money": ("delivery", "service")}
LOOSE = 12
AT_HAND = {"said", "told", "found", "mine", "seen", "known", "each", "worded", "asked"}


def module(path: Path) -> str:
    parts = path.relative_to(REPO).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {module(path): path for path in sorted(LIBRARY.rglob("*.py"))}


@cache
def imports(name: str) -> frozenset[str]:
    """The modules of the library and others that a module imports, inside functions too.

    What stands under TYPE_CHECKING is known by name alone and does not count.
    """
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    named: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, name
            assert node.level == 0, f"{name}: imports are absolute"
            named |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return frozenset(named)


def knows(name: str, *others: str) -> list[str]:
    """The imports of a module that are one of these modules, or stand in one of them."""
    return sorted(
        found for found in imports(name) if any(f"{found}.".startswith(f"{o}.") for o in others)
    )


def within(*packages: str) -> list[str]:
    found = [name for name in MODULES for p in packages if f"{name}.".startswith(f"reviewlib.{p}.")]
    assert found, packages
    return found


def of_library(*names: str) -> tuple[str, ...]:
    return tuple(f"reviewlib.{name}" for name in names)


CHAPTERS = [name for name in within(*WINGS) if name.endswith(".chapter")]
WORDS = (
    *("words", "grounds_words", "reading_words", "rule_words", "legal_words", "miss_words"),
    "state_words",
    *("tables", "charts", "statement", "defects", "decisions", "causes", "defaults", "verdicts"),
    *("nothing_due", "running", "standing", "paid_beyond"),
    *("pauses", "plans", "received"),
    *("front", "of_period", "ranking", "subjects", "to_decide"),
)  # of a chapter
OF_WINGS = (
    *(
        "results",
        "words",
        "acceptance_words",
        "decision_words",
        "clauses",
        "days_off",
    ),
    *("rows_set_aside", "left_out_words", "extraction", "basis", "shares"),
)  # what knows words
METRICS = [
    name
    for name in within(*WINGS)
    if not MODULES[name].name.startswith("__")
    and name.rpartition(".")[2] not in ("chapter", *(WORDS if name.count(".") == 3 else OF_WINGS))
]


@pytest.mark.parametrize("name", METRICS)
def test_metrics_know_neither_charts_report_review_nor_pages(name: str) -> None:
    assert knows(name, *of_library("charts", "report", "review", "pages", "folder")) == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_never_imports_another(name: str) -> None:
    assert [found for found in knows(name, *CHAPTERS) if found != name] == []


@pytest.mark.parametrize("wing", STANDS_ON)
def test_a_wing_stands_on_those_that_it_may_and_on_no_other(wing: str) -> None:
    others = [other for other in WINGS if other not in (wing, *STANDS_ON[wing])]
    known = {name: knows(name, *of_library(*others)) for name in within(wing)}

    assert {name: found for name, found in known.items() if found} == {}


def test_only_pages_and_the_command_line_know_pages() -> None:
    others = [name for name in MODULES if not name.startswith(("reviewlib.pages", "reviewlib.cli"))]

    assert {name: found for name in others if (found := knows(name, *of_library("pages")))} == {}


def test_only_pages_know_templates_translations_papermill_and_nbconvert() -> None:
    tools = ("papermill", "nbconvert", "nbclient", "nbformat", "jinja2", "babel", "gettext")
    knowing = {name for name in MODULES if knows(name, *tools)}

    assert {name for name in knowing if not name.startswith("reviewlib.pages.")} == set()
    assert {name for name in MODULES if knows(name, "papermill", "nbconvert")} == {
        "reviewlib.pages.converted",
        "reviewlib.pages.execution",
        "reviewlib.pages.publish",
    }


def test_charts_know_neither_wings_review_nor_folder() -> None:
    for name in within("charts"):
        assert knows(name, *of_library(*WINGS, "review", "folder", "pages")) == []


def test_the_review_and_the_report_know_no_wing() -> None:
    for name in ("reviewlib.review", "reviewlib.memo", *within("report")):
        assert knows(name, *of_library(*WINGS)) == []


def test_no_import_closes_a_circle_also_not_inside_functions() -> None:
    edges = {
        name: {found for found in imports(name) if found in MODULES} - {name} for name in MODULES
    }
    assert list(circles(edges)) == []


def circles(edges: dict[str, set[str]]) -> Iterator[list[str]]:
    """The modules that are left when those that import none of the others are taken away."""
    left = dict(edges)
    while ends := [name for name, known in left.items() if not known & left.keys()]:
        left = {name: known for name, known in left.items() if name not in ends}
    if left:
        yield sorted(left)


def test_only_folder_contract_pages_and_the_aliases_open_files() -> None:
    calls = {"open", "read_csv", "read_bytes", "read_text", "read_parquet", "read_excel", "ZipFile"}
    opening = set()
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in calls:
                    opening.add(name)

    # pages read the templates, and the PDF of a browser; workbooks are unpacked in memory
    assert {name for name in opening if not name.startswith("reviewlib.folder.")} == {
        "reviewlib.files",
        "reviewlib.contract.rulepacks",
        "reviewlib.contract.source",
        "reviewlib.contract.written",
        "reviewlib.pages.blank_workbook",
        "reviewlib.pages.pdf",
        "reviewlib.pages.scaffold",
        "reviewlib.pages.workbook",
        "reviewlib.sheets.opening",
        "reviewlib.sheets.xlsx",
        "reviewlib.tables.aliases",
    }


def test_at_most_a_dozen_files_lie_loose() -> None:
    assert len({p.name for p in LIBRARY.glob("*.py")} - {"__init__.py"}) <= LOOSE


def test_a_figure_names_a_form_of_the_charts() -> None:
    forms = {name for name in charts.__all__ if name.islower()}

    assert set(get_args(ChartForm)) == forms


def test_every_chapter_has_a_cell_of_a_notebook() -> None:
    notebooks = [
        json.loads((REPO / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        for name in ("close_review", "quarterly_review")
    ]
    code = "".join(
        "".join(cell["source"])
        for notebook in notebooks
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    )
    for name in CHAPTERS:
        folder = name.removesuffix(".chapter")
        assert f"from {folder} import chapter" in code
        assert re.search(rf"chapter\.{folder.rpartition('.')[2]}[(,]", code)


def test_what_the_notes_of_the_notebook_name_can_be_looked_at() -> None:
    notebook = json.loads((REPO / "notebooks" / "close_review.ipynb").read_text(encoding="utf-8"))
    notes = "".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")
    named = re.findall(r"`((?:review|milestones|delivery|service|money)\.[^`]+)`", notes)
    parts = {part: import_module(f"reviewlib.{part}") for part in ("delivery", "service", "money")}
    for part in parts:
        import_module(f"reviewlib.{part}.results")
    assert len(named) > 15
    for expression in named:
        eval(expression, {"review": sample_of(), "milestones": milestones(sample_of()), **parts})


def test_the_notebook_is_committed_without_outputs_definitions_or_loops() -> None:
    notebook = json.loads((REPO / "notebooks" / "close_review.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", ())]

    assert len(tagged) == 1
    for cell in cells:
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
        tree = ast.parse("".join(cell["source"]))
        assert not [
            n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.For | ast.While)
        ]


def test_no_two_classes_have_one_name() -> None:
    names = [
        node.name
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]

    assert sorted(name for name in {*names} if names.count(name) > 1) == []


def stored_names(tree: ast.Module) -> Iterator[str]:
    """What a module names: variables, fields, parameters and functions, but the pen's verb each."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.arg():
                yield node.arg
            case ast.FunctionDef() if node.name != "each":
                yield node.name


def test_no_value_is_named_by_a_word_for_whatever_is_at_hand() -> None:
    offenders = {
        f"{name}: {stored}"
        for name, path in MODULES.items()
        for stored in stored_names(ast.parse(path.read_text(encoding="utf-8")))
        if stored.strip("_") in AT_HAND
    }

    assert sorted(offenders) == []
