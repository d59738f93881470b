"""What the worker processes of the tests are given to do. It is sent to them by name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path


def shouting() -> Callable[[str], str]:
    return shout


def shout(item: str) -> str:
    if item.startswith("slow"):
        time.sleep(0.3)
    if item == "raise":
        raise ValueError("on purpose")
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "exit":
        os._exit(7)
    if item == "hang":
        time.sleep(600)
    return item.upper()


def dying_once(marker: Path) -> Callable[[str], str]:
    return partial(die_once, marker)


def die_once(marker: Path, item: str) -> str:
    if item == "die once" and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item.upper()


def unusable() -> Callable[[str], str]:
    raise RuntimeError("no such model")


def dead_on_arrival() -> Callable[[str], str]:
    os._exit(3)
