"""Two reviews of one engagement compared: the page in each language, and its values."""

from __future__ import annotations

import json
from pathlib import Path

from reviewlib.faults import LONG, ReviewError, cut
from reviewlib.files import refuse_place
from reviewlib.folder.frozen import frozen_review
from reviewlib.folder.kept import VALUES
from reviewlib.pages.comparison_page import SAME, page
from reviewlib.pages.comparison_values import as_json
from reviewlib.pages.pdf import printer
from reviewlib.pages.publish import Made, Outcome, put
from reviewlib.pages.wanted import BESIDE, Wanted
from reviewlib.pages.wording import Wording
from reviewlib.parameters import asked_languages, in_order
from reviewlib.report.comparison import Comparison
from reviewlib.report.text import N_, Language

NAME = "compare"
KEPT = N_("output {path:quoted} is the folder of a review, which stays as it is: give another.")
OTHERS = N_(
    "the reviews are of two engagements, {first:quoted} and {second:quoted}: compare two reviews "
    "of one."
)
READERS = N_(
    "one of the reviews is a version to share, from which much is left out, and the other is not: "
    "compare two of one kind."
)


def compare(first: str | Path, second: str | Path, wanted: Wanted = BESIDE) -> Outcome:
    """Write what changed from a review to another of the same engagement.

    A review is given as a folder that holds review.json, or as the file. The page is
    ``compare.html`` in the first language, the others ``compare.en.html``, … ; by default it is
    that in which the second review was made. The files stand by default in ``compare/A-B`` beside
    the second. Raises ReviewError where one can't be read, and where they don't compare.
    """
    languages = asked_languages(wanted.language)
    program = printer() if wanted.pdf else ""
    comparison = Comparison(frozen_review(first), frozen_review(second))
    language, *others = in_order(languages, comparison.second.values.languages[0])
    _refuse_unlike(comparison, language)
    target = wanted.output or _beside(comparison)
    if (target / VALUES).exists():
        raise ReviewError(KEPT(path=cut(str(target), LONG)), language)
    refuse_place(target, target / VALUES)
    files = {f"{NAME}.html": page(comparison, Wording(language)).encode()}
    for other in others:
        files[f"{NAME}.{other}.html"] = page(comparison, Wording(other)).encode()
    text = json.dumps(as_json(comparison), ensure_ascii=False, indent=1, allow_nan=False)
    files[f"{NAME}.json"] = f"{text}\n".encode(errors="replace")
    notes = [Wording(language).say(SAME)] if comparison.same else []
    return Outcome(put(target, Made(files, notes, language, program)), notes)


def _refuse_unlike(comparison: Comparison, language: Language) -> None:
    """Raise ReviewError where two reviews are not of one engagement, or not for like readers."""
    then, now = comparison.first.values, comparison.second.values
    if then.engagement.id != now.engagement.id:
        names = (cut(values.engagement.id) for values in (then, now))
        raise ReviewError(OTHERS(**dict(zip(("first", "second"), names, strict=True))), language)
    if then.audience != now.audience:
        raise ReviewError(READERS, language)


def _beside(comparison: Comparison) -> Path:
    """Return the folder of a comparison: of both names, beside the second review, unchanged."""
    home = comparison.second.path.absolute().parent.parent
    return home / NAME / f"{comparison.first.name}-{comparison.second.name}"
