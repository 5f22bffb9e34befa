"""Small engagements of a few tickets, for runs of which there are many."""

from __future__ import annotations

from pathlib import Path

CONTRACT = """\
format: 1
id: {name}
title: {{fr: Support informatique {name}, en: IT support {name}}}
language: {language}
time_zone: {zone}
period: {{first: {first}, last: {last}}}
client: {{name: Client}}
provider: {{name: Provider}}
{more}terms:
  priorities: [P1, P2]
  calendars:
    office:
      title: Office hours
      week: {{mon: [["09:00", "18:00"]], tue: [["09:00", "18:00"]], wed: [["09:00", "18:00"]]}}
  services:
    support: {{name: Support}}
  clauses:
    "5.2":
      title: Time to resolution
      measure: resolution
      calendar: office
      targets: {{P1: 4 h, P2: 8 h}}
      threshold: 95 %
      stops_at: last_resolution
"""
EXTRACTED = "data: {extracted_at: 2024-12-31T18:00}\n"


def lay_out(
    folder: Path,
    first: str = "2024-01-01",
    last: str = "2024-06-30",
    *,
    more: str = EXTRACTED,
    **terms: str,
) -> Path:
    """Write an engagement with a ticket a week in a folder that is new; return it.

    ``terms``: its ``language`` (en) and time ``zone`` (Europe/Paris), and the day of the last
    ``ticket`` (2024-06-24).
    """
    about = {"language": "en", "zone": "Europe/Paris", **terms}
    folder.mkdir(parents=True)
    text = CONTRACT.format(name=folder.name, first=first, last=last, more=more, **about)
    (folder / "engagement.yml").write_text(text, encoding="utf-8")
    rows = ["ticket_id,priority,service,opened_at,resolved_at"]
    number, month, day = 0, 1, 3
    while f"2024-{month:02}-{day:02}" <= about.get("ticket", "2024-06-24"):
        date, number = f"2024-{month:02}-{day:02}", number + 1
        rows.append(f"T{number},P{number % 2 + 1},support,{date}T09:30,{date}T1{number % 8}:00")
        month, day = (month, day + 7) if day < 24 else (month + 1, 3)
    (folder / "tickets.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
