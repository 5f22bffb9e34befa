"""What each chapter rests on: the tables and the terms without which it is not assessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.folder.engagement import Engagement
from reviewlib.report.text import N_, Message
from reviewlib.tables import SCHEMAS


@dataclass(frozen=True)
class Needs:
    """What a chapter is not assessed without.

    ``tables``: sets of tables, of which one is enough; ``keys``: of the contract; ``instead``: a
    column that will do in place of these.
    """

    title: Message
    tables: tuple[tuple[str, ...], ...] = ((),)
    keys: tuple[str, ...] = ()
    instead: tuple[str, str] | None = None


@dataclass(frozen=True)
class Reach:
    """What a report would assess now (slugs), and what it lacks for the other chapters.

    ``lacking``: by slug the files and keys, of which one is the shortest way; ``adds``: by file or
    key the chapters that it alone would add, most of them first.
    """

    assessed: tuple[str, ...]
    lacking: Mapping[str, tuple[str, ...]]
    adds: Mapping[str, tuple[str, ...]]


LOG, CLAUSES = (("tickets",),), ("terms.clauses",)
SUBMITTED = ("deliverables", "submissions")
NEEDS: Mapping[str, Needs] = {
    "engagement": Needs(N_("The engagement")),
    "terms": Needs(N_("How the clauses were interpreted"), keys=CLAUSES),
    "milestones": Needs(N_("Milestones"), (("milestones",),)),
    "deliverables": Needs(N_("Deliverables"), (SUBMITTED,)),
    "delays": Needs(N_("Causes of delay"), (("milestones",), SUBMITTED)),
    "duties": Needs(N_("Duties of the client"), (("client_duties",),)),
    "work_orders": Needs(N_("Work orders and defects"), (("work_orders",), ("defects",))),
    "budget": Needs(N_("Budget"), (("budget",),)),
    "penalties": Needs(N_("Penalties, credits and late payments"), keys=("terms.penalties",)),
    "payments": Needs(N_("Payments"), (("payments",),)),
    "earned_value": Needs(N_("Earned value"), (("earned_value",),)),
    "benefits": Needs(N_("Benefits"), (("benefits",),)),
    "changes": Needs(N_("Change requests"), (("changes",),)),
    "growth": Needs(N_("Growth of the scope"), (("changes",),)),
    "service_levels": Needs(N_("Service levels"), LOG, CLAUSES, ("tickets", "recorded_sla_met")),
    "availability": Needs(N_("Availability"), (("outages",),), ("terms.availability",)),
    "reconciliation": Needs(N_("Reconciliation"), (("reported_kpis", "tickets"),), CLAUSES),
    "amendments": Needs(
        N_("Service before and since each amendment"), LOG, ("amendments", *CLAUSES)
    ),
    "sensitivity": Needs(N_("Other interpretations of the clauses"), LOG, CLAUSES),
    "breaches": Needs(N_("The most consequential breaches"), LOG, CLAUSES),
    "durations": Needs(N_("Durations"), LOG),
    "flow": Needs(N_("Flow"), LOG),
    "handovers": Needs(N_("Hand-overs and waits"), (("tickets", "ticket_events"),)),
    "escalations": Needs(
        N_("Escalations"), (("tickets", "ticket_events"),), ("escalation", "major_incidents")
    ),
    "volumes": Needs(N_("Volumes"), LOG),
    "evolution": Needs(N_("Volumes, events and dates ahead"), (("tickets",), ("client_events",))),
    "autonomy": Needs(N_("Ramp-up and autonomy"), LOG, CLAUSES),
    "signals": Needs(N_("Signals to discuss"), LOG),
    "governance": Needs(N_("Governance"), (("meetings",), ("reports",))),
    "disputes": Needs(N_("Disputes"), (("disputes",),)),
    "decisions": Needs(N_("Decisions and their written record"), (("decisions",),)),
    "initiatives": Needs(N_("Initiatives and alerts"), (("initiatives",),)),
    "blockers": Needs(N_("Blocking points"), (("blockers",),)),
    "teams": Needs(N_("Teams"), (("contacts",), ("trainings",), ("subcontractors",))),
    "tools": Needs(N_("Tools and procedures"), (("tools",), ("procedures",))),
    "satisfaction": Needs(N_("Satisfaction"), (("survey_answers",),), ("survey",)),
    "comments": Needs(N_("Comments by theme"), (("survey_answers",),), ("survey",)),
    "perception": Needs(N_("How both parties see it"), (("survey_answers",),), ("survey",)),
    "lessons": Needs(N_("Lessons and actions"), (("lessons",), ("actions",))),
    "data_quality": Needs(N_("Data quality and provenance")),
}
"""By the slug of a chapter, in the order of the page."""


def reach(engagement: Engagement) -> Reach:
    """Return what a report of an engagement would assess, as its tables and its contract tell.

    Of a chapter that has all that it needs, its own rows may still tell too little.
    """
    given = {f"{name}.csv" for name in SCHEMAS if engagement.table(name) is not None}
    given |= _stated(engagement.contract)
    lacking = {slug: _lacking(needs, engagement, given) for slug, needs in NEEDS.items()}
    alone: dict[str, list[str]] = {}
    for slug, needs in NEEDS.items():
        for missing in _ways(needs, given) if lacking[slug] else ():
            if len(missing) == 1:
                alone.setdefault(missing[0], []).append(slug)
    first = sorted(alone.items(), key=lambda item: -len(item[1]))
    return Reach(
        tuple(slug for slug, missing in lacking.items() if not missing),
        {slug: missing for slug, missing in lacking.items() if missing},
        {name: tuple(slugs) for name, slugs in first},
    )


def untold_pauses(engagement: Engagement) -> tuple[str, ...]:
    """Return the clauses that pause, where no log tells of a status that the contract defines.

    What is over its target is then late or paused: such a clause has bounds, seldom a verdict.
    """
    contract, log = engagement.contract, engagement.table("ticket_events")
    if engagement.table("tickets") is None:
        return ()
    if log is not None:
        defined = {status for terms in contract.versions for status in terms.statuses}
        changed = log[log["field"] == "status"]
        ways = [changed[name] for name in ("old", "new") if name in changed]
        if any(way.astype("str").isin(defined).any() for way in ways):
            return ()
    pausing = {
        name
        for terms in contract.versions
        for name, clause in terms.clauses.items()
        if clause.pauses
    }
    return tuple(name for name in contract.clause_ids() if name in pausing)


def _stated(contract: Contract) -> set[str]:
    """Return the keys of the contract, of those that chapters need, that state something."""
    keys = {key for needs in NEEDS.values() for key in needs.keys}
    return {
        key
        for key in keys
        if any(
            getattr(part, key.removeprefix("terms."))
            for part in (contract.versions if key.startswith("terms.") else (contract,))
        )
    }


def _ways(needs: Needs, given: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield what is missing of each set of tables, with the keys of the contract."""
    for tables in needs.tables:
        files = (f"{name}.csv" for name in tables)
        yield tuple(name for name in (*files, *needs.keys) if name not in given)


def _lacking(needs: Needs, engagement: Engagement, given: set[str]) -> tuple[str, ...]:
    """Return what is missing on the shortest way to a chapter; nothing where it is assessed."""
    if needs.instead:
        table = engagement.table(needs.instead[0])
        rows = pd.DataFrame() if table is None else table
        if needs.instead[1] in rows and rows[needs.instead[1]].notna().any():
            return ()
    return min(_ways(needs, given), key=len)
