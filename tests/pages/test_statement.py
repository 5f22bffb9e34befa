"""The statement of penalties: a page and a workbook that the other party answers."""

from __future__ import annotations

import base64
import builtins
import hashlib
import os
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reviewlib import files
from reviewlib.faults import ReviewError
from reviewlib.money.penalties import metrics
from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.statement import statement
from reviewlib.pages.spoken import spoken
from reviewlib.pages.statement import write_statement
from reviewlib.pages.wording import Wording
from reviewlib.report.values import Fact, Section
from reviewlib.review import open_review
from tests.conftest import REPO
from tests.money.penalties.test_chapter import HOSTILE, MILESTONES, RULES, fact
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of

Folder = Callable[..., Path]
Run = Callable[..., Any]
SAMPLE = REPO / "data" / "sample"
PAGE, WORKBOOK = "penalties.html", "penalties.xlsx"
LANGUAGES = ("fr", "en")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The statement of the shipped sample in both languages."""
    folders = {}
    for language in LANGUAGES:
        folders[language] = tmp_path_factory.mktemp(f"statement-{language}")
        write_statement(SAMPLE, folders[language], language=language)
    return folders


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    return {language: chapter_of(penalties, sample_of(language=language)) for language in LANGUAGES}


class Read(HTMLParser):
    """Tags, attributes and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] != "style" and data.strip():
            self.words.append(" ".join(data.split()))


def page(folder: Path) -> str:
    return (folder / PAGE).read_text(encoding="utf-8")


def book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / WORKBOOK)


def columns(sheet: Any, heading: int = 2) -> dict[str, int]:
    """The place of each column, by its heading."""
    return {cell.value: cell.column for cell in sheet[heading] if cell.value}


def summed(sheet: Any, place: int, nth: int = 0) -> Decimal:
    """What the nth formula of a column adds up to, worked out from the cells that it names."""
    cells = [sheet.cell(row, place) for row in range(1, sheet.max_row + 1)]
    formula = [cell.value for cell in cells if cell.data_type == "f"][nth]
    formula_parts = re.fullmatch(r"=SUM\(([A-Z]+)(\d+):\1(\d+)\)", formula)
    assert formula_parts
    named = sheet[f"{formula_parts[1]}{formula_parts[2]}:{formula_parts[1]}{formula_parts[3]}"]
    return sum((Decimal(str(cell.value)) for (cell,) in named if cell.value is not None), Decimal())


# -------------------------------------------------------------------------------------- the sample


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_writes_a_page_and_a_workbook_and_nothing_else(
    sample: dict[str, Path], language: str
) -> None:
    assert sorted(path.name for path in sample[language].iterdir()) == [PAGE, WORKBOOK]


def amount(fact: Fact, high: bool) -> Decimal:
    """The amount of a fact, or that end of its range."""
    if fact.interval is None:
        return Decimal(str(fact.value))
    return Decimal(str(fact.interval.high if high else fact.interval.low))


def totals_row(sheet: Any, heading: str) -> int:
    """The row in which the headings of the totals stand: the last that begins so."""
    return max(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == heading)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_sums_by_state_and_its_sums_are_those_of_the_chapter(
    sample: dict[str, Path], sections: dict[str, Section], language: str
) -> None:
    """3,990 paid, 10,240 disputed, 10,070 or 9,450 undecided; 687.47 of the client is due."""
    words = {
        "fr": ("payé", "décidé et en litige", "non décidé", "dû sans rappel"),
        "en": ("paid", "decided and disputed", "not decided", "due without a reminder"),
    }[language]
    high = {"fr": "Avec ce qui est contesté ou ouvert", "en": "With what is contested or open"}
    section, sheets = sections[language], book(sample[language])
    for party, debtor, states in (
        ("Nordiane Services", "provider", ("paid", "disputed", "undecided", "")),
        ("Valombre Distribution", "client", ("", "", "", "due")),
    ):
        sheet = sheets[party]
        heading = totals_row(sheet, "Clause")
        places = columns(sheet, heading)
        stated = dict(zip(words, states, strict=True)) | {high[language]: "undecided"}
        for word, state in stated.items():
            if word not in places:
                assert not state or debtor == "client"
                continue
            column = [sheet.cell(row, places[word]) for row in range(heading, sheet.max_row + 1)]
            (formula,) = (cell.value for cell in column if cell.data_type == "f")
            amounts = [Decimal(str(c.value)) for c in column if c.data_type == "n" and c.value]
            due = fact(section, f"{debtor}.{state}")
            # on the sample what is contested and counted leaves less: the lower end of the range
            assert sum(amounts) == amount(due, high=word != high[language]), word
            letter = column[0].column_letter
            last = heading + (5 if debtor == "provider" else 1)
            assert formula == f"=SUM({letter}{heading + 1}:{letter}{last})"


def test_the_workbook_never_sums_lines_of_different_states(sample: dict[str, Path]) -> None:
    """Net amounts: paid 240 + 1,000 + 1,500; disputed 8,640; undecided 10,070; waived nothing."""
    sheet = book(sample["en"])["Nordiane Services"]
    place = columns(sheet)["Net amount"]
    assert [summed(sheet, place, nth) for nth in range(4)] == [2_740, 8_640, 10_070, 0]


def test_every_line_stands_in_both_files_with_its_clause_and_its_computation(
    sample: dict[str, Path],
) -> None:
    read, sheet = Read(page(sample["en"])), book(sample["en"])["Nordiane Services"]
    words = " ".join(read.words)
    about, computed = (columns(sheet)[name] for name in ("About", "Computation"))
    lines = [
        (sheet.cell(row, about).value, formula)
        for row in range(3, sheet.max_row + 1)
        if " = " in (formula := str(sheet.cell(row, computed).value))
    ]

    assert len(lines) == 24
    assert ("M1 · End of the transition", "€24,000 × 10 days × 1/1,000 = €240") in lines
    for subject, formula in lines:
        assert subject in words, subject
        assert " ".join(formula.split()) in words, formula
    assert sum(tag == "li" for tag, _ in read.tags) == 24 + 3 + 1  # PEN7, of nothing computed


def test_each_line_says_what_was_decided_and_each_party_what_was_not(
    sample: dict[str, Path],
) -> None:
    """M4 is disputed at 10,240, the outage of December waived; 687.47 of the client is due."""
    words = " ".join(Read(page(sample["en"])).words)

    assert "Status disputed Amount decided €10,240" in words
    assert "Waived €1,600 Net amount €0 Status waived Amount decided €0" in words
    assert "not decided 15 — €10,070 €9,450" in words
    assert "due without a reminder 3 — €687.47 —" in words
    assert "Status due without a reminder, no payment recorded" in words


def test_a_decision_on_nothing_computed_is_a_line_that_may_be_answered(
    sample: dict[str, Path],
) -> None:
    """Paid: PEN1 240, PEN3 1,500, PEN4 2,000 and PEN7 250 for D4, which was in time: 3,990."""
    words = " ".join(Read(page(sample["en"])).words)
    sheet = book(sample["en"])["Nordiane Services"]

    assert (
        "D4 Fact the tables show nothing due for it Net amount €0 Status paid "
        "Amount decided €250 Observations of the other party"
    ) in words
    assert summed(sheet, columns(sheet)["Amount decided"]) == 3990
    assert summed(sheet, columns(sheet)["Net amount"]) == 240 + 1000 + 1500


def test_the_statement_says_what_was_paid_beyond_what_is_spared_and_what_is_not_final(
    sample: dict[str, Path],
) -> None:
    """PEN3 500, PEN4 500, PEN7 250 beyond what is computed; PEN6 bears no amount notified."""
    words = " ".join(Read(page(sample["en"])).words)

    assert "€1,250 was paid by the provider beyond what is computed: PEN3 €500, PEN4" in words
    assert "What the ramp-up spares, within the caps:" in words
    assert "within the free ones, nothing due:" in words
    assert "Not final, more may follow after 4 Jul 2025: " in words
    assert "Status notified; the amount notified is not recorded" in words
    assert "It is below zero where under the shared cap it would then come to more" in words


def test_what_belongs_together_in_two_amounts_is_said_on_the_page(sample: dict[str, Path]) -> None:
    """M5: 960 after 8,640 for M4, and nothing after 9,760, which uses up the cap."""
    words = " ".join(Read(page(sample["en"])).words)

    assert "Net amount €960; €0 where what is contested or open counts" in words
    assert "The second amount counts contested days too, and tickets open" in words
    assert "Amounts in different states are not added up." in words
    assert "Amounts are without taxes." in words
    assert "21,450" not in words


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ["Projet de décompte", "À la charge de Nordiane Services",
                "Observations de l’autre partie", "Ce décompte ne décide de rien",
                "Retard d’un jalon", "10\u202f070"]),
        ("en", ["Proposed statement of penalties", "Chargeable to Nordiane Services",
                "Observations of the other party", "This statement decides nothing",
                "Delay of a milestone", "10,070"]),
    ],
)  # fmt: skip
def test_it_speaks_the_language_that_is_asked_for(
    sample: dict[str, Path], language: str, expected: list[str]
) -> None:
    written = page(sample[language])

    assert f'<html lang="{language}">' in written
    assert [words for words in expected if words not in written] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_runs_nothing_and_loads_nothing(sample: dict[str, Path], language: str) -> None:
    written = page(sample[language])
    read = Read(written)
    names = [tag for tag, _ in read.tags]

    assert not {"script", "iframe", "object", "embed", "link", "img", "form", "base", "a"} & {
        *names
    }
    for tag, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not {"src", "href", "action", "srcset", "style"} & {*attributes}, tag
    text = re.sub(r"sha256-[\w+/=]+", "", written)  # a hash may hold "//" by chance
    assert not re.search(r"https?://|//[a-z]|@import|url\((?!['\"]?data:)", text)


def test_the_page_has_the_policy_of_the_review_s_page_with_the_hash_of_its_own_style(
    sample: dict[str, Path],
) -> None:
    written = page(sample["fr"])
    place = re.compile(r'Content-Security-Policy" content="([^"]+)"')
    style = re.search(r"<style>(.*?)</style>", written, re.DOTALL)
    policies, review = (
        place.search(text)
        for text in (written, (REPO / "templates/review/index.html.j2").read_text("utf-8"))
    )
    assert style
    assert policies
    assert review
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()

    assert policies[1] == review[1].replace("{{ review.style_hash }}", digest)
    assert policies[1].startswith("default-src 'none'; ")


def test_the_same_folder_gives_the_same_bytes(sample: dict[str, Path], tmp_path: Path) -> None:
    write_statement(SAMPLE, tmp_path, language="en")

    for name in (PAGE, WORKBOOK):
        assert (tmp_path / name).read_bytes() == (sample["en"] / name).read_bytes(), name


def test_the_verb_prints_the_two_files_and_writes_beside_the_engagement_by_default(
    run: Run, engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)

    done = run("penalties", folder)

    target = folder / "penalties"
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(target / PAGE), str(target / WORKBOOK)]
    assert sorted(path.name for path in target.iterdir()) == [PAGE, WORKBOOK]


@pytest.mark.parametrize("languages", ["fr,en", "en,fr", "all"])
def test_one_run_in_both_languages_writes_what_each_language_alone_does(
    engagement_folder: Folder, contract_text: str, tmp_path: Path, languages: str
) -> None:
    """The contract's own language is English, the first of ``all``."""
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)
    first, other = ("fr", "en") if languages == "fr,en" else ("en", "fr")
    for language in LANGUAGES:
        write_statement(folder, tmp_path / language, language=language)

    files = write_statement(folder, tmp_path / "both", language=languages)

    names = [PAGE, WORKBOOK, f"penalties.{other}.html", f"penalties.{other}.xlsx"]
    assert [file.name for file in files] == names
    for file, language, name in zip(
        files, (first, first, other, other), (PAGE, WORKBOOK) * 2, strict=True
    ):
        assert file.read_bytes() == (tmp_path / language / name).read_bytes(), file


def test_the_ledger_is_computed_once_for_all_languages(
    engagement_folder: Folder,
    contract_text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)
    computed: list[Any] = []
    ledger = metrics.ledger
    monkeypatch.setattr(metrics, "ledger", lambda *of: computed.append(of) or ledger(*of))

    write_statement(folder, tmp_path / "one", language="en")
    once = len(computed)  # under the contract, and under each other reading where it is silent
    write_statement(folder, tmp_path / "out", language="all")

    assert len(computed) == 2 * once


def test_a_language_that_is_none_is_refused_before_anything_is_read(
    run_here: Run, engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)

    done = run_here("penalties", folder, "--language", "fr,de")

    assert done.returncode == 2
    assert done.stderr.startswith("reviewlib: language 'fr,de': allowed are fr, en, all")
    assert not (folder / "penalties").exists()


def test_an_earlier_day_may_be_asked_for(
    run_here: Run, engagement_folder: Folder, contract_text: str, tmp_path: Path
) -> None:
    """On 6 March 2024 M1, due on the 1st, is late by five days, and M2 not yet due."""
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)

    done = run_here("penalties", folder, "--as-of", "2024-03-06", "--output", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    words = " ".join(Read(page(tmp_path / "out")).words)
    assert "€100,000 × 5 days × 1/1,000 = €500" in words
    assert "so far until 6 Mar 2024" in words
    assert words.count("M2") == words.count("of M1 and M2")  # the rule names it, no line does


# -------------------------------------------------------------------------- what is refused, or not


def test_an_output_that_is_a_file_is_refused(
    run_here: Run, engagement_folder: Folder, contract_text: str, tmp_path: Path
) -> None:
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)
    (tmp_path / "taken").write_text("mine", encoding="utf-8")

    for target in (tmp_path / "taken", tmp_path / "taken" / "below"):
        done = run_here("penalties", folder, "--output", target)
        assert done.returncode == 2
        assert done.stderr.startswith(f"reviewlib: output {str(target)!r} ")
        assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_contract_without_penalties_is_refused_saying_where_to_state_them(
    run_here: Run, engagement_folder: Folder
) -> None:
    folder = engagement_folder()

    done = run_here("penalties", folder)

    assert done.returncode == 2
    assert done.stderr == (
        "reviewlib: the contract states no penalty: write its rules under terms.penalties.\n"
    )
    assert not (folder / "penalties").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_none_of_the_tables_it_says_what_could_not_be_applied(
    engagement_folder: Folder, contract_text: str, tmp_path: Path, language: str
) -> None:
    folder = engagement_folder(contract_text + RULES)

    write_statement(folder, tmp_path / "out", language=language)

    words = " ".join(Read(page(tmp_path / "out")).words)
    sentences = {
        "fr": ("Aucune des règles n’a pu être appliquée", "milestones.csv", "payments.csv"),
        "en": ("None of the rules could be applied", "milestones.csv", "payments.csv"),
    }[language]
    assert [one for one in sentences if one not in words] == []
    first = book(tmp_path / "out").worksheets[0]
    assert [first.cell(row, 1).value for row in (3, 4)] == ["Art. 8", "Art. 9"]


def test_parties_of_one_name_have_a_sheet_each(
    engagement_folder: Folder, contract_text: str, tmp_path: Path
) -> None:
    contract = contract_text.replace("{name: Client}", "{name: Provider}") + RULES
    paid = "payment_id,amount,due_on,paid_on\nP1,36500,2024-04-01,2024-04-11\n"
    folder = engagement_folder(contract, milestones=MILESTONES, payments=paid)

    write_statement(folder, tmp_path / "out")

    assert book(tmp_path / "out").sheetnames[:2] == ["Provider", "Provider 2"]


def test_an_amount_decided_for_several_lines_is_not_summed_once_for_each(
    engagement_folder: Folder, contract_text: str, tmp_path: Path
) -> None:
    decided = "penalty_id,rule,decided_on,decision,amount\nN1,Art. 8,2024-07-01,imposed,3000\n"
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES, penalties=decided)

    write_statement(folder, tmp_path / "out")

    assert "€3,000 for 2 lines together" in page(tmp_path / "out")
    workbook = book(tmp_path / "out")
    sheet, decisions = workbook["Provider"], workbook["What was decided"]
    assert summed(sheet, columns(sheet)["Amount decided"]) == 0
    place = columns(decisions)["Amount notified, or decided"]
    column = [decisions.cell(row, place) for row in range(1, decisions.max_row + 1)]
    assert [cell.value for cell in column if cell.data_type == "n" and cell.value] == [3000]
    assert not [cell for cell in column if cell.data_type == "f"]  # decisions of several states


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_words_of_the_data_stay_words_in_both_files(
    engagement_folder: Folder, contract_text: str, tmp_path: Path, language: str
) -> None:
    rules = RULES.replace("pack: ccag-tic-2009", f"pack: ccag-tic-2009\n      title: '=1{HOSTILE}'")
    contract = contract_text.replace("{name: Provider}", f"{{name: '={HOSTILE}'}}") + rules
    milestones = MILESTONES.replace("Go live", f'"{HOSTILE}"').replace("M1", "=M1")
    decided = f'penalty_id,rule,subject,notified_on\n"=N1",Art. 8,"{HOSTILE}",2024-06-01\n'
    folder = engagement_folder(
        contract.replace("[M1, M2]", "['=M1', M2]"), milestones=milestones, penalties=decided
    )

    write_statement(folder, tmp_path / "out", language=language)

    written = page(tmp_path / "out")
    assert "script" not in [tag for tag, _ in Read(written).tags]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{0}%s{amount}" in written
    cells = [c for sheet in book(tmp_path / "out") for row in sheet.iter_rows() for c in row]
    assert all(str(c.value).startswith("=SUM(") for c in cells if c.data_type == "f")
    printed = HOSTILE.replace("\u202e", "")  # a sign that would turn the rest of the line round
    assert f"=M1 · {printed}" in [c.value for c in cells if c.data_type == "s"]


def test_a_failing_write_leaves_what_was_there_and_nothing_half(
    engagement_folder: Folder,
    contract_text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)
    target = tmp_path / "out"
    target.mkdir()
    (target / PAGE).write_text("before", encoding="utf-8")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReviewError, match="can't be written \\(No space left on device\\)"):
        write_statement(folder, target)

    assert [path.name for path in target.iterdir()] == [PAGE]
    assert (target / PAGE).read_text(encoding="utf-8") == "before"


def test_the_second_of_two_files_that_can_t_be_moved_in_takes_the_first_back(
    engagement_folder: Folder,
    contract_text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A workbook that is open in a spreadsheet program can't be replaced on Windows."""
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES)
    target = tmp_path / "out"
    write_statement(folder, target)
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    (folder / "milestones.csv").write_text(MILESTONES.replace("03-11", "03-12"), encoding="utf-8")
    rename = os.rename

    def held(source: Path, place: Path) -> None:
        if place == target / WORKBOOK and source.parent.name == "new":
            raise PermissionError(13, "Permission denied")
        rename(source, place)

    monkeypatch.setattr(files, "_exchanged", lambda *_: False)  # as on Windows
    monkeypatch.setattr(os, "rename", held)
    with pytest.raises(ReviewError, match="can't be written"):
        write_statement(folder, target)

    assert {path.name: path.read_bytes() for path in target.iterdir()} == before


def test_without_openpyxl_nothing_is_written(
    engagement_folder: Folder,
    contract_text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, plain_import = (
        engagement_folder(contract_text + RULES, milestones=MILESTONES),
        builtins.__import__,
    )

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "openpyxl":
            raise ImportError(name)
        return plain_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ReviewError, match="pip install"):
        write_statement(folder, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_nothing_due_is_said_and_both_parties_may_sign(
    engagement_folder: Folder, contract_text: str
) -> None:
    in_time = MILESTONES.replace("2024-03-11", "2024-03-01").replace("2024-05-21", "2024-05-01")
    review = open_review(engagement_folder(contract_text + RULES, milestones=in_time))

    made = spoken(statement(review), Wording("en"))

    assert made.parties == ()
    assert made.nothing == "The rules that could be applied make nothing due."
    assert [label for label, _ in made.particulars[:2]] == ["Client", "Provider"]
