"""Satisfaction: who answered, what they said, and how far that reaches (G1, G2)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.contract.survey import Question, Survey
from reviewlib.people.satisfaction import readings
from reviewlib.people.satisfaction.intervals import nps_interval
from reviewlib.people.satisfaction.readings import (
    BLANK,
    DETRACTORS_TO,
    NO_OPINION,
    UNUSABLE,
    USABLE,
    WORDS,
)
from reviewlib.people.satisfaction.verbatims import masked, without_names
from reviewlib.rates import wilson

NO_INVITATIONS, UNLISTED, EXCEEDED = "no_invitations", "unlisted", "exceeded"
UNREADABLE, REVERSED = "unreadable", "reversed"
WILSON = "wilson"
PERSON, PLACE = ["wave", "respondent"], ["wave", "department"]
SCORED = [
    "wave", "respondent", "question", "department", "departments", "answer", "written", "score",
    "state", "favourable", "unfavourable",
]  # fmt: skip
PARTICIPATION = ["wave", "department", "invited", "answered"]
RESPONSE = ["wave", "invited", "answered", "reason", "rate"]
SILENT = ["wave", "department", "invited", "doubtful"]
COUNTS = ["n", "favourable", "unfavourable", "unusable", "no_opinion"]
VALUES = ["median", "mean", "value", "low", "high", "worst", "best"]
FIGURES = [*COUNTS, *VALUES]
RESULT = [*FIGURES, "method", "reason"]
COMMENTS = ["wave", "question", "comment", "respondent"]


def scored(answers: pd.DataFrame, questions: Mapping[str, Question]) -> pd.DataFrame:
    """Return every answer with what it is worth; names are in one spelling.

    Columns: SCORED. department: that the person states throughout the wave, "" where none or
    several; departments: how many the person states; written: the answer in all its languages;
    score: a number of the question's scale, else NaN; state: as ``readings`` names them;
    favourable and unfavourable: of an NPS, promoter and detractor.
    """
    frame = answers[[*PERSON, "question"]].copy()
    by_person = answers["department"].groupby([frame["wave"], frame["respondent"]])
    frame["departments"] = by_person.transform("nunique")
    frame["department"] = by_person.transform("first").where(frame["departments"] == 1, "")
    nothing = pd.Series(None, index=frame.index, dtype="str")
    written = answers.get("answer", nothing).fillna("")
    frame["answer"], frame["written"] = written.str.strip(), written
    frame["score"], frame["state"] = float("nan"), UNUSABLE
    frame["favourable"] = frame["unfavourable"] = False
    for name, about in questions.items():
        own = frame["question"] == name
        read = readings.read(frame.loc[own, "answer"], about)
        frame.loc[own, ["score", "state"]] = read
        frame.loc[own, "favourable"] = read["score"].between(*readings.favourable(about))
        least = DETRACTORS_TO if about.kind == "nps" else float("-inf")
        frame.loc[own, "unfavourable"] = read["score"] <= least
    return frame[SCORED]


def participation(scored: pd.DataFrame, invitations: pd.DataFrame) -> pd.DataFrame:
    """Return people invited (NaN: not stated) and answering anything, by wave and department.

    Columns: PARTICIPATION. department: "" for those who state none.
    """
    people = scored[scored["state"] != BLANK].drop_duplicates(PERSON)
    invited = invitations.astype({"invited": "float64"}).groupby(PLACE)["invited"].sum()
    places = pd.DataFrame({"invited": invited, "answered": people.groupby(PLACE).size()})
    places["answered"] = places["answered"].fillna(0).astype("int64")
    return places.rename_axis(PLACE).reset_index()[PARTICIPATION]


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
    value were everybody else unfavourable, or favourable; reason: see ``refused``.
    """
    keys = [name for name in ("wave", "department") if name in groups]
    kinds = pd.DataFrame(
        [(name, about.kind) for name, about in questions.items()], columns=["question", "kind"]
    )
    frame = groups[[*keys, "invited"]].merge(kinds, how="cross")
    usable = scored[scored["state"] == USABLE].groupby([*keys, "question"])
    states = [UNUSABLE, NO_OPINION]
    lost = scored[scored["state"].isin(states)].groupby([*keys, "question", "state"]).size()
    lost = lost.unstack("state", fill_value=0).reindex(columns=states, fill_value=0)
    tally = usable.agg(
        n=("score", "size"),
        favourable=("favourable", "sum"),
        unfavourable=("unfavourable", "sum"),
        median=("score", "median"),
        mean=("score", "mean"),
    )
    frame = frame.join(tally, on=[*keys, "question"]).join(lost, on=[*keys, "question"])
    frame[COUNTS] = frame[COUNTS].fillna(0).astype("int64")
    frame = frame.assign(**_measures(frame), reason="")
    return frame[[*keys, "invited", "question", "kind", *RESULT]]


def refused(results: pd.DataFrame, scored: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return results without the values that the answers can't bear, and why in ``reason``.

    UNREADABLE: more of them than the survey allows can't be read; REVERSED: their labels say that
    the lowest point is the best, and the contract does not.
    """
    unusable = results["unusable"] / (results["n"] + results["unusable"])
    written = scored.groupby("question")["answer"]
    backwards = [
        name
        for name, about in survey.questions.items()
        if name in written.groups and readings.contradicts_scale(written.get_group(name), about)
    ]
    reason = results["reason"].mask(unusable > survey.unusable_limit, UNREADABLE)
    reason = reason.mask(results["question"].isin(backwards), REVERSED)
    given = {name: results[name].where(reason == "") for name in VALUES}
    return results.assign(**given, reason=reason)


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


def cronbach(points: pd.DataFrame) -> float:
    """Return Cronbach’s alpha of questions (columns) that people (rows) answered; NaN: undefined.

    1 where they all move together, 0 where each moves by itself.
    """
    k, whole = points.shape[1], points.sum(axis="columns").var()
    return (
        float(k / (k - 1) * (1 - points.var().sum() / whole)) if k > 1 and whole > 0 else math.nan
    )


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


def comments(scored: pd.DataFrame, withheld: pd.Series, floor: int) -> pd.DataFrame:
    """Return the comments of waves answered by enough people, in alphabetical order.

    ``withheld``: which answers are left out. Columns: COMMENTS. Without their departments: where
    only those hidden had none, it would tell that a comment is of one of them. respondent: to count
    people by, never to be shown; one that is a name is masked in comments.
    """
    written = scored[scored["state"] == WORDS]
    people = scored[scored["state"] != BLANK].groupby("wave")["respondent"].nunique()
    shown = written[(written["wave"].map(people) >= floor) & ~withheld[written.index]]
    comment = masked(without_names(shown["written"], scored["respondent"]))
    return shown.assign(comment=comment)[COMMENTS].sort_values(
        "comment",
        kind="stable",
        key=lambda words: words.str.normalize("NFKD").str.casefold(),
        ignore_index=True,
    )
