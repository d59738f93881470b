"""How fast a data set is cleaned with one worker and with several, as a table. A script, not a test:

    python tests/benchmarks/batch.py --corpus corpus.jsonl.gz
    python tests/benchmarks/batch.py --corpus corpus.jsonl.gz --documents 50000 --workers 2 --peers path/to/peers.py

The corpus is repeated until there are as many documents as asked for, and every run cleans the same JSON Lines file
in a process of its own. Times are the wall clock's: leave the machine alone meanwhile. Memory is the largest resident
set of any process of the run. The peer runs in one process, over as many megabytes as `--peer-megabytes` says.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from speed import heading, megabytes, peer_c4, rate, read_corpus, row

EVERYTHING = int(1e12)
"""More bytes than any corpus has."""

MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], check=False).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
"""A process that runs a command and prints the largest resident set of what it started, in KiB."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, metavar="FILE")
    parser.add_argument("--peers", type=Path, metavar="FILE")
    parser.add_argument("--documents", type=int, default=50_000, help="how many to clean (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="workers of the second run (%(default)s)")
    parser.add_argument("--peer-megabytes", type=float, default=20.0, help="what the peer cleans (%(default)s)")
    options = parser.parse_args()

    name, texts = read_corpus(options.corpus, EVERYTHING if options.corpus else 1_000_000)
    documents = list(itertools.islice(itertools.cycle(texts), options.documents))
    size = megabytes(documents)
    heading(f"{name}, {len(documents)} documents, {size:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "documents.jsonl"
        with source.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps({"text": text}) + "\n" for text in documents)
        one = report_run(source, 1, size)
        several = report_run(source, options.workers, size)
    row("times as fast", f"{one[0] / several[0]:.2f}")
    row("same output", "yes" if one[1] == several[1] else "NO")
    peer = peer_c4(options.peers)
    if peer is None:
        row("c4", "not available")
        return
    sample = texts[: max(1, int(len(texts) * options.peer_megabytes / megabytes(texts)))]
    other = rate(peer, sample, 1)
    row("c4, one core", f"{other:.2f} MB/s")
    row("ratio, 1 worker", f"{size / one[0] / other:.2f}")
    row(f"ratio, {options.workers} workers", f"{size / several[0] / other:.2f}")


def report_run(source: Path, workers: int, size: float) -> tuple[float, str]:
    """Clean `source`, print how fast, and return the seconds it took and the digest of what was written."""
    output = source.with_name(f"cleaned-{workers}.jsonl")
    program = str(Path(sys.executable).with_name("cleannews"))
    command = [program, str(source), "-o", str(output), "-j", str(workers), "--quiet"]
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", MEASURE, *command], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    memory = int(done.stdout) / 1024
    row(f"-j {workers}", f"{seconds:.1f} s", f"{size / seconds:.2f} MB/s", f"{memory:.0f} MiB")
    digest = hashlib.sha256(output.read_bytes()).hexdigest()
    output.unlink()
    return seconds, digest


if __name__ == "__main__":
    main()
