"""Who may know whom: the rules that keep the house simple."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
LIBRARY = REPO / "reviewlib"


def imports(path: Path) -> set[str]:
    """The modules that a file imports anywhere in it, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules(pattern: str) -> list[Path]:
    found = sorted(path for path in LIBRARY.glob(pattern) if path.name != "__init__.py")
    assert found, pattern
    return found


def knows(path: Path, *names: str) -> list[str]:
    return sorted(
        known for known in imports(path) if any(f"{known}.".startswith(f"{n}.") for n in names)
    )


@pytest.mark.parametrize("path", modules("metrics/*.py"), ids=lambda path: path.stem)
def test_metrics_know_neither_words_nor_charts_nor_sections(path: Path) -> None:
    forbidden = ("charts", "report", "wording", "review", "sections", "engagement", "publish")

    assert knows(path, *(f"reviewlib.{name}" for name in forbidden)) == []


@pytest.mark.parametrize("path", modules("sections/*.py"), ids=lambda path: path.stem)
def test_a_section_never_imports_another(path: Path) -> None:
    assert knows(path, "reviewlib.sections") == []


@pytest.mark.parametrize("path", modules("charts/*.py"), ids=lambda path: path.stem)
def test_charts_never_import_metrics_or_sections(path: Path) -> None:
    assert knows(path, "reviewlib.metrics", "reviewlib.sections") == []


def test_only_publish_knows_papermill_and_nbconvert() -> None:
    knowing = {path.name for path in modules("**/*.py") if knows(path, "papermill", "nbconvert")}

    assert knowing == {"publish.py"}


def test_only_engagement_layout_contract_and_importers_open_files() -> None:
    calls = {"open", "read_csv", "read_bytes", "read_text", "read_parquet", "read_excel", "ZipFile"}
    opening = set()
    for path in modules("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in calls:
                    opening.add(path.relative_to(LIBRARY).parts[0])

    # office.py packs again in memory the workbook that it made
    assert opening <= {"engagement.py", "layout.py", "contract", "importers", "office.py"}


def test_every_chapter_has_one_name_in_the_library_and_a_cell_of_the_notebook() -> None:
    notebook = json.loads((REPO / "notebooks" / "close_review.ipynb").read_text(encoding="utf-8"))
    code = "".join(
        "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"
    )
    for path in modules("sections/*.py"):
        assert f"sections.{path.stem}(" in code


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
