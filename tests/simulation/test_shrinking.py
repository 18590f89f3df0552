"""What a failing seed is worth: a history so small that a person reads it."""

from tests.simulation.bugs import BUGS, planted
from tests.simulation.playing import play_one, play_plan
from tests.simulation.shrinking import promise_of, shrink, told
from tests.simulation.world import Plan

NAME = "a balance is set instead of moved"


def test_a_planted_bug_is_shrunk_to_the_one_thing_that_shows_it() -> None:
    seed = BUGS[NAME].seed
    with planted(NAME):
        first = play_one(seed)
        smallest = shrink(Plan(seed), play_plan, most=120)
        again = play_plan(smallest.plan)
    assert promise_of(smallest.violations[0]) == promise_of(first.violations[0]) == "I10"
    assert len(smallest.acts) < len(first.acts)
    assert len(smallest.acts) <= 3
    assert len(smallest.times) <= 1
    assert again == smallest
    assert "inventory." in told(smallest)
    assert "I10 is broken" in told(smallest)
