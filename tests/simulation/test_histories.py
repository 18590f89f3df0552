"""Random mornings of two or three tablets, with everything that can go wrong between them and the office."""

import time
from collections import Counter

from tests.simulation.playing import play_all, play_one, report

HISTORIES = 300
# What must have happened in such a run, or it would prove little.
NEEDED = (
    "request_lost", "answer_lost", "duplicate", "late_request", "late_answer", "answers_dropped", "portal", "busy",
    "down_before_commit", "down_after_commit", "interleaved", "crash_before_append", "crash_after_append",
    "crash_before_apply", "crash_after_apply", "boot", "clock_set", "double_tap", "cut_answers", "cloned", "restored",
    "handler_bug", "retried", "a_month_away", "said_new_replica", "said_epoch", "said_busy",
)  # fmt: skip


def test_nothing_is_lost_doubled_or_hidden_whatever_goes_wrong() -> None:
    began = time.monotonic()
    results = list(play_all(range(1, HISTORIES + 1), jobs=2))
    print(told := report(results, time.monotonic() - began))
    assert not any(result.violations for result in results), told
    faults: Counter[str] = sum((result.faults for result in results), Counter())
    assert [fault for fault in NEEDED if not faults[fault]] == [], told


def test_a_seed_replays_the_same_history() -> None:
    first, second = play_one(7), play_one(7)
    assert first == second
    assert first.trace
