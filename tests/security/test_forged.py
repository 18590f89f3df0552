"""Forged, replayed and foreign things over sync: each is held, refused or ignored, and brings no row down."""

import os
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from backend.callers import DEVICE_COOKIE
from backend.ids import new_id
from tests.practice import PATIENTS, Practice
from tests.security.test_attacks import head
from tests.sync.test_signing import sealed
from tests.tablets import Signer, Tablet, base64url

ARRIVAL = "checkin.record_arrival"
KNOWN = {word for person in PATIENTS.values() for word in person if word}
SIGNED_AS = b"daysheet command\n"


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 1")


@pytest.fixture
def other(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 2", "ben")


def arrival(tablet: Tablet, **more: Any) -> dict[str, Any]:
    return tablet.command(ARRIVAL, {"visit_id": tablet.practice.visits["alma"]}, **more)


def nobody_arrived(practice: Practice) -> bool:
    row = practice.row("visit", practice.visits["alma"])
    return row is not None and row["status"] == "booked"


def tells_nothing(answer: Any) -> bool:
    """No fault, and no row or patient in the answer."""
    assert answer.status_code < 500
    pages = answer.json().get("sheets", {}).values()
    return not any(page["rows"] for page in pages) and not any(word in answer.text for word in KNOWN)


FORGERIES: dict[str, Callable[[Tablet, Tablet, bytes], str]] = {
    "of nothing": lambda tablet, other, said: "",
    "of another text": lambda tablet, other, said: tablet.signer.sign(SIGNED_AS + said + b" "),
    "without its label": lambda tablet, other, said: tablet.signer.sign(said),
    "of a proof": lambda tablet, other, said: tablet.signer.sign(b"daysheet sync\n" + said),
    "of another device": lambda tablet, other, said: other.signer.sign(SIGNED_AS + said),
    "of a stranger": lambda tablet, other, said: Signer().sign(SIGNED_AS + said),
    "of zeros": lambda tablet, other, said: base64url(bytes(64)),
    "too long": lambda tablet, other, said: tablet.signer.sign(SIGNED_AS + said) + "AAAA",
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_signature_is_held(practice: Practice, tablet: Tablet, other: Tablet, how: str) -> None:
    command = arrival(tablet)
    entry = tablet.signer.entry(command)
    entry["sig"] = FORGERIES[how](tablet, other, entry["said"].encode())
    for sent in (entry, sealed(practice.office.keyring, entry, 1)):
        assert tablet.send([sent]).json()["acked_n"] == 1
    kept = practice.entry(command["command_id"])
    assert (kept.outcome, kept.code) == ("held", "not_signed")
    assert nobody_arrived(practice)


def test_the_signature_of_one_person_for_another(practice: Practice, tablet: Tablet) -> None:
    ana = tablet.signer
    tablet.sign_in("ben")
    tablet.unlock()
    by_ben = arrival(tablet)
    by_maria = arrival(tablet, actor=practice.staff["maria"])
    said = [
        msgspec.json.encode({name: value for name, value in one.items() if name != "n"}) for one in (by_ben, by_maria)
    ]
    sent = [{"n": n + 1, "said": one.decode(), "sig": ana.sign(SIGNED_AS + one)} for n, one in enumerate(said)]
    assert tablet.send(sent).status_code == 200
    assert practice.entry(by_ben["command_id"]).code == "not_signed"
    assert practice.entry(by_maria["command_id"]).code == "not_unlocked"
    assert nobody_arrived(practice)


def test_a_signed_entry_of_another_device_is_held(practice: Practice, tablet: Tablet, other: Tablet) -> None:
    stolen = arrival(other)
    for entry in (other.signer.entry(stolen), sealed(practice.office.keyring, other.signer.entry(stolen), 1)):
        assert tablet.send([entry]).json()["acked_n"] == 1
    kept = practice.entry(stolen["command_id"])
    # Ben never unlocked this tablet: what he signed elsewhere is not taken for done here.
    assert (kept.outcome, kept.code, kept.device_id) == ("held", "not_unlocked", tablet.device_id)
    assert nobody_arrived(practice)


def test_an_envelope_of_another_kind_or_changed_is_kept_as_it_came(practice: Practice, tablet: Tablet) -> None:
    entry = tablet.signer.entry(arrival(tablet))
    good = sealed(practice.office.keyring, entry, 1)["sealed"]
    changed = good[:-8] + ("AAAAAAAA" if not good.endswith("AAAAAAAA") else "BBBBBBBB")
    access = sealed(practice.office.keyring, entry, 1, "access")["sealed"]
    for n, envelope in enumerate((access, changed, base64url(os.urandom(200)), "not base64url!", "AQ"), start=1):
        assert tablet.send([{"n": n, "sealed": envelope}]).json()["acked_n"] == n
    kept = practice.entries("sync.sealed")
    assert [one.outcome for one in kept] == ["held"] * 5
    assert nobody_arrived(practice)
    assert not practice.entries(ARRIVAL)


def test_a_whole_request_replayed_changes_nothing_more(practice: Practice, tablet: Tablet) -> None:
    command = arrival(tablet)
    same = {"request_id": new_id()}
    first = tablet.send([command], **same)
    before = head(practice)
    again = tablet.send([command], **same)
    assert head(practice) == before
    told, told_again = first.json(), again.json()
    assert (again.status_code, told_again["acked_n"]) == (200, told["acked_n"])
    rows = [{name: sorted(page["rows"], key=str) for name, page in one["sheets"].items()} for one in (told, told_again)]
    assert rows[0] == rows[1]
    assert practice.entry(command["command_id"]).outcome == "applied"
    # The same words under the next number are no new deed either.
    tablet.send([{**tablet.signer.entry(command), "n": 2}])
    assert len(practice.entries(ARRIVAL)) == 1


def test_a_proof_proves_this_very_request_only(practice: Practice, tablet: Tablet, other: Tablet) -> None:
    named = {"device_id": tablet.device_id, "replica_id": tablet.replica_id, "actor": tablet.actor}
    request = {"request_id": new_id(), **named}
    good = tablet.signer.proof(request)
    assert not tells_nothing(tablet.send(proof=good, request_id=request["request_id"]))
    wrong = [
        {"proof": good},
        {"proof": good, "request_id": request["request_id"], "replica_id": new_id()},
        {"proof": good, "request_id": request["request_id"], "actor": practice.staff["ben"]},
        {"proof": other.signer.proof(request), "request_id": request["request_id"]},
        {"proof": tablet.signer.sign(b"daysheet command\n{}"), "request_id": request["request_id"]},
        {"proof": good, "request_id": request["request_id"], "actor": None},
        {"proof": ""},
        {"proof": None},
    ]
    for one in wrong:
        answer = tablet.send(**one)
        assert tells_nothing(answer), one
        assert answer.json().get("proven") in (None, False)
    # A line feed in a name moves nothing from one place of the signed text to another.
    moved = {"request_id": f"{request['request_id']}\n{tablet.device_id}", "device_id": tablet.device_id}
    assert tells_nothing(tablet.send(proof=good, **moved))


def test_another_device_or_replica_is_not_spoken_for(practice: Practice, tablet: Tablet, other: Tablet) -> None:
    command = arrival(tablet)
    before = head(practice)
    for changes, status in (
        ({"device_id": other.device_id}, 401),
        ({"device_id": new_id()}, 401),
        ({"device_id": ""}, 401),
        ({"replica_id": "x"}, 400),
        ({"epoch": "another"}, 409),
    ):
        answer = tablet.send([command], **changes)
        assert (answer.status_code, tells_nothing(answer)) == (status, True), changes
    other.send([arrival(other)])
    before = head(practice)
    answer = tablet.send([command], replica_id=other.replica_id)
    assert (answer.status_code, answer.json()["error"], tells_nothing(answer)) == (409, "new_replica", True)
    assert head(practice) == before
    tablet.cookies[DEVICE_COOKIE] = "made up"
    assert tablet.send([command]).status_code == 401
    assert head(practice) == before


@pytest.mark.parametrize("n", [0, -1, 2**53, 2**63, -(2**63), 2**70, 1.5, "1", None, True])
def test_a_number_out_of_range_is_malformed(practice: Practice, tablet: Tablet, n: Any) -> None:
    before = head(practice)
    answer = tablet.send([{**tablet.signer.entry(arrival(tablet)), "n": n}])
    assert (answer.status_code, tells_nothing(answer)) == (400, True)
    assert head(practice) == before


@pytest.mark.parametrize("n", [2, 1000, 2**53 - 1])
def test_a_number_that_is_not_next_is_a_gap(practice: Practice, tablet: Tablet, n: int) -> None:
    before = head(practice)
    answer = tablet.send([{**tablet.signer.entry(arrival(tablet)), "n": n}])
    assert (answer.status_code, answer.json()["expect"], tells_nothing(answer)) == (409, 1, True)
    assert head(practice) == before
