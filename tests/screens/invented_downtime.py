"""Invented outages, a drill, the day's money, backups and cards with both truths for the gallery."""

from backend.backups.standing import REASONS
from backend.words import words
from tests.screens.invented import CASES, DAY, NOW, VISITS, id_of, since

DESK, WEST = "Front desk", "Tablet 2 of the west wing"


def outage(number: int, state: str, **more) -> dict:
    return {
        "id": id_of(number), "state": state, "drill": False, "from_at": since("14:10"), "to_at": since("15:40"),
        "minutes": 90, "devices": [DESK, WEST], "entries": 24, "open": 2, "people": ["Ana Reyes", "Ben Ito"],
        "at_risk_minutes": 88, "reached_at": since("15:41"), "closed_at": None, "begun_by": None, "ended_by": None,
        "learned": "",
    } | more  # fmt: skip


OPEN = outage(3001, "open", to_at=None, minutes=None, open=0, at_risk_minutes=None)
TO_DECIDE = outage(3002, "to_decide")
DRILL = outage(3003, "closed", drill=True, closed_at=since("15:41"), begun_by="Maria Lindqvist", open=0,
               ended_by="Maria Lindqvist", learned="The west wing had no charger.")  # fmt: skip
CAPTURED = [
    {"id": id_of(3100 + at), "seq": 4000 + at, "at": since(made), "about": at == 1, "title": title, "who": who,
     "device": device, "reached_at": since("15:41"), "minutes": 88 - at}
    for at, (made, title, who, device) in enumerate([
        ("14:13", "Recorded an arrival", "Ana Reyes", DESK), ("14:20", "Registered a walk-in", "Ben Ito", WEST),
        ("14:31", "Took a copay", "Wendell Oyelaran-Featherstonehaugh", WEST)])
]  # fmt: skip
MORE = {
    "captured": CAPTURED,
    "paper": [{"id": id_of(3201), "seq": 4010, "at": since("14:15"), "about": True, "written_by": "Cleo",
               "who": "Ana Reyes", "reached_at": since("15:50")}],
    "decisions": [
        {"id": id_of(3301), "seq": 4001, "title": "Registered a walk-in", "who": "Ben Ito", "device": WEST,
         "say": "Ana García was registered on two devices.", "closed_at": None, "closed_by": None, "reason": None},
        {"id": id_of(3302), "seq": 4002, "title": "Took a copay", "who": "Ben Ito", "device": WEST,
         "say": "Another copay was taken for this visit.", "closed_at": since("15:52"),
         "closed_by": "Maria Lindqvist", "reason": "Given back to the patient."}],
}  # fmt: skip
HELD = [
    {"id": id_of(301), "name": DESK, "spans": [{"from_at": since("14:10"), "to_at": since("15:40")}], "entries": 17,
     "reached_at": since("15:41"), "waiting": 0},
    {"id": id_of(302), "name": WEST, "spans": [], "entries": 7, "reached_at": None, "waiting": None},
]  # fmt: skip
NOTHING = {"captured": [], "paper": [], "decisions": []}
DOWNTIME = {"minutes": 5, "may_drill": True, "drill_id": None, "fresh_id": id_of(3900), "earlier": 3, "outages": [],
            "can_print": True, "made_at": NOW, "site_name": "Alder Street"}  # fmt: skip
RECORD = ("downtime/record.html", "downtime.record", f"/downtime/{id_of(3002)}", {})
TWO_TRUTHS = CASES[1] | {
    "say": "The phone number of Ruth Abernathy was changed on two devices.", "patient_id": id_of(6),
    "stands": ["Phone: (512) 555-0172", "Changed by Ben Ito on Tablet 2 at 9:50 am"],
    "details": ["Phone: (512) 555-0199"], "choices": ["use", "keep"], "for_managers": ["use"],
    "label_use": "Use what was entered", "does_use": "The phone number becomes (512) 555-0199.",
    "label_keep": "Keep what stands", "does_keep": "Nothing changes, and the card is closed.",
    "fields": ["phone"], "field_phone": "Phone", "text_phone": "(512) 555-0199",
}  # fmt: skip
PAYMENTS = [
    {"id": id_of(3401 + at), "number": f"T2-{at + 1:04}", "kind": kind, "to_balance": False, "word": word,
     "name": name, "device": WEST, "about": at == 1, "at": since("14:40"), "cents": cents}
    for at, (kind, word, name, cents) in enumerate([
        ("copay", "Cash", "Ana Reyes", 2500), ("copay", "Card", "Wendell Oyelaran-Featherstonehaugh", 4000),
        ("refund", "Card", "Maria Lindqvist", -4000)])
]  # fmt: skip
MONEY = {
    "day": DAY, "cents": 2500, "methods": [{"word": "Cash", "cents": 2500}, {"word": "Card", "cents": 0}],
    "people": [{"name": "Ana Reyes", "cents": 2500}, {"name": "Wendell Oyelaran-Featherstonehaugh", "cents": 0}],
    "entries": PAYMENTS,
}  # fmt: skip
RECEIPT = {
    "id": id_of(3402), "state": "refunded", "number": "T2-0002", "cents": 4000, "visit_id": id_of(103),
    "method": "card", "reference": "4417", "taken_about": True, "taken_at": since("14:40"), "taken_by": id_of(801),
}  # fmt: skip
KEPT = {"daily": 7, "weekly": 4, "monthly": 12}
STANDING = {"failed_at": since("07:12"), "reason": REASONS["full"]}
MADE = {"at": since("07:10"), "megabytes": 12, "entries": 20480, "recovery": "3f9a 11c0"}
TESTED = {"at": since("07:20"), "seconds": 14, "megabytes": 12, "entries": 20480, "whole": False,
          "by_phrase": True}  # fmt: skip
RESTORED = {
    "restore": {"at": since("13:00"), "made_at": since("07:10"), "compared": False},
    "counts": {"back": 12, "waiting": 3, "missing": 1, "gone": 1}, "silent": [{"device": DESK, "last_contact": None}],
    "back": [{"device": WEST, "count": 12, "first": since("08:00"), "last": since("12:40")}],
    "waiting": [{"device": DESK, "count": 3, "known": False}],
    "gone": [{"id": id_of(3501), "at": since("08:10"), "title": "Changed a rule", "who": "Maria Lindqvist",
              "device": ""}],
    "missing": [{"id": id_of(3502), "at": since("08:20"), "title": "Took a copay", "who": "Ben Ito", "device": WEST}],
}  # fmt: skip
SPANISH = {"language": "es", "words": words("es")}
DAY_PAGE = ("payments/day.html", "payments.day", "/payments", {})
OUTAGES = ("downtime/outages.html", "downtime.outages", "/downtime", {})
BACKUPS = ("backups/backups.html", "backups.backups", "/backups", {})
SCREENS = {
    "downtime-none": (*OUTAGES, DOWNTIME),
    "downtime": (*OUTAGES, DOWNTIME | {"outages": [OPEN, TO_DECIDE, DRILL], "drill_id": id_of(3003)}),
    "downtime-record": (*RECORD, DOWNTIME | {"record": TO_DECIDE | MORE | {"devices": HELD}}),
    "downtime-record-es": (*RECORD, DOWNTIME | SPANISH | {"record": TO_DECIDE | MORE | {"devices": HELD}}),
    "downtime-drill": (*RECORD, DOWNTIME | {"record": DRILL | NOTHING | {"to_at": None, "devices": HELD}}),
    "money": (*DAY_PAGE, MONEY),
    "money-none": (*DAY_PAGE, MONEY | {"people": [], "entries": [], "cents": 0}),
    "receipt": ("payments/receipt.html", "payments.receipt", "/r", {},
                {"payment": RECEIPT, "visits": {each["id"]: each for each in VISITS}}),
    "truths": ("sync/review.html", "sync.review", "/review", {}, {"cases": [TWO_TRUTHS, CASES[0]]}),
    "truths-es": ("sync/review.html", "sync.review", "/review", {}, SPANISH | {"cases": [TWO_TRUTHS]}),
    "backups": (*BACKUPS, {"made": MADE, "made_late": True, "drill": TESTED, "drill_late": False,
                          "kept": KEPT, "standing": STANDING, "report": RESTORED, "earlier": [since("06:00")]}),
    "backups-none": (*BACKUPS, {"made": None, "made_late": False, "drill": None, "drill_late": False,
                               "kept": KEPT, "standing": STANDING | {"reason": None}, "report": None, "earlier": []}),
}  # fmt: skip
