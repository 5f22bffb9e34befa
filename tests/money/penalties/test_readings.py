"""What rests on the defaults of the product: each read otherwise, alone, in the whole ledger.

The sample, of which test_chapter gives the arithmetic of the amounts here (``data/README.md``).
"""

from __future__ import annotations

from typing import Any

import pytest

from reviewlib.contract.availability import Availability
from reviewlib.contract.penalties import Delay
from reviewlib.contract.service_levels import Terms
from reviewlib.money import results
from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.metrics import ledger
from reviewlib.money.penalties.readings import DEFAULTS, VALUES, read_as
from reviewlib.money.penalties.statement import statement
from reviewlib.report.values import Section
from tests.money.penalties.test_chapter import RULES, Folder, cells, finding, opened
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import table

Row = tuple[str, str, str, str, str]
LATE = (
    "milestone_id,title,contract_date,actual_date,rebaselined_date,rebaseline_approved_on\n"
    "M1,Go live,2024-03-01,2024-03-11,2024-03-08,2024-03-05\n"
    "M2,End,2024-05-01,2024-05-21,,\n"
)
WHOLE = "the whole clause"
PROVIDER, CLIENT = "the provider", "the client"
SHARED = "see the whole clause: its exemption or cap is shared"


@pytest.fixture(scope="module")
def english() -> Section:
    return chapter_of(penalties, sample_of(language="en"))


def rows(section: Section, other: str) -> list[tuple[Any, ...]]:
    """Of the rows of a reading: clause, subject without its title, amounts, who is favoured."""
    columns = ("other", "rule", "subject", "here", "otherwise", "favours")
    return [
        (rule, subject.partition(" · ")[0], *more)
        for text, rule, subject, *more in cells(section, "readings", *columns)
        if text.startswith(other)
    ]


def test_the_days_of_the_clients_decisions_are_named_where_they_move_an_amount(
    english: Section,
) -> None:
    """D2 42 days, 6 weeks; D3 70 days, 10 weeks; D7 28 days, 4 weeks, × 250: 1,750 more."""
    assert rows(english, "the days between a submission and its refusal count") == [
        ("Art. 10.2", "D2", "€1,000", "€1,500", PROVIDER),
        ("Art. 10.2", "D3", "€1,500", "€2,500", PROVIDER),
        ("Art. 10.2", "D7", "€750", "€1,000", PROVIDER),
        ("Art. 10.2", WHOLE, "€3,500", "€5,250", PROVIDER),
    ]


def test_the_days_before_the_milestone_needed_are_named_too(english: Section) -> None:
    """D6: 158 - 122 = 36 days, 6 weeks × 250 = 1,500: 3,500 - 250 + 1,500 = 4,750."""
    assert rows(english, "the days before the milestone") == [
        ("Art. 10.2", "D6", "€250", "€1,500", PROVIDER),
        ("Art. 10.2", WHOLE, "€3,500", "€4,750", PROVIDER),
    ]


def test_a_rebaseline_approved_late_is_one_of_the_defaults_with_the_total_of_the_clause(
    english: Section,
) -> None:
    """The cap shares out M5 and M6, which owe the same: the whole clause alone favours a party.

    M4 30 to 40 days × 160; under the cap then: M1 240, M5 960, M6 10 × 20: 6,200 to 7,800.
    """
    assert rows(english, "a re-baseline approved after the date that it moves counts") == [
        ("Art. 10.1", "M4", "€8,640 to €9,760", "€4,800 to €6,400", SHARED),
        ("Art. 10.1", "M5", "€0 to €960", "€960", SHARED),
        ("Art. 10.1", "M6", "€0 to €160", "€200", SHARED),
        ("Art. 10.1", WHOLE, "€10,000", "€6,200 to €7,800", CLIENT),
    ]
    late = finding(english, "approved_late")
    assert late.sentence == (
        "CR04, approved on 2 Dec 2024, which moves M4 from 12 Nov 2024 to 31 Jan 2025: a "
        "re-baseline approved after the date that it moves does not count (by default). Where a "
        "re-baseline approved after the date that it moves counts all the same, the net amounts "
        "would be: M4 €4,800 to €6,400, instead of €8,640 to €9,760; M5 €960, "
        "instead of €0 to €960; M6 €200, instead of €0 to €160; Art. 10.1 in all "
        "€6,200 to €7,800, instead of €10,000."
    )
    assert late.decision == (
        "Settle what the contract leaves open: re-baselines approved late (CR04)."
    )


def test_an_outage_that_force_majeure_caused_is_named_where_it_makes_a_credit_due(
    english: Section,
) -> None:
    """Art. 10.5 owes 175 for April and 175 for June 2025, which O24, a lightning, makes due."""
    assert rows(english, "an outage that the client or force majeure caused does not count") == [
        ("Art. 10.5", "Monitoring", "€350", "€175", CLIENT),
    ]
    assert finding(english, "excuses").sentence == (
        "By default, an outage counts whatever its cause. Where an outage that the client or force "
        "majeure caused does not count, the net amounts would be: Monitoring €175, instead of "
        "€350."
    )


def test_what_is_due_without_a_formal_notice_is_named_where_the_contract_asks_for_none(
    english: Section,
) -> None:
    """None was served: nothing is left. Art. 10.1 is of the CCAG, whose penalties need none."""
    notice = finding(english, "notice")
    assert notice.sentence == (
        "By default, a penalty is due without a formal notice. Where a penalty is due only once a "
        "formal notice is served, the net amounts would be: Art. 10.2 in all €0, instead of "
        "€3,500; Art. 10.3 €0, instead of €7,200 to €7,700; Application support €0, "
        "instead of €400; Monitoring €0, instead of €350."
    )
    assert notice.decision == "Settle what the contract leaves open: formal notice."
    about = "a penalty is due only once a formal notice is served"
    assert [row[:2] for row in rows(english, about)] == [
        *(("Art. 10.2", name) for name in ("D2", "D3", "D6", "D7", WHOLE)),
        ("Art. 10.3", "P2, P3 and P4"),
        ("Art. 10.4", "Application support"),
        ("Art. 10.5", "Monitoring"),
    ]


@pytest.mark.parametrize("stated", ["none", "required"])
def test_a_contract_that_says_whether_a_notice_is_asked_for_is_read_in_no_other_way(
    engagement_folder: Folder, contract_text: str, stated: str
) -> None:
    rules = (
        "  penalties:\n"
        "    Art. 8:\n"
        f"      {{title: Late, kind: delay, milestones: [M1], amount: 10, notice: {stated}}}\n"
    )
    folder = engagement_folder(contract_text + rules, milestones=LATE)

    assert "notice" not in {one.default.key for one in results.readings(opened(folder))}


def test_the_evidence_of_a_default_is_what_it_moves(english: Section) -> None:
    """Art. 10.2 has a line for D2, which the days before the milestone needed do not touch."""
    assert finding(english, "milestone_days").evidence == ("D6",)
    assert finding(english, "approved_late").evidence == ("M4", "M5", "M6")
    assert finding(english, "decision_days").evidence == ("D2", "D3", "D7")


def test_the_priority_that_counts_and_the_sensitive_periods_are_named(english: Section) -> None:
    """December 2024, of the peak season, owes 1,600 of the points: 5,600 to 6,100 without it.

    Its credit of 1,600 under Art. 10.4 was waived. The points by priority were counted from the
    files by a program of its own.
    """
    own = "€7,200 to €7,700"
    subject = "P2, P3 and P4"
    assert rows(english, "a ticket counts under the") == [
        ("Art. 10.3", subject, own, "€8,400 to €9,300", PROVIDER),
        ("Art. 10.3", subject, own, "€8,300 to €9,200", PROVIDER),
    ]
    assert rows(english, "days in a sensitive period, and months") == [
        ("Art. 10.3", subject, own, "€5,600 to €6,100", CLIENT),
        ("Art. 10.4", "Application support", "€400", "€400",
         "neither: the difference is waived"),
    ]  # fmt: skip


def test_a_default_that_moves_nothing_under_the_cap_says_so(english: Section) -> None:
    """M4 61 to 71 days × 160 = 9,760 to 11,360; after the 240 of M1 the cap leaves 9,760."""
    reading = rows(english, "a day of several causes counts unless")
    assert reading == [
        ("Art. 10.1", "M4", "€8,640 to €9,760", "€9,760", SHARED),
        ("Art. 10.1", "M5", "€0 to €960", "€0", SHARED),
        ("Art. 10.1", "M6", "€0 to €160", "€0", SHARED),
        ("Art. 10.1", WHOLE, "€10,000", "€10,000",
         "neither: the difference is above the cap"),
    ]  # fmt: skip
    concurrent = finding(english, "concurrent")
    assert concurrent.sentence.endswith(
        "; Art. 10.1 in all €10,000, as here: the difference is above the cap."
    )
    assert not concurrent.decision


def test_an_amount_decided_that_is_the_one_of_another_reading_is_said_to_be(
    english: Section,
) -> None:
    """PEN3: 1,500 is 42 days, 6 weeks; 14 of them were of the client's decision: 1,000.

    PEN4: 2,000 is neither the 1,500 of 42 days nor the 2,500 of 70.
    """
    same, another = (finding(english, f"decision.{name}") for name in ("PEN3", "PEN4"))
    assert same.sentence == (
        "PEN3: €1,500 was decided on 5 Jun 2024 for D2 under Art. 10.2; computed: €1,000. "
        "It is the amount computed where the days between a submission and its refusal count as "
        "days late: the contract says nothing of it, and another interpretation is taken by "
        "default."
    )
    assert same.decision == (
        "PEN3: settle what the contract leaves open: days of the client's decisions."
    )
    assert another.sentence.endswith(
        "computed: €1,500. Where the days between a submission and its refusal count as days late, "
        "€2,500 would be computed: the contract says nothing of it, and another interpretation is "
        "taken by default."
    )
    assert not another.decision  # asked for with what else was paid beyond what is computed


def test_a_line_gives_its_amount_under_each_other_reading(english: Section) -> None:
    """D6: 36 days, 6 weeks; nothing is recorded of its 7 days."""
    readings = dict(cells(english, "ledger.provider", "subject", "reading"))
    assert readings["D6 · E-mail switch-over record"] == (
        "where the days before the milestone that it needs was reached count as days late: "
        "€1,500; where days without a recorded cause do not count: €0"
    )
    assert readings["M1 · End of the transition"] is None


def test_the_statement_has_the_table_of_the_chapter(english: Section) -> None:
    (printed,) = (one for one in statement(sample_of()).others if one.id == "readings")
    assert len(printed.rows) == len(table(english, "readings").rows)


def test_a_default_read_otherwise_is_the_default_of_the_contract() -> None:
    for default in DEFAULTS:
        part = Terms.model_fields[default.part]
        models = {"penalties": Delay, "clauses": None, "availability": Availability}
        model = models.get(default.part, part.default_factory or type(part.default))
        if model is not None:
            taken = VALUES.get((default.key, default.taken), default.taken)
            assert model.model_fields[default.key].default == taken
            assert default.taken not in default.others


@pytest.mark.parametrize(
    ("stated", "net", "other"),
    [
        ("", 1000.0, "where a re-baseline approved after the date that it moves counts all the "
         "same (M1): €300; where days without a recorded cause do not count: €0"),
        ("counts", 300.0, "where days without a recorded cause do not count: €0"),
        ("does_not_count", 1000.0, "where days without a recorded cause do not count: €0"),
    ],
)  # fmt: skip
def test_what_the_contract_states_is_read_in_no_other_way(
    engagement_folder: Folder, contract_text: str, stated: str, net: float, other: str
) -> None:
    """M1, due on 1 March, moved to the 8th on the 5th, was reached on the 11th: 10 or 3 days."""
    terms = f"  change_requests: {{approved_late: {stated}}}\n" if stated else ""
    folder = engagement_folder(contract_text + terms + RULES, milestones=LATE)

    section = chapter_of(penalties, opened(folder))

    first, _ = cells(section, "ledger.provider", "net", "reading")
    assert first == (net, other)


def test_a_line_that_only_another_reading_has_is_named_in_the_table(
    engagement_folder: Folder, contract_text: str
) -> None:
    """D1, due on 1 March, refused after 10 days with the client, is late by those 10 alone."""
    rules = (
        "  price: {total: 100000}\n"
        "  penalties:\n"
        "    Art. 8: {title: Late, kind: delay, deliverables: [D1], amount: 100}\n"
    )
    folder = engagement_folder(
        contract_text + rules,
        deliverables="deliverable_id,title,due_on\nD1,Handbook,2024-03-01\n",
        submissions=(
            "deliverable_id,version,submitted_on,decided_on,decision\n"
            "D1,1,2024-03-01,2024-03-11,refused\nD1,2,2024-03-11,2024-03-12,accepted\n"
        ),
    )

    review = opened(folder)

    (reading,) = results.readings(review)
    assert reading.default.key == "decision_days"
    (effect,) = reading.effects
    assert [side.net for side in (*effect.here, *effect.otherwise)] == [0, 0, 1000, 1000]


def test_the_ledger_under_another_reading_is_the_one_computed_of_it_alone() -> None:
    """Of the sample: rules that a reading leaves as they were are not held to their facts again."""
    review = sample_of()
    facts = results._facts(review)
    readings = results.readings(review)

    assert len({reading.default.part for reading in readings}) > 2
    for reading in readings:
        contract = read_as(review.contract, reading.default, reading.other)
        assert contract is not None
        read = results._facts_under(review, facts, contract, reading.default.part)
        assert repr(ledger(contract, read)) == repr(reading.ledger)
