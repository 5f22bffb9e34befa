"""Names that people spell in several ways: waves, departments, respondents, answers in words."""

from __future__ import annotations

import pandas as pd

ACCENTS = r"[\u0300-\u036f]"
APOSTROPHES = "[’ʼ`´]"


def one_spelling(names: pd.Series, listed: pd.Series | None = None) -> pd.Series:
    """Return names that differ by case, accents and spaces alone in one spelling.

    That of ``listed`` where it has one, else the first that stands.
    """
    every = pd.concat([*([] if listed is None else [listed]), names], ignore_index=True).dropna()
    return name_key(names).map(every.groupby(name_key(every)).first())


def name_key(names: pd.Series) -> pd.Series:
    """Return names of waves, departments and people without case, accents and any space."""
    return key(names).str.replace(" ", "")


def key(names: pd.Series) -> pd.Series:
    """Return names without case, accents, and spaces that tell nothing; missing ones stay so."""
    plain = names.astype("str").str.normalize("NFKD")  # no-break spaces become plain ones
    plain = plain.str.replace(ACCENTS, "", regex=True).str.replace(APOSTROPHES, "'", regex=True)
    return plain.str.casefold().str.replace(r"\s+", " ", regex=True).str.strip()
