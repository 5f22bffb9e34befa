"""Made-up comments with two themes in them, and with none."""

from __future__ import annotations

import numpy as np
import pandas as pd

PRINTER = ("imprimante", "panne", "toner", "papier", "bourrage", "cartouche")
ACCESS = ("accès", "droits", "compte", "passe", "délai", "attente")
PRINTER_EN = ("printer", "broken", "toner", "paper", "jammed", "cartridge")
TICKETS_EN = ("ticket", "closed", "answer", "reopened", "email", "update")
BOTH = {"fr": (PRINTER, ACCESS), "en": (PRINTER_EN, TICKETS_EN)}


def planted(n: int, one: tuple[str, ...], other: tuple[str, ...], seed: int = 1) -> pd.Series:
    """Return n texts of five words by chance, seven of ten with four words of a theme too."""
    drawn = np.random.default_rng(seed)
    texts = [*chance(n, 200, 0.6, seed)]
    for place in range(int(0.7 * n)):
        words = drawn.choice(one if place % 2 else other, 4, replace=False)
        texts[place] = " ".join([*texts[place].split()[:5], *words])
    return pd.Series(texts)


def chance(n: int, vocabulary: int, skew: float, seed: int) -> pd.Series:
    """Return n texts of 5 to 25 words, each drawn by itself; ``skew``: of how often."""
    drawn = np.random.default_rng(seed)
    signs = np.array([*"abcdefghilmnoprtu"])
    words = ["".join(drawn.choice(signs, drawn.integers(5, 10))) for _ in range(vocabulary)]
    weights = 1 / np.arange(1, vocabulary + 1) ** skew
    lengths = drawn.integers(5, 26, n)
    return pd.Series(
        [" ".join(drawn.choice(words, length, p=weights / weights.sum())) for length in lengths]
    )
