"""All rules there are, and which of them a text is searched with.

Most scraped news is English. An English text is searched with the English rules alone: that is faster, a start need
not load
the rest, and "Lees ook" or "war" cannot be taken for another language's words.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from importlib.resources import files

from cleannews.rules.pack import Pack, Rule
from cleannews.rules.ruleset import RuleSet
from cleannews.rules.store import pack_names, read_own_packs, read_packs

ENGLISH = "en"
"""How the names of the English packs begin."""

THE = " the "
"""The word by which English is known: other languages use it in names alone."""

THE_EVERY = 400
"""Characters in which an English text has it at least once; on average it comes every hundred."""


class RuleBook:
    """The rules of all languages. Safe to share between threads."""

    def __init__(self, english: Sequence[Pack], others: Callable[[], Sequence[Pack]], own: Sequence[Pack] = ()) -> None:
        """Hold packs.

        Args:
            english: what English texts are searched with.
            others: gives what other texts are searched with besides; called when first needed.
            own: the user's packs, for all texts; what they match goes, whatever the model says.

        Raises:
            RulePackError: two rules have one id.
        """
        self._packs = (*english, *own)
        self._others = others
        self._lock = threading.Lock()
        self.own = frozenset(rule.id for pack in own for rule in pack.rules)
        self.english = RuleSet(self._packs)
        if own:
            _ = self.every

    @classmethod
    def load(cls, extra: Iterable[str | os.PathLike[str]] = ()) -> RuleBook:
        """Return the built-in rules and those of the packs at the paths `extra`.

        Raises:
            RulePackError: a pack cannot be used; names file, rule and reason.
            OSError: a pack cannot be read.
        """
        folder = files("cleannews.rules") / "packs"
        names = pack_names(folder)
        english = [name for name in names if name.startswith(ENGLISH)]
        others = [name for name in names if not name.startswith(ENGLISH)]
        return cls(read_packs(folder, english), lambda: read_packs(folder, others), read_own_packs(folder, extra))

    @property
    def every(self) -> RuleSet:
        """The rules of all languages in one set."""
        with self._lock:
            return self._every

    @cached_property
    def _every(self) -> RuleSet:
        return RuleSet([*self._packs, *self._others()])

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules."""
        return self.every.rules

    def fitting(self, lowered: str) -> RuleSet:
        """Return the rules to search a text with, given in lower case."""
        return self.english if lowered.count(THE) * THE_EVERY >= max(1, len(lowered)) else self.every
