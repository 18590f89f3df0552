"""What a tablet noted of who looked at whom comes with its sync, also while it is locked, and once however often."""

from typing import Any

import msgspec
import pytest

from backend.ids import new_id
from tests.practice import Practice
from tests.privacy.looks import looks
from tests.tablets import Tablet, base64url, envelope


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 1")


def look(tablet: Tablet, **changes: Any) -> dict[str, str]:
    """As the device seals it."""
    practice = tablet.practice
    said = {"id": new_id(), "kind": "read", "actor": tablet.actor, "subject": practice.patients["alma"]}
    said |= {"page": "checkin.visit", "code": "", "made": tablet.reading(), **changes}
    sealed = envelope(practice.office.keyring, "access", msgspec.json.encode(said))
    return {"id": said["id"], "sealed": base64url(sealed)}


def test_a_look_on_a_tablet_is_in_the_log_of_the_office_once(practice: Practice, tablet: Tablet) -> None:
    entry = look(tablet)
    practice.clock.forward(minutes=20)
    for _ in range(2):
        assert tablet.send(access=[entry]).json()["access_taken"] == [entry["id"]]
    [noted] = looks(practice, source="device")
    assert (noted.actor_id, noted.subject, noted.page) == (tablet.actor, practice.patients["alma"], "checkin.visit")
    assert (noted.device_id, noted.at_about) == (tablet.device_id, False)
    assert (noted.received_at - noted.at).total_seconds() == 1200


def test_a_locked_or_retired_tablet_hands_its_log_in_too(practice: Practice, tablet: Tablet) -> None:
    first, second = look(tablet), look(tablet, kind="lock", subject=None)
    locked = tablet.send(access=[first], actor=None, proof=None, epoch=None, sheets={})
    assert locked.json()["access_taken"] == [first["id"]]
    practice.act("maria", "devices.retire", {"device_id": tablet.device_id})
    retired = tablet.send(access=[second])
    assert (retired.status_code, retired.json()["access_taken"]) == (401, [second["id"]])
    assert [noted.kind for noted in looks(practice, source="device")] == ["read", "lock"]


def test_what_is_no_entry_of_ours_blocks_nothing(practice: Practice, tablet: Tablet) -> None:
    odd = [7, None, {"id": "x"}, {"id": new_id(), "sealed": "!"}, look(tablet, kind="sign_in"), look(tablet)]
    told = tablet.send(access=odd).json()
    assert len(told["access_taken"]) == 3
    assert [noted.kind for noted in looks(practice, source="device")] == ["unreadable", "unreadable", "read"]
