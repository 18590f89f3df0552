"""Passing on: a manager hands a request to a colleague who may decide it; the others still may."""

from typing import Annotated

from backend.approvals.models import Approval
from backend.approvals.rights import may_say_yes, rule_for, staff_of
from backend.approvals.telling import find, has_said_yes, is_over, note, spoken
from backend.commands import REQUEST, Command, handles
from backend.errors import Refused
from backend.fields import Id, Label
from backend.identity import MANAGERS
from backend.values import field
from backend.work import Work


class PassOn(
    Command,
    tag="approvals.pass_on",
    truth=REQUEST,
    title="Passed a request on",
    roles=MANAGERS,
    effect=[spoken("passed", passed_to=field.staff_id)],
):
    """A manager handed a request to somebody named, who is shown it first. Also one whose own limit is too low."""

    approval_id: Id
    staff_id: Annotated[Id, Label("To whom")]


@handles(PassOn)
def pass_on(passing: PassOn, work: Work) -> None:
    approval = find(passing.approval_id, work)
    if is_over(approval, work):
        return None
    if why := approval.shut_out.get(work.actor.id):
        raise Refused(f"You {why}, so somebody else must say who decides.", "four_eyes")
    if passing.staff_id == work.actor.id:
        raise Refused("You have it already. Decide it, or choose somebody else.", "oneself")
    name = name_of_decider(approval, passing.staff_id, work)
    if approval.passed_to == passing.staff_id:
        return work.noop("passed_already", f"It was passed to {name} already.")
    approval.passed_to = passing.staff_id
    note(approval, "passed", name, work)
    return None


def name_of_decider(approval: Approval, staff_id: str, work: Work) -> str:
    """What the colleague is called; refuses who may not decide it, with the reason."""
    colleague = staff_of(work.session, approval.site_id).get(staff_id)
    if colleague is None:
        raise Refused("They do not work at this site. Choose somebody else.", "not_here")
    name: str = colleague["name"]
    if why := approval.shut_out.get(staff_id):
        raise Refused(f"{name} {why}, so somebody else must decide. Choose another.", "theirs")
    if has_said_yes(approval, staff_id, work):
        raise Refused(f"{name} has approved it already. Choose another.", "second_person")
    if not may_say_yes(approval, rule_for(approval.command, work), staff_id, colleague["roles"], work):
        raise Refused(f"{name} may not decide about this. Choose somebody who may.", "no_right")
    return name
