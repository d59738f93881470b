"""Finding what is to be read, and naming what is to be written."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from io import BufferedReader
from pathlib import Path, PurePath
from typing import cast

from cleannews.batch.formats.names import NEW_SUFFIX, SUFFIXES, compression_of, format_of, with_format
from cleannews.batch.records import PLAIN, STANDARD_INPUT, STANDARD_INPUT_NAME, Failure, Format, Input
from cleannews.batch.wording import is_file, is_folder, real_path, shown_path

_HEAD_BYTES = 1024
_RECORD = re.compile(rb'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*["\[{\dtfn-]')
"""A brace, a key and the beginning of a value."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is read, of that which is named.

    Attributes:
        include: patterns of which a file in a directory must fit one; then any ending will do. None: by its ending.
        exclude: patterns of files and directories in directories that are left out.
        input_format: what every input is, whatever its name says.

    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    input_format: Format | None = None

    def format_for(self, path: PurePath) -> Format:
        """Return what a file is."""
        return self.input_format or format_of(path) or Format.TEXT

    def wants(self, path: PurePath) -> bool:
        """Return whether a file in a directory is read; the path is relative to the directory."""
        if path.name.startswith(".") or self.leaves_out(path):
            return False
        return _fits(path, self.include) if self.include else format_of(path) is not None

    def leaves_out(self, path: PurePath) -> bool:
        """Return whether a file or directory is excluded."""
        return _fits(path, self.exclude)


def _fits(path: PurePath, patterns: Iterable[str]) -> bool:
    """Return whether a pattern fits the name or, if it has a slash, the path."""
    return any(fnmatchcase(path.as_posix() if "/" in pattern else path.name, pattern) for pattern in patterns)


def plan(
    names: Sequence[str], folder: Path | None = None, form: Format | None = None, selection: Selection | None = None
) -> Iterator[Input | Failure]:
    """Yield the inputs that `names` stand for, directories with all that they hold.

    However many files a directory and those below it hold, only the names in one of them are in memory at a time.

    Args:
        names: files, directories, or `-` for standard input.
        folder: where every input gets a file of its own, in the same tree; None if they get none.
        form: what is written; None for the inputs' own formats.
        selection: what is read, of that which is named.
    """
    selection = selection or Selection()
    targets = _Targets(names, folder, form) if folder else None
    named: list[Input] = []
    for name in names:
        if name == STANDARD_INPUT:
            named.append(Input(STANDARD_INPUT_NAME, None, format=selection.input_format or _standard_format()))
        elif not is_folder(name):
            path = Path(name)
            named.append(Input(shown_path(path), path, folder and folder / path.name, selection.format_for(path)))
        else:
            yield from targets.given(named) if targets else named
            named = []
            for found in _inside(Path(name), folder, selection):
                if isinstance(found, Failure):
                    yield found
                else:
                    yield from targets.given(found) if targets else found
    yield from targets.given(named) if targets else named


def _standard_format() -> Format:
    """Return what standard input is, by how it begins: no article begins as a record of JSON does."""
    # Python has no stream where the caller closed it.
    head = cast("BufferedReader", sys.stdin.buffer).peek(_HEAD_BYTES) if sys.stdin is not None else b""
    return Format.JSONL if _RECORD.match(head) else Format.TEXT


def _inside(root: Path, folder: Path | None, selection: Selection) -> Iterator[list[Input] | Failure]:
    """Yield what each directory holds, by name: no hidden files, nothing outside it, and nothing of the output."""
    unread: list[OSError] = []
    output = folder and real_path(folder)
    inside = real_path(root)
    for place, folders, files in os.walk(root, onerror=unread.append):
        here = Path(place)
        relative = here.relative_to(root)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and real_path(here / name) != output
            and not selection.leaves_out(relative / name)
        )
        wanted = (here / name for name in sorted(files) if selection.wants(relative / name))
        yield [
            Input(shown_path(path), path, folder and folder / relative / path.name, selection.format_for(path), root)
            for path in wanted
            if _is_file_inside(path, inside)
        ]
    yield from (Failure(shown_path(error.filename or root), error.strerror or str(error)) for error in unread)


def _is_file_inside(path: Path, inside: Path) -> bool:
    return is_file(path) and (not path.is_symlink() or real_path(path).is_relative_to(inside))


class _Targets:
    """Gives every target its final name, such that no two inputs share one and no input is written over."""

    def __init__(self, names: Sequence[str], folder: Path, form: Format | None) -> None:
        self._form = form
        self._output = real_path(folder)
        self._files = {real_path(name) for name in names if name != STANDARD_INPUT and not is_folder(name)}
        self._folders = [real_path(name) for name in names if is_folder(name)]
        # The directories of one tree do not share targets; those of several may.
        self._is_one_tree = len(self._folders) == len(names) == 1
        self._taken: dict[Path, str] = {}

    def given(self, inputs: Sequence[Input]) -> Iterator[Input | Failure]:
        """Yield inputs that lie together with their targets."""
        wanted = Counter(_short_target(item, self._form) for item in inputs)
        for item in inputs:
            target = _short_target(item, self._form)
            if target and wanted[target] > 1 and target != item.target:
                target = _long_target(item, self._form)
            yield self._checked(replace(item, target=target))
        if self._is_one_tree:
            self._taken.clear()

    def _checked(self, item: Input) -> Input | Failure:
        target = item.target
        if target is None:
            return item
        if self._is_input(target):
            reason = f"would be written over an input, {shown_path(target)}; --in-place is there for that"
            return Failure(item.name, reason, input=item)
        if target in self._taken:
            reason = f"would be written to {shown_path(target)}, as {self._taken[target]} is"
            return Failure(item.name, reason, input=item)
        self._taken[target] = item.name
        return item

    def _is_input(self, target: Path) -> bool:
        if not is_file(target):
            return False
        real = real_path(target)
        if real in self._files:
            return True
        # Where the output lies in a directory that is read, it is left out there.
        inside = [folder for folder in self._folders if real.is_relative_to(folder)]
        return any(
            not self._output.is_relative_to(folder) or not real.is_relative_to(self._output) for folder in inside
        )


def written_format(item: Input, form: Format | None) -> Format:
    """Return what an input is written as: what was asked for, or what comes nearest to its own format.

    Where Markdown was asked for, a data set stays one: the texts in its records are in Markdown.
    """
    if form is not None and not (form is Format.MARKDOWN and item.format.is_data_set):
        return form
    if not item.format.is_data_set:
        return item.format if item.format in PLAIN else Format.TEXT
    return Format.JSONL if item.format is Format.WARC else item.format


def _short_target(item: Input, form: Format | None) -> Path | None:
    """Return the usual name: `a.html` becomes `a.txt`, or `a.json`; a text stays what it is."""
    if item.target is None:
        return None
    written = written_format(item, form)
    if not item.format.is_data_set:
        return item.target.with_name(_document_name(item.target, written, item.format))
    return item.target.with_name(with_format(item.target, written))


def _document_name(path: Path, written: Format, own: Format) -> str:
    inner = path.with_name(path.stem) if compression_of(path) else path
    if written is own and inner is path:
        return path.name
    if written is own:
        return inner.name
    return (
        with_format(inner, written)
        if inner.suffix.lower() in SUFFIXES
        else inner.with_suffix(f".{_ending(written)}").name
    )


def _long_target(item: Input, form: Format | None) -> Path | None:
    """Return the name for when the usual one is another input's, too: `a.html` becomes `a.html.txt`."""
    return item.target and item.target.with_name(f"{item.target.name}.{_ending(written_format(item, form))}")


def _ending(form: Format) -> str:
    return NEW_SUFFIX[form].removeprefix(".")
