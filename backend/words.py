"""The words on the screens: the office's word for each code name, and the Spanish for each English sentence."""

import json
from pathlib import Path

STATUS_WORDS = {
    "proposed": "Requested",
    "waitlist": "Wait list",
    "booked": "Booked",
    "confirmed": "Confirmed",
    "arrived": "Arrived",
    "checked_in": "Checked in",
    "roomed": "In room",
    "with_provider": "With provider",
    "checked_out": "Checked out",
    "no_show": "No show",
    "left_unseen": "Left without being seen",
    "cancelled_by_patient": "Cancelled (patient)",
    "cancelled_by_office": "Cancelled (office)",
    "in_error": "Entered in error",
    # counts
    "full": "Everything",
    "cycle": "What is due",
    "spot": "One item",
    "open": "Open",
    "done": "Done",
    "cancelled": "Called off",
    "recount": "Count again",
    "review": "In review",
    "posted": "Posted",
    "rejected": "Declined",
    "not_counted": "Not counted",
    "superseded": "Counted later again",
    # movements
    "received": "Received",
    "used": "Used",
    "wasted": "Wasted",
    "expired": "Expired",
    "transferred": "Transferred",
    "expiring": "Expires soon",
    "none_on_hand": "The book has none",
    "never_counted": "Never counted",
    "due_by_class": "Due by its class",
    # why a book was wrong
    "miscount": "Miscount",
    "unrecorded_use": "Unrecorded use",
    "expired_or_waste": "Expired or waste",
    "damaged": "Damaged",
    "short_receipt": "Short receipt",
    "unit_of_measure": "Unit of measure",
    "theft_or_loss": "Theft or loss",
    "transfer": "Transfer",
}

SPANISH: dict[str, str] = json.loads((Path(__file__).parent.parent / "web/words/es.json").read_text(encoding="utf-8"))


def words(language: str) -> dict[str, str]:
    """What `t` looks a sentence up in; a sentence that is not there is shown in English."""
    return SPANISH if language == "es" else {}
