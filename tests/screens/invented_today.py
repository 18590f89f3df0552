"""Invented things that need a manager now, for the gallery."""

from backend.backups.standing import REASONS
from backend.words import words
from tests.screens.invented import DEVICE, PROVIDERS, id_of, since
from tests.screens.invented_approvals import WAITING

PAGE = ("today/today.html", "today.today", "/today", {})
NOTHING = {
    "to_me": [], "approvals": [], "cases": [], "devices": [], "waits": [], "overdue": [], "push": None, "hours": None,
    "twice": 0, "drills": [], "backups": [], "backups_failed": [], "backups_late": [], "rehearsals_late": [],
    "providers": {each["id"]: each for each in PROVIDERS},
}  # fmt: skip
CASES = [
    {"id": id_of(991), "outcome": "flagged", "who": id_of(802), "happened_at": since("14:02"),
     "say": "Checked in before anybody saw the patient arrive. Ask at the desk what happened."},
    {"id": id_of(992), "outcome": "held", "who": id_of(801), "happened_at": since("13:40"),
     "say": "This has changed since you saw it. Look at it again."},
]  # fmt: skip
DEVICES = [
    {"id": id_of(301), "name": "Tablet 2", "place": "Front desk", "state": "enrolled",
     "silent_since": "2026-11-20T22:04:00.000Z", "holding_since": None},
    {"id": id_of(302), "name": "Supply room phone", "place": None, "state": "enrolled", "silent_since": None,
     "holding_since": since("08:12")},
]  # fmt: skip
WAITS = [
    {"id": id_of(101), "provider_id": PROVIDERS[0]["id"], "status": "arrived", "since": since("14:10")},
    {"id": id_of(102), "provider_id": None, "status": "checked_in", "since": since("14:20")},
]
OVERDUE = [{"id": id_of(1201), "title": "Supply room", "due": "2026-11-20", "done": 9, "total": 14, "state": "open"}]
BACKUPS = {
    "id": "main", "made_at": since("07:10"), "drill_at": None, "failed_at": since("02:00"),
    "reason": REASONS["full"],
}  # fmt: skip
MUCH = NOTHING | {
    "twice": 2, "drills": [{"id": "main", "last_at": None}], "backups": [BACKUPS], "backups_failed": [BACKUPS],
    "backups_late": [BACKUPS], "rehearsals_late": [BACKUPS],
    "to_me": [WAITING[0] | {"passed_to": id_of(801)}], "approvals": [WAITING[1] | {"passed_to": id_of(802)}],
    "cases": CASES, "devices": DEVICES, "waits": WAITS,
    "overdue": OVERDUE, "state": DEVICE | {"purpose": "manager_phone"},
}  # fmt: skip
SCREENS = {
    "today": (*PAGE, MUCH),
    "today-es": (*PAGE, MUCH | {"language": "es", "words": words("es"), "state": DEVICE | {"purpose": "desk"}}),
    "today-none": (*PAGE, NOTHING),
}
