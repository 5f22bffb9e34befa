"""What several chapters need of the surveys of a review, computed once."""

from __future__ import annotations

import pandas as pd

from reviewlib.contract.survey import FLOOR
from reviewlib.languages import Quoted
from reviewlib.memo import once
from reviewlib.people.comments.labels import ThemeLabels, labelled
from reviewlib.people.comments.metrics import Themes, telling
from reviewlib.people.comments.metrics import themes as themes_of
from reviewlib.people.satisfaction.metrics import COMMENTS
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.people.satisfaction.verbatims import without_names
from reviewlib.review import Review

USERS = "users"
SIDES = (USERS, "client", "provider")
A_HALF = 0.005  # of a percent, by which a share that is rounded to one may be off


@once
def poll(review: Review) -> Poll | None:
    """Return the waves and results of the users; None without questions, or without answers."""
    return poll_of(review, USERS)


def poll_of(review: Review, side: str) -> Poll | None:
    """Return what one of ``SIDES`` answered to the questions that it was asked.

    None without such questions, or where nobody of that side answered.
    """
    survey, answers = review.contract.survey, review.table("survey_answers")
    if survey is None or answers is None:
        return None
    own_questions = {
        name: about for name, about in survey.questions.items() if side in about.respondents
    }
    own = _of(answers, side)
    if not own_questions or own.empty:
        return None
    invited = review.table("survey_invitations")
    if invited is not None:
        invited = _of(invited, side)
    return Poll(own, invited, survey.model_copy(update={"questions": own_questions}), review.today)


def _of(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return the rows of a side; those that name none are of the users."""
    if "side" not in rows:
        return rows if side == USERS else rows.iloc[:0]
    return rows[rows["side"].fillna(USERS) == side].drop(columns="side")


def answers_of(review: Review, question: str, share: float, day: pd.Timestamp) -> int | None:
    """Return how many answers a share satisfied rests on that was measured on a day.

    They are those of the last wave that had begun by then, where its own share is that one to the
    nearest percent; None where it is another, or may not be shown.
    """
    made = poll(review)
    if made is None or not question or not made.latest:
        return None
    begun = made.waves.index[made.waves <= day]
    results = made.results[(made.results["question"] == question) & made.results["value"].notna()]
    own = results[(results["wave"] == (begun[-1] if len(begun) else "")) & results["n"].notna()]
    is_its = (own["kind"] == "csat") & ((own["value"] - share).abs() <= A_HALF)
    return int(own["n"].iloc[0]) if is_its.any() else None


@once
def uncertain(review: Review) -> frozenset[str]:
    """Return the CSAT questions of which the silent leave open whether most are satisfied."""
    made = poll(review)
    if made is None or not made.latest:
        return frozenset()
    results = made.results[made.results["wave"] == made.latest]
    of_csat = (results["kind"] == "csat") & results["value"].notna() & results["worst"].notna()
    return frozenset(results.loc[of_csat & (results["worst"] <= 0.5), "question"])


@once
def themes(review: Review) -> Themes:
    """Return the themes of the users' comments that may be shown, in the contract's language."""
    texts = comments_in(review, review.contract.language)
    return themes_of(texts, floor_of(review))


@once
def labels(review: Review) -> ThemeLabels:
    """Return the words of each theme, in the languages of its comments, and its label."""
    made, own = themes(review), review.contract.language
    comments = comments_in(review, "")
    spoken = {name for text in comments for name in getattr(text, "texts", {})} - {own}
    others = {name: comments_in(review, name) for name in sorted(spoken)}
    names = []
    for place, written in made.table["written"].items():
        inside = made.of == place
        texts = {name: telling(own, inside, floor_of(review)) for name, own in others.items()}
        every = {own: written} | {name: words for name, words in texts.items() if words}
        names.append(Quoted(", ".join(written), {k: ", ".join(v) for k, v in every.items()}))
    return labelled(names, review.engagement.notes.themes)


@once
def comments(review: Review) -> pd.DataFrame:
    """Return the users' comments that may be shown, without names of whom tickets are given to.

    These names are of no day, and no figure rests on them: the log is not read as it was known.
    """
    made, events = poll(review), review.engagement.tables.get("ticket_events")
    if made is None:
        return pd.DataFrame(columns=COMMENTS, dtype="object")
    if events is None or made.comments.empty:
        return made.comments
    assignees = events[events["field"] == "assignee"].reindex(columns=["old", "new"])
    names = assignees.astype("str").melt()["value"].drop_duplicates()
    return made.comments.assign(comment=without_names(made.comments["comment"], names))


def comments_in(review: Review, language: str) -> pd.Series:
    """Return the comments that may be shown, in a language; as they stand where it is empty."""
    texts = comments(review)["comment"]
    if not language:
        return texts
    spoken = [
        text.in_language(language) if isinstance(text, Quoted) else str(text) for text in texts
    ]
    return pd.Series(spoken, texts.index, dtype="str")


def floor_of(review: Review) -> int:
    """Return of how many people something must be at least to be shown."""
    survey = review.contract.survey
    return survey.anonymity_floor if survey else FLOOR
