# Needs GNU make and Python 3.11 or newer, nothing else. Everything is installed in .venv, from requirements.lock.

PYTHON ?= python3
# More words for the tool behind a target: make test ARGS="-k clock", make lock ARGS=--upgrade
ARGS ?=

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PY := $(BIN)/python
STAMP := .venv/.installed

.PHONY: help env review test properties fuzz lint bench mutants messages docs pictures lock clean

help:
	@echo "make review   render the shipped engagement, French and English, in build/review"
	@echo "make test     run the tests"
	@echo "make properties  try what always holds on many more examples (TIMES=100; 20 by default), drawn anew"
	@echo "make fuzz     read mutated folders and write their chapters (MINUTES=60 for an hour; 3 by default)"
	@echo "make lint     ruff on Python and notebooks, mypy --strict on reviewlib"
	@echo "make bench    measure the clock and the review beside other ways of doing the same"
	@echo "make mutants  change the code in 20 places of a copy, and print which changes no test sees"
	@echo "              (ARGS=\"--seed 2 --number 100 money service\": others, more, these packages)"
	@echo "make messages gather the words to translate in reviewlib/locale, and compile the translations"
	@echo "make docs     write what is generated in docs: the columns, the commands, the rule packs"
	@echo "make pictures draw the front of the shipped engagement for the README, by the system's Chromium"
	@echo "make lock     write requirements.lock again from pyproject.toml (ARGS=--upgrade for newer versions)"
	@echo "make clean    remove what these built, the environment excepted"
	@echo "Each builds the environment first, once; PYTHON=... names the Python to build it with."

env: $(STAMP)

# What is already installed is not fetched again, so this works offline after the first time.
$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c "import sys; v = sys.version.split()[0]; sys.exit(sys.version_info < (3, 11) and f'reviewlib needs Python 3.11 or newer and this one is {v}: name another, as in make PYTHON=python3.12')"
	"$(PYTHON)" -m venv .venv
	@echo "Installing requirements.lock in .venv: a minute or more the first time"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(PY) -c "import pathlib; pathlib.Path('$@').touch()"

review: env
	$(BIN)/reviewlib close data/sample --language fr,en --output build/review

test: env
	$(PY) -m pytest --numprocesses auto --dist loadfile $(ARGS)

# What fails is printed with the least change that does it, and is tried first the next time.
TIMES ?= 20

properties: export PROPERTY_TIMES := $(TIMES)
properties: env
	$(PY) -m pytest --numprocesses auto -m hypothesis $(ARGS)

MINUTES ?= 3

fuzz: export FUZZ_MINUTES := $(MINUTES)
fuzz: env
	$(PY) -m pytest tests/fuzz -o "python_files=fuzz_*.py" --capture=no $(ARGS)

lint: env
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

# The libraries measured beside ours are no part of the environment: fetched at the first bench.
.venv/.rivals: $(STAMP)
	@$(PY) -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	@$(PY) -c "import pathlib; pathlib.Path('$@').touch()"

bench: .venv/.rivals
	$(PY) -m pytest tests/bench -o "python_files=bench_*.py" $(ARGS)

mutants: env
	$(PY) -m tests.mutants $(ARGS)

# English stands in the code itself; French is the catalogue.
CATALOGUE := reviewlib/locale/fr/LC_MESSAGES/reviewlib.po

messages: env
	@$(PY) -c "import pathlib; pathlib.Path('build').mkdir(exist_ok=True)"
	$(BIN)/pybabel -q extract -F pyproject.toml -k N_ -k n_:1,2 --no-location --sort-output --omit-header -o build/reviewlib.pot .
	$(BIN)/pybabel -q update -i build/reviewlib.pot -o $(CATALOGUE) -l fr --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -i $(CATALOGUE) -o $(CATALOGUE:.po=.mo)

docs: env
	$(PY) -m tests.docs

pictures: env
	$(PY) -m tests.pictures

# One version of each package for every Python and platform: the numbers of a review do not hang on the machine.
lock:
	"$(PYTHON)" -m venv build/lock
	build/lock/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check uv
	build/lock/$(notdir $(BIN))/uv pip compile pyproject.toml --extra test --extra lint --output-file requirements.lock \
		--universal --python-version 3.11 --fork-strategy fewest --only-binary :all: --generate-hashes \
		--no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet $(ARGS)

clean:
	@"$(PYTHON)" -c "import pathlib, shutil; [shutil.rmtree(p, ignore_errors=True) for p in map(pathlib.Path, ['build', 'dist', '.pytest_cache', '.ruff_cache', '.mypy_cache', '.hypothesis', '.benchmarks'])]"
