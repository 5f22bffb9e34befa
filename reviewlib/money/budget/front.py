"""What the first page has of the budget: what approved changes do not cover."""

from __future__ import annotations

from reviewlib.amounts import sign
from reviewlib.money.budget.metrics import Amounts
from reviewlib.money.budget.words import BySign
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, Message, Text
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit

HEADLINES: BySign = {
    1: N_(
        "More was spent than the current budget allows: {gap:money} that no approved change covers."
    ),
    -1: N_("Less was spent than the current budget: {gap:money} less than {current:money}."),
    0: N_("As much was spent as the current budget: {actual:money}."),
    None: N_("{actual:money} was spent, for an original budget of {original:money}."),
}
"""By the sign of what was spent less the current budget; None: it is not known."""
CLAUSES: BySign = {
    1: N_("{gap:money} was spent that no approved change covers"),
    -1: N_("spending stayed within the current budget"),
    0: N_("spending stayed within the current budget"),
}
CARDS: BySign = {
    1: N_("{approved:money} of changes approved, {gap:money} spent beyond them"),
    -1: N_("{approved:money} of changes approved, {gap:money} of the budget not spent"),
    0: N_("{approved:money} of changes approved, nothing spent beyond them"),
}
OVER = N_("More was spent than the current budget allows; no approved change covers it.")
OVER_IN_THE_END = N_(
    "More was spent than the current budget allows, and no approved change covers it; at "
    "completion the forecast is {beyond:money} above it."
)
FORECAST_OVER = N_("More is forecast than the current budget allows; no approved change covers it.")
BEYOND, IN_THE_END = N_("beyond the current budget"), N_("forecast beyond the current budget")
HELD = N_("spending within the current budget")
TOPIC = "budget"


def of_sign(by_sign: BySign, amounts: Amounts) -> Text:
    """Return the words for what was spent against the current budget; "" where they say nothing."""
    gap = amounts["unexplained"]
    sentence = by_sign.get(None if gap is None else sign(gap))
    return _filled(sentence, amounts) if sentence else EMPTY


def clause(c: Chapter, amounts: Amounts) -> None:
    """Add whether spending stayed within the current budget, where it is known."""
    if text := of_sign(CLAUSES, amounts):
        over = (amounts["unexplained"] or 0) > 0
        c.clause(Kind.CONCERN if over else Kind.STRENGTH, text, 2)


def brief(amounts: Amounts) -> Brief | None:
    """Return what the first page says of the whole budget; None where its gap is not known."""
    spent, forecast = amounts["unexplained"], amounts["beyond"]
    if (spent or 0) > 0:
        more = (forecast or 0) > 0 and forecast != spent
        stake = AtStake(float(spent or 0), Unit.MONEY, BEYOND)
        text = _filled(OVER_IN_THE_END if more else OVER, amounts)
        return Brief(text, stake, TOPIC, Side.BOTH)
    if (forecast or 0) > 0:
        stake = AtStake(float(forecast or 0), Unit.MONEY, IN_THE_END)
        return Brief(FORECAST_OVER, stake, TOPIC, Side.BOTH)
    return None if spent is None else Brief(HELD, topic=TOPIC, side=Side.BOTH)


def _filled(sentence: Message, amounts: Amounts) -> Message:
    gap = amounts["unexplained"]
    return sentence.filled({**amounts, "gap": None if gap is None else abs(gap)})
