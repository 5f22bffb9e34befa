"""Teams: changes of contact, training of both sides, subcontractors declared or not (H6)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import JUDGED, LATE, ON_TIME, OVERDUE, punctuality
from reviewlib.people.teams import metrics
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import STATES, delay_words
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.kept import kept
from reviewlib.report.phrases import PARTIES, SIDES, as_of, read, text_of, titled
from reviewlib.report.text import EMPTY, N_, Message, Quoted, Text, n_, sentences
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

TABLES = ("contacts", "trainings", "subcontractors")
OF_SIDE = {"client": Side.CLIENT, "provider": Side.PROVIDER}
GIVERS = {**SIDES, "third_party": N_("third party")}
KINDS = {"training": N_("training"), "awareness": N_("awareness")}
HANDOVERS = {"done": N_("done"), "partial": N_("in part"), "none": N_("no handover")}
COUNTED = N_(
    "A change of contact is a new holder of a role; people are not named. Ahead are the calendar "
    "days from its announcement to its effect. A session is held by the side that gives it. A "
    "subcontractor is declared before it begins where that day is before its first day, not on it. "
    "The same rules hold for both sides."
)
BEFORE = N_("The contract asks for an announcement {delay} before a change of contact.")
HEADLINE = n_(
    "{k} of {of} change of contact was announced in time.",
    "{k} of {of} changes of contact were announced in time.",
    on="of",
)
COUNT = n_("{n} change of contact.", "{n} changes of contact.")
UNDECLARED = n_(
    "{k} of {of} subcontractor has no declaration before it began.",
    "{k} of {of} subcontractors have no declaration before they began.",
    on="of",
)
AT_ALL = n_("{n} subcontractor.", "{n} subcontractors.")
SESSIONS = n_("{k} of {of} session was held.", "{k} of {of} sessions were held.", on="of")
ANNOUNCED = {
    "client": N_("Changes of contact announced in time by the client"),
    "provider": N_("Changes of contact announced in time by the provider"),
}
HELD = {
    "client": N_("Sessions that the client gives, held by their date"),
    "provider": N_("Sessions that the provider gives, held by their date"),
}
OF_SIDE_ROLE = N_("“{label}” ({side})")
TURNOVER = N_("{role} changed holders {changes} times, the last one on {last_on}.")
AFTER = N_("{role} changed on {from_on}; it was announced {days:days} after.")
SHORT = N_("{role} changed on {from_on}; it was announced {days:days} before.")
SAME_DAY = N_("{role} changed on {from_on}; it was announced on the same day.")
NEVER = N_("{role} changed on {from_on}; no announcement is recorded.")
NO_HANDOVER = N_("No handover took place.")
AGREE = N_("Agree on a handover for each change of contact.")
AGREE_NEXT = N_("For the next contract: agree on a handover for each change of contact.")
NOT_HELD = {
    OVERDUE: N_(
        "Session {named}, given by {party}: no date on which it was held is recorded as of "
        "{today}; it was planned for {due_on}."
    ),
    LATE: N_("Session {named}, given by {party}, was held {late:days} after its date ({due_on})."),
}
UNHELD = N_("no date on which it was held is recorded")
HOLD = N_("Session {training_id}: settle whether it is still to be held, and by when.")
HOLD_NEXT = N_("For the next contract: agree on what follows when a session is not held.")
AT_WORK = N_("Subcontractor {named} has worked since {started_on}; no declaration is recorded.")
WORKED = N_(
    "Subcontractor {named} worked from {started_on} to {ended_on}; no declaration is recorded."
)
ON_FIRST_DAY = N_(
    "Subcontractor {named} was declared on its first day ({started_on}), not before it."
)
DECLARED_LATE = N_("Subcontractor {named} was declared {late:days} after it began ({started_on}).")
DECLARE = N_("Subcontractor {subcontractor_id}: declare it, or say under which terms it works.")
CHECK = N_("Agree on who checks that a subcontractor is declared before it begins.")
DECLARE_NEXT = N_(
    "For the next contract: agree on who checks that a subcontractor is declared before it begins."
)
BRIEF = N_(
    "A subcontractor ({subcontractor_id}) has worked since {started_on}; no declaration is "
    "recorded."
)
WORKED_BRIEF = N_(
    "A subcontractor ({subcontractor_id}) worked from {started_on} to {ended_on}; no declaration "
    "is recorded."
)
UNTOLD = N_("Changes of contact of roles that are not the contract’s: {ids}.")

CHANGES = TableForm(
    "changes",
    N_("Changes of contact"),
    (
        Col("label", N_("Role"), quoted=True),
        Col("side", N_("Side"), words=SIDES),
        Col("from_on", N_("In effect on"), Unit.DATE),
        Col("announced_on", N_("Announced on"), Unit.DATE),
        Col("ahead", N_("Days ahead"), Unit.COUNT),
        Col("state", N_("State"), words=STATES),
        Col("handover", N_("Handover"), words=HANDOVERS),
        Col("vacant", N_("Days without a holder"), Unit.COUNT),
    ),
    lead=True,
    by="from_on",
    first=N_("The {n} latest of {all}."),
)
TRAININGS = TableForm(
    "trainings",
    N_("Training and awareness"),
    (
        Col("training_id", N_("Session"), quoted=True),
        Col("title", N_("What"), quoted=True),
        Col("kind", N_("Kind"), words=KINDS),
        Col("side", N_("People of"), words=SIDES),
        Col("given_by", N_("Given by"), words=GIVERS),
        Col("due_on", N_("Planned for"), Unit.DATE),
        Col("done_on", N_("Held on"), Unit.DATE),
        Col("state", N_("State"), words={**STATES, OVERDUE: UNHELD}),
        Col("invited", N_("Meant for"), Unit.COUNT),
        Col("attended", N_("Attended"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)
SUBCONTRACTORS = TableForm(
    "subcontractors",
    N_("Subcontractors"),
    (
        Col("subcontractor_id", N_("Subcontractor"), quoted=True),
        Col("service", N_("What it does"), quoted=True),
        Col("started_on", N_("At work from"), Unit.DATE),
        Col("ended_on", N_("At work until"), Unit.DATE),
        Col("declared_on", N_("Declaration on"), Unit.DATE),
        Col("approved_on", N_("Approval on"), Unit.DATE),
        Col("state", N_("State"), words=STATES),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)


def teams(review: Review) -> Section:
    """Return the chapter on the people of both sides: contacts, training, subcontractors."""
    c = Chapter(review, "teams", N_("Teams"), as_of(review))
    contacts, sessions, companies = (review.table(name) for name in TABLES)
    if contacts is None and sessions is None and companies is None:
        return c.not_assessed(review.absent("contacts"))
    c.intro(COUNTED)
    counts = [
        add(c, table)
        for add, table in (
            (_contacts, contacts),
            (_subcontractors, companies),
            (_trainings, sessions),
        )
        if table is not None
    ]
    c.stopped(*counts)
    return c.section()


def _contacts(c: Chapter, table: pd.DataFrame) -> int:
    """Add the changes of contact, announced in time or not, and the roles that changed often.

    Returns how many were not announced in time, as the others below do.
    """
    contract = c.review.contract
    rule, labels = contract.governance.contacts, _labels(c.review)
    sides = {role.id: "client" for role in contract.client.roles}
    sides |= {role.id: "provider" for role in contract.provider.roles}
    before = rule.within if rule else None
    rows = metrics.changes(table, sides, before, c.review.today, contract.days_off)
    names = [labels.get(role, Quoted(role)) for role in rows["role"]]
    rows = rows.assign(label=pd.Series(names, rows.index, dtype="object"))
    c.intro(*([BEFORE(delay=delay_words(before))] if before else []))
    due = rows["state"].isin(JUDGED) & rows["side"].isin([*OF_SIDE])
    k, of = punctuality(rows.loc[due, "state"])
    c.headline(HEADLINE(k=k, of=of) if of else COUNT(n=len(rows)))
    source, clause = "contacts.csv: role, from_on, announced_on", rule.clause if rule else ""
    c.fact("changes", N_("Changes of contact"), len(rows), n=table["role"].nunique(), source=source,
           key=True)  # fmt: skip
    for side, label in ANNOUNCED.items():
        own = rows[(rows["side"] == side) & (due | ("announced_on" not in table))]
        if len(own):
            fact = c.on_time(
                f"announced.{side}", label, own["state"], OF_SIDE[side], clause=clause,
                **read(table, "contacts.csv", "from_on", "announced_on"),
            )  # fmt: skip
            held = c.named(lambda row: row.label, own[own["state"] == ON_TIME])
            kept(c, f"announced.{side}", fact, held, clause=clause)
    late = _changed(c, rows, clause)
    c.caveat("roles", UNTOLD, about=sorted({*rows["role"]} - {*sides}) if labels else None,
             when=bool(labels))  # fmt: skip
    c.table(CHANGES, rows)
    return late


def _labels(review: Review) -> dict[str, Text]:
    """Return what the roles of the contract are called, by their id."""
    parties = (review.contract.client, review.contract.provider)
    return {one.id: text_of(one.role) for party in parties for one in party.roles if one.id}


def _changed(c: Chapter, rows: pd.DataFrame, clause: Text | str) -> int:
    roles = [
        OF_SIDE_ROLE(label=row.label, side=SIDES[row.side]) if row.side in SIDES else row.label
        for row in rows.itertuples()
    ]
    rows = rows.assign(named=pd.Series(roles, rows.index, dtype="object"))
    late = rows[rows["state"].isin([LATE, OVERDUE]) & rows["side"].isin([*OF_SIDE])]
    number = late.groupby("role").cumcount() + 1
    late = late.assign(name=late["role"].astype("str") + "." + number.astype("str"))
    agree = AGREE_NEXT if c.review.over else AGREE
    c.each(
        Kind.CONCERN, "change", late, _untimely, id="name",
        about=lambda row: [f"{row.from_on:%Y-%m-%d}"],
        decision=lambda row: EMPTY if row.handover == "done" else agree,
        clause=lambda _row: clause,
        checks=lambda row: Checks(OF_SIDE[row.side], 0, 1), decider=Side.BOTH,
    )  # fmt: skip
    judged = rows["state"].isin(JUDGED) & rows["side"].isin([*OF_SIDE])
    often = metrics.roles(rows)
    often = often[(often["changes"] > 1) & ~often["role"].isin(rows.loc[judged, "role"])]
    labels = rows.drop_duplicates("role").set_index("role")["named"]
    often = often.assign(label=pd.Series([labels[one] for one in often["role"]], dtype="object"))
    c.each(
        Kind.NEUTRAL, "role", often,
        lambda row: TURNOVER(role=row.label, changes=row.changes, last_on=row.last_on),
        id="role", about=lambda row: [f"{row.last_on:%Y-%m-%d}"],
    )  # fmt: skip
    return len(late)


def _untimely(row: Any) -> Text:
    changed: Text = NEVER(role=row.named, from_on=row.from_on)
    if pd.notna(row.ahead):
        words = AFTER if row.ahead < 0 else SHORT if row.ahead else SAME_DAY
        changed = words(role=row.named, from_on=row.from_on, days=abs(row.ahead))
    return sentences(changed, NO_HANDOVER if row.handover == "none" else EMPTY)


def _trainings(c: Chapter, table: pd.DataFrame) -> int:
    """Add the sessions held by their date, by the side that gives them, and who attended."""
    rows = metrics.trainings(table, c.review.today)
    held = int(rows["done_on"].notna().sum())
    alone = c.review.table("contacts") is None and c.review.table("subcontractors") is None
    untold = N_("The folder does not say which sessions were held.")
    message = SESSIONS(k=held, of=len(rows)) if "done_on" in table else untold
    c.headline(*([message] if alone else []))
    source = read(table, "trainings.csv", "due_on", "done_on")
    for side, label in HELD.items():
        judged = rows["state"].notna() | ("done_on" not in table)
        own = rows[(rows["given_by"] == side) & judged]
        if len(own):
            fact = c.on_time(f"held.{side}", label, own["state"], OF_SIDE[side], **source)
            c.met(f"held.{side}", fact, own.loc[own["state"] == ON_TIME, "training_id"])
    counted = rows[rows["share"].notna()]
    invited, attended = int(counted["invited"].sum()), int(counted["attended"].sum())
    c.share(
        "attended", N_("People who attended, of those for whom it was meant"), attended, invited,
        because=N_("no session says how many attended, of how many"),
        source="trainings.csv: invited, attended",
    )  # fmt: skip
    missed = rows[rows["state"].isin([LATE, OVERDUE]) & rows["given_by"].isin([*OF_SIDE])]
    hold = HOLD_NEXT if c.review.over else HOLD
    c.each(
        Kind.CONCERN, "session", missed,
        lambda row: NOT_HELD[row.state](
            named=titled(row.training_id, row.title), party=PARTIES[row.given_by]
        ),
        id="training_id",
        decision=lambda row: hold if row.state == OVERDUE else EMPTY, clause="clause",
        checks=lambda row: Checks(OF_SIDE[row.given_by], 0, 1),
        decider=lambda row: Side.BOTH if c.review.over else OF_SIDE[row.given_by],
    )  # fmt: skip
    c.table(TRAININGS, rows)
    return len(missed)


def _subcontractors(c: Chapter, table: pd.DataFrame) -> int:
    """Add the subcontractors that were declared before they began, and the others."""
    rule = c.review.contract.governance.subcontracting
    rows = metrics.subcontractors(table, rule.requires if rule else "nothing", c.review.today)
    missed, clause = rows[rows["state"].isin([LATE, OVERDUE])], rule.clause if rule else ""
    named, of = len(missed) or c.review.table("contacts") is None, rows["state"].notna().sum()
    message = UNDECLARED(k=len(missed), of=int(of)) if of else AT_ALL(n=len(rows))
    c.headline(*([message] if named else []))
    column = "approved_on" if rule and rule.requires == "approval" else "declared_on"
    fact = c.on_time(
        "declared", N_("Subcontractors declared before they began"), rows["state"].dropna(),
        Side.PROVIDER, clause=clause, because=N_("the contract asks for no declaration"), key=True,
        **read(table, "subcontractors.csv", "started_on", column),
    )  # fmt: skip
    c.met("declared", fact, rows.loc[rows["state"] == ON_TIME, "subcontractor_id"], clause)
    if column not in table:
        c.table(SUBCONTRACTORS, rows)
        return 0
    c.each(
        Kind.CONCERN, "subcontractor", missed,
        lambda row: _undeclared(c, row)(named=titled(row.subcontractor_id, row.service)),
        id="subcontractor_id", decision=lambda row: _declare(c, row),
        clause=lambda _row: clause, checks=lambda _row: Checks(Side.PROVIDER, 0, 1),
        brief=lambda row: _brief(c, row) if row.state == OVERDUE else None, decider=Side.BOTH,
    )  # fmt: skip
    c.table(SUBCONTRACTORS, rows)
    return len(missed)


def _has_ended(c: Chapter, row: Any) -> bool:
    return bool(row.ended_on <= c.review.today)  # a day that lacks is after none


def _undeclared(c: Chapter, row: Any) -> Message:
    if row.state == OVERDUE:
        return WORKED if _has_ended(c, row) else AT_WORK
    return DECLARED_LATE if row.late else ON_FIRST_DAY


def _declare(c: Chapter, row: Any) -> Text:
    """Return what can be decided; nobody declares one that has ended."""
    if row.state != OVERDUE:
        return EMPTY
    if c.review.over:
        return DECLARE_NEXT
    return CHECK if _has_ended(c, row) else DECLARE


def _brief(c: Chapter, row: Any) -> Brief:
    text = c.of_row(WORKED_BRIEF if _has_ended(c, row) else BRIEF, row)
    stake = AtStake(int(row.late), Unit.DAYS) if row.late else None
    return Brief(text, stake, f"subcontractor {row.subcontractor_id}", Side.PROVIDER)
