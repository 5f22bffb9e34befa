"""The anonymity floor with complementary suppression (G2).

Hidden is a figure of fewer people than the floor, and of people who all answered alike, which
tells what each of them said. A total printed beside its parts would give a hidden part back by
subtraction: then the next smallest parts are hidden too. Two rules follow for whoever calls:
figures that add up are protected together, and none is printed that adds up groups protected
apart (waves, for instance); a part hidden in one table is hidden in all.
"""

from __future__ import annotations

import pandas as pd

CLASSES = ["favourable", "unfavourable", "neither"]


def shown(parts: pd.DataFrame, floor: int) -> pd.Series:
    """Tell which parts of one total may be shown.

    ``parts``: people, how many of each part answered; hidden, whether another table hides it;
    silent (optional), whether it is empty and even that is hidden; and the columns of CLASSES, how
    many answered how, where the figures are of answers.
    Whatever is hidden holds nobody or, taken together, at least ``floor`` people who did not all
    answer alike, unless that is so of the total itself: then it must not be printed either. Those
    who did not answer count for nothing there: whoever did knows that they are not among them.
    Any other empty part is shown: it holds nobody to protect. Among equals the first is hidden.
    """
    people, classes = parts["people"], parts.reindex(columns=CLASSES)
    silent = parts.get("silent", pd.Series(False, parts.index))
    secret = parts["hidden"] | silent | ((people > 0) & ((people < floor) | alike(classes)))
    left = people[~secret & (people > 0)].sort_values(kind="stable").index
    for part in left:
        together, protects = classes[secret].sum(), bool((silent | (people > 0))[secret].any())
        if not protects or (people[secret].sum() >= floor and not _alike(together)):
            break
        secret[part] = True
    return ~secret


def alike(classes: pd.DataFrame) -> pd.Series:
    """Tell which groups have answers of one class alone; not those whose answers aren't counted."""
    return classes.apply(_alike, axis="columns").astype("bool")


def _alike(counts: pd.Series) -> bool:
    return int((counts > 0).sum()) == 1


def protected(
    frame: pd.DataFrame, total: list[str], figures: list[str], floor: int
) -> pd.DataFrame:
    """Return a frame without the figures of groups that must be hidden, and the column ``shown``.

    ``frame``: with what ``shown`` reads; ``total`` names the columns whose values tell which rows
    add up to one total, ``figures`` those that are emptied.
    """
    if frame.empty:
        return frame.assign(shown=pd.Series(dtype="bool"))
    by_total = [shown(rows, floor) for _total, rows in frame.groupby(total, sort=False)]
    is_shown = pd.concat(by_total).reindex(frame.index).astype("bool")
    return frame.assign(shown=is_shown, **{name: frame[name].where(is_shown) for name in figures})
