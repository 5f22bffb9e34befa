"""Where the files that travel with the library stand, in a checkout or in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the path of a shipped folder or file, such as ``templates/review``."""
    shipped = PACKAGE / "_shipped" / name
    return shipped if shipped.exists() else PACKAGE.parent / name
