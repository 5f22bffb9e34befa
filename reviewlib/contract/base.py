"""What every part of the contract shares: strict frozen models and the units people write."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Tag,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from reviewlib.calendars.service_hours import FIRST_YEAR, LAST_YEAR
from reviewlib.faults import Unfit
from reviewlib.languages import Quoted
from reviewlib.report.text import N_, Text

Location = tuple[str | int, ...]
T = TypeVar("T")


class Model(BaseModel):
    """A part of the contract: frozen, typed, refusing keys that it does not know.

    Lists become tuples; a key without a value is taken as left out.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True
    )

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        stated = (
            item for item in data.items() if item[1] is not None or not _is_field(cls, item[0])
        )
        return {key: _fixed(value) for key, value in stated}

    def is_silent(self, key: str) -> bool:
        """Whether a key that it may have is left to the default."""
        return key in type(self).model_fields and key not in self.model_fields_set


def _is_field(model: type[BaseModel], key: object) -> bool:
    return key in model.model_fields


def _fixed(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_fixed(item) for item in value)
    if isinstance(value, dict):
        return {key: _fixed(item) for key, item in value.items()}
    return value


def refuse(part: str, faults: Iterable[tuple[Location, Text, Any]]) -> None:
    """Raise every fault found between the keys of a part: (its location, message, what came)."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError("rule", "{reason}", {"reason": str(one), "text": one.text}),
            loc=place,
            input=came,
        )
        for place, one, came in ((place, Unfit(text), came) for place, text, came in faults)
    ]
    if details:
        raise ValidationError.from_exception_data(part, details)


ONE, EACH = "<one>", "<each>"
TAGS = (ONE, EACH, "<delay>", "<points>", "<tiers>", "<late_payment>")
"""Parts of a location that pydantic adds where one value, or one for each name, may stand."""

OneOrEach = Annotated[
    Annotated[T, Tag(ONE)] | Annotated[dict[str, T], Tag(EACH)],
    Discriminator(lambda value: EACH if isinstance(value, dict) else ONE),
]
"""One value for all, or a value for each name."""


def _prose(value: Any, checked: ValidatorFunctionWrapHandler) -> Any:
    """Keep a text with its other languages, of which pydantic would make a plain one."""
    text = checked(value)
    return value if isinstance(value, Quoted) else text


Prose = Annotated[str, WrapValidator(_prose)]
"""Text that people read, in the language of the contract; a ``Quoted`` where it has others."""


def _share(value: Any) -> Any:
    """Read "95 %" or 95 % written as 0.95; a whole number is refused, for it may mean either."""
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d+)?)\s*%\s*", value)
        value = float(Decimal(match[1].replace(",", ".")) / 100) if match else None
    if not isinstance(value, float) or not 0 <= value <= 1:
        raise Unfit(N_("write a percentage such as 95 %, between 0 % and 100 %"))
    return value


Share = Annotated[float, BeforeValidator(_share)]
"""A share from 0 to 1, written as a percentage."""


def _money(value: Any) -> Any:
    """Read an amount: 1200, 1200.50 or "1200.50", to the cent; never a guess at its marks."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Unfit(AMOUNT)
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        raise Unfit(AMOUNT) from None
    if not amount.is_finite() or amount < 0 or amount >= 10**13 or amount != round(amount, 2):
        raise Unfit(AMOUNT)
    return amount.quantize(Decimal("0.01"))


AMOUNT = N_("write an amount in the contract’s currency such as 1200 or 1200.50, without taxes")
Money = Annotated[Decimal, BeforeValidator(_money)]
"""An amount in the contract's currency, to the cent, not below 0."""


YEARS = N_("write a year from {first} to {last}")


def _in_reach(value: dt.date) -> dt.date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Unfit(YEARS(first=str(FIRST_YEAR), last=str(LAST_YEAR)))
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            raise Unfit(N_("write a date such as 2024-01-15")) from None
    return value


def _moment(value: Any) -> Any:
    """Read an instant; a day means its last second, as it does where a review is asked for."""
    if isinstance(value, str):
        try:
            value = _day(value)
        except ValueError:
            try:
                return dt.datetime.fromisoformat(value.strip())
            except ValueError:
                raise Unfit(N_("write an instant such as 2024-01-15T18:00")) from None
    if type(value) is dt.date:
        return dt.datetime.combine(value, dt.time(23, 59, 59))
    return value


Day = Annotated[dt.date, BeforeValidator(_day), AfterValidator(_in_reach)]
"""A calendar day of the years that the clock knows."""

Moment = Annotated[dt.datetime, BeforeValidator(_moment), AfterValidator(_in_reach)]
"""An instant; without an offset it is a local time of the contract's zone."""
