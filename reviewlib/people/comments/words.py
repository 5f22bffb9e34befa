"""The words of the chapter on comments, and its tables before their rows."""

from __future__ import annotations

from reviewlib.people.satisfaction.words import WAVE
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, n_
from reviewlib.report.values import Unit

NO_QUESTION = N_(
    "the contract lists no question that is answered in words (survey.questions in engagement.yml)"
)
NO_COMMENT = N_(
    "no comment may be shown: none was written, too few people answered, or no wave is closed"
)
FOUND = n_(
    "{k} theme is found in both halves of the {n} comments shown: {of_waves}.",
    "{k} themes are found in both halves of the {n} comments shown: {of_waves}.",
    on="k",
)
NONE = n_(
    "No theme is found in the {n} comment shown: {of_waves}.",
    "No theme is found in the {n} comments shown: {of_waves}.",
)
FEW = n_(
    "{n} comment is shown, too few for themes: {of_waves}.",
    "{n} comments are shown, too few for themes: {of_waves}.",
)
OF_WAVE = n_("{k} of {n} answer in {wave}", "{k} of {n} answers in {wave}")
OF_WAVES = n_("of {n} wave", "of {n} waves")
LEFT_OUT = n_(
    "{n} comment of groups too small to be shown is left out.",
    "{n} comments of groups too small to be shown are left out.",
)
OF_TEAMS = n_(
    "{n} comment of the parties’ teams is not shown: in a small team, it would tell who wrote it.",
    "{n} comments of the parties’ teams are not shown: in a small team, they would tell who wrote "
    "them.",
)
TOO_FEW = N_("under {least} comments, no theme can be set apart from chance")
GROUPLESS = N_("no theme is found in both halves of the comments")
HOW = N_(
    "Words are compared without case, accents and plural endings, in the language of the contract. "
    "The comments are split in two halves by a rule that never changes. On one half, words that "
    "stand together more often than chance gives are grouped (average linkage), with no number of "
    "groups set beforehand. A group is a theme only where the other half has its words together "
    "by more than {beyond:number.1} standard errors over chance, and {lift:number.2} times chance "
    "or more."
)
OF_A_THEME = N_(
    "A comment is of the theme of which it has the most words, two at least. Each word of a theme "
    "stands in {floor} comments or more, and {floor} people or more write of it. “n/a”, “RAS”, "
    "“no answer” or a dash is no comment. The department of who wrote is not given; comments of "
    "departments whose answers are not shown are left out."
)
WROTE = N_("Whose comment is shown, of those who answered ({wave})")
THEMES = N_("Themes found in both halves")
GROUPED = N_("Comments that no stable theme groups")
SOURCE = N_("survey_answers.csv: answer to {question}")
MASKED = N_(
    "E-mail addresses, telephone numbers, links, codes, names after a title, and names of people "
    "who answered or to whom tickets are assigned are taken out of the comments. No rule "
    "recognises every name: read them before sharing them."
)
THEME = Col("label", N_("Theme"), quoted=True)
BY_THEME = TableForm(
    "themes",
    N_("What people write about"),
    (THEME, Col("words", N_("Its words"), quoted=True), Col("n", N_("People"), Unit.COUNT)),
    lead=True,
)
VERBATIMS = TableForm(
    "verbatims",
    N_("The comments closest to the centre of each theme"),
    (THEME, Col("comment", N_("Comment"), quoted=True), WAVE),
    note=N_("Shortened where they are long."),
)
OF_QUESTION = N_("Comments: {question}")
COMMENTS = TableForm(
    "every",
    OF_QUESTION,
    (WAVE, Col("comment", N_("Comment"), quoted=True), THEME),
    note=N_(
        "In alphabetical order of the original texts. “[…]” stands for what could name a person."
    ),
)
