"""What reconciliation says first: its message, its clause of the opening, and its brief."""

from __future__ import annotations

import pandas as pd

from reviewlib.amounts import rounded
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, Shown, Text, sentences
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit
from reviewlib.service.clauses import POINTS, measure_id
from reviewlib.service.reconciliation.words import (
    AGREES,
    ALL_AGREE,
    ALWAYS_AS_REPORTED,
    APART,
    AT_STAKE,
    BRIEF_GAP,
    BRIEF_MONTHS,
    DIFFERENT,
    GIVEN,
    NOT_GIVEN,
    OF_CLAUSE,
    OPENING,
    WIDEST_GAP,
)


def add_headline(c: Chapter, figures: pd.DataFrame) -> None:
    """Say how many of the figures differ: of the one clause of which some do, else of all."""
    clauses = figures.loc[figures["state"] != AGREES, "clause"].unique()
    own = figures[figures["clause"] == clauses[0]] if len(clauses) == 1 else figures
    apart = own[own["state"] != AGREES]
    about = {"k": len(apart), "n": len(own)}
    if apart.empty:
        c.headline(ALL_AGREE(n=len(own)))
        c.clause(Kind.STRENGTH, ALWAYS_AS_REPORTED, 3)
    else:
        title = c.review.contract.clause(clauses[0]).title if len(clauses) == 1 else EMPTY
        sentence = DIFFERENT[_direction(apart)](**about)
        c.headline(OF_CLAUSE(clause=title, sentence=sentence) if title else sentence)
        c.clause(Kind.CONCERN, OPENING[_direction(apart)](**about), 2)


def _direction(apart: pd.DataFrame) -> int:
    """Return 1 where all figures that differ are above those recomputed, −1 below, 0 otherwise."""
    above = int((apart["gap"] > 0).sum())
    return 1 if above == len(apart) else 0 if above else -1


def brief(title: Text | str, clause: str, figures: pd.DataFrame, n: int) -> Brief:
    """Return what the first page says of the figures of a clause that differ.

    ``n``: how many of them another interpretation gives.
    """
    apart = figures[figures["state"] != AGREES]
    return Brief(
        sentences(
            _gap(title, apart),
            GIVEN(n=n, of=len(apart), tried=int(figures["tried"].max())) if n else NOT_GIVEN,
        ),
        AtStake(len(apart), Unit.COUNT, AT_STAKE[_direction(apart)], of=len(figures)),
        topic=f"{clause} reported",
        side=Side.PROVIDER,
    )


def _gap(title: Text | str, apart: pd.DataFrame) -> Text:
    """Return how far figures are from the log: those of months where some are reported."""
    months = apart[apart["priority"] == ""]
    gaps = (months if len(months) else apart)["gap"].abs()
    about = {"clause": title, "points": POINTS(gap=rounded(gaps.max(), 1))}
    direction = _direction(apart)
    if months.empty or (direction and len(months) == 1):
        return BRIEF_GAP[direction](**about)
    least = {"least": rounded(gaps.min(), 1)} if direction else {}
    return BRIEF_MONTHS[direction](**about, **least)


def add_gaps(c: Chapter, figures: pd.DataFrame, widest: pd.DataFrame, source: str) -> None:
    """Add how many figures of a clause differ, and the widest gap of those that are drawn."""
    clause = str(figures["clause"].iloc[0])
    name, title = measure_id(c.review.contract, clause), c.review.contract.clause(clause).title
    apart = int((figures["state"] != AGREES).sum())
    c.fact(
        f"{name}.apart", APART(clause=title), apart, n=len(figures), clause=clause, source=source
    )
    for row in widest.itertuples():
        month, n = Shown(row.month, "month"), row.n_recomputed
        c.fact(
            f"{name}.widest", WIDEST_GAP(clause=title), row.gap, Unit.POINTS,
            n=n, note=month, clause=clause, source=source,
        )  # fmt: skip
