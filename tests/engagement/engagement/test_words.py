"""The words of a contract's terms: no key of the contract is printed as it is written there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from reviewlib.contract.base import Model
from reviewlib.contract.service_levels import Terms
from reviewlib.engagement.engagement.words import TERMS, part_words
from reviewlib.pages.wording import Wording


def models(annotation: Any) -> Iterator[type[Model]]:
    """The models that an annotation names, and those of their fields."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for part in get_args(annotation):
        yield from models(part)


KEYS = {key for model in models(Terms) for key in model.model_fields}


def test_every_key_that_an_amendment_can_change_has_words_and_no_other_has() -> None:
    assert {"cap_share", "decision_days", "legal_rates", "retention"} <= KEYS
    assert TERMS.keys() == KEYS


@pytest.mark.parametrize("key", sorted(TERMS))
def test_the_words_of_a_key_are_not_the_key_of_the_contract(key: str) -> None:
    french, english = (Wording(one).say(TERMS[key]) for one in ("fr", "en"))
    assert "_" not in english + french
    assert french
    if english == french:  # these are the same word
        assert english in {"clause", "source", "bonus", "total", "services", "sites", "clauses"}


def test_a_cap_that_an_amendment_changes_is_named_in_words() -> None:
    path = ("penalties", "Art. 8", "cap_share")
    assert Wording("en").say(part_words(path)) == "penalties · Art. 8 · cap, as a share"
    assert Wording("fr").say(part_words(path)) == "pénalités · Art. 8 · plafond, en part"
