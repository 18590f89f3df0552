"""Answers are packed on their way to a device."""

import msgspec

from backend.ids import new_id
from tests.practice import Practice


def test_answers_are_packed_for_who_can_unpack_them(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    body = {"request_id": new_id(), "device_id": tablet.device_id, "replica_id": tablet.replica_id}
    body |= {"actor": tablet.actor, "sheets": {}}
    content = msgspec.json.encode({**body, "proof": tablet.signer.proof(body)})
    sizes = {}
    for encoding in ("gzip", "identity"):
        headers = {"x-daysheet": "sync", "content-type": "application/json", "accept-encoding": encoding}
        answer = tablet._send("POST", "/sync", headers, content=content)
        assert "visits/main/2026-11-23" in answer.json()["sheets"]
        assert answer.headers.get("content-encoding", "identity") == encoding
        sizes[encoding] = int(answer.headers["content-length"])
    assert sizes["gzip"] * 3 < sizes["identity"]
