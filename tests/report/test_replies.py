"""A finding that a party answered says so, in every chapter and on the front."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.engagement.summary.chapter import summary
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_
from reviewlib.report.values import Brief, Section
from reviewlib.review import Review
from tests.sample import sample_of
from tests.spoken import spoken

LATE = N_("It is late.")


def review_with(monkeypatch: pytest.MonkeyPatch, *replies: tuple[str, str, str]) -> Review:
    review = sample_of(language="en")
    table = pd.DataFrame(replies, columns=["finding", "side", "position"])
    monkeypatch.setattr(Review, "table", lambda self, name: table if name == "replies" else None)
    return review


def chapter_with(review: Review) -> Section:
    c = Chapter(review, "delays", N_("Delays"))
    c.concern("M1", LATE, decision=N_("Decide."))
    c.concern("M2", LATE, decision=N_("Decide."))
    return c.section()


@pytest.mark.parametrize(
    ("replies", "answer"),
    [
        ([("delays.M1", "provider", "contested")], " Contested by the provider."),
        ([("delays.M1", "client", "agreed")], " Agreed by the client."),
        (
            [("delays.M1", "client", "agreed"), ("delays.M1", "provider", "contested")],
            " Contested by the provider. Agreed by the client.",
        ),
        ([("delays.M3", "client", "contested")], ""),
    ],
)
def test_a_finding_that_a_party_answered_says_who_contests_it(
    monkeypatch: pytest.MonkeyPatch, replies: list[tuple[str, str, str]], answer: str
) -> None:
    review = review_with(monkeypatch, *replies)

    section = chapter_with(review)

    sentences = [one.sentence for one in spoken(section, "en").findings]
    assert sentences == [f"It is late.{answer}", "It is late."]
    front = [one.sentence for one in spoken(summary(review, [section]), "en").findings]
    assert front == sentences


def test_what_the_first_page_says_of_a_contested_finding_says_so_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An agreed one, and one that nobody answered, say nothing of it."""
    answers = [("delays.M1", "provider", "contested"), ("delays.M2", "client", "agreed")]
    c = Chapter(review_with(monkeypatch, *answers), "delays", N_("Delays"))
    for name in ("M1", "M2", "M3"):
        c.concern(name, LATE, brief=Brief(N_("Late.")))

    briefs = [one.brief for one in spoken(c.section(), "en").findings]
    assert [brief and (brief.text, brief.contested) for brief in briefs] == [
        ("Late. Contested by the provider.", True), ("Late.", False), ("Late.", False),
    ]  # fmt: skip
