"""Quiet: when somebody is left in peace."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta
from sqlalchemy.orm import Session

from backend.clock import office_day
from backend.commands import REQUEST, Command, handles
from backend.fields import Label
from backend.identity import MANAGERS
from backend.office import is_open
from backend.today.models import PushHours
from backend.work import Site, Work

FROM, TO = 19, 7
Hour = Annotated[int, Meta(ge=0, le=23)]


class SetQuietHours(Command, tag="today.set_quiet_hours", truth=REQUEST, title="Set quiet hours", roles=MANAGERS):
    """A manager said from which hour to which they are not told. The same hour twice means no night."""

    quiet_from: Annotated[Hour, Label("Quiet from")]
    quiet_to: Annotated[Hour, Label("Quiet until")]


@handles(SetQuietHours)
def set_quiet_hours(setting: SetQuietHours, work: Work) -> None:
    hours = work.session.get(PushHours, work.actor.id) or PushHours(staff_id=work.actor.id)
    hours.quiet_from, hours.quiet_to = setting.quiet_from, setting.quiet_to
    work.session.add(hours)
    work.session.flush()
    work.publish("push_hours", hours.staff_id)


def is_quiet(session: Session, staff_id: str, site: Site, now: datetime) -> bool:
    """Whether they are left in peace now: in their hours, and on days on which the office is closed."""
    if not is_open(session, site, office_day(now, site.zone_name)):
        return True
    chosen = session.get(PushHours, staff_id)
    begins, ends = (chosen.quiet_from, chosen.quiet_to) if chosen else (FROM, TO)
    hour = now.astimezone(ZoneInfo(site.zone_name)).hour
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends
