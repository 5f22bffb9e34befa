"""What every part of the contract shares: strict frozen models and the units people write."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Model(BaseModel):
    """A part of the contract: frozen, typed, refusing keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


def _share(value: Any) -> Any:
    """Read "95 %" or 95 % written as 0.95; a bare number above 1 is refused as ambiguous."""
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*%\s*", value)
        if not match:
            raise ValueError("write a percentage such as 95 %")
        value = float(match[1].replace(",", ".")) / 100
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("write a percentage such as 95 %, between 0 % and 100 %")
    return float(value)


Share = Annotated[float, BeforeValidator(_share)]
"""A share from 0 to 1, written as a percentage."""


def _sequence(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def sequence(kind: Any) -> Any:
    """Return the type of an immutable list of ``kind`` that YAML writes as a list."""
    return Annotated[tuple[kind, ...], BeforeValidator(_sequence)]


Words = sequence(str)
