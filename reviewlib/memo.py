"""What several chapters need of a review, computed once for each review."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from reviewlib.review import Review

P = ParamSpec("P")
T = TypeVar("T")


def once(
    function: Callable[Concatenate[Review, P], T],
) -> Callable[Concatenate[Review, P], T]:
    """Return a function of a review that is computed once for it and its other arguments."""

    @wraps(function)
    def memoized(review: Review, *args: P.args, **kwargs: P.kwargs) -> T:
        memo: dict[Any, Any] = review.memo
        key = (function, args, tuple(kwargs.items()))
        if key not in memo:
            start = len(review.reads)
            value = function(review, *args, **kwargs)
            memo[key] = value, tuple(dict.fromkeys(review.reads[start:]))
        value, reads = memo[key]
        review.reads.extend(reads)  # who is given the value rests on its tables too
        return cast(T, value)

    return cast(Callable[Concatenate[Review, P], T], memoized)
