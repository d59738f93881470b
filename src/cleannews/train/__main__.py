"""The command `python -m cleannews.train`: cross-validates by publisher, then writes the model."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pycrfsuite

from cleannews.document import REMOVED_BY_DEFAULT, Removal
from cleannews.rules import RuleSet, load_rules
from cleannews.strip import Scorer, strip
from cleannews.strip.scorer import MODEL
from cleannews.train import data
from cleannews.train.evaluate import by_group

PARAMETERS = {"c1": 0.5, "c2": 0.5, "max_iterations": 120, "feature.possible_transitions": True}
"""L1 keeps the model small, L2 keeps it general; chosen by cross-validation (see EXPERIMENTS.md)."""


def train(sequences: Iterable[data.Sequence], path: Path) -> Scorer:
    """Train a model on `sequences`, write it to `path` and return it."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for sequence in sequences:
        trainer.append(sequence.features, sequence.labels)
    trainer.set_params(PARAMETERS)
    trainer.train(str(path))
    return Scorer(path.read_bytes())


def cross_validate(sequences: Sequence[data.Sequence], folds: int) -> list[Scorer]:
    """Return a model for every fold, trained on the other folds."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            train((s for s in sequences if data.fold_of(s.publisher, folds) != fold), Path(folder) / f"{fold}.crfsuite")
            for fold in range(folds)
        ]


def report(gold: Path, scorers: Sequence[Scorer], rules: RuleSet) -> None:
    """Print the figures on publishers held out, for the rules alone and with the scorer."""
    records = list(data.read_jsonl(gold / "dev.jsonl"))

    def held_out(record: dict[str, Any]) -> Iterable[Removal]:
        scorer = scorers[data.fold_of(record["domain"], len(scorers))]
        return strip(record["text"], rules, REMOVED_BY_DEFAULT, scorer).removals

    def alone(record: dict[str, Any]) -> Iterable[Removal]:
        return strip(record["text"], rules, REMOVED_BY_DEFAULT).removals

    flat = [data.flattened(record) for record in records]
    _print("rules alone", records, alone)
    _print("rules and scorer, publishers held out", records, held_out)
    _print("rules alone, flat", flat, alone)
    _print("rules and scorer, publishers held out, flat", flat, held_out)


def _print(title: str, records: list[dict[str, Any]], clean: Callable[[dict[str, Any]], Iterable[Removal]]) -> None:
    print(title)
    for group, counts in by_group(records, clean).items():
        print(f"  {group:16}{counts}")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m cleannews.train", description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"), help="folder with the gold files")
    parser.add_argument("--output", type=Path, help="where to write the model (default: into the package)")
    parser.add_argument("--folds", type=int, default=5, help="folds of the cross-validation; 0 for none")
    arguments = parser.parse_args()
    if not (arguments.gold / "dev.jsonl").is_file():
        parser.error(f"{arguments.gold}: no dev.jsonl there; name the gold folder with --gold")
    rules = load_rules()
    sequences = data.training_sequences(arguments.gold, rules)
    print(f"{len(sequences)} sequences, {sum(len(s.labels) for s in sequences)} blocks")
    if arguments.folds:
        report(arguments.gold, cross_validate(sequences, arguments.folds), rules)
    output = arguments.output or Path(str(files("cleannews.strip") / MODEL))
    train(sequences, output)
    print(f"{output}: {output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
