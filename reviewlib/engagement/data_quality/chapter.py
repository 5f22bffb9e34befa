"""Data quality: the rows set aside and repaired, and where every figure comes from (B6, O6)."""

from __future__ import annotations

import pandas as pd

from reviewlib.engagement.days_off import days_off
from reviewlib.folder.engagement import describe, undefined_statuses
from reviewlib.folder.reach import (
    ASKED,
    DECLARED,
    END_OF_CONTRACT,
    END_OF_PERIOD,
    LAST_EVENT,
)
from reviewlib.report.chapter import EVIDENCE, Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import (
    EMPTY,
    N_,
    How,
    Quoted,
    Shown,
    Text,
    chained,
    dotted,
    join,
    n_,
    sentences,
)
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review, versions
from reviewlib.service import history
from reviewlib.tables import SCHEMAS

LISTED = 200  # rows set aside that the page lists; the counts are of all
WHOLE_FILES = N_("all tables of the folder, whatever the date of the review")
LOG = "ticket_events: ticket_id, at, field, old, new"
BASES = {
    DECLARED: N_("the extraction that the data declare"),
    ASKED: N_("asked for"),
    LAST_EVENT: N_("the last event of the log, for want of a declared extraction"),
    END_OF_CONTRACT: N_("the end of the contract, for want of a declared extraction and of a log"),
    END_OF_PERIOD: N_("the end of the period"),
}
UNDATED = N_(
    "The data do not say when they were extracted (data.extracted_at): the review is made "
    "as of {basis}. Tickets that stayed open later could change it."
)
EARLIER = N_(
    "The review looks from before the extraction. What tables hold without a date (a "
    "priority, a team, a counter) is that of the extraction, where no log records an earlier "
    "one. Rows are read, set aside and repaired in the whole files."
)
ADD_UP = N_(
    "Lines are one heading, the rows, the blank lines and the further lines of cells that span "
    "several; rows are those used and those set aside."
)

SOURCES = TableForm(
    "sources",
    N_("Files read"),
    (
        Col("file", N_("File")),
        Col("lines", N_("Lines"), Unit.COUNT),
        Col("blank", N_("Blank lines"), Unit.COUNT),
        Col("within", N_("Lines within cells"), Unit.COUNT),
        Col("rows", N_("Rows"), Unit.COUNT),
        Col("used", N_("Used"), Unit.COUNT),
        Col("aside", N_("Set aside"), Unit.COUNT),
        Col("unused", N_("Columns not used"), quoted=True),
        Col("sha256", Quoted("SHA-256")),
    ),
)
SET_ASIDE = TableForm(
    "set_aside",
    N_("Rows set aside"),
    (
        Col("file", N_("File")),
        Col("row", N_("Row"), Unit.COUNT),
        Col("reason", N_("Reason")),
        Col("value", N_("Value that came"), quoted=True),
        Col("content", N_("The row"), quoted=True),
    ),
)
REPAIRED = SET_ASIDE.but(name="repaired", caption=N_("Values repaired"))
NOTED = SET_ASIDE.but(name="noted", caption=N_("Rows that contradict themselves"))
CONTRADICTIONS = TableForm(
    "contradictions",
    N_("Changes that contradict the one before"),
    (
        Col("row", N_("Row"), Unit.COUNT),
        Col("ticket_id", N_("Ticket"), quoted=True),
        Col("at", N_("When"), Unit.INSTANT),
        Col("field", N_("What changed")),
        Col("left", N_("Value that the last change left"), quoted=True),
        Col("old", N_("Value stated before this one"), quoted=True),
    ),
)
REMARKS = TableForm(
    "remarks",
    N_("How columns were read that do not show it themselves"),
    (Col("file", N_("File")), Col("sentence", N_("How it was read"))),
)
STATUSES = TableForm(
    "statuses",
    N_("Statuses that the contract does not define"),
    (
        Col("table", N_("Table")),
        Col("status", N_("Status"), quoted=True),
        Col("rows", N_("Rows"), Unit.COUNT),
    ),
    note=N_("their rows stay in use; what is judged by such a status counts as unknown"),
)
HOLIDAYS = TableForm(
    "holidays",
    N_("Holidays and closures applied"),
    (
        Col("calendar", N_("Hours")),
        Col("date", N_("Date"), Unit.DATE),
        Col("name", N_("Holiday or closure"), quoted=True),
    ),
)
PROVENANCE = TableForm(
    "provenance",
    N_("Provenance"),
    (Col("name", N_("Parameter or version")), Col("value", N_("Value"))),
)


def data_quality(review: Review) -> Section:
    """Return the chapter on what the figures rest on."""
    c = Chapter(review, "data_quality", N_("Data quality and provenance"), lists_rows=True)
    engagement = review.engagement
    aside = engagement.set_aside.drop_duplicates(["table", "row"])
    _rows_set_aside(c, aside)
    _repaired(c)
    c.fact("as_of", N_("As of"), review.as_of, Unit.INSTANT, source=BASES[review.basis])
    _sources(c)
    if engagement.remarks:
        c.table(REMARKS, [(remark.file, remark.sentence) for remark in engagement.remarks])
    for number, doubt in enumerate(engagement.doubts, start=1):
        c.caveat(f"units.{doubt.table}.{number}", doubt.sentence)
    if statuses := undefined_statuses(engagement):
        c.table(STATUSES, statuses)
    _issues(c, SET_ASIDE, engagement.set_aside)
    _issues(c, REPAIRED, engagement.repaired)
    _issues(c, NOTED, engagement.noted)
    _log(c)
    _holidays(c)
    _provenance(c)
    _caveats(c)
    return c.section()


def _rows_set_aside(c: Chapter, aside: pd.DataFrame) -> None:
    sources = c.review.engagement.sources
    total = sum(source.rows for source in sources)
    tables = sum(source.rows > 0 for source in sources)
    headline = N_("{aside}, of {total} in {tables}.")(
        aside=n_("{n} row was set aside", "{n} rows were set aside")(n=len(aside)),
        total=total,
        tables=n_("{n} table", "{n} tables")(n=tables),
    )
    c.headline(headline if total else N_("The folder holds no table with rows."))
    c.intro(
        N_(
            "Rows that break a rule are set aside: they enter no figure, and are listed here with "
            "the reason. Nothing is dropped silently."
        )
    )
    limit = N_("a review is refused where more than {limit:percent} of a table is set aside")
    c.fact(
        "set_aside",
        SET_ASIDE.caption,
        len(aside) if total else None,
        n=total,
        source=WHOLE_FILES,
        note=limit(limit=c.review.contract.data.set_aside_limit),
        because=N_("the folder holds no table with rows"),
    )
    counts = aside["table"].value_counts(sort=False)
    parts = [join(How.SPACES, (name, Shown(int(n)))) for name, n in counts.items()]
    c.neutral(
        "set_aside",
        N_("Rows set aside, by table: {parts:commas}.")(parts=parts),
        about=[f"{row.file}:{row.row}" for row in aside.head(EVIDENCE).itertuples()],
    )


def _repaired(c: Chapter) -> None:
    repaired, noted = c.review.engagement.repaired, c.review.engagement.noted
    rows = noted.drop_duplicates(["table", "row"])
    for name, label, n, issues in (
        ("repaired", REPAIRED.caption, len(repaired), repaired),
        ("noted", N_("Rows that contradict themselves, and stay in use"), len(rows), noted),
    ):
        c.fact(name, label, n, source=WHOLE_FILES, note=_reasons(issues))


def _reasons(issues: pd.DataFrame) -> Text:
    """Return how many values a rule concerns, rule by rule and file by file."""
    count = N_("{file}, {reason} ({n})")
    alike = issues.groupby(["file", "column", "rule"], sort=False)
    return chained(
        count(file=file, reason=describe(rows.iloc[0]), n=len(rows))
        for (file, _column, _rule), rows in alike
    )


def _listed(c: Chapter, form: TableForm, rows: pd.DataFrame, total: int) -> None:
    """Add the first rows of a table, where there are any, and how many there are of them."""
    note = N_("The first {n} of {total} are listed.")(n=LISTED, total=total)
    if total:
        c.table(form.but(note=note if total > LISTED else EMPTY), rows.head(LISTED))


def _issues(c: Chapter, form: TableForm, issues: pd.DataFrame) -> None:
    places = issues.groupby(["file", "row"], sort=False)
    rows = places[["value", "content"]].first().head(LISTED).reset_index()
    reasons = [
        chained(describe(issue) for _, issue in places.get_group(place).iterrows())
        for place in zip(rows["file"], rows["row"], strict=True)
    ]
    _listed(c, form, rows.assign(reason=reasons), len(places))


def _log(c: Chapter) -> None:
    """Add how far the log, as it was by then, contradicts itself, which sets no row aside."""
    events = c.review.table("ticket_events")
    if events is None:
        return
    changes = history.contradictions(events)
    c.fact(
        "contradictions",
        CONTRADICTIONS.caption,
        len(changes),
        n=int(events["field"].isin(history.CHAINED).sum()),
        source=LOG,
        note=N_(
            "the value that they state before them is not the one that the last change left; what "
            "counts is the value after each change"
        ),
    )
    c.fact(
        "out_of_order",
        N_("Events that stand after a later one of their ticket"),
        history.out_of_order(events),
        n=len(events),
        source=LOG,
        note=N_("they are put in order of time; those of one second keep the order of the file"),
    )
    person = changes["field"] == "assignee"  # never shown
    values = {name: changes[name].mask(person, "…") for name in ("left", "old")}
    _listed(c, CONTRADICTIONS, changes.assign(row=changes.index, **values), len(changes))


def _sources(c: Chapter) -> None:
    engagement = c.review.engagement
    lines = []
    for source in engagement.sources:
        text = (source.lines, source.blank, source.within) if source.lines else (None,) * 3
        rows = (source.rows, source.used, source.set_aside)
        counts = (*text, *rows) if source.table in SCHEMAS else (None,) * 6
        unused = ", ".join(engagement.unused.get(source.file, ())) or None
        lines.append((source.file, *counts, unused, source.sha256))
    missing = [name for name in SCHEMAS if name not in engagement.tables]
    absent = N_("Tables not in the folder: {names:commas}.")(names=missing)
    c.table(SOURCES.but(note=sentences(ADD_UP, absent if missing else EMPTY)), lines)


def _holidays(c: Chapter) -> None:
    """Add the days without service that the clock applied, calendar by calendar."""
    contract = c.review.contract
    last = max(contract.period.last, c.review.today.date())
    days = [(dotted(d.title, d.place), d.date, d.name) for d in days_off(contract, last)]
    if days:
        c.table(HOLIDAYS, days)


def _provenance(c: Chapter) -> None:
    contract = c.review.contract
    amended = [amendment.effective.isoformat() for amendment in contract.amendments]
    lines = {
        "engagement": contract.id,
        "as_of": c.review.as_of.isoformat(),
        "contract.amendments": ", ".join(amended) or None,
        **versions(),
    }
    c.table(PROVENANCE, lines.items())


def _caveats(c: Chapter) -> None:
    """Add what the data leave unsaid of their own date."""
    review = c.review
    undated = review.basis not in (DECLARED, ASKED) and review.contract.extracted_at is None
    c.caveat("as_of", UNDATED(basis=BASES[review.basis]), when=undated)
    c.caveat("earlier", EARLIER, when=review.looks_back)
