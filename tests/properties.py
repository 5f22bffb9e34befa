"""On how many examples a property is tried: the same few at every run, or others and many more.

``PROPERTY_TIMES=20`` tries each on twenty times as many, drawn anew: ``make properties``.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

TIMES = int(os.environ.get("PROPERTY_TIMES", "1"))


def steady(examples: int, **about: Any) -> settings:
    """Return the settings of a property that is tried on so many examples, as slow as it is."""
    same: dict[str, Any] = {"derandomize": True, "database": None} if TIMES == 1 else {}
    default = settings.get_profile("default")
    return settings(default, deadline=None, max_examples=examples * TIMES, **same, **about)
