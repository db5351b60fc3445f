"""Runs a program so that it ends with whoever started it: `python -m ehe_portal.demo.leash FD MODULE ARGUMENT...`.

FD is the reading end of a pipe whose writing end only the starter holds. Nothing is ever written to it: when the
starter ends, in whatever way, the pipe ends too, and the program and its own children are ended.
"""

import os
import runpy
import signal
import sys
import threading
import time
from typing import Final

GRACE_SECONDS: Final = 10


def follow(pipe: int) -> None:
    """Wait for the pipe to end; then end this process group, kindly at first."""
    while os.read(pipe, 1):
        continue
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Run a module in this process, on the leash."""
    pipe, module, *rest = arguments
    threading.Thread(target=follow, args=(int(pipe),), daemon=True).start()
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
