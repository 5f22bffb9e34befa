"""What an answer is worth: a point of its question's scale, no opinion, words, or nothing (B7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.contract.survey import Question
from reviewlib.people.satisfaction.names import key
from reviewlib.people.satisfaction.verbatims import masked

USABLE, UNUSABLE, WORDS, BLANK, NO_OPINION = "usable", "unusable", "words", "blank", "no_opinion"
NPS_SCALE, PROMOTERS_FROM, DETRACTORS_TO = (0, 10), 9, 6
WIDTH, LISTED = 60, 20  # of the answers that check lists: letters, and how many
NUMBER = r"^(-?[0-9]{1,6}(?:[.,][0-9]{1,6})?)$"
LABELLED = r"^\(?([0-9]{1,3})(?:\)|\s*[-–—=:.])\s*[^\s0-9]"  # 10 - Completely satisfied, (5) Good
IN_BRACKETS = r"^[^0-9]+\(([0-9]{1,3})\)$"  # Completely satisfied (10)
NO_COMMENT = (  # as ``key`` writes it; signs alone say nothing, but for pictures
    r"(?:[\s!-/:-@\[-`{-~¡-¿–—…‘-„•\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufe0f]*"
    r"|(?:n\.?\s?/?\s?a\.?|r\.?\s?a\.?\s?s\.?|s\.?o\.?|neant|rien"
    r"(?: a (?:signaler|dire|ajouter))?|aucune?(?: (?:commentaires?|remarques?))?|sans objet"
    r"|pas de (?:commentaires?|remarques?)|nothing(?: to (?:add|say|report))?|none|no comments?"
    r"|not applicable|nil|(?:did not|didn't|n'a pas|non) (?:answer|repondu)|(?:no|sans) (?:answer"
    r"|reponse|response|avis|opinion)|pas (?:de reponse|d'avis)|ne se prononce pas|nsp)[\s.!]*)"
)
UNFAVOURABLE = (  # whole words, as ``key`` writes them
    r"\b(?:pas|peu|jamais|non|not|no|never|\w+n't|disagree|desaccord|unlikely|improbable|unhappy"
    r"|dissatisfied|dissatisfaction|unsatisfied|insatisfaite?s?|insatisfaction|mecontente?s?"
    r"|mecontentement|poor|bad|mauvaise?s?|mediocres?)\b"
)
FAVOURABLE = (
    r"\b(?:satisfied|satisfaite?s?|satisfaction|happy|agree|accord|contente?s?|likely|probable"
    r"|excellente?s?|good|bien|bon|bonnes?)\b"
)


def measurable(question: Question) -> bool:
    """Tell whether answers to a question make a figure: an NPS needs the scale of 0 to 10."""
    return question.kind != "comment" and (question.kind != "nps" or question.scale == NPS_SCALE)


def favourable(question: Question) -> tuple[int, int]:
    """Return the points from which and up to which an answer counts as favourable.

    CSAT: as the contract says. NPS: promoters, from 9. Agreement: the two best points, the best
    alone where the scale has fewer than four.
    """
    low, high = question.scale
    best = min(2, (high - low + 1) // 2)
    match question.kind:
        case "csat":
            limit = question.satisfied_from
        case "nps":
            limit = PROMOTERS_FROM
        case _:
            limit = low + best - 1 if question.lowest_is_best else high + 1 - best
    return (low, limit) if question.lowest_is_best else (limit, high)


def read(written: pd.Series, question: Question) -> pd.DataFrame:
    """Return what answers to one question are worth: score (NaN where none) and state.

    "n/a", "RAS", "-" and their like are no comment. A number is a whole one of the scale, alone or
    before or after its label; between two points only where the question has mean scores. Words are
    read as the contract declares them.
    """
    if question.kind == "comment":
        state = np.where(key(written).str.fullmatch(NO_COMMENT), BLANK, WORDS)
        return pd.DataFrame({"score": np.nan, "state": state}, index=written.index)
    plain = key(written)
    declared = plain.map(_by_key(question.answers)).astype("float64")
    no_opinion = plain.isin([*_by_key(dict.fromkeys(question.no_opinion, 0))])
    number = numbers(plain, question)
    score = declared.where(declared.notna(), number).mask(no_opinion)
    states = [plain == "", no_opinion, score.notna()]
    state = np.select(states, [BLANK, NO_OPINION, USABLE], default=UNUSABLE)
    return pd.DataFrame({"score": score, "state": state}, index=written.index)


def numbers(plain: pd.Series, question: Question) -> pd.Series:
    """Return the number of the question's scale that answers hold; NaN where none."""
    alone = plain.str.extract(NUMBER)[0].str.replace(",", ".")
    value = pd.to_numeric(alone.fillna(_labelled(plain))).astype("float64")
    low, high = question.scale
    whole = question.mean_scores | (value == value.round())
    return value.where((value >= low) & (value <= high) & whole)


def _labelled(plain: pd.Series) -> pd.Series:
    return plain.str.extract(LABELLED)[0].fillna(plain.str.extract(IN_BRACKETS)[0])


def _by_key(points: Mapping[str, int]) -> dict[str, int]:
    names = pd.Series([*points], dtype="str")
    return dict(zip(key(names), points.values(), strict=True))


def contradicts_scale(written: pd.Series, question: Question) -> bool:
    """Tell whether labels say that the lowest point is the best, and the contract nothing of it.

    So it is where a label of the highest point is unfavourable and one of the lowest favourable.
    One end alone proves nothing: “5 - Pas de reproche” is unfavourable by its first word.
    """
    if not question.is_silent("lowest_is_best") or question.kind == "comment":
        return False
    plain = key(pd.Series([*written.unique(), *question.answers], dtype="str"))
    points = plain.map(_by_key(question.answers)).astype("float64")
    points = points.fillna(pd.to_numeric(_labelled(plain)).astype("float64"))
    bad = plain.str.contains(UNFAVOURABLE, regex=True)
    good = plain.str.contains(FAVOURABLE, regex=True) & ~bad
    low, high = question.scale
    return bool(((points == high) & bad).any() and ((points == low) & good).any())


@dataclass(frozen=True)
class Doubt:
    """What stands in the answers to a question and can't be read, and what would settle it.

    ``values``: the answers, the most frequent first, with how many people gave each; ``given``: all
    answers that state an opinion; ``most``: the share that can't be read in the worst wave;
    ``keys``: those of the question in the contract; ``reverse``: the labels say that the lowest
    point is the best.
    """

    question: str
    values: dict[str, int]
    unusable: int
    given: int
    most: float
    keys: tuple[str, ...]
    reverse: bool


def doubts(answers: pd.DataFrame, questions: Mapping[str, Question]) -> Iterator[Doubt]:
    """Yield what can't be read of the answers to each question (wave, question, answer)."""
    for name, about in questions.items():
        own = answers[answers["question"] == name]
        written = own["answer"].fillna("").str.strip()
        unusable = read(written, about)["state"].map({USABLE: False, UNUSABLE: True}).dropna()
        lost = written[unusable.index[unusable.astype("bool")]]
        reverse = contradicts_scale(written, about)
        if reverse or len(lost):
            values = masked(lost).str.slice(0, WIDTH).value_counts().head(LISTED).to_dict()
            most = unusable.astype("float64").groupby(key(own["wave"])).mean().max()
            yield Doubt(name, values, len(lost), len(unusable), most, _settling(lost), reverse)


def _settling(lost: pd.Series) -> tuple[str, ...]:
    """Return the keys that would settle what can't be read: by numbers, decimals or words."""
    plain = key(lost)
    number = pd.to_numeric(plain.str.extract(NUMBER)[0].str.replace(",", "."))
    kinds = {
        "answers": number.isna(),
        "mean_scores": number.notna() & (number != number.round()),
        "scale": number.notna() & (number == number.round()),
    }
    return (*(name for name, rows in kinds.items() if rows.any()), "no_opinion")
