"""A believable small practice with a day on its board; every name in it is invented."""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.clock import office_day
from backend.demo_supplies import stock_supplies
from backend.giving import Giver
from backend.identity import OFFICE
from backend.ids import new_id
from backend.office import OpenSite, find_site
from backend.patients import ImportPatient
from backend.scheduling import BookVisit, RecordProvider, RecordRoom, RecordVisitType
from backend.serving import Office
from backend.staff import AddStaffMember, set_password
from backend.work import Site

PASSWORD = "a quiet morning"
SITE = Site("main", "Maple Street Family Medicine", "America/New_York")
STAFF = [
    ("maria", "Maria Lindqvist", ["owner", "manager", "privacy_officer"]),
    ("ana", "Ana Garrido", ["front_desk"]),
    ("ben", "Ben Itō", ["front_desk"]),
    ("cleo", "Cleo Marsh", ["clinical", "supplies"]),
]
PROVIDERS = [
    ("Dr. Ruth Adeyemi", "Family medicine"),
    ("Dr. Tomás Ferrer", "Internal medicine"),
    ("Jo Park, NP", "Family medicine"),
]
TYPES = [("Office visit", 20), ("Physical", 40), ("Follow-up", 15), ("Vaccination", 10), ("Walk-in", 20)]
GIVEN = (
    "Alma Bruno Chiara Dev Elif Farid Greta Hana Ivo June Kofi Lena Milo Nadia Omar Petra Quinn Rosa Sami "
    "Tess Uma Viktor Wren Yara"
).split()
FAMILY = (
    "Abara Brandt Castellanos Dubois Eklund Fontaine Gallagher Haddad Ibarra Jansen Kowalczyk Laurent Mbeki "
    "Novak O’Hara Pellegrini Quiroga Rahimi Sørensen Tanaka Underwood Vasquez Whitfield Yilmaz Zielinski"
).split()
STREETS = ("Alder Birch Cedar Dogwood Elm Foxglove Hawthorn Juniper Laurel Magnolia").split()


def seed(office: Office, patients: int = 240, seed_number: int = 7) -> None:
    """Fill an empty database. Always the same practice, with its visits on the days around today."""
    with office.database.read() as session:
        if find_site(session, SITE.id) is not None:
            return
    draw = random.Random(seed_number)
    giver = Giver(office.performer, office.clock, SITE, OFFICE)
    giver.give(
        OpenSite,
        site_id=SITE.id,
        name=SITE.name,
        zone_name=SITE.zone_name,
        phone="5550100100",
        open_weekdays="1234567",
        hours=["Every day 8:00 am to 5:00 pm"],
    )
    add_staff(giver, office)
    providers = [new_id() for _ in PROVIDERS]
    for id, (name, specialty) in zip(providers, PROVIDERS, strict=True):
        giver.give(RecordProvider, provider_id=id, name=name, specialty=specialty)
    for number in range(1, 5):
        giver.give(RecordRoom, room_id=new_id(), name=str(number))
    for name, minutes in TYPES:
        giver.give(RecordVisitType, visit_type_id=new_id(), name=name, minutes=minutes)
    stock_supplies(giver, random.Random(seed_number))
    people = [add_patient(giver, draw, number) for number in range(patients)]
    book_days(giver, draw, people, providers, office.clock.now())


def add_staff(giver: Giver, office: Office) -> None:
    """Four people who share one password, which only a demonstration may do."""
    for username, name, roles in STAFF:
        staff_id = new_id()
        giver.give(AddStaffMember, staff_id=staff_id, name=name, username=username, roles=roles, site_id=SITE.id)
        with office.database.write() as session:
            set_password(session, staff_id, PASSWORD)


def add_patient(giver: Giver, draw: random.Random, number: int) -> str:
    """One invented person; the phone numbers are of the range kept for fiction."""
    patient_id = new_id()
    birth = date(1932, 1, 1) + timedelta(days=draw.randrange(92 * 365))
    giver.give(
        ImportPatient,
        patient_id=patient_id,
        source=f"demo/{number}",
        family=draw.choice(FAMILY),
        given=draw.choice(GIVEN),
        birth_date=str(birth),
        sex=draw.choice(["female", "male"]),
        phone=f"555010{number:04d}"[-10:],
        line=f"{draw.randrange(1, 400)} {draw.choice(STREETS)} St",
        city="Millbrook",
        state="NY",
        postal_code="12545",
    )
    return patient_id


def book_days(giver: Giver, draw: random.Random, people: list[str], providers: list[str], now: datetime) -> None:
    """Two dozen visits on each day from yesterday to four days ahead."""
    zone = ZoneInfo(SITE.zone_name)
    today = office_day(now, SITE.zone_name)
    for offset in range(-1, 5):
        slots = sorted(draw.sample(range(8 * 4, 17 * 4), 24))
        for slot, patient_id in zip(slots, draw.sample(people, len(slots)), strict=True):
            begins = datetime.combine(today + timedelta(days=offset), time(slot // 4, slot % 4 * 15), zone)
            type, minutes = draw.choice(TYPES[:4])
            giver.give(
                BookVisit,
                visit_id=new_id(),
                patient_id=patient_id,
                starts_at=begins.isoformat(),
                minutes=minutes,
                provider_id=draw.choice(providers),
                type=type,
                status=draw.choice(["booked", "booked", "confirmed"]),
            )
