"""What is done in a count: it is asked for, people go to a place, say what they see, take it back, and hand it in."""

from typing import Any

from tests.simulation.acts import Act, Deed, Hand

COUNTING = ("count",)


def ask(hand: Hand) -> Deed | None:
    place = hand.any("place")
    if place is None or len(hand.rows("count", state="open")) > 1:
        return None
    known = {"count_id": hand.new_id(), "kind": "full", "place_id": place["id"]}
    return Deed("counts.ask", {**known, "item_id": None, "most": None, "due": None})


def here(hand: Hand) -> dict[str, Any] | None:
    """An open count and a place in it."""
    count = hand.any("count", state="open")
    place = hand.any("place", kind="cabinet")
    return {"count_id": count["id"], "place_id": place["id"]} if count and place else None


def begin(hand: Hand) -> Deed | None:
    where = here(hand)
    return where and Deed("counts.begin", where)


def scan(hand: Hand) -> Deed | None:
    where, code = here(hand), hand.any("code")
    if where is None or code is None:
        return None
    text = code["code"] if hand.draw.random() < 0.9 else "NOBODYKNOWS"
    item = hand.view.get("item", code["item_id"])
    lot = {"lot": hand.draw.choice(("L1", "L2"))} if item and item["has_lots"] else {}
    return Deed("counts.record_scan", {**where, "scan": {"code": text, "kind": "plain", **lot}})


def amount(hand: Hand) -> Deed | None:
    where, item = here(hand), hand.any("item")
    if where is None or item is None:
        return None
    lot = hand.draw.choice(("L1", "L2")) if item["has_lots"] else None
    amounts = [{"unit": unit, "quantity": hand.draw.randint(0, 22)} for unit in item["units"]]
    return Deed(
        "counts.record_amount", {**where, "item_id": item["id"], "amounts": amounts, "lot": lot, "expires": None}
    )


def none(hand: Hand) -> Deed | None:
    where, item = here(hand), hand.any("item")
    return Deed("counts.record_none", {**where, "item_id": item["id"]}) if where and item else None


def unknown(hand: Hand) -> Deed | None:
    where = here(hand)
    return where and Deed("counts.record_unknown", {**where, "name": "A box of masks", "quantity": 2})


def submit(hand: Hand) -> Deed | None:
    line = hand.any("tally", submitted=False)
    return line and Deed("counts.submit", {"count_id": line["count_id"], "place_id": line["place_id"]})


def close(hand: Hand) -> Deed | None:
    count = hand.any("count", state="open")
    return count and Deed("counts.close", {"count_id": count["id"]})


COUNT_ACTS = {
    "ask_count": Act(6, ("count", "desk", "manager_phone"), ask),
    "begin": Act(4, COUNTING, begin),
    "scan": Act(24, COUNTING, scan),
    "amount": Act(14, COUNTING, amount),
    "none": Act(4, COUNTING, none),
    "unknown": Act(2, COUNTING, unknown),
    "submit": Act(14, COUNTING, submit),
    "close_count": Act(1, ("desk",), close),
}
