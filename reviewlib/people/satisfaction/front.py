"""What satisfaction says first: its message, its clause of the opening, and its brief."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.people.satisfaction import words
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.rates import kept
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, listed, n_, sentences
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit

NAMED = 2  # departments that a brief names
FEW = 0.5  # the response rate under which the answers are called few
TOPIC = "satisfaction"
FOR_TARGET = N_("{value} are satisfied ({wave}), for a target of {target}.")
ANSWERED = n_(
    "{n} of {invited} person invited gave a usable answer.",
    "{n} of {invited} people invited gave a usable answer.",
    on="invited",
)
LESS, AS_AGREED = (
    N_("fewer of those who answered are satisfied than targeted"),
    N_("as many of those who answered are satisfied as targeted"),
)
BRIEFS = {
    False: N_(
        "Of the {n} who answered, of {invited} invited, fewer are satisfied than the target asks."
    ),
    True: N_(
        "Of the {n} who answered, of {invited} invited, at least as many are satisfied as the "
        "target asks."
    ),
}
"""By whether the target is reached by those who answered."""
NOT_SETTLED = N_("How satisfied users are is not settled: only {n} of {invited} answered.")
CARD = N_("{value} satisfied; {n} of {invited} answered")
CARD_FOR_TARGET = N_("{value} satisfied for a target of {target}; {n} of {invited} answered")
NOBODY_IN = N_("Nobody in {departments} answered.")
SATISFIED, SATISFIED_FOR = N_("satisfied"), N_("satisfied, target {target}")


def first(latest: pd.DataFrame) -> pd.Series | None:
    """Return the result that the chapter opens with: CSAT before NPS before agreement."""
    shown = latest[latest["value"].notna()]
    if shown.empty:
        return None
    return shown.loc[shown["kind"].map([*words.LABELS].index).idxmin()]


def figure(row: pd.Series, name: str = "value") -> Shown:
    """Return a figure of a result as the page prints it: a share, or a net promoter score."""
    return Shown(row[name], "number.1" if row["kind"] == "nps" else "percent")


def of(sentence: Message, poll: Poll, row: pd.Series) -> Message:
    """Return a sentence on a result, with those of its figures that the sentence names."""
    figures = {name: figure(row, name) for name in ("value", "low", "high", "worst", "best")}
    counts = {name: row[name] for name in ("n", "invited", "wave")}
    values = {**figures, **counts, "question": poll.questions[row["question"]].text}
    return sentence.filled(values)


def add_headline(c: Chapter, poll: Poll, latest: pd.DataFrame) -> None:
    """Say the first result against its target, and how many answered."""
    row = first(latest)
    if row is None:
        refused = (latest["reason"] != "").any()
        sentence = words.UNREAD if refused else words.TOO_FEW_ANSWERED
        c.headline(sentence(wave=poll.latest))
        return
    target, sentence = target_of(c.review.contract, row), words.HEADLINES[row["kind"]]
    if target is not None:
        sentence = FOR_TARGET(target=Shown(target, "threshold"))
    reach = ANSWERED if pd.notna(row["worst"]) else words.NOT_INVITED
    c.headline(of(sentence, poll, row), of(reach, poll, row))
    add_clause(c, row)


def target_of(contract: Contract, row: pd.Series) -> float | None:
    """Return the share satisfied that an objective asks for by a question; None where none does."""
    return next(
        (
            objective.target / 100
            for objective in contract.objectives.values()
            if objective.question == row["question"]
            and row["kind"] == "csat"
            and objective.target is not None
            and objective.unit.strip() == "%"
            and objective.direction == "at_least"
        ),
        None,
    )


def add_clause(c: Chapter, row: pd.Series) -> None:
    """Add whether users are as satisfied as an objective asks."""
    reached = _reached(row, target_of(c.review.contract, row))
    if reached is not None:
        kind, sentence = (Kind.STRENGTH, AS_AGREED) if reached else (Kind.CONCERN, LESS)
        c.clause(kind, sentence, 2)


def _reached(row: pd.Series, target: float | None) -> bool | None:
    return None if target is None else kept(int(row["favourable"]), int(row["n"]), target)


def brief(c: Chapter, poll: Poll, row: pd.Series) -> Brief | None:
    """Return what the first page says of a result: against its target, and how many answered."""
    target = target_of(c.review.contract, row)
    reached, few = _reached(row, target), row["n"] < FEW * row["invited"]
    if reached is None and not few:
        return None
    sentence = NOT_SETTLED if reached is None else BRIEFS[reached]
    silent = poll.silent.loc[poll.silent["wave"] == poll.latest, "department"]
    nobody = NOBODY_IN(departments=listed(silent, NAMED)) if few and len(silent) else EMPTY
    at_stake: Text = SATISFIED
    if target is not None:
        at_stake = SATISFIED_FOR(target=Shown(target, "threshold"))
    return Brief(
        sentences(sentence(n=int(row["n"]), invited=int(row["invited"])), nobody),
        AtStake(float(row["value"]), Unit.SHARE, at_stake),
        topic=TOPIC,
        side=Side.BOTH,
        by_chance=target is not None and not reached and _is_open(row, target),
    )


def _is_open(row: pd.Series, target: float) -> bool:
    """Whether a target lies within what chance and those who did not answer leave open."""
    return bool(row[["low", "worst"]].min() <= target <= row[["high", "best"]].max())


def card(c: Chapter, latest: pd.DataFrame) -> Text:
    """Return what the first CSAT question of the latest wave comes to, with its base."""
    for _place, row in latest[latest["invited"].notna()].iterrows():
        about = {"value": Shown(row["value"], "percent"), "n": row["n"], "invited": row["invited"]}
        target = target_of(c.review.contract, row)
        if target is None:
            return CARD(**about)
        return CARD_FOR_TARGET(target=Shown(target, "threshold"), **about)
    return EMPTY


def against_target(c: Chapter, poll: Poll, results: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the target of the results of the latest wave, which it is of, and the verdict."""
    targets = [
        target_of(c.review.contract, row) if row["wave"] == poll.latest else None
        for _, row in results.iterrows()
    ]
    if not any(targets):
        return {}
    verdicts = [
        None if target is None else kept(int(row["favourable"]), int(row["n"]), target)
        for target, (_, row) in zip(targets, results.iterrows(), strict=True)
    ]
    return {"target": [math.nan if one is None else one for one in targets], "verdict": verdicts}
