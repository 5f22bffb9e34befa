"""When garbage is looked for: seldom, in a process that ends before there is much of it."""

from __future__ import annotations

import gc

SELDOM = 50_000, 20, 20


def look_seldom() -> None:
    """Look for garbage seldom in this process, and never among what is there already."""
    gc.freeze()
    gc.set_threshold(*SELDOM)
