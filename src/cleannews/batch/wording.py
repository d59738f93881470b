"""How paths, errors and texts become what is shown or written, and questions to paths that must not raise."""

from __future__ import annotations

import os
from pathlib import Path


def encoded(text: str) -> bytes:
    """Return UTF-8, whatever the locale is. Half a character, as broken pages hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


def shown_path(path: str | Path) -> str:
    """Return a path as text; bytes of it that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def reason_of(error: OSError) -> str:
    """Return why the system refused, in its own words."""
    return error.strerror or str(error) or type(error).__name__


def internal(error: Exception) -> str:
    """Return one line about an exception that no input should cause."""
    return f"internal error ({type(error).__name__}: {' '.join(str(error).split())})"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, `1 record` or `2 records`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


# The methods of `Path` raise for names that are too long, loops and closed folders; these answer.


def is_folder(path: str | Path) -> bool:
    """Return whether `path` is a directory, as far as one can see."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: str | Path) -> bool:
    """Return whether `path` is a file, as far as one can see."""
    return os.path.isfile(path)  # noqa: PTH113


def real_path(path: str | Path) -> Path:
    """Return where `path` leads, behind all links."""
    return Path(os.path.realpath(path))
