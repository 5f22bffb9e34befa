"""How the months of the service are held against their process: the rules, what changed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from reviewlib.contract.base import Day, Location, Model, Prose
from reviewlib.contract.parties import UNDEFINED
from reviewlib.faults import meant_by
from reviewlib.report.text import Text, sentences


class ProcessChange(Model):
    """A change of how the service works, from which on the limits of months are computed anew.

    ``clauses``: of these alone, of service levels or availability; where it names none, of all
    series, the number of tickets included.
    """

    date: Day
    title: Prose
    clauses: tuple[str, ...] = ()


class Control(Model):
    """What control charts go by.

    ``rules``: by which a month is a signal: Wheeler's three, or those of the NHS in England.
    ``changes``: of the process, beside the amendments and the ends of ramp-ups that the contract
    states anyway.
    """

    rules: Literal["wheeler", "nhs"] = "wheeler"
    changes: tuple[ProcessChange, ...] = ()


def undefined_clauses(
    control: Control, names: Iterable[str]
) -> Iterator[tuple[Location, Text, Any]]:
    """Yield a fault for each clause of a change that is none of the contract's."""
    stated = [*names]
    for place, change in enumerate(control.changes):
        for name in change.clauses:
            if name not in stated:
                message = sentences(UNDEFINED(name=name, part="clauses"), meant_by(name, stated))
                yield ("control", "changes", place, "clauses"), message, name
