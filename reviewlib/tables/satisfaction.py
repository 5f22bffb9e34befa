"""Who was asked, and what they answered."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, integer, schema, text
from reviewlib.tables.totals import total_names, total_row

SURVEY_INVITATIONS = schema(
    "survey_invitations",
    N_("How many people were asked, one row per wave and department."),
    {
        "wave": text(N_("Name of the survey wave"), required=True),
        "department": text(N_("Department of the people asked"), required=True),
        "invited": integer(N_("Number of people asked"), required=True),
        "side": choice(
            N_("As whom they are asked: users where it is empty"), ("users", "client", "provider")
        ),
        "sent_on": date(N_("Day on which they were asked"), begins=True),
    },
    *total_row(("wave", "department"), ("invited",)),
    key=("wave", "department"),
)

SURVEY_ANSWERS = schema(
    "survey_answers",
    N_("One row per person and question. A person is a code, never a name."),
    {
        "wave": text(N_("Name of the survey wave"), required=True),
        "respondent": text(N_("Code of the person who answered"), required=True),
        "department": text(N_("Department of the person")),
        "side": choice(
            N_("As whom the person answers: one of the users where it is empty"),
            ("users", "client", "provider"),
        ),
        "answered_on": date(N_("Day of the answer"), begins=True),
        "question": text(
            N_("Question, as named in the contract"), required=True, vocabulary="questions"
        ),
        "answer": text(N_("The answer: a number of the question's scale, or words")),
    },
    *total_names("wave", "respondent"),
    key=("wave", "respondent", "question"),
    personal=True,
)

TABLES = (SURVEY_INVITATIONS, SURVEY_ANSWERS)
