"""The command line, as a real process: streams, formats, files, directories and exit statuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import IO

import pytest

import cleannews
from casebook import read_cases
from cleannews.cli import LABEL_HELP
from cleannews.document import Label, Level, Metadata

needs_terminal = pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals on this system")

COMMAND = [sys.executable, "-m", "cleannews"]
STORY = "The river rose again on Tuesday night. Forty families left their homes, the mayor said.\n"
APPEAL = "Your support helps us to tell the story. Please donate today.\n"
SHARE = "Share this article\n"
RAW = f"{APPEAL}\n{STORY}\n{SHARE}"
PAGE = f"""<!DOCTYPE html><html><head><title>River rises</title></head><body><article><h1>River rises</h1>
{"".join(f"<p>{STORY.strip()} It was the {number}th time this year that it came so high.</p>" for number in range(9))}
</article></body></html>"""


def run(
    *arguments: str | Path,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    stdout: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        timeout=120,
        check=False,
    )


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A file with an appeal, a story and a share button."""
    path = tmp_path / "raw.txt"
    path.write_bytes(RAW.encode())
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A file with nothing but a story."""
    path = tmp_path / "plain.txt"
    path.write_bytes(STORY.encode())
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A directory of texts and pages."""
    files = {
        "a.txt": RAW,
        "b.html": PAGE,
        "deep/er/c.md": RAW,
        "deep/UPPER.HTM": PAGE,
        ".hidden.txt": RAW,
        ".git/d.txt": RAW,
        "picture.png": "no text",
    }
    for name, content in files.items():
        path = tmp_path / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return tmp_path / "raw"


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# Text in, text out


def test_a_file_is_cleaned_to_standard_output(raw: Path) -> None:
    done = run(raw)
    assert (done.returncode, done.stdout, done.stderr) == (0, STORY.encode(), b"")


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, stdin=RAW.encode())
    assert (done.returncode, done.stdout) == (0, STORY.encode())


def test_several_files_with_a_blank_line_between(raw: Path, plain: Path) -> None:
    assert run(raw, plain).stdout == f"{STORY}\n{STORY}".encode()


def test_an_empty_text_leaves_no_blank_line(raw: Path, plain: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    assert run(tmp_path / "empty.txt", raw, tmp_path / "empty.txt", plain).stdout == f"{STORY}\n{STORY}".encode()


def test_the_text_ends_with_one_line_end() -> None:
    assert run(stdin=STORY.strip().encode()).stdout == STORY.encode()


# Markdown

LISTED = PAGE.replace(
    "</article>",
    f"<h2>What now?</h2><ul><li>{STORY}</li><li>The council <a href='/on'>meets</a> on Friday, it *said*.</li>",
)
MARKDOWN = (
    b"## What now?\n\n- The river rose again on Tuesday night. Forty families left their homes, the mayor said.\n- "
)


def test_a_page_in_markdown() -> None:
    done = run("--format", "markdown", stdin=LISTED.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"came so high.\n\n" + MARKDOWN + b"The council meets on Friday, it \\*said\\*.\n")


def test_links_on_request() -> None:
    done = run("--format", "markdown", "--links", stdin=LISTED.encode())
    assert done.stdout.endswith(MARKDOWN + b"The council [meets](/on) on Friday, it \\*said\\*.\n")


def test_a_text_in_markdown_is_the_clean_text(raw: Path) -> None:
    assert run("--format", "markdown", raw).stdout == STORY.encode()


def test_an_output_called_like_markdown_is_markdown(tmp_path: Path) -> None:
    assert run("-o", tmp_path / "page.md", stdin=LISTED.encode()).returncode == 0
    assert MARKDOWN in (tmp_path / "page.md").read_bytes()


@pytest.mark.parametrize("jobs", [(), ("-j", "2")])
def test_a_directory_in_markdown(tree: Path, tmp_path: Path, jobs: tuple[str, ...]) -> None:
    (tree / "b.html").write_text(LISTED)
    (tree / "set.jsonl").write_text(json.dumps({"id": 1, "html": LISTED}) + "\n")
    assert run(tree, "-o", tmp_path / "clean", "--format", "markdown", *jobs).returncode == 0
    assert names_in(tmp_path / "clean") == ["a.md", "b.md", "deep/UPPER.md", "deep/er/c.md", "set.jsonl"]
    assert MARKDOWN in (tmp_path / "clean" / "b.md").read_bytes()
    assert MARKDOWN.decode() in json.loads((tmp_path / "clean" / "set.jsonl").read_text())["text"]


@pytest.mark.parametrize("target", ["out.jsonl", "out.json"])
def test_records_with_markdown(tmp_path: Path, target: str) -> None:
    (tmp_path / "page.html").write_text(LISTED)
    assert run(tmp_path / "page.html", "-o", tmp_path / target, "--format", "markdown").returncode == 0
    assert MARKDOWN.decode() in json.loads((tmp_path / target).read_text())["text"]


def test_links_are_for_markdown() -> None:
    done = run("--links", stdin=b"x")
    assert (done.returncode, b"--links needs --format markdown" in done.stderr) == (2, True)


def test_line_ends_stay_as_they_are() -> None:
    windows = RAW.replace("\n", "\r\n").encode()
    assert run(stdin=windows).stdout == STORY.replace("\n", "\r\n").encode()


def test_output_is_utf8_whatever_the_locale() -> None:
    text = "Łódź – “Überraschung” 東京 \N{GRINNING FACE}\n".encode()
    assert run(stdin=text, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}).stdout == text


def test_a_page_is_extracted() -> None:
    done = run(stdin=PAGE.encode())
    assert done.returncode == 0
    assert STORY.strip() in done.stdout.decode()
    assert "<p>" not in done.stdout.decode()


@pytest.mark.parametrize("extractor", ["auto", "rules", "trafilatura", "soup"])
def test_extractors(extractor: str) -> None:
    done = run("--extractor", extractor, stdin=PAGE.encode())
    assert STORY.strip() in done.stdout.decode()


def test_a_file_with_an_odd_name(tmp_path: Path) -> None:
    (tmp_path / "-x y\n.txt").write_bytes(RAW.encode())
    assert run("--", "-x y\n.txt", cwd=tmp_path).stdout == STORY.encode()


# Labels and rules


def test_keep(raw: Path) -> None:
    assert run("--keep", "social", raw).stdout.decode() == f"{STORY}\n{SHARE}"


@pytest.mark.parametrize("arguments", [("--keep", "social,appeal"), ("--keep", "social", "--keep", " Appeal ,")])
def test_labels_by_comma_or_repeated(raw: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, raw).stdout.decode() == RAW


def test_remove_takes_a_label_that_is_kept(tmp_path: Path) -> None:
    pack = tmp_path / "mine.toml"
    phrase = "The valley testing desk wrote this report with some care on Tuesday."
    pack.write_text(own_pack("credit.testing-desk", "credit", phrase), encoding="utf-8")
    text = f"{phrase}\n\n{STORY}".encode()
    assert run("--rules", pack, stdin=text).stdout == text
    assert run("--rules", pack, "--remove", "credit", stdin=text).stdout == STORY.encode()


def test_levels_are_those_of_the_library(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    short = [case.raw for case in read_cases()]
    long = ["\n\n".join(short[at : at + 5]) for at in range(0, len(short), 5)]
    texts = [*short, *long]
    cases.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    written = {}
    for level in Level:
        done = run(cases, "--level", level, "-j", "1")
        assert done.returncode == 0
        written[level] = [json.loads(line)["text"] for line in done.stdout.splitlines()]
        cleaner = cleannews.Cleaner(level=level)
        assert written[level] == [cleaner.clean(text).text for text in texts]
    assert written[Level.CAREFUL] != written[Level.STANDARD] != written[Level.THOROUGH]
    assert [json.loads(line)["text"] for line in run(cases).stdout.splitlines()] == written[Level.STANDARD]


def own_pack(rule: str, label: str, phrase: str) -> str:
    return f"""[pack]
language = "en"

[[rule]]
id = "{rule}"
label = "{label}"
scope = "block"
weight = "strong"
match = ["{phrase.lower().rstrip(".")}[.]"]
reason = "a line of this test's own"
examples = ["{phrase}"]
counter-examples = ["The desk was tested by the family for a week."]
"""


def test_every_label_is_explained_in_the_help() -> None:
    assert set(LABEL_HELP) == set(Label)


# Records


def test_json(raw: Path) -> None:
    done = run("--format", "json", raw)
    record = json.loads(done.stdout)
    assert list(record) == ["file", "text", "metadata", "removals", "source"]
    assert (record["file"], record["text"], record["source"]) == (str(raw), STORY, None)
    assert set(record["metadata"]) == {item.name for item in fields(Metadata)}
    assert [removal["label"] for removal in record["removals"]] == ["appeal", "social"]
    for removal in record["removals"]:
        assert RAW[removal["start"] : removal["end"]] == removal["text"]
        assert removal["label"] in removal["rule"]
        assert 0 < removal["score"] <= 1


def test_json_of_several_inputs_is_an_array(raw: Path, plain: Path) -> None:
    records = json.loads(run("--format", "json", raw, plain).stdout)
    assert [record["file"] for record in records] == [str(raw), str(plain)]


def test_jsonl_is_a_record_a_line(raw: Path, plain: Path) -> None:
    lines = run("--format", "jsonl", raw, "-", plain, stdin=RAW.encode()).stdout.decode().splitlines()
    assert [json.loads(line)["file"] for line in lines] == [str(raw), "<stdin>", str(plain)]


def test_with_source(raw: Path) -> None:
    record = json.loads(run("--format", "jsonl", "--with-source", raw).stdout)
    assert record["source"] == RAW


def test_records_of_pages_have_the_extracted_source_and_metadata() -> None:
    record = json.loads(run("--format", "json", stdin=PAGE.encode()).stdout)
    assert record["metadata"]["title"] == "River rises"
    assert STORY.strip() in record["source"]
    assert "<p>" not in record["source"]


def test_the_array_closes_when_an_input_fails(raw: Path, tmp_path: Path) -> None:
    done = run("--format", "json", tmp_path / "missing.txt", raw)
    assert done.returncode == 3
    assert len(json.loads(done.stdout)) == 1


# Output files and directories


def test_output_file(raw: Path, plain: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    done = run(raw, plain, "-o", target)
    assert (done.returncode, done.stdout) == (0, b"")
    assert target.read_text() == f"{STORY}\n{STORY}"


def test_output_dash_is_standard_output(raw: Path) -> None:
    assert run(raw, "-o", "-").stdout == STORY.encode()


def test_an_output_file_keeps_its_mode_and_its_link(raw: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "out.txt", tmp_path / "link.txt"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    assert run(raw, "-o", link).returncode == 0
    assert link.is_symlink()
    assert target.read_text() == STORY
    assert target.stat().st_mode & 0o777 == 0o640


def test_an_output_file_stays_as_it_was_when_nothing_could_be_read(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    assert run(tmp_path / "missing.txt", "-o", target).returncode == 3
    assert names_in(tmp_path) == ["out.txt"]
    assert target.read_text() == "old"


def test_files_into_a_directory(raw: Path, plain: Path, tmp_path: Path) -> None:
    assert run(raw, plain, "-o", f"{tmp_path}/new/out/").returncode == 0
    assert names_in(tmp_path / "new/out") == ["plain.txt", "raw.txt"]


def test_a_directory_is_mirrored(tree: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    done = run(tree, "-o", clean)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"4 of 4 files written" in done.stderr
    assert names_in(clean) == ["a.txt", "b.txt", "deep/UPPER.txt", "deep/er/c.md"]
    assert (clean / "a.txt").read_text() == STORY


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_directory_of_records(tree: Path, tmp_path: Path, form: str) -> None:
    assert run("-q", tree, "-o", tmp_path / "clean", "--format", form).stderr == b""
    assert names_in(tmp_path / "clean") == [f"{name}.{form}" for name in ("a", "b", "deep/UPPER", "deep/er/c")]
    assert json.loads((tmp_path / f"clean/a.{form}").read_text())["text"] == STORY


def test_an_output_inside_the_input_is_not_read_again(tree: Path) -> None:
    for _ in range(2):
        assert run(".", "-o", "clean", cwd=tree).returncode == 0
    assert names_in(tree / "clean") == ["a.txt", "b.txt", "deep/UPPER.txt", "deep/er/c.md"]


def test_two_inputs_never_share_an_output(tree: Path, tmp_path: Path) -> None:
    (tree / "a.html").write_text(PAGE)
    assert run(tree, "-o", tmp_path / "clean").returncode == 0
    assert (tmp_path / "clean/a.txt").read_text() == STORY
    assert STORY.strip() in (tmp_path / "clean/a.html.txt").read_text()


def test_two_inputs_of_the_same_name_are_not_written_over_each_other(raw: Path, tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other/raw.txt"
    other.parent.mkdir()
    other.write_text("Something else happened in the town.\n")
    done = run(raw, other, "-o", f"{tmp_path}/out/")
    assert done.returncode == 3
    assert str(other) in done.stderr.decode()
    assert (tmp_path / "out/raw.txt").read_text() == STORY


def test_links_to_the_outside_are_not_followed(tree: Path, raw: Path, tmp_path: Path) -> None:
    (tree / "outside.txt").symlink_to(raw)
    (tree / "outside").symlink_to(tmp_path, target_is_directory=True)
    (tree / "loop").symlink_to(tree, target_is_directory=True)
    (tree / "nowhere.txt").symlink_to("nowhere.txt")
    (tree / "inside.txt").symlink_to(tree / "a.txt")
    assert run(tree, "-o", tmp_path / "clean").returncode == 0
    assert names_in(tmp_path / "clean") == ["a.txt", "b.txt", "deep/UPPER.txt", "deep/er/c.md", "inside.txt"]


def test_a_directory_without_texts(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    done = run(tmp_path / "raw", "-o", tmp_path / "clean")
    assert done.returncode == 0
    assert b"no text or page" in done.stderr


def test_an_input_is_never_an_output(raw: Path, tree: Path, tmp_path: Path) -> None:
    before = raw.read_bytes()
    for arguments in [(raw, "-o", raw), (tree, "-o", tree)]:
        assert run(*arguments).returncode == 2
    assert run(raw, "-o", f"{tmp_path}/").returncode == 3
    assert raw.read_bytes() == before


# Looking instead of writing


def test_explain_away_from_a_terminal_is_plain_and_has_markers(raw: Path) -> None:
    shown = run("--explain", raw).stdout.decode()
    assert "\x1b" not in shown
    assert f": {APPEAL.strip()}⟧\n" in shown
    assert f"\n{STORY}" in shown
    assert shown.endswith("appeal 1, social 1\n")


def test_explain_names_each_of_several_files(raw: Path, plain: Path) -> None:
    shown = run("--explain", raw, plain).stdout.decode()
    assert f"==> {raw} <==\n" in shown
    assert shown.endswith("-- nothing removed\n")


def test_color_can_be_asked_for(raw: Path) -> None:
    assert b"\x1b[" in run("--explain", "--color", "always", raw, env={"NO_COLOR": "1", "TERM": "dumb"}).stdout


def test_diff(raw: Path) -> None:
    shown = run("--diff", raw)
    assert shown.returncode == 0
    assert shown.stdout.decode().startswith(f"--- {raw}\n+++ {raw}\n@@ -1,5 +1 @@\n-{APPEAL}-\n {STORY}")


def test_check(raw: Path, plain: Path) -> None:
    before = raw.read_bytes()
    done = run("--check", raw, plain)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"cleannews: would change: {raw}\n"
    assert raw.read_bytes() == before
    assert run("--check", plain).returncode == 0
    assert run("--check", "-q", raw).stderr == b""


def test_check_and_diff_together(raw: Path) -> None:
    done = run("--check", "--diff", raw)
    assert (done.returncode, done.stdout[:4]) == (1, b"--- ")


def test_check_reads_directories_and_standard_input(tree: Path) -> None:
    done = run("--check", tree)
    assert done.returncode == 1
    assert b"c.md" in done.stderr
    assert b"<stdin>" in run("--check", "-", stdin=RAW.encode()).stderr


def test_a_failure_outweighs_a_finding(raw: Path, tmp_path: Path) -> None:
    assert run("--check", raw, tmp_path / "missing.txt").returncode == 3


# In place


def test_in_place(raw: Path, plain: Path, tmp_path: Path) -> None:
    raw.chmod(0o640)
    untouched = plain.stat()
    done = run("--in-place", raw, plain)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == f"cleannews: changed: {raw}\n"
    assert raw.read_text() == STORY
    assert raw.stat().st_mode & 0o777 == 0o640
    assert (plain.stat().st_mtime_ns, plain.stat().st_ino) == (untouched.st_mtime_ns, untouched.st_ino)
    assert names_in(tmp_path) == ["plain.txt", "raw.txt"]


def test_in_place_writes_through_a_link(raw: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to("raw.txt")
    assert run("--in-place", link).returncode == 0
    assert link.is_symlink()
    assert raw.read_text() == STORY


def test_in_place_refuses_pages(tree: Path) -> None:
    done = run("--in-place", tree)
    assert done.returncode == 3
    assert b"b.html: is a web page" in done.stderr
    assert (tree / "b.html").read_text() == PAGE
    assert (tree / "a.txt").read_text() == STORY


def test_in_place_refuses_to_lose_damaged_bytes(tmp_path: Path) -> None:
    path = tmp_path / "damaged.txt"
    damaged = f"{RAW}\n{'Zażółć gęślą jaźń – “ćma”. ' * 40}".encode() + b"\xff\n" + STORY.encode()
    path.write_bytes(damaged)
    assert "\ufffd" in run(path).stdout.decode()
    assert run("--in-place", path).returncode == 3
    assert path.read_bytes() == damaged


# The program itself


def test_version() -> None:
    assert run("--version").stdout.decode() == f"cleannews {cleannews.__version__}\n"


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_has_examples_and_labels(flag: str) -> None:
    shown = run(flag).stdout.decode()
    assert shown.startswith("Usage: cleannews [OPTIONS] [FILE]...\n")
    for expected in ("Examples:", "_CLEANNEWS_COMPLETE=bash_source", "Exit status:", *Label):
        assert expected in shown


def test_shell_completion() -> None:
    asked = {"_CLEANNEWS_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    assert run(env={**asked, "COMP_WORDS": "cleannews --ex"}).stdout.decode().split() == [
        "plain,--exclude",
        "plain,--extractor",
        "plain,--explain",
    ]
    labels = run(env={**asked, "COMP_WORDS": "cleannews --keep legal,a", "COMP_CWORD": "2"}).stdout.decode()
    assert labels.split() == ["plain,legal,appeal", "plain,legal,ad"]
    levels = run(env={**asked, "COMP_WORDS": "cleannews --level ", "COMP_CWORD": "2"}).stdout.decode()
    assert levels.split() == [f"plain,{level}" for level in Level]


def test_help_and_plain_text_load_nothing_heavy() -> None:
    code = (
        "import sys, runpy\n"
        "sys.argv = ['cleannews', *sys.argv[1:]]\n"
        "try: runpy.run_module('cleannews', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "heavy = {'rich', 'trafilatura', 'lxml', 'bs4', 'charset_normalizer', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    for arguments in (["--help"], ["--version"], []):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], input=RAW.encode(), capture_output=True, check=True
        )
        assert done.stderr.decode() == "[]\n"


CONTRADICTIONS = [
    ("--explain", "--diff"),
    ("--explain", "--check"),
    ("--check", "--in-place"),
    ("--explain", "-o", "out.txt"),
    ("--check", "-o", "out.txt"),
    ("--in-place", "-o", "out.txt"),
    ("--in-place", "--format", "json"),
    ("--diff", "--format", "jsonl"),
    ("--with-source",),
    ("--keep", "ad", "--remove", "ad"),
    ("--format", "xml"),
    ("--extractor", "magic"),
    ("--level", "bold"),
    ("--color", "sometimes"),
    ("--no-such-option",),
]


@pytest.mark.parametrize("arguments", CONTRADICTIONS, ids=" ".join)
def test_contradictory_options_are_wrong_usage(raw: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, raw, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"cleannews: ")
    assert raw.read_text() == RAW


@pytest.mark.parametrize(
    "arguments", [("--in-place",), ("--in-place", "-"), ("-", "-"), ("-", "-o", "out/")], ids=" ".join
)
def test_what_standard_input_cannot_do(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, stdin=RAW.encode(), cwd=tmp_path).returncode == 2


# Pipes, signals and terminals


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
@pytest.mark.parametrize("arguments", [(), ("--explain",), ("--diff", "--color", "always"), ("--format", "json")])
def test_a_closed_pipe_ends_quietly(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    path = tmp_path / "long.txt"
    path.write_text(RAW * 1_000)
    command = " ".join([*COMMAND, *arguments, f"'{path}'"])
    script = f"{command} | head -1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=120, check=True)
    assert (done.stdout, done.stderr) == (b"0\n", b"")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_an_interrupt_ends_quietly(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    process = subprocess.Popen(
        [*COMMAND, "-o", str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What a shell starts in the background hands down that interrupts are ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdin
    process.stdin.write(b"Rain. " * 500_000)  # more than a pipe holds, so that this ends when the program reads
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (130, b"", b"")
    assert names_in(tmp_path) == []


def on_terminal(*arguments: str | Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run with a terminal for all three streams; return the exit status and what the terminal got."""
    import pty  # noqa: PLC0415  (Windows has none)

    child, terminal = pty.fork()
    if child == 0:
        try:
            os.execvpe(COMMAND[0], [*COMMAND, *map(str, arguments)], {**os.environ, "TERM": "xterm", **(env or {})})
        finally:
            os._exit(99)
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode().replace("\r\n", "\n")


@needs_terminal
def test_no_argument_on_a_terminal_shows_the_help() -> None:
    status, shown = on_terminal()
    assert status == 0
    assert shown.startswith("Usage: cleannews")


@needs_terminal
def test_explain_is_coloured_on_a_terminal(raw: Path) -> None:
    environment = {"NO_COLOR": ""}
    status, shown = on_terminal("--explain", raw, env=environment)
    assert status == 0
    assert "\x1b[1;31mYour support" in shown
    assert f"\n{STORY}" in shown
    assert "\x1b" not in on_terminal("--explain", "--color", "never", raw)[1]
    assert "\x1b" not in on_terminal("--explain", raw, env={"NO_COLOR": "1"})[1]


@needs_terminal
@pytest.mark.parametrize("mode", ["--explain", "--diff"])
def test_escape_sequences_of_the_input_never_reach_a_terminal(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "evil\x1b[2J.txt"
    path.write_text(f"{APPEAL}\n\x1b]0;owned\x07{STORY.strip()}\x9b5m\x1b[31m\n\n{SHARE}", encoding="utf-8")
    shown = on_terminal(mode, path, path)[1]
    for sequence in ("\x1b]0", "\x07", "\x9b", "\x1b[2J", "\x1b[31m\n"):
        assert sequence not in shown
    assert "␛]0;owned␇" in shown


@needs_terminal
def test_escape_sequences_in_names_never_reach_a_terminal() -> None:
    for arguments in (["no\x1b[31mfile\x9b"], ["--no\x1b[31moption"], ["--keep", "no\x1b[31mlabel", "x"]):
        shown = on_terminal(*arguments)[1]
        assert "\x1b" not in shown
        assert "\x9b" not in shown


def test_the_entry_point_is_the_same_program(raw: Path) -> None:
    script = Path(sys.executable).with_name("cleannews")
    if not script.exists():
        pytest.skip("the package is not installed in this environment")
    assert subprocess.run([script, raw], capture_output=True, check=True).stdout == STORY.encode()
