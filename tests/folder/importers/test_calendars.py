"""Calendars (iCalendar) as meetings: on entries checkable by eye, then on real exports."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest

from reviewlib.cli import main
from reviewlib.faults import Faults
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.importers.entries import read_calendars
from reviewlib.folder.importers.mapping import FILE, load_routes
from reviewlib.folder.importers.titles import stripped
from tests.folder.importers.test_tools import EXPORTS, bring, cells, wanted

CONTRACT = """\
format: 1
id: C1
title: Support
language: {language}
time_zone: Europe/Paris
period: {{first: 2024-01-01, last: 2024-12-31}}
client:
  name: Régie
  contact: {{role: Responsable du contrat, id: manager}}
  others: [{{role: Directeur informatique, id: cio}}]
provider:
  name: Prestataire
  contact: {{role: Responsable de service, id: service}}
governance:
  launch: {{by: 2024-01-31}}
  bodies:
    steering: {{title: {{fr: Comité de pilotage, en: Steering committee}}, every: month}}
    follow_up: {{title: {{fr: Point de suivi, en: Follow-up meeting}}, every: two-weeks}}
"""
STAMP = "DTSTAMP:20240701T080000Z"
SERIES = "DTSTART;TZID=Europe/Paris:20240118T100000|RRULE:FREQ=MONTHLY;BYDAY=3TH"


def entry(title: str, *lines: str, uid: str = "") -> str:
    """An entry, its lines divided by |; DTSTAMP stands in it unless it says another one."""
    own = [one for line in lines for one in line.split("|")]
    stamp = [] if any(one.startswith("DTSTAMP") for one in own) else [STAMP]
    named = [f"UID:{uid}"] if uid else []
    return "\n".join(["BEGIN:VEVENT", *named, f"SUMMARY:{title}", *stamp, *own, "END:VEVENT"])


def on(day: str) -> str:
    return f"DTSTART:{day}T100000Z"


def calendar(*entries: str, method: str = "PUBLISH") -> str:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", f"METHOD:{method}"]
    return "\n".join([*head, *entries, "END:VCALENDAR", ""])


def desk(tmp_path: Path, language: str = "en", name: str = "e") -> Path:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    (folder / "engagement.yml").write_text(CONTRACT.format(language=language), encoding="utf-8")
    return folder


def bring_in(
    folder: Path, *texts: str, answers: tuple[str, ...] = (), complete: bool = True, **more: object
) -> str:
    """Import calendars into a folder and return what was shown."""
    files = []
    for place, text in enumerate(texts):
        files.append(folder.parent / f"{place}.ics")
        files[-1].write_text(text.replace("\n", "\r\n"), encoding="utf-8", newline="")
    request = dataclasses.replace(wanted("ics", files, folder), **more)  # type: ignore[arg-type]
    return bring(request, *answers, complete=complete)


def rows(folder: Path, *names: str) -> list[tuple[str, ...]]:
    """Some columns of the meetings, in the order of the days first planned."""
    frame = cells(folder, "meetings").sort_values("planned_on", kind="stable")
    return [*frame[[*names]].itertuples(index=False, name=None)]


DAYS = ("planned_on", "moved_to", "held_on", "cancelled_on")


def test_a_series_with_meetings_moved_cancelled_and_taken_out(tmp_path: Path) -> None:
    """The third Thursdays up to the stamp of 1 July: 18/1, 15/2, 21/3, 18/4, 16/5, 20/6."""
    folder, series = desk(tmp_path, "fr"), SERIES.replace("Europe/Paris", "Romance Standard Time")
    original = "RECURRENCE-ID;TZID=Romance Standard Time"
    lines = bring_in(
        folder,
        calendar(
            entry("Comité de pilotage", series, "EXDATE:20240321T090000Z", uid="s"),
            entry("Comité de pilotage",
                  f"{original}:20240215T100000|DTSTART:20240222T090000Z", uid="s"),
            entry("Annulé\u00a0: Comité de pilotage", f"{original}:20240418T100000",
                  "DTSTART:20240418T080000Z|LAST-MODIFIED:20240410T120000Z", uid="s"),
            "BEGIN:VTODO\nSUMMARY:x\nEND:VTODO",
        ),
    )  # fmt: skip

    assert rows(folder, *DAYS) == [
        ("2024-01-18", "", "2024-01-18", ""),
        ("2024-02-15", "2024-02-22", "2024-02-22", ""),
        ("2024-04-18", "", "", "2024-04-10"),
        ("2024-05-16", "", "2024-05-16", ""),
        ("2024-06-20", "", "2024-06-20", ""),
    ]
    assert {*rows(folder, "body")} == {("steering",)}
    for text in ("1 VTODO", "EXDATE", "ce n’en est pas la preuve"):  # held as entered
        assert text in lines
    assert len(load_engagement(folder).table("meetings")) == 5


def test_the_day_is_that_of_the_zone_of_the_contract(tmp_path: Path) -> None:
    folder = desk(tmp_path)
    bring_in(
        folder,
        calendar(
            entry("Steering committee", "DTSTART:20240110T233000Z|DTEND:20240111T003000Z", uid="1"),
            entry("Follow-up meeting", "DTSTART;VALUE=DATE:20240205|DTEND;VALUE=DATE:20240206"),
            entry("Follow-up meeting", "DTSTART;TZID=Asia/Tokyo:20240305T030000", uid="3"),
            entry("Follow-up meeting", "DTSTART:20240401T233000", uid="4"),
        ),
        time_zone="America/New_York",
    )

    assert [day for (day,) in rows(folder, "held_on")] == [
        "2024-01-11", "2024-02-05", "2024-03-04", "2024-04-02",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "n"),
    [
        ("FREQ=WEEKLY", 27),  # 1 January 2024 to 1 July, the day of the stamp
        ("FREQ=WEEKLY;COUNT=3", 3),
        ("FREQ=HOURLY", 1),
        ("FREQ=SECONDLY", 1),
        ("FREQ=WEEKLY;INTERVAL=0", 1),
        ("FREQ=NONSENSE", 1),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 1),
    ],
)
def test_a_series_ends_with_the_export_and_a_rule_of_nonsense_gives_one_meeting(
    tmp_path: Path, rule: str, n: int
) -> None:
    folder = desk(tmp_path)
    bring_in(folder, calendar(entry("Follow-up meeting", f"DTSTART:20240101T060000Z|RRULE:{rule}")))
    assert len(cells(folder, "meetings")) == n


def test_an_endless_series_ends_with_the_contract(tmp_path: Path) -> None:
    folder, monthly = desk(tmp_path), entry("Steering committee", SERIES, uid="s")
    single = entry("Follow-up meeting", on("20250201"), uid="f")
    bring_in(folder, calendar(monthly, single), exported_on=dt.date(2025, 1, 31))

    assert rows(folder, "planned_on", "held_on")[-2:] == [
        ("2024-12-19", "2024-12-19"), ("2025-02-01", ""),
    ]  # fmt: skip
    assert len(cells(folder, "meetings")) == 13


@pytest.mark.parametrize(
    ("title", "about", "cancelled"),
    [
        ("Annulé : COPIL n°12 – 14 mars 2024", "COPIL", True),
        ("[Canceled] TR: 2024-03 Steering committee #4", "Steering committee", True),
        ("CANCELLED: x", "x", True),
        ("Comité de pilotage - ANNULÉ", "Comité de pilotage", True),
        ("COPIL (annulé)", "COPIL", True),
        ("COPIL n° 3 : annule", "COPIL", True),
        ("COPIL – ANNULÉ – 14 mars 2024", "COPIL", True),
        ("COPIL (annulé le 14 mars)", "COPIL", True),
        ("Steering committee - CANCELLED", "Steering committee", True),
        ("Steering committee [Canceled] W12", "Steering committee", True),
        ("Re-planification du COPIL", "Re-planification du COPIL", False),
        ("COPIL M365", "COPIL M365", False),
        ("2024", "2024", False),
        ("Annulation des droits", "Annulation des droits", False),
        ("COPIL - annulation des droits", "COPIL - annulation des droits", False),
    ],
)
def test_titles_are_read_without_the_marks_dates_and_numbers_at_their_ends(
    title: str, about: str, cancelled: bool
) -> None:
    assert stripped(title) == (about, cancelled)


def test_a_meeting_whose_title_ends_with_cancelled_was_not_held(tmp_path: Path) -> None:
    folder = desk(tmp_path)
    bring_in(folder, calendar(entry("Comité de pilotage - ANNULÉ", on("20240118"))))
    assert rows(folder, "body", "held_on", "cancelled_on") == [("steering", "", "2024-01-18")]


def test_only_a_title_that_is_a_usual_one_is_taken_and_a_longer_one_asked_for(
    tmp_path: Path,
) -> None:
    """Without a terminal the two longer ones stay open: the first with a guess, not the second."""
    folder = desk(tmp_path)
    titles = [
        "Comité de pilotage interne Nordiane (préparation)",
        "Lancement de la campagne de vaccination",
        "Réunion de lancement - 10 janvier",
        "COPIL n° 3 – mars 2024",
        "Le comité de pilotage du jeudi 14 mars, 10h30",
    ]
    lines = bring_in(folder, calendar(*(entry(one, on("20240110")) for one in titles)))
    assert sorted(rows(folder, "body")) == [("launch",), ("steering",), ("steering",)]
    assert "2 entries are of bodies that nobody has named yet" in lines
    assert (folder / FILE).read_text("utf-8").count("Perhaps") == 1


def test_a_body_is_told_by_its_title_else_asked_for_and_the_answer_kept(tmp_path: Path) -> None:
    day = on("20240110")
    file = calendar(
        entry("COPIL n°3", day, uid="1"),
        entry("Kick-off", day, uid="2"),
        entry("Préparation du comité de pilotage", day, uid="3"),
        entry("Hebdo 12", day, uid="4"),
        entry("Hebdo réseau", day, uid="5"),
        entry("Divers", day, "CATEGORIES:x,Hebdo", uid="6"),
        entry("Secret", day, "CLASS:PRIVATE", uid="7"),
    )
    folder = desk(tmp_path)
    lines = bring_in(folder, file)
    assert {*rows(folder, "body")} == {("steering",), ("launch",)}
    assert "4 keys" in lines
    assert "5 entries" in lines  # nothing is left out unseen; a private title is
    text = (folder / FILE).read_text("utf-8")
    assert "Secret" not in text
    assert '"Hebdo réseau":  # One of: steering, follow_up, launch, none.' in text
    assert '"Préparation du comité de pilotage":  # One of: ' in text
    assert "Perhaps" in text  # never assumed of a title that only holds the words

    named = text.replace("Hebdo:", '"Hebdo*": follow_up').replace('pilotage":', 'pilotage": none')
    (folder / FILE).write_text(named, "utf-8")
    lines = bring_in(folder, file)
    assert len(cells(folder, "meetings")) == 4
    assert "Hebdo réseau:" not in (folder / FILE).read_text("utf-8")
    assert load_routes(folder).imports["ics"].values["body"]["Kick-off"] == "launch"

    (folder / FILE).write_text(named.replace('"Hebdo*"', "Hebdo"), "utf-8")
    bring_in(folder, file)
    assert len(cells(folder, "meetings")) == 5  # the one of that category


def test_on_a_terminal_return_takes_the_guess_and_a_dash_is_no_body(tmp_path: Path) -> None:
    day = on("20240110")
    file = calendar(entry("Prépa comité de pilotage", day), entry("Dentiste", day))
    folder = desk(tmp_path)
    lines = bring_in(folder, file, answers=("", "-"))
    assert "steering" in lines
    kept = {"Prépa comité de pilotage": "steering", "Dentiste": "none"}
    assert load_routes(folder).imports["ics"].values["body"] == kept
    assert "fill it in" not in bring_in(folder, file)


def test_a_message_that_cancels_does_so_in_whichever_file_it_comes(tmp_path: Path) -> None:
    """The series is cancelled on 1 March: what lay before was held, what lay after was not."""
    folder, sent = desk(tmp_path), "DTSTAMP:20240301T080000Z|SEQUENCE:2"
    bring_in(
        folder,
        calendar(entry("COPIL", SERIES, uid="s"), entry("COPIL", on("20240410"), uid="f")),
        calendar(
            entry("COPIL", SERIES.partition("|")[0], sent, uid="s"),
            entry("COPIL", on("20240410"), sent, uid="f"),
            method="CANCEL",
        ),
    )

    assert rows(folder, "planned_on", "held_on", "cancelled_on") == [
        ("2024-01-18", "2024-01-18", ""),
        ("2024-02-15", "2024-02-15", ""),
        *(
            (f"2024-{day}", "", "2024-03-01")
            for day in ("03-21", "04-10", "04-18", "05-16", "06-20")
        ),
    ]


def test_a_series_that_changes_from_a_day_on_is_moved_once_and_planned_anew(tmp_path: Path) -> None:
    """Tuesdays from 2 January, Thursdays from the fourth week on."""
    folder, change = desk(tmp_path), "RECURRENCE-ID;RANGE=THISANDFUTURE:20240123T100000Z"
    weekly = entry("COPIL", on("20240102"), "RRULE:FREQ=WEEKLY;COUNT=5", uid="s")
    bring_in(folder, calendar(weekly, entry("COPIL", change, on("20240125"), uid="s")))
    assert rows(folder, "planned_on", "moved_to")[2:] == [
        ("2024-01-16", ""), ("2024-01-23", "2024-01-25"), ("2024-02-01", ""),
    ]  # fmt: skip


def test_roles_attend_where_all_answered_and_no_address_is_kept(tmp_path: Path) -> None:
    organiser = "ORGANIZER;CN=Jo Doe:mailto:jo.doe@client.example"
    invited = organiser + "|ATTENDEE;CN=Al;PARTSTAT={}:mailto:al.roe@firm.example"
    room = "ATTENDEE;CUTYPE=ROOM:mailto:room@client.example"
    file = calendar(
        entry("COPIL", on("20240118"), invited.format("ACCEPTED"), room),
        entry("COPIL", on("20240215"), invited.format("DECLINED")),
        entry("COPIL", on("20240321"), invited.format("NEEDS-ACTION")),
        entry("COPIL", on("20240418"), invited.format("ACCEPTED"),
              "STATUS:CANCELLED|LAST-MODIFIED:20240417T100000Z"),
        entry("COPIL", on("20240516"), organiser),
    )  # fmt: skip
    folder = desk(tmp_path)
    lines = bring_in(folder, file)
    assert "al.roe@firm.example" in lines  # asked on the terminal alone
    text = (folder / FILE).read_text("utf-8")
    assert text.count("@client.example") == text.count("@firm.example") == 1
    assert {*rows(folder, "attended")} == {("",)}

    codes = {"client": "manager", "firm": "service"}
    for domain, role in codes.items():
        text = re.sub(rf'("\w+@{domain}.example":).*', rf"\1 {role}", text)
    (folder / FILE).write_text(text, "utf-8")
    lines = bring_in(folder, file)
    assert rows(folder, "held_on", "attended", "cancelled_by") == [
        ("2024-01-18", "manager; service", ""),
        ("2024-02-15", "manager", ""),
        ("2024-03-21", "", ""),  # one has not answered
        ("", "", "client"),  # of the role that organised it
        ("2024-05-16", "", ""),  # who organised is named alone
    ]
    assert "which is not attending" in lines
    everything = "".join(one.read_text("utf-8-sig") for one in folder.iterdir())
    assert not re.search(r"doe|roe|mailto|Jo|Al\b", everything)


CLIENT, FIRM = "mailto:a@client.example", "mailto:b@firm.example"


def bring_invitations(folder: Path, *entries: str, required: str = "") -> str:
    """Import entries whose people are of the client, manager, and of the firm, service."""
    text = CONTRACT.format(language="en").replace("every: month", f"every: month{required}")
    (folder / "engagement.yml").write_text(text, "utf-8")
    roles = "attended: {client.example: manager, firm.example: service, other.example: none}"
    mapping = f"format: 1\nimports: {{ics: {{table: meetings, values: {{{roles}}}}}}}\n"
    (folder / FILE).write_text(mapping, "utf-8")
    return bring_in(folder, calendar(*entries))


@pytest.mark.parametrize(("organiser", "other"), [(CLIENT, FIRM), (FIRM, CLIENT)])
def test_who_organises_attends_as_their_own_answer_says_else_is_taken_as_present(
    tmp_path: Path, organiser: str, other: str
) -> None:
    own = f"ORGANIZER:{organiser}|ATTENDEE;PARTSTAT=ACCEPTED:{other}"
    answers = {"20240118": ";PARTSTAT=NEEDS-ACTION", "20240215": ";PARTSTAT=DECLINED"}
    answers |= {"20240321": ";PARTSTAT=ACCEPTED", "20240418": ""}
    entries = [
        entry("COPIL", on(day), f"{own}|ATTENDEE{answer}:{organiser}")
        for day, answer in answers.items()
    ]
    folder = desk(tmp_path)
    lines = bring_invitations(folder, *entries, entry("COPIL", on("20240516"), own))
    came, both = "service" if organiser == CLIENT else "manager", "manager; service"
    assert rows(folder, "attended") == [("",), (came,), (both,), (both,), (both,)]
    assert "Whoever organises is taken as present" in lines
    assert "so of 2 meetings" in lines  # 18 April and 16 May
    assert "1 meeting held: not all who were invited have answered" in lines


def test_a_required_role_that_was_not_invited_is_not_absent(tmp_path: Path) -> None:
    """Of the steering committee the manager and the service; of the follow-up nobody is."""
    firm, folder = f"ATTENDEE;PARTSTAT=ACCEPTED:{FIRM}", desk(tmp_path)
    alone = [entry("COPIL", on("20240118"), firm), entry("Point de suivi", on("20240119"), firm)]
    nobody = entry("COPIL", on("20240215"))
    other = firm.replace(FIRM, "mailto:c@other.example")
    none = entry("Point de suivi", on("20240216"), other)
    absent = entry("COPIL", on("20240321"), firm, f"ATTENDEE;PARTSTAT=DECLINED:{CLIENT}")
    required = ", roles: [manager, service]"
    lines = bring_invitations(folder, *alone, nobody, none, absent, required=required)
    assert rows(folder, "attended") == [("",), ("service",), ("",), ("",), ("service",)]
    assert "3 meetings held: the invitations lack a role that the body requires" in lines
    assert "have answered" not in lines


@pytest.mark.parametrize(
    ("required", "answer", "attended"),
    [
        ("manager", "ACCEPTED", "cio"),  # in the place of the manager, who was not invited
        ("manager", "DECLINED", ""),
        ("manager, cio", "ACCEPTED", ""),  # in its own place alone
    ],
)
def test_a_deputy_who_accepted_stands_for_a_role_that_was_not_invited(
    tmp_path: Path, required: str, answer: str, attended: str
) -> None:
    folder = desk(tmp_path)
    deputy = "Responsable du contrat, deputy: Directeur informatique, id: manager"
    text = CONTRACT.replace("Responsable du contrat, id: manager", deputy)
    text = text.replace("every: month", f"every: month, roles: [{required}]")
    (folder / "engagement.yml").write_text(text.format(language="en"), "utf-8")
    mapping = "format: 1\nimports: {ics: {table: meetings, values: {attended: {x.example: cio}}}}\n"
    (folder / FILE).write_text(mapping, "utf-8")
    invited = f"ATTENDEE;PARTSTAT={answer}:mailto:a@x.example"
    bring_in(folder, calendar(entry("COPIL", on("20240118"), invited)))
    assert rows(folder, "attended") == [(attended,)]


def test_a_meeting_that_all_declined_is_told_apart_from_one_not_answered(tmp_path: Path) -> None:
    declined = f"ATTENDEE;PARTSTAT=DECLINED:{CLIENT}|ATTENDEE;PARTSTAT=DECLINED:{FIRM}"
    folder = desk(tmp_path)
    lines = bring_invitations(folder, entry("COPIL", on("20240118"), declined))
    assert rows(folder, "held_on", "attended") == [("2024-01-18", "")]
    assert "1 meeting held: all roles invited declined" in lines
    assert "have answered" not in lines


def test_the_side_of_who_organises_is_that_of_the_domain_on_either_side(tmp_path: Path) -> None:
    for domain, side in (("client.example", "client"), ("firm.example", "provider")):
        folder = desk(tmp_path, name=side)
        cancelled = entry("Annulé : COPIL", on("20240118"), f"ORGANIZER:mailto:a@{domain}")
        bring_in(folder, calendar(cancelled), answers=(side,))
        assert rows(folder, "cancelled_by", "cancelled_on") == [(side, "2024-01-18")]


def test_importing_again_says_what_is_new_changed_and_unchanged(tmp_path: Path) -> None:
    folder, january = desk(tmp_path), entry("COPIL", on("20240118"), uid="1")
    assert "1 new, 0 changed, 0 unchanged" in bring_in(folder, calendar(january))
    first = (folder / "meetings.csv").read_bytes()
    assert "0 new, 0 changed, 1 unchanged" in bring_in(folder, calendar(january))
    assert (folder / "meetings.csv").read_bytes() == first

    moved = january.replace("20240118", "20240125")
    february = entry("COPIL", on("20240215"), uid="2")
    assert "1 new, 1 changed, 0 unchanged" in bring_in(folder, calendar(moved, february))
    assert rows(folder, *DAYS)[0] == ("2024-01-18", "2024-01-25", "2024-01-25", "")
    assert "0 new, 0 changed, 2 unchanged" in bring_in(folder, calendar(moved, february))


def test_what_somebody_wrote_of_a_meeting_stays(tmp_path: Path) -> None:
    """CP-1 is the committee of 18 January; it was not held, as the evidence says."""
    folder = desk(tmp_path)
    heading = "meeting_id,body,planned_on,held_on,cancelled_on,evidence\n"
    mine = "CP-1,steering,2024-01-18,,,no minutes\nCP-2,steering,2024-02-15,,2024-02-14,\n"
    (folder / "meetings.csv").write_text(heading + mine, "utf-8")
    lines = bring_in(folder, calendar(entry("COPIL", SERIES + ";COUNT=3", uid="s")))
    assert "1 new, 0 changed, 2 unchanged" in lines
    assert rows(folder, "meeting_id", "held_on", "cancelled_on")[:2] == [
        ("CP-1", "", ""), ("CP-2", "", "2024-02-14"),
    ]  # fmt: skip


def test_entries_that_are_wrong_are_counted_and_cost_no_other(tmp_path: Path) -> None:
    folder = desk(tmp_path)
    lines = bring_in(
        folder,
        calendar(
            entry("COPIL", "DTSTART:20240118T100000Z|DTEND:20240117T100000Z", uid="1"),
            entry("COPIL", on("20240219"), uid="1"),
            entry("COPIL", "LOCATION:nowhere"),
            entry("COPIL", on("20241399")),
            entry("COPIL", "DTSTART:99991231T235959Z", uid="9"),
            entry("COPIL", "DTSTART;TZID=Mars/Base:20240321T100000|no line at all", uid="3"),
            entry("COPIL", 'DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20240418T220000'),
        ),
    )
    assert [day for (day,) in rows(folder, "planned_on")][:4] == [
        "2024-01-18", "2024-02-19", "2024-03-21", "2024-04-19",
    ]  # fmt: skip
    for text in ("ends before", "bears the UID", "no start that can be read", "Mars/Base"):
        assert text in lines


def test_hostile_titles_stay_in_their_place(tmp_path: Path) -> None:
    folder, day = desk(tmp_path), on("20240118")
    titles = [
        "COPIL",
        "=cmd|'calc'!A0",
        "\u202egnp.exe",
        "x" * 10**5,
        "[b]{0}%s #: yes",
        "  ",
        "on",
    ]
    file = calendar(*(entry(one, day) for one in titles))
    bring_in(folder, file)
    assert len(cells(folder, "meetings")) == 1
    text = (folder / FILE).read_text("utf-8")
    assert "\u202e" not in text
    assert len(text) < 3000
    assert len(load_routes(folder).imports["ics"].values["body"]) == 6  # no blank one
    bring_in(folder, file)


def test_files_of_other_encodings_several_calendars_and_zips_are_read(tmp_path: Path) -> None:
    folder = desk(tmp_path)
    two = calendar(entry("Comité de pilotage", on("20240118")))
    two += calendar(entry("Point de suivi", on("20240119")))
    folded = two.encode().replace("é".encode(), b"\xc3\r\n \xa9")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        for encoding in ("cp1252", "utf-8-sig", "utf-16"):
            archive.writestr(f"{encoding}.ics", two.encode(encoding))
        archive.writestr("folded.ics", folded)
        archive.writestr("none.ics", calendar())
    bring(wanted("ics", [tmp_path / "c.zip"], folder))
    assert rows(folder, "body") == [("steering",), ("follow_up",)]  # the same in all four


def zipped(name: str) -> bytes:
    with zipfile.ZipFile(content := io.BytesIO(), "w") as archive:
        archive.writestr(name, "<workbook/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "est vide"),
        (b"Objet;Date\nCOPIL;2024-01-18\n", "n’est pas un fichier iCalendar"),
        (b"\x00\x81\x8d", "ni du texte"),
        (calendar(entry("COPIL", on("20240118")))[:-30].encode(), "END:VEVENT"),
        (b"BEGIN:VCALENDAR\nEND:VEVENT\n", "BEGIN:VEVENT"),
        (calendar("BEGIN:VTODO\nEND:VTODO").encode(), "aucune entrée"),
        (calendar(entry("Dentiste", "CLASS:PRIVATE")).encode(), "aucune instance"),
        (b"PK\x05\x06" + bytes(18), "aucun fichier .ics"),
        (zipped("xl/workbook.xml"), "est un classeur"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_in_the_language_of_the_folder(
    tmp_path: Path, content: bytes, message: str
) -> None:
    folder = desk(tmp_path, "fr")
    (tmp_path / "x.ics").write_bytes(content)
    with pytest.raises(Faults) as refused:
        bring(wanted("ics", [tmp_path / "x.ics"], folder))
    assert message in str(refused.value)
    assert "x.ics" in str(refused.value)
    assert [one.name for one in folder.iterdir()] == ["engagement.yml"]


def test_a_contract_without_bodies_says_to_state_them_and_a_day_is_a_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = desk(tmp_path)
    bare = CONTRACT.format(language="en").split("governance:")[0]
    (folder / "engagement.yml").write_text(bare, "utf-8")
    with pytest.raises(Faults, match=r"governance\.bodies"):
        bring_in(folder, calendar(entry("COPIL", on("20240118"))))
    words = ["import", "ics", "0.ics", "--to", str(folder), "--exported-on", "hier"]
    monkeypatch.setattr("sys.argv", ["reviewlib", *words])
    with pytest.raises(SystemExit):
        main()
    assert "2025-03-31" in capsys.readouterr().err


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
@pytest.mark.parametrize(
    ("file", "events", "title", "n"),
    [
        ("Office-2012-owa", 4, "TEST2", 90),  # 3; 2/11/2020, 43 Thursdays and 43 Fridays
        ("exchange_whole_day_moved_recurrence", 2, "Exchange*", 52),  # Tuesdays and Thursdays
        ("google-calendar-kiev-tz", 2, "repeated", 4),  # 25 to 28 August 2016
        ("utf8-french-calendar", 0, "", 0),
    ],
)
def test_exports_of_other_tools_give_the_meetings_that_stand_in_them(
    tmp_path: Path, file: str, events: int, title: str, n: int
) -> None:
    path = EXPORTS / "ics" / f"{file}.ics"
    assert sum(len(one.entries) for one in read_calendars(path)[0]) == events
    if not events:
        return
    folder = desk(tmp_path)
    text = (
        CONTRACT.format(language="en").replace("2024-12", "2026-12").replace("2024-01", "2016-01")
    )
    (folder / "engagement.yml").write_text(text, "utf-8")
    bodies = f'values: {{body: {{"{title}": steering, "TEST*": steering}}}}'
    mapping = f"format: 1\nimports: {{ics: {{table: meetings, {bodies}}}}}\n"
    (folder / FILE).write_text(mapping, "utf-8")
    request = dataclasses.replace(wanted("ics", [path], folder), exported_on=dt.date(2026, 11, 1))
    bring(request)
    assert len(cells(folder, "meetings")) == n
