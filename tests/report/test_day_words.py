"""The words of a delay, as a contract writes it, in both languages."""

from __future__ import annotations

import pytest

from reviewlib.contract.days import day_count
from reviewlib.pages.wording import Wording
from reviewlib.report.day_words import delay_words


@pytest.mark.parametrize(
    ("written", "english", "french"),
    [
        ("15 calendar days", "15 calendar days", "15 jours calendaires"),
        ("1 jour calendaire", "1 calendar day", "1 jour calendaire"),
        ("10 jours ouvrés", "10 working days", "10 jours ouvrés"),
        ("10 ouvrable days", "10 days, Monday to Saturday", "10 jours ouvrables"),
        ("8 jours francs", "8 clear days", "8 jours francs"),
        ("3 months", "3 months", "3 mois"),
    ],
)
def test_a_delay_is_written_as_contracts_write_it(written: str, english: str, french: str) -> None:
    delay = day_count(written)

    assert Wording("en").say(delay_words(delay)) == english
    sentence = Wording("fr").say(delay_words(delay))
    assert sentence.replace("\u00a0", " ") == french
