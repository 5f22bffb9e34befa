"""The review of a period of an engagement: made, and kept as it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.contract import Contract
from reviewlib.files import Occupied, is_shared, refuse_place
from reviewlib.folder.kept import KeptReview, KeptValues, latest, next_place, refuse_kept
from reviewlib.folder.reach import end_of_data
from reviewlib.pages.publish import PAGE, VALUES, Job, Made, Outcome, put, run
from reviewlib.pages.wanted import ALL, BESIDE, INTERNAL, SHAREABLE, Wanted
from reviewlib.pages.wording import Wording
from reviewlib.parameters import asked_languages, find_folder, in_order
from reviewlib.report.text import N_, sentences
from reviewlib.review import checked_contract, open_period, versions

QUARTERLY_REVIEW = "quarterly_review"
KEPT = N_("Data, contract and program are those of reviews/{folder}, which stays as it is.")
ELSEWHERE = N_("With --output it is made again, and written elsewhere.")
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
    same data, contract and program it is left as it is, without a run, else a further edition
    stands beside it. With an output it is written there, and not kept. ``contract``: that of the
    folder, where it was read already; faults of the tables are then left to the run, which reads
    them once. Raises as ``close`` does, and ReviewError where the data do not reach the end of the
    period.
    """
    path = find_folder(folder)
    target = wanted.output or next_place(path, period)
    refuse_place(target, path)
    refuse_kept(target)
    contract = contract or checked_contract(path)
    end_of_data(contract, period)
    before = None if wanted.output else _alike(path, period, contract)
    if before and (wanted.audience == INTERNAL or _has_shared(before.path)):
        language = in_order(asked_languages(wanted.language), contract.language)[0]
        words = sentences(KEPT(folder=before.path.name), ELSEWHERE)
        return Outcome([before.path / PAGE], [Wording(language).say(words)])
    if wanted.audience == SHAREABLE and not wanted.output:
        wanted = replace(wanted, audience=ALL)  # what is kept is whole
    job = Job(path, QUARTERLY_REVIEW, {"period": period.name}, wanted)
    made = run(job, contract)
    if wanted.output:
        return Outcome(put(target, made), made.notes)
    return _keep(path, period, contract, made)


def _alike(folder: Path, period: ReviewPeriod, contract: Contract) -> KeptReview | None:
    """Return the review of a period that is kept, where one made now would be of the same basis.

    Raises ReviewError where the one that is kept can't be read.
    """
    before = latest(folder, period, contract)
    if before is None or before.values.versions != versions():
        return None
    about = open_period(folder, period.name).about()
    own = about["as_of"], about["inputs_sha256"], about["versions"]
    return before if own == before.values.basis else None


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


def _has_shared(place: Path) -> bool:
    """Tell whether a review is kept with the version to share of it."""
    return any(is_shared(path.name) for path in place.iterdir())


def _put_shared(place: Path, made: Made) -> list[Path]:
    """Add to a kept review the version to share of it, where it was made without; return where."""
    shared = {name: data for name, data in made.files.items() if is_shared(name)}
    if any((place / name).exists() for name in shared):
        return []
    return put(place, replace(made, files=shared)) if shared else []
