"""What ``reviewlib check`` prints of a folder without a fault, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from reviewlib.faults import LONG, cut
from reviewlib.folder.advice import REPAIRED, SET_ASIDE, TO_LOOK_AT, alike_rows
from reviewlib.folder.engagement import (
    LISTED,
    Engagement,
    Source,
    undefined_statuses,
    unknown_subjects,
)
from reviewlib.folder.notes import NOTES, OVER
from reviewlib.pages import faults
from reviewlib.pages.faults import INDENT
from reviewlib.pages.wording import Wording
from reviewlib.people.satisfaction.words import doubtful_answers
from reviewlib.report.needs import NEEDS, Reach, reach
from reviewlib.report.text import N_, Quoted, Text, n_
from reviewlib.review import DECLARED, Review, later_values

WORDS_OF_PEOPLE = N_("{file}: words of the facilitator")
IDS = N_("{file}: close compares the ids of findings ({n}) with those of the review")
PLAIN = N_("{file}: in {language} where no language is stated: {names}")
SPOKEN = {"fr": N_("French"), "en": N_("English")}
EMPTY_TABLES = N_("without a row: {files}")
UNUSED = N_("{file}: columns not used: {columns}")
REMARK, DOUBT = N_("{file}: {sentence}"), N_("to look at: {sentence}")
STATUS = n_(
    "{file}: the contract does not define the status {status:quoted} ({n} row): what is judged by "
    "it counts as unknown",
    "{file}: the contract does not define the status {status:quoted} ({n} rows): what is judged by "
    "it counts as unknown",
)
SUBJECT = N_("{key}: to look at: {name:quoted} is not in {file}: nothing is computed of it")
USED = n_(
    "{file}: {used} of {n} row used, {aside} set aside",
    "{file}: {used} of {n} rows used, {aside} set aside",
)
LINES = n_("{n} line ({parts:commas})", "{n} lines ({parts:commas})")
HEADING, ROWS = N_("heading 1"), N_("rows {n}")
BLANK, WITHIN = N_("blank {n}"), N_("within cells {n}")
BOTH = N_("{one}; {other}")
LATER = N_(
    "{file}, row {row}: to look at: “{column}” ({value}) is after the day that a review would "
    "look from: not known yet by then"
)
FROM = N_("a review would look from {day}: declare data.extracted_at in engagement.yml")
NO_FAULT = N_("{name}: no fault; {aside}, {repaired}.")
ASIDE = n_("{n} row set aside", "{n} rows set aside")
NOW = n_(
    "A report would assess {n} of {all} chapter now: {titles:chain}.",
    "A report would assess {n} of {all} chapters now: {titles:chain}.",
    on="all",
)
ADDS, ADDED = (
    N_("One more of these would add:"),
    n_("{name}: {n} chapter ({titles:chain})", "{name}: {n} chapters ({titles:chain})"),
)
SEVERAL, LACKS = N_("Several are missing for:"), N_("{title}: {names:commas}")
KEY = N_("{key} in engagement.yml")
MENDED = n_("{n} value repaired", "{n} values repaired")


def report(review: Review) -> Iterator[str]:
    """Yield what the tables hold, what is to look at, and the rows set aside and repaired.

    In the language of the contract.
    """
    contract = review.contract
    wording = Wording(contract.language, contract.time_zone, contract.currency)
    for text in _texts(review):
        yield wording.say(text)
    yield from _issues(review.engagement, wording)
    aside = len(review.engagement.set_aside.drop_duplicates(["table", "row"]))
    repaired = MENDED(n=len(review.engagement.repaired))
    yield wording.say(NO_FAULT(name=contract.id, aside=ASIDE(n=aside), repaired=repaired))
    yield from _reach(reach(review.engagement), wording)


def _reach(view: Reach, wording: Wording) -> Iterator[str]:
    """Yield what a report would assess now, and what more it would with one more file or key."""
    titles = [NEEDS[slug].title for slug in view.assessed]
    yield wording.say(NOW(n=len(titles), all=len(NEEDS), titles=titles))
    if view.adds:
        yield wording.say(ADDS)
    for name, slugs in view.adds.items():
        titles = [NEEDS[slug].title for slug in slugs]
        yield INDENT + wording.say(ADDED(name=_lacking(name), n=len(slugs), titles=titles))
    alone = {slug for slugs in view.adds.values() for slug in slugs}
    several = {slug: names for slug, names in view.lacking.items() if slug not in alone}
    if several:
        yield wording.say(SEVERAL)
    for slug, names in several.items():
        lacks = LACKS(title=NEEDS[slug].title, names=[_lacking(name) for name in names])
        yield INDENT + wording.say(lacks)


def _lacking(name: str) -> Text:
    return Quoted(name) if name.endswith(".csv") else KEY(key=name)


def _texts(review: Review) -> Iterator[Text]:
    """Yield what is to be said of the files, and of what the contract says of them."""
    engagement, contract = review.engagement, review.contract
    yield from _files(engagement)
    for file, columns in engagement.unused.items():
        yield UNUSED(file=file, columns=cut(", ".join(columns), LONG))
    for remark in engagement.remarks:
        yield REMARK(file=remark.file, sentence=remark.sentence)
    for doubt in engagement.doubts:
        yield DOUBT(sentence=doubt.sentence)
    for table, status, n in undefined_statuses(engagement):
        yield STATUS(file=f"{table}.csv", status=status, n=n)
    for rule, table, name in unknown_subjects(engagement):
        key = f"engagement.yml, terms.penalties.{rule}"
        yield SUBJECT(key=key, name=name, file=f"{table}.csv")
    yield from doubtful_answers(contract.survey, engagement.table("survey_answers"))
    yield from _viewed_from(review)


def _files(engagement: Engagement) -> Iterator[Text]:
    """Yield how each file adds up; those that have no row together."""
    notes, empty = engagement.notes, []
    for source in engagement.sources:
        if source.table == NOTES:
            yield WORDS_OF_PEOPLE(file=source.file)
        elif source.table != "contract" and source.rows:
            yield _added_up(source)
        elif source.table != "contract":
            empty.append(source.file)
    if empty:
        yield EMPTY_TABLES(files=", ".join(empty))
    if notes.briefs:
        yield IDS(file=OVER, n=len(notes.briefs))
    if notes.plain:
        names = cut(", ".join(notes.plain), LONG)
        yield PLAIN(file=OVER, language=SPOKEN[engagement.contract.language], names=names)


def _added_up(source: Source) -> Text:
    """Return how the rows, and the physical lines, of a file add up."""
    rows = USED(file=source.file, used=source.used, n=source.rows, aside=source.set_aside)
    if not source.lines:
        return rows
    parts: list[Text] = [HEADING, ROWS(n=source.rows)]
    parts += [BLANK(n=source.blank)] if source.blank else []
    parts += [WITHIN(n=source.within)] if source.within else []
    return BOTH(one=rows, other=LINES(n=source.lines, parts=parts))


def _viewed_from(review: Review) -> Iterator[Text]:
    """Yield the day that an undated folder would be looked from, and what it can't know by then."""
    if review.basis == DECLARED:
        return
    for _, row in later_values(review).head(LISTED).iterrows():
        values = {"row": str(row["row"]), "column": row["column"], "value": row["value"]}
        yield LATER(file=f"{row['table']}.csv", **values)
    yield FROM(day=review.as_of.to_pydatetime())


def _issues(engagement: Engagement, wording: Wording) -> Iterator[str]:
    contract = engagement.contract
    kinds = (
        (SET_ASIDE, engagement.set_aside),
        (REPAIRED, engagement.repaired),
        (TO_LOOK_AT, engagement.noted),
    )
    for how, issues in kinds:
        for alike in alike_rows(issues, how, contract.time_zone, contract.data.format_of):
            yield faults.fault(alike, wording.language)
