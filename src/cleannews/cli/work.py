"""What is done when the program is called: the inputs, the output, and what is said of them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from cleannews import batch
from cleannews.batch import Closed, Event, Failure, Format, Input, Result, Summary
from cleannews.cli.guards import output_errors, terminable
from cleannews.cli.messages import note, say, say_failure, say_table
from cleannews.cli.options import Options, Status
from cleannews.cli.usage import is_tree
from cleannews.document import Article, CleannewsError

if TYPE_CHECKING:
    from cleannews.batch.cleaning import Cleans, Render
    from cleannews.batch.outputs.base import Output
    from cleannews.batch.outputs.writing import Writing
    from cleannews.batch.progress import ProgressReport
    from cleannews.cleaner import Cleaner


def work(options: Options, names: Sequence[str]) -> int:
    """Clean what `names` stand for; return the exit status."""
    cleaner = _checked_cleaner(options)
    folder = Path(options.output) if options.output and is_tree(options.output, names) else None
    is_long = _is_long(options, names)
    summary, meter = Summary(), batch.Meter()
    planned: Iterable[Input | Failure] = _planned(options, names, folder)
    if folder or options.in_place or options.is_looking:
        output = _own_output(options, names, folder, summary, is_long=is_long)
    else:
        planned = list(planned)
        inputs = [item for item in planned if isinstance(item, Input)]
        is_long = is_long or any(item.format.is_data_set for item in inputs)
        output = _one_output(options, names, inputs, summary, is_long=is_long)
    found = 0

    def counted() -> Iterator[Input | Failure]:
        nonlocal found
        for item in planned:
            found += 1
            yield item

    with _errors_of(options), output:
        try:
            with terminable(), _progress(options, meter, summary, is_shown=is_long and not _is_stream(options)) as tick:
                if tick.is_shown:
                    meter.expect(_planned(options, names, folder))
                read = batch.read(counted(), options.field_names, output.begin, meter)
                effort = batch.Effort(options.jobs, options.timeout, options.on_error, _render(options))
                batch.run(batch.clean(read, cleaner, effort), output, summary, _observer(options, tick))
        except BaseException as error:
            summary.is_interrupted = True
            if is_long and isinstance(error, KeyboardInterrupt):
                note(options, "interrupted; the same command goes on from where it stopped")
            raise
        finally:
            if is_long and not _is_stream(options):
                _tell(options, summary, folder, found)
            _write_statistics(options, summary)
    if not found:
        note(options, f"no text or page, and no data set, in {', '.join(batch.shown_path(name) for name in names)}")
    if summary.tally.failed:
        return Status.FAILED
    return Status.FOUND if options.check and summary.tally.changed else Status.DONE


class _Later:
    """A cleaner that is made when this process cleans something itself: it takes time and much memory."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._cleaner: Cleaner | None = None

    def clean(self, raw: str | bytes) -> Article:
        self._cleaner = self._cleaner or _cleaner(self._options)
        return self._cleaner.clean(raw)


def _checked_cleaner(options: Options) -> Cleans:
    """Return a cleaner, made at once if there is anything about it that could be wrong."""
    return _cleaner(options) if options.keep or options.remove or options.rules else _Later(options)


def _cleaner(options: Options) -> Cleaner:
    from cleannews.cleaner import Cleaner  # noqa: PLC0415

    try:
        return Cleaner(
            keep=options.keep,
            remove=options.remove,
            rules=options.rules,
            extractor=options.extractor,
            level=options.level,
        )
    except CleannewsError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"{error.filename or '--rules'}: {batch.reason_of(error)}") from error


def _render(options: Options) -> Render | None:
    """Return how the clean texts are written, if not as they are."""
    if not options.is_markdown:
        return None
    from cleannews.markdown import to_markdown  # noqa: PLC0415

    return partial(to_markdown, links=options.links)


def _selection(options: Options) -> batch.Selection:
    return batch.Selection(options.include, options.exclude, options.input_format)


def _is_long(options: Options, names: Sequence[str]) -> bool:
    """Return whether there may be so much to do that people want to see how far it is, and to stop and go on."""
    selection = _selection(options)
    return any(batch.is_folder(name) or selection.format_for(Path(name)).is_data_set for name in names)


def _planned(options: Options, names: Sequence[str], folder: Path | None) -> Iterator[Input | Failure]:
    planned = batch.plan(names, folder, options.form, _selection(options))
    if folder or options.output is None:
        return planned
    # What is written may lie among what is read, from an earlier run.
    output = batch.real_path(options.output)
    return (item for item in planned if not (isinstance(item, Input) and item.root and _is_at(item, output)))


def _is_at(item: Input, place: Path) -> bool:
    return item.path is not None and batch.real_path(item.path) == place


def _is_stream(options: Options) -> bool:
    """Return whether results go to standard output, where the program is one of several or somebody reads."""
    return options.output is None and not options.in_place


# Where it goes


def _own_output(
    options: Options, names: Sequence[str], folder: Path | None, summary: Summary, *, is_long: bool
) -> Output:
    """Return what gives each input its own place: on the screen, in a folder, or where it was."""
    if options.is_looking:
        from cleannews.cli.looking import Looking  # noqa: PLC0415

        return Looking(options, is_named=len(names) > 1 or is_long)
    writing = _writing(options, options.form, is_long=is_long)
    if folder:
        from cleannews.batch.outputs.tree import Tree  # noqa: PLC0415

        return Tree(folder, [folder], writing, summary, has_force=options.force)
    from cleannews.batch.outputs.in_place import InPlace  # noqa: PLC0415

    roots = [Path(name) for name in names if batch.is_folder(name)]
    return InPlace(roots[0] if roots else Path(), roots, writing, summary, has_force=options.force)


def _one_output(
    options: Options, names: Sequence[str], inputs: list[Input], summary: Summary, *, is_long: bool
) -> Output:
    """Return what puts everything into one stream or file."""
    from cleannews.batch.outputs.stream import JoinedStream  # noqa: PLC0415

    form = _joined_form(options, inputs)
    writing = _writing(options, form, is_long=is_long)
    encoder = writing.encoder(form, inputs, as_array=len(names) > 1 or batch.is_folder(names[0]))
    if options.output is None:
        if form is Format.PARQUET:
            raise click.UsageError("Parquet is written to a file; use -o FILE")
        return JoinedStream(_standard_output, encoder)
    target = Path(options.output)
    if target.exists() and not target.is_file():
        return JoinedStream(lambda: target.open("wb"), encoder)
    from cleannews.batch.outputs.joined import JoinedFile  # noqa: PLC0415

    return JoinedFile(target, encoder, inputs, writing, summary, has_force=options.force)


def _joined_form(options: Options, inputs: list[Input]) -> Format:
    """Return what goes into the one output: what was asked for, what its name tells, or what the inputs are."""
    # Markdown says how the texts are written, and may be in records.
    if options.form is not None and not options.is_markdown:
        return options.form
    if options.told_form is not None:
        return options.told_form
    forms = {item.format for item in inputs}
    if not any(form.is_data_set for form in forms):
        return options.form or Format.TEXT
    only = next(iter(forms)) if len(forms) == 1 else Format.JSONL
    return only if only in batch.WRITABLE and only is not Format.PARQUET else Format.JSONL


def _writing(options: Options, form: Format | None, *, is_long: bool) -> Writing:
    from cleannews.batch.outputs.writing import Writing  # noqa: PLC0415

    if form in batch.PLAIN or (form is None and not is_long):
        for flag, given in (("--with-source", options.with_source), ("--removed", options.removed)):
            if given:
                raise click.UsageError(f"{flag} needs records, such as --format json or jsonl")
    extras = batch.Extras(options.removed, options.with_source)
    return Writing(form, extras, _fingerprint(options, form) if is_long else "", options.backup)


def _fingerprint(options: Options, form: Format | None) -> str:
    """Return what stands for all that an output depends on but the inputs."""
    from cleannews.batch.memory import fingerprint, installation  # noqa: PLC0415

    packs = [Path(name).read_text(encoding="utf-8", errors="replace") for name in options.rules]
    cleaning = (sorted(options.keep), sorted(options.remove), packs, options.extractor, options.level)
    fields = (options.text_field, options.html_field, options.input_format, options.links)
    return fingerprint(installation(), cleaning, fields, form, options.removed, options.with_source, options.on_error)


def _standard_output() -> BinaryIO:
    # Python has no stream where the caller closed it.
    if sys.stdout is None:
        raise OSError("is closed")
    return cast("BinaryIO", sys.stdout.buffer)


def _errors_of(options: Options) -> AbstractContextManager[None]:
    """Return a context that names the one output in errors of the system."""
    if options.in_place:
        return nullcontext()
    return output_errors(batch.shown_path(options.output) if options.output else "standard output")


# What is said


def _progress(options: Options, meter: batch.Meter, summary: Summary, *, is_shown: bool) -> ProgressReport:
    from cleannews.batch.progress import ProgressReport  # noqa: PLC0415

    return ProgressReport(meter, summary, say, is_shown=is_shown and not options.quiet)


def _observer(options: Options, progress: ProgressReport) -> Callable[[Event, Failure | None], None]:
    """Return what is told each event: it says what failed, and what changed."""
    changed: Counter[Input] = Counter()
    seen: Counter[Input] = Counter()

    def observe(event: Event, failure: Failure | None) -> None:
        if failure is not None:
            say_failure(failure)
        elif isinstance(event, Result):
            seen[event.input] += 1
            changed[event.input] += event.is_changed
        elif isinstance(event, Closed):
            _note_change(options, event.input, changed.pop(event.input, 0), seen.pop(event.input, 0))
        progress.update()

    return observe


def _note_change(options: Options, item: Input, changed: int, seen: int) -> None:
    if not changed or not (options.check or options.in_place):
        return
    what = "would change" if options.check else "changed"
    among = f" ({changed:,} of {batch.counted(seen, 'record')})" if item.format.is_data_set else ""
    note(options, f"{what}: {item.name}{among}")


def _tell(options: Options, summary: Summary, folder: Path | None, planned: int) -> None:
    """Say what was done."""
    tally = summary.tally
    if folder:
        note(options, f"{summary.files + summary.skipped} of {planned} files written to {batch.shown_path(folder)}")
    if summary.skipped:
        note(options, f"{batch.counted(summary.skipped, 'input')} done before and unchanged; --force does them again")
    if not options.quiet and tally.documents:
        say_table(batch.table(summary))


def _write_statistics(options: Options, summary: Summary) -> None:
    if options.stats:
        with output_errors(batch.shown_path(options.stats)):
            content = json.dumps(summary.as_data(), ensure_ascii=False, indent=2) + "\n"
            Path(options.stats).write_bytes(batch.encoded(content))
