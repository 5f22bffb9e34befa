"""Changes of contact, training, subcontractors: announced, held, declared when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.people.teams.chapter import teams
from reviewlib.report.values import Checks, Kind, Section, Side
from tests import desk
from tests.sample import sample_of
from tests.spoken import caveats, html, sentence, table
from tests.spoken import chapter as chapter_of

PLAN = {
    "contacts": {"clause": "Art. 6", "within": "10 calendar days"},
    "subcontracting": {"clause": "Art. 11", "requires": "declaration"},
}
PARTIES = {
    "client": {"name": "Client", "contact": {"id": "buyer", "role": "Contract manager"}},
    "provider": {"name": "Provider", "contact": {"id": "seller", "role": "Service manager"}},
}
ROLE = {"client": "buyer", "provider": "seller"}


def made_of(tmp_path: Path, plan: Any = PLAN, **tables: Any) -> Section:
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    agreed = desk.agreed(governance=plan, **PARTIES)
    return chapter_of(teams, desk.review(tmp_path, agreed, frames, as_of="2026-06-30"))


def holder(role: str, first: str, **about: Any) -> dict[str, Any]:
    return {"role": role, "holder": f"H{first[5:7]}", "from_on": first} | about


@pytest.mark.parametrize("side", ["client", "provider"])
def test_a_change_is_announced_in_time_by_the_side_whose_role_it_is(
    tmp_path: Path, side: str
) -> None:
    """Ten days before 1 March is 19 February: the 20th is 9 days ahead."""
    role = ROLE[side]
    made = made_of(
        tmp_path,
        contacts=[
            holder(role, "2026-01-01", to_on="2026-01-31"),
            holder(role, "2026-02-01", announced_on="2026-01-22", to_on="2026-02-26"),
            holder(role, "2026-03-01", announced_on="2026-02-20", handover="none"),
            holder(role, "2026-04-01"),
        ],
    )

    assert made.fact("teams.changes").value == 3
    assert made.fact(f"teams.announced.{side}").checks == Checks(Side(side), 1, 3)
    assert "announced 9 days before. No handover took place." in sentence(
        made, f"teams.change.{role}.1"
    )
    assert "no announcement is recorded" in sentence(made, f"teams.change.{role}.2")
    assert f"teams.role.{role}" not in [one.id for one in made.findings]
    asked = [made.finding(f"teams.change.{role}.{n}").decision for n in (1, 2)]
    assert asked == ["Agree on a handover for each change of contact."] * 2
    assert [row[7] for row in table(made, "changes").rows] == [0, 2, None]  # 27 and 28 February


def test_without_a_rule_a_change_is_counted_and_not_judged(tmp_path: Path) -> None:
    rows = [holder("seller", "2026-01-01"), holder("seller", "2026-02-01")]
    made = made_of(tmp_path, plan={}, contacts=rows)

    assert made.headline == "1 change of contact."
    assert made.findings == ()


def test_nobody_is_named(tmp_path: Path) -> None:
    rows = [holder("seller", "2026-01-01"), holder("seller", "2026-02-01") | {"holder": "ZORGLUB"}]

    assert "ZORGLUB" not in html(made_of(tmp_path, contacts=rows))


@pytest.mark.parametrize("side", ["client", "provider"])
def test_a_session_is_of_the_side_that_gives_it(tmp_path: Path, side: str) -> None:
    """Due on 1 June, not held by 30 June: 29 days; 30 of 40 people attended the other."""
    session = {"title": "Basics", "side": "both", "given_by": side, "due_on": "2026-06-01"}
    made = made_of(
        tmp_path,
        trainings=[
            session | {"training_id": "T1", "done_on": "2026-06-01", "invited": 40, "attended": 30},
            session | {"training_id": "T2"},
            session | {"training_id": "T3", "given_by": "third_party"},
        ],
    )

    assert made.fact(f"teams.held.{side}").checks == Checks(Side(side), 1, 2)
    assert made.fact("teams.attended").value == 0.75
    assert sentence(made, "teams.session.T2") == (
        f"Session T2 “Basics”, given by the {side}: no date on which it was held is recorded as of "
        "30 Jun 2026; it was planned for 1 Jun 2026."
    )
    assert [f.decider for f in made.findings if f.kind is Kind.CONCERN] == [side]
    assert made.headline == "1 of 3 sessions were held."


def test_a_subcontractor_is_declared_before_its_first_day_and_not_on_it(tmp_path: Path) -> None:
    company = {"service": "Nights", "started_on": "2026-03-01"}
    made = made_of(
        tmp_path,
        subcontractors=[
            company | {"subcontractor_id": "S0", "declared_on": "2026-02-28"},
            company | {"subcontractor_id": "S1", "declared_on": "2026-03-01"},
            company | {"subcontractor_id": "S2", "declared_on": "2026-03-04"},
            company | {"subcontractor_id": "S3"},
        ],
    )

    assert made.fact("teams.declared").checks == Checks(Side.PROVIDER, 1, 4)
    assert "declared on its first day (1 Mar 2026)" in sentence(made, "teams.subcontractor.S1")
    assert "declared 3 days after it began" in sentence(made, "teams.subcontractor.S2")
    assert "no declaration is recorded" in sentence(made, "teams.subcontractor.S3")


def test_a_table_without_the_day_of_declaration_accuses_nobody(tmp_path: Path) -> None:
    rows = [{"subcontractor_id": "S1", "service": "<i>{x}</i>", "started_on": "2026-03-01"}]
    made = made_of(tmp_path, subcontractors=rows)

    assert made.fact("teams.declared").value is None
    assert made.findings == ()
    assert "<i>{x}" not in html(made)


def test_the_sample_has_a_contact_changed_twice_and_an_undeclared_subcontractor() -> None:
    """Announced 27 days before 1 September 2024, then on 5 March for 1 March 2025: 4 days after."""
    made = chapter_of(teams, sample_of(), language="en")

    assert [f.id for f in made.findings if not (f.checks and f.checks.held)] == [
        "teams.change.service_manager.1",
        "teams.subcontractor.ST2",
        "teams.session.FO4",
    ]
    assert sentence(made, "teams.change.service_manager.1").startswith(
        "“Service delivery manager” (provider) changed on 1 Mar 2025; it was announced 4 days"
    )
    assert "given by the client: no date on which" in sentence(made, "teams.session.FO4")
    asked = [f.decision for f in made.findings if f.decision]
    assert len(asked) == 3
    assert all(one.startswith("For the next contract: ") for one in asked)
    assert [f.evidence for f in made.findings if "service_manager" in f.id] == [
        ("2025-03-01",),
    ]
    assert [row[4] for row in table(made, "changes").rows] == [27, -4]


def test_a_holder_who_goes_on_is_no_change_of_contact(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        contacts=[
            {"role": "buyer", "holder": "H1", "from_on": "2026-01-01", "to_on": "2026-01-31"},
            {"role": "buyer", "holder": "H1", "from_on": "2026-02-01", "announced_on": None},
        ],
    )

    assert made.fact("teams.changes").value == 0
    assert made.findings == ()


def test_without_the_days_that_tell_no_side_is_late(tmp_path: Path) -> None:
    session = {"training_id": "S1", "title": "Portal", "side": "client", "due_on": "2026-02-01"}
    company = {"subcontractor_id": "P1", "service": "Network", "started_on": "2026-02-01"}
    made = made_of(
        tmp_path,
        contacts=[holder("buyer", "2026-01-01"), holder("buyer", "2026-02-01")],
        trainings=[session | {"given_by": side, "training_id": side} for side in ROLE],
        subcontractors=[company],
    )

    assert made.headline == "1 change of contact."
    assert made.findings == ()
    assert [fact.checks for fact in made.facts if fact.checks] == []
    lacking = [fact.id for fact in made.facts if fact.value is None and "lacks" in fact.note]
    assert lacking == [
        "teams.announced.client", "teams.declared", "teams.held.client", "teams.held.provider",
    ]  # fmt: skip


def test_a_subcontractor_that_ended_worked_up_to_its_last_day_and_is_not_to_be_declared(
    tmp_path: Path,
) -> None:
    """From 1 March to 10 April are 40 days; S2, at work until after the review, 121 by 30 June."""
    company = {"service": "Nights", "started_on": "2026-03-01", "declared_on": None}
    made = made_of(
        tmp_path,
        subcontractors=[
            company | {"subcontractor_id": "S1", "ended_on": "2026-04-10"},
            company | {"subcontractor_id": "S2", "ended_on": "2026-07-31"},
            company | {"subcontractor_id": "S3", "ended_on": "2026-03-01"},
        ],
    )
    ended, goes_on, a_day = (made.finding(f"teams.subcontractor.S{n}") for n in (1, 2, 3))

    assert ended.sentence == (
        "Subcontractor S1 “Nights” worked from 1 Mar 2026 to 10 Apr 2026; no declaration is "
        "recorded."
    )
    assert ended.brief.stake.value == 40
    assert (
        ended.decision == "Agree on who checks that a subcontractor is declared before it begins."
    )
    assert goes_on.brief.stake.value == 121
    assert goes_on.decision.startswith("Subcontractor S2: declare it")
    assert a_day.brief.stake is None


def test_a_role_that_went_back_to_its_holder_changed_twice(tmp_path: Path) -> None:
    """Without a rule nothing else says so."""
    rows = [holder("seller", f"2026-0{n}-01") | {"holder": one} for n, one in enumerate("ABA", 1)]
    made = made_of(tmp_path, plan={}, contacts=rows)

    assert sentence(made, "teams.role.seller") == (
        "“Service manager” (provider) changed holders 2 times, the last one on 1 Mar 2026."
    )


def test_a_role_of_no_side_is_in_neither_count_and_the_day_itself_is_not_before(
    tmp_path: Path,
) -> None:
    rows = [
        holder(role, f"2026-0{n}-01", announced_on=f"2026-0{n}-01", handover="done")
        for role in ("seller", "stranger")
        for n in (1, 2)
    ]
    made = made_of(tmp_path, contacts=rows)

    assert made.headline == "0 of 1 change of contact was announced in time."
    assert made.fact("teams.announced.provider").n == 1
    finding = made.finding("teams.change.seller.1")
    assert finding.sentence.endswith("it was announced on the same day.")
    assert not finding.decision  # the notice is agreed, and the handover took place


def test_findings_stop_at_fifty_and_say_so(tmp_path: Path) -> None:
    rows = [{"subcontractor_id": f"S{n}", "service": "Nights", "started_on": "2026-03-01",
             "declared_on": "2026-03-02"} for n in range(51)]  # fmt: skip
    made = made_of(tmp_path, subcontractors=rows)

    assert len(made.findings) == 50
    assert caveats(made)["teams.more"].startswith("Findings of one kind stop at 50")
