"""The words of satisfaction, and its tables before their rows."""

from __future__ import annotations

from reviewlib.people.satisfaction import metrics
from reviewlib.rates import WILSON
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, Message, Quoted, Text, n_
from reviewlib.report.values import Unit

METHODS: dict[str, Text | str] = {
    metrics.WILSON: WILSON,
    metrics.WALD: N_("Wald 95 %"),
    metrics.ADJUSTED: N_("adjusted Wald 95 %"),
}
LABELS = {
    "csat": N_("Satisfied: {question}"),
    "nps": N_("Net promoter score: {question}"),
    "agreement": N_("In agreement: {question}"),
}
COUNTED = {
    "csat": N_("Answers of {least} and above, on a scale of {low} to {high}."),
    "nps": N_("Promoters (9 and 10) less detractors (0 to 6), in points."),
    "agreement": N_("Answers of {least} and above, on a scale of {low} to {high}."),
}
HEADLINES = {
    "csat": N_("Of {n} people who gave a usable answer, {value} are satisfied ({wave})."),
    "nps": n_(
        "The net promoter score is {value}, from {n} answer ({wave}).",
        "The net promoter score is {value}, from {n} answers ({wave}).",
    ),
    "agreement": N_(
        "Of {n} people who gave a usable answer, {value} agree: “{question}” ({wave})."
    ),
}
NO_RATE = {
    metrics.NO_INVITATIONS: N_("survey_invitations.csv does not say who was asked in {wave}"),
    metrics.UNLISTED: N_("survey_invitations.csv lacks departments that answered in {wave}"),
    metrics.EXCEEDED: N_("survey_invitations.csv lists fewer people than answered in {wave}"),
}
NO_QUESTION = N_("the contract lists no survey question (survey.questions in engagement.yml)")
NO_ANSWER = N_("the folder has no answer to the survey (survey_answers.csv)")
COUNTING = N_(
    "Intervals say how far chance alone could carry a figure, had those who answered been "
    "drawn at random among those invited. The bounds of non-response suppose nothing: they "
    "run from nobody else favourable to everybody else favourable. Waves stand side by side "
    "and are never added up. No figure or comment of fewer than {floor} people is shown, nor "
    "one from which such a figure could be found by subtraction."
)
TOO_FEW_ANSWERED = N_("Too few people answered in {wave} for a figure to be shown.")
INVITED = N_("{invited} were invited: the others could bring it to between {worst} and {best}.")
NOT_INVITED = N_("How many were invited is not known.")
ANSWERED = N_("{answered} of {invited} people invited answered.")
TOO_FEW = N_("fewer than {floor} people answered in {wave}")
NOBODY_USABLE = N_("nobody gave a usable answer in {wave}")
ONE_CLASS = N_("All answers fall into one class: no interval can be given.")
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
NON_RESPONSE = N_("bounds of non-response")
COMMENTED = N_("Comments shown: {question}")

SILENT = N_("No answer from {department}: {invitations}.")
INVITED_IN = n_(
    "{invited} person invited in {wave}", "{invited} people invited in {wave}", on="invited"
)
DOUBTFUL = N_(
    "Some answers name no department, or one that was not invited: they could come from there."
)
HEAR = N_("Choose how to hear {department} before satisfaction is called known.")
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
NO_INTERVAL = N_("One of them has no interval: nothing is concluded.")
OVERLAP = N_("The intervals overlap: no change is claimed, and none is ruled out.")
APART = N_(
    "The intervals do not overlap; other people may have answered each time, and no "
    "cause is claimed."
)

ALL_DEPARTMENTS = N_("All departments")
NO_DEPARTMENT = N_("No department stated")
NOT_SHOWN, NOBODY_ANSWERED = N_("not shown"), N_("no answer")
WITHHELD = N_("“Not shown”: too few people, or hidden so that too few cannot be found out.")
UNKNOWN = N_("“—”: no usable answer, or too few people to be shown.")
BY_DEPARTMENT = N_("Satisfied, by department, {wave}: {question}")
BY_QUESTION = N_("How far people agree, {wave}")
OF_QUESTION = N_("Comments: {question}")
RESULT = Message("{label} {value} (n = {n})")

UNUSABLE = n_(
    "“{question}” ({low} to {high}): {n} answer is not a whole number of the scale and enters no "
    "figure.",
    "“{question}” ({low} to {high}): {n} answers are not whole numbers of the scale and enter no "
    "figure.",
)
WIDE = n_(
    "The net promoter score of {value} rests on {n} answer; its interval runs from {low} "
    "to {high}: too wide to compare it or to read a trend.",
    "The net promoter score of {value} rests on {n} answers; its interval runs from {low} "
    "to {high}: too wide to compare it or to read a trend.",
)
UNSIGNED = N_("Whether promoters outnumber detractors is not established.")
NO_DEPARTMENT_STATED = N_(
    "Some people who answered state no department: they count in the totals, and among "
    "the departments as a group of their own."
)
SEVERAL_DEPARTMENTS = N_("People who state several departments in one wave count as stating none.")
NOBODY = N_("Nobody answered in {waves}.")
FEW = N_("Nothing is shown of {waves}: fewer than {floor} people answered.")
UNDATED = N_("Some waves have no date: they are taken in the order of their names.")
MASKED = N_(
    "E-mail addresses, telephone numbers, links, codes and names after a title are taken "
    "out of the comments. No rule recognises every name: read them before sharing them."
)

QUESTION = Col("text", N_("Question"))
WAVE = Col("wave", N_("Wave"), quoted=True)
DEPARTMENT = Col("department", N_("Department"), quoted=True)
REMARK = Col("remark", N_("Remark"))
N = Col("n", Quoted("n"), Unit.COUNT)
NOT_USABLE = Col("unusable", N_("Not usable"), Unit.COUNT)


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
        Col("value", N_("Share"), Unit.SHARE),
        *INTERVAL,
        *_bounds(Unit.SHARE),
        Col("median", N_("Median answer"), Unit.SCORE),
        Col("mean", N_("Mean answer"), Unit.SCORE),
    ),
    note=UNKNOWN,
    folded=True,
)
SCORES = TableForm(
    "nps",
    N_("Net promoter score, by wave"),
    (
        QUESTION,
        WAVE,
        N,
        NOT_USABLE,
        Col("favourable", N_("Promoters"), Unit.COUNT),
        Col("passive", N_("Passives"), Unit.COUNT),
        Col("unfavourable", N_("Detractors"), Unit.COUNT),
        Col("value", N_("Net promoter score"), Unit.SCORE),
        Col("low", N_("Interval from"), Unit.SCORE),
        Col("high", N_("Interval to"), Unit.SCORE),
        *_bounds(Unit.SCORE),
    ),
    note=UNKNOWN,
    folded=True,
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
    folded=True,
)
COMMENTS = TableForm(
    "comments",
    OF_QUESTION,
    (WAVE, Col("comment", N_("Comment"), quoted=True), DEPARTMENT),
    note=N_(
        "In alphabetical order of the original texts. “[…]” stands for what could name a person."
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
    folded=False,
)
