"""What is not a sound request of one of our devices is turned away whole, with nothing lost or half done."""

import gzip
import zlib
from typing import Any

import msgspec
import pytest
from sqlalchemy import event, text, update

from backend.devices.models import DeviceRecord
from backend.journal import broken_link
from tests.practice import Practice
from tests.tablets import Tablet

ARRIVAL = "checkin.record_arrival"
HEADERS = {"x-daysheet": "sync", "content-type": "application/json"}
BROKEN = [
    (b"no gzip", "gzip"),
    (gzip.compress(b"{}")[:-9], "gzip"),
    (b"no zlib", "deflate"),
    (zlib.compress(b"{}")[:-5], "deflate"),
]


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 1")


def arrival(tablet: Tablet) -> dict[str, Any]:
    return tablet.command(ARRIVAL, {"visit_id": tablet.practice.visits["alma"]})


def raw(tablet: Tablet, content: bytes, **headers: str) -> Any:
    return tablet._send("POST", "/sync", {**HEADERS, **headers}, content=content)


def sound(tablet: Tablet, **changes: Any) -> dict[str, Any]:
    ids = {"request_id": "r", "device_id": tablet.device_id, "replica_id": tablet.replica_id}
    return {**ids, "commands": [tablet.signer.entry(arrival(tablet))], **changes}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"commands": 7}', b"[" * 100_000, b'{"a":' * 50_000],
    ids=range(10),
)
def test_a_malformed_request_is_a_sentence(practice: Practice, tablet: Tablet, content: bytes) -> None:
    answer = raw(tablet, content)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert "Nothing of it was used" in answer.json()["say"]


def test_a_deeply_nested_field_is_held_and_nothing_breaks(practice: Practice, tablet: Tablet) -> None:
    for depth in (200, 5_000, 100_000):
        batch = sound(tablet)
        [entry] = batch["commands"]
        deep = entry["said"].replace('"visit_id":', '"x":' + "[" * depth + "]" * depth + ',"visit_id":')
        signed = {**entry, "said": deep, "sig": tablet.signer.sign(b"daysheet command\n" + deep.encode())}
        assert raw(tablet, msgspec.json.encode({**batch, "commands": [signed]})).status_code == 200
    kept = [*practice.entries(ARRIVAL), *practice.entries("sync.unreadable")]
    assert [entry.outcome for entry in kept] == ["held"] * 3
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]


@pytest.mark.parametrize("changes", [{"replica_id": "no id"}, {"n": 0}, {"n": -1}, {"n": 2**60}, {"n": "1"}])
def test_a_replica_that_is_none_or_an_entry_without_a_number_turns_the_request_away(
    practice: Practice, tablet: Tablet, changes: dict[str, Any]
) -> None:
    whole = changes if "replica_id" in changes else {}
    entry = {**tablet.signer.entry(arrival(tablet)), **changes}
    answer = raw(tablet, msgspec.json.encode(sound(tablet, commands=[entry], **whole)))
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
    assert practice.entries(ARRIVAL) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "Ana"},
        {"v": 0},
        {"v": 2**40},
        {"command": "x" * 81},
        {"command": "a\x00b"},
        {"command": None},
        {"fields": [1]},
        {"after": "everything"},
        {"made": 7},
    ],
)
def test_an_entry_that_cannot_be_read_is_kept_for_a_person_and_blocks_nothing_behind_it(
    practice: Practice, tablet: Tablet, changes: dict[str, Any]
) -> None:
    odd, good = {**arrival(tablet), **changes}, tablet.command(ARRIVAL, {"visit_id": tablet.practice.visits["bruno"]})
    for _ in range(2):
        assert tablet.sync([odd, good])["acked_n"] == 2
    told = tablet.receipt(odd)
    assert (told["outcome"], told["code"]) == ("held", "not_readable")
    assert told["say"] == "The office cannot read this entry. It is kept as it came. A manager decides."
    assert tablet.receipt(good)["outcome"] == "applied"
    assert "attention/main" in practice.sheets_with("case", odd["command_id"])
    kept = msgspec.json.decode(practice.entry(odd["command_id"]).payload)["fields"]
    assert kept["said"] == tablet.signer.entry(odd)["said"], "to the letter"
    with practice.database.read() as session:
        assert broken_link(session) is None


@pytest.mark.parametrize(
    "entry",
    [
        {"n": 1, "said": 7},
        {"n": 1, "said": "{"},
        {"n": 1, "said": "\x00"},
        {"n": 1, "said": '{"command_id": "\\ud800"}'},
        {"n": 1, "said": '{"command_id": 7, "actor": []}'},
        {"n": 1, "sealed": {}},
        {"n": 1},
    ],
)
def test_an_entry_of_an_unknown_shape_takes_its_number_once(
    practice: Practice, tablet: Tablet, entry: dict[str, Any]
) -> None:
    good = tablet.command(ARRIVAL, {"visit_id": practice.visits["bruno"]})
    good["n"] = 2
    for _ in range(2):
        answer = raw(tablet, msgspec.json.encode(sound(tablet, commands=[entry, tablet.signer.entry(good)])))
        assert (answer.status_code, answer.json()["acked_n"]) == (200, 2)
    [kept] = practice.entries("sync.unreadable")
    assert (kept.outcome, kept.code, kept.n) == ("held", "not_readable", 1)
    assert "attention/main" in practice.sheets_with("case", kept.command_id)
    assert practice.entry(good["command_id"]).outcome == "applied"


@pytest.mark.parametrize("half", [rb"\ud83d", rb"\ude00", rb"\ude00\ud83d", rb"\ud83d\u0041"])
def test_half_a_character_spoils_its_own_entry_alone(practice: Practice, tablet: Tablet, half: bytes) -> None:
    good = {**tablet.command(ARRIVAL, {"visit_id": practice.visits["bruno"]}), "n": 2}
    packed = msgspec.json.encode(sound(tablet, commands=[{"n": 1, "said": "HALF"}, tablet.signer.entry(good)]))
    answer = raw(tablet, packed.replace(b"HALF", half + rb"\\ud83d\ud83d\ude00"))
    assert (answer.status_code, answer.json()["acked_n"]) == (200, 2)
    [kept] = practice.entries("sync.unreadable")
    said = msgspec.json.decode(kept.payload)["fields"]["said"]
    assert said == half.decode().replace(r"\u0041", "A") + r"\ud83d😀", "as it came, as far as it can be written down"


def test_a_packed_request_is_unpacked(practice: Practice, tablet: Tablet) -> None:
    answer = tablet.send([arrival(tablet)], packed=True)
    assert answer.status_code == 200
    assert len(practice.entries(ARRIVAL)) == 1


def test_what_unpacks_to_too_much_is_stopped(tablet: Tablet) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    answer = raw(tablet, bomb, **{"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


@pytest.mark.parametrize("size", [1_100_000, 3_000_000])
def test_what_is_too_large_as_it_is_gets_a_sentence(tablet: Tablet, size: int) -> None:
    answer = raw(tablet, b'{"x":"' + b"y" * size + b'"}')
    assert answer.status_code == 413
    assert answer.json()["say"]


@pytest.mark.parametrize(("content", "encoding"), BROKEN)
def test_broken_packing_is_malformed(tablet: Tablet, content: bytes, encoding: str) -> None:
    assert raw(tablet, content, **{"content-encoding": encoding}).status_code == 400


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "x"])
def test_packing_that_nobody_knows_gets_a_sentence(tablet: Tablet, encoding: str) -> None:
    answer = raw(tablet, b"{}", **{"content-encoding": encoding})
    assert (answer.status_code, answer.json()["error"]) == (415, "unknown_encoding")


def test_a_deflated_request_counts_and_a_deflated_bomb_does_not(practice: Practice, tablet: Tablet) -> None:
    body = msgspec.json.encode(sound(tablet))
    assert raw(tablet, zlib.compress(body), **{"content-encoding": "deflate"}).status_code == 200
    assert len(practice.entries(ARRIVAL)) == 1
    bomb = zlib.compress(b" " * 50_000_000)
    assert raw(tablet, bomb, **{"content-encoding": "deflate"}).status_code == 413


def test_without_our_header_or_from_another_site_nothing_is_taken(practice: Practice, tablet: Tablet) -> None:
    body = msgspec.json.encode(sound(tablet))
    missing = tablet._send("POST", "/sync", {"content-type": "application/json"}, content=body)
    assert (missing.status_code, "no_header" in missing.text or "device" in missing.text) == (403, True)
    assert raw(tablet, body, **{"sec-fetch-site": "cross-site"}).json()["error"] == "cross_site"
    evil = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert raw(tablet, body, **evil).status_code == 403
    assert practice.entries(ARRIVAL) == []


def test_an_unknown_device_is_told_so(practice: Practice, tablet: Tablet) -> None:
    body = msgspec.json.encode(sound(tablet))
    stranger, other = practice.browser(), practice.tablet("Tablet 2")
    nobody = stranger._send("POST", "/sync", HEADERS, content=body)
    assert (nobody.status_code, nobody.json()) == (401, {"error": "unknown_device"})
    assert raw(other, body).json() == {"error": "unknown_device"}, "another device's token"
    none_of_ours = msgspec.json.encode(sound(tablet, replica_id="x"))
    assert raw(other, none_of_ours).json() == {"error": "unknown_device"}, "whatever else is wrong with it"
    assert practice.entries(ARRIVAL) == []


@pytest.mark.parametrize(
    ("state", "mode", "told"),
    [("retired", "retire", (404, {"error": "not_enrolled"})), ("lost", "lost", (401, {"error": "signed_out"}))],
)
def test_a_revoked_device_hands_in_for_a_decision_and_receives_no_row(
    practice: Practice, tablet: Tablet, state: str, mode: str, told: tuple[int, dict[str, str]]
) -> None:
    with practice.database.write() as session:
        session.execute(update(DeviceRecord).where(DeviceRecord.id == tablet.device_id).values(state=state))
    entry = arrival(tablet)
    answer = tablet.send([entry])
    assert (answer.status_code, answer.json()) == (401, {"error": "revoked", "mode": mode, "acked_n": 1})
    kept = practice.entry(entry["command_id"])
    assert (kept.outcome, kept.code) == ("held", f"device_{state}")
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
    assert "attention/main" in practice.sheets_with("case", entry["command_id"])
    unlocked = tablet._send("POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={})
    assert (unlocked.status_code, unlocked.json()) == told


def test_a_busy_database_is_told_as_busy_and_nothing_is_lost(
    practice: Practice, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet.sync()
    first, second = arrival(tablet), arrival(tablet)
    with practice.database.write() as blocker:
        blocker.execute(text("UPDATE feed_head SET value = value"))
        hurry(practice, monkeypatch)
        answer = tablet.send([first, second])
    assert answer.status_code == 503
    assert answer.json() == {"error": "busy", "say": "The office is busy for a moment. Nothing was lost; try again."}
    assert practice.entries(ARRIVAL) == []
    tablet.sync([first, second])
    assert [tablet.receipt(entry)["outcome"] for entry in (first, second)] == ["applied", "applied"]


def hurry(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever waits for the lock give up at once rather than after the seconds of a real office."""
    monkeypatch.setattr("backend.database.LONGEST_WAIT", 0.05)
    if not practice.database.is_sqlite:
        event.listen(practice.database.engine, "begin", impatient)


def impatient(connection: Any) -> None:
    connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
