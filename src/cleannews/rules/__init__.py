"""Rule packs: what boilerplate looks like, as data.

`load_rules` reads the packs in `packs/` and the user's own, checks them, and returns a `RuleBook`, which gives a text
the
`RuleSet` of its language to search with.
The form of a pack is described in packs/README.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from cleannews.rules.book import RuleBook
from cleannews.rules.pack import Pack, Pattern, Rule, Scope
from cleannews.rules.ruleset import Candidate, Group, RuleSet
from cleannews.rules.words import Words

__all__ = ["Candidate", "Group", "Pack", "Pattern", "Rule", "RuleBook", "RuleSet", "Scope", "Words", "load_rules"]


def load_rules(extra: Iterable[str | os.PathLike[str]] = ()) -> RuleBook:
    """Return the built-in rules and those of the packs at the paths `extra`.

    Raises:
        RulePackError: a pack cannot be used; names file, rule and reason.
        OSError: a pack cannot be read.
    """
    return RuleBook.load(extra)
