"""Duties of the client, and the days of delay put down to them; days counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reviewlib.calendars.punctuality import punctuality
from reviewlib.delivery.duties.metrics import cost, costs, doubtful, duties
from reviewlib.delivery.lateness import Delays

TODAY = pd.Timestamp("2024-06-15")


def dated(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table; what ends in _on is a day, and so are after and last."""
    frame = pd.DataFrame(rows)
    days = [name for name in frame if name.endswith("_on") or name in ("after", "last")]
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def duty(name: str, due: str, done: str | None) -> dict[str, Any]:
    return {"duty_id": name, "title": "Access", "due_on": due, "done_on": done}


def cause(name: str, first: str, last: str, **also: Any) -> dict[str, Any]:
    stated = {"cause_id": name, "milestone_id": "M1", "attributed_to": "client", "duty_id": "CD1"}
    return stated | {"starts_on": first, "ends_on": last, "contested": False} | also


LATE = dated(
    [
        {"subject": "M1", "kind": "milestone", "after": "2024-04-30", "last": "2024-05-20"},
        {"subject": "M2", "kind": "milestone", "after": "2024-04-30", "last": "2024-05-20"},
    ]
)
TABLE = dated([duty("CD1", "2024-04-15", "2024-05-06"), duty("CD2", "2024-04-15", None)])
"""CD1 done 21 days late: 15 days to 30 April, then six."""


def judged(*causes: dict[str, Any], suspensions: pd.DataFrame | None = None) -> pd.DataFrame:
    table = dated(list(causes)) if causes else None
    days = Delays(LATE, table, suspensions).days
    return duties(TABLE, days, table, TODAY).set_index("duty_id")


def costly(*causes: dict[str, Any]) -> dict[str, int]:
    table = dated(list(causes))
    days = Delays(LATE, table, None).days
    days_by_class = cost(duties(TABLE, days, table, TODAY), costs(days, table))
    return {str(share): int(n) for share, n in days_by_class.items()}


@pytest.mark.parametrize(
    ("due", "done", "state", "late"),
    [
        ("2024-05-31", "2024-05-31", "on_time", None),
        ("2024-05-31", "2024-06-01", "late", 1),
        ("2024-06-14", None, "overdue", 1),
        ("2024-06-15", None, "not_due", None),
        ("2024-06-30", "2024-06-01", "on_time", None),
    ],
)
def test_a_duty_is_kept_up_to_its_day_and_late_from_the_next_one(
    due: str, done: str | None, state: str, late: float | None
) -> None:
    row = duties(dated([duty("CD1", due, done)]), Delays(LATE, None, None).days, None, TODAY)

    assert row["state"].iloc[0] == state
    assert (None if pd.isna(row["late"].iloc[0]) else row["late"].iloc[0]) == late


def test_duties_that_are_not_due_are_counted_apart() -> None:
    rows = [duty("CD1", "2024-05-01", "2024-04-01"), duty("CD2", "2024-05-01", None),
            duty("CD3", "2024-05-01", "2024-05-02"), duty("CD4", "2024-07-01", None)]  # fmt: skip

    client_duties = duties(dated(rows), Delays(LATE, None, None).days, None, TODAY)
    assert punctuality(client_duties["state"]) == (1, 3)


def test_a_duty_costs_the_days_of_delay_that_its_causes_cover_each_once() -> None:
    """1–6 May by C1, 5–8 by C2: eight days of M1; 1–3 by a third party as well; and of M2, 1–2."""
    row = judged(
        cause("C1", "2024-05-01", "2024-05-06"),
        cause("C2", "2024-05-05", "2024-05-08"),
        cause("C3", "2024-05-01", "2024-05-03", attributed_to="third_party", duty_id=None),
        cause("C4", "2024-05-01", "2024-05-02", milestone_id="M2"),
    ).loc["CD1"]

    assert (row["client"], row["concurrent"], row["contested"]) == (7, 3, 0)
    assert (row["causes"], row["subjects"]) == (("C1", "C2", "C4"), ("M1", "M2"))


def test_contested_days_and_suspended_days_stand_apart() -> None:
    """1–6 May contested; 5–6 suspended: four contested days."""
    stopped = dated([{"suspension_id": "S1", "milestone_id": "M1", "starts_on": "2024-05-05",
                      "ends_on": "2024-05-31"}])  # fmt: skip
    rows = judged(cause("C1", "2024-05-01", "2024-05-06", contested=True), suspensions=stopped)

    assert tuple(rows.loc["CD1", ["client", "contested"]]) == (0, 4)


def test_days_of_a_cause_outside_of_the_delay_cost_nothing() -> None:
    """Of 25 April to 2 May, the delay has 1 and 2 May."""
    assert judged(cause("C1", "2024-04-25", "2024-05-02")).loc["CD1", "client"] == 2


def test_a_duty_that_no_cause_names_costs_nothing() -> None:
    for rows in (judged(), judged(cause("C1", "2024-05-01", "2024-05-02", duty_id=None))):
        assert rows[["client", "concurrent", "contested"]].sum().sum() == 0
        assert list(rows["causes"]) == [(), ()]


def test_a_day_that_two_duties_cost_is_one_day_of_all_of_them() -> None:
    """1–6 May by CD1, 4–9 by CD2: nine days, the provider meets them on 9 May."""
    assert costly(
        cause("C1", "2024-05-01", "2024-05-06"),
        cause("C2", "2024-05-04", "2024-05-09", duty_id="CD2"),
        cause("C3", "2024-05-09", "2024-05-12", attributed_to="provider", duty_id=None),
    ) == {"client": 8, "concurrent": 1, "contested": 0}


def test_a_cause_that_contradicts_its_duty_is_named() -> None:
    """C1 from 16 April, the day after the date of CD1, is well; C2 is the provider's; C3 began on
    the date itself; C4 names a duty that was kept."""
    table = dated(
        [duty("CD1", "2024-04-15", "2024-05-06"), duty("CD3", "2024-05-31", "2024-05-01")]
    )
    causes = dated(
        [
            cause("C1", "2024-04-16", "2024-05-06"),
            cause("C2", "2024-05-01", "2024-05-02", attributed_to="provider"),
            cause("C3", "2024-04-15", "2024-05-02"),
            cause("C4", "2024-05-01", "2024-05-02", duty_id="CD3"),
            cause("C5", "2024-05-01", "2024-05-02", duty_id=None),
        ]
    )
    client_duties = duties(table, Delays(LATE, causes, None).days, causes, TODAY)

    assert doubtful(client_duties, causes) == ["C2", "C3", "C4"]
    assert doubtful(client_duties, None) == []
    assert doubtful(client_duties, causes.drop(columns="duty_id")) == []
