"""Somebody registered twice, on two tablets of which neither reaches the office."""

from typing import Any

from backend.ids import new_id
from tests.practice import Practice

REGISTER = "checkin.register_walk_in"
NORA = {"family": "O’Hara", "given": "Nora", "birth_date": "1990-02-03", "sex": "female", "type": "Office visit"}
FIRST = dict.fromkeys(("survivor", "family", "given", "birth_date", "sex", "phone", "email", "address"), "first")


def registered(**changes: Any) -> dict[str, Any]:
    return {"visit_id": new_id(), "patient_id": new_id(), **NORA, **changes}


def registered_twice(practice: Practice) -> tuple[Any, Any, dict[str, Any], dict[str, Any]]:
    """Nora gives her name to Ana, and Norah hers to Ben, while neither tablet reaches the office."""
    ana, ben = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    one = ana.command(REGISTER, registered(phone="5550100177"))
    two = ben.command(REGISTER, registered(given="Norah", phone="5550100177"))
    ana.sync([one])
    ben.sync([two])
    assert ben.receipt(two)["code"] == "possible_duplicate"
    ana.sync()
    return ana, ben, one["fields"], two["fields"]
