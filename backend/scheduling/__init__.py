"""Scheduling: who is booked with whom and when, and where each visit stands."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import house
from backend.scheduling.booking import (
    BookVisit,
    RecordProvider,
    RecordRoom,
    RecordSpecialty,
    RecordVisitType,
)
from backend.scheduling.cancelling import CancelVisit
from backend.scheduling.giving_away import GiveSlot
from backend.scheduling.leaving import RecordLeft
from backend.scheduling.looked_back import histories
from backend.scheduling.meeting import came_anyway
from backend.scheduling.models import GIVEN_UP, RANK, STATUSES, Provider, Visit, VisitEvent
from backend.scheduling.rows import provider_row, visit_row, visit_type_row, wait_row
from backend.scheduling.standing import ALERT_MINUTES
from backend.scheduling.visits import (
    NOTHING_YET,
    WALK_IN_MINUTES,
    OnPaper,
    find_visit,
    known_visit,
    new_visit,
    record,
    stands,
    take_back,
)
from backend.scheduling.working_in import WorkIn
from backend.sheets import Follow

__all__ = [
    "ALERT_MINUTES",
    "GIVEN_UP",
    "NOTHING_YET",
    "STATUSES",
    "WALK_IN_MINUTES",
    "BookVisit",
    "CancelVisit",
    "GiveSlot",
    "OnPaper",
    "RecordProvider",
    "RecordRoom",
    "RecordSpecialty",
    "RecordVisitType",
    "Visit",
    "VisitEvent",
    "came_anyway",
    "find_visit",
    "known_visit",
    "new_visit",
    "provider_by_source",
    "record",
    "room",
    "stands",
    "take_back",
]


def provider_by_source(session: Session, source: str) -> str | None:
    """The id of the provider whom another system knows by this name."""
    return session.scalar(select(Provider.id).where(Provider.source == source))


room = house.Room(
    name="scheduling",
    commands=[
        BookVisit,
        CancelVisit,
        GiveSlot,
        RecordLeft,
        RecordProvider,
        RecordRoom,
        RecordSpecialty,
        RecordVisitType,
        WorkIn,
    ],
    rows=[visit_row, wait_row, provider_row, visit_type_row],
    follows=[Follow("visits/*", "visit", "patient_id", brings=("patient", "contact"))],
    ranks={"visit.status": RANK},
    histories=histories,
    sentences={
        BookVisit: "{who} booked the visit",
        CancelVisit: "{who} cancelled the visit",
        GiveSlot: "{who} gave the time of the visit to somebody else",
        RecordLeft: "{who} noted that the patient had left",
        WorkIn: "{who} worked the patient in",
    },
)
