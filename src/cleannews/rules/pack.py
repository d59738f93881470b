"""Rule packs: TOML in, checked rules out.

A pack is data (see packs/README.md for the form). Reading one proves three things about every rule before it is used:
its pattern compiles under RE2, which is linear-time whatever the text; it has fixed words to be found by; and every
field says something the program knows. The first thing wrong raises `RulePackError` with file, rule and reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from cleannews.document import Label, RulePackError

if TYPE_CHECKING:
    from cleannews.rules.engine import Regex

STRONG = 1.0
"""Weight of evidence that is enough alone: a pitch is taken when its weights reach this."""

WEAK = 0.5
"""Weight of evidence that needs company: two different weak rules side by side are as good as a strong one."""

MIN_STRENGTH = 3.0
"""Shortest fixed word, in letters, that a pattern may be found by (CJK characters count double, signs like © four)."""

FAR = 1_000_000
"""A distance without bound."""

WORD_LISTS = ("reporting", "address", "corrections")
"""Lists of words that a pack may have beside its rules."""

_POSITIONS = ("^", "$", r"\A", r"\z")
"""What says that a match must stand at the start or end of its unit."""

_WORD = r"0-9A-Za-z_\x{c0}-\x{1fff}\x{2c00}-\x{2fff}\x{3040}-\x{feff}\x{ff10}-\x{10ffff}"
"""Characters of words, in few ranges: RE2 spells Unicode's own categories out; a repeated one makes a huge program."""

_WEIGHTS = {"strong": STRONG, "weak": WEAK}
_FIELDS = frozenset(
    {"id", "label", "scope", "weight", "reason", "match", "examples", "counter-examples", "case-sensitive", "guarded"}
)
_REQUIRED = ("id", "label", "scope", "reason", "match", "examples")
_ID = re.compile(r"[a-z]+(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+")
_FRAGMENT = re.compile(r"<([a-z][a-z-]*)>")


_Kind = TypeVar("_Kind", bound=StrEnum)


class Scope(StrEnum):
    """What a match takes along."""

    BLOCK = "block"
    """The pattern covers a whole paragraph, which is taken."""
    LABEL = "label"
    """The pattern covers a paragraph, or stands glued between a sentence's end and the next one's capital."""
    SENTENCE = "sentence"
    """The pattern occurs in a sentence that does not report; the sentence is taken."""
    SPAN = "span"
    """Just what matches is taken, wherever it stands."""
    LIST = "list"
    """The pattern covers a paragraph, which heads a list of other stories' headlines."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One alternative of a rule.

    Attributes:
        text: RE2 pattern over folded text, fragments put in.
        literals: lower-case words of which every match holds one.
        further: more such sets of words, of each of which every match holds one.
        starts: words of which every match begins with one, where it is worth to look for them.
        reach: how far from the start of a match a word of `literals` can begin at most, in characters.
        pinned: whether it must stand at the start or end of its unit.
        opening: whether that is always the start.
    """

    text: str
    literals: tuple[str, ...]
    further: tuple[tuple[str, ...], ...]
    starts: tuple[str, ...]
    reach: int
    pinned: bool
    opening: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One checked rule.

    Attributes:
        id: unique name, label first: `newsletter.sign-up`.
        label: what its matches are.
        scope: what a match takes along.
        weight: `STRONG` or `WEAK`.
        reason: why this is boilerplate, for people.
        patterns: what it matches, any of them.
        case_sensitive: whether capitals count.
        guarded: whether sentences that report or quote are spared.
        examples: texts it matches.
        counter_examples: texts it must not match.
        language: ISO 639-1 code of its pack, `und` for any.
    """

    id: str
    label: Label
    scope: Scope
    weight: float
    reason: str
    patterns: tuple[Pattern, ...]
    case_sensitive: bool
    guarded: bool
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Pack:
    """One rule pack.

    Attributes:
        language: ISO 639-1 code, `und` for any.
        rules: its rules.
        reporting: words that mark a sentence as reporting ("said", "told"): rules of scope `sentence` spare it.
        address: words by which copy speaks to its reader ("you", "your", "our"): a pitch may widen over it.
        corrections: words by which an outlet corrects or brings up to date this very story: that is the story's own.
    """

    language: str
    rules: tuple[Rule, ...]
    reporting: tuple[str, ...]
    address: tuple[str, ...]
    corrections: tuple[str, ...]


def parse_pack(text: str, name: str, common: Mapping[str, str]) -> Pack:
    """Read one pack.

    Args:
        text: the TOML.
        name: what to call it in errors, usually its path.
        common: fragments from elsewhere that its patterns may use.

    Raises:
        RulePackError: it is not TOML, or some rule cannot be used; names the rule and the reason.
    """
    import tomllib  # noqa: PLC0415  (25 ms that a start with remembered packs does without)

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulePackError(f"{name}: not valid TOML: {error}") from None
    header = data.get("pack", {})
    language = header.get("language") if isinstance(header, dict) else None
    if not isinstance(language, str):
        raise RulePackError(f'{name}: [pack] must name a language, such as language = "en"')
    fragments = {**common, **_texts(data.get("fragments", {}), f"{name}: [fragments]")}
    tables = data.get("rule", [])
    if not isinstance(tables, list):
        raise RulePackError(f"{name}: rules are written as [[rule]]")
    rules = tuple(_rule(table, index, name, language, fragments) for index, table in enumerate(tables, 1))
    words = (tuple(_strings(header, key, f"{name}: [pack]")) for key in WORD_LISTS)
    return Pack(language, rules, *words)


def parse_fragments(text: str) -> dict[str, str]:
    """Return the fragments of a pack, for use in other packs."""
    import tomllib  # noqa: PLC0415

    return _texts(tomllib.loads(text).get("fragments", {}), "[fragments]")


def _texts(value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise RulePackError(f"{where}: every fragment is a text")
    return value


def _rule(table: Any, index: int, name: str, language: str, fragments: Mapping[str, str]) -> Rule:
    where = f"{name}: rule {index}"
    if not isinstance(table, dict):
        raise RulePackError(f"{where}: not a table")
    if isinstance(table.get("id"), str):
        where = f"{name}: rule {table['id']}"
    _check_fields(table, where)
    label = _member(Label, table["label"], "label", where)
    if not _ID.fullmatch(table["id"]) or not table["id"].startswith(f"{label}."):
        raise RulePackError(f"{where}: an id is the label, a dot and a name in lower case, such as {label}.my-rule")
    weight = table.get("weight", "strong")
    if weight not in _WEIGHTS:
        raise RulePackError(f"{where}: weight is {weight!r}, not one of {', '.join(_WEIGHTS)}")
    case_sensitive = _flag(table, "case-sensitive", where, default=False)
    matches = _strings(table, "match", where)
    return Rule(
        id=table["id"],
        label=label,
        scope=_member(Scope, table["scope"], "scope", where),
        weight=_WEIGHTS[weight],
        reason=table["reason"],
        patterns=tuple(_pattern(match, fragments, where, case_sensitive=case_sensitive) for match in matches),
        case_sensitive=case_sensitive,
        guarded=_flag(table, "guarded", where, default=True),
        examples=tuple(_strings(table, "examples", where)),
        counter_examples=tuple(_strings(table, "counter-examples", where)),
        language=language,
    )


def _check_fields(table: Mapping[str, Any], where: str) -> None:
    unknown = sorted(set(table) - _FIELDS)
    if unknown:
        raise RulePackError(f"{where}: unknown field {unknown[0]!r}; a rule has {', '.join(sorted(_FIELDS))}")
    for key in _REQUIRED:
        if not table.get(key):
            raise RulePackError(f"{where}: {key!r} is missing or empty")
    for key in ("id", "label", "scope", "reason"):
        if not isinstance(table[key], str):
            raise RulePackError(f"{where}: {key!r} must be a text")


def _strings(table: Mapping[str, Any], key: str, where: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RulePackError(f"{where}: {key!r} must be a list of texts")
    return value


def _flag(table: Mapping[str, Any], key: str, where: str, *, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise RulePackError(f"{where}: {key!r} must be true or false")
    return value


def _member(kind: type[_Kind], value: str, key: str, where: str) -> _Kind:
    try:
        return kind(value)
    except ValueError:
        raise RulePackError(f"{where}: {key} is {value!r}, not one of {', '.join(kind)}") from None


def _pattern(match: str, fragments: Mapping[str, str], where: str, *, case_sensitive: bool) -> Pattern:
    """Return one checked alternative of a rule."""
    from cleannews.rules.literals import further_literals, is_opening, is_pinned, required_literals, starts, strength  # noqa: PLC0415  (slow, and only for new packs)

    if r"\b" in match:
        raise RulePackError(rf"{where}: pattern {match!r}: \b is not needed, matches begin and end at word edges")
    full = _expand(match, fragments, where)
    try:
        anchor = required_literals(full)
        compile_pattern(full, case_sensitive=case_sensitive)
    except re.error as error:
        raise RulePackError(f"{where}: pattern {match!r}: {error}") from None
    if strength(anchor.literals) < MIN_STRENGTH:
        raise RulePackError(
            f"{where}: pattern {match!r} has no fixed word of {MIN_STRENGTH:.0f} letters to be found by"
            f" (the best is {', '.join(sorted(anchor.literals)) or 'none'})"
        )
    return Pattern(
        text=full,
        literals=tuple(sorted(anchor.literals)),
        further=further_literals(full, anchor),
        starts=starts(full),
        reach=anchor.reach,
        pinned=is_pinned(full),
        opening=is_opening(full),
    )


def _expand(pattern: str, fragments: Mapping[str, str], where: str, depth: int = 0) -> str:
    if depth > 8:
        raise RulePackError(f"{where}: pattern {pattern!r}: fragments contain each other in a circle")

    def put_in(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in fragments:
            raise RulePackError(f"{where}: pattern {pattern!r}: no fragment is called <{name}>")
        return f"(?:{_expand(fragments[name], fragments, where, depth + 1)})"

    return _FRAGMENT.sub(put_in, pattern)


def compile_pattern(pattern: str, *, case_sensitive: bool) -> Regex:
    r"""Compile a pattern under RE2, with `\w` and `\W` made to know Unicode.

    Raises:
        re.error: the pattern is not valid RE2.
    """
    from cleannews.rules.engine import Regex  # noqa: PLC0415  (its library is not needed before a text has a candidate)

    return Regex(_unicode_classes(pattern), case_sensitive=case_sensitive)


def _unicode_classes(pattern: str) -> str:
    r"""Write `\w` and `\W` out for RE2, where they mean ASCII alone.

    White space and digits need none of it: folding has made them plain.
    """
    return "".join(_class_of(token, in_class=in_class) for token, in_class in _tokens(pattern))


def without_positions(pattern: str) -> str:
    """Return `pattern` without `^` and `$`: what a text must hold wherever its units begin and end."""
    return "".join("(?:)" if token in _POSITIONS and not in_class else token for token, in_class in _tokens(pattern))


def _tokens(pattern: str) -> Iterator[tuple[str, bool]]:
    """Yield the characters and escapes of a pattern, and whether each stands inside a class."""
    in_class = False
    position = 0
    while position < len(pattern):
        token = pattern[position : position + 2] if pattern[position] == "\\" else pattern[position]
        if token == "[":
            in_class = True
        elif token == "]":
            in_class = False
        yield token, in_class
        position += len(token)


def _class_of(escape: str, *, in_class: bool) -> str:
    if escape == r"\w":
        return _WORD if in_class else f"[{_WORD}]"
    if escape == r"\W" and not in_class:
        return f"[^{_WORD}]"
    return escape
