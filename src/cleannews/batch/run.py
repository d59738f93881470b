"""The run itself: what comes of the inputs, one thing after the other, goes to the output and is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from cleannews.batch.records import Closed, Event, Failure, Input, Replayed, Result
from cleannews.batch.summary import Summary

if TYPE_CHECKING:
    from cleannews.batch.outputs.base import Output

Observe = Callable[[Event, Failure | None], None]
"""Is told each event, when it has been dealt with, and what went wrong."""


def run(events: Iterable[Event], output: Output, summary: Summary, observe: Observe) -> None:
    """Let everything go to the output, and end that.

    Args:
        events: what `clean` yields.
        output: entered, and not ended.
        summary: is kept up to date.
        observe: is told each event.

    Raises:
        FirstFailureError: a record could not be cleaned, and that was to end the run.
        OutputError: the one output that everything goes to cannot be written.
    """
    lost: set[Input] = set()
    for event in events:
        failure = _dealt_with(event, output, summary)
        if failure is not None:
            summary.tally.fail(failure)
            output.fail(failure)
            if failure.input is not None and failure.name == failure.input.name:
                lost.add(failure.input)
        if isinstance(event, Closed):
            summary.files += event.input not in lost
            lost.discard(event.input)
        observe(event, failure)
    output.finish()


def _dealt_with(event: Event, output: Output, summary: Summary) -> Failure | None:
    """Return what went wrong."""
    match event:
        case Failure():
            return event
        case Replayed():
            output.replay(event.record)
        case Closed():
            return output.close(event)
        case Result():
            failure = output.add(event)
            if failure is None:
                summary.tally.add(event)
            return failure
    return None
