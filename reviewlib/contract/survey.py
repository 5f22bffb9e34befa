"""The questions that users were asked, how answers are read, and what is never shown (G1, G2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from reviewlib.contract.base import Day, Model, Prose, Share
from reviewlib.faults import Unfit
from reviewlib.report.text import N_


def _as_text(code: Any) -> Any:
    """Return a code as it stands in a cell: 99 is written without quotes."""
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else code


UPWARDS = N_("a scale goes from its lowest point up; came {low} to {high}")
TOO_LONG = N_("a scale has 101 points at most; came {low} to {high}")
ABOVE = N_("satisfied_from lies above {low} and up to {high}, as the scale does")
BELOW = N_("satisfied_from lies from {low} on, below {high}, as the scale does")
NO_DEFAULT = N_("state satisfied_from, which has no default on {low} to {high}")
NO_POINT = N_("answers: {name:quoted} stands for {point}, which is no point from {low} to {high}")
WHOLE = N_(
    "a net promoter score counts whole answers from 0 to 10, of which 10 is best: mean_scores and "
    "lowest_is_best are not for it"
)
IN_BOTH = N_("{name:quoted} stands in answers and in no_opinion: keep one")
DEFAULT_SCALE = (1, 5)
FLOOR = 5
Code = Annotated[str, BeforeValidator(_as_text)]


class Question(Model):
    """A question, the scale on which it is answered, and what answers in words stand for.

    csat: satisfied from ``satisfied_from`` up, or down where ``lowest_is_best``; nps: 0 to 10;
    agreement: a Likert scale; comment: free words. ``answers``: the point of the scale of each
    answer in words; ``no_opinion``: the codes of "don't know" and "not applicable";
    ``mean_scores``: an answer may lie between two points, being a mean of several; ``respondents``:
    who answers it, the users or the team of a party.
    """

    text: Prose
    kind: Literal["csat", "nps", "agreement", "comment"]
    scale: tuple[int, int] = DEFAULT_SCALE
    lowest_is_best: bool = False
    satisfied_from: int = 4
    answers: dict[Code, int] = {}
    no_opinion: tuple[Code, ...] = ()
    mean_scores: bool = False
    respondents: tuple[Literal["users", "client", "provider"], ...] = Field(
        ("users",), min_length=1
    )

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: Any) -> Any:
        """Give a net promoter score its scale, and a scale with the best at its foot a limit."""
        if not isinstance(data, dict):
            return data
        if data.get("kind") == "nps":
            return {"scale": (0, 10), "satisfied_from": 9} | data
        return ({"satisfied_from": 2} if data.get("lowest_is_best") is True else {}) | data

    @model_validator(mode="after")
    def _in_order(self) -> Question:
        low, high = self.scale
        if low >= high:
            raise Unfit(UPWARDS(low=low, high=high))
        if high - low > 100:
            raise Unfit(TOO_LONG(low=low, high=high))
        if self.kind == "csat" and not self._parts(low, high):
            raise Unfit((BELOW if self.lowest_is_best else ABOVE)(low=low, high=high))
        if self.kind == "csat" and self.scale != DEFAULT_SCALE and self.is_silent("satisfied_from"):
            raise Unfit(NO_DEFAULT(low=low, high=high))
        return self

    def _parts(self, low: int, high: int) -> bool:
        """Tell whether some points of the scale are satisfied and others not."""
        limit = self.satisfied_from
        return low <= limit < high if self.lowest_is_best else low < limit <= high

    @model_validator(mode="after")
    def _readable(self) -> Question:
        low, high = self.scale
        stray = {name: point for name, point in self.answers.items() if not low <= point <= high}
        if stray:
            name, point = next(iter(stray.items()))
            raise Unfit(NO_POINT(name=name, point=point, low=low, high=high))
        if self.kind == "nps" and (self.mean_scores or self.lowest_is_best):
            raise Unfit(WHOLE)
        if both := sorted({*self.answers} & {*self.no_opinion}):
            raise Unfit(IN_BOTH(name=both[0]))
        return self


class Survey(Model):
    """What was asked. No figure or comment of fewer than ``anonymity_floor`` people is shown.

    ``closed_on``: the last day for answers, by wave; a wave without one closes ``open_days`` days
    after its first. Nothing of a wave is shown before, and answers of later days do not count.
    ``unusable_limit``: a figure of which a larger share of the answers can't be read is not given.
    """

    anonymity_floor: int = Field(default=FLOOR, ge=3)
    closed_on: dict[Code, Day] = {}
    open_days: int = Field(default=30, ge=1, le=3650)
    unusable_limit: Share = 0.1
    questions: dict[str, Question] = Field(min_length=1)
