"""The command line: options, streams and exit codes. What is done with an input is in `batch` and `report`.

Nothing heavy is imported before it is needed, so that `--help` and a short text are quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NoReturn, cast

import click

from cleannews import __version__, batch, report
from cleannews.batch import STANDARD_INPUT, Failure, Format, Input, Result
from cleannews.document import KEPT_BY_DEFAULT, CleannewsError, Label
from cleannews.extract import Extractor

if TYPE_CHECKING:
    from cleannews.cleaner import Cleaner

PROGRAM = "cleannews"

DEBUG_VARIABLE = "CLEANNEWS_DEBUG"
"""Set in the environment, it shows the traceback of an internal error."""

LABEL_HELP = {
    Label.APPEAL: "asks the reader to support the outlet",
    Label.PAYWALL: "subscription, registration, meters, trials",
    Label.NEWSLETTER: "sign-up for newsletters and alerts",
    Label.PROMO: "the outlet's other products and events",
    Label.SOCIAL: "share, follow and comment prompts",
    Label.RELATED: "pointers to other stories",
    Label.AD: "advertisements and their labels",
    Label.INTERFACE: "buttons, menus, players, consent notices",
    Label.LEGAL: "copyright, licences, standing disclaimers",
    Label.CREDIT: "bylines, photo and agency credits",
    Label.CAPTION: "captions of pictures and videos",
    Label.META: "repeated headlines, dates, separators",
}
"""What each label means, in a few words."""


class Status(IntEnum):
    """How the program ends."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    FAILED = 3
    INTERRUPTED = 130


def _label_lines() -> str:
    lines = (
        f"  {label:11} {text}{' (kept)' if label in KEPT_BY_DEFAULT else ''}" for label, text in LABEL_HELP.items()
    )
    return "\n".join(lines)


EPILOG = f"""\b
Examples:
  cleannews story.txt                      the clean text on standard output
  curl -s URL | cleannews                  a page, as a filter
  cleannews raw/ -o clean/                 a directory, mirrored
  cleannews a.txt b.html -o clean/         each into its own file (mind the slash)
  cleannews --explain story.txt            what would go, and which rule says so
  cleannews --format jsonl *.html          one record a line
  cleannews --keep legal,social story.txt  leave these labels in
  cleannews --check raw/                   exit status 1 if anything would go

\b
Labels, for --keep and --remove; those marked (kept) stay unless removed:
{_label_lines()}

\b
Records (--format json or jsonl) always have these fields:
  file        the input's name, "<stdin>" for standard input
  text        the clean article
  metadata    title, author, date, url, site, language; null where unknown
  removals    list of start, end, label, rule, score (0 to 1), text
  source      the text that start and end count characters in: for a page
              the text extracted from it; null where it is the input itself
              (decoded, without byte order mark), unless --with-source
Several inputs are an array in json, and one line each in jsonl.

\b
Directories are read by name, .txt .md .html .htm .xhtml, without hidden
files and without links that lead outside. A page becomes .txt; where that
name is taken, a.html becomes a.html.txt. Text is written in UTF-8, with its
line breaks as they were.

\b
Exit status: 0 done, 1 --check found something, 2 wrong usage,
3 some input could not be processed (each named, the others done).

\b
Shell completion: add one of these to ~/.bashrc, ~/.zshrc or, for fish,
~/.config/fish/completions/cleannews.fish:
  eval "$(_CLEANNEWS_COMPLETE=bash_source cleannews)"
  eval "$(_CLEANNEWS_COMPLETE=zsh_source cleannews)"
  _CLEANNEWS_COMPLETE=fish_source cleannews | source
"""


@dataclass(frozen=True, slots=True)
class Options:
    """The command line's options, as they were given."""

    output: str | None
    form: Format
    with_source: bool
    extractor: str
    keep: tuple[str, ...]
    remove: tuple[str, ...]
    rules: tuple[str, ...]
    explain: bool
    diff: bool
    check: bool
    in_place: bool
    color: str
    quiet: bool


Emit = Callable[[Result], Failure | None]
"""What is done with a result."""


# The program: one main command, and room for others beside it


class _MainContext(click.Context):
    """The context of the main command, which goes by the program's name alone."""

    @property
    def command_path(self) -> str:
        return PROGRAM


class _MainCommand(click.Command):
    """The main command; its help also lists the other commands."""

    context_class = _MainContext

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        others = program.commands
        if others:
            with formatter.section("Commands"):
                formatter.write_dl([(name, command.get_short_help_str()) for name, command in others.items()])


class _Program(click.Group):
    """A group whose main command needs no name. A file that is called like a command is reached as `./name`."""

    MAIN = "(main)"

    def __init__(self, main_command: click.Command) -> None:
        super().__init__(PROGRAM, add_help_option=False, no_args_is_help=False)
        self._main_command = main_command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = bool(args) and args[0] in self.commands
        return super().parse_args(ctx, args if is_named else [self.MAIN, *args])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._main_command if cmd_name == self.MAIN else super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> int:
        return int(_guarded(lambda: super(_Program, self).invoke(ctx)))


def main() -> NoReturn:
    """Run the program and exit."""
    sys.exit(program.main(prog_name=PROGRAM, standalone_mode=False))


def _split(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    """Return the items of a repeatable option, each of which may be a comma-separated list."""
    items = (item.strip().lower() for value in values for item in value.split(","))
    return tuple(item for item in items if item)


def _complete_label(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return what a label, or the last one of a list, may become."""
    before, comma, start = incomplete.rpartition(",")
    return [f"{before}{comma}{label}" for label in Label if label.startswith(start)]


@click.command(
    cls=_MainCommand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(allow_dash=True))
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR",
    type=click.Path(allow_dash=True),
    help="Write here. Every input gets its own file if there is a directory among the inputs or a slash at the end; "
    "otherwise all go into one file.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([str(form) for form in Format]),
    default=str(Format.TEXT),
    show_default=True,
    help="The clean text, or a record with metadata and removals.",
)
@click.option("--with-source", is_flag=True, help="Put the source text into every record.")
@click.option(
    "--extractor",
    type=click.Choice([str(extractor) for extractor in Extractor]),
    default=str(Extractor.AUTO),
    show_default=True,
    help="How a page's text is found.",
)
@click.option(
    "--remove",
    metavar="LABEL",
    multiple=True,
    callback=_split,
    shell_complete=_complete_label,
    help="Remove this label, too. Repeatable; commas separate several.",
)
@click.option(
    "--keep",
    metavar="LABEL",
    multiple=True,
    callback=_split,
    shell_complete=_complete_label,
    help="Keep this label. Repeatable; commas separate several.",
)
@click.option("--rules", metavar="FILE", multiple=True, type=click.Path(), help="Use this rule pack, too. Repeatable.")
@click.option("--explain", is_flag=True, help="Show the text with all removals marked, their labels and rules.")
@click.option("--diff", is_flag=True, help="Show what would change as a unified diff; write nothing.")
@click.option("--check", is_flag=True, help="Name files that would change, and exit with 1 if there are any.")
@click.option(
    "--in-place", is_flag=True, help="Write text files back, in UTF-8, where anything was removed. Not pages."
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour in --explain and --diff.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors on standard error.")
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def main_command(context: click.Context, /, files: tuple[str, ...], form: str, **given: Any) -> int:  # noqa: ANN401
    """Clean articles from scraped news text or HTML.

    Reads FILEs, or standard input if there are none (or for -), and writes the articles without donation appeals,
    paywall and sign-up copy, share buttons, "Read more" links and the like.
    """
    if given["output"] == STANDARD_INPUT:
        given["output"] = None
    options = Options(form=Format(form), **given)
    if not files and sys.stdin is not None and sys.stdin.isatty():
        click.echo(context.get_help())
        return Status.DONE
    names = files or (STANDARD_INPUT,)
    _refuse_contradictions(options, names)
    return _run(options, names)


program = _Program(main_command)


# Usage


def _refuse_contradictions(options: Options, names: Sequence[str]) -> None:
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
    if modes and options.form is not Format.TEXT:
        raise click.UsageError(f"{modes[0]} and --format {options.form} do not go together")
    if options.with_source and options.form is Format.TEXT:
        raise click.UsageError("--with-source needs --format json or jsonl")
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
    if _is_tree(output, names):
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


def _is_tree(output: str | None, names: Sequence[str]) -> bool:
    """Return whether every input gets a file of its own."""
    if output is None:
        return False
    return output.endswith(("/", os.sep)) or any(batch.is_folder(name) for name in names)


def _cleaner(options: Options) -> Cleaner:
    from cleannews.cleaner import Cleaner  # noqa: PLC0415

    try:
        return Cleaner(keep=options.keep, remove=options.remove, rules=options.rules, extractor=options.extractor)
    except CleannewsError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"{error.filename or '--rules'}: {batch.reason_of(error)}") from error


# The run


def _run(options: Options, names: Sequence[str]) -> int:
    cleaner = _cleaner(options)
    folder = Path(options.output) if options.output and _is_tree(options.output, names) else None
    planned = batch.plan(names, folder, options.form)
    if not planned:
        _note(options, f"no text or page in {', '.join(batch.shown_path(name) for name in names)}")
    failed = changed = 0
    with _emitter(options, planned, folder, as_array=len(names) > 1) as emit:
        for outcome in batch.results(planned, cleaner):
            failure = outcome if isinstance(outcome, Failure) else emit(outcome)
            if failure:
                failed += 1
                _say_failure(failure)
            elif isinstance(outcome, Result) and outcome.is_changed:
                changed += 1
                _note_change(options, outcome)
    if folder and planned:
        _note(options, f"{len(planned) - failed} of {len(planned)} files written to {batch.shown_path(folder)}")
    if failed:
        return Status.FAILED
    return Status.FOUND if options.check and changed else Status.DONE


@contextmanager
def _emitter(
    options: Options, planned: Sequence[Input | Failure], folder: Path | None, *, as_array: bool
) -> Iterator[Emit]:
    """Yield what is done with each result."""
    if folder:
        yield lambda result: batch.write_own(result, options.form, with_source=options.with_source)
    elif options.in_place:
        yield batch.write_back
    elif options.explain or options.diff or options.check:
        with _output_errors("standard output"):
            yield _reporter(options, several=len(planned) > 1)
    else:
        opener = _opener(options.output)
        with (
            _output_errors(batch.shown_path(options.output) if options.output else "standard output"),
            batch.Joined(opener, options.form, as_array=as_array, with_source=options.with_source) as joined,
        ):
            yield joined.add


def _reporter(options: Options, *, several: bool) -> Emit:
    color = _wants_color(options.color)

    def emit(result: Result) -> None:
        name = result.input.name
        text = ""
        if options.explain:
            heading = f"==> {report.visible_line(name)} <==\n" if several else ""
            text = heading + report.explain(result.article, color=color)
        elif options.diff:
            text = report.diff(result.article, name, color=color)
        if text:
            stream = _standard_output()
            stream.write(batch.encoded(text))
            stream.flush()

    return emit


def _opener(output: str | None) -> Callable[[], Any]:
    if output is None:
        return lambda: nullcontext(_standard_output())
    return lambda: batch.replacing(Path(output))


def _standard_output() -> BinaryIO:
    # Python has no stream where the caller closed it.
    if sys.stdout is None:
        raise OSError("is closed")
    return cast("BinaryIO", sys.stdout.buffer)


def _wants_color(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


# Messages


def _note_change(options: Options, result: Result) -> None:
    if options.check:
        _note(options, f"would change: {result.input.name}")
    elif options.in_place:
        _note(options, f"changed: {result.input.name}")


def _note(options: Options, message: str) -> None:
    if not options.quiet:
        _say(message)


def _say_failure(failure: Failure) -> None:
    _say(f"{failure.name}: {failure.reason}")
    if failure.error:
        _say_traceback(failure.error)


def _say(message: str) -> None:
    """Write one line to standard error; where even that fails, there is nobody to tell."""
    try:
        click.echo(f"{PROGRAM}: {report.visible_line(message)}", err=True)
    except OSError:
        _silence(sys.stderr)


def _say_traceback(error: BaseException) -> None:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback  # noqa: PLC0415

        click.echo(report.visible("".join(traceback.format_exception(error))), err=True, nl=False)


# Guards


@contextmanager
def _output_errors(name: str) -> Iterator[None]:
    """Turn what the system says about an output into an error that names it. A closed pipe is none."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise batch.OutputError(f"{name}: {batch.reason_of(error)}") from error


def _guarded(run: Callable[[], int]) -> int:
    """Run, and turn everything that can go wrong into a line and an exit status."""
    try:
        return _flushed(run)
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.ClickException as error:
        _say(error.format_message())
        _say(f"try '{PROGRAM} --help'")
        return Status.USAGE
    except (BrokenPipeError, KeyboardInterrupt) as ending:
        _silence(sys.stdout)
        # Who closed the pipe has seen enough: `cleannews … | head` went well.
        return Status.DONE if isinstance(ending, BrokenPipeError) else Status.INTERRUPTED
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    """Name what ended the run; a traceback must not reach a user."""
    _silence(sys.stdout)
    if isinstance(error, CleannewsError):
        _say(str(error))
    elif isinstance(error, OSError):
        # Such as a help page that went to a full disk: inputs and outputs are named where they are used.
        _say(f"{error.filename or 'standard output'}: {batch.reason_of(error)}")
    else:
        _say(batch.internal(error))
        _say_traceback(error)
    return Status.FAILED


def _flushed(run: Callable[[], int]) -> int:
    """Run, and see to it that the output is out: the interpreter's own last flush cannot tell anybody."""
    try:
        return run()
    finally:
        if sys.stdout is not None:
            with _output_errors("standard output"):
                sys.stdout.flush()


def _silence(stream: IO[str] | None) -> None:
    """Send what is left in a broken stream nowhere, so that the interpreter does not stumble over it at its end."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), cast("IO[str]", stream).fileno())
