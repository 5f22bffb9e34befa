"""Durations: how long resolutions took, and what the mean that contracts quote hides (F6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pandas as pd

from reviewlib import charts
from reviewlib.metrics import durations as metrics
from reviewlib.metrics.history import OVER
from reviewlib.metrics.service_levels import Log
from reviewlib.report import Caveat, Column, Fact, Figure, Section, Table, Unit, rows
from reviewlib.review import Review

SLUG = "durations"
FIGURES = ("median", "p90", "mean")
ENOUGH = 10  # durations from which a tenth of them is some


def durations(review: Review) -> Section:
    """Return the chapter on the time from opening to resolution, around the clock."""
    _, title = review.wording.gettext, review.wording.gettext("Durations")
    tickets = review.table("tickets")
    if tickets is None:
        because = review.absence("tickets")
        return review.not_assessed(SLUG, title, because)
    log = Log(tickets, review.engagement.table("ticket_events"), review.contract, review.as_of)
    by_id = tickets.set_index("ticket_id")
    hours = metrics.hours(by_id["opened_at"], log.resolutions["last_resolved"])
    if hours.empty:
        return review.not_assessed(SLUG, title, _("no ticket was resolved."))
    whole = metrics.summary(hours).iloc[0]
    source = (
        _("ticket_events.csv: status, up to the last resolution")
        if log.has_statuses
        else _("tickets.csv: opened_at, resolved_at")
    )
    return review.section(
        SLUG,
        title,
        headline=_headline(review, whole),
        intro=_(
            "Time from the opening to the last resolution, around the clock, nights and holidays "
            "included, waiting included: what the caller lived through, not what the contract "
            "counts."
        ),
        facts=(*_facts(review, whole, "", source), *_recorded(review, tickets, log)),
        tables=_table(review, hours, log.priorities("final")),
        figures=(_figure(review, hours, whole),),
        caveats=tuple(_caveats(review, log, whole)),
    )


def _headline(review: Review, whole: pd.Series) -> str:
    _, w = review.wording.gettext, review.wording
    return _("{tickets}: median {median}, P90 {p90}, mean {mean}.").format(
        tickets=w.ngettext("{n} resolved ticket", "{n} resolved tickets", int(whole["n"])),
        **{name: w.duration(whole[name] * 3600) for name in FIGURES},
    )


def _facts(review: Review, whole: pd.Series, suffix: str, source: str) -> list[Fact]:
    labels, n = _labels(review), int(whole["n"])
    return [
        Fact(
            f"{SLUG}{suffix}.{name}",
            labels[name],
            float(whole[name]),
            Unit.HOURS,
            n=n,
            source=source,
        )
        for name in FIGURES
    ]


def _labels(review: Review) -> dict[str, str]:
    _ = review.wording.gettext
    return {
        "median": _("Median"),
        "p90": _("P90 (linear interpolation)"),
        "mean": _("Mean"),
    }


def _recorded(review: Review, tickets: pd.DataFrame, log: Log) -> list[Fact]:
    """Return the same figures from the resolution that the tool recorded, to compare."""
    _ = review.wording.gettext
    if not log.has_statuses or "resolved_at" not in tickets:
        return []
    hours = metrics.hours(tickets["opened_at"], tickets["resolved_at"])
    if hours.empty:
        return []
    source = _("tickets.csv: opened_at, resolved_at, as recorded by the tool")
    return [
        dataclasses.replace(
            fact, label=_("{figure}, as recorded by the tool").format(figure=fact.label)
        )
        for fact in _facts(review, metrics.summary(hours).iloc[0], ".recorded", source)
    ]


def _table(review: Review, hours: pd.Series, priorities: pd.Series) -> tuple[Table, ...]:
    _ = review.wording.gettext
    if priorities.isna().all():
        return ()
    frame = metrics.summary(hours, priorities).rename_axis("priority").reset_index()
    columns = (
        Column("priority", _("Priority")),
        Column("n", _("Resolved"), Unit.COUNT),
        Column("median", _("Median"), Unit.HOURS),
        Column("p90", _("P90"), Unit.HOURS),
        Column("mean", _("Mean"), Unit.HOURS),
        Column("below_mean", _("Tickets under the mean"), Unit.SHARE),
        Column("slowest", _("Time taken by the slowest tenth"), Unit.SHARE),
    )
    note = _("The slowest tenth is one ticket at least.")
    caption = _("Time to resolution by priority")
    return (Table(f"{SLUG}.priorities", caption, columns, rows(frame, columns), note),)


def _figure(review: Review, hours: pd.Series, whole: pd.Series) -> Figure:
    _, w = review.wording.gettext, review.wording
    labels = _labels(review) | {"p90": _("P90")}
    name, title = f"{SLUG}.distribution", _("How long resolutions took")
    marks = {labels[figure]: float(whole[figure]) for figure in FIGURES}
    description = _(
        "Distribution on a logarithmic scale (n = {n}): median {median}, P90 {p90}, mean {mean}."
    ).format(n=w.number(whole["n"]), **{k: w.duration(whole[k] * 3600) for k in FIGURES})
    columns = (Column("label", _("Figure")), Column("hours", _("Hours"), Unit.HOURS))
    drawn = charts.distribution(hours, marks, charts.Labels(name, _("Hours to resolution")), w)
    table = Table(f"{name}.table", title, columns, tuple(marks.items()))
    return Figure(name, drawn, title, description, table)


def _caveats(review: Review, log: Log, whole: pd.Series) -> Iterator[Caveat]:
    """Yield what the mean hides, and how many tickets have no duration yet."""
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    if whole["n"] >= ENOUGH and whole["mean"] > 0:
        hidden = _(
            "The mean is {mean}; {share} of the tickets took less, and the slowest tenth took "
            "{slowest} of all the time. No trend is read into means."
        ).format(
            mean=w.duration(whole["mean"] * 3600),
            share=w.percent(whole["below_mean"]),
            slowest=w.percent(whole["slowest"]),
        )
        yield Caveat(f"{SLUG}.mean", hidden)
    found = log.resolutions
    still = int((found["ended"].isna() & ~found["state"].isin(OVER)).sum())
    if still:
        sentence = n_(
            "{n} ticket is still open and not among these durations: they look shorter than they "
            "are.",
            "{n} tickets are still open and not among these durations: they look shorter than "
            "they are.",
            still,
        )
        yield Caveat(f"{SLUG}.open", sentence)
