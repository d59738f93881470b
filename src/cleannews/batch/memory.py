"""What earlier runs have done, so that another run leaves out what has not changed.

It is kept in the user's cache folder, a file for each output, and only says which input became which output, by sizes
and times. A memory that cannot be read or written is the same as none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from cleannews.batch.records import Input
from cleannews.batch.wording import real_path

Stamp = tuple[int, int]
"""A file's size, and the time of its last change in nanoseconds."""


def stamp(path: Path) -> Stamp | None:
    """Return the stamp of a file; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def fingerprint(*parts: object) -> str:
    """Return what stands for plain data, and only for equal data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def fingerprint_of(base: str, inputs: Sequence[Input]) -> str:
    """Return what stands for inputs as they are now; empty if `base` is or if one cannot be read again.

    Args:
        base: stands for everything else.
        inputs: the files.
    """
    if not base or any(item.path is None for item in inputs):
        return ""
    return fingerprint(base, [(os.fspath(item.path), stamp(item.path)) for item in inputs if item.path])


def installation() -> list[tuple[str, int, int]]:
    """Return what stands for the program: all its files, as another release, rule or model cleans differently."""
    import cleannews  # noqa: PLC0415

    folder = Path(cleannews.__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [(path.relative_to(folder).as_posix(), *(stamp(path) or (0, 0))) for path in files]


class Memory:
    """The memory of all runs that write to one place."""

    def __init__(self, place: Path, fingerprint: str) -> None:
        """Read what is remembered.

        Args:
            place: the folder or file that is written.
            fingerprint: stands for everything that the outputs depend on but the inputs; empty to remember nothing.
        """
        self._fingerprint = fingerprint
        self._file = _cache_folder() / f"{_digest(real_path(place))}.jsonl" if fingerprint else None
        # Hashes: a folder may have had millions of files.
        self._known = dict(_read(self._file, fingerprint)) if self._file else {}

    def is_done(self, name: str, target: Path, now: Stamp | str | None) -> bool:
        """Return whether an output is there as an earlier run left it, from an input that was as it is now.

        Args:
            name: what the input is called here.
            target: the output.
            now: what stands for the input as it is.
        """
        known = self._known.get(_short(name))
        return known is not None and now is not None and known == _short([_plain(now), _plain(stamp(target))])

    def note(self, name: str, target: Path, before: Stamp | str | None) -> None:
        """Remember that an output is done, from an input that was as `before` says."""
        if self._file is None or before is None:
            return
        line = json.dumps([self._fingerprint, name, _plain(before), _plain(stamp(target))]) + "\n"
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(line)


def _read(path: Path, fingerprint: str) -> Iterator[tuple[int, int]]:
    with suppress(OSError), path.open("rb") as lines:
        for line in lines:
            with suppress(ValueError, TypeError):  # the last line of a run that was killed
                made_by, name, before, after = json.loads(line)
                if made_by == fingerprint:
                    yield _short(name), _short([before, after])


def _short(data: object) -> int:
    """Return a number that stands for plain data."""
    return int.from_bytes(hashlib.blake2b(json.dumps(data).encode(), digest_size=8).digest())


def _plain(value: Stamp | str | None) -> list[int] | str | None:
    return list(value) if isinstance(value, tuple) else value


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:32]


def _cache_folder() -> Path:
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_cache_dir("cleannews", appauthor=False)) / "done"
