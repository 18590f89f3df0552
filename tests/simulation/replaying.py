"""Played once more: from the journal alone (I4), and with other clocks on the devices (I12)."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from uuid_utils import UUID

from backend.clock import parse_instant
from backend.database import Base
from backend.deciding import Asked, Sent
from backend.identity import OFFICE, Actor
from backend.performing import perform
from backend.staff import find_actor
from backend.timetable import SERVER_REPLICA
from backend.within import WITHIN_REPLICA
from backend.work import Device
from tests.simulation.cast import SITE
from tests.simulation.history import Result, play
from tests.simulation.office import Practice

# What the office keeps of how entries came, and what it only sends; all else follows from the journal.
NOT_REPLAYED = {
    "journal", "replica", "receipt_copy", "open_case", "feed_head", "sheet_head", "sheet_row", "seen_row", "follow_ref",
    "device_contact", "access", "journal_concern",
}  # fmt: skip
# Later than every moment as SQLite keeps it.
NEVER = "~"
# Why an entry was held before anything was tried of it; what it was entered `after`, the journal does not say.
BEFOREHAND = (
    "device_retired", "device_lost", "device_retired_unsigned", "device_lost_unsigned", "not_readable",
    "left_meanwhile", "not_unlocked", "not_signed", "not_for_device", "our_fault", "after_held", "after_refused",
)  # fmt: skip


def tables_of(practice: Practice) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that follows from the journal."""
    names = sorted(set(Base.metadata.tables) - NOT_REPLAYED)
    return {name: sorted(practice.rows(f'SELECT * FROM "{name}"'), key=str) for name in names}


def replay_journal(practice: Practice) -> list[str]:
    """Give the office of before its morning what the journal has, in its order: what then differs."""
    entries = practice.rows("SELECT * FROM journal WHERE seq > ? ORDER BY seq", practice.filled_seq)
    wanted = tables_of(practice)
    # Something else under a known id is no entry, so nothing in the journal says why there was a case to close.
    alarmed = {row["command_id"] for row in practice.rows("SELECT command_id FROM open_case WHERE alarm IS NOT NULL")}
    practice.begin()
    # What was performed within another command is so again.
    given = [(entry, give(entry, practice)) for entry in entries if entry["replica_id"] != WITHIN_REPLICA]
    found = tables_of(practice)
    otherwise = [
        f"{entry['command']} is {outcome}"
        for entry, outcome in given
        if outcome != entry["outcome"] and closed_by(entry) not in alarmed
    ]
    otherwise += [f"{name} is another table" for name in wanted if found[name] != wanted[name]]
    return [f"I4 when the journal is played again {what}" for what in otherwise]


def closed_by(entry: dict[str, Any]) -> str | None:
    """The case that an entry closes, if it closes one."""
    said = msgspec.json.decode(entry["payload"])
    return said["fields"].get("case_id") if entry["command"] == "sync.close_case" else None


def give(entry: dict[str, Any], practice: Practice) -> str:
    """One entry, at its own times."""
    said = msgspec.json.decode(entry["payload"])
    sent = Sent(
        command_id=entry["command_id"], command=entry["command"], v=entry["v"], fields=said["fields"],
        was=said["was"], seen=said["seen"],
    )  # fmt: skip
    received_at, happened_at = (parse_instant(f"{entry[name]}+00:00") for name in ("received_at", "happened_at"))
    practice.clock.now_is = received_at
    with practice.database.read() as session:
        actor = OFFICE if entry["actor_id"] == OFFICE.id else find_actor(session, entry["actor_id"])
    device = next((name for name, id in practice.devices.items() if id == entry["device_id"]), "the server")
    asked = Asked(
        replica_id=entry["replica_id"],
        replica_kind="server" if entry["replica_id"] == SERVER_REPLICA else "device",
        device=Device(entry["device_id"], device),
        site=SITE,
        actor=actor or Actor(entry["actor_id"], "Somebody unknown"),
        received_at=received_at,
        hold=(entry["code"], entry["say"]) if entry["code"] in BEFOREHAND else None,
        happened=(happened_at, bool(entry["happened_about"])),
        caused_by=entry["caused_by"],
    )
    return perform(sent, asked, practice.office.performer).outcome


def replay_with_other_clocks(result: Result, practice: Practice) -> list[str]:
    """The same history, its devices' clocks wrong in another way: order and who wins are the same."""
    other = play(result.plan._replace(clocks=1), practice)
    end = other_things_from(result, other)
    one, another = ([entry for entry in of.order if entry[2] < end] for of in (result, other))
    if [id for id, *_ in one] != [id for id, *_ in another]:
        # A walk-in of another day may be what no longer fits into an answer: the device asks once more, and from there
        # on chance goes another way.
        if other.faults["cut_answers"] != result.faults["cut_answers"]:
            return []
        return ["I12 with other clocks the office has other entries, or has them in another order"]
    differ = [(outcome, now) for (_, outcome, _), (_, now, _) in zip(one, another, strict=True) if outcome != now]
    return [f"I12 with other clocks a command is {now} and not {outcome}" for outcome, now in differ]


def other_things_from(result: Result, other: Result) -> str:
    """From when people do other things, as they see a walk-in with an estimated time on another day."""
    moved = any(other.days.get(id, day) != day for id, day in result.days.items())
    only_in_one = {id for id, *_ in result.order} ^ {id for id, *_ in other.order}
    if not moved or not only_in_one:
        return NEVER
    made = datetime.fromtimestamp(UUID(min(only_in_one)).timestamp / 1000, UTC)
    return made.strftime("%Y-%m-%d %H:%M:%S.%f")
