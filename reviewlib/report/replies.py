"""What the parties answered to findings (replies.csv), as the sentences of these tell it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from reviewlib.report.phrases import PARTIES
from reviewlib.report.text import N_, Text, sentences
from reviewlib.report.values import Finding
from reviewlib.review import Review

POSITIONS = {
    "contested": N_("Contested by {parties:all}."),
    "agreed": N_("Agreed by {parties:all}."),
}


def answered(review: Review, slug: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a chapter; those that a party answered say who contests or agrees.

    What is contested is also so in what the first page says of it.
    """
    replies = review.table("replies")
    if replies is None:
        return tuple(findings)
    answers: dict[str, dict[str, list[Text]]] = {}
    for name, side, position in replies[["finding", "side", "position"]].itertuples(index=False):
        if name.startswith(f"{slug}."):  # the summary has findings of other chapters, told already
            answers.setdefault(name, {}).setdefault(position, []).append(PARTIES[side])
    return tuple(_with(finding, answers.get(finding.id, {})) for finding in findings)


def _with(finding: Finding, parties: dict[str, list[Text]]) -> Finding:
    positions = [words(parties=parties[at]) for at, words in POSITIONS.items() if at in parties]
    if not positions:
        return finding
    brief = finding.brief
    if brief and "contested" in parties:
        words = sentences(brief.text, positions[0])
        brief = dataclasses.replace(brief, text=words, contested=True, position=positions[0])
    whole = sentences(finding.sentence, *positions)
    return dataclasses.replace(finding, sentence=whole, brief=brief)
