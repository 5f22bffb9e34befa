"""Names and words compared as people write them, whatever their case, accents and signs."""

from __future__ import annotations

import re
import unicodedata

ACCENTS = re.compile("[\u0300-\u036f]")
JOINED = str.maketrans({"œ": "oe", "æ": "ae", "°": "o ", "º": "o "})
BETWEEN = re.compile(r"[\s_'’‘ʼ`´()\[\]\-\u2010-\u2015\u00ad\u200b\ufeff]+|\.(?=\s|$)")
FINAL = " :*"


def folded(text: object) -> str:
    """Return a name or a word without what people and tools write in different ways.

    That is case, accents, any kind of space, apostrophes, "_", hyphens, brackets, the stop of an
    abbreviation, a final ":" or "*"; "n°" is "no". Digits and other signs stay.
    """
    plain = unicodedata.normalize("NFKC", str(text).translate(JOINED)).casefold()
    bare = ACCENTS.sub("", unicodedata.normalize("NFD", plain.translate(JOINED)))
    return " ".join(BETWEEN.sub(" ", bare).split()).rstrip(FINAL)
