"""Random mornings of two or three devices, with everything that can go wrong between them and the office."""

import os
import time
from collections import Counter

from tests.simulation.history import ACTS, TOLD
from tests.simulation.playing import play_all, play_one, report
from tests.simulation.world import FAULTS, HAPPENINGS

HISTORIES = 3_000
# What must have happened in such a run, or it would prove little.
NEEDED = (*FAULTS, *HAPPENINGS, *(name for name in TOLD if name not in ("mismatches", "said_gap")))


def test_nothing_is_lost_doubled_or_hidden_whatever_goes_wrong() -> None:
    began = time.monotonic()
    results = list(play_all(range(1, HISTORIES + 1), jobs=os.cpu_count() or 1))
    print(told := report(results, time.monotonic() - began))
    assert not any(result.violations for result in results), told
    faults: Counter[str] = sum((result.faults for result in results), Counter())
    assert [fault for fault in NEEDED if not faults[fault]] == [], told
    commands: Counter[str] = sum((result.commands for result in results), Counter())
    assert len(commands) > len(ACTS) // 2, told


def test_a_seed_replays_the_same_history() -> None:
    first, second = play_one(7), play_one(7)
    assert first == second
    assert first.trace


def test_a_device_is_held_against_the_answer_that_it_applied() -> None:
    """Desk's request arrives twice, and before its second answer somebody commits; the first comes late, if at all."""
    assert play_one(99_681).violations == []


def test_whoever_sees_a_walk_in_on_another_day_may_do_other_things() -> None:
    """An estimated time falls on the day before with one clock: Maria then does not undo what she does not see."""
    assert play_one(118_452).violations == []
