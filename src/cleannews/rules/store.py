"""Reading packs from disk, and remembering the checked ones.

Checking a thousand patterns takes about half a second, reading them back a few milliseconds. So the checked form of
every pack is kept in the user's cache folder under a hash of the pack's text, the shared fragments and the checking
code.
A cache that cannot be read or written is the same as no cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from cleannews.document import Label, RulePackError
from cleannews.rules import literals, pack
from cleannews.rules.pack import WORD_LISTS, Pack, Pattern, Rule, Scope, parse_fragments, parse_pack

_COMMON = "common.toml"
"""The pack whose fragments every other pack may use."""


def pack_names(folder: Traversable) -> list[str]:
    """Return the names of the packs in `folder`, sorted."""
    return sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml") and item.name != _COMMON)


def read_packs(folder: Traversable, names: Iterable[str]) -> list[Pack]:
    """Return the packs of these `names` in `folder`.

    Raises:
        RulePackError: a pack cannot be used; names file, rule and reason.
        OSError: a pack cannot be read.
    """
    common = (folder / _COMMON).read_text(encoding="utf-8")
    return _remembered(common, [(name, (folder / name).read_text(encoding="utf-8")) for name in names])


def read_own_packs(folder: Traversable, paths: Iterable[str | os.PathLike[str]]) -> list[Pack]:
    """Return a user's packs at `paths`, which may use the fragments of `folder`.

    Raises:
        RulePackError: a pack cannot be used; names file, rule and reason.
        OSError: a pack cannot be read.
    """
    common = parse_fragments((folder / _COMMON).read_text(encoding="utf-8"))
    return [parse_pack(_read_own(Path(path)), os.fspath(path), common) for path in paths]


def _read_own(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RulePackError(f"{path}: not UTF-8 text") from None


def _remembered(common: str, texts: list[tuple[str, str]]) -> list[Pack]:
    cached = _cache_file(common, texts)
    packs = _read_cache(cached)
    if packs is None:
        fragments = parse_fragments(common)
        packs = [parse_pack(text, name, fragments) for name, text in texts]
        _write_cache(cached, packs)
    return packs


def _cache_file(common: str, texts: list[tuple[str, str]]) -> Path:
    digest = hashlib.sha256(_code_hash())
    for part in (common, *(part for named in texts for part in named)):
        digest.update(part.encode() + b"\0")
    return _cache_folder() / f"packs-{digest.hexdigest()[:24]}.json"


@cache
def _code_hash() -> bytes:
    """Return a hash of the code that checks packs: what an older version remembered must not outlive it."""
    sources = (Path(module.__file__ or "").read_bytes() for module in (pack, literals))
    return hashlib.sha256(b"\0".join(sources)).digest()


def _cache_folder() -> Path:
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_cache_dir("cleannews", appauthor=False))


def _read_cache(path: Path) -> list[Pack] | None:
    try:
        return [_pack(data) for data in json.loads(path.read_bytes())]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_cache(path: Path, packs: list[Pack]) -> None:
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps([asdict(pack) for pack in packs]), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _pack(data: dict[str, Any]) -> Pack:
    return Pack(data["language"], tuple(map(_rule, data["rules"])), *(tuple(data[key]) for key in WORD_LISTS))


def _pattern(data: dict[str, Any]) -> Pattern:
    words = {key: tuple(data[key]) for key in ("literals", "starts")}
    return Pattern(**{**data, **words, "further": tuple(map(tuple, data["further"]))})


def _rule(data: dict[str, Any]) -> Rule:
    patterns = tuple(_pattern(item) for item in data["patterns"])
    examples = {key: tuple(data[key]) for key in ("examples", "counter_examples")}
    kinds = {"label": Label(data["label"]), "scope": Scope(data["scope"])}
    return Rule(**{**data, **examples, **kinds, "patterns": patterns})
