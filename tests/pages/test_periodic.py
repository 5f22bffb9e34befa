"""`reviewlib period`: a review of a period is made, kept, and never changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest

from reviewlib import open_period
from reviewlib.calendars.periods import period_named
from reviewlib.contract import Contract
from reviewlib.faults import ReviewError
from reviewlib.files import write_together
from reviewlib.folder.kept import next_place
from reviewlib.pages import periodic
from reviewlib.pages.publish import Job, Made, close
from reviewlib.pages.wanted import Readers, Wanted
from tests.conftest import REPO, Run
from tests.lessons.ahead.test_ahead import TABLES
from tests.lessons.carried_over.test_carried_over import CONTRACT, written

Q3 = period_named("2024Q3")
AUDIENCES: tuple[Readers, ...] = ("internal", "shareable", "all")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return written(folder, TABLES)


def test_a_review_is_kept_left_as_it_is_and_followed_by_another_edition(
    desk: Path, run_here: Run
) -> None:
    first = run_here("period", desk, "2024Q3", "--language", "all")
    assert first.returncode == 0, first.stderr
    kept = desk / "reviews" / "2024Q3"
    names = ["review.en.html", "review.fr.html", "review.html", "review.ipynb", "review.json"]
    assert sorted(path.name for path in kept.iterdir()) == [names[1], *names[2:]]
    before = {path.name: path.read_bytes() for path in kept.iterdir()}
    values = json.loads(before["review.json"])
    assert values["kind"] == "period"
    assert values["period"] == {"first": "2024-07-01", "last": "2024-09-30"}
    page = before["review.html"].decode()
    assert "Review of Q3 2024" in page
    assert "5 things fall due by 31 Dec 2024" in page

    again = run_here("period", desk, "2024Q3")
    assert "Data, contract and program are those of reviews/2024Q3" in again.stdout
    assert "With --output it is made again, and written elsewhere." in again.stdout
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before

    (desk / "actions.csv").write_text(
        TABLES["actions"] + "A4,Late entry,both,2024-09-02,2024-12-01,,open\n", encoding="utf-8"
    )
    other = run_here("period", desk, "2024Q3")
    assert "this review is reviews/2024Q3.2" in other.stdout
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before
    assert (desk / "reviews" / "2024Q3.2" / "review.html").is_file()


def test_a_review_that_is_kept_is_not_made_again_of_the_same_data_contract_and_program(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said before a run; of a version to share, once there is one."""
    ran: list[str] = []

    def run(job: Job, contract: Contract) -> Made:
        ran.append(job.wanted.audience)
        values = {"sections": [], **open_period(job.folder, "2024Q3").about()}
        files = {"review.html": b"", "review.json": json.dumps(values, default=str).encode()}
        if job.wanted.audience == "all":
            files["review.shareable.html"] = b""
        return Made(files, [], "en", "")

    monkeypatch.setattr(periodic, "run", run)
    page = desk / "reviews" / "2024Q3" / "review.html"
    assert periodic.period(desk, Q3).files[0] == page
    again = periodic.period(desk, Q3, Wanted(language="fr"))
    assert (again.files, ran) == ([page], ["internal"])
    assert again.notes[0].startswith("Données, contrat et programme sont ceux de reviews/2024Q3")

    added = periodic.period(desk, Q3, Wanted(audience="shareable"))
    assert added.files == [page, page.with_name("review.shareable.html")]
    for audience in AUDIENCES:
        periodic.period(desk, Q3, Wanted(audience=audience))
    assert ran == ["internal", "all"]

    with monkeypatch.context() as other:
        other.setattr(periodic, "versions", lambda: {"reviewlib": "another"})
        periodic.period(desk, Q3)
    with (desk / "engagement.yml").open("a", encoding="utf-8") as contract:
        contract.write("# a comment\n")
    periodic.period(desk, Q3)
    assert ran == ["internal", "all", "internal", "internal"]


def test_with_an_output_it_is_written_there_and_not_kept(
    desk: Path, run_here: Run, tmp_path: Path
) -> None:
    done = run_here("period", desk, "2024-09", "--output", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "review.html").is_file()
    assert not (desk / "reviews").exists()


@pytest.mark.parametrize(
    ("period", "message"),
    [
        ("2023Q4", "the period '2023Q4' has no day of the engagement, which runs from 1 Jan 2024"),
        ("2025Q3", "has no day of the engagement"),
        ("2024Q5", "period '2024Q5': Write a quarter such as 2026Q1"),
    ],
)
def test_a_period_that_cannot_be_reviewed_is_refused_before_anything_runs(
    desk: Path, run_here: Run, period: str, message: str
) -> None:
    refused = run_here("period", desk, period)

    assert refused.returncode == 2
    assert message in refused.stderr
    assert not (desk / "reviews").exists()


def test_data_that_end_before_the_period_are_told_in_the_contract_s_language(desk: Path) -> None:
    written(desk, {})
    text = CONTRACT.replace("2025-07-04", "2024-08-12").replace("language: en", "language: fr")
    (desk / "engagement.yml").write_text(text, encoding="utf-8")

    with pytest.raises(ReviewError, match=r"demande des données jusqu’au 30 sept\. 2024"):
        open_period(desk, "2024Q3")
    assert open_period(desk, "2024Q2").as_of == pd.Timestamp("2024-06-30T21:59:59Z")


def test_a_log_that_ends_within_the_period_is_told_where_no_extraction_is_declared(
    desk: Path,
) -> None:
    """Seen from the end of the quarter its open tickets were late, and its last months empty."""
    opened = "ticket_id,priority,opened_at\nT1,P1,2024-08-12T09:30\n"
    written(desk, {"tickets": opened})
    text = CONTRACT.replace("data: {extracted_at: 2025-07-04T18:00:00}\n", "")
    (desk / "engagement.yml").write_text(text, encoding="utf-8")

    with pytest.raises(ReviewError, match=r"of 12 Aug 2024, before 30 Sept 2024\. If the export"):
        open_period(desk, "2024Q3")
    assert open_period(desk, "2024Q2").as_of == pd.Timestamp("2024-06-30T21:59:59Z")
    # its last day is enough
    assert open_period(desk, "2024-08-01/2024-08-12").as_of == pd.Timestamp("2024-08-12T21:59:59Z")
    written(desk, TABLES)  # tables without a log say nothing of how far they reach
    (desk / "engagement.yml").write_text(text, encoding="utf-8")
    assert open_period(desk, "2024Q3").period is not None


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("2024Q1", "2024-03-31T21:59:59Z"),  # summer time began on that day
        ("2024Q4", "2024-12-31T22:59:59Z"),
        ("2024-10", "2024-10-31T22:59:59Z"),  # summer time ended on the 27th
        ("2025Q2", "2025-06-30T21:59:59Z"),
    ],
)
def test_a_period_ends_with_its_last_second_in_the_contract_s_zone(
    desk: Path, period: str, end: str
) -> None:
    assert open_period(desk, period).as_of == pd.Timestamp(end)


def test_data_extracted_on_the_last_day_or_after_the_engagement_end_the_period(
    desk: Path,
) -> None:
    written(desk, {})

    def seen(extracted: str, period: str) -> pd.Timestamp:
        text = CONTRACT.replace("2025-07-04T18:00:00", extracted)
        (desk / "engagement.yml").write_text(text, encoding="utf-8")
        return open_period(desk, period).as_of

    assert seen("2024-09-30T12:00:00", "2024Q3") == pd.Timestamp("2024-09-30T10:00Z")
    # the engagement ended on 30 June: a half-year that goes on is seen as far as the data go
    assert seen("2025-07-04T18:00:00", "2025-06-01/2025-09-30") == pd.Timestamp("2025-07-04T16:00Z")


def test_a_period_in_which_the_engagement_began_has_its_days_alone(desk: Path) -> None:
    text = CONTRACT.replace("first: 2024-01-01", "first: 2024-02-15")
    (desk / "engagement.yml").write_text(text, encoding="utf-8")
    review = open_period(desk, "2024Q1")

    assert review.start == pd.Timestamp("2024-02-14T23:00Z")
    assert review.before is None


def test_the_words_of_the_facilitator_on_a_period_are_those_in_its_folder(
    desk: Path, run_here: Run
) -> None:
    notes = desk / "notes"
    (notes / "2024Q3").mkdir(parents=True)
    (notes / "front.en.md").write_text("Of the close-out.", encoding="utf-8")
    (notes / "2024Q3" / "front.en.md").write_text("Of the quarter.", encoding="utf-8")

    assert run_here("period", desk, "2024Q3").returncode == 0
    page = (desk / "reviews" / "2024Q3" / "review.html").read_text(encoding="utf-8")
    assert "Of the quarter." in page
    assert "Of the close-out." not in page


def test_its_values_are_as_the_schema_says(desk: Path, run_here: Run) -> None:
    schema = json.loads((REPO / "reviewlib" / "review.schema.json").read_text(encoding="utf-8"))
    assert run_here("period", desk, "2024Q4").returncode == 0
    values = json.loads((desk / "reviews" / "2024Q4" / "review.json").read_text(encoding="utf-8"))

    jsonschema.validate(values, schema)
    earlier = [fact for section in values["sections"] for fact in section["facts"]
               if fact["earlier"]]  # fmt: skip
    assert earlier
    assert earlier[0]["earlier"][0]["is_before"] is True


def test_two_runs_of_one_period_at_once_keep_both_or_the_first(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run keeps its review while this one writes its chapters: neither is lost."""
    place, others = desk / "reviews" / "2024Q3", [{"as_of": "other data"}, {}]
    about = {"engagement": {"id": "C1"}, "period": {"first": "2024-07-01", "last": "2024-09-30"}}
    basis: dict[str, Any] = {"as_of": "", "inputs_sha256": "", "versions": {}, "sections": []}
    made = json.dumps(about | basis).encode()

    def run(job: Job, contract: Contract) -> Made:
        theirs = json.dumps(about | basis | others.pop(0)).encode()
        write_together(next_place(desk, Q3), {"review.html": b"theirs", "review.json": theirs})
        return Made({"review.html": b"ours", "review.json": made}, [], "en", "")

    monkeypatch.setattr(periodic, "run", run)
    outcome = periodic.period(desk, Q3)
    assert (place / "review.html").read_bytes() == b"theirs"
    assert outcome.files[0] == desk / "reviews" / "2024Q3.2" / "review.html"
    assert outcome.files[0].read_bytes() == b"ours"
    assert "this review is reviews/2024Q3.2" in outcome.notes[0]

    shutil.rmtree(desk / "reviews")
    outcome = periodic.period(desk, Q3)  # theirs is of the same data
    assert outcome.files == [place / "review.html"]
    assert [path.name for path in place.parent.iterdir()] == ["2024Q3"]
    assert (place / "review.html").read_bytes() == b"theirs"


def test_by_an_output_no_kept_review_is_written_over(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = desk / "reviews" / "2024Q2"
    place.mkdir(parents=True)
    (place / "review.json").write_bytes(b"theirs")
    monkeypatch.setattr(periodic, "run", lambda job, contract: pytest.fail("it ran"))

    with pytest.raises(ReviewError, match="is kept, which never changes"):
        periodic.period(desk, Q3, Wanted(output=place))
    with pytest.raises(ReviewError, match="is kept, which never changes"):
        close(desk, Wanted(output=place))
    assert (place / "review.json").read_bytes() == b"theirs"


def test_an_edition_is_never_written_over(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look for a free number and the writing, another run takes the number."""
    place = desk / "reviews" / "2024Q3"
    put = periodic.put
    about = {"engagement": {"id": "C1"}, "period": {"first": "2024-07-01", "last": "2024-09-30"}}
    values = about | {"versions": {}, "sections": []}
    ours = Made({"review.html": b"ours", "review.json": json.dumps(values).encode()}, [], "en", "")

    def late(target: Path, made: Made, unless: str = "") -> list[Path]:
        if not place.exists():
            text = json.dumps(values | {"as_of": "other data"}).encode()
            write_together(place, {"review.html": b"theirs", "review.json": text})
        return put(target, made, unless)

    monkeypatch.setattr(periodic, "run", lambda job, contract: ours)
    monkeypatch.setattr(periodic, "put", late)
    assert periodic.period(desk, Q3).files[0].parent.name == "2024Q3.2"
    assert (place / "review.html").read_bytes() == b"theirs"


def test_hostile_text_in_decisions_stays_text(desk: Path, run_here: Run) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)> {n} %s \u202e"
    lines = (
        "decision_id,title,decided_on,side,due_on",
        f"X1,{hostile},2024-06-01,client,2024-07-15",
    )
    (desk / "decisions.csv").write_text("\n".join((*lines, "")), encoding="utf-8")
    assert run_here("period", desk, "2024Q3").returncode == 0

    page = (desk / "reviews" / "2024Q3" / "review.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
