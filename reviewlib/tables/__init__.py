"""The tables of an engagement: a schema each, in the order of the report."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType

import pandera.pandas as pa

ORDER = (
    "engagement",
    "milestones",
    "deliverables",
    "delays",
    "work_orders",
    "changes",
    "budget",
    "earned_value",
    "payments",
    "benefits",
    "service_levels",
    "availability",
    "penalties",
    "client_events",
    "governance",
    "disputes",
    "decisions",
    "initiatives",
    "blockers",
    "teams",
    "tools",
    "satisfaction",
    "lessons",
    "replies",
)
"""The modules of tables in the order in which files are listed; those not named here follow."""


def _modules() -> Iterator[ModuleType]:
    """Yield the modules of this package that declare tables."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    later = [name for name in names if name not in ORDER]
    every = (import_module(f"{__name__}.{name}") for name in (*ORDER, *later))
    yield from (module for module in every if hasattr(module, "TABLES"))


_MODULES = tuple(_modules())
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    str(table.name): table for module in _MODULES for table in module.TABLES
}
"""Every table by its name; the name is that of its file without the ending."""

PARENTS: dict[tuple[str, str], str] = {
    column: table for module in _MODULES for column, table in getattr(module, "PARENTS", {}).items()
}
"""Columns that name a row of another table: (table, column) to that table."""


def with_parents(names: Iterable[str]) -> tuple[str, ...]:
    """Return tables with those that their rows name, in turn, by name."""
    every = {*names}
    while parents := {own for (name, _), own in PARENTS.items() if name in every} - every:
        every |= parents
    return tuple(sorted(every))
