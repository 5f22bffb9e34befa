"""The tables of earned value, and that of the numbers of its curve, before their rows."""

from __future__ import annotations

from collections.abc import Sequence

from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, Quoted
from reviewlib.report.values import Unit

PROJECT = Col("project", N_("Project"), quoted=True)
DATE = Col("date", N_("Status date"), Unit.DATE)


def _abbreviated(names: Sequence[str], unit: Unit) -> tuple[Col, ...]:
    """Return columns headed by the abbreviations that all languages share: PV, SPI(t)."""
    labels = {"spi_t": "SPI(t)"}
    return tuple(Col(name, Quoted(labels.get(name, name.upper())), unit) for name in names)


PROJECTS = TableForm(
    "projects",
    N_("Projects"),
    (
        PROJECT,
        DATE,
        *_abbreviated(("bac", "pv", "ev", "ac"), Unit.MONEY),
        *_abbreviated(("cpi", "spi", "spi_t"), Unit.INDEX),
    ),
)
NO_TOTAL = N_("No totals: the projects differ in their status date, or do not state all amounts.")
TOTAL = N_(
    "The total adds up amounts of one status date; its indices are those of the sums. Times do "
    "not add up, so that it has no SPI(t)."
)
ESTIMATES = TableForm(
    "estimates",
    N_("Estimates at completion, by method"),
    (
        Col("formula", N_("Method")),
        Col("assumed", N_("Assumes that")),
        *_abbreviated(("eac", "vac"), Unit.MONEY),
        Col("tcpi", N_("TCPI to that EAC"), Unit.INDEX),
        Col("why", N_("“—”, because")),
    ),
    note=N_(
        "VAC = BAC − EAC. TCPI: the cost performance that the rest of the work needs for the cost "
        "to end at that EAC; with EAC = BAC / CPI it is the CPI itself."
    ),
)
PERIODS = TableForm(
    "periods",
    N_("The status, date by date"),
    (
        PROJECT,
        DATE,
        *_abbreviated(("pv", "ev", "ac", "sv", "cv"), Unit.MONEY),
        *_abbreviated(("spi", "cpi", "es", "spi_t"), Unit.INDEX),
    ),
    note=N_("“—”: not stated on that date, or undefined."),
)
CURVE = TableForm(
    "curve",
    N_("Planned, earned and spent"),
    (
        DATE,
        Col("planned", N_("Planned value (PV)"), Unit.MONEY),
        Col("earned", N_("Earned value (EV)"), Unit.MONEY),
        Col("actual", N_("Actual cost (AC)"), Unit.MONEY),
    ),
)
