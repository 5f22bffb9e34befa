"""Do the tests see a change of what the code does? ``make mutants`` changes a copy, and asks.

Each mutant differs from the code in one place: an operator, a comparison, a number, a truth, a
condition, a value that is returned. The tests of its package run on it, nearest first; it is killed
where one fails, and survives where all pass. The same seed on the same code gives the same mutants.
"""

from __future__ import annotations

import argparse
import ast
import copy
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
LEFT_OUT = (".git", ".venv", "build", "dist", "node_modules", "__pycache__", ".*_cache")
ELSEWHERE = ("tests/browser", "tests/bench")  # run by other commands
SLACK = 120  # seconds beyond three times what the tests take on the code as it is: a hang
EXCHANGED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of a file: the text that stands between two places of its bytes."""

    path: Path  # below the checkout
    start: int
    end: int
    text: str

    @property
    def package(self) -> str:
        """The package of the library, or the loose module, that is changed."""
        return self.path.parts[1].removesuffix(".py")

    def of(self, source: bytes) -> bytes:
        """Return the file with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]


# --- What is changed


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file, in the order of its places."""
    source = (REPO / path).read_bytes()
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for node in _running(ast.parse(source)):
        for text in _changed(node):
            start = lines[node.lineno - 1] + node.col_offset
            end = lines[node.end_lineno - 1] + node.end_col_offset
            yield Mutant(path, start, end, text)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: no annotations, nothing for type checkers, no f-strings."""
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns", "decorator_list"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _running(child)


def _changed(node: ast.AST) -> Iterator[str]:
    """Yield the texts that may stand in the place of a node and do something else."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in EXCHANGED:
            other = ast.Compare(node.left, [EXCHANGED[type(op)]()], node.comparators)
            yield f"({ast.unparse(other)})"
        case ast.BinOp(op=op) | ast.BoolOp(op=op) if type(op) in EXCHANGED:
            other = copy.copy(node)
            other.op = EXCHANGED[type(op)]()
            yield f"({ast.unparse(other)})"
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub(), operand=operand):
            yield f"({ast.unparse(operand)})"
        case ast.Constant(value=bool(truth)):
            yield str(not truth)
        case ast.Constant(value=int() | float() as number):
            yield str(number + 1)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield f"({ast.unparse(ast.IfExp(test=test, body=orelse, orelse=body))})"
        case ast.Return(value=ast.AST() as value) if not isinstance(value, ast.Constant):
            yield "return None"
        case ast.Continue():
            yield "break"


def candidates(packages: list[str]) -> list[Mutant]:
    """Return every mutant of these packages of the library, of all where none is named."""
    found = [mutant for path in files("reviewlib/**/*.py") for mutant in mutants(path)]
    return [mutant for mutant in found if not packages or mutant.package in packages]


# --- Which tests should see it


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return what a file, below the checkout, imports by ``from``: modules, and names of them."""
    nodes = ast.walk(ast.parse((REPO / path).read_bytes()))
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return frozenset(f"{node.module}.{alias.name}" for node in froms for alias in node.names)


def _mirror(path: Path) -> Path:
    """Return where the tests of a file of the library stand."""
    below = Path("tests", *path.parts[1:])
    return below.with_name(f"test_{below.name}")


def tests_of(path: Path) -> list[str]:
    """Return the tests that touch the package of a file, nearest first.

    Those of its own, of its chapter and of its wing, else of the modules that import it; then
    those that import the package.
    """
    name = f"reviewlib.{path.parts[1].removesuffix('.py')}"
    near = [_mirror(path)]
    if len(path.parts) > 2:
        near += [_mirror(path).parent, Path("tests", path.parts[1])]
    else:
        near += [_mirror(one) for one in files("reviewlib/**/*.py") if _touches(one, name)]
    near = [one for one in near if (REPO / one).exists()]
    far = [test for test in files("tests/**/test_*.py") if _touches(test, name)]
    left_out = (*near, *map(Path, ELSEWHERE))
    others = [test for test in far if not any(test.is_relative_to(one) for one in left_out)]
    return [one.as_posix() for one in dict.fromkeys([*near, *others])]


def _touches(path: Path, module: str) -> bool:
    return any(f"{name}.".startswith(f"{module}.") for name in _imports(path))


def files(pattern: str) -> list[Path]:
    """Return the files of the checkout with such names, in their order."""
    return sorted(path.relative_to(REPO) for path in REPO.glob(pattern))


# --- Running them, in a copy


def run(tree: Path, tests: list[str], seconds: float | None = None) -> bool:
    """Return whether tests pass in a copy of the checkout; those that hang do not."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0"]
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *options, *tests]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=tree, env=environment, **quiet) as running:
        try:
            return running.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            running.kill()
            return False


def copied(place: Path) -> Path:
    """Return a copy of the checkout, with the public data that stand beside it."""
    tree = place / "reviewlib"
    shutil.copytree(REPO, tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
    beside = REPO.parent / "shared"
    if beside.exists():
        (place / "shared").symlink_to(beside.resolve(), target_is_directory=True)
    return tree


def outcomes(sample: list[Mutant], tree: Path) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant and whether it is killed, and print it."""
    times: dict[tuple[str, ...], float] = {}
    for number, mutant in enumerate(sample, start=1):
        tests = tests_of(mutant.path)
        if tests and tuple(tests) not in times:
            begun = time.monotonic()
            if not run(tree, tests):
                sys.exit(f"Tests fail on the code as it is: {' '.join(tests)}")
            times[tuple(tests)] = time.monotonic() - begun
        source = (tree / mutant.path).read_bytes()
        (tree / mutant.path).write_bytes(mutant.of(source))
        killed = bool(tests) and not run(tree, tests, 3 * times[tuple(tests)] + SLACK)
        (tree / mutant.path).write_bytes(source)
        line = source[: mutant.start].count(b"\n") + 1
        word = "killed" if killed else "SURVIVED"
        print(f"{number}/{len(sample)} {word} {mutant.path.as_posix()}:{line}", flush=True)
        yield mutant, killed


def difference(mutant: Mutant) -> str:
    """Return a mutant as a diff."""
    source = (REPO / mutant.path).read_bytes()
    before, after = (text.decode().splitlines(True) for text in (source, mutant.of(source)))
    name = mutant.path.as_posix()
    return "".join(difflib.unified_diff(before, after, name, name, n=2))


def main() -> None:
    """Change, test, and print the survivors and the share killed by package."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which mutants are drawn")
    parser.add_argument("--number", type=int, default=20, help="how many; 0 for all")
    parser.add_argument("packages", nargs="*", help="money, contract, service, …; default: all")
    options = parser.parse_args()
    found = candidates(options.packages)
    if not found:
        parser.error(f"nothing to change in {' '.join(options.packages)}")
    number = min(options.number or len(found), len(found))
    sample = random.Random(options.seed).sample(found, number)
    results: list[tuple[Mutant, bool]] = []
    try:
        with tempfile.TemporaryDirectory(prefix="mutants-") as place:
            for outcome in outcomes(sample, copied(Path(place))):
                results.append(outcome)  # those before a Ctrl-C count
    except KeyboardInterrupt:
        print(f"Stopped after {len(results)} of {number}.")
    summarise(results)
    print(f"Drawn with seed {options.seed} from {len(found)} possible.")


def summarise(results: list[tuple[Mutant, bool]]) -> None:
    """Print the survivors as diffs, and the share killed by package."""
    for mutant, killed in results:
        if not killed:
            print(f"\n{difference(mutant)}", end="")
    print("\nKilled by the tests:")
    for package in sorted({mutant.package for mutant, _ in results}):
        of_package = [killed for mutant, killed in results if mutant.package == package]
        k, n = sum(of_package), len(of_package)
        print(f"{package:12} {k:4} of {n:4}  {k / n:6.1%}")


if __name__ == "__main__":
    main()
