"""The process in which the cells of a review run: IPython's kernel, and nothing of a user's."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from ipykernel.kernelapp import IPKernelApp


class BareKernel(IPKernelApp):
    """A kernel that reads no configuration and runs no start-up file, of whatever folder."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Leave every ``ipython_config.py`` alone."""

    def _run_startup_files(self) -> None:
        """Leave alone ``PYTHONSTARTUP``, and the start-up files of the user and the system."""


def main() -> None:
    """Run the kernel that the command line describes, with no profile of the user's."""
    with tempfile.TemporaryDirectory(prefix="reviewlib-") as profile:
        os.environ["IPYTHONDIR"] = profile
        app = BareKernel.instance()
        app.initialize()  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
