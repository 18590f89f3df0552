"""A device that nobody hears of, or that keeps its work, is shown to a manager: devices.note_silence."""

from tests.practice import Practice

NOTE = "devices.note_silence"


def noted(practice: Practice, device_id: str) -> tuple[bool, bool]:
    row = practice.row("device", device_id)
    assert row["in_trouble"] == (row["silent_since"] is not None or row["holding_since"] is not None)
    return row["silent_since"] is not None, row["holding_since"] is not None


def test_a_tablet_that_is_not_heard_of_for_a_working_day_is_silent_until_it_is_back(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.sync()
    heard = practice.clock.now()
    practice.later(hours=23)
    assert noted(practice, tablet.device_id) == (False, False)
    practice.later(hours=2)
    assert noted(practice, tablet.device_id) == (True, False)
    assert practice.row("device", tablet.device_id)["silent_since"] == f"{heard:%Y-%m-%dT%H:%M:%S}.000Z"
    practice.later(hours=1)
    assert len(practice.entries(NOTE)) == 1, "what is so already is not noted again"
    tablet.sync()
    practice.later(minutes=10)
    assert noted(practice, tablet.device_id) == (False, False)


def test_a_closed_weekend_is_no_silence(practice: Practice) -> None:
    practice.clock.forward(days=4, hours=8)  # Friday afternoon
    tablet = practice.tablet("Tablet 1")
    tablet.sync()
    practice.later(days=2, hours=16)  # Monday morning
    assert noted(practice, tablet.device_id) == (False, False)
    practice.later(hours=12)
    assert noted(practice, tablet.device_id) == (True, False)


def test_a_tablet_that_keeps_its_work_for_hours_is_noted_though_it_is_heard_of(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    stands = {"waiting": 2, "oldest_at": "2026-11-23T13:30:00.000Z", "files": 0, "sheets": 4, "rows": 9}
    practice.later(hours=3)
    tablet.sync(standing=stands)
    practice.later(minutes=30)
    assert noted(practice, tablet.device_id) == (False, False)
    practice.later(hours=1)
    assert noted(practice, tablet.device_id) == (False, True)


def test_a_retired_tablet_may_be_silent_and_nobody_says_so_by_hand(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.act("maria", "devices.retire", {"device_id": tablet.device_id})
    practice.later(days=3)
    assert noted(practice, tablet.device_id) == (False, False)
    assert practice.act("maria", NOTE, {"device_id": tablet.device_id}).code == "not_allowed"


def test_what_came_along_with_the_request_that_names_it_waits_no_longer(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    stands = {"waiting": 1, "oldest_at": "2026-11-23T13:30:00.000Z", "files": 0, "sheets": 4, "rows": 9}
    practice.later(hours=3)
    tablet.sync([tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})], standing=stands)
    practice.later(hours=5)
    assert noted(practice, tablet.device_id) == (False, False)
