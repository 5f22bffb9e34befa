"""The waves of a survey: their order, and when each is closed and shown as a whole (G5)."""

from __future__ import annotations

import pandas as pd

from reviewlib.contract.survey import Survey
from reviewlib.people.satisfaction.names import name_key

WAVES = ["first", "closes", "stated"]


def waves(answers: pd.DataFrame, invitations: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """Return the waves in order, by name: those asked and those answered.

    Columns: WAVES. first: the day of the first invitation, else of the first answer (NaT where
    none is dated); closes: the last day for answers, which the contract states or which is
    ``open_days`` after the first; stated: by the contract. They stand in the order of their first
    days, of their last ones where that alone is known; those with neither come before, in the order
    of their names, numbers counted as such.
    """
    days = [
        _first_day(frame, column)
        for frame, column in ((invitations, "sent_on"), (answers, "answered_on"))
    ]
    first = days[0].reindex(days[0].index.union(days[1].index)).fillna(days[1])
    closed_on = dict(zip(name_key(pd.Series([*survey.closed_on], dtype="str")),
                         survey.closed_on.values(), strict=True))  # fmt: skip
    stated = pd.to_datetime(name_key(first.index.to_series()).map(closed_on)).astype(
        "datetime64[s]"
    )
    closes = stated.fillna(first + pd.Timedelta(days=survey.open_days))
    name = first.index.str.replace(r"\d+", lambda digits: digits[0].zfill(12), regex=True)
    every = pd.DataFrame({"first": first, "closes": closes, "stated": stated.notna()})
    order = every.assign(day=first.fillna(closes), name=name)
    return order.sort_values(["day", "name"], na_position="first")[WAVES]


def _first_day(frame: pd.DataFrame, column: str) -> pd.Series:
    days = frame.get(column, pd.Series(pd.NaT, frame.index)).astype("datetime64[s]")
    return days.groupby(frame["wave"]).min()


def is_late(answers: pd.DataFrame, closes: pd.Series) -> pd.Series:
    """Tell which answers are dated after the last day of their wave; undated ones are not."""
    if "answered_on" not in answers:
        return pd.Series(False, answers.index)
    return answers["answered_on"] > answers["wave"].map(closes)
