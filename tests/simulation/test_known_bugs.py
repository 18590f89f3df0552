"""A simulation that finds nothing proves nothing: every bug that is planted here must be caught soon."""

import pytest

from tests.simulation.bugs import BUGS, catch

# A change of the program moves what a seed plays; then a few more may be needed until the seed is recorded anew.
FURTHER = 60


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name: str) -> None:
    caught = catch(name, [BUGS[name].seed, *range(1, FURTHER)])
    assert caught is not None, f"{name} was not caught"
    if caught[0] != BUGS[name].seed:
        print(f"{name} is caught by seed {caught[0]} now")
