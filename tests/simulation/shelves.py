"""What is done in the supply room, and about what waits for a second person."""

from typing import Any

from tests.simulation.acts import Act, Deed, Hand, Row

AT = ("desk",)
LOTS = ("L1", "L2")
NAMES = ("Nitrile gloves", "Gloves, nitrile", "Saline 0.9 %", "Lidocaine 1 %", "Lidocaine 2 %")
PLAIN = ("name", "base_unit", "abc", "cost_cents", "has_lots", "has_expiry", "controlled", "active")
STOCK = ("receive_stock", "use_stock", "waste_stock", "transfer_stock")


def some(hand: Hand) -> dict[str, Any] | None:
    """An item, a place and so many of it, mostly single ones."""
    item, place = hand.any("item"), hand.any("place", kind="cabinet")
    if item is None or place is None:
        return None
    lot = hand.draw.choice(LOTS) if item["has_lots"] and hand.draw.random() < 0.9 else None
    unit = hand.draw.choice(item["units"]) if hand.draw.random() < 0.3 else None
    known = {"item_id": item["id"], "place_id": place["id"], "quantity": hand.draw.randint(1, 6)}
    return {**known, "unit": unit, "lot": lot}


def receive(hand: Hand) -> Deed | None:
    about = some(hand)
    return Deed("inventory.receive_stock", {**about, "expires": "2027-06-30"}) if about else None


def use(hand: Hand) -> Deed | None:
    about = some(hand)
    return Deed("inventory.use_stock", {**about, "visit_id": None}) if about else None


def waste(hand: Hand) -> Deed | None:
    about = some(hand)
    return Deed("inventory.waste_stock", {**about, "why": "dropped", "note": None}) if about else None


def carry(hand: Hand) -> Deed | None:
    about, to = some(hand), hand.any("place", kind="cabinet")
    return Deed("inventory.transfer_stock", {**about, "to_place_id": to["id"]}) if about and to else None


def bring_back(hand: Hand) -> Deed | None:
    """Undo a movement that was entered here."""
    kept = {**hand.store.decided, **hand.store.outbox}
    found = sorted(id for id, entry in kept.items() if entry.command["command"].removeprefix("inventory.") in STOCK)
    return Deed("undo", {"command_id": hand.draw.choice(found)}) if found else None


def edit_item(hand: Hand) -> Deed | None:
    """One field of an item is changed in a form that showed all of them; often of what others decide about."""
    items = hand.rows("item")
    dear = [row for row in items if dear_enough(row)]
    if not items:
        return None
    item = hand.draw.choice(dear if dear and hand.draw.random() < 0.6 else items)
    packs = [{"name": row["name"], "holds": row["holds"]} for row in hand.rows("pack", item_id=item["id"])]
    codes = [{"code": row["code"], "unit": row["unit"]} for row in hand.rows("code", item_id=item["id"])]
    shown = {**{name: item[name] for name in PLAIN}, "packs": packs, "codes": codes}
    name = hand.draw.choice(("name", "name", "cost_cents", "abc"))
    values = {"name": NAMES, "cost_cents": (15, 250, 4_000, 5_000), "abc": ("A", "B", "C")}
    changed = {**shown, name: hand.draw.choice(values[name])}
    return Deed("inventory.record_item", {"item_id": item["id"], **changed}, was=shown)


def set_par(hand: Hand) -> Deed | None:
    kept = hand.any("belonging")
    if kept is None:
        return None
    shown = {"least": kept["least"], "most": kept["most"]}
    name = hand.draw.choice(("least", "most"))
    level = hand.draw.randint(0, 9) if name == "least" else hand.draw.randint(10, 40)
    where = {"place_id": kept["place_id"], "item_id": kept["item_id"]}
    return Deed("inventory.set_par", {**where, **shown, name: level}, was=shown)


def write_off(hand: Hand) -> Deed | None:
    """Mostly what is dear, so that a second person is asked."""
    stock = sorted(hand.rows("stock"), key=lambda row: -row["on_hand"])[:3]
    dear = [row for row in stock if row["on_hand"] > 0 and dear_enough(hand.view.get("item", row["item_id"]))]
    if not (dear or stock):
        return None
    row = hand.draw.choice(dear or stock)
    known = {"item_id": row["item_id"], "place_id": row["place_id"], "lot": row["lot"] or None, "unit": None}
    return Deed(
        "inventory.ask_to_write_off", {**known, "quantity": hand.draw.randint(3, 5), "reason": "Recalled by the maker"}
    )


def dear_enough(item: Row | None) -> bool:
    return item is not None and (item["cost_cents"] or 0) >= 4_000


# --- What waits for a second person -----------------------------------------------------


def waiting(hand: Hand) -> Row | None:
    found = [row for row in hand.rows("approval", state="asked") if hand.actor not in row["excluded"]]
    return hand.draw.choice(found) if found else None


def approve(hand: Hand) -> Deed | None:
    row = waiting(hand)
    if row is None:
        return None
    why = {"reason": row["reasons"][0], "root_cause": "Nobody wrote it down"} if row["reasons"] else {}
    return Deed("approvals.approve", {"approval_id": row["id"], **why}, seen=row["hash"])


def decline(hand: Hand) -> Deed | None:
    row = waiting(hand)
    return row and Deed("approvals.decline", {"approval_id": row["id"], "reason": "Too much"}, seen=row["hash"])


def ask_back(hand: Hand) -> Deed | None:
    row = waiting(hand)
    return row and Deed("approvals.ask_back", {"approval_id": row["id"], "question": "Why so many?"})


def withdraw(hand: Hand) -> Deed | None:
    row = hand.any("asked", state="asked")
    return row and Deed("approvals.withdraw", {"approval_id": row["id"]})


SHELF_ACTS = {
    "receive": Act(10, AT, receive),
    "use": Act(14, AT, use),
    "waste": Act(5, AT, waste),
    "carry": Act(6, AT, carry),
    "bring_back": Act(6, AT, bring_back),
    "edit_item": Act(8, AT, edit_item),
    "set_par": Act(5, AT, set_par),
}
WAITING_ACTS = {
    "write_off": Act(10, AT, write_off),
    "approve": Act(24, ("desk", "manager_phone"), approve),
    "decline": Act(3, ("desk", "manager_phone"), decline),
    "ask_back": Act(2, ("desk", "manager_phone"), ask_back),
    "withdraw": Act(3, ("front_desk", "desk", "count"), withdraw),
}
