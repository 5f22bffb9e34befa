"""The palette and the letters of a review: the page's CSS and the charts are both drawn from here.

Contrasts are WCAG 2.2 ratios on PAPER: at least 4.5 for what is read, 3 for what is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tone:
    """A judgement's colours, and the hatch (matplotlib's) that tells it apart without colour."""

    colour: str
    wash: str  # behind text in ``colour`` or INK
    hatch: str


INK = "#1c2126"
MUTED = "#575e66"  # secondary text, axis labels
GRID = "#dcdad3"  # hairlines: decoration, never the only bearer of a meaning
PAPER = "#ffffff"
WASH = "#f6f4ef"  # panels, table stripes
MID = "#7c8894"  # quiet marks, intervals, the borders of what can be pressed
WEAK = "#c4625c"  # a smaller shortfall: marks only, beside another height
ACCENT = "#123f6d"  # links, the first series, what a chart is about
FOCUS = "#cf6a17"  # the ring around what the keyboard has reached

# Any two are told apart with deuteranopia, protanopia and tritanopia: CIE76 difference over 20.
SERIES = ("#123f6d", "#cf6a17", "#14948a", "#b04fae", "#5f5427")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))  # matplotlib's; one per series

GOOD = Tone("#0f6b5c", "#e6f1ee", "")
WARN = Tone("#8f5f00", "#f8efdc", "...")
BAD = Tone("#9b1c1c", "#f8e8e6", "///")
NEUTRAL = Tone(MUTED, WASH, "xx")

FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Liberation Sans")
SERIF = ("Iowan Old Style", "Palatino Linotype", "URW Palladio L", "Georgia", "Liberation Serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono")


DARK = {
    "ink": "#e6e4df", "muted": "#aab2ba", "grid": "#4a4f55", "paper": "#16191c", "wash": "#23282d",
    "accent": "#8db9e8", "mid": "#8f9aa5", "weak": "#d98a84", "focus": "#f0a05c", "good": "#6fcab6",
    "warn": "#e0b055", "bad": "#f08f88", "neutral": "#aab2ba", "warn-wash": "#3a3222",
    "series-1": "#8db9e8", "series-2": "#f0a05c", "series-3": "#5cc4ba",
}  # fmt: skip
"""The palette in the dark theme of JupyterLab; drawings keep their white ground there."""


def stack(families: tuple[str, ...], generic: str) -> str:
    """Return a CSS font-family value that ends in a generic family."""
    return ", ".join([f'"{name}"' if " " in name else name for name in families] + [generic])


FONT_STACK = stack(FONT, "sans-serif")
SERIF_STACK = stack(SERIF, "serif")
MONO_STACK = stack(MONO, "monospace")


def css_variables() -> str:
    """Return the palette as one CSS rule of custom properties, read by ``page.css``."""
    tones = {"good": GOOD, "warn": WARN, "bad": BAD, "neutral": NEUTRAL}
    values = {
        "ink": INK, "muted": MUTED, "grid": GRID, "paper": PAPER, "wash": WASH, "accent": ACCENT,
        "mid": MID, "weak": WEAK, "focus": FOCUS,
        "font": FONT_STACK, "serif": SERIF_STACK, "mono": MONO_STACK,
    } | {f"series-{place}": colour for place, colour in enumerate(SERIES, start=1)}  # fmt: skip
    values |= {name: tone.colour for name, tone in tones.items()}
    values |= {f"{name}-wash": tone.wash for name, tone in tones.items()}
    lines = (f"  --{name}: {value};\n" for name, value in values.items())
    return f":root {{\n{''.join(lines)}}}\n"
