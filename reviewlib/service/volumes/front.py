"""What the volumes say first: their message, their clause of the opening, and briefs."""

from __future__ import annotations

import pandas as pd

from reviewlib.contract.parties import ScopeItem
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_, n_
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit
from reviewlib.service.volumes import metrics
from reviewlib.service.words import OPENED

BEYOND_VOLUME = n_(
    "{n} item of the scope went beyond its included volume.",
    "{n} items of the scope went beyond their included volume.",
)
OF_WHICH_EXCLUDED = n_(
    "{tickets}, {n} of them excluded by the contract.",
    "{tickets}, {n} of them excluded by the contract.",
)
BEYOND_CLAUSE = N_("more tickets were opened than the contract includes")
EXCLUDED_CLAUSE = n_(
    "{n} ticket was of what the contract excludes",
    "{n} tickets were of what the contract excludes",
)
BEYOND_SCOPE = N_("tickets excluded by the contract")
EXCLUDED_BRIEF = N_("“{item}” is excluded by the contract; tickets on it were opened all the same.")
BEYOND_BRIEF = N_(
    "“{item}”: more tickets were opened than the {volume} that the contract includes."
)
REFUSE_OR_TAKE = N_("“{item}”: refuse these requests, invoice them, or take them in by amendment.")
BEAR = N_("“{item}”: say in the final account who bears these requests.")
"""What to decide of what the contract excludes: while it runs, and once it has ended."""


def add_headline(c: Chapter, counted: metrics.Counted, by_term: pd.DataFrame) -> None:
    """Say how many tickets came, and first what went beyond what was included."""
    over = by_term.loc[by_term["beyond"], "place"].nunique()
    scope, items = c.review.contract.scope, counted.tickets["item"]
    out = int(items.isin([n for n, item in enumerate(scope) if not item.included]).sum())
    during, days = N_("{tickets} from {first} to {last}."), counted.worked.index
    tickets = OPENED(n=len(counted.tickets))
    if over:
        c.headline(BEYOND_VOLUME(n=over))
        c.clause(Kind.CONCERN, BEYOND_CLAUSE, 4)
    elif out:
        c.headline(OF_WHICH_EXCLUDED(tickets=tickets, n=out))
        c.clause(Kind.CONCERN, EXCLUDED_CLAUSE(n=out), 6)
    else:
        c.headline(during(tickets=tickets, first=days[0], last=days[-1]))


def beyond(item: ScopeItem, terms: pd.DataFrame) -> Brief:
    """Return what the first page says of an item of which more came than was included."""
    most = int(terms.loc[terms["beyond"], "tickets"].max())
    stake = AtStake(most, Unit.COUNT, N_("tickets, at most in a year or month"))
    sentence = BEYOND_BRIEF(item=item.title, volume=item.volume)
    return Brief(sentence, stake, topic=item.clause or str(item.title), side=Side.CLIENT)


def excluded(item: ScopeItem, n: int, of: int) -> Brief:
    """Return what the first page says of tickets of what the contract excludes."""
    stake = AtStake(n, Unit.COUNT, BEYOND_SCOPE, of=of)
    topic = f"{item.clause or item.title} excluded"
    return Brief(EXCLUDED_BRIEF(item=item.title), stake, topic=topic, side=Side.CLIENT)
