"""Words as people and tools write them, made alike before they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'", "_": " ", "-": " "})
_TRAILING = re.compile(r"[\s:*]+$")


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Return a text without its case, accents, kinds of spaces and apostrophes.

    ``_`` and ``-`` are spaces; a ``:`` or ``*`` at the end counts for nothing.
    """
    plain = unicodedata.normalize("NFKD", text.translate(APOSTROPHES)).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _TRAILING.sub("", " ".join(bare.split()))
