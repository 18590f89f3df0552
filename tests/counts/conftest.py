"""What the tests of counts are given."""

import pytest

from tests.counts.cast import Counting
from tests.practice import Practice


@pytest.fixture
def counting(practice: Practice) -> Counting:
    return Counting(practice)
