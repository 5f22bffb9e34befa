"""How long 50,000 comments take to be grouped in themes, and the memory that they peak at."""

from __future__ import annotations

import resource
import time

import pandas as pd
import pytest

from reviewlib.people.comments.metrics import themes
from tests.people.comments.planted import ACCESS, PRINTER, planted

COMMENTS = 50_000


def test_themes_of_many_comments(capsys: pytest.CaptureFixture[str]) -> None:
    several = [planted(1000, PRINTER, ACCESS, seed) for seed in range(COMMENTS // 1000)]
    texts = pd.concat(several, ignore_index=True)
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    found = themes(texts, 5)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with capsys.disabled():
        print(f"\n\n{len(texts):,} comments, {len(found.table)} themes: {seconds:.1f} s "
              f"({cpu:.1f} s cpu), peak {after.ru_maxrss / 1024:.0f} MB")  # fmt: skip
