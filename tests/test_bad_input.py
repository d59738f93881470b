"""Bad input on the command line: one line that names it, the right exit status, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

COMMAND = [sys.executable, "-m", "cleannews"]
STORY = "The river rose again on Tuesday night. Forty families left their homes, the mayor said.\n"
ACCENTED = "Später räumten Kräfte die Brücke. „Ich hörte das Getöse“, sagte eine Händlerin über die Nächte zuvor.\n"
GERMAN = ACCENTED.replace("„", "»").replace("“", "«")


def run(
    *arguments: str | Path,
    stdin: bytes = b"",
    cwd: Path | None = None,
    stdout: int | IO[bytes] = subprocess.PIPE,
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=cwd,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY)
    return path


def check_failed(done: subprocess.CompletedProcess[bytes], name: str | Path, reason: str = "") -> None:
    """It failed with one line that names the input, and cleaned the story that came along."""
    assert done.returncode == 3
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"cleannews: {name}: {reason}")
    assert done.stdout == STORY.encode()


def check_usage(done: subprocess.CompletedProcess[bytes], *mentioned: str) -> None:
    """It was called wrongly, said so, and did nothing."""
    assert (done.returncode, done.stdout) == (2, b"")
    for text in mentioned:
        assert text in done.stderr.decode()


# What cannot be read


def test_a_missing_file(story: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    check_failed(run(missing, story), missing, "No such file")


def test_a_name_that_is_too_long(story: Path) -> None:
    name = "x" * 5000
    check_failed(run(name, story), name, "File name too long")


def test_a_loop_of_links(story: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    check_failed(run(loop, story), loop)


def test_a_folder_without_output(tmp_path: Path) -> None:
    check_usage(run(tmp_path), str(tmp_path), "-o")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything; see the next test")
def test_an_unreadable_file(story: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(STORY)
    secret.chmod(0)
    check_failed(run(secret, story), secret, "Permission denied")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc/self/mem is Linux's")
def test_a_file_with_read_errors(story: Path) -> None:
    check_failed(run("/proc/self/mem", story), "/proc/self/mem", "Input/output error")


def test_a_path_through_a_file(story: Path) -> None:
    check_failed(run(story / "more.txt", story), story / "more.txt", "Not a directory")


@pytest.mark.skipif(os.name == "nt", reason="POSIX shell")
def test_closed_streams(story: Path) -> None:
    for redirection, reason in (("<&-", "<stdin>: is closed"), (">&-", "standard output: is closed")):
        command = f"{' '.join(COMMAND)} {story if '>' in redirection else ''} {redirection}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
        assert (done.returncode, done.stderr.decode()) == (3, f"cleannews: {reason}\n")


# What is no text, or hardly


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run(tmp_path / "empty.txt")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert run(stdin=b"").stdout == b""
    assert run("--diff", stdin=b"").stdout == b""


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(200), bytes(range(256)) * 20], ids=["png", "bytes"])
def test_a_binary_file(story: Path, tmp_path: Path, content: bytes) -> None:
    picture = tmp_path / "picture.txt"
    picture.write_bytes(content)
    check_failed(run(picture, story), picture)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", ACCENTED),
        ("utf-16", ACCENTED),
        ("utf-16-le", ACCENTED),
        ("utf-16-be", ACCENTED),
        ("cp1252", ACCENTED),
        ("latin-1", GERMAN),
    ],
)
def test_encodings(encoding: str, text: str) -> None:
    done = run(stdin=text.encode(encoding))
    assert (done.returncode, done.stdout.decode()) == (0, text)


def test_nul_and_control_characters_stay_in_the_text() -> None:
    text = STORY.replace("river", "ri\x00ver\x07").encode() * 3
    done = run(stdin=text)
    assert (done.returncode, done.stdout) == (0, text)


def test_escape_sequences_stay_in_the_text_but_not_in_what_is_shown() -> None:
    text = f"\x1b[31m{STORY.strip()}\x1b[0m\n".encode()
    assert run(stdin=text).stdout == text
    assert b"\x1b" not in run("--explain", stdin=text).stdout
    assert b"\x1b[31m" not in run("--explain", "--color", "always", stdin=text).stdout


def test_one_line_of_many_megabytes(request: pytest.FixtureRequest) -> None:
    size = 50_000_000 if request.config.getoption("--large") else 2_000_000
    sentence = STORY.strip() + " "
    text = (sentence * (size // len(sentence))).encode()
    began = time.monotonic()
    done = run(stdin=text)
    assert time.monotonic() - began < 60
    assert done.returncode == 0
    assert len(done.stdout) > 0.99 * len(text)


# Pages that are none


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>t</title></head>{body}</html>".encode()


PARAGRAPHS = "".join(f"<p>{STORY.strip()} That was the {number}th flood of the year.</p>" for number in range(8))


@pytest.mark.parametrize(
    "content",
    [
        page("<frameset cols='50%,50%'><frame src='a.html'><frame src='b.html'></frameset>"),
        page("<body><div id='root'></div><script>window.start({a: 1});</script></body>"),
    ],
    ids=["frameset", "scripts"],
)
def test_a_page_without_an_article(story: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(content)
    check_failed(run(path, story), path)
    assert b"no article" in run(path).stderr


def test_a_deeply_nested_page() -> None:
    depth = 20_000
    done = run(stdin=page(f"<body>{'<div>' * depth}{PARAGRAPHS}{'</div>' * depth}</body>"))
    assert done.returncode in (0, 3)
    assert done.returncode == 3 or STORY.strip() in done.stdout.decode()


def test_a_truncated_page() -> None:
    done = run(stdin=page(f"<body><article>{PARAGRAPHS}")[:-60])
    assert done.returncode == 0
    assert STORY.strip() in done.stdout.decode()


# Where nothing can be written


def test_an_output_that_is_a_folder(story: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    check_usage(run(story, "-o", tmp_path / "out"), f"{tmp_path}/out is a directory")


def test_an_output_folder_that_is_a_file(story: Path, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt").write_text(STORY)
    check_usage(run(tmp_path / "raw", "-o", story), f"{story} is not a directory")
    assert story.read_text() == STORY


def test_a_folder_where_a_mirrored_file_must_go(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "raw" / name).write_text(STORY)
    (tmp_path / "clean/a.txt").mkdir(parents=True)
    done = run("-q", "raw", "-o", "clean", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.decode() == "cleannews: raw/a.txt: cannot write clean/a.txt: Is a directory\n"
    assert (tmp_path / "clean/b.txt").read_text() == STORY


def test_an_output_in_a_folder_that_does_not_exist(story: Path, tmp_path: Path) -> None:
    done = run(story, "-o", tmp_path / "no/out.txt")
    assert done.returncode == 3
    assert done.stderr.decode() == f"cleannews: {tmp_path}/no/out.txt: No such file or directory\n"


needs_full_device = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")  # noqa: PTH110


@needs_full_device
@pytest.mark.parametrize("arguments", [(), ("--explain",), ("--format", "json")])
def test_a_full_disk(story: Path, arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = run(*arguments, story, stdout=full)
    assert done.returncode == 3
    assert done.stderr == b"cleannews: standard output: No space left on device\n"


@needs_full_device
def test_a_full_disk_behind_the_output_option_and_the_help(story: Path) -> None:
    done = run(story, "-o", "/dev/full")
    assert (done.returncode, done.stderr) == (3, b"cleannews: /dev/full: No space left on device\n")
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = run("--help", stdout=full)
    assert (done.returncode, done.stderr) == (3, b"cleannews: standard output: No space left on device\n")


# Options that name what does not exist


def test_an_unknown_label(story: Path) -> None:
    check_usage(run("--keep", "leagl", story), "leagl", "did you mean legal", "newsletter")
    check_usage(run("--remove", "ad,nonsense", story), "nonsense", "newsletter")


@pytest.mark.parametrize("content", [b"not = [toml", b"[pack]\nlanguage = 'en'\n[[rule]]\nid = 'x'\n", b"\xff\xfe\x00"])
def test_a_broken_rule_pack(story: Path, tmp_path: Path, content: bytes) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_bytes(content)
    check_usage(run("--rules", pack, story), str(pack))


def test_a_rule_pack_that_cannot_be_read(story: Path, tmp_path: Path) -> None:
    check_usage(run("--rules", tmp_path / "missing.toml", story), "missing.toml", "No such file")
    check_usage(run("--rules", tmp_path, story), str(tmp_path), "Is a directory")


# What no input should cause

BREAK = """
import sys
import cleannews.cleaner, cleannews.cli
def clean(self, raw):
    if "river" in raw:
        raise ValueError("something\\nwith \\x1b[31m")
    return real(self, raw)
real = cleannews.cleaner.Cleaner.clean
cleannews.cleaner.Cleaner.clean = clean
sys.argv[0] = "cleannews"
cleannews.cli.main()
"""


@pytest.mark.parametrize("debug", ["", "1"])
def test_an_internal_error_is_one_line_and_stops_no_other_input(story: Path, tmp_path: Path, debug: str) -> None:
    fine = tmp_path / "fine.txt"
    fine.write_text("Snow fell on the hills in the night.\n")
    environment = {**os.environ, "CLEANNEWS_DEBUG": debug}
    done = subprocess.run([sys.executable, "-c", BREAK, story, fine], capture_output=True, env=environment, check=False)
    assert done.returncode == 3
    assert done.stdout == fine.read_bytes()
    first = done.stderr.decode().splitlines()[0]
    assert first == f"cleannews: {story}: internal error (ValueError: something with ␛[31m)"
    assert (b"Traceback" in done.stderr) == bool(debug)
    assert b"\x1b" not in done.stderr
