"""What of a review may be shared, and with whom; all else is internal (O5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import model_validator

from reviewlib.contract.base import Location, Model, refuse
from reviewlib.faults import meant_by
from reviewlib.report.parts import CHAPTERS, Part
from reviewlib.report.text import N_, Text, sentences

OF_ALL_FILES = "data_quality"
"""The chapter that tells of every file of the folder, also of those behind what is not shared."""
SLUGS = tuple(
    slug
    for part, slugs in CHAPTERS.items()
    if part is not Part.FRONT
    for slug in slugs
    if slug != OF_ALL_FILES
)
FIRST_PAGE = "front"
TELLING = ("evidence", "comments")
"""The keys of what can tell who wrote or called."""
Readers = Literal["other_party", "all_staff"]

NO_CHAPTER = N_("{name:quoted} is no chapter that can be shared.")
ALL_FILES = N_("the chapter {name:quoted} tells of every file of the folder: it cannot be shared.")
NO_ID = N_("{name:quoted} is no id of a value: it begins with a chapter and a full stop.")
TO_ALL_STAFF = N_("is never shared with all staff: it can tell who wrote or called")


class Sharing(Model):
    """What of a review its readers may have. What is not named is internal.

    ``readers``: for whom it is; ``chapters``: by slug, shared with all of their values but those
    ``withheld``; ``findings``: shared alone, of chapters that are not. Both name values by their
    id, or by its beginning up to a full stop. ``notes``: the chapters, and ``front``, of which the
    facilitator's words are shared; ``evidence``: whether the numbers of tickets are, and the ids
    of the rows on which findings rest; ``comments``: whether those of the survey are.
    """

    readers: Readers = "other_party"
    chapters: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: bool = False
    comments: bool = False

    @model_validator(mode="after")
    def _names_exist(self) -> Sharing:
        refuse("Sharing", self._faults())
        return self

    def _faults(self) -> Iterator[tuple[Location, Text, Any]]:
        for key, allowed in (("chapters", SLUGS), ("notes", (FIRST_PAGE, *SLUGS))):
            for place, slug in enumerate(getattr(self, key)):
                if slug not in allowed:
                    yield (key, place), _no_chapter(slug, allowed), None
        for key in ("findings", "withheld"):
            for place, name in enumerate(getattr(self, key)):
                slug, _, rest = name.partition(".")
                if not rest:
                    yield (key, place), NO_ID(name=name), None
                elif slug not in SLUGS:
                    yield (key, place), _no_chapter(slug, SLUGS), None
        for key in TELLING:
            if getattr(self, key) and self.readers == "all_staff":
                yield (key,), TO_ALL_STAFF, None

    def joined(self, other: Sharing) -> Sharing:
        """Return what two of them share together; what one withholds is withheld."""
        both: dict[str, Any] = {
            name: (*getattr(self, name), *getattr(other, name))
            for name in ("chapters", "findings", "withheld", "notes")
        }
        if "all_staff" in (self.readers, other.readers):
            return Sharing(readers="all_staff", **both)
        more = {name: getattr(self, name) or getattr(other, name) for name in TELLING}
        return Sharing(**both, **more)


def names(value_id: str, marked: Iterable[str]) -> bool:
    """Tell whether an id is one of those marked, or begins with one and a full stop."""
    return any(value_id == one or value_id.startswith(f"{one}.") for one in marked)


def _no_chapter(slug: str, allowed: Iterable[str]) -> Text:
    if slug == OF_ALL_FILES:
        return ALL_FILES(name=slug)
    return sentences(NO_CHAPTER(name=slug), meant_by(slug, allowed))
