"""Taking: records as commands of the import, many to a transaction, each decided by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.commands import Command, read, tag_of
from backend.deciding import Sent, field_of
from backend.feed import seen_row
from backend.fhir.elements import Bad
from backend.fhir.naming import Names
from backend.fhir.reading import Record
from backend.fhir.reporting import Report
from backend.giving import TOGETHER, Giver


@dataclass(frozen=True)
class Taken:
    """One record as a command's fields; the first of them is the id of the thing, unless it only `stands_for` one."""

    noun: str
    kind: type[Command]
    fields: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    patient_id: str | None = None
    stands_for: str | None = None

    @property
    def own_id(self) -> str:
        """Our id of what the record is about."""
        return self.stands_for or str(next(iter(self.fields.values())))

    def check(self) -> None:
        """Complain about what the command would not accept, while the place in the file is still known."""
        try:
            read(self.kind, self.fields)
        except msgspec.ValidationError as error:
            raise Bad(f"{field_of(error)} does not fit") from error


def take_all(mapped: Iterable[tuple[Record, Taken]], giver: Giver, names: Names, report: Report) -> None:
    """Give every record's command once. What an earlier import brought is counted, and not given again."""
    waiting = iter(mapped)
    while some := list(islice(waiting, TOGETHER)):
        take(some, giver, names, report)


def take(some: list[tuple[Record, Taken]], giver: Giver, names: Names, report: Report) -> None:
    """One transaction's worth."""
    given: dict[str, tuple[Record, Taken]] = {}
    ids = [names.command_id(taken.kind, taken.fields) for _, taken in some]
    known = giver.given_before(ids)
    with giver.house.database.read() as session:
        patients = shown(session, "patient", {taken.patient_id for _, taken in some if taken.patient_id})
    for id, (record, taken) in zip(ids, some, strict=True):
        if taken.patient_id and taken.patient_id not in patients:
            report.skip(taken.noun, "the patient is neither here nor in these files", record)
        elif id in known or id in given:
            report.again[taken.noun] += 1
        else:
            given[id] = record, taken
    for receipt in deliver(given, giver):
        record, taken = given[receipt.command_id]
        if receipt.outcome in ("held", "refused"):
            report.skip(taken.noun, f"{receipt.outcome}: {receipt.say}", record)
            continue
        report.taken[taken.noun] += 1
        for note in taken.notes:
            report.note(taken.noun, note, record)


def deliver(given: dict[str, tuple[Record, Taken]], giver: Giver) -> Iterator[Any]:
    """The receipts."""
    commands = (
        Sent(command_id=id, command=tag_of(taken.kind), v=taken.kind.v, fields=taken.fields)
        for id, (_, taken) in given.items()
    )
    for receipts in giver.give_all(commands):
        yield from receipts


def shown(session: Session, kind: str, ids: set[str] | None = None) -> dict[str, dict[str, Any]]:
    """What everybody sees of the things of a kind: of those with these ids, or of all."""
    query = select(seen_row.c.id, seen_row.c.body).where(seen_row.c.kind == kind, seen_row.c.body.is_not(None))
    found = session.execute(query if ids is None else query.where(seen_row.c.id.in_(ids)))
    return {row.id: msgspec.json.decode(row.body) for row in found}
