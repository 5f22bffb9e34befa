"""Rule packs: penalty rules as texts of the field state them, each field of which may be replaced.

They are defaults, read in the dated copies that each names as its source, and no legal advice.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@cache
def names() -> tuple[str, ...]:
    """Return the names of the packs, in alphabetical order."""
    return tuple(sorted(path.stem for path in HERE.glob("*.yml")))


@cache
def pack(name: str) -> dict[str, Any]:
    """Return the fields of a pack; nothing for a name that is none."""
    if name not in names():
        return {}
    pack = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
    return dict(pack)
