"""What is done at the front desk: visits are checked in, people walk in, steps are taken back, cases closed."""

from collections.abc import Mapping
from typing import Any

from backend.painting import Painted
from tests.simulation.acts import AT_DESK, Act, Deed, Hand

RANK = ("arrived", "checked_in")
NAMES = (("Noor", "Rahimi"), ("Ona", "Castellanos"), ("Pia", "O’Hara"), ("Quentin", "Novak"))
BIRTHS = ("1957-04-12", "2001-01-31", "1950-04-12", "1999-12-31")
EVERYWHERE = ("front_desk", "desk", "manager_phone", "count")
STEPS = {
    "checkin.record_arrival": "arrived",
    "checkin.record_walk_in": "arrived",
    "checkin.register_walk_in": "arrived",
    "checkin.check_identity": "identified",
    "checkin.check_in": "checked_in",
}
WALK_INS = ("checkin.record_walk_in", "checkin.register_walk_in")


def visits(hand: Hand) -> list[Mapping[str, Any]]:
    return [row for row in hand.rows("visit") if row["status"] != "in_error"]


def next_step(hand: Hand) -> Deed | None:
    """The step that the board offers."""
    found = visits(hand)
    visit = hand.draw.choice(found) if found else None
    return step(visit["next_action"], visit["id"]) if visit else None


def go_on(hand: Hand) -> Deed | None:
    """The next step of somebody who was just entered here, before the office heard of them."""
    made = {entry.command["fields"].get("visit_id") for entry in hand.store.outbox.values()}
    found = [row for row in visits(hand) if row["id"] in made]
    visit = hand.draw.choice(found) if found else None
    return step(visit["next_action"], visit["id"]) if visit else None


def odd_step(hand: Hand) -> Deed | None:
    """Another one, as somebody whose board is old would."""
    found = visits(hand)
    return step(hand.draw.choice(("arrive", "identify", "check_in")), hand.draw.choice(found)["id"]) if found else None


def step(action: str, visit_id: str) -> Deed | None:
    if action == "identify":
        return Deed("checkin.check_identity", {"visit_id": visit_id, "identifiers": ["name", "birth_date"]})
    tags = {"arrive": "checkin.record_arrival", "check_in": "checkin.check_in"}
    return Deed(tags[action], {"visit_id": visit_id}) if action in tags else None


def take_back(hand: Hand) -> Deed | None:
    """Undo what a row says was done to it last."""
    rows = [row for kind in ("visit", "count_line", "tally", "stray") for row in hand.rows(kind, can_undo=True)]
    found = [row["last_command_id"] for row in rows if row["last_command_id"]]
    return Deed("undo", {"command_id": hand.draw.choice(found)}) if found else None


def walk_in(hand: Hand) -> Deed | None:
    patient = hand.any("patient")
    about = patient and {"patient_id": patient["id"], "visit_id": hand.new_id()}
    known = {"type": "Office visit", "provider_id": None, "reason": None}
    return Deed("checkin.record_walk_in", {**about, **known}) if about else None


def register(hand: Hand) -> Deed:
    given, family = hand.draw.choice(NAMES)
    person = {"given": given, "family": family, "birth_date": hand.draw.choice(BIRTHS), "sex": "unknown", "phone": None}
    about = {"visit_id": hand.new_id(), "patient_id": hand.new_id(), "type": "Office visit", "provider_id": None}
    return Deed("checkin.register_walk_in", {**person, **about, "reason": "Cough"})


def close(hand: Hand) -> Deed | None:
    case = hand.any("case", open=True)
    return Deed("sync.close_case", {"case_id": case["id"], "reason": "Looked at it"}) if case else None


def of_a_later_version(hand: Hand) -> Deed:
    """What an app does that is newer than the office: a command, or a version of one, that it does not know."""
    if hand.draw.random() < 0.5:
        return Deed("checkin.record_vitals", {"visit_id": hand.new_id(), "pulse": hand.draw.randint(50, 120)}, v=1)
    return Deed("checkin.record_arrival", {"visit_id": hand.new_id(), "by": "gate 2"}, v=7)


def retire(hand: Hand) -> Deed | None:
    device = hand.any("device", state="enrolled")
    return Deed("devices.retire", {"device_id": device["id"]}) if device else None


def lose(hand: Hand) -> Deed | None:
    device = hand.any("device", state="enrolled")
    return Deed("devices.mark_lost", {"device_id": device["id"]}) if device else None


DESK_ACTS = {
    "step": Act(40, AT_DESK, next_step),
    "go_on": Act(12, AT_DESK, go_on),
    "odd_step": Act(8, AT_DESK, odd_step),
    "take_back": Act(18, EVERYWHERE, take_back),
    "walk_in": Act(10, AT_DESK, walk_in),
    "register": Act(8, AT_DESK, register),
    "close": Act(12, EVERYWHERE, close),
    "of_a_later_version": Act(2, AT_DESK, of_a_later_version),
}
DEVICE_ACTS = {
    "retire": Act(2, ("desk", "manager_phone"), retire),
    "lose": Act(2, ("desk", "manager_phone"), lose),
}


def shows(view: Painted, entry: Mapping[str, Any]) -> bool:
    """Whether a screen shows what this command of the desk did (I9)."""
    command, fields = entry["command"], entry["fields"]
    if command == "undo":
        return all(row.get("last_command_id") != fields["command_id"] for row in view.rows("visit"))
    if command == "sync.close_case":
        case = view.get("case", fields["case_id"])
        return case is None or not case["open"]
    visit = view.get("visit", fields["visit_id"])
    if visit is None:
        return False
    if command == "checkin.check_identity":
        return visit["identity_at"] is not None
    if command == "checkin.register_walk_in" and view.get("patient", fields["patient_id"]) is None:
        return False
    least = RANK.index("checked_in" if command == "checkin.check_in" else "arrived")
    return visit["status"] in RANK and RANK.index(visit["status"]) >= least
