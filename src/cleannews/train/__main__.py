"""The command `python -m cleannews.train`: cross-validates by publisher, then writes the model."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from cleannews.document import REMOVED_BY_DEFAULT, Level, Removal
from cleannews.rules import RuleBook, load_rules
from cleannews.strip import Judge, Scorer, strip
from cleannews.strip.scorer import MODEL
from cleannews.train.data import Text, documents, example_of, flattened, fold_of, publisher_of
from cleannews.train.evaluate import by_group
from cleannews.train.gather import gather
from cleannews.train.model import train, write
from cleannews.train.signs import learn_signs

Clean = Callable[[dict[str, Any]], Iterable[Removal]]


def report(texts: Sequence[Text], scorers: Sequence[Scorer], rules: RuleBook) -> None:
    """Print the figures on publishers held out, for the rules alone and for every level."""

    def held_out(level: Level) -> Clean:
        def clean(record: dict[str, Any]) -> Iterable[Removal]:
            scorer = scorers[fold_of(publisher_of(record), len(scorers))]
            judge = Judge(scorer, REMOVED_BY_DEFAULT, level)
            return strip(record["text"], rules, REMOVED_BY_DEFAULT, judge).removals

        return clean

    def alone(record: dict[str, Any]) -> Iterable[Removal]:
        return strip(record["text"], rules, REMOVED_BY_DEFAULT).removals

    for name, form in (("", list(texts)), (", on one line", [flattened(text) for text in texts])):
        records = [text.record for text in form if text.record]
        _print(f"rules alone{name}", records, alone)
        for level in Level:
            _print(f"{level}, publishers held out{name}", records, held_out(level))


def _print(title: str, records: list[dict[str, Any]], clean: Clean) -> None:
    print(title)
    for group, counts in by_group(records, clean).items():
        print(f"  {group:16}{counts}", flush=True)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m cleannews.train", description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"), help="folder with the gold files")
    parser.add_argument("--html", type=Path, default=Path("../shared/html"), help="folder with the page sets")
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"), help="folder with the corpus")
    parser.add_argument("--output", type=Path, help="folder for the model (default: into the package)")
    parser.add_argument("--folds", type=int, default=5, help="folds of the cross-validation")
    arguments = parser.parse_args()
    if not (arguments.gold / "dev.jsonl").is_file():
        parser.error(f"{arguments.gold}: no dev.jsonl there; name the gold folder with --gold")
    rules = load_rules()
    texts = gather(arguments.gold, arguments.html, arguments.corpus, arguments.folds)
    cutter = learn_signs(text for text in texts if not text.kind.startswith(("page", "glued")))
    examples = [example_of(text, rules, cutter) for text in texts]
    print(f"{len(examples)} texts, {sum(len(example.labels) for example in examples)} items", flush=True)
    trained = train(examples, cutter, arguments.folds)
    output = arguments.output or Path(str(files("cleannews.strip") / MODEL))
    write(trained.scorer, output)
    print(f"{output}: {sum(path.stat().st_size for path in output.iterdir()):,} bytes")
    report(list(documents(arguments.gold / "dev.jsonl")), trained.folds, rules)


if __name__ == "__main__":
    main()
