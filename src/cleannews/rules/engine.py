"""The engine that patterns run on: RE2, linear in the text whatever the pattern, over UTF-8.

google-re2's own interface makes a generator, a match object and tables of offsets for every call, which takes three
times as long as the search itself. So its engine is asked without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import re2

_ANYWHERE, _START, _BOTH = "search", "match", "fullmatch"
"""Where a match must stand, by the name of the method that asks for it."""

_Find = Callable[[bytes, int, int], Any]


class Regex:
    """A compiled pattern. Offsets are in bytes."""

    __slots__ = ("_anywhere", "_both", "_start")

    def __init__(self, pattern: str, *, case_sensitive: bool) -> None:
        """Compile a pattern.

        Raises:
            re.error: the pattern is not valid RE2.
        """
        options = re2.Options()
        options.case_sensitive = case_sensitive
        options.log_errors = False
        try:
            compiled = re2.compile(pattern.encode(), options)
        except re2.error as error:
            message = error.args[0] if error.args else error
            raise re.error(message.decode() if isinstance(message, bytes) else str(message)) from None
        self._anywhere, self._start, self._both = (_finder(compiled, kind) for kind in (_ANYWHERE, _START, _BOTH))

    def occurs(self, data: bytes) -> bool:
        """Return whether there is a match anywhere."""
        return bool(self._anywhere(data, 0, len(data))[0][0] >= 0)

    def covers(self, data: bytes) -> bool:
        """Return whether there is a match from the first byte to the last."""
        return bool(self._both(data, 0, len(data))[0][0] >= 0)

    def opens(self, data: bytes) -> int:
        """Return the end of the match at the start, -1 if there is none."""
        end: int = self._start(data, 0, len(data))[0][1]
        return end

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of the matches, from left to right and without overlaps."""
        position, size = 0, len(data)
        while position <= size:
            start, end = self._anywhere(data, position, size)[0]
            if start < 0:
                return
            yield start, end
            position = end if end > position else position + 1


def _finder(compiled: Any, kind: str) -> _Find:
    """Return a function of data, start and end that gives the spans of the first match and its groups, or -1."""
    try:
        library: Any = re2
        find, anchors = compiled._regexp.Match, library._Anchor
        anchor = {_ANYWHERE: anchors.UNANCHORED, _START: anchors.ANCHOR_START, _BOTH: anchors.ANCHOR_BOTH}[kind]
    except AttributeError:  # another version of google-re2, which may name them differently
        return _public_finder(getattr(compiled, kind))
    return partial(find, anchor)


def _public_finder(method: Callable[[bytes, int, int], Any]) -> _Find:
    def find(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
        match = method(data, start, end)
        return [(-1, -1) if match is None else match.span()]

    return find
