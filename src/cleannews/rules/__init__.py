"""Rule packs: what boilerplate looks like, as data.

`load_rules` reads the packs in `packs/` and the user's own, checks them, and returns one `RuleSet` to search with.
The form of a pack is described in packs/README.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.resources import files

from cleannews.rules.pack import Pack, Pattern, Rule, Scope
from cleannews.rules.ruleset import Candidate, RuleSet, Words
from cleannews.rules.store import read_packs

__all__ = ["Candidate", "Pack", "Pattern", "Rule", "RuleSet", "Scope", "Words", "load_rules"]


def load_rules(extra: Iterable[str | os.PathLike[str]] = ()) -> RuleSet:
    """Return the built-in rules and those of the packs at the paths `extra`.

    Raises:
        RulePackError: a pack cannot be used; names file, rule and reason.
        OSError: a pack cannot be read.
    """
    return RuleSet(read_packs(files("cleannews.rules") / "packs", extra))
