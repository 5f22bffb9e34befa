"""The words of satisfaction, and its tables before their rows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.contract.survey import Survey
from reviewlib.people.satisfaction import intervals, metrics
from reviewlib.people.satisfaction.readings import Doubt, doubts
from reviewlib.rates import WILSON
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Message, Quoted, Text, n_, sentences
from reviewlib.report.values import Unit

METHODS: dict[str, Text | str] = {
    metrics.WILSON: WILSON,
    intervals.WALD: N_("Wald 95 %"),
    intervals.ADJUSTED: N_("adjusted Wald 95 %"),
}
LABELS = {
    "csat": N_("Satisfied: {question}"),
    "nps": N_("Net promoter score: {question}"),
    "agreement": N_("In agreement: {question}"),
}
PROMOTERS = N_("Promoters (9 and 10) less detractors (0 to 6), in points.")
ABOVE = N_("Answers of {limit} and above, on a scale of {low} to {high}.")
BELOW = N_("Answers of {limit} and below, on a scale of {low} to {high}, of which {low} is best.")
HEADLINES = {
    "csat": N_("{value} are satisfied ({wave})."),
    "nps": N_("The net promoter score is {value} ({wave})."),
    "agreement": N_("{value} agree ({wave}): “{question}”"),
}
NO_RATE = {
    metrics.NO_INVITATIONS: N_(
        "the folder does not say who was invited in {wave} (survey_invitations.csv)"
    ),
    metrics.UNLISTED: N_(
        "the invitations lack departments that answered in {wave} (survey_invitations.csv)"
    ),
    metrics.EXCEEDED: N_(
        "the invitations list fewer people than answered in {wave} (survey_invitations.csv)"
    ),
}
NO_QUESTION = N_("the contract lists no survey question (survey.questions in engagement.yml)")
NO_ANSWER = N_("the folder has no answer to the survey (survey_answers.csv)")
NOT_CLOSED = N_("no wave is closed yet; the answers of a wave are shown once its last day is over")
COUNTING = N_(
    "Intervals say how far chance alone could carry a figure, had those who answered been "
    "drawn at random among those invited. The bounds of non-response suppose nothing: they "
    "run from nobody else favourable to everybody else favourable. Waves stand side by side "
    "and are never added up. No figure or comment of fewer than {floor} people is shown, none of "
    "people who all answered alike, nor one from which such a figure could be found by "
    "subtraction. The answers of a wave are shown together, once it is closed."
)
TOO_FEW_ANSWERED = N_("No figure of {wave} may be shown: too few people answered, or all alike.")
UNREAD = N_("Too many answers of {wave} cannot be read for a figure to be given.")
NOT_INVITED = n_(
    "{n} person gave a usable answer; how many were invited is not known.",
    "{n} people gave a usable answer; how many were invited is not known.",
)
ANSWERED = N_("{answered} of {invited} people invited answered.")
TOO_FEW = N_("fewer than {floor} people answered in {wave}")
HIDDEN = N_("fewer than {floor} people answered in {wave}, or all alike")
NOBODY_USABLE = N_("nobody gave a usable answer in {wave}")
REFUSED = {
    metrics.UNREADABLE: N_(
        "more than {limit:percent} of the answers in {wave} cannot be read: state what they stand "
        "for (survey.questions.{name} in engagement.yml)"
    ),
    metrics.REVERSED: N_(
        "the labels of the answers say that the lowest point of the scale is the best: state "
        "whether it is (survey.questions.{name}.lowest_is_best in engagement.yml)"
    ),
}
SOURCE = N_("survey_answers.csv: answer to {question}")
BOTH_SOURCES = N_("survey_answers.csv: answer to {question}; survey_invitations.csv: invited")
BOUNDED = N_("With the bounds of non-response: {question}")
BOUNDS = N_(
    "{n} of {invited} people invited gave a usable answer; whatever the others think, the "
    "figure for everybody lies within these bounds."
)
OTHER_SCALE = N_(
    "a net promoter score needs the scale of 0 to 10; the contract has {low} to {high}"
)
RATE = N_("Response rate")
TOGETHER = N_("How far the questions of agreement go together, 1 at most (Cronbach’s alpha)")
TOO_FEW_TOGETHER = N_("fewer than {least} people answered all of these questions in {wave}")
NON_RESPONSE = N_("bounds of non-response")

SILENT = N_("No answer from {department}: {invitations}.")
INVITED_IN = n_(
    "{invited} person invited in {wave}", "{invited} people invited in {wave}", on="invited"
)
DOUBTFUL = N_(
    "Some answers name no department, or one that was not invited: they could come from there."
)
HEAR = N_("Choose how to hear {department} before concluding on satisfaction.")
UNSETTLED = N_(
    "“{question}”: whether most of the {invited} people invited are satisfied is not "
    "settled. {n} gave a usable answer; between {worst} and {best} are."
)
SATISFIED = N_(
    "“{question}”: most of the {invited} people invited are satisfied, whatever the "
    "others think. {n} gave a usable answer; at least {worst} are."
)
DISSATISFIED = N_(
    "“{question}”: most of the {invited} people invited are not satisfied, whatever "
    "the others think. {n} gave a usable answer; at most {best} are."
)
CHANGE = N_("Agree on what must change for users, and on when they are asked again.")
TWO_WAVES = N_("“{question}”: {before} in {first} ({n}), {after} in {second} ({m}).")
ANSWERS = n_("{n} answer", "{n} answers")
TOO_FEW_TO_TEST = n_(
    "Under {n} answer in one of them, no difference is tested.",
    "Under {n} answers in one of them, no difference is tested.",
)
DIFFERENT = N_(
    "The difference in points is {moved:number.1} ({low:number.1} to {high:number.1}; z = "
    "{z:number.1}), more than chance alone would leave; other people may have answered each time, "
    "and no cause is claimed."
)
NOT_DIFFERENT = N_(
    "The difference in points is {moved:number.1} ({low:number.1} to {high:number.1}; z = "
    "{z:number.1}), within what chance alone can leave: no change is claimed, and none is ruled "
    "out."
)

ALL_DEPARTMENTS = N_("All departments")
NO_DEPARTMENT = N_("No department stated")
NOT_SHOWN, NOBODY_ANSWERED = N_("not shown"), N_("no answer")
WITHHELD = N_(
    "“Not shown”: too few people, or people who all answered alike, or hidden so that these "
    "cannot be found out. What one table hides is hidden in all."
)
UNKNOWN = N_("“—”: no usable answer, too many unusable ones, or what may not be shown.")
BY_WAVE = {
    "csat": N_("Satisfied users, wave by wave"),
    "agreement": N_("Users in agreement, wave by wave"),
}
LEGENDS = {"csat": N_("Share satisfied"), "agreement": N_("Share in agreement")}
BY_DEPARTMENT = N_("Satisfied, by department, {wave}: {question}")
BY_QUESTION = N_("How far people agree, {wave}")
RESULT = Message("{label} {value} (n = {n})")

UNUSABLE = n_(
    "“{question}” ({low} to {high}): {n} answer is no point of the scale and enters no figure.",
    "“{question}” ({low} to {high}): {n} answers are no points of the scale and enter no figure.",
)
RESTS = n_(
    "The net promoter score of {value} rests on {n} answer; its interval runs from {low} "
    "to {high}.",
    "The net promoter score of {value} rests on {n} answers; its interval runs from {low} "
    "to {high}.",
)
UNREAD_ANSWERS = n_(
    "survey_answers.csv, question {name}: to look at: {k} of {n} answers is no point of the scale "
    "of {low} to {high}: {values:chain}. State what it stands for in survey.questions.{name} "
    "({keys:commas}).",
    "survey_answers.csv, question {name}: to look at: {k} of {n} answers are no points of the "
    "scale of {low} to {high}: {values:chain}. State what they stand for in "
    "survey.questions.{name} ({keys:commas}).",
    on="k",
)
TIMES = N_("“{value}” ({n})")
NO_FIGURE = N_(
    "In a wave, they are more than {limit:percent}: no figure of the question is given there."
)
REVERSE = N_(
    "survey_answers.csv, question {name}: to look at: the labels of the answers say that the "
    "lowest point of the scale is the best, and no figure is given of the question. State whether "
    "it is (survey.questions.{name}.lowest_is_best: true or false)."
)
WIDE = N_("It is too wide to compare it or to read a trend.")
UNSIGNED = N_("Whether promoters outnumber detractors is not established.")
NO_DEPARTMENT_STATED = N_(
    "Some people who answered state no department: they count in the totals, and among "
    "the departments as a group of their own."
)
SEVERAL_DEPARTMENTS = N_("People who state several departments in one wave count as stating none.")
NOBODY = N_("Nobody answered in {waves}.")
FEW = N_("Nothing is shown of {waves}: fewer than {floor} people answered.")
UNDATED = N_(
    "Some waves have no date: they are taken as closed, and as earlier than those that have one, "
    "in the order of their names. State their last day (survey.closed_on in engagement.yml)."
)
OPEN = N_("Nothing is shown of {waves}: answers are shown together, once the last day is over.")
LATE = n_(
    "{n} person answered after the last day of a wave: those answers are left out.",
    "{n} people answered after the last day of a wave: those answers are left out.",
)
REPEATED = n_(
    "{n} answer stands twice for one person, whose code or wave is spelt in several ways: the "
    "first counts.",
    "{n} answers stand again for one person, whose code or wave is spelt in several ways: the "
    "first counts.",
)

QUESTION = Col("text", N_("Question"))
WAVE = Col("wave", N_("Wave"), quoted=True)
DEPARTMENT = Col("department", N_("Department"), quoted=True)
REMARK = Col("remark", N_("Remark"))
N = Col("n", Quoted("n"), Unit.COUNT)
NOT_USABLE = Col("unusable", N_("Not usable"), Unit.COUNT)
NO_OPINION = Col("no_opinion", N_("No opinion"), Unit.COUNT)


def _bounds(unit: Unit) -> tuple[Col, Col]:
    return (
        Col("worst", N_("Bound of non-response, from"), unit),
        Col("best", N_("Bound of non-response, to"), unit),
    )


INTERVAL = (
    Col("low", N_("Wilson 95 %, from"), Unit.SHARE),
    Col("high", N_("Wilson 95 %, to"), Unit.SHARE),
)
SHARES = TableForm(
    "shares",
    N_("Shares satisfied or in agreement, by wave"),
    (
        QUESTION,
        WAVE,
        N,
        NOT_USABLE,
        NO_OPINION,
        Col("value", N_("Share"), Unit.SHARE),
        *INTERVAL,
        *_bounds(Unit.SHARE),
        Col("median", N_("Median answer"), Unit.SCORE),
        Col("mean", N_("Mean answer"), Unit.SCORE),
    ),
    note=UNKNOWN,
)
SCORES = TableForm(
    "nps",
    N_("Net promoter score, by wave"),
    (
        QUESTION,
        WAVE,
        N,
        NOT_USABLE,
        NO_OPINION,
        Col("favourable", N_("Promoters"), Unit.COUNT),
        Col("passive", N_("Passives"), Unit.COUNT),
        Col("unfavourable", N_("Detractors"), Unit.COUNT),
        Col("value", N_("Net promoter score"), Unit.SCORE),
        Col("low", N_("Interval from"), Unit.SCORE),
        Col("high", N_("Interval to"), Unit.SCORE),
        *_bounds(Unit.SCORE),
    ),
    note=UNKNOWN,
)
RESPONSE = TableForm(
    "response",
    N_("Who was invited and who answered, by wave and department"),
    (
        DEPARTMENT,
        WAVE,
        Col("invited", N_("Invited"), Unit.COUNT),
        Col("answered", N_("Answered"), Unit.COUNT),
        Col("rate", N_("Response rate"), Unit.SHARE),
        REMARK,
    ),
    note=WITHHELD,
)
HIGHEST, LOWEST = N_("the highest point"), N_("the lowest point")
STANDS_FOR = N_("{label} = {point}")
RANGE = N_("{first} to {last}")
NONE = N_("none")
READINGS = TableForm(
    "readings",
    N_("How answers are read"),
    (
        QUESTION,
        Col("scale", N_("Scale")),
        Col("best", N_("Best")),
        Col("favourable", N_("Favourable")),
        Col("answers", N_("Answers in words")),
        Col("no_opinion", N_("No opinion")),
    ),
    N_(
        "A number counts alone or beside its label (“10 - Completely satisfied”). Other words, and "
        "codes such as 99 or N/A, count as the contract states."
    ),
)
WAVES = TableForm(
    "waves",
    N_("Waves, and until when answers count"),
    (
        WAVE,
        Col("first", N_("First day"), Unit.DATE),
        Col("closes", N_("Last day for answers")),
        Col("late", N_("Answered after it"), Unit.COUNT),
    ),
)
DEPARTMENTS = TableForm(
    "departments",
    BY_DEPARTMENT,
    (
        Col("label", N_("Department"), quoted=True),
        N,
        Col("value", N_("Satisfied"), Unit.SHARE),
        *INTERVAL,
        REMARK,
    ),
    note=WITHHELD,
)


def doubtful_answers(survey: Survey | None, answers: pd.DataFrame | None) -> Iterator[Text]:
    """Yield what can't be read of the answers to each question, and what would settle it."""
    if survey is not None and answers is not None and "answer" in answers:
        for doubt in doubts(answers, survey.questions):
            yield _doubtful(doubt, survey)


def _doubtful(doubt: Doubt, survey: Survey) -> Text:
    low, high = survey.questions[doubt.question].scale
    values = [TIMES(value=value, n=n) for value, n in doubt.values.items()]
    unread = UNREAD_ANSWERS(
        name=doubt.question, k=doubt.unusable, n=doubt.given, low=low, high=high,
        values=values, keys=doubt.keys,
    )  # fmt: skip
    too_many = doubt.most > survey.unusable_limit
    return sentences(
        unread if doubt.unusable else EMPTY,
        NO_FIGURE(limit=survey.unusable_limit) if too_many else EMPTY,
        REVERSE(name=doubt.question) if doubt.reverse else EMPTY,
    )
