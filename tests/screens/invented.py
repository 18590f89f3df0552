"""An invented day in an invented office, as the rows that the templates show."""

from backend import app, identity
from backend.devices.codes import qr_of
from backend.devices.inviting import in_groups
from backend.manifest import pages_of

NOW = "2026-11-23T15:41:00.000Z"
DAY = "2026-11-23"
ZONE = {"name": "America/New_York", "transitions": [[-4102444800000, -300]]}
FORM = {"command": "", "values": {}, "complaints": {}, "complaint": ""}


def id_of(number: int) -> str:
    return f"0193588a-0000-7000-8000-{number:012d}"


PROVIDERS = [
    {"id": id_of(901), "name": "Dr. Okafor", "specialty": "Family medicine"},
    {"id": id_of(902), "name": "Dr. Lindqvist", "specialty": "Pediatrics"},
    {"id": id_of(903), "name": "Rosa Delgado, NP", "specialty": "Family medicine"},
]
TYPES = [{"id": id_of(911 + at), "name": name} for at, name in enumerate(["Sick visit", "Follow-up", "Physical"])]
STAFF = {id_of(801): {"id": id_of(801), "name": "Ana Reyes"}, id_of(802): {"id": id_of(802), "name": "Ben Ito"}}
PEOPLE = [
    ("Ana", "García", "1957-04-12", "5125550143"), ("Ana María", "García", "1957-04-21", "5125550118"),
    ("Wendell", "Oyelaran-Featherstonehaugh", "1989-12-02", None), ("Mei", "Lin", "2026-02-14", "5125550190"),
    ("Tomás", "Núñez", "1971-07-30", "5125550111"), ("Ruth", "Abernathy", "1940-01-09", "5125550172"),
    ("Priya", "Raman", "1996-10-05", "5125550166"), ("Jo", "Ng", "2001-03-03", "5125550155"),
    ("Elijah", "Brooks", "1963-08-19", "5125550137"), ("Sofía", "Herrera", "2019-05-27", "5125550129"),
]  # fmt: skip
PATIENTS = {
    id_of(at): {"id": id_of(at), "given": given, "family": family, "birth_date": born, "phone": phone,
                "mrn": f"10{at:04d}", "sex": "unknown"}
    for at, (given, family, born, phone) in enumerate(PEOPLE, 1)
}  # fmt: skip
CONTACTS = {id_of(1): {"line": "14 Alder Court", "city": "Austin", "state": "TX", "postal_code": "78704"}}
BLANK = {
    "status_since": None, "arrived_at": None, "arrived_by": None, "arrived_about": False, "checked_in_at": None,
    "checked_in_by": None, "identity": [], "identity_at": None, "identity_by": None, "last_command_id": None,
    "next_action": "", "can_undo": False, "alert_minutes": None, "flags": [], "notes": [], "reason": None,
    "room": None, "kind": "scheduled", "day": DAY, "type": "Follow-up", "cancelled_at": None, "cancelled_by": None,
    "cancel_called": None, "cancel_reason": None, "slot_given": False, "paper_by": None,
}  # fmt: skip


def visit(number: int, at: str, status: str, **changed) -> dict:
    return BLANK | {
        "id": id_of(100 + number), "patient_id": id_of(number), "provider_id": PROVIDERS[number % 3]["id"],
        "starts_at": f"2026-11-23T{at}:00.000Z", "status": status,
    } | changed  # fmt: skip


def since(at: str) -> str:
    return f"2026-11-23T{at}:00.000Z"


VISITS = [
    visit(6, "13:30", "checked_out", status_since=since("14:20"), type="Physical"),
    visit(5, "14:00", "with_provider", status_since=since("14:31"), alert_minutes=90),
    visit(8, "14:20", "roomed", room="3", status_since=since("15:12"), alert_minutes=60, flags=["interpreter"]),
    visit(1, "14:40", "arrived", status_since=since("15:02"), arrived_at=since("15:02"), arrived_by=id_of(801),
          alert_minutes=15, flags=["name_alike"], next_action="identify",
          notes=["Also recorded at 10:04 am by Ben Ito on Tablet 2."]),
    visit(2, "15:00", "checked_in", status_since=since("15:33"), alert_minutes=20, flags=["name_alike"]),
    visit(3, "15:20", "arrived", status_since=since("15:39"), arrived_at=since("15:39"), alert_minutes=15,
          next_action="check_in", can_undo=True, last_command_id=id_of(701), type="Sick visit"),
    visit(4, "15:40", "arrived", status_since=since("15:41"), alert_minutes=15, next_action="identify", can_undo=True,
          last_command_id=id_of(702), kind="walk_in", flags=["new_patient", "walk_in"], type="Sick visit"),
    visit(7, "16:00", "confirmed", next_action="arrive"),
    visit(9, "16:20", "booked", next_action="arrive", flags=["insurance_to_verify", "balance"]),
    visit(10, "16:40", "cancelled_by_patient", next_action="arrive", cancelled_at=since("14:05"),
          cancelled_by=id_of(801), cancel_called="family", cancel_reason="too_ill"),
]  # fmt: skip
COUNTS = {"booked": 1, "confirmed": 1, "arrived": 3, "checked_in": 1, "roomed": 1, "with_provider": 1,
          "checked_out": 1, "cancelled_by_patient": 1}  # fmt: skip
DAYS = [
    {"day": "2026-11-20"}, {"day": DAY}, {"day": "2026-11-24"},
    {"day": "2026-11-25"}, {"day": "2026-11-27"},
]  # fmt: skip
DEVICE = {
    "id": "this", "online": False, "offline_since": since("14:41"), "waiting": 3, "attention": 2,
    "copy_at": since("14:40"), "persisted": False, "device_name": "Tablet 2", "purpose": "front_desk",
    "person": "Ana Reyes", "enrolled": True,
    "replica": id_of(601), "unsent": 3, "sheets": 8, "rows": 1240, "storage_used": 3120,
    "app": "2026.11.1", "hidden": False, "too_old": False, "hides_at": since("14:40"),
    "pin": True, "passkey": False, "passphrase": False,
    "certificate": None, "clock_ahead": 180, "clock_behind": 0, "news": 0,
}  # fmt: skip
ENTRIES = [
    {"id": id_of(500 + at), "n": at, "command": "c", "title": title, "made_at": since(made), "fate": fate,
     "say": say, "about": about}
    for at, (title, made, fate, say, about) in enumerate([
        ("Record arrival", "15:41", "waiting", "", "Mei Lin"),
        ("Record arrival", "15:39", "sent", "", "Wendell Oyelaran-Featherstonehaugh"),
        ("Check in", "15:33", "applied", "", "Ana María García"),
        ("Record arrival", "15:12", "noop", "Ben Ito had recorded this already.", "Jo Ng"),
        ("Record arrival", "15:02", "flagged", "Also recorded at 10:04 am by Ben Ito on Tablet 2.", "Ana García"),
        ("Change details", "14:58", "held", "Somebody changed the phone number meanwhile.", "Ruth Abernathy"),
        ("Undo", "14:50", "refused", "The visit has gone on since.", "Tomás Núñez"),
        ("Record arrival", "14:49", "undone", "", "Elijah Brooks"),
    ])
]  # fmt: skip
CASES = [
    {"id": id_of(401), "outcome": "flagged",
     "say": "Ana García was recorded as arrived twice, at 10:02 am and at 10:04 am.",
     "who": id_of(802), "device": "Tablet 2", "happened_at": since("15:04"), "happened_about": True,
     "patient_id": None, "details": []},
    {"id": id_of(402), "outcome": "held", "say": "The phone number of Ruth Abernathy was changed on two devices.",
     "who": id_of(801), "device": "Front desk", "happened_at": since("14:58"), "happened_about": False,
     "patient_id": None, "details": []},
]  # fmt: skip
FEATURES = ["storage", "database", "crypto", "worker", "passkey", "camera", "wake_lock"]
NOT_WIPED = dict.fromkeys(("wiped_at", "wipe_received_at", "wipe_text", "wipe_entries_left", "wipe_signature",
                           "wipe_key"))  # fmt: skip
DEVICES = [
    {
        "id": id_of(301),
        "name": "Tablet 2",
        "place": "Front desk",
        "purpose_word": "Front desk tablet",
        "tested": True,
        "state": "enrolled",
        "state_since": None,
        "state_by": None,
        "enrolled_at": since("13:02"),
        "enrolled_by": id_of(801),
        "can": FEATURES[1:5],
        "cannot": ["storage", "camera"],
        "durable": False,
        **NOT_WIPED,
    },
    {
        "id": id_of(302),
        "name": "Maria’s phone",
        "place": None,
        "purpose_word": "Manager’s phone",
        "tested": False,
        "state": "lost",
        "state_since": since("14:40"),
        "state_by": id_of(801),
        "enrolled_at": since("13:02"),
        "enrolled_by": id_of(801),
        "can": [],
        "cannot": [],
        "durable": None,
        **NOT_WIPED,
    },
    {
        "id": id_of(303),
        "name": "Tablet 9",
        "place": "Window",
        "purpose_word": "Front desk tablet",
        "tested": True,
        "state": "retired",
        "state_since": since("14:40"),
        "state_by": id_of(801),
        "enrolled_at": since("13:02"),
        "enrolled_by": id_of(801),
        "can": FEATURES,
        "cannot": [],
        "durable": True,
        "wiped_at": since("14:50"),
        "wipe_received_at": since("14:50"),
        "wipe_entries_left": 2,
        "wipe_signature": "q1_" * 28 + "ab",
        "wipe_text": f"wiped\n{id_of(303)}\n{id_of(603)}\n{since('14:49')}\n2",
        "wipe_key": "MFkwEwYH" * 15,
    },
]
FIGURES = [
    {"id": id_of(301), "name": "Tablet 2", "state": "enrolled", "last_contact": since("14:40"), "waiting": 3,
     "files": 1, "oldest_at": since("14:12"), "durable": False,
     "differed_at": since("13:05"), "sheets": 6, "rows": 1240, "app": "2026.11.1",
     "people": [{"name": "Ana Reyes", "since": since("13:10")}, {"name": "Ben Ito", "since": since("13:30")}]},
    {"id": id_of(302), "name": "Maria’s phone", "state": "lost", "last_contact": None, "waiting": None, "app": "",
     "durable": None, "sheets": None, "differed_at": None, "people": []},
]  # fmt: skip
INVITATION = {"id": id_of(901), "state": "waits", "until": since("15:55"), "name": "Tablet 7", "device_id": id_of(309),
              "durable": False}  # fmt: skip
CODE = {"code": in_groups("6VTK2Q0ZC8M4R1XN7HJ5W9BDGY"), "address": "https://daysheet.maple-street.example/enrol",
        "qr": qr_of("https://daysheet.maple-street.example/enrol#6VTK2Q0ZC8M4R1XN7HJ5W9BDGY")}  # fmt: skip
INVITED = {"name": "Tablet 7", "place": "Window", "by": "Maria Lindqvist", "code": CODE["code"],
           "purpose": "Front desk tablet"}  # fmt: skip
PURPOSES = [{"code": code, "name": known.name} for code, known in identity.PURPOSES.items()]
COMMON = {
    "now": NOW, "today": DAY, "zone": ZONE, "language": "en", "words": {},
    "site": {"id": "main", "name": "Alder Street"},
    "actor": {"id": id_of(801), "name": "Ana Reyes", "roles": ["front_desk", "manager"]}, "form": FORM,
    "seed": "0193588a-1111-7abc-8def-0123456789ab", "assets": "/w/gallery", "patients": PATIENTS,
    "contacts": CONTACTS, "providers": PROVIDERS, "provider_by_id": {each["id"]: each for each in PROVIDERS},
    "staff": STAFF, "types": TYPES, "visits": VISITS, "counts": COUNTS, "days": DAYS, "state": DEVICE,
    "entries": ENTRIES, "cases": CASES, "devices": DEVICES, "device": DEVICES[0], "purposes": PURPOSES, "found": [],
    "visit": None, "payments": [], "bearer": id_of(301),
    "opens": [page.name for page in pages_of(app.ROOMS)],
}  # fmt: skip
LOCK = {
    "device": "Tablet 2", "idle": True, "left": 5, "last": id_of(801),
    "people": [
        {"id": id_of(801), "name": "Ana Reyes", "pin": True, "passphrase": True, "passkeys": ["a"], "stretch": "c2Fs",
         "stranger": True},
        {"id": id_of(802), "name": "Ben Ito", "pin": True, "passphrase": False, "passkeys": [], "stretch": "",
         "stranger": False},
        {"id": id_of(803), "name": "Maria Lind", "pin": False, "passphrase": False, "passkeys": [], "stretch": "",
         "stranger": False},
    ],
}  # fmt: skip
