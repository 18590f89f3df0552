"""Unsent work of a device that cannot reach the office comes as a file; numbers and signatures stay its own."""

from typing import Any

import msgspec
import pytest

from tests.forms import text_of
from tests.practice import Practice
from tests.privacy.looks import looks
from tests.sync.test_access import look
from tests.sync.test_signing import sealed
from tests.tablets import Tablet

ARRIVAL = "checkin.record_arrival"


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 1")


def file_of(tablet: Tablet, *commands: dict[str, Any], **changes: Any) -> bytes:
    """As the device saves it."""
    ring = tablet.practice.office.keyring
    entries = [sealed(ring, tablet.signer.entry(command), command["n"]) for command in commands]
    about = {"daysheet": "hand-in", "v": 1, "device_id": tablet.device_id, "replica_id": tablet.replica_id}
    return msgspec.json.encode({**about, "commands": entries, **changes})


def hand_in(practice: Practice, content: bytes, who: str = "ben") -> Any:
    files = {"work": ("daysheet-unsent.json", content, "application/json")}
    return practice.browser(who)._send("POST", "/hand-in", {}, files=files)


def arrival(tablet: Tablet, who: str = "alma") -> dict[str, Any]:
    return tablet.command(ARRIVAL, {"visit_id": tablet.practice.visits[who]})


def test_what_a_colleague_hands_in_was_done_by_who_signed_it_on_the_device(practice: Practice, tablet: Tablet) -> None:
    first, second = arrival(tablet), arrival(tablet, "bruno")
    practice.clock.forward(hours=2)
    answer = hand_in(practice, file_of(tablet, first, second))
    assert "2 entries are at the office." in text_of(answer.text)
    entry = practice.entry(first["command_id"])
    assert (entry.outcome, entry.actor_id, entry.device_id) == ("applied", practice.staff["ana"], tablet.device_id)
    assert (entry.happened_at.hour, entry.happened_about) == (13, True)
    # Handed in twice, and then by the device itself: the same two entries.
    assert "2 entries are at the office." in text_of(hand_in(practice, file_of(tablet, first, second)).text)
    tablet.sync([first, second])
    assert [tablet.receipt(one)["outcome"] for one in (first, second)] == ["applied", "applied"]
    third = arrival(tablet, "chiara")
    tablet.sync([third])
    assert tablet.receipt(third)["n"] == 3
    assert len(practice.entries(ARRIVAL)) == 3


def test_what_was_done_on_a_lost_device_is_kept_apart_also_by_file(practice: Practice, tablet: Tablet) -> None:
    command = arrival(tablet)
    forged = {**tablet.signer.entry(command), "sig": ""}
    content = file_of(tablet, commands=[sealed(practice.office.keyring, forged, 1)])
    answer = hand_in(practice, content)
    assert "1 entry is at the office. 1 needs a person." in text_of(answer.text)
    assert practice.entry(command["command_id"]).code == "not_signed"


def test_a_file_that_begins_too_late_or_is_too_old_says_so(practice: Practice, tablet: Tablet) -> None:
    skipped, later = arrival(tablet), arrival(tablet, "bruno")
    late = hand_in(practice, file_of(tablet, later))
    assert late.status_code == 422
    assert "The office waits for entry 1 of this device" in text_of(late.text)
    tablet.sync([skipped, later])
    other = {**arrival(tablet, "chiara"), "n": 1}
    assert "has gone on by itself" in text_of(hand_in(practice, file_of(tablet, other)).text)


def test_who_looked_at_whom_on_the_device_comes_in_its_file_and_once(practice: Practice, tablet: Tablet) -> None:
    seen = look(tablet)
    content = file_of(tablet, arrival(tablet), access=[seen, {"id": "x"}, 7])
    practice.clock.forward(hours=2)
    for _ in range(2):
        assert "1 entry is at the office." in text_of(hand_in(practice, content).text)
    [noted] = looks(practice, source="file")
    assert (noted.id, noted.subject, noted.actor_id) == (seen["id"], practice.patients["alma"], practice.staff["ana"])
    assert (noted.device_id, noted.at.hour, noted.at_about) == (tablet.device_id, 13, True)
    # The device itself is answered that it may forget the entry.
    assert tablet.send(access=[seen]).json()["access_taken"] == [seen["id"]]
    assert looks(practice, source="device") == []


def test_a_file_that_begins_too_late_still_brings_its_looks(practice: Practice, tablet: Tablet) -> None:
    arrival(tablet)
    late = hand_in(practice, file_of(tablet, arrival(tablet, "bruno"), access=[look(tablet)]))
    assert late.status_code == 422
    assert len(looks(practice, source="file")) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"daysheet": "hand-in"}', b"[" * 100_000])
def test_what_is_no_such_file_is_a_sentence(practice: Practice, content: bytes) -> None:
    answer = hand_in(practice, content)
    assert answer.status_code == 422
    assert "This is no file of unsent work" in text_of(answer.text)


def test_a_file_of_an_unknown_device_or_of_anothers_replica_is_none_of_ours(practice: Practice, tablet: Tablet) -> None:
    other = practice.tablet("Tablet 2")
    other.sync([arrival(other, "chiara")])
    for changes in ({"device_id": other.replica_id}, {"device_id": "x"}, {"replica_id": other.replica_id}):
        assert hand_in(practice, file_of(tablet, arrival(tablet), **changes)).status_code == 422
    assert len(practice.entries(ARRIVAL)) == 1


def test_only_the_staff_hands_in(practice: Practice, tablet: Tablet) -> None:
    files = {"work": ("x.json", file_of(tablet, arrival(tablet)), "application/json")}
    assert practice.browser()._send("POST", "/hand-in", {}, files=files).status_code == 303
    cross = practice.browser("ben")._send("POST", "/hand-in", {"sec-fetch-site": "cross-site"}, files=files)
    assert cross.status_code == 403
    assert practice.entries(ARRIVAL) == []
    assert "File of unsent work" in practice.browser("ben").get("/hand-in").text
