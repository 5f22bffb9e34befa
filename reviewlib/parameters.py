"""The parameters of a review, checked before anything heavy is imported or run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import cast

from reviewlib.faults import LONG, ReviewError, cut
from reviewlib.languages import LANGUAGES, Language

ALL = "all"
CONTRACT_FILE = "engagement.yml"
WORKBOOKS = (".xlsx", ".xlsm")
FIRST_YEAR, LAST_YEAR = 1970, 2099
"""The years that the clock knows."""


def find_folder(folder: str | Path) -> Path:
    """Return the folder of an engagement, looked for here and in the folders above.

    So a notebook opened in ``notebooks/`` finds ``data/sample`` as the command line does. The path
    of the folder's engagement.yml, or of its workbook, will do as well.
    """
    path = Path(folder).expanduser()
    inside = path.name == CONTRACT_FILE or path.suffix.lower() in WORKBOOKS
    path = path.parent if inside and not path.is_dir() else path
    places = [path] if path.is_absolute() else [p / path for p in (Path(), *Path.cwd().parents)]
    existing = next((place for place in places if _is_folder(place)), None)
    if existing is None:
        raise ReviewError(
            f"engagement folder {cut(str(folder), LONG)!r}: not found from {Path.cwd()}. "
            f"Give the path of a folder that holds {CONTRACT_FILE}."
        )
    return existing


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for the system
        return False


def refuse_language(language: str) -> None:
    """Raise ReviewError unless a language is one of ``LANGUAGES``, or empty for the contract's."""
    if language and language not in LANGUAGES:
        raise ReviewError(f"language {language!r}: allowed are {' and '.join(LANGUAGES)}.")


def asked_languages(languages: str) -> tuple[str, ...]:
    """Return the languages asked for, ``fr,en``, in their order; "" for the contract's own.

    ``all`` is the contract's own, then ``ALL``. Raises ReviewError on anything else.
    """
    names = [name.strip().lower() for name in languages.split(",")]
    if names == [ALL]:
        return "", ALL
    for name in names:
        if (name or len(names) > 1) and name not in LANGUAGES:
            allowed = ", ".join((*LANGUAGES, ALL))
            raise ReviewError(
                f"language {languages!r}: allowed are {allowed}, and several as in fr,en."
            )
    return tuple(dict.fromkeys(names))


def in_order(names: tuple[str, ...], own: Language) -> tuple[Language, ...]:
    """Return the languages that ``asked_languages`` names; ``own`` is the contract's."""
    named = (own, *LANGUAGES) if ALL in names else (name or own for name in names)
    return tuple(dict.fromkeys(cast(Language, name) for name in named))


def moment(as_of: str) -> dt.datetime:
    """Return the moment that an ISO date or instant names; a date means its last second.

    It is naive where the text gives no offset. Raises ReviewError on anything else.
    """
    day = named_day(as_of)
    last_second = dt.time(23, 59, 59)
    read = dt.datetime.combine(day, last_second) if day else _instant(as_of.strip())
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise ReviewError(f"as of {as_of!r}: write a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return read


def named_day(as_of: str) -> dt.date | None:
    """Return the day that an ISO date names; None for an instant, and for anything else."""
    try:
        return dt.date.fromisoformat(as_of.strip())
    except ValueError:
        return None


def _instant(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise ReviewError(
            f"as of {text!r}: write a date such as 2025-06-30, or an instant such as "
            "2025-06-30T18:00."
        ) from None
