"""Verdicts that rest on a default of the product: the contract is silent, and it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from reviewlib.contract import Clause
from reviewlib.service.sensitivity.interpretations import CONTRACT

SILENT_ON = {
    "priority_initial": "priority",
    "priority_highest": "priority",
    "waiting_paused": "pauses",
    "paused_client": "pauses",
    "paused_provider": "pauses",
    "paused_third_party": "pauses",
    "reopened_counted": "reopening",
    "reopened_resumed": "reopening",
    "last_cycle": "reopening",
}
"""The interpretations that a contract leaves open where it is silent on a key of the clause."""


@dataclass(frozen=True)
class Default:
    """A key on which a clause is silent, and its other interpretations that give other figures.

    ``readings``: rows of ``sensitivity``; ``turning``: those of them that turn the verdict.
    """

    key: str
    readings: pd.DataFrame
    turning: pd.DataFrame


def defaults(clause: Clause, readings: pd.DataFrame) -> tuple[Default, ...]:
    """Return the defaults that a verdict rests on.

    ``readings``: the rows of ``sensitivity`` of a clause and priority, the contract's own first.
    One of which every interpretation gives the same figures is none: nothing rests on it.
    """
    if readings.empty or (own := readings.iloc[0])["kept"] is None:
        return ()
    counts = ["met", "late_or_paused", "n"]
    differs = (readings[counts] != own[counts].to_list()).any(axis="columns")
    key = readings["reading"].map(SILENT_ON)
    verdicts = readings["kept"]
    turns = pd.Series([one not in (None, own["kept"]) for one in verdicts], verdicts.index)
    return tuple(
        Default(name, rows, rows[turns[rows.index]])
        for name in dict.fromkeys(SILENT_ON.values())
        if clause.is_silent(name) and len(rows := readings[differs & (key == name)])
    )


def by_priority(readings: pd.DataFrame) -> Mapping[tuple[str, str], pd.DataFrame]:
    """Return the rows of ``sensitivity`` of each clause and priority, from the own one on."""
    groups = readings.groupby(["clause", "priority"], sort=False)
    return {key: rows for key, rows in groups if rows["reading"].iloc[0] == CONTRACT}
