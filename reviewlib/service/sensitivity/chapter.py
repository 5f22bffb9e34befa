"""Sensitivity: the same log under other readings of the clauses, and the tickets that flip (F3)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Kind,
    Section,
    Table,
    Unit,
    rows,
)
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clause_words import (
    NO_CLAUSE,
    NO_VERDICT,
    judged_as,
    measure_id,
    priority_id,
    reading_words,
    threshold_words,
)
from reviewlib.service.sensitivity.metrics import CONTRACT, Compared
from reviewlib.service.sensitivity.metrics import sensitivity as by_reading

SLUG = "sensitivity"
LISTED, EVIDENCE = 200, 20  # tickets that flip: in the table, and named by a finding
Groups = list[tuple[pd.Series, pd.DataFrame]]


def sensitivity(review: Review) -> Section:
    """Return the chapter on what the compliance would be under other readings of the clauses."""
    _, title = review.wording.gettext, review.wording.gettext("Other readings of the clauses")
    compared = results.interpretations(review)
    if compared is None:
        return review.not_assessed(SLUG, title, review.absence("tickets"))
    if not review.contract.clause_ids():
        return review.not_assessed(SLUG, title, _(NO_CLAUSE))
    groups = _groups(_worded(review, by_reading(compared, review.contract)))
    if not groups:
        return review.not_assessed(SLUG, title, _(NO_VERDICT))
    findings, shown = tuple(_findings(review, groups, compared)), _apart(groups)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, groups, len(findings)),
        intro=_(
            "The verdict is the contract’s reading. The others show what the same log would give "
            "if a clause were read otherwise: how much of the dispute is about the work, and how "
            "much about the reading. A ticket flips when it is late by one and in time by the "
            "other."
        ),
        facts=tuple(_facts(review, groups)),
        findings=findings,
        tables=tuple(_tables(review, shown, compared)),
        figures=(_figure(review, shown),),
        caveats=(_caveat(review),),
    )


def _worded(review: Review, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the readings with their words, and the name of what they judge."""
    w, contract = review.wording, review.contract
    words = {name: reading_words(w, contract, name) for name in frame["reading"].unique()}
    labels = [
        judged_as(w, contract, clause, priority)
        for clause, priority in frame[["clause", "priority"]].itertuples(index=False)
    ]
    return frame.assign(words=frame["reading"].map(words), label=labels)


def _groups(frame: pd.DataFrame) -> Groups:
    """Return the contract's reading of each clause and priority, and the others with a share."""
    found = []
    for _key, mine in frame.groupby(["clause", "priority"], sort=False):
        own, others = mine[mine["reading"] == CONTRACT], mine[mine["reading"] != CONTRACT]
        if len(own) and own["n"].iloc[0]:
            found.append((own.iloc[0], others[others["n"] > 0]))
    return found


def _headline(review: Review, groups: Groups, turned: int) -> str:
    _, w = review.wording.gettext, review.wording
    judged = sum(own["kept"] is not None for own, _others in groups)
    if not judged:
        return _("No threshold could be compared.")
    said = _("Verdicts that depend on how the clause is read: {turned} of {judged}.")
    return said.format(turned=w.number(turned), judged=w.number(judged))


def _facts(review: Review, groups: Groups) -> Iterator[Fact]:
    """Yield the range that the readings span, by clause and priority."""
    _, w = review.wording.gettext, review.wording
    for own, others in groups:
        every = pd.concat([own.to_frame().T, others]).reset_index(drop=True)
        shares = every["share"].astype("float64")
        low, high = every.loc[shares.idxmin()], every.loc[shares.idxmax()]
        said = _("from {low} ({worst}) to {high} ({best}); by the contract {own}")
        note = said.format(
            low=w.percent(low["share"]),
            worst=low["words"],
            high=w.percent(high["share"]),
            best=high["words"],
            own=w.percent(own["share"]),
        )
        yield Fact(
            id=f"{SLUG}.{_place(review, own)}.range",
            label=_("{label}: range of the readings, in points").format(label=own["label"]),
            value=float(shares.max() - shares.min()) * 100,
            unit=Unit.POINTS,
            n=int(own["n"]),
            clause=own["clause"],
            source=_("ticket_events.csv, judged anew under each reading"),
            note=note,
        )


def _place(review: Review, own: pd.Series) -> str:
    return f"{measure_id(review.contract, own['clause'])}.{priority_id(own['priority'])}"


def _findings(review: Review, groups: Groups, compared: Compared) -> Iterator[Finding]:
    """Yield the verdicts that another reading would turn, with the tickets that flip."""
    _, w = review.wording.gettext, review.wording
    for own, others in groups:
        turned = others[[v is not None and v != own["kept"] for v in others["kept"]]]
        if own["kept"] is None or turned.empty:
            continue
        sentence = (
            _("{label} is kept by the contract ({own}), but not read so: {others}.")
            if own["kept"]
            else _("{label} is not kept by the contract ({own}), but read so: {others}.")
        )
        parts = [
            _("{reading}: {share} (n = {n}, tickets that flip: {flips})").format(
                reading=row.words,
                share=w.percent(row.share),
                n=w.number(row.n),
                flips=w.number(row.gained + row.lost),
            )
            for row in turned.itertuples()
        ]
        flips = compared.flips
        mine = flips[(flips["clause"] == own["clause"]) & (flips["priority"] == own["priority"])]
        mine = mine[mine["reading"].isin(turned["reading"])].drop_duplicates("ticket_id")
        yield Finding(
            id=f"{SLUG}.{_place(review, own)}",
            sentence=sentence.format(
                label=own["label"],
                own=_own_words(review, own),
                others=w.chained(parts),
            ),
            kind=Kind.NEUTRAL,
            evidence=tuple(mine["ticket_id"].head(EVIDENCE)),
            clause=own["clause"],
        )


def _own_words(review: Review, own: pd.Series) -> str:
    """Return the contract's own share, and its threshold where it has one alone."""
    _, w = review.wording.gettext, review.wording
    share = w.percent(own["share"])
    if pd.isna(own["threshold"]):
        return share
    asked = threshold_words(w, own["threshold"])
    return _("{share}, for {asked}").format(share=share, asked=asked)


def _tables(review: Review, shown: pd.DataFrame, compared: Compared) -> Iterator[Table]:
    """Yield the readings that change anything, and the tickets that flip."""
    _ = review.wording.gettext
    columns = (
        Column("label", _("Judged")),
        Column("words", _("Reading")),
        Column("share", _("Share in time"), Unit.SHARE),
        Column("n", "n", Unit.COUNT),
        Column("threshold", _("Threshold"), Unit.SHARE),
        Column("verdict", _("Verdict")),
        Column("gained", _("Late by the contract, in time so"), Unit.COUNT),
        Column("lost", _("In time by the contract, late so"), Unit.COUNT),
    )
    verdicts = {True: _("kept"), False: _("not kept"), None: None}
    shown = shown.assign(verdict=[verdicts[v] for v in shown["kept"]])
    note = _(
        "A reading that gives the same figures as the contract’s is not listed. Where another "
        "priority counts, tickets move between priorities: n can change without a flip."
    )
    caption, lines = _("The same log under each reading"), rows(shown, columns)
    yield Table(f"{SLUG}.readings", caption, columns, lines, note, folded=True)
    flips = compared.flips
    if len(flips):
        yield _flipped(review, flips)


def _apart(groups: Groups) -> pd.DataFrame:
    """Return the contract's own reading of each clause and priority, and those that differ."""
    parts = [pd.concat([own.to_frame().T, others[_differs(own, others)]]) for own, others in groups]
    return pd.concat(parts, ignore_index=True).astype({"share": "float64", "threshold": "float64"})


def _differs(own: pd.Series, others: pd.DataFrame) -> pd.Series:
    counts = ["met", "n", "gained", "lost"]
    return (others[counts] != [own[name] for name in counts]).any(axis="columns")


def _flipped(review: Review, flips: pd.DataFrame) -> Table:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("ticket_id", _("Ticket"), quoted=True),
        Column("clause", _("Clause")),
        Column("priority", _("Priority")),
        Column("words", _("Reading")),
        Column("turned", _("By that reading")),
    )
    shown = flips.head(LISTED)
    words = {name: reading_words(w, review.contract, name) for name in shown["reading"].unique()}
    turned = shown["outcome"].map({"met": _("in time"), "breached": _("late")})
    lines = rows(shown.assign(words=shown["reading"].map(words), turned=turned), columns)
    said = _("The first {shown} of {n}; reviewlib ticket shows the working of any of them.")
    note = said.format(shown=w.number(len(shown)), n=w.number(len(flips)))
    caption = _("Tickets that flip")
    return Table(f"{SLUG}.flips", caption, columns, lines, note, folded=True)


def _figure(review: Review, shown: pd.DataFrame) -> Figure:
    _, w = review.wording.gettext, review.wording
    drawn = shown.assign(contract=shown["reading"] == CONTRACT, reading=shown["words"])
    name, title = f"{SLUG}.range", _("The range of the readings")
    parts = [
        _("{label} {low} to {high}").format(
            label=label, low=w.percent(mine["share"].min()), high=w.percent(mine["share"].max())
        )
        for label, mine in shown.groupby("label", sort=False)
    ]
    said = _("Share in time from the lowest to the highest reading: {parts}.")
    columns = (
        Column("label", _("Judged")),
        Column("reading", _("Reading")),
        Column("share", _("Share in time"), Unit.SHARE),
        Column("threshold", _("Threshold"), Unit.SHARE),
    )
    labels = charts.Labels(name, _("Share of tickets in time"), _("Threshold"))
    return Figure(
        name,
        charts.share_by_reading(drawn, labels, w),
        title,
        said.format(parts=", ".join(parts)),
        Table(f"{name}.table", title, columns, rows(drawn, columns)),
    )


def _caveat(review: Review) -> Caveat:
    _ = review.wording.gettext
    return Caveat(
        f"{SLUG}.no_verdict",
        _(
            "Only the contract’s reading is a verdict. Another reading changes one term and leaves "
            "all else; what the parties meant is theirs to settle."
        ),
    )
