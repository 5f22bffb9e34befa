"""The changes that ``make mutants`` makes: each does something else, the same seed the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import Mutant, candidates


def changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> list[str]:
    """The mutants of a file with this code."""
    monkeypatch.setattr(mutants, "REPO", tmp_path)
    (tmp_path / "one.py").write_text(code, encoding="utf-8")
    source = code.encode()
    return [mutant.of(source).decode() for mutant in mutants.mutants(Path("one.py"))]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("late = days > 3", ["late = (days >= 3)", "late = days > 4"]),
        ("sum = a + b", ["sum = (a - b)"]),
        ("é = a and not b", ["é = (a or not b)", "é = a and (b)"]),
        ("x = f(-1)", ["x = f((1))", "x = f(-2)"]),
        ("def f(a: int = 0):\n    return a", ["def f(a: int = 1):\n    return a",
                                             "def f(a: int = 0):\n    return None"]),
        ("x = sorted(y, reverse=True)", ["x = sorted(y, reverse=False)"]),
        ("# Two of 3\nname = f'{1 + 1}'", []),
    ],
)  # fmt: skip
def test_a_mutant_differs_in_one_place_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, changed: list[str]
) -> None:
    assert changes(tmp_path, monkeypatch, code) == changed


def test_every_mutant_of_a_package_can_be_read_and_the_same_are_drawn_again() -> None:
    drawn = candidates(["calendars"])

    assert drawn == candidates(["calendars"])
    assert {mutant.package for mutant in drawn} == {"calendars"}
    for mutant in drawn:
        source = (mutants.REPO / mutant.path).read_bytes()
        assert ast.dump(ast.parse(mutant.of(source))) != ast.dump(ast.parse(source))


def test_the_tests_of_a_mutant_are_the_nearest_first_and_never_all() -> None:
    tests = mutants.tests_of(Path("reviewlib/money/penalties/late_days.py"))

    assert tests[:2] == ["tests/money/penalties", "tests/money"]
    assert "tests/pages/test_statement.py" in tests
    assert mutants.tests_of(Path("reviewlib/cli.py"))[0] == "tests/test_cli.py"
    assert Mutant(Path("reviewlib/cli.py"), 0, 0, "").package == "cli"
