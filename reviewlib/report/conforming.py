"""Whether a value is what its type says: for those read from a file that anyone may have edited."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from reviewlib.languages import Quoted

T = TypeVar("T")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def conforming(value: Any, kind: type[T]) -> T:
    """Return a value of a dataclass whose fields are of the types that they declare.

    Raises TypeError where one is not.
    """
    if not _conforms(value, kind):
        raise TypeError(f"not a valid {kind.__name__}")
    return value  # type: ignore[no-any-return]


def _conforms(value: Any, hint: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, UnionType):
        return any(_conforms(value, one) for one in args)
    if origin is Literal:
        return any(value is one or (isinstance(value, str) and value == one) for one in args)
    if origin is tuple:
        return isinstance(value, tuple) and _all_conform(value, args)
    if origin is not None:
        keys, values = args
        return isinstance(value, Mapping) and all(
            _conforms(key, keys) and _conforms(one, values) for key, one in value.items()
        )
    if hint is Quoted:
        return isinstance(value, str)  # a text of the data may have no other language
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if not isinstance(value, hint):
        return False
    if not dataclasses.is_dataclass(hint):
        return True
    fields = _hints(type(value))  # type: ignore[arg-type]
    return all(_conforms(getattr(value, f.name), fields[f.name]) for f in dataclasses.fields(hint))


def _all_conform(values: tuple[Any, ...], args: tuple[Any, ...]) -> bool:
    if args[1:] == (...,):
        return all(_conforms(one, args[0]) for one in values)
    return len(values) == len(args) and all(map(_conforms, values, args))
