"""Comments by theme, as they are written (G2, G3)."""

from __future__ import annotations

import pandas as pd

from reviewlib.people import results
from reviewlib.people.comments import metrics, words
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col
from reviewlib.report.text import N_, Quoted, Text, listed, sentences
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review

QUOTED, LONGEST = 2, 300  # comments of a theme that stand for it, and of each so many signs


def comments(review: Review) -> Section:
    """Return the chapter on what users write, grouped by the words that go together."""
    c = Chapter(review, "comments", N_("Comments by theme"))
    poll, survey = results.poll(review), review.contract.survey
    answers = review.table("survey_answers") is not None
    questions = poll.survey.questions if poll else survey.questions if survey else {}
    if not any(about.kind == "comment" for about in questions.values()):
        return c.not_assessed(words.NO_QUESTION)
    if poll is None:
        return c.not_assessed(words.NO_COMMENT if answers else review.absent("survey_answers"))
    if poll.comments.empty:
        return c.not_assessed(words.NO_COMMENT)
    c.period = listed(poll.waves.index)
    c.intro(words.HOW(beyond=metrics.BEYOND, lift=metrics.LIFT))
    c.intro(words.OF_A_THEME(floor=poll.survey.anonymity_floor))
    enough = len(poll.comments) >= metrics.LEAST
    rows = _in_themes(review, poll, enough)
    _facts(c, poll, rows, enough)
    if rows["theme"].ge(0).any():
        _themes(c, poll, rows)
        _verbatims(c, rows)
    _every(c, poll, rows)
    c.caveat("masked", words.MASKED)
    return c.section()


def _in_themes(review: Review, poll: Poll, enough: bool) -> pd.DataFrame:
    """Return the comments with theme (-1: none), and its label and words (None: none)."""
    if not enough:
        return poll.comments.assign(theme=-1, label=None, words=None)
    of, named, language = (
        results.themes(review).of,
        results.labels(review),
        review.contract.language,
    )
    rows = poll.comments.assign(theme=of, text=results.comments_in(review, language))
    writers = rows.drop_duplicates(["theme", "wave", "respondent"]).groupby("theme").size()
    few = writers.index[writers < poll.survey.anonymity_floor]
    rows["theme"] = rows["theme"].mask(rows["theme"].isin(few), -1)
    labels = [named.labels[place] if place >= 0 else None for place in rows["theme"]]
    own_words = [named.words[place] if place >= 0 else None for place in rows["theme"]]
    about = {"label": labels, "words": own_words}
    return rows.assign(**{k: pd.Series(v, rows.index, dtype="object") for k, v in about.items()})


def _facts(c: Chapter, poll: Poll, rows: pd.DataFrame, enough: bool) -> None:
    k, n = rows.loc[rows["theme"] >= 0, "theme"].nunique(), len(rows)
    c.headline(words.FOUND(k=k, n=n) if k else words.NONE(n=n) if enough else words.FEW(n=n))
    c.fact("shown", words.SHOWN, n, source=_source(poll), key=True)
    because: Text = words.GROUPLESS if enough else words.TOO_FEW(least=metrics.LEAST)
    c.fact("themes_found", words.THEMES, k or None, because=because, source=_source(poll), key=True)
    if k:
        c.count("without_theme", words.GROUPED, rows["theme"] < 0, source=_source(poll))
    for name, question in _comment_questions(poll).items():
        count = int((rows["question"] == name).sum())
        c.fact(f"comment.{name}", words.COMMENTED(question=question), count,
               source=words.SOURCE(question=name))  # fmt: skip


def _comment_questions(poll: Poll) -> dict[str, Text | str]:
    return {
        name: about.text for name, about in poll.survey.questions.items() if about.kind == "comment"
    }


def _source(poll: Poll) -> Text:
    return words.SOURCE(question=listed(_comment_questions(poll)))


def _themes(c: Chapter, poll: Poll, rows: pd.DataFrame) -> None:
    """Add each theme: how many people wrote of it, by wave, and how many of them are satisfied."""
    floor, waves = poll.survey.anonymity_floor, [*rows["wave"].drop_duplicates()]
    shown = rows[rows["theme"] >= 0]
    table = shown.drop_duplicates("theme").set_index("theme")[["label", "words"]]
    table = table.join(metrics.people(shown, waves, floor))
    columns = tuple(Col(wave, Quoted(wave), Unit.COUNT) for wave in waves)
    question, note = _satisfaction(poll), sentences(words.NOT_SHOWN)
    marks: tuple[Col, ...] = ()
    if question:
        latest = rows[rows["wave"] == poll.latest].set_index(["wave", "respondent"])
        latest = latest.assign(satisfied=poll.satisfied(question)).reset_index()
        counts = metrics.satisfied(latest, floor).rename(columns={"n": "answered"})
        table, marks = table.join(counts), words.MARKS
        text = poll.questions[question].text
        note = sentences(words.OF_LATEST(wave=poll.latest, question=text), note)
    own = (*words.BY_THEME.columns, *columns, *marks)
    c.table(words.BY_THEME.but(columns=own, note=note), table.sort_index())


def _satisfaction(poll: Poll) -> str:
    """Return the first question of satisfaction that has a figure in the latest wave, or ""."""
    results_of = poll.results[(poll.results["wave"] == poll.latest) & poll.results["value"].notna()]
    csat = results_of.loc[results_of["kind"] == "csat", "question"]
    return next((name for name in poll.questions if name in set(csat)), "")


def _verbatims(c: Chapter, rows: pd.DataFrame) -> None:
    chosen = [
        label
        for _theme, own in rows[rows["theme"] >= 0].groupby("theme")
        for label in metrics.central(own["text"], QUOTED)
    ]
    c.table(words.VERBATIMS, _listed(rows.loc[chosen], shorten=True))


def _every(c: Chapter, poll: Poll, rows: pd.DataFrame) -> None:
    """Add all comments, question by question: this is where they stand, and nowhere else."""
    for name, question in _comment_questions(poll).items():
        own = rows[rows["question"] == name]
        if len(own):
            caption = words.OF_QUESTION(question=question)
            form = words.COMMENTS.but(name=f"every.{name}", caption=caption)
            grouped = own["theme"].ge(0).any()
            c.table(form if grouped else form.without("label"), _listed(own))


def _listed(rows: pd.DataFrame, shorten: bool = False) -> pd.DataFrame:
    departments = [department or None for department in rows["department"]]
    texts = [_shortened(text) if shorten else text for text in rows["comment"]]
    about = {"department": departments, "comment": texts}
    return rows.assign(**{k: pd.Series(v, rows.index, dtype="object") for k, v in about.items()})


def _shortened(text: str) -> str:
    cut = {name: _cut(own) for name, own in getattr(text, "texts", {}).items()}
    return Quoted(_cut(text), cut)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{str(text)[:LONGEST]}…"
