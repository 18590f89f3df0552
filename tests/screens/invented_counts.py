"""An invented count for the gallery: on the phone of who counts, on paper, and beside the book."""

from backend.counts.weighing import BEGINNING
from backend.words import words
from tests.screens.invented import FORM, id_of, since
from tests.screens.invented_supplies import BY_ITEM, BY_PLACE, GLOVES, ITEMS, LIDOCAINE, PLACES, ROOM, SHELF, TUBES

COUNT, ME, OTHER = id_of(1201), id_of(801), id_of(802)
ACTOR = {"id": ME, "name": "Dana Reyes", "roles": ["supplies"]}
MANAGER = {"id": OTHER, "name": "Maria Lindqvist", "roles": ["owner", "manager"]}
ABOUT = {"items": BY_ITEM, "places": BY_PLACE, "actor": ACTOR}
UNDO = {"can_undo": True, "last_command_id": id_of(1301), "last_command": "counts.record_amount"}
DONE = {"can_undo": False, "last_command_id": None, "last_command": None}


def count(number: int, **more) -> dict:
    return {"id": id_of(number), "title": "Supply room", "count_kind": "full", "state": "open", "due": "2026-11-20",
            "place_id": ROOM, "asked_by": OTHER, "asked_at": since("08:10"), "total": 14, "done": 9, "recount": 1,
            "review": 2} | more  # fmt: skip


def task(item_id: str, state: str = "open", **more) -> dict:
    return {"id": f"{COUNT}/{SHELF}/{item_id}", "item_id": item_id, "place_id": SHELF, "state": state, "listed": True,
            "why": None, "settled_at": None, "seen_until": None, "known_since": None, "alike": 0} | more  # fmt: skip


def tally(item_id: str, **more) -> dict:
    return {"id": f"{COUNT}/{SHELF}/{item_id}/{ME}", "item_id": item_id, "none": False, "submitted": False,
            **DONE} | more  # fmt: skip


def line(item_id: str, quantity: int, unit: str, lot: str = "", expires: str | None = None, **more) -> dict:
    whose = f"{COUNT}/{SHELF}/{item_id}/{ME}"
    return {"id": f"{whose}/{unit}/{lot}", "tally_id": whose, "item_id": item_id, "place_id": SHELF, "by": ME,
            "quantity": quantity, "unit": unit, "lot": lot, "expires": expires, "seen_at": since("15:30"),
            **UNDO} | more  # fmt: skip


def spot(place_id: str, **more) -> dict:
    return {"id": f"{COUNT}/{place_id}", "place_id": place_id, "taken_by": None, "taken_at": None, "done": 0,
            "total": 6, "handed_in_by": None, "handed_in_at": None} | more  # fmt: skip


SPOTS = [
    spot(PLACES[2]["id"], taken_by=OTHER, taken_at=since("15:20"), done=6, handed_in_by=OTHER,
         handed_in_at=since("15:33")),
    spot(SHELF, taken_by=ME, taken_at=since("15:28"), done=1),
]  # fmt: skip
LEFT = [task(LIDOCAINE), task(GLOVES, "recount")]
MIDDLE = ABOUT | {
    "stocktake": count(1201), "shelf": {"id": f"{COUNT}/{ME}", "place_id": SHELF}, "shelves": SPOTS,
    "spots": {one["id"]: one for one in SPOTS}, "tasks": {one["id"]: one for one in [*LEFT, task(TUBES)]},
    "left": LEFT, "mine": {tally(TUBES)["id"]: tally(TUBES)}, "picked": None, "found": [],
    "tallies": [tally(TUBES), tally(id_of(1999), none=True, **UNDO), tally(GLOVES, submitted=True)],
    "lines": [line(TUBES, 2, "box", "7Q118A", "2026-10-31"), line(TUBES, 7, "each", "8Q200B", "2027-08-31"),
              line(GLOVES, 12, "each", **DONE)],
    "strays": [{"id": f"{COUNT}/{ME}/{SHELF}/4711", "said": "04711-NOBODY-KNOWS-THIS", "quantity": 3, **UNDO}],
}  # fmt: skip
FINDINGS = [
    {"id": id_of(1401 + at), "task_id": task(item_id)["id"], "number": number, "lot": lot, "by_name": who,
     "counted": said, "found": found, "expected": expected, "variance_text": difference, "value_cents": cents,
     "outcome": outcome, "posted": posted, "seen_at": since("15:20"), "seen_about": at == 2}
    for at, (item_id, number, lot, who, said, found, expected, difference, cents, outcome, posted) in enumerate([
        (TUBES, 1, "7Q118A", "Dana Reyes", "60 each", 60, 60, "0", 0, "matches", True),
        (TUBES, 1, "8Q200B", "Dana Reyes", "1 box + 1 each", 101, 100, "+1", 31, "within", True),
        (GLOVES, 1, "", "Dana Reyes", "20 each", 20, 40, "-20", 180, "beyond", False),
        (GLOVES, 2, "", "Ben Ito", "20 each", 20, 40, "-20", 180, "beyond", False),
    ])
]  # fmt: skip
EVIDENCE = ABOUT | {
    "actor": MANAGER, "stocktake": count(1201), "strays": MIDDLE["strays"],
    "accuracy": {"id": COUNT, "percent_text": "92 %", "within": 12, "lines": 13},
    "tasks": [task(TUBES, "posted", settled_at=since("15:33"), why="expiring"), task(GLOVES, "review"),
              task(LIDOCAINE, "rejected", listed=False, settled_at=since("15:35"))],
    "findings": [
        {"key": task(item_id)["id"], "rows": [one for one in FINDINGS if one["task_id"] == task(item_id)["id"]]}
        for item_id in (TUBES, GLOVES)
    ],
    "unsubmitted": [line(TUBES, 4, "each", "8Q200B")], "late": [],
}  # fmt: skip
for one in EVIDENCE["strays"]:
    one |= {"place_id": SHELF, "by": ME}
ASK = {"actor": MANAGER, "all_places": PLACES, "all_items": ITEMS}
WRONG = FORM | {
    "command": "counts.ask", "values": {"kind": "cycle", "most": "many"}, "complaint": "Look at what is marked.",
    "complaints": {"most": "How many items is a whole number, such as 20."},
}  # fmt: skip
PLACE = {"count_id": COUNT, "item": ""}
COUNTING = ("counts/counting.html", "counts.counting", f"/counts/{COUNT}", PLACE)
OVER = [count(1203, state="done", done=14), count(1204, state="cancelled", title="Exam room cart, upper drawer")]
SCREENS = {
    "counts": ("counts/all.html", "counts.all", "/counts", {},
               {"actor": MANAGER, "open": [count(1201), count(1202, count_kind="cycle", due=None, recount=0)],
                "over": OVER}),
    "counts-none": ("counts/all.html", "counts.all", "/counts", {}, {"actor": ACTOR, "open": [], "over": []}),
    "counts-ask": ("counts/ask.html", "counts.ask", "/counts/new", {}, ASK),
    "counts-ask-wrong": ("counts/ask.html", "counts.ask", "/counts/new", {}, ASK | {"form": WRONG}),
    "counting": (*COUNTING, MIDDLE),
    "counting-es": (*COUNTING, MIDDLE | {"language": "es", "words": words("es")}),
    "counting-begin": (*COUNTING, MIDDLE | {"shelf": None, "left": [], "tallies": [], "lines": [], "strays": []}),
    "counting-missing": (*COUNTING, MIDDLE | {"stocktake": None, "shelf": None}),
    "counts-sheet": ("counts/sheet.html", "counts.sheet", f"/counts/{COUNT}/sheet", PLACE,
                     MIDDLE | {"groups": [{"key": SHELF, "rows": LEFT}]}),
    "counts-evidence": ("counts/evidence.html", "counts.evidence", f"/counts/{COUNT}/evidence", PLACE, EVIDENCE),
    "counts-tolerances": ("counts/tolerances.html", "counts.tolerances", "/counts/tolerances", {},
                          {"actor": MANAGER, "settings": BEGINNING}),
}  # fmt: skip
