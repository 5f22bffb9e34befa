"""The contract: what engagement.yml may say, what is refused and how, the terms in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from pydantic import ValidationError

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract import Calendar, Clause, Contract, Terms, load_contract
from reviewlib.contract.base import Model
from reviewlib.contract.loading import load_data_section, merged, quoted
from reviewlib.contract.parties import Objective
from reviewlib.contract.survey import Question, Survey
from reviewlib.contract.targets import DaysOf, target
from reviewlib.faults import Fault, Faults
from reviewlib.report.text import LANGUAGES, Quoted
from tests.spoken import in_words

Folder = Callable[..., Path]
UTC = dt.UTC


def faults(folder: Path) -> tuple[Fault, ...]:
    """The faults of a folder's contract."""
    with pytest.raises(Faults) as refused:
        load_contract(folder)
    return refused.value.faults


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def row_of(text: str, part: str) -> int:
    """The line on which a part of the text stands, counted by hand."""
    return text[: text.index(part)].count("\n") + 1


def with_amendment(text: str, changes: str, effective: str = "2024-04-01") -> str:
    lines = (
        "amendments:",
        f"  - {{id: A1, title: First, signed: 2024-03-01, effective: {effective},",
        f"     changes: {changes}}}",
    )
    return text + "\n".join(lines) + "\n"


# --- Frozen and strict


def test_a_contract_can_not_be_changed(engagement_folder: Folder) -> None:
    contract = load_contract(engagement_folder())

    with pytest.raises(ValidationError, match="frozen"):
        contract.title = "Other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        contract.versions[0].clauses["5.2"].month = "opened"  # type: ignore[misc]


def test_every_part_of_the_contract_is_frozen_strict_and_refuses_unknown_keys() -> None:
    parts = [part for part in Model.__subclasses__() if part.__module__.startswith("reviewlib")]

    assert len(parts) > 15
    for part in parts:
        settings = (part.model_config.get(key) for key in ("frozen", "strict", "extra"))
        assert (part.__name__, *settings) == (part.__name__, True, True, "forbid")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: C-1", "id: 2024", "id: should be a text (found: '2024'). Put it between quotes."),
        ("format: 1", "format: 2", "format: should be 1"),
        ("language: en", "language: de", "language: should be one of these: fr, en (found: 'de')"),
        ("title: Office hours", "title: [a]", "should be a text. Write one text, or {fr:"),
        ("{name: Client}", "Client", "client: should hold “key: value” lines (found: 'Client')"),
        ("[P1, P2]", "P1", "priorities: should be a list (found: 'P1')"),
        ("measure: resolution", "measure: repair", "should be one of these: response, resolution"),
        ("2024-01-01", "01/02/2024", "write a date such as 2024-01-15 (found: '01/02/2024')"),
        ("2024-01-01", "2024-02-30", "write a date such as 2024-01-15 (found: '2024-02-30')"),
        ("2024-01-01", "1899-12-30", "first: write a year from 1970 to 2099"),
        ("2024-01-01", "2025-01-01", "the last day 2024-12-31 is before the first day 2025-01-01"),
        ("Europe/Paris", "Europe/Pari", "such as Europe/Paris. Did you mean 'Europe/Paris'?"),
        ("Europe/Paris", "../etc", "write a time zone of the IANA list"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_line_and_what_to_write(
    engagement_folder: Folder, contract_text: str, old: str, new: str, message: str
) -> None:
    text = changed(contract_text, old, new)
    (fault,) = faults(engagement_folder(text))

    assert message in str(fault)
    assert fault.row == row_of(text, new)


@pytest.mark.parametrize(
    ("edit", "place", "meant"),
    [
        (("language: en", "curency: EUR\nlanguage: en"), "curency", "currency"),
        (("{name: Client}", "{name: Client, contacts: {}}"), "client.contacts", "contact"),
        (("  priorities:", "  prioritys: []\n  priorities:"), "terms.prioritys", "priorities"),
        (("holidays: FR", "holiday: FR"), "terms.calendars.office.holiday", "holidays"),
        (("awaits: client", "await: client"), "terms.statuses.Waiting.await", "awaits"),
        (("pauses:", "pause:"), "terms.clauses.5.2.pause", "pauses"),
    ],
)
def test_an_unknown_key_at_any_depth_is_named_with_its_line_and_the_nearest_one(
    engagement_folder: Folder, contract_text: str, edit: tuple[str, str], place: str, meant: str
) -> None:
    text = changed(contract_text, *edit)
    (fault,) = faults(engagement_folder(text))
    key = place.rpartition(".")[2]

    assert in_words(fault.message) == f"unknown key {key!r}"
    assert in_words(fault.remedy) == f"Did you mean {meant!r}?"
    assert (fault.column, fault.row) == (place, row_of(text, f"{key}:"))


def test_a_key_like_no_other_is_answered_by_those_that_are_allowed(
    engagement_folder: Folder, contract_text: str
) -> None:
    (fault,) = faults(engagement_folder(changed(contract_text, "awaits:", "zz:")))

    assert in_words(fault.remedy) == "Allowed: awaits, state."


def test_a_key_without_a_value_is_left_out_and_missed_only_where_it_is_needed(
    engagement_folder: Folder, contract_text: str
) -> None:
    optional = contract_text + "signed:\nsurvey:\nobjectives:\n"
    assert load_contract(engagement_folder(optional)).signed is None

    text = changed(contract_text, "id: C-1", "id:")
    (fault,) = faults(engagement_folder(text))
    assert (in_words(fault.message), fault.row) == ("the key 'id' is missing or has no value", 2)


def test_an_unknown_key_is_refused_even_without_a_value(
    engagement_folder: Folder, contract_text: str
) -> None:
    (fault,) = faults(engagement_folder(contract_text + "signd:\n"))

    assert str(fault) == (
        f"engagement.yml, row {contract_text.count(chr(10)) + 1}, signd: "
        "unknown key 'signd'. Did you mean 'signed'?"
    )


def test_every_fault_is_told_at_once_in_the_order_of_the_lines(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text
    for old, new in (
        ("Europe/Paris", "Paris"),
        ("FR", "XX"),
        ("09:00", "9h"),
        ("4 h", "2 days"),
        ("95 %", "95"),
        ("calendar: office", "calendar: ofice"),
        ("[Waiting]", "[Wait]"),
    ):
        text = changed(text, old, new)
    contract_faults = faults(engagement_folder(text + "tems: {}\n"))

    assert [fault.column for fault in contract_faults] == [
        "time_zone",
        "terms.calendars.office.week",
        "terms.calendars.office.holidays",
        "terms.clauses.5.2.calendar",
        "terms.clauses.5.2.targets.P1",
        "terms.clauses.5.2.threshold",
        "terms.clauses.5.2.pauses.0",
        "tems",
    ]
    assert [fault.row for fault in contract_faults] == sorted(
        fault.row or 0 for fault in contract_faults
    )


# --- YAML as people write it


def test_hours_versions_and_country_codes_stay_the_text_that_was_written(
    engagement_folder: Folder, contract_text: str
) -> None:
    """YAML 1.1 would read 840, 6.1, False, 8 (octal) and True."""
    text = changed(contract_text, '["09:00", "18:00"]], tue', "[9:00, 14:00]], tue")
    assert "'9:00' is not a time" in str(faults(engagement_folder(text))[0])

    text = changed(contract_text, '[["09:00", "18:00"]], tue', "[[09:00, 14:00]], tue")
    text = changed(text, '"5.2"', "6.10").replace("holidays: FR", "holidays: NO")
    text = changed(text, "id: C-1", "id: 010").replace("Waiting", "On")
    contract = load_contract(engagement_folder(text))

    calendar = contract.versions[0].calendars["office"]
    assert calendar.week["mon"] == (("09:00", "14:00"),)
    assert (calendar.holidays, contract.id) == ("NO", "010")
    assert contract.clause_ids() == ("6.10",)
    assert contract.clause("6.10").pauses == ("On",)


def test_numbers_truth_and_dates_are_still_read(
    engagement_folder: Folder, contract_text: str
) -> None:
    more = (
        "scope: [{title: Support, volume: 3000, included: true}]\n"
        "objectives: {O1: {title: Cost, target: 38.5}, O2: {title: Rate, target: -1}}\n"
        'signed: "2023-11-20"\n'
    )
    contract = load_contract(engagement_folder(contract_text + more))

    assert (contract.scope[0].volume, contract.scope[0].included) == (3000, True)
    assert [each.target for each in contract.objectives.values()] == [38.5, -1]
    assert contract.signed == dt.date(2023, 11, 20)


@pytest.mark.parametrize(
    ("content", "message", "row"),
    [
        ("", "is empty or not a list of keys", None),
        ("# only a comment\n", "is empty or not a list of keys", None),
        ("- a\n- b\n", "is empty or not a list of keys", None),
        ("just words\n", "is empty or not a list of keys", None),
        ("a: 1\nb: 2\na: 3\n", "not valid YAML: a is given twice", 3),
        ("6.10: 1\n'6.10': 2\n", "not valid YAML: 6.10 is given twice", 2),
        ("a:\n\tb: 1\n", "a tab stands among the spaces", 2),
        ("a: b: c\n", "a “: ” stands where a value has begun", 1),
        ("a: {{ x }}\n", "a key is a plain text", 1),
        ("? [a, b]\n: c\n", "a key is a plain text", 1),
        ("a: 1\n---\nb: 2\n", "but found another document", 2),
        ("a: !!python/object/apply:os.system [ls]\n", "tags (!name) are not read", 1),
        ("b: 1\na: !!int ''\n", "tags (!name) are not read", 2),
        ("a: " + "[" * 5000, "is nested more than 50 deep", 1),
        (b"\x00\x01PK\x03\x04", "character 1 (U+0000) is no text", None),
        ("id: C\ntitle: Été\n".encode("cp1252"), "is not UTF-8 text. Save it in UTF-8.", 2),
        ("id: C\n".encode("utf-16"), "is not UTF-8 text. Save it in UTF-8.", 1),
        (b"# " + b"x" * 1_000_000, "holds 1,000,002 bytes, more than 250,000", None),
    ],
    ids=range(18),
)
def test_a_file_that_is_no_contract_is_one_clear_fault(
    engagement_folder: Folder, content: str | bytes, message: str, row: int | None
) -> None:
    (fault,) = faults(engagement_folder(content))

    assert message in str(fault)
    assert fault.row == row


def test_aliases_that_would_unfold_to_a_billion_words_are_refused_at_the_first(
    engagement_folder: Folder,
) -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
    )
    (fault,) = faults(engagement_folder(bomb))

    assert fault.row == 2
    assert "aliases (*name) are not read: write out what they stand for" in in_words(fault.message)


def test_a_byte_order_mark_before_the_contract_does_no_harm(
    engagement_folder: Folder, contract_text: str
) -> None:
    assert load_contract(engagement_folder(b"\xef\xbb\xbf" + contract_text.encode())).id == "C-1"


def test_a_folder_without_a_contract_says_how_to_make_one(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path)

    assert "not found in the folder" in in_words(fault.message)
    assert "reviewlib new" in in_words(fault.remedy)


# --- Texts in two languages


def in_each(text: str) -> list[str]:
    """A text in French and in English."""
    assert isinstance(text, Quoted), text
    return [text.in_language(language) for language in LANGUAGES]


def test_a_text_in_two_languages_is_read_in_both_from_one_opening(
    engagement_folder: Folder,
) -> None:
    contract = load_contract(engagement_folder())

    assert contract.title == "IT support"
    assert in_each(contract.title) == ["Support informatique", "IT support"]
    assert in_each(contract.model_dump()["title"]) == ["Support informatique", "IT support"]


def test_a_text_in_one_language_serves_both_and_other_mappings_are_left_alone() -> None:
    assert in_each(quoted({"title": {"en": "Only"}}, "fr")["title"]) == ["Only", "Only"]
    assert quoted([{"fr": "un", "en": "one"}], "en") == ["one"]
    sites = {"fr": {"name": "France"}, "en": {"name": "England"}}
    assert quoted(sites, "fr") == sites


EVERYWHERE = """\
summary: {fr: Le résumé, en: The summary}
client:
  name: {fr: Client, en: Customer}
  contact: {role: {fr: Chef, en: Head}, duties: {fr: Répond, en: Answers}}
escalation:
  - {level: 1, client: {fr: Chef, en: Head}, provider: {fr: Pilote, en: Lead}, within: 1 h}
scope:
  - title: {fr: Postes, en: Workstations}
    clause: {fr: Annexe 1, en: Annex 1}
    unit: {fr: boîtes, en: boxes}
    kinds: [{fr: demande, en: request}]
    categories: [{fr: Poste, en: Workstation}]
objectives:
  O1:
    title: {fr: Joindre, en: Reach}
    measure: {fr: Appels, en: Calls}
    unit: {fr: appels, en: calls}
    owner: {fr: Chef, en: Head}
sensitive_periods: [{first: 2024-02-01, last: 2024-02-02, title: {fr: Soldes, en: Sales}}]
survey: {questions: {Q1: {text: {fr: Content, en: Happy}, kind: csat}}}
"""


def test_every_text_that_people_read_keeps_its_languages(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = changed(contract_text, "client: {name: Client}\n", EVERYWHERE)
    text = changed(text, "title: Office hours", "title: {fr: Bureau, en: Office}")
    text = changed(text, "{name: Support}", "{name: {fr: Aide, en: Help}}")
    text = changed(text, "title: Time to resolution", "title: {fr: Délai, en: Time}")
    contract = load_contract(engagement_folder(text))
    (scope,), (step,), (period,) = contract.scope, contract.escalation, contract.sensitive_periods
    (goal,), (terms,) = contract.objectives.values(), contract.versions
    contact = contract.client.contact
    assert contact is not None
    assert contract.survey is not None

    for read in (
        *(contract.summary, contract.client.name, contact.role, contact.duties),
        *(step.client, step.provider, period.title, contract.survey.questions["Q1"].text),
        *(scope.title, scope.clause, scope.unit, *scope.kinds, *scope.categories),
        *(goal.title, goal.measure, goal.unit, goal.owner),
        *(terms.calendars["office"].title, terms.services["support"].name),
        contract.clause("5.2").title,
    ):
        french, english = in_each(read)
        assert (read, french != english) == (english, True)


def test_a_word_given_in_two_languages_is_that_of_the_contract(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = changed(contract_text, "id: C-1", "id: {fr: C-2, en: C-3}")
    contract = load_contract(engagement_folder(text))

    assert (contract.id, type(contract.id)) == ("C-3", str)


HOSTILE = ("{title} {0} %s %(x)d", "<b>&amp;</b> {{x}}")


def test_hostile_texts_stay_as_they_are_in_both_languages(
    engagement_folder: Folder, contract_text: str
) -> None:
    french, english = HOSTILE
    title = f"title: {{fr: '{french}', en: '{english}'}}"
    text = changed(contract_text, "title: {fr: Support informatique, en: IT support}", title)
    contract = load_contract(engagement_folder(text))

    assert in_each(contract.title) == [french, english]


def test_a_text_that_is_none_is_refused_as_ever(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = changed(contract_text, "client: {name: Client}", "client: {name: [One]}")
    text = changed(text, "title: Office hours", "title: 12")

    assert [str(fault) for fault in faults(engagement_folder(text))] == [
        "engagement.yml, row 7, client.name: should be a text. Write one text, or {fr: …, en: …}.",
        "engagement.yml, row 13, terms.calendars.office.title: should be a text (found: '12'). "
        "Put it between quotes.",
    ]


def test_a_third_language_is_refused(engagement_folder: Folder, contract_text: str) -> None:
    text = changed(contract_text, "en: IT support", "de: Betreuung")
    (fault,) = faults(engagement_folder(text))

    assert str(fault).endswith("title: should be a text. Write one text, or {fr: …, en: …}.")


# --- Shares and delays


@pytest.mark.parametrize(
    ("written", "share"), [("95 %", 0.95), ("95%", 0.95), ("99,5 %", 0.995), ("0.5\u00a0%", 0.005)]
)
def test_a_share_is_written_as_a_percentage_with_a_point_or_a_comma(
    engagement_folder: Folder, contract_text: str, written: str, share: float
) -> None:
    text = changed(contract_text, "95 %", f'"{written}"')
    threshold = load_contract(engagement_folder(text)).clause("5.2").threshold_of("P1")

    assert threshold == pytest.approx(share)


@pytest.mark.parametrize("written", ["95", "1", "101 %", "-5 %", "95 pour cent", "true", "1.5"])
def test_a_number_that_may_be_a_share_or_a_percentage_is_refused(
    engagement_folder: Folder, contract_text: str, written: str
) -> None:
    (fault,) = faults(engagement_folder(changed(contract_text, "95 %", written)))

    assert in_words(fault.message) == "write a percentage such as 95 %, between 0 % and 100 %"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("30 min", dt.timedelta(minutes=30)),
        ("4 h", dt.timedelta(hours=4)),
        ("1 h 30", dt.timedelta(minutes=90)),
        ("1h30", dt.timedelta(minutes=90)),
        ("1 h 30 min", dt.timedelta(minutes=90)),
        ("48\u00a0heures", dt.timedelta(hours=48)),
        ("45 minutes", dt.timedelta(minutes=45)),
        ("2 working days", WorkingDays(2)),
        ("1 jour ouvré", WorkingDays(1)),
        ("5 jours ouvrés, fin de journée", WorkingDays(5, end_of_day=True)),
        ("2 days of 7 h 30", DaysOf(2, dt.timedelta(hours=7, minutes=30))),
        ("3 jours de 24 h", DaysOf(3, dt.timedelta(hours=24))),
        ("0 working days, end of day", WorkingDays(0, end_of_day=True)),
    ],
)
def test_a_delay_is_service_time_or_working_days_in_french_or_in_english(
    written: str, expected: dt.timedelta | WorkingDays | DaysOf
) -> None:
    assert target(written) == expected


@pytest.mark.parametrize("written", ["2 days", "2 jours", "1 day", "3j"])
def test_days_alone_are_refused_with_the_reason(written: str) -> None:
    with pytest.raises(ValueError, match="may be working days, calendar days or service hours"):
        target(written)


@pytest.mark.parametrize("written", ["0 min", "0 h", "0 working days", "0 days of 7 h"])
def test_a_delay_of_nothing_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="cannot be kept"):
        target(written)


@pytest.mark.parametrize(
    "written", ["", "30", "4:00", "-4 h", "1.5 h", "soon", "9999999999 h", 4, "2 days of"]
)
def test_what_is_no_delay_is_refused_with_examples(written: object) -> None:
    with pytest.raises(ValueError, match='write "30 min", "4 h"'):
        target(written)


# --- Clauses, calendars, sites, surveys, objectives


def test_a_clause_names_only_what_the_terms_define(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = changed(contract_text, "targets: {P1: 4 h, P2: 8 h}", "targets: {P1: 4 h, P3: 8 h}")
    text = changed(text, "pauses: [Waiting]", "services: [suport]")
    contract_faults = [str(fault) for fault in faults(engagement_folder(text))]

    assert contract_faults == [
        f"engagement.yml, row {row_of(text, 'targets:')}, terms.clauses.5.2.targets.P3: "
        "'P3' is not defined under priorities. Allowed: P1, P2.",
        f"engagement.yml, row {row_of(text, 'services: [')}, terms.clauses.5.2.services.0: "
        "'suport' is not defined under services. Did you mean 'support'?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("stops_at: last_resolution", "stops_at: first_response", "a response clause, and only it"),
        ("calendar: office", "calendar: {P1: office}", "a calendar for each priority"),
        ("95 %", "{P1: 95 %, P9: 90 %}", "'P9' has no target"),
        ("calendar: office", "calendar: {P1: , P2: office}", "calendar.P1: should be a text"),
        ("[Waiting]", "[[Waiting], 2024-01-01]", "pauses.0: should be a text"),
        ("{P1: 4 h, P2: 8 h}", "{}", "targets: should hold at least one"),
        ("[Waiting]", "[]\n      priority_change: pro_rata\n      priority: highest", "pro_rata"),
        ("[Waiting]", "[]\n      priority_change: restart\n      priority: initial", "never"),
        ("[Waiting]", "[]\n      minimum_volume: 0", "minimum_volume"),
        ("last_resolution", "first_resolution\n      reopening: new_cycle", "leave it out"),
        (
            "[Waiting]",
            "[]\n      excludes: [closed]",
            "excludes.0: should be one of these: cancelled",
        ),
        (
            "[Waiting]",
            "[]\n      variants: [{targets: {P1: 1 h}}]",
            "0: name the services",
        ),
        (
            "[Waiting]",
            "[]\n      variants: [{sites: [x], targets: {P1: 1 h}}]",
            "'x' is not",
        ),
        ("[Waiting]", "[]\n      variants: [{kinds: [incident]}]", "state the targets, calendar"),
        (
            "[Waiting]",
            "[]\n      variants: [{kinds: [a], targets: {P9: 1 h}}]",
            "'P9' is not defined",
        ),
    ],
)
def test_a_clause_that_contradicts_itself_is_refused(
    engagement_folder: Folder, contract_text: str, old: str, new: str, message: str
) -> None:
    assert message in str(faults(engagement_folder(changed(contract_text, old, new)))[0])


def test_calendar_and_threshold_may_differ_by_priority() -> None:
    clause = Clause.model_validate(
        {
            "title": "Resolution",
            "measure": "resolution",
            "calendar": {"P1": "always", "P2": "office"},
            "targets": {"P1": "4 h", "P2": "8 h"},
            "threshold": {"P1": "95 %"},
            "stops_at": "closure",
        }
    )

    assert (clause.calendar_of("P1"), clause.calendar_of("P2")) == ("always", "office")
    assert (clause.threshold_of("P1"), clause.threshold_of("P2")) == (0.95, None)


def test_a_variant_takes_from_its_clause_what_it_does_not_state() -> None:
    clause = Clause.model_validate(
        {
            "title": "Resolution",
            "measure": "resolution",
            "calendar": {"P1": "always", "P2": "office"},
            "targets": {"P1": "4 h", "P2": "8 h"},
            "threshold": {"P1": "95 %"},
            "stops_at": "closure",
            "variants": [
                {"sites": ["paris"], "targets": {"P1": "2 h"}},
                {"services": ["network"], "calendar": {"P2": "always"}, "threshold": "99.9 %"},
            ],
        }
    )
    hours = [
        {p: target.total_seconds() / 3600 for p, target in clause.variant(n).targets.items()}
        for n in (0, 1, 2)
    ]

    assert hours == [{"P1": 4, "P2": 8}, {"P1": 2, "P2": 8}, {"P1": 4, "P2": 8}]
    assert [clause.variant(n).calendar_of("P2") for n in (1, 2)] == ["office", "always"]
    assert [clause.variant(n).threshold_of("P2") for n in (1, 2)] == [None, 0.999]


@pytest.mark.parametrize(
    ("edit", "place", "message"),
    [
        (("holidays: FR", "holidays: XX"), "office.holidays", "unknown country 'XX'"),
        (("holidays: FR", "holidays: FR\n      region: '67'"), "office.holidays", "region '67'"),
        (("mon:", "lundi:"), "office.week", "unknown week day 'lundi'"),
        (("mon:", "around_the_clock: true, mon:"), "week.around_the_clock", "should be a list"),
        (("18:00", "08:00\", \"09:00"), "office.week.mon.0", "holds too many"),
        (('"09:00", "18:00"]], tue', '"09:00"]], tue'), "week.mon.0.1", "number 2 of the list is"),
    ],
)  # fmt: skip
def test_a_calendar_that_no_clock_can_follow_is_a_fault_that_names_its_place(
    engagement_folder: Folder, contract_text: str, edit: tuple[str, str], place: str, message: str
) -> None:
    fault = faults(engagement_folder(changed(contract_text, *edit)))[0]

    assert fault.column.endswith(place)
    assert message in in_words(fault.message)


def test_a_calendar_is_open_around_the_clock_or_in_a_week_of_hours_and_not_both() -> None:
    week = {"mon": [["09:00", "18:00"]]}
    for given in ({}, {"week": week, "around_the_clock": True}):
        with pytest.raises(ValidationError, match="either a week of opening hours or around"):
            Calendar.model_validate({"title": "Hours", **given})


def test_a_site_has_its_own_holidays() -> None:
    """Good Friday, 29 March 2024, is a holiday in Moselle: 9 hours on the other Friday only.

    21 July, the Belgian national day, is a Monday in 2025; 1 April 2024 (Easter Monday) is closed
    in both.
    """
    terms = Terms.model_validate(
        {
            "calendars": {
                "office": {
                    "title": "Office",
                    "week": {day: [["09:00", "18:00"]] for day in ("mon", "fri")},
                    "holidays": "FR",
                }
            },
            "sites": {
                "paris": {"name": "Paris"},
                "metz": {"name": "Metz", "region": "57"},
                "mons": {"name": "Mons", "holidays": "BE"},
                "fair": {"name": "Fair", "extra_holidays": {"2024-03-22": "Local fair"}},
            },
        }
    )
    office = terms.calendars["office"]

    def hours(site: str, first: str, last: str) -> float:
        clock = office.hours("Europe/Paris", terms.sites[site])
        spent = clock.elapsed(*(pd.Timestamp(day, tz="Europe/Paris") for day in (first, last)))
        return float(spent / pd.Timedelta(hours=1))

    spans = ("2024-03-22", "2024-03-23"), ("2024-03-29", "2024-03-30"), ("2025-07-21", "2025-07-22")
    hours_by_site = {site: [hours(site, *span) for span in spans] for site in terms.sites}
    assert hours_by_site == {
        "paris": [9, 9, 9],
        "metz": [9, 0, 9],
        "mons": [9, 9, 0],
        "fair": [0, 9, 9],
    }
    own = [name for name, site in terms.sites.items() if site.has_own_holidays]
    assert own == ["metz", "mons", "fair"]


def test_a_region_that_the_calendar_s_country_does_not_have_is_a_fault_of_the_site(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = changed(
        contract_text, "  statuses:", "  sites:\n    metz: {name: Metz, region: ZZ}\n  statuses:"
    )
    (fault,) = faults(engagement_folder(text))

    assert (fault.column, fault.row) == ("terms.sites.metz", row_of(text, "metz:"))
    assert "unknown region 'ZZ'" in in_words(fault.message)


def test_what_an_objective_lacks_to_be_smart_is_named() -> None:
    vague = Objective(title="Be better")
    smart = Objective(
        title="Answer",
        measure="Calls answered",
        unit="%",
        target=0,
        due=dt.date(2024, 6, 30),
        owner="Desk",
    )

    assert vague.lacks == ("measure", "unit", "target", "due", "owner")
    assert smart.lacks == ()


def test_a_survey_keeps_a_floor_of_three_and_scales_that_can_be_read() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 3"):
        Survey.model_validate({"anonymity_floor": 2, "questions": {"Q": {}}})
    with pytest.raises(ValidationError, match="satisfied_from lies above 1 and up to 3"):
        Question.model_validate({"text": "?", "kind": "csat", "scale": [1, 3]})
    for scale in ([5, 1], [5, 5]):
        with pytest.raises(ValidationError, match="from its lowest point up"):
            Question.model_validate({"text": "?", "kind": "agreement", "scale": scale})
    question = Question.model_validate({"text": "?", "kind": "nps"})
    assert (question.scale, question.satisfied_from) == ((0, 10), 9)


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"scale": [1, 10]}, "state satisfied_from, which has no default on 1 to 10"),
        ({"lowest_is_best": True, "satisfied_from": 5}, "from 1 on, below 5"),
        ({"answers": {"Content": 6}}, "'Content' stands for 6, which is no point from 1 to 5"),
        ({"answers": {"99": 1}, "no_opinion": [99]}, "'99' stands in answers and in no_opinion"),
        ({"kind": "nps", "mean_scores": True}, "a net promoter score counts whole answers"),
        ({"kind": "nps", "lowest_is_best": True}, "a net promoter score counts whole answers"),
    ],
)
def test_how_answers_are_read_must_fit_the_scale(keys: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        Question.model_validate({"text": "?", "kind": "csat"} | keys)


def test_a_scale_whose_lowest_point_is_best_is_satisfied_from_2_down_by_default() -> None:
    question = Question.model_validate({"text": "?", "kind": "csat", "lowest_is_best": True})
    assert (question.scale, question.satisfied_from) == ((1, 5), 2)


# --- Amendments


def test_terms_change_at_local_midnight_of_the_effective_date(
    engagement_folder: Folder, contract_text: str
) -> None:
    """1 April 2024 begins in Paris (UTC+2) on 31 March at 22:00 UTC."""
    text = with_amendment(contract_text, '{clauses: {"5.2": {targets: {P2: 6 h}}}}')
    contract = load_contract(engagement_folder(text))

    def hours(moment: dt.datetime) -> float:
        p2 = contract.terms_at(moment).clauses["5.2"].targets["P2"]
        assert isinstance(p2, dt.timedelta)
        return p2.total_seconds() / 3600

    midnight = dt.datetime(2024, 3, 31, 22, tzinfo=UTC)
    assert hours(midnight - dt.timedelta(seconds=1)) == 8
    assert hours(midnight) == 6
    assert hours(dt.datetime(2024, 4, 1, 0, 0, 1, tzinfo=ZoneInfo("Europe/Paris"))) == 6
    assert hours(dt.datetime(1960, 1, 1, tzinfo=UTC)) == 8
    assert hours(dt.datetime(2090, 1, 1, tzinfo=UTC)) == 6
    instants = pd.Series([midnight - dt.timedelta(seconds=1), midnight], index=["a", "b"])
    assert contract.version_of(instants).to_dict() == {"a": 0, "b": 1}
    assert contract.versions[1].clauses["5.2"].targets["P1"] == dt.timedelta(hours=4)


def test_midnight_may_be_skipped_or_come_twice_on_the_effective_date(
    engagement_folder: Folder, contract_text: str
) -> None:
    """Beirut skips 00:00-01:00 on 31 March 2024 (from UTC+2): the day begins at 22:00 UTC.

    Havana (UTC-4 in summer) has 00:00-01:00 twice on 3 November 2024: the first is at 04:00 UTC.
    """
    for zone, day, begins in (
        ("Asia/Beirut", "2024-03-31", dt.datetime(2024, 3, 30, 22, tzinfo=UTC)),
        ("America/Havana", "2024-11-03", dt.datetime(2024, 11, 3, 4, tzinfo=UTC)),
    ):
        text = changed(contract_text, "Europe/Paris", zone)
        contract = load_contract(
            engagement_folder(with_amendment(text, "{priorities: [P1, P2, P3]}", day))
        )
        assert contract.effective_from[1] == begins


def test_terms_need_an_instant_with_its_time_zone(engagement_folder: Folder) -> None:
    with pytest.raises(ValueError, match="needs an instant with its time zone"):
        load_contract(engagement_folder()).terms_at(dt.datetime(2024, 1, 1))


def test_an_amendment_takes_out_a_key_that_it_sets_to_nothing(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = with_amendment(contract_text, '{clauses: {"5.2": {pauses: }}}')
    before, after = load_contract(engagement_folder(text)).versions

    assert (before.clauses["5.2"].pauses, after.clauses["5.2"].pauses) == (("Waiting",), ())
    gone = with_amendment(contract_text, '{clauses: {"5.2": }}')
    assert load_contract(engagement_folder(gone)).versions[1].clauses == {}


def test_changes_are_laid_over_the_terms_key_by_key() -> None:
    base = {"a": {"x": 1, "y": [1, 2]}, "b": 2}

    assert merged(base, {"a": {"y": [3], "z": 4}}) == {"a": {"x": 1, "y": [3], "z": 4}, "b": 2}
    assert merged(base, {"a": None}) == {"b": 2}
    assert base == {"a": {"x": 1, "y": [1, 2]}, "b": 2}


def test_a_calendar_that_changes_counts_for_the_hours_after_the_change(
    engagement_folder: Folder, contract_text: str
) -> None:
    """Monday 25 March 2024, 9 to 18: 9 h. From 1 April on only Tuesdays, 10 to 12.

    Monday 1 April is out (and Easter Monday), Tuesday 26 March has 9 h, Tuesday 2 April 2 h.
    """
    week = '{week: {mon: , tue: [["10:00", "12:00"]]}}'
    text = with_amendment(contract_text, f"{{calendars: {{office: {week}}}}}")
    text = changed(text, "week: {mon", "around_the_clock: false\n      week: {mon")
    contract = load_contract(engagement_folder(text))
    start, end = (pd.Timestamp(day, tz="Europe/Paris") for day in ("2024-03-25", "2024-04-03"))

    spent = contract.hours("office").elapsed(start, end)
    assert spent == pd.Timedelta(hours=9 + 9 + 2)
    with pytest.raises(KeyError, match="attic"):
        contract.hours("attic")


def test_a_calendar_that_no_amendment_changes_is_one_clock(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = with_amendment(contract_text, '{clauses: {"5.2": {targets: {P2: 6 h}}}}')
    contract = load_contract(engagement_folder(text))
    before, after = contract.versions

    assert contract.hours("office").changes == ()
    assert after.calendars is before.calendars
    assert after.clauses["5.2"] != before.clauses["5.2"]


@pytest.mark.parametrize("second", ["2024-03-01", "2024-04-01"])
def test_amendments_out_of_order_or_of_one_date_are_refused_whatever_else_is_wrong(
    engagement_folder: Folder, contract_text: str, second: str
) -> None:
    text = with_amendment(contract_text, "{}") + (
        f"  - {{id: A2, title: Second, signed: 2024-03-01, effective: {second}, changes: {{}}}}\n"
        "curency: EUR\n"
    )
    contract_faults = faults(engagement_folder(text))

    assert [in_words(fault.message) for fault in contract_faults] == [
        "list the amendments by effective date, one for each date",
        "unknown key 'curency'",
    ]


def test_a_fault_of_a_change_stands_on_the_line_of_the_amendment(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = with_amendment(
        contract_text, '{prioritys: [P1],\n      clauses: {"5.2": {calendar: night}}}'
    )
    contract_faults = faults(engagement_folder(text))

    assert [(fault.row, fault.column) for fault in contract_faults] == [
        (row_of(text, "prioritys"), "amendments.0.changes.prioritys"),
        (row_of(text, "{calendar: night"), "amendments.0.changes.clauses.5.2.calendar"),
    ]
    assert in_words(contract_faults[0].remedy) == "Did you mean 'priorities'?"


def test_a_fault_of_the_first_terms_is_told_once_however_many_amendments_follow(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = changed(contract_text, "awaits:", "await:").replace("4 h", "2 days")
    text = with_amendment(text, '{clauses: {"5.2": {targets: {P2: 2 days}}}}')
    contract_faults = faults(engagement_folder(text))

    assert [fault.column for fault in contract_faults] == [
        "terms.statuses.Waiting.await",
        "terms.clauses.5.2.targets.P1",
        "amendments.0.changes.clauses.5.2.targets.P2",
    ]


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("amendments: {id: A1}\n", ["amendments"]),
        ("amendments: [A1]\n", ["amendments.0"]),
        ("versions: []\n", ["versions"]),
    ],
)
def test_amendments_of_the_wrong_form_are_faults_and_not_failures(
    engagement_folder: Folder, contract_text: str, written: str, columns: list[str]
) -> None:
    contract_faults = faults(engagement_folder(contract_text + written))

    assert [fault.column for fault in contract_faults] == columns


def test_terms_of_the_wrong_form_are_one_fault(
    engagement_folder: Folder, contract_text: str
) -> None:
    head = contract_text[: contract_text.index("terms:")]
    (fault,) = faults(engagement_folder(with_amendment(head + "terms: [P1]\n", "{}")))

    assert (fault.column, in_words(fault.message)) == ("terms", "should hold “key: value” lines")


def test_words_of_all_versions_may_stand_in_the_tables(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = with_amendment(contract_text, "{priorities: [P1, P2, P3], services: {new: {name: N}}}")
    text += "objectives: {O1: {title: One}}\n"
    words = load_contract(engagement_folder(text)).vocabulary()

    assert words["priorities"] == ("P1", "P2", "P3")
    assert words["services"] == ("support", "new")
    assert (words["clauses"], words["objectives"], words["questions"]) == (("5.2",), ("O1",), ())


# --- The data part


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-12-31T18:00", "2024-12-31T17:00Z"),
        ("2024-12-31 18:00:00", "2024-12-31T17:00Z"),
        ("2024-12-31T18:00:00Z", "2024-12-31T18:00Z"),
        ("2024-12-31T18:00:00+05:30", "2024-12-31T12:30Z"),
        ("2024-12-31", "2024-12-31T22:59:59Z"),
        ("2024-03-31T02:30", "2024-03-31T01:00Z"),
        ("2024-10-27T02:30", "2024-10-27T00:30Z"),
    ],
)
def test_the_extraction_is_an_instant_of_the_contract_s_zone_unless_it_states_its_own(
    engagement_folder: Folder, contract_text: str, written: str, instant: str
) -> None:
    """In Paris 02:30 does not exist on 31 March 2024 (03:00 is 01:00 UTC), twice on 27 October."""
    text = contract_text + f"data: {{extracted_at: {written}}}\n"

    assert load_contract(engagement_folder(text)).extracted_at == pd.Timestamp(instant)


@pytest.mark.parametrize("written", ["yesterday", "9999-12-31", "31/12/2024", "12"])
def test_an_extraction_that_is_no_instant_is_refused(
    engagement_folder: Folder, contract_text: str, written: str
) -> None:
    (fault,) = faults(engagement_folder(contract_text + f"data: {{extracted_at: {written}}}\n"))

    assert fault.column == "data.extracted_at"


def test_the_format_of_a_table_is_its_own_and_for_the_rest_the_default_one(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + (
        'data: {formats: {default: {dates: day-first, separator: ";"}, tickets: {dates: iso}}}\n'
    )
    data = load_contract(engagement_folder(text)).data

    assert (data.format_of("tickets").dates, data.format_of("tickets").separator) == ("iso", ";")
    assert data.format_of("lessons").dates == "day-first"


def test_what_a_faulty_contract_declares_of_its_files_is_still_used(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = changed(contract_text, "id: C-1", "id:") + (
        "data:\n  set_aside_limit: 10 %\n  extracted_at: never\n"
        "  formats: {tickets: {dates: day-first, seperator: x}, lessons: {decimal: ','}}\n"
    )
    data = load_data_section(engagement_folder(text))

    assert (data.set_aside_limit, data.extracted_at) == (0.1, None)
    assert (data.format_of("tickets").dates, data.format_of("lessons").decimal) == (
        "day-first",
        ",",
    )
    assert load_data_section(engagement_folder("- a\n")).set_aside_limit == 0.05


def test_a_contract_is_a_value(engagement_folder: Folder) -> None:
    folder = engagement_folder()

    assert load_contract(folder) == load_contract(folder)
    assert isinstance(load_contract(folder), Contract)


@pytest.mark.parametrize(
    ("line", "said_of_it"),
    [
        ('title: "C\\uD800"', "half of a surrogate pair is no character"),
        (
            "survey: {questions: {Q1: {text: Fine, kind: agreement, scale: [1, 3000000]}}}",
            "a scale has 101 points at most",
        ),
    ],
)
def test_what_no_page_could_print_is_refused(
    engagement_folder: Callable[..., Path], contract_text: str, line: str, said_of_it: str
) -> None:
    lines = [
        row
        for row in contract_text.splitlines()
        if not row.startswith(line.split(":", maxsplit=1)[0])
    ]
    with pytest.raises(Faults, match=said_of_it):
        load_contract(engagement_folder("\n".join([*lines, line, ""])))


def test_the_longest_day_of_a_week_of_nine_hours_on_monday_and_three_on_friday_is_nine() -> None:
    """Monday 8 to 12 and 13 to 18 is 4 h + 5 h; Friday 9 to 12 is 3 h."""
    week = {"mon": [("08:00", "12:00"), ("13:00", "18:00")], "fri": [("09:00", "12:00")]}
    calendar = Calendar.model_validate({"title": "Office", "week": week})

    assert calendar.longest_day == dt.timedelta(hours=9)


@pytest.mark.parametrize(
    ("span", "hours"),
    [(("22:00", "06:00"), 8), (("23:59", "00:00"), 1 / 60), (("00:00", "24:00"), 24)],
)
def test_a_day_that_closes_after_midnight_is_as_long_as_it_is_open(
    span: tuple[str, str], hours: int
) -> None:
    """From 22 to 6 are 2 + 6 hours; from 23:59 to midnight is a minute; a whole day is 24."""
    calendar = Calendar.model_validate({"title": "Nights", "week": {"mon": [span]}})

    assert calendar.longest_day == dt.timedelta(hours=hours)


def test_a_scale_has_101_points_at_most() -> None:
    """0 to 100 are 101 points; 0 to 101 are 102."""
    question = {"text": "?", "kind": "agreement", "scale": [0, 100]}

    assert Question.model_validate(question).scale == (0, 100)
    with pytest.raises(ValidationError, match="a scale has 101 points at most; came 0 to 101"):
        Question.model_validate(question | {"scale": [0, 101]})
