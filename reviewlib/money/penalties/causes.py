"""What of the ledger rests on days that no party's doing alone explains, in words."""

from __future__ import annotations

from collections.abc import Sequence

from reviewlib.money.penalties.claim import BORNE, TOGETHER
from reviewlib.money.penalties.metrics import Line, resting
from reviewlib.report.text import EMPTY, N_, Shown, Text, chained

RESTING = {
    "unattributed": N_("{amount} on days without a recorded cause"),
    "third_party": N_("{amount} on days caused by a third party"),
    "concurrent": N_("{amount} on days of several causes"),
    TOGETHER: N_("{amount} on all of these days together"),
}
OF_WHICH = N_("of which rests: {parts}")


def rests_on(lines: Sequence[Line]) -> Text:
    """Return what of some lines rests on such days, by class; "" where nothing does.

    Each amount is what is proposed less what would be without those days, through exemption and
    cap: so the classes need not add up to what rests on all of them together.
    """
    amounts = {cause: resting(lines, cause) for cause in BORNE}
    classes = [cause for cause in BORNE if cause != TOGETHER and any(amounts[cause])]
    causes = [*classes, TOGETHER] if len(classes) > 1 else classes
    parts = [RESTING[cause](amount=_sides(*amounts[cause])) for cause in causes]
    return OF_WHICH(parts=chained(parts)) if parts else EMPTY


def _sides(low: object, high: object) -> Text:
    if low == high:
        return Shown(low, "money")
    return N_("{low:money} or {high:money}")(low=low, high=high)
