"""Only who signed it on that device has done it; what is sealed to the office is handed in by a locked tablet too."""

import os
from typing import Any

import msgspec
import pytest

from backend.keyring import Keyring
from tests.practice import Practice
from tests.tablets import Signer, Tablet, base64url, envelope

ARRIVAL = "checkin.record_arrival"
HELD = {
    "nothing": "not_signed",
    "noise": "not_signed",
    "another text": "not_signed",
    "a colleague": "not_signed",
    "a key of another device": "not_signed",
}


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 1")


def arrival(tablet: Tablet, **more: Any) -> dict[str, Any]:
    return tablet.command(ARRIVAL, {"visit_id": tablet.practice.visits["alma"]}, **more)


def sealed(ring: Keyring, entry: dict[str, Any], n: int, kind: str = "command") -> dict[str, Any]:
    """As a device seals what it signed."""
    plain = msgspec.json.encode({"said": entry["said"], "sig": entry["sig"]})
    return {"n": n, "sealed": base64url(envelope(ring, kind, plain))}


@pytest.mark.parametrize("how", HELD)
def test_what_is_not_signed_by_its_author_on_this_device_is_held(practice: Practice, tablet: Tablet, how: str) -> None:
    other = practice.tablet("Tablet 2")
    command = arrival(tablet)
    entry = tablet.signer.entry(command)
    text = b"daysheet command\n" + entry["said"].encode()
    tablet.sign_in("ben")
    tablet.unlock()
    forged = {
        "nothing": "",
        "noise": base64url(os.urandom(64)),
        "another text": tablet.signers[command["actor"]].sign(text + b" "),
        "a colleague": tablet.signer.sign(text),
        "a key of another device": other.signer.sign(text),
    }
    tablet.send([{**entry, "sig": forged[how]}])
    kept = practice.entry(command["command_id"])
    assert (kept.outcome, kept.code) == ("held", HELD[how])
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
    assert "attention/main" in practice.sheets_with("case", command["command_id"])


def test_somebody_who_never_unlocked_this_device_has_done_nothing_on_it(practice: Practice, tablet: Tablet) -> None:
    command = arrival(tablet, actor=practice.staff["maria"])
    tablet.send([Signer().entry(command)])
    assert practice.entry(command["command_id"]).code == "not_unlocked"


def test_what_was_signed_with_an_older_key_still_counts(practice: Practice, tablet: Tablet) -> None:
    old = tablet.signer.entry(command := arrival(tablet))
    tablet.signers.clear()
    tablet.unlock()
    tablet.sync([old])
    assert tablet.receipt(command)["outcome"] == "applied"


def test_a_kind_of_device_hands_in_only_what_it_is_for(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1", "maria")
    command = tablet.command("staff.add_member", {"staff_id": practice.staff["ana"], "name": "Ana", "username": "ana"})
    command["fields"] |= {"roles": ["owner"], "site_id": "main"}
    tablet.sync([command])
    assert tablet.receipt(command)["code"] == "not_for_device"
    assert practice.row("staff_member", practice.staff["ana"])["roles"] == ["front_desk"]  # type: ignore[index]
    phone = practice.tablet("Maria’s phone", "maria", "manager_phone")
    form = phone.post(f"/checkin/2026-11-23/{practice.visits['alma']}/arrival")
    assert form.status_code == 403
    assert "A device of this kind does not do such work." in form.text


def test_a_locked_tablet_hands_in_what_is_sealed_and_is_told_only_that(practice: Practice, tablet: Tablet) -> None:
    command = arrival(tablet)
    wire = sealed(practice.office.keyring, tablet.signer.entry(command), 1)
    answer = tablet.send([wire], actor=None, proof=None, epoch=None, sheets={}).json()
    assert (answer["acked_n"], answer["sheets"]) == (1, {})
    assert practice.entry(command["command_id"]).outcome == "applied"
    # Unlocked, it offers the same entry openly, under the number it has.
    tablet.sync([command])
    assert tablet.receipt(command)["outcome"] == "applied"
    assert len(practice.entries(ARRIVAL)) == 1


def test_an_envelope_that_nobody_can_open_is_kept_and_blocks_nothing(practice: Practice, tablet: Tablet) -> None:
    first, second = arrival(tablet), arrival(tablet)
    foreign = sealed(Keyring([b"x" * 32]), tablet.signer.entry(first), 1)
    garbage = {"n": 2, "sealed": "not an envelope"}
    wrong = sealed(practice.office.keyring, {"said": "{", "sig": ""}, 3)
    last = {**tablet.signer.entry(second), "n": 4}
    assert tablet.send([foreign, garbage, wrong, last]).json()["acked_n"] == 4
    kept = [*practice.entries("sync.sealed"), *practice.entries("sync.unreadable")]
    assert [(entry.outcome, entry.code) for entry in kept] == [("held", "not_readable")] * 3
    assert msgspec.json.decode(kept[0].payload)["fields"]["sealed"] == foreign["sealed"]
    assert practice.entry(second["command_id"]).outcome == "applied"


def test_a_lock_screen_suspends_the_session_and_only_the_same_person_resumes_it(
    practice: Practice, tablet: Tablet
) -> None:
    header = {"x-daysheet": "lock"}

    def resume(signer: Signer, who: str, suspended: str) -> bool:
        text = f"daysheet resume\n{tablet.device_id}\n{practice.staff[who]}\n{suspended}".encode()
        given = {"staff_id": practice.staff[who], "suspended": suspended, "signature": signer.sign(text)}
        return bool(tablet._send("POST", "/devices/resume", header, json=given).json()["resumed"])

    ana = tablet.signer
    suspended = tablet._send("POST", "/devices/suspend", header).json()["suspended"]
    assert tablet.get("/checkin").status_code == 303
    assert tablet._send("POST", "/devices/unlock", header, json={}).status_code == 401
    assert not resume(Signer(), "ana", suspended)
    assert not resume(ana, "ben", suspended)
    assert not resume(ana, "ana", "2026-11-23T00:00:00.000Z")
    assert tablet.get("/checkin").status_code == 303
    assert resume(ana, "ana", suspended)
    assert tablet.get("/checkin").status_code == 200


def test_a_colleague_who_opened_the_tablet_offline_does_not_use_the_session_of_the_one_before(
    practice: Practice, tablet: Tablet
) -> None:
    ana = tablet.actor
    tablet.sign_in("ben")
    tablet.unlock()
    ben = tablet.actor
    tablet.actor = ana
    tablet.sync()
    assert tablet.get("/checkin").status_code == 303, "Ben is signed in, Ana is at the tablet"
    tablet.actor = ben
    tablet.sign_in("ben")
    tablet.sync()
    assert tablet.get("/checkin").status_code == 200


@pytest.mark.parametrize("key", ["", "x", "A" * 120, None, 7, base64url(b"\x30" * 91)])
def test_what_is_no_key_is_not_recorded(practice: Practice, tablet: Tablet, key: Any) -> None:
    answer = tablet._send("POST", "/devices/key", {"x-daysheet": "unlock"}, json={"public_key": key})
    assert answer.status_code == 400
