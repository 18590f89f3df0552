"""An invented supply room for the gallery."""

from backend.inventory.labelling import qr_of
from backend.inventory.tracing import KINDS
from backend.words import words
from tests.screens.invented import DAY, FORM, id_of, since

ROOM, SHELF, DRAWER, CART = id_of(1001), id_of(1002), id_of(1003), id_of(1004)
GLOVES, LIDOCAINE, TUBES = id_of(1101), id_of(1102), id_of(1103)
ACTOR = {"id": id_of(801), "name": "Dana Reyes", "roles": ["manager", "supplies"]}


def place(id: str, kind: str, path: str, parent: str | None, room: str, active: bool = True) -> dict:
    return {"id": id, "kind": kind, "path": path, "name": path.split(" › ")[-1], "parent_id": parent, "room_id": room,
            "label": f"PL-00000{id[-4:]}", "active": active}  # fmt: skip


PLACES = [
    place(ROOM, "room", "Supply room", None, ROOM),
    place(id_of(1005), "cabinet", "Supply room › Cabinet D", ROOM, ROOM),
    place(DRAWER, "bin", "Supply room › Cabinet D › Upper drawer", id_of(1005), ROOM),
    place(SHELF, "bin", "Supply room › Shelf 3", ROOM, ROOM),
    place(CART, "room", "Exam room cart with the long name of the west wing", None, CART, active=False),
]
BY_PLACE = {one["id"]: one for one in PLACES}


def item(id: str, name: str, unit: str, **more) -> dict:
    return {"id": id, "name": name, "base_unit": unit, "units": [unit, "box"], "cost_cents": 9, "abc": "B",
            "has_lots": False, "has_expiry": False, "controlled": False, "active": True} | more  # fmt: skip


ITEMS = [
    item(GLOVES, "Exam gloves, nitrile, powder free, medium", "each"),
    item(LIDOCAINE, "Lidocaine 1 % 20 ml", "vial", controlled=True, has_lots=True, has_expiry=True, abc="A"),
    item(TUBES, "Blood collection tube, lavender", "each", has_lots=True),
]
BY_ITEM = {one["id"]: one for one in ITEMS}


def stock(item_id: str, place_id: str, lot: str, on_hand: int, expires: str | None = None) -> dict:
    return {"id": f"{item_id}/{place_id}/{lot}", "item_id": item_id, "place_id": place_id, "lot": lot,
            "on_hand": on_hand, "expires": expires}  # fmt: skip


STOCK = [
    stock(TUBES, DRAWER, "7Q118A", 60, "2026-10-31"),
    stock(TUBES, DRAWER, "8Q200B", 100, "2027-08-31"),
    stock(GLOVES, SHELF, "", 40),
    stock(LIDOCAINE, DRAWER, "4T117", 25, "2027-03-31"),
]


def level(item_id: str, place_id: str, least: int | None, most: int | None, on_hand: int, low: bool = False) -> dict:
    return {"id": f"{place_id}/{item_id}", "item_id": item_id, "place_id": place_id, "least": least, "most": most,
            "on_hand": on_hand, "is_low": low, "short": (most or least or 0) - on_hand}  # fmt: skip


LEVELS = [
    level(GLOVES, SHELF, 200, 800, 40, low=True),
    level(LIDOCAINE, DRAWER, 10, None, 25),
    level(TUBES, DRAWER, None, 400, 160),
]
BY_LEVEL = {one["id"]: one for one in LEVELS}
PACKS = [{"id": "p1", "name": "box", "holds": 100}, {"id": "p2", "name": "case", "holds": 1000}]
CODES = [
    {"id": "c1", "code": "00614141000012", "unit": "box", "warning": None},
    {"id": "c2", "code": "00614141000037", "unit": "each", "warning": "check_digit"},
]
WRONG_ITEM = FORM | {
    "command": "inventory.record_item", "complaint": "Some fields need your attention.",
    "values": {"name": "Gauze 4×4", "base_unit": "each", "abc": "", "cost_cents": "a dime", "has_lots": "on",
               "has_expiry": "", "controlled": "", "active": "on", "packs.101.name": "box", "packs.101.holds": "some",
               "codes.101.scan": "]d2010081244402387917260430", "codes.101.unit": "box"},
    "complaints": {"abc": "Please choose Class.", "cost_cents": "Cost of one must be an amount, as in 12.50.",
                   "packs.101.holds": "How many it holds must be a whole number."},
}  # fmt: skip
WRONG_USE = FORM | {
    "command": "inventory.use_stock", "complaint": "Some fields need your attention.",
    "values": {"quantity": "seven", "place_id": DRAWER, "unit": "", "lot": ""},
    "complaints": {"quantity": "How many must be a whole number."},
}  # fmt: skip


def movement(number: int, kind: str, quantity: str, balance: int, **more) -> dict:
    return {"id": id_of(1200 + number), "kind": kind, "quantity": quantity, "balance": balance, "lot": "4T117",
            "place": "Supply room › Cabinet D › Upper drawer", "who": "Ana Reyes", "device": "Tablet 2",
            "happened_at": since("14:02"), "about": False, "received_at": since("14:03"), "reason": "", "note": "",
            "on_visit": False, "visit": "", "taken_back": False, "takes_back": False} | more  # fmt: skip


MOVEMENTS = [
    movement(1, "Thrown away", "+2", 25, takes_back=True, note="Undone"),
    movement(2, "Thrown away", "−2", 23, taken_back=True, reason="Damaged", note="the tray fell"),
    movement(3, "Used", "−1", 25, on_visit=True, visit="/checkin/2026-11-23/x", about=True),
    movement(4, "Received", "+26", 26, device=""),
]
FILTERS = {"lot": "", "place": "", "kind": "", "start": "", "end": ""}
TRACED = {"item": ITEMS[1], "movements": MOVEMENTS, "filters": FILTERS, "kinds": list(KINDS), "kind_words": KINDS,
          "lots": ["4T117"], "places": PLACES, "older": 100, "lot_in_link": ""}  # fmt: skip


def label(title: str, under: str, text: str) -> dict:
    return {"title": title, "under": under, "text": text, **qr_of(text)}


PRINTED = [
    label("Supply room", "", "PL-0000001001"),
    label("Upper drawer", "Supply room › Cabinet D", "PL-0000001003"),
    label("Exam gloves, nitrile, powder free, medium, for the west wing", "box", "00614141000012"),
]
LABELS = {"form_of": "sheet", "copies": 1, "used": 1, "pages": [[None, *PRINTED * 9]], "address": "/l", "back": "/b"}
COMMON = {"actor": ACTOR, "items": ITEMS, "by_item": BY_ITEM, "places": BY_PLACE, "levels": BY_LEVEL, "stock": STOCK,
          "low": LEVELS[:1], "rooms": [PLACES[0], PLACES[4]], "today": DAY}  # fmt: skip
ON_ITEM = COMMON | {"item": ITEMS[1], "packs": PACKS, "codes": CODES, "lots": [STOCK[3]], "levels": LEVELS[1:2],
                    "stock": [STOCK[3]], "all_places": PLACES}  # fmt: skip
ON_PLACE = COMMON | {"place": PLACES[2], "kept": [{**one, "id": one["id"]} for one in LEVELS[1:]], "chosen": ITEMS[0],
                     "belongings": BY_LEVEL, "found": ITEMS[:2]}  # fmt: skip
TREE = COMMON | {"cabinets": PLACES[1:2], "bins": PLACES[2:4]}
ITEM_ID, PLACE_ID = {"item_id": LIDOCAINE}, {"place_id": DRAWER, "chosen": GLOVES, "q": "g"}
SPANISH = {"language": "es", "words": words("es")}

SCREENS = {
    "supplies": ("inventory/supplies.html", "inventory.supplies", "/supplies", {}, COMMON),
    "stock": ("inventory/room.html", "inventory.room", "/supplies/rooms/x", {"room_id": ROOM},
              COMMON | {"place": PLACES[0]}),
    "stock-empty": ("inventory/room.html", "inventory.room", "/supplies/rooms/x", {"room_id": ROOM},
                    COMMON | {"place": PLACES[0], "stock": [], "low": []}),
    "item": ("inventory/item.html", "inventory.item", "/supplies/items/x", ITEM_ID, ON_ITEM | {"form": WRONG_USE}),
    "item-new": ("inventory/new_item.html", "inventory.new_item", "/supplies/items/new", {}, COMMON),
    "item-new-wrong": ("inventory/new_item.html", "inventory.new_item", "/supplies/items/new", {},
                       COMMON | {"form": WRONG_ITEM}),
    "item-edit": ("inventory/edit_item.html", "inventory.edit_item", "/supplies/items/x/edit", ITEM_ID, ON_ITEM),
    "item-edit-es": ("inventory/edit_item.html", "inventory.edit_item", "/x", ITEM_ID, ON_ITEM | SPANISH),
    "places": ("inventory/places.html", "inventory.places", "/supplies/places", {}, TREE),
    "place": ("inventory/place.html", "inventory.place", "/supplies/places/x", PLACE_ID, ON_PLACE),
    "place-new": ("inventory/new_place.html", "inventory.new_place", "/supplies/places/new", {"inside": ROOM},
                  COMMON | {"all_places": PLACES}),
    "movements": ("inventory/movements.html", "inventory.movements", "/m", {}, COMMON | TRACED),
    "movements-es": ("inventory/movements.html", "inventory.movements", "/m", {}, COMMON | TRACED | SPANISH),
    "labels": ("inventory/labels.html", "inventory.labels", "/l", {}, COMMON | LABELS),
    "labels-roll": ("inventory/labels.html", "inventory.labels", "/l", {},
                    COMMON | LABELS | {"form_of": "roll", "pages": [PRINTED]}),
}  # fmt: skip
