"""What the tests of the calculation language share."""

from __future__ import annotations

import pytest

from tests.lines.kit import Kit


@pytest.fixture
def kit() -> Kit:
    return Kit()
