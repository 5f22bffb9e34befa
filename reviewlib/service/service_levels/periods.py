"""Sensitive periods against the rest: the tickets outside that those within compare with."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.zones import local_days
from reviewlib.contract import Contract
from reviewlib.contract.parties import Period, within
from reviewlib.service.amendments.metrics import changed
from reviewlib.service.ramp_up import begins_in, ramp_ups


def opened_in(contract: Contract, verdicts: pd.DataFrame, *periods: Period) -> pd.Series:
    """Tell which tickets were opened in one of some periods, by the contract's days."""
    return within(local_days(verdicts["opened_at"], contract.time_zone), periods)


def comparable(contract: Contract, verdicts: pd.DataFrame, inside: pd.Series) -> pd.Series:
    """Tell which verdicts outside a period those within can be compared with.

    ``verdicts``: those of one clause. Left out are the other sensitive periods, the ramp-up, and
    tickets of a priority that no ticket within has under the same terms.
    """
    clause_id = str(verdicts["clause"].iloc[0])
    terms = pd.Series(0, verdicts.index)  # how often the terms of its priority had been amended
    for change in changed(contract):
        if change.clause == clause_id:
            touched = verdicts["priority"].isin(change.touched)
            terms += touched & (verdicts["version"] >= change.amendment)
    pair = verdicts["priority"].astype("str") + "\0" + terms.astype("str")
    other_terms = verdicts["priority"].isin(verdicts.loc[inside, "priority"].unique())
    other_terms &= ~pair.isin(pair[inside].unique())
    ramp_up = begins_in(verdicts["month"], ramp_ups(contract, clause_id))
    sensitive = opened_in(contract, verdicts, *contract.sensitive_periods)
    return ~inside & ~sensitive & ~ramp_up & ~other_terms
