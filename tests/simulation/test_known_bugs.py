"""A simulation that finds nothing proves nothing: every bug that is planted here must be caught soon."""

import pytest

from tests.simulation.bugs import BUGS, planted
from tests.simulation.playing import play_one

# A change of the program moves what a seed plays; then a few more may be needed until the seed is recorded anew.
FURTHER = 30


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name: str) -> None:
    with planted(name):
        caught = next((seed for seed in [BUGS[name].seed, *range(1, FURTHER)] if play_one(seed).violations), None)
    assert caught is not None, f"{name} was not caught"
    if caught != BUGS[name].seed:
        print(f"{name} is caught by seed {caught} now")
