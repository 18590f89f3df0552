"""A device says, signed, that it wiped itself: devices.record_wipe."""

from typing import Any

import pytest

from backend.devices.models import DeviceSecret
from backend.ids import new_id
from tests.devices.cast import Signer
from tests.practice import Practice
from tests.tablets import Tablet

WIPE = "devices.record_wipe"


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 3")


def share_of(practice: Practice, tablet: Tablet) -> str:
    with practice.database.read() as session:
        secret = session.get(DeviceSecret, tablet.device_id)
        assert secret is not None
        return secret.share


def test_the_receipt_is_evidence_and_the_token_is_nobodys(practice: Practice, tablet: Tablet) -> None:
    practice.act("maria", "devices.mark_lost", {"device_id": tablet.device_id})
    signer, share = Signer(practice, tablet), share_of(practice, tablet)
    receipt = signer.receipt()
    assert signer.send(receipt).json() == {"wiped": tablet.device_id}
    row = practice.row("device", tablet.device_id)
    assert row is not None
    assert row["wiped_at"] == "2026-11-23T13:30:00.000Z"
    assert tablet.send().json() == {"error": "unknown_device"}
    assert share_of(practice, tablet) != share, "a copy of the profile must not be opened any more"
    record = practice.browser("maria").get(f"/devices/{tablet.device_id}").text
    for shown in (receipt["signature"], signer.public, f"wiped\n{tablet.device_id}\n{tablet.replica_id}\n"):
        assert shown in record
    [entry] = practice.entries(WIPE)
    assert entry.outcome == "applied"


def test_its_answer_was_lost_so_it_says_so_again(practice: Practice, tablet: Tablet) -> None:
    practice.act("maria", "devices.retire", {"device_id": tablet.device_id})
    signer = Signer(practice, tablet)
    assert [signer.send(signer.receipt()).status_code for _ in range(2)] == [200, 200]
    assert [entry.outcome for entry in practice.entries(WIPE)] == ["applied", "noop"]


@pytest.mark.parametrize(
    "changes",
    [
        {"entries_left": 0},
        {"at": "2026-11-22T00:00:00.000Z"},
        {"replica_id": "00000000-0000-7000-8000-0000000000ff"},
        {"device_id": "00000000-0000-7000-8000-0000000000ff"},
        {"signature": ""},
        {"signature": "!"},
        {"signature": "AAAA"},
        {"signature": "A" * 86},
    ],
)
def test_a_receipt_that_its_key_did_not_sign_changes_nothing(
    practice: Practice, tablet: Tablet, changes: dict[str, Any]
) -> None:
    practice.act("maria", "devices.mark_lost", {"device_id": tablet.device_id})
    signer = Signer(practice, tablet)
    answer = signer.send(signer.receipt(**changes))
    assert (answer.status_code, answer.json()["error"]) == (403, "not_signed")
    assert practice.entries(WIPE) == []
    assert practice.row("device", tablet.device_id)["wiped_at"] is None  # type: ignore[index]
    assert tablet.send().json()["error"] == "revoked", "its token still says who it is"


def test_another_devices_key_or_none_signs_for_nobody_else(practice: Practice, tablet: Tablet) -> None:
    other = practice.tablet("Tablet 4")
    signed_by_other = Signer(practice, other).receipt(device_id=tablet.device_id)
    signer = Signer(practice, tablet)
    assert signer.send(signed_by_other).status_code == 403
    with practice.database.write() as session:
        secret = session.get(DeviceSecret, tablet.device_id)
        assert secret is not None
        secret.identity_key = None
    assert signer.send(signer.receipt()).status_code == 403


@pytest.mark.parametrize(
    "broken", [{"entries_left": -1}, {"entries_left": "2"}, {"device_id": 7}, {"at": "x" * 41}, {"signature": None}]
)
def test_what_is_no_receipt_is_turned_away(practice: Practice, tablet: Tablet, broken: dict[str, Any]) -> None:
    signer = Signer(practice, tablet)
    answer = signer.send({**signer.receipt(), **broken})
    assert (answer.status_code, answer.json()["error"]) == (409, "malformed")
    assert signer.send(signer.receipt(), **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert practice.entries(WIPE) == []


def test_a_tablet_that_had_wiped_itself_before_it_was_brought_back_is_retired_and_looked_at(
    practice: Practice, tablet: Tablet
) -> None:
    practice.act("maria", "devices.mark_lost", {"device_id": tablet.device_id})
    practice.act("maria", "devices.bring_back", {"device_id": tablet.device_id})
    signer = Signer(practice, tablet)
    assert signer.send(signer.receipt()).status_code == 200
    [entry] = practice.entries(WIPE)
    assert (entry.outcome, entry.code) == ("flagged", "wiped_in_use")
    assert practice.row("device", tablet.device_id)["state"] == "retired"  # type: ignore[index]


def test_no_person_can_say_it_for_a_device(practice: Practice, tablet: Tablet) -> None:
    signer = Signer(practice, tablet)
    fields = {**signer.receipt(), "identity_key": signer.public}
    said = practice.act("maria", WIPE, fields)
    assert (said.outcome, said.code) == ("held", "not_allowed")
    gone = practice.giver()
    with pytest.raises(RuntimeError, match="no such device"):
        gone.give(type_of(practice), **{**fields, "device_id": new_id()})
    assert practice.row("device", tablet.device_id)["wiped_at"] is None  # type: ignore[index]


def type_of(practice: Practice) -> Any:
    return practice.office.performer.kinds[WIPE, 1]
