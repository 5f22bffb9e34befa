"""What a server has imported before workers and kernels are forked from it: all that a review may.

Importing this module does it, so that ``multiprocessing`` can. None of our threads runs by then;
those of BLAS and of Arrow's allocators stop and start around a fork of themselves. matplotlib has
to be told where its figures go before it is imported: it looks at the variable once.
"""

from __future__ import annotations

import importlib
import os
import pkgutil

from reviewlib.pages.garbage import look_seldom

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")

OTHERS = ("ipykernel.zmqshell", "IPython.core.completer", "seaborn", "scipy.stats", "bleach")


def _preload() -> None:
    import reviewlib
    from reviewlib.pages import execution

    execution.preload()
    for name in OTHERS:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(reviewlib.__path__, "reviewlib."):
        if module.name not in ("reviewlib.__main__", "reviewlib.cli", __name__):
            importlib.import_module(module.name)
    look_seldom()  # what children share is no garbage to look through


_preload()
