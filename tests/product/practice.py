"""The practice of the product layer, filled once: a site, its people, a board full of visits, two rooms of supplies."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from sqlalchemy import update

from backend.devices.enrolling import EnrolDevice, give_token
from backend.giving import Giver
from backend.identity import OFFICE
from backend.inventory import ReceiveStock, RecordItem, RecordPlace, SetPar
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.scheduling import BookVisit, RecordProvider, RecordVisitType
from backend.serving import Office
from backend.staff import AddStaffMember, set_password
from backend.staff.models import Password
from backend.work import Site
from tests.practice import QUICK, Cast, Practice
from tests.tablets import PASSWORD, Tablet

SITE = Site("main", "Maple Street Family Medicine", "America/New_York")
# A Monday, 8:30 am in New York.
MORNING = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
STAFF = {
    "ana": ("Ana Garrido", ["front_desk"]),
    "ben": ("Ben Ito", ["front_desk"]),
    "maria": ("Maria Lindqvist", ["owner", "manager"]),
}
PATIENTS = ("Alma Castellanos", "Bruno O’Hara", "Chiara Sørensen", "Dev Mbeki", "Elif Yilmaz", "Farid Haddad")
DEVICES = ("Tablet 1", "Tablet 2", "Desk")
ITEMS = ("Exam gloves M", "Gauze pad 4×4", "Urine cup")


def fixed_id(name: str) -> str:
    """The same id in every run, so that a seed chooses the same visit in each."""
    digits = hashlib.sha256(name.encode()).hexdigest()
    return f"01930000-0000-7{digits[:3]}-8{digits[3:6]}-{digits[6:18]}"


def fill(office: Office) -> dict[str, str]:
    """The same practice in every run. Returns the token of each of its devices."""
    count = 0

    def give(command: Any, /, **fields: Any) -> None:
        nonlocal count
        count += 1
        Giver(office.performer, office.clock, SITE, OFFICE).give(command, fixed_id(f"give/{count}"), **fields)

    # A short calendar: its days never change here, and every tablet of every history would carry all of them.
    with patch("backend.office.opening.DAYS_AHEAD", 8), patch("backend.office.opening.DAYS_BACK", 3):
        give(OpenSite, site_id=SITE.id, name=SITE.name, zone_name=SITE.zone_name)
    for username, (name, roles) in STAFF.items():
        staff_id = fixed_id(username)
        give(AddStaffMember, staff_id=staff_id, name=name, username=username, roles=roles, site_id=SITE.id)
        set_quick_password(office, staff_id)
    give(RecordProvider, provider_id=fixed_id("provider"), name="Dr. Ruth Adeyemi", specialty="Family medicine")
    give(RecordVisitType, visit_type_id=fixed_id("type"), name="Office visit", minutes=20)
    for number, name in enumerate(PATIENTS):
        given, _, family = name.partition(" ")
        who = {"patient_id": fixed_id(f"patient/{number}"), "source": name, "given": given, "family": family}
        give(ImportPatient, **who, birth_date=f"19{50 + 7 * number}-04-12")
        visit = {"visit_id": fixed_id(f"visit/{number}"), "patient_id": who["patient_id"]}
        status = "cancelled_by_patient" if number == 4 else "booked"
        starts_at = f"2026-11-23T{14 + number // 4}:{number % 4 * 15:02d}:00Z"
        give(BookVisit, **visit, provider_id=fixed_id("provider"), starts_at=starts_at, status=status)
    fill_shelves(give)
    # Not by the page for it: the names of a device's records follow from its id, and their order plays a part.
    tokens = {}
    for name in DEVICES:
        give(EnrolDevice, device_id=fixed_id(name), name=name, purpose="desk", place="Front desk")
        with office.database.write() as session:
            tokens[name] = give_token(session, fixed_id(name))
    return tokens


def set_quick_password(office: Office, staff_id: str) -> None:
    """The one that everybody of the tests has, hashed cheaply."""
    with office.database.write() as session:
        set_password(session, staff_id, PASSWORD)
        session.flush()
        session.execute(update(Password).where(Password.staff_id == staff_id).values(hash=QUICK))


def fill_shelves(give: Any) -> None:
    """Two rooms with a shelf each, on which everybody takes and puts the same few things."""
    for room in ("Supply room", "Exam cart"):
        give(RecordPlace, place_id=fixed_id(room), kind="room", name=room)
        shelf = fixed_id(f"{room}/shelf")
        give(RecordPlace, place_id=shelf, kind="bin", name=f"Shelf of {room}", parent_id=fixed_id(room))
    for name in ITEMS:
        item = fixed_id(name)
        give(RecordItem, item_id=item, name=name, base_unit="each", abc="C", cost_cents=9)
        for room in ("Supply room", "Exam cart"):
            here = {"place_id": fixed_id(f"{room}/shelf"), "item_id": item}
            give(SetPar, **here, least=50, most=500)
            give(ReceiveStock, **here, quantity=1000)


def warm_up(client: Any, office: Office, clock: Any) -> None:
    """What every tablet does in a morning, once."""
    staff = {name: fixed_id(name) for name in STAFF}
    practice = Practice(client, clock, office, Cast(staff=staff))
    tablet = Tablet(practice, "Warming up", "ana", "desk")
    stock = {"item_id": fixed_id(ITEMS[0]), "place_id": fixed_id("Exam cart/shelf"), "quantity": 1}
    visit = {"visit_id": fixed_id("visit/0")}
    arrival = tablet.command("checkin.record_arrival", visit)
    commands = [
        arrival,
        tablet.command("checkin.record_arrival", visit),
        tablet.command("checkin.record_arrival", {"visit_id": fixed_id("visit/4")}),
        tablet.command("checkin.check_identity", {**visit, "identifiers": ["name"]}),
        tablet.command("checkin.check_in", visit),
        tablet.command("undo", {"command_id": arrival["command_id"]}),
        tablet.command("inventory.use_stock", stock),
        tablet.command("inventory.receive_stock", stock),
        tablet.command("inventory.transfer_stock", {**stock, "to_place_id": fixed_id("Supply room/shelf")}),
    ]
    tablet.sync(commands)
    tablet.sync(commands[:2])
    tablet.post("/signin", {"username": "ben", "password": PASSWORD})
