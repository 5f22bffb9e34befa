"""What the first page has of the benefits, and the table that leads their chapter."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.money.benefits import metrics
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import TableForm
from reviewlib.report.phrases import in_short
from reviewlib.report.text import N_, n_
from reviewlib.report.values import AtStake, Brief, Side, Unit

OBTAINED = n_(
    "{k} of {n} expected benefits was obtained",
    "{k} of {n} expected benefits were obtained",
    on="k",
)
MISSED = N_("{named} was not obtained: {obtained}, for {expected} expected.")
HELD = N_("{named} obtained")
OF_IMPROVEMENT = N_("of the improvement expected of {id}")
FURTHEST = N_("The {n} furthest from what was expected, of {all}.")
LEAD = ("benefit_id", "title", "before", "expected", "obtained", "outcome", "share")


def lead(form: TableForm) -> TableForm:
    """Return the form of the table that leads the chapter, made of that of all columns."""
    caption = N_("Benefits, in short")
    form = form.only(LEAD).but(name="overview", caption=caption, lead=True)
    return form.but(by="lacking", first=FURTHEST)


def briefs(c: Chapter, rows: pd.DataFrame) -> dict[str, Brief]:
    """Return what the first page says of the benefit furthest from what was expected, by its id,
    and of the first one obtained. ``rows``: their values in words.
    """
    missed = rows[rows["outcome"] == metrics.MISSED].sort_values("share", kind="stable").head(1)
    made = {row.benefit_id: _missed(c, row) for row in missed.itertuples()}
    for row in rows[rows["outcome"] == metrics.OBTAINED].head(1).itertuples():
        text = HELD(named=in_short(row.benefit_id, row.title))
        made[row.benefit_id] = Brief(text, topic=row.benefit_id, side=Side.BOTH)
    return made


def _missed(c: Chapter, row: Any) -> Brief:
    text = c.of_row(MISSED(named=in_short(row.benefit_id, row.title)), row)
    stake = None
    if pd.notna(row.share):
        stake = AtStake(float(row.share), Unit.SHARE, OF_IMPROVEMENT(id=row.benefit_id))
    return Brief(text, stake, row.benefit_id, Side.BOTH)
