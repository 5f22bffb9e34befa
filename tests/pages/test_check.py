"""What ``check`` and faults say: in the contract's language, alike once, with what to write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.contract.source import language_of
from reviewlib.faults import Fault, Faults
from reviewlib.folder.engagement import load_engagement
from reviewlib.pages.check import report
from reviewlib.pages.faults import EMPTY_CHECK, as_json, lines
from reviewlib.report.text import N_
from reviewlib.review import open_review
from tests import desk
from tests.conftest import REPO, Run
from tests.sample import sample_of

Folder = Callable[..., Path]
TICKETS = "ticket_id,opened_at,priority\n"


def refused(folder: Path) -> list[str]:
    """The faults of a folder as they are printed, and how many they are."""
    with pytest.raises(Faults) as faults:
        load_engagement(folder)
    return [*lines(faults.value)]


def in_french(contract_text: str, limit: str = "5 %") -> str:
    text = contract_text.replace("language: en", "language: fr")
    return text + f"data: {{set_aside_limit: {limit}}}\n"


def checked(folder: Path) -> str:
    return "\n".join(report(open_review(folder)))


# --- In the language of the contract


def test_a_fault_is_in_the_language_of_the_contract_whatever_else_is_wrong_with_it(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = in_french(contract_text).replace("time_zone: Europe/Paris\n", "")

    assert refused(engagement_folder(text, tickets="ticket_id\nT1\n")) == [
        "engagement.yml, ligne 1, time_zone\u00a0: la clé «\u00a0time_zone\u00a0» manque ou n’a "
        "pas de valeur",
        "tickets.csv, ligne 1, opened_at\u00a0: la colonne manque. Ajoutez-la\u00a0: Ouverture du "
        "ticket.",
        "2 défauts.",
    ]


def test_what_is_no_yaml_is_told_in_the_language_that_a_line_of_it_names(
    engagement_folder: Folder, contract_text: str
) -> None:
    folder = engagement_folder(in_french(contract_text).replace("id: C-1", "id: C: 1"))

    assert refused(folder)[0].startswith(
        "engagement.yml, ligne 2\u00a0: YAML non valable\u00a0: «\u00a0:\u00a0» figure là où"
    )
    assert language_of(folder) == "fr"
    assert language_of(engagement_folder("format: [1\n")) == "en"
    assert language_of(engagement_folder("{format: 1, language: fr}\n")) == "fr"


def test_in_a_notebook_faults_are_in_the_language_of_the_contract_too(
    engagement_folder: Folder, contract_text: str
) -> None:
    with pytest.raises(Faults) as faults:
        load_engagement(engagement_folder(in_french(contract_text), tickets="ticket_id\nT1\n"))

    assert "la colonne manque" in str(faults.value)
    assert "the column is missing" in str(faults.value.faults[0])


def test_a_message_of_another_tool_stands_in_a_fault_as_it_is() -> None:
    fault = Fault("log.csv", "is no log", N_("Save the table as CSV."))

    assert [*lines(Faults([fault], "fr"))] == [
        "log.csv\u00a0: is no log. Enregistrez la table au format CSV.",
        "1 défaut.",
    ]


def test_check_is_in_the_language_of_the_contract_to_its_last_line(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = checked(
        engagement_folder(in_french(contract_text), tickets=TICKETS + "T1,2024-03-01,\n")
    )

    assert "tickets.csv\u00a0: 1 utilisée sur 1 ligne" in text
    assert "«\u00a0opened_at\u00a0» est une date sans heure" in text
    assert "C-1\u00a0: aucun défaut\u00a0; 0 ligne écartée, 1 valeur réparée." in text


# --- What is alike, once


def test_rows_that_break_one_rule_are_one_fault_with_its_values_and_what_to_write(
    engagement_folder: Folder, contract_text: str
) -> None:
    """4 of 6 rows: two "p1 - critique", one "P 2", and one "Basse" that is like no priority."""
    words = ["P1", "p1 - critique", "P 2", "p1 - critique", "Basse", "P2"]
    rows = "".join(f"T{n},2024-03-01 09:00,{word}\n" for n, word in enumerate(words))

    assert refused(engagement_folder(None, tickets=TICKETS + rows)) == [
        "tickets.csv: 4 of 6 rows set aside, above the limit of 5.00% (data.set_aside_limit)",
        "tickets.csv: 4 rows set aside: “priority” is none of the allowed values (P1, P2)\n"
        "  came: 'p1 - critique' (2), 'P 2' (1), 'Basse' (1)\n"
        "  rows: 3, 4, 5, 6\n"
        "  Write P1 for 'p1 - critique', P2 for 'P 2'. Define the others under terms.priorities in "
        "engagement.yml, or correct their rows.",
        "2 faults.",
    ]


def test_of_many_values_the_ten_that_came_most_often_are_named(
    engagement_folder: Folder, contract_text: str
) -> None:
    """Twelve words of a service, the last one twice: it is named first, and two are not named."""
    words = [f"w{n:02}" for n in range(12)] + ["w11"]
    rows = "".join(f"T{n},2024-03-01 09:00,{word}\n" for n, word in enumerate(words))
    fault = refused(engagement_folder(None, tickets=f"ticket_id,opened_at,service\n{rows}"))[1]

    assert "  came: 'w11' (2), 'w00' (1), 'w01' (1)" in fault
    assert fault.count("(1)") == 9
    assert "2 others\n" in fault
    assert "  rows: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 3 others\n" in fault
    assert "under terms.services" in fault


def test_a_word_as_like_one_allowed_word_as_another_is_not_guessed(
    engagement_folder: Folder, contract_text: str
) -> None:
    rows = "T1,2024-03-01 09:00,P9\nT2,2024-03-01 09:00,P9\n"
    fault = refused(engagement_folder(None, tickets=TICKETS + rows))[1]

    assert "Write" not in fault
    assert "under terms.priorities" in fault


def test_a_decimal_mark_or_an_order_declared_wrongly_is_answered_by_what_to_declare(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text + (
        'data: {formats: {tickets: {dates: month-first}, budget: {decimal: "."}}}\n'
    )
    budget = "line_id;title;original\nA;a;1200,5\nB;b;13,25\n"
    tickets = "ticket_id,opened_at\nT1,13/01/2024 09:00\nT2,02/01/2024 09:00\n"
    text = "\n".join(refused(engagement_folder(text, budget=budget, tickets=tickets)))

    assert "Declare data.formats.tickets.dates: day-first, in engagement.yml." in text
    assert 'Declare data.formats.budget.decimal: ",", in engagement.yml.' in text


def test_the_same_fault_at_several_places_of_the_contract_is_one(
    engagement_folder: Folder, contract_text: str
) -> None:
    clause = contract_text[contract_text.index('    "5.2":') :].replace('"5.2"', '"5.3"')
    text = (contract_text + clause).replace("[Waiting]", "[Wating]")

    (fault, n) = refused(engagement_folder(text))
    assert fault.startswith(
        "engagement.yml: 'Wating' is not defined under statuses. Did you mean 'Waiting'?\n"
        "  in 2 places: row 28 (terms.clauses.5.2.pauses.0), row "
    )
    assert n == "1 fault."


def test_rows_with_as_many_cells_too_many_are_one_fault(engagement_folder: Folder) -> None:
    rows = "T1,2024-03-01,P1,x\nT2,2024-03-01,P1,y\n"

    assert refused(engagement_folder(tickets=TICKETS + rows))[0].startswith(
        "tickets.csv: 4 cells where the heading has 3\n  rows: 2, 3\n  Put cells that hold"
    )


# --- What follows from another fault, and what does not


def test_words_that_a_faulty_contract_defines_are_asked_of_the_tables_in_the_same_run(
    engagement_folder: Folder, contract_text: str
) -> None:
    """The contract lacks its id; its priorities, and a list that is none of words, are read."""
    text = contract_text.replace("id: C-1\n", "").replace("services:", "services: 7\n  site:")
    tickets = "ticket_id,opened_at,priority,service\nT1,2024-03-01 09:00,P9,any\n"
    faults = "\n".join(refused(engagement_folder(text, tickets=tickets)))

    assert "the key 'id' is missing" in faults
    assert "“priority” is none of the allowed values (P1, P2) (found: 'P9')" in faults
    assert "“service”" not in faults


def test_rows_that_name_rows_set_aside_are_no_fault_beside_that_of_their_table(
    engagement_folder: Folder,
) -> None:
    """Both tickets are set aside, and with them both events: one thing is to be mended."""
    tickets = TICKETS + "T1,2024-03-01 09:00,P8\nT2,2024-03-01 09:00,P9\n"
    events = "ticket_id,at,field,new\nT1,2024-03-02,status,New\nT2,2024-03-02,status,New\n"
    faults = refused(engagement_folder(tickets=tickets, ticket_events=events))

    assert not [fault for fault in faults if fault.startswith("ticket_events.csv")]
    assert len(faults) == 3


def test_a_misspelt_part_of_the_terms_makes_no_fault_of_each_name_that_it_would_define(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text.replace("priorities: [", "prioritys: [")

    assert [fault.partition(",")[2] for fault in refused(engagement_folder(text))[:-1]] == [
        " row 10, terms.prioritys: unknown key 'prioritys'. Did you mean 'priorities'?"
    ]


def test_tables_without_a_row_are_one_line(engagement_folder: Folder) -> None:
    text = checked(
        engagement_folder(
            tickets="ticket_id,opened_at\n", lessons="lesson_id,event,kind,recommendation\n"
        )
    )

    assert "without a row: tickets.csv, lessons.csv" in text
    assert "0 of 0" not in text


# --- What is one step away


def test_dates_of_no_clear_order_are_answered_by_both_readings_of_one(
    engagement_folder: Folder, contract_text: str
) -> None:
    tickets = "ticket_id,opened_at\nT1,03/04/2024 09:00\n"
    folder = engagement_folder(in_french(contract_text), tickets=tickets)

    assert refused(folder)[0].endswith(
        "Déclarez data.formats.tickets.dates, dans engagement.yml\u00a0: day-first (jour d’abord) "
        "si 03/04/2024 est le 3 avr. 2024, month-first (mois d’abord) si c’est le 4 mars 2024."
    )
    impossible = "ticket_id,opened_at\nT1,00/04/2024 09:00\n"
    assert refused(engagement_folder(tickets=impossible))[0].endswith(
        "Declare data.formats.tickets.dates: iso, day-first or month-first."
    )


def test_an_optional_column_that_is_misspelt_is_pointed_at(engagement_folder: Folder) -> None:
    text = checked(engagement_folder(tickets="ticket_id,opened_at,prio\nT1,2024-03-01 09:00,P1\n"))

    assert "tickets.csv: columns not used: prio\n" in text
    assert "tickets.csv: the column 'prio' is not used: if it is priority, name it so\n" in text


def test_a_column_of_a_file_with_french_headings_is_not_likened_to_a_name(
    engagement_folder: Folder,
) -> None:
    """Observation is not meant for relation, which stands in no heading of the file."""
    heading = "N°;Date d’ouverture;Observation;Délai de résolution"
    folder = engagement_folder(tickets=f"{heading}\nT1;2024-03-01 09:00;x;2 h\n")

    assert "is not used: if it is" not in checked(folder)


@pytest.mark.parametrize(
    ("pauses", "log", "bounds_only"),
    [
        (["Waiting"], "", True),
        (["Waiting"], "T1 2026-01-05T10:00 group A B", True),
        (["Waiting"], "T1 2026-01-05T10:00 status New Resolved", False),
        ([], "", False),
    ],
)
def test_a_clause_that_will_have_bounds_alone_is_named(
    tmp_path: Path, pauses: list[str], log: str, bounds_only: bool
) -> None:
    """R1 pauses, and only changes of status would tell when; one of the team does not."""
    tables = {"tickets": desk.tickets(desk.ticket("T1", "2026-01-05T09:00"))}
    tables |= {"ticket_events": desk.events(log)} if log else {}
    agreement = desk.agreed(desk.RESOLUTION | {"pauses": pauses})
    text = "\n".join(report(desk.review(tmp_path, agreement, tables)))

    line = "engagement.yml, terms.clauses.R1: to look at: the clause pauses, and no log of status"
    assert (line in text) == bounds_only


@pytest.mark.parametrize(
    ("days", "announced"),
    [
        (["2025-12-31T23:59", "2027-01-01T00:00", "2027-01-04T09:00"], "before: 1, after: 2"),
        (["2026-01-01T00:00", "2026-12-31T23:59"], ""),
    ],
)
def test_tickets_opened_before_and_after_the_contract_are_announced(
    tmp_path: Path, days: list[str], announced: str
) -> None:
    """The contract is of 2026: its first and its last minute are of it."""
    rows = desk.tickets(*(desk.ticket(f"T{n}", day) for n, day in enumerate(days)))
    agreement = desk.agreed(desk.RESOLUTION, data={"extracted_at": "2027-02-01T00:00"})
    text = "\n".join(report(desk.review(tmp_path, agreement, {"tickets": rows})))

    assert (f"1 Jan 2026 to 31 Dec 2026 ({announced})" in text) == bool(announced)
    assert ("engagement.yml, period: to look at: 3 tickets were opened" in text) == bool(announced)


# --- For machines


def test_what_check_prints_is_one_object_for_machines_with_the_same_texts(
    engagement_folder: Folder, contract_text: str, run_here: Run
) -> None:
    """Of 3 rows one is set aside and one has no time; the contract allows a third."""
    tickets = TICKETS + "T1,2024-03-01 09:00,P1\nT2,2024-03-02,P1\nT1,2024-03-01 09:00,P1\n"
    folder = engagement_folder(in_french(contract_text, "34 %"), tickets=tickets)
    done = run_here("check", "--json", folder)
    shown = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert (shown["schema"], shown["language"], shown["contract"]) == (1, "fr", "C-1")
    (table,) = shown["tables"]
    assert {key: table[key] for key in ("file", "rows", "used", "set_aside", "lines")} == {
        "file": "tickets.csv", "rows": 3, "used": 2, "set_aside": 1, "lines": 4,
    }  # fmt: skip
    (aside,) = shown["set_aside"]
    assert (aside["row"], aside["value"], aside["n"]) == (4, "T1", 1)
    assert aside["remedy"] == "Ne gardez qu’une ligne de chacun."
    assert [one["row"] for one in shown["repaired"]] == [3]
    assert (shown["faults"], shown["to_look_at"]) == ([], [])
    assert "durations" in shown["report"]["assessed"]
    assert shown["report"]["lacking"]["budget"] == ["budget.csv"]
    assert shown["report"]["adds"]["milestones.csv"] == ["milestones", "delays"]
    plain = run_here("check", folder).stdout
    assert all(text in plain for text in (*shown["remarks"], aside["message"]))


def test_faults_are_of_the_same_form_and_end_with_the_same_code(
    engagement_folder: Folder, run_here: Run
) -> None:
    rows = "T1,2024-03-01 09:00,P 1\nT2,2024-03-01 09:00,P 1\n"
    folder = engagement_folder(tickets=TICKETS + rows)
    done = run_here("check", folder, "--json")
    shown = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (2, "")
    assert (shown["contract"], shown["report"], shown["tables"]) == (None, None, [])
    assert shown["faults"][1] == {
        "file": "tickets.csv",
        "row": None,
        "column": "priority",
        "value": "",
        "message": "2 rows set aside: “priority” is none of the allowed values (P1, P2)",
        "remedy": "Write P1 for 'P 1'.",
        "n": 2,
        "places": [{"row": 2, "column": "priority"}, {"row": 3, "column": "priority"}],
        "values": [{"value": "P 1", "n": 2}],
        "distinct": 1,
    }


def test_every_key_for_machines_has_its_line_in_the_reference() -> None:
    text = (REPO / "docs" / "commands.md").read_text(encoding="utf-8")
    part = text[text.index("## `check --json`") : text.index("## Exit codes")]
    keys = {*EMPTY_CHECK, *as_json(Fault("x", "y"), "en")}
    described = {name for line in part.splitlines() for name in re.findall(r"`(\w+)`", line)}

    assert keys - described == set()


# --- What a report would contain


def test_check_ends_with_what_a_report_would_assess_and_what_one_more_file_would_add(
    engagement_folder: Folder,
) -> None:
    """A contract with clauses, and milestones: with tickets nine chapters more."""
    milestones = "milestone_id,title,contract_date,actual_date\nM1,Go,2024-03-01,2024-03-02\n"
    text = checked(engagement_folder(milestones=milestones))
    shown = text[text.index("A report would") :].splitlines()

    assert shown[0] == (
        "A report would assess 5 of 40 chapters now: The engagement; How the clauses were "
        "interpreted; Milestones; Causes of delay; Data quality and provenance."
    )
    assert shown[1:3] == [
        "One more of these would add:",
        "  tickets.csv: 9 chapters (Service levels; Other interpretations of the clauses; The most "
        "consequential breaches; Durations; Flow; Volumes; Volumes, events and dates ahead; "
        "Ramp-up and autonomy; Signals to discuss)",
    ]
    assert "  terms.penalties in engagement.yml: 1 chapter (Penalties, credits and late" in text
    assert "  Availability: outages.csv, terms.availability in engagement.yml" in shown


def test_of_a_folder_that_has_all_nothing_is_missing() -> None:
    *_, last = report(sample_of())

    assert last.startswith(
        "Un bilan traiterait maintenant 40 chapitres sur 40\u00a0: La prestation"
    )
