"""Looking instead of writing: what would go is shown on standard output."""

from __future__ import annotations

import os
import sys

from cleannews import batch, report
from cleannews.batch import Failure, Result
from cleannews.batch.outputs.base import Output
from cleannews.cli.options import Options


class Looking(Output):
    """Shows each result in the way that was asked for, and writes nothing."""

    def __init__(self, options: Options, *, is_named: bool) -> None:
        """Args are what was asked for, and whether each result is named, as there may be several."""
        self._options = options
        self._is_named = is_named
        self._has_color = _wants_color(options.color)

    def add(self, result: Result) -> Failure | None:
        """Show a result.

        Raises:
            OSError: it cannot be written.
        """
        if text := self._shown(result):
            # Python has no stream where the caller closed it.
            if sys.stdout is None:
                raise OSError("is closed")
            sys.stdout.buffer.write(batch.encoded(text))
            sys.stdout.buffer.flush()
        return None

    def _shown(self, result: Result) -> str:
        if result.article is None:
            return ""
        name = result.record.name
        if self._options.explain:
            heading = f"==> {report.visible_line(name)} <==\n" if self._is_named else ""
            return heading + report.explain(result.article, color=self._has_color)
        return report.diff(result.article, name, color=self._has_color) if self._options.diff else ""


def _wants_color(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()
