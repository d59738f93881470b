"""The program: what can be asked of it, and its help."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from cleannews import __version__, batch
from cleannews.batch import STANDARD_INPUT, Format
from cleannews.cli.guards import guarded
from cleannews.cli.messages import PROGRAM
from cleannews.cli.options import Options, Status
from cleannews.cli.usage import refuse_contradictions
from cleannews.cli.work import work
from cleannews.document import KEPT_BY_DEFAULT, Label, Level
from cleannews.extract import Extractor

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
  cleannews raw.jsonl.gz -o clean.jsonl.gz a data set, in parallel; interrupted,
                                           the same command takes it up
  cleannews crawl.warc.gz -o clean.parquet from one format to another
  cleannews a.txt b.html -o clean/         each into its own file (mind the slash)
  cleannews --explain story.txt            what would go, and which rule says so
  cleannews --format markdown page.html    headings, lists, quotes and emphasis kept
  cleannews --format jsonl *.html          one record a line
  cleannews --keep legal,social story.txt  leave these labels in
  cleannews --level careful story.txt      rather leave something in
  cleannews --check raw/                   exit status 1 if anything would go

\b
Labels, for --keep and --remove; those marked (kept) stay unless removed:
{_label_lines()}

\b
Records (--format json or jsonl) always have these fields:
  file        the input's name, "<stdin>" for standard input
  text        the clean article
  metadata    title, author, date, url, site, language; null where unknown
  removals    list of start, end, label, rule, score (0 to 1), text, element
              (of the page, as a CSS selector; null where unknown)
  source      the text that start and end count characters in: for a page
              the text extracted from it; null where it is the input itself
              (decoded, without byte order mark), unless --with-source
Several inputs are an array in json, and one line each in jsonl.

\b
Data sets are JSON Lines (.jsonl .ndjson), .json, .csv, .tsv, .parquet and
.warc; all but Parquet, and texts and pages too, may end in .gz .zst .bz2 .xz.
In each record the text is replaced, and everything else stays as it is. What
is written follows from the output's name, or else from the input.

\b
Directories are read by name: data sets, .txt .md .html .htm .xhtml .mhtml,
without hidden files and without links that lead outside. A page becomes .txt;
where that name is taken, a.html becomes a.html.txt; with --format markdown
the ending is .md, and data sets stay what they are, with Markdown in their
records. Text is written in UTF-8, with its line breaks as they were. What an earlier run has done and is
unchanged is left out, unless --force is given.

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
        return int(guarded(lambda: super(_Program, self).invoke(ctx)))


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
    "otherwise, or if it is called like a data set, all go into one file.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([str(form) for form in batch.WRITABLE]),
    help="The clean text, plain or in Markdown, or a record with metadata and removals. By default the output's name "
    "tells, or the input.",
)
@click.option("--links", is_flag=True, help="Keep links in Markdown.")
@click.option("--with-source", is_flag=True, help="Put the source text into every record.")
@click.option("--removed", is_flag=True, help="Put the removals into every record: start, end, label, rule, element.")
@click.option(
    "--input-format",
    type=click.Choice([str(form) for form in Format]),
    help="What the inputs are, whatever their names say; for standard input.",
)
@click.option("--text-field", metavar="NAME", help="The field or column that holds the text.")
@click.option("--html-field", metavar="NAME", help="The field or column that holds the page.")
@click.option("--id-field", metavar="NAME", help="What identifies a record in messages.")
@click.option("--url-field", metavar="NAME", help="What does so where there is no such field.")
@click.option(
    "--include",
    metavar="GLOB",
    multiple=True,
    help="In directories read files that fit, whatever their endings. Repeatable.",
)
@click.option("--exclude", metavar="GLOB", multiple=True, help="In directories leave out what fits. Repeatable.")
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Use N processes. By default as many as there are cores, if there is much to do.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    help="Time limit for a document, and for each million characters of a long one; 0 for none. By default "
    f"{batch.DEFAULT_SECONDS:g}, kept where there is much to do.",
)
@click.option(
    "--on-error",
    type=click.Choice(["keep", "skip", "fail"]),
    help="Keep what cannot be cleaned as it is, leave it out, or stop. By default records are kept, files left out.",
)
@click.option("--force", is_flag=True, help="Do again what is done and unchanged.")
@click.option("--stats", metavar="FILE", type=click.Path(), help="Write what was done as JSON.")
@click.option(
    "--extractor",
    type=click.Choice([str(extractor) for extractor in Extractor]),
    default=str(Extractor.AUTO),
    show_default=True,
    help="How a page's text is found.",
)
@click.option(
    "--level",
    type=click.Choice([str(level) for level in Level]),
    default=str(Level.STANDARD),
    show_default=True,
    help="How sure to be before anything goes: careful loses the least of articles, thorough leaves the least in.",
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
@click.option(
    "--explain",
    is_flag=True,
    help="Show the text with all removals marked, their labels and rules, and of a page the element.",
)
@click.option("--diff", is_flag=True, help="Show what would change as a unified diff; write nothing.")
@click.option("--check", is_flag=True, help="Name files that would change, and exit with 1 if there are any.")
@click.option(
    "--in-place", is_flag=True, help="Write text files back, in UTF-8, where anything was removed. Not pages."
)
@click.option("--backup", metavar="SUFFIX", default="", help="With --in-place, keep the old file under this ending.")
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
def main_command(context: click.Context, /, files: tuple[str, ...], **given: Any) -> int:  # noqa: ANN401
    """Clean articles from scraped news text or HTML.

    Reads FILEs, or standard input if there are none (or for -), and writes the articles without donation appeals,
    paywall and sign-up copy, share buttons, "Read more" links and the like.
    """
    if given["output"] == STANDARD_INPUT:
        given["output"] = None
    for name in ("form", "input_format"):
        given[name] = Format(given[name]) if given[name] else None
    options = Options(**given)
    if not files and sys.stdin is not None and sys.stdin.isatty():
        click.echo(context.get_help())
        return Status.DONE
    names = files or (STANDARD_INPUT,)
    refuse_contradictions(options, names)
    return work(options, names)


program = _Program(main_command)
