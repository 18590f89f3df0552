"""Mornings of the real worker and the real server, with everything that can go wrong between them and within each."""

import time
from collections import Counter
from typing import Any

from tests.product.playing import Player, report

HISTORIES = 300
# What must have happened in such a run beside every fault, or it would prove little.
NEEDED = ("two_workers", "copied", "put_back", "wiped", "restored", "sent_away", "not_saved", "sync 409")


def test_the_worker_and_the_server_lose_double_and_hide_nothing_whatever_goes_wrong(player: Player) -> None:
    began = time.monotonic()
    told = [player.ask("play", seed=seed) for seed in range(1, HISTORIES + 1)]
    print(said := report(told, time.monotonic() - began))
    assert not any(one["violations"] for one in told), said
    faults: Counter[str] = sum((Counter(one["faults"]) for one in told), Counter())
    assert [fault for fault in (*player.ask("faults"), *NEEDED) if not faults[fault]] == [], said


def test_a_seed_replays_the_same_history_of_worker_and_server(player: Player) -> None:
    first: Any = player.ask("play", seed=7)
    assert first["trace"]
    assert first == player.ask("play", seed=7)


# A change of the program moves what a seed plays; then a few more may be needed until the seed is recorded anew.
FURTHER = 20


def test_every_bug_planted_in_the_worker_is_caught(player: Player) -> None:
    bugs: dict[str, int] = player.ask("bugs")
    caught = {name: catching_seed(player, name, recorded) for name, recorded in bugs.items()}
    print("\n".join(f"{name}: seed {seed}" for name, seed in caught.items()))
    assert len(bugs) >= 8
    assert [name for name, seed in caught.items() if seed is None] == []


def catching_seed(player: Player, name: str, recorded: int) -> int | None:
    """The first seed whose history shows that something is wrong."""
    seeds = [recorded, *range(1, FURTHER)]
    return next((seed for seed in seeds if player.ask("play", seed=seed, bug=name)["violations"]), None)
