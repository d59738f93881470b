"""Fitting the models: logistic regression over hashed features, boosted trees over context."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from cleannews.forest import Forest, Tree
from cleannews.strip.linear import SCALE, SLOTS, Linear, stored

Floats = NDArray[np.float64]

PENALTY = 4.0
"""L2 penalty of the linear models."""

STEPS = 80
"""Steps of L-BFGS. More change nothing that is measured."""

TREES = 64
"""Number of trees."""

TREE_PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.12,
    "num_leaves": 10,
    "min_data_in_leaf": 60,
    "lambda_l2": 20.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
"""Small trees with strong shrinkage: there are few publishers, and a leaf must hold more than one of them."""


def matrix_of(slots: Sequence[Collection[int]], size: int = SLOTS) -> csr_matrix:
    """Return rows of hashed features as a sparse matrix of ones with `size` columns."""
    starts = np.cumsum([0, *map(len, slots)])
    columns = np.fromiter((slot for row in slots for slot in sorted(row)), dtype=np.int32, count=int(starts[-1]))
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(slots), size))


def folded(rows: csr_matrix, size: int) -> csr_matrix:
    """Return the same rows in a table of fewer columns, where those that are the same modulo `size` add up."""
    smaller = csr_matrix((rows.data.copy(), rows.indices % size, rows.indptr.copy()), shape=(rows.shape[0], size))
    smaller.sum_duplicates()
    return smaller


def fit_linear(rows: csr_matrix, target: NDArray[np.bool_], weight: Floats) -> Linear:
    """Return the linear model that tells `target`, given what a mistake on each row costs."""
    size = rows.shape[1]
    used = weight > 0
    rows, y, cost = rows[used], target[used].astype(float), weight[used]
    columns = np.unique(rows.indices)
    rows = rows[:, columns].astype(float)
    turned = rows.T.tocsr()

    def loss(x: Floats) -> tuple[float, Floats]:
        z = rows @ x[:-1] + x[-1]
        error = (1 / (1 + np.exp(-z)) - y) * cost
        value = (cost * np.logaddexp(0, np.where(y == 1, -z, z))).sum() + PENALTY / 2 * (x[:-1] @ x[:-1])
        return float(value), np.append(turned @ error + PENALTY * x[:-1], error.sum())

    found = minimize(loss, np.zeros(len(columns) + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    weights = np.zeros(size)
    weights[columns] = found.x[:-1]
    return Linear(stored(weights.tolist()), round(float(found.x[-1]) * SCALE))


def odds_of(rows: csr_matrix, linear: Linear) -> Floats:
    """Return the log odds of all rows under a linear model, as the program computes them."""
    sums: Floats = rows @ np.asarray(linear.weights, dtype=np.float64)
    return (sums + linear.bias) / SCALE


def fit_trees(rows: Floats, target: NDArray[np.bool_], weight: Floats, monotone: Sequence[int]) -> Forest:
    """Return boosted trees that tell `target`.

    Args:
        rows: one row of features for each case.
        target: what to tell.
        weight: what a mistake on each costs.
        monotone: for every feature 1 if more of it never makes `target` less likely, else 0.
    """
    used = weight > 0
    data = lightgbm.Dataset(rows[used], target[used].astype(int), weight=weight[used])
    booster = lightgbm.train({**TREE_PARAMETERS, "monotone_constraints": list(monotone)}, data, TREES)
    return Forest([_tree(info["tree_structure"]) for info in booster.dump_model()["tree_info"]])


def _tree(node: dict[str, Any]) -> Tree:
    """Return a tree of LightGBM's as a model's file has it."""
    if "leaf_value" in node:
        return round(float(node["leaf_value"]), 5)
    return [node["split_feature"], node["threshold"], _tree(node["left_child"]), _tree(node["right_child"])]
