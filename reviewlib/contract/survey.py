"""The questions that users were asked, and the floor under which no figure is shown (G2)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from reviewlib.contract.base import Model, Prose


class Question(Model):
    """A question and the scale on which it is answered.

    csat: satisfied from ``satisfied_from`` up; nps: 0 to 10; agreement: a Likert scale;
    comment: free words.
    """

    text: Prose
    kind: Literal["csat", "nps", "agreement", "comment"]
    scale: tuple[int, int] = (1, 5)
    satisfied_from: int = 4

    @model_validator(mode="before")
    @classmethod
    def _nps_scale(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("kind") == "nps":
            return {"scale": (0, 10), "satisfied_from": 9} | data
        return data

    @model_validator(mode="after")
    def _in_order(self) -> Question:
        low, high = self.scale
        if low >= high:
            raise ValueError(f"a scale goes from its lowest point up; came {low} to {high}")
        if high - low > 100:
            raise ValueError(f"a scale has 101 points at most; came {low} to {high}")
        if self.kind == "csat" and not low < self.satisfied_from <= high:
            raise ValueError(f"satisfied_from lies above {low} and up to {high}, as the scale does")
        return self


class Survey(Model):
    """What was asked. No figure or comment of fewer than ``anonymity_floor`` people is shown."""

    anonymity_floor: int = Field(default=5, ge=3)
    questions: dict[str, Question] = Field(min_length=1)
