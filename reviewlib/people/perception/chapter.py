"""How both parties see it: the same questions, the gap between the answers (G4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewlib.people import results
from reviewlib.people.perception import metrics
from reviewlib.people.perception.metrics import LEAST, OF_PROVIDER, PROVIDER, SIDES
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
    "Compared is the last wave that both sides answered: the satisfied and those who agree, and of "
    "a recommendation the score. Nothing is shown of fewer than {floor} people, nor of a side of "
    "which all answered alike. Under {few} answers of a side, no difference in points is given."
)
TESTED_BY = N_(
    "A difference is too large for chance where chance alone would leave as much less than once in "
    "twenty: by Fisher’s exact test, two-sided, of in favour or not; of scores by the test of "
    "their difference, from {least} answers each on. The more are tested, the stricter the limit "
    "(Holm)."
)
MORE = N_("The provider’s team answers more favourably {parts}.")
LESS = N_("The provider’s team answers less favourably {parts}.")
THAN = n_("than {other} on {k} of {n} question", "than {other} on {k} of {n} questions", on="n")
ALSO_THAN = N_("than {other} on {k} of {n}")
NO_PAIR = N_("no question was answered by enough people of the provider and of the client’s side")
ONE_SIDE = N_("the answers are of one side alone (survey_answers.csv: side)")
NOT_CLOSED = N_("no wave that both sides answered is closed")
COUNT, SHARE = N_("{k} of {n}"), N_("{share:percent} of {n}")
SCORE = N_("{score:score} (n = {n})")
SIDES_SAY = N_("“{question}”: in favour are {parts}.")
TOO_LARGE = N_("The difference from {sides} is too large for chance.")
CHANCE = N_("Chance can explain the difference from {sides}.")
TOO_FEW = N_("Not tested: a side has fewer than {least} answers.")
BEYOND, IN_PART = N_("Too large for chance"), N_("Too large for chance: {sides}")
BY_CHANCE, NOT_TESTED = N_("Chance can explain it"), N_("Not tested")
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
    Col("verdict", N_("Difference from the provider’s team")),
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
        Col("side", N_("Provider’s team and")),
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
    if PROVIDER not in polls or len(polls) < 2:
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
    more, less = rows["gap"] > 0, rows["gap"] < 0
    words_of, own = (MORE, more) if more.sum() >= less.sum() else (LESS, less)
    counts = own.groupby(rows["against"]).agg(["sum", "size"]).reindex(reversed(SIDES)).dropna()
    parts = [
        (ALSO_THAN if place else THAN)(other=OF_SIDE[side], k=int(k), n=int(n))
        for place, (side, k, n) in enumerate(counts.itertuples(name=None))
    ]
    c.headline(words_of(parts=commas(parts)))
    beyond, tested = rows["beyond"], rows["p"].notna()
    c.share("beyond", LARGE, int(beyond.sum()), int(tested.sum()), source=SOURCE, key=True,
            because=NOT_TESTED)  # fmt: skip
    for row in rows[rows[["n", OF_PROVIDER["n"]]].min(axis="columns") >= FEW].itertuples():
        name, n = f"gap.{row.question}.{row.against}", int(min(row.n, row.n_provider))
        about = LABEL(question=row.text, sides=OF_SIDE[row.against])
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
    parts = commas(WHO[side](value=value) for side, value in (_provider(row), _other(row)))
    question = shortened(row["text"], 6)
    return Brief(BRIEF(parts=parts, question=question), topic=f"gap {row['question']}")


def _sides(own: pd.DataFrame) -> Text:
    every = [_provider(own.iloc[0]), *reversed([_other(row) for _place, row in own.iterrows()])]
    parts = [WHO[side](value=value) for side, value in every]
    return SIDES_SAY(question=own["text"].iloc[0], parts=listed(parts))


def _verdicts(own: pd.DataFrame) -> tuple[Text, ...]:
    """Return whether chance explains the differences of a question, and which were not tested."""
    beyond, within = own["beyond"], own["p"].notna() & ~own["beyond"]
    return (
        TOO_LARGE(sides=_names(own[beyond])) if beyond.any() else EMPTY,
        CHANCE(sides=_names(own[within])) if within.any() else EMPTY,
        TOO_FEW(least=LEAST) if own["p"].isna().any() else EMPTY,
    )


def _names(own: pd.DataFrame) -> Text:
    return listed(OF_SIDE[side] for side in reversed([*own["against"]]))


def _tables(c: Chapter, rows: pd.DataFrame) -> None:
    lines = []
    for _name, own in rows.groupby("question", sort=False):
        cells: dict[str, Any] = dict(
            [_provider(own.iloc[0]), *(_other(r) for _, r in own.iterrows())]
        )
        about = {"text": own["text"].iloc[0], "verdict": _cell(own), "size": own["gap"].abs().max()}
        lines.append(dict.fromkeys(SIDES) | cells | about)
    if lines:
        c.table(GAPS, pd.DataFrame(lines, dtype="object"))
        sides = pd.Series([OF_SIDE[side] for side in rows["against"]], rows.index, dtype="object")
        c.table(TESTS, rows.assign(side=sides))


def _cell(own: pd.DataFrame) -> Message:
    tested = own[own["p"].notna()]
    beyond = tested[tested["beyond"]]
    if tested.empty:
        return NOT_TESTED
    if beyond.empty:
        return BY_CHANCE
    return BEYOND if len(beyond) == len(own) else IN_PART(sides=_names(beyond))


def _provider(row: pd.Series) -> tuple[str, Message]:
    return PROVIDER, _value(row["kind"], *(row[name] for name in OF_PROVIDER.values()))


def _other(row: pd.Series) -> tuple[str, Message]:
    return row["against"], _value(row["kind"], *(row[name] for name in OF_PROVIDER))


def _value(kind: str, n: float, favourable: float, _against: float, value: float) -> Message:
    """Return what a side answered: a count under twenty answers, else a share."""
    if kind == "nps":
        return SCORE(score=float(value), n=int(n))
    return SHARE(share=float(value), n=int(n)) if n >= FEW else COUNT(k=int(favourable), n=int(n))
