"""Which fixed words a text must hold for a pattern to match at all.

This is the method of RE2's FilteredRE2: the pattern's syntax tree is walked, and for every part the best set of
literals is kept such that any match contains at least one of them. The sets of all rules together go into one
Aho-Corasick automaton, so that a single scan over the text tells which few patterns are worth running, and where.
"""

from __future__ import annotations

import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cleannews.rules.pack import FAR

MAX_LITERALS = 300
"""Strings followed side by side; a part with more alternatives counts as unknown text."""

ENOUGH = 12.0
"""Beyond this strength a longer literal hardly narrows the search; fewer literals are then better."""

LONGEST = 14
"""Characters of a literal that are looked for: a longer one hardly narrows the search, and alternatives become one."""

COMMON = frozenset("about also and are at but can for from have more not that the this was will with you your".split())  # noqa: SIM905
"""Words that stand in any story."""

COMMON_COSTS = 2.0
"""Letters that they count less when literals are chosen."""

RARE_SIGN = 4.0
"""What a sign such as © or » counts in letters: it is as rare in a story as a word."""

MOST_FURTHER = 2
"""Further sets of literals that are looked for."""

LARGEST_FURTHER = 8
"""Literals of such a set: beyond this, running the pattern is cheaper."""

MOST_STARTS = 12
"""Literals that a pattern may begin with, to be run only where one of them stands."""

FAR_COUNT = 40
"""Characters from which a repetition counts far."""

WEAKEST_START = 3.0
"""Letters of the shortest of them."""

WEAKEST_FURTHER = 2.0
"""Letters of the shortest literal of such a set: less stands in every sentence."""

_UNSTEADY = "\u0307ςσſ"
"""What the letters İ, Σ and S can become in lower case besides i, σ and s: literals with it are not relied on."""

_UNSPACED_FROM = "\u2e80"
"""From here on (CJK, kana, Hangul) one character carries a syllable or a word."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Literals of which a match must hold one.

    Attributes:
        literals: in lower case.
        reach: how far from the start of the match the literal can begin at most, in characters.
    """

    literals: frozenset[str]
    reach: int


_EMPTY: frozenset[str] = frozenset({""})


def required_literals(pattern: str) -> Anchor:
    """Return literals of which every match of `pattern` holds at least one; none if a match can do without."""
    _, anchor = _sequence(sre_parser.parse(pattern))
    if anchor is None:
        return Anchor(frozenset(), FAR)
    return _minimal(Anchor(frozenset(literal[:LONGEST] for literal in anchor.literals), anchor.reach))


def further_literals(pattern: str, anchor: Anchor) -> tuple[tuple[str, ...], ...]:
    """Return, besides those of its `anchor`, sets of literals such that every match of `pattern` holds one of each.

    The anchor says where to look, these say where not to: one common word is no reason to run a pattern.
    """
    sets = {_minimal(Anchor(found, 0)).literals for found in _all_of(sre_parser.parse(pattern))[1]}
    useful = [found for found in sets if _is_useful(found, anchor.literals)]
    useful.sort(key=lambda found: (-_rarity(found), sorted(found)))
    return tuple(tuple(sorted(found, key=lambda text: (len(text), text))) for found in useful[:MOST_FURTHER])


def starts(pattern: str) -> tuple[str, ...]:
    """Return literals of which every match of `pattern` begins with one, where it is worth to look for them.

    That is so where a pattern counts far ("up to 120 characters"): RE2 then makes thousands of states, unless it is
    told where to begin.
    """
    nodes = sre_parser.parse(pattern)
    if is_pinned(pattern) or not _counts_far(nodes):
        return ()
    found, _ = _starts(nodes)
    cut = {literal[:LONGEST] for literal in found}
    least = sorted(text for text in cut if not any(text != other and text.startswith(other) for other in cut))
    return tuple(least) if len(least) <= MOST_STARTS and strength(least) >= WEAKEST_START and _is_steady(least) else ()


def _counts_far(nodes: Any) -> bool:
    for operator, argument in nodes:
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT) and (
            FAR_COUNT <= argument[1] < sre.MAXREPEAT or _counts_far(argument[-1])
        ):
            return True
        if operator is sre.SUBPATTERN and _counts_far(argument[-1]):
            return True
        if operator is sre.BRANCH and any(map(_counts_far, argument[1])):
            return True
    return False


def _starts(nodes: Any) -> tuple[frozenset[str], bool]:
    """Return what the nodes can begin with, and whether that is all they can be."""
    run = _EMPTY
    for operator, argument in nodes:
        found, whole = _starts_of_node(operator, argument)
        joined = _joined(run, found)
        if joined is None:
            return run, False
        run = joined
        if not whole:
            return run, False
    return run, True


def _starts_of_node(operator: Any, argument: Any) -> tuple[frozenset[str], bool]:
    if operator is sre.SUBPATTERN:
        return _starts(argument[-1])
    if operator is sre.BRANCH:
        parts = [_starts(nodes) for nodes in argument[1]]
        return frozenset().union(*(found for found, _ in parts)), all(whole for _, whole in parts)
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, nodes = argument
        found, whole = _starts(nodes)
        if least == 0:
            return (found | _EMPTY, True) if whole and most == 1 else (_EMPTY, False)
        return found, whole and most == 1
    exact, _ = _node(operator, argument)
    return (_EMPTY, False) if exact is None else (exact, True)


def _is_useful(literals: frozenset[str], known: Iterable[str]) -> bool:
    """Return whether a set of literals says anything that the `known` ones do not, and can be relied on."""
    if len(literals) > LARGEST_FURTHER or strength(literals) < WEAKEST_FURTHER:
        return False
    if not _is_steady(literals):
        return False
    return not all(any(text in other for text in literals) for other in known)


def _is_steady(literals: Iterable[str]) -> bool:
    return not any(mark in text for text in literals for mark in _UNSTEADY)


def _rarity(literals: frozenset[str]) -> float:
    """Return how much a set of literals rules out, roughly: long ones do, many do not."""
    return min(strength(literals), ENOUGH) - len(literals) / 4


def _all_of(nodes: Any) -> tuple[frozenset[str] | None, list[frozenset[str]]]:
    """Return (every string the nodes can be, or None; sets of literals of each of which they hold one)."""
    run = _EMPTY
    whole = True
    found: list[frozenset[str]] = []
    for operator, argument in nodes:
        exact, inner = _all_of_node(operator, argument)
        found += inner
        joined = _joined(run, exact)
        if joined is None:
            found.append(run)
            whole = False
        run = joined or exact or _EMPTY
    found.append(run)
    return (run if whole else None), [literals for literals in found if "" not in literals]


def _all_of_node(operator: Any, argument: Any) -> tuple[frozenset[str] | None, list[frozenset[str]]]:
    if operator is sre.SUBPATTERN:
        return _all_of(argument[-1])
    if operator is sre.BRANCH:
        exact, _ = _branch(argument[1])
        return exact, _any_of([_all_of(nodes)[1] for nodes in argument[1]])
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, nodes = argument
        exact, found = _all_of(nodes)
        if least == 0:
            return (exact | _EMPTY if exact is not None and most == 1 else None), []
        return (exact if least == most == 1 else None), found
    return _node(operator, argument)[0], []


def _any_of(alternatives: Sequence[list[frozenset[str]]]) -> list[frozenset[str]]:
    """Return sets of literals for a choice between alternatives: the best of each together, the second, and so on."""
    if not all(alternatives):
        return []
    ranked = [sorted(found, key=_rarity, reverse=True) for found in alternatives]
    depth = min(MOST_FURTHER + 1, max(map(len, ranked)))
    united = (frozenset().union(*(found[min(at, len(found) - 1)] for found in ranked)) for at in range(depth))
    return [literals for literals in united if len(literals) <= MAX_LITERALS]


def is_pinned(pattern: str) -> bool:
    """Return whether `pattern` says anywhere that it must stand at the start or end of its unit."""
    return _has_position(sre_parser.parse(pattern))


def is_opening(pattern: str) -> bool:
    """Return whether every match of `pattern` stands at the start of its unit."""
    nodes = sre_parser.parse(pattern)
    return len(nodes) > 0 and nodes[0] == (sre.AT, sre.AT_BEGINNING)


def _has_position(nodes: Any) -> bool:
    return any(
        operator is sre.AT
        or (operator is sre.SUBPATTERN and _has_position(argument[-1]))
        or (operator is sre.BRANCH and any(map(_has_position, argument[1])))
        or (operator in (sre.MAX_REPEAT, sre.MIN_REPEAT) and _has_position(argument[-1]))
        for operator, argument in nodes
    )


def strength(literals: Iterable[str]) -> float:
    """Return how well a set of literals narrows a search: the weight of its shortest, a letter counting one."""
    return min((sum(map(_weight, text.strip())) for text in literals), default=0.0)


def _weight(character: str) -> float:
    if character >= _UNSPACED_FROM:
        return 2.0
    return 1.0 if character.isascii() or character.isalnum() else RARE_SIGN


def _minimal(anchor: Anchor) -> Anchor:
    """Return the anchor without literals that hold another one, which is then found further inside the match."""
    kept = frozenset(a for a in anchor.literals if not any(b != a and b in a for b in anchor.literals))
    further = max((a.index(b) for a in anchor.literals - kept for b in kept if b in a), default=0)
    return Anchor(kept, min(FAR, anchor.reach + further))


def _better(left: Anchor | None, right: Anchor | None) -> Anchor | None:
    if left is None or right is None:
        return left or right
    return max(left, right, key=_worth)


def _worth(anchor: Anchor) -> tuple[float, int, int]:
    """Return how good an anchor is: a space at the edge of a word saves most of the places where it is no word."""
    letters = min(strength([text]) - (text.strip() in COMMON) * COMMON_COSTS for text in anchor.literals)
    edged = min(len(text) - len(text.strip()) for text in anchor.literals)
    return min(letters, ENOUGH), min(edged, 1), -len(anchor.literals)


def _anchor(exact: frozenset[str] | None, reach: int) -> Anchor | None:
    return Anchor(exact, reach) if exact and "" not in exact else None


def _moved(anchor: Anchor | None, distance: int) -> Anchor | None:
    return Anchor(anchor.literals, min(FAR, anchor.reach + distance)) if anchor else None


def _joined(left: frozenset[str], right: frozenset[str] | None) -> frozenset[str] | None:
    if right is None or len(left) * len(right) > MAX_LITERALS:
        return None
    return frozenset(a + b for a in left for b in right)


def _sequence(nodes: Any) -> tuple[frozenset[str] | None, Anchor | None]:
    """Return (every string the nodes can be, or None; the best anchor in them, or None)."""
    run = _EMPTY
    run_start = position = 0
    whole = True
    best: Anchor | None = None
    for operator, argument in nodes:
        exact, inner = _node(operator, argument)
        best = _better(best, _moved(inner, position))
        joined = _joined(run, exact)
        if joined is None:
            best = _better(best, _anchor(run, run_start))
            whole = False
            run_start = position if exact else position + _width(operator, argument)
        run = joined or exact or _EMPTY
        position = min(FAR, position + _width(operator, argument))
    return (run if whole else None), _better(best, _anchor(run, run_start))


def _width(operator: Any, argument: Any) -> int:
    """Return how many characters a node matches at most."""
    if operator is sre.AT:
        return 0
    if operator is sre.SUBPATTERN:
        return sum(_width(*node) for node in argument[-1])
    if operator is sre.BRANCH:
        return max(sum(_width(*node) for node in nodes) for nodes in argument[1])
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        _, most, nodes = argument
        return FAR if most is sre.MAXREPEAT else min(FAR, int(most) * sum(_width(*node) for node in nodes))
    return 1


def _node(operator: Any, argument: Any) -> tuple[frozenset[str] | None, Anchor | None]:  # noqa: PLR0911
    if operator is sre.LITERAL:
        return frozenset({chr(argument).lower()}), None
    if operator is sre.AT:
        return _EMPTY, None
    if operator is sre.IN:
        return _character_class(argument), None
    if operator is sre.SUBPATTERN:
        return _sequence(argument[-1])
    if operator is sre.BRANCH:
        return _branch(argument[1])
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeat(*argument)
    return None, None


def _character_class(members: Any) -> frozenset[str] | None:
    if len(members) > 4 or any(operator is not sre.LITERAL for operator, _ in members):
        return None
    return frozenset(chr(code).lower() for _, code in members)


def _branch(alternatives: Any) -> tuple[frozenset[str] | None, Anchor | None]:
    parts = [_sequence(nodes) for nodes in alternatives]
    exacts = [exact for exact, _ in parts]
    united = frozenset().union(*(exact for exact in exacts if exact is not None))
    exact = united if None not in exacts and len(united) <= MAX_LITERALS else None
    anchors = [_better(_anchor(exact, 0), anchor) for exact, anchor in parts]
    if any(anchor is None for anchor in anchors):
        return exact, None
    found = [anchor for anchor in anchors if anchor is not None]
    return exact, Anchor(frozenset().union(*(a.literals for a in found)), max(a.reach for a in found))


def _repeat(least: int, most: int, nodes: Any) -> tuple[frozenset[str] | None, Anchor | None]:
    exact, anchor = _sequence(nodes)
    if least == 0:
        return (exact | _EMPTY if exact is not None and most == 1 else None), None
    return (exact if least == most == 1 else None), anchor
