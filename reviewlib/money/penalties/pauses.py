"""What of the ledger hangs on pauses that no log tells, in words: it is not assessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from reviewlib.money.penalties.metrics import HIGH, LOW, Line, sums
from reviewlib.report.text import EMPTY, N_, Text

TWO_AMOUNTS = {
    False: N_("Contested days and open tickets give two amounts, without and with them."),
    True: N_(
        "Contested days, open tickets and tickets over their target of which the pauses are "
        "unknown give two amounts, without and with them."
    ),
}
"""By whether there are tickets of unknown pauses; so are ``SIDES`` and ``TURN_OUT``."""
SIDES = {
    False: N_("contested days and open tickets left out: {low}; counted: {high}"),
    True: N_(
        "contested days, open tickets and tickets over their target of which the pauses are "
        "unknown left out: {low}; counted: {high}"
    ),
}
TURN_OUT = {
    False: N_("by what contested days and open tickets turn out to be"),
    True: N_(
        "by what contested days, open tickets and the unknown pauses of tickets over their target "
        "turn out to be"
    ),
}
NOT_ASSESSED = N_(
    "Not assessed, because the log of status changes does not record the pauses of "
    "tickets over their target ({ids:all}): between {low:money} and {high:money}."
)
NOT_ASSESSED_OF = {
    "provider": N_(
        "Chargeable to the provider, from {low:money} to {high:money} of what is not "
        "decided is not assessed: the log of status changes does not record the pauses of "
        "tickets over their target."
    ),
    "client": N_(
        "Chargeable to the client, from {low:money} to {high:money} of what is not decided "
        "is not assessed: the log of status changes does not record the pauses of tickets "
        "over their target."
    ),
}


def unknown(lines: Iterable[Line]) -> bool:
    """Whether pauses that are unknown leave some lines a range."""
    return any(line.claim.paused for line in lines)


def unassessed(lines: Iterable[Line]) -> list[Line]:
    """Return the lines of which nothing was decided, and unknown pauses alone tell if it is due."""
    return [line for line in lines if line.pending and line.claim.unassessed]


def not_assessed(lines: Sequence[Line], ids: Sequence[Text]) -> Text:
    """Return that lines are not assessed, and between what they lie; "" without any."""
    return NOT_ASSESSED(ids=[*ids], **_range(lines)) if lines else EMPTY


def of_debtor(lines: Iterable[Line], debtor: str) -> Text:
    """Return what of the lines of a party is not assessed; "" where all is."""
    hanging = unassessed(lines)
    return NOT_ASSESSED_OF[debtor](**_range(hanging)) if hanging else EMPTY


def _range(lines: Sequence[Line]) -> dict[str, Decimal]:
    """Return from which to which amount some lines go, once lessened."""
    nets = [sums(lines, side).net for side in (LOW, HIGH)]
    return {"low": min(nets), "high": max(nets)}
