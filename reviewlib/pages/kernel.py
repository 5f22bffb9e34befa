"""The process in which the cells of a review run: IPython's kernel, and nothing of a user's."""

from __future__ import annotations

import os
import shutil
from typing import Any

from ipykernel.kernelapp import IPKernelApp

from reviewlib.pages.garbage import look_seldom


class BareKernel(IPKernelApp):
    """A kernel that reads no configuration and runs no start-up file, of whatever folder."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Leave every ``ipython_config.py`` alone."""

    def _run_startup_files(self) -> None:
        """Leave alone ``PYTHONSTARTUP``, and the start-up files of the user and the system."""


def main() -> None:
    """Run the kernel that the command line describes, with an empty profile (``IPYTHONDIR``).

    Both are gone once it runs, so that a run that is killed leaves neither.
    """
    parent = int(os.environ.get("JPY_PARENT_PID") or 0)  # which ipykernel reads once it is imported
    app = BareKernel.instance(parent_handle=parent)
    app.initialize()  # type: ignore[no-untyped-call]
    app.cleanup_connection_file()  # type: ignore[no-untyped-call]
    shutil.rmtree(app.ipython_dir, ignore_errors=True)
    look_seldom()
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
