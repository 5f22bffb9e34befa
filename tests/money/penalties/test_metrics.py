"""The ledger on contracts and facts small enough to check by hand; vectors of the field by name."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.delivery.lateness import Delays
from reviewlib.money.penalties.claim import Facts
from reviewlib.money.penalties.decided import observations_until
from reviewlib.money.penalties.metrics import (
    HIGH,
    LOW,
    Ledger,
    Line,
    differing,
    ledger,
    resting,
    sums,
)
from tests import desk
from tests.properties import steady

STEADY = steady(20)
TODAY = pd.Timestamp("2026-12-31")
Causes = Sequence[tuple[str, str, str, str, bool]]


def agreed(penalties: dict[str, Any], price: float | None = 120_000, **terms: Any) -> Contract:
    """A contract of 2026 with these rules; its price is 120,000."""
    agreement = desk.agreed(desk.RESOLUTION, **terms.pop("parts", {}))
    added = {"penalties": penalties, **terms}
    if price is not None:
        added["price"] = {"total": price}
    return desk.loaded(agreement | {"terms": agreement["terms"] | added})


def delay(**parts: Any) -> dict[str, Any]:
    """A rule on the milestone M1: 1/1000 of the price for each calendar day."""
    return {"kind": "delay", "title": "Delay", "milestones": ["M1"], "rate": "1/1000"} | parts


def late(
    *delays: tuple[str, str, str], causes: Causes = (), suspended: Any = (), **more: Any
) -> Facts:
    """Facts of late subjects; causes: subject, party, first day, last day, contested."""
    rows = pd.DataFrame(delays, columns=["subject", "after", "last"]).assign(
        ended=more.pop("ended", "reached"),
        needs=more.pop("needs", None),
        before=more.pop("before", None),
    )
    rows["kind"] = rows["subject"].str[0].map({"M": "milestone", "D": "deliverable"})
    for column in ("after", "last"):
        rows[column] = pd.to_datetime(rows[column]).astype("datetime64[s]")
    names = ["milestone_id", "attributed_to", "starts_on", "ends_on", "contested"]
    told = pd.DataFrame(causes, columns=names).assign(
        cause_id=[f"C{n}" for n in range(len(causes))], deliverable_id=None
    )
    stops = pd.DataFrame(suspended, columns=["milestone_id", "starts_on", "ends_on"]).assign(
        suspension_id=[f"S{n}" for n in range(len(suspended))], deliverable_id=None
    )
    for table in (told, stops):
        for column in ("starts_on", "ends_on"):
            table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    found = Delays(rows, told, stops)
    return Facts(
        more.pop("today", TODAY),
        {"in_force": found, "contract": found},
        frozenset(zip(rows["kind"], rows["subject"], strict=True)),
        **more,
    )


def days_late(days: int, subject: str = "M1", start: str = "2026-01-31") -> tuple[str, str, str]:
    """A subject late by so many calendar days."""
    end = pd.Timestamp(start) + pd.Timedelta(days=days)
    return subject, start, f"{end:%Y-%m-%d}"


def only(found: Ledger) -> Line:
    """The one line of a ledger, whose two sides are the same."""
    (line,) = found.lines
    assert line.low == line.high
    return line


def parts(line: Line, side: str = LOW) -> tuple[str, str, str, str]:
    """Gross, exempted, capped and net of a line, as printed."""
    settled = getattr(line, side)
    return tuple(str(getattr(settled, n)) for n in ("gross", "exempted", "capped", "net"))


# ---------------------------------------------------------------- CCAG-TIC, vectors of the field


@pytest.mark.parametrize("edition", ["ccag-tic-2009", "ccag-tic-2021"])
def test_ccag_tic_120_000_and_17_days_make_2_040(edition: str) -> None:
    """120,000 × 17 / 1,000, due on 31 March and delivered on 17 April."""
    rules = {"14.1": {"pack": edition, "milestones": ["M1"]}}

    line = only(ledger(agreed(rules), late(("M1", "2026-03-31", "2026-04-17"))))

    assert line.claim.low.units == 17
    assert parts(line) == ("2040.00", "0.00", "0.00", "2040.00")


def test_ccag_tic_2021_130_days_make_15_600_and_are_capped_at_12_000() -> None:
    """120,000 × 130 / 1,000 = 15,600; 10 % of 120,000 = 12,000."""
    rules = {"14": {"pack": "ccag-tic-2021", "milestones": ["M1"]}}

    line = only(ledger(agreed(rules), late(days_late(130))))

    assert parts(line) == ("15600.00", "0.00", "3600.00", "12000.00")


def test_ccag_tic_2009_has_no_cap() -> None:
    rules = {"14.1": {"pack": "ccag-tic-2009", "milestones": ["M1"]}}

    line = only(ledger(agreed(rules), late(days_late(130))))

    assert parts(line) == ("15600.00", "0.00", "0.00", "15600.00")


@pytest.mark.parametrize(
    ("edition", "days", "net"),
    [
        ("ccag-tic-2021", 90, "0.00"),
        ("ccag-tic-2009", 90, "900.00"),
        ("ccag-tic-2021", 100, "0.00"),
        ("ccag-tic-2021", 101, "1000.00"),
        ("ccag-tic-2009", 30, "0.00"),
        ("ccag-tic-2009", 31, "310.00"),
    ],
)
def test_ccag_tic_exempts_up_to_300_in_2009_and_1_000_in_2021_all_or_nothing(
    edition: str, days: int, net: str
) -> None:
    """10,000 × days / 1,000; 101 days are 1,010, capped at 10 % of 10,000 in 2021."""
    rules = {"14": {"pack": edition, "milestones": ["M1"]}}

    line = only(ledger(agreed(rules, price=10_000), late(days_late(days))))

    assert str(line.low.net) == net


def test_half_a_cent_is_rounded_up_and_not_to_even() -> None:
    """1,234,565 × 1 / 1,000 = 1,234.565, by hand 1,234.57; half-even would give 1,234.56."""
    line = only(ledger(agreed({"P": delay(base=1_234_565)}), late(days_late(1))))

    assert str(line.low.net) == "1234.57"


def test_each_field_of_a_pack_may_be_replaced() -> None:
    """2021 with 1/500 up to 5 % of 50,000: 120,000 × 17 / 500 = 4,080, capped at 2,500."""
    rules = {
        "14": {
            "pack": "ccag-tic-2021", "milestones": ["M1"], "rate": "1/500",
            "cap_share": "5 %", "cap_of": 50_000,
        }
    }  # fmt: skip

    line = only(ledger(agreed(rules), late(days_late(17))))

    assert parts(line) == ("4080.00", "0.00", "1580.00", "2500.00")
    assert line.claim.terms.source.startswith("CCAG-TIC 2021")


# ----------------------------------------------------------- what counts, and what is taken out


def test_the_client_s_days_suspensions_and_force_majeure_are_taken_out_with_their_reason() -> None:
    """20 days late: 3 the client's, 2 of force majeure, 4 suspended; 120 × (20 − 9) = 1,320."""
    facts = late(
        days_late(20),
        causes=[
            ("M1", "client", "2026-02-01", "2026-02-03", False),
            ("M1", "force_majeure", "2026-02-05", "2026-02-06", False),
        ],
        suspended=[("M1", "2026-02-10", "2026-02-13")],
    )

    line = only(ledger(agreed({"P": delay()}), facts))

    assert dict(line.claim.left_out) == {"client": 3, "force_majeure": 2, "suspended": 4}
    assert str(line.low.net) == "1320.00"


def test_a_contested_day_gives_a_range_and_not_a_point() -> None:
    """10 days late, 4 of them the client's as the provider says: between 720 and 1,200."""
    facts = late(days_late(10), causes=[("M1", "client", "2026-02-01", "2026-02-04", True)])

    (line,) = ledger(agreed({"P": delay()}), facts).lines

    assert (str(line.low.net), str(line.high.net)) == ("720.00", "1200.00")


def test_a_day_of_several_causes_is_left_out_where_one_of_them_is_excluded() -> None:
    """10 days late; 6 a third party's, 2 of them the client's too: 120 × 8, or all of them."""
    causes: Causes = [
        ("M1", "third_party", "2026-02-01", "2026-02-06", False),
        ("M1", "client", "2026-02-05", "2026-02-06", False),
    ]

    found = [
        only(ledger(agreed({"P": delay(concurrent=word)}), late(days_late(10), causes=causes)))
        for word in ("excluded", "counted")
    ]

    assert [str(line.low.net) for line in found] == ["960.00", "1200.00"]


def test_a_contested_cause_beside_an_undisputed_excluded_one_changes_nothing() -> None:
    """5 days late; of 3 of them a flood is undisputed, and the client's doing contested."""
    causes: Causes = [
        ("M1", "force_majeure", "2026-02-01", "2026-02-03", False),
        ("M1", "client", "2026-02-01", "2026-02-03", True),
    ]

    line = only(ledger(agreed({"P": delay()}), late(days_late(5), causes=causes)))

    assert str(line.low.net) == "240.00"


@pytest.mark.parametrize(
    ("unit", "days"), [("calendar", 10), ("working", 6), ("ouvrable", 8), ("clear", 9)]
)
def test_days_are_counted_as_the_contract_counts_them(unit: str, days: int) -> None:
    """1 to 10 May 2026, a Friday (a holiday) to a Sunday: 8 May is a holiday too.

    Working days: 4, 5, 6, 7 May = 4 … without holidays 1, 4–8 May = 6; ouvrable: with 2 and 9 May.
    """
    line = only(ledger(agreed({"P": delay(days=unit)}), late(("M1", "2026-04-30", "2026-05-10"))))

    assert line.claim.low.units == days


@pytest.mark.parametrize(("unit", "days"), [("working", 4), ("ouvrable", 6), ("calendar", 10)])
def test_public_holidays_are_no_working_days_where_the_contract_names_them(
    unit: str, days: int
) -> None:
    """1 and 8 May 2026 are public holidays in France."""
    agreement = agreed({"P": delay(days=unit)}, parts={"public_holidays": "FR"})

    line = only(ledger(agreement, late(("M1", "2026-04-30", "2026-05-10"))))

    assert line.claim.low.units == days


@pytest.mark.parametrize(("days", "weeks"), [(1, 1), (7, 1), (8, 2), (42, 6), (43, 7)])
def test_a_started_week_counts_whole(days: int, weeks: int) -> None:
    rules = {"P": {"pack": "started-weeks", "milestones": ["M1"], "amount": 250}}

    line = only(ledger(agreed(rules), late(days_late(days))))

    assert line.low.net == 250 * weeks


@pytest.mark.parametrize(
    ("counts", "days", "net"), [(True, 5, 0), (True, 6, 720), (False, 5, 0), (False, 6, 120)]
)
def test_a_grace_period_owes_nothing_and_beyond_it_all_days_count_or_those_after(
    counts: bool, days: int, net: int
) -> None:
    found = ledger(agreed({"P": delay(grace=5, grace_counts=counts)}), late(days_late(days)))

    assert only(found).low.net == net


def test_ramp_up_and_sensitive_periods_are_taken_out_where_the_rule_says_so() -> None:
    """10 days from 1 February; ramp-up to the 3rd, sensitive the 9th and 10th: 5 days left."""
    rule = delay(
        ramp_up={"first": "2026-01-01", "last": "2026-02-03"}, sensitive_periods="excluded"
    )
    peak = [{"first": "2026-02-09", "last": "2026-02-28", "title": "Sales"}]

    line = only(ledger(agreed({"P": rule}, parts={"sensitive_periods": peak}), late(days_late(10))))

    assert dict(line.claim.left_out) == {"ramp_up": 3, "sensitive": 2}
    assert str(line.low.net) == "600.00"


def test_one_fact_is_never_penalised_twice() -> None:
    """The second rule on the same ten days owes nothing, and says that they are counted already."""
    found = ledger(agreed({"A": delay(), "B": delay(title="Again")}), late(days_late(10)))

    first, second = found.lines
    assert (str(first.low.net), str(second.low.net)) == ("1200.00", "0.00")
    assert dict(second.claim.left_out) == {"already": 10}


def test_a_deliverable_does_not_owe_for_the_days_on_which_its_milestone_is_late() -> None:
    """M1 late for 10 days, D1 which waits for it for 13: 3 of its own."""
    rules = {"A": delay(), "B": delay(milestones=[], deliverables=["D1"], base=10_000)}
    facts = late(days_late(10), days_late(13, "D1"), needs=[None, "M1"], before=[None, 10])

    lines = ledger(agreed(rules), facts).lines

    assert [str(line.low.net) for line in lines] == ["1200.00", "30.00"]
    assert dict(lines[1].claim.left_out) == {"waited": 10}


@pytest.mark.parametrize(
    ("decision", "net", "held"),
    [
        ({}, "0.00", "1200.00"),
        ({"notice_on": "2026-02-04"}, "1200.00", "0.00"),
        ({"notice_waived": True}, "1200.00", "0.00"),
    ],
)
def test_nothing_is_due_before_the_formal_notice_that_the_contract_asks_for(
    decision: dict[str, Any], net: str, held: str
) -> None:
    facts = late(days_late(10), decisions=decided({"rule": "P", "subject": "M1"} | decision))

    line = only(ledger(agreed({"P": delay(notice="required")}), facts))

    assert (str(line.low.net), str(line.low.held)) == (net, held)


def test_days_count_from_the_notice_where_the_contract_says_so() -> None:
    """Served on the fourth of ten days: six are left."""
    served = decided({"rule": "P", "subject": "M1", "notice_on": "2026-02-04"})

    line = only(
        ledger(
            agreed({"P": delay(notice="required", from_notice=True)}),
            late(days_late(10), decisions=served),
        )
    )

    assert dict(line.claim.left_out) == {"before_notice": 4}
    assert str(line.low.net) == "720.00"


@pytest.mark.parametrize(
    ("causes", "excluded", "counted"),
    [
        # undisputed client and force majeure: nobody answers for them, whatever runs beside
        ([("client", False), ("force_majeure", False)], (0, 0), (0, 0)),
        ([("client", False), ("provider", False)], (0, 0), (4, 4)),
        # the provider's doing is undisputed, and the client's contested beside it
        ([("provider", False), ("client", True)], (0, 4), (4, 4)),
        # the client's is undisputed, and the provider's contested beside it
        ([("client", False), ("provider", True)], (0, 0), (0, 4)),
        # two who are not excluded: that one of them is contested changes nothing
        ([("provider", False), ("third_party", True)], (4, 4), (4, 4)),
        ([("client", True), ("force_majeure", True)], (0, 4), (0, 4)),
        ([("client", False), ("force_majeure", True)], (0, 0), (0, 0)),
    ],
)
def test_four_days_of_two_causes_are_owed_for_whatever_the_answer_to_the_contested_one(
    causes: list[tuple[str, bool]], excluded: tuple[int, int], counted: tuple[int, int]
) -> None:
    """What is owed if the contested cause falls, and if it stands: the least and the most."""
    spans = [("M1", party, "2026-02-01", "2026-02-04", contested) for party, contested in causes]
    for word, days in (("excluded", excluded), ("counted", counted)):
        found = ledger(agreed({"P": delay(concurrent=word)}), late(days_late(4), causes=spans))
        (line,) = found.lines
        assert (line.claim.low.units, line.claim.high.units) == days, word


@pytest.mark.parametrize(
    ("unit", "last", "weeks"),
    [
        ("working", "2026-06-05", 1), ("working", "2026-06-08", 2), ("working", "2026-06-12", 2),
        ("ouvrable", "2026-06-06", 1), ("ouvrable", "2026-06-08", 2), ("calendar", "2026-06-07", 1),
    ],
)  # fmt: skip
def test_five_working_days_are_a_week_and_six_ouvrable_ones(
    unit: str, last: str, weeks: int
) -> None:
    """Due on Sunday 31 May 2026: 1 to 5 June are a week of work, the 8th starts another."""
    rules = {"P": {"pack": "started-weeks", "milestones": ["M1"], "amount": 250, "days": unit}}

    line = only(ledger(agreed(rules), late(("M1", "2026-05-31", last))))

    assert line.claim.low.units == weeks


@pytest.mark.parametrize(
    ("parts", "left", "units"),
    [
        ({"grace": 5}, {"grace": 3}, (0, 0)),
        ({"grace": 5, "grace_counts": False}, {"grace": 3}, (0, 0)),
        ({"grace": 2, "grace_counts": False}, {"grace": 2}, (1, 1)),
        ({"grace": 2}, {}, (3, 3)),
    ],
)
def test_the_days_of_grace_are_among_those_taken_out(
    parts: dict[str, Any], left: dict[str, int], units: tuple[int, int]
) -> None:
    (line,) = ledger(agreed({"P": delay(**parts)}), late(days_late(3))).lines

    assert dict(line.claim.left_out) == left
    assert (line.claim.low.units, line.claim.high.units) == units


def test_a_deliverable_does_not_owe_for_its_milestone_s_days_wherever_its_rule_stands() -> None:
    """As above with the rule of the deliverable first: M1 owes for 10 days, D1 for 3."""
    rules = {"B": delay(milestones=[], deliverables=["D1"], base=10_000), "A": delay()}
    facts = late(days_late(10), days_late(13, "D1"), needs=[None, "M1"], before=[None, 10])

    lines = ledger(agreed(rules), facts).lines

    assert [(line.claim.rule, str(line.low.net)) for line in lines] == [
        ("B", "30.00"),
        ("A", "1200.00"),
    ]


def test_a_day_on_which_a_rule_makes_nothing_due_is_left_to_another() -> None:
    """The first rule spares three days of grace; the second has none, and counts them."""
    rules = {"A": delay(grace=5), "B": delay(title="From the first day")}

    lines = ledger(agreed(rules), late(days_late(3))).lines

    assert [str(line.low.net) for line in lines] == ["0.00", "360.00"]


def amended(changes: dict[str, Any], rules: dict[str, Any], **parts: Any) -> Contract:
    """A contract whose rules change on 1 July 2026."""
    change = {"id": "A1", "title": "A1", "signed": "2026-06-01", "effective": "2026-07-01"}
    change["changes"] = changes
    return agreed(rules, parts={"amendments": [change], **parts})


JUNE, JULY = ("2026-05-31", "2026-06-10"), ("2026-06-30", "2026-07-10")


def test_a_rule_is_only_for_those_that_it_names_in_the_wording_then_in_force() -> None:
    """M1 is named until the end of June and M2 from July on, each with a base of 10,000.

    Late in June, M2 owes nothing; late in July, M1 owes nothing.
    """
    rules = {"P": delay(base={"M1": 10_000})}
    changes = {"penalties": {"P": {"milestones": ["M2"], "base": {"M1": None, "M2": 10_000}}}}
    agreement = amended(changes, rules)

    in_time = ledger(agreement, late(("M1", *JUNE), ("M2", *JULY)))
    too_early = ledger(agreement, late(("M1", *JULY), ("M2", *JUNE)))

    assert [(x.claim.subject, str(x.low.net)) for x in in_time.lines] == [
        ("M1", "100.00"),
        ("M2", "100.00"),
    ]
    assert too_early.lines == ()


def test_a_rule_taken_out_by_an_amendment_still_holds_for_what_came_before() -> None:
    agreement = amended({"penalties": {"P": None}}, {"P": delay(milestones=["M1", "M2"])})

    found = ledger(agreement, late(("M1", *JUNE), ("M2", *JULY)))

    assert [line.claim.subject for line in found.lines] == ["M1"]


# ------------------------------------------- who bears what nobody alone is known to have caused

OWN: Causes = [("M1", "provider", "2026-02-01", "2026-02-03", False)]


@pytest.mark.parametrize(
    ("word", "nets", "left"),
    [
        ("counted", ("1200.00", "1200.00"), {}),
        ("contested", ("360.00", "1200.00"), {"unknown": 7}),
        ("excluded", ("360.00", "360.00"), {"unattributed": 7}),
    ],
)
def test_days_without_a_recorded_cause_are_borne_as_the_rule_says(
    word: str, nets: tuple[str, str], left: dict[str, int]
) -> None:
    """10 days late, of which 3 are the provider's: 3 × 120 = 360, 10 × 120 = 1,200."""
    rule = delay() if word == "counted" else delay(unattributed=word)

    (line,) = ledger(agreed({"P": rule}), late(days_late(10), causes=OWN)).lines

    assert (str(line.low.net), str(line.high.net)) == nets
    assert dict(line.claim.left_out) == left


@pytest.mark.parametrize(
    ("limits", "rests"),
    [
        ({}, "840.00"),  # 1,200 less 360
        ({"cap": 500}, "140.00"),  # 500 less 360
        ({"cap": 360}, "0.00"),  # the cap is reached without them
        ({"exempt_up_to": 359.99}, "840.00"),
        ({"exempt_up_to": 360}, "1200.00"),  # 360 alone would be exempt
        ({"exempt_up_to": 360, "exempt_as": "deductible"}, "840.00"),  # 840 less nothing
        ({"grace": 3}, "1200.00"),  # 3 days alone would lie within the grace
        ({"per": "week"}, "120.00"),  # two started weeks, or one
        ({"notice": "required"}, "0.00"),  # nothing is due as yet
    ],
    ids=str,
)
def test_what_rests_on_days_without_a_cause_is_the_amount_with_them_less_that_without(
    limits: dict[str, Any], rests: str
) -> None:
    """10 days of 120; 3 are the provider's, 7 nobody's that is known."""
    (line,) = ledger(agreed({"P": delay(**limits)}), late(days_late(10), causes=OWN)).lines

    assert [str(amount) for amount in resting([line], "unattributed")] == [rests] * 2
    assert resting([line], "third_party") == (0, 0)


def test_what_rests_on_a_third_party_s_days_and_on_those_of_several_causes_is_told_apart() -> None:
    """10 days: 4 a third party's, 2 of them the provider's too, 6 nobody's: 2, 2 and 6 × 120."""
    causes: Causes = [
        ("M1", "third_party", "2026-02-01", "2026-02-04", False),
        ("M1", "provider", "2026-02-03", "2026-02-04", False),
    ]

    (line,) = ledger(agreed({"P": delay()}), late(days_late(10), causes=causes)).lines

    assert {cause: str(low) for cause, (low, _) in line.rests_on.items()} == {
        "unattributed": "720.00",
        "third_party": "240.00",
        "concurrent": "240.00",
        "together": "1200.00",
    }


def test_what_a_line_would_gain_under_a_cap_without_the_days_of_another_is_below_zero() -> None:
    """Cap 1,000. M1 1,200, of which 840 rest on days of nobody; M2 5 days, the provider's, 600.

    With them 1,000 and 0; without 360 and 600: of 1,000 in all, 40 rest on such days.
    """
    causes: Causes = [*OWN, ("M2", "provider", "2026-03-01", "2026-03-05", False)]
    facts = late(days_late(10), days_late(5, "M2", "2026-02-28"), causes=causes)

    lines = ledger(agreed({"P": delay(milestones=["M1", "M2"], cap=1000)}), facts).lines

    assert [str(line.rests_on["unattributed"][0]) for line in lines] == ["640.00", "-600.00"]
    assert resting(lines, "unattributed") == (40, 40)


# ------------------------------------------------------------------------------- exemption and cap


def test_exemption_and_cap_run_over_all_lines_of_a_pool_and_not_over_each() -> None:
    """600 is exempt alone (≤ 1,000); with 500 both are due, and the cap of 1,050 takes 50."""
    rule = {"pool": "delays", "exempt_up_to": 1000, "cap": 1050}
    rules = {"A": delay(**rule), "B": delay(milestones=["M2"], base=50_000, **rule)}

    alone = ledger(agreed(rules), late(days_late(5)))
    both = ledger(agreed(rules), late(days_late(5), days_late(10, "M2")))

    assert [str(line.low.net) for line in alone.lines] == ["0.00"]
    assert [str(line.low.net) for line in both.lines] == ["600.00", "450.00"]


def test_what_falls_due_first_uses_up_the_cap_first() -> None:
    """M2 of the second rule is over in January, M1 of the first in March."""
    rule = {"pool": "delays", "cap": 1000}
    rules = {"A": delay(**rule), "B": delay(milestones=["M2"], **rule)}
    facts = late(days_late(9, start="2026-02-28"), days_late(5, "M2", "2026-01-10"))

    lines = ledger(agreed(rules), facts).lines

    assert [(line.claim.subject, str(line.low.net)) for line in lines] == [
        ("M1", "400.00"),
        ("M2", "600.00"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "nets"),
    [
        # 600 were due above 300: a higher exemption later leaves them due, and exempts the rest
        (300, 2000, ["600.00", "0.00"]),
        # 600 were exempt up to 1,000: a lower exemption later leaves them so, and not the rest
        (1000, 300, ["0.00", "600.00"]),
        # 1,200 since the beginning are above 1,000, which holds from July on
        (600, 1000, ["0.00", "600.00"]),
        (600, 1200, ["0.00", "0.00"]),
    ],
)
def test_a_later_exemption_changes_nothing_of_what_came_before_it(
    before: int, after: int, nets: list[str]
) -> None:
    """M1 5 days in June, M2 5 in July, 600 each; the exemption changes on 1 July."""
    rule = delay(milestones=["M1", "M2"], exempt_up_to=before)
    agreement = amended({"penalties": {"P": {"exempt_up_to": after}}}, {"P": rule})
    facts = late(days_late(5, start="2026-05-31"), days_late(5, "M2", "2026-06-30"))

    assert [str(line.low.net) for line in ledger(agreement, facts).lines] == nets


def test_a_later_cap_changes_nothing_of_what_came_before_it() -> None:
    """600 in June under a cap of 5,000, 600 in July under one of 400: the 600 stay due."""
    rule = delay(milestones=["M1", "M2"], cap=5000)
    agreement = amended({"penalties": {"P": {"cap": 400}}}, {"P": rule})
    facts = late(days_late(5, start="2026-05-31"), days_late(5, "M2", "2026-06-30"))

    assert [str(line.low.net) for line in ledger(agreement, facts).lines] == ["600.00", "0.00"]


def test_an_amendment_in_the_middle_of_a_delay_changes_nothing_of_it() -> None:
    """Late from 26 June to 5 July, 10 days; from 1 July on the rate is double: 10 × 120."""
    agreement = amended({"penalties": {"P": {"rate": "2/1000"}}}, {"P": delay()})

    assert (
        str(only(ledger(agreement, late(("M1", "2026-06-25", "2026-07-05")))).low.net) == "1200.00"
    )


def test_a_waiver_may_make_the_rest_exempt() -> None:
    """M1 1,080 and M2 600, exempt up to 1,000 in all: once M1 is waived, M2 alone is exempt."""
    rules = {"A": delay(milestones=["M1", "M2"], exempt_up_to=1000)}
    row = {"rule": "A", "subject": "M1", "decided_on": "2026-06-01", "decision": "waived"}
    delays = days_late(9), days_late(5, "M2", "2026-03-10")

    before = ledger(agreed(rules), late(*delays)).lines
    after = ledger(agreed(rules), late(*delays, decisions=decided(row))).lines

    assert [str(line.low.net) for line in before] == ["1080.00", "600.00"]
    assert [str(line.low.net) for line in after] == ["0.00", "0.00"]


def test_a_deductible_leaves_what_exceeds_it() -> None:
    rules = {"A": delay(milestones=["M1", "M2"], exempt_up_to=700, exempt_as="deductible")}

    lines = ledger(agreed(rules), late(days_late(5), days_late(10, "M2"))).lines

    assert [parts(line)[1] for line in lines] == ["600.00", "100.00"]
    assert [str(line.low.net) for line in lines] == ["0.00", "1100.00"]


# ------------------------------------------------------------- points, credits, availability, bonus


def month(name: str, met: int, breached: int, open_: int = 0, **more: Any) -> dict[str, Any]:
    """The tickets of a priority in a month."""
    row = {"clause": "R1", "priority": "P1", "threshold": 0.95, "late_or_paused": 0}
    return row | {"month": name, "met": met, "breached": breached, "open": open_} | more


def tickets(*rows: dict[str, Any]) -> Facts:
    return Facts(TODAY, compliance=pd.DataFrame(rows))


POINTS = {"kind": "points", "title": "Points", "clauses": ["R1"], "amount": 100}


@pytest.mark.parametrize(
    ("met", "n", "points"), [(95, 100, 0), (94, 100, 2), (939, 1000, 3), (90, 100, 6)]
)
def test_points_are_counted_for_each_started_percentage_point_under(
    met: int, n: int, points: int
) -> None:
    """One for the miss, and one for each started point under 95 %: 93.9 % is 1.1 under, so 2."""
    rules = {"P": POINTS | {"each_point": 1}}

    found = ledger(agreed(rules), tickets(month("2026-03", met, n - met)))

    assert [line.claim.low.units for line in found.lines] == ([points] if points else [])


def test_free_points_weights_and_a_monthly_cap() -> None:
    """March: P1 2 points × 2 and P2 2 = 6, less 2 free = 400, capped at 300; April: 2, free."""
    rules = {
        "P": POINTS
        | {"each_point": 1, "weights": {"P1": 2}, "free": 2, "cap": 300, "cap_per": "month"}
    }
    found = ledger(
        agreed(rules),
        tickets(
            month("2026-03", 94, 6), month("2026-03", 94, 6, priority="P2"),
            month("2026-04", 94, 6, priority="P2"),
        ),
    )  # fmt: skip

    line = only(found)
    assert (line.claim.month, *parts(line)) == ("2026-03", "400.00", "0.00", "100.00", "300.00")


def test_a_monthly_cap_that_an_amendment_lowers_holds_for_the_months_after_it() -> None:
    """Six points each in June and July, 600: the cap is 500 in June, 300 from 1 July on."""
    rule = POINTS | {"each_point": 5, "cap": 500, "cap_per": "month"}
    agreement = amended({"penalties": {"P": {"cap": 300}}}, {"P": rule})

    lines = ledger(agreement, tickets(month("2026-06", 94, 6), month("2026-07", 94, 6))).lines

    assert [str(line.low.gross) for line in lines] == ["600.00", "600.00"]
    assert [str(line.low.net) for line in lines] == ["500.00", "300.00"]


def test_a_cap_over_the_contract_that_an_amendment_lowers_holds_for_all_of_it() -> None:
    """600 in June and 600 in July under the latest cap, 800: 600, then the 200 that are left."""
    rule = POINTS | {"each_point": 5, "cap": 5000}
    agreement = amended({"penalties": {"P": {"cap": 800}}}, {"P": rule})

    lines = ledger(agreement, tickets(month("2026-06", 94, 6), month("2026-07", 94, 6))).lines

    assert [str(line.low.net) for line in lines] == ["600.00", "200.00"]


@pytest.mark.parametrize(
    ("zone", "last"),
    [("Africa/Cairo", "2026-04-24"), ("America/Havana", "2026-11-01")],
    ids=["no midnight", "two midnights"],
)
def test_a_share_of_the_price_caps_a_delay_that_ends_on_a_day_of_changed_clocks(
    zone: str, last: str
) -> None:
    """Ten days at 2/1000 of 120,000 are 2,400; 1 % of the price is 1,200."""
    rules = {"P": delay(rate="2/1000", cap_share="1 %")}
    agreement = agreed(rules).model_copy(update={"time_zone": zone})
    after = str((pd.Timestamp(last) - pd.Timedelta(days=10)).date())

    line = only(ledger(agreement, late(("M1", after, last))))

    assert parts(line) == ("2400.00", "0.00", "1200.00", "1200.00")


def test_open_tickets_of_a_month_give_a_range() -> None:
    """94 of 99 and one open: at best 95 %, nothing due; at worst 94 %, a point."""
    (line,) = ledger(agreed({"P": POINTS}), tickets(month("2026-03", 94, 5, 1))).lines

    assert (str(line.low.net), str(line.high.net)) == ("0.00", "100.00")
    assert line.claim.provisional


def test_open_tickets_may_cost_a_credit_and_no_more_than_one() -> None:
    """94 met, 3 breached, 3 open of 100: at best 97 %, nothing; at worst 94 %, 5 % of 1,000."""
    tiers = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
    rule = {"kind": "tiers", "title": "C", "clauses": ["R1"], "base": 1000, "tiers": tiers}

    (line,) = ledger(agreed({"P": rule}), tickets(month("2026-03", 94, 3, 3))).lines

    assert (str(line.low.net), str(line.high.net)) == ("0.00", "50.00")
    assert line.claim.shares == (Fraction(97, 100), Fraction(94, 100))
    assert line.claim.provisional


@pytest.mark.parametrize(("met", "credit"), [(95, None), (94, "50.00")])
def test_a_share_on_the_bound_of_a_tier_is_in_it(met: int, credit: str | None) -> None:
    """95 of 100 is 95 %, and owes nothing; 94 owe 5 % of 1,000."""
    tiers = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
    rule = {"kind": "tiers", "title": "C", "clauses": ["R1"], "base": 1000, "tiers": tiers}

    lines = ledger(agreed({"P": rule}), tickets(month("2026-03", met, 100 - met))).lines

    assert [str(line.low.net) for line in lines] == ([credit] if credit else [])


def test_two_misses_of_a_month_are_two_points_of_one_line() -> None:
    rows = month("2026-03", 94, 6), month("2026-03", 94, 6, priority="P2")

    line = only(ledger(agreed({"P": POINTS}), tickets(*rows)))

    assert (line.claim.low.units, [miss.priority for miss in line.claim.misses]) == (
        2,
        ["P1", "P2"],
    )


CLOUD = [("99.99", 0), ("99.989", 10), ("99", 10), ("98.999", 30), ("95", 30), ("94.999", 100)]


@pytest.mark.parametrize(("percent", "credit"), CLOUD)
def test_the_lower_bound_of_a_tier_is_included_and_nothing_is_rounded_before_it(
    percent: str, credit: int
) -> None:
    """Of 1,000,000 agreed seconds; the fee of a month is 100."""
    agreement = availability({"pack": "availability-cloud", "base": 100})
    lost = int((100 - Decimal(percent)) * 10_000)

    found = ledger(agreement, hours(("2026-03", 1_000_000, lost)))

    assert [line.low.net for line in found.lines] == ([credit] if credit else [])


def availability(rule: dict[str, Any]) -> Contract:
    """A contract with an availability clause and a rule on it."""
    clause = {"title": "Up", "services": ["network"], "calendar": "permanent", "target": "99.9 %"}
    whole = {"title": "Credit", "availability": ["A1"]} | rule
    return agreed({"P": whole}, availability={"A1": clause})


def hours(*months: tuple[str, int, int]) -> Facts:
    rows = pd.DataFrame(months, columns=["month", "agreed", "lost"])
    rows = rows.assign(clause="A1", service="network", certain=rows["lost"])
    return Facts(TODAY, availability=rows)


def test_99_8958_percent_is_under_99_9_although_it_rounds_to_it() -> None:
    """45 of 43,200 minutes lost: 1 − 45/43,200 = 0.998958…"""
    tiers = [{"at_least": "99.9 %"}, {"at_least": "0 %", "credit": "5 %"}]
    agreement = availability({"kind": "tiers", "base": {"network": 3500}, "tiers": tiers})

    line = only(ledger(agreement, hours(("2026-06", 43_200, 45))))

    assert line.claim.shares == (Fraction(43_155, 43_200),) * 2
    assert str(line.low.net) == "175.00"


def test_a_bonus_is_owed_by_the_other_party() -> None:
    """99 % of the tickets: a bonus of 2 % of 1,000; 93 %: a malus of 2 %."""
    rules = {"P": {"pack": "bonus-malus", "clauses": ["R1"], "base": 1000}}

    lines = ledger(agreed(rules), tickets(month("2026-03", 99, 1), month("2026-04", 93, 7))).lines

    assert [(line.claim.debtor, str(line.low.net)) for line in lines] == [
        ("client", "20.00"),
        ("provider", "20.00"),
    ]


def test_a_clause_is_not_credited_twice_for_a_month() -> None:
    tiers = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
    rule = {"kind": "tiers", "title": "C", "clauses": ["R1"], "base": 1000, "tiers": tiers}

    lines = ledger(agreed({"A": rule, "B": rule}), tickets(month("2026-03", 9, 1))).lines

    assert [str(line.low.net) for line in lines] == ["50.00", "0.00"]
    assert dict(lines[1].claim.left_out) == {"already": 1}


@pytest.mark.parametrize("served", [None, "other", "month", "all", "waived"])
@pytest.mark.parametrize("kind", ["points", "tiers"])
def test_a_month_owes_nothing_before_the_formal_notice_that_the_contract_asks_for(
    kind: str, served: str | None
) -> None:
    """100 for a point in March, or 5 % of 2,000; the notice may be about that month or all."""
    tiers = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
    rule = {
        "points": POINTS,
        "tiers": {"kind": "tiers", "title": "C", "clauses": ["R1"], "base": 2000, "tiers": tiers},
    }[kind] | {"notice": "required"}
    rows = {
        None: {"month": "2026-03", "notified_on": "2026-04-04"},
        "other": {"month": "2026-02", "notice_on": "2026-04-04"},
        "month": {"month": "2026-03", "notice_on": "2026-04-04"},
        "all": {"month": None, "notice_on": "2026-04-04"},
        "waived": {"month": "2026-03", "notice_waived": True},
    }
    facts = Facts(
        TODAY,
        compliance=pd.DataFrame([month("2026-03", 94, 6)]),
        decisions=decided({"rule": "P"} | rows[served]),
    )

    line = only(ledger(agreed({"P": rule}), facts))

    due = served in ("month", "all", "waived")
    assert (str(line.low.held), str(line.low.net)) == (
        ("0.00", "100.00") if due else ("100.00", "0.00")
    )


def test_a_late_payment_owes_nothing_before_a_formal_notice_that_is_asked_for() -> None:
    rules = {"I": LATE["I"] | {"notice": "required"}}

    line = only(ledger(agreed(rules), paid(("F1", "32000", "2026-07-04", "2026-07-16"))))

    assert (str(line.low.held), str(line.low.net)) == ("171.51", "0.00")


def test_a_bonus_needs_no_notice_and_is_neither_exempt_nor_capped() -> None:
    """99 %: a bonus of 2 % of 1,000."""
    limits = {"exempt_up_to": 500, "cap": 5, "notice": "required"}
    rules = {"P": {"pack": "bonus-malus", "clauses": ["R1"], "base": 1000} | limits}

    line = only(ledger(agreed(rules), tickets(month("2026-03", 99, 1))))

    assert parts(line) == ("20.00", "0.00", "0.00", "20.00")


def test_a_month_in_which_a_rule_makes_nothing_due_is_left_to_another() -> None:
    """94 % is a point, which is free; the credit of the second rule, 5 % of 1,000, is due."""
    tiers = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
    credit = {"kind": "tiers", "title": "C", "clauses": ["R1"], "base": 1000, "tiers": tiers}
    rules = {"A": POINTS | {"free": 3}, "B": credit}

    line = only(ledger(agreed(rules), tickets(month("2026-03", 94, 6))))

    assert (line.claim.rule, str(line.low.net)) == ("B", "50.00")


def test_points_of_a_priority_and_a_credit_of_all_of_them_are_not_both_due_for_a_month() -> None:
    tiers = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
    credit = {"kind": "tiers", "title": "C", "clauses": ["R1"], "base": 1000, "tiers": tiers}
    rows = month("2026-03", 94, 6), month("2026-03", 90, 10, priority="P2")

    lines = ledger(agreed({"A": POINTS, "B": credit}), tickets(*rows)).lines

    assert [(line.claim.rule, str(line.low.net)) for line in lines] == [
        ("A", "200.00"),
        ("B", "0.00"),
    ]
    assert dict(lines[1].claim.left_out) == {"already": 1}


def test_each_month_falls_under_the_priorities_and_clauses_then_in_force() -> None:
    """P1 until June, P2 from July on; both miss in both months."""
    agreement = amended(
        {"penalties": {"P": {"priorities": ["P2"]}}}, {"P": POINTS | {"priorities": ["P1"]}}
    )
    rows = [
        month(name, 94, 6, priority=priority)
        for name in ("2026-06", "2026-07")
        for priority in ("P1", "P2")
    ]

    lines = ledger(agreement, tickets(*rows)).lines

    missed = [(x.claim.month, *(miss.priority for miss in x.claim.misses)) for x in lines]
    assert missed == [("2026-06", "P1"), ("2026-07", "P2")]


def test_a_rule_that_becomes_one_of_another_kind_is_held_to_each_in_its_time() -> None:
    """Points until June, 100 each; from July on a credit of 5 % of 1,000."""
    tiers = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
    new = {"kind": "tiers", "amount": None, "base": 1000, "tiers": tiers}
    agreement = amended({"penalties": {"P": new}}, {"P": POINTS})

    lines = ledger(agreement, tickets(month("2026-06", 94, 6), month("2026-07", 94, 6))).lines

    assert [str(line.low.net) for line in lines] == ["100.00", "50.00"]


@pytest.mark.parametrize(("today", "provisional"), [("2026-03-30", True), ("2026-03-31", False)])
def test_a_month_that_is_not_over_is_provisional(today: str, provisional: bool) -> None:
    facts = Facts(pd.Timestamp(today), compliance=pd.DataFrame([month("2026-03", 94, 6)]))

    assert only(ledger(agreed({"P": POINTS}), facts)).claim.provisional is provisional


@pytest.mark.parametrize(
    ("volume", "due"), [(100, "100.00"), (101, None)], ids=["enough", "too few"]
)
def test_a_month_under_the_minimum_volume_of_its_clause_is_not_judged(
    volume: int, due: str | None
) -> None:
    agreement = desk.agreed(desk.RESOLUTION | {"minimum_volume": volume})
    terms = agreement["terms"] | {"penalties": {"P": POINTS}}

    found = ledger(desk.loaded(agreement | {"terms": terms}), tickets(month("2026-03", 94, 6)))

    assert [str(line.low.net) for line in found.lines] == ([due] if due else [])


# ---------------------------------------------------------------------------- what the client owes


def paid(*rows: tuple[str, str, str, str | None]) -> Facts:
    table = pd.DataFrame(rows, columns=["payment_id", "amount", "due_on", "paid_on"])
    table["amount"] = table["amount"].map(Decimal)
    for column in ("due_on", "paid_on"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    return Facts(TODAY, payments=table)


LATE = {"I": {"pack": "late-payment-fr", "interest": "12.5 %"}}


def test_a_late_payment_owes_interest_by_the_day_and_the_indemnity() -> None:
    """32,000 × 12.5 % × 12 / 365 = 131.5068…, and 40."""
    line = only(ledger(agreed(LATE), paid(("F1", "32000", "2026-07-04", "2026-07-16"))))

    assert (line.claim.debtor, str(line.low.net)) == ("client", "171.51")


def test_a_payment_in_time_owes_nothing_and_one_not_made_runs_until_today() -> None:
    """10,000 × 12.5 % × 30 / 365 = 102.7397…, and 40, on 31 December."""
    rows = [("F1", "32000", "2026-07-04", "2026-07-04"), ("F2", "10000", "2026-12-01", None)]

    line = only(ledger(agreed(LATE), paid(*rows)))

    assert (line.claim.subject, str(line.low.net)) == ("F2", "142.74")
    assert line.claim.provisional


# ------------------------------------------------------------------------------------- decisions


def decided(*rows: dict[str, Any]) -> pd.DataFrame:
    numbered = [{"penalty_id": f"PEN{n}"} | row for n, row in enumerate(rows, start=1)]
    return desk.typed("penalties", pd.DataFrame(numbered))


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ({}, "computed"),
        ({"notified_on": "2026-05-04"}, "notified"),
        ({"notified_on": "2026-05-04", "observations_on": "2026-05-10"}, "observations"),
        ({"decided_on": "2026-06-01", "decision": "waived"}, "waived"),
        ({"decided_on": "2026-06-01", "decision": "disputed"}, "disputed"),
        ({"decided_on": "2026-06-01", "decision": "imposed", "amount": "1200"}, "imposed"),
        (
            {"decided_on": "2026-06-01", "decision": "imposed", "amount": "1200",
             "paid_on": "2026-07-01"}, "paid",
        ),
    ],
)  # fmt: skip
def test_the_status_is_the_last_step_taken(steps: dict[str, Any], status: str) -> None:
    facts = late(days_late(10), decisions=decided({"rule": "P", "subject": "M1"} | steps))

    assert only(ledger(agreed({"P": delay()}), facts)).status == status


def test_a_decision_on_nothing_computed_is_kept_apart() -> None:
    row = {"rule": "P", "subject": "M9", "decided_on": "2026-06-01", "decision": "imposed",
           "amount": "250"}  # fmt: skip

    found = ledger(agreed({"P": delay()}), late(days_late(10), decisions=decided(row)))

    assert [(d.subject, str(d.amount)) for d in found.unmatched] == [("M9", "250")]


def test_a_decision_on_all_of_a_clause_is_about_each_of_its_lines() -> None:
    """M1 owes 1,200 and M2 600: 1,800 was imposed for both at once."""
    row = {"rule": "P", "decided_on": "2026-06-01", "decision": "imposed", "amount": "1800"}
    agreement = agreed({"P": delay(milestones=["M1", "M2"])})

    found = ledger(agreement, late(days_late(10), days_late(5, "M2"), decisions=decided(row)))

    assert [line.status for line in found.lines] == ["imposed", "imposed"]
    assert found.unmatched == ()
    ((decision, lines),) = found.answers
    assert [line.claim.subject for line in lines] == ["M1", "M2"]
    assert [d.id for d in found.decisions] == ["PEN1"]
    assert not differing(decision, lines)


def test_a_decision_on_one_line_goes_before_that_on_all() -> None:
    rows = [
        {"rule": "P", "decided_on": "2026-06-01", "decision": "imposed", "amount": "600"},
        {"rule": "P", "subject": "M1", "decided_on": "2026-06-01", "decision": "waived"},
    ]
    agreement = agreed({"P": delay(milestones=["M1", "M2"])})

    found = ledger(agreement, late(days_late(10), days_late(5, "M2"), decisions=decided(*rows)))

    assert [line.status for line in found.lines] == ["waived", "imposed"]


@pytest.mark.parametrize(
    ("amount", "differs"),
    [("960", False), ("480", False), ("0", False), ("960.01", True), ("1000", True)],
)
def test_an_amount_within_the_range_of_a_line_is_as_computed_even_where_the_cap_turns_it(
    amount: str, differs: bool
) -> None:
    """The cap of 1,000 is used up by M1 at the upper side: M2 is left with 960, or with nothing.

    M1: 10 days of 120, all contested; at least 0, at most 1,200. M2: 8 days, 960.
    """
    row = {"rule": "P", "subject": "M2", "decided_on": "2026-09-01", "decision": "imposed"}
    facts = late(
        days_late(10),
        days_late(8, "M2", "2026-03-31"),
        causes=[("M1", "client", "2026-02-01", "2026-02-10", True)],
        decisions=decided(row | {"amount": amount}),
    )

    found = ledger(agreed({"P": delay(milestones=["M1", "M2"], cap=1000)}), facts)

    ((decision, lines),) = found.answers
    assert (str(lines[0].low.net), str(lines[0].high.net)) == ("960.00", "0.00")
    assert differing(decision, lines) is differs


def test_observations_may_be_sent_until_the_end_of_their_delay() -> None:
    """Notified on 4 May 2026, 15 calendar days: until 19 May."""
    rules = {"P": delay(observations="15 calendar days")}
    row = {"rule": "P", "subject": "M1", "notified_on": "2026-05-04"}

    agreement = agreed(rules)
    line = only(ledger(agreement, late(days_late(10), decisions=decided(row))))
    assert line.decision is not None

    until = observations_until(line.decision, line.claim.terms, agreement)

    assert until == pd.Timestamp("2026-05-19")


# ------------------------------------------------------------------------------ what can't be told


def test_what_can_t_be_applied_is_said() -> None:
    rules = {"A": delay(), "B": POINTS, "C": LATE["I"]}

    found = ledger(agreed(rules), Facts(TODAY))

    assert [(gap.rule, gap.because) for gap in found.gaps] == [
        ("A", "no_milestones"),
        ("B", "no_tickets"),
        ("C", "no_payments"),
    ]


def test_a_rule_on_a_milestone_that_the_tables_lack_is_said() -> None:
    (gap,) = ledger(agreed({"A": delay(milestones=["M1", "M9"])}), late(days_late(1))).gaps

    assert (gap.because, gap.subject) == ("no_subject", "M9")


def test_the_terms_in_force_on_the_first_day_late_apply() -> None:
    """An amendment doubles the rate from 1 March 2026: M1 is due in January, M2 on 28 February."""
    agreement = desk.agreed(
        desk.RESOLUTION,
        amendments=[
            {
                "id": "A1", "title": "Twice", "signed": "2026-02-01", "effective": "2026-03-01",
                "changes": {"penalties": {"P": {"rate": "2/1000"}}},
            }
        ],
    )  # fmt: skip
    rule = delay(milestones=["M1", "M2"])
    terms = agreement["terms"] | {"penalties": {"P": rule}, "price": {"total": 120_000}}
    facts = late(days_late(10, start="2026-01-10"), days_late(10, "M2", "2026-02-28"))

    lines = ledger(desk.loaded(agreement | {"terms": terms}), facts).lines

    assert [str(line.low.net) for line in lines] == ["1200.00", "2400.00"]


# --------------------------------------------------------------------------- what always holds

DAYS = st.integers(1, 60)
PARTIES = st.sampled_from(["client", "provider", "third_party", "force_majeure"])
SPANS = st.lists(
    st.tuples(PARTIES, st.integers(1, 60), st.integers(0, 20), st.booleans()), max_size=4
)
RULES = st.fixed_dictionaries(
    {
        "per": st.sampled_from(["day", "week"]),
        "days": st.sampled_from(["calendar", "working", "ouvrable", "clear"]),
        "grace": st.integers(0, 5),
        "grace_counts": st.booleans(),
        "exempt_up_to": st.integers(0, 3000),
        "exempt_as": st.sampled_from(["threshold", "deductible"]),
        "cap": st.integers(0, 9000),
        "concurrent": st.sampled_from(["excluded", "counted"]),
    }
)


def told(spans: Any) -> Causes:
    start = pd.Timestamp("2026-01-31")
    dated = [
        (party, start + pd.Timedelta(days=first), start + pd.Timedelta(days=first + more), open_)
        for party, first, more, open_ in spans
    ]
    return [("M1", p, f"{a:%Y-%m-%d}", f"{b:%Y-%m-%d}", open_) for p, a, b, open_ in dated]


@STEADY
@given(RULES, DAYS, DAYS, SPANS)
def test_net_is_never_above_gross_nor_above_the_cap_and_the_parts_add_up(
    rule: dict[str, Any], one: int, other: int, spans: Any
) -> None:
    agreement = agreed({"P": delay(milestones=["M1", "M2"], **rule)})

    found = ledger(agreement, late(days_late(one), days_late(other, "M2"), causes=told(spans)))

    for side in (LOW, HIGH):
        for line in found.lines:
            s = getattr(line, side)
            assert s.gross == s.held + s.waived + s.exempted + s.capped + s.net
            assert 0 <= s.net <= s.gross
        whole = sums(found.lines, side)
        assert whole.net <= rule["cap"]
        assert whole.net == sum(getattr(line, side).net for line in found.lines)
    assert all(line.low.net <= line.low.gross <= line.high.gross for line in found.lines)
    assert sums(found.lines, LOW).net <= sums(found.lines, HIGH).net


@STEADY
@given(RULES, DAYS, DAYS, SPANS)
def test_what_rests_on_days_without_a_cause_is_what_a_rule_that_excludes_them_does_not_make_due(
    rule: dict[str, Any], one: int, other: int, spans: Any
) -> None:
    facts = late(days_late(one), days_late(other, "M2"), causes=told(spans))
    terms = {"milestones": ["M1", "M2"]} | rule

    counted = ledger(agreed({"P": delay(**terms)}), facts).lines
    excluded = ledger(agreed({"P": delay(**terms, unattributed="excluded")}), facts).lines

    rests = resting(counted, "unattributed")
    for side, of_side in zip((LOW, HIGH), rests, strict=True):
        assert sums(counted, side).net - of_side == sums(excluded, side).net


@STEADY
@given(RULES, st.integers(1, 40), SPANS)
def test_a_day_more_never_lowers_a_penalty(rule: dict[str, Any], days: int, spans: Any) -> None:
    agreement = agreed({"P": delay(**rule)})

    one, more = (
        ledger(agreement, late(days_late(n), causes=told(spans))).lines for n in (days, days + 1)
    )

    for side in (LOW, HIGH):
        assert sums(one, side).net <= sums(more, side).net


@STEADY
@given(RULES, DAYS, SPANS, st.integers(1, 60), st.integers(0, 20))
def test_giving_days_to_the_client_never_raises_a_penalty(
    rule: dict[str, Any], days: int, spans: Any, first: int, more: int
) -> None:
    agreement, own = agreed({"P": delay(**rule)}), ("client", first, more, False)

    before = ledger(agreement, late(days_late(days), causes=told(spans)))
    after = ledger(agreement, late(days_late(days), causes=told([*spans, own])))

    for side in (LOW, HIGH):
        assert sums(after.lines, side).net <= sums(before.lines, side).net


@STEADY
@given(RULES, DAYS, SPANS, st.booleans())
def test_the_days_that_count_and_those_taken_out_are_all_the_days_late(
    rule: dict[str, Any], days: int, spans: Any, ramp: bool
) -> None:
    """The upper side counts the contested days, which are told apart."""
    period = {"ramp_up": {"first": "2026-01-01", "last": "2026-02-05"}} if ramp else {}
    agreement = agreed({"P": delay(**rule | period | {"per": "day"})})

    (line,) = ledger(agreement, late(days_late(days), causes=told(spans))).lines

    left = dict(line.claim.left_out)
    left.pop("contested", 0)
    assert line.claim.high.units + sum(left.values()) == days
    assert 0 <= line.claim.low.units <= line.claim.high.units


def test_what_is_waived_uses_up_neither_the_exemption_nor_the_cap() -> None:
    """M1 owes 1,080 and M2 600, at most 1,000: M1 waived, M2 is due whole."""
    rules = {"A": delay(milestones=["M1", "M2"], cap=1000)}
    row = {"rule": "A", "subject": "M1", "decided_on": "2026-06-01", "decision": "waived"}
    delays = days_late(9), days_late(5, "M2", "2026-03-10")

    before = ledger(agreed(rules), late(*delays)).lines
    after = ledger(agreed(rules), late(*delays, decisions=decided(row))).lines

    assert [str(line.low.net) for line in before] == ["1000.00", "0.00"]
    assert [str(line.low.net) for line in after] == ["0.00", "600.00"]
    assert str(after[0].low.waived) == "1080.00"


def test_a_line_says_by_whose_doing_its_days_were_and_which_waited_for_a_milestone() -> None:
    """D1 is late by 13 days: 3 the provider's, 10 of nobody that is known; M1, which it needs and
    which no rule is about, was reached on the eighth: 8 of the days counted lie before that.
    """
    causes: Causes = [("M1", "provider", "2026-02-01", "2026-02-03", False)]
    facts = late(days_late(13, "D1"), needs=["M1"], before=[8.0], causes=causes)
    about = facts.delays["in_force"].causes
    assert about is not None
    about["deliverable_id"], about["milestone_id"] = "D1", None

    line = only(ledger(agreed({"A": delay(milestones=[], deliverables=["D1"])}), facts))

    assert dict(line.claim.counted) == {"provider": 3, "unattributed": 10}
    assert line.claim.waited == ("M1", 8)
