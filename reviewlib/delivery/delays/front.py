"""What the first page has of the causes of delay: their card, and what is still to be agreed."""

from __future__ import annotations

import pandas as pd

from reviewlib.delivery.delays import metrics
from reviewlib.delivery.lateness import Delays
from reviewlib.report.phrases import in_short
from reviewlib.report.text import N_, Message, Text, n_
from reviewlib.report.values import AtStake, Brief, Side, Unit

HEADLINE = (
    N_("Days of delay without a recorded cause: {n} of {all}, added up."),
    N_("Days of delay, added up: {all}, each with a recorded cause."),
)
CARD = (
    N_("Days of delay without a recorded cause: {n} of {all}, added up"),
    N_("Days of delay: {all}, each with a recorded cause"),
)
"""Where days are without a recorded cause, and where none is."""
TO_AGREE = N_(
    "Of the delay of {named}, {contested:days} are contested and {bare:days} have no recorded "
    "cause."
)
CONTESTED = N_("The parties do not agree on the cause of some days of the delay of {named}.")
BARE = N_("No cause is recorded for {bare:days} of the delay of {named}.")
OPEN_DAYS = N_("of the delay of {id} still to be attributed")
EVIDENCE = N_("Causes of delay that name no document as evidence: {n} of {all}.")
BARE_CAUSES = n_("cause without a document", "causes without a document")


def without_cause(delays: Delays, words: tuple[Message, Message]) -> Text:
    """Return how many days of delay have no recorded cause, each delay counted; or none."""
    of_class = delays.by_class
    n = int(of_class[metrics.UNATTRIBUTED].sum())
    some, none = words
    return (some if n else none).filled({"n": n, "all": int(of_class["days"].sum())})


def briefs(delays: Delays) -> dict[str, Brief]:
    """Return what the first page says of the delay with most contested days, by its id."""
    of_class = delays.by_class
    days = of_class[metrics.CONTESTED] + of_class[metrics.UNATTRIBUTED]
    rows = of_class.assign(open_days=days)[days > 0].nlargest(1, [metrics.CONTESTED, "open_days"])
    return {
        f"{row.kind}.{row.subject}": _brief(pd.Series(row._asdict())) for row in rows.itertuples()
    }


def _brief(row: pd.Series) -> Brief:
    contested, bare = int(row[metrics.CONTESTED]), int(row[metrics.UNATTRIBUTED])
    sentence = TO_AGREE if contested and bare else CONTESTED if contested else BARE
    named = in_short(row["subject"], row["title"], 7)
    text = sentence.filled({"named": named, "contested": contested, "bare": bare})
    stake = AtStake(contested + bare, Unit.DAYS, OPEN_DAYS(id=row["subject"]))
    return Brief(text, stake, row["subject"], Side.BOTH, contested=contested > 0)


def evidence(bare: int, every: int) -> Brief:
    """Return what the first page says of the causes that name no document."""
    stake = AtStake(bare, Unit.COUNT, BARE_CAUSES(n=bare), of=every)
    text = EVIDENCE(n=bare, all=every)
    return Brief(text, stake, "delays.evidence", Side.BOTH)
