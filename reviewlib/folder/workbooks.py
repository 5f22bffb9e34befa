"""Tables in the sheets of Excel workbooks: their heading, their rows, and what stands around."""

from __future__ import annotations

from reviewlib.sheets.opening import sheets

__all__ = ["sheets"]
