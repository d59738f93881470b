"""Many inputs: finding them, cleaning each, and writing what came out.

The order of the work is `plan` (what is read, and where it goes), `results` (reading and cleaning, one by one), and
then one of `Joined` (all into one stream), `write_own` (each into its own file) or `write_back` (each over its input).
An input that cannot be processed becomes a `Failure` and stops no other.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cleannews.document import Article, CleannewsError

STANDARD_INPUT = "-"
"""How the command line names standard input."""

STANDARD_INPUT_NAME = "<stdin>"
"""How messages and records name it."""

PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
"""Files whose names say that they are pages. They are written as text, so they need another name."""

SUFFIXES = PAGE_SUFFIXES | {".txt", ".md"}
"""Files that are read when a directory is named."""

_REPLACEMENT = "\ufffd"
"""What an undecodable byte becomes."""


class Format(StrEnum):
    """What clean articles are written as."""

    TEXT = "text"
    """The clean text alone."""
    JSON = "json"
    """A record with text, metadata and removals, laid out to be read; several are an array."""
    JSONL = "jsonl"
    """The same record on one line."""


class OutputError(CleannewsError):
    """The one stream that everything goes to cannot be written. Ends the run."""


class Cleans(Protocol):
    """What this module needs of a `Cleaner`."""

    def clean(self, raw: str | bytes) -> Article:
        """Return the clean article of `raw`."""
        ...


@dataclass(frozen=True, slots=True)
class Input:
    """One document to be read.

    Attributes:
        name: what messages and records call it.
        path: where it is; None for standard input.
        target: the file that its clean form gets, where each input gets one.

    """

    name: str
    path: Path | None
    target: Path | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be processed.

    Attributes:
        name: what messages call the input.
        reason: why, in one line.
        error: the exception, if it is one that no input should cause.

    """

    name: str
    reason: str
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A clean article and where it came from.

    Attributes:
        input: what was read.
        article: what came out.
        is_page: whether it was read from a web page, so that the article's source is not the input itself.
        is_damaged: whether bytes of the input could not be decoded.

    """

    input: Input
    article: Article
    is_page: bool = False
    is_damaged: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether anything was taken out."""
        return self.article.text != self.article.source


# Finding


def plan(names: Iterable[str], folder: Path | None = None, form: Format = Format.TEXT) -> list[Input | Failure]:
    """Return the inputs that `names` stand for, directories with all that they hold.

    Args:
        names: files, directories, or `-` for standard input.
        folder: where every input gets a file of its own, in the same tree; None if they get none.
        form: decides the names of these files.

    """
    found: list[Input | Failure] = []
    for name in names:
        if name == STANDARD_INPUT:
            found.append(Input(STANDARD_INPUT_NAME, None))
        elif is_folder(name):
            found += _inside(Path(name), folder)
        else:
            path = Path(name)
            found.append(Input(shown_path(path), path, folder and folder / path.name))
    return _with_targets(found, form) if folder else found


def _inside(root: Path, folder: Path | None) -> Iterator[Input | Failure]:
    """Yield what a directory holds, by name: no hidden files, nothing outside it, and nothing of the output."""
    unread: list[OSError] = []
    output = folder and real_path(folder)
    inside = real_path(root)
    for place, folders, files in os.walk(root, onerror=unread.append):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and real_path(here / name) != output)
        for path in (here / name for name in sorted(files) if _is_wanted(name)):
            if _is_file(path) and real_path(path).is_relative_to(inside):
                yield Input(shown_path(path), path, folder and folder / path.relative_to(root))
    yield from (Failure(shown_path(error.filename or root), reason_of(error)) for error in unread)


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES


def _with_targets(found: Sequence[Input | Failure], form: Format) -> list[Input | Failure]:
    """Give every target its final name, such that no two inputs share one and no input is written over."""
    inputs = [item for item in found if isinstance(item, Input)]
    wanted = Counter(_short_target(item, form) for item in inputs)
    sources = {real_path(item.path) for item in inputs if item.path}
    taken: dict[Path, str] = {}
    result: list[Input | Failure] = []
    for item in found:
        if isinstance(item, Failure):
            result.append(item)
            continue
        target = _short_target(item, form)
        if target and wanted[target] > 1 and target != item.target:
            target = _long_target(item, form)
        result.append(_checked(replace(item, target=target), sources, taken))
    return result


def _checked(item: Input, sources: set[Path], taken: dict[Path, str]) -> Input | Failure:
    target = item.target
    if target is None:
        return item
    if real_path(target) in sources:
        return Failure(item.name, f"would be written over an input, {shown_path(target)}; --in-place is there for that")
    if target in taken:
        return Failure(item.name, f"would be written to {shown_path(target)}, as {taken[target]} is")
    taken[target] = item.name
    return item


def _short_target(item: Input, form: Format) -> Path | None:
    """Return the usual name: `a.html` becomes `a.txt`, or `a.json`; a text stays what it is."""
    if item.target is None:
        return None
    if form is not Format.TEXT:
        return item.target.with_suffix(f".{form}")
    return item.target.with_suffix(".txt") if item.target.suffix.lower() in PAGE_SUFFIXES else item.target


def _long_target(item: Input, form: Format) -> Path | None:
    """Return the name for when the usual one is another input's, too: `a.html` becomes `a.html.txt`."""
    suffix = "txt" if form is Format.TEXT else form
    return item.target and item.target.with_name(f"{item.target.name}.{suffix}")


# Cleaning


def results(planned: Iterable[Input | Failure], cleaner: Cleans) -> Iterator[Result | Failure]:
    """Read and clean each input in turn."""
    for item in planned:
        yield item if isinstance(item, Failure) else _result(item, cleaner)


def _result(item: Input, cleaner: Cleans) -> Result | Failure:
    try:
        return _cleaned(item, _read(item), cleaner)
    except CleannewsError as error:
        return Failure(item.name, str(error))
    except OSError as error:
        return Failure(item.name, reason_of(error))
    except Exception as error:  # one input's trouble must not stop the others
        return Failure(item.name, internal(error), error)


def _read(item: Input) -> bytes:
    if item.path:
        return item.path.read_bytes()
    # Python has no stream where the caller closed it.
    if sys.stdin is None:
        raise OSError("is closed")
    return sys.stdin.buffer.read()


def _cleaned(item: Input, raw: bytes, cleaner: Cleans) -> Result:
    from cleannews.extract import decode, is_html  # noqa: PLC0415

    text = decode(raw)
    article = cleaner.clean(text)
    is_damaged = _REPLACEMENT in text and _REPLACEMENT.encode() not in raw
    return Result(item, article, is_html(text), is_damaged)


# Writing


def rendered(result: Result, form: Format, *, with_source: bool = False) -> str:
    """Return what a result is written as, with a line end behind it; an empty text stays empty."""
    if form is Format.TEXT:
        text = result.article.text
        return text if not text or text.endswith("\n") else f"{text}\n"
    indent = 2 if form is Format.JSON else None
    return json.dumps(record(result, with_source=with_source), ensure_ascii=False, indent=indent) + "\n"


def record(result: Result, *, with_source: bool = False) -> dict[str, Any]:
    """Return a result as plain data, always with the same fields; `source` is null where the input is the source."""
    article = result.article
    return {
        "file": result.input.name,
        "text": article.text,
        "metadata": asdict(article.metadata),
        "removals": [asdict(removal) for removal in article.removals],
        "source": article.source if with_source or result.is_page else None,
    }


class Joined:
    """Writes results one after the other into one stream, which is opened when the first one comes."""

    def __init__(
        self,
        opener: Callable[[], AbstractContextManager[BinaryIO]],
        form: Format,
        *,
        as_array: bool = False,
        with_source: bool = False,
    ) -> None:
        """Args are how to open the stream, what to write, and whether JSON records form an array."""
        self._opener = opener
        self._form = form
        self._as_array = as_array and form is Format.JSON
        self._with_source = with_source
        self._stack = ExitStack()
        self._stream: BinaryIO | None = None
        self._has_text = False

    def __enter__(self) -> Joined:
        """Return itself; nothing is opened yet."""
        return self

    def __exit__(self, *exception: Any) -> bool | None:  # noqa: ANN401
        """Close the array and the stream; after an exception, undo what can be undone."""
        if self._stream and self._as_array and exception[0] is None:
            self._stream.write(b"\n]\n")
        return self._stack.__exit__(*exception)

    def add(self, result: Result) -> None:
        """Write one result."""
        text = rendered(result, self._form, with_source=self._with_source)
        if self._as_array:
            text = ("[\n" if self._stream is None else ",\n") + _indented(text)
        elif self._form is Format.TEXT:
            text, self._has_text = _separated(text, self._has_text), self._has_text or bool(text)
        if self._stream is None:
            self._stream = self._stack.enter_context(self._opener())
        self._stream.write(encoded(text))
        self._stream.flush()


def _indented(text: str) -> str:
    return "  " + text.rstrip("\n").replace("\n", "\n  ")


def _separated(text: str, has_text: bool) -> str:
    return f"\n{text}" if text and has_text else text


def write_own(result: Result, form: Format, *, with_source: bool = False) -> Failure | None:
    """Write a result to its own target, with the folders above it."""
    target = result.input.target
    assert target is not None, "planned without a folder"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file:
            file.write(encoded(rendered(result, form, with_source=with_source)))
    except BrokenPipeError:
        raise
    except OSError as error:
        return Failure(result.input.name, f"cannot write {shown_path(target)}: {reason_of(error)}")
    return None


def write_back(result: Result) -> Failure | None:
    """Write a clean text over its input; an input that stays the same is not touched."""
    path = result.input.path
    assert path is not None, "standard input has no place"
    if refusal := _refusal(result):
        return Failure(result.input.name, refusal)
    if not result.is_changed:
        return None
    try:
        _check_writable(path)
        with replacing(path, durable=True) as file:
            file.write(encoded(rendered(result, Format.TEXT)))
    except OSError as error:
        return Failure(result.input.name, f"cannot be replaced: {reason_of(error)}")
    return None


def _refusal(result: Result) -> str | None:
    if result.is_page:
        return "is a web page, and cleaning it in place would make it plain text; use -o"
    if result.is_damaged and result.is_changed:
        return "has bytes that cannot be decoded, which would be lost in place; use -o"
    return None


def _check_writable(path: Path) -> None:
    """Respect a write protection, which replacing a file would go around."""
    if not os.access(path, os.W_OK):
        raise OSError("it is write-protected")


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of `path` at the end, all at once, or not at all after an exception.

    The file keeps its mode, and a symbolic link goes on pointing to it. Pipes and devices are written directly.

    Args:
        path: the file to be replaced or made.
        durable: whether the new content must be on the disk before the old one goes.

    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path = real_path(path)
    temporary = path.with_name(f".cleannews-{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            _copy_owner_and_mode(path, temporary)
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _copy_owner_and_mode(path: Path, temporary: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    if hasattr(os, "chown"):
        with suppress(OSError):  # only root may give files away
            os.chown(temporary, status.st_uid, status.st_gid)
    temporary.chmod(stat.S_IMODE(status.st_mode))


# Paths. The methods of `Path` raise for names that are too long, loops and closed folders; these answer.


def is_folder(path: str | Path) -> bool:
    """Return whether `path` is a directory, as far as one can see."""
    return os.path.isdir(path)  # noqa: PTH112


def real_path(path: str | Path) -> Path:
    """Return where `path` leads, behind all links."""
    return Path(os.path.realpath(path))


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113


# Wording


def encoded(text: str) -> bytes:
    """Return UTF-8, whatever the locale is. Half a character, as broken pages hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


def shown_path(path: str | Path) -> str:
    """Return a path as text; bytes of it that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def reason_of(error: OSError) -> str:
    """Return why the system refused, in its own words."""
    return error.strerror or str(error)


def internal(error: Exception) -> str:
    """Return one line about an exception that no input should cause."""
    return f"internal error ({type(error).__name__}: {' '.join(str(error).split())})"
