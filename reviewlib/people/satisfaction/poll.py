"""A survey in waves, of which no more is told than may be shown (G2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reviewlib.contract.survey import Question, Survey
from reviewlib.people.satisfaction import anonymity, metrics
from reviewlib.people.satisfaction.metrics import FIGURES, PERSON, PLACE
from reviewlib.people.satisfaction.names import one_spelling
from reviewlib.people.satisfaction.readings import BLANK, USABLE, measurable
from reviewlib.people.satisfaction.waves import is_late, waves


@dataclass(frozen=True)
class Poll:
    """A survey in waves. What it gives holds no figure of fewer people than the floor.

    ``answers`` and ``invitations`` are the tables of these names as known on the day ``today``,
    ``invitations`` None where it isn't known who was asked. Nothing is told of a wave before it is
    closed, nor of answers dated after that.
    """

    answers: pd.DataFrame
    invitations: pd.DataFrame | None
    survey: Survey
    today: pd.Timestamp

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions answered by a number, in the order of the contract."""
        return {name: about for name, about in self.survey.questions.items() if measurable(about)}

    @cached_property
    def calendar(self) -> pd.DataFrame:
        """Every wave with its first and its last day, as ``waves`` returns them, and late.

        late: how many people answered after its last day; open: it has not passed yet.
        """
        every = waves(self._answers, self._invited, self.survey)
        late = self._answers[is_late(self._answers, every["closes"])]
        people = late.drop_duplicates(PERSON).groupby("wave").size()
        counts = people.reindex(every.index, fill_value=0)
        return every.assign(late=counts, open=every["closes"] >= self.today)

    @cached_property
    def _answers(self) -> pd.DataFrame:
        """The answers with names in one spelling."""
        names = {
            "wave": one_spelling(self.answers["wave"], self._invited["wave"]),
            "respondent": one_spelling(self.answers["respondent"]),
        }
        nothing = pd.Series(None, index=self.answers.index, dtype="str")
        department = self.answers.get("department", nothing)
        names["department"] = one_spelling(department, self._invited["department"])
        return self.answers.assign(**names)

    @cached_property
    def _invited(self) -> pd.DataFrame:
        if self.invitations is None:
            return pd.DataFrame({"wave": [], "department": [], "invited": []}, dtype="str")
        spelt = {name: one_spelling(self.invitations[name]) for name in ("wave", "department")}
        return self.invitations.assign(**spelt)

    @cached_property
    def _closed(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Answers and invitations of the waves that are closed, without the answers too late."""
        closed = self.calendar.index[~self.calendar["open"]]
        in_time = self._answers["wave"].isin(closed)
        in_time &= ~is_late(self._answers, self.calendar["closes"])
        invited = self._invited[self._invited["wave"].isin(closed)]
        return self._answers[in_time], invited

    @cached_property
    def _scored(self) -> pd.DataFrame:
        return metrics.scored(self._closed[0], self.survey.questions)

    @cached_property
    def scored(self) -> pd.DataFrame:
        """Every answer with its person's department and what it is worth: one of a person each."""
        filled_first = (self._scored["state"] == BLANK).sort_values(kind="stable").index
        answers = self._scored.loc[filled_first].drop_duplicates([*PERSON, "question"])
        return answers.sort_index()

    @cached_property
    def repeated(self) -> int:
        """How many answers stand again for a person whose code is spelt in another way."""
        return len(self._scored) - len(self.scored)

    @cached_property
    def places(self) -> pd.DataFrame:
        """People invited and answering by wave and department: not protected, not to be shown."""
        return metrics.participation(self.scored, self._closed[1])

    @cached_property
    def waves(self) -> pd.Series:
        """The first day of each wave that is closed (NaT where none is written), in order."""
        return self.calendar.loc[~self.calendar["open"], "first"]

    @cached_property
    def answered(self) -> pd.Series:
        """How many people answered each wave: not protected, not to be shown."""
        counts = self.places.groupby("wave")["answered"].sum()
        return counts.reindex(self.waves.index, fill_value=0)

    @cached_property
    def latest(self) -> str:
        """The last closed wave that anyone answered; "" when nobody ever did."""
        return next((wave for wave in reversed(self.waves.index) if self.answered[wave]), "")

    @cached_property
    def response(self) -> pd.DataFrame:
        """Invited, answered and rate by wave, as ``response`` returns them."""
        return self._in_order(self._protected(metrics.response(self.places), ["wave"]))

    @cached_property
    def response_by_department(self) -> pd.DataFrame:
        """Columns: wave, department, invited, answered, rate, shown."""
        invited = self.places["invited"]
        rate = self.places["answered"] / invited.where(invited >= self.places["answered"])
        rated = self.places.assign(rate=rate.where(invited > 0), hidden=self._hidden(self.places))
        return self._in_order(self._protected(rated, ["wave"]).drop(columns="hidden"))

    @cached_property
    def results(self) -> pd.DataFrame:
        """The result of each question in each wave, as ``results`` returns it."""
        every = metrics.results(self.scored, metrics.response(self.places), self.questions)
        every = metrics.refused(every, self.scored, self.survey)
        return self._in_order(self._protected(every, ["wave", "question"]))

    @cached_property
    def results_by_department(self) -> pd.DataFrame:
        """The result of each CSAT question by wave and department, protected within the total."""
        every = metrics.refused(self._of_departments, self.scored, self.survey)
        every = every.assign(hidden=self._hidden(every))
        return self._in_order(self._protected(every, ["wave", "question"])).drop(columns="hidden")

    @cached_property
    def _of_departments(self) -> pd.DataFrame:
        """The results by department of the questions that are shown so: not protected."""
        csat = {name: about for name, about in self.questions.items() if about.kind == "csat"}
        return metrics.results(self.scored, self.places, csat)

    @cached_property
    def hidden_places(self) -> pd.Index:
        """The departments of each wave that some table must hide: they are hidden in all."""
        tables = [(self.places, ["wave"]), (self._of_departments, ["wave", "question"])]
        hidden = pd.MultiIndex.from_arrays([[], []])
        while True:
            more = hidden
            for frame, total in tables:
                now = self._protected(frame.assign(hidden=_among(frame, more)), total)
                more = more.union(pd.MultiIndex.from_frame(now.loc[~now["shown"], PLACE]))
            if len(more) == len(hidden):
                return more
            hidden = more

    def _hidden(self, frame: pd.DataFrame) -> pd.Series:
        return _among(frame, self.hidden_places)

    @cached_property
    def silent(self) -> pd.DataFrame:
        """The departments invited to an answered wave of which no answer came (see ``silent``).

        Of fewer people than the floor, not even their silence is told.
        """
        departments = metrics.silent(self.places)
        enough = departments["invited"] >= self.survey.anonymity_floor
        return self._in_order(departments[enough])

    @cached_property
    def comments(self) -> pd.DataFrame:
        """The comments that may be shown: wave, question, comment, respondent (not to be shown).

        What a comment is about can point at its department: those of hidden ones are left out,
        unless everybody of the wave is of one.
        """
        answering = self.places[self.places["answered"] > 0].groupby("wave").size()
        several = self.scored["wave"].map(answering) > 1
        withheld = self._hidden(self.scored) & several
        comments = metrics.comments(self.scored, withheld, self.survey.anonymity_floor)
        return self._in_order(comments)

    @cached_property
    def withheld(self) -> int:
        """How many comments are left out with the departments that are hidden."""
        none = pd.Series(False, self.scored.index)
        every = metrics.comments(self.scored, none, self.survey.anonymity_floor)
        return len(every) - len(self.comments)

    def distribution(self, wave: str, names: list[str]) -> pd.DataFrame:
        """Return how many people of a wave chose each point of the scale that questions share.

        One row per question, one column per point; NaN where its result is not given.
        """
        low, high = self.questions[names[0]].scale
        usable = self.scored[(self.scored["wave"] == wave) & (self.scored["state"] == USABLE)]
        counts = pd.crosstab(usable["question"], usable["score"].astype("int64"))
        counts = counts.reindex(index=names, columns=range(low, high + 1), fill_value=0)
        given = self.results[(self.results["wave"] == wave) & self.results["value"].notna()]
        counts = counts.where(counts.index.to_series().isin(given["question"]), axis=0)
        return counts.rename_axis(None).rename_axis(columns=None)

    def together(self, wave: str) -> pd.DataFrame:
        """Return what people of a wave answered to questions of agreement, who answered them all.

        A row for each, not to be shown; the more they agree, the higher.
        """
        given = self.results[(self.results["wave"] == wave) & self.results["value"].notna()]
        names = [*given.loc[given["kind"] == "agreement", "question"]]
        own = self.scored[(self.scored["wave"] == wave) & (self.scored["state"] == USABLE)]
        points = own.pivot(index="respondent", columns="question", values="score")
        points = points.reindex(columns=names).dropna()
        turned = [name for name in names if self.questions[name].lowest_is_best]
        return points.assign(**{name: -points[name] for name in turned})

    def _protected(self, frame: pd.DataFrame, total: list[str]) -> pd.DataFrame:
        """Return a frame with its figures where they may be shown. It counts answered or n."""
        floor = self.survey.anonymity_floor
        size = frame["n"] if "n" in frame else frame["answered"]
        # of a few people invited, that none answered says what each of them did
        few = (frame["invited"] > 0) & (frame["invited"] < floor)
        hidden = frame.get("hidden", pd.Series(False, frame.index))
        counted = frame.assign(people=size, hidden=hidden, silent=few & (size == 0))
        if "n" in frame:
            counted["neither"] = frame["n"] - frame["favourable"] - frame["unfavourable"]
        figures = [name for name in (*FIGURES, "answered", "rate") if name in frame]
        done = anonymity.protected(counted, total, figures, floor)
        return done[[*frame, "shown"]]

    def _in_order(self, frame: pd.DataFrame) -> pd.DataFrame:
        place = frame["wave"].map({wave: place for place, wave in enumerate(self.waves.index)})
        return frame.loc[place.sort_values(kind="stable").index].reset_index(drop=True)


def _among(frame: pd.DataFrame, places: pd.Index) -> pd.Series:
    return pd.Series(pd.MultiIndex.from_frame(frame[PLACE]).isin(places), frame.index)
