"""Boosted trees, answered all at once, say what walking down each of them says."""

from __future__ import annotations

import math
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleannews.forest import MOST_LEAVES, Forest, grown

COLUMNS = 3
VALUES = st.integers(-2, 2).map(float)
TREES: st.SearchStrategy[Any] = st.recursive(
    VALUES, lambda below: st.tuples(st.integers(0, COLUMNS - 1), VALUES, below, below).map(list), max_leaves=MOST_LEAVES
)


def walked(tree: Any, row: list[float]) -> float:
    while isinstance(tree, list):
        column, threshold, below, above = tree
        tree = below if row[column] <= threshold else above
    return float(tree)


@given(st.lists(TREES, min_size=1, max_size=6), st.lists(VALUES, min_size=COLUMNS, max_size=COLUMNS))
def test_the_forest_ends_up_where_its_trees_do(trees: list[Any], row: list[float]) -> None:
    odds = sum(walked(tree, row) for tree in trees)
    assert Forest(trees).probability(row) == pytest.approx(1 / (1 + math.exp(-odds)))


def test_a_value_up_to_the_threshold_goes_below() -> None:
    tree: Any = [1, 0.5, [0, 2.0, -3.0, 1.0], 3.0]
    rows = {-3.0: [2.0, 0.5], 1.0: [2.1, 0.0], 3.0: [0.0, 0.6]}
    for odds, row in rows.items():
        assert Forest([tree, tree]).probability(row) == pytest.approx(1 / (1 + math.exp(-2 * odds)))


def test_a_forest_goes_to_another_process() -> None:
    forest = Forest([[0, 1.5, -1.0, 2.0]])
    assert pickle.loads(pickle.dumps(forest)).probability([1.0]) == forest.probability([1.0])


def test_what_lightgbm_grew_is_written_as_the_model_has_it() -> None:
    leaf = {"leaf_value": 0.1234567}
    node = {"split_feature": 2, "threshold": 1.5, "left_child": leaf, "right_child": {"leaf_value": -1.0}}
    assert grown(node) == [2, 1.5, 0.12346, -1.0]
    assert grown(node, 0.5) == [2, 1.5, 0.06173, -0.5]


def test_a_tree_with_too_many_leaves_is_refused() -> None:
    tree: Any = 0.0
    for _ in range(MOST_LEAVES):
        tree = [0, 1.0, 0.0, tree]
    with pytest.raises(ValueError, match="leaves"):
        Forest([tree])
