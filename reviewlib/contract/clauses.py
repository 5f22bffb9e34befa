"""Service levels as clauses: what is measured, from when to when, against which target (A5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field, model_validator

from reviewlib.contract.base import Location, Model, OneOrEach, Prose, Share, refuse
from reviewlib.contract.targets import TargetText
from reviewlib.faults import Unfit
from reviewlib.report.text import N_, Text

Rule = tuple[Location, Text, Any]
NO_TARGET = N_("{name:quoted} has no target")
Left = Literal["cancelled", "merged", "child", "inherited", "after_end"]


class Scope(Model):
    """The tickets that a clause, or a part of it, covers. A list that is left out covers all."""

    services: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    caller_groups: tuple[Prose, ...] = ()
    kinds: tuple[Prose, ...] = ()

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The words that each column of the tickets must hold, where the scope names any."""
        stated = {
            "service": self.services,
            "site": self.sites,
            "caller_group": self.caller_groups,
            "kind": self.kinds,
        }
        return {column: words for column, words in stated.items() if words}


class Variant(Scope):
    """Other targets for some services, sites, groups of callers or kinds of ticket.

    What it does not state is as in its clause.
    """

    targets: dict[str, TargetText] = {}
    calendar: OneOrEach[str] | None = None
    threshold: OneOrEach[Share] | None = None

    @model_validator(mode="after")
    def _differs(self) -> Variant:
        if not self.columns:
            raise Unfit(N_("name the services, sites, caller_groups or kinds that it is for"))
        if not self.targets and self.calendar is None and self.threshold is None:
            raise Unfit(N_("state the targets, calendar or threshold that differ"))
        return self


class Clause(Scope):
    """A service level: what is measured, from when to when, against which target.

    Every policy has a default, and the report prints the policy that was used. Of the
    ``variants``, the first that covers a ticket applies to it.
    """

    title: Prose
    measure: Literal["response", "resolution"]
    calendar: OneOrEach[str]
    targets: dict[str, TargetText] = Field(min_length=1)
    threshold: OneOrEach[Share]
    variants: tuple[Variant, ...] = ()
    pauses: tuple[str, ...] = ()
    starts_at: Literal["opened", "started", "assigned"] = "opened"
    stops_at: Literal["first_response", "first_resolution", "last_resolution", "closure"]
    reopening: Literal["resume", "count", "new_cycle"] = "resume"
    priority: Literal["initial", "final", "highest"] = "final"
    priority_change: Literal["retroactive", "restart", "pro_rata"] = "retroactive"
    excludes: tuple[Left, ...] = ("cancelled", "merged", "inherited", "after_end")
    month: Literal["due", "opened", "resolved"] = "due"
    assessed: Literal["contract", "month"] = "contract"
    minimum_volume: int = Field(default=1, ge=1)

    def calendar_of(self, priority: str) -> str:
        """Return the name of the calendar that applies to a priority."""
        return self.calendar if isinstance(self.calendar, str) else self.calendar[priority]

    def threshold_of(self, priority: str) -> float | None:
        """Return the share of tickets that must be in time; None when the clause states none."""
        if isinstance(self.threshold, dict):
            return self.threshold.get(priority)
        return self.threshold

    def variant(self, number: int) -> Clause:
        """Return the clause as it reads for its variant of a number (1, 2, …); 0 is itself."""
        if not number:
            return self
        own = self.variants[number - 1]
        stated: dict[str, Any] = {"targets": self.targets | own.targets}
        for key in ("calendar", "threshold"):
            if (value := getattr(own, key)) is not None:
                here = getattr(self, key)
                both = isinstance(value, dict) and isinstance(here, dict)
                stated[key] = here | value if both else value
        return self.model_copy(update=stated)

    @model_validator(mode="after")
    def _complete(self) -> Clause:
        refuse("Clause", self._faults())
        return self

    def _faults(self) -> Iterator[Rule]:
        if (self.measure == "response") != (self.stops_at == "first_response"):
            message: Text = N_("a response clause, and only it, stops at first_response")
            yield ("stops_at",), message, self.stops_at
        if self.reopening != "resume" and self.stops_at in ("first_response", "first_resolution"):
            message = N_("the clock stops at {key}: leave it out")(key=self.stops_at)
            yield ("reopening",), message, self.reopening
        if self.priority_change != "retroactive" and self.priority == "initial":
            message = N_("the initial priority never changes: leave priority_change out")
            yield ("priority_change",), message, self.priority_change
        if self.priority_change == "pro_rata" and self.priority == "highest":
            message = N_("pro_rata weighs every priority that a ticket had: leave priority out")
            yield ("priority_change",), message, self.priority_change
        for number in range(len(self.variants) + 1):
            place: Location = ("variants", number - 1) if number else ()
            yield from _incomplete(self.variant(number), place)


def _incomplete(clause: Clause, place: Location) -> Iterator[Rule]:
    if isinstance(clause.calendar, dict) and set(clause.calendar) != set(clause.targets):
        message = N_("name a calendar for each priority that has a target, and for no other")
        yield (*place, "calendar"), message, ", ".join(clause.calendar)
    for priority in clause.threshold if isinstance(clause.threshold, dict) else ():
        if priority not in clause.targets:
            yield (*place, "threshold", priority), NO_TARGET(name=priority), None


USED = {
    "calendar": "calendars",
    "targets": "priorities",
    "services": "services",
    "sites": "sites",
    "pauses": "statuses",
    "clauses": "clauses",
    "availability": "availability",
    "weights": "priorities",
    "priorities": "priorities",
}
"""Keys of a clause that use names, and the part of the terms that defines them."""


def names_used(clause: Any) -> Iterator[tuple[Location, str, str]]:
    """Yield the names that a clause uses: place, the part of the terms that defines it, name.

    ``clause`` may still be as it was read, with faults of its own.
    """
    for key, part in USED.items():
        for place, word in _words(key, at(clause, key)):
            if isinstance(word, str):
                yield (key, *place), part, word
    variants = at(clause, "variants")
    for number, own in enumerate(variants if isinstance(variants, list | tuple) else ()):
        for place, part, word in names_used(own):
            yield ("variants", number, *place), part, word


def at(part: Any, key: str) -> Any:
    """Return what stands under a key of a part, as read or as a model; None where nothing does."""
    return part.get(key) if isinstance(part, dict) else getattr(part, key, None)


def _words(key: str, stated: Any) -> Iterator[tuple[Location, Any]]:
    if isinstance(stated, str):
        yield (), stated
    elif isinstance(stated, dict):
        named = key in ("targets", "weights")
        yield from (((name,), name if named else word) for name, word in stated.items())
    elif isinstance(stated, list | tuple):
        yield from (((place,), word) for place, word in enumerate(stated))
