"""French is complete: every word of the code and of the page has its translation."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from reviewlib.languages import Language
from reviewlib.pages.wording import Wording
from reviewlib.report.text import Message as Message_

REPO = Path(__file__).resolve().parents[2]
FRENCH = REPO / "reviewlib" / "locale" / "fr" / "LC_MESSAGES" / "reviewlib.po"
CALLS = {"_", "n_", "gettext", "ngettext"}
FIELDS = re.compile(r"\{\w*(?::[\w.]+)?\}|%\(\w+\)s")


@pytest.fixture(scope="module")
def french() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """What the code and the templates say, gathered as ``make messages`` does."""
    pot = tmp_path_factory.mktemp("locale") / "reviewlib.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract"]
    options = ["-F", "pyproject.toml", "-k", "N_", "-k", "n_:1,2", "-o", str(pot), "."]
    subprocess.run([*command, *options], cwd=REPO, check=True)
    with pot.open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert len(messages) > 300
    return messages


def texts(value: str | list[str] | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_every_message_is_translated(messages: list[Message], french: Catalog) -> None:
    missing = [
        message.id
        for message in messages
        if (translated := french.get(texts(message.id)[0])) is None
        or not all(texts(translated.string))
    ]

    assert missing == []


def test_no_translation_is_fuzzy_or_obsolete(messages: list[Message], french: Catalog) -> None:
    used = {texts(message.id)[0] for message in messages}

    assert [message.id for message in french if message.id and message.fuzzy] == []
    assert list(french.obsolete) == []
    assert [m.id for m in french if m.id and texts(m.id)[0] not in used] == []


def test_a_translation_has_the_fields_of_its_message(french: Catalog) -> None:
    for message in french:
        if message.id:
            fields = {field for text in texts(message.id) for field in FIELDS.findall(text)}
            given = {field for text in texts(message.string) for field in FIELDS.findall(text)}
            assert given == fields, message.id


@pytest.mark.parametrize(("language", "singular"), [("fr", {0, 1}), ("en", {1})])
def test_a_plural_is_right_for_0_1_2_and_1000(
    french: Catalog, language: Language, singular: set[int]
) -> None:
    wording = Wording(language)
    plurals = [message for message in french if message.id and len(texts(message.id)) == 2]
    assert len(plurals) > 100
    for message in plurals:
        one, many = texts(message.string if language == "fr" else message.id)
        for n in (0, 1, 2, 1000):
            sentence = wording._sentence(Message_(*message.id, "n", (("n", n),)))
            assert sentence == (one if n in singular else many), (message.id, n)


NUMBER = r"\{\w+(?::(?:number|count|points)(?:\.\d)?)?\}"
PLURAL = re.compile(NUMBER + r" (?:(?:more|other|open|late|largest|working) )*(?P<noun>[a-z]+s)\b")
NOT_NOUNS = {
    "adds", "also", "applies", "as", "changes", "does", "has", "is", "its", "knows", "lacks",
    "awaits", "coincides",
    "less", "lies", "names", "provides", "rests", "stands", "states", "takes", "was",
}  # fmt: skip
NEVER_ONE = {
    "below by more than {far} points": "far: 10",
    "below, on fewer than {few} tickets": "few: 10",
    "Of {all} delays, the {n} longest are listed.": "all: over 25",
    "The {n} largest differences are drawn.": "n: 40",
    "The findings cover {n} of {all} delays": "all: over 100",
    "The findings cover {n} of {all} duties": "all: over 100",
    "The first {n} of {all} orders to look at": "all: over those with a finding",
    "The first {n} of {all} columns.": "n: 40",
    "The first {n} of {all} characters.": "n: 100,000",
    "The first {n} of the {all} rows that the file": "all: over n",
    "Of longer texts the first {n} characters.": "n: 2,000",
    "with {days} other working days or more.": "days: 10",
    "a day on its {others} other working days.": "others: 10 at least",
    "{interest} a year of {days} days": "days: 360 or 365",
    "{amount} for {n} lines together": "n: 2 at least",
    "{k} of {n} lines grew, {m} shrank": "n: 2 at least",
    "the figures of {n} chapters": "n: over 3",
    "tickets of {n} priorities were too often": "n: over 2",
    "holds {size:number} bytes": "size: over 65,000",
    "holds more than {most:number} keys": "most: 20,000",
    "in {n} places: ": "n: 2 at least",
    "{priority} tickets: ": "priority: a name",
    "{name} tickets were too often": "name: a priority",
    "Each word of a theme stands in {floor} comments": "floor: 3 at least",
    "Nothing is shown of fewer than {floor} people": "floor: 3 at least",
    "from {least} answers each on": "least: 30",
    "{value} users": "value: 10 of 12, or a share of 76",
    "a side has fewer than {least} answers": "least: 30",
    "have a share from {least} tickets on": "least: 10",
    "Of {all} rows the first {n}, by meetings": "all: over n",
    "changed holders {changes} times": "changes: 2 at least",
    "{beyond:number.1} standard errors": "beyond: 3.3",
    "under {least} comments, no theme": "least: 30",
}
"""Parts of messages of one form with a plural beside a number, and why that is never one."""


def has_a_plural(text: str) -> bool:
    return any(match["noun"] not in NOT_NOUNS for match in PLURAL.finditer(text))


def test_a_plural_beside_a_number_that_may_be_one_has_both_forms(messages: list[Message]) -> None:
    plurals = [m.id for m in messages if isinstance(m.id, str) and has_a_plural(m.id)]

    assert [text for text in plurals if not any(part in text for part in NEVER_ONE)] == []
    assert [part for part in NEVER_ONE if not any(part in text for text in plurals)] == []
    assert has_a_plural("{k} of {n:number} more intervals counted.")


def test_french_puts_a_no_break_space_before_high_signs(french: Catalog) -> None:
    loose = re.compile(r"\w[:;?!»%](?!\w|\()|« | »| [;:?!%]")
    marked = [
        text
        for message in french
        if message.id
        for text in texts(message.string)
        if loose.search(FIELDS.sub("x", text))
    ]

    assert marked == []


def test_the_compiled_catalogue_is_that_of_the_source(french: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, french)

    assert FRENCH.with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_no_message_stands_in_an_f_string_where_it_would_not_be_gathered() -> None:
    """Babel reads the tokens of Python 3.11, in which an f-string is one string."""
    lost = [
        f"{path.name}:{call.lineno}"
        for path in sorted((REPO / "reviewlib").rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", getattr(call.func, "id", "")) in CALLS
        and any(isinstance(word, ast.Constant) for word in call.args)
    ]

    assert lost == []


def test_no_word_that_asks_for_an_article_stands_before_a_bare_reference(french: Catalog) -> None:
    """« au titre de Art. 10.1 »: there a field that names a clause, an amendment is a ``:ref``."""
    bare = re.compile(
        r"(?:titre de|avant|depuis|par|d’après) \{(?:clause|rule|amendment|where)(?!:ref)"
    )
    found = [
        one for message in french if message.id for one in texts(message.string) if bare.search(one)
    ]

    assert found == []


RULED_OUT = {
    "en": {
        r"\b[Tt]old\b": "notified, known, counted",
        r"\bcan['’]t\b": "cannot",
        r"\breadings?\b": "interpretation",
        r"\bread so\b": "interpretation",
        r"\b(?:not|is|was) kept\b": "met, missed",
        r"\bput down to\b": "attributed to",
        r"\b[Ii]n the end\b": "at completion",
        r"\b[Aa]t the charge of\b": "chargeable to",
        r"\bwhose doing\b": "attributed to",
        r"\bunexplained\b": "not covered by an approved change",
        r"\bin time\b.*\bdue date\b": "on time",
        r"\bledger\b": "statement",
        r"\brecovery plan\b": "corrective action plan",
    },
    "fr": {
        r"\b[Ll]ectures?\b": "interprétation",
        r"\b[Dd]emandes? de changement": "demande de modification",
        r"\b[Cc]hangements? (?:approuv|appliqu|demand|refus|retir|évalu)": "modification",
        r"à l[’']heure\b": "dans les délais, à temps",
        r"plan de redressement": "plan d’actions correctives",
        r"\b(?:pas|[Nn]on) tenue?s?\b": "non atteint",
        r"\bmanqué": "non atteint",
        r"\b[Pp]révenus?\b": "notifié",
        r"\binexpliqué": "non couvert par une modification approuvée",
        r"\barticles?\b": "clause",
        r"\b[Rr]evue\b": "bilan",
        r"décompte(?:s)? (?:part|est parti|suspendu)": "délai",
        r"\bindisponibilités?\b": "interruption",
        r"\bcrédits?\b": "avoir",
        r"à la charge de (?:le|la)\b": "du, de la",
        r"\bparce que \{": "car",
    },
}
"""What words.md rules out in each language, and the word that stands for it."""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_message_says_what_is_ruled_out(french: Catalog, language: str) -> None:
    said = [
        FIELDS.sub("{}", text)
        for message in french
        if message.id
        for text in texts(message.id if language == "en" else message.string)
    ]
    found = {
        (better, text)
        for pattern, better in RULED_OUT[language].items()
        for text in said
        if re.search(pattern, text)
    }

    assert found == set()
