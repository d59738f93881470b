"""Fitting the models: logistic regression over hashed features, boosted trees over context."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from cleannews.forest import Forest, grown
from cleannews.strip.linear import SCALE, SLOTS, Linear, stored

Floats = NDArray[np.float64]

PENALTY = 2.0
"""L2 penalty of a feature that one publisher alone has."""

SPREAD = 0.6
"""Power of the number of its publishers by which a feature's penalty grows: what all have is to decide little alone."""

LEFT_OUT = 0.2
"""Share of its features that every row goes without, so that none relies on a few of them (dropout; Wager, Wang and
Liang, "Dropout Training as Adaptive Regularization", NIPS 2013)."""

COPIES = 2
"""How often every row is trained on, each time without others of its features."""

SEED = 3
"""Which features are left out is drawn by it."""

STEPS = 80
"""Steps of L-BFGS. More change nothing that is measured."""

TREES = 96
"""Number of trees."""

TREE_PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 8,
    "min_data_in_leaf": 60,
    "lambda_l2": 20.0,
    "feature_fraction": 0.2,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
"""Small trees with strong shrinkage, each of which sees a fifth of the columns: there are few publishers, and a leaf
must hold more than one of them."""


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


def fit_linear(rows: csr_matrix, target: NDArray[np.bool_], weight: Floats, publishers: NDArray[np.str_]) -> Linear:
    """Return the linear model that tells `target`.

    Args:
        rows: the features of each case.
        target: what to tell.
        weight: what a mistake on each costs.
        publishers: whose each is.
    """
    size, used = rows.shape[1], weight > 0
    rows = rows[used]
    columns = np.unique(rows.indices)
    rows = rows[:, columns]
    penalty = PENALTY * _publishers_of(rows, publishers[used]) ** SPREAD
    draw = np.random.default_rng(SEED)
    thinned = vstack([_thinned(rows, draw) for _ in range(COPIES)], format="csr")
    found = _minimum(thinned, np.tile(target[used], COPIES), np.tile(weight[used], COPIES) / COPIES, penalty)
    weights = np.zeros(size)
    weights[columns] = found[:-1]
    return Linear(stored(weights.tolist()), round(float(found[-1]) * SCALE))


def _publishers_of(rows: csr_matrix, publishers: NDArray[np.str_]) -> Floats:
    """Return for each column how many publishers have it."""
    names, numbers = np.unique(publishers, return_inverse=True)
    ones = np.ones(len(numbers), dtype=np.float32)
    counts = csr_matrix((ones, (numbers, np.arange(len(numbers)))), shape=(len(names), len(numbers))) @ rows
    return np.bincount(counts.indices, minlength=rows.shape[1]).astype(float)


def _thinned(rows: csr_matrix, draw: np.random.Generator) -> csr_matrix:
    """Return rows without some of their features, the others so much larger that sums stay what they were."""
    thinned = rows.copy()
    thinned.data *= (draw.random(len(rows.data)) >= LEFT_OUT) / np.float32(1 - LEFT_OUT)
    thinned.eliminate_zeros()
    return thinned


def _minimum(rows: csr_matrix, target: NDArray[np.bool_], cost: Floats, penalty: Floats) -> Floats:
    """Return the weights and, last, the bias of the logistic regression."""
    turned = rows.T.tocsr()

    def loss(x: Floats) -> tuple[float, Floats]:
        z = rows @ x[:-1].astype(np.float32) + x[-1]
        error = (1 / (1 + np.exp(-z)) - target) * cost
        value = (cost * np.logaddexp(0, np.where(target, -z, z))).sum() + (penalty / 2 * x[:-1] ** 2).sum()
        slope = (turned @ error.astype(np.float32)).astype(float)
        return float(value), np.append(slope + penalty * x[:-1], error.sum())

    start = np.zeros(rows.shape[1] + 1)
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found


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
    return Forest([grown(info["tree_structure"]) for info in booster.dump_model()["tree_info"]])
