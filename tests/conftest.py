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
    parser.addoption("--gold", action="store_true", help="also check the invariants on every gold document")
    parser.addoption(
        "--gold-folder", type=Path, default=Path("../shared/gold"), help="where the gold documents are (%(default)s)"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gold: needs the gold documents; left out unless --gold is given")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--gold"):
        return
    left_out = [item for item in items if item.get_closest_marker("gold")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
