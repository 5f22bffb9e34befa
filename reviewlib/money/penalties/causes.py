"""What of the ledger rests on days that no party's doing alone explains, in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reviewlib.amounts import ZERO
from reviewlib.money.penalties import state_words
from reviewlib.money.penalties.claim import BORNE, TOGETHER
from reviewlib.money.penalties.metrics import Line, resting
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, chained, listed

RESTING = {
    "unattributed": N_("without a recorded cause: {amount}"),
    "third_party": N_("attributed to a third party: {amount}"),
    "concurrent": N_("of several causes: {amount}"),
    TOGETHER: N_("in all: {amount}"),
}
BOTH = N_("{low:money} ({high:money} with what is contested or open)")
IN_PLACE = N_(
    "What rests on days is what a line comes to, less what it would come to if those days did not "
    "count. It is below zero where under the shared cap it would then come to more, in the place "
    "of the lines that have those days: so the lines add up to what rests on days in all."
)
DAYS = {
    "unattributed": N_("days without a recorded cause"),
    "third_party": N_("days attributed to a third party"),
    "concurrent": N_("days of several causes"),
}
COMPUTED = {
    "provider": N_("Of what is computed as chargeable to the provider, {amount} rests on {days}."),
    "client": N_("Of what is computed as chargeable to the client, {amount} rests on {days}."),
}
OF_DECISION = N_("Of what is computed, {amount} rests on {days}.")
LABELS = {
    "unattributed": N_("{debtor}: computed on days without a recorded cause"),
    "third_party": N_("{debtor}: computed on days attributed to a third party"),
    "concurrent": N_("{debtor}: computed on days of several causes"),
    TOGETHER: N_("{debtor}: computed on days that no party’s doing alone explains"),
}


def rests_on(line: Line) -> Text:
    """Return what of a line rests on such days, by class; "" where nothing does.

    Each amount is what is proposed less what would be without those days, through exemption and
    cap: so the classes need not add up to what rests on all of them together. The amounts of the
    lines, on each side, add up to those of ``by_class``.
    """
    amounts = dict(line.rests_on)
    together = amounts.pop(TOGETHER, None)
    if together and [*amounts.values()] != [together]:
        amounts[TOGETHER] = together
    return chained(RESTING[cause](amount=_both(*sides)) for cause, sides in amounts.items())


def _both(low: Decimal, high: Decimal) -> Text:
    return Shown(low, "money") if low == high else BOTH(low=low, high=high)


def displaced(lines: Iterable[Line], cause: str) -> list[Line]:
    """Return the lines that would come to more without the days of a class: a cap is shared."""
    return [line for line in lines if min(line.rests_on.get(cause, (ZERO, ZERO))) < 0]


def note(lines: Iterable[Line]) -> Text:
    """Return why something rests on such days that is below zero, where it is of a line."""
    every = list(lines)
    return IN_PLACE if any(displaced(every, cause) for cause in BORNE) else EMPTY


def of_debtor(lines: Iterable[Line], debtor: str) -> Text:
    """Return what of the lines of a party rests on such days in all; "" where nothing does."""
    return _resting(lines, COMPUTED[debtor])


def of_decision(lines: Iterable[Line]) -> Text:
    """Return the same of the lines that a decision is on."""
    return _resting(lines, OF_DECISION)


def _resting(lines: Iterable[Line], sentence: Message) -> Text:
    amounts = by_class(lines)
    if not amounts:
        return EMPTY
    days = listed(DAYS[cause] for cause in amounts if cause != TOGETHER)
    return sentence(amount=state_words.span(*[*amounts.values()][-1]), days=days)


def by_class(lines: Iterable[Line]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the amounts on both sides: of each class that has any, and together where several.

    What lines without such days gain or lose under a shared cap is in it with that of the others.
    """
    lines = list(lines)
    borne = [cause for cause in BORNE if any(cause in line.claim.without for line in lines)]
    causes = borne if len(borne) > 2 else borne[:1]  # one class, and all classes: they are alike
    amounts = {cause: resting(lines, cause) for cause in causes}
    return {cause: both for cause, both in amounts.items() if any(both)}


def of_neither(lines: Iterable[Line]) -> Decimal:
    """Return the most of some lines that rests on days attributed to neither party.

    Nothing where days of several causes are among them: some of these are of a party too.
    """
    amounts = by_class(lines)
    if not amounts or "concurrent" in amounts:
        return ZERO
    return max(*[*amounts.values()][-1], ZERO)
