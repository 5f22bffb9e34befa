"""How both parties see it: the same questions, the gap between the answers (G4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewlib.people import results
from reviewlib.people.perception import metrics
from reviewlib.people.perception.metrics import LEAST, OF_OTHER, SIDES
from reviewlib.people.satisfaction import words
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import shortened
from reviewlib.report.text import EMPTY, N_, Message, Quoted, Text, commas, listed, n_, sentences
from reviewlib.report.values import FEW, Brief, Section, Side, Unit
from reviewlib.review import Review

WIDE = 10  # points from which on a gap has a finding
NAMED = 3  # questions that have one
SOURCE = "survey_answers.csv: question, answer, side"
INVITED = "survey_answers.csv: respondent; survey_invitations.csv: invited"
OF_SIDE = {
    "users": N_("users"),
    "client": N_("the client’s team"),
    "provider": N_("the provider’s team"),
}
WHO = {
    "users": N_("{value} users"),
    "client": N_("{value} of the client’s team"),
    "provider": N_("{value} of the provider’s team"),
}
"""How many of a side are in favour, beside those of the others."""
RATES = {
    "client": N_("Client’s team: who answered"),
    "provider": N_("Provider’s team: who answered"),
    "users": N_("Users: who answered"),
}
COUNTED = N_(
    "Compared is the last wave that both parties’ teams answered, or else two sides: the satisfied "
    "and those who agree, and of a recommendation the score. Nothing is shown of fewer than "
    "{floor} people, nor of a side of which all answered alike. Under {few} "
    "answers of a side, no difference in points is given."
)
TESTED_BY = N_(
    "A difference is too large for chance where chance alone would leave as much less than once in "
    "twenty: by Fisher’s exact test, two-sided, of in favour or not; of scores by the test of "
    "their difference, from {least} answers each on. The more are tested, the stricter the limit "
    "(Holm)."
)
HEADLINE = n_(
    "Of {n} difference between {sides}, {k} is too large for chance.",
    "Of {n} differences between {sides}, {k} are too large for chance.",
)
UNTESTED = N_("No difference between {sides} can be tested.")
OF_PAIR = N_("{pair}: {k} of {n}")
NO_PAIR = N_("no question was answered by enough people of two sides")
ONE_SIDE = N_("the answers are of one side alone (survey_answers.csv: side)")
NOT_CLOSED = N_("no wave that two sides answered is closed")
COUNT, SHARE = N_("{k} of {n}"), N_("{share:percent} of {n}")
SCORE = N_("{score:score} (n = {n})")
SIDES_SAY = N_("“{question}”: in favour are {parts}.")
TOO_LARGE = N_("Too large for chance is the difference {pairs}.")
CHANCE = N_("Chance can explain the difference {pairs}.")
TOO_FEW = N_("Not tested: a side has fewer than {least} answers.")
BETWEEN = N_("between {pair}")
BY_CHANCE, NOT_TESTED = N_("none"), N_("Not tested")
DISCUSS = N_("At the debrief: let each side say what it saw, before the figures are discussed.")
LABEL = N_("Gap: {question} ({sides})")
LARGE = N_("Differences too large for chance")
BRIEF = N_("In favour: {parts}, too large for chance: “{question}”.")

QUESTION = Col("text", N_("Question"), quoted=True)
ANSWERS = (
    QUESTION,
    Col("users", N_("Users")),
    Col("client", N_("Client’s team")),
    Col("provider", N_("Provider’s team")),
    Col("verdict", N_("Differences too large for chance")),
)
GAPS = TableForm(
    "gaps",
    N_("The same questions, side by side"),
    ANSWERS,
    note=N_("In favour, of those who answered. “—”: not asked, or not shown."),
    lead=True,
    by="size",
    first=N_("The {n} largest of {all}."),
)
TESTS = TableForm(
    "tests",
    N_("How often chance alone would leave such a difference"),
    (
        QUESTION,
        Col("pair", N_("Between")),
        Col("p", N_("This difference alone"), Unit.SHARE),
        Col("corrected", N_("Among all that are tested"), Unit.SHARE),
    ),
    note=N_("Under 5% among all that are tested, a difference is called too large for chance."),
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
    if len(polls) < 2:
        return c.not_assessed(ONE_SIDE)
    waves = metrics.shared_wave({side: poll.answered for side, poll in polls.items()})
    if not waves:
        return c.not_assessed(NOT_CLOSED)
    c.period = listed(Quoted(wave) for wave in dict.fromkeys(waves.values()))
    c.intro(COUNTED(floor=survey.anonymity_floor, few=FEW), TESTED_BY(least=LEAST))
    of_wave = {side: _of(polls[side].results, wave) for side, wave in waves.items()}
    rows = metrics.pairs(of_wave, [*survey.questions])
    texts = [survey.questions[name].text for name in rows["question"]]
    rows = rows.assign(text=pd.Series(texts, rows.index, dtype="object"))
    _headline(c, rows)
    _answered(c, polls, waves)
    _gaps(c, rows)
    _tables(c, rows)
    return c.section()


def _of(rows: pd.DataFrame, wave: str) -> pd.DataFrame:
    return rows[rows["wave"] == wave]


def _headline(c: Chapter, rows: pd.DataFrame) -> None:
    """Add the headline, how many differences are beyond chance, and each of enough answers."""
    label = N_("Largest gap")
    if rows.empty:
        c.headline(N_("No question can be compared."))
        c.fact("largest", label, None, Unit.POINTS, because=NO_PAIR, source=SOURCE)
        return
    tested = rows[rows["p"].notna()]
    k, n, sides = int(tested["beyond"].sum()), len(tested), _names(tested if len(tested) else rows)
    c.headline(HEADLINE(n=n, k=k, sides=sides) if n else UNTESTED(sides=sides))
    counts = tested.groupby(["side", "against"], sort=False)["beyond"].agg(["sum", "size"])
    of_pairs = [OF_PAIR(pair=_pair(*both), k=own["sum"], n=own["size"])
                for both, own in counts.iterrows()]  # fmt: skip
    c.share("beyond", LARGE, k, n, source=SOURCE, key=True, because=NOT_TESTED,
            note=commas(of_pairs) if n else EMPTY)  # fmt: skip
    for row in rows[rows[["n", OF_OTHER["n"]]].min(axis="columns") >= FEW].itertuples():
        name, n = f"gap.{row.question}.{row.side}.{row.against}", int(min(row.n, row.n_other))
        about = LABEL(question=row.text, sides=_pair(row.side, row.against))
        c.fact(name, about, float(row.gap), Unit.POINTS, n=n, source=SOURCE)


def _answered(c: Chapter, polls: Mapping[str, Poll], waves: Mapping[str, str]) -> None:
    """Add how many of those invited of each side answered, or why that is not known."""
    for side, label in RATES.items():
        if side not in waves:
            continue
        row, wave = _of(polls[side].response, waves[side]).iloc[0], waves[side]
        if pd.notna(row["rate"]):
            k, of = int(row["answered"]), int(row["invited"])
            c.share(f"answered.{side}", label, k, of, source=INVITED, key=side != "users")
        else:
            few = words.TOO_FEW(floor=polls[side].survey.anonymity_floor, wave=wave)
            why = words.NO_RATE[row["reason"]](wave=wave) if row["reason"] else few
            c.fact(f"answered.{side}", label, None, Unit.SHARE, because=why, source=INVITED)


def _gaps(c: Chapter, rows: pd.DataFrame) -> None:
    """Add the widest gaps, what each side answered, and whether chance explains them."""
    wide = rows[rows["gap"].abs() >= WIDE]["question"].drop_duplicates().head(NAMED)
    for place, name in enumerate(wide):
        own = rows[rows["question"] == name]
        c.neutral(
            f"gap.{name}", sentences(_sides(own), *_verdicts(own)), about=[name],
            decision=EMPTY if place else DISCUSS, decider=Side.BOTH,
            brief=None if place else _brief(own),
        )  # fmt: skip


def _brief(own: pd.DataFrame) -> Brief | None:
    beyond = own[own["beyond"]]
    if beyond.empty:
        return None
    row = beyond.loc[beyond["gap"].abs().idxmax()]
    parts = commas(WHO[side](value=value) for side, value in _of_both(row).items())
    question = shortened(row["text"], 6)
    return Brief(BRIEF(parts=parts, question=question), topic=f"gap {row['question']}")


def _sides(own: pd.DataFrame) -> Text:
    every = _values(own)
    parts = [WHO[side](value=every[side]) for side in reversed(SIDES) if side in every]
    return SIDES_SAY(question=own["text"].iloc[0], parts=listed(parts))


def _verdicts(own: pd.DataFrame) -> tuple[Text, ...]:
    """Return whether chance explains the differences of a question, and which were not tested."""
    beyond, within = own["beyond"], own["p"].notna() & ~own["beyond"]
    return (
        TOO_LARGE(pairs=_between(own[beyond])) if beyond.any() else EMPTY,
        CHANCE(pairs=_between(own[within])) if within.any() else EMPTY,
        TOO_FEW(least=LEAST) if own["p"].isna().any() else EMPTY,
    )


def _names(rows: pd.DataFrame) -> Text:
    """Return the sides that rows compare."""
    compared = {*rows["side"], *rows["against"]}
    return listed(OF_SIDE[side] for side in reversed(SIDES) if side in compared)


def _pair(*sides: str) -> Text:
    return listed(OF_SIDE[side] for side in sides)


def _between(rows: pd.DataFrame) -> Text:
    both = rows[["side", "against"]].drop_duplicates().itertuples(index=False)
    return listed(BETWEEN(pair=_pair(*sides)) for sides in both)


def _tables(c: Chapter, rows: pd.DataFrame) -> None:
    lines = []
    for _name, own in rows.groupby("question", sort=False):
        about = {"text": own["text"].iloc[0], "verdict": _cell(own), "size": own["gap"].abs().max()}
        lines.append(dict.fromkeys(SIDES) | _values(own) | about)
    if lines:
        c.table(GAPS, pd.DataFrame(lines, dtype="object"))
        pairs = [_pair(*sides) for sides in zip(rows["side"], rows["against"], strict=True)]
        c.table(TESTS, rows.assign(pair=pd.Series(pairs, rows.index, dtype="object")))


def _cell(own: pd.DataFrame) -> Text:
    if own["p"].isna().all():
        return NOT_TESTED
    return _between(own[own["beyond"]]) if own["beyond"].any() else BY_CHANCE


def _values(own: pd.DataFrame) -> dict[str, Any]:
    """Return what each side answered to a question; ``own``: the rows of its pairs."""
    return {side: value for _, row in own.iterrows() for side, value in _of_both(row).items()}


def _of_both(row: pd.Series) -> dict[str, Message]:
    of_side = ("n", "favourable", "value")
    return {
        row["side"]: _value(row["kind"], *(row[name] for name in of_side)),
        row["against"]: _value(row["kind"], *(row[OF_OTHER[name]] for name in of_side)),
    }


def _value(kind: str, n: float, favourable: float, value: float) -> Message:
    """Return what a side answered: a count under twenty answers, else a share."""
    if kind == "nps":
        return SCORE(score=float(value), n=int(n))
    return SHARE(share=float(value), n=int(n)) if n >= FEW else COUNT(k=int(favourable), n=int(n))
