"""The figures of the analyst, as an output of a notebook holds them, made fit for a page."""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

from reviewlib.pages.html import image
from reviewlib.report.contributions import Media, Picture
from reviewlib.report.text import Text

SVG: Media = "image/svg+xml"
PNG: Media = "image/png"
SIGNATURE, HEADER, END = b"\x89PNG\r\n\x1a\n", b"IHDR", b"IEND"
LARGEST, WIDEST = 4_000_000, 10_000  # bytes of a figure, pixels of a side


def picture(data: Mapping[str, Any], title: Text) -> Picture | None:
    """Return the figure that an output shows, its drawing before its pixels; None where none fits.

    An image in a page runs nothing and asks nothing; its SVG holds nothing to run or ask either.
    """
    try:
        if isinstance(svg := data.get(SVG), str) and len(svg) <= LARGEST:
            return Picture(SVG, _base64(image(svg).encode()), title)
        if isinstance(png := data.get(PNG), str) and len(png) <= LARGEST:
            raw = base64.b64decode("".join(png.split()), validate=True)
            return Picture(PNG, _base64(raw), title, _size(raw))
    except (ValueError, TypeError, ParseError, struct.error, RecursionError):
        pass
    return None


def _size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG; raises ValueError where it is none."""
    if png[:8] != SIGNATURE or png[12:16] != HEADER:
        raise ValueError("not a PNG")
    width, height = struct.unpack(">II", png[16:24])
    if not (0 < width <= WIDEST and 0 < height <= WIDEST) or png[-8:-4] != END:
        raise ValueError("not a PNG of a size to be printed, or not all of one")
    return width, height


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
