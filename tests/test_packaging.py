"""The project installs from its own files: one list of dependencies, one lock, one wheel."""

from __future__ import annotations

import ast
import base64
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from reviewlib.pages import publish
from tests import closed

REPO = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
# conda-forge's name where it is another one: the library without window toolkits, the extra as a
# package of its own, and the Python package beside the system's one.
CONDA_NAMES = {
    "jupyter-client": "jupyter_client",
    "jupyter-scheduler": "jupyter_scheduler",
    "matplotlib": "matplotlib-base",
    "pandera": "pandera-pandas",
    "tzdata": "python-tzdata",
}


def declared(*extras: str) -> list[Requirement]:
    """The requirements of pyproject.toml: the core ones and those of some extras."""
    lists = [PROJECT["project"]["dependencies"]]
    lists += [PROJECT["project"]["optional-dependencies"][extra] for extra in extras]
    return [Requirement(line) for lines in lists for line in lines]


def locked() -> list[tuple[Requirement, list[str]]]:
    """The requirements of requirements.lock, each with its hashes."""
    text = (REPO / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    parts = [re.split(r"\s+--hash=", line.strip()) for line in lines]
    return [(Requirement(requirement), hashes) for requirement, *hashes in parts]


def conda_environment() -> list[str | dict[str, list[str]]]:
    """The dependencies of environment.yml, as they stand."""
    text = (REPO / "environment.yml").read_text(encoding="utf-8")
    lines: list[str | dict[str, list[str]]] = yaml.safe_load(text)["dependencies"]
    return lines


def test_the_conda_environment_has_the_packages_of_pyproject_within_the_same_bounds() -> None:
    lines = [Requirement(line) for line in conda_environment() if isinstance(line, str)]
    conda = {line.name: line.specifier for line in lines if line.name != "pip"}

    expected = {"python": SpecifierSet(PROJECT["project"]["requires-python"])}
    for requirement in declared("test"):
        name = canonicalize_name(requirement.name)
        expected[CONDA_NAMES.get(name, name)] = requirement.specifier
    assert conda == expected


def test_the_conda_environment_comes_from_conda_forge_and_installs_this_folder() -> None:
    environment = yaml.safe_load((REPO / "environment.yml").read_text(encoding="utf-8"))

    assert environment["channels"] == ["conda-forge"]
    assert environment["dependencies"][-2:] == ["pip", {"pip": ["-e ."]}]


def test_the_packages_that_the_project_is_made_of_are_in_both_lists() -> None:
    chosen = {"jupyterlab", "papermill", "pandas", "nbconvert", "seaborn", "pytest"}

    assert chosen <= {requirement.name for requirement in declared("test")}
    assert chosen <= {str(line).split()[0] for line in conda_environment()}


def imported() -> set[str]:
    """The top-level names that the library's own files import."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in REPO.glob("reviewlib/**/*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    absolute = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    names += [node.module or "" for node in absolute]
    return {name.partition(".")[0] for name in names}


def test_what_the_library_imports_is_declared_or_comes_with_something_declared() -> None:
    named = declared("office")
    lines = [line for each in named for line in importlib.metadata.requires(each.name) or []]
    brought = [each for each in map(Requirement, lines) if "extra" not in str(each.marker)]
    known = {canonicalize_name(each.name) for each in [*named, *brought]}

    providers = importlib.metadata.packages_distributions()
    foreign = imported() - {"reviewlib", *sys.stdlib_module_names}
    undeclared = [
        name for name in foreign if not known & {*map(canonicalize_name, providers.get(name, []))}
    ]
    assert "pandas" in foreign
    assert undeclared == []


def test_every_locked_package_is_pinned_to_one_version_with_its_hashes() -> None:
    loose = [
        str(requirement)
        for requirement, hashes in locked()
        if not re.fullmatch(r"==[^*,]+", str(requirement.specifier))
        or not hashes
        or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)
    ]

    assert len(locked()) > len(declared("test", "lint"))
    assert loose == []


def test_the_lock_has_every_declared_package_at_a_version_within_its_bounds() -> None:
    pins: dict[str, list[str]] = {}
    for requirement, _ in locked():
        version = str(requirement.specifier).removeprefix("==")
        pins.setdefault(canonicalize_name(requirement.name), []).append(version)

    build = [Requirement(line) for line in PROJECT["build-system"]["requires"]]
    outside = [
        f"{requirement}: locked at {versions or 'nothing'}"
        for requirement in [*declared("test", "lint"), *build]
        if not (versions := pins.get(canonicalize_name(requirement.name), []))
        or not all(requirement.specifier.contains(version) for version in versions)
    ]
    assert outside == []


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/browser/package-lock.json"])
def test_a_lock_names_no_index_and_no_download_address(lock: str) -> None:
    text = (REPO / lock).read_text(encoding="utf-8")

    assert re.findall(r"\w+://\S+|--(?:extra-)?index-url|--find-links|\"resolved\"", text) == []


def test_the_browser_tests_pin_every_package_with_its_hash() -> None:
    lock = json.loads((REPO / "tests/browser/package-lock.json").read_text(encoding="utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}

    assert {"node_modules/axe-core", "node_modules/playwright-core"} <= set(packages)
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def run(*command: str | Path, **options: object) -> str:
    """What a command prints; the test fails with all that it printed where it does not end well."""
    done = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, encoding="utf-8", check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"]
    run(*pip, "--no-build-isolation", "--wheel-dir", folder, REPO)
    (built,) = folder.glob("reviewlib-*.whl")
    return built


def travellers(folder: str, pattern: str) -> set[str]:
    """The files of a folder that belong in the wheel, without what running leaves behind."""
    found = (REPO / folder).rglob(pattern)
    return {
        path.relative_to(REPO).as_posix()
        for path in found
        if path.is_file() and not {".ipynb_checkpoints", "__pycache__"} & set(path.parts)
    }


def test_the_wheel_carries_the_templates_and_the_notebooks(wheel: Path) -> None:
    files = travellers("templates", "*") | travellers("notebooks", "*.ipynb")
    shipped = {f"reviewlib/_shipped/{name}" for name in files}

    names = zipfile.ZipFile(wheel).namelist()
    assert "notebooks/close_review.ipynb" in files
    assert shipped == {name for name in names if name.startswith("reviewlib/_shipped/")}


def test_the_wheel_carries_the_translations_and_every_file_of_the_library(wheel: Path) -> None:
    files = travellers("reviewlib", "*")

    names = set(zipfile.ZipFile(wheel).namelist())
    assert "reviewlib/locale/fr/LC_MESSAGES/reviewlib.mo" in names
    assert "reviewlib/review.schema.json" in names
    assert files - names == set()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The paths of a fresh environment: the wheel, and this one's packages that it depends on."""
    base = tmp_path_factory.mktemp("environment")
    venv.create(base, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths("venv", {"base": str(base), "platbase": str(base)})
    python = Path(paths["scripts"]) / Path(sys.executable).name
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    run(*pip, "--no-index", "--no-deps", wheel)
    # Python reads no .pth in a folder that a .pth names: the checkout does not come along.
    borrowed = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (Path(paths["purelib"]) / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return {**paths, "python": str(python)}


def bare_environment() -> dict[str, str]:
    """The variables of this process without those that lead back to its own packages."""
    own = {"PYTHONPATH", "VIRTUAL_ENV"}
    kept = {name: text for name, text in os.environ.items() if name not in own}
    # Jupyter's templates and kernels are files of the environment that lends the packages.
    return {**kept, "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter")}


def test_the_installed_wheel_reviews_the_sample_in_english_as_the_checkout_does_in_both_languages(
    installed: dict[str, str], sample_review: Path, tmp_path: Path
) -> None:
    """Another run, from another folder, of another copy of the library: the same bytes.

    The French page alone: tests/pages/test_publish.py. Both by another copy of the library: the
    review of a notebook that was run, which needs no kernel.
    """
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    options = {"cwd": elsewhere, "env": bare_environment()}
    probe = (
        "import json, sys, reviewlib; from reviewlib.files import resource; "
        "print(json.dumps({'library': reviewlib.__file__, 'path': sys.path, "
        "'templates': str(resource('templates')), 'notebooks': str(resource('notebooks'))}))"
    )

    seen = json.loads(run(installed["python"], "-c", probe, **options))
    command = Path(installed["scripts"]) / "reviewlib"
    asked = ["--language", "en", "--output", tmp_path / "en"]
    run(command, "close", REPO / "data" / "sample", *asked, **options)
    asked = ["--language", "fr,en", "--output", tmp_path / "both"]
    run(command, "publish", sample_review / publish.NOTEBOOK, *asked, **options)

    assert str(REPO) not in seen["path"]
    for part in ("library", "templates", "notebooks"):
        assert Path(seen[part]).is_relative_to(installed["purelib"]), part
    closed.same_alone(tmp_path / "en", sample_review, "en")
    first, again = map(closed.files, (sample_review, tmp_path / "both"))
    assert again.keys() == {publish.PAGE, "review.en.html", publish.VALUES, publish.NOTEBOOK}
    assert again == {name: first[name] for name in again}


TEMPLATE = "share/jupyter/nbconvert/templates/reviewlib/"


def test_nbconvert_makes_the_page_with_the_template_that_was_installed(
    installed: dict[str, str], sample_review: Path, tmp_path: Path
) -> None:
    """To the byte, once the page is written as nbconvert writes any: by BeautifulSoup."""
    notebook, options = tmp_path / "out.ipynb", {"cwd": tmp_path, "env": bare_environment()}
    shutil.copy(sample_review / "review.ipynb", notebook)
    command = (installed["python"], "-m", "nbconvert", "--to", "html", "--template", "reviewlib")

    run(*command, notebook, **options)
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    own = (sample_review / "review.html").read_text(encoding="utf-8")
    assert page == str(BeautifulSoup(own, "html.parser"))
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in page

    notebook.write_bytes((REPO / "notebooks" / "close_review.ipynb").read_bytes())
    words = [*command, notebook]
    done = subprocess.run(words, check=False, capture_output=True, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 1
    assert "was not run" in done.stderr


def test_an_editable_install_brings_the_template_too(tmp_path: Path) -> None:
    build = f"import hatchling.build as b; print(b.build_editable({str(tmp_path)!r}))"
    name = run(sys.executable, "-c", build, cwd=REPO).strip()

    names = zipfile.ZipFile(tmp_path / name).namelist()
    files = {one.partition("/data/")[2] for one in names if TEMPLATE in one}
    assert files == {f"{TEMPLATE}conf.json", f"{TEMPLATE}index.html.j2"}


def test_a_missing_part_skips_a_test_and_fails_it_where_every_test_has_to_run(
    require: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-part is not here; build one"):
        require("no-such-part", "build one")

    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-part is not here; build one"):
        require("no-such-part", "build one")
