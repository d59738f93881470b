"""Everything that can go wrong, as a line and an exit status: no traceback reaches a user."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from cleannews import batch
from cleannews.cli.messages import PROGRAM, say, say_traceback, silence
from cleannews.cli.options import Status
from cleannews.document import CleannewsError


class TerminatedError(KeyboardInterrupt):
    """The system asks the program to end, as it does before it is shut down."""


@contextmanager
def terminable() -> Iterator[None]:
    """Let the program end as it does when it is interrupted, if the system asks it to."""

    def terminate(_number: int, _frame: FrameType | None) -> None:
        raise TerminatedError

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def output_errors(name: str) -> Iterator[None]:
    """Turn what the system says about an output into an error that names it. A closed pipe is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise batch.OutputError(f"{name}: {batch.reason_of(error)}") from error


def guarded(run: Callable[[], int]) -> int:
    """Run, and turn everything that can go wrong into a line and an exit status."""
    try:
        return _flushed(run)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        say(error.format_message())
        say(f"try '{PROGRAM} --help'")
        return Status.USAGE
    except (BrokenPipeError, KeyboardInterrupt) as ending:
        silence(sys.stdout)
        if isinstance(ending, TerminatedError):
            return Status.TERMINATED
        # Who closed the pipe has seen enough: `cleannews … | head` went well.
        return Status.DONE if isinstance(ending, BrokenPipeError) else Status.INTERRUPTED
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    """Name what ended the run; a traceback must not reach a user."""
    silence(sys.stdout)
    if isinstance(error, CleannewsError):
        say(str(error))
    elif isinstance(error, OSError):
        # Such as a help page that went to a full disk: inputs and outputs are named where they are used.
        say(f"{error.filename or 'standard output'}: {batch.reason_of(error)}")
    else:
        say(batch.internal(error))
        say_traceback(error)
    return Status.FAILED


def _flushed(run: Callable[[], int]) -> int:
    """Run, and see to it that the output is out: the interpreter's own last flush cannot tell anybody."""
    try:
        return run()
    finally:
        if sys.stdout is not None:
            with output_errors("standard output"):
                sys.stdout.flush()
