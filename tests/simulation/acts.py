"""What people do at the desk, chosen from what their tablet shows them, and how a screen shows that it was done."""

import random
from collections.abc import Mapping
from typing import Any

from backend.painting import Painted

BOARD = ["visits/*"]
RANK = ("arrived", "checked_in")
NAMES = (("Noor", "Rahimi"), ("Ona", "Castellanos"), ("Pia", "O’Hara"), ("Quentin", "Novak"))
BIRTHS = ("1957-04-12", "2001-01-31", "1950-04-12", "1999-12-31")


def choose(draw: random.Random, view: Painted, new_id: Any, actor: str) -> tuple[str, dict[str, Any]] | None:
    """One thing to do; None when there is nothing of that kind."""
    what = draw.choices(("step", "odd_step", "undo", "walk_in", "register", "close"), (40, 8, 18, 10, 8, 12))[0]
    visits = sorted((row for row in view.rows("visit", BOARD) if row["status"] != "in_error"), key=by_id)
    if what in ("step", "odd_step") and visits:
        visit = draw.choice(visits)
        action = visit["next_action"] if what == "step" else draw.choice(("arrive", "identify", "check_in"))
        return step(action, visit["id"])
    if what == "undo":
        undoable = [row for row in visits if row["can_undo"] and row["last_command_id"]]
        return ("undo", {"command_id": draw.choice(undoable)["last_command_id"]}) if undoable else None
    if what == "walk_in":
        patients = sorted({row["id"] for row in view.rows("patient", ["patients/*"])})
        about = {"patient_id": draw.choice(patients), "visit_id": new_id()} if patients else None
        return about and (
            "checkin.record_walk_in",
            {**about, "type": "Office visit", "provider_id": None, "reason": None},
        )
    if what == "register":
        given, family = draw.choice(NAMES)
        person = {"given": given, "family": family, "birth_date": draw.choice(BIRTHS), "sex": "unknown", "phone": None}
        about = {
            "visit_id": new_id(),
            "patient_id": new_id(),
            "type": "Office visit",
            "provider_id": None,
            "reason": "Cough",
        }
        return "checkin.register_walk_in", {**person, **about}
    if what == "close":
        cases = sorted(row["id"] for row in view.rows("case", ["attention/*"]) if row["open"])
        return ("sync.close_case", {"case_id": draw.choice(cases), "reason": "Looked at it"}) if cases else None
    return None


def by_id(row: Mapping[str, Any]) -> str:
    return str(row["id"])


def step(action: str, visit_id: str) -> tuple[str, dict[str, Any]] | None:
    """The next step of a visit."""
    if action == "identify":
        return "checkin.check_identity", {"visit_id": visit_id, "identifiers": ["name", "birth_date"]}
    tags = {"arrive": "checkin.record_arrival", "check_in": "checkin.check_in"}
    return (tags[action], {"visit_id": visit_id}) if action in tags else None


def shows(view: Painted, entry: Mapping[str, Any]) -> bool:
    """Whether a screen shows what this command did (I9)."""
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
