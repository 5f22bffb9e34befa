"""Who was invited to a meeting, as roles of the contract: addresses go no further than here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reviewlib.contract import Contract
from reviewlib.contract.governance import LAUNCH
from reviewlib.folder.importers.entries import CalendarEntry
from reviewlib.folder.importers.settling import OFFERED, OpenKey, Settling
from reviewlib.folder.importers.titles import NONE, answered
from reviewlib.report.text import n_

SIDES = ("client", "provider")
ROLE = n_(
    "Which role is “{address}” (invited to {n} meeting)?",
    "Which role is “{address}” (invited to {n:number} meetings)?",
)
SIDE = n_(
    "Of which side is who organises from “{domain}” ({n} meeting that was moved or cancelled)?",
    "Of which side is who organises from “{domain}” ({n:number} meetings that were moved or "
    "cancelled)?",
)
PLACES = ("ROOM", "RESOURCE")
ANSWERED, PRESUMED = "answered", "presumed"
UNANSWERED, UNINVITED, NOBODY = "unanswered", "uninvited", "nobody"


class Attendance(NamedTuple):
    """The ids of the roles that attended, divided by semicolons, and on what that stands.

    ANSWERED: all answered; PRESUMED: all but who organises. Where ``roles`` is "": UNANSWERED, one
    has not answered, or has no role yet; UNINVITED, a role that the body requires, or any role, was
    not invited; NOBODY, all declined.
    """

    roles: str
    basis: str


@dataclass(frozen=True)
class Invited:
    """Who is invited: what each answered, by address, and the address of who organises.

    ``presumed``: who organises is taken as present, for the invitation has no answer of theirs.
    """

    answers: Mapping[str, str]
    organiser: str = ""
    presumed: bool = False

    @classmethod
    def to(cls, entry: CalendarEntry) -> Invited:
        """Return who is invited to an entry; rooms are nobody."""
        people = [
            (address, str(one.params.get("PARTSTAT", "")).upper())
            for one in _listed(entry.event.get("ATTENDEE"))
            if (address := _address(one))
            and str(one.params.get("CUTYPE", "")).upper() not in PLACES
        ]
        organiser = next(map(_address, _listed(entry.event.get("ORGANIZER"))), "")
        answers = dict(people)
        others = {*answers} - {organiser}  # who organises may be named alone
        presumed = bool(organiser and others and not answers.get(organiser))
        if presumed:
            answers[organiser] = "ACCEPTED"
        return cls(answers, organiser, presumed)


def _listed(value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [one for one in values if hasattr(one, "params")]


def _address(value: Any) -> str:
    """Return an address in small letters; "" for what is none, such as a name in a directory."""
    address = str(value).strip().lower().removeprefix("mailto:").strip()
    return address if address.count("@") == 1 and not address.endswith("@") else ""


def code_of(address: str) -> str:
    """Return the code by which mapping.yml names a person: the domain, and no name."""
    code = hashlib.sha256(address.encode()).hexdigest()[:8]
    return f"{code}@{domain_of(address)}"


def domain_of(address: str) -> str:
    """Return the domain of an address."""
    return address.rpartition("@")[2]


@dataclass
class Roles:
    """The roles of people, by address, as mapping.yml states them by code or by domain.

    None: nobody has said yet; NONE: no role of the contract. ``required``: by body the roles that
    it requires, each with the one that stands in for it there, "" for none.
    """

    stated: Mapping[str, str | None]
    sides: Mapping[str, str]
    required: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_address: dict[str, str | None] = field(default_factory=dict)

    def of(self, address: str) -> str | None:
        """Return the role of who has an address."""
        if address not in self.by_address:
            own = self.stated.get(code_of(address)) or self.stated.get(domain_of(address))
            self.by_address[address] = own
        return self.by_address[address]

    def attended(self, invited: Invited, body: str) -> Attendance:
        """Return the roles that accepted to meet; none unless a role not named was absent."""
        roles = {address: self.of(address) for address in invited.answers}
        answers = [(roles[a], answer) for a, answer in invited.answers.items() if roles[a] != NONE]
        named = {role for role, _ in answers}
        accepted = {role for role, answer in answers if answer == "ACCEPTED"}
        settled = accepted | {r for r, answer in answers if answer in ("DECLINED", "DELEGATED")}
        if None in named or named - settled:
            return Attendance("", UNANSWERED)
        required = self.required.get(body, {})
        if not named or any(r not in named and required[r] not in accepted for r in required):
            return Attendance("", UNINVITED)
        if not accepted:
            return Attendance("", NOBODY)
        presumed = invited.presumed and roles[invited.organiser] != NONE
        attended = "; ".join(role for role in self.sides if role in accepted)
        return Attendance(attended, PRESUMED if presumed else ANSWERED)


def settle_roles(work: Settling, held: Iterable[Invited], contract: Contract) -> Roles:
    """Return the roles of who was invited to meetings; ask for the people invited to most."""
    sides = {
        contact.id: side
        for side in SIDES
        for contact in getattr(contract, side).roles
        if contact.id
    }
    stated = work.stated.values.get("attended", {})
    kept = work.values.setdefault("attended", dict(stated))
    roles = Roles(kept, sides, _required(contract))
    if not sides:
        return roles
    counts = Counter(address for invited in held for address in invited.answers)
    left = [address for address, _ in counts.most_common() if roles.of(address) is None]
    for address in left[:OFFERED]:
        question = ROLE(address=address, n=counts[address])
        key = work.key("values", "attended", code_of(address))
        answer = answered(work, OpenKey(key, question, (*sides, NONE)))
        kept[code_of(address)] = roles.by_address[address] = answer
    return roles


def _required(contract: Contract) -> dict[str, dict[str, str]]:
    """Return by body the roles that it requires, each with its deputy, "" where it has none.

    A deputy that the body requires too stands in for nobody.
    """
    plan, deputies = contract.governance, dict[str, str]()
    for side in SIDES:
        contacts = [one for one in getattr(contract, side).roles if one.id]
        ids = {str(one.role): one.id for one in contacts}
        deputies |= {one.id: ids.get(str(one.deputy), "") for one in contacts}
    bodies = {name: body.roles for name, body in plan.bodies.items()}
    bodies |= {LAUNCH: plan.launch.roles} if plan.launch else {}
    return {
        body: {role: "" if deputies[role] in roles else deputies[role] for role in roles}
        for body, roles in bodies.items()
    }


def settle_sides(work: Settling, addresses: Iterable[str], roles: Roles) -> dict[str, str]:
    """Return the side of who organises, by address: of the role, else as stated of the domain."""
    stated = work.stated.values.get("cancelled_by", {})
    kept = work.values.setdefault("cancelled_by", dict(stated))
    counts = Counter(filter(None, addresses))
    by_role = {one: roles.sides.get(roles.of(one) or "", "") for one in counts}
    by_domain = Counter[str]()
    for address, n in counts.items():
        if not by_role[address]:
            by_domain[domain_of(address)] += n
    for domain, n in by_domain.most_common(OFFERED):
        if stated.get(domain) is None:
            ids = (role for a, role in roles.by_address.items() if role and domain_of(a) == domain)
            guess = next((roles.sides[role] for role in ids if role in roles.sides), "")
            key = work.key("values", "cancelled_by", domain)
            question = SIDE(domain=domain, n=n)
            kept[domain] = answered(work, OpenKey(key, question, (*SIDES, NONE), guess))
    sides = {one: by_role[one] or kept.get(domain_of(one)) or "" for one in counts}
    return {one: side for one, side in sides.items() if side in SIDES}
