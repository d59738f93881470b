"""How fast cleaning is, as a table. A script, not a test:

    python tests/benchmarks/speed.py
    python tests/benchmarks/speed.py --corpus corpus.jsonl.gz --megabytes 20
    python tests/benchmarks/speed.py --peers path/to/peers.py          # a module with c4(text) -> text

Everything runs on one core, in text mode. Without a corpus the fixture cases serve, repeated in a fixed shuffled order.

corpus     MB/s over many documents, and what the peer makes of the same ones in the same run
linearity  MB/s on one document of 0.1 to 10 MB, in paragraphs and on one line; a flat column means linear time
rules      the same documents under twice the rules: a copy of every rule whose fixed words occur nowhere
start-up   a fresh process on a small text file, beside one that does nothing
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from casebook import read_cases
from cleannews import Cleaner
from cleannews.document import REMOVED_BY_DEFAULT
from cleannews.rules import Pack, Rule, RuleBook, load_rules
from cleannews.strip import strip

Clean = Callable[[str], object]

SIZES = (100_000, 1_000_000, 3_000_000, 10_000_000)
FOREIGN = str.maketrans("aeiou", "\u1780\u1781\u1782\u1783\u1784")
"""Vowels to letters of a script that no document here is written in: literals of the same shape that match nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, metavar="FILE")
    parser.add_argument("--peers", type=Path, metavar="FILE")
    parser.add_argument("--megabytes", type=float, default=10.0, help="how much of the corpus to read (%(default)s)")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each measurement; the best counts (%(default)s)")
    parser.add_argument("--starts", type=int, default=15, help="processes to start; the median counts (%(default)s)")
    options = parser.parse_args()

    name, texts = read_corpus(options.corpus, int(options.megabytes * 1e6))
    clean = Cleaner().clean
    rate(clean, texts, 1)  # patterns are compiled when first needed
    report_corpus(name, texts, clean, peer_c4(options.peers), options.repeat)
    report_linearity(texts, clean, options.repeat)
    report_rules(texts, options.repeat)
    report_start(options.starts)


def report_corpus(name: str, texts: list[str], clean: Clean, peer: Clean | None, repeat: int) -> None:
    heading(f"corpus: {name}, {len(texts)} documents, {megabytes(texts):.1f} MB")
    own = rate(clean, texts, repeat)
    row("cleannews", f"{own:.2f} MB/s")
    if peer is None:
        row("c4", "not available")
        return
    other = rate(peer, texts, repeat)
    row("c4", f"{other:.2f} MB/s")
    row("ratio", f"{own / other:.2f}")


def report_linearity(texts: list[str], clean: Clean, repeat: int) -> None:
    heading("linearity: one document")
    row("size", "paragraphs", "one line")
    for size in SIZES:
        document = one_document(texts, size)
        flat = " ".join(document.split())
        rates = (rate(clean, [text], repeat) for text in (document, flat))
        row(f"{size / 1e6:g} MB", *(f"{value:.2f} MB/s" for value in rates))


def report_rules(texts: list[str], repeat: int) -> None:
    once = load_rules()
    twice = RuleBook(list(with_copies(once.english.rules)), list)
    heading("rules")
    rates: dict[str, float] = {}
    for _ in range(repeat + 1):  # the first round compiles
        for name, rules in (("once", once), ("twice", twice)):
            found = rate(lambda text, rules=rules: strip(text, rules, REMOVED_BY_DEFAULT), texts, 1)  # type: ignore[misc]
            rates[name] = max(found, rates.get(name, 0.0))
    row(f"{len(once.english.rules)} rules", f"{rates['once']:.2f} MB/s")
    row(f"{len(twice.english.rules)} rules", f"{rates['twice']:.2f} MB/s")
    row("cost of doubling", f"{100 * (rates['once'] / rates['twice'] - 1):+.1f} %")


def report_start(starts: int) -> None:
    heading(f"start-up: median of {starts} processes")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "small.txt"
        page.write_text(read_cases()[0].raw, encoding="utf-8")
        program = f"import cleannews; cleannews.clean(open({str(page)!r}).read())"
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "import and clean": [sys.executable, "-c", program],
            "cleannews small.txt": [str(Path(sys.executable).with_name("cleannews")), str(page)],
        }
        for name, command in commands.items():
            row(name, seconds(command, starts))


def seconds(command: list[str], starts: int) -> str:
    """Return the median time of a process, or why there is none."""
    times = []
    for _ in range(starts + 1):
        start = time.perf_counter()
        try:
            done = subprocess.run(command, capture_output=True, check=False)
        except OSError:
            return "not installed"
        if done.returncode:
            return "failed: " + done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        times.append(time.perf_counter() - start)
    return f"{statistics.median(times[1:]):.3f} s"


def rate(clean: Clean, texts: list[str], repeat: int) -> float:
    """Return the best MB/s of some runs over `texts`, in processor time, so that a busy machine counts for less."""
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        for text in texts:
            clean(text)
        best = min(best, time.process_time() - start)
    return megabytes(texts) / best


def megabytes(texts: Iterable[str]) -> float:
    return sum(len(text.encode(errors="replace")) for text in texts) / 1e6


def one_document(texts: list[str], size: int) -> str:
    """Return one text of about `size` bytes."""
    pieces: list[str] = []
    length = 0
    while length < size:
        pieces.append(texts[len(pieces) % len(texts)])
        length += len(pieces[-1].encode(errors="replace")) + 2
    return "\n\n".join(pieces).encode(errors="replace")[:size].decode(errors="ignore")


def read_corpus(path: Path | None, size: int) -> tuple[str, list[str]]:
    """Return a name and texts of about `size` bytes, from a file of JSON lines or else from the fixtures."""
    if path is None:
        cases = [case.raw for case in read_cases() if case.raw.strip()]
        shuffled = (text for seed in range(size) for text in random.Random(seed).sample(cases, len(cases)))
        return "fixtures", list(up_to(shuffled, size))
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return path.name, list(up_to((json.loads(line)["text"] for line in lines), size))


def up_to(texts: Iterable[str], size: int) -> Iterator[str]:
    left = size
    for text in texts:
        if left <= 0:
            return
        left -= len(text.encode(errors="replace"))
        yield text


def with_copies(rules: tuple[Rule, ...]) -> Iterator[Pack]:
    yield Pack("und", rules, (), (), ())
    yield Pack("und", tuple(map(copy_that_matches_nothing, rules)), (), (), ())


def copy_that_matches_nothing(rule: Rule) -> Rule:
    patterns = (
        replace(pattern, literals=tuple(literal.translate(FOREIGN) for literal in pattern.literals))
        for pattern in rule.patterns
    )
    return replace(rule, id=f"{rule.id}-copy", patterns=tuple(patterns))


def peer_c4(path: Path | None) -> Clean | None:
    """Return `c4` of the module at `path`, if it is there and works."""
    if path is None:
        return None
    spec = importlib.util.spec_from_file_location("peers", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        module.c4("One sentence, and one more. And a third.")
    except ImportError:
        return None
    clean: Clean = module.c4
    return clean


def heading(text: str) -> None:
    print(f"\n{text}")


def row(name: str, *values: str) -> None:
    print(f"  {name:20}" + "".join(f"{value:>16}" for value in values), flush=True)


if __name__ == "__main__":
    main()
