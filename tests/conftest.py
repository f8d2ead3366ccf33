"""What holds for every test: floating-point faults are errors, property tests draw the same examples every time, and
coverage is measured in the first cases of a test alone."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile("ci")  # by hand too; a search for new examples: pytest --hypothesis-profile=search

MEASURED = 3
"""Cases of a test in which coverage is measured."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is measured in the first cases of each test, and in no property test: to watch every line doubles the
    time of tests, and the others mostly go the same ways. Long tests that do so too are marked `no_cover` one by one.
    So the coverage told is the least that there is."""
    cases: Counter[str] = Counter()
    for item in items:
        test = item.nodeid.partition("[")[0]
        cases[test] += 1
        if cases[test] > MEASURED or getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(autouse=True)
def floating_point_faults_are_errors() -> Iterator[None]:
    """A division by zero, an overflow or an invalid operation fails the test. New threads start without this."""
    with np.errstate(all="raise"):
        yield


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top folder of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator of random numbers, the same in every run."""
    return np.random.default_rng(20270401)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without LibreOffice its tests are skipped, but in CI they fail: a check that did not run has not passed."""
    if item.get_closest_marker("libreoffice") is None or shutil.which("soffice") is not None:
        return
    if os.environ.get("CI"):
        pytest.fail("LibreOffice (soffice) is missing, and in CI this test must run.", pytrace=False)
    pytest.skip("LibreOffice (soffice) is not installed.")
