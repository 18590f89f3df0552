"""What is seen of a payment: beside its visit, on every device that has it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.clock import instant
from backend.database import among
from backend.payments.models import Payment
from backend.sheets import Body, row


@row("payment", sheets=["visits/{site_id}/{visit_day}"])
def payment_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What was taken, how, by whom, and whether it was given back. What reverses another has no row of its own."""
    reversed_by = {one.reverses: one.kind for one in session.scalars(among(Payment.reverses), {"ids": ids})}
    return {
        one.id: {
            "site_id": one.site_id,
            "visit_id": one.visit_id,
            "visit_day": str(one.visit_day),
            "cents": one.cents,
            "method": one.method,
            "reference": one.reference,
            "number": one.number,
            "taken_at": instant(one.happened_at),
            "taken_about": one.happened_about,
            "taken_by": one.actor_id,
            "state": STATES.get(reversed_by.get(one.id, ""), "to_balance" if one.to_balance else "taken"),
            "sort_key": instant(one.happened_at),
            "last_command": None if one.id in reversed_by else "payments.collect_copay",
            "last_command_id": None if one.id in reversed_by else one.command_id,
        }
        for one in session.scalars(among(Payment.id), {"ids": ids})
        if one.reverses is None
    }


STATES = {"undo": "undone", "refund": "refunded"}
