"""How both parties see it: the same questions, the gap between the answers (G4)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.people import results
from reviewlib.people.perception import metrics
from reviewlib.people.perception.metrics import PROVIDER, SIDES
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import shortened
from reviewlib.report.text import EMPTY, N_, Message, Quoted, Text, listed, n_, sentences
from reviewlib.report.values import FEW, Brief, Section, Side, Unit
from reviewlib.review import Review

WIDE = 10  # points from which on a gap has a finding
NAMED = 3  # of which so many have one
SOURCE = "survey_answers.csv: question, answer, side"
OF_SIDE = {
    "users": N_("users"),
    "client": N_("the client’s team"),
    "provider": N_("the provider’s team"),
}
COUNTED = N_(
    "A gap is the provider’s share in favour less that of the users, or of the client’s team where "
    "the users were not asked, in points. Each side is of its latest wave. Nothing is shown of "
    "fewer than {floor} people, nor of a side of which all answered alike. A difference is tested "
    "from {least} answers of each on; below, it may be chance."
)
MORE = n_(
    "On {k} of {n} shared question the provider’s team answers more favourably than {other}.",
    "On {k} of {n} shared questions the provider’s team answers more favourably than {other}.",
    on="n",
)
LESS = n_(
    "On {k} of {n} shared question the provider’s team answers less favourably than {other}.",
    "On {k} of {n} shared questions the provider’s team answers less favourably than {other}.",
    on="n",
)
NO_PAIR = N_("no question was answered by enough people of the provider and of the client’s side")
ONE_SIDE = N_("the answers are of one side alone (survey_answers.csv: side)")
NOT_CLOSED = N_("no wave that both sides answered is closed")
COUNT, SHARE = N_("{k} of {n}"), N_("{share:percent} of {n}")
SCORE = N_("{score:score} (n = {n})")
SIDES_SAY = N_("“{question}”: in favour are {parts}.")
PART = N_("{value} of {who}")
TESTED, CHANCE = (
    N_("Chance alone seldom leaves so much (z = {z})."),
    N_("Chance may leave as much."),
)
TOO_FEW = N_("Not tested: a side has fewer than {least} answers.")
DISCUSS = N_("At the debrief: let each side say what it saw, before the figures are discussed.")
LABEL = N_("Gap: {question}")
BRIEF = N_("Provider and client’s side answer {gap:points} points apart: “{question}”.")

GAPS = TableForm(
    "gaps",
    N_("The same questions, side by side"),
    (
        Col("text", N_("Question"), quoted=True),
        Col("users", N_("Users")),
        Col("client", N_("Client’s team")),
        Col("provider", N_("Provider’s team")),
        Col("gap", N_("Gap, points"), Unit.POINTS),
    ),
    note=N_("In favour, of those who answered. “—”: not asked, or of too few to be shown."),
    lead=True,
    by="size",
    first=N_("The {n} largest of {all}."),
)


def perception(review: Review) -> Section:
    """Return the chapter on what users and both parties answered to the same questions."""
    c = Chapter(review, "perception", N_("How both parties see it"))
    survey, answers = review.contract.survey, review.table("survey_answers")
    if survey is None:
        return c.not_assessed(N_("the contract states no survey (survey)"))
    if answers is None:
        return c.not_assessed(review.absent("survey_answers"))
    made = {side: results.poll_of(review, side) for side in SIDES}
    polls = {side: one for side, one in made.items() if one is not None}
    if PROVIDER not in polls or len(polls) < 2:
        return c.not_assessed(ONE_SIDE)
    latest = {side: _latest(poll) for side, poll in polls.items() if poll.latest}
    if PROVIDER not in latest or len(latest) < 2:
        return c.not_assessed(NOT_CLOSED)
    rows = metrics.perception(latest, [*survey.questions])
    c.intro(COUNTED(floor=survey.anonymity_floor, least=metrics.SETTLED_FROM))
    if rows.empty:
        c.headline(N_("No question can be compared."))
        c.fact("largest", N_("Largest gap"), None, Unit.POINTS, because=NO_PAIR, source=SOURCE)
        return c.section()
    texts = [survey.questions[name].text for name in rows["question"]]
    rows = rows.assign(text=pd.Series(texts, rows.index, dtype="object"), size=rows["gap"].abs())
    c.period = listed(Quoted(wave) for wave in dict.fromkeys(polls[side].latest for side in latest))
    _facts(c, rows)
    _gaps(c, rows)
    c.table(GAPS, rows.assign(**{side: _cells(rows, side) for side in SIDES}))
    return c.section()


def _latest(poll: Poll) -> pd.DataFrame:
    rows = poll.results
    return rows[rows["wave"] == poll.latest]


def _facts(c: Chapter, rows: pd.DataFrame) -> None:
    """Add the headline, and the gap on each question."""
    others = [OF_SIDE[side] for side in SIDES if (rows["against"] == side).any()]
    more, less = int((rows["gap"] > 0).sum()), int((rows["gap"] < 0).sum())
    words, k = (MORE, more) if more >= less else (LESS, less)
    c.headline(words(k=k, n=len(rows), other=listed(others)))
    for place, row in enumerate(rows.itertuples()):
        n = int(min(getattr(row, f"n_{PROVIDER}"), getattr(row, f"n_{row.against}")))
        c.fact(
            f"gap.{row.question}", LABEL(question=row.text), float(row.gap), Unit.POINTS,
            n=n, note=_sides(row), source=SOURCE, key=place == 0,
        )  # fmt: skip


def _gaps(c: Chapter, rows: pd.DataFrame) -> None:
    """Add the widest gaps, what each side answered, and whether chance leaves as much."""
    wide = rows[rows["size"] >= WIDE].head(NAMED)
    for place, row in enumerate(wide.itertuples()):
        brief = Brief(
            BRIEF(gap=row.size, question=shortened(row.text, 9)), topic=f"gap {row.question}"
        )
        c.neutral(
            f"gap.{row.question}", sentences(_sides(row), _chance(row)), about=[row.question],
            decision=DISCUSS if place == 0 else EMPTY, decider=Side.BOTH,
            brief=brief if place == 0 and row.tested else None,
        )  # fmt: skip


def _sides(row: Any) -> Text:
    parts = [
        PART(value=_value(row, side), who=OF_SIDE[side])
        for side in reversed(SIDES)
        if pd.notna(getattr(row, f"value_{side}"))
    ]
    return SIDES_SAY(question=row.text, parts=listed(parts))


def _chance(row: Any) -> Message:
    if not row.tested:
        return TOO_FEW(least=metrics.SETTLED_FROM)
    return TESTED(z=round(abs(row.z), 1)) if abs(row.z) > 1.96 else CHANCE


def _value(row: Any, side: str) -> Message:
    """Return what a side answered: a count under twenty answers, else a share."""
    value, n = getattr(row, f"value_{side}"), int(getattr(row, f"n_{side}"))
    if row.kind == "nps":
        return SCORE(score=float(value), n=n)
    if n < FEW:
        return COUNT(k=int(getattr(row, f"favourable_{side}")), n=n)
    return SHARE(share=float(value), n=n)


def _cells(rows: pd.DataFrame, side: str) -> pd.Series:
    cells = [
        _value(row, side) if pd.notna(getattr(row, f"value_{side}")) else None
        for row in rows.itertuples()
    ]
    return pd.Series(cells, rows.index, dtype="object")
