"""reviewlib: retrospectives of outsourced IT engagements, from the contract and the logs."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reviewlib.calendars.service_hours import ServiceHours
    from reviewlib.folder.engagement import load_engagement
    from reviewlib.pages.run_review import run_review
    from reviewlib.report.beside import of_period, to_date
    from reviewlib.review import open_period, open_review

__version__ = "0.1.0"
__all__ = [
    "ServiceHours",
    "load_engagement",
    "of_period",
    "open_period",
    "open_review",
    "run_review",
    "to_date",
]

_HOMES = {
    "ServiceHours": "reviewlib.calendars.service_hours",
    "load_engagement": "reviewlib.folder.engagement",
    "of_period": "reviewlib.report.beside",
    "open_period": "reviewlib.review",
    "open_review": "reviewlib.review",
    "run_review": "reviewlib.pages.run_review",
    "to_date": "reviewlib.report.beside",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that ``--help`` answers at once."""
    if name in _HOMES:
        if "IPython" in sys.modules:
            importlib.import_module("reviewlib.pages.cells").register()
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'reviewlib' has no attribute {name!r}")
