"""The pages of the sample in both languages: each in its own words, and set as it sets them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from reviewlib.languages import Quoted
from tests.sample import sample_of


def visible(page: Path) -> str:
    """Return the text of a page without what is drawn and without its styles."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"<(style|svg)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r"</?code>", "", text)  # of a word, beside which signs stand
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def in_both(values: Any) -> Iterator[Quoted]:
    """Yield the texts of the data that are given in French and in English, and differ."""
    if isinstance(values, Quoted):
        if values.in_language("fr") != values.in_language("en"):
            yield values
    elif isinstance(values, BaseModel):
        yield from in_both([getattr(values, name) for name in type(values).model_fields])
    elif isinstance(values, dict):
        yield from in_both([*values.values()])
    elif isinstance(values, (list, tuple)):
        for value in values:
            yield from in_both(value)


def test_the_english_page_has_no_french_text_of_which_the_data_give_the_english(
    sample_review: Path,
) -> None:
    review = sample_of()
    texts = {*in_both(review.contract.versions)}
    for table in review.engagement.tables.values():
        for column in table.columns[table.dtypes == "object"]:
            texts |= {*in_both([*table[column]])}
    english = visible(sample_review / "review.en.html")
    shown = {text for text in texts if text.in_language("en") in english}

    assert len(shown) > 100
    assert [text for text in texts if len(text) > 15 and text.in_language("fr") in english] == []


def test_a_french_page_sets_a_space_before_the_colon_of_each_source(sample_review: Path) -> None:
    french = visible(sample_review / "review.html")
    english = visible(sample_review / "review.en.html")

    assert re.findall(r"\w+\.(?:csv|yml): [a-z]", french) == []
    assert "payments.csv\u00a0: amount, retained" in french
    assert "payments.csv: amount, retained" in english
