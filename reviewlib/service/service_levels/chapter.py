"""Service levels: what the contract asked, what the log shows, clause by clause (F1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.contract import Clause
from reviewlib.ids import among
from reviewlib.pages.wording import Wording
from reviewlib.rates import WILSON, compliance, kept
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Interval,
    Kind,
    Section,
    Table,
    Unit,
    cell,
    rows,
)
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.amendments.metrics import changed_targets
from reviewlib.service.clause_words import (
    MONTHS,
    NO_CLAUSE,
    UNKNOWN,
    counted_words,
    judged_as,
    local_days,
    measure_id,
    plain_id,
    priority_id,
    share_words,
    target_words,
    threshold_words,
    told_apart,
)
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import recorded, share_of_target
from reviewlib.service.thresholds import by_month, stated

SLUG = "service_levels"
EVIDENCE = 200  # rows that a finding names, the furthest over first


def service_levels(review: Review) -> Section:
    """Return the chapter on response and resolution within the contract's targets."""
    _ = review.wording.gettext
    log, verdicts = results.log(review), results.verdicts(review)
    if log is None:
        return review.not_assessed(SLUG, _("Service levels"), review.absence("tickets"))
    flags = _recorded(review.wording, log.tickets)
    if not review.contract.clause_ids():
        return _without_target(review, flags)
    judgements = list(_judgements(review, log, verdicts))
    facts = [fact for fact, _mine in judgements]
    months = _month_by_month(review, verdicts)
    return review.section(
        SLUG,
        _("Service levels"),
        headline=_headline(review.wording, [*facts, *(fact for fact, _finding in months)]),
        intro=_(
            "Each ticket is judged under the terms that apply to it, on the hours that the "
            "contract counts. Share = in time / (in time + late); a ticket still open past its "
            "target is late, one still within it is counted apart."
        ),
        facts=(*facts, *(fact for fact, _finding in months), *flags),
        findings=(
            *(
                _finding(review.wording, fact, mine)
                for fact, mine in judgements
                if fact.met is not None
            ),
            *(finding for fact, finding in months if fact.n),
            *_amended(review),
            *_sensitive(review, verdicts),
        ),
        tables=tuple(_tables(review, verdicts)),
        figures=tuple(_figures(review, verdicts)),
        caveats=tuple(_caveats(review, log, verdicts)),
    )


def _without_target(review: Review, flags: tuple[Fact, ...]) -> Section:
    _ = review.wording.gettext
    because = _(NO_CLAUSE)
    if not flags:
        return review.not_assessed(SLUG, _("Service levels"), because)
    missing = Fact(f"{SLUG}.met", _("Tickets in time"), None, Unit.SHARE, note=because)
    return review.section(
        SLUG,
        _("Service levels"),
        headline=_("Not assessed, because {because}").format(because=because),
        facts=(missing, *flags),
        caveats=(
            Caveat(
                f"{SLUG}.recorded",
                _(
                    "What the tool recorded is a flag on each ticket. How it was computed is not "
                    "in the data, so it is no verdict of this review."
                ),
            ),
        ),
    )


# ----------------------------------------------------------------- the verdict on each threshold


def _judgements(
    review: Review, log: Log, verdicts: pd.DataFrame
) -> Iterator[tuple[Fact, pd.DataFrame]]:
    """Yield a fact, and the verdicts that it counts, for each clause, priority and threshold.

    Where an amendment or a variant changes the threshold, the whole has none: the tickets under
    each one have a fact of their own.
    """
    w = review.wording
    named = w.gettext("{label}, under the threshold of {threshold}")
    for clause_id, priority, asked in stated(review.contract, verdicts):
        mine = verdicts[(verdicts["clause"] == clause_id) & (verdicts["priority"] == priority)]
        yield _fact(review, log, (clause_id, priority), mine, asked), mine
        for threshold in asked if len(asked) > 1 else ():
            under = mine[mine["threshold"] == threshold]
            fact = _fact(review, log, (clause_id, priority), under, (threshold,))
            name = f"{fact.id}.at_{plain_id(f'{threshold * 100:g}')}"
            label = named.format(label=fact.label, threshold=threshold_words(w, threshold))
            yield dataclasses.replace(fact, id=name, label=label), under


def _fact(
    review: Review,
    log: Log,
    about: tuple[str, str],
    verdicts: pd.DataFrame,
    thresholds: tuple[float, ...],
) -> Fact:
    """Return the compliance of a clause and priority; the verdict is a count, given at any n."""
    _, (clause_id, priority) = review.wording.gettext, about
    clause, count = review.contract.clause(clause_id), compliance(verdicts, []).iloc[0]
    met, n = int(count["met"]), int(count["n"])
    asked = thresholds[0] if len(thresholds) == 1 else None
    binds = clause.assessed == "contract" and n >= clause.minimum_volume
    log_tells = log.tells("public_reply") if clause.measure == "response" else log.has_statuses
    of_log, of_tickets = (
        _("ticket_events.csv, recomputed"),
        _("tickets.csv, as recorded by the tool"),
    )
    return Fact(
        id=f"{SLUG}.{measure_id(review.contract, clause_id)}.met.{priority_id(priority)}",
        label=judged_as(review.wording, review.contract, clause_id, priority),
        value=cell(count["share"]),
        unit=Unit.SHARE,
        n=n,
        interval=Interval(float(count["low"]), float(count["high"]), WILSON) if n else None,
        target=asked,
        met=kept(met, n, asked) if binds and asked is not None else None,
        clause=clause_id,
        period=_period(review),
        source=(of_log if log_tells else of_tickets) if n else "",
        note=_note(review.wording, clause, count, thresholds),
    )


def _note(wording: Wording, clause: Clause, count: pd.Series, thresholds: tuple[float, ...]) -> str:
    """Return why there is no share or no verdict, or what the rounding of the share would hide."""
    _ = wording.gettext
    if not count["total"]:
        return _("no ticket of this priority falls under the clause")
    if not count["n"]:
        return _("none of its tickets is decided: they are running, excluded or unknown")
    if len(thresholds) > 1:
        return _("its tickets have several thresholds: see the figures under each")
    if not thresholds:
        return _("the contract states no threshold for this priority")
    if clause.assessed == "month":
        return _("the clause is assessed month by month: see the months kept")
    if count["n"] < clause.minimum_volume:
        least = wording.number(clause.minimum_volume)
        return _("no verdict: the clause binds from {least} tickets on").format(least=least)
    share, asked = told_apart(wording, count["met"], count["n"], thresholds[0])
    if share == wording.percent(count["share"]):
        return ""
    return _("{share} before rounding, for a threshold of {target}").format(
        share=share, target=asked
    )


def _period(review: Review) -> str:
    period, day = review.contract.period, review.wording.date
    return f"{day(period.first)} – {day(max(period.first, min(period.last, review.today.date())))}"


def _headline(wording: Wording, facts: list[Fact]) -> str:
    _ = wording.gettext
    decided = [fact for fact in facts if fact.met is not None]
    missed = [f"{fact.label} ({_obtained(wording, fact)})" for fact in decided if not fact.met]
    if not decided:
        return _("No threshold of the contract could be compared.")
    said = _("Thresholds kept: {kept} of {all}.").format(
        kept=wording.number(len(decided) - len(missed)), all=wording.number(len(decided))
    )
    if missed:
        said += " " + _("Not kept: {names}.").format(names=wording.listed(missed))
    absent = sum(fact.value is None for fact in facts)
    if absent:
        said += " " + _("Not compared: {n}.").format(n=wording.number(absent))
    return said


def _obtained(wording: Wording, fact: Fact) -> str:
    """Return what a fact says in words: a share, or how many of its months."""
    if fact.unit is Unit.SHARE:
        return wording.shown(fact.value, fact.unit)
    said = wording.gettext("{kept} of {n}")
    return said.format(kept=wording.shown(fact.value, fact.unit), n=wording.number(fact.n))


def _finding(wording: Wording, fact: Fact, verdicts: pd.DataFrame) -> Finding:
    """Return the verdict on a threshold, its count and the tickets furthest over their target."""
    _, n = wording.gettext, fact.n or 0
    late = verdicts[verdicts["outcome"] == "breached"]
    late = late.assign(over=late["elapsed"] - late["target"])
    late = late.sort_values(["over", "ticket_id"], ascending=[False, True])
    sentence = (
        _("{label}: {share} in time ({met} of {n}), for a threshold of {target}: kept.")
        if fact.met
        else _("{label}: {share} in time ({met} of {n}), for a threshold of {target}: not kept.")
    )
    decision = _("{label}: ask for a recovery plan, and decide on what clause {clause} provides.")
    share, asked = told_apart(wording, n - len(late), n, fact.target or 0.0)
    return Finding(
        id=fact.id.replace(".met.", "."),
        sentence=sentence.format(
            label=fact.label,
            share=share,
            met=wording.number(n - len(late)),
            n=wording.number(n),
            target=asked,
        ),
        kind=Kind.STRENGTH if fact.met else Kind.CONCERN,
        evidence=() if fact.met else tuple(late["ticket_id"].head(EVIDENCE)),
        decision="" if fact.met else decision.format(label=fact.label, clause=fact.clause),
        clause=fact.clause,
    )


def _month_by_month(review: Review, verdicts: pd.DataFrame) -> list[tuple[Fact, Finding]]:
    """Return the months kept of the clauses that are assessed by the month, as fact and finding."""
    found = []
    for clause_id, priority, _asked in stated(review.contract, verdicts):
        clause = review.contract.clause(clause_id)
        if clause.assessed == "month":
            mine = verdicts[(verdicts["clause"] == clause_id) & (verdicts["priority"] == priority)]
            months = by_month(compliance(mine, ["month", "threshold"]), clause)
            fact = _months_fact(review, clause_id, priority, months)
            found.append((fact, _months_finding(review, fact, months[months["binds"]])))
    return found


def _months_fact(review: Review, clause_id: str, priority: str, months: pd.DataFrame) -> Fact:
    """Return in how many of the months that bind the threshold was kept."""
    _, w, binding = review.wording.gettext, review.wording, months[months["binds"]]
    label = judged_as(w, review.contract, clause_id, priority)
    small = w.ngettext(
        "{n} month has fewer tickets than the clause asks for, and no verdict.",
        "{n} months have fewer tickets than the clause asks for, and no verdict.",
        len(months) - len(binding),
    )
    none = _("none of its tickets is decided: they are running, excluded or unknown")
    return Fact(
        id=f"{SLUG}.{measure_id(review.contract, clause_id)}.months.{priority_id(priority)}",
        label=_("{label}: months in which the threshold was kept").format(label=label),
        value=int(binding["kept"].sum()) if len(binding) else None,
        unit=Unit.COUNT,
        n=len(binding),
        met=bool(binding["kept"].all()) if len(binding) else None,
        clause=clause_id,
        period=_period(review),
        note=small if len(months) > len(binding) else none if binding.empty else "",
    )


def _months_finding(review: Review, fact: Fact, binding: pd.DataFrame) -> Finding:
    """Return the months in which the threshold was missed; each month is a count."""
    _, w = review.wording.gettext, review.wording
    missed = [
        _("{month} {share} (n = {n})").format(
            month=w.month(row.month), share=w.percent(row.share), n=w.number(row.n)
        )
        for row in binding[~binding["kept"]].itertuples()
    ]
    sentence = _("{label}: {kept} of {n}.").format(
        label=fact.label, kept=w.number(binding["kept"].sum()), n=w.number(len(binding))
    )
    if missed:
        sentence += " " + _("Not kept: {months}.").format(months=", ".join(missed))
    kind = Kind.NEUTRAL if binding.empty else Kind.CONCERN if missed else Kind.STRENGTH
    return Finding(fact.id, sentence, kind, clause=fact.clause)


# ----------------------------------------------------------- amendments and sensitive periods


def _amended(review: Review) -> Iterator[Finding]:
    """Yield a neutral finding per target that an amendment changed: both periods, both targets."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    sentence = _(
        "{amendment}, in force from {date}, changed the target of {priority} under {clause} from "
        "{old} to {new}. Clocks started before: {before_old} within the old target, "
        "{before_new} within the new one. Since: {since_old} within the old target, "
        "{since_new} within the new one. This compares two sets of terms and claims no cause."
    )
    if results.amended(review) is None:
        return
    counts = results.amended(review).counts.set_index(["amendment", "clause", "priority"])
    for number, clause_id, priority in changed_targets(contract):
        if contract.effective_from[number] > review.as_of:
            continue
        mine = counts.loc[(number, clause_id, priority)]
        said = {
            f"{count['period']}_{count['terms']}": counted_words(w, count)
            for _place, count in mine.iterrows()
        }
        old, new = (
            v.clauses[clause_id].targets for v in contract.versions[number - 1 : number + 1]
        )
        words = sentence.format(
            amendment=contract.amendments[number - 1].id,
            priority=priority,
            clause=clause_id,
            old=target_words(w, old[priority]),
            new=target_words(w, new[priority]),
            date=w.date(contract.amendments[number - 1].effective),
            **said,
        )
        place = f"{measure_id(contract, clause_id)}.{priority_id(priority)}"
        name = f"{SLUG}.{place}.amendment.{number}"
        yield Finding(name, words, Kind.NEUTRAL, clause=clause_id)


def _sensitive(review: Review, verdicts: pd.DataFrame) -> Iterator[Finding]:
    """Yield, per sensitive period begun, the compliance of the tickets opened in it and outside."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    day = local_days(verdicts["opened_at"], contract.time_zone)
    for number, period in enumerate(contract.sensitive_periods, start=1):
        if period.first > review.today.date():
            continue
        inside = day.between(pd.Timestamp(period.first), pd.Timestamp(period.last))
        parts = [
            _("{clause}: {within} within, {outside} outside.").format(
                clause=contract.clause(str(clause)).title,
                within=share_words(w, verdicts[inside & (verdicts["clause"] == clause)]),
                outside=share_words(w, verdicts[~inside & (verdicts["clause"] == clause)]),
            )
            for clause in verdicts["clause"].unique()
        ]
        sentence = _(
            "Sensitive period “{title}”, {first} to {last}: tickets in time, by opening. {parts}"
        ).format(
            title=period.title,
            first=w.date(period.first),
            last=w.date(period.last),
            parts=" ".join(parts),
        )
        yield Finding(f"{SLUG}.sensitive.{number}", sentence, Kind.NEUTRAL)


def _recorded(wording: Wording, tickets: pd.DataFrame) -> tuple[Fact, ...]:
    """Return the tool's own flag by priority: shown as recorded, never as our verdict."""
    _ = wording.gettext
    source = _("tickets.csv: recorded_sla_met, a flag of the tool at the extraction")
    found = []
    for priority, n, missed in recorded(tickets).itertuples(index=False):
        name, label, value = "missed", _("Recorded by the tool as missed"), missed
        if priority:
            name, value = f"kept.{priority_id(priority)}", 1 - missed
            label = _("Recorded by the tool as kept · {priority}").format(priority=priority)
        found.append(Fact(f"{SLUG}.recorded.{name}", label, value, Unit.SHARE, n=n, source=source))
    return tuple(found)


# ------------------------------------------------------------------------------ tables and figures


COUNTS = "share low high met breached running excluded unknown total worst best"


def _columns(review: Review, keys: str) -> tuple[Column, ...]:
    """Return the columns of some keys."""
    _ = review.wording.gettext
    known = (
        Column("clause", _("Clause")),
        Column("service", _("Service")),
        Column("priority", _("Priority")),
        Column("month", _("Month"), Unit.MONTH),
        Column("met", _("In time"), Unit.COUNT),
        Column("breached", _("Late"), Unit.COUNT),
        Column("running", _("Running"), Unit.COUNT),
        Column("excluded", _("Excluded"), Unit.COUNT),
        Column("unknown", _("Unknown"), Unit.COUNT),
        Column("total", _("Total"), Unit.COUNT),
        Column("n", "n", Unit.COUNT),
        Column("share", _("Share in time"), Unit.SHARE),
        Column("low", _("Interval from"), Unit.SHARE),
        Column("high", _("Interval to"), Unit.SHARE),
        Column("worst", _("At worst"), Unit.SHARE),
        Column("best", _("At best"), Unit.SHARE),
        Column("threshold", _("Threshold"), Unit.SHARE),
        Column("state", _("State")),
    )
    by_key = {column.key: column for column in known}
    return tuple(by_key[key] for key in keys.split())


def _tables(review: Review, verdicts: pd.DataFrame) -> Iterator[Table]:
    """Yield the counts of each outcome by priority, by service and by month, and the readings."""
    _, contract = review.wording.gettext, review.contract
    note = _(
        "Running: open, and within its target. Excluded: what the clause leaves out, or a "
        "priority without a target. Unknown: a status that the contract does not define, no "
        "priority of the contract, nothing of what the clause depends on, or no usable time of "
        "the answer or of the resolution. Interval: Wilson, 95%. "
        "At worst, at best: every running and unknown ticket late, or in time."
    )
    columns = _columns(review, f"clause priority {COUNTS}")
    lines = rows(compliance(verdicts, ["clause", "priority"]), columns)
    yield Table(f"{SLUG}.counts", _("Tickets by clause and priority"), columns, lines, note)
    if verdicts["service"].nunique(dropna=False) > 1:
        names = {k: v.name for terms in contract.versions for k, v in terms.services.items()}
        frame = compliance(verdicts, ["clause", "service", "priority"])
        frame["service"] = frame["service"].map(names).fillna(frame["service"])
        columns = _columns(review, f"clause service priority {COUNTS}")
        caption, lines = _("Tickets by clause, service and priority"), rows(frame, columns)
        yield Table(f"{SLUG}.services", caption, columns, lines, folded=True)
    for clause_id in verdicts["clause"].unique():
        yield _months(review, clause_id, verdicts[verdicts["clause"] == clause_id])


def _months(review: Review, clause_id: str, verdicts: pd.DataFrame) -> Table:
    _, clause = review.wording.gettext, review.contract.clause(clause_id)
    columns = _columns(review, f"month priority {COUNTS} state")
    return Table(
        f"{SLUG}.{measure_id(review.contract, clause_id)}.months",
        _("{clause}, {rule}").format(clause=clause.title, rule=_(MONTHS[clause.month])),
        columns,
        rows(_with_state(review, compliance(verdicts, ["month", "priority"])), columns),
        note=_("Running or unknown tickets make a month provisional: see both bounds."),
        folded=True,
    )


def _with_state(review: Review, months: pd.DataFrame) -> pd.DataFrame:
    """Return months with what they are, in words and as a flag, while tickets are undecided."""
    _ = review.wording.gettext
    provisional = months["running"] + months["unknown"] > 0
    state = provisional.map({True: _("provisional"), False: _("final")})
    return months.assign(provisional=provisional, state=state)


def _figures(review: Review, verdicts: pd.DataFrame) -> Iterator[Figure]:
    """Yield, per clause, its priorities, its months, both at once, and how much time was used."""
    for clause_id in verdicts["clause"].unique():
        mine = verdicts[verdicts["clause"] == clause_id]
        months = mine.loc[mine["outcome"].isin(["met", "breached"]), "month"].nunique()
        if months:
            yield _by_priority(review, clause_id, mine)
        if months > 1:
            yield _over_time(review, clause_id, mine)
            yield _by_month(review, clause_id, mine)
        if months:
            yield _used(review, clause_id, mine)


def _by_priority(review: Review, clause_id: str, verdicts: pd.DataFrame) -> Figure:
    _, w = review.wording.gettext, review.wording
    every = stated(review.contract, verdicts)
    only = {p: asked[0] for name, p, asked in every if name == clause_id and len(asked) == 1}
    frame = compliance(verdicts, ["priority"])
    frame["threshold"] = frame["priority"].map(only).astype("float64")
    frame = frame[frame["n"] > 0]
    drawn = frame.assign(label=frame["priority"], target=frame["threshold"])
    parts = [
        f"{row.priority} {w.percent(row.share)} (n\u00a0=\u00a0{w.number(row.n)})"
        for row in frame.itertuples()
    ]
    title = _("{clause}: tickets in time, by priority").format(
        clause=review.contract.clause(clause_id).title
    )
    said = _("Share in time with its interval of 95%, against the threshold: {parts}.")
    name = f"{SLUG}.{measure_id(review.contract, clause_id)}.priorities"
    labels = charts.Labels(name, _("Share of tickets in time"), _("Threshold"))
    columns = _columns(review, "priority n share low high threshold")
    return Figure(
        name,
        charts.share_by_group(drawn, labels, w),
        title,
        said.format(parts=", ".join(parts)),
        Table(f"{name}.table", title, columns, rows(frame, columns)),
    )


def _over_time(review: Review, clause_id: str, verdicts: pd.DataFrame) -> Figure:
    """Return the months of a clause, all priorities; against a threshold where they share one."""
    _, w, clause = review.wording.gettext, review.wording, review.contract.clause(clause_id)
    asked = verdicts.groupby("month")["threshold"].agg(["nunique", "max"]).reset_index()
    frame = compliance(verdicts, ["month"]).merge(asked, on="month")
    frame["threshold"] = frame["max"].where(frame["nunique"] == 1)
    frame = _with_state(review, frame[frame["n"] > 0].reset_index(drop=True))
    low, high = frame.loc[frame["share"].idxmin()], frame.loc[frame["share"].idxmax()]
    said = _(
        "All priorities together, with the interval of 95%: from {low} in {worst} to {high} in "
        "{best}; provisional months: {provisional} of {n}."
    ).format(
        low=w.percent(low["share"]),
        worst=w.month(low["month"]),
        high=w.percent(high["share"]),
        best=w.month(high["month"]),
        provisional=w.number(frame["provisional"].sum()),
        n=w.number(len(frame)),
    )
    title = _("{clause}: tickets in time, {rule}").format(
        clause=clause.title, rule=_(MONTHS[clause.month])
    )
    name = f"{SLUG}.{measure_id(review.contract, clause_id)}.over_time"
    labels = charts.Labels(name, _("Share of tickets in time"), _("Threshold"))
    columns = _columns(review, "month n share low high threshold state")
    table = Table(f"{name}.table", title, columns, rows(frame, columns))
    return Figure(name, charts.share_over_time(frame, labels, w), title, said, table)


def _by_month(review: Review, clause_id: str, verdicts: pd.DataFrame) -> Figure:
    _, w, clause = review.wording.gettext, review.wording, review.contract.clause(clause_id)
    months = compliance(verdicts, ["month", "priority"])
    months = months[months["n"] > 0]
    shares = months.pivot(index="priority", columns="month", values="share")
    n = months.pivot(index="priority", columns="month", values="n")
    title = _("{clause}: tickets in time by priority, {rule}").format(
        clause=clause.title, rule=_(MONTHS[clause.month])
    )
    name = f"{SLUG}.{measure_id(review.contract, clause_id)}.heat"
    labels = charts.Labels(name, _("Share of tickets in time"))
    columns = _columns(review, "month priority n share")
    return Figure(
        name,
        charts.share_by_group_and_month(shares, n, labels, w),
        title,
        _month_words(w, verdicts),
        Table(f"{name}.table", title, columns, rows(months, columns)),
    )


def _used(review: Review, clause_id: str, verdicts: pd.DataFrame) -> Figure:
    """Return how much of its target each decided ticket used; what is over 100 % is late."""
    _, w, clause = review.wording.gettext, review.wording, review.contract.clause(clause_id)
    frame = share_of_target(verdicts)
    near = int(frame.loc[frame["low"].between(0.8, 0.99), "in_time"].sum())
    title = _("{clause}: share of the target used").format(clause=clause.title)
    said = _(
        "Decided tickets: {n}. In time, in the last fifth of the target: {near}. Late: {late}."
    ).format(
        n=w.number(frame[["in_time", "late"]].sum(axis=None)),
        near=w.number(near),
        late=w.number(frame["late"].sum()),
    )
    name = f"{SLUG}.{measure_id(review.contract, clause_id)}.used"
    columns = (
        Column("low", _("From"), Unit.SHARE),
        Column("high", _("To"), Unit.SHARE),
        Column("in_time", _("In time"), Unit.COUNT),
        Column("late", _("Late"), Unit.COUNT),
    )
    labels = charts.Labels(name, _("Share of the target used"), _("Target"))
    ended = frame.assign(high=frame["high"].where(frame["high"] < float("inf")))
    table = Table(f"{name}.table", title, columns, rows(ended, columns))
    return Figure(name, charts.share_of_target(frame, labels, w), title, said, table)


def _month_words(wording: Wording, verdicts: pd.DataFrame) -> str:
    """Return, per priority, in how many months the share was under the threshold of its tickets."""
    _ = wording.gettext
    months = compliance(verdicts, ["priority", "month", "threshold"])
    months = months[(months["n"] > 0) & months["threshold"].notna()]
    under = [not kept(*row) for row in months[["met", "n", "threshold"]].itertuples(index=False)]
    # a month in which the threshold changed is one month, under if either part is
    months = (
        months.assign(under=under).groupby(["priority", "month"], as_index=False)["under"].any()
    )
    under = months["under"].to_list()
    parts = [
        _("{priority} in {under} of {n}").format(
            priority=priority, under=wording.number(sum(mine)), n=wording.number(len(mine))
        )
        for priority, mine in pd.Series(under, months["priority"]).groupby(level=0)
    ]
    return _("Months under the threshold: {parts}.").format(parts=", ".join(parts) or "—")


# ---------------------------------------------------------------------------------------- caveats


def _caveats(review: Review, log: Log, verdicts: pd.DataFrame) -> Iterator[Caveat]:
    """Yield what the log and the tables don't tell, and what it leaves open."""
    _, n_ = review.wording.gettext, review.wording.ngettext
    if not log.has_statuses:
        because = (
            _("The contract defines none of the statuses of the log (terms.statuses)")
            if log.tells("status")
            else _("There is no log of status changes")
        )
        lost = _(
            "{because}: pauses, reopenings, changes of priority and assignments can't be rebuilt, "
            "and the times recorded by the tool are used as they are."
        )
        yield Caveat(f"{SLUG}.no_log", lost.format(because=because))
    elif len(log.silent):
        sentence = n_(
            "{n} ticket has no status in the log: the times recorded by the tool are used for it.",
            "{n} tickets have no status in the log: the times recorded by the tool are used for "
            "them.",
            len(log.silent),
        )
        yield Caveat(f"{SLUG}.silent", sentence)
    yield from _uncovered(review, log, verdicts)
    running = int((verdicts["outcome"] == "running").sum())
    if running:
        sentence = n_(
            "{n} verdict is still running: the figures of its month are provisional.",
            "{n} verdicts are still running: the figures of their months are provisional.",
            running,
        )
        yield Caveat(f"{SLUG}.running", sentence)
    yield from _unknown(review.wording, log, verdicts)


def _uncovered(review: Review, log: Log, verdicts: pd.DataFrame) -> Iterator[Caveat]:
    """Yield how many tickets no clause judges, and how many lie outside the contract's period."""
    n_, period = review.wording.ngettext, review.contract.period
    apart = int((~among(log.tickets["ticket_id"], verdicts["ticket_id"])).sum())
    if apart:
        sentence = n_(
            "{n} ticket is of a service or a kind that no clause covers: it is not judged.",
            "{n} tickets are of a service or a kind that no clause covers: they are not judged.",
            apart,
        )
        yield Caveat(f"{SLUG}.uncovered", sentence)
    day = local_days(log.tickets["opened_at"], review.contract.time_zone)
    outside = ~day.between(pd.Timestamp(period.first), pd.Timestamp(period.last))
    left = verdicts.loc[verdicts["outcome"] != "excluded", "ticket_id"]
    outside = int((outside & among(log.tickets["ticket_id"], left)).sum())
    if outside:
        sentence = n_(
            "{n} ticket was opened outside the period of the contract: it is judged all the same.",
            "{n} tickets were opened outside the period of the contract: they are judged all the "
            "same.",
            outside,
        )
        yield Caveat(f"{SLUG}.outside", sentence)


def _unknown(wording: Wording, log: Log, verdicts: pd.DataFrame) -> Iterator[Caveat]:
    """Yield why verdicts are unknown, and which statuses the contract does not define."""
    _, n_ = wording.gettext, wording.ngettext
    why = verdicts["because"].value_counts().reindex(list(UNKNOWN)).dropna()
    if len(why):
        sentence = n_(
            "{n} verdict is unknown; the bounds say what it could change.",
            "{n} verdicts are unknown; the bounds say what they could change.",
            int(why.sum()),
        )
        parts = [f"{_(UNKNOWN[reason])} ({wording.number(n)})" for reason, n in why.items()]
        reasons = _("Reasons: {parts}.").format(parts=", ".join(parts))
        yield Caveat(f"{SLUG}.unknown", f"{sentence} {reasons}")
    words = log.spans.loc[log.spans["state"].isna(), "status"].dropna().unique()
    if len(words) and log.has_statuses:
        quoted = _("“{word}”")
        shown = [quoted.format(word=word) for word in sorted(words)[:20]]
        sentence = _("Statuses of the log that the contract does not define: {names}.")
        yield Caveat(f"{SLUG}.statuses", sentence.format(names=", ".join(shown)))
