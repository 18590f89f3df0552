"""Anything may come over the wire: it is a sentence, or an entry that is decided, and never a fault of ours."""

import gzip
import os
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Databases
from tests.practice import PATIENTS, open_practice
from tests.security.test_attacks import head, posts

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
PARTS = (
    "proto",
    "app",
    "request_id",
    "device_id",
    "replica_id",
    "epoch",
    "actor",
    "clock",
    "commands",
    "sheets",
    "proof",
)


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


def refuses_well(answer: Any) -> None:
    """No fault, and no patient in a refusal."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert not [word for word in KNOWN if word in answer.text]
        assert answer.headers["cache-control"] == "no-store"


@BOUNDED
@given(changes=st.dictionaries(st.sampled_from(PARTS), ANYTHING, min_size=1, max_size=3))
def test_a_batch_with_anything_in_any_place(open_office: Opened, changes: dict[str, Any]) -> None:
    practice, tablet = open_office
    before = head(practice)
    refuses_well(tablet.send([], **changes))
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
def test_a_command_with_anything_in_its_fields(
    open_office: Opened, command: str, fields: dict[str, Any], more: dict[str, Any]
) -> None:
    practice, tablet = open_office
    sent = tablet.command(command, fields, **more)
    answer = tablet.send([sent])
    refuses_well(answer)
    if answer.status_code != 200:
        tablet.n -= 1
        return
    entry = practice.entry(sent["command_id"])
    assert entry.outcome in ("applied", "noop", "flagged", "held", "refused")
    assert entry.code != "our_fault", (command, fields)


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
