"""What a chapter says of a fact, a finding or a row beside its label or sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Required, TypedDict

from reviewlib.report.text import Text
from reviewlib.report.values import Brief, Checks, Interval, Side


class FactFields(TypedDict, total=False):
    """What a fact says beside its label, value and unit; ``because``: why it has no value.

    ``source``: a text, or files with their columns as ``files`` reads them, of which those without
    a row are left out; ``how``: what was made of them.
    ``lacks``: what it rests on and the folder does not have; it then has no value (see ``read``).
    ``checks``: the commitments that it counts; ``key``: it stands beside the lead.
    """

    n: int | None
    interval: Interval | None
    target: float | None
    met: bool | None
    clause: Text | str
    period: Text
    source: Text | str
    how: Text
    note: Text
    because: Text
    lacks: Text
    checks: Checks | None
    key: bool


class FindingFields(TypedDict, total=False):
    """What a finding says beside its sentence.

    ``about``: the ids that it rests on, of which ``evidence`` are named; ``decision``: what is to
    be decided; ``clause``: under which clause; ``checks``: the commitments that it tells of;
    ``restates``: the id of the finding of which it says the same; ``brief``, ``decider`` and
    ``decide_by``: see ``Finding``.
    """

    about: Iterable[Any] | None
    decision: Text
    clause: Text | str
    evidence: int
    checks: Checks | None
    restates: str
    brief: Brief | None
    decider: Side | None
    decide_by: str


OfRow = Text | Callable[[Any], Text]
"""A text, or what makes one of a row."""


class RowFields(TypedDict, total=False):
    """What ``Chapter.each`` says of each row beside its sentence.

    ``id``: the column that names the row, in the id of its finding; ``about``: the ids that it
    rests on, by default that one; ``clause``: the column that names it, or what makes it of a row;
    ``checks``, ``restates``, ``brief`` and ``decide_by``: what makes them of a row; ``decider``:
    likewise, where it is not one side for all.
    """

    id: Required[str]
    about: Callable[[Any], Iterable[Any]]
    decision: OfRow
    clause: str | Callable[[Any], Text | str]
    checks: Callable[[Any], Checks | None]
    restates: Callable[[Any], str]
    brief: Callable[[Any], Brief | None]
    decider: Side | Callable[[Any], Side]
    decide_by: Callable[[Any], str]
    limit: int
