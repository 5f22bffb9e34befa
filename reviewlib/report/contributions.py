"""What the analyst adds to a review: words, tables and figures, after a chapter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from reviewlib.report.parts import Part
from reviewlib.report.text import EMPTY, Text
from reviewlib.report.values import Audience, Table

Media = Literal["image/svg+xml", "image/png"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the analyst: in Markdown, or as they stand. ``note``: what was left out."""

    text: str
    markdown: bool = False
    note: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure of the analyst in base64, which holds nothing that runs or asks; its size (pixels).

    ``title``: its alternative text.
    """

    media: Media
    data: str
    title: Text
    size: tuple[int, int] | None = None


Block = Passage | Table | Picture


@dataclass(frozen=True, slots=True)
class Contribution:
    """What cells of the analyst show under one heading, after the chapter with the slug ``after``.

    Its texts are the analyst's own, in the language in which they were written, ``language``.
    """

    slug: str
    title: Text
    blocks: tuple[Block, ...]
    part: Part
    after: str = ""
    language: str = ""
    audience: Audience = Audience.INTERNAL
    by_analyst: ClassVar[bool] = True  # what else a page asks of a chapter
    headline: ClassVar[Text] = EMPTY
    front: ClassVar[None] = None
    because: ClassVar[Text] = EMPTY
    note: ClassVar[None] = None
