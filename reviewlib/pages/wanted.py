"""What a verb is to write: where, in which languages, for whom, on paper too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

Readers = Literal["internal", "shareable", "all"]
INTERNAL: Readers = "internal"
SHAREABLE: Readers = "shareable"
ALL: Readers = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where files are to be written, in which languages (``fr,en``, ``all``), on paper too.

    ``audience``: for those who make the review, for those with whom it is shared, or for both.
    """

    output: Path | None = None
    language: str = ""
    pdf: bool = False
    audience: Readers = INTERNAL


BESIDE = Wanted()  # the input, in its language
Languages = Annotated[
    str,
    typer.Option(
        "--language",
        metavar="fr|en|fr,en|all",
        help="Languages, the first one's file has the plain name. Default: the contract's.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Where to write. Default: review, in the engagement's folder or the notebook's; of a "
        "period, in the folder reviews of the engagement's, where it is kept.",
    ),
]
OnPaper = Annotated[
    bool, typer.Option("--pdf", help="Print each page as a PDF too, by the system's Chromium.")
]
Audience = Annotated[
    Readers,
    typer.Option(
        metavar="internal|shareable|all",
        help="For whom: internal, all of it; shareable, review.shareable.html and the like, with "
        "what the contract and the notes mark as shared alone; all, both.",
    ),
]
OPTIONS = {"language": Languages, "output": Output, "pdf": OnPaper, "audience": Audience}
"""How ``Wanted`` is given, by its fields."""


def writes(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb with an argument ``wanted: Wanted`` the options of a command that say it."""

    @wraps(verb)
    def run(**given: Any) -> None:
        verb(wanted=Wanted(**{name: given.pop(name) for name in OPTIONS}), **given)

    own = [
        one for one in signature(verb, eval_str=True).parameters.values() if one.name != "wanted"
    ]
    options = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=getattr(BESIDE, name), annotation=kind)
        for name, kind in OPTIONS.items()
    ]
    whole = signature(verb).replace(
        parameters=[one.replace(kind=Parameter.KEYWORD_ONLY) for one in own] + options
    )
    run.__signature__ = whole  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in whole.parameters.values()}
    return run
