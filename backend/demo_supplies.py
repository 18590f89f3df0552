"""The supply room of the demonstration: its places, a few dozen items, and what came in and was used of late."""

import random

from backend.counts import AskForCount
from backend.giving import Giver
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordItem, RecordPlace, SetPar, UseStock
from backend.scanning import check_digit

ROOMS = {
    "Supply room": ("Shelf A", "Shelf B", "Shelf C", "Cabinet D"),
    "Exam room cart": ("Top drawer", "Lower drawer"),
}
# name, base unit, cents for one, class, pack and how many it holds; `l` has lots, `e` expires, `c` is controlled
ITEMS = [
    ("Exam gloves S", "each", 9, "B", "box", 100, ""),
    ("Exam gloves M", "each", 9, "B", "box", 100, ""),
    ("Exam gloves L", "each", 9, "B", "box", 100, ""),
    ("Gauze pad 4×4", "each", 6, "C", "pack", 50, "e"),
    ("Adhesive bandage", "each", 4, "C", "box", 100, "e"),
    ("Elastic bandage 4 in", "each", 145, "C", "box", 10, ""),
    ("Alcohol prep pad", "each", 2, "C", "box", 200, "e"),
    ("Syringe 3 ml", "each", 14, "B", "box", 100, "le"),
    ("Syringe 10 ml", "each", 22, "B", "box", 100, "le"),
    ("Needle 25 G", "each", 8, "B", "box", 100, "le"),
    ("Needle 22 G", "each", 8, "B", "box", 100, "le"),
    ("Blood collection tube, lavender", "each", 31, "B", "tray", 100, "le"),
    ("Blood collection tube, gold", "each", 34, "B", "tray", 100, "le"),
    ("Urine cup", "each", 26, "C", "bag", 25, ""),
    ("Test strip, glucose", "each", 68, "A", "vial", 50, "le"),
    ("Rapid strep test", "each", 240, "A", "kit", 25, "le"),
    ("Rapid flu A/B test", "each", 890, "A", "kit", 25, "le"),
    ("Suture 4-0", "each", 310, "B", "box", 12, "le"),
    ("Lidocaine 1 % 20 ml", "vial", 520, "A", "tray", 25, "le"),
    ("Midazolam 2 mg", "vial", 410, "A", "tray", 10, "lec"),
    ("Exam table paper", "roll", 380, "C", "case", 12, ""),
    ("Tongue depressor", "each", 3, "C", "box", 100, ""),
    ("Surgical mask", "each", 11, "C", "box", 50, ""),
    ("Sharps container", "each", 690, "C", "case", 8, ""),
]


def stock_supplies(giver: Giver, draw: random.Random) -> None:
    """Everything belongs on some shelf, came in by the pack, and was partly used."""
    bins, rooms = [], []
    for room, inner in ROOMS.items():
        room_id = new_id()
        rooms.append(room_id)
        giver.give(RecordPlace, place_id=room_id, kind="room", name=room)
        for name in inner:
            bins.append(new_id())
            giver.give(RecordPlace, place_id=bins[-1], kind="bin", name=name, parent_id=room_id)
    for number, (name, unit, cents, abc, pack, holds, flags) in enumerate(ITEMS):
        item_id, place_id = new_id(), bins[number % len(bins)]
        # 2 begins the numbers that a shop gives out itself (GS1 General Specifications §1.4), so they are nobody's.
        code = f"0200000{number:05d}0"
        giver.give(
            RecordItem,
            item_id=item_id,
            name=name,
            base_unit=unit,
            cost_cents=cents,
            abc=abc,
            has_lots="l" in flags,
            has_expiry="e" in flags,
            controlled="c" in flags,
            packs=[{"name": pack, "holds": holds}],
            codes=[
                {"code": code + check_digit(code), "unit": unit},
                {"code": f"{pack.upper()}-{number + 1:03d}", "unit": pack},
            ],
        )
        giver.give(SetPar, place_id=place_id, item_id=item_id, least=holds, most=holds * 4)
        for lot in range(draw.randint(1, 2)):
            came = {"lot": f"{draw.randint(10_000, 99_999)}{'AB'[lot]}"} if "l" in flags else {}
            dated = {"expires": f"202{draw.randint(7, 8)}-0{draw.randint(1, 9)}-28"} if "e" in flags else {}
            known = {"item_id": item_id, "place_id": place_id, **came}
            giver.give(ReceiveStock, **known, quantity=draw.randint(1, 3), unit=pack, **dated)
            giver.give(UseStock, **known, quantity=draw.randint(1, max(1, holds // 3)))
    giver.give(AskForCount, count_id=new_id(), kind="cycle", place_id=rooms[0], most=8)
