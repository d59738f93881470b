"""How far a run has come, for who waits: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cleannews.batch.reading import Meter
from cleannews.batch.summary import Summary

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

FIRST_SECONDS = 1.0
"""A run that is done before shows nothing."""

BAR_SECONDS = 0.2
"""Between two looks at a bar."""

LINE_SECONDS = 30.0
"""Between two lines in a log."""


class ProgressReport:
    """Shows progress on standard error from time to time. A context, at whose end the bar goes."""

    def __init__(self, meter: Meter, summary: Summary, say: Callable[[str], None], *, is_shown: bool) -> None:
        """Prepare; nothing is shown yet.

        Args:
            meter: knows how much has been read.
            summary: knows what was done.
            say: shows a line.
            is_shown: whether anything is to be shown.
        """
        self._meter = meter
        self._summary = summary
        self._say = say
        self.is_shown = is_shown
        self._is_bar = is_shown and sys.stderr is not None and sys.stderr.isatty()
        self._began = time.monotonic()
        self._next = self._began + (FIRST_SECONDS if self._is_bar else LINE_SECONDS)
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressReport:
        """Return itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Take the bar away, and note the time."""
        self._summary.seconds = time.monotonic() - self._began
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def update(self) -> None:
        """Show how far it is, if it is time again."""
        now = time.monotonic()
        if not self.is_shown or now < self._next:
            return
        self._summary.seconds = now - self._began
        if self._is_bar:
            self._next = now + BAR_SECONDS
            self._update_bar()
        else:
            self._next = now + LINE_SECONDS
            self._say(self._line())

    def _line(self) -> str:
        parts = [f"{self._summary.tally.documents:,} documents", self._rate()]
        total, position = self._meter.total, self._meter.position()
        if total:
            parts.append(f"{min(100, 100 * position // total)} %")
        if total > position > 0:
            parts.append(f"{_duration(self._summary.seconds * (total - position) / position)} left")
        return ", ".join(parts)

    def _rate(self) -> str:
        return f"{self._summary.megabytes_per_second:.2f} MB/s"

    def _update_bar(self) -> None:
        if self._bar is None:
            self._bar = _new_bar()
            self._bar.start()
            self._task = self._bar.add_task("cleaning", total=self._meter.total or None, count="", rate="")
        assert self._task is not None, "set with the bar"
        count = f"{self._summary.tally.documents:,} documents"
        self._bar.update(self._task, completed=self._meter.position(), count=count, rate=self._rate())


def _new_bar() -> Progress:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    return Progress(
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[count]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
