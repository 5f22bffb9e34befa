"""People's own words, without what could name a person (G3)."""

from __future__ import annotations

import re
from functools import partial

import pandas as pd

from reviewlib.languages import Quoted
from reviewlib.people.satisfaction.names import key

MASK = "[…]"
ACCENTED = {
    "a": "àáâãäå", "c": "ç", "e": "èéêë", "i": "ìíîï", "n": "ñ", "o": "òóôõö", "u": "ùúûü",
    "y": "ýÿ",
}  # fmt: skip
_PARTICLES = r"(?:(?:de|du|des|la|le|van|von|der)\s+|[dl]['’])*"
_NAME = rf"{_PARTICLES}[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_ANY = rf"{_PARTICLES}\w[\w'’-]*"
_OTHERS = rf"(?:\s+(?:(?:et|and|&)\s+)?{_NAME}){{0,4}}"
_UNSEEN = "\u200b-\u200f\u202a-\u202e\u2060\ufeff"  # signs without width, and of direction
IDENTIFYING = re.compile(
    rf"""
      (?:https?://|www\.)\S+                                       # addresses of pages
    | [^\s@＠]{{0,64}}[@＠]\S+                                     # e-mail addresses, handles
    | (?P<title>\b(?=[DMm])(?:(?:MM?\.|Ms\.)|(?:(?i:mmes?|mlles?|mrs?)|Dr)\b\.?)\s*)
      {_ANY}{_OTHERS}                                              # a title and any name
    | (?P<full>\b(?=[DMPdm])(?:M|Ms|Me|Pr\.?|Miss|Messrs\.?|(?i:monsieur|messieurs|madame|mesdames
      |mademoiselle|maître|docteur))\s+)
      {_NAME}{_OTHERS}                                             # a word and a name in capitals
    | (?P<date>(?=\d)(?:\b\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b
      |\b(?:19|20)\d\d\s?[/–-]\s?(?:19|20)\d\d\b))             # days and years, which stay
    | (?P<word>(?i:\b(?:ticket|incident|demande|request|dossier|matricule|badge|poste|ext|id)
      \s?(?:(?:number|numéro|no|nr|n°|nº|№|\#|[.:])\s?)?))\d{{2,}} # a word that announces a number
    | (?:\#|(?i:n°|nº|№))\s?\d+                                    # a numbered thing
    | \b[^\W\d_]{{1,10}}(?:[-_/][^\W\d_]{{1,10}}){{0,3}}[-_/]?\d{{3,}}[\w/-]*  # INC0012345, EMP-042
    | (?:\+\s?)?\(?\d(?:[\s.()/‐‑–{_UNSEEN}-]{{0,3}}\d){{7,}}      # telephone numbers
    | \d{{5,}}                                                     # staff numbers
    """,
    re.VERBOSE,
)


def masked(texts: pd.Series) -> pd.Series:
    """Return texts on one line each, with "[…]" for what could name a person.

    That is: e-mail and page addresses, telephone numbers, codes of tickets and employees, names
    after a title. A bare name can't be told from another word. Each language of a text is masked.
    """
    languages = {name for text in texts if isinstance(text, Quoted) for name in text.texts}
    if not languages:
        return _masked(texts)
    base = _masked(texts.astype("str"))
    spoken = {name: _masked(texts.map(partial(_in_language, name))) for name in languages}
    by_text = zip(base, *spoken.values(), strict=True)
    every = [Quoted(text, dict(zip(spoken, others, strict=True))) for text, *others in by_text]
    return pd.Series(every, texts.index, dtype="object")


def without_names(texts: pd.Series, names: pd.Series) -> pd.Series:
    """Return texts with "[…]" for names that tables have, of two words or more, however spelt.

    A code, a role or one word alone is no name: it may be any other word of the text.
    """
    plain = key(names.dropna()).drop_duplicates()
    plain = plain[plain.str.fullmatch(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+){1,4}")]
    spoken = {text for one in texts for text in (str(one), *getattr(one, "texts", {}).values())}
    words = set(key(pd.Series([*spoken], dtype="str")).str.findall(r"[^\W\d_]+").explode())
    parts = [re.findall(r"[^\W\d_]+", name) for name in plain]
    named = [own for own in parts if words.issuperset(own)]
    if not named:
        return texts
    either = ["|".join(r"\W+".join(map(_spelt, one)) for one in (own, own[::-1])) for own in named]
    pattern = re.compile(rf"\b(?:{'|'.join(either)})\b", re.IGNORECASE)
    return texts.map(partial(_replaced, pattern))


def _spelt(word: str) -> str:
    """Return a pattern of a word without accents that takes it with any."""
    return "".join(f"[{sign}{ACCENTED.get(sign, '')}]" for sign in word)


def _replaced(pattern: re.Pattern[str], text: str) -> str:
    plain = pattern.sub(MASK, text)
    if not isinstance(text, Quoted):
        return plain
    return Quoted(plain, {name: pattern.sub(MASK, own) for name, own in text.texts.items()})


def _in_language(language: str, text: str) -> str:
    return text.in_language(language) if isinstance(text, Quoted) else text


def _masked(texts: pd.Series) -> pd.Series:
    lines = texts.str.split().str.join(" ")
    return lines.str.replace(IDENTIFYING, _mask, regex=True)


def _mask(match: re.Match[str]) -> str:
    return match["date"] or (match["title"] or match["full"] or match["word"] or "") + MASK
