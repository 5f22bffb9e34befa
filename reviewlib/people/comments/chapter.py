"""Comments by theme, as they are written (G2, G3)."""

from __future__ import annotations

import pandas as pd

from reviewlib.people import results
from reviewlib.people.comments import metrics, words
from reviewlib.people.satisfaction.metrics import PERSON
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.people.satisfaction.readings import WORDS
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col
from reviewlib.report.phrases import shortened
from reviewlib.report.text import N_, Quoted, Text, listed
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review

WAVES = 2  # of which the headline counts each
QUOTED, LONGEST = 2, 50  # comments of a theme that stand for it, and of each so many words


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
        _themes(c, rows)
        _verbatims(c, rows)
    _every(c, poll, rows)
    c.caveat("masked", words.MASKED)
    return c.section()


def _in_themes(review: Review, poll: Poll, enough: bool) -> pd.DataFrame:
    """Return the comments with theme (-1: none), and its label and words (None: none)."""
    shown = results.comments(review)
    if not enough:
        return shown.assign(theme=-1, label=None, words=None)
    named, language = results.labels(review), review.contract.language
    of, texts = results.themes(review).of, results.comments_in(review, language)
    rows = shown.assign(theme=of, text=texts)
    writers = rows.drop_duplicates(["theme", *PERSON]).groupby("theme").size()
    few = writers.index[writers < poll.survey.anonymity_floor]
    rows["theme"] = rows["theme"].mask(rows["theme"].isin(few), -1)
    labels = [named.labels[place] if place >= 0 else None for place in rows["theme"]]
    own_words = [named.words[place] if place >= 0 else None for place in rows["theme"]]
    about = {"label": labels, "words": own_words}
    return rows.assign(**{k: pd.Series(v, rows.index, dtype="object") for k, v in about.items()})


def _facts(c: Chapter, poll: Poll, rows: pd.DataFrame, enough: bool) -> None:
    k, n = rows.loc[rows["theme"] >= 0, "theme"].nunique(), len(rows)
    writers = rows.drop_duplicates(PERSON).groupby("wave", sort=False).size()
    source = words.SOURCE(question=listed(_questions(poll)))
    sentence = words.FOUND(k=k) if k else words.NONE if enough else words.FEW
    of_waves = [
        words.OF_WAVE(k=own, n=int(poll.answered[wave]), wave=Quoted(wave))
        for wave, own in writers.items()
    ]
    few = len(writers) <= WAVES
    of = listed(of_waves) if few else words.OF_WAVES(n=len(writers))
    c.headline(sentence.filled({"n": n, "of_waves": of}))
    c.caveat("left_out", words.LEFT_OUT(n=poll.withheld), when=poll.withheld > 0)
    teams = filter(None, (results.poll_of(c.review, side) for side in ("client", "provider")))
    of_teams = sum(int((team.scored["state"] == WORDS).sum()) for team in teams)
    c.caveat("of_teams", words.OF_TEAMS(n=of_teams), when=of_teams > 0)
    last = writers.index[-1]
    c.share("shown", words.WROTE(wave=Quoted(last)), int(writers[last]),
            int(poll.answered[last]), source=source, key=True)  # fmt: skip
    because: Text = words.GROUPLESS if enough else words.TOO_FEW(least=metrics.LEAST)
    c.fact("themes_found", words.THEMES, k or None, because=because, source=source, key=True)
    if k:
        c.count("without_theme", words.GROUPED, rows["theme"] < 0, source=source)


def _questions(poll: Poll) -> dict[str, Text | str]:
    return {
        name: about.text for name, about in poll.survey.questions.items() if about.kind == "comment"
    }


def _themes(c: Chapter, rows: pd.DataFrame) -> None:
    """Add each theme, and how many people wrote of it in each wave."""
    shown = rows[rows["theme"] >= 0]
    waves = [*rows["wave"].drop_duplicates()]
    columns = tuple(Col(wave, Quoted(wave), Unit.COUNT) for wave in waves)
    table = shown.drop_duplicates("theme").set_index("theme")[["label", "words"]]
    table = table.join(metrics.people(shown, waves)).sort_index()
    c.table(words.BY_THEME.but(columns=(*words.BY_THEME.columns, *columns)), table)


def _verbatims(c: Chapter, rows: pd.DataFrame) -> None:
    chosen = [
        label
        for _theme, own in rows[rows["theme"] >= 0].groupby("theme")
        for label in metrics.central(own["text"], QUOTED)
    ]
    own = rows.loc[chosen]
    texts = pd.Series(
        [shortened(text, LONGEST) for text in own["comment"]], own.index, dtype="object"
    )
    c.table(words.VERBATIMS, own.assign(comment=texts))


def _every(c: Chapter, poll: Poll, rows: pd.DataFrame) -> None:
    """Add all comments, question by question: this is where they stand, and nowhere else."""
    for name, question in _questions(poll).items():
        own = rows[rows["question"] == name]
        if len(own):
            caption = words.OF_QUESTION(question=question)
            form = words.COMMENTS.but(name=f"every.{name}", caption=caption)
            c.table(form if own["theme"].ge(0).any() else form.without("label"), own)
