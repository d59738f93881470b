"""Runs over many inputs: what is done again, taken up, refused, kept; what is said at the end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from batch_tools import COMMAND, PAGE, RAW, STORY, Caller, Done, environment, names_in, run
from cleannews.batch import Input, plan
from cleannews.batch.outputs import data_set
from cleannews.batch.outputs.files import beside, locked

needs_posix = pytest.mark.skipif(os.name == "nt", reason="POSIX signals, permissions and names")


@pytest.fixture(scope="module")
def call() -> Caller:
    return Caller()


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text(RAW)
    (folder / "b.txt").write_text(STORY)
    (folder / "deep/c.jsonl").write_text(lines(3))
    return folder


def lines(count: int, start: int = 0) -> str:
    return "".join(json.dumps({"id": start + n, "text": RAW}) + "\n" for n in range(count))


def inodes(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_ino for name in names_in(folder)}


# Again


def test_what_is_done_and_unchanged_is_left_out(call: Caller, tree: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    assert call(tree, "-o", clean).status == 0
    before = inodes(clean)
    done = call(tree, "-o", clean)
    assert (done.status, "3 inputs done before and unchanged" in done.errors) == (0, True)
    assert inodes(clean) == before
    (tree / "a.txt").write_text(RAW + STORY)
    (clean / "deep/c.jsonl").unlink()
    assert "1 input done before" in call(tree, "-o", clean).errors
    assert "done before" not in call(tree, "-o", clean, "--keep", "social").errors
    assert "done before" not in call(tree, "-o", clean, "--keep", "social", "--force").errors
    assert "done before" not in call(tree, "-o", clean, "--level", "careful").errors
    assert "3 inputs done before" in call(tree, "-o", clean, "--level", "careful").errors
    assert names_in(clean) == ["a.txt", "b.txt", "deep/c.jsonl"]


def test_one_data_set_that_is_done(call: Caller, tmp_path: Path) -> None:
    source, target = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    source.write_text(lines(3))
    assert call(source, "-o", target).status == 0
    before = inodes(tmp_path)
    assert "1 input done before" in call(source, "-o", target).errors
    assert inodes(tmp_path) == before
    source.write_text(lines(4))
    assert call(source, "-o", target).status == 0
    assert len(target.read_text().splitlines()) == 4


def test_what_failed_is_tried_again(call: Caller, tree: Path, tmp_path: Path) -> None:
    (tree / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (tree / "bad.jsonl").write_text(f"{lines(1)}no json\n")
    for _ in range(2):
        done = call(tree, "-o", tmp_path / "clean")
        assert done.status == 3
        assert "bad.jsonl:2: is not JSON" in done.errors
        assert "bad.txt: " in done.errors
    assert "3 inputs done before" in done.errors


# In place


def test_data_sets_in_place(call: Caller, tmp_path: Path) -> None:
    changed, same = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    changed.write_text(lines(3))
    same.write_text('{"text": "Nothing."}\n')
    changed.chmod(0o640)
    before = inodes(tmp_path)
    done = call("--in-place", "--backup", ".orig", changed, same)
    assert done.status == 0
    assert f"cleannews: changed: {changed} (3 of 3 records)" in done.errors
    assert names_in(tmp_path) == ["a.jsonl", "a.jsonl.orig", "b.jsonl"]
    assert (tmp_path / "a.jsonl.orig").read_text() == lines(3)
    assert changed.read_text() == lines(3).replace(json.dumps(RAW)[1:-1], json.dumps(STORY)[1:-1])
    assert changed.stat().st_mode & 0o777 == 0o640
    assert inodes(tmp_path)["b.jsonl"] == before["b.jsonl"]


def test_texts_in_place_with_a_backup(call: Caller, tree: Path) -> None:
    assert call("--in-place", "--backup", "~", tree).status == 0
    assert names_in(tree) == ["a.txt", "a.txt~", "b.txt", "deep/c.jsonl", "deep/c.jsonl~"]
    assert ((tree / "a.txt").read_text(), (tree / "a.txt~").read_text()) == (STORY, RAW)
    assert "3 inputs done before" in call("--in-place", "--backup", "~", tree).errors


def test_a_damaged_data_set_is_not_written_over(call: Caller, tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415

    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines(500).encode())[:-100])
    before = path.read_bytes()
    done = call("--in-place", path)
    assert (done.status, "is left as it was" in done.errors) == (3, True)
    assert path.read_bytes() == before
    assert names_in(tmp_path) == ["a.jsonl.gz"]


@needs_posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_output(call: Caller, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir(mode=0o500)
    done = call(tree, "-o", tmp_path / "clean")
    assert (done.status, "Permission denied" in done.errors) == (3, True)


# Two runs at once


@needs_posix
def test_two_runs_on_one_output_refuse_each_other(call: Caller, tree: Path, tmp_path: Path, cache: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(lines(3))
    (tmp_path / "clean").mkdir()
    for arguments, held in (
        ((source, "-o", tmp_path / "b.jsonl"), beside(tmp_path / "b.jsonl", "partial")),
        ((tree, "-o", tmp_path / "clean"), beside(tmp_path / "clean/folder", "lock")),
        (("--in-place", tree), beside(tree / "folder", "lock")),
    ):
        with locked(held):
            done = run(*arguments, cache=cache)
            assert (done.status, "another run is writing" in done.errors) == (3, True)
        held.unlink()
        assert run(*arguments, cache=cache).status == 0
    assert (tmp_path / "b.jsonl").read_text() != ""
    assert not [name for name in names_in(tmp_path) if ".cleannews" in name]


# What is said


def test_statistics_and_the_table(call: Caller, tree: Path, tmp_path: Path) -> None:
    (tree / "bad.jsonl").write_text("no json\n")
    done = call(tree, "-o", tmp_path / "clean", "--stats", tmp_path / "stats.json")
    stats = json.loads((tmp_path / "stats.json").read_text())
    assert {name: stats[name] for name in ("documents", "changed", "failed", "files", "files_skipped")} == {
        "documents": 6,
        "changed": 4,
        "failed": 1,
        "files": 4,
        "files_skipped": 0,
    }
    assert stats["removed"]["social"]["spans"] == 4
    assert stats["failures"][0]["name"] == f"{tree}/bad.jsonl:1"
    assert stats["bytes_read"] > stats["bytes_written"] > 0
    assert re.search(r"documents +6\n", done.errors)
    assert re.search(r"social +4 ", done.errors)
    assert call(tree, "-q", "-o", tmp_path / "other").errors.count("\n") == 1


def test_check_and_diff_over_trees_and_data_sets(call: Caller, tree: Path) -> None:
    before = {name: (tree / name).read_bytes() for name in names_in(tree)}
    done = call("--check", tree)
    assert (done.status, done.output) == (1, b"")
    assert done.errors.splitlines() == [
        f"cleannews: would change: {tree}/a.txt",
        f"cleannews: would change: {tree}/deep/c.jsonl (3 of 3 records)",
    ]
    shown = call("--diff", tree).output.decode()
    assert f"--- {tree}/a.txt\n" in shown
    assert f"--- {tree}/deep/c.jsonl:2 (1)\n" in shown
    assert call("--check", tree / "b.txt").status == 0
    assert {name: (tree / name).read_bytes() for name in names_in(tree)} == before


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--include", "*.txt"), ["a.txt", "b.txt"]),
        (("--include", "*.log", "--include", "deep/*"), ["deep/c.jsonl", "deep/d.log"]),
        (("--exclude", "deep"), ["a.txt", "b.txt"]),
        (("--exclude", "a.*", "--exclude", "deep/*.jsonl"), ["b.txt"]),
    ],
)
def test_include_and_exclude(
    call: Caller, tree: Path, tmp_path: Path, options: tuple[str, ...], expected: list[str]
) -> None:
    (tree / "deep/d.log").write_text(RAW)
    (tree / "e.bin").write_text("x")
    assert call(tree, "-o", tmp_path / "clean", *options).status == 0
    assert names_in(tmp_path / "clean") == expected


def test_an_output_among_the_inputs_is_not_read(call: Caller, tree: Path) -> None:
    for _ in range(2):
        assert call(tree, "-o", tree / "all.jsonl", "--force").status == 0
        assert len((tree / "all.jsonl").read_text().splitlines()) == 5


def test_wrong_usage(call: Caller, tree: Path, tmp_path: Path) -> None:
    for arguments in (
        (tree / "a.txt", "--removed"),
        (tree / "deep/c.jsonl", "--format", "parquet"),
        (tree / "a.txt", "--backup", "~"),
        ("--in-place", tree / "a.txt", "--backup", "x/y"),
        (tree / "a.txt", "-j", "0"),
    ):
        assert call(*arguments).status == 2


# Names and disks that make trouble

NAMES: list[str | bytes] = [
    "with space.txt",
    "with\nnewline.txt",
    "-dash.txt",
    b"bytes\xff\xfe.txt",
    "é" * 125 + ".txt",
    "x" * 251 + ".txt",
]


@needs_posix
def test_hostile_names(call: Caller, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    for name in NAMES:
        (folder / os.fsdecode(name)).write_text(RAW)
    assert call(folder, "-o", tmp_path / "clean").status == 0
    assert sorted(os.listdir(tmp_path / "clean")) == sorted(map(os.fsdecode, NAMES))  # noqa: PTH208
    assert {path.read_text() for path in (tmp_path / "clean").iterdir()} == {STORY}
    assert call("--in-place", folder).status == 0
    assert sorted(os.listdir(folder)) == sorted(map(os.fsdecode, NAMES))  # noqa: PTH208


@pytest.fixture
def small_disk(tmp_path: Path) -> object:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(not sys.platform.startswith("linux") or shutil.which("mount") is None, reason="needs a tmpfs")
def test_a_full_disk(call: Caller, tmp_path: Path, small_disk: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt").write_text(STORY)
    (tmp_path / "raw/b.txt").write_text(STORY * 2_000)
    (tmp_path / "raw/c.txt").write_text(STORY)
    done = call(tmp_path / "raw", "-o", small_disk / "clean")
    assert (done.status, "b.txt: No space left on device" in done.errors) == (3, True)
    assert names_in(small_disk) == ["clean/a.txt", "clean/c.txt"]
    (tmp_path / "d.jsonl").write_text(lines(2_000))
    done = call(tmp_path / "d.jsonl", "-o", small_disk / "d.jsonl")
    assert (done.status, "d.jsonl: No space left on device" in done.errors) == (3, True)
    assert names_in(small_disk) == ["clean/a.txt", "clean/c.txt"]


# Interrupted


def started(*arguments: str | Path, cache: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(cache),
        # What runs in the background of a shell is started with interrupts ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


@needs_posix
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_an_interrupted_run_ends_in_order(tmp_path: Path, cache: Path, number: int, status: int) -> None:
    (tmp_path / "a.jsonl").write_text(lines(20_000))
    stats = tmp_path / "stats.json"
    process = started(tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl", "-j", "1", "--stats", stats, cache=cache)
    wait_for(beside(tmp_path / "b.jsonl", "partial"))
    time.sleep(1.0)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"interrupted; the same command goes on" in errors
    assert b"Traceback" not in errors
    assert json.loads(stats.read_text())["interrupted"] is True
    assert not (tmp_path / "b.jsonl").exists()


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)


def test_a_run_is_taken_up_where_it_stopped(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_set, "POINT_RECORDS", 10)
    write_inputs(tmp_path / "in", 55)
    for name, target in (
        ("a.jsonl", "b.jsonl.gz"),
        ("a.csv", "b.csv"),
        ("a.json", "b.json"),
        ("a.parquet", "b.parquet"),
    ):
        source, whole, part = tmp_path / "in" / name, tmp_path / f"whole-{target}", tmp_path / f"part-{target}"
        assert call(source, "-o", whole).status == 0
        done = interrupted_after(27, call, source, part)
        assert done.status == 130
        assert not part.exists()
        done = call(source, "-o", part, "--stats", tmp_path / "stats.json")
        assert (done.status, json.loads((tmp_path / "stats.json").read_text())["documents_taken_up"]) == (0, 20)
        assert part.read_bytes() == whole.read_bytes()
    assert not [name for name in names_in(tmp_path) if ".cleannews" in name]


@pytest.mark.parametrize("target", ["b.jsonl.zst", "b.json", "b.csv", "b.parquet"])
def test_a_run_over_several_inputs_is_taken_up(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr(data_set, "POINT_RECORDS", 10)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text(lines(17))
    (folder / "b.jsonl").write_text(lines(3, start=17))
    (folder / "c.jsonl").write_text("\n" + lines(20, start=20) + "no json\n")
    whole, part = tmp_path / f"whole-{target}", tmp_path / f"part-{target}"
    assert call(folder, "--on-error", "skip", "-o", whole).status == 3
    for count in (12, 22):
        assert interrupted_after(count, call, folder, part, "--on-error", "skip").status == 130
    assert call(folder, "--on-error", "skip", "-o", part, "--stats", tmp_path / "s.json").status == 3
    stats = json.loads((tmp_path / "s.json").read_text())
    assert (stats["documents_taken_up"], stats["documents"], stats["failed"]) == (30, 40, 1)
    assert part.read_bytes() == whole.read_bytes()


def interrupted_after(count: int, call: Caller, source: Path, target: Path, *options: str) -> Done:
    from unittest import mock  # noqa: PLC0415

    add, added = data_set.DataSetFile.add, 0

    def add_or_stop(self: data_set.DataSetFile, result: object) -> None:
        nonlocal added
        added += 1
        if added > count:
            raise KeyboardInterrupt
        add(self, result)  # type: ignore[arg-type]

    with mock.patch.object(data_set.DataSetFile, "add", add_or_stop):
        return call(source, *options, "-o", target)


def test_another_run_does_not_take_it_up(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_set, "POINT_RECORDS", 10)
    source, target = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    source.write_text(lines(30))
    interrupted_after(25, call, source, target)
    source.write_text(lines(30, start=100))
    assert call(source, "-o", target, "--stats", tmp_path / "s.json").status == 0
    assert json.loads((tmp_path / "s.json").read_text())["documents_taken_up"] == 0
    assert [json.loads(line)["id"] for line in target.read_text().splitlines()] == list(range(100, 130))


def write_inputs(folder: Path, count: int) -> None:
    """Write the same records in each format."""
    import csv  # noqa: PLC0415

    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    folder.mkdir()
    records = [json.loads(line) for line in lines(count).splitlines()]
    (folder / "a.jsonl").write_text(lines(count))
    (folder / "a.json").write_text(json.dumps(records, indent=1))
    pq.write_table(pa.Table.from_pylist(records), folder / "a.parquet", row_group_size=17)
    with (folder / "a.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text"])
        writer.writeheader()
        writer.writerows(records)


@pytest.mark.parametrize(("seconds", "status", "message"), [("60", 0, ""), ("0.0001", 3, "took longer than")])
def test_a_time_limit_that_is_given_is_kept_for_a_single_file_too(
    call: Caller, tmp_path: Path, seconds: str, status: int, message: str
) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    done = call(tmp_path / "a.txt", "--timeout", seconds)
    assert (done.status, message in done.errors) == (status, True)
    assert (STORY.strip().encode() in done.output) == (status == 0)


# Killed


KILLS = int(os.environ.get("CLEANNEWS_TEST_KILLS", "1"))
"""Moments at which each run is killed. Few here; twenty before a release."""


def kill_inputs(folder: Path) -> None:
    import gzip  # noqa: PLC0415

    from test_batch_formats import response  # noqa: PLC0415

    write_inputs(folder, 300)
    pages = [response(f"http://a/{n}", PAGE.replace("River", f"River {n}").encode()) for n in range(60)]
    (folder / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, pages)))
    (folder / "tree").mkdir()
    for number in range(150):
        (folder / f"tree/{number:03}.txt").write_text(f"{number}. {RAW}")


@needs_posix
@pytest.mark.parametrize(
    ("source", "target"),
    [("a.jsonl", "b.jsonl.gz"), ("a.parquet", "b.parquet"), ("a.warc.gz", "b.parquet"), ("tree", "clean")],
)
def test_killed_at_any_moment_and_taken_up(tmp_path: Path, cache: Path, source: str, target: str) -> None:
    import random  # noqa: PLC0415

    kill_inputs(tmp_path / "in")
    environment_of_points = {**environment(cache), "PYTHONPATH": os.pathsep.join(sys.path)}
    whole, part = tmp_path / "whole" / target, tmp_path / "part" / target
    whole.parent.mkdir()
    part.parent.mkdir()
    began = time.monotonic()
    assert (
        subprocess.run(killable(tmp_path / "in" / source, whole), env=environment_of_points, check=False).returncode
        == 0
    )
    duration = time.monotonic() - began
    chance = random.Random(f"{source} {target}")
    for _ in range(KILLS):
        process = subprocess.Popen(
            killable(tmp_path / "in" / source, part), env=environment_of_points, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.3, 0.6) * duration)
        kill_a_worker(process)
        time.sleep(chance.uniform(0.0, 0.3) * duration)
        process.kill()
        process.wait()
    done = subprocess.run(killable(tmp_path / "in" / source, part), env=environment_of_points, check=False)
    assert done.returncode == 0
    assert names_in(part.parent) == names_in(whole.parent)
    for name in names_in(whole.parent):
        assert (part.parent / name).read_bytes() == (whole.parent / name).read_bytes()


def killable(source: Path, target: Path) -> list[str]:
    """Return a command that comes to a point often."""
    code = "import cleannews.batch.outputs.data_set as d; d.POINT_RECORDS = 20\nfrom cleannews.cli import main; main()"
    return [sys.executable, "-c", code, str(source), "-o", str(target), "-q", "-j", "2"]


def kill_a_worker(process: subprocess.Popen[bytes]) -> None:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for child in children.read_text().split()[:1] if children.exists() else []:
        os.kill(int(child), signal.SIGKILL)


# Large trees


def test_a_tree_is_planned_one_directory_at_a_time(tmp_path: Path) -> None:
    for folder in "abcdefgh":
        (tmp_path / "raw" / folder).mkdir(parents=True)
        for number in range(20):
            (tmp_path / "raw" / folder / f"{number}.txt").touch()
    planned = plan([str(tmp_path / "raw")], tmp_path / "clean")
    assert isinstance(next(planned), Input)
    for folder in "bcdefgh":
        shutil.rmtree(tmp_path / "raw" / folder)
    assert sum(isinstance(item, Input) for item in planned) == 19


def test_two_trees_do_not_write_over_each_other_or_over_inputs(call: Caller, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"{name} {STORY}")
    done = call(tmp_path / "one", tmp_path / "two", "-o", tmp_path / "clean")
    assert (done.status, "two/a.txt: would be written to" in done.errors) == (3, True)
    assert (tmp_path / "clean/a.txt").read_text() == f"one {STORY}"
    (tmp_path / "one/one").mkdir()
    (tmp_path / "one/one/a.txt").write_text(STORY)
    done = call(tmp_path / "one", "-o", tmp_path)
    assert (done.status, "one/one/a.txt: would be written over an input" in done.errors) == (3, True)
    assert (tmp_path / "one/a.txt").read_text() == f"one {STORY}"


@needs_posix
def test_a_record_over_which_a_process_dies_is_named_and_kept(tmp_path: Path, cache: Path) -> None:
    records = [json.dumps({"id": number, "text": RAW if number != 7 else f"deadly {STORY}"}) for number in range(20)]
    (tmp_path / "a.jsonl").write_text("\n".join(records) + "\n")
    (tmp_path / "sitecustomize.py").write_text(
        "import os, cleannews.cleaner as c\n"
        "clean = c.Cleaner.clean\n"
        "def deadly(self, raw):\n"
        "    if raw.startswith('deadly'): os.kill(os.getpid(), 9)\n"
        "    return clean(self, raw)\n"
        "c.Cleaner.clean = deadly\n"
    )
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [*COMMAND, tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl", "-j", "2"],
        env={**environment(cache), "PYTHONPATH": path},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 3
    assert b"a.jsonl:8 (7): the process that cleaned it died (SIGKILL)" in done.stderr
    clean = [json.loads(line)["text"] for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    assert clean == [f"deadly {STORY}" if number == 7 else STORY for number in range(20)]
