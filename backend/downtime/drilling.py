"""A drill: chosen devices are without the office on purpose, and a manager says when it begins and ends."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.commands import REQUEST, Command, handles
from backend.devices import find_device_by_id
from backend.downtime.models import Drill, DrillDue
from backend.errors import Missing, Refused
from backend.fields import Id, Label, LongText
from backend.identity import MANAGERS
from backend.work import Work

Learned = Annotated[LongText, Label("What was learned")]


class BeginDrill(Command, tag="downtime.begin_drill", truth=REQUEST, title="Began a drill", roles=MANAGERS):
    """A manager began a drill with these devices, which staff then keep from the network."""

    drill_id: Id
    device_ids: Annotated[list[Id], Meta(min_length=1, max_length=200), Label("Devices")]


@handles(BeginDrill)
def begin_drill(beginning: BeginDrill, work: Work) -> None:
    if open_drill(work.session, work.site.id) is not None:
        raise Refused("A drill is under way already.", "already_begun")
    for device_id in beginning.device_ids:
        device = find_device_by_id(work.session, device_id)
        if device is None or device.site_id != work.site.id or device.state != "enrolled":
            raise Missing("There is no such device.")
    work.session.add(
        Drill(
            id=beginning.drill_id,
            site_id=work.site.id,
            from_at=work.happened_at,
            begun_by=work.actor.id,
            devices=msgspec.json.encode(sorted(set(beginning.device_ids))).decode(),
        )
    )


class EndDrill(Command, tag="downtime.end_drill", truth=REQUEST, title="Ended a drill", roles=MANAGERS):
    """A manager ended the drill, and says what the office learned from it."""

    drill_id: Id
    learned: Learned = ""


@handles(EndDrill)
def end_drill(ending: EndDrill, work: Work) -> None:
    drill = work.session.get(Drill, ending.drill_id)
    if drill is None:
        raise Missing("There is no such drill.")
    work.keep_to_site(drill.site_id)
    if drill.to_at is not None:
        return work.noop("already_ended", "The drill has ended already.")
    drill.to_at, drill.ended_by, drill.learned = work.happened_at, work.actor.id, ending.learned
    if (due := work.session.get(DrillDue, drill.site_id)) is not None:
        work.session.delete(due)
        work.publish("drill_due", drill.site_id)
    return None


def open_drill(session: Session, site_id: str) -> Drill | None:
    """The one that is under way."""
    return session.scalar(select(Drill).where(Drill.site_id == site_id, Drill.to_at.is_(None)))


def last_ended(session: Session, site_id: str) -> datetime | None:
    """When the site last ended a drill."""
    query = select(Drill.to_at).where(Drill.site_id == site_id, Drill.to_at.is_not(None))
    return session.scalar(query.order_by(Drill.to_at.desc()).limit(1))
