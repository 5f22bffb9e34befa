"""Penalty rules and rule packs as a contract states them, and what is refused, with its line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from reviewlib.calendars.day_counts import DayCount
from reviewlib.contract import Contract, load_contract
from reviewlib.contract.days import day_count
from reviewlib.contract.penalties import Delay, LatePayment, Points, Tier, Tiers
from reviewlib.contract.rulepacks import HERE, names, pack
from reviewlib.faults import Faults
from tests import desk
from tests.spoken import in_words

LEAST: dict[str, dict[str, Any]] = {
    "availability-cloud": {"availability": ["A1"], "base": 8000},
    "bonus-malus": {"clauses": ["R1"], "base": 8000},
    "ccag-tic-2009": {"milestones": ["M1"]},
    "ccag-tic-2021": {"deliverables": ["D1"]},
    "late-payment-fr": {"interest": "12.5 %"},
    "service-credits": {"clauses": ["R1"], "base": 8000},
    "sla-points": {"clauses": ["R1"], "amount": 100},
    "started-weeks": {"milestones": ["M1"], "amount": 250},
}
"""The least that a contract states of each pack."""
UP = {"title": "Up", "services": ["network"], "calendar": "permanent", "target": "99.9 %"}
TIERS = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]


def written(rules: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A contract with these rules; its price is 120,000."""
    agreement = desk.agreed(desk.RESOLUTION)
    terms = agreement["terms"] | {"price": {"total": 120_000}, "penalties": rules}
    terms |= {"availability": {"A1": UP}} | parts.pop("terms", {})
    return agreement | {"terms": terms} | parts


def agreed(rules: dict[str, Any], **parts: Any) -> Contract:
    return desk.loaded(written(rules, **parts))


def rule(stated: dict[str, Any], **parts: Any) -> Any:
    """A rule as the library reads it."""
    return agreed({"P": stated}, **parts).versions[-1].penalties["P"]


def refused(rules: dict[str, Any], **parts: Any) -> list[str]:
    """What is said of a contract that can't be read: key and message."""
    with pytest.raises(Faults) as refusal:
        agreed(rules, **parts)
    return [
        f"{fault.column.removeprefix('terms.')}: {in_words(fault.message)}"
        for fault in refusal.value.faults
    ]


def delay(**parts: Any) -> dict[str, Any]:
    return {"kind": "delay", "title": "Delay", "milestones": ["M1"], "rate": "1/1000"} | parts


def points(**parts: Any) -> dict[str, Any]:
    return {"kind": "points", "title": "Points", "clauses": ["R1"], "amount": 100} | parts


def tiers(**parts: Any) -> dict[str, Any]:
    rule = {"kind": "tiers", "title": "Credits", "clauses": ["R1"], "base": 1000, "tiers": TIERS}
    return rule | parts


# ------------------------------------------------------------------------------------------ packs


def test_every_pack_is_listed_here_with_the_least_that_it_needs() -> None:
    assert tuple(LEAST) == names()


@pytest.mark.parametrize("name", LEAST)
def test_a_pack_loads_with_the_least_that_it_needs(name: str) -> None:
    penalty = rule({"pack": name} | LEAST[name])

    assert penalty.pack == name
    assert penalty.title


@pytest.mark.parametrize("name", LEAST)
def test_a_pack_without_that_says_what_is_missing(name: str) -> None:
    messages = refused({"P": {"pack": name}})

    assert all(one.startswith("penalties.P") for one in messages)
    assert messages


@pytest.mark.parametrize("name", LEAST)
def test_the_texts_of_a_pack_are_in_the_language_of_the_contract(name: str) -> None:
    """Its title and its source, as the pack's file gives them."""
    file = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    for language in ("fr", "en"):
        penalty = rule({"pack": name} | LEAST[name], language=language)
        assert penalty.title == file["title"][language]
        assert penalty.source == file.get("source", {}).get(language, "")


OTHER: dict[str, Any] = {
    "title": "Mine", "source": "Art. 3", "rate": "1/3000", "per": "week", "days": "working",
    "pool": "mine", "exempt_up_to": 77, "exempt_as": "deductible", "excludes": ["third_party"],
    "cap_share": "3 %", "observations": "10 working days", "debtor": "provider", "indemnity": 50,
    "legal_multiple": 2, "legal_indemnity": 50,
    "year": 360, "missed": 4, "each_point": 5,
    "tiers": [{"at_least": "0 %", "credit": "1 %"}],
}  # fmt: skip
READ: dict[str, Any] = OTHER | {
    "rate": Fraction(1, 3000), "exempt_up_to": Decimal("77.00"), "excludes": ("third_party",),
    "cap_share": Decimal("0.03"), "observations": DayCount(10, "working"),
    "indemnity": Decimal("50.00"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAST)
def test_every_field_of_a_pack_may_be_replaced_and_the_others_stay(name: str) -> None:
    plain = rule({"pack": name} | LEAST[name])
    for key in set(pack(name)) - {"kind"}:
        penalty = rule({"pack": name} | LEAST[name] | {key: OTHER[key]})
        if key == "tiers":
            assert [tier.credit for tier in penalty.tiers] == [Decimal("0.01")]
        else:
            assert getattr(penalty, key) == READ[key], key
        assert penalty == plain.model_copy(update={key: getattr(penalty, key)})


def test_a_field_of_a_pack_that_is_set_to_nothing_is_taken_out() -> None:
    penalty = rule({"pack": "ccag-tic-2021", "milestones": ["M1"], "cap_share": None})

    assert penalty.cap_share is None
    assert penalty.exempt_up_to == 1000


def test_the_packs_say_what_the_texts_of_the_field_say() -> None:
    """V×R/1000 with 300 exempt in 2009; 1,000 exempt, 10 % and 15 days in 2021; D441-5: 40."""
    older = rule({"pack": "ccag-tic-2009", "milestones": ["M1"]})
    newer = rule({"pack": "ccag-tic-2021", "milestones": ["M1"]})
    late = rule({"pack": "late-payment-fr", "interest": "12.5 %"})
    cloud = rule({"pack": "availability-cloud", "availability": ["A1"], "base": 1})

    assert isinstance(older, Delay)
    assert isinstance(late, LatePayment)
    assert (older.rate, older.exempt_up_to, older.cap_share) == (Fraction(1, 1000), 300, None)
    assert (newer.rate, newer.exempt_up_to, newer.cap_share) == (
        Fraction(1, 1000), 1000, Decimal("0.1"),
    )  # fmt: skip
    assert newer.observations == DayCount(15, "calendar")
    assert (late.debtor, late.indemnity, late.year) == ("client", 40, 365)
    assert (late.legal_multiple, late.legal_indemnity, late.legal_rates) == (3, 40, {})
    assert [str(tier.at_least) for tier in cloud.tiers] == ["0.9999", "0.99", "0.95", "0"]
    assert [tier.credit for tier in cloud.tiers] == [0, Decimal("0.1"), Decimal("0.3"), 1]


def test_an_unknown_pack_or_kind_is_named_with_the_one_that_was_meant() -> None:
    assert refused({"P": {"pack": "ccag-tic-2020", "milestones": ["M1"]}}) == [
        "penalties.P.pack: 'ccag-tic-2020' is no rule pack. Did you mean 'ccag-tic-2021'?"
    ]
    assert refused({"P": delay(kind="delays")}) == [
        "penalties.P.kind: 'delays' is no kind of rule. Did you mean 'delay'?"
    ]
    assert refused({"P": delay(pack="nothing like it")})[0].startswith(
        "penalties.P.pack: 'nothing like it' is no rule pack. Allowed: availability-cloud, "
    )


@pytest.mark.parametrize("stated", ["ccag-tic-2021", {}, {"pack": None}, None, [], 3])
def test_a_rule_without_a_pack_or_a_kind_says_that_it_needs_one(stated: Any) -> None:
    message = "penalties.P: should state a pack, or its kind: delay, points, tiers, late_payment"

    assert refused({"P": stated}) == [message]


def test_the_line_of_a_fault_is_where_it_stands_in_the_file(
    tmp_path: Path, contract_text: str
) -> None:
    rules = (
        "  penalties:\n    Art. 10:\n      pack: sla-point\n    Art. 11:\n      pack: sla-points\n"
    )
    text = contract_text + rules + '      clauses: ["5.2"]\n      amount: 5 €\n'
    (tmp_path / "engagement.yml").write_text(text, encoding="utf-8")
    lines = text.splitlines()

    with pytest.raises(Faults) as refusal:
        load_contract(tmp_path)

    assert [lines[(fault.row or 0) - 1].strip() for fault in refusal.value.faults] == [
        "pack: sla-point",
        "amount: 5 €",
    ]
    assert refusal.value.faults[1].value == "5 €"


def test_an_amendment_that_changes_one_field_leaves_the_others() -> None:
    """The rate doubles on 1 July; the cap of the pack and the base stay."""
    change = {
        "id": "A1", "title": "Doubled", "signed": "2026-06-01", "effective": "2026-07-01",
        "changes": {"penalties": {"P": {"rate": "1/500"}}},
    }  # fmt: skip
    stated = {"pack": "ccag-tic-2021", "milestones": ["M1"], "base": {"M1": 5000}}

    before, after = agreed({"P": stated}, amendments=[change]).versions

    assert (before.penalties["P"].rate, after.penalties["P"].rate) == (
        Fraction(1, 1000), Fraction(1, 500),
    )  # fmt: skip
    changed = before.penalties["P"].model_copy(update={"rate": Fraction(1, 500)})
    assert after.penalties["P"] == changed


def test_an_amendment_may_take_a_rule_out_or_change_its_pack() -> None:
    change = {
        "id": "A1", "title": "Changed", "signed": "2026-06-01", "effective": "2026-07-01",
        "changes": {"penalties": {"P": {"pack": "ccag-tic-2009"}, "Q": None}},
    }  # fmt: skip
    rules = {"P": {"pack": "ccag-tic-2021", "milestones": ["M1"]}, "Q": delay(milestones=["M2"])}

    before, after = agreed(rules, amendments=[change]).versions

    assert [*before.penalties] == ["P", "Q"]
    assert [*after.penalties] == ["P"]
    assert (after.penalties["P"].pack, after.penalties["P"].exempt_up_to) == ("ccag-tic-2009", 300)


# ---------------------------------------------------------------------------- what is inconsistent

ALIKE = "the rules of the pool 'all' share it: state it alike"
NO_DAYS = (
    "leaves out days of a delay, and this rule has none: state what excuses an outage in its "
    "availability clause (excuses), which tickets don't count in their clause (excludes)"
)
PRICE = "rests on the price of the contract: state terms.price, or its own base"
REFUSED: list[tuple[dict[str, Any], str]] = [
    (delay(amount=5), "rate: state a rate of a base, or an amount, for each day or week"),
    (delay(rate=None), "rate: state a rate of a base, or an amount, for each day or week"),
    (delay(milestones=[]), "milestones: name the milestones or deliverables that it is for"),
    (
        delay(milestones=["M1", "M2"], base={"M1": 5}),
        "base: state that of 'M2' too, or one base for all",
    ),
    (delay(base={"M1": 5, "D1": 5}), "base.D1: 'D1' is not among its milestones, deliverables"),
    (
        delay(rate=None, amount=5, base=9),
        "base: a fixed amount has no base: leave one of them out",
    ),
    (delay(from_notice=True), "from_notice: needs notice: required"),
    (delay(grace=-1), "grace: should be 0 or more"),
    (delay(cap=5, cap_share="5 %"), "cap: state cap, or cap_share with its cap_of, not both"),
    (delay(cap_of=5), "cap_of: is the base of cap_share: state that too, or leave it out"),
    (
        tiers(tiers=TIERS[::-1]),
        "tiers: list them from the highest at_least down to one at_least 0 %",
    ),
    (
        tiers(tiers=TIERS[:1]),
        "tiers: list them from the highest at_least down to one at_least 0 %",
    ),
    (
        tiers(tiers=[TIERS[0], *TIERS]),
        "tiers: list them from the highest at_least down to one at_least 0 %",
    ),
    (tiers(tiers=[]), "tiers: should hold at least one"),
    (
        tiers(tiers=[{"at_least": "150 %"}, *TIERS]),
        "tiers.0.at_least: is more than all: write 100 % at most",
    ),
    (
        tiers(availability=["A1"]),
        "clauses: name the clauses, or the availability clauses, it is for",
    ),
    (tiers(clauses=[]), "clauses: name the clauses, or the availability clauses, it is for"),
    (
        tiers(clauses=[], availability=["A1"], priorities=["P1"]),
        "priorities: availability has none: leave them out",
    ),
    (
        tiers(base={"P1": 5}),
        "base: a base for each priority: name the priorities, or state one base for all",
    ),
    (
        tiers(priorities=["P1", "P2"], base={"P1": 5}),
        "base: state that of 'P2' too, or one base for all",
    ),
    (
        tiers(priorities=["P1"], base={"P1": 5, "P2": 5}),
        "base.P2: 'P2' is not among its priorities",
    ),
    (
        tiers(clauses=[], availability=["A1"], base={"support": 5, "network": 5}),
        "base.support: 'support' is no service of A1",
    ),
    (
        tiers(clauses=[], availability=["A1"], base={}),
        "base: state that of 'network' too, or one base for all",
    ),
    (points(weights={"P1": -1}), "weights.P1: should be 0 or more"),
    (points(clauses=["R2"]), "clauses.0: 'R2' is not defined under clauses. Allowed: R1."),
    (
        points(priorities=["P9"]),
        "priorities.0: 'P9' is not defined under priorities. Allowed: P1, P2, P3, P4.",
    ),
    (
        points(weights={"P9": 1}),
        "weights.P9: 'P9' is not defined under priorities. Allowed: P1, P2, P3, P4.",
    ),
    (
        tiers(clauses=[], availability=["A2"]),
        "availability.0: 'A2' is not defined under availability. Allowed: A1.",
    ),
    (delay(rat="1/1000"), "rat: unknown key 'rat'"),
    (tiers(excludes=["force_majeure"]), f"excludes: {NO_DAYS}"),
    (tiers(concurrent="counted"), f"concurrent: {NO_DAYS}"),
    (points(excludes=["client"]), f"excludes: {NO_DAYS}"),
    (
        LEAST["late-payment-fr"] | {"pack": "late-payment-fr", "excludes": []},
        f"excludes: {NO_DAYS}",
    ),
]


@pytest.mark.parametrize(("stated", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_a_rule_states_must_fit_together(stated: dict[str, Any], message: str) -> None:
    assert refused({"P": stated}) == [f"penalties.P.{message}"]


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("exempt_up_to", 5, 6), ("exempt_as", "threshold", "deductible"), ("cap", 5, 6),
        ("cap_per", "year", "month"), ("debtor", "provider", "client"),
    ],
)  # fmt: skip
def test_rules_of_one_pool_state_their_exemption_and_cap_alike(
    key: str, one: Any, other: Any
) -> None:
    first, second = (delay(pool="all", **{key: value}) for value in (one, other))
    second |= {"milestones": ["M2"]}

    assert refused({"A": first, "B": second}) == [f"penalties.B.{key}: {ALIKE}"]
    assert len(agreed({"A": first, "B": second | {key: one}}).versions[0].penalties) == 2


@pytest.mark.parametrize("stated", [delay(), delay(rate=None, amount=5, cap_share="5 %")])
def test_a_rule_on_the_price_needs_one(stated: dict[str, Any]) -> None:
    assert refused({"P": stated}, terms={"price": None}) == [f"penalties.P: {PRICE}"]


@pytest.mark.parametrize(
    "stated", [delay(base=5), delay(rate=None, amount=5), delay(base=5, cap_share="5 %", cap_of=9)]
)
def test_a_rule_with_bases_of_its_own_needs_no_price(stated: dict[str, Any]) -> None:
    assert rule(stated, terms={"price": None}).kind == "delay"


def test_days_that_a_rule_cannot_leave_out_are_said_with_its_other_faults() -> None:
    messages = refused({"P": tiers(excludes=["client"], concurrent="counted", tiers=[])})

    assert sorted(messages) == [
        f"penalties.P.concurrent: {NO_DAYS}",
        f"penalties.P.excludes: {NO_DAYS}",
        "penalties.P.tiers: should hold at least one",
    ]


def test_all_faults_of_all_rules_are_said_at_once() -> None:
    messages = refused({"A": delay(amount=5, cap_of=5), "B": {"pack": "x"}, "C": points(free=-1)})

    assert sorted(one.split(":")[0] for one in messages) == [
        "penalties.A.cap_of", "penalties.A.rate", "penalties.B.pack", "penalties.C.free",
    ]  # fmt: skip


# ------------------------------------------------------------------------- amounts, rates and days


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        (1200, "1200.00"),
        (1200.5, "1200.50"),
        ("1200.50", "1200.50"),
        (" 0 ", "0.00"),
        (0.1, "0.10"),
    ],
)
def test_an_amount_is_read_to_the_cent(stated: Any, read: str) -> None:
    assert str(rule(points(amount=stated)).amount) == read


@pytest.mark.parametrize(
    "stated",
    [
        12.345, "12.345", -1, "-0.01", "5 €", "1 200", "1,200.00", "twelve", "", True, "nan", "inf",
        10**13, [5], {"P1": 5},
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_saying_how_to_write_one(stated: Any) -> None:
    (message,) = refused({"P": points(amount=stated)})

    assert message == (
        "penalties.P.amount: write an amount in the contract’s currency such as 1200 or 1200.50, "
        "without taxes"
    )


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("1/1000", Fraction(1, 1000)), (" 1 / 3000 ", Fraction(1, 3000)),
        ("0.1 %", Fraction(1, 1000)), ("0,1%", Fraction(1, 1000)),
        ("33.333 %", Fraction(33_333, 100_000)),
    ],
)  # fmt: skip
def test_a_rate_is_a_fraction_or_a_percentage_and_exact(stated: str, read: Fraction) -> None:
    assert rule(delay(rate=stated)).rate == read


@pytest.mark.parametrize("stated", ["1/0", 0.001, 1, "1/1000 %", "-1/1000", "1:1000", "", "a/b"])
def test_what_is_no_rate_is_refused(stated: Any) -> None:
    assert refused({"P": delay(rate=stated)}) == [
        "penalties.P.rate: write a rate such as 1/1000 or 0.1 %"
    ]


@pytest.mark.parametrize("stated", ["2024", "2024-H3", "2024-01-01", "24-H1", "2024-h1"])
def test_what_is_no_half_year_is_refused(stated: str) -> None:
    (message,) = refused({"P": LEAST["late-payment-fr"] | {
        "pack": "late-payment-fr", "legal_rates": {stated: "5 %"},
    }})  # fmt: skip

    assert message.endswith(f"{stated!r} is no half-year: write 2024-H1 or 2024-H2")


@pytest.mark.parametrize("stated", [12.5, 0.125, "12.5", "12.5 pour cent", "-1 %", "1.2345678 %"])
def test_a_percentage_without_its_sign_is_refused_for_it_may_mean_two_things(stated: Any) -> None:
    assert refused({"P": {"pack": "late-payment-fr", "interest": stated}}) == [
        "penalties.P.interest: write a percentage such as 10 % or 0.5 %"
    ]


@pytest.mark.parametrize(
    ("written", "n", "unit"),
    [
        ("15 calendar days", 15, "calendar"), ("1 calendar day", 1, "calendar"),
        ("15 jours calendaires", 15, "calendar"), ("1 jour calendaire", 1, "calendar"),
        ("10 working days", 10, "working"), ("10 jours ouvrés", 10, "working"),
        ("1 jour ouvré", 1, "working"), ("10 ouvrable days", 10, "ouvrable"),
        ("10 jours ouvrables", 10, "ouvrable"), ("15 clear days", 15, "clear"),
        ("15 jours francs", 15, "clear"), ("3 months", 3, "months"), ("1 month", 1, "months"),
        ("3 mois", 3, "months"), ("  15   Jours  Calendaires ", 15, "calendar"),
        ("15\u00a0jours ouvrés", 15, "working"), ("15jours francs", 15, "clear"),
    ],
)  # fmt: skip
def test_days_are_read_in_both_languages(written: str, n: int, unit: Any) -> None:
    assert day_count(written) == DayCount(n, unit)
    assert rule(delay(observations=written)).observations == DayCount(n, unit)


@pytest.mark.parametrize(
    "stated", ["15 days", "15 jours", 15, "15", "two months", "-1 month", "15 h"]
)
def test_days_of_no_kind_are_refused_saying_why_and_what_to_write(stated: Any) -> None:
    (message,) = refused({"P": delay(observations=stated)})

    assert message.startswith(
        "penalties.P.observations: contracts mean four things by days: write "
    )
    for words in ("15 calendar days", "10 jours ouvrés", "10 jours ouvrables", "15 jours francs"):
        assert f'"{words}"' in message


def test_unknown_public_holidays_are_refused_and_known_ones_are_days_off() -> None:
    """1 and 8 May 2026 in France; in Moselle, of Alsace-Moselle, 26 December too."""
    assert refused({}, public_holidays="FX") == [
        "public_holidays: unknown country 'FX'; write its ISO 3166 code, such as FR"
    ]
    france, moselle = (agreed({}, public_holidays=place).days_off for place in ("FR", "FR-57"))

    assert {np.datetime64("2026-05-01"), np.datetime64("2026-05-08")} <= {*france}
    assert np.datetime64("2026-12-26") in moselle
    assert np.datetime64("2026-12-26") not in france
    assert len(agreed({}).days_off) == 0


def test_points_and_tiers_are_rules_of_their_kind() -> None:
    assert isinstance(rule(points()), Points)
    penalty = rule(tiers())
    assert isinstance(penalty, Tiers)
    assert penalty.tier_of(Fraction(95, 100)).credit == 0
    assert penalty.tier_of(Fraction(94999, 100000)).credit == Decimal("0.05")


def test_a_miss_is_a_point_and_a_tier_is_nothing_where_the_contract_says_no_more() -> None:
    points = Points(kind="points", title="P", clauses=("R1",), amount=Decimal(100))
    tier = Tier(at_least=Decimal("0.95"))

    assert (points.missed, points.each_point, points.free, points.weights) == (1, 0, 0, {})
    assert (tier.credit, tier.bonus) == (0, 0)
