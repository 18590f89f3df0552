"""The receiving rule: what a device hands in counts once, in its order, whatever the network does."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.practice import Practice
from tests.tablets import Tablet

ARRIVAL, CLOSE = "checkin.record_arrival", "sync.close_case"


def arrival(tablet: Tablet, who: str = "alma", **more: Any) -> dict[str, Any]:
    return {**tablet.command(ARRIVAL, {"visit_id": tablet.practice.visits[who]}), **more}


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 1")


def test_a_known_entry_gets_its_outcome_again(practice: Practice, tablet: Tablet) -> None:
    entry = arrival(tablet)
    first, second = tablet.sync([entry]), tablet.sync([entry])
    assert (first["acked_n"], second["acked_n"]) == (1, 1)
    assert len(practice.entries(ARRIVAL)) == 1


def test_a_number_too_high_is_answered_with_the_one_that_is_due(tablet: Tablet) -> None:
    lost, next_one = arrival(tablet), arrival(tablet, "bruno")
    answer = tablet.send([next_one])
    assert (answer.status_code, answer.json()) == (409, {"error": "gap", "expect": 1})
    tablet.sync([lost, next_one])
    assert tablet.receipt(next_one)["outcome"] == "applied"


def test_a_gap_in_the_middle_keeps_what_came_before_it(practice: Practice, tablet: Tablet) -> None:
    first, _, third = arrival(tablet), arrival(tablet, "bruno"), arrival(tablet, "chiara")
    answer = tablet.send([first, third])
    assert (answer.status_code, answer.json()["expect"]) == (409, 2)
    assert practice.entry(first["command_id"]).outcome == "applied"
    assert practice.entry(third["command_id"]) is None


def test_an_old_number_with_an_unknown_entry_is_a_clone(practice: Practice, tablet: Tablet) -> None:
    tablet.sync([arrival(tablet)])
    other = arrival(tablet, "bruno", n=1)
    answer = tablet.send([other])
    assert (answer.status_code, answer.json()) == (409, {"error": "new_replica"})
    assert practice.entry(other["command_id"]) is None


def test_a_clone_that_numbered_anew_hands_in_what_is_known_and_what_is_not(practice: Practice, tablet: Tablet) -> None:
    known = arrival(tablet)
    tablet.sync([known])
    tablet.replica_id, tablet.cursors, tablet.sheets = new_id(), {}, {}
    fresh = arrival(tablet, "bruno", n=2)
    tablet.sync([{**known, "n": 1}, fresh])
    assert [tablet.receipt(entry)["outcome"] for entry in (known, fresh)] == ["applied", "applied"]
    assert len(practice.entries(ARRIVAL)) == 2


def test_another_devices_replica_is_not_ones_own(practice: Practice, tablet: Tablet) -> None:
    tablet.sync([arrival(tablet)])
    other = practice.tablet("Tablet 2")
    answer = other.send([], replica_id=tablet.replica_id)
    assert (answer.status_code, answer.json()) == (409, {"error": "new_replica"})


def test_the_same_number_with_other_content_raises_an_alarm(practice: Practice, tablet: Tablet) -> None:
    entry = arrival(tablet)
    tablet.sync([entry])
    changed = {**entry, "fields": {"visit_id": practice.visits["bruno"]}}
    tablet.sync([changed])
    assert practice.row("visit", practice.visits["bruno"])["status"] == "booked"  # type: ignore[index]
    assert tablet.receipt(entry)["outcome"] == "applied", "the first one stands"
    case = practice.row("case", entry["command_id"])
    assert case is not None
    assert (case["code"], case["say"][:31]) == ("alarm", "Two different entries came with")
    assert practice.sheets_with("case", entry["command_id"]) >= {"attention/main"}


def test_after_a_restore_the_epoch_is_told_before_any_gap(tablet: Tablet) -> None:
    answer = tablet.send([arrival(tablet, n=7)], epoch="another")
    assert (answer.status_code, answer.json()) == (409, {"error": "epoch", "epoch": tablet.epoch})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"command": "checkin.levitate"}, "unknown_command"),
        ({"v": 9}, "unknown_command"),
        ({"fields": {}}, "unreadable"),
        ({"fields": {"visit_id": {"deep": [1, None]}}}, "unreadable"),
        ({"fields": {"visit_id": 10**40}}, "unreadable"),
        ({"fields": {"visit_id": "\x00"}}, "unreadable"),
        ({"actor": "00000000-0000-7000-8000-00000000abcd"}, "not_unlocked"),
        ({"actor": "00000000-0000-7000-8000-000000000002"}, "not_unlocked"),
    ],
)
def test_what_cannot_be_done_is_held_and_the_batch_goes_on(
    practice: Practice, tablet: Tablet, changes: dict[str, Any], code: str
) -> None:
    odd, good = arrival(tablet, **changes), arrival(tablet, "bruno")
    told = tablet.sync([odd, good])
    assert told["acked_n"] == 2
    assert (tablet.receipt(odd)["outcome"], tablet.receipt(odd)["code"]) == ("held", code)
    assert tablet.receipt(odd)["say"]
    assert tablet.receipt(good)["outcome"] == "applied"
    assert "attention/main" in practice.sheets_with("case", odd["command_id"])


def test_somebody_who_never_unlocked_this_tablet_is_held_until_a_manager_decides(
    practice: Practice, tablet: Tablet
) -> None:
    entry = arrival(tablet, actor=practice.staff["ben"])
    tablet.sync([entry])
    assert tablet.receipt(entry)["code"] == "not_unlocked"
    tablet.sign_in("ben")
    tablet.unlock()
    later = arrival(tablet)
    tablet.sync([later])
    assert tablet.receipt(later)["outcome"] == "applied"


def test_a_request_after_one_that_was_held_is_held_and_a_fact_applies(practice: Practice, tablet: Tablet) -> None:
    held = arrival(tablet, v=9)
    request = tablet.command(CLOSE, {"case_id": new_id(), "reason": "x"}, after=[held["command_id"]])
    fact = arrival(tablet, "bruno", after=[held["command_id"]])
    tablet.sync([held, request, fact])
    assert (tablet.receipt(request)["outcome"], tablet.receipt(request)["code"]) == ("held", "after_held")
    assert tablet.receipt(fact)["outcome"] == "applied"


def test_an_expired_sign_in_does_not_keep_a_tablet_from_handing_in(practice: Practice, tablet: Tablet) -> None:
    practice.clock.forward(days=3)
    entry = arrival(tablet)
    tablet.cookies.pop("daysheet_session")
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"


def test_two_hundred_entries_are_a_batch_and_one_more_is_none(practice: Practice, tablet: Tablet) -> None:
    many = [arrival(tablet) for _ in range(201)]
    assert tablet.send(many).status_code == 400
    assert practice.entries(ARRIVAL) == []
    assert tablet.send(many[:200], packed=True).json()["acked_n"] == 200
    tablet.sync(many[200:])
    assert len(practice.entries(ARRIVAL)) == 201


def test_the_app_is_too_old_to_read_but_what_it_hands_in_counts(practice: Practice, tablet: Tablet) -> None:
    answer = tablet.send([arrival(tablet)], proto=2)
    assert (answer.status_code, answer.json()) == (426, {"error": "too_old", "acked_n": 1})
    assert len(practice.entries(ARRIVAL)) == 1
