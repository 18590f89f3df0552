"""A second person looks at what was opened in an emergency, and says what they found."""

from typing import Annotated

from msgspec import Meta

from backend.commands import REQUEST, Command, handles
from backend.errors import Missing, Refused
from backend.fields import Choice, Id, Label
from backend.identity import PRIVACY
from backend.journal import close_case, find_case
from backend.privacy.models import Glass
from backend.work import Work

VERDICTS = ("appropriate", "inappropriate", "training")
Finding = Annotated[
    str, Meta(min_length=3, max_length=2000, extra={"reader": "text", "multiline": True}), Label("What you found")
]


class ReviewGlass(Command, tag="privacy.review_glass", truth=REQUEST, title="Reviewed an emergency", roles=PRIVACY):
    """Somebody who answers for privacy reviewed what another person opened in an emergency."""

    glass_id: Id
    finding: Finding
    verdict: Annotated[Choice(*VERDICTS), Label("Your verdict")]  # type: ignore[valid-type]


@handles(ReviewGlass)
def review_glass(reviewing: ReviewGlass, work: Work) -> None:
    glass = work.session.get(Glass, reviewing.glass_id)
    if glass is None or glass.site_id != work.site.id:
        raise Missing("There is no such emergency.")
    if glass.actor_id == work.actor.id:
        raise Refused("You declared this emergency, so somebody else must review it.", "own_emergency")
    if glass.reviewed_at is not None:
        raise Refused("Somebody has already reviewed this emergency. What they found stands.", "already_reviewed")
    glass.reviewed_by, glass.reviewed_at = work.actor.id, work.happened_at
    glass.verdict, glass.finding = reviewing.verdict, reviewing.finding
    work.publish("glass", glass.id)
    case = find_case(work.session, glass.command_id)
    if case is not None and case.closed_at is None:
        close_case(work.session, glass.command_id, work.actor.id, "Reviewed", work.happened_at)
        work.publish("case", glass.command_id)
