"""Lines for a terminal."""

from __future__ import annotations

import typer

KEPT = "\n\u00a0\u202f"  # French sets spaces that do not break


def say(line: object, err: bool = False) -> None:
    """Print a line without what a terminal would obey: names and values come from the data."""
    plain = "".join(sign if sign.isprintable() or sign in KEPT else "�" for sign in str(line))
    typer.echo(plain, err=err)
