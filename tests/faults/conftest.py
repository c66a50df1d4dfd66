"""Every test of faults has a desk of its own."""

from collections.abc import Iterator

import pytest

from tests.support.world import World, a_world


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made
