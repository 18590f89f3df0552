"""A second site of the practice, with staff, a patient, a visit and a device of its own, for attacks from the first."""

from dataclasses import dataclass

from sqlalchemy import update

from backend.giving import Giver
from backend.identity import OFFICE
from backend.ids import new_id
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.scheduling import BookVisit, RecordProvider, RecordRoom, RecordVisitType
from backend.staff import AddStaffMember, set_password
from backend.staff.models import Password
from backend.work import Site
from tests.practice import MORNING, QUICK, Practice
from tests.tablets import PASSWORD

NORTH = Site("north", "North Street Family Medicine", "America/New_York")
# Nobody at Maple Street may ever read one of these.
MARKED = ("Zephyrine", "Quillfeather", "1944-05-06", "5550109977")
STAFF = {"nora": ["front_desk"], "nils": ["owner", "manager"]}


@dataclass(frozen=True)
class North:
    """The ids of the second site's things."""

    patient: str
    visit: str
    provider: str
    room: str
    visit_type: str
    staff: dict[str, str]

    def ids(self) -> dict[str, str]:
        """By the name of the field that would carry them."""
        named = {"patient_id": self.patient, "visit_id": self.visit, "provider_id": self.provider}
        return {**named, "room_id": self.room, "visit_type_id": self.visit_type, "staff_id": self.staff["nora"]}


def open_north(practice: Practice) -> North:
    """The second site, as whoever runs the server sets it up."""
    giver = Giver(practice.office.performer, practice.clock, NORTH, OFFICE)
    north = North(new_id(), new_id(), new_id(), new_id(), new_id(), {name: new_id() for name in STAFF})
    giver.give(OpenSite, site_id=NORTH.id, name=NORTH.name, zone_name=NORTH.zone_name)
    for username, roles in STAFF.items():
        who = {"staff_id": north.staff[username], "name": username.title(), "username": username}
        giver.give(AddStaffMember, **who, roles=roles, site_id=NORTH.id)
        practice.staff[username] = north.staff[username]
        with practice.database.write() as session:
            set_password(session, north.staff[username], PASSWORD)
            session.flush()
            session.execute(update(Password).where(Password.staff_id == north.staff[username]).values(hash=QUICK))
    given, family, born, phone = MARKED
    person = {"given": given, "family": family, "birth_date": born, "phone": phone, "source": "north"}
    giver.give(ImportPatient, patient_id=north.patient, **person)
    giver.give(RecordProvider, provider_id=north.provider, name="Dr. Quillfeather North")
    giver.give(RecordRoom, room_id=north.room, name="Quillfeather room")
    giver.give(RecordVisitType, visit_type_id=north.visit_type, name="Quillfeather visit", minutes=20)
    giver.give(
        BookVisit, visit_id=north.visit, patient_id=north.patient, starts_at=f"{MORNING.date()}T14:30:00Z",
        provider_id=north.provider, room_id=north.room,
    )  # fmt: skip
    return north
