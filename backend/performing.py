"""Performing: the one path of every write: receive, decide, count, journal, publish, commit."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.cases import case_of, labelled
from backend.concerns import keep_concerns, named_in
from backend.database import Database, upsert
from backend.deciding import FAULT, Asked, Kinds, Sent, decide, fault
from backend.errors import Busy
from backend.feed import encode, next_seq, publish_rows
from backend.journal import (
    NEEDS_A_PERSON,
    Case,
    Entry,
    Receipt,
    digest_of,
    find_case,
    find_entry,
    open_a_case,
    receipt_copy,
    replica,
    write_entry,
)
from backend.listeners import Listeners
from backend.logs import log
from backend.nodes import announce
from backend.settings import Settings
from backend.sheets import Sheets
from backend.within import Inner

# More than a command makes things that somebody else could make in the same moment.
TRIES = 6
LAST_NUMBER = select(replica.c.last_n).where(replica.c.id == bindparam("replica")).with_for_update()
FORGOTTEN = select(replica.c.forgotten_seq).where(replica.c.id == bindparam("replica"))
ADD_REPLICA = insert(replica)
USE_NUMBER = update(replica).where(replica.c.id == bindparam("replica")).values(last_n=bindparam("n"))


class Gap(Exception):
    """The replica sent a number too high; `expect` is the one that is due."""

    def __init__(self, expect: int) -> None:
        super().__init__(expect)
        self.expect = expect


class NewReplica(Exception):
    """An old number with an unknown command: the profile was cloned or restored and needs a replica of its own."""


@dataclass(frozen=True)
class Performer:
    """What performing needs of the house."""

    database: Database
    sheets: Sheets
    kinds: Kinds
    listeners: Listeners = field(default_factory=Listeners)
    settings: Settings = Settings()  # noqa: RUF009 - it is frozen


def perform(sent: Sent, asked: Asked, house: Performer) -> Receipt:
    """Decide one command in one transaction. Raises Gap, NewReplica or Busy; nothing is then changed."""
    clash: IntegrityError | None = None
    for _ in range(TRIES):
        try:
            with house.database.write() as session:
                touched: dict[tuple[str, str], None] = {}
                receipt, seq = perform_in(session, sent, asked, house, touched)
                publish_rows(session, house.sheets, touched, seq)
                announce(session)
            house.listeners.poke(seq)
            return receipt
        except IntegrityError as error:
            # Made twice at once, this very command or a thing that it needs: who tries again finds it.
            clash = error
        except (Gap, NewReplica, Busy):
            raise
        except Exception as error:
            if asked.hold is not None:
                raise
            # A bug outside of the handler, as in a row's builder, must not block a tablet either.
            return perform(sent, replace(asked, hold=fault(sent.command_id, error)), house)
    if asked.hold is not None or clash is None:
        raise Busy()
    return perform(sent, replace(asked, hold=fault(sent.command_id, clash)), house)


def perform_all(batch: Iterable[tuple[Sent, Asked]], house: Performer) -> list[Receipt]:
    """Decide several commands of an import in one transaction, each still with its own savepoint and entry."""
    batch, receipts, seq = list(batch), [], 0
    try:
        with house.database.write() as session:
            touched: dict[tuple[str, str], None] = {}
            for sent, asked in batch:
                receipt, seq = perform_in(session, sent, asked, house, touched)
                receipts.append(receipt)
            publish_rows(session, house.sheets, touched, seq)
            announce(session)
    except IntegrityError:
        return [perform(sent, asked, house) for sent, asked in batch]
    house.listeners.poke(seq)
    return receipts


def perform_in(
    session: Session, sent: Sent, asked: Asked, house: Performer, touched: dict[tuple[str, str], None]
) -> tuple[Receipt, int]:
    """The receiving rule and everything up to publishing; notes in `touched` what must be published."""
    last_n = take_replica(session, asked)
    known = find_entry(session, sent.command_id)
    if known is not None:
        return again(session, sent, asked, house, known, last_n, touched)
    n = last_n + 1 if sent.n is None else sent.n
    if n > last_n + 1:
        raise Gap(last_n + 1)
    if n <= last_n:
        raise NewReplica()
    receipt, work = decide(session, sent, asked, house.kinds, house.settings)
    seq = keep_entry(session, Inner(sent, asked, receipt, work), n, house, touched)
    # What it had performed comes right behind it, each with its own id and number.
    for inner in work.within:
        seq = keep_entry(session, inner, None, house, touched)
    return receipt, seq


def keep_entry(
    session: Session, done: Inner, n: int | None, house: Performer, touched: dict[tuple[str, str], None]
) -> int:
    """Take the counter and write the decided command into the journal; returns its place there."""
    sent, asked, receipt, work = done
    seq = next_seq(session)
    # A replica that only the holder of the counter numbers stands in nobody's way, so it is locked here.
    n = take_replica(session, asked) + 1 if n is None else n
    entry = Entry(
        command_id=sent.command_id,
        replica_id=asked.replica_id,
        n=n,
        actor_id=asked.actor.id,
        device_id=asked.device.id,
        command=sent.command,
        v=sent.v,
        payload=payload_of(sent, asked),
        happened_at=work.happened_at,
        happened_about=work.happened_about,
        received_at=asked.received_at,
        caused_by=asked.caused_by,
    )
    write_entry(session, entry, receipt, seq)
    subject = [work.subject] if work.subject else []
    keep_concerns(session, sent.command_id, [*named_in(sent.fields), *subject, *work.concerned])
    session.execute(USE_NUMBER, {"replica": asked.replica_id, "n": n})
    touched.update(work.published)
    if asked.replica_kind == "device":
        touched["receipt", sent.command_id] = None
    # What is tried again and fails again is still the same open case.
    if receipt.outcome in NEEDS_A_PERSON and not (asked.caused_by and receipt.code == FAULT):
        open_a_case(session, case_of(session, sent, asked, receipt, work, house.kinds))
        touched["case", sent.command_id] = None
    log.info("command", command=sent.command, command_id=sent.command_id, outcome=receipt.outcome, code=receipt.code)
    return seq


def again(
    session: Session,
    sent: Sent,
    asked: Asked,
    house: Performer,
    known: Any,
    last_n: int,
    touched: dict[tuple[str, str], None],
) -> tuple[Receipt, int]:
    """A command that the journal knows: the stored outcome once more, told to whoever asks now."""
    seq = next_seq(session)
    if asked.replica_kind == "device" and sent.n == last_n + 1:
        # It may come as the next number of another replica (a clone that was renumbered); its number is used up.
        session.execute(USE_NUMBER, {"replica": asked.replica_id, "n": sent.n})
    forgotten = session.execute(FORGOTTEN, {"replica": known.replica_id}).scalar() or 0
    told_here = known.replica_id == asked.replica_id and known.seq > forgotten
    # What it builds on was not kept always, and makes it no other entry.
    spelled = (sent, msgspec.structs.replace(sent, after=[]))
    same = any(known.payload_hash == digest_of(payload_of(one, asked)) for one in spelled)
    # Who only names an entry of somebody else is not told what became of it: the sentence may speak of a patient.
    if asked.replica_kind == "device" and not told_here and (same or known.actor_id == asked.actor.id):
        upsert(session, receipt_copy, [{"command_id": sent.command_id, "replica_id": asked.replica_id}])
        touched["receipt", sent.command_id] = None
    if not same:
        say = "Two different entries came with the same number. The first one stands; look at both devices."
        log.error("alarm", command_id=sent.command_id, code="same_id_other_content", replica=asked.replica_id)
        details = labelled(house.kinds, sent)
        # A case stays with its own site and patient, whoever sends something else under its number.
        case = find_case(session, sent.command_id)
        site_id, subject = (case.site_id, case.subject) if case else (asked.site.id, None)
        open_a_case(session, Case(sent.command_id, site_id, asked.device.name, subject, details, say))
        touched["case", sent.command_id] = None
        return Receipt(sent.command_id, "refused", "same_id_other_content", say), seq
    return Receipt(sent.command_id, known.outcome, known.code, known.say), seq


def take_replica(session: Session, asked: Asked) -> int:
    """Lock the replica (first in the lock order: replica, aggregates, counter) and say its last number."""
    last_n = session.execute(LAST_NUMBER, {"replica": asked.replica_id}).scalar()
    if last_n is None:
        values = {
            "id": asked.replica_id,
            "kind": asked.replica_kind,
            "device_id": asked.device.id,
            "last_n": 0,
            "forgotten_seq": 0,
        }
        session.execute(ADD_REPLICA, {**values, "since": asked.received_at})
        last_n = 0
    return int(last_n)


def payload_of(sent: Sent, asked: Asked) -> str:
    """What the author said, in one canonical spelling: kept, hashed, and compared when the same id comes again."""
    kept: dict[str, Any] = {"fields": sent.fields, "actor": asked.actor.id, "command": sent.command, "v": sent.v}
    kept |= {"was": sent.was, "seen": sent.seen}
    if sent.after:
        kept["after"] = sent.after
    if sent.made is not None:
        kept["made"] = sent.made
    return encode(kept).decode()
