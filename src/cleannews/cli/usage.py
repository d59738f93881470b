"""What cannot be asked of the program."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from cleannews import batch
from cleannews.batch import STANDARD_INPUT, Format
from cleannews.cli.options import Options


def refuse_contradictions(options: Options, names: Sequence[str]) -> None:
    """Refuse what cannot be meant.

    Raises:
        click.UsageError: says what.
    """
    flags = {
        "--explain": options.explain,
        "--diff": options.diff,
        "--check": options.check,
        "--in-place": options.in_place,
    }
    modes = [flag for flag, given in flags.items() if given]
    if len(modes) > 1 and modes != ["--diff", "--check"]:
        raise click.UsageError(f"{modes[0]} and {modes[1]} do not go together")
    if modes and options.output:
        raise click.UsageError(f"{modes[0]} and --output do not go together")
    if modes and options.form not in {None, Format.TEXT}:
        raise click.UsageError(f"{modes[0]} and --format {options.form} do not go together")
    if options.links and not options.is_markdown:
        raise click.UsageError("--links needs --format markdown")
    if options.backup and not options.in_place:
        raise click.UsageError("--backup needs --in-place")
    if os.sep in options.backup:
        raise click.UsageError("--backup is an ending of names, not a path")
    if both := sorted(set(options.keep) & set(options.remove)):
        raise click.UsageError(f"{both[0]} is both kept and removed")
    if names.count(STANDARD_INPUT) > 1:
        raise click.UsageError("standard input can be read only once")
    if options.in_place and STANDARD_INPUT in names:
        raise click.UsageError("--in-place needs files, not standard input")
    if not modes:
        _check_output(options.output, names)


def _check_output(output: str | None, names: Sequence[str]) -> None:
    folder = next((name for name in names if batch.is_folder(name)), None)
    if folder and output is None:
        raise click.UsageError(f"{folder} is a directory, and needs -o DIR")
    if output is None:
        return
    if is_tree(output, names):
        _check_output_folder(output, names)
    elif batch.is_folder(output):
        raise click.UsageError(f"{output} is a directory; write {output}/ to put files into it")
    elif batch.real_path(output) in {batch.real_path(name) for name in names if name != STANDARD_INPUT}:
        raise click.UsageError(f"{output} is an input, too; --in-place is there for that")


def _check_output_folder(output: str, names: Sequence[str]) -> None:
    if STANDARD_INPUT in names:
        raise click.UsageError(f"standard input has no name to be written under in {output}")
    if Path(output).exists() and not batch.is_folder(output):
        raise click.UsageError(f"{output} is not a directory")
    if batch.real_path(output) in {batch.real_path(name) for name in names}:
        raise click.UsageError(f"{output} is an input, too; choose another directory, or --in-place")


def is_tree(output: str | None, names: Sequence[str]) -> bool:
    """Return whether every input gets a file of its own."""
    if output is None:
        return False
    if output.endswith(("/", os.sep)):
        return True
    return any(batch.is_folder(name) for name in names) and (batch.is_folder(output) or not _is_data_set(output))


def _is_data_set(output: str) -> bool:
    """Return whether a name is that of a data set."""
    form = batch.format_of(Path(output))
    return form in batch.WRITABLE and form not in batch.PLAIN
