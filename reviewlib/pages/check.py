"""What ``reviewlib check`` prints of a folder without a fault, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from reviewlib.contract.plan import POINTS, left_open
from reviewlib.faults import LONG, Fault, cut, nearest
from reviewlib.folder.advice import REPAIRED, SET_ASIDE, TO_LOOK_AT, alike_rows
from reviewlib.folder.engagement import (
    LISTED,
    Engagement,
    Source,
    undefined_statuses,
    unknown_subjects,
)
from reviewlib.folder.notes import NOTES, OVER, THEMES
from reviewlib.folder.reach import DECLARED
from reviewlib.pages import faults
from reviewlib.pages.faults import INDENT
from reviewlib.pages.wording import Wording
from reviewlib.people import results as people_results
from reviewlib.people.satisfaction.words import doubtful_answers
from reviewlib.report.needs import NEEDS, Reach, reach, untold_pauses
from reviewlib.report.text import N_, Message, Quoted, Text, commas, n_
from reviewlib.review import Review, later_values
from reviewlib.service import results
from reviewlib.service.clauses import UNKNOWN
from reviewlib.tables import SCHEMAS
from reviewlib.tables.folding import folded

WORDS_OF_PEOPLE = N_("{file}: words of the facilitator")
IDS = N_("{file}: close compares the ids of findings ({n}) with those of the review")
PLAIN = N_("{file}: in {language} where no language is stated: {names}")
SPOKEN = {"fr": N_("French"), "en": N_("English")}
EMPTY_TABLES = N_("without a row: {files}")
HEADINGS = N_("{file}: headings read: {pairs}")
READ_AS = N_("“{heading}” as {column}")
UNUSED = N_("{file}: columns not used: {columns}")
MAY_BE = N_("{file}: the column {column:quoted} is not used: if it is {like}, name it so")
REMARK, DOUBT = N_("{file}: {sentence}"), N_("to look at: {sentence}")
NO_THEME = N_(
    "{file}: to look at: no theme of the comments has the words {words:quoted}: a label is of the "
    "theme with two of its words, and half of them, at least"
)
STATUS = n_(
    "{file}: the contract does not define the status {status:quoted} ({n} row): what is judged by "
    "it counts as unknown",
    "{file}: the contract does not define the status {status:quoted} ({n} rows): what is judged by "
    "it counts as unknown",
)
BOUNDS_ONLY = N_(
    "engagement.yml, terms.clauses.{clause}: to look at: the clause pauses, and no log of status "
    "changes (ticket_events.csv) tells when. Where tickets are over their target, it will have "
    "bounds, and no share, seldom a verdict, and no other interpretation. Add the log; take pauses "
    "out only if the contract never pauses this clock."
)
UNKNOWN_OUTCOMES = n_(
    "tickets.csv: to look at: clause {clause}: of {unknown} ticket of {n} it is unknown whether it "
    "was in time: {reasons:commas}. A threshold is met or missed only where they cannot turn it.",
    "tickets.csv: to look at: clause {clause}: of {unknown} tickets of {n} it is unknown whether "
    "they were in time: {reasons:commas}. A threshold is met or missed only where they cannot turn "
    "it.",
    on="unknown",
)
OUTSIDE_PERIOD = n_(
    "engagement.yml, period: to look at: {n} ticket was opened outside {first} to {last} (before: "
    "{before}, after: {after}). Volumes leave it out, and so does a clause, unless its excludes "
    "says otherwise. If the contract was extended, correct the period.",
    "engagement.yml, period: to look at: {n} tickets were opened outside {first} to {last} "
    "(before: {before}, after: {after}). Volumes leave them out, and so does a clause, unless its "
    "excludes says otherwise. If the contract was extended, correct the period.",
)
PLAN = n_(
    "engagement.yml, governance: of {n} points that a plan usually settles, {k} is left open: "
    "{titles:chain} (see docs/contract.md, “The governance plan”)",
    "engagement.yml, governance: of {n} points that a plan usually settles, {k} are left open: "
    "{titles:chain} (see docs/contract.md, “The governance plan”)",
    on="k",
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
FROM = N_(
    "a review would look from {day} (time of {zone}): declare data.extracted_at in engagement.yml"
)
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


REASON = N_("{reason} ({n})")
KINDS = {"set_aside": SET_ASIDE, "repaired": REPAIRED, "to_look_at": TO_LOOK_AT}
MEANT = 0.6  # so like a column that the file lacks that it may be meant


def as_json(review: Review) -> dict[str, Any]:
    """Return for machines what ``report`` prints, in the same words: see docs/commands.md."""
    engagement, language = review.engagement, review.contract.language
    words = Wording(language, review.contract.time_zone, review.contract.currency)
    sources = [s for s in engagement.sources if s.table not in (NOTES, "contract")]
    alike: dict[str, list[dict[str, Any]]] = {name: [] for name in KINDS}
    for name, wrong in _issues(engagement):
        alike[name].append(faults.as_json(wrong, language))
    own = {
        "contract": engagement.contract.id,
        "tables": [{**asdict(s), "set_aside": s.set_aside} for s in sources],
        "remarks": [words.say(text) for text in (*_of_columns(engagement), *_doubts(review))],
        "report": _reached(reach(engagement), words),
    }
    return dict(faults.EMPTY_CHECK) | {"language": language} | own | alike


def _reached(view: Reach, words: Wording) -> dict[str, Any]:
    """Return which chapters a report would assess, what the others lack, and what would add them.

    As the slugs of chapters, the names of files and the keys of the contract.
    """
    return {
        "titles": {slug: words.say(needs.title) for slug, needs in NEEDS.items()},
        "assessed": list(view.assessed),
        "lacking": {slug: list(names) for slug, names in view.lacking.items()},
        "adds": {name: list(slugs) for name, slugs in view.adds.items()},
    }


def report(review: Review) -> Iterator[str]:
    """Yield what the tables hold, what is to look at, and the rows set aside and repaired.

    In the language of the contract.
    """
    contract = review.contract
    wording = Wording(contract.language, contract.time_zone, contract.currency)
    for text in (*_files(review.engagement), *_of_columns(review.engagement), *_doubts(review)):
        yield wording.say(text)
    for _, wrong in _issues(review.engagement):
        yield faults.fault(wrong, wording.language)
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


def _of_columns(engagement: Engagement) -> Iterator[Text]:
    """Yield which columns are not used, what they may be meant for, and how others were read."""
    yield from _headings_read(engagement)
    tables = {source.file: source.table for source in engagement.sources}
    for file, columns in engagement.unused.items():
        yield UNUSED(file=file, columns=cut(", ".join(columns), LONG))
        table = tables[file]
        lacking = SCHEMAS[table].columns.keys() - {*engagement.tables[table]}
        names = {name for name in lacking if engagement.heading(table, name) == name}
        for column in columns:
            if like := nearest(column, names, MEANT):
                yield MAY_BE(file=file, column=column, like=like)
    for remark in engagement.remarks:
        yield REMARK(file=remark.file, sentence=remark.sentence)


def _doubts(review: Review) -> Iterator[Text]:
    """Yield what is to be looked at beside single rows."""
    engagement, contract = review.engagement, review.contract
    for doubt in engagement.doubts:
        yield DOUBT(sentence=doubt.sentence)
    for table, status, n in undefined_statuses(engagement):
        yield STATUS(file=f"{table}.csv", status=status, n=n)
    for clause in untold_pauses(engagement):
        yield BOUNDS_ONLY(clause=clause)
    yield from _unknown_outcomes(review)
    yield from _outside_the_period(review)
    for rule, table, name in unknown_subjects(engagement):
        key = f"engagement.yml, terms.penalties.{rule}"
        yield SUBJECT(key=key, name=name, file=f"{table}.csv")
    if points := left_open(contract):
        titles = [point.title for point in points]
        yield PLAN(n=len(POINTS), k=len(points), titles=titles)
    yield from doubtful_answers(contract.survey, engagement.table("survey_answers"))
    if engagement.notes.themes:  # themes take seconds: they are sought where they are called
        for key in people_results.labels(review).unfit:
            yield NO_THEME(file=THEMES, words=key)
    yield from _viewed_from(review)


def _unknown_outcomes(review: Review) -> Iterator[Text]:
    """Yield of how many tickets under each clause it is unknown whether they were in time, why."""
    verdicts = results.verdicts(review)
    for clause, rows in verdicts.groupby("clause", sort=False, observed=True):
        unknown = rows.loc[rows["outcome"] == "unknown", "because"].value_counts()
        reasons = [
            REASON(reason=why, n=int(unknown[name]))
            for name, why in UNKNOWN.items()
            if unknown.get(name)
        ]
        if reasons:
            about = {"unknown": int(unknown.sum()), "n": int((rows["outcome"] != "excluded").sum())}
            yield UNKNOWN_OUTCOMES(clause=str(clause), reasons=reasons, **about)


def _outside_the_period(review: Review) -> Iterator[Text]:
    """Yield how many tickets were opened before the contract began, and after it ended."""
    contract, tickets = review.contract, review.table("tickets")
    if tickets is None:
        return
    before = int((tickets["opened_at"] < contract.first_instant).sum())
    after = int((tickets["opened_at"] >= contract.end_instant).sum())
    if n := before + after:
        period = {"first": contract.period.first, "last": contract.period.last}
        yield OUTSIDE_PERIOD(n=n, before=before, after=after, **period)


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
    yield FROM(day=review.as_of.to_pydatetime(), zone=review.contract.time_zone)


def _issues(engagement: Engagement) -> Iterator[tuple[str, Fault]]:
    """Yield the rows that break a rule, alike ones once, with the kind that they are of."""
    contract = engagement.contract
    frames = (engagement.set_aside, engagement.repaired, engagement.noted)
    for (name, how), issues in zip(KINDS.items(), frames, strict=True):
        for wrong in alike_rows(issues, how, contract.time_zone, contract.data.format_of):
            yield name, wrong
