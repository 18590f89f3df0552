"""What tests of cancelled visits have in common: Ana is called, and Ben sees the patient come in."""

from typing import Any

from backend.ids import new_id
from tests.practice import Practice
from tests.tablets import Tablet

CANCEL, GIVE, ARRIVAL = "scheduling.cancel_visit", "scheduling.give_slot", "checkin.record_arrival"
DAY = "2026-11-23"


def call(practice: Practice, **changes: Any) -> dict[str, Any]:
    """Alma called: she feels better."""
    return {"visit_id": practice.visits["alma"], "called": "patient", "reason": "feels_better", **changes}


def gift(practice: Practice, who: str = "chiara", of: str = "alma") -> dict[str, Any]:
    """The time of one patient's visit for another."""
    ids = {"slot_of": practice.visits[of], "patient_id": practice.patients[who]}
    return {"visit_id": new_id(), "day": DAY, **ids}


def come_on(tablet: Tablet, practice: Practice) -> dict[str, Any]:
    """Alma is here, on this tablet."""
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    tablet.sync([entry])
    return entry


def given_away(practice: Practice) -> dict[str, Any]:
    """Ana cancelled Alma's visit and gave the time to Chiara; then Ben's tablet hands in that Alma is here."""
    away = practice.tablet("Tablet 2", "ben")
    entry = away.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    assert practice.act("ana", CANCEL, call(practice)).outcome == "applied"
    assert practice.act("ana", GIVE, gift(practice)).outcome == "applied"
    practice.later()
    away.sync([entry])
    assert away.receipt(entry)["outcome"] == "flagged"
    return entry


def alma(practice: Practice) -> dict[str, Any]:
    """Her visit as everybody sees it."""
    row = practice.row("visit", practice.visits["alma"])
    assert row is not None
    return row


def choose(practice: Practice, who: str, entry: dict[str, Any], choice: str) -> Any:
    """One tap on the card."""
    return practice.act(who, "sync.choose", {"case_id": entry["command_id"], "choice": choice})
