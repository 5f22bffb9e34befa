"""Two small reviews made by hand, as review.json holds them, to be laid side by side."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from reviewlib.folder.frozen import frozen_review
from reviewlib.report.comparison import Comparison

TICKETS, EVENTS, CONTRACT = "a" * 64, "b" * 64, "c" * 64
OTHER, THIRD = "d" * 64, "e" * 64
QUARTERS = {
    "2026Q1": ("2026-01-01", "2026-03-31"),
    "2026Q2": ("2026-04-01", "2026-06-30"),
    "2026Q3": ("2026-07-01", "2026-09-30"),
    "2026Q4": ("2026-10-01", "2026-12-31"),
}


def both(en: str, fr: str) -> dict[str, str]:
    return {"en": en, "fr": fr}


def fact(name: str, value: Any, unit: str = "count", **about: Any) -> dict[str, Any]:
    return {"id": name, "label": both(f"Label {name}", f"Libellé {name}"), "value": value,
            "unit": unit} | about  # fmt: skip


def finding(name: str, kind: str = "concern") -> dict[str, Any]:
    return {"id": name, "sentence": both(f"It is {name}.", f"C’est {name}."), "kind": kind}


def section(slug: str, *facts: Any, findings: Any = (), **about: Any) -> dict[str, Any]:
    values = {"slug": slug, "title": both(slug.title(), f"Chapitre {slug}"), "because": "",
              "front": None, "facts": [*facts], "findings": [*findings]}  # fmt: skip
    return values | about


def made(
    *sections: Any, quarter: str = "2026Q1", files: dict[str, str] | None = None, **about: Any
) -> dict[str, Any]:
    first, last = QUARTERS[quarter]
    hashes = {"tickets.csv": TICKETS, "ticket_events.csv": EVENTS} | (files or {})
    contract = hashes.pop("engagement.yml", CONTRACT)
    values = {
        "schema": "reviewlib/review/2",
        "kind": "period",
        "engagement": {
            "id": "DESK-1",
            "title": both("A desk", "Un support"),
            "client": "The client & Co",
            "provider": "The provider",
            "amendments": [],
        },
        "period": {"first": first, "last": last},
        "as_of": f"{last}T21:59:59+00:00",
        "as_of_basis": "end_of_period",
        "time_zone": "Europe/Paris",
        "currency": "EUR",
        "languages": ["en", "fr"],
        "versions": {"reviewlib": "0.1.0", "pandas": "3.0"},
        "inputs": [
            {"table": "contract", "file": "engagement.yml", "sha256": contract},
            *(
                {"table": name.partition(".")[0], "file": name, "sha256": sha256}
                for name, sha256 in hashes.items()
                if sha256
            ),
        ],
        "sections": [*sections],
    }
    return copy.deepcopy(values | about)


def keep(folder: Path, name: str, values: Any) -> Path:
    """Write a review as the folder of an engagement keeps it; return its folder."""
    place = folder / "reviews" / name
    place.mkdir(parents=True, exist_ok=True)
    text = values if isinstance(values, str) else json.dumps(values, ensure_ascii=False)
    (place / "review.json").write_text(text, encoding="utf-8")
    return place


def compared(folder: Path, first: Any, second: Any) -> Comparison:
    """Keep two reviews of the first quarter, or of two quarters, and lay them side by side."""
    names = [
        next(q for q, days in QUARTERS.items() if days[0] == one["period"]["first"])
        for one in (first, second)
    ]
    if names[0] == names[1]:
        names[1] += ".2"
    paths = [keep(folder, names[0], first), keep(folder, names[1], second)]
    return Comparison(*map(frozen_review, paths))
