"""The review of a period of an engagement: made, and kept as it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.contract import Contract
from reviewlib.files import Occupied, is_shared, refuse_place
from reviewlib.folder.kept import KeptValues, latest, next_place, refuse_kept
from reviewlib.folder.reach import end_of_data
from reviewlib.pages.publish import PAGE, VALUES, Job, Made, Outcome, put, run
from reviewlib.pages.wanted import ALL, BESIDE, SHAREABLE, Wanted
from reviewlib.pages.wording import Wording
from reviewlib.parameters import find_folder
from reviewlib.report.text import N_
from reviewlib.review import checked_contract

QUARTERLY_REVIEW = "quarterly_review"
KEPT = N_("Data, contract and program are those of reviews/{folder}, which stays as it is.")
OTHER = N_(
    "Data, contract or program are not those of reviews/{kept}, which stays as it is: this review "
    "is reviews/{new}."
)


def period(
    folder: str | Path,
    period: ReviewPeriod,
    wanted: Wanted = BESIDE,
    contract: Contract | None = None,
) -> Outcome:
    """Run the review of a period of an engagement by the shipped notebook, and keep it.

    It is kept in the folder ``reviews`` of the engagement's and never changes: made again of the
    same data, contract and program it is left as it is, else a further edition stands beside it.
    With an output it is written there, and not kept. ``contract``: that of the folder, where it was
    read already; faults of the tables are then left to the run, which reads them once. Raises as
    ``close`` does, and ReviewError where the data do not reach the end of the period.
    """
    path = find_folder(folder)
    target = wanted.output or next_place(path, period)
    refuse_place(target, path)
    refuse_kept(target)
    contract = contract or checked_contract(path)
    end_of_data(contract, period)
    if not wanted.output:
        latest(path, period, contract)  # one that can't be read stops before the run
    if wanted.audience == SHAREABLE and not wanted.output:
        wanted = replace(wanted, audience=ALL)  # what is kept is whole
    job = Job(path, QUARTERLY_REVIEW, {"period": period.name}, wanted)
    made = run(job, contract)
    if wanted.output:
        return Outcome(put(target, made), made.notes)
    return _keep(path, period, contract, made)


def _keep(path: Path, period: ReviewPeriod, contract: Contract, made: Made) -> Outcome:
    """Keep a review as the next edition, unless one of the same basis is kept.

    Another run may have kept one since this one began: no edition takes the place of another.
    """
    say = Wording(made.language).say
    basis = KeptValues.model_validate_json(made.files[VALUES]).basis
    while True:
        before, target = latest(path, period, contract), next_place(path, period)
        if before and before.values.basis == basis:
            added = _put_shared(before.path, made)
            notes = [say(KEPT(folder=before.path.name)), *made.notes]
            return Outcome([before.path / PAGE, *added], notes)
        with suppress(Occupied):
            files = put(target, made, unless=VALUES)
            other = [say(OTHER(kept=before.path.name, new=target.name))] if before else []
            return Outcome(files, [*other, *made.notes])


def _put_shared(place: Path, made: Made) -> list[Path]:
    """Add to a kept review the version to share of it, where it was made without; return where."""
    shared = {name: data for name, data in made.files.items() if is_shared(name)}
    if any((place / name).exists() for name in shared):
        return []
    return put(place, replace(made, files=shared)) if shared else []
