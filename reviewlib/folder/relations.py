"""The rules between tables: rows that name a row which is not there, or came before its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.folder.checking import Checked, without
from reviewlib.folder.issues import broken, located_issues, together
from reviewlib.ids import among, places
from reviewlib.tables import PARENTS, rules


def without_orphans(checked: Mapping[str, Checked]) -> dict[str, Checked]:
    """Set aside the rows that name a row of another table which is not there."""
    result = dict(checked)
    for (child, column), parent in PARENTS.items():
        if child not in result or parent not in result or column not in result[child].frame:
            continue
        table, named = result[child], result[parent]
        if named.faults:
            continue  # they are reported; which rows it would have had can't be told
        key = table.frame[column]
        lost = key[key.notna() & ~among(key, named.frame[column])]
        if len(lost):
            aside = among(lost, named.cells[column])
            rule = np.where(aside, rules.CHILD, rules.ORPHAN)
            orphans = broken(lost.index, column, rules.ORPHAN, parent).assign(rule=rule)
            result[child] = _set_aside(table, orphans, child)
    return result


def _set_aside(table: Checked, reasons: pd.DataFrame, name: str) -> Checked:
    """Return a table without the rows that break a rule between tables."""
    located = located_issues([reasons], name, table.file, table.cells)
    return dataclasses.replace(
        table,
        frame=without(table.frame, [reasons]),
        set_aside=together([table.set_aside, located]),
    )


def without_early(checked: Mapping[str, Checked]) -> dict[str, Checked]:
    """Set aside the events that are dated before the opening of their ticket."""
    if not {"tickets", "ticket_events"} <= checked.keys():
        return dict(checked)
    tickets, log = checked["tickets"].frame, checked["ticket_events"]
    if tickets.empty or log.frame.empty:
        return dict(checked)
    place = places(log.frame["ticket_id"], tickets["ticket_id"])
    opened = tickets["opened_at"].take(place).array  # of an orphan, set aside before, any one
    early = log.frame.index[np.asarray(log.frame["at"].array < opened)]
    if early.empty:
        return dict(checked)
    reasons = broken(early, "at", rules.EARLY)
    return {**checked, "ticket_events": _set_aside(log, reasons, "ticket_events")}
