"""A kernel forked from a server that has the imports of a review already, in place of a new one.

The server is that of ``multiprocessing`` (forkserver): it has no thread, and every child begins as
the server was left after its imports, whatever other children did.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME, SERVED = "reviewlib-forked", "reviewlib.pages.warm"


def is_possible() -> bool:
    """Tell whether this process was itself forked from such a server."""
    return SERVED in sys.modules and multiprocessing.parent_process() is not None


def register() -> str:
    """Make the forked kernel one that Jupyter can provide; return its name."""
    group = KernelProvisionerFactory.GROUP_NAME
    entry = EntryPoint(NAME, f"{__name__}:ForkedKernel", group)
    KernelProvisionerFactory.instance().provisioners[NAME] = entry
    return NAME


class ForkedKernel(LocalProvisioner):
    """Provides the kernel of a review as a child of the server."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel with the arguments, the variables and the folder of a command."""
        variables = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
        child = _Child(cmd[cmd.index("-f") :], variables, kwargs.get("cwd", "."))
        self.process = child  # type: ignore[assignment]
        self.pid = self.pgid = child.pid
        return self.connection_info


class _Child:
    """A child of the server with the face of ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], variables: dict[str, str], folder: str) -> None:
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=_kernel, args=(arguments, variables, folder))
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _kernel(arguments: list[str], variables: dict[str, str], folder: str) -> None:
    from reviewlib.pages.kernel import main

    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["kernel", *arguments]
    end_with_parent()
    main()


def end_with_parent() -> None:
    """End this process as soon as the one that asked for it has ended, however it ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent,), daemon=True).start()


def _wait_for(parent: Any) -> None:
    parent.join()
    os._exit(1)
