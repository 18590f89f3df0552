"""Standing in: a manager lets a colleague decide with their rights until a day."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from backend.approvals.models import StandIn
from backend.approvals.rights import staff_of
from backend.commands import REQUEST, Command, handles
from backend.errors import Refused
from backend.fields import Id, Label
from backend.identity import MANAGERS
from backend.work import Work

LastDay = Annotated[date, Meta(extra={"reader": "date", "min_date": "today"}), Label("Until and including")]


class SetStandIn(Command, tag="approvals.set_stand_in", truth=REQUEST, title="Named a stand-in", roles=MANAGERS):
    """Somebody named who decides in their place until a day, and including it. The colleague keeps their own rights."""

    staff_id: Annotated[Id, Label("Who stands in")]
    until: LastDay


@handles(SetStandIn)
def set_stand_in(setting: SetStandIn, work: Work) -> None:
    if setting.until < work.today:
        raise Refused("The last day is over. Choose today or a later one.", "past")
    if setting.staff_id == work.actor.id:
        raise Refused("Nobody stands in for themselves.", "oneself")
    colleague = staff_of(work.session, work.site.id).get(setting.staff_id)
    # The sheet of the requests goes to managers only, so nobody else could see what to decide.
    if colleague is None or not MANAGERS & set(colleague["roles"]):
        raise Refused("Only a manager or an owner of this site can stand in.", "no_manager")
    known = StandIn(
        id=work.new_id("stand-in"), site_id=work.site.id, for_id=work.actor.id, by_id=setting.staff_id,
        until=setting.until, set_at=work.happened_at,
    )  # fmt: skip
    work.session.add(known)
    work.session.flush()
    work.publish("stand_in", known.id)
