"""The contract check of the governance plan: what a plan usually settles and this one leaves open.

No advice on the law: each point says what is not stated, and why it matters to both parties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reviewlib.contract.days import Days
from reviewlib.contract.governance import Governance
from reviewlib.contract.model import Contract
from reviewlib.contract.parties import Contact, Party, Selection
from reviewlib.report.text import N_, Message, Text, n_

AT_LEAST_QUARTERLY = ("week", "two-weeks", "month", "two-months", "quarter")
POINTS: dict[str, tuple[Message, Message]] = {
    "contacts": (
        N_("Single points of contact"),
        N_(
            "Without one, requests and answers go several ways, and nobody can say who was to "
            "answer."
        ),
    ),
    "meetings": (
        N_("Meetings"),
        N_("A rhythm, and who attends, let both parties settle a point before it is a dispute."),
    ),
    "disputes": (
        N_("Settlement of disputes"),
        N_("Steps and their delays bring a dispute to who can settle it, while the work goes on."),
    ),
    "escalation": (
        N_("Escalation"),
        N_("It says whom each side notifies of a major incident, and how soon."),
    ),
    "reports": (
        N_("Reports"),
        N_("Both parties decide on the same figures, on a day that both can expect."),
    ),
    "duties": (
        N_("Duties of the client"),
        N_(
            "The provider's dates rest on them; without a delay, neither party can show whose days "
            "of waiting they are."
        ),
    ),
    "decisions": (
        N_("Decisions in writing"),
        N_("A decision without a written record can be read in two ways once it is applied."),
    ),
    "minutes": (
        N_("Minutes of meetings"),
        N_("Minutes that come late are contested, or come after what they decide."),
    ),
    "dates": (
        N_("Dates ahead"),
        N_("A contract may be renewed, or its price fixed, by a day that passed unnoticed."),
    ),
    "subcontracting": (
        N_("Subcontracting"),
        N_("The client has to know who has access to its data; the provider answers for them."),
    ),
    "selection": (
        N_("Selection of the provider"),
        N_(
            "The lowest price may not pay for the service expected: a risk for both, of quality "
            "for one, of margin for the other."
        ),
    ),
    "changes": (
        N_("Changes of contact"),
        N_("A change that is announced beforehand leaves time to hand over what is under way."),
    ),
    "deputies": (
        N_("Deputies and technical leads"),
        N_("Work goes on in an absence, and somebody on each side settles technical questions."),
    ),
    "tools": (
        N_("Shared tools and procedures"),
        N_("What was exchanged and learned stays where both parties find it, whoever leaves."),
    ),
}
"""What a plan usually settles, the gravest first: its title, and why it matters."""
NO_CONTACT = {
    "client": N_("the client's single point of contact"),
    "provider": N_("the provider's single point of contact"),
}
NO_DEPUTY = {
    "client": N_("who stands in for the client's point of contact"),
    "provider": N_("who stands in for the provider's point of contact"),
}
NO_LEAD = {
    "client": N_("the client's technical lead"),
    "provider": N_("the provider's technical lead"),
}
NO_BODY = N_("a body that meets each quarter at least")
NO_LAUNCH = N_("the launch meeting")
NO_ROLES = N_("who attends: {names}")
NO_MINUTES = N_("the delay for sending minutes")
NO_MINUTES_OF = N_("the delay for sending the minutes: {names}")
NO_REPORTS = N_("the reports that each side owes")
NO_REPORT_DELAY = N_("the day by which a report is due: {names}")
NO_ESCALATION = N_("levels of escalation")
NO_DISPUTES = N_("the steps by which a dispute is settled")
NO_STEP_DELAY = n_(
    "the delay of {n} step of the settlement of a dispute",
    "the delays of {n} steps of the settlement of a dispute",
)
NO_DUTIES = N_("what the client is to provide or to decide")
NO_DUTY_DELAY = N_("the client's delay: {names}")
NO_RECORD = N_("the delay for putting a decision in writing")
NO_CHANGES = N_("how long beforehand a change of contact is announced")
NO_SUBCONTRACTING = N_("whether a subcontractor is declared or approved before it begins")
NO_DATES = N_("the days of revisions, options or notices")
NO_NOTICE = N_("the notice to give: {names}")
NO_TOOLS = N_("the shared tools")
NO_PROCEDURES = N_("the procedures to be written")
PRICE_ALONE = N_("criteria other than the price, which alone decided")


_Meeting = tuple[Text | str, tuple[str, ...], Days | None]


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A point of the plan that the contract leaves open: its title, what is open, why it matters.

    ``name``: its key in POINTS.
    """

    name: str
    title: Message
    lacks: tuple[Text, ...]
    why: Message


def left_open(contract: Contract) -> tuple[OpenPoint, ...]:
    """Return what of a governance plan the contract does not state, the gravest first."""
    plan = contract.governance
    pairs = (*_of_people(contract), *_of_meetings(plan), *_of_rules(plan), *_of_dues(contract))
    lacks: dict[str, list[Text]] = {name: [] for name in POINTS}
    for name, lack in pairs:
        lacks[name].append(lack)
    return tuple(
        OpenPoint(name, title, tuple(lacks[name]), why)
        for name, (title, why) in POINTS.items()
        if lacks[name]
    )


def _of_people(contract: Contract) -> Iterator[tuple[str, Text]]:
    parties: dict[str, Party] = {"client": contract.client, "provider": contract.provider}
    for side, party in parties.items():
        contact: Contact | None = party.contact
        if contact is None:
            yield "contacts", NO_CONTACT[side]
        elif not contact.deputy:
            yield "deputies", NO_DEPUTY[side]
        if not any(one.technical for one in party.roles):
            yield "deputies", NO_LEAD[side]
    if not contract.escalation:
        yield "escalation", NO_ESCALATION
    if contract.selection and price_alone(contract.selection):
        yield "selection", PRICE_ALONE


def price_alone(selection: Selection) -> bool:
    """Whether the provider was selected by price and nothing else: all of the weight is on it."""
    weighs = [one for one in selection.criteria if one.weight is None or one.weight > 0]
    whole = sum(one.weight or 0 for one in weighs if one.kind == "price") >= 1
    return whole or (bool(weighs) and all(one.kind == "price" for one in weighs))


def _of_meetings(plan: Governance) -> Iterator[tuple[str, Text]]:
    meetings: list[_Meeting] = [(one.title, one.roles, one.minutes) for one in plan.bodies.values()]
    if not any(body.every in AT_LEAST_QUARTERLY for body in plan.bodies.values()):
        yield "meetings", NO_BODY
    if plan.launch is None:
        yield "meetings", NO_LAUNCH
    else:
        meetings.append((NO_LAUNCH, plan.launch.roles, plan.launch.minutes))
    yield from _named("meetings", NO_ROLES, (title for title, roles, _ in meetings if not roles))
    if not any(minutes for _, _, minutes in meetings):
        yield "minutes", NO_MINUTES
    else:
        late = (title for title, _, minutes in meetings if minutes is None)
        yield from _named("minutes", NO_MINUTES_OF, late)


def _of_rules(plan: Governance) -> Iterator[tuple[str, Text]]:
    if plan.disputes is None:
        yield "disputes", NO_DISPUTES
    else:
        endless = sum(step.within is None for step in plan.disputes.steps[:-1])
        if endless:
            yield "disputes", NO_STEP_DELAY(n=endless)
    if plan.decisions is None or plan.decisions.within is None:
        yield "decisions", NO_RECORD
    if plan.contacts is None or plan.contacts.within is None:
        yield "changes", NO_CHANGES
    if plan.subcontracting is None:
        yield "subcontracting", NO_SUBCONTRACTING
    if not plan.tools:
        yield "tools", NO_TOOLS
    if not plan.procedures:
        yield "tools", NO_PROCEDURES


def _of_dues(contract: Contract) -> Iterator[tuple[str, Text]]:
    reports, duties = contract.governance.reports.values(), contract.client_duties
    if not reports:
        yield "reports", NO_REPORTS
    untimed = (one.title for one in reports if one.within is None)
    yield from _named("reports", NO_REPORT_DELAY, untimed)
    if not duties:
        yield "duties", NO_DUTIES
    yield from _named("duties", NO_DUTY_DELAY, (one.title for one in duties if one.within is None))
    if not contract.key_dates:
        yield "dates", NO_DATES
    # the day of a notice is itself the last day to give it
    days = (one for one in contract.key_dates if one.notice is None and one.kind != "notice")
    yield from _named("dates", NO_NOTICE, (one.title for one in days))


def _named(name: str, lack: Message, titles: Iterable[Text | str]) -> Iterator[tuple[str, Text]]:
    """Yield a lack of the parts of these titles, where there is one."""
    if names := tuple(titles):
        yield name, lack(names=names)
