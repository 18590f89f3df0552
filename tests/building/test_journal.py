"""The journal: chained, so that nobody changes the past unseen; and its payloads may be purged by a rule."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from backend.journal import broken_link, journal
from tests.practice import Practice

ARRIVAL = "checkin.record_arrival"


def first_break(practice: Practice) -> int | None:
    with practice.database.read() as session:
        return broken_link(session)


@pytest.fixture
def seq(practice: Practice) -> int:
    """The number of an arrival, with others after it."""
    for who in practice.visits.values():
        practice.act("ana", ARRIVAL, {"visit_id": who})
    return int(practice.entries(ARRIVAL)[0].seq)


def test_the_chain_of_a_whole_morning_verifies(practice: Practice, seq: int) -> None:
    assert first_break(practice) is None
    with practice.database.read() as session:
        numbers = list(session.execute(select(journal.c.seq).order_by(journal.c.seq)).scalars())
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    "values",
    [
        {"payload": "{}"},
        {"outcome": "refused"},
        {"actor_id": "00000000-0000-7000-8000-000000000001"},
        {"say": "Nothing happened."},
        {"payload_hash": "0" * 64},
        {"hash": "0" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
def test_whatever_is_changed_afterwards_is_noticed(practice: Practice, seq: int, values: dict[str, Any]) -> None:
    with practice.database.write() as session:
        session.execute(update(journal).where(journal.c.seq == seq).values(**values))
    assert first_break(practice) == seq


def test_an_entry_taken_out_is_noticed(practice: Practice, seq: int) -> None:
    with practice.database.write() as session:
        session.execute(delete(journal).where(journal.c.seq == seq))
    broken = first_break(practice)
    assert broken is not None
    assert broken > seq


def test_a_purged_payload_leaves_the_chain_whole(practice: Practice, seq: int) -> None:
    with practice.database.write() as session:
        session.execute(update(journal).where(journal.c.seq == seq).values(payload=None))
    assert first_break(practice) is None


def test_what_the_journal_keeps_is_what_was_said(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]}, was={"status": "booked"})
    practice.clock.forward(minutes=2)
    tablet.sync([entry])
    kept = practice.entry(entry["command_id"])
    assert (kept.n, kept.replica_id, kept.device_id) == (1, tablet.replica_id, tablet.device_id)
    assert (kept.actor_id, kept.command, kept.v) == (practice.staff["ana"], ARRIVAL, 1)
    assert (kept.received_at - kept.happened_at).total_seconds() == 120
    assert practice.visits["alma"] in kept.payload
    assert '"was":{"status":"booked"}' in kept.payload


def test_the_chain_is_one_whatever_came_through_which_door(practice: Practice, give_all: Callable[[], None]) -> None:
    give_all()
    assert first_break(practice) is None


@pytest.fixture
def give_all(practice: Practice) -> Callable[[], None]:
    """A form, a batch with a refusal and a hold, and an entry of the office itself."""

    def give() -> None:
        practice.browser("ana").post(f"/checkin/{practice.visits['alma']}/arrival")
        tablet = practice.tablet("Tablet 1")
        tablet.sync([tablet.command("no.such", {}), tablet.command("undo", {"command_id": practice.cast.provider})])
        practice.act("maria", "office.keep_calendar", {"site_id": "main"})

    return give
