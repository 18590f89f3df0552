"""What is seen of an emergency by the person who declared it: enough to open what it opens."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.clock import instant
from backend.database import among
from backend.privacy.models import Glass
from backend.sheets import Body, row


@row("glass", sheets=["glass/{actor_id}"])
def glass_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Since when, why, and whether it was reviewed. What the reviewer found stays at the office."""
    return {
        glass.id: {
            "actor_id": glass.actor_id,
            "site_id": glass.site_id,
            "since": instant(glass.since),
            "reason": glass.reason,
            "patient_id": glass.patient_id,
            "reviewed": glass.reviewed_at is not None,
        }
        for glass in session.scalars(among(Glass.id), {"ids": ids})
    }
