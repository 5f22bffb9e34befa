"""An adversary who holds page, JSON and notebook of two reviews, and adds up what they print."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import Phase, example, given
from hypothesis import strategies as st

from reviewlib.pages.cells import SECTION_MIME, of_section
from reviewlib.people.satisfaction.chapter import satisfaction
from reviewlib.report.values import Section
from reviewlib.review import open_review
from tests.properties import steady
from tests.spoken import html, spoken

FLOOR, FIRST, OPEN = 5, dt.date(2024, 5, 1), 3
CONTRACT = f"""\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {{first: 2024-01-01, last: 2024-12-31}}
client: {{name: Client}}
provider: {{name: Provider}}
survey:
  anonymity_floor: {FLOOR}
  open_days: {OPEN}
  questions: {{sat: {{text: "Are you satisfied?", kind: csat}}}}
data: {{extracted_at: 2024-12-31}}
"""
DEPARTMENTS = ("Achats", "Bureau", "Usine", "Ventes")
SPELLINGS = (str, str.upper, str.lower, lambda name: f" {name} ")
ONE = st.tuples(
    st.booleans(),  # satisfied, where the department is not of one mind
    st.integers(0, OPEN + 1),  # days after the first, of which the last is too late
    st.integers(0, 3),  # how the department is spelt
    st.integers(1, 2),  # how often the person answered, under two spellings of one code
)
MINDS = st.sampled_from([None, None, True, False])  # of all in a department
PEOPLE = st.fixed_dictionaries(
    {name: st.tuples(MINDS, st.lists(ONE, max_size=9)) for name in DEPARTMENTS}
).map(
    lambda of: [
        (name, own if mind is None else mind, *others)
        for name, (mind, ones) in of.items()
        for own, *others in ones
    ]
)
INVITED = st.fixed_dictionaries(dict.fromkeys(DEPARTMENTS, st.integers(0, 40)))
FORTY = dict.fromkeys(DEPARTMENTS, 40)
Person = tuple[str, bool, int, int, int]
BESIDE_THE_SILENT = [("Achats", n < 4, 0, 0, 1) for n in range(10)] + [
    ("Bureau", n < 1, 0, 0, 1) for n in range(3)
]
"""10 and 3 answers; of the two other departments, 2 invited each, none: 3 are hidden, not 5."""
Row = tuple[str, int, int]
"""What a row of the page tells: a department ("" for all), its people, and the satisfied ones."""


def write(folder: Path, people: list[Person], invited_of: dict[str, int] = FORTY) -> None:
    (folder / "engagement.yml").write_text(CONTRACT, encoding="utf-8")
    rows = [["wave", "respondent", "department", "answered_on", "question", "answer"]]
    for number, (department, satisfied, day, spelling, times) in enumerate(people):
        answer = ("4", "5", "1", "2")[number % 2 + 2 * (not satisfied)]
        on, place = (FIRST + dt.timedelta(day)).isoformat(), SPELLINGS[spelling](department)
        rows += [
            ["May" if code.islower() else "MAY", code, place, on, "sat", answer]
            for code in (f"p{number}", f"P{number}")[:times]
        ]
    invited = [["wave", "department", "invited", "sent_on"]]
    invited += [["May", name, str(n), FIRST.isoformat()] for name, n in invited_of.items()]
    for name, table in (("survey_answers", rows), ("survey_invitations", invited)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)


class Tables(HTMLParser):
    """The rows of the tables of a page, as texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def of_page(page: str) -> Iterator[Row]:
    """Yield what the rows that name a department print: n and the share, in tenths of a percent."""
    for row in Tables(page).rows:
        name = row[0] if row else ""
        if name not in (*DEPARTMENTS, "All departments"):
            continue
        n, share = next((c for c in row[1:] if c.isdigit()), ""), [c for c in row if "%" in c]
        if n and share and "May" not in row:
            people = int(n)
            satisfied = round(people * float(share[0].rstrip("%\u00a0 ")) / 100)
            yield name.removeprefix("All departments"), people, satisfied


def of_json(section: Any) -> Iterator[Row]:
    """Yield what the JSON holds of a department, beside an n."""
    for line in re.findall(r"\[[^\[\]]*\]", json.dumps(section)):
        cells = json.loads(line)
        name = cells[0] if cells else None
        of_department = name in DEPARTMENTS and len(cells) > 5 and "May" not in cells
        if of_department and cells[1] is not None and cells[2] is not None:
            yield name, int(cells[1]), round(cells[1] * cells[2])


def published(section: Section) -> set[Row]:
    """Return every row of people and satisfied people in page, JSON and notebook."""
    words, bundle = spoken(section), of_section(section)
    rows = {*of_page(html(words)), *of_page(bundle["text/html"])}
    rows |= {*of_json(bundle[SECTION_MIME]["section"])}
    fact = next((f for f in section.facts if f.id == "satisfaction.csat.sat"), None)
    if fact is not None and fact.value is not None and fact.n is not None:
        rows.add(("", fact.n, round(float(fact.value) * fact.n)))
    return rows


@steady(15, phases=[Phase.explicit, Phase.generate])
@given(PEOPLE, INVITED, st.integers(0, OPEN + 3))
@example(BESIDE_THE_SILENT, {"Achats": 40, "Bureau": 3, "Usine": 2, "Ventes": 2}, OPEN + 1)
def test_nobody_s_answer_is_recovered_from_two_reviews_of_following_days(
    people: list[Person], invited: dict[str, int], day: int
) -> None:
    """Unknown is how many are satisfied among those of each department who answered by the first
    of two days, and after it; known, the sums that either review prints. No set of these of fewer
    people than the floor, or who all answered alike, is a combination of the sums."""
    days = (day, day + 1)
    with tempfile.TemporaryDirectory() as name:
        write(Path(name), people, invited)
        on = [(FIRST + dt.timedelta(of)).isoformat() for of in days]
        rows = [published(satisfaction(open_review(name, as_of))) for as_of in on]
    cells = list(product(DEPARTMENTS, (False, True)))  # by the first day, or after it
    in_time = [person for person in people if person[2] <= OPEN]
    answers = Counter((department, late > days[0], good) for department, good, late, *_ in in_time)
    counts = np.array([[answers[*cell, good] for good in (True, False)] for cell in cells])
    size, known = counts.sum(axis=1), []
    for rows_of_day, today in zip(rows, days, strict=True):
        for department, n, satisfied in rows_of_day:
            sums = np.array([
                department in ("", cell[0]) and (today > days[0] or not cell[1]) for cell in cells
            ]) * (size > 0)  # fmt: skip
            assert (n, satisfied) == (size @ sums, counts[:, 0] @ sums), "a row of other people"
            known.append(sums)
    basis = np.array([*known, *np.eye(len(cells))[size == 0]]).reshape(-1, len(cells))
    rank = np.linalg.matrix_rank(basis) if len(basis) else 0
    for chosen in product([0, 1], repeat=len(cells)):
        group = np.array(chosen) * (size > 0)
        good, bad = counts.T @ group
        if good + bad and (good + bad < FLOOR or not good or not bad):
            assert np.linalg.matrix_rank(np.vstack([basis, group])) == rank + 1


def test_a_department_that_is_hidden_is_in_no_chart() -> None:
    """Usine 2 and Ventes 6 stay hidden together; what is drawn names neither."""
    sizes = {"Achats": 28, "Bureau": 12, "Usine": 2, "Ventes": 6}
    people = [
        (name, n % 3 > 0, 0, 0, 1) for name, size in sizes.items() for n in range(size)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), people)
        page = html(spoken(satisfaction(open_review(folder))))
    drawings = "".join(re.findall(r'<table class="rows".*?</table>', page, re.DOTALL))
    assert "Achats" in drawings
    assert "Usine" not in drawings
    assert "Ventes" not in drawings
    assert {row[0] for row in of_page(page)} == {"", "Achats", "Bureau"}
