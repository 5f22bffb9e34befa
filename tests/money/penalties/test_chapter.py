"""The chapter on penalties: the shipped sample to the euro, then folders small enough by hand.

The sample, as of 4 July 2025 (data/delivery.yml; availability as in data/README.md):

Art. 10.1, 1/1000 of the base for each day, at most 10 % of 100,000 = 10,000:
  M1, 24,000: late 30 March to 12 April, 14 days, 4 of the client: 10 × 24 = 240
  M4, 160,000: 13 November to 14 March, 122 days; 44 suspended, 5 the client's, 7 the client's and a
    third party's, 2 of a flood, 10 contested: 54 to 64 days, × 160 = 8,640 to 10,240
  M5, 60,000: 16 days × 60 = 960; M6, 20,000: 14 days so far, of which 10 up to 30 June 2025, the
  end of the contract, × 20 = 200
  due 10,040 to 11,640; by date: M1 and M4 leave 1,120 of the cap to M5 and M6 (960 and 160), or, at
  the upper side, M4 is cut to 9,760 and nothing is left
Art. 10.2, 250 for each started week, without the client's decisions on versions that it refused: D2
  42 - 14 = 28 days, 4 weeks, 1,000; D3 70 - 28 = 42 days, 6 weeks, 1,500; D7 28 - 13 = 15 days, 3
  weeks, 750; D6 158 days, of which M4, that it needs, was late on 122 and not yet due on 29: 7
  days, 1 week, 250: 3,500
Art. 10.3, SLA points: counted below from the CSV files; at most 1,600 a month
Art. 10.4, of 8,000: October 2024 at 99.42 % owes 5 %, 400; December at 97.02 % owes 20 %, 1,600
Art. 10.5, of 3,500: April 2025 at 99.72 % and June at 99.896 %, 5 % each, 175; February 2024 is of
  the ramp-up
Art. 9.4, 12.5 % a year and 40: 32,000 × 12 days, 33,500 × 33 and 33,500 × 5: 131.51, 378.60, 57.36
"""

from __future__ import annotations

import json
import math
import shutil
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reviewlib.contract.penalties import Delay
from reviewlib.engagement.summary.ranking import owed_by
from reviewlib.money.penalties.chapter import penalties
from reviewlib.pages.wording import Wording
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Fact, Finding, Kind, Section, Side
from reviewlib.review import Review, open_review
from tests.conftest import REPO
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, table
from tests.test_sample import Told, told  # noqa: F401

Folder = Callable[..., Path]
SAMPLE = REPO / "data" / "sample"


@pytest.fixture(scope="module")
def english() -> Section:
    return chapter_of(penalties, sample_of(language="en"))


@pytest.fixture(scope="module")
def french() -> Section:
    return chapter_of(penalties, sample_of(language="fr"))


def fact(section: Section, name: str) -> Fact:
    (found,) = (fact for fact in section.facts if fact.id == f"penalties.{name}")
    return found


def finding(section: Section, name: str) -> Finding:
    (found,) = (one for one in section.findings if one.id == f"penalties.{name}")
    return found


def cells(section: Section, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table."""
    found = table(section, name)
    keys = [column.key for column in found.columns]
    return [tuple(row[keys.index(column)] for column in columns) for row in found.rows]


def table_rows(section: Section) -> tuple[Any, ...]:
    return table(section, "ledger.provider").rows


def said(section: Section) -> str:
    return json.dumps(encoded(section), ensure_ascii=False)


# -------------------------------------------------------------------------------------- the sample


def points_of_the_csv(tickets: dict[str, Told], late: bool) -> dict[str, int]:
    """SLA points of Art. 5.2 by month of opening, of P2, P3 and P4; the open ones late, or met."""
    asked = {"P2": Fraction(90, 100), "P3": Fraction(90, 100), "P4": Fraction(85, 100)}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for ticket in tickets.values():
        counts.setdefault((f"{ticket.day:%Y-%m}", ticket.priority), Counter())[
            ticket.resolution()
        ] += 1
    found: dict[str, int] = {}
    for (month, priority), count in sorted(counts.items()):
        n = count["met"] + count["breached"] + count["running"]
        met = count["met"] + (0 if late else count["running"])
        short = asked[priority] - Fraction(met, n) if priority in asked else Fraction(0)
        if short > 0:
            found[month] = found.get(month, 0) + 1 + math.ceil(short * 100)
    return found


def test_the_points_of_the_sample_are_those_of_its_csv_files(
    english: Section,
    told: dict[str, Told],  # noqa: F811
) -> None:
    """100 for each point beyond two, from April 2024 on, at most 1,600 a month."""
    due = {}
    for side, late in (("net", False), ("net_high", True)):
        points = points_of_the_csv(told, late)
        beyond = {month: max(0, n - 2) for month, n in points.items() if month >= "2024-04"}
        due[side] = sum(min(1600, 100 * n) for n in beyond.values())
    rows = cells(english, "ledger.provider", "rule", "net", "net_high")
    mine = [(low, low if high is None else high) for rule, low, high in rows if rule == "Art. 10.3"]

    assert sum(low for low, _ in mine) == due["net"] == 7200
    assert sum(high for _, high in mine) == due["net_high"] == 7700


def test_the_ledger_of_the_sample_is_right_to_the_euro(english: Section) -> None:
    found = cells(english, "ledger.provider", "rule", "subject", "net", "net_high")

    assert [row for row in found if row[0] != "Art. 10.3"] == [
        ("Art. 10.1", "M1 · End of the transition", 240.0, None),
        ("Art. 10.1", "M4 · Switch to the new e-mail", 8640.0, 9760.0),
        ("Art. 10.1", "M5 · Migration of the file shares", 960.0, 0.0),
        ("Art. 10.1", "M6 · Regular service formally verified", 160.0, 0.0),
        ("Art. 10.2", "D2 · Operations handbook", 1000.0, None),
        ("Art. 10.2", "D3 · Migration architecture file", 1500.0, None),
        ("Art. 10.2", "D6 · E-mail switch-over record", 250.0, None),
        ("Art. 10.2", "D7 · Reversibility plan", 750.0, None),
        ("Art. 10.4", "Application support", 400.0, None),
        ("Art. 10.4", "Application support", 0.0, None),  # 1,600 waived
        ("Art. 10.5", "Monitoring", 0.0, None),
        ("Art. 10.5", "Monitoring", 175.0, None),
        ("Art. 10.5", "Monitoring", 175.0, None),
    ]
    assert cells(english, "ledger.client", "subject", "net") == [
        ("P-2024-05 · Support and monitoring, 2024-05", 171.51),
        ("P-2024-11 · Support and monitoring, 2024-11", 418.6),
        ("P-2025-04 · Support and monitoring, 2025-04", 97.36),
    ]


def test_the_sums_of_the_sample_are_those_of_its_lines(english: Section) -> None:
    """10,040 + 3,500 + 8,700 + 2,000 + 350 due; 40 above the cap of Art. 10.1, 1,500 of 10.3.
    High side: 26,690 due, 1,640 and 1,500 above the cap.
    """
    due = fact(english, "provider.gross")
    assert (due.value, due.interval.low, due.interval.high) == (None, 24_590, 26_690)
    capped = fact(english, "provider.capped")
    assert (capped.interval.low, capped.interval.high) == (1_540, 3_140)
    assert fact(english, "client.gross").value == 687.47


def test_amounts_in_different_states_are_never_one_sum(english: Section) -> None:
    """Paid: PEN1 240, PEN3 1,500, PEN4 2,000, PEN7 250; computed of them 240, 1,000, 1,500 and
    nothing. Disputed: PEN2 10,240, for M4. Waived: the 1,600 of December 2024. Of the client, the
    interest on three invoices. All but M1, M4, D2, D3 and December is undecided: the cap leaves M5
    and M6 1,120 after 8,640 for M4, and nothing after 9,760.
    """
    paid, disputed = fact(english, "provider.paid"), fact(english, "provider.disputed")
    assert (paid.value, paid.n, paid.note) == (3_990, 4, "computed: €2,740")
    assert (disputed.value, disputed.n) == (10_240, 1)
    assert disputed.note == "computed: €8,640 to €9,760"
    undecided = fact(english, "provider.undecided")
    assert undecided.interval.high == 1120 + 1000 + 7200 + 400 + 350 == 10_070
    assert undecided.interval.low == 1000 + 7700 + 400 + 350 == 9_450
    assert "left out: €10,070; counted: €9,450" in undecided.note
    assert undecided.note.endswith(
        "the cap is then used up by what came before; if the decisions stand: €8,950 to "
        "€9,450, under the cap of Art. 10.1: contested days and open tickets left out: "
        "€10,070 − €1,120 = €8,950; counted: €9,450 − €0 = €9,450"
    )
    assert fact(english, "provider.waived").value == 1_600
    assert fact(english, "client.due").value == 687.47
    assert english.headline == (
        "Chargeable to the provider, not decided: €9,450 to €10,070. Chargeable to the client, "
        "due without a reminder: €687.47."
    )
    assert finding(english, "owed.provider").sentence == (
        "Chargeable to the provider: paid: €3,990 (computed: €2,740); decided and "
        "disputed: €10,240 (computed: €8,640 to €9,760); not decided: €9,450 to "
        "€10,070 (if the decisions stand: €8,950 to €9,450). Of what is computed as chargeable "
        "to the provider, €3,760 to €5,360 rests on days without a recorded cause "
        "and days attributed to a third party. The range of what is not decided takes all that is "
        "contested or open alike, left out or counted; clause by clause, it is €8,950 to €10,570."
    )
    # Art. 10.1 0 to 1,120, 10.2 1,000, 10.3 7,200 to 7,700, 10.4 400, 10.5 350: 8,950 to 10,570
    # 3,990 + 10,240 + 9,450 to 10,070, and the computed 2,740 + 8,640 + 10,070 in their stead
    everything = said(english)
    for mixed in ("21,450", "21450", "21,950", "21950", "23,680", "24,300"):
        assert mixed not in everything


def test_the_chart_leads_to_what_is_not_decided(english: Section) -> None:
    """24,590 due − 1,600 waived − 1,540 above caps − 2,740 of what is paid − 8,640 of what is
    disputed = 10,070.
    """
    (bridge,) = (one for one in english.figures if one.id == "penalties.bridge.provider")
    amounts = dict(bridge.table.rows)
    assert amounts["Computed"] == 24_590
    assert amounts["Not decided"] == 24_590 - 1_600 - 1_540 - 2_740 - 8_640 == 10_070


def test_the_sample_says_what_rests_on_days_that_nobody_alone_caused(english: Section) -> None:
    """Low side, Art. 10.1: M1 240, M4 8,640, M5 960, M6 160 of 200: 10,000 at most. M4 has 15 days
    without a cause and 5 of a third party, 160 each; M6 has 10 without, 20 each.

    Without a cause: 240 + 6,240 + 960 = 7,440, 2,560 less. Without a third party: 240 + 7,840 + 960
    + 200 = 9,240, 760 less. Without both: 240 + 5,440 + 960 = 6,640, 3,360 less. All of D2, D6 and
    D7, 1,000 + 250 + 750 = 2,000, is without a cause: 4,560, 760, together 5,360.

    High side: M1 240, M4 9,760 of 10,240. Without a cause: 240 + 7,840 + 960 = 9,040; a third
    party: 240 + 9,440 + 320 of 960 = 10,000; both: 240 + 7,040 + 960 = 8,240. 2,960, 0, 3,760.
    """
    spans = {
        name: fact(english, f"provider.{name}").interval
        for name in ("unattributed", "third_party", "together")
    }

    assert {name: (i.low, i.high) for name, i in spans.items() if i} == {
        "unattributed": (2960, 4560),
        "third_party": (0, 760),
        "together": (3760, 5360),
    }
    assert (
        "Of what is computed as chargeable to the provider, €3,760 to €5,360 rests on days "
        "without a recorded cause and days attributed to a third party."
    ) in finding(english, "owed.provider").sentence
    cell = dict(cells(english, "ledger.provider", "subject", "rests"))
    assert cell["D2 · Operations handbook"] == "without a recorded cause: €1,000"
    counted = "with what is contested or open"
    assert cell["M4 · Switch to the new e-mail"] == (
        f"without a recorded cause: €2,400 (€1,920 {counted}); attributed to a third party: "
        f"€800 (€320 {counted}); in all: €3,200 (€2,720 {counted})"
    )
    # in the place of M4, under the cap: 9,040 − 7,840 − 240 and 10,000 − 9,440 − 240 of its 960
    assert cell["M5 · Migration of the file shares"] == (
        f"without a recorded cause: €0 (−€960 {counted}); attributed to a third party: "
        f"€0 (−€320 {counted}); in all: €0 (−€960 {counted})"
    )
    # 2,400 + 0 + 160 + 2,000 and 1,920 − 960 + 0 + 2,000; 800 + 0 − 40 and 320 − 320 + 0
    assert cell["M6 · Regular service formally verified"] == (
        f"without a recorded cause: €160 (€0 {counted}); attributed to a third party: "
        f"−€40 (€0 {counted}); in all: €160 (€0 {counted})"
    )
    third_party = fact(english, "provider.third_party").note
    assert third_party.endswith(
        "less what M5 and M6 would come to under the shared cap if those days did not count"
    )
    assert "below zero" in table(english, "ledger.provider").note


def test_the_chapter_prints_what_the_ledger_takes_where_the_contract_is_silent(
    english: Section,
) -> None:
    printed = dict(cells(english, "defaults", "about", "policy"))

    assert len(printed) == 10
    assert (
        "where the clause names no cause that does not count"
        in (printed["An outage that the client, a third party or force majeure caused"])
    )
    assert printed["A penalty that is waived"] == (
        "It uses up neither exemption nor cap: the rest may be exempt for want of it."
    )
    due = [row[0] for row in cells(english, "rules", "due") if "late" in row[0]]
    assert all("bears them (by default)" in words for words in due if "recorded cause" in words)
    assert sum("days without a recorded cause count" in words for words in due) == 2


def test_the_sample_says_which_days_were_taken_out_and_why(english: Section) -> None:
    found = dict(cells(english, "left_out", "subject", "reasons"))

    assert found["M1 · End of the transition"] == "days attributed to the client: 4"
    assert found["M4 · Switch to the new e-mail"] == (
        "days suspended: 44; days attributed to the client: 5; days of several causes, one of them "
        "excluded: 7; days of force majeure: 2; days contested, counted only in the second amount: "
        "10"
    )
    assert found["D6 · E-mail switch-over record"] == (
        "days before the milestone that it needs was reached: 29; days answered for by the "
        "milestone that it needs (Art. 10.1 · M4): 122"
    )
    assert found["D3 · Migration architecture file"] == (
        "days that the client took to decide on versions that it refused: 28"
    )
    assert (
        found["M6 · Regular service formally verified"] == "days after the end of the contract: 4"
    )


def test_what_was_decided_in_the_sample_is_held_against_what_is_computed(english: Section) -> None:
    """PEN2 has 10,240 for M4 of at most 9,760; PEN3 1,500 for D2 of 1,000; PEN4 2,000 for D3 of
    1,500; D4 was in time.

    Imposed: 240 + 1,500 + 2,000 + 250, all paid; disputed: 10,240.
    """
    assert [one.id for one in english.findings if ".decision." in one.id] == [
        "penalties.decision.PEN2", "penalties.decision.PEN3", "penalties.decision.PEN4",
        "penalties.decision.PEN7",
    ]  # fmt: skip
    assert finding(english, "decision.PEN7").kind is Kind.CONCERN
    assert not finding(english, "decision.PEN7").decision  # paid_beyond asks for its 250
    assert cells(english, "decisions", "id", "status", "until") == [
        ("PEN1", "paid", "2025-04-25T00:00:00"), ("PEN2", "disputed", "2025-04-25T00:00:00"),
        ("PEN3", "paid", "2024-05-30T00:00:00"), ("PEN4", "paid", "2024-09-04T00:00:00"),
        ("PEN5", "waived", None), ("PEN6", "notified", None),
        ("PEN7", "paid", "2024-03-20T00:00:00"),  # 15 days after 5 March
    ]  # fmt: skip


def test_the_computed_amount_of_what_was_waived_is_the_one_waived(english: Section) -> None:
    """8,000 × 20 % = 1,600 for December 2024, given up by PEN5."""
    computed = dict(cells(english, "decisions", "id", "computed"))
    assert computed["PEN5"] == "€1,600"


def test_what_was_decided_above_a_cap_is_a_finding(english: Section) -> None:
    """PEN1 240 and PEN2 10,240 under Art. 10.1, at most 10 % of 100,000: 480 too much."""
    above = finding(english, "cap.Art. 10.1")
    assert above.kind is Kind.CONCERN
    assert above.sentence == (
        "PEN1 and PEN2: €10,480 was decided under Art. 10.1, €480 above its cap of €10,000."
    )
    assert above.decision == ("Art. 10.1: settle what becomes of the €480 decided above the cap.")


def test_what_is_computed_so_far_stands_beside_the_cap_over_the_contract(english: Section) -> None:
    """10,040 less 40 above the cap, or 11,640 less 1,640. That of Art. 10.3 runs by the month."""
    of_caps = [one for one in english.facts if ".of_cap." in one.id]

    assert [(one.label, one.value) for one in of_caps] == [
        ("Art. 10.1: computed so far, of a cap of €10,000 over the contract", 10_000)
    ]


def test_nothing_is_advised_under_a_cap_that_decisions_use_up(english: Section) -> None:
    """M5 and M6 owe 960 and 160 at the lower side, and nothing while PEN1 and PEN2 stand."""
    milestones = finding(english, "Art. 10.1")
    assert milestones.decision == ""
    assert milestones.sentence.endswith(
        "As long as the decisions on Art. 10.1 stand, its cap leaves nothing to M5 and M6."
    )
    assert finding(english, "Art. 10.2").decision == (
        "Art. 10.2: notify or waive the penalties not yet notified (D6, D7)."
    )


def test_a_claim_notified_and_not_decided_asks_for_a_decision(english: Section) -> None:
    """PEN6 was notified on 12 May 2025; Art. 10.5 gives no delay for observations."""
    notified = finding(english, "notified.PEN6")
    assert notified.sentence == (
        "PEN6: a claim for Monitoring Apr 2025 under Art. 10.5 was notified on 12 May 2025, of an "
        "amount that is not recorded; no decision is recorded as of 4 Jul 2025. Computed now: "
        "€175."
    )
    assert notified.decision == (
        "PEN6: decide on what was notified: impose it, in whole or in part, or waive it."
    )


def test_an_open_dispute_asks_to_be_settled(english: Section) -> None:
    """54 days of 160, 8,640, 20 of them without a cause or of a third party: 3,200. With the 10
    contested ones 64 days, 10,240, of which the cap leaves 9,760; less the 20, 44 days, 7,040.
    """
    dispute = finding(english, "decision.PEN2")
    assert dispute.sentence.endswith(
        "is disputed; computed: €8,640 to €9,760. Of what is computed, €2,720 to €3,200 rests on "
        "days without a recorded cause and days attributed to a third party."
    )
    assert dispute.decision == (
        "PEN2: settle the dispute, and say why the amount decided is not the one computed."
    )


def test_a_claim_is_not_to_be_decided_before_the_other_party_could_answer() -> None:
    """PEN1 and PEN2, notified on 10 April 2025, may be answered within 15 days: until the 25th."""
    for day, ids in (("2025-04-25", []), ("2025-04-26", ["PEN1", "PEN2"])):
        section = chapter_of(penalties, sample_of(day, "en"))
        awaited = [one.evidence[0] for one in section.findings if ".notified." in one.id]
        assert awaited == ids


def test_interest_runs_without_a_notice_and_is_not_put_up_to_be_notified(english: Section) -> None:
    """Code de commerce L441-10: late payment needs no reminder."""
    assert finding(english, "Art. 9.4").decision == (
        "Art. 9.4: the client is invited to pay what is due without a reminder, or to say why it "
        "is not due (P-2024-05, P-2024-11, P-2025-04)."
    )


def test_a_line_on_availability_says_the_hours_agreed_and_the_outages(english: Section) -> None:
    """December 2024: 21 working days of 10 hours; O14 3 h 10, O15 1 h 20, O16 1 h 45: 6 h 15."""
    facts = [
        fact for rule, fact in cells(english, "ledger.provider", "rule", "fact")
        if rule == "Art. 10.4"
    ]  # fmt: skip
    assert facts == [
        "Oct 2024; 99.42% reached; 1 h 20 lost of 230 h agreed; outages: O11 (1 h 20)",
        "Dec 2024; 97.02% reached; 6 h 15 lost of 210 h agreed; outages: O14 (3 h 10), "
        "O15 (1 h 20), O16 (1 h 45)",
    ]


def test_tickets_still_open_are_not_told_as_late(
    english: Section,
    told: dict[str, Told],  # noqa: F811
) -> None:
    """P3 of June 2025: 195 / 231 is 5.6 points under 90 %: one for the miss and six."""
    count = Counter(
        ticket.resolution()
        for ticket in told.values()
        if (ticket.priority, f"{ticket.day:%Y-%m}") == ("P3", "2025-06")
    )
    assert (count["met"], count["breached"], count["running"]) == (195, 10, 26)
    (june,) = [
        fact
        for rule, fact in cells(english, "ledger.provider", "rule", "fact")
        if rule == "Art. 10.3" and fact.startswith("Jun 2025")
    ]

    assert june == (
        "Jun 2025; Art. 5.2 P3: 195 of 231 in time (84.42%), were those without a verdict (26) "
        "late, against 90%: 1 + 6 = 7 points; 2 points are free"
    )


def test_both_sides_are_named_alike(english: Section) -> None:
    for rule, side in (("Art. 10.2", "provider"), ("Art. 9.4", "client")):
        found = finding(english, rule)
        assert f"chargeable to the {side}" in found.sentence
        assert found.kind is Kind.CONCERN


def test_the_chapter_says_the_same_in_french(english: Section, french: Section) -> None:
    assert [(f.id, f.value, f.n) for f in french.facts] == [
        (f.id, f.value, f.n) for f in english.facts
    ]
    assert [(f.id, f.kind, f.evidence) for f in french.findings] == [
        (f.id, f.kind, f.evidence) for f in english.findings
    ]
    amounts = ("gross",), ("exempted",), ("capped",), ("net",), ("net_high",)
    for name in ("ledger.provider", "ledger.client"):
        keys = [column.key for column in table(french, name).columns]
        for (column,) in amounts:
            if column in keys:
                assert cells(french, name, column) == cells(english, name, column)
    assert french.headline.startswith("À la charge du prestataire")
    assert "10\u202f070\u00a0€" in french.headline
    assert cells(french, "ledger.provider", "subject")[0] == ("M1 · Fin de la transition",)


def test_no_fact_without_a_value_is_without_a_reason(english: Section, french: Section) -> None:
    for section in (english, french):
        assert [f.id for f in section.facts if f.value is None and not f.note] == []


def test_as_of_an_earlier_day_nothing_later_is_seen() -> None:
    """31 January 2025: M4 is late by 80 days: 44 suspended, 5 the client's, 7 of several causes: 24
    days, 3,840 so far. D6 by 109, and M4, which it needs, is not reached: nothing.
    F-2024-11 was due on 2 January: 33,500 × 12.5 % × 29 / 365 = 332.71, and 40.
    """
    section = chapter_of(penalties, sample_of("2025-01-31", "en"))
    rows = cells(section, "ledger.provider", "rule", "subject", "net", "status")
    found = {subject.split(" · ")[0]: (net, status) for rule, subject, net, status in rows
             if rule in ("Art. 10.1", "Art. 10.2")}  # fmt: skip

    assert found == {
        "M1": (240.0, "proposed, not notified"),
        "M4": (3840.0, "proposed, not notified"),
        "D2": (1000.0, "paid"),
        "D3": (1500.0, "paid"),
        "D6": (0.0, "nothing due"),
    }
    assert cells(section, "ledger.client", "subject", "net") == [
        ("P-2024-05 · Support and monitoring, 2024-05", 171.51),
        ("P-2024-11 · Support and monitoring, 2024-11", 372.71),
    ]
    assert cells(section, "decisions", "id", "status", "amount", "evidence") == [
        ("PEN3", "paid", 1500.0, "Décision 2024-01"),
        ("PEN4", "paid", 2000.0, "Décision 2024-02"),
        ("PEN5", "notified, observations received", None, None),
        ("PEN7", "paid", 250.0, "Décision 2024-00"),
    ]
    for later in ("2025-02", "Feb 2025", "Mar 2025", "2025-03", "PEN1", "PEN2", "PEN6"):
        assert later not in said(section), later


# -------------------------------------------------------------------------- tables that are absent

GAPS = [
    ("milestones", {"Art. 10.1"}, "the folder has no usable milestones (milestones.csv)."),
    ("deliverables", {"Art. 10.2"}, "no usable deliverables with submissions"),
    ("submissions", {"Art. 10.2"}, "no usable deliverables with submissions"),
    ("tickets", {"Art. 10.3"}, "the folder has no tickets (tickets.csv)."),
    ("outages", {"Art. 10.4", "Art. 10.5"}, "availability is not known"),
    ("payments", {"Art. 9.4"}, "the folder has no payments (payments.csv)."),
]


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with the first two hundred of its tickets, and none of their log."""
    folder = tmp_path_factory.mktemp("light")
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    tickets = (folder / "tickets.csv").read_text(encoding="utf-8-sig").splitlines()[:200]
    (folder / "tickets.csv").write_text("\n".join(tickets) + "\n", encoding="utf-8-sig")
    for name in ("ticket_events", "extensions"):
        (folder / f"{name}.csv").unlink()
    return folder


@pytest.mark.parametrize(("name", "rules", "because"), GAPS, ids=[name for name, *_ in GAPS])
def test_without_a_table_its_rules_say_that_they_could_not_be_applied(
    light: Path, tmp_path: Path, name: str, rules: set[str], because: str
) -> None:
    shutil.copytree(light, tmp_path / "folder")
    (tmp_path / "folder" / f"{name}.csv").unlink()

    section = chapter_of(penalties, open_review(tmp_path / "folder", language="en"))

    gaps = [f for f in section.facts if f.id.startswith("penalties.gap.")]
    found = [gap for gap in gaps if not gap.id.endswith(".D6")]  # D6 needs a milestone
    assert {fact.clause for fact in found} == rules
    assert all(because in fact.note for fact in found)
    lines = [row for one in ("provider", "client") for row in _ledger(section, one)]
    assert not {rule for (rule,) in lines} & rules
    # nobody is asked to pay back what only the missing table could bear out
    untold = [one for one in section.findings if one.clause in rules and ".decision." in one.id]
    assert {one.kind for one in untold} <= {Kind.NEUTRAL}


def test_an_excused_outage_stands_beside_the_share_of_its_month_with_both_figures(
    light: Path, tmp_path: Path
) -> None:
    """April 2025 has 720 agreed hours: O22, of 10 hours, of which 8 are allowed maintenance, leaves
    718, 99.72 %. O24, 45 min of force majeure, is excused: with it 717.25, 99.62 %."""
    shutil.copytree(light, tmp_path / "folder")
    outages = tmp_path / "folder" / "outages.csv"
    rows = outages.read_text(encoding="utf-8-sig")
    before, after = (
        "2025-06-04 10:35:00,2025-06-04 11:20:00",
        "2025-04-16 10:35:00,2025-04-16 11:20:00",
    )
    assert rows.count(before) == 1
    outages.write_text(rows.replace(before, after), encoding="utf-8-sig")
    contract = tmp_path / "folder" / "engagement.yml"
    text = contract.read_text(encoding="utf-8")
    clause = "      services: [supervision]\n"
    assert text.count(clause) == 1
    text = text.replace(clause, f"{clause}      excuses: [force_majeure]\n")
    contract.write_text(text, encoding="utf-8")

    section = chapter_of(penalties, open_review(tmp_path / "folder", language="en"))

    facts = cells(section, "ledger.provider", "rule", "fact")
    (april,) = (fact for rule, fact in facts if rule == "Art. 10.5" and "Apr" in fact)
    assert "99.72 % reached" in april.replace("99.72%", "99.72 %")
    assert "outages: O22 (2 h)" in april
    assert "excused: 45 min (were it counted: 99.62% reached); excused outages: O24" in april


def test_the_defaults_say_who_bears_the_days_of_a_third_party(english: Section) -> None:
    (policy,) = (
        policy for about, policy in cells(english, "defaults", "about", "policy")
        if about == "Days of a third party, of several causes, or without a recorded cause"
    )  # fmt: skip

    assert policy.startswith(
        "The party that owes bears the days of a third party and those without"
    )
    fields = Delay.model_fields
    assert fields["excludes"].default == ("client", "force_majeure")
    assert (fields["concurrent"].default, fields["unattributed"].default) == ("excluded", "counted")


@pytest.mark.parametrize("policy", ["counts", "does_not_count"])
def test_what_the_contract_states_of_late_approvals_is_not_to_be_settled(
    light: Path, tmp_path: Path, policy: str
) -> None:
    shutil.copytree(light, tmp_path / "folder")
    contract = tmp_path / "folder" / "engagement.yml"
    text = contract.read_text(encoding="utf-8")
    price = "  price: {total: 777600, clause: Art. 9.1}\n"
    assert text.count(price) == 1
    stated = f"{price}  change_requests: {{approved_late: {policy}}}\n"
    contract.write_text(text.replace(price, stated), encoding="utf-8")

    section = chapter_of(penalties, open_review(tmp_path / "folder", language="en"))

    assert not [one.id for one in section.findings if "approved_late" in one.id]
    assert not [one for one in section.findings if "re-baseline" in f"{one.decision}"]


def _ledger(section: Section, side: str) -> list[tuple[Any, ...]]:
    ids = [one.id for one in section.tables]
    name = f"ledger.{side}"
    return cells(section, name, "rule") if f"penalties.{name}" in ids else []


def test_a_decision_on_what_can_t_be_told_is_not_called_unfounded(
    light: Path, tmp_path: Path
) -> None:
    shutil.copytree(light, tmp_path / "folder")
    (tmp_path / "folder" / "milestones.csv").unlink()

    section = chapter_of(penalties, open_review(tmp_path / "folder", language="en"))

    found = finding(section, "decision.PEN1")
    assert found.sentence == (
        "PEN1: what is due for M1 under Art. 10.1 is not known; decided: €240."
    )
    assert (found.kind, found.decision) == (Kind.NEUTRAL, "")


def test_without_decisions_it_says_why_none_are_shown(light: Path, tmp_path: Path) -> None:
    shutil.copytree(light, tmp_path / "folder")
    (tmp_path / "folder" / "penalties.csv").unlink()

    section = chapter_of(penalties, open_review(tmp_path / "folder", language="en"))

    assert fact(section, "decided").value is None
    assert fact(section, "decided").note == "the folder has no usable row of penalties.csv"
    assert "penalties.decisions" not in [one.id for one in section.tables]


# ----------------------------------------------------------------------------------- small folders

RULES = """\
  price: {total: 100000}
  penalties:
    Art. 8:
      pack: ccag-tic-2009
      milestones: [M1, M2]
      observations: 15 calendar days
    Art. 9: {pack: late-payment-fr, interest: 10 %}
"""
MILESTONES = (
    "milestone_id,title,contract_date,actual_date\n"
    "M1,Go live,2024-03-01,2024-03-11\nM2,End,2024-05-01,2024-05-21\n"
)


def opened(folder: Path, language: str = "en", as_of: str = "") -> Review:
    return open_review(folder, as_of, language)


def test_a_contract_without_penalties_is_not_assessed(engagement_folder: Folder) -> None:
    folder = engagement_folder()

    section = chapter_of(penalties, opened(folder))

    assert section.because == "the contract states none (terms.penalties in engagement.yml)"
    assert (section.facts, section.tables) == ((), ())
    assert chapter_of(penalties, opened(folder, "fr")).because


def test_with_none_of_the_tables_it_says_that_nothing_could_be_applied(
    engagement_folder: Folder, contract_text: str
) -> None:
    section = chapter_of(penalties, opened(engagement_folder(contract_text + RULES)))

    assert section.headline == (
        "None of the rules could be applied: what they rest on is not in the folder."
    )
    assert {f.clause for f in section.facts if f.value is None and f.clause} == {"Art. 8", "Art. 9"}


def test_where_nothing_is_late_nothing_is_due(
    engagement_folder: Folder, contract_text: str
) -> None:
    table = MILESTONES.replace("2024-03-11", "2024-03-01").replace("2024-05-21", "2024-04-30")

    section = chapter_of(
        penalties, opened(engagement_folder(contract_text + RULES, milestones=table))
    )

    assert section.headline == "The rules that could be applied make nothing due."


def test_an_imposed_sum_on_the_whole_clause_is_held_against_all_of_its_lines(
    engagement_folder: Folder, contract_text: str
) -> None:
    """M1 100,000 × 10 / 1000 = 1,000; M2 2,000; 3,000 was imposed at once, or 2,500."""
    head = "penalty_id,rule,subject,notified_on,decided_on,decision,amount\n"
    for amount, differs in (("3000", False), ("2500", True)):
        row = f"N1,Art. 8,,2024-06-01,2024-07-01,imposed,{amount}\n"
        folder = engagement_folder(
            contract_text + RULES, milestones=MILESTONES, penalties=head + row
        )

        section = chapter_of(penalties, opened(folder))

        assert cells(section, "ledger.provider", "subject", "status") == [
            ("M1 · Go live", "imposed"), ("M2 · End", "imposed"),
        ]  # fmt: skip
        assert cells(section, "decisions", "id", "computed", "amount", "until") == [
            ("N1", "€3,000", float(amount), "2024-06-16T00:00:00")
        ]
        imposed = fact(section, "provider.imposed")
        assert (imposed.value, imposed.note) == (float(amount), "computed: €3,000")
        assert "penalties.provider.undecided" not in [one.id for one in section.facts]
        assert [one.sentence for one in section.findings if "decision" in one.id] == (
            [
                "N1: €2,500 was decided on 1 Jul 2024 for the whole clause under Art. 8; "
                "computed: €3,000."
            ]
            if differs
            else []
        )


def test_a_decision_without_an_amount_says_how_far_it_went(
    engagement_folder: Folder, contract_text: str
) -> None:
    decided = "penalty_id,rule,subject,notified_on\nN1,Art. 8,M3,2024-06-01\n"
    folder = engagement_folder(contract_text + RULES, milestones=MILESTONES, penalties=decided)

    found = finding(chapter_of(penalties, opened(folder)), "decision.N1")

    assert found.sentence == "N1: the tables show nothing due for M3 under Art. 8; notified."
    assert found.kind is Kind.NEUTRAL
    assert found.decision == (
        "N1: decide on what was notified: impose it, in whole or in part, or waive it."
    )


@pytest.mark.parametrize(
    ("row", "held", "net"),
    [
        ("", 3000.0, 0.0),
        ("N1,Art. 8,M1,2024-04-01,,", 2000.0, 1000.0),
        ("N1,Art. 8,M1,,yes,2024-06-01", 2000.0, 1000.0),
        ("N1,Art. 8,,,yes,", 0.0, 3000.0),
        ("N1,Art. 8,,,no,", 3000.0, 0.0),
    ],
)
def test_nothing_is_due_before_the_notice_unless_it_was_waived(
    engagement_folder: Folder, contract_text: str, row: str, held: float, net: float
) -> None:
    contract = contract_text + RULES.replace("      obs", "      notice: required\n      obs")
    head = "penalty_id,rule,subject,notice_on,notice_waived,notified_on\n"
    tables = {"penalties": f"{head}{row}\n"} if row else {}
    folder = engagement_folder(contract, milestones=MILESTONES, **tables)

    section = chapter_of(penalties, opened(folder))

    assert fact(section, "provider.undecided").value == net
    assert sum(f.value for f in section.facts if f.id == "penalties.provider.held") == held  # type: ignore[misc]


def test_a_notice_served_or_waived_later_is_not_known_yet(
    engagement_folder: Folder, contract_text: str
) -> None:
    """M1 by a notice of 1 June, M2 by a waiver told on 1 July."""
    contract = contract_text + RULES.replace("      obs", "      notice: required\n      obs")
    decided = (
        "penalty_id,rule,subject,notice_on,notice_waived,notified_on\n"
        "N1,Art. 8,M1,2024-06-01,,\nN2,Art. 8,M2,,yes,2024-07-01\n"
    )
    folder = engagement_folder(contract, milestones=MILESTONES, penalties=decided)

    nets = {
        day: fact(chapter_of(penalties, opened(folder, as_of=day)), "provider.undecided").value
        for day in ("2024-05-31", "2024-06-01", "2024-07-01")
    }

    assert nets == {"2024-05-31": 0, "2024-06-01": 1000, "2024-07-01": 3000}


def test_what_was_never_invoiced_bears_no_interest(
    engagement_folder: Folder, contract_text: str
) -> None:
    """P1 was due on 1 April and paid on 11 April: 36,500 × 10 % × 10 / 365 = 100, and 40."""
    paid = (
        "payment_id,amount,invoice,received_on,due_on,paid_on\n"
        "P1,36500,F1,2024-03-01,2024-04-01,2024-04-11\nP2,36500,,,2024-04-01,\n"
    )
    folder = engagement_folder(contract_text + RULES, payments=paid)

    section = chapter_of(penalties, opened(folder))

    assert cells(section, "ledger.client", "subject", "net") == [("P1", 140.0)]


def test_what_a_decision_s_finding_says_again_of_its_clause_is_counted_once(
    english: Section,
) -> None:
    restated = {one.id: one.restates for one in english.findings if one.restates}
    assert restated == {
        "penalties.cap.Art. 10.1": "penalties.Art. 10.1",
        "penalties.paid_beyond.provider": "penalties.Art. 10.2",
        "penalties.decision.PEN2": "penalties.Art. 10.1",
        "penalties.decision.PEN3": "penalties.Art. 10.2",
        "penalties.decision.PEN4": "penalties.Art. 10.2",
        "penalties.decision.PEN7": "penalties.paid_beyond.provider",
        "penalties.notified.PEN6": "penalties.Art. 10.5",
    }


@pytest.mark.parametrize("debtor", ["provider", "client"])
def test_both_parties_are_held_to_caps_disputes_and_notices_alike(
    engagement_folder: Folder, contract_text: str, debtor: str
) -> None:
    """M1 1,000 and M2 2,000 under a cap of 2,500; 2,600 decided and disputed for M1: 100 above."""
    rules = RULES.replace("      obs", f"      debtor: {debtor}\n      cap: 2500\n      obs")
    decided = (
        "penalty_id,rule,subject,notified_on,decided_on,decision,amount\n"
        "N1,Art. 8,M1,2024-06-01,2024-07-01,disputed,2600\n"
        "N2,Art. 8,M2,2024-06-01,,,\n"
    )
    folder = engagement_folder(contract_text + rules, milestones=MILESTONES, penalties=decided)

    section = chapter_of(penalties, opened(folder, as_of="2024-07-02"))

    assert section.headline == (f"Chargeable to the {debtor}, not decided: €1,500.")
    assert [(one.id.removeprefix("penalties."), one.kind) for one in section.findings] == [
        ("Art. 8", Kind.CONCERN), ("cap.Art. 8", Kind.CONCERN),
        ("decision.N1", Kind.NEUTRAL), ("unattributed", Kind.NEUTRAL),
    ]  # fmt: skip
    assert finding(section, "cap.Art. 8").sentence == (
        "N1: €2,600 was decided under Art. 8, €100 above its cap of €2,500."
    )
    owed = finding(section, "Art. 8").sentence
    assert (
        "decided and disputed: €2,600 (computed: €1,000); not decided: €1,500 (if the "
        "decisions stand: €0)"
    ) in owed
    assert owed.endswith(
        f"Of what is computed as chargeable to the {debtor}, €2,500 rests on days without a "
        "recorded cause. As long as the decisions on Art. 8 stand, its cap leaves nothing to M2."
    )


@pytest.mark.parametrize(
    ("debtor", "creditor"), [("provider", Side.CLIENT), ("client", Side.PROVIDER)]
)
def test_what_is_not_decided_is_open_on_the_side_of_who_may_claim_it(
    engagement_folder: Folder, contract_text: str, debtor: str, creditor: Side
) -> None:
    rules = RULES.replace("      obs", f"      debtor: {debtor}\n      obs")
    folder = engagement_folder(contract_text + rules, milestones=MILESTONES)
    section = penalties(opened(folder))

    (owed,) = owed_by([section], creditor)
    assert owed_by([section], Side(debtor)) == ()
    assert owed.brief
    assert (owed.brief.side, owed.brief.mover) == (Side(debtor), creditor)
    assert Wording("en").say(owed.brief.owes) == (
        f"penalties of the {debtor}: notify, decide or waive"
    )


def test_interest_that_was_notified_is_to_be_paid_and_not_to_be_decided(
    engagement_folder: Folder, contract_text: str
) -> None:
    """36,500 × 10 % × 10 / 365 = 100, and 40 since 2024, are due whatever was notified."""
    paid = "payment_id,amount,due_on,paid_on\nP1,36500,2024-04-01,2024-04-11\n"
    notified = "penalty_id,rule,subject,notified_on\nN1,Art. 9,P1,2024-05-01\n"
    folder = engagement_folder(contract_text + RULES, payments=paid, penalties=notified)

    section = chapter_of(penalties, opened(folder))

    assert [(one.id, one.decision) for one in section.findings] == [
        (
            "penalties.Art. 9",
            "Art. 9: the client is invited to pay what is due without a reminder, or to say why it "
            "is not due (P1).",
        )
    ]
    assert fact(section, "client.due").value == 140
    decisions = " ".join(one.decision for one in section.findings)
    assert "notify" not in decisions
    assert "waive" not in decisions


def test_a_bonus_and_a_malus_of_one_clause_are_two_findings(
    engagement_folder: Folder, contract_text: str
) -> None:
    """Of 1,000: March 2024 at 99 % has a bonus of 2 %, 20; April without a ticket nothing."""
    rules = (
        "  penalties:\n    Art. 8:\n      pack: bonus-malus\n      clauses: ['5.2']\n"
        "      base: 1000\n"
    )
    tickets = ["ticket_id;opened_at;priority;status;resolved_at"]
    for month, late in (("03", 0), ("04", 1)):
        for n in range(10):
            day = "12" if n < late else "04"
            tickets.append(
                f"T{month}{n};2024-{month}-04 09:{n:02d};P1;Closed;2024-{month}-{day} 10:00"
            )
    statuses = "    Closed: {state: closed}\n"
    contract = contract_text.replace("  clauses:", statuses + "  clauses:") + rules
    section = chapter_of(
        penalties, opened(engagement_folder(contract, tickets="\n".join(tickets) + "\n"))
    )

    assert [one.id for one in section.findings] == [
        "penalties.Art. 8.bonus",
        "penalties.Art. 8",
        "penalties.notice",
    ]


def test_every_wording_of_a_rule_is_printed_with_its_dates_and_its_terms(
    engagement_folder: Folder, contract_text: str
) -> None:
    amended = """\
amendments:
  - id: A1
    title: Caps
    signed: 2024-04-01
    effective: 2024-05-01
    changes: {penalties: {Art. 8: {cap: 500}}}
"""
    rules = RULES.replace("observations:", "pool: delays\n      observations:") + (
        "    Art. 10: {pack: ccag-tic-2009, pool: delays, deliverables: [D1], debtor: provider}\n"
    )
    amended = amended.replace("{cap: 500}}", "{cap: 500}, Art. 10: {cap: 500}}")
    folder = engagement_folder(contract_text + rules + amended, milestones=MILESTONES)

    section = chapter_of(penalties, opened(folder))

    rows = cells(section, "rules", "rule", "first", "last")
    assert [row for row in rows if row[0] == "Art. 8"] == [
        ("Art. 8", "2024-01-01", "2024-04-30"), ("Art. 8", "2024-05-01", None),
    ]  # fmt: skip
    limits = [text for rule, text in cells(section, "rules", "rule", "limits") if rule == "Art. 8"]
    assert "no cap" in limits[0]
    assert "at most €500 over the contract" in limits[1]
    assert all("exemption and cap shared with Art. 10" in text for text in limits)
    assert "due without a reminder" in dict(cells(section, "rules", "rule", "limits"))["Art. 9"]


HOSTILE = "<script>alert(1)</script>{0}%s{amount}\u202e=1+1"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_hostile_words_of_the_data_stay_words(
    engagement_folder: Folder, contract_text: str, language: str
) -> None:
    contract = contract_text + RULES
    contract = contract.replace("provider: {name: Provider}", f"provider: {{name: '{HOSTILE}'}}")
    contract = contract.replace(
        "pack: ccag-tic-2009", f"pack: ccag-tic-2009\n      title: '{HOSTILE}'"
    )
    milestones = MILESTONES.replace("Go live", f'"{HOSTILE}"')
    decided = (
        "penalty_id,rule,subject,notified_on,decided_on,decision,amount,evidence\n"
        f'"N{HOSTILE}",Art. 8,"{HOSTILE}",2024-06-01,2024-07-01,imposed,5,"{HOSTILE}"\n'
    )
    folder = engagement_folder(contract, milestones=milestones, penalties=decided)

    section = chapter_of(penalties, opened(folder, language))
    page = html(section, language)

    printed = HOSTILE.replace("\u202e", "")  # a sign that would turn the rest of the line round
    assert f"M1 · {printed}" in [
        subject for (subject,) in cells(section, "ledger.provider", "subject")
    ]
    assert fact(section, "provider.gross").label.startswith(printed)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{0}%s{amount}" in page


def test_each_of_many_milestones_is_a_line(engagement_folder: Folder, contract_text: str) -> None:
    """Each of 200 is ten days late, 100,000 / 1000 a day: 1,000 each."""
    names = [f"M{n}" for n in range(200)]
    rows = "".join(f"{name},Step,2024-03-01,2024-03-11\n" for name in names)
    contract = contract_text + RULES.replace("[M1, M2]", f"[{', '.join(names)}]")
    milestones = MILESTONES.splitlines()[0] + "\n" + rows

    section = chapter_of(penalties, opened(engagement_folder(contract, milestones=milestones)))

    assert fact(section, "provider.undecided").value == 200_000
    assert len(table_rows(section)) == 200
