"""Data quality: the rows set aside and repaired, and where every figure comes from (B6, O6)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.folder.engagement import describe
from reviewlib.pages.wording import N_, Wording
from reviewlib.report.values import Caveat, Column, Fact, Finding, Kind, Section, Table, Unit, rows
from reviewlib.review import ASKED, DECLARED, END_OF_CONTRACT, LAST_EVENT, Review, versions
from reviewlib.service import history
from reviewlib.tables import SCHEMAS

SLUG = "data_quality"
LISTED = 200  # rows set aside that the page lists; the counts are of all
BASES = {
    DECLARED: N_("the extraction that the data declare"),
    ASKED: N_("asked for"),
    LAST_EVENT: N_("the last event of the log, for want of a declared extraction"),
    END_OF_CONTRACT: N_("the end of the contract, for want of a declared extraction and of a log"),
}


def data_quality(review: Review) -> Section:
    """Return the chapter on what the figures rest on."""
    _ = review.wording.gettext
    aside, fixed = review.engagement.set_aside, review.engagement.repaired
    noted = review.engagement.noted
    odd = _contradictions(review)
    return review.section(
        SLUG,
        _("Data quality and provenance"),
        headline=_headline(review),
        intro=_(
            "Rows that break a rule are set aside: they enter no figure, and are listed here with "
            "the reason. Nothing is dropped silently."
        ),
        facts=(*_facts(review), *_log_facts(review, odd)),
        findings=_findings(review),
        tables=tuple(
            table
            for table in (
                _sources(review),
                _issues(review, f"{SLUG}.set_aside", _("Rows set aside"), aside),
                _issues(review, f"{SLUG}.repaired", _("Values repaired"), fixed),
                _issues(review, f"{SLUG}.noted", _("Rows that contradict themselves"), noted),
                _contradicted(review, odd),
                _holidays(review),
                _provenance(review),
            )
            if table.rows
        ),
        caveats=tuple(_caveats(review)),
    )


def _counted(review: Review) -> tuple[int, int]:
    aside = review.engagement.set_aside
    total = sum(source.rows for source in review.engagement.sources)
    return len(aside.drop_duplicates(["table", "row"])), total


def _headline(review: Review) -> str:
    _, n_ = review.wording.gettext, review.wording.ngettext
    aside, total = _counted(review)
    if not total:
        return _("The folder holds no table with rows.")
    tables = sum(source.rows > 0 for source in review.engagement.sources)
    return _("{aside}, of {total} in {tables}.").format(
        aside=n_("{n} row was set aside", "{n} rows were set aside", aside),
        total=review.wording.number(total),
        tables=n_("{n} table", "{n} tables", tables),
    )


def _facts(review: Review) -> tuple[Fact, ...]:
    _, w = review.wording.gettext, review.wording
    aside, total = _counted(review)
    limit = _("a review is refused where more than {limit} of a table is set aside").format(
        limit=w.percent(review.contract.data.set_aside_limit)
    )
    return (
        Fact(
            f"{SLUG}.set_aside",
            _("Rows set aside"),
            aside if total else None,
            Unit.COUNT,
            n=total,
            source=_("all tables of the folder, whatever the date of the review"),
            note=limit if total else _("the folder holds no table with rows"),
        ),
        Fact(
            f"{SLUG}.repaired",
            _("Values repaired"),
            len(review.engagement.repaired),
            Unit.COUNT,
            source=_("all tables of the folder, whatever the date of the review"),
            note=_reasons(review, review.engagement.repaired),
        ),
        Fact(
            f"{SLUG}.noted",
            _("Rows that contradict themselves, and stay in use"),
            len(review.engagement.noted.drop_duplicates(["table", "row"])),
            Unit.COUNT,
            source=_("all tables of the folder, whatever the date of the review"),
            note=_reasons(review, review.engagement.noted),
        ),
        Fact(
            f"{SLUG}.as_of",
            _("As of"),
            review.as_of.isoformat(),
            Unit.INSTANT,
            source=_(BASES[review.basis]),
        ),
    )


def _reasons(review: Review, found: pd.DataFrame) -> str:
    """Return how many values a rule concerns, rule by rule and file by file."""
    w = review.wording
    alike = found.groupby(["file", "column", "rule"], sort=False)
    return w.chained(
        f"{file}, {describe(issues.iloc[0], w)} ({w.number(len(issues))})"
        for (file, _column, _rule), issues in alike
    )


def _contradictions(review: Review) -> pd.DataFrame | None:
    """Return the changes, by then, that contradict the one before; None without a log."""
    events = review.table("ticket_events")
    return None if events is None else history.contradictions(events)


def _log_facts(review: Review, odd: pd.DataFrame | None) -> Iterator[Fact]:
    """Yield how far the log contradicts itself, which sets no row aside."""
    _, events = review.wording.gettext, review.table("ticket_events")
    if events is None or odd is None:
        return
    source = _("ticket_events: ticket_id, at, field, old, new")
    yield Fact(
        f"{SLUG}.contradictions",
        _("Changes that contradict the one before"),
        len(odd),
        Unit.COUNT,
        n=int(events["field"].isin(history.CHAINED).sum()),
        source=source,
        note=_(
            "the value that they state before them is not the one that the last change left; what "
            "counts is the value after each change"
        ),
    )
    yield Fact(
        f"{SLUG}.out_of_order",
        _("Events that stand after a later one of their ticket"),
        history.out_of_order(events),
        Unit.COUNT,
        n=len(events),
        source=source,
        note=_("they are put in order of time; those of one second keep the order of the file"),
    )


def _contradicted(review: Review, odd: pd.DataFrame | None) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("row", _("Row"), Unit.COUNT),
        Column("ticket_id", _("Ticket"), quoted=True),
        Column("at", _("When"), Unit.INSTANT),
        Column("field", _("What changed")),
        Column("left", _("Value that the last change left"), quoted=True),
        Column("old", _("Value stated before this one"), quoted=True),
    )
    name, caption = f"{SLUG}.contradictions", _("Changes that contradict the one before")
    if odd is None:
        return Table(name, caption, columns, ())
    named = odd["field"] == "assignee"  # a person is never shown
    listed = odd.assign(row=odd.index, **{c: odd[c].mask(named, "…") for c in ("left", "old")})
    cells = rows(listed.head(LISTED), columns)
    return Table(name, caption, columns, cells, _cut(review.wording, len(odd)), folded=True)


def _findings(review: Review) -> tuple[Finding, ...]:
    _, w = review.wording.gettext, review.wording
    aside = review.engagement.set_aside.drop_duplicates(["table", "row"])
    if aside.empty:
        return ()
    tables = aside["table"].value_counts(sort=False)
    parts = [f"{name} {w.number(count)}" for name, count in tables.items()]
    sentence = _("Rows set aside, by table: {parts}.").format(parts=", ".join(parts))
    evidence = tuple(f"{a.file}:{a.row}" for a in aside.head(20).itertuples())
    return (Finding(f"{SLUG}.set_aside", sentence, Kind.NEUTRAL, evidence),)


def _sources(review: Review) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("file", _("File")),
        Column("rows", _("Rows"), Unit.COUNT),
        Column("used", _("Used"), Unit.COUNT),
        Column("unused", _("Columns not used"), quoted=True),
        Column("sha256", "SHA-256"),
    )
    unused = review.engagement.unused
    lines = tuple(
        (
            source.file,
            source.rows if source.table != "contract" else None,
            source.used if source.table != "contract" else None,
            ", ".join(unused.get(source.file, ())) or None,
            source.sha256,
        )
        for source in review.engagement.sources
    )
    missing = [name for name in SCHEMAS if name not in review.engagement.tables]
    note = _("Tables not in the folder: {names}.").format(names=", ".join(missing))
    return Table(f"{SLUG}.sources", _("Files read"), columns, lines, note if missing else "")


def _issues(review: Review, name: str, caption: str, issues: pd.DataFrame) -> Table:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("file", _("File")),
        Column("row", _("Row"), Unit.COUNT),
        Column("reason", _("Reason")),
        Column("value", _("Value that came"), quoted=True),
        Column("content", _("The row"), quoted=True),
    )
    places = issues.groupby(["file", "row"], sort=False)
    first = places[["value", "content"]].first().head(LISTED).reset_index()
    reasons = [
        w.chained(describe(issue, w) for _at, issue in places.get_group(place).iterrows())
        for place in zip(first["file"], first["row"], strict=True)
    ]
    cells = rows(first.assign(reason=reasons), columns)
    return Table(name, caption, columns, cells, _cut(w, len(places)), folded=True)


def _cut(w: Wording, total: int) -> str:
    """Return the sentence that says how many of a table's rows are listed; none when all are."""
    if total <= LISTED:
        return ""
    _ = w.gettext
    return _("The first {n} of {total} are listed.").format(
        n=w.number(LISTED), total=w.number(total)
    )


def _holidays(review: Review) -> Table:
    """Return the days without service that the clock applied, calendar by calendar."""
    _, contract = review.wording.gettext, review.contract
    columns = (
        Column("calendar", _("Hours")),
        Column("date", _("Date"), Unit.DATE),
        Column("name", _("Holiday or closure"), quoted=True),
    )
    first, last = contract.period.first, max(contract.period.last, review.today.date())
    titles = {k: v.title for terms in contract.versions for k, v in terms.calendars.items()}
    sites = {k: v for terms in contract.versions for k, v in terms.sites.items()}
    own = {name: site.name for name, site in sites.items() if site.has_own_holidays}
    parts = [pd.DataFrame(columns=["calendar", "date", "name"])]
    for name, title in titles.items():
        for site, place in {"": "", **own}.items():
            days = contract.hours(name, site).holiday_names(first, last, review.language)
            parts.append(days.assign(calendar=f"{title} · {place}" if place else title))
    frame = pd.concat([part for part in parts if not part.empty] or parts[:1])
    caption = _("Holidays and closures applied")
    return Table(f"{SLUG}.holidays", caption, columns, rows(frame, columns), folded=True)


def _provenance(review: Review) -> Table:
    _ = review.wording.gettext
    contract = review.contract
    amended = [a.effective.isoformat() for a in contract.amendments]
    lines = [
        ("engagement", contract.id),
        ("as_of", review.as_of.isoformat()),
        ("language", review.language),
        ("contract.amendments", ", ".join(amended) or None),
        *versions().items(),
    ]
    columns = (Column("name", _("Parameter or version")), Column("value", _("Value")))
    return Table(f"{SLUG}.provenance", _("Provenance"), columns, tuple(lines), folded=True)


def _caveats(review: Review) -> Iterator[Caveat]:
    """Yield what the data leave unsaid of their own date."""
    _, extracted = review.wording.gettext, review.contract.extracted_at
    if review.basis in (LAST_EVENT, END_OF_CONTRACT):
        sentence = _(
            "The data do not say when they were extracted (data.extracted_at): the review is made "
            "as of {basis}. Tickets that stayed open later could change it."
        )
        yield Caveat(f"{SLUG}.as_of", sentence.format(basis=_(BASES[review.basis])))
    if review.basis == ASKED and (extracted is None or review.as_of < extracted):
        sentence = _(
            "The review looks from before the extraction. What tables hold without a date (a "
            "priority, a team, a counter) is that of the extraction, where no log tells an earlier "
            "one. Rows are read, set aside and repaired in the whole files."
        )
        yield Caveat(f"{SLUG}.earlier", sentence)
