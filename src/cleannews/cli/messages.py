"""What is said on standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import IO, cast

import click

from cleannews.batch import Failure
from cleannews.cli.options import Options

PROGRAM = "cleannews"

DEBUG_VARIABLE = "CLEANNEWS_DEBUG"
"""Set in the environment, it shows the traceback of an internal error."""


def note(options: Options, message: str) -> None:
    """Say what is no error, unless nobody wants to hear it."""
    if not options.quiet:
        say(message)


def say_failure(failure: Failure) -> None:
    """Say what could not be processed, and why."""
    say(f"{failure.name}: {failure.reason}")
    if failure.error:
        say_traceback(failure.error)


def say(message: str) -> None:
    """Write one line to standard error; where even that fails, there is nobody to tell."""
    from cleannews import report  # noqa: PLC0415

    _write(f"{PROGRAM}: {report.visible_line(message)}\n")


def say_table(table: str) -> None:
    """Write lines to standard error as they are."""
    from cleannews import report  # noqa: PLC0415

    _write(report.visible(table))


def say_traceback(error: BaseException) -> None:
    """Write where an internal error came from, if somebody looks for it."""
    if os.environ.get(DEBUG_VARIABLE):
        import traceback  # noqa: PLC0415

        from cleannews import report  # noqa: PLC0415

        _write(report.visible("".join(traceback.format_exception(error))))


def _write(text: str) -> None:
    try:
        click.echo(text, err=True, nl=False)
    except OSError:
        silence(sys.stderr)


def silence(stream: IO[str] | None) -> None:
    """Send what is left in a broken stream nowhere, so that the interpreter does not stumble over it at its end."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), cast("IO[str]", stream).fileno())
