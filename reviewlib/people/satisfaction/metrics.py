"""Satisfaction: who answered, what they said, and how far that reaches (G1, G2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reviewlib.contract.survey import Question, Survey
from reviewlib.people.satisfaction import anonymity
from reviewlib.people.satisfaction.verbatims import masked
from reviewlib.rates import wilson

USABLE, UNUSABLE, WORDS, BLANK = "usable", "unusable", "words", "blank"
NO_INVITATIONS, UNLISTED, EXCEEDED = "no_invitations", "unlisted", "exceeded"
WILSON, WALD, ADJUSTED = "wilson", "wald", "adjusted"
NPS_SCALE, PROMOTERS_FROM, DETRACTORS_TO = (0, 10), 9, 6
WALD_FROM = 100  # below, the 95 % of a plain Wald interval are seldom reached: 71 to 92 %
PSEUDO_ANSWERS = (0.75, 1.5, 0.75)  # promoters, passives, detractors: Rocks 2016, adjusted Wald
Z = 1.959964
SCORED = [
    "wave", "respondent", "question", "department", "departments", "answer", "written", "score",
    "state", "favourable", "unfavourable",
]  # fmt: skip
PARTICIPATION = ["wave", "department", "invited", "answered"]
RESPONSE = ["wave", "invited", "answered", "reason", "rate"]
SILENT = ["wave", "department", "invited", "doubtful"]
FIGURES = [
    "n", "favourable", "unfavourable", "unusable", "median", "mean", "value", "low", "high",
    "worst", "best",
]  # fmt: skip
RESULT = [*FIGURES, "method"]
COMMENTS = ["wave", "question", "department", "comment"]


@dataclass(frozen=True)
class Poll:
    """A survey in waves. What it gives holds no figure of fewer people than the floor.

    ``answers`` and ``invitations`` are the tables of these names, ``invitations`` None where it
    isn't known who was asked.
    """

    answers: pd.DataFrame
    invitations: pd.DataFrame | None
    survey: Survey

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions answered by a number, in the order of the contract."""
        return {name: about for name, about in self.survey.questions.items() if measurable(about)}

    @cached_property
    def scored(self) -> pd.DataFrame:
        """Every answer with its person's department and what it is worth."""
        return scored(self.answers, self._invited, self.survey.questions)

    @cached_property
    def _invited(self) -> pd.DataFrame:
        if self.invitations is not None:
            return self.invitations
        return pd.DataFrame({"wave": [], "department": [], "invited": []}, dtype="str")

    @cached_property
    def places(self) -> pd.DataFrame:
        """People invited and answering by wave and department: not protected, not to be shown."""
        return participation(self.scored, self._invited)

    @cached_property
    def waves(self) -> pd.Series:
        """The first day of each wave (NaT where none is written), in their order."""
        return waves(self.answers.assign(wave=self.scored["wave"]), self._invited)

    @cached_property
    def answered(self) -> pd.Series:
        """How many people answered each wave: not protected, not to be shown."""
        counts = self.places.groupby("wave")["answered"].sum()
        return counts.reindex(self.waves.index, fill_value=0)

    @cached_property
    def latest(self) -> str:
        """The last wave that anyone answered; "" when nobody ever did."""
        return next((wave for wave in reversed(self.waves.index) if self.answered[wave]), "")

    @cached_property
    def response(self) -> pd.DataFrame:
        """Invited, answered and rate by wave, as ``response`` returns them."""
        return self._in_order(self._protected(response(self.places), "answered", ["wave"]))

    @cached_property
    def response_by_department(self) -> pd.DataFrame:
        """Columns: wave, department, invited, answered, rate, shown."""
        invited = self.places["invited"]
        rate = self.places["answered"] / invited.where(invited >= self.places["answered"])
        rated = self.places.assign(rate=rate.where(invited > 0))
        return self._in_order(self._protected(rated, "answered", ["wave"]))

    @cached_property
    def results(self) -> pd.DataFrame:
        """The result of each question in each wave, as ``results`` returns it."""
        return self._results(response(self.places))

    @cached_property
    def results_by_department(self) -> pd.DataFrame:
        """The result of each question in each wave and department, protected within the total."""
        return self._results(self.places)

    def _results(self, groups: pd.DataFrame) -> pd.DataFrame:
        by_group = results(self.scored, groups, self.questions)
        return self._in_order(self._protected(by_group, "n", ["wave", "question"]))

    @cached_property
    def silent(self) -> pd.DataFrame:
        """The departments invited to an answered wave of which no answer came (see ``silent``).

        Of fewer people than the floor, not even their silence is told.
        """
        departments = silent(self.places)
        enough = departments["invited"] >= self.survey.anonymity_floor
        return self._in_order(departments[enough])

    @cached_property
    def comments(self) -> pd.DataFrame:
        """The comments that may be shown: wave, question, department ("" where hidden), comment."""
        places = self._protected(self.places, "answered", ["wave"])
        return self._in_order(comments(self.scored, places, self.survey.anonymity_floor))

    def distribution(self, wave: str, names: list[str]) -> pd.DataFrame:
        """Return how many people of a wave chose each point of the scale that questions share.

        One row per question, one column per point; NaN where too few people answered.
        """
        low, high = self.questions[names[0]].scale
        usable = self.scored[(self.scored["wave"] == wave) & (self.scored["state"] == USABLE)]
        counts = pd.crosstab(usable["question"], usable["score"].astype("int64"))
        counts = counts.reindex(index=names, columns=range(low, high + 1), fill_value=0)
        enough = counts.sum(axis="columns") >= self.survey.anonymity_floor
        return counts.where(enough, axis=0).rename_axis(None).rename_axis(columns=None)

    def _protected(self, frame: pd.DataFrame, size: str, total: list[str]) -> pd.DataFrame:
        floor = self.survey.anonymity_floor
        figures = [name for name in (*FIGURES, "answered", "rate") if name in frame]
        # of a few people invited, that none answered says what each of them did
        few = (frame["invited"] > 0) & (frame["invited"] < floor)
        counted = frame.assign(people=frame[size].mask(few, frame[size].clip(lower=1)))
        protected = anonymity.protected(counted, "people", total, figures, floor)
        return protected.drop(columns="people")

    def _in_order(self, frame: pd.DataFrame) -> pd.DataFrame:
        place = frame["wave"].map({wave: place for place, wave in enumerate(self.waves.index)})
        return frame.loc[place.sort_values(kind="stable").index].reset_index(drop=True)


def measurable(question: Question) -> bool:
    """Tell whether answers to a question make a figure: an NPS needs the scale of 0 to 10."""
    return question.kind != "comment" and (question.kind != "nps" or question.scale == NPS_SCALE)


def favourable_from(question: Question) -> int:
    """Return the least answer that counts as favourable.

    CSAT: as the contract says. NPS: promoters, from 9. Agreement: the two highest points, the
    highest alone where the scale has fewer than four.
    """
    low, high = question.scale
    match question.kind:
        case "csat":
            return question.satisfied_from
        case "nps":
            return PROMOTERS_FROM
        case _:
            return high + 1 - min(2, (high - low + 1) // 2)


def scored(
    answers: pd.DataFrame, invitations: pd.DataFrame, questions: Mapping[str, Question]
) -> pd.DataFrame:
    """Return every answer with what it is worth.

    Columns: SCORED. department: that the person states throughout the wave, "" where none or
    several; departments: how many the person states; written: the answer in all its languages;
    score: a number of the question's scale, else NaN; state: usable, unusable, words, blank;
    favourable and unfavourable: of an NPS, promoter and detractor.
    """
    frame = answers[["wave", "respondent", "question"]].copy()
    frame["wave"] = _one_spelling(frame["wave"], invitations["wave"])
    nothing = pd.Series(None, index=frame.index, dtype="str")
    stated = _one_spelling(answers.get("department", nothing), invitations["department"])
    by_person = stated.groupby([frame["wave"], frame["respondent"]])
    frame["departments"] = by_person.transform("nunique")
    frame["department"] = by_person.transform("first").where(frame["departments"] == 1, "")
    written = answers.get("answer", nothing).fillna("")
    frame["answer"], frame["written"] = written.str.strip(), written
    by_question = frame["question"].map
    number = pd.to_numeric(frame["answer"].str.extract(r"^(-?[0-9]{1,6})(?:[.,]0+)?$")[0])
    low = by_question({name: about.scale[0] for name, about in questions.items()})
    high = by_question({name: about.scale[1] for name, about in questions.items()})
    words = by_question({name: about.kind == "comment" for name, about in questions.items()})
    frame["score"] = number.where((number >= low) & (number <= high) & ~words).astype("float64")
    frame["state"] = np.select(
        [frame["answer"] == "", words, frame["score"].notna()],
        [BLANK, WORDS, USABLE],
        default=UNUSABLE,
    )
    least = by_question({name: favourable_from(about) for name, about in questions.items()})
    is_nps = by_question({name: about.kind == "nps" for name, about in questions.items()})
    frame["favourable"] = frame["score"] >= least
    frame["unfavourable"] = is_nps & (frame["score"] <= DETRACTORS_TO)
    return frame[SCORED]


def _one_spelling(names: pd.Series, listed: pd.Series) -> pd.Series:
    """Return names that differ by case and spaces alone in one spelling: the listed, or first."""
    every = pd.concat([listed, names], ignore_index=True).dropna()
    return _key(names).map(every.groupby(_key(every)).first())


def _key(names: pd.Series) -> pd.Series:
    plain = names.astype("str").str.strip().str.casefold()
    return plain.str.replace(r"\s+", " ", regex=True)


def participation(scored: pd.DataFrame, invitations: pd.DataFrame) -> pd.DataFrame:
    """Return people invited (NaN: not stated) and answering anything, by wave and department.

    Columns: PARTICIPATION. department: "" for those who state none.
    """
    keys = ["wave", "department"]
    people = scored[scored["state"] != BLANK].drop_duplicates(["wave", "respondent"])
    spelt = pd.DataFrame(
        {name: _one_spelling(invitations[name], invitations[name]) for name in keys}
        | {"invited": invitations["invited"].astype("float64")}
    )
    places = pd.DataFrame(
        {"invited": spelt.groupby(keys)["invited"].sum(), "answered": people.groupby(keys).size()}
    )
    places["answered"] = places["answered"].fillna(0).astype("int64")
    return places.rename_axis(keys).reset_index()[PARTICIPATION]


def waves(answers: pd.DataFrame, invitations: pd.DataFrame) -> pd.Series:
    """Return the first day of each wave, in the order of those days.

    Where a wave has none (NaT), all are in the order of their names, numbers counted as such.
    """
    spelt = invitations.assign(wave=_one_spelling(invitations["wave"], invitations["wave"]))
    days = [
        frame.get(column, pd.Series(pd.NaT, frame.index)).astype("datetime64[s]")
        .groupby(frame["wave"]).min()
        for frame, column in ((spelt, "sent_on"), (answers, "answered_on"))
    ]  # fmt: skip
    first = pd.concat(days).groupby(level=0).min()
    name = first.index.str.replace(r"\d+", lambda digits: digits[0].zfill(12), regex=True)
    order = pd.DataFrame({"day": first, "name": name})
    return first[order.sort_values(["name"] if first.isna().any() else ["day", "name"]).index]


def response(places: pd.DataFrame) -> pd.DataFrame:
    """Return the response rate of each wave from ``participation``.

    Columns: RESPONSE. invited: NaN where it isn't clear of whom; reason: why there is no rate (no
    invitation at all; answers from departments without one; more answers than invitations) or "".
    """
    unlisted = places["invited"].isna() & (places["department"] != "")
    whole = places.assign(unlisted=unlisted).groupby("wave", sort=False)
    rows = whole.agg(invited=("invited", "sum"), answered=("answered", "sum")).reset_index()
    of_wave = rows["wave"].map
    rows["reason"] = np.select(
        [
            ~of_wave(whole["invited"].count() > 0),
            of_wave(whole["unlisted"].any()),
            rows["answered"] > rows["invited"],
        ],
        [NO_INVITATIONS, UNLISTED, EXCEEDED],
        default="",
    )
    rows["invited"] = rows["invited"].where(rows["reason"] == "")
    rows["rate"] = rows["answered"] / rows["invited"].where(rows["invited"] > 0)
    return rows[RESPONSE]


def results(
    scored: pd.DataFrame, groups: pd.DataFrame, questions: Mapping[str, Question]
) -> pd.DataFrame:
    """Return the result of each question in each group.

    ``groups``: wave, department if wanted, and invited. Returns one row per group and question,
    answered or not, with the columns of the group, kind, and RESULT. n: usable answers; median and
    mean: of the scale; value: a share, or an NPS of -100 to 100; low and high with the method of
    that 95 % interval, "" where there is none; worst and best, the bounds of non-response: the
    value were everybody else unfavourable, or favourable.
    """
    keys = [name for name in ("wave", "department") if name in groups]
    kinds = pd.DataFrame(
        [(name, about.kind) for name, about in questions.items()], columns=["question", "kind"]
    )
    frame = groups[[*keys, "invited"]].merge(kinds, how="cross")
    usable = scored[scored["state"] == USABLE].groupby([*keys, "question"])
    lost = scored[scored["state"] == UNUSABLE].groupby([*keys, "question"]).size()
    tally = usable.agg(
        n=("score", "size"),
        favourable=("favourable", "sum"),
        unfavourable=("unfavourable", "sum"),
        median=("score", "median"),
        mean=("score", "mean"),
    )
    frame = frame.join(tally, on=[*keys, "question"]).join(
        lost.rename("unusable"), on=[*keys, "question"]
    )
    counts = ["n", "favourable", "unfavourable", "unusable"]
    frame[counts] = frame[counts].fillna(0).astype("int64")
    return frame.assign(**_measures(frame))[[*keys, "invited", "question", "kind", *RESULT]]


def _measures(frame: pd.DataFrame) -> dict[str, pd.Series]:
    is_nps = frame["kind"] == "nps"
    points = is_nps.map({True: 100.0, False: 1.0})
    net = frame["favourable"] - frame["unfavourable"]
    others = frame["invited"] - frame["n"]
    counts = frame[["favourable", "n", "unfavourable"]].itertuples(index=False, name=None)
    limits = [
        nps_interval(good, n - good - bad, bad) if of_nps else (*wilson(good, n), WILSON)
        for of_nps, (good, n, bad) in zip(is_nps, counts, strict=True)
    ]
    interval = pd.DataFrame(limits, columns=["low", "high", "method"], index=frame.index)
    everyone = frame["invited"].where((others >= 0) & (frame["invited"] > 0))
    return {
        "value": points * net / frame["n"].where(frame["n"] > 0),
        **{name: interval[name] for name in interval},
        "worst": points * (net - others.where(is_nps, 0)) / everyone,
        "best": points * (net + others) / everyone,
    }


def wald(promoters: float, passives: float, detractors: float) -> tuple[float, float]:
    """Return the 95 % Wald interval of a net promoter score, within -100 and 100.

    Variance of one answer: p + d - (p - d)², p and d being the shares of promoters and detractors.
    """
    n = promoters + passives + detractors
    score = (promoters - detractors) / n
    error = Z * math.sqrt(max((promoters + detractors) / n - score**2, 0) / n)
    return max(100 * (score - error), -100.0), min(100 * (score + error), 100.0)


def nps_interval(promoters: int, passives: int, detractors: int) -> tuple[float, float, str]:
    """Return low, high and method of the 95 % interval of a net promoter score.

    From 100 answers: Wald. Below: adjusted Wald, which first adds three quarters of a promoter
    and of a detractor and one and a half passives. Answers that all fall into one class leave
    nothing to estimate the spread from: (nan, nan, "").
    """
    counts = (int(promoters), int(passives), int(detractors))
    if max(counts) == sum(counts):
        return float("nan"), float("nan"), ""
    if sum(counts) >= WALD_FROM:
        return (*wald(*counts), WALD)
    more = [count + pseudo for count, pseudo in zip(counts, PSEUDO_ANSWERS, strict=True)]
    return (*wald(*more), ADJUSTED)


def silent(places: pd.DataFrame) -> pd.DataFrame:
    """Return the departments invited to a wave that was answered, but not by them.

    Columns: SILENT. doubtful: some answers of the wave state no department, or one that was not
    invited, and could be theirs. Waves whose answers all state no department that was invited say
    nothing about it.
    """
    listed = places["invited"].notna()
    placed = places["answered"].where(listed, 0).groupby(places["wave"]).transform("sum")
    lost = places["answered"].where(~listed, 0).groupby(places["wave"]).transform("sum")
    quiet = (places["invited"] > 0) & (places["answered"] == 0) & (placed > 0)
    return places.assign(doubtful=lost > 0).loc[quiet, SILENT].astype({"invited": "int64"})


def comments(scored: pd.DataFrame, places: pd.DataFrame, floor: int) -> pd.DataFrame:
    """Return the comments of waves answered by enough people, in alphabetical order.

    ``places``: wave, department, answered, shown. Columns: COMMENTS. A comment bears its department
    where that is shown, else "": then it could be by anyone of the hidden departments together.
    """
    written = scored[scored["state"] == WORDS].merge(places, on=["wave", "department"], how="left")
    people = scored[scored["state"] != BLANK].groupby("wave")["respondent"].nunique()
    shown = written[written["wave"].map(people) >= floor]
    department = shown["department"].where(shown["shown"], "")
    return shown.assign(department=department, comment=masked(shown["written"]))[
        COMMENTS
    ].sort_values(
        ["comment", "department"],
        key=lambda words: words.str.normalize("NFKD").str.casefold(),
        ignore_index=True,
    )
