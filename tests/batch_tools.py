"""What the tests of data sets have in common: texts, and the program called in this process or as one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import cleannews.cli.work
from cleannews import Cleaner
from cleannews.cli import program

STORY = "The river rose again on Tuesday night. Forty families left their homes, the mayor said.\n"
APPEAL = "Your support helps us to tell the story. Please donate today.\n"
SHARE = "Share this article\n"
RAW = f"{APPEAL}\n{STORY}\n{SHARE}"
PAGE = (
    "<!DOCTYPE html><html><head><title>River rises</title></head><body><article><h1>River rises</h1>"
    + "".join(
        f"<p>{STORY.strip()} It was the {number}th time this year that it came so high.</p>" for number in range(9)
    )
    + "</article></body></html>"
)
COMMAND = [sys.executable, "-m", "cleannews"]


@dataclass(frozen=True, slots=True)
class Done:
    """How a call of the program ended."""

    status: int
    output: bytes
    errors: str


class Caller:
    """Calls the program in this process, with one cleaner for all calls: that saves its start-up."""

    def __init__(self) -> None:
        self._cleaner = Cleaner()

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Done:
        with self._streams(stdin) as (output, errors), mock.patch.object(cleannews.cli.work, "_cleaner", self._of):
            status = program.main([str(item) for item in arguments], prog_name="cleannews", standalone_mode=False)
        return Done(int(status), output.getvalue(), errors.getvalue().decode())

    def _of(self, _options: object) -> Cleaner:
        return self._cleaner

    @staticmethod
    @contextmanager
    def _streams(stdin: bytes) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
        output, errors = io.BytesIO(), io.BytesIO()
        streams: list[io.TextIOWrapper] = [
            io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin))),
            io.TextIOWrapper(output),
            io.TextIOWrapper(errors, write_through=True),
        ]
        with mock.patch.multiple(sys, stdin=streams[0], stdout=streams[1], stderr=streams[2]):
            yield output, errors
            for stream in streams:
                stream.detach()


def environment(folder: Path) -> dict[str, str]:
    """Return the environment for a process of its own, whose memory of earlier runs is in `folder`."""
    return {**os.environ, "XDG_CACHE_HOME": str(folder)}


def run(*arguments: str | Path, cache: Path, stdin: bytes = b"", cwd: Path | None = None) -> Done:
    """Call the program as a process of its own."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment(cache),
        timeout=300,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def names_in(folder: Path) -> list[str]:
    """Return all files of a folder, hidden ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
