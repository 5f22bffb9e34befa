"""What ``reviewlib check`` prints of a folder without a fault, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from reviewlib.faults import LONG, cut
from reviewlib.folder.engagement import (
    LISTED,
    Engagement,
    Source,
    describe,
    undefined_statuses,
    unknown_subjects,
)
from reviewlib.folder.notes import NOTES, OVER
from reviewlib.pages.wording import Wording
from reviewlib.people.satisfaction.words import doubtful_answers
from reviewlib.report.text import N_, Message, commas
from reviewlib.review import DECLARED, Review, later_values
from reviewlib.tables.folding import folded

LOST = "what is judged by it counts as unknown"
HEADINGS = N_("{file}: headings read: {pairs}")
READ_AS = N_("“{heading}” as {column}")


def report(review: Review) -> Iterator[str]:
    """Yield what the tables hold, what is to look at, and the rows set aside and repaired."""
    engagement, contract = review.engagement, review.contract
    wording = Wording("en", contract.time_zone, contract.currency)
    for source in engagement.sources:
        if source.table == NOTES:
            yield f"{source.file}: words of the facilitator"
        elif source.table != "contract":
            yield _added_up(source)
    if n := len(engagement.notes.briefs):
        yield f"{OVER}: close compares the ids of findings ({n}) with those of the review"
    if plain := engagement.notes.plain:
        names = cut(", ".join(plain), LONG)
        yield f"{OVER}: in {contract.language} where no language is stated: {names}"
    yield from map(wording.say, _headings_read(engagement))
    for file, columns in engagement.unused.items():
        yield f"{file}: columns not used: {cut(', '.join(columns), LONG)}"
    for remark in engagement.remarks:
        yield f"{remark.file}: {wording.say(remark.sentence)}"
    for doubt in engagement.doubts:
        yield f"to look at: {wording.say(doubt.sentence)}"
    for table, status, n in undefined_statuses(engagement):
        words = f"the contract does not define the status {cut(status)!r} ({_rows(n)})"
        yield f"{table}.csv: {words}: {LOST}"
    for rule, table, name in unknown_subjects(engagement):
        yield (
            f"engagement.yml, terms.penalties.{rule}: to look at: {cut(name)!r} is not in "
            f"{table}.csv: nothing is computed of it"
        )
    answers = engagement.table("survey_answers")
    yield from map(wording.say, doubtful_answers(contract.survey, answers))
    yield from _viewed_from(review, wording)
    yield from _issues(engagement, wording)
    aside = len(engagement.set_aside.drop_duplicates(["table", "row"]))
    yield (
        f"{contract.id}: no fault; {_rows(aside)} set aside, "
        f"{_counted(len(engagement.repaired), 'value')} repaired."
    )


def _headings_read(engagement: Engagement) -> Iterator[Message]:
    """Yield which headings were taken for which columns, where they are not the names of these."""
    for source in engagement.sources:
        headings = engagement.headings.get(source.table, {})
        pairs = [
            READ_AS(heading=heading, column=name)
            for name, heading in headings.items()
            if folded(heading) != folded(name)
        ]
        if pairs:
            yield HEADINGS(file=source.file, pairs=commas(pairs))


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _rows(n: int) -> str:
    return _counted(n, "row")


def _added_up(source: Source) -> str:
    """Return how the rows, and the physical lines, of a file add up."""
    used = f"{source.used} of {_rows(source.rows)} used"
    rows = f"{source.file}: {used}, {source.set_aside} set aside"
    if not source.lines:
        return rows
    parts = [f"heading 1, rows {source.rows}"]
    parts += [f"blank {source.blank}"] if source.blank else []
    parts += [f"within cells {source.within}"] if source.within else []
    return f"{rows}; {source.lines} lines ({', '.join(parts)})"


def _viewed_from(review: Review, wording: Wording) -> Iterator[str]:
    """Yield the day that an undated folder would be looked from, and what it can't know by then."""
    if review.basis == DECLARED:
        return
    for _, row in later_values(review).head(LISTED).iterrows():
        yield (
            f"{row['table']}.csv, row {row['row']}: to look at: “{row['column']}” "
            f"({row['value']}) is after the day that a review would look from: not known yet by "
            "then"
        )
    yield (
        f"a review would look from {wording.instant(review.as_of)}: declare data.extracted_at "
        "in engagement.yml"
    )


def _issues(engagement: Engagement, wording: Wording) -> Iterator[str]:
    kinds = {
        "set aside": engagement.set_aside,
        "repaired": engagement.repaired,
        "to look at": engagement.noted,
    }
    for word, issues in kinds.items():
        for _, alike in issues.groupby(["file", "column", "rule"], sort=False):
            for _, issue in alike.head(LISTED).iterrows():
                came = f" (found: {cut(issue['value'])!r})" if issue["value"] else ""
                reason = wording.say(describe(issue))
                yield f"{issue['file']}, row {issue['row']}: {word}: {reason}{came}"
            if len(alike) > LISTED:
                yield f"{issue['file']}: {word}: {len(alike) - LISTED} rows more: {reason}"
