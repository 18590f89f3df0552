"""The cast of the simulator: a practice with people, devices, patients, visits and a supply room, always the same."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from backend.counts.asking import AskForCount
from backend.devices.enrolling import EnrolDevice
from backend.devices.models import DeviceSecret, PersonKey
from backend.devices.unlocking import record_unlock
from backend.feed_tables import feed_head
from backend.giving import Giver
from backend.identity import OFFICE, Actor
from backend.inventory import ReceiveStock, RecordItem, RecordPlace, SetPar
from backend.inventory.writing_off import AskToWriteOff
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.scheduling import BookVisit, RecordProvider, RecordVisitType
from backend.staff import AddStaffMember, find_actor
from backend.work import Site

if TYPE_CHECKING:
    from tests.simulation.office import Practice

SITE = Site("main", "Maple Street Family Medicine", "America/New_York")
# The night in which New York puts its clocks back, and the Monday after it, 8:30 am.
FILLED = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 2, 13, 30, tzinfo=UTC)
STAFF = {
    "ana": ("Ana Garrido", ["front_desk"]),
    "ben": ("Ben Ito", ["front_desk"]),
    "maria": ("Maria Lindqvist", ["owner", "manager"]),
    "cleo": ("Cleo Marsh", ["clinical"]),
    "dana": ("Dana Reyes", ["supplies", "manager"]),
}
# What each device is for, who uses it, and who of them never unlocked it.
DEVICES = {
    "Tablet 1": ("front_desk", ["ana", "ben"], []),
    "Tablet 2": ("front_desk", ["ben", "ana"], ["cleo"]),
    "Desk": ("desk", ["maria", "ana"], []),
    "Desk 2": ("desk", ["dana", "ana"], []),
    "Phone": ("manager_phone", ["maria", "dana"], []),
    "Counter 1": ("count", ["dana", "cleo"], []),
    "Counter 2": ("count", ["cleo", "ben"], []),
}
# Name, class, cents for one, whether kept by lots, and what a pack holds.
ITEMS = {
    "gloves": ("Nitrile gloves", "C", 15, False, {"box": 10}),
    "saline": ("Saline 0.9 %", "B", 250, True, {}),
    "lidocaine": ("Lidocaine 1 %", "A", 4_000, True, {}),
}
PATIENTS = ("Alma Castellanos", "Bruno O’Hara", "Chiara Sørensen", "Dev Mbeki", "Elif Yilmaz", "Farid Haddad")


def fixed_id(name: str) -> str:
    """The same id in every run, for things that are there before any history."""
    digits = f"{sum(ord(letter) * 257**at for at, letter in enumerate(name)) % 16**20:020x}"
    return f"01930000-0000-7{digits[:3]}-8{digits[3:6]}-{digits[6:18]}"


def fill(practice: "Practice", spki: str) -> None:
    """The same practice in every process."""
    database = practice.database
    with database.write() as session:
        session.execute(insert(feed_head).values(id=1, value=0, epoch="e0"))
    count = 0

    def give(kind: Any, /, by: Actor = OFFICE, **fields: Any) -> None:
        nonlocal count
        count += 1
        Giver(practice.office.performer, practice.clock, SITE, by).give(kind, fixed_id(f"give/{count}"), **fields)

    give(OpenSite, site_id=SITE.id, name=SITE.name, zone_name=SITE.zone_name)
    for username, (name, roles) in STAFF.items():
        practice.staff[username] = staff_id = fixed_id(username)
        give(AddStaffMember, staff_id=staff_id, name=name, username=username, roles=roles, site_id=SITE.id)
    for name, (purpose, people, _) in DEVICES.items():
        practice.devices[name] = device_id = fixed_id(name)
        give(EnrolDevice, device_id=device_id, name=name, purpose=purpose, place="Front desk")
        with database.write() as session:
            session.add(DeviceSecret(device_id=device_id, token_hash=name, share=""))
            for username in people:
                staff_id = practice.staff[username]
                record_unlock(session, device_id, staff_id, FILLED)
                key = {"key_id": "k", "public_key": spki, "since": FILLED}
                session.add(PersonKey(device_id=device_id, staff_id=staff_id, **key))
    provider_id = fixed_id("provider")
    give(RecordProvider, provider_id=provider_id, name="Dr. Ruth Adeyemi", specialty="Family medicine")
    give(RecordVisitType, visit_type_id=fixed_id("type"), name="Office visit", minutes=20)
    for number, name in enumerate(PATIENTS):
        given, _, family = name.partition(" ")
        patient_id = fixed_id(f"patient/{number}")
        birth = f"19{50 + 7 * number}-04-12"
        give(ImportPatient, patient_id=patient_id, source=name, given=given, family=family, birth_date=birth)
        visit = {"visit_id": fixed_id(f"visit/{number}"), "patient_id": patient_id, "provider_id": provider_id}
        starts_at = f"2026-11-{2 + (number == 5):02d}T{14 + number // 4}:{number % 4 * 15:02d}:00Z"
        give(BookVisit, **visit, starts_at=starts_at, status="cancelled_by_patient" if number == 4 else "booked")
    supply_room = {"place_id": fixed_id("supply room"), "kind": "room", "name": "Supply room"}
    give(RecordPlace, **supply_room)
    for number in range(2):
        place = {"place_id": fixed_id(f"cabinet/{number}"), "kind": "cabinet", "name": f"Cabinet {number}"}
        give(RecordPlace, **place, parent_id=supply_room["place_id"])
    for code, (name, abc, cents, has_lots, packs) in ITEMS.items():
        lines = [{"name": unit, "holds": holds} for unit, holds in packs.items()]
        known = {"name": name, "base_unit": "each", "abc": abc, "cost_cents": cents, "has_lots": has_lots}
        give(RecordItem, item_id=fixed_id(code), **known, packs=lines, codes=[{"code": code.upper()}])
        where = {"place_id": fixed_id("cabinet/0"), "item_id": fixed_id(code)}
        give(SetPar, **where, least=5, most=20)
        give(ReceiveStock, **where, quantity=20, lot="L1" if has_lots else None, expires="2027-06-30")
    dana = find_staff(practice, "dana")
    counted = {"count_id": fixed_id("count"), "kind": "full", "place_id": supply_room["place_id"]}
    give(AskForCount, by=dana, **counted)
    dear = {"item_id": fixed_id("lidocaine"), "place_id": fixed_id("cabinet/0"), "lot": "L1"}
    give(AskToWriteOff, by=dana, **dear, quantity=4, reason="Recalled by the maker")


def find_staff(practice: "Practice", username: str) -> Actor:
    """Somebody of the staff, as who does something."""
    with practice.database.read() as session:
        found = find_actor(session, practice.staff[username])
    assert found is not None
    return found
