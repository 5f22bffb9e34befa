"""A contract that states acceptance, warranty and payment, and tables of what was delivered."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from tests import desk

ACCEPTANCE = {
    "clause": "7.2",
    "decision": "15 calendar days",
    "tacit": True,
    "warranty": "3 months",
}
RETENTION = {"clause": "9.5", "share": "5 %", "until": "warranty"}
PAYMENT = {"clause": "9.3", "within": "30 calendar days", "retention": RETENTION}


def agreed(
    payment: dict[str, Any] | None = PAYMENT,
    acceptance: dict[str, Any] | None = ACCEPTANCE,
    **parts: Any,
) -> dict[str, Any]:
    """Return the contract of 2026 as it is written; None leaves a part out."""
    agreement = desk.agreed(**({"public_holidays": "FR"} | parts))
    stated = {"payment": payment, "acceptance": acceptance}
    said = {name: part for name, part in stated.items() if part is not None}
    return agreement | {"terms": agreement["terms"] | said}


def contract(**parts: Any) -> Contract:
    return desk.loaded(agreed(**parts))


def amendment(effective: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": "A1", "title": "Other terms", "signed": "2026-01-02", "effective": effective,
        "changes": changes,
    }  # fmt: skip


def dated(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return rows as a table; what ends in _on is a day, in _id a text."""
    frame = pd.DataFrame(list(rows))
    days = {name: "datetime64[s]" for name in frame if name.endswith("_on")}
    ids = {name: "str" for name in frame if name.endswith("_id")}
    return frame.astype(days | ids)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)
