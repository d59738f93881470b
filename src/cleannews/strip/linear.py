"""Linear models over hashed features, with whole numbers for weights: sums are exact, and so the same everywhere.

Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009. A feature's slot is its CRC-32.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from zlib import crc32

SLOTS = 1 << 21
"""Slots that features share. Training meets some 700,000 features; in a table of 2^18 so many fall together that
publishers held out are judged visibly worse (train/EXPERIMENTS.md)."""

SOFT_SLOTS = 1 << 18
"""The same for the model of credits, captions and meta lines, which does not gain by more."""

LABEL_SLOTS = 1 << 16
"""The same for the models that name labels, of which there are many."""

SCALE = 32
"""A weight of one is stored as this."""

MOST = 127
"""The largest weight that is stored, in whole numbers of 8 bits."""


def slots_of(features: Iterable[str]) -> set[int]:
    """Return the slots of some features."""
    return {crc32(feature.encode("utf-8", "surrogatepass")) % SLOTS for feature in features}


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model.

    Attributes:
        weights: one for every slot, times `SCALE`.
        bias: times `SCALE`.
    """

    weights: Sequence[int]
    bias: int

    def score(self, slots: Collection[int]) -> float:
        """Return the log odds of the features in `slots`."""
        # Picking them all at once takes two thirds of the time; of one alone it would not give a tuple.
        picked = itemgetter(*slots)(self.weights) if len(slots) > 1 else [self.weights[slot] for slot in slots]
        return (self.bias + sum(picked)) / SCALE

    def widened(self) -> Linear:
        """Return the same model for rows of `SLOTS` slots: its weights stand as often as they fit."""
        return Linear(array("b", self.weights) * (SLOTS // len(self.weights)), self.bias)


def stored(weights: Iterable[float]) -> array[int]:
    """Return weights as they are stored."""
    return array("b", (max(-MOST, min(MOST, round(weight * SCALE))) for weight in weights))
