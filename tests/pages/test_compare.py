"""`reviewlib compare`: its page, its values, what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reviewlib.faults import ReviewError
from reviewlib.folder import frozen
from reviewlib.pages.compare import compare
from reviewlib.pages.wanted import Wanted
from tests.compared import OTHER, both, fact, finding, keep, made, section
from tests.conftest import Run
from tests.lessons.ahead.test_ahead import TABLES
from tests.lessons.carried_over.test_carried_over import written

HOSTILE = "</td><script>alert(1)</script>{n} %(x)s {{ 7*7 }} \u202e"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A quarter, and the same with a late ticket, another target, and what turned."""
    then = [
        section(
            "service_levels",
            fact("service_levels.p2", 0.85, "share", n=100, count=85, target=0.9, met=False),
            fact("service_levels.few", 0.5, "share", n=4, count=2),
            findings=[finding("service_levels.p2"), finding("service_levels.p1", "strength")],
            reads=["ticket_events", "tickets"],
        ),
        section("penalties", fact("penalties.due", 1200.5, "money")),
        section("survey", fact("survey.n", 12)),
    ]
    now = [
        section(
            "service_levels",
            fact("service_levels.p2", 0.86, "share", n=101, count=87, target=0.8, met=True),
            fact("service_levels.few", 0.75, "share", n=4, count=3),
            findings=[finding("service_levels.p2"), finding("service_levels.p3", "neutral")],
            reads=["ticket_events", "tickets"],
        ),
        section("penalties", fact("penalties.due", 600.0, "money")),
        section("survey", because=both("no survey_answers.csv", "pas de survey_answers.csv")),
    ]
    files = {"tickets.csv": OTHER, "engagement.yml": OTHER}
    first = keep(tmp_path, "2026Q1", made(*then))
    return first, keep(tmp_path, "2026Q1.2", made(*now, files=files))


def words(page: Path) -> str:
    """The text of a page, its runs of white space as one space."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"[\s\u202f]+", " ", text)


def test_the_page_has_both_figures_what_changed_and_why(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    outcome = compare(*pair, Wanted(language="all"))
    place = tmp_path / "reviews" / "compare" / "2026Q1-2026Q1.2"

    assert [path.name for path in outcome.files] == [
        "compare.html", "compare.fr.html", "compare.json",
    ]  # fmt: skip
    english = words(place / "compare.html")
    for sentence in (
        "Changed: 2 figures and 1 amount, of the 3 that both reviews have. "
        "Thresholds newly missed: 0; come right: 1. Findings new: 1; come back: 0; gone: 1.",
        "Several things differ between the two: late or corrected data; another text of the "
        "contract. Where more than one can have changed a figure, all of them are named.",
        "Label service_levels.p2 85.0% n = 100 Target 90% Not met 86.0% n = 101 Target 80% Met "
        "+1 point possible: late or corrected data ( tickets.csv ); another text of the contract",
        "Label service_levels.few 2 of 4 n = 4 3 of 4 n = 4 — possible:",
        "Figures restated (2)",
        "Amounts restated (1)",
        "Label penalties.due €1,200.50 €600 −€600.50 possible:",
        "Figures of one of the two alone",
        "Label survey.n 12 — The other review did not assess the chapter.",
        "Findings – New in B (1)",
        "Observation It is service_levels.p3.",
        "Findings – In A, no longer in B (1)",
        "Strength It is service_levels.p1.",
        "Chapters that one of the two did not assess",
        "Survey assessed not assessed: no survey_answers.csv",
    ):
        assert sentence in english
    french = words(place / "compare.fr.html")
    assert "Libellé service_levels.p2 85,0 % n = 100 Cible 90 % Non atteint 86,0 %" in french
    assert "+1 point possibles : données tardives ou corrigées ( tickets.csv ) ; autre" in french
    assert "Ont changé : 2 chiffres et 1 montant, sur les 3 communs aux deux" in french
    assert "Constats – Nouveaux dans B (1)" in french
    assert "non évalué : pas de survey_answers.csv" in french


def test_the_values_are_those_of_the_reviews_with_every_cause(pair: tuple[Path, Path]) -> None:
    values = json.loads(compare(*pair).files[-1].read_text(encoding="utf-8"))

    assert values["schema"] == "reviewlib/comparison/1"
    assert (values["same"], values["causes"]) == (False, ["late_data", "contract"])
    changed = {one["id"]: one for one in values["changed"]}
    assert changed["penalties.due"] == {
        "chapter": "penalties",
        "id": "penalties.due",
        "label": both("Label penalties.due", "Libellé penalties.due"),
        "unit": "money",
        "a": {"unit": "money", "value": 1200.5} | NOTHING,
        "b": {"unit": "money", "value": 600.0} | NOTHING,
        "difference": -600.5,
        "difference_unit": "money",
        "causes": ["late_data", "contract"],
        "files": ["tickets.csv"],
    }
    assert [(one["id"], one["turn"]) for one in values["findings"]] == [
        ("service_levels.p3", "new"),
        ("service_levels.p1", "gone"),
    ]
    assert [(one["id"], one["in"], one["other_not_assessed"]) for one in values["alone"]] == [
        ("survey.n", "a", True)
    ]


NOTHING = {"n": None, "count": None, "target": None, "met": None}


def test_words_in_another_language_than_the_page_s_are_marked(tmp_path: Path) -> None:
    french = {"fr": "Seulement en français"}
    for name, n in (("2026Q1", 1), ("2026Q1.2", 2)):
        values = made(section("a", fact("a.n", n, label=french), title=french), languages=["fr"])
        keep(tmp_path, name, values)
    paths = [tmp_path / "reviews" / name for name in ("2026Q1", "2026Q1.2")]
    files = compare(*paths, Wanted(language="en,fr")).files

    english, own = (path.read_text(encoding="utf-8") for path in files[:2])
    assert '<th scope="row"><span lang="fr">Seulement en français</span></th>' in english
    assert '<th scope="row">Seulement en français</th>' in own
    assert compare(*paths).files[0].read_text(encoding="utf-8").count('<html lang="fr">') == 1


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    def hostile(n: int) -> Any:
        about = {"label": HOSTILE, "reads": [HOSTILE]}
        chapter = section(
            "a", fact(HOSTILE, n, **about), fact("a.text", f"{HOSTILE}{n}", "text"),
            title=HOSTILE, findings=[finding(f"{HOSTILE}{n}") | {"sentence": HOSTILE}],
        )  # fmt: skip
        other = section(f"b{n}", because=HOSTILE, title=HOSTILE)
        values = made(chapter, other, files={HOSTILE: "1" * 64 if n > 1 else "2" * 64})
        values["engagement"] |= {"id": HOSTILE, "title": HOSTILE, "client": HOSTILE}
        return values | {"versions": {HOSTILE: f"{HOSTILE}{n}"}}

    first, second = (keep(tmp_path, f"2026Q{n}", hostile(n)) for n in (1, 2))
    outcome = compare(first, second, Wanted(language="all"))
    for path in outcome.files[:2]:
        page = path.read_text(encoding="utf-8")
        assert "<script" not in page
        assert "\u202e" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{n} %(x)s {{ 7*7 }}" in page
        assert "default-src 'none'" in page
        assert not re.search(r"(?:src|href)=", page.replace("http-equiv", ""))


def test_the_same_review_twice_is_a_plain_result(pair: tuple[Path, Path]) -> None:
    outcome = compare(pair[0], pair[0] / "review.json")

    assert outcome.notes == ["The two reviews are the same: figure by figure, finding by finding."]
    assert "The two reviews are the same" in words(outcome.files[0])


def test_a_large_review_has_its_first_rows_on_the_page_and_all_in_the_values(
    tmp_path: Path,
) -> None:
    paths = []
    for quarter, by in (("2026Q1", 0), ("2026Q2", 1)):
        own = [fact(f"a.{n}", n + by) for n in range(5000)]
        found = [finding(f"a.{quarter}.{n}") for n in range(5000)]
        values = made(section("a", *own, findings=found), quarter=quarter)
        paths.append(keep(tmp_path, quarter, values))
    page, values_file = compare(*paths).files

    assert page.stat().st_size < 500_000
    assert "The first 60 of the 5,000 rows that the file compare.json has." in words(page)
    assert len(json.loads(values_file.read_text(encoding="utf-8"))["changed"]) == 5000


def refused(first: Path, second: Path) -> str:
    with pytest.raises(ReviewError) as caught:
        compare(first, second)
    return str(caught.value)


def test_reviews_of_two_engagements_are_refused(tmp_path: Path) -> None:
    other = made(languages=["fr", "en"])
    other["engagement"]["id"] = "DESK-2"
    first, second = keep(tmp_path, "2026Q1", made()), keep(tmp_path, "2026Q2", other)

    assert refused(second, first) == (
        "the reviews are of two engagements, 'DESK-2' and 'DESK-1': compare two reviews of one."
    )
    assert "les bilans portent sur deux prestations, «\xa0DESK-1\xa0» et" in refused(first, second)


def test_a_version_to_share_is_not_compared_with_the_whole(tmp_path: Path) -> None:
    shared = keep(tmp_path, "2026Q1", made(audience="shareable"))

    assert "a version to share" in refused(shared, keep(tmp_path, "2026Q2", made()))


def broken(**about: Any) -> Any:
    return made(section("a", fact("a.n", 1) | about))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ("", "json_invalid"),
        ("[" * 90_000, "json_invalid"),
        ("[]", "model_type"),
        ("null", "model_type"),
        (made() | {"time_zone": "../../etc/passwd"}, "time_zone"),
        (made() | {"as_of": "2026-03-31"}, "as_of"),
        (made() | {"period": {"first": "2026-02-30", "last": "2026-03-31"}}, "period.first"),
        (made() | {"period": {"first": "9999-12-01", "last": "9999-12-31"}}, "period.first"),
        (made() | {"currency": "<b>"}, "currency"),
        (made() | {"languages": []}, "languages"),
        (made() | {"sections": {}}, "sections"),
        (broken(unit="furlong"), "sections.0.facts.0.unit"),
        (broken(unit="date", value="soon"), "sections.0.facts.0"),
        (broken(unit="money", value="much"), "sections.0.facts.0"),
        (broken(value=[1]), "sections.0.facts.0.value"),
        (broken(label={"de": "Zahl"}), "sections.0.facts.0.label"),
        (broken(label=3), "sections.0.facts.0.label"),
        (broken(value=float("inf")), "json_invalid|value"),
    ],
)
def test_damaged_values_are_named_in_the_contract_s_language(
    tmp_path: Path, values: Any, reason: str
) -> None:
    good, bad = keep(tmp_path, "2026Q1", made()), keep(tmp_path, "2026Q2", values)

    english = refused(good, bad)
    assert re.search(reason, english)
    assert "Restore it from a copy" in english
    (tmp_path / "engagement.yml").write_text("language: fr\n", encoding="utf-8")
    assert "Restaurez-le depuis une copie" in refused(bad, good)


def test_numbers_beyond_all_measure_are_refused_or_printed(tmp_path: Path) -> None:
    text = json.dumps(broken(value=1)).replace('"value": 1', '"value": 1' + "0" * 400)
    bad = keep(tmp_path, "2026Q1", text)

    assert "facts.0.value" in refused(bad, bad)


def test_another_schema_a_missing_file_and_a_huge_one_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = keep(tmp_path, "2026Q1", made())
    old = keep(tmp_path, "2025Q4", made() | {"schema": "reviewlib/review/1"})

    assert "is of the schema 'reviewlib/review/1'" in refused(old, good)
    assert "holds no review.json" in refused(good, tmp_path)
    assert "holds no review.json" in refused(good, tmp_path / "none")
    monkeypatch.setattr(frozen, "MOST", 10)
    assert "more than the 10 of a review" in refused(good, good)


def test_nothing_is_written_into_a_kept_review(pair: tuple[Path, Path]) -> None:
    for kept in pair:
        with pytest.raises(ReviewError, match="is the folder of a review, which stays as it is"):
            compare(*pair, Wanted(output=kept))


def test_a_later_edit_of_the_contract_changes_no_past_review_and_is_the_cause(
    tmp_path: Path, run_here: Run
) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    written(desk, TABLES)
    assert run_here("period", desk, "2024Q3").returncode == 0
    kept = desk / "reviews" / "2024Q3"
    before = {path.name: path.read_bytes() for path in kept.iterdir()}

    contract = desk / "engagement.yml"
    text = contract.read_text(encoding="utf-8").replace("2025-06-30", "2025-05-31")
    contract.write_text(text, encoding="utf-8")
    assert run_here("period", desk, "2024Q3").returncode == 0
    done = run_here("compare", kept, desk / "reviews" / "2024Q3.2")

    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before
    place = desk / "reviews" / "compare" / "2024Q3-2024Q3.2"
    assert "One thing differs between the two: another text of the contract." in words(
        place / "compare.html"
    )
    values = json.loads((place / "compare.json").read_text(encoding="utf-8"))
    changed = {one["id"]: (one["a"]["value"], one["b"]["value"]) for one in values["changed"]}
    assert changed["engagement.last"] == ("2025-06-30", "2025-05-31")
    assert {*map(tuple, (one["causes"] for one in values["changed"]))} == {("contract",)}
