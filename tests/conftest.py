"""Hypothesis profiles, and the options for what an ordinary run leaves out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("default"), max_examples=3_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--large", action="store_true", help="use inputs of 50 MB where 2 MB serve otherwise")
    parser.addoption(
        "--gold",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="also check the invariants on every document of this file of JSON lines; repeatable",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "gold_file" in metafunc.fixturenames:
        metafunc.parametrize("gold_file", metafunc.config.getoption("--gold"), ids=lambda path: path.name)
