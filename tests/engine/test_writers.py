"""Nothing is missed, doubled or out of order, whoever writes at once and whatever dies meanwhile."""

from pathlib import Path

from tests.engine.playing import play

COMMANDS, WRITERS = 10_000, 16


def test_pollers_miss_nothing_of_sixteen_tablets_while_connections_and_a_node_die(empty: str, tmp_path: Path) -> None:
    played = play(empty, tmp_path, COMMANDS, WRITERS, seed=1)
    assert played.wrong == [], played.report()
    assert (played.killed, played.transactions) == (1, COMMANDS)
    assert played.terminated > 0
    assert all(poller["pulls"] > 10 for poller in played.polled), played.report()
