"""Days of the tablets that issue 5 tells of: what the office knows of them, and what became of each entry."""

import sqlite3
from contextlib import closing
from datetime import datetime
from typing import Any

from tests.product.playing import Player


def rows(player: Player, query: str, *given: str) -> list[Any]:
    """What the office's database of the journey just played says."""
    with closing(sqlite3.connect(player.folder / "history.sqlite3")) as connection:
        return connection.execute(query, given).fetchall()


def test_three_tablets_offline_for_half_a_day_lose_nothing_on_a_bad_network(player: Player) -> None:
    told = player.ask("journey", name="halfADay")
    print(f"half a day: {told['commands']} entries, outcomes {told['outcomes']}, faults {told['faults']}")
    assert told["violations"] == []
    assert told["waiting"] == [200, 200, 200]
    assert told["commands"] == sum(told["outcomes"].values()) == 660
    assert all(told["faults"][fault] for fault in ("request_lost", "duplicate", "stale_answer"))
    # Every one of them is there once, and what a person must look at is before one.
    open_cases = rows(player, "SELECT count(*) FROM open_case")[0][0]
    assert open_cases == sum(told["outcomes"].get(name, 0) for name in ("flagged", "held", "refused"))


def test_a_tablet_that_was_away_for_ninety_days_has_everything_decided(player: Player) -> None:
    told = player.ask("journey", name="ninetyDays")
    assert told["violations"] == []
    assert told["commands"] == sum(told["outcomes"].values()) == 60
    # What was handed in in a version that this office does not know is kept for a person, and does nothing by itself.
    held = rows(player, "SELECT outcome, code, count(*) FROM journal WHERE v = 7 GROUP BY 1, 2")
    assert held == [("held", "unknown_command", 10)]


def test_a_profile_copied_to_another_tablet_is_found_out_and_both_go_on(player: Player) -> None:
    told = player.ask("journey", name="aCopy")
    assert told["violations"] == []
    assert told["faults"]["sync 409"] >= 1
    one, other = told["replicas"]
    assert one != other
    # Five that both held, and ten from each: none of them twice.
    assert told["commands"] == sum(told["outcomes"].values()) == 25
    handed_in = dict(rows(player, "SELECT replica_id, count(*) FROM journal WHERE device_id IS NOT NULL GROUP BY 1"))
    assert sum(handed_in.values()) == 25
    assert {one, other} <= handed_in.keys()


def test_a_clock_three_hours_fast_across_midnight_changes_neither_order_nor_day(player: Player) -> None:
    told = player.ask("journey", name="acrossMidnight")
    assert told["violations"] == []
    ids = told["told"]
    query = (
        "SELECT visit_event.command_id, happened_at, happened_about, visit.day FROM visit_event "
        "JOIN visit ON visit.id = visit_id"
    )
    seen = {row[0]: row[1:] for row in rows(player, query)}
    order = [row[0] for row in rows(player, "SELECT command_id FROM journal ORDER BY seq") if row[0] in ids.values()]
    # Order is that of arrival at the office: Ben's came first, whatever Ana's tablet believes.
    assert order == [ids[name] for name in ("right", "restarted", "same", "second")]
    at, about, day = seen[ids["same"]]
    assert (minutes_past(at), about, day) == (50, 0, "2026-11-23")
    at, about, day = seen[ids["restarted"]]
    # Its worker was stopped meanwhile: its wall clock less its error, and said to be about right.
    assert (minutes_past(at), about, day) == (40, 1, "2026-11-23")
    assert minutes_past(seen[ids["right"]][0]) == 45


def test_cancelled_at_the_desk_and_here_on_a_tablet_both_are_kept_in_either_order(player: Player) -> None:
    told = player.ask("journey", name="cancelledButHere")
    assert told["violations"] == []
    ids = told["told"]
    decided = {
        id: (outcome, code) for id, outcome, code in rows(player, "SELECT command_id, outcome, code FROM journal")
    }
    assert {name: decided[id] for name, id in ids.items()} == {
        "free": ("flagged", "came_anyway"),
        "gone": ("flagged", "slot_given_away"),
        "late": ("flagged", "cancelled_but_here"),
        "given": ("applied", "applied"),
    }
    standing = dict(rows(player, "SELECT id, status FROM visit"))
    assert [standing[id] for id in told["visits"]] == ["arrived"] * 3
    # Both have the time of the second visit, and nothing but these three cards waits for a person.
    assert len(rows(player, "SELECT id FROM visit WHERE given_to IS NOT NULL")) == 1
    assert sorted(row[0] for row in rows(player, "SELECT command_id FROM open_case")) == sorted(
        ids[name] for name in ("free", "gone", "late")
    )


def minutes_past(text: str) -> int:
    """Of the hour before midnight in New York, to the nearest minute."""
    moment = datetime.fromisoformat(text)
    assert (moment.day, moment.hour) == (24, 4)
    return round(moment.minute + moment.second / 60)


def test_a_walk_in_registered_on_two_tablets_is_asked_about_once_and_merged_by_one_tap(player: Player) -> None:
    told = player.ask("journey", name="registeredTwice")
    assert told["violations"] == []
    ids = told["told"]
    asked = rows(player, "SELECT outcome, code FROM journal WHERE command_id = ?", ids["norah"])
    assert asked == [("flagged", "possible_duplicate")]
    merges = rows(player, "SELECT outcome, caused_by FROM journal WHERE command = 'patients.merge'")
    assert merges == [("applied", ids["chosen"])]
    assert rows(player, "SELECT count(*) FROM open_case WHERE closed_at IS NULL") == [(0,)]
    # Both were there, and each visit stays as it was entered, under the one who stands for both.
    named = "SELECT id FROM patient WHERE family = 'O’Hara' AND given LIKE 'Nora%'"
    query = f"SELECT count(*) FROM visit WHERE patient_id IN ({named})"
    assert rows(player, query) == [(2,)]
    assert rows(player, "SELECT count(*) FROM patient WHERE merged_into IS NOT NULL") == [(1,)]
