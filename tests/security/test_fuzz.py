"""Anything may come over the wire: it is a sentence, or an entry that is decided, and never a fault of ours."""

import gzip
import os
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.app import ROOMS
from backend.ids import new_id
from backend.journal import journal
from tests.conftest import Databases
from tests.practice import PATIENTS, open_practice
from tests.security.test_attacks import head, posts
from tests.tablets import Tablet, base64url

NOTHING = new_id()
# DAYSHEET_FUZZ=2000 for a long run, with other examples each time.
LONG = int(os.environ.get("DAYSHEET_FUZZ", "0"))
BOUNDED = settings(
    max_examples=LONG or 15, derandomize=not LONG, database=None, suppress_health_check=list(HealthCheck)
)
KNOWN = {word for person in PATIENTS.values() for word in person if word}
ODD = st.sampled_from(
    ["", "\x00", "\r\n", "😀", "../..", "2026-02-30", "9" * 400, "-1", "__proto__", "{{7*7}}", "a" * 9000]
)
TEXT = ODD | st.text(max_size=20)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
PARTS = "proto app request_id device_id replica_id epoch actor clock commands sheets proof".split()


# What a parser of JSON stumbles over.
UNREADABLE = (
    b"[" * 5_000,
    b'{"a":' * 5_000,
    b'{"public_key":"\xff\xfe"}',
    b'{"staff_id":"\\ud800","suspended":"\\udfff"}',
    b'{"entries_left":NaN}',
    b'{"entries_left":1e999}',
    b'{"entries_left":' + b"9" * 5000 + b"}",
    b"null",
    b"[]",
    b'"text"',
    b"",
)
FILLED = {"{sha256:str}": "a" * 64, "{part:int}": "0", "{what:str}": "end"}
# Every address of a room's own that takes a body, each with ids of nothing.
BODIES = sorted(
    "/".join(FILLED.get(part, NOTHING) if "{" in part else part for part in path.split("/"))
    for room in ROOMS
    for route in room.routes
    for path in route.paths
    if "POST" in getattr(route, "http_methods", ())
)
NAMES = ("public_key", "identity_key", "replica_id", "staff_id", "suspended", "signature", "device_id", "at")
NAMES += ("entries_left", "id", "response", "name", "credential", "code", "username", "password", "work")
KINDS_OF_BODY = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "")


class Opened(list[Any]):
    """The practice and its tablet, said shortly where an example fails."""

    def __repr__(self) -> str:
        return "the office"


@pytest.fixture(scope="module")
def open_office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """One practice for all examples of this module: what they leave behind is part of the fuzz."""
    url = databases.copy(databases.filled)
    with open_practice(url, tmp_path_factory.mktemp("fuzz"), databases.cast) as practice:
        yield Opened([practice, practice.tablet("Tablet 1")])
    databases.drop(url)


def back_again(opened: Opened) -> None:
    """Ana signs in, whatever became of her session, and late enough that no limit of guesses is in her way."""
    practice, tablet = opened
    practice.clock.forward(hours=1)
    assert tablet.sign_in("ana").status_code == 303


def refuses_well(answer: Any) -> None:
    """No fault, and no patient in a refusal."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert not [word for word in KNOWN if word in answer.text]
        assert answer.headers["cache-control"] == "no-store"


def batch_of(tablet: Tablet, **changes: Any) -> Any:
    """A request with any value in any place, proven as it stands."""
    named = {name: getattr(tablet, name) for name in ("device_id", "replica_id", "epoch", "actor")}
    body = {"proto": 1, "request_id": new_id(), **named, "clock": tablet.reading(), "sheets": {}, **changes}
    content = msgspec.json.encode({"proof": tablet.signer.proof(body), **body})
    return tablet._send("POST", "/sync", {"x-daysheet": "sync", "content-type": "application/json"}, content=content)


@BOUNDED
@given(changes=st.dictionaries(st.sampled_from(PARTS), ANYTHING, min_size=1, max_size=3))
def test_a_batch_with_anything_in_any_place(open_office: Opened, changes: dict[str, Any]) -> None:
    practice, tablet = open_office
    before = head(practice)
    refuses_well(batch_of(tablet, **changes))
    assert changes.get("commands") or head(practice) == before


@BOUNDED
@given(
    command=st.sampled_from(["checkin.record_arrival", "checkin.register_walk_in", "undo", "sync.close_case"]) | TEXT,
    fields=st.dictionaries(
        st.sampled_from(["visit_id", "patient_id", "family", "command_id"]) | TEXT, ANYTHING, max_size=4
    ),
    more=st.dictionaries(
        st.sampled_from(["v", "was", "seen", "after", "made", "command_id", "actor"]), ANYTHING, max_size=2
    ),
)
def test_a_signed_command_with_anything_in_it(
    open_office: Opened, command: str, fields: dict[str, Any], more: dict[str, Any]
) -> None:
    practice, tablet = open_office
    made = tablet.command(command, fields, **more)
    before = head(practice)
    answer = tablet.send([signed(tablet, made["n"], msgspec.json.encode(made))])
    refuses_well(answer)
    if answer.status_code != 200:
        tablet.n -= 1
        assert head(practice) == before
        return
    # Under an id of the office's own, where it had none that is one.
    with practice.database.read() as session:
        query = select(journal).where(journal.c.replica_id == tablet.replica_id, journal.c.n == made["n"])
        entry = session.execute(query).one()
    assert entry.outcome in ("applied", "noop", "flagged", "held", "refused")
    assert entry.code != "our_fault", (command, fields)


def signed(tablet: Tablet, n: int, said: bytes) -> dict[str, Any]:
    """Whatever it is, signed by who acts."""
    return {"n": n, "said": said.decode(), "sig": tablet.signer.sign(b"daysheet command\n" + said)}


ENTRY = st.dictionaries(st.sampled_from(["n", "said", "sig", "sealed"]), ANYTHING, max_size=4)


@BOUNDED
@given(entries=st.lists(ENTRY, min_size=1, max_size=3), said=st.sampled_from(UNREADABLE) | st.binary(max_size=30))
def test_entries_that_no_device_writes(open_office: Opened, entries: list[dict[str, Any]], said: bytes) -> None:
    practice, tablet = open_office
    readable = said.decode(errors="replace").encode()
    ours = signed(tablet, tablet.n + 1, readable)
    enveloped = {"n": tablet.n + 1, "sealed": base64url(said[:5000])}
    for commands in (entries, [ours], [{**ours, **entries[0]}]):
        before = head(practice)
        answer = batch_of(tablet, commands=commands)
        refuses_well(answer)
        if head(practice) != before:
            tablet.n = answer.json()["acked_n"]
    if enveloped["sealed"]:
        # It takes its number, and a person decides.
        answer = batch_of(tablet, commands=[{**enveloped, "n": tablet.n + 1}])
        tablet.n += 1
        assert (answer.status_code, answer.json()["acked_n"]) == (200, tablet.n)


@BOUNDED
@given(raw=st.binary(max_size=200), packed=st.booleans(), cut=st.integers(0, 400))
def test_a_body_of_any_bytes(open_office: Opened, raw: bytes, packed: bool, cut: int) -> None:
    practice, tablet = open_office
    before = head(practice)
    head_of = {"x-daysheet": "sync", "content-type": "application/json"}
    whole = msgspec.json.encode({"request_id": "1", "device_id": tablet.device_id, "replica_id": tablet.replica_id})
    for body in (raw, whole[:cut], whole[: cut // 2] + raw, b"[" * 100_000, b'{"a":' * 50_000):
        sent = {**head_of, "content-encoding": "gzip"} if packed else head_of
        refuses_well(tablet._send("POST", "/sync", sent, content=gzip.compress(body) if packed else body))
    assert head(practice) == before


@BOUNDED
@given(
    form=st.dictionaries(
        st.sampled_from(["family", "given", "birth_date", "identifiers", "q", "_command_id"]) | TEXT, TEXT
    )
)
def test_a_form_of_anything(open_office: Opened, form: dict[str, str]) -> None:
    practice, tablet = open_office
    for path in posts(practice):
        if path not in ("/signout", "/devices/enrol"):
            answer = tablet.post(path, form, partial=len(form) % 2 == 0)
            assert answer.status_code < 500, (path, form)


@pytest.mark.parametrize("path", BODIES)
def test_a_body_that_no_parser_takes(open_office: Opened, path: str) -> None:
    _, tablet = open_office
    kinds = KINDS_OF_BODY[:1] if path == "/hand-in" else KINDS_OF_BODY
    kinds = (*kinds, KINDS_OF_BODY[2])
    for kind in kinds:
        back_again(open_office)
        for body in UNREADABLE:
            sent = {"x-daysheet": "unlock", "content-type": kind, "x-file-size": "7"}
            refuses_well(tablet._send("POST", path, sent, content=body))
    back_again(open_office)
    for body in (*UNREADABLE, *(b'{"daysheet":"hand-in","commands":' + one for one in UNREADABLE)):
        if path == "/hand-in":
            refuses_well(tablet._send("POST", path, {}, files={"work": ("x\x00.json", body, "application/json")}))
            refuses_well(tablet._send("POST", path, {}, files={"work": (None, body)}))


@settings(BOUNDED, max_examples=LONG or 60)
@given(path=st.sampled_from(BODIES), data=st.dictionaries(st.sampled_from(NAMES), ANYTHING, min_size=1) | ANYTHING)
def test_a_json_body_of_any_shape(open_office: Opened, path: str, data: Any) -> None:
    _, tablet = open_office
    # Whatever the last one did to the session.
    back_again(open_office)
    sent = {"x-daysheet": "unlock", "content-type": "application/json"}
    refuses_well(tablet._send("POST", path, sent, content=msgspec.json.encode(data)))


@pytest.mark.parametrize("curve", [ec.SECP256K1(), ec.SECP384R1(), None])
def test_a_key_of_another_kind(open_office: Opened, curve: ec.EllipticCurve | None) -> None:
    _, tablet = open_office
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    kind = curve or ec.SECP256R1()
    raw = ec.generate_private_key(kind).public_key().public_bytes(serialization.Encoding.DER, info)
    # Without a curve of its own: one that nobody knows.
    odd = base64url(raw if curve else raw.replace(bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d030155")))
    back_again(open_office)
    refused = tablet._send("POST", "/devices/key", {"x-daysheet": "unlock"}, json={"public_key": odd})
    assert (refused.status_code, refused.json()["error"]) == (400, "malformed")
    opened = tablet._send("POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={"identity_key": odd})
    assert opened.status_code == 200
