"""The change feed misses nothing and never goes back, however many write while others read."""

import threading
import time
from typing import Any

import msgspec

from backend.deciding import Asked, Sent
from backend.errors import Busy
from backend.ids import new_id
from backend.journal import broken_link
from backend.performing import perform
from backend.pulling import Cursor, since
from backend.work import Device
from tests.practice import SITE, Practice, find_staff

WRITERS, EACH, POLLERS = 8, 50, 3
SHEETS = ["visits/main/2026-11-23", "patients/main"]


def write(practice: Practice, writer: int, written: list[str], failed: list[Exception]) -> None:
    """Fifty walk-ins of new patients, through a replica of its own."""
    actor, replica = find_staff(practice, "ana"), new_id()
    for number in range(EACH):
        fields: dict[str, Any] = {"visit_id": new_id(), "patient_id": new_id(), "type": "Office visit"}
        fields |= {"family": f"Writer {writer}", "given": f"{number}", "birth_date": "1990-01-01", "sex": "other"}
        sent = Sent(command_id=new_id(), command="checkin.register_walk_in", fields=fields, n=number + 1)
        asked = Asked(replica, "device", Device(None, "a tablet"), SITE, actor, practice.clock.now())
        try:
            again_while_busy(sent, asked, practice)
            written.append(fields["visit_id"])
        except Exception as error:
            failed.append(error)
            return


def again_while_busy(sent: Sent, asked: Asked, practice: Practice) -> None:
    """As a device does that is told that the office is busy."""
    for _ in range(10):
        try:
            perform(sent, asked, practice.office.performer)
            return
        except Busy:
            continue
    raise Busy()


def poll(practice: Practice, done: threading.Event, told: list[dict[Any, int]], backwards: list[str]) -> None:
    """Pulls as a tablet does until all is written and read; notes whatever goes back."""
    cursors: dict[str, Any] = {}
    held: dict[Any, int] = {}
    last_seq = -1
    while True:
        finished = done.is_set()
        with practice.database.read() as session:
            pages, more = since(session, SHEETS, cursors, room=20_000)
        for name, page in pages.items():
            cursors[name] = page["cursor"]
            for kind, id, version, _ in page["rows"]:
                if version <= held.get((name, kind, id), 0):
                    backwards.append(f"{kind} {id}")
                held[name, kind, id] = version
        seqs = [Cursor(*msgspec.json.decode(cursor)).seq for cursor in cursors.values()]
        if seqs and max(seqs) < last_seq:
            backwards.append("cursor")
        last_seq = max([last_seq, *seqs])
        if finished and not more:
            told.append(held)
            return
        time.sleep(0.002)


def test_no_poller_misses_a_change_that_eight_writers_make(practice: Practice) -> None:
    written: list[str] = []
    failed: list[Exception] = []
    told: list[dict[Any, int]] = []
    backwards: list[str] = []
    done = threading.Event()
    writers = [threading.Thread(target=write, args=(practice, writer, written, failed)) for writer in range(WRITERS)]
    pollers = [threading.Thread(target=poll, args=(practice, done, told, backwards)) for _ in range(POLLERS)]
    for thread in [*pollers, *writers]:
        thread.start()
    for thread in writers:
        thread.join(60)
    done.set()
    for thread in pollers:
        thread.join(60)
    assert failed == []
    assert len(written) == WRITERS * EACH
    assert backwards == []
    assert len(told) == POLLERS
    for held in told:
        missed = [id for id in written if (SHEETS[0], "visit", id) not in held]
        assert missed == []
    with practice.database.read() as session:
        pages, _ = since(session, SHEETS, {}, room=10_000_000)
        assert broken_link(session) is None
    for name, page in pages.items():
        now = {(name, kind, id): version for kind, id, version, _ in page["rows"]}
        for held in told:
            assert {key: version for key, version in held.items() if key[0] == name} == now
