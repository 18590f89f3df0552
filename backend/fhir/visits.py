"""What an Encounter and an Appointment have in common: both become a visit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from backend.clock import instant
from backend.fhir.elements import Skip
from backend.fhir.naming import Names
from backend.fhir.taking import Taken
from backend.scheduling import BookVisit

SHORTEST_MOVED, LONGEST_MOVED = 10, 120


class Told(NamedTuple):
    """What a resource says of a visit, with its references in one spelling."""

    visit_id: str
    patient: str | None
    providers: list[str]
    room: str | None
    start: datetime
    minutes: int
    type: str | None
    status: str
    reason: str | None
    source: str


@dataclass
class Books:
    """Where visits are looked up: the names, the known providers, and the visits that move to today."""

    names: Names
    providers: set[str]
    by_source: Callable[[str], str | None]
    moved: dict[str, datetime] = field(default_factory=dict)

    def provider(self, said: Iterable[str]) -> str | None:
        """The first of these people whom the office knows."""
        for one in said:
            known = self.names.resolve(one)
            if known in self.providers:
                return known
            if "?" not in one and (earlier := self.by_source(f"{self.names.source}/{one}")):
                return earlier
        return None


def visit(told: Told, books: Books) -> Taken:
    """The fields of `scheduling.book_visit`. A moved visit has still to come, and is of a length that a board shows."""
    patient_id = books.names.resolve(told.patient)
    if patient_id is None:
        raise Skip("it does not say whose visit it is")
    provider_id = books.provider(told.providers)
    start, minutes, status = told.start, told.minutes, told.status
    if told.visit_id in books.moved:
        start, status = books.moved[told.visit_id], "booked"
        minutes = min(max(minutes, SHORTEST_MOVED), LONGEST_MOVED)
    fields: dict[str, Any] = {
        "visit_id": told.visit_id,
        "patient_id": patient_id,
        "starts_at": instant(start),
        "minutes": minutes,
        "provider_id": provider_id,
        "room_id": books.names.resolve(told.room),
        "type": told.type or "Office visit",
        "status": status,
        "reason": told.reason,
        "source": told.source,
    }
    notes = ["the provider is not known here, so none is named"] if told.providers and not provider_id else []
    return Taken("visits", BookVisit, fields, notes=notes, patient_id=patient_id)
