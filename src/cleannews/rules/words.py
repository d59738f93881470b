"""Words: how a text is cut into them, and lists of words and phrases to look for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]")
"""Scripts whose words are not set apart by spaces, or carry endings without one: Thai, Lao, Burmese, Khmer, CJK,
Hangul."""

_SINGLE = re.compile(r"\w+")


def spaces_between(pattern: re.Pattern[str]) -> bytes:
    """Return a table for `bytes.translate` that makes spaces of all but the characters that `pattern` matches."""
    return bytes(code if pattern.fullmatch(chr(code)) else 32 for code in range(128)) + bytes(128)


def splitter(pattern: re.Pattern[str]) -> Callable[[str], list[str]]:
    """Return what `pattern.findall` returns, for a pattern of runs of one class of characters.

    Plain ASCII, most of what there is, is translated and split, which takes a third of the time of a search.
    """
    findall = pattern.findall
    spaced = spaces_between(pattern)

    def split(text: str) -> list[str]:
        return text.encode().translate(spaced).decode().split() if text.isascii() else findall(text)

    return split


_words = splitter(_SINGLE)


def lower(text: str) -> str:
    """Return `text` in lower case without a change of length (`İ` would become two characters)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


@dataclass(frozen=True, slots=True)
class Words:
    """Words and phrases to look for in a sentence.

    Attributes:
        single: words that stand alone, in lower case.
        phrases: what is found as a part of the text: several words, or words of scripts without spaces.
    """

    single: frozenset[str]
    phrases: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Words:
        """Return the words and phrases of a list."""
        lowered = {word.lower() for word in words}
        single = frozenset(word for word in lowered if _SINGLE.fullmatch(word) and not UNSPACED.search(word))
        return cls(single, tuple(sorted(lowered - single)))

    def count(self, lowered: str) -> int:
        """Return how many different ones of these a text in lower case holds; phrases count as one together."""
        return len(self.single.intersection(_words(lowered))) + self._has_phrase(lowered)

    def occur_in(self, lowered: str) -> bool:
        """Return whether a text in lower case holds any of these."""
        return not self.single.isdisjoint(_words(lowered)) or self._has_phrase(lowered)

    def _has_phrase(self, lowered: str) -> bool:
        for phrase in self.phrases:  # noqa: SIM110  (a third of the time of `any`, and asked of every unit)
            if phrase in lowered:
                return True
        return False
