"""What the tests of the supply room are given."""

import pytest

from tests.inventory.cast import Supplies
from tests.practice import Practice


@pytest.fixture
def supplies(practice: Practice) -> Supplies:
    return Supplies(practice)
